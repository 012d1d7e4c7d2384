"""What may become of the lines between two parties: which get worse, which come back, and which an answer would hit.

What always holds: the state of a line is as it was believed on the day that is asked about; a figure that was never
counted is called assumed; a line of which nothing is known is asked about only where a step or an answer would hit it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from sqlalchemy import Connection

from detente.errors import ForecastError
from detente.forecasting import answering
from detente.forecasting.model import Answer, Chance, Driver, Question, Way
from detente.forecasting.pooling import Beta, Gamma
from detente.forecasting.words import words
from detente.ledger import asking, casebook
from detente.ledger.believing import Asked
from detente.ledger.keys import line_pair
from detente.ledger.names import slug
from detente.ledger.states import JOINT, SOUND, first_day
from detente.ledger.titles import title_of

Row = dict[str, Any]
YEAR = 365.25
_DOWN = frozenset({"suspend", "close"})
_WORSE = frozenset({"limit", "suspend", "close"})
_UP = frozenset({"open", "restore", "raise"})
_GROUPS = {
    "relations": "relations and embassies", "embassy": "relations and embassies",
    **dict.fromkeys(("envoy", "consulate", "mission", "liaison", "office", "staff"), "posts and envoys"),
    **dict.fromkeys(("council", "contacts", "hotline", "talks", "verification"), "councils, talks and hotlines"),
}  # fmt: skip
"""Kinds of line that come back alike."""


@dataclass(frozen=True, slots=True)
class Spell:
    """How long a line of the casebook stayed cut.

    Attributes:
        group: of like lines.
        days: until it was restored, or until the day that is asked about.
        restored: whether it was.
        case: the episode that tells of the cut.
    """

    group: str
    days: int
    restored: bool
    case: str


@dataclass(frozen=True, slots=True)
class Part:
    """One reason why a line may change, with its probability, the 80 % interval of that, and who would do it."""

    probability: float
    low: float
    high: float
    driver: Driver
    by: str | None = None


@cache
def _figures() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("prospects.toml").read_text("utf-8"))


def line_prospects(
    connection: Connection, a: str, b: str, *, on: date, asked: Asked, horizon: int, answer: Answer | None = None
) -> tuple[Question, ...]:
    """For each line between two parties, how likely it is to get worse, or to come back, within a horizon.

    Args:
        connection: one that reads a ledger.
        a, b: the parties' codes.
        on: the day that is asked about; it does not count itself.
        asked: as of when it was known.
        horizon: days after ``on`` that count.
        answer: the answer that is expected to an act between the two (see `detente.forecasting.answering`): what it
            would hit is likelier to get worse.

    Returns:
        Questions, by the id of the line; whoever would act is the source, of a line of both the one that acted last.

    Raises:
        ForecastError: the horizon holds no day.
    """
    if horizon < 1:
        raise ForecastError(f"a horizon of {horizon} days holds no day; give at least 1")
    told = asking.changes_of(connection, a, b, asked=asked)
    rows = {row["line"]: row for row in asking.board(connection, a, b, on=on, asked=asked)}
    hits = _hits(connection, answer, rows, on, asked) if answer else {}
    rows |= {line_id: row for line_id, (row, _) in hits.items()}
    announced = _announced(told, on, horizon)
    state, spells = _pair_state(connection, a, b, on, asked), _spells(on, asked)
    found = []
    for line_id in sorted(rows):
        row = rows[line_id]
        down = row["state"] in ("suspended", "closed")
        worse = [_lost(row, told, on, horizon, state)] if row["state"] in ("open", "limited") else []
        better = [_restored(row, spells, on, horizon)] if down else []
        # What is down already an answer does not hit once more.
        worse += announced.get(("worse", line_id), ())
        worse += [hits[line_id][1]] if line_id in hits and not down else []
        better += announced.get(("better", line_id), ())
        number = answer.number if answer and row["kind"] == "staff" and line_id in hits else None
        if worse:
            found.append(_question(row, "worse", worse, on, horizon, number))
        if better:
            found.append(_question(row, "better", better, on, horizon, None))
    return tuple(found)


def _lost(row: Row, told: Sequence[Row], on: date, horizon: int, state: str) -> Part:
    """That a line gets worse: the pair's own record of like lines, on top of how often relations are lost anywhere."""
    by, times = _figures()["lost"], _figures()["times"][row["kind"]]
    rate = -np.log1p(-by[state]) / by["years"] * times
    since = on - timedelta(days=round(by["window"] * YEAR))
    first = max(since, min((date.fromisoformat(c["day"]) for c in told if c["day"] > "1000"), default=on))
    years = (on - first).days / YEAR
    own = [c for c in _sound(told) if c["change"] in _WORSE and since.isoformat() < c["day"] <= on.isoformat()
           and c["line"].split("-")[0] == row["kind"]]  # fmt: skip
    events = len({(c["day"], tuple(c["by"])) for c in own})
    found = Gamma(rate * by["strength"], by["strength"]).after(events, years)
    span = horizon / YEAR
    source = by["source"] if times == 1.0 else f"assumed: {times:g} times the rate of relations in {by['source']}"
    often = f"on {events} {'day' if events == 1 else 'days'} since {first.isoformat()}"
    text = (f"lines of this kind between the two were cut {often}; where nothing else is known, {_any(rate, span):.1%} "
            f"would get worse within {horizon} days")  # fmt: skip
    low, high = (_any(r, span) for r in found.interval())
    driver = Driver(sort="pair" if events else "base", text=text, events=tuple(c["id"] for c in own), source=source)
    return Part(found.any(span), low, high, driver)


