"""Main text against residue: where a story begins and ends on a page of plain text."""

import itertools
import time

import pytest

from detente.model import Residue
from detente.reading import read_text
from detente.reading.residue import date_line, layout

TITLE = "Two ports, one quarrel: the ferry affair grows"
BYLINE = "By Nora Field and Tomas Reed"
DATE = "Published 14 May 2019"
CAPTION = "Photo: the ferry terminal at dawn (Agency file)"
FIRST = (
    "LISBON - Portugal told the Ruritanian consul on Tuesday to leave within ten days, after the ferry company had "
    "been fined for a third time."
)
MIDDLE = (
    "Ruritania said that it would keep its own consulate in Porto open. “We do not answer noise with noise,” its "
    "foreign minister told a radio station in the capital."
)
LAST = (
    "The two governments have not met since the autumn, although their harbour masters still speak by telephone "
    "every morning."
)
CREDIT = "This article was first published by our partner, the Coast Review."
BIO = "Nora Field is a correspondent of the Coast Review and the author of two books on harbours."
SHARE = "Share this on Facebook"
NEWSLETTER = "Sign up for our newsletter and get the harbour news every morning"
RELATED = "Related stories"
TEASERS = ("Goat wins village race in the hills", "Ten soups for cold days …")
HEAD = (TITLE, BYLINE, DATE, CAPTION)
FOOT = (CREDIT, BIO, SHARE, NEWSLETTER, RELATED, *TEASERS)


def page(*blocks: str) -> str:
    return "\n\n".join(blocks)


def story(text: str, title: str | None = None) -> list[str]:
    return text[slice(*layout(text, title).main)].split("\n\n")


FULL = page(*HEAD, FIRST, SHARE, MIDDLE, LAST, *FOOT)


def test_the_story_is_cut_out_from_head_to_foot() -> None:
    assert story(FULL) == [FIRST, SHARE, MIDDLE, LAST]


def test_all_else_is_recorded_with_its_kind() -> None:
    assert [(one.quote, one.kind) for one in layout(FULL).residue] == [
        (TITLE, "title"),
        (BYLINE, "byline"),
        (DATE, "byline"),
        (CAPTION, "caption"),
        (SHARE, "link"),
        (CREDIT, "credit"),
        (BIO, "bio"),
        (SHARE, "link"),
        (NEWSLETTER, "link"),
        (RELATED, "teaser"),
        (TEASERS[0], "teaser"),
        (TEASERS[1], "teaser"),
    ]


def test_quotes_stand_where_their_offsets_say() -> None:
    found = layout(FULL).residue
    assert [FULL[one.start : one.end] for one in found] == [one.quote for one in found]
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))


@pytest.mark.parametrize("gap", ["\n\n", "\r\n\r\n", "\n \t\n", "\n\n\n\n"], ids=["unix", "dos", "blank", "wide"])
def test_the_text_stays_as_it_came(gap: str) -> None:
    text = gap + gap.join([*HEAD, FIRST, MIDDLE, LAST, *FOOT]) + gap
    article = read_text(text)
    assert article.text == text
    assert article.text[slice(*article.main)] == gap.join([FIRST, MIDDLE, LAST])


def test_title_and_date_come_from_the_head() -> None:
    article = read_text(FULL)
    assert (article.title, article.published) == (TITLE, "2019-05-14")


def test_what_the_caller_knows_goes_before_the_head() -> None:
    article = read_text(FULL, title="Ferries", published="2019")
    assert (article.title, article.published) == ("Ferries", "2019")


def test_a_repeated_title_is_passed_over() -> None:
    assert story(page(TITLE, TITLE, BYLINE, FIRST, LAST)) == [FIRST, LAST]


def test_a_known_title_is_passed_over_though_it_is_a_sentence() -> None:
    title = "The ferry affair grows."
    assert story(page(title, FIRST, LAST), title.upper()) == [FIRST, LAST]
    assert story(page(title, FIRST, LAST)) == [title, FIRST, LAST]


@pytest.mark.parametrize(
    ("foot", "kind"),
    [
        (CREDIT, "credit"), ("© Coast Review 2019", "credit"), ("From our partners", "credit"), (BIO, "bio"),
        ("The writer teaches the law of the sea at a college in Porto.", "bio"),
        ("She covers harbours and lives in Porto.", "teaser"), ("He is an author of two books.", "teaser"),
        ("Nora Field covers harbours.", "teaser"), (SHARE, "link"), (NEWSLETTER, "link"),
        ("We use cookies to know our readers better.", "link"), ("Read more about ferries", "link"),
        ("Tags: ferries, consuls, Porto", "link"), ("12 comments", "link"), ("Tomorrow: the tram affair.", "teaser"),
        ("(With agencies)", "teaser"), ("See also page 4.", "link"), ("Image: the terminal at night", "caption"),
        ("Got a tip? Write to desk@coast.example.", "teaser"), ("Goat wins village race in the hills", "teaser"),
        ("Ten thousand households were without light on Monday after the…", "teaser"),
        ("Bolivia's Lake Titicaca froze over.", "teaser"),
    ],
)  # fmt: skip
def test_a_foot_is_cut_off(foot: str, kind: str) -> None:
    text = page(FIRST, MIDDLE, LAST, foot)
    assert story(text) == [FIRST, MIDDLE, LAST]
    assert [(one.quote, one.kind) for one in layout(text).residue] == [(foot, kind)]


