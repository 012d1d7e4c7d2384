"""From reports to what is believed: changes, events, answers, and the stretches of every line's state.

What always holds: all that is derived is a function of the reports and of the days that are asked for; the tables hold
it as it is known today, and the same functions give it as it could be known on another day.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    not_,
    or_,
    select,
    update,
)

from detente.ledger import schema
from detente.ledger.belief import Belief, Contested, Voice, believed
from detente.ledger.histories import Change, Line, Seen, Stretch, history
from detente.ledger.identity import Matcher
from detente.ledger.keys import event_pairs, line_pair, pair, plain
from detente.ledger.names import alike, is_single, telling
from detente.ledger.states import LIVES_BY_USE, first_day

Row = dict[str, Any]
_BESIDE = ("id", "day", "known_at", "change", "status", "standing", "date", "effective")
_CHUNK = 400
"""Names in one query: below what SQLite takes."""
_CHANGE_KEYS = ("change", "date", "announced", "effective", "by", "count", "cap", "part_of")
_EVENT_KEYS = ("source", "target", "type", "date", "announced", "effective")
_RELATIONS_CARRY = frozenset({"embassy", "consulate", "envoy"})
reports, articles, readings, members = schema.reports, schema.articles, schema.readings, schema.members


@dataclass(frozen=True, slots=True)
class Asked:
    """As of when: what could be known by a day, None for all that is known.

    What a ledger had recorded by some time is asked of a ledger of that time (see `detente.ledger.past`).
    """

    known: str | None = None

    @property
    def today(self) -> bool:
        """Whether all that is known is asked for, so that the derived tables answer."""
        return self.known is None


NOW = Asked()


def live(asked: Asked = NOW) -> ColumnElement[bool]:
    """The condition under which a report counts: known by then, not superseded, not withdrawn."""
    newer, gone = readings.alias("newer"), reports.alias("gone")
    supersedes = [newer.c.article == reports.c.article, newer.c.role == "machine", newer.c.seq > reports.c.reading]
    withdraws = [gone.c.article == reports.c.article, gone.c.kind == "withdrawal", gone.c.target == "reports"]
    conditions = []
    if asked.known is not None:
        conditions.append(reports.c.known_at <= asked.known)
    conditions += [
        or_(reports.c.role != "machine", not_(exists().where(and_(*supersedes)))),
        not_(exists().where(and_(*withdraws))),
    ]
    return and_(*conditions)


def beliefs(
    connection: Connection, groups: Sequence[str], keys: Sequence[str], asked: Asked = NOW
) -> dict[str, Belief]:
    """What is believed of each group of reports; groups of which no report is left are not in it."""
    found: dict[str, Belief] = {}
    for part in _parts(groups):
        voices: dict[str, list[Voice]] = {}
        names: dict[str, str] = {}
        for group, voice in _voices(connection, part, asked):
            voices.setdefault(group, []).append(voice)
            names[voice.id] = group
        contested = _disputes(connection, [*part, *names], asked)
        for group, own in voices.items():
            against = [d for name in (group, *(v.id for v in own)) for d in contested.get(name, ())]
            belief = believed(own, against, keys=keys)
            if belief is not None:
                found[group] = belief
    return found


def _voices(connection: Connection, groups: Sequence[str], asked: Asked) -> Iterator[tuple[str, Voice]]:
    rows = connection.execute(
        select(members.c.grp, reports.c.seq, reports.c.id, reports.c.role, reports.c.who, reports.c.certainty,
               reports.c.body, reports.c.quote, reports.c.known_at, reports.c.article, articles.c.publisher,
               articles.c.print)
        .join(reports, members.c.seq == reports.c.seq)
        .outerjoin(articles, articles.c.id == reports.c.article)
        .where(members.c.grp.in_(groups), live(asked))
        .order_by(members.c.seq)
    )  # fmt: skip
    for row in rows:
        yield row.grp, Voice(row.seq, row.id, row.role, row.who, row.certainty, json.loads(row.body), row.quote,
                             row.known_at, row.article, row.publisher, row.print)  # fmt: skip


def _disputes(connection: Connection, names: Sequence[str], asked: Asked) -> dict[str, list[Contested]]:
    found: dict[str, list[Contested]] = {}
    for part in _parts(names):
        rows = connection.execute(
            select(reports).where(reports.c.kind == "dispute", reports.c.target.in_(part), live(asked))
        )
        for row in rows:
            found.setdefault(row.target, []).append(Contested(row.seq, row.role, row.who or "", row.reason or ""))
    return found


def change_rows(connection: Connection, groups: Sequence[str], asked: Asked = NOW) -> list[Row]:
    """The rows of changes, as they are believed."""
    found = beliefs(connection, groups, _CHANGE_KEYS, asked)
    made_by = _events_of(connection, list(found), asked)
    rows = []
    for group, belief in found.items():
        fields = belief.fields
        rows.append({
            "id": group, "change": fields["change"], "status": fields["status"], "date": fields["date"],
            "announced": fields["announced"], "effective": fields["effective"], "day": _day(fields, belief.known_at),
            "by": plain(fields["by"] or []), "count": fields["count"], "cap": fields["cap"],
            "part_of": fields["part_of"], "event": made_by.get(group), "certainty": belief.certainty,
            "sources": belief.sources, "standing": belief.standing, "conflicts": plain(belief.conflicts),
            "known_at": belief.known_at,
        })  # fmt: skip
    return rows


def event_rows(connection: Connection, groups: Sequence[str], asked: Asked = NOW) -> list[Row]:
    """The rows of events, as they are believed."""
    rows = []
    for group, belief in beliefs(connection, groups, _EVENT_KEYS, asked).items():
        fields, best = belief.fields, belief.best.fields
        rows.append({
            "id": group, "source": plain(fields["source"] or []),
            "target": plain(fields["target"] or []), "type": fields["type"], "mode": best.get("mode"),
            "context": best.get("context"), "cameo": best.get("cameo"), "quad": best.get("quad"),
            "goldstein": best.get("goldstein"), "status": fields["status"], "date": fields["date"],
            "announced": fields["announced"], "effective": fields["effective"], "day": _day(fields, belief.known_at),
            "said_by": best.get("said_by"), "quote": belief.best.quote or "", "certainty": belief.certainty,
            "sources": belief.sources, "standing": belief.standing, "conflicts": plain(belief.conflicts),
            "known_at": belief.known_at,
        })  # fmt: skip
    return rows


def _day(fields: Row, known_at: str) -> str:
    """The first day on which an act can have been; that of its first report where no date is given."""
    days = [day for key in ("date", "announced", "effective") if (day := first_day(fields.get(key)))]
    if days:
        return min(days).isoformat()
    return "0001-01-01" if fields["status"] == "past" else known_at


def _events_of(connection: Connection, groups: Sequence[str], asked: Asked) -> dict[str, str]:
    """For each change the event that made it: the one that most reports name."""
    named: dict[str, dict[str, int]] = {}
    for part in _parts(groups):
        told = connection.execute(
            select(members.c.grp, reports.c.reading, reports.c.body)
            .join(reports, members.c.seq == reports.c.seq)
            .where(members.c.grp.in_(part), reports.c.reading.is_not(None), live(asked))
        ).all()
        wanted: dict[tuple[int, str], set[str]] = {}  # one event may make several changes
        for row in told:
            if item := json.loads(row.body).get("event"):
                wanted.setdefault((row.reading, item), set()).add(row.grp)
        by_reading = sorted({reading for reading, _ in wanted})
        for some in _parts(by_reading):
            rows = connection.execute(
                select(members.c.grp, reports.c.reading, reports.c.item)
                .join(reports, members.c.seq == reports.c.seq)
                .where(reports.c.reading.in_(some), reports.c.kind == "event")
            )
            for row in rows:
                for change in wanted.get((row.reading, row.item), ()):
                    counts = named.setdefault(change, {})
                    counts[row.grp] = counts.get(row.grp, 0) + 1
    return {change: max(sorted(counts), key=lambda e: counts[e]) for change, counts in named.items()}


# answers


def answer_keys(connection: Connection, seqs: Sequence[int]) -> dict[int, tuple[str, str]]:
    """For each report of an answer the events that it links."""
    found: dict[int, tuple[str, str]] = {}
    for part in _parts(seqs):
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


def answer_rows(connection: Connection, keys: Iterable[str], asked: Asked = NOW) -> list[Row]:
    """The rows of answers, each from all the reports that link the two events."""
    rows = []
    for part in _parts(sorted(keys)):
        told: dict[str, list[Voice]] = {}
        for group, voice in _voices(connection, part, asked):
            told.setdefault(group, []).append(voice)
        for group, voices in told.items():
            belief = believed(voices, keys=("kind", "lag_days"))
            if belief is None:
                continue
            action, reaction = group.split(">")
            stated = any(v.fields.get("basis") == "stated" for v in voices)
            rows.append({"action": action, "reaction": reaction, "basis": "stated" if stated else "inferred",
                         "kind": belief.fields["kind"], "lag_days": belief.fields["lag_days"],
                         "certainty": belief.certainty, "sources": belief.sources,
                         "known_at": belief.known_at})  # fmt: skip
    return rows


# states


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
        same = [r for r in rows if _is_line(r, kind, owner, counterpart) and r is not row]
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
            if _is_line(r, kind, row["owner"], row["counterpart"])
        ]
        yield from wholes[:1]
    if row["kind"] in _RELATIONS_CARRY:
        yield from (r["id"] for r in rows if r["kind"] == "relations" and (r["a"], r["b"]) == (row["a"], row["b"]))


def _is_line(row: Any, kind: str, owner: str, counterpart: str) -> bool:
    return bool((row["kind"], row["owner"], row["counterpart"]) == (kind, owner, counterpart))


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


def stretches(lines: dict[str, Line], wanted: Iterable[str] | None = None) -> dict[str, list[Stretch]]:
    """The history of each line of a pair."""
    relations = next((key for key, line in lines.items() if line.kind == "relations"), None)
    legal = history(lines[relations], lines) if relations else []
    keys = lines.keys() if wanted is None else wanted
    return {key: legal if key == relations else history(lines[key], lines, legal) for key in keys}


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
        for start in range(first, end, _CHUNK):
            rows = self._db.execute(
                select(reports)
                .where(reports.c.seq >= start, reports.c.seq < min(end, start + _CHUNK))
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
        for part in _parts(sorted(keys)):
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
        for part in _parts(groups):
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
        for part in _parts([group for group in groups if group not in rows]):
            self._db.execute(update(table).where(table.c.id.in_(part)).values(_void(table)))

    def _replace_answers(self, seqs: Sequence[int], events: set[str]) -> set[str]:
        """Derive answers anew; the lines whose cause may have changed by that."""
        keys: set[str] = set()
        relinked = list(seqs)
        table = schema.answers
        for part in _parts(sorted(events)):
            old = self._db.execute(select(table).where(or_(table.c.action.in_(part), table.c.reaction.in_(part)))).all()
            names = [f"{row.action}>{row.reaction}" for row in old]
            keys.update(names)
            for some in _parts(names):
                relinked += self._db.scalars(select(members.c.seq).where(members.c.grp.in_(some)))
        for part in _parts(relinked):
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
        for part in _parts(sorted({key.split(">")[1] for key in keys})):
            moved.update(self._db.scalars(select(schema.changes.c.line).where(schema.changes.c.event.in_(part))))
        return moved

    def _replace_states(self, touched: set[str]) -> None:
        table = schema.lines
        pairs: set[tuple[str, str]] = set()
        for part in _parts(sorted(touched)):
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
        wanted = _with_parts(lines, touched)
        needed = set(wanted) | {p for key in wanted for p in _above(lines, key)}
        needed |= {key for key, line in lines.items() if line.kind == "relations"}
        told: list[Any] = []
        for part in _parts(sorted(needed)):
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
        for part in _parts(sorted(wanted)):
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


def beside_of(rows: Iterable[Any]) -> dict[str, list[Row]]:
    """For each line the changes that may stand beside its state: plans, proposals, refusals, denials, doubtful ones."""
    found: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda r: (r["day"], r["known_at"], r["id"])):
        apart = row["change"] in ("propose", "refuse") or row["status"] in ("planned", "denied") or row["effective"]
        if row["standing"] in ("candidate", "disputed") or (row["standing"] == "sound" and apart):
            found.setdefault(row["line"], []).append({key: row[key] for key in _BESIDE})
    return found


def _with_parts(lines: dict[str, Line], touched: set[str]) -> set[str]:
    """The touched lines of a pair and all that stands or falls with them."""
    found = {key for key in lines if key in touched}
    posts = any(lines[key].kind == "relations" for key in found)
    for key in lines:
        if found & set(_above(lines, key)) or (posts and lines[key].kind not in LIVES_BY_USE):
            found.add(key)
    return found


def _above(lines: dict[str, Line], key: str) -> list[str]:
    found, to_do = [], list(lines[key].parents)
    while to_do:
        parent = to_do.pop()
        if parent not in found and parent in lines:
            found.append(parent)
            to_do += lines[parent].parents
    return found


def causes_of(connection: Connection, changes: Sequence[Change], asked: Asked = NOW) -> dict[str, str]:
    """For each change the event that it answered, where one is known."""
    made_by = {change.event: change.id for change in changes if change.event}
    found: dict[str, str] = {}
    table = schema.answers
    for part in _parts(sorted(made_by)):
        rows = connection.execute(
            select(table.c.reaction, table.c.action).where(table.c.reaction.in_(part))
            .order_by(table.c.certainty, table.c.action.desc())
        )  # fmt: skip
        by_event = {row.reaction: row.action for row in rows}
        for change in changes:
            if change.event in by_event:
                found[change.id] = by_event[change.event]
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


def _parts(names: Sequence[Any] | list[Any]) -> Iterator[Any]:
    for i in range(0, len(names), _CHUNK):
        yield names[i : i + _CHUNK]
