"""Whether two reports tell of the same act: the rule, and how sure it is.

What always holds: nothing is stored here; the order of the two makes no difference; parties
are compared as codes, so who they are makes none. The rule in words stands in ``docs/ledger.md``; ``bench/identity.py``
measures it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from detente.coding.numbers import WORDS, parse
from detente.ledger.names import party_words
from detente.ledger.states import first_day, last_day

SURE = 0.5
"""Below this certainty two reports are kept apart."""
NIGHT = 2
"""Days by which papers differ on the same act: time zones, the day after, "on Monday" miscounted by one."""
IN_FORCE = 45
"""Days between the announcement of a measure and its entry into force."""
MISPRINT = 0.55
_MONTH = 31
_STAYS = frozenset({"open", "restore", "suspend", "close"})
"""Changes that cannot be made twice running: what is closed can only be closed again after it was opened."""
_ALIKE: dict[str, frozenset[str]] = {
    word: frozenset(group)
    for group in (("open", "restore"), ("restore", "raise"), ("suspend", "close"))
    for word in group
} | {"restore": frozenset({"open", "restore", "raise"})}
_MUTUAL = frozenset({"CONSULT", "AGREE", "COOPERATE", "SUPPORT"})
"""Types in which it makes little difference who is named first."""
_NEAR = (frozenset({"SANCTION", "COERCE"}), frozenset({"AGREE", "SUPPORT"}), frozenset({"CONSULT", "COOPERATE"}),
         frozenset({"SUPPORT", "CONCEDE"}), frozenset({"AGREE", "CONSULT"}))  # fmt: skip
_RARE = frozenset({"SANCTION", "SUPPORT", "AGREE", "RETREAT", "CONCEDE"})
"""Types that two parties seldom commit twice in the same days, so that wording need not decide."""
_WORD = re.compile(r"[^\W\d_]{4,}")
_VAGUE = {"a", "an", "single", "both", "couple", "pair", "score"}
_COUNTED = "|".join(sorted(WORDS.keys() - _VAGUE, key=len, reverse=True))
_NUMBER = re.compile(rf"\b(?:\d[\d,]*|(?:{_COUNTED})(?:[\s-]+(?:{_COUNTED}))*)\b")
_YEAR = re.compile(r"(?:18|19|20)\d\d")
_COMMON = frozenset(
    "that this with them from have been were will would their there which while after before over into about says said "
    "also more than when what could should against between".split()
)


class Same(NamedTuple):
    """How sure it is that two reports tell of one act, and why."""

    certainty: float
    why: str


APART = Same(0.0, "")


@dataclass(frozen=True, slots=True)
class Told:
    """What a report says of an act, as far as it can tell acts apart.

    Attributes:
        what: the change to the line, or the event's type.
        doers: who acted.
        done_to: to whom; empty for a change to a line.
        status: the guide's status.
        days: the stretches of days in which it may have been, one for each date that is given.
        exact: whether one of them is a single day.
        guessed: whether the only one is the days before publication, for want of a date.
        mode: PLOVER mode.
        count, cap: as in a change.
        words: the words of the quote, cut to their stems.
        numbers: the numbers that it names, years left out.
        line_change: the change to a line that the event made, where it made one.
    """

    what: str
    doers: frozenset[str]
    done_to: frozenset[str]
    status: str
    days: tuple[tuple[date, date], ...]
    exact: bool
    guessed: bool
    mode: str | None = None
    count: int | None = None
    cap: int | None = None
    words: frozenset[str] = frozenset()
    numbers: frozenset[int] = frozenset()
    line_change: str | None = None


def told(body: dict[str, Any], quote: str | None, known_at: str, line_change: str | None = None) -> Told:
    """The act of a report.

    Args:
        body: the fields of the event or change.
        quote: its quote.
        known_at: ISO date of publication.
        line_change: see `Told`.
    """
    given = {text: (first, last) for key in ("date", "announced", "effective")
             if (text := body.get(key)) and (first := first_day(text)) and (last := last_day(text))}  # fmt: skip
    days = tuple(given.values())
    guessed = not days and body["status"] != "past"
    if guessed and (known := last_day(known_at)):
        days = ((known - timedelta(days=7), known),)
    event = "type" in body
    doers, done_to = (body["source"], body["target"]) if event else (body["by"], [])
    return Told(
        what=body["type"] if event else body["change"],
        doers=frozenset(doers),
        done_to=frozenset(done_to),
        status=body["status"],
        days=days,
        exact=any(first == last for first, last in days),
        guessed=guessed,
        mode=body.get("mode"),
        count=body.get("count"),
        cap=body.get("cap"),
        words=stems(quote or "", *doers, *done_to),
        numbers=numbers(quote or ""),
        line_change=line_change,
    )


def stems(text: str, *parties: str) -> frozenset[str]:
    """The words that tell, cut to five letters, without numbers and the names of the parties.

    Example:
        >>> sorted(stems("Moscow closed the four offices that were closing", "RUS"))
        ['close', 'closi', 'offic']
    """
    left_out = _COMMON.union(WORDS, *map(party_words, parties))
    return frozenset(word[:5] for word in _WORD.findall(text.casefold()) if word not in left_out)


def numbers(text: str) -> frozenset[int]:
    """The numbers that a text names, in words or figures; years are left out.

    Example:
        >>> sorted(numbers("In 1985 twenty-five officials and 6 clerks, three dozen in all, had to leave"))
        [6, 25, 36]
    """
    found = (parse(run) for run in _NUMBER.findall(text.casefold()) if not _YEAR.fullmatch(run))
    return frozenset(n for n in found if n is not None)


def same_change(one: Told, other: Told, *, between: bool = False) -> Same:
    """Whether two reports tell of the same change to one line.

    Args:
        one, other: the reports, of the same line.
        between: whether a change the other way lies between them.
    """
    if other.what not in _ALIKE.get(one.what, frozenset({one.what})):
        return APART
    if (one.status == "denied") != (other.status == "denied") or not _overlap(one.doers, other.doers):
        return APART
    counts = _numbers(one, other)
    if counts is None:
        return APART
    return _weighed(one, other, _when(one, other, stays=one.what in _STAYS and not between), counts)


def same_event(one: Told, other: Told) -> Same:
    """Whether two reports tell of the same event."""
    if one.line_change and one.line_change == other.line_change and _roles(one, other):
        if one.what == other.what or frozenset({one.what, other.what}) in _NEAR:
            return Same(0.9, "they made the same change to a line")
    if (one.status == "denied") != (other.status == "denied") or not _roles(one, other):
        return APART
    kinds = _kinds(one, other)
    if not kinds:
        return APART
    likeness = _likeness(one.words, other.words)
    same = _when(one, other, stays=False)
    if same.certainty == 0:
        return APART
    if one.what not in _RARE and not (one.what in _MUTUAL and same.certainty >= 0.8):
        # Of accusations or attacks there may be several a day: the wording has to be alike, too.
        if likeness < 0.12 and not (one.exact and other.exact and same.certainty > 0.85):
            return APART
    certainty = same.certainty * kinds + 0.15 * min(likeness, 0.6)
    if one.numbers and other.numbers:
        certainty *= 1.1 if one.numbers & other.numbers else 0.6
    return Same(min(certainty, 0.97), f"the same parties and kind of act, {same.why}")


def _overlap(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one or not other or bool(one & other)


def _roles(one: Told, other: Told) -> bool:
    both, others = one.doers | one.done_to, other.doers | other.done_to
    if one.what in _MUTUAL and other.what in _MUTUAL and len(both & others) >= 2:
        return True
    return bool(one.doers & other.doers) and _overlap(one.done_to, other.done_to)


def _kinds(one: Told, other: Told) -> float:
    if one.what == other.what:
        if one.mode == other.mode:
            return 1.0
        return 0.9 if one.mode is None or other.mode is None else 0.55
    return 0.75 if frozenset({one.what, other.what}) in _NEAR else 0.0


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))


def _numbers(one: Told, other: Told) -> float | None:
    """1 where the numbers agree, .5 where one gives none, 0 where they differ; None where they speak of two things."""
    if one.what != "limit" and other.what != "limit":
        return 0.5
    if (one.cap is None) != (other.cap is None) and one.count != other.count:
        return None  # the ceiling and the number sent home are two changes, even of one decision
    for mine, theirs in ((one.cap, other.cap), (one.count, other.count)):
        if mine is not None and theirs is not None:
            return 1.0 if mine == theirs else 0.0
    return 0.5


def _gap(one: Iterable[tuple[date, date]], other: Iterable[tuple[date, date]]) -> int:
    """The fewest days between any two stretches; 0 where two overlap."""
    return min(
        max(0, (b[0] - a[1]).days, (a[0] - b[1]).days) for a in one for b in other
    )  # fmt: skip


def _width(one: Told, other: Told) -> int:
    """Days of the longest stretch that either gives."""
    return max(((last - first).days + 1 for first, last in (*one.days, *other.days)), default=366)


def _when(one: Told, other: Told, *, stays: bool) -> Same:
    """How well the dates go together."""
    if not one.days or not other.days:
        return Same(0.5, "one of them gives no date")
    gap = _gap(one.days, other.days)
    if gap == 0:
        if one.exact and other.exact:
            return Same(0.7, "about the same days") if one.guessed or other.guessed else Same(0.95, "on the same day")
        return Same(0.7, "one of them gives the day, the other a longer stretch")
    if gap <= NIGHT:
        return Same(0.9 - 0.1 * gap, f"{gap} day{'s' * (gap > 1)} apart")
    if stays and gap <= IN_FORCE:
        return Same(0.6, f"{gap} days apart, as announced and as in force")
    return APART


def _weighed(one: Told, other: Told, same: Same, numbers: float) -> Same:
    """Dates and numbers together."""
    if same.certainty == 0:
        # The same number by the same hand within the same months: a misprinted date, or one counted wrong.
        near = one.days and other.days and _gap(one.days, other.days) <= 5
        return Same(MISPRINT, "the same number, some days apart") if numbers == 1 and near else APART
    if numbers == 1:
        return Same(min(0.97, same.certainty + 0.15), f"the same number, {same.why}")
    if numbers == 0:
        # Sources disagree on a number more often than a state acts twice on one day, or twice in a month of which one
        # source knows no day; over a year it is the other way round.
        near = same.certainty >= 0.9 if one.exact and other.exact else _width(one, other) <= _MONTH
        return Same(0.55, f"{same.why}, though the numbers differ") if near else APART
    if one.what in _STAYS or (one.days and other.days):
        return Same(same.certainty, same.why)
    return Same(0.45, "nothing but the kind of act agrees")
