"""A badge for a line: its name and its state, as a small drawing that other sites may show.

What always holds: a state is told by colour, shape and word; the name is text; white on each colour has the contrast
that WCAG asks of small text (4.5 to 1).
"""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from markupsafe import Markup

from detente.ledger import asking
from detente.ledger.keys import pair
from detente.ledger.states import StateWord
from detente.ledger.titles import title_of
from detente.plain import day, sentence_case, shown
from detente.views.drawing import element
from detente.views.looks import LOOKS
from detente.web.queries import Clocks, Name

router = APIRouter(prefix="/badges", include_in_schema=False)
COLOURS: dict[StateWord, str] = {
    "closed": "#b3261e", "suspended": "#8e24aa", "limited": "#8a5a00", "unknown": "#5f6368", "open": "#1b7a35",
}  # fmt: skip
_GREY = "#3c4043"
_LONGEST = 60
"""Characters of a line's name; a longer one is cut."""
_LETTER = 6.6
"""Pixels of a letter in the mean; `textLength` makes it so."""
_HEADERS = {"cache-control": "public, max-age=300", "cross-origin-resource-policy": "cross-origin",
            "content-security-policy": "default-src 'none'; frame-ancestors 'none'"}  # fmt: skip


@router.get("/line/{line}.svg")
def line_badge(clocks: Clocks, line: Name) -> Response:
    """The state of a line, as a drawing."""
    with clocks.reading() as connection:
        found = asking.line(connection, line, asked=clocks.asked)
        a, b = pair(found["owner"], found["counterpart"])
        rows = asking.board(connection, a, b, on=clocks.on, asked=clocks.asked)
    row = next((row for row in rows if row["line"] == line), None)
    state: StateWord = row["state"] if row else "unknown"
    since = f", since {day(row['since'])}" if row and row["since"] else ""
    made = badge(sentence_case(title_of(found)), state, since)
    return Response(made, media_type="image/svg+xml", headers=_HEADERS)


def badge(name: str, state: StateWord, more: str = "") -> Markup:
    """A badge.

    Args:
        name: of the line.
        state: its state.
        more: what a pointer that rests on it is told besides.

    Example:
        >>> "<script" in badge("<script>", "open")
        False
    """
    text = shown(name)
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    word = f"{LOOKS[state].shape} {state}"
    left, right = (round(len(part) * _LETTER) + 12 for part in (text, word))
    told = f"{shown(name)}: {state}{more}"
    return element(
        "svg",
        element("title", told),
        element("rect", width=left, height=20, fill=_GREY),
        element("rect", x=left, width=right, height=20, fill=COLOURS[state]),
        _text(text, 6, left - 12),
        _text(word, left + 6, right - 12),
        xmlns="http://www.w3.org/2000/svg", width=left + right, height=20, role="img", aria_label=told,
    )  # fmt: skip


def _text(text: str, x: int, width: int) -> Markup:
    return element("text", text, x=x, y=14, fill="#fff", font_family="Verdana, Geneva, sans-serif", font_size=11,
                   **{"textLength": width})  # fmt: skip
