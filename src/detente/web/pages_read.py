"""The pages of articles: one that was recorded, one that is pasted, the evidence behind an id; and what a person says.

What always holds: a GET writes nothing; what a person says of an item is a new report under the name of who is signed
in, never an edit; text of an article goes out only where the server may give it.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from detente.errors import UsageFault
from detente.ledger import articles as kept
from detente.ledger import asking
from detente.ledger.evidence import evidence as behind
from detente.ledger.evidence import groups_of
from detente.ledger.recording import article_id
from detente.ledger.titles import titled
from detente.model import Reading
from detente.parties import code_of
from detente.plain import day, sentence_case, shown
from detente.views.board import board
from detente.views.dossier import margin
from detente.views.record import source_of, web_address
from detente.views.spans import blocks
from detente.views.why import said
from detente.web.access import Writer, holder_of, sign_in, sign_out
from detente.web.contracts import Article, Evidence
from detente.web.pasted import read_pasted
from detente.web.queries import Clocks, ledger_of
from detente.web.rendering import render
from detente.web.showing import Links, Shown, page

router = APIRouter()
Row = dict[str, Any]
Text = Annotated[str, Form(max_length=400_000)]
Short = Annotated[str, Form(max_length=2000)]
MOST = 200
"""Reports that the page of an id tells."""
OF_LINE = ("change", "date", "effective", "by", "count", "cap", "status")
OF_EVENT = ("type", "date", "source", "target", "status")
"""Fields that a form can correct; the command line can correct all."""


@page(router, "/article/{name}")
def article(request: Request, clocks: Clocks, name: str) -> Shown:
    """An article as it was read, with its items in the margin."""
    with clocks.reading() as connection:
        told = kept.article(connection, name)
        newest = told["readings"][-1]["id"] if told["readings"] else None
        items = kept.items_of(connection, newest)["items"] if newest else []
        reading = kept.reading(connection, newest) if newest else None
        marks = _marks(connection, items)
    withheld = request.app.state.settings.quotes_only
    view = Article(name, shown(told["title"]) or "Untitled article", source_of(told), day(told["published"]),
                   told["withdrawn"], withheld, told["readings"], items)  # fmt: skip
    return Shown("article.html", view, _flat(items), clocks, {
        "link": web_address(told["address"]), "reading": reading, "marks": marks,
        "fields": {"line": OF_LINE, "event": OF_EVENT}, "changes": _changes(reading),
        **_read(reading, text=not withheld),
    })  # fmt: skip


def _read(reading: Reading | None, *, text: bool) -> Row:
    """What the template shows of a reading."""
    if reading is None:
        return {"told": None, "blocks": (), "margin": {}}
    told = board(reading)
    return {"told": told, "blocks": blocks(reading) if text else (), "margin": margin(reading, told)}


def _marks(connection: Connection, items: list[Row]) -> dict[str, Row]:
    """For each item its report, what it belongs to, and how that stands."""
    groups = groups_of(connection, [item["report"] for item in items])
    rows = {row["id"]: row for row in asking.changes_by_id(connection, groups.values())}
    rows |= asking.events_by_id(connection, groups.values())
    return {item["item"]: {"report": item["report"], "group": groups.get(item["report"], ""), "kind": item["kind"],
                           "fields": item["fields"],
                           "standing": rows.get(groups.get(item["report"], ""), {}).get("standing", "")}
            for item in items}  # fmt: skip


def _changes(reading: Reading | None) -> dict[str, list[dict[str, str]]]:
    """For each event the changes that it made to lines, which stand on its card."""
    found: dict[str, list[dict[str, str]]] = {}
    for line in reading.lines if reading else ():
        if line.event:
            found.setdefault(line.event, []).append({"id": line.id, "words": said(line)})
    return found


def _flat(items: list[Row]) -> list[Row]:
    return [{**{k: v for k, v in item.items() if k != "fields"}, **item["fields"]} for item in items]


@page(router, "/evidence/{name}")
def evidence(request: Request, clocks: Clocks, name: str) -> Shown:
    """The reports behind an id: who said so, where, in which words."""
    with clocks.reading() as connection:
        rows = behind(connection, name, asked=clocks.asked)
    told = [{**row, "source": source_of(row), "what": _what(row)} for row in rows[:MOST]]
    view = Evidence(name, f"Evidence for {name}", told, len(rows), max(len(rows) - MOST, 0))
    return Shown("evidence.html", view, rows, clocks)


def _what(row: Row) -> str:
    """What a report is of, in a few words."""
    fields = row["fields"]
    if row["kind"] == "line" and "change" in fields:
        title = titled(fields["kind"], fields["owner"], fields["counterpart"], fields.get("name"), fields.get("seat"))
        return f"{sentence_case(title)}: {shown(fields['change'])}"
    if row["kind"] == "event" and "type" in fields:
        return (
            f"{', '.join(fields.get('source', ()))} → {', '.join(fields.get('target', ()))}: {fields['type'].lower()}"
        )
    return str(row["kind"])


# pasted


@router.get("/read", response_model=None)
def paste(request: Request) -> Response:
    """Where an article or its address is pasted."""
    return _pasted(request)


def _pasted(request: Request, **values: Any) -> Response:
    blank = {"reading": None, "given": _given("", "", "", ""), "link": "", "withheld": False, **_read(None, text=True)}
    return render(request, "read.html", to=Links(), **(blank | values))


@router.post("/read", response_model=None)
def read(request: Request, text: Text = "", address: Short = "", published: Short = "", title: Short = "") -> Response:
    """The reading of what was pasted; nothing is recorded."""
    given = _given(text, address, published, title)
    reading = read_pasted(request, **given)
    withheld = bool(address) and request.app.state.settings.quotes_only
    return _pasted(request, reading=reading, given=given, withheld=withheld,
                   link=web_address(reading.address), **_read(reading, text=not withheld))  # fmt: skip


def _given(text: str, address: str, published: str, title: str) -> dict[str, str | None]:
    fields = {"text": text, "address": address.strip(), "published": published.strip(), "title": title.strip()}
    return {key: value or None for key, value in fields.items()}


@router.post("/record", response_model=None)
def record(
    request: Request, writer: Writer, text: Text = "", address: Short = "", published: Short = "", title: Short = ""
) -> Response:
    """Read what was pasted and record it."""
    reading = read_pasted(request, **_given(text, address, published, title))
    ledger_of(request).record([reading], retrieved=date.today())
    return _to(Links()("article", article_id(reading)))


# what a person says


@router.post("/say", response_model=None)
def say(
    request: Request, writer: Writer, act: Short, name: Short, reason: Short = "", field: Short = "",
    value: Short = "", back: Short = "/",
) -> Response:  # fmt: skip
    """Accept, correct, reject or dispute an item: a new report under the writer's name."""
    ledger = ledger_of(request)
    by, role = writer.name, writer.role
    if act == "accept":
        with ledger.asked() as connection:
            own = next((r for r in behind(connection, name) if r["kind"] in ("event", "line")), None)
        if own is None:
            raise UsageFault(f"{name} is no change or event, so there is nothing to accept")
        ledger.correct(name, {"status": own["fields"]["status"]}, by=by, role=role,
                       reason=reason or "accepted as it was read")  # fmt: skip
    elif act == "reject":
        ledger.correct(name, reject=True, by=by, role=role, reason=reason)
    elif act == "correct":
        ledger.correct(name, {field: _value(field, value)}, by=by, role=role, reason=reason)
    elif act == "dispute":
        ledger.dispute(name, by=by, role=role, reason=reason)
    else:
        raise UsageFault(f"act: {shown(act)!r} is none; accept, correct, reject or dispute")
    return _to(back)


def _value(field: str, text: str) -> Any:
    """A value of a form as the ledger has it."""
    text = text.strip()
    if field in ("by", "source", "target"):
        return [code_of(part.strip()) for part in text.replace(",", ";").split(";") if part.strip()]
    if field in ("count", "cap") and text:
        if not (text.isascii() and text.isdecimal()):
            raise UsageFault(f"{field}: {shown(text)!r} is no whole number")
        return int(text)
    return text or None


def _to(address: str) -> Response:
    """On to a page of this server, and never of another."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\")) and "\n" not in address
    return RedirectResponse(address if inside else "/", 303)


@router.get("/sign-in", response_model=None)
def signing_in(request: Request) -> Response:
    """Where a holder of a token signs in."""
    return render(request, "sign_in.html", to=Links())


@router.post("/sign-in", response_model=None)
def signed_in(request: Request, token: Short, back: Short = "/") -> Response:
    """Let this browser write for the holder of a token."""
    answer = _to(back)
    sign_in(request, answer, token.strip())
    return answer


@router.post("/sign-out", response_model=None)
def signed_out(request: Request) -> Response:
    """Forget who is signed in."""
    answer = _to("/")
    if holder_of(request) is not None:
        sign_out(request, answer)
    return answer
