"""People stand for their state while they hold office: the article's date decides, or a year in the sentence."""

import pytest

from detente.coding.examples import event_text
from detente.coding.pipeline import code
from detente.model import Article

pytestmark = pytest.mark.models


def events(text: str, published: str | None) -> list[str]:
    article = Article(id="x", text=text, published=published, main=(0, len(text)))
    return [event_text(e, mode=False) for e in code(article).events]


@pytest.mark.parametrize(
    ("published", "found"),
    [
        ("2015-06-01", ["DEU ACCUSE GRC"]),
        ("2022-02-01", ["DEU ACCUSE GRC"]),
        ("2024-06-01", []),
        ("2004-06-01", []),
        ("2015", ["DEU ACCUSE GRC"]),
        (None, ["DEU ACCUSE GRC"]),
    ],
)
def test_out_of_office_a_leader_acts_for_nobody(published: str | None, found: list[str]) -> None:
    assert events("Angela Merkel criticised Greece over the budget.", published) == found


def test_a_year_in_the_sentence_brings_a_leader_back() -> None:
    text = "In 2011 Nicolas Sarkozy criticised Turkey; the quarrel went on for years."
    assert events(text, "2024-06-01") == ["FRA ACCUSE TUR"]


def test_who_held_office_twice_counts_twice() -> None:
    text = "Lula criticised Israel on Monday."
    assert [bool(events(text, day)) for day in ("2005-03-01", "2016-03-01", "2024-03-01")] == [True, False, True]


def test_a_name_goes_with_whoever_held_office_then() -> None:
    text = "Eduard Shevardnadze criticised Japan on Monday."
    assert [events(text, day) for day in ("1987-03-01", "1999-03-01")] == [["RUS ACCUSE JPN"], ["GEO ACCUSE JPN"]]


def test_a_state_that_is_gone_is_its_successor_whatever_the_date() -> None:
    assert events("East Germany criticised Austria in 1985.", "2024-06-01") == ["DEU ACCUSE AUT"]
