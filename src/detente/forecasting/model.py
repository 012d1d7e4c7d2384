"""The nouns of a forecast, as frozen records.

What always holds: a probability never stands alone: its interval, its base rate and what persistence would say stand
beside it where they are known, and ``rests_on`` says from what it was made. A horizon begins on the day after the one
that is asked about. Every driver that tells of the world names the ledger's events or the cases behind it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from detente.model import AnswerKind, DateText, PartyCode, Record

Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Asks = Literal["type", "line", "answer"]
Way = Literal["worse", "better"]
Sort = Literal["precedent", "pair", "responder", "threat", "announced", "persistence", "base", "state"]


class Driver(Record):
    """One reason for a probability: what it is, in a sentence, and where that can be looked up."""

    sort: Sort = Field(description="precedent: like cases; pair: these two's own history; responder: how this party "
                       "answered others; threat, announced: open in the ledger; persistence: it goes on; base: how "
                       "often it is so anywhere; state: how a line stands")  # fmt: skip
    text: str = Field(description="the reason, in one plain sentence with its counts")
    effect: float | None = Field(default=None, description="what it adds to the log odds, where that is known")
    events: tuple[str, ...] = Field(default=(), description="ids of events or changes in the ledger")
    cases: tuple[str, ...] = Field(default=(), description="ids of episodes in the casebook")
    source: str | None = Field(
        default=None, description="of a figure that comes from neither: what it was counted in, and when"
    )


class Chance(Record):
    """A probability, and what stands beside it."""

    probability: Probability
    low: Probability = Field(description="lower end of the 80 % interval of the probability itself")
    high: Probability
    base: Probability | None = Field(default=None, description="how often it is so for any active pair, where known")
    persistence: Probability | None = Field(default=None, description="what going on as in the last 90 days would give")
    words: str = Field(description="the probability in words, on the documented scale")
    rests_on: str = Field(description="what it was made from, in a few words")


class Question(Record):
    """Something that will be so or not by a day: what is stored, and scored when the day has passed."""

    key: str = Field(description="what makes it one question among those of its forecast")
    asks: Asks
    source: PartyCode = Field(description="who would act")
    target: PartyCode = Field(description="to whom")
    what: str = Field(description="a PLOVER type; the id of a line; the id of the event that would be answered")
    way: Way | None = Field(default=None, description="of a line: whether its state gets worse or better")
    after: DateText = Field(description="the day that is asked about, itself not counted")
    until: DateText = Field(description="the last day that counts")
    text: str = Field(description="the question as a sentence")
    chance: Chance
    number: tuple[float, float, float] | None = Field(
        default=None, description="likely number of people: median, 80 % interval"
    )
    drivers: tuple[Driver, ...] = ()


class Answer(Record):
    """Whether, when, how and with what number an act is answered."""

    act: str = Field(description="id of the act, an event of the ledger")
    text: str = Field(description="the act, in its source's words")
    day: DateText
    whether: Question
    days: tuple[float, float, float] | None = Field(default=None, description="days until then: median, 80 % interval")
    kinds: dict[AnswerKind | Literal["none"], Probability] = Field(description="which kind; they add up to one")
    number: tuple[float, float, float] | None = Field(default=None, description="people: median, 80 % interval")
    solidarity: tuple[Probability, Probability, Probability] | None = Field(
        default=None, description="that third parties take the actor's side with steps of their own: probability, 80 % "
        "interval; of like acts on record, whatever the other side does; None: none is on record")  # fmt: skip
    drivers: tuple[Driver, ...] = ()


class Direction(Record):
    """What one party is likely to do to the other."""

    source: PartyCode
    target: PartyCode
    types: tuple[Question, ...] = Field(description="by PLOVER type, the likeliest first")
    lines: tuple[Question, ...] = Field(description="by line, the likeliest first")


class Forecast(Record):
    """What comes next between two parties, as it could be said on a day."""

    format: Literal["detente.forecast/1"] = "detente.forecast/1"
    id: str = Field(default="", description="its id in the ledger, once it is stored")
    a: PartyCode
    b: PartyCode
    on: DateText = Field(description="the day that is asked about; nothing later was looked at")
    known: DateText = Field(description="nothing published later was looked at")
    horizon: int = Field(ge=1, description="days")
    directions: tuple[Direction, ...]
    answer: Answer | None = None
    rests_on: tuple[str, ...] = Field(description="the sources of knowledge that were there, each with its extent")
    lacks: tuple[str, ...] = Field(description="what was not there, and what its lack means")

    def questions(self) -> tuple[Question, ...]:
        """All questions of the forecast."""
        own = (self.answer.whether,) if self.answer else ()
        return own + tuple(q for d in self.directions for q in (*d.types, *d.lines))
