"""The order in which the parser sees a sentence's words: what newspapers wedge in is put where it is read with ease.

What always holds: no word is added and each keeps its place in the article; only a date or a dateline that labels a
sentence is left out. "The embassy, the minister said on Friday, had been shut" is shown as "The embassy had been shut,
the minister said on Friday", and "4 May 2016 – Fiji recalls its envoy" as "Fiji recalls its envoy".
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from detente.coding.datewords import MONTHS, SEASONS, WEEKDAYS

TOLD = frozenset(
    (
        "said says added adds insisted insists stressed stresses warned argued argues noted notes claimed claims wrote "
        "writes explained explains remarked admitted conceded told according emerges emerged seems appears believes "
        "thinks complained acknowledged"
    ).split()
)
"""Words that make a wedged-in clause one of reporting."""
NOT_WEDGED = frozenset("which who whom whose that when where while and but or nor as because although if than".split())
"""Words with which other clauses between commas begin, all of them the parser's own business."""
LONGEST = 14
"""Words of a wedged-in clause; longer ones are rarely mere reporting."""
MOST_LABEL = 10
"""Words of a date or dateline at a sentence's head."""
_IN_LABEL = (*MONTHS, *WEEKDAYS, "lat", "ear", "mid", "the", *(s[:3] for s in SEASONS))
_DASHES = frozenset({"-", "--", "–", "—"})


def order(words: Sequence[str]) -> list[int]:
    """The order in which the words are to be shown: wedged-in reporting clauses behind the rest.

    Args:
        words: the words of a sentence.

    Returns:
        Their indices; a label ("May 2016 –", "Friday:") is left out.

    Example:
        >>> words = "The post , he said , is shut .".split()
        >>> " ".join(words[i] for i in order(words))
        'The post is shut , he said .'
    """
    if (dash := _label_end(words)) is not None:
        return [dash + 1 + i for i in order(words[dash + 1 :])]
    commas = [i for i, word in enumerate(words) if word == ","]
    end = len(words) - (words[-1] in (".", "!", "?")) if words else 0
    for first, second in pairwise(commas):
        inside = [w.lower() for w in words[first + 1 : second]]
        if (
            first > 1
            and 2 <= len(inside) <= LONGEST
            and second + 1 < end
            and inside[0] not in NOT_WEDGED
            and _reports(inside)
            and not {'"', ";", ":"} & {*inside, words[second + 1], words[first - 1]}
        ):
            return [*range(first), *range(second + 1, end), *range(first, second), *range(end, len(words))]
    return list(range(len(words)))


def _place_and_date(words: Sequence[str]) -> bool:
    """Whether these are a dateline: "LIMA", "La Paz, 12 March (Agency)"."""
    if len(words) == 1:
        return words[0].isupper() and len(words[0]) > 4
    names = all(w[:1].isupper() or w.isdigit() or w in (",", "(", ")", "/", ".") for w in words)
    return names and words[0].isalpha() and bool({",", "("} & {*words}) and words[-1] != ","


def _reports(words: Sequence[str]) -> bool:
    """Whether a clause only says who says it: "he said", "said the minister", "according to Oslo"; nothing follows but
    a place, a time or an audience."""
    at = next((i for i, word in enumerate(words) if word in TOLD), None)
    if at is None:
        return False
    return at == 0 or len(words) - at <= 4 or words[at + 1] in ("on", "in", "at", "to", "from", "after")


def _label_end(words: Sequence[str]) -> int | None:
    """Index of the dash or colon that divides a date at the sentence's head from what it dates, if there is one."""
    for i, word in enumerate(words[: MOST_LABEL + 1]):
        if word in _DASHES and i and _place_and_date(words[:i]):
            return i
        if word in _DASHES or word == ":":
            head = [w.lower().strip(".,") for w in words[:i]]
            dated = any(w[:3] in (*MONTHS, *WEEKDAYS) or len(w) == 4 for w in head)
            return i if dated and all(w.isdigit() or w in ("", "of") or w[:3] in _IN_LABEL for w in head) else None
    return None
