"""Who acts and upon whom: the roles around a word that shows an act.

What always holds: roles are read off the grammar around the word; only where the grammar names nobody does the story
so far decide, and such a reference is marked as not named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.coding.discourse import Discourse
from detente.coding.grammar import (
    Sentence,
    antecedent,
    children,
    is_passive,
    lemma,
    obliques,
    patients,
    possessor,
    subject,
)
from detente.coding.lexicon import Codebook, Frame
from detente.coding.mood import Mood
from detente.coding.references import ABSTRACT, Ref

if TYPE_CHECKING:
    from detente.coding.tokens import Token

TARGET_PREPS = tuple("with to against on at from of upon towards toward into for in over between by about as".split())
"""Prepositions behind which the other party is looked for, in this order."""

BESIDE = ("compound", "nmod", "appos", "amod")
"""Where the word that tells somebody's sector stands beside a name: "the union Unite", "President Ruiz"."""

RETORTS = frozenset("respond react reply answer retaliate object".split())
UNKNOWN = "UNK"
"""Scope "all": stands for somebody named of whom neither country nor sector is known."""

SUFFERED = frozenset({"COERCE", "ASSAULT", "ACCUSE"})
"""Types whose nouns are done to what stands behind "of": "the condemnation of Peru", but "the refusal of Peru"."""

HOSTS = {"COERCE": ("name", "capital")} | dict.fromkeys(("SUPPORT", "ACCUSE", "REJECT", "CONSULT"), ("capital",))
"""By type, the forms of name that act where a passive names nobody but a place."""

RECIPIENT = frozenset({"to", "with", "between"})
"""Of these, those whose noun is the other party even where the parser hangs them on a phrase of the object."""
ENDS = frozenset("suspension halt end cut reduction freeze termination cessation lack absence delay fee limit".split())
"""Nouns whose "of" tells what is not there: who announced a suspension of aid gave none."""
PRIVATE = frozenset({"CVL", "BUS", "EDU", "MED", "LAB", "OPP", "REB", "CRM", "REL", "NGO"})
"""Sectors whose people act for themselves."""


DOMESTIC = PRIVATE | {"COP", "JUD", "GOV", "LEG"}
"""Sectors whose people a state may act upon at home."""


