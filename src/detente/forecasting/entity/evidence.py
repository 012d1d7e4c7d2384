"""For a query (subject, relation, ?, day): the candidates, and what the past says of each.

What always holds: a query's evidence depends on the history and on the query alone: not on the day's other queries,
nor on their order or number; the columns are those of `COLUMNS`, always in that order.
"""

from dataclasses import dataclass

import numpy as np

from detente.forecasting.entity import groups, likeness
from detente.forecasting.entity.facts import Floats, Ints
from detente.forecasting.entity.history import History
from detente.forecasting.entity.patterns import Day, follow, walks
from detente.forecasting.entity.table import NEVER, SPEEDS, Found, age, logged

_SPEED_NAMES = ("2 days", "a week", "a month", "a season", "ever")
COLUMNS: tuple[str, ...] = (
    *(f"share of this act by this subject, {name}" for name in _SPEED_NAMES),
    *(f"this act between the two, {name}" for name in _SPEED_NAMES),
    "days since this act between the two",
    *(f"share of the subject's acts, {name}" for name in _SPEED_NAMES),
    "acts between the two, a week", "acts between the two, ever", "days since any act between the two",
    *(f"follows from earlier acts, {name}" for name in _SPEED_NAMES),
    "this act the other way, a week", "this act the other way, a month", "this act the other way, ever",
    "days since this act the other way",
    *(f"share of this act by anyone, {name}" for name in _SPEED_NAMES),
    "days since this act by anyone",
    "object of anything, a week", "object of anything, a month", "object of anything, ever",
    "days since object of anything",
    "two steps", "three steps", "two steps by this act", "three steps by this act", "near this act's objects",
    "the act's volume by the subject, a week", "the act's volume by the subject, ever",
    "the subject's volume, ever", "the act's volume, a month", "how many objects so far", "asked the other way",
    "the act's volume, 2 days", "the subject's volume, 2 days", "days without news",
    *(f"expected on the object by anyone, {name}" for name in ("2 days", "a month", "a season")),
    "days between this act and the one before", "days between the pair's acts",
    "this act due by its last pause", "this act on this weekday", "this act by anyone on this weekday",
    *groups.COLUMNS, *likeness.COLUMNS, "all counters together", "place by all counters together",
)  # fmt: skip
WIDTH = len(COLUMNS)
OF_QUERY = (
    "the act's volume by the subject, a week", "the act's volume by the subject, ever", "the subject's volume, ever",
    "the act's volume, a month", "how many objects so far", "asked the other way", "the act's volume, 2 days",
    "the subject's volume, 2 days", "days without news",
)  # fmt: skip
"""Columns that are the same for all candidates of a query."""
PAST = 6
"""Past relations of the pair that are handed on one by one."""


@dataclass(slots=True)
class Evidence:
    """What the past says of some candidates of some queries.

    Attributes:
        subject: (n,) the queries' subjects.
        relation: (n,) their relations.
        candidates: (n, k) entities.
        columns: (n, k, WIDTH) the numbers named in `COLUMNS`.
        past: (n, k, PAST) relations that the pair had before; `ways` where there are fewer.
        age: (n, k, PAST) days since.
        count: (n, k, PAST) the season's counter.
    """

    subject: Ints
    relation: Ints
    candidates: Ints
    columns: Floats
    past: Ints
    age: Floats
    count: Floats


