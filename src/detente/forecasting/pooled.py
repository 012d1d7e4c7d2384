"""Logistic regression of many kinds at once, each kind's weights drawn to what is common to all.

What always holds: the same lessons give the same weights; a kind that was hardly seen says what the others say.

log odds of kind k = b_k + x . (w + v_k), with x standardised; the loss is the weighted log loss plus
(`COMMON` |w|^2 + `OWN` sum |v_k|^2) / 2: a hierarchical ridge, so that a rare kind borrows the weights of the
frequent ones (partial pooling of regressions; Gelman & Hill, "Data Analysis Using Regression", 2007, chapter 13).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Singles = npt.NDArray[np.float32]

COMMON, OWN = 300.0, 3000.0
"""How strongly the common weights are drawn to zero, and a kind's own to the common ones."""
_FREE, _FIXED = 0.5, 1e6
"""The same for a kind's constant, and for a common one, which is not needed."""
_STEPS, _ENOUGH = 60, 1e-7
_LEAST = 0.1
"""Standard deviation from which on a sign is scaled by its own: what hardly varied among the lessons teaches little."""


@dataclass(frozen=True, slots=True)
class PooledLogit:
    """Weights of each kind.

    Attributes:
        weights: (kinds, signs), for signs as they come.
        constants: (kinds,).
        usual: (kinds, signs), the mean sign of each kind among the lessons: from there contributions are counted.
        doubt: (kinds, signs + 1, signs + 1), the covariance of weights and constant as they would differ, had other
            groups been drawn.
    """

    weights: Floats
    constants: Floats
    usual: Floats
    doubt: Floats

    def odds(self, signs: Floats) -> Floats:
        """Log odds; signs (n, kinds, signs) give (n, kinds)."""
        found: Floats = np.einsum("nkp,kp->nk", signs, self.weights) + self.constants
        return found

    def errors(self, signs: Floats) -> Floats:
        """Standard errors of the log odds, (n, kinds)."""
        wide = np.concatenate([signs, np.ones((*signs.shape[:2], 1))], axis=2)
        found: Floats = np.sqrt(np.einsum("nkp,kpq,nkq->nk", wide, self.doubt, wide))
        return found

    def parts(self, signs: Floats) -> Floats:
        """What each sign adds to the log odds, compared with the mean lesson of its kind; as ``signs``.

        The parts and ``odds(usual)`` add up to ``odds`` exactly.
        """
        found: Floats = (signs - self.usual) * self.weights
        return found


def fit(signs: Floats, outcomes: npt.ArrayLike, sizes: Floats | None = None, groups: Ints | None = None) -> PooledLogit:
    """Learn from lessons.

    Args:
        signs: (n, kinds, signs).
        outcomes: whether it came; (n, kinds).
        sizes: what a lesson counts, (n,); 1 where not given.
        groups: lessons of one group are not independent; (n,) from 0 on; each its own where not given.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> x = rng.normal(size=(3000, 2, 1)); y = rng.random((3000, 2)) < expit(2 * x[:, :, 0] - 1)
        >>> model = fit(x, y)
        >>> bool(1.0 < model.weights[0, 0] < 2.2), bool(-1.5 < model.constants[0] < -0.5)
        (True, True)
    """
    came = np.asarray(outcomes, np.float64).T
    count = np.ones(len(signs)) if sizes is None else np.asarray(sizes, np.float64)
    middle, scale = signs.mean(axis=(0, 1)), np.maximum(signs.std(axis=(0, 1)), _LEAST)
    lessons = np.ones((signs.shape[1], len(signs), signs.shape[2] + 1), np.float32)
    lessons[:, :, :-1] = ((signs - middle) / scale).transpose(1, 0, 2)
    cost = np.full((len(lessons) + 1, lessons.shape[2]), OWN)
    cost[0], cost[1:, -1], cost[0, -1] = COMMON, _FREE, _FIXED
    values = _lowest(lessons, came, count, cost)
    weights = values[:1] + values[1:]
    own = np.arange(len(signs)) if groups is None else groups
    raw = np.diag(np.append(1.0 / scale, 1.0))  # from weights of standardised signs to those of signs as they come
    raw[-1, :-1] = -middle / scale
    doubt = raw @ _sandwich(lessons, expit(_odds(lessons, weights)), came, count, cost, own) @ raw.T
    usual = np.einsum("n,nkp->kp", count / count.sum(), signs)
    weights = weights @ raw.T
    return PooledLogit(weights[:, :-1], weights[:, -1], usual, doubt)


def _lowest(lessons: Singles, came: Floats, count: Floats, cost: Floats) -> Floats:
    """Common weights (the first row) and each kind's own, constants last, where the loss is lowest (Newton's steps)."""
    values, before = np.zeros(cost.shape), float("inf")
    step = np.zeros(cost.shape)
    for _ in range(_STEPS):
        weights = values[:1] + values[1:]
        odds = _odds(lessons, weights)
        loss = float(((np.logaddexp(0.0, odds) - came * odds) * count).sum() + (cost * values**2).sum() / 2)
        if loss > before:  # too far: half way back
            step *= 0.5
            values -= step
            continue
        if before - loss < _ENOUGH * loss:
            break
        before, p = loss, expit(odds)
        off = ((p - came) * count).astype(np.float32)
        slopes = (lessons.transpose(0, 2, 1) @ off[:, :, None])[:, :, 0].astype(np.float64)
        slope = np.vstack([slopes.sum(axis=0), slopes]) + cost * values
        step[:] = np.linalg.solve(_curvature(lessons, p, count, cost), -slope.ravel()).reshape(cost.shape)
        values += step
    return values


def _odds(lessons: Singles, weights: Floats) -> Floats:
    found: Floats = (lessons @ weights[:, :, None].astype(np.float32))[:, :, 0].astype(np.float64)
    return found


def _curvature(lessons: Singles, p: Floats, count: Floats, cost: Floats) -> Floats:
    """Second derivatives of the loss by common weights and each kind's own."""
    width = lessons.shape[2]
    curved = np.diag(cost.ravel())
    for kind, signs in enumerate(lessons):
        own = slice((kind + 1) * width, (kind + 2) * width)
        heavy = signs * (p[kind] * (1 - p[kind]) * count).astype(np.float32)[:, None]
        block = (signs.T @ heavy).astype(np.float64)
        for rows in (slice(0, width), own):
            for columns in (slice(0, width), own):
                curved[rows, columns] += block
    return curved


def _sandwich(lessons: Singles, p: Floats, came: Floats, count: Floats, cost: Floats, groups: Ints) -> Floats:
    """Covariance of each kind's weights, were the groups drawn anew: H^-1 (sum of g g^T over groups) H^-1.

    H is the curvature of the loss, g a group's slope of it (Liang & Zeger 1986).
    """
    kinds, _, width = lessons.shape
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    off = ((p - came) * count).astype(np.float32)[:, order, None]
    slopes = np.add.reduceat(lessons[:, order] * off, starts, axis=1).astype(np.float64)
    slopes = np.concatenate([slopes.sum(axis=0, keepdims=True), slopes]).transpose(0, 2, 1)
    step = np.linalg.solve(_curvature(lessons, p, count, cost), slopes.reshape((kinds + 1) * width, -1))
    both = step.reshape(kinds + 1, width, -1)
    own = both[:1] + both[1:]
    found: Floats = own @ own.transpose(0, 2, 1)
    return found
