"""Answers that are kept for a moment, so that many readers of one page cost about as much as one.

What always holds: what is written through this server shows at once; what another program records shows within
`Settings.keep_s` seconds, or, of a page that takes long to make, within some times what it takes, while it is made anew
beside; who is signed in, or writes, always gets an answer of their own; of one page only one is made at a time.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from detente.ledger.store import Store

MOST, MOST_BYTES, LARGEST = 512, 64_000_000, 4_000_000
"""How many answers are kept, of how many bytes together and each."""
SHARE = 5
"""A page is kept for this many times what it took to make, so that remaking it takes a fifth of a processor at most."""
QUICK_S = 0.1
"""A page that takes no longer than this to make is waited for, rather than shown old."""
LONGEST_S = 60.0
"""What is older than this, and not of the ledger as it is, is not shown while a new one is made."""
_OWN = ("authorization", "cookie", "range")
_PASSED = ("/static/", "/mcp")
Key = tuple[str, bytes, str]
Pairs = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class _Answer:
    """An answer that was made."""

    status: int
    headers: Pairs
    body: bytes
    version: object
    made: float
    took: float

    @property
    def etag(self) -> str:
        return next((value.decode() for name, value in self.headers if name == b"etag"), "")


class Keeper:
    """Keeps answers to those who only read.

    Args:
        app: what answers.
        watch: tells whether the ledger that is served changed.
        seconds: how long an answer is given again without asking the ledger; 0 keeps nothing.
    """

    def __init__(self, app: ASGIApp, watch: Watch, seconds: float) -> None:
        self.app = app
        self.seconds = seconds
        self._version = watch.version
        self._kept: OrderedDict[Key, _Answer] = OrderedDict()
        self._bytes = 0
        self._making: dict[Key, asyncio.Task[_Answer]] = {}
        self._writes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "http" and scope["method"] == "HEAD" and not scope["path"].startswith(_PASSED):
            scope = dict(scope) | {"method": "GET"}  # the same answer; the server leaves its body out
        if scope["type"] != "http" or not self.seconds or scope["path"].startswith(_PASSED):
            await self.app(scope, receive, send)
        elif scope["method"] != "GET":
            await self.app(scope, receive, self._watched(send))
        elif any(name in Headers(scope=scope) for name in _OWN):
            await self.app(scope, receive, send)
        else:
            await self._answered(scope, send)

    async def _answered(self, scope: Scope, send: Send) -> None:
        headers = Headers(scope=scope)
        key = (scope["path"], scope["query_string"], f"{scope['scheme']} {headers.get('host')} {headers.get('accept')}")
        found = self._kept.get(key)
        if found is None or not self._holds(found):
            task = self._making.get(key) or self._make(key, scope)
            # Old, but not so old that a reader has to wait for a page that takes long.
            if found is None or found.took < QUICK_S or time.monotonic() - found.made > LONGEST_S:
                found = await asyncio.shield(task)
        else:
            self._kept.move_to_end(key)
        unchanged = found.etag and found.etag in {t.strip() for t in headers.get("if-none-match", "").split(",")}
        kept = [(b"etag", found.etag.encode())] if unchanged else found.headers
        await send({"type": "http.response.start", "status": 304 if unchanged else found.status, "headers": list(kept)})
        await send({"type": "http.response.body", "body": b"" if unchanged else found.body})

    def _holds(self, found: _Answer) -> bool:
        """Whether an answer may be given again as it is."""
        age = time.monotonic() - found.made
        return age < max(self.seconds, SHARE * found.took) or found.version == self._version()

    def _make(self, key: Key, scope: Scope) -> asyncio.Task[_Answer]:
        # A task of its own: it goes on for those who wait for it, too, when the one who asked first goes away.
        task = asyncio.create_task(self._made(key, scope))
        self._making[key] = task
        task.add_done_callback(lambda done: self._done(key, done))
        return task

    def _done(self, key: Key, task: asyncio.Task[_Answer]) -> None:
        self._making.pop(key, None)
        if not task.cancelled():
            task.exception()  # told to those who wait; where nobody does, the next one makes it anew

    async def _made(self, key: Key, scope: Scope) -> _Answer:
        began, version, writes = time.monotonic(), self._version(), self._writes
        own = dict(scope) | {"state": {}, "headers": [h for h in scope["headers"] if h[0] != b"if-none-match"]}
        parts: list[Message] = []

        async def nothing() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def take(message: Message) -> None:
            parts.append(message)

        await self.app(own, nothing, take)
        headers: Pairs = list(parts[0].get("headers", []))
        if tag := own["state"].get("etag"):
            headers.append((b"etag", tag.encode()))
        body = b"".join(part.get("body", b"") for part in parts[1:])
        now = time.monotonic()
        made = _Answer(parts[0]["status"], headers, body, version, now, now - began)
        if made.status == 200 and len(body) <= LARGEST and writes == self._writes:
            self._keep(key, made)
        return made

    def _keep(self, key: Key, made: _Answer) -> None:
        if (old := self._kept.pop(key, None)) is not None:
            self._bytes -= len(old.body)
        self._kept[key] = made
        self._bytes += len(made.body)
        while len(self._kept) > MOST or self._bytes > MOST_BYTES:
            self._bytes -= len(self._kept.popitem(last=False)[1].body)

    def _watched(self, send: Send) -> Send:
        """Forget what was made, where something may have been written."""

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                self._forget()
            await send(message)

        return watched

    def _forget(self) -> None:
        """Something was written: nothing that was made before is given again."""
        self._writes += 1
        self._kept.clear()
        self._making.clear()
        self._bytes = 0


class Watch:
    """Tells whether a ledger changed.

    Args:
        store: the ledger; PostgreSQL, which can only be asked over the network, counts as changed at any time.
    """

    def __init__(self, store: Store) -> None:
        self._connection: sqlite3.Connection | None = None
        if not store.postgresql:
            address = f"file:{quote(str(store.path))}?mode=ro"
            self._connection = sqlite3.connect(address, uri=True, check_same_thread=False)

    def version(self) -> object:
        """A value that stays the same as long as the day and the ledger do."""
        if self._connection is None:
            return object()
        # A counter in memory that SQLite shares between programs: some millionths of a second.
        return self._connection.execute("PRAGMA data_version").fetchone()[0], date.today()

    def close(self) -> None:
        """Let go of the ledger."""
        if self._connection is not None:
            self._connection.close()
