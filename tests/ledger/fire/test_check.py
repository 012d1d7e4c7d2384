"""`detente check` names what was tampered with, and is silent where nothing was."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from detente.cli import app
from detente.errors import LedgerError
from detente.ledger import Ledger, casebook
from detente.ledger.checking import faults
from detente.ledger.recording import Coder
from tests.ledger.fire.plenty import article, whole
from tests.ledger.made import change, event, told

PERSON = {"by": "Ada Lind", "reason": "the ministry says so"}
TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger'"


def filled(place: Path | str) -> Ledger:
    ledger = Ledger(place)
    ledger.record(article(5, n) for n in range(30))
    ledger.record([told(change("close", "2016-05-10", event="e1"), event("SANCTION", "2016-05-10"), text="A small page",
                        publisher="Post")])  # fmt: skip
    return ledger


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A sound ledger, closed."""
    filled(tmp_path / "ledger.db").close()
    yield tmp_path / "ledger.db"


def tampered(place: Path, *statements: str) -> list[str]:
    """What check says once somebody was at the file."""
    with closing(sqlite3.connect(place)) as raw:
        for (name,) in raw.execute(TRIGGERS).fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert raw.execute(statement).rowcount != 0, "nothing was changed"
        raw.commit()
    with Ledger(place) as ledger:
        return list(faults(ledger.store))


# sound ledgers


