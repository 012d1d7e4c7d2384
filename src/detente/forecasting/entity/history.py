"""Counters of the past, decayed at five speeds and rolled forward a day at a time.

What always holds: a counter holds only what has been told to it, each telling weighed by `exp(-age / span)`; the
*layout* of a table (which keys it can hold) may come from the whole file, its *contents* never do, and a key without
contents reads exactly as a key that is not there.

Exponential decay of past events is the memory of a Hawkes process (Hawkes 1971), read off at five time constants.
"""

import copy
from dataclasses import dataclass

import numpy as np

from detente.forecasting.entity.facts import Floats, Ints
from detente.forecasting.entity.traits import Traits, countries_then, drift

SPANS = np.array([2.0, 7.0, 30.0, 120.0, 1e9], dtype=np.float32)
"""Time constants in days: about a news cycle, a week, a month, a season, always."""
SPEEDS = len(SPANS)
NEVER = 999.0
"""The age in days of what has never happened."""
_KEEP = 6
"""How many of a pair's strongest past relations are kept at hand."""


@dataclass(slots=True)
class Table:
    """Counters by (row, column), laid out as compressed rows, with one empty cell at the end for what is not there.

    Attributes:
        starts: where each row's cells start; length rows + 1.
        columns: the column of each cell.
        cell: the cell of each event of the file, in the events' order.
        values: decayed counts, (SPEEDS, cells + 1).
        last: the day of the newest event of each cell; a large negative number where there is none.
    """

    starts: Ints
    columns: Ints
    cell: Ints
    values: Floats
    last: Floats

    @classmethod
    def laid_out(cls, row: Ints, column: Ints, rows: int, width: int) -> "Table":
        """An empty table with a cell for each (row, column) that occurs."""
        keys, cell = np.unique(row * width + column, return_inverse=True)
        starts = np.searchsorted(keys, np.arange(rows + 1) * width)
        size = len(keys) + 1
        values = np.zeros((SPEEDS, size), np.float32)
        return cls(starts, keys % width, cell.astype(np.int64), values, np.full(size, -1e6, np.float32))

    def spread(self, rows: Ints) -> tuple[Ints, Ints]:
        """The cells of several rows that have contents: (index into `rows`, cell)."""
        which, cells = spread(self.starts, rows)
        full = self.last[cells] >= 0
        return which[full], cells[full]

    def tell(self, cells: Ints, day: int) -> None:
        """Count events of a day."""
        touched, counts = np.unique(cells, return_counts=True)
        self.values[:, touched] += counts.astype(np.float32)
        self.last[touched] = day


