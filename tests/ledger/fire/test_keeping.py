"""Backups taken while others write, and ledgers copied from one sort of database to the other."""

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from detente.cli import app
from detente.errors import LedgerError, LedgerMissing
from detente.ledger import Ledger, casebook
from detente.ledger.checking import faults
from detente.ledger.keeping import backup, copy
from detente.ledger.store import Store
from tests.ledger.fire.plenty import article, whole
from tests.ledger.fire.test_together import ended_well, recording
from tests.ledger.made import foretold

PERSON = {"by": "Ada Lind", "reason": "the ministry says so"}


@pytest.mark.fire
def test_backups_while_another_writes_are_whole(tmp_path: Path) -> None:
    place = str(tmp_path / "ledger.db")
    with Ledger(place) as ledger:
        writer = recording(place, 7, 0, 150, 5)
        kept: list[Path] = []
        while writer.poll() is None and len(kept) < 12:
            kept.append(backup(ledger.store, tmp_path / f"{len(kept)}.db"))
        ended_well(writer)
        kept.append(backup(ledger.store, tmp_path / "last.db"))
        sizes = []
        for path in kept:
            with Ledger(path) as copied:
                sizes.append(len(whole(copied)["readings"]))
                assert sizes[-1] % 5 == 0 and list(faults(copied.store)) == []
        assert sizes == sorted(sizes) and sizes[-1] == 150 and len(set(sizes)) > 1
        with Ledger(kept[-1]) as copied:
            assert whole(copied) == whole(ledger)
            copied.record([article(7, 150)])  # a backup is a ledger like any other


def test_a_backup_holds_nothing_that_was_erased(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        told = article(5, 1)
        ledger.record([told])
        (id_,) = (row[0] for row in whole(ledger)["articles"])
        ledger.withdraw(id_, quotes=True, **PERSON)
        data = backup(ledger.store, tmp_path / "kept.db").read_bytes()
    assert told.reading.text[:40].encode() not in data and told.reading.lines[0].quote.encode() not in data


def test_a_backup_is_written_over_nothing(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        (tmp_path / "dear.db").write_text("dear")
        with pytest.raises(LedgerError, match=r"dear\.db is there already"):
            backup(ledger.store, tmp_path / "dear.db")
        with pytest.raises(LedgerError, match="no folder"):
            backup(ledger.store, tmp_path / "nowhere" / "kept.db")
    assert (tmp_path / "dear.db").read_text() == "dear"
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_backup_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        (tmp_path / "shut").mkdir(mode=0o500)
        with pytest.raises(LedgerError, match="cannot be"):
            backup(ledger.store, tmp_path / "shut" / "kept.db")


def filled(place: str | Path) -> Ledger:
    """A ledger with a bit of everything."""
    ledger = Ledger(place)
    ledger.record(article(5, n) for n in range(60))
    ledger.record(casebook.readings())
    changes = ledger.changes("NOR", "PER")["id"]
    ledger.correct(changes[0], {"count": 3}, **PERSON)
    ledger.dispute(changes[1], **PERSON)
    ledger.merge(*ledger.changes("QAT", "CHL")["id"][:2], **PERSON)
    foretold(ledger)
    ledger.withdraw(whole(ledger)["articles"][3][0], quotes=True, **PERSON)
    return ledger


def test_copy_to_postgresql_and_back_is_equal(tmp_path: Path, postgresql_address: str) -> None:
    here, back = tmp_path / "here.db", tmp_path / "back.db"
    with filled(here) as ledger:
        before = whole(ledger)
    assert all(before.values()), "a table without rows shows nothing"
    for source, target in ((str(here), postgresql_address), (postgresql_address, str(back))):
        done = CliRunner().invoke(app, ["copy", source, target])
        assert done.exit_code == 0, done.output
        assert re.search(r"Copied [\d,]+ reports from ", done.output)
    with Ledger(back) as ledger, Ledger(postgresql_address) as team:
        assert whole(ledger) == whole(team) == before
        assert list(faults(team.store)) == list(faults(ledger.store)) == []
        assert team.record([article(6, 1)]).readings == 1  # and it goes on
        with pytest.raises(LedgerError, match="pg_dump"):
            backup(team.store, tmp_path / "kept.db")


def test_times_are_copied_as_they_are(tmp_path: Path) -> None:
    with filled(tmp_path / "here.db") as ledger, Ledger(tmp_path / "there.db") as other:
        copy(ledger.store, other.store)
        for asked in ({"recorded": "2016-01-01"}, {"known": "2016-01-01"}, {}):
            assert ledger.changes(**asked).equals(other.changes(**asked))
        reports = [one.evidence(ledger.changes("NOR", "PER")["id"][0]).to_dicts() for one in (ledger, other)]
        assert reports[0] == reports[1]


def test_copy_refuses_a_ledger_with_something_in_it(tmp_path: Path) -> None:
    with Ledger(tmp_path / "one.db") as one, Ledger(tmp_path / "two.db") as two:
        one.record([article(5, 1)])
        two.record([article(5, 2)])
        before = whole(two)
        with pytest.raises(LedgerError, match=r"two\.db holds a ledger with something in it"):
            copy(one.store, two.store)
        with pytest.raises(LedgerError, match="holds a ledger"):
            copy(two.store, two.store)
        assert whole(two) == before


def test_copy_needs_something_to_copy(tmp_path: Path) -> None:
    with pytest.raises(LedgerMissing):
        Store(tmp_path / "none.db", create=False, readonly=True)
    done = CliRunner().invoke(app, ["copy", str(tmp_path / "none.db"), str(tmp_path / "two.db")])
    assert done.exit_code == LedgerMissing.exit_status
    assert not list(tmp_path.iterdir())


def test_backup_from_the_command_line(tmp_path: Path) -> None:
    with filled(tmp_path / "ledger.db") as ledger:
        done = CliRunner().invoke(app, ["backup", str(tmp_path / "kept.db"), "--ledger", str(tmp_path / "ledger.db")])
        assert done.exit_code == 0 and "Copied" in done.output, done.output
        with Ledger(tmp_path / "kept.db") as kept:
            assert whole(kept) == whole(ledger)
