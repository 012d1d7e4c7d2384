"""Who can be a party, and by what names: states, territories, organisations, armed movements and their people.

What always holds: a code names one party; a historic party is coded as its successor; every spelling in the table is
exact, and codes of other systems (COW, Gleditsch-Ward) are given for the years in which they held.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from detente.errors import UsageFault

_FORMS = {"names": "name", "adjectives": "adjective", "demonyms": "demonym", "plurals": "plural", "capitals": "capital",
          "metonyms": "metonym"}  # fmt: skip


class UnknownParty(UsageFault):
    """No party has this code or name."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A code in another system and the years in which it holds (both included; ``until`` None: still)."""

    code: int
    abbr: str | None
    since: int
    until: int | None


@dataclass(frozen=True, slots=True)
class Party:
    """A party of the table.

    Attributes:
        code: ISO 3166 alpha-3 for states and territories, else a short name in capitals.
        kind: state, territory, historic, organisation or movement.
        name: the usual English name.
        iso2: ISO 3166 alpha-2, the key to names in other languages.
        successor: for a historic party, the code used today.
        host: for a movement, the state in which it mainly acts.
        cow, gw: codes of the Correlates of War and Gleditsch-Ward systems.
        names: every English name.
    """

    code: str
    kind: str
    name: str
    iso2: str | None = None
    successor: str | None = None
    host: str | None = None
    cow: tuple[Spell, ...] = ()
    gw: tuple[Spell, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surface:
    """One reading of a spelling: which party, in which form, and whether it often means something else."""

    code: str
    form: str
    cautious: bool = False
    since: str | None = None
    until: str | None = None


@dataclass(slots=True)
class Table:
    """All parties.

    Attributes:
        parties: by code.
        surfaces: spelling to its readings.
        nouns: common noun in lower case to the codes that it may refer to ("alliance").
    """

    parties: dict[str, Party] = field(default_factory=dict)
    surfaces: dict[str, tuple[Surface, ...]] = field(default_factory=dict)
    nouns: dict[str, tuple[str, ...]] = field(default_factory=dict)


@cache
def table() -> Table:
    """The shipped party table, read once.

    Example:
        >>> table().parties["NOR"].name
        'Norway'
    """
    out = Table()
    surfaces: dict[str, list[Surface]] = {}
    for entry in _entries():
        if "party" in entry:
            _person(entry, surfaces)
        else:
            _party(entry, out, surfaces)
    out.surfaces = {k: tuple(v) for k, v in surfaces.items()}
    return out


def _entries() -> Iterator[dict[str, Any]]:
    for path in sorted(resources.files(__name__).iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            content = tomllib.loads(path.read_text(encoding="utf-8"))
            yield from content.get("party", [])
            yield from content.get("person", [])


def _party(entry: Mapping[str, Any], out: Table, surfaces: dict[str, list[Surface]]) -> None:
    code = entry["code"]
    names = (entry["name"], *entry.get("names", ()))
    out.parties[code] = Party(
        code=code, kind=entry["kind"], name=entry["name"], iso2=entry.get("iso2"), successor=entry.get("successor"),
        host=entry.get("host"), cow=_spells(entry.get("cow", ())), gw=_spells(entry.get("gw", ())), names=names,
    )  # fmt: skip
    coded = entry.get("successor", code)
    cautious = set(entry.get("cautious", ()))
    for key, form in _FORMS.items():
        for text in names if key == "names" else entry.get(key, ()):
            reading = Surface(coded, form, text in cautious)
            if reading not in surfaces.setdefault(text, []):
                surfaces[text].append(reading)
    for noun in entry.get("nouns", ()):
        out.nouns[noun.lower()] = (*out.nouns.get(noun.lower(), ()), coded)


def _person(entry: Mapping[str, Any], surfaces: dict[str, list[Surface]]) -> None:
    since, until = (str(entry[k]) if k in entry else None for k in ("from", "until"))
    for text in (entry["name"], *entry.get("names", ())):
        form = "person" if " " in text else "surname"
        reading = Surface(entry["party"], form, form == "surname", since, until)
        if reading not in surfaces.setdefault(text, []):
            surfaces[text].append(reading)


def _spells(rows: Any) -> tuple[Spell, ...]:
    return tuple(Spell(r["code"], r.get("abbr"), r["from"], r.get("until")) for r in rows)


def party(code: str) -> Party:
    """The party of a code.

    Args:
        code: for instance "FRA" or "NATO".

    Returns:
        The party.

    Raises:
        UnknownParty: no party has this code; the message suggests near ones.

    Example:
        >>> party("FRA").name
        'France'
    """
    try:
        return table().parties[code]
    except KeyError:
        near = difflib.get_close_matches(code.upper(), table().parties, n=3, cutoff=0.5)
        hint = f"; did you mean {', '.join(near)}?" if near else "; use an ISO 3166 alpha-3 code or an acronym"
        raise UnknownParty(f"no party has the code {code!r}{hint}") from None


def name_of(code: str) -> str:
    """The usual English name of a party, or the code itself where the table has none.

    Example:
        >>> name_of("KEN"), name_of("AUTHOR")
        ('Kenya', 'AUTHOR')
    """
    known = table().parties.get(code)
    return known.name if known else code


def find(text: str, language: str | None = None) -> Party | None:
    """The party that a name or code stands for.

    Args:
        text: a code, a COW abbreviation, an English name, or a name in another language.
        language: two-letter code of that language; None tries English, then every language.

    Returns:
        The party, or None.

    Example:
        >>> find("Norway").code, find("Norwegen", "de").code, find("UKG").code
        ('NOR', 'NOR', 'GBR')
    """
    text = text.strip()
    everyone = table().parties
    if text.upper() in everyone:
        return everyone[text.upper()]
    for known in everyone.values():
        if text in known.names or any(s.abbr == text for s in known.cow):
            return known
    folded = text.casefold()
    for known in everyone.values():
        if folded in (n.casefold() for n in known.names):
            return known
    code = _foreign_names(language).get(folded)
    return everyone[code] if code else None


@cache
def _foreign_names(language: str | None) -> dict[str, str]:
    from babel import Locale
    from babel.localedata import locale_identifiers

    codes = {p.iso2: p.code for p in table().parties.values() if p.iso2}
    out: dict[str, str] = {}
    languages = [language] if language else [x for x in locale_identifiers() if len(x) == 2]
    for identifier in languages:
        for iso2, name in Locale.parse(identifier).territories.items():
            if iso2 in codes:
                out.setdefault(name.casefold(), codes[iso2])
    return out


def cow(code: str, year: int) -> int | None:
    """The Correlates of War number of a state in a year, or None where it was no member of the state system.

    Example:
        >>> cow("EST", 1995), cow("EST", 1985)
        (366, None)
    """
    return _in_force(party(code).cow, year)


def gw(code: str, year: int) -> int | None:
    """The Gleditsch-Ward number of a state in a year, or None.

    Example:
        >>> gw("FRA", 2000)
        220
    """
    return _in_force(party(code).gw, year)


def _in_force(spells: tuple[Spell, ...], year: int) -> int | None:
    return next((s.code for s in spells if s.since <= year and (s.until is None or year <= s.until)), None)
