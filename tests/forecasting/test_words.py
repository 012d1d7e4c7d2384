from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import ForecastError
from detente.forecasting.words import scale, words

TERMS = [term for _, term in scale()]


def test_bands_rise_to_one() -> None:
    ends = [end for end, _ in scale()]
    assert ends == sorted(set(ends)) and ends[-1] == 1.0


@pytest.mark.parametrize(
    ("p", "term"),
    [(0.0, "almost no chance"), (0.05, "very unlikely"), (0.1 + 0.1, "unlikely"), (0.45, "roughly even chance"),
     (0.55, "roughly even chance"), (0.8, "likely"), (0.95, "very likely"), (1.0, "almost certain")],
)  # fmt: skip
def test_a_shared_bound_goes_to_the_band_nearer_to_even(p: float, term: str) -> None:
    assert words(p) == term


@given(st.floats(0, 1))
def test_not_p_gets_the_opposite_term(p: float) -> None:
    assert TERMS.index(words(p)) == len(TERMS) - 1 - TERMS.index(words(1 - p))


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_likelier_thing_is_never_called_less_likely(p: float, q: float) -> None:
    low, high = sorted((p, q))
    assert TERMS.index(words(low)) <= TERMS.index(words(high))


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan"), float("inf")])
def test_what_is_no_probability_is_refused(p: float) -> None:
    with pytest.raises(ForecastError, match="no probability"):
        words(p)


def test_the_scale_stands_in_the_docs() -> None:
    page = Path(__file__).parents[2].joinpath("docs/precedents.md").read_text(encoding="utf-8")
    assert all(f"| {end:.0%} | {term} |".replace("%", " %") in page for end, term in scale())
