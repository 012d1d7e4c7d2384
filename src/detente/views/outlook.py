"""A forecast as pages and reports show it: one sentence first, then each question with its numbers and its reasons.

What always holds: a probability stands with its words, its interval, its base rate and what persistence would say,
where these are known; each reason leads to the events behind it, or names the source of its figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from detente.forecasting.answering import ON_RECORD
from detente.forecasting.model import Chance, Driver, Forecast, Question
from detente.plain import day, listed, number_of, parties, party, per_cent, sentence_case
from detente.views.plots import Bin, chance_bar, reliability
from detente.views.track import Record

FEW = 6
"""Types that are told at length; the others in a word."""
SLIGHT = 0.03
"""Below this a line's change is told in a word."""
KINDS = {
    "mirror": "in kind, like for like", "mirror-extra": "in kind and one thing more", "parity-cap": "with a ceiling",
    "lesser": "in kind, but less", "solidarity": "by third parties", "other": "in another way", "none": "not at all",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A question as it is shown.

    Attributes:
        text: the question.
        percent: its probability as text.
        words: the same in words.
        numbers: interval, base rate and persistence, in words.
        bar: the same drawn.
        people: the likely number of people, in words.
        drivers: the reasons.
        rests_on: from what it was made.
    """

    text: str
    percent: str
    words: str
    numbers: str
    bar: Markup
    people: str
    drivers: tuple[Driver, ...]
    rests_on: str


@dataclass(frozen=True, slots=True)
class Side:
    """What one party is likely to do: what is told at length, and what in a word."""

    title: str
    told: tuple[Told, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Whether, when, how and with what number an act is answered.

    Attributes:
        act: id of the act.
        quote, who, when: the act.
        done: whether the answer is on record already.
        whether: the question.
        rest: when, how, how many, in sentences.
    """

    act: str
    quote: str
    who: str
    when: str
    done: bool
    whether: Told
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """A forecast as it is shown."""

    title: str
    a: str
    b: str
    sentence: str
    basis: str
    horizon: int
    answer: Reply | None
    sides: tuple[Side, ...]
    rests_on: tuple[str, ...]
    lacks: tuple[str, ...]


def outlook(found: Forecast) -> Outlook:
    """A forecast in words and drawings."""
    until = date.fromisoformat(found.on) + timedelta(days=found.horizon)
    pair = parties([found.a, found.b])
    return Outlook(
        title=f"What comes next between {pair}", a=found.a, b=found.b, sentence=_sentence(found), horizon=found.horizon,
        basis=f"As it could be said on {day(found.on)}, for the {found.horizon} days after that, up to "
        f"{day(until.isoformat())}; nothing published after {day(found.known)} was looked at.",
        answer=_reply(found), sides=tuple(_side(d.source, d.target, d.types, d.lines) for d in found.directions),
        rests_on=found.rests_on, lacks=found.lacks,
    )  # fmt: skip


def _sentence(found: Forecast) -> str:
    if found.answer and found.answer.whether.chance.rests_on != ON_RECORD:
        first = found.answer.whether
        head = f"{_likely(first.chance)} that {party(first.source)} answers"
        return f"{head} within {found.horizon} days ({per_cent(first.chance.probability)})."
    every = [q for d in found.directions for q in (*d.lines, *d.types)]
    if not every:
        return "Nothing can be said about what comes next."
    best = max(every, key=lambda q: (q.chance.probability, q.key))
    return f"Likeliest of what is asked, {per_cent(best.chance.probability)}: {best.text[:1].lower()}{best.text[1:]}"


def _likely(chance: Chance) -> str:
    """The words of a probability as the beginning of a sentence."""
    if "chance" in chance.words:
        return f"There is {'' if chance.words.startswith('almost') else 'a '}{chance.words}"
    return f"It is {chance.words}"


def how_it_did(found: Record) -> tuple[list[str], Markup | None]:
    """A track record in sentences, and its reliability plot where anything has come due.

    Args:
        found: of `detente.views.track.record`.
    """
    if not found.stored:
        return ["No forecast about them has been stored."], None
    told = [f"{sentence_case(number_of(found.stored, 'forecast'))} {'is' if found.stored == 1 else 'are'} stored; of "
            f"{found.waiting} the days have not passed."]  # fmt: skip
    score, said = found.ahead, "made before their days began"
    if not score.n and found.later.n:
        score, said = found.later, "made later, of the past"
    if score.brier is None:
        return [*told, "Of no question is it known yet how it came out."], None
    told.append(f"{number_of(score.n, 'question')} {said}, {score.yes} of them came so: Brier score {score.brier:.3f}, "
                "0 is best.")  # fmt: skip
    for name, rival in (("the base rate", score.base), ("persistence", score.persistence)):
        if rival is not None and rival.skill is not None:
            band = f" (95 %: {rival.band[0]:+.2f} to {rival.band[1]:+.2f})" if rival.band else ""
            told.append(f"Skill against {name} on {number_of(rival.n, 'question')}: {rival.skill:+.2f}{band}; above 0 "
                        f"is better than it.")  # fmt: skip
    bins = [Bin(b.probability, b.rate, b.n) for b in score.bins]
    return told, reliability(bins, title=f"{found.title}: how often what was said came")


def told(question: Question) -> Told:
    """A question as it is shown."""
    chance = question.chance
    beside = [f"80 % interval {per_cent(chance.low)} to {per_cent(chance.high)}"]
    beside += [f"base rate {per_cent(chance.base)}" if chance.base is not None else "no base rate is known"]
    beside += [f"persistence {per_cent(chance.persistence)}"] if chance.persistence is not None else []
    return Told(
        sentence_case(question.text), per_cent(chance.probability), chance.words, "; ".join(beside),
        chance_bar(chance.probability, chance.low, chance.high, base=chance.base, persistence=chance.persistence,
                   title=question.text),
        _people(question.number), tuple(dict.fromkeys(question.drivers)), chance.rests_on,
    )  # fmt: skip


def beside(solidarity: tuple[float, float, float]) -> str:
    """What third parties may do, in a sentence."""
    p, low, high = map(per_cent, solidarity)
    return f"Third parties join the first side with steps of their own, as far as is on record: {p} ({low} to {high})."


def _people(number: Sequence[float] | None) -> str:
    if number is None:
        return ""
    middle, low, high = (round(n) for n in number)
    return f"{middle} people" if low == high else f"{middle} people, most likely between {low} and {high}"


def _side(source: str, target: str, types: Sequence[Question], lines: Sequence[Question]) -> Side:
    long = [q for q in lines if q.chance.probability >= SLIGHT] + list(types[:FEW])
    rest = [q for q in lines if q.chance.probability < SLIGHT]
    words = [f"{q.what.lower()} {per_cent(q.chance.probability)}" for q in types[FEW:]]
    words += [f"{len(rest)} changes to lines below {per_cent(SLIGHT)} each"] if rest else []
    title = f"{sentence_case(party(source))} towards {party(target)}"
    return Side(title, tuple(map(told, long)), f"Less likely: {listed(words)}." if words else "")


def _reply(found: Forecast) -> Reply | None:
    answer = found.answer
    if answer is None:
        return None
    rest = []
    if answer.days:
        middle, low, high = (round(d) for d in answer.days)
        rest.append(f"When: {middle} days after the act, most likely between {low} and {high}.")
    kinds: Mapping[str, float] = {str(kind): p for kind, p in answer.kinds.items()}
    ways = [f"{KINDS[kind]} {per_cent(p)}" for kind, p in sorted(kinds.items(), key=lambda i: -i[1]) if p >= 0.005]
    rest += [f"How: {'; '.join(ways)}."] if ways else []
    rest += [f"How many: {_people(answer.number)}."] if answer.number else []
    rest += [beside(answer.solidarity)] if answer.solidarity else []
    whether = answer.whether.model_copy(update={"drivers": (*answer.whether.drivers, *answer.drivers)})
    return Reply(
        act=answer.act, quote=answer.text, who=sentence_case(party(answer.whether.target)), when=day(answer.day),
        done=answer.whether.chance.rests_on == ON_RECORD, whether=told(whether), rest=tuple(rest),
    )  # fmt: skip
