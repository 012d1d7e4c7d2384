"""From the ledger to the view models: what a board, a line or a pair's history needs, asked for in one place.

What always holds: nothing is written; terminal, pages, JSON, reports and agents get the same view from here; whatever
clock is asked for holds for everything in one view.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from detente.ledger import asking
from detente.ledger.believing import NOW, Asked
from detente.ledger.evidence import quotes
from detente.ledger.titles import title_of
from detente.plain import day, listed, number_of, parties, party, sentence_case
from detente.views import record
from detente.views.courses import Span, spans
from detente.views.lanes import Bar
from detente.views.record import Board, Row, Step, steps
from detente.views.replies import BEFORE, Act, Reply, act, replies

LATELY = 90
"""Days in which a change counts as new on a board."""
MOST = 400
"""Steps that are told of a line or a pair, the newest; narrower days show the others."""
_BESIDE = ("planned", "proposed", "refused", "denied", "candidates", "disputed")


@dataclass(frozen=True, slots=True)
class Clock:
    """As of when.

    Attributes:
        on: the day on which it was so.
        known: what could be known by then, as it was given.
        recorded: what the ledger had by then, as it was given; the connection sees to it.
        asked: `known`, for the functions of `detente.ledger.asking`.
    """

    on: date
    known: str | None = None
    recorded: str | None = None
    asked: Asked = NOW


@dataclass(frozen=True, slots=True)
class Moved:
    """That a line's state became another one."""

    line: str
    title: str
    when: str
    text: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Found:
    """A board, the rows that it comes from, and what is drawn beside its lines.

    Attributes:
        view: the board.
        rows: the rows of all lines, also of those that it does not show.
        lately: what changed in the last days, the newest first.
        courses: the spans of each line that it shows.
        more: pairs that it does not show.
    """

    view: Board
    rows: list[Row]
    lately: tuple[Moved, ...]
    courses: Mapping[str, list[Span]]
    more: int


def board(
    connection: Connection, a: str | None, b: str | None, clock: Clock, *, start: int = 0, most: int | None = None,
    rows: list[Row] | None = None, by: record.By = "pair",
) -> Found:  # fmt: skip
    """The board of two parties, of one, or of all.

    Args:
        connection: one that reads.
        a, b: party codes.
        clock: as of when.
        start, most: which groups are told at length, counted in the board's order; all unless given.
        rows: of `detente.ledger.asking.board`, where they are at hand.
        by: whether lines of a pair or of a kind stand together.
    """
    on, asked = clock.on, clock.asked
    rows = asking.board(connection, a, b, on=on, asked=asked) if rows is None else rows
    every = record.shown_groups(rows, on, by)
    keys = list(every)[start : None if most is None else start + most]
    told = [row for key in keys for row in every[key][: record.most_of(key)]]
    courses = asking.courses_of(connection, told, asked)
    beside = {change for row in told for key in _BESIDE for change in row[key]}
    evidence = {c for row in told for c in row["evidence"]} | {c for s in _stretches(courses) for c in s["evidence"]}
    sentences = quotes(connection, beside | evidence, asked=asked)
    view = record.board(
        rows, asking.changes_by_id(connection, beside, asked), sentences,
        on=on, asked=[p for p in (a, b) if p], known=clock.known, recorded=clock.recorded,
        causes=asking.events_by_id(connection, [row["cause"] for row in told if row["cause"]]),
        call=asking.whom_to_call(connection, a, b, on=on, asked=asked) if a and b and rows else (), only=keys,
        by=by,
    )  # fmt: skip
    return Found(
        view, rows, tuple(_lately(connection, a, b, clock)),
        {key: spans(course, sentences, until=on) for key, course in courses.items()}, len(every) - start - len(keys),
    )  # fmt: skip


def _stretches(courses: Mapping[str, list[Row]]) -> Iterable[Row]:
    return (stretch for course in courses.values() for stretch in course)


def _lately(connection: Connection, a: str | None, b: str | None, clock: Clock) -> Iterable[Moved]:
    since = days_before(clock.on, LATELY).isoformat()
    rows = asking.moves(connection, since, clock.on.isoformat(), a=a, b=b, asked=clock.asked)[:12]
    lines = asking.lines_by_id(connection, (row["line"] for row in rows))
    return [moved(row, lines) for row in rows]


def moved(row: Row, lines: Mapping[str, Row]) -> Moved:
    """A move in words.

    Args:
        row: of `detente.ledger.asking.moves`.
        lines: the lines by id.
    """
    change = f"{row['before']} → {row['state']}" if row["before"] != row["state"] else f"{row['state']} still"
    more = [f"by {parties(row['by'])}"] if row["by"] else ["by lapse of time"]
    more += [f"{number_of(row['count'], 'person', 'people')} removed"] if row["count"] else []
    more += [f"ceiling {row['cap']}"] if row["cap"] is not None else []
    return Moved(row["line"], sentence_case(title_of(lines[row["line"]])), day(row["date"]),
                 ", ".join([change, *more]), next(iter(row["evidence"]), ""))  # fmt: skip


def told(connection: Connection, rows: Sequence[Row], asked: Asked = NOW) -> list[Step]:
    """Changes and events in words."""
    lines = asking.lines_by_id(connection, (row["line"] for row in rows if "line" in row))
    return steps(rows, lines, quotes(connection, [row["id"] for row in rows], asked=asked))


