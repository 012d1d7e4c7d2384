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
        "protest consequence solidarity whereupon"
    ).split()
)
"""Lemmas by which a text says that one act answers another."""
RETORTS = frozenset("retaliate respond answer reply react reciprocate".split())
"""Verbs that are the answer themselves."""
LINKS = frozenset({"after", "following", "since", "because", "over", "when", "whereupon"})
LONGEST_LAG = 400
"""Days: beyond this no answer is inferred. In the casebook all but one of 31 answers came within 60 days, the one
within 211; what the text presents as one story may be longer."""
NEAR = 3
"""Sentences within which an answer that nothing marks is told."""
HOSTILE = frozenset({"SANCTION", "ASSAULT", "COERCE", "MOBILIZE"})
WORDS = frozenset({"ACCUSE", "REQUEST", "THREATEN", "SUPPORT", "AGREE", "REJECT"})


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
    "SANCTION": {"SANCTION": 5, "ASSAULT": 5, "COERCE": 4, "MOBILIZE": 3, "REQUEST": 3, "ACCUSE": 3, "REJECT": 3,
                 "THREATEN": 3},
    "ACCUSE": {"SANCTION": 5, "ASSAULT": 4, "COERCE": 4, "MOBILIZE": 4, "COOPERATE": 3, "THREATEN": 3, "REJECT": 2},
    "THREATEN": {"SANCTION": 4, "ASSAULT": 4, "COERCE": 3, "MOBILIZE": 3},
    "REJECT": {"REQUEST": 6, "SANCTION": 3, "THREATEN": 3, "AGREE": 3},
    "AGREE": {"REQUEST": 6, "SANCTION": 1},
    "REQUEST": {"COERCE": 5, "ASSAULT": 4, "SANCTION": 3},
    "CONCEDE": {"REQUEST": 5, "THREATEN": 3},
    "RETREAT": {"REQUEST": 5, "THREATEN": 3},
    "SUPPORT": {"SUPPORT": 4, "CONCEDE": 5, "RETREAT": 5, "AID": 5, "AGREE": 4, "CONSULT": 4},
    "MOBILIZE": {"MOBILIZE": 5, "THREATEN": 5, "ASSAULT": 4},
    "ASSAULT": {"ASSAULT": 4},
    "COERCE": {"COERCE": 4, "SANCTION": 3, "ASSAULT": 3},
}  # fmt: skip
"""How well a type fits as what another type answers; what is not listed answers nothing. The numbers order the
candidates only; they were set by hand on the open annotated articles."""
_TOLD: dict[str, frozenset[str]] = {
    "SANCTION": frozenset({"SUPPORT", "AGREE", "CONSULT", "COOPERATE"}),
    "ACCUSE": frozenset({"SUPPORT", "AGREE", "CONSULT", "REQUEST"}),
    "REQUEST": frozenset({"REJECT", "THREATEN"}),
}
"""What a type answers only where the text says so."""
ENOUGH = 2.5
"""Score that a link must reach."""


def linked(acts: list[Act]) -> list[Link]:
    """Action and answer pairs among the acts of an article.

    Args:
        acts: its acts, in text order.

    Returns:
        One link a reaction, in the order of the reactions.
    """
    events = [a for a in acts if a.type is not None and a.status != "denied"]
    days_of: dict[int, str] = {}
    for act in events:
        if when := act.announced or act.date:
            days_of[act.sentence.index] = max(when, days_of.get(act.sentence.index, ""))
    out = []
    for reaction in events:
        taken = takes_up(reaction)
        if taken == "denial":
            continue
        scored = [(_score(a, reaction, taken, events, days_of), a) for a in events]
        score, action = max(scored, key=lambda x: x[0])
        if score >= ENOUGH:
            stated = _cue(reaction) or _joined(action, reaction)
            out.append(
                Link(
                    action,
                    reaction,
                    "stated" if stated else "inferred",
                    "answers.stated" if stated else "answers.reversed-roles",
                    0.85 if stated else 0.6,
                    _kind(action, reaction),
                    _lag(action, reaction),
                )
            )
    return [link for link in out if not _undone(link, out)]


