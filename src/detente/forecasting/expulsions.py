"""The expulsion test: each answered act of the casebook forecast from what came before it, beside two peers.

What always holds: an act is forecast from what could be known on the day on which it became known, its own answer and
all that came later left out; the peers are given the same cases, the same supports, and shares that they could know by
then.

The peers are "mirror: one for one within 14 days", trusted as often as that has come true so far, and the base rate:
how answers were before, whatever the act. A distribution of each is scored with the natural logarithm of what it gave
to what happened, so that nearer to zero is better.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from detente.forecasting import replies
from detente.forecasting.pooling import Floats
from detente.forecasting.precedents import Case, Reply, cases
from detente.forecasting.steps import Act, Move
from detente.ledger.believing import NOW, Asked
from detente.model import AnswerKind

if TYPE_CHECKING:
    import polars as pl

SOON = 14
"""Days within which the peer "mirror" expects the answer."""
NEAR = 0.2
"""How far a number may be off, as a share of the true one, and count as near."""
KINDS: tuple[AnswerKind, ...] = tuple(k for k in get_args(AnswerKind) if k != "solidarity")
SALISBURY = (date(2018, 3, 26), date(2018, 3, 27))
"""The days on which some thirty states acted against Russia."""
_DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Guess:
    """What a forecaster says of an answer: distributions of its kind, number and day."""

    kinds: dict[AnswerKind, float]
    numbers: Floats | None
    days: Floats


Forecaster = Callable[[Case, Sequence[Case]], Guess]


def ours(case: Case, past: Sequence[Case]) -> Guess:
    """The model of `detente.forecasting.replies`."""
    numbers = replies.numbers(case, past) if case.people else None
    return Guess(replies.kinds(case, past), numbers, replies.days(case, past))


def mirror(case: Case, past: Sequence[Case]) -> Guess:
    """One for one within `SOON` days, each as surely as it came true so far; the rest of the chance spread evenly."""
    told = [c.reply for c in past if c.reply is not None]
    kind = _so_far([r.kind == "mirror" for r in told])
    kinds = {k: kind if k == "mirror" else (1 - kind) / (len(KINDS) - 1) for k in KINDS}
    days = np.empty(replies.settings()["days"]["last"] + 1)
    soon = _so_far([r.days <= SOON for r in told if r.days is not None])
    days[: SOON + 1], days[SOON + 1 :] = soon / (SOON + 1), (1 - soon) / (len(days) - SOON - 1)
    return Guess(kinds, _one_for_one(case, past), days)


def base_rate(case: Case, past: Sequence[Case]) -> Guess:
    """How answers were so far, whatever the act: each kind's share, one for one or not, the lags as they were."""
    counts: dict[AnswerKind, float] = dict.fromkeys(KINDS, 1.0)
    lags = np.ones(replies.settings()["days"]["last"] + 1) / 366
    on_log = np.log1p(np.arange(len(lags)))
    for reply in (c.reply for c in past if c.reply is not None):
        counts[reply.kind] += 1
        if reply.days is not None:
            bump = np.exp(-0.5 * ((on_log - np.log1p(min(reply.days, len(lags) - 1))) / 0.5) ** 2) / np.exp(on_log)
            lags += bump / bump.sum()
    total = sum(counts.values())
    return Guess({k: n / total for k, n in counts.items()}, _one_for_one(case, past), lags / lags.sum())


def _one_for_one(case: Case, past: Sequence[Case]) -> Floats | None:
    """As many in return, as surely as that came true so far, the rest spread evenly over what may be."""
    if not case.people:
        return None
    same = _so_far([c.one_for_one for c in past if c.one_for_one is not None])
    found = np.full(3 * case.people + 11, (1 - same) / (3 * case.people + 10))
    found[case.people] = same
    return found


def _so_far(came_true: Sequence[bool]) -> float:
    """Laplace's rule."""
    return (sum(came_true) + 1) / (len(came_true) + 2)


FORECASTERS: dict[str, Forecaster] = {"détente": ours, "mirror within 14 days": mirror, "base rate": base_rate}


def trial(history: pl.DataFrame | None = None) -> dict[str, Any]:
    """Run the test.

    Args:
        history: coded events around March 2018, for the case of Salisbury; without it that part is left out.

    Returns:
        For expulsions and closures of posts, and for all answered acts: by forecaster hit rates and log scores, the
        difference to each peer with its 95 % band (resampled by pair of parties); the single cases; Salisbury.
    """
    rows = [row for case in cases(None, asked=NOW) if case.reply is not None and case.sort != "other"
            for row in _scored(case, case.reply)]  # fmt: skip
    chosen = [row for row in rows if row["family"] in ("people", "posts")]
    found: dict[str, Any] = {"expulsions": _summary(chosen), "all answered acts": _summary(rows), "cases": rows}
    if history is not None:
        found["Salisbury"] = salisbury(history)
    return found


def before(case: Case) -> tuple[Case, list[Case]]:
    """An act as it could be seen on the day on which it became known, and the precedents of that day."""
    known = cases(None, asked=Asked(case.act.known))
    own = next(c for c in known if c.act.keys & case.act.keys)
    return replace(own, reply=None, silent=False), [c for c in known if c is not own]


def _scored(case: Case, reply: Reply) -> list[dict[str, Any]]:
    seen, past = before(case)
    return [{"forecaster": name, "case": case.name(), "family": case.family, "pair": _pair(case.act), "day":
             case.act.day.isoformat(), **score(seen, reply, guess(seen, past))}
            for name, guess in FORECASTERS.items()]  # fmt: skip


def _pair(act: Act) -> str:
    return "-".join(sorted((act.actor, act.target)))


