"""What comes next between two parties: the ledger, the event history and the casebook brought together.

What always holds: nothing that happened or was published after the day asked about is looked at; with the parties
swapped the same questions come out swapped; what was not there to look at is said in ``lacks``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from detente.errors import ForecastError
from detente.forecasting import answering, bytype, prospects, rates
from detente.forecasting.model import Answer, Direction, Forecast, Question
from detente.ledger import asking
from detente.ledger.days import Day, as_of, day_of
from detente.parties import name_of, party

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from detente.forecasting.history import Extent, History
    from detente.forecasting.pairs import PairModel
    from detente.ledger.believing import Asked
    from detente.ledger.ledger import Ledger

Row = dict[str, Any]
LONGEST = 366
"""Days: a longer horizon would be guessed from weights that were fitted on three months."""
CURRENT = 30
"""Days for which an event history that has ended still tells how things stand."""
FRESH = 90
"""Days for which an act can be the one whose answer is asked for."""
PROVOKES = frozenset({"SANCTION", "COERCE", "THREATEN", "REJECT", "ASSAULT", "MOBILIZE"})
"""Types of act whose answer is asked for; words of blame are too many."""


def forecast(
    ledger: Ledger, a: str, b: str, *, on: Day = None, known: Day = None, horizon: int = 30, after: str | None = None,
    history: History | None = None,
) -> Forecast:  # fmt: skip
    """What is likely next between two parties, each way: by type of act, by line, and the answer to the newest act.

    Args:
        ledger: what was reported.
        a, b: the parties' codes.
        on: the day that is asked about; today unless given. The horizon begins on the day after.
        known: nothing published later is looked at; ``on`` unless given, and never later than that.
        horizon: days.
        after: the event whose answer is asked for; the newest hostile act between the two unless given.
        history: events that others coded; without one the shipped weights are used.

    Returns:
        The forecast, not stored anywhere.

    Raises:
        ForecastError: the day lies in the future, the horizon is none, or the two are one party.
        NotInLedger: there is no event ``after``.
        UnknownParty: a code is nobody's.

    Example:
        >>> import tempfile, detente
        >>> text = "MADRID - Spain expelled four Libyan diplomats on Monday. " * 3
        >>> with tempfile.TemporaryDirectory() as folder, detente.Ledger(f"{folder}/ledger.db") as ledger:
        ...     _ = ledger.record([detente.read(text, published="2021-10-19")])
        ...     found = detente.forecast(ledger, "ESP", "LBY", on="2021-10-20")
        >>> found.answer.text, found.answer.whether.target
        ('Spain expelled four Libyan diplomats', 'ESP')
    """
    wanted = _checked(a, b, on, known, horizon, history)
    with ledger.asked(None, a, b) as connection:
        rows = _together(connection, wanted)
        extents = wanted.history.extents(wanted.on) if wanted.history else ()
        answer, kind = _answer(connection, wanted, after)
        lines = prospects.line_prospects(connection, a, b, on=wanted.on, asked=wanted.asked, horizon=horizon,
                                         answer=answer)  # fmt: skip
        past, model = bytype.Past(rows, wanted.on), _model(wanted)
        return Forecast(
            a=a, b=b, on=wanted.on.isoformat(), known=wanted.seen.isoformat(), horizon=horizon,
            directions=tuple(_direction(past, lines, *way, wanted, answer, kind, model) for way in ((a, b), (b, a))),
            answer=answer,
            rests_on=tuple(_rests_on(rows, extents, wanted)), lacks=tuple(_lacks(rows, extents, answer, wanted)),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked for: the pair, the day, what was published by then, days, and coded events where there are any."""

    a: str
    b: str
    on: date
    seen: date
    horizon: int
    history: History | None

    @property
    def asked(self) -> Asked:
        return as_of(self.seen)

    @property
    def pair(self) -> str:
        return f"{name_of(self.a)} and {name_of(self.b)}"


def _checked(a: str, b: str, on: Day, known: Day, horizon: int, history: History | None) -> _Wanted:
    """What is asked for, or an error."""
    for code in (a, b):
        party(code)  # an unknown one is told here
    if a == b:
        raise ForecastError(f"{a} and {b} are one party; a forecast needs two")
    if not 1 <= horizon <= LONGEST:
        raise ForecastError(f"a horizon of {horizon} days is none that can be forecast; give 1 to {LONGEST}")
    day = day_of(on, "on") or date.today()
    if day > date.today():
        raise ForecastError(
            f"nothing can be known on {day.isoformat()} yet; ask for today, or for a day that has passed"
        )
    seen = day_of(known, "known") or day
    if seen > day:
        raise ForecastError(f"a forecast for {day.isoformat()} must not know what was published up to "
                            f"{seen.isoformat()}; give an earlier --known, or leave it out")  # fmt: skip
    return _Wanted(a, b, day, seen, horizon, history if history is not None and history.extents(day) else None)


def _together(connection: Connection, wanted: _Wanted) -> list[Row]:
    """The pair's events of the history, and the ledger's."""
    a, b = wanted.a, wanted.b
    told = wanted.history.between(a, b, until=wanted.on).to_dicts() if wanted.history else []
    own = asking.dyad_events(connection, a, b, asked=wanted.asked)
    return [row | {"date": row["date"].isoformat()} for row in told] + own


