"""Commands that say how good forecasts were: score, of those that were stored, and backtest, of the past replayed.

What always holds: nothing is written; what is not known is counted and told, never taken for a no.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from detente.commands.options import console, days_of, ledger_option, opened, outputs, party_code, written

if TYPE_CHECKING:
    from detente.forecasting.track import Resolved

Command = Callable[..., None]


def _known(command: Command) -> Command:
    return click.option("--known", metavar="DATE", help="As of which day it is told what came of it: dates of "
                        "publication; today unless given.")(command)  # fmt: skip


def _history(command: Command) -> Command:
    return click.option("--history", metavar="DIR", help="Where imported event histories are; else $DETENTE_HISTORY, "
                        "else your data folder.")(command)  # fmt: skip


@click.command()
@click.argument("a", required=False)
@click.argument("b", required=False)
@_known
@_history
@outputs
@ledger_option
def score(
    a: str | None, b: str | None, known: str | None, history: str | None, as_json: bool, as_csv: bool,
    place: str | None,
) -> None:  # fmt: skip
    """How good the stored forecasts were: of A and B, of A, or all, as far as their days have passed.

    What was forecast before its days began is told apart from what was forecast later.
    """
    from detente.forecasting.history import History
    from detente.forecasting.track import resolved, stored
    from detente.ledger.days import day_of
    from detente.views.track import record
    from detente.views.track_text import show_record

    one, other = party_code(a), party_code(b)
    day = day_of(known, "--known") or date.today()
    with opened(place) as ledger, ledger.asked() as connection:
        some = stored(connection, one, other)
        found = resolved(connection, some, known=known, history=History(history))
    view = record([s.forecast for s in some], found, day, [p for p in (one, other) if p])
    if as_json and not as_csv:
        told = {
            "stored": view.stored,
            "waiting": view.waiting,
            "ahead": asdict(view.ahead),
            "later": asdict(view.later),
        }
        _print(told | {"questions": _rows(found)})
    elif not written(_rows(found), as_json, as_csv):
        show_record(view, console())


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--since", metavar="DATE", help="The first day on which to forecast; else the first on which something "
              "was known, or five years before the last.")  # fmt: skip
@click.option("--until", metavar="DATE", help="The last day on which to forecast; else the last whose horizon has "
              "passed.")  # fmt: skip
@click.option("--every", default="30d", show_default=True, metavar="DAYS", help="From one forecast to the next.")
@click.option("--horizon", default="30d", show_default=True, metavar="DAYS", help="How far to look: 30d, 8w or 3m.")
@_known
@_history
@outputs
@ledger_option
def backtest(
    a: str, b: str, since: str | None, until: str | None, every: str, horizon: str, known: str | None,
    history: str | None, as_json: bool, as_csv: bool, place: str | None,
) -> None:  # fmt: skip
    """Replay the past of A and B: what would have been forecast with what was known then, and what came of it."""
    from detente.errors import UsageFault
    from detente.forecasting.backtest import backtest as replay
    from detente.forecasting.history import History
    from detente.views.track_text import show_backtest

    if as_json and as_csv:
        raise UsageFault("give --json or --csv, not both")
    one, other = party_code(a), party_code(b)
    assert one is not None and other is not None
    steps, days = days_of(every, "--every"), days_of(horizon, "--horizon")
    with opened(place) as ledger:
        found = replay(ledger, one, other, since=since, until=until, every=steps, horizon=days, known=known,
                       history=History(history))  # fmt: skip
    if as_json:
        _print({"a": one, "b": other, "days": list(found.days), "horizon": days, "score": asdict(found.score),
                "questions": _rows(found.found)})  # fmt: skip
    elif not written(_rows(found.found), as_json, as_csv):
        show_backtest(found, console())


def _print(told: dict[str, Any]) -> None:
    click.echo(json.dumps(told, ensure_ascii=False, indent=2).encode())


def _rows(found: Iterable[Resolved]) -> list[dict[str, Any]]:
    """A row a question."""
    return [
        {
            "forecast": one.forecast, "made_at": one.made_at, "ahead": one.ahead, "asks": one.question.asks,
            "source": one.question.source, "target": one.question.target, "what": one.question.what,
            "way": one.question.way, "after": one.question.after, "until": one.question.until,
            "text": one.question.text, "probability": one.question.chance.probability,
            "low": one.question.chance.low, "high": one.question.chance.high, "base": one.question.chance.base,
            "persistence": one.question.chance.persistence, "outcome": one.outcome, "on": one.on,
            "by": list(one.by), "why": one.why,
        }
        for one in found
    ]  # fmt: skip
