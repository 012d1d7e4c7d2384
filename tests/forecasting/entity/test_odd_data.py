"""Data of the right form that are odd in some way give a result, or an error that says what is wrong."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from detente.errors import ForecastError
from detente.forecasting.entity.facts import Facts, from_splits, read_facts
from detente.forecasting.entity.forecaster import Setting, run
from detente.forecasting.entity.recurrency import recurrency
from tests.forecasting.entity.synthetic import world

SMALL = Setting(depth=20, lessons=150, reach=8, epochs=1)
BENCH = Path(__file__).parents[3] / "bench" / "forecasting.py"


def nameless() -> Facts:
    facts = world()
    return from_splits(facts.train, facts.valid, facts.test)


@pytest.mark.parametrize("scale", [(1000, 1, 1000, 1), (1, 500, 1, 1), (1, 1, 1, 24)])
def test_gaps_between_numbers_and_steps_of_time_do_not_matter(scale: tuple[int, int, int, int]) -> None:
    facts = nameless()
    wide = from_splits(*(rows * np.array(scale) for rows in (facts.train, facts.valid, facts.test)))
    for label in ("train", "valid", "test"):
        np.testing.assert_array_equal(getattr(wide, label), getattr(facts, label))
    assert (wide.entities, wide.relations) == (facts.entities, facts.relations)


@pytest.mark.parametrize("multi_step", [False, True])
def test_no_validation_days(multi_step: bool) -> None:
    facts = nameless()
    bare = from_splits(facts.train, facts.valid[:0], facts.test)
    assert run(bare, SMALL, multi_step=multi_step).total["answers"] == 2 * len(facts.test)
    assert recurrency(bare, multi_step=multi_step)["answers"] == 2 * len(facts.test)


def test_parties_and_relations_that_only_the_test_days_hold() -> None:
    facts = nameless()
    new = np.array([[90, 9, 91, 58], [90, 0, 1, 59]])
    outcome = run(from_splits(facts.train, facts.valid, np.vstack([facts.test, new])), SMALL)
    assert outcome.total["answers"] == 2 * (len(facts.test) + 2)


def test_a_tiny_world() -> None:
    facts = from_splits(*(np.array(rows) for rows in ([[0, 0, 1, 0], [1, 0, 0, 1]], [[0, 0, 1, 2]], [[0, 0, 1, 3]])))
    assert run(facts, SMALL).total["hits10"] == 100.0


def test_too_little_to_learn_from_is_said() -> None:
    one = from_splits(np.array([[0, 0, 1, 0]]), np.zeros((0, 4), int), np.array([[0, 0, 1, 3]]))
    with pytest.raises(ForecastError, match="at least two days"):
        run(one, SMALL)


def test_negative_numbers_of_train_alone_are_left_out_and_counted() -> None:
    facts = nameless()
    bad = np.array([[-1, 0, 1, 3]])
    assert from_splits(np.vstack([facts.train, bad]), facts.valid, facts.test).left_out == 1
    with pytest.raises(ForecastError, match="negative"):
        from_splits(facts.train, facts.valid, np.vstack([facts.test, bad]))


def test_names_that_cannot_be_read(tmp_path: Path) -> None:
    facts = nameless()
    np.savez(tmp_path / "x.npz", train=facts.train, valid=facts.valid, test=facts.test)
    assert read_facts(tmp_path / "x.npz").names == ("",) * facts.entities
    (tmp_path / "x_names.json").write_text("[1", encoding="utf-8")
    with pytest.raises(ForecastError, match="names"):
        read_facts(tmp_path / "x.npz")
    (tmp_path / "y.npz").write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(ForecastError, match="cannot be read as facts"):
        read_facts(tmp_path / "y.npz")


def test_the_bench_says_what_is_wrong_and_writes_what_it_found(tmp_path: Path) -> None:
    facts = nameless()
    np.savez(tmp_path / "x.npz", train=facts.train, valid=facts.valid, test=facts.test)
    out = tmp_path / "out.json"
    call = [sys.executable, str(BENCH), str(tmp_path / "x.npz"), "--setting", "fast", "--additive", "--json", str(out)]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    assert "GB" in done.stdout
    assert json.loads(out.read_text(encoding="utf-8"))["total"]["answers"] == 2 * len(facts.test)
    call[2] = str(tmp_path / "absent.npz")
    failed = subprocess.run(call, capture_output=True, text=True, check=False)
    assert failed.returncode != 0
    assert failed.stderr.startswith("error: ")
    assert "Traceback" not in failed.stderr
