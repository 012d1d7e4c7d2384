"""A rupture in words: what was cut, in which dated steps, and how it ended.

What always holds: what was said or demanded before the cut, the cuts, the talks and the restorations stand in order of
time; a line that is not back is told as not back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from detente.ledger import asking
from detente.ledger.believing import NOW, Asked
from detente.ledger.evidence import quotes
from detente.ledger.titles import title_of
from detente.plain import day, listed, number_of, parties, sentence_case
from detente.views.record import Row, Step, steps

_SORTS = {
    "THREATEN": "threat", "DEMAND": "demand", "REQUEST": "demand", "REJECT": "refusal", "CONSULT": "talks",
    "COOPERATE": "talks", "AGREE": "agreement", "SANCTION": "sanction", "COERCE": "pressure", "ACCUSE": "accusation",
}  # fmt: skip
_CUT = {"limit": "cut", "suspend": "cut", "close": "cut", "open": "restoration", "restore": "restoration",
        "raise": "restoration", "propose": "proposal", "refuse": "refusal", "keep": "kept"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cut:
    """A line that an episode cut, and when it came back."""

    id: str
    title: str
    back: str


@dataclass(frozen=True, slots=True)
class Update:
    """A dated step of an episode.

    Attributes:
        sort: threat, demand, cut, talks, restoration, or another word.
        step: the step itself.
    """

    sort: str
    step: Step


@dataclass(frozen=True, slots=True)
class Episode:
    """A rupture.

    Attributes:
        id: of it.
        title: between whom.
        a, b: their codes.
        sentence: when it was, what was cut, and how it ended.
        ended: restored, partly restored or not restored.
        begins, last: days of its first and its last step, as ISO dates.
        cut: the lines that it cut.
        updates: its steps.
    """

    id: str
    title: str
    a: str
    b: str
    sentence: str
    ended: str
    begins: str
    last: str
    cut: tuple[Cut, ...]
    updates: tuple[Update, ...]


def episode_of(connection: Connection, row: Row, asked: Asked = NOW) -> Episode:
    """An episode in words.

    Args:
        connection: one that reads.
        row: of `detente.ledger.episodes.episodes`.
        asked: as of when.
    """
    a, b = row["parties"]
    lines = asking.lines_by_id(connection, [*row["cut"], *(u["line"] for u in row["updates"] if "line" in u)])
    sentences = quotes(connection, [u["id"] for u in row["updates"]], asked=asked)
    cut = tuple(Cut(key, sentence_case(title_of(lines[key])), day(row["restored"].get(key))) for key in row["cut"])
    told = steps(row["updates"], lines, sentences)
    pair = " and ".join(parties([code]) for code in (a, b))
    return Episode(
        id=row["id"], title=f"{sentence_case(pair)}, {day(row['begins'][:7])}", a=a, b=b,
        sentence=_sentence(row, lines), ended=row["ended"], begins=row["begins"], last=row["last"], cut=cut,
        updates=tuple(Update(_sort(u), step) for u, step in zip(row["updates"], told, strict=True)),
    )  # fmt: skip


def _sentence(row: Row, lines: Mapping[str, Row]) -> str:
    when = day(row["begins"]) + (f" to {day(row['last'])}" if row["last"] != row["begins"] else "")
    back = len(row["restored"])
    ended = {"restored": "all were restored later", "not restored": "none was restored"}.get(
        row["ended"], f"{back} of them {'was' if back == 1 else 'were'} restored later"
    )
    names = [title_of(lines[key]) for key in row["cut"]]
    if len(names) == 1:
        ended = "it was restored later" if back else "it was not restored"
        return f"{when}: {names[0]} was cut; {ended}."
    return f"{when}: {number_of(len(names), 'line')} were cut: {listed(names)}; {ended}."


def _sort(update: Row) -> str:
    return _CUT[update["change"]] if "line" in update else _SORTS.get(update["type"], "event")
