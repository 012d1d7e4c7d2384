"""Counters by (row, column), decayed at five speeds.

What always holds: a counter holds only what has been told to it, each telling weighed by `exp(-age / span)`; the
*layout* of a table (which keys it can hold) may come from the whole file, its *contents* never do, and a key without
contents reads exactly as a key that is not there.

Exponential decay of past events is the memory of a Hawkes process (Hawkes 1971), read off at five time constants.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from detente.forecasting.entity.facts import Floats, Ints

SPANS = np.array([2.0, 7.0, 30.0, 120.0, 1e9], dtype=np.float32)
"""Time constants in days: about a news cycle, a week, a month, a season, always."""
SPEEDS = len(SPANS)
NEVER = 999.0
"""The age in days of what has never happened."""
LONG_AGO = np.float32(-1e6)


@dataclass(slots=True)
class Table:
    """Counters laid out as compressed rows, with one empty cell at the end for what is not there.

    Attributes:
        starts: where each row's cells start; length rows + 1.
        columns: the column of each cell.
        cell: the cell of each event of the file, in the events' order.
        values: decayed counts, (SPEEDS, cells + 1).
        last: the day of the newest event of each cell; a large negative number where there is none.
        before: the day of the event before that one, on another day.
        weekdays: events by the day's number modulo seven, (7, cells + 1).
        width: how many columns there can be.
    """

    starts: Ints
    columns: Ints
    cell: Ints
    values: Floats
    last: Floats
    before: Floats
    weekdays: npt.NDArray[np.uint32]
    width: int
    _keys: Ints

    @classmethod
    def laid_out(cls, row: Ints, column: Ints, rows: int, width: int) -> "Table":
        """An empty table with a cell for each (row, column) that occurs."""
        keys, cell = np.unique(row * width + column, return_inverse=True)
        starts = np.searchsorted(keys, np.arange(rows + 1) * width)
        size = len(keys) + 1
        values = np.zeros((SPEEDS, size), np.float32)
        last, before = np.full(size, LONG_AGO), np.full(size, LONG_AGO)
        weekdays = np.zeros((7, size), np.uint32)
        return cls(starts, keys % width, cell.astype(np.int64), values, last, before, weekdays, width, keys)

    def rows(self) -> Ints:
        """The row of each cell."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def find(self, rows: Ints, columns: Ints) -> Ints:
        """The cells of (row, column) pairs; the empty one where there is none."""
        wanted = rows * self.width + columns
        at = np.searchsorted(self._keys, wanted)
        there = np.take(self._keys, at, mode="clip") == wanted
        return np.where(there, at, len(self._keys))

    def spread(self, rows: Ints) -> tuple[Ints, Ints]:
        """The cells of several rows that have contents: (index into `rows`, cell)."""
        which, cells = spread(self.starts, rows)
        full = self.last[cells] >= 0
        return which[full], cells[full]

    def sums(self) -> Floats:
        """The total of each row, (SPEEDS, rows)."""
        ends = np.concatenate([np.zeros((SPEEDS, 1)), np.cumsum(self.values[:, :-1], axis=1, dtype=np.float64)], axis=1)
        return np.asarray(ends[:, self.starts[1:]] - ends[:, self.starts[:-1]], dtype=np.float32)

    def tell(self, events: slice, day: int) -> None:
        """Count the file's events of a day, given as a slice of them."""
        touched, counts = np.unique(self.cell[events], return_counts=True)
        self.values[:, touched] += counts.astype(np.float32)
        self.weekdays[day % 7, touched] += counts.astype(np.uint32)
        self.before[touched] = self.last[touched]
        self.last[touched] = day

    def copied(self) -> "Table":
        """The same layout, with contents of its own."""
        return Table(self.starts, self.columns, self.cell, self.values.copy(), self.last.copy(), self.before.copy(),
                     self.weekdays.copy(), self.width, self._keys)  # fmt: skip


def spread(starts: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """All positions of several compressed rows.

    >>> [part.tolist() for part in spread(np.array([0, 2, 3]), np.array([1, 0]))]
    [[0, 1, 1], [2, 0, 1]]
    """
    return ranges(starts[rows], starts[rows + 1])


def ranges(first: Ints, end: Ints) -> tuple[Ints, Ints]:
    """All positions of several ranges: (which range, position).

    >>> [part.tolist() for part in ranges(np.array([4, 0]), np.array([5, 2]))]
    [[0, 1, 1], [4, 0, 1]]
    """
    sizes = end - first
    which = np.repeat(np.arange(len(sizes)), sizes)
    offset = np.arange(len(which)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return which, np.repeat(first, sizes) + offset


class Found:
    """Rows of a table, read for a batch of queries."""

    def __init__(self, table: Table, rows: Ints, width: int) -> None:
        self.table, self.size, self.width = table, len(rows), width
        self.which, self.at = table.spread(rows)
        self.map = np.full((self.size, width), len(table.columns), np.int32)
        self.map[self.which, table.columns[self.at]] = self.at

    def cells(self, columns: Ints) -> Ints:
        """The cells of some columns of each row, (rows, k)."""
        return np.asarray(np.take_along_axis(self.map, columns, 1), dtype=np.int64)

    def dense(self, speed: int) -> Floats:
        """All counters of the rows, (rows, width)."""
        return np.asarray(self.table.values[speed][self.map], dtype=np.float32)

    def total(self, speed: int, *, distinct: bool = False) -> Floats:
        """The sum of each row's counters, or how many of them hold something."""
        weights = None if distinct else self.table.values[speed][self.at]
        return np.bincount(self.which, weights, self.size).astype(np.float32)

    def add(self, into: Floats, speed: int, weight: Floats) -> None:
        """Add the rows' counters, each row by its weight, to (rows, width)."""
        into[self.which, self.table.columns[self.at]] += weight[self.which] * self.table.values[speed][self.at]


def logged(share: Floats, least: float = 0.003) -> Floats:
    """The logarithm of a share, bounded below."""
    return np.asarray(np.log(share + np.float32(least)))


def age(table: Table, cells: Ints, now: int) -> Floats:
    """The logarithm of the days since a cell's newest event."""
    return np.asarray(np.log1p(np.minimum(now - table.last[cells], NEVER)))
