"""How often acts come, go on and are answered between any two parties: the shipped table, counted in an event history.

What always holds: a rate comes with how many cases it was counted in and where; the day asked about is no part of a
horizon, so that events which a coder mirrors on one day are no answers; between the counted horizons the hazard is
constant, so that a longer horizon is never less likely.

The table ``rates.toml`` is made by ``docs/base_rates.py``, which holds the definitions.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import accumulate, pairwise
from typing import Any, Literal

from detente.errors import ForecastError

State = Literal["any", "quiet", "one", "both"]
"""Who acted against the other in the last 90 days: not looked at; neither; one of them; both."""
Stratum = Literal["any", "first", "quiet"]
"""Which acts: all; the first of the sort in 30 days; those where neither did so to the other in the 90 days before."""

HORIZONS = (7, 30, 90)
"""Days that were counted."""
HOSTILE = ("ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT")
"""Types that are against the other side."""
BY_CODE = {
    "161": "reduce or break diplomatic relations, which is where expulsions of diplomats are coded",
    "163": "embargo, boycott or sanctions",
    "174": "expel or deport individuals",
}
"""Sorts of act that are told by their CAMEO code, as an act that is answered."""
TRIGGERS = (*HOSTILE, *BY_CODE)
REPLIES = ("same", "hostile", *HOSTILE)
"""What an answer may be: the same sort of act, any hostile type, or one type."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something came about.

    Attributes:
        probability: share of the cases.
        n: number of cases: days of a directed pair, or acts. Those of one pair are much alike, so that ``pairs`` tells
            better than ``n`` how much is known.
        pairs: number of directed pairs that the cases are of.
        source: what it was counted in.
        usual: for an answer, the share of all days of the same pairs on which such an act followed, answered or not.
    """

    probability: float
    n: int
    pairs: int
    source: str
    usual: float | None = None


def base(type_: str, horizon: int, state: State = "any") -> Rate:
    """P that one party of an active pair does at least one act of a type to the other within a horizon.

    Args:
        type_: a PLOVER type, or STATEMENT.
        horizon: days, at least 1.
        state: of the pair in the 90 days up to the one asked about.

    Raises:
        ForecastError: there is no such type or state, or the horizon holds no day.

    Example:
        >>> base("SANCTION", 30, "quiet").probability < base("SANCTION", 30).probability
        True
    """
    row = _row("base", type_, state)
    return Rate(_within(row, horizon), *_cases("base", state, horizon), source())


def persists(type_: str, horizon: int, seen: bool) -> Rate:
    """P of at least one act of a type within a horizon, by whether the same party did one to the other in 90 days.

    Arguments and errors are those of `base`.

    Example:
        >>> persists("SANCTION", 30, seen=True).probability > 10 * persists("SANCTION", 30, seen=False).probability
        True
    """
    row = _row("persistence", type_, "seen" if seen else "unseen")
    return Rate(_within(row, horizon), *_cases("persistence", type_, "seen" if seen else "unseen", horizon), source())


def answered(trigger: str, reply: str, horizon: int, stratum: Stratum = "any") -> Rate:
    """P that who was acted against does at least one act of a sort to who acted within a horizon.

    Args:
        trigger: a hostile PLOVER type, or one of the CAMEO codes in `BY_CODE`.
        reply: ``same`` sort of act, ``hostile`` for any hostile type, or a hostile type.
        horizon: days after the act, at least 1.
        stratum: which acts.

    Raises:
        ForecastError: nothing was counted for these, or the horizon holds no day.

    Example:
        >>> found = answered("161", "same", 30, "quiet")
        >>> 0 < found.probability < 0.2, found.n > 100
        (True, True)
    """
    table = _row("answers", trigger, stratum)
    if reply not in table["replies"]:
        raise ForecastError(f"no answers of the sort {reply!r} were counted; give one of {', '.join(REPLIES)}")
    rates = table["replies"][reply]
    n, pairs = (_of(table[name], horizon) for name in ("n", "pairs"))
    return Rate(_within(rates[0], horizon), n, pairs, source(), _within(rates[1], horizon))


@cache
def source() -> str:
    """What the rates were counted in.

    Example:
        >>> "ICEWS" in source()
        True
    """
    about = _table()["about"]
    return (
        f"{about['events']:,} events of {about['source']}, {about['first']} to {about['last']}, counted {about['made']}"
    )


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("rates.toml").read_text(encoding="utf-8"))


def _row(*path: str) -> Any:
    """What stands in the table at a place."""
    found: Any = _table()
    for name in path:
        if name not in found:
            raise ForecastError(f"nothing was counted for {name!r}; give one of {', '.join(found)}")
        found = found[name]
    return found


def _cases(*path: str | int) -> tuple[int, int]:
    """Number of cases and of pairs; the last of ``path`` is the horizon."""
    *names, horizon = path
    counts = _row("cases", *map(str, names))
    return _of(counts["n"], int(horizon)), _of(counts["pairs"], int(horizon))


def _of(counts: Sequence[int], horizon: int) -> int:
    """The count that belongs to the shortest counted horizon which holds a given one."""
    return next((count for days, count in zip(HORIZONS, counts, strict=True) if horizon <= days), counts[-1])


def _within(rates: Sequence[float], horizon: int) -> float:
    """The probability for any horizon: the hazard is constant between the counted ones, and as the last one's after.

    P = 1 - exp(-H), with H the cumulative hazard, linear between its known points and 0 at 0.

    Example:
        >>> round(_within([0.1, 0.2, 0.4], 30), 6), round(_within([0.1, 0.1, 0.1], 14), 6)
        (0.2, 0.1)
    """
    if horizon < 1:
        raise ForecastError(f"a horizon of {horizon} days holds no day; give at least 1")
    known = accumulate((math.inf if rate >= 1 else -math.log1p(-rate) for rate in rates), max)
    points = [(0, 0.0), *zip(HORIZONS, known, strict=True)]
    (d0, h0), (d1, h1) = next(((low, high) for low, high in pairwise(points) if horizon <= high[0]), points[-2:])
    if math.isinf(h1):
        return 1.0 if math.isinf(h0) or horizon >= d1 else 1 - math.exp(-h0)
    return -math.expm1(-(h0 + (h1 - h0) * (horizon - d0) / (d1 - d0)))
