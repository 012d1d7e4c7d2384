"""Reading the ledger: boards, lines, timelines, events, claims, evidence, as rows of plain values.

What always holds: nothing is written here; whatever is asked as of today comes from the derived tables, and as of
another day from the same functions that filled them, over the reports that were known, or recorded, by then; rows come
in an order that does not depend on how they are stored.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, or_, select, true

from detente.errors import NotInLedger
from detente.ledger import schema
from detente.ledger.believing import NOW, Asked, answer_rows, change_rows, event_rows, live
from detente.ledger.courses import beside_of, family, line_changes, state_row, stretches
from detente.ledger.deriving import causes_of, seen_in_use
from detente.ledger.histories import FOR_EVER
from detente.ledger.keys import event_pairs, pair
from detente.ledger.states import USE_HOLDS

Row = dict[str, Any]
_LISTS = ("by", "source", "target", "evidence", "conflicts", "words", "about")
_INNER = ("beside", "near_first", "near_last", "found_as", "made_by", "a", "b")
RANK = {"closed": 0, "suspended": 1, "limited": 2, "unknown": 3, "open": 4}
"""The worst first."""

_OF_LINE = ("kind", "owner", "counterpart", "name", "seat", "part_of")
_OF_STATE = ("state", "since", "by", "cause", "count", "cap", "fell_with", "sources", "legal", "observed", "last_used",
             "evidence", "conflicts", "moved")  # fmt: skip
_UNKNOWN = {"state": "unknown", "by": "[]", "sources": 0, "legal": "unknown", "observed": "unknown",
            "evidence": "[]", "conflicts": "[]", "moved": None}  # fmt: skip

lines, changes, events, states, members, reports, articles = (
    schema.lines, schema.changes, schema.events, schema.states, schema.members, schema.reports, schema.articles,
)  # fmt: skip


def of_pair(table: Table, a: str | None, b: str | None) -> ColumnElement[bool]:
    """The condition that a row is about two parties, about one, or about any."""
    if a is None:
        return true()
    if b is None:
        return or_(table.c.a == a, table.c.b == a)
    one, other = pair(a, b)
    return and_(table.c.a == one, table.c.b == other)


def board(
    connection: Connection, a: str | None = None, b: str | None = None, *, on: date, asked: Asked = NOW
) -> list[Row]:
    """The state of every line between two parties, of one party, or of all.

    Args:
        connection: one that reads.
        a, b: party codes.
        on: the day on which it was so.
        asked: as of when it was known and recorded.

    Returns:
        A row a line, the worst first: its state, since when and by whom it holds, its cause, count and cap, the number
        of independent sources, conflicts, what is legal and what was observed, and what stands beside the state.
    """
    found = _today(connection, a, b, on) if asked.today else _then(connection, a, b, on, asked)
    # A line of which nothing at all was heard by that day does not belong on its board.
    return sorted((row for row in found if row), key=lambda r: (RANK[r["state"]], _back(r["since"]), r["line"]))


def _back(since: str | None) -> tuple[int, ...]:
    """Sorts the newest first, and what has no date last."""
    return tuple(-int(part) for part in (since or "0").split("-"))


_HOLDS = and_(states.c.line == lines.c.id, states.c.start <= bindparam("on"), states.c.until > bindparam("on"))
_COLUMNS = ("id", *_OF_LINE, "beside", *_OF_STATE)
_BOARD = select(
    *(lines.c[name] for name in ("id", *_OF_LINE, "beside")), *(states.c[name] for name in _OF_STATE)
).outerjoin(states, _HOLDS)
_BOARD_OF_PAIR = _BOARD.where(lines.c.a == bindparam("a"), lines.c.b == bindparam("b"))


def _today(connection: Connection, a: str | None, b: str | None, on: date) -> list[Row]:
    day = on.isoformat()
    if a is not None and b is not None:
        one, other = pair(a, b)
        rows = connection.execute(_BOARD_OF_PAIR, {"a": one, "b": other, "on": day})
    else:
        rows = connection.execute(_BOARD.where(of_pair(lines, a, b)), {"on": day})
    return [_line_row(dict(zip(_COLUMNS, row, strict=True)), on) for row in rows]


def _then(connection: Connection, a: str | None, b: str | None, on: date, asked: Asked) -> list[Row]:
    day = on.isoformat()
    found = []
    for one, other in pairs_of(connection, a, b):
        own = _lines_of(connection, one, other)
        courses, changed, told = histories(connection, one, other, own, asked)
        beside = beside_of(changed)
        for row in own:
            if row["id"] in told:  # else nobody had heard of it by then, whatever fell with its parent
                holding = next((s for s in courses[row["id"]] if s["start"] <= day < s["until"]), {})
                found.append(_line_row(dict(row) | holding | {"beside": beside.get(row["id"], [])}, on))
    return found


def _lines_of(connection: Connection, a: str, b: str) -> Sequence[Any]:
    return connection.execute(select(lines).where(of_pair(lines, a, b)).order_by(lines.c.id)).mappings().all()


def pairs_of(connection: Connection, a: str | None, b: str | None) -> list[tuple[str, str]]:
    """The pairs of parties between which there is a line."""
    query = select(lines.c.a, lines.c.b).distinct().where(of_pair(lines, a, b)).order_by(lines.c.a, lines.c.b)
    return [(row.a, row.b) for row in connection.execute(query)]


def _line_row(known: Row, on: date) -> Row:
    """A row of the board, `unknown` where nothing holds; empty where nothing was heard by that day."""
    beside = _beside(known, on)
    silent = known.get("state") is None
    if silent and not any(beside.values()):
        return {}
    found: Row = {"line": known["id"]} | {key: known.get(key) for key in (*_OF_LINE, *_OF_STATE)}
    if silent:
        found |= _UNKNOWN
    for key in ("by", "evidence", "conflicts"):
        found[key] = json.loads(found[key])
    del found["moved"]
    return found | beside


def _beside(known: Row, on: date) -> dict[str, list[str]]:
    """What is planned, proposed, refused, denied or doubtful, of late and since the state last moved."""
    found: dict[str, list[str]] = {name: [] for name in _STANDS}
    told = known.get("beside") or "[]"
    if told == "[]":
        return found
    day = on.isoformat()
    since = max((on - timedelta(days=USE_HOLDS)).isoformat(), known.get("moved") or "")
    for change in json.loads(told) if isinstance(told, str) else told:
        heard = min(change["day"], change["known_at"])
        if heard <= day and max(change["day"], change["known_at"]) >= since and (name := _stands_as(change, day)):
            found[name].append(change["id"])
    return found


_STANDS = ("planned", "proposed", "refused", "denied", "candidates", "disputed")


def _stands_as(change: Row, day: str) -> str | None:
    """Under which name a change stands beside its line's state."""
    if change["standing"] != "sound":
        return "candidates" if change["standing"] == "candidate" else "disputed"
    if change["status"] == "denied":
        return "denied"
    if change["change"] in ("propose", "refuse"):
        return "proposed" if change["change"] == "propose" else "refused"
    begins = change["effective"] or change["date"]
    return "planned" if (begins > day if begins else change["status"] == "planned") else None


