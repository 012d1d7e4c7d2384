from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from detente.errors import ForecastError
from detente.forecasting.dyads import EVER, LONGEST, TYPES, Past, Queries, sign_names

from .history_of_pairs import DAYS, NAMES, START, history

HORIZON = 30
PAST = Past(history())


def ask(past: Past, pairs: list[tuple[str, str]], days: list[int]) -> Queries:
    source, target = (past.indices([pair[i] for pair in pairs]) for i in (0, 1))
    return Queries(source, target, np.array(days, np.int64))


PAIRS = [(a, b) for a in NAMES for b in NAMES if a != b]


def test_signs_are_equal_with_all_later_events_deleted() -> None:
    for day in (0, 40, 150):
        cut = Past(history().filter(pl.col("date") <= START + timedelta(day)))
        whole = PAST.signs(ask(PAST, PAIRS, [day] * len(PAIRS)), HORIZON)
        assert np.array_equal(whole, cut.signs(ask(cut, PAIRS, [day] * len(PAIRS)), HORIZON))


def test_the_order_of_events_is_nothing() -> None:
    shuffled = Past(history().sample(fraction=1.0, shuffle=True, seed=3))
    asked = ask(PAST, PAIRS, [120] * len(PAIRS))
    assert np.array_equal(PAST.signs(asked, HORIZON), shuffled.signs(asked, HORIZON))


def test_one_by_one_is_as_in_a_batch() -> None:
    asked = ask(PAST, PAIRS, list(range(100, 100 + len(PAIRS))))
    batch = PAST.signs(asked, HORIZON)
    for row in range(0, len(asked), 7):
        assert np.array_equal(batch[row], PAST.signs(asked.pick(np.array([row])), HORIZON)[0])


def test_with_two_parties_swapped_the_signs_are_swapped() -> None:
    swap = {"USA": "RUS", "RUS": "USA"}
    other = Past(history().with_columns(pl.col("source", "target").replace(swap)))
    day = [130]
    assert np.array_equal(PAST.signs(ask(PAST, [("USA", "RUS")], day), HORIZON),
                          other.signs(ask(other, [("RUS", "USA")], day), HORIZON))  # fmt: skip
    assert np.array_equal(PAST.signs(ask(PAST, [("KEN", "RUS")], day), HORIZON),
                          other.signs(ask(other, [("KEN", "USA")], day), HORIZON))  # fmt: skip


def test_the_day_itself_is_no_outcome() -> None:
    told = [(0, "AID"), (50, "ACCUSE"), (81, "ACCUSE")]
    rows = [(START + timedelta(day), "USA", "RUS", type_) for day, type_ in told]
    rows.append((START + timedelta(50), "RUS", "USA", "ACCUSE"))
    past = Past(pl.DataFrame(rows, schema=["date", "source", "target", "type"], orient="row"))
    accuse = TYPES.index("ACCUSE")
    asked = ask(past, [("USA", "RUS")] * 3, [49, 50, 51])
    assert past.outcomes(asked, 30)[:, accuse].tolist() == [True, False, True]


def brute(past_rows: pl.DataFrame, source: str, target: str, type_: str, first: int, last: int) -> set[int]:
    """Days (first, last] with such an act, counted the slow way."""
    rows = past_rows.filter((pl.col("source") == source) & (pl.col("target") == target) & (pl.col("type") == type_))
    days = {(d - START).days for d in rows["date"].to_list()}
    return {d for d in days if first < d <= last}


@pytest.mark.parametrize(("pair", "day"), [(("USA", "RUS"), 200), (("KEN", "TZA"), 60), (("IRN", "GBR"), 259)])
def test_counts_and_past_horizons_agree_with_a_slow_count(pair: tuple[str, str], day: int) -> None:
    rows, asked = history(), ask(PAST, [pair], [day])
    for kind, type_ in enumerate(TYPES):
        days = brute(rows, *pair, type_, -1, day)
        assert PAST.count(asked, 90)[0, kind] == len([d for d in days if d > day - 90])
        assert PAST.days_with(asked, [kind], EVER) == len(days)
        starts = range(0, day - HORIZON + 1)
        share = (sum(any(s < d <= s + HORIZON for d in days) for s in starts) + HORIZON * 0.25) / (
            len(starts) + HORIZON
        )
        group = asked.source * (len(NAMES) + 1) + asked.target
        cover = PAST._cover(HORIZON).share(group * len(TYPES) + kind, asked.on, EVER, np.array([0.25]))
        assert cover[0] == pytest.approx(share)


def test_days_since_and_names_of_signs_fit() -> None:
    signs = PAST.signs(ask(PAST, [("USA", "RUS")], [200]), HORIZON)
    assert signs.shape == (1, len(TYPES), len(sign_names())) and len(set(sign_names())) == len(sign_names())
    last = max(brute(history(), "USA", "RUS", "CONSULT", -1, 200))
    at = sign_names().index("own type since 1")
    assert signs[0, TYPES.index("CONSULT"), at] == pytest.approx(np.log1p(200 - last))
    assert signs[0, TYPES.index("AID"), at] == pytest.approx(np.log1p(LONGEST))


def test_a_party_that_is_not_there_has_signs_too() -> None:
    asked = ask(PAST, [("XXX", "RUS"), ("USA", "XXX"), ("XXX", "YYY")], [100] * 3)
    assert "XXX" not in PAST and np.isfinite(PAST.signs(asked, HORIZON)).all()
    assert not PAST.outcomes(asked, HORIZON).any()


def test_the_level_is_relative_to_all_days_so_far() -> None:
    day = np.array([DAYS - 1])
    assert PAST.level(np.array([-1]), day, day) == pytest.approx(np.zeros((1, len(TYPES))), abs=1e-9)


@pytest.mark.parametrize("frame", [
    pl.DataFrame({"date": [START], "source": ["USA"]}),
    history().head(0),
    history().head(5).with_columns(target=pl.col("source")),
    history().head(5).with_columns(type=pl.lit("NONSENSE")),
])  # fmt: skip
def test_a_history_of_nothing_is_refused(frame: pl.DataFrame) -> None:
    with pytest.raises(ForecastError, match="event history"):
        Past(frame)
