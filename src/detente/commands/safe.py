"""The commands that keep a ledger safe: check it, back it up, copy it elsewhere.

What always holds: none of them changes the ledger that it reads, or writes over what is there; what a ledger says of
itself is escaped before a terminal shows it.
"""

from __future__ import annotations

from pathlib import Path

import click

from detente.commands.options import ledger_option, opened


@click.command()
@ledger_option
def check(place: str | None) -> None:
    """Verify a ledger.

    Every quote is looked up in its article, every article and reading is held against its fingerprint, and all that is
    derived is derived anew and compared.
    """
    from detente.errors import LedgerError
    from detente.ledger.checking import faults
    from detente.plain import number_of, shown

    with opened(place) as ledger:
        number = 0
        for fault in faults(ledger.store):
            click.echo(shown(fault))
            number += 1
        where = ledger.store.name
    if number:
        raise LedgerError(
            f"{where} has {number_of(number, 'fault')}; detente rebuild mends what is derived, a backup the rest"
        )
    click.echo(f"{where} is sound: quotes stand in their articles, and all that is derived follows from the reports.")


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@ledger_option
def backup(out: Path, place: str | None) -> None:
    """Copy a ledger file to OUT as it stands, even while others write."""
    from detente.ledger.keeping import backup

    with opened(place) as ledger:
        click.echo(f"Copied {ledger.store.name} to {backup(ledger.store, out)}.")


@click.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy(source: str, target: str) -> None:
    """Copy a ledger FROM one place TO another, empty one.

    Either is a file, or postgresql://user@host/name.
    """
    from detente.ledger.keeping import copy
    from detente.ledger.store import Store
    from detente.plain import number_of

    old, new = Store(source, create=False, readonly=True), Store(target)
    try:
        copied = copy(old, new)
    finally:
        old.close()
        new.close()
    click.echo(f"Copied {number_of(copied['reports'], 'report')} from {old.name} to {new.name}.")
