"""The pages that people see.

What always holds: what a page shows comes from the view models that terminal and JSON use, too.
"""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from detente.ledger import asking
from detente.views import record
from detente.web.queries import Clocks
from detente.web.rendering import render

router = APIRouter(include_in_schema=False)


@router.get("/")
def index(request: Request, clocks: Clocks) -> HTMLResponse:
    """The board of all lines."""
    with clocks.reading() as connection:
        rows = asking.board(connection, on=clocks.on, asked=clocks.asked)
        view = record.board(rows, (), {}, on=date.today(), known=clocks.known, recorded=clocks.recorded)
    return render(request, "index.html", view=view)
