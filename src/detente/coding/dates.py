"""A small grammar of dates in English news text.

What always holds: a value is an ISO date cut to what the words say, resolved against the publication date or the story
so far, and None rather than a guess; offsets lie inside the sentence, in text order, and never overlap.

A rule is a pattern and a function that reads it. All patterns are joined into one master expression, earlier rules
first; the words before a date give its role. An expression that spans time ("last week", "last summer") is an interval
whose value is the part that its first and last day share: a month, a year, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from detente.coding import datewords as words
from detente.coding import isodates as iso
from detente.coding.datewords import MONTHS, PATTERNS, SEASONS, WEEKDAYS
from detente.coding.isodates import cut, days, earlier
from detente.coding.numbers import parse as number

__all__ = ["Story", "When", "cut", "days", "earlier", "find"]

TOLERANCE = 14
"""Days after publication up to which a day and month without a year are read as announced, not as last year's."""
HORIZON = 190
"""Days: how far ahead "from 1 March" may look; about half a year, as beyond it the past one is as near as the next.
Where the verbs say so ("will meet in March"), a year."""


@dataclass(frozen=True, slots=True)
class When:
    """A date or span of time that a sentence mentions.

    Attributes:
        start: offset of its first character in the sentence; the preposition before it is left out.
        end: offset after its last character.
        value: ISO date cut to what is known, or None.
        role: `point`, `deadline`, `from`, `since`, `duration` or `future` (a point after the publication date).
        kind: `absolute` (gives its year), `calendar` (day or month without a year), `weekday`, `relative` (to the
            publication date), `anaphoric` (to the story so far) or `span`.
        aside: a glance aside ("the 2015 deal", "two days after the vote") from which the story does not go on.
        clause: where "after" or "before" stands, if what it leads to has this date ("on Monday, a day after …").
    """

    start: int
    end: int
    value: str | None
    role: str
    kind: str
    aside: bool = field(default=False, compare=False)
    clause: int | None = field(default=None, compare=False)


@dataclass(slots=True)
class Story:
    """What "the next day" is counted from.

    Attributes:
        published: the article's date, if known.
        last: the date mentioned last, without glances aside ("the deal of 2015").
    """

    published: str | None
    last: str | None = None

    def anchor(self, grain: str) -> str | None:
        """The date mentioned last, no finer than the grain."""
        return self.last[: iso.GRAIN[grain]] if self.last else None


class _Found(NamedTuple):
    value: str | None
    kind: str
    role: str | None = None
    aside: bool = False
    clause: int | None = None


@dataclass(slots=True)
class _Reader:
    """What a rule may look at while a sentence is read."""

    text: str
    low: str
    published: str | None
    story: Story
    future: bool
    out: list[When] = field(default_factory=list)
    main: str | None = None
    """The first date of the sentence that the story goes on from; a coarser one before it is a glance back."""
    since: str | None = None
    """A month or year since when; the story goes on from it only where the sentence has no date of its own."""

    def before(self, at: int) -> str:
        return self.text[max(0, at - 80) : at]

    def role(self, m: re.Match[str]) -> str:
        lead = words.LEAD.search(self.before(m.start()))
        if not lead or (self.text.startswith("'s", m.end()) and not lead["since"]):
            return "point"
        return "point" if lead["negated"] else lead.lastgroup or "point"

    def ahead(self, m: re.Match[str]) -> bool:
        """Whether a date that could be past or coming is a coming one."""
        role = self.role(m)
        if role != "point":
            return role in ("from", "deadline")
        return words.looks_ahead(self.text, *m.span(), self.future)

    def base(self, word: str, grain: str) -> tuple[str | None, int, str]:
        """From which date "this", "last", "the same", … count, how many units on, and the kind that makes."""
        word = word.lower().split()[-1] if word else ""
        if word in ("same", "that", "following", "previous"):
            return self.story.anchor(grain), {"following": 1, "previous": -1}.get(word, 0), "anaphoric"
        return self.published, {"last": -1, "next": 1}.get(word, 0), "relative"

    def keep(self, m: re.Match[str], found: _Found) -> None:
        value, role = found.value, found.role or self.role(m)
        if found.aside and role in ("from", "deadline"):
            role = "point"
        if words.EVE.search(self.before(m.start())):
            value = iso.shift(value, -1, "day")
        later = value and self.published and earlier(self.published, value)
        if role == "point" and (later or (found.kind != "anaphoric" and words.COMING.search(m.group()))):
            role = "future"
        end = m.end() - (self.text[m.end() - 1] == ".")
        self.out.append(When(m.start(), end, value, role, found.kind, found.aside, found.clause))
        if not value or later or found.aside or role not in ("point", "since", "from"):
            return
        if role == "since" and len(value) < 10:
            self.since = value
        elif not (self.main and len(value) < len(self.main) and earlier(value, self.main)):
            self.story.last, self.main = value, self.main or value


