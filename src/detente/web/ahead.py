"""Forecasts and risks as a server gives them: each made once for a state of the ledger, one at a time.

What always holds: nothing is stored here; what is asked again on the same state of the ledger is not computed again;
who asks for what is there does not wait for who asks for what is not.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from fastapi import Request
from sqlalchemy import func, select
from starlette.exceptions import HTTPException

from detente.errors import UsageFault
from detente.ledger import schema

if TYPE_CHECKING:
    from detente.escalation.model import Risk
    from detente.forecasting.history import History
    from detente.forecasting.model import Forecast
    from detente.ledger.ledger import Ledger
    from detente.web.queries import When

KEPT = 64
"""Answers that are kept: each takes about a second of a processor, and some kilobytes."""
PATIENCE_S = 15
"""Seconds; who waits keeps others from being answered."""
Made = TypeVar("Made")
Key = tuple[object, ...]


class Ahead:
    """What comes next between two parties, and what losing lines goes with.

    Args:
        ledger: which is asked.
        history: the folder of events that others coded; the usual one unless given.
    """

    def __init__(self, ledger: Ledger, history: str | None = None) -> None:
        self._ledger = ledger
        self._folder = history
        self._kept: OrderedDict[Key, object] = OrderedDict()
        self._lock, self._making = threading.Lock(), threading.Lock()

    @property
    def history(self) -> History:
        """The events that others coded, as they are now."""
        from detente.forecasting.history import History

        return History(self._folder)

    def forecast(
        self, a: str, b: str, *, on: str, known: str | None = None, horizon: int = 30, after: str | None = None
    ) -> Forecast:
        """A forecast; see `detente.forecasting.outlook.forecast` for arguments and errors."""
        from detente.forecasting.outlook import forecast

        return self._get(("forecast", a, b, on, known, horizon, after), lambda: forecast(
            self._ledger, a, b, on=on, known=known, horizon=horizon, after=after, history=self.history
        ))  # fmt: skip

    def risk(
        self, a: str, b: str, *, on: str, known: str | None = None, without: Sequence[str] = (),
        with_: Sequence[str] = (),
    ) -> Risk:  # fmt: skip
        """A risk; see `detente.escalation.assessment.risk` for arguments and errors."""
        from detente.escalation.assessment import risk

        gone, back = tuple(sorted(set(without) - {""})), tuple(sorted(set(with_) - {""}))
        return self._get(("risk", a, b, on, known, gone, back), lambda: risk(
            self._ledger, a, b, on=on, known=known, without=gone, with_=back
        ))  # fmt: skip

    def _get(self, asked: Key, make: Callable[[], Made]) -> Made:
        with self._ledger.asked() as connection:
            newest = connection.scalar(select(func.max(schema.reports.c.seq))) or 0
        key = (*asked, newest)
        if (found := self._there(key)) is None:
            # One at a time, so that many visitors do not take all processors.
            if not self._making.acquire(timeout=PATIENCE_S):
                raise HTTPException(503, "others are being made just now; try again", {"retry-after": "10"})
            try:
                found = self._there(key) or self._keep(key, make())
            finally:
                self._making.release()
        return found  # type: ignore[return-value]

    def _keep(self, key: Key, made: object) -> object:
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made

    def _there(self, key: Key) -> object | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)


def ahead_of(request: Request) -> Ahead:
    """What a server knows of what comes next."""
    found: Ahead = request.app.state.ahead
    return found


def days_of(clocks: When) -> tuple[str, str | None]:
    """The two days of a question about what comes next: nothing published after the day asked about is looked at.

    Raises:
        UsageFault: a day of recording is given.
    """
    if clocks.recorded:
        raise UsageFault("recorded: what comes next is asked of all that the ledger has; leave it out, or give known")
    on, known = clocks.on.isoformat(), clocks.asked.known
    return on, min(known, on) if known else None
