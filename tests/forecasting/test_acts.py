"""Signs of the past and the shipped weights."""

import itertools

import numpy as np
import pytest

from detente.errors import ForecastError
from detente.forecasting.acts import HORIZONS, SIGNS, days_by_type, likely, signs, table
from detente.model import EVENT_TYPES

OWN = {"SANCTION": np.array([50, 95, 100]), "CONSULT": np.array([10, 20])}
BACK = {"ACCUSE": np.array([80])}


def test_later_days_are_not_seen() -> None:
    later = {k: np.append(v, [101, 105, 130]) for k, v in OWN.items()}
    at = np.array([100])
    for type_ in EVENT_TYPES:
        assert (signs(OWN, BACK, type_, at) == signs(later, BACK | {"ASSAULT": np.array([101])}, type_, at)).all()


def test_days_asked_one_by_one_or_together_are_the_same() -> None:
    at = np.arange(40, 140, 7)
    together = signs(OWN, BACK, "SANCTION", at)
    assert (together == np.concatenate([signs(OWN, BACK, "SANCTION", at[i : i + 1]) for i in range(len(at))])).all()


def test_the_order_of_events_is_of_no_matter() -> None:
    rows = [(95, "SANCTION"), (50, "SANCTION"), (20, "CONSULT"), (95, "SANCTION")]
    assert {k: v.tolist() for k, v in days_by_type(rows).items()} == {
        k: v.tolist() for k, v in days_by_type(rows[::-1]).items()
    }


def test_a_sign_ends_with_its_window() -> None:
    week = [name for name, window, *_ in SIGNS].index("own")
    assert SIGNS[week][1] == 7
    seen = signs({"AID": np.array([100])}, {}, "AID", np.array([99, 100, 106, 107]))[:, week]
    assert seen.tolist() == [0, 1, 1, 0]


def test_shipped_weights_are_whole_and_their_source_is_told() -> None:
    for type_ in EVENT_TYPES:
        for horizon in HORIZONS:
            assert len(table()[type_][f"days{horizon}"]) == len(SIGNS) + 1  # type: ignore[arg-type]
    assert "ICEWS" in str(table()["source"])


@pytest.mark.parametrize("type_", EVENT_TYPES)
def test_acts_of_yesterday_make_more_of_them_likely(type_: str) -> None:
    busy = likely({type_: np.arange(80, 101, 2)}, {}, 100, 30)[type_]
    quiet = likely({}, {}, 100, 30)[type_]
    assert busy.probability > quiet.probability
    assert busy.low <= busy.probability <= busy.high


def test_no_days_no_forecast() -> None:
    with pytest.raises(ForecastError, match="at least 1"):
        likely(OWN, BACK, 100, 0)


def test_a_longer_horizon_is_never_less_likely() -> None:
    found = [likely(OWN, BACK, 100, h) for h in (1, 7, 14, 15, 30, 45, 90, 366)]
    for one, longer in itertools.pairwise(found):
        for type_ in EVENT_TYPES:
            assert one[type_].probability <= longer[type_].probability + 1e-9, type_
