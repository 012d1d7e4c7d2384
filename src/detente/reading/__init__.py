"""Page to Article: text, HTML or PDF in; the story, its main stretch and the residue out.

What always holds: `Article.text` is never changed after this stage, and for plain text it is the input itself; what
cannot be read as an article gives an error that says what to do, never an empty article.
"""

from __future__ import annotations

import hashlib

from detente.errors import NoArticle, PageEmpty, PageTooLarge
from detente.model import Article
from detente.reading.decode import text_of
from detente.reading.language import check_language
from detente.reading.residue import Layout, layout

LARGEST_PAGE = 20_000_000
"""Bytes of a page as it comes."""
LARGEST_TEXT = 1_000_000
"""Characters of text: some 300 printed pages, far beyond any article."""
SHORTEST = 20
"""Characters of main text below which there is no article."""

__all__ = ["LARGEST_PAGE", "LARGEST_TEXT", "read_page", "read_text"]


def read_page(
    data: bytes,
    *,
    name: str,
    address: str | None = None,
    content_type: str | None = None,
    published: str | None = None,
    title: str | None = None,
    id: str | None = None,
) -> Article:
    """Read a page of any kind.

    Args:
        data: the page as it was stored or fetched.
        name: what to call it in messages.
        address: where it came from, if from the web.
        content_type: what the server said that it is.
        published: ISO date, where the caller knows it; else the page's own is taken.
        title: title, where the caller knows it.
        id: name for the reading; made from the text where not given.

    Returns:
        The article.

    Raises:
        PageError: empty, binary, too large, of unknown encoding, without an article, or not in English.
    """
    if not data.strip():
        raise PageEmpty(f"{name} is empty; give a page that holds an article")
    if len(data) > LARGEST_PAGE:
        raise PageTooLarge(f"{name} has {len(data) / 1e6:.0f} MB; give a page of at most {LARGEST_PAGE / 1e6:.0f} MB")
    kind = (content_type or "").split(";")[0].strip().lower()
    if data.startswith(b"%PDF-") or kind == "application/pdf":
        from detente.reading.pdf import text_of_pdf

        return read_text(text_of_pdf(data, name), published=published, title=title, id=id, address=address, name=name)
    text = text_of(data, name, content_type)
    if kind in ("text/html", "application/xhtml+xml") or _looks_like_html(text):
        _check_size(text, name, LARGEST_PAGE)
        from detente.reading.html import story_of

        story = story_of(text, name, address)
        return read_text(
            story.text,
            published=published or story.published,
            title=title or story.title,
            id=id,
            address=address,
            publisher=story.publisher,
            name=name,
        )
    return read_text(text, published=published, title=title, id=id, address=address, name=name)


def read_text(
    text: str,
    *,
    published: str | None = None,
    title: str | None = None,
    id: str | None = None,
    address: str | None = None,
    publisher: str | None = None,
    name: str = "the text",
) -> Article:
    """Read plain text; the article's text is the input, unchanged.

    Args:
        text: the page's text, paragraphs divided by blank lines.
        published: ISO date, if known.
        title: title, if known; else the first line, where it looks like one.
        id: name for the reading.
        address: where it came from.
        publisher: who published it.
        name: what to call it in messages.

    Returns:
        The article.

    Raises:
        PageError: nothing in it, too large, not in English, or no article.
    """
    if not text.strip():
        raise PageEmpty(f"{name} is empty; give a page that holds an article")
    _check_size(text, name, LARGEST_TEXT)
    found: Layout = layout(text, title)
    start, end = found.main
    if sum(map(str.isalpha, text[start:end])) < SHORTEST:
        raise NoArticle(f"{name} holds no article, only scraps; give a page with at least a few sentences of text")
    language = check_language(text[start:end], name)
    return Article(
        id=id or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        text=text,
        title=title or found.title,
        published=published or found.published,
        publisher=publisher,
        address=address,
        language=language,
        main=found.main,
        residue=found.residue,
    )


def _check_size(text: str, name: str, largest: int) -> None:
    if len(text) > largest:
        raise PageTooLarge(
            f"{name} has {len(text):,} characters; the limit is {largest:,}: give one article at a time, "
            f"or many with --batch"
        )


def _looks_like_html(text: str) -> bool:
    head = text[:2000].lstrip("\ufeff \t\r\n").lower()
    return head.startswith(("<!doctype html", "<html", "<?xml", "<head", "<body")) or (
        head.startswith("<") and any(tag in head for tag in ("<div", "<p>", "<p ", "<article", "<meta", "<title"))
    )
