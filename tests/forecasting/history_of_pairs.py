"""A small made-up event history: pairs that quarrel in bursts and answer one another."""

from datetime import date, timedelta

import numpy as np
import polars as pl

START = date(2020, 1, 1)
DAYS = 260
LAST = START + timedelta(DAYS - 1)
TYPES = ("STATEMENT", "CONSULT", "ACCUSE", "SANCTION", "THREATEN")
NAMES = ("USA", "RUS", "CHN", "IRN", "GBR", "FRA", "KEN", "TZA")


def history(seed: int = 0) -> pl.DataFrame:
    """Some 6,000 events; a SANCTION is answered in kind within three weeks in three of four cases."""
    rng = np.random.default_rng(seed)
    rows = []
    for a in NAMES:
        for b in NAMES:
            if a == b:
                continue
            busy = rng.gamma(0.6, 0.25)
            for type_, share in zip(TYPES, (0.4, 0.3, 0.2, 0.02, 0.08), strict=True):
                days = np.flatnonzero(rng.random(DAYS) < busy * share * (1 + (np.arange(DAYS) // 50 % 2)))
                rows += [(START + timedelta(int(d)), a, b, type_) for d in days]
                if type_ == "SANCTION":
                    rows += [(START + timedelta(int(d) + int(rng.integers(1, 21))), b, a, type_)
                             for d in days if d < DAYS - 21 and rng.random() < 0.75]  # fmt: skip
    return pl.DataFrame(rows, schema=["date", "source", "target", "type"], orient="row").sort("date")
