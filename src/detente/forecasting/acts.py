"""What one party does to another next, by PLOVER type, where only few signs of the past are at hand.

What always holds: only days up to the one asked about are looked at, and the horizon begins on the day after; a sign
is there or not, so that a ledger that heard of an act once says the same as one that heard of it ten times on a day.

A logistic model per type with the signs below, fitted on an event history by ``docs/act_weights.py`` and shipped as
``acts.toml``: P = 1 / (1 + exp(-L)) with L = w0 + sum of w_i x_i. Pairs with the same signs still differ: a pair's own
log odds are L sqrt(1 + 0.346 sd^2) + sd u, u standard normal, which is P again on the average over pairs (Zeger, Liang
and Albert 1988, Biometrics 44: 1049-60); the 80 % interval has u at -1.28 and +1.28.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from detente.errors import ForecastError
from detente.forecasting.rates import HORIZONS, HOSTILE
from detente.model import EVENT_TYPES

Days = npt.NDArray[np.int64]
Signs = npt.NDArray[np.float64]
Z80 = 1.2816
"""Standard normal quantile at 0.9: the ends of an 80 % interval."""

SIGNS = (
    ("own", 7, 1), ("own", 30, 1), ("own", 90, 1), ("own", 365, 1), ("own", 90, 3), ("own", 90, 10),
    ("back", 30, 1), ("back", 90, 1),
    ("own hostile", 30, 1), ("back hostile", 30, 1),
    ("own any", 7, 1), ("own any", 30, 1), ("own any", 90, 5), ("back any", 30, 1),
)  # fmt: skip
"""Whose acts, of which types, in how many days up to the one asked about, and on how many of these at least.

``own`` is what the source did to the target, ``back`` the other way; where no types are named, it is the one asked for.
"""


@dataclass(frozen=True, slots=True)
class Likely:
    """What the signs say of one type.

    Attributes:
        probability: of at least one such act within the horizon.
        low, high: 80 % interval.
        effects: of each sort of sign that is there, what it adds to the log odds in all; the strongest first.
    """

    probability: float
    low: float
    high: float
    effects: tuple[tuple[str, float], ...]


def signs(own: Mapping[str, Days], back: Mapping[str, Days], type_: str, at: Days) -> Signs:
    """The signs of one type on some days.

    Args:
        own: of what source did to target, the days by type, as ordinals, in order.
        back: of what target did to source.
        type_: a PLOVER type.
        at: the days that are asked about, shape (n,).

    Returns:
        Zeros and ones, shape (n, len(SIGNS)).

    Example:
        >>> import numpy as np
        >>> signs({"SANCTION": np.array([100])}, {}, "SANCTION", np.array([104]))[0, :4].tolist()
        [1.0, 1.0, 1.0, 1.0]
    """
    whose = {"own": own, "back": back}
    found = np.zeros((len(at), len(SIGNS)))
    for column, (name, window, least) in enumerate(SIGNS):
        side, _, what = name.partition(" ")
        wanted = {"": (type_,), "hostile": HOSTILE, "any": tuple(whose[side])}[what]
        days = _united([whose[side][t] for t in wanted if t in whose[side]])
        count = np.searchsorted(days, at, side="right") - np.searchsorted(days, at - window, side="right")
        found[:, column] = count >= least
    return found


def _united(parts: Sequence[Days]) -> Days:
    """The distinct days of several runs of days."""
    return np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int64)


def days_by_type(rows: Sequence[tuple[int, str]]) -> dict[str, Days]:
    """Days by type, in order and each once, from (ordinal, type) of events in any order.

    Example:
        >>> {k: v.tolist() for k, v in days_by_type([(5, "AID"), (3, "AID"), (5, "AID")]).items()}
        {'AID': [3, 5]}
    """
    kept: dict[str, set[int]] = {}
    for ordinal, type_ in rows:
        kept.setdefault(type_, set()).add(ordinal)
    return {type_: np.array(sorted(days), np.int64) for type_, days in kept.items()}


@cache
def table() -> Mapping[str, dict[str, object]]:
    """The shipped weights, and what they were fitted on."""
    text = resources.files(__package__).joinpath("acts.toml").read_text("utf-8")
    return tomllib.loads(text)


def likely(own: Mapping[str, Days], back: Mapping[str, Days], on: int, horizon: int) -> dict[str, Likely]:
    """Each type's probability within a horizon.

    Args:
        own, back: as for `signs`; later days than ``on`` are not looked at.
        on: the day that is asked about, as an ordinal.
        horizon: days after it, at least 1.

    Raises:
        ForecastError: the horizon is not positive.

    Example:
        >>> import numpy as np
        >>> busy = likely({"ACCUSE": np.arange(60, 100)}, {}, 99, 30)["ACCUSE"]
        >>> quiet = likely({}, {}, 99, 30)["ACCUSE"]
        >>> busy.probability > 0.5 > quiet.probability
        True
    """
    if horizon < 1:
        raise ForecastError(f"a horizon of {horizon} days holds no day; give at least 1")
    at = np.array([on], np.int64)
    found = {}
    for type_ in EVENT_TYPES:
        known: dict[str, list[float]] = table()[type_]  # type: ignore[assignment]
        present = signs(own, back, type_, at)[0]
        odds = np.array([known[f"days{h}"][0] + present @ np.array(known[f"days{h}"][1:]) for h in HORIZONS])
        sd = np.array(known["sd"])
        low, high = (_within(odds * np.sqrt(stretch(sd)) + z * sd, horizon) for z in (-Z80, Z80))
        main = known[f"days{min(HORIZONS, key=lambda h: abs(math.log(horizon / h)))}"]
        effects: dict[str, float] = {}
        for i in np.flatnonzero(present):
            effects[SIGNS[i][0]] = effects.get(SIGNS[i][0], 0.0) + main[i + 1]
        strongest = sorted(effects.items(), key=lambda e: -abs(e[1]))
        found[type_] = Likely(_within(odds, horizon), low, high, tuple(strongest))
    return found


def stretch(sd: Signs) -> Signs:
    """The square of how much farther from even a pair's own log odds are than those of the average over pairs.

    Example:
        >>> stretch(np.array([0.0, 1.0])).round(3).tolist()
        [1.0, 1.346]
    """
    return 1.0 + 0.346 * sd**2


def _within(odds: Signs, horizon: int) -> float:
    """The probability within a horizon, from the log odds for each of `HORIZONS`.

    Between two fitted horizons, and beyond the last, the hazard is constant; it never falls below nought.
    """
    gathered = np.maximum.accumulate(np.logaddexp(0.0, odds))
    beyond = max(1.0, horizon / HORIZONS[-1])
    hazard = np.interp(min(horizon, HORIZONS[-1]), (0, *HORIZONS), (0.0, *gathered)) * beyond
    return float(-np.expm1(-hazard))
