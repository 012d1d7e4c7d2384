"""The forecast between two parties: what it may look at, what it says where little is known, and its errors."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

import detente
from detente.errors import DetenteError, ForecastError, NotInLedger
from detente.forecasting.model import Forecast, Question
from detente.ledger import Ledger
from detente.ledger.recording import Told
from tests.ledger.made import change, event, told

ON = "2016-05-12"
BACK = {"owner": "PER", "counterpart": "NOR", "by": ("NOR",)}
EARLY = (
    told(event("ACCUSE", "2016-04-02"), published="2016-04-03"),
    told(change("limit", "2016-05-10", kind="staff", count=3, event="e1"),
         event("SANCTION", "2016-05-10", mode="expel"), published="2016-05-11"),
)  # fmt: skip
LATE = (
    told(event("ASSAULT", "2016-05-11"), published="2016-05-13"),
    told(change("limit", "2016-05-20", kind="staff", count=3, event="e1", **BACK),
         event("SANCTION", "2016-05-20", source=("NOR",), target=("PER",), mode="expel"), published="2016-05-21"),
    told(event("THREATEN", "2016-06-01"), published="2016-06-02"),
)  # fmt: skip


def made(folder: Path, *readings: Told) -> Ledger:
    ledger = Ledger(folder / "ledger.db")
    ledger.record(readings)
    return ledger


@pytest.fixture
def early(tmp_path: Path) -> Iterator[Ledger]:
    with made(tmp_path, *EARLY) as ledger:
        yield ledger


def test_what_came_later_changes_nothing(early: Ledger, tmp_path: Path) -> None:
    before = detente.forecast(early, "PER", "NOR", on=ON)
    (tmp_path / "all").mkdir()
    with made(tmp_path / "all", *EARLY, *LATE) as ledger:
        assert detente.forecast(ledger, "PER", "NOR", on=ON) == before
        assert detente.forecast(ledger, "PER", "NOR", on="2016-06-10") != before


def by_key(found: Forecast) -> dict[str, Question]:
    return {question.key: question for question in found.questions()}


def test_the_other_order_asks_the_same(early: Ledger) -> None:
    one = by_key(detente.forecast(early, "PER", "NOR", on=ON))
    other = by_key(detente.forecast(early, "NOR", "PER", on=ON))
    assert one == other


SWAP = {"PER": "NOR", "NOR": "PER"}


def test_parties_swapped_give_the_forecast_swapped(early: Ledger, tmp_path: Path) -> None:
    swapped = (
        told(event("ACCUSE", "2016-04-02", source=("NOR",), target=("PER",)), published="2016-04-03"),
        told(change("limit", "2016-05-10", kind="staff", count=3, event="e1", **BACK),
             event("SANCTION", "2016-05-10", source=("NOR",), target=("PER",), mode="expel"), published="2016-05-11"),
    )  # fmt: skip
    (tmp_path / "other").mkdir()
    with made(tmp_path / "other", *swapped) as ledger:
        mirror = detente.forecast(ledger, "NOR", "PER", on=ON)
    plain = detente.forecast(early, "PER", "NOR", on=ON)
    assert [(SWAP[q.source], q.asks, q.way, q.chance) for q in plain.questions()] == [
        (q.source, q.asks, q.way, q.chance) for q in mirror.questions()
    ]


def test_the_newest_hostile_act_is_the_one_to_be_answered(early: Ledger) -> None:
    answer = detente.forecast(early, "PER", "NOR", on=ON).answer
    assert answer is not None
    assert (answer.whether.source, answer.whether.target, answer.day) == ("NOR", "PER", "2016-05-10")
    assert sum(answer.kinds.values()) == pytest.approx(1.0)
    assert answer.number is not None and answer.number[1] <= 3 <= answer.number[2]


def test_a_horizon_begins_on_the_next_day_and_ends_with_its_last(early: Ledger) -> None:
    found = detente.forecast(early, "PER", "NOR", on=ON, horizon=14)
    assert {(q.after, q.until) for q in found.questions()} == {(ON, "2016-05-26")}


def test_more_time_is_never_less_likely(early: Ledger) -> None:
    week, season = (by_key(detente.forecast(early, "PER", "NOR", on=ON, horizon=h)) for h in (7, 90))
    types = [key for key, q in week.items() if q.asks == "type"]
    assert len(types) == 32
    assert all(week[key].chance.probability <= season[key].chance.probability for key in types)


def test_intervals_hold_the_probability_and_base_rates_stand_beside(early: Ledger) -> None:
    for question in detente.forecast(early, "PER", "NOR", on=ON).questions():
        chance = question.chance
        assert chance.low <= chance.probability <= chance.high and chance.words, question.key
        if question.asks == "type":
            assert chance.base is not None and chance.persistence is not None


def test_reasons_lead_to_events_of_the_ledger(early: Ledger) -> None:
    found = detente.forecast(early, "PER", "NOR", on=ON)
    ids = {i for q in found.questions() for d in q.drivers for i in d.events}
    assert ids
    for name in ids:
        assert len(early.evidence(name)), name


def test_a_pair_of_which_nothing_is_known_gets_the_base_rates_and_is_told_so(early: Ledger) -> None:
    found = detente.forecast(early, "CHL", "QAT", on=ON)
    assert found.answer is None
    assert any("nothing is recorded" in lack for lack in found.lacks)
    assert all(q.chance.probability < 0.5 for q in found.questions())


@pytest.mark.parametrize(
    ("a", "b", "more", "says"),
    [
        ("PER", "PER", {}, "one party"),
        ("PER", "NOR", {"horizon": 0}, "horizon of 0"),
        ("PER", "NOR", {"horizon": -3}, "horizon of -3"),
        ("PER", "NOR", {"horizon": 4000}, "1 to 366"),
        ("PER", "NOR", {"on": (date.today() + timedelta(days=2)).isoformat()}, "yet"),
        ("PER", "NOR", {"on": ON, "known": "2016-06-01"}, "must not know"),
    ],
)
def test_what_cannot_be_asked(early: Ledger, a: str, b: str, more: dict[str, object], says: str) -> None:
    with pytest.raises(ForecastError, match=says):
        detente.forecast(early, a, b, **more)


def test_a_party_nobody_knows_and_an_event_nobody_reported(early: Ledger) -> None:
    with pytest.raises(DetenteError, match="XQZ"):
        detente.forecast(early, "XQZ", "NOR", on=ON)
    with pytest.raises(NotInLedger):
        detente.forecast(early, "PER", "NOR", on=ON, after="ev-0000000000000000")


def test_an_event_of_later_cannot_be_answered_yet(tmp_path: Path) -> None:
    with made(tmp_path, *EARLY, *LATE) as ledger:
        late = [e for e in ledger.events("PER", "NOR").to_dicts() if e["type"] == "THREATEN"]
        with pytest.raises(DetenteError):
            detente.forecast(ledger, "PER", "NOR", on=ON, after=late[0]["id"])
