"""A fingerprint of a text that near copies share: Charikar's simhash over pairs of neighbouring words.

What always holds: the same words in the same order have the same fingerprint; a text that is copied and cut by a
fifth keeps five sixths of its bits. Source: M. Charikar, Similarity estimation techniques from rounding algorithms,
STOC 2002.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

BITS = 64
SHORT = 50
"""Words below which two texts are copies only where all words are the same: so few pairs tell too little."""
_LANE = 20
"""Bits to count in, for each bit of a hash: enough for a million pairs of words."""
_WORD = re.compile(r"\w+")
_SPREAD = [sum(1 << (_LANE * bit) for bit in range(8) if byte >> bit & 1) for byte in range(256)]
"""For each byte a number with a lane for each of its bits, so that counting eight bits is one addition."""


def fingerprint(text: str) -> str:
    """The fingerprint of a text, as 16 hexadecimal digits.

    Example:
        >>> whole = "the envoy left the city by night and nobody at the gate asked him why " * 4
        >>> fingerprint(whole) == fingerprint(whole.upper()), fingerprint("he left") == fingerprint("he went")
        (True, False)
    """
    words = _WORD.findall(text.casefold())
    if len(words) < SHORT:
        return blake2b(" ".join(words).encode(), digest_size=BITS // 8).hexdigest()
    pairs = list(pairwise(words))
    lanes = sum(map(_spread, pairs))
    half = len(pairs) / 2
    mask = (1 << _LANE) - 1
    found = sum(1 << bit for bit in range(BITS) if lanes >> (bit * _LANE) & mask > half)
    return f"{found:016x}"


@lru_cache(maxsize=1 << 14)
def _spread(pair: tuple[str, str]) -> int:
    """The bits of a pair's hash, a lane for each."""
    digest = blake2b(" ".join(pair).encode(), digest_size=BITS // 8).digest()
    return sum(_SPREAD[byte] << (8 * _LANE * place) for place, byte in enumerate(digest))
