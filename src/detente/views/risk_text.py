"""A risk in the terminal.

What always holds: the headline stands first, with its interval; nothing of an article is taken for markup.
"""

from __future__ import annotations

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from detente.escalation.model import Risk
from detente.plain import shown
from detente.views.risk import Table, brief, headline, notes, tables

__all__ = ["brief", "show"]


def show(report: Risk, out: Console) -> None:
    """Print a risk."""
    out.print(Text(headline(report), style="bold"))
    for note in notes(report):
        out.print(Text(shown(note), style="dim"))
    for table in tables(report):
        _show(table, out)


def _show(table: Table, out: Console) -> None:
    out.print(Text("\n" + table.heading, style="bold underline"))
    if table.above:
        out.print(Text(shown(table.above), style="dim"))
    grid = Grid(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for column in table.columns:
        grid.add_column(Text(column, style="dim"), overflow="fold")
    for row in table.rows:
        grid.add_row(*(Text(shown(cell)) for cell in row))
    out.print(grid)
    if table.below:
        out.print(Text(shown(table.below), style="dim"))
