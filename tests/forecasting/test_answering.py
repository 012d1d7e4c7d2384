"""The answer to an act: the founding case, no look ahead, no side taken, and what cannot be forecast."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from detente.errors import ForecastError, NotInLedger
from detente.forecasting import replies
from detente.forecasting.answering import ON_RECORD, answer, reply_to
from detente.forecasting.model import Answer
from detente.forecasting.precedents import cases
from detente.forecasting.rates import answered, base
from detente.ledger import Ledger, asking, casebook
from detente.ledger.believing import NOW
from tests.ledger.made import change, event, told

ACT = date(2021, 10, 6)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger with what the casebook has of NATO and Russia; the rest is the shipped casebook's."""
    with Ledger(tmp_path_factory.mktemp("book") / "ledger.db") as opened:
        opened.record(casebook.readings(e for e in casebook.episodes() if e["file"].startswith("nato-russia")))
        yield opened


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


def find(ledger: Ledger, source: str, day: str) -> str:
    with ledger.store.reading() as connection:
        found = [e["id"] for e in asking.events_of(connection) if e["day"] == day and source in e["source"]]
    return str(found[0])


def asked(ledger: Ledger, event_id: str, on: date, horizon: int = 30, **more: Any) -> Answer:
    with ledger.store.reading() as connection:
        return answer(connection, event_id, on=on, horizon=horizon, **more)


def expulsion(day: str, number: int | None, by: str = "PER", of: str = "NOR", **more: Any) -> Any:
    return told(
        event("SANCTION", day, mode="expel", source=(by,), target=(of,)),
        change("limit", day, kind="staff", owner=of, counterpart=by, by=(by,), count=number, event="e1"),
        published=day, text=f"{by} expelled {number} of {of} on {day}.", **more,
    )  # fmt: skip


def test_the_founding_case(book: Ledger) -> None:
    found = asked(book, find(book, "NATO", "2021-10-06"), ACT)
    assert max(found.kinds, key=lambda kind: found.kinds[kind] if kind != "none" else 0) in ("mirror", "mirror-extra")
    assert found.number is not None
    assert 6 <= found.number[0] <= 10
    assert found.days is not None
    assert found.days[0] <= 30
    assert found.days[1] <= 12 <= found.days[2]
    assert found.whether.chance.base is not None
    assert found.whether.chance.probability > 3 * found.whether.chance.base
    assert sum(found.kinds.values()) == pytest.approx(1.0)
    assert found.kinds["none"] == pytest.approx(1 - found.whether.chance.probability)
    precedent = next(d for d in found.drivers if "one for one" in d.text)
    assert "8 of 9 recorded cases" in precedent.text
    assert "uk-russia-2007-07-16" in precedent.cases


def test_counts_are_of_the_day_that_is_asked_about(book: Ledger) -> None:
    early = asked(book, find(book, "NATO", "2009-04-29"), date(2009, 4, 29))
    text = next(d.text for d in early.drivers if "one for one" in d.text)
    assert "of fewer than 15 people were answered one for one in 5 of 5 recorded cases" in text
    known = {e["id"]: e["known"] for e in casebook.episodes()}
    assert all(known[case] <= "2009-04-29" for driver in early.drivers for case in driver.cases)


def test_it_is_equal_with_all_later_reports_left_out(book: Ledger, tmp_path: Path) -> None:
    event_id = find(book, "NATO", "2021-10-06")
    chosen = [e for e in casebook.episodes() if e["file"].startswith("nato-russia") and e["known"] <= "2021-10-06"]
    with Ledger(tmp_path / "then.db") as then:
        then.record(casebook.readings(chosen))
        assert asked(then, event_id, ACT) == asked(book, event_id, ACT)


def test_an_answer_on_record_is_no_forecast(book: Ledger) -> None:
    found = asked(book, find(book, "NATO", "2021-10-06"), date(2021, 10, 20))
    assert found.whether.chance.rests_on == ON_RECORD
    assert found.kinds == {"other": 1.0, "none": 0.0}
    assert found.days == (-2, -2, -2)
    assert found.drivers[0].events
    with book.store.reading() as connection:
        event_id = find(book, "NATO", "2021-10-06")
        assert reply_to(connection, event_id, known=date(2021, 10, 17)) is None
        reply = reply_to(connection, event_id, known=date(2021, 10, 18))
    assert reply is not None
    assert reply.days == 12


