"""Which act answers which.

What always holds: an answer runs the other way than its action (whoever answers was acted upon), never before it in
time where the days are known; each reaction has one action; a link is `stated` only where words of the text say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.coding.dates import days
from detente.coding.drafts import Act
from detente.coding.grammar import lemma
from detente.model import AnswerKind, Basis

if TYPE_CHECKING:
    from spacy.tokens import Token

CUES = frozenset(
    (
        "retaliate retaliation response respond answer reply react reaction reciprocate reciprocal return "
        "tit-for-tat kind mirror match counter countermeasure counter-measure retaliatory turn revenge "
        "protest consequence"
    ).split()
)
"""Lemmas by which a text says that one act answers another."""
RETORTS = frozenset("retaliate respond answer reply react reciprocate".split())
"""Verbs that are the answer themselves."""
LINKS = frozenset({"after", "following", "since", "because", "over", "when"})
LONGEST_LAG = 400
"""Days: beyond this no answer is inferred. In the casebook all but one of 31 answers came within 60 days, the one
within 211; what the text presents as one story may be longer."""


@dataclass(frozen=True, slots=True)
class Link:
    """An action and its answer."""

    action: Act
    reaction: Act
    basis: Basis
    rule: str
    certainty: float
    kind: AnswerKind | None = None
    lag_days: int | None = None


_FIT: dict[str, dict[str, float]] = {
    "SANCTION": {
        "SANCTION": 5,
        "ASSAULT": 5,
        "COERCE": 4,
        "MOBILIZE": 3,
        "REQUEST": 3,
        "ACCUSE": 3,
        "REJECT": 3,
        "THREATEN": 2,
    },
    "ACCUSE": {"SANCTION": 5, "ASSAULT": 4, "COERCE": 4, "MOBILIZE": 3, "COOPERATE": 3, "THREATEN": 3},
    "THREATEN": {"SANCTION": 4, "ASSAULT": 4, "COERCE": 3, "MOBILIZE": 3, "ACCUSE": 1},
    "REJECT": {"REQUEST": 6, "SANCTION": 3, "THREATEN": 3, "AGREE": 3},
    "AGREE": {"REQUEST": 6},
    "REQUEST": {"COERCE": 5, "ASSAULT": 4, "SANCTION": 3},
    "CONCEDE": {"REQUEST": 5, "THREATEN": 3, "SANCTION": 3},
    "RETREAT": {"REQUEST": 5, "THREATEN": 3, "SANCTION": 3},
    "SUPPORT": {"SUPPORT": 5, "CONCEDE": 5, "RETREAT": 5, "AID": 5, "AGREE": 4, "CONSULT": 4},
    "MOBILIZE": {"MOBILIZE": 5, "THREATEN": 5, "ASSAULT": 4},
    "ASSAULT": {"ASSAULT": 4},
    "COERCE": {"COERCE": 4, "SANCTION": 3, "ASSAULT": 3},
}
"""How well a type fits as what another type answers; what is not listed answers nothing. The numbers order the
candidates only; they were set by hand on the open annotated articles."""
ENOUGH = 2.0
"""Score that a link must reach."""


def linked(acts: list[Act]) -> list[Link]:
    """Action and answer pairs among the acts of an article.

    Args:
        acts: its acts, in text order.

    Returns:
        One link a reaction, in the order of the reactions.
    """
    out = []
    events = [a for a in acts if a.type is not None and a.status != "denied"]
    first = next((a for a in events if a.type in ("SANCTION", "ASSAULT", "COERCE") and a.status != "planned"), None)
    for reaction in events:
        best = max(
            ((s, a) for a in events if (s := _score(a, reaction, first)) >= ENOUGH), key=lambda x: x[0], default=None
        )
        if best is None:
            continue
        stated = _cue(reaction) or (best[1].sentence.index == reaction.sentence.index and _joined(best[1], reaction))
        out.append(
            Link(
                best[1],
                reaction,
                "stated" if stated else "inferred",
                "answers.stated" if stated else "answers.reversed-roles",
                0.85 if stated else 0.6,
                _kind(best[1], reaction),
                _lag(best[1], reaction),
            )
        )
    return [
        link
        for link in out
        if not any(o.action is link.reaction and o.reaction is link.action and _order(o) < _order(link) for o in out)
    ]


def _order(link: Link) -> tuple[int, int]:
    return link.reaction.sentence.index, link.reaction.trigger.i


def _score(action: Act, reaction: Act, first: Act | None) -> float:
    """How well an act fits as what a reaction answers; 0 where it cannot be."""
    same = action.sentence.index == reaction.sentence.index
    if action is reaction or (same and action.trigger.i == reaction.trigger.i):
        return 0.0
    if not set(action.source) & set(reaction.target) or not set(reaction.source) & set(action.target):
        return 0.0
    if (reaction.status == "past" and action.status != "past") or _year_gap(action, reaction):
        return 0.0
    fit = _FIT.get(reaction.type or "", {}).get(action.type or "", 0.0)
    apart = reaction.sentence.index - action.sentence.index
    lag = _lag(action, reaction)
    joined = _joined(action, reaction)
    if not fit or (lag is not None and (lag < 0 or lag > LONGEST_LAG)):
        return 0.0
    later = apart < 0 or (apart == 0 and action.trigger.i > reaction.trigger.i)
    if later and lag is None and not joined:
        return 0.0
    score = fit - 0.2 * min(abs(apart), 6)
    score += 3.0 if {m.kind for m in action.moves} & {m.kind for m in reaction.moves} else 0.0
    score += 4.0 if joined else 0.0
    score += 2.0 if _cue(reaction) and not later else 0.0
    score += 1.5 if action is first else 0.0
    score -= 3.0 if action.status == "planned" and action.type != "THREATEN" else 0.0
    score -= 2.0 if (action.status == "past") != (reaction.status == "past") else 0.0
    return max(score, 0.0)


def _year_gap(action: Act, reaction: Act) -> bool:
    if not action.date or not reaction.date:
        return False
    if action.date > reaction.date[: len(action.date)] and len(action.date) <= len(reaction.date):
        return True
    return abs(int(reaction.date[:4]) - int(action.date[:4])) > 1


def _lag(action: Act, reaction: Act) -> int | None:
    return days(action.date, reaction.date) if action.date and reaction.date else None


def _cue(act: Act) -> bool:
    """Whether words near the act's own verb say that it answers something."""
    verb = act.trigger
    near = [t for t in verb.subtree if abs(t.i - verb.i) < 15 and t != verb]
    words = {lemma(t) for t in (*near, *verb.ancestors, *act.sentence.doc[:6]) if _says(t)}
    return bool(words & CUES) or lemma(verb) in RETORTS or act.frame.operator == "mirror"


