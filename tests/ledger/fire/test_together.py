"""Writers wait for one another, readers see whole transactions, and a full disk loses nothing."""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from detente.errors import LedgerFull
from detente.ledger import Ledger, schema
from detente.ledger.checking import faults
from tests.ledger.fire.plenty import article, record, whole

ROOT = Path(__file__).parents[3]
reports, members, states, lines = schema.reports, schema.members, schema.states, schema.lines


def recording(place: str, *arguments: int) -> subprocess.Popen[str]:
    """A process that records."""
    command = [sys.executable, "-m", "tests.ledger.fire.plenty", place, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


def ended_well(*processes: subprocess.Popen[str]) -> None:
    """Wait for processes, none of which may have failed."""
    for process in processes:
        out, err = process.communicate()
        assert (process.returncode, err, out.split()[-1]) == (0, "", "done")


@pytest.mark.fire
def test_two_processes_record_the_same_and_different_articles(place: str) -> None:
    # Both begin at once upon a place where there is nothing: one of them makes the ledger.
    one, other = recording(place, 7, 0, 80, 1), recording(place, 7, 40, 120, 1)
    ended_well(one, other)
    with Ledger(place) as ledger:
        found = whole(ledger)
        assert {row[0] for row in found["readings"]} == set(range(1, 121))
        assert len({row[1] for row in found["reports"]}) == len(found["reports"])
        assert list(faults(ledger.store)) == []
    expected = {row for n in range(120) for row in _items(article(7, n))}
    with Ledger(place) as ledger, ledger.asked() as connection:
        query = select(schema.readings.c.article, schema.readings.c.version, reports.c.kind, reports.c.item)
        rows = connection.execute(query.join(reports, reports.c.reading == schema.readings.c.seq)).all()
    assert len(rows) == len(expected) and {tuple(row) for row in rows} == expected


def _items(told: Any) -> list[tuple[str, str, str, str]]:
    from detente.ledger.recording import article_id

    groups = {"line": "lines", "event": "events", "use": "uses", "answer": "answers", "claim": "claims"}
    return [
        (article_id(told.reading), told.coder.version, kind, item.id)
        for kind, name in groups.items()
        for item in getattr(told.reading, name)
    ]


@pytest.mark.fire
def test_a_reader_sees_whole_transactions(place: str) -> None:
    Ledger(place).close()
    step = 10
    after = [0]
    for start in range(0, 120, step):
        after.append(after[-1] + sum(len(_items(article(7, n))) for n in range(start, start + step)))
    writer = recording(place, 7, 0, 120, step)
    seen: list[int] = []
    with Ledger(place, readonly=True) as ledger:
        while writer.poll() is None:
            with ledger.asked() as connection:
                number = connection.scalar(select(func.count()).select_from(reports))
                placed = connection.scalar(
                    select(func.count())
                    .select_from(reports.join(members, members.c.seq == reports.c.seq))
                    .where(reports.c.kind.in_(("line", "event")))
                )
                to_place = select(func.count()).where(reports.c.kind.in_(("line", "event")))
                assert placed == connection.scalar(to_place)
                stateless = select(lines.c.id).where(lines.c.id.not_in(select(states.c.line)))
                assert not connection.scalars(stateless.where(lines.c.id.not_in(_silent()))).all()
                assert number == connection.scalar(select(func.count()).select_from(reports)), "it moved meanwhile"
            seen.append(number or 0)
    ended_well(writer)
    assert set(seen) <= set(after) and len(set(seen)) > 1, seen


def _silent() -> Any:
    """Lines that have no state: all that is told of them are weak, denied or undated things."""
    sound = select(schema.changes.c.line).where(
        schema.changes.c.standing == "sound", schema.changes.c.status == "actual",
        schema.changes.c.change.not_in(("propose", "refuse")),
    )  # fmt: skip
    return select(lines.c.id).where(lines.c.id.not_in(sound))


def test_threads_share_a_ledger(ledger: Ledger) -> None:
    faults_met: list[BaseException] = []

    def work(first: int) -> None:
        try:
            for n in range(first, first + 12):
                ledger.record([article(3, n)])
        except BaseException as error:
            faults_met.append(error)

    threads = [threading.Thread(target=work, args=(first,)) for first in (0, 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults_met == []
    assert len(whole(ledger)["readings"]) == 18


@pytest.mark.fire
def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    place = str(tmp_path / "ledger.db")
    record(place, 11, 0, 30, 10)
    with Ledger(place) as ledger:
        before = whole(ledger)
        room = [0]

        def limited(connection: Any, _: Any) -> None:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages + room[0]}")

        event.listen(ledger.store.engine, "connect", limited)
        for more in (0, 1, 2, 5, 9):  # wherever within the transaction it happens
            room[0] = more
            with pytest.raises(LedgerFull, match=r"ledger\.db: no room is left \(.*full\).*free some room"):
                ledger.record(article(11, n) for n in range(30, 90))
            assert whole(ledger) == before
        assert list(faults(ledger.store)) == []
        room[0] = 100_000
        ledger.record(article(11, n) for n in range(30, 90))
        record(str(tmp_path / "calm.db"), 11, 0, 30, 10)
        with Ledger(tmp_path / "calm.db") as calm:
            calm.record(article(11, n) for n in range(30, 90))
            assert whole(ledger) == whole(calm)
