"""From a line that a phrase names to the change made to it: whose line it is, whom it reaches, by whom, how many.

What always holds: what the phrase says comes first, then who acts, then what the verb names beside it, then the story
so far; a phrase that names an outsider ("talks with the regulator") changes no line between parties.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.coding.discourse import Discourse
from detente.coding.drafts import Move
from detente.coding.grammar import (
    Sentence,
    children,
    lemma,
    near,
    obliques,
)
from detente.coding.lexicon import Frame
from detente.coding.lines import SHARED, LineRef
from detente.coding.numbers import number_of
from detente.coding.references import Ref
from detente.model import LineKind

if TYPE_CHECKING:
    from detente.coding.tokens import Token


RANK = frozenset("downgrade lower elevate upgrade".split())
"""Verbs that change an embassy's rank, not its size."""


GIVING = frozenset("deny refuse grant issue give withhold".split())
"""Verbs behind which "to" names who gets something, not how many remain."""


STATES = frozenset("country state republic kingdom neighbour neighbor power ruler".split())
"""Nouns by which the other party is called, too: "broke with its former colonial ruler" is no talk with outsiders."""


class Moves:
    """Makes changes out of lines, acts and agents.

    Args:
        story: what has been said so far.
    """

    def __init__(self, story: Discourse) -> None:
        self.story = story

    def of(self, sentence: Sentence, token: Token, frame: Frame, ref: LineRef, agent: Ref | None) -> list[Move]:
        """The changes that an act makes to one line as a phrase names it, one for each pair of parties."""
        acting = agent.codes if agent else ()
        if ref.kind in SHARED:
            known = self.story.posts.get(ref.kind)
            if agent and not agent.named and len(acting) == 2 and known and not (ref.owners or ref.others):
                acting = known  # "the two sides reconnected the lines": the sides of those lines
            pairs = self._shared_pairs(sentence, ref, acting, token)
        else:
            pairs = self._post_pairs(sentence, frame, ref, acting, token)
        out = []
        for owner, counterpart in pairs:
            by = tuple(c for c in acting if c in (owner, counterpart)) or acting or tuple(sorted((owner, counterpart)))
            if len(acting) == 2 and ref.kind not in SHARED and frame.owner == "other":
                by = (counterpart,)
            if not acting and ref.kind not in SHARED:
                mutual = (counterpart, owner) in pairs  # "both embassies stay open"
                kept = tuple(sorted((owner, counterpart))) if mutual else (owner,)
                by = kept if frame.change == "keep" else self._implied(frame, owner, counterpart)
            assert frame.change is not None
            change, kind = frame.change, ref.kind
            if kind == "mission" and not (self.story.is_organisation(owner) or self.story.is_organisation(counterpart)):
                kind = "embassy"  # what one state has with another, whatever it is called
            if change == "limit" and kind in ("embassy", "mission") and lemma(token) not in RANK:
                kind = "staff"  # an embassy is made smaller by its people
            count, cap = self._figures(sentence, token, ref, kind)
            if kind == "verification" and change == "close" and count:
                change = "limit"  # some inspectors sent away are not the end of inspections
            if kind == "staff" and change in ("limit", "close"):
                change = "close" if ref.everyone or (change == "close" and count is None) else "limit"
            out.append(
                Move(
                    kind,
                    owner,
                    counterpart,
                    change,
                    by,
                    count,
                    cap,
                    _name(ref),
                    ref.seat,
                    _whole(ref, owner, counterpart),
                    ref.head,
                )
            )
        return out

    @staticmethod
    def _implied(frame: Frame, owner: str, counterpart: str) -> tuple[str, ...]:
        """Who did it where nobody is named: an expulsion is the host's act, a recall the owner's."""
        if frame.owner == "other":
            return (counterpart,)
        if frame.owner == "agent":
            return (owner,)
        return tuple(sorted((owner, counterpart)))

    def _shared_pairs(
        self, sentence: Sentence, ref: LineRef, acting: tuple[str, ...], token: Token
    ) -> list[tuple[str, str]]:
        named = tuple(dict.fromkeys(ref.owners + ref.others))
        sides = tuple(dict.fromkeys(named + acting))
        if len(named) >= 2 and not set(acting) & set(named):
            sides = named
        if guests := self._guests(sentence, token, ref):
            return [(min(guests), max(guests))]
        if len(sides) < 2 and self._with_outsider(sentence, token, ref):
            return []
        if not sides and _indefinite(sentence.doc[ref.head]):
            return []  # "a public dialogue about trees" is none that the story knows
        if not sides:
            sides = (
                self.story.posts.get(ref.kind, self.story.pair)
                if ref.kind in ("talks", "relations", "council", "contacts", "hotline")
                else self.story.posts.get(ref.kind, ())
            )
        if len(sides) == 1:
            beside = self._beside(sentence, token, sides)
            sides = sides + (beside or self.story.other(sides, sentence, token.i))
        if len(sides) < 2:
            return []
        if len(sides) == 2:
            return [(min(sides), max(sides))]
        mine = [c for c in sides if c in acting] or [sides[0]]
        rest = [c for c in sides if c not in mine]
        if not rest:
            mine, rest = [sides[0]], list(sides[1:])
        return [(min(a, b), max(a, b)) for a in mine for b in rest]

    def _guests(self, sentence: Sentence, token: Token, ref: LineRef) -> tuple[str, ...]:
        """Two parties that a third one brings together: "invited both presidents to a summit"."""
        for noun in children(token, "dobj", "dative", "nsubjpass"):
            who = self.story.who(sentence, noun) if noun.i != ref.head else None
            if who and len(who.codes) == 2 and not set(who.codes) & set(ref.owners):
                return who.codes
        return ()

    def _with_outsider(self, sentence: Sentence, token: Token, ref: LineRef) -> bool:
        """Whether "with …" names somebody who is no party: "talks with the regulator"."""
        for prep, noun in [*obliques(sentence.doc[ref.head]), *obliques(token)]:
            if (
                prep in ("with", "between")
                and noun.pos_ in ("NOUN", "PROPN")
                and not (lemma(noun) in STATES and noun.tag_ == "NN" and not _indefinite(noun))
                and self.story.who(sentence, noun) is None
            ):
                return True
        return False

    def _beside(self, sentence: Sentence, token: Token, codes: tuple[str, ...]) -> tuple[str, ...]:
        """The other party that the verb itself names: "broke off relations … with Qatar"."""
        for prep, noun in obliques(token):
            if prep in ("with", "to", "between", "against", "from"):
                ref = self.story.who(sentence, noun)
                if ref and not set(ref.codes) & set(codes):
                    return ref.codes
        return ()

    def _post_pairs(
        self, sentence: Sentence, frame: Frame, ref: LineRef, acting: tuple[str, ...], token: Token
    ) -> list[tuple[str, str]]:
        owners, others = ref.owners, ref.others
        if frame.owner == "other" and owners and owners == acting and _by_pronoun(sentence.doc[ref.head]):
            owners = ()  # "froze trade with Peru and expelled its ambassador": nobody expels his own
        beside = self._beside_place(sentence, token)
        if not owners and ref.kind == "staff":  # "cut the number of accreditations for Peru to ten"
            who = next((r for p, n in obliques(token) if p == "for" and (r := self.story.who(sentence, n))), None)
            owners = who.codes if who else ()
        if lemma(sentence.doc[ref.head]) == "exchange":
            pair = tuple(dict.fromkeys((*acting, *owners, *others)))
            pair = pair if len(pair) == 2 else (*pair[:1], *self.story.other(pair[:1], sentence, token.i))
            return [(pair[0], pair[1]), (pair[1], pair[0])] if len(pair) == 2 else []
        if not owners and len(acting) == 2 and frame.owner == "other":
            return [(acting[1], acting[0]), (acting[0], acting[1])]
        if not owners and not acting and not others:
            return [] if _indefinite(sentence.doc[ref.head]) else self._known_posts(ref)
        if not owners:
            if frame.owner == "other" and acting:
                owners = tuple(c for c in others if c not in acting) or self.story.other(acting, sentence, token.i)
                others = ()
            else:
                owners = tuple(c for c in acting if c not in others) or acting
        if not owners and others:
            owners = self.story.other(others, sentence, token.i)
        others = tuple(c for c in others if c not in owners)
        if not others:
            others = tuple(c for c in acting if c not in owners)
        if not others and beside:
            others = tuple(c for c in beside if c not in owners)
        if not others and owners:
            others = self.story.other(owners, sentence, token.i)
        mutual = not ref.others and (set(acting) >= set(owners) or _each_other(sentence, token))
        if len(owners) == 2 and mutual:
            return [(owners[0], owners[1]), (owners[1], owners[0])]
        return [(a, b) for a in owners for b in others if a != b]

    def _known_posts(self, ref: LineRef) -> list[tuple[str, str]]:
        """ "The embassy stays open": the one spoken of before, or that of the envoy spoken of; "both": each other's."""
        known = (
            self.story.posts.get(ref.kind)
            or self.story.posts.get("envoy")
            or self.story.posts.get("embassy")
            or (self.story.posts.get("staff"))
        )
        if ref.plural and (pair := known or self.story.pair) and len(pair) == 2:
            return [(pair[0], pair[1]), (pair[1], pair[0])]
        return [known] if known else []

    def _beside_place(self, sentence: Sentence, token: Token) -> tuple[str, ...]:
        for prep, noun in obliques(token):
            if prep in ("from", "of", "in", "to") and (ref := self.story.who(sentence, noun)) and ref.named:
                return ref.codes
        return ()

    def _figures(self, sentence: Sentence, token: Token, ref: LineRef, kind: LineKind) -> tuple[int | None, int | None]:
        """(count, cap): "by ten" counts, "to ten", "at ten" and "no more than ten" cap."""

        count, cap = ref.count, None
        if kind != "staff" or token.pos_ not in ("VERB", "AUX", "NOUN"):
            return (count if kind in ("staff", "verification") else None), None
        for prep, noun in (
            obliques(token)
            + obliques(sentence.doc[ref.head])
            + [o for t in sentence.doc[ref.head].children for o in obliques(t)]
        ):
            if prep not in ("to", "at", "by"):
                continue
            value = (
                number_of(noun)
                if noun.pos_ == "NUM"
                else next((number_of(c) for c in noun.children if c.dep_ == "nummod"), None)
            )
            if value is None:
                continue
            if prep in ("to", "at") and lemma(token) not in GIVING and lemma(noun) not in ("hour", "day", "week"):
                cap = value
            elif prep == "by" and lemma(noun) not in ("hour", "day", "week"):
                count = value
        close = near(token) if token.pos_ != "NOUN" else set()
        if (
            cap is None
            and count is not None
            and (
                lemma(token) in ("cap", "limit", "do", "make")
                or ("than" in close and close & {"more"})
                or "most" in close
            )
        ):
            count, cap = None, count
        if lemma(token) == "make" and "do" in close:
            cap = next(
                (
                    number_of(c)
                    for prep, n in obliques(token) + [o for k in token.children for o in obliques(k)]
                    if prep == "with"
                    for c in [n, *n.children]
                    if c.pos_ == "NUM"
                ),
                cap,
            )
        return (None if count == cap else count), cap


def _each_other(sentence: Sentence, token: Token) -> bool:
    """ "The envoys of Peru and Chile took up their posts in each other's capitals": each with the other."""
    return any(t.lower_ in ("other", "another") and t.i and t.nbor(-1).lower_ in ("each", "one") for t in token.subtree)


def _indefinite(noun: Token) -> bool:
    return any(c.dep_ == "det" and c.lower_ in ("a", "an", "another") for c in noun.children)


def _by_pronoun(noun: Token) -> bool:
    return any(c.tag_ == "PRP$" for c in noun.children)


def _name(ref: LineRef) -> str | None:
    """A name is kept where it tells a line from its like: a military representative, a liaison mission, a dialogue."""
    return (
        ref.name
        if ref.kind in ("envoy", "council", "contacts", "hotline", "talks", "office", "liaison", "verification")
        else None
    )


def _whole(ref: LineRef, owner: str, counterpart: str) -> str | None:
    """The line that this one is part of, as `kind OWNER-COUNTERPART`."""
    return f"{ref.part_of[0]} {owner}-{counterpart}" if ref.part_of else None
