"""The past replayed: what would have been forecast on each of many days with what was known then, and what came of it.

What always holds: a forecast is made with nothing that was published after its day; what came of it is told by what is
known today; nothing is stored. What comes with the program (weights, base rates) was made later, and is not undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import func, select

from detente.errors import ForecastError
from detente.forecasting.model import Forecast
from detente.forecasting.outlook import forecast
from detente.forecasting.resolving import Resolved, resolve
from detente.forecasting.scoring import Score, brier, score
from detente.ledger import schema
from detente.ledger.asking import of_pair
from detente.ledger.days import Day, day_of

if TYPE_CHECKING:
    from detente.forecasting.history import History
    from detente.ledger.ledger import Ledger

YEARS = 5
"""Years that are replayed unless the first day is given."""
MOST = 2000
"""Forecasts in one backtest: one a day for more than five years."""


class Forecaster(Protocol):
    """What makes a forecast; see `detente.forecasting.outlook.forecast`."""

    def __call__(
        self, ledger: Ledger, a: str, b: str, *, on: Day, known: Day, horizon: int, history: History | None
    ) -> Forecast:
        """What is likely next between two parties, with what was known by a day."""
        ...


@dataclass(frozen=True, slots=True)
class Backtest:
    """What came of it.

    Attributes:
        a, b: the parties.
        days: on which a forecast was made.
        horizon: days.
        found: every question, and what became of it.
        score: of all of them.
        rests_on: what the last of the forecasts was made from.
    """

    a: str
    b: str
    days: tuple[str, ...]
    horizon: int
    found: tuple[Resolved, ...]
    score: Score
    rests_on: tuple[str, ...]

    def misses(self, most: int = 5) -> list[Resolved]:
        """The worst misses, the worst first."""
        known = [one for one in self.found if one.outcome is not None and brier(one) > 0.25]
        return sorted(known, key=lambda one: (-brier(one), one.question.after, one.question.key))[:most]


def backtest(
    ledger: Ledger, a: str, b: str, *, since: Day = None, until: Day = None, every: int = 30, horizon: int = 30,
    known: Day = None, history: History | None = None, forecaster: Forecaster = forecast,
) -> Backtest:  # fmt: skip
    """Replay the past between two parties.

    Args:
        ledger: what was reported.
        a, b: the parties' codes.
        since: the first day on which to forecast; unless given the day on which something of the two was first known,
            or `YEARS` before the last day, whichever is later.
        until: the last day on which to forecast; unless given the last of which the horizon has passed.
        every: days from one forecast to the next; below ``horizon`` their horizons overlap.
        horizon: days.
        known: as of which day it is told what came of it; today unless given.
        history: events that others coded.
        forecaster: what makes the forecasts.

    Raises:
        ForecastError: the days make no sense, or nothing is recorded of the two.
    """
    days = _days(ledger, a, b, since, until, every, horizon, day_of(known, "known") or date.today())
    made = [forecaster(ledger, a, b, on=day, known=day, horizon=horizon, history=history) for day in days]
    with ledger.asked(None, a, b) as connection:
        found = tuple(r for one in made for r in resolve(connection, one, known=known, history=history))
    return Backtest(a, b, tuple(d.isoformat() for d in days), horizon, found, score(found), made[-1].rests_on)


def _days(
    ledger: Ledger, a: str, b: str, since: Day, until: Day, every: int, horizon: int, now: date
) -> Sequence[date]:
    """The days on which to forecast."""
    if a == b:
        raise ForecastError(f"{a} and {b} are one party; a backtest needs two")
    if every < 1 or horizon < 1:
        raise ForecastError("a backtest needs a horizon and steps of at least a day; write for instance 30d")
    passed = now - timedelta(days=horizon + 1)
    last = min(day_of(until, "until") or passed, passed)
    first = day_of(since, "since") or max(_first_known(ledger, a, b), last - timedelta(days=365 * YEARS))
    if first > last:
        raise ForecastError(
            f"no day from {first} on has a horizon of {horizon} days that had passed by {now}; the last one is {passed}"
        )
    number = (last - first).days // every + 1
    if number > MOST:
        raise ForecastError(f"that would be {number:,} forecasts, more than {MOST:,}; take longer steps or fewer years")
    return [first + timedelta(days=every * n) for n in range(number)]


def _first_known(ledger: Ledger, a: str, b: str) -> date:
    """The first day on which something of the two could be known."""
    table = schema.reports
    with ledger.asked(None, a, b) as connection:
        found = connection.scalar(select(func.min(table.c.known_at)).where(of_pair(table, a, b)))
    if found is None:
        raise ForecastError(f"nothing is recorded of {a} and {b}; read some pages about them with detente record")
    return date.fromisoformat(found[:10])
