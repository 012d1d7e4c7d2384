"""The dossiers: self-contained, escaped, and whole."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.model import Claim, Event, Reading, Residue
from detente.views.dossier import escaped, html, markdown
from detente.views.spans import blocks
from tests.views.sample import NOTHING, READING, TEXT

PAGE = html(READING)
NASTY = '<script>alert(1)</script> "><img src=x onerror=alert(1)> {{ 7*7 }} [x](javascript:1) | `y` \x1b\u202e'


class Tags(HTMLParser):
    """Every tag with its attributes, the ids, and whether tags close in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("page", [PAGE, html(NOTHING)], ids=["full", "empty"])
def test_well_formed_and_self_contained(page: str) -> None:
    found = Tags(page)
    assert found.open == []
    names = {tag for tag, _ in found.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    assert not [a for _, attributes in found.tags for a in attributes if a.startswith("on") or a in ("style", "src")]
    assert not re.search(r"url\(|@import", page)


def test_policy_allows_this_style_sheet_only() -> None:
    style = re.search(r"<style>(.*?)</style>", PAGE, re.DOTALL)
    assert style
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in PAGE


def test_links_lead_somewhere_and_ids_are_unique() -> None:
    tags = Tags(PAGE).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in tags:
        href = attributes.get("href") or ""
        if tag == "a" and href.startswith("#"):
            assert href[1:] in ids
        elif href:
            assert href == "https://example.org/badges"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://[", "page.txt"]
)
def test_an_address_that_a_browser_must_not_follow_is_no_link(address: str) -> None:
    page = html(READING.model_copy(update={"address": address}))
    assert [a["href"] for tag, a in Tags(page).tags if "href" in a and not str(a["href"]).startswith("#")] == []


def test_everything_of_the_page_is_escaped() -> None:
    claim = Claim(id="c1", quote=NASTY, start=0, end=len(NASTY), rule=NASTY, certainty=1, holder="RUS", kind="blame")
    nasty = Reading(id="x", title=NASTY, publisher=NASTY, address=NASTY, language='"><b>', text=NASTY,
                    main=(0, len(NASTY)), claims=(claim,))  # fmt: skip
    page = html(nasty)
    assert not {tag for tag, _ in Tags(page).tags} & {"script", "img"}
    assert "{{ 7*7 }}" in page
    text = markdown(nasty)
    for found in (page, text):
        assert not re.search("[\x1b\u202e]", found)
    assert "<" not in text
    assert "\\[x\\](javascript:1) \\| \\`y\\`" in text


@pytest.mark.parametrize(
    ("text", "markdown_text"),
    [
        ("a*b_c", "a\\*b\\_c"), ("- x", "\\- x"), ("1. x", "1\\. x"), ("# x", "\\# x"), ("a\n\nb", "a b"),
        ("\\", "\\\\"), ("https://x.org www.y.org", "https\\://x.org www\\.y.org"), ("&amp;", "&amp;amp;"),
        ("~~x~~", "\\~\\~x\\~\\~"),
    ],
)  # fmt: skip
def test_escaped(text: str, markdown_text: str) -> None:
    assert escaped(text) == markdown_text


def test_markdown_has_all_that_the_terminal_has() -> None:
    text = markdown(READING)
    for part in (
        "4 of 8 lines",
        "## Events",
        "| NATO | sanction · expel | Russia |",
        "12 days later",
        "### Russia",
        "teaser",
    ):
        assert part in text
    assert "No event, line, answer or claim was found" in markdown(NOTHING)


def test_what_was_set_aside_is_marked() -> None:
    found = blocks(READING)
    assert [block.aside for block in found] == ["title", "", "", "teaser"]
    assert "set aside: teaser" in PAGE
    assert "&lt;b&gt;Cacao &amp; you&lt;/b&gt;" in PAGE


def test_plans_and_weak_reports_look_other_than_facts() -> None:
    shades = {piece.text: piece.shades for block in blocks(READING) for piece in block.pieces}
    assert shades["will close its press bureau on 1 November"] == ("down", "not-so")
    assert shades["an end to the hotline"] == ("down", "not-so")
    assert shades["froze its permanent mission to the alliance"] == ("down", "event")


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40)), max_size=6),
    st.tuples(st.integers(0, 50), st.integers(1, 30)),
)
def test_overlapping_quotes_lose_no_text(spans: list[tuple[int, int]], aside: tuple[int, int]) -> None:
    text = "Two of them stay.\n\nOne goes, and the other speaks\nof it at length.\n\n\nSilence follows it all."
    events = tuple(
        Event(id=f"e{i}", quote=text[a : a + n], start=a, end=min(a + n, len(text)), rule="r", certainty=1,
              status="actual", source=("RUS",), type="ACCUSE")
        for i, (a, n) in enumerate(spans)
    )  # fmt: skip
    a, n = aside
    residue = (Residue(kind="bio", quote=text[a : a + n], start=a, end=min(a + n, len(text))),)
    reading = Reading(id="x", text=text, main=(4, len(text)), events=events, residue=residue)
    for block, paragraph in zip(blocks(reading), re.split(r"\n\n+", text), strict=True):
        assert "".join(piece.text for piece in block.pieces) == paragraph
    tags = Tags(html(reading)).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert {f"at-e{i}" for i in range(len(spans))} <= set(ids)
    assert len(ids) == len(set(ids))


def test_the_whole_article_is_there() -> None:
    plain = re.sub(r"\s+", " ", "".join(piece.text for block in blocks(READING) for piece in block.pieces))
    assert plain.replace(" ", "") == re.sub(r"\s+", "", TEXT)


def test_what_the_record_says_of_the_risk_is_escaped() -> None:
    page = html(READING, risk=["Twice as often", NASTY])
    assert "<script>" not in page and "Twice as often" in page and "onerror=alert(1)&gt;" in page
    text = markdown(READING, risk=["Twice as often", NASTY])
    assert "## The risk, by the record\n\n- Twice as often\n- &lt;script&gt;" in text
    assert "The risk, by the record" not in html(READING) + markdown(READING)