def _says(token: Token) -> bool:
    """ "in turn", "in return", "in kind" say it; "turned down", "returned home" do not."""
    return lemma(token) not in ("turn", "return", "kind", "match", "counter", "protest") or token.pos_ == "NOUN"


def _joined(action: Act, reaction: Act) -> bool:
    """Whether "after", "following" or "when" ties the action to the reaction inside one sentence."""
    if action.sentence.index != reaction.sentence.index:
        return False
    node = action.trigger
    for _ in range(8):
        if any(c.dep_ in ("mark", "advmod") and c.lower_ in LINKS for c in node.children):
            return True
        if node.dep_ in ("pcomp", "pobj") and node.head.lower_ in LINKS | {"to", "for", "against"}:
            return True
        if node.head == node:
            return False
        node = node.head
    return False


def _kind(action: Act, reaction: Act) -> AnswerKind | None:
    """Mirror, mirror with an extra line, parity cap or lesser, where both acts touch lines."""
    if not action.moves or not reaction.moves:
        return None
    if any(m.cap is not None for m in reaction.moves):
        return "parity-cap"
    a = sum(m.count or 0 for m in action.moves)
    r = sum(m.count or 0 for m in reaction.moves)
    kinds, answered = {m.kind for m in action.moves}, {m.kind for m in reaction.moves}
    if answered - kinds and answered & kinds:
        return "mirror-extra"
    if kinds == answered:
        return "lesser" if a and r and r < a else "mirror"
    return "other"
