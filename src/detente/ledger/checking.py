"""Checking a ledger: whether what it holds is what was recorded, and what it derives follows from it.

What always holds: nothing is changed; each fault is a sentence that names the row; memory stays flat, whatever the size
of the ledger. Ids are made of content, so what was changed behind the ledger's back does not have its id any more.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Table, select, text, tuple_
from sqlalchemy.exc import SQLAlchemyError

from detente.ledger import schema
from detente.ledger.deriving import rebuild
from detente.ledger.forecasts import forecast_key
from detente.ledger.keys import digest
from detente.ledger.past import batches, copy_reported
from detente.ledger.recording import Coder, fields_of, pair_of, person_key, reading_key, report_id, text_hash
from detente.ledger.store import Store
from detente.model import Answer, Claim, Event, Item, Line, Use

_ITEMS: dict[str, type[Item]] = {"event": Event, "line": Line, "use": Use, "answer": Answer, "claim": Claim}
"""The kinds of report that a reading makes."""
_NOUNS = {
    "members": "the place of report", "lines": "line", "changes": "change", "events": "event", "dyads": "the pair of",
    "answers": "answer", "states": "state of",
}  # fmt: skip
_KEYS = 200
"""Rows compared at once."""
_SHOWN = 60
"""Characters of a value in a sentence."""
Row = Any

articles, readings, reports, forecasts = schema.articles, schema.readings, schema.reports, schema.forecasts


def faults(store: Store) -> Iterator[str]:
    """All that is wrong with a ledger, a sentence each; nothing where it is sound.

    Args:
        store: an open ledger; it is read as it stands at one moment, whoever writes meanwhile.

    Raises:
        LedgerError: it cannot be read.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     list(faults(Store(f"{folder}/ledger.db")))
        []
    """
    with store.reading() as connection:
        if not store.postgresql:
            for said in connection.scalars(text("PRAGMA integrity_check")):
                if said != "ok":
                    yield f"the file is damaged: {said}"
        gone = _withdrawn(connection)
        yield from _gaps(connection, readings, "reading")
        yield from _gaps(connection, reports, "report")
        yield from _articles(connection, gone)
        yield from _readings(connection, gone)
        yield from _persons(connection)
        yield from _gaps(connection, forecasts, "forecast")
        yield from _forecasts(connection)
        yield from _derived(connection)


def _withdrawn(connection: Connection) -> dict[str, bool]:
    """The articles that were withdrawn, and whether their quotes were, too."""
    found: dict[str, bool] = {}
    query = select(reports.c.article, reports.c.body).where(reports.c.kind == "withdrawal")
    for row in connection.execute(query):
        found[row.article] = found.get(row.article, False) or '"quotes":true' in row.body
    return found


def _gaps(connection: Connection, table: Table, noun: str) -> Iterator[str]:
    """Numbers run from one without a gap; where one is missing, a row was deleted."""
    before = 0
    query = select(table.c.seq).order_by(table.c.seq)
    for seq in connection.scalars(query, execution_options={"yield_per": 5000}):
        if seq != before + 1:
            missing = f"number {before + 1} is" if seq == before + 2 else f"numbers {before + 1} to {seq - 1} are"
            yield f"{noun}s: {missing} missing; what was recorded there is lost"
        before = seq


def _articles(connection: Connection, gone: dict[str, bool]) -> Iterator[str]:
    for some in batches(connection, articles, select(articles)):
        for row in some:
            name, body = f"article {row['id']}", row["text"]
            if body is None:
                if row["id"] not in gone:
                    yield f"{name} has lost its text, and no withdrawal says why"
                continue
            if row["id"] in gone:
                yield f"{name} was withdrawn, but its text is still there"
            if text_hash(body) != row["hash"]:
                yield f"{name}: its text is not the one that was recorded, whose hash is {row['hash'][:16]}…"
            elif digest(body, *(row[k] for k in ("address", "publisher", "published", "title"))) != row["id"]:
                yield f"{name}: its address, publisher, date or title is not the one that was recorded"


def _readings(connection: Connection, gone: dict[str, bool]) -> Iterator[str]:
    for every in batches(connection, readings, select(readings)):
        for start in range(0, len(every), _KEYS):
            some = every[start : start + _KEYS]
            ids = [row["article"] for row in some]
            query = select(articles.c.id, articles.c.text).where(articles.c.id.in_(ids))
            texts: dict[str, str | None] = {row.id: row.text for row in connection.execute(query)}
            own: dict[int, list[Row]] = {row["seq"]: [] for row in some}
            for report in connection.execute(select(reports).where(reports.c.reading.in_(own)).order_by(reports.c.seq)):
                own[report.reading].append(report)
            for row in some:
                yield from _reading(row, own[row["seq"]], texts, gone)
    known = select(readings.c.seq)
    lost = reports.c.reading.is_not(None) & reports.c.reading.not_in(known)
    for name in connection.scalars(select(reports.c.id).where(lost)):
        yield f"report {name}: the reading that it comes from is missing"


def _reading(reading: Row, own: Sequence[Row], texts: dict[str, str | None], gone: dict[str, bool]) -> Iterator[str]:
    """The faults of a reading and its reports."""
    name, article = f"reading {reading['id']}", reading["article"]
    if article not in texts:
        yield f"{name}: its article {article} is missing"
        return
    found = [fault for row in own for fault in _report(row, reading, texts[article], gone.get(article, False))]
    yield from found
    if found or any(row.quote is None for row in own) or (not own and reading["role"] != "machine"):
        return  # said already, or erased on request; who made a reading stands with its reports
    try:
        items = [(row.kind, item := _item(row), fields_of(item)) for row in own]
    except (ValidationError, ValueError, TypeError) as error:
        yield f"{name}: its reports cannot be understood ({str(error).splitlines()[0]})"
        return
    who = own[0].who if own else None
    coder = Coder(reading["coder"], reading["version"], reading["codebook"], reading["role"], who)
    if reading_key(article, items, coder) != reading["id"]:
        yield f"{name}: a report of it was changed or is missing, for its reports do not give its id"
    for row, (_, item, _) in zip(own, items, strict=True):
        if pair_of(item) != (row.a, row.b):
            yield f"report {row.id} stands under the pair {row.a}-{row.b}, which is not the one that it is about"


def _report(row: Row, reading: Row, body: str | None, erased: bool) -> Iterator[str]:
    name = f"report {row.id}"
    if row.kind not in _ITEMS or row.id != report_id(reading["id"], row.kind, row.item):
        yield f"{name} is none of reading {reading['id']}, to which it is counted"
    if row.article != reading["article"]:
        yield f"{name} names the article {row.article}, its reading {reading['article']}"
    if row.quote is None:
        if not erased:
            yield f"{name} has lost its quote, and no withdrawal says why"
    elif row.start is None or row.end is None:
        yield f"{name} has a quote, but not where it stands"
    elif body is not None and body[row.start : row.end] != row.quote:
        there = _short(body[row.start : row.end])
        yield (
            f"{name}: its quote {_short(row.quote)} does not stand at {row.start} to {row.end} of article "
            f"{row.article}, which has {there} there"
        )


def _item(row: Row) -> Item:
    model = _ITEMS[row.kind]
    body = {k: v for k, v in json.loads(row.body).items() if k in model.model_fields}
    if model is Answer:
        body |= {"action": "", "reaction": ""}  # these stand with its events
    place = {"id": row.item, "quote": row.quote, "start": row.start, "end": row.end, "certainty": row.certainty}
    return model.model_validate(body | place)


def _persons(connection: Connection) -> Iterator[str]:
    for some in batches(connection, reports, select(reports).where(reports.c.reading.is_(None))):
        for row in some:
            if person_key(row) != row["id"]:
                yield f"report {row['id']}, by {row['who']}, was changed, for it does not give its id"


def _forecasts(connection: Connection) -> Iterator[str]:
    before = ""
    for some in batches(connection, forecasts, select(forecasts)):
        ids = {row["last_report"] for row in some}
        found = connection.execute(select(reports.c.seq, reports.c.recorded_at).where(reports.c.seq.in_(ids)))
        recorded: dict[int, str] = {row.seq: row.recorded_at for row in found}
        for row in some:
            name = f"forecast {row['id']}"
            if forecast_key(row) != row["id"]:
                yield f"{name} was changed, for it does not give its id"
            if row["made_at"] < before:
                yield f"{name} is said to be of {row['made_at']}, but one that stands before it is of {before}"
            if row["last_report"] and recorded.get(row["last_report"], "~") > row["made_at"]:
                yield f"{name} rests on report number {row['last_report']}, which the ledger did not have by then"
            before = max(before, row["made_at"])


def _derived(connection: Connection) -> Iterator[str]:
    """Derive all anew in a ledger of its own, and compare."""
    with TemporaryDirectory() as folder:
        store = Store(Path(folder) / "anew.db")
        try:
            with store.writing() as anew:
                copy_reported(connection, anew)
                rebuild(anew)
        except (ValueError, KeyError, TypeError, SQLAlchemyError) as error:
            store.close()
            said = f"{type(error).__name__}: {_short(str(error))}"
            yield f"what is derived cannot be derived anew, for a report makes no sense ({said})"
            return
        with store.reading() as anew:
            for table in schema.DERIVED:
                yield from _differing(connection, anew, table)
        store.close()


def _differing(now: Connection, anew: Connection, table: Table) -> Iterator[str]:
    noun = _NOUNS[table.name]
    for name, row, right in _matched(now, anew, table):
        if right is None:
            yield f"{noun} {name} stands in the ledger, but no report gives it"
            continue
        for key, value in row.items():
            if not _equal(value, right[key]):
                yield f"{noun} {name}: {key} is {_short(value)}, but its reports give {_short(right[key])}"
    for name, _, there in _matched(anew, now, table):
        if there is None:
            yield f"{noun} {name} is missing, though reports give it"


def _matched(one: Connection, other: Connection, table: Table) -> Iterator[tuple[str, Row, Row | None]]:
    """Each row of a table in one ledger, its name, and the row of the same key in the other."""
    columns = list(table.primary_key.columns)
    for every in batches(one, table, select(table)):
        for start in range(0, len(every), _KEYS):
            some = {tuple(row[c.name] for c in columns): row for row in every[start : start + _KEYS]}
            wanted = tuple_(*columns).in_(list(some)) if columns[1:] else columns[0].in_([key for (key,) in some])
            found = other.execute(select(table).where(wanted)).mappings()
            theirs = {tuple(row[c.name] for c in columns): row for row in found}
            for key, row in some.items():
                yield " ".join(map(str, key)), row, theirs.get(key)


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, abs_tol=1e-6)  # PostgreSQL keeps fewer digits
    return bool(one == other)


def _short(value: Any) -> str:
    said = repr(value)
    return said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"
