"""How good forecasts were: the Brier and logarithmic scores, skill against rivals, calibration.

What always holds: only questions that were resolved are scored, and how many were not is told; of one question that was
asked several times for the same days the newest forecast counts; a rival (the base rate, persistence) is compared on
exactly those questions with which it was stored.

Sources: Brier, G. W. (1950), Monthly Weather Review 78, 1-3; Wilson, E. B. (1927), J. Am. Stat. Assoc. 22, 209-212, for
the bands of rates; skill is 1 - (score / the rival's score), as in Murphy, A. H. (1988), Monthly Weather Review 116.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import log, sqrt
from random import Random

from detente.forecasting.model import Chance
from detente.forecasting.resolving import Resolved

LEAST = 0.001
"""A probability counts as at least this far from none and certainty in the logarithmic score: else one miss of a
forecast of zero would be infinite."""
_Z95 = 1.959964
_DRAWS = 1000
_ENOUGH = 5
"""Forecasts from which on a band of skill can be had by drawing forecasts again."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts of about the same probability, and how often it was so.

    Attributes:
        low, high: the bounds of the probabilities.
        n: how many questions.
        probability: their mean probability.
        rate: the share of them that was so.
        band: the 95 % interval of that share (Wilson); too narrow where questions hang together.
    """

    low: float
    high: float
    n: int
    probability: float
    rate: float
    band: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rival:
    """A simpler forecast beside ours, on the questions with which it was stored.

    Attributes:
        n: how many questions.
        brier, ours: its Brier score and ours.
        skill: 1 - ours / brier, above zero where ours is better; None where the rival is without fault.
        band: the 95 % interval of the skill, forecasts drawn again with all their questions; None for few forecasts.
    """

    n: int
    brier: float
    ours: float
    skill: float | None
    band: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Score:
    """How good forecasts were.

    Attributes:
        forecasts: how many there were of which something is resolved.
        n, yes: questions that were resolved, and those that came out so.
        unresolved: questions whose horizon has passed, but of which it is not known.
        brier: mean squared fault, 0 the best; None where nothing is resolved.
        log_score: mean natural logarithm of the probability of what came, 0 the best.
        base, persistence: rivals; None where none was stored.
        bins: calibration by tenths of probability, without empty ones: what a reliability plot shows.
        kinds: the same by kind of question: type, line, answer.
        quiet: the same, were it a no wherever nothing at all is recorded; None where there is no such question. Days of
            which nothing is recorded are mostly quiet, so that the true share of yes lies between the two.
    """

    forecasts: int
    n: int
    yes: int
    unresolved: int
    brier: float | None
    log_score: float | None
    base: Rival | None
    persistence: Rival | None
    bins: tuple[Bin, ...]
    kinds: dict[str, Score] = field(default_factory=dict)
    quiet: Score | None = None


def score(found: Iterable[Resolved]) -> Score:
    """The score of resolved questions.

    Args:
        found: of any number of forecasts.

    Example:
        >>> score([]).n, score([]).brier
        (0, None)
    """
    every = newest(found)
    kinds = sorted({one.question.asks for one in every})
    parts: dict[str, Score] = {kind: _score([one for one in every if one.question.asks == kind]) for kind in kinds}
    quiet = _score([replace(one, outcome=False) if one.silent else one for one in every])
    return replace(_score(every), kinds=parts, quiet=quiet if any(one.silent for one in every) else None)


def newest(found: Iterable[Resolved]) -> list[Resolved]:
    """Of each question the newest forecast: asking often, or both ways round, must not count more."""
    kept: dict[tuple[str | None, ...], Resolved] = {}
    for one in found:
        q = one.question
        key = (q.asks, q.source, q.target, q.what, q.way, q.after, q.until)
        there = kept.get(key)
        if there is None or (one.made_at or "") >= (there.made_at or ""):
            kept[key] = one
    return list(kept.values())


def _score(every: Sequence[Resolved]) -> Score:
    known = [one for one in every if one.outcome is not None]
    n = len(known)
    return Score(
        len({one.forecast for one in known}), n, sum(bool(one.outcome) for one in known), len(every) - n,
        sum(map(brier, known)) / n if n else None, sum(map(_log_score, known)) / n if n else None,
        _rival(known, "base"), _rival(known, "persistence"), bins(known),
    )  # fmt: skip


def brier(one: Resolved) -> float:
    """The squared fault of one forecast."""
    return (one.question.chance.probability - bool(one.outcome)) ** 2


def _log_score(one: Resolved) -> float:
    p = min(max(one.question.chance.probability, LEAST), 1 - LEAST)
    return log(p if one.outcome else 1 - p)


def _rival(known: Sequence[Resolved], name: str) -> Rival | None:
    faults: dict[str, list[tuple[float, float]]] = {}
    for one in known:
        p = _of(one.question.chance, name)
        if p is not None:
            faults.setdefault(one.forecast, []).append((brier(one), (p - bool(one.outcome)) ** 2))
    pairs = [pair for some in faults.values() for pair in some]
    if not pairs:
        return None
    ours, theirs = (sum(side) / len(pairs) for side in zip(*pairs, strict=True))
    return Rival(len(pairs), theirs, ours, 1 - ours / theirs if theirs else None, _band(list(faults.values())))


def _of(chance: Chance, name: str) -> float | None:
    return chance.base if name == "base" else chance.persistence


def _band(groups: Sequence[Sequence[tuple[float, float]]]) -> tuple[float, float] | None:
    """The 95 % interval of the skill: whole forecasts are drawn again, for the questions of one hang together."""
    if len(groups) < _ENOUGH:
        return None
    sums = [(sum(ours for ours, _ in some), sum(theirs for _, theirs in some)) for some in groups]
    rng, found = Random(0), []  # noqa: S311 - draws, no secret; the same each time
    for _ in range(_DRAWS):
        drawn = rng.choices(sums, k=len(sums))
        ours, theirs = (sum(side) for side in zip(*drawn, strict=True))
        if theirs:
            found.append(1 - ours / theirs)
    found.sort()
    return (found[int(0.025 * len(found))], found[int(0.975 * len(found))]) if found else None


def bins(known: Iterable[Resolved]) -> tuple[Bin, ...]:
    """Calibration by tenths of probability, without empty ones."""
    groups: dict[int, list[Resolved]] = {}
    for one in known:
        groups.setdefault(min(9, int(one.question.chance.probability * 10 + 1e-9)), []).append(one)
    return tuple(_bin(tenth, groups[tenth]) for tenth in sorted(groups))


def _bin(tenth: int, some: Sequence[Resolved]) -> Bin:
    n = len(some)
    yes = sum(bool(one.outcome) for one in some)
    mean = sum(one.question.chance.probability for one in some) / n
    return Bin(tenth / 10, (tenth + 1) / 10, n, mean, yes / n, wilson(yes, n))


def wilson(yes: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share.

    Example:
        >>> [round(end, 3) for end in wilson(0, 10)], [round(end, 3) for end in wilson(5, 10)]
        ([0.0, 0.278], [0.237, 0.763])
    """
    share, z2 = yes / n, _Z95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


__all__ = ["Bin", "Rival", "Score", "bins", "brier", "newest", "score", "wilson"]
