"""The chain: against hand-solved cases, the textbook's solution, incidents one by one, and by properties."""

import random
from math import comb, exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.escalation.ladder import outlook, parameters, reached
from detente.escalation.solving import Solver
from tests.escalation.beliefs import any_model, effect, made, situation
from tests.escalation.simulation import simulate

MODELS = 220
SMALL = st.floats(0.0, 2.0)


def test_two_stages_by_hand() -> None:
    """Odds 1 to 3 to climb, 4 a year, 2 days and 10 days: a quarter climb; 1 - exp(-4/4); 2 + 10/4 days."""
    solver = Solver(made([1 / 3], days=[2, 10], rate=4.0))
    found = solver.exact(situation(solver.priors, []))
    assert found.reach[0].tolist() == pytest.approx([1, 0.25])
    assert found.year[0].tolist() == pytest.approx([1 - exp(-4), 1 - exp(-1)])
    assert found.days[0] == pytest.approx(4.5)


def test_each_line_that_is_down_multiplies_the_odds() -> None:
    """Odds 1/3, two lines down with ln 3 each: odds 3, so three quarters climb; limited by half: the odds' root."""
    priors = made([1 / 3], channels={"hot": False}, effects={"e": effect("hot", log(3), "s0")})
    solver = Solver(priors)
    for words, odds in ((["down", "down"], 3.0), (["down", "in use"], 1.0), (["limited", "in use"], sqrt(3) / 3)):
        found = solver.exact(situation(priors, [("hot", word) for word in words]))  # type: ignore[misc]
        assert found.reach[0, 1] == pytest.approx(odds / (1 + odds))


def test_lines_that_count_together_are_lost_with_the_last_of_them() -> None:
    effects = {"lost": effect("posts", log(9), "s0"), "part": effect("posts", log(2), "s0", when="reduced"),
               "rate": effect("posts", log(5), "incidents")}  # fmt: skip
    priors = made([1.0], channels={"posts": True}, effects=effects)
    solver = Solver(priors)
    for words, odds, rate in ((("in use", "in use"), 1, 1), (("down", "in use"), 2, 1), (("limited", "in use"), 2, 1),
                              (("down", "limited"), 2, 1), (("down", "down"), 9, 5)):  # fmt: skip
        found = solver.exact(situation(priors, [("posts", word) for word in words]))  # type: ignore[misc]
        assert found.reach[0, 1] == pytest.approx(odds / (1 + odds)), words
        assert found.frequency[0, 0] == pytest.approx(rate), words


def test_an_unknown_line_is_averaged_over_both() -> None:
    """Odds 1 with the line, 3 without; in use with chance 0.8: 0.8 / 2 + 0.2 * 3/4."""
    priors = made([1.0], unknown=0.8, channels={"hot": False}, effects={"e": effect("hot", log(3), "s0")})
    solver = Solver(priors, draws=4000)
    at = situation(priors, [("hot", "either")])
    assert solver.exact(at).reach[0, 1] == pytest.approx(0.8 * 0.5 + 0.2 * 0.75)
    drawn = solver.sampled(at).reach[:, 1]
    assert sorted(set(drawn.round(9))) == pytest.approx([0.5, 0.75])
    assert abs((drawn > 0.6).mean() - 0.2) < 5 * sqrt(0.2 * 0.8 / 4000)


def test_several_unknown_lines_are_averaged_over_all_their_states() -> None:
    effects = {"e": effect("hot", 0.7, "s0"), "f": effect("posts", 1.1, "s0")}
    priors = made([0.4, 0.9], unknown=0.3, channels={"hot": False, "posts": True}, effects=effects)
    solver = Solver(priors)
    kinds = ["hot", "hot", "posts", "posts"]
    expected = 0.0
    for mask in range(16):
        words = ["down" if mask >> i & 1 else "in use" for i in range(4)]
        weight = 0.7 ** mask.bit_count() * 0.3 ** (4 - mask.bit_count())
        known = situation(priors, list(zip(kinds, words, strict=True)))  # type: ignore[arg-type]
        expected += weight * solver.exact(known).reach[0, 2]
    assert solver.exact(situation(priors, [(k, "either") for k in kinds])).reach[0, 2] == pytest.approx(expected)


@settings(deadline=None)
@given(st.lists(st.floats(-8, 8), min_size=1, max_size=8), st.data())
def test_the_product_is_the_fundamental_matrix(climb: list[float], data: st.DataObject) -> None:
    """Visits and time until absorption from (I - Q)^-1, as a textbook solves an absorbing chain."""
    days = data.draw(st.lists(st.floats(0.01, 1000), min_size=len(climb) + 1, max_size=len(climb) + 1))
    chance = 1 / (1 + np.exp(-np.array(climb)))
    q = np.diag(chance, k=1)
    visits = np.linalg.solve((np.eye(len(q)) - q).T, np.eye(len(q))[0])
    assert reached(np.array(climb)) == pytest.approx(visits)
    assert reached(np.array(climb)) @ np.array(days) == pytest.approx(visits @ np.array(days))


