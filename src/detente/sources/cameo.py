"""The PLOVER type of a CAMEO code, by the official crosswalk.

What always holds: codes are text, as their leading zero counts; a code whose root is not CAMEO's has no type.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

_CODE = re.compile(r"\d{2,4}")


@cache
def type_of(code: str) -> str | None:
    """The PLOVER type, or STATEMENT, of a CAMEO code; None where there is no such root.

    Source: ``cameo.toml``, which has it from CAMEO2PLOVER-2021.txt of the Open Event Data Alliance.

    Example:
        >>> type_of("161"), type_of("0841"), type_of("010"), type_of("99")
        ('SANCTION', 'RETREAT', 'STATEMENT', None)
    """
    if not _CODE.fullmatch(code):
        return None
    beginnings = (code[:length] for length in range(len(code), 1, -1))
    return next((_types()[some] for some in beginnings if some in _types()), None)


@cache
def _types() -> dict[str, str]:
    text = resources.files(__package__).joinpath("cameo.toml").read_text(encoding="utf-8")
    found: dict[str, str] = tomllib.loads(text)["types"]
    return found
