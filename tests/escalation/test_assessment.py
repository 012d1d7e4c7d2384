"""The report on a ledger: what counts as what, comparisons, takes no side, the same seed the same figures."""

from collections.abc import Iterator
from datetime import date
from math import log
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import detente
from detente.errors import NotInLedger, UsageFault
from detente.escalation.assessment import risk
from detente.escalation.model import Estimate, Risk
from detente.forecasting.history import History, write
from detente.ledger import Ledger
from tests.ledger.made import change, claim, told, use

DAY = "2016-06-01"
FAST: dict[str, Any] = {"on": DAY, "draws": 2000}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """Norway and Peru: an embassy each way, Peru's with staff; a hotline, a consulate, contacts."""
    own, other = {"owner": "NOR", "counterpart": "PER"}, {"owner": "PER", "counterpart": "NOR"}
    with Ledger(tmp_path_factory.mktemp("risk") / "ledger.db") as opened:
        opened.record([
            told(change("open", "2010-01-01", **own), change("open", "2010-01-01", **other),
                 change("open", "2015-01-01", kind="hotline"), published="2015-01-02"),
            told(change("limit", "2016-03-01", kind="staff", count=3, **other), published="2016-03-02"),
            told(change("close", "2016-05-10", kind="consulate", seat="Bergen", **other),
                 change("keep", "2016-05-10", kind="contacts", name="coast guards"), published="2016-05-11"),
            told(claim("belief", quote="that Norway can afford the risk of it", holder="PER"),
                 claim("belief", quote="that Norway has no manners", holder="PER"), published="2016-05-12"),
            told(claim("belief", quote="a later word on the risk", holder="PER"), published="2016-07-12"),
            told(use(False, "2016-05-20"), published="2016-05-21"),
            told(change("propose", "2016-05-20", kind="talks"), published="2016-05-21"),
        ])  # fmt: skip
        yield opened


def value_of(report: Risk, stage: str = "deaths", index: int = 0) -> Estimate:
    return next(r.ratio for r in report.comparisons[index].ratios if r.stage == stage)


def counts(report: Risk, key: str = "as it stands") -> dict[str, str]:
    return {s.line.rsplit("-PER")[0] if s.line.count("-") < 4 else s.line: s.counts for s in report.scenario(key).lines}


def test_what_each_line_counts_as(ledger: Ledger) -> None:
    report = risk(ledger, "NOR", "PER", **FAST)
    found = {s.line: s.counts for s in report.scenario("as it stands").lines}
    assert found == {
        "consulate-PER-NOR-bergen": "down", "contacts-NOR-PER-coast-guards": "in use", "embassy-NOR-PER": "in use",
        "embassy-PER-NOR": "limited",  # its staff was cut: the staff counts with it
        "hotline-NOR-PER": "either",  # said to be open, but it rang out
        "talks-NOR-PER": "either",  # merely proposed
    }  # fmt: skip
    assert next(v.parts for v in report.values if v.line == "embassy-PER-NOR") == ("staff-PER-NOR",)
    assert any("hotline-NOR-PER, talks-NOR-PER" in lack for lack in report.lacks)


def test_losing_representation_is_what_the_evidence_says(ledger: Ledger) -> None:
    """Odds at damage 1/3 times exp(.34): the ratio of the chances to get to shots."""
    posts = ["embassy-NOR-PER", "embassy-PER-NOR"]
    full = risk(ledger, "NOR", "PER", with_=posts, on="2015-06-01", draws=20_000)
    assert {s.counts for s in full.scenario("what if").lines if s.line in posts} == {"in use"}
    report = risk(ledger, "NOR", "PER", without=["embassy"], on="2015-06-01", draws=20_000)
    odds = 1 / 3 * 2.718281828**0.34
    assert value_of(report, "shots").value == pytest.approx(odds / (1 + odds) / 0.25, rel=1e-5)
    assert report.headline.data == "association" and report.headline.differ == tuple(posts)
    assert {r.stage: r.order for r in report.headline.ratios} == {
        "encounter": "none", "damage": "none", "shots": "none", "deaths": "none", "fighting": "none",
    }  # fmt: skip


