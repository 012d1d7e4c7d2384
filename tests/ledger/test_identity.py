"""Identity across sources: the figures on hand-made groups, and each clause of the rule."""

import json
from pathlib import Path
from typing import Any

import pytest
from bench import identity as bench

from detente.ledger.names import alike, telling
from detente.ledger.sameness import SURE, Told, numbers, same_change, same_event, told

FLOOR = 0.9
"""Goal of the issue, on both parts; reached .99 and .93 when this was written."""


@pytest.mark.parametrize("part", ["dev", "kept"])
def test_reports_of_one_act_are_brought_together(part: str, tmp_path: Path) -> None:
    reports = bench.reports(part)
    acts, lines = bench.found(reports, str(tmp_path / "ledger.db"))
    assert bench.f1({r["report"]: r["group"] for r in reports}, acts)[2] >= FLOOR
    assert bench.f1({r["report"]: r["line"] for r in reports if r["item"]["what"] == "line"}, lines)[2] >= FLOOR


def test_the_set_is_as_large_as_it_is_said_to_be() -> None:
    groups: dict[str, int] = {}
    for part in ("dev", "kept"):
        for report in bench.reports(part):
            groups[report["group"]] = groups.get(report["group"], 0) + 1
    assert sum(2 <= size <= 5 for size in groups.values()) >= 100


def change(what: str = "limit", **fields: Any) -> Told:
    quote = fields.pop("quote", "")
    known = fields.pop("known", "2016-05-12")
    plain = {"change": what, "by": ["NOR"], "status": "actual", "date": "2016-05-10", "count": None, "cap": None}
    return told(plain | fields, quote, known)


def event(kind: str = "ACCUSE", **fields: Any) -> Told:
    quote = fields.pop("quote", "")
    plain = {"type": kind, "source": ["NOR"], "target": ["PER"], "status": "actual", "date": "2016-05-10"}
    return told(plain | fields, quote, "2016-05-12")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (change(count=3), change(count=3, date="2016-05-11"), True),
        (change(count=3), change(count=3, date="2016-05-17"), False),  # two expulsions a week apart
        (change(count=3), change(count=4), True),  # one day, two numbers: sources disagree
        (change(count=3), change(count=4, date="2016-05-12"), False),
        (change(count=3), change(cap=10), False),  # the number sent home and the ceiling are two changes
        (change(count=3), change(count=3, date="2016-05", status="past"), True),
        (change(count=3), change(count=3, by=["PER"]), False),  # the other side did it
        (change(count=3), change("suspend"), False),
        (change("suspend", date="2016-05-10"), change("suspend", date="2016-06-01"), True),  # announced, in force
        (change("suspend", date="2016-05-10"), change("suspend", date="2016-08-01"), False),
        (change("suspend"), change("close"), True),  # papers use either word
        (change("suspend"), change("suspend", status="denied"), False),
        (change("suspend", date=None), change("suspend"), True),  # published two days later, without a date
        (change("suspend", date=None, status="past"), change("suspend"), True),
        (change("propose", date="2016-05-10"), change("propose", date="2016-05-20"), False),
    ],
)
def test_changes(one: Told, other: Told, same: bool) -> None:
    assert (same_change(one, other).certainty >= SURE) is same
    assert same_change(one, other) == same_change(other, one)


def test_what_was_undone_in_between_was_done_twice() -> None:
    one, other = change("suspend", date="2016-05-10"), change("suspend", date="2016-06-01")
    assert same_change(one, other, between=True).certainty < SURE


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (event(quote="accused Lima of spying"), event(quote="accused Lima of a spying campaign"), True),
        (event(quote="blamed Lima for the oil spill", date="2016-05"), event(quote="accused Lima of spying"), False),
        (event("CONSULT"), event("CONSULT", source=["PER"], target=["NOR"]), True),  # a meeting has no first side
        (event("SANCTION", mode="expel"), event("SANCTION", mode="expel", source=["PER"], target=["NOR"]), False),
        (event("SANCTION", mode="expel", quote="sent four home"), event("SANCTION", mode="expel", date="2016-05",
               quote="sent nine of them home"), False),
        (event("SANCTION"), event("AID"), False),
    ],
)  # fmt: skip
def test_events(one: Told, other: Told, same: bool) -> None:
    assert (same_event(one, other).certainty >= SURE) is same
    assert same_event(one, other) == same_event(other, one)


def test_who_the_parties_are_makes_no_difference() -> None:
    swap = {"NOR": "PER", "PER": "NOR"}

    def swapped(act: Told) -> Told:
        fields = {name: getattr(act, name) for name in act.__dataclass_fields__}
        fields |= {k: frozenset(swap[p] for p in fields[k]) for k in ("doers", "done_to")}
        return Told(**fields)

    one, other = event("SANCTION", mode="expel"), event("SANCTION", mode="expel", date="2016-05-11")
    assert same_event(one, other) == same_event(swapped(one), swapped(other))


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        ("mission", "permanent mission", "representation in Brussels", True),
        ("office", "information office", "press office", True),
        ("envoy", "ambassador", "the Norwegian envoy", True),
        ("envoy", "chief military representative", "defence attaché", True),
        ("consulate", "consulate in Cusco", "consulate general in Arequipa", False),
        ("hotline", "Syria deconfliction line", "nuclear hotline", False),
    ],
)
def test_names_of_lines(kind: str, one: str, other: str, same: bool) -> None:
    words = [telling(kind, "NOR", "PER", name, None, None) for name in (one, other)]
    assert (words[0] == words[1] or alike(*words) > 0) is same


def test_numbers() -> None:
    assert numbers("expelled twenty-one of the 1,200; in 1985 it was both, or a couple") == {21, 1200}


def test_the_groups_quote_their_texts() -> None:
    for part in ("dev", "kept"):
        for report in bench.reports(part):
            assert report["item"]["quote"] in report["text"], json.dumps(report)
