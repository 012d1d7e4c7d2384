"""Ranks, figures, gradients, and the whole run on a small made-up world."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detente.errors import ForecastError
from detente.forecasting.entity import run
from detente.forecasting.entity.evidence import COLUMNS, PAST, WIDTH, Evidence
from detente.forecasting.entity.facts import from_splits, read_facts
from detente.forecasting.entity.forecaster import SETTINGS, Setting
from detente.forecasting.entity.ranking import figures, queries_by_day, ranks, ranks_in_two
from detente.forecasting.entity.recurrency import recurrency
from detente.forecasting.entity.scorer import Scorer, Shape
from tests.forecasting.entity.synthetic import world

SMALL = Setting(depth=20, lessons=500, reach=40, epochs=4)


def test_ties_get_the_mean_rank_and_other_answers_are_taken_out() -> None:
    scores = np.array([0.9, 0.5, 0.5, 0.5, 0.1])
    assert ranks(scores, np.array([1, 0])).tolist() == [2.0, 1.0]


def test_candidates_first_then_the_others() -> None:
    first = np.array([0.4, 0.3, 0.2, 0.1, 0.1])
    found = ranks_in_two(first, np.array([0, 1]), np.array([0.0, 5.0]), np.array([0, 3]))
    assert found.tolist() == [2.0, 3.5]


def test_queries_are_asked_both_ways_once() -> None:
    rows = np.array([[0, 0, 1, 5], [0, 0, 2, 5], [0, 0, 1, 6]])
    asked = list(queries_by_day(rows, 1))
    assert [(day.day, len(day.subject)) for day in asked] == [(5, 3), (6, 2)]
    assert sum(len(found) for day in asked for found in day.answers) == 2 * len(rows)


def test_figures_are_in_per_cent() -> None:
    assert figures(np.array([1, 2], np.float32)) == {"mrr": 75.0, "hits1": 50.0, "hits3": 100.0, "hits10": 100.0,
                                                     "answers": 2}  # fmt: skip


def test_columns_are_named_once() -> None:
    assert len(set(COLUMNS)) == WIDTH


def made_up(queries: int = 3, candidates: int = 5) -> Evidence:
    rng = np.random.default_rng(0)
    past = np.sort(rng.integers(0, 5, (queries, candidates, PAST)), axis=-1)
    return Evidence(
        rng.integers(0, 9, queries), rng.integers(0, 4, queries), rng.integers(0, 9, (queries, candidates)),
        rng.standard_normal((queries, candidates, WIDTH)).astype(np.float32), past,
        rng.random(past.shape, np.float32), rng.random(past.shape, np.float32),
    )  # fmt: skip


@pytest.mark.parametrize("additive", [False, True])
def test_gradients_are_right(additive: bool) -> None:
    evidence = made_up()
    shape = Shape(9, 4, 2, additive, 0.0)
    scorer = Scorer(shape, np.arange(9) % 2, evidence.columns.reshape(-1, WIDTH), 0)
    rng = np.random.default_rng(1)
    slope = rng.standard_normal((3, 5)).astype(np.float32)
    grads = scorer.backward(slope, scorer.forward(evidence, learning=True)[1])
    assert set(grads) == set(scorer.weights)
    for name, weight in scorer.weights.items():
        way = rng.standard_normal(weight.shape).astype(np.float32)
        scorer.weights[name] = weight + np.float32(1e-2) * way
        up = float((scorer.score(evidence) * slope).sum())
        scorer.weights[name] = weight - np.float32(1e-2) * way
        down = float((scorer.score(evidence) * slope).sum())
        scorer.weights[name] = weight
        assert (up - down) / 2e-2 == pytest.approx(float((grads[name] * way).sum()), rel=0.05, abs=0.05), name


def test_an_additive_score_is_the_sum_of_its_parts() -> None:
    evidence = made_up()
    sample = evidence.columns.reshape(-1, WIDTH)
    scorer = Scorer(Shape(9, 4, 2, True, 0.0), np.arange(9) % 2, sample, 0)
    for weight in scorer.weights.values():
        weight += scorer.rng.standard_normal(weight.shape).astype(np.float32) * np.float32(0.1)
    parts = scorer.parts(evidence)
    assert list(parts) == [*COLUMNS, "past acts of the pair", "affinity"]
    np.testing.assert_allclose(sum(parts.values()), scorer.score(evidence), atol=1e-4)
    with pytest.raises(ForecastError, match="additive"):
        Scorer(Shape(9, 4, 2), np.arange(9) % 2, sample, 0).parts(evidence)


@pytest.mark.parametrize("additive", [False, True])
def test_it_learns_the_habits_of_a_small_world(additive: bool) -> None:
    facts = world()
    outcome = run(facts, replace(SMALL, lessons=1500, epochs=8), additive=additive)
    assert outcome.total["mrr"] > recurrency(facts)["mrr"] - 3
    assert outcome.total["answers"] == 2 * len(facts.test)
    assert sum(part["answers"] for part in outcome.strata.values()) == 2 * len(facts.test)


def test_the_same_seed_gives_the_same_figures() -> None:
    assert run(world(), SMALL) == run(world(), SMALL)


def test_the_order_of_rows_does_not_matter() -> None:
    facts = world()
    rng = np.random.default_rng(3)
    mixed = from_splits(*(rng.permutation(rows) for rows in (facts.train, facts.valid, facts.test)))
    assert run(mixed, SMALL).total == run(replace(facts, names=mixed.names), SMALL).total


def test_multi_step_reads_nothing_after_the_last_validation_day() -> None:
    facts = world()
    whole = run(facts, SMALL, multi_step=True, on="test")
    last = int(facts.test[-1, 3])
    late = facts.test[facts.test[:, 3] == last]
    alone = run(replace(facts, test=np.vstack([facts.test[facts.test[:, 3] == 52], late])), SMALL, multi_step=True)
    assert whole.total["answers"] > alone.total["answers"] > 0


def test_both_settings_are_there() -> None:
    assert {"fast", "best"} <= set(SETTINGS)


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(ForecastError, match="keys train, valid and test"):
        read_facts(tmp_path / "absent.npz")
    np.savez(tmp_path / "short.npz", train=np.zeros((1, 4)))
    with pytest.raises(ForecastError, match="keys train"):
        read_facts(tmp_path / "short.npz")
    rows = np.array([[0, 0, 1, 5]])
    with pytest.raises(ForecastError, match="overlap in time"):
        from_splits(rows, rows, rows)
    with pytest.raises(ForecastError, match="has shape"):
        from_splits(rows[:, :3], rows, rows)
