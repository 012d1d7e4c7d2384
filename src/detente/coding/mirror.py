"""Mirror wording: "did the same", "followed suit", "answered in kind" repeat an act that was told before.

What always holds: a mirrored act is the last deed told, with the roles turned round where its target acts, or with the
new doer in the old one's place where a third party joins; nothing is mirrored where no deed was told before.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from detente.coding.drafts import Act, Move, quote
from detente.coding.grammar import Sentence, lemma, near, obliques
from detente.coding.lexicon import Codebook, Frame
from detente.coding.mood import mood_of
from detente.coding.numbers import number_of
from detente.coding.roles import Roles
from detente.coding.settling import Judge

if TYPE_CHECKING:
    from detente.coding.tokens import Token

DEEDS = frozenset({"SANCTION", "CONCEDE", "SUPPORT", "RETREAT", "MOBILIZE", "COERCE"})
"""Types of act that can be done likewise; words are not."""


class Mirror:
    """Finds mirrored acts.

    Args:
        book: the codebook; its entries with the operator `mirror` are the wordings.
        roles: finds who acts.
        judge: applies the mood.
    """

    def __init__(self, book: Codebook, roles: Roles, judge: Judge) -> None:
        self.book = book
        self.roles = roles
        self.judge = judge
        self.last: Act | None = None

    def acts(self, sentence: Sentence, told: list[Act]) -> list[Act]:
        """Acts that a sentence tells as the like of an earlier one.

        Args:
            sentence: the sentence.
            told: the acts that it tells by their own words, to be remembered, too.
        """
        out: list[Act] = []
        for token in sentence.doc:
            frame = self._wording(token)
            if frame is None or any(a.trigger.i == token.i for a in told):
                continue
            before = [a for a in told if a.trigger.i < token.i and _single(a)]
            model = max(before, key=lambda a: a.trigger.i, default=self.last)
            if model is not None and (act := self._like(sentence, token, frame, model)):
                out.append(act)
        deeds = [a for a in (*told, *out) if _single(a)]
        self.last = max(deeds, key=lambda a: a.trigger.i, default=self.last)
        return out

    def _wording(self, token: Token) -> Frame | None:
        if token.pos_ not in ("VERB", "AUX"):
            return None
        patterns = [p for p in self.book.verbs.get(lemma(token), ()) if p.frame.operator == "mirror"]
        close = near(token) if patterns else set()
        return next((p.frame for p in patterns if p.more <= close), None)

    def _like(self, sentence: Sentence, token: Token, frame: Frame, model: Act) -> Act | None:
        mood = mood_of(token, self.book)
        agent, _ = self.roles.agent(sentence, token, mood)
        if agent is None or len(agent.codes) != 1:
            return None
        (doer,) = agent.codes
        own = any(t.lower_ == "own" for t in token.subtree)
        if doer in model.source and not own:
            return None
        if doer in model.target:
            target, moves = model.source, [_turned(m, (doer,)) for m in model.moves]
        elif own:
            target, moves = model.target, [_turned(m, (doer,)) for m in model.moves]
        else:
            target = model.target
            moves = [_joined(m, model.source, doer) for m in model.moves]
        count = next((n for prep, noun in obliques(token) if prep == "to" for c in (noun, *noun.children)
                      if (n := number_of(c) if c.pos_ == "NUM" else None)), None)  # fmt: skip
        moves = [
            replace(m, count=count if m.kind == "staff" else None, cap=None, head=token.i, tokens=()) for m in moves
        ]
        act = Act(sentence, token, frame, mood, (doer,), target, model.type, model.mode, certainty=0.65)
        act.tokens = quote(token, [t for t in token.children if t.dep_ in ("dobj", "prep")])
        return self.judge.settled(act, moves)


def _single(act: Act) -> bool:
    return act.type in DEEDS and len(act.source) == 1


def _turned(move: Move, by: tuple[str, ...]) -> Move:
    """The same done to the other side's line."""
    return replace(move, owner=move.counterpart, counterpart=move.owner, by=by, status=None)


def _joined(move: Move, old: tuple[str, ...], new: str) -> Move:
    """The same done by somebody else."""
    owner, counterpart = (new if code in old else code for code in (move.owner, move.counterpart))
    return replace(move, owner=owner, counterpart=counterpart, by=(new,), status=None)