def score(case: Case, reply: Reply, guess: Guess) -> dict[str, Any]:
    """What came of a guess: kind, number and day, each as far as it is known what happened."""
    best = max(guess.kinds, key=lambda kind: guess.kinds[kind])
    row: dict[str, Any] = {"kind": best, "was kind": reply.kind, "kind hit": best == reply.kind,
                           "kind log": float(np.log(guess.kinds[reply.kind]))}  # fmt: skip
    if case.people and guess.numbers is not None and reply.number is not None:
        likeliest = int(guess.numbers.argmax())
        row |= {"number": likeliest, "was number": reply.number, "number hit": likeliest == reply.number,
                "number near": abs(likeliest - reply.number) <= NEAR * reply.number,
                "number log": float(np.log(guess.numbers[min(reply.number, len(guess.numbers) - 1)]))}  # fmt: skip
    if reply.days is not None:
        median, low, high = replies.middle(guess.days)
        row |= {"days": [median, low, high], "was days": reply.days, "days inside": low <= reply.days <= high,
                "days wide": high - low,
                "days log": float(np.log(guess.days[min(reply.days, len(guess.days) - 1)]))}  # fmt: skip
    return row


_FIGURES = ("kind hit", "kind log", "number hit", "number near", "number log", "days inside", "days wide", "days log")


def _summary(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    by = {name: [row for row in rows if row["forecaster"] == name] for name in FORECASTERS}
    own = by["détente"]
    found: dict[str, Any] = {
        name: {figure: _mean([row[figure] for row in told if figure in row]) for figure in _FIGURES}
        for name, told in by.items()
    }
    found["cases"] = {figure: sum(figure in row for row in own) for figure in ("kind hit", "number hit", "days inside")}
    found["gain"] = {
        name: {figure: _gain(own, told, figure) for figure in _FIGURES if figure.endswith("log")}
        for name, told in by.items() if told is not own
    }  # fmt: skip
    return found


def _mean(values: Sequence[float]) -> float | None:
    return round(float(np.mean(values)), 4) if values else None


def _gain(own: Sequence[dict[str, Any]], other: Sequence[dict[str, Any]], figure: str) -> list[float]:
    """By how much our score is better, and the 95 % band of that, whole pairs of parties being drawn."""
    groups: dict[str, list[float]] = {}
    for mine, theirs in zip(own, other, strict=True):
        if figure in mine:
            groups.setdefault(mine["pair"], []).append(mine[figure] - theirs[figure])
    if not groups:
        return []
    sums = np.array([[sum(g), len(g)] for g in groups.values()])
    drawn = sums[np.random.default_rng(0).integers(len(sums), size=(_DRAWS, len(sums)))].sum(axis=1)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975])
    return [round(float(x), 4) for x in (sums[:, 0].sum() / sums[:, 1].sum(), low, high)]


def salisbury(history: pl.DataFrame) -> dict[str, Any]:
    """March 2018 apart: of some thirty states that acted against Russia at once, which ones were answered.

    Who acted, and who was answered within 30 days, is what the coded events say (which miss some answers); what is
    forecast comes from the casebook and the events known by 26 March. The base rate is that of acts whose 30 days had
    passed by then.

    Returns:
        Number of senders and of those answered, mean probability and Brier score of each forecaster.
    """
    import polars as pl

    first, last = SALISBURY
    day = pl.col("date")
    acts = history.filter(pl.col("type") == "SANCTION")
    on_russia = acts.filter((pl.col("target") == "RUS") & (pl.col("source") != "RUS"))
    senders = sorted(on_russia.filter(day.is_between(first, last))["source"].unique().to_list())
    back = acts.filter((pl.col("source") == "RUS") & (day > last) & (day <= last + timedelta(days=30)))
    answered = set(back["target"].unique().to_list())
    rate = _answered_before(acts, first)
    past = cases(None, asked=Asked(first.isoformat()))
    told = {}
    for sender in senders:
        move = Move("staff", "RUS", sender, "limit")
        act = Act(sender, "RUS", first, True, first.isoformat(), "SANCTION", (move,))
        case = Case(act, "staff", None, len(senders) - 1, False, False, None, False)
        # The ledger may know of the sender's own act by now; it is no precedent for itself.
        known = [c for c in past if not (c.act.actor == sender and c.act.day >= first)]
        when = replies.days(case, known)
        chance = replies.whether(case, known, replies.ever(rate, when)).chance.mean
        told[sender] = replies.within(chance, when, 0, 30)
    was = np.array([sender in answered for sender in senders], float)
    guesses = {
        "détente": np.array(list(told.values())),
        "mirror": np.ones(len(was)),
        "base rate": np.full(len(was), rate),
    }
    return {
        "senders": len(senders), "answered": int(was.sum()), "rate before": round(rate, 4),
        "mean": {name: round(float(p.mean()), 4) for name, p in guesses.items()},
        "brier": {name: round(float(((p - was) ** 2).mean()), 4) for name, p in guesses.items()},
        "by sender": {s: [round(p, 3), s in answered] for s, p in told.items()},
    }  # fmt: skip


def _answered_before(acts: pl.DataFrame, day: date) -> float:
    """The share of acts answered in kind within 30 days, of those whose 30 days had passed by a day."""
    import polars as pl

    told = acts.filter(pl.col("date") < day).select("date", "source", "target").unique()
    old = told.filter(pl.col("date") < day - timedelta(days=30))
    back = told.select(pl.col("date").alias("back"), pl.col("source").alias("target"), pl.col("target").alias("source"))
    lag = (pl.col("back") - pl.col("date")).dt.total_days()
    hit = old.join(back, on=["source", "target"]).filter((lag > 0) & (lag <= 30))
    return hit.select("date", "source", "target").unique().height / max(old.height, 1)
