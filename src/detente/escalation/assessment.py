"""The risk that goes with losing or reopening lines between two parties: the public `risk`.

What always holds: nothing is written; the same ledger, priors and seed give the same report, and the two parties
swapped the same report swapped; a figure that no data stand behind is said to be such.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from detente.errors import UsageFault
from detente.escalation import counting, evidence, valuing
from detente.escalation.affording import Test, affordability
from detente.escalation.counting import Pair, Row, Situation, Word
from detente.escalation.model import Comparison, Point, Rate, Ratio, Risk, Scenario, StageRisk, Standing
from detente.escalation.priors import Priors, load
from detente.escalation.solving import DRAWS, Chances, Solver, estimate
from detente.ledger import asking
from detente.ledger.days import as_of, day_of

if TYPE_CHECKING:
    from detente.forecasting.history import History
    from detente.ledger import Ledger

MOST_INCIDENTS = 100_000.0
NOW, ALL, NONE, WHAT_IF, THEN = "as it stands", "all in use", "none in use", "what if", "that day"


@dataclass(frozen=True, slots=True)
class Posed:
    """A situation with its name, its day, and its chances at the middle and over the draws."""

    key: str
    title: str
    on: date
    at: Situation
    states: Mapping[str, str]
    exact: Chances
    drawn: Chances


def risk(
    ledger: Ledger, a: str, b: str, *, on: str | date | None = None, without: Iterable[str] = (),
    with_: Iterable[str] = (), since: str | date | None = None, incidents: float | None = None,
    priors: str | Path | Priors | None = None, beliefs: Mapping[str, float] | None = None,
    known: str | date | None = None, seed: int = 0, history: History | None = None, draws: int = DRAWS,
) -> Risk:  # fmt: skip
    """What losing or reopening lines between two parties goes with: association, never cause.

    Args:
        ledger: where the lines' states come from.
        a, b: the parties, as codes.
        on: the day that is asked about; today unless given.
        without: lines (ids, or kinds for all lines of a kind) that are supposed to be down.
        with_: lines that are supposed to be open and in use.
        since: another day, to compare the lines of this day with.
        incidents: incidents a year, if the analyst knows; 0 is allowed.
        priors: a TOML file that is laid over the shipped beliefs, or the beliefs themselves.
        beliefs: for each side by what it multiplies the effects of the lines; 0 means that they do nothing.
        known: as of when it could be known.
        seed: of the draws.
        history: events that others coded, from which the rate of incidents is taken where it has these parties.
        draws: number of draws for the intervals.

    Returns:
        The report, whose headline is a comparison: with and without the lines that are named, else that day and this
        one, else all lines in use and as it stands.

    Raises:
        UsageFault: an argument makes no sense.
        NotInLedger: there is no such line.
        PriorsError: an entry of the priors is wrong.

    Example:
        >>> import tempfile, detente
        >>> text = "MADRID - Spain closed its embassy in Libya on Monday. " * 3
        >>> with tempfile.TemporaryDirectory() as folder, detente.Ledger(f"{folder}/ledger.db") as ledger:
        ...     _ = ledger.record([detente.read(text, published="2021-10-19")])
        ...     found = risk(ledger, "ESP", "LBY", on="2021-10-20")
        >>> found.headline.ratios[3].stage, found.headline.ratios[3].ratio.value, found.headline.ratios[3].order
        ('deaths', 1.27579, 'none')
    """
    beliefs = dict(beliefs or {})
    without, with_ = _names(without, "without"), _names(with_, "with")
    _sensible(a, b, incidents, beliefs, seed, draws)
    believed = priors if isinstance(priors, Priors) else load(priors)
    stage = believed.headline
    day, then, asked = day_of(on, "on") or date.today(), day_of(since, "since"), as_of(known)
    with ledger.asked(None, a, b) as connection:
        boards = {d: asking.board(connection, a, b, on=d, asked=asked) for d in {day, then or day}}
        ids = {row["line"] for rows in boards.values() for row in rows}
        own = counting.pair(connection, a, b, ids, believed)
        claims = evidence.claims(connection, a, b, day, asked, believed.claims.words)
    rate = evidence.rate(believed, incidents, history, (a, b), day)
    solver = Solver(rate.priors, seed=seed, draws=draws, rate=rate.fixed)
    poser = _Poser(own, boards, solver)
    posed, pairs = _scenarios(poser, day, then, own.named(without), own.named(with_))
    compared = tuple(_compared(poser, posed[one], posed[two]) for one, two in pairs)
    head = compared[0]
    test = _closing(poser, posed[head.first], posed[head.second], head.differ)
    return Risk(
        a=a, b=b, on=day.isoformat(), known=asked.known, stage=stage,
        incidents=Rate(rate=estimate(solver.middle.rate[0], solver.drawn.rate), origin=rate.origin,
                       statement=rate.statement),
        scenarios=tuple(poser.told(p) for p in posed.values()), headline=head, comparisons=compared,
        values=valuing.values(solver, own, posed[NOW].at, boards[day]),
        all_lines=_compared(poser, posed[ALL], posed[NONE]).ratios[believed.asked].ratio,
        reopening=valuing.reopening(solver, posed[NOW].at),
        affordability=affordability(test, stage, head.differ, (a, b), beliefs, claims) if test else None,
        sensitivity=valuing.sensitivity(solver, posed[head.first].at, posed[head.second].at),
        caveats=evidence.caveats(believed, own),
        lacks=evidence.lacks(own, posed[NOW].at, (a, b), boards[day]),
        priors=Path(priors).name if isinstance(priors, (str, Path)) else "priors.toml", draws=draws, seed=seed,
    )  # fmt: skip


def course(
    ledger: Ledger, a: str, b: str, days: Sequence[date], *, priors: str | Path | Priors | None = None,
    known: str | date | None = None, seed: int = 0, draws: int = DRAWS,
) -> tuple[Point, ...]:  # fmt: skip
    """How often incidents got on, day by day, against the first of the days.

    Args:
        ledger: where the lines' states come from.
        a, b: the parties, as codes.
        days: in order.
        priors, known, seed, draws: as for `risk`.

    Returns:
        A point a day: the ratio at the headline's stage, and what each line counted as.
    """
    believed = priors if isinstance(priors, Priors) else load(priors)
    with ledger.asked(None, a, b) as connection:
        boards = {day: asking.board(connection, a, b, on=day, asked=as_of(known)) for day in days}
        ids = {row["line"] for rows in boards.values() for row in rows}
        own = counting.pair(connection, a, b, ids, believed)
    poser = _Poser(own, boards, Solver(believed, seed=seed, draws=draws))
    posed = [poser.pose(day.isoformat(), str(day), day) for day in days]
    stage = believed.asked
    return tuple(
        Point(on=one.key, ratio=_compared(poser, posed[0], one).ratios[stage], lines=poser.standing(one))
        for one in posed
    )


def _names(given: Iterable[str], option: str) -> tuple[str, ...]:
    if isinstance(given, str):
        raise UsageFault(f"{option}: give a list of lines, such as [{given!r}]")
    return tuple(given)


def _sensible(
    a: str, b: str, incidents: float | None, beliefs: Mapping[str, float], seed: int, draws: int
) -> None:  # fmt: skip
    if a == b:
        raise UsageFault(f"{a!r} and {b!r} are one party; a line has two ends")
    if incidents is not None and not 0 <= incidents <= MOST_INCIDENTS:
        raise UsageFault(f"incidents: {incidents!r} is no number of incidents a year; give one from 0 to 100,000")
    for party, belief in beliefs.items():
        if party not in (a, b):
            raise UsageFault(f"belief: {party!r} is neither {a} nor {b}; give NUMBER for one of these")
        if not (isfinite(belief) and 0 <= belief <= 100):
            raise UsageFault(f"belief: {belief!r} multiplies the effects of lines; give a number from 0 to 100")
    if not 0 <= seed < 2**63 or not 100 <= draws <= 1_000_000:
        raise UsageFault("seed and draws: give a seed of 0 or more, and from 100 to 1,000,000 draws")


class _Poser:
    """Makes situations of the lines of a pair, and tells them."""

    def __init__(self, own: Pair, boards: Mapping[date, list[Row]], solver: Solver) -> None:
        self.own, self.boards, self.solver = own, boards, solver
        self.channels = len(solver.priors.channels)

    def pose(self, key: str, title: str, on: date, told: Mapping[str, Word] | None = None) -> Posed:
        rows = self.boards[on]
        at = counting.situation(self.own, counting.words(rows, on), self.channels, told)
        states = {row["line"]: row["state"] for row in rows}
        return Posed(key, title, on, at, states, self.solver.exact(at), self.solver.sampled(at))

    def told(self, posed: Posed) -> Scenario:
        stages = tuple(
            StageRisk(stage=name, title=stage.title,
                      incident=estimate(posed.exact.reach[0, i], posed.drawn.reach[:, i]),
                      year=estimate(posed.exact.year[0, i], posed.drawn.year[:, i]))
            for i, (name, stage) in enumerate(self.solver.priors.stages.items())
        )  # fmt: skip
        return Scenario(key=posed.key, title=posed.title, on=posed.on.isoformat(), lines=self.standing(posed),
                        stages=stages, days=estimate(posed.exact.days[0], posed.drawn.days))  # fmt: skip

    def standing(self, posed: Posed) -> tuple[Standing, ...]:
        """What each line counts as."""
        return tuple(
            Standing(line=key, state=posed.states.get(key, "unknown"), counts=word)  # type: ignore[arg-type]
            for key, word in posed.at.words.items()
        )


def _scenarios(
    poser: _Poser, day: date, then: date | None, down: frozenset[str], up: frozenset[str]
) -> tuple[dict[str, Posed], list[tuple[str, str]]]:
    """The scenarios by key, and which are compared, the headline first."""
    if both := sorted(down & up):
        raise UsageFault(f"{both[0]} cannot be both without and with; name it once")
    every = poser.own.below
    posed = {NOW: poser.pose(NOW, f"as it stands on {day}", day)}
    pairs: list[tuple[str, str]] = []
    if down or up:
        told: dict[str, Word] = dict.fromkeys(down, "down") | dict.fromkeys(up, "in use")  # type: ignore[assignment]
        posed[WHAT_IF] = poser.pose(WHAT_IF, "with the lines changed that are named", day, told)
        pairs.append((NOW, WHAT_IF))
    if then is not None and then != day:
        posed[THEN] = poser.pose(THEN, f"as it stood on {then}", then)
        pairs.append((THEN, NOW))
    posed[ALL] = poser.pose(ALL, "with every line in use", day, dict.fromkeys(every, "in use"))
    posed[NONE] = poser.pose(NONE, "with no line in use", day, dict.fromkeys(every, "down"))
    pairs.append((ALL, NOW))
    pairs.append((NOW, NONE))
    if posed[ALL].at.words == posed[NOW].at.words:
        pairs.remove((ALL, NOW))
    return posed, pairs


def _compared(poser: _Poser, one: Posed, two: Posed) -> Comparison:
    differ = tuple(key for key in one.at.words if one.at.words[key] != two.at.words[key])
    exact, drawn = two.exact.frequency / one.exact.frequency, two.drawn.frequency / one.drawn.frequency
    ratios = []
    for i, name in enumerate(poser.solver.priors.stages):
        ratio = estimate(exact[0, i], drawn[:, i])
        ratios.append(Ratio(stage=name, ratio=ratio, order=valuing.order(ratio)))
    kinds = {line.id: line.kind for line in poser.own.lines}
    data = evidence.best(evidence.data(poser.solver.priors, kinds[key]) for key in differ)
    return Comparison(first=one.key, second=two.key, differ=differ, ratios=tuple(ratios), data=data)


def _closing(poser: _Poser, one: Posed, two: Posed, differ: Iterable[str]) -> Test | None:
    """The test of what differs, as closing it: from the situation with more in use to that with less."""
    differ = set(differ)
    if not differ:
        return None
    rank = {"in use": 0, "limited": 1, "either": 1, "down": 2}
    worse = sum(rank[two.at.words[k]] - rank[one.at.words[k]] for k in differ)
    before, after = (one, two) if worse >= 0 else (two, one)
    channels = np.zeros(poser.channels, bool)
    channels[[line.channel for line in poser.own.lines if line.id in differ]] = True
    return Test(poser.solver, before.at, after.at, channels, poser.solver.priors.asked)
