"""What one party did to another on a day, and what answered what, from the ledger and from the shipped casebook.

What always holds: nothing known later than asked is in it; an act that the ledger and the casebook both tell of is one
act; a change that was denied, proposed, or reported by one weak voice alone is no act.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Literal

from sqlalchemy import Connection, select

from detente.ledger import asking, casebook, schema
from detente.ledger.believing import Asked, event_rows
from detente.ledger.states import SOUND, first_day

Sort = Literal["relations", "staff", "head", "consulate", "office", "cap", "level", "recall", "contacts", "other"]
FAMILY: dict[Sort, str] = {
    "relations": "relations", "staff": "people", "cap": "people", "head": "posts", "consulate": "posts",
    "office": "posts", "level": "relations", "recall": "recall", "contacts": "contacts", "other": "other",
}  # fmt: skip
"""Sorts of act that are answered alike."""
_SORTS: tuple[Sort, ...] = (
    "relations", "staff", "head", "consulate", "office", "cap", "level", "recall", "contacts", "other",
)  # fmt: skip
"""The gravest first: the sort of an act that does several things is the first of them."""
_OF_LINE: dict[str, Sort] = {
    "relations": "relations", "staff": "staff", "envoy": "head", "consulate": "consulate", "embassy": "office",
    "mission": "office", "liaison": "office", "office": "office", "council": "contacts", "contacts": "contacts",
    "hotline": "contacts", "talks": "contacts", "verification": "contacts",
}  # fmt: skip
_DOWN = frozenset({"limit", "suspend", "close"})
_SAME = 3
"""Days within which the ledger's act and the casebook's are one: papers date an act by its news."""


DEEDS = frozenset({"SANCTION", "COERCE", "MOBILIZE", "ASSAULT"})
"""Types of act that are more than words."""


@dataclass(frozen=True, slots=True)
class Move:
    """What an act did to one line."""

    kind: str
    owner: str
    counterpart: str
    change: str
    count: int | None = None
    cap: int | None = None
    units: int = 1
    seat: str | None = None
    line: str | None = None
    event: str | None = None

    def sort(self, actor: str) -> Sort:
        """What sort of act that is when this party does it."""
        found = _OF_LINE[self.kind]
        if found == "relations":
            return "level" if self.change == "limit" else "relations"
        if found == "contacts":
            return found
        if self.owner == actor:
            return "recall"
        return "cap" if self.cap is not None and self.count is None else found


@dataclass(frozen=True, slots=True)
class Act:
    """What one party did to another on one day.

    Attributes:
        actor, target: party codes.
        day: the first day on which it can have been.
        exact: whether the day is given.
        known: the day on which it could be known.
        type: its PLOVER type.
        moves: what it did to lines that worsened; empty for other acts.
        keeps: what it expressly left as it was.
        events: ids of the ledger's events; empty where only the casebook tells of it.
        keys: those, and the casebook's names of events ("episode#number").
        cases: ids of the casebook's episodes.
        planned: whether some of it was still to come.
    """

    actor: str
    target: str
    day: date
    exact: bool
    known: str
    type: str
    moves: tuple[Move, ...] = ()
    keeps: tuple[Move, ...] = ()
    events: tuple[str, ...] = ()
    keys: frozenset[str] = frozenset()
    cases: tuple[str, ...] = ()
    planned: bool = False

    @property
    def sorts(self) -> tuple[Sort, ...]:
        """All that it did, the gravest first."""
        found = {move.sort(self.actor) for move in self.moves}
        return tuple(sort for sort in _SORTS if sort in found) or ("other",)

    def amount(self, sort: Sort | None = None) -> int | None:
        """How many people, or posts, it concerns; None where that is not known.

        Args:
            sort: of what; of the gravest thing that it did unless given.
        """
        wanted = sort or self.sorts[0]
        of_it = [move for move in self.moves if move.sort(self.actor) == wanted]
        if wanted in ("staff", "cap", "recall"):
            counts = [move.count for move in of_it if move.count is not None]
            return sum(counts) if counts else None
        return sum(move.units for move in of_it) if wanted in ("head", "consulate", "office") and of_it else None


@dataclass(frozen=True, slots=True)
class Link:
    """That one event answered another."""

    action: str
    reaction: str
    kind: str | None


Row = dict[str, Any]


def acts(
    connection: Connection | None, party: str | None, asked: Asked, *, also: Iterable[str] = ()
) -> tuple[list[Act], list[Link]]:
    """The acts to which a party is a party in the ledger, and all of the casebook, in order of time.

    Args:
        connection: one that reads; None for the casebook alone.
        party: whose acts and whose to suffer; None for any.
        asked: as of when.
        also: ids of events that are wanted in any case; of others those that changed a line, answered or were answered.

    Returns:
        The acts, and which of their events answered which.
    """
    book, links = _of_casebook(asked)
    if connection is not None:
        own, more = _of_ledger(connection, party, asked, also)
        book, links = _joined(book, own), [*links, *more]
    return sorted(book, key=lambda a: (a.day, a.actor, a.target, sorted(a.keys))), links


def _joined(book: Sequence[Act], own: Iterable[Act]) -> list[Act]:
    """The ledger's acts put to those of the casebook that they are."""
    found, added = list(book), []
    between: dict[tuple[str, str], list[int]] = {}
    for i, act in enumerate(book):
        between.setdefault((act.actor, act.target), []).append(i)
    for act in own:
        near = [(abs((found[i].day - act.day).days), i) for i in between.get((act.actor, act.target), ())
                if _is_same(found[i], act)]  # fmt: skip
        if near:
            i = min(near)[1]
            found[i] = replace(found[i], events=(*found[i].events, *act.events), keys=found[i].keys | act.keys)
        else:
            added.append(act)
    return [*found, *added]


