"""What became of the questions of a forecast, once their horizon has passed.

What always holds: a question is answered yes only by what is recorded, with its ids; no only where the pair was looked
at in those days (see `Coverage`), for silence alone is no answer; else it stays open, with the reason. Nothing
published after the day as of which is asked is looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, select

from detente.errors import ForecastError, NotInLedger
from detente.forecasting.answering import ON_RECORD, reply_to
from detente.forecasting.model import Forecast, Question
from detente.forecasting.steps import DEEDS
from detente.ledger import asking, schema
from detente.ledger.believing import Asked, event_rows, live
from detente.ledger.days import Day, as_of, day_of
from detente.ledger.keys import event_pairs
from detente.ledger.states import JOINT, first_day, last_day
from detente.model import EVENT_TYPES
from detente.parties import name_of

if TYPE_CHECKING:
    from detente.forecasting.history import History

Row = dict[str, Any]
_DOWN, _UP = frozenset({"limit", "suspend", "close"}), frozenset({"open", "restore", "raise"})


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question whose horizon has passed, and what became of it.

    Attributes:
        question: as it was asked.
        outcome: whether it was so; None where that is not known.
        on: the day on which it was so.
        by: ids of the events or changes that tell so.
        why: the reason, in a sentence.
        silent: whether it is not known because nothing at all is recorded.
        forecast: id of the forecast; the day asked about where it was stored nowhere.
        made_at: when the forecast was made, UTC; None where it was stored nowhere.
    """

    question: Question
    outcome: bool | None
    on: str | None = None
    by: tuple[str, ...] = ()
    why: str = ""
    silent: bool = False
    forecast: str = ""
    made_at: str | None = None

    @property
    def ahead(self) -> bool:
        """Whether the forecast was made before its horizon began, wherever on earth the day of asking was.

        A day ends last at UTC-12. One that is made later knows nothing published after its day, but who asked may.
        """
        begins = date.fromisoformat(self.question.after) + timedelta(days=1)
        return self.made_at is not None and self.made_at < f"{begins.isoformat()}T12:00:00"


class Found(NamedTuple):
    """What became of a question."""

    outcome: bool | None
    why: str
    on: str | None = None
    by: tuple[str, ...] = ()
    silent: bool = False


def resolve(
    connection: Connection, forecast: Forecast, *, known: Day = None, history: History | None = None,
    made_at: str | None = None,
) -> list[Resolved]:  # fmt: skip
    """What became of the questions of a forecast whose horizon has passed.

    Args:
        connection: one that reads (see `detente.ledger.Ledger.asked`).
        forecast: the forecast.
        known: as of which day; all that is known unless given. A horizon has passed if it ended before that day.
        history: events that others coded, for types of act and answers of which the ledger has nothing.
        made_at: when the forecast was made.

    Returns:
        The questions whose horizon has passed, in the forecast's order; none that was answered when it was asked.
    """
    day = day_of(known, "known") or date.today()
    windows: dict[tuple[str, str], _Window] = {}
    found = []
    for question in forecast.questions():
        if question.until >= day.isoformat() or question.chance.rests_on == ON_RECORD:
            continue
        span = (question.after, question.until)
        if span not in windows:
            windows[span] = _Window(connection, forecast.a, forecast.b, *span, as_of(known), history)
        made = _ASKED[question.asks](question, windows[span])
        name = forecast.id or forecast.on
        found.append(Resolved(question, made.outcome, made.on, made.by, made.why, made.silent, name, made_at))
    return found


