"""The pages of the record: the board, a line, a pair's history, an episode.

What always holds: what a page shows comes from the view models that terminal and JSON use, too; nothing is written.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from detente.errors import NotInLedger, UsageFault
from detente.ledger.episodes import episodes as ruptures
from detente.ledger.states import first_day
from detente.plain import party
from detente.views import asked
from detente.views.courses import Span, window
from detente.views.episodes import episode_of
from detente.views.lanes import drawn_of, lanes
from detente.views.plots import strip, strip_axis
from detente.views.record import By, Row
from detente.web import pages_ahead, pages_find, pages_read
from detente.web.queries import Clocks, Date, When, code, day_text, pair
from detente.web.rendering import style
from detente.web.report import html
from detente.web.showing import Shown, clock_of, links_of, page

router = APIRouter(include_in_schema=False)
MOST_PAIRS = 15
"""Pairs, or kinds, told at length on one page of the board."""
MOST_IN_FILE = 200
"""Pairs told in a file that the server makes; the command line makes one of all."""
Pairs = Annotated[int, Query(ge=0, le=1_000_000, description="Groups to pass over.")]
Grouped = Annotated[By, Query(description="Whether lines of a pair or of a kind stand together.")]


@router.get("/style.css", response_model=None)
def stylesheet() -> Response:
    """The style sheet of all pages; its address names its digest, so that a browser may keep it."""
    return Response(style(), media_type="text/css", headers={"cache-control": "public, max-age=31536000, immutable"})


@page(router, "/", "/board")
def board(request: Request, clocks: Clocks, start: Pairs = 0, by: Grouped = "pair") -> Shown:
    """The board of all lines."""
    return _board(clocks, start, by, None, None)


@page(router, "/board/{a}")
def board_of_party(request: Request, clocks: Clocks, a: str, start: Pairs = 0, by: Grouped = "pair") -> Shown:
    """The board of one party."""
    return _board(clocks, start, by, *pair(a, None))


@page(router, "/board/{a}/{b}")
def board_of_pair(request: Request, clocks: Clocks, a: str, b: str, start: Pairs = 0, by: Grouped = "pair") -> Shown:
    """The board of two parties."""
    return _board(clocks, start, by, *pair(a, b))


def _board(clocks: When, start: int, by: By, a: str | None, b: str | None) -> Shown:
    with clocks.reading(a, b) as connection:
        found = asked.board(connection, a, b, clock_of(clocks), start=start, most=MOST_PAIRS, by=by)
    to = links_of(clocks)
    first, last = window(found.courses.values(), clocks.on)
    titles = {entry.id: entry.title for group in found.view.groups for entry in group.entries}
    strips = {key: strip(found.courses[key], first, last, title=titles[key], to=to) for key in titles}
    return Shown("board.html", found.view, found.rows, clocks, {
        "a": a, "b": b, "lately": found.lately, "strips": strips, "axis": strip_axis(first, last),
        "window": (first, last), "start": start, "by": by,
        "more": found.more, "step": MOST_PAIRS,
    })  # fmt: skip


@router.get("/report", response_model=None)
@router.get("/report/{a}", response_model=None)
@router.get("/report/{a}/{b}", response_model=None)
def report(clocks: Clocks, a: str | None = None, b: str | None = None) -> Response:
    """A board as one file, to be kept."""
    one, other = pair(a, b)
    with clocks.reading(one, other) as connection:
        made = html(connection, one, other, clock_of(clocks), most=MOST_IN_FILE)
    name = "-".join(["detente", *(code for code in (one, other) if code), clocks.on.isoformat()])
    return Response(made, media_type="text/html; charset=utf-8",
                    headers={"content-disposition": f'attachment; filename="{name}.html"'})  # fmt: skip


@page(router, "/line/{name}")
def line(request: Request, clocks: Clocks, name: str) -> Shown:
    """A line: its states in time, its changes, its uses."""
    with clocks.reading() as connection:
        view, row = asked.line(connection, name, clock_of(clocks))
    spans: list[Span] = list(view.spans)
    first, last = window([spans], clocks.on, years=80)
    return Shown("line.html", view, row["states"], clocks, {
        "strip": strip(spans, first, last, title=view.title, to=links_of(clocks)), "axis": strip_axis(first, last),
    })  # fmt: skip


@page(router, "/timeline/{a}/{b}")
def timeline(request: Request, clocks: Clocks, a: str, b: str, since: Date = None, until: Date = None) -> Shown:
    """What happened between two parties, as lanes with arcs and as a list."""
    one, other = pair(a, b)
    assert one and other
    begins = first_day(since) if since else None
    with clocks.reading(one, other) as connection:
        view, rows = asked.history(
            connection, one, other, clock_of(clocks), since=begins.isoformat() if begins else None,
            until=day_text(until, "until"),
        )  # fmt: skip
        ruptured = ruptures(connection, one, other, asked=clocks.asked)
    if view.first > view.last:
        raise UsageFault(f"since: {since} is later than the last day that is shown, {view.last.isoformat()}")
    to = links_of(clocks)
    drawn = lanes((one, other), view.bars, view.acts, view.replies, view.first, view.last, to=to)
    return Shown("timeline.html", view, rows, clocks, {
        "drawing": drawn, "since": since, "until": until, "hidden": drawn_of(view.bars, view.first, view.last)[1],
        "zooms": [_zoom(row) for row in ruptured if row["begins"] <= clocks.on.isoformat()],
    })  # fmt: skip


def _zoom(row: Row) -> dict[str, str]:
    """The days around an episode, for a closer look."""
    begins, last = first_day(row["begins"]), first_day(row["last"])
    assert begins and last
    return {"title": row["begins"][:7], "since": asked.days_before(begins, 90).isoformat(),
            "until": asked.days_before(last, -120).isoformat()}  # fmt: skip


@page(router, "/episodes/{a}")
def episodes_of_party(request: Request, clocks: Clocks, a: str) -> Shown:
    """The ruptures of one party."""
    return _episodes(clocks, code(a) or "", None)


@page(router, "/episodes/{a}/{b}")
def episodes_of_pair(request: Request, clocks: Clocks, a: str, b: str) -> Shown:
    """The ruptures between two parties."""
    one, other = pair(a, b)
    return _episodes(clocks, one or "", other)


def _episodes(clocks: When, a: str, b: str | None) -> Shown:
    with clocks.reading(a, b) as connection:
        rows = [row for row in ruptures(connection, a, b, asked=clocks.asked) if _begun(row, clocks)]
        views = [episode_of(connection, row, clocks.asked) for row in reversed(rows)]
    whose = f"between {party(a)} and {party(b)}" if b else f"of {party(a)}"
    return Shown("episodes.html", views, rows, clocks, {"a": a, "b": b, "title": f"Ruptures {whose}"})


@page(router, "/episode/{name}")
def episode(request: Request, clocks: Clocks, name: str) -> Shown:
    """One rupture, with its dated updates and how it ended."""
    parts = name.split("-")
    if len(parts) != 6 or parts[0] != "episode":
        raise NotInLedger(f"there is no episode {name!r}; the page of a pair shows the ids of its episodes")
    with clocks.reading(parts[1], parts[2]) as connection:
        rows = ruptures(connection, parts[1], parts[2], asked=clocks.asked)
        row = next((row for row in rows if row["id"] == name), None)
        if row is None:
            raise NotInLedger(f"there is no episode {name!r} as of this day; /episodes/{parts[1]}/{parts[2]} has them")
        view = episode_of(connection, row, clocks.asked)
    return Shown("episode.html", view, row["updates"], clocks)


def _begun(row: Row, clocks: When) -> bool:
    return bool(row["begins"] <= clocks.on.isoformat())


for more in (pages_read.router, pages_find.router, pages_ahead.router):
    router.include_router(more, include_in_schema=False)
