"""Keeping: one SQLite file or one PostgreSQL database, opened, locked for writing, and moved to the newest format.

What always holds: what is written in one `writing` block is there wholly or not at all, even if the machine dies; two
writers wait for one another, readers wait for nobody; a fault of the database is told as a `LedgerError` with what to
do. A ledger of a newer format is refused untouched; beside one that is migrated its old self is kept as a copy.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, insert, inspect, select, text, update
from sqlalchemy.engine import URL, make_url
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


def _add_forecasts(connection: Connection) -> None:
    """Format 2 has a table of forecasts; all else is as in format 1."""
    schema.forecasts.create(connection)
    _append_only(connection, (schema.forecasts,))


def _append_only(connection: Connection, tables: Sequence[Table]) -> None:
    """Have the database refuse to change what is only appended to."""
    postgresql = connection.dialect.name == "postgresql"
    for statement in (schema.append_only_postgresql if postgresql else schema.append_only_sqlite)(tables):
        connection.exec_driver_sql(statement)


MIGRATIONS: dict[int, Migration] = {1: _add_forecasts}
"""What brings a ledger from format N to N + 1, by N."""


def place() -> str:
    """Where the ledger is, unless it is named: ``$DETENTE_LEDGER``, or a file in the user's own data folder."""
    return os.environ.get(VARIABLE) or str(data_folder() / "ledger.db")


def data_folder() -> Path:
    """The user's own folder for what this program keeps."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "detente"


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
        try:
            with self.told():
                self._prepare(create, readonly)
        except BaseException:
            self.close()
            raise

    @property
    def path(self) -> Path:
        """The file of a SQLite ledger."""
        return Path(self.engine.url.database or "")

    def close(self) -> None:
        """Let go of the file or the connection."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that cannot write, and sees one state of the ledger throughout, whatever others do meanwhile."""
        with self.told(), self.engine.connect() as connection, connection.begin():
            if self.postgresql:
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            else:
                connection.exec_driver_sql("PRAGMA query_only = ON")
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
        except (SQLAlchemyError, sqlite3.Error) as error:
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
        if readonly and found != schema.FORMAT:
            raise LedgerError(f"{self.name} has the older format {found}; open it once for writing, which migrates it")
        if readonly:
            return
        if not self.postgresql:
            self._keep_readers_going()
        if found == schema.FORMAT:
            return
        with self.writing() as connection:
            found = _format(connection, set(inspect(connection).get_table_names()), self.name)
            if found is None:
                self._create(connection)
            elif found < schema.FORMAT:
                self._migrate(connection, found)

    def _keep_readers_going(self) -> None:
        """Have SQLite write ahead, so that readers and a writer do not wait for one another; the file remembers it."""
        until = time.monotonic() + PATIENCE_S
        with self.engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            while raw.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                try:
                    raw.execute("PRAGMA journal_mode = WAL")
                except sqlite3.OperationalError as error:
                    # SQLite does not wait by itself here, where another program opens the same new ledger.
                    if "locked" not in str(error) or time.monotonic() > until:
                        raise
                    time.sleep(0.01)

    def _migrate(self, connection: Connection, found: int) -> None:
        """Migrate within the transaction, once a copy is laid beside a file; where it fails, all is as it was."""
        kept = None if self.postgresql else copied_file(self.path, _free(self.path, found))
        try:
            migrate(connection, found)
        except Exception as error:
            if kept:
                kept.unlink()
            raise LedgerError(
                f"{self.name} could not be brought from format {found} to {schema.FORMAT} ({error}); "
                f"it was left as it was: report this, and read it with the older détente meanwhile"
            ) from error

    def _create(self, connection: Connection) -> None:
        schema.metadata.create_all(connection)
        _append_only(connection, schema.KEPT)
        connection.execute(insert(schema.meta).values(key="format", value=str(schema.FORMAT)))


def migrate(connection: Connection, found: int) -> None:
    """Bring a ledger from an older format to this program's, step by step, within the caller's transaction."""
    for step in range(found, schema.FORMAT):
        if step not in MIGRATIONS:
            raise LedgerError(f"nothing brings format {step} to {step + 1}")
        MIGRATIONS[step](connection)
    connection.execute(update(schema.meta).where(schema.meta.c.key == "format").values(value=str(schema.FORMAT)))


def copied_file(path: Path, to: Path) -> Path:
    """Copy a SQLite ledger as it stands, whoever writes meanwhile; the copy is whole or not there.

    Raises:
        sqlite3.Error: it cannot be read, or there is no room.
        FileExistsError: there is a file of that name.
    """
    part = to.with_name(f"{to.name}.part")
    part.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE_S)) as source:
            # Unlike a copy of the pages, this leaves out what was erased from them.
            source.execute("VACUUM INTO ?", (str(part),))
        with closing(sqlite3.connect(part)) as copy:
            copy.execute("PRAGMA journal_mode = WAL")
        if to.exists():
            raise FileExistsError(str(to))
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)
    return to


def _free(path: Path, found: int) -> Path:
    """A free name beside a ledger for its copy in an older format."""
    first = path.with_name(f"{path.name}.format-{found}")
    again = (path.with_name(f"{first.name}-{n}") for n in count(2))
    return first if not first.exists() else next(name for name in again if not name.exists())


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
    url = URL.create("sqlite+pysqlite", database=str(path))
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": PATIENCE_S})
    event.listen(engine, "connect", _pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _pragmas(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin`
    for pragma in ("synchronous = NORMAL", "foreign_keys = ON", "cache_size = -32768"):  # fmt: skip
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


def _fault(error: SQLAlchemyError | sqlite3.Error, place: str) -> LedgerError:
    said = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()[0]
    if "full" in said or "No space" in said or "disk I/O" in said:
        return LedgerFull(
            f"{place}: no room is left ({said}); nothing was half written: free some room and run it again"
        )
    if "locked" in said or "lock timeout" in said:
        return LedgerBusy(f"{place}: another program has been writing for {PATIENCE_S} seconds; try again")
    if "not a database" in said or "malformed" in said:
        return LedgerError(f"{place} is no ledger, or is damaged ({said}); restore a backup")
    if isinstance(error, (OperationalError, sqlite3.OperationalError)):
        return LedgerError(f"{place} cannot be opened or written ({said}); see that it is there and may be written")
    return LedgerError(f"{place}: the database refused ({said})")
