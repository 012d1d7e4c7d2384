"""Batches: a line out for each line in, in order, whatever a line holds."""

import io
import json
from typing import Any

import pytest

from detente.batch import each, run
from detente.errors import NoArticle
from detente.model import Reading


def read(text: str, **known: str) -> Reading:
    if text == "none":
        raise NoArticle("the page holds no article;\nsee elsewhere")
    if text == "fault":
        raise ZeroDivisionError("oh")
    return Reading(text=text, main=(0, len(text)), **({"id": "made"} | known))


def ran(*lines: bytes) -> list[dict[str, Any]]:
    out = io.BytesIO()
    taken, bad = run(lines, out, each(read))
    found = [json.loads(line) for line in out.getvalue().splitlines()]
    assert (taken, bad) == (len(found), sum("error" in one for one in found))
    return found


@pytest.mark.parametrize(
    ("line", "name", "kind", "error"),
    [
        (b"{", None, "PageUnreadable", "the line is not valid JSON (column 2: "),
        (b"\xff\xfe", None, "PageUnreadable", "the line is not in UTF-8 (byte 1); "),
        (b"[" * 100_000, None, "PageUnreadable", "the line is not valid JSON ("),
        (b'{"text": ' + b"1" * 5000 + b"}", None, "PageUnreadable", "the line is not valid JSON ("),
        (b"[1]", None, "UsageFault", "the line is not an object; "),
        (b'{"id": "a"}', "a", "UsageFault", "the line has no text; "),
        (b'{"id": "a", "text": null}', "a", "UsageFault", "the line has no text; "),
        (b'{"id": "a", "text": 7}', "a", "UsageFault", "the field “text” is a number; it must be a string"),
        (b'{"id": 7, "text": "x"}', None, "UsageFault", "the field “id” is a number; "),
        (b'{"id": "a", "text": "x", "title": []}', "a", "UsageFault", "the field “title” is a list; "),
        (b'{"id": "a", "text": "x\\ud800"}', "a", "PageUnreadable", "the field “text” holds half a character (at 2); "),
        (b'{"id": "a", "text": "none"}', "a", "NoArticle", "the page holds no article; see elsewhere"),
        (
            b'{"id": "a", "text": "fault"}',
            "a",
            "ZeroDivisionError",
            "the article could not be coded (ZeroDivisionError",
        ),
    ],
)
def test_a_bad_line_is_told_at_its_place(line: bytes, name: str | None, kind: str, error: str) -> None:
    first, bad, last = ran(b'{"text": "x"}\n', line, b'{"text": "y"}')
    assert (first["text"], last["text"]) == ("x", "y")
    assert (bad["id"], bad["line"], bad["kind"]) == (name, 2, kind)
    assert bad["error"].startswith(error)


def test_fields_go_through_and_others_are_left_alone() -> None:
    (one,) = ran(
        b'\xef\xbb\xbf{"id": "a", "text": "x", "published": "2021", "title": "T", "events": [], "address": null}'
    )
    assert (one["format"], one["id"], one["published"], one["title"]) == ("detente.reading/1", "a", "2021", "T")


def test_blank_lines_yield_nothing_but_count() -> None:
    (bad,) = ran(b"\n", b"  \r\n", b"x\n")
    assert bad["line"] == 3


def test_each_line_is_out_before_the_next_is_read() -> None:
    out = io.BytesIO()

    def lines() -> Any:
        for number in range(3):
            assert out.getvalue().count(b"\n") == number
            yield b'{"text": "x"}\n'

    assert run(lines(), out, each(read)) == (3, 0)
