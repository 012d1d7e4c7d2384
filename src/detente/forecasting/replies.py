"""The model of replies: from precedents to whether, when, how and with what number an act is answered.

What always holds: precedents are counted by how like the act they are; where there are none, what is written in
``replies.toml`` is all that speaks; of whether, when, kind and number each is a whole distribution. Nothing is read
from a ledger here, and no party is named.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, cast

import numpy as np

from detente.forecasting.pooling import Beta, Floats
from detente.forecasting.precedents import Case
from detente.model import AnswerKind


@cache
def settings() -> dict[str, Any]:
    """What ``replies.toml`` holds."""
    return tomllib.loads(resources.files(__package__).joinpath("replies.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the pooling of whether: what was counted, and what the probability is after it."""

    level: str
    probability: float
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Whether:
    """The chance that an act is ever answered, and how it came about."""

    chance: Beta
    steps: tuple[Step, ...]


def alike(case: Case, past: Case) -> float:
    """What a precedent weighs, beside one that is alike in everything."""
    by = settings()["alike"]
    weight = 1.0 if past.sort == case.sort else by["same_family" if past.family == case.family else "other_family"]
    weight *= 1.0 if past.wave == case.wave else by["other_wave"]
    if case.people is not None and past.people is not None:
        weight *= 1.0 if (past.people < by["large"]) == (case.people < by["large"]) else by["other_size"]
    weight *= 1.0 if past.act.target == case.act.target else by["other_responder"]
    return float(weight * (1.0 if past.answers == case.answers else by["other_role"]))


def whether(case: Case, past: Sequence[Case], base: float, *, threatened: bool = False) -> Whether:
    """The chance that an act is answered, pooled from the general to the special.

    At each level the rate of the level above stands for as many cases as ``replies.toml`` says (MacKay and Peto, A
    hierarchical Dirichlet language model, 1995): p = (k / s + c p') / (k / s + n + c), with k answered and n unanswered
    cases, s how much oftener answered ones get into a list, p' the rate above and c its strength. Acts of which nothing
    is recorded count neither way.

    Args:
        case: the act.
        past: the precedents.
        base: how often an act of its type is answered in kind in coded events.
        threatened: whether the responder has threatened, or announced a step.
    """
    by = settings()["whether"]
    steps: list[Step] = []
    chance = Beta(base * by["family"], (1 - base) * by["family"])
    for level, chosen in _levels(case, past).items():
        # An act upon no line is among the cases only because it was answered: of whether it tells nothing.
        known = tuple(c for c in chosen if c.act.moves and (c.reply is not None or c.silent))
        yes = sum(_near(case, c) / by["selection"] for c in known if c.reply is not None)
        no = sum(_near(case, c) for c in known if c.reply is None)
        above = chance.mean
        chance = Beta(by[level] * above, by[level] * (1 - above)).after(yes, no)
        steps.append(Step(level, chance.mean, known))
    if threatened:
        odds = chance.mean / (1 - chance.mean) * by["threat"]
        chance = Beta(chance.strength * odds / (1 + odds), chance.strength / (1 + odds))
    return Whether(chance, tuple(steps))


def _levels(case: Case, past: Sequence[Case]) -> dict[str, list[Case]]:
    like = [c for c in past if c.answers == case.answers and c.family == case.family]
    own = [c for c in past if c.answers == case.answers and c.act.target == case.act.target]
    since = settings()["whether"]["wave_days"]
    return {
        "family": like,
        "responder": own,
        "pair": [c for c in own if c.act.actor == case.act.actor],
        "wave": [c for c in own if c.act.actor != case.act.actor and c.family == case.family
                 and 0 <= (case.act.day - c.act.day).days <= since],
    }  # fmt: skip


def _near(case: Case, past: Case) -> float:
    """What a case weighs among those of one responder: as much as its sort of act is alike."""
    by = settings()["alike"]
    return 1.0 if past.family == case.family else float(by["other_family"])


def kinds(case: Case, past: Sequence[Case]) -> dict[AnswerKind, float]:
    """Which kind an answer has, if one comes: weighted counts of like cases on top of pseudo-counts (Dirichlet)."""
    counts = dict(cast(dict[AnswerKind, float], settings()["kind"]))
    for c in past:
        if c.reply is not None:
            counts[c.reply.kind] = counts.get(c.reply.kind, 0.0) + alike(case, c)
    if case.number == 1:
        counts["lesser"] = 0.0  # one cannot be answered with fewer
    total = sum(counts.values())
    return {kind: count / total for kind, count in counts.items()}


