"""Writing: readings and what persons say become rows of reports.

What always holds: nothing that was recorded is changed or taken away, but for the text and quotes of an article that is
withdrawn; recording the same thing twice changes nothing; a row's id is made of its content, so that two machines that
record the same thing give it the same id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, and_, func, insert, select

from detente.ledger import schema
from detente.ledger.fingerprint import fingerprint
from detente.ledger.keys import digest, event_pair, now, pair, plain
from detente.ledger.states import last_day
from detente.model import Answer, Claim, Event, Item, Line, Reading, Use

_APART = {"id", "quote", "start", "end", "certainty", "action", "reaction"}
"""Fields of an item that have columns of their own, and an answer's sentences, which are those of its events: a body
stays, and what it holds cannot be erased."""
Row = dict[str, Any]
Dumped = tuple[str, Item, Row]
"""An item with its kind and the fields that have no columns of their own."""


@dataclass(frozen=True, slots=True)
class Coder:
    """Who coded a reading.

    Attributes:
        name: "detente", or that of another program or person.
        version: its version.
        codebook: digest of the codebook that it used.
        role: machine, analyst or editor.
        who: the person's name, where it is one.
    """

    name: str
    version: str
    codebook: str
    role: str = "machine"
    who: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of recording.

    Attributes:
        articles, readings, reports: how many are new.
        known: readings that were there already.
        seqs: numbers of the new reports, first and one past the last.
    """

    articles: int = 0
    readings: int = 0
    reports: int = 0
    known: int = 0
    seqs: tuple[int, int] = (0, 0)

    def plus(self, other: Recorded) -> Recorded:
        """Both together; numbers as those of the other."""
        return Recorded(self.articles + other.articles, self.readings + other.readings, self.reports + other.reports,
                        self.known + other.known, other.seqs)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A reading, how the page was come by, and what is to be said with each of its items."""

    reading: Reading
    coder: Coder
    retrieved: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def record(connection: Connection, told: Iterable[Told]) -> Recorded:
    """Append readings.

    Args:
        connection: one that writes (see `Store.writing`).
        told: the readings; those that are there already are passed over.

    Returns:
        What is new.
    """
    at = _after(connection)
    told = list(told)
    placed = [(article_id(one.reading), dumped(one.reading), one) for one in told]
    articles = {article: one for article, _, one in placed}
    there = _there(connection, schema.articles.c.id, list(articles))
    new = [_article(key, one, at) for key, one in articles.items() if key not in there]
    keyed = {reading_key(article, items, one.coder): (article, items, one) for article, items, one in placed}
    known = _there(connection, schema.readings.c.id, list(keyed))
    readings, rows = [], []
    seq = _next(connection, schema.readings)
    first = number = _next(connection, schema.reports)
    gone = _withdrawn(connection, list(articles))
    for key, (article, items, one) in keyed.items():
        if key in known or article in gone:  # what was taken back does not come in again with a better coder
            continue
        readings.append({"seq": seq, "id": key, "article": article, "coder": one.coder.name,
                         "version": one.coder.version, "codebook": one.coder.codebook, "role": one.coder.role,
                         "recorded_at": at})  # fmt: skip
        for row in _reports(one, items, key, article, at):
            row["reading"], row["seq"] = seq, number
            rows.append(row)
            number += 1
        seq += 1
    for table, found in ((schema.articles, new), (schema.readings, readings), (schema.reports, rows)):
        if found:
            connection.execute(insert(table), found)
    return Recorded(len(new), len(readings), len(rows), len(told) - len(readings), (first, number))


def append(connection: Connection, row: Row) -> int:
    """Append one report by a person; its number.

    Args:
        connection: one that writes.
        row: the columns of the report that are given; the others are empty.
    """
    at = _after(connection)
    seq = _next(connection, schema.reports)
    full: Row = dict.fromkeys(c.name for c in schema.reports.columns) | {
        "certainty": 1.0, "known_at": at[:10], "recorded_at": at, "body": "{}", "seq": seq,
    } | row  # fmt: skip
    full["id"] = person_key(full)
    if (there := connection.scalar(select(schema.reports.c.seq).where(schema.reports.c.id == full["id"]))) is not None:
        return int(there)
    connection.execute(insert(schema.reports), [full])
    return seq


def text_hash(text: str) -> str:
    """SHA-256 of a text, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def article_id(reading: Reading) -> str:
    """The id of a reading's article in the ledger: its text and where it stood."""
    return digest(reading.text, reading.address, reading.publisher, reading.published, reading.title)


def report_id(reading: str, kind: str, item: str) -> str:
    """The id of a report, made of its reading's and its own id inside it."""
    return digest(reading, kind, item)


