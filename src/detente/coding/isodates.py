"""Arithmetic on ISO dates that are cut to what is known: "2014", "2021-06", "2021-10-18".

What always holds: a result is never finer than its words allow, and None where nothing is known; nothing here raises.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

GRAIN = {"year": 4, "month": 7, "day": 10}
_ISO = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


def cut(value: str | None, grain: str) -> str | None:
    """Cut a date to its `year`, `month` or `day`; None where it is not known so finely.

    Example:
        >>> cut("2021-10-18", "month"), cut("2014", "month")
        ('2021-10', None)
    """
    size = GRAIN[grain]
    return value[:size] if value and len(value) >= size else None


def days(a: str | None, b: str | None) -> int | None:
    """Whole days from `a` to `b`, where both are full and real days; else None.

    Example:
        >>> days("2021-10-06", "2021-10-18"), days("2021-10", "2021-10-18")
        (12, None)
    """
    first, last = whole(a), whole(b)
    return (last - first).days if first and last else None


def earlier(a: str, b: str) -> bool:
    """Whether `a` surely lies before `b`: no part of one may lie inside the other.

    Example:
        >>> earlier("2014", "2021-10-18"), earlier("2021-10", "2021-10-18")
        (True, False)
    """
    size = min(len(a), len(b))
    return a[:size] < b[:size]


def whole(value: str | None) -> date | None:
    """The value as a day, where it is a full and real one."""
    try:
        return date.fromisoformat(value) if value and len(value) == 10 else None
    except ValueError:
        return None


def known(value: str | None) -> str | None:
    """The value if it is an ISO date of some grain that exists, else None."""
    if not value or not (m := _ISO.match(value)):
        return None
    iso = m.group()
    return iso if whole((iso + "-01-01")[:10]) else None


def of(year: int, month: int | None = None, day: int | None = None) -> str | None:
    """An ISO date; a day that its month lacks is left off; None outside the years 1 to 9999."""
    if not 1 <= year <= 9999:
        return None
    if month is None:
        return f"{year:04}"
    if day is None or day > monthrange(year, month)[1]:
        return f"{year:04}-{month:02}"
    return f"{year:04}-{month:02}-{day:02}"


def shared(first: date, last: date) -> str | None:
    """What the first and the last day of an interval have in common."""
    a, b = first.isoformat(), last.isoformat()
    return next((a[:size] for size in (10, 7, 4) if a[:size] == b[:size]), None)


def bounds(value: str) -> tuple[date, date]:
    """The first and the last day of a known date."""
    year, month, day = (int(x) for x in (value + "-00-00")[:10].split("-"))
    if day:
        return date(year, month, day), date(year, month, day)
    end = month or 12
    return date(year, month or 1, 1), date(year, end, monthrange(year, end)[1])


def move(day: date | None, by: int) -> date | None:
    """The day that lies so many days on."""
    try:
        return day + timedelta(by) if day else None
    except OverflowError:
        return None


def week_of(day: date | None, first: int = 0) -> str | None:
    """The week of a day as an interval, from its Monday (or another weekday, by number) to its Sunday."""
    start = move(day, first - day.weekday()) if day else None
    end = move(start, 6 - first)
    return shared(start, end) if start and end else None


def shift(base: str | None, n: int, unit: str) -> str | None:
    """`n` units after a date, in the unit's own grain.

    Weeks other than one are not taken to the day; days after a month or a year give what is sure of them, but the day
    or the week before or after something in June is taken to lie in June.
    """
    if not base:
        return None
    if unit == "month":
        total = int(base[:4]) * 12 + int(base[5:7] or 0) - 1 + n
        return of(total // 12, total % 12 + 1) if len(base) > 4 else None
    if unit == "year":
        return of(int(base[:4]) + n)
    by = n * {"day": 1, "week": 7, "fortnight": 14}[unit]
    if abs(by) <= 7 and len(base) < 10:
        return base
    first, last = (move(day, by) for day in bounds(base))
    if not first or not last:
        return None
    return week_of(first) if unit != "day" and abs(by) > 7 and first == last else shared(first, last)


def season(month: int, base: str | None, n: int) -> str | None:
    """The three months from `month` on as an interval: those of the base's year, or the last or next whole ones.

    Args:
        month: the season's first month; a winter runs into the next year and so has no value.
        base: from where it is counted.
        n: -1 for the last, 0 for that of the year, 1 for the next.
    """
    if not base or (n and len(base) == 4):
        return None
    year, now = int(base[:4]), int(base[5:7] or 0)
    if (n < 0 and now <= month + 2) or (n > 0 and now >= month):
        year += n
    return of(year) if month < 11 else None
