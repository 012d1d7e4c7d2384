"""From what lines count as to chances, at the middle of the beliefs and over draws of them.

What always holds: the same seed gives the same draws; a draw belongs to an entry of the priors, or to a line, by its
name, so that neither the order of lines nor which side is named first changes a figure, and two situations are compared
under the same draws.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.escalation.counting import Situation
from detente.escalation.ladder import Array, Outlook, Parameters, outlook, parameters
from detente.escalation.model import Estimate
from detente.escalation.priors import WIDTH, Priors

DRAWS = 20_000
"""Draws for an interval: its ends are then known to about a hundredth of its width."""
FEW = 2_000
"""Draws for the intervals of many situations at once."""
CELLS = 2_000_000
"""Situations times draws that are solved at once, for the sake of memory and time."""


@dataclass(frozen=True, slots=True)
class Chances:
    """What becomes of incidents in a situation: reach, year and frequency (D, S), days (D,)."""

    reach: Array
    year: Array
    frequency: Array
    days: Array


class Solver:
    """The chain under some beliefs.

    Args:
        priors: the beliefs.
        seed: of the draws.
        draws: how many.
        rate: incidents a year, where they are known; else the priors'.
    """

    def __init__(self, priors: Priors, *, seed: int = 0, draws: int = DRAWS, rate: float | None = None) -> None:
        self.priors, self.seed, self.draws, self._rate = priors, seed, draws, rate

    @cached_property
    def middle(self) -> Parameters:
        """All beliefs at their medians."""
        return self._rated(parameters(self.priors))

    @cached_property
    def drawn(self) -> Parameters:
        """Draws of all beliefs."""
        z = [_stream(self.seed, name).standard_normal(self.draws) for name in self.priors.entries()]
        return self._rated(parameters(self.priors, np.stack(z, axis=1)))

    def some(self, start: int, end: int) -> Parameters:
        """The draws from one number to another."""
        own = self.drawn
        return own.but(**{name: getattr(own, name)[start:end] for name in own.__slots__ if name != "together"})

    @cached_property
    def ends(self) -> tuple[Parameters, tuple[str, ...]]:
        """Each belief at its lower and upper end in turn, all others at their medians; and their names."""
        names = tuple(self.priors.entries())
        z = np.zeros((2 * len(names), len(names)))
        for i in range(len(names)):
            z[2 * i, i], z[2 * i + 1, i] = -WIDTH, WIDTH
        return self._rated(parameters(self.priors, z)), names

    def _rated(self, beliefs: Parameters) -> Parameters:
        return beliefs if self._rate is None else beliefs.but(rate=np.full_like(beliefs.rate, self._rate))

    def exact(self, at: Situation, beliefs: Parameters | None = None) -> Chances:
        """Lines that may be either are averaged over, exactly; at the medians unless other beliefs are given."""
        beliefs = self.middle if beliefs is None else beliefs
        most = np.bincount([channel for _, channel in at.either], minlength=len(at.lines))
        down = np.indices([n + 1 for n in most]).reshape(len(most), -1).T
        weight = np.ones((len(beliefs.unknown), len(down)))
        gone = 1 - beliefs.unknown[:, None]
        for channel, n in enumerate(most):
            k = down[:, channel]
            ways = np.array([_choose(n, i) for i in range(n + 1)])[k]
            weight *= ways * gone**k * (1 - gone) ** (n - k)
        found = outlook(beliefs, at.count("down") + down, np.broadcast_to(at.count("limited"), down.shape), at.lines)
        return _averaged(found, beliefs, weight)

    def sampled(self, at: Situation, beliefs: Parameters | None = None) -> Chances:
        """Lines that may be either are drawn to be one of both, by the draws of the beliefs, or the first of them."""
        beliefs = self.drawn if beliefs is None else beliefs
        draws = len(beliefs.unknown)
        down = np.tile(at.count("down"), (draws, 1))
        for key, channel in at.either:
            coin = _stream(self.seed, f"line {key}").random(self.draws)[:draws]
            down[:, channel] += coin >= beliefs.unknown
        limited = np.broadcast_to(at.count("limited"), down.shape)
        found = outlook(beliefs, down[:, None, :], limited[:, None, :], at.lines)
        return _averaged(found, beliefs, np.ones((draws, 1)))


def _choose(n: int, k: int) -> float:
    from math import comb

    return float(comb(int(n), int(k)))


def _stream(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def _averaged(found: Outlook, beliefs: Parameters, weight: Array) -> Chances:
    def mean(values: Array) -> Array:
        return np.asarray(np.einsum("dg,dg...->d...", weight, values))

    return Chances(
        mean(found.reach), mean(found.year(beliefs.rate)), mean(found.frequency), mean(found.days(beliefs.days))
    )


def estimate(value: float, over: Array) -> Estimate:
    """A figure with its 95 % interval, to six digits: what lies beyond differs between machines."""
    low, high = np.quantile(over, (0.025, 0.975))
    return Estimate(value=digits(value), low=digits(low), high=digits(high))


def digits(value: float) -> float:
    """A number to six significant digits."""
    return float(f"{value:.6g}")
