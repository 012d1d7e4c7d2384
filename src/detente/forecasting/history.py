"""Event histories that others coded: Parquet files ``<folder>/origin=ORIGIN/year=YYYY/part-*.parquet``.

What always holds: a frame has exactly the columns of `SCHEMA`, is sorted by date, and holds an event once per date,
source, target, code and origin; what was written is never changed, only added to, and each part is there wholly or not
at all, so that importing a file again, or two programs importing at once, does no harm. A row that cannot be an event
is left out and counted with its reason; a file that cannot be read is an error that names it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import NamedTemporaryFile

import polars as pl
from polars.exceptions import PolarsError

from detente.errors import ForecastError
from detente.ledger.store import data_folder
from detente.model import EVENT_TYPES

VARIABLE = "DETENTE_HISTORY"
SCHEMA = pl.Schema(
    {"date": pl.Date, "source": pl.String, "target": pl.String, "type": pl.String, "cameo": pl.String, "quad": pl.Int8,
     "goldstein": pl.Float64, "origin": pl.String}
)  # fmt: skip
"""Parties by détente's codes; type one of `TYPES`; cameo null where unknown; quad 1 to 4, 0 for a mere statement."""
TYPES = (*EVENT_TYPES, "STATEMENT")
"""PLOVER's types, and CAMEO's root 01, which PLOVER does not count as an event."""
_ORIGIN = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")
_PART = re.compile(r"origin=([^/]+)/year=(\d{4})/part-[^/]+\.parquet")
_EARLIEST = date(1800, 1, 1)
_KEY = ("date", "source", "target", "_code", "origin")


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a frame that was written.

    Attributes:
        added: events that are new.
        known: rows that told of an event which was already there, or twice in the frame.
        refused: number of rows that cannot be events, by reason.
    """

    added: int = 0
    known: int = 0
    refused: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of one origin there is.

    Example:
        >>> str(Extent("icews", date(2018, 1, 1), date(2019, 3, 24), 241337))
        'icews: 241,337 events, 2018-01-01 to 2019-03-24'
    """

    origin: str
    first: date
    last: date
    events: int

    def __str__(self) -> str:
        return f"{self.origin}: {self.events:,} event{'s'[: self.events != 1]}, {self.first} to {self.last}"


def place() -> Path:
    """Where the history is, unless it is named: ``$DETENTE_HISTORY``, or a folder in the user's own data folder."""
    return Path(os.environ.get(VARIABLE) or data_folder() / "history")


def write(frame: pl.DataFrame, folder: str | Path, origin: str) -> Written:
    """Add events to a history.

    Args:
        frame: with the columns of `SCHEMA`, in any order; a column ``origin`` may be absent.
        folder: of the history; made if it is not there.
        origin: who coded the events, such as ``icews``: small letters, digits, ``_``, ``.``, ``-``.

    Returns:
        What was added, what was there, what was refused and why.

    Raises:
        ForecastError: a column is missing or of another kind, the origin is no name, or nothing can be written there.

    Example:
        >>> from tempfile import mkdtemp
        >>> one = {"date": [date(2018, 3, 26)], "source": ["USA"], "target": ["RUS"], "type": ["SANCTION"],
        ...        "cameo": ["161"], "quad": [4], "goldstein": [-4.0]}
        >>> folder = mkdtemp()
        >>> write(pl.DataFrame(one), folder, "mine").added, write(pl.DataFrame(one), folder, "mine").added
        (1, 0)
        >>> History(folder).events
        1
    """
    if not _ORIGIN.fullmatch(origin) or origin == "ledger":
        raise ForecastError(f"{origin!r} is no name for an origin; take small letters and digits, such as 'icews'")
    rows = _fitting(frame.lazy(), origin, f"the frame of {origin}").collect()
    marked = rows.with_columns(fault().alias("_fault"))
    refused = dict(marked["_fault"].drop_nulls().value_counts(sort=True).iter_rows())
    sound = once(marked.filter(pl.col("_fault").is_null()).drop("_fault").lazy()).collect()
    there = History(folder)._scan(origin)
    new = sound if there is None else _without(sound, there)
    for (year,), part in new.group_by(pl.col("date").dt.year(), maintain_order=True):
        _lay(part.drop("origin"), Path(folder) / f"origin={origin}" / f"year={year:04}")
    return Written(new.height, rows.height - sum(refused.values()) - new.height, refused)


