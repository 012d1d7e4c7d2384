"""What is believed of an act, given its reports: which values, on how many sources, and who differs.

What always holds: persons outrank machines, an editor an analyst, the newer person the older one; among machines the
value with most weight of independent sources holds; every other value is kept as a conflict with who says it. The order
in which reports are handed in makes no difference.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from detente.ledger.schema import ROLES
from detente.ledger.states import SOUND, first_day, last_day

Fields = dict[str, Any]
NEAR_COPY = 0.82
"""Likeness of fingerprints from which two texts count as copies. Of the 40 annotated articles in tests/gold no two are
more alike than .72; cut by a fifth they are .83 to .91 like themselves, with a new first sentence .91 to .98."""
_LONG_QUOTE = 60
"""Characters of a quote that two papers do not write alike by chance."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One report of an act, with what is known of where it stands.

    Attributes:
        seq, id: the report.
        role, who: who reports.
        certainty: how sure, from 0 to 1.
        fields: the item as it was coded.
        quote: its quote.
        known_at: when it could be known.
        article: where it stands.
        publisher: who published that.
        print: the fingerprint of that article's text, in hexadecimal digits.
    """

    seq: int
    id: str
    role: str
    who: str | None
    certainty: float
    fields: Fields
    quote: str | None
    known_at: str
    article: str | None
    publisher: str | None
    print: str | None


@dataclass(frozen=True, slots=True)
class Contested:
    """A person's dispute of an act."""

    seq: int
    role: str
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of an act.

    Attributes:
        fields: the values that hold.
        best: the report that says most of it.
        certainty: that it is so at all, over independent sources.
        sources: how many independent ones.
        standing: see `detente.ledger.schema.STANDINGS`.
        conflicts: fields in which reports differ, with each value and who says it.
        known_at: when it could first be known.
    """

    fields: Fields
    best: Voice
    certainty: float
    sources: int
    standing: str
    conflicts: list[dict[str, Any]]
    known_at: str


def believed(voices: Iterable[Voice], disputes: Iterable[Contested] = (), *, keys: Sequence[str]) -> Belief | None:
    """What is believed of one act.

    Args:
        voices: the live reports of it.
        disputes: the disputes of it.
        keys: the fields to settle.

    Returns:
        The belief; None where no report is left.
    """
    everyone = sorted(voices, key=lambda v: v.seq)
    if not everyone:
        return None
    origins = origins_of(everyone)
    rank = max(ROLES.index(v.role) for v in everyone)
    leading = [v for v in everyone if ROLES.index(v.role) == rank]
    persons = rank > 0
    settled = {key: _settle(key, leading, origins, newest=persons) for key in keys}
    for key in keys:  # what those who count most leave open, others may tell
        if settled[key] is None and len(leading) < len(everyone):
            settled[key] = _settle(key, everyone, origins, newest=False)
    settled["status"] = _status(leading)
    best = max(leading, key=lambda v: _fit(v, settled, persons))
    weight = _weights(everyone, origins)
    certainty = 1.0
    for share in weight.values():
        certainty *= 1 - share
    return Belief(
        fields=settled,
        best=best,
        certainty=round(1 - certainty, 3),
        sources=len(weight),
        standing=_standing(everyone, leading, disputes),
        conflicts=_conflicts(everyone, settled, keys),
        known_at=min(v.known_at for v in everyone),
    )


def origins_of(voices: Sequence[Voice]) -> dict[int, int]:
    """For each report the number of the independent source that it comes from.

    Two reports have one source where they stand in one article, have one publisher, or where one article copies the
    other: its text or a long quote is nearly the same. What a person reports without an article stands for itself.
    """
    found: dict[int, int] = {}
    for i, voice in enumerate(voices):
        same = next((found[v.seq] for v in voices[:i] if _one_source(v, voice)), None)
        found[voice.seq] = voice.seq if same is None else same
    return found


def _one_source(one: Voice, other: Voice) -> bool:
    if one.article is None or other.article is None:
        return one.article == other.article and one.who == other.who
    if one.article == other.article or (one.publisher and one.publisher == other.publisher):
        return True
    if one.quote == other.quote and len(one.quote or "") >= _LONG_QUOTE:
        return True
    return bool(one.print and other.print) and likeness(one.print or "", other.print or "") >= NEAR_COPY


def likeness(one: str, other: str) -> float:
    """The share of bits in which two fingerprints agree.

    Example:
        >>> likeness("ff00", "ff01")
        0.9375
    """
    bits = 4 * max(len(one), len(other))
    return 1 - (int(one, 16) ^ int(other, 16)).bit_count() / bits


def _weights(voices: Sequence[Voice], origins: dict[int, int]) -> dict[int, float]:
    found: dict[int, float] = {}
    for voice in voices:
        found[origins[voice.seq]] = max(found.get(origins[voice.seq], 0.0), voice.certainty)
    return found


def _settle(key: str, voices: Sequence[Voice], origins: dict[int, int], *, newest: bool) -> Any:
    """The value of a field that holds."""
    said = [(v, v.fields[key]) for v in voices if v.fields.get(key) not in (None, [])]
    if not said:
        return next((v.fields[key] for v in voices if key in v.fields), None)
    if newest:
        return said[-1][1]
    by_value: dict[str, list[Voice]] = {}
    for voice, value in said:
        by_value.setdefault(json.dumps(value), []).append(voice)

    def weight(value: str) -> tuple[int, float, int]:
        own = by_value[value]
        fine = value.count("-") if key in ("date", "announced", "effective") else 0
        return fine, round(sum(_weights(own, origins).values()), 6), -own[0].seq

    return json.loads(max(by_value, key=weight))


def _status(voices: Sequence[Voice]) -> str:
    """Done outweighs planned; background only where all call it so; denied where nobody says otherwise."""
    said = {v.fields.get("status", "actual") for v in voices}
    return next(s for s in ("actual", "past", "planned", "denied") if s in said)


def _fit(voice: Voice, settled: Fields, persons: bool) -> tuple[int, float, int]:
    agrees = sum(voice.fields.get(key) == value for key, value in settled.items() if value is not None)
    return (voice.seq if persons else 0, agrees + voice.certainty, -voice.seq)


def _standing(everyone: Sequence[Voice], leading: Sequence[Voice], disputes: Iterable[Contested]) -> str:
    if leading[-1].role != "machine" and leading[-1].fields.get("rejected"):
        return "rejected"
    rank, newest = ROLES.index(leading[0].role), leading[-1].seq
    if any(ROLES.index(d.role) > rank or (ROLES.index(d.role) == rank and d.seq > newest) for d in disputes):
        return "disputed"
    return "candidate" if len(everyone) == 1 and everyone[0].certainty < SOUND else "sound"


def _conflicts(voices: Sequence[Voice], settled: Fields, keys: Sequence[str]) -> list[dict[str, Any]]:
    """The fields in which reports contradict one another."""
    found = []
    for key in ("count", "cap", "date", "change", "type", "by", "source", "target"):
        if key not in keys:
            continue
        values: dict[str, list[Voice]] = {}
        for voice in voices:
            if voice.fields.get(key) not in (None, []):
                values.setdefault(json.dumps(voice.fields[key]), []).append(voice)
        odd = [v for v in values if not _agree(key, json.loads(v), settled)]
        if len(values) > 1 and odd:
            found.append({"field": key, "values": [
                {"value": json.loads(value), "who": sorted({v.publisher or v.who or "unnamed" for v in values[value]}),
                 "reports": [v.id for v in values[value]]}
                for value in sorted(values, key=lambda value: (-len(values[value]), value))
                if value in odd or json.loads(value) == settled.get(key)
            ]})  # fmt: skip
    return found


def _agree(key: str, value: Any, settled: Fields) -> bool:
    """Whether a value goes with what holds: a longer stretch that holds the day does, and so does an announcement's."""
    if key != "date":
        return bool(value == settled.get(key))
    stated = [settled[k] for k in ("date", "announced", "effective") if settled.get(k)]
    first, last = first_day(value), last_day(value)
    if first is None or last is None:
        return True
    return any((a := first_day(s)) and (b := last_day(s)) and first <= b and a <= last for s in stated)
