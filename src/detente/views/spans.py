"""The article's text cut into pieces, each with the items that lie over it: overlapping quotes made flat.

What always holds: the pieces of all blocks, in order, are the text without the blank lines between paragraphs; each
item begins with one piece and ends with one; what was set aside is marked, and no piece is partly so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from detente.ledger.states import SOUND
from detente.model import Answer, Claim, Dated, Item, Line, Reading
from detente.plain import visible

_PARAGRAPH = re.compile(r"\S(?:.|\n(?!\s*\n))*")
_SHADES = {
    "close": "down", "suspend": "down", "limit": "limited", "open": "open", "restore": "open", "raise": "open",
    "keep": "open", "propose": "offer", "refuse": "offer",
}  # fmt: skip
_BY_WEIGHT = ("down", "limited", "open", "offer", "event", "claim")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text under the same items.

    Attributes:
        text: the stretch, safe to show.
        shades: what lies over it, the weightiest first: down, limited, open, offer, event, claim, not-so, aside.
        starts: ids of the items that begin with it.
        ends: ids of the items that end with it.
    """

    text: str
    shades: tuple[str, ...]
    starts: tuple[str, ...]
    ends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph.

    Attributes:
        pieces: its pieces.
        items: ids of the items that begin in it.
        aside: what it was set aside as; empty for the article's own paragraphs.
    """

    pieces: tuple[Piece, ...]
    items: tuple[str, ...]
    aside: str


def blocks(reading: Reading) -> tuple[Block, ...]:
    """Cut a reading's text.

    Args:
        reading: the reading.

    Returns:
        Its paragraphs.
    """
    items: list[Item] = [*reading.events, *reading.lines, *reading.uses, *reading.claims]
    paragraphs = [match.span() for match in _PARAGRAPH.finditer(reading.text)]
    # The white space after a paragraph goes with it, so that no quote falls between two blocks.
    starts = [0, *(start for start, _ in paragraphs[1:])]
    ends = [*starts[1:], len(reading.text)]
    return tuple(
        _block(reading, items, start, end, words)
        for start, end, words in zip(starts, ends, paragraphs or [(0, 0)], strict=True)
    )


def _block(reading: Reading, items: Sequence[Item], start: int, end: int, words: tuple[int, int]) -> Block:
    here = [item for item in items if item.start < end and item.end > start]
    spans = [*((item.start, item.end) for item in here), *((r.start, r.end) for r in reading.residue), reading.main]
    marks = [mark for span in spans for mark in span]
    edges = sorted({start, end, *(mark for mark in marks if start < mark < end)})
    pieces = tuple(_piece(reading, here, a, b, words) for a, b in pairwise(edges))
    kinds = {_aside(reading, a, b) for a, b in pairwise(edges) if reading.text[a:b].strip()}
    begun = sorted((item for item in here if item.start >= start), key=lambda item: item.start)
    return Block(pieces, tuple(item.id for item in begun), " and ".join(sorted(kinds)) if "" not in kinds else "")


def _piece(reading: Reading, items: Sequence[Item], start: int, end: int, words: tuple[int, int]) -> Piece:
    over = [item for item in items if item.start <= start and item.end >= end]
    shades = {_shade(item) for item in over}
    ordered = [shade for shade in _BY_WEIGHT if shade in shades]
    if over and all(_not_so(item) for item in over):
        ordered.append("not-so")
    if _aside(reading, start, end):
        ordered.append("aside")
    return Piece(
        text=visible(reading.text[max(start, words[0]) : min(end, words[1])]),
        shades=tuple(ordered),
        starts=tuple(item.id for item in items if item.start == start),
        ends=tuple(item.id for item in items if item.end == end),
    )


def _not_so(item: Item) -> bool:
    """Whether an item is announced, denied or too weakly reported to count."""
    return item.certainty < SOUND or (isinstance(item, Dated) and item.status in ("planned", "denied"))


def _shade(item: Item) -> str:
    if isinstance(item, Line):
        return _SHADES[item.change]
    return "claim" if isinstance(item, (Claim, Answer)) else "event"


def _aside(reading: Reading, start: int, end: int) -> str:
    """What a stretch was set aside as, or nothing."""
    kind = next((r.kind for r in reading.residue if r.start < end and r.end > start), "")
    outside = end <= reading.main[0] or start >= reading.main[1]
    return kind or ("other" if outside else "")
