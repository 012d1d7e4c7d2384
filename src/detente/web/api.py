"""REST under /api/v1: everything that a page shows, as rows.

What always holds: nothing here writes; every row leads to its evidence by its id; every list has an end, a count and a
cursor; an article's text goes out only where the server may give it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from sqlalchemy import Connection, func, select

from detente.ledger import articles as kept
from detente.ledger import asking, review, schema
from detente.ledger import episodes as ruptures
from detente.ledger import evidence as behind
from detente.ledger.search import search as found_by
from detente.ledger.states import first_day
from detente.ledger.titles import title_of
from detente.web import shapes
from detente.web.plain import Json
from detente.web.queries import (
    Clocks,
    Date,
    Day,
    MaybeParty,
    Name,
    Part,
    Party,
    Slice,
    When,
    Word,
    Words,
    day_text,
    link_to_next,
    pair,
)
from detente.web.shapes import listing, one

Row = dict[str, Any]
router = APIRouter(prefix="/api/v1", tags=["record"])


def listed(clocks: When, part: Slice, rows: Sequence[Row], count: int | None = None) -> Json:
    """A part of a list.

    Args:
        clocks: as of when.
        part: which part.
        rows: the whole list; or the part itself, where `count` is given.
        count: rows of the whole list.
    """
    whole = len(rows) if count is None else count
    cursor = part.next(whole)
    body = {"on": clocks.on.isoformat(), "known": clocks.known, "recorded": clocks.recorded, "count": whole,
            "next": cursor, "rows": part.of(rows) if count is None else rows}  # fmt: skip
    return Json(body, headers=link_to_next(clocks.request, cursor))


def _titled(rows: Sequence[Row]) -> list[Row]:
    return [row | {"title": title_of(row)} for row in rows]


@router.get("/board", responses=listing(shapes.BoardLine))
def board(clocks: Clocks, part: Part, a: MaybeParty = None, b: MaybeParty = None) -> Json:
    """The state of every line between A and B, of A, or of all; the worst first."""
    one_, other = pair(a, b)
    with clocks.reading(one_, other) as connection:
        rows = asking.board(connection, one_, other, on=clocks.on, asked=clocks.asked)
    return listed(clocks, part, _titled(part.of(rows)), len(rows))


@router.get("/lines", responses=listing(shapes.LineRow))
def lines(clocks: Clocks, part: Part, a: MaybeParty = None, b: MaybeParty = None, kind: Word = None) -> Json:
    """The lines of which anything was ever heard."""
    one_, other = pair(a, b)
    table = schema.lines
    where = [asking.of_pair(table, one_, other)] + ([table.c.kind == kind] if kind else [])
    names = ("id", "kind", "owner", "counterpart", "name", "seat", "part_of")
    with clocks.reading(one_, other) as connection:
        count = connection.scalar(select(func.count()).select_from(table).where(*where)) or 0
        query = select(*(table.c[name] for name in names)).where(*where).order_by(table.c.id)
        rows = [dict(row) for row in connection.execute(query.limit(part.limit).offset(part.start)).mappings()]
    return listed(clocks, part, _titled(rows), count)


@router.get("/lines/{line}", responses=one(shapes.Line))
def line(clocks: Clocks, line: Name) -> Json:
    """All that is known of a line: the stretches of its states, its changes, when it was used."""
    with clocks.reading() as connection:
        found = asking.line(connection, line, asked=clocks.asked)
    return Json({key: value for key, value in found.items() if key != "beside"} | {"title": title_of(found)})


@router.get("/timeline", responses=listing(shapes.Step))
def timeline(
    clocks: Clocks, part: Part, a: Party, b: MaybeParty = None, since: Date = None, until: Date = None
) -> Json:
    """What happened between A and B, in order: changes to lines, other events, what answered what."""
    one_, other = pair(a, b)
    assert one_ is not None
    with clocks.reading(one_, other) as connection:
        rows = asking.timeline(connection, one_, other, since=_first(since), until=day_text(until, "until"),
                               asked=clocks.asked)  # fmt: skip
    return listed(clocks, part, rows)


@router.get("/events", responses=listing(shapes.Event))
def events(
    clocks: Clocks, part: Part, a: MaybeParty = None, b: MaybeParty = None, since: Date = None, until: Date = None
) -> Json:
    """The events that are believed, in order of time."""
    one_, other = pair(a, b)
    with clocks.reading(one_, other) as connection:
        rows = asking.events_of(connection, one_, other, since=_first(since), until=day_text(until, "until"),
                                asked=clocks.asked)  # fmt: skip
    return listed(clocks, part, rows)


@router.get("/changes", responses=listing(shapes.Change))
def changes(clocks: Clocks, part: Part, a: MaybeParty = None, b: MaybeParty = None) -> Json:
    """The changes to lines that are believed, in order of time."""
    one_, other = pair(a, b)
    with clocks.reading(one_, other) as connection:
        rows = asking.changes_of(connection, one_, other, asked=clocks.asked)
    return listed(clocks, part, rows)


@router.get("/answers", responses=listing(shapes.Answer))
def answers(clocks: Clocks, part: Part, a: Party, b: MaybeParty = None, since: Date = None, until: Date = None) -> Json:
    """Which event answered which; those of which the answer is between A and B."""
    one_, other = pair(a, b)
    with clocks.reading(one_, other) as connection:
        among = asking.events_of(connection, one_, other, since=_first(since), until=day_text(until, "until"),
                                 asked=clocks.asked)  # fmt: skip
        rows = asking.answers_of(connection, (row["id"] for row in among), clocks.asked)
    return listed(clocks, part, rows)


@router.get("/claims", responses=listing(shapes.Claim))
def claims(clocks: Clocks, part: Part, a: MaybeParty = None, b: MaybeParty = None, kind: Word = None) -> Json:
    """What parties hold or say about one another, the newest first."""
    one_, other = pair(a, b)
    with clocks.reading(one_, other) as connection:
        rows = asking.claims(connection, one_, other, kind=kind, asked=clocks.asked)
    return listed(clocks, part, rows)


@router.get("/episodes", responses=listing(shapes.Episode))
def episodes(clocks: Clocks, part: Part, a: Party, b: MaybeParty = None) -> Json:
    """The ruptures between A and B: what was cut, in which steps, and how it ended."""
    one_, other = pair(a, b)
    assert one_ is not None
    with clocks.reading(one_, other) as connection:
        rows = ruptures.episodes(connection, one_, other, asked=clocks.asked)
    return listed(clocks, part, rows)


@router.get("/whom-to-call", responses=listing(shapes.BoardLine))
def whom_to_call(clocks: Clocks, part: Part, a: Party, b: Party) -> Json:
    """The lines between A and B that are still open, those last seen in use first."""
    one_, other = pair(a, b)
    assert one_ is not None and other is not None
    with clocks.reading(one_, other) as connection:
        rows = asking.whom_to_call(connection, one_, other, on=clocks.on, asked=clocks.asked)
    return listed(clocks, part, _titled(rows))


@router.get("/moves", responses=listing(shapes.Move))
def moves(
    clocks: Clocks, part: Part, since: Day, until: Date = None, a: MaybeParty = None,
    b: MaybeParty = None,
) -> Json:  # fmt: skip
    """The lines whose state became another one since a day, the newest first."""
    one_, other = pair(a, b)
    last = day_text(until, "until") or date.today().isoformat()
    with clocks.reading(one_, other) as connection:
        rows = asking.moves(connection, _first(since) or last, last, a=one_, b=other, asked=clocks.asked)
        titles = asking.lines_by_id(connection, (row["line"] for row in part.of(rows)))
    return listed(clocks, part, [row | {"title": title_of(titles[row["line"]])} for row in part.of(rows)], len(rows))


@router.get("/dyads", responses=listing(shapes.Dyad))
def dyads(
    clocks: Clocks, part: Part, a: MaybeParty = None, b: MaybeParty = None,
    freq: Literal["day", "week", "month", "year"] = "month", directed: bool = True,
) -> Json:  # fmt: skip
    """Counts of events by pair and period, as conflict researchers use them."""
    from detente.ledger.series import dyads as series

    one_, other = pair(a, b)
    with clocks.reading(one_, other) as connection:
        told = asking.dyad_events(connection, one_, other, asked=clocks.asked)
    rows = series(told, freq, directed=directed).to_dicts()
    return listed(clocks, part, [row | {"date": row["date"].isoformat()} for row in rows])


@router.get("/evidence/{name}", responses=listing(shapes.Evidence))
def evidence(clocks: Clocks, part: Part, name: Name) -> Json:
    """The reports behind a change, event, answer, line, report or article: who said so, where, in which words."""
    with clocks.reading() as connection:
        rows = behind.evidence(connection, name, asked=clocks.asked)
    if clocks.request.app.state.settings.quotes_only:
        rows = [row | {"context": None} for row in rows]
    return listed(clocks, part, rows)


@router.get("/articles", responses=listing(shapes.ArticleRow))
def articles(clocks: Clocks, part: Part, publisher: Word = None) -> Json:
    """The articles that were read, the newest first, without their texts."""
    with clocks.reading() as connection:
        count = kept.count_of(connection, publisher=publisher, asked=clocks.asked)
        rows = kept.articles_of(connection, publisher=publisher, limit=part.limit, start=part.start, asked=clocks.asked)
    return listed(clocks, part, rows, count)


@router.get("/articles/{name}", responses=one(shapes.Article))
def article(clocks: Clocks, name: Name) -> Json:
    """An article, with its text where it may be given out, and its readings."""
    with clocks.reading() as connection:
        found = article_of(connection, name, quotes_only=clocks.request.app.state.settings.quotes_only)
    return Json(found)


def article_of(connection: Connection, name: str, *, quotes_only: bool) -> Row:
    """An article; without its text, and what else was on its page, where only quotes may be shown."""
    found = kept.article(connection, name)
    return found | ({"text": None, "residue": []} if quotes_only else {})


@router.get("/readings/{name}", responses=one(shapes.ReadingOf))
def reading(clocks: Clocks, name: Name) -> Json:
    """A reading: each thing that it found, with its quote."""
    with clocks.reading() as connection:
        return Json(kept.items_of(connection, name))


@router.get("/sources", responses=listing(shapes.Source))
def sources(clocks: Clocks, part: Part) -> Json:
    """Who published what was read, the one with most articles first."""
    with clocks.reading() as connection:
        rows = kept.sources(connection)
    return listed(clocks, part, rows)


@router.get("/freshness", responses=one(shapes.Freshness))
def freshness(clocks: Clocks) -> Json:
    """How much there is, and how fresh it is."""
    with clocks.reading() as connection:
        return Json(kept.freshness(connection))


@router.get("/search", responses=one(shapes.Found))
def search(
    clocks: Clocks, q: Words,
    most: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Json:  # fmt: skip
    """Parties, lines, articles and quotes that hold all of some words."""
    with clocks.reading() as connection:
        return Json(found_by(connection, q, most=most, asked=clocks.asked))


@router.get("/review", responses=listing(shapes.Waiting))
def waiting(clocks: Clocks, part: Part) -> Json:
    """What analysts said and no editor has taken up, the newest first."""
    with clocks.reading() as connection:
        rows = review.waiting(connection)
    return listed(clocks, part, rows)


@router.get("/review/doubtful", responses=listing(shapes.Change))
def doubtful(clocks: Clocks, part: Part) -> Json:
    """The changes to lines that do not count as they stand: one weak report, or contested by a person."""
    with clocks.reading() as connection:
        rows = review.doubtful(connection, limit=part.start + part.limit + 1)
    return listed(clocks, part, rows)


def _first(since: str | None) -> str | None:
    """The first day that a cut date can mean."""
    day_text(since, "since")
    day = first_day(since)
    return day.isoformat() if day else None
