import lzma
import math
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from detente.errors import ForecastError
from detente.forecasting import pooled
from detente.forecasting.dyads import TYPES, Past
from detente.forecasting.pairs import Acts, PairModel
from detente.forecasting.reacting import Reacting, draw

from .history_of_pairs import LAST, START, history

UNTIL = START + timedelta(220)
SHARED = Path(__file__).parents[3] / "shared/data/dyad_events_icews18x.csv.xz"


@cache
def fitted() -> PairModel:
    return PairModel.fit(history(), UNTIL)


def test_what_is_later_changes_nothing() -> None:
    early = history().filter(pl.col("date") <= UNTIL).sample(fraction=1.0, shuffle=True, seed=1)
    again = PairModel.fit(early, UNTIL)
    for horizon in (7, 30, 45):
        assert again.predict("USA", "RUS", UNTIL, horizon) == fitted().predict("USA", "RUS", UNTIL, horizon)


def test_a_lesson_is_over_before_the_last_day() -> None:
    past = Past(history())
    for seed in range(3):
        lessons = draw(past, 30, 150, seed=seed)
        assert len(lessons) and (lessons.on + 30 <= 150).all() and (lessons.on >= 45).all()


def test_lessons_of_a_pair_do_not_overlap() -> None:
    lessons = draw(Past(history()), 30, 250, number=10**6)
    for pair in set(zip(lessons.source.tolist(), lessons.target.tolist(), strict=True)):
        here = (lessons.source == pair[0]) & (lessons.target == pair[1])
        assert (np.diff(np.sort(lessons.on[here])) >= 30).all()


def test_events_after_the_lessons_horizon_teach_nothing() -> None:
    whole, cut = Past(history()), Past(history().filter(pl.col("date") <= START + timedelta(150)))
    assert whole.parties == cut.parties
    lessons = draw(whole, 30, 150)
    a, b = (Reacting.fit(past, lessons, 30).logit.weights for past in (whole, cut))
    assert np.array_equal(a, b)


def test_same_seed_same_figures() -> None:
    again = PairModel.fit(history(), UNTIL)
    assert again.predict("IRN", "CHN", UNTIL, 30) == fitted().predict("IRN", "CHN", UNTIL, 30)


def test_with_two_parties_swapped_the_forecast_is_swapped() -> None:
    swap = {"USA": "RUS", "RUS": "USA"}
    other = fitted().moved(history().with_columns(pl.col("source", "target").replace(swap)), UNTIL)
    for a, b in (("USA", "RUS"), ("RUS", "USA"), ("KEN", "USA")):
        ours = fitted().predict(a, b, UNTIL, 30)
        theirs = other.predict(swap.get(a, a), swap.get(b, b), UNTIL, 30)
        assert [(x.probability, x.low, x.high) for x in ours.values()] == [
            (x.probability, x.low, x.high) for x in theirs.values()
        ]


def test_parts_add_up_to_the_log_odds() -> None:
    for one in fitted().predict("USA", "RUS", UNTIL, 30).values():
        odds = one.constant + sum(reason.effect for reason in one.reasons)
        assert 1 / (1 + math.exp(-odds)) == pytest.approx(one.probability, abs=0.003)
        assert 0 < one.low <= one.probability <= one.high < 1


def test_probabilities_grow_with_the_horizon_near_each_fitted_one() -> None:
    for few, many in ((5, 9), (25, 40), (80, 120)):
        short, long = (fitted().predict("USA", "RUS", UNTIL, days) for days in (few, many))
        assert all(short[t].probability < long[t].probability for t in TYPES)


def test_unseen_parties_get_what_is_usual_and_that_is_said() -> None:
    for a, b in (("XXX", "RUS"), ("USA", "XXX"), ("XXX", "YYY")):
        found = fitted().predict(a, b, UNTIL, 30)
        assert all("usual" in one.rests_on and "not" in one.rests_on for one in found.values())
        assert all(0 < one.probability < 0.5 for one in found.values())
    assert "XXX" in found["AID"].rests_on and "YYY" in found["AID"].rests_on


