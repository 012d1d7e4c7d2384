"""The reports behind what is believed: who said so, where, in which words, and why they were put together.

What always holds: nothing is written here; a quote that was erased is told as erased, never made up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, or_, select, true

from detente.errors import NotInLedger
from detente.ledger import schema
from detente.ledger.believing import NOW, Asked, live

Row = dict[str, Any]
members, changes, reports, articles = schema.members, schema.changes, schema.reports, schema.articles


def evidence(connection: Connection, name: str, *, asked: Asked = NOW) -> list[Row]:
    """The reports behind an id: of a change, event, answer, line, report or article, with where each stands.

    Raises:
        NotInLedger: nothing has that id.
    """
    seqs = _reports_of(connection, name)
    if not seqs:
        raise NotInLedger(
            f"nothing in the ledger has the id {name!r}; ids stand in what board, timeline and events show"
        )
    found: list[Row] = []
    for i in range(0, len(seqs), 400):
        rows = connection.execute(
            select(reports, members.c.grp, members.c.why, members.c.certainty.label("merged"), articles.c.publisher,
                   articles.c.address, articles.c.title, articles.c.text, live().label("live"))
            .outerjoin(members, members.c.seq == reports.c.seq)
            .outerjoin(articles, articles.c.id == reports.c.article)
            .where(reports.c.seq.in_(seqs[i : i + 400]), live(asked) if not asked.today else true())
            .order_by(reports.c.seq)
        ).mappings()  # fmt: skip
        found += [_evidence_row(row) for row in rows]
    return found


def _evidence_row(row: Any) -> Row:
    return {
        "report": row["id"], "kind": row["kind"], "group": row["grp"], "quote": row["quote"],
        "context": _context(row["text"], row["start"], row["end"]), "fields": json.loads(row["body"]),
        "certainty": row["certainty"], "role": row["role"], "who": row["who"], "reason": row["reason"],
        "target": row["target"], "counts": bool(row["live"]), "why": row["why"], "merged": row["merged"],
        "article": row["article"], "title": row["title"], "publisher": row["publisher"], "address": row["address"],
        "known_at": row["known_at"], "recorded_at": row["recorded_at"], "start": row["start"], "end": row["end"],
    }  # fmt: skip


_QUOTED = 3


def quotes(connection: Connection, groups: Iterable[str], *, asked: Asked = NOW) -> dict[str, list[Row]]:
    """For each change or event the quotes that show it, persons' and the surest first, at most three sources'.

    Args:
        connection: one that reads.
        groups: ids of changes and events.
        asked: as of when.
    """
    wanted = sorted(set(groups))
    found: dict[str, list[Row]] = {}
    for i in range(0, len(wanted), 400):
        rows = connection.execute(
            select(members.c.grp, reports.c.id, reports.c.quote, reports.c.who, reports.c.known_at, reports.c.role,
                   articles.c.publisher, articles.c.address)
            .join(reports, members.c.seq == reports.c.seq)
            .outerjoin(articles, articles.c.id == reports.c.article)
            .where(members.c.grp.in_(wanted[i : i + 400]), live(asked))
            .order_by(reports.c.role == "machine", reports.c.certainty.desc(), members.c.seq)
        ).mappings()  # fmt: skip
        for row in rows:
            own = found.setdefault(row["grp"], [])
            if len(own) < _QUOTED and all(q["publisher"] != row["publisher"] for q in own):
                own.append({"report": row["id"], "quote": row["quote"], "publisher": row["publisher"],
                            "who": row["who"], "known_at": row["known_at"], "address": row["address"]})  # fmt: skip
    return found


_AROUND = 160


def _context(text: str | None, start: int | None, end: int | None) -> str | None:
    """The quote with what stands around it in its paragraph; None where the text was erased."""
    if not text or start is None or end is None:
        return None
    first = max(text.rfind("\n\n", 0, start) + 2 if "\n\n" in text[:start] else 0, start - _AROUND)
    stop = text.find("\n\n", end)
    return text[first : min(stop if stop >= 0 else len(text), end + _AROUND)].strip()


def _reports_of(connection: Connection, name: str) -> list[int]:
    """Numbers of the reports behind an id."""
    groups = [name, *connection.scalars(select(changes.c.id).where(changes.c.line == name))]
    found: set[int] = set()
    for i in range(0, len(groups), 400):
        part = groups[i : i + 400]
        found.update(connection.scalars(select(members.c.seq).where(members.c.grp.in_(part))))
    found.update(connection.scalars(select(reports.c.seq).where(or_(reports.c.id == name, reports.c.article == name))))
    names = [name, *groups, *connection.scalars(select(reports.c.id).where(reports.c.seq.in_(sorted(found)[:400])))]
    for i in range(0, len(names), 400):
        found.update(connection.scalars(select(reports.c.seq).where(reports.c.target.in_(names[i : i + 400]))))
    return sorted(found)


def groups_of(connection: Connection, names: Iterable[str]) -> dict[str, str]:
    """For reports the event or change that each tells of; claims and uses have none."""
    wanted = sorted(set(names))
    found: dict[str, str] = {}
    for i in range(0, len(wanted), 400):
        query = select(reports.c.id, members.c.grp).join(members, members.c.seq == reports.c.seq)
        found |= {row.id: row.grp for row in connection.execute(query.where(reports.c.id.in_(wanted[i : i + 400])))}
    return found
