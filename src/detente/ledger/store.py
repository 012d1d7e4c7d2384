"""Keeping: one SQLite file or one PostgreSQL database, opened, locked for writing, and moved to the newest format.

What always holds: what is written in one `writing` block is there wholly or not at all, even if the machine dies; two
writers wait for one another, readers wait for nobody; a fault of the database is told as a `LedgerError` with what to
do. A ledger of a newer format is refused untouched.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from detente.errors import LedgerBusy, LedgerError, LedgerFull, LedgerMissing, LedgerNewer
from detente.ledger import schema

PATIENCE_S = 60
"""Seconds for which a writer waits for another one."""
_LOCK = 0x64E7E47E
"""Key of the advisory lock that writers of a PostgreSQL ledger take in turn."""
VARIABLE = "DETENTE_LEDGER"

Migration = Callable[[Connection], None]
MIGRATIONS: dict[int, Migration] = {}
"""What brings a ledger from format N to N + 1, by N."""


def place() -> str:
    """Where the ledger is, unless it is named: ``$DETENTE_LEDGER``, or a file in the user's own data folder."""
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return os.environ.get(VARIABLE) or str(home / "detente" / "ledger.db")


class Store:
    """An open ledger file or database.

    Args:
        where: a path, or an address such as ``postgresql://user@host/name``; `place` unless given.
        create: make the ledger where there is none.
        readonly: never write, not even to create or migrate.

    Raises:
        LedgerMissing: there is none, and none is to be made.
        LedgerNewer: it was written by a newer program.
        LedgerError: it cannot be opened, or is no ledger.
    """

    def __init__(self, where: str | Path | None = None, *, create: bool = True, readonly: bool = False) -> None:
        self.where = str(where or place())
        self.postgresql = "://" in self.where and not self.where.startswith("sqlite")
        self.engine = _engine(self.where, create)
        self.name = shown_place(self.where)
        with self.told():
            self._prepare(create, readonly)

    def close(self) -> None:
        """Let go of the file or the connection."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the ledger throughout, whatever others write meanwhile."""
        with self.told(), self.engine.connect() as connection, connection.begin():
            if self.postgresql:
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that alone writes; committed at the end, or wholly undone where an exception comes out."""
        with self.told(), self.engine.connect() as connection:
            connection = connection.execution_options(detente_writes=True)
            with connection.begin():
                if self.postgresql:
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
                yield connection

    @contextmanager
    def told(self) -> Iterator[None]:
        """Tell the database's faults in a sentence."""
        try:
            yield
        except SQLAlchemyError as error:
            raise _fault(error, self.name) from error

    def _prepare(self, create: bool, readonly: bool) -> None:
        with self.engine.connect() as connection:
            names = set(inspect(connection).get_table_names())
            found = _format(connection, names, self.name)
        if found is None and (readonly or not create):
            raise LedgerMissing(f"{self.name} holds no ledger; make one with detente record or detente demo")
        if found is not None and found > schema.FORMAT:
            raise LedgerNewer(
                f"{self.name} has format {found}, this program knows formats up to {schema.FORMAT}; "
                f"it was left untouched: update détente to read it"
            )
        if found == schema.FORMAT:
            return
        with self.writing() as connection:
            found = _format(connection, set(inspect(connection).get_table_names()), self.name)
            if found is None:
                self._create(connection)
            else:
                migrate(connection, found)

    def _create(self, connection: Connection) -> None:
        schema.metadata.create_all(connection)
        for statement in schema.append_only_postgresql() if self.postgresql else schema.append_only_sqlite():
            connection.exec_driver_sql(statement)
        connection.execute(insert(schema.meta).values(key="format", value=str(schema.FORMAT)))


def migrate(connection: Connection, found: int) -> None:
    """Bring a ledger from an older format to this program's, step by step, within the caller's transaction."""
    for step in range(found, schema.FORMAT):
        MIGRATIONS[step](connection)
    connection.execute(update(schema.meta).where(schema.meta.c.key == "format").values(value=str(schema.FORMAT)))


def shown_place(where: str) -> str:
    """A place without the password in it."""
    return make_url(where).render_as_string(hide_password=True) if "://" in where else where


def _engine(where: str, create: bool) -> Engine:
    if "://" in where:
        try:
            url = make_url(where)
        except ArgumentError:
            raise LedgerError(f"{where} is no address of a database; write postgresql://user@host/name") from None
        if url.get_backend_name() not in ("postgresql", "sqlite"):
            raise LedgerError(f"a ledger is a SQLite file or a PostgreSQL database, not {url.get_backend_name()}")
        if url.get_backend_name() == "postgresql":
            try:
                return create_engine(url.set(drivername="postgresql+psycopg"))
            except ModuleNotFoundError:
                raise LedgerError(
                    "a PostgreSQL ledger needs the extra of that name: pip install 'detente[postgresql]'"
                ) from None
        where = url.database or ""
    path = Path(where)
    if path.is_dir():
        raise LedgerError(f"{path} is a folder; name a file, such as {path / 'ledger.db'}")
    if not path.exists():
        if not create:
            raise LedgerMissing(f"there is no ledger at {path}; make one with detente record or detente demo")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LedgerError(f"{path.parent} cannot be made ({(error.strerror or '').lower()})") from None
    engine = create_engine(f"sqlite+pysqlite:///{path}", poolclass=NullPool, connect_args={"timeout": PATIENCE_S})
    event.listen(engine, "connect", _pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _pragmas(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin`
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "cache_size = -65536",
                   "mmap_size = 268435456"):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("detente_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _format(connection: Connection, names: set[str], place: str) -> int | None:
    """The ledger's format; None where there is nothing yet."""
    if "meta" not in names:
        if names:
            raise LedgerError(f"{place} is a database, but no ledger; name another place")
        return None
    found = connection.scalar(select(schema.meta.c.value).where(schema.meta.c.key == "format"))
    if found is None or not found.isdecimal():
        raise LedgerError(f"{place} is a database, but no ledger; name another place")
    return int(found)


def _fault(error: SQLAlchemyError, place: str) -> LedgerError:
    said = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()[0]
    if "full" in said or "No space" in said or "disk I/O" in said:
        return LedgerFull(
            f"{place}: no room is left ({said}); nothing was half written: free some room and run it again"
        )
    if "locked" in said or "lock timeout" in said:
        return LedgerBusy(f"{place}: another program has been writing for {PATIENCE_S} seconds; try again")
    if "not a database" in said or "malformed" in said:
        return LedgerError(f"{place} is no ledger, or is damaged ({said}); restore a backup")
    if isinstance(error, OperationalError):
        return LedgerError(f"{place} cannot be opened or written ({said}); see that it is there and may be written")
    return LedgerError(f"{place}: the database refused ({said})")
