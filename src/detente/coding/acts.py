"""From words to acts: which frame fires on which word.

What always holds: one word shows one act at most; an act has a source, and a target unless both sides act together;
every act keeps the words that show it. Nothing here looks at dates or at other articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from detente.coding import plover
from detente.coding.discourse import Discourse
from detente.coding.drafts import Act
from detente.coding.events import GRANTS, Events
from detente.coding.grammar import TIME, Sentence, children, lemma, near, obliques, possessor, qualifiers
from detente.coding.lexicon import Codebook, Frame
from detente.coding.lineacts import LineActs
from detente.coding.mirror import Mirror
from detente.coding.mood import Mood, mood_of
from detente.coding.roles import UNKNOWN, Roles
from detente.coding.settling import Judge
from detente.coding.touched import Touched

if TYPE_CHECKING:
    from detente.coding.tokens import Token

AT_MOST = frozenset({"more", "most", "only"})
"""Words by which a permission obliges: "may have no more than ten"."""
NEGATIVE = frozenset({"no", "not", "longer"})
"""Words of an entry that make its verb the opposite of what it says."""

PAPERS = frozenset("letter message statement declaration communique communiqué note telegram cable".split())
"""What carries a demand, a threat or a complaint."""


class Coder:
    """Codes the acts of one sentence after another.

    Args:
        book: the codebook.
        story: what has been said so far; the caller feeds it the sentences in order.
        everyone: scope "all": domestic acts count, too.
    """

    def __init__(self, book: Codebook, story: Discourse, *, everyone: bool = False) -> None:
        self.book = book
        self.roles = roles = Roles(book, story, everyone=everyone)
        self.judge = Judge(roles)
        self.touched = Touched(book, story)
        self.line_acts = LineActs(book, story, self.touched, roles, self.judge)
        self.events = Events(book, story, roles, self.judge, everyone=everyone)
        self.mirror = Mirror(book, roles, self.judge)

    def acts(self, sentence: Sentence) -> list[Act]:
        """All acts that a sentence shows, the main clause's first."""
        out = self._shown(sentence)
        if not out and self.roles.everyone:
            self.roles.anyone = True
            out = [a for a in self._shown(sentence) if {*a.source, *a.target} != {UNKNOWN}]
            self.roles.anyone = False
        for act in out:  # "proposed a summit with Peru, which Lima turned down"
            if act.type == "REJECT" and not act.moves and any(t.tag_ == "WDT" for t in act.trigger.children):
                self.judge.proposed = [m for a in out for m in a.moves if m.change == "propose"] or self.judge.proposed
                self.judge.turned_down(act)
        self.judge.proposed = [m for a in out for m in a.moves if m.change == "propose"] or self.judge.proposed
        self.judge.asked = next((a for a in out if a.type == "REQUEST" and a.target), self.judge.asked)
        self.touched.note(sentence)
        out = [a for a in out if not self._object_of_another(a, out) and not (self.roles.everyone and _carries(a, out))]
        out += self._uses(sentence)
        out += self.mirror.acts(sentence, out)
        out.sort(key=lambda a: (_depth(a.trigger), a.trigger.i))
        return _joined(_foremost(out) if self.roles.everyone else out)

    def _shown(self, sentence: Sentence) -> list[Act]:
        """The acts of the words that may show one."""
        out: list[Act] = []
        used: set[int] = set()
        triggers = self._triggers(sentence)
        for token in triggers:
            if token.i in used:
                continue
            out.extend(self._try(sentence, token, used))
        for token in triggers:
            if token.i not in used:
                out.extend(self._operator(sentence, token, used))
        return out

    @staticmethod
    def _object_of_another(act: Act, acts: list[Act]) -> bool:
        """What another act is about is no act beside it: "rejected the proposal", "summoned the envoy to complain"."""
        if act.trigger.tag_ == "VB" and act.trigger.dep_ in ("xcomp", "advcl"):
            return any(o.trigger == act.trigger.head and o.type == act.type == "ACCUSE" for o in acts)
        if act.trigger.pos_ != "NOUN":
            return False
        return any(
            o is not act
            and (
                act.trigger.i in {m.head for m in o.moves}
                or (act.trigger.head == o.trigger and act.trigger.dep_ in ("dobj", "nsubjpass"))
                or (o.type in GRANTS and any(p in ("to", "with") and n == act.trigger for p, n in obliques(o.trigger)))
            )
            for o in acts
        )

    def _triggers(self, sentence: Sentence) -> list[Token]:
        """Words that may show an act, the deepest first, so that what governs an act is not coded beside it."""
        tables: dict[str, Mapping[str, object]] = dict.fromkeys(("VERB", "AUX"), self.book.verbs)
        tables |= dict.fromkeys(("NOUN", "PROPN"), self.book.nouns) | {"ADJ": self.book.adjectives}
        found = [
            t
            for t in sentence.doc
            if (table := tables.get(t.pos_)) is not None
            and t.i not in sentence.mentions
            and lemma(t) in table
            and not (t.pos_ == "PROPN" and t.lower_ in TIME)  # March
            and not self._part_of_verb(t)
        ]
        return sorted(found, key=lambda t: (-_depth(t), t.i))

    def _part_of_verb(self, token: Token) -> bool:
        """ "ordered the closure": an object that an entry names together with its verb is no trigger of its own."""
        head = token.head.head if token.dep_ == "pobj" else token.head
        more = [p.more for p in self.book.verbs.get(lemma(head), ()) if lemma(token) in p.more]
        close = near(head) if more else set()
        named = any(words <= close for words in more)
        if token.pos_ == "VERB":  # "let the envoy return", "ordered them to leave", "stopped applying the treaty"
            touches = any(p.frame.change for p in self.book.verbs.get(lemma(token), ()))
            if token.dep_ == "xcomp" and not touches and named:
                return True
            return named and token.dep_ in ("ccomp", "xcomp") and not children(token, "dobj")
        if token.pos_ == "ADJ":
            return named
        if token.dep_ == "pobj":  # "went on strike"
            first = token.head == next(iter(children(head, "prep")), None)
            return first and head.pos_ == "VERB" and named
        if token.pos_ != "NOUN":
            return False
        if token.dep_ == "attr" and any(c.tag_ in ("PRP", "DT") for c in children(token.head, "nsubj")):
            return True  # "It was the largest expulsion in thirty years": tells more of an act told before
        if token.dep_ == "nsubjpass" and possessor(token) is not None:
            return False  # "Peru's protest was lodged": the noun says who acts, the verb does not
        return named and token.dep_ in ("dobj", "nsubjpass")

    def _try(self, sentence: Sentence, token: Token, used: set[int]) -> list[Act]:
        verbal = token.pos_ in ("VERB", "AUX")
        mood: Mood | None = None
        close = near(token) if verbal else qualifiers(token)
        for frame, more in self._frames(token, verbal):
            if frame.operator or frame.use or not more <= close:
                continue
            if "complement" in frame.to and any(c.i in used for c in children(token, "ccomp")):
                continue  # what is said is an act of its own
            mood = mood or mood_of(token, self.book)
            if frame.obliged and not (mood.ought or mood.obliged or (mood.possible and more & AT_MOST)):
                continue
            lapsed = frame.change not in (None, "propose", "refuse")  # what was not renewed has run out
            if "not" in more and not (mood.negated and (lapsed or mood.future or mood.possible)):
                continue  # "has not yielded" tells of nothing done
            if frame.change:
                acts = self.line_acts.of(
                    sentence, token, frame, _stated(mood, frame) if more & NEGATIVE else mood, more
                )
            else:
                acts = self.events.of(sentence, token, frame, _affirmed(mood) if more & NEGATIVE else mood)
            if not acts:
                continue
            used.add(token.i)
            used.update(m.head for a in acts for m in a.moves)
            used.update(t.i for t in token.subtree if lemma(t) in more or t.lower_ in more)
            if mood.governor is not None and not _done_to(token, mood):
                used.add(mood.governor.i)
            return acts
        return []

    def _uses(self, sentence: Sentence) -> list[Act]:
        """Lines that are seen in use, or ring out, beside whatever else the sentence tells of them."""
        out = []
        for token in sentence.doc:
            if token.pos_ not in ("VERB", "AUX"):
                continue
            for frame, more in self._frames(token, True):
                if not frame.use or not more <= near(token):
                    continue
                mood = mood_of(token, self.book)
                idle = mood.negated and frame.use == "answered"
                if idle or mood.future or mood.possible or mood.ought or mood.condition or mood.operator or mood.denied:
                    continue
                acts = self.line_acts.of(sentence, token, replace(frame, change="keep"), Mood(), more)
                for act in acts:
                    act.uses, act.moves, act.type, act.mode = act.moves, [], None, None
                out += acts
                if acts:
                    break
        return out

    def _frames(self, token: Token, verbal: bool) -> Iterable[tuple[Frame, frozenset[str]]]:
        word = lemma(token)
        if verbal:
            return [(p.frame, p.more) for p in self.book.verbs.get(word, ())]
        if token.pos_ == "ADJ":
            return [(f, frozenset()) for f in self.book.adjectives.get(word, ())]
        return [(p.frame, p.more) for p in self.book.nouns.get(word, ())]

    def _operator(self, sentence: Sentence, token: Token, used: set[int]) -> list[Act]:
        close = near(token) if token.pos_ in ("VERB", "AUX") else qualifiers(token)
        for frame, more in self._frames(token, token.pos_ in ("VERB", "AUX")):
            if frame.operator and frame.type and more <= close:
                if token.pos_ == "VERB" and not any(
                    c.i > token.i and c.dep_ not in ("punct", "advmod") for c in token.children
                ):
                    continue
                if token.pos_ == "NOUN" and not _speaks(token):
                    continue
                used.add(token.i)
                return self.events.of(sentence, token, frame, mood_of(token, self.book))
        return []


