"""What stands behind the figures: the rate of incidents, what is known of a kind of line, claims, and what is lacking.

What always holds: where no data exist it says so; a claim is quoted with its source and was known by the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection

from detente.escalation.counting import Pair, Row, Situation
from detente.escalation.model import CAVEAT, Claimed, Data
from detente.escalation.priors import WIDTH, Effect, Prior, Priors
from detente.ledger import asking
from detente.ledger.believing import Asked

if TYPE_CHECKING:
    from detente.forecasting.history import History

YEARS = 5
"""Years before the day over which incidents are counted in an event history."""
INCIDENT_TYPES = ("ASSAULT", "MOBILIZE")
"""PLOVER types as which an incident between armed forces is coded; COERCE has sanctions in it in some histories."""
_RANK: dict[Data, int] = {"association": 0, "analogy": 1, "none": 2}


@dataclass(frozen=True, slots=True)
class Rated:
    """The rate of incidents: the priors with it, or the number that is known, and where it comes from."""

    priors: Priors
    fixed: float | None
    origin: Literal["analyst", "history", "prior"]
    statement: str


def rate(priors: Priors, given: float | None, history: History | None, parties: tuple[str, str], on: date) -> Rated:
    """How often incidents begin: what the analyst says, else what a history counts, else the prior."""
    if given is not None:
        return Rated(priors, float(given), "analyst", f"{given:g} incidents a year, entered by the analyst.")
    counted = _counted(history, parties, on) if history is not None else None
    if counted is not None:
        days, years, origins = counted
        # A count of Poisson events with Jeffreys' prior; the logarithm's sd is one over the root of the count.
        prior = Prior(unit="per year", value=(days + 0.5) / years, sd=(days + 0.5) ** -0.5, data="counted",
                      source=origins, reasoning="Days with an assault or a mobilization, as coded.")  # fmt: skip
        own = priors.model_copy(update={"incidents": priors.incidents.model_copy(update={"rate": prior})})
        told = (f"{days} days with an assault or a mobilization between the two in {years:.1f} years of coded events "
                f"({origins}); what is coded is not all that happened, and not only incidents.")  # fmt: skip
        return Rated(own, None, "history", told)
    low, high = (priors.incidents.rate.at(side * WIDTH) for side in (-1, 1))
    told = (f"Nobody has counted the incidents of these two: from {low:.3g} to {high:.3g} a year are taken as likely. "
            "Give your own number with --incidents; the ratios do not depend on it.")  # fmt: skip
    return Rated(priors, None, "prior", told)


def _counted(history: History, parties: tuple[str, str], on: date) -> tuple[int, float, str] | None:
    """Days with incidents, over how many years, and in which histories; None where it tells nothing of the two."""
    first, last = history.first, history.last
    frame = history.between(*parties, until=on)
    if first is None or last is None or not frame.height:
        return None
    until = min(last, on)
    since = max(first, until - timedelta(days=round(365.25 * YEARS)))
    years = (until - since).days / 365.25
    if years < 1:
        return None
    recent = frame.filter(frame["date"] > since)
    days = recent.filter(recent["type"].is_in(INCIDENT_TYPES))["date"].n_unique()
    return days, years, f"{', '.join(sorted(set(frame['origin'])))} up to {until}"


def _effects(priors: Priors, kind: str) -> list[Effect]:
    place = priors.channel_of(kind)
    channel = list(priors.channels)[place] if place is not None else None
    return [e for e in priors.effects.values() if e.channel is not None and e.channel == channel]


def data(priors: Priors, kind: str) -> Data:
    """What stands behind the effects of a kind of line."""
    return best(e.data for e in _effects(priors, kind) if e.data != "counted")


def best(found: Iterable[Data]) -> Data:
    """The best of several."""
    return min(found, key=_RANK.__getitem__, default="none")


def statement(priors: Priors, kind: str) -> str:
    """What is known of the loss of such a line."""
    lost = [e for e in _effects(priors, kind) if e.when == "lost"]
    if not lost:
        return "No effect of such lines is among the priors."
    return lost[0].reasoning if data(priors, kind) != "association" else f"{CAVEAT} {lost[0].source}."


def claims(
    connection: Connection, a: str, b: str, on: date, asked: Asked, words: Sequence[str]
) -> Mapping[str, list[Claimed]]:
    """What each side holds about the risk, as far as it was known by the day; the newest first."""
    found: dict[str, list[Claimed]] = {a: [], b: []}
    for row in asking.claims(connection, a, b, asked=asked):
        about = any(word in row["quote"].casefold() for word in words)
        if about and row["holder"] in found and row["known_at"] <= on.isoformat():
            found[row["holder"]].append(Claimed(
                report=row["id"], quote=row["quote"], kind=row["kind"], publisher=row["publisher"],
                address=row["address"], known_at=row["known_at"],
            ))  # fmt: skip
    return found


def caveats(priors: Priors, own: Pair) -> tuple[str, ...]:
    """What has to be said beside every figure."""
    kinds = sorted({line.kind for line in own.lines})
    found = [CAVEAT]
    if none := [kind for kind in kinds if data(priors, kind) == "none"]:
        found.append("No data exist on what the loss of these kinds of line does: " + ", ".join(none) + ". They are "
                     "counted as as likely to do harm as good, so their middle is no finding.")  # fmt: skip
    if by_analogy := [kind for kind in kinds if data(priors, kind) == "analogy"]:
        found.append("The estimate is of states' embassies; for these kinds of line it is an analogy: "
                     + ", ".join(by_analogy) + ".")  # fmt: skip
    found.append("Chances are rough guesses within wide ranges; trust comparisons before levels.")
    return tuple(found)


def lacks(own: Pair, now: Situation, parties: tuple[str, str], board: Sequence[Row]) -> tuple[str, ...]:
    """What is not known of these two."""
    found = []
    if not own.lines:
        found.append("No line between the two is on record, so there is nothing to compare.")
    if either := [key for key, word in now.words.items() if word == "either"]:
        found.append("It is not certain whether these lines are in use; both are counted: " + ", ".join(either) + ".")
    if own.apart:
        found.append("Left out, since the priors have no channel for them: " + ", ".join(own.apart) + ".")
    owners = {row["owner"] for row in board if row["kind"] in ("embassy", "mission")}
    both = any(row["kind"] == "relations" for row in board)
    if own.lines and not both and (silent := sorted(set(parties) - owners)):
        found.append("No embassy or mission of " + " or of ".join(silent) + " to the other is on record: what is not "
                     "on record counts as unchanged.")  # fmt: skip
    return tuple(found)
