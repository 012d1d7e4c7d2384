"""Directed dyad events: CSV with the columns date, source, target, cameo, plover and quad.

What always holds: the type is kept as it stands in the file, whatever a crosswalk would say; parties may be given by
name or by code. Such a file has no Goldstein score.
"""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

COLUMNS = ("date", "source", "target", "cameo", "plover")


def origin(path: Path) -> str:
    """The name under which events of such a file are kept: that of the file.

    Example:
        >>> origin(Path("dyad_events_icews14.csv.xz"))
        'icews14'
    """
    stem = path.name.lower().split(".")[0].removeprefix("dyad_events_")
    return re.sub(r"[^a-z0-9_-]+", "-", stem).strip("-_")[:40] or "dyads"


def told(batch: pl.DataFrame) -> pl.DataFrame:
    """Rows of the file as `detente.sources.histories` wants them."""
    return batch.select(
        "date", "source", "target", pl.col("plover").alias("type"), "cameo", pl.lit(None, pl.String).alias("goldstein")
    )
