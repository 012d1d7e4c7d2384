"""What waits for somebody to look at it: what analysts said that no editor took up, and what one weak report tells.

What always holds: nothing is written here; what an editor has spoken on waits no more.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, or_, select

from detente.ledger import schema
from detente.ledger.asking import opened

Row = dict[str, Any]
reports, changes, events = schema.reports, schema.changes, schema.events


def waiting(connection: Connection) -> list[Row]:
    """What analysts said and no editor has spoken on since, the newest first.

    Returns:
        report, sort (correction, rejection, dispute, merge or split), target (the id it is about), who, reason, fields
        (what is right, of a correction), a, b, known_at, recorded_at.
    """
    editor = reports.alias("editor")
    taken_up = (
        select(editor.c.seq)
        .where(editor.c.role == "editor", editor.c.seq > reports.c.seq,
               or_(editor.c.target == reports.c.target, editor.c.target == reports.c.id))
        .exists()
    )  # fmt: skip
    rows = connection.execute(
        select(reports).where(reports.c.target.is_not(None), reports.c.role == "analyst", reports.c.reading.is_(None),
                              reports.c.kind != "withdrawal", ~taken_up)
        .order_by(reports.c.seq.desc())
    ).mappings()  # fmt: skip
    return [_waiting_row(row) for row in rows]


def _waiting_row(row: Any) -> Row:
    fields = json.loads(row["body"])
    corrects = row["kind"] in ("event", "line")
    sort = ("rejection" if fields.get("rejected") else "correction") if corrects else row["kind"]
    keys = ("target", "who", "reason", "a", "b", "known_at", "recorded_at")
    return {"report": row["id"], "sort": sort, "fields": fields, **{key: row[key] for key in keys}}


def doubtful(connection: Connection, *, limit: int = 100, start: int = 0) -> list[Row]:
    """The changes to lines that do not count as they stand: one weak report, or contested by a person.

    Args:
        connection: one that reads.
        limit, start: how many, and how many to pass over; the newest first.
    """
    rows = connection.execute(
        select(changes).where(changes.c.standing.in_(("candidate", "disputed")))
        .order_by(changes.c.known_at.desc(), changes.c.id).limit(limit).offset(start)
    ).mappings()  # fmt: skip
    inner = ("a", "b", "near_first", "near_last", "found_as", "made_by")
    return [opened({key: value for key, value in row.items() if key not in inner}) for row in rows]
