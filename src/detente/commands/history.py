"""The commands on event histories that others coded: add files to one, show what is in it.

What always holds: of each file it is said what was taken, what was left out and why; what a file says of itself is
escaped before a terminal shows it; one bad file does not stop the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from detente.forecasting.history import Written
    from detente.sources.histories import Imported

NAMES = 20
"""Names that are none of ours and are listed, the most frequent first."""
_WHERE = click.option(
    "--history", "folder", metavar="DIR", type=click.Path(path_type=Path),
    help="Where the history is; else $DETENTE_HISTORY, else a folder in your data folder.",
)  # fmt: skip
_JSON = click.option("--json", "as_json", is_flag=True, help="Print rows as JSON.")


@click.group()
def history() -> None:
    """Event histories that others coded, which forecasts rest on beside the ledger."""


@history.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--origin", metavar="NAME", help="The name under which the events are kept, such as icews.")
@_JSON
@_WHERE
def add(files: tuple[Path, ...], origin: str | None, as_json: bool, folder: Path | None) -> None:
    """Read event files and keep what they tell.

    FILE holds raw events of ICEWS (tab files of the Harvard Dataverse), or directed dyad events (CSV with date, source,
    target, cameo, plover); plain or packed as .xz, .gz or .zip. To add a file again changes nothing.
    """
    from detente.errors import BatchFaults, ForecastError
    from detente.forecasting.history import place, write
    from detente.sources.histories import read

    faults, told = [], []
    for path in files:
        try:
            found = read(path, origin)
            done = write(found.frame, folder or place(), found.origin)
        except ForecastError as error:
            if len(files) == 1:
                raise
            faults.append(str(error))
            click.echo(str(error), err=True)
            continue
        if found.ended:
            faults.append(f"{path} breaks off: {found.ended}")
        told.append(_row(found, done))
        if not as_json:
            click.echo("\n".join(_lines(found, done)))
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2).encode())
    if faults:
        raise BatchFaults(f"{len(faults)} of {len(files)} files could not be read to the end: {'; '.join(faults)}")


@history.command()
@_JSON
@_WHERE
def show(as_json: bool, folder: Path | None) -> None:
    """What is in the history: how many events of which origin, from when to when."""
    from detente.forecasting.history import History
    from detente.plain import shown

    known = History(folder)
    extents = known.extents()
    if as_json:
        rows = [{"origin": e.origin, "first": str(e.first), "last": str(e.last), "events": e.events} for e in extents]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2).encode())
        return
    where = shown(str(known.folder))
    if not extents:
        click.echo(f"There are no events in {where}; add some with detente history add FILE.")
    for extent in extents:
        click.echo(str(extent))
    if refused := known.refused:
        parts = "; ".join(f"{number:,}: {why}" for why, number in refused.items())
        click.echo(f"Rows in the files of {where} that are left out: {parts}.", err=True)


def _row(found: Imported, done: Written) -> dict[str, Any]:
    """What became of a file."""
    return {
        "file": str(found.path), "origin": found.origin, "rows": found.rows, "events": found.frame.height,
        "added": done.added, "known": done.known, "told_twice": found.twice, "left_out": found.left_out,
        "unknown": dict(list(found.unknown.items())[:NAMES]), "ended": found.ended,
    }  # fmt: skip


def _lines(found: Imported, done: Written) -> Iterator[str]:
    """The same in words."""
    from detente.plain import shown

    yield f"{shown(str(found.path))}, kept as {found.origin}: {_count(found.rows, 'row')}"
    yield f"  {_count(found.frame.height, 'event')} between two parties, {done.added:,} of them new"
    if found.twice:
        yield f"  {_count(found.twice, 'row')} beside, telling of one of these once more"
    for why, number in found.left_out.items():
        yield f"  {_count(number, 'row')} left out: {why}"
    if found.unknown:
        names = ", ".join(f"{shown(name)} {number:,}" for name, number in list(found.unknown.items())[:NAMES])
        yield f"  names that are no party, the most frequent first: {names}"
    if found.ended:
        yield f"  the file breaks off after these rows: {shown(found.ended)}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s'[: number != 1]}"
