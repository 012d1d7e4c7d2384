"""What one party is likely to do to another, from an event history, with its reasons.

What always holds: a model that has learnt from days up to one is never asked about an earlier one; the reasons'
effects and the constant add up to the log odds exactly; an act that a reason names lies on or before the day asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import exp, expm1, log, log1p

import numpy as np
import polars as pl

from detente.errors import ForecastError
from detente.forecasting.dyads import EVER, TYPES, Floats, Past, Queries, sign_names
from detente.forecasting.model import Sort
from detente.forecasting.reacting import LEVEL_DAYS, SOONEST, Reacting, draw
from detente.parties import name_of

HORIZONS = (7, 30, 90)
"""Days for which weights are learnt, each when it is first asked for; between them the hazard is taken as constant."""
Z80 = 1.2816
"""Standard normal quantile at 0.9."""
_SORT: dict[str, Sort] = {
    "own": "persistence", "back": "pair", "own other": "pair", "back other": "pair", "usual": "base", "level": "base",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Acts:
    """Acts of the history that a reason rests on: of ``source`` on ``target``, of ``types``, from first to last day."""

    source: str
    target: str
    types: tuple[str, ...]
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Reason:
    """One group of signs: what it was, in a sentence; what it adds to the log odds; the acts behind it."""

    sort: Sort
    text: str
    effect: float
    acts: tuple[Acts, ...] = ()


@dataclass(frozen=True, slots=True)
class Likely:
    """One type's chance within the horizon.

    Attributes:
        probability: of at least one such act.
        low, high: 80 % interval, normal on the log odds: pairs with the same signs differ, and other pairs might have
            been learnt from (standard error with pairs as groups).
        base: how often it is so for any active pair.
        persistence: what the pair's own rate of the last 90 days would give.
        constant: log odds of the average lesson; with the reasons' effects it gives those of the fitted horizon.
        reasons: the strongest first.
        rests_on: from what it was made, in a few words.
    """

    probability: float
    low: float
    high: float
    base: float
    persistence: float
    constant: float
    reasons: tuple[Reason, ...]
    rests_on: str


class PairModel:
    """A history and what was learnt from it.

    Example:
        >>> days = pl.date_range(date(2020, 1, 1), date(2020, 7, 1), "9d", eager=True)
        >>> rows = [{"date": day, "source": "RUS", "target": "USA", "type": "ACCUSE"} for day in days]
        >>> model = PairModel.fit(pl.DataFrame(rows), date(2020, 7, 1))
        >>> found = model.predict("RUS", "USA", date(2020, 7, 1), 30)
        >>> found["ACCUSE"].probability > 0.5 > found["ASSAULT"].probability
        True
    """

    def __init__(self, past: Past, until: date, *, seed: int = 0, teacher: PairModel | None = None) -> None:
        self.past, self.until, self._seed = past, until, seed
        self._learnt: dict[int, Reacting] = {}
        self._teacher = teacher or self
        self.learnt_until = self._teacher.until

    @classmethod
    def fit(cls, frame: pl.DataFrame, until: date, *, seed: int = 0) -> PairModel:
        """Learn from a history up to a day.

        Args:
            frame: the event history (see `detente.forecasting.history`); in any order, later days may be in it.
            until: the last day of which anything may be known.
            seed: of the draw of lessons.

        Raises:
            ForecastError: the history is empty or too short; the message says how many days are needed.
        """
        model = cls(_upto(frame, until), until, seed=seed)
        model._fitted(30)
        return model

    def moved(self, frame: pl.DataFrame, until: date) -> PairModel:
        """The same weights with a later history: what was learnt by then, asked about another day.

        Raises:
            ForecastError: the day is before the one up to which it has learnt.
        """
        self._later(until)
        return PairModel(_upto(frame, until), until, teacher=self._teacher)

    def predict(self, source: str, target: str, on: date, horizon: int) -> dict[str, Likely]:
        """Each type's chance that the source does so to the target in (on, on + horizon].

        Args:
            source, target: codes of parties; one that the history does not hold gets what is usual of the other.
            on: the day asked about, not before ``until``; where the history ends earlier, its last day stands for it.
            horizon: days.

        Raises:
            ForecastError: a horizon without a day, one party twice, or a day that lies before what was learnt.
        """
        if horizon < 1:
            raise ForecastError(f"a horizon of {horizon} days holds no day; give at least 1")
        if source == target:
            raise ForecastError(f"{source} with itself: a forecast is about two parties")
        self._later(on)
        model = self._teacher._fitted(horizon)
        day = min((min(on, self.until).toordinal() - _EPOCH) - self.past.start, self.past.days - 1)
        asked = self._asked(source, target, day)
        signs = model.signs(self.past, asked)
        peers = model.persistence.probabilities(self.past.count(asked, 90))[0]
        odds, parts = model.logit.odds(signs)[0], model.logit.parts(signs)[0]
        errors, scale = model.logit.errors(signs)[0], horizon / model.horizon
        found = {}
        for kind, type_ in enumerate(TYPES):
            spread = np.hypot(model.spread[kind], errors[kind])
            low, high = (_stretched(odds[kind] + z * spread, scale) for z in (-Z80, Z80))
            p, base = _stretched(odds[kind], scale), model.persistence.base[kind]
            found[type_] = Likely(
                p, low, high, _longer(base, scale), _longer(peers[kind], scale),
                float(odds[kind] - parts[kind].sum()), self._reasons(source, target, kind, asked, signs, parts),
                self._rests_on(source, target),
            )  # fmt: skip
        return found

    def _asked(self, source: str, target: str, day: int) -> Queries:
        return Queries(self.past.indices([source]), self.past.indices([target]), np.array([day], np.int64))

    def _later(self, day: date) -> None:
        if day < self.learnt_until:
            raise ForecastError(f"the model has learnt from days up to {self.learnt_until}; for {day} fit it anew")

    def _fitted(self, horizon: int) -> Reacting:
        """The model of the horizon nearest to the wanted one on a log scale, of those the history is enough for."""
        days = self.past.days
        able = [h for h in HORIZONS if h + SOONEST < days] or [HORIZONS[0]]
        nearest = min(able, key=lambda h: abs(log(horizon / h)))
        if nearest not in self._learnt:
            self._learnt[nearest] = Reacting.fit(
                self.past, draw(self.past, nearest, days - 1, seed=self._seed), nearest
            )
        return self._learnt[nearest]

    def _rests_on(self, source: str, target: str) -> str:
        past = self.past
        last = date.fromordinal(past.start + past.days - 1 + _EPOCH)
        told = f"an event history up to {last}"
        unseen = [name_of(name) for name in (source, target) if name not in past]
        if unseen:
            return f"{told}, in which {' and '.join(unseen)} {'is' if len(unseen) == 1 else 'are'} not: what is usual"
        days = past.volume(self._asked(source, target, past.days - 1), EVER)[0]
        if not days:
            return f"{told}, in which the two have nothing to do with one another: what is usual"
        return f"{told}, in which the two had to do with one another ({days:.0f} days, each way counted)"

    def _reasons(
        self, source: str, target: str, kind: int, asked: Queries, signs: Floats, parts: Floats
    ) -> tuple[Reason, ...]:
        """Groups of signs with their effects, the strongest first."""
        effects: dict[str, float] = {}
        for name, effect in zip((*sign_names(), "level"), parts[kind], strict=True):
            group = _group(name)
            effects[group] = effects.get(group, 0.0) + float(effect)
        back = Queries(asked.target, asked.source, asked.on)
        told = {
            "own": self._acts(source, target, asked, (kind,)),
            "back": self._acts(target, source, back, (kind,)),
            "own other": self._acts(source, target, asked, tuple(k for k in range(len(TYPES)) if k != kind)),
            "back other": self._acts(target, source, back, tuple(k for k in range(len(TYPES)) if k != kind)),
            "usual": (_expected(source, target, kind, exp(signs[0, kind, 0])), ()),
            "level": (_busy(kind, exp(signs[0, kind, -1])), ()),
        }
        found = [Reason(_SORT[group], told[group][0], round(effect, 3), told[group][1])
                 for group, effect in effects.items()]  # fmt: skip
        return tuple(sorted(found, key=lambda reason: -abs(reason.effect)))

    def _acts(self, one: str, other: str, asked: Queries, kinds: tuple[int, ...]) -> tuple[str, tuple[Acts, ...]]:
        """How often one did so to the other, and where that can be looked up."""
        what = f"of type {TYPES[kinds[0]]}" if len(kinds) == 1 else "of other types"
        counts = [self.past.days_with(asked, kinds, window) for window in (30, 90, EVER)]
        on = self.past.start + int(asked.on[0]) + _EPOCH
        last = date.fromordinal(on)
        who = f"{name_of(one)} on {name_of(other)}"
        if not counts[2]:
            return f"no act {what} of {who} is in the history", ()
        first = date.fromordinal(on - 89) if counts[1] else date.fromordinal(self.past.start + _EPOCH)
        often = (
            f"on {counts[0]} of the last 30 days, {counts[1]} of the last 90"
            if counts[1]
            else "not in the last 90 days"
        )
        ever = f", {counts[2]} since {date.fromordinal(self.past.start + _EPOCH)}"
        return f"acts {what} of {who}: {often}{ever}", (Acts(one, other, tuple(TYPES[k] for k in kinds), first, last),)


_EPOCH = date(1970, 1, 1).toordinal()
"""Polars counts days from there."""


def _upto(frame: pl.DataFrame, until: date) -> Past:
    return Past(frame.filter(pl.col("date").cast(pl.Date) <= until))


def _group(name: str) -> str:
    """The group of a sign: whose acts, and whether of the type itself."""
    whose, _, rest = name.partition(" ")
    return f"{whose} other" if rest.startswith(("class", "any")) else whose


def _expected(source: str, target: str, kind: int, rate: float) -> str:
    every = 1.0 / rate
    often = f"every {every:.0f} days" if every < LONG else "hardly ever"
    return (f"from how busy the two are and what each does and meets elsewhere, {TYPES[kind]} of {name_of(source)} on "
            f"{name_of(target)} would come {often}")  # fmt: skip


def _busy(kind: int, ratio: float) -> str:
    return f"{TYPES[kind]} was {ratio:.2f} times as frequent anywhere in the last {LEVEL_DAYS} days as before"


LONG = 3650


def _stretched(odds: float, scale: float) -> float:
    """A probability over another horizon, with the same hazard: 1 - (1 - p)^scale."""
    return float(-expm1(-scale * (log1p(exp(-abs(odds))) + max(odds, 0.0))))


def _longer(p: float, scale: float) -> float:
    return float(-expm1(scale * log1p(-min(float(p), 1 - 1e-12))))
