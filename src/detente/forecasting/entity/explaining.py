"""Why a candidate stands where it stands: past events, each with what it contributes.

What always holds: an event's contribution is the fall of the candidate's log odds among the candidates when that event
is taken out of the history (occlusion; Zeiler & Fergus 2014), all else equal; only events before the day asked about
can be cited. An additive scorer's parts add up to its score exactly.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from detente.forecasting.entity.evidence import Evidence
from detente.forecasting.entity.facts import Ints
from detente.forecasting.entity.forecaster import Forecaster
from detente.forecasting.entity.forgetting import without
from detente.forecasting.entity.patterns import prepare

_POOL = 18
"""Events that are tried: the newest of the pair, two thirds; the newest of the act on the candidate by others."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A past event and what it contributes.

    Attributes:
        row: its place in the history's rows.
        subject: who did it.
        relation: what, by number; inverse acts included.
        object: to whom.
        day: when.
        effect: the fall of the candidate's log odds without it.
    """

    row: int
    subject: int
    relation: int
    object: int
    day: int
    effect: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """What speaks for a candidate.

    Attributes:
        chance: its log probability among the candidates.
        parts: for an additive scorer, the score's parts, less their mean over the candidates, the largest first.
        events: cited events, the strongest first.
    """

    chance: float
    parts: dict[str, float]
    events: tuple[Cited, ...]


def explain(forecaster: Forecaster, subject: int, relation: int, candidate: int, *, top: int = 5) -> Explanation:
    """Cite the past events that speak most for a candidate, as of the day at which the history stands.

    Args:
        forecaster: fitted, with its history standing at the day asked about.
        subject: who acts.
        relation: what it does; inverse acts are numbered from `relations` on.
        candidate: to whom.
        top: how many events to cite at most.

    Returns:
        The explanation; without events where nothing in the past speaks for the candidate.
    """
    history = forecaster.history
    candidates, place = _candidates(forecaster, subject, relation, candidate)
    asked = np.array([subject]), np.array([relation])

    def evidence() -> Evidence:
        return forecaster.bench(*asked).read(candidates)

    def chance() -> float:
        return float(forecaster.score(evidence())[0, place])

    whole, cited = chance(), []
    for row in pool(forecaster, subject, relation, candidate).tolist():
        with without(history, np.array([row])):
            effect = _odds(whole) - _odds(chance())
        who, act, other, day = history.rows[row].tolist()
        cited.append(Cited(row, who, act, other, day, effect))
    best = sorted((event for event in cited if event.effect > 0), key=lambda event: (-event.effect, event.row))
    return Explanation(whole, _parts(forecaster, evidence(), place), tuple(best[:top]))


def chance_without(forecaster: Forecaster, subject: int, relation: int, candidate: int, rows: Ints) -> float:
    """The candidate's log probability with some events gone, all matrices of the day worked out anew."""
    candidates, place = _candidates(forecaster, subject, relation, candidate)
    with without(forecaster.history, rows):
        bench = forecaster.bench(np.array([subject]), np.array([relation]), prepare(forecaster.history))
        return float(forecaster.score(bench.read(candidates))[0, place])


def _odds(chance: float) -> float:
    """Log odds from a log probability; bounded where it is all but certain."""
    return float(chance - np.log(max(-np.expm1(chance), 1e-9)))


def _candidates(forecaster: Forecaster, subject: int, relation: int, candidate: int) -> tuple[Ints, int]:
    """The best candidates, the asked one among them, (1, k); and its place."""
    best = forecaster.bench(np.array([subject]), np.array([relation])).best
    if candidate not in best[0]:
        best = np.append(best, [[candidate]], axis=1)
    return best, int(np.flatnonzero(best[0] == candidate)[0])


def _parts(forecaster: Forecaster, evidence: Evidence, place: int) -> dict[str, float]:
    """The mean over the scorers of each part, less the part's mean over the candidates; the largest first."""
    if not all(scorer.shape.additive for scorer in forecaster.scorers):
        return {}
    total: dict[str, float] = defaultdict(float)
    for scorer in forecaster.scorers:
        for name, part in scorer.parts(evidence).items():
            total[name] += float(part[0, place] - part[0].mean()) / len(forecaster.scorers)
    return dict(sorted(total.items(), key=lambda item: -item[1]))


def pool(forecaster: Forecaster, subject: int, relation: int, candidate: int) -> Ints:
    """The told events that could be cited: an act and its inverse are one event, given once."""
    history = forecaster.history
    rows = history.rows[: int(np.searchsorted(history.rows[:, 3], history.told))]
    pair = np.flatnonzero((rows[:, 0] == subject) & (rows[:, 2] == candidate))
    done = np.flatnonzero((rows[:, 1] == relation) & (rows[:, 2] == candidate) & (rows[:, 0] != subject))
    return np.concatenate([pair[::-1][: 2 * _POOL // 3], done[::-1][: _POOL // 3]])


def events_about(forecaster: Forecaster, subject: int, candidate: int) -> tuple[Ints, Ints]:
    """Told events of the pair, and other ones of the subject: what cited events are to be compared with."""
    history = forecaster.history
    rows = history.rows[: int(np.searchsorted(history.rows[:, 3], history.told))]
    own, there = rows[:, 0] == subject, rows[:, 2] == candidate
    return np.flatnonzero(own & there), np.flatnonzero(own & ~there)
