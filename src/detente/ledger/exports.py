"""The events of a ledger as other people's programs read them: POLECAT, ICEWS, FollowTheMoney, JSON Feed.

What always holds: columns and names are those of the other format, to the letter; only what is believed to have
happened goes out (sound, actual or past, with a date), the feed besides telling what is planned; what comes from a page
stays one cell, and text; rows are made as they are written, so that a ledger of any size can go out.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from heapq import merge
from importlib import resources
from importlib.metadata import version
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from detente.ledger import asking, evidence, schema
from detente.ledger.believing import NOW, Asked, event_rows
from detente.ledger.keys import event_pairs
from detente.ledger.past import batches
from detente.ledger.states import first_day
from detente.parties import Party, cow, name_of, table

Row = dict[str, Any]
events = schema.events
_NO_DATE = "0001-01-01"
_QUADS = {1: "VERBAL COOPERATION", 2: "MATERIAL COOPERATION", 3: "VERBAL CONFLICT", 4: "MATERIAL CONFLICT"}
_SECTORS = {"state": "GOV", "territory": "GOV", "historic": "GOV", "organisation": "IGO", "movement": "REB"}
"""PLOVER's sectors for the kinds of parties."""
_FORMULA = ("=", "+", "-", "@")
_ADDRESS = re.compile(r"https?://[^\s\x00-\x20\x7f]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events go out.

    Attributes:
        a, b: parties; all unless given.
        since: first day.
        on: last day; None for all, which means today for the states in a feed.
        asked: as of when it was known.
    """

    a: str | None = None
    b: str | None = None
    since: str | None = None
    on: str | None = None
    asked: Asked = NOW


@cache
def layouts() -> dict[str, Any]:
    """The columns of the tables of other projects."""
    return tomllib.loads(resources.files("detente.ledger").joinpath("layouts.toml").read_text(encoding="utf-8"))


def polecat(connection: Connection, wanted: Wanted) -> Iterator[bytes]:
    """POLECAT's 40 columns, apart by tabs: a row an event and pair of parties."""
    return _table("polecat", _polecat_row, connection, wanted)


def icews(connection: Connection, wanted: Wanted) -> Iterator[bytes]:
    """ICEWS's 20 columns, apart by tabs: a row an event and pair of parties."""
    return _table("icews", _icews_row, connection, wanted)


def _table(
    name: str, make: Callable[[Row, Row, str, str, int], Row], connection: Connection, wanted: Wanted
) -> Iterator[bytes]:
    layout = layouts()[name]
    columns, missing = layout["columns"], layout["missing"]
    yield ("\t".join(columns) + "\n").encode(layout["encoding"])
    for event, quotes in _happened(connection, wanted):
        said = quotes[0] if quotes else {}
        for number, (source, target) in enumerate(_pairs(event, wanted), start=1):
            made = make(event, said, source, target, number)
            assert made.keys() <= set(columns)
            line = "\t".join(cell(made.get(column)) or missing for column in columns)
            yield (line + "\n").encode(layout["encoding"], errors="replace")


def _pairs(event: Row, wanted: Wanted) -> list[tuple[str, str]]:
    asked_for = {x for x in (wanted.a, wanted.b) if x}
    return [p for p in dict.fromkeys(event_pairs(event["source"], event["target"])) if asked_for <= set(p)]


def cell(value: Any) -> str:
    """A value as one cell of a table that has no quoting.

    Example:
        >>> cell("a\\tb\\n=1"), cell("=1+1"), cell(-2.0), cell(None)
        ('a b =1', "'=1+1", '-2', '')
    """
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return f"{value:g}" if isinstance(value, float) else str(value)
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c for c in str(value))
    text = " ".join(text.split()).replace('"', "'")
    return f"'{text}" if text.startswith(_FORMULA) else text


def _polecat_row(event: Row, said: Row, source: str, target: str, number: int) -> Row:
    row: Row = {
        "Event ID": event["id"] if number == 1 else f"{event['id']}.{number}", "Event Date": event["day"],
        "Event Type": event["type"], "Event Mode": event["mode"], "Intensity": event["goldstein"],
        "Quad Code": _QUADS.get(event["quad"]), "Contexts": event["context"], "Source": said.get("publisher"),
        "Publication Date": day_known(event).isoformat(), "Version": f"detente {version('detente')}",
    }  # fmt: skip
    for side, code in (("Actor", source), ("Recipient", target)):
        sector = sector_of(code)
        row |= {f"{side} Name": name_of(code), f"{side} Country": country_of(code),
                f"{side} COW": cow_of(code, event["day"]), f"Primary {side} Sector": sector,
                f"{side} Sectors": sector}  # fmt: skip
    return row


