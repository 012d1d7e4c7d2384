"""The plots of a risk: the ladder of both scenarios, the worth of lines, the tornado of beliefs, a pair's course.

What always holds: an interval is drawn wherever a figure is; ratios and chances lie on logarithms; "no difference" is a
line that intervals are seen to cross.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import floor, log10

from markupsafe import Markup

from detente.escalation.model import Estimate, Risk
from detente.ledger.states import StateWord
from detente.plain import sentence_case
from detente.views.drawing import Scale, circle, days, element, group, label, rect, segment, svg, time_axis
from detente.views.looks import LOOKS
from detente.views.risk import headline, interval, number, percent, scenario_name, title_by_line

WIDTH, LEFT, ROW = 760.0, 290.0, 26.0
SMALLEST = 1e-7
"""Chances and ratios below are drawn at the edge."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawing that has not got its frame yet."""

    title: str
    desc: str
    height: float
    parts: tuple[Markup, ...]

    def framed(self, *, standalone: bool = False) -> Markup:
        """The drawing, to stand in a page or in a file by itself."""
        return svg(WIDTH, self.height, self.parts, title=self.title, desc=self.desc, standalone=standalone)


def plots(report: Risk) -> str:
    """The ladder, the worth of lines and the tornado in one file."""
    parts, y = [label(8, 20, headline(report).partition(" (95 %")[0], "label strong")], 30.0
    told = []
    for drawn in (ladder(report), worth(report), tornado(report)):
        parts.append(element("g", *drawn.parts, transform=f"translate(0 {y:.0f})"))
        y += drawn.height + 14
        told.append(f"{drawn.title}. {drawn.desc}")
    return str(svg(WIDTH, y, parts, title=headline(report), desc=" ".join(told), standalone=True))


def ladder(report: Risk) -> Drawn:
    """How far incidents get within a year, in both scenarios of the headline."""
    first, second = (report.scenario(key) for key in (report.headline.first, report.headline.second))
    scale = _log([x for s in (first, second) for stage in s.stages for x in (stage.year.low, stage.year.high)], 1.0)
    top = 58.0
    parts = [label(8, 16, "At least one incident within a year gets to", "label strong"),
             *_key(scenario_name(report, first), scenario_name(report, second))]  # fmt: skip
    told = []
    for i, (one, two) in enumerate(zip(first.stages, second.stages, strict=True)):
        y = top + i * ROW
        parts.append(label(LEFT - 10, y + 4, sentence_case(one.title), anchor="end"))
        for figure, dy, mark in ((one.year, -5, "bar-pale"), (two.year, 5, "bar")):
            parts.append(_figure(scale, figure, y + dy, mark, f"{one.title}: {percent(figure)}"))
        told.append(f"{one.title}: {percent(one.year)}, {percent(two.year)}")
    bottom = top + len(first.stages) * ROW
    parts += _axis(scale, bottom - 8, top - 14, lambda v: f"{number(100 * v).removesuffix('.0')} %")
    return Drawn("The ladder", "; ".join(told) + ".", bottom + 14, tuple(parts))


def worth(report: Risk) -> Drawn:
    """The factor of each line, with its interval."""
    titles = title_by_line(report)
    rows = [(sentence_case(titles[v.line]), v.factor) for v in report.values] + [("All lines", report.all_lines)]
    return _forest("How many times as often where the line is lost", rows)


def _forest(title: str, rows: Sequence[tuple[str, Estimate]]) -> Drawn:
    scale = _log([x for _, f in rows for x in (f.low, f.high)], 1.0)
    parts, told = [label(8, 16, title, "label strong")], []
    for i, (name, factor) in enumerate(rows):
        y = 42 + i * ROW
        parts += [label(LEFT - 10, y + 4, _short(name), anchor="end"),
                  _figure(scale, factor, y, "bar", f"{name}: {number(factor.value)} ({interval(factor)})")]  # fmt: skip
        told.append(f"{name}: {number(factor.value)} ({interval(factor)})")
    bottom = 42 + len(rows) * ROW
    parts += [segment(scale(0.0), 28, scale(0.0), bottom - 10, "now"), *_axis(scale, bottom - 8, 28, number)]
    return Drawn(title, "; ".join(told) + ".", bottom + 14, tuple(parts))


def tornado(report: Risk, most: int = 10) -> Drawn:
    """Which belief moves the headline's ratio: the answer at both ends of each belief's range."""
    title = "The ratio at both ends of each belief's range, all others at their middle"
    shown = [s for s in report.sensitivity if s.ratio[0] != s.ratio[1]][:most]
    middle = next(r.ratio.value for r in report.headline.ratios if r.stage == report.stage)
    scale = _log([x for s in shown for x in s.ratio], middle)
    centre = scale(_at(middle))
    parts, told = [label(8, 16, title, "label strong")], []
    for i, s in enumerate(shown):
        y = 34 + i * ROW
        text = f"{s.entry}: {number(s.low)} gives {number(s.ratio[0])}, {number(s.high)} gives {number(s.ratio[1])}"
        for end, shade in zip(s.ratio, ("bar-pale", "bar"), strict=True):
            x = scale(_at(end))
            parts.append(rect(min(x, centre), y, abs(x - centre), 16, shade, title=text))
        parts.append(label(LEFT - 10, y + 12, _short(s.entry.partition(".")[2]), anchor="end"))
        told.append(text)
    bottom = 34 + len(shown) * ROW
    if not shown:
        parts.append(label(LEFT, 44, "No belief moves it.", "faint"))
        return Drawn(title, "No belief moves it.", 60, tuple(parts))
    parts += [segment(centre, 26, centre, bottom - 4, "axis"), *_axis(scale, bottom, 26, number),
              label(8, bottom + 16, "pale: the lower end of the belief", "faint")]  # fmt: skip
    return Drawn(title, "; ".join(told) + ".", bottom + 22, tuple(parts))


