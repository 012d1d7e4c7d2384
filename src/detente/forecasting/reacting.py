"""What one party does to another next, by PLOVER type, learnt from an event history.

What always holds: only events up to a day are looked at when that day is asked about, and a lesson is used only when
its horizon had passed by then; the day itself never counts as its own horizon. A forecast is a sum: what each group of
signs adds to the log odds is exact.

Three forecasters, each fitted to the same lessons: the base rate of the type; persistence, which knows only the pair's
own rate of the last 90 days; and `Reacting`, a logistic model of all signs of `detente.forecasting.dyads`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logsumexp

from detente.errors import ForecastError
from detente.forecasting import pooled
from detente.forecasting.dyads import Flags, Floats, Ints, Past, Queries

LEVEL_DAYS = 60
"""The frequency of a type in so many last days is taken for what is to come."""
SOONEST = 45
"""Days of history before the first lesson."""
LATEST = 730
"""Days before the last lesson: older ones tell of another world."""
LESSONS = 15_000
_HELD = 0.01
"""How strongly the weights of persistence are drawn to zero: only so that a type that never came has finite ones."""
_BUSY = 12.0
"""Days of the last 90 with an act either way from which on a pair is always among the lessons; else in proportion."""


@dataclass(frozen=True, slots=True)
class Persistence:
    """The log of the pair's own rate of the last 90 days, drawn to the base rate, in a logistic model.

    log odds = slope x log((c + 0.9 base) / 120 + 0.001) + constant of the type.
    """

    base: Floats
    slope: float
    constants: Floats

    @classmethod
    def fit(cls, counts: Floats, outcomes: Flags) -> Persistence:
        """Learn from the counts of the last 90 days, (n, types), and what came."""
        base = outcomes.mean(axis=0)
        rates, came = cls._rates(counts, base), outcomes.astype(np.float64)

        def loss(values: Floats) -> tuple[float, Floats]:
            odds = values[0] * rates + values[1:]
            off = expit(odds) - came
            fault = (np.logaddexp(0.0, odds) - came * odds).sum() + 0.5 * _HELD * (values**2).sum()
            return float(fault), np.append((off * rates).sum(), off.sum(axis=0)) + _HELD * values

        from scipy.optimize import minimize  # takes long to load, and only fitting needs it

        best = minimize(loss, np.zeros(1 + len(base)), jac=True, method="L-BFGS-B").x
        return cls(base, float(best[0]), best[1:])

    def probabilities(self, counts: Floats) -> Floats:
        """Of each type, (n, types)."""
        found: Floats = expit(self.slope * self._rates(counts, self.base) + self.constants)
        return found

    @staticmethod
    def _rates(counts: Floats, base: Floats) -> Floats:
        found: Floats = np.log((counts + 0.9 * base) / 120.0 + 1e-3)
        return found


@dataclass(frozen=True, slots=True)
class Reacting:
    """The logistic model of all signs, and how far pairs with the same signs differ.

    Attributes:
        horizon: days that it was fitted for.
        logit: weights; the last sign is the world's level of the type in the days to come.
        spread: standard deviation of the log odds of pairs with the same signs, by type.
        persistence: the peer, fitted to the same lessons; it knows the base rates, too.
    """

    horizon: int
    logit: pooled.PooledLogit
    spread: Floats
    persistence: Persistence

    @classmethod
    def fit(cls, past: Past, lessons: Queries, horizon: int, sizes: Floats | None = None) -> Reacting:
        """Learn.

        Args:
            past: a history; of each lesson all ``horizon`` days must be in it.
            lessons: pairs and days.
            horizon: days.
            sizes: what each lesson counts, (n,).
        """
        on = lessons.on
        level = past.level(on, on + horizon, on)  # of the days to come: in the past they are known
        signs = np.concatenate([past.signs(lessons, horizon), level[:, :, None]], axis=2)
        came = past.outcomes(lessons, horizon)
        pairs = np.unique(np.stack([lessons.source, lessons.target]), axis=1, return_inverse=True)[1].ravel()
        logit = pooled.fit(signs, came, sizes, pairs)
        spread = _spreads(logit.odds(signs), came, pairs)
        return cls(horizon, logit, spread, Persistence.fit(past.count(lessons, 90), came))

    def signs(self, past: Past, asked: Queries) -> Floats:
        """The signs with the level that is to be expected; (n, types, signs)."""
        level = past.level(np.maximum(asked.on - LEVEL_DAYS, -1), asked.on, asked.on)
        found: Floats = np.concatenate([past.signs(asked, self.horizon), level[:, :, None]], axis=2)
        return found

    def odds(self, past: Past, asked: Queries) -> Floats:
        """Log odds of each type within the horizon, (n, types)."""
        return self.logit.odds(self.signs(past, asked))

    def probabilities(self, past: Past, asked: Queries) -> Floats:
        """Of each type within the horizon, (n, types)."""
        found: Floats = expit(self.odds(past, asked))
        return found


def draw(past: Past, horizon: int, until: int, *, number: int = LESSONS, seed: int = 0) -> Queries:
    """Pairs and days to learn from: each pair's days a horizon apart, and busy pairs more often than silent ones.

    Args:
        past: the history.
        horizon: days.
        until: the last day, since the history began, of which anything may be known.
        number: at most so many.
        seed: of the draw.

    Raises:
        ForecastError: the history is too short.
    """
    last, first = until - horizon, max(SOONEST, until - horizon - LATEST)
    if last < first:
        raise ForecastError(
            f"event history: {until + 1} days are too few for a horizon of {horizon}; "
            f"{SOONEST + horizon + 1} are needed"
        )
    rng = np.random.default_rng(seed)
    source, target = past.ends(past.pairs)
    steps = (last - first) // horizon + 1
    phase = rng.integers(0, min(horizon, last - first + 1), len(source))
    on = last - phase[:, None] - horizon * np.arange(steps)
    every = Queries(np.repeat(source, steps), np.repeat(target, steps), on.ravel())
    every = every.pick(every.on >= first)
    chance = np.minimum(1.0, (past.volume(every, 90) + 0.3) / _BUSY)
    chosen = np.flatnonzero(rng.random(len(every)) < chance)
    return every.pick(np.sort(rng.permutation(chosen)[:number]))


def _spreads(odds: Floats, came: Flags, pairs: Ints) -> Floats:
    """Standard deviation of a pair's own deviation of the log odds, by type, by maximum marginal likelihood.

    P(outcomes of a pair) = mean over u ~ Normal(0, spread) of the product of its outcomes' probabilities at odds c + u
    (Gauss-Hermite); the fitted odds are marginal, and so c = odds x sqrt(1 + 0.346 spread^2) (Zeger, Liang & Albert
    1988). A weak prior, spread ~ Exponential(1), keeps it finite.
    """
    nodes, heights = np.polynomial.hermite_e.hermegauss(9)
    logs = np.log(heights / heights.sum())
    grid = np.arange(0.0, 2.01, 0.2)
    found = []
    for kind in range(odds.shape[1]):
        sign = np.where(came[:, kind], 1.0, -1.0)
        fits = []
        for spread in grid:
            wide = odds[:, kind] * np.sqrt(1 + 0.346 * spread**2)
            each = -np.logaddexp(0.0, -sign[:, None] * (wide[:, None] + spread * nodes))
            by_pair = np.stack([np.bincount(pairs, each[:, node]) for node in range(len(nodes))], axis=1)
            fits.append(logsumexp(by_pair + logs, axis=1).sum() - spread)
        found.append(grid[int(np.argmax(fits))])
    return np.array(found)