def test_an_order_is_given_where_the_interval_allows_it(ledger: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "sure.toml"
    file.write_text('[effects.hotline]\nparent = "other"\nchannel = "hotline"\nreaches = ["damage"]\nvalue = 1.5\n'
                    'sd = 0.1\nreasoning = "sure"\n', "utf-8")  # fmt: skip
    more = risk(ledger, "NOR", "PER", without=["hotline"], priors=file, on="2015-06-01", draws=2000)
    less = risk(ledger, "NOR", "PER", with_=["hotline"], priors=file, **FAST)
    assert next(r.order for r in more.headline.ratios if r.stage == "deaths") == "more"
    assert value_of(more).low > 1.5 and value_of(less).value < 1
    step = less.reopening[0]
    assert (step.line, step.order) == ("hotline-NOR-PER", "none")  # not certain to be down: it may change nothing
    assert less.values[0].line == "hotline-NOR-PER" and less.priors == "sure.toml"


def test_wild_beliefs_give_figures_all_the_same(ledger: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "wild.toml"
    for value in ("1e5", "-1e5"):
        file.write_text(f'[effects.hotline]\nparent = "other"\nchannel = "hotline"\nreaches = ["encounter", "shots"]\n'
                        f'value = {value}\nsd = 20\nreasoning = "wild"\n', "utf-8")  # fmt: skip
        report = risk(ledger, "NOR", "PER", without=["hotline"], priors=file, beliefs={"NOR": 100}, **FAST)
        assert Risk.model_validate_json(report.model_dump_json()) == report
        assert all(0 < s.incident.low <= s.incident.high <= 1 for p in report.scenarios for s in p.stages)


def test_swapped_parties_give_the_swapped_report(ledger: Ledger) -> None:
    asked: dict[str, Any] = {"beliefs": {"NOR": 0.2, "PER": 3.0}, "since": "2016-01-01", "without": ["hotline"], **FAST}
    one, other = risk(ledger, "NOR", "PER", **asked), risk(ledger, "PER", "NOR", **asked)
    assert one.affordability and other.affordability
    swapped = other.model_copy(update={
        "a": "NOR", "b": "PER",
        "affordability": other.affordability.model_copy(update={"sides": other.affordability.sides[::-1]}),
    })  # fmt: skip
    assert swapped == one


def test_the_same_seed_gives_the_same_figures(ledger: Ledger) -> None:
    one, two, three = (risk(ledger, "NOR", "PER", seed=seed, **FAST) for seed in (4, 4, 5))
    assert one == two and one != three
    assert value_of(one).value == value_of(three).value  # the middle is exact, no seed enters it
    assert Risk.model_validate_json(one.model_dump_json()) == one


def test_two_days(ledger: Ledger) -> None:
    report = risk(ledger, "NOR", "PER", since="2015-06-01", **FAST)
    assert (report.headline.first, report.headline.second) == ("that day", "as it stands")
    then = {s.line: s.counts for s in report.scenario("that day").lines}
    assert then["hotline-NOR-PER"] == "in use"
    assert then["consulate-PER-NOR-bergen"] == "either"  # not on record by then: silence is not open


def test_nothing_after_the_day_is_looked_at(ledger: Ledger) -> None:
    early = risk(ledger, "NOR", "PER", on="2015-06-01", known="2015-06-01", draws=500)
    assert {s.line for s in early.scenario("as it stands").lines} == {
        "embassy-NOR-PER", "embassy-PER-NOR", "hotline-NOR-PER",
    }  # fmt: skip
    assert early.affordability and not any(side.claims for side in early.affordability.sides)


def test_claims_about_the_risk_are_quoted_to_the_day(ledger: Ledger) -> None:
    test = risk(ledger, "NOR", "PER", **FAST).affordability
    assert test
    quotes = {side.party: [c.quote for c in side.claims] for side in test.sides}
    assert quotes == {"NOR": [], "PER": ["that Norway can afford the risk of it"]}


def test_affordability(ledger: Ledger) -> None:
    """A belief of 0 finds no loss too large; a stronger one finds smaller losses too large."""
    asked: dict[str, Any] = {"without": ["embassy"], "incidents": 10.0, "on": "2015-06-01", "draws": 2000}
    multiples = []
    for belief in (0.0, 0.5, 1.0, 4.0):
        test = risk(ledger, "NOR", "PER", beliefs={"NOR": belief}, **asked).affordability
        assert test
        side = test.sides[0]
        assert (side.party, side.belief, side.entered, test.sides[1].entered) == ("NOR", belief, True, False)
        multiples.append(side.multiple.value)
    assert multiples[0] is None and multiples[1] > multiples[2] > multiples[3] > 1  # type: ignore[operator]
    assert test.added.value == pytest.approx(1 / multiples[2], rel=1e-4)  # type: ignore[operator]
    needs = {loss.multiple: loss.needs for loss in test.losses}
    again = risk(ledger, "NOR", "PER", beliefs={"NOR": needs[1000.0] or 0, "PER": 0.0}, **asked).affordability
    assert again and again.sides[0].multiple.value == pytest.approx(1000, rel=1e-3)
    wrong = {loss.multiple: loss.wrong_by for loss in again.losses}[1000.0]
    assert wrong["NOR"] == pytest.approx(1, rel=1e-3) and wrong["PER"] is None


def test_values_multiply_to_all_lines(ledger: Ledger) -> None:
    report = risk(ledger, "NOR", "PER", **FAST)
    product = 1.0
    for value in report.values:
        product *= value.factor.value
    assert product == pytest.approx(report.all_lines.value, rel=1e-4)
    posts = [v.factor for v in report.values if v.kind == "embassy"]
    assert posts[0] == posts[1]  # alike lines, equal shares, intervals and all
    assert all(v.order == "none" for v in report.values)
    blank = {v.kind for v in report.values if v.data == "none"}
    assert blank == {"consulate", "contacts", "hotline", "talks"}
    assert any("No data exist" in text and "hotline" in text for text in report.caveats)
    assert report.caveats[0].startswith("Association, never cause")


def test_very_many_unlike_lines_are_sampled_and_say_so(tmp_path: Path) -> None:
    kinds = ["embassy", "consulate", "mission", "liaison", "office", "council", "contacts", "hotline", "talks",
             "verification"]  # fmt: skip
    names = ["alpha", "bravo", "charlie", "delta"]
    with Ledger(tmp_path / "ledger.db") as ledger:
        ledger.record([told(*(change("close", "2016-01-02", kind=kind, name=f"{name} {kind}", seat=name.title())
                              for kind in kinds for name in names))])  # fmt: skip
        report = risk(ledger, "NOR", "PER", on=DAY, draws=200)
    assert len(report.values) > 20 and all(v.error is not None and v.error < 0.01 for v in report.values)
    assert sum(log(v.factor.value) for v in report.values) == pytest.approx(log(report.all_lines.value), abs=1e-4)


def test_no_incidents(ledger: Ledger) -> None:
    report = risk(ledger, "NOR", "PER", incidents=0, **FAST)
    assert {s.year.high for scenario in report.scenarios for s in scenario.stages} == {0.0}
    assert report.incidents.origin == "analyst" and value_of(report).value > 0
    assert report.affordability and report.affordability.sides[0].multiple.value is None


def test_no_lines(ledger: Ledger) -> None:
    report = risk(ledger, "NOR", "CHL", **FAST)
    assert report.values == () and report.reopening == () and report.affordability is None
    assert {r.order for r in report.headline.ratios} == {"same"} and report.all_lines.value == 1
    assert any("nothing to compare" in lack for lack in report.lacks)


def test_the_rate_of_an_analyst_moves_levels_and_no_ratio(ledger: Ledger) -> None:
    few, many = (risk(ledger, "NOR", "PER", incidents=n, **FAST) for n in (1, 50))
    assert value_of(few) == value_of(many)
    assert few.scenarios[0].stages[3].year.value < many.scenarios[0].stages[3].year.value


def test_incidents_are_counted_in_an_event_history(ledger: Ledger, tmp_path: Path) -> None:
    """Sixteen days with an assault or a mobilization in the five years before the day, and what is of others."""
    days = [date(2012 + i // 4, 1 + i % 4, 1) for i in range(16)]
    rows = [(day, "NOR", "PER", "ASSAULT") for day in days[::2]] + [
        (day, "PER", "NOR", "MOBILIZE") for day in days[1::2]
    ]
    rows += [(date(2014, 7, 1), "NOR", "PER", "CONSULT"), (date(2014, 8, 1), "NOR", "CHL", "ASSAULT"),
             (date(2008, 1, 1), "NOR", "CHL", "CONSULT"), (date(2016, 7, 1), "NOR", "PER", "ASSAULT")]  # fmt: skip
    frame = pl.DataFrame(rows, ["date", "source", "target", "type"], orient="row").with_columns(
        cameo=pl.lit(None, pl.String), quad=pl.lit(4, pl.Int8), goldstein=pl.lit(None, pl.Float64)
    )
    write(frame, tmp_path, "made")
    found = risk(ledger, "NOR", "PER", history=History(tmp_path), **FAST).incidents
    assert (found.origin, found.rate.value) == ("history", pytest.approx(16.5 / 5, rel=1e-3))
    assert found.rate.low < 2.2 < 4.8 < found.rate.high
    assert found.statement.startswith("16 days with an assault or a mobilization") and "(made up to" in found.statement
    assert risk(ledger, "NOR", "QAT", history=History(tmp_path), **FAST).incidents.origin == "prior"


def test_relations_take_their_posts_along(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        ledger.record([told(change("open", "2010-01-01", kind="relations"), change("open", "2010-01-01"),
                            change("open", "2010-01-01", kind="hotline"))])  # fmt: skip
        report = risk(ledger, "NOR", "PER", without=["relations"], **FAST)
        assert {s.line: s.counts for s in report.scenario("what if").lines} == {
            "embassy-NOR-PER": "down", "hotline-NOR-PER": "either",  # of the hotline nothing was heard for two years
        }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"without": "hotline"}, "give a list of lines"),
        ({"without": ["hotline"], "with_": ["hotline"]}, "cannot be both without and with"),
        ({"incidents": -1}, "no number of incidents a year"),
        ({"incidents": float("nan")}, "no number of incidents a year"),
        ({"beliefs": {"CHL": 1}}, "neither NOR nor PER"),
        ({"beliefs": {"NOR": -1}}, "give a number from 0 to 100"),
        ({"seed": -1}, "give a seed of 0 or more"),
        ({"draws": 3}, "from 100 to 1,000,000 draws"),
        ({"on": "soon"}, "no date"),
    ],
)
def test_what_makes_no_sense(ledger: Ledger, asked: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageFault, match=told):
        risk(ledger, "NOR", "PER", **asked)


def test_a_line_that_is_not_there_and_one_party(ledger: Ledger) -> None:
    with pytest.raises(NotInLedger, match="no line 'pigeon' between these two by then; there are consulate-"):
        risk(ledger, "NOR", "PER", without=["pigeon"], on=DAY)
    with pytest.raises(UsageFault, match="are one party"):
        risk(ledger, "NOR", "NOR")


def test_the_public_name() -> None:
    assert detente.risk is risk
