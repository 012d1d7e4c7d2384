"""Small drawings in SVG, for pages, dossiers, notebooks and files.

What always holds: every text and address is escaped; a drawing tells in words what it shows, to who cannot see it;
colours are classes of one style sheet (light, dark, print), so that no element has a style of its own and a page's
strict policy holds; a drawing asks for nothing over the network and holds no script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from detente.plain import shown

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_CAMEL = frozenset({"viewBox", "preserveAspectRatio", "textLength"})
Value = str | float | int | None


@cache
def style() -> str:
    """The style sheet of all drawings: colours by class, for light, dark and print."""
    return files("detente").joinpath("views/templates/drawing.css").read_text("utf-8")


def element(name: str, *children: str, **attributes: Value) -> Markup:
    """An element of SVG.

    Args:
        name: its name.
        children: what stands in it: text, which is escaped, or other elements.
        attributes: its attributes; ``class_`` is ``class``, other underscores are hyphens; None leaves one out; numbers
            are rounded to a tenth.

    Example:
        >>> element("text", "<b>", x=1.26, class_="label")
        Markup('<text x="1.3" class="label">&lt;b&gt;</text>')
    """
    assert _NAME.fullmatch(name), name
    told = "".join(f' {_attribute(k)}="{escape(_number(v))}"' for k, v in attributes.items() if v is not None)
    inner = "".join(child if isinstance(child, Markup) else escape(shown(child)) for child in children)
    # Each part was seen to be a name, or was escaped.
    return Markup(f"<{name}{told}>{inner}</{name}>" if inner else f"<{name}{told}/>")  # noqa: S704


@cache
def _attribute(key: str) -> str:
    if key in _CAMEL:
        return key
    name = key.rstrip("_").replace("_", "-")
    assert _NAME.fullmatch(name) and not name.startswith(("on", "style")), name
    return name


def _number(value: str | float | int) -> str:
    if isinstance(value, str):
        return shown(value)
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def svg(
    width: float, height: float, parts: Iterable[Markup], *, title: str, desc: str = "", class_: str = "",
    stretch: bool = False, links: bool = False, standalone: bool = False,
) -> Markup:  # fmt: skip
    """A drawing.

    Args:
        width, height: in its own units, a pixel each where it is not made smaller.
        parts: what it is made of.
        title: what it is, in a few words.
        desc: what it shows, in a sentence or more.
        class_: more classes.
        stretch: fill the width that there is, whatever becomes of the proportions; for drawings without text.
        links: whether parts of it can be followed, so that readers of a screen must be told of each.
        standalone: with its style sheet, to be a file by itself; else the page has that.

    Returns:
        Markup that may stand in HTML as it is.
    """
    told = element("title", title) + (element("desc", desc) if desc else Markup())
    if standalone:
        told += Markup("<style>{}</style>").format(Markup(style()))  # noqa: S704 - our own file
    return element(
        "svg", told + Markup("").join(parts),
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {_number(width)} {_number(height)}",
        width="100%" if stretch else _number(width), height=_number(height),
        preserveAspectRatio="none" if stretch else None, role="group" if links else "img", aria_label=title,
        class_=f"drawing {class_}".strip(),
    )  # fmt: skip


def group(*parts: Markup, class_: str | None = None, title: str = "", opacity: float | None = None) -> Markup:
    """Elements together, with what a pointer that rests on them is told."""
    return element("g", *_titled(title), *parts, class_=class_, opacity=None if opacity is None else f"{opacity:.2f}")


def rect(
    x: float, y: float, width: float, height: float, class_: str, *, title: str = "", rx: float | None = None
) -> Markup:
    """A rectangle; `title` is what a pointer that rests on it is told."""
    return element("rect", *_titled(title), x=x, y=y, width=max(width, 0.0), height=height, rx=rx, class_=class_)


def segment(x1: float, y1: float, x2: float, y2: float, class_: str, *, title: str = "") -> Markup:
    """A straight line."""
    return element("line", *_titled(title), x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def circle(x: float, y: float, r: float, class_: str, *, title: str = "") -> Markup:
    """A circle."""
    return element("circle", *_titled(title), cx=x, cy=y, r=r, class_=class_)


def path(steps: Iterable[str | float], class_: str, *, title: str = "", opacity: float | None = None) -> Markup:
    """A path of commands and numbers: ``["M", 0, 0, "L", 5, 5]``."""
    d = " ".join(step if isinstance(step, str) else _number(float(step)) for step in steps)
    faint = None if opacity is None else f"{opacity:.2f}"
    return element("path", *_titled(title), d=d, class_=class_, stroke_opacity=faint)


def label(x: float, y: float, text: str, class_: str = "label", *, anchor: str = "start") -> Markup:
    """A text; `anchor` is start, middle or end."""
    return element("text", text, x=x, y=y, class_=class_, text_anchor=None if anchor == "start" else anchor)


def link(address: str, *parts: Markup, name: str) -> Markup:
    """Parts that lead to an address.

    Args:
        address: on this host, or http(s).
        parts: what can be followed.
        name: what a screen reader calls it.

    Raises:
        ValueError: the address is of another sort, such as a script.
    """
    if urlsplit(address).scheme not in ("", "http", "https"):
        raise ValueError(f"{shown(address)[:80]!r} cannot be linked to")
    return element("a", *parts, href=address, aria_label=name)


def _titled(title: str) -> tuple[Markup, ...]:
    return (element("title", title),) if title else ()


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to places in a drawing, in proportion.

    Attributes:
        low, high: the values at the two ends.
        start, end: their places.

    Example:
        >>> Scale(0, 10, 100, 200)(5)
        150.0
    """

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value; one beyond an end is put at that end."""
        if self.high == self.low:
            return self.start
        part = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + part * (self.end - self.start)


def days(first: date, last: date, start: float, end: float) -> Scale:
    """A scale of days, which are given to it by their ordinals."""
    return Scale(first.toordinal(), last.toordinal(), start, end)


_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
"""Months between the ticks of an axis of time."""
_SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def ticks(first: date, last: date, most: int = 8) -> Iterator[tuple[date, str]]:
    """Days at which an axis of time has a tick, each with its label: a year, or a month where these are close.

    Example:
        >>> [text for _, text in ticks(date(2020, 6, 1), date(2023, 2, 1))]
        ['Jul 2020', '2021', 'Jul 2021', '2022', 'Jul 2022', '2023']
    """
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((n for n in _STEPS if months / n <= most), _STEPS[-1])
    at = first.year * 12 + first.month - 1
    at += -at % step
    while at <= last.year * 12 + last.month - 1:
        day = date(at // 12, at % 12 + 1, 1)
        if day >= first:
            yield day, str(day.year) if day.month == 1 else f"{_SHORT[day.month - 1]} {day.year}"
        at += step


def time_axis(scale: Scale, y: float, *, most: int = 8, up: float = 0) -> Markup:
    """An axis of time.

    Args:
        scale: of `days`.
        y: where it lies.
        most: labels at most.
        up: how far its ticks go up, as a grid.
    """
    parts = [segment(scale.start, y, scale.end, y, "axis")]
    for day, text in ticks(date.fromordinal(int(scale.low)), date.fromordinal(int(scale.high)), most):
        x = scale(day.toordinal())
        parts += [segment(x, y - up, x, y + 4, "grid"), label(x, y + 16, text, "tick", anchor="middle")]
    return group(*parts)


__all__ = [
    "Scale", "circle", "days", "element", "group", "label", "link", "path", "rect", "segment", "style", "svg", "ticks",
    "time_axis",
]  # fmt: skip
