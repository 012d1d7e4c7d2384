"""Acts and changes in the making: what the coder fills in step by step until a reading is assembled.

What always holds: a draft keeps the parser's tokens that show it, and lives no longer than its article's parse.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from detente.coding.grammar import Sentence, children, phrase
from detente.coding.lexicon import Frame
from detente.coding.mood import Mood
from detente.model import Change, EventType, LineKind, Status

if TYPE_CHECKING:
    from detente.coding.tokens import Token

CUT = frozenset({"relcl", "advcl", "parataxis", "punct", "cc", "conj", "mark", "csubj"})
"""Branches that a quote leaves out."""


@dataclass(slots=True)
class Move:
    """A change to a line, in the making."""

    kind: LineKind
    owner: str
    counterpart: str
    change: Change
    by: tuple[str, ...]
    count: int | None = None
    cap: int | None = None
    name: str | None = None
    seat: str | None = None
    part_of: str | None = None
    head: int = 0
    status: Status | None = None
    tokens: tuple[Token, ...] = ()


@dataclass(slots=True)
class Act:
    """An event and the line changes that it makes, in the making.

    ``type`` is None for what is no event but shows a line (expressly kept open, or seen in use).
    """

    sentence: Sentence
    trigger: Token
    frame: Frame
    mood: Mood
    source: tuple[str, ...]
    target: tuple[str, ...]
    type: EventType | None = None
    mode: str | None = None
    status: Status = "actual"
    moves: list[Move] = field(default_factory=list)
    uses: list[Move] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    certainty: float = 0.8
    said_by: str | None = None
    date: str | None = None
    announced: str | None = None
    effective: str | None = None
    sector: tuple[str | None, str | None] = (None, None)

    @property
    def verb(self) -> Token:
        """The word that tells the act: that of the speech act, where one governs the trigger ("demanded that …")."""
        mood = self.mood
        governed = mood.governor is not None and mood.operator is not None and self.type == mood.operator.type
        return mood.governor if governed and mood.governor is not None else self.trigger

    @property
    def start(self) -> int:
        """Offset of the quote."""
        return min(self.sentence.starts[t.i] for t in self.tokens)

    @property
    def end(self) -> int:
        """Offset after the quote."""
        return max(self.sentence.ends[t.i] for t in self.tokens)


def quote(trigger: Token, nouns: list[Token]) -> list[Token]:
    """The tokens of the shortest stretch that shows the act: the trigger, its particles and the noun phrases."""
    tokens = [trigger, *children(trigger, "prt", "acomp", "oprd", "auxpass")]
    for noun in nouns:
        tokens += phrase(noun, skip=CUT) if noun != trigger else []
    if len(tokens) == 1:
        around = children(trigger, "nsubj", "nsubjpass", "dobj", "prep", "xcomp")
        tokens += [t for c in around for t in phrase(c, skip=CUT)]
    return tokens
