"""Ledgers of other formats: a newer one is left as it is, an older one is migrated with a copy beside it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from detente.errors import LedgerError, LedgerNewer
from detente.ledger import Ledger, schema, store
from detente.ledger.checking import faults
from tests.ledger.fire.plenty import article, whole
from tests.ledger.made import foretold


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Path]:
    """A ledger as a made-up format 0 had it: the reports have no reasons."""
    place = tmp_path / "ledger.db"
    with Ledger(place) as ledger:
        ledger.record(article(5, n) for n in range(20))
    with closing(sqlite3.connect(place)) as raw:
        raw.execute("DROP TABLE forecasts")
        raw.execute("DROP TRIGGER reports_hold")
        raw.execute("ALTER TABLE reports DROP COLUMN reason")
        raw.execute("UPDATE meta SET value = '0' WHERE key = 'format'")
        raw.commit()
    yield place


def add_reasons(connection: Connection) -> None:
    """Bring format 0 to format 1."""
    connection.execute(text("ALTER TABLE reports ADD COLUMN reason TEXT"))


def fail_half_way(connection: Connection) -> None:
    """A migration with a fault in it."""
    add_reasons(connection)
    connection.execute(text("DELETE FROM members"))
    raise ZeroDivisionError("a fault")


def content(place: Path) -> list[str]:
    with closing(sqlite3.connect(place)) as raw:
        return list(raw.iterdump())


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_a_newer_ledger_is_refused_and_left_as_it_was(tmp_path: Path, mode: str) -> None:
    place = tmp_path / "ledger.db"
    with Ledger(place) as ledger:
        ledger.record(article(5, n) for n in range(5))
    with closing(sqlite3.connect(place)) as raw:
        raw.execute("UPDATE meta SET value = '99' WHERE key = 'format'")
        raw.commit()
        raw.execute(f"PRAGMA journal_mode = {mode}")
    before = place.read_bytes()
    for readonly in (False, True):
        with pytest.raises(LedgerNewer, match=r"ledger\.db has format 99, this program knows formats up to .* update"):
            Ledger(place, readonly=readonly)
    assert place.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.db"]


def test_another_programs_database_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    place = tmp_path / "other.db"
    with closing(sqlite3.connect(place)) as raw:
        raw.execute("CREATE TABLE letters (id)")
        raw.commit()
    before = place.read_bytes()
    with pytest.raises(LedgerError, match="is a database, but no ledger"):
        Ledger(place)
    assert place.read_bytes() == before


def test_an_older_ledger_is_migrated_with_a_copy_beside_it(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content(old)
    monkeypatch.setitem(store.MIGRATIONS, 0, add_reasons)
    with pytest.raises(LedgerError, match="has the older format 0; open it once for writing"):
        Ledger(old, readonly=True)
    with Ledger(old) as ledger:
        assert len(whole(ledger)["readings"]) == 20
        assert list(faults(ledger.store)) == []
        assert ledger.record(article(5, n) for n in range(21)).readings == 1
    kept = old.with_name("ledger.db.format-0")
    assert content(kept) == before
    with Ledger(old) as ledger:  # only once
        assert len(whole(ledger)["readings"]) == 21
    assert sorted(path.name for path in old.parent.iterdir()) == ["ledger.db", "ledger.db.format-0"]


def test_a_copy_never_takes_the_place_of_another(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old.with_name("ledger.db.format-0").write_text("something dear")
    monkeypatch.setitem(store.MIGRATIONS, 0, add_reasons)
    Ledger(old).close()
    assert old.with_name("ledger.db.format-0").read_text() == "something dear"
    assert old.with_name("ledger.db.format-0-2").exists()


@pytest.mark.parametrize("migration", [fail_half_way, None])
def test_a_migration_that_fails_leaves_the_ledger_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch, migration: store.Migration | None
) -> None:
    before = content(old)
    if migration:
        monkeypatch.setitem(store.MIGRATIONS, 0, migration)
    with pytest.raises(LedgerError, match=r"could not be brought from format 0 to 2 \(.*\); it was left as it was"):
        Ledger(old)
    assert content(old) == before
    assert [path.name for path in old.parent.iterdir()] == ["ledger.db"]


def test_a_migration_is_there_for_every_older_format() -> None:
    assert set(store.MIGRATIONS) == set(range(1, schema.FORMAT))


def without_forecasts(ledger: Ledger) -> None:
    """Make of a ledger one of format 1, which had no forecasts."""
    with ledger.store.writing() as connection:
        connection.execute(text("DROP TABLE forecasts"))
        connection.execute(text("UPDATE meta SET value = '1' WHERE key = 'format'"))


def test_a_ledger_of_format_1_gets_a_table_of_forecasts(place: str) -> None:
    with Ledger(place) as ledger:
        ledger.record(article(5, n) for n in range(5))
        before = whole(ledger)
        without_forecasts(ledger)
    with pytest.raises(LedgerError, match="has the older format 1; open it once for writing, which migrates it"):
        Ledger(place, readonly=True)
    with Ledger(place) as ledger:
        assert whole(ledger) == before
        name = foretold(ledger)
        for statement in ("UPDATE forecasts SET horizon = 1", "DELETE FROM forecasts"):
            with pytest.raises(LedgerError, match="appended, never changed"), ledger.store.writing() as connection:
                connection.execute(text(statement))
        assert list(faults(ledger.store)) == []
    with Ledger(place, readonly=True) as ledger:
        assert whole(ledger)["forecasts"][0][1] == name
