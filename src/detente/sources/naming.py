"""Which party a name in a data set of others stands for.

What always holds: only parties of the table are found, under the codes of today; a name that is none of theirs is left
to the caller to count, and never given a made code. A person in a country, or one of its sectors, counts as the country
only where the data set itself names the country.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from detente.parties import find, party, table

_HOME = re.compile(r".+\((.+)\)")


@cache
def code_of(name: str) -> str | None:
    """The code of the party that a name stands for; None where it stands for none.

    Tried in this order: the names in ``spellings.toml``, the party table, an organ of a party ("European Commission"),
    the party in brackets behind a role ("Ministry (European Union)"), and names that begin with a party's.

    Example:
        >>> [code_of(n) for n in ("Russian Federation", "UN Security Council", "Ministry (European Union)", "Africa")]
        ['RUS', 'UN', 'EU', None]
    """
    names, parts = _spellings()
    if known := names.get(name):
        return known
    if found := find(name, "en"):
        return _today(found.code)
    organs = {s.code for s in table().surfaces.get(name, ()) if s.form == "metonym" and not s.cautious}
    if len(organs) == 1:
        return organs.pop()
    if home := _HOME.fullmatch(name):
        return code_of(home[1])
    return next((code for beginning, code in parts.items() if name.startswith(beginning)), None)


def _today(code: str) -> str:
    return party(code).successor or code


@cache
def _spellings() -> tuple[dict[str, str], dict[str, str]]:
    text = resources.files(__package__).joinpath("spellings.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)
    return read["names"], read["parts"]
