"""Each row of the table of states in docs/model.md, and what stands in the notes below it."""

from datetime import date
from itertools import count, permutations
from typing import Any

import pytest

from detente.ledger import LineId, State, states
from detente.ledger.states import first_day, identity, last_day
from detente.model import Line, Use

_number = count(1)
PARTIES = {"owner": "RUS", "counterpart": "NATO"}


def change(what: str, when: str | None = None, **fields: Any) -> Line:
    number = next(_number)
    plain = {"kind": "mission", **PARTIES, "by": ("NATO",), "status": "actual", "certainty": 0.9}
    place = {"id": f"l{number}", "quote": "x", "start": number, "end": number + 1, "rule": "r"}
    return Line(**(plain | place | {"change": what, "date": when} | fields))


def only(*changes: Line, **asked: Any) -> State:
    (state,) = states(changes, **asked).values()
    return state


@pytest.mark.parametrize(
    ("changes", "after"),
    [
        ("open", "open"), ("restore", "open"), ("raise", "open"), ("keep", "open"), ("limit", "limited"),
        ("suspend", "suspended"), ("close", "closed"), ("propose", "unknown"), ("refuse", "unknown"),
        ("limit open", "open"), ("limit restore", "open"), ("limit raise", "open"), ("limit keep", "limited"),
        ("suspend keep", "suspended"), ("close keep", "closed"), ("open keep", "open"),
        ("suspend restore", "open"), ("suspend open", "open"), ("suspend close", "closed"),
        ("suspend limit", "suspended"), ("suspend raise", "suspended"),
        ("close open", "open"), ("close restore", "open"), ("close suspend", "closed"), ("close limit", "closed"),
        ("close raise", "closed"), ("close propose", "closed"), ("suspend refuse", "suspended"),
        ("limit suspend restore", "open"), ("open propose refuse", "open"),
    ],
)  # fmt: skip
def test_the_table(changes: str, after: str) -> None:
    assert only(*map(change, changes.split())).state == after


def test_nothing_known() -> None:
    assert states([]) == {}
    assert State().state == "unknown"


def test_since_and_by_are_those_of_the_change_that_brought_the_state() -> None:
    first, again = change("suspend", "2021-10-18", by=("RUS",)), change("suspend", "2021-10-20", by=("NATO",))
    state = only(first, again)
    assert (state.since, state.by, state.evidence) == ("2021-10-18", ("RUS",), (first.id, again.id))


def test_order_of_the_changes_makes_no_difference() -> None:
    changes = [change("close", "2020-01"), change("restore", "2021-03-01"), change("limit", "2021-10-06", cap=10)]
    assert len({only(*order) for order in permutations(changes)}) == 1


def test_background_comes_first_then_dates_then_text_order() -> None:
    news = change("suspend", "2021-10-18")
    background = change("open", None, status="past")
    assert only(news, background).state == "suspended"
    assert only(change("restore", "2021-11"), change("close", "2021-10")).state == "open"
    assert only(change("restore"), change("close")).state == "closed"


# caps and counts


def test_a_cap_holds_until_another_cap_a_restore_or_a_raise() -> None:
    cap = change("limit", "2021-10-06", kind="staff", cap=10)
    years_later = date(2031, 1, 1)
    assert (only(cap, on=years_later).state, only(cap, on=years_later).cap) == ("limited", 10)
    lower = change("limit", "2022-01-01", kind="staff", cap=5)
    assert only(cap, lower).cap == 5
    restored = only(cap, change("restore", "2022-01-01", kind="staff"))
    assert (restored.state, restored.cap) == ("open", None)
    raised = only(cap, change("raise", "2022-01-01", kind="staff", count=4))
    assert (raised.state, raised.cap) == ("open", None)


def test_a_raised_cap_is_the_new_cap() -> None:
    state = only(
        change("limit", "2021-10-06", kind="staff", cap=10), change("raise", "2022-01-01", kind="staff", cap=20)
    )
    assert (state.state, state.cap, state.since) == ("limited", 20, "2021-10-06")


@pytest.mark.parametrize(("day", "after"), [("2022-10-05", "limited"), ("2022-10-06", "open"), ("2030-01-01", "open")])
def test_a_bare_count_limits_for_365_days(day: str, after: str) -> None:
    state = only(change("limit", "2021-10-06", kind="staff", count=8), on=date.fromisoformat(day))
    assert state.state == after
    assert state.count == (8 if after == "limited" else None)
    assert state.since == ("2021-10-06" if after == "limited" else "2022-10-06")
    assert state.by == (("NATO",) if after == "limited" else ())


