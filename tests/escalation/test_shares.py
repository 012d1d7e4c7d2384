"""Shapley shares: against going through every order, and by the properties that define them."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.escalation.shares import game

COUNTS = st.lists(st.integers(0, 3), min_size=1, max_size=4).filter(lambda counts: 0 < sum(counts) <= 6)


def risk_of(seed: int, down: np.ndarray) -> np.ndarray:
    """Any risk at all of each situation."""
    return np.array([np.random.default_rng([seed, *map(int, row)]).normal() for row in down])


def by_orders(counts: list[int], seed: int) -> list[float]:
    """The share of the first line of each channel, over every order of opening the lines."""
    players = [channel for channel, n in enumerate(counts) for _ in range(n)]
    total, orders = np.zeros(len(players)), list(permutations(range(len(players))))
    for order in orders:
        down = np.array(counts)
        for player in order:
            before = risk_of(seed, down[None])[0]
            down[players[player]] -= 1
            total[player] += before - risk_of(seed, down[None])[0]
    return [float(total[players.index(c)] / len(orders)) if n else 0.0 for c, n in enumerate(counts)]


@settings(deadline=None, max_examples=12)
@given(COUNTS.filter(lambda counts: sum(counts) <= 5), st.integers(0, 1000))
def test_shares_are_those_over_every_order(counts: list[int], seed: int) -> None:
    played = game(np.array(counts))
    assert played.shares(risk_of(seed, played.down)).tolist() == pytest.approx(by_orders(counts, seed))
    assert played.error(risk_of(seed, played.down)) is None


@settings(deadline=None, max_examples=40)
@given(COUNTS, st.integers(0, 1000), st.booleans())
def test_shares_add_up_to_what_all_lines_do(counts: list[int], seed: int, drawn: bool) -> None:
    played = game(np.array(counts), most=0 if drawn else 10**6)
    random = np.random.default_rng(seed).normal(size=[n + 1 for n in counts])
    risk = random[tuple(played.down.T)]
    none, every = random[tuple(counts)], random[(0,) * len(counts)]
    assert float(np.array(counts) @ played.shares(risk)) == pytest.approx(none - every)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(-3, 3), min_size=1, max_size=6))
def test_what_only_adds_up_is_shared_out_as_it_is_and_what_does_nothing_gets_nothing(effects: list[float]) -> None:
    played = game(np.array([2, *[1] * len(effects)]))
    shares = played.shares(played.down @ np.array([0.0, *effects]))
    assert shares == pytest.approx([0.0, *effects], abs=1e-9)


def test_like_lines_get_equal_shares() -> None:
    """Two channels whose lines do the same, and do more together than apart."""
    played = game(np.array([1, 1, 2]))
    risk = np.exp(played.down @ np.array([1.0, 1.0, 0.3]))
    shares = played.shares(risk)
    assert shares[0] == pytest.approx(shares[1]) and shares[0] > shares[2]


def test_drawn_orders_come_near_and_tell_their_error() -> None:
    counts = np.array([2, 1, 3, 1])
    exact, drawn = game(counts), game(counts, most=0, seed=3)
    risk = [np.exp(g.down @ np.array([0.5, -0.2, 0.3, 1.0])) for g in (exact, drawn)]
    error = drawn.error(risk[1])
    assert error is not None and (error > 0).all()
    assert (np.abs(drawn.shares(risk[1]) - exact.shares(risk[0])) < 5 * error).all()


def test_several_risks_at_once() -> None:
    played = game(np.array([1, 2]))
    risk = np.stack([risk_of(1, played.down), risk_of(2, played.down)], axis=1)
    assert played.shares(risk)[:, 1] == pytest.approx(played.shares(risk[:, 1]))
    assert game(np.array([0, 0])).shares(np.zeros((1, 3))).tolist() == [[0.0] * 3] * 2
