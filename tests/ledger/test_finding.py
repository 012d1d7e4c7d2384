"""What was read comes back as it was recorded; what holds some words is found; what waits for an editor is told."""

from collections.abc import Iterator

import pytest

from detente.errors import NotInLedger, UsageFault
from detente.ledger import Ledger, articles, review
from detente.ledger.search import search
from tests.ledger.made import change, claim, event, told

PAGE = told(
    change("close", "2016-05-10", quote="Peru closed the embassy of Norway"),
    event("ACCUSE", "2016-05-09"), event("SANCTION", "2016-05-10"), claim("blame"), publisher="A paper",
    title="100% closed: an_embassy", address="https://example.org/a", answers=((1, 2),),
)  # fmt: skip


@pytest.fixture
def ledger(place: str) -> Iterator[Ledger]:
    with Ledger(place) as made:
        made.record([PAGE, told(change("restore", "2017-01-01"), publisher="Another", published="2017-01-02")])
        yield made


def test_a_reading_comes_back_as_it_was_recorded(ledger: Ledger) -> None:
    with ledger.asked() as connection:
        [first] = articles.articles_of(connection, publisher="A paper")
        found = articles.article(connection, first["id"])
        assert found["text"] == PAGE.reading.text and not found["withdrawn"]
        back = articles.reading(connection, found["readings"][0]["id"])
    assert back is not None
    assert back.model_dump(exclude={"id"}) == PAGE.reading.model_dump(exclude={"id"})


def test_what_was_erased_is_told_as_withdrawn(ledger: Ledger) -> None:
    ledger.withdraw("https://example.org/a", by="Ana", reason="the publisher asked", quotes=True)
    with ledger.asked() as connection:
        [first] = articles.articles_of(connection, publisher="A paper")
        assert first["withdrawn"] and articles.article(connection, first["id"])["text"] is None
        key = articles.article(connection, first["id"])["readings"][0]["id"]
        assert articles.reading(connection, key) is None
        assert [row["withdrawn"] for row in articles.sources(connection)] == [1, 0]
        assert search(connection, "Peru closed")["quotes"] == []
        for name, find in (("article", articles.article), ("reading", articles.items_of)):
            with pytest.raises(NotInLedger, match=name):
                find(connection, "none")


def test_articles_as_they_could_be_known_and_part_by_part(ledger: Ledger) -> None:
    from detente.ledger.days import as_of

    with ledger.asked() as connection:
        assert [row["publisher"] for row in articles.articles_of(connection)] == ["Another", "A paper"]
        assert [row["publisher"] for row in articles.articles_of(connection, limit=1, start=1)] == ["A paper"]
        assert articles.count_of(connection, asked=as_of("2016-12-31")) == 1
        fresh = articles.freshness(connection)
        assert (fresh["articles"], fresh["readings"], fresh["known_at"]) == (2, 2, "2017-01-02")


def test_words_are_found_and_are_never_patterns(ledger: Ledger) -> None:
    with ledger.asked() as connection:
        found = search(connection, "norway EMBASSY")
        assert found["parties"][0]["code"] == "NOR" and found["lines"][0]["kind"] == "embassy"
        assert found["quotes"][0]["quote"] == "Peru closed the embassy of Norway" and found["quotes"][0]["group"]
        assert [row["title"] for row in search(connection, "100%")["articles"]] == ["100% closed: an_embassy"]
        for words in ("10%d", "an-embassy", "%%", "__", "' OR 1=1 --"):
            assert not search(connection, words)["articles"], words
        with pytest.raises(UsageFault):
            search(connection, "a b")


def test_what_analysts_said_waits_for_an_editor(ledger: Ledger) -> None:
    first, second = ledger.changes("NOR", "PER")["id"].to_list()
    said = ledger.correct(first, {"change": "suspend"}, by="Ana", reason="it says suspend")
    contested = ledger.dispute(second, by="Ana", reason="no source")
    with ledger.asked() as connection:
        rows = review.waiting(connection)
        assert [(row["report"], row["sort"], row["who"]) for row in rows] == [
            (contested, "dispute", "Ana"), (said, "correction", "Ana"),
        ]  # fmt: skip
        assert [row["id"] for row in review.doubtful(connection)] == [second]
    ledger.correct(said, {"change": "suspend"}, by="Edi", role="editor", reason="so it is")
    with ledger.asked() as connection:
        assert [row["report"] for row in review.waiting(connection)] == [contested]
