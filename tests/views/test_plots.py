"""Spans, strips, lanes, answers, reliability: what they tell, and that nothing of an article is markup."""

import itertools
import random
from datetime import date
from xml.etree import ElementTree

import pytest

from detente.views.courses import spans, window
from detente.views.lanes import Bar, drawn_of, lanes
from detente.views.looks import LOOKS
from detente.views.plots import Bin, chance_bar, reliability, strip
from detente.views.replies import act, replies

SVG = "{http://www.w3.org/2000/svg}"
ATTACK = '<script>alert(1)</script>" onload="x'
ON = date(2021, 11, 20)


def _stretch(start, until, state, **more):
    blank = {"by": [], "count": None, "cap": None, "sources": 1, "evidence": [], "conflicts": [], "fell_with": None}
    return {"start": start, "until": until, "state": state} | blank | more


COURSE = [
    _stretch("2001-02-20", "2010-01-01", "open", evidence=["ch-1"]),
    _stretch("2010-01-01", "2012-01-01", "unknown", sources=0),
    _stretch("2012-01-01", "2021-10-18", "open", evidence=["ch-2"]),
    _stretch("2021-10-18", "9999-12-31", "closed", by=["RUS"], sources=3, evidence=["ch-3"],
             conflicts=[{"field": "date", "values": [{"value": "2021-10-18", "who": ["A"]},
                                                     {"value": "2021-10-19", "who": [ATTACK]}]}]),
]  # fmt: skip
SAID = {"ch-3": [{"quote": ATTACK, "publisher": ATTACK, "known_at": "2021-10-18", "report": "r3", "address": None}]}


def _to(kind, name):
    return f"/{kind}/{name}"


def test_spans_follow_one_another_and_say_where_nothing_is_known():
    found = spans(COURSE, SAID, until=ON)
    assert [span.look.word for span in found] == ["open", "unknown", "open", "closed"]
    assert all((b.first - a.last).days == 1 for a, b in itertools.pairwise(found))
    assert "does not mean open" in found[1].sentence
    last = found[-1]
    assert last.ongoing and last.last == ON and last.days == 34 and last.disputed
    assert last.sentence.startswith("Closed for 34 days, by Russia; 3 sources; sources differ on date")


def test_what_is_alike_is_one_span_and_what_comes_later_is_none():
    halves = [_stretch("2020-01-01", "2020-06-01", "open"), _stretch("2020-06-01", "9999-12-31", "open")]
    assert [(s.first, s.last) for s in spans(halves, {}, until=ON)] == [(date(2020, 1, 1), ON)]
    assert spans(COURSE, {}, until=date(2000, 1, 1)) == []
    assert [s.look.word for s in spans(COURSE, {}, until=date(2011, 1, 1))] == ["open", "unknown"]


def test_a_window_begins_with_what_is_known_but_not_too_long_ago():
    known = spans(COURSE, {}, until=ON)
    assert window([known], ON) == (date(2001, 2, 20), ON)
    assert window([known], ON, years=5)[0].year == 2016
    assert window([], ON)[0] < ON


def test_a_strip_leads_each_stretch_to_its_evidence_and_tells_it_in_words():
    tree = ElementTree.fromstring(strip(spans(COURSE, SAID, until=ON), date(2001, 1, 1), ON, title=ATTACK, to=_to))
    assert [a.attrib["href"] for a in tree.iter(f"{SVG}a")] == ["/evidence/ch-1", "/evidence/ch-2", "/evidence/ch-3"]
    classes = [rect.attrib["class"] for rect in tree.iter(f"{SVG}rect")]
    assert classes[0] == "track" and classes.count("disputed") == 1 and "closed" in classes
    assert ATTACK in tree.attrib["aria-label"] and "Closed for 34 days" in tree.find(f"{SVG}desc").text
    assert not any(name.startswith("on") for node in tree.iter() for name in node.attrib)


def test_higher_is_more_open():
    def height(state):
        course = spans([_stretch("2020-01-01", "9999-12-31", state)], {}, until=ON)
        tree = ElementTree.fromstring(strip(course, date(2020, 1, 1), ON, title="x"))
        return next(float(r.attrib["height"]) for r in tree.iter(f"{SVG}rect") if r.attrib["class"] == state)

    heights = [height(state) for state in ("open", "limited", "suspended", "closed")]
    assert heights == sorted(heights, reverse=True) and len(set(heights)) == 4


def _event(name, source, target, day, **more):
    blank = {"mode": None, "effective": None, "known_at": day, "status": "actual", "standing": "sound", "quad": 4}
    return {"id": name, "source": [source], "target": [target], "type": "SANCTION", "date": day, "day": day,
            "quote": f"quote of {name}"} | blank | more  # fmt: skip


EVENTS = {e["id"]: e for e in (
    _event("ev-1", "NATO", "RUS", "2021-10-06"), _event("ev-2", "NATO", "RUS", "2021-09-20"),
    _event("ev-3", "NATO", "RUS", "2021-01-01"), _event("ev-4", "NATO", "RUS", "2021-10-10", status="planned"),
    _event("ev-5", "USA", "RUS", "2021-10-10"), _event("ev-6", "RUS", "NATO", "2021-10-18"),
)}  # fmt: skip
LINK = {"action": "ev-1", "reaction": "ev-6", "basis": "inferred", "kind": "other", "lag_days": None, "certainty": 0.4,
        "sources": 1}  # fmt: skip


