"""How far a date reaches: whether it hangs on an act in the parse, and how closely.

What always holds: a date inside a clause of its own dates nothing outside; the clause after "two days after" takes the
date that the words give it; what went before ("after …", "in answer to …") takes no day from what it led to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.coding.grammar import Sentence, children, lemma

if TYPE_CHECKING:
    from detente.coding.dates import When
    from detente.coding.drafts import Act
    from detente.coding.tokens import Token

FAR = 100.0
"""Steps at which a date no longer dates an act."""
_PRIOR = frozenset("after following since because over despite before until against given amid".split())
"""Words before what led to an act, or what it is about."""
LATER = ("from", "deadline", "future")
"""Roles of dates from which, or until which, something holds."""
SAYING = frozenset({"ACCUSE", "REQUEST", "REJECT", "PROTEST"})
"""Types that are always words: what they ask for or refuse has a date of its own."""
_ANSWERS = frozenset("answer response reply reaction retaliation return protest revenge exchange".split())
_NESTED = frozenset("conj xcomp advcl acl relcl pcomp dobj pobj prep".split())


def token_at(sentence: Sentence, when: When) -> Token | None:
    """The head of the date's words."""
    left, right = sentence.span.start + when.start, sentence.span.start + when.end
    inside = [t for t in sentence.doc if sentence.starts[t.i] < right and sentence.ends[t.i] > left]
    return next((t for t in inside if t.head not in inside or t.head == t), inside[0] if inside else None)


def in_dateline(sentence: Sentence, when: When) -> bool:
    """Whether a date only says when and where the text was written: "La Paz, 12 March –"."""
    label = sentence.text[: max(0, min(sentence.starts, default=0) - sentence.span.start)]
    return when.end <= len(label) and any(c.isalpha() for c in label[: when.start])


def distance(act: Act, when: When, sentence: Sentence, owners: set[int]) -> float:
    """Steps in the parse from an act's word to a date; `FAR` where another act is nearer or a clause lies between.

    Args:
        act: the act.
        when: the date.
        sentence: where both stand.
        owners: tokens of the sentence's other acts.
    """
    token = token_at(sentence, when)
    if token is None:  # a label at the sentence's head ("4 May 2016 –") is no part of the parse, and dates all of it
        labelled = when.end + sentence.span.start <= min(sentence.starts, default=0)
        return 8.0 if labelled and not in_dateline(sentence, when) else FAR
    trigger = act.trigger if when.role in LATER else act.verb
    if when.clause is not None:
        return 1.0 if _within(trigger, _clause_of(sentence, when.clause)) else FAR
    if _begins_next(sentence, when, trigger):
        return FAR
    if act.type in SAYING and any(
        t.pos_ == "VERB" and trigger.is_ancestor(t) for t in sentence.doc[trigger.i : token.i]
    ):
        return FAR  # "invited them to come in March"
    if _opens(sentence, when, trigger):
        return 1.0
    clause = trigger
    while clause.dep_ == "conj":
        clause = clause.head
    if clause.dep_ in ("relcl", "advcl") and clause.head in (token, *token.children, *token.ancestors):
        if clause.head in (token, *token.children) or (clause.head.pos_ == "NOUN" and clause.dep_ == "relcl"):
            return 0.5  # "in August 2019, when Peru expelled …"; "an order of 11 January by which Peru …"
    above = [trigger, *trigger.ancestors]
    steps, meet = _down(trigger, when, token, above, owners)
    if meet is None or steps >= FAR:
        return FAR
    up = above.index(meet)
    if up and meet.i in owners and trigger.dep_ not in _NESTED:
        return FAR
    year = len(when.value or "") == 4
    shut = any(_shut_off(node, act) and not (year and node.dep_ != "relcl") for node in above[:up])
    return FAR if shut or (up and _replied_to(act, above[: up + 1], owners)) else steps + up * 2


def _clause_of(sentence: Sentence, offset: int) -> Token | None:
    """The verb or noun that "after" or "before" at an offset leads to."""
    at = sentence.span.start + offset
    word = next((t for t in sentence.doc if sentence.starts[t.i] >= at), None)
    if word is None:
        return None
    if word.dep_ == "mark" or (word.dep_ == "prep" and word.head.i > word.i):
        return word.head
    return next(iter(children(word, "pcomp", "pobj")), None)


