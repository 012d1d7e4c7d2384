"""The lines that an act touches: which embassy, whose envoys, what "it" or "theirs" stands for.

What always holds: a line is named by a noun near the word that shows the act, or was named before it and is left out
or taken up by a pronoun; of several places the likeliest one that holds a line counts, the others are not looked at.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from detente.coding.discourse import Discourse
from detente.coding.grammar import Sentence, antecedent, children, is_passive, lemma, obliques, patients, subject
from detente.coding.lexicon import Codebook, Frame
from detente.coding.lines import SHARED, LineRef, line_of, lines_in
from detente.coding.numbers import number_of
from detente.coding.references import Ref
from detente.model import LINE_KINDS, LineKind

if TYPE_CHECKING:
    from detente.coding.tokens import Token

LIGHT_OBJECTS = frozenset(
    "work operation service session credential duty post place business door gate activity function".split()
)
"""Objects that leave the verb's subject as what is acted upon: "the office began work"."""
OWN_WORK = frozenset({"work", "activity", "operation", "session"})
"""Nouns that stand for whoever they belong to: "the commission resumed its work"."""
POSTS = tuple(k for k in LINE_KINDS if k not in SHARED)


class Touched:
    """Finds the lines that acts touch, sentence after sentence.

    Args:
        book: the codebook.
        story: what has been said so far.
    """

    def __init__(self, book: Codebook, story: Discourse) -> None:
        self.book = book
        self.story = story
        self.last_kind: LineKind | None = None

    def note(self, sentence: Sentence) -> None:
        """Remember the lines that a sentence names, whether or not an act touched them."""
        for token in sentence.doc:
            if ref := line_of(sentence, token, self.story, LINE_KINDS) if token.pos_ in ("NOUN", "PROPN") else None:
                self.last_kind = ref.kind
                if len(ref.owners) == 1 and len(ref.others) == 1:
                    self.story.posts.setdefault(ref.kind, (ref.owners[0], ref.others[0]))

    def by(
        self, sentence: Sentence, token: Token, frame: Frame, more: frozenset[str]
    ) -> tuple[list[LineRef], Token | None]:
        """The lines that the act touches, and the noun phrase in which they stand."""
        verbal = token.pos_ in ("VERB", "AUX")
        idiom = _idiom(token, more) if verbal else []
        if frame.solo:
            return self._solo(sentence, token, frame, idiom), None
        if frame.motion and (is_passive(token) or not verbal):
            return [], None
        spots = self._spots(sentence, token, frame, idiom)
        for spot in spots:
            refs = lines_in(sentence, spot, self.story, frame.kinds)
            if refs:
                refs = self._turned(sentence, token, spot, refs)
                for twin in spots:  # the parser may give two coordinated subjects to the verb
                    if twin.dep_ == spot.dep_ == "nsubj" and all(r.head != twin.i for r in refs):
                        refs += [_like(r, refs[0]) for r in lines_in(sentence, twin, self.story, frame.kinds)]
                return refs, spot
            if ref := self._ellipsis(sentence, spot, frame):
                return [ref], spot
        return [], None

    def _solo(self, sentence: Sentence, token: Token, frame: Frame, idiom: list[Token]) -> list[LineRef]:
        """The line that an entry names by itself: "broke with Peru"."""
        words = {word for verb in frame.verbs for word in verb.split()}
        if any({lemma(t), t.lower_}.isdisjoint(words) for t in children(token, "dobj", "nsubjpass")):
            return []
        places = [token, *idiom, *(n for t in patients(token) for n in (t, *(o for _, o in obliques(t))))]
        partner = next((p for place in places if (p := self._with(sentence, place))), ())
        together = self.story.who(sentence, subject(token)) if not partner else None
        if not partner and not (together and len(together.codes) > 1):
            return []
        return [LineRef(frame.kinds[0], token.i, owners=partner)]

    def _spots(self, sentence: Sentence, token: Token, frame: Frame, idiom: list[Token]) -> list[Token]:
        """Where the lines may stand, the likeliest place first."""
        verbal = token.pos_ in ("VERB", "AUX")
        spots: list[Token] = []
        if not frame.motion:
            spots = patients(token) if verbal else [t for prep, t in obliques(token) if prep in ("of", "to", "in")]
        if not verbal:
            spots += children(token, "poss", "compound")
        if token.pos_ == "ADJ" and token.dep_ in ("acomp", "oprd", "ROOT"):
            spots += children(token.head, "nsubj", "nsubjpass")
        spots += [t for word in (token, *idiom) for prep, t in obliques(word) if prep in frame.preps]
        spots += [t for word in idiom if self._lends(token, word) for t in patients(word)]
        if token.pos_ == "VERB" or children(token, "expl"):  # "became an embassy", "there is an embassy again"
            spots += children(token, "attr")
        if verbal and (frame.intransitive or frame.motion):
            spots += _itself(sentence, token, idiom)
        spots += [holder for spot in spots if _own_work(spot) and (holder := subject(token)) is not None]
        return spots + [n for t in spots for prep, n in obliques(t) if verbal and prep == "of" and t.pos_ == "NOUN"]

    def _lends(self, verb: Token, word: Token) -> bool:
        """Whether the objects of a verb beside the trigger are the trigger's: "keep open the channels"."""
        return word.pos_ == "VERB" and (lemma(verb) in ("keep", "leave") or not self._touches(word))

    def _touches(self, verb: Token) -> bool:
        """Whether a verb changes lines by itself: then its objects are its own, "told them to close the embassy"."""
        return any(p.frame.change and not p.more for p in self.book.verbs.get(lemma(verb), ()))

    def _turned(self, sentence: Sentence, verb: Token, spot: Token, refs: list[LineRef]) -> list[LineRef]:
        """ "The Cuban section became an embassy": the new post is whose the old one was."""
        if spot.dep_ not in ("pobj", "attr") or refs[0].owners or refs[0].others or refs[0].kind in SHARED:
            return refs
        for old in [*patients(verb), *children(verb, "nsubj")]:
            if old != spot and (was := line_of(sentence, antecedent(old), self.story, POSTS)):
                return [replace(r, owners=was.owners, others=was.others) for r in refs]
        return refs

    def _ellipsis(self, sentence: Sentence, spot: Token, frame: Frame) -> LineRef | None:
        """ "expelled Israel's", "recalled theirs", "expelling the 20": the noun was named before."""
        kind = self._kind_before(sentence, spot, frame.kinds)
        if spot.lower_ == "both" and kind == "envoy" and kind in frame.kinds:
            return LineRef(kind, spot.i, plural=True)  # "by July both were back at their posts"
        if spot.lower_ in ("him", "her") and spot.tag_ == "PRP" and kind in frame.kinds and kind in ("envoy", "staff"):
            nouns = (n for n in reversed(sentence.doc[: spot.i]) if n.pos_ == "NOUN")
            meant = next((ref for n in nouns if (ref := line_of(sentence, n, self.story, (kind,)))), None)
            if meant is not None:
                return replace(meant, head=spot.i)
        if spot.lower_ in ("it", "them") and spot.tag_ == "PRP":
            if self.story.pronouns.other_subject(sentence, spot):
                return None
            for noun in reversed(sentence.doc[: spot.i]):  # "has no hotline with Peru since Lima cut it"
                here = line_of(sentence, noun, self.story, frame.kinds) if noun.pos_ == "NOUN" else None
                if here is not None:
                    return self._anew(sentence, spot, here)
        if kind in frame.kinds and kind in self.story.posts and spot.lower_ in ("it", "them") and spot.tag_ == "PRP":
            whose, other = self.story.posts[kind]
            return LineRef(kind, spot.i, owners=(whose,), others=(other,))
        if "staff" in frame.kinds and spot.pos_ == "NUM" and spot.dep_ != "pobj" and not children(spot, "prep"):
            return line_of_number(spot)
        if kind is None or kind not in frame.kinds:
            return None
        if spot.lower_ == "one" and (where := [n for p, n in obliques(spot) if p in ("in", "to", "at")]):
            host = self.story.who(sentence, where[0])  # "Peru closed its embassy in Juba and opened one in Nairobi"
            return LineRef(kind, spot.i, others=host.codes) if host else None
        mine = spot.lower_ in ("theirs", "its", "own", "hers", "ours", "one")
        case = any(c.tag_ == "POS" for c in spot.children)
        if lemma(spot) == "home" and any(c.lower_ == "own" for c in spot.children):
            owner = self.story.owner(sentence, spot)
            return LineRef(kind, spot.i, owners=owner.codes if owner else ())
        if spot.lower_ == "one" and (known := self._one_in(sentence, spot, kind)):
            return LineRef(kind, spot.i, owners=known[:1], others=known[1:])
        if spot.lower_ == "own" or mine:
            owner = self.story.owner(sentence, spot) or self.story.pronouns.of(sentence, spot)
            return LineRef(kind, spot.i, owners=owner.codes if owner else (), others=self._host(kind, owner))
        if case and spot.i in sentence.mentions:
            return LineRef(kind, spot.i, owners=(self.story.choose(sentence.mentions[spot.i]),))
        return None

    def _one_in(self, sentence: Sentence, spot: Token, kind: LineKind) -> tuple[str, ...]:
        """ "The old one in Peru": of the post spoken of before, where Peru was its host."""
        known = self.story.posts.get(kind, ()) if kind not in SHARED else ()
        hosts = [who.codes for prep, noun in obliques(spot) if prep == "in" and (who := self.story.who(sentence, noun))]
        return known if any(host == known[1:] for host in hosts) else ()

    def _host(self, kind: LineKind, owner: Ref | None) -> tuple[str, ...]:
        """Where a third party's post of the same kind is: "Peru is back in Syria; Chile, which shut its own …"."""
        known = self.story.posts.get(kind)
        if owner is None or known is None or kind in SHARED or set(owner.codes) & set(known):
            return ()
        return known[1:]

    def _kind_before(self, sentence: Sentence, spot: Token, kinds: tuple[LineKind, ...]) -> LineKind | None:
        """The kind of line named last, in the same sentence or before it, of those that the act can touch."""
        for noun in reversed(sentence.doc[: spot.i]):
            if noun.pos_ == "NOUN" and (ref := line_of(sentence, noun, self.story, kinds)):
                return ref.kind
        return self.last_kind

    def _anew(self, sentence: Sentence, spot: Token, ref: LineRef) -> LineRef:
        """The line that a pronoun stands for; "cut ties with Peru and established them with Chile" is another pair."""
        fresh = self._with(sentence, spot.head) if ref.kind in SHARED else ()
        if fresh and not set(fresh) & set(ref.owners):
            return LineRef(ref.kind, spot.i, owners=fresh)
        return replace(ref, head=spot.i)

    def _with(self, sentence: Sentence, token: Token) -> tuple[str, ...]:
        for prep, noun in obliques(token):
            if prep in ("with", "to") and (ref := self.story.who(sentence, noun)):
                return ref.codes
        return ()


