"""Raw events of ICEWS, as the Harvard Dataverse gives them out: tab files of 20 columns.

What always holds: a side counts as its country, whoever within it acts; where no country is given, as the organisation
that its name stands for. The type is the crosswalk's, the Goldstein score is the file's "Intensity".
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from detente.sources.cameo import type_of

COLUMNS = ("Event Date", "Source Country", "Source Name", "CAMEO Code", "Intensity", "Target Country", "Target Name")
"""Those of the 20 that are read; they are found by name."""


def origin(path: Path) -> str:
    """The name under which events of such a file are kept."""
    return "icews"


def told(batch: pl.DataFrame) -> pl.DataFrame:
    """Rows of the file as `detente.sources.histories` wants them.

    Example:
        >>> row = {"Event Date": "2018-06-01", "Source Country": "Japan", "Source Name": "Ministry (Japan)",
        ...        "CAMEO Code": "040", "Intensity": "1", "Target Country": None, "Target Name": "European Union"}
        >>> told(pl.DataFrame([row])).row(0)
        ('2018-06-01', 'Japan', 'European Union', 'CONSULT', '040', '1')
    """
    return batch.select(
        pl.col("Event Date").alias("date"),
        pl.coalesce("Source Country", "Source Name").alias("source"),
        pl.coalesce("Target Country", "Target Name").alias("target"),
        pl.col("CAMEO Code").map_elements(type_of, return_dtype=pl.String).alias("type"),
        pl.col("CAMEO Code").alias("cameo"),
        pl.col("Intensity").alias("goldstein"),
    )