@pytest.mark.parametrize(("a", "b"), [("PER", "NOR"), ("NOR", "PER")])
def test_it_takes_no_side(ledger: Ledger, a: str, b: str) -> None:
    ledger.record(
        [expulsion("2016-05-02", 4, a, b), expulsion("2016-05-12", 4, b, a), expulsion("2018-06-01", 7, a, b)]
    )
    found = asked(ledger, find(ledger, a, "2018-06-01"), date(2018, 6, 2))
    assert (found.whether.source, found.whether.target) == (b, a)
    with Ledger(ledger.store.where + ".swapped") as swapped:
        swapped.record(
            [expulsion("2016-05-02", 4, b, a), expulsion("2016-05-12", 4, a, b), expulsion("2018-06-01", 7, b, a)]
        )
        other = asked(swapped, find(swapped, b, "2018-06-01"), date(2018, 6, 2))
    assert found.whether.chance == other.whether.chance
    assert (found.days, found.kinds, found.number) == (other.days, other.kinds, other.number)


def test_no_precedents_at_all(ledger: Ledger) -> None:
    """In 1950 the casebook is empty: what is said is what the settings hold, and that no precedent is recorded."""
    ledger.record([expulsion("1950-03-01", 4)])
    found = asked(ledger, find(ledger, "PER", "1950-03-01"), date(1950, 3, 1))
    assert found.whether.chance.probability == pytest.approx(answered("161", "same", 30, "quiet").probability)
    assert found.whether.chance.high - found.whether.chance.low > 0.1
    assert any("no answer to expulsions" in d.text for d in found.drivers)
    assert not any(d.cases for d in found.drivers)
    assert found.kinds["mirror"] == max(v for k, v in found.kinds.items() if k != "none")


def test_an_act_of_a_kind_of_which_no_rate_is_known(ledger: Ledger) -> None:
    ledger.record([told(event("REQUEST", "2016-05-02"), published="2016-05-02")])
    found = asked(ledger, find(ledger, "PER", "2016-05-02"), date(2016, 5, 2))
    assert "no rate of answers in coded events" in found.whether.chance.rests_on
    assert found.whether.chance.probability == pytest.approx(base("REQUEST", 30).probability, abs=0.001)
    assert any("was never counted" in d.text for d in found.drivers)
    assert found.number is None


def test_a_threat_since_the_act_makes_an_answer_likelier(ledger: Ledger) -> None:
    ledger.record([expulsion("2016-05-02", 4)])
    event_id = find(ledger, "PER", "2016-05-02")
    quiet = asked(ledger, event_id, date(2016, 5, 4))
    ledger.record([told(event("THREATEN", "2016-05-03", source=("NOR",), target=("PER",)), published="2016-05-03")])
    loud = asked(ledger, event_id, date(2016, 5, 4))
    assert loud.whether.chance.probability > quiet.whether.chance.probability
    driver = next(d for d in loud.drivers if d.sort == "threat")
    assert driver.events
    assert asked(ledger, event_id, date(2016, 5, 2)).whether == asked(ledger, event_id, date(2016, 5, 2)).whether
    assert not any(d.sort == "threat" for d in asked(ledger, event_id, date(2016, 5, 2)).drivers)


def test_days_without_an_answer_make_one_less_likely(ledger: Ledger) -> None:
    ledger.record([expulsion("2016-05-02", 4)])
    event_id = find(ledger, "PER", "2016-05-02")
    chances = [
        asked(ledger, event_id, date(2016, 5, 2) + timedelta(days=gone)).whether.chance.probability
        for gone in (0, 5, 30, 90, 400)
    ]
    assert chances == sorted(chances, reverse=True)
    assert chances[-1] == 0.0
    longer = [asked(ledger, event_id, date(2016, 5, 2), h).whether.chance.probability for h in (1, 7, 30, 90)]
    assert longer == sorted(longer)


def test_the_responders_record_in_an_imported_history(ledger: Ledger) -> None:
    ledger.record([expulsion("2016-05-02", 4)])
    event_id = find(ledger, "PER", "2016-05-02")
    days = [date(2015, 1, 1) + timedelta(days=40 * n) for n in range(10)]

    def history(answered: bool) -> pl.DataFrame:
        back = timedelta(days=5 if answered else 35)
        rows = [(d, "CHL", "NOR", "SANCTION") for d in days] + [(d + back, "NOR", "CHL", "SANCTION") for d in days]
        return pl.DataFrame(rows, schema=["date", "source", "target", "type"], orient="row").sort("date")

    plain, often, never = (
        asked(ledger, event_id, date(2016, 5, 2), history=h).whether.chance.probability
        for h in (None, history(True), history(False))
    )
    assert never < plain < often
    later = history(True).with_columns(pl.col("date") + timedelta(days=5000))
    assert asked(ledger, event_id, date(2016, 5, 2), history=later).whether.chance.probability == plain