def _done_to(token: Token, mood: Mood) -> bool:
    """ "ended its cooperation": the verb may show an act of its own upon the noun."""
    return token.dep_ in ("dobj", "nsubjpass") and mood.operator is not None and mood.operator.operator == "act"


def _carries(act: Act, acts: list[Act]) -> bool:
    """ "Sent a letter threatening to leave": what is sent or issued only carries what it says."""
    if act.trigger.pos_ != "VERB" or act.moves or act.type not in ("CONSULT", "SUPPORT"):
        return False
    papers = [t for t in children(act.trigger, "dobj", "nsubjpass") if lemma(t) in PAPERS]
    clauses = {
        v for t in act.trigger.subtree if t.dep_ == "acl" and t.head in papers for v in (t, *children(t, "xcomp"))
    }
    clauses |= {v for v in children(act.trigger, "advcl", "xcomp") if papers and v.tag_ == "VBG"}
    spoken = (o for o in acts if o is not act and o.type in plover.SPOKEN)
    return any(word in clauses for o in spoken for word in (o.trigger, o.mood.governor))


def _foremost(acts: list[Act]) -> list[Act]:
    """Scope "all": at home, each type once a sentence, and what a noun shows only where nothing stands before it."""
    out: list[Act] = []
    for act in acts:
        home = act.source == act.target or (not act.target and len(act.source) == 1)
        again = any((a.type, a.source, a.target) == (act.type, act.source, act.target) for a in out)
        if not home or act.moves or not (again or (out and act.trigger.pos_ == "NOUN")):
            out.append(act)
    return out