def _key(first: str, second: str) -> list[Markup]:
    return [
        circle(LEFT + 5, 30, 4, "bar-pale"), label(LEFT + 14, 34, _short(first, 34), "faint"),
        circle(LEFT + 235, 30, 4, "bar"), label(LEFT + 244, 34, _short(second, 34), "faint"),
    ]  # fmt: skip


def _figure(scale: Scale, figure: Estimate, y: float, shade: str, told: str) -> Markup:
    return group(
        segment(scale(_at(figure.low)), y, scale(_at(figure.high)), y, "whisker"),
        circle(scale(_at(figure.value)), y, 4.5, shade), title=told,
    )  # fmt: skip


def _at(value: float) -> float:
    return log10(max(value, SMALLEST))


def _log(values: Iterable[float], also: float) -> Scale:
    """A scale of logarithms that holds all values, and one more."""
    places = [_at(v) for v in (*values, also)]
    low, high = min(places), max(places)
    room = max((high - low) * 0.04, 0.05)
    return Scale(low - room, high + room, LEFT, WIDTH - 16)


def _axis(scale: Scale, y: float, top: float, text: object) -> list[Markup]:
    """Powers of ten below the drawing, or halves and doubles where it spans less than one."""
    assert callable(text)
    places = [float(n) for n in range(floor(scale.low), floor(scale.high) + 1)]
    if scale.high - scale.low < 2:
        places = [log10(m) + n for n in places for m in (1, 2, 5)]
    parts = [segment(scale.start, y, scale.end, y, "axis")]
    every = -(-len(places) // 8)
    for place in places[::every]:
        if scale.low <= place <= scale.high:
            x = scale(place)
            parts += [segment(x, top, x, y, "grid"), label(x, y + 15, text(10**place), "tick", anchor="middle")]
    return parts


def _short(text: str, most: int = 42) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


@dataclass(frozen=True, slots=True)
class Lane:
    """A line in time: its title, and what state it was in from which day on."""

    title: str
    spans: tuple[tuple[date, StateWord], ...]


def course(title: str, lanes: Sequence[Lane], ratios: Sequence[tuple[date, Estimate]], last: date) -> Drawn:
    """The states of a pair's lines over time, and above them how often incidents get on, against the first day.

    Args:
        title: what it is of.
        lanes: the lines.
        ratios: from each day on, in order.
        last: the day on which it ends.
    """
    first = ratios[0][0]
    across = days(first, last, LEFT, WIDTH - 16)
    values = _log([x for _, r in ratios for x in (r.low, r.high)], 1.0)
    up = Scale(values.low, values.high, 190, 30)
    parts = [label(8, 16, title, "label strong"), label(8, 44, "times as often, with its", "faint"),
             label(8, 58, "95 % interval (pale)", "faint")]  # fmt: skip
    ends = [day for day, _ in ratios[1:]] + [last]
    for (begin, ratio), end in zip(ratios, ends, strict=True):
        x1, x2 = across(begin.toordinal()), across(end.toordinal())
        low, high, middle = (up(_at(v)) for v in (ratio.low, ratio.high, ratio.value))
        told = f"from {begin}: {number(ratio.value)} times ({interval(ratio)})"
        parts += [rect(x1, high, x2 - x1, max(low - high, 1.0), "bar-pale", title=told),
                  segment(x1, middle, x2, middle, "mark")]  # fmt: skip
    for place in (0.1, 0.2, 0.5, 1, 2, 5, 10):
        if values.low <= _at(place) <= values.high:
            y = up(_at(place))
            parts += [segment(LEFT, y, WIDTH - 16, y, "now" if place == 1 else "grid"),
                      label(LEFT - 8, y + 4, f"{place:g}", "tick", anchor="end")]  # fmt: skip
    for i, lane in enumerate(lanes):
        y = 206 + i * 22
        parts.append(label(LEFT - 10, y + 11, _short(lane.title), anchor="end"))
        stops = [day for day, _ in lane.spans[1:]] + [last]
        for (begin, state), end in zip(lane.spans, stops, strict=True):
            x1, x2 = across(begin.toordinal()), across(end.toordinal())
            told = f"{lane.title}: {state} from {begin}"
            parts += [rect(x1, y, x2 - x1, 16, f"{state} pale", title=told), rect(x1, y + 13, x2 - x1, 3, state)]
            # By colour and letter, never by colour alone.
            parts += [label((x1 + x2) / 2, y + 11, LOOKS[state].letter, "tick", anchor="middle")] * (x2 - x1 > 12)
    bottom = 206 + len(lanes) * 22
    parts += [time_axis(across, bottom + 4), *_states(bottom + 34)]
    told = "; ".join(f"from {day}: {number(r.value)} ({interval(r)})" for day, r in ratios)
    return Drawn(title, told + ".", bottom + 48, tuple(parts))


def _states(y: float) -> list[Markup]:
    parts = []
    for i, state in enumerate(LOOKS):
        x = LEFT + i * 90
        parts += [rect(x, y - 9, 12, 12, state), label(x + 17, y + 1, f"{LOOKS[state].letter} {state}", "faint")]
    return parts
