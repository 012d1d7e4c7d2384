"""REST for what comes next: forecasts, stored and made on the spot, how good they were, and risk.

What always holds: a GET stores nothing; a forecast is stored only by the holder of a token, and never changed.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel, ConfigDict, Field

from detente.errors import NotInLedger
from detente.escalation.model import Risk
from detente.forecasting import track
from detente.forecasting.model import Forecast
from detente.forecasting.outlook import LONGEST
from detente.ledger.days import as_of, day_of
from detente.web.access import Writer
from detente.web.ahead import ahead_of, days_of
from detente.web.api import listed
from detente.web.plain import Json
from detente.web.queries import Clocks, MaybeParty, Name, Part, Party, Word, ledger_of, pair
from detente.web.shapes import listing, one

router = APIRouter(prefix="/api/v1", tags=["ahead"])
Horizon = Annotated[int, Query(ge=1, le=LONGEST, description="Days after the one that is asked about.")]
_Id = Annotated[str, Field(max_length=200)]
Without = Annotated[list[_Id], Query(max_length=40, default_factory=list, description="Lines supposed to be down.")]
With = Annotated[
    list[_Id], Query(alias="with", max_length=40, default_factory=list, description="Lines supposed to be in use.")
]
_CODE = Field(min_length=1, max_length=80, description="A party: its code, or an English name.")


class StoredForecast(BaseModel):
    """A forecast that was stored; its questions stand at its own address."""

    id: str
    a: str
    b: str
    on: str = Field(description="the day that was asked about")
    known: str = Field(description="nothing published later was looked at")
    horizon: int = Field(description="days")
    made_at: str = Field(description="when it was made, UTC")
    last_report: int = Field(description="number of the newest report that the ledger had then")
    maker: str = Field(description="the program that made it")


class Score(BaseModel):
    """How good stored forecasts were; see `detente score`."""

    model_config = ConfigDict(extra="allow")
    forecasts: int = Field(description="of which something is resolved")
    n: int = Field(description="questions that were resolved")
    yes: int = Field(description="those that came out so")
    unresolved: int = Field(description="questions whose horizon has passed, but of which it is not known")
    brier: float | None = Field(description="mean squared fault; 0 is the best")
    log_score: float | None
    bins: list[dict[str, Any]] = Field(description="calibration by tenths of probability")
    kinds: dict[str, Any] = Field(description="the same by kind of question")


class Ask(BaseModel):
    """A forecast that is to be made and stored."""

    model_config = ConfigDict(extra="forbid")
    a: Annotated[str, _CODE]
    b: Annotated[str, _CODE]
    on: str | None = Field(None, max_length=10, description="the day that is asked about; today unless given")
    known: str | None = Field(None, max_length=10, description="nothing published later is looked at")
    horizon: int = Field(30, ge=1, le=LONGEST)
    after: str | None = Field(None, max_length=200, description="the event whose answer is asked for")


class Kept(BaseModel):
    """The id of a stored forecast."""

    id: str


@router.get("/forecast", responses=one(Forecast))
def forecast(clocks: Clocks, a: Party, b: Party, horizon: Horizon = 30, after: Word = None) -> Json:
    """What is likely next between A and B; made on the spot and not stored."""
    one_, other = pair(a, b)
    assert one_ is not None and other is not None
    on, known = days_of(clocks)
    with clocks.reading(one_, other):  # for the tag of the answer
        pass
    made = ahead_of(clocks.request).forecast(one_, other, on=on, known=known, horizon=horizon, after=after)
    return Json(made.model_dump(mode="json"))


@router.get("/forecasts", responses=listing(StoredForecast))
def forecasts(clocks: Clocks, part: Part, a: MaybeParty = None, b: MaybeParty = None) -> Json:
    """The forecasts that were stored, in the order in which they were made."""
    one_, other = pair(a, b)
    with clocks.reading(one_, other) as connection:
        rows = [_row(found) for found in track.stored(connection, one_, other)]
    return listed(clocks, part, rows)


def _row(found: track.Stored) -> dict[str, Any]:
    told = found.forecast
    return {"id": told.id, "a": told.a, "b": told.b, "on": told.on, "known": told.known, "horizon": told.horizon,
            "made_at": found.made_at, "last_report": found.last_report, "maker": found.maker}  # fmt: skip


@router.get("/forecasts/{name}", responses=one(Forecast))
def stored(clocks: Clocks, name: Name) -> Json:
    """A forecast as it was stored."""
    with clocks.reading() as connection:
        found = next((s.forecast for s in track.stored(connection) if s.forecast.id == name), None)
    if found is None:
        raise NotInLedger(f"there is no forecast {name!r}; /api/v1/forecasts lists those that are stored")
    return Json(found.model_dump(mode="json"))


@router.post("/forecasts", status_code=201, response_model=Kept)
def store(request: Request, ask: Ask, writer: Writer) -> dict[str, str]:
    """Make a forecast and store it; once its horizon has passed it counts in the score."""
    one_, other = pair(ask.a, ask.b)
    assert one_ is not None and other is not None
    day = day_of(ask.on, "on") or date.today()
    made = ahead_of(request).forecast(one_, other, on=day.isoformat(), known=as_of(ask.known).known,
                                      horizon=ask.horizon, after=ask.after)  # fmt: skip
    return {"id": track.store(ledger_of(request), made)}


@router.get("/score", responses=one(Score))
def score(clocks: Clocks, a: MaybeParty = None, b: MaybeParty = None) -> Json:
    """How good the stored forecasts were, against the base rate and persistence."""
    one_, other = pair(a, b)
    with clocks.reading(one_, other) as connection:
        found = track.resolved(connection, track.stored(connection, one_, other), known=clocks.known,
                               history=ahead_of(clocks.request).history)  # fmt: skip
    return Json(jsonable_encoder(track.score(found)))


@router.get("/risk", responses=one(Risk))
def risk(clocks: Clocks, a: Party, b: Party, without: Without, back: With) -> Json:
    """What losing or reopening lines between A and B goes with: association, never cause."""
    one_, other = pair(a, b)
    assert one_ is not None and other is not None
    on, known = days_of(clocks)
    with clocks.reading(one_, other):  # for the tag of the answer
        pass
    made = ahead_of(clocks.request).risk(one_, other, on=on, known=known, without=without, with_=back)
    return Json(made.model_dump(mode="json"))
