"""Fitting a scorer's weights to what happened on training days.

What always holds: a training query's evidence is of earlier days; the order of the draws is fixed by the seed.

The loss is the softmax over one answer and the sampled others, with the correction for drawing only some of the lower
candidates (sampled softmax; Jean et al. 2015); the steps are Adam's (Kingma & Ba 2015) with a cosine schedule.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from detente.errors import ForecastError
from detente.forecasting.entity.evidence import Bench, Evidence
from detente.forecasting.entity.facts import Flags, Floats, Ints
from detente.forecasting.entity.ranking import Queries
from detente.forecasting.entity.scorer import Scorer, Weights

ANSWERS, TOP, DRAWN = 6, 36, 16
"""Answers, best candidates and lower candidates kept of each training query."""
RIDGE = 20.0
"""Strength of the prior that holds a relation's or a sector's weights, and bends, near the common straight line."""
SHRUNK = {"line asked", "line sector", "curve", "turn out"}
_OUT = np.float32(-1e9)
_LEAST, _MOST, _STEPS = 32, 256, 50
"""Queries of a step: as many as leave this many steps to a round, between the two."""


@dataclass(slots=True)
class Lessons:
    """Training queries with their evidence.

    Attributes:
        evidence: of the kept candidates, columns and ages in half precision.
        right: (n, k) whether a candidate is an answer.
        offset: (n, k) the correction of the draw; very low where a place is not used.
    """

    evidence: Evidence
    right: Flags
    offset: Floats


def lessons_of(bench: Bench, queries: Queries, rng: np.random.Generator) -> Lessons:
    """Pick answers, best candidates and a draw of the lower ones for each query."""
    n, best = len(queries.subject), bench.best
    depth = best.shape[1]
    top, drawn = min(TOP, depth), min(DRAWN, max(depth - TOP, 0))
    lower = np.argsort(rng.random((n, depth - top)), axis=1)[:, :drawn] + top
    others = np.concatenate([best[:, :top], np.take_along_axis(best, lower, 1)], axis=1)
    answers = np.zeros((n, ANSWERS), np.int64)
    right = np.zeros((n, ANSWERS + others.shape[1]), bool)
    offset = np.zeros(right.shape, np.float32)
    offset[:, ANSWERS + top :] = np.log((depth - top) / max(drawn, 1)) if drawn else 0.0
    for row, found in enumerate(queries.answers):
        kept = found if len(found) <= ANSWERS else rng.permutation(found)[:ANSWERS]
        answers[row, : len(kept)] = kept
        right[row, : len(kept)] = True
        offset[row, len(kept) : ANSWERS] = _OUT
        offset[row, ANSWERS:][np.isin(others[row], found)] = _OUT
    return Lessons(_halved(bench.read(np.concatenate([answers, others], axis=1))), right, offset)


def _halved(evidence: Evidence) -> Evidence:
    return Evidence(
        evidence.subject, evidence.relation, evidence.candidates.astype(np.int32),
        evidence.columns.astype(np.float16), evidence.past.astype(np.int16),
        evidence.age.astype(np.float16), evidence.count.astype(np.float16),
    )  # fmt: skip


def pick(evidence: Evidence, rows: Ints) -> Evidence:
    """Some queries of the evidence."""
    return Evidence(*(getattr(evidence, field.name)[rows] for field in fields(Evidence)))


def filled(parts: Iterator[Lessons], count: int) -> Lessons:
    """Lessons that come in parts as one, written into place as they come, to spare memory.

    Args:
        parts: the parts.
        count: how many training queries they hold together.
    """
    whole: Lessons | None = None
    at = 0
    for part in parts:
        whole = whole or _room(part, count)
        rows = slice(at, at + len(part.right))
        for into, given in zip(_arrays(whole), _arrays(part), strict=True):
            into[rows] = given
        at = rows.stop
    if whole is None:
        raise ForecastError("there is nothing to learn from; train must hold facts of at least two days")
    return whole


def _arrays(lessons: Lessons) -> list[npt.NDArray[Any]]:
    return [*(getattr(lessons.evidence, field.name) for field in fields(Evidence)), lessons.right, lessons.offset]


def _room(like: Lessons, count: int) -> Lessons:
    *evidence, right, offset = (np.zeros((count, *array.shape[1:]), array.dtype) for array in _arrays(like))
    return Lessons(Evidence(*evidence), right, offset)


def fit(scorer: Scorer, lessons: Lessons, epochs: int, pace: float) -> None:
    """Fit the scorer's weights.

    Args:
        scorer: whose weights are changed in place.
        lessons: what to learn from.
        epochs: how often to go through the lessons.
        pace: the greatest step.
    """
    count = len(lessons.right)
    batch = min(max(count // _STEPS, _LEAST), _MOST)
    steps = epochs * max(count // batch, 1)
    warm = min(200, steps // 5 + 1)
    adam = _Adam(scorer.weights)
    for _ in range(epochs):
        order = scorer.rng.permutation(count)
        for start in range(0, max(count - batch + 1, 1), batch):
            rows = np.sort(order[start : start + batch])
            scores, kept = scorer.forward(pick(lessons.evidence, rows), learning=True)
            slope = _slope(scores, lessons.right[rows], lessons.offset[rows])
            done, grads = adam.steps / steps, scorer.backward(slope, kept)
            for name in SHRUNK & grads.keys():
                grads[name] += np.float32(RIDGE / count) * scorer.weights[name]
            adam.step(grads, pace * min(1, (adam.steps + 1) / warm) * _cosine(done))


def _cosine(done: float) -> float:
    return float(0.5 * (1 + np.cos(np.pi * min(done, 1.0))) + 0.01)


def _slope(scores: Floats, right: Flags, offset: Floats) -> Floats:
    """The loss's slope by score: each answer against all that is not one."""
    against = np.where(right, _OUT, scores + offset)
    most = against.max(1, keepdims=True)
    weight = np.exp(against - most)
    total = weight.sum(1, keepdims=True)
    level = most + np.log(total)
    missed = np.where(right, 1 / (1 + np.exp(np.clip(scores - level, -30, 30))), 0)
    slope = weight / total * missed.sum(1, keepdims=True) - missed
    return np.asarray(slope / max(right.sum(), 1), dtype=np.float32)


class _Adam:
    """Adam's state over named weights."""

    def __init__(self, weights: Weights) -> None:
        self.weights, self.steps = weights, 0
        self.first = {name: np.zeros_like(value) for name, value in weights.items()}
        self.second = {name: np.zeros_like(value) for name, value in weights.items()}

    def step(self, grads: Weights, pace: float) -> None:
        self.steps += 1
        up, down = 1 - 0.9**self.steps, 1 - 0.999**self.steps
        for name, grad in grads.items():
            first, second, value = self.first[name], self.second[name], self.weights[name]
            first *= np.float32(0.9)
            first += np.float32(0.1) * grad
            second *= np.float32(0.999)
            second += np.float32(0.001) * grad * grad
            value -= np.float32(pace / up) * first / (np.sqrt(second / np.float32(down)) + np.float32(1e-8))
            value *= np.float32(1 - 1e-5 * pace)
