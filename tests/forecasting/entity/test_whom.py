"""Whom a party will turn to next, from a small event history."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from detente.errors import ForecastError
from detente.forecasting.entity.whom import whom

START = date(2024, 1, 1)
ON = START + timedelta(days=89)


def frame(days: int = 100) -> pl.DataFrame:
    """RUS expels those that expelled it two days before; the rest is noise."""
    rng = np.random.default_rng(0)
    parties = ["RUS", "USA", "GBR", "FRA", "DEU", "CZE", "POL", "CHN"]
    rows = []
    for day in range(days):
        when = START + timedelta(days=day)
        west = parties[1 + day % 6]
        rows.append((when, west, "RUS", "SANCTION", "161"))
        if day >= 2:
            rows.append((when, "RUS", parties[1 + (day - 2) % 6], "SANCTION", "1611"))
        for _ in range(4):
            one, other = rng.choice(parties, 2, replace=False)
            rows.append((when, str(one), str(other), "CONSULT", "040"))
    schema = {"date": pl.Date, "source": pl.String, "target": pl.String, "type": pl.String, "cameo": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_it_names_whom_with_reasons() -> None:
    found = whom(frame(), "RUS", "SANCTION", ON)
    assert [c.chance for c in found] == sorted((c.chance for c in found), reverse=True)
    assert sum(c.chance for c in found) == pytest.approx(1, abs=1e-6)
    parties = [c.party for c in found]
    assert "RUS" not in parties
    assert parties.index("CHN") > 2
    assert all(c.reasons for c in found[:3])
    events = [reason for reason in found[0].reasons if reason.day]
    assert events
    assert all(reason.day and reason.day <= ON and reason.effect > 0 for reason in events)


def test_later_events_and_the_order_of_rows_do_not_matter() -> None:
    late, mixed = frame(100), frame(100).sample(fraction=1, shuffle=True, seed=5)
    assert whom(frame(90), "RUS", "161", ON, top=2) == whom(late.vstack(mixed), "RUS", "161", ON, top=2)


def test_what_cannot_be_said_is_said() -> None:
    with pytest.raises(ForecastError, match="no PLOVER type"):
        whom(frame(), "RUS", "expel", ON)
    with pytest.raises(ForecastError, match="no event by PRK"):
        whom(frame(), "PRK", "SANCTION", ON)
    with pytest.raises(ForecastError, match="no event of ASSAULT"):
        whom(frame(), "RUS", "ASSAULT", ON)
    with pytest.raises(ForecastError, match="at least 20"):
        whom(frame(), "RUS", "SANCTION", START)
