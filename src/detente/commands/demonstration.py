"""The demonstration ledger: the casebook and the bundled article, the board of Russia and NATO in time, the risk.

What always holds: the record is built with the same functions as any other; unless a place is named for it, it is
thrown away.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from detente.ledger.ledger import Ledger
    from detente.model import Reading

A, B = "NATO", "RUS"
PUBLISHED = "2021-10-22"
"""When the bundled article was published."""
ASKED = "2021-10-06"
"""The day of the forecast: NATO had just withdrawn the accreditation of eight members of Russia's mission."""
_DAYS = ("2015-06-01", "2018-04-01", "2021-10-10", "2021-11-02")
"""Days on which the board is looked at: after the ceilings of 30, 20 and 10, and after the missions fell silent."""


def demonstrate(reading: Reading, place: str | None, *, quiet: bool = False) -> list[str]:
    """Build the demonstration ledger and show it: the record, the risk, and the forecast that could have been made.

    Args:
        reading: the bundled article's.
        place: where to keep the ledger; None for a folder that is thrown away.
        quiet: build it only.

    Returns:
        What it says of the risk, in three sentences or so.
    """
    from rich.rule import Rule
    from rich.text import Text

    from detente.commands.options import console
    from detente.ledger.ledger import Ledger

    with tempfile.TemporaryDirectory() as folder, Ledger(place or f"{folder}/demo.db") as ledger:
        build(ledger, reading)
        lines = risk_lines(ledger)
        if not quiet:
            out = console()
            out.print()
            out.print(Rule(Text("THE RECORD THAT IT JOINS", style="bold"), align="left", style="dim"))
            show(ledger, out, lines)
            out.print()
            out.print(Rule(Text("THE FORECAST OF 6 OCTOBER 2021", style="bold"), align="left", style="dim"))
            show_forecast(ledger, out)
            if place:
                click.echo(f"The ledger is kept in {ledger.store.name}: try detente timeline NATO RUS --ledger {place}")
    return lines


def risk_lines(ledger: Ledger) -> list[str]:
    """What the loss of the lines in October 2021 goes with, in three sentences or so."""
    from detente.escalation.assessment import risk
    from detente.views.risk_text import brief

    return brief(risk(ledger, A, B, on=_DAYS[-1], since=_DAYS[-2]))


def bundled() -> Reading:
    """The reading of the bundled article."""
    from importlib.resources import files

    from detente.coding import code
    from detente.reading import read_page

    data = files("detente").joinpath("data/demo.txt").read_bytes()
    return code(read_page(data, name="demo.txt", published=PUBLISHED, id="demo"))


def build(ledger: Ledger, reading: Reading | None = None) -> None:
    """Record the casebook, and the bundled article where it is given."""
    from detente.ledger import casebook

    ledger.record(casebook.readings())
    if reading is not None:
        ledger.record([reading])


def show(ledger: Ledger, out: Console, risk: Sequence[str]) -> None:
    """Print the states of the pair's lines on some days, the board of the last of them, and the risk."""
    from rich.text import Text

    from detente.commands.ask import show_board
    from detente.ledger import asking
    from detente.ledger.believing import NOW
    from detente.views.record_text import show_history

    days = [date.fromisoformat(text) for text in _DAYS]
    with ledger.asked() as connection:
        show_history({day: asking.board(connection, A, B, on=day) for day in days}, out)
        out.print()
        show_board(connection, asking.board(connection, A, B, on=days[-1]), A, B, days[-1], NOW, out=out)
    out.print(Text("\nThe risk", style="bold"))
    for line in risk:
        out.print(Text(line))


def show_forecast(ledger: Ledger, out: Console) -> None:
    """Print what could be said on the day of NATO's act, and what came of it."""
    from rich.text import Text

    from detente.forecasting.outlook import forecast
    from detente.forecasting.resolving import resolve
    from detente.views import forecast_text

    made = forecast(ledger, A, B, on=ASKED)
    forecast_text.show_forecast(made, out, brief=True)
    out.print(Text("\nWhat came of it", style="bold"))
    with ledger.asked() as connection:
        forecast_text.show_outcome(resolve(connection, made), out)
