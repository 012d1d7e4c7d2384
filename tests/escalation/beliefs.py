"""Priors and situations made for tests: small ones by hand, and random ones."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from detente.escalation.counting import Situation, Word
from detente.escalation.priors import Priors

KINDS = ("relations", "embassy", "consulate", "mission", "liaison", "office", "envoy", "staff", "council", "contacts",
         "hotline", "talks", "verification")  # fmt: skip
WHY = {"source": "made for a test", "reasoning": "made for a test", "data": "none"}


def prior(unit: str, value: float, sd: float = 0.0) -> dict[str, Any]:
    return {"unit": unit, "value": value, "sd": sd, **WHY}


def effect(channel: str, value: float, *reaches: str, when: str = "lost", sd: float = 0.0) -> dict[str, Any]:
    unit = "log rate ratio" if reaches == ("incidents",) else "log odds ratio"
    return {**prior(unit, value, sd), "channel": channel, "reaches": list(reaches), "when": when}


def made(
    climbs: list[float], *, days: list[float] | None = None, rate: float = 1.0, limited: float = 0.5,
    unknown: float = 0.5, channels: dict[str, bool] | None = None, effects: dict[str, Any] | None = None,
) -> Priors:  # fmt: skip
    """Priors with these odds to climb; `channels` tells of each whether its lines count together."""
    names = [f"s{i}" for i in range(len(climbs) + 1)]
    stages: dict[str, Any] = {
        name: {"title": name, "means": name, "days": prior("days", (days or [1.0] * len(names))[i])}
        | ({"climb": prior("odds", climbs[i])} if i < len(climbs) else {})
        for i, name in enumerate(names)
    }
    return Priors.model_validate({
        "format": "detente.priors/1", "headline": names[-1], "incidents": {"rate": prior("per year", rate)},
        "stages": stages,
        "states": {"limited": prior("share", limited), "unknown": prior("probability", unknown)},
        "channels": {name: {"title": name, "kinds": [KINDS[i % len(KINDS)]] if i < len(KINDS) else [],
                            "together": together}
                     for i, (name, together) in enumerate((channels or {"c": False}).items())},
        "effects": effects or {},
    })  # fmt: skip


def situation(priors: Priors, lines: list[tuple[str, Word]]) -> Situation:
    """Lines by channel and what they count as; ids are made up."""
    names = list(priors.channels)
    channel = {f"l{i}": names.index(name) for i, (name, _) in enumerate(lines)}
    count = np.bincount(list(channel.values()), minlength=len(names)) if lines else np.zeros(len(names), int)
    return Situation({f"l{i}": word for i, (_, word) in enumerate(lines)}, count, channel)


def any_model(rng: random.Random) -> tuple[Priors, list[tuple[str, Word]]]:
    """A random model of 2 to 6 stages, 1 to 6 channels and up to 12 lines."""
    stages = rng.randint(2, 6)
    climbs = [rng.uniform(0.2, 3.0) for _ in range(stages - 1)]
    channels = {f"c{i}": rng.random() < 0.4 for i in range(rng.randint(1, 6))}
    effects: dict[str, Any] = {}
    for name, together in channels.items():
        for stage in rng.sample(range(stages - 1), rng.randint(1, stages - 1)):
            effects[f"{name}-{stage}"] = effect(name, rng.gauss(0, 0.6), f"s{stage}")
            if together:
                effects[f"{name}-{stage}-part"] = effect(name, rng.gauss(0, 0.4), f"s{stage}", when="reduced")
        if rng.random() < 0.5:
            effects[f"{name}-rate"] = effect(name, rng.gauss(0, 0.3), "incidents")
    priors = made(
        climbs, days=[rng.uniform(0.1, 50) for _ in range(stages)], rate=rng.uniform(0.3, 3.0),
        limited=rng.uniform(0.1, 0.9), channels=channels, effects=effects,
    )  # fmt: skip
    words: tuple[Word, ...] = ("in use", "limited", "down")
    return priors, [(rng.choice(list(channels)), rng.choice(words)) for _ in range(rng.randint(0, 12))]
