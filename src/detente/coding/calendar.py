"""Dates to acts: which of a sentence's dates belongs to which act, what an undated act takes from the story before it,
and what is news and what background.

What always holds: no date is guessed; an act takes a date that hangs on it in the parse or that its clause shares, and
only a deed told in the past tense goes on from the date told before; announced and effective dates are kept apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from detente.coding import plover
from detente.coding.dates import Story, When, earlier, find
from detente.coding.drafts import Act
from detente.coding.grammar import Sentence, children, lemma
from detente.coding.reach import FAR, LATER, SAYING, background, distance, glances_back, in_dateline, token_at

if TYPE_CHECKING:
    from detente.coding.sentences import Span
    from detente.coding.tokens import Token

NEWS_DAYS = 31
"""How far back the article's own news reaches: the guide says "at most about a month"."""
_DASH = re.compile(r"\s*(?:[-–—]\s|:)")
_NEW = 14
"""Days: what is told in the past perfect ("had already …") is background sooner."""
MEETING = frozenset({"CONSULT", "SUPPORT", "AGREE"})


@dataclass(slots=True)
class _Thread:
    """How far the story has been told.

    Attributes:
        story: the dates' own memory.
        value: the date that it has come to; None where that is a vague one.
        paragraph, sentence: where that was told.
        heading: the date at the head of a chronology's entry, and whether it dates its own paragraph alone.
        lead: the date of the article's first act.
        last: the paragraph told last.
    """

    story: Story
    value: str | None = None
    paragraph: int = -1
    sentence: int = -1
    heading: str | None = None
    labelled: bool = False
    lead: str | None = None
    last: int = -1

    def read(self, text: str, span: Span, sentence: Sentence | None, mine: list[Act]) -> list[When]:
        """The dates of the next sentence, with what it heads."""
        before = self.story.last
        whens = find(text, self.story.published, self.story, any(a.mood.future for a in mine))
        if sentence is not None:
            sentence.whens = whens
            if whens and all(glances_back(sentence, w) for w in whens):
                self.story.last = before
        headed = _heading(text, whens)
        if headed or not mine or span.paragraph != self.last:
            goes_on = span.paragraph == self.last or (mine and not self.labelled)
            self.heading = headed or (self.heading if goes_on else None)
            self.labelled = bool(headed and _DASH.match(text[whens[0].end :]))
        self.last = span.paragraph
        return whens

    def go_on(self, index: int, span: Span, whens: list[When], before: str | None) -> None:
        """What later acts go on from, once the acts of a sentence are dated."""
        told = self.story.last
        vague = any(w.value is None and w.aside for w in whens)
        if told and (told != before or any(w.value == told for w in whens)):
            self.value, self.paragraph, self.sentence = told, span.paragraph, index
        elif vague:
            self.value, self.paragraph, self.sentence = None, span.paragraph, index

    def near(self, sentence: Sentence) -> bool:
        """Whether a sentence still belongs to what was dated last."""
        return self.paragraph == sentence.span.paragraph or (self.sentence >= 0 and self.sentence == sentence.index - 1)


def date_acts(
    sentences: list[Sentence], acts: list[Act], published: str | None, others: Iterable[tuple[int, Span, str]] = ()
) -> None:
    """Set `date`, `announced`, `effective` and the statuses `past` and `planned` on the acts.

    Args:
        sentences: the article's sentences, in order.
        acts: its acts.
        published: the article's date, if known.
        others: number, place and text of the sentences that were not worth a parse; a date told there is told, too.
    """
    thread = _Thread(Story(published))
    by_sentence: dict[int, list[Act]] = {}
    for act in acts:
        by_sentence.setdefault(act.sentence.index, []).append(act)
    read = [(s.index, s.span, s.text, s) for s in sentences]
    unread = [(i, span, text, None) for i, span, text in others]
    for index, span, text, sentence in sorted([*read, *unread], key=lambda row: row[0]):
        mine = by_sentence.get(index, []) if sentence else []
        before = thread.story.last
        whens = thread.read(text, span, sentence, mine)
        for act in mine:
            _date(act, act.sentence, mine, published)
            if act.date is None and act.status == "actual":
                act.date = thread.heading or _shared(act, mine) or _inherited(act, thread)
            _status(act, published)
            thread.lead = thread.lead or (act.date if act.status == "actual" else None)
        thread.go_on(index, span, whens, before)
    _at_meetings(acts)


