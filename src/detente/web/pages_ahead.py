"""The pages that look ahead: the forecast with its track record, and the risk with and without lines.

What always holds: a GET computes and stores nothing; a forecast is stored only by who may write; what is asked twice on
the same state of the ledger is computed once.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import func, select

from detente.errors import UsageFault
from detente.escalation.assessment import risk as assess
from detente.escalation.model import Risk
from detente.forecasting import track
from detente.forecasting.model import Forecast
from detente.forecasting.outlook import LONGEST, forecast
from detente.ledger import schema
from detente.views import risk as words
from detente.views import risk_plots
from detente.views.outlook import how_it_did, outlook
from detente.views.text import number_of, parties, sentence_case
from detente.views.track import Record, record
from detente.web.access import Writer
from detente.web.queries import Clocks, When, ledger_of, pair
from detente.web.showing import Links, Shown, page

router = APIRouter()
Row = dict[str, Any]
Made = TypeVar("Made")
Horizon = Annotated[int, Query(ge=1, le=LONGEST, description="Days after the one that is asked about.")]
Lines = Annotated[list[str], Query(max_length=40, description="Ids or kinds of lines.")]
KEPT = 64
"""Answers that are kept: each takes a second of a processor, and a few kilobytes."""


class Kept:
    """Answers by what was asked, the last ones used; each is made by one visitor while others wait for it."""

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[Any, ...], make: Callable[[], Made]) -> Made:
        """The answer of a key."""
        with self._lock:  # one at a time, so that many visitors do not take all processors
            if key not in self._found:
                self._found[key] = make()
            self._found.move_to_end(key)
            while len(self._found) > KEPT:
                self._found.popitem(last=False)
            found: Made = self._found[key]
            return found


def _kept(request: Request) -> Kept:
    state = request.app.state
    if not hasattr(state, "ahead"):
        state.ahead = Kept()
    found: Kept = state.ahead
    return found


def _state(clocks: When) -> int:
    """Names the state of the ledger that is asked; gives the answer its ETag on the way."""
    with clocks.reading() as connection:
        return connection.scalar(select(func.max(schema.reports.c.seq))) or 0


def _days(clocks: When) -> tuple[str, str | None]:
    """The two days of a question about what comes next."""
    if clocks.recorded:
        raise UsageFault(
            "recorded: what comes next is asked of all that the ledger has; leave it out, or ask with known"
        )
    on = clocks.on.isoformat()
    known = clocks.asked.known
    return on, min(known, on) if known else None


def forecast_of(request: Request, clocks: When, a: str, b: str, horizon: int) -> Forecast:
    """The forecast of two parties."""
    on, known = _days(clocks)
    key = ("forecast", _state(clocks), a, b, on, known, horizon)
    return _kept(request).get(key, lambda: forecast(ledger_of(request), a, b, on=on, known=known, horizon=horizon))


@page(router, "/forecast/{a}/{b}")
def ahead(request: Request, clocks: Clocks, a: str, b: str, horizon: Horizon = 30) -> Shown:
    """What comes next between two parties."""
    one, other = pair(a, b)
    assert one and other
    found = forecast_of(request, clocks, one, other, horizon)
    view = outlook(found)
    rows = [_question_row(q) for q in found.questions()]
    told, plot = how_it_did(_record(request, clocks, one, other))
    return Shown("forecast.html", view, rows, clocks, {"horizon": horizon, "record": told, "plot": plot})


def _record(request: Request, clocks: When, a: str, b: str) -> Record:
    """How past forecasts of two parties did, as far as it is known."""
    with ledger_of(request).asked() as connection:
        some = track.stored(connection, a, b)
        found = track.resolved(connection, some, known=clocks.known)
    return record([s.forecast for s in some], found, clocks.on, [a, b])


@router.post("/forecast/{a}/{b}", response_model=None)
def keep(
    request: Request, writer: Writer, a: str, b: str, horizon: Annotated[int, Form(ge=1, le=LONGEST)] = 30
) -> Response:
    """Store today's forecast, so that it can be seen later how it did."""
    one, other = pair(a, b)
    assert one and other
    ledger = ledger_of(request)
    track.store(ledger, forecast(ledger, one, other, horizon=horizon))
    return RedirectResponse(Links()("forecast", one, other, horizon=str(horizon)), 303)


def _question_row(question: Any) -> Row:
    told: Row = question.model_dump(mode="json")
    chance = told.pop("chance")
    drivers = told.pop("drivers")
    return {**told, **chance, "events": [e for d in drivers for e in d["events"]]}


@page(router, "/risk/{a}/{b}")
def risk(
    request: Request, clocks: Clocks, a: str, b: str, without: Lines = [], with_: Annotated[  # noqa: B006 - a default of FastAPI's
        list[str], Query(alias="with", max_length=40, description="Ids or kinds of lines.")
    ] = [],  # noqa: B006
) -> Shown:  # fmt: skip
    """What losing or reopening lines between two parties goes with."""
    one, other = pair(a, b)
    assert one and other
    on, known = _days(clocks)
    gone, back = tuple(sorted({w for w in without if w})), tuple(sorted({w for w in with_ if w}))
    key = ("risk", _state(clocks), one, other, on, known, gone, back)
    report: Risk = _kept(request).get(
        key, lambda: assess(ledger_of(request), one, other, on=on, known=known, without=gone, with_=back)
    )
    titles = words.title_by_line(report)
    view = {
        "title": f"Risk between {parties([one, other])}", "a": one, "b": other, "sentence": words.headline(report),
        "brief": words.brief(report)[1:], "tables": words.tables(report), "notes": words.notes(report),
        "lines": [{"id": v.line, "title": sentence_case(titles[v.line]), "state": v.state, "counts": v.counts,
                   "data": v.data} for v in report.values],
        "report": report,
    }  # fmt: skip
    drawn = (risk_plots.ladder, risk_plots.worth, risk_plots.tornado) if report.values else ()
    rows = [v.model_dump(mode="json") for v in report.values]
    return Shown("risk.html", view, rows, clocks, {
        "drawings": [draw(report).framed() for draw in drawn], "without": gone, "with_": back,
        "lost": number_of(len(gone), "line"),
    })  # fmt: skip