def _is_same(book: Act, own: Act) -> bool:
    """Whether an act of the casebook and one of the ledger between the same two are one."""
    apart = abs((book.day - own.day).days)
    # A month of which one source gives no day holds the other's day.
    near = apart <= _SAME or (not (book.exact and own.exact) and apart <= 31)
    if book.moves and own.moves:
        return near and bool(set(book.sorts) & set(own.sorts))
    return near and book.type == own.type


def _grouped(events: Sequence[Row], changes: Sequence[Row]) -> list[Act]:
    """Acts of rows that are alike for ledger and casebook: what one did to another on a day is one act."""
    groups: dict[tuple[str, str, str], list[tuple[str, Row]]] = {}
    by_event = {event["key"]: event for event in events}
    for kind, rows in (("event", events), ("change", changes)):
        for row in rows:
            # A change belongs to the day of the event that made it.
            told = by_event.get(row.get("made_by") or "", row)
            for actor, target in row["pairs"]:
                groups.setdefault((actor, target, _when(told)), []).append((kind, row))
    return [_act(actor, target, when, rows) for (actor, target, when), rows in groups.items()]


def _when(row: Row) -> str:
    """The day of an act; that on which it was told where it was still to come."""
    if row["status"] == "planned" or not row["date"]:
        return str(row["known"])
    return min(str(row["date"]), str(row["known"]))


def _act(actor: str, target: str, when: str, rows: Sequence[tuple[str, Row]]) -> Act:
    happened = [row for kind, row in rows if kind == "event"]
    changed = [row for kind, row in rows if kind == "change"]
    types = {row["type"] for row in happened} or {"SANCTION"}
    grave = next((t for t in ("SANCTION", "COERCE", "ASSAULT", "MOBILIZE", "THREATEN", "REJECT") if t in types), None)
    every = [row for _, row in rows]
    return Act(
        actor, target, first_day(when) or date.min, len(when) == 10, min(row["known"] for row in every),
        grave or min(types),
        moves=tuple(dict.fromkeys(row["move"] for row in changed if row["move"].change in _DOWN)),
        keeps=tuple(row["move"] for row in changed if row["move"].change == "keep"),
        events=tuple(dict.fromkeys(row["key"] for row in happened if not row["case"])),
        keys=frozenset(row["key"] for row in every),
        cases=tuple(dict.fromkeys(row["case"] for row in every if row["case"])),
        planned=any(row["status"] == "planned" for row in every),
    )  # fmt: skip


def _pairs(by: Iterable[str], owner: str, counterpart: str) -> list[tuple[str, str]]:
    """Who did it to whom; what both sides did together nobody did to anybody."""
    doers = set(by)
    if {owner, counterpart} <= doers:
        return []
    return [(doer, owner if doer != owner else counterpart) for doer in sorted(doers)]


def _units(*named: str | None) -> int:
    """How many posts a name or seat lists: "Daugavpils, Liepaja" are two."""
    return max((1 + name.count(",") for name in named if name), default=1)


