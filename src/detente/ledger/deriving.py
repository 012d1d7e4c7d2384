"""The derived tables, kept in step with the reports, and made anew from them.

What always holds: all that is derived is a function of the reports; the tables hold it as it is known today, and the
functions that fill them (`believing`, `courses`) give it as it could be known on another day.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Connection,
    Table,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from detente.ledger import schema
from detente.ledger.believing import CHUNK, NOW, Asked, answer_rows, change_rows, event_rows, live, parts
from detente.ledger.courses import above, beside_of, family, line_changes, state_row, stretches, with_parts
from detente.ledger.histories import Change, Seen
from detente.ledger.identity import Matcher
from detente.ledger.keys import event_pairs, line_pair, pair, plain
from detente.ledger.names import alike, telling
from detente.ledger.states import first_day

Row = dict[str, Any]
reports, articles, readings, members = schema.reports, schema.articles, schema.readings, schema.members


# answers


def answer_keys(connection: Connection, seqs: Sequence[int]) -> dict[int, tuple[str, str]]:
    """For each report of an answer the events that it links."""
    found: dict[int, tuple[str, str]] = {}
    for part in parts(seqs):
        for row in connection.execute(select(reports).where(reports.c.seq.in_(part))).all():
            body = json.loads(row.body)
            ends = [_event(connection, row.reading, body[key]) for key in ("action_event", "reaction_event")]
            if ends[0] and ends[1] and ends[0] != ends[1]:
                found[row.seq] = (ends[0], ends[1])
    return found


def _event(connection: Connection, reading: int | None, name: str) -> str | None:
    """The event of an item of the same reading, or of a report by its id."""
    inside = and_(reports.c.reading == reading, reports.c.kind == "event", reports.c.item == name)
    query = select(members.c.grp).join(reports, members.c.seq == reports.c.seq)
    return connection.scalar(query.where(inside)) or connection.scalar(query.where(reports.c.id == name))


# states


@lru_cache(maxsize=64)
def _uses(asked: Asked) -> Any:
    return (
        select(reports.c.body, reports.c.known_at)
        .where(reports.c.a == bindparam("a"), reports.c.b == bindparam("b"), reports.c.kind == "use", live(asked))
        .order_by(reports.c.seq)
    )


def seen_in_use(
    connection: Connection, a: str, b: str, lines: Sequence[Any], asked: Asked = NOW
) -> dict[str, list[Seen]]:
    """For each line of a pair when it was seen in use, or rang out."""
    found: dict[str, list[Seen]] = {}
    for row in connection.execute(_uses(asked), {"a": a, "b": b}):
        body = json.loads(row.body)
        day = first_day(body.get("date")) or first_day(row.known_at)
        owner, counterpart = line_pair(body["kind"], body["owner"], body["counterpart"])
        words = telling(body["kind"], owner, counterpart, body.get("name"), None, None)
        same = [r for r in lines if (r["kind"], r["owner"], r["counterpart"]) == (body["kind"], owner, counterpart)]
        named = [r for r in same if alike(tuple(json.loads(r["words"])), words)]
        plain_one = [r for r in same if r["words"] == "[]"]
        # Where several lines could be meant and none is named, none is said to have been used.
        meant = named or (plain_one if not words else []) or same
        if day and len(meant) == 1:
            found.setdefault(meant[0]["id"], []).append(Seen(day, bool(body["answered"])))
    return found


# the tables


class Deriver:
    """Keeps the derived tables in step with the reports.

    Args:
        connection: one that writes.
    """

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._matcher = Matcher(connection)

    def take(self, first: int, end: int) -> None:
        """Give the reports of these numbers their places, and derive anew what that touches."""
        superseded: set[str] = set()
        for start in range(first, end, CHUNK):
            rows = self._db.execute(
                select(reports)
                .where(reports.c.seq >= start, reports.c.seq < min(end, start + CHUNK))
                .order_by(reports.c.seq)
            ).all()
            waiting = [row.id for row in rows if row.kind == "event"]
            answered = and_(reports.c.kind == "answer", reports.c.target.in_(waiting))
            self._matcher.touched.answers.update(self._db.scalars(select(reports.c.seq).where(answered)))
            for row in rows:
                self._matcher.take(row)
                if row.article and row.role == "machine":
                    superseded.add(row.article)
        for article in self._read_before(superseded, first):
            self._matcher.touch_article(article)
        self.refresh()

    def _read_before(self, keys: Iterable[str], first: int) -> list[str]:
        """Articles of which there were reports before these."""
        found: list[str] = []
        for part in parts(sorted(keys)):
            found += self._db.scalars(
                select(reports.c.article).distinct().where(
                    reports.c.article.in_(part), reports.c.kind.in_(("line", "event", "use", "answer")),
                    reports.c.role == "machine", reports.c.seq < first,
                )
            )  # fmt: skip
        return found

    def touch_article(self, article: str) -> None:
        """Have everything derived anew that an article's reports bear on."""
        self._matcher.touch_article(article)

    def refresh(self) -> None:
        """Derive anew whatever was touched."""
        touched = self._matcher.touched
        self._replace_events(sorted(touched.events))
        self._replace_changes(sorted(touched.changes))
        moved = self._replace_answers(sorted(touched.answers), touched.events)
        self._replace_states(touched.lines | moved)
        for some in (touched.changes, touched.events, touched.lines, touched.answers):
            some.clear()

    def _replace_events(self, groups: Sequence[str]) -> None:
        rows = {row["id"]: row for row in event_rows(self._db, groups)}
        dyads = []
        for part in parts(groups):
            self._db.execute(delete(schema.dyads).where(schema.dyads.c.event.in_(part)))
            for group in part:
                new = rows.get(group, {})
                if new and new["status"] != "denied":
                    pairs = event_pairs(json.loads(new["source"]), json.loads(new["target"]))
                    for source, target in sorted(set(pairs)):
                        a, b = pair(source, target)
                        dyads.append({"event": group, "source": source, "target": target, "a": a, "b": b,
                                      "day": new["day"]})  # fmt: skip
        if dyads:
            self._db.execute(insert(schema.dyads), dyads)
        self._fill(schema.events, groups, rows)

    def _replace_changes(self, groups: Sequence[str]) -> None:
        rows = {row["id"]: row for row in change_rows(self._db, groups)}
        self._fill(schema.changes, groups, rows)

    def _fill(self, table: Table, groups: Sequence[str], rows: dict[str, Row]) -> None:
        """Write what is believed of groups into their rows; of those without a live report, that they have none."""
        if filled := list(rows.values()):
            columns = [name for name in filled[0] if name != "id"]
            values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
            fill = update(table).where(table.c.id == bindparam("key")).values(values)
            self._db.execute(fill, [{"key": row["id"], **{f"new_{n}": row[n] for n in columns}} for row in filled])
        for part in parts([group for group in groups if group not in rows]):
            self._db.execute(update(table).where(table.c.id.in_(part)).values(_void(table)))

    def _replace_answers(self, seqs: Sequence[int], events: set[str]) -> set[str]:
        """Derive answers anew; the lines whose cause may have changed by that."""
        keys: set[str] = set()
        relinked = list(seqs)
        table = schema.answers
        for part in parts(sorted(events)):
            old = self._db.execute(select(table).where(or_(table.c.action.in_(part), table.c.reaction.in_(part)))).all()
            names = [f"{row.action}>{row.reaction}" for row in old]
            keys.update(names)
            for some in parts(names):
                relinked += self._db.scalars(select(members.c.seq).where(members.c.grp.in_(some)))
        for part in parts(relinked):
            keys.update(self._db.scalars(select(members.c.grp).where(members.c.seq.in_(part))))
            self._db.execute(delete(members).where(members.c.seq.in_(part)))
        linked = answer_keys(self._db, sorted(set(relinked)))
        if linked:
            self._db.execute(insert(members), [
                {"seq": seq, "grp": f"{a}>{r}", "certainty": 1.0, "why": "as the article links them", "made": None}
                for seq, (a, r) in linked.items()
            ])  # fmt: skip
        keys.update(f"{a}>{r}" for a, r in linked.values())
        for key in keys:
            action, reaction = key.split(">")
            self._db.execute(delete(table).where(table.c.action == action, table.c.reaction == reaction))
        if rows := answer_rows(self._db, keys):
            self._db.execute(insert(table), rows)
        moved: set[str] = set()
        for part in parts(sorted({key.split(">")[1] for key in keys})):
            moved.update(self._db.scalars(select(schema.changes.c.line).where(schema.changes.c.event.in_(part))))
        return moved

    def _replace_states(self, touched: set[str]) -> None:
        table = schema.lines
        pairs: set[tuple[str, str]] = set()
        for part in parts(sorted(touched)):
            pairs.update((a, b) for a, b in self._db.execute(select(table.c.a, table.c.b).where(table.c.id.in_(part))))
        for a, b in sorted(pairs):
            rows = (
                self._db.execute(select(table).where(table.c.a == a, table.c.b == b).order_by(table.c.id))
                .mappings()
                .all()
            )
            self._restate(a, b, rows, touched)

    def _restate(self, a: str, b: str, rows: Sequence[Any], touched: set[str]) -> None:
        """Write the stretches of the touched lines of a pair, and of those that stand or fall with them."""
        lines = family(rows)
        wanted = with_parts(lines, touched)
        needed = set(wanted) | {p for key in wanted for p in above(lines, key)}
        needed |= {key for key, line in lines.items() if line.kind == "relations"}
        told: list[Any] = []
        for part in parts(sorted(needed)):
            told += self._db.execute(select(schema.changes).where(schema.changes.c.line.in_(part))).mappings()
        line_changes(told, lines)
        for key, seen in seen_in_use(self._db, a, b, rows).items():
            lines[key].seen = seen
        new: list[Row] = []
        courses = stretches(lines, sorted(wanted))
        causes = causes_of(self._db, [c for line in lines.values() for c in line.changes])
        conflicts = {row["id"]: row["conflicts"] for row in told}
        for key, course in courses.items():
            new += [state_row(key, a, b, s, causes, conflicts) for s in course]
        for part in parts(sorted(wanted)):
            self._db.execute(delete(schema.states).where(schema.states.c.line.in_(part)))
        if new:
            self._db.execute(insert(schema.states), new)
        beside = beside_of(told)
        stand = update(schema.lines).where(schema.lines.c.id == bindparam("key")).values(beside=bindparam("text"))
        self._db.execute(stand, [{"key": key, "text": plain(beside.get(key, []))} for key in sorted(wanted)])


