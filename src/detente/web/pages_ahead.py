"""The pages that look ahead: the forecast with its track record, and the risk with and without lines.

What always holds: a GET computes and stores nothing; a forecast is stored only by who may write; what is asked twice on
the same state of the ledger is computed once.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from detente.forecasting import track
from detente.forecasting.outlook import LONGEST, forecast
from detente.plain import number_of, parties, sentence_case
from detente.views import risk as words
from detente.views import risk_plots
from detente.views.outlook import how_it_did, outlook
from detente.views.track import Record, record
from detente.web.access import Writer
from detente.web.ahead import ahead_of, days_of
from detente.web.contracts import RiskLine, RiskPanel
from detente.web.queries import Clocks, When, ledger_of, pair
from detente.web.showing import Links, Shown, page

router = APIRouter()
Row = dict[str, Any]
Horizon = Annotated[int, Query(ge=1, le=LONGEST, description="Days after the one that is asked about.")]
Without = Annotated[list[str] | None, Query(max_length=40, description="Ids or kinds of lines that are lost.")]
With = Annotated[list[str] | None, Query(alias="with", max_length=40, description="Ids or kinds of lines in use.")]


@page(router, "/forecast/{a}/{b}")
def ahead(request: Request, clocks: Clocks, a: str, b: str, horizon: Horizon = 30) -> Shown:
    """What comes next between two parties."""
    one, other = pair(a, b)
    assert one and other
    on, known = days_of(clocks)
    found = ahead_of(request).forecast(one, other, on=on, known=known, horizon=horizon)
    view = outlook(found)
    rows = [_question_row(q) for q in found.questions()]
    told, plot = how_it_did(_record(request, clocks, one, other))
    return Shown("forecast.html", view, rows, clocks, {"horizon": horizon, "record": told, "plot": plot})


def _record(request: Request, clocks: When, a: str, b: str) -> Record:
    """How past forecasts of two parties did, as far as it is known."""
    with ledger_of(request).asked() as connection:
        some = track.stored(connection, a, b)
        found = track.resolved(connection, some, known=clocks.known, history=ahead_of(request).history)
    return record([s.forecast for s in some], found, clocks.on, [a, b])


@router.post("/forecast/{a}/{b}", response_model=None)
def keep(
    request: Request, writer: Writer, a: str, b: str, horizon: Annotated[int, Form(ge=1, le=LONGEST)] = 30
) -> Response:
    """Store today's forecast, so that it can be seen later how it did."""
    one, other = pair(a, b)
    assert one and other
    ledger = ledger_of(request)
    track.store(ledger, forecast(ledger, one, other, horizon=horizon, history=ahead_of(request).history))
    return RedirectResponse(Links()("forecast", one, other, horizon=str(horizon)), 303)


def _question_row(question: Any) -> Row:
    told: Row = question.model_dump(mode="json")
    chance = told.pop("chance")
    drivers = told.pop("drivers")
    return {**told, **chance, "events": [e for d in drivers for e in d["events"]]}


@page(router, "/risk/{a}/{b}")
def risk(request: Request, clocks: Clocks, a: str, b: str, without: Without = None, with_: With = None) -> Shown:
    """What losing or reopening lines between two parties goes with."""
    one, other = pair(a, b)
    assert one and other
    on, known = days_of(clocks)
    gone, back = tuple(filter(None, without or ())), tuple(filter(None, with_ or ()))
    report = ahead_of(request).risk(one, other, on=on, known=known, without=gone, with_=back)
    titles = words.title_by_line(report)
    lines = [RiskLine(v.line, sentence_case(titles[v.line]), v.state, v.counts, v.data) for v in report.values]
    view = RiskPanel(
        f"Risk between {parties([one, other])}", one, other, words.headline(report), words.brief(report)[1:],
        words.tables(report), words.notes(report), lines, report,
    )  # fmt: skip
    drawn = (risk_plots.ladder, risk_plots.worth, risk_plots.tornado) if report.values else ()
    rows = [v.model_dump(mode="json") for v in report.values]
    return Shown("risk.html", view, rows, clocks, {
        "drawings": [draw(report).framed() for draw in drawn], "without": gone, "with_": back,
        "lost": number_of(len(gone), "line"),
    })  # fmt: skip
