"""A ledger as it stood at some time before: the reports that it had by then, in a ledger of their own.

What always holds: since reports are only appended and each is placed by those before it, the ledger of then comes out
as it was, merges and corrections made later undone; only text that was erased since stays erased.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, insert, or_, select, true

from detente.ledger import schema
from detente.ledger.deriving import rebuild
from detente.ledger.store import Store

BATCH = 2000
reports, readings = schema.reports, schema.readings


@contextmanager
def as_recorded(now: Connection, recorded: str, parties: Sequence[str] = ()) -> Iterator[Connection]:
    """A connection to the ledger as it stood.

    Args:
        now: a connection to the ledger of today.
        recorded: a time, in UTC, as the ledger writes it.
        parties: the only parties of interest; fewer are faster, none means all.
    """
    with TemporaryDirectory() as folder:
        store = Store(Path(folder) / "then.db")
        try:
            with store.writing() as then:
                copy_reported(now, then, recorded, parties)
                rebuild(then)
            with store.reading() as then:
                yield then
        finally:
            store.close()


def copy_reported(now: Connection, then: Connection, recorded: str | None = None, parties: Sequence[str] = ()) -> None:
    """Copy what was reported, up to a time and about some parties, batch by batch.

    Args:
        now: where from.
        then: where to: tables that are empty.
        recorded: the last time that is wanted; None for all.
        parties: as in `as_recorded`.
    """
    for table in schema.REPORTED:
        until = table.c.recorded_at <= recorded if recorded is not None else true()
        wanted = select(table).where(until)
        if table is reports and parties:
            wanted = wanted.where(_about(parties))
        for rows in batches(now, table, wanted):
            then.execute(insert(table), rows)


def _about(parties: Sequence[str]) -> Any:
    """Reports about these parties, and answers, which carry none."""
    pair = or_(reports.c.a.in_(parties), reports.c.b.in_(parties))
    return or_(pair, and_(reports.c.a.is_(None), reports.c.b.is_(None)))


def batches(connection: Connection, table: Table, wanted: Select[Any]) -> Iterator[list[dict[str, Any]]]:
    """The rows of a table in the order of its key, some thousand at a time."""
    ordered = wanted.order_by(*table.primary_key.columns)
    options = {"stream_results": True, "yield_per": BATCH}
    with connection.execute(ordered, execution_options=options) as streamed:
        for some in streamed.mappings().partitions(BATCH):
            yield [dict(row) for row in some]
