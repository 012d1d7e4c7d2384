"""Files of events that others coded, read into the schema of the event history.

What always holds: the columns of a file say what it is; every one of its rows is in the frame, is a second telling of
an event in it, or is counted with the reason why it was left out; names of parties that are none of ours are listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import polars as pl

from detente.coding.plover import quad
from detente.errors import ForecastError
from detente.forecasting.history import SCHEMA, TYPES, fault, once
from detente.sources import dyad_events, icews
from detente.sources.naming import code_of
from detente.sources.tables import Table

_QUADS = {type_: 0 if type_ == "STATEMENT" else quad(type_) for type_ in TYPES}
SIDES = ("source", "target")
NO_SIDE = "a side is not given"
NO_PARTY = "a side is no party that détente knows"


class Form(NamedTuple):
    """A form of file: how it is recognised and read."""

    columns: tuple[str, ...]
    origin: Callable[[Path], str]
    told: Callable[[pl.DataFrame], pl.DataFrame]


FORMS = (
    Form(icews.COLUMNS, icews.origin, icews.told),
    Form(dyad_events.COLUMNS, dyad_events.origin, dyad_events.told),
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What was in a file.

    Attributes:
        path: the file.
        frame: its events, each once, in the schema of the event history.
        origin: the name under which they are kept unless another is given.
        rows: rows in the file.
        left_out: number of rows that are no events between two parties, by reason, the most frequent first.
        unknown: names that are no party that détente knows, with how often each stood for a side.
        ended: why the file broke off before its end; None where it did not.
    """

    path: Path
    frame: pl.DataFrame
    origin: str
    rows: int
    left_out: dict[str, int]
    unknown: dict[str, int]
    ended: str | None

    @property
    def twice(self) -> int:
        """Rows that told of an event which another row of the file tells of, too."""
        return self.rows - self.frame.height - sum(self.left_out.values())


def read(path: str | Path, origin: str | None = None) -> Imported:
    """Read a file of coded events.

    Args:
        path: raw ICEWS events (tab files), or directed dyad events (CSV); plain, ``.xz``, ``.gz`` or ``.zip``.
        origin: the name under which its events are to be kept; the form's own unless given.

    Raises:
        ForecastError: it cannot be read, or has not the columns of a known form.
    """
    table = Table(path)
    form = next((form for form in FORMS if set(form.columns) <= set(table.header)), None)
    if form is None:
        raise ForecastError(
            f"{table.path} has the columns {', '.join(table.header)[:200]}; an event history is read from files with "
            + ", or with ".join(", ".join(known.columns) for known in FORMS)
        )
    name = origin or form.origin(table.path)
    left_out: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    kept = [_sound(form.told(batch), name, left_out, unknown) for batch in table.batches(form.columns)]
    if table.broken:
        left_out["the row has too few or too many cells"] = table.broken
    frame = once(pl.concat(kept).lazy()).collect()
    return Imported(
        table.path, frame, name, table.rows, dict(left_out.most_common()), dict(unknown.most_common()), table.ended
    )


def _sound(rows: pl.DataFrame, origin: str, left_out: Counter[str], unknown: Counter[str]) -> pl.DataFrame:
    """The rows that are events between two parties; the others are counted."""
    codes = [pl.col(side).map_elements(code_of, return_dtype=pl.String).alias(f"{side} code") for side in SIDES]
    coded = rows.with_columns(
        *codes,
        pl.col("date").str.to_date("%Y-%m-%d", strict=False),
        pl.col("type").replace_strict(_QUADS, default=None, return_dtype=pl.Int8).alias("quad"),
        pl.col("goldstein").cast(pl.Float64, strict=False),
        pl.lit(origin).alias("origin"),
    )
    nameless = [pl.col(side).is_not_null() & pl.col(f"{side} code").is_null() for side in SIDES]
    for side, so in zip(SIDES, nameless, strict=True):
        unknown.update(coded.filter(so)[side].to_list())
    judged = coded.with_columns(
        pl.when(pl.any_horizontal(pl.col(SIDES).is_null())).then(pl.lit(NO_SIDE))
        .when(pl.any_horizontal(nameless)).then(pl.lit(NO_PARTY)).alias("why"),
        *(pl.col(f"{side} code").alias(side) for side in SIDES),
    ).with_columns(pl.coalesce("why", fault()))  # fmt: skip
    left_out.update(dict(judged["why"].drop_nulls().value_counts().iter_rows()))
    return judged.filter(pl.col("why").is_null()).select(SCHEMA.names())
