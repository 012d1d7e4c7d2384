"""The declared state of every line, derived from the changes that were reported of it.

What always holds: nothing is stored and nothing is changed here; the same changes in any order give the same states;
silence is never `open`; a change that was denied, only planned, only proposed or only weakly reported moves no state,
and stands beside it instead. The rules are the table in ``docs/model.md``.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, cast

if TYPE_CHECKING:
    from detente.model import Line, Use

StateWord = Literal["open", "limited", "suspended", "closed", "unknown"]

COUNT_HOLDS = 365
"""Days for which a bare count (so many expelled) leaves a line limited: posts are mostly filled again within a year."""
USE_HOLDS = 730
"""Days without any report after which a line that lives by use is unknown."""
SOUND = 0.5
"""A report below this certainty that stands alone is a candidate."""
LIVES_BY_USE = frozenset({"contacts", "talks", "hotline", "council"})
JOINT = frozenset({"relations", "council", "contacts", "hotline", "talks", "verification"})
"""Kinds of line that belong to both sides: owner and counterpart are kept in alphabetical order."""
_FALL_WITH_RELATIONS = frozenset({"embassy", "consulate", "envoy"})
_SPEAKS_FOR: dict[str, str] = {
    "open": "open", "restore": "open", "raise": "open", "keep": "open",
    "limit": "limited", "suspend": "suspended", "close": "closed",
}  # fmt: skip
_PART_OF = re.compile(r"([a-z]+) ([A-Z][A-Z0-9]*)[-–]([A-Z][A-Z0-9]*)(?: (.+))?")
_DETERMINER = re.compile(r"^(?:the|a|an|its|his|her|their|our)\s+", re.IGNORECASE)


class LineId(NamedTuple):
    """What makes two changes changes of the same line."""

    kind: str
    owner: str
    counterpart: str
    name: str | None = None


class Moving(Protocol):
    """What a course needs to know of a change: a reading's `Line` has it, and so has the ledger's `Change`."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def change(self) -> str: ...  # noqa: D102
    @property
    def status(self) -> str: ...  # noqa: D102
    @property
    def effective(self) -> str | None: ...  # noqa: D102
    @property
    def by(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def count(self) -> int | None: ...  # noqa: D102
    @property
    def cap(self) -> int | None: ...  # noqa: D102
    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def date(self) -> str | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class State:
    """What is declared of one line.

    Attributes:
        state: the state's word; `unknown` where nothing is known.
        since: the date since when, cut to what is known; None where the reports give none.
        by: who brought it about; empty where it came by lapse of time.
        count: people removed by the latest expulsion that still limits the line.
        cap: the ceiling that holds.
        fell_with: the parent line that took this one with it.
        evidence: ids of the changes that speak for the state.
        planned: ids of changes announced for later.
        proposed: ids of proposals.
        refused: ids of refusals.
        denied: ids of changes that a party denies.
        candidates: ids of changes too weakly reported to count.
    """

    state: StateWord = "unknown"
    since: str | None = None
    by: tuple[str, ...] = ()
    count: int | None = None
    cap: int | None = None
    fell_with: LineId | None = None
    evidence: tuple[str, ...] = ()
    planned: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()


def identity(line: Line) -> LineId:
    """The line that a change is about.

    Args:
        line: one change.

    Returns:
        Kind, owner, counterpart and name; the name without article and case, a joint line's parties in order.

    Example:
        >>> identity(Line(id="l1", quote="x", start=0, end=1, rule="r", certainty=1, status="actual", kind="talks",
        ...               owner="RUS", counterpart="NATO", change="close", by=("RUS",), name="The Vienna talks"))
        LineId(kind='talks', owner='NATO', counterpart='RUS', name='vienna talks')
    """
    return _line_id(line.kind, line.owner, line.counterpart, line.name)


def states(
    lines: Iterable[Line], *, on: date | None = None, uses: Iterable[Use] = (), reported: date | None = None
) -> dict[LineId, State]:
    """Derive the declared state of every line that the changes mention.

    Args:
        lines: changes, in any order; their ids must differ.
        on: the day for which the states are asked; None means as of the article: what it calls actual or past is so,
            what it calls planned is not yet, and nothing has lapsed since.
        uses: when lines were seen in use; this keeps a line that lives by use from turning unknown.
        reported: the day of the latest report of these lines, such as the article's publication date.

    Returns:
        A state for each line, in the order in which the text first mentions them.
    """
    changes = sorted(lines, key=lambda line: (line.start, line.id))
    by_line: dict[LineId, list[Line]] = {}
    for change in changes:
        by_line.setdefault(identity(change), []).append(change)
    sound = {line: [c for c in own if _counts(c, own, on)] for line, own in by_line.items()}
    used = list(uses)
    found = {}
    for line, own in by_line.items():
        course = Course()
        for step in _steps(line, by_line, sound):
            course.take(step)
        if on is not None:
            course.lapse(on)
        silent = on is not None and line.kind in LIVES_BY_USE and _silent(line, own, used, on, reported)
        found[line] = _state(course, own, sound[line], on, silent)
    return found


def first_day(text: str | None) -> date | None:
    """The first day that a cut date can mean.

    Args:
        text: ``2014``, ``2021-06``, ``2021-10-18`` or None.

    Returns:
        The day, or None where there is no date or no such day.
    """
    try:
        year, month, day = [*(int(part) for part in (text or "").split("-")), 1, 1][:3]
        return date(year, month, day)
    except ValueError:
        return None


def last_day(text: str | None) -> date | None:
    """The last day that a cut date can mean; arguments and result as for `first_day`."""
    first = first_day(text)
    if first is None or text is None:
        return None
    parts = text.count("-")
    month = first.month if parts else 12
    return first if parts == 2 else date(first.year, month, monthrange(first.year, month)[1])


def _line_id(kind: str, owner: str, counterpart: str, name: str | None) -> LineId:
    if kind in JOINT and counterpart < owner:
        owner, counterpart = counterpart, owner
    plain = _DETERMINER.sub("", " ".join((name or "").split())).casefold()
    return LineId(kind, owner, counterpart, plain or None)


def _when(change: Moving) -> str | None:
    """The date on which a change takes effect."""
    return (change.effective or change.date) if change.status == "planned" else change.date


def _counts(change: Line, own: Sequence[Line], on: date | None) -> bool:
    """Whether a change moves the state: it is in force, not denied, and not one weak report alone."""
    if change.status == "denied" or change.change in ("propose", "refuse"):
        return False
    return not _ahead(change, on) and not _candidate(change, own)


def _ahead(change: Line, on: date | None) -> bool:
    """Whether a change lies after the day that is asked for."""
    begins = first_day(_when(change))
    if on is None or begins is None:
        return change.status == "planned"
    return begins > on


def _candidate(change: Line, own: Sequence[Line]) -> bool:
    others = (c for c in own if c is not change and c.change == change.change and c.status != "denied")
    return change.certainty < SOUND and not any(others)


def _parents(line: LineId, by_line: dict[LineId, list[Line]]) -> list[LineId]:
    """The lines that take this one with them, nearest first."""
    found: list[LineId] = []
    for change in by_line.get(line, []):
        match = _PART_OF.fullmatch(change.part_of or "")
        if match:
            whole = _line_id(match[1], match[2], match[3], match[4])
            same = [known for known in by_line if known[:3] == whole[:3] and known != line]
            # A part tells its parent's kind and parties; the parent may have a name where it is the only such line.
            found += [whole] if whole in same else same if len(same) == 1 else []
    if line.kind in _FALL_WITH_RELATIONS:
        pair = sorted((line.owner, line.counterpart))
        found += [known for known in by_line if known.kind == "relations" and sorted(known[1:3]) == pair]
    return list(dict.fromkeys(found))


def _ancestors(line: LineId, by_line: dict[LineId, list[Line]]) -> list[LineId]:
    found: list[LineId] = []
    to_do = [line]
    while to_do:
        for parent in _parents(to_do.pop(), by_line):
            if parent != line and parent not in found:
                found.append(parent)
                to_do.append(parent)
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """A change as it bears on one line: its own, or that of a parent."""

    change: Moving
    parent: Hashable | None = None

    def order(self) -> tuple[bool, date, bool, int, str]:
        """Background first, then by date, a parent's change before the line's own, then as the text has it."""
        past = self.change.status == "past"
        # Without a date, background is taken as long ago and news as the latest thing known.
        when = first_day(_when(self.change)) or (date.min if past else date.max)
        return (not past, when, self.parent is None, self.change.start, self.change.id)


def _steps(line: LineId, by_line: dict[LineId, list[Line]], sound: dict[LineId, list[Line]]) -> list[Step]:
    steps = [Step(change) for change in sound[line]]
    for parent in _ancestors(line, by_line):
        steps += [Step(change, parent) for change in sound[parent] if change.change in bearing(parent.kind)]
    return sorted(steps, key=Step.order)


def bearing(kind: str) -> frozenset[str]:
    """The changes to a line of this kind that bear on its parts.

    Relations that are merely suspended or downgraded leave embassies, consulates and envoys as they are.
    """
    return frozenset({"close", "open", "restore"}) | (frozenset() if kind == "relations" else {"suspend"})


@dataclass(slots=True)
class Course:
    """What holds of one line while its changes are gone through in order."""

    posture: StateWord = "unknown"
    fell_with: Hashable | None = None
    cap: int | None = None
    capped: Moving | None = None
    limits: list[Moving] = field(default_factory=list)
    word: StateWord = "unknown"
    since: str | None = None
    by: tuple[str, ...] = ()
    evidence: list[str] = field(default_factory=list)

    def take(self, step: Step) -> None:
        """Let one change do its work."""
        change = step.change
        begins = first_day(_when(change))
        if begins:
            self.lapse(begins)
        fell_with = self.fell_with
        self._move(change, step.parent)
        word = self._word()
        if word == self.word and fell_with and not self.fell_with:
            # The line's own change speaks for it better than its parent's.
            self.by, self.evidence = change.by, [change.id]
        elif word != self.word:
            self.word, self.since, self.by, self.evidence = word, _when(change), change.by, [change.id]
        elif _speaks_for(change) == word and (step.parent is None or self.fell_with):
            self.since = self.since or _when(change)
            self.evidence.append(change.id)

    def lapse(self, day: date) -> None:
        """End the limits of bare counts that are older than they hold."""
        ended = [c for c in self.limits if c.count is not None and (end := last_day(_when(c)))
                 and (day - end).days >= COUNT_HOLDS]  # fmt: skip
        if not ended:
            return
        self.limits = [c for c in self.limits if c not in ended]
        if self._word() != self.word:
            ends = max(end.toordinal() for c in ended if (end := last_day(_when(c))))
            self.word, self.by = self._word(), ()
            self.since = date.fromordinal(ends + COUNT_HOLDS).isoformat()

    def _word(self) -> StateWord:
        if self.posture in ("suspended", "closed"):
            return self.posture
        return "limited" if self.limits or self.cap is not None else self.posture

    def _move(self, change: Moving, parent: Hashable | None) -> None:
        down = self.posture in ("suspended", "closed")
        match change.change:
            case "open" | "restore" if parent is not None:
                # What fell with its parent is not said to be back when the parent is: silence is not open.
                if self.fell_with == parent:
                    self.posture, self.fell_with = "unknown", None
            case "open" | "restore":
                self.posture, self.fell_with, self.cap, self.capped, self.limits = "open", None, None, None, []
            case "raise":
                # A raised ceiling is still a ceiling, so the line stays limited; any other raise ends the limits.
                self.cap, self.capped, self.limits = change.cap, change, []
                self.posture = self.posture if down else "open"
            case "keep":
                # Expressly left open outweighs having gone down with a parent, never a change of the line's own.
                if self.posture == "unknown" or self.fell_with:
                    self.posture, self.fell_with = "open", None
            case "limit":
                if change.cap is not None:
                    self.cap, self.capped = change.cap, change
                if change.cap is None or change.count is not None:
                    self.limits.append(change)
                self.posture = self.posture if down else "open"
            case "suspend" | "close":
                self._fall("suspended" if change.change == "suspend" else "closed", parent)

    def _fall(self, posture: StateWord, parent: Hashable | None) -> None:
        if self.posture == "closed" and posture == "suspended":
            return
        if parent is None or self.posture != posture:
            self.fell_with = parent
        self.posture = posture


def _speaks_for(change: Moving) -> str | None:
    return "limited" if change.change == "raise" and change.cap is not None else _SPEAKS_FOR.get(change.change)


def _silent(line: LineId, own: Sequence[Line], uses: Sequence[Use], on: date, reported: date | None) -> bool:
    """Whether nothing was reported of the line in the two years up to the day."""
    dates = [change.date for change in own] + [change.announced for change in own]
    dates += [use.date for use in uses if _line_id(use.kind, use.owner, use.counterpart, None)[:3] == line[:3]]
    days = [day for day in (reported, *(last_day(text) for text in dates if (first_day(text) or on) <= on)) if day]
    return bool(days) and (on - max(days)).days > USE_HOLDS


def _state(course: Course, own: Sequence[Line], sound: Sequence[Line], on: date | None, silent: bool) -> State:
    live = [c for c in own if c.status != "denied"]
    moves = [c for c in live if c.change not in ("propose", "refuse")]
    beside = State(
        planned=tuple(c.id for c in moves if _ahead(c, on)),
        proposed=tuple(c.id for c in live if c.change == "propose"),
        refused=tuple(c.id for c in live if c.change == "refuse"),
        denied=tuple(c.id for c in own if c.status == "denied"),
        candidates=tuple(c.id for c in moves if not _ahead(c, on) and c not in sound),
    )
    if silent or course.word == "unknown":
        return beside
    counts = [c.count for c in course.limits if c.count is not None]
    return replace(
        beside,
        state=course.word,
        since=course.since,
        by=course.by,
        count=counts[-1] if counts else None,
        cap=course.cap,
        fell_with=cast(LineId | None, course.fell_with),
        evidence=tuple(course.evidence),
    )