class Bench:
    """The evidence of a batch of queries on one day, worked out over all entities and read off for chosen ones."""

    def __init__(self, history: History, day: Day, subject: Ints, relation: Ints, depth: int) -> None:
        """Look up everything that the queries need, and pick the `depth` best candidates by the first sum."""
        self.history, self.day, self.subject, self.relation = history, day, subject, relation
        ways, relations = history.ways, history.relations
        self.row = subject * ways + relation
        back = np.where(relation < relations, relation + relations, relation - relations)
        country = history.country[subject] * ways + relation
        sector = history.traits.sector[subject] * ways + relation
        self.triple = Found(history.triple, self.row, history.entities)
        self.act = np.stack([self.triple.total(speed) for speed in range(SPEEDS)])
        self.pair = Found(history.pair, subject, history.entities)
        self.back = Found(history.triple, subject * ways + back, history.entities)
        self.anyone = Found(history.relation_object, relation, history.entities)
        self.country = Found(history.country_object, country, history.entities)
        self.sector = Found(history.sector_object, sector, history.entities)
        self.kinds = Found(history.kinds, sector, 2 * history.traits.sectors)
        self.countries = Found(history.countries, country, history.traits.countries)
        self.follow = follow(history, day, subject, relation)
        self.walks = walks(history, day, subject, relation)
        self.same = (history.country[subject][:, None] == history.country[None, :]) & (history.country != 0)[None, :]
        self.first = self._first_sum()
        self.best = self._best(depth)

    def _first_sum(self) -> Floats:
        """A fixed weighted sum that picks the candidates; its weights are set by hand, not fitted."""
        history, day = self.history, self.day
        result = 0.25 * _shares(self.follow[2]) + 0.1 * _shares(self.walks["two"]) + 0.05 * _shares(self.walks["three"])
        result += 0.1 * _shares(self.walks["two act"]) + 0.05 * _shares(self.walks["three act"])
        result += (0.0005 / 50.0) * history.object[2][None, :]
        act, subject = self.act, day.subject[:, self.subject]
        for found, speed, weight, total in (
            (self.triple, 2, 0.3, act[2] + 0.2), (self.triple, 4, 0.15, act[4] + 0.2),
            (self.pair, 2, 0.1, subject[2] + 0.5), (self.pair, 4, 0.05, subject[4] + 0.5),
            (self.anyone, 2, 0.07, history.act[2][self.relation] + 1.0),
            (self.anyone, 4, 0.03, history.act[4][self.relation] + 1.0),
            (self.country, 3, 0.12, self.country.total(3) + 0.5), (self.sector, 3, 0.03, self.sector.total(3) + 0.5),
        ):  # fmt: skip
            found.add(result, speed, weight / total)
        kind = self.kinds.dense(3) / (self.kinds.total(3) + 2.0)[:, None]
        near = self.countries.dense(3) / (self.countries.total(3) + 2.0)[:, None]
        column = history.traits.sector[None, :] * 2 + self.same
        result += 0.02 * np.take_along_axis(kind, column, 1) * near[:, history.country] / 10.0
        return np.asarray(result, dtype=np.float32)

    def _best(self, count: int) -> Ints:
        """The candidates with the greatest first sums, best first; ties in the order of their numbers."""
        count = min(count, self.history.entities)
        order = np.argpartition(-self.first, count - 1, axis=1)[:, :count]
        order.sort(axis=1)
        by_sum = np.argsort(-np.take_along_axis(self.first, order, 1), axis=1, kind="stable")
        return np.asarray(np.take_along_axis(order, by_sum, 1), dtype=np.int64)

    def read(self, candidates: Ints) -> Evidence:
        """The evidence for chosen candidates, (queries, k)."""
        history = self.history
        pair = self.pair.cells(candidates)
        strongest = history.strongest[pair]
        past = history.triple_relation[strongest]
        gone = past == history.ways
        days = np.where(gone, 0.0, history.now - history.triple.last[strongest])
        count = np.where(gone, 0.0, history.triple.values[3][strongest])
        columns = np.stack(self._columns(candidates, pair), axis=-1)
        return Evidence(self.subject, self.relation, candidates, columns, past,
                        days.astype(np.float32), count.astype(np.float32))  # fmt: skip

    def _columns(self, candidates: Ints, pair: Ints) -> list[Floats]:
        history, day = self.history, self.day
        now, shape = history.now, candidates.shape
        act, subject = self.act + 0.2, day.subject[:, self.subject] + 0.5
        triple, back = self.triple.cells(candidates), self.back.cells(candidates)
        anyone, values = self.anyone.cells(candidates), history.triple.values
        out = [logged(values[k][triple] / act[k][:, None]) for k in range(5)]
        out += [np.log1p(values[k][triple]) for k in range(5)]
        out.append(age(history.triple, triple, now))
        out += [logged(history.pair.values[k][pair] / subject[k][:, None]) for k in range(5)]
        out += [np.log1p(history.pair.values[k][pair]) for k in (1, 4)]
        out.append(age(history.pair, pair, now))
        out += [logged(np.take_along_axis(self.follow[k], candidates, 1), 1e-4) for k in range(5)]
        out += [np.log1p(values[k][back]) for k in (1, 2, 4)]
        out.append(age(history.triple, back, now))
        total = history.act[:, self.relation] + 1.0
        out += [logged(history.relation_object.values[k][anyone] / total[k][:, None]) for k in range(5)]
        out.append(age(history.relation_object, anyone, now))
        out += [np.log1p(history.object[k][candidates]) for k in (1, 2, 4)]
        out.append(np.log1p(np.minimum(now - history.object_last[candidates], NEVER)))
        out += [logged(np.take_along_axis(walk, candidates, 1), 1e-4) for walk in self.walks.values()]
        for volume in (act[1], act[4], subject[4], total[2], self.triple.total(4, distinct=True)):
            out.append(np.broadcast_to(np.log1p(volume)[:, None], shape))
        out.append(np.broadcast_to((self.relation >= history.relations)[:, None], shape))
        out += self._rhythm_columns(candidates, triple, pair, anyone)
        same = np.take_along_axis(self.same, candidates, 1)
        out += groups.columns(history, self.subject, self.relation, candidates, same)
        out += likeness.columns(history, day.likeness, self.subject, self.relation, candidates, anyone)
        first = np.take_along_axis(self.first, candidates, 1)
        place = _places(np.take_along_axis(self.first, self.best, 1), first)
        out += [logged(first, 1e-4), np.log1p(place)]
        return [np.asarray(column, dtype=np.float32) for column in out]

    def _rhythm_columns(self, candidates: Ints, triple: Ints, pair: Ints, anyone: Ints) -> list[Floats]:
        """Volumes of the last days, what is to be expected on the object, and pauses and weekdays."""
        history, shape, now = self.history, candidates.shape, self.history.now
        out = [np.broadcast_to(np.log1p(volume)[:, None], shape)
               for volume in (history.act[0, self.relation], self.day.subject[0, self.subject])]  # fmt: skip
        out.append(np.full(shape, np.log1p(now - history.told), np.float32))
        relation = np.broadcast_to(self.relation[:, None], shape)
        out += [logged(heat[candidates, relation], 1e-4) for heat in self.day.heat]
        pauses = []
        for table, cells in ((history.triple, triple), (history.pair, pair)):
            pauses.append(np.log1p(np.clip(table.last[cells] - table.before[cells], 0, NEVER)))
        out += pauses
        due = age(history.triple, triple, now) - pauses[0]
        out.append(np.where(pauses[0] < np.log1p(NEVER), due, 0))
        weekday = now % 7
        for table, cells in ((history.triple, triple), (history.relation_object, anyone)):
            out.append(np.log((table.weekdays[weekday][cells] + 0.5) / (table.values[4][cells] / 7 + 0.5)))
        return [np.asarray(part, dtype=np.float32) for part in out]


def _shares(scores: Floats) -> Floats:
    return np.asarray(scores / (scores.sum(axis=1, keepdims=True) + 1e-3))


def _places(best: Floats, chosen: Floats) -> Floats:
    """How many of the best sums of the row (greatest first) are greater than each chosen one."""
    rows = [np.searchsorted(-row, -pick, "left") for row, pick in zip(best, chosen, strict=True)]
    return np.asarray(rows, dtype=np.float32)
