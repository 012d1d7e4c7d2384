"""News in which nothing passes between two powers yields nothing, even where its words are ours in another sense."""

from pathlib import Path

import pytest

from detente.coding.examples import outcome, read

pytestmark = pytest.mark.models
LINES = (Path(__file__).parents[1] / "gold" / "neutral.txt").read_text("utf-8").splitlines()
SENTENCES = [line for line in LINES if line.strip() and not line.startswith("#")]
MOST = 0.03


def test_there_are_enough_and_no_two_alike() -> None:
    assert len(SENTENCES) == len(set(SENTENCES)) >= 200


def test_false_events_are_rare() -> None:
    wrong = {text: found for text in SENTENCES if (found := outcome(read(text)))}
    assert len(wrong) / len(SENTENCES) < MOST, wrong


def test_false_events_are_rare_where_other_parties_have_been_named() -> None:
    """Two parties in the paragraph before must not lend themselves to a sentence that is not about them."""
    before = "Peru closed its embassy in Cairo. Egypt protested."
    base = outcome(read(before))
    wrong = {text: found for text in SENTENCES if (found := outcome(read(f"{before}\n\n{text}"))) != base}
    assert len(wrong) / len(SENTENCES) < MOST, wrong
