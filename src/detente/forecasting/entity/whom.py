"""Whom will a party do something to next: a ranked list with reasons, learnt from an event history in seconds.

What always holds: only events up to the day asked about are read, and the list is for the day after it; a party is
never its own target; each chance is among the parties of the history, given that the act comes, and has its reasons:
the parts of an exactly additive score, and the past events without which it would fall most.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from detente.errors import ForecastError
from detente.forecasting.entity.explaining import Cited, explain
from detente.forecasting.entity.facts import Facts, Ints, by_day
from detente.forecasting.entity.forecaster import Forecaster, Setting
from detente.forecasting.history import TYPES

_SETTING = Setting(depth=60, lessons=3000, reach=60, epochs=4, pace=4e-3)
_REACH = 730
"""Days of history that are read: what is older has faded from all counters but one."""
_LEAST = 20
"""Events without which nothing can be learnt."""
_REASONS, _PARTS = 3, 3


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for a candidate.

    Attributes:
        text: the reason, for a reader.
        effect: an event's: what it adds to the log odds; a part's: what it adds to the score.
        day: the day of the event, where the reason is one.
        source: who did it then.
        target: to whom.
        act: what it was: a PLOVER type, or the CAMEO code that was asked for.
    """

    text: str
    effect: float
    day: date | None = None
    source: str | None = None
    target: str | None = None
    act: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A party that could be the target.

    Attributes:
        party: its code.
        chance: the probability that it is this one, if the act comes.
        reasons: what speaks for it, the strongest first: past events, then parts of the sum.
    """

    party: str
    chance: float
    reasons: tuple[Reason, ...]


def whom(frame: pl.DataFrame, source: str, type_: str, on: date, *, top: int = 10, seed: int = 0) -> list[Candidate]:
    """Rank the parties to whom `source` may do `type_` next, as could be said on a day.

    Args:
        frame: an event history with the columns `date`, `source`, `target`, `type` and `cameo`.
        source: the code of the party that acts.
        type_: a PLOVER type or STATEMENT; or a CAMEO code, such as 161 or 1661, which its longer codes belong to.
        on: the last day that is known; later events are not read.
        top: how many candidates to return at most.
        seed: of all draws; the same seed gives the same list.

    Returns:
        The candidates, likeliest first.

    Raises:
        ForecastError: the type is not known, or the history holds too little: no event by the party, none of the
            type, or too few at all.

    Example:
        >>> days = [date(2024, 1, 1) + timedelta(days=n) for n in range(30)]
        >>> rows = {"date": days, "source": ["RUS"] * 30, "target": ["USA", "GBR", "USA"] * 10,
        ...         "type": ["SANCTION", "REJECT", "SANCTION"] * 10, "cameo": ["161", "120", "161"] * 10}
        >>> found = whom(pl.DataFrame(rows), "RUS", "SANCTION", date(2024, 1, 30))
        >>> found[0].party
        'USA'
    """
    known = frame.filter((pl.col("date") <= on) & (pl.col("date") > on - timedelta(days=_REACH)))
    acts = _acts(known, type_)
    _check(known, acts, source, type_, on)
    parties = sorted(set(known["source"]) | set(known["target"]))
    names = sorted(set(acts))
    facts = _facts(known, acts, parties, names)
    first = known["date"].min()
    assert isinstance(first, date)
    forecaster = Forecaster(facts, _SETTING, additive=True, seed=seed)
    forecaster.stand((on - first).days + 1)
    subject, relation = parties.index(source), names.index(type_)
    ranked = _ranked(forecaster, subject, relation)

    def reasons(entity: int) -> tuple[Reason, ...]:
        found = explain(forecaster, subject, relation, entity, top=_REASONS)
        cited = [_told(event, forecaster.facts.relations, parties, names, first) for event in found.events]
        parts = [Reason(f"{name}: {part:+.2f}", part) for name, part in found.parts.items() if part > 0]
        return (*cited, *parts[:_PARTS])

    return [Candidate(parties[entity], chance, reasons(entity)) for entity, chance in ranked[:top]]


def _acts(known: pl.DataFrame, type_: str) -> list[str]:
    """The act of each event: its type, or the CAMEO code asked for where its own begins with that."""
    if type_ in TYPES:
        return known["type"].to_list()
    if not (type_.isascii() and type_.isdigit() and 2 <= len(type_) <= 4):
        raise ForecastError(
            f"{type_!r} is no PLOVER type and no CAMEO code; give one of {', '.join(TYPES)}, or say 161"
        )
    own = pl.col("cameo").str.starts_with(type_).fill_null(value=False)
    return known.select(pl.when(own).then(pl.lit(type_)).otherwise("type")).to_series().to_list()


def _check(known: pl.DataFrame, acts: list[str], source: str, type_: str, on: date) -> None:
    if known.height < _LEAST:
        raise ForecastError(
            f"the history holds {known.height} events up to {on}; at least {_LEAST} are needed to learn"
        )
    if not (known["source"] == source).any():
        raise ForecastError(
            f"the history holds no event by {source} up to {on}; nothing can be said of whom it turns to"
        )
    if type_ not in acts:
        raise ForecastError(f"the history holds no event of {type_} by anyone up to {on}; ask for a broader type")


def _facts(known: pl.DataFrame, acts: list[str], parties: list[str], names: list[str]) -> Facts:
    number, act = {code: n for n, code in enumerate(parties)}, {name: n for n, name in enumerate(names)}
    day = (known["date"] - known["date"].min()).dt.total_days().to_numpy()
    columns = ([number[code] for code in known["source"]], [act[name] for name in acts],
               [number[code] for code in known["target"]], day)  # fmt: skip
    rows = np.stack([np.asarray(column, dtype=np.int64) for column in columns], axis=1)
    nothing = np.zeros((0, 4), np.int64)
    return Facts(by_day(np.unique(rows, axis=0)), nothing, nothing, len(parties), len(names), tuple(parties))


def _ranked(forecaster: Forecaster, subject: int, relation: int) -> list[tuple[int, float]]:
    """Candidates and chances, the likeliest first; ties in the order of their numbers."""
    bench = forecaster.bench(np.array([subject]), np.array([relation]))
    best: Ints = bench.best[:, bench.best[0] != subject]
    chances = np.exp(forecaster.score(bench.read(best))[0].astype(np.float64))
    order = np.lexsort((best[0], -chances))
    return [(int(best[0, at]), float(chances[at] / chances.sum())) for at in order]


def _told(event: Cited, relations: int, parties: list[str], names: list[str], first: date) -> Reason:
    """A cited event as a reason; an inverse act is told the way it was done."""
    who, whom_, act = event.subject, event.object, event.relation
    if act >= relations:
        who, whom_, act = whom_, who, act - relations
    day = first + timedelta(days=event.day)
    text = f"{day}: {names[act]} by {parties[who]} to {parties[whom_]}"
    return Reason(text, event.effect, day, parties[who], parties[whom_], names[act])