def _icews_row(event: Row, said: Row, source: str, target: str, number: int) -> Row:
    row: Row = {
        # ICEWS numbers its events: the digits of ours, and which pair of it this is.
        "Event ID": int(event["id"].removeprefix("ev-"), 16) * 1000 + number, "Event Date": event["day"],
        "Event Text": wording(event), "CAMEO Code": event["cameo"], "Intensity": event["goldstein"],
        "Publisher": said.get("publisher"),
    }  # fmt: skip
    for side, code in (("Source", source), ("Target", target)):
        country = country_of(code)
        row |= {f"{side} Name": name_of(code), f"{side} Country": name_of(country) if country else None}
    return row


def wording(event: Row) -> str:
    """An event's type and mode in words.

    Example:
        >>> wording({"type": "SANCTION", "mode": "expel"})
        'Sanction (expel)'
    """
    return f"{event['type'].capitalize()} ({event['mode']})" if event["mode"] else str(event["type"].capitalize())


def sector_of(code: str) -> str | None:
    """PLOVER's sector of a party; None where the party is not in the table."""
    known = table().parties.get(code)
    return _SECTORS[known.kind] if known else None


def country_of(code: str) -> str | None:
    """The state of a party: itself, a movement's host, none for an organisation."""
    known = table().parties.get(code)
    if known is None or known.kind == "organisation":
        return None
    return known.host if known.kind == "movement" else code


def cow_of(code: str, day: str) -> int | None:
    """The Correlates of War number that a party's state had on a day.

    Example:
        >>> cow_of("DEU", "1985-05-01"), cow_of("DEU", "1995-05-01"), cow_of("NATO", "1995-05-01")
        (260, 255, None)
    """
    country = country_of(code)
    return cow(country, date.fromisoformat(day)) if country in table().parties else None


def day_known(row: Row) -> date:
    """The day on which it could first be known."""
    return first_day(row["known_at"][:10]) or date.min


# FollowTheMoney


def ftm(connection: Connection, wanted: Wanted) -> Iterator[bytes]:
    """FollowTheMoney's JSON lines: parties, the pages that say so, and an Event for each event and lone change.

    An entity may come more than once, as in any such stream; programs put those of one id together.
    """
    told: set[str] = set()
    for event, quotes in _happened(connection, wanted):
        names = f"{_listed(event['source'])}: {wording(event)}" + (
            f", towards {_listed(event['target'])}" if event["target"] else ""
        )
        words = [event["type"], event["mode"], event["context"], event["cameo"] and f"CAMEO {event['cameo']}"]
        yield from _act(event, names, event["source"], event["target"], words, quotes, told)
    for change, line, quotes in _lone_changes(connection, wanted):
        name = f"{_listed(change['by'])}: {change['change']}, {line['kind']} {line['owner']}-{line['counterpart']}"
        ends = [line["owner"], line["counterpart"]]
        yield from _act(change, name, change["by"], ends, [change["change"], line["kind"]], quotes, told)


def _act(
    row: Row, name: str, source: Iterable[str], target: Iterable[str], words: Iterable[str | None],
    quotes: Iterable[Row], told: set[str],
) -> Iterator[bytes]:  # fmt: skip
    source, involved = list(source), sorted({*source, *target})
    for code in involved:
        if code not in told:
            told.add(code)
            yield _entity(f"detente-{code}", *_party(code, table().parties.get(code)))
    pages = {address: q for q in quotes if (address := address_of(q))}
    for address, quote in pages.items():
        yield _entity(_page_id(address), "Document", {
            "title": [quote["publisher"] or address], "publisher": [quote["publisher"]], "sourceUrl": [address],
            "date": [quote["known_at"]],
        })  # fmt: skip
    yield _entity(f"detente-{row['id']}", "Event", {
        "name": [name], "date": [row["date"] or row["day"]], "startDate": [row["effective"] or row["date"]],
        "summary": [q["quote"] for q in quotes], "involved": [f"detente-{code}" for code in involved],
        "organizer": [f"detente-{code}" for code in source], "keywords": list(words), "recordId": [row["id"]],
        "proof": [_page_id(address) for address in pages], "sourceUrl": list(pages),
    })  # fmt: skip


