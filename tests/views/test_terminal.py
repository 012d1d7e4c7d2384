"""The terminal view: whole quotes, any width, no colour in a pipe, no control sequence from a page."""

import io
import re

import pytest

from detente.model import Claim, Reading
from detente.views.terminal import console, show
from tests.views.sample import NOTHING, READING


def printed(reading: Reading, width: int) -> str:
    out = io.StringIO()
    show(reading, console(out, width=width))
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_no_quote_is_cut_and_no_line_too_long(width: int) -> None:
    text = printed(READING, width)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    letters = re.sub(r"\s+", "", text)
    for line in READING.lines:
        assert line.quote.split()[0] in text
        if width >= 120:
            assert "".join(line.quote.split()) in letters


def test_sections() -> None:
    text = printed(READING, 80)
    order = ["Eight badges", "THE BOARD", "4 of 8 lines", "✕ C closed", "EVENTS", "WHAT ANSWERED WHAT",
             "WHO HOLDS WHAT", "SET ASIDE"]  # fmt: skip
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)
    assert "<b>Cacao & you</b>" in text


def test_no_colour_in_a_pipe() -> None:
    assert "\x1b" not in printed(READING, 80)


def test_a_page_cannot_drive_the_terminal() -> None:
    text = "Moscow \x1b]0;owned\x07 [bold]blames\u202e the alliance[/bold] :smile: \x9b2J."
    claim = Claim(id="c1", quote=text, start=0, end=len(text), rule="r\x1b[2J", certainty=1, holder="RUS", kind="blame")
    out = printed(Reading(id="x", title="\x1b[31mRed", text=text, main=(0, len(text)), claims=(claim,)), 100)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", out)
    assert "[bold]blames\\u202e the alliance[/bold] :smile:" in out


def test_nothing_found_is_said() -> None:
    assert "No event, line, answer or claim was found in this article." in printed(NOTHING, 80)