@cache
def _book_rows() -> tuple[tuple[str, Row, str], ...]:
    """Events, changes and answers of the casebook, each with the day on which its episode could be known."""
    found: list[tuple[str, Row, str]] = []
    for episode in casebook.episodes():
        key, known = episode["id"], episode["known"]
        if episode["certainty"] < SOUND:
            continue
        for n, event in enumerate(episode.get("event", ()), start=1):
            pairs = [(s, t) for s in event["source"] for t in event.get("target", ())]
            row = {"key": f"{key}#{n}", "case": key, "pairs": pairs, "known": known, "type": event["type"],
                   "date": event.get("date"), "status": event.get("status", "actual")}  # fmt: skip
            found.append(("event", row, known))
        for n, line in enumerate(episode.get("line", ()), start=1):
            made_by = f"{key}#{line['event']}" if "event" in line else None
            move = Move(line["kind"], line["owner"], line["counterpart"], line["change"], line.get("count"),
                        line.get("cap"), _units(line.get("seat"), line.get("name")), line.get("seat"),
                        event=made_by)  # fmt: skip
            row = {"key": f"{key}#line{n}", "case": key, "move": move, "known": known, "date": line.get("date"),
                   "status": line.get("status", "actual"), "made_by": made_by,
                   "pairs": _pairs(line["by"], line["owner"], line["counterpart"])}  # fmt: skip
            found.append(("change", row, known))
        for answer in episode.get("answer", ()):
            ends = [f"{key}#{end}" if isinstance(end, int) else end for end in (answer["action"], answer["reaction"])]
            found.append(("answer", {"link": Link(ends[0], ends[1], answer["kind"])}, known))
    return tuple(found)


def _of_casebook(asked: Asked) -> tuple[list[Act], list[Link]]:
    rows = [(kind, row) for kind, row, known in _book_rows() if asked.known is None or known <= asked.known]
    events = [row for kind, row in rows if kind == "event"]
    changes = [row for kind, row in rows if kind == "change" and row["status"] in ("actual", "planned")]
    return _grouped(events, changes), _given([row["link"] for kind, row in rows if kind == "answer"], events, changes)


def _of_ledger(
    connection: Connection, party: str | None, asked: Asked, also: Iterable[str]
) -> tuple[list[Act], list[Link]]:
    told = asking.changes_of(connection, party, asked=asked)
    lines = asking.lines_by_id(connection, {row["line"] for row in told})
    changes = []
    for row in told:
        line = lines[row["line"]]
        if row["standing"] != "sound" or row["status"] not in ("actual", "planned"):
            continue
        move = Move(line["kind"], line["owner"], line["counterpart"], row["change"], row["count"], row["cap"],
                    _units(line["seat"], line["name"]), line["seat"], row["line"], row["event"])  # fmt: skip
        changes.append({"key": row["id"], "case": "", "move": move, "known": row["known_at"][:10], "date": row["date"],
                        "status": row["status"], "made_by": row["event"],
                        "pairs": _pairs(row["by"], line["owner"], line["counterpart"])})  # fmt: skip
    told_answers = _answers(connection, party, asked)
    wanted = {row["made_by"] for row in changes if row["made_by"]} | set(also)
    wanted |= {row[end] for row in told_answers for end in ("action", "reaction")}
    # Of a party's many events only these are looked at: what is believed of an event costs time to work out.
    happened = [asking.opened(row) for row in event_rows(connection, sorted(wanted), asked) if _happened(row)]
    events = [{"key": row["id"], "case": "", "known": row["known_at"][:10], "date": row["date"], "type": row["type"],
               "status": row["status"], "pairs": [(s, t) for s in row["source"] for t in row["target"]]}
              for row in happened]  # fmt: skip
    links = [Link(row["action"], row["reaction"], row["kind"]) for row in told_answers]
    return _grouped(events, changes), _given(links, events, changes)


def _given(links: Iterable[Link], events: Iterable[Row], changes: Iterable[Row]) -> list[Link]:
    """The answers that were given: a word is none to a deed, nor is a plan of which no day is told."""
    by_key, made = {row["key"]: row for row in events}, {row["made_by"] for row in changes}

    def given(link: Link) -> bool:
        reaction, action = by_key.get(link.reaction), by_key.get(link.action)
        if reaction is None or action is None:
            return True
        if reaction["status"] == "planned" and not reaction["date"]:
            return False
        more = reaction["type"] in DEEDS or reaction["key"] in made
        return more or reaction["type"] == action["type"] or action["type"] not in DEEDS

    return [link for link in links if given(link)]


def _answers(connection: Connection, party: str | None, asked: Asked) -> list[Row]:
    """The answers that a party gave or got."""
    table, dyads = schema.answers, schema.dyads
    of_party = select(dyads.c.event).where(asking.of_pair(dyads, party, None))
    reactions = connection.scalars(select(table.c.reaction).where(table.c.reaction.in_(of_party)).distinct())
    return asking.answers_of(connection, reactions, asked)


def _happened(row: Row) -> bool:
    return bool(row["standing"] == "sound" and row["status"] in ("actual", "planned"))
