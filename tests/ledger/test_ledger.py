"""What a ledger does, on SQLite and on PostgreSQL alike."""

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from detente.errors import LedgerMissing, NotInLedger, UsageFault
from detente.ledger import Ledger, schema
from detente.ledger.recording import Coder, Told
from tests.ledger.made import change, claim, event, told, use

Rows = dict[str, list[tuple[Any, ...]]]


def state(ledger: Ledger, on: str, line: str = "embassy-NOR-PER", **asked: Any) -> str:
    rows = {row["line"]: row for row in ledger.board("NOR", "PER", on=on, **asked).to_dicts()}
    return rows[line]["state"] if line in rows else "not on the board"


def row(ledger: Ledger, on: str, line: str = "embassy-NOR-PER", **asked: Any) -> dict[str, Any]:
    return next(r for r in ledger.board("NOR", "PER", on=on, **asked).to_dicts() if r["line"] == line)


def derived(ledger: Ledger) -> Rows:
    with ledger.asked() as connection:
        return {t.name: sorted(map(tuple, connection.execute(select(t))), key=repr) for t in schema.DERIVED}


def reports(ledger: Ledger) -> list[Any]:
    with ledger.asked() as connection:
        return list(connection.execute(select(schema.reports).order_by(schema.reports.c.seq)))


def id_of(ledger: Ledger, index: int = 0) -> str:
    return str(ledger.changes("NOR", "PER")["id"][index])


# recording


def test_what_a_reading_says_goes_in(ledger: Ledger) -> None:
    page = told(change("close", "2016-05-10"), event("SANCTION", "2016-05-10"), claim("blame"), use(True, "2016-05-01"),
                published="2016-05-12", address="https://example.org/a")  # fmt: skip
    new = ledger.record([page])
    assert (new.articles, new.readings, new.reports) == (1, 1, 4)
    first = reports(ledger)[0]
    assert (first.kind, first.quote, first.known_at, first.role) == (
        "line",
        page.reading.lines[0].quote,
        "2016-05-12",
        "machine",
    )
    assert page.reading.text[first.start : first.end] == first.quote
    assert first.recorded_at > "2026" and first.recorded_at.endswith("Z")
    assert ledger.claims("PER")["kind"].to_list() == ["blame"]
    assert ledger.events("NOR", "PER")["type"].to_list() == ["SANCTION"]


def test_recording_twice_changes_nothing(ledger: Ledger) -> None:
    page = told(change("close", "2016-05-10"))
    ledger.record([page])
    before = derived(ledger), reports(ledger)
    again = ledger.record([page, page])
    assert (again.articles, again.reports, again.known) == (0, 0, 2)
    assert (derived(ledger), reports(ledger)) == before


def test_a_better_reading_supersedes_and_loses_nothing(ledger: Ledger) -> None:
    page = told(change("close", "2016-05-10"), text="One page, read twice")
    better = told(change("suspend", "2016-05-10"), text="One page, read twice", publisher=page.reading.publisher,
                  coder=Coder("test", "2", ""))  # fmt: skip
    ledger.record([page])
    middle = reports(ledger)[-1].recorded_at
    ledger.record([better])
    assert len(reports(ledger)) == 2
    assert state(ledger, "2016-06-01") == "suspended"
    assert state(ledger, "2016-06-01", recorded=middle) == "closed"
    assert row(ledger, "2016-06-01")["sources"] == 1


def test_a_page_without_a_date_is_known_when_it_was_fetched(ledger: Ledger) -> None:
    page = told(change("close", "2016-05-10"), published=None)
    ledger.record([page.reading], coder=page.coder, retrieved="2016-06-03")
    assert reports(ledger)[0].known_at == "2016-06-03"


ODD = (
    "a\x00b",
    "\ue000 \ue0000000",
    "\U0001f600 e\u0301 \u202e",
    "'; DROP TABLE x; --",
    "x" * 99_999,
)


