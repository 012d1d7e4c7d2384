"""What one party is likely to do to the other, one question for each PLOVER type.

What always holds: days after the one that is asked about are not looked at; each question has its base rate and what
persistence would say beside it, and names the ledger's events on which its signs rest.

Where an event history reaches up to the day, `detente.forecasting.pairs` has learnt from it; else the shipped
weights of `detente.forecasting.acts` are put to what the ledger holds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from detente.forecasting import acts, rates
from detente.forecasting.answering import ON_RECORD
from detente.forecasting.model import Answer, Chance, Driver, Question
from detente.forecasting.words import words
from detente.model import EVENT_TYPES
from detente.parties import name_of

if TYPE_CHECKING:
    from detente.forecasting.pairs import Likely, PairModel, Reason

Row = dict[str, Any]
SHOWN_EVENTS = 6
"""Events that a driver names: the newest of those behind it."""
STRONGEST = 3
"""Drivers that a question names."""
IN_KIND = frozenset({"mirror", "mirror-extra", "parity-cap", "lesser"})
"""Kinds of answer that are an act of the same type."""
MAKES_GOOD = frozenset({"SANCTION", "COERCE", "MOBILIZE", "ASSAULT"})
"""Types of act with which a threat is made good."""
_SAID = {
    "AGREE": "agree with {target} on something", "CONSULT": "meet or talk with {target}",
    "SUPPORT": "speak up for {target} or work with it diplomatically", "CONCEDE": "yield to {target} in something",
    "COOPERATE": "cooperate with {target}", "AID": "give {target} aid", "RETREAT": "give way to {target} by deeds",
    "REQUEST": "ask or demand something of {target}", "ACCUSE": "accuse {target}", "REJECT": "reject {target}",
    "THREATEN": "threaten {target}", "PROTEST": "protest against {target}",
    "SANCTION": "sanction {target} or reduce relations with it", "MOBILIZE": "mobilise against {target}",
    "COERCE": "coerce {target}", "ASSAULT": "attack {target}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Past:
    """What happened between two parties up to a day, as rows of the event history's form.

    Attributes:
        rows: date (ISO), source, target, type and, of the ledger's events, event.
        on: the day that is asked about.
    """

    rows: Sequence[Row]
    on: date

    def days(self, source: str, target: str) -> dict[str, acts.Days]:
        """Days of each type of act of one on the other."""
        return acts.days_by_type([(date.fromisoformat(r["date"]).toordinal(), r["type"])
                                  for r in self.of(source, target, EVENT_TYPES)])  # fmt: skip

    def of(self, source: str, target: str, types: Iterable[str], within: int = 366_000) -> list[Row]:
        """The acts of some types of one on the other in the days up to the one asked about, in order."""
        until, since = self.on.isoformat(), date.fromordinal(max(1, self.on.toordinal() - within)).isoformat()
        wanted = set(types)
        found = [r for r in self.rows if (r["source"], r["target"]) == (source, target) and len(r["date"]) == 10
                 and since < r["date"] <= until and r["type"] in wanted]  # fmt: skip
        return sorted(found, key=lambda r: (r["date"], r.get("event") or ""))


def questions(past: Past, source: str, target: str, horizon: int, model: PairModel | None = None) -> Iterator[Question]:
    """A question for each type.

    Args:
        past: what happened between the two.
        source, target: who would act, and on whom.
        horizon: days after the one that is asked about.
        model: what was learnt from an event history that reaches up to the day; the shipped weights without one.
    """
    if model is not None:
        for type_, learnt in model.predict(source, target, past.on, horizon).items():
            if type_ in EVENT_TYPES:
                drivers = [_reason(reason, past) for reason in learnt.reasons[:STRONGEST]]
                drivers += _threats(past, source, target, type_)
                yield question(source, target, type_, past.on, horizon, _learnt(learnt), drivers)
        return
    found = acts.likely(past.days(source, target), past.days(target, source), past.on.toordinal(), horizon)
    for type_ in EVENT_TYPES:
        likely, base = found[type_], rates.base(type_, horizon)
        chance = Chance(
            probability=likely.probability, low=likely.low, high=likely.high, base=base.probability,
            persistence=_goes_on(past, source, target, type_, horizon), words=words(likely.probability),
            rests_on="signs in the ledger, weighted as learnt from ICEWS",
        )  # fmt: skip
        signs = [_driver(past, source, target, type_, *effect) for effect in likely.effects[:STRONGEST]]
        signs += _threats(past, source, target, type_)
        nothing = Driver(sort="base", text=_nothing(source, target, base.probability), source=base.source)
        yield question(source, target, type_, past.on, horizon, chance, signs or [nothing])


def _threats(past: Past, source: str, target: str, type_: str) -> list[Driver]:
    """What the source has threatened the target with of late, where the type is one that would make it good."""
    told = past.of(source, target, ["THREATEN"], 90) if type_ in MAKES_GOOD else []
    ids = tuple(dict.fromkeys(row["event"] for row in reversed(told) if row.get("event")))[:SHOWN_EVENTS]
    if not ids:
        return []
    text = (
        f"{name_of(source)} threatened {name_of(target)} on {told[-1]['date']}; this is counted among its hostile acts"
    )
    return [Driver(sort="threat", text=text, events=ids)]


def _goes_on(past: Past, source: str, target: str, type_: str, horizon: int) -> float:
    """What going on at the rate of the last 90 days gives: 1 - exp(-n horizon / 90), n the days with such an act.

    After 90 days without one it is how often one comes anywhere after such a silence.
    """
    days = {row["date"] for row in past.of(source, target, [type_], 90)}
    if not days:
        return rates.persists(type_, horizon, seen=False).probability
    return -math.expm1(-len(days) * horizon / 90)


def _learnt(found: Likely) -> Chance:
    return Chance(
        probability=found.probability, low=min(found.low, found.probability), high=max(found.high, found.probability),
        base=found.base, persistence=found.persistence, words=words(found.probability), rests_on=found.rests_on,
    )  # fmt: skip


def _reason(reason: Reason, past: Past) -> Driver:
    """A reason of the model, with the ledger's events among the acts that it rests on."""
    ids = [row["event"] for one in reason.acts for row in past.of(one.source, one.target, one.types)
           if row.get("event") and one.first.isoformat() <= row["date"] <= one.last.isoformat()]  # fmt: skip
    days = [day for one in reason.acts for day in (one.first, one.last)]
    return Driver(
        sort=reason.sort, text=reason.text, effect=round(reason.effect, 2),
        events=tuple(dict.fromkeys(ids))[-SHOWN_EVENTS:],
        source=f"the event history, {min(days)} to {max(days)}" if days else "the event history",
    )  # fmt: skip


