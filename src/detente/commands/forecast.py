"""The command that forecasts.

What always holds: a forecast that is shown is stored with what was known, unless that was declined or the ledger
cannot be written, which is said.
"""

from __future__ import annotations

import click

from detente.commands.options import console, days_of, ledger_option, on_option, opened, party_code


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--horizon", default="30d", show_default=True, metavar="DAYS", help="How far to look: 30d, 8w or 3m.")
@on_option
@click.option("--known", metavar="DATE", help="Look at nothing that was published later; the day of --on unless given.")
@click.option("--after", metavar="EVENT", help="The event whose answer is asked for; else the newest hostile act.")
@click.option("--history", metavar="DIR", help="Where imported event histories are; else $DETENTE_HISTORY, else your "
              "data folder.")  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="Show all types and lines, not only the likely ones.")
@click.option("--unstored", is_flag=True, help="Do not keep the forecast for its track record.")
@click.option("--json", "as_json", is_flag=True, help="Print the forecast as JSON, format detente.forecast/1.")
@ledger_option
def forecast(
    a: str, b: str, horizon: str, on: str | None, known: str | None, after: str | None, history: str | None,
    everything: bool, unstored: bool, as_json: bool, place: str | None,
) -> None:  # fmt: skip
    """What A and B are likely to do to each other next, each probability with its reasons.

    Each way: what sort of act is likely, which lines will change, and, after a hostile act, whether, when, how and with
    what number it will be answered. The forecast is kept in the ledger; detente score says later how it did.
    """

    from detente.forecasting import track
    from detente.forecasting.history import History
    from detente.forecasting.outlook import forecast as make
    from detente.views.forecast_text import show_forecast

    one, other = party_code(a), party_code(b)
    assert one is not None and other is not None
    days = days_of(horizon, "--horizon")
    with opened(place) as ledger:
        found = make(ledger, one, other, on=on, known=known, horizon=days, after=after, history=History(history))
        if not unstored:
            found = found.model_copy(update={"id": track.store(ledger, found)})
    if as_json:
        click.echo(found.model_dump_json(indent=2).encode())
        return
    out = console()
    show_forecast(found, out, everything=everything)
    if found.id:
        out.print(f"Kept as {found.id}; detente score {one} {other} will say how it did.", style="dim")
