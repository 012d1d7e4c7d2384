"""What parties hold or say about the relation: claims from the acts of accusing and demanding, and from voices.

What always holds: a claim has a holder whom the text names or clearly means; acts are not repeated as claims but for
accusations and demands, which the guide counts as both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.coding.discourse import Discourse
from detente.coding.drafts import Act
from detente.coding.grammar import (
    Sentence,
    children,
    is_negated,
    is_passive,
    lemma,
    obliques,
    patients,
    phrase,
    subject,
)
from detente.coding.kinds import Kinds
from detente.coding.saying import PUNCT
from detente.coding.voices import Manner, Voice, Voices
from detente.model import ClaimKind

if TYPE_CHECKING:
    from detente.coding.tokens import Token

RULES: dict[Manner, tuple[str, float]] = {
    "reported": ("claims.reported", 0.6),
    "aside": ("claims.aside", 0.6),
    "as-said": ("claims.as-said", 0.55),
    "viewpoint": ("claims.viewpoint", 0.6),
    "noun": ("claims.noun", 0.6),
    "calls": ("claims.characterisation", 0.6),
    "seen-as": ("claims.seen-as", 0.7),
    "denial": ("claims.denial", 0.75),
    "quoted": ("claims.quoted", 0.5),
    "ground": ("claims.ground", 0.7),
    "accusation": ("claims.accusation", 0.7),
    "stance": ("claims.stance", 0.6),
    "demand": ("claims.demand", 0.6),
}
"""The rule that each manner of speaking is told as, and how certain it is."""
FACTUAL = frozenset({"reported", "aside", "as-said", "viewpoint", "quoted"})
"""Manners of speaking by which plain facts are told, too."""
BLAME = frozenset({"blame", "responsibility", "finger", "fault"})


@dataclass(frozen=True, slots=True)
class Held:
    """A claim, in the making."""

    holder: str
    kind: ClaimKind
    about: tuple[str, ...]
    start: int
    end: int
    rule: str
    certainty: float


class Claims:
    """Finds claims, sentence by sentence.

    Args:
        story: what has been said so far about whom.
    """

    def __init__(self, story: Discourse) -> None:
        self.story = story
        self.words = story.book.classes
        self.voices = Voices(story)
        self.kinds = Kinds(story)
        self.before: tuple[ClaimKind, ...] = ()

    def of(self, sentence: Sentence, acts: list[Act]) -> list[Held]:
        """The claims of one sentence, given its acts."""
        out: list[Held] = []
        for held in (*self._from_acts(sentence, acts), *self._voiced(sentence, acts)):
            if all(
                held.holder != o.holder or held.kind != o.kind or held.end <= o.start or held.start >= o.end
                for o in out
            ):
                out.append(held)
        if out:
            self.before = tuple(held.kind for held in out)
        return out

    # -- accusations and demands --------------------------------------------------------------------------------------

    def _from_acts(self, sentence: Sentence, acts: list[Act]) -> Iterator[Held]:
        for act in acts:
            tokens = [*act.tokens, *_governed(act.trigger)]
            kind: ClaimKind = "demand"
            rule, certainty = "claims.demand", 0.7
            if act.type == "ACCUSE" and act.mode == "allege" and act.target and self._lays_blame(act.trigger):
                kind, rule, certainty = "blame", "claims.accusation", 0.75
            elif act.type == "REQUEST" and act.mode != "meet" and self._demands(act):
                kind = "policy" if _wants(act.trigger) else "demand"
            elif act.type == "THREATEN" and (unless := _condition(sentence, act)) is not None:
                tokens = phrase(unless, skip=PUNCT)
            else:
                continue
            for holder in act.source:
                yield self._made(sentence, holder, kind, act.target, tokens, rule, certainty)

    def _lays_blame(self, verb: Token) -> bool:
        """ "Charged it with a task" lays none; what is put in as an aside is told by the voices."""
        if lemma(verb) in ("say", "tell", "add") and children(verb, "ccomp"):
            return False  # what is said is told by the voices
        governors = {lemma(a) for a in list(verb.ancestors)[:2]}
        if lemma(verb) == "blame" and governors & (self.words["speak"] | {"hold", "be"}):
            return False  # whose blame it is, the governing verb tells
        wrongs = {lemma(t) for t in _governed(verb)} & (self.words["wrong"] | self.words["bad"])
        tasked = lemma(verb) == "charge" and verb.pos_ == "VERB" and any(p == "with" for p, _ in obliques(verb))
        return verb.dep_ != "parataxis" and (bool(wrongs) or not tasked)

    def _demands(self, act: Act) -> bool:
        """Whether something is really demanded: no question, and no talks, which would be a proposal."""
        trigger, governor, operator = act.trigger, act.mood.governor, act.mood.operator
        if governor is not None and governor.pos_ == "VERB" and operator is not None and operator.operator == "demand":
            trigger = governor
        word = lemma(trigger)
        if act.mode == "assist" and word not in ("demand", "insist"):
            return False
        if trigger.dep_ == "dobj" and lemma(trigger.head) in self.words["utter"] and not is_negated(trigger.head):
            return word not in self.words["meeting"]  # "demanded an apology"
        if trigger.pos_ == "NOUN":
            return bool(children(trigger, "acl", "ccomp", "relcl") or {c.lower_ for c in trigger.children} & {"for"})
        words = {lemma(t) for t in _governed(trigger)}
        if word == "apply" or (word == "ask" and not words) or {p for p, _ in obliques(trigger)} == {"about"}:
            return False
        return not (word != "demand" and words & (self.words["meeting"] | {"table"})) and not _asks(trigger)

    # -- voices -------------------------------------------------------------------------------------------------------

    def _voiced(self, sentence: Sentence, acts: list[Act]) -> Iterator[Held]:
        told = {t.i: act for act in acts for t in (act.trigger,) if act.type or act.moves}
        yield from self._denied(sentence, acts)
        self.voices.charged = any(kind == "blame" for kind in self.before)
        for voice in self.voices.of(sentence):
            act = told.get(voice.word.i)
            if act is not None and (act.moves or (act.type == "REQUEST" and voice.manner in ("reported", "demand"))):
                continue  # to declare somebody unwelcome is a deed, not a claim; demands have been told
            found = self.kinds.of(voice, told)
            if found is None:
                continue
            kind, tokens = found
            if voice.manner == "accusation" and not self._is_accusable(voice):
                continue
            if voice.manner == "quoted" and self.story.first_person and kind in ("belief", "forecast", "justification"):
                continue  # in an interview only what is plainly more
            if kind == "belief" and voice.manner in FACTUAL and self.kinds.is_of_lines(voice):
                continue  # "said that the office remained in use" tells of a line, as lines are told
            rule, certainty = RULES[voice.manner]
            for holder in voice.holders:
                yield self._made(voice.sentence, holder, kind, self._about(voice), tokens, rule, certainty)

    def _denied(self, sentence: Sentence, acts: list[Act]) -> Iterator[Held]:
        """ "A charge that was denied": by the accused."""
        for verb in sentence.doc:
            if (
                lemma(verb) in self.words["deny"]
                and is_passive(verb)
                and subject(verb) is None
                and not is_negated(verb)
            ):
                for act in (a for a in acts if a.type == "ACCUSE" and a.mode == "allege"):
                    for holder in act.target:
                        tokens = [verb, *patients(verb), *children(verb, "auxpass")]
                        yield self._made(sentence, holder, "denial", act.source, tokens, "claims.denial", 0.6)

    def _about(self, voice: Voice) -> tuple[str, ...]:
        mentions = voice.sentence.mentions
        named = [self.story.choose(mentions[t.i]) for t in voice.tokens if t.i in mentions]
        return tuple(c for c in dict.fromkeys(named) if c not in voice.holders)

    def _made(
        self,
        sentence: Sentence,
        holder: str,
        kind: ClaimKind,
        about: tuple[str, ...],
        tokens: list[Token],
        rule: str,
        certainty: float,
    ) -> Held:
        start = min(sentence.starts[t.i] for t in tokens)
        end = max(sentence.ends[t.i] for t in tokens)
        named = tuple(c for c in about if c != holder) or self.story.other((holder,))
        return Held(holder, kind, named, start, end, rule, certainty)

    def _is_accusable(self, voice: Voice) -> bool:
        """Whether it is a party that is accused, not "unnamed traders"."""
        accused = [t for t in patients(voice.word) if t.pos_ in ("NOUN", "PROPN") and lemma(t) not in BLAME]
        mentions = voice.sentence.mentions
        return not accused or any(
            self.story.who(voice.sentence, t) or any(c.i in mentions for c in phrase(t)) for t in accused
        )


def _wants(verb: Token) -> bool:
    """To want a thing is a stance; to want another to do something is a demand."""
    return lemma(verb) == "want" and verb.tag_ in ("VBZ", "VBP") and not children(verb, "xcomp", "ccomp")


def _condition(sentence: Sentence, act: Act) -> Token | None:
    """The clause of a threat "unless the shooting stops"; in an aside it is told by the voices."""
    governor = act.mood.governor or act.trigger
    if act.trigger.head.dep_ == "parataxis" or any(c.i < governor.i for c in children(governor, "ccomp")):
        return None
    return next((t.head for t in sentence.doc if t.lower_ == "unless" and t.dep_ == "mark"), None)


def _asks(verb: Token) -> bool:
    """Whether only a question is asked: "asked how it came to this"."""
    return any(
        c.tag_ in ("WRB", "WP", "WDT") or c.lower_ in ("whether", "if")
        for clause in children(verb, "ccomp")
        for c in clause.children
    )


def _governed(verb: Token) -> list[Token]:
    """What a verb governs to its right, to be quoted with it."""
    out: list[Token] = []
    for child in verb.children:
        if child.i > verb.i and child.dep_ in ("prep", "ccomp", "xcomp", "dobj", "oprd", "acomp"):
            out += phrase(child, skip=frozenset({"punct", "parataxis"}))
    return out
