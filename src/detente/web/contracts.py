"""What pages are given that terminal, reports and agents have no view of their own for: a record each.

What always holds: a page gets nothing but its record and drawings of it; its JSON is that same record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from detente.escalation.model import Risk
from detente.views.record import Step
from detente.views.risk import Table

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Article:
    """An article that was recorded.

    Attributes:
        id, title: of it.
        source: who published it, and when, in words.
        published: its date in words.
        withdrawn: whether its text was erased.
        withheld: whether this server shows quotes only.
        readings: how it was read, the newest last.
        items: what the newest reading found, each with its report.
    """

    id: str
    title: str
    source: str
    published: str
    withdrawn: bool
    withheld: bool
    readings: Sequence[Row]
    items: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The reports behind an id: the first ones, how many there are, and how many are not told."""

    id: str
    title: str
    reports: Sequence[Row]
    count: int
    more: int


@dataclass(frozen=True, slots=True)
class Search:
    """What was found, of each sort; `asked` is whether there was anything to look for."""

    title: str
    q: str
    asked: bool
    parties: Sequence[Row] = ()
    lines: Sequence[Row] = ()
    articles: Sequence[Row] = ()
    quotes: Sequence[Row] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """How much there is and how fresh, who published it, and the newest articles."""

    title: str
    fresh: Row
    sources: Sequence[Row]
    newest: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Corrections:
    """What persons said that waits for an editor, how many there are, and changes that do not count as they stand."""

    title: str
    waiting: Sequence[Row]
    count: int
    doubtful: Sequence[Step]


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A line that can be taken away or put back."""

    id: str
    title: str
    state: str
    counts: str
    data: str


@dataclass(frozen=True, slots=True)
class RiskPanel:
    """A risk in words and tables, and the report that they come from."""

    title: str
    a: str
    b: str
    sentence: str
    brief: Sequence[str]
    tables: Sequence[Table]
    notes: Sequence[str]
    lines: Sequence[RiskLine]
    report: Risk


@dataclass(frozen=True, slots=True)
class About:
    """What this is."""

    title: str
    version: str