def test_an_answer_says_how_long_how_sure_and_what_else_it_may_answer():
    (reply,) = replies([LINK], EVENTS, {})
    assert reply.lag == "12 days later" and reply.how.startswith("inferred, no source states it")
    assert reply.others == ("NATO, 28 days before: “quote of ev-2”",)  # neither long ago, planned, nor another's
    stated = replies([LINK | {"basis": "stated", "lag_days": 0}], EVENTS, {})[0]
    assert stated.how.startswith("stated by a source") and stated.lag == "the same day"


def test_an_answer_of_which_an_end_is_missing_is_left_out():
    assert replies([LINK | {"action": "ev-99"}], EVENTS, {}) == []


def _lanes(pair=("NATO", "RUS"), links=(LINK,)):
    acts = [act(e, {}) for e in EVENTS.values()]
    bars = [Bar("line-1", ATTACK, spans(COURSE, SAID, until=ON)), Bar("line-2", "old", [])]
    drawn = lanes(pair, bars, acts, replies(links, EVENTS, {}), date(2021, 1, 1), ON, to=_to)
    return ElementTree.fromstring(drawn)


def test_an_arc_is_as_faint_as_its_answer_is_uncertain_and_leads_to_it():
    tree = _lanes(links=(LINK, LINK | {"action": "ev-2", "certainty": 0.9}))
    arcs = {a.attrib["href"]: a for a in tree.iter(f"{SVG}a") if "/answer/" in a.attrib["href"]}
    opacity = {href: float(a.find(f"{SVG}path").attrib["stroke-opacity"]) for href, a in arcs.items()}
    assert opacity == {"/answer/ev-1-ev-6": 0.4, "/answer/ev-2-ev-6": 0.9}


def test_who_acted_stands_on_their_lane_and_swapping_swaps_the_lanes():
    def heights(tree):
        dots = {a.attrib["href"]: a for a in tree.iter(f"{SVG}a") if a.attrib["href"].startswith("/evidence/ev")}
        return {href: float(next(a.iter(f"{SVG}rect")).attrib["y"]) for href, a in dots.items()}

    one, other = heights(_lanes()), heights(_lanes(("RUS", "NATO")))
    assert "/evidence/ev-5" not in one  # another party has no lane
    assert one["/evidence/ev-6"] > one["/evidence/ev-1"] and other["/evidence/ev-6"] < other["/evidence/ev-1"]


def test_lanes_draw_the_lines_of_which_something_is_known():
    bars = [Bar("a", "a", spans(COURSE, {}, until=ON)), Bar("b", "b", [])]
    told, rest = drawn_of(bars, date(2010, 6, 1), date(2010, 7, 1))
    assert told == [] and rest == bars  # in these days nothing is known of either
    assert [bar.id for bar in drawn_of(bars, date(2021, 1, 1), ON)[0]] == ["a"]
    assert not any(name.startswith("on") for node in _lanes().iter() for name in node.attrib)


def test_many_acts_of_one_day_do_not_hide_one_another():
    crowd = {f"ev-{n}": _event(f"ev-{n}", "NATO", "RUS", "2021-10-06") for n in range(4)}
    acts = [act(e, {}) for e in crowd.values()]
    tree = ElementTree.fromstring(lanes(("NATO", "RUS"), [], acts, [], date(2021, 1, 1), ON, to=_to))
    dots = [next(a.iter(f"{SVG}rect")) for a in tree.iter(f"{SVG}a")]
    assert len({(d.attrib["x"], d.attrib["y"]) for d in dots}) == 4


@pytest.mark.parametrize("p", [0.0, 0.004, 0.5, 1.0])
def test_a_probability_is_drawn_within_its_bar(p):
    tree = ElementTree.fromstring(chance_bar(p, 0.0, 1.0, base=p, persistence=None, title=ATTACK))
    bar = next(r for r in tree.iter(f"{SVG}rect") if r.attrib["class"] == "bar")
    assert 0 <= float(bar.attrib["width"]) <= 296 and f"{p:.0%}" in tree.find(f"{SVG}desc").text


def test_a_forecaster_that_is_right_lies_on_the_diagonal():
    bins = [Bin(p, p, 10) for p in (0.1, 0.5, 0.9)]
    tree = ElementTree.fromstring(reliability(bins))
    dots = [(float(c.attrib["cx"]), float(c.attrib["cy"])) for c in tree.iter(f"{SVG}circle")]
    across, up = [(x - 46) / 260 for x, _ in dots], [(270 - y) / 260 for _, y in dots]
    assert across == pytest.approx(up, abs=0.005)
    assert "No forecast" in ElementTree.fromstring(reliability([])).find(f"{SVG}desc").text


def test_any_course_can_be_drawn():
    draw = random.Random(7)
    for _ in range(50):
        days = sorted(draw.sample(range(1, 700_000), 4))
        marks = [date.fromordinal(d).isoformat() for d in days] + ["9999-12-31"]
        course = [_stretch(a, b, draw.choice(list(LOOKS))) for a, b in itertools.pairwise(marks)]
        found = spans(course, {}, until=ON)
        ElementTree.fromstring(strip(found, *window([found], ON), title="x", to=_to))
