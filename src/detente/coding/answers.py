"""Which act answers which.

What always holds: an answer runs the other way than its action (whoever answers was acted upon), never before it in
time where the days are known; each reaction has one action; a link is `stated` only where words of the text say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.coding.dates import days
from detente.coding.drafts import Act
from detente.coding.grammar import children, lemma
from detente.coding.isodates import bounds
from detente.model import AnswerKind, Basis

if TYPE_CHECKING:
    from detente.coding.tokens import Token

CUES = frozenset(
    (
        "retaliate retaliation response respond answer reply react reaction reciprocate reciprocal return "
        "tit-for-tat kind mirror match counter countermeasure counter-measure retaliatory turn revenge "
        "protest consequence solidarity whereupon"
    ).split()
)
"""Lemmas by which a text says that one act answers another."""
JOINING = frozenset("also too likewise solidarity same suit joined followed follow".split())
"""Words by which a third party joins in an answer."""
RETORTS = frozenset("retaliate respond answer reply react reciprocate".split())
"""Verbs that are the answer themselves."""
LINKS = frozenset({"after", "following", "since", "because", "over", "when"})
OCCASIONS = frozenset("occasion trigger pretext provocation spark".split())
"""Nouns that name an act as what others answer."""
_ANSWERED = frozenset({"to", "for", "against"})
LONGEST_LAG = 400
"""Days: beyond this no answer is inferred. In the casebook all but one of 31 answers came within 60 days, the one
within 211; what the text presents as one story may be longer."""
LONGEST_UNTOLD = 60
"""Days between background and news beyond which nothing but the text's own words makes one answer the other."""
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
    "ACCUSE": frozenset({"SUPPORT", "AGREE", "CONSULT", "REQUEST", "ACCUSE"}),
    "REQUEST": frozenset({"REJECT", "THREATEN", "SUPPORT"}),
    "THREATEN": frozenset({"THREATEN"}),
    "AGREE": frozenset({"AGREE", "SUPPORT", "CONCEDE"}),
    "SUPPORT": frozenset({"REQUEST", "SUPPORT"}),
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
            out.append(_link(action, reaction, _cue(reaction) or _occasion(action) or _joined(action, reaction)))
    out = [link for link in out if not _undone(link, out)]
    return sorted([*out, *_likewise(events, out)], key=_order)


def _link(action: Act, reaction: Act, stated: bool) -> Link:
    return Link(
        action,
        reaction,
        "stated" if stated else "inferred",
        "answers.stated" if stated else "answers.reversed-roles",
        0.85 if stated else 0.6,
        _kind(action, reaction),
        _lag(action, reaction),
    )


def _likewise(events: list[Act], links: list[Link]) -> Iterator[Link]:
    """Links of third parties who join in: "Peru, too, sent the ambassador home" answers what Chile's act answers."""
    for act in events:
        if act.type not in HOSTILE or any(link.reaction is act for link in links):
            continue
        model = next((link for link in links if link.reaction.type == act.type and _joins_in(act, link)), None)
        if model is not None:
            yield _link(model.action, act, True)


def _joins_in(act: Act, link: Link) -> bool:
    first = link.reaction
    near = first.sentence.span.paragraph == act.sentence.span.paragraph and _place(first) < _place(act)
    others = not set(act.source) & {*first.source, *first.target} and set(act.target) == set(first.target)
    words = {t.lower_ for t in act.sentence.doc}
    return near and others and bool(words & JOINING or {"as", "well"} <= words)


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
    return link.reaction.sentence.index, link.reaction.verb.i


