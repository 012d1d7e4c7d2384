"""The whole course of a line: every stretch of days with the state that held, drawn from what is believed of it.

What always holds: the stretches follow one another without gap or overlap from the first thing known on; the same
changes in any order give the same stretches; before the first thing known there is none, which means unknown. The rules
are the table in ``docs/model.md``, applied by `detente.ledger.states.Course`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal

from detente.ledger.states import (
    COUNT_HOLDS,
    LIVES_BY_USE,
    USE_HOLDS,
    Course,
    StateWord,
    Step,
    bearing,
    first_day,
    last_day,
)

Observed = Literal["open", "limited", "suspended", "closed", "unknown", "silent"]
FOR_EVER = "9999-12-31"
POSTS = frozenset({"embassy", "consulate", "envoy", "staff"})
"""Kinds whose legal ground is diplomatic relations."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change as it is believed, over all its reports.

    Attributes:
        id, line, change, status, by, count, cap: as in the table of changes.
        date: when it took effect, cut to what is known; the day of the first report where none says.
        announced: when it was announced, where that is known.
        known_at: when it could first be known.
        sources: how many independent ones.
        event: the event that made it.
        undated: whether no report gives a date.
        start: its place among changes of one day.
        effective: always None: `date` is when it took effect.
    """

    id: str
    line: str
    change: str
    status: str
    date: str | None
    by: tuple[str, ...]
    count: int | None
    cap: int | None
    known_at: str
    sources: int
    announced: str | None = None
    event: str | None = None
    undated: bool = False
    start: int = 0
    effective: None = None

    @property
    def begins(self) -> dt.date:
        """The first day on which it can have held."""
        return first_day(self.date) or dt.date.min


@dataclass(frozen=True, slots=True)
class Seen:
    """That a line was seen in use, or rang out."""

    day: dt.date
    answered: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days through which one state of a line held.

    Attributes:
        start, until: first day, and the first day on which it holds no more, as ISO dates.
        state: what is declared.
        since, by: when that began, cut to what is known, and by whom.
        count, cap: people removed by the expulsion that still limits it; the ceiling in force.
        fell_with: the line that took it with it.
        sources: independent sources of the change that brought the state.
        legal: the state of diplomatic relations, for posts that stand on them.
        observed: what was seen: a state confirmed, `open` for in use, `silent` for rang out.
        last_used: the day when it was last seen in use.
        evidence: ids of the changes that speak for the state.
        moved: the day on which the newest of them took effect.
    """

    start: str
    until: str
    state: StateWord
    since: str | None = None
    by: tuple[str, ...] = ()
    count: int | None = None
    cap: int | None = None
    fell_with: str | None = None
    sources: int = 0
    legal: StateWord = "unknown"
    observed: Observed = "unknown"
    last_used: str | None = None
    evidence: tuple[str, ...] = ()
    moved: str | None = None


@dataclass(slots=True)
class Line:
    """What a history is made of."""

    id: str
    kind: str
    changes: list[Change] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    parents: tuple[str, ...] = ()


def history(line: Line, others: Mapping[str, Line], legal: Sequence[Stretch] = ()) -> list[Stretch]:
    """The stretches of a line.

    Args:
        line: the line.
        others: the lines among which its parents are.
        legal: the stretches of diplomatic relations between the two, for a post.

    Returns:
        Stretches in order; the last one is open-ended.
    """
    steps = _steps(line, others)
    course, found = Course(), []
    taken: list[Step] = []
    marks = _marks(line, steps, legal)
    by_id = {step.change.id: step.change for step in steps}
    for day in marks:
        while len(taken) < len(steps) and _begins(steps[len(taken)]) <= day:
            course.take(steps[len(taken)])
            taken.append(steps[len(taken)])
        course.lapse(day)
        if line.kind in LIVES_BY_USE and _silent(line, steps, day):
            course = Course()  # what was so two years ago says nothing of what comes next
        found.append(_dressed(_stretch(course, day, by_id), line, day, legal))
    return _joined(found)


def _steps(line: Line, others: Mapping[str, Line]) -> list[Step]:
    steps = [Step(change) for change in _timed(line.changes)]
    above, to_do = [], list(line.parents)
    while to_do:
        key = to_do.pop(0)
        if key not in above and key != line.id and key in others:
            above.append(key)
            to_do += others[key].parents
    for key in above:
        parent = others[key]
        steps += [Step(c, key) for c in _timed(parent.changes) if c.change in bearing(parent.kind)]
    # A stray date of a parent's must not come before the line's own: that order is the day's, then the parent's first.
    return sorted(steps, key=lambda s: (_begins(s), s.parent is None, s.change.start, s.change.id))


