"""What kind of claim a voice makes: belief, blame, justification, policy, demand, denial, forecast, or none.

What always holds: the kind follows from who does what is said (the speaker, another, nobody), from its mood and its
words; threats, dated plans, bare displeasure and what is told as an act are no claims.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.coding.discourse import Discourse
from detente.coding.drafts import Act
from detente.coding.grammar import children, is_negated, is_passive, lemma, obliques, patients, phrase, subject
from detente.coding.lines import line_of
from detente.coding.saying import PUNCT
from detente.coding.speakers import AUTHOR
from detente.coding.voices import FIRST_PERSON, Manner, Voice
from detente.model import LINE_KINDS, ClaimKind

if TYPE_CHECKING:
    from detente.coding.tokens import Token

PLAIN: dict[Manner, ClaimKind] = {
    "denial": "denial", "ground": "justification", "seen-as": "belief", "accusation": "blame", "stance": "policy",
    "demand": "demand",
}  # fmt: skip
"""Manners of speaking that are of one kind whatever is said."""
WILL = frozenset({"will", "shall", "'ll", "wo", "would", "'d"})
MAY = frozenset({"may", "might", "could", "can"})
OUGHT = frozenset({"should", "must", "ought"})
ANOTHER = "?"
"""Stands for a party that is not named but is not the speaker: "you", and "they" in direct speech."""
RESOLVED = frozenset({"committed", "determined", "open", "unwilling"})
"""What those are who declare a stance of their own."""
DATED = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday next tomorrow week month shortly soon".split()
)
_ONLY = re.compile(r"\b(?:only|merely|simply|just)\b")
_GROUND = re.compile(r"\b(?:in response to|on the grounds?|in order to|so as to|no choice|no point|had to|"
                     r"self -? ?defen[cs]e|(?:was|were|been) forced)\b")  # fmt: skip
_NO_PART = re.compile(r"\b(?:nothing to do with|no (?:part|hand|role|knowledge|intention|such|plans?|truth|more than)|"
                      r"nothing wrong|nothing of the (?:kind|sort))\b")  # fmt: skip
_CLOSED = re.compile(r"\b(?:one \w+ only|the only|up for discussion|out of the question|nothing to discuss|"
                     r"nothing to talk about|no return|no place for|not negotiable|non-negotiable|off the table|"
                     r"remain\w* open to|has not changed)\b")  # fmt: skip
_LASTING = re.compile(r"\bfirst\b|\b(?:as|so) long as\b")


@dataclass(frozen=True, slots=True)
class Content:
    """What is said, taken apart.

    Attributes:
        voice: who says it, and how.
        verb: the verb that counts; in "it was Peru which broke it", "broke".
        actor: who does it; empty where nobody is told.
        spared: whether the speaker is who it would be done to.
        subjects: the verb's subjects.
        helpers: auxiliaries.
        words: all lemmas.
        text: the words, in lower case.
    """

    voice: Voice
    verb: Token
    actor: frozenset[str]
    spared: bool
    subjects: tuple[Token, ...]
    helpers: frozenset[str]
    words: frozenset[str]
    text: str

    @property
    def own(self) -> bool:
        """Whether the speaker does it."""
        return not self.actor.isdisjoint(self.voice.holders)

    @property
    def other(self) -> bool:
        """Whether another does it."""
        return bool(self.actor) and not self.own

    @property
    def negated(self) -> bool:
        """Whether it is not, or no longer, so."""
        return is_negated(self.verb) or "no longer" in self.text

    @property
    def past(self) -> bool:
        """Whether it has happened."""
        return self.verb.tag_ == "VBD" or bool(self.helpers & {"had", "has", "have", "'ve", "was"})


class Kinds:
    """Tells the kinds of claims.

    Args:
        story: what has been said so far about whom.
    """

    def __init__(self, story: Discourse) -> None:
        self.story = story
        self.words = story.book.classes

    def of(self, voice: Voice, told: dict[int, Act]) -> tuple[ClaimKind, list[Token]] | None:
        """The kind of a voice's claim and what to quote; None where it makes none.

        Args:
            voice: who says what.
            told: the sentence's acts by the index of the word that shows them.
        """
        tokens = list(voice.tokens)
        if voice.manner in PLAIN:
            done = voice.manner == "demand" and voice.clause.i in told and told[voice.clause.i].moves
            return None if done else (PLAIN[voice.manner], tokens)
        if voice.manner == "calls":
            kind = self._characterisation(voice, told)
            return (kind, tokens) if kind else None
        if condition := _condition(voice, told):
            return condition
        content = self._content(voice)
        kind = self._said(content)
        acts = [told[t.i] for t in (voice.clause, *children(voice.clause, "xcomp", "acomp")) if t.i in told]
        return (kind, tokens) if kind and _is_more_than(acts, kind, content) else None

    def is_of_lines(self, voice: Voice) -> bool:
        """Whether what is said is how a line stands."""
        if any(c.tag_ == "MD" for c in voice.clause.children):
            return False
        things = children(voice.clause, "nsubj", "nsubjpass", "dobj")
        return any(line_of(voice.sentence, t, self.story, LINE_KINDS) for t in things)

    # -- what something is called -------------------------------------------------------------------------------------

    def _characterisation(self, voice: Voice, told: dict[int, Act]) -> ClaimKind | None:
        """ "Called the charge absurd" denies, "called it a breach" blames, "called it regrettable" is no claim."""
        words = {w for t in phrase(voice.clause) for w in (lemma(t), t.lower_)}
        if any(c.lower_ == "what" for c in voice.word.children):
            if _is_complaint(voice.word, self.words["complain"]):
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

    # -- what is said in a clause -------------------------------------------------------------------------------------

    def _content(self, voice: Voice) -> Content:
        actor, verb = self._actor(voice)
        strayed = children(voice.word, "nsubj")[:-1] if voice.manner == "aside" else []
        undergone = children(voice.clause, "nsubjpass")
        return Content(
            voice=voice,
            verb=verb,
            actor=frozenset(actor),
            spared=any(set(voice.holders) & set(self._codes(voice, t)) for t in undergone),
            subjects=(*children(verb, "nsubj", "nsubjpass"), *strayed),
            helpers=frozenset(
                c.lower_ for c in (verb, *verb.children) if c.dep_ in ("aux", "auxpass") or c.tag_ == "MD"
            ),
            words=frozenset(lemma(t) for t in voice.tokens if t.pos_ not in ("ADV", "ADP", "PART")),
            text=" ".join(t.lower_ for t in sorted(voice.tokens, key=lambda t: t.i)),
        )

    def _actor(self, voice: Voice) -> tuple[set[str], Token]:
        """Who does what is said, and the verb: in "it was Peru which broke the truce", Peru and "broke"."""
        clause = voice.clause
        if lemma(clause) == "be" and any(c.lower_ == "it" for c in children(clause, "nsubj")):
            for noun in children(clause, "attr"):
                for cleft in (*children(noun, "relcl"), *children(clause, "relcl", "ccomp", "advcl")):
                    if noun.i in voice.sentence.mentions or noun.lower_ == "they":
                        return set(self._codes(voice, noun)) or {ANOTHER}, cleft
        doer = subject(clause)
        if children(clause, "expl") or (doer is None and is_passive(clause)):
            return set(), clause
        return set(self._codes(voice, doer)), clause

    def _codes(self, voice: Voice, noun: Token | None) -> tuple[str, ...]:
        if noun is None:
            return ()
        if noun.lower_ in FIRST_PERSON:
            return (self.story.first_person,) if self.story.first_person else voice.holders
        if noun.lower_ == "you" or (noun.lower_ == "they" and any(t.text == '"' for t in noun.doc)):
            return (ANOTHER,)
        if noun.tag_ == "PRP" and voice.holders == (AUTHOR,):
            return ()
        if any(c.lower_ in ("our", "my") for c in children(noun, "poss")):
            return voice.holders
        ref = self.story.who(voice.sentence, noun)
        return ref.codes if ref else ()

    def _said(self, content: Content) -> ClaimKind | None:
        """The kind of a clause that somebody says or holds."""
        if self._is_untrue(content):
            return "denial"
        if self._is_demanded(content):
            return "demand"
        if self._is_blamed(content):
            return "blame"
        if kind := self._settled(content):
            return kind
        if content.helpers & WILL:
            return self._to_come(content)
        return self._standing(content)

    def _is_untrue(self, content: Content) -> bool:
        """ "The reports are false", "it had no part in it"."""
        predicates = {lemma(c) for c in children(content.verb, "acomp", "attr")}
        charges = {lemma(c) for c in content.subjects} & self.words["allegation"]
        charges |= {c.lower_ for c in content.subjects} & {"this", "that", "it", "all"}
        if (charges and predicates & self.words["false"]) or (content.negated and predicates & self.words["true"]):
            return True
        innocent = (content.own or "no truth" in content.text) and _NO_PART.search(content.text)
        return bool(innocent) and not content.helpers & WILL

    def _is_demanded(self, content: Content) -> bool:
        """ "Insists that it be closed", "Let them go!"."""
        verb = content.verb
        if verb.tag_ == "VB" and not content.subjects and not content.helpers and '"' in verb.doc.text:
            return True
        bare = verb.tag_ == "VB" or (verb.tag_ == "VBP" and any(c.tag_ in ("NN", "NNP") for c in content.subjects))
        bare = bare or "be" in {c.lower_ for c in children(verb, "auxpass")}
        demands = lemma(content.voice.word) in ("demand", "insist", "insistence")
        return demands and bare and not content.helpers & (WILL | OUGHT)

    def _is_blamed(self, content: Content) -> bool:
        """Whether another is said to have done wrong: by a word for it, or by any deed not known as harmless."""
        if content.own:
            return False
        if lemma(content.voice.word) in self.words["alleging"]:
            return True
        if content.helpers & (WILL | OUGHT | MAY):
            return False
        verb = content.verb
        if lemma(verb) in self.words["wrong"] or "blame" in content.words:
            return True
        if not content.other:
            return False
        done = content.past and not content.negated and verb.pos_ == "VERB" and content.voice.manner != "quoted"
        harmful = done and lemma(verb) not in self.words["harmless"]
        return harmful or verb != content.voice.clause or bool(content.words & self.words["wrong"])

    def _settled(self, content: Content) -> ClaimKind | None:
        """Grounds, doors that are closed, and what was not done."""
        real = not content.helpers & (WILL | MAY | OUGHT)
        if content.own and real and _ONLY.search(content.text):
            return "justification"
        if _CLOSED.search(content.text):
            return "policy"
        if "no longer" in content.text and content.past and self.is_of_lines(content.voice):
            return "justification"  # what was of no use any more
        grounded = _GROUND.search(content.text) and not content.helpers & MAY
        if grounded or content.words & self.words["ground"] or lemma(content.voice.word) == "explain":
            return "justification"
        if content.own and content.negated and content.past and not content.helpers & WILL:
            return "denial"
        return "policy" if _LASTING.search(content.text) else None

    def _to_come(self, content: Content) -> ClaimKind | None:
        """Of what will be: one's own refusals and lasting intents are policy, threats none, the rest is foretold."""
        verb, voice = content.verb, content.voice
        if lemma(verb) in ("amount", "mean", "constitute", "violate", "breach"):
            return "belief"
        if not content.own and not (content.spared and content.negated):
            return None if is_passive(verb) else "forecast"  # "would be sent home" is announced, not foretold
        if content.negated and "unanswered" not in content.words:
            return "policy"
        if any(t.lower_ in DATED for t in voice.tokens):
            return None  # a plan with a date
        conditions = {m.lower_ for c in children(verb, "advcl") for m in children(c, "mark")}
        menaces = "unanswered" in content.words or lemma(verb) in self.words["menace"] or "if" in conditions
        return None if menaces or lemma(voice.word) in ("warn", "vow") else "policy"

    def _standing(self, content: Content) -> ClaimKind | None:
        """Of what is or may be: forecasts, duties, stances; the rest is belief."""
        verb, word = content.verb, lemma(content.voice.word)
        if content.helpers & MAY - {"can"} and not content.own and not content.negated and not is_passive(verb):
            return "forecast"
        if content.helpers & OUGHT or (lemma(verb) in ("have", "need") and children(verb, "xcomp")):
            return "demand" if content.other and not is_passive(verb) else "policy"
        if word in self.words["foretell"]:
            return "forecast"
        if content.own and (lemma(verb) in self.words["stance"] or content.words & RESOLVED):
            return "policy"
        if content.words & self.words["policy"] and not content.other:
            return "policy"
        himself = content.own and content.past and {c.lower_ for c in content.subjects} & {"he", "she", "i"}
        return None if word in self.words["tell"] or himself else "belief"


