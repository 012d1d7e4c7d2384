"""Who speaks: parties, the people and posts that speak for them, and those who speak for themselves.

What always holds: experts speak for themselves, as the writer does, and never for a party; a speaker is a party only
where the text names it or leaves it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.coding.discourse import Discourse
from detente.coding.grammar import Sentence, children, conjuncts, lemma
from detente.coding.saying import comes_after_what_it_says, is_definite

if TYPE_CHECKING:
    from detente.coding.tokens import Token

AUTHOR = "AUTHOR"
SPEAKING = frozenset({"GOV", "MIL", "LEG"})
"""Sectors that speak for their party."""


class Speakers:
    """Tells who speaks, sentence by sentence in text order.

    Args:
        story: what has been said so far about whom.

    Attributes:
        last: who spoke last.
    """

    def __init__(self, story: Discourse) -> None:
        self.story = story
        self.last: tuple[str, ...] = ()
        self.names: dict[str, tuple[str, ...]] = {}
        self.titles: dict[str, tuple[str, ...]] = {}

    def of(self, sentence: Sentence, token: Token | None) -> tuple[str, ...]:
        """Whom a noun that speaks stands for; AUTHOR for experts; nobody where it cannot be told."""
        if token is None:
            return ()
        if self._is_expert(token):
            return (AUTHOR,)
        if token.tag_ == "PRP" and (codes := self._pronoun(sentence, token)):
            return codes
        if known := self.names.get(sentence.source(token)):
            return known
        if (known := self.titles.get(lemma(token))) and is_definite(token) and not self._placed(sentence, token):
            return known  # "the minister" is the one of whom it was said whose minister he is
        if lemma(token) in ("neighbour", "neighbor") and not children(token, "nummod"):
            return ()  # "the neighbours say": people next door
        ref = self.story.who(sentence, token)
        if ref := ref or (self.story.owner(sentence, token) if token.lower_ == "one" else None):
            return ref.codes
        sector = self.story.book.sectors.get(lemma(token))
        if sector == "REB" and is_definite(token):
            movements = [c for c in self.story.counts if self.story.table.parties[c].kind == "movement"]
            return tuple(movements) if len(movements) == 1 else ()
        if token.pos_ == "PROPN" and (post := next((a for a in children(token, "appos") if a.pos_ == "NOUN"), None)):
            return self.of(sentence, post)
        if sector in SPEAKING and not children(token, "poss"):
            before = self.story.last_subject
            return before.codes if before and len(before.codes) == 1 else self.last or self._opposite(sentence)
        return self._opposite(sentence) if token.tag_ == "NNP" and children(token, "compound", "appos") else ()

    def _placed(self, sentence: Sentence, token: Token) -> bool:
        return self.story.owner(sentence, token) is not None or (
            token.i + 2 < len(sentence.doc)
            and token.nbor().lower_ in ("in", "of", "from")
            and token.i + 2 in sentence.mentions
        )

    def _opposite(self, sentence: Sentence) -> tuple[str, ...]:
        """Who speaks where nothing tells it but that another is spoken of."""
        here = tuple(dict.fromkeys(self.story.choose(m) for m in sentence.mentions.values()))
        return self.story.other(here) if len(here) == 1 and here[0] in self.story.pair else ()

    def _pronoun(self, sentence: Sentence, token: Token) -> tuple[str, ...]:
        """ "It" in "Kenya, incensed by what it calls …", "They had come, it said": who governs the clause, or spoke."""
        if token.lower_ not in ("it", "they", "he", "she"):
            return ()
        for above in list(token.ancestors)[1:]:
            if above.i in sentence.mentions and above.pos_ in ("NOUN", "PROPN") and above.i < token.i:
                return self.of(sentence, above)
            own = next(iter(children(above, "nsubj", "nsubjpass")), None) if above.pos_ in ("VERB", "AUX") else None
            said_before = own is not None and comes_after_what_it_says(token) and above == token.head.head
            if own is not None and own.i < token.i and own.tag_ != "PRP" and not said_before:
                if codes := self.of(sentence, own):
                    return codes
        if token.lower_ in ("he", "she") and self.last:
            return self.last
        before = self.story.last_subject
        return before.codes if before and comes_after_what_it_says(token) else ()

    def _is_expert(self, token: Token) -> bool:
        nouns = [token, *(a for c in conjuncts(token) for a in children(c, "appos", "compound"))]
        return any(lemma(n) in self.story.book.classes["expert"] for n in nouns) or any(
            c.lower_ in ("former", "retired", "ex", "veteran") and self.story.book.sectors.get(lemma(n))
            for n in nouns
            for c in n.children
        )

    def introduce(self, sentence: Sentence) -> None:
        """Remember people by name and post: "the Chilean minister, Ana Ruiz", "Peru's president Juan Soto"."""
        sectors = self.story.book.sectors
        for token in sentence.doc:
            if token.pos_ == "NOUN" and lemma(token) in sectors and token.tag_ == "NN" and not self._is_expert(token):
                owner = self.story.owner(sentence, token)
                if owner and owner.named and len(owner.codes) == 1:
                    self.titles[lemma(token)] = owner.codes
            if token.pos_ != "PROPN" or token.i in sentence.mentions or token.dep_ == "compound":
                continue
            title = next((c for c in children(token, "appos", "compound") if lemma(c) in sectors), None)
            if token.dep_ == "appos" and lemma(token.head) in sectors:
                title = token.head
            if title is None:
                continue
            if self._is_expert(token) or self._is_expert(title):
                self.names[sentence.source(token)] = (AUTHOR,)
            elif owner := self.story.owner(sentence, title) or self.story.owner(sentence, token):
                self.names.setdefault(sentence.source(token), owner.codes)
