"""Contributions that cross: from one relation of a pair to another, and from neighbour to neighbour.

What always holds: every number here is computed from the history as it stands, for each query by itself.

`follow` is the rate of a multivariate Hawkes process with a kernel counted online: how often relation r came after
relation q between the same two, per earlier q and day. The neighbour scores are normalised random walks of two and
three steps on the graph of recent contacts (as in resource allocation; Zhou, Lü & Zhang 2009).
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from detente.forecasting.entity import likeness
from detente.forecasting.entity.facts import Floats, Ints
from detente.forecasting.entity.history import History
from detente.forecasting.entity.likeness import Likeness
from detente.forecasting.entity.table import SPANS, SPEEDS, ranges

_FAINT = 0.02
"""Contacts that have faded below this are left out of walks."""
HEAT_SPEEDS = (0, 2, 3)
_LONG = 200.0
"""Days that stand for "always" in the follow rates."""


@dataclass(slots=True)
class Day:
    """What is worked out once for all queries of a day.

    Attributes:
        kernel: (SPEEDS, ways, ways) follow rates.
        near: recent contacts, one row a subject, weighed by the month's counter.
        passed: the same with each row divided by the subject's total.
        acts: the season's counters by (subject, relation) and object.
        subject: (SPEEDS, entities) each subject's total.
        heat: (HEAT_SPEEDS, entities, ways) how much each act is to be expected on each object, by whomever.
        likeness: the entities' embeddings.
    """

    kernel: Floats
    near: sp.csr_matrix
    passed: sp.csr_matrix
    acts: sp.csr_matrix
    subject: Floats
    heat: Floats
    likeness: Likeness


def prepare(history: History) -> Day:
    """The day's matrices, from the history as it stands."""
    spans = np.minimum(SPANS, _LONG)[:, None]
    weight = history.act[4][None, :] * spans + 5.0
    kernel = (history.follows + 0.001) / weight[:, :, None]
    near = _matrix(history.pair.values[2], history.pair.columns, history.pair.starts, history.entities, _FAINT)
    totals = history.pair.sums()
    passed = sp.diags(1.0 / (totals[2] + 1.0)) @ near
    acts = _matrix(history.triple.values[3], history.triple.columns, history.triple.starts, history.entities, _FAINT)
    return Day(
        kernel.astype(np.float32), near, sp.csr_matrix(passed), acts, totals, _heat(history), likeness.prepare(history)
    )


def _heat(history: History) -> Floats:
    """How much each act is to be expected on each object, from what it did and suffered lately, as shares by act."""
    doer, out = history.doer, []
    for speed in HEAT_SPEEDS:
        kernel = (history.heats[speed] + 0.001) / (history.act[4][:, None] * min(SPANS[speed], _LONG) + 5.0)
        recent = _matrix(doer.values[speed], doer.columns, doer.starts, history.ways, _FAINT)
        heat = recent @ kernel.astype(np.float32)
        out.append(heat / (heat.sum(0) + 1e-3))
    return np.asarray(out, dtype=np.float32)


def _matrix(values: Floats, columns: Ints, starts: Ints, width: int, least: float) -> sp.csr_matrix:
    strong = values[:-1] >= least
    before = np.concatenate([[0], np.cumsum(strong)])
    parts = (values[:-1][strong], columns[strong].astype(np.int32), before[starts].astype(np.int32))
    return sp.csr_matrix(parts, shape=(len(starts) - 1, width), dtype=np.float32)


def follow(history: History, day: Day, subjects: Ints, relations: Ints) -> Floats:
    """Follow rates of each candidate: (SPEEDS, queries, entities)."""
    table, ways, width = history.triple, history.ways, history.entities
    which, cells = ranges(table.starts[subjects * ways], table.starts[(subjects + 1) * ways])
    full = table.last[cells] >= 0
    which, cells = which[full], cells[full]
    key = which * width + table.columns[cells]
    flat = history.triple_relation[cells] * ways + relations[which]
    result = np.empty((SPEEDS, len(subjects), width), np.float32)
    for speed in range(SPEEDS):
        weights = day.kernel[speed].ravel()[flat] * table.values[speed][cells]
        result[speed] = np.bincount(key, weights, len(subjects) * width).reshape(len(subjects), width)
    return result


def walks(history: History, day: Day, subjects: Ints, relations: Ints) -> dict[str, Floats]:
    """Neighbour scores of each candidate, (queries, entities) each.

    `two` is subject, neighbour, candidate; `three` one step more; `two act` a neighbour that did the same act to the
    candidate; `three act` one like the subject that did it; `act two` who is near those that the act was done to.
    """
    ways = history.ways
    alone, back = np.unique(subjects, return_inverse=True)
    one = day.near[alone]
    share = sp.diags(1.0 / (day.subject[2][alone] + 0.5)) @ one
    two = share @ day.passed
    three = two @ day.passed
    done = day.acts[subjects * ways + relations]
    done = sp.diags(1.0 / (np.asarray(done.sum(axis=1)).ravel() + 0.2)) @ done
    return {
        "two": two.toarray()[back],
        "three": three.toarray()[back],
        "two act": (_by_relation(sp.csr_matrix(share)[back], relations, ways) @ day.acts).toarray(),
        "three act": (_by_relation(sp.csr_matrix(two)[back], relations, ways, 1e-3) @ day.acts).toarray(),
        "act two": (done @ day.passed).toarray(),
    }


def _by_relation(weights: sp.csr_matrix, relations: Ints, ways: int, least: float = 0.0) -> sp.csr_matrix:
    """Rows over entities as rows over (entity, the query's relation)."""
    coo = weights.tocoo()
    strong = coo.data > least
    row, column = coo.row[strong].astype(np.int64), coo.col[strong].astype(np.int64)
    columns = column * ways + relations[row]
    return sp.csr_matrix((coo.data[strong], (row, columns)), shape=(weights.shape[0], weights.shape[1] * ways))
