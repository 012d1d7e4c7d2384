"""Identity: which line a report speaks of, and which act it tells, among those that are known already.

What always holds: reports are taken in the order in which they were recorded, and where a report belongs is settled by
those before it; so recording one article and recording a million after one another come to the same, and a ledger that
is derived anew comes out equal. Only a person moves a report afterwards, by a merge or a split, which is a report too.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, Text, bindparam, case, delete, insert, or_, select, update

from detente.ledger import schema
from detente.ledger.keys import digest, line_pair, pair
from detente.ledger.names import added, alike, contrary, is_named_by_place, is_single, slug, telling
from detente.ledger.sameness import IN_FORCE, NIGHT, SURE, Same, Told, same_change, same_event, told
from detente.ledger.states import first_day

Report = Any  # a row of the table of reports
_OPPOSITE = {
    "open": ("suspend", "close"), "restore": ("suspend", "close"), "suspend": ("open", "restore"),
    "close": ("open", "restore"),
}  # fmt: skip
_COMPARED = 12
"""Reports of a group with which a new one is compared: enough to know all that is said of an act."""
_GROUPS = 40
_MISDATED = 6
"""Days by which a misprinted or miscounted date may be off (see `sameness`)."""
_EVER = ("0001-01-01", "9999-12-31")

reports, members, lines, changes, events = (
    schema.reports, schema.members, schema.lines, schema.changes, schema.events,
)  # fmt: skip


# Statements are made once: making them anew for each report would take as long as running them.
_LINES = (
    select(lines.c.id, lines.c.words, lines.c.name, lines.c.seat, lines.c.part_of)
    .where(*(lines.c[key] == bindparam(key) for key in ("a", "b", "kind", "owner", "counterpart")))
    .order_by(lines.c.id)
)
_NEAR_CHANGES = (
    select(changes.c.id, changes.c.found_as, changes.c.near_first)
    .where(changes.c.line == bindparam("line"), changes.c.near_first <= bindparam("last"),
           changes.c.near_last >= bindparam("first"))
    .order_by(changes.c.near_first.desc(), changes.c.id)
    .limit(_GROUPS)
)  # fmt: skip
_TOLD = (
    select(members.c.grp, members.c.made, reports.c.reading, reports.c.body, reports.c.quote, reports.c.known_at)
    .join(reports, members.c.seq == reports.c.seq)
    .where(members.c.grp.in_(bindparam("groups", expanding=True)))
    .order_by(members.c.seq)
)
_MADE_BY = select(changes.c.made_by).where(changes.c.id == bindparam("key"), changes.c.made_by.is_not(None))
_FIRST_MADE_BY = (
    update(changes)
    .where(changes.c.id == bindparam("key"), changes.c.made_by.is_(None))
    .values(made_by=bindparam("maker"))
)
_JOIN, _NEW_CHANGE, _NEW_EVENT, _NEW_LINE = (insert(table) for table in (members, changes, events, lines))


def _near_events(a: bool, b: bool) -> Any:
    """Events of a pair of which either end may be missing."""
    ends = [
        events.c[key] == bindparam(key) if there else events.c[key].is_(None) for key, there in (("a", a), ("b", b))
    ]
    days = (events.c.near_first <= bindparam("last"), events.c.near_last >= bindparam("first"))
    return select(events.c.id).where(*ends, *days).order_by(events.c.near_first.desc(), events.c.id).limit(_GROUPS)


def _stretched(table: Table) -> Any:
    first, last = bindparam("first", type_=Text), bindparam("last", type_=Text)
    wider = or_(table.c.near_first > first, table.c.near_last < last)
    return update(table).where(table.c.id == bindparam("key"), wider).values(
        near_first=case((table.c.near_first > first, first), else_=table.c.near_first),
        near_last=case((table.c.near_last < last, last), else_=table.c.near_last),
    )  # fmt: skip


_NEAR_EVENTS = {(a, b): _near_events(a, b) for a in (True, False) for b in (True, False)}
_STRETCH = {table.name: _stretched(table) for table in (changes, events)}


class _Found(NamedTuple):
    group: str
    same: Same


@dataclass(slots=True)
class Touched:
    """What has to be derived anew."""

    changes: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    lines: set[str] = field(default_factory=set)
    answers: set[int] = field(default_factory=set)


class Matcher:
    """Puts reports where they belong.

    Args:
        connection: one that writes.
    """

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._reading: int | None = None
        self._made: dict[str, str] = {}  # the changes that the reading's events made, by event
        self.touched = Touched()

    def take(self, report: Report) -> None:
        """Give one report its place."""
        if report.reading != self._reading:
            self._reading, self._made = report.reading, {}
        match report.kind:
            case "line" if report.target is None:
                self._take_change(report)
            case "event" if report.target is None:
                self._take_event(report)
            case "line" | "event":
                self._follow(report)
            case "use":
                body = json.loads(report.body)
                self.touched.lines.add(self._line(body, None))
            case "answer":
                self.touched.answers.add(report.seq)
            case "dispute":
                self._touch(report.target)
            case "merge":
                self._merge(report)
            case "split":
                self._split(report)
            case "withdrawal":
                self.touch_article(report.article)

    def touch_article(self, article: str) -> None:
        """Have everything derived anew that an article's reports bear on."""
        own = self._db.execute(
            select(reports.c.seq, reports.c.kind, reports.c.body, members.c.grp)
            .outerjoin(members, members.c.seq == reports.c.seq)
            .where(reports.c.article == article)
        ).all()
        for row in own:
            if row.grp:
                self._touch(row.grp)
            elif row.kind == "answer":
                self.touched.answers.add(row.seq)
            elif row.kind == "use":
                self.touched.lines.add(self._line(json.loads(row.body), None))

    # lines

    def _line(self, body: dict[str, Any], act: Told | None) -> str:
        """The line that is meant; made where there is none yet."""
        kind = body["kind"]
        owner, counterpart = line_pair(kind, body["owner"], body["counterpart"])
        words = telling(kind, owner, counterpart, body.get("name"), body.get("seat"), body.get("part_of"))
        a, b = pair(owner, counterpart)
        ends = {"a": a, "b": b, "kind": kind, "owner": owner, "counterpart": counterpart}
        known = {row.id: row for row in self._db.execute(_LINES, ends)}
        named = {key: tuple(json.loads(row.words)) for key, row in known.items()}
        found = self._same_line(kind, named, words, bool(body.get("name")), act)
        if found is None:
            return self._new_line(body, owner, counterpart, words)
        if act is not None:
            self._learn(known[found], body, named[found], words)
        return found

    def _same_line(
        self, kind: str, named: dict[str, tuple[str, ...]], words: tuple[str, ...], called: bool, act: Told | None
    ) -> str | None:
        if is_single(kind):
            return next(iter(named), None)
        bare = next((key for key, known in named.items() if not known), None)
        if words:
            best = max(named, key=lambda key: (alike(named[key], words), key), default=None)
            if best is not None and alike(named[best], words):
                return best
            # Where neither name contradicts the other: the only such line, or the one of which the same act is known.
            open_ones = [key for key, known in named.items() if not contrary(known, words)]
            if len(named) == 1 and open_ones and named[open_ones[0]]:
                return open_ones[0]
            return next((key for key in open_ones if act is not None and self._has(key, act)), None)
        if act is not None:
            told_of = [key for key in named if self._has(key, act)]
            if len(told_of) == 1:
                return told_of[0]
        if bare or len(named) != 1:
            return bare
        (only,) = named
        # A line with a plain name of its own ("NATO-Russia Council") is not one that goes by another name.
        return only if not called or is_named_by_place(named[only]) else None

    def _has(self, line: str, act: Told) -> bool:
        """Whether the act is known of a line."""
        best = self._best_change(line, act)
        return best is not None and best.same.certainty >= 0.7

    def _new_line(self, body: dict[str, Any], owner: str, counterpart: str, words: tuple[str, ...]) -> str:
        key = plain_key = slug(body["kind"], owner, counterpart, words)
        again = 1
        while self._db.scalar(select(lines.c.id).where(lines.c.id == key)) is not None:
            again += 1  # a place and a name may be written alike
            key = f"{plain_key}-{again}"
        a, b = pair(owner, counterpart)
        row = {"id": key, "kind": body["kind"], "owner": owner, "counterpart": counterpart, "a": a, "b": b,
               "name": body.get("name"), "seat": body.get("seat"), "words": json.dumps(words),
               "part_of": body.get("part_of")}  # fmt: skip
        self._db.execute(_NEW_LINE, row)
        self.touched.lines.add(key)
        return key

    def _learn(self, line: Any, body: dict[str, Any], known: tuple[str, ...], words: tuple[str, ...]) -> None:
        """Keep the first name, seat and parent that are told of a line."""
        new = {key: body[key] for key in ("name", "seat", "part_of") if body.get(key) and getattr(line, key) is None}
        if (learnt := added(known, words)) != known:
            new["words"] = json.dumps(learnt)
        if new:
            self._db.execute(update(lines).where(lines.c.id == line.id).values(**new))

    # acts

    def _take_change(self, report: Report) -> None:
        body = json.loads(report.body)
        act = told(body, report.quote, report.known_at)
        line = self._line(body, act)
        found = self._best_change(line, act)
        if found is None:
            a, b = pair(body["owner"], body["counterpart"])
            found = _Found(_group("change", report.id), Same(1.0, "the first report of it"))
            self._db.execute(_NEW_CHANGE, _skeleton(changes, found.group, act, report, a=a, b=b, line=line,
                             change=body["change"], found_as=body["change"], by="[]"))  # fmt: skip
        else:
            self._widen(changes, found.group, act)
        self._join(report.seq, found)
        if (event := body.get("event")) is not None:
            self._made.setdefault(event, found.group)
        self.touched.changes.add(found.group)
        self.touched.lines.add(line)

    def _take_event(self, report: Report) -> None:
        body = json.loads(report.body)
        act = told(body, report.quote, report.known_at, self._made.get(report.item))
        found = self._best_event(report, act)
        if found is None:
            found = _Found(_group("event", report.id), Same(1.0, "the first report of it"))
            self._db.execute(_NEW_EVENT, _skeleton(events, found.group, act, report, a=report.a, b=report.b,
                             source="[]", target="[]", type=body["type"], quote=report.quote or ""))  # fmt: skip
        else:
            self._widen(events, found.group, act)
        self._join(report.seq, found, act.line_change)
        if act.line_change:
            self._db.execute(_FIRST_MADE_BY, {"key": act.line_change, "maker": found.group})
            self._touch(act.line_change)
        self.touched.events.add(found.group)

    def _widen(self, table: Table, group: str, act: Told) -> None:
        """Stretch the days of a group over those of a new report."""
        if act.days:
            first, last = _window(act, 0)
            self._db.execute(_STRETCH[table.name], {"key": group, "first": first, "last": last})

    def _join(self, seq: int, found: _Found, made: str | None = None) -> None:
        self._db.execute(_JOIN, {"seq": seq, "grp": found.group, "certainty": round(found.same.certainty, 3),
                                 "why": found.same.why, "made": made})  # fmt: skip

    def _best_change(self, line: str, act: Told) -> _Found | None:
        first, last = _window(act, max(IN_FORCE, _MISDATED))
        rows = self._db.execute(_NEAR_CHANGES, {"line": line, "first": first, "last": last}).all()
        opposite = _OPPOSITE.get(act.what, ())
        turns = [row.near_first for row in rows if row.found_as in opposite]
        days = {row.id: row.near_first for row in rows if row.found_as not in opposite}
        mine = max((b for _, b in act.days), default=None)

        def same(other: Told, group: str) -> Same:
            low, high = sorted((days[group], mine.isoformat() if mine else days[group]))
            return same_change(act, other, between=any(low < turn < high for turn in turns))

        return self._best(list(days), same)

    def _best_event(self, report: Report, act: Told) -> _Found | None:
        first, last = _window(act, NIGHT)
        near = {"a": report.a, "b": report.b, "first": first, "last": last}
        timely = self._db.scalars(_NEAR_EVENTS[report.a is not None, report.b is not None], near)
        by_line = self._db.scalars(_MADE_BY, {"key": act.line_change}).all() if act.line_change else ()
        groups = list(dict.fromkeys([*by_line, *timely]))
        return self._best(groups, lambda other, _: same_event(act, other))

    def _best(self, groups: Sequence[str], same: Any) -> _Found | None:
        """The group with the report that is most surely the same.

        What one reading tells as two acts are two acts, so a group in which it has a report already is passed over.
        """
        if not groups:
            return None
        told_of = self._db.execute(_TOLD, {"groups": groups}).all()
        taken = {row.grp for row in told_of if self._reading is not None and row.reading == self._reading}
        compared: dict[str, int] = {}
        best: _Found | None = None
        for row in told_of:
            if row.grp in taken:
                continue
            compared[row.grp] = compared.get(row.grp, 0) + 1
            if compared[row.grp] > _COMPARED:
                continue
            found = same(told(json.loads(row.body), row.quote, row.known_at, row.made), row.grp)
            if found.certainty >= SURE and (best is None or found.certainty > best.same.certainty):
                best = _Found(row.grp, found)
        return best

    # what persons say

    def _follow(self, report: Report) -> None:
        """A correction goes where the report or group is that it corrects."""
        group = self._group_of(report.target)
        if group is None:
            return
        self._join(report.seq, _Found(group, Same(1.0, f"corrected by {report.who}")))
        if report.kind == "line" and (body := json.loads(report.body)).get("kind"):
            line = self._line(body, None)
            old = self._db.scalar(select(changes.c.line).where(changes.c.id == group))
            if line != old:
                self.touched.lines.add(old or line)
                a, b = pair(body["owner"], body["counterpart"])
                self._db.execute(update(changes).where(changes.c.id == group).values(line=line, a=a, b=b))
        self._touch(group)

    def _merge(self, report: Report) -> None:
        """Put one group's reports into another; the older one keeps its name."""
        keep, gone = self._group_of(report.target), self._group_of(json.loads(report.body)["with"])
        if keep is None or gone is None or keep == gone or keep[:2] != gone[:2]:
            return
        self._touch(keep)
        self._touch(gone)
        why = f"merged by {report.who}"
        self._db.execute(update(members).where(members.c.grp == gone).values(grp=keep, certainty=1.0, why=why))

    def _split(self, report: Report) -> None:
        """Give one report a group of its own."""
        row = self._db.execute(select(reports).where(reports.c.id == report.target)).one_or_none()
        group = self._group_of(report.target)
        if row is None or group is None:
            return
        self._touch(group)
        self._db.execute(delete(members).where(members.c.seq == row.seq))
        body = json.loads(row.body)
        act = told(body, row.quote, row.known_at)
        found = _Found(_group(row.kind if row.kind == "event" else "change", report.id),
                       Same(1.0, f"split off by {report.who}"))  # fmt: skip
        if row.kind == "line":
            line = self._line(body, None)
            a, b = pair(body["owner"], body["counterpart"])
            self._db.execute(_NEW_CHANGE, _skeleton(changes, found.group, act, row, a=a, b=b, line=line,
                             change=body["change"], found_as=body["change"], by="[]"))  # fmt: skip
        else:
            self._db.execute(_NEW_EVENT, _skeleton(events, found.group, act, row, a=row.a, b=row.b, source="[]",
                             target="[]", type=body["type"], quote=row.quote or ""))  # fmt: skip
        self._join(row.seq, found)
        self._touch(found.group)

    def _group_of(self, name: str) -> str | None:
        """The group of a name: its own id, or that of a report in it."""
        found = select(members.c.grp).outerjoin(reports, members.c.seq == reports.c.seq)
        return self._db.scalar(found.where(or_(members.c.grp == name, reports.c.id == name)).limit(1))

    def _touch(self, name: str) -> None:
        group = self._group_of(name)
        if group is None:
            return
        if group.startswith("ev-"):
            self.touched.events.add(group)
            made = self._told_with(group)
        else:
            made = [group]
        for change in made:
            self.touched.changes.add(change)
            if line := self._db.scalar(select(changes.c.line).where(changes.c.id == change)):
                self.touched.lines.add(line)


    def _told_with(self, event: str) -> list[str]:
        """The changes that may have been made by an event; the answers that may link it are to be derived anew."""
        own = select(reports.c.id).join(members, members.c.seq == reports.c.seq).where(members.c.grp == event)
        both = reports.c.reading.in_(own.with_only_columns(reports.c.reading))
        linked = select(reports.c.seq).where(reports.c.kind == "answer", or_(both, reports.c.target.in_(own)))
        self.touched.answers.update(self._db.scalars(linked))
        told_with = select(members.c.grp).distinct().join(reports, members.c.seq == reports.c.seq)
        return list(self._db.scalars(told_with.where(both, reports.c.kind == "line")))


def _group(kind: str, report: str) -> str:
    return f"{'ev' if kind == 'event' else 'ch'}-{digest(report)[:10]}"


def _window(act: Told, margin: int) -> tuple[str, str]:
    """The days among which the same act can stand."""
    if not act.days:
        return _EVER
    first = min(a for a, _ in act.days)
    last = max(b for _, b in act.days)
    wide = timedelta(days=margin)
    return (max(first, date.min + wide) - wide).isoformat(), (min(last, date.max - wide) + wide).isoformat()


def _skeleton(table: Table, key: str, act: Told, report: Report, **given: Any) -> dict[str, Any]:
    """A row of a new group, to be filled when it is derived."""
    empty: dict[str, Any] = dict.fromkeys(column.name for column in table.columns)
    first = min((a for a, _ in act.days), default=first_day(report.known_at) or date.min)
    last = max((b for _, b in act.days), default=date.max)
    return empty | {
        "id": key, "status": act.status, "day": first.isoformat(), "near_first": first.isoformat(),
        "near_last": last.isoformat(), "certainty": 0.0, "sources": 0, "standing": "void", "conflicts": "[]",
        "known_at": report.known_at,
    } | given  # fmt: skip
