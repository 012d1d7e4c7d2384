"""What the parser is shown: wedged-in clauses behind the rest, labels left out, everything else as it stands."""

import pytest

from detente.coding.examples import outcome, read
from detente.coding.straight import order


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The post , he said , is shut .", "The post is shut , he said ."),
        ("The post , according to Oslo , is shut .", "The post is shut , according to Oslo ."),
        ("The post , which he had built , is shut .", "The post , which he had built , is shut ."),
        ("4 May 2016 - Fiji recalls its envoy .", "Fiji recalls its envoy ."),
        ("La Paz , 12 March ( Agency ) - Peru met Chile .", "Peru met Chile ."),
        ("LIMA - Peru met Chile .", "LIMA - Peru met Chile ."),
        ("BRUSSELS - Peru met Chile .", "Peru met Chile ."),
        ("Peru - a neighbour - met Chile .", "Peru - a neighbour - met Chile ."),
        ("A two - day visit .", "A two - day visit ."),
        ("", ""),
    ],
)
def test_order(text: str, shown: str) -> None:
    words = text.split()
    assert " ".join(words[i] for i in order(words)) == shown


def test_a_dateline_dates_no_act_but_a_label_does() -> None:
    (written,) = read("La Paz, 12 March 2024 (Agency) - Peru recalled its ambassador from Chile.").events
    (labelled,) = read("12 March 2024 – Peru recalls its ambassador from Chile.").events
    assert (written.date, labelled.date) == (None, "2024-03-12")


@pytest.mark.models
def test_offsets_hold_where_words_were_moved() -> None:
    text = "The embassy of Peru in Quito, a minister said on Friday, had been closed by Ecuador."
    reading = read(text)
    assert outcome(reading) == "ECU SANCTION/expel PER; embassy PER>ECU close by ECU"
    assert all(text[x.start : x.end] == x.quote for x in reading.lines)
