"""The nouns of a risk, as frozen records.

What always holds: a figure stands with its 95 % interval; a comparison says whether an order can be given at all; each
line tells whether data exist on what its loss does. Nothing here says that losing a line causes anything.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from detente.model import DateText, LineKind, PartyCode, Record

CAVEAT = "Association, never cause: what goes together in the records of past disputes."
Order = Literal["more", "less", "none", "same"]
Word = Literal["in use", "limited", "down", "either"]
State = Literal["open", "limited", "suspended", "closed", "unknown"]
Data = Literal["association", "analogy", "none"]
Positive = Annotated[float, Field(ge=0.0)]


class Estimate(Record):
    """A figure at the middle of all beliefs, and the interval that holds 95 % of what they allow."""

    value: float
    low: float
    high: float


class StageRisk(Record):
    """One rung of the ladder."""

    stage: str = Field(description="its name among the priors")
    title: str
    incident: Estimate = Field(description="chance that an incident gets there")
    year: Estimate = Field(description="chance that at least one incident gets there within a year")


class Standing(Record):
    """What one line counts as."""

    line: str = Field(description="id of the line in the ledger")
    state: State = Field(description="what the ledger declares")
    counts: Word = Field(description="in use, limited, down, or either: nothing certain is known, both are counted")


class Scenario(Record):
    """The lines in some state, and the risk that goes with it."""

    key: str
    title: str
    on: DateText
    lines: tuple[Standing, ...]
    stages: tuple[StageRisk, ...]
    days: Estimate = Field(description="expected days until an incident is cleared")


class Ratio(Record):
    """How much more often incidents reach a stage."""

    stage: str
    ratio: Estimate = Field(description="of the yearly number of incidents that reach the stage; no rate enters it")
    order: Order = Field(description="more, less; none: the interval holds 1, so no order can be given; same: nothing "
                         "that is known to matter differs")  # fmt: skip


class Comparison(Record):
    """Two scenarios side by side; a ratio tells the second against the first."""

    first: str = Field(description="key of a scenario")
    second: str
    differ: tuple[str, ...] = Field(description="ids of the lines that count as something else")
    ratios: tuple[Ratio, ...] = Field(description="one a stage")
    data: Data = Field(description="on what the effects of the differing lines rest, the best of them")


class Point(Record):
    """A day in the course of a pair."""

    on: DateText
    ratio: Ratio = Field(description="against the first day of the course")
    lines: tuple[Standing, ...]


class LineValue(Record):
    """What a line is worth."""

    line: str
    kind: LineKind
    owner: PartyCode
    counterpart: PartyCode
    name: str | None = None
    seat: str | None = None
    part_of: str | None = None
    parts: tuple[str, ...] = Field((), description="ids of the lines that count with it")
    channel: str
    state: State
    counts: Word
    factor: Estimate = Field(description="its Shapley share, as a factor on how often incidents reach the headline's "
                             "stage where it is lost; the factors of all lines multiply to `all_lines`")  # fmt: skip
    error: float | None = Field(None, description="standard error of the factor's logarithm, where it was sampled")
    order: Order = Field(description="none: its interval overlaps with those of other lines, so it has no rank")
    data: Data
    statement: str = Field(description="what is known of the effect of such lines, with its source")


class Step(Record):
    """One step of the order in which reopening helps most."""

    line: str
    ratio: Estimate = Field(description="how often incidents reach the stage once this line and those before it are "
                            "in use, against as it stands")  # fmt: skip
    order: Order = Field(description="none: other lines left would do as well, as far as can be told")


class Claimed(Record):
    """What a side holds about the risk, in the words of its source."""

    report: str = Field(description="id of the report in the ledger")
    quote: str
    kind: str
    publisher: str | None = None
    address: str | None = None
    known_at: str


class Multiple(Record):
    """The smallest loss at which closing stops paying, in gains of a year; None: no loss is large enough."""

    value: float | None
    low: float | None
    high: float | None


class Side(Record):
    """What closing looks like to one side."""

    party: PartyCode
    belief: float = Field(ge=0.0, description="by what it multiplies the effects of the lines; 0: they do nothing")
    entered: bool = Field(description="whether the analyst entered it; else it is 1, the priors as they are")
    multiple: Multiple
    claims: tuple[Claimed, ...] = ()


class Loss(Record):
    """A loss, and how wrong one has to be about it."""

    multiple: float = Field(description="the loss, in gains of a year")
    needs: float | None = Field(description="multiplier of the effects from which on closing does not pay; None: none "
                                "up to 100")  # fmt: skip
    wrong_by: dict[PartyCode, float | None] = Field(description="by what each side's belief is to be multiplied to get "
                                                    "there; None: by no number")  # fmt: skip
    stops: float = Field(ge=0, le=1, description="share of what the priors allow in which closing does not pay")


class Affordability(Record):
    """Whether closing pays: a gain that is certain against a loss that comes with some chance within a year."""

    stage: str
    closed: tuple[str, ...] = Field(description="ids of the lines that are closed")
    added: Estimate = Field(description="added chance within a year, by the priors as they are")
    sides: tuple[Side, ...]
    losses: tuple[Loss, ...]


class Sensitivity(Record):
    """What one belief moves: the answers at both ends of its range, all else at the middle."""

    entry: str = Field(description="its name among the priors")
    unit: str
    low: float = Field(description="the belief's lower end")
    high: float
    ratio: tuple[float, float] = Field(description="the headline's ratio at the two ends")
    year: tuple[float, float] = Field(description="the chance of the headline's stage within a year, second scenario")
    data: str
    source: str


class Rate(Record):
    """How often incidents begin."""

    rate: Estimate = Field(description="a year, with every line in use")
    origin: Literal["analyst", "history", "prior"]
    statement: str


class Risk(Record):
    """What losing or reopening lines between two parties goes with."""

    format: Literal["detente.risk/1"] = "detente.risk/1"
    a: PartyCode
    b: PartyCode
    on: DateText
    known: DateText | None = Field(description="nothing published later was looked at; None: all was")
    stage: str = Field(description="the stage that the headline tells of")
    incidents: Rate
    scenarios: tuple[Scenario, ...]
    headline: Comparison
    comparisons: tuple[Comparison, ...] = Field(description="all of them, the headline first")
    values: tuple[LineValue, ...] = Field(description="the lines, the most valuable first")
    all_lines: Estimate = Field(description="with no line in use against with all of them, how often incidents get to "
                                "the stage")  # fmt: skip
    reopening: tuple[Step, ...]
    affordability: Affordability | None = Field(description="None: no line differs")
    sensitivity: tuple[Sensitivity, ...] = Field(description="the belief that moves the ratio most comes first")
    caveats: tuple[str, ...]
    lacks: tuple[str, ...] = Field(description="what is not known")
    priors: str = Field(description="name of the file of priors")
    draws: int
    seed: int

    def scenario(self, key: str) -> Scenario:
        """A scenario by its key."""
        return next(s for s in self.scenarios if s.key == key)
