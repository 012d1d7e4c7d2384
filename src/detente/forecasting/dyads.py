"""What one party did to another and what it got back, as signs of what comes next.

What always holds: the signs of a day are made of that day and earlier ones; the order of a day's events, other days
that are asked about, and everything later change nothing. A party is known only by what it did and met: the signs hold
no names, so that swapping two parties in the history swaps the result. A day with ten coded acts of a type counts once.

`Past` answers three questions about many directed pairs and days at once: which signs (`signs`), what happened in the
days after (`outcomes`), and how busy the world was (`level`). Counts are looked up by binary search in sorted runs of
(pair, type, day), so that no table of all pairs and days is ever made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from detente.errors import ForecastError
from detente.forecasting.pooling import shrunk
from detente.model import EVENT_TYPES

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

TYPES = ("STATEMENT", *EVENT_TYPES)
WINDOWS = (1, 3, 7, 30, 90)
"""Days that end with the one asked about; beside them, everything since the history began."""
WIDE = (1, 7, 30, 90)
"""The same, for signs that gather several types."""
RECENT = 120
"""How far back 'lately' reaches, where the share of past horizons with an act is counted."""
LONGEST = 1000
"""Days since an act are not told apart beyond this."""
EVER = 1 << 40

_CLASSES = (
    {"AGREE", "CONSULT", "SUPPORT", "CONCEDE"}, {"COOPERATE", "AID", "RETREAT"},
    {"REQUEST", "ACCUSE", "REJECT", "THREATEN"}, {"STATEMENT"},
)  # fmt: skip
"""PLOVER's quad classes; the fourth, material conflict, is all other types."""
_CLASS = np.array([next((i for i, c in enumerate(_CLASSES) if t in c), len(_CLASSES)) for t in TYPES])
_KINDS = len(TYPES)
_PRIOR_DAYS, _PRIOR_ACTS = 15.0, 20.0
"""What a pooled rate is worth in days watched; what the world's shares by type are worth in acts of a party."""