def _heading(text: str, whens: list[When]) -> str | None:
    """The date that a sentence consists of or is headed by, as in a chronology: "December 2020."; "4 May 2016 - "."""
    first = whens[0] if whens and not any(map(str.isalnum, text[: whens[0].start])) else None
    if first is None or not first.value:
        return None
    rest = text[first.end :]
    return first.value if _DASH.match(rest) or not any(map(str.isalnum, rest)) else None


def _date(act: Act, sentence: Sentence, others: list[Act], published: str | None) -> None:
    owners = {a.trigger.i for a in others if a is not act}
    point, later = (
        _nearest(act, [w for w in sentence.whens if w.value and (w.role in LATER) is is_later], sentence, owners)
        for is_later in (False, True)
    )
    ahead = bool(later and later.value and published and earlier(published, later.value))
    act.effective = later.value if later else None
    act.announced = point.value if point and later else None
    said = point.value if point else None
    if act.type == "THREATEN" or (later and act.type in SAYING and (ahead or later.role == "future")):
        act.date = said
    elif act.status in ("planned", "denied"):
        act.date = act.effective
    elif later and ahead and ((_own(act) and later.role != "deadline") or _caps(act)):
        act.date, act.status = act.effective, "planned"
    elif later and later.role == "deadline":
        act.date = said or (None if ahead else later.value)
    else:
        act.date = said or act.effective


def _nearest(act: Act, whens: list[When], sentence: Sentence, owners: set[int]) -> When | None:
    """The date that hangs on an act most closely; a glance aside only where there is no other."""
    reached = [(w.aside, steps, w.start, w) for w in whens if _dates(act, w, sentence)
               and (steps := distance(act, w, sentence, owners)) < FAR]  # fmt: skip
    return min(reached, key=lambda row: row[:3])[3] if reached else None


def _dates(act: Act, when: When, sentence: Sentence) -> bool:
    """Whether a date is one on which acts happen; "since …" is where the act began then."""
    return when.role != "duration" and (when.role != "since" or _began(act, token_at(sentence, when)))


def _own(act: Act) -> bool:
    return bool(act.moves) and all(m.owner in act.source for m in act.moves)


def _caps(act: Act) -> bool:
    return any(m.cap is not None for m in act.moves)


def _began(act: Act, token: Token | None) -> bool:
    """Whether "since …" dates the act: "since May, when Peru closed …"; "the embassy has been shut since May"."""
    if token is None:
        return False
    verb = act.trigger
    helpers = _helpers(verb)
    return verb.head in (token, *token.children) or (
        act.frame.change != "keep" and ("been" in helpers or (bool(act.moves) and bool(helpers & {"has", "have"})))
    )


def _shared(act: Act, others: list[Act]) -> str | None:
    """The date of the act that this one is coordinate with: "halted the talks and postponed a visit"."""
    verb = act.verb
    head = verb.head if verb.dep_ == "conj" and not children(verb, "nsubj", "nsubjpass") else None
    return next((a.date for a in others if a.verb == head and a.source == act.source), None)


def _inherited(act: Act, thread: _Thread) -> str | None:
    """The date that an undated act goes on from: one told before it in its sentence, paragraph or the sentence before,
    or else the day of the article's first act.

    What was only said is often not of the same day, so that the story's day is no date for it; of what lies long ago
    the month is sure enough.
    """
    if not _told(act) or background(act):
        return None
    sentence, published = act.sentence, thread.story.published
    at = sentence.starts[act.verb.i] - sentence.span.start
    before = [w for w in sentence.whens if w.start < at and not _looks_back(sentence, w, act.verb)]
    here = [w.value for w in before if w.role == "point" and w.value and not w.aside]
    lead = None if _perfect(act) else thread.lead
    value = here[-1] if here else thread.value if thread.near(sentence) else lead
    vague = any(w.value is None and w.aside for w in before)
    if value is None or vague or (published and earlier(published, value)):
        return None
    if here or _is_deed(act):
        return value
    long_ago = published is not None and _age(value, published) > NEWS_DAYS
    return value[:7] if long_ago and thread.paragraph == sentence.span.paragraph else None


