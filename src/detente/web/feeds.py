"""Feeds of a line, a pair or a party, as Atom (RFC 4287) and as JSON Feed 1.1.

What always holds: what comes from an article is text in a feed, never markup; an entry has the same id in both forms
and on every server; it leads to the evidence here, and to the article where that stands on the web.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup
from sqlalchemy import Connection

from detente.ledger import asking
from detente.ledger.exports import Wanted, feed_items
from detente.ledger.keys import pair as in_order
from detente.ledger.titles import title_of
from detente.plain import parties, sentence_case, shown, visible
from detente.web.plain import Json
from detente.web.queries import Clocks, Name, When, pair

Row = dict[str, Any]
router = APIRouter(prefix="/feeds", include_in_schema=False)
MOST = 50
"""Entries of a feed."""
ATOM, JSON = "application/atom+xml", "application/feed+json"
_NO_TIME = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class _Feed:
    """What a feed is about, and its entries."""

    title: str
    page: str
    items: list[Row]


@router.get("/line/{line}.atom")
def line_atom(clocks: Clocks, line: Name) -> Response:
    """What became of a line."""
    return _atom(clocks.request, _of_line(clocks, line))


@router.get("/line/{line}.json")
def line_json(clocks: Clocks, line: Name) -> Response:
    """What became of a line."""
    return _json(clocks.request, _of_line(clocks, line))


@router.get("/board/{a}.atom")
def party_atom(clocks: Clocks, a: Name) -> Response:
    """What happens to a party's lines, and what it does and suffers."""
    return _atom(clocks.request, _of_parties(clocks, a))


@router.get("/board/{a}.json")
def party_json(clocks: Clocks, a: Name) -> Response:
    """What happens to a party's lines, and what it does and suffers."""
    return _json(clocks.request, _of_parties(clocks, a))


@router.get("/board/{a}/{b}.atom")
def pair_atom(clocks: Clocks, a: Name, b: Name) -> Response:
    """What happens between two parties."""
    return _atom(clocks.request, _of_parties(clocks, a, b))


@router.get("/board/{a}/{b}.json")
def pair_json(clocks: Clocks, a: Name, b: Name) -> Response:
    """What happens between two parties."""
    return _json(clocks.request, _of_parties(clocks, a, b))


def _of_line(clocks: When, name: str) -> _Feed:
    with clocks.reading() as connection:
        found = asking.line(connection, name, asked=clocks.asked)
        a, b = in_order(found["owner"], found["counterpart"])
        items = _newest(connection, clocks, a, b, name)
    return _Feed(sentence_case(title_of(found)), f"/line/{quote(name, safe='')}", items)


def _of_parties(clocks: When, a: str, b: str | None = None) -> _Feed:
    one, other = pair(a, b)
    with clocks.reading(one, other) as connection:
        items = _newest(connection, clocks, one, other)
    codes = [code for code in (one, other) if code]
    title = f"Lines between {parties(codes)}" if other else f"Lines of {parties(codes)}"
    return _Feed(title, "/board/" + "/".join(codes), items)


def _newest(connection: Connection, clocks: When, a: str | None, b: str | None, line: str | None = None) -> list[Row]:
    wanted = Wanted(a, b, on=clocks.on.isoformat() if clocks.given else None, asked=clocks.asked)
    with closing(feed_items(connection, wanted, title_of=title_of, line=line)) as items:
        return list(islice(items, MOST))


def _base(request: Request) -> str:
    """What addresses of this server begin with."""
    return (request.app.state.settings.address or str(request.base_url)).rstrip("/")


def _id(item: Row) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, 'detente:' + item['id'])}"


def _page(item: Row) -> str:
    """Where an entry's evidence is."""
    line, at, _ = item["id"].partition("@")
    return f"/line/{quote(line, safe='')}" if at else f"/evidence/{quote(item['id'], safe='')}"


def _json(request: Request, feed: _Feed) -> Response:
    base = _base(request)
    items = [
        {key: value for key, value in item.items() if key != "url"}
        | {"id": _id(item), "url": base + _page(item), "title": shown(item["title"]),
           "content_text": visible(item["content_text"])}
        | ({"external_url": item["url"]} if "url" in item else {})
        for item in feed.items
    ]  # fmt: skip
    return Json({
        "version": "https://jsonfeed.org/version/1.1", "title": feed.title, "language": "en",
        "home_page_url": base + feed.page, "feed_url": base + request.url.path, "items": items,
    }, media_type=JSON)  # fmt: skip


def _atom(request: Request, feed: _Feed) -> Response:
    base = _base(request)
    updated = max((item["date_published"] for item in feed.items), default=_NO_TIME)
    head = [
        _element("title", feed.title), _element("id", base + request.url.path), _element("updated", updated),
        Markup("<author>{}</author>").format(_element("name", "détente")),
        _link("self", base + request.url.path), _link("alternate", base + feed.page),
    ]  # fmt: skip
    body = Markup('<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">{}'
                  "</feed>\n")  # fmt: skip
    return Response(body.format(_joined([*head, *(_entry(item, base) for item in feed.items)])), media_type=ATOM)


def _entry(item: Row, base: str) -> Markup:
    parts = [
        _element("title", item["title"]), _element("id", _id(item)), _element("updated", item["date_published"]),
        _link("alternate", base + _page(item)), *([_link("via", item["url"])] if "url" in item else []),
        *(Markup('<category term="{}"/>').format(shown(tag)) for tag in item["tags"]),
        Markup('<content type="text">{}</content>').format(visible(item["content_text"])),
    ]  # fmt: skip
    return Markup("<entry>{}</entry>\n").format(_joined(parts))


def _element(name: str, text: str) -> Markup:
    return Markup("<{0}>{1}</{0}>\n").format(name, shown(text))


def _link(rel: str, address: str) -> Markup:
    return Markup('<link rel="{}" href="{}"/>\n').format(rel, address)


def _joined(parts: Sequence[Markup]) -> Markup:
    return Markup().join(parts)
