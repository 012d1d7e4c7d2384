"""What to call a line of communication in plain English: "Russia's permanent mission to NATO".

What always holds: a title is made of the line's kind, parties and the name that the text gives it, and never empty.
"""

import re
from collections.abc import Iterable, Sequence

from detente.ledger.states import JOINT, LineId, identity
from detente.model import Line
from detente.views.text import party, shown, whose

_NOUNS = {
    "relations": "diplomatic relations", "embassy": "embassy", "consulate": "consulate", "mission": "permanent mission",
    "liaison": "liaison mission", "office": "office", "envoy": "envoy", "council": "joint council",
    "contacts": "working contacts", "hotline": "hotline", "talks": "talks", "verification": "treaty verification",
}  # fmt: skip
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
    name = next((shown(change.name) for change in own if change.name), shown(line.name))
    name = re.sub(r"^(?:the|its|his|her|their)\s+", "", name, flags=re.IGNORECASE)
    if line.kind == "staff":
        return _staff(line, name, own)
    if line.kind in JOINT:
        proper = any(c.isupper() for c in name)
        return (
            name if proper else f"{name or _NOUNS[line.kind]} between {party(line.owner)} and {party(line.counterpart)}"
        )
    noun = name or _NOUNS.get(line.kind, line.kind)
    placed = re.search(r"\b(?:to|in|at|with)\b", noun)
    return f"{whose(line.owner)} {noun}" + ("" if placed else f" {_place(line, own)}")


def _place(line: LineId, own: Sequence[Line]) -> str:
    seat = next((shown(change.seat) for change in own if change.seat), "")
    if line.kind in ("envoy", "mission") or (is_organisation(line.counterpart) and not seat):
        return f"to {party(line.counterpart)}"
    return f"in {seat or party(line.counterpart)}"


def _staff(line: LineId, name: str, own: Sequence[Line]) -> str:
    parents = " ".join(change.part_of or "" for change in own)
    kind = next((k for k in ("consulate", "embassy", "liaison", "office", "mission") if f"{k} " in parents), None)
    if kind is None and is_organisation(line.counterpart):
        kind = "mission"
    people = name or "staff"
    if kind is None:
        return f"{whose(line.owner)} {name or 'diplomatic staff'} in {party(line.counterpart)}"
    noun = "mission" if kind == "mission" else _NOUNS[kind]
    prep = "to" if is_organisation(line.counterpart) else "in"
    return f"{people} of {whose(line.owner)} {noun} {prep} {party(line.counterpart)}"