def _entity(id_: str, kind: str, properties: Mapping[str, Iterable[str | None]]) -> bytes:
    kept = {key: list(dict.fromkeys(v for v in values if v)) for key, values in properties.items()}
    full = {"id": id_, "schema": kind, "properties": {key: values for key, values in kept.items() if values}}
    return (json.dumps(full, ensure_ascii=False) + "\n").encode()


def _party(code: str, known: Party | None) -> tuple[str, dict[str, list[str | None]]]:
    """Schema and properties of a party."""
    if known is None:
        return "LegalEntity", {"name": [code]}
    country = table().parties.get(country_of(code) or "")
    # A state stands here as one who acts: FollowTheMoney lets a legal entity do so, and its Country is none.
    kind = "Organization" if known.kind in ("organisation", "movement") else "PublicBody"
    return kind, {"name": [known.name], "alias": list(known.names[1:]), "weakAlias": [code],
                  "country": [country.iso2.lower() if country and country.iso2 else None]}  # fmt: skip


def _page_id(address: str) -> str:
    return f"detente-page-{sha256(address.encode()).hexdigest()[:16]}"


def address_of(quote: Row) -> str | None:
    """The address of a page, where it is one of the web's."""
    found = quote["address"]
    return found if found and _ADDRESS.fullmatch(found) else None


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(name_of(code) for code in codes) or "somebody"


# JSON Feed


def feed(
    connection: Connection, wanted: Wanted, *, title_of: Callable[[Row], str] | None = None, today: date | None = None
) -> Iterator[bytes]:
    """A JSON Feed 1.1 (https://jsonfeed.org/version/1.1): an item for each move of a line and each event.

    Args:
        connection: one that reads.
        wanted: which.
        title_of: what to call the line of a row.
        today: moves after it are no news yet.
    """
    who = " and ".join(name_of(code) for code in (wanted.a, wanted.b) if code)
    head = {"version": "https://jsonfeed.org/version/1.1", "title": f"Lines of communication{who and f': {who}'}",
            "language": "en"}  # fmt: skip
    yield (json.dumps(head, ensure_ascii=False)[:-1] + ', "items": [\n').encode()
    for number, item in enumerate(feed_items(connection, wanted, title_of=title_of, today=today)):
        yield ((",\n" if number else "") + json.dumps(item, ensure_ascii=False)).encode()
    yield b"\n]}\n"


def feed_items(
    connection: Connection, wanted: Wanted, *, title_of: Callable[[Row], str] | None = None, today: date | None = None,
    line: str | None = None,
) -> Generator[Row, None, None]:  # fmt: skip
    """The items of `feed`, the newest first; of one line only its moves.

    Args:
        connection, wanted, title_of, today: as for `feed`.
        line: the id of a line between the parties that are wanted.
    """
    moves = _moves(connection, wanted, title_of or _plain_title, today or date.today(), line)
    told = _event_items(connection, wanted) if line is None else ()
    yield from merge(moves, told, key=lambda item: item["date_published"], reverse=True)


def _plain_title(line: Row) -> str:
    return f"{line['kind']} {line['owner']}-{line['counterpart']}"


def _moves(
    connection: Connection, wanted: Wanted, title_of: Callable[[Row], str], today: date, line: str | None = None
) -> Iterator[Row]:
    """Items of lines whose state became another one, the newest first."""
    rows = asking.moves(connection, wanted.since or _NO_DATE, wanted.on or today.isoformat(), a=wanted.a, b=wanted.b,
                        asked=wanted.asked)  # fmt: skip
    rows = [row for row in rows if line in (None, row["line"])]
    for i in range(0, len(rows), 400):
        some = rows[i : i + 400]
        lines = asking.lines_by_id(connection, (row["line"] for row in some))
        quotes = evidence.quotes(connection, [key for row in some for key in row["evidence"]], asked=wanted.asked)
        for row in some:
            said = [q for key in row["evidence"] for q in quotes.get(key, ())]
            what = f"{title_of(lines[row['line']])}: "
            same = row["state"] == row["before"]  # only a count or a ceiling moved
            what += f"still {row['state']}" if same else f"{row['state']}, before {row['before']}"
            what += f", by {_listed(row['by'])}" if row["by"] else ""
            what += f"; {row['count']} people" if row["count"] else ""
            what += f"; at most {row['cap']}" if row["cap"] is not None else ""
            yield _item(f"{row['line']}@{row['date']}", what, date.fromisoformat(row["date"]), said,
                        ["state", row["state"]])  # fmt: skip