def reading_id(told: Told) -> str:
    """The id of a reading: who says what of which article."""
    return reading_key(article_id(told.reading), dumped(told.reading), told.coder)


def person_key(row: Mapping[str, Any]) -> str:
    """The id of a person's report."""
    return digest(*(str(row[k]) for k in ("kind", "article", "target", "who", "role", "reason", "body", "known_at")))


def reading_key(article: str, items: Sequence[Dumped], coder: Coder) -> str:
    """The id of a reading, made of its article's id, its items and who coded it."""
    said = plain([[kind, item.id, item.quote, item.start, item.certainty, fields] for kind, item, fields in items])
    return digest(article, coder.name, coder.version, coder.codebook, coder.role, coder.who, said)


def dumped(reading: Reading) -> list[Dumped]:
    """The items of a reading in the order in which they are to be matched: changes, then what refers to them."""
    groups: tuple[tuple[str, Sequence[Item]], ...] = (
        ("line", reading.lines), ("event", reading.events), ("use", reading.uses), ("answer", reading.answers),
        ("claim", reading.claims),
    )  # fmt: skip
    return [(kind, item, fields_of(item)) for kind, items in groups for item in items]


def fields_of(item: Item) -> Row:
    """The fields of an item that have no columns of their own, without empty ones."""
    return item.model_dump(mode="json", exclude=_APART, exclude_none=True)


def _there(connection: Connection, column: Any, keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for i in range(0, len(keys), 500):
        found.update(connection.scalars(select(column).where(column.in_(keys[i : i + 500]))))
    return found


def _withdrawn(connection: Connection, keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for i in range(0, len(keys), 500):
        ours = and_(schema.reports.c.kind == "withdrawal", schema.reports.c.article.in_(keys[i : i + 500]))
        found.update(connection.scalars(select(schema.reports.c.article).where(ours)))
    return found


def _next(connection: Connection, table: Any) -> int:
    return (connection.scalar(select(func.max(table.c.seq))) or 0) + 1


def _after(connection: Connection) -> str:
    """Now, but never before what was recorded last: a clock put back must not hide what is recorded next."""
    last = connection.scalar(select(schema.reports.c.recorded_at).order_by(schema.reports.c.seq.desc()).limit(1))
    return max(now(), last or "")


def _known_at(published: str | None, retrieved: str | None, at: str) -> str:
    """When it could be known: the last day that the date of publication can mean, else the day it was fetched."""
    day = last_day(published)
    return day.isoformat() if day else (retrieved or at)[:10]


def _article(key: str, told: Told, at: str) -> Row:
    reading = told.reading
    start, end = reading.main
    return {
        "id": key, "hash": text_hash(reading.text), "address": reading.address,
        "publisher": reading.publisher, "title": reading.title, "published": reading.published,
        "retrieved": told.retrieved, "language": reading.language, "main_start": start, "main_end": end,
        "residue": plain([r.model_dump(mode="json") for r in reading.residue]), "text": reading.text,
        "print": fingerprint(reading.text[start:end]),
        "known_at": _known_at(reading.published, told.retrieved, at), "recorded_at": at,
    }  # fmt: skip


def _reports(told: Told, items: Sequence[Dumped], reading: str, article: str, at: str) -> Iterator[Row]:
    """The rows of a reading's items, without their numbers."""
    known = _known_at(told.reading.published, told.retrieved, at)
    extra = dict(told.extra)
    for kind, item, fields in items:
        a, b = pair_of(item)
        yield {
            "id": report_id(reading, kind, item.id), "kind": kind, "article": article, "item": item.id, "a": a, "b": b,
            "quote": item.quote, "start": item.start, "end": item.end, "certainty": item.certainty,
            "role": told.coder.role, "who": told.coder.who, "reason": None,
            "target": _elsewhere(item, told.reading), "known_at": known, "recorded_at": at,
            "body": plain(fields | extra),
        }  # fmt: skip


def _elsewhere(item: Item, reading: Reading) -> str | None:
    """The report of another article that an answer is to."""
    if not isinstance(item, Answer) or any(e.id == item.action_event for e in reading.events):
        return None
    return item.action_event


def pair_of(item: Item) -> tuple[str | None, str | None]:
    """The pair that an item is about, first of all."""
    match item:
        case Line() | Use():
            return pair(item.owner, item.counterpart)
        case Event():
            return event_pair(item.source, item.target)
        case Claim():
            return pair(item.holder, item.about[0]) if item.about else (item.holder, None)
    return None, None


__all__ = ["Coder", "Recorded", "Told", "append", "article_id", "record"]
