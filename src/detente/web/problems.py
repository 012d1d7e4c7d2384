"""What went wrong, told as a page to a browser and as problem+json (RFC 9457) to a program.

What always holds: every error has a sentence that says what to do and is safe to show; a fault of détente itself shows
nothing of its inside; each class of `detente.errors` has one status.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from detente import errors
from detente.plain import shown

MEDIA_TYPE = "application/problem+json"
STATUS: dict[type[errors.DetenteError], int] = {
    errors.UsageFault: 400,
    errors.PageTooLarge: 413,
    errors.PageError: 422,
    errors.AddressRefused: 403,
    errors.FetchError: 502,
    errors.NotInLedger: 404,
    errors.LedgerBusy: 503,
    errors.LedgerFull: 507,
    errors.LedgerError: 500,
    errors.ForecastError: 422,
    errors.DetenteError: 500,
}
"""The status of each class of error; a class that is not here has that of the one it belongs to."""
_FOR_PROGRAMS = ("/api/", "/mcp", "/feeds/", "/badges/", "/openapi.json")
_SUFFIXES = (".json", ".csv", ".atom", ".svg")
LONGEST = 500
_DATES = "2021-10-18, 2021-10 or 2021"
_LIKE = dict.fromkeys(("on", "known", "since", "until", "published"), _DATES) | {
    "recorded": "2021-10-18 or 2021-10-18T14:30Z"
}
"""What to write for a parameter that has a form of its own."""


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it."""

    type: str = Field(description="about:blank, or urn:detente: and the class of the error")
    title: str = Field(description="the status in words")
    status: int
    detail: str = Field(description="what, where, and what to do")
    instance: str = Field("", description="the address that was asked for")
    faults: list[dict[str, str]] = Field(default_factory=list, description="each parameter that is wrong, and why")


class NotModified(Exception):
    """The asker has it already."""


def status_of(error: errors.DetenteError) -> int:
    """The status of an error."""
    return next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)


def problem(
    status: int, detail: str, *, kind: str = "about:blank", instance: str = "",
    faults: list[dict[str, str]] | None = None, headers: Mapping[str, str] | None = None,
) -> JSONResponse:  # fmt: skip
    """An answer that tells a problem."""
    told = Problem(type=kind, title=HTTPStatus(status).phrase, status=status, detail=shown(detail)[:LONGEST],
                   instance=instance, faults=faults or [])  # fmt: skip
    return JSONResponse(told.model_dump(exclude_defaults=True), status, headers, media_type=MEDIA_TYPE)


def for_a_program(request: Request) -> bool:
    """Whether a request wants problem+json rather than a page."""
    path = request.url.path
    if path.startswith(_FOR_PROGRAMS) or path.endswith(_SUFFIXES):
        return True
    return "text/html" not in request.headers.get("accept", "text/html") and "json" in request.headers["accept"]


def answer(
    request: Request, status: int, detail: str, *, kind: str = "about:blank",
    faults: list[dict[str, str]] | None = None, headers: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    """The answer to a request that went wrong: a page, or problem+json."""
    if for_a_program(request):
        return problem(status, detail, kind=kind, instance=request.url.path, faults=faults, headers=headers)
    from detente.web.rendering import render

    made = render(request, "error.html", status=status, title=HTTPStatus(status).phrase, detail=shown(detail)[:LONGEST])
    made.status_code = status
    made.headers.update(headers or {})
    return made


def install(app: FastAPI) -> None:
    """Have an application tell its errors this way."""
    app.add_exception_handler(errors.DetenteError, _own)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(NotModified, _unchanged)
    app.add_exception_handler(Exception, _fault)


async def _own(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.DetenteError)
    status = status_of(error)
    headers = {"retry-after": "5"} if status == 503 else None
    return answer(request, status, str(error), kind=f"urn:detente:{type(error).__name__}", headers=headers)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = {404: "nothing is at this address; the board is at /", 405: "this cannot be done at this address"}
    told = error.detail if error.detail != HTTPStatus(error.status_code).phrase else ""
    return answer(request, error.status_code, told or said.get(error.status_code, error.detail), headers=error.headers)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [_fault_of(told) for told in error.errors()]
    return answer(request, 422, f"{faults[0]['where']}: {faults[0]['what']}", faults=faults)


def _fault_of(told: Mapping[str, Any]) -> dict[str, str]:
    """Which parameter is wrong, and why."""
    where = ".".join(shown(str(part))[:80] for part in told["loc"][1:]) or "the body"
    what = shown(str(told["msg"]))
    if told["type"] == "string_pattern_mismatch":
        what = f"this is none; write {_LIKE.get(where, 'it otherwise')}"
    return {"where": where, "what": what[:1].lower() + what[1:]}


async def _unchanged(request: Request, error: Exception) -> Response:
    return Response(status_code=304)


async def _fault(request: Request, error: Exception) -> Response:
    return answer(request, 500, f"a fault in détente itself ({type(error).__name__}); please report it")
