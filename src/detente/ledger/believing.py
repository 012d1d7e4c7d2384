"""What is believed, as rows: changes, events and answers, of the reports that count as of some day.

What always holds: a row is a function of the reports and of the day that is asked for; nothing is written here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, not_, or_, select

from detente.ledger import schema
from detente.ledger.belief import Belief, Contested, Voice, believed
from detente.ledger.keys import plain
from detente.ledger.states import first_day

Row = dict[str, Any]
reports, articles, readings, members = schema.reports, schema.articles, schema.readings, schema.members


CHUNK = 400
"""Names in one query: below what SQLite takes."""


_CHANGE_KEYS = ("change", "date", "announced", "effective", "by", "count", "cap", "part_of")


_EVENT_KEYS = ("source", "target", "type", "date", "announced", "effective")


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
    for part in parts(groups):
        voices: dict[str, list[Voice]] = {}
        names: dict[str, str] = {}
        for group, voice in voices_of(connection, part, asked):
            voices.setdefault(group, []).append(voice)
            names[voice.id] = group
        contested = _disputes(connection, [*part, *names], asked)
        for group, own in voices.items():
            against = [d for name in (group, *(v.id for v in own)) for d in contested.get(name, ())]
            belief = believed(own, against, keys=keys)
            if belief is not None:
                found[group] = belief
    return found


def voices_of(connection: Connection, groups: Sequence[str], asked: Asked) -> Iterator[tuple[str, Voice]]:
    """The live reports of groups, each with its group."""
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
    for part in parts(names):
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
    for part in parts(groups):
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
        for some in parts(by_reading):
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


def answer_rows(connection: Connection, keys: Iterable[str], asked: Asked = NOW) -> list[Row]:
    """The rows of answers, each from all the reports that link the two events."""
    rows = []
    for part in parts(sorted(keys)):
        told: dict[str, list[Voice]] = {}
        for group, voice in voices_of(connection, part, asked):
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


def parts(names: Sequence[Any] | list[Any]) -> Iterator[Any]:
    """Names in lists short enough for one query."""
    for i in range(0, len(names), CHUNK):
        yield names[i : i + CHUNK]
