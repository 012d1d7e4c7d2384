"""What the REST interface answers with, for its OpenAPI document: one model for each sort of row.

What always holds: a column is described in the words of the ledger's own table (``ledger/columns.toml``); a model here
only documents and is held against real answers by the tests: rows go out as the ledger gives them.
"""

from __future__ import annotations

from types import GenericAlias
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, create_model

from detente.ledger import schema
from detente.ledger.package import wording

Row = TypeVar("Row")
_LISTS: dict[str, Any] = dict.fromkeys(("by", "source", "target", "evidence", "words"), list[str]) | dict.fromkeys(
    ("conflicts", "residue"), list[dict[str, Any]]
)
"""Columns that hold lists, where they may not be empty; a report's target, which may, is an id."""
_BESIDE = {"planned": "announced for later", "proposed": "proposed", "refused": "refused", "denied": "denied",
           "candidates": "one weak report", "disputed": "contested by a person"}  # fmt: skip


class Listing(BaseModel, Generic[Row]):
    """A part of a list."""

    on: str | None = Field(None, description="the day on which it was so")
    known: str | None = Field(None, description="what could be known by then")
    recorded: str | None = Field(None, description="what this ledger had by then")
    count: int = Field(description="rows of the whole list")
    next: str | None = Field(None, description="cursor of the next part; also in the Link header")
    rows: list[Row]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _fields(table: str, *names: str) -> dict[str, Any]:
    """Fields for columns of a table, described as the table describes them."""
    found: dict[str, Any] = {}
    for name in names:
        column = schema.metadata.tables[table].c[name]
        kind: Any = {"INTEGER": int, "REAL": float}.get(str(column.type), str)
        if column.nullable:
            kind = kind | None
        elif name in _LISTS:
            kind = _LISTS[name]
        said = wording()[table][name].replace(", a JSON list", ", a list").replace(", JSON.", ".")
        found[name] = (kind, Field(description=said))
    return found


def _many(model: Any) -> Any:
    """The type of a list of these."""
    return GenericAlias(list, (model,))


def _shape(name: str, about: str, /, **fields: Any) -> Any:
    return create_model(name, __base__=_Shape, __doc__=about, **fields)


_TITLE: Any = {"title": (str, Field(description="what to call the line, in words"))}
_LINE = ("kind", "owner", "counterpart", "name", "seat", "part_of")
_STATE = ("since", "by", "cause", "count", "cap", "fell_with", "sources", "evidence")
_CHANGE = ("id", "line", "change", "status", "date", "announced", "effective", "day", "by", "count", "cap", "part_of",
           "event", "certainty", "sources", "standing", "conflicts", "known_at")  # fmt: skip
_EVENT = ("id", "source", "target", "type", "mode", "context", "cameo", "quad", "goldstein", "status", "date",
          "announced", "effective", "day", "said_by", "quote", "certainty", "sources", "standing", "conflicts",
          "known_at")  # fmt: skip


def _or_nothing(field: Any) -> Any:
    kind, about = field
    return (kind | None, about)


_state: Any = {k: _or_nothing(v) if k == "cause" else v for k, v in _fields("states", *_STATE).items()}
_word: Any = (str, Field(description="open, limited, suspended, closed or unknown"))

BoardLine = _shape(
    "BoardLine", "A line and its state on a day.", line=(str, Field(description="Id of the line.")),
    **_fields("lines", *_LINE), **_TITLE, state=_word, **_state,
    **_fields("states", "legal", "observed", "last_used", "conflicts"),
    **{k: (list[str], Field(description=f"Ids of changes beside the state: {v}.")) for k, v in _BESIDE.items()},
)  # fmt: skip
LineRow = _shape("LineRow", "A line.", **_fields("lines", "id", *_LINE), **_TITLE)
Change = _shape("Change", "A change to a line, put together over sources.", **_fields("changes", *_CHANGE))
Event = _shape("Event", "What one party did to another, put together over sources.", **_fields("events", *_EVENT))
Stretch = _shape(
    "Stretch", "A stretch of a line's state.", **_fields("states", "start", "until"), state=_word, **_state,
    **_fields("states", "legal", "observed", "last_used", "conflicts", "moved"),
)  # fmt: skip
Use = _shape("Use", "That a line was tried.", date=(str, ...), answered=(bool, ...))
Line = _shape(
    "Line", "All that is known of a line.", **_fields("lines", "id", *_LINE, "words"), **_TITLE,
    states=(_many(Stretch), ...), changes=(_many(Change), ...), uses=(_many(Use), ...),
)  # fmt: skip


class Step(BaseModel):
    """A change or an event of a timeline, with the columns of either."""

    model_config = ConfigDict(extra="allow")
    what: str = Field(description="change or event")
    id: str
    day: str
    known_at: str
    answers: list[str] = Field(default_factory=list, description="ids of the events that it answers")


