"""Days and times as users give them.

What always holds: a month or year stands for its last day, a day for its end; what is none is told with what to write.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from detente.errors import UsageFault
from detente.ledger.believing import Asked
from detente.ledger.states import last_day

Day = str | date | None


def as_of(known: Day) -> Asked:
    """As of when it could be known, of a date as users give it.

    Example:
        >>> as_of("2021-10").known
        '2021-10-31'
    """
    day = day_of(known, "known")
    return Asked(day.isoformat() if day else None)


def moment(given: str | date) -> str:
    """A time as the ledger writes it, of a day or time as users give it; a day stands for its end.

    Example:
        >>> moment("2021-10-22"), moment("2021-10-22T14:30")
        ('2021-10-22T23:59:59.999999Z', '2021-10-22T14:30:00.000000Z')
    """
    text = str(given)
    if "T" not in text and (day := last_day(text)):
        return f"{day.isoformat()}T23:59:59.999999Z"
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise UsageFault(f"recorded: {text!r} is no date or time; write 2021-10-22 or 2021-10-22T14:30Z") from None
    return time.replace(tzinfo=time.tzinfo or UTC).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def day_of(given: Day, name: str) -> date | None:
    """A day as users give it; a month or year stands for its last day.

    Raises:
        UsageFault: it is none.
    """
    if given is None or isinstance(given, date):
        return given
    day = last_day(given)
    if day is None:
        raise UsageFault(f"{name}: {given!r} is no date; write 2021-10-22, 2021-10 or 2021")
    return day


def iso(given: Day, name: str) -> str | None:
    """A day as users give it, as ISO text."""
    day = day_of(given, name)
    return day.isoformat() if day else None