@pytest.mark.parametrize("odd", ODD, ids=["nul", "escape", "signs", "sql", "long"])
def test_odd_text_is_kept_to_the_letter(ledger: Ledger, odd: str) -> None:
    page = told(change("close", "2016-05-10", quote=f"the embassy {odd} closed", name=odd[:50]))
    ledger.record([page])
    found = ledger.evidence(id_of(ledger)).to_dicts()[0]
    assert found["quote"] == page.reading.lines[0].quote
    with ledger.asked() as connection:
        kept = connection.execute(select(schema.articles)).one()
    assert kept.text == page.reading.text


def test_reports_are_appended_never_changed(ledger: Ledger) -> None:
    ledger.record([told(change("close", "2016-05-10"))])
    for verb in ("DELETE FROM reports", "UPDATE readings SET coder = 'x'", "UPDATE reports SET body = '{}'"):
        with pytest.raises(DBAPIError, match="never changed"), ledger.store.engine.begin() as connection:
            connection.execute(text(verb))


# two clocks, and the day that is asked for


def test_known_shows_what_could_be_known(ledger: Ledger) -> None:
    ledger.record([told(change("limit", "2016-05-01", kind="staff", cap=10), published="2016-05-02"),
                   told(change("close", "2016-05-10"), published="2016-05-12")])  # fmt: skip
    assert state(ledger, "2016-05-11") == "closed"
    assert state(ledger, "2016-05-11", known="2016-05-11") == "not on the board"
    assert state(ledger, "2016-05-11", "staff-NOR-PER", known="2016-05-11") == "limited"


def test_today_and_as_of_the_end_of_time_agree(ledger: Ledger) -> None:
    ledger.record([told(change("limit", "2016-05-01", kind="staff", count=3)), told(change("suspend", "2016-05-10")),
                   told(use(True, "2016-05-03")),
                   told(change("open", "2015-01-01", kind="relations", by=("NOR", "PER")))])  # fmt: skip
    for on in ("2015-06-01", "2016-05-05", "2016-06-01", "2019-01-01"):
        assert ledger.board(on=on).to_dicts() == ledger.board(on=on, known="9999").to_dicts()


def test_an_announced_change_takes_effect_on_its_day_and_is_observed_when_confirmed(ledger: Ledger) -> None:
    plan = change("suspend", "2016-06-01", status="planned", announced="2016-05-10", effective="2016-06-01")
    ledger.record([told(change("open", "2010"), published="2010-02-01"), told(plan)])
    before, after = row(ledger, "2016-05-20"), row(ledger, "2016-06-02")
    assert (before["state"], len(before["planned"])) == ("open", 1)
    assert (after["state"], after["observed"], after["planned"]) == ("suspended", "unknown", [])
    ledger.record([told(change("suspend", "2016-06-01"), published="2016-06-03")])
    assert row(ledger, "2016-06-02")["observed"] == "suspended"


# states


def test_a_bare_count_limits_for_a_year_and_a_cap_until_it_is_lifted(ledger: Ledger) -> None:
    other = {"kind": "staff", "owner": "PER", "counterpart": "NOR"}
    ledger.record([told(change("limit", "2016-05-10", kind="staff", count=3)),
                   told(change("limit", "2016-05-10", cap=9, **other))])  # fmt: skip
    assert state(ledger, "2016-06-01", "staff-NOR-PER") == "limited"
    assert state(ledger, "2017-06-01", "staff-NOR-PER") == "open"
    assert state(ledger, "2026-06-01", "staff-PER-NOR") == "limited"


def test_relations_that_break_take_posts_with_them(ledger: Ledger) -> None:
    ledger.record([told(change("open", "2010-01-01"), published="2010-01-02"),
                   told(change("close", "2016-05-10", kind="relations", by=("PER",)))])  # fmt: skip
    found = row(ledger, "2016-06-01")
    assert (found["state"], found["fell_with"], found["legal"]) == ("closed", "relations-NOR-PER", "closed")


def test_legal_and_working_are_two_things(ledger: Ledger) -> None:
    both = {"kind": "relations", "by": ("NOR", "PER")}
    ledger.record([told(change("open", "2010-01-01"), published="2010-01-02"),
                   told(change("close", "2016-05-10", **both)),
                   told(change("restore", "2018-01-05", **both), published="2018-01-06"),
                   told(change("restore", "2020-06-19", by=("NOR", "PER")), published="2020-06-20")])  # fmt: skip
    between = row(ledger, "2019-01-01")
    assert (between["state"], between["legal"]) == ("unknown", "open")
    assert row(ledger, "2020-07-01")["state"] == "open"