def exact(case: Case, past: Sequence[Case]) -> float:
    """The chance that an answer is one for one: a beta distribution's mean."""
    told = [(alike(case, c), c.one_for_one) for c in past if c.one_for_one is not None]
    yes, no = (sum(w for w, same in told if same is wanted) for wanted in (True, False))
    return Beta(*settings()["number"]["exact"]).after(yes, no).mean


def numbers(case: Case, past: Sequence[Case]) -> Floats:
    """The number of people in an answer, if one comes: probabilities of 0, 1, 2, … people.

    Of those that were not one for one, each like case puts its ratio of answer to act, spread as a geometric
    distribution to both sides; before any, each smaller number is alike likely, and each greater one up to three times
    as many.

    Raises:
        ValueError: the act has no number.
    """
    if not case.number:
        raise ValueError("an act without a number has none in its answer")
    by, given = settings()["number"], case.number
    places = np.arange(3 * given + 11)
    other = np.zeros(len(places))
    fewer, more = np.arange(1, given), np.arange(given + 1, len(places))
    other[fewer] += by["prior"] * by["fewer"] / max(len(fewer), 1)
    other[more] += by["prior"] * (1 - by["fewer"] if len(fewer) else 1.0) / len(more)
    for c in past:
        if c.one_for_one is False and c.reply is not None and c.number and c.reply.number is not None:
            about = given * c.reply.number / c.number
            bump = np.exp(-np.abs(places - about) / max(1.0, by["spread"] * given))
            bump[[0, given]] = 0.0
            other += alike(case, c) * bump / bump.sum()
    same = exact(case, past)
    found: Floats = (1 - same) * other / other.sum()
    found[given] += same
    if case.room:  # nobody can send home more than there may be
        found[min(case.room, given)] += found[case.room + 1 :].sum()
        found[case.room + 1 :] = 0.0
    return found


def days(case: Case, past: Sequence[Case]) -> Floats:
    """On which day after the act an answer comes, if one comes: probabilities of day 0, 1, 2, …

    Each like case puts its lag, spread by a Gaussian kernel in log(1 + days), on top of 1 / (day + 2).
    """
    by = settings()["days"]
    places = np.arange(by["last"] + 1)
    found = 1.0 / (places + 2.0)
    found *= by["prior"] / found.sum()
    on_log = np.log1p(places)
    for c in past:
        if c.reply is not None and c.reply.days is not None:
            bump = np.exp(-0.5 * ((on_log - np.log1p(min(c.reply.days, by["last"]))) / by["spread"]) ** 2)
            bump /= 1.0 + places  # a density over log(1 + days), told as one over days
            found += alike(case, c) * bump / bump.sum()
    return cast(Floats, found / found.sum())


def within(chance: float, when: Floats, gone: int, horizon: int) -> float:
    """The chance of an answer on days gone + 1 … gone + horizon after the act, when none has come so far.

    Args:
        chance: that it is ever answered.
        when: see `days`.
        gone: days that have passed since the act, that of the act being 0.
        horizon: days.

    Example:
        >>> round(within(0.5, np.array([0.5, 0.25, 0.25]), 0, 1), 3)
        0.167
    """
    still = 1.0 - chance * float(when[: gone + 1].sum())
    coming = chance * float(when[gone + 1 : gone + 1 + horizon].sum())
    return coming / still if still > 0 else 0.0


def ever(rate: float, when: Floats, horizon: int = 30) -> float:
    """The chance of an answer at any time, where that of one on days 1 … horizon is known; see `within`.

    Example:
        >>> when = np.array([0.2, 0.4, 0.4])
        >>> round(within(ever(0.3, when, 1), when, 0, 1), 3)
        0.3
    """
    found = rate / (float(when[1 : 1 + horizon].sum()) + rate * float(when[0]))
    return min(max(found, 0.001), 0.999)


def after(when: Floats, gone: int) -> Floats:
    """When an answer comes, if one comes that has not come so far."""
    rest = when.copy()
    rest[: gone + 1] = 0.0
    total = rest.sum()
    return cast(Floats, rest / total) if total > 0 else rest


def middle(probabilities: Floats) -> tuple[float, float, float]:
    """Median and 80 % interval of a distribution over 0, 1, 2, …

    Example:
        >>> middle(np.array([0.05, 0.1, 0.7, 0.1, 0.05]))
        (2.0, 1.0, 3.0)
    """
    sums = np.cumsum(probabilities)
    low, median, high = (float(np.searchsorted(sums, q * sums[-1] - 1e-12)) for q in (0.1, 0.5, 0.9))
    return median, low, high
