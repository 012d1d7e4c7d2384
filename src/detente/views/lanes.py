"""A pair's history as a drawing: a lane a party, their lines as bars between, arcs from act to answer.

What always holds: what is drawn stands in the list beside it, too; an arc is as faint as its answer is uncertain; arcs
lead to the pair of quotes, acts and bars to their evidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from detente.plain import day, number_of, party, sentence_case
from detente.views.courses import Span, when
from detente.views.drawing import Scale, circle, days, group, label, link, path, rect, segment, svg, time_axis
from detente.views.plots import To
from detente.views.replies import Act, Reply

WIDTH = 1000
_LEFT, _RIGHT = 262, 990
_LANE, _ROW, _BAR = 64, 21, 13
_APART = 9.0
"""Pixels between acts of one lane; what is closer is stacked."""
MOST_LINES = 14
_LONGEST = 36
"""Letters of a title that fit beside its bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A line between the lanes: its id, its title, its states in time."""

    id: str
    title: str
    spans: Sequence[Span]


@dataclass(frozen=True, slots=True)
class _Place:
    x: float
    y: float
    upper: bool


def lanes(
    pair: tuple[str, str], bars: Sequence[Bar], acts: Sequence[Act], replies: Sequence[Reply], first: date, last: date,
    *, to: To,
) -> Markup:  # fmt: skip
    """The drawing.

    Args:
        pair: codes of the upper and the lower lane's party.
        bars: the lines.
        acts: what was done; those outside the days are left out.
        replies: what answered what.
        first, last: the days at the ends.
        to: where evidence and answers stand.
    """
    shown_bars, _ = drawn_of(bars, first, last)
    scale = days(first, last, _LEFT, _RIGHT)
    top, bottom = _LANE, _LANE + 22 + len(shown_bars) * _ROW + 22
    inside = [a for a in acts if first.isoformat() <= a.day <= last.isoformat()]
    places = _places(pair, inside, scale, top, bottom)
    height = bottom + _LANE + 26
    parts = [time_axis(scale, height - 26, up=height - 34)]
    parts += [_bar(bar, scale, top + 22 + n * _ROW, first, last, to) for n, bar in enumerate(shown_bars)]
    parts += [segment(_LEFT, y, _RIGHT, y, "lane") for y in (top, bottom)]
    parts += [_arc(reply, places, to) for reply in replies if reply.action.id in places and reply.reaction.id in places]
    parts += [_dot(one, places[one.id], to) for one in inside if one.id in places]
    parts += [label(_LEFT - 8, top + 4, sentence_case(party(pair[0])), "label strong", anchor="end"),
              label(_LEFT - 8, bottom + 4, sentence_case(party(pair[1])), "label strong", anchor="end")]  # fmt: skip
    drawn = sum(reply.action.id in places and reply.reaction.id in places for reply in replies)
    told = (
        f"{day(first.isoformat())} to {day(last.isoformat())}: {number_of(len(places), 'act')}, "
        f"{number_of(drawn, 'answer')}, {number_of(len(shown_bars), 'line')}. The list beside it says the same."
    )
    return svg(WIDTH, height, parts, title=f"{sentence_case(party(pair[0]))} and {party(pair[1])}: what was done and "
               f"what answered it", desc=told, class_="lanes", links=True)  # fmt: skip


def drawn_of(bars: Sequence[Bar], first: date, last: date) -> tuple[list[Bar], list[Bar]]:
    """The lines that are drawn, those of which something is known in these days; and the others."""
    told = [bar for bar in bars if any(_within(span, first, last) for span in bar.spans)][:MOST_LINES]
    return told, [bar for bar in bars if bar not in told]


def _within(span: Span, first: date, last: date) -> bool:
    return span.last >= first and span.first <= last and span.look.word != "unknown"


def _places(pair: tuple[str, str], acts: Sequence[Act], scale: Scale, top: float, bottom: float) -> dict[str, _Place]:
    """Where each act stands: on the lane of who did it, away from the lines where several are close."""
    found: dict[str, _Place] = {}
    ends: dict[bool, list[float]] = {True: [], False: []}
    for one in sorted(acts, key=lambda a: (a.day, a.id)):
        upper = pair[0] in one.source
        if not upper and pair[1] not in one.source:
            continue
        x = scale(date.fromisoformat(one.day).toordinal())
        levels = ends[upper]
        level = next((n for n, end in enumerate(levels) if x - end >= _APART), min(len(levels), 4))
        levels[level : level + 1] = [x]
        found[one.id] = _Place(x, top - level * 9 if upper else bottom + level * 9, upper)
    return found


def _bar(bar: Bar, scale: Scale, y: float, first: date, last: date, to: To) -> Markup:
    parts = [rect(_LEFT, y, _RIGHT - _LEFT, _BAR, "track", title=f"{bar.title}: grey is no evidence")]
    for span in bar.spans:
        if not _within(span, first, last):
            continue
        x = scale(span.first.toordinal())
        width = max(scale(span.last.toordinal() + 1) - x, 1.5)
        pieces = [rect(x, y, width, _BAR, span.look.word)]
        if span.disputed:
            pieces.append(rect(x, y, width, _BAR, "disputed"))
        if width > 12:
            pieces.append(label(x + 4, y + 10.5, span.look.letter, "letter"))
        parts.append(group(*pieces, title=f"{bar.title}, {when(span)}: {span.sentence}"))
    address = to("line", bar.id)
    cut = bar.title if len(bar.title) <= _LONGEST else bar.title[: _LONGEST - 1] + "…"
    name = group(label(_LEFT - 8, y + 10.5, cut, "name", anchor="end"), title=bar.title)
    parts.append(link(address, name, name=f"{cut}: all that is known of it") if address else name)
    return group(*parts)


def _arc(reply: Reply, places: Mapping[str, _Place], to: To) -> Markup:
    one, other = places[reply.action.id], places[reply.reaction.id]
    steps: list[str | float]
    if one.upper == other.upper:
        away = 34 if one.upper else -34
        steps = ["M", one.x, one.y, "Q", (one.x + other.x) / 2, one.y - away, other.x, other.y]
    else:
        half = (one.y + other.y) / 2
        steps = ["M", one.x, one.y, "C", one.x, half, other.x, half, other.x, other.y]
    told = f"{reply.action.who}: {reply.action.what}, answered by {reply.reaction.who}, {reply.lag}; {reply.how}"
    drawn = [path(steps, "arc", opacity=max(reply.certainty, 0.2)), path(steps, "arc-hit", title=told)]
    address = to("answer", reply.id)
    return link(address, *drawn, name=told) if address else group(*drawn)


def _dot(one: Act, place: _Place, to: To) -> Markup:
    sort = "conflict" if one.quad in (3, 4) else "cooperation" if one.quad in (1, 2) else ""
    quote = f" “{one.said[0].text}”" if one.said else ""
    told = f"{one.when}, {one.who}: {one.what}"
    # Conflict is a square, cooperation a circle: never by colour alone.
    drawn = (
        group(rect(place.x - 3.5, place.y - 3.5, 7, 7, f"dot {sort}"), title=told + quote)
        if sort == "conflict"
        else circle(place.x, place.y, 4, f"dot {sort}".strip(), title=told + quote)
    )
    address = to("evidence", one.id)
    return link(address, drawn, name=told) if address else drawn


__all__ = ["Bar", "drawn_of", "lanes"]