def test_declared_is_not_observed(ledger: Ledger) -> None:
    line = {"kind": "hotline", "by": ("PER",)}
    ledger.record(
        [told(change("suspend", "2016-05-10", **line)), told(use(True, "2016-05-13"), published="2016-05-14")]
    )
    found = row(ledger, "2016-05-20", "hotline-NOR-PER")
    assert (found["state"], found["observed"], found["last_used"]) == ("suspended", "open", "2016-05-13")
    ledger.record([told(use(False, "2016-05-16"), published="2016-05-17")])
    assert row(ledger, "2016-05-20", "hotline-NOR-PER")["observed"] == "silent"


def test_what_lives_by_use_is_unknown_after_two_silent_years_and_posts_are_not(ledger: Ledger) -> None:
    ledger.record([told(change("open", "2016-05-10", kind="talks")), told(change("open", "2016-05-10"))])
    assert state(ledger, "2017-05-10", "talks-NOR-PER") == "open"
    assert state(ledger, "2018-07-01", "talks-NOR-PER") == "unknown"
    assert state(ledger, "2018-07-01") == "open"


def test_a_weak_report_that_stands_alone_is_a_candidate(ledger: Ledger) -> None:
    ledger.record([told(change("close", "2016-05-10", certainty=0.4))])
    found = row(ledger, "2016-06-01")
    assert (found["state"], len(found["candidates"])) == ("unknown", 1)
    ledger.record([told(change("close", "2016-05-10", certainty=0.4), published="2016-05-13")])
    assert state(ledger, "2016-06-01") == "closed"


# sources


def test_five_papers_are_one_act_on_five_sources(ledger: Ledger) -> None:
    for paper in range(5):
        ledger.record(
            [told(change("close", "2016-05-10"), event("SANCTION", "2016-05-10"), publisher=f"Paper of {paper}")]
        )
    assert ledger.changes("NOR", "PER").height == ledger.events("NOR", "PER").height == 1
    assert row(ledger, "2016-06-01")["sources"] == 5


def test_copies_of_one_agency_text_and_one_publisher_count_once(ledger: Ledger) -> None:
    agency = (
        "The ministry in Lima said on Tuesday that the Norwegian embassy has to close by the end of the month. " * 5
    )
    for paper in ("Gazette", "Courier"):
        ledger.record([told(change("close", "2016-05-10"), text=agency, publisher=paper)])
    ledger.record([told(change("close", "2016-05-10"), publisher="Courier", published="2016-05-14")])
    assert row(ledger, "2016-06-01")["sources"] == 1


def test_conflicting_counts_are_shown_with_who_says_them(ledger: Ledger) -> None:
    for count, paper in ((18, "Gazette"), (27, "Courier"), (18, "Mail")):
        ledger.record([told(change("limit", "2016-05-10", kind="staff", count=count), publisher=paper)])
    found = row(ledger, "2016-06-01", "staff-NOR-PER")
    assert found["count"] == 18
    import json

    (conflict,) = [json.loads(c) if isinstance(c, str) else c for c in _list(found["conflicts"])]
    assert conflict["field"] == "count"
    assert [(v["value"], v["who"]) for v in conflict["values"]] == [(18, ["Gazette", "Mail"]), (27, ["Courier"])]


def _list(value: Any) -> list[Any]:
    import json

    return json.loads(value) if isinstance(value, str) else list(value)


def test_an_answer_is_the_cause_of_a_state(ledger: Ledger) -> None:
    first = event("SANCTION", "2016-05-01", source=("NOR",), target=("PER",))
    page = told(change("close", "2016-05-10", event="e2"), first, event("SANCTION", "2016-05-10"), answers=((1, 2),))
    ledger.record([page])
    by_day = {e["day"]: e["id"] for e in ledger.events("NOR", "PER").to_dicts()}
    assert row(ledger, "2016-06-01")["cause"] == by_day["2016-05-01"]


