"""What a request asks: on which day, as of when, of whom, which page of a list.

What always holds: every date, party and cursor is checked here and nowhere else; one request sees one state of the
ledger, and its ETag names that state and nothing else.
"""

from __future__ import annotations

import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Path, Query, Request
from sqlalchemy import Connection, func, select
from starlette.exceptions import HTTPException

import detente
from detente.errors import UsageFault
from detente.ledger import schema
from detente.ledger.believing import Asked
from detente.ledger.days import as_of, day_of, moment
from detente.ledger.keys import digest
from detente.ledger.ledger import Ledger
from detente.parties import code_of
from detente.web.access import cookie_name
from detente.web.problems import NotModified

Row = dict[str, Any]
Item = TypeVar("Item")
_DATE = r"^[1-9][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
_TIME = _DATE[:-1] + r"([T ][0-2][0-9]:[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?(Z|[+-][01][0-9]:[0-5][0-9])?)?$"

_EMPTY = "^$|"
"""A form without a script sends a clock that was left empty; that is none given."""

_PLAIN = r"^[^\x00-\x1f]+$"

Date = Annotated[str | None, Query(pattern=_DATE, description="2021-10-18, 2021-10 or 2021.")]
Day = Annotated[str, Query(pattern=_DATE, description="2021-10-18, 2021-10 or 2021.")]
On = Annotated[str | None, Query(pattern=_EMPTY + _DATE, description="The day on which it was so; today unless given.")]
Known = Annotated[
    str | None, Query(pattern=_EMPTY + _DATE, description="What could be known by then: dates of publication.")
]
Recorded = Annotated[str | None, Query(pattern=_EMPTY + _TIME, description="What this ledger had by then.")]
Party = Annotated[
    str, Query(min_length=1, max_length=80, pattern=_PLAIN, description="A party: its code, or an English name.")
]
Name = Annotated[str, Path(max_length=200, pattern=_PLAIN, description="An id, as other answers show it.")]
Word = Annotated[str | None, Query(max_length=200, pattern=_PLAIN)]
Words = Annotated[str, Query(min_length=2, max_length=200, pattern=_PLAIN, description="All of these words.")]
MaybeParty = Annotated[
    str | None, Query(min_length=1, max_length=80, pattern=_PLAIN, description="A party: its code, or an English name.")
]


@dataclass(frozen=True, slots=True)
class When:
    """As of when a request asks.

    Attributes:
        request: the request.
        on: the day on which it was so.
        given: the day as it was given, or None for today.
        known, recorded: as they were given.
    """

    request: Request
    on: date
    given: str | None
    known: str | None
    recorded: str | None

    @property
    def asked(self) -> Asked:
        """As of when it could be known, for the functions of `detente.ledger.asking`."""
        return as_of(self.known)

    @property
    def today(self) -> bool:
        """Whether all is asked as of now."""
        return self.given is None and self.known is None and self.recorded is None

    @contextmanager
    def reading(self, *parties: str | None) -> Iterator[Connection]:
        """A connection on one state of the ledger, for the functions of `detente.ledger.asking`.

        Args:
            parties: the only ones of interest, which makes an old state quicker to have.

        Raises:
            NotModified: the asker has this very answer; told to it as 304 by whoever calls the endpoint.
            HTTPException: too many ask for old states at once (503).
        """
        ledger = ledger_of(self.request)
        with ledger.asked() as connection:
            _tag(self.request, connection)
            if self.recorded is None:
                yield connection
                return
        with _turn(self.request.app.state.old_states), ledger.asked(self.recorded, *parties) as connection:
            yield connection


async def when(request: Request, on: On = None, known: Known = None, recorded: Recorded = None) -> When:
    """The clocks of a request."""
    on, known, recorded = on or None, known or None, recorded or None
    if recorded is not None:
        moment(recorded)
    day_of(known, "known")
    return When(request, day_of(on, "on") or date.today(), on, known, recorded)


Clocks = Annotated[When, Depends(when)]
"""A parameter of an endpoint that asks the ledger: ``def page(clocks: Clocks)``."""


def ledger_of(request: Request) -> Ledger:
    """The ledger that is served; safe in any thread, since each connection is opened for its own request."""
    found: Ledger = request.app.state.ledger
    return found


def _tag(request: Request, connection: Connection) -> None:
    """Give the answer its ETag, or end here where the asker has it."""
    if request.method not in ("GET", "HEAD"):
        return
    newest = [connection.scalar(select(func.max(table.c.seq))) for table in (schema.reports, schema.forecasts)]
    asked = sorted(request.query_params.multi_items())
    who = request.cookies.get(cookie_name(request), "")
    tag = f'"{digest(detente.__version__, str(newest), date.today().isoformat(), request.url.path, str(asked), who)}"'
    request.state.etag = tag
    if tag in (part.strip() for part in request.headers.get("if-none-match", "").split(",")):
        raise NotModified


@contextmanager
def _turn(places: threading.Semaphore) -> Iterator[None]:
    """One of a few places for work that takes long."""
    if not places.acquire(timeout=1):  # who waits keeps others from being answered
        raise HTTPException(503, "many ask for old states of this ledger just now; try again", {"retry-after": "10"})
    try:
        yield
    finally:
        places.release()


def code(given: str | None) -> str | None:
    """The code of a party that is given by code or name.

    Raises:
        UsageFault: nobody has it.
    """
    return None if given is None else code_of(given)


def day_text(given: str | None, name: str) -> str | None:
    """A day as ISO text; a month or year stands for its last day.

    Raises:
        UsageFault: it is none.
    """
    day = day_of(given, name)
    return day.isoformat() if day else None


def pair(a: str | None, b: str | None) -> tuple[str | None, str | None]:
    """The codes of two parties, of one, or of none.

    Raises:
        UsageFault: they are one party, or unknown, or only the second one is given.
    """
    one, other = code(a), code(b)
    if one is None and other is not None:
        raise UsageFault("b is given without a; give one party as a")
    if one is not None and one == other:
        raise UsageFault(f"{a!r} and {b!r} are one party; a line has two ends")
    return one, other


# paging

MOST = 1000
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many rows.")]
Cursor = Annotated[
    str | None, Query(pattern=r"^[A-Za-z0-9_-]{1,40}$", description="Where to go on: of the Link header, or `next`.")
]


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a list is wanted."""

    limit: int
    start: int

    def of(self, rows: Sequence[Item]) -> Sequence[Item]:
        """That part."""
        return rows[self.start : self.start + self.limit]

    def next(self, count: int) -> str | None:
        """The cursor of the part after it, where there is one."""
        end = self.start + self.limit
        return urlsafe_b64encode(f"at{end}".encode()).decode().rstrip("=") if end < count else None


async def sliced(limit: Limit = 100, cursor: Cursor = None) -> Slice:
    """The part of a list that a request asks for.

    Raises:
        UsageFault: the cursor is none.
    """
    if cursor is None:
        return Slice(limit, 0)
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        return Slice(limit, int(text.removeprefix("at")) if text.startswith("at") and text[2:].isdecimal() else -1)
    except ValueError:
        return _bad_cursor()


def _bad_cursor() -> Slice:
    raise UsageFault("cursor: this is none that the server gave; leave it out to begin at the beginning")


Part = Annotated[Slice, Depends(sliced)]
"""A parameter of an endpoint that lists."""


def link_to_next(request: Request, cursor: str | None) -> dict[str, str]:
    """The Link header that leads to the next part of a list."""
    if cursor is None:
        return {}
    url = request.url.include_query_params(cursor=cursor)
    return {"link": f'<{url.path}?{url.query}>; rel="next"'}