def test_a_repeated_count_keeps_the_line_limited() -> None:
    first, second = (
        change("limit", when, kind="staff", count=n) for when, n in (("2021-10-06", 8), ("2022-04-01", 10))
    )
    state = only(first, second, on=date(2023, 1, 1))
    assert (state.state, state.since, state.count, state.evidence) == (
        "limited",
        "2021-10-06",
        10,
        (first.id, second.id),
    )
    assert only(first, second, on=date(2023, 4, 1)).state == "open"


def test_a_count_that_has_lapsed_before_the_next_does_not_lengthen_it() -> None:
    first, second = (change("limit", when, kind="staff", count=8) for when in ("2018-03-26", "2021-10-06"))
    assert only(first, second).since == "2021-10-06"


def test_a_count_and_a_cap_stand_side_by_side() -> None:
    both = [change("limit", "2021-10-06", kind="staff", count=8), change("limit", "2021-10-06", kind="staff", cap=10)]
    assert (only(*both).count, only(*both).cap) == (8, 10)
    later = only(*both, on=date(2023, 1, 1))
    assert (later.state, later.count, later.cap) == ("limited", None, 10)


def test_a_limit_without_a_number_holds() -> None:
    assert only(change("limit", "2010", kind="relations"), on=date(2024, 1, 1)).state == "limited"


def test_an_undated_count_never_lapses() -> None:
    assert only(change("limit", None, kind="staff", count=1), on=date(2099, 1, 1)).state == "limited"


def test_a_count_of_a_cut_date_holds_from_its_last_day() -> None:
    assert only(change("limit", "2021", kind="staff", count=1), on=date(2022, 12, 30)).state == "limited"
    assert only(change("limit", "2021", kind="staff", count=1), on=date(2022, 12, 31)).state == "open"


# planned, denied, weak


def test_planned_changes_take_effect_on_their_effective_date() -> None:
    plan = change("close", "2021-10-18", status="planned", effective="2021-11-01")
    assert only(plan) == State(planned=(plan.id,))
    assert only(plan, on=date(2021, 10, 31)).state == "unknown"
    in_force = only(plan, on=date(2021, 11, 1))
    assert (in_force.state, in_force.since, in_force.planned) == ("closed", "2021-11-01", ())


def test_a_plan_without_a_date_never_takes_effect_of_itself() -> None:
    assert only(change("close", status="planned"), on=date(2050, 1, 1)).state == "unknown"


def test_a_change_after_the_day_asked_for_is_not_yet() -> None:
    state = only(change("open", "2020"), change("close", "2021-10-18"), on=date(2021, 10, 17))
    assert state.state == "open"
    assert len(state.planned) == 1


def test_denied_changes_nothing() -> None:
    denied = change("close", status="denied")
    assert only(change("open"), denied).state == "open"
    assert only(denied) == State(denied=(denied.id,))


def test_proposals_and_refusals_stand_beside_the_state() -> None:
    offer, no = change("propose", by=("RUS",)), change("refuse")
    assert only(offer, no) == State(proposed=(offer.id,), refused=(no.id,))


def test_one_weak_report_is_a_candidate() -> None:
    weak = change("close", certainty=0.49)
    assert only(change("open"), weak).state == "open"
    assert only(weak) == State(candidates=(weak.id,))
    assert only(change("close", certainty=0.5)).state == "closed"
    assert only(weak, change("close", certainty=0.4)).state == "closed"
    assert only(weak, change("close", certainty=0.4, status="denied")).state == "unknown"


# parents and parts


def envoy(what: str, when: str | None = None, **fields: Any) -> Line:
    return change(what, when, kind="envoy", name="military representative", part_of="mission RUS-NATO", **fields)


def state_of(kind: str, *changes: Line, **asked: Any) -> State:
    return next(state for line, state in states(changes, **asked).items() if line.kind == kind)


@pytest.mark.parametrize(("what", "after"), [("suspend", "suspended"), ("close", "closed"), ("limit", "open")])
def test_a_parent_takes_its_parts_with_it(what: str, after: str) -> None:
    fall = change(what, "2021-10-18")
    state = state_of("envoy", envoy("open", "2010"), fall)
    assert state.state == after
    if after != "open":
        assert state.fell_with == LineId("mission", "RUS", "NATO", None)
        assert (state.since, state.evidence) == ("2021-10-18", (fall.id,))


def test_a_part_is_found_under_a_parent_with_a_name() -> None:
    fall = change("close", "2021-10-18", name="permanent mission")
    assert state_of("envoy", envoy("open", "2010"), fall).state == "closed"


def test_a_part_is_not_said_to_be_back_when_its_parent_is() -> None:
    steps = [envoy("open", "2010"), change("suspend", "2021"), change("restore", "2022")]
    assert state_of("envoy", *steps).state == "unknown"
    assert state_of("envoy", *steps, envoy("restore", "2023")).state == "open"