def _undone(link: Link, links: list[Link]) -> bool:
    """Whether another link speaks against this one: the same pair the other way round and told sooner, or words of a
    party whose own act is what was answered, and of which nothing says that they came later."""
    for other in links:
        if other.reaction is not link.action:
            continue
        if other.action is link.reaction and (other.basis, _order(link)) >= (link.basis, _order(other)):
            return other.basis == "stated" or _order(other) < _order(link)
        if link.basis == "inferred" and link.lag_days is None and link.reaction.type in WORDS:
            if other.action.source == link.reaction.source and takes_up(link.reaction) is None:
                return True
    return False


def _order(link: Link) -> tuple[int, int]:
    return link.reaction.sentence.index, link.reaction.trigger.i


def _score(action: Act, reaction: Act, taken: str | None, events: list[Act], days_of: dict[int, str]) -> float:
    """How well an act fits as what a reaction answers; 0 where it cannot be."""
    if action is reaction or _place(action) == _place(reaction):
        return 0.0
    if not set(action.source) & set(reaction.target) or set(action.source) & set(reaction.source):
        return 0.0
    joined, cue = _joined(action, reaction), _cue(reaction)
    fits = _TAKEN.get(taken or "", frozenset())
    reversed_roles = bool(set(reaction.source) & set(action.target))
    told = joined or (taken is not None and (not fits or action.type in fits))
    if not (reversed_roles or told) or _joined(reaction, action):
        return 0.0
    fit = _FIT.get(reaction.type or "", {}).get(action.type or "", 0.0)
    if reaction.type == "SUPPORT" and reaction.moves and not (joined or cue):
        return 0.0
    if not fit and (told or cue) and action.type in _TOLD.get(reaction.type or "", ()):
        fit = 2.0
    if not fit or (fits and action.type not in fits and not joined):
        return 0.0
    if not _in_order(action, reaction, joined, days_of):
        return 0.0
    apart = abs(reaction.sentence.index - action.sentence.index)
    lag = _lag(action, reaction)
    if apart > NEAR and lag is None and not told and not cue:
        return 0.0
    score = fit - 0.2 * min(apart, 6) - (min(lag, 60) / 30 if lag else 0.0)
    score += _likeness(action, reaction)
    score += 4.0 if joined else 0.0
    score += 2.0 if cue else 0.0
    score += 2.0 if told and reversed_roles else 0.0
    score += _weight(action, events)
    score -= 3.0 if action.status == "planned" and action.type != "THREATEN" else 0.0
    score -= 2.0 if (action.status == "past") != (reaction.status == "past") else 0.0
    return max(score, 0.0)


def _likeness(action: Act, reaction: Act) -> float:
    """How alike two acts are in the lines that they touch: the other side's same line most."""
    best = 0.0
    for m in reaction.moves:
        for n in action.moves:
            if m.kind == n.kind:
                best = max(best, 3.0 if m.owner == n.counterpart and m.owner not in reaction.source else 1.5)
    return best


def _weight(action: Act, events: list[Act]) -> float:
    """The main act of a party, the one told first, stands for those told with it."""
    if action.type not in HOSTILE:
        return 0.0
    before = [a for a in events if a.source == action.source and a.type in HOSTILE and _place(a) < _place(action)]
    first = not any(a.status == action.status for a in before)
    alone = not any(a.date == action.date for a in before)
    return 1.0 * first + 0.7 * alone


def _place(act: Act) -> tuple[int, int]:
    return act.sentence.index, act.trigger.i


