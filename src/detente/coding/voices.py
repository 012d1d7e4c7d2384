"""Who speaks, and what is said or held.

What always holds: a voice has a holder whom the text names or clearly means, and is heard only where somebody really
speaks ("says", not "will say" or "did not say"); experts speak for themselves, as the writer does, and never for a
party; what is said is a stretch of the sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from detente.coding.discourse import Discourse
from detente.coding.grammar import (
    Sentence,
    children,
    conjuncts,
    is_passive,
    lemma,
    obliques,
    patients,
    phrase,
    subject,
)
from detente.coding.quotation import Quotation
from detente.coding.saying import (
    PUNCT,
    as_phrase,
    characterised,
    enclosing,
    gives,
    is_aside,
    is_real,
    is_said,
    is_stance,
    lasts,
    objects_of,
    parts,
    strayed,
    subject_of_predicate,
    that_clause,
    told_to,
)
from detente.coding.speakers import AUTHOR, Speakers

if TYPE_CHECKING:
    from detente.coding.tokens import Token

Manner = Literal["reported", "aside", "as-said", "viewpoint", "noun", "calls", "seen-as", "denial", "quoted", "ground",
                 "accusation", "stance", "demand"]  # fmt: skip
VERBS = ("say", "call", "hold", "deny", "rebut", "convince", "justify", "accuse", "stance", "speak")
"""Word classes of the verbs that may give somebody a voice."""
FIRST_PERSON = frozenset({"i", "we", "our", "my", "us", "ours", "me"})


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody's word on something.

    Attributes:
        sentence: where it stands.
        holders: who speaks.
        word: the verb, noun or adjective that says so.
        clause: head of what is said.
        tokens: what is said, to be quoted.
        manner: how it is said, which names the rule.
    """

    sentence: Sentence
    holders: tuple[str, ...]
    word: Token
    clause: Token
    tokens: tuple[Token, ...]
    manner: Manner


