"""How good forecasts were, as a view: what the terminal and the browser show of a track record.

What always holds: forecasts that were made before their days began are never mixed with later ones; what is not known
is counted by its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from detente.forecasting.model import Forecast
from detente.forecasting.track import Resolved, Score, score
from detente.plain import parties

KINDS = {"type": "acts by type", "line": "lines", "answer": "answers"}
"""What questions of a kind are called."""


@dataclass(frozen=True, slots=True)
class Record:
    """A track record.

    Attributes:
        title: of whom.
        day: as of when.
        stored: forecasts that are stored.
        waiting: those of which no horizon has passed.
        ahead, later: scores of those made before their days began, and of the others; ``bins`` of a score are the
            points of its reliability plot.
        open: why questions are not resolved, with how many.
    """

    title: str
    day: date
    stored: int
    waiting: int
    ahead: Score
    later: Score
    open: tuple[tuple[str, int], ...]


def record(some: Sequence[Forecast], found: Iterable[Resolved], day: date, of: Sequence[str] = ()) -> Record:
    """The track record of stored forecasts.

    Args:
        some: the forecasts.
        found: what became of their questions.
        day: as of when that is told.
        of: the parties that were asked for.
    """
    every = list(found)
    passed = {one.forecast for one in every}
    reasons = Counter(one.why for one in every if one.outcome is None)
    pair = f" {'between' if len(of) > 1 else 'about'} {parties(sorted(of))}" if of else ""
    return Record(
        f"Track record of forecasts{pair}", day, len(some), sum(f.id not in passed for f in some),
        score(one for one in every if one.ahead), score(one for one in every if not one.ahead),
        tuple(reasons.most_common()),
    )  # fmt: skip