def _score(action: Act, reaction: Act, taken: str | None, events: list[Act], days_of: dict[int, str]) -> float:
    """How well an act fits as what a reaction answers; 0 where it cannot be."""
    if action is reaction or _place(action) == _place(reaction):
        return 0.0
    if not set(action.source) & set(reaction.target):
        return 0.0
    if action.frame.operator == "mirror" and _place(reaction) < _place(action):
        return 0.0  # "did likewise" is the answer
    joined, cue = _joined(action, reaction), _cue(reaction) or _occasion(action)
    fits = _TAKEN.get(taken or "", frozenset())
    reversed_roles = bool(set(reaction.source) & set(action.target))
    told = joined or (taken is not None and (not fits or action.type in fits))
    if not (reversed_roles or told) or _joined(reaction, action):
        return 0.0
    if set(action.source) & set(reaction.source) and not (told and action.type == "SANCTION"):
        return 0.0  # only what joins both can be broken by one: "called the break excessive"
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
    gap = _gap(action, reaction, days_of)
    main = _weight(action, reaction, events)
    if apart > NEAR and _place(reaction) < _place(action) and not (told or cue):
        return 0.0  # what is told long after is looked back upon, not taken as the ground
    if apart > NEAR and gap is None and not (told or cue or (main and reaction.type in WORDS)):
        return 0.0
    if action.status == "past" != reaction.status and not (told or cue) and (gap is None or gap > LONGEST_UNTOLD):
        return 0.0
    score = fit - 0.2 * min(apart, 6) - (min(gap, 60) / 20 if gap else 0.0)
    score += _likeness(action, reaction) + main
    score += 4.0 if joined else 0.0
    score += 2.0 if cue else 0.0
    score += 2.0 if told and reversed_roles else 0.0
    score -= 3.0 if action.status == "planned" and action.type != "THREATEN" and not told else 0.0
    score -= 2.0 if (action.status == "past") != (reaction.status == "past") and not joined else 0.0
    return max(score, 0.0)


def _gap(action: Act, reaction: Act, days_of: dict[int, str]) -> int | None:
    """About how many days lie between two acts, from the first day of each date on."""
    a, b = _day(action, days_of), _day(reaction, days_of)
    size = min(len(a or ""), len(b or ""))
    if not a or not b or size < 7:
        return None
    return max((bounds(b[:size])[0] - bounds(a[:size])[0]).days, 0)


def _day(act: Act, days_of: dict[int, str]) -> str | None:
    """When an act was done or announced; an undated one, as after "after", not long before the rest of its sentence."""
    return act.announced or act.date or days_of.get(act.sentence.index)


def _likeness(action: Act, reaction: Act) -> float:
    """How alike two acts are in the lines that they touch: the other side's same line most."""
    best = 0.0
    for m in reaction.moves:
        for n in action.moves:
            if m.kind == n.kind:
                best = max(best, 3.0 if m.owner == n.counterpart and m.owner not in reaction.source else 1.5)
    return best


def _weight(action: Act, reaction: Act, events: list[Act]) -> float:
    """The main act of a party, the one told first, stands for those told with it."""
    if action.type not in HOSTILE | {"THREATEN"} or (action.status == "past") != (reaction.status == "past"):
        return 0.0
    before = [a for a in events if a.source == action.source and a.type in HOSTILE and _place(a) < _place(action)]
    first = not any(a.status == action.status for a in before)
    alone = not any(a.date == action.date for a in before)
    return 1.0 * first + 0.7 * alone


def _place(act: Act) -> tuple[int, int]:
    return act.sentence.index, act.verb.i


def _in_order(action: Act, reaction: Act, joined: bool, days_of: dict[int, str]) -> bool:
    """Whether an action may lie before its answer: by the dates, else by how and where the two are told."""
    if reaction.status == "past" and action.status != "past" and not joined:
        return False
    a, b = _day(action, days_of), _day(reaction, days_of)
    if a and b:
        if a[: len(b)] > b[: len(a)] and not (joined and action.date is None):
            return False
        lag = days(a, b)
        far = abs(int(b[:4]) - int(a[:4])) > 1 or (lag is not None and lag > LONGEST_LAG)
        if far and not joined:  # "recalled its envoy after Peru admitted a raid in 2022" says so itself
            return False
        if a[: len(b)] < b[: len(a)]:
            return True
    if joined or reaction.frame.operator == "mirror":
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
_TAKEN: dict[str, frozenset[str]] = {"request": frozenset({"REQUEST", "AGREE"}), "threat": frozenset({"THREATEN"})}
_UNDO = frozenset("reconsider rethink reverse rescind revoke undo".split())
"""What is asked of somebody whose act is taken amiss."""
_POINTING = frozenset("the this that these those such".split())
_PRONOUNS = frozenset("it this that these them".split())


