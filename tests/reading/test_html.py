"""HTML to its story: what is taken, what is left out, and pages that mean harm."""

import time

import pytest

from detente.errors import DetenteError, NoArticle, PageTooLarge, PageUnreadable
from detente.reading import read_page
from detente.reading.html import DEEPEST, story_of

STORY = (
    "Lisbon said on Tuesday that it would send three attaches of the Ruritanian embassy home before the weekend.",
    "The foreign minister told reporters that the step had been prepared for weeks and that no other was planned.",
    "Ruritania called the charges invented, and said that it would answer in its own time and in the same measure.",
    "The two countries have kept a telephone line between their navies open since the incident of last autumn.",
)
PARAGRAPHS = "".join(f"<p>{paragraph}</p>\n" for paragraph in STORY)
PAGE = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Lisbon sends attaches home | The Harbour Post</title>
<meta property="og:title" content="Lisbon sends attaches home">
<meta property="og:site_name" content="The Harbour Post">
<meta property="article:published_time" content="2019-05-14T08:30:00+01:00">
<style>.teaser {{ color: seagreen }}</style><script>var tracker = "beacon-77";</script></head>
<body>
<div class="cookie-banner" id="cookie-consent"><p>We use cookies to know you better. <button>Agree</button></p></div>
<nav><ul><li><a href="/world">World</a></li><li><a href="/markets">Markets</a></li></ul></nav>
<main><article><h1>Lisbon sends attaches home</h1>
{PARAGRAPHS}<script>document.write("beacon-78");</script><noscript>Switch scripts on, please.</noscript>
</article></main>
<aside class="related"><h2>Related stories</h2><ul><li><a href="/a">Ten soups for cold days</a></li>
<li><a href="/b">Goat wins village race</a></li></ul></aside>
<footer><p>Copyright Harbour Press, all rights kept. <a href="/imprint">Imprint</a></p></footer>
</body></html>"""


def bare(body: str) -> str:
    return f"<html><head><title>x</title></head><body>{body}</body></html>"


def test_the_story_is_found_whole_and_alone() -> None:
    assert story_of(PAGE, "page").text.split("\n\n") == ["Lisbon sends attaches home", *STORY]


@pytest.mark.parametrize(
    "stray", ["cookies", "Markets", "soups", "Goat", "Imprint", "Copyright", "beacon", "tracker", "seagreen", "Switch"]
)
def test_what_stands_around_the_story_is_left_out(stray: str) -> None:
    assert stray in PAGE
    assert stray not in story_of(PAGE, "page").text


def test_title_date_and_publisher_are_the_pages_own() -> None:
    story = story_of(PAGE, "page")
    assert (story.title, story.published, story.publisher) == (
        "Lisbon sends attaches home",
        "2019-05-14",
        "The Harbour Post",
    )


def test_the_host_stands_in_for_a_publisher() -> None:
    story = story_of(bare(PARAGRAPHS), "page", "https://post.example/2019/attaches")
    assert story.publisher == "post.example"
    assert story_of(bare(PARAGRAPHS), "page").publisher is None


def test_a_page_becomes_an_article() -> None:
    article = read_page(PAGE.encode(), name="page", address="https://post.example/a")
    assert (article.title, article.published, article.publisher) == (
        "Lisbon sends attaches home",
        "2019-05-14",
        "The Harbour Post",
    )
    main = article.text[slice(*article.main)]
    assert main.startswith(STORY[0])
    assert main.endswith(STORY[-1])
    assert article.address == "https://post.example/a"


def test_what_the_caller_knows_goes_before_what_the_page_says() -> None:
    article = read_page(PAGE.encode(), name="page", published="2019-05", title="Three go home")
    assert (article.title, article.published) == ("Three go home", "2019-05")


@pytest.mark.parametrize("start", ["", "\ufeff\n ", "<?xml version='1.0'?>\n", "<!-- a remark -->\n"])
def test_html_is_known_by_its_looks(start: str) -> None:
    article = read_page((start + PAGE).encode(), name="page")
    assert "<p>" not in article.text
    assert STORY[0] in article.text


def test_html_is_known_by_what_the_server_says() -> None:
    page = "Good day.<br>" + PARAGRAPHS
    assert "<p>" in read_page(page.encode(), name="page").text
    article = read_page(page.encode(), name="page", content_type="text/html; charset=utf-8")
    assert "<p>" not in article.text


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<nav><ul><li><a href='/a'>World</a></li><li><a href='/b'>Sport</a></li></ul></nav>",
        "<form><label>Name <input></label><label>Password <input type='password'></label><button>Go</button></form>",
        "<div id='root'></div><script>render('" + " ".join(STORY) + "')</script>",
        "<!-- " + " ".join(STORY) + " -->",
    ],
    ids=["empty", "menu", "login", "script", "comment"],
)
def test_a_page_without_a_story_is_told(body: str) -> None:
    with pytest.raises(NoArticle, match=r"^x\.html holds no article .*; save the article's text to a file"):
        story_of(bare(body), "x.html")


# pages that mean harm


def is_refused_or_read(page: str, seconds: float = 8.0) -> bool:
    """Read a page that means harm; whether it gave a story. Anything but a story or our own error is a failure."""
    began = time.monotonic()
    try:
        story = story_of(page, "page")
    except DetenteError:
        return False
    finally:
        assert time.monotonic() - began < seconds
    assert story.text.strip()
    assert "<" not in story.text
    return True


def test_tags_beyond_reason_are_told() -> None:
    with pytest.raises(PageUnreadable, match="nests its tags beyond reason; save the article as plain text"):
        story_of(bare("<div>" * 20_000 + PARAGRAPHS + "</div>" * 20_000), "page")


def test_drawings_are_not_taken_for_deep() -> None:
    drawing = "<svg>" + "<path d='M0 0h9'/>" * (DEEPEST + 1) + "</svg>"
    assert STORY[0] in story_of(bare(drawing + PARAGRAPHS), "page").text


def test_tags_side_by_side_are_not_taken_for_deep() -> None:
    assert STORY[0] in story_of(bare("<b>x</b> " * (DEEPEST + 1) + PARAGRAPHS), "page").text


@pytest.mark.parametrize(
    "opening",
    ["<div></x>", "<div/>", "<tr>", "<td>", "<li>", "<p>", "<option>", "<b x='>'>", "<ul><li>", "<table><tr><td>"],
)
def test_deep_tags_in_disguise_do_no_harm(opening: str) -> None:
    is_refused_or_read(bare(opening * 20_000 + PARAGRAPHS))


@pytest.mark.parametrize(
    "body",
    [
        "<article><p>" + "<p>".join(STORY),
        PARAGRAPHS.replace("Lisbon", "Lis\0bon"),
        PARAGRAPHS.replace("Lisbon", "Lis\x0bbon \x1b[2J"),
        f"<div data-blob='{'x' * 3_000_000}'>{PARAGRAPHS}</div>",
        f"<div {'a=1 ' * 50_000}>{PARAGRAPHS}</div>",
        PARAGRAPHS + "&#xD800;&#0;&#x110000;&nothing;" * 500,
        "<![CDATA[" + PARAGRAPHS,
        "<!" * 10_000 + PARAGRAPHS,
        PARAGRAPHS + "</div>" * 50_000,
    ],
    ids=["unclosed", "nul", "control", "giant attribute", "attributes", "entities", "cdata", "bangs", "closers"],
)
def test_a_story_in_bad_shape_is_read_all_the_same(body: str) -> None:
    assert is_refused_or_read(bare(body))


@pytest.mark.parametrize(
    "page",
    [
        "<!--" + PAGE,
        PAGE.replace("Lisbon", "Lis\ud800bon"),
        bare("<script>" + PARAGRAPHS),
        bare("<textarea>" + PARAGRAPHS),
        "<html" * 500,
        "<",
        PAGE.replace("<head>", "<head><script type='application/ld+json'>" + "[" * 20_000 + "</script>"),
        PAGE.replace("<head>", '<head><script type="application/ld+json">{"@type": 5, "headline": [1]}</script>'),
        PAGE.replace("2019-05-14T08:30:00+01:00", "9999-99-99"),
    ],
    ids=["comment", "surrogate", "script", "textarea", "half tags", "one sign", "deep json", "odd json", "odd date"],
)
def test_a_broken_page_gives_a_story_or_our_own_error(page: str) -> None:
    is_refused_or_read(page)


def test_no_escape_sequence_comes_through() -> None:
    assert "\x1b" not in story_of(bare(PARAGRAPHS.replace("Lisbon", "Lis\x1b[2Jbon")), "page").text


def test_no_file_of_this_machine_comes_into_a_page() -> None:
    page = '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + bare(
        PARAGRAPHS + "<p>These are the names of all who were sent home at the time: &a;</p>"
    )
    assert "root:" not in story_of(page, "page").text


@pytest.mark.parametrize("junk", ["<a " * 12_000, "<" + "a" * 20_000], ids=["open tags", "long name"])
def test_unended_tags_are_passed_over_quickly(junk: str) -> None:
    story_of(PAGE, "page")  # loads what is to be loaded
    assert is_refused_or_read(f"<html><body>{PARAGRAPHS}{junk}", seconds=1.0)


def test_more_tags_than_any_article_has_are_refused_at_once() -> None:
    with pytest.raises(PageTooLarge, match="more than 60,000 tags"):
        story_of("<p>x</p>" * 40_000, "page")