def _within(trigger: Token, head: Token | None) -> bool:
    """Whether a trigger stands in the clause of a head; another subject begins another clause."""
    node = trigger
    while head is not None and node != head:
        if node.head == node or (node.dep_ == "conj" and children(node, "nsubj", "nsubjpass")):
            return False
        node = node.head
    return head is not None


def _opens(sentence: Sentence, when: When, trigger: Token) -> bool:
    """Whether a date stands right before an infinitive: "the decision of 2014 to halt …"."""
    first = next((c for c in children(trigger, "aux") if c.lower_ == "to"), None)
    gap = sentence.starts[first.i] - sentence.span.start - when.end if first else -1
    return when.role == "point" and 0 < gap < 2


def _begins_next(sentence: Sentence, when: When, trigger: Token) -> bool:
    """Whether "and" stands between a trigger and a date after it: "cut the line and, two days later, closed …"."""
    at = sentence.span.start + when.start
    before = [t for t in sentence.doc if sentence.ends[t.i] <= at]
    while before and (before[-1].is_punct or before[-1].pos_ in ("ADP", "DET")):
        before.pop()
    if not before or before[-1].dep_ != "cc" or before[-1].i < trigger.i:
        return False
    return any(t.pos_ == "VERB" for t in sentence.doc if sentence.starts[t.i] > at)


def _down(trigger: Token, when: When, token: Token, above: list[Token], owners: set[int]) -> tuple[float, Token | None]:
    """Steps from the date up to the first word that the act hangs on, too, and that word."""
    steps, node = 0.0, token
    while node not in above:
        verb = node.pos_ in ("VERB", "AUX")
        own = any(c.dep_ in ("nsubj", "nsubjpass") for c in node.children)
        if node.dep_ == "conj" and verb and not own and node.head == trigger:
            if when.kind == "anaphoric":
                return FAR, None  # "cut the line and, two days later, closed …"
            steps += 50  # "closed its embassy and left on Friday"
        elif node.i in owners or (node.dep_ in ("conj", "ccomp", "parataxis") and (own or verb)):
            return FAR, None
        elif node.dep_ in ("relcl", "acl") and verb:
            if node.head != trigger:
                return FAR, None
        elif node.dep_ == "advcl" and verb:
            if _led_by(node) & _PRIOR and when.role == "point":
                return FAR, None
            steps += 10
        elif when.aside and when.kind != "anaphoric" and node != token and node.pos_ in ("NOUN", "PROPN"):
            return FAR, None
        if node.head == node:
            return FAR, None
        node = node.head
        steps += 1
    return steps, node


def _led_by(clause: Token) -> set[str]:
    return {c.lower_ for c in clause.children if c.dep_ in ("mark", "advmod", "prep") and c.i < clause.i}


def _shut_off(node: Token, act: Act) -> bool:
    """Whether the branch that a word heads is dated apart from what it hangs on."""
    if node.dep_ == "relcl":
        if any(c.lower_ in ("where", "whereupon") for c in node.children):
            return False
        return act.type != "ACCUSE" if node.tag_ in ("VBD", "VBN") else not act.moves
    if node.dep_ == "advcl":
        return bool(_led_by(node) & (_PRIOR - {"since", "because", "before", "until"}))
    return node.dep_ == "csubj" or _leads_to_cause(node)


def _leads_to_cause(node: Token) -> bool:
    """ "after …", "over …", and "to …" in "in answer to …"."""
    if node.dep_ != "prep":
        return False
    return node.lower_ in _PRIOR or (node.lower_ in ("to", "for", "at", "against") and lemma(node.head) in _ANSWERS)


def _replied_to(act: Act, path: list[Token], owners: set[int]) -> bool:
    """Whether an act is a noun that another act takes up: "accepted an invitation"."""
    return act.trigger.pos_ == "NOUN" and act.type == "REQUEST" and any(t.i in owners for t in path)


def glances_back(sentence: Sentence, when: When) -> bool:
    """Whether a date stands in a relative clause told in the past perfect: "the envoy, who had spoken on Monday"."""
    token = token_at(sentence, when)
    clauses = [t for t in (token, *token.ancestors) if t.dep_ == "relcl"] if token else []
    return any(c.lower_ == "had" for t in clauses for c in children(t, "aux"))


def background(act: Act) -> bool:
    """Whether an act stands where an article says what came before, or what the rest is about."""
    nodes = [act.verb, *act.verb.ancestors]
    return any(
        node.dep_ == "relcl" or (node.dep_ == "advcl" and _led_by(node) & _PRIOR) or _leads_to_cause(node)
        for node in nodes[:-1]
    )
