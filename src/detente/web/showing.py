"""How a page is shown: the same address as HTML, with ``.json`` and with ``.csv``; and where everything stands.

What always holds: all three forms come from one view and its rows; a link keeps the two clocks of the page that it
stands on; nothing that is shown decides anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import Response
from sqlalchemy import func, select

from detente.ledger.schema import events, reports
from detente.views.asked import Clock
from detente.views.rows import as_csv_text
from detente.web.plain import Json
from detente.web.queries import When, ledger_of
from detente.web.rendering import render

Row = dict[str, Any]
_FORM = re.compile(r"\.(json|csv)$")
FORMS = ("", ".json", ".csv")


@dataclass(frozen=True)
class Shown:
    """What a page shows.

    Attributes:
        template: that shows it.
        view: what it shows, the same for every form.
        rows: the rows behind it, for a spreadsheet.
        clocks: as of when, where the page has clocks.
        values: what the template needs besides, such as drawings.
    """

    template: str
    view: Any
    rows: Sequence[Row] = ()
    clocks: When | None = None
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What it is, to cite it by."""
        return str(getattr(self.view, "title", None) or self.values.get("title", "A page"))


class Links:
    """Addresses of this server's pages, with the clocks of the page that they stand on.

    Args:
        query: what is kept of the page's own query.
    """

    file = False
    """Whether it is a file by itself."""

    def __init__(self, query: Sequence[tuple[str, str]] = ()) -> None:
        self._query = list(query)

    def __call__(self, kind: str, *ids: str, **more: str | None) -> str:
        """Where something stands: `kind` is board, line, evidence, article and so on; an answer is on the page.

        Example:
            >>> Links([("on", "2021-11-02")])("board", "NATO", "RUS")
            '/board/NATO/RUS?on=2021-11-02'
        """
        if kind == "answer":
            return f"#answer-{quote(ids[0])}"
        query = urlencode([*self._query, *((k, v) for k, v in more.items() if v)])
        return "/" + "/".join(quote(part, safe="") for part in (kind, *ids)) + (f"?{query}" if query else "")


def links_of(clocks: When | None) -> Links:
    """The addresses of a page with these clocks."""
    if clocks is None:
        return Links()
    kept = (("on", clocks.given), ("known", clocks.known), ("recorded", clocks.recorded))
    return Links([(key, value) for key, value in kept if value])


def clock_of(clocks: When) -> Clock:
    """The clocks of a request, for `detente.views.asked`."""
    return Clock(clocks.on, clocks.known, clocks.recorded, clocks.asked)


def page(router: APIRouter, *paths: str) -> Callable[[Callable[..., Shown]], Callable[..., Shown]]:
    """Have a function answer at addresses, each also with ``.json`` and ``.csv``.

    Args:
        router: whose.
        paths: the addresses; "/" has no other form.
    """

    def taken(function: Callable[..., Shown]) -> Callable[..., Shown]:
        @wraps(function)
        def endpoint(request: Request, **given: Any) -> Response:
            return answered(request, function(request=request, **given))

        for path in paths:
            for form in FORMS[1:] + FORMS[:1]:  # the longer address first, or the shorter one takes it for a name
                if path != "/" or not form:
                    router.add_api_route(path + form, endpoint, methods=["GET"], response_model=None,
                                         include_in_schema=False, name=f"{function.__name__}{form}")  # fmt: skip
        return function

    return taken


def answered(request: Request, shown: Shown) -> Response:
    """The form of a page that is asked for."""
    form = _FORM.search(request.url.path)
    if form and form[1] == "json":
        clocks = shown.clocks
        told = {"address": request.url.path + (f"?{request.url.query}" if request.url.query else "")}
        when = {"on": clocks.on, "known": clocks.known, "recorded": clocks.recorded} if clocks else {}
        return Json(jsonable_encoder({**told, **when, "view": shown.view, "rows": list(shown.rows)}))
    if form:
        return Response(as_csv_text(shown.rows), media_type="text/csv; charset=utf-8")
    to = links_of(shown.clocks)
    return render(
        request, shown.template, view=shown.view, empty=not shown.rows and _empty(request), clocks=shown.clocks, to=to,
        today=date.today(), earliest=_earliest(request) if shown.clocks else "", forms=_forms(request),
        cite=cited(request, shown), **shown.values,
    )  # fmt: skip


def _empty(request: Request) -> bool:
    """Whether nothing at all is recorded, so that the demonstration ledger is offered."""
    with ledger_of(request).asked() as connection:
        return connection.scalar(select(reports.c.seq).limit(1)) is None


def _earliest(request: Request) -> str:
    """The first day of which anything is told, where the handles of the clocks begin."""
    with ledger_of(request).asked() as connection:
        found = connection.scalar(select(func.min(events.c.day)).where(events.c.day > "0001-01-01"))
    return str(found or date.today().replace(month=1, day=1))


def _forms(request: Request) -> dict[str, str]:
    """The same address in the other forms."""
    path = "/board" if request.url.path == "/" else request.url.path
    query = f"?{request.url.query}" if request.url.query else ""
    return {form: f"{path}.{form}{query}" for form in ("json", "csv")}


def cited(request: Request, shown: Shown) -> str:
    """How to cite a page: what it shows, as of when, when it was looked at, and where."""
    told = shown.title
    when = ""
    if shown.clocks:
        when = f", as of {shown.clocks.on.isoformat()}"
        when += f", known by {shown.clocks.known}" if shown.clocks.known else ""
        when += f", recorded by {shown.clocks.recorded}" if shown.clocks.recorded else ""
    settings = request.app.state.settings
    base = (settings.address or str(request.base_url)).rstrip("/")
    query = f"?{request.url.query}" if request.url.query else ""
    return f"“{told}”{when}. détente, looked at on {date.today().isoformat()}. {base}{request.url.path}{query}"