def _event_items(connection: Connection, wanted: Wanted) -> Iterator[Row]:
    for event, quotes in _told(connection, wanted, ("actual", "past", "planned"), newest=True):
        what = f"{_listed(event['source'])}: {wording(event)}"
        what += f", towards {_listed(event['target'])}" if event["target"] else ""
        what += f" ({event['status']})" if event["status"] == "planned" else ""
        what += f", {event['date']}" if event["date"] else ""
        yield _item(event["id"], what, day_known(event), quotes, ["event", event["type"]])


def _item(id_: str, what: str, day: date, quotes: Iterable[Row], tags: list[str]) -> Row:
    said = [f"“{q['quote']}” ({q['publisher'] or q['who'] or 'unknown'})" for q in quotes if q["quote"]]
    addresses = [a for q in quotes if (a := address_of(q))]
    return {"id": id_, **({"url": addresses[0]} if addresses else {}), "title": what,
            "content_text": "\n".join([what, *said]), "date_published": f"{day.isoformat()}T00:00:00Z",
            "tags": tags}  # fmt: skip


# Which events


def _happened(connection: Connection, wanted: Wanted) -> Iterator[tuple[Row, list[Row]]]:
    for event, quotes in _told(connection, wanted, ("actual", "past")):
        if event["day"] > _NO_DATE:
            yield event, quotes


def _told(
    connection: Connection, wanted: Wanted, statuses: Iterable[str], *, newest: bool = False
) -> Iterator[tuple[Row, list[Row]]]:
    """Sound events with their quotes, in order of time, or the last known first."""
    where = _of(wanted)
    if wanted.asked.today:
        where += [events.c.standing == "sound", events.c.status.in_(tuple(statuses))]
    ordered = select(events).where(*where).order_by(events.c.known_at.desc() if newest else events.c.day)
    for rows in batches(connection, events, ordered):
        kept = [row for row in _as_known(connection, rows, wanted.asked)
                if row["standing"] == "sound" and row["status"] in statuses and _between(row, wanted)]  # fmt: skip
        quotes = evidence.quotes(connection, [row["id"] for row in kept], asked=wanted.asked)
        for row in kept:
            yield asking.opened(row), quotes.get(row["id"], [])


def _of(wanted: Wanted) -> list[ColumnElement[bool]]:
    if wanted.a is None:
        return []
    return [events.c.id.in_(select(schema.dyads.c.event).where(asking.of_pair(schema.dyads, wanted.a, wanted.b)))]


def _as_known(connection: Connection, rows: list[Row], asked: Asked) -> list[Row]:
    if asked.today:
        return rows
    then = {row["id"]: row for row in event_rows(connection, [row["id"] for row in rows], asked)}
    return [row | then[row["id"]] for row in rows if row["id"] in then]


def _between(row: Row, wanted: Wanted) -> bool:
    return (wanted.since or "") <= str(row["day"]) <= (wanted.on or "9999-12-31")


def _lone_changes(connection: Connection, wanted: Wanted) -> Iterator[tuple[Row, Row, list[Row]]]:
    """Sound changes that happened and belong to no event, pair by pair, with their lines and quotes."""
    lines = schema.lines
    pairs = select(lines.c.a, lines.c.b).distinct().where(asking.of_pair(lines, wanted.a, wanted.b))
    for one, other in connection.execute(pairs.order_by(lines.c.a, lines.c.b)).all():
        rows = [row for row in asking.changes_of(connection, one, other, asked=wanted.asked)
                if row["standing"] == "sound" and row["status"] in ("actual", "past") and row["event"] is None
                and row["day"] > _NO_DATE and _between(row, wanted)]  # fmt: skip
        quotes = evidence.quotes(connection, [row["id"] for row in rows], asked=wanted.asked)
        known = asking.lines_by_id(connection, (row["line"] for row in rows))
        for row in rows:
            yield row, known[row["line"]], quotes.get(row["id"], [])


FORMATS = {"polecat": polecat, "icews": icews, "ftm": ftm, "jsonfeed": feed}
"""By name, what makes each."""