@dataclass(frozen=True, slots=True)
class _Act:
    """What one party did to another, from the first to the last day on which it can have been."""

    id: str
    source: str
    target: str
    type: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether a pair was looked at in some days, so that what was not recorded was not so.

    The ledger covers a pair in days in which something between the two is recorded, of whatever type, or in which
    something that tells of the two was published. An imported history covers it where one origin knows the pair and
    tells of days before, or the first, and after, or the last. Neither is a proof: it is what can be had.

    Attributes:
        ledger: how many reports and acts there are of those days.
        origins: the origins of the history that cover them.
    """

    ledger: int
    origins: tuple[str, ...]


class _Window:
    """What is recorded between two parties in some days, as of some day."""

    def __init__(
        self, connection: Connection, a: str, b: str, after: str, until: str, asked: Asked, history: History | None
    ) -> None:
        self.connection, self.a, self.b, self.after, self.until = connection, a, b, after, until
        self.asked, self.history = asked, history

    @cached_property
    def acts(self) -> list[_Act]:
        """Acts that may lie in these days."""
        rows = asking.events_of(self.connection, self.a, self.b, since=f"{self.after[:4]}-01-01", until=self.until,
                                asked=self.asked)  # fmt: skip
        return [
            _Act(row["id"], *pair, row["type"], *_span(row))
            for row in rows if _happened(row)
            for pair in sorted(set(event_pairs(row["source"], row["target"]))) if set(pair) == {self.a, self.b}
        ]  # fmt: skip

    @cached_property
    def blows(self) -> list[_Act]:
        """Changes for the worse to what is the other's or both's, as acts of those who made them."""
        told = [row for row in asking.changes_of(self.connection, self.a, self.b, asked=self.asked)
                if row["change"] in _DOWN and _happened(row)]  # fmt: skip
        lines = asking.lines_by_id(self.connection, {row["line"] for row in told})
        found = []
        for row in told:
            line = lines[row["line"]]
            ends = {line["owner"], line["counterpart"]}
            for doer in sorted(ends & set(row["by"])):
                if line["owner"] != doer or line["kind"] in JOINT:
                    (other,) = ends - {doer}
                    found.append(_Act(row["id"], doer, other, "SANCTION", *_span(row)))
        return found

    @cached_property
    def coded(self) -> list[tuple[_Act, str]]:
        """What others coded in these days, with its origin."""
        if self.history is None:
            return []
        rows = self.history.between(self.a, self.b, until=date.fromisoformat(self.until)).to_dicts()
        told = [(row["date"].isoformat(), row) for row in rows]
        return [(_Act("", row["source"], row["target"], row["type"], day, day), row["origin"])
                for day, row in told if day > self.after]  # fmt: skip

    @cached_property
    def coverage(self) -> Coverage:
        """Whether the pair was looked at in these days."""
        table = schema.reports
        told = select(table.c.id).where(asking.of_pair(table, self.a, self.b), live(self.asked),
                                        table.c.known_at > self.after, table.c.known_at <= self.until)  # fmt: skip
        inside = [act for act in (*self.acts, *self.blows) if self.holds(act)]
        count = len(self.connection.execute(told).all()) + len({act.id for act in inside})
        return Coverage(count, self._origins() if self.history else ())

    def _origins(self) -> tuple[str, ...]:
        assert self.history is not None
        first, last = date.fromisoformat(self.after) + timedelta(days=1), date.fromisoformat(self.until)
        wide = {e.origin for e in self.history.extents() if e.first <= first and e.last >= last}
        known = set(self.history.between(self.a, self.b, until=last)["origin"]) if wide else set()
        return tuple(sorted(wide & known))

    def holds(self, act: _Act) -> bool:
        """Whether an act lies in these days for certain."""
        return self.after < act.first and act.last <= self.until

    def yes(self, acts: Iterable[_Act], why: str) -> Found | None:
        """Yes, where one of these acts lies in the days; open, where one may; else None."""
        some = list(acts)
        sure = sorted((act for act in some if self.holds(act)), key=lambda act: (act.first, act.id))
        if sure:
            return Found(True, why, sure[0].first, tuple(dict.fromkeys(act.id for act in sure)))
        maybe = [act.id for act in some if act.first <= self.until and act.last > self.after]
        if maybe:
            return Found(None, "something of the kind is recorded whose day is not known, and may lie in these days",
                         by=tuple(maybe))  # fmt: skip
        return None

    def yes_coded(self, source: str, target: str, types: Iterable[str]) -> Found | None:
        """Yes, where others coded such an act in these days."""
        wanted = set(types)
        for act, origin in self.coded:
            if (act.source, act.target) == (source, target) and act.type in wanted:
                return Found(True, f"recorded in the event history {origin}", act.first)
        return None

    def no(self, *, coded: bool, ledger: bool = True) -> Found:
        """No, where the pair was looked at in these days; else open.

        Args:
            coded, ledger: whether the history, or the ledger, would tell.
        """
        if coded and self.coverage.origins:
            return Found(False, f"not in the event history {', '.join(self.coverage.origins)}, which covers these days")
        if ledger and self.coverage.ledger:
            return Found(False, "not recorded, though the ledger heard of the two in these days (reports and acts: "
                                f"{self.coverage.ledger})")  # fmt: skip
        pair = f"{name_of(self.a)} and {name_of(self.b)}"
        return Found(None, f"nothing at all is recorded between {pair} in these days, and silence is no answer",
                     silent=True)  # fmt: skip


def _type(question: Question, window: _Window) -> Found:
    """Whether an act of a type was done."""
    wanted = (question.source, question.target, question.what)
    told = window.yes((act for act in window.acts if (act.source, act.target, act.type) == wanted), "recorded")
    if told and told.outcome:
        return told
    coded = window.yes_coded(question.source, question.target, (question.what,))
    # The ledger knows no mere statements, so that it cannot tell that there were none.
    return coded or told or window.no(coded=True, ledger=question.what in EVENT_TYPES)


def _line(question: Question, window: _Window) -> Found:
    """Whether a line's state got worse or better, whoever did it."""
    try:
        course = asking.line(window.connection, question.what, asked=window.asked)["states"]
    except NotInLedger:
        return _moved(question, window) or window.no(coded=False)
    was, is_ = (next((s for s in course if s["start"] <= day < s["until"]), None)
                for day in (window.after, window.until))  # fmt: skip
    if was is None or is_ is None or "unknown" in (was["state"], is_["state"]):
        # Of a line of which nothing was known before, a step in these days is told all the same.
        found = _moved(question, window)
        if found is None and was is None and is_ is None:
            return window.no(coded=False)
        return found or Found(None, "its state is not known at the beginning, or at the end")
    rank = asking.RANK
    step = rank[is_["state"]] - rank[was["state"]]
    told = f"{was['state']} → {is_['state']}"
    if step == 0:
        return _moved(question, window) or window.no(coded=False)
    if (step < 0) != (question.way == "worse"):
        return Found(False, told, by=tuple(is_["evidence"]))
    if not is_["by"] and not is_["fell_with"]:
        return Found(None, f"{told} by lapse of time, which is nobody's act")
    on = next(s["start"] for s in course
              if s["start"] > window.after and (rank[s["state"]] - rank[was["state"]]) * step > 0)  # fmt: skip
    return Found(True, told, on, tuple(is_["evidence"]))


