"""What parties hold or say about the relation: what kind of claim each voice makes.

What always holds: a claim has a holder whom the text names or clearly means; acts are not repeated as claims but for
accusations and demands, which the guide counts as both; threats, promises and bare displeasure are none.
"""

from __future__ import annotations

import re
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
from detente.coding.lines import line_of
from detente.coding.voices import AUTHOR, FIRST_PERSON, Manner, Voice, Voices
from detente.model import LINE_KINDS, ClaimKind

if TYPE_CHECKING:
    from spacy.tokens import Token

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
_PLAIN: dict[Manner, ClaimKind] = {
    "denial": "denial", "ground": "justification", "seen-as": "belief", "accusation": "blame", "stance": "policy",
    "demand": "demand",
}  # fmt: skip
"""Manners of speaking that are of one kind whatever is said."""
_FACTUAL = frozenset({"reported", "aside", "as-said", "viewpoint", "quoted"})
DATED = frozenset("monday tuesday wednesday thursday friday saturday sunday next tomorrow week month shortly soon".split())
BLAME = frozenset({"blame", "responsibility", "finger", "fault"})
WILL = frozenset({"will", "shall", "'ll", "wo", "would", "'d"})
_PUNCT = frozenset({"punct"})
MAY = frozenset({"may", "might", "could", "can"})
OUGHT = frozenset({"should", "must", "ought"})
PAST = frozenset({"VBD", "VBN"})
_FIRST = re.compile(r"\bfirst\b|\bas long as\b|\bso long as\b")
_ONLY = re.compile(r"\b(?:only|merely|simply|just)\b")
_GROUND = re.compile(r"\b(?:in response to|on the grounds?|in order to|so as to|no choice|no point|had to|self -? ?defen[cs]e|(?:was|were|been) forced)\b")
_NO_PART = re.compile(r"\b(?:nothing to do with|no (?:part|hand|role|knowledge|intention|such|plans?)|nothing wrong|no truth|nothing of the (?:kind|sort)|no more than)\b")
_CLOSED = re.compile(r"\b(?:one \w+ only|the only|up for discussion|out of the question|nothing to discuss|nothing to talk about|no return|"
                     r"no place for|not negotiable|non-negotiable|off the table|remain\w* open to|has not changed)\b")  # fmt: skip


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
            if not act.source or act.type is None:
                continue
            tokens = [*act.tokens, *_governed(act.trigger)]
            for holder in act.source:
                if act.type == "ACCUSE" and act.mode == "allege" and act.target and self._lays_blame(act.trigger):
                    yield self._made(sentence, holder, "blame", act.target, tokens, "claims.accusation", 0.75)
                elif act.type == "REQUEST" and act.mode not in ("meet", "assist") and self._demands(act):
                    kind: ClaimKind = "policy" if _wants(act.trigger) else "demand"
                    yield self._made(sentence, holder, kind, act.target, tokens, "claims.demand", 0.7)
                elif act.type == "THREATEN" and act.trigger.head.dep_ != "parataxis":
                    for unless in (t for t in sentence.doc if t.lower_ == "unless" and t.dep_ == "mark"):
                        tokens = phrase(unless.head, skip=_PUNCT)
                        yield self._made(sentence, holder, "demand", act.target, tokens, "claims.demand", 0.7)

    def _lays_blame(self, verb: Token) -> bool:
        """ "Charged it with a task" lays none; what is put in as an aside is told by the voices."""
        governors = {lemma(a) for a in list(verb.ancestors)[:2]}
        if lemma(verb) == "blame" and governors & (self.words["speak"] | {"hold", "be"}):
            return False  # whose blame it is, the governing verb tells
        wrongs = {lemma(t) for t in _governed(verb)} & (self.words["wrong"] | self.words["bad"])
        tasked = lemma(verb) == "charge" and verb.pos_ == "VERB" and any(p == "with" for p, _ in obliques(verb))
        return verb.dep_ != "parataxis" and (bool(wrongs) or not tasked)

    def _demands(self, act: Act) -> bool:
        """Whether something is really demanded: no question, and no talks, which would be a proposal."""
        trigger, governor = act.trigger, act.mood.governor
        if governor is not None and governor.pos_ == "VERB" and act.mood.operator and act.mood.operator.operator == "demand":
            trigger = governor
        if trigger.dep_ == "dobj" and lemma(trigger.head) in self.words["utter"] and not is_negated(trigger.head):
            return lemma(trigger) not in self.words["meeting"]  # "demanded an apology"
        if trigger.pos_ == "NOUN":
            return bool(children(trigger, "acl", "ccomp", "relcl") or {c.lower_ for c in trigger.children} & {"for"})
        words = {lemma(t) for t in _governed(trigger)}
        if lemma(trigger) == "apply" or (lemma(trigger) == "ask" and not words) or {p for p, _ in obliques(trigger)} == {"about"}:
            return False
        if lemma(trigger) != "demand" and words & (self.words["meeting"] | {"table"}):
            return False
        return not _asks(trigger)

    # -- voices -------------------------------------------------------------------------------------------------------

    def _voiced(self, sentence: Sentence, acts: list[Act]) -> Iterator[Held]:
        told = {t.i: act for act in acts for t in (act.trigger,) if act.type or act.moves}
        yield from self._denied(sentence, acts)
        self.voices.charged = any(kind == "blame" for kind in self.before)
        for voice in self.voices.of(sentence):
            act = told.get(voice.word.i)
            if act is not None and (act.moves or (act.type == "REQUEST" and voice.manner in ("reported", "demand"))):
                continue  # to declare somebody unwelcome is a deed, not a claim; demands have been told
            found = self._kind(voice, told)
            if found is None:
                continue
            kind, tokens = found
            if voice.manner == "accusation" and not self._is_accusable(voice):
                continue
            if voice.manner == "quoted" and self.story.first_person and kind in ("belief", "forecast", "justification"):
                continue  # in an interview only what is plainly more
            if kind == "belief" and voice.manner in _FACTUAL and self._of_lines(voice):
                continue  # "said that the office remained in use" tells of a line, as lines are told
            rule, certainty = RULES[voice.manner]
            for holder in voice.holders:
                yield self._made(sentence, holder, kind, self._about(voice), tokens, rule, certainty)

    def _denied(self, sentence: Sentence, acts: list[Act]) -> Iterator[Held]:
        """ "A charge that was denied": by the accused."""
        for verb in sentence.doc:
            if lemma(verb) in self.words["deny"] and is_passive(verb) and subject(verb) is None and not is_negated(verb):
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

    def _of_lines(self, voice: Voice) -> bool:
        """Whether what is said is only how a line stands."""
        things = children(voice.clause, "nsubj", "nsubjpass", "dobj")
        return any(line_of(voice.sentence, t, self.story, LINE_KINDS) for t in things)

    # -- kinds --------------------------------------------------------------------------------------------------------

    def _kind(self, voice: Voice, told: dict[int, Act]) -> tuple[ClaimKind, list[Token]] | None:
        """The kind of a voice's claim and what to quote; None where it makes none."""
        tokens = list(voice.tokens)
        if voice.manner == "demand" and voice.clause.i in told and told[voice.clause.i].moves:
            return None
        if voice.manner in _PLAIN:
            return _PLAIN[voice.manner], tokens
        if voice.manner == "calls":
            kind = self._characterisation(voice, told)
            return (kind, tokens) if kind else None
        if condition := _condition(voice, told):
            return condition
        acts = [told[t.i] for t in (voice.clause, *children(voice.clause, "xcomp", "acomp")) if t.i in told]
        kind = self._said(voice)
        if kind == "demand" and not any(act.type == "REQUEST" for act in acts):
            return "demand", tokens
        if kind == "policy" and "committed" in {t.lower_ for t in tokens}:
            return "policy", tokens
        if acts and (kind not in ("blame", "denial", "policy") or any(act.moves for act in acts)):
            return None  # what is done is told as an act
        if acts and kind != "blame" and not is_negated(voice.clause):
            return None
        return (kind, tokens) if kind else None

    def _characterisation(self, voice: Voice, told: dict[int, Act]) -> ClaimKind | None:
        """ "Called the charge absurd" denies, "called it a breach" blames, "called it regrettable" is no claim."""
        words = {w for t in phrase(voice.clause) for w in (lemma(t), t.lower_)}
        if any(c.lower_ == "what" for c in voice.word.children):
            if voice.word.dep_ == "pcomp" and voice.word.head.head.pos_ == "VERB" and (
                lemma(voice.word.head.head) in self.words["complain"]
            ):
                return None  # the complaint is told by itself
            act = told.get(voice.word.head.i)
            if _is_ground(voice.word) or (act is not None and set(act.source) & set(voice.holders)):
                return "justification"
        things = [p for p in patients(voice.word) if p != voice.clause] or children(voice.clause, "nsubj")
        charges = any(lemma(t) in self.words["allegation"] for t in things)
        deed = not charges and any(t.i in told or self._is_deed(t) for t in things)
        if words & self.words["false"] and not deed:
            return "denial"
        if words & self.words["displeasure"] and voice.clause.pos_ in ("ADJ", "ADV", "VERB"):
            return None
        if lemma(voice.word) == "see" and any(p == "behind" for p, _ in obliques(voice.word)):
            return "blame"
        blames = words & self.words["wrong"] and lemma(voice.word) not in ("see", "speak", "talk")
        return "blame" if blames else "belief"

    def _is_deed(self, noun: Token) -> bool:
        word = lemma(noun)
        named = any(p.frame.type or p.frame.change for p in self.story.book.nouns.get(word, ()))
        return named or word in self.words["deed"]

    def _said(self, voice: Voice) -> ClaimKind | None:
        """The kind of a clause that somebody says or holds."""
        clause, holders = voice.clause, set(voice.holders)
        actor, verb = self._actor(voice)
        own = bool(actor & holders)
        spared = any(holders & set(self._codes(voice, t)) for t in children(clause, "nsubjpass"))
        other = bool(actor) and not own
        text = " ".join(t.lower_ for t in sorted(voice.tokens, key=lambda t: t.i))
        words = {lemma(t) for t in voice.tokens}
        helpers = {c.lower_ for c in (verb, *verb.children) if c.dep_ in ("aux", "auxpass") or c.tag_ == "MD"}
        negated = is_negated(verb) or "no longer" in text
        past = verb.tag_ == "VBD" or bool(helpers & {"had", "has", "have", "'ve"}) or "was" in helpers
        predicates = {lemma(c) for c in children(verb, "acomp", "attr")}
        strayed = children(voice.word, "nsubj")[:-1] if voice.manner == "aside" else []
        subjects = [*children(verb, "nsubj", "nsubjpass"), *strayed]
        charges = {lemma(c) for c in subjects} & self.words["allegation"]
        charges = charges or {c.lower_ for c in children(verb, "nsubj")} & {"this", "that", "it", "all"}
        if (charges and predicates & self.words["false"]) or (negated and predicates & self.words["true"]):
            return "denial"
        if lemma(voice.word) in ("charge", "accusation", "allegation", "allege", "complaint") and not own:
            return "blame"
        subjunctive = verb.tag_ == "VB" or (verb.tag_ == "VBP" and any(c.tag_ in ("NN", "NNP") for c in subjects))
        subjunctive = subjunctive or "be" in {c.lower_ for c in children(verb, "auxpass")}
        if clause.tag_ == "VB" and not subjects and not helpers and '"' in clause.doc.text:
            return "demand"  # "Let them go!"
        if lemma(voice.word) in ("demand", "insist", "insistence") and subjunctive and not helpers & (WILL | OUGHT):
            return "demand"
        if (own or "no truth" in text) and _NO_PART.search(text) and not helpers & WILL:
            return "denial"
        if not helpers & (WILL | OUGHT | MAY) and not own:
            if lemma(verb) in self.words["wrong"] or "blame" in words:
                return "blame"
            deed = past and not negated and voice.manner != "quoted"
            if other and (verb != clause or self._is_wrong(verb, words, deed)):
                return "blame"
        if own and _ONLY.search(text) and not helpers & (WILL | MAY | OUGHT):
            return "justification"
        if _CLOSED.search(text):
            return "policy"
        if "no longer" in text and past and self._of_lines(voice):
            return "justification"  # what was of no use any more
        if (_GROUND.search(text) and not helpers & MAY) or words & self.words["ground"] or lemma(voice.word) == "explain":
            return "justification"
        if own and negated and past and not helpers & WILL:
            return "denial"
        if _FIRST.search(text):
            return "policy"
        if helpers & WILL:
            return self._to_come(voice, verb, own or (spared and negated), negated, words)
        if helpers & MAY - {"can"} and not own and not negated and not is_passive(verb):
            return "forecast"
        if helpers & OUGHT or (lemma(verb) in ("have", "need") and children(verb, "xcomp")):
            return "demand" if other and not is_passive(verb) else "policy"
        if lemma(voice.word) in ("predict", "forecast", "foresee", "expect", "fear", "hope", "hopeful", "optimistic"):
            return "forecast"
        if own and (lemma(verb) in self.words["stance"] or words & {"committed", "open", "determined"}):
            return "policy"
        if words & self.words["policy"] and not other:
            return "policy"
        himself = own and past and {c.lower_ for c in subjects} & {"he", "she", "i"}
        if lemma(voice.word) in self.words["tell"] or himself:
            return None
        return "belief"

    def _to_come(self, voice: Voice, verb: Token, own: bool, negated: bool, words: set[str]) -> ClaimKind | None:
        """Of what will be: one's own refusals and lasting intents are policy, threats are none, the rest is foretold."""
        if lemma(verb) in ("amount", "mean", "constitute", "violate", "breach"):
            return "belief"
        if not own:
            return None if is_passive(verb) else "forecast"  # "would be sent home" is announced, not foretold
        if negated and "unanswered" not in words:
            return "policy"
        if any(t.lower_ in DATED for t in voice.tokens):
            return None  # a plan with a date
        menaces = words & {"unanswered"} or lemma(verb) in self.words["menace"] or any(c.lower_ == "if" for c in _marks(verb))
        return None if menaces or lemma(voice.word) in ("warn", "vow") else "policy"

    def _is_wrong(self, verb: Token, words: set[str], past: bool) -> bool:
        """Whether the other did wrong: by a word for it, or by anything done that is not known as harmless."""
        if words & self.words["wrong"]:
            return True
        return past and verb.pos_ == "VERB" and lemma(verb) not in self.words["harmless"]

    def _actor(self, voice: Voice) -> tuple[set[str], Token]:
        """Who does what is said, and the verb: in "it was Peru which broke the truce", Peru and "broke"."""
        clause = voice.clause
        if lemma(clause) == "be" and any(c.lower_ == "it" for c in children(clause, "nsubj")):
            for noun in children(clause, "attr"):
                for cleft in (*children(noun, "relcl"), *children(clause, "relcl", "ccomp", "advcl")):
                    if noun.i in voice.sentence.mentions or noun.lower_ == "they":
                        return set(self._codes(voice, noun)) or {"?"}, cleft
        doer = subject(clause)
        if children(clause, "expl") or (doer is None and is_passive(clause)):
            return set(), clause
        return set(self._codes(voice, doer)), clause

    def _codes(self, voice: Voice, noun: Token | None) -> tuple[str, ...]:
        if noun is None:
            return ()
        if noun.lower_ in FIRST_PERSON:
            return (self.story.first_person,) if self.story.first_person else voice.holders
        if noun.lower_ == "you":
            return ("?",)
        if noun.tag_ == "PRP" and voice.holders == (AUTHOR,):
            return ()
        if noun.lower_ == "they" and any(t.text == '"' for t in voice.clause.doc):
            return ("?",)  # in direct speech "they" are never the speaker
        if any(c.lower_ in ("our", "my") for c in children(noun, "poss")):
            return voice.holders
        ref = self.story.who(voice.sentence, noun)
        return ref.codes if ref else ()