def _model(wanted: _Wanted) -> PairModel | None:
    """What can be learnt from the event history; None where it does not reach up to the day, or is too short.

    It is learnt from the days before the quarter of the one asked about, so that it is the same for all days of a
    quarter, in whatever order they are asked.
    """
    if wanted.history is None or (wanted.on - max(e.last for e in wanted.history.extents(wanted.on))).days > CURRENT:
        return None
    before = wanted.on.replace(month=(wanted.on.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1)
    for learnt in (before, wanted.on):
        try:
            model = _learnt(str(wanted.history.folder), learnt, wanted.history.extents(learnt))
        except ForecastError:
            continue  # too short by then
        return model.moved(wanted.history.frame(until=wanted.on), wanted.on)
    return None


@lru_cache(maxsize=2)
def _learnt(folder: str, until: date, extents: tuple[Extent, ...]) -> PairModel:
    """What was learnt up to a day; the extents tell whether anything was added since."""
    from detente.forecasting.history import History
    from detente.forecasting.pairs import PairModel

    return PairModel.fit(History(folder).frame(until=until), until)


def _direction(
    past: bytype.Past, lines: Sequence[Question], source: str, target: str, wanted: _Wanted, answer: Answer | None,
    kind: str, model: PairModel | None,
) -> Direction:  # fmt: skip
    asked = bytype.questions(past, source, target, wanted.horizon, model)
    types = sorted((bytype.with_answer(q, answer, kind) if answer else q for q in asked), key=_likeliest)
    own = [q for q in lines if (q.source, q.target) == (source, target)]
    return Direction(source=source, target=target, types=tuple(types), lines=tuple(sorted(own, key=_likeliest)))


def _likeliest(question: Question) -> tuple[float, str]:
    return -question.chance.probability, question.key


def _answer(connection: Connection, wanted: _Wanted, after: str | None) -> tuple[Answer | None, str]:
    """The answer to an act between the two, and the act's type."""
    act = after or _newest(connection, wanted)
    if act is None:
        return None, ""
    row = asking.events_by_id(connection, [act]).get(act)
    pair = _who(row, wanted) if row else None
    coded = wanted.history.frame(until=wanted.on, parties=[pair[1]]) if wanted.history and pair else None
    found = answering.answer(connection, act, on=wanted.on, known=wanted.seen, horizon=wanted.horizon, pair=pair,
                             history=coded)  # fmt: skip
    return found, row["type"] if row else ""


def _who(row: Row, wanted: _Wanted) -> tuple[str, str]:
    """Which of the two acted, and on which."""
    for one, other in ((wanted.a, wanted.b), (wanted.b, wanted.a)):
        if one in row["source"] and other in row["target"]:
            return one, other
    a, b = wanted.a, wanted.b
    raise ForecastError(f"{row['id']} is no act of {a} on {b} or back; detente timeline {a} {b} shows theirs")


def _newest(connection: Connection, wanted: _Wanted) -> str | None:
    """The newest hostile act between the two that could still be answered."""
    since, pair = (wanted.on - timedelta(days=FRESH)).isoformat(), {wanted.a, wanted.b}
    found = [
        event for event in asking.events_of(connection, wanted.a, wanted.b, since=since, until=wanted.on.isoformat(),
                                            asked=wanted.asked)
        if event["type"] in PROVOKES and event["standing"] == "sound" and event["status"] == "actual"
        and len({*event["source"]} & pair) == 1 and len({*event["target"]} & pair) == 1
    ]  # fmt: skip
    # Of several on one day the weightiest: a reduction of relations before words.
    return max(found, key=lambda e: (e["day"], -(e["goldstein"] or 0.0), e["id"]))["id"] if found else None


def _rests_on(rows: Sequence[Row], extents: Sequence[Extent], wanted: _Wanted) -> list[str]:
    own = sorted(row["date"] for row in rows if row.get("event"))
    told = [f"the ledger: {len(own)} acts between {wanted.pair}" + (f", {own[0]} to {own[-1]}" if own else "")]
    told += [f"the event history {extent}" for extent in extents]
    return [*told, f"rates and weights of {rates.source()}",
            "the casebook of documented ruptures, as far as it was known by then"]  # fmt: skip


def _lacks(rows: Sequence[Row], extents: Sequence[Extent], answer: Answer | None, wanted: _Wanted) -> list[str]:
    told, last = [], max((extent.last for extent in extents), default=None)
    if last is None:
        told.append("no event history was imported: what the two do daily is known only as far as the ledger has read "
                    "it, so that frequent acts are rated too low (detente history add imports one)")  # fmt: skip
    elif (wanted.on - last).days > CURRENT:
        told.append(f"the event history ends on {last}, {(wanted.on - last).days} days before: it counts with what it "
                    "tells of the two, but nothing was learnt from it")  # fmt: skip
    if not rows:
        told.append(f"nothing is recorded between {wanted.pair}: this is what is so of pairs in general")
    if answer is None:
        told.append(f"no hostile act between the two is recorded in the {FRESH} days before, so that no answer is due")
    return told
