"""Who may write: tokens, sessions of browsers, forms of this server's own; and how often one may ask."""

import logging
from pathlib import Path

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException

from detente.errors import UsageFault
from detente.web.access import Limiter, Sessions, Writer, csrf_field, csrf_token, sign_in, sign_out
from detente.web.app import create_app
from detente.web.settings import Holder, Settings, new_token, tokens_of
from tests.web.conftest import ANALYST, BASE, TOKENS


def server(where: Path, address: str | None = None) -> FastAPI:
    """A server with a sign-in, a form and an endpoint that writes."""
    app = create_app(Settings(ledger=str(where), write=True, tokens=TOKENS, address=address))

    @app.post("/t/in")
    async def enter(request: Request, response: Response) -> str:
        return sign_in(request, response, str((await request.form()).get("token"))).name

    @app.post("/t/out")
    def leave(request: Request, response: Response) -> None:
        sign_out(request, response)

    @app.get("/t/form")
    def form(request: Request) -> list[str]:
        return [csrf_field(request), csrf_token(request)]

    @app.post("/t/write")
    def write(writer: Writer) -> str:
        return writer.name

    return app


@pytest.fixture
def browser(copied: Path) -> TestClient:
    return TestClient(server(copied), base_url=BASE)


def test_a_browser_writes_with_a_form_of_this_server_only(browser: TestClient) -> None:
    assert browser.post("/t/write").status_code == 401
    assert browser.get("/t/form").json()[0] == ""
    assert browser.post("/t/in", data={"token": ANALYST}).json() == "Ana"
    field, token = browser.get("/t/form").json()
    assert token in field
    assert browser.post("/t/write").status_code == 403
    assert browser.post("/t/write", data={"csrf": "0" * 64}).status_code == 403
    assert browser.post("/t/write", data={"csrf": token}).json() == "Ana"
    assert browser.post("/t/write", headers={"X-CSRF-Token": token}).json() == "Ana"
    other_site = {"X-CSRF-Token": token, "Sec-Fetch-Site": "cross-site"}
    assert browser.post("/t/write", headers=other_site).status_code == 403
    browser.post("/t/out")
    assert browser.post("/t/write", data={"csrf": token}).status_code == 401


def test_another_sessions_form_is_refused(copied: Path) -> None:
    app = server(copied)
    one, other = (TestClient(app, base_url=BASE) for _ in range(2))
    for browser in (one, other):
        browser.post("/t/in", data={"token": ANALYST})
    assert one.get("/t/form").json()[1] != (token := other.get("/t/form").json()[1])
    assert one.post("/t/write", data={"csrf": token}).status_code == 403


def test_a_stolen_cookie_needs_a_form_and_a_wrong_bearer_does_not_fall_back(browser: TestClient) -> None:
    browser.post("/t/in", data={"token": ANALYST})
    token = browser.get("/t/form").json()[1]
    headers = {"Authorization": "Bearer wrong", "X-CSRF-Token": token}
    assert browser.post("/t/write", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("base", "address", "secure"),
    [
        ("http://localhost", None, False),
        ("https://localhost", None, True),
        ("http://b.example", "https://b.example", True),
    ],
)
def test_the_cookie_is_hardened(copied: Path, base: str, address: str | None, secure: bool) -> None:
    browser = TestClient(server(copied, address), base_url=base)
    cookie = browser.post("/t/in", data={"token": ANALYST}).headers["set-cookie"]
    parts = {part.strip().lower() for part in cookie.split(";")}
    assert {"httponly", "samesite=strict", "path=/"} <= parts
    assert ("secure" in parts) == secure == cookie.startswith("__Host-")
    assert ANALYST not in cookie


def test_a_token_cannot_be_tried_without_end(browser: TestClient) -> None:
    tries = [browser.post("/t/in", data={"token": f"wrong-{n}"}).status_code for n in range(12)]
    assert tries[0] == 401 and tries[-1] == 429


def test_tokens_are_in_no_log_and_no_answer(
    browser: TestClient, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = new_token()
    answers = [browser.post("/t/write", headers={"Authorization": f"Bearer {token}"}) for token in (ANALYST, secret)]
    answers.append(browser.post("/t/in", data={"token": secret}))
    seen = caplog.text + "".join(capsys.readouterr()) + "".join(a.text + str(a.headers) for a in answers)
    assert secret not in seen and ANALYST not in seen


def test_tokens_are_kept_as_digests() -> None:
    settings = Settings(write=True, tokens=TOKENS)
    assert settings.holder(ANALYST) == Holder("Ana") and ANALYST not in repr(settings)
    digest = next(iter(TOKENS))
    assert tokens_of([f"Ana=sha256:{digest}"], "x") == {digest: Holder("Ana")}
    assert settings.holder(digest) is None and settings.holder("") is None


@pytest.mark.parametrize("line", ["Ana", "=a-long-enough-secret", "Ana=short", " =a-long-enough-secret"])
def test_a_bad_token_is_refused_without_being_repeated(line: str) -> None:
    with pytest.raises(UsageFault) as told:
        tokens_of([line], "tokens.txt")
    assert "tokens.txt" in str(told.value)
    assert not any(secret in str(told.value) for secret in ("a-long-enough-secret", "short"))


def test_a_limit_counts_each_visitor_by_itself() -> None:
    limit = Limiter(3)
    for _ in range(3):
        limit.take("a")
    limit.take("b")
    with pytest.raises(HTTPException) as told:
        limit.take("a")
    assert told.value.status_code == 429 and int((told.value.headers or {})["retry-after"]) >= 1


def test_sessions_end(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = Sessions()
    cookie = sessions.open(Holder("Ana"))
    assert sessions.holder(cookie) == Holder("Ana") and sessions.holder("x") is None
    monkeypatch.setattr("detente.web.access.time.monotonic", lambda: 1e12)
    assert sessions.holder(cookie) is None
