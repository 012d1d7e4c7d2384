"""The plots that pages, dossiers and reports show: history strips, probabilities, reliability.

What always holds: nothing is decided here; a state is told by colour and by height, and in words to whoever rests on it
or cannot see it; what is drawn leads to the evidence where there is an address for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from detente.plain import day
from detente.views.courses import Span, when
from detente.views.drawing import Scale, circle, days, group, label, link, path, rect, segment, svg, time_axis

To = Callable[[str, str], str]
"""Where something stands: of its sort (line, evidence, answer) and id; empty where it has no address."""

WIDTH, HEIGHT = 1000, 24
_NOW = 14
"""How wide the last state is at least."""
_LEVEL = {"open": 1.0, "limited": 0.66, "suspended": 0.33, "closed": 0.14, "unknown": 0.0}
"""How high the bar of a state is: what can get through."""


def strip(course: Sequence[Span], first: date, last: date, *, title: str, to: To | None = None) -> Markup:
    """The states of a line in time, one bar a span: high is open, low is closed, grey is no evidence.

    Args:
        course: its spans.
        first, last: the days at the ends.
        title: of the line.
        to: where the evidence of a change stands.
    """
    scale = days(first, last, 0, WIDTH)
    parts = [rect(0, 0, WIDTH, HEIGHT, "track", title="No evidence from these days, which does not mean open.")]
    for span in course:
        if span.last < first or span.first > last:
            continue
        x = scale(span.first.toordinal())
        if span.ongoing:  # what holds on the day that is asked about is to be seen, however short it has been so
            x = min(x, WIDTH - _NOW)
        width = max(scale(min(span.last, last).toordinal() + 1) - x, 2.0)
        bar = _bar(span, x, width)
        address = to("evidence", span.evidence[0]) if to and span.evidence else ""
        parts.append(link(address, bar, name=f"{when(span)}: {span.sentence}") if address else bar)
    told = " ".join(f"{when(span)}: {span.sentence}" for span in course) or "Nothing is known of its state."
    return svg(WIDTH, HEIGHT, parts, title=f"History of {title}", desc=told, class_="strip", stretch=True,
               links=to is not None)  # fmt: skip


def _bar(span: Span, x: float, width: float) -> Markup:
    quote = f" “{span.said[0].text}” {span.said[0].source}" if span.said else ""
    high = HEIGHT * _LEVEL[span.look.word]
    parts = [
        rect(x, 0, width, HEIGHT, f"{span.look.word} pale"),
        rect(x, HEIGHT - high, width, high, span.look.word),
    ]
    if span.disputed:
        parts.append(rect(x + 1, 1, max(width - 2, 1), HEIGHT - 2, "disputed"))
    return group(*parts, title=f"{when(span)}: {span.sentence}{quote}")


def strip_axis(first: date, last: date) -> Markup:
    """The years below strips that show the same days."""
    return svg(WIDTH, 22, [time_axis(days(first, last, 24, WIDTH - 24), 2)],
               title=f"{day(first.isoformat())} to {day(last.isoformat())}", class_="strip-axis")  # fmt: skip


def chance_bar(
    probability: float, low: float, high: float, *, base: float | None, persistence: float | None, title: str
) -> Markup:
    """A probability with its interval, and ticks for the base rate and for what persistence says.

    Args:
        probability, low, high: from 0 to 1; the interval is of the probability itself.
        base: how often it is so for any active pair; None where that is not known.
        persistence: what going on as before would give; None where that is not known.
        title: the question.
    """
    scale = Scale(0, 1, 2, 298)
    parts = [rect(2, 8, 296, 10, "track"), rect(2, 8, scale(probability) - 2, 10, "bar")]
    parts.append(_whisker(scale(low), scale(high), 13))
    told = [f"{probability:.0%} ({low:.0%} to {high:.0%})"]
    for value, shape, word in ((base, "b", "base rate"), (persistence, "p", "persistence")):
        if value is not None:
            x = scale(value)
            parts += [segment(x, 4, x, 22, "mark", title=f"{word} {value:.0%}"),
                      label(min(max(x, 6), 294), 32, shape, "tick", anchor="middle")]  # fmt: skip
            told.append(f"{word} {value:.0%}")
    return svg(300, 36, parts, title=title, desc="; ".join(told), class_="chance")


def _whisker(x1: float, x2: float, y: float) -> Markup:
    return path(["M", x1, y - 4, "L", x1, y + 4, "M", x1, y, "L", x2, y, "M", x2, y - 4, "L", x2, y + 4], "whisker")


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts of about one probability: what they said on average, how often it came, how many they are."""

    said: float
    came: float
    count: int


def reliability(bins: Sequence[Bin], *, title: str = "Reliability") -> Markup:
    """How often what was forecast came, beside what was said: on the diagonal both are the same.

    Args:
        bins: forecasts grouped by what they said.
        title: whose.
    """
    x, y = Scale(0, 1, 46, 306), Scale(0, 1, 270, 10)
    parts = [segment(x(0), y(0), x(1), y(0), "axis"), segment(x(0), y(0), x(0), y(1), "axis"),
             segment(x(0), y(0), x(1), y(1), "now")]  # fmt: skip
    for value in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts += [segment(x(value), y(0), x(value), y(0) + 4, "axis"),
                  label(x(value), y(0) + 17, f"{value:.0%}", "tick", anchor="middle"),
                  label(x(0) - 6, y(value) + 4, f"{value:.0%}", "tick", anchor="end")]  # fmt: skip
    most = max((b.count for b in bins), default=1)
    for b in bins:
        parts.append(circle(x(b.said), y(b.came), 3 + 9 * (b.count / most) ** 0.5, "bar",
                            title=f"said {b.said:.0%}, came {b.came:.0%}, {b.count} forecasts"))  # fmt: skip
    parts += [label(x(0.5), 304, "said", "faint", anchor="middle"), label(4, y(1) + 4, "came", "faint")]
    told = "; ".join(f"said {b.said:.0%}, came {b.came:.0%} of {b.count}" for b in bins) or "No forecast has come due."
    return svg(320, 310, parts, title=title, desc=told, class_="reliability")
