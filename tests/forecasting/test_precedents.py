"""Cases from the casebook and from a ledger: what was done, how it was answered, and what is not known."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from detente.forecasting.precedents import Case, cases, cases_of
from detente.forecasting.steps import Act, Link, Move, acts
from detente.ledger import Ledger, casebook
from detente.ledger.believing import NOW, Asked
from tests.ledger.made import change, event, told


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


def named(found: list[Case], episode: str) -> Case:
    return next(c for c in found if episode in c.act.cases)


BOOK = cases(None, asked=NOW)


@pytest.mark.parametrize(
    ("episode", "sort", "number", "reply"),
    [
        ("uk-russia-1971-09-24", "staff", 105, ("lesser", 18, 14)),
        ("uk-russia-1985-09-16", "staff", 6, ("mirror", 6, 2)),
        ("usa-russia-2016-12-29", "staff", 35, ("parity-cap", None, 211)),
        ("uk-russia-2018-03-14", "staff", 23, ("mirror-extra", 23, 3)),
        ("usa-russia-2018-03-26", "staff", 60, ("mirror", 60, 3)),  # 48 and 12, told as two lines
        ("usa-ussr-1986-10-21", "staff", 55, ("lesser", 5, 1)),  # the 260 local staff are another matter
        ("latvia-russia-2022-04-05", "consulate", 2, ("mirror", 2, 16)),
        ("estonia-russia-2022-04-05", "consulate", 2, ("mirror", 2, 16)),
        ("poland-russia-2024-10-22", "consulate", 1, ("mirror-extra", 1, 44)),
        ("algeria-france-2025-04-14", "staff", 12, ("mirror-extra", 12, 1)),
        ("nato-russia-2021-10-06", "staff", 8, ("other", None, 12)),
        ("uk-russia-1989-05", "staff", 11, ("mirror", 11, None)),  # only the month is known
    ],
)
def test_what_was_done_and_how_it_was_answered(
    episode: str, sort: str, number: int, reply: tuple[str, int | None, int | None]
) -> None:
    case = named(BOOK, episode)
    assert (case.sort, case.number) == (sort, number)
    assert case.reply is not None
    assert (case.reply.kind, case.reply.number, case.reply.days) == reply


def test_nothing_recorded_is_not_none() -> None:
    for episode in ("norway-ussr-1991-10", "saudi-canada-2018-08-05", "ukraine-russia-2022-02-24"):
        case = named(BOOK, episode)
        assert case.reply is None
        assert not case.silent


@pytest.mark.parametrize(
    "episode",
    [
        "uk-russia-1985-09-18",  # London said so
        "canada-india-2023-10-03",  # Canada withdrew those whom India wanted gone, and did no more
        "nato-russia-1999-03-26",  # NATO kept Russia's mission
    ],
)
def test_recorded_silences(episode: str) -> None:
    assert named(BOOK, episode).silent


def test_a_deferred_answer_is_a_silence_until_it_comes() -> None:
    before = named(cases(None, asked=Asked("2017-06-30")), "usa-russia-2016-12-29")
    assert before.silent
    assert before.reply is None
    assert named(BOOK, "usa-russia-2016-12-29").reply is not None


def test_circumstances() -> None:
    assert named(BOOK, "poland-russia-2022-03-23").wave
    assert not named(BOOK, "uk-russia-2007-07-16").wave
    assert named(BOOK, "poland-russia-2025-11-19").repeated
    assert not named(BOOK, "uk-russia-2007-07-16").repeated
    assert named(BOOK, "uk-russia-2018-03-17").answers


def test_third_parties_that_take_a_side_do_not_answer() -> None:
    case = named(BOOK, "saudi-iran-2016-01-03")
    assert case.reply is None
    assert case.followed == ("ARE", "BHR", "SDN")
    assert named(BOOK, "usa-russia-2021-04-15").followed == ("POL",)
    assert named(BOOK, "uk-russia-2007-07-16").followed == ()


def test_a_ceiling_is_room_for_later_acts_only() -> None:
    assert named(BOOK, "canada-india-2023-10-03").room is None  # set that day, and by the other side
    assert named(BOOK, "canada-india-2024-10-14").room == 21
    assert named(BOOK, "usa-russia-2018-03-26").room == 455


def test_only_what_was_known_by_then() -> None:
    found = cases(None, asked=Asked("2018-03-20"))
    assert max(c.act.known for c in found) <= "2018-03-20"
    assert named(found, "uk-russia-2018-03-14").reply is not None
    day_before = cases(None, asked=Asked("2018-03-16"))
    assert named(day_before, "uk-russia-2018-03-14").reply is None


def test_the_casebook_in_a_ledger_counts_once(ledger: Ledger) -> None:
    chosen = [e for e in casebook.episodes() if e["file"] in ("uk-russia.toml", "uk-ussr.toml", "nato-russia.toml")]
    ledger.record(casebook.readings(chosen))
    with ledger.store.reading() as connection:
        found = cases(connection, asked=NOW)
    assert [(c.act.actor, c.act.target, c.act.day, c.number, c.reply and c.reply.kind) for c in found] == [
        (c.act.actor, c.act.target, c.act.day, c.number, c.reply and c.reply.kind) for c in BOOK
    ]
    assert named(found, "uk-russia-2018-03-14").act.events


def test_a_ledgers_own_acts_are_cases_too(ledger: Ledger) -> None:
    ledger.record([
        told(event("SANCTION", "2016-05-02", mode="expel"),
             change("limit", "2016-05-02", kind="staff", count=4, event="e1"), published="2016-05-02"),
        told(event("SANCTION", "2016-05-02", mode="expel"),
             event("SANCTION", "2016-05-12", mode="expel", source=("NOR",), target=("PER",)),
             change("limit", "2016-05-12", kind="staff", owner="PER", counterpart="NOR", by=("NOR",), count=4,
                    event="e2"),
             answers=((1, 2),), published="2016-05-12"),
    ])  # fmt: skip
    with ledger.store.reading() as connection:
        for known, answered in (("2016-05-11", False), ("2016-05-12", True)):
            found = [c for c in cases(connection, party="NOR", asked=Asked(known)) if c.act.actor == "PER"]
            assert [(c.sort, c.number) for c in found] == [("staff", 4)]
            assert (found[0].reply is not None) is answered
        reply = found[0].reply
    assert reply is not None
    assert (reply.kind, reply.number, reply.days) == ("mirror", 4, 10)
    assert reply.events


def test_what_is_denied_or_weakly_told_is_no_case(ledger: Ledger) -> None:
    ledger.record([
        told(change("limit", "2016-05-02", kind="staff", count=4, status="denied")),
        told(change("limit", "2016-06-02", kind="staff", count=5, certainty=0.3)),
    ])  # fmt: skip
    with ledger.store.reading() as connection:
        assert [c for c in cases(connection, party="PER", asked=NOW) if c.act.events] == []
        assert not [c for c in cases(connection, party="PER", asked=NOW) if c.act.actor == "PER"]


def _swapped(act: Act) -> Act:
    other = {act.actor: act.target, act.target: act.actor}
    moves = tuple(
        Move(m.kind, other.get(m.owner, m.owner), other.get(m.counterpart, m.counterpart), m.change, m.count, m.cap,
             m.units, m.seat, m.line, m.event)
        for m in act.moves
    )  # fmt: skip
    return Act(act.target, act.actor, act.day, act.exact, act.known, act.type, moves, act.keeps, act.events, act.keys,
               act.cases, act.planned)  # fmt: skip


def test_swapping_the_parties_swaps_the_cases() -> None:
    found, links = acts(None, None, NOW)
    two = [a for a in found if {a.actor, a.target} == {"GBR", "RUS"}]
    straight, turned = cases_of(two, links, NOW), cases_of([_swapped(a) for a in two], links, NOW)
    assert [(c.act.actor, c.sort, c.number, c.reply, c.repeated) for c in straight] == [
        (c.act.target, c.sort, c.number, c.reply, c.repeated) for c in turned
    ]


def test_a_link_to_what_is_not_known_is_passed_over() -> None:
    assert cases_of([], [Link("one", "other", None)], NOW) == []
