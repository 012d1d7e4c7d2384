"""What may become of lines: base rates, durations, announced steps, and what an answer would hit."""

from collections.abc import Iterator
from datetime import date
from math import exp
from pathlib import Path

import pytest

from detente.errors import ForecastError
from detente.forecasting.answering import answer
from detente.forecasting.model import Question
from detente.forecasting.prospects import _hazard, line_prospects
from detente.ledger import Ledger, asking, casebook
from detente.ledger.believing import Asked
from tests.ledger.made import change, event, told

DAY = date(2016, 6, 1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


def asked(
    ledger: Ledger, a: str = "NOR", b: str = "PER", on: date = DAY, horizon: int = 30, after: str | None = None
) -> dict[str, Question]:
    with ledger.store.reading() as connection:
        expected = answer(connection, after, on=on, horizon=horizon) if after else None
        found = line_prospects(
            connection, a, b, on=on, asked=Asked(on.isoformat()), horizon=horizon, answer=expected
        )  # fmt: skip
    assert len({q.key for q in found}) == len(found)
    assert all(q.drivers and q.chance.low <= q.chance.probability <= q.chance.high for q in found)
    return {q.key: q for q in found}


def test_an_open_embassy_is_rarely_lost(ledger: Ledger) -> None:
    ledger.record([told(change("open", "2010-05-02"), published="2010-05-02")])
    five_years = asked(ledger, horizon=1826)["line:embassy-NOR-PER:worse"]
    assert five_years.chance.probability == pytest.approx(0.0105 * 10 / 16, rel=0.2)  # six quiet years were seen
    assert (five_years.source, five_years.target) == ("PER", "NOR")
    assert "Correlates of War" in (five_years.drivers[1].source or "")


def test_what_was_cut_before_is_cut_more_easily(ledger: Ledger) -> None:
    ledger.record([told(change("open", "2010-05-02"), published="2010-05-02")])
    calm = asked(ledger)["line:embassy-NOR-PER:worse"]
    ledger.record([told(change("suspend", "2014-03-01"), published="2014-03-01"),
                   told(change("restore", "2014-08-01"), published="2014-08-01")])  # fmt: skip
    assert asked(ledger)["line:embassy-NOR-PER:worse"].chance.probability > 5 * calm.chance.probability


def test_a_cut_line_may_come_back_the_less_the_longer_it_is_cut(ledger: Ledger) -> None:
    ledger.record([
        told(change("close", "2015-06-01"), published="2015-06-01"),
        told(change("close", "2003-06-01", owner="PER", counterpart="NOR", by=("NOR",)), published="2003-06-01"),
    ])  # fmt: skip
    on = date(2015, 6, 2)
    year, month = asked(ledger, on=on, horizon=365), asked(ledger, on=on, horizon=30)
    new, old = (year[f"line:embassy-{x}:better"].chance.probability for x in ("NOR-PER", "PER-NOR"))
    assert 0.02 < old < new < 0.25
    assert month["line:embassy-NOR-PER:better"].chance.probability < new
    assert "line:embassy-NOR-PER:worse" not in year


def test_hotlines_of_the_casebook_came_back_sooner_than_embassies(ledger: Ledger) -> None:
    ledger.record([told(change("close", "2022-05-02"), published="2022-05-02"),
                   told(change("close", "2022-05-02", kind="hotline"), published="2022-05-02")])  # fmt: skip
    found = asked(ledger, on=date(2022, 6, 1))
    embassy, hotline = (found[f"line:{k}-NOR-PER:better"].chance.probability for k in ("embassy", "hotline"))
    assert hotline > embassy


def test_announced_steps(ledger: Ledger) -> None:
    ledger.record([
        told(change("open", "2010-05-02"), published="2010-05-02"),
        told(change("close", "2016-06-20", status="planned", effective="2016-06-20"), published="2016-05-30"),
    ])  # fmt: skip
    inside, outside = asked(ledger), asked(ledger, horizon=10)
    assert inside["line:embassy-NOR-PER:worse"].chance.probability > 0.85
    assert any(d.sort == "announced" and d.events for d in inside["line:embassy-NOR-PER:worse"].drivers)
    assert outside["line:embassy-NOR-PER:worse"].chance.probability < 0.05
    before = asked(ledger, on=date(2016, 5, 29))
    assert before["line:embassy-NOR-PER:worse"].chance.probability < 0.05
    passed = asked(ledger, on=date(2016, 6, 20))
    assert not any(d.sort == "announced" for q in passed.values() for d in q.drivers)


def test_who_announced_a_step_would_take_it(ledger: Ledger) -> None:
    ledger.record([told(change("suspend", "2016-06-20", by=("NOR",), status="planned"), published="2016-05-30")])
    question = asked(ledger)["line:embassy-NOR-PER:worse"]
    assert (question.source, question.target) == ("NOR", "PER")


@pytest.mark.parametrize(("a", "b"), [("PER", "NOR"), ("NOR", "PER")])
def test_the_mirror_image_of_an_act_is_likely_hit(ledger: Ledger, a: str, b: str) -> None:
    ledger.record([told(
        event("SANCTION", "2016-05-31", mode="expel", source=(a,), target=(b,)),
        change("limit", "2016-05-31", kind="staff", owner=b, counterpart=a, by=(a,), count=6, event="e1"),
        published="2016-05-31",
    )])  # fmt: skip
    with ledger.store.reading() as connection:
        act = asking.events_of(connection)[0]["id"]
    plain, found = asked(ledger, a, b), asked(ledger, a, b, after=act)
    assert f"line:staff-{a}-{b}:worse" not in plain
    hit = found[f"line:staff-{a}-{b}:worse"]
    assert hit.chance.probability > 0.1
    assert (hit.source, hit.target) == (b, a)
    assert hit.number is not None
    assert hit.number[0] == 6
    assert found[f"line:staff-{b}-{a}:worse"].number is None


def test_the_founding_case(ledger: Ledger) -> None:
    chosen = [e for e in casebook.episodes() if e["file"].startswith("nato-russia")]
    ledger.record(casebook.readings(chosen))
    on = date(2021, 10, 6)
    with ledger.store.reading() as connection:
        told = asking.events_of(connection, "NATO", "RUS", since="2021-10-06", until="2021-10-06")
    found = asked(ledger, "NATO", "RUS", on, after=told[0]["id"])
    of_nato = {k: q.chance.probability for k, q in found.items() if "-NATO-RUS" in k and k.endswith("worse")}
    assert max(of_nato, key=lambda k: of_nato[k]).startswith("line:staff-NATO-RUS")
    for hit in ("liaison", "office"):  # both were, twelve days later
        assert of_nato[f"line:{hit}-NATO-RUS-moscow:worse"] > 0.03
    assert found["line:staff-RUS-NATO:worse"].chance.probability > 0.8


def test_it_is_equal_with_all_later_reports_left_out(ledger: Ledger, tmp_path: Path) -> None:
    chosen = [e for e in casebook.episodes() if e["file"] in ("gulf.toml", "saudi-iran.toml")]
    ledger.record(casebook.readings(chosen))
    on = date(2018, 1, 1)
    with Ledger(tmp_path / "then.db") as then:
        then.record(casebook.readings(e for e in chosen if e["known"] <= on.isoformat()))
        for a, b in (("SAU", "QAT"), ("IRN", "SAU"), ("ARE", "QAT")):
            assert asked(then, a, b, on) == asked(ledger, a, b, on) != {}


def test_nothing_is_known_of_them(ledger: Ledger) -> None:
    assert asked(ledger) == {}
    with pytest.raises(ForecastError, match="at least 1"):
        asked(ledger, horizon=0)


def test_the_order_of_the_parties_does_not_matter(ledger: Ledger) -> None:
    ledger.record([told(change("close", "2016-05-02"), change("open", "2010-05-02", kind="relations"))])
    assert asked(ledger, "NOR", "PER") == asked(ledger, "PER", "NOR")


def test_the_curve_rises_for_ever() -> None:
    days = [0, 10, 365, 3650, 12000, 12784, 13000, 40000]
    sums = [_hazard(d) for d in days]
    assert sums[0] == 0
    assert sums == sorted(set(sums))
    assert 1 - exp(-_hazard(1826.25)) == pytest.approx(0.41)