def _like(ref: LineRef, first: LineRef) -> LineRef:
    """ "The Peruvian embassy and a single consulate": whose the second one is, the first one says."""
    shared = SHARED & {ref.kind, first.kind} or ref.owners or ref.others
    return ref if shared else replace(ref, owners=first.owners, others=first.others)


def line_of_number(token: Token) -> LineRef | None:
    """ "expelling the 20": people counted without a noun."""

    value = number_of(token)
    return LineRef("staff", token.i, count=value, plural=True) if value else None


def _idiom(verb: Token, more: frozenset[str]) -> list[Token]:
    """The nouns and verbs that an entry names beside its verb: "end" in "put an end to", "apply" in "stop applying"."""
    hanging = children(verb, "dobj", "nsubjpass", "xcomp")
    hanging += [n for prep in children(verb, "prep", "prt") for n in children(prep, "pobj", "pcomp")]
    return [t for t in hanging if more & {t.lower_, lemma(t)}]


def _itself(sentence: Sentence, verb: Token, idiom: list[Token]) -> list[Token]:
    """The subject, where it is the line itself that opens, closes or moves: "the embassy closed"."""
    own = [
        t
        for t in children(verb, "dobj")
        if t not in idiom and lemma(t) not in LIGHT_OBJECTS and t.i not in sentence.mentions
    ]
    if is_passive(verb) or own:
        return []
    subjects = children(verb, "nsubj")
    if subjects or verb.dep_ not in ("conj", "xcomp", "acl", "relcl", "advcl"):
        return [antecedent(t) for t in subjects]
    shared = subject(verb)
    return [shared] if shared is not None else []


def _own_work(noun: Token) -> bool:
    return lemma(noun) in OWN_WORK and any(c.tag_ == "PRP$" for c in noun.children)
