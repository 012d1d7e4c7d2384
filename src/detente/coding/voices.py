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
    antecedent,
    children,
    conjuncts,
    is_negated,
    is_passive,
    lemma,
    obliques,
    patients,
    phrase,
    subject,
)

if TYPE_CHECKING:
    from spacy.tokens import Token

Manner = Literal["reported", "aside", "as-said", "viewpoint", "noun", "calls", "seen-as", "denial", "quoted", "ground",
                 "accusation", "stance", "demand"]  # fmt: skip
VERBS = ("say", "call", "hold", "deny", "rebut", "convince", "justify", "accuse", "stance", "speak")
"""Word classes of the verbs that may give somebody a voice."""
AUTHOR = "AUTHOR"
UNREAL = frozenset("will would may might could should must shall can 'll wo ca 'd to".split())
CONDITION = frozenset({"if", "unless", "until", "whether", "before", "lest"})
SPEAKING = frozenset({"GOV", "MIL", "LEG"})
FIRST_PERSON = frozenset({"i", "we", "our", "my", "us", "ours", "me"})
_PUNCT = frozenset({"punct"})


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
        self.last: tuple[str, ...] = ()
        self.names: dict[str, tuple[str, ...]] = {}
        self.titles: dict[str, tuple[str, ...]] = {}
        self.asked = False
        self.charged = False
        self.quotation = Quotation()

    def of(self, sentence: Sentence) -> Iterator[Voice]:
        """The voices of one sentence."""
        self._introduced(sentence)
        self.quotation.enter(sentence)
        heard = list(self._heard(sentence))
        yield from heard
        for spoken in self.quotation.spoken(sentence, heard, self.last):
            yield from self._outright(spoken, self.last)
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
                voices = self._governed(sentence, token, self.speaker(sentence, _subject_of_predicate(token)))
            elif token.pos_ == "NOUN":
                voices = self._noun(sentence, token)
            for voice in voices:
                self.last = voice.holders
                yield voice
        yield from self._viewpoint(sentence)

    # -- who ----------------------------------------------------------------------------------------------------------

    def speaker(self, sentence: Sentence, token: Token | None) -> tuple[str, ...]:
        """Whom a noun that speaks stands for; AUTHOR for experts; nobody where it cannot be told."""
        if token is None:
            return ()
        if self._is_expert(token):
            return (AUTHOR,)
        if token.tag_ == "PRP" and (codes := self._pronoun(sentence, token)):
            return codes
        if known := self.names.get(sentence.source(token)):
            return known
        if (known := self.titles.get(lemma(token))) and _is_definite(token) and not self._placed(sentence, token):
            return known  # "the minister" is the one of whom it was said whose minister he is
        if lemma(token) in ("neighbour", "neighbor") and not children(token, "nummod"):
            return ()  # "the neighbours say": people next door
        ref = self.story.who(sentence, token)
        if ref := ref or (self.story.owner(sentence, token) if token.lower_ == "one" else None):
            return ref.codes
        sector = self.story.book.sectors.get(lemma(token))
        if sector == "REB" and _is_definite(token):
            movements = [c for c in self.story.counts if self.story.table.parties[c].kind == "movement"]
            return tuple(movements) if len(movements) == 1 else ()
        if token.pos_ == "PROPN" and (post := next((a for a in children(token, "appos") if a.pos_ == "NOUN"), None)):
            return self.speaker(sentence, post)
        if sector in SPEAKING and not children(token, "poss"):
            before = self.story.last_subject
            return before.codes if before and len(before.codes) == 1 else self.last or self._opposite(sentence)
        return self._opposite(sentence) if token.tag_ == "NNP" and children(token, "compound", "appos") else ()

    def _placed(self, sentence: Sentence, token: Token) -> bool:
        return self.story.owner(sentence, token) is not None or (
            token.i + 2 < len(sentence.doc) and token.nbor().lower_ in ("in", "of", "from") and token.i + 2 in sentence.mentions
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
                return self.speaker(sentence, above)
            own = next(iter(children(above, "nsubj", "nsubjpass")), None) if above.pos_ in ("VERB", "AUX") else None
            said_before = own is not None and _comes_after_what_it_says(token) and above == token.head.head
            if own is not None and own.i < token.i and own.tag_ != "PRP" and not said_before:
                if codes := self.speaker(sentence, own):
                    return codes
        if token.lower_ in ("he", "she") and self.last:
            return self.last
        before = self.story.last_subject
        return before.codes if before and _comes_after_what_it_says(token) else ()

    def _is_expert(self, token: Token) -> bool:
        nouns = [token, *(a for c in conjuncts(token) for a in children(c, "appos", "compound"))]
        return any(lemma(n) in self.words["expert"] for n in nouns) or any(
            c.lower_ in ("former", "retired", "ex", "veteran") and self.story.book.sectors.get(lemma(n))
            for n in nouns
            for c in n.children
        )

    def _introduced(self, sentence: Sentence) -> None:
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

    # -- verbs --------------------------------------------------------------------------------------------------------

    def _verb(self, sentence: Sentence, verb: Token) -> Iterator[Voice]:
        word, words = lemma(verb), self.words
        if not any(word in words[c] for c in VERBS) or not (is_real(verb) or word in words["stance"]) or (verb.tag_ == "VBG" and verb.dep_ == "amod"):
            return
        holders = self._holders(sentence, verb)
        if not holders:
            return
        objects = patients(verb)
        if word in words["deny"] and _gives(verb):
            return
        if word in words["deny"] or (word in words["rebut"] and any(self._is_charge(o) for o in objects)):
            tokens = (verb, *objects_of(verb))
            yield Voice(sentence, holders, verb, verb, tokens, "denial")
        elif self._accuses(verb):
            yield Voice(sentence, holders, verb, verb, (verb, *objects_of(verb)), "accusation")
        elif word == "tell" and (told := _told_to(verb)) is not None:
            yield Voice(sentence, holders, verb, told, (verb, *objects_of(verb)), "demand")
        elif word in words["stance"] and _is_stance(verb):
            yield Voice(sentence, holders, verb, verb, (verb, *objects_of(verb)), "stance")
        elif word in words["speak"] and (named := next((n for p, n in obliques(verb) if p == "of"), None)):
            borne = lemma(named) in words["borne"]
            if not borne and {lemma(t) for t in phrase(named)} & (words["wrong"] | words["displeasure"] | words["bad"]):
                yield Voice(sentence, holders, verb, named, (verb, *objects_of(verb)), "calls")
        elif word in words["justify"] and verb.tag_ != "VB" and objects and not children(verb, "ccomp"):
            yield Voice(sentence, holders, verb, verb, (verb, *objects_of(verb)), "ground")
        elif is_passive(verb) and word in words["hold"] and (tail := _as_phrase(verb)):
            yield Voice(sentence, holders, verb, verb, (verb, *tail), "seen-as")
        elif word in words["call"] and (complement := characterised(verb)) is not None:
            yield Voice(sentence, holders, verb, complement, (verb, *objects_of(verb)), "calls")
        elif word in words["say"] or word in words["convince"]:
            yield from self._governed(sentence, verb, holders)

    def _accuses(self, verb: Token) -> bool:
        """ "Blamed Peru for", "held it responsible", "complained of spies"."""
        if is_passive(verb) or children(verb, "ccomp"):
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
        if holders := self.speaker(sentence, speaker):
            tokens = [t for t in phrase(told[0], skip=_PUNCT) if t.i > colon]
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
        if is_passive(verb) and lemma(verb) in self.words["convince"]:
            speaker = next(iter(children(verb, "nsubjpass", "nsubj")), None) or subject(verb.head)
        elif verb.dep_ in ("xcomp", "advcl") and lemma(verb.head) in ("summon", "call", "convoke", "recall"):
            speaker = subject(verb.head)  # "summoned the envoy to complain"
        elif speaker is None and is_passive(verb):
            speaker = next((n for p, n in obliques(verb) if p in ("in", "by") and n.i in sentence.mentions), None)
        return self.speaker(sentence, speaker)

    def _governed(self, sentence: Sentence, word: Token, holders: tuple[str, ...]) -> Iterator[Voice]:
        """What stands in the clause that a word of saying governs, or around it where it is put in as an aside."""
        if not holders or not is_real(word):
            return
        clause = next((c for c in children(word, "ccomp", "csubj", "advcl") if _is_said(c, word)), None)
        manner: Manner = "reported"
        if clause is None and word.dep_ in ("parataxis", "advcl", "ccomp") and word.head.pos_ in ("VERB", "AUX"):
            marks = {c.lower_ for c in children(word, "mark", "advmod")}
            if word.dep_ == "advcl" and "as" not in marks:
                return
            if word.dep_ != "advcl" and not _is_aside(word):
                return
            clause, manner = word.head, "as-said" if word.dep_ == "advcl" else "aside"
        if clause is None:
            return
        apart = set(phrase(word)) if manner != "reported" else set()
        apart -= strayed(word)
        for late in children(word, "xcomp", "advcl") if manner == "aside" else ():
            if late.i > word.i:  # "They had come, Lima says, to spy": what follows the aside goes with the clause
                apart -= set(phrase(late))
        for part, tokens in parts(clause, whole=clause.i < word.i):
            late_part = [t for t in phrase(word) if t not in apart] if manner == "aside" and part == clause else []
            said = tuple(t for t in (*tokens, *late_part) if t not in apart)
            if part.tag_ == "VB" and part != clause and not children(part, "aux"):
                continue
            if word.dep_ == "relcl" and part == clause and len(said) < 4:
                said += tuple(phrase(word.head, skip=frozenset({"punct", "relcl"})))
            if len(said) > 2:
                yield Voice(sentence, holders, word, part, said, manner)

    # -- nouns --------------------------------------------------------------------------------------------------------

    def _noun(self, sentence: Sentence, noun: Token) -> Iterator[Voice]:
        """ "Its insistence that …", "a charge that …", "the position in Lima is that …"."""
        word = lemma(noun)
        clause = None
        if word in self.words["policy"] and noun.dep_ == "nsubj" and _lasts(noun.head):
            if owner := self.story.owner(sentence, noun):
                yield Voice(sentence, owner.codes, noun, noun.head, tuple(phrase(noun.head, skip=_PUNCT)), "stance")
        ground = word in self.words["pretext"] and noun.dep_ == "pobj" and noun.head.lower_ in ("on", "under", "with")
        if word in ("sake", "fear") and noun.dep_ == "pobj" and noun.head.lower_ in ("for", "out") and len(phrase(noun)) > 2:
            if holders := self._bearer(sentence, noun):
                yield Voice(sentence, holders, noun, noun, tuple(phrase(noun.head, skip=_PUNCT)), "ground")
            return
        if ground or word in self.words["borne"] or word in self.words["viewpoint"]:
            clause = _that_clause(noun)
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
            return (self.story.first_person or AUTHOR,) if not self.quotation.inside else self.last
        if owner := self.story.owner(sentence, noun):
            return owner.codes
        for clause in children(noun, "relcl"):
            if codes := self.speaker(sentence, subject(clause)):
                return codes
        verb = next((a for a in noun.ancestors if a.pos_ in ("VERB", "AUX")), None)
        if verb is None or noun.dep_ in ("nsubj", "nsubjpass"):
            return ()
        doer = subject(verb)
        if codes := self.speaker(sentence, doer):
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
            view = lemma(noun) in self.words["viewpoint"] and prep.lower_ in ("from", "in", "to")
            if not according and not view:
                continue
            verb = next((a for a in noun.ancestors if a.pos_ in ("VERB", "AUX") and a.lower_ != "according"), None)
            holders = self._bearer(sentence, noun) if view else self.speaker(sentence, noun)
            if verb is None or not holders:
                continue
            apart = set(phrase(next(c for c in [noun, *noun.ancestors] if c.head.i == verb.i or c.dep_ == "prep")))
            tokens = tuple(t for t in phrase(verb, skip=_PUNCT) if t not in apart)
            self.last = holders
            yield Voice(sentence, holders, noun, verb, tokens, "viewpoint")


class Quotation:
    """Tells which sentences stand within quotation marks as a whole, so that their speaker is named before or after.

    Attributes:
        inside: whether the sentence read last stands within them.
    """

    def __init__(self) -> None:
        self.inside = False
        self._open = False
        self._paragraph = -1
        self._spoken_in = -1
        self._waiting: list[Sentence] = []

    def enter(self, sentence: Sentence) -> None:
        """Read a sentence's quotation marks."""
        if sentence.span.paragraph != self._paragraph:
            self._open, self._waiting = False, []
        self._paragraph = sentence.span.paragraph
        text = sentence.text.strip()
        before, unquoted = self._open, ""
        for character in text:
            if character in '"“”':
                self._open = character == "“" or (character == '"' and not self._open)
            elif not self._open and character.isalnum():
                unquoted += character
        self.inside = (before or text[:1] in '"“') and not unquoted

    def spoken(self, sentence: Sentence, heard: list[Voice], last: tuple[str, ...]) -> list[Sentence]:
        """The sentences whose speaker is known now: this one after an attributed one, or those that waited for it."""
        if heard:
            self._spoken_in = self._paragraph
        if self.inside and not heard:
            if last and self._spoken_in == self._paragraph:
                return [sentence]
            self._waiting.append(sentence)
            return []
        waiting, self._waiting = self._waiting, []
        return waiting if heard else []


def is_real(word: Token) -> bool:
    """Whether it is said, not only to be said, unsaid, or said on a condition."""
    words = {c.lower_ for c in word.children if c.dep_ == "aux"}
    if words & UNREAL and not (words & {"to"} and word.dep_ == "xcomp"):
        return False
    if is_negated(word) and not any(c.dep_ == "nsubj" and c.lower_ == "neither" for c in word.children):
        return False
    return not any(c.lower_ in CONDITION for c in children(word, "mark")) or bool(children(word, "ccomp"))


def parts(clause: Token, *, whole: bool) -> Iterator[tuple[Token, list[Token]]]:
    """A clause and the finite verbs coordinated with it, each with its tokens.

    Args:
        clause: head of the first.
        whole: true to take all for said; else one that follows a comma without "that" is the writer's again.
    """
    more = [c for c in children(clause, "conj") if c.tag_ in ("VBD", "VBZ", "VBP") or children(c, "aux", "nsubj")]
    more = [c for c in more if c.pos_ in ("VERB", "AUX") and clause.pos_ in ("VERB", "AUX")]
    apart = {t for c in more for t in phrase(c)}
    yield clause, [t for t in phrase(clause, skip=_PUNCT) if t not in apart]
    for other in more:
        marked = any(c.lower_ == "that" for c in children(other, "mark"))
        comma = any(t.text == "," for t in clause.doc[max(0, other.left_edge.i - 2) : other.left_edge.i])
        if whole or marked or not comma or not children(other, "nsubj", "nsubjpass", "expl"):
            yield from parts(other, whole=whole)


def _gives(verb: Token) -> bool:
    """ "Denied us an inspection", "neither confirmed nor denied": no denial of a charge."""
    first = verb.head if verb.dep_ == "conj" else verb
    return bool(children(verb, "dative")) or any(c.lower_ == "neither" for c in first.children)


def _lasts(verb: Token) -> bool:
    """ "Has not changed", "remains", "stands"."""
    return lemma(verb) in ("remain", "stand", "hold") or (lemma(verb) in ("change", "waver", "shift") and is_negated(verb))


def _is_stance(verb: Token) -> bool:
    """ "Caracas, which does not recognise the court": in the present, of a thing, in no question or side clause."""
    helpers = {c.lower_ for c in children(verb, "aux")}
    present = verb.tag_ in ("VBZ", "VBP") or helpers & {"do", "does", "did"}
    things = children(verb, "dobj") or (children(verb, "ccomp") if lemma(verb) == "want" else [])
    marked = children(verb, "mark", "advmod") and verb.dep_ == "advcl"
    asked = any(t.text == "?" or t.tag_ in ("WP", "WRB") for t in verb.children)
    things = [t for t in things if "to" not in {a.lower_ for a in children(t, "aux")} and t.tag_ != "VB"]
    return bool(present and things) and not marked and not asked and not children(verb, "xcomp") and not helpers & UNREAL


def _told_to(verb: Token) -> Token | None:
    """What somebody is told to do: "told us to hand in our cards"."""
    if is_passive(verb) or not children(verb, "dobj", "dative"):
        return None
    return next((c for c in children(verb, "xcomp", "ccomp") if c.tag_ == "VB" and "to" in {a.lower_ for a in children(c, "aux")}), None)


def characterised(verb: Token) -> Token | None:
    """What somebody or something is called: "an asset" in "called it an asset", "opportunism" after "as"."""
    for prep in children(verb, "prep", "advmod", "mark"):
        if prep.lower_ == "as":
            for noun in (*children(prep, "pobj", "pcomp", "amod"),):
                return noun
    for complement in children(verb, "oprd", "acomp", "attr"):
        return complement
    if any(c.lower_ == "what" for c in children(verb, "dobj", "nsubj", "nsubjpass", "pobj")):
        for complement in children(verb, "dobj"):
            if complement.i > verb.i:
                return complement
    for preposition in {"see": ("in", "behind"), "liken": ("to",), "compare": ("to", "with")}.get(lemma(verb), ()):
        if any(p == preposition for p, _ in obliques(verb)) and (seen := children(verb, "dobj")):
            return seen[0]
    for thing in children(verb, "dobj"):
        for complement in children(thing, "amod"):
            if complement.i > thing.i:  # "called the charge absurd", however it is parsed
                return complement
    for complement in children(verb, "ccomp", "xcomp"):
        if complement.pos_ in ("ADJ", "NOUN", "PROPN") and not children(complement, "mark", "cop", "aux"):
            return complement
    return None


def objects_of(verb: Token) -> list[Token]:
    """Objects and complements of a verb, whole."""
    out = [t for p in patients(verb) if p.i > verb.i for t in phrase(p)]
    for child in verb.children:
        if child.i > verb.i and child.dep_ in ("prep", "ccomp", "xcomp", "dobj", "oprd", "acomp", "attr"):
            out += phrase(child, skip=frozenset({"punct", "parataxis"}))
    return out


def _that_clause(noun: Token) -> Token | None:
    """The clause of "the charge that …", wherever the parser hangs it."""
    clause = next((c for c in children(noun, "acl", "ccomp", "relcl") if children(c, "mark")), None)
    if clause is None and noun.i + 1 < len(noun.doc):
        that = noun.nbor()
        clause = that.head if that.lower_ == "that" and that.dep_ == "mark" else None
    return clause


def _as_phrase(verb: Token) -> list[Token]:
    return [t for p in children(verb, "prep", "advmod") if p.lower_ == "as" for t in phrase(p)]


def _is_said(clause: Token, word: Token) -> bool:
    """Whether a clause is what a word says: it has a subject of its own, and no colon parts it from a word after it."""
    if clause.dep_ == "advcl" and not any(c.lower_ == "that" for c in children(clause, "mark")):
        return False
    if clause.tag_ == "VB" and clause.i < word.i and '"' in clause.doc.text:
        return True  # "Let them go," he said
    if clause.tag_ not in ("VBD", "VBZ", "VBP", "MD") and not children(clause, "aux", "auxpass", "mark"):
        return False  # "declared the matter settled"
    if clause.i > word.i and any(t.text == ":" and t.nbor(-1).i != word.i for t in clause.doc[word.i + 2 : clause.i]):
        return '"' in clause.doc.text or not any(c.i > word.i for c in children(word, "nsubj"))
    if clause.i < word.i and any(t.text in (":", ";") for t in clause.doc[clause.i : word.i]):
        return False
    return bool(children(clause, "nsubj", "nsubjpass", "expl", "csubj", "attr")) or clause.tag_ in ("VBD", "VBZ", "MD")


def strayed(verb: Token) -> set[Token]:
    """ "The charges, said Lima, were false": the charges, where the parser gives them to "said"."""
    return {t for c in children(verb, "nsubj")[:-1] for t in phrase(c)}


def _is_aside(verb: Token) -> bool:
    """ ", it said, ": a short clause between commas, or after one at the end."""
    other = strayed(verb)
    inner = [t for t in phrase(verb) if t.dep_ != "punct" and t not in other]
    left = min(t.i for t in inner)
    before = verb.doc[left - 1].text if left else ""
    return bool(children(verb, "nsubj")) and before in (",", "-", "--", "—", '"', "(")


def _is_definite(noun: Token) -> bool:
    return any(c.lower_ == "the" for c in children(noun, "det"))


def _comes_after_what_it_says(pronoun: Token) -> bool:
    verb = pronoun.head
    return verb.dep_ == "parataxis" or any(c.i < pronoun.i for c in children(verb, "ccomp"))


def _subject_of_predicate(adjective: Token) -> Token | None:
    verb = adjective.head
    if adjective.dep_ in ("acomp", "oprd", "ccomp") and verb.pos_ in ("VERB", "AUX"):
        own = subject(verb)
        return antecedent(own) if own is not None else None
    return None