def _any(rate: float, time: float) -> float:
    """The chance of at least one event."""
    return float(-np.expm1(-rate * time))


def _restored(row: Row, spells: Sequence[Spell], on: date, horizon: int) -> Part:
    """That a line comes back: a curve of lost relations, as much faster or slower as like lines of the casebook were.

    With H the cumulative hazard of the curve, like lines' hazard is w H, w ~ Gamma(c, c) beforehand and
    Gamma(c + restored, c + sum of H(days)) after their spells, ended or not (proportional hazards with a gamma prior;
    Ibrahim, Chen and Sinha, "Bayesian Survival Analysis", 2001, 3.2).
    """
    by, group = _figures()["restored"], _GROUPS[row["kind"]]
    like = [s for s in spells if s.group == group]
    back = sum(s.restored for s in like)
    found = Gamma(by["strength"], by["strength"]).after(back, sum(_hazard(s.days) for s in like))
    start = first_day(row["since"]) if row["since"] else None
    gone = max((on - start).days, 0) if start else 0
    more = _hazard(gone + horizon) - _hazard(gone)
    text = (f"of {len(like)} {group} that the casebook tells were cut, {back} were restored by {on}; "
            f"this one has been {row['state']} for {gone} days")  # fmt: skip
    low, high = (_any(w, more) for w in found.interval())
    cases = tuple(dict.fromkeys(s.case for s in like))
    driver = Driver(sort="precedent", text=text, events=tuple(row["evidence"]), cases=cases, source=by["source"])
    return Part(found.any(more), low, high, driver)


def _hazard(days: float) -> float:
    """The cumulative hazard of being restored, between the curve's points in proportion, after its end as before it."""
    by = _figures()["restored"]
    years, sums = np.array(by["years"], float), -np.log1p(-np.array(by["share"], float))
    slope = (sums[-1] - sums[-2]) / (years[-1] - years[-2])
    beyond = max(days / YEAR - years[-1], 0.0) * slope
    return float(np.interp(days / YEAR, years, sums) + beyond)