Answer = _shape(
    "Answer", "Which event answered which.",
    **_fields("answers", "action", "reaction", "basis", "kind", "lag_days", "certainty", "sources", "known_at"),
)  # fmt: skip
Claim = _shape(
    "Claim", "What a party holds or says.", id=(str, Field(description="Id of the report.")), holder=(str, ...),
    kind=(str, ...), about=(list[str], ...), **_fields("reports", "quote", "certainty", "known_at"),
    **_fields("articles", "publisher", "address"),
)  # fmt: skip
Episode = _shape(
    "Episode", "A rupture, its updates, and how it ended.", id=(str, ...), parties=(list[str], ...), begins=(str, ...),
    last=(str, Field(description="Day of its last step.")), cut=(list[str], Field(description="Ids of lines.")),
    restored=(dict[str, str], Field(description="When each line came back.")), ended=(str, ...),
    updates=(list[Step], ...),
)  # fmt: skip
Move = _shape(
    "Move", "A line whose state became another one.", line=(str, ...), date=(str, ...), before=(str, ...), state=_word,
    **_TITLE, **_state,
)  # fmt: skip
Evidence = _shape(
    "Evidence", "A report behind what is believed.", report=(str, ...), kind=(str, ...),
    group=(str | None, Field(description="Id of the change or event that it tells of.")),
    **_fields("reports", "quote", "start", "end", "certainty", "role", "who", "reason", "target", "article"),
    context=(str | None, Field(description="The quote with what stands around it.")),
    fields=(dict[str, Any], Field(description="What it says.")),
    counts=(bool, Field(description="Whether it counts today.")),
    why=(str | None, Field(description="Why it was put where it is.")),
    merged=(float | None, Field(description="How surely, from 0 to 1.")),
    **_fields("articles", "title", "publisher", "address"), **_fields("reports", "known_at", "recorded_at"),
)  # fmt: skip
ArticleRow = _shape(
    "ArticleRow", "An article, without its text.",
    **_fields("articles", "id", "title", "publisher", "published", "address", "language", "known_at", "recorded_at"),
    withdrawn=(bool, Field(description="Whether its text was erased.")),
)  # fmt: skip
ReadingRow = _shape(
    "ReadingRow", "That an article was coded.",
    **_fields("readings", "id", "article", "coder", "version", "codebook", "role", "recorded_at"),
)  # fmt: skip
Article = create_model(
    "Article", __base__=ArticleRow, __doc__="An article; its text is null where it was erased or is not given out.",
    **_fields("articles", "retrieved", "hash", "residue", "text"),
    main=(list[int], Field(description="Where the article begins and ends in the text.")),
    readings=(_many(ReadingRow), ...),
)  # fmt: skip
Item = _shape(
    "Item", "What a reading found.", report=(str, ...), kind=(str, ...),
    **_fields("reports", "item", "quote", "start", "end", "certainty"), fields=(dict[str, Any], ...),
)  # fmt: skip
ReadingOf = create_model("ReadingOf", __base__=ReadingRow, __doc__="A reading.", items=(_many(Item), ...))
Source = _shape(
    "Source", "Who published what was read.", **_fields("articles", "publisher"), articles=(int, ...),
    withdrawn=(int, ...), first=(str, ...), last=(str, ...), recorded_at=(str, ...),
)  # fmt: skip
Freshness = _shape(
    "Freshness", "How much there is, and how fresh it is.", articles=(int, ...), readings=(int, ...),
    reports=(int, ...), forecasts=(int, ...), recorded_at=(str | None, ...), known_at=(str | None, ...),
    day=(str | None, ...),
)  # fmt: skip
Dyad = _shape(
    "Dyad", "Events of a pair in a period.", date=(str, Field(description="The period's first day.")),
    source=(str, ...), target=(str, ...), events=(int, ...), quad1=(int, ...), quad2=(int, ...), quad3=(int, ...),
    quad4=(int, ...), goldstein=(float | None, Field(description="Sum of scores: describes, never a line's state.")),
)  # fmt: skip
Found = _shape(
    "Found", "What holds the words.", parties=(list[dict[str, Any]], ...), lines=(list[dict[str, Any]], ...),
    articles=(list[dict[str, Any]], ...), quotes=(list[dict[str, Any]], ...),
)  # fmt: skip
Waiting = _shape(
    "Waiting", "What a person said and no editor has taken up.", report=(str, ...), sort=(str, ...),
    fields=(dict[str, Any], ...),
    **_fields("reports", "target", "who", "reason", "a", "b", "known_at", "recorded_at"),
)  # fmt: skip


def listing(row: Any) -> dict[int | str, dict[str, Any]]:
    """The answer of an endpoint that lists such rows."""
    return {200: {"model": Listing[row]}}


def one(model: Any) -> dict[int | str, dict[str, Any]]:
    """The answer of an endpoint that gives one such thing."""
    return {200: {"model": model}}