def test_reasons_cite_only_acts_that_were_there() -> None:
    rows = history().filter(pl.col("date") <= UNTIL)
    for one in fitted().predict("USA", "RUS", UNTIL, 30).values():
        for acts in (acts for reason in one.reasons for acts in reason.acts):
            assert acts.last <= UNTIL and len(cited(rows, acts))


def cited(rows: pl.DataFrame, acts: Acts) -> pl.DataFrame:
    return rows.filter(
        (pl.col("source") == acts.source) & (pl.col("target") == acts.target) & pl.col("type").is_in(acts.types)
        & pl.col("date").is_between(acts.first, acts.last)
    )  # fmt: skip


def test_without_the_cited_acts_the_score_falls_more_than_without_as_many_others() -> None:
    rows, rng = history().filter(pl.col("date") <= UNTIL).with_row_index("row"), np.random.default_rng(0)
    falls = []
    for a, b in [("USA", "RUS"), ("RUS", "USA"), ("CHN", "IRN")]:
        for type_, one in fitted().predict(a, b, UNTIL, 30).items():
            strongest = max(one.reasons, key=lambda reason: reason.effect)
            if not strongest.acts or strongest.effect <= 0.2:
                continue
            named = cited(rows, strongest.acts[0])["row"].to_list()
            others = rng.choice(np.setdiff1d(rows["row"].to_numpy(), named), len(named), replace=False).tolist()
            without = [fitted().moved(rows.filter(~pl.col("row").is_in(gone)), UNTIL).predict(a, b, UNTIL, 30)[type_]
                       for gone in (named, others)]  # fmt: skip
            falls.append([one.probability - other.probability for other in without])
            if len(falls) == 25:
                break
    cited_fall, other_fall = np.mean(falls, axis=0)
    assert len(falls) >= 10 and cited_fall > 0.03 and cited_fall > 3 * abs(other_fall)
    assert np.mean([a > b for a, b in falls]) > 0.9


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason=f"{SHARED} is not there")
def test_on_real_events_cited_acts_matter_more_than_as_many_others() -> None:
    raw = pl.read_csv(lzma.decompress(SHARED.read_bytes()), schema_overrides={"cameo": pl.String}, try_parse_dates=True)
    on = date(2018, 12, 1)
    rows = raw.rename({"plover": "type"}).filter(pl.col("date") <= on).with_row_index("row")
    model, rng = PairModel.fit(rows, on), np.random.default_rng(0)
    acts = rows.filter((pl.col("date") == on) & pl.col("type").is_in(["SANCTION", "COERCE", "THREATEN", "REJECT"]))
    falls = []
    for target, source in sorted(set(acts.select("source", "target").iter_rows()))[:12]:
        likely = model.predict(source, target, on, 30)
        type_, one = max(likely.items(), key=lambda item: max(r.effect for r in item[1].reasons if r.acts))
        named = [row for reason in one.reasons if reason.effect > 0 for acts in reason.acts
                 for row in cited(rows, acts)["row"]]  # fmt: skip
        near = rows.filter(pl.col("source").is_in([source, target]) | pl.col("target").is_in([source, target]))
        others = rng.choice(np.setdiff1d(near["row"].to_numpy(), named), len(named), replace=False).tolist()
        falls.append([one.probability - model.moved(rows.filter(~pl.col("row").is_in(gone)), on)
                      .predict(source, target, on, 30)[type_].probability for gone in (named, others)])  # fmt: skip
    cited_fall, other_fall = np.mean(falls, axis=0)
    assert len(falls) >= 10 and cited_fall > 0.1 and cited_fall > 3 * abs(other_fall), (cited_fall, other_fall)


@pytest.mark.parametrize("horizon", [0, -3])
def test_a_horizon_without_a_day_is_refused(horizon: int) -> None:
    with pytest.raises(ForecastError, match="holds no day"):
        fitted().predict("USA", "RUS", UNTIL, horizon)


def test_a_party_with_itself_is_refused() -> None:
    with pytest.raises(ForecastError, match="two parties"):
        fitted().predict("USA", "USA", UNTIL, 30)