def _spells(on: date, asked: Asked) -> list[Spell]:
    """The cuts of the casebook that were known, each until it was undone or the day that is asked about."""
    open_cuts: dict[tuple[str, ...], tuple[date, str]] = {}
    found: list[Spell] = []
    for when, key, change, case in _book_changes():
        if when > on or (asked.known is not None and _known(case) > asked.known):
            continue
        if change in _DOWN:
            open_cuts.setdefault(key, (when, case))
        elif change in _UP and key in open_cuts:
            began, cut = open_cuts.pop(key)
            found.append(Spell(_GROUPS[key[0]], (when - began).days, True, cut))
    still = [Spell(_GROUPS[key[0]], (on - began).days, False, cut) for key, (began, cut) in open_cuts.items()]
    return [*found, *still]


@cache
def _book_changes() -> tuple[tuple[date, tuple[str, ...], str, str], ...]:
    """The casebook's changes that happened, in order of time: day, line, change and episode."""
    found = []
    for episode in casebook.episodes():
        for line in episode.get("line", ()) if episode["certainty"] >= SOUND else ():
            when = first_day(line.get("date"))
            if when and line.get("status", "actual") in ("actual", "planned") and line["kind"] != "staff":
                pair = line_pair(line["kind"], line["owner"], line["counterpart"])
                name = (
                    "" if line["kind"] in JOINT - {"contacts", "talks"} else line.get("seat") or line.get("name") or ""
                )
                found.append((when, (line["kind"], *pair, name.casefold()), line["change"], episode["id"]))
    return tuple(sorted(found))


@cache
def _known_days() -> dict[str, str]:
    return {episode["id"]: episode["known"] for episode in casebook.episodes()}


def _known(case: str) -> str:
    return _known_days()[case]


def _sound(told: Iterable[Row]) -> list[Row]:
    return [c for c in told if c["standing"] == "sound" and c["status"] in ("actual", "planned")]


def _announced(told: Sequence[Row], on: date, horizon: int) -> dict[tuple[Way, str], list[Part]]:
    """What was announced for a day within the horizon, by way and line; several steps on one line are one reason."""
    steps: dict[tuple[Way, str], list[Row]] = {}
    happens = Beta(*_figures()["announced"]["happens"])
    until = on + timedelta(days=horizon)
    for change in _sound(told):
        begins = first_day(change["effective"] or change["date"])
        way: Way | None = "worse" if change["change"] in _WORSE else "better" if change["change"] in _UP else None
        if way is not None and begins is not None and on < begins <= until:
            steps.setdefault((way, change["line"]), []).append(change)
    found = {}
    for key, changes in steps.items():
        when = ", ".join(dict.fromkeys(c["effective"] or c["date"] for c in changes))
        what = ", ".join(dict.fromkeys(c["change"] for c in changes))
        driver = Driver(sort="announced", text=f"announced for {when}: {what}",
                        events=tuple(c["id"] for c in changes),
                        source="that announced steps take effect is assumed")  # fmt: skip
        doers = {doer for c in changes for doer in c["by"]}
        found[key] = [Part(happens.mean, *happens.interval(), driver, doers.pop() if len(doers) == 1 else None)]
    return found


def _hits(
    connection: Connection, answer: Answer, rows: dict[str, Row], on: date, asked: Asked
) -> dict[str, tuple[Row, Part]]:
    """The lines that the expected answer would hit: the mirror image of each that the act hit, and, beside it, others.

    Where several lines are the mirror image of one, or where any other may be the extra one, each is as likely.
    """
    actor, responder = answer.whether.target, answer.whether.source
    if answer.whether.chance.rests_on == answering.ON_RECORD:
        return {}
    act = answering.situation(connection, answer.act, actor, responder, on, asked)[0].act
    kinds = answer.kinds
    like = sum(kinds.get(kind, 0.0) for kind in ("mirror", "mirror-extra", "lesser", "parity-cap"))
    extra = sum(kinds.get(kind, 0.0) for kind in ("mirror-extra", "other"))
    found: dict[str, tuple[Row, Part]] = {}
    struck: set[str] = set()
    for kind in dict.fromkeys(move.kind for move in act.moves if move.owner == responder or move.kind in JOINT):
        pair = line_pair(kind, actor, responder)
        images = [row for row in rows.values() if (row["kind"], row["owner"], row["counterpart"]) == (kind, *pair)]
        images = images or [_unheard(kind, *pair)]
        struck |= {row["line"] for row in images}
        for row in images:
            found[row["line"]] = (row, _hit(answer, like / len(images), "its mirror image is this line"))
    others = [row for row in rows.values() if row["owner"] == actor and row["line"] not in struck
              and row["state"] in ("open", "limited")]  # fmt: skip
    for row in others:
        found[row["line"]] = (row, _hit(answer, extra / len(others), "another line may be cut instead, or besides"))
    return found


