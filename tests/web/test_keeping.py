"""Answers that are kept for a moment: never to who is signed in, never past a write, never for too long."""

import asyncio
from pathlib import Path
from typing import Any

import anyio
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from detente.ledger import Ledger
from detente.web.app import create_app
from detente.web.keeping import Keeper, Watch
from detente.web.settings import Settings
from tests.ledger.made import change, told
from tests.web.conftest import ANALYST, BASE, TOKENS
from tests.web.test_api_write import ENTRY, bearer


class Counted:
    """An application that counts how often it is asked, and takes its time."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.asked = 0
        self.seconds = seconds

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked += 1
        number = self.asked
        await asyncio.sleep(self.seconds)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"etag", b'"%d"' % number)]})
        await send({"type": "http.response.body", "body": b"%d" % number})


def got(keeper: Keeper, path: str = "/", method: str = "GET", **headers: str) -> Any:
    """What asking gives: status and body."""

    async def ask() -> tuple[int, bytes]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        given = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
        scope = {"type": "http", "method": method, "path": path, "query_string": b"", "scheme": "http",
                 "headers": given}  # fmt: skip
        await keeper(scope, None, send)  # type: ignore[arg-type]
        return sent[0]["status"], sent[1]["body"]

    return ask()


@pytest.fixture
def ledger(tmp_path: Path) -> Any:
    with Ledger(tmp_path / "ledger.db") as made:
        yield made


@pytest.fixture
def watch(ledger: Ledger) -> Any:
    made = Watch(ledger.store)
    yield made
    made.close()


def test_many_readers_cost_as_much_as_one(ledger: Ledger, watch: Watch) -> None:
    app = Counted(0.05)
    keeper = Keeper(app, watch, 60)

    async def run() -> None:
        assert {body for _, body in await asyncio.gather(*(got(keeper) for _ in range(20)))} == {b"1"}
        assert await got(keeper, "/other") == (200, b"2")
        assert await got(keeper, if_none_match='"1"') == (304, b"")

    anyio.run(run)
    assert app.asked == 2


def test_it_holds_as_long_as_nothing_changes(ledger: Ledger, watch: Watch) -> None:
    app = Counted()
    keeper = Keeper(app, watch, 0.2)

    async def run() -> None:
        for _ in range(3):
            assert await got(keeper) == (200, b"1")
            await asyncio.sleep(0.25)
        with Ledger(ledger.store.where) as other:  # as another program would
            other.record([told(change("close", "2016-05-10"))])
        assert await got(keeper) == (200, b"2")

    anyio.run(run)


def test_a_page_that_takes_long_is_made_anew_beside(ledger: Ledger, watch: Watch) -> None:
    app = Counted(0.2)
    keeper = Keeper(app, watch, 0.001)

    async def run() -> None:
        assert await got(keeper) == (200, b"1")
        ledger.record([told(change("close", "2016-05-10"))])
        assert await got(keeper) == (200, b"1")
        for _ in range(100):  # once it is older than five times what it took
            await asyncio.sleep(0.05)
            began = asyncio.get_running_loop().time()
            if await got(keeper) == (200, b"2"):
                break
            assert asyncio.get_running_loop().time() - began < 0.15  # nobody waits for the new one
        assert await got(keeper) == (200, b"2")

    anyio.run(run)


@pytest.mark.parametrize("headers", [{"cookie": "detente=x"}, {"authorization": "Bearer x"}])
def test_who_is_signed_in_gets_an_answer_of_their_own(ledger: Ledger, watch: Watch, headers: dict[str, str]) -> None:
    app = Counted()
    keeper = Keeper(app, watch, 60)

    async def run() -> None:
        assert [await got(keeper), await got(keeper, **headers), await got(keeper)] == [
            (200, b"1"), (200, b"2"), (200, b"1"),
        ]  # fmt: skip

    anyio.run(run)


def test_what_is_written_here_shows_at_once(copied: Path) -> None:
    settings = Settings(ledger=str(copied), write=True, tokens=TOKENS, agents=False, keep_s=60)
    with TestClient(create_app(settings), base_url=BASE) as client:
        assert client.get("/api/v1/board?a=NOR&b=PER").json()["rows"] == []
        assert client.post("/api/v1/changes", json=ENTRY).status_code == 401
        client.post("/api/v1/changes", json=ENTRY, headers=bearer(ANALYST))
        assert client.get("/api/v1/board?a=NOR&b=PER").json()["rows"][0]["state"] == "closed"


def test_what_is_kept_has_an_end(ledger: Ledger, watch: Watch) -> None:
    app = FastAPI()

    @app.get("/{name}")
    def large(name: str) -> str:
        return name * 100_000

    keeper = Keeper(app, watch, 60)

    async def run() -> None:
        for number in range(400):
            assert (await got(keeper, f"/{number:05d}"))[0] == 200

    anyio.run(run)
    assert 0 < keeper._bytes <= 64_000_000 and len(keeper._kept) < 200
