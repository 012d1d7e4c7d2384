"""From the states of the ledger's lines to what the model counts.

What always holds: a line that is part of another counts with it and never by itself; a line is in use, limited, down,
or either (nothing certain is known of it, and both are counted); silence is never "in use".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
from sqlalchemy import Connection, select

from detente.errors import NotInLedger
from detente.escalation.ladder import Array
from detente.escalation.priors import Priors
from detente.ledger import asking, schema
from detente.ledger.courses import above, family
from detente.ledger.states import USE_HOLDS

Row = dict[str, Any]
Word = Literal["in use", "limited", "down", "either"]


@dataclass(frozen=True, slots=True)
class Counted:
    """A line as the model counts it.

    Attributes:
        id: of the ledger's line.
        kind: of line.
        channel: the place of its channel among those of the priors.
        what: its owner, counterpart, name, seat and whole, as on a board.
        parts: ids of the lines that count with it.
    """

    id: str
    kind: str
    channel: int
    what: Mapping[str, Any]
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """The lines of a pair.

    Attributes:
        lines: those that count, by id.
        below: for each line on record, itself and those that stand and fall with it.
        kinds: the kind of each line on record.
        apart: ids of lines on record that count nowhere.
    """

    lines: tuple[Counted, ...]
    below: Mapping[str, frozenset[str]]
    kinds: Mapping[str, str]
    apart: tuple[str, ...]

    def named(self, names: Iterable[str]) -> frozenset[str]:
        """The lines that are meant by ids or kinds, with all that stands and falls with them.

        Raises:
            NotInLedger: there is no such line on record.
        """
        found: set[str] = set()
        for name in names:
            ids = [name] if name in self.below else [key for key, kind in self.kinds.items() if kind == name]
            if not ids:
                known = ", ".join(sorted(self.below)) or "none at all"
                raise NotInLedger(f"there is no line {name!r} between these two by then; there are {known}")
            found |= {below for key in ids for below in self.below[key]}
        return frozenset(found)


def pair(connection: Connection, a: str, b: str, ids: Iterable[str], priors: Priors) -> Pair:
    """The lines of a pair that are on record, and how they count.

    Args:
        connection: one that reads.
        a, b: the parties.
        ids: the lines on the boards that are asked about.
        priors: which kinds count where.
    """
    rows = connection.execute(select(schema.lines).where(asking.of_pair(schema.lines, a, b))).mappings().all()
    there = set(ids)
    kin, kinds = family(rows), {row["id"]: row["kind"] for row in rows}
    what = {row["id"]: {key: row[key] for key in ("owner", "counterpart", "name", "seat", "part_of")} for row in rows}
    over = {key: [up for up in above(kin, key) if up in there and up != key] for key in sorted(there)}
    below = {key: frozenset(k for k in there if k == key or key in over[k]) for key in sorted(there)}
    # Relations are the ground on which posts stand: a line in use only where nothing else is on record.
    wholes = {key: [up for up in ups if kinds[up] != "relations" and key not in over[up]] for key, ups in over.items()}
    whole = {key: ups[-1] if ups else key for key, ups in wholes.items()}
    grounds = {up for ups in over.values() for up in ups if kinds[up] == "relations"}
    lines, apart = [], []
    for key in sorted(there):
        channel = priors.channel_of(kinds[key])
        if whole[key] != key or key in grounds:
            continue
        if channel is None:
            apart.append(key)
        else:
            own = tuple(k for k in sorted(there) if k != key and whole[k] == key)
            lines.append(Counted(key, kinds[key], channel, what[key], own))
    return Pair(tuple(lines), below, {key: kinds[key] for key in sorted(there)}, tuple(apart))


def words(board: Sequence[Row], on: date) -> dict[str, Word]:
    """What each line of a board counts as by itself."""
    return {row["line"]: _word(row, on) for row in board}


def _word(row: Row, on: date) -> Word:
    state, observed = row["state"], row["observed"]
    down = observed in ("suspended", "closed", "silent")
    if state == "limited":
        return "limited"
    if state == "open":
        # Said to be open, but nobody answered, or seen shut.
        return "either" if down else "in use"
    if state in ("suspended", "closed"):
        # A "suspended" line that was in use after it was suspended.
        return "either" if observed == "open" else "down"
    # Nothing declared, or nothing heard for long: in use only where it was seen so of late. What was down when it was
    # last heard of may have come back unnoticed.
    of_late = row["last_used"] and (on - date.fromisoformat(row["last_used"])).days <= USE_HOLDS
    return "in use" if observed == "open" and of_late else "either"


@dataclass(frozen=True, slots=True)
class Situation:
    """What each line of a pair counts as.

    Attributes:
        words: by the id of each line that counts.
        lines: number of lines of each channel, (C,).
    """

    words: Mapping[str, Word]
    lines: Array
    _channel: Mapping[str, int]

    def count(self, word: Word) -> Array:
        """Lines of each channel that count as this, (C,)."""
        found = np.zeros(len(self.lines), int)
        for key, said in self.words.items():
            found[self._channel[key]] += said == word
        return found

    def but(self, line: str, word: Word) -> Situation:
        """The same with one line counting as something else."""
        return Situation({**self.words, line: word}, self.lines, self._channel)

    @property
    def either(self) -> list[tuple[str, int]]:
        """The lines of which it is not known whether they are in use, each with its channel."""
        return [(key, self._channel[key]) for key, word in self.words.items() if word == "either"]


def situation(own: Pair, said: Mapping[str, Word], channels: int, told: Mapping[str, Word] | None = None) -> Situation:
    """What the lines of a pair count as.

    Args:
        own: the lines.
        said: what lines count as by themselves; those that are not on the board count as either.
        channels: number of channels.
        told: what lines are supposed to be instead.
    """
    by_id = dict(said) | dict(told or {})
    found: dict[str, Word] = {}
    for line in own.lines:
        word = by_id.get(line.id, "either")
        if word == "in use" and any(by_id.get(part) in ("down", "limited") for part in line.parts):
            word = "limited"
        found[line.id] = word
    lines = np.bincount([line.channel for line in own.lines], minlength=channels)
    return Situation(found, lines, {line.id: line.channel for line in own.lines})
