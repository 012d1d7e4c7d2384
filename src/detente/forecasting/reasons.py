"""The reasons for what is said of an answer: sentences with their counts, and where those can be looked up.

What always holds: every count is taken from the precedents that were handed in, and every reason names the cases or
events behind it, or the source of its figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from detente.forecasting.model import Driver, Sort
from detente.forecasting.precedents import Case
from detente.forecasting.replies import Whether, settings
from detente.forecasting.steps import Act
from detente.parties import name_of

_CALLED = {
    "staff": "expulsions", "head": "expulsions of heads of mission", "consulate": "closures of consulates",
    "office": "closures of missions or offices", "cap": "ceilings on staff", "relations": "breaks of relations",
    "level": "lowered relations", "recall": "recalls of own staff", "contacts": "cuts of contacts",
}  # fmt: skip
_FAMILIES = {
    "people": "expulsions and ceilings of staff", "posts": "closures of posts and expulsions of their heads",
    "relations": "breaks and lowerings of relations", "recall": "recalls of own staff",
    "contacts": "cuts of contacts",
}  # fmt: skip
_SHOWN = 60
"""Cases named with one reason: all of a casebook of today's size."""


def called(case: Case) -> str:
    """What acts of this sort are called."""
    return _CALLED.get(case.sort) or like(case)


def like(case: Case) -> str:
    """What acts of its family are called."""
    return _FAMILIES.get(case.family) or f"acts of type {case.family}"


def size_class(case: Case, past: Sequence[Case]) -> tuple[str, list[Case]]:
    """The precedents of like sort and size of which both numbers are known, and what they are called."""
    large = int(settings()["alike"]["large"])
    of_sort = [c for c in past if c.sort == case.sort and c.one_for_one is not None]
    if case.people is None:
        return called(case), of_sort
    few = case.people < large
    name = f"{called(case)} of {'fewer than' if few else 'at least'} {large} people"
    return name, [c for c in of_sort if c.number is not None and (c.number < large) == few]


def _driver(sort: Sort, text: str, chosen: Sequence[Case], effect: float | None = None) -> Driver:
    """A reason with the cases behind it, the newest first."""
    newest = sorted(chosen, key=lambda c: (c.act.day, c.name()), reverse=True)[:_SHOWN]
    events = tuple(dict.fromkeys(e for c in newest for e in c.act.events[:1]))
    return Driver(sort=sort, text=text, effect=effect, events=events,
                  cases=tuple(dict.fromkeys(c.act.cases[0] for c in newest if c.act.cases)))  # fmt: skip


def _newest(chosen: Sequence[Case]) -> str:
    last = max(chosen, key=lambda c: (c.act.day, c.name()))
    return f"the last: {name_of(last.act.actor)} on {name_of(last.act.target)}, {_day(last)}"


def _day(case: Case) -> str:
    return f"{case.act.day.day} {case.act.day:%B %Y}" if case.act.exact else f"{case.act.day:%Y}"


def number_reason(case: Case, past: Sequence[Case]) -> list[Driver]:
    """How many of the like were answered one for one."""
    name, chosen = size_class(case, past)
    if not chosen:
        text = f"no answer to {name} is recorded with its numbers"
        return [Driver(sort="precedent", text=text)]
    same = sum(1 for c in chosen if c.one_for_one)
    text = f"{name} were answered one for one in {same} of {len(chosen)} recorded cases; {_newest(chosen)}"
    return [_driver("precedent", text, chosen)]


def room_reason(case: Case) -> list[Driver]:
    """That a ceiling bounds the number."""
    if case.room is None or case.people is None:
        return []
    text = f"{name_of(case.act.target)} lets {name_of(case.act.actor)} have no more than {case.room} people there"
    return [Driver(sort="state", text=text)]


