"""The states of a line in time, in words: what a history strip shows, and the list that says the same.

What always holds: every text is safe to show; a span goes with the sentence and source that it comes from; where there
is no evidence the span says so, and is not open; spans follow one another without a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from detente.ledger.histories import FOR_EVER
from detente.plain import day, number_of, parties, sentence_case
from detente.views.looks import LOOKS, Look
from detente.views.record import Row, Said, conflict, said


@dataclass(frozen=True, slots=True)
class Span:
    """Days through which a line was in one state.

    Attributes:
        first, last: its first and last day; the last is the day that is asked about where it goes on.
        look: the state; unknown where there is no evidence.
        ongoing: whether it goes on.
        sentence: "Suspended for 118 days, by Russia; 3 sources; sources differ on date".
        disputed: whether sources differ on it.
        said: the sentences that it comes from.
        evidence: ids of the changes that it comes from.
    """

    first: date
    last: date
    look: Look
    ongoing: bool
    sentence: str
    disputed: bool
    said: tuple[Said, ...]
    evidence: tuple[str, ...]

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def spans(course: Sequence[Row], sentences: Mapping[str, Sequence[Row]], *, until: date) -> list[Span]:
    """The states of a line from the first thing known of it to a day.

    Args:
        course: its stretches, of `detente.ledger.asking.courses_of` or `line`.
        sentences: quotes by id of change, of `detente.ledger.evidence.quotes`.
        until: the last day that is shown.
    """
    return [_span(row, begins, sentences, until) for begins, row in _joined(course, until)]


def _joined(course: Sequence[Row], until: date) -> Iterator[tuple[str, Row]]:
    """The stretches that begin by a day, those alike in all that a span tells as one."""
    started = [row for row in course if row["start"] <= until.isoformat()]
    begins: str | None = None
    for number, row in enumerate(started):
        begins = begins or row["start"]
        if number + 1 < len(started) and _alike(row, started[number + 1]):
            continue
        yield begins, row
        begins = None


def _alike(one: Row, other: Row) -> bool:
    return all(one[key] == other[key] for key in ("state", "count", "cap", "by", "evidence", "fell_with"))


def _span(row: Row, begins: str, sentences: Mapping[str, Sequence[Row]], until: date) -> Span:
    first = date.fromisoformat(begins)
    ends = row["until"] if row["until"] == FOR_EVER else (date.fromisoformat(row["until"]) - timedelta(1)).isoformat()
    last = min(until, date.fromisoformat(ends))
    ongoing = ends == FOR_EVER or ends > until.isoformat()
    length = "" if first.year == 1 else f" for {number_of((last - first).days + 1, 'day')}"
    return Span(first, last, LOOKS[row["state"]], ongoing, _sentence(row, length), bool(row["conflicts"]),
                tuple(said(sentences, row["evidence"])), tuple(row["evidence"]))  # fmt: skip


def _sentence(row: Row, length: str) -> str:
    if row["state"] == "unknown":
        return f"Nothing known{length}, which does not mean open."
    told = [sentence_case(row["state"]) + length]
    told += [f"by {parties(row['by'])}"] if row["by"] else []
    told += [f"{number_of(row['count'], 'person', 'people')} removed"] if row["count"] else []
    told += [f"ceiling {row['cap']}"] if row["cap"] is not None else []
    rest = [number_of(row["sources"], "source")] if row["sources"] else []
    rest += [conflict(c) for c in row["conflicts"]]
    return "; ".join([", ".join(told), *rest]) + "."


def window(courses: Iterable[Sequence[Span]], until: date, *, years: int = 30) -> tuple[date, date]:
    """The days that strips beside each other show: from the first thing known, but so many years at most."""
    first = min((span.first for course in courses for span in course if span.first.year > 1), default=until)
    earliest = until.replace(year=max(1, until.year - years), day=1)
    year_before = date.fromordinal(max(until.toordinal() - 365, 1))
    return max(min(first, year_before), earliest), until


def when(span: Span) -> str:
    """The days of a span in words: "1 November 2021 to today"."""
    begins = "before" if span.first.year == 1 else day(span.first.isoformat())
    return f"{begins} to {'this day' if span.ongoing else day(span.last.isoformat())}"