def _written(r: _Reader, m: re.Match[str]) -> _Found | None:
    """2021-10-06 and 2021-10; but 2009-10 is a season."""
    year, month, day = int(m["y"]), int(m["m"]), m["d"]
    if not day and month == year % 100 + 1:
        return _Found(iso.of(year), "absolute")
    return _Found(iso.of(year, month, int(day) if day else None), "absolute")


def _month_day(r: _Reader, m: re.Match[str]) -> _Found | None:
    """6 October, October 6th, October; with a year, without, or with words for one."""
    parts = m.groupdict()
    month = MONTHS.index((parts.get("m1") or m["m"])[:3].lower()) + 1
    day = int(re.sub(r"\D", "", parts["d"])) if parts.get("d") else None
    aside = day is None and bool(words.ADJECTIVE.search(r.before(m.start())))
    if m["y"]:
        return _Found(iso.of(int(m["y"]), month, day), "absolute", None, aside)
    if m["ry"]:
        base, n, kind = r.base(m["ry"] if m["ry"].lower() != "the next" else "following", "year")
        return _Found(iso.of(int(base[:4]) + n, month, day) if base else None, kind)
    det = " ".join((parts.get("det") or "").lower().split())
    if day is None and not det and not parts.get("phase") and not _month_stands(r, m):
        return None
    if det in ("that", "the same") and (year := r.story.anchor("year")):
        return _Found(iso.of(int(year), month), "anaphoric")
    if "following" in det and (last := r.story.anchor("month")) and len(last) > 6:
        return _Found(iso.of(int(last[:4]) + (month <= int(last[5:7])), month), "anaphoric")
    return _Found(_nearest(r, m, month, day, det), "calendar", None, aside)


def _month_stands(r: _Reader, m: re.Match[str]) -> bool:
    """Whether a lone month's name is one: "May", "March" and short forms need a preposition, all no surname after."""
    led, rest = words.NEEDS_LEAD.search(r.before(m.start())), r.text[m.end() : m.end() + 60]
    if m["m"].lower() == "may" and words.SURNAME.search(r.before(m.start()) + m.group() + rest):
        return False
    if len(m["m"]) < 4 or m["m"].lower() == "march":
        return bool(led) and (len(m["m"]) == 3 or not re.match(r"\s+(?:on|for)\s+[A-Z]", rest))
    return bool(led and led[0][:2].lower() not in ("an", "or")) or not re.match(r"\s+[A-Z]", rest)


def _nearest(r: _Reader, m: re.Match[str], month: int, day: int | None, det: str) -> str | None:
    """The year that news leaves unsaid: that of the latest such date, or the next one where the words look ahead."""
    if not r.published or len(r.published) == 4:
        return None
    ref = iso.bounds(r.published)[1]
    size = 7 if day is None else 10
    dates = [v for y in range(ref.year - 8, ref.year + 2) if (v := iso.of(y, month, day)) and len(v) == size]
    now = ref.isoformat()
    coming = next((v for v in dates if v >= now[:size]), "9999")
    if det in ("next", "this coming"):
        return next((v for v in dates if v > now[:size]), None)
    if det == "this":
        return next((v for v in dates if v[:4] == now[:4]), None)
    if det == "last":
        return max((v for v in dates if v < now[:size]), default=None)
    said = r.role(m) == "point" and words.looks_ahead(r.text, *m.span(), False)
    limit = iso.move(ref, 365 if said else HORIZON) or ref
    if det != "this past" and coming <= limit.isoformat() and r.ahead(m):
        return coming
    soon = iso.move(ref, TOLERANCE if day and r.role(m) != "since" else 0) or ref
    return max((v for v in dates if v <= soon.isoformat()[:size]), default=None)