def histories(
    connection: Connection, a: str, b: str, own: Sequence[Any], asked: Asked
) -> tuple[dict[str, list[Row]], list[Row], set[str]]:
    """For each line of a pair its stretches as of some day; the changes; and the lines of which anything was told."""
    kept = family(own)
    groups = connection.execute(select(changes.c.id, changes.c.line).where(of_pair(changes, a, b))).all()
    line_of = {row.id: row.line for row in groups}
    rows = [row | {"line": line_of[row["id"]]} for row in change_rows(connection, list(line_of), asked)]
    line_changes(rows, kept)
    seen = seen_in_use(connection, a, b, own, asked)
    for key, times in seen.items():
        kept[key].seen = times
    conflicts = {row["id"]: row["conflicts"] for row in rows}
    causes = causes_of(connection, [c for line in kept.values() for c in line.changes])
    found = {
        key: [state_row(key, a, b, s, causes, conflicts) for s in course] for key, course in stretches(kept).items()
    }
    return found, rows, {row["line"] for row in rows} | set(seen)


def changes_of(
    connection: Connection, a: str | None = None, b: str | None = None, *, line: str | None = None, asked: Asked = NOW
) -> list[Row]:
    """The changes to lines that are believed, in order of time."""
    where = [of_pair(changes, a, b), changes.c.standing != "void" if asked.today else true()]
    if line is not None:
        where.append(changes.c.line == line)
    rows = [dict(row) for row in connection.execute(select(changes).where(*where)).mappings()]
    if not asked.today:
        kept = {row["id"]: row for row in rows}
        rows = [kept[new["id"]] | new for new in change_rows(connection, sorted(kept), asked)]
    return _in_order(rows)


