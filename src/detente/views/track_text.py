"""A track record in the terminal.

What always holds: a skill stands with the number of questions and its band, a rate of calibration with its count and
band; what is not known is told with its reasons.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from detente.forecasting.backtest import Backtest
from detente.forecasting.track import Bin, Resolved, Rival, Score
from detente.plain import day, number_of, parties, per_cent, shown
from detente.views.track import KINDS, Record

WIDTH = 30
"""Cells of a bar of reliability."""


def show_record(view: Record, out: Console) -> None:
    """Print the track record of stored forecasts."""
    out.print(Text(view.title, style="bold"))
    if not view.stored:
        out.print(Text("No forecast is stored yet; make one with detente forecast A B."))
        return
    waits = f"; the days of {view.waiting} have not passed yet" if view.waiting else ""
    count, today = number_of(view.stored, "forecast"), day(view.day.isoformat())
    out.print(Text(f"{count} stored{waits}, as of {today}.", style="dim"))
    if view.ahead.n + view.ahead.unresolved:
        out.print(_score("Made before their days began", view.ahead))
    if view.later.n + view.later.unresolved:
        out.print(_score("Made later, with what was known by the day asked about", view.later))
    _open(view.open, out)


def show_backtest(view: Backtest, out: Console) -> None:
    """Print what came of a replay of the past."""
    out.print(Text(f"Backtest of forecasts between {parties(sorted((view.a, view.b)))}", style="bold"))
    out.print(Text(f"{number_of(len(view.days), 'forecast')} from {day(view.days[0])} to {day(view.days[-1])}, each of "
                   f"the {number_of(view.horizon, 'day')} after it, with what had been published by then. What comes "
                   "with the program (weights, base rates, the choice of its cases) was made later: this is no proof "
                   "of skill for days that it was made from.", style="dim"))  # fmt: skip
    out.print(_score("What came of it", view.score))
    if misses := view.misses():
        out.print(Rule(Text("The worst misses", style="bold"), align="left", style="dim"))
        for one in misses:
            out.print(Padding(_miss(one), (0, 0, 1, 0)))
    reasons: dict[str, int] = {}
    for one in view.found:
        if one.outcome is None:
            reasons[one.why] = reasons.get(one.why, 0) + 1
    _open(sorted(reasons.items(), key=lambda item: -item[1]), out)
    if view.rests_on:
        out.print(Text("The last one rests on " + "; ".join(map(shown, view.rests_on)) + ".", style="dim"))


def _score(title: str, score: Score) -> RenderableType:
    parts: list[RenderableType] = [Text(), Rule(Text(title, style="bold"), align="left", style="dim")]
    if score.brier is None or score.log_score is None:
        return Group(*parts, Text(f"Of {number_of(score.unresolved, 'question')} none is resolved."), *_quiet(score))
    parts.append(Text.assemble(
        f"{number_of(score.n, 'question')} of {number_of(score.forecasts, 'forecast')} resolved, {score.yes} came out "
        f"so; {score.unresolved} not known. Brier score ", (f"{score.brier:.3f}", "bold"), ", logarithmic score ",
        (f"{score.log_score:.3f}", "bold"), " (0 is the best).",
    ))  # fmt: skip
    parts += [_rival("the base rate", score.base), _rival("persistence", score.persistence)]
    parts += [Padding(_kind(KINDS[kind], own), (0, 0, 0, 2)) for kind, own in score.kinds.items() if own.n]
    return Group(*parts, *_quiet(score), Text(), _calibration(score.bins))


def _quiet(score: Score) -> list[Text]:
    """The score, were silence a no."""
    if score.quiet is None:
        return []
    silent = number_of(score.quiet.n - score.n, "question")
    return [_kind(f"Were silence a no ({silent} of days of which nothing is recorded)", score.quiet)]


def _kind(name: str, score: Score) -> Text:
    told = [f"{name}: {number_of(score.n, 'question')}, {score.yes} came out so, Brier score {score.brier:.3f}"]
    told += [f"skill against the base rate {_skill(score.base)}"] if score.base else []
    told += [f"skill against persistence {_skill(score.persistence)}"] if score.persistence else []
    return Text("; ".join(told), style="dim")


def _rival(name: str, rival: Rival | None) -> Text:
    if rival is None:
        return Text(f"Against {name}: none was stored with these questions.", style="dim")
    of = "" if rival.band else ", too few forecasts for a band"
    return Text.assemble(
        f"Against {name}: skill ", (_skill(rival), "bold"), f" (its Brier score is {rival.brier:.3f}, ours "
        f"{rival.ours:.3f}, on {number_of(rival.n, 'question')}{of}).",
    )  # fmt: skip


def _skill(rival: Rival) -> str:
    if rival.skill is None:
        return "none to be had, it was without fault"
    band = f" [{rival.band[0]:+.2f} to {rival.band[1]:+.2f}]" if rival.band else ""
    return f"{rival.skill:+.3f}{band}"


def _calibration(bins: Iterable[Bin]) -> RenderableType:
    """How often it was so among forecasts of about the same probability."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("Between", no_wrap=True)
    table.add_column("█ came  ░ its 95 % band  ┊ said")
    for head in ("said", "came", "of"):
        table.add_column(head, justify="right", no_wrap=True)
    for one in bins:
        inside = one.band[0] <= one.probability <= one.band[1]
        table.add_row(f"{100 * one.low:.0f}-{100 * one.high:.0f} %", bar(one), f"{100 * one.probability:.0f} %",
                      Text(f"{100 * one.rate:.0f} %", style="" if inside else "yellow"), str(one.n))  # fmt: skip
    return table


def bar(one: Bin) -> Text:
    """How often it was so, as a bar of `WIDTH` cells, with its band and the mean of what was said."""

    def cell(p: float) -> int:
        return min(WIDTH - 1, int(p * WIDTH))

    row = Text()
    for i in range(WIDTH):
        came, pale = i < round(one.rate * WIDTH), cell(one.band[0]) <= i <= cell(one.band[1])
        mark = "┊" if i == cell(one.probability) else "█" if came else "░" if pale else "·"
        row.append(mark, style="cyan" if came else "dim")
    return row


def _miss(one: Resolved) -> RenderableType:
    question = one.question
    came = "it was so" if one.outcome else "it was not so"
    head = Text.assemble((f"{per_cent(question.chance.probability)} ", "bold"), f"{shown(question.text)}  {came}")
    on = f" on {day(one.on)}" if one.on else ""
    ids = f"  {', '.join(one.by)}" if one.by else ""
    return Group(head, Text(f"asked on {day(question.after)}; {shown(one.why)}{on}{ids}", style="dim"))


def _open(reasons: Iterable[tuple[str, int]], out: Console) -> None:
    told = [f"{count} × {shown(why)}" for why, count in reasons]
    if told:
        out.print(Text("\nNot known: " + "; ".join(told) + ".", style="yellow"))


__all__ = ["show_backtest", "show_record"]
