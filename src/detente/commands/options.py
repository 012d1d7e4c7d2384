"""Options that many commands share, and how rows are written out.

What always holds: CSV cells that a spreadsheet would take for a formula are quoted as text; JSON is UTF-8 with letters
as they are.
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

    from detente.ledger.ledger import Ledger

Command = Callable[..., None]
_CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}")


def ledger_option(command: Command) -> Command:
    """Which ledger."""
    return click.option(
        "--ledger", "place", metavar="PLACE", help="A file, or postgresql://user@host/name; else $DETENTE_LEDGER, else "
        "the one in your data folder.",
    )(command)  # fmt: skip


def as_of(command: Command) -> Command:
    """As of when it was known and recorded."""
    command = click.option("--recorded", metavar="TIME", help="What this ledger had by then.")(command)
    return click.option("--known", metavar="DATE", help="What could be known by then: dates of publication.")(command)


def on_option(command: Command) -> Command:
    """On which day it was so."""
    return click.option("--on", metavar="DATE", help="The day on which it was so; today unless given.")(command)


def outputs(command: Command) -> Command:
    """JSON or CSV instead of text."""
    command = click.option("--csv", "as_csv", is_flag=True, help="Print rows as CSV.")(command)
    return click.option("--json", "as_json", is_flag=True, help="Print rows as JSON.")(command)


def opened(place: str | None, *, create: bool = False) -> Ledger:
    """The ledger that is meant."""
    from detente.ledger.ledger import Ledger

    return Ledger(place, create=create)


def party_code(given: str | None) -> str | None:
    """The code of a party that is given by code or by name.

    Raises:
        UsageFault: nobody has that name.
    """
    if given is None or _CODE.fullmatch(given):
        return given
    from detente.parties import code_of

    return code_of(given)


def days_of(given: str, option: str) -> int:
    """Days of a length of time such as 30, 30d, 8w, 3m or 1y.

    Raises:
        UsageFault: it is none.

    Example:
        >>> days_of("30d", "--horizon"), days_of("8w", "--horizon"), days_of("3m", "--horizon")
        (30, 56, 90)
    """
    from detente.errors import UsageFault

    found = re.fullmatch(r"(\d{1,5})\s*([dwmy]?)", given.strip().lower(), re.ASCII)
    if not found or not int(found[1]):
        raise UsageFault(f"{option}: {given!r} is no length of time; write 30d, 8w, 3m or 1y")
    return int(found[1]) * {"": 1, "d": 1, "w": 7, "m": 30, "y": 365}[found[2]]


def console() -> Console:
    """Where text goes."""
    from detente.views.terminal_base import console as make

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    return make(sys.stdout)


def written(rows: Sequence[dict[str, Any]], as_json: bool, as_csv: bool) -> bool:
    """Write rows as JSON or CSV where that is asked for; whether it was."""
    from detente.errors import UsageFault

    if as_json and as_csv:
        raise UsageFault("give --json or --csv, not both")
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2).encode())
    elif as_csv:
        from detente.views.rows import as_csv_text

        click.echo(as_csv_text(rows), nl=False)
    return as_json or as_csv
