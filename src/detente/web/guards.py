"""What stands before every request: the name it calls, the size of what it sends, the headers of what it gets.

What always holds: a request for a name that is not the server's is refused, so that no page of another site can reach
this one by having its own name lead here; no body is read beyond the limit; no answer goes out without the headers that
keep a browser from running, framing or sending on anything.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from detente.reading import LARGEST_PAGE
from detente.web.problems import problem
from detente.web.settings import Settings

LARGEST_BODY = LARGEST_PAGE + 100_000
"""Bytes: a page, and what a form puts around it."""

HEADERS = {
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "private, no-cache",
    "vary": "Accept, Cookie",
}
"""Of every answer, unless it has its own."""


_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Refuses what must not come in, and puts its headers on what goes out.

    Args:
        app: what answers.
        settings: whose names and host hold.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        public = urlsplit(settings.address or "").hostname
        own = {"localhost", settings.host.lower(), public or "localhost", *(name.lower() for name in settings.names)}
        self._names = own if _loopback(settings.host) else own | {socket.gethostname().lower()}
        self._headers = [(k.encode(), v.encode()) for k, v in HEADERS.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.setdefault("headers", [])
                there = {name.lower() for name, _ in headers}
                headers += [pair for pair in self._headers if pair[0] not in there]
                tag = scope.get("state", {}).get("etag")
                if tag and message["status"] in (200, 304) and b"etag" not in there:
                    headers.append((b"etag", tag.encode()))
            await send(message)

        refusal = self._refused(scope["method"], Headers(scope=scope))
        if refusal is not None:
            await refusal(scope, receive, dressed)
            return
        await self.app(scope, _counted(receive), dressed)

    def _refused(self, method: str, headers: Headers) -> ASGIApp | None:
        host, length, origin = (headers.get(name, "") for name in ("host", "content-length", "origin"))
        if not self.known(host):
            return problem(421, "this server has no such name; call it by localhost, or start it with --name")
        # A browser under our referrer policy says “null” even of our own forms; these carry a token.
        if method not in _SAFE and origin not in ("", "null") and urlsplit(origin).netloc != host:
            return problem(403, "this request comes from another site")
        if length.isdigit() and int(length) > LARGEST_BODY:
            return problem(413, f"more than {LARGEST_BODY / 1e6:.0f} MB is no single article", headers={
                "connection": "close"})  # fmt: skip
        return None

    def known(self, host: str) -> bool:
        """Whether a Host header is this server's: one of its names, or a number, which no name server can make up."""
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        name = name.strip("[]").lower().rstrip(".")
        if name in self._names:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _counted(receive: Receive) -> Receive:
    """What comes in, broken off where it is more than was said or allowed."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST_BODY:
            raise HTTPException(413, f"more than {LARGEST_BODY / 1e6:.0f} MB is no single article")
        return message

    return counted