def _void(table: Table) -> Row:
    """What is left of an act of which no report counts: nothing that was read in one, for that may have been erased."""
    named = {"id", "line", "a", "b", "near_first", "near_last", "found_as", "made_by"}
    empty: Row = {c.name: None if c.nullable else "" for c in table.columns if c.name not in named}
    some = {"source", "target", "by", "conflicts"} & set(empty)
    first = table.c.near_first
    return empty | dict.fromkeys(some, "[]") | {
        "status": "actual", "day": first, "known_at": first, "certainty": 0.0, "sources": 0, "standing": "void",
    } | ({"change": table.c.found_as} if "change" in empty else {})  # fmt: skip


def causes_of(connection: Connection, changes: Sequence[Change]) -> dict[str, str]:
    """For each change the event that it answered, where one is known."""
    made_by = {change.event: change.id for change in changes if change.event}
    found: dict[str, str] = {}
    table = schema.answers
    for part in parts(sorted(made_by)):
        rows = connection.execute(
            select(table.c.reaction, table.c.action).where(table.c.reaction.in_(part))
            .order_by(table.c.certainty, table.c.action.desc())
        )  # fmt: skip
        by_event = {row.reaction: row.action for row in rows}
        for change in changes:
            if change.event in by_event:
                found[change.id] = by_event[change.event]
    return found


def rebuild(connection: Connection, batch: int = 5000) -> int:
    """Drop all that is derived and derive it anew from the reports, in the order in which they were recorded.

    Returns:
        How many reports there are.
    """
    for table in schema.DERIVED:
        connection.execute(delete(table))
    last = connection.scalar(select(reports.c.seq).order_by(reports.c.seq.desc()).limit(1)) or 0
    deriver = Deriver(connection)
    for first in range(1, last + 1, batch):
        deriver.take(first, min(last + 1, first + batch))
    return last