def _hit(answer: Answer, share: float, why: str) -> Part:
    chance = answer.whether.chance
    scale = share / chance.probability if chance.probability > 0 else 0.0
    text = f"{answer.whether.text}: {chance.words} ({chance.probability:.0%}); {why}"
    driver = Driver(sort="precedent", text=text, events=(answer.act,))
    return Part(share, min(chance.low * scale, share), max(min(chance.high * scale, 1.0), share), driver)


def _unheard(kind: str, owner: str, counterpart: str) -> Row:
    """A line of which nothing was heard so far."""
    return {"line": slug(kind, owner, counterpart, ()), "kind": kind, "owner": owner, "counterpart": counterpart,
            "state": "unknown", "since": None, "by": [], "evidence": []}  # fmt: skip


def _pair_state(connection: Connection, a: str, b: str, on: date, asked: Asked) -> str:
    """What passed between the two in the last year: nothing hostile, hostile acts, or armed attacks."""
    since = (on - timedelta(days=round(YEAR))).isoformat()
    told = asking.events_of(connection, a, b, since=since, until=on.isoformat(), asked=asked)
    types = {e["type"] for e in told if e["standing"] == "sound" and e["status"] == "actual"}
    if "ASSAULT" in types:
        return "fatal"
    return "dispute" if types & {"SANCTION", "COERCE", "MOBILIZE", "THREATEN"} else "calm"


def _question(
    row: Row, way: Way, parts: Sequence[Part], on: date, horizon: int, number: tuple[float, float, float] | None
) -> Question:
    """One question of all that speaks for a change: that at least one of its reasons comes true."""
    p, low, high = (_one_of(x) for x in zip(*((q.probability, q.low, q.high) for q in parts), strict=True))
    until = on + timedelta(days=horizon)
    source, target = _who(row, next((part.by for part in reversed(parts) if part.by), None))
    # How often such a line changes anyway comes first, where that can be said.
    counted = row["state"] in (("open", "limited") if way == "worse" else ("suspended", "closed"))
    base = parts[0].probability if counted else None
    rests_on = ", ".join(dict.fromkeys(part.driver.sort for part in parts))
    chance = Chance(probability=p, low=min(low, p), high=max(high, p), words=words(p), base=base, rests_on=rests_on)
    what = "gets worse" if way == "worse" else "is restored"
    return Question(
        key=f"line:{row['line']}:{way}", asks="line", source=source, target=target, what=row["line"], way=way,
        after=on.isoformat(), until=until.isoformat(), chance=chance, number=number,
        text=f"{title_of(row)} {what} by {until.isoformat()}",
        drivers=(Driver(sort="state", text=f"the line is {row['state']}", events=tuple(row["evidence"])),
                 *(part.driver for part in parts)),
    )  # fmt: skip


def _one_of(probabilities: Iterable[float]) -> float:
    """The chance that at least one of several comes true, each by itself."""
    return float(1.0 - np.prod([1.0 - p for p in probabilities]))


def _who(row: Row, by: str | None) -> tuple[str, str]:
    """Who would act on whom: who announced it; else the host of the line; of a line of both, who acted last."""
    owner, counterpart = row["owner"], row["counterpart"]
    if by == owner:
        return owner, counterpart
    if by == counterpart:
        return counterpart, owner
    if row["kind"] not in JOINT:
        return counterpart, owner
    return (counterpart, owner) if row["by"] == [counterpart] else (owner, counterpart)
