"""The entity forecaster: who will be the object of (subject, act, ?, day).

What always holds: a day is asked about before it is told; weights are fitted on training days only; with `multi_step`
nothing after the last validation day is told at all. The same facts, setting and seed give the same figures.

One pass over time: each day's queries are put to the history as it stands; on training days within reach they become
lessons, then the scorers are fitted once, and on test days the mean of their scores ranks the candidates.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from detente.forecasting.entity import ranking, traits
from detente.forecasting.entity.evidence import Bench, Evidence
from detente.forecasting.entity.facts import Facts, Floats, Ints, both_ways
from detente.forecasting.entity.history import History
from detente.forecasting.entity.patterns import Day, prepare
from detente.forecasting.entity.ranking import STRATA, Figures, Queries, Strata, queries_by_day
from detente.forecasting.entity.scorer import Scorer, Shape
from detente.forecasting.entity.training import Lessons, filled, fit, lessons_of

_AT_ONCE = 64
"""Queries worked out together; more would not fit a processor's cache."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How much to spend.

    Attributes:
        depth: candidates that the scorers order.
        lessons: at most so many training queries, of the newest training days.
        reach: at most so many training days.
        thin: one in so many queries of a day at most, where there are more than `lessons`, to reach more days.
        epochs: how often to go through the lessons.
        seeds: how many scorers to fit and average.
        pace: the greatest step of the fitting.
    """

    depth: int = 250
    lessons: int = 75_000
    reach: int = 300
    thin: float = 1.0
    epochs: int = 3
    seeds: int = 1
    pace: float = 2e-3


SETTINGS = {"fast": Setting(lessons=65_000), "best": Setting(depth=300, lessons=280_000, thin=1.5, seeds=3)}
BLOCK = 30
"""Days over which the history is held still while lessons for the multi-step task are taken."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run gave.

    Attributes:
        total: figures over all answers.
        strata: figures for recurrent, pair seen and new pair.
        objects: figures of object queries.
        subjects: figures of subject queries.
        lessons: how many training queries the weights were fitted on.
    """

    total: Figures
    strata: dict[str, Figures]
    objects: Figures
    subjects: Figures
    lessons: int


class Forecaster:
    """Scorers fitted on the training days, over a history that can be asked about any later day.

    Attributes:
        facts: the benchmark.
        history: what has been told; it stands at a day.
        scorers: whose mean log probabilities order the candidates.
        lessons: how many training queries they were fitted on.
    """

    def __init__(self, facts: Facts, setting: Setting, *, additive: bool = False, multi_step: bool = False,
                 seed: int = 0) -> None:  # fmt: skip
        """Tell the training days, and fit the scorers on their lessons.

        Args:
            facts: the benchmark.
            setting: how much to spend, say `SETTINGS["fast"]`.
            additive: score by an exactly additive sum.
            multi_step: fit for a history that stands still for up to a month.
            seed: of all draws.
        """
        self.facts, self.depth = facts, setting.depth
        known = traits.of_facts(facts)
        self.history = History(both_ways(facts.all, facts.relations), facts.entities, facts.relations, known)
        chosen = _chosen(facts, setting, seed)
        parts = _lessons(self.history, chosen, setting.depth, multi_step, seed)
        lessons = filled(parts, sum(len(queries.subject) for queries in chosen))
        self.lessons = len(lessons.right)
        shape = Shape(facts.entities, self.history.ways, known.sectors, additive, 0.0 if additive else 0.1)
        rng = np.random.default_rng(seed)
        some = np.sort(rng.choice(len(lessons.right), min(4000, len(lessons.right)), replace=False))
        sample = lessons.evidence.columns[some].astype(np.float32)
        sample = sample[lessons.offset[some] > -1e8]
        self.scorers = [Scorer(shape, known.sector, sample, seed + index) for index in range(setting.seeds)]
        for scorer in self.scorers:
            fit(scorer, lessons, setting.epochs, setting.pace)
        self._day: Day | None = None

    def stand(self, day: int, *, tell: bool = True) -> None:
        """Stand at the start of a day, every earlier one told; without `tell` none is told that was not before."""
        if tell:
            self.history.until(day)
        else:
            self.history.wait(day)
        self._day = prepare(self.history)

    def benches(self, queries: Queries) -> Iterator[tuple[Bench, Queries]]:
        """Evidence for queries of the day at which the history stands, in parts of a size that fits the cache."""
        return _benches(self.history, self._day or prepare(self.history), queries, self.depth)

    def bench(self, subject: Ints, relation: Ints, day: Day | None = None) -> Bench:
        """Evidence for a few queries of the day at which the history stands; `day` holds other matrices for it."""
        return Bench(self.history, day or self._day or prepare(self.history), subject, relation, self.depth)

    def score(self, evidence: Evidence) -> Floats:
        """The mean of the scorers' log probabilities over the candidates, (queries, k)."""
        total = np.zeros(evidence.candidates.shape, np.float32)
        for scorer in self.scorers:
            scores = scorer.score(evidence)
            most = scores.max(1, keepdims=True)
            total += scores - most - np.log(np.exp(scores - most).sum(1, keepdims=True))
        return total / np.float32(len(self.scorers))