class Tally:
    """Days on which something happened, by group, each group's in order."""

    def __init__(self, groups: Ints, days: Ints, span: int, *, once: bool = True) -> None:
        """Sort them; ``span`` is more than any day, and days start at 0."""
        keys = groups * span + days
        self.span, self.keys = span, np.unique(keys) if once else np.sort(keys)

    def upto(self, groups: Ints, days: Ints) -> Ints:
        """How many of the sorted runs lie before a group's first day after ``days``."""
        found: Ints = np.searchsorted(self.keys, groups * self.span + np.clip(days, -1, self.span - 1), "right")
        return found

    def within(self, groups: Ints, after: Ints, last: Ints) -> Floats:
        """How many a group has in (after, last]."""
        found: Floats = (self.upto(groups, last) - self.upto(groups, after)).astype(np.float64)
        return found

    def since(self, groups: Ints, days: Ints, nth: int = 1) -> Floats:
        """Days since a group's nth last, at most `LONGEST`."""
        if not len(self.keys):
            return np.full(np.broadcast(groups, days).shape, float(LONGEST))
        place = self.upto(groups, days) - nth
        key = self.keys[np.maximum(place, 0)]
        there = (place >= 0) & (key // self.span == groups)
        found: Floats = np.where(there, np.minimum(days - key % self.span, LONGEST), LONGEST).astype(np.float64)
        return found


class Cover:
    """How many of a group's past days were followed by one of its own within a horizon."""

    def __init__(self, tally: Tally, horizon: int) -> None:
        """Add up the gaps between a group's days, each as far as the horizon reaches back."""
        keys, span = tally.keys, tally.span
        gaps = np.minimum(np.diff(keys), horizon)
        gaps[np.diff(keys // span) != 0] = 0
        self.tally, self.horizon = tally, horizon
        self.sums = np.concatenate([[0], np.cumsum(gaps)]).astype(np.int64)

    def share(self, groups: Ints, days: Ints, window: int, prior: Floats) -> Floats:
        """Of the past days whose horizon has passed, the share with an act in it; a prior counts as one horizon.

        Args:
            groups, days: what is asked about; shapes that broadcast.
            window: how far back, in days.
            prior: the share where nothing was seen.
        """
        first, last = np.maximum(days - window, 0), days - self.horizon
        whole = np.maximum(last - first + 1, 0)
        covered = self._after(groups, first, days) - self._after(groups, np.minimum(last + 1, days), days)
        return shrunk(np.where(whole > 0, covered, 0), whole, prior, float(self.horizon))

    def _after(self, groups: Ints, first: Ints, days: Ints) -> Ints:
        """Days from ``first`` on that are followed by one of the group's in (first, days]."""
        tally = self.tally
        start, end = tally.upto(groups, first), tally.upto(groups, days)
        if not len(tally.keys):
            return np.zeros(np.broadcast(start, end).shape, np.int64)
        begun = np.minimum(start, len(tally.keys) - 1)
        head = np.minimum(tally.keys[begun] % tally.span - first, self.horizon)
        found: Ints = np.where(end > start, head + self.sums[np.maximum(end - 1, 0)] - self.sums[begun], 0)
        return found


@dataclass(frozen=True, slots=True)
class Queries:
    """Who would act towards whom, as of which days: indices of parties and days since the history began; (n,) each."""

    source: Ints
    target: Ints
    on: Ints

    def __len__(self) -> int:
        return len(self.on)

    def pick(self, which: Ints | Flags | slice) -> Queries:
        """Some of them."""
        return Queries(self.source[which], self.target[which], self.on[which])


def sign_names() -> tuple[str, ...]:
    """The signs by name, in their order: whose acts, of which sort, in which window.

    Example:
        >>> sign_names()[:3]
        ('usual', 'own type 1', 'own type 3')
    """
    names = ["usual"]
    for whose in ("own", "back"):
        names += [f"{whose} type {w}" for w in (*WINDOWS, "all")]
        names += [f"{whose} {sort} {w}" for sort in ("class", "any") for w in (*WIDE, "all")]
        names += [f"{whose} horizons {w}" for w in ("lately", "all")]
    names += ["own type since 1", "own type since 2", "own type since 3", "back type since 1"]
    return tuple(names)


class Past:
    """An event history, as counts that can be asked for as of any day."""

    def __init__(self, frame: pl.DataFrame) -> None:
        """Count a history.

        Args:
            frame: one event a row: ``date``, ``source``, ``target``, ``type`` (one of `TYPES`; other rows, and acts of
                a party on itself, are left out); more columns do no harm. In any order.

        Raises:
            ForecastError: a column lacks, or no event is left.
        """
        lacking = {"date", "source", "target", "type"} - set(frame.columns)
        if lacking:
            raise ForecastError(f"event history: no column {', '.join(sorted(lacking))}; see the history's schema")
        frame = frame.select("date", "source", "target", "type").drop_nulls().unique()
        frame = frame.filter((pl.col("source") != pl.col("target")) & pl.col("type").is_in(TYPES))
        if frame.is_empty():
            raise ForecastError("event history: no event between two parties is in it; import one, or record pages")
        self.parties: tuple[str, ...] = tuple(sorted(set(frame["source"]) | set(frame["target"])))
        self._index = {name: i for i, name in enumerate(self.parties)}
        day = frame["date"].cast(pl.Date).cast(pl.Int32).to_numpy().astype(np.int64)
        self.start = int(day.min())
        self.days = int(day.max()) - self.start + 1
        type_ = frame["type"].replace_strict(list(TYPES), range(_KINDS), return_dtype=pl.Int64).to_numpy()
        self._count(self.indices(frame["source"].to_list()), self.indices(frame["target"].to_list()),
                    type_, day - self.start)  # fmt: skip

    def _count(self, source: Ints, target: Ints, type_: Ints, day: Ints) -> None:
        self._slots = len(self.parties) + 1
        pair, span = source * self._slots + target, self.days + 1
        self.typed = Tally(pair * _KINDS + type_, day, span)
        self._classed = Tally(pair * (len(_CLASSES) + 1) + _CLASS[type_], day, span)
        self._anyhow = Tally(pair, day, span)
        self._loose = Tally(pair, day, span, once=False)
        self._done = Tally(source * _KINDS + type_, day, span, once=False)
        self._met = Tally(target * _KINDS + type_, day, span, once=False)
        self._all = Tally(type_, day, span, once=False)
        self.pairs: Ints = np.unique(np.concatenate([pair, target * self._slots + source]))
        self._covers: dict[int, Cover] = {}

    def indices(self, names: list[str]) -> Ints:
        """Parties' indices; one beyond the last for a party that is not in the history."""
        return np.array([self._index.get(name, len(self.parties)) for name in names], np.int64)

    def __contains__(self, name: str) -> bool:
        """Whether a party is in the history."""
        return name in self._index

    def ends(self, pairs: Ints) -> tuple[Ints, Ints]:
        """The source and the target of pairs."""
        return pairs // self._slots, pairs % self._slots

    def volume(self, asked: Queries, window: int) -> Floats:
        """On how many days of a window either did anything to the other."""
        own, back = self._both(asked)
        after = asked.on - window
        return self._anyhow.within(own, after, asked.on) + self._anyhow.within(back, after, asked.on)

    def acts(self, asked: Queries) -> Floats:
        """How many acts, of any type and each day's once, either did to the other since the history began."""
        own, back = self._both(asked)
        return self._loose.within(own, asked.on - EVER, asked.on) + self._loose.within(back, asked.on - EVER, asked.on)

    def count(self, asked: Queries, window: int) -> Floats:
        """On how many days of a window the source did each type to the target; (n, types)."""
        own, _ = self._both(asked)
        on = asked.on[:, None]
        return self.typed.within(own[:, None] * _KINDS + np.arange(_KINDS), on - window, on)

    def days_with(self, asked: Queries, kinds: Sequence[int], window: int) -> int:
        """On how many days of a window the source did something of some types to the target; of one query."""
        groups = self._both(asked)[0] * _KINDS
        on, span = int(asked.on[0]), self.typed.span
        runs = [self.typed.keys[slice(*(int(self.typed.upto(groups + k, d)[0]) for d in (asked.on - window, asked.on)))]
                for k in kinds]  # fmt: skip
        return len(np.unique(np.concatenate(runs) % span)) if on >= 0 else 0

    def outcomes(self, asked: Queries, horizon: int) -> Flags:
        """Whether the source did each type to the target in (on, on + horizon]; (n, types)."""
        own, _ = self._both(asked)
        on = asked.on[:, None]
        found: Flags = self.typed.within(own[:, None] * _KINDS + np.arange(_KINDS), on, on + horizon) > 0
        return found

    def level(self, after: Ints, last: Ints, upto: Ints) -> Floats:
        """How frequent each type was anywhere in (after, last], as the log of its ratio to all days till ``upto``.

        A type's ratio is drawn to that of all types, as if 400 acts had been seen at that, and theirs to one.
        """
        kinds = np.arange(_KINDS)[None, :]
        some = self._all.within(kinds, after[:, None], last[:, None])
        rate = self._all.within(kinds, np.full((len(upto), 1), -1), upto[:, None]) / (upto[:, None] + 1.0)
        expected = rate * (last - after)[:, None]
        whole = (some.sum(axis=1, keepdims=True) + 2000.0) / (expected.sum(axis=1, keepdims=True) + 2000.0)
        found: Floats = np.log((some + 400.0 * whole) / (expected + 400.0))
        return found

    def signs(self, asked: Queries, horizon: int) -> Floats:
        """The signs of each type, in the order of `sign_names`; (n, types, signs).

        Frequencies are logs of rates per day. Those of the type itself are relative to the pair's pooled rate for it
        (`usual`), to which they are drawn as if it had been seen for 15 days: log((c + 15 m) / (days + 15)) - log m.
        """
        own, back = self._both(asked)
        on, kinds = asked.on[:, None], np.arange(_KINDS)
        usual = self._pooled(asked)
        found = [np.log(usual)]
        for pair in (own, back):
            found += self._typed_signs(pair[:, None] * _KINDS + kinds, on, usual)
            classes = [self._rates(self._classed, pair * (len(_CLASSES) + 1) + c, asked.on)
                       for c in range(len(_CLASSES) + 1)]  # fmt: skip
            found += [np.stack(by_class, axis=1)[:, _CLASS] for by_class in zip(*classes, strict=True)]
            found += [np.repeat(r[:, None], _KINDS, axis=1) for r in self._rates(self._anyhow, pair, asked.on)]
            found += self._horizon_signs(pair[:, None] * _KINDS + kinds, on, usual, horizon)
        found += [np.log1p(self.typed.since(own[:, None] * _KINDS + kinds, on, nth)) for nth in (1, 2, 3)]
        found.append(np.log1p(self.typed.since(back[:, None] * _KINDS + kinds, on)))
        return np.stack(found, axis=2)

    def _cover(self, horizon: int) -> Cover:
        if horizon not in self._covers:
            self._covers[horizon] = Cover(self.typed, horizon)
        return self._covers[horizon]

    def _both(self, asked: Queries) -> tuple[Ints, Ints]:
        return asked.source * self._slots + asked.target, asked.target * self._slots + asked.source

    def _pooled(self, asked: Queries) -> Floats:
        """A pair's rate of each type per day, pooled: how often the two meet, times how usual the type is.

        How often they meet is drawn to what the busyness of both lets expect (source's acts x target's share of all
        acts received); how usual a type is: the geometric mean of its share in all that the source does and in all
        that the target meets, each drawn to its share in the world.
        """
        on, never, kinds = asked.on, np.full((len(asked), 1), -1), np.arange(_KINDS)[None, :]
        world = self._all.within(kinds, never, on[:, None])
        total = world.sum(axis=1, keepdims=True) + 1.0
        done = self._done.within(asked.source[:, None] * _KINDS + kinds, never, on[:, None])
        met = self._met.within(asked.target[:, None] * _KINDS + kinds, never, on[:, None])
        shares = [shrunk(s, s.sum(axis=1, keepdims=True), (world + 0.5) / total, _PRIOR_ACTS) for s in (done, met)]
        days = on + 1.0
        expected = (done.sum(axis=1) + 0.3) * (met.sum(axis=1) + 0.3) / total[:, 0] / days
        volume = shrunk(self._loose.within(self._both(asked)[0], never[:, 0], on), days, expected, 2 * _PRIOR_DAYS)
        found: Floats = np.maximum(np.sqrt(shares[0] * shares[1]) * volume[:, None], 1e-5)
        return found

    def _typed_signs(self, groups: Ints, on: Ints, usual: Floats) -> list[Floats]:
        found = []
        for window in (*WINDOWS, EVER):
            days = np.minimum(window, on + 1)
            found.append(np.log(shrunk(self.typed.within(groups, on - days, on), days, usual, _PRIOR_DAYS) / usual))
        return found

    def _rates(self, tally: Tally, groups: Ints, on: Ints) -> list[Floats]:
        found = []
        for window in (*WIDE, EVER):
            days = np.minimum(window, on + 1)
            found.append(np.log((tally.within(groups, on - days, on) + 0.5) / (days + 20.0)))
        return found

    def _horizon_signs(self, groups: Ints, on: Ints, usual: Floats, horizon: int) -> list[Floats]:
        """Log odds of the share of past horizons with an act."""
        cover = self._cover(horizon)
        prior = np.clip(-np.expm1(-horizon * usual), 1e-4, 1 - 1e-4)
        shares = [cover.share(groups, on, window, prior) for window in (max(RECENT, 4 * horizon), EVER)]
        return [np.log(s) - np.log1p(-s) for s in (np.clip(s, 1e-4, 1 - 1e-4) for s in shares)]