def _without(rows: pl.DataFrame, there: pl.LazyFrame) -> pl.DataFrame:
    """The rows that are not there yet."""
    with _told("the history"):
        known = there.filter(pl.col("date").is_in(rows["date"].unique().implode())).with_columns(_code())
        return (
            rows.lazy().with_columns(_code()).join(known, on=_KEY, how="anti", maintain_order="left").drop("_code")
        ).collect()  # fmt: skip


def _lay(part: pl.DataFrame, folder: Path) -> None:
    """Write one part under a name made of its content, whole or not at all."""
    name = hashlib.sha256(part.write_csv().encode()).hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=folder, prefix=".part-", delete=False) as stream:
            try:
                part.write_parquet(stream, compression="zstd", statistics=True)
                stream.close()
                Path(stream.name).chmod(0o644)
                Path(stream.name).replace(folder / f"part-{name}.parquet")
            finally:
                Path(stream.name).unlink(missing_ok=True)
    except OSError as error:
        said = (error.strerror or str(error)).lower()
        raise ForecastError(f"{folder} cannot be written ({said}); free some room, or name another place") from None


class History:
    """The events that others coded, as far as they were imported.

    Args:
        folder: where they are; `place` unless given. A folder that is not there is a history of nothing.

    Attributes:
        folder: where they are.

    Raises:
        ForecastError: a file in it is broken, lacks a column, or lies where none belongs.
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self.folder = Path(folder) if folder else place()
        if self.folder.exists() and not self.folder.is_dir():
            raise ForecastError(f"{self.folder} is a file; a history is a folder, such as {place()}")
        self._parts = list(_parts(self.folder))

    def frame(
        self, until: date | None = None, since: date | None = None, parties: Collection[str] | None = None
    ) -> pl.DataFrame:
        """Events in order of date.

        Args:
            until: the last day that counts; all days unless given.
            since: the first day that counts.
            parties: only events in which one of these codes acts or is acted on.

        Returns:
            A frame of `SCHEMA`.

        Raises:
            ForecastError: a file is broken.
        """
        wanted = _days(since, until)
        if parties is not None:
            wanted &= pl.col("source").is_in(parties) | pl.col("target").is_in(parties)
        return self._read(wanted)

    def between(self, a: str, b: str, until: date | None = None) -> pl.DataFrame:
        """What two parties did to one another, either way, in order of date; see `frame`."""
        to, back = (
            (pl.col("source") == one) & (pl.col("target") == other) for one, other in ((a, b), (b, a))
        )  # fmt: skip
        return self._read(_days(None, until) & (to | back))

    def extents(self, until: date | None = None) -> tuple[Extent, ...]:
        """How much there is of each origin up to a day, by name."""
        if until is None:
            return self._extents
        return self._measured(until)

    @property
    def first(self) -> date | None:
        """The first day of which something is told."""
        return min((e.first for e in self._extents), default=None)

    @property
    def last(self) -> date | None:
        """The last day of which something is told."""
        return max((e.last for e in self._extents), default=None)

    @property
    def events(self) -> int:
        """How many events there are."""
        return sum(e.events for e in self._extents)

    @cached_property
    def refused(self) -> dict[str, int]:
        """Number of rows in the files that are left out, by reason: only files of others can have such."""
        rows = self._scan()
        if rows is None:
            return {}
        with _told(str(self.folder)):
            counted = rows.select(fault().alias("fault")).drop_nulls().group_by("fault").len().sort("fault").collect()
        return dict(counted.iter_rows())

    @cached_property
    def _extents(self) -> tuple[Extent, ...]:
        return self._measured(None)

    def _measured(self, until: date | None) -> tuple[Extent, ...]:
        rows = self._scan()
        if rows is None:
            return ()
        first, last = pl.col("date").min().alias("first"), pl.col("date").max().alias("last")
        wanted = rows.filter(_days(None, until) & fault().is_null()).select(*_KEY[:3], _code(), "origin")
        with _told(str(self.folder)):
            made = wanted.unique().group_by("origin").agg(first, last, pl.len()).sort("origin").collect()
        return tuple(Extent(*row) for row in made.iter_rows())

    def _read(self, wanted: pl.Expr) -> pl.DataFrame:
        rows = self._scan()
        if rows is None:
            return pl.DataFrame(schema=SCHEMA)
        with _told(str(self.folder)):
            return once(rows.filter(wanted & fault().is_null())).collect()

    def _scan(self, origin: str | None = None) -> pl.LazyFrame | None:
        """All rows as they stand in the files, or those of one origin; None where there is no file."""
        found = [_opened(path, name) for path, name in self._parts if origin in (None, name)]
        return pl.concat(found) if found else None


def _parts(folder: Path) -> Iterator[tuple[Path, str]]:
    """The files of a history, each with its origin."""
    for path in sorted(folder.rglob("*.parquet")):
        inside = path.relative_to(folder).as_posix()
        at = _PART.fullmatch(inside)
        if not at:
            raise ForecastError(
                f"{path} lies where no file of a history belongs; the place is origin=NAME/year=YYYY/part-*.parquet"
            )
        yield path, at[1]


def _opened(path: Path, origin: str) -> pl.LazyFrame:
    with _told(str(path)):
        # Only the footer is read here; it is what a file that was cut off lacks.
        return _fitting(pl.scan_parquet(path, hive_partitioning=False, glob=False), origin, str(path))


def _fitting(rows: pl.LazyFrame, origin: str, where: str) -> pl.LazyFrame:
    """Rows as `SCHEMA` has them, or an error that tells which column does not fit."""
    found = rows.collect_schema()
    wanted = {name: kind for name, kind in SCHEMA.items() if name != "origin"}
    if missing := [name for name in wanted if name not in found]:
        raise ForecastError(f"{where} lacks {', '.join(missing)}; an event history has {', '.join(wanted)}")
    for name, kind in wanted.items():
        if not _alike(found[name], kind):
            raise ForecastError(f"{where}: the column {name} holds {found[name]}, not {kind}; write it anew as that")
    return rows.select(*(pl.col(name).cast(kind, strict=False) for name, kind in wanted.items()),
                       pl.lit(origin).alias("origin"))  # fmt: skip


def _alike(found: pl.DataType, kind: pl.DataType | type[pl.DataType]) -> bool:
    if found == pl.Null:
        return True
    if kind == pl.String:
        return found in (pl.String, pl.Categorical, pl.Enum)
    if kind == pl.Int8:
        return found.is_integer()
    return found == pl.Date if kind == pl.Date else found.is_numeric()


def fault() -> pl.Expr:
    """Why a row cannot be an event; null where it can."""
    party = r"^[A-Z][A-Z0-9]{1,11}$"
    code = pl.col("cameo")
    faults = (
        (~pl.col("date").is_between(_EARLIEST, date.today()), "the date is none, or lies in the future"),
        (~(pl.col("source").str.contains(party) & pl.col("target").str.contains(party)), "a party has no code"),
        (pl.col("source") == pl.col("target"), "both sides are one party"),
        (~pl.col("type").is_in(TYPES), "the type is none of PLOVER"),
        (~pl.col("quad").is_between(0, 4), "the quad class is none"),
        (code.is_not_null() & ~code.str.contains(r"^\d{2,4}$"), "the CAMEO code is none"),
        (pl.col("goldstein").is_not_null() & ~pl.col("goldstein").is_between(-10, 10), "the Goldstein score is none"),
    )
    # What is null cannot be judged, and is a fault, too.
    return pl.coalesce(pl.when(bad.fill_null(value=True)).then(pl.lit(said)) for bad, said in faults)


def once(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Each event once, in an order that does not depend on how rows are stored."""
    order = ("date", "source", "target", "_code", "origin", "type", "quad", "goldstein")
    told = rows.with_columns(_code()).sort(order, nulls_last=True)
    return told.unique(_KEY, keep="first", maintain_order=True).drop("_code")


def _code() -> pl.Expr:
    """What tells two acts of a day apart: the CAMEO code, or the type where there is none."""
    return pl.coalesce("cameo", "type").alias("_code")


def _days(since: date | None, until: date | None) -> pl.Expr:
    return pl.col("date").is_between(since or date.min, until or date.max)


@contextmanager
def _told(where: str) -> Iterator[None]:
    """Tell what polars finds broken in a sentence."""
    try:
        yield
    except (PolarsError, OSError) as error:
        said = (str(error).strip().splitlines() or ["no reason is given"])[0][:200]
        raise ForecastError(
            f"{where} cannot be read ({said}); take the file away and import its events again"
        ) from None