class Roles:
    """Finds the agent and the target of an act.

    Args:
        book: the codebook.
        story: what has been said so far.
        everyone: scope "all": an act may stay inside one country.
    """

    def __init__(self, book: Codebook, story: Discourse, *, everyone: bool = False) -> None:
        self.book = book
        self.story = story
        self.everyone = everyone
        self.anyone = False  # scope "all", at a second look: whoever acts may be nobody that is known

    def agent(
        self, sentence: Sentence, token: Token, mood: Mood, frame: Frame | None = None
    ) -> tuple[Ref | None, Token | None]:
        """Who does it, and the word that says so."""
        suffered = frame is not None and (frame.type in SUFFERED or frame.mode == "expel")
        if token.pos_ in ("VERB", "AUX"):
            word = subject(token)
            if word is None and frame is not None and (host := self._host(sentence, token, frame)):
                return host, None
        else:
            word = possessor(token)
            if word is None and suffered:  # "criticism of Peru from Chile"
                word = next((t for prep, t in _phrases(token) if prep == "from"), None)
            if word is None and (owner := self.story.owner(sentence, token, whole=not suffered)) and owner.named:
                return owner, None
            if word is None:
                governor = mood.governor if mood.governor is not None else mood.reporter
                governor = governor if governor is not None else token.head
                if token.dep_ == "pobj" and token.head.lower_ == "to" and lemma(token.head.head) in RETORTS:
                    return None, None  # "Peru responded to the expulsions": whoever expelled, it was not Peru
                if governor.pos_ in ("VERB", "AUX") and token.dep_ not in ("nsubj", "nsubjpass"):
                    word = subject(governor)
                if word is None and token.dep_ in (
                    "appos",
                    "dep",
                    "conj",
                ):  # "Rome gave its answer: the expulsion of …"
                    root = next(iter(t for t in token.ancestors if t.pos_ in ("VERB", "AUX")), None)
                    word = subject(root) if root is not None else None
        ref = self.story.who(sentence, word) if word is not None else None
        if ref is not None and ref.sector in PRIVATE and not self.everyone:
            ref = None  # students, crowds and companies do not act for their state
        return ref, word

    def _host(self, sentence: Sentence, token: Token, frame: Frame) -> Ref | None:
        """ "was arrested in Peru", "was criticised in Lima": where nobody is said to act, the place tells who does."""
        if not is_passive(token):
            return None
        for prep, noun in obliques(token):
            mention = sentence.mentions.get(noun.i)
            if prep == "in" and mention and not mention.group and mention.form in HOSTS.get(frame.type or "", ()):
                return self.story.who(sentence, noun)
        return None

    def kind_of(self, word: Token | None) -> Ref | None:
        """Scope "all": whoever acts without a country goes by his sector ("the union" is CVL), a mere name by UNK."""
        if not self.everyone or word is None:
            return Ref((UNKNOWN,), None, False) if self.anyone else None
        word = antecedent(word)
        if word.tag_ == "PRP":  # "the union said they would not …"
            heads = [t for t in word.doc[: word.i] if t.dep_ in ("nsubj", "nsubjpass") and t.tag_ != "PRP"]
        else:
            heads = [word]
        near = [n for h in heads for n in (h, *children(h, *BESIDE), *(t for p, t in obliques(h) if p == "of"))]
        if sector := next((s for t in near if (s := self.book.sectors.get(lemma(t)))), None):
            return Ref((sector,), sector, False)
        return Ref((UNKNOWN,), None, False) if word.pos_ == "PROPN" or self.anyone else None

    def fits(self, token: Token, spots: list[Token], frame: Frame) -> bool:
        """Whether an object, or what it is called, is one that the frame asks for, looking through "of" and around."""
        wanted = self.book.expand(frame.objects)
        heads = [*spots, *(t for prep, t in obliques(token) if prep in frame.preps)]
        heads += [t for t in children(token, "xcomp", "ccomp", "oprd", "advcl") if t.pos_ in ("ADJ", "NOUN")]
        for spot in heads:
            inner = [t for prep, t in obliques(spot) if prep == "of" and lemma(spot) not in ENDS]
            parts = (spot, *inner, *children(spot, "appos"))
            around = [c for t in parts for c in children(t, "conj", "compound", "amod", "advmod", "appos")]
            for noun in (spot, *inner, *around):
                if lemma(noun) in wanted or noun.lower_ in wanted:
                    return True
        return False

    def doer_fits(self, sentence: Sentence, token: Token, word: Token | None, frame: Frame) -> bool:
        """Whether the doer is one that the frame asks for; a people's name stands for "people"."""
        wanted = self.book.expand(frame.subjects)
        doers = [word] if word is not None else []
        doers += [n for d in doers for prep, n in obliques(d) if prep in ("of", "from")]
        if token.pos_ == "NOUN":
            doers += [*children(token, "compound"), *(n for prep, n in obliques(token) if prep in ("of", "by"))]
        names = [sentence.mentions[d.i].form for d in doers if d.i in sentence.mentions]
        return any(lemma(d) in wanted for d in doers) or ("people" in wanted and "plural" in names)

    def target(
        self, sentence: Sentence, token: Token, frame: Frame, spots: list[Token], source: Ref | None, word: Token | None
    ) -> Ref | None:
        """The other party, looked for in the frame's order of places."""
        mine = set(source.codes) if source else set()
        found: Ref | None = None
        by_prep: dict[str, list[Token]] = {}
        for prep, noun in obliques(token):
            by_prep.setdefault(prep, []).append(noun)
        held = [noun for _, noun in obliques(token)] if frame.swap else []  # "came under pressure from Peru"
        for spot in (*spots, *held):  # "the attack on", "support for": phrases that hang on the object
            for prep, noun in obliques(spot):
                by_prep.setdefault(prep, []).append(noun)
        for hung in (n for x in (token, *spots) for _, n in obliques(x)):  # "part in drills with", "cash in aid to"
            for prep, noun in obliques(hung):
                if prep in RECIPIENT:
                    by_prep.setdefault(prep, []).append(noun)
        for place in frame.to or ("object", *TARGET_PREPS, "clause"):
            nouns = spots if place == "object" else by_prep.get(place, [])
            if place == "clause":
                nouns = _clause_nouns(token)
            elif place == "complement":
                nouns = complement_subjects(token)
            for noun in nouns:
                if word is not None and noun.i == word.i:
                    continue
                ref = self.story.who(sentence, noun) or (
                    self.story.owner(sentence, noun, venue=not frame.together) if place != "clause" else None
                )
                if ref is None:
                    continue
                if self.everyone and not ref.named and ref.sector in DOMESTIC and source:
                    ref = Ref(source.codes, ref.sector, False)  # "the rebels" are the doer's own
                if not set(ref.codes) <= mine:
                    if frame.type == "CONSULT" and len(mine) > 1 and _place(sentence, noun):
                        continue  # "Peruvian and Chilean envoys flew to Geneva"
                    return ref
                if self.everyone and source and (ref.sector in DOMESTIC or source.sector in PRIVATE):
                    if place == "object":
                        return ref
                    found = found or ref
        beyond = [n for p in ("across", "over") for n in by_prep.get(p, []) if lemma(n) in ("border", "frontier")]
        if found is None and beyond and source is not None:
            return Ref(self.story.other(source.codes, sentence, token.i), None, False)
        return found

    def outsider(self, word: Token | None, ref: Ref | None) -> bool:
        """Whether the grammar names somebody who acts and is no party: "the retailer", "two presenters"."""
        if word is None or ref is not None or word.pos_ not in ("NOUN", "PROPN"):
            return False
        return not lemma(word).endswith(ABSTRACT) and lemma(word) not in self.book.classes["cause"]


def complement_subjects(verb: Token) -> list[Token]:
    """ "Peru said that Chile must pay": the one of whom it is said; pronouns mostly mean the speaker."""
    found = [t for c in children(verb, "ccomp") for t in children(c, "nsubj", "nsubjpass")]
    return [antecedent(t) for t in found if t.pos_ in ("NOUN", "PROPN")]


def _place(sentence: Sentence, noun: Token) -> bool:
    mention = sentence.mentions.get(noun.i)
    return mention is not None and mention.form in ("city", "capital")


def _phrases(noun: Token) -> list[tuple[str, Token]]:
    """Phrases that hang on a noun or on what stands behind its "of"."""
    own = obliques(noun)
    return own + [o for prep, inner in own if prep == "of" for o in obliques(inner)]


def _clause_nouns(token: Token) -> list[Token]:
    """Nouns of the clause that a verb governs: its subject first, then its objects, then possessors."""
    out: list[Token] = []
    for child in token.children:
        if child.dep_ in ("ccomp", "xcomp", "advcl", "prep", "acl", "pcomp"):
            inner = children(child, "pcomp") if child.dep_ == "prep" else [child]
            for clause in inner:
                out += [antecedent(t) for t in children(clause, "nsubj", "nsubjpass")] + patients(clause)
                out += [t for _, t in obliques(clause)]
                out += _clause_nouns(clause)
    return out
