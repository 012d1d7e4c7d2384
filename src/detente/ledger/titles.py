"""What to call a line of communication in plain English: "Russia's permanent mission to NATO".

What always holds: a title is made of the line's kind, parties and the name that the text gives it, and never empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from detente.ledger.states import JOINT, LineId, identity
from detente.plain import party, shown, whose

if TYPE_CHECKING:
    from detente.model import Line

_NOUNS = {
    "relations": "diplomatic relations", "embassy": "embassy", "consulate": "consulate", "mission": "permanent mission",
    "liaison": "liaison mission", "office": "office", "envoy": "envoy", "council": "joint council",
    "contacts": "working contacts", "hotline": "hotline", "talks": "talks", "verification": "treaty verification",
}  # fmt: skip
PLURALS = {
    "relations": "Diplomatic relations", "embassy": "Embassies", "consulate": "Consulates",
    "mission": "Permanent missions", "liaison": "Liaison missions", "office": "Offices", "envoy": "Envoys",
    "staff": "Staff", "council": "Joint councils", "contacts": "Working contacts", "hotline": "Hotlines",
    "talks": "Talks", "verification": "Treaty verification",
}  # fmt: skip
"""What to call all lines of a kind."""
# Organisations whose acronym could be taken for a state's code of three letters.
_ORGANISATIONS = frozenset({"GCC", "OAS", "WTO", "ICC", "ICJ", "IMF", "WHO", "SCO", "CIS", "SADC", "OIC", "EAC", "EEU"})


def is_organisation(code: str) -> bool:
    """Whether a party's code is an organisation's rather than a state's (states have ISO's three letters)."""
    return len(code) != 3 or code in _ORGANISATIONS


def line_title(line: LineId, changes: Iterable[Line]) -> str:
    """What to call a line.

    Args:
        line: which line.
        changes: changes among which those of this line give its name and seat.

    Returns:
        A noun phrase, in lower case where it does not begin with a name.
    """
    own = [change for change in changes if identity(change) == line]
    name = next((change.name for change in own if change.name), line.name)
    seat = next((change.seat for change in own if change.seat), None)
    parents = " ".join(change.part_of or "" for change in own)
    return titled(line.kind, line.owner, line.counterpart, name, seat, parents)


def titled(
    kind: str, owner: str, counterpart: str, name: str | None = None, seat: str | None = None,
    part_of: str | None = None,
) -> str:  # fmt: skip
    """What to call a line of this kind, with these parties.

    Args:
        kind, owner, counterpart, name, seat, part_of: as in a change to it.

    Example:
        >>> titled("consulate", "PER", "NOR", seat="Bergen"), titled("talks", "NOR", "PER")
        ("Peru's consulate in Bergen", 'talks between Norway and Peru')
    """
    name = re.sub(r"^(?:the|its|his|her|their)\s+", "", shown(name), flags=re.IGNORECASE)
    if kind == "staff":
        return _staff(owner, counterpart, name, part_of or "")
    if kind in JOINT:
        proper = any(c.isupper() for c in name)
        return name if proper else f"{name or _NOUNS[kind]} between {party(owner)} and {party(counterpart)}"
    noun = name or _NOUNS.get(kind, kind)
    placed = re.search(r"\b(?:to|in|at|with)\b", noun)
    return f"{whose(owner)} {noun}" + ("" if placed else f" {_place(kind, counterpart, shown(seat))}")


def _place(kind: str, counterpart: str, seat: str) -> str:
    if kind in ("envoy", "mission") or (is_organisation(counterpart) and not seat):
        return f"to {party(counterpart)}"
    return f"in {seat or party(counterpart)}"


def _staff(owner: str, counterpart: str, name: str, parents: str) -> str:
    kind = next((k for k in ("consulate", "embassy", "liaison", "office", "mission") if f"{k} " in parents), None)
    if kind is None and is_organisation(counterpart):
        kind = "mission"
    people = name or "staff"
    if kind is None:
        return f"{whose(owner)} {name or 'diplomatic staff'} in {party(counterpart)}"
    noun = "mission" if kind == "mission" else _NOUNS[kind]
    prep = "to" if is_organisation(counterpart) else "in"
    return f"{people} of {whose(owner)} {noun} {prep} {party(counterpart)}"


def title_of(row: Mapping[str, Any]) -> str:
    """What to call the line of a row that has its kind, owner, counterpart and what else is known of it."""
    return titled(row["kind"], row["owner"], row["counterpart"], row.get("name"), row.get("seat"), row.get("part_of"))