def takes_up(act: Act) -> str | None:
    """What kind of act the words of a reaction take up, if they do: "rejected the offer", "deplored the step".

    Returns:
        "request", "threat", "deed", or "denial" where only what was said of it is rejected; None where nothing is.
    """
    if act.type not in WORDS:
        return None
    verb = act.verb
    if act.type == "REQUEST" and any(lemma(t) in _UNDO for t in verb.subtree):
        return "deed"
    spans = [(verb, verb.i)]
    if verb.dep_ == "conj" and not children(verb, "nsubj"):
        spans.append((verb.head, verb.head.i))  # "called the step unwise and accused …"
    for head, at in spans:
        stop = verb.i if head != verb else at + 9
        for token in head.subtree:
            if token.pos_ not in ("NOUN", "PRON") or not (at < token.i < stop or token.dep_ == "nsubjpass"):
                continue
            if token.dep_ in ("dobj", "nsubj") and token.lower_ in _PRONOUNS and token.i > at:
                return "request" if act.type == "REJECT" else "deed"
            kind = next((k for k, nouns in _NOUNS.items() if lemma(token) in nouns), None)
            if kind and any(c.lower_ in _POINTING or c.dep_ == "poss" for c in token.children):
                if kind == "denial":
                    return kind if act.type == "REJECT" else None
                return kind
    return None


def _cue(act: Act) -> bool:
    """Whether words near the act's own verb say that it answers something."""
    verb = act.verb
    other = {t.i for c in children(verb, "conj") for t in c.subtree}
    near = [t for t in verb.subtree if abs(t.i - verb.i) < 15 and t != verb and t.i not in other]
    words = {lemma(t) for t in (*near, *_above(verb), *act.sentence.doc[:6]) if _says(t)}
    return bool(words & CUES) or lemma(verb) in RETORTS or act.frame.operator == "mirror"


def _occasion(act: Act) -> bool:
    """Whether the sentence says that its act was what others answered: "the occasion was a speech in which …"."""
    return any(lemma(t) in OCCASIONS and t.i < act.verb.i for t in act.sentence.doc)


def _above(verb: Token) -> Iterator[Token]:
    """What an act hangs on, but not where it is what is answered: "in answer to a decision"."""
    node = verb
    while node.head != node and not (node.dep_ == "pobj" and node.head.lower_ in _ANSWERED):
        node = node.head
        yield node


def _says(token: Token) -> bool:
    """ "in turn", "in return", "in kind" say it; "turned down", "returned home" do not."""
    return lemma(token) not in ("turn", "return", "kind", "match", "counter", "protest") or token.pos_ == "NOUN"


def _joined(action: Act, reaction: Act) -> bool:
    """Whether the action stands in the reaction's own sentence as what led to it, or as what its words are about."""
    if action.sentence.index != reaction.sentence.index:
        return False
    node = action.verb
    while node.head != node and node != reaction.verb:
        if any(c.dep_ in ("mark", "advmod") and c.lower_ in LINKS for c in node.children):
            return reaction.verb not in node.subtree
        if node.dep_ in ("pcomp", "pobj") and node.head.lower_ in LINKS | _ANSWERED:
            return reaction.verb not in node.head.subtree
        if node.head == reaction.verb and node.dep_ == "dobj" and reaction.type in WORDS:
            return True  # "accepted an invitation"; "thanked Qatar, whose envoy had …"
        if node.dep_ == "relcl" and action.mood.perfect and node.head.i in reaction.sentence.mentions:
            return node.head != reaction.verb and reaction.verb in node.head.ancestors
        node = node.head
    verb = reaction.verb
    return any(c.lower_ == "whereupon" for c in verb.children) and action.verb in verb.ancestors


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
