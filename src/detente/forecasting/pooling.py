"""Partial pooling: a thin group borrows from the others as far as they are alike.

What always holds: the more a group was seen, the less it borrows; where nothing at all was seen, what comes out is as
wide as it can honestly be (Jeffreys' prior). All priors are conjugate, so that what a group says is prior + counts.

| what is counted | law of a group | prior | after the counts |
|---|---|---|---|
| yes or no | Binomial(n, p) | p ~ Beta(a, b) | Beta(a + yes, b + no) |
| one kind of several | Multinomial(n, p) | p ~ Dirichlet(a) | Dirichlet(a + counts) |
| events in a time | Poisson(rate x time) | rate ~ Gamma(s, r) | Gamma(s + events, r + time) |

The prior itself is fitted to all groups by maximum marginal likelihood (empirical Bayes; Gelman et al., "Bayesian Data
Analysis", 3rd edition, 5.1-5.4; Minka, "Estimating a Dirichlet distribution", 2000), with a weak law on its
parameters, log a ~ Normal(log 1/2, 2), which keeps a prior finite where few groups speak, and is Jeffreys' prior
where none does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, digamma, gammaincinv, gammaln

from detente.errors import ForecastError

Floats = npt.NDArray[np.float64]
_MIDDLE, _WIDTH = float(np.log(0.5)), 2.0
"""Where the log of a prior's parameter lies before anything is seen, and how loosely."""
_ENDS = (-9.0, 9.0)
"""Bounds of such a log: an empty or an endlessly strong prior is neither needed nor well told."""


@dataclass(frozen=True, slots=True)
class Beta:
    """What is known of a share.

    Example:
        >>> Beta(1, 3).after(yes=3, no=1).mean
        0.5
    """

    a: float
    b: float

    @property
    def mean(self) -> float:
        """The expected share, which is also the probability that the next case is a yes."""
        return self.a / (self.a + self.b)

    @property
    def strength(self) -> float:
        """How many cases the knowledge is worth."""
        return self.a + self.b

    def after(self, yes: float, no: float) -> Beta:
        """The same after more cases; counts may be weighted, and so need not be whole."""
        return Beta(self.a + yes, self.b + no)

    def interval(self, level: float = 0.8) -> tuple[float, float]:
        """The equal-tailed interval.

        Example:
            >>> low, high = Beta(2, 2).interval()
            >>> round(low, 2), round(high, 2)
            (0.2, 0.8)
        """
        tail = (1.0 - level) / 2.0
        return float(betaincinv(self.a, self.b, tail)), float(betaincinv(self.a, self.b, 1.0 - tail))


@dataclass(frozen=True, slots=True)
class Dirichlet:
    """What is known of the shares of several kinds."""

    a: tuple[float, ...]

    @property
    def mean(self) -> tuple[float, ...]:
        """The expected shares; they add up to one."""
        return tuple(x / sum(self.a) for x in self.a)

    def after(self, counts: npt.ArrayLike) -> Dirichlet:
        """The same after more cases.

        Example:
            >>> Dirichlet((1.0, 1.0)).after([6, 0]).mean
            (0.875, 0.125)
        """
        return Dirichlet(tuple((np.asarray(self.a) + np.asarray(counts, float)).tolist()))

    def share(self, kind: int) -> Beta:
        """What is known of one kind's share: its marginal law."""
        return Beta(self.a[kind], sum(self.a) - self.a[kind])


@dataclass(frozen=True, slots=True)
class Gamma:
    """What is known of a rate, in events per unit of time."""

    shape: float
    time: float

    @property
    def mean(self) -> float:
        """The expected rate."""
        return self.shape / self.time

    def after(self, events: float, time: float) -> Gamma:
        """The same after some more time was watched."""
        return Gamma(self.shape + events, self.time + time)

    def any(self, time: float) -> float:
        """The probability of at least one event in some time to come: 1 - (r / (r + time))^s.

        Example:
            >>> round(Gamma(1.0, 30.0).any(30.0), 3)
            0.5
        """
        return float(-np.expm1(-self.shape * np.log1p(time / self.time)))

    def interval(self, level: float = 0.8) -> tuple[float, float]:
        """The equal-tailed interval of the rate."""
        tail = (1.0 - level) / 2.0
        low, high = gammaincinv(self.shape, [tail, 1.0 - tail]) / self.time
        return float(low), float(high)


def shrunk(yes: npt.ArrayLike, cases: npt.ArrayLike, mean: npt.ArrayLike, strength: float) -> Floats:
    """Many groups' shares or rates at once, each drawn to a mean: (yes + strength x mean) / (cases + strength).

    Args:
        yes: counts, shape (n,), or what broadcasts with it, as all that follow.
        cases: how many cases, or how much time.
        mean: what a group without cases gets; the share of the next wider group, so that calls can be nested.
        strength: how many cases (how much time) that mean is worth.

    Example:
        >>> shrunk([0, 5, 50], [0, 10, 100], 0.2, 10).round(3).tolist()
        [0.2, 0.35, 0.473]
    """
    found: Floats = (np.asarray(yes, float) + strength * np.asarray(mean, float)) / (
        np.asarray(cases, float) + strength
    )
    return found