def _moved(question: Question, window: _Window) -> Found | None:
    """Yes, where a line was changed in these days, and in the one way only, as when more people are sent home."""
    told = [row for row in asking.changes_of(window.connection, line=question.what, asked=window.asked)
            if row["change"] in _DOWN | _UP and _happened(row)]  # fmt: skip
    acts = [(_Act(row["id"], "", "", row["change"], *_span(row)), row["change"] in _DOWN) for row in told]
    ways = {down for act, down in acts if act.first <= window.until and act.last > window.after}
    if ways != {question.way == "worse"}:
        return None
    return window.yes((act for act, _ in acts), "changed, while its state is called the same or was not known")


def _answer(question: Question, window: _Window) -> Found:
    """Whether an act was answered by whom it was done to.

    A deed is answered by a deed, a step upon a line or an act of its own type, not by words (see `steps.DEEDS`); what
    is recorded as an answer to mere words may be anything. Where no source says what answered what, deeds and acts of
    the same type count.
    """
    links = asking.answers_to(window.connection, question.what, window.asked)
    rows = event_rows(window.connection, [question.what, *(link["reaction"] for link in links)], window.asked)
    acted = {row["type"] for row in rows if row["id"] == question.what}
    kinds = DEEDS | acted
    steps = {row["event"] for row in asking.changes_of(window.connection, window.a, window.b, asked=window.asked)}
    replies = [
        _Act(row["id"], question.source, question.target, row["type"], *_span(row))
        for row in rows
        if row["id"] != question.what and question.source in json.loads(row["source"]) and _happened(row)
        and (row["type"] in kinds or row["id"] in steps or not acted <= DEEDS)
    ]  # fmt: skip
    if before := [act for act in replies if act.last <= window.after]:
        return Found(None, "it was answered before the horizon began", before[0].first, tuple(a.id for a in before))
    told = window.yes(replies, "recorded as an answer")
    if told:
        return told
    if replies:
        return Found(False, "answered, but only later", replies[0].first, tuple(act.id for act in replies))
    if noted := _noted(question, window):
        return noted
    ends = (question.source, question.target)
    alike = [act for act in (*window.acts, *window.blows) if (act.source, act.target) == ends and act.type in kinds]
    told = window.yes(alike, "not recorded as an answer, but done to the same party in these days")
    if told and told.outcome:
        return told
    return window.yes_coded(*ends, kinds) or told or window.no(coded=True)


def _noted(question: Question, window: _Window) -> Found | None:
    """What the casebook says of the answer, where the ledger does not."""
    known = date.fromisoformat(window.asked.known) if window.asked.known else date.today()
    try:
        reply = reply_to(window.connection, question.what, known=known, pair=(question.target, question.source))
    except (NotInLedger, ForecastError):
        return None  # the act itself is no longer believed
    if reply is None:
        return None
    told = f"answered by what the casebook tells ({', '.join(reply.cases)})" if reply.cases else "recorded as an answer"
    day = reply.day.isoformat()
    if day <= window.after:
        return Found(None, "it was answered before the horizon began", day, reply.events)
    return Found(day <= window.until, told, day, reply.events)


_ASKED = {"type": _type, "line": _line, "answer": _answer}


def _happened(row: Row) -> bool:
    """Whether an event or change counts as having happened."""
    return bool(row["standing"] == "sound" and row["status"] not in ("denied", "planned") and row["day"] > "0001-01-01")


def _span(row: Row) -> tuple[str, str]:
    """The first and last day on which an act can have been; that of its first report where no date is given."""
    dates = [row[key] for key in ("date", "announced", "effective") if first_day(row[key])]
    if not dates:
        return row["day"], row["day"]
    first = min(dates, key=lambda text: (first_day(text), text))
    return str(first_day(first)), str(last_day(first))


__all__ = ["Coverage", "Resolved", "resolve"]
