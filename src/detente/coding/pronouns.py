"""What "it", "they", "both", "the two countries" and "its neighbour" stand for.

What always holds: a fitting party of the same sentence comes before what the article has said so far; a pronoun that
leads back to itself stands for nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.coding.grammar import Sentence, antecedent, children, lemma, subject
from detente.coding.references import ABSTRACT, PAIR_NOUNS, Ref

if TYPE_CHECKING:
    from detente.coding.discourse import Discourse
    from detente.coding.tokens import Token

JOINT = frozenset({"agree", "meet", "talk", "negotiate"})
"""What "they" mostly do together: "they agreed to …"."""


class Pronouns:
    """Resolves pronouns, and nouns that mean two parties or the other one.

    Args:
        story: what has been said so far.
    """

    def __init__(self, story: Discourse) -> None:
        self.story = story
        self._asked: set[tuple[int, int]] = set()

    def of(self, sentence: Sentence, token: Token) -> Ref | None:
        """Who a pronoun stands for, if anybody."""
        key = (sentence.index, token.i)
        if key in self._asked:
            return None
        self._asked.add(key)
        try:
            return self._stands_for(sentence, token)
        finally:
            self._asked.remove(key)

    def _stands_for(self, sentence: Sentence, token: Token) -> Ref | None:
        """Who "it", "its", "they", "both" or "each" stands for."""
        word = token.lower_
        if word in ("it", "its", "itself", "he", "she", "his", "her", "him", "one", "which", "who", "that", "whose"):
            relative = antecedent(token)
            if relative != token:
                return self.story.one(sentence, relative, 1)
            if word in ("who", "which", "that", "one", "whose"):
                return None
            return self._singular(sentence, token)
        if word in ("they", "their", "them", "themselves", "theirs"):
            local = self._clause_subject(sentence, token)
            if local:
                return Ref(local.codes, None, False)
            if self.other_subject(sentence, token):
                return None
            if token.dep_ == "nsubj" and lemma(token.head) in JOINT and len(both := self._both()) == 2:
                return Ref(both, None, False)
            return Ref(self.story.last_subject.codes, None, False) if self.story.last_subject else None
        if word in ("we", "our", "us", "ours", "here"):
            return Ref((self.story.first_person,), "GOV", False) if self.story.first_person else None
        if word in ("both", "each", "either", "neither"):
            return Ref(self._both(), None, False) if len(self._both()) == 2 else None
        return None

    def _singular(self, sentence: Sentence, token: Token) -> Ref | None:
        local = self._clause_subject(sentence, token)
        if local and len(local.codes) == 1:
            return Ref(local.codes, None, False)
        if token.lower_ in ("it", "its") and self.other_subject(sentence, token):
            return None
        if whose := self._subjects_owner(sentence, token):
            return whose
        if self.story.last_subject and len(self.story.last_subject.codes) == 1:
            return Ref(self.story.last_subject.codes, None, False)
        before = [i for i in sentence.mentions if i < token.i]
        if before:
            return Ref((self.story.choose(sentence.mentions[before[-1]]),), None, False)
        return Ref((self.story.recent[-1],), None, False) if self.story.recent else None

    def _subjects_owner(self, sentence: Sentence, token: Token) -> Ref | None:
        """ "Peru's flag was raised over the embassy that it had shut": the possessor of what the sentence is about."""
        for noun in sentence.doc[: token.i]:
            if noun.dep_ in ("nsubj", "nsubjpass") and noun.head.dep_ == "ROOT" and noun.pos_ == "NOUN":
                holder = next((c for c in children(noun, "poss") if c.i in sentence.mentions), None)
                return self.story.named(sentence, holder) if holder is not None else None
        return None

    def other_subject(self, sentence: Sentence, token: Token) -> bool:
        """Whether "it" more likely means something named before it that is no party: "The group … after it warned"."""
        many = token.lower_ in ("they", "their", "them", "theirs")
        for noun in sentence.doc[: token.i]:
            if noun.dep_ in ("nsubj", "nsubjpass") and noun.pos_ in ("NOUN", "PROPN") and (noun.tag_ == "NNS") == many:
                word = lemma(noun)
                named = {noun.i, *(t.i for t in noun.subtree)} & sentence.mentions.keys()
                return not named and word not in self.story.actors and not word.endswith(ABSTRACT)
        return False

    def _clause_subject(self, sentence: Sentence, token: Token) -> Ref | None:
        """The nearest party to the left, in the same sentence, that is a subject and does not hold the pronoun."""
        above = set(token.ancestors)
        best: Ref | None = None
        if token.tag_ == "PRP$" and (verb := next((a for a in token.ancestors if a.pos_ == "VERB"), None)) is not None:
            # "ordered Peru to close its embassy": whoever is told to act is meant
            told = children(verb.head, "dobj") if verb.dep_ == "xcomp" and verb.tag_ == "VB" else []
            if told and (ref := self.story.one(sentence, told[0], 3)):
                return ref
        for candidate in sentence.doc[: token.i]:
            if candidate.dep_ in ("nsubj", "nsubjpass", "agent", "pobj") and candidate not in above:
                if candidate.dep_ == "pobj" and candidate.head.lower_ != "by":
                    continue
                if candidate.tag_ in ("PRP", "WDT", "WP"):
                    if candidate.tag_ == "PRP" and candidate.i != token.i and token.tag_ == "PRP$":
                        best = self.of(sentence, candidate) or best
                    continue
                ref = self.story.one(sentence, candidate, 3)
                if ref:
                    best = self.story.who(sentence, candidate, 3)
        if best is None and token.tag_ == "PRP$":
            verb = next((a for a in token.ancestors if a.pos_ in ("VERB", "AUX")), None)
            controller = subject(verb) if verb is not None else None
            if controller is not None and controller not in above and controller.i != token.i:
                best = self.story.one(sentence, controller, 3)
        return best

    def _both(self, third: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The pair spoken of; `third` acts upon it, and is none of the two."""
        if len(self.story.last_group) == 2 and not set(third) & set(self.story.last_group):
            return self.story.last_group
        recent = [c for c in self.story.recent[-4:] if c not in third]
        pairs = [(a, b) for a in recent for b in recent if a < b]
        best = max(pairs, key=lambda p: self.story.together[p] * 2 + sum(recent.index(c) for c in p), default=None)
        if best and self.story.together[best]:
            return best
        return tuple([c for c, _ in self.story.counts.most_common() if c not in third][:2])

    def _host(self, sentence: Sentence, token: Token) -> tuple[str, ...]:
        """ "Oman invited the two presidents": who brings two others together."""
        host = subject(token.head) if token.dep_ in ("dobj", "dative") and token.head.pos_ == "VERB" else None
        return self.story.named_in(sentence, host) if host is not None else ()

    def group(self, sentence: Sentence, token: Token, word: str) -> tuple[str, ...]:
        """ "the two countries", "both sides", "the neighbours", "the pair"."""
        marks = {c.lower_ for c in token.children if c.dep_ in ("det", "nummod", "amod", "predet", "preconj")}
        plural = token.tag_ in ("NNS", "NNPS") or word in ("pair", "duo", "two") or bool(marks & {"each", "either"})
        if token.lower_ in ("three", "four", "five") and token.pos_ == "NUM":
            return self.story.last_many
        if not plural or word not in PAIR_NOUNS:
            return ()
        if marks & {"three", "four", "five", "other", "all", "several", "many", "some", "neighbouring"}:
            return self.story.last_many if marks & {"four", "three", "five"} else ()
        if marks & {"each", "either"}:
            marks |= {"both"}
        if marks & {"the", "both", "two", "their"} or word in ("pair", "duo"):
            both = self._both(self._host(sentence, token))
            return both if len(both) == 2 else ()
        return ()

    def opposite(self, sentence: Sentence, token: Token, owner: Ref | None) -> Ref | None:
        """ "its northern neighbour", "his Iranian counterpart": the other party of the possessor."""
        adjective = next(
            (c for c in token.children if c.i in sentence.mentions and c.dep_ in ("amod", "compound")), None
        )
        if adjective is not None:
            return Ref((self.story.choose(sentence.mentions[adjective.i]),), "GOV")
        if owner is None or token.tag_ in ("NNS", "NNPS"):
            return None
        codes = self.story.other(owner.codes)
        return Ref(codes, "GOV", False) if codes else None
