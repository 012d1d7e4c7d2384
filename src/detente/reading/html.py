"""HTML to the text of its story.

What always holds: what comes out is text only; no script, address or markup of the page is kept or followed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from detente.errors import NoArticle, PageTooLarge, PageUnreadable

MOST_TAGS = 60_000
"""Tags of a page: extraction takes some seconds by then; articles have some thousands."""
DEEPEST = 2000
"""Open tags at a time: no real page nests deeper, and parsers run out of stack far beyond."""
# Possessive, and never across another "<": the time stays in proportion to the page's length.
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]{0,40})(?![\w-])([^<>]*+)>")
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li td tr th option dt dd".split()
)


@dataclass(frozen=True, slots=True)
class Story:
    """The story of an HTML page: its text, and what the page says of itself."""

    text: str
    title: str | None
    published: str | None
    publisher: str | None


def story_of(html: str, name: str, address: str | None = None) -> Story:
    """Extract the story.

    Args:
        html: the page.
        name: what to call it in messages.
        address: where it came from.

    Returns:
        The story.

    Raises:
        PageTooLarge: more markup than any article has.
        PageUnreadable: nested beyond reason.
        NoArticle: a menu, a login page, a gallery.
    """
    if html.count("<") > MOST_TAGS:
        raise PageTooLarge(
            f"{name} has more than {MOST_TAGS:,} tags, as no article has; save the article as plain text and read that"
        )
    if _depth(html) > DEEPEST:
        raise PageUnreadable(f"{name} nests its tags beyond reason; save the article as plain text and try again")
    import trafilatura

    try:
        document: Any = trafilatura.bare_extraction(
            html, url=address, include_comments=False, include_tables=False, with_metadata=True, favor_precision=True
        )
    except (ValueError, RecursionError, AssertionError, TypeError, AttributeError):
        document = None
    text = (document.text or "") if document is not None else ""
    if document is None or len(text.split()) < 25:
        raise NoArticle(f"{name} holds no article that could be found; save the article's text to a file and read that")
    paragraphs = [p.strip() for p in text.split("\n") if p.strip()]
    host = urlsplit(address).hostname if address else None
    return Story(
        text="\n\n".join(paragraphs), title=document.title or None, published=_date(document.date),
        publisher=document.sitename or host,
    )  # fmt: skip


def _date(value: str | None) -> str | None:
    """A date as the page gives it, if there is such a day."""
    if not value or not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value):
        return None
    try:
        date.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        return None
    return value


def _depth(html: str) -> int:
    depth = deepest = 0
    for closing, tag, inside in _TAG.findall(html):
        # "<path … />", of which a drawing has thousands, closes itself; the parser, too, takes it so
        if tag.lower() in _VOID or inside.endswith("/"):
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest
