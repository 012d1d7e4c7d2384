"""A forecast in the terminal.

What always holds: a probability stands with its words, its interval, its base rate and what persistence would say; the
reasons follow it, with the ids under which they can be looked up; what was not known is said at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from detente.forecasting.answering import ON_RECORD
from detente.forecasting.model import Answer, Chance, Direction, Driver, Forecast, Question
from detente.forecasting.resolving import Resolved
from detente.plain import day, listed, number_of, parties, party, per_cent, shown
from detente.views.outlook import FEW, KINDS, SLIGHT, beside

if TYPE_CHECKING:
    from detente.forecasting.entity.whom import Candidate

WIDTH = 20
"""Cells of a bar."""
FEW_IDS = 3
"""Ids shown with a reason; the JSON has them all."""
LIKELY = 0.2
"""From here on it is told that something did not come."""


def show_forecast(view: Forecast, out: Console, *, everything: bool = False, brief: bool = False) -> None:
    """Print a forecast.

    Args:
        view: the forecast.
        out: where to.
        everything: all types, and the lines that will hardly change.
        brief: only the strongest reason of each.
    """
    few = 1 if brief else None
    pair = parties(sorted((view.a, view.b)))
    out.print(Text(f"What comes next between {pair}, as it could be said on {day(view.on)}", style="bold"))
    until = view.questions()[0].until if view.questions() else view.on
    out.print(Text(f"For the {view.horizon} days after that, up to {day(until)}. A bar shows the probability, its pale "
                   "part the 80 % interval, ┊ the base rate.", style="dim"))  # fmt: skip
    if view.answer:
        out.print()
        out.print(_answer(view.answer, 3 if brief else None))
    for direction in view.directions:
        out.print()
        out.print(_direction(direction, everything, few))
    out.print()
    out.print(Text("It rests on " + "; ".join(view.rests_on) + ".", style="dim"))
    for lack in view.lacks:
        out.print(Text(f"Not known: {lack}.", style="yellow"))


def show_outcome(found: Sequence[Resolved], out: Console) -> None:
    """Print what became of a forecast: what came, and what was thought likely and did not come."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("came", no_wrap=True)
    table.add_column("was thought", no_wrap=True, justify="right")
    table.add_column("", overflow="fold")
    for one in found:
        if one.outcome or (one.outcome is False and one.question.chance.probability >= LIKELY):
            mark = Text("✓ yes", "green") if one.outcome else Text("✗ no", "red")
            ids = Text(f"  {', '.join(one.by)}" if one.by else "", "dim")
            table.add_row(mark, per_cent(one.question.chance.probability), Text.assemble(shown(one.question.text), ids))
    out.print(table)
    quiet = sum(one.outcome is False and one.question.chance.probability < LIKELY for one in found)
    unknown = sum(one.outcome is None for one in found)
    told = f"{number_of(quiet, 'other thing')}, thought unlikely, did not come."
    told += f" Of {number_of(unknown, 'question')} nothing is recorded either way." if unknown else ""
    out.print(Text(told, style="dim"))


def show_candidates(found: Sequence[Candidate], source: str, act: str, on: str, out: Console) -> None:
    """Print whom a party is likely to turn to next, and why."""
    out.print(
        Text(f"To whom {party(source)} is likely to do {act} next, as it could be said on {day(on)}", style="bold")
    )
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("", no_wrap=True)
    table.add_column("chance", no_wrap=True, justify="right")
    table.add_column("because", overflow="fold")
    for one in found:
        table.add_row(party(one.party), per_cent(one.chance), "; ".join(shown(reason.text) for reason in one.reasons))
    out.print(table)
    out.print(Text("Chances are among the parties of the event history, if the act comes.", style="dim"))


def _answer(answer: Answer, few: int | None) -> RenderableType:
    question = answer.whether
    head = Text.assemble(
        (f"Will {party(question.source)} answer? ", "bold"), f"{party(question.target)}, {day(answer.day)}: ",
        (f"“{shown(answer.text)}”", "italic"), (f"  {answer.act}", "dim"),
    )  # fmt: skip
    if question.chance.rests_on == ON_RECORD:
        return Group(head, Text("It has done so already:"), *_drivers(question.drivers))
    rows: list[RenderableType] = [head, _chance(question.chance)]
    if answer.days:
        rows.append(Text(f"When: {_days(answer.days)}."))
    kinds = sorted(answer.kinds.items(), key=lambda item: -item[1])
    rows.append(Text("How: " + "; ".join(f"{KINDS[kind]} {p:.0%}" for kind, p in kinds if p >= 0.005) + "."))
    if answer.number:
        rows.append(Text(f"How many people: {_people(answer.number)}."))
    if answer.solidarity:
        rows.append(Text(beside(answer.solidarity)))
    rows += _drivers((*question.drivers[:few], *answer.drivers[:few]))
    return Group(*rows)