def test_what_cannot_be_forecast(ledger: Ledger) -> None:
    ledger.record([
        expulsion("2016-05-02", 4),
        told(event("AGREE", "2016-05-03", source=("NOR", "PER"), target=()), published="2016-05-03"),
    ])  # fmt: skip
    event_id, joint = find(ledger, "PER", "2016-05-02"), find(ledger, "NOR", "2016-05-03")
    with pytest.raises(ForecastError, match="at least 1"):
        asked(ledger, event_id, date(2016, 5, 2), 0)
    with pytest.raises(ForecastError, match="not known"):
        asked(ledger, event_id, date(2016, 5, 1))
    with pytest.raises(ForecastError, match="after 2016-05-01"):
        asked(ledger, event_id, date(2016, 5, 1), known=date(2016, 6, 1))
    with pytest.raises(ForecastError, match="upon nobody"):
        asked(ledger, joint, date(2016, 5, 4))
    with pytest.raises(ForecastError, match="upon itself"):
        asked(ledger, event_id, date(2016, 5, 4), pair=("NOR", "NOR"))
    with pytest.raises(ForecastError, match="no act of CHL on NOR"):
        asked(ledger, event_id, date(2016, 5, 4), pair=("CHL", "NOR"))
    with pytest.raises(NotInLedger, match="no event 'ev-none'"):
        asked(ledger, "ev-none", date(2016, 5, 4))


BOOK = cases(None, asked=NOW)


@pytest.mark.parametrize("case", [c for c in BOOK if c.act.day.year % 3 == 0], ids=lambda c: c.name())
def test_distributions_add_up(case: Any) -> None:
    assert sum(replies.kinds(case, BOOK).values()) == pytest.approx(1.0)
    assert replies.days(case, BOOK).sum() == pytest.approx(1.0)
    assert 0 < replies.whether(case, BOOK, 0.2).chance.mean < 1
    if case.people:
        numbers = replies.numbers(case, BOOK)
        assert numbers.sum() == pytest.approx(1.0)
        assert numbers[0] == 0.0
        assert (numbers >= 0).all()
    else:
        with pytest.raises(ValueError, match="without a number"):
            replies.numbers(case.__class__(case.act, case.sort, None, 0, False, False, None, False), BOOK)


def test_one_is_never_answered_with_fewer() -> None:
    single = next(c for c in BOOK if c.people == 1)
    assert replies.kinds(single, BOOK)["lesser"] == 0.0
    assert replies.numbers(single, BOOK)[0] == 0.0


def test_no_more_than_a_ceiling_leaves_room_for() -> None:
    many = replace(next(c for c in BOOK if c.people == 40), room=10)
    numbers = replies.numbers(many, BOOK)
    assert numbers.sum() == pytest.approx(1.0)
    assert numbers[11:].sum() == 0.0
    assert numbers[10] > 0.3
    roomy = replies.numbers(replace(many, room=500), BOOK)
    assert roomy.tolist() == replies.numbers(replace(many, room=None), BOOK).tolist()


def test_within_a_horizon() -> None:
    when = np.array([0.5, 0.25, 0.25])
    assert replies.within(1.0, when, 0, 2) == pytest.approx(1.0)
    assert replies.within(0.5, when, 5, 10) == 0.0
    assert replies.after(when, 0).tolist() == [0.0, 0.5, 0.5]
    assert replies.after(when, 9).sum() == 0.0


def test_words_and_plans_without_a_day_are_no_answer_to_a_deed(ledger: Ledger) -> None:
    back = {"source": ("NOR",), "target": ("PER",)}
    deed = (change("limit", "2016-05-10", kind="staff", count=3, event="e1"),
            event("SANCTION", "2016-05-10", mode="expel"))  # fmt: skip
    words = (event("THREATEN", None, status="planned", **back), event("ACCUSE", "2016-05-11", **back))
    ledger.record([told(*deed, *words, published="2016-05-11", answers=((1, 2), (1, 3)))])
    with ledger.asked() as connection:
        [act] = [e["id"] for e in asking.events_of(connection, "PER", "NOR") if e["type"] == "SANCTION"]
        found = answer(connection, act, on=date(2016, 5, 12), horizon=30)
    assert found.whether.chance.rests_on != ON_RECORD
    assert [d.sort for d in found.whether.drivers].count("threat") == 1


def test_what_third_parties_do_stands_beside(book: Ledger) -> None:
    with book.asked() as connection:
        found = answer(connection, find(book, "NATO", "2021-10-06"), on=ACT, horizon=30)
    assert found.solidarity is not None
    p, low, high = found.solidarity
    assert 0 < low < p < high < 0.2  # hardly any like act on record was joined
