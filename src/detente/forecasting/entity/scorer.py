"""Weights over the evidence: a small network, or an exactly additive sum.

What always holds: the score of a candidate depends on its own evidence and the query alone; with `additive` it is a
sum of one number a column, one a past relation of the pair, and one for the two entities' affinity, and nothing else;
how much a column counts may then depend on the query, never on the candidate.

The network is a two-layer perceptron; past relations of the pair enter through a low-rank kernel from the past
relation to the one asked for (a learned Hawkes kernel), entities through a trilinear product (DistMult; Yang et al.
2015). Gradients are written out by hand, so that numpy is all it takes.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from detente.errors import ForecastError
from detente.forecasting.entity.evidence import COLUMNS, OF_QUERY, WIDTH, Evidence
from detente.forecasting.entity.facts import Floats, Ints

KERNEL, AFFINITY, HIDDEN, OUTER, ASKED, SECTOR = 24, 2, 96, 48, 12, 6
"""Ranks and widths; with a wider affinity entities are learnt by heart, see docs/entity.md."""
KNOTS = 7
"""Bends of each column's curve in the additive sum."""
TURNS = 24
"""Ways in which a query bends the curves of the additive sum."""
QUERY = tuple(COLUMNS.index(name) for name in OF_QUERY)
_TIMES = 6
_FIRST = COLUMNS.index("all counters together")
"""Fresh weights score by this column alone: an untrained scorer is no worse than the first sum."""
Weights = dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes that a scorer is made for."""

    entities: int
    ways: int
    sectors: int
    additive: bool = False
    dropout: float = 0.1


class Scorer:
    """Weights, and how to go forwards and backwards through them.

    Attributes:
        weights: named arrays.
        centre: the columns' means on a sample of training evidence.
        scale: their standard deviations.
        knots: (WIDTH, KNOTS) bends of the curves, at quantiles of that sample.
    """

    def __init__(self, shape: Shape, sector: Ints, sample: Floats, seed: int) -> None:
        """Fresh weights; `sample` is (n, WIDTH) training evidence to take the scale from."""
        self.shape, self.sector = shape, sector
        self.centre, self.scale = sample.mean(0), sample.std(0) + 1e-3
        tidy = np.clip((sample - self.centre) / self.scale, -6, 6)
        self.knots = np.quantile(tidy, np.linspace(0.1, 0.98, KNOTS), axis=0).T.astype(np.float32)
        self.rng = np.random.default_rng(seed)
        self.weights = self._fresh()

    def _fresh(self) -> Weights:
        shape, ways = self.shape, self.shape.ways

        def draw(*size: int, by: float) -> Floats:
            return (self.rng.standard_normal(size) * by).astype(np.float32)

        def zeros(*size: int) -> Floats:
            return np.zeros(size, np.float32)

        weights = {
            "line": zeros(WIDTH), "line asked": zeros(ways, WIDTH), "line sector": zeros(shape.sectors, WIDTH),
            "kernel asked": draw(ways, KERNEL, by=0.3), "kernel past": draw(ways + 1, KERNEL, by=0.3),
            "kernel time": draw(_TIMES, KERNEL, by=0.4), "subject": draw(shape.entities, AFFINITY, by=0.1),
            "object": draw(shape.entities, AFFINITY, by=0.1), "asked": np.ones((ways, AFFINITY), np.float32),
            "act": draw(ways, AFFINITY, by=0.1), "acted": draw(shape.entities, AFFINITY, by=0.1),
        }  # fmt: skip
        weights["line"][_FIRST] = self.scale[_FIRST]
        codes = {"asked code": draw(ways, ASKED, by=0.3), "subject code": draw(shape.sectors, SECTOR, by=0.3)}
        if shape.additive:
            given = len(QUERY) + ASKED + SECTOR
            return weights | codes | {
                "curve": zeros(1 + KNOTS, WIDTH), "turn in": draw(given, TURNS, by=given**-0.5),
                "turn bias": zeros(TURNS), "turn out": zeros(TURNS, (1 + KNOTS) * WIDTH),
            }  # fmt: skip
        inner = (WIDTH + KERNEL + ASKED + 2 * SECTOR) ** -0.5
        weights |= codes | {
            "in": draw(WIDTH, HIDDEN, by=inner), "in kernel": draw(KERNEL, HIDDEN, by=inner),
            "in asked": draw(ASKED, HIDDEN, by=inner), "in subject": draw(SECTOR, HIDDEN, by=inner),
            "in object": draw(SECTOR, HIDDEN, by=inner), "in bias": zeros(HIDDEN),
            "object code": draw(shape.sectors, SECTOR, by=0.3), "mid": draw(HIDDEN, OUTER, by=HIDDEN**-0.5),
            "mid bias": zeros(OUTER), "out": draw(OUTER, by=0.05),
        }  # fmt: skip
        return weights

    def score(self, evidence: Evidence) -> Floats:
        """Scores (queries, k)."""
        return self.forward(evidence, learning=False)[0]

    def parts(self, evidence: Evidence) -> dict[str, Floats]:
        """An additive scorer's score, part by part: each (queries, k); they add up to the score exactly.

        One part a column, named as in `COLUMNS`; `past acts of the pair`, which is itself a sum over those acts; and
        `affinity` of the two for the act. For the reader: a part matters by its difference between candidates.

        Raises:
            ForecastError: the scorer is not additive.
        """
        if not self.shape.additive:
            raise ForecastError("only an additive scorer has parts; fit one with additive=True (--additive)")
        weights = self.weights
        kept: dict[str, Any] = {}
        x = np.clip((np.asarray(evidence.columns, dtype=np.float32) - self.centre) / self.scale, -6, 6)
        sector = self.sector[evidence.subject]
        slope = weights["line"] + weights["line asked"][evidence.relation] + weights["line sector"][sector]
        kept |= {"x": x, "asked": evidence.relation, "sector": sector}
        curves = self._curves(kept)
        each = x * (slope + curves[:, 0])[:, None, :]
        for knot in range(KNOTS):
            each += np.maximum(x - self.knots[:, knot], 0) * curves[:, 1 + knot][:, None, :]
        parts: dict[str, Floats] = {name: each[..., index] for index, name in enumerate(COLUMNS)}
        parts["past acts of the pair"] = self._kernel(evidence, kept).sum(-1)
        parts["affinity"] = self._affinity(evidence, kept)
        return parts

    def forward(self, evidence: Evidence, *, learning: bool) -> tuple[Floats, dict[str, Any]]:
        """Scores, and what the way back needs."""
        weights, shape = self.weights, self.shape
        asked, subject = evidence.relation, evidence.subject
        columns = np.asarray(evidence.columns, dtype=np.float32)
        x = np.clip((columns - self.centre) / self.scale, -6, 6)
        sector = self.sector[subject]
        slope = weights["line"] + weights["line asked"][asked] + weights["line sector"][sector]
        kept: dict[str, Any] = {"x": x, "asked": asked, "subject": subject, "sector": sector}
        if shape.additive:
            curves = self._curves(kept)
            slope = slope + curves[:, 0]
        scores = np.matmul(x, slope[:, :, None])[..., 0]
        kernel = self._kernel(evidence, kept)
        scores += kernel.sum(-1)
        scores += self._affinity(evidence, kept)
        if shape.additive:
            for knot in range(KNOTS):
                scores += np.matmul(np.maximum(x - self.knots[:, knot], 0), curves[:, 1 + knot][:, :, None])[..., 0]
        else:
            scores += self._network(evidence, kernel, kept, learning=learning)
        return scores, kept

    def _curves(self, kept: dict[str, Any]) -> Floats:
        """Each column's slope and bends for each query, (queries, 1 + KNOTS, WIDTH).

        They depend on the query alone (the act, the subject's sector, how much there is to go by), so that a score is
        still a sum of one number a column.
        """
        weights = self.weights
        parts = (kept["x"][:, 0, QUERY], weights["asked code"][kept["asked"]], weights["subject code"][kept["sector"]])
        given = np.concatenate(parts, axis=1)
        turn = given @ weights["turn in"] + weights["turn bias"]
        gate = _sigmoid(turn)
        kept |= {"given": given, "turn": turn, "turn gate": gate, "turned": turn * gate}
        bent = (kept["turned"] @ weights["turn out"]).reshape(len(turn), 1 + KNOTS, WIDTH)
        return np.asarray(weights["curve"] + bent)

    def _kernel(self, evidence: Evidence, kept: dict[str, Any]) -> Floats:
        """What the pair's past relations say for the one asked: (queries, k, KERNEL)."""
        weights, ways = self.weights, self.shape.ways
        n, k, _ = evidence.past.shape
        past = evidence.past.ravel()
        at = np.flatnonzero(past != ways)
        past, row = past[at], at // evidence.past.shape[2]
        age = np.asarray(evidence.age, dtype=np.float32).ravel()[at]
        count = np.asarray(evidence.count, dtype=np.float32).ravel()[at]
        times = np.stack([np.log1p(count), np.log1p(age) / 5, np.exp(-age / 2), np.exp(-age / 7),
                          np.exp(-age / 30), np.ones_like(age)], axis=-1)  # fmt: skip
        what, when = weights["kernel past"][past], times @ weights["kernel time"]
        gather = _gather(row, n * k)
        state = np.asarray(gather @ (what * when)).reshape(n, k, KERNEL)
        kept |= {"past": past, "row": row, "times": times, "what": what, "when": when, "state": state}
        return np.asarray(state * weights["kernel asked"][evidence.relation][:, None, :])

    def _affinity(self, evidence: Evidence, kept: dict[str, Any]) -> Floats:
        weights = self.weights
        asked, objects = weights["asked"][evidence.relation], weights["object"][evidence.candidates]
        subject, acted = weights["subject"][evidence.subject], weights["acted"][evidence.candidates]
        act = weights["act"][evidence.relation]
        kept |= {"objects": objects, "acted": acted, "candidates": evidence.candidates}
        return np.asarray(np.matmul(objects, (subject * asked)[:, :, None]) + np.matmul(acted, act[:, :, None]))[..., 0]

    def _network(self, evidence: Evidence, kernel: Floats, kept: dict[str, Any], *, learning: bool) -> Floats:
        weights = self.weights
        target = self.sector[evidence.candidates]
        query = weights["asked code"][evidence.relation] @ weights["in asked"]
        query += weights["subject code"][kept["sector"]] @ weights["in subject"] + weights["in bias"]
        first = kept["x"] @ weights["in"] + kernel @ weights["in kernel"] + query[:, None, :]
        first += (weights["object code"] @ weights["in object"])[target]
        gate = _sigmoid(first)
        inner = first * gate
        mask = None
        if learning and self.shape.dropout:
            keep = 1 - self.shape.dropout
            mask = (self.rng.random(inner.shape, dtype=np.float32) < keep).astype(np.float32) / np.float32(keep)
            inner *= mask
        second = inner @ weights["mid"] + weights["mid bias"]
        gate_two = _sigmoid(second)
        outer = second * gate_two
        kept |= {"kernel": kernel, "first": first, "gate": gate, "inner": inner, "mask": mask, "second": second,
                 "gate two": gate_two, "outer": outer, "target": target}  # fmt: skip
        return np.asarray(outer @ weights["out"])

    def backward(self, slope: Floats, kept: dict[str, Any]) -> Weights:
        """Gradients of all weights from the loss's slope by score."""
        _weights, shape = self.weights, self.shape
        asked, x = kept["asked"], kept["x"]
        linear = np.matmul(slope[:, None, :], x)[:, 0]
        grads = {"line": linear.sum(0), "line asked": _sum_at(asked, linear, shape.ways),
                 "line sector": _sum_at(kept["sector"], linear, shape.sectors)}  # fmt: skip
        through = np.broadcast_to(slope[..., None], (*slope.shape, KERNEL))
        if shape.additive:
            self._curves_back(slope, linear, kept, grads)
        else:
            through = through + self._network_back(slope, kept, grads)
        self._kernel_back(through, kept, grads)
        self._affinity_back(slope, kept, grads)
        return grads

    def _curves_back(self, slope: Floats, linear: Floats, kept: dict[str, Any], grads: Weights) -> None:
        weights, shape, x = self.weights, self.shape, kept["x"]
        bends = [linear]
        for knot in range(KNOTS):
            bends.append(np.matmul(slope[:, None, :], np.maximum(x - self.knots[:, knot], 0))[:, 0])
        curve = np.stack(bends, axis=1)
        grads["curve"] = curve.sum(0)
        flat = curve.reshape(len(curve), -1)
        grads["turn out"] = kept["turned"].T @ flat
        turn = (flat @ weights["turn out"].T) * _silu_slope(kept["turn"], kept["turn gate"])
        grads["turn in"], grads["turn bias"] = kept["given"].T @ turn, turn.sum(0)
        given, first = np.asarray(turn @ weights["turn in"].T, dtype=np.float32), len(QUERY)
        grads["asked code"] = _sum_at(kept["asked"], given[:, first : first + ASKED], shape.ways)
        grads["subject code"] = _sum_at(kept["sector"], given[:, first + ASKED :], shape.sectors)

    def _network_back(self, slope: Floats, kept: dict[str, Any], grads: Weights) -> Floats:
        weights, shape = self.weights, self.shape
        rows = slope.size
        grads["out"] = slope.ravel() @ kept["outer"].reshape(rows, -1)
        second = slope[..., None] * weights["out"]
        second *= _silu_slope(kept["second"], kept["gate two"])
        flat = second.reshape(rows, -1)
        grads["mid"], grads["mid bias"] = kept["inner"].reshape(rows, -1).T @ flat, flat.sum(0)
        first: Floats = np.asarray(second @ weights["mid"].T, dtype=np.float32)
        if kept["mask"] is not None:
            first *= kept["mask"]
        first *= _silu_slope(kept["first"], kept["gate"])
        flat, query = first.reshape(rows, -1), first.sum(1)
        grads["in"] = kept["x"].reshape(rows, -1).T @ flat
        grads["in kernel"] = kept["kernel"].reshape(rows, -1).T @ flat
        grads["in bias"] = query.sum(0)
        code, sector = weights["asked code"][kept["asked"]], weights["subject code"][kept["sector"]]
        grads["in asked"], grads["in subject"] = code.T @ query, sector.T @ query
        grads["asked code"] = _sum_at(kept["asked"], query @ weights["in asked"].T, shape.ways)
        grads["subject code"] = _sum_at(kept["sector"], query @ weights["in subject"].T, shape.sectors)
        target = _sum_at(kept["target"].ravel(), flat, shape.sectors)
        grads["in object"] = weights["object code"].T @ target
        grads["object code"] = target @ weights["in object"].T
        return np.asarray(first @ weights["in kernel"].T)

    def _kernel_back(self, through: Floats, kept: dict[str, Any], grads: Weights) -> None:
        weights, shape = self.weights, self.shape
        asked = kept["asked"]
        grads["kernel asked"] = _sum_at(asked, (through * kept["state"]).sum(1), shape.ways)
        state = (through * weights["kernel asked"][asked][:, None, :]).reshape(-1, KERNEL)[kept["row"]]
        grads["kernel time"] = kept["times"].T @ (state * kept["what"])
        grads["kernel past"] = _sum_at(kept["past"], state * kept["when"], shape.ways + 1)

    def _affinity_back(self, slope: Floats, kept: dict[str, Any], grads: Weights) -> None:
        weights, shape = self.weights, self.shape
        asked, subject, flat = kept["asked"], kept["subject"], kept["candidates"].ravel()
        product = np.matmul(slope[:, None, :], kept["objects"])[:, 0]
        grads["subject"] = _sum_at(subject, product * weights["asked"][asked], shape.entities)
        grads["asked"] = _sum_at(asked, product * weights["subject"][subject], shape.ways)
        grads["act"] = _sum_at(asked, np.matmul(slope[:, None, :], kept["acted"])[:, 0], shape.ways)
        spread: Floats = slope[..., None] * (weights["subject"][subject] * weights["asked"][asked])[:, None, :]
        grads["object"] = _sum_at(flat, spread.reshape(-1, AFFINITY), shape.entities)
        spread = slope[..., None] * weights["act"][asked][:, None, :]
        grads["acted"] = _sum_at(flat, spread.reshape(-1, AFFINITY), shape.entities)
        for name in ("subject", "object", "acted"):
            grads[name] += np.float32(2e-3 / shape.entities) * weights[name]


def _sigmoid(values: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-values)), dtype=np.float32)


def _silu_slope(values: Floats, gate: Floats) -> Floats:
    return np.asarray(gate * (1 + values * (1 - gate)))


def _gather(row: Ints, rows: int) -> sp.csr_matrix:
    """The matrix that sums consecutive items into rows; `row` must not fall."""
    starts = np.searchsorted(row, np.arange(rows + 1))
    items = len(row)
    return sp.csr_matrix((np.ones(items, np.float32), np.arange(items), starts), shape=(rows, items))


def _sum_at(index: Ints, values: Floats, size: int) -> Floats:
    """Sum rows of `values` by index: (size, width)."""
    items = len(index)
    starts = np.arange(items + 1)
    picks = sp.csr_matrix((np.ones(items, np.float32), index, starts), shape=(items, size))
    return np.asarray(picks.T @ values, dtype=np.float32)
