"""Likeness of entities: low-rank embeddings of who dealt with whom lately.

What always holds: the embeddings are computed anew for a day from the history as it stands, from a fixed start, so
that they depend on nothing else; a sign or a rotation of the axes changes no column.

The contacts of the last season, divided by the square roots of both parties' totals, are approximated by their
leading eigenvectors with subspace iteration (Halko, Martinsson & Tropp 2011); an entity's vector is its row, scaled
by the roots of the eigenvalues' sizes and brought to length one.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from detente.forecasting.entity.facts import Floats, Ints
from detente.forecasting.entity.history import History
from detente.forecasting.entity.table import logged

RANK, _ROUNDS = 32, 4
_FAINT = 0.02
COLUMNS: tuple[str, ...] = (
    "likeness of the two", "expected contact of the two",
    "likeness to those who did this act to it", "acts by those like the subject",
    "likeness to this act's objects", "likeness to recent contacts",
)  # fmt: skip


@dataclass(slots=True)
class Likeness:
    """The day's embeddings.

    Attributes:
        unit: (entities, RANK) vectors of length one, or nought for who had no contact.
        vectors: the eigenvectors, (entities, RANK).
        values: the eigenvalues, (RANK,).
        doers: (cells of relation_object + 1, RANK) the sum of the vectors of those who did the act to the object.
        acts: (cells + 1,) how many they are, decayed over a season.
    """

    unit: Floats
    vectors: Floats
    values: Floats
    doers: Floats
    acts: Floats


def prepare(history: History) -> Likeness:
    """The embeddings, from the history as it stands."""
    pair, count = history.pair, history.entities
    weight = np.log1p(np.where(pair.values[3][:-1] >= _FAINT, pair.values[3][:-1], 0))
    contacts = sp.csr_matrix((weight, pair.columns.astype(np.int32), pair.starts.astype(np.int32)), (count, count))
    contacts.eliminate_zeros()
    scale = sp.diags(1 / np.sqrt(np.asarray(contacts.sum(1)).ravel() + 1.0))
    contacts = sp.csr_matrix(scale @ contacts @ scale, dtype=np.float32)
    rng = np.random.default_rng(0)
    basis = rng.standard_normal((count, min(RANK + 8, count))).astype(np.float32)
    for _ in range(_ROUNDS):
        basis, _upper = np.linalg.qr(contacts @ basis)
    values, turn = np.linalg.eigh(basis.T @ (contacts @ basis))
    first = np.argsort(-np.abs(values), kind="stable")[:RANK]
    vectors = np.asarray(basis @ turn[:, first], dtype=np.float32)
    unit = vectors * np.sqrt(np.abs(values[first])).astype(np.float32)
    length = np.sqrt((unit**2).sum(1, keepdims=True))
    unit = np.where(length > 1e-6, unit / np.maximum(length, 1e-6), 0).astype(np.float32)
    return Likeness(unit, vectors, values[first].astype(np.float32), *_doers(history, unit))


def _doers(history: History, unit: Floats) -> tuple[Floats, Floats]:
    """The sums over the triples of each (act, object), in the order of that table's cells."""
    triple, target = history.triple, history.relation_object
    full = np.flatnonzero(triple.values[3][:-1] >= _FAINT)
    cell = history.triple_cell[full]
    weight, size = triple.values[3][full], len(target.columns) + 1
    who = history.triple_subject[full]
    sums = sp.csr_matrix((weight, (cell, who)), shape=(size, history.entities), dtype=np.float32) @ unit
    return np.asarray(sums, dtype=np.float32), np.bincount(cell, weight, size).astype(np.float32)


def columns(history: History, day: Likeness, subject: Ints, relation: Ints, candidates: Ints,
            targets: Ints) -> list[Floats]:  # fmt: skip
    """The columns named in `COLUMNS`; `targets` are the cells of (act, candidate) in `relation_object`."""
    own, other = day.unit[subject], day.unit[candidates]
    out = [np.matmul(other, own[:, :, None])[..., 0]]
    out.append(logged(_expected(history, day, subject, candidates), 1e-4))
    done = np.matmul(day.doers[targets], own[:, :, None])[..., 0]
    out += [done / (day.acts[targets] + 0.1), logged(np.maximum(done, 0), 0.01)]
    act = _mean_object(history, day, subject * history.ways + relation)
    out.append(np.matmul(other, act[:, :, None])[..., 0])
    out.append(np.matmul(other, _recent(history, day, subject)[:, :, None])[..., 0])
    return out


def _expected(history: History, day: Likeness, subject: Ints, candidates: Ints) -> Floats:
    """The approximated contact, as a share of the subject's."""
    left = day.vectors[subject] * day.values
    contact = np.maximum(np.matmul(day.vectors[candidates], left[:, :, None])[..., 0], 0)
    size = np.sqrt(history.object[3] + 1)
    return np.asarray(contact * size[candidates] / size[subject][:, None])


def _mean_object(history: History, day: Likeness, rows: Ints) -> Floats:
    """The mean vector of the act's objects so far, weighed by a season's counter."""
    which, cells = history.triple.spread(rows)
    weight = history.triple.values[3][cells]
    return _mean(day, which, history.triple.columns[cells], weight, len(rows))


def _recent(history: History, day: Likeness, subject: Ints) -> Floats:
    """The mean vector of the subject's contacts of the last days."""
    which, cells = history.pair.spread(subject)
    weight = history.pair.values[1][cells]
    strong = weight >= _FAINT
    return _mean(day, which[strong], history.pair.columns[cells][strong], weight[strong], len(subject))


def _mean(day: Likeness, which: Ints, who: Ints, weight: Floats, rows: int) -> Floats:
    matrix = sp.csr_matrix((weight, (which, who)), shape=(rows, len(day.unit)), dtype=np.float32)
    total = np.asarray(matrix.sum(1)).ravel() + 0.1
    return np.asarray((matrix @ day.unit) / total[:, None], dtype=np.float32)
