"""Ruptures: what was cut between two parties, in which steps, and how it ended.

What always holds: an episode is drawn from what is believed, and stored nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from detente.ledger.asking import changes_of, events_of, pairs_of
from detente.ledger.believing import NOW, Asked

Row = dict[str, Any]


QUIET = 60
"""Days without a change after which a rupture's episode has ended: of the documented answers all but one came in 60."""


_DOWN = frozenset({"limit", "suspend", "close"})


_UP = frozenset({"open", "restore", "raise"})


def episodes(connection: Connection, a: str, b: str | None = None, *, asked: Asked = NOW) -> list[Row]:
    """The ruptures between parties, each with its dated updates and how it ended.

    An episode begins with the first thing said, demanded or done that a cut answers, or with the cut; it goes on while
    no `QUIET` days pass between its steps; the lines that it cut and that were later restored are told as its end.
    """
    found = []
    for one, other in pairs_of(connection, a, b):
        steps = [c for c in changes_of(connection, one, other, asked=asked) if c["standing"] == "sound"
                 and c["status"] != "denied" and c["day"] > "0001"]  # fmt: skip
        happened = events_of(connection, one, other, asked=asked)
        for run in _runs(steps):
            found.append(_episode(one, other, run, steps, happened))
    return sorted(found, key=lambda e: (e["begins"], e["id"]))


def _runs(steps: Sequence[Row]) -> list[list[Row]]:
    found: list[list[Row]] = []
    for step in steps:
        begun = bool(found) and _apart(found[-1][-1]["day"], step["day"]) <= QUIET
        if begun and found:
            found[-1].append(step)
        elif step["change"] in _DOWN:
            found.append([step])
    return found


def _apart(one: str, other: str) -> int:
    return abs((date.fromisoformat(other) - date.fromisoformat(one)).days)


def _episode(a: str, b: str, run: Sequence[Row], steps: Sequence[Row], happened: Sequence[Row]) -> Row:
    first, last = run[0]["day"], run[-1]["day"]
    cut = sorted({step["line"] for step in run if step["change"] in _DOWN})
    restored = {}
    for line_id in cut:
        later = (s for s in steps if s["line"] == line_id and s["change"] in _UP and s["day"] > first)
        if (back := next(later, None)) is not None:
            restored[line_id] = back["date"] or back["day"]
    opens = (date.fromisoformat(first) - timedelta(days=14)).isoformat()
    by_event = {step["event"] for step in run}
    around = [e for e in happened if opens <= e["day"] <= last and e["id"] not in by_event]
    updates = [{"what": "change", **s} for s in run] + [{"what": "event", **e} for e in around]
    return {
        "id": f"episode-{a}-{b}-{first}", "parties": [a, b], "begins": first, "last": last, "cut": cut,
        "restored": restored, "ended": "restored" if cut and len(restored) == len(cut) else
        "partly restored" if restored else "not restored",
        "updates": sorted(updates, key=lambda u: (u["day"], u["known_at"], u["id"])),
    }  # fmt: skip