def spread(starts: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """All positions of several compressed rows.

    >>> [part.tolist() for part in spread(np.array([0, 2, 3]), np.array([1, 0]))]
    [[0, 1, 1], [2, 0, 1]]
    """
    sizes = starts[rows + 1] - starts[rows]
    which = np.repeat(np.arange(len(rows)), sizes)
    offset = np.arange(len(which)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return which, np.repeat(starts[rows], sizes) + offset


class History:
    """All that has been told so far.

    Attributes:
        now: the day as of which the counters stand; events told are of earlier days.
    """

    def __init__(self, rows: Ints, entities: int, relations: int, traits: Traits) -> None:
        """An empty history with the layout for `rows` (both ways, sorted by day); nothing is told yet."""
        self.rows, self.entities, self.relations, self.traits = rows, entities, relations, traits
        self.ways = ways = 2 * relations
        subject, relation, other = rows[:, 0], rows[:, 1], rows[:, 2]
        then = countries_then(rows, traits)
        self._then_object = _flipped(rows, then, relations)
        self.triple = Table.laid_out(subject * ways + relation, other, entities * ways, entities)
        self.pair = Table.laid_out(subject, other, entities, entities)
        self.relation_object = Table.laid_out(relation, other, ways, entities)
        self.country_object = Table.laid_out(then * ways + relation, other, traits.countries * ways, entities)
        sector = traits.sector[subject]
        self.sector_object = Table.laid_out(sector * ways + relation, other, traits.sectors * ways, entities)
        alike = (then == self._then_object) & (then != 0)
        kind = traits.sector[other] * 2 + alike
        self.kinds = Table.laid_out(sector * ways + relation, kind, traits.sectors * ways, 2 * traits.sectors)
        self.countries = Table.laid_out(
            then * ways + relation, self._then_object, traits.countries * ways, traits.countries
        )
        self._lay_out_pairs(subject, other)
        self.object = np.zeros((SPEEDS, entities), np.float32)
        self.object_last = np.full(entities, -1e6, np.float32)
        self.act = np.zeros((SPEEDS, ways), np.float32)
        self.follows = np.zeros((SPEEDS, ways, ways), np.float32)
        self.country = traits.country.copy()
        self._moves = drift(rows, traits)
        self._moved = 0
        self.now = self._next = int(rows[0, 3]) if len(rows) else 0

    def _lay_out_pairs(self, subject: Ints, other: Ints) -> None:
        """Which triples belong to which pair, and the store of each pair's strongest ones."""
        table, ways = self.triple, self.ways
        row = np.repeat(np.arange(len(table.starts) - 1), np.diff(table.starts))
        self.triple_relation = np.append(row % ways, ways)
        pairs = np.unique(subject * self.entities + other)
        owner = np.searchsorted(pairs, row // ways * self.entities + table.columns)
        self.pair_triples = np.argsort(owner, kind="stable")
        self.pair_starts = np.searchsorted(owner[self.pair_triples], np.arange(len(pairs) + 1))
        self.strongest = np.full((len(pairs) + 1, _KEEP), len(table.columns), np.int64)

    def tables(self) -> list[Table]:
        """All tables, in a fixed order."""
        return [self.triple, self.pair, self.relation_object, self.country_object, self.sector_object,
                self.kinds, self.countries]  # fmt: skip

    def roll(self, day: int) -> None:
        """Let time pass until the start of a day."""
        if day <= self.now:
            return
        fade = np.exp(-np.float32(day - self.now) / SPANS)[:, None]
        for table in self.tables():
            table.values[:4] *= fade[:4]
        self.object[:4] *= fade[:4]
        self.act[:4] *= fade[:4]
        self.now = day

    def until(self, day: int) -> None:
        """Tell every day before this one that has not been told yet, and stand at its start."""
        for untold in range(self._next, day):
            self.tell(untold)
        self.roll(day)

    def tell(self, day: int) -> None:
        """Add the events of a day; no day may be told twice, or after a later one."""
        if day < self._next:
            raise ValueError(f"day {day} has been told already, or a later one has")
        self.roll(day)
        self._next = day + 1
        first, end = np.searchsorted(self.rows[:, 3], [day, day + 1])
        if first == end:
            return
        span = slice(int(first), int(end))
        self._tell_follows(span)
        for table in self.tables():
            table.tell(table.cell[span], day)
        others, counts = np.unique(self.rows[span, 2], return_counts=True)
        self.object[:, others] += counts.astype(np.float32)
        self.object_last[others] = day
        acts, counts = np.unique(self.rows[span, 1], return_counts=True)
        self.act[:, acts] += counts.astype(np.float32)
        self._tell_strongest(np.unique(self.pair.cell[span]))
        while self._moved < len(self._moves) and self._moves[self._moved][0] <= day:
            _, entity, country = self._moves[self._moved]
            self.country[entity] = country
            self._moved += 1

    def _tell_follows(self, span: slice) -> None:
        """Count which relation of a pair came after which earlier ones, before the day's own events are told."""
        which, at = spread(self.pair_starts, self.pair.cell[span])
        triples = self.pair_triples[at]
        full = self.triple.last[triples] >= 0
        which, triples = which[full], triples[full]
        key = self.triple_relation[triples] * self.ways + self.rows[span, 1][which]
        for speed in range(SPEEDS):
            weights = self.triple.values[speed][triples]
            self.follows[speed] += np.bincount(key, weights, self.ways**2).reshape(self.ways, -1)

    def _tell_strongest(self, pairs: Ints) -> None:
        """Renew the strongest past relations of the pairs that something happened to."""
        which, at = spread(self.pair_starts, pairs)
        triples = self.pair_triples[at]
        full = self.triple.last[triples] >= 0
        which, triples = which[full], triples[full]
        order = np.lexsort((triples, -self.triple.values[3][triples], which))
        which, triples = which[order], triples[order]
        place = np.arange(len(which)) - np.searchsorted(which, which)
        best = place < _KEEP
        self.strongest[pairs[which[best]], place[best]] = triples[best]

    def frozen(self) -> "History":
        """A copy that time can pass over without changing this history; layouts are shared."""
        twin = copy.copy(self)
        for name in ("triple", "pair", "relation_object", "country_object", "sector_object", "kinds", "countries"):
            table: Table = getattr(self, name)
            setattr(twin, name, Table(table.starts, table.columns, table.cell, table.values.copy(), table.last))
        twin.object, twin.act = self.object.copy(), self.act.copy()
        return twin


def _flipped(rows: Ints, then: Ints, relations: int) -> Ints:
    """The object's country then: the subject's country of the inverse row of the same day."""
    back = np.where(rows[:, 1] < relations, rows[:, 1] + relations, rows[:, 1] - relations)
    forward = np.lexsort((rows[:, 2], rows[:, 1], rows[:, 0], rows[:, 3]))
    mirrored = np.lexsort((rows[:, 0], back, rows[:, 2], rows[:, 3]))
    result = np.empty(len(rows), dtype=np.int64)
    result[mirrored] = then[forward]
    return result
