"""Whatever was recorded and said, in whatever order: derived anew it comes out equal; said twice it is said once."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from detente.ledger import Ledger, schema
from detente.ledger.checking import faults
from tests.ledger.fire.plenty import article, whole
from tests.ledger.made import change, event, told

DEED = st.one_of(
    st.tuples(st.just("record"), st.lists(st.integers(0, 60), min_size=1, max_size=12)),
    st.tuples(st.sampled_from(("correct", "move", "reject", "dispute", "merge", "split")), st.integers(0, 10**6)),
    st.tuples(st.sampled_from(("withdraw", "erase", "erase text")), st.integers(0, 10**6)),
)
DEEDS = st.lists(DEED, min_size=1, max_size=14)
ROLES = ("analyst", "editor")
often = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@contextmanager
def fresh() -> Iterator[Ledger]:
    with tempfile.TemporaryDirectory() as folder, Ledger(f"{folder}/ledger.db") as ledger:
        yield ledger


def acts(ledger: Ledger, kind: str) -> list[tuple[str, str]]:
    """Reports of acts, each with its group, in the order in which they were recorded."""
    reports, members = schema.reports, schema.members
    query = select(reports.c.id, members.c.grp).join(members, members.c.seq == reports.c.seq)
    with ledger.asked() as connection:
        return [(row.id, row.grp) for row in connection.execute(query.where(reports.c.kind == kind))]


def do(ledger: Ledger, what: str, number: Any, said: str = "so it was") -> None:
    """Do one thing to a ledger; nothing where there is nothing yet to do it to."""
    if what == "record":
        ledger.record(article(1, n) for n in number)
        return
    rng = Random(number)
    person = {"by": rng.choice(("Ada Lind", "Bo Ek")), "reason": said, "role": rng.choice(ROLES)}
    kind = "line" if what == "move" else rng.choice(("line", "event"))
    known = acts(ledger, kind)
    if what in ("withdraw", "erase", "erase text"):
        pages = [row[0] for row in whole(ledger, (schema.articles,))["articles"]]
        if pages:
            ledger.withdraw(rng.choice(pages), quotes=what != "withdraw", keep=what == "erase text", **person)
    elif known:
        report, group = rng.choice(known)
        match what:
            case "correct":
                ledger.correct(rng.choice((report, group)), {"date": f"2016-0{rng.randint(1, 9)}"}, **person)
            case "move":
                name = rng.choice(("visa office", "trade office"))
                ledger.correct(report, {"kind": "office", "name": name}, **person)
            case "reject":
                ledger.correct(group, reject=True, **person)
            case "dispute":
                ledger.dispute(rng.choice((report, group)), **person)
            case "merge":
                if (other := rng.choice(known)[1]) != group:
                    ledger.merge(group, other, **person)
            case "split":
                ledger.split(report, **person)


@pytest.mark.fire
@often
@given(DEEDS)
def test_derived_anew_it_is_equal(deeds: list[tuple[str, Any]]) -> None:
    with fresh() as ledger:
        for n, (what, number) in enumerate([("record", [1, 2, 3]), *deeds]):
            do(ledger, what, number, f"reason {n}")
        before = whole(ledger, schema.DERIVED)
        ledger.rebuild()
        after = whole(ledger, schema.DERIVED)
        for name, rows in before.items():
            assert rows == after[name], name
        assert list(faults(ledger.store)) == []


@pytest.mark.fire
@often
@given(DEEDS)
def test_recorded_twice_it_is_recorded_once(deeds: list[tuple[str, Any]]) -> None:
    recorded = [number for what, number in deeds if what == "record"]
    with fresh() as ledger:
        for what, number in deeds:
            do(ledger, what, number)
        before = whole(ledger)
        for numbers in recorded:
            assert ledger.record(article(1, n) for n in numbers).reports == 0
        assert whole(ledger) == before


@pytest.mark.fire
@often
@given(st.permutations(range(0, 40, 3)), st.integers(1, 7))
def test_however_it_is_cut_into_batches(numbers: list[int], step: int) -> None:
    with fresh() as one, fresh() as other:
        one.record(article(1, n) for n in numbers)
        for start in range(0, len(numbers), step):
            other.record(article(1, n) for n in numbers[start : start + step])
        assert whole(one) == whole(other)


def test_a_person_who_says_the_same_twice_has_said_it_once() -> None:
    with fresh() as ledger:
        ledger.record(article(1, n) for n in range(20))
        person = {"by": "Ada Lind", "reason": "so it was"}
        (first, _), (second, _) = acts(ledger, "line")[:2]
        for say in (
            lambda: ledger.correct(first, {"count": 3}, **person),
            lambda: ledger.dispute(second, **person),
            lambda: ledger.withdraw(whole(ledger)["articles"][0][0], **person),
        ):
            said = say()
            before = whole(ledger)
            assert say() == said
            assert whole(ledger) == before


def test_one_event_may_make_several_changes() -> None:
    both = [change("close", "2016-05-10", kind=kind, event="e1") for kind in ("embassy", "hotline")]
    with fresh() as ledger:
        ledger.record([told(*both, event("SANCTION", "2016-05-10"))])
        (made,) = ledger.events()["id"]
        assert ledger.changes()["event"].to_list() == [made, made]
