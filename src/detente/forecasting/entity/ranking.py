"""Queries, ranks with the time-aware filter, and the figures made of them.

What always holds: of the other true answers only those of the same subject, relation and day are taken out of the
ranking; ties get the mean rank; both directions are asked; the figures are over all 2 x facts answers.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from detente.forecasting.entity.facts import Facts, Flags, Floats, Ints, both_ways

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Queries:
    """The questions of one day (subject, relation, ?), each once, with its answers.

    Attributes:
        day: the day.
        subject: (n,) subjects.
        relation: (n,) relations, inverse ones included.
        answers: for each query, its answers in the order of their numbers.
    """

    day: int
    subject: Ints
    relation: Ints
    answers: list[Ints]

    def part(self, start: int, end: int) -> "Queries":
        """Some of the day's queries."""
        return Queries(self.day, self.subject[start:end], self.relation[start:end], self.answers[start:end])

    def where(self, wanted: Flags) -> "Queries":
        """Those of the day's queries that are wanted."""
        answers = [found for found, take in zip(self.answers, wanted, strict=True) if take]
        return Queries(self.day, self.subject[wanted], self.relation[wanted], answers)


def queries_by_day(rows: Ints, relations: int) -> Iterator[Queries]:
    """The queries of facts, day by day, both directions.

    >>> [(q.day, q.subject.tolist()) for q in queries_by_day(np.array([[4, 0, 5, 1]]), 1)]
    [(1, [4, 5])]
    """
    everything = both_ways(rows, relations)
    for block in np.split(everything, np.flatnonzero(np.diff(everything[:, 3])) + 1):
        distinct = np.unique(block, axis=0)
        new = np.flatnonzero(np.any(np.diff(distinct[:, :2], axis=0) != 0, axis=1)) + 1
        groups = np.split(distinct, new)
        heads = np.array([group[0] for group in groups])
        yield Queries(int(block[0, 3]), heads[:, 0], heads[:, 1], [group[:, 2] for group in groups])


def ranks(scores: Floats, answers: Ints) -> Floats:
    """The rank of each answer among all entities that are not answers themselves, ties at their mean.

    >>> ranks(np.array([0.5, 0.9, 0.5, 0.1]), np.array([0])).tolist()
    [2.5]
    """
    own = scores[answers][:, None]
    others = np.delete(scores, answers)[None, :]
    return np.asarray((others > own).sum(1) + 1 + (others == own).sum(1) / 2, dtype=np.float32)


def ranks_in_two(first: Floats, best: Ints, scores: Floats, answers: Ints) -> Floats:
    """Ranks where the best candidates are ordered by `scores` and all others follow them in the order of `first`.

    Args:
        first: (entities,) first sums.
        best: (k,) the candidates.
        scores: (k,) their scores.
        answers: the true answers.
    """
    place = {entity: index for index, entity in enumerate(best.tolist())}
    inside = np.array([place.get(answer, -1) for answer in answers.tolist()])
    free = np.ones(len(best), bool)
    free[inside[inside >= 0]] = False
    against, result = scores[free], np.empty(len(answers), np.float32)
    outside = np.ones(len(first), bool)
    outside[best] = False
    outside[answers] = False
    for index, (answer, at) in enumerate(zip(answers.tolist(), inside.tolist(), strict=True)):
        if at >= 0:
            result[index] = (against > scores[at]).sum() + 1 + (against == scores[at]).sum() / 2
        else:
            behind = first[outside]
            result[index] = free.sum() + (behind > first[answer]).sum() + 1 + (behind == first[answer]).sum() / 2
    return result


def figures(found: Floats) -> Figures:
    """Mean reciprocal rank and hits in per cent, and how many answers they are of."""
    if not len(found):
        return {"mrr": 0.0, "hits1": 0.0, "hits3": 0.0, "hits10": 0.0, "answers": 0}
    hits = {f"hits{n}": round(float((found <= n).mean()) * 100, 2) for n in (1, 3, 10)}
    return {"mrr": round(float((1 / found.astype(np.float64)).mean()) * 100, 2), **hits, "answers": len(found)}


STRATA = ("recurrent", "pair seen", "new pair")


class Strata:
    """Which answers had been seen before: the whole triple, the pair alone, or neither."""

    def __init__(self, facts: Facts, frozen_at: int | None = None) -> None:
        """The first day of every triple and pair; with `frozen_at`, what came from that day on does not count."""
        rows = both_ways(facts.all, facts.relations)
        if frozen_at is not None:
            rows = rows[rows[:, 3] < frozen_at]
        self.entities, self.ways = facts.entities, 2 * facts.relations
        self._triples = _first_days((rows[:, 0] * self.ways + rows[:, 1]) * self.entities + rows[:, 2], rows[:, 3])
        self._pairs = _first_days(rows[:, 0] * self.entities + rows[:, 2], rows[:, 3])

    def of(self, subject: Ints, relation: Ints, other: Ints, day: Ints) -> Ints:
        """The stratum's number in `STRATA` of each answer."""
        triple = _seen(self._triples, (subject * self.ways + relation) * self.entities + other, day)
        pair = _seen(self._pairs, subject * self.entities + other, day)
        return np.where(triple, 0, np.where(pair, 1, 2))


def _first_days(keys: Ints, days: Ints) -> tuple[Ints, Ints]:
    unique, at = np.unique(keys, return_index=True)
    return unique, days[at]


def _seen(first: tuple[Ints, Ints], keys: Ints, days: Ints) -> Ints:
    known, when = first
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.asarray((known[at] == keys) & (when[at] < days))
