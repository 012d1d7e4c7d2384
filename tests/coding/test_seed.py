"""The founding example is read right, row by row, and nothing of its residue leaves a trace."""

from pathlib import Path

import pytest

import detente
from detente.model import Reading

SEED = Path(__file__).parents[3] / "shared" / "seeds" / "000_ee8fe8ce00c07c20.txt"
pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def reading() -> Reading:
    if not SEED.exists():
        pytest.skip("the founding article (../shared/seeds) is not here")
    return detente.read(SEED, published="2021-10-22")


LINES = [
    ("staff", "RUS", "NATO", "limit", ("NATO",), 8, None),
    ("staff", "RUS", "NATO", "limit", ("NATO",), None, 10),
    ("mission", "RUS", "NATO", "suspend", ("RUS",), None, None),
    ("envoy", "RUS", "NATO", "suspend", ("RUS",), None, None),
    ("liaison", "NATO", "RUS", "suspend", ("RUS",), None, None),
    ("office", "NATO", "RUS", "close", ("RUS",), None, None),
    ("contacts", "NATO", "RUS", "propose", ("RUS",), None, None),
    ("contacts", "NATO", "RUS", "refuse", ("NATO",), None, None),
    ("contacts", "NATO", "RUS", "suspend", ("NATO",), None, None),
]


@pytest.mark.parametrize("row", LINES)
def test_lines(reading: Reading, row: tuple) -> None:
    found = [(x.kind, x.owner, x.counterpart, x.change, x.by, x.count, x.cap) for x in reading.lines]
    assert row in found, found


def test_the_envoy_is_part_of_the_mission(reading: Reading) -> None:
    envoy = next(x for x in reading.lines if x.kind == "envoy")
    assert envoy.part_of == "mission RUS-NATO"
    contacts = next(x for x in reading.lines if x.kind == "contacts" and x.change == "propose")
    assert contacts.part_of == "council NATO-RUS"


def test_the_freeze_of_2014_is_past(reading: Reading) -> None:
    row = next(x for x in reading.lines if x.kind == "contacts" and x.change == "suspend")
    assert (row.status, row.date) == ("past", "2014")


def test_no_day_is_guessed(reading: Reading) -> None:
    assert {x.date for x in reading.lines if x.status == "actual"} <= {None, "2021-10"}


def test_each_russian_act_answers_natos(reading: Reading) -> None:
    by_id = {e.id: e for e in reading.events}
    hostile = {e.id for e in reading.events if e.source == ("RUS",) and e.type == "SANCTION"}
    answered = {a.reaction_event for a in reading.answers if by_id[a.action_event].source == ("NATO",)}
    assert len(hostile) >= 3
    assert hostile <= answered


@pytest.mark.parametrize(
    ("holder", "words"),
    [
        ("RUS", "last straw"),
        ("RUS", "precedent"),
        ("NATO", "business as usual"),
        ("NATO", "raison"),
        ("RUS", "affordable"),
        ("NATO", "affordable"),
        ("AUTHOR", "right"),
    ],
)
def test_claims(reading: Reading, holder: str, words: str) -> None:
    held = [c.quote for c in reading.claims if c.holder == holder]
    assert any(words in quote for quote in held), held


def test_residue_leaves_no_trace(reading: Reading) -> None:
    start, end = reading.main
    assert reading.text[start:].startswith("After NATO revoked")
    assert reading.text[:end].endswith("before too long.")
    for items in (reading.events, reading.lines, reading.uses, reading.answers, reading.claims):
        for item in items:
            assert start <= item.start < item.end <= end
            assert reading.text[item.start : item.end] == item.quote
