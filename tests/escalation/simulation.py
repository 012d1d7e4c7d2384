"""An independent check: incidents one by one, as docs/risk.md tells it, with nothing of the chain's solution.

It reads the priors' entries at their medians and what each line counts as, and draws: when incidents begin, at each
stage whether this one climbs or is cleared, and how long that took.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

from detente.escalation.priors import Effect, Prior, Priors


@dataclass
class Seen:
    """What was seen of many incidents, and of many years."""

    incidents: int = 0
    reached: list[int] = field(default_factory=list)
    days: list[float] = field(default_factory=list)
    years: int = 0
    years_reached: list[int] = field(default_factory=list)


def odds(priors: Priors, lines: list[tuple[str, str]], stage: str, limited: float) -> float:
    """The odds of climbing from a stage, or for `incidents` the factor on the rate.

    Args:
        priors: the beliefs.
        lines: each line's channel, and what it counts as: in use, limited or down.
        stage: its name, or `incidents`.
        limited: the share of a loss that a limit amounts to.
    """
    found = 1.0
    if stage != "incidents":
        climb = priors.stages[stage].climb
        assert climb is not None
        found = _middle(climb)
        if climb.unit == "probability":
            found = found / (1 - found)
    for name, channel in priors.channels.items():
        words = [word for own, word in lines if own == name]
        lost, reduced = (_effect(priors, name, when, stage) for when in ("lost", "reduced"))
        if channel.together:
            if words and all(word == "down" for word in words):
                found *= math.exp(lost)
            elif any(word != "in use" for word in words):
                found *= math.exp(reduced)
        else:
            for word in words:
                if word == "down":
                    found *= math.exp(lost)
                elif word == "limited":
                    found *= math.exp(limited * lost)
    return found


def _effect(priors: Priors, channel: str, when: str, stage: str) -> float:
    own: list[Effect] = [e for e in priors.effects.values() if e.channel == channel and e.when == when]
    return sum(_middle(e) for e in own if stage in e.reaches)


def _middle(prior: Prior) -> float:
    """The median, reckoned from what the entry says and not by the program's own way."""
    if prior.range is None:
        assert prior.value is not None
        return prior.value
    low, high = prior.range
    if prior.unit in ("per year", "odds", "days"):
        return math.sqrt(low * high)
    if prior.unit in ("probability", "share"):
        odds_of_it = math.sqrt(low / (1 - low) * high / (1 - high))
        return odds_of_it / (1 + odds_of_it)
    return (low + high) / 2


def simulate(
    priors: Priors, lines: list[tuple[str, str]], *, incidents: int, years: int, seed: int, limited: float | None = None
) -> Seen:
    """Draw incidents one by one, and years with their incidents."""
    rng = random.Random(seed)
    share = _middle(priors.states.limited) if limited is None else limited
    names = list(priors.stages)
    climb = [odds(priors, lines, name, share) for name in names[:-1]]
    chance = [o / (1 + o) for o in climb]
    mean = [_middle(priors.stages[name].days) for name in names]
    rate = _middle(priors.incidents.rate) * odds(priors, lines, "incidents", share)
    seen = Seen(reached=[0] * len(names), years_reached=[0] * len(names))
    for _ in range(incidents):
        stage, days = incident(rng, chance, mean)
        seen.incidents += 1
        seen.days.append(days)
        for i in range(stage + 1):
            seen.reached[i] += 1
    for _ in range(years):
        worst, clock = -1, rng.expovariate(rate)
        while clock < 1:
            worst = max(worst, incident(rng, chance, mean)[0])
            clock += rng.expovariate(rate)
        seen.years += 1
        for i in range(worst + 1):
            seen.years_reached[i] += 1
    return seen


def incident(rng: random.Random, chance: list[float], mean: list[float]) -> tuple[int, float]:
    """One incident: the highest stage that it reached, and the days until it was cleared."""
    stage, days = 0, rng.expovariate(1 / mean[0])
    while stage < len(chance) and rng.random() < chance[stage]:
        stage += 1
        days += rng.expovariate(1 / mean[stage])
    return stage, days
