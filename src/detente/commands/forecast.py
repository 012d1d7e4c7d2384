"""The commands that forecast: forecast, of a pair; whom, of a party's next object.

What always holds: a forecast of a pair that is shown is stored with what was known, unless that was declined or the
ledger cannot be written, which is said.
"""

from __future__ import annotations

import click

from detente.commands.options import (
    console,
    days_of,
    ledger_option,
    on_option,
    opened,
    outputs,
    party_code,
    written,
)


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

    from detente.errors import LedgerError
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
            try:
                found = found.model_copy(update={"id": track.store(ledger, found)})
            except LedgerError as error:
                click.echo(f"detente: this forecast is not kept for its track record: {error}", err=True)
    if as_json:
        click.echo(found.model_dump_json(indent=2).encode())
        return
    out = console()
    show_forecast(found, out, everything=everything)
    if found.id:
        out.print(f"Kept as {found.id}; detente score {one} {other} will say how it did.", style="dim")


@click.command()
@click.argument("source")
@click.argument("act", metavar="TYPE")
@on_option
@click.option("--top", default=10, show_default=True, type=click.IntRange(1, 100), help="How many to name.")
@click.option("--history", metavar="DIR", help="Where imported event histories are; else $DETENTE_HISTORY, else your "
              "data folder.")  # fmt: skip
@click.option("--seed", default=0, show_default=True, help="Of all draws.")
@outputs
def whom(
    source: str, act: str, on: str | None, top: int, history: str | None, seed: int, as_json: bool, as_csv: bool
) -> None:  # fmt: skip
    """Whom SOURCE is likely to do TYPE to next: a PLOVER type, or a CAMEO code such as 161.

    Learnt from the imported event history in a minute or less; each chance is among the parties of the history, given
    that the act comes.
    """
    from dataclasses import asdict

    from detente.errors import ForecastError
    from detente.forecasting.entity.whom import whom as ranked
    from detente.forecasting.history import History
    from detente.ledger.days import day_of
    from detente.views.forecast_text import show_candidates

    party = party_code(source)
    assert party is not None
    events = History(history)
    day = day_of(on, "--on") or events.last
    if day is None:
        raise ForecastError("no event history was imported, and from nothing nobody can say whom a party turns to; "
                            "add one with detente history add FILE")  # fmt: skip
    found = ranked(events.frame(until=day), party, act.upper(), day, top=top, seed=seed)
    rows = [{"rank": n, "party": one.party, "chance": one.chance, "reasons": [
        {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in asdict(reason).items()}
        for reason in one.reasons]} for n, one in enumerate(found, start=1)]  # fmt: skip
    if not written(rows, as_json, as_csv):
        show_candidates(found, party, act.upper(), day.isoformat(), console())
