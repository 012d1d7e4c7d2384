"""Precedents: acts of one party on another, and whether, when, how and with what number each was answered.

What always holds: an act of which no answer is recorded is *unknown*, not unanswered; unanswered is only what a record
says was left so: that the other side kept the line which a like answer would have hit, that it merely did what was
demanded, or an entry of ``silences.toml``. Nothing known later than asked is looked at.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, cast

from sqlalchemy import Connection

from detente.forecasting.steps import FAMILY, Act, Link, Sort, acts
from detente.ledger.believing import Asked
from detente.model import AnswerKind

WAVE = 30
"""Days within which others' like acts on the same target are one wave."""
JOINED = 3
"""Others from which on an act counts as part of a wave."""
HISTORY = 365
"""Days for which an earlier act between two parties makes the next one a repeated one."""
POSTED = frozenset({"staff", "envoy", "embassy", "mission", "liaison", "office", "consulate"})
"""Kinds of line that consist of people sent to the other side."""
_RANK: tuple[AnswerKind, ...] = ("mirror-extra", "mirror", "parity-cap", "lesser", "other")
"""Which kind a whole answer has when its parts have several."""


@dataclass(frozen=True, slots=True)
class Reply:
    """How an act was answered.

    Attributes:
        day: of the answer; days: from act to answer, None where either is not known to the day.
        kind: of the whole answer.
        number: people, or posts where the act was about posts; None where not known.
        events, cases: where it is told.
    """

    day: date
    days: int | None
    kind: AnswerKind
    number: int | None
    events: tuple[str, ...]
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """An act, the circumstances in which it was done, and how it was answered.

    Attributes:
        act: what was done.
        sort: the gravest of what it did.
        number: people or posts.
        others: how many other parties did the like to the same target within `WAVE` days.
        repeated: whether something of the kind passed between the two, either way, in the `HISTORY` days before.
        answers: whether the act is itself an answer.
        reply: how it was answered, None where no answer is recorded.
        silent: whether it is recorded that there was no answer.
        room: the ceiling that the target had set by then for the actor's staff: no more can be sent home in return.
        followed: third parties that took the actor's side with a step of their own.
    """

    act: Act
    sort: Sort
    number: int | None
    others: int
    repeated: bool
    answers: bool
    reply: Reply | None
    silent: bool
    room: int | None = None
    followed: tuple[str, ...] = ()

    @property
    def wave(self) -> bool:
        """Whether several did the like at that time."""
        return self.others >= JOINED

    @property
    def people(self) -> int | None:
        """How many people it is about, None for acts upon posts or lines."""
        return self.number if self.sort == "staff" else None

    @property
    def one_for_one(self) -> bool | None:
        """Whether as many were sent home in return, None where a number is missing."""
        if self.reply is None or self.number is None or self.reply.number is None:
            return None
        return self.reply.number == self.number

    @property
    def family(self) -> str:
        """Which acts are answered alike; those upon no line are of the family of their PLOVER type."""
        return FAMILY[self.sort] if self.sort != "other" else self.act.type

    def name(self) -> str:
        """An id to quote: the casebook's episode, or the ledger's event."""
        return (self.act.cases or self.act.events or tuple(sorted(self.act.keys)))[0]


def cases(connection: Connection | None, *, party: str | None = None, asked: Asked) -> list[Case]:
    """The precedents that were known, in order of time.

    Args:
        connection: one that reads; None for the casebook alone.
        party: of the ledger's acts only those to which it is a party; the casebook's are all there.
        asked: as of when.

    Returns:
        Acts that touched a line, or answered something, or were answered; each with its answer.
    """
    found, links = acts(connection, party, asked)
    return cases_of(found, links, asked)


def cases_of(found: Sequence[Act], links: Sequence[Link], asked: Asked, *, wanted: Act | None = None) -> list[Case]:
    """Cases of acts and of what answered what; an act that is wanted is a case in any event. See `cases`."""
    by_key = {key: act for act in found for key in act.keys}
    replies: dict[int, list[tuple[Act, Link]]] = {}
    answering: set[int] = set()
    followed: dict[int, set[str]] = {}
    for link in links:
        action, reaction = by_key.get(link.action), by_key.get(link.reaction)
        if action is None or reaction is None:
            continue
        answering.add(id(reaction))
        if reaction.actor == action.target:
            replies.setdefault(id(action), []).append((reaction, link))
        elif reaction.actor != action.actor and reaction.target == action.target:
            followed.setdefault(id(action), set()).add(reaction.actor)
    around = _Around(found)
    quiet = _silences(asked)
    made = []
    for act in found:
        told = replies.get(id(act), [])
        if not (act.moves or told or id(act) in answering or act is wanted):
            continue
        done = [pair for pair in told if not complies(act, pair[0])]
        reply = _reply(act, done) if done else None
        left = reply is None and (bool(told) or bool(act.keys & quiet) or around.kept(act))
        made.append(Case(act, act.sorts[0], act.amount(), around.others(act), around.repeated(act),
                         id(act) in answering, reply, left, around.room(act),
                         tuple(sorted(followed.get(id(act), ())))))  # fmt: skip
    return made