def run(facts: Facts, setting: Setting, *, additive: bool = False, multi_step: bool = False, seed: int = 0,
        on: str = "test") -> Outcome:  # fmt: skip
    """Fit on the training days and rank the answers of the test days.

    Args:
        facts: the benchmark.
        setting: how much to spend, say `SETTINGS["fast"]`.
        additive: score by an exactly additive sum.
        multi_step: tell nothing after the last day before the asked split.
        seed: of all draws.
        on: the split asked, `test` or, for choices, `valid`.
    """
    forecaster = Forecaster(facts, setting, additive=additive, multi_step=multi_step, seed=seed)
    asked: Ints = getattr(facts, on)
    return _judge(forecaster, asked, multi_step)


def _chosen(facts: Facts, setting: Setting, seed: int) -> list[Queries]:
    """The queries that lessons are made of: a draw of those of the newest training days."""
    rng = np.random.default_rng(seed)
    days = list(queries_by_day(facts.train, facts.relations))
    last = days[-1].day
    wanted, start = 0, len(days)
    while start > 1 and wanted < setting.thin * setting.lessons and last - days[start - 1].day < setting.reach:
        start -= 1
        wanted += len(days[start].subject)
    keep = min(1.0, setting.lessons / max(wanted, 1))
    return [queries.where(rng.random(len(queries.subject)) < keep) for queries in days[start:]]


def _lessons(history: History, chosen: list[Queries], depth: int, multi_step: bool, seed: int) -> Iterator[Lessons]:
    """The lessons of the chosen queries, the history being told in its order."""
    rng = np.random.default_rng(seed)
    held: History | None = None
    for queries in chosen:
        if not multi_step:
            history.until(queries.day)
        elif held is None or queries.day - history.now >= BLOCK:
            history.until(queries.day)
            held = history.frozen()
        view = held or history
        view.wait(queries.day)
        for bench, some in _benches(view, prepare(view), queries, depth):
            yield lessons_of(bench, some, rng)


def _benches(history: History, day: Day, queries: Queries, depth: int) -> Iterator[tuple[Bench, Queries]]:
    for start in range(0, len(queries.subject), _AT_ONCE):
        some = queries.part(start, start + _AT_ONCE)
        yield Bench(history, day, some.subject, some.relation, depth), some


def _judge(forecaster: Forecaster, asked: Ints, multi_step: bool) -> Outcome:
    """Ask every day, rank, then tell it."""
    found: list[Floats] = []
    who: list[Ints] = []
    first = int(asked[0, 3])
    forecaster.history.until(first)
    for queries in queries_by_day(asked, forecaster.facts.relations):
        forecaster.stand(queries.day, tell=not multi_step)
        for bench, some in forecaster.benches(queries):
            scores = forecaster.score(bench.read(bench.best))
            for row, answers in enumerate(some.answers):
                found.append(ranking.ranks_in_two(bench.first[row], bench.best[row], scores[row], answers))
                head = np.array([[some.subject[row], some.relation[row], 0, some.day]]).repeat(len(answers), 0)
                head[:, 2] = answers
                who.append(head)
    every, heads = np.concatenate(found), np.concatenate(who)
    strata = Strata(forecaster.facts, first if multi_step else None)
    part = strata.of(*(heads[:, index] for index in range(4)))
    objects = heads[:, 1] < forecaster.facts.relations
    return Outcome(
        ranking.figures(every),
        {name: ranking.figures(every[part == index]) for index, name in enumerate(STRATA)},
        ranking.figures(every[objects]), ranking.figures(every[~objects]), forecaster.lessons,
    )  # fmt: skip
