"""From the changes that are believed to the stretches of the lines of a pair, and what stands beside them.

What always holds: nothing is looked up here; the same rows give the same stretches, in whatever order they come.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from detente.ledger.histories import Change, Line, Stretch, history
from detente.ledger.keys import line_pair, plain
from detente.ledger.names import alike, is_single, telling
from detente.ledger.states import LIVES_BY_USE

Row = dict[str, Any]


_BESIDE = ("id", "day", "known_at", "change", "status", "standing", "date", "effective")


_RELATIONS_CARRY = frozenset({"embassy", "consulate", "envoy"})


def line_changes(rows: Iterable[Any], lines: dict[str, Line]) -> None:
    """Put the changes that count on their lines."""
    for start, row in enumerate(sorted(rows, key=lambda r: (r["day"], r["known_at"], r["id"]))):
        if row["standing"] != "sound" or row["line"] not in lines:
            continue
        dated = row["effective"] or row["date"]
        if row["status"] == "planned" and not dated:
            continue
        lines[row["line"]].changes.append(Change(
            row["id"], row["line"], row["change"], row["status"], dated or row["known_at"],
            tuple(json.loads(row["by"])), row["count"], row["cap"], row["known_at"], row["sources"], row["announced"],
            row["event"], undated=not dated, start=start,
        ))  # fmt: skip


def family(rows: Sequence[Any]) -> dict[str, Line]:
    """Lines with the lines that take them with them, of what the table of lines has of a pair."""
    found = {row["id"]: Line(row["id"], row["kind"]) for row in rows}
    for row in rows:
        found[row["id"]].parents = tuple(_parents(row, rows))
    return found


def _parents(row: Any, rows: Sequence[Any]) -> Iterator[str]:
    if part := row["part_of"]:
        kind, _, rest = part.partition(" ")
        owner, _, other = rest.partition("-")
        counterpart, _, name = other.partition(" ")
        owner, counterpart = line_pair(kind, owner, counterpart)
        words = telling(kind, owner, counterpart, name or None, None, None)
        same = [r for r in rows if is_line(r, kind, owner, counterpart) and r is not row]
        exact = [r for r in same if is_single(kind) or set(json.loads(r["words"])) == set(words)]
        near = [r for r in same if alike(tuple(json.loads(r["words"])), words)]
        # A part tells its parent's kind and parties; the parent may have a name where it is the only such line.
        yield from (r["id"] for r in (exact or near or (same if len(same) == 1 else []))[:1])
    elif row["kind"] == "staff":
        # Accredited staff are part of the mission, or the embassy, to which they belong.
        wholes = [
            r["id"]
            for kind in ("mission", "embassy")
            for r in rows
            if is_line(r, kind, row["owner"], row["counterpart"])
        ]
        yield from wholes[:1]
    if row["kind"] in _RELATIONS_CARRY:
        yield from (r["id"] for r in rows if r["kind"] == "relations" and (r["a"], r["b"]) == (row["a"], row["b"]))


def is_line(row: Any, kind: str, owner: str, counterpart: str) -> bool:
    """Whether a row of the table of lines is of this kind and these parties."""
    return bool((row["kind"], row["owner"], row["counterpart"]) == (kind, owner, counterpart))


def stretches(lines: dict[str, Line], wanted: Iterable[str] | None = None) -> dict[str, list[Stretch]]:
    """The history of each line of a pair."""
    relations = next((key for key, line in lines.items() if line.kind == "relations"), None)
    legal = history(lines[relations], lines) if relations else []
    keys = lines.keys() if wanted is None else wanted
    return {key: legal if key == relations else history(lines[key], lines, legal) for key in keys}


def beside_of(rows: Iterable[Any]) -> dict[str, list[Row]]:
    """For each line the changes that may stand beside its state: plans, proposals, refusals, denials, doubtful ones."""
    found: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda r: (r["day"], r["known_at"], r["id"])):
        apart = row["change"] in ("propose", "refuse") or row["status"] in ("planned", "denied") or row["effective"]
        if row["standing"] in ("candidate", "disputed") or (row["standing"] == "sound" and apart):
            found.setdefault(row["line"], []).append({key: row[key] for key in _BESIDE})
    return found


def with_parts(lines: dict[str, Line], touched: set[str]) -> set[str]:
    """The touched lines of a pair and all that stands or falls with them."""
    found = {key for key in lines if key in touched}
    posts = any(lines[key].kind == "relations" for key in found)
    for key in lines:
        if found & set(above(lines, key)) or (posts and lines[key].kind not in LIVES_BY_USE):
            found.add(key)
    return found


def above(lines: dict[str, Line], key: str) -> list[str]:
    """The lines that take a line with them, near or far."""
    found, to_do = [], list(lines[key].parents)
    while to_do:
        parent = to_do.pop()
        if parent not in found and parent in lines:
            found.append(parent)
            to_do += lines[parent].parents
    return found


def state_row(line: str, a: str, b: str, stretch: Stretch, causes: dict[str, str], conflicts: dict[str, str]) -> Row:
    """A row of the table of states."""
    contested = [c for key in stretch.evidence if conflicts.get(key, "[]") != "[]" for c in json.loads(conflicts[key])]
    return {
        "line": line, "start": stretch.start, "until": stretch.until, "a": a, "b": b, "state": stretch.state,
        "since": stretch.since, "by": plain(list(stretch.by)),
        # What came by lapse of time answers nothing.
        "cause": next((causes[c] for c in stretch.evidence if c in causes), None) if stretch.by else None,
        "count": stretch.count,
        "cap": stretch.cap, "fell_with": stretch.fell_with, "sources": stretch.sources, "legal": stretch.legal,
        "observed": stretch.observed, "last_used": stretch.last_used, "evidence": plain(list(stretch.evidence)),
        "conflicts": plain(contested), "moved": stretch.moved,
    }  # fmt: skip
