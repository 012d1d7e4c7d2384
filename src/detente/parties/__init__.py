"""Who can be a party, and by what names: states, territories, organisations, armed movements and their people.

What always holds: a code names one party; a spelling is kept exactly as it is written and always leads to a party of
today (a historic one is coded as its successor); codes of other systems (Correlates of War, Gleditsch-Ward) are given
only for the years in which they held.
"""

from __future__ import annotations

import difflib
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Literal

from detente.errors import CodebookError, UsageFault

Kind = Literal["state", "territory", "historic", "organisation", "movement"]
Form = Literal["name", "adjective", "demonym", "plural", "capital", "metonym", "noun", "person", "surname", "city"]

_FORMS: dict[str, Form] = {
    "adjectives": "adjective", "demonyms": "demonym", "plurals": "plural", "capitals": "capital",
    "metonyms": "metonym", "nouns": "noun",
}  # fmt: skip
_RANK: tuple[Kind, ...] = ("state", "territory", "organisation", "movement", "historic")
"""Who is found by a name that several share: "Congo" is a state before anything else."""


MARGIN = 3
"""Months before and after a term in which a name still stands for the state: those elected, and those just gone."""


class UnknownParty(UsageFault):
    """No party has this code."""


@dataclass(frozen=True, slots=True)
class Spell:
    """Years in which a code of another system holds.

    Attributes:
        code: the number.
        abbr: that system's abbreviation, where it has one.
        since, until: first and last year; `until` is None while it lasts.
    """

    code: int
    abbr: str | None
    since: int
    until: int | None


@dataclass(frozen=True, slots=True)
class Party:
    """A party of the table.

    Attributes:
        code: ISO 3166 alpha-3 for states and territories, else an acronym or a short name in capitals.
        kind: state, territory, historic, organisation or movement.
        name: the usual English name.
        iso2: ISO 3166 alpha-2, the key to names in other languages.
        successor: for a historic party, the code used today; None where it is still coded as itself.
        host: for a movement, the state in whose country it mainly acts.
        since, until: first and last year of the party as such, where that is within living memory.
        cow, gw: its codes in the Correlates of War and Gleditsch-Ward systems.
        names: every English name, the usual one first.
    """

    code: str
    kind: Kind
    name: str
    iso2: str | None = None
    successor: str | None = None
    host: str | None = None
    since: int | None = None
    until: int | None = None
    cow: tuple[Spell, ...] = ()
    gw: tuple[Spell, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surface:
    """One reading of a spelling.

    Attributes:
        code: the party meant, as it is coded today.
        form: which sort of word it is.
        since, until: when a person held the post or a historic party lasted, as ISO dates cut to what is known.
        cautious: whether the spelling often means something else; every bare surname does.
    """

    code: str
    form: Form
    since: str | None = None
    until: str | None = None
    cautious: bool = False

    def held(self, on: str | None, margin: int = MARGIN) -> bool:
        """Whether a person held office then, or at most some months before or after; without a date, yes.

        Args:
            on: a day, month or year, as an ISO date.
            margin: months.

        Example:
            >>> envoy = Surface("NOR", "person", "2010-03", "2014")
            >>> [envoy.held(on) for on in ("2008", "2010-01-15", "2014", "2015-02-01", "2016", None)]
            [False, True, True, True, False, True]
        """
        if on is None:
            return True
        early = self.since is None or _month(self.since) - margin <= _month(on, last=True)
        return early and (self.until is None or _month(on) <= _month(self.until, last=True) + margin)


def _month(day: str, *, last: bool = False) -> int:
    """Months from year 0; where only the year is given, its first or last one."""
    return int(day[:4]) * 12 + (int(day[5:7]) if day[4:5] == "-" else 12 if last else 1)


@dataclass(frozen=True, slots=True)
class Table:
    """All parties.

    Attributes:
        parties: by code.
        surfaces: spelling, exactly as written, to its readings.
        nouns: common noun in lower case to the codes that it may refer to ("alliance").
        groups: spelling to the parties that it names together ("two Koreas").
    """

    parties: dict[str, Party]
    surfaces: dict[str, tuple[Surface, ...]]
    nouns: dict[str, tuple[str, ...]]
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)


@cache
def table() -> Table:
    """The shipped party table, read once.

    Raises:
        CodebookError: an entry is wrong; the message names file, entry and cure.

    Example:
        >>> table().parties["NOR"].name
        'Norway'
    """
    return build(_shipped())


