"""Writing over REST: record an article, enter a change, correct, dispute, merge, split, withdraw.

What always holds: each needs a token, and what is written bears the name of its holder; nothing that was reported
before is changed by it. Having a page read writes nothing and needs none.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, create_model

from detente.ledger.hand import OPTIONAL, REQUIRED, from_fields
from detente.model import Reading
from detente.web.access import Writer
from detente.web.pasted import LONGEST, read_pasted
from detente.web.plain import Json
from detente.web.queries import ledger_of

router = APIRouter(prefix="/api/v1", tags=["writing"])
_PLAIN = r"^[^\x00-\x1f]+$"
Id = Annotated[str, Field(max_length=200, pattern=_PLAIN)]
Reason = Annotated[str, Field(max_length=2000, pattern=r"[^\s\x00]", description="Why; it stays on record.")]
_CREATED = 201


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Paste(_Body):
    """An article: its text or its address."""

    text: str | None = Field(None, max_length=LONGEST)
    address: str | None = Field(None, max_length=2000, examples=["https://example.org/article"])
    published: str | None = Field(None, max_length=10, description="2021-10-18, 2021-10 or 2021")
    title: str | None = Field(None, max_length=500)


class Correction(_Body):
    """What is right instead of what was reported."""

    id: Id = Field(description="the change, event or report that is wrong")
    fields: dict[str, Any] = Field(default_factory=dict, description="the right values of the fields that are wrong")
    reject: bool = Field(False, description="there was no such act at all")
    reason: Reason


class Contest(_Body):
    """A change or event that is contested."""

    id: Id
    reason: Reason


class Merge(_Body):
    """Two events, or two changes, that are one act."""

    one: Id
    other: Id
    reason: Reason


class Split(_Body):
    """A report that tells of another act than those with which it was put together."""

    report: Id
    reason: Reason


class Withdrawal(_Body):
    """An article that is taken back."""

    article: Id = Field(description="its id, or its address")
    quotes: bool = Field(False, description="erase the quotes of its reports, too")
    keep: bool = Field(False, description="let its reports count on: only the text must go")
    reason: Reason


class Said(BaseModel):
    """What was written."""

    report: str = Field(description="id of the new report")


class New(BaseModel):
    """What is new in the ledger."""

    articles: int
    readings: int
    reports: int
    known: int = Field(description="readings that were there already")


_Cell = Annotated[str, Field(min_length=1, max_length=2000)]
_columns: dict[str, Any] = dict.fromkeys(REQUIRED, (_Cell, ...)) | dict.fromkeys(OPTIONAL, (_Cell | None, None))
Entry: Any = create_model("Entry", __base__=_Body, __doc__="A change entered by hand, its values as text.", **_columns)


@router.post("/readings", responses={200: {"model": Reading}}, tags=["reading"])
def read(request: Request, paste: Paste) -> Json:
    """Have an article read; nothing is recorded. Of an address no text goes out where only quotes may."""
    found = read_pasted(request, **paste.model_dump()).model_dump(mode="json")
    if paste.address and request.app.state.settings.quotes_only:
        found |= {"text": "", "main": [0, 0], "residue": []}
    return Json(found)


@router.post("/articles", status_code=_CREATED, response_model=New)
def record(request: Request, paste: Paste, writer: Writer) -> dict[str, int]:
    """Read an article and record what it says."""
    made = read_pasted(request, **paste.model_dump())
    new = ledger_of(request).record([made], retrieved=date.today())
    return {"articles": new.articles, "readings": new.readings, "reports": new.reports, "known": new.known}


@router.post("/changes", status_code=_CREATED, response_model=New)
def enter(request: Request, entry: Entry, writer: Writer) -> dict[str, int]:
    """Enter a change to a line by hand; who enters it is the token's holder."""
    given = entry.model_dump(exclude_none=True)
    new = ledger_of(request).record(from_fields(given, by=writer.name, role=writer.role))
    return {"articles": new.articles, "readings": new.readings, "reports": new.reports, "known": new.known}


@router.post("/corrections", status_code=_CREATED, response_model=Said)
def correct(request: Request, body: Correction, writer: Writer) -> dict[str, str]:
    """Say what is right of a change, event or report; this outranks what machines report."""
    return {"report": ledger_of(request).correct(body.id, body.fields, by=writer.name, role=writer.role,
                                                 reason=body.reason, reject=body.reject)}  # fmt: skip


@router.post("/disputes", status_code=_CREATED, response_model=Said)
def dispute(request: Request, body: Contest, writer: Writer) -> dict[str, str]:
    """Contest a change or event: what only machines report moves no state while it is disputed."""
    return {"report": ledger_of(request).dispute(body.id, by=writer.name, role=writer.role, reason=body.reason)}


@router.post("/merges", status_code=_CREATED, response_model=Said)
def merge(request: Request, body: Merge, writer: Writer) -> dict[str, str]:
    """Say that two events, or two changes, are one act."""
    return {"report": ledger_of(request).merge(body.one, body.other, by=writer.name, role=writer.role,
                                               reason=body.reason)}  # fmt: skip


@router.post("/splits", status_code=_CREATED, response_model=Said)
def split(request: Request, body: Split, writer: Writer) -> dict[str, str]:
    """Say that a report tells of another act than those with which it was put together."""
    return {"report": ledger_of(request).split(body.report, by=writer.name, role=writer.role, reason=body.reason)}


@router.post("/withdrawals", status_code=_CREATED, response_model=Said)
def withdraw(request: Request, body: Withdrawal, writer: Writer) -> dict[str, str]:
    """Take an article back: its text is erased; that it was there stays on record."""
    return {"report": ledger_of(request).withdraw(body.article, by=writer.name, role=writer.role, reason=body.reason,
                                                  quotes=body.quotes, keep=body.keep)}  # fmt: skip
