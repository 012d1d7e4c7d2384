"""Acts that touch no line: an accusation, a refusal, a visit; who acts upon whom there.

What always holds: an act has a doer, and a target unless both sides act together or, in scope "all", it stays at home;
"each accuses the other" is two acts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from detente.coding import plover
from detente.coding.discourse import Discourse
from detente.coding.drafts import Act, quote
from detente.coding.grammar import Sentence, children, is_passive, lemma, obliques, patients, subject
from detente.coding.lexicon import Codebook, Frame
from detente.coding.mood import Mood
from detente.coding.references import Ref
from detente.coding.roles import Roles
from detente.coding.settling import Judge

if TYPE_CHECKING:
    from detente.coding.tokens import Token

BACKED = frozenset({"SANCTION", "CONCEDE", "RETREAT", "MOBILIZE", "COERCE", "AID"}) | plover.SPOKEN
"""Types whose target may be left to the story: a measure is taken against somebody even where nobody is named."""
GRANTS = frozenset({"AGREE", "CONCEDE", "REJECT"})
"""Types that answer a request: what they answer is no act beside them."""


class Events:
    """Finds who acts upon whom where a word shows an act that touches no line.

    Args:
        book: the codebook.
        story: what has been said so far.
        roles: finds the agent and the target.
        judge: applies the mood.
        everyone: scope "all": domestic acts count, too.
    """

    def __init__(self, book: Codebook, story: Discourse, roles: Roles, judge: Judge, *, everyone: bool = False) -> None:
        self.book = book
        self.story = story
        self.roles = roles
        self.judge = judge
        self.everyone = everyone

    def of(self, sentence: Sentence, token: Token, frame: Frame, mood: Mood) -> list[Act]:
        """The acts that a word shows by a frame: none, one, or one each way."""
        return _each_other(self._event(sentence, token, frame, mood))

    def _event(self, sentence: Sentence, token: Token, frame: Frame, mood: Mood) -> Act | None:
        verbal = token.pos_ in ("VERB", "AUX")
        spots = patients(token) if verbal else [t for prep, t in obliques(token) if prep in ("of", "on", "against")]
        asked = _movers(token) if frame.intransitive else spots  # "the troops left", "the truce holds"
        if not self._applies(token, frame, spots, asked):
            return None
        source, word = self.roles.agent(sentence, token, mood, frame)
        if frame.subjects and not self.roles.doer_fits(sentence, token, word, frame):
            return None
        if frame.swap:
            source, target = self.roles.target(sentence, token, frame, spots, None, word), source
        else:
            target = self.roles.target(sentence, token, frame, spots, source, word)
        source = source or self._unsaid(sentence, token, frame, word, target, [token, *spots, *asked])
        if source is None or not source.codes or (target is None and "complement" in frame.to):
            return None
        codes, others = source.codes, target.codes if target else ()
        act = Act(sentence, token, frame, mood, codes, others, frame.type, frame.mode)
        sides = self._sides(act, named=source.named, mutual=_mutual(spots))
        if sides is None:
            return None
        act.source, act.target = sides
        act.sector = (source.sector, target.sector if target else None)
        act.certainty = 0.8 if target is None or target.named else 0.65
        act.tokens = quote(token, spots[:1])
        settled = self.judge.settled(act, [])
        if settled and settled.type == "REJECT" and any(lemma(s) in self.book.classes["demand"] for s in spots):
            self.judge.turned_down(settled)
        return settled

    def _applies(self, token: Token, frame: Frame, spots: list[Token], asked: list[Token]) -> bool:
        """Whether what stands around the word is what the entry asks for."""
        if frame.solo and children(token, "dobj", "nsubjpass"):
            return False
        if frame.objects and not self.roles.fits(token, asked, frame):
            return False
        named = token.dep_ != "csubj" and any(t.lower_ == "what" for t in children(token, "dobj", "nsubj"))
        if frame.type == "ACCUSE" and named:
            return False  # "complained of what it called interference": one complaint
        if frame.unless and any(lemma(s) in self.book.expand(frame.unless) for s in spots):
            return False
        return not ("clause" in frame.unless and children(token, "ccomp"))

    def _unsaid(
        self, sentence: Sentence, token: Token, frame: Frame, word: Token | None, target: Ref | None, near: list[Token]
    ) -> Ref | None:
        """Who acts where the grammar of the word names no party."""
        source: Ref | None = None
        if self.everyone:
            source = self.story.owner(sentence, word) if word is not None else None
            if source is None and (word is not None or is_passive(token) or frame.domestic):
                source = self._only(sentence, token)
            source = source or self.roles.kind_of(word)
        if source is None and (frame.together or frame.type in plover.RECIPROCAL):
            source = self._between(sentence, near)
        if source is None and frame.kinds and target and is_passive(token):
            source = Ref(self.story.other(target.codes, sentence, token.i), None, False)  # an envoy's host
        return source

    def _sides(self, act: Act, *, named: bool, mutual: bool) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """Who acts, and upon whom; None where nobody is left to be acted upon."""
        if act.frame.together:
            joint = self._jointly(act, named=named)
            return (joint, ()) if joint else None
        codes, others = act.source, act.target
        if not self.everyone or not set(others) <= set(codes):
            others = tuple(c for c in others if c not in codes)
        if others:
            return codes, others
        if len(codes) > 1 and (act.type in plover.RECIPROCAL or mutual):
            return tuple(sorted(codes)), ()
        if self.everyone:
            return codes, self._someone(act) if len(codes) == 1 else ()
        others = self._opposite(act)
        return (codes, others) if others else None

    def _jointly(self, act: Act, *, named: bool) -> tuple[str, ...]:
        """All who act together; nobody where one is left alone, since nobody cooperates with himself."""
        codes = {*act.source, *act.target}
        if len(codes) < 2 and not named:
            codes |= set(self.story.other(tuple(codes), act.sentence, act.trigger.i))
        alone = len(codes) < 2 and not (self.everyone and act.type != "COOPERATE")
        return () if alone else tuple(sorted(codes))

    def _opposite(self, act: Act) -> tuple[str, ...]:
        """The target that the word leaves to the story."""
        request = self.judge.asked if act.type in GRANTS else None
        if request and set(act.source) <= set(request.target):  # "Peru has accepted": whoever asked it
            return request.source
        return self.story.other(act.source, act.sentence, act.trigger.i) if act.type in BACKED else ()

    def _someone(self, act: Act) -> tuple[str, ...]:
        """Scope "all": the next other party that the sentence names as a party, else the doer's own people."""
        sentence, token, reporter = act.sentence, act.trigger, act.mood.reporter
        away = set(reporter.subtree) - set(token.subtree) if reporter is not None else set()
        away |= {t for noun in sentence.doc if lemma(noun) in ("border", "frontier") for t in noun.subtree}
        skip = {t.i for t in away}
        named = [
            i
            for i in sorted(sentence.mentions.keys() - skip)
            if self.story.choose(sentence.mentions[i]) not in act.source
            and not any(c.lower_ == "ethnic" for c in sentence.doc[i].children)
        ]
        if named:
            nearest = next((i for i in named if i > token.i), named[-1])
            return (self.story.choose(sentence.mentions[nearest]),)
        return act.source

    def _only(self, sentence: Sentence, token: Token) -> Ref | None:
        """Scope "all": whoever acts is of the one country that the sentence names, or of that in which it happens."""
        where = [sentence.mentions[t.i] for prep, t in obliques(token) if prep == "in" and t.i in sentence.mentions]
        named = {self.story.choose(m) for m in where or sentence.mentions.values() if not m.group}
        return Ref(tuple(named), None, False) if len(named) == 1 else None

    def _between(self, sentence: Sentence, words: list[Token]) -> Ref | None:
        """ "A pact was reached between Peru and Chile": both act, and nobody is the subject."""
        for word in words:
            for prep, noun in obliques(word):
                if prep == "between" and (ref := self.story.who(sentence, noun)) and len(ref.codes) > 1:
                    return ref
        return None


def _mutual(objects: list[Token]) -> bool:
    return any(t.lower_ in ("other", "another") for t in objects)


def _each_other(act: Act | None) -> list[Act]:
    """ "Each accuses the other": two acts, one each way."""
    if act is None:
        return []
    if len(act.source) == 2 and _mutual(patients(act.trigger)):
        one, two = act.source
        return [replace(act, source=(one,), target=(two,)), replace(act, source=(two,), target=(one,))]
    return [act]


def _movers(verb: Token) -> list[Token]:
    """Who leaves, arrives or begins: the verb's own subject, or the one that "began to leave" or "came and left"."""
    if is_passive(verb) or verb.dep_ in ("acl", "advcl"):
        return []
    if verb.dep_ == "xcomp" and children(verb.head, "dobj", "dative"):
        return []
    doer = subject(verb)
    return [doer] if doer is not None else []