def _weekday(r: _Reader, m: re.Match[str]) -> _Found | None:
    """Monday, next Monday, a week on Monday, Monday of last week, the following Monday."""
    if words.NO_DAY.search(r.before(m.start())):
        return None
    wanted = WEEKDAYS.index(m["w"][:3].lower())
    det = (m["det"] or m["post"] or "").lower()
    pre = (m["pre"] or "").lower()
    if m["wk"]:
        base, n, _ = r.base(m["wk"], "day")
        day = iso.whole(base)
        return _Found(iso.shift(base, 7 * n - day.weekday() + wanted, "day") if day else None, "weekday")
    base, n, kind = r.base(det, "day")
    day = iso.whole(base)
    if not day:
        return _Found(None, "weekday" if kind == "relative" else kind)
    gap = (wanted - day.weekday()) % 7
    if "ago" in pre or "last" in pre:
        by = (gap or 7) - 14
    elif n > 0 or pre or "coming" in det or det == "week":
        by = (gap or 7) + (7 if pre or det == "week" else 0)
    elif n < 0:
        by = gap - 7
    elif det == "this":
        by = wanted - day.weekday()
    else:
        by = gap if kind == "relative" and r.ahead(m) else gap - 7 if gap else 0
    return _Found(iso.shift(base, by, "day"), "weekday" if kind == "relative" else kind)


_SOON = {"day": 14, "week": 61}
"""Days within which "days later" and "weeks later" surely lie."""
_OFFSETS = {"yesterday": -1, "last": -1, "tomorrow": 1}


def _this_day(r: _Reader, m: re.Match[str]) -> _Found | None:
    """Today and the days around it."""
    said = m.group().lower().split()
    n = _OFFSETS.get(said[-1], _OFFSETS.get(said[0], 0)) * (2 if said[0] == "the" else 1)
    return _Found(iso.shift(r.published, n, "day"), "relative")


