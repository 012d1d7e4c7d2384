"""What is cited speaks for the candidate: without it the score falls, and more so than without as many other events."""

from dataclasses import fields, replace

import numpy as np
import pytest

from detente.forecasting.entity import traits
from detente.forecasting.entity.evidence import Bench, Evidence
from detente.forecasting.entity.explaining import chance_without, events_about, explain
from detente.forecasting.entity.facts import Facts, Ints, both_ways
from detente.forecasting.entity.forecaster import Forecaster, Setting
from detente.forecasting.entity.forgetting import both_rows, without
from detente.forecasting.entity.history import History
from detente.forecasting.entity.patterns import prepare
from tests.forecasting.entity.synthetic import ENTITIES, world

SMALL = Setting(depth=20, lessons=400, reach=20, epochs=4)
DAY = 53


def history_of(rows: Ints, facts: Facts) -> History:
    history = History(rows, facts.entities, facts.relations, traits.of_facts(facts))
    history.until(DAY)
    return history


def evidence(history: History) -> Evidence:
    candidates = np.tile(np.arange(ENTITIES), (12, 1))
    return Bench(history, prepare(history), np.arange(12) * 3, np.arange(12), 10).read(candidates)


def test_what_is_forgotten_is_as_if_never_told_and_comes_back() -> None:
    facts = world()
    # No persons: to which country a person is counted is kept as learnt, so it would differ.
    facts = replace(facts, names=tuple(f"Police_({'ABCD'[n % 4]})" for n in range(ENTITIES)))
    rows = both_ways(facts.all, facts.relations)
    history = history_of(rows, facts)
    before = evidence(history)
    gone = both_rows(history, np.flatnonzero(rows[:, 3] < DAY)[::97])
    never = history_of(np.delete(rows, gone, 0), facts)
    never.follows, never.heats, never.country = history.follows, history.heats, history.country
    with without(history, gone):
        during = evidence(history)
        for field in fields(Evidence):
            np.testing.assert_allclose(getattr(during, field.name), getattr(evidence(never), field.name), atol=2e-3)
    for field in fields(Evidence):
        np.testing.assert_array_equal(getattr(before, field.name), getattr(evidence(history), field.name))
    assert np.abs(before.columns - during.columns).max() > 0.1


@pytest.mark.parametrize("additive", [False, True])
def test_cited_events_matter_more_than_others(additive: bool) -> None:
    facts = world()
    forecaster = Forecaster(facts, SMALL, additive=additive)
    forecaster.stand(DAY)
    rng, cited, random = np.random.default_rng(0), [], []
    for subject, relation, other, _ in facts.test[facts.test[:, 3] == DAY][:14].tolist():
        explanation = explain(forecaster, subject, relation, other, top=3)
        rows = np.array([event.row for event in explanation.events], dtype=np.int64)
        pair, rest = events_about(forecaster, subject, other)
        if not len(rows) or len(pair) + len(rest) < len(rows):
            continue
        drawn = rng.permutation(np.concatenate([pair, rest]))[: len(rows)]
        whole = chance_without(forecaster, subject, relation, other, np.zeros(0, np.int64))
        cited.append(whole - chance_without(forecaster, subject, relation, other, rows))
        random.append(whole - chance_without(forecaster, subject, relation, other, drawn))
    assert len(cited) >= 8
    assert np.mean(cited) > np.mean(random)
    assert np.mean(cited) > 0


def test_the_parts_of_an_additive_score_are_told_and_only_the_past_is_cited() -> None:
    facts = world()
    forecaster = Forecaster(facts, SMALL, additive=True)
    forecaster.stand(DAY)
    explanation = explain(forecaster, 0, 0, 1)
    assert explanation.parts
    assert explanation.events
    assert all(event.day < DAY and event.effect > 0 for event in explanation.events)
    assert explain(forecaster, 0, 0, 1) == explanation
