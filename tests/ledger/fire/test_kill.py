"""Killed at any moment, a ledger has all that it said it had, nothing twice, and goes on where it was."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from detente.ledger import Ledger, schema
from detente.ledger.checking import faults
from tests.ledger.fire.plenty import record, whole

READINGS, STEP, KILLS = 562, 3, 10
"""Of 500 articles; 62 of them are read twice."""
ROOT = Path(__file__).parents[3]


def child(*arguments: object) -> subprocess.Popen[str]:
    """A process that records."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.ledger.fire.plenty", *map(str, arguments)], stdout=subprocess.PIPE, text=True,
        cwd=ROOT, env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip


def killed(process: subprocess.Popen[str], lines: int, rest_s: float) -> list[str]:
    """Kill a process soon after it has said so many lines; what it said."""
    assert process.stdout is not None
    said = [line.strip() for line, _ in zip(process.stdout, range(lines), strict=False)]
    time.sleep(rest_s)
    os.kill(process.pid, signal.SIGKILL)
    said += [line.strip() for line in process.stdout if line.endswith("\n")]
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL, "it ended before it could be killed"
    return said


@pytest.mark.fire
def test_nothing_is_lost_or_there_twice(tmp_path: Path) -> None:
    seed = int(os.environ.get("DETENTE_SEED", Random().randrange(10**6)))
    print(f"seed {seed}: set DETENTE_SEED={seed} to see the same run")
    rng, place = Random(seed), str(tmp_path / "ledger.db")
    safe: set[str] = set()
    ends: list[int] = []
    for number in range(KILLS):
        # The articles that are known are passed over, but said again: each run gets further than the one before it.
        lines = rng.randint(0, 1 + (number + 1) * (READINGS - 50) // KILLS)
        said = killed(child(place, seed, 0, READINGS, STEP), lines, rng.uniform(0, 0.05))
        safe.update(word for word in said if word not in ("open", "done"))
        with Ledger(place) as ledger, ledger.asked() as connection:
            there = set(connection.scalars(select(schema.articles.c.id)))
            items = select(schema.reports.c.reading, schema.reports.c.kind, schema.reports.c.item)
            twice = items.group_by(*items.selected_columns).having(func.count() > 1)
            assert connection.execute(twice).all() == []
        assert safe <= there, f"lost at kill {number}"
        ends.append(len(there))
        with sqlite3.connect(place) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        raw.close()
    assert ends == sorted(ends) and len(set(ends)) > 2, "the kills came too early or too late to say anything"

    last = child(place, seed, 0, READINGS, STEP)
    assert last.communicate()[0].split()[-1] == "done"
    assert last.returncode == 0
    record(str(tmp_path / "calm.db"), seed, 0, READINGS, STEP)
    with Ledger(place) as fired, Ledger(tmp_path / "calm.db") as calm:
        assert whole(fired) == whole(calm)
        assert list(faults(fired.store)) == []
