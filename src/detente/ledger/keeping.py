"""Safekeeping: a copy of a ledger as it stands, and a ledger moved from one place to another.

What always holds: a copy shows one moment of the ledger, whoever writes meanwhile; it is whole or not there; what is
there already is never written over.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Table, insert, select

from detente.errors import LedgerError
from detente.ledger import schema
from detente.ledger.past import batches
from detente.ledger.store import Store, copied_file


def backup(store: Store, to: Path) -> Path:
    """Copy a SQLite ledger to another file while others go on reading and writing.

    Args:
        store: the ledger.
        to: the new file; its folder must be there.

    Returns:
        The new file.

    Raises:
        LedgerError: it is a PostgreSQL ledger, the file is there already, or it cannot be written.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     backup(Store(f"{folder}/ledger.db"), Path(folder, "monday.db")).name
        'monday.db'
    """
    if store.postgresql:
        raise LedgerError(
            f"{store.name} is a PostgreSQL ledger: back it up with pg_dump, or copy it into a file with "
            f"detente copy FROM {to}"
        )
    if to.exists():
        raise LedgerError(f"{to} is there already, and nothing is written over; name another file")
    if not to.parent.is_dir():
        raise LedgerError(f"there is no folder {to.parent}; make it, or name another place")
    with store.told():
        try:
            return copied_file(store.path, to)
        except OSError as error:
            raise LedgerError(f"{to} cannot be written ({error.strerror or error}); name another place") from None


def copy(source: Store, target: Store) -> dict[str, int]:
    """Copy all that is in a ledger, reported, forecast and derived, into an empty one of either sort.

    Args:
        source: the ledger to read.
        target: an open ledger in which there is nothing yet.

    Returns:
        How many rows were copied, by table.

    Raises:
        LedgerError: the target holds something already, or either cannot be read or written.
    """
    with source.reading() as old, target.writing() as new:
        for table in (*schema.KEPT, *schema.DERIVED):
            if new.execute(select(table).limit(1)).first() is not None:
                raise LedgerError(f"{target.name} holds a ledger with something in it; name an empty place")
        return {table.name: _poured(old, new, table) for table in (*schema.KEPT, *schema.DERIVED)}


def _poured(old: Connection, new: Connection, table: Table) -> int:
    number = 0
    for some in batches(old, table, select(table)):
        new.execute(insert(table), some)
        number += len(some)
    return number