def _looks_back(sentence: Sentence, when: When, verb: Token) -> bool:
    """Whether a date is a dateline's, or of what lay behind: "Peru, which had shut it in May, …"."""
    token = token_at(sentence, when)
    if in_dateline(sentence, when):
        return True
    clauses = [t for t in (token, *token.ancestors) if t.dep_ == "relcl"] if token is not None else []
    return any("had" in _helpers(c) and not c.is_ancestor(verb) and c != verb for c in clauses)


def _is_deed(act: Act) -> bool:
    """Whether something was done, rather than said."""
    if act.moves:
        return not {act.type, act.frame.type} & {"REQUEST", "REJECT"} and all(m.change != "keep" for m in act.moves)
    if lemma(act.trigger) == "summon":
        return True
    return act.type not in ("ACCUSE", "REQUEST", "REJECT", "THREATEN", "AGREE", "SUPPORT", "PROTEST", None)


def _told(act: Act) -> bool:
    """Whether an act is told in the simple past, by its own verb or by the one that it hangs on."""
    verb = act.verb
    while verb.pos_ not in ("VERB", "AUX") or verb.tag_ in ("VBG", "VB") or verb.dep_ in ("acl", "xcomp", "pcomp"):
        if verb.head == verb:
            return False
        verb = verb.head
    helpers = _helpers(verb)
    if act.moves and helpers & {"has", "have", "is", "are"}:
        return verb.tag_ == "VBN" or verb.tag_ == "VBG"
    return not act.mood.perfect and (verb.tag_ == "VBD" or (verb.tag_ == "VBN" and bool(helpers & {"was", "were"})))


def _helpers(verb: Token) -> set[str]:
    return {c.lower_ for c in children(verb, "aux", "auxpass")}


def _perfect(act: Act) -> bool:
    return bool(_helpers(act.trigger) & {"has", "have"})


def _at_meetings(acts: list[Act]) -> None:
    """What was asked for, refused or agreed between those whose meeting is the article's news was so at the meeting."""
    lead = next((a for a in acts if a.status == "actual" and a.date), None)
    if lead is None or lead.type not in MEETING or len(lead.source) < 2:
        return
    for act in acts:
        if act.date is None and act.status == "actual" and act.type in ("REQUEST", "REJECT", "AGREE", "SUPPORT"):
            if set(act.source + act.target) <= set(lead.source) and _told(act) and not background(act):
                act.date = lead.date


def _status(act: Act, published: str | None) -> None:
    if act.status != "actual":
        return
    age = _age(act.date, published) if act.date and published else None
    if age is not None and age > (_NEW if act.mood.perfect else NEWS_DAYS):
        act.status = "past"
    elif act.type == "THREATEN" or (act.frame.operator == "promise" and len(act.source) == 1):
        act.status = "planned"
    elif act.type in ("REQUEST", "REJECT", "ACCUSE") and act.date is None and not act.mood.perfect:
        return
    elif act.date and published and earlier(published, act.date):
        act.status = "planned"
        if act.frame.change is None or act.type == "SUPPORT":
            act.type, act.mode = plover.planned(act.type, act.mode)
    elif act.date is None and act.mood.perfect:
        act.status = "past"


def _age(when: str, published: str) -> int:
    """Whole days from the end of the stated interval to publication."""
    parts = [int(x) for x in when.split("-")]
    pub = [int(x) for x in published.split("-")]
    if len(pub) < 3 or len(parts) == 1:
        return (pub[0] - parts[0]) * 365 if parts[0] != pub[0] else 0
    last = date(parts[0], parts[1], parts[2]) if len(parts) == 3 else date(parts[0], parts[1], 28)
    return (date(*pub) - last).days
