"""The command risk: what losing or reopening lines goes with.

What always holds: nothing is written but the file that is asked for; the same seed gives the same figures.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.commands.options import console, ledger_option, on_option, opened, party_code

if TYPE_CHECKING:
    from detente.forecasting.history import History


@click.command()
@click.argument("a")
@click.argument("b")
@on_option
@click.option("--without", multiple=True, metavar="LINE", help="As if this line (an id, or a kind) were down.")
@click.option("--with", "with_", multiple=True, metavar="LINE", help="As if this line were open and in use.")
@click.option("--against", metavar="DATE", help="Compare with this day.")
@click.option("--incidents", type=float, metavar="N", help="Incidents a year, if you know.")
@click.option("--history", "folder", type=click.Path(path_type=Path), metavar="DIR",
              help="Events to count incidents in; else $DETENTE_HISTORY, else your data folder's.")  # fmt: skip
@click.option("--belief", "beliefs", multiple=True, metavar="SIDE=NUMBER",
              help="By what SIDE multiplies the effects of the lines; 0: they do nothing.")  # fmt: skip
@click.option("--priors", type=click.Path(path_type=Path), metavar="FILE", help="Your own priors, laid over ours.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the draws for the intervals.")
@click.option("--known", metavar="DATE", help="What could be known by then: dates of publication.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, format detente.risk/1.")
@click.option("--svg", type=click.Path(path_type=Path), metavar="FILE", help="Draw the ladder and the tornado.")
@ledger_option
def risk(
    a: str, b: str, on: str | None, without: tuple[str, ...], with_: tuple[str, ...], against: str | None,
    incidents: float | None, folder: Path | None, beliefs: tuple[str, ...], priors: Path | None, seed: int,
    known: str | None, as_json: bool, svg: Path | None, place: str | None,
) -> None:  # fmt: skip
    """What losing or reopening lines between A and B goes with: a comparison, with its interval."""
    from detente.escalation.assessment import risk as assess
    from detente.views.risk_text import show

    one, other = party_code(a), party_code(b)
    assert one is not None and other is not None
    with opened(place) as ledger:
        report = assess(
            ledger, one, other, on=on, without=without, with_=with_, since=against, incidents=incidents, priors=priors,
            beliefs=dict(map(_belief, beliefs)), known=known, seed=seed, history=_history(folder),
        )  # fmt: skip
    if svg is not None:
        from detente.views.risk_plots import plots

        _write(svg, plots(report))
    if as_json:
        click.echo(report.model_dump_json(indent=2).encode())
    else:
        show(report, console())


def _history(folder: Path | None) -> History | None:
    """The event history, where there is one."""
    from detente.forecasting.history import History, place

    return History(folder) if folder is not None or place().is_dir() else None


def _belief(given: str) -> tuple[str, float]:
    from detente.errors import UsageFault

    side, _, text = given.rpartition("=")
    code = party_code(side) if side else None
    try:
        return code or "", float(text)
    except ValueError:
        raise UsageFault(f"belief: {given!r} is none; write SIDE=NUMBER, such as NATO=0.5") from None


def _write(path: Path, text: str) -> None:
    from detente.errors import UsageFault

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageFault(f"--svg: {path} cannot be written ({error.strerror}); name another file") from None