def followed(case: Case, past: Sequence[Case]) -> tuple[list[Case], list[Case]]:
    """Like acts, and those of them after which third parties took the actor's side with steps of their own."""
    of_family = [c for c in past if c.family == case.family and not c.answers]
    return of_family, [c for c in of_family if c.followed]


def solidarity_reason(case: Case, past: Sequence[Case]) -> list[Driver]:
    """How often third parties took the actor's side with steps of their own."""
    of_family, chosen = followed(case, past)
    if not chosen:
        return []
    text = (f"after {len(chosen)} of {len(of_family)} {like(case)} on record third parties took the actor's side with "
            f"steps of their own; {_newest(chosen)}")  # fmt: skip
    return [_driver("precedent", text, chosen)]


def kind_reason(case: Case, past: Sequence[Case]) -> list[Driver]:
    """Of which kind the answers to acts of the same family were, and how soon they came."""
    chosen = [c for c in past if c.family == case.family and c.reply is not None]
    if not chosen:
        return [Driver(sort="precedent", text=f"no answer to {like(case)} is recorded")]
    counts: dict[str, int] = {}
    for c in chosen:
        if c.reply is not None:
            counts[c.reply.kind] = counts.get(c.reply.kind, 0) + 1
    told = ", ".join(f"{n} {kind}" for kind, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    lags = sorted(c.reply.days for c in chosen if c.reply is not None and c.reply.days is not None)
    soon = f"; half of them came within {lags[(len(lags) - 1) // 2]} days" if lags else ""
    text = f"{len(chosen)} recorded answers to {like(case)}: {told}{soon}; {_newest(chosen)}"
    return [_driver("precedent", text, chosen)]


_SORT_OF_LEVEL: dict[str, Sort] = {
    "family": "precedent", "responder": "responder", "pair": "pair", "wave": "responder",
}  # fmt: skip


def whether_reasons(case: Case, found: Whether, base: float) -> list[Driver]:
    """What each level of the pooling adds to the log odds of an answer."""
    actor, target = name_of(case.act.actor), name_of(case.act.target)
    span = settings()["whether"]["wave_days"]
    about = {
        "family": f"of {like(case)}",
        "responder": f"of acts on {target} by any party",
        "pair": f"of acts on {target} by {actor}",
        "wave": f"of {like(case)} on {target} by others in the {span} days before",
    }
    reasons, before = [], base
    for step in found.steps:
        answered = sum(1 for c in step.cases if c.reply is not None)
        silent = len(step.cases) - answered
        if step.cases:
            text = f"on record {about[step.level]}: {answered} answered, {silent} expressly left without an answer"
            effect = round(_logit(step.probability) - _logit(before), 3)
            reasons.append(_driver(_SORT_OF_LEVEL[step.level], text, step.cases, effect))
        before = step.probability
    return reasons


def threat_reasons(case: Case, threats: Sequence[Act]) -> list[Driver]:
    """What the responder has threatened or announced since the act."""
    found: list[Driver] = []
    for act in threats:
        what = "announced a step against" if act.planned and act.type != "THREATEN" else "threatened"
        text = f"{name_of(act.actor)} {what} {name_of(act.target)} on {act.day.isoformat()}"
        effect = round(log(settings()["whether"]["threat"]), 3) if not found else 0.0
        sort: Sort = "announced" if what.startswith("announced") else "threat"
        found.append(Driver(sort=sort, text=text, effect=effect, events=act.events, cases=act.cases))
    return found


def unrecorded_reason(case: Case, past: Sequence[Case]) -> list[Driver]:
    """Of how many like acts nothing is recorded: they count neither way."""
    chosen = [c for c in past if c.family == case.family and c.answers == case.answers
              and c.reply is None and not c.silent]  # fmt: skip
    if not chosen:
        return []
    text = f"of {len(chosen)} more {like(case)} no answer is recorded, nor that there was none"
    return [_driver("precedent", text, chosen, 0.0)]


def _logit(p: float) -> float:
    return log(p / (1 - p))
