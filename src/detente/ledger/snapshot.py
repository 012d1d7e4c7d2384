"""A ledger as a folder of plain tables, in Parquet or CSV, described by a ``datapackage.json``; and back again.

What always holds: the tables of what was reported and forecast are complete, so that the folder gives back an equal
ledger; the derived ones are for readers, and an import derives them anew. A folder is whole or not there. A snapshot is
read only into an empty ledger, after every file was seen to be the one that was written; a fault leaves the ledger as
it was.

In CSV an empty cell is a missing value. An apostrophe before a text that is empty, or begins with an apostrophe or with
a sign that a spreadsheet takes for a formula, says that it is text; `read` takes it away again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import polars as pl
from sqlalchemy import REAL, Connection, Integer, Table, insert, select

from detente.errors import LedgerError, UsageFault
from detente.ledger import schema
from detente.ledger.deriving import rebuild
from detente.ledger.forecasts import forecast_key
from detente.ledger.keys import now
from detente.ledger.package import DESCRIPTOR, Package, described, opened
from detente.ledger.past import batches
from detente.ledger.store import Store

FORMATS = ("parquet", "csv")
ROWS = 20_000
"""Rows of a row group, and of a batch when read: some ten megabytes with the text of articles."""
READERS = (schema.lines, schema.changes, schema.events, schema.answers, schema.states)
"""The derived tables that go along."""
INNER = frozenset({"near_first", "near_last", "found_as", "made_by"})
"""Columns of derived tables that only identity reads."""
_FORMULA = r"^(?:['=+\-@\t\r\n]|$)"
_LONG = 64 * 1024 * 1024
"""Characters in one frame at most."""


@dataclass(frozen=True)
class Imported:
    """What an import brought.

    Attributes:
        rows: how many, by table of what was reported and forecast.
        differing: derived tables that came out otherwise than in the snapshot, as where a newer program derives them.
    """

    rows: dict[str, int]
    differing: tuple[str, ...] = ()


@dataclass
class _Sum:
    """A number made of rows, whatever their order."""

    value: int = 0
    rows: int = 0
    columns: list[str] = field(default_factory=list)

    def add(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            cells = [_plain(row[name]) for name in self.columns]
            self.value += int.from_bytes(hashlib.sha256(json.dumps(cells).encode()).digest(), "big")
        self.rows += len(rows)


def _plain(value: Any) -> Any:
    # PostgreSQL keeps REAL to six digits.
    return f"{value:.6g}" if isinstance(value, float) else value


def write(store: Store, folder: str | Path, form: str = "parquet", *, licence: str | None = None) -> dict[str, int]:
    """Write a ledger to a new folder.

    Args:
        store: the ledger.
        folder: where to; must not be there, or be empty.
        form: parquet or csv.
        licence: name of the licence (such as CC-BY-4.0) under which you give it away; none unless given.

    Returns:
        How many rows each table has.

    Raises:
        UsageFault: there is no such form.
        LedgerError: there is something in the folder, or it cannot be written.
    """
    target = Path(folder)
    if form not in FORMATS:
        raise UsageFault(f"there is no snapshot in {form!r}; there are {' and '.join(FORMATS)}")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise LedgerError(f"{target} is there already; a snapshot is written to a new or empty folder")
    try:
        target.absolute().parent.mkdir(parents=True, exist_ok=True)
        made = Path(mkdtemp(prefix=f".{target.name}-", dir=target.absolute().parent))
    except OSError as error:
        raise LedgerError(f"{target} cannot be made ({(error.strerror or '').lower()}); name another place") from None
    try:
        counts = _write(store, made, form, licence)
        made.chmod(0o755)
        made.replace(target)
    except OSError as error:
        raise LedgerError(f"{target} cannot be written ({(error.strerror or str(error)).lower()}); nothing was "
                          "left behind") from None  # fmt: skip
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return counts


def _write(store: Store, folder: Path, form: str, licence: str | None) -> dict[str, int]:
    counts = {}
    with store.reading() as connection:
        for table in (*schema.KEPT, *READERS):
            counts[table.name] = _written(connection, table, folder / f"{table.name}.{form}", form)
    tables = {t.name: [(c.name, kind_of(c.type), not c.nullable) for c in columns(t)]
              for t in (*schema.KEPT, *READERS)}  # fmt: skip
    keys = {t.name: [c.name for c in t.primary_key.columns] for t in (*schema.KEPT, *READERS)}
    package = described(folder, form, tables, keys, counts, licence=licence, created=now(), program=version("detente"),
                        ledger=schema.FORMAT)  # fmt: skip
    text = json.dumps(package, ensure_ascii=False, indent=2)
    (folder / DESCRIPTOR).write_text(text + "\n", encoding="utf-8")
    return counts


def columns(table: Table) -> list[Any]:
    """The columns of a table that a snapshot has."""
    return [c for c in table.columns if table in schema.KEPT or c.name not in INNER]


def kind_of(type_: Any) -> str:
    """The type of a field, as Frictionless calls it."""
    return "integer" if isinstance(type_, Integer) else "number" if isinstance(type_, REAL) else "string"


def _types(table: Table) -> dict[str, Any]:
    of: dict[str, Any] = {"integer": pl.Int64, "number": pl.Float64, "string": pl.String}
    return {c.name: of[kind_of(c.type)] for c in columns(table)}


def _written(connection: Connection, table: Table, path: Path, form: str) -> int:
    """Write a table, a frame at a time; how many rows it has."""
    count = 0
    with TemporaryDirectory(dir=path.parent) as parts, path.open("wb") as out:
        for number, frame in enumerate(_frames(connection, table)):
            count += frame.height
            if form == "csv":
                frame.with_columns(_guarded(table)).write_csv(out, include_header=number == 0)
            else:
                frame.write_parquet(Path(parts) / f"{number:08d}.parquet")
        if form == "parquet":
            made = pl.scan_parquet(Path(parts) / "*.parquet", glob=True)
            made.sink_parquet(path, row_group_size=ROWS, maintain_order=True, compression="zstd")
    return count


def _frames(connection: Connection, table: Table) -> Iterator[pl.DataFrame]:
    """The rows of a table, some thousand at a time; at least one frame, which may be empty."""
    types, rows, long = _types(table), [], 0
    wanted = select(*columns(table))
    begun = False
    for some in batches(connection, table, wanted):
        rows += some
        long += sum(len(row.get("text") or "") + len(row.get("body") or "") for row in some)
        if len(rows) >= ROWS or long >= _LONG:
            begun = True
            yield pl.DataFrame(rows, schema=types)
            rows, long = [], 0
    if rows or not begun:
        yield pl.DataFrame(rows, schema=types)


def _guarded(table: Table) -> list[pl.Expr]:
    """Texts as CSV has them."""
    texts = [name for name, type_ in _types(table).items() if type_ == pl.String]
    return [pl.when(pl.col(n).str.contains(_FORMULA)).then(pl.lit("'") + pl.col(n)).otherwise(pl.col(n)).alias(n)
            for n in texts]  # fmt: skip


def read(folder: str | Path, place: str | Path | None = None) -> Imported:
    """Read a snapshot into an empty ledger, which is made where there is none.

    Args:
        folder: what `write` wrote.
        place: the ledger; see `detente.ledger.store.place`.

    Raises:
        LedgerError: it is no snapshot, is damaged or foreign, or the ledger holds something; nothing was changed.
        LedgerNewer: a newer program wrote it.
    """
    package = opened(Path(folder), schema.FORMAT)
    kept = [t for t in schema.KEPT if t.name in package.resources]
    for table in (*kept, *READERS):
        _seen(package, table)
    store = Store(place)
    try:
        with store.writing() as connection:
            _refuse_unless_empty(connection, store.name)
            rows = {t.name: _poured(connection, package, t) for t in kept}
            try:
                rebuild(connection)
            except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
                raise LedgerError(f"{folder}: a report in it makes no sense ({type(error).__name__}: {error}); nothing "
                                  "was imported: get the snapshot anew from who made it") from error  # fmt: skip
            differing = tuple(t.name for t in READERS if _differs(connection, package, t))
    finally:
        store.close()
    return Imported(rows, differing)


def _refuse_unless_empty(connection: Connection, name: str) -> None:
    for table in schema.KEPT:
        if connection.execute(select(*table.primary_key.columns).limit(1)).first() is not None:
            raise LedgerError(f"{name} holds something already; a snapshot is imported only into an empty ledger: "
                              "name a new one with --ledger")  # fmt: skip


def _seen(package: Package, table: Table) -> None:
    """See that a table of the package has the columns that it should have."""
    found = package.columns(table.name)
    wanted = [c.name for c in columns(table)]
    if found != wanted:
        missing = [c for c in wanted if c not in found]
        more = [c for c in found if c not in wanted]
        said = (
            f"lacks the columns {', '.join(missing)}"
            if missing
            else f"has columns that no ledger has: {', '.join(more)}"
            if more
            else "has its columns in another order"
        )
        raise LedgerError(f"{package.path(table.name)} {said}; it is no snapshot of this format: nothing was "
                          "imported")  # fmt: skip


def _poured(connection: Connection, package: Package, table: Table) -> int:
    """Put the rows of a table that is only appended to into the ledger; how many."""
    check = _CHECKS.get(table.name)
    needed = [c.name for c in table.columns if not c.nullable]
    count = 0
    for rows in _rows(package, table):
        for number, row in enumerate(rows, start=count + 1):
            said = next((f"{name} is missing" for name in needed if row[name] is None), None) or (
                check(row) if check else None
            )
            if said:
                raise LedgerError(f"{package.path(table.name)}: row {number}: {said}; nothing was imported: get the "
                                  "snapshot anew from who made it")  # fmt: skip
        connection.execute(insert(table), rows)
        count += len(rows)
    return count


def _article(row: Mapping[str, Any]) -> str | None:
    from detente.ledger.recording import text_hash

    if row["text"] is not None and text_hash(row["text"]) != row["hash"]:
        return "the text is not the one that its hash is of"
    return None


def _report(row: Mapping[str, Any]) -> str | None:
    if row["kind"] not in schema.KINDS or row["role"] not in schema.ROLES:
        return f"a ledger has no {row['kind']!r} by {row['role']!r}"
    try:
        body = json.loads(row["body"])
    except ValueError:
        return "its body is not JSON"
    return None if isinstance(body, dict) else "its body is no record"


def _forecast(row: Mapping[str, Any]) -> str | None:
    return None if forecast_key(row) == row["id"] else "the forecast is not the one that its id is of"


_CHECKS: dict[str, Callable[[Mapping[str, Any]], str | None]] = {
    "articles": _article, "reports": _report, "forecasts": _forecast,
}  # fmt: skip


def _rows(package: Package, table: Table) -> Iterator[list[dict[str, Any]]]:
    """The rows of a table of the package, as the ledger has them, some thousand at a time."""
    path, types = package.path(table.name), _types(table)
    with TemporaryDirectory() as parts:
        try:
            if package.form == "csv":
                copy = Path(parts) / "copy.parquet"
                texts = pl.scan_csv(path, infer_schema=False, schema=dict.fromkeys(types, pl.String))
                texts.sink_parquet(copy, row_group_size=ROWS, maintain_order=True)
                path = copy
            scanned = pl.scan_parquet(path, glob=False)
            if (count := scanned.select(pl.len()).collect().item()) != package.rows(table.name):
                raise LedgerError(f"{package.path(table.name)} has {count} rows, not {package.rows(table.name)}; the "
                                  "snapshot is damaged: nothing was imported")  # fmt: skip
            for start in range(0, package.rows(table.name), ROWS):
                frame = scanned.slice(start, ROWS).collect()
                if package.form == "csv":
                    frame = frame.with_columns(pl.col(pl.String).replace("", None).str.replace("^'", ""))
                yield frame.cast(pl.Schema(types), strict=True).to_dicts()
        except pl.exceptions.PolarsError as error:
            said = str(error).strip().splitlines()[0]
            raise LedgerError(f"{package.path(table.name)} cannot be read as a table of a ledger ({said}); nothing was "
                              "imported: get the snapshot anew from who made it") from None  # fmt: skip


def _differs(connection: Connection, package: Package, table: Table) -> bool:
    names = [c.name for c in columns(table)]
    told, derived = _Sum(columns=names), _Sum(columns=names)
    for rows in _rows(package, table):
        told.add(rows)
    for rows in batches(connection, table, select(*columns(table))):
        derived.add(rows)
    return told != derived
