"""The nouns of the program, as frozen records.

What always holds: a record is never changed once made; an offset counts characters of the article's ``text`` as it
was read; ``text[start:end] == quote`` for every quoted item. No I/O and no logic here but these invariants.

The meaning of each field is that of the annotation guide: see ``docs/model.md``.
"""

from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

EventType = Literal[
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT",
    "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
]  # fmt: skip
LineKind = Literal[
    "relations", "embassy", "consulate", "mission", "liaison", "office", "envoy", "staff", "council", "contacts",
    "hotline", "talks", "verification",
]  # fmt: skip
Change = Literal["open", "restore", "raise", "keep", "propose", "refuse", "limit", "suspend", "close"]
Status = Literal["actual", "planned", "denied", "past"]
ClaimKind = Literal["belief", "blame", "justification", "policy", "demand", "denial", "forecast"]
Basis = Literal["stated", "inferred"]
AnswerKind = Literal["mirror", "mirror-extra", "parity-cap", "lesser", "solidarity", "other"]
ResidueKind = Literal["title", "byline", "dateline", "caption", "credit", "bio", "teaser", "link", "other"]

EVENT_TYPES: tuple[str, ...] = get_args(EventType)
LINE_KINDS: tuple[str, ...] = get_args(LineKind)
CHANGES: tuple[str, ...] = get_args(Change)