def _amount(m: re.Match[str]) -> tuple[int | None, str]:
    """How many of which unit; no number where the words are vague."""
    unit = (m["u"] or m["us"]).lower()
    vague = m["us"] or m["half"] or m["vague"] or (not m["n"] and m.string.startswith("s", m.end("u")))
    n = None if vague else number(m["n"]) if m["n"] else 1
    if unit == "minute" or (unit == "hour" and (n is None or n < 24)):
        return 0, "hour"
    if unit == "hour" and n:
        return (None if n % 24 else n // 24), "day"
    return (None if m["about"] else n), {"night": "day", "decade": "age"}.get(unit, unit)


def _apart(r: _Reader, m: re.Match[str]) -> _Found | None:
    """Three days later, a month ago, the day before, a week after the vote."""
    n, unit = _amount(m)
    unit = "day" if unit == "hour" else unit
    way = m["way"].lower().split()
    if way == ["ago"] or len(way) == 2:
        by = {"ago": -1, "before": -2, "after": 2}[way[0]]
        known = n is not None and unit != "age"  # "decades ago" gives no year
        return _Found(iso.shift(r.published, n * by, unit) if known and n is not None else None, "relative")
    back = way[0] in ("earlier", "before", "previously")
    rest = r.text[m.end() : m.end() + 30]
    clause = words.CLAUSE.match(rest) if way[0] in ("after", "before") else None
    if n is None or unit == "age":
        return _Found(None if back or clause else _soon(r, unit), "anaphoric", None, True)
    n = -n if back else n
    if clause:
        target = _MASTER.match(r.low, m.end() + clause.end())
        if target and target.lastgroup != "apart" and (found := _read(r, target)[1]) and found.role is None:
            return _Found(iso.shift(found.value, n, unit), found.kind, None, True)
        prior = [w.value for w in r.out if w.value and w.role in ("point", "future")]
        if prior:
            return _Found(iso.shift(prior[-1], -n, unit), "anaphoric", "point", True, m.start("way"))
        if not re.match(r"\s+(?:the|that|this|which|its|his|their|those|these)\b", rest):
            return _Found(None, "anaphoric", None, True)
    grain = {"month": "month", "year": "year"}.get(unit, "day")
    return _Found(iso.shift(r.story.anchor(grain), n, unit), "anaphoric", None, back)


def _soon(r: _Reader, unit: str) -> str | None:
    """ "Days later", "within weeks": what is sure of it, the month or year in which it must lie."""
    first, last = iso.bounds(r.story.last) if r.story.last and len(r.story.last) > 4 else (None, None)
    end = iso.move(last, _SOON.get(unit, 0))
    return iso.shared(first, end) if first and end and unit in _SOON else None


def _period(r: _Reader, m: re.Match[str]) -> _Found | None:
    """This week, last month, the following year, the end of the month, that summer."""
    unit, det = m["u"].lower(), " ".join(m["det"].lower().split())
    if det == "the" and not m["phase"] and not m["out"]:
        return None
    if det == "the next" and re.search(r"\b(?:in|over|for|during|within)\s+$", r.before(m.start()), re.I):
        return _Found(None, "relative", "future")
    grain = "month" if unit == "month" else "year" if unit == "year" or unit in SEASONS else "day"
    base, n, kind = r.base("following" if det == "the next" else det, grain)
    told = r.story.anchor(grain)
    old = det == "the" and told and told[:4] != (r.published or told)[:4]
    if old and not words.looks_ahead(r.text, *m.span(), r.future):
        base, kind = told, "anaphoric"
    if unit in SEASONS:
        return _Found(iso.season(SEASONS[unit], base, n), kind)
    if unit in ("week", "weekend"):
        return _Found(iso.week_of(iso.move(iso.whole(base), 7 * n), 5 if unit == "weekend" else 0), kind)
    return _Found(iso.shift(base, n, unit), kind)


def _moment(r: _Reader, m: re.Match[str]) -> _Found | None:
    """The same day, that evening, the next morning; at a sentence's start also "in the morning"."""
    det = (m["det"] or "").lower()
    _, n, _ = r.base("following" if det.endswith("next") else det, "day")
    return _Found(iso.shift(r.story.anchor("day"), n, "day"), "anaphoric")


def _nth(r: _Reader, m: re.Match[str]) -> _Found | None:
    """The day of the month in which the story is: "on the third"."""
    if not words.NO_THING.match(r.text[m.end() :]):
        return None
    said, month = m["nth"].lower(), r.story.anchor("month") or cut(r.published, "month")
    day = int(said[:-2]) if said[0].isdigit() else words.ORDINAL.index(said) + 1
    if not month or len(month) < 7 or not 0 < day < 32:
        return None
    return _Found(iso.of(int(month[:4]), int(month[5:7]), day), "anaphoric")


def _year(r: _Reader, m: re.Match[str]) -> _Found | None:
    """A year where the words around it say that it is one."""
    before = r.before(m.start())
    if m["decade"]:
        return _Found(None, "absolute")
    adjective = bool(words.ADJECTIVE.search(before))
    counted = re.match(rf"\s+{words.COUNTED}", r.text[m.end() : m.end() + 60], re.I)
    if not m["phase"] and not words.YEAR_LEAD.search(before) and (not adjective or counted):
        return None
    return _Found(m["y"], "absolute", None, adjective)


def _span(r: _Reader, m: re.Match[str]) -> _Found | None:
    """For 55 days, within 72 hours, 48 hours to leave: a span, or a deadline that is not dated."""
    before, rest = r.before(m.start()), r.text[m.end() : m.end() + 30]
    within = re.search(r"\bwithin\s+(?:the\s+next\s+)?$", before, re.I)
    n, unit = _amount(m)
    told = within and not r.ahead(m) and (rest.startswith(" of ") or not words.LEAVING.search(before))
    if told and m["us"]:
        value = r.story.anchor("day") if m["us"].lower() == "hour" else _soon(r, m["us"].lower())
        return _Found(value, "anaphoric", "point", True)
    if told and n == 1 and m["u"] == "day":
        return _Found(iso.shift(r.story.anchor("day"), 1, "day"), "anaphoric", "point")
    if within and unit == "month" and n and not told:
        return _Found(iso.shift(r.published, n, unit), "relative", "deadline")
    if within or re.match(r"'?\s+(?:notice|ultimatum|deadline|to\s+\w)", rest) or words.GIVEN.search(before):
        return _Found(None, "span", "deadline")
    if re.match(r"'\s+time\b", rest):
        return _Found(iso.shift(r.published, n, unit) if n else None, "relative", "future")
    led = re.search(r"\b(?:for|in|over|of|after|during|lasted|lasting|took|than|than\s+in)\s+$", before, re.I)
    single = m["us"] or (m["n"] or "").lower() in ("a", "an")
    return _Found(None, "span", "duration") if led or not single else None


def _eve(r: _Reader, m: re.Match[str]) -> _Found | None:
    """The eve of what has no date; that of a date is read with it."""
    rest = re.match(r"\s*(?:the\s+)?", r.low[m.end() : m.end() + 60])
    return None if rest and _MASTER.match(r.low, m.end() + rest.end()) else _Found(None, "relative")


_READERS: dict[str, Callable[[_Reader, re.Match[str]], _Found | None]] = {
    "iso": _written, "british": _month_day, "american": _month_day, "month": _month_day,
    "season": lambda r, m: _Found(iso.season(SEASONS[m["u"].lower()], m["y"], 0), "absolute"),
    "weekday": _weekday, "this_day": _this_day, "apart": _apart, "period": _period, "moment": _moment, "span": _span,
    "year": _year, "eve": _eve, "soon": lambda r, m: _Found(_soon(r, "week"), "anaphoric", None, True),
    "coming": lambda r, m: _Found(None, "relative", "future"), "nth": _nth,
    "past": lambda r, m: _Found(None, "span", "duration", True),
    "vague": lambda r, m: _Found(None, "relative", None, True),
}  # fmt: skip
_RULES = {name: re.compile(rf"(?:{pattern})(?!\w)", re.I | re.A) for name, pattern in PATTERNS.items()}
_MASTER = re.compile(r"(?<!\w)(?:" + "|".join(f"(?P<{name}>{words.lowered(rule.pattern)})" for name, rule in
                                               _RULES.items()) + ")", re.A)  # fmt: skip
"""For text in lower case, as ignoring case would take ten times as long; the rule has the last word."""
_PLAIN = {0xA0: " ", 0x2009: " ", 0x202F: " ", 0x2019: "'", 0x130: "I"}


def _read(r: _Reader, m: re.Match[str]) -> tuple[re.Match[str] | None, _Found | None]:
    """Read a match of the master expression by its own rule."""
    name = str(m.lastgroup)
    inner = _RULES[name].match(r.text, m.start())
    return inner, _READERS[name](r, inner) if inner else None


def find(text: str, published: str | None, story: Story, future: bool = False) -> list[When]:
    """Find the dates that a sentence mentions.

    Args:
        text: one sentence.
        published: the article's date, if known; without it, weekdays and days without a year stay unresolved.
        story: what was mentioned before; brought up to date.
        future: whether the sentence speaks of what is to come; it decides where the words around a date do not.

    Returns:
        The dates in text order.

    Example:
        >>> [(w.value, w.role) for w in find("Closed on Monday, it reopens by May.", "2021-02-25", Story("2021-02-25"))]
        [('2021-02-22', 'point'), ('2021-05', 'deadline')]
    """
    if not words.may_hold_date(text):
        return []
    text = text.translate(_PLAIN)
    r = _Reader(text, text.lower(), iso.known(published), story, future)
    at = 0
    while m := _MASTER.search(r.low, at):
        inner, found = _read(r, m)
        at = inner.end() if inner else m.start() + 1
        if inner and found:
            r.keep(inner, found)
    if r.since and not r.main:
        story.last = r.since
    return r.out
