import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import check_grad

from detente.errors import ForecastError
from detente.forecasting import pooling
from detente.forecasting.pooling import Beta, Dirichlet, Gamma, fit_beta, fit_dirichlet, fit_gamma, shrunk


def test_a_beta_prior_is_found_again() -> None:
    rng = np.random.default_rng(0)
    cases = rng.integers(1, 60, 2000)
    prior = fit_beta(rng.binomial(cases, rng.beta(2.0, 6.0, 2000)), cases)
    assert (prior.a, prior.b) == (pytest.approx(2.0, rel=0.1), pytest.approx(6.0, rel=0.1))


def test_a_gamma_prior_is_found_again() -> None:
    rng = np.random.default_rng(0)
    time = rng.uniform(1.0, 50.0, 2000)
    prior = fit_gamma(rng.poisson(time * rng.gamma(0.7, 1 / 3.0, 2000)), time)
    assert (prior.shape, prior.time) == (pytest.approx(0.7, rel=0.1), pytest.approx(3.0, rel=0.15))


def test_a_dirichlet_prior_is_found_again() -> None:
    rng = np.random.default_rng(0)
    shares = rng.dirichlet((1.0, 4.0, 0.3), 3000)
    counts = np.array([rng.multinomial(20, p) for p in shares])
    assert fit_dirichlet(counts).a == pytest.approx((1.0, 4.0, 0.3), rel=0.1)


def test_nothing_seen_leaves_jeffreys_prior() -> None:
    assert fit_beta([], []) == Beta(0.5, 0.5)
    assert fit_beta([0, 0], [0, 0]) == Beta(0.5, 0.5)


def test_one_group_that_always_answered_is_not_certainty() -> None:
    prior = fit_beta([3], [3])
    assert 0.5 < prior.mean < 1.0
    low, high = prior.after(3, 0).interval()
    assert low < 0.95 and high <= 1.0


@given(st.floats(0, 50), st.floats(0, 50), st.floats(0.01, 20), st.floats(0.01, 20))
def test_after_counts_the_mean_lies_between_prior_and_share(yes: float, no: float, a: float, b: float) -> None:
    after = Beta(a, b).after(yes, no).mean
    ends = (Beta(a, b).mean, yes / (yes + no) if yes + no else Beta(a, b).mean)
    assert min(ends) - 1e-9 <= after <= max(ends) + 1e-9


def test_the_interval_holds_what_it_says() -> None:
    draws = np.random.default_rng(0).beta(3, 9, 20_000)
    low, high = Beta(3, 9).interval(0.8)
    assert ((draws > low) & (draws < high)).mean() == pytest.approx(0.8, abs=0.01)
    rates = np.random.default_rng(0).gamma(3, 1 / 9, 20_000)
    low, high = Gamma(3, 9).interval(0.8)
    assert ((rates > low) & (rates < high)).mean() == pytest.approx(0.8, abs=0.01)


def test_any_event_is_the_mean_over_the_rates() -> None:
    rates = np.random.default_rng(0).gamma(0.5, 1 / 20, 100_000)
    assert Gamma(0.5, 20).any(30) == pytest.approx((1 - np.exp(-30 * rates)).mean(), abs=0.005)


def test_a_kind_is_a_share_of_its_own() -> None:
    known = Dirichlet((1.0, 2.0, 3.0))
    assert known.share(2) == Beta(3.0, 3.0)
    assert sum(known.after([5, 0, 1]).mean) == pytest.approx(1.0)


def test_shrinking_can_be_nested() -> None:
    wide = shrunk([10], [100], 0.5, 10)
    assert shrunk(np.zeros((3, 1)), np.zeros((3, 1)), wide, 5.0).shape == (3, 1)
    assert shrunk(0, 0, wide, 5.0) == pytest.approx(wide)


@pytest.mark.parametrize("events", [[0, 0, 0], [5], [0, 900]])
def test_few_groups_give_a_finite_rate(events: list[int]) -> None:
    prior = fit_gamma(events, [30.0] * len(events))
    assert 0 < prior.mean < 1000 and np.isfinite([prior.shape, prior.time]).all()


def test_slopes_are_the_losses_own(monkeypatch: pytest.MonkeyPatch) -> None:
    losses = []
    monkeypatch.setattr(pooling, "_lowest", lambda loss, start, **_: losses.append((loss, start)) or start)
    fit_dirichlet([[3, 1, 0], [0, 2, 9]])
    fit_gamma([3, 0, 7], [2.0, 5.0, 1.0])
    for loss, start in losses:
        at = start + 0.3
        assert check_grad(lambda x, f=loss: f(x)[0], lambda x, f=loss: f(x)[1], at) < 1e-4


@pytest.mark.parametrize("fit", [
    lambda: fit_beta([3], [2]), lambda: fit_beta([float("nan")], [2]), lambda: fit_dirichlet([1, 2]),
    lambda: fit_gamma([], []), lambda: fit_gamma([1], [0]), lambda: fit_gamma([-1], [1]),
])  # fmt: skip
def test_counts_that_cannot_be_are_refused(fit) -> None:
    with pytest.raises(ForecastError, match="pooling"):
        fit()