def _timed(changes: Iterable[Change]) -> list[Change]:
    """The changes that count, background without a date only where nothing dated is known from before it was told."""
    changes = [c for c in changes if c.change not in ("propose", "refuse") and c.status != "denied"]
    dated = [c.begins for c in changes if not c.undated]
    return [c for c in changes if not (c.undated and c.status == "past" and any(d <= c.begins for d in dated))]


def _begins(step: Step) -> dt.date:
    return first_day(step.change.date) or dt.date.min


def _marks(line: Line, steps: Sequence[Step], legal: Sequence[Stretch]) -> list[dt.date]:
    """The days on which anything may change."""
    marks = {_begins(step) for step in steps} | {seen.day for seen in line.seen}
    for step in steps:
        end = last_day(step.change.date)
        if step.change.change == "limit" and step.change.count is not None and end:
            marks.add(end + timedelta(days=COUNT_HOLDS))
    if line.kind in LIVES_BY_USE:
        heard = _heard(line, steps)
        marks |= {day + timedelta(days=USE_HOLDS + 1) for day in heard}
    first = min(marks, default=None)
    if first and line.kind in POSTS:
        marks |= {day for s in legal if (day := dt.date.fromisoformat(s.start)) >= first}
    return sorted(marks)


def _heard(line: Line, steps: Sequence[Step]) -> list[dt.date]:
    days = [last_day(step.change.date) for step in steps] + [seen.day for seen in line.seen]
    days += [last_day(change.known_at) for change in line.changes if change.status != "past"]
    return sorted({day for day in days if day})


def _silent(line: Line, steps: Sequence[Step], on: dt.date) -> bool:
    last = max((day for day in _heard(line, steps) if day <= on), default=None)
    return last is not None and (on - last).days > USE_HOLDS


def _stretch(course: Course, day: dt.date, by_id: Mapping[str, object]) -> Stretch:
    start = day.isoformat()
    if course.word == "unknown":
        return Stretch(start, FOR_EVER, "unknown")
    counts = [c.count for c in course.limits if c.count is not None]
    evidence = tuple(course.evidence)
    if course.word == "limited":  # what limits it now; older ceilings and expulsions are history
        evidence = tuple(dict.fromkeys(c.id for c in (course.capped, *course.limits) if c is not None))
    speaking = [c for key in evidence if isinstance(c := by_id.get(key), Change)]
    return Stretch(
        start, FOR_EVER, course.word,
        since=course.since, by=course.by, count=counts[-1] if counts else None, cap=course.cap,
        fell_with=None if course.fell_with is None else str(course.fell_with),
        sources=max((c.sources for c in speaking), default=0), evidence=evidence,
        moved=max((c.begins.isoformat() for c in speaking), default=None),
    )  # fmt: skip


def _dressed(stretch: Stretch, line: Line, day: dt.date, legal: Sequence[Stretch]) -> Stretch:
    """A stretch with what is legal, what was observed, and when the line was last used."""
    used = [seen.day for seen in line.seen if seen.answered and seen.day <= day]
    ground: StateWord = "unknown"
    if line.kind == "relations":
        ground = stretch.state
    elif line.kind in POSTS:
        iso = day.isoformat()
        ground = next((s.state for s in legal if s.start <= iso < s.until), "unknown")
    return replace(
        stretch, legal=ground, observed=_observed(line, day), last_used=max(used).isoformat() if used else None
    )


_SEEN_AS: dict[str, Observed] = {
    "open": "open", "restore": "open", "raise": "open", "keep": "open", "limit": "limited", "suspend": "suspended",
    "close": "closed",
}  # fmt: skip


def _observed(line: Line, day: dt.date) -> Observed:
    """What was last seen: a use, a call that rang out, or a change that was reported as done rather than planned."""
    found: list[tuple[dt.date, int, Observed]] = [
        (seen.day, 1, "open" if seen.answered else "silent") for seen in line.seen if seen.day <= day
    ]
    for change in _timed(line.changes):
        if change.begins <= day:
            # What was only announced is not yet seen; from the day on which it was to be, nothing is known. Nor is it
            # when posts from which people were sent home have had the time to be filled again.
            lapsed = change.cap is None and change.count is not None and (day - change.begins).days >= COUNT_HOLDS
            gone = change.status == "planned" or (change.change == "limit" and lapsed)
            found.append((change.begins, 0, "unknown" if gone else _SEEN_AS[change.change]))
    return max(found, default=(day, 0, "unknown"))[2]


def _joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Stretches that say the same made one, each ending where the next begins."""
    found: list[Stretch] = []
    for stretch in stretches:
        if found and replace(stretch, start=found[-1].start, until=found[-1].until) == found[-1]:
            continue
        if found:
            found[-1] = replace(found[-1], until=stretch.start)
        found.append(stretch)
    return found