def changes_by_id(connection: Connection, ids: Iterable[str], asked: Asked = NOW) -> list[Row]:
    """The changes of these ids, as they are believed, in order of time."""
    wanted, rows = sorted(set(ids)), []
    for i in range(0, len(wanted), 400):
        query = select(changes).where(changes.c.id.in_(wanted[i : i + 400]))
        rows += [dict(row) for row in connection.execute(query).mappings()]
    if not asked.today:
        kept = {row["id"]: row for row in rows}
        rows = [kept[new["id"]] | new for new in change_rows(connection, sorted(kept), asked)]
    return _in_order(rows)


def events_of(
    connection: Connection, a: str | None = None, b: str | None = None, *, since: str | None = None,
    until: str | None = None, asked: Asked = NOW,
) -> list[Row]:  # fmt: skip
    """The events that are believed, in order of time.

    Args:
        connection: one that reads.
        a, b: parties; None for any.
        since, until: first and last day, as ISO dates.
        asked: as of when.
    """
    where = [events.c.standing != "void"] if asked.today else []
    if a is not None:
        where.append(events.c.id.in_(select(schema.dyads.c.event).where(of_pair(schema.dyads, a, b))))
    if since:
        where.append(events.c.day >= since)
    if until:
        where.append(events.c.day <= until)
    rows = [dict(row) for row in connection.execute(select(events).where(*where)).mappings()]
    if not asked.today:
        kept = {row["id"]: row for row in rows}
        rows = [kept[new["id"]] | new for new in event_rows(connection, sorted(kept), asked)]
    return _in_order(rows)


def answers_of(connection: Connection, among: Iterable[str], asked: Asked = NOW) -> list[Row]:
    """The answers between events of which at least the reaction is among these."""
    wanted, table, found = sorted(set(among)), schema.answers, []
    for i in range(0, len(wanted), 400):
        query = select(table).where(table.c.reaction.in_(wanted[i : i + 400]))
        found += [dict(row) for row in connection.execute(query).mappings()]
    if not asked.today:
        found = answer_rows(connection, [f"{row['action']}>{row['reaction']}" for row in found], asked)
    return sorted(found, key=lambda r: (r["reaction"], r["action"]))


def answers_to(connection: Connection, action: str, asked: Asked = NOW) -> list[Row]:
    """The answers to an event."""
    query = select(schema.answers).where(schema.answers.c.action == action).order_by(schema.answers.c.reaction)
    found = [dict(row) for row in connection.execute(query).mappings()]
    if asked.today:
        return found
    return answer_rows(connection, [f"{row['action']}>{row['reaction']}" for row in found], asked)


def _in_order(rows: Iterable[Row]) -> list[Row]:
    ordered = sorted(rows, key=lambda r: (r["day"], r["known_at"], r["id"]))
    return [opened({k: v for k, v in row.items() if k not in _INNER}) for row in ordered]


def opened(row: Row) -> Row:
    """A row with its lists as lists."""
    return {k: json.loads(v) if k in _LISTS and isinstance(v, str) else v for k, v in row.items()}