def fit_beta(yes: npt.ArrayLike, cases: npt.ArrayLike) -> Beta:
    """The prior that fits many groups' shares best.

    Args:
        yes, cases: per group, shape (n,); n may be 0.

    Raises:
        ForecastError: counts that cannot be.

    Example:
        >>> alike = fit_beta([5, 4, 6, 5] * 9, [10] * 36)
        >>> unlike = fit_beta([0, 10, 10, 0] * 9, [10] * 36)
        >>> round(alike.mean, 2), round(unlike.mean, 2), alike.strength > 20 > 1 > unlike.strength
        (0.5, 0.5, True)
    """
    yes, cases = np.asarray(yes, float), np.asarray(cases, float)
    return Beta(*fit_dirichlet(np.stack([yes, cases - yes], axis=1)).a)


def fit_dirichlet(counts: npt.ArrayLike) -> Dirichlet:
    """The prior that fits many groups' counts by kind best.

    Args:
        counts: per group and kind, shape (n, k); n may be 0.

    Raises:
        ForecastError: counts that cannot be.

    Example:
        >>> fit_dirichlet(np.zeros((0, 3))).a
        (0.5, 0.5, 0.5)
    """
    table = np.asarray(counts, float)
    if table.ndim != 2 or not table.shape[1] or not (np.isfinite(table) & (table >= 0)).all():
        raise ForecastError("pooling: counts by group and kind are wanted, none of them below zero or unknown")
    table = table[table.sum(axis=1) > 0]
    cases = table.sum(axis=1)

    def loss(logs: Floats) -> tuple[float, Floats]:
        a = np.exp(logs)
        total = a.sum()
        fit = (gammaln(total) - gammaln(total + cases)).sum() + (gammaln(a + table) - gammaln(a)).sum()
        slope = (digamma(total) - digamma(total + cases)).sum() + (digamma(a + table) - digamma(a)).sum(axis=0)
        off = (logs - _MIDDLE) / _WIDTH
        return float((off**2).sum() / 2 - fit), off / _WIDTH - a * slope

    return Dirichlet(tuple(np.exp(_lowest(loss, np.full(table.shape[1], _MIDDLE))).tolist()))


def fit_gamma(events: npt.ArrayLike, time: npt.ArrayLike) -> Gamma:
    """The prior that fits many groups' rates best.

    Args:
        events: per group, shape (n,).
        time: for how long each was watched, in the unit that the rates shall have.

    Raises:
        ForecastError: counts that cannot be, or no time: a rate has no natural size, so that nothing could be said.

    Example:
        >>> prior = fit_gamma([0, 2, 1, 30, 0, 5] * 9, [10.0] * 54)
        >>> round(prior.mean, 2), prior.after(30, 10.0).mean > prior.after(3, 1.0).mean
        (0.63, True)
    """
    events, time = np.asarray(events, float), np.asarray(time, float)
    if events.shape != time.shape or not (np.isfinite(events + time) & (events >= 0) & (time >= 0)).all():
        raise ForecastError("pooling: events and time by group are wanted, none of them below zero or unknown")
    events, time = events[time > 0], time[time > 0]
    if not len(time):
        raise ForecastError("pooling: no time was watched, so that a rate cannot be told; give at least one group")

    def loss(logs: Floats) -> tuple[float, Floats]:
        shape, mean = np.exp(logs)
        rate = shape / mean
        fit = (gammaln(shape + events) - gammaln(shape) + shape * np.log(rate / (rate + time))).sum()
        fit += (events * np.log(time / (rate + time))).sum()
        by_mean = (events - mean * time) / (1 + time * mean / shape)
        by_shape = shape * (digamma(shape + events) - digamma(shape) + np.log(rate / (rate + time)))
        off = (logs - start) / _WIDTH
        slope = np.array([(by_shape - by_mean).sum(), by_mean.sum()])
        return float((off**2).sum() / 2 - fit), off / _WIDTH - slope

    start = np.array([_MIDDLE, np.log((events.sum() + 0.5) / time.sum())])  # a mean has no size of its own: all groups'
    shape, mean = np.exp(_lowest(loss, start, around=(0.0, float(start[1]))))
    return Gamma(float(shape), float(shape / mean))


def _lowest(
    loss: Callable[[Floats], tuple[float, Floats]], start: Floats, around: tuple[float, ...] | None = None
) -> Floats:
    """Where a smooth loss is lowest, each parameter within `_ENDS` of ``around``."""
    middle = around or (0.0,) * len(start)
    bounds = [(m + _ENDS[0], m + _ENDS[1]) for m in middle]
    from scipy.optimize import minimize  # takes long to load, and only fitting needs it

    found: Floats = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return found
