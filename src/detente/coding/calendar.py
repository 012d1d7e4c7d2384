"""Dates to acts: which of a sentence's dates belongs to which act, and what is news and what background.

What always holds: no date is guessed; an act takes a date that hangs on it in the parse, else one that its clause
shares; announced and effective dates are kept apart.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from detente.coding.dates import Story, When, find
from detente.coding.drafts import Act
from detente.coding.grammar import Sentence, children

if TYPE_CHECKING:
    from spacy.tokens import Token

NEWS_DAYS = 31
"""How far back the article's own news reaches: the guide says "at most about a month"."""


def date_acts(sentences: list[Sentence], acts: list[Act], published: str | None) -> None:
    """Set `date`, `announced`, `effective` and the status `past` on the acts.

    Args:
        sentences: the article's sentences, in order.
        acts: its acts.
        published: the article's date, if known.
    """
    story = Story(published, None)
    by_sentence: dict[int, list[Act]] = {}
    for act in acts:
        by_sentence.setdefault(act.sentence.index, []).append(act)
    heading: str | None = None
    told = -1
    for sentence in sentences:
        mine = by_sentence.get(sentence.index, [])
        future = any(a.mood.future for a in mine)
        sentence.whens = find(sentence.text, published, story, future)
        if not mine:
            heading = _heading(sentence) or (heading if heading and sentence.span.paragraph == told else None)
        told = sentence.span.paragraph
        for act in mine:
            _date(act, sentence, mine)
            if act.date is None and heading and act.status == "actual":
                act.date = heading
            _status(act, published)


def _heading(sentence: Sentence) -> str | None:
    """The date that a sentence consists of, as in a chronology: "December 2020."."""
    (only,) = sentence.whens if len(sentence.whens) == 1 else (None,)
    if only is None or not only.value:
        return None
    rest = sentence.text[: only.start] + sentence.text[only.end :]
    return only.value if not any(map(str.isalnum, rest)) else None


def _date(act: Act, sentence: Sentence, others: list[Act]) -> None:
    whens = [
        w
        for w in sentence.whens
        if w.value and w.role != "duration" and (w.role != "since" or _began(act, _token_at(sentence, w)))
    ]
    if not whens:
        return
    best = min(whens, key=lambda w: _distance(act, w, sentence, others))
    if _distance(act, best, sentence, others) >= 100:
        return
    if best.role in ("from", "deadline", "future"):
        act.effective = best.value
        points = [w for w in whens if w.role == "point" and _distance(act, w, sentence, others) < 100]
        act.announced = points[0].value if points else None
        own = all(m.owner in act.source for m in act.moves) and bool(act.moves)
        if act.status == "planned" or (own and best.role != "deadline"):
            act.date = best.value
        elif best.role == "deadline":
            act.date = act.announced
        else:
            act.date = act.announced or best.value
    else:
        act.date = best.value


def _began(act: Act, token: Token | None) -> bool:
    """Whether "since …" dates the act: "since May, when Peru closed …"; "the embassy has been shut since May"."""
    if token is None:
        return False
    verb = act.trigger
    return verb.head in (token, *token.children) or (
        bool(act.moves)
        and act.frame.change != "keep"
        and any(c.lower_ in ("has", "have", "been") for c in children(verb, "aux", "auxpass"))
    )


def _distance(act: Act, when: When, sentence: Sentence, others: list[Act]) -> float:
    """Steps in the parse from the act's word to the date; 100 where another act is nearer or a clause lies between."""
    token = _token_at(sentence, when)
    if token is None:  # a label at the sentence's head ("4 May 2016 –") is no part of the parse, and dates all of it
        labelled = when.end + sentence.span.start <= min(sentence.starts, default=0)
        return 8.0 if labelled else 100.0
    clause = act.trigger
    while clause.dep_ == "conj":
        clause = clause.head
    if clause.dep_ in ("relcl", "advcl") and clause.head in (token, *token.children):
        return 0.5  # "in August 2019, when Peru expelled …"
    steps = 0.0
    node = token
    above = {act.trigger.i: 0}
    for n, a in enumerate(act.trigger.ancestors, 1):
        above[a.i] = n
    owners = {a.trigger.i for a in others if a is not act}
    while node.i not in above:
        if node.i in owners:
            return 100.0
        if node.dep_ in ("conj", "ccomp", "parataxis") and any(c.dep_ in ("nsubj", "nsubjpass") for c in node.children):
            return 100.0  # a clause of its own
        if node.dep_ in ("advcl", "relcl", "acl", "ccomp") and node.pos_ in ("VERB", "AUX"):
            steps += 10
        if node.head == node:
            return 100.0
        node = node.head
        steps += 1
    up = above[node.i]
    if (
        up
        and node.i in owners
        and act.trigger.dep_ not in ("conj", "xcomp", "advcl", "acl", "pcomp", "dobj", "pobj", "prep")
    ):
        return 100.0
    if up and act.trigger.dep_ in ("relcl",):
        return 100.0
    return steps + up * 2


def _token_at(sentence: Sentence, when: When) -> Token | None:
    """The head of the date's words."""
    left, right = sentence.span.start + when.start, sentence.span.start + when.end
    inside = [t for t in sentence.doc if sentence.starts[t.i] < right and sentence.ends[t.i] > left]
    return next((t for t in inside if t.head not in inside), inside[0] if inside else None)


def _status(act: Act, published: str | None) -> None:
    if act.status != "actual":
        return
    if act.type in ("REQUEST", "REJECT", "ACCUSE") and act.date is None and not act.mood.perfect:
        return
    if (act.date and published and _age(act.date, published) > NEWS_DAYS) or (act.date is None and act.mood.perfect):
        act.status = "past"


def _age(when: str, published: str) -> int:
    """Whole days from the end of the stated interval to publication."""
    parts = [int(x) for x in when.split("-")]
    pub = [int(x) for x in published.split("-")]
    if len(pub) < 3 or len(parts) == 1:
        return (pub[0] - parts[0]) * 365 if parts[0] != pub[0] else 0
    last = date(parts[0], parts[1], parts[2]) if len(parts) == 3 else date(parts[0], parts[1], 28)
    return (date(*pub) - last).days
