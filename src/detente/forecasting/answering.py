"""The answer to an act: whether, when, how and with what number the other side answers it.

What always holds: nothing later than the day asked about, or known later than asked, is looked at; that an answer is
already on record is said, and is no forecast; where no rate is known for acts of a type, that is said, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal, Protocol

from sqlalchemy import Connection

from detente.errors import ForecastError, NotInLedger
from detente.forecasting import reasons, replies
from detente.forecasting.model import Answer, Chance, Driver, Question
from detente.forecasting.pooling import Beta
from detente.forecasting.precedents import Case, Reply, cases_of
from detente.forecasting.rates import Rate, Stratum, answered
from detente.forecasting.rates import base as common
from detente.forecasting.steps import Act, acts
from detente.forecasting.words import words
from detente.ledger import asking
from detente.ledger.believing import Asked, event_rows
from detente.ledger.states import first_day
from detente.model import AnswerKind
from detente.parties import name_of

if TYPE_CHECKING:
    import polars as pl

ON_RECORD = "the answer is on record; this is no forecast"
"""What an answer rests on that has already been given: such a question is not to be stored or scored."""


class Rates(Protocol):
    """How often acts are answered in coded events; see `detente.forecasting.rates.answered`."""

    def __call__(self, trigger: str, reply: str, horizon: int, stratum: Stratum = ...) -> Rate:
        """The share of acts of a sort that were answered with another within some days."""
        ...


_STRATA: dict[Stratum, str] = {
    "any": "acts", "first": "first acts in 30 days", "quiet": "acts after 90 days without one either way",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Base:
    """The rate from which the pooling begins (within 30 days, then at any time), and where it is from."""

    probability: float
    source: str
    text: str
    counted: bool = True


def answer(
    connection: Connection, event_id: str, *, on: date, known: date | None = None, horizon: int,
    pair: tuple[str, str] | None = None, history: pl.DataFrame | None = None, rates: Rates = answered,
) -> Answer:  # fmt: skip
    """Whether, when, how and with what number an act is answered by those upon whom it was done.

    Args:
        connection: one that reads a ledger.
        event_id: the act, an event of the ledger.
        on: the day that is asked about; it does not count itself.
        known: nothing known later is looked at; the day that is asked about unless given.
        horizon: days after `on` that count.
        pair: who acted and who would answer, where several did or suffered it; the first of each unless given.
        history: a frame of coded events (see `detente.forecasting.history`), for the responder's record there.
        rates: how often acts are answered in coded events; the shipped rates unless given.

    Raises:
        NotInLedger: there is no such event.
        ForecastError: the horizon is none, the act lies after the day, was not known then, or is upon nobody.
    """
    if horizon < 1:
        raise ForecastError(f"a horizon of {horizon} days holds no day; give at least 1")
    asked = Asked((known or on).isoformat())
    row = _event(connection, event_id, asked)
    actor, target = pair or _pair(row)
    case, past, threats = situation(connection, event_id, actor, target, on, asked)
    base = _base(case, history, rates, on)
    if case.reply is not None:
        return _recorded(case, event_id, row["quote"], on, horizon)
    return _forecast(case, past, threats, base, event_id, row["quote"], on, horizon)


def reply_to(
    connection: Connection, event_id: str, *, known: date, pair: tuple[str, str] | None = None
) -> Reply | None:
    """How an act was answered, by what was known on a day; None where no answer is recorded.

    Raises:
        NotInLedger: there is no such event.
        ForecastError: it was not known then, or is upon nobody.
    """
    asked = Asked(known.isoformat())
    actor, target = pair or _pair(_event(connection, event_id, asked))
    return situation(connection, event_id, actor, target, known, asked)[0].reply


def _pair(row: dict[str, Any]) -> tuple[str, str]:
    """Who acted on whom, the first of each."""
    if not row["target"] or not row["source"]:
        raise ForecastError(f"{row['id']} is an act upon nobody, so nobody answers it; give an act of one on another")
    return row["source"][0], row["target"][0]


def _event(connection: Connection, event_id: str, asked: Asked) -> dict[str, Any]:
    """An event as it was believed."""
    if rows := event_rows(connection, [event_id], asked):
        return asking.opened(rows[0])
    if event_id in asking.events_by_id(connection, [event_id]):
        raise ForecastError(f"{event_id} was not known by {asked.known}; ask of a later day")
    raise NotInLedger(f"there is no event {event_id!r}; detente timeline shows the ids")


def situation(
    connection: Connection, event_id: str, actor: str, target: str, on: date, asked: Asked
) -> tuple[Case, list[Case], list[Act]]:
    """An act with its circumstances, its precedents, and what its target has threatened or announced since."""
    if actor == target:
        raise ForecastError(f"{event_id} is an act of {actor} upon itself, which nobody answers; give one on another")
    told, links = acts(connection, target, asked, also=[event_id])
    whole = next((a for a in told if event_id in a.keys and (a.actor, a.target) == (actor, target)), None)
    if whole is None:
        raise ForecastError(f"{event_id} was no act of {actor} on {target} by what was believed on {asked.known}")
    if whole.day > on:
        raise ForecastError(f"{event_id} is of {whole.day}, after {on}; ask of that day or a later one")
    found = [a for a in told if a.day <= on]
    every = cases_of(found, links, asked, wanted=whole)
    case = next(c for c in every if c.act is whole)
    announced = [a for a in found if (a.actor, a.target) == (target, actor) and a.day >= whole.day
                 and a.planned and a.moves]  # fmt: skip
    told_of = {key for a in announced for key in a.keys}
    threats = [a for a in _threats(connection, actor, target, whole.day, on, asked) if not a.keys & told_of]
    return case, [c for c in every if c is not case], [*threats, *announced]


def _threats(connection: Connection, actor: str, target: str, since: date, on: date, asked: Asked) -> list[Act]:
    """What the target of an act has threatened the actor with since."""
    told = asking.events_of(connection, actor, target, since=since.isoformat(), until=on.isoformat(), asked=asked)
    return [
        Act(target, actor, first_day(row["day"]) or since, True, row["known_at"][:10], row["type"],
            events=(row["id"],), keys=frozenset([row["id"]]))
        for row in told
        if row["type"] == "THREATEN" and row["standing"] == "sound" and row["status"] != "denied"
        and target in row["source"] and actor in row["target"]
    ]  # fmt: skip


def _base(case: Case, history: pl.DataFrame | None, rates: Rates, on: date) -> Base:
    """How often acts like this are answered within 30 days: by their code where it is that of cuts of relations."""
    type_ = case.act.type
    stratum: Stratum = "any" if case.repeated else "quiet"
    try:
        rate = rates("161" if case.act.moves and type_ == "SANCTION" else type_, "same", 30, stratum)
    except ForecastError:
        rate = common(type_, 30)
        text = (f"how often acts of type {type_} are answered was never counted; {rate.probability:.1%} is how often "
                f"one party does such a thing to another within 30 days, asked or unasked")  # fmt: skip
        return Base(rate.probability, rate.source, text, counted=False)
    p, source = rate.probability, rate.source
    text = f"{p:.0%} of {_STRATA[stratum]} of this sort were answered in kind within 30 days ({rate.n:,} coded acts)"
    if history is not None:
        k, m = _record(history, case.act.target, type_, on)
        strength = replies.settings()["whether"]["coded"]
        p = (k + strength * p) / (m + strength)
        text += f"; {name_of(case.act.target)} answered {k} of {m} in the imported history"
    return Base(p, source, text)


def _record(history: pl.DataFrame, responder: str, type_: str, on: date) -> tuple[int, int]:
    """How many acts of a type upon a party it answered in kind within 30 days, of those whose 30 days have passed."""
    import polars as pl

    day = pl.col("date")
    of_type = history.filter((pl.col("type") == type_) & (day < on))
    told = of_type.filter((pl.col("target") == responder) & (day < on - timedelta(days=30)))
    told = told.select("date", other="source").unique()
    back = of_type.filter(pl.col("source") == responder).select(back="date", other="target").unique()
    lag = (pl.col("back") - day).dt.total_days()
    hit = told.join(back, on="other").filter((lag > 0) & (lag <= 30)).select("date", "other").unique()
    return len(hit), len(told)


def _forecast(
    case: Case, past: Sequence[Case], threats: Sequence[Act], base: Base, event_id: str, quote: str, on: date,
    horizon: int,
) -> Answer:  # fmt: skip
    gone = (on - case.act.day).days
    when = replies.days(case, past)
    base = replace(base, probability=replies.ever(base.probability, when))
    found = replies.whether(case, past, base.probability, threatened=bool(threats))
    p, low, high = (replies.within(c, when, gone, horizon) for c in (found.chance.mean, *found.chance.interval()))
    chance = Chance(
        probability=p, low=min(low, p), high=max(high, p), words=words(p),
        base=replies.within(base.probability, when, gone, horizon),
        persistence=None, rests_on=_rests_on(case, past, base),
    )  # fmt: skip
    why = _drivers(case, past, threats, found, base)
    later = replies.after(when, gone)
    kinds: dict[AnswerKind | Literal["none"], float] = {k: p * share for k, share in replies.kinds(case, past).items()}
    kinds["none"] = 1 - p
    median, soon, late = replies.middle(later)
    return Answer(
        act=event_id, text=quote, day=case.act.day.isoformat(),
        whether=_question(case, event_id, on, horizon, chance, why),
        days=(median - gone, soon - gone, late - gone) if later.sum() > 0 else None,
        kinds=kinds, number=replies.middle(replies.numbers(case, past)) if case.people else None,
        solidarity=_solidarity(case, past), drivers=why,
    )  # fmt: skip


def _solidarity(case: Case, past: Sequence[Case]) -> tuple[float, float, float] | None:
    """That third parties take the actor's side with steps of their own: like acts on record, on Jeffreys' prior."""
    of_family, chosen = reasons.followed(case, past)
    if not of_family:
        return None
    found = Beta(0.5, 0.5).after(len(chosen), len(of_family) - len(chosen))
    return (found.mean, *found.interval())


def _rests_on(case: Case, past: Sequence[Case], base: Base) -> str:
    like = sum(1 for c in past if c.family == case.family and (c.reply is not None or c.silent))
    coded = "coded events" if base.counted else "no rate of answers in coded events"
    return f"{coded}; {like} precedents of the kind; {len(past)} acts in ledger and casebook"


def _drivers(
    case: Case, past: Sequence[Case], threats: Sequence[Act], found: replies.Whether, base: Base
) -> tuple[Driver, ...]:
    return (
        *reasons.threat_reasons(case, threats),
        *reasons.number_reason(case, past),
        *reasons.room_reason(case),
        *reasons.kind_reason(case, past),
        *reasons.whether_reasons(case, found, base.probability),
        *reasons.unrecorded_reason(case, past),
        *reasons.solidarity_reason(case, past),
        Driver(sort="base", text=base.text, source=base.source),
    )


def _question(case: Case, event_id: str, on: date, horizon: int, chance: Chance, why: tuple[Driver, ...]) -> Question:
    actor, target, until = case.act.actor, case.act.target, on + timedelta(days=horizon)
    return Question(
        key=f"answer:{event_id}", asks="answer", source=target, target=actor, what=event_id, after=on.isoformat(),
        until=until.isoformat(), chance=chance, drivers=why,
        text=f"{name_of(target)} answers what {name_of(actor)} did on {case.act.day.isoformat()}, by {until}",
    )  # fmt: skip


def _recorded(case: Case, event_id: str, quote: str, on: date, horizon: int) -> Answer:
    """What is on record, in the form of an answer; it says of itself that it is no forecast."""
    reply = case.reply
    if reply is None:
        raise ForecastError(f"{event_id} has no answer on record")
    text = f"{name_of(case.act.target)} answered on {reply.day.isoformat()}: {reply.kind}"
    why = (Driver(sort="state", text=text, events=reply.events, cases=reply.cases),)
    sure = Chance(probability=1.0, low=1.0, high=1.0, words=words(1.0), base=None, persistence=None, rests_on=ON_RECORD)
    number = None if reply.number is None or case.people is None else (float(reply.number),) * 3
    gone = float((reply.day - on).days)
    return Answer(
        act=event_id, text=quote, day=case.act.day.isoformat(),
        whether=_question(case, event_id, on, horizon, sure, why), days=(gone, gone, gone),
        kinds={reply.kind: 1.0, "none": 0.0}, number=number, drivers=why,
    )  # fmt: skip
