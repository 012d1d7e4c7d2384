"""Drawings: escaped, told in words, without a style or script of their own."""

from datetime import date
from xml.etree import ElementTree

import pytest

from detente.views import drawing
from detente.views.drawing import Scale, element, label, link, path, rect, svg, ticks

ATTACK = '<script>alert(1)</script>" onload="x'
SVG = "{http://www.w3.org/2000/svg}"


def _drawn(**more):
    parts = [
        label(0, 10, ATTACK),
        rect(0, 0, 5, 5, "open", title=ATTACK),
        link("/x", path(["M", 0, 0], "arc"), name=ATTACK),
    ]
    return svg(100, 20, parts, title=ATTACK, desc=ATTACK, **more)


def test_text_from_outside_stays_text():
    tree = ElementTree.fromstring(_drawn(links=True))
    assert {node.tag.removeprefix(SVG) for node in tree.iter()} == {"svg", "title", "desc", "text", "rect", "a", "path"}
    assert not any(name.startswith("on") for node in tree.iter() for name in node.attrib)
    assert tree.find(f"{SVG}text").text == ATTACK and tree.find(f"{SVG}title").text == ATTACK


def test_a_drawing_in_a_page_has_no_style_and_one_by_itself_has_its_sheet():
    assert "style" not in _drawn()
    alone = _drawn(standalone=True)
    assert drawing.style() in alone and ElementTree.fromstring(alone) is not None


def test_a_drawing_says_what_it_is():
    tree = ElementTree.fromstring(svg(10, 10, [], title="A strip", desc="Closed since May."))
    assert tree.attrib["role"] == "img" and tree.attrib["aria-label"] == "A strip"
    assert tree.find(f"{SVG}desc").text == "Closed since May."


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_a_link_that_runs_something_is_refused(address):
    with pytest.raises(ValueError):
        link(address, name="x")


def test_no_handler_or_style_can_be_an_attribute():
    for name in ("onclick", "style"):
        with pytest.raises(AssertionError):
            element("g", **{name: "x"})


def test_what_lies_beyond_a_scale_is_put_at_its_end():
    scale = Scale(0, 10, 100, 200)
    assert [scale(v) for v in (-5, 0, 10, 99)] == [100, 100, 200, 200]
    assert Scale(3, 3, 7, 9)(3) == 7


@pytest.mark.parametrize("last", [date(2020, 3, 1), date(2021, 1, 1), date(2030, 1, 1), date(2420, 1, 1)])
def test_an_axis_is_not_crowded(last):
    found = list(ticks(date(2020, 1, 15), last))
    assert 1 <= len(found) <= 9 and all(date(2020, 1, 15) <= day <= last for day, _ in found)