def _in_order(action: Act, reaction: Act, joined: bool, days_of: dict[int, str]) -> bool:
    """Whether an action may lie before its answer: by the dates, else by how and where the two are told.

    What was done "after" something undated is dated by its sentence here, as no answer comes before it by much.
    """
    if reaction.status == "past" and action.status != "past":
        return False
    a, b = (x.announced or x.date or days_of.get(x.sentence.index) for x in (action, reaction))
    if a and b:
        if a[: len(b)] > b[: len(a)]:
            return False
        lag = days(a, b)
        far = abs(int(b[:4]) - int(a[:4])) > 1 or (lag is not None and lag > LONGEST_LAG)
        if far and not joined:  # "recalled its envoy after Peru admitted a raid in 2022" says so itself
            return False
        if a[: len(b)] < b[: len(a)]:
            return True
    if joined:
        return True
    if action.mood.perfect != reaction.mood.perfect:
        return action.mood.perfect
    return _place(action) < _place(reaction)


def _lag(action: Act, reaction: Act) -> int | None:
    return days(action.announced or action.date, reaction.announced or reaction.date)


_NOUNS: dict[str, frozenset[str]] = {
    "request": frozenset("proposal invitation demand request call appeal offer overture plea suggestion".split()),
    "threat": frozenset("threat warning ultimatum".split()),
    "denial": frozenset("charge accusation allegation claim report reason rumour insinuation".split()),
    "deed": frozenset(
        (
            "step decision move measure order expulsion recall closure withdrawal suspension raid attack ban sanction "
            "strike act action conduct treatment exercise drill visit removal break rupture severance freeze veto cap "
            "arrest detention release deployment launch test pact deal agreement announcement gesture recognition "
            "appointment opening reopening restoration resumption shelling killing bombing incursion tariff duty "
            "embargo blockade boycott seizure statement remark comment speech handover return"
        ).split()
    ),
}
"""Nouns by which words take up an act that was told."""
_TAKEN: dict[str, frozenset[str]] = {"request": frozenset({"REQUEST"}), "threat": frozenset({"THREATEN"})}
_POINTING = frozenset("the this that these those such".split())
_PRONOUNS = frozenset("it this that these them".split())


def takes_up(act: Act) -> str | None:
    """What kind of act the words of a reaction take up, if they do: "rejected the offer", "deplored the step".

    Returns:
        "request", "threat", "deed", or "denial" where only what was said of it is rejected; None where nothing is.
    """
    if act.type not in WORDS:
        return None
    verb = act.trigger
    reach = [t for t in verb.subtree if (0 < t.i - verb.i < 9 or t.dep_ == "nsubjpass") and t.pos_ in ("NOUN", "PRON")]
    for token in reach:
        if token.dep_ in ("dobj", "nsubj") and token.lower_ in _PRONOUNS and token.i > verb.i:
            return "deed"
        kind = next((k for k, nouns in _NOUNS.items() if lemma(token) in nouns), None)
        if kind and any(c.lower_ in _POINTING or c.dep_ == "poss" for c in token.children):
            if kind == "denial":
                return kind if act.type == "REJECT" else None
            return kind
    return None


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
    """Whether the action stands in the reaction's own sentence as what led to it, or as what its words are about."""
    if action.sentence.index != reaction.sentence.index:
        return False
    node = action.trigger
    while node.head != node and node != reaction.trigger:
        if any(c.dep_ in ("mark", "advmod") and c.lower_ in LINKS for c in node.children):
            return reaction.trigger not in node.subtree
        if node.dep_ in ("pcomp", "pobj") and node.head.lower_ in LINKS | {"to", "for", "against"}:
            return reaction.trigger not in node.head.subtree
        if node.head == reaction.trigger and node.dep_ == "dobj" and reaction.type in WORDS:
            return True  # "accepted an invitation"; "thanked Qatar, whose envoy had …"
        node = node.head
    verb = reaction.trigger
    return any(c.lower_ == "whereupon" for c in verb.children) and action.trigger in verb.ancestors


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
