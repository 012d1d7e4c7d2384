"""Acts upon lines: an embassy closed, envoys expelled, talks resumed; who does it and what changes.

What always holds: such an act changes at least one line; a line that is itself the subject acts upon nobody, and
nobody acts upon a line of others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from detente.coding import plover
from detente.coding.discourse import Discourse
from detente.coding.drafts import CUT, Act, Move, quote
from detente.coding.grammar import Sentence, children, is_passive, lemma, phrase, subject
from detente.coding.lexicon import Codebook, Frame
from detente.coding.lines import SHARED, LineRef, line_of
from detente.coding.mood import Mood, mood_of
from detente.coding.moves import Moves
from detente.coding.references import Ref
from detente.coding.roles import Roles
from detente.coding.settling import Judge
from detente.coding.touched import Touched
from detente.model import LINE_KINDS

if TYPE_CHECKING:
    from detente.coding.tokens import Token

AGAIN = frozenset({"again", "back", "anew", "once"})
ORDERS = frozenset("order tell instruct direct command force compel oblige require make".split())
"""Verbs by which the one who says so acts, whoever carries it out."""

DEADLINES = frozenset({"hour", "day", "week", "month"})
"""What somebody is given to do as he is told."""


class LineActs:
    """Finds what a word that shows an act upon lines tells of them.

    Args:
        book: the codebook.
        story: what has been said so far.
        touched: finds the lines.
        roles: finds who acts.
        judge: applies the mood.
    """

    def __init__(self, book: Codebook, story: Discourse, touched: Touched, roles: Roles, judge: Judge) -> None:
        self.book = book
        self.story = story
        self.touched = touched
        self.roles = roles
        self.judge = judge
        self.moves = Moves(story)

    def of(self, sentence: Sentence, token: Token, frame: Frame, mood: Mood, more: frozenset[str]) -> list[Act]:
        """The acts upon lines that a word shows by a frame, of which it needs the words ``more`` beside it."""
        if _in_time(token):
            return []
        refs, holder = self.touched.by(sentence, token, frame, more)
        if frame.objects:
            refs = [r for r in refs if self._named(sentence, r, frame.objects)]
        refs = [r for r in refs if not self._named(sentence, r, frame.unless)]
        if not refs:
            return []
        parts = self._including(sentence, token, refs)
        refs += parts
        agent, word = self.roles.agent(sentence, token, mood)
        if word is not None and holder is not None and (word.i == holder.i or word.i in {r.head for r in refs}):
            agent = word = None  # "the embassy closed": the line is the subject, nobody is said to act
        if self.roles.outsider(word, agent):
            return []
        if agent is not None and not agent.codes:
            agent = None
        agent = _owner_acts(frame, agent, refs[0])
        if frame.change in ("close", "limit", "suspend") and not mood.negated:
            post = frame.change == "close" and refs[0].kind not in SHARED
            if orderer := self._orderer(sentence, token, post=post):
                agent, frame = orderer, replace(frame, owner="other")
                mood = replace(mood, operator=None, governor=None) if lemma(token.head) == "ask" else mood
        frame = _renewed(token, frame)
        moves = _told_once(m for ref in refs for m in self.moves.of(sentence, token, frame, ref, agent))
        if not moves:
            return []
        agent = _doers(frame, agent, moves)
        self._remember(sentence, refs, moves, {r.head for r in parts})
        acts = [self._judged(sentence, token, frame, mood, who, some, refs) for who, some in _each(agent, moves)]
        return [a for a in acts if a is not None]

    def _including(self, sentence: Sentence, token: Token, refs: list[LineRef]) -> list[LineRef]:
        """ "expelled ten envoys, including the attaché": lines named apart as a part of the others."""
        first, out = refs[0], list[LineRef]()
        whole = (first.kind, first.owners, first.others) if first.kind in ("mission", "embassy") else None
        for noun in (n for t in token.subtree if t.lower_ == "including" for n in children(t, "pobj")):
            if any(noun.i == r.head for r in (*refs, *out)):
                continue
            if extra := line_of(sentence, noun, self.story, LINE_KINDS):
                owners, others = extra.owners or first.owners, extra.others or first.others
                out.append(replace(extra, owners=owners, others=others, part_of=whole))
        return out

    def _remember(self, sentence: Sentence, refs: list[LineRef], moves: list[Move], apart: set[int]) -> None:
        """Whose the lines are, for later sentences that do not say it."""
        self.touched.last_kind = moves[-1].kind
        for move in moves:
            if move.head in apart:
                move.tokens = tuple(phrase(sentence.doc[move.head], skip=CUT))
            self.story.posts[move.kind] = (move.owner, move.counterpart)
        for ref in refs:
            if ref.inner:
                self.story.posts[ref.inner] = (moves[0].owner, moves[0].counterpart)

    def _named(self, sentence: Sentence, ref: LineRef, words: tuple[str, ...]) -> bool:
        """Whether a line's noun, or what stands before it, is one of the given ones."""
        noun = sentence.doc[ref.head]
        return bool(words) and bool({lemma(t) for t in (noun, *noun.lefts)} & self.book.expand(words))

    def _orderer(self, sentence: Sentence, token: Token, *, post: bool) -> Ref | None:
        """ "Peru ordered Chile to close its consulate" is Peru's act; so is "Chile was told to …", by whoever told.

        A host that asks for a post to be shut orders it, however politely.
        """
        verb = token.head
        if lemma(verb) in DEADLINES and token.dep_ in ("acl", "relcl"):
            verb = verb.head
        if lemma(verb) == "give" and not is_passive(verb) and "to" in {c.lower_ for c in children(token, "aux")}:
            return self.story.who(sentence, subject(verb)) if _with_deadline(verb) else None
        if token.dep_ not in ("xcomp", "ccomp") or token.tag_ != "VB":
            return None
        if lemma(verb) == "have" and {"until", "till"} & {c.lower_ for c in children(verb, "prep")}:
            # "has until May to …", "has until then to …"
            told = self.story.who(sentence, subject(verb))
            return Ref(self.story.other(told.codes, sentence, token.i), None, False) if told else None
        if lemma(verb) not in ORDERS and not (post and lemma(verb) == "ask"):
            return None
        if not is_passive(verb):
            return self.story.who(sentence, subject(verb))
        told = next((self.story.who(sentence, t) for t in children(verb, "nsubjpass")), None)
        if told is None:
            return None
        by = self.story.who(sentence, subject(verb))
        return by or Ref(self.story.other(told.codes, sentence, token.i), None, False)

    def _judged(
        self,
        sentence: Sentence,
        token: Token,
        frame: Frame,
        mood: Mood,
        agent: Ref | None,
        moves: list[Move],
        refs: list[LineRef],
    ) -> Act | None:
        source = agent.codes if agent else tuple(dict.fromkeys(c for m in moves for c in m.by))
        sides = tuple(dict.fromkeys(c for m in moves for c in (m.owner, m.counterpart)))
        target = tuple(c for c in sides if c not in source)
        act = Act(sentence, token, frame, mood, tuple(sorted(source)) if len(source) > 1 else source, target)
        act.type, act.mode = frame.type, frame.mode
        if act.type is None and any(m.cap is not None for m in moves):
            act.type, act.mode = "SANCTION", "discontinue"
        elif act.type is None:
            act.type, act.mode = plover.of_change(moves[0].change, moves[0].kind, moves[0].owner, source)
            if frame.change in ("keep", "suspend") and mood_of(token, self.book).negated and not mood.negated:
                act.type, act.mode = None, None  # what a body leaves undone is no event
        act.certainty = 0.85 if agent and agent.named else 0.7
        act.tokens = quote(token, [sentence.doc[r.head] for r in refs])
        return self.judge.settled(act, moves)


