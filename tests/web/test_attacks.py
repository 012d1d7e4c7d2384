"""Hostile articles, requests and addresses: what they say is shown as text, what they want is refused."""

import hashlib
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import anyio
import httpx
import pytest
from fastapi.testclient import TestClient
from starlette.types import Message

from detente.ledger import Ledger
from detente.sources import fetch as fetching
from detente.web.app import create_app
from detente.web.guards import HEADERS, LARGEST_BODY
from detente.web.settings import Settings
from tests.ledger.made import change, claim, event, told
from tests.web.conftest import BASE, EDITOR, TOKENS
from tests.web.test_api_write import WRITES, bearer

HOSTILE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)><a href=javascript:alert(1)>x",
    "]]></content><entry/><!--", "&lt;b&gt; &amp;", "data:text/html,<b>x</b>", "\u202egnp.exe\u2066",
    "{{7717*7717}}${7717*7717}#{7717*7717}", "a\x00b\x1b[31mc\x08", "\"'><style>*{}</style>", "%3Cscript%3E",
    "=cmd|' /C calc'!A0",
)  # fmt: skip
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
INJECTIONS = (
    "'; DROP TABLE reports; --", "' OR '1'='1", "1) UNION SELECT text FROM articles --", "%' ESCAPE '/", "\\", "a\"b",
    "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "{{config}}", "{% import os %}", "${jndi:ldap://x}", "%00", "\u202e",
)  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of articles that would do harm if anything of them were taken for more than text."""
    where = tmp_path_factory.mktemp("hostile") / "ledger.db"
    with Ledger(where) as ledger:
        for number, words in enumerate(HOSTILE):
            ledger.record([told(
                change("close", "2016-05-10", name=words, seat=words, quote=f"{words} closed {number}"),
                event("ACCUSE", "2016-05-11", quote=f"{words} accused {number}"),
                claim("blame", quote=f"{words} blames {number}"),
                publisher=words, title=words, address=f"javascript:alert('{words}')", text=f"{words} text {number}",
            )])  # fmt: skip
    return where


@pytest.fixture
def attacked(hostile: Path) -> Iterator[TestClient]:
    settings = Settings(ledger=str(hostile), write=True, tokens=TOKENS, reads_per_minute=1000)
    with TestClient(create_app(settings), base_url=BASE) as made:
        yield made


def test_an_article_is_text_in_feeds(attacked: TestClient) -> None:
    for where in ("board/NOR", "board/NOR/PER"):
        answer = attacked.get(f"/feeds/{where}.atom")
        root = ET.fromstring(answer.content)
        allowed = {"feed", "title", "id", "updated", "author", "name", "link", "entry", "category", "content"}
        assert {node.tag.partition("}")[2] for node in root.iter()} == allowed
        links = [node.attrib["href"] for node in root.iter("{http://www.w3.org/2005/Atom}link")]
        assert all(link.startswith("http://localhost/") for link in links), links
        assert "alert(1)" in "".join(root.itertext())
        assert not any(c in answer.text for c in BIDI)
        items = attacked.get(f"/feeds/{where}.json").json()["items"]
        assert not any("content_html" in item or "external_url" in item for item in items)
        assert not any(c in json.dumps(items, ensure_ascii=False) for c in BIDI)


def test_an_article_is_text_in_badges(attacked: TestClient) -> None:
    rows = attacked.get("/api/v1/lines?a=NOR").json()["rows"]
    assert len(rows) >= 1
    for row in rows:
        answer = attacked.get(f"/badges/line/{row['id']}.svg")
        drawn = ET.fromstring(answer.content)
        assert {node.tag.partition("}")[2] for node in drawn.iter()} == {"svg", "title", "rect", "text"}
        assert not any(key.startswith("on") or "href" in key for node in drawn.iter() for key in node.attrib)
        assert not any(c in answer.text for c in BIDI)


def test_rest_never_answers_with_a_page(attacked: TestClient) -> None:
    seen = ""
    for path in ("lines?a=NOR", "timeline?a=NOR", "claims?a=NOR", "articles", "search?q=alert", "events", "changes"):
        answer = attacked.get(f"/api/v1/{path}", headers={"Accept": "text/html"})
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        seen += answer.text
    assert "<script>" in seen  # letter for letter, as data
    assert "\\u202e" in seen and not any(c in seen for c in BIDI)


_PARAMETERS = ("q", "a", "b", "kind", "publisher", "since", "until", "on", "known", "recorded", "cursor", "freq")


def routes_of(app: Any) -> list[str]:
    """The addresses of an application that can be got."""
    found = []
    for route in app.routes:
        router = getattr(route, "original_router", route)
        each = getattr(router, "routes", None) or [router]
        found += [one.path for one in each if "GET" in (getattr(one, "methods", None) or ())]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("words", INJECTIONS)
def test_what_is_typed_is_never_a_statement_or_a_path(attacked: TestClient, hostile: Path, words: str) -> None:
    before = hashlib.sha256(hostile.read_bytes()).digest()
    given = dict.fromkeys(_PARAMETERS, words)
    paths = routes_of(attacked.app)
    assert len(paths) >= 30
    for path in paths:
        path = re.sub(r"\{\w+\}", quote(words, safe=""), path)
        for answer in (attacked.get(path), attacked.get(path, params=given)):
            assert answer.status_code < 500, (path, answer.text)
            assert "root:" not in answer.text and "59552089" not in answer.headers.get("location", "")
    assert hashlib.sha256(hostile.read_bytes()).digest() == before


def test_a_template_in_words_is_not_run(attacked: TestClient) -> None:
    for path in ("/{{7717*7717}}", "/?on={{7717*7717}}", "/api/v1/lines/{{7717*7717}}", "/nothing${7717*7717}"):
        assert "59552089" not in attacked.get(path, headers={"Accept": "text/html"}).text


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd"]
)
def test_no_file_beside_the_static_ones(attacked: TestClient, path: str) -> None:
    answer = attacked.get(path)
    assert answer.status_code == 404 and "def create_app" not in answer.text


@pytest.mark.parametrize("path", ["/", "/api/v1/board", "/nothing", "/static/nothing", "/mcp", "/openapi.json",
                                  "/feeds/board/NOR.atom", "/badges/line/x.svg", "/api/v1/board?on=x"])  # fmt: skip
def test_every_answer_has_the_headers_and_every_name_is_checked(attacked: TestClient, path: str) -> None:
    answer = attacked.get(path)
    for name in HEADERS:
        assert name in answer.headers, name
    assert "unsafe" not in answer.headers["content-security-policy"]
    for host in ("evil.example", "localhost.evil.example", "evil.example:8000", "127.0.0.1.nip.io", ""):
        assert attacked.get(path, headers={"Host": host}).status_code == 421
    for host in ("localhost:8000", "127.0.0.1:8000", "[::1]:8000"):
        assert attacked.get(path, headers={"Host": host}).status_code != 421


def test_another_sites_request_is_refused_even_with_a_token(attacked: TestClient) -> None:
    headers = bearer(EDITOR) | {"Origin": "https://evil.example"}
    answer = attacked.post("/api/v1/changes", json=WRITES["changes"], headers=headers)
    assert answer.status_code == 403 and "another site" in answer.json()["detail"]
    assert attacked.post("/mcp", json={}, headers={"Origin": "https://evil.example"}).status_code == 403


def test_no_answer_lets_another_site_read_it(attacked: TestClient) -> None:
    answer = attacked.options("/api/v1/changes", headers={
        "Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})  # fmt: skip
    assert not any(name.startswith("access-control-") for name in answer.headers)


# addresses that are to be read


PRIVATE = (
    "http://127.0.0.1/", "http://localhost:22/", "http://[::1]/", "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/", "http://192.168.1.1/", "http://2130706433/", "http://0x7f000001/", "http://0/",
    "http://[::ffff:127.0.0.1]/", "http://[fe80::1]/", "http://100.64.0.1/", "file:///etc/passwd", "gopher://x/",
    "ftp://example.org/", "http://user:secret@example.org/", "/etc/passwd", "-", "data:text/html,x",
)  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_no_address_leads_into_a_private_network_or_to_a_file(attacked: TestClient, address: str) -> None:
    answer = attacked.post("/api/v1/readings", json={"address": address})
    assert answer.status_code in (403, 502), answer.text
    assert "root:" not in answer.text and "secret" not in answer.json()["detail"]


def test_a_name_that_turns_private_is_refused(attacked: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "numbers_of", lambda host, port, deadline: ["93.184.216.34", "10.0.0.7"])
    answer = attacked.post("/api/v1/readings", json={"address": "http://rebound.example/"})
    assert answer.status_code == 403 and "private" in answer.json()["detail"]


def test_a_redirect_into_a_private_network_is_refused(attacked: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = {"public.example": ["93.184.216.34"], "inside.example": ["169.254.169.254"]}
    asked = []

    def get(address: str, host: str, *_: object) -> tuple[httpx.Response, bytes]:
        asked.append(host)
        return httpx.Response(302, headers={"location": "http://inside.example/secret"}), b""

    monkeypatch.setattr(fetching, "numbers_of", lambda host, port, deadline: numbers[host])
    monkeypatch.setattr(fetching, "_get", get)
    answer = attacked.post("/api/v1/readings", json={"address": "http://public.example/"})
    assert (answer.status_code, asked) == (403, ["public.example"])


def test_pasting_is_limited(hostile: Path) -> None:
    with TestClient(create_app(Settings(ledger=str(hostile), reads_per_minute=2)), base_url=BASE) as client:
        tries = [client.post("/api/v1/readings", json={"address": "http://127.0.0.1/"}) for _ in range(3)]
    assert [answer.status_code for answer in tries] == [403, 403, 429]
    assert int(tries[-1].headers["retry-after"]) >= 1


# bodies


def sent(app: Any, path: str, pieces: Iterator[bytes], headers: dict[str, str]) -> tuple[int, int]:
    """The status of the answer to a body sent piece by piece, and how many pieces were taken."""
    taken, answered = 0, []

    async def receive() -> Message:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": next(pieces), "more_body": True}

    async def send(message: Message) -> None:
        answered.append(message)

    given = [
        (k.encode(), v.encode())
        for k, v in ({"host": "localhost", "content-type": "application/json"} | headers).items()
    ]
    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"",
             "headers": given, "scheme": "http", "server": ("localhost", 80), "client": ("127.0.0.1", 1),
             "http_version": "1.1", "root_path": ""}  # fmt: skip
    anyio.run(app, scope, receive, send)
    return answered[0]["status"], taken


@pytest.mark.parametrize("path", ["/api/v1/readings", "/api/v1/changes"])
def test_a_body_that_is_too_large_is_refused_early(attacked: TestClient, path: str) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 1_000_000

    headers = bearer(EDITOR)
    status, taken = sent(attacked.app, path, endless(), headers | {"content-length": str(LARGEST_BODY + 1)})
    assert (status, taken) == (413, 0)
    status, taken = sent(attacked.app, path, endless(), headers)
    assert (status, taken) == (413, LARGEST_BODY // 1_000_000 + 1)


@pytest.mark.parametrize(
    "body", [b"{", b"[" * 100_000, b"\xff\xfe", b'{"text": "\\ud800"}', b"null", b'{"text": 1e999}']
)
def test_a_broken_body_is_told(attacked: TestClient, body: bytes) -> None:
    answer = attacked.post("/api/v1/readings", content=body, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
