"""The pages for finding and judging: search, sources and how fresh they are, what waits for review, about.

What always holds: nothing is written; what a visitor types is text, never a pattern; a list says how long it is.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

import detente
from detente.ledger import articles as kept
from detente.ledger import asking, review
from detente.ledger.search import SHORTEST, search
from detente.ledger.titles import title_of
from detente.plain import day, parties, sentence_case, shown
from detente.views import asked
from detente.views.looks import CHANGED
from detente.web.contracts import About, Corrections, Search, Sources
from detente.web.queries import Clocks
from detente.web.showing import Shown, page

router = APIRouter()
Row = dict[str, Any]
Words = Annotated[str, Query(max_length=200, description="Words to look for.")]
MOST = 30


@page(router, "/search")
def find(request: Request, clocks: Clocks, q: Words = "") -> Shown:
    """Parties, lines, articles and quotes that hold all words."""
    found: dict[str, list[Row]] = {}
    if len(q.strip()) >= SHORTEST:
        with clocks.reading() as connection:
            found = search(connection, q, most=MOST, asked=clocks.asked)
        found["lines"] = [row | {"title": sentence_case(title_of(row))} for row in found["lines"]]
    rows = [{"sort": sort, **row} for sort, some in found.items() for row in some]
    two = [row["code"] for row in found.get("parties", ())][:2]
    view = Search(f"Search: {shown(q)}" if q else "Search", q, bool(found), **found)
    return Shown("search.html", view, rows, clocks, {"most": MOST, "two": two if len(two) == 2 else None})


@page(router, "/sources")
def sources(request: Request, clocks: Clocks) -> Shown:
    """Who published what was read, and how fresh it is."""
    with clocks.reading() as connection:
        rows = kept.sources(connection)
        fresh = kept.freshness(connection)
        newest = kept.articles_of(connection, limit=MOST, asked=clocks.asked)
    return Shown("sources.html", Sources("Sources and freshness", fresh, rows, newest), rows, clocks)


@page(router, "/corrections")
def corrections(request: Request, clocks: Clocks) -> Shown:
    """What persons said that waits for an editor, and what one weak report tells."""
    with clocks.reading() as connection:
        every = review.waiting(connection)
        waiting = [row | {"right": _right(row)} for row in every[:MOST]]
        doubtful = review.doubtful(connection, limit=MOST)
        lines = asking.lines_by_id(connection, (row["line"] for row in doubtful))
        steps = asked.told(connection, doubtful)
    rows = [row | {"title": title_of(lines[row["line"]])} for row in doubtful]
    view = Corrections("Corrections waiting for review", waiting, len(every), steps)
    return Shown("corrections.html", view, [*waiting, *rows], clocks)


def _right(row: Row) -> str:
    """What is right, in words, of a correction."""
    fields = row["fields"]
    if row["sort"] == "rejection":
        return "there was no such act"
    if row["sort"] != "correction":
        return ""
    told = [f"{CHANGED[fields['change']]}"] if fields.get("change") in CHANGED else []
    told += [f"{fields['type'].lower()}"] if fields.get("type") else []
    told += [f"by {parties(fields['by'])}"] if fields.get("by") else []
    when = fields.get("effective") or fields.get("date")
    told += [day(when)] if when else []
    told += [f"{key} {fields[key]}" for key in ("count", "cap") if fields.get(key) is not None]
    return ", ".join([*told, str(fields.get("status", ""))])


@page(router, "/about")
def about(request: Request, clocks: Clocks) -> Shown:
    """What this is, how to read it, and how to cite it."""
    view = About("About this board", detente.__version__)
    return Shown("about.html", view, [asdict(view)], clocks)