PartyCode = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,11}$")]
"""A state's ISO 3166 alpha-3 code, an organisation's acronym, or a movement's short name in capitals."""
DateText = Annotated[str, Field(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$")]
"""An ISO date cut to what is known: ``2014``, ``2021-06`` or ``2021-10-18``."""
Certainty = Annotated[float, Field(ge=0.0, le=1.0)]

READING_FORMAT = "detente.reading/1"


class Record(BaseModel):
    """Base of all records: frozen, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Residue(Record):
    """A stretch of the page that is not part of the article proper and is never coded."""

    kind: ResidueKind = Field(description="what sort of residue it is")
    quote: str = Field(description="the stretch, letter for letter")
    start: int = Field(ge=0, description="offset of its first character in `text`")
    end: int = Field(ge=0, description="offset after its last character")


class Article(Record):
    """The story on a page, as it was read.

    ``text`` is kept unchanged for ever; ``main`` is the stretch from the article's own first to its own last paragraph;
    ``residue`` lists what else the page carried, inside or outside that stretch.
    """

    id: str
    text: str
    title: str | None = None
    published: DateText | None = None
    publisher: str | None = None
    address: str | None = None
    language: str = "en"
    main: tuple[int, int]
    residue: tuple[Residue, ...] = ()

    @model_validator(mode="after")
    def _offsets_hold(self) -> Self:
        start, end = self.main
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"main {self.main} does not lie in a text of {len(self.text)} characters")
        for item in self.residue:
            _check_quote(self.text, item.quote, item.start, item.end)
        return self


class Item(Record):
    """What every coded item carries: where it stands in the text, which rule fired, and how sure that is."""

    id: str = Field(description="unique inside the reading, e.g. `e1`, `l2`, `c3`")
    quote: str = Field(min_length=1, description="copied letter for letter from `text`")
    start: int = Field(ge=0, description="offset of the quote's first character in `text`")
    end: int = Field(ge=0, description="offset after the quote's last character")
    rule: str = Field(description="the codebook entry or rule that fired")
    certainty: Certainty = Field(description="how sure the coder is, from 0 to 1")


class Dated(Item):
    """An item with the guide's status and dates."""

    status: Status = Field(description="actual, planned, denied or past")
    date: DateText | None = Field(default=None, description="ISO date cut to what is known")
    announced: DateText | None = Field(default=None, description="when it was announced, where the text gives it")
    effective: DateText | None = Field(default=None, description="when it takes effect, where the text gives it")
    said_by: str | None = Field(default=None, description="on whose word: a party code, `AUTHOR`, or null")


class Event(Dated):
    """One thing that a party does to another, coded in PLOVER 2021."""

    source: tuple[PartyCode, ...] = Field(description="who acted")
    target: tuple[PartyCode, ...] = Field(default=(), description="to whom; empty where both sides act together")
    type: EventType = Field(description="PLOVER type")
    mode: str | None = Field(default=None, description="PLOVER mode, or null where none fits")
    context: str | None = Field(default=None, description="PLOVER context, e.g. diplomatic, military, economic")
    cameo: str | None = Field(default=None, description="CAMEO code as text")
    quad: int | None = Field(default=None, ge=1, le=4, description="quad class: 1 verbal and 2 material cooperation, "
                             "3 verbal and 4 material conflict")  # fmt: skip
    goldstein: float | None = Field(default=None, description="Goldstein score, from -10 to 10")
    sector: tuple[str | None, str | None] = Field(default=(None, None), description="sector of source and target, e.g. "
                                                  "GOV, MIL, OPP, CVL")  # fmt: skip


class Line(Dated):
    """One change to a line of communication."""

    kind: LineKind = Field(description="what sort of line it is")
    owner: PartyCode = Field(description="whose line it is")
    counterpart: PartyCode = Field(description="whom it reaches")
    change: Change = Field(description="what happened to it")
    by: tuple[PartyCode, ...] = Field(description="who did it; both parties for joint or agentless acts")
    count: int | None = Field(default=None, ge=0, description="people removed or added")
    cap: int | None = Field(default=None, ge=0, description="a ceiling on the number of people")
    name: str | None = Field(default=None, description="what the text calls it, e.g. `chief military representative`")
    seat: str | None = Field(default=None, description="the place where it sits, e.g. `Moscow`")
    part_of: str | None = Field(default=None, description="the line that it is part of, e.g. `mission RUS-NATO`")
    event: str | None = Field(default=None, description="id of the event that made the change")


class Use(Item):
    """That a line was seen in use, or rang out."""

    kind: LineKind
    owner: PartyCode
    counterpart: PartyCode
    answered: bool = Field(description="true: seen in use; false: tried, and nobody answered")
    date: DateText | None = None
    name: str | None = Field(default=None, description="what the text calls it, where that tells it from others")


class Answer(Item):
    """The link from an action to the reaction that it drew; both are quotes of events of the same reading."""

    action: str = Field(description="quote of the event that was answered")
    reaction: str = Field(description="quote of the event that answers it")
    action_event: str = Field(description="id of the event that was answered")
    reaction_event: str = Field(description="id of the event that answers it")
    basis: Basis = Field(description="`stated` where the text says so, else `inferred`")
    kind: AnswerKind | None = Field(default=None, description="mirror, parity cap, …; null where it cannot be told")
    lag_days: int | None = Field(default=None, description="days from action to reaction, where both days are known")


class Claim(Item):
    """What a party holds or says about the relation."""

    holder: str = Field(description="a party code, or `AUTHOR` for the writer's own view")
    kind: ClaimKind
    about: tuple[PartyCode, ...] = Field(default=(), description="about whom")


class Reading(Record):
    """What one article says, coded; the public JSON format `detente.reading/1`.

    Example:
        >>> import detente
        >>> text = "MADRID - Spain expelled four Libyan diplomats on Monday. " * 3
        >>> [(e.source, e.type, e.target) for e in detente.read(text).events][:1]
        [(('ESP',), 'SANCTION', ('LBY',))]
    """

    format: Literal["detente.reading/1"] = READING_FORMAT  # type: ignore[assignment]
    id: str
    title: str | None = None
    published: DateText | None = None
    publisher: str | None = None
    address: str | None = None
    language: str = "en"
    text: str = Field(description="the text as it was read, unchanged")
    main: tuple[int, int] = Field(description="start and end offset of the article's own paragraphs")
    residue: tuple[Residue, ...] = ()
    events: tuple[Event, ...] = ()
    lines: tuple[Line, ...] = ()
    uses: tuple[Use, ...] = ()
    answers: tuple[Answer, ...] = ()
    claims: tuple[Claim, ...] = ()

    @model_validator(mode="after")
    def _quotes_hold(self) -> Self:
        for items in (self.events, self.lines, self.uses, self.answers, self.claims):
            for item in items:
                _check_quote(self.text, item.quote, item.start, item.end)
        for residue in self.residue:
            _check_quote(self.text, residue.quote, residue.start, residue.end)
        return self


def _check_quote(text: str, quote: str, start: int, end: int) -> None:
    if text[start:end] != quote:
        raise ValueError(f"quote {quote!r} does not stand at {start}:{end}, where the text has {text[start:end]!r}")