def _condition(voice: Voice, told: dict[int, Act]) -> tuple[ClaimKind, list[Token]] | None:
    """ "No X until Y" is a policy, "unless Y" a demand, "since Y" the ground for what is said."""
    clause = voice.clause
    if any(c.lower_ in ("until", "till") for c in children(clause, "prep")) and is_negated(clause):
        return "policy", phrase(clause, skip=_PUNCT)
    for child in (*children(clause, "advcl"), *children(voice.word, "advcl")):
        marks = {c.lower_ for c in children(child, "mark", "advmod")}
        tokens = phrase(child, skip=_PUNCT)
        if "unless" in marks:
            return "demand", tokens
        if marks & {"until", "till"} or "as long as" in _opening(child) or ("before" in marks and is_negated(clause)):
            return "policy", [*phrase(clause, skip=_PUNCT), *tokens]
        explained = clause.i in told or lemma(voice.word) == "explain"
        if child.i > clause.i and ("since" in marks or ("because" in marks and explained)):
            return "justification", tokens
    return None


def _opening(clause: Token) -> str:
    left = clause.left_edge.i
    return " ".join(t.lower_ for t in clause.doc[max(0, left - 2) : left + 4])


def _is_ground(verb: Token) -> bool:
    """ "Over what it called a string of insults": why something was done."""
    what = any(c.lower_ == "what" for c in verb.children)
    return what and verb.dep_ == "pcomp" and verb.head.lower_ in ("over", "for", "by", "with", "at")


def _wants(verb: Token) -> bool:
    """To want a thing is a stance; to want another to do something is a demand."""
    return lemma(verb) == "want" and verb.tag_ in ("VBZ", "VBP") and not children(verb, "xcomp", "ccomp")


def _marks(verb: Token) -> list[Token]:
    return [m for c in children(verb, "advcl") for m in children(c, "mark")]


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
