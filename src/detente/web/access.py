"""Who may write, and how often a visitor may have a page read.

What always holds: nobody writes where the server was not started for it, or without a token that names its holder; a
browser that signed in writes only with a form of this server's own; no token or session is written to a log or a page.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from markupsafe import Markup
from starlette.exceptions import HTTPException

from detente.web.settings import Holder, Settings

SESSION_S = 12 * 3600
"""Seconds for which a browser stays signed in."""
MOST_SESSIONS = 1000
FIELD, HEADER = "csrf", "x-csrf-token"
_SAME_SITE = ("same-origin", "none", "")
"""What a browser says of a request that it did not make for another site."""


@dataclass(frozen=True, slots=True)
class _Session:
    holder: Holder
    until: float


class Sessions:
    """Browsers that signed in; known by the digest of their cookie, forgotten when the server ends."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, _Session] = OrderedDict()
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()

    def open(self, holder: Holder) -> str:
        """The cookie of a new session."""
        cookie = secrets.token_urlsafe(32)
        with self._lock:
            self._known[_digest(cookie)] = _Session(holder, time.monotonic() + SESSION_S)
            while len(self._known) > MOST_SESSIONS:
                self._known.popitem(last=False)
        return cookie

    def close(self, cookie: str) -> None:
        """Forget a session."""
        with self._lock:
            self._known.pop(_digest(cookie), None)

    def holder(self, cookie: str) -> Holder | None:
        """Who signed in with this cookie."""
        found = self._known.get(_digest(cookie))
        return found.holder if found and found.until > time.monotonic() else None

    def csrf(self, cookie: str) -> str:
        """What the forms of a session carry, and no other site can know."""
        return hmac.new(self._key, cookie.encode(), sha256).hexdigest()


def _digest(cookie: str) -> bytes:
    return sha256(cookie.encode()).digest()


class Limiter:
    """So many times a minute for each visitor, and so many for all of them together.

    Args:
        per_minute: for one.
        visitors: how many are told apart; beyond these the one seen longest ago is forgotten.
    """

    def __init__(self, per_minute: int, *, visitors: int = 10_000) -> None:
        self.per_minute = per_minute
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._visitors = visitors
        self._lock = threading.Lock()

    def take(self, visitor: str) -> None:
        """Count one.

        Raises:
            HTTPException: it is one too many (429).
        """
        now = time.monotonic()
        with self._lock:
            left, since = self._left.pop(visitor, (float(self.per_minute), now))
            left = min(self.per_minute, left + (now - since) * self.per_minute / 60)
            self._left[visitor] = (left - 1 if left >= 1 else left, now)
            while len(self._left) > self._visitors:
                self._left.popitem(last=False)
        if left < 1:
            wait = str(int((1 - left) * 60 / self.per_minute) + 1)
            raise HTTPException(429, f"that is more than {self.per_minute} a minute; wait {wait} seconds",
                                {"retry-after": wait})  # fmt: skip


def visitor_of(request: Request) -> str:
    """Whom a limit is counted for: the network address that asks."""
    return request.client.host if request.client else ""


def cookie_name(request: Request) -> str:
    """The name of the session's cookie; over https one that a browser keeps to this very host."""
    return "__Host-detente" if _https(request) else "detente"


def _https(request: Request) -> bool:
    """Whether the browser speaks https, if only to a proxy before this server."""
    return request.url.scheme == "https" or (_settings(request).address or "").startswith("https:")


def _cookie(request: Request) -> str:
    return request.cookies.get(cookie_name(request), "")


def _sessions(request: Request) -> Sessions:
    found: Sessions = request.app.state.sessions
    return found


def _settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


def holder_of(request: Request) -> Holder | None:
    """Who is signed in with this browser; None where nobody is, or nobody may write."""
    return _sessions(request).holder(_cookie(request)) if _settings(request).write else None


def csrf_field(request: Request) -> Markup:
    """The hidden field of a form that writes; empty where nobody is signed in."""
    if holder_of(request) is None:
        return Markup()
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, csrf_token(request))


def csrf_token(request: Request) -> str:
    """What `csrf_field` carries, for requests that htmx makes (header X-CSRF-Token)."""
    return _sessions(request).csrf(_cookie(request))


def sign_in(request: Request, response: Response, token: str) -> Holder:
    """Let a browser write for the holder of a token.

    Raises:
        HTTPException: the server only reads (403), the token is nobody's (401), there were too many tries (429).
    """
    _writes(request)
    _from_here(request)
    request.app.state.sign_ins.take(visitor_of(request))
    holder = _settings(request).holder(token)
    if holder is None:
        raise HTTPException(401, "this token is nobody's; the one who started the server has them")
    response.set_cookie(
        cookie_name(request), _sessions(request).open(holder), max_age=SESSION_S, path="/", httponly=True,
        samesite="strict", secure=_https(request),
    )  # fmt: skip
    return holder


def sign_out(request: Request, response: Response) -> None:
    """Forget that a browser signed in."""
    _sessions(request).close(_cookie(request))
    response.delete_cookie(cookie_name(request), path="/", httponly=True, samesite="strict",
                           secure=_https(request))  # fmt: skip


_BEARER = HTTPBearer(auto_error=False, scheme_name="token", description="A token that names its holder.")


async def require_writer(
    request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)] = None
) -> Holder:
    """Who writes: the holder of the request's token, or of its browser's session where the form is this server's own.

    Args:
        request: the request; its headers are read here.
        bearer: there only so that the OpenAPI document tells of it.

    Raises:
        HTTPException: the server only reads (403), nobody is known (401), the form is of elsewhere (403).
    """
    _writes(request)
    given = request.headers.get("authorization")
    scheme, _, token = (given or "").partition(" ")
    if scheme.lower() == "bearer" and (by_token := _settings(request).holder(token.strip())):
        return by_token
    holder = None if given else holder_of(request)
    if holder is None:
        raise HTTPException(401, "writing needs a token that names its holder: Authorization: Bearer TOKEN",
                            {"www-authenticate": 'Bearer realm="detente"'})  # fmt: skip
    _from_here(request)
    if not hmac.compare_digest(await _carried(request), csrf_token(request).encode()):
        raise HTTPException(403, "this form is not from this server, or too old; load the page again")
    return holder


Writer = Annotated[Holder, Depends(require_writer)]
"""A parameter of an endpoint that writes."""


async def _carried(request: Request) -> bytes:
    """The token against forged forms that a request carries, in its header or its form."""
    if given := request.headers.get(HEADER):
        return given.encode()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return b""
    field = (await request.form()).get(FIELD)
    return field.encode() if isinstance(field, str) else b""


def _writes(request: Request) -> None:
    if not _settings(request).write:
        raise HTTPException(403, "this server only reads; start it with detente serve --write")


def _from_here(request: Request) -> None:
    """Refuse what a browser says another site made it ask."""
    if request.headers.get("sec-fetch-site", "") not in _SAME_SITE:
        raise HTTPException(403, "this request comes from another site")