def test_a_parts_own_change_outlasts_its_parents() -> None:
    assert (
        state_of("envoy", envoy("close", "2020"), change("suspend", "2021"), change("restore", "2022")).state
        == "closed"
    )
    assert state_of("envoy", change("suspend", "2021"), envoy("keep", "2021")).state == "open"
    assert state_of("envoy", change("suspend", "2021"), envoy("restore", "2022")).state == "open"


def test_a_parts_own_change_speaks_for_it_better_than_its_parents() -> None:
    parent, own = change("suspend", "2021-10-18"), envoy("suspend", "2021-10-18", by=("RUS",))
    state = state_of("envoy", own, parent)
    assert (state.since, state.by, state.evidence, state.fell_with) == ("2021-10-18", ("RUS",), (own.id,), None)


def test_a_denied_or_weak_fall_takes_nothing_with_it() -> None:
    for fields in ({"status": "denied"}, {"certainty": 0.3}, {"status": "planned"}):
        assert state_of("envoy", envoy("open", "2010"), change("close", "2021", **fields)).state == "open"


@pytest.mark.parametrize("kind", ["embassy", "consulate", "envoy"])
def test_relations_closed_take_the_posts_of_both_sides(kind: str) -> None:
    ties = change("close", "1961-01-03", kind="relations", owner="USA", counterpart="CUB")
    for owner, other in (("USA", "CUB"), ("CUB", "USA")):
        post = change("open", "1950", kind=kind, owner=owner, counterpart=other)
        assert state_of(kind, post, ties).state == "closed"
    elsewhere = change("open", "1950", kind=kind, owner="USA", counterpart="MEX")
    assert state_of(kind, elsewhere, ties).state == "open"


def test_relations_suspended_or_an_office_left_are_no_fall() -> None:
    suspended = change("suspend", "1961", kind="relations")
    assert state_of("embassy", change("open", "1950", kind="embassy"), suspended).state == "open"
    ties = change("close", "1961", kind="relations")
    assert state_of("office", change("open", "1950", kind="office"), ties).state == "open"


def test_parts_that_name_each_other_do_not_go_round_for_ever() -> None:
    one = change("open", "2010", kind="council", part_of="contacts NATO-RUS")
    two = change("close", "2011", kind="contacts", part_of="council RUS-NATO")
    assert state_of("council", one, two).state == "closed"


# lines that live by use


@pytest.mark.parametrize("kind", ["contacts", "talks", "hotline", "council"])
def test_lines_that_live_by_use_turn_unknown_after_two_years(kind: str) -> None:
    opened = change("open", "2014-03-01", kind=kind)
    assert only(opened, on=date(2016, 2, 29)).state == "open"
    assert only(opened, on=date(2016, 3, 1)).state == "unknown"
    assert only(opened, on=date(2021, 1, 1), reported=date(2020, 6, 1)).state == "open"
    assert only(opened).state == "open"


def test_a_use_is_a_report() -> None:
    use = Use(id="u1", quote="x", start=0, end=1, rule="r", certainty=1, kind="talks", owner="NATO", counterpart="RUS",
              answered=True, date="2015-06")  # fmt: skip
    opened = change("open", "2014-03-01", kind="talks")
    assert only(opened, on=date(2017, 1, 1), uses=[use]).state == "open"
    assert only(opened, on=date(2018, 1, 1), uses=[use]).state == "unknown"


def test_posts_do_not_turn_unknown() -> None:
    assert only(change("open", "1950", kind="embassy"), on=date(2021, 1, 1)).state == "open"


# identity and dates


def test_identity() -> None:
    assert identity(change("open", name="The  Permanent Mission")) == ("mission", "RUS", "NATO", "permanent mission")
    assert identity(change("open", kind="council")) == ("council", "NATO", "RUS", None)
    assert identity(change("open", kind="envoy")) == ("envoy", "RUS", "NATO", None)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2014", "2014-01-01", "2014-12-31"), ("2024-02", "2024-02-01", "2024-02-29"),
        ("2021-10-18", "2021-10-18", "2021-10-18"), ("2021-02-31", None, None), ("2021-13", None, None),
        ("0000", None, None), (None, None, None), ("9999-12-31", "9999-12-31", "9999-12-31"),
    ],
)  # fmt: skip
def test_cut_dates(text: str | None, first: str | None, last: str | None) -> None:
    assert [day and day.isoformat() for day in (first_day(text), last_day(text))] == [first, last]


def test_dates_that_no_calendar_has_do_no_harm() -> None:
    assert only(change("limit", "2021-02-31", kind="staff", count=3), on=date(2022, 1, 1)).state == "limited"
    assert only(change("limit", "9999-12-31", kind="staff", count=3), on=date.max).state == "limited"