def line(connection: Connection, name: str, *, asked: Asked = NOW) -> Row:
    """All that is known of a line: what it is, the stretches of its states, its changes and uses.

    Raises:
        NotInLedger: there is no such line.
    """
    row = connection.execute(select(lines).where(lines.c.id == name)).mappings().one_or_none()
    if row is None:
        near = connection.scalars(select(lines.c.id).where(lines.c.id.startswith(name.split("-")[0])).limit(3)).all()
        raise NotInLedger(f"there is no line {name!r}" + (f"; there are {', '.join(near)}" if near else "")
                          + "; detente board shows the ids")  # fmt: skip
    a, b = row["a"], row["b"]
    if asked.today:
        query = select(states).where(states.c.line == name).order_by(states.c.start)
        course = [dict(s) for s in connection.execute(query).mappings()]
    else:
        own = _lines_of(connection, a, b)
        course = histories(connection, a, b, own, asked)[0][name]
    uses = seen_in_use(connection, a, b, _lines_of(connection, a, b), asked).get(name, [])
    return {
        **opened({k: v for k, v in dict(row).items() if k not in ("a", "b")}),
        "states": [opened({k: v for k, v in s.items() if k not in ("a", "b", "line")}) for s in course],
        "changes": changes_of(connection, line=name, asked=asked),
        "uses": [{"date": s.day.isoformat(), "answered": s.answered} for s in sorted(uses, key=lambda s: s.day)],
    }


def timeline(
    connection: Connection, a: str, b: str | None = None, *, since: str | None = None, until: str | None = None,
    asked: Asked = NOW,
) -> list[Row]:  # fmt: skip
    """What happened between two parties, in order: changes to lines, and the other events, with what answered what."""
    told = changes_of(connection, a, b, asked=asked)
    happened = events_of(connection, a, b, since=since, until=until, asked=asked)
    by_event = {c["event"] for c in told if c["event"]}
    answered: dict[str, list[str]] = {}
    for link in answers_of(connection, {e["id"] for e in happened} | by_event, asked):
        answered.setdefault(link["reaction"], []).append(link["action"])
    rows = [{"what": "change", **c, "answers": answered.get(c["event"], [])} for c in told
            if (since or "") <= c["day"] <= (until or FOR_EVER)]  # fmt: skip
    rows += [{"what": "event", **e, "answers": answered.get(e["id"], [])} for e in happened if e["id"] not in by_event]
    return sorted(rows, key=lambda r: (r["day"], r["known_at"], r["what"], r["id"]))


def claims(
    connection: Connection, a: str | None = None, b: str | None = None, *, kind: str | None = None, asked: Asked = NOW
) -> list[Row]:
    """What parties hold or say about one another, each report by itself, the newest first."""
    rows = connection.execute(
        select(reports, articles.c.publisher, articles.c.address)
        .outerjoin(articles, articles.c.id == reports.c.article)
        .where(reports.c.kind == "claim", live(asked))
        .order_by(reports.c.known_at.desc(), reports.c.seq)
    )
    found = []
    for row in rows:
        body = json.loads(row.body)
        parties = {body["holder"], *body.get("about", ())}
        if ({x for x in (a, b) if x} <= parties) and kind in (None, body["kind"]):
            found.append({"id": row.id, "holder": body["holder"], "kind": body["kind"], "about": body.get("about", []),
                          "quote": row.quote, "certainty": row.certainty, "known_at": row.known_at,
                          "publisher": row.publisher, "address": row.address})  # fmt: skip
    return found


def whom_to_call(connection: Connection, a: str, b: str, *, on: date, asked: Asked = NOW) -> list[Row]:
    """The lines between two parties that are still open, those last seen in use first, then those merely limited.

    A line of which nothing was declared, but which was seen in use within `USE_HOLDS` days, is one to try, too.
    """
    still = [row for row in board(connection, a, b, on=on, asked=asked) if _to_try(row, on)]
    return sorted(
        still, key=lambda r: (r["state"] != "open", r["observed"] == "silent", _back(r["last_used"]), r["line"])
    )


def _to_try(row: Row, on: date) -> bool:
    if row["state"] == "unknown" and row["observed"] == "open" and row["last_used"]:
        return (on - date.fromisoformat(row["last_used"])).days <= USE_HOLDS
    return row["state"] in ("open", "limited")


