"""Why each item was coded."""

from detente.views.why import sentence_around, why
from tests.views.sample import NOTHING, READING, TEXT


def test_every_item_is_told_with_its_sentence_and_rule() -> None:
    text = why(READING)
    for item in (*READING.events, *READING.lines, *READING.answers, *READING.claims):
        assert f"\n{item.id}  " in f"\n{text}"
        assert f"«{item.quote}»" in text
    assert (
        "«took away the badges of eight Russian delegates» and allowed no more than ten to stay.\n    rule       sample"
        in text
    )


def test_what_the_coder_adds_is_shown() -> None:
    assert "    entry      found \\x1b[2J" in why(READING, lambda reading, item: ["entry      found \x1b[2J"])


def test_nothing_to_explain_is_said() -> None:
    assert why(NOTHING).startswith("There is nothing to explain")


def test_a_sentence_ends_at_a_paragraph() -> None:
    start = TEXT.index("The embassy")
    before, after = sentence_around(TEXT, start, start + len("The embassy"))
    assert (before, after) == ("", " in Brussels stays open.")