# persons


PERSON: dict[str, Any] = {"by": "Ada Lind", "reason": "the communiqué says so"}


def test_a_person_outranks_machines_and_an_editor_an_analyst(ledger: Ledger) -> None:
    for paper in range(3):
        ledger.record([told(change("limit", "2016-05-10", kind="staff", count=18), publisher=f"P{paper}")])
    name = id_of(ledger)
    ledger.correct(name, {"count": 27}, **PERSON)
    assert row(ledger, "2016-06-01", "staff-NOR-PER")["count"] == 27
    ledger.correct(name, {"count": 28}, role="editor", **PERSON)
    ledger.correct(name, {"count": 29}, **PERSON)
    assert row(ledger, "2016-06-01", "staff-NOR-PER")["count"] == 28
    ledger.correct(name, {"count": 30}, role="editor", **PERSON)
    assert row(ledger, "2016-06-01", "staff-NOR-PER")["count"] == 30
    assert len(reports(ledger)) == 7


def test_a_correction_may_move_a_change_to_another_line_and_can_be_asked_away(ledger: Ledger) -> None:
    ledger.record([told(change("close", "2016-05-10"))])
    middle = reports(ledger)[-1].recorded_at
    ledger.correct(id_of(ledger), {"kind": "consulate", "seat": "Cusco"}, **PERSON)
    assert state(ledger, "2016-06-01", "consulate-NOR-PER-cusco") == "closed"
    assert state(ledger, "2016-06-01") == "not on the board"
    assert state(ledger, "2016-06-01", recorded=middle) == "closed"


def test_what_a_person_rejects_moves_nothing_but_stays(ledger: Ledger) -> None:
    ledger.record([told(change("close", "2016-05-10"))])
    ledger.correct(id_of(ledger), reject=True, **PERSON)
    assert state(ledger, "2016-06-01") == "not on the board"
    assert ledger.changes("NOR", "PER")["standing"].to_list() == ["rejected"]


def test_a_dispute_takes_a_machines_report_out_until_a_person_confirms(ledger: Ledger) -> None:
    ledger.record([told(change("close", "2016-05-10"))])
    name = id_of(ledger)
    ledger.dispute(name, **PERSON)
    assert (state(ledger, "2016-06-01"), row(ledger, "2016-06-01")["disputed"]) == ("unknown", [name])
    ledger.correct(name, {"date": "2016-05-11"}, **PERSON)
    assert row(ledger, "2016-06-01")["since"] == "2016-05-11"


def test_merge_and_split_can_be_undone(ledger: Ledger) -> None:
    ledger.record([told(change("limit", "2016-05-10", kind="staff", count=3), published="2016-05-11"),
                   told(change("limit", "2016-05-20", kind="staff", count=4), published="2016-05-21")])  # fmt: skip
    first, second = ledger.changes("NOR", "PER")["id"]
    ledger.merge(first, second, **PERSON)
    assert ledger.changes("NOR", "PER")["id"].to_list() == [first]
    assert [r["why"] for r in ledger.evidence(first).to_dicts() if r["why"]][1] == "merged by Ada Lind"
    ledger.split(reports(ledger)[1].id, **PERSON)
    assert ledger.changes("NOR", "PER").height == 2


def test_withdrawal_erases_the_text_and_keeps_that_it_was_there(ledger: Ledger) -> None:
    page = told(change("close", "2016-05-10"), address="https://example.org/a")
    ledger.record([page])
    ledger.withdraw("https://example.org/a", quotes=True, **PERSON)
    assert state(ledger, "2016-06-01") == "not on the board"
    with ledger.asked() as connection:
        kept = connection.execute(select(schema.articles)).one()
    assert (kept.text, kept.address, len(kept.hash)) == (None, "https://example.org/a", 64)
    assert reports(ledger)[0].quote is None and reports(ledger)[-1].kind == "withdrawal"