def test_the_casebook_is_sound(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        ledger.record(casebook.readings())
        assert list(faults(ledger.store)) == []


@pytest.mark.parametrize("quotes", [False, True])
@pytest.mark.parametrize("keep", [False, True])
def test_what_persons_say_is_sound(tmp_path: Path, quotes: bool, keep: bool) -> None:
    with filled(tmp_path / "ledger.db") as ledger:
        changes = ledger.changes("QAT", "CHL")["id"]
        ledger.correct(changes[0], {"count": 3}, **PERSON)
        ledger.correct(changes[1], reject=True, **PERSON)
        ledger.dispute(changes[2], **PERSON)
        ledger.merge(*changes[3:5], **PERSON)
        ledger.split(ledger.evidence(changes[3])["report"][0], **PERSON)
        ledger.record([told(text="nothing that matters"), told(text="nor here", coder=Coder("x", "1", "", "editor"))])
        for row in whole(ledger)["articles"][:8]:
            ledger.withdraw(row[0], quotes=quotes, keep=keep, **PERSON)
        assert list(faults(ledger.store)) == []


def test_odd_pages_are_sound(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        odd = change("close", "2016-05-10", quote="a\x00b 𝔄\u202e\ue000 x")
        ledger.record([told(odd, text="a\x00\ue0000000\U0001f600")])
        assert list(faults(ledger.store)) == []


# tampering

LAST = "(SELECT max(seq) FROM reports WHERE kind = 'line')"
BODY = """replace(body, '"change":"close"', '"change":"open"')"""
TAMPERINGS = {
    "a quote": (f"UPDATE reports SET quote = 'We never said this' WHERE seq = {LAST}",
                r"report \w+: its quote 'We never said this' does not stand at \d+ to \d+ of article \w+"),
    "offsets": (f"UPDATE reports SET start = start + 1 WHERE seq = {LAST}", r"report \w+: its quote .* does not stand"),
    "quote without a place": (f"UPDATE reports SET start = NULL WHERE seq = {LAST}", "has a quote, but not where it"),
    "a lost quote": (f"UPDATE reports SET quote = NULL WHERE seq = {LAST}", "has lost its quote, and no withdrawal"),
    "what a report says": (f"UPDATE reports SET body = {BODY} WHERE seq = {LAST}",
                           r"reading \w+: a report of it was changed or is missing"),
    "a certainty": (f"UPDATE reports SET certainty = 0.1 WHERE seq = {LAST}", "a report of it was changed or is miss"),
    "a body that is none": (f"UPDATE reports SET body = '[' WHERE seq = {LAST}", "its reports cannot be understood"),
    "a kind": (f"UPDATE reports SET kind = 'claim' WHERE seq = {LAST}", r"report \w+ is none of reading \w+"),
    "an article's text": ("UPDATE articles SET text = replace(text, 'A small page', 'A great page')",
                          r"article \w+: its text is not the one that was recorded"),
    "a lost text": ("UPDATE articles SET text = NULL WHERE publisher = 'Post'", "has lost its text, and no withdrawal"),
    "a publisher": ("UPDATE articles SET publisher = 'Globe' WHERE text LIKE 'A small page%'",
                    r"article \w+: its address, publisher, date or title is not the one"),
    "a pair": (f"UPDATE reports SET a = 'FRA' WHERE seq = {LAST}", "stands under the pair FRA-PER"),
    "a deleted report": (f"DELETE FROM reports WHERE seq = {LAST}", r"reports: number \d+ is missing"),
    "deleted reports": ("DELETE FROM reports WHERE seq IN (4, 5, 6)", "reports: numbers 4 to 6 are missing"),
    "the last report": ("DELETE FROM reports WHERE seq = (SELECT max(seq) FROM reports)",
                        r"reading \w+: a report of it was changed or is missing"),
    "a deleted reading": ("DELETE FROM readings WHERE seq = 3", "the reading that it comes from is missing"),
    "a deleted article": ("DELETE FROM articles WHERE text LIKE 'A small page%'", r"its article \w+ is missing"),
    "another reading": (f"UPDATE reports SET reading = 1 WHERE seq = {LAST}", r"is none of reading \w+, to which"),
    "a change": ("UPDATE changes SET change = 'open' WHERE change = 'close'",
                 r"change ch-\w+: change is 'open', but its reports give 'close'"),
    "sources": ("UPDATE changes SET sources = 9", r"change ch-\w+: sources is 9, but its reports give 1"),
    "an event": ("UPDATE events SET goldstein = 9.5", r"event ev-\w+: goldstein is 9\.5, but its reports give None"),
    "a state": ("UPDATE states SET state = 'open' WHERE state = 'closed'",
                r"state of \S+ \S+: state is 'open', but its reports give 'closed'"),
    "a deleted state": ("DELETE FROM states WHERE state = 'closed'", r"state of \S+ \S+ is missing, though"),
    "a made-up line": ("INSERT INTO lines (id, kind, owner, counterpart, a, b, words) SELECT 'hotline-XXX', kind, "
                       "owner, counterpart, a, b, words FROM lines LIMIT 1",
                       "line hotline-XXX stands in the ledger, but no report gives it"),
    "a member": ("DELETE FROM members WHERE seq = 2", "the place of report 2 is missing, though reports give it"),
    "a moved member": ("UPDATE members SET grp = 'ch-0' WHERE seq = 2", "the place of report 2: grp is 'ch-0', but"),
    "an answer": ("UPDATE answers SET lag_days = 400", r"answer ev-\w+ ev-\w+: lag_days is 400, but its reports give"),
    "a pair of a series": ("DELETE FROM dyads WHERE event IN (SELECT max(event) FROM dyads)", r"the pair of ev-\w+"),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERINGS)
def test_what_was_tampered_with_is_named(place: Path, name: str) -> None:
    statement, said = TAMPERINGS[name]
    found = tampered(place, statement)
    assert any(re.search(said, fault) for fault in found), found
    assert all("\n" not in fault and len(fault) < 300 for fault in found)


def test_what_a_person_said_cannot_be_changed_unseen(place: Path) -> None:
    with Ledger(place) as ledger:
        ledger.dispute(ledger.changes("NOR", "PER")["id"][0], **PERSON)
    found = tampered(place, "UPDATE reports SET who = 'Someone Else' WHERE kind = 'dispute'")
    assert len(found) == 1 and "by Someone Else, was changed" in found[0]


def test_a_withdrawn_text_put_back_is_named(place: Path) -> None:
    with Ledger(place) as ledger:
        ledger.withdraw(whole(ledger)["articles"][0][0], **PERSON)
    found = tampered(place, "UPDATE articles SET text = 'x' WHERE text IS NULL")
    assert any("was withdrawn, but its text is still there" in fault for fault in found)


def test_a_damaged_file_is_told(place: Path) -> None:
    data = bytearray(place.read_bytes())
    for at in range(4096 * 8, len(data), 4096 * 3):
        data[at : at + 64] = b"\xff" * 64
    place.write_bytes(data)
    said = CliRunner().invoke(app, ["check", "--ledger", str(place)])
    assert said.exit_code == LedgerError.exit_status and ("damaged" in said.output), said.output


def test_postgresql_is_checked_alike(postgresql_address: str) -> None:
    with filled(postgresql_address) as ledger:
        assert list(faults(ledger.store)) == []
        with ledger.store.engine.begin() as connection:
            connection.execute(text("ALTER TABLE reports DISABLE TRIGGER USER"))
            connection.execute(text(f"UPDATE reports SET quote = 'We never said this' WHERE seq = {LAST}"))
            connection.execute(text("UPDATE states SET state = 'open' WHERE state = 'closed'"))
        found = list(faults(ledger.store))
    assert any("'We never said this' does not stand at" in fault for fault in found), found
    assert any("state is 'open', but its reports give 'closed'" in fault for fault in found), found


# the command


@pytest.mark.parametrize(
    ("tamper", "status", "said"),
    [
        (None, 0, "is sound"),
        ("UPDATE reports SET quote = char(27) || '[2J' WHERE seq = 1", 7, "faults?; detente rebuild mends"),
    ],
)
def test_the_command(place: Path, tamper: str | None, status: int, said: str) -> None:
    if tamper:
        tampered(place, tamper)
    done = CliRunner().invoke(app, ["check", "--ledger", str(place)])
    assert done.exit_code == status, done.output
    assert re.search(said, done.output) and "\x1b" not in done.output


def test_rebuild_mends_what_is_derived(place: Path) -> None:
    assert tampered(place, "DELETE FROM states", "UPDATE changes SET sources = 9")
    for command in ("rebuild", "check"):
        done = CliRunner().invoke(app, [command, "--ledger", str(place)])
        assert done.exit_code == 0, done.output
