"""Reading what a visitor pastes: an article's text, or the address of one.

What always holds: nothing is written; an address is fetched as `detente.sources.fetch` does it, never from a file and
never from a private network unless the server was told so; one visitor has only so many read in a minute, and one
article is coded at a time.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from fastapi import Request
from starlette.exceptions import HTTPException

from detente.errors import PageTooLarge, UsageFault
from detente.web.access import visitor_of

if TYPE_CHECKING:
    from detente.model import Article, Reading

LONGEST = 100_000
"""Characters: some thirty printed pages; who has longer ones reads them with the command line."""
PATIENCE_S = 10
"""Seconds; who waits keeps others from being answered."""
_ONE = threading.Lock()


def read_pasted(
    request: Request, *, text: str | None = None, address: str | None = None, published: str | None = None,
    title: str | None = None,
) -> Reading:  # fmt: skip
    """Read and code one article.

    Args:
        request: whose it is; it counts towards the visitor's limit.
        text: the article, or
        address: where it stands.
        published, title: where the page does not tell them.

    Raises:
        UsageFault: both or neither are given, or the date is none.
        PageError, FetchError: it cannot be had or read.
        HTTPException: too many at a time (429, 503).
    """
    if (text is None) == (address is None):
        raise UsageFault("give either the text of an article or its address")
    request.app.state.reads.take(visitor_of(request))
    article = _article(request, text, address, published, title)
    if len(article.text) > LONGEST:
        raise PageTooLarge(f"the article has {len(article.text):,} characters; {LONGEST:,} can be pasted: read it with "
                           f"detente record")  # fmt: skip
    if not _ONE.acquire(timeout=PATIENCE_S):
        raise HTTPException(503, "other articles are being read just now; try again", {"retry-after": "30"})
    try:
        from detente.coding import code

        return code(article)
    finally:
        _ONE.release()


def _article(
    request: Request, text: str | None, address: str | None, published: str | None, title: str | None
) -> Article:
    from detente.plain import real_date
    from detente.reading import read_page, read_text
    from detente.sources.fetch import fetch

    when = real_date(published)
    if text is not None:
        return read_text(text, published=when, title=title)
    page = fetch(address or "", allow_private=request.app.state.settings.allow_private)
    return read_page(page.data, name=page.name, address=page.address, content_type=page.content_type, published=when,
                     title=title)  # fmt: skip
