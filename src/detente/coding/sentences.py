"""Main text to sentences, by rule, before any parsing.

What always holds: a sentence is a stretch of the article's text; residue is never inside one; the splitter looks at
characters only, so that the parser need not see what cannot matter.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from detente.model import Article

# Words after which a full stop does not end a sentence.
_ABBREVIATIONS = frozenset(
    (
        "mr mrs ms dr prof gen col lt maj capt sgt adm rep sen gov st jr sr vs no nos vol fig art inc ltd co "
        "corp dept est jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun approx ca "
        "cf e.g i.e u.s u.k u.n d.c"
    ).split()
)
_STOP = re.compile(r"[.!?…]+[\"”’')\]]*(?=\s|$)|;(?=\s)|(?<=\S)\n")
# A semicolon stands between two sentences as far as acts are concerned, and parsers are worse at telling so than it is.
_PARAGRAPH = re.compile(r"\S(?:.|\n(?!\s*\n))*")
# A place line before the story: "PARIS, Sept 18 - ", "TALLINN/MOSCOW (Reuters) — ".
_DATELINE = re.compile(
    r"[A-ZÀ-Þ][A-ZÀ-Þ.'’/ -]+(?:,\s*[A-Z][\w. ]{2,20})?(?:,?\s*\d{1,2}(?:\s+[A-Z][a-z]+)?)?"
    r"(?:,\s*\d{4})?(?:\s*\([^)\n]{2,30}\))?\s*[-–—:]+\s+(?=\S)"
)
_BULLET = re.compile(r"(?:[•*▪–-]|\(?\d{1,2}[.)]|\(?[a-z]\)|[QA]:)\s+")
LONGEST = 1200
"""Characters: a longer "sentence" is a table or a list; it is cut at white space so that parsing time stays bounded."""


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence's place: paragraph number and offsets into the article's text."""

    paragraph: int
    start: int
    end: int


def split(article: Article) -> list[Span]:
    """Sentences of the article's main text, without residue, datelines and bullets.

    Args:
        article: the article as it was read.

    Returns:
        Spans in text order.

    Example:
        >>> text = "ROME - Italy spoke. Mr. Rossi left."
        >>> article = Article(id="x", text=text, main=(0, len(text)))
        >>> [text[s.start:s.end] for s in split(article)]
        ['Italy spoke.', 'Mr. Rossi left.']
    """
    spans: list[Span] = []
    for number, (start, end) in enumerate(_stretches(article)):
        spans.extend(_sentences(article.text, number, start, end))
    return spans


def _stretches(article: Article) -> Iterator[tuple[int, int]]:
    """Paragraphs of the main text, each less the residue that lies in it."""
    left, right = article.main
    holes = sorted((r.start, r.end) for r in article.residue if r.start < right and r.end > left)
    for match in _PARAGRAPH.finditer(article.text, left, right):
        start, end = match.span()
        for hole_start, hole_end in holes:
            if hole_start < end and hole_end > start:
                if hole_start > start:
                    yield start, hole_start
                start = max(start, hole_end)
        if start < end:
            yield start, end


def _sentences(text: str, number: int, start: int, end: int) -> Iterator[Span]:
    if dateline := _DATELINE.match(text, start, end):
        start = dateline.end()
    for match in _STOP.finditer(text, start, end):
        if _inside(text, start, match.start(), match.end(), end):
            continue
        yield from _trimmed(text, number, start, match.end())
        start = match.end()
    yield from _trimmed(text, number, start, end)


def _inside(text: str, start: int, dot: int, stop: int, end: int) -> bool:
    """Whether the stop at ``dot`` belongs to an abbreviation, an initial or a number."""
    if text[dot] in "\n;":
        return False
    following = text[stop:end].lstrip()
    if not following:
        return False
    if following[0].islower() or (text[dot] == "…" and not following[0].isupper()):
        return True
    if text[dot:stop] != ".":
        return False
    word = text[start:dot].rsplit(None, 1)[-1].lstrip("(\"“‘'") if text[start:dot].strip() else ""
    if word.casefold() in _ABBREVIATIONS and word not in ("no", "mar", "sun", "sat", "art", "co", "est"):
        # "the U.S. The" does end a sentence; "Mr. The" does not occur.
        return not (word.isupper() and following.split(None, 1)[0] in ("The", "A", "It", "In", "But", "He", "She"))
    return len(word) == 1 and word.isupper()


def _trimmed(text: str, number: int, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    if bullet := _BULLET.match(text, start, end):
        start = bullet.end()
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST:
        cut = text.rfind(" ", start, start + LONGEST)
        cut = cut if cut > start else start + LONGEST
        yield Span(number, start, cut)
        start = cut + 1
    if end > start:
        yield Span(number, start, end)
