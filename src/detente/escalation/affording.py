"""The affordability test: a gain that is certain against a loss that comes with some chance.

What always holds: no unit of gain or loss is assumed, only their quotient counts; who believes that the lines do
nothing is told that no loss is too large, and not that he is right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from detente.escalation.counting import Situation
from detente.escalation.ladder import Array
from detente.escalation.model import Affordability, Claimed, Loss, Multiple, Side
from detente.escalation.solving import Solver, digits, estimate

LOSSES = (10.0, 100.0, 1_000.0, 10_000.0)
"""Losses, in gains of a year, at which it is asked how wrong one has to be."""
FURTHEST = 100.0
"""The largest multiplier of the effects that is tried."""


class Test:
    """Closing lines, from one situation to another.

    Args:
        solver: the chain.
        before, after: the lines before and after they are closed.
        channels: which channels' effects a belief multiplies, (C,).
        stage: the place of the stage that is the loss.
    """

    def __init__(self, solver: Solver, before: Situation, after: Situation, channels: Array, stage: int) -> None:
        self.solver, self.before, self.after, self.channels, self.stage = solver, before, after, channels, stage

    def added(self, multipliers: Array) -> Array:
        """The added chance within a year at the middle of the priors, for each multiplier of their effects, (M,)."""
        beliefs = self.solver.middle.times(self.channels, multipliers)
        after, before = (self.solver.exact(at, beliefs).year[:, self.stage] for at in (self.after, self.before))
        return np.asarray(after - before)

    def spread(self, multiplier: float = 1.0) -> Array:
        """The same over the draws, (D,)."""
        beliefs = self.solver.drawn.times(self.channels, np.array([multiplier]))
        after, before = (self.solver.sampled(at, beliefs).year[:, self.stage] for at in (self.after, self.before))
        return np.asarray(after - before)

    def multiple(self, belief: float) -> Multiple:
        """The smallest loss at which closing stops paying, for a belief about the effects."""
        low, high = np.quantile(self.spread(belief), (0.025, 0.975))
        return Multiple(value=_inverse(self.added(np.array([belief]))[0]), low=_inverse(high), high=_inverse(low))

    def needs(self, loss: float) -> float | None:
        """The smallest multiplier of the effects at which closing does not pay at a loss."""
        tried = np.concatenate([[0.0], np.geomspace(0.01, FURTHEST, 200)])
        for _ in range(4):
            too_much = self.added(tried) * loss >= 1
            if not too_much.any():
                return None
            first = int(np.argmax(too_much))
            if first == 0:
                break
            tried = np.linspace(tried[first - 1], tried[first], 100)
        return digits(float(tried[first]))


def _inverse(chance: float) -> float | None:
    # Below a rounding error the two situations are the same.
    return digits(1 / chance) if chance > 1e-15 else None


def affordability(
    test: Test, stage: str, closed: Sequence[str], parties: tuple[str, str], beliefs: Mapping[str, float],
    claims: Mapping[str, Sequence[Claimed]],
) -> Affordability:  # fmt: skip
    """Whether closing pays, to each side.

    Args:
        test: the closing.
        stage: name of the stage that is the loss.
        closed: ids of the lines that are closed.
        parties: the two sides.
        beliefs: by what a side multiplies the effects, where the analyst says so.
        claims: what each side holds about the risk.
    """
    added = test.spread()
    sides = tuple(
        Side(party=party, belief=beliefs.get(party, 1.0), entered=party in beliefs,
             multiple=test.multiple(beliefs.get(party, 1.0)), claims=tuple(claims.get(party, ())))
        for party in parties
    )  # fmt: skip
    losses = []
    for loss in LOSSES:
        needs = test.needs(loss)
        wrong = {s.party: digits(needs / s.belief) if needs is not None and s.belief else None for s in sides}
        losses.append(Loss(multiple=loss, needs=needs, wrong_by=wrong, stops=digits(float(np.mean(added * loss >= 1)))))
    return Affordability(
        stage=stage,
        closed=tuple(closed),
        added=estimate(float(test.added(np.ones(1))[0]), added),
        sides=sides,
        losses=tuple(losses),
    )
