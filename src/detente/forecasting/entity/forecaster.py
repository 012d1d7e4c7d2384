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
from detente.forecasting.entity.patterns import prepare
from detente.forecasting.entity.ranking import STRATA, Figures, Queries, Strata, queries_by_day
from detente.forecasting.entity.scorer import Scorer, Shape
from detente.forecasting.entity.training import Lessons, fit, joined, lessons_of

_AT_ONCE = 64
"""Queries worked out together; more would not fit a processor's cache."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How much to spend.

    Attributes:
        depth: candidates that the scorers order.
        lessons: at most so many training queries, of the newest training days.
        reach: at most so many training days.
        epochs: how often to go through the lessons.
        seeds: how many scorers to fit and average.
        pace: the greatest step of the fitting.
    """

    depth: int = 250
    lessons: int = 75_000
    reach: int = 300
    epochs: int = 3
    seeds: int = 1
    pace: float = 2e-3


SETTINGS = {"fast": Setting(), "best": Setting(depth=300, lessons=250_000, seeds=4)}
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
    known = traits.of_facts(facts)
    history = History(both_ways(facts.all, facts.relations), facts.entities, facts.relations, known)
    lessons = joined(list(_lessons(history, facts, setting, multi_step, seed)))
    shape = Shape(facts.entities, history.ways, known.sectors, additive, 0.0 if additive else 0.1)
    rng = np.random.default_rng(seed)
    some = np.sort(rng.choice(len(lessons.right), min(4000, len(lessons.right)), replace=False))
    sample = lessons.evidence.columns[some].astype(np.float32)
    sample = sample[lessons.offset[some] > -1e8]
    scorers = [Scorer(shape, known.sector, sample, seed + index) for index in range(setting.seeds)]
    for scorer in scorers:
        fit(scorer, lessons, setting.epochs, setting.pace)
    asked: Ints = getattr(facts, on)
    history.until(int(asked[0, 3]))
    return _judge(facts, history, asked, scorers, setting.depth, multi_step, len(lessons.right))


def _lessons(history: History, facts: Facts, setting: Setting, multi_step: bool, seed: int) -> Iterator[Lessons]:
    """The lessons of the newest training days, told in their order."""
    rng = np.random.default_rng(seed)
    days = list(queries_by_day(facts.train, facts.relations))
    last = days[-1].day
    wanted, start = 0, len(days)
    while start > 1 and wanted < setting.lessons and last - days[start - 1].day < setting.reach:
        start -= 1
        wanted += len(days[start].subject)
    keep = min(1.0, setting.lessons / max(wanted, 1))
    held: History | None = None
    for queries in days[start:]:
        if not multi_step:
            history.until(queries.day)
        elif held is None or queries.day - history.now >= BLOCK:
            history.until(queries.day)
            held = history.frozen()
        view = held or history
        view.roll(queries.day)
        chosen = rng.random(len(queries.subject)) < keep
        part = Queries(queries.day, queries.subject[chosen], queries.relation[chosen],
                       [found for found, take in zip(queries.answers, chosen, strict=True) if take])  # fmt: skip
        for bench, some in _benches(view, part, setting.depth):
            yield lessons_of(bench, some, rng)


def _benches(history: History, queries: Queries, depth: int) -> Iterator[tuple[Bench, Queries]]:
    """A day's queries in parts of a size that fits the cache."""
    day = prepare(history)
    for start in range(0, len(queries.subject), _AT_ONCE):
        some = queries.part(start, start + _AT_ONCE)
        yield Bench(history, day, some.subject, some.relation, depth), some


def _mean_score(scorers: list[Scorer], evidence: Evidence) -> Floats:
    """The mean of the scorers' log-probabilities over the candidates."""
    total = np.zeros(evidence.candidates.shape, np.float32)
    for scorer in scorers:
        scores = scorer.score(evidence)
        most = scores.max(1, keepdims=True)
        total += scores - most - np.log(np.exp(scores - most).sum(1, keepdims=True))
    return total / np.float32(len(scorers))


def _judge(facts: Facts, history: History, asked: Ints, scorers: list[Scorer], depth: int, multi_step: bool,
           lessons: int) -> Outcome:  # fmt: skip
    """Ask every day, rank, then tell it."""
    found: list[Floats] = []
    who: list[Ints] = []
    for queries in queries_by_day(asked, facts.relations):
        if multi_step:
            history.roll(queries.day)
        else:
            history.until(queries.day)
        for bench, some in _benches(history, queries, depth):
            scores = _mean_score(scorers, bench.read(bench.best))
            for row, answers in enumerate(some.answers):
                found.append(ranking.ranks_in_two(bench.first[row], bench.best[row], scores[row], answers))
                head = np.array([[some.subject[row], some.relation[row], 0, some.day]]).repeat(len(answers), 0)
                head[:, 2] = answers
                who.append(head)
    every, heads = np.concatenate(found), np.concatenate(who)
    strata = Strata(facts, int(asked[0, 3]) if multi_step else None)
    part = strata.of(*(heads[:, index] for index in range(4)))
    objects = heads[:, 1] < facts.relations
    return Outcome(
        ranking.figures(every),
        {name: ranking.figures(every[part == index]) for index, name in enumerate(STRATA)},
        ranking.figures(every[objects]), ranking.figures(every[~objects]), lessons,
    )  # fmt: skip
