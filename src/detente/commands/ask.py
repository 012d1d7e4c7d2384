"""Commands that ask a ledger: board, line, timeline, episode, events, claims, evidence, whom-to-call, changes, dyads.

What always holds: nothing is written; each answers as text, as JSON or as CSV, as of any day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from detente.commands.options import as_of, console, ledger_option, on_option, opened, outputs, party_code, written

if TYPE_CHECKING:
    from rich.console import Console
    from sqlalchemy import Connection

    from detente.ledger.believing import Asked

Row = dict[str, Any]
_EMPTY = "Nothing is recorded of them. Read some pages with detente record, or build the casebook's with detente demo."


@click.command()
@click.argument("a", required=False)
@click.argument("b", required=False)
@on_option
@as_of
@outputs
@ledger_option
def board(
    a: str | None, b: str | None, on: str | None, known: str | None, recorded: str | None, as_json: bool, as_csv: bool,
    place: str | None,
) -> None:  # fmt: skip
    """The state of every line between A and B, of A, or of all; the worst first."""
    from detente.ledger import asking
    from detente.ledger.days import as_of as when
    from detente.ledger.days import day_of

    one, other = _pair(a, b)
    day, asked = day_of(on, "--on") or date.today(), when(known)
    with opened(place) as ledger, ledger.asked(recorded, one, other) as connection:
        rows = asking.board(connection, one, other, on=day, asked=asked)
        if written(rows, as_json, as_csv):
            return
        show_board(connection, rows, one, other, day, asked, known=known, recorded=recorded)


def show_board(
    connection: Connection, rows: list[Row], a: str | None, b: str | None, day: date, asked: Asked, *,
    known: str | None = None, recorded: str | None = None, out: Console | None = None,
) -> None:  # fmt: skip
    """Print a board with the sentences that it comes from."""
    from detente.views import asked as views
    from detente.views.record_text import show_board as show

    clock = views.Clock(day, known, recorded, asked)
    show(views.board(connection, a, b, clock, rows=rows).view, out or console())


@click.command()
@click.argument("name", metavar="ID")
@as_of
@outputs
@ledger_option
def line(name: str, known: str | None, recorded: str | None, as_json: bool, as_csv: bool, place: str | None) -> None:
    """All that is known of the line ID: its states in time, its changes, when it was used."""
    from detente.ledger import asking
    from detente.ledger.days import as_of as when
    from detente.ledger.titles import title_of
    from detente.views.record_text import show_line

    asked = when(known)
    with opened(place) as ledger, ledger.asked(recorded) as connection:
        found = asking.line(connection, name, asked=asked)
        if written([found] if as_json else found["states"], as_json, as_csv):
            return
        show_line(found, title_of(found), _steps(connection, found["changes"], asked), console())


@click.command()
@click.argument("a")
@click.argument("b", required=False)
@click.option("--since", metavar="DATE", help="From this day on.")
@click.option("--until", metavar="DATE", help="Up to this day.")
@as_of
@outputs
@ledger_option
def timeline(
    a: str, b: str | None, since: str | None, until: str | None, known: str | None, recorded: str | None, as_json: bool,
    as_csv: bool, place: str | None,
) -> None:  # fmt: skip
    """What happened between A and B, in order: changes to lines, other events, what answered what."""
    from detente.ledger import asking
    from detente.ledger.days import as_of as when

    one, other = _pair(a, b)
    assert one is not None
    asked = when(known)
    with opened(place) as ledger, ledger.asked(recorded, one, other) as connection:
        rows = asking.timeline(connection, one, other, since=_day(since, "--since"), until=_day(until, "--until"),
                               asked=asked)  # fmt: skip
        if not written(rows, as_json, as_csv):
            _show_steps(connection, rows, asked)


@click.command()
@click.argument("a", required=False)
@click.argument("b", required=False)
@click.option("--since", metavar="DATE", help="From this day on.")
@click.option("--until", metavar="DATE", help="Up to this day.")
@as_of
@outputs
@ledger_option
def events(
    a: str | None, b: str | None, since: str | None, until: str | None, known: str | None, recorded: str | None,
    as_json: bool, as_csv: bool, place: str | None,
) -> None:  # fmt: skip
    """The events between A and B, of A, or all."""
    from detente.ledger import asking
    from detente.ledger.days import as_of as when

    one, other = _pair(a, b)
    asked = when(known)
    with opened(place) as ledger, ledger.asked(recorded, one, other) as connection:
        rows = asking.events_of(connection, one, other, since=_day(since, "--since"), until=_day(until, "--until"),
                                asked=asked)  # fmt: skip
        if not written(rows, as_json, as_csv):
            _show_steps(connection, rows, asked)


@click.command()
@click.argument("a", required=False)
@click.argument("b", required=False)
@click.option(
    "--kind", help="Only claims of this kind: belief, blame, justification, policy, demand, denial, forecast."
)
@as_of
@outputs
@ledger_option
def claims(
    a: str | None, b: str | None, kind: str | None, known: str | None, recorded: str | None, as_json: bool,
    as_csv: bool, place: str | None,
) -> None:  # fmt: skip
    """What parties hold or say about one another, the newest first."""
    from detente.ledger import asking
    from detente.ledger.days import as_of as when
    from detente.views.record_text import show_claims

    one, other = _pair(a, b)
    with opened(place) as ledger, ledger.asked(recorded, one, other) as connection:
        rows = asking.claims(connection, one, other, kind=kind, asked=when(known))
        if not written(rows, as_json, as_csv):
            show_claims(rows, console())


@click.command()
@click.argument("name", metavar="ID")
@as_of
@outputs
@ledger_option
def evidence(
    name: str, known: str | None, recorded: str | None, as_json: bool, as_csv: bool, place: str | None
) -> None:
    """The reports behind ID (a change, event, line, report or article): who said so, where, in which words."""
    from detente.ledger.days import as_of as when
    from detente.ledger.evidence import evidence as behind
    from detente.views.record_text import show_evidence

    with opened(place) as ledger, ledger.asked(recorded) as connection:
        rows = behind(connection, name, asked=when(known))
        if not written(rows, as_json, as_csv):
            show_evidence(rows, console())


@click.command("whom-to-call")
@click.argument("a")
@click.argument("b")
@on_option
@as_of
@outputs
@ledger_option
def whom_to_call(
    a: str, b: str, on: str | None, known: str | None, recorded: str | None, as_json: bool, as_csv: bool,
    place: str | None,
) -> None:  # fmt: skip
    """The lines between A and B that are still open, those last seen in use first."""
    from detente.ledger import asking
    from detente.ledger.days import as_of as when
    from detente.ledger.days import day_of

    one, other = _pair(a, b)
    assert one is not None and other is not None
    day, asked = day_of(on, "--on") or date.today(), when(known)
    with opened(place) as ledger, ledger.asked(recorded, one, other) as connection:
        rows = asking.whom_to_call(connection, one, other, on=day, asked=asked)
        if written(rows, as_json, as_csv):
            return
        if rows:
            show_board(connection, rows, one, other, day, asked, known=known, recorded=recorded)
        else:
            from detente.plain import parties

            click.echo(f"No line between {parties([one, other])} is known to be open.")


@click.command()
@click.argument("a", required=False)
@click.argument("b", required=False)
@click.option("--since", required=True, metavar="DATE", help="From this day on.")
@click.option("--until", metavar="DATE", help="Up to this day; today unless given.")
@as_of
@outputs
@ledger_option
def changes(
    a: str | None, b: str | None, since: str, until: str | None, known: str | None, recorded: str | None, as_json: bool,
    as_csv: bool, place: str | None,
) -> None:  # fmt: skip
    """The lines whose state became another one since a day, the newest first."""
    from detente.ledger import asking
    from detente.ledger.days import as_of as when
    from detente.views.record_text import show_moves

    one, other = _pair(a, b)
    first, last = _day(since, "--since"), _day(until, "--until") or date.today().isoformat()
    assert first is not None
    with opened(place) as ledger, ledger.asked(recorded, one, other) as connection:
        rows = asking.moves(connection, first, last, a=one, b=other, asked=when(known))
        if not written(rows, as_json, as_csv):
            show_moves(rows, _titles(connection, (row["line"] for row in rows)), console())


@click.command()
@click.argument("a")
@click.argument("b", required=False)
@as_of
@outputs
@ledger_option
def episode(
    a: str, b: str | None, known: str | None, recorded: str | None, as_json: bool, as_csv: bool, place: str | None
) -> None:
    """The ruptures between A and B: what was cut, in which steps, and how it ended."""
    from detente.ledger.days import as_of as when
    from detente.ledger.episodes import episodes as ruptures
    from detente.views.record_text import show_episodes

    one, other = _pair(a, b)
    assert one is not None
    asked = when(known)
    with opened(place) as ledger, ledger.asked(recorded, one, other) as connection:
        rows = ruptures(connection, one, other, asked=asked)
        if not written(rows, as_json, as_csv):
            steps = {row["id"]: _steps(connection, row["updates"], asked) for row in rows}
            show_episodes(rows, _titles(connection, (key for row in rows for key in row["cut"])), steps, console())


@click.command()
@click.argument("a", required=False)
@click.argument("b", required=False)
@click.option("--freq", type=click.Choice(["day", "week", "month", "year"]), default="month", show_default=True,
              help="Length of a period.")  # fmt: skip
@click.option("--undirected", is_flag=True, help="Count what A does to B and B to A together.")
@as_of
@outputs
@ledger_option
def dyads(
    a: str | None, b: str | None, freq: str, undirected: bool, known: str | None, recorded: str | None, as_json: bool,
    as_csv: bool, place: str | None,
) -> None:  # fmt: skip
    """Counts of events by pair and period, as CSV unless --json is given."""
    one, other = _pair(a, b)
    with opened(place) as ledger:
        frame = ledger.dyads(freq, one, other, directed=not undirected, known=known, recorded=recorded)
    rows = [{k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()} for row in frame.to_dicts()]
    written(rows, as_json, as_csv or not as_json)


def _pair(a: str | None, b: str | None) -> tuple[str | None, str | None]:
    from detente.errors import UsageFault

    one, other = party_code(a), party_code(b)
    if one is not None and one == other:
        raise UsageFault(f"{a!r} and {b!r} are one party; a line has two ends")
    return one, other


def _day(given: str | None, option: str) -> str | None:
    from detente.ledger.days import day_of
    from detente.ledger.states import first_day

    if given is None:
        return None
    day = first_day(given) if option == "--since" else day_of(given, option)
    return day.isoformat() if day else str(day_of(given, option))


def _steps(connection: Connection, rows: list[Row], asked: Asked) -> list[Any]:
    from detente.ledger import asking
    from detente.ledger.evidence import quotes
    from detente.views.record import steps

    lines = asking.lines_by_id(connection, (row["line"] for row in rows if "line" in row))
    return steps(rows, lines, quotes(connection, [row["id"] for row in rows], asked=asked))


def _show_steps(connection: Connection, rows: list[Row], asked: Asked) -> None:
    from detente.views.record_text import show_steps

    show_steps(_steps(connection, rows, asked), console(), empty=_EMPTY)


def _titles(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    from detente.ledger import asking
    from detente.ledger.titles import title_of

    return {key: title_of(row) for key, row in asking.lines_by_id(connection, ids).items()}
