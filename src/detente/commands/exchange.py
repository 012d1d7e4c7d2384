"""Commands that take a ledger out and in: export and import.

What always holds: what is written is whole or not there; a snapshot is complete, so no part of one can be asked for;
an import never touches a ledger that holds something.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile

import click

from detente.commands.options import ledger_option, opened, party_code

_SNAPSHOTS = ("parquet", "csv")
_EVENTS = ("polecat", "icews", "ftm", "jsonfeed")


@click.command("export")
@click.argument("form", metavar="FORMAT", type=click.Choice([*_SNAPSHOTS, *_EVENTS]))
@click.argument("out", metavar="OUT")
@click.argument("a", required=False)
@click.argument("b", required=False)
@click.option("--known", metavar="DATE", help="What could be known by then: dates of publication.")
@click.option("--on", metavar="DATE", help="Nothing that happened after this day.")
@click.option("--since", metavar="DATE", help="Nothing that happened before this day.")
@click.option("--licence", metavar="NAME", help="Licence under which you give a snapshot away, such as CC-BY-4.0.")
@ledger_option
def export(
    form: str, out: str, a: str | None, b: str | None, known: str | None, on: str | None, since: str | None,
    licence: str | None, place: str | None,
) -> None:  # fmt: skip
    """Write the ledger to OUT as FORMAT.

    parquet and csv are snapshots: a folder with all that is in the ledger, which detente import reads back. polecat,
    icews, ftm (FollowTheMoney) and jsonfeed are the events between A and B, of A, or all, in one file (- prints it).
    """
    from detente.errors import UsageFault

    if form in _SNAPSHOTS:
        if a or known or on or since:
            raise UsageFault("a snapshot is complete: parquet and csv take no parties, --known, --on or --since")
        from detente.ledger import snapshot

        with opened(place) as ledger:
            counts = snapshot.write(ledger.store, out, form, licence=licence)
        said = ", ".join(f"{counts[name]} {name}" for name in ("articles", "readings", "reports"))
        click.echo(f"{out}: {said}.", err=True)
        return
    if licence:
        raise UsageFault("--licence goes with a snapshot: parquet or csv")
    from detente.ledger.days import as_of, day_of
    from detente.ledger.exports import FORMATS, Wanted, feed
    from detente.ledger.states import first_day
    from detente.ledger.titles import title_of

    last = day_of(on, "--on")
    first = first_day(since) if since and day_of(since, "--since") else None
    wanted = Wanted(
        party_code(a), party_code(b), first.isoformat() if first else None, last.isoformat() if last else None,
        as_of(known),
    )  # fmt: skip
    with opened(place) as ledger, ledger.store.reading() as connection:
        made = feed(connection, wanted, title_of=title_of) if form == "jsonfeed" else FORMATS[form](connection, wanted)
        _write(made, out)


def _write(made: Iterable[bytes], out: str) -> None:
    """Write to a file, whole or not at all, or to standard output."""
    from detente.errors import LedgerError

    if out == "-":
        for some in made:
            sys.stdout.buffer.write(some)
        return
    path = Path(out)
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as stream:
            try:
                stream.writelines(made)
                stream.close()
                mask = os.umask(0)
                os.umask(mask)
                Path(stream.name).chmod(0o666 & ~mask)
                Path(stream.name).replace(path)
            finally:
                Path(stream.name).unlink(missing_ok=True)
    except OSError as error:
        said = (error.strerror or str(error)).lower()
        raise LedgerError(f"{path} cannot be written ({said}); name another place") from None


@click.command("import")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@ledger_option
def import_(folder: Path, place: str | None) -> None:
    """Read the snapshot in FOLDER into an empty ledger."""
    from detente.ledger import snapshot

    done = snapshot.read(folder, place)
    click.echo("Imported " + ", ".join(f"{count} {name}" for name, count in done.rows.items()) + ".")
    if done.differing:
        click.echo(
            f"Derived anew, these came out otherwise than in the snapshot: {', '.join(done.differing)}. What this "
            "program derives is what counts.", err=True,
        )  # fmt: skip