def test_incidents_one_by_one_give_the_same() -> None:
    """Over random models the solution lies within the simulation's error: none far off, none biased."""
    rng = random.Random(1963)
    scores = []
    for number in range(MODELS):
        priors, lines = any_model(rng)
        seen = simulate(priors, lines, incidents=1500, years=400, seed=number)
        found = Solver(priors).exact(situation(priors, lines))
        for i in range(len(priors.stages)):
            scores += [_score(seen.reached[i], seen.incidents, found.reach[0, i]),
                       _score(seen.years_reached[i], seen.years, found.year[0, i])]  # fmt: skip
        error = np.std(seen.days, ddof=1) / sqrt(len(seen.days))
        assert abs(np.mean(seen.days) - found.days[0]) < 6 * error, number
    told = np.array([s for s in scores if s is not None])
    assert len(told) > 5 * MODELS
    assert np.abs(told).max() < 5  # one in 1.7 million
    assert abs(told.mean()) < 0.15 and 0.8 < told.std() < 1.2


def _score(hits: int, of: int, chance: float) -> float | None:
    """By how many standard errors a count is off; None where it is too rare to be normal."""
    if not 5 < of * chance < of - 5:
        assert abs(hits - of * chance) <= 5 + 6 * sqrt(of * chance * (1 - chance)) + 1e-6
        return None
    return float((hits - of * chance) / sqrt(of * chance * (1 - chance)))


@settings(deadline=None)
@given(st.integers(0, 2**32), st.data())
def test_with_effects_that_do_not_help_more_lines_in_use_never_raise_the_risk(seed: int, data: st.DataObject) -> None:
    """Any effects of zero or more; the loss of a part at most that of the whole."""
    rng = random.Random(seed)
    stages = rng.randint(2, 6)
    effects = {}
    for name in ("apart", "posts"):
        for stage in range(stages - 1):
            lost = data.draw(SMALL)
            effects[f"{name}-{stage}"] = effect(name, lost, f"s{stage}")
            if name == "posts":
                part = effect(name, lost * data.draw(st.floats(0, 1)), f"s{stage}", when="reduced")
                effects[f"part-{stage}"] = part
        effects[f"{name}-rate"] = effect(name, data.draw(SMALL), "incidents")
    priors = made([rng.uniform(0.05, 5) for _ in range(stages - 1)], channels={"apart": False, "posts": True},
                  effects=effects)  # fmt: skip
    lines = [(rng.choice(["apart", "posts"]), rng.choice(["in use", "limited", "down", "either"])) for _ in range(6)]
    solver = Solver(priors)
    before = solver.exact(situation(priors, lines))  # type: ignore[arg-type]
    for i, (name, _) in enumerate(lines):
        more = [*lines[:i], (name, "in use"), *lines[i + 1 :]]
        after = solver.exact(situation(priors, more))  # type: ignore[arg-type]
        added = solver.exact(situation(priors, [*lines, (name, "in use")]))  # type: ignore[list-item]
        for found in (after, added):
            for one, two in ((found.reach, before.reach), (found.year, before.year), (found.days, before.days)):
                assert (one <= two * (1 + 1e-12)).all()


@settings(deadline=None)
@given(st.lists(st.floats(-800, 800), min_size=2, max_size=5))
def test_chances_stay_chances_however_wild_the_effects(values: list[float]) -> None:
    effects = {f"e{i}": effect("c", value, f"s{i}") for i, value in enumerate(values)}
    found = Solver(made([1.0] * len(values), effects=effects)).exact(
        situation(made([1.0] * len(values), effects=effects), [("c", "down"), ("c", "limited"), ("c", "either")])
    )
    assert np.isfinite(found.reach).all() and np.isfinite(found.days).all()
    assert (found.reach >= 0).all() and (np.diff(found.reach) <= 1e-15).all()
    assert (found.year >= 0).all() and (found.year <= 1).all()


def test_no_lines_and_no_incidents() -> None:
    solver = Solver(made([0.5, 0.5]), rate=0.0)
    found = solver.exact(situation(solver.priors, []))
    assert found.year.tolist() == [[0, 0, 0]]
    assert found.reach[0].tolist() == pytest.approx([1, 1 / 3, 1 / 9])


def test_all_subsets_of_lines_are_solved_at_once() -> None:
    """Every one of 4,096 subsets as by itself."""
    rng = random.Random(7)
    channels = {f"c{i}": False for i in range(12)}
    effects = {f"c{i}": effect(f"c{i}", rng.gauss(0, 0.5), f"s{rng.randrange(5)}") for i in range(12)}
    priors = made([0.3] * 5, channels=channels, effects=effects)
    down = (np.arange(4096)[:, None] >> np.arange(12)) & 1
    beliefs = parameters(priors)
    found = outlook(beliefs, down, np.zeros_like(down), np.ones(12, int))
    assert found.reach.shape == (1, 4096, 6)
    for mask in rng.sample(range(4096), 40):
        words = [("down" if mask >> i & 1 else "in use") for i in range(12)]
        one = Solver(priors).exact(situation(priors, list(zip(channels, words, strict=True))))  # type: ignore[arg-type]
        assert found.reach[0, mask] == pytest.approx(one.reach[0])
    assert comb(12, 6) == (down.sum(axis=1) == 6).sum()
