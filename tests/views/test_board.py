"""The view model: what is said of a reading, in words."""

from datetime import date

import pytest

from detente.coding.examples import read
from detente.model import Reading
from detente.views.board import Row, board
from detente.views.looks import LOOKS
from tests.views.sample import NOTHING, READING

VIEW = board(READING)
ROWS = {row.title: row for group in VIEW.groups for row in group.rows}


def test_headline() -> None:
    assert VIEW.headline == (
        "4 of 8 lines between Russia and NATO are down; 1 limited and 3 unknown; "
        "the last change was on 18 October 2021. The one line between other parties that the article speaks of is open."
    )
    assert (
        VIEW.basis == "Read from one article of 22 October 2021: 3 events, 11 changes to lines, 1 answer and 1 claim."
    )


def test_titles_worst_first() -> None:
    assert [(row.look.letter, row.title) for row in VIEW.groups[0].rows] == [
        ("C", "NATO's information office in Moscow"),
        ("S", "NATO's military liaison mission in Moscow"),
        ("S", "Russia's chief military representative to NATO"),
        ("S", "Russia's permanent mission to NATO"),
        ("L", "Staff of Russia's mission to NATO"),
        ("U", "Hotline between NATO and Russia"),
        ("U", "Military side of the NATO-Russia Council"),
        ("U", "Russia's press bureau to NATO"),
    ]


def test_a_row() -> None:
    row = ROWS["Russia's permanent mission to NATO"]
    assert (row.since, row.by, row.look.down) == ("18 October 2021", "Russia", True)
    assert row.causes == ("in answer to NATO: “took away the badges of eight Russian delegates”",)
    assert [quote.id for quote in row.evidence] == ["l3"]
    assert ROWS["Staff of Russia's mission to NATO"].detail == "8 people removed, ceiling 10"


@pytest.mark.parametrize(
    ("title", "notes"),
    [
        ("Military side of the NATO-Russia Council", ["proposed by Russia", "refused by NATO"]),
        ("Russia's press bureau to NATO", ["announced: to be closed by Russia, 1 November 2021"]),
        ("Hotline between NATO and Russia", ["weak report: closed by Russia"]),
    ],
)
def test_what_stands_beside_a_state(title: str, notes: list[str]) -> None:
    assert [note.words for note in ROWS[title].notes] == notes
    assert ROWS[title].evidence == ()


def test_a_plan_takes_effect_on_its_day() -> None:
    later = board(READING, on=date(2021, 11, 1))
    rows: dict[str, Row] = {row.title: row for group in later.groups for row in group.rows}
    assert rows["Russia's press bureau to NATO"].look.word == "closed"


def test_no_change_is_lost() -> None:
    ids = {quote.id for row in ROWS.values() for quote in (*row.evidence, *(note.quote for note in row.notes))}
    assert ids == {line.id for line in READING.lines}


def test_events_answers_claims_and_what_was_set_aside() -> None:
    first = VIEW.events[0]
    assert (first.who, first.what, first.whom, first.when) == ("NATO", "sanction · expel", "Russia", "6 October 2021")
    assert first.codes == "SANCTION/expel, CAMEO 161, Goldstein -4.0"
    assert VIEW.pairs[0].how == "stated in the text, in kind, and more, 12 days later"
    assert [(holder.name, holder.claims[0].kind) for holder in VIEW.holders] == [("Russia", "blame")]
    assert [stretch.kind for stretch in VIEW.set_aside] == ["title", "teaser"]


def test_nothing_found_is_said() -> None:
    assert board(NOTHING).empty
    assert board(NOTHING).headline == "No event, line, answer or claim was found in this article."
    some = Reading(**(READING.model_dump() | {"lines": (), "answers": ()}))
    assert board(some).headline == "No line of communication was found in this article."


def test_every_state_has_its_own_letter_and_shape() -> None:
    assert len({look.letter for look in LOOKS.values()}) == len({look.shape for look in LOOKS.values()}) == 5


def test_a_line_that_is_only_used_is_shown_as_used_and_not_as_open() -> None:
    text = "The armies of Togo and Benin spoke over their hotline on 3 June 2024."
    view = board(read(text))
    (row,) = [r for g in view.groups for r in g.rows]
    assert (row.look.word, [n.words for n in row.notes]) == ("unknown", ["seen in use, 3 June 2024"])
