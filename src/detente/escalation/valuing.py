"""What each line is worth, in which order to reopen, and which belief moves the answer.

What always holds: a rank is given only where intervals do not overlap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from detente.escalation import evidence
from detente.escalation.counting import Pair, Row, Situation
from detente.escalation.ladder import Array, Parameters, outlook
from detente.escalation.model import Estimate, LineValue, Order, Sensitivity, Step
from detente.escalation.priors import WIDTH
from detente.escalation.shares import Game, game
from detente.escalation.solving import CELLS, FEW, Solver, digits, estimate

ROUNDING = 1e-9
"""Differences below this are none."""


def order(ratio: Estimate) -> Order:
    """Whether a ratio says more or less, or nothing."""
    if max(abs(ratio.low - 1), abs(ratio.high - 1), abs(ratio.value - 1)) < ROUNDING:
        return "same"
    return "more" if ratio.low > 1 else "less" if ratio.high < 1 else "none"


def values(solver: Solver, own: Pair, at: Situation, board: Sequence[Row]) -> tuple[LineValue, ...]:
    """The worth of each line."""
    stage = solver.priors.asked
    played = game(at.lines, seed=solver.seed)
    exact = _risk(played, solver.middle, at, stage)
    share, error = played.shares(exact), played.error(exact)
    spread = np.concatenate([played.shares(_risk(played, some, at, stage)) for some in _draws(solver, played)], axis=1)
    rows = {row["line"]: row for row in board}
    names = list(solver.priors.channels)
    found = []
    for line in own.lines:
        row = rows.get(line.id)
        factor = estimate(float(np.exp(share[line.channel, 0])), np.exp(spread[line.channel]))
        data = evidence.data(solver.priors, line.kind)
        found.append(LineValue(
            line=line.id, kind=line.kind, channel=names[line.channel], parts=line.parts,  # type: ignore[arg-type]
            **line.what, state=row["state"] if row else "unknown", counts=at.words[line.id],
            factor=factor, error=None if error is None else digits(float(error[line.channel, 0])), order="none",
            data=data, statement=evidence.statement(solver.priors, line.kind),
        ))  # fmt: skip
    found.sort(key=lambda v: (-v.factor.value, v.line))
    return tuple(v.model_copy(update={"order": _ranked(v, found)}) for v in found)


def _ranked(value: LineValue, among: Sequence[LineValue]) -> Order:
    """More or less than one, where no other line's interval overlaps its own."""
    own = value.factor
    others = [v.factor for v in among if v.line != value.line]
    if any(o.low <= own.high and own.low <= o.high for o in others):
        return "none"
    return order(own)


def _draws(solver: Solver, played: Game) -> Iterator[Parameters]:
    """Draws for all situations of a game, in lots that fit into memory; fewer where there are very many situations."""
    most = int(np.clip(CELLS // len(played.down), 200, min(FEW, solver.draws)))
    lot = max(CELLS // len(played.down), 1)
    for start in range(0, most, lot):
        yield solver.some(start, min(start + lot, most))


def _risk(played: Game, beliefs: Parameters, at: Situation, stage: int) -> Array:
    """The logarithm of how often incidents reach the stage, at each situation of the game, (G, D)."""
    found = outlook(beliefs, played.down, np.zeros_like(played.down), at.lines)
    risk: Array = np.log(found.reach[..., stage] * found.arrivals).T
    return risk


def reopening(solver: Solver, now: Situation) -> tuple[Step, ...]:
    """The order in which putting lines into use helps most, one step after the other."""
    stage = solver.priors.asked
    few = solver.some(0, min(FEW, solver.draws))
    base = solver.exact(now).frequency[0, stage], solver.sampled(now, few).frequency[:, stage]
    left = sorted(key for key, word in now.words.items() if word != "in use")
    steps = []
    while left:
        tried = {key: now.but(key, "in use") for key in left}
        exact = {key: solver.exact(at).frequency[0, stage] for key, at in tried.items()}
        best = min(left, key=lambda key: (digits(exact[key]), key))
        drawn = {key: solver.sampled(at, few).frequency[:, stage] for key, at in tried.items()}
        ratio = estimate(exact[best] / base[0], drawn[best] / base[1])
        # Something else, or nothing at all, does as well in at least one of forty draws.
        others = [solver.sampled(now, few).frequency[:, stage], *(drawn[key] for key in left if key != best)]
        doubtful = any(np.mean(other <= drawn[best]) > 0.025 for other in others)
        steps.append(Step(line=best, ratio=ratio, order="none" if doubtful else "less"))
        now = tried[best]
        left.remove(best)
    return tuple(steps)


def sensitivity(solver: Solver, one: Situation, two: Situation) -> tuple[Sensitivity, ...]:
    """What each belief moves, the headline's ratio first."""
    beliefs, names = solver.ends
    stage = solver.priors.asked
    first, second = (solver.exact(at, beliefs) for at in (one, two))
    ratio, year = second.frequency[:, stage] / first.frequency[:, stage], second.year[:, stage]
    entries = solver.priors.entries()
    found = []
    for i, name in enumerate(names):
        ends = slice(2 * i, 2 * i + 2)
        entry = entries[name]
        low, high = (digits(entry.at(side * WIDTH)) for side in (-1, 1))
        pair, chance = ([digits(float(x)) for x in values[ends]] for values in (ratio, year))
        if pair[0] != pair[1] or chance[0] != chance[1]:
            found.append(Sensitivity(
                entry=name, unit=entry.unit, low=low, high=high, ratio=(pair[0], pair[1]), year=(chance[0], chance[1]),
                data=entry.data, source=entry.source,
            ))  # fmt: skip
    return tuple(sorted(found, key=lambda s: (-_swing(s.ratio), -_swing(s.year), s.entry)))


def _swing(ends: tuple[float, float]) -> float:
    low, high = sorted(ends)
    return digits(abs(float(np.log(high / low)))) if low > 0 else 0.0
