"""Whose line it is and who changed it, where the grammar says so only in a roundabout way."""

from __future__ import annotations

import pytest

from detente.coding.pipeline import code
from detente.reading import read_text

TOLD = [
    ("Kenya gave the Peruvians forty-eight hours to shut their embassy in Nairobi.",
     ("embassy", "PER", "KEN", "close", ("KEN",))),
    ("Norway threw out every one of Peru's diplomats.", ("staff", "PER", "NOR", "close", ("NOR",))),
    ("Norway threw out three of Peru's diplomats.", ("staff", "PER", "NOR", "limit", ("NOR",))),
    ("Both embassies stay open, Peru and Chile said.", ("embassy", "CHL", "PER", "keep", ("CHL", "PER"))),
    ("The African Union will reopen its liaison office in Sudan by June. The old one in Khartoum was shut in 2023.",
     ("liaison", "AU", "SDN", "close", ("AU",))),
    ("Mexico severed relations with the Andean republic on Monday. Ecuador protested.",
     ("relations", "ECU", "MEX", "close", ("MEX",))),
    ("Norway expelled two Peruvian diplomats. Peru has until then to reduce the staff of its mission in Oslo.",
     ("staff", "PER", "NOR", "limit", ("NOR",))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), TOLD)
def test_the_line_and_who_changed_it(text: str, told: tuple[object, ...]) -> None:
    reading = code(read_text(text, published="2025-03-04", title="News", id="x"))
    assert told in [(m.kind, m.owner, m.counterpart, m.change, m.by) for m in reading.lines]
    assert len({(m.kind, m.owner, m.counterpart) for m in reading.lines if m.kind == told[0]}) <= (
        2 if "Both" in text else 1
    )


def test_what_stays_after_a_dated_change_has_stayed_since_then() -> None:
    told = "On 1 March Norway expelled the Peruvian ambassador. The Peruvian ambassador is staying in Oslo."
    reading = code(read_text(told, published="2025-03-04", title="News", id="x"))
    assert [(m.change, m.date) for m in reading.lines] == [("close", "2025-03-01"), ("keep", "2025-03-01")]