def _shipped() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in sorted(resources.files(__name__).iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            try:
                yield path.name, tomllib.loads(path.read_text(encoding="utf-8"))
            except tomllib.TOMLDecodeError as error:
                raise CodebookError(f"{path.name}: not valid TOML: {error}; mend that line") from None


def build(files: Iterable[tuple[str, Mapping[str, Any]]]) -> Table:
    """Make a table of parsed files.

    Args:
        files: pairs of a file's name and its content, with `party` and `person` entries.

    Raises:
        CodebookError: a field is missing, a kind unknown, a code given twice, or a person's party not in the table.

    Example:
        >>> entry = {"code": "ATL", "kind": "state", "name": "Atlantis", "adjectives": ["Atlantean"]}
        >>> build([("myths.toml", {"party": [entry]})]).surfaces["Atlantean"]
        (Surface(code='ATL', form='adjective', since=None, until=None, cautious=False),)
    """
    files = tuple(files)
    parties: dict[str, Party] = {}
    surfaces: dict[str, list[Surface]] = {}
    nouns: dict[str, list[str]] = {}
    groups: dict[str, tuple[str, ...]] = {}
    for file, entry in _entries(files, "party"):
        new = _party(file, entry)
        if new.code in parties:
            raise CodebookError(f"{file}: the code {new.code!r} is already that of {parties[new.code].name}; "
                                f"give {new.name} another one")  # fmt: skip
        parties[new.code] = new
        for text, reading in _readings(entry, new):
            _add(surfaces, text, reading)
            if reading.form == "noun":
                _add(nouns, text.lower(), reading.code)
    for file, entry in _entries(files, "person"):
        for text, reading in _person(file, entry, parties):
            _add(surfaces, text, reading)
    for file, content in files:
        for code, names in content.get("cities", {}).items():
            for text in names:
                if all(known.code != code for known in surfaces.get(text, ())):
                    _add(surfaces, text, Surface(_known(file, code, parties), "city"))
        for text, codes in content.get("groups", {}).items():
            groups[text] = tuple(_known(file, code, parties) for code in codes)
    return Table(parties, {k: tuple(v) for k, v in surfaces.items()}, {k: tuple(v) for k, v in nouns.items()}, groups)


def _known(file: str, code: str, parties: Mapping[str, Party]) -> str:
    if code not in parties:
        raise CodebookError(f"{file}: {code!r} is no code of the table; use one that is")
    return code


def _entries(files: Iterable[tuple[str, Mapping[str, Any]]], sort: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    return ((file, entry) for file, content in files for entry in content.get(sort, ()))


def _add(into: dict[str, list[Any]], key: str, value: object) -> None:
    if value not in into.setdefault(key, []):
        into[key].append(value)


def _party(file: str, entry: Mapping[str, Any]) -> Party:
    try:
        if entry["kind"] not in _RANK:
            raise CodebookError(f"{file}: {entry['name']} is of no known kind; give one of {', '.join(_RANK)}")
        return Party(
            code=entry["code"], kind=entry["kind"], name=entry["name"], iso2=entry.get("iso2"),
            successor=entry.get("successor"), host=entry.get("host"), since=entry.get("from"),
            until=entry.get("until"), cow=_spells(entry, "cow"), gw=_spells(entry, "gw"),
            names=tuple(dict.fromkeys((entry["name"], *entry.get("names", ())))),
        )  # fmt: skip
    except KeyError as missing:
        which = entry.get("code") or entry.get("name") or "a party"
        raise CodebookError(f"{file}: {which} lacks the field {missing}; add it") from None


def _spells(entry: Mapping[str, Any], system: str) -> tuple[Spell, ...]:
    return tuple(Spell(s["code"], s.get("abbr"), s["from"], s.get("until")) for s in entry.get(system, ()))


def _readings(entry: Mapping[str, Any], new: Party) -> Iterator[tuple[str, Surface]]:
    code = new.successor or new.code
    since, until = (_date(entry, key) if new.kind == "historic" else None for key in ("from", "until"))
    cautious = frozenset(entry.get("cautious", ()))
    for text in new.names:
        yield text, Surface(code, "name", since, until, text in cautious)
    for name, form in _FORMS.items():
        for text in entry.get(name, ()):
            yield text, Surface(code, form, since, until, text in cautious)


def _person(file: str, entry: Mapping[str, Any], parties: Mapping[str, Party]) -> Iterator[tuple[str, Surface]]:
    try:
        served, name = parties[entry["party"]], entry["name"]
    except KeyError as missing:
        raise CodebookError(f"{file}: {entry.get('name', 'a person')}: no field or no party {missing}; "
                            "give `name`, and as `party` a code of the table") from None  # fmt: skip
    since, until = _date(entry, "from"), _date(entry, "until")
    for text in (name, *entry.get("names", ())):
        form: Form = "person" if " " in text else "surname"
        yield text, Surface(served.successor or served.code, form, since, until, form == "surname")


def _date(entry: Mapping[str, Any], key: str) -> str | None:
    return str(entry[key]) if key in entry else None


def party(code: str) -> Party:
    """The party of a code.

    Raises:
        UnknownParty: no party has this code; the message suggests near ones.

    Example:
        >>> party("FRA").name
        'France'
    """
    parties = table().parties
    if code in parties:
        return parties[code]
    near = [meant.code] if (meant := find(code, "en")) else difflib.get_close_matches(code.upper(), parties, 3, 0.6)
    hint = f"did you mean {' or '.join(near)}?" if near else "give an ISO 3166 alpha-3 code (FRA) or an acronym (NATO)"
    raise UnknownParty(f"no party has the code {code!r}; {hint}")


def name_of(code: str) -> str:
    """The usual English name of a party, or the code itself where the table has none.

    Example:
        >>> name_of("KEN"), name_of("AUTHOR")
        ('Kenya', 'AUTHOR')
    """
    known = table().parties.get(code)
    return known.name if known else code


def find(text: str, language: str | None = None) -> Party | None:
    """The party that a code or a name stands for; case, accents and a leading "the" do not matter in a name.

    Tried in this order: a code, a name in the language, a name in English, a Correlates of War abbreviation, a code in
    small letters, and, where no language is given, names in every language. Names in other languages than English are
    those of states and territories in Unicode's CLDR, read through Babel.

    Args:
        text: a code or a name.
        language: code of a language ("de", "pt-BR"); None for English first, then any.

    Returns:
        The party, or None. A historic party is returned as itself; its `successor` is the code that is used today.

    Raises:
        UsageFault: no names are known in that language.

    Example:
        >>> find("Norway").code, find("Norwegen", "de").code, find("Norvège").code, find("UKG").code
        ('NOR', 'NOR', 'NOR', 'GBR')
    """
    text, parties = text.strip(), table().parties
    folded = _fold(text)
    code = (
        (text if text in parties else None)
        or (language and _foreign(language).get(folded))
        or _english().get(folded)
        or _abbreviations().get(text)
        or (text.upper() if text.upper() in parties else None)
        or (None if language else next((n[folded] for n in map(_foreign, _languages()) if folded in n), None))
    )
    return parties[code] if code else None


def code_of(given: str) -> str:
    """The code used today of a party that is given by code or by name.

    Raises:
        UnknownParty: nobody has that name.

    Example:
        >>> code_of("NATO"), code_of("Soviet Union")
        ('NATO', 'RUS')
    """
    found = find(given)
    if found is None:
        raise UnknownParty(
            f"{given!r} is no party that détente knows; give a code such as FRA or NATO, or an English name"
        )
    return found.successor or found.code


def _fold(text: str) -> str:
    """A name without case, accents, curly apostrophes and a leading article."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.replace("’", "'")) if not unicodedata.combining(c))
    return bare.casefold().removeprefix("the ").strip()


@cache
def _english() -> dict[str, str]:
    names: dict[str, str] = {}
    for known in sorted(table().parties.values(), key=lambda p: _RANK.index(p.kind)):
        for name in known.names:
            names.setdefault(_fold(name), known.code)
    return names


@cache
def _abbreviations() -> dict[str, str]:
    return {s.abbr: known.code for known in table().parties.values() for s in known.cow if s.abbr}


@cache
def _languages() -> tuple[str, ...]:
    from babel.localedata import locale_identifiers  # here, as Babel is slow to load and seldom needed

    return tuple(sorted(name for name in locale_identifiers() if "_" not in name))


@cache
def _foreign(language: str) -> dict[str, str]:
    """Folded names of states and territories in a language."""
    from babel import Locale, UnknownLocaleError

    try:
        territories = Locale.parse(language.replace("-", "_")).territories
    except (UnknownLocaleError, ValueError):
        raise UsageFault(f"no names of parties are known in the language {language!r}; "
                         "give a code such as 'de' or 'pt-BR', or none for all languages") from None  # fmt: skip
    names: dict[str, str] = {}
    for known in table().parties.values():
        if known.iso2 in territories:
            names.setdefault(_fold(territories[known.iso2]), known.code)
    return names


def cow(code: str, on: date | int) -> int | None:
    """The Correlates of War number of a state at a time.

    Args:
        code: the party's code.
        on: a day or a year. Spells are known by the year; where two share one, the later counts.

    Returns:
        The number, or None where it was no member of the state system.

    Raises:
        UnknownParty: no party has this code.

    Example:
        >>> cow("EST", 1995), cow("EST", date(1985, 5, 1))
        (366, None)
    """
    return _in_force(party(code).cow, on)


def gw(code: str, on: date | int) -> int | None:
    """The Gleditsch-Ward number of a state at a time.

    Arguments, result and errors are those of `cow`.

    Example:
        >>> gw("FRA", 2000)
        220
    """
    return _in_force(party(code).gw, on)


def _in_force(spells: tuple[Spell, ...], on: date | int) -> int | None:
    year = on if isinstance(on, int) else on.year
    held = [s for s in spells if s.since <= year and (s.until is None or year <= s.until)]
    return max(held, key=lambda s: s.since).code if held else None


def code_at(code: str, year: int) -> str:
    """The code under which a party goes in a year: its own while it lasts, then its successor's.

    Args:
        code: the party's code.
        year: the year asked for.

    Returns:
        A code of the table.

    Raises:
        UnknownParty: no party has this code.

    Example:
        >>> code_at("OAU", 1980), code_at("OAU", 2010)
        ('OAU', 'AU')
    """
    while (known := party(code)).successor and known.until is not None and year > known.until:
        code = known.successor or code
    return code