def _is_more_than(acts: list[Act], kind: ClaimKind, content: Content) -> bool:
    """Whether a clause that tells acts is a claim, too: a demand, blame for them, or a denial or refusal of them."""
    if not acts or (kind == "demand" and all(act.type != "REQUEST" for act in acts)):
        return True
    if kind == "policy" and content.words & RESOLVED:
        return True
    if any(act.moves for act in acts):
        return False
    return kind == "blame" or (kind in ("denial", "policy") and is_negated(content.voice.clause))


def _condition(voice: Voice, told: dict[int, Act]) -> tuple[ClaimKind, list[Token]] | None:
    """ "No X until Y" is a policy, "unless Y" a demand, "since Y" the ground for what is said."""
    clause = voice.clause
    if any(c.lower_ in ("until", "till") for c in children(clause, "prep")) and is_negated(clause):
        return "policy", phrase(clause, skip=PUNCT)
    for child in (*children(clause, "advcl"), *children(voice.word, "advcl")):
        marks = {c.lower_ for c in children(child, "mark", "advmod")}
        tokens = phrase(child, skip=PUNCT)
        if "unless" in marks:
            return "demand", tokens
        if marks & {"until", "till"} or "as long as" in _opening(child) or ("before" in marks and is_negated(clause)):
            return "policy", [*phrase(clause, skip=PUNCT), *tokens]
        explained = clause.i in told or lemma(voice.word) == "explain"
        if child.i > clause.i and ("since" in marks or ("because" in marks and explained)):
            return "justification", tokens
    return None


def _opening(clause: Token) -> str:
    left = clause.left_edge.i
    return " ".join(t.lower_ for t in clause.doc[max(0, left - 2) : left + 4])


def _is_ground(verb: Token) -> bool:
    """ "Over what it called a string of insults": why something was done."""
    return verb.dep_ == "pcomp" and verb.head.lower_ in ("over", "for", "by", "with", "at")


def _is_complaint(verb: Token, complaining: frozenset[str]) -> bool:
    """ "Complained of what it called a plot"."""
    return verb.dep_ == "pcomp" and verb.head.head.pos_ == "VERB" and lemma(verb.head.head) in complaining
