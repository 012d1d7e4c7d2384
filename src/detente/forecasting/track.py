"""The track record: forecasts as they were stored with what was known, what became of them, and how good they were.

What always holds: a forecast is stored whole but for words of articles, which stay with their reports, and is never
changed; storing the same one again on the same state of the ledger changes nothing. What was made before its horizon
began is told apart from what was made later.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from detente.forecasting.model import Forecast
from detente.forecasting.resolving import Resolved, resolve
from detente.forecasting.scoring import Bin, Rival, Score, score
from detente.ledger import forecasts
from detente.ledger.days import Day
from detente.ledger.keys import plain

if TYPE_CHECKING:
    from detente.forecasting.history import History
    from detente.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Stored:
    """A forecast as it was stored.

    Attributes:
        forecast: with its id.
        made_at: when it was made, UTC.
        last_report: number of the newest report that the ledger had then; 0 where it had none.
        maker: the program that made it, with its version.
    """

    forecast: Forecast
    made_at: str
    last_report: int
    maker: str


def store(ledger: Ledger, forecast: Forecast) -> str:
    """Keep a forecast.

    Args:
        ledger: the ledger from which it was made, open for writing.
        forecast: the forecast.

    Returns:
        Its id; that of the one that is there, where the same was stored on the same state of the ledger.

    Raises:
        LedgerError: the ledger cannot be written.
    """
    until = date.fromisoformat(forecast.on) + timedelta(days=forecast.horizon)
    body = forecast.model_dump(mode="json", exclude={"id"})
    with ledger.store.writing() as connection:
        return forecasts.keep(connection, {
            "a": forecast.a, "b": forecast.b, "asked_on": forecast.on, "known": forecast.known,
            "horizon": forecast.horizon, "until": until.isoformat(), "maker": f"detente {version('detente')}",
            "body": plain(forecasts.marked(connection, body, _told_of(forecast))),
        })  # fmt: skip


def _told_of(forecast: Forecast) -> list[str]:
    """The events and changes whose words may stand in a forecast."""
    answer = forecast.answer
    drivers = [d for q in forecast.questions() for d in q.drivers] + list(answer.drivers if answer else ())
    found = {name for driver in drivers for name in driver.events}
    return sorted(found | ({answer.act} if answer else set()))


def stored(connection: Connection, a: str | None = None, b: str | None = None) -> list[Stored]:
    """The forecasts that were stored, in the order in which they were made.

    Args:
        connection: one that reads (see `detente.ledger.Ledger.asked`).
        a, b: only those about these parties.
    """
    return [
        Stored(
            Forecast.model_validate(forecasts.unmarked(connection, json.loads(row["body"])) | {"id": row["id"]}),
            row["made_at"], row["last_report"], row["maker"],
        )
        for row in forecasts.kept(connection, a, b)
    ]  # fmt: skip


def resolved(
    connection: Connection, some: Iterable[Stored], *, known: Day = None, history: History | None = None
) -> list[Resolved]:
    """What became of stored forecasts, as far as their horizons have passed; see `resolve`."""
    return [
        found
        for one in some
        for found in resolve(connection, one.forecast, known=known, history=history, made_at=one.made_at)
    ]


__all__ = ["Bin", "Resolved", "Rival", "Score", "Stored", "resolve", "resolved", "score", "store", "stored"]
