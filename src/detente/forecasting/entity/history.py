"""All that has been told so far, rolled forward a day at a time.

What always holds: a day's events are told after the day's questions; nothing here is read from events not yet told
(layouts of the tables apart, see `table`), and a day is told once.
"""

import copy

import numpy as np

from detente.forecasting.entity.facts import Floats, Ints
from detente.forecasting.entity.table import SPANS, SPEEDS, Table, spread
from detente.forecasting.entity.traits import Traits, countries_then, drift

_KEEP = 6
"""How many of a pair's strongest past relations are kept at hand."""
_TABLES = (
    "triple", "pair", "doer", "relation_object", "country_object", "country_any", "sector_object", "kinds", "countries",
    "subject_country", "act_country", "subject_kind", "act_kind", "country_pair", "country_kind",
)  # fmt: skip


class History:
    """All that has been told so far.

    Attributes:
        now: the day as of which the counters stand; events told are of earlier days.
        told: the first day that has not been told.
    """

    def __init__(self, rows: Ints, entities: int, relations: int, traits: Traits) -> None:
        """An empty history with the layout for `rows` (both ways, sorted by day); nothing is told yet."""
        self.rows, self.entities, self.relations, self.traits = rows, entities, relations, traits
        self.ways = ways = 2 * relations
        self._lay_out()
        self.object = np.zeros((SPEEDS, entities), np.float32)
        self.object_last = np.full(entities, -1e6, np.float32)
        self.act = np.zeros((SPEEDS, ways), np.float32)
        self.follows = np.zeros((SPEEDS, ways, ways), np.float32)
        self.heats = np.zeros((SPEEDS, ways, ways), np.float32)
        self.country = traits.country.copy()
        self._moves = drift(rows, traits)
        self._moved = 0
        self.now = self.told = int(rows[0, 3]) if len(rows) else 0

    def _lay_out(self) -> None:
        """The tables: who did what to whom; the same by country, and by kind: sector, and whether of one country."""
        entities, ways, traits = self.entities, self.ways, self.traits
        subject, relation, other = self.rows[:, 0], self.rows[:, 1], self.rows[:, 2]
        then = countries_then(self.rows, traits)
        land = _flipped(self.rows, then, self.relations)
        act, by_country = subject * ways + relation, then * ways + relation
        sector = traits.sector[subject] * ways + relation
        kind, kinds = traits.sector[other] * 2 + ((then == land) & (then != 0)), 2 * traits.sectors
        lay = Table.laid_out
        self.triple = lay(act, other, entities * ways, entities)
        self.pair = lay(subject, other, entities, entities)
        self.doer = lay(subject, relation, entities, ways)
        self.relation_object = lay(relation, other, ways, entities)
        self.country_object = lay(by_country, other, traits.countries * ways, entities)
        self.country_any = lay(then, other, traits.countries, entities)
        self.sector_object = lay(sector, other, traits.sectors * ways, entities)
        self.kinds = lay(sector, kind, traits.sectors * ways, kinds)
        self.countries = lay(by_country, land, traits.countries * ways, traits.countries)
        self.subject_country = lay(subject, land, entities, traits.countries)
        self.act_country = lay(act, land, entities * ways, traits.countries)
        self.subject_kind = lay(subject, kind, entities, kinds)
        self.act_kind = lay(act, kind, entities * ways, kinds)
        self.country_pair = lay(then, land, traits.countries, traits.countries)
        self.country_kind = lay(by_country, kind, traits.countries * ways, kinds)
        self._lay_out_pairs(subject, other)

    def _lay_out_pairs(self, subject: Ints, other: Ints) -> None:
        """Which triples belong to which pair, and the store of each pair's strongest ones."""
        table, ways = self.triple, self.ways
        row = table.rows()
        self.triple_relation, self.triple_subject = np.append(row % ways, ways), row // ways
        self.triple_cell = self.relation_object.find(row % ways, table.columns)
        pairs = np.unique(subject * self.entities + other)
        owner = np.searchsorted(pairs, row // ways * self.entities + table.columns)
        self.pair_triples = np.argsort(owner, kind="stable")
        self.pair_starts = np.searchsorted(owner[self.pair_triples], np.arange(len(pairs) + 1))
        self.strongest = np.full((len(pairs) + 1, _KEEP), len(table.columns), np.int64)

    def tables(self) -> list[Table]:
        """All tables, in a fixed order."""
        return [getattr(self, name) for name in _TABLES]

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

    def wait(self, day: int) -> None:
        """Stand at the start of a day without knowing what came since: ages grow, counters stay as last known.

        Counters that faded on through weeks without news would tell less and less of who was busy when the news ended;
        how long ago that was is evidence of its own. Nothing can be told to a history that has waited.
        """
        self.now = max(day, self.now)

    def until(self, day: int) -> None:
        """Tell every day before this one that has not been told yet, and stand at its start."""
        for untold in range(self.told, day):
            self.tell(untold)
        self.roll(day)

    def tell(self, day: int) -> None:
        """Add the events of a day; no day may be told twice, or after a later one."""
        if day < self.told:
            raise ValueError(f"day {day} has been told already, or a later one has")
        self.roll(day)
        self.told = day + 1
        first, end = np.searchsorted(self.rows[:, 3], [day, day + 1])
        if first == end:
            return
        span = slice(int(first), int(end))
        self._tell_follows(span)
        for table in self.tables():
            table.tell(span, day)
        others, counts = np.unique(self.rows[span, 2], return_counts=True)
        self.object[:, others] += counts.astype(np.float32)
        self.object_last[others] = day
        acts, counts = np.unique(self.rows[span, 1], return_counts=True)
        self.act[:, acts] += counts.astype(np.float32)
        self.renew_strongest(np.unique(self.pair.cell[span]))
        while self._moved < len(self._moves) and self._moves[self._moved][0] <= day:
            _, entity, country = self._moves[self._moved]
            self.country[entity] = country
            self._moved += 1

    def _tell_follows(self, span: slice) -> None:
        """Count which acts came after which earlier ones of the pair, and of the object with anyone.

        To be called before the day's own events are told.
        """
        which, at = spread(self.pair_starts, self.pair.cell[span])
        self._count(self.follows, self.triple, which, self.pair_triples[at], self.triple_relation, span)
        which, at = self.doer.spread(self.rows[span, 2])
        self._count(self.heats, self.doer, which, at, self.doer.columns, span)

    def _count(self, into: Floats, table: Table, which: Ints, cells: Ints, acts: Ints, span: slice) -> None:
        full = table.last[cells] >= 0
        which, cells = which[full], cells[full]
        key = acts[cells] * self.ways + self.rows[span, 1][which]
        for speed in range(SPEEDS):
            into[speed] += np.bincount(key, table.values[speed][cells], self.ways**2).reshape(self.ways, -1)

    def renew_strongest(self, pairs: Ints) -> None:
        """Renew the strongest past relations of the pairs that something happened to."""
        self.strongest[pairs] = len(self.triple.columns)
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
        for name in _TABLES:
            setattr(twin, name, getattr(self, name).copied())
        for name in ("object", "object_last", "act", "follows", "heats", "strongest", "country"):
            setattr(twin, name, getattr(self, name).copy())
        return twin


def _flipped(rows: Ints, then: Ints, relations: int) -> Ints:
    """The object's country then: the subject's country of the inverse row of the same day."""
    back = np.where(rows[:, 1] < relations, rows[:, 1] + relations, rows[:, 1] - relations)
    forward = np.lexsort((rows[:, 2], rows[:, 1], rows[:, 0], rows[:, 3]))
    mirrored = np.lexsort((rows[:, 0], back, rows[:, 2], rows[:, 3]))
    result = np.empty(len(rows), dtype=np.int64)
    result[mirrored] = then[forward]
    return result
