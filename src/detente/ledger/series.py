"""Series of a pair's events by day, week, month or year, as conflict researchers use them.

What always holds: a period is named by its first day (weeks begin on Monday); a period without events has no row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detente.errors import UsageFault

if TYPE_CHECKING:
    import polars as pl

_EVERY = {"day": "1d", "week": "1w", "month": "1mo", "year": "1y"}


def dyads(rows: Sequence[dict[str, Any]], freq: str, *, directed: bool) -> pl.DataFrame:
    """Count events by pair and period; see `detente.ledger.Ledger.dyads`.

    Args:
        rows: of `detente.ledger.asking.dyad_events`.
        freq: day, week, month or year.
        directed: whether the order of the two counts.
    """
    import polars as pl

    if freq not in _EVERY:
        raise UsageFault(f"freq: {freq!r} is no frequency; give one of {', '.join(_EVERY)}")
    columns = {"date": pl.String, "source": pl.String, "target": pl.String, "type": pl.String, "quad": pl.Int64,
               "goldstein": pl.Float64, "event": pl.String}  # fmt: skip
    told = pl.DataFrame(rows, schema=columns, orient="row")
    told = told.with_columns(pl.col("date").str.to_date().dt.truncate(_EVERY[freq]))
    if not directed:
        one, other = pl.min_horizontal("source", "target"), pl.max_horizontal("source", "target")
        told = told.with_columns(one.alias("source"), other.alias("target"))
        told = told.unique(["event", "source", "target"], maintain_order=True)
    quads = [(pl.col("quad") == n).sum().cast(pl.Int64).alias(f"quad{n}") for n in (1, 2, 3, 4)]
    counted = told.group_by("date", "source", "target").agg(
        pl.len().cast(pl.Int64).alias("events"), *quads, pl.col("goldstein").sum().round(1)
    )
    return counted.sort("date", "source", "target")
