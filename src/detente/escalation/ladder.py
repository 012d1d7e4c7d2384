"""The ladder as an absorbing Markov chain, solved exactly, for one set of beliefs or for very many at once.

What always holds: nothing is drawn at random here; chances are between zero and one, and none to reach a stage is
greater than that to reach the stage below. The chain only climbs or is cleared, so its fundamental matrix is a product:
an incident's visits to stage s are the chances to climb, multiplied over the stages below s. ``docs/risk.md`` has the
equations.

Shapes: D sets of beliefs, G situations of the lines, C channels, S stages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from detente.escalation.priors import INCIDENTS, Priors

Array: TypeAlias = NDArray[Any]
FAR = 50.0
"""Log odds beyond which a chance is as good as 0 or 1: keeps exp() from overflowing, and ratios of chances finite."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """Sets of beliefs as numbers.

    Attributes:
        rate: incidents a year with every line open and in use, (D,).
        climb: log odds to climb from each stage but the last, (D, S-1).
        days: mean duration of each stage, in days, (D, S).
        lost: what the loss of a line (of a whole channel, where its lines count together) adds, (D, C, S): first to the
            log rate of incidents, then to the log odds of climbing from each stage but the last.
        reduced: the same, for a channel whose lines count together and are lost in part, (D, C, S).
        limited: share of a loss that a limit amounts to, (D,).
        unknown: chance that a line of which nothing is known is in use, (D,).
        together: for each channel whether its lines count together, (C,).
    """

    rate: Array
    climb: Array
    days: Array
    lost: Array
    reduced: Array
    limited: Array
    unknown: Array
    together: Array

    def times(self, channels: Array, multipliers: Array) -> Parameters:
        """The same with the effects of some channels multiplied: by one number, or one set for each of several."""
        factor = np.where(channels[None, :, None], multipliers[:, None, None], 1.0)
        return self.but(lost=self.lost * factor, reduced=self.reduced * factor)

    def but(self, **changed: Any) -> Parameters:
        """The same with other values of some attributes."""
        kept = {name: getattr(self, name) for name in self.__slots__}
        return Parameters(**(kept | changed))


def parameters(priors: Priors, deviations: Array | None = None) -> Parameters:
    """The beliefs as numbers.

    Args:
        priors: the entries.
        deviations: for each set of beliefs how many standard deviations each entry is from its median, (D, entries) in
            the order of `Priors.entries`; one set with all at their medians where not given.

    Returns:
        D sets.
    """
    entries = priors.entries()
    z = np.zeros((1, len(entries))) if deviations is None else deviations
    drawn = {name: e.middle + e.spread * z[:, i] for i, (name, e) in enumerate(entries.items())}
    stages, channels = list(priors.stages), list(priors.channels)
    chance = {name: _fraction(drawn[f"states.{name}"]) for name in ("limited", "unknown")}
    effects = {when: np.zeros((len(z), len(channels), len(stages))) for when in ("lost", "reduced")}
    step = {INCIDENTS: 0} | {name: i + 1 for i, name in enumerate(stages[:-1])}
    for name, effect in priors.effects.items():
        if effect.channel is not None:
            for stage in effect.reaches:
                effects[effect.when][:, channels.index(effect.channel), step[stage]] = drawn[f"effects.{name}"]
    return Parameters(
        rate=np.exp(drawn["incidents.rate"]),
        # An odds lies on the scale of its logarithm, a probability on that of its log odds: the same number.
        climb=np.stack([drawn[f"stages.{name}.climb"] for name in stages[:-1]], axis=-1),
        days=np.exp(np.stack([drawn[f"stages.{name}.days"] for name in stages], axis=-1)),
        **effects, **chance,
        together=np.array([channel.together for channel in priors.channels.values()]),
    )  # fmt: skip


def _fraction(log_odds: Array) -> Array:
    found: Array = 1 / (1 + np.exp(-np.clip(log_odds, -FAR, FAR)))
    return found


@dataclass(frozen=True, slots=True)
class Outlook:
    """What becomes of incidents.

    Attributes:
        reach: the chance that an incident reaches each stage, (D, G, S).
        arrivals: by what the rate of incidents is multiplied, (D, G).
    """

    reach: Array
    arrivals: Array

    @property
    def frequency(self) -> Array:
        """Incidents that reach each stage, for each one that begins where every line is in use, (D, G, S)."""
        found: Array = self.reach * self.arrivals[..., None]
        return found

    def year(self, rate: Array) -> Array:
        """The chance that at least one incident reaches each stage within a year, (D, G, S); rate (D,), a year."""
        found: Array = -np.expm1(-rate[:, None, None] * self.frequency)
        return found

    def days(self, days: Array) -> Array:
        """Expected days until an incident is cleared, (D, G); days (D, S)."""
        total: Array = (self.reach * days[:, None, :]).sum(axis=-1)
        return total


def outlook(beliefs: Parameters, down: Array, limited: Array, lines: Array) -> Outlook:
    """Solve the chain.

    Args:
        beliefs: D sets.
        down: lines of each channel that are down, (G, C), or (D, G, C) where that differs between sets.
        limited: lines of each channel that are limited, of the same shape.
        lines: lines of each channel, (C,).

    Returns:
        Chances and frequencies, (D, G, …).
    """
    every = (down >= lines) & (lines > 0)
    # By itself each line adds its own effect; together they add one, of the loss of all or of a part.
    lost = np.where(beliefs.together, every, down).astype(float)
    if limited.any():
        lost = lost + beliefs.limited[:, None, None] * np.where(beliefs.together, 0, limited)
    reduced = (beliefs.together & ~every & (down + limited > 0)).astype(float)
    steps = lost @ beliefs.lost
    if reduced.any():
        steps = steps + reduced @ beliefs.reduced
    return Outlook(reached(beliefs.climb[:, None, :] + steps[..., 1:]), np.exp(np.clip(steps[..., 0], -FAR, FAR)))


def reached(climb: Array) -> Array:
    """The chance to reach each stage.

    Args:
        climb: log odds to climb from each stage but the last, (…, S-1).

    Returns:
        Chances, (…, S); the first is 1.

    Example:
        >>> reached(np.log([1.0, 1 / 3])).round(3).tolist()
        [1.0, 0.5, 0.125]
    """
    found = np.ones((*climb.shape[:-1], climb.shape[-1] + 1))
    # In place, since this is where the time goes with many sets of beliefs and situations.
    chance = np.negative(climb, out=found[..., 1:])
    np.minimum(chance, FAR, out=chance)
    np.exp(chance, out=chance)
    chance += 1.0
    np.reciprocal(chance, out=chance)
    for stage in range(climb.shape[-1]):
        found[..., stage + 1] *= found[..., stage]
    return found