def moves(
    connection: Connection, since: str, until: str, *, a: str | None = None, b: str | None = None, asked: Asked = NOW
) -> list[Row]:
    """The lines whose state became another one since a day, the newest first."""
    found = []
    for key, course in courses(connection, since, until, a, b, asked).items():
        before: Row | None = None
        for row in course:
            # A line begins unknown, so a first stretch that is unknown, too, is no move.
            moved = _differs(before, row) if before else row["state"] != "unknown"
            if since <= row["start"] <= until and moved:
                old = before["state"] if before else "unknown"
                found.append({"line": key, "date": row["start"], "before": old, **_moved(row)})
            before = row
    return sorted(found, key=lambda r: (_back(r["date"]), r["line"]))


def courses(
    connection: Connection, since: str, until: str, a: str | None, b: str | None, asked: Asked
) -> dict[str, list[Row]]:
    """The stretches of lines that touch a span of days."""
    found: dict[str, list[Row]] = {}
    if not asked.today:
        for one, other in pairs_of(connection, a, b):
            found |= histories(connection, one, other, _lines_of(connection, one, other), asked)[0]
        return found
    touching = and_(of_pair(states, a, b), states.c.until >= since, states.c.start <= until)
    for row in connection.execute(select(states).where(touching).order_by(states.c.line, states.c.start)).mappings():
        found.setdefault(row["line"], []).append(dict(row))
    return found


def courses_of(connection: Connection, rows: Iterable[Row], asked: Asked = NOW) -> dict[str, list[Row]]:
    """All stretches of the lines of these rows of a board, by line, in order of time."""
    pairs = {row["line"]: pair(row["owner"], row["counterpart"]) for row in rows}
    if not asked.today:
        told: dict[str, list[Row]] = {}
        for one, other in sorted({(a, b) for a, b in pairs.values() if a and b}):
            told |= histories(connection, one, other, _lines_of(connection, one, other), asked)[0]
        return {key: [opened(s) for s in told.get(key, [])] for key in pairs}
    wanted = sorted(pairs)
    found: dict[str, list[Row]] = {key: [] for key in wanted}
    for i in range(0, len(wanted), 400):
        query = select(states).where(states.c.line.in_(wanted[i : i + 400])).order_by(states.c.line, states.c.start)
        for row in connection.execute(query).mappings():
            found[row["line"]].append(opened(dict(row)))
    return found


def _differs(one: Row, other: Row) -> bool:
    return any(one[k] != other[k] for k in ("state", "count", "cap"))


def _moved(row: Row) -> Row:
    return opened(
        {k: row[k] for k in ("state", "since", "by", "cause", "count", "cap", "fell_with", "sources", "evidence")}
    )


def lines_by_id(connection: Connection, ids: Iterable[str]) -> dict[str, Row]:
    """What the lines of these ids are."""
    wanted, found = sorted(set(ids)), {}
    for i in range(0, len(wanted), 400):
        for row in connection.execute(select(lines).where(lines.c.id.in_(wanted[i : i + 400]))).mappings():
            found[row["id"]] = opened({k: v for k, v in row.items() if k not in _INNER})
    return found


def events_by_id(connection: Connection, ids: Iterable[str]) -> dict[str, Row]:
    """The events of these ids, as they are believed today."""
    wanted, found = sorted(set(ids)), {}
    for i in range(0, len(wanted), 400):
        for row in connection.execute(select(events).where(events.c.id.in_(wanted[i : i + 400]))).mappings():
            found[row["id"]] = opened({k: v for k, v in row.items() if k not in _INNER})
    return found


def dyad_events(connection: Connection, a: str | None = None, b: str | None = None, *, asked: Asked = NOW) -> list[Row]:
    """Who did what to whom, one row a directed pair of parties and event; for series by day, week, month or year."""
    found = []
    for event in events_of(connection, a, b, asked=asked):
        if event["status"] in ("denied", "planned") or event["standing"] != "sound" or event["day"] <= "0001-01-01":
            continue
        wanted = {x for x in (a, b) if x}
        for source, target in sorted(set(event_pairs(event["source"], event["target"]))):
            if wanted <= {source, target}:
                found.append({"date": event["day"], "source": source, "target": target, "type": event["type"],
                              "quad": event["quad"], "goldstein": event["goldstein"],
                              "event": event["id"]})  # fmt: skip
    return found
