"""Commands by which persons say something: enter, correct, dispute, merge, split, withdraw; and rebuild.

What always holds: whoever says something gives a name and a reason, and both stay on record; nothing that was reported
before is changed by it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from detente.commands.options import ledger_option, opened, party_code

Command = Callable[..., None]


def _person(command: Command) -> Command:
    """Who says so, and why."""
    options = (
        click.option("--by", required=True, metavar="NAME", help="Who says so."),
        click.option("--reason", required=True, metavar="TEXT", help="Why."),
        click.option("--role", type=click.Choice(["analyst", "editor"]), default="analyst", show_default=True,
                     help="An editor outranks an analyst."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@click.argument("name", metavar="ID")
@click.option("--set", "given", multiple=True, metavar="FIELD=VALUE", help="The right value of a field; parties "
              "apart by commas; an empty value says that none is known. May be given several times.")  # fmt: skip
@click.option("--reject", is_flag=True, help="There was no such act at all.")
@_person
@ledger_option
def correct(
    name: str, given: tuple[str, ...], reject: bool, by: str, reason: str, role: str, place: str | None
) -> None:
    """Say what is right of the change, event or report ID; this outranks what machines report."""
    from detente.errors import UsageFault

    if bool(given) == reject:
        raise UsageFault("give --set FIELD=VALUE for what is right, or --reject where there was no such act")
    fields = dict(_field(text) for text in given)
    with opened(place) as ledger:
        click.echo(ledger.correct(name, fields, by=by, reason=reason, role=role, reject=reject))


def _field(text: str) -> tuple[str, Any]:
    from detente.errors import UsageFault

    key, equals, value = text.partition("=")
    key, value = key.strip(), value.strip()
    if not equals or not key:
        raise UsageFault(f"--set: {text!r} is no FIELD=VALUE; write for instance --set count=27")
    if not value:
        return key, None
    if key in ("by", "source", "target"):
        return key, [party_code(part.strip()) for part in value.split(",")]
    if key in ("owner", "counterpart", "said_by"):
        return key, party_code(value)
    return key, int(value) if value.isdecimal() and key in ("count", "cap", "quad") else value


@click.command()
@click.argument("name", metavar="ID")
@_person
@ledger_option
def dispute(name: str, by: str, reason: str, role: str, place: str | None) -> None:
    """Contest the change or event ID: what only machines report moves no state while it is disputed."""
    with opened(place) as ledger:
        click.echo(ledger.dispute(name, by=by, reason=reason, role=role))


@click.command()
@click.argument("one", metavar="ID")
@click.argument("other", metavar="ID")
@_person
@ledger_option
def merge(one: str, other: str, by: str, reason: str, role: str, place: str | None) -> None:
    """Say that two events, or two changes, are one act."""
    with opened(place) as ledger:
        click.echo(ledger.merge(one, other, by=by, reason=reason, role=role))


@click.command()
@click.argument("report", metavar="REPORT")
@_person
@ledger_option
def split(report: str, by: str, reason: str, role: str, place: str | None) -> None:
    """Say that REPORT tells of another act than those with which it was put together."""
    with opened(place) as ledger:
        click.echo(ledger.split(report, by=by, reason=reason, role=role))


@click.command()
@click.argument("article", metavar="ARTICLE")
@click.option("--quotes", is_flag=True, help="Erase the quotes of its reports, too.")
@click.option("--keep", is_flag=True, help="Let its reports count on: only the text must go.")
@_person
@ledger_option
def withdraw(article: str, quotes: bool, keep: bool, by: str, reason: str, role: str, place: str | None) -> None:
    """Take back ARTICLE, by its id or address: its text is erased; that it was there stays on record."""
    with opened(place) as ledger:
        click.echo(ledger.withdraw(article, by=by, reason=reason, role=role, quotes=quotes, keep=keep))


@click.command()
@ledger_option
def rebuild(place: str | None) -> None:
    """Drop all that is derived, and derive it anew from the reports."""
    with opened(place) as ledger:
        count = ledger.rebuild()
    click.echo(f"Derived anew from {count} reports.")


@click.command()
@click.option("--csv", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
              help="Many changes: a table with the columns of the options below.")  # fmt: skip
@click.option("--skip-bad", is_flag=True, help="Record the good rows of FILE, and only list the bad ones.")
@click.option("--kind", help="Kind of line: embassy, consulate, mission, staff, …")
@click.option("--owner", help="Whose line it is.")
@click.option("--counterpart", help="Whom it reaches.")
@click.option("--change", help="open, restore, raise, keep, propose, refuse, limit, suspend or close.")
@click.option("--changed-by", help="Who did it; several apart by semicolons.")
@click.option("--status", help="actual, planned, denied or past; actual unless given.")
@click.option("--date", help="When, cut to what is known: 2021-10-18, 2021-10 or 2021.")
@click.option("--announced", help="When it was announced.")
@click.option("--effective", help="When it takes effect.")
@click.option("--count", help="People removed or added.")
@click.option("--cap", help="A ceiling on the number of people.")
@click.option("--name", help="What the line is called.")
@click.option("--seat", help="Where it sits.")
@click.option("--part-of", help="The line that it is part of, such as mission RUS-NATO.")
@click.option("--quote", help="The sentence that shows it, letter for letter.")
@click.option("--address", help="Where that stands.")
@click.option("--publisher", help="Who published it.")
@click.option("--published", help="When.")
@click.option("--certainty", help="How sure it is, from 0 to 1; 1 unless given.")
@click.option("--by", required=True, metavar="NAME", help="Who enters it.")
@click.option("--role", type=click.Choice(["analyst", "editor"]), default="analyst", show_default=True,
              help="An editor outranks an analyst.")  # fmt: skip
@ledger_option
def enter(
    file: Path | None,
    skip_bad: bool,
    by: str,
    role: str,
    place: str | None,
    changed_by: str | None,
    **fields: str | None,
) -> None:
    """Enter a change by hand, or many from a table."""
    from detente.errors import UsageFault
    from detente.ledger.hand import from_csv, from_fields

    given = {k: v for k, v in fields.items() if v is not None} | ({"by": changed_by} if changed_by else {})
    if file and given:
        raise UsageFault("give --csv FILE, or one change by its options, not both")
    told, faults = from_csv(file, by=by, role=role) if file else (from_fields(given, by=by, role=role), [])
    if faults and not skip_bad:
        raise UsageFault("\n".join([f"{file}: nothing was recorded, since {len(faults)} rows are wrong:", *faults]))
    with opened(place, create=True) as ledger:
        new = ledger.record(told)
    for fault in faults:
        click.echo(fault, err=True)
    click.echo(f"Entered {new.reports} changes" + (f"; {new.known} were there already." if new.known else "."))