def _told_once(moves: Iterable[Move]) -> list[Move]:
    """ "diplomats and embassy staff": two names for people without number are one change."""
    out: dict[object, Move] = {}
    for move in moves:
        bare = move.kind == "staff" and move.count is None
        out.setdefault((move.owner, move.counterpart, move.change, move.cap) if bare else id(move), move)
    return list(out.values())


def _renewed(token: Token, frame: Frame) -> Frame:
    """ "is working again", "started up once more": what is kept or opened anew is restored."""
    beside = [*token.children, *(token.head.children if token.dep_ == "acomp" else ())]
    again = frame.change in ("keep", "open") and AGAIN & {c.lower_ for c in beside}
    return replace(frame, change="restore") if again else frame


def _owner_acts(frame: Frame, agent: Ref | None, ref: LineRef) -> Ref | None:
    """ "It recalled Peru's envoys": only Peru recalls them, whoever "it" was taken for."""
    guessed = agent is not None and not agent.named and frame.owner == "agent" and ref.kind == "envoy"
    return Ref(ref.owners, None, False) if guessed and len(ref.owners) == 1 else agent


def _doers(frame: Frame, agent: Ref | None, moves: list[Move]) -> Ref | None:
    """Who acts once it is known whose the lines are; the moves are told, too."""
    if agent and frame.owner == "other" and frame.change in ("close", "limit") and len(moves) == 1:
        (move,) = moves
        if move.owner in agent.codes and move.by == (move.owner,):  # nobody throws out his own: the parse is wrong
            move.by = (move.counterpart,)
            agent = Ref(move.by, None, False)
    if frame.together:
        sides = tuple(sorted({c for m in moves for c in (m.owner, m.counterpart)}))
        agent = Ref(sides)
        for move in moves:
            move.by = tuple(sorted((move.owner, move.counterpart)))
    return agent


def _each(agent: Ref | None, moves: list[Move]) -> list[tuple[Ref | None, list[Move]]]:
    """ "each expelled two of the other's diplomats" is two acts."""
    doers = list(dict.fromkeys(m.by for m in moves))
    mutual = {m.owner for m in moves} <= set(agent.codes) if agent else False
    if agent and mutual and len(agent.codes) == 2 and len(doers) == 2 and all(len(d) == 1 for d in doers):
        return [(Ref(d, agent.sector, agent.named), [m for m in moves if m.by == d]) for d in doers]
    return [(agent, moves)]


def _with_deadline(verb: Token) -> bool:
    """ "Gave the Peruvians two days to shut their embassy"."""
    return bool(children(verb, "dative")) and any(lemma(t) in DEADLINES for t in children(verb, "dobj"))


def _in_time(token: Token) -> bool:
    """ "At the end of the talks": a noun that only says when."""
    return token.pos_ == "NOUN" and token.dep_ == "pobj" and token.head.lower_ in ("at", "until", "till", "towards")
