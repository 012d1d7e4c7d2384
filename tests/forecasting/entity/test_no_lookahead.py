"""Nothing of the day asked about, or of a later one, may reach a query's evidence or score."""

from dataclasses import fields, replace

import numpy as np
import pytest

from detente.forecasting.entity import traits
from detente.forecasting.entity.evidence import Bench, Evidence
from detente.forecasting.entity.facts import Facts, Ints, both_ways, by_day
from detente.forecasting.entity.history import History
from detente.forecasting.entity.patterns import prepare
from tests.forecasting.entity.synthetic import ENTITIES, world

DAY = 55
ALL = np.tile(np.arange(ENTITIES), (12, 1))
SUBJECT, RELATION = np.arange(12) * 3, np.arange(12)


def evidence(facts: Facts, subject: Ints = SUBJECT, relation: Ints = RELATION, told: int = DAY) -> Evidence:
    history = History(both_ways(facts.all, facts.relations), facts.entities, facts.relations, traits.of_facts(facts))
    history.until(told)
    history.roll(DAY)
    return Bench(history, prepare(history), subject, relation, 10).read(ALL[: len(subject)])


def same(left: Evidence, right: Evidence) -> None:
    for field in fields(Evidence):
        np.testing.assert_allclose(getattr(left, field.name), getattr(right, field.name), atol=1e-5)


def test_later_events_do_not_matter() -> None:
    facts = world()
    cut = replace(facts, test=facts.test[facts.test[:, 3] < DAY])
    same(evidence(facts), evidence(cut))


def test_the_day_itself_does_not_matter() -> None:
    facts = world()
    test = facts.test.copy()
    today = test[:, 3] == DAY
    test[today, 2] = np.random.default_rng(1).permutation(ENTITIES)[: today.sum()]
    same(evidence(facts), evidence(replace(facts, test=by_day(test))))


def test_events_of_the_day_before_do_matter() -> None:
    facts = world()
    with pytest.raises(AssertionError):
        same(evidence(facts), evidence(facts, told=DAY - 1))


def test_one_by_one_as_in_a_batch() -> None:
    facts = world()
    batch = evidence(facts)
    for row in range(len(SUBJECT)):
        alone = evidence(facts, SUBJECT[row : row + 1], RELATION[row : row + 1])
        np.testing.assert_allclose(alone.columns[0], batch.columns[row], atol=1e-5)


def test_a_persons_country_comes_from_earlier_days_only() -> None:
    facts = world()
    known = traits.of_facts(facts)
    rows = both_ways(facts.all, facts.relations)
    then = traits.countries_then(rows, known)
    early = rows[:, 3] < DAY
    np.testing.assert_array_equal(then[early], traits.countries_then(rows[early], known))


def test_a_frozen_history_is_left_alone() -> None:
    facts = world()
    history = History(both_ways(facts.all, facts.relations), facts.entities, facts.relations, traits.of_facts(facts))
    history.until(30)
    before = history.triple.values.copy()
    history.frozen().roll(50)
    np.testing.assert_array_equal(history.triple.values, before)


def test_no_day_is_told_twice() -> None:
    facts = world()
    history = History(both_ways(facts.all, facts.relations), facts.entities, facts.relations, traits.of_facts(facts))
    history.until(30)
    history.until(30)
    with pytest.raises(ValueError, match="told already"):
        history.tell(29)
