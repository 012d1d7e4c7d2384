"""The history as if some events had never been told, to see what they contribute.

What always holds: counters, newest days, pauses and weekdays of every table are worked out anew without those events,
exactly as if they had not been there, and are put back afterwards. The rates at which acts follow acts, and to which
country a person is counted, are habits of the whole world: they stay as learnt.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

from detente.forecasting.entity.facts import Flags, Floats, Ints
from detente.forecasting.entity.history import History
from detente.forecasting.entity.table import LONG_AGO, SPANS, SPEEDS, Table

_RECENT = 20_000
"""Events in which a cell's newest days are looked for before all are."""


def both_rows(history: History, rows: Ints) -> Ints:
    """The given rows of the history and their inverses, each once, in order."""
    subject, relation, other, day = history.rows[rows].T
    back = np.where(relation < history.relations, relation + history.relations, relation - history.relations)
    found = set(rows.tolist())
    for wanted in zip(other.tolist(), back.tolist(), subject.tolist(), day.tolist(), strict=True):
        first, end = np.searchsorted(history.rows[:, 3], [wanted[3], wanted[3] + 1])
        found.update((first + np.flatnonzero((history.rows[first:end] == wanted).all(1))).tolist())
    return np.array(sorted(found), dtype=np.int64)


@contextmanager
def without(history: History, rows: Ints) -> Iterator[None]:
    """Take events out of the history for the length of a block.

    Args:
        history: it stands, after the block, as it stood before.
        rows: which of its rows; their inverses go with them.
    """
    gone = both_rows(history, rows)
    end = int(np.searchsorted(history.rows[:, 3], history.told))
    gone = gone[gone < end]
    left = np.ones(end, bool)
    left[gone] = False
    tables = history.tables()
    touched = [np.unique(table.cell[gone]) for table in tables]
    pairs = np.unique(history.pair.cell[gone])
    kept = [_taken(table, cells) for table, cells in zip(tables, touched, strict=True)]
    strongest, alone = history.strongest[pairs].copy(), _alone(history)
    for table, cells in zip(tables, touched, strict=True):
        _recount(table, cells, history, gone, left)
    _recount_alone(history, gone, left)
    history.renew_strongest(pairs)
    try:
        yield
    finally:
        for table, cells, parts in zip(tables, touched, kept, strict=True):
            table.values[:, cells], table.last[cells], table.before[cells], table.weekdays[:, cells] = parts
        history.strongest[pairs] = strongest
        history.object, history.act, history.object_last = alone


def _taken(table: Table, cells: Ints) -> tuple[npt.NDArray[Any], ...]:
    return table.values[:, cells], table.last[cells], table.before[cells], table.weekdays[:, cells]


def _alone(history: History) -> tuple[Floats, Floats, Floats]:
    return history.object.copy(), history.act.copy(), history.object_last.copy()


def _decayed(history: History, days: Ints) -> Floats:
    """What each event of those days still counts for, (SPEEDS, events)."""
    weights = np.exp(-(history.now - days)[None, :] / SPANS[:, None])
    weights[SPEEDS - 1] = 1.0
    return np.asarray(weights, dtype=np.float32)


def _recount(table: Table, cells: Ints, history: History, gone: Ints, left: Flags) -> None:
    """Take the events out of each cell's counters, and find the newest days anew where they were among them."""
    own, days = table.cell[gone], history.rows[gone, 3]
    weights = _decayed(history, days)
    for cell in cells.tolist():
        taken = own == cell
        table.values[:, cell] -= weights[:, taken].sum(1)
        table.weekdays[:, cell] -= np.bincount(days[taken] % 7, minlength=7).astype(table.weekdays.dtype)
        if table.values[SPEEDS - 1, cell] < 1 / 2:  # none is left: no remainder of rounding may stay
            table.values[:, cell] = 0
        if days[taken].max() >= table.before[cell]:
            table.last[cell], table.before[cell] = _newest(table, cell, history, left)
    table.values[:, cells] = np.maximum(table.values[:, cells], 0)


def _newest(table: Table, cell: int, history: History, left: Flags) -> tuple[float, float]:
    """The newest two days of a cell's events that are left; looked for among the newest events first."""
    for start in (max(len(left) - _RECENT, 0), 0):
        span = slice(start, len(left))
        distinct = np.unique(history.rows[span, 3][(table.cell[span] == cell) & left[span]])
        if len(distinct) > 1:
            return float(distinct[-1]), float(distinct[-2])
    return (float(distinct[-1]) if len(distinct) else float(LONG_AGO)), float(LONG_AGO)


def _recount_alone(history: History, gone: Ints, left: Flags) -> None:
    """The counters of objects and of acts by themselves."""
    _, relation, other, days = history.rows[gone].T
    weights = _decayed(history, days)
    for speed in range(SPEEDS):
        np.subtract.at(history.object[speed], other, weights[speed])
        np.subtract.at(history.act[speed], relation, weights[speed])
    np.maximum(history.object, 0, out=history.object)
    np.maximum(history.act, 0, out=history.act)
    for entity in np.unique(other).tolist():
        rows = np.flatnonzero((history.rows[: len(left), 2] == entity) & left)
        history.object_last[entity] = history.rows[rows[-1], 3] if len(rows) else LONG_AGO
