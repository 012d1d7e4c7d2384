"""How well reports of one act are brought together: pairwise F1 on hand-made groups of reports of real cases.

A pair of reports counts as found where both are put into the same event or change. Beside the ledger stands a baseline
measured in the same run: "same parties, same kind of act, dates at most three days apart".
Run: python bench/identity.py [--misses]
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

from sqlalchemy import select

from detente.ledger import schema
from detente.ledger.keys import line_pair
from detente.ledger.ledger import Ledger
from detente.ledger.recording import Coder, Told
from detente.ledger.states import first_day
from detente.model import Reading

GROUPS = Path(__file__).parents[1] / "tests" / "ledger"
CODER = Coder("by hand", "1", "")
Report = dict[str, Any]


def reports(part: str) -> list[Report]:
    """The reports of a part, in the order in which they were published."""
    lines = (GROUPS / f"identity-{part}.jsonl").read_text("utf-8").splitlines()
    told_of = sorted(map(json.loads, lines), key=lambda r: (r["published"], r["report"]))

    return told_of


def reading(report: Report) -> Reading:
    """A report as a reading of one item."""
    item = {k: v for k, v in report["item"].items() if k not in ("what", "line")}
    start = report["text"].index(item["quote"])
    item |= {"id": "i1", "start": start, "end": start + len(item["quote"]), "rule": "by hand"}
    kind = "lines" if report["item"]["what"] == "line" else "events"
    return Reading.model_validate({
        "id": report["report"], "published": report["published"], "publisher": report["publisher"],
        "text": report["text"], "main": (0, len(report["text"])), kind: [item],
    })  # fmt: skip


def found(told_of: list[Report], where: str) -> tuple[dict[str, str], dict[str, str]]:
    """The act, and the line, to which a fresh ledger gives each report."""
    members, rows, changes = schema.members, schema.reports, schema.changes
    with Ledger(where) as ledger:
        ledger.record([Told(reading(r), CODER) for r in told_of])
        query = (
            select(schema.articles.c.text, members.c.grp, changes.c.line)
            .join(rows, rows.c.seq == members.c.seq)
            .join(schema.articles, schema.articles.c.id == rows.c.article)
            .outerjoin(changes, changes.c.id == members.c.grp)
        )
        with ledger.asked() as connection:
            placed = {row.text: row for row in connection.execute(query)}
    acts = {r["report"]: placed[r["text"]].grp for r in told_of}
    return acts, {r["report"]: line for r in told_of if (line := placed[r["text"]].line)}


def naive(told_of: list[Report]) -> dict[str, str]:
    """The baseline: same parties, same kind of act, dates at most three days apart."""
    kept: list[tuple[Any, Any, str]] = []
    result = {}
    for r in told_of:
        item = r["item"]
        if item["what"] == "line":
            key: Any = (item["kind"], *line_pair(item["kind"], item["owner"], item["counterpart"]), item["change"])
        else:
            key = (sorted(item["source"]), sorted(item["target"]), item["type"])
        day = first_day(item.get("date")) or first_day(r["published"])
        same = next((g for k, d, g in kept if k == key and d and day and abs((d - day).days) <= 3), r["report"])
        kept.append((key, day, same))
        result[r["report"]] = same
    return result


def f1(gold: dict[str, str], ours: dict[str, str]) -> tuple[float, float, float, list[tuple[str, str]]]:
    """Precision, recall and F1 over pairs of reports, and the pairs that are wrong."""
    counts: Counter[tuple[bool, bool]] = Counter()
    wrong = []
    for one, other in combinations(ours, 2):
        pair = (gold[one] == gold[other], ours[one] == ours[other])
        counts[pair] += 1
        if pair[0] != pair[1]:
            wrong.append((one, other))
    hit, missed, extra = counts[True, True], counts[True, False], counts[False, True]
    precision, recall = hit / max(1, hit + extra), hit / max(1, hit + missed)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall), wrong


def main() -> None:
    """Print the figures of both parts; with --misses the wrong pairs of the open part."""
    for part in ("dev", "kept"):
        told_of = reports(part)
        with tempfile.TemporaryDirectory() as folder:
            acts, lines = found(told_of, f"{folder}/ledger.db")
        gold = {r["report"]: r["group"] for r in told_of}
        named = {r["report"]: r["line"] for r in told_of if r["item"]["what"] == "line"}
        print(f"{part}: {len(told_of)} reports of {len(set(gold.values()))} acts, {len(set(named.values()))} lines")
        measured = (("acts", gold, acts), ("  three days", gold, naive(told_of)), ("lines", named, lines))
        for name, right, ours in measured:
            precision, recall, score, wrong = f1(right, ours)
            print(f"  {name:<13} precision {precision:.3f}  recall {recall:.3f}  F1 {score:.3f}")
            if part == "dev" and "--misses" in sys.argv and not name.startswith(" "):
                for one, other in wrong:
                    print(f"      {'missed' if right[one] == right[other] else 'extra'} {one} {other}")


if __name__ == "__main__":
    main()
