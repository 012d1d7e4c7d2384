"""Speed of the ledger, against bare sqlite3 doing the same statements in the same run.

Made-up readings of acts between sixty states over thirty years, each act told by one to five papers: appended in bulk
(against bare inserts of the same rows into the same tables); put where they belong and derived, apart; one more article
at the start and at the end; the board of a pair (against the bare query of the table of states); memory; and a board
from a cold start (against Python's own).
Run: python bench/ledger.py [--reports 100000]
"""

from __future__ import annotations

import argparse
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select

from detente.ledger import asking, schema
from detente.ledger.believing import Asked
from detente.ledger.deriving import Deriver
from detente.ledger.ledger import Ledger
from detente.ledger.recording import Coder, Told, record
from detente.model import Event, Line, Reading
from detente.parties import table

CODER = Coder("bench", "1", "")
KINDS = ("embassy", "consulate", "staff", "envoy", "hotline", "talks", "relations", "contacts")
CHANGES = ("limit", "suspend", "close", "restore", "open", "keep")
TYPES = ("SANCTION", "ACCUSE", "CONSULT", "REJECT", "REQUEST", "AGREE")
WORDS = (
    "envoy protest border summit grain fleet visa pipeline statement radar treaty court drone harbour credit".split()
)
PER_ARTICLE = 4
BATCH = 200


def articles(seed: int = 1) -> Iterator[Told]:
    """Articles without end: each tells four things of a pair, most of which other papers tell, too."""
    draw = random.Random(seed)
    states = sorted(code for code, party in table().parties.items() if party.kind == "state")[:60]
    number = 0
    while True:
        a, b = draw.sample(states, 2)
        first = date(1995, 1, 1) + timedelta(days=draw.randrange(365 * 30))
        acts = [_act(draw, a, b, first + timedelta(days=draw.randrange(60))) for _ in range(PER_ARTICLE)]
        for paper in range(draw.choice((1, 1, 2, 3, 5))):
            number += 1
            yield _article(number, f"Paper {(number * 7 + paper) % 50}", acts, first + timedelta(days=61), draw)


def _act(draw: random.Random, a: str, b: str, day: date) -> dict[str, Any]:
    if draw.random() < 0.6:
        change = draw.choice(CHANGES)
        count = draw.randrange(1, 30) if change == "limit" else None
        return {"kind": draw.choice(KINDS), "owner": a, "counterpart": b, "change": change, "by": (b,), "count": count,
                "date": day.isoformat()}  # fmt: skip
    return {"source": (b,), "target": (a,), "type": draw.choice(TYPES), "date": day.isoformat(), "quad": 4}


def _article(number: int, paper: str, acts: list[dict[str, Any]], day: date, draw: random.Random) -> Told:
    text, lines, events = f"Article {number}. " + " ".join(draw.choices(WORDS, k=60)) + "\n\n", [], []
    for act in acts:
        quote = " ".join(draw.choices(WORDS, k=8))
        place = {"quote": quote, "start": len(text), "end": len(text) + len(quote), "rule": "bench", "certainty": 0.8}
        text += quote + ". "
        if "kind" in act:
            lines.append(Line.model_construct(id=f"l{len(lines)}", status="actual", **place, **act))
        else:
            events.append(Event.model_construct(id=f"e{len(events)}", status="actual", **place, **act))
    return Told(Reading.model_construct(
        id=str(number), text=text, main=(0, len(text)), published=day.isoformat(), publisher=paper,
        lines=tuple(lines), events=tuple(events),
    ), CODER)  # fmt: skip


def timed(work: Callable[[], Any]) -> float:
    """Seconds that something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def memory() -> float:
    """The most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fill(ledger: Ledger, stream: Iterator[Told], reports: int) -> tuple[float, float]:
    """Seconds of appending, and of identity and derivation, for so many reports."""
    appending = deriving = 0.0
    done = 0
    while done < reports:
        batch = list(islice(stream, BATCH))
        with ledger.store.writing() as connection:
            began = time.perf_counter()
            new = record(connection, batch)
            middle = time.perf_counter()
            Deriver(connection).take(*new.seqs)
            deriving += time.perf_counter() - middle
        appending += time.perf_counter() - began - (time.perf_counter() - middle)
        done += new.reports
    return appending, deriving