@pytest.mark.parametrize(
    "label", [RELATED, "MOST READ", "More from the Coast Review", "You may also like", "Read next"]
)
def test_nothing_behind_a_label_is_story(label: str) -> None:
    teaser = "In the hills, a goat won the village race on Sunday, and its owner said that she had never been so proud."
    text = page(FIRST, LAST, label, teaser)
    assert story(text) == [FIRST, LAST]
    assert layout(text).residue[-1] == Residue(
        kind="teaser", quote=teaser, start=text.index(teaser), end=text.index(teaser) + len(teaser)
    )


@pytest.mark.parametrize(
    "end",
    [
        "Portugal has said no more.",
        "“Nobody wins,” the consul said.",
        "Portugal's president, who was abroad, did not comment on Wednesday.",
        "3. The consul is to leave by Friday.",
        "Ruritania is a small country, and the ambassador knows it.",
    ],
)
def test_a_short_last_paragraph_is_still_story(end: str) -> None:
    assert story(page(FIRST, MIDDLE, end)) == [FIRST, MIDDLE, end]


def test_a_credit_in_mid_story_ends_nothing() -> None:
    long = " ".join([FIRST, MIDDLE, LAST])
    assert story(page(FIRST, CREDIT, long, LAST)) == [FIRST, CREDIT, long, LAST]


def test_a_long_paragraph_that_speaks_of_a_photo_is_story() -> None:
    speaks = (
        "Photographs of the terminal, the ministry said, had been taken by the consul himself over a whole summer, "
        "and had then been shown to three officers of the navy, who had not known what to make of them at first."
    )
    text = page(FIRST, speaks, LAST)
    assert story(text) == [FIRST, speaks, LAST]
    assert layout(text).residue == ()


@pytest.mark.parametrize(
    "text",
    [FIRST, page(FIRST, LAST), page(*TEASERS, "A third headline of the day"), BYLINE, page(BYLINE, SHARE)],
    ids=["one paragraph", "two", "headlines", "byline", "scraps"],
)
def test_where_all_is_alike_nothing_is_set_aside_before_it(text: str) -> None:
    assert layout(text).main[0] == 0


@pytest.mark.parametrize("text", ["", "\n\n", " \n \n "])
def test_nothing_is_laid_out_as_nothing(text: str) -> None:
    found = layout(text)
    assert (found.main, found.residue, found.title, found.published) == ((0, len(text)), (), None, None)


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Published 14 May 2019", "2019-05-14"), ("Tuesday, Sept. 3, 2019", "2019-09-03"),
        ("2019-05-14 08:30", "2019-05-14"), ("May 2019", None), ("14 May", None), ("Room 14, Hall 2019", None),
        ("32 May 2019", None), ("0 May 2019", None), (f"14 May 2019 {'x' * 120}", None),
    ],
)  # fmt: skip
def test_a_date_line(line: str, date: str | None) -> None:
    assert date_line(line) == date


@pytest.mark.parametrize("line", ["30 February 2019", "2019-13-45", "31 April 2019"])
def test_a_day_that_never_was_is_no_date(line: str) -> None:
    assert date_line(line) is None


@pytest.mark.parametrize(
    "text",
    [
        page(FIRST, "facebook-" * 20_000),
        page("Head-" + "of-" * 60_000 + ";x", LAST),
        page(*["Goat wins race"] * 20_000, LAST),
        page(FIRST, *["The author is good"] * 20_000, " ".join([FIRST, MIDDLE, LAST])),
        page(FIRST, LAST, *[f"Bo{n:x}a and Ti{n:x}ca froze over." for n in range(20_000)]),
        page(FIRST, "AAA" + " " * 100_000 + "B"),
        page(FIRST, "…" + " " * 100_000 + "x"),
    ],
    ids=["one long word", "many tries", "headlines", "bios", "teasers", "blanks", "blanks behind dots"],
)
def test_a_page_that_means_harm_is_laid_out_quickly(text: str) -> None:
    began = time.monotonic()
    layout(text)
    assert time.monotonic() - began < 5