def _joined(acts: list[Act]) -> list[Act]:
    """ "agreed to resume relations and to reopen their embassies" is one agreement upon several lines."""
    out: list[Act] = []
    for act in acts:
        first = next(
            (
                a
                for a in out
                if act.mood.governor is not None
                and a.mood.governor is not None
                and a.mood.governor.i == act.mood.governor.i
                and (a.type, a.source, a.target) == (act.type, act.source, act.target)
                and act.type in plover.SPOKEN
            ),
            None,
        )
        if first is None:
            out.append(act)
        else:
            for move in act.moves:
                move.tokens = move.tokens or tuple(act.tokens)
            first.moves = [*first.moves, *act.moves]
    return out


def _speaks(noun: Token) -> bool:
    """Whether a noun of speech says who or what: "Rome's demand", "a call for talks", "the offer to mediate"."""
    return any(
        c.dep_ == "poss"
        or (c.dep_ == "prep" and c.lower_ in ("for", "between", "by"))
        or (c.dep_ in ("acl", "relcl") and any(k.lower_ in ("to", "that") for k in c.children))
        for c in noun.children
    )


def _affirmed(mood: Mood) -> Mood:
    """The mood of an entry that holds the "not" itself: "will not yield" refuses."""
    return replace(mood, negated=False, future=False, possible=False)


def _stated(mood: Mood, frame: Frame) -> Mood:
    """The mood of a line's entry that holds the "not" itself: "will not renew the mandate" is to end the mission."""
    return replace(mood, negated=False) if frame.change == "close" else _affirmed(mood)


def _depth(token: Token) -> int:
    return sum(1 for a in token.ancestors if a.dep_ != "conj" and a != token) - (token.dep_ == "conj")