def bare_inserts(where: Path, ledger: Ledger, folder: str) -> float:
    """Seconds that bare sqlite3 takes to insert the rows of a ledger into tables of the same make."""
    source = sqlite3.connect(where)
    names = [t.name for t in schema.REPORTED]
    query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name IN (?, ?, ?)"
    made = [sql for (sql,) in source.execute(query, names)]
    target = sqlite3.connect(f"{folder}/bare.db", isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "cache_size = -65536"):
        target.execute(f"PRAGMA {pragma}")
    for sql in sorted(made, key=lambda sql: not sql.startswith("CREATE TABLE")):
        target.execute(sql)
    seconds = 0.0
    for name in names:
        rows = source.execute(f"SELECT * FROM {name}")
        marks = ",".join("?" * len(rows.description))
        while some := rows.fetchmany(BATCH * PER_ARTICLE):
            began = time.perf_counter()
            target.execute("BEGIN IMMEDIATE")
            target.executemany(f"INSERT INTO {name} VALUES ({marks})", some)
            target.execute("COMMIT")
            seconds += time.perf_counter() - began
    assert ledger.store.where == str(where)
    return seconds


def one_more(ledger: Ledger, stream: Iterator[Told], times: int = 25) -> float:
    """Milliseconds, in the median, to record one more article."""
    return 1000 * statistics.median(timed(lambda: ledger.record([next(stream)])) for _ in range(times))


def boards(ledger: Ledger, where: Path) -> tuple[float, float, float]:
    """Milliseconds, in the median: the board of a pair, the bare query of its states, the board as it was known."""
    with ledger.asked() as connection:
        pairs = connection.execute(select(schema.lines.c.a, schema.lines.c.b).distinct().limit(200)).all()
    bare = sqlite3.connect(where)
    bare.row_factory = sqlite3.Row
    sql = ("SELECT l.*, s.* FROM lines l LEFT JOIN states s ON s.line = l.id AND s.start <= ? AND s.until > ? "
           "WHERE l.a = ? AND l.b = ?")  # fmt: skip
    ours, theirs, known = [], [], []
    on = date(2015, 6, 1)
    with ledger.asked() as connection:
        for a, b in pairs:
            ours.append(timed(lambda a=a, b=b: asking.board(connection, a, b, on=on)))
            theirs.append(timed(lambda a=a, b=b: [dict(r) for r in bare.execute(sql, (str(on), str(on), a, b))]))
            known.append(timed(lambda a=a, b=b: asking.board(connection, a, b, on=on, asked=Asked("2016-01-01"))))
    return 1000 * statistics.median(ours), 1000 * statistics.median(theirs), 1000 * statistics.median(known)


def cold(where: Path) -> tuple[float, float]:
    """Seconds of a board from a cold start, and of Python alone; the best of five."""
    command = "from detente.cli import main; main()"
    asked = [sys.executable, "-c", command, "board", "USA", "CHN", "--ledger", str(where)]
    run = [min(timed(lambda c=c: subprocess.run(c, capture_output=True, check=True)) for _ in range(5))
           for c in (asked, [sys.executable, "-c", "pass"])]  # fmt: skip
    return run[0], run[1]


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser()
    options.add_argument("--reports", type=int, default=100_000)
    wanted = options.parse_args().reports
    stream = articles()
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder) / "ledger.db"
        with Ledger(where) as ledger:
            fill(ledger, stream, 1000)
            early, before = one_more(ledger, stream), memory()
            first = fill(ledger, stream, wanted // 2)
            half = memory()
            appending, deriving = (sum(pair) for pair in zip(first, fill(ledger, stream, wanted // 2), strict=True))
            after, late = memory(), one_more(ledger, stream)
            bare = bare_inserts(where, ledger, folder)
            each = 1e6 / wanted
            print(f"{wanted:,} reports, {where.stat().st_size / 1e6:.0f} MB")
            print(f"appending in bulk: {appending:.1f} s, {appending * each:.0f} µs a report; bare inserts "
                  f"of all rows {bare:.1f} s; ratio {appending / bare:.2f} (goal: at most 3)")  # fmt: skip
            print(f"identity and derivation: {deriving:.1f} s, {deriving * each:.0f} µs a report")
            print(
                f"one more article: {early:.1f} ms at 1,000 reports, {late:.1f} ms at the end; ratio {late / early:.2f}"
            )
            ours, theirs, known = boards(ledger, where)
            print(f"board of a pair: {ours:.2f} ms median (goal: 5); bare query of its states {theirs:.2f} ms; ratio "
                  f"{ours / theirs:.2f} (goal: 2); as it could be known: {known:.2f} ms")  # fmt: skip
            print(f"memory: {before:.0f} MB at 1,000 reports, {half:.0f} MB at half, {after:.0f} MB at the end")
            whole, python = cold(where)
            print(f"board from a cold start: {whole:.2f} s, Python alone {python:.2f} s; difference "
                  f"{whole - python:.2f} s (goal: 0.5)")  # fmt: skip


if __name__ == "__main__":
    main()