def test_a_day_before_what_was_learnt_is_refused() -> None:
    with pytest.raises(ForecastError, match="learnt from days up to"):
        fitted().predict("USA", "RUS", UNTIL - timedelta(1), 30)
    with pytest.raises(ForecastError, match="learnt from days up to"):
        fitted().moved(history(), UNTIL - timedelta(1))


def test_a_later_day_is_told_with_what_the_history_holds() -> None:
    assert fitted().predict("USA", "RUS", UNTIL + timedelta(20), 30) == fitted().predict("USA", "RUS", UNTIL, 30)
    assert f"up to {UNTIL}" in fitted().predict("USA", "RUS", LAST, 30)["AID"].rests_on


def test_a_moved_model_knows_the_newer_days() -> None:
    later = fitted().moved(history(), LAST)
    assert later.predict("USA", "RUS", LAST, 30) != fitted().predict("USA", "RUS", LAST, 30)


def test_a_history_of_few_days_is_refused_with_what_is_needed() -> None:
    with pytest.raises(ForecastError, match="are needed"):
        PairModel.fit(history(), START + timedelta(40))
    with pytest.raises(ForecastError, match="no event"):
        PairModel.fit(history(), START - timedelta(1))


def test_a_short_history_is_asked_over_its_shorter_horizon() -> None:
    short = PairModel.fit(history(), START + timedelta(60))
    assert 0 < short.predict("USA", "RUS", START + timedelta(60), 90)["ACCUSE"].probability < 1


def test_one_pair_is_enough_to_say_something() -> None:
    rows = pl.DataFrame({"date": [START + timedelta(9 * i) for i in range(20)], "source": "KEN", "target": "TZA",
                         "type": "CONSULT"})  # fmt: skip
    found = PairModel.fit(rows, START + timedelta(171)).predict("KEN", "TZA", START + timedelta(171), 30)
    assert found["CONSULT"].probability > 0.5 > 0.2 > found["AID"].probability


class TestPooledLogit:
    rng = np.random.default_rng(0)
    signs = rng.normal(size=(4000, 3, 2))
    truth = np.array([[1.0, -0.5], [1.0, -0.5], [0.8, 0.0]])
    odds = (signs * truth).sum(axis=2) - np.array([0.5, 1.0, 0.0])
    came = rng.random((4000, 3)) < 1 / (1 + np.exp(-odds))

    def test_weights_are_found_again(self) -> None:
        model = pooled.fit(self.signs, self.came)
        assert model.weights[:2].mean(axis=0) == pytest.approx([1.0, -0.5], abs=0.25)
        assert model.constants == pytest.approx([-0.5, -1.0, 0.0], abs=0.2)

    def test_it_is_calibrated_on_its_lessons(self) -> None:
        model = pooled.fit(self.signs, self.came)
        p = 1 / (1 + np.exp(-model.odds(self.signs)))
        assert p.mean(axis=0) == pytest.approx(self.came.mean(axis=0), abs=0.002)

    def test_a_kind_without_lessons_takes_the_common_weights(self) -> None:
        came = self.came.copy()
        came[:, 2] = False
        model = pooled.fit(self.signs, came)
        assert np.abs(model.weights[2] - model.weights[:2].mean(axis=0)).max() < 0.3

    def test_parts_are_exact(self) -> None:
        model = pooled.fit(self.signs, self.came)
        whole = model.parts(self.signs).sum(axis=2) + (model.usual * model.weights).sum(axis=1) + model.constants
        assert whole == pytest.approx(model.odds(self.signs), abs=1e-9)

    def test_copies_of_a_lesson_in_one_group_make_it_no_surer(self) -> None:
        groups = np.arange(400)
        one = pooled.fit(self.signs[:400], self.came[:400], groups=groups)
        many = pooled.fit(np.tile(self.signs[:400], (5, 1, 1)), np.tile(self.came[:400], (5, 1)),
                          groups=np.tile(groups, 5))  # fmt: skip
        alone = pooled.fit(np.tile(self.signs[:400], (5, 1, 1)), np.tile(self.came[:400], (5, 1)))
        assert many.errors(self.signs[:50]).mean() > 0.9 * one.errors(self.signs[:50]).mean()
        assert alone.errors(self.signs[:50]).mean() < 0.7 * many.errors(self.signs[:50]).mean()