class Voices:
    """Hears who says what, sentence by sentence in text order.

    Args:
        story: what has been said so far about whom.
    """

    def __init__(self, story: Discourse) -> None:
        self.story = story
        self.words = story.book.classes
        self.speakers = Speakers(story)
        self.asked = False
        self.charged = False
        self.quotation = Quotation()

    def of(self, sentence: Sentence) -> Iterator[Voice]:
        """The voices of one sentence."""
        self.speakers.introduce(sentence)
        self.quotation.enter(sentence)
        heard = list(self._heard(sentence))
        yield from heard
        for spoken in self.quotation.spoken(sentence, heard=bool(heard), known=bool(self.speakers.last)):
            yield from self._outright(spoken, self.speakers.last)
        self.asked = self.asked or sentence.text.endswith("?")
        if self.story.first_person and self.asked and not heard and not self.quotation.inside:
            if not sentence.text.endswith("?"):
                yield from self._outright(sentence, (self.story.first_person,))

    @staticmethod
    def _outright(sentence: Sentence, holders: tuple[str, ...]) -> Iterator[Voice]:
        """What somebody says in a sentence that is all theirs."""
        root = next((t for t in sentence.doc if t.dep_ == "ROOT" and t.pos_ in ("VERB", "AUX")), None)
        if root is not None and holders:
            for part, tokens in parts(root, whole=True):
                if len(tokens) > 2:
                    yield Voice(sentence, holders, root, part, tuple(tokens), "quoted")

    def _heard(self, sentence: Sentence) -> Iterator[Voice]:
        """The voices that the sentence itself attributes to somebody."""
        yield from self._after_colon(sentence)
        for token in sentence.doc:
            voices: Iterator[Voice] = iter(())
            if token.pos_ in ("VERB", "AUX"):
                voices = self._verb(sentence, token)
            elif token.pos_ == "ADJ" and lemma(token) in self.words["sure"]:
                voices = self._governed(sentence, token, self.speakers.of(sentence, subject_of_predicate(token)))
            elif token.pos_ == "NOUN":
                voices = self._noun(sentence, token)
            for voice in voices:
                self.speakers.last = voice.holders
                yield voice
        yield from self._viewpoint(sentence)

    # -- verbs --------------------------------------------------------------------------------------------------------

    def _verb(self, sentence: Sentence, verb: Token) -> Iterator[Voice]:
        word, words = lemma(verb), self.words
        if (
            not any(word in words[c] for c in VERBS)
            or not (is_real(verb) or word in words["stance"])
            or (verb.tag_ == "VBG" and verb.dep_ == "amod")
        ):
            return
        holders = self._holders(sentence, verb)
        if not holders:
            return
        objects = patients(verb)
        if word in words["deny"] and gives(verb):
            return
        if word in words["deny"] or (word in words["rebut"] and any(self._is_charge(o) for o in objects)):
            tokens = (verb, *objects_of(verb))
            yield Voice(sentence, holders, verb, verb, tokens, "denial")
        elif self._accuses(verb):
            yield Voice(sentence, holders, verb, verb, (verb, *objects_of(verb)), "accusation")
        elif word == "tell" and (told := told_to(verb)) is not None:
            yield Voice(sentence, holders, verb, told, (verb, *objects_of(verb)), "demand")
        elif word == "insist" and not children(verb, "ccomp") and any(p.lower_ == "on" for p in children(verb, "prep")):
            step = phrase(verb.head, skip=frozenset({"punct", "relcl"})) if verb.dep_ == "relcl" else objects_of(verb)
            yield Voice(sentence, holders, verb, verb, (verb, *step), "demand")
        elif word in words["stance"] and is_stance(verb):
            yield Voice(sentence, holders, verb, verb, (verb, *objects_of(verb)), "stance")
        elif word in words["speak"] and (named := next((n for p, n in obliques(verb) if p == "of"), None)):
            borne = lemma(named) in words["borne"]
            if not borne and {lemma(t) for t in phrase(named)} & (words["wrong"] | words["displeasure"] | words["bad"]):
                yield Voice(sentence, holders, verb, named, (verb, *objects_of(verb)), "calls")
        elif word in words["justify"] and verb.tag_ != "VB" and objects and not children(verb, "ccomp"):
            yield Voice(sentence, holders, verb, verb, (verb, *objects_of(verb)), "ground")
        elif is_passive(verb) and word in words["hold"] and (tail := as_phrase(verb)):
            yield Voice(sentence, holders, verb, verb, (verb, *tail), "seen-as")
        elif word in words["call"] and (complement := characterised(verb)) is not None:
            yield Voice(sentence, holders, verb, complement, (verb, *objects_of(verb)), "calls")
        elif word in words["say"] or word in words["convince"]:
            yield from self._governed(sentence, verb, holders)

    def _accuses(self, verb: Token) -> bool:
        """ "Blamed Peru for", "held it responsible", "complained of spies"."""
        if is_passive(verb) or (children(verb, "ccomp") and lemma(verb) != "hold"):
            return False
        wrongs = {lemma(t) for t in objects_of(verb)} & (self.words["wrong"] | self.words["bad"])
        match lemma(verb):
            case "hold":
                return bool({lemma(t) for t in phrase(verb)} & {"responsible", "accountable", "liable", "blame"})
            case "put" | "lay" | "pin" | "place" | "point":
                return any(lemma(t) in ("blame", "responsibility", "finger") for t in children(verb, "dobj"))
            case "complain":
                return bool(wrongs) and any(p in ("of", "about") for p, _ in obliques(verb))
            case word:
                return word in self.words["accuse"] and bool(children(verb, "dobj", "prep", "oprd", "acomp"))

    def _after_colon(self, sentence: Sentence) -> Iterator[Voice]:
        """ "Lima turned the offer down: there would be no envoy until …": what follows the colon is Lima's word."""
        doc = sentence.doc
        colon = next((t.i for t in doc if t.text == ":"), None)
        if colon is None or '"' in doc.text:
            return
        left = [t for t in doc[:colon] if t.dep_ in ("ROOT", "ccomp") and t.pos_ in ("VERB", "AUX")]
        right = [t for t in doc[colon + 1 :] if t.dep_ in ("ROOT", "parataxis", "ccomp", "appos", "conj")]
        told = [t for t in right if {c.lower_ for c in children(t, "aux")} & {"would", "did", "had"}]
        if not left or not told or any(lemma(t) in self.words["say"] for t in doc[colon:]):
            return
        speaker = subject(left[0])
        if holders := self.speakers.of(sentence, speaker):
            tokens = [t for t in phrase(told[0], skip=PUNCT) if t.i > colon]
            yield Voice(sentence, holders, left[0], told[0], tuple(tokens), "aside")

    def _is_charge(self, noun: Token) -> bool:
        if noun.lower_ in ("this", "that", "it", "them", "these", "both"):
            return self.charged
        return any(lemma(n) in self.words["allegation"] for n in conjuncts(noun))

    def _holders(self, sentence: Sentence, verb: Token) -> tuple[str, ...]:
        """Who says or believes: the subject, the by-agent, or the capital in which it "is seen" so."""
        speaker = subject(verb)
        if len(nearest := children(verb, "nsubj")) > 1:
            speaker = nearest[-1]  # "The charges, said Lima, were false": the first is the other verb's
        if speaker is not None and speaker.tag_ == "PRP" and (outer := _outer(sentence, verb)) is not None:
            speaker = subject(outer) or speaker
        if is_passive(verb) and lemma(verb) in self.words["convince"]:
            speaker = next(iter(children(verb, "nsubjpass", "nsubj")), None) or subject(verb.head)
        elif verb.dep_ in ("xcomp", "advcl") and lemma(verb.head) in ("summon", "call", "convoke", "recall"):
            speaker = subject(verb.head)  # "summoned the envoy to complain"
        elif speaker is None and is_passive(verb):
            speaker = next((n for p, n in obliques(verb) if p in ("in", "by") and n.i in sentence.mentions), None)
        return self.speakers.of(sentence, speaker)

    def _governed(self, sentence: Sentence, word: Token, holders: tuple[str, ...]) -> Iterator[Voice]:
        """What stands in the clause that a word of saying governs, or around it where it is put in as an aside."""
        if not holders or not is_real(word):
            return
        clause = next((c for c in children(word, "ccomp", "csubj", "advcl") if is_said(c, word)), None)
        manner: Manner = "reported"
        if clause is None and word.dep_ in ("parataxis", "advcl", "ccomp") and word.head.pos_ in ("VERB", "AUX"):
            marks = {c.lower_ for c in children(word, "mark", "advmod")}
            if "as" not in marks and (word.dep_ == "advcl" or not is_aside(word)):
                return
            clause, manner = word.head, "as-said" if "as" in marks else "aside"
        if clause is None:
            return
        if manner == "reported" and clause.i < word.i:
            clause = enclosing(sentence, clause, word)
        apart = set(phrase(word)) if manner != "reported" else set()
        apart -= strayed(word)
        for late in children(word, "xcomp", "advcl") if manner == "aside" else ():
            if late.i > word.i:  # "They had come, Lima says, to spy": what follows the aside goes with the clause
                apart -= set(phrase(late))
        for part, tokens in parts(clause, whole=clause.i < word.i):
            late_part = [t for t in phrase(word) if t not in apart] if manner == "aside" and part == clause else []
            said = tuple(t for t in (*tokens, *late_part) if t not in apart)
            if part != clause and (word.dep_ == "relcl" or (part.tag_ == "VB" and not children(part, "aux"))):
                continue
            gap = len(said) < 4 or any(t.tag_ in ("WDT", "WP") and t.i < word.i for t in said)
            if word.dep_ == "relcl" and part == clause and gap:  # "the trade that Peru says it cannot resume"
                said += tuple(phrase(word.head, skip=frozenset({"punct", "relcl"})))
            if len(said) > 2:
                yield Voice(sentence, holders, word, part, said, manner)

    # -- nouns --------------------------------------------------------------------------------------------------------

    def _noun(self, sentence: Sentence, noun: Token) -> Iterator[Voice]:
        """ "Its insistence that …", "a charge that …", "the position in Lima is that …"."""
        word = lemma(noun)
        clause = None
        if word in self.words["policy"] and noun.dep_ == "nsubj" and lasts(noun.head):
            if owner := self.story.owner(sentence, noun):
                yield Voice(sentence, owner.codes, noun, noun.head, tuple(phrase(noun.head, skip=PUNCT)), "stance")
        ground = word in self.words["pretext"] and noun.dep_ == "pobj" and noun.head.lower_ in ("on", "under", "with")
        if (
            word in ("sake", "fear")
            and noun.dep_ == "pobj"
            and noun.head.lower_ in ("for", "out")
            and len(phrase(noun)) > 2
        ):
            if holders := self._bearer(sentence, noun):
                yield Voice(sentence, holders, noun, noun, tuple(phrase(noun.head, skip=PUNCT)), "ground")
            return
        if ground or word in self.words["borne"] or word in self.words["viewpoint"]:
            clause = that_clause(noun)
        if clause is None and word in self.words["viewpoint"] and noun.dep_ == "nsubj" and lemma(noun.head) == "be":
            clause = next((c for c in children(noun.head, "ccomp") if c.i > noun.head.i), None)
        if clause is None or (noun.dep_ == "dobj" and lemma(noun.head) in self.words["rebut"] | self.words["deny"]):
            return
        holders = self._bearer(sentence, noun)
        if holders:
            part, tokens = next(parts(clause, whole=False))
            yield Voice(sentence, holders, noun, part, tuple(tokens), "ground" if ground else "noun")

    def _bearer(self, sentence: Sentence, noun: Token) -> tuple[str, ...]:
        """Whose claim a noun bears: its owner's, of whoever "repeats" it, or the subject's that utters it."""
        if {c.lower_ for c in children(noun, "poss")} & FIRST_PERSON:
            return (self.story.first_person or AUTHOR,) if not self.quotation.inside else self.speakers.last
        if owner := self.story.owner(sentence, noun):
            return owner.codes
        for clause in children(noun, "relcl"):
            if codes := self.speakers.of(sentence, subject(clause)):
                return codes
        verb = next((a for a in noun.ancestors if a.pos_ in ("VERB", "AUX")), None)
        if verb is None or noun.dep_ in ("nsubj", "nsubjpass"):
            return ()
        doer = subject(verb)
        if codes := self.speakers.of(sentence, doer):
            return codes
        owner = self.story.owner(sentence, doer) if doer is not None else None
        return owner.codes if owner else ()

    def _viewpoint(self, sentence: Sentence) -> Iterator[Voice]:
        """ "From the Peruvian viewpoint, …", "In Moscow's eyes, …", "According to Oslo, …"."""
        for noun in sentence.doc:
            if noun.dep_ != "pobj":
                continue
            prep = noun.head
            according = prep.lower_ == "to" and prep.head.lower_ == "according"
            view = lemma(noun) in self.words["eyes"] and prep.lower_ in ("from", "in", "to")
            if not according and not view:
                continue
            verb = next((a for a in noun.ancestors if a.pos_ in ("VERB", "AUX") and a.lower_ != "according"), None)
            holders = self._bearer(sentence, noun) if view else self.speakers.of(sentence, noun)
            if verb is None or not holders:
                continue
            apart = set(phrase(next(c for c in [noun, *noun.ancestors] if c.head.i == verb.i or c.dep_ == "prep")))
            tokens = tuple(t for t in phrase(verb, skip=PUNCT) if t not in apart)
            self.speakers.last = holders
            yield Voice(sentence, holders, noun, verb, tokens, "viewpoint")


def _outer(sentence: Sentence, verb: Token) -> Token | None:
    """ "Lima refused, since putschists, it said, …": the verb around the clause into which "it said" was put."""
    clause = next((c for c in children(verb, "ccomp") if c.i < verb.i), None)
    return clause if clause is not None and enclosing(sentence, clause, verb) != clause else None
