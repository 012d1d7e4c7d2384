"""What tells one line of communication from another of the same kind, owner and counterpart: the words of its name.

What always holds: only words count, never who the parties are (their names, adjectives and capitals are left out of the
words); the vocabulary is ``names.toml``.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from detente.parties import table

_WORD = re.compile(r"[^\W_]+")
_PARENT = re.compile(r"([a-z]+) \S+(?: (.+))?")
_LONE = 0.5
"""Share of the shorter name's words that two names of one line have in common."""


@cache
def _vocabulary() -> dict[str, Any]:
    found = tomllib.loads(files("detente.ledger").joinpath("names.toml").read_text("utf-8"))
    found["standing_for"] = {word: group[0] for group in found["same"] for word in group}
    return found


def is_single(kind: str) -> bool:
    """Whether two parties have but one line of this kind, whatever it is called."""
    return kind in _vocabulary()["single"]


@lru_cache(maxsize=4096)
def telling(
    kind: str, owner: str, counterpart: str, name: str | None, seat: str | None, part_of: str | None
) -> tuple[str, ...]:
    """The words that tell a line from others of its kind, in the order of its name; often there are none.

    Args:
        kind, owner, counterpart, name, seat, part_of: as in a change.

    Returns:
        The words; those that tell the place where it sits begin with @.

    Example:
        >>> telling("envoy", "RUS", "NATO", "Russia's chief military representative", None, None)
        ('military',)
        >>> telling("mission", "RUS", "NATO", "permanent mission", "Brussels", None)
        ()
        >>> telling("office", "NATO", "RUS", "information office", "Moscow", None)
        ('information', '@moscow')
    """
    known = _vocabulary()
    if kind in known["single"]:
        return ()
    own = name or ""
    if kind == "staff" and part_of and (parent := _PARENT.fullmatch(part_of)):
        if parent[1] in ("consulate", "liaison", "office"):
            own += f" {parent[1]} {parent[2] or ''}"
    places = _words(seat or "") if kind in known["seated"] else []
    left_out = set(known["any"]) | set(known["generic"].get(kind, ())) | party_words(owner) | party_words(counterpart)
    if kind == "consulate":  # what is left of a consulate's name is its city
        places += [w for w in _words(own) if w not in left_out]
    found = [known["standing_for"].get(w, w) for w in _words(own) if w not in left_out and w not in places]
    return tuple(dict.fromkeys([*found, *(f"@{w}" for w in places if w not in known["any"])]))


def alike(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """How well two names go together, from 0 (two lines) to 1; 0, too, where they cannot be compared.

    Example:
        >>> alike(("@moscow", "information"), ("@moscow",)), alike(("@houston",), ("@chengdu",))
        (1.0, 0.0)
    """
    shares = _shares(one, other)
    return min(shares) if shares and min(shares) >= _LONE else 0.0


def contrary(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names are of two lines; what cannot be compared, such as a name and a place, is not contrary.

    Example:
        >>> contrary(("@houston",), ("@chengdu",)), contrary(("information",), ("@moscow",))
        (True, False)
    """
    shares = _shares(one, other)
    return bool(shares) and min(shares) < _LONE


def _shares(one: tuple[str, ...], other: tuple[str, ...]) -> list[float]:
    """The share of common words among places, and among the rest, where both have any."""
    shares = []
    for place in (True, False):
        mine, theirs = ({w for w in words if w.startswith("@") == place} for words in (one, other))
        if mine and theirs:
            shares.append(len(mine & theirs) / min(len(mine), len(theirs)))
    return shares


def added(known: tuple[str, ...], words: tuple[str, ...]) -> tuple[str, ...]:
    """A line's words with those of a new report, of the sort (place or name) that it had none of.

    Example:
        >>> added(("@moscow",), ("information", "@brussels"))
        ('@moscow', 'information')
    """
    sorts = {word.startswith("@") for word in known}
    return (*known, *(word for word in words if word.startswith("@") not in sorts))


def is_named_by_place(words: tuple[str, ...]) -> bool:
    """Whether nothing but the place tells a line from others."""
    return all(word.startswith("@") for word in words)


def slug(kind: str, owner: str, counterpart: str, words: tuple[str, ...]) -> str:
    """A line's id: "consulate-CHN-USA-houston"."""
    return "-".join((kind, owner, counterpart, *(word.lstrip("@") for word in words)))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall(
        "".join(c for c in plain if not unicodedata.combining(c)).replace("'s ", " ").replace("’s ", " ")
    )


@cache
def _spellings() -> dict[str, frozenset[str]]:
    """The words of every party's names, adjectives and capitals: they stand in many a line's name and tell nothing."""
    found: dict[str, set[str]] = {}
    for text, readings in table().surfaces.items():
        for reading in readings:
            if reading.form not in ("person", "surname", "city", "noun"):
                found.setdefault(reading.code, set()).update(_words(text))
    return {code: frozenset(words) for code, words in found.items()}


def party_words(code: str) -> frozenset[str]:
    """The words of a party's names, in small letters."""
    return _spellings().get(code, frozenset()) | {code.casefold(), "s"}
