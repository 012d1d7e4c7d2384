"""Who is meant: names, nouns that act for a party, pronouns and "the other side".

What always holds: a party is returned only where the text names it, or where what the article has said so far leaves
it; the rules look at forms, places and grammar, never at which party it is, so that swapping two parties swaps the
answers. Sentences are processed in order; what is remembered is only what has been read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from detente.coding.gazetteer import Gazetteer, Mention
from detente.coding.grammar import Sentence, antecedent, children, conjuncts, lemma, obliques
from detente.coding.lexicon import Codebook
from detente.coding.pronouns import Pronouns
from detente.coding.references import (
    OF_GOVERNMENT,
    OF_STATES,
    OPAQUE,
    OTHER_NOUNS,
    PAIR_NOUNS,
    PLACE_PREPS,
    PORTFOLIOS,
    ROYAL,
    RULERS,
    SEIZE,
    VAGUE,
    Ref,
)
from detente.model import LineKind

if TYPE_CHECKING:
    from detente.coding.tokens import Token

NAME_BESIDE = frozenset({"amod", "compound", "nmod", "appos", "poss", "nummod", "dep"})
"""Where the name of whose a noun is stands beside it."""


class Discourse:
    """What has been said so far about whom.

    Args:
        gazetteer: the party table as a matcher.
        book: the codebook, for actor nouns.
        everyone: true to take domestic actors (scope "all") for parties, too.
    """

    def __init__(self, gazetteer: Gazetteer, book: Codebook, *, everyone: bool = False) -> None:
        self.table = gazetteer.table
        self.book = book
        self.everyone = everyone
        self.counts: Counter[str] = Counter()
        self.recent: list[str] = []
        self.last_subject: Ref | None = None
        self.previous_subject: Ref | None = None
        self.last_group: tuple[str, ...] = ()
        self.together: Counter[tuple[str, str]] = Counter()
        self.first_person: str | None = None
        self.last_many: tuple[str, ...] = ()
        self.kinds_seen: set[str] = set()
        self.pronouns = Pronouns(self)
        self.posts: dict[str, tuple[str, str]] = {}
        self.bearers: dict[str, tuple[str, ...]] = {}
        self.actors = PAIR_NOUNS | OPAQUE | book.sectors.keys() | book.line_nouns.keys() | self.table.nouns.keys()

    # -- what the article is about ------------------------------------------------------------------------------------

    def survey(self, sentences: Iterable[Sentence]) -> None:
        """Count the parties of the whole article once, before coding: they settle spellings with several readings."""
        sentences = list(sentences)
        for sentence in sentences:
            for mention in sentence.mentions.values():
                if mention.form == "city":
                    continue
                if len(mention.codes) == 1:
                    self.counts[self.choose(mention)] += 1
                elif mention.group:
                    self.counts.update(mention.codes)
        for sentence in sentences:
            for mention in sentence.mentions.values():
                if len(mention.codes) > 1 and not mention.group and mention.form != "city":
                    self.counts[self.choose(mention)] += 1
        paragraphs: dict[int, set[str]] = {}
        for sentence in sentences:
            here = {c for m in sentence.mentions.values() for c in (m.codes if m.group else (self.choose(m),))}
            nouns = [t for t in sentence.doc if t.lower_ in self.table.nouns or t.lower_ in ROYAL]
            here |= {c for t in nouns if (c := self._common_noun(sentence, t, t.lower_))}
            self.together.update((a, b) for a in here for b in here if a != b)
            paragraphs.setdefault(sentence.span.paragraph, set()).update(here)
            self.kinds_seen |= set(self._kinds(sentence))
        self._interview(sentences)
        for told in paragraphs.values():
            self.together.update((a, b) for a in told for b in told if a != b)

    def choose(self, mention: Mention) -> str:
        """The party that a spelling stands for in this article: one named otherwise, too, else the likeliest."""
        known = [c for c in mention.codes if self.counts[c]]
        if mention.form in ("capital", "metonym") and known:
            return max(known, key=lambda c: self.counts[c])
        code = known[0] if known else mention.codes[0]
        party = self.table.parties.get(code)
        # Scope "all" codes armed movements as rebels of the country in which they mainly act, as PLOVER does.
        return party.host if self.everyone and party and party.kind == "movement" and party.host else code

    def _interview(self, sentences: list[Sentence]) -> None:
        """Who "we" is in an interview: the official introduced at its beginning."""
        asked = sum(1 for s in sentences if s.text.rstrip().endswith("?"))
        if asked < 2 or sum("we" in {t.lower_ for t in s.doc} for s in sentences) < 2:
            return
        for sentence in sentences[:3]:
            for token in sentence.doc:
                if self.book.sectors.get(lemma(token)) == "GOV" and (owner := self.owner(sentence, token)):
                    self.first_person = owner.codes[0]
                    return

    def _kinds(self, sentence: Sentence) -> list[LineKind]:
        """Kinds of line named in full, in text order."""
        out = []
        for token in sentence.doc:
            if token.pos_ not in ("NOUN", "PROPN") or lemma(token) not in self.book.line_nouns:
                continue
            words = {w for c in token.lefts for w in (c.lower_, lemma(c))}
            for needed, kind, condition in self.book.line_nouns.get(lemma(token), ()):
                if condition == "" and needed <= words:
                    out.append(kind)
                    break
        return out

    def is_organisation(self, code: str) -> bool:
        """Whether a code is an organisation's or a movement's."""
        party = self.table.parties.get(code)
        return party is not None and party.kind in ("organisation", "movement")

    @property
    def pair(self) -> tuple[str, ...]:
        """The two parties that the article names most."""
        return tuple(code for code, _ in self.counts.most_common(2))

    def other(self, codes: tuple[str, ...], sentence: Sentence | None = None, at: int = -1) -> tuple[str, ...]:
        """The party opposite, where the phrase does not name it.

        Of the parties that the article tells of together with the given ones, the one told of most often; those of
        the same sentence and the one read last come before the rest.
        """
        here = {self.choose(m) for m in sentence.mentions.values()} if sentence is not None else set()
        scores: Counter[str] = Counter()
        for code in self.counts:
            if code not in codes:
                scores[code] = (
                    2 * sum(self.together[code, mine] for mine in codes)
                    + (5 if code in here else 0)
                    + (3 if code in self.recent[-2:] else 0)
                    + min(self.counts[code], 5)
                )
        return (max(scores, key=lambda c: scores[c]),) if scores else ()

    def note(self, sentence: Sentence) -> None:
        """Remember a sentence after it was coded: its parties, and who was its subject."""
        for i in sorted(sentence.mentions):
            code = self.choose(sentence.mentions[i])
            if code in self.recent:
                self.recent.remove(code)
            self.recent.append(code)
        for i in sentence.mentions:
            token = sentence.doc[i]
            if (
                token.dep_ != "conj"
                and (listed := [t for t in conjuncts(token) if t.i in sentence.mentions])
                and len(listed) > 1
            ):
                self.last_group = tuple(dict.fromkeys(self.choose(sentence.mentions[t.i]) for t in listed))
                if len(self.last_group) > 2:
                    self.last_many = self.last_group
        for token in sentence.doc:
            if token.dep_ == "ROOT":
                surface = next(iter(children(token, "nsubj", "nsubjpass")), None)
                ref = self.who(sentence, surface) or self._holder(sentence, surface) if surface is not None else None
                if ref:
                    self.previous_subject, self.last_subject = self.last_subject, ref
                    if len(ref.codes) > 1:
                        self.last_group = ref.codes
                break
        for token in sentence.doc:  # "Peru's ambassador …": from here on, "the ambassador" is Peru's
            if token.pos_ == "NOUN" and (sector := self.book.sectors.get(lemma(token))) and lemma(token) not in VAGUE:
                owner = self.owner(sentence, token)
                if owner and owner.named and len(owner.codes) == 1:
                    self.bearers[lemma(token)] = owner.codes
                    if lemma(token) in RULERS:
                        self.bearers.setdefault(sector, owner.codes)

    def _holder(self, sentence: Sentence, noun: Token) -> Ref | None:
        """ "Peru's patience ran out": whose the subject is, where it is nobody itself."""
        possessor = next((c for c in children(noun, "poss") if c.tag_ != "PRP$"), None)
        return self.who(sentence, possessor) if possessor is not None else None

    # -- noun phrases -------------------------------------------------------------------------------------------------

    def who(self, sentence: Sentence, token: Token | None, depth: int = 0) -> Ref | None:
        """The party or parties that a noun stands for, its coordinates included.

        Args:
            sentence: where it stands.
            token: head of the noun phrase.

        Returns:
            A reference, or None where no party can be told.
        """
        if token is None or depth > 5:
            return None
        out: Ref | None = None
        head = antecedent(token)
        for part in [*conjuncts(head), *self._listed(sentence, head)]:
            ref = self.one(sentence, part, depth)
            if ref:
                out = ref if out is None else out | ref
        return out

    @staticmethod
    def _listed(sentence: Sentence, head: Token) -> list[Token]:
        """Headlines list with commas alone: "Oslo, Rome enlarge …"."""
        if head.i not in sentence.mentions:
            return []
        out = [c for c in children(head, "appos") if c.i in sentence.mentions and not children(c, "neg")]
        if head.i == 2 and head.doc[1].text == "," and 0 in sentence.mentions and head.dep_ == "nsubj":
            out.append(head.doc[0])
        return [t for t in out if not any(n.lower_ == "not" for n in head.doc[head.i : t.i])]

    def one(self, sentence: Sentence, token: Token, depth: int) -> Ref | None:
        """The party or parties that one noun or pronoun stands for, its coordinates aside."""
        if token.i in sentence.mentions:
            return self.named(sentence, token)
        word = lemma(token)
        named = next((c for c in children(token, "appos", "nmod", "compound") if c.i in sentence.mentions), None)
        if named is not None and named.i > token.i:  # "the regional bloc ECOWAS"
            return self.named(sentence, named)
        if word in ("former", "latter") and token.pos_ != "VERB" and len(self.last_group) == 2:
            return Ref((self.last_group[word == "latter"],), None, False)
        if token.pos_ in ("PRON", "DET") or token.tag_ in ("PRP", "PRP$", "WP$"):
            return self.pronouns.of(sentence, token)
        if token.pos_ not in ("NOUN", "PROPN", "NUM", "ADJ"):
            return None
        owner = self.owner(sentence, token, depth)
        sector = self.book.sectors.get(word) or self._title(token)
        if sector is None and self.everyone:  # "a guerrilla stronghold"
            beside = (self.book.sectors.get(lemma(c)) for c in children(token, "compound", "amod"))
            sector = next((s for s in beside if s in ("REB", "OPP")), None)
        if word in OTHER_NOUNS and (counterpart := self.pronouns.opposite(sentence, token, owner)):
            return counterpart
        if word in OPAQUE or token.pos_ == "NUM":
            inner = next((p for prep, p in obliques(token) if prep == "of"), None)
            if inner is not None and (ref := self.who(sentence, inner, depth + 1)):
                return ref
        if sector and owner:
            return Ref(owner.codes, sector, owner.named)
        if word in ROYAL and not owner and (royal := self._common_noun(sentence, token, word)):
            return Ref((royal,), "GOV", False)
        if group := self.pronouns.group(sentence, token, word):
            return Ref(group, "GOV", False)
        if meant := self._common_noun(sentence, token, word):
            return Ref((meant,), None, False)
        if sector and (sector in ("GOV", "MIL", "LEG") or self.everyone):
            return self._definite(sentence, token, sector)
        return None

    def _title(self, token: Token) -> str | None:
        """The sector that a title before a name gives: "Peru's President Ana Ruiz", "Chilean Foreign Minister Soto"."""
        if token.pos_ != "PROPN":
            return None
        return next(
            (s for c in token.children if c.dep_ in ("compound", "nmod") and (s := self.book.sectors.get(lemma(c)))),
            None,
        )

    def named_in(self, sentence: Sentence, token: Token) -> tuple[str, ...]:
        """The parties that a noun and what stands beside it name."""
        beside = (token, *children(token, "compound", "nmod", "amod", "poss", "appos"))
        return tuple(self.choose(sentence.mentions[t.i]) for t in beside if t.i in sentence.mentions)

    def named(self, sentence: Sentence, token: Token) -> Ref | None:
        """Who acts where a party's name stands: the party, its people, or nobody, as with a mere place."""
        mention = sentence.mentions[token.i]
        if mention.group:
            return Ref(mention.codes)
        code = self.choose(mention)
        if code not in mention.codes:
            return Ref((code,), "REB")
        if any(c.lower_ == "ethnic" for c in token.children):
            return None  # "ethnic Albanians" are not Albania's
        if mention.form == "city" and not (token.dep_ == "pobj" and token.head.lower_ in PLACE_PREPS):
            return None  # a city other than the capital is a place, never an actor
        if (
            mention.form in ("demonym", "plural", "adjective")
            and "plural" not in mention.forms
            and mention.form != "plural"
        ):
            return Ref((code,), "CVL")
        if mention.form == "plural" and any(c.dep_ == "nummod" for c in token.children):
            return Ref((code,), "CVL")
        return Ref((code,))

    def owner(
        self, sentence: Sentence, noun: Token, depth: int = 0, *, whole: bool = True, venue: bool = True
    ) -> Ref | None:
        """Whose: the party that a noun's possessor, adjective or prepositional phrase names.

        Args:
            sentence: where it stands.
            noun: the head.
            whole: whether what stands behind "of" counts.
            venue: whether a capital behind "in" or "at" counts ("the talks in Lima" are not Peru's).
        """
        if beside := self._beside(sentence, noun, depth):
            return beside
        for prep, place in obliques(noun):
            if prep not in PLACE_PREPS or prep == "to" or (prep == "of" and not whole):
                continue
            if prep in ("in", "at") and not venue:
                continue
            if place.i in sentence.mentions:
                if sentence.mentions[place.i].form == "city" and prep != "of":
                    continue  # "detectives in Glasgow" are not the British state
                return self.who(sentence, place, depth + 1)
            near = prep == "of" or (prep == "in" and self.everyone)
            if near and depth < 3 and (ref := self.who(sentence, place, depth + 1)):
                return ref
            if prep == "of" and depth < 3 and lemma(place) in PORTFOLIOS:  # "the ministers of defence of Peru and Cuba"
                return self.owner(sentence, place, depth + 1)
        return self._told_of(sentence, noun)

    def _beside(self, sentence: Sentence, noun: Token, depth: int) -> Ref | None:
        """Whose, by the possessor or by a name beside the noun."""
        out: Ref | None = None
        for child in noun.children:
            if child.i in sentence.mentions and child.dep_ in NAME_BESIDE:
                ref = self.named(sentence, child)
                for extra in children(child, "conj"):
                    if extra.i in sentence.mentions:
                        ref = (ref or Ref(())) | Ref((self.choose(sentence.mentions[extra.i]),))
                if ref:
                    out = Ref(ref.codes) if out is None else out | Ref(ref.codes)
            elif child.dep_ == "poss" and depth < 4:
                own = child.tag_ in ("PRP$", "WP$")
                ref = self.pronouns.of(sentence, child) if own else self.who(sentence, child, depth + 1)
                if ref:
                    return Ref(ref.codes, None, ref.named)
            elif child.dep_ in ("compound", "amod", "nmod") and depth < 3:
                # "the Russian foreign ministry spokesman": the adjective may hang on an inner noun
                inner = self.owner(sentence, child, depth + 1)
                if inner:
                    out = inner if out is None else out | inner
        return out

    def _told_of(self, sentence: Sentence, noun: Token) -> Ref | None:
        """Whose, by what is told of the noun: "the officers who seized power in Peru", "the group, Peru"."""
        for clause in children(noun, "relcl"):
            if lemma(clause) in SEIZE:
                for place in (*children(clause, "dobj"), *(t for prep, t in obliques(clause) if prep in PLACE_PREPS)):
                    if place.i in sentence.mentions:
                        return self.named(sentence, place)
        apposed = next((c for c in children(noun, "appos") if c.i in sentence.mentions), None)
        return self.named(sentence, apposed) if apposed is not None else None

    # -- what the story so far leaves ---------------------------------------------------------------------------------

    def _common_noun(self, sentence: Sentence, token: Token, word: str) -> str | None:
        """ "the alliance", "the kingdom", "the North": a noun that the table gives to a party of this article."""
        if not any(c.lower_ in ("the", "this", "that") for c in token.children if c.dep_ == "det"):
            return None
        if any(c.dep_ in ("compound", "amod") and c.pos_ in ("NOUN", "PROPN") for c in token.children):
            return None
        word = ROYAL.get(word, word)
        candidates = [c for c in self.table.nouns.get(word, ()) if self.counts[c]]
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            return max(candidates, key=lambda c: (self.counts[c], -self.table.nouns[word].index(c)))
        return None

    def _definite(self, sentence: Sentence, token: Token, sector: str) -> Ref | None:
        """ "the ministry", "the minister": of whoever was the last single subject."""
        if not self.everyone and any(
            c.dep_ in ("compound", "amod", "nmod") and lemma(c) not in OF_GOVERNMENT for c in token.children
        ):
            return None  # "the works council", "the county court"
        if not any(c.lower_ in ("the", "its", "a", "an") for c in token.children if c.dep_ in ("det", "poss")):
            if not self.everyone:
                return None
        known = self.bearers.get(lemma(token)) or (self.bearers.get(sector) if lemma(token) in RULERS else None)
        if known and any(c.lower_ == "the" for c in token.children):
            return Ref(known, sector, False)
        local = self.last_subject if self.last_subject and len(self.last_subject.codes) == 1 else None
        if local and lemma(token) in OF_STATES and self.is_organisation(local.codes[0]):
            states = [c for c, _ in self.counts.most_common() if not self.is_organisation(c)]
            local = Ref((states[0],)) if states else None
        if local:
            return Ref(local.codes, sector, False)
        if self.recent:
            return Ref((self.recent[-1],), sector, False)
        if self.everyone and self.counts:
            return Ref((self.counts.most_common(1)[0][0],), sector, False)
        return None
