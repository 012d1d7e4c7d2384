"""What a mood makes of an act: what is refused, threatened, promised, denied or only possible is not done.

What always holds: an act that a speech act governs becomes that speech act; its lines keep only what the speech act
leaves of them; nothing is coded of what is merely possible, alleged or habitual.
"""

from __future__ import annotations

from dataclasses import replace

from detente.coding import plover
from detente.coding.drafts import Act, Move, quote
from detente.coding.grammar import near, patients, subject
from detente.coding.roles import Roles
from detente.model import Change

HOSTILE = frozenset("answer unanswered respond response retaliate retaliation consequence reply revenge punish".split())
"""What is promised to an adversary and is a threat all the same."""


_SAID = ("ACCUSE", "REQUEST", "REJECT")


class Judge:
    """Settles acts by their mood.

    Args:
        roles: finds who speaks, and to whom.
    """

    def __init__(self, roles: Roles) -> None:
        self.roles = roles
        self.story = roles.story
        self.everyone = roles.everyone
        self.proposed: list[Move] = []
        self.asked: Act | None = None  # the request read last

    def settled(self, act: Act, moves: list[Move]) -> Act | None:
        """Apply the mood: what is refused, threatened, promised, denied or only possible is not done."""
        mood = act.mood
        act.moves = moves
        if mood.reporter is not None:
            who = self.story.who(act.sentence, subject(mood.reporter))
            act.said_by = who.codes[0] if who else None
        if mood.denied:
            act.status = "denied"
            return act
        operator = mood.operator.operator if mood.operator else None
        if operator == "try" and act.moves and act.frame.change in ("open", "restore", "raise") and act.source:
            act.type, act.mode, act.moves = "REQUEST", "meet", _moves_under("propose", act.moves, act.source)
            return act
        if operator == "fail" and act.type == "AGREE":
            act.type, act.mode, act.moves = "REJECT", None, []
            return act
        if operator in ("accuse", "try", "fail") and not (operator == "try" and act.type in ("ASSAULT", "COERCE")):
            return None
        if operator == "cease" and not act.moves and act.type in plover.COOPERATIVE and not mood.negated:
            if act.trigger.pos_ == "NOUN":
                return None  # "stopped the cooperation": an act of the verb
            act.type, act.mode = "SANCTION", "discontinue"  # "stopped issuing visas"
        elif operator == "cease":
            mood.negated = not mood.negated
        if mood.negated:
            return self._negated(act)
        if act.frame.obliged:
            return act
        if operator in plover.SPEECH_ACTS:
            return self._governed(act, operator or "")
        if mood.habitual or (mood.future and mood.reporter is None and act.type in _SAID and act.mode != "investigate"):
            return None  # what somebody is going to say is the writer's forecast
        if mood.purpose and act.frame.change in ("open", "restore", "raise"):
            return None
        if mood.condition or mood.ought or (mood.possible and act.frame.change != "keep"):
            return None
        if act.type == "THREATEN":
            act.status = "planned"
        if mood.future or operator in ("plan", "promise"):
            act.status = "planned"
            if act.frame.change is None or act.type == "SUPPORT":
                act.type, act.mode = plover.planned(act.type, act.mode)
        return act

    def _negated(self, act: Act) -> Act | None:
        """ "did not close the embassy" keeps it; "would not attend" rejects; other negations say nothing."""
        if act.moves and act.frame.change in ("close", "suspend", "limit"):
            act.type, act.mode = None, None
            for move in act.moves:
                move.change, move.count, move.cap = "keep", None, None
            return act
        if act.moves and act.frame.change == "keep":  # "will not take place", "does not work"
            act.type, act.mode = None, None
            for move in act.moves:
                move.change = "suspend"
            return act
        if act.moves and act.mood.future and act.frame.change in ("open", "restore") and len(act.source) == 1:
            act.type, act.mode = "REJECT", "meet"  # "will not return to the talks"
            act.moves = _moves_under("refuse", act.moves, act.source)
            return act
        if act.moves or act.type not in plover.COOPERATIVE:
            return None
        if act.type == "AGREE" and act.target:
            act.type, act.mode = "REJECT", None
            self.turned_down(act)
            return act
        if act.mood.future or act.mood.possible or (act.mood.operator and act.mood.operator.operator == "agree"):
            act.type, act.mode = "REJECT", None
            return act
        return None

    def turned_down(self, act: Act) -> None:
        """A proposal that is refused refuses the lines that it proposed."""
        for move in self.proposed:
            if set(move.by) & set(act.target) and not act.moves:
                act.moves = [replace(m, change="refuse", by=act.source) for m in self.proposed if m.by == move.by]
                act.mode = "meet"

    def _governed(self, act: Act, operator: str) -> Act | None:
        """An act that is agreed to, threatened, refused, demanded or proposed is that speech act instead."""
        mood, governor, frame = act.mood, act.mood.governor, act.mood.operator
        assert governor is not None and frame is not None
        holder, word = self.roles.agent(act.sentence, governor, mood)
        holder = holder or self.roles.kind_of(word)
        if holder is None or mood.condition:
            return None
        addressed = self.roles.target(act.sentence, governor, frame, patients(governor), holder, None)
        involved = tuple(dict.fromkeys(act.source + act.target))
        rest = tuple(c for c in involved if c not in holder.codes)
        act.source, act.said_by = holder.codes, act.said_by
        act.target = tuple(c for c in addressed.codes if c not in holder.codes) if addressed else ()
        act.target = act.target or rest or (holder.codes if self.everyone else self.story.other(holder.codes))
        conflict = act.type not in plover.COOPERATIVE
        base = act.type
        act.type, act.mode = frame.type, plover.mode_under(operator, base, act.mode, frame.mode)
        act.status = "planned" if operator in ("threaten", "promise", "agree") else "actual"
        act.tokens = quote(governor, [act.trigger, *act.tokens])
        for move in act.moves:
            move.status = "planned" if operator in ("agree", "promise", "threaten") else None
        if operator == "agree":
            if len(act.source) > 1 or conflict or governor.tag_ in ("VBD", "VBN"):
                act.status = "actual"
                if len(act.source) > 1:
                    act.source, act.target = tuple(sorted(act.source)), ()
        if operator == "promise" and near(governor) & HOSTILE:
            act.type, act.mode = "THREATEN", None
        if operator == "promise" and conflict:
            act.type, act.mode = ("THREATEN", None) if not act.moves else (base, act.mode)
            act.status = "planned"
        act.moves = _moves_under(operator, act.moves, holder.codes)
        return act


def _moves_under(operator: str, moves: list[Move], holder: tuple[str, ...]) -> list[Move]:
    """What a speech act leaves of the changes that it speaks of."""
    out = []
    for move in moves:
        if operator in ("refuse", "demand", "propose"):
            wanted: Change = "refuse" if operator == "refuse" else "propose"
            if move.change in ("open", "restore", "raise"):
                move.change, move.by = wanted, holder
                out.append(move)
            elif move.change in ("propose", "refuse"):
                out.append(move)
        else:
            out.append(move)
    return out