def question(
    source: str, target: str, type_: str, on: date, horizon: int, chance: Chance, drivers: Sequence[Driver]
) -> Question:
    """The question of one type."""
    until = on + timedelta(days=horizon)
    said = _SAID[type_].format(target=name_of(target))
    return Question(
        key=f"{source}>{target} {type_}", asks="type", source=source, target=target, what=type_, after=on.isoformat(),
        until=until.isoformat(), text=f"Will {name_of(source)} {said} by {until.isoformat()}?", chance=chance,
        drivers=tuple(drivers),
    )  # fmt: skip


_SIGN = {"": "{one} did so to {other}", "hostile": "{one} acted against {other}", "any": "{one} had to do with {other}"}


def _driver(past: Past, source: str, target: str, type_: str, sort: str, effect: float) -> Driver:
    """What one sort of sign was, and where it is told."""
    side, _, which = sort.partition(" ")
    one, other = (source, target) if side == "own" else (target, source)
    types = {"": (type_,), "hostile": rates.HOSTILE, "any": EVENT_TYPES}[which]
    rows = past.of(one, other, types, 365)
    days = sorted({row["date"] for row in rows})
    often = f"once in the last year, on {days[-1]}"
    if len(days) > 1:
        often = f"on {len(days)} days of the last year, the last time on {days[-1]}"
    ids = dict.fromkeys(row["event"] for row in reversed(rows) if row.get("event"))
    text = f"{_SIGN[which].format(one=name_of(one), other=name_of(other))} {often}"
    return Driver(sort="pair", text=text, effect=round(effect, 2), events=tuple(ids)[:SHOWN_EVENTS])


def with_answer(asked: Question, answer: Answer, type_: str) -> Question:
    """The question of a type, where an answer in kind to an act of that type may come.

    Args:
        asked: the question; only one of the responder's and of the act's type is changed.
        answer: whether and how the act is answered.
        type_: the act's PLOVER type.

    Returns:
        The question with P = 1 - (1 - P without it) (1 - P of an answer in kind).
    """
    if (asked.source, asked.target, asked.what) != (answer.whether.source, answer.whether.target, type_):
        return asked
    if answer.whether.chance.rests_on == ON_RECORD:
        return asked  # it has come already, and is no more to come
    whether, own = answer.whether.chance, asked.chance
    in_kind = sum(p for kind, p in answer.kinds.items() if kind in IN_KIND) / max(whether.probability, 1e-9)
    p, low, high = (
        1.0 - (1.0 - one) * (1.0 - min(1.0, other * in_kind))
        for one, other in ((own.probability, whether.probability), (own.low, whether.low), (own.high, whether.high))
    )
    rests_on = f"{own.rests_on}; and the answer to the act of {answer.day}"
    chance = own.model_copy(
        update={"probability": p, "low": low, "high": high, "words": words(p), "rests_on": rests_on}
    )
    driver = Driver(sort="precedent", text=f"an answer in kind to the act of {answer.day} comes by then with "
                    f"{in_kind * whether.probability:.0%}", events=(answer.act,))  # fmt: skip
    return asked.model_copy(update={"chance": chance, "drivers": (driver, *asked.drivers)})


def _nothing(source: str, target: str, base: float) -> str:
    return (f"nothing is recorded of {name_of(source)} towards {name_of(target)} in the last year; of pairs that deal "
            f"with each other at all, {base:.0%} see such an act in so many days")  # fmt: skip