def test_what_was_withdrawn_does_not_come_in_again(ledger: Ledger) -> None:
    page = told(change("close", "2016-05-10"), text="a page that is taken back")
    ledger.record([page])
    article = ledger.evidence(id_of(ledger))["article"][0]
    ledger.withdraw(article, quotes=True, **PERSON)
    again = ledger.record([Told(page.reading, Coder("test", "2", ""))])
    assert (again.reports, again.known) == (0, 1)
    assert state(ledger, "2016-06-01") == "not on the board"


def test_where_only_the_text_must_go_the_reports_count_on(ledger: Ledger) -> None:
    ledger.record([told(change("close", "2016-05-10"), address="https://example.org/a")])
    ledger.withdraw("https://example.org/a", keep=True, **PERSON)
    assert state(ledger, "2016-06-01") == "closed"
    assert reports(ledger)[0].quote is not None


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"colour": "red"}, "no field 'colour'"),
        ({"count": -1}, "count"),
        ({"date": "2016-13"}, "no date"),
        ({}, "say what is right"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused(ledger: Ledger, fields: dict[str, Any], complaint: str) -> None:
    ledger.record([told(change("close", "2016-05-10"))])
    with pytest.raises(UsageFault, match=complaint):
        ledger.correct(id_of(ledger), fields, **PERSON)
    assert len(reports(ledger)) == 1


def test_who_speaks_has_a_name_and_a_reason(ledger: Ledger) -> None:
    ledger.record([told(change("close", "2016-05-10"))])
    with pytest.raises(UsageFault, match="say who you are"):
        ledger.dispute(id_of(ledger), by=" ", reason="so")
    with pytest.raises(NotInLedger):
        ledger.dispute("ch-0000000000", **PERSON)


# derived anew


def test_rebuilt_is_equal(ledger: Ledger) -> None:
    page = told(change("close", "2016-05-10", event="e1"), event("SANCTION", "2016-05-10"), text="a page")
    ledger.record(
        [page, told(change("close", "2016-05-11")), told(change("restore", "2017-01-01"), published="2017-01-02")]
    )
    ledger.record(
        [
            told(
                change("suspend", "2016-05-10"),
                text="a page",
                publisher=page.reading.publisher,
                coder=Coder("t", "2", ""),
            )
        ]
    )
    ledger.correct(id_of(ledger), {"date": "2016-05-09"}, **PERSON)
    ledger.dispute(id_of(ledger, 1), **PERSON)
    before = derived(ledger)
    assert ledger.rebuild() == len(reports(ledger))
    assert derived(ledger) == before


def test_episodes_and_whom_to_call(ledger: Ledger) -> None:
    ledger.record([told(change("close", "2016-05-10")), told(change("keep", "2016-05-10", kind="hotline", by=("PER",))),
                   told(change("restore", "2017-03-01"), published="2017-03-02")])  # fmt: skip
    (found,) = ledger.episodes("NOR", "PER")
    assert (found["begins"], found["ended"], found["restored"]) == (
        "2016-05-10",
        "restored",
        {"embassy-NOR-PER": "2017-03-01"},
    )
    assert ledger.whom_to_call("NOR", "PER", on="2016-06-01")["line"].to_list() == ["hotline-NOR-PER"]


def test_dyad_series(ledger: Ledger) -> None:
    days = ("2016-05-10", "2016-05-20", "2016-06-01")
    ledger.record(told(event("SANCTION", d, quad=4, goldstein=-5.0, quote=f"did a thing on {d}")) for d in days)
    ledger.record([told(event("AID", "2016-05-11", source=("NOR",), target=("PER",), quad=2, goldstein=7.0))])
    months = ledger.dyads("month")
    assert months.select("source", "target", "events", "quad4").rows() == [
        ("NOR", "PER", 1, 0),
        ("PER", "NOR", 2, 2),
        ("PER", "NOR", 1, 1),
    ]
    assert ledger.dyads("year", directed=False)["events"].to_list() == [4]
    with pytest.raises(UsageFault, match="no frequency"):
        ledger.dyads("decade")


def test_there_is_no_ledger(tmp_path: Any) -> None:
    with pytest.raises(LedgerMissing, match="there is no ledger at"):
        Ledger(tmp_path / "none.db", create=False)
