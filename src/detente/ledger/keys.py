"""Small things that all parts of the ledger agree upon: pairs of parties, digests, JSON, the time.

What always holds: the same values give the same text on every machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from detente.ledger.states import JOINT


def now() -> str:
    """The time, UTC, with microseconds.

    Example:
        >>> len(now()), now()[10], now()[-1]
        (27, 'T', 'Z')
    """
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digest(*parts: str | None) -> str:
    """Sixteen hexadecimal digits made of texts."""
    return hashlib.sha256("\x1f".join(p if p is not None else "\x00" for p in parts).encode()).hexdigest()[:16]


def plain(value: Any) -> str:
    """JSON as the ledger has it: small, letters as they are, keys in order."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def pair(one: str | None, other: str | None) -> tuple[str | None, str | None]:
    """Two parties in alphabetical order."""
    return (one, other) if other is None or (one is not None and one <= other) else (other, one)


def line_pair(kind: str, owner: str, counterpart: str) -> tuple[str, str]:
    """Owner and counterpart; those of a joint line in alphabetical order."""
    return (counterpart, owner) if kind in JOINT and counterpart < owner else (owner, counterpart)


def event_pair(source: Sequence[str], target: Sequence[str]) -> tuple[str | None, str | None]:
    """The first pair, in alphabetical order, of those between which an event passes."""
    pairs = event_pairs(source, target)
    return min(pair(*p) for p in pairs) if pairs else (source[0] if source else None, None)


def event_pairs(source: Sequence[str], target: Sequence[str]) -> list[tuple[str, str]]:
    """Who acts on whom; those who act together act on one another.

    Example:
        >>> event_pairs(["USA", "GBR"], ["RUS"]), event_pairs(["RUS", "NATO"], [])
        ([('USA', 'RUS'), ('GBR', 'RUS')], [('RUS', 'NATO'), ('NATO', 'RUS')])
    """
    if target:
        return [(s, t) for s in source for t in target if s != t]
    return [(s, t) for s in source for t in source if s != t]