def _days(days: Sequence[float]) -> str:
    mid, low, high = (round(d) for d in days)
    return f"{mid} days after the act, most likely between {low} and {high}"


def _people(number: Sequence[float]) -> str:
    mid, low, high = (round(n) for n in number)
    return str(mid) if low == high else f"{mid}, most likely between {low} and {high}"


def _direction(direction: Direction, everything: bool, few: int | None) -> RenderableType:
    types = direction.types if everything else direction.types[:FEW]
    lines = [q for q in direction.lines if everything or q.chance.probability >= SLIGHT]
    name = f"{party(direction.source)} → {party(direction.target)}"
    parts: list[RenderableType] = [Rule(Text(name, style="bold"), align="left", style="dim")]
    parts += [_line(q, few) for q in lines]
    parts.append(_types(types, everything))
    if len(types) < len(direction.types):
        rest = [f"{q.what} {per_cent(q.chance.probability)}" for q in direction.types[len(types) :]]
        parts.append(Text("Less likely: " + ", ".join(rest) + ".", style="dim"))
    return Group(*parts)


def _line(question: Question, few: int | None) -> RenderableType:
    rows = [Text(question.text, style="bold"), _chance(question.chance)]
    if question.number:
        rows.append(Text(f"How many people: {_people(question.number)}."))
    return Group(*rows, *_drivers(question.drivers[-few:] if few else question.drivers))


def _types(questions: Sequence[Question], everything: bool) -> RenderableType:
    """A row for each type, then the reasons, each once."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("act", "", "", "in words", "80 %", "base", "goes on"):
        table.add_column(name, no_wrap=True)
    why: dict[str, tuple[Driver, list[str]]] = {}
    for question in questions:
        chance = question.chance
        table.add_row(
            Text(question.what, style="bold"), bar(chance, 14), per_cent(chance.probability), chance.words,
            f"{100 * chance.low:.0f}–{100 * chance.high:.0f}", *(_maybe(p) for p in (chance.base, chance.persistence)),
        )  # fmt: skip
        for driver in question.drivers if everything else question.drivers[:1]:
            why.setdefault(driver.text, (driver, []))[1].append(question.what)
    return Group(table, *(_driver(driver, f"{listed(types)}: ") for driver, types in why.values()))


def _chance(chance: Chance) -> RenderableType:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(bar(chance), _said(chance))
    return table


def _said(chance: Chance) -> Text:
    beside = [f"{per_cent(chance.low)} to {per_cent(chance.high)}"]
    beside += [f"base rate {per_cent(chance.base)}"] if chance.base is not None else []
    beside += [f"persistence {per_cent(chance.persistence)}"] if chance.persistence is not None else []
    return Text.assemble(
        (f"{per_cent(chance.probability)} ", "bold"), chance.words, (f"  ({'; '.join(beside)})", "dim")
    )  # fmt: skip


def _maybe(p: float | None) -> str:
    return "" if p is None else per_cent(p)


def bar(chance: Chance, width: int = WIDTH) -> Text:
    """A probability as a bar of some cells, with its interval and base rate."""

    def cell(p: float) -> int:
        return min(width - 1, int(p * width))

    row = Text()
    for i in range(width):
        inside, likely = cell(chance.low) <= i <= cell(chance.high), i < round(chance.probability * width)
        mark = "┊" if chance.base is not None and i == cell(chance.base) else "█" if likely else "░" if inside else "·"
        row.append(mark, style="cyan" if likely else "dim")
    return row


def _drivers(drivers: Iterable[Driver]) -> list[RenderableType]:
    return [_driver(driver) for driver in dict.fromkeys(drivers)]


def _driver(driver: Driver, about: str = "") -> RenderableType:
    ids = (*driver.cases, *driver.events)
    named = ", ".join(ids[:FEW_IDS]) + (f" and {len(ids) - FEW_IDS} more" if len(ids) > FEW_IDS else "")
    told = [(f"  {named}" if named else "", "dim"), (f"  {driver.source}" if driver.source else "", "dim")]
    return Padding(Text.assemble(f"– {about}", shown(driver.text), *told), (0, 0, 0, 2))