@dataclass(frozen=True, slots=True)
class LineView:
    """All that is known of a line."""

    id: str
    title: str
    a: str
    b: str
    sentence: str
    spans: tuple[Span, ...]
    steps: tuple[Step, ...]
    uses: tuple[str, ...]
    more: int


def line(connection: Connection, name: str, clock: Clock) -> tuple[LineView, Row]:
    """A line: its states in time, its changes, when it was used.

    Raises:
        NotInLedger: there is no such line.
    """
    row = asking.line(connection, name, asked=clock.asked)
    sentences = quotes(connection, {c for s in row["states"] for c in s["evidence"]}, asked=clock.asked)
    course = spans(row["states"], sentences, until=clock.on)
    a, b = sorted((row["owner"], row["counterpart"]))
    title = sentence_case(title_of(row))
    changes = [c for c in row["changes"] if min(c["day"], c["known_at"]) <= clock.on.isoformat()]
    uses = (f"{'Seen in use' if use['answered'] else 'Rang out'} on {day(use['date'])}" for use in row["uses"]
            if use["date"] <= clock.on.isoformat())  # fmt: skip
    view = LineView(row["id"], title, a, b, _line_sentence(title, course), tuple(course),
                    tuple(told(connection, changes[-MOST:], clock.asked)), tuple(uses)[-MOST:],
                    max(len(changes) - MOST, 0))  # fmt: skip
    return view, row


def _line_sentence(title: str, course: Sequence[Span]) -> str:
    if not course:
        return f"Nothing is known of the state of {title[:1].lower() + title[1:]}, which does not mean “open”."
    last = course[-1]
    return f"{title}: {last.sentence[:1].lower() + last.sentence[1:]}"


@dataclass(frozen=True, slots=True)
class History:
    """What happened between two parties: as a drawing has it, and as a list; `more` older steps are not told."""

    title: str
    a: str
    b: str
    sentence: str
    bars: tuple[Bar, ...]
    acts: tuple[Act, ...]
    replies: tuple[Reply, ...]
    steps: tuple[Step, ...]
    first: date
    last: date
    more: int


def history(
    connection: Connection, a: str, b: str, clock: Clock, *, since: str | None = None, until: str | None = None
) -> tuple[History, list[Row]]:
    """What happened between two parties, up to the day that is asked about.

    Args:
        connection: one that reads.
        a, b: party codes.
        clock: as of when.
        since, until: first and last day that are shown, as ISO dates.
    """
    end = min(until or clock.on.isoformat(), clock.on.isoformat())
    rows = asking.timeline(connection, a, b, since=since, until=end, asked=clock.asked)
    every = asking.events_of(connection, a, b, until=end, asked=clock.asked)
    done = [e for e in every if (since or "0001-01-02") <= e["day"] and _done(e)][-MOST:]
    # Among what an answer may have answered instead are acts from before the first one that is told.
    before = days_before(date.fromisoformat(done[0]["day"]), BEFORE).isoformat() if done else "9999"
    events = {e["id"]: e for e in every if e["day"] >= before}
    kept = {e["id"] for e in done}
    links = [link for link in asking.answers_of(connection, kept, clock.asked) if link["action"] in kept]
    sentences = quotes(connection, kept, asked=clock.asked)
    acts = [act(e, sentences) for e in done]
    drawn = replies(links, events, sentences)
    first = date.fromisoformat(since) if since else _first(acts, clock.on)
    view = History(
        f"{sentence_case(party(a))} and {party(b)}", a, b, _history_sentence(a, b, rows, drawn),
        _bars(connection, a, b, clock), tuple(acts), tuple(drawn), tuple(told(connection, rows[-MOST:], clock.asked)),
        first, date.fromisoformat(end), max(len(rows) - MOST, 0),
    )  # fmt: skip
    return view, rows


def _done(event: Row) -> bool:
    return event["status"] not in ("planned", "denied") and event["standing"] == "sound"


def _first(acts: Sequence[Act], on: date) -> date:
    """Where a drawing begins: some days before the first act."""
    return days_before(min((date.fromisoformat(one.day) for one in acts), default=days_before(on, 335)), 30)


def days_before(day: date, count: int) -> date:
    """So many days before a day, or after it where they are negative; never beyond the calendar's ends."""
    return date.fromordinal(min(max(day.toordinal() - count, 1), date.max.toordinal()))


def _bars(connection: Connection, a: str, b: str, clock: Clock) -> tuple[Bar, ...]:
    rows = asking.board(connection, a, b, on=clock.on, asked=clock.asked)
    courses = asking.courses_of(connection, rows, clock.asked)
    found = [Bar(row["line"], sentence_case(title_of(row)), spans(courses[row["line"]], {}, until=clock.on))
             for row in rows if courses[row["line"]]]  # fmt: skip
    return tuple(sorted(found, key=lambda bar: (bar.spans[0].first if bar.spans else clock.on, bar.id)))


def _history_sentence(a: str, b: str, rows: Sequence[Row], drawn: Sequence[Reply]) -> str:
    who = parties([a, b])
    if not rows:
        return f"Nothing is recorded between {who} in this time."
    changes = sum(row["what"] == "change" for row in rows)
    counts = [number_of(changes, "change") + " to lines", number_of(len(rows) - changes, "other event"),
              number_of(len(drawn), "answer")]  # fmt: skip
    return f"Between {who}: {listed(counts)}."
