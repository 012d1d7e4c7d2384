"""Numbers in words and figures.

What always holds: a number is returned only where the text states one; "about", "some" and "at least" do not change it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.coding.tokens import Token

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
WORDS = {word: i for i, word in enumerate(_UNITS)} | {word: 10 * (i + 2) for i, word in enumerate(_TENS)}
WORDS |= {"a": 1, "an": 1, "single": 1, "both": 2, "couple": 2, "pair": 2, "dozen": 12, "score": 20, "hundred": 100,
          "thousand": 1000}  # fmt: skip
_FIGURES = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
LARGEST = 100_000
"""No mission has more people; what is larger is money or a distance."""


def parse(text: str) -> int | None:
    """A whole number in words or figures.

    Args:
        text: for instance "35", "1,200", "twenty-one", "three dozen".

    Returns:
        The number, or None.

    Example:
        >>> parse("twenty-one"), parse("1,200"), parse("three dozen"), parse("several")
        (21, 1200, 36, None)
    """
    text = text.lower().strip()
    if figures := _FIGURES.fullmatch(text):
        value = int(figures.group().replace(",", "")) if len(text) <= 9 else LARGEST + 1
        return value if value <= LARGEST else None
    total = current = 0
    seen = False
    for word in re.split(r"[\s-]+", text):
        if word in ("and", ""):
            continue
        if _FIGURES.fullmatch(word) and len(word) <= 9:
            value = int(word.replace(",", ""))
        elif word in WORDS:
            value = WORDS[word]
        else:
            return None
        seen = True
        if value in (12, 20, 100, 1000) and current and word in ("dozen", "score", "hundred", "thousand"):
            current *= value
            if value == 1000:
                total, current = total + current, 0
        else:
            current += value
    return total + current if seen and total + current <= LARGEST else None


def number_of(token: Token) -> int | None:
    """The number that a numeral token heads, with the words before it ("twenty - one", "three dozen").

    Args:
        token: the numeral.

    Returns:
        The number, or None.
    """
    parts = sorted((t for t in token.subtree if t.i <= token.i and token.i - t.i < 5), key=lambda t: t.i)
    words = [t.lower_ for t in parts if t.lower_ in WORDS or _FIGURES.fullmatch(t.lower_)]
    words = [w for w in words if w not in ("a", "an")] or words
    return parse(" ".join(words)) if words else None
