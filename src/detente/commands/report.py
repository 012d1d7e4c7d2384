"""The command that makes one file of a board: it opens from a disk, needs no server, and prints well.

What always holds: nothing is written but that file, which is whole or not there.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from detente.commands.options import as_of, ledger_option, on_option, opened, party_code


@click.command()
@click.argument("a", required=False)
@click.argument("b", required=False)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE",
              help="The HTML file to make.")  # fmt: skip
@on_option
@as_of
@ledger_option
def report(
    a: str | None, b: str | None, out: Path, on: str | None, known: str | None, recorded: str | None, place: str | None
) -> None:  # fmt: skip
    """One HTML file of the board of A and B, with their timeline; of A; or of all lines."""
    from detente.errors import UsageFault
    from detente.ledger.days import as_of as when
    from detente.ledger.days import day_of
    from detente.views.asked import Clock
    from detente.web.report import html

    one, other = party_code(a), party_code(b)
    if one is not None and one == other:
        raise UsageFault(f"{a!r} and {b!r} are one party; a line has two ends")
    clock = Clock(day_of(on, "--on") or date.today(), known, recorded, when(known))
    with opened(place) as ledger, ledger.asked(recorded, one, other) as connection:
        made = html(connection, one, other, clock)
    part = out.with_name(out.name + ".part")
    try:
        part.write_text(made, encoding="utf-8")
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageFault(f"--out: {out} cannot be written ({error.strerror}); name another file") from None
    click.echo(f"Written to {out}: open it in any browser.", err=True)