def complies(act: Act, reaction: Act) -> bool:
    """Whether a reaction only carries out what the act demanded: one's own people go, from the line that was hit."""
    hit = {(move.kind, move.owner) for move in act.moves}
    return bool(reaction.moves) and all(
        move.owner == reaction.actor and (move.kind, move.owner) in hit for move in reaction.moves
    )


def _reply(act: Act, told: Sequence[tuple[Act, Link]]) -> Reply:
    """The whole answer, of its parts: of the first day on which its main part was given."""
    gravest = {move.event for move in act.moves if move.sort(act.actor) == act.sorts[0]}
    told = [pair for pair in told if pair[1].action in gravest] or told
    kinds = {id(reaction): set[AnswerKind]() for reaction, _ in told}
    for reaction, link in told:
        kinds[id(reaction)].add(cast(AnswerKind, link.kind) if link.kind else kind_of(act, reaction))
    parts = {id(reaction): reaction for reaction, _ in told}.values()
    every = set().union(*kinds.values())
    kind: AnswerKind = next((k for k in _RANK if k in every), "other")
    main = min((p for p in parts if kind in kinds[id(p)] or (kind == "mirror-extra" and "mirror" in kinds[id(p)])),
               key=lambda p: p.day)  # fmt: skip
    days = (main.day - act.day).days if main.exact and act.exact else None
    return Reply(main.day, days if days is None or days >= 0 else None, kind, _returned(act, main),
                 tuple(e for p in parts for e in p.events), tuple(c for p in parts for c in p.cases))  # fmt: skip


def _returned(act: Act, reaction: Act) -> int | None:
    """The number of an answer, counted in what the act was about; of several counts of staff the expulsion's."""
    if act.sorts[0] == "staff":
        counts = [m.count for m in reaction.moves if m.sort(reaction.actor) == "staff" and m.count is not None]
        return counts[0] if counts else None
    return reaction.amount(act.sorts[0])


def kind_of(act: Act, reaction: Act) -> AnswerKind:
    """The kind of an answer of which nobody said it: what it does beside what the act did, and to how many."""
    sort = act.sorts[0]
    if sort not in reaction.sorts:
        return "parity-cap" if "cap" in reaction.sorts and FAMILY[sort] == "people" else "other"
    given, returned = act.amount(), _returned(act, reaction)
    if set(reaction.sorts) - set(act.sorts) - {"recall"}:
        return "mirror-extra"
    if given is None or returned is None or given == returned:
        return "mirror"
    return "lesser" if returned < given else "other"


class _Around:
    """What else happened at the time of an act."""

    def __init__(self, found: Iterable[Act]) -> None:
        self._on: dict[str, list[Act]] = {}
        self._between: dict[frozenset[str], list[Act]] = {}
        self._kept: dict[str, list[Act]] = {}
        for act in found:
            if act.moves:
                self._on.setdefault(act.target, []).append(act)
                self._between.setdefault(frozenset((act.actor, act.target)), []).append(act)
            if act.keeps:
                self._kept.setdefault(act.actor, []).append(act)

    def others(self, act: Act) -> int:
        """How many others did the like to the same target."""
        family = FAMILY[act.sorts[0]]
        return len({other.actor for other in self._on.get(act.target, ())
                    if other.actor != act.actor and abs((other.day - act.day).days) <= WAVE
                    and family in {FAMILY[sort] for sort in other.sorts}})  # fmt: skip

    def repeated(self, act: Act) -> bool:
        """Whether there was something like it between the two of late."""
        return any(0 < (act.day - other.day).days <= HISTORY
                   for other in self._between.get(frozenset((act.actor, act.target)), ()))  # fmt: skip

    def room(self, act: Act) -> int | None:
        """The newest ceiling that the target has set for the actor's staff."""
        caps = [(other.day, move.cap) for other in self._between.get(frozenset((act.actor, act.target)), ())
                for move in other.moves if other.actor == act.target and other.day < act.day
                and move.kind == "staff" and move.owner == act.actor and move.cap is not None]  # fmt: skip
        return max(caps)[1] if caps else None

    def kept(self, act: Act) -> bool:
        """Whether the other side did nothing within `WAVE` days but keep a post or the staff of who did the act."""
        return any(
            0 <= (later.day - act.day).days <= WAVE and not later.moves
            and any(move.owner == act.actor and move.kind in POSTED for move in later.keeps)
            for later in self._kept.get(act.target, ())
        )  # fmt: skip


@cache
def _silence_rows() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads(resources.files(__package__).joinpath("silences.toml").read_text("utf-8"))["silence"])


def _silences(asked: Asked) -> frozenset[str]:
    """The acts of the casebook of which it was known by then that they were left without an answer."""
    return frozenset(row["act"] for row in _silence_rows() if asked.known is None or row["known"] <= asked.known)
