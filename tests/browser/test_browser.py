"""The board in a real browser: each page, both clocks, arcs, keys, narrow, dark and print."""

from hashlib import sha256
from pathlib import Path
from tomllib import loads

import pytest

from tests.browser.conftest import TOKEN

THEN = "on=2021-11-20"
PAIR = f"/board/NATO/RUS?{THEN}"
TIMELINE = f"/timeline/NATO/RUS?{THEN}"
PAGES = [
    f"/?{THEN}", "/board/NATO", PAIR, f"/line/mission-RUS-NATO?{THEN}", TIMELINE,
    "/timeline/NATO/RUS?since=2021-07&until=2022-03&on=2022-03-01", "/episodes/NATO/RUS",
    "/episode/episode-NATO-RUS-2021-10-06", "/evidence/mission-RUS-NATO", "/search?q=russia", "/search?q=zzzz",
    f"/forecast/NATO/RUS?{THEN}", f"/risk/NATO/RUS?{THEN}", "/sources", "/corrections", "/read", "/about", "/sign-in",
]  # fmt: skip


def _article(page) -> None:
    """To the bundled article."""
    page.goto("/search?q=hang+up")
    page.get_by_role("link", name="Russia and NATO hang up the phone").first.click()
    page.wait_for_selector(".block")


@pytest.mark.parametrize("address", PAGES)
def test_each_page_is_sound(server, visit, faults_of, address):
    page = visit(server, address)
    assert page.locator("h1").count() == 1 and page.locator("main").inner_text().strip()
    assert faults_of(page) == []


@pytest.mark.parametrize("address", [PAIR, TIMELINE, "/about"])
def test_dark_pages_are_dark_and_sound(server, visit, faults_of, address):
    page = visit(server, address, color_scheme="dark")
    red, green, blue = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    assert red + green + blue < 150
    assert faults_of(page) == []


@pytest.mark.parametrize("address", PAGES)
def test_a_narrow_screen_shows_everything_without_scrolling_sideways(server, visit, address):
    page = visit(server, address, viewport={"width": 360, "height": 740})
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0


def test_the_article_shows_spans_and_cards(server, visit, faults_of):
    page = visit(server, "/about")
    _article(page)
    assert page.locator(".mark.down").count() >= 3 and page.locator(".card").count() >= 8
    assert "rule" in page.locator(".card").first.inner_text()
    page.locator("sup a").first.click()
    assert page.evaluate("document.querySelector(':target').classList.contains('card')")
    assert faults_of(page) == []


def test_an_arc_leads_to_both_quotes_and_these_to_their_evidence(server, visit):
    page = visit(server, TIMELINE)
    arc = page.locator("svg.lanes a:has(.arc)").first
    name = arc.get_attribute("href")
    arc.focus()
    page.keyboard.press("Enter")
    reply = page.locator(f'[id="{name[1:]}"]')
    assert reply.evaluate("n => n === document.activeElement")
    assert reply.locator("blockquote").count() >= 2 and "later" in reply.inner_text()
    assert reply.locator(".others").evaluate("n => n.open")
    reply.locator("blockquote a").first.click()
    assert page.locator("h1").inner_text() == "Evidence" and page.locator("mark").count() >= 1


def test_an_arc_can_be_clicked(server, visit):
    page = visit(server, "/timeline/NATO/RUS?since=2021-09&until=2021-12&on=2021-12-01")
    spot = page.evaluate(
        """() => {
          const path = document.querySelector('svg.lanes .arc-hit');
          const at = path.getPointAtLength(path.getTotalLength() / 2);
          const seen = at.matrixTransform(path.getScreenCTM());
          return [seen.x, seen.y];
        }"""
    )
    page.mouse.click(*spot)
    page.wait_for_url("**#answer-**")
    assert page.locator(".reply:target blockquote").count() >= 2


def test_a_stretch_of_history_leads_to_its_evidence(server, visit):
    page = visit(server, PAIR)
    page.locator("#line-mission-RUS-NATO svg.strip a").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/evidence/**")
    assert "permanent mission" in page.locator("main").inner_text()
    assert THEN in page.url


def _state(page, line: str = "mission-RUS-NATO") -> str:
    return page.locator(f"#line-{line} .state").first.inner_text().split()[-1]


def test_both_handles_move_the_board(server, visit):
    page = visit(server, PAIR)
    assert _state(page) == "suspended"
    page.get_by_label("On", exact=True).fill("2021-10-10")
    page.wait_for_url("**on=2021-10-10**")
    page.locator("#line-mission-RUS-NATO .state.limited").wait_for()
    page.get_by_label("On", exact=True).fill("2021-11-20")
    page.locator("#line-mission-RUS-NATO .state.suspended").wait_for()
    page.get_by_label("Known", exact=True).fill("2021-10-10")
    page.locator("#line-mission-RUS-NATO .state.limited").wait_for()
    assert "known=2021-10-10" in page.url
    assert "known on 10 October 2021" in page.locator(".basis").first.inner_text()
    assert page.locator("#told").text_content() == page.locator(".sentence").text_content()
    page.go_back()
    page.locator("#line-mission-RUS-NATO .state.suspended").wait_for()


def test_a_handle_can_be_slid_by_keyboard(server, visit):
    page = visit(server, PAIR)
    slide = page.get_by_label("On which day it was so")
    slide.focus()
    for _ in range(41):
        page.keyboard.press("ArrowLeft")
    assert page.get_by_label("On", exact=True).input_value() == "2021-10-10"
    page.locator("#line-mission-RUS-NATO .state.limited").wait_for()


def test_the_clocks_work_without_a_script(server, visit):
    page = visit(server, PAIR, java_script_enabled=False)
    page.get_by_label("On", exact=True).fill("2021-10-10")
    page.get_by_role("button", name="Show").click()
    assert "on=2021-10-10" in page.url and _state(page) == "limited"


def test_everything_can_be_done_by_keyboard(server, visit):
    page = visit(server, "/about")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('skip')")
    page.keyboard.press("/")
    page.keyboard.type("nato")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=nato**")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    assert page.locator(".at").count() == 1
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/board/NATO**")
    page.keyboard.press("?")
    assert page.locator("dialog").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("dialog").is_visible()
    page.keyboard.press("b")
    page.wait_for_url("**/board**")


def test_lines_are_taken_away_from_a_risk(server, visit):
    page = visit(server, f"/risk/NATO/RUS?{THEN}")
    before = page.locator(".sentence").inner_text()
    box = page.get_by_label("Chiefs of staff between NATO and Russia, as if lost")
    box.focus()
    page.keyboard.press("Space")
    page.wait_for_url("**without=**")
    page.locator(".sentence", has_text="without").wait_for()
    assert page.locator(".sentence").inner_text() != before
    box = page.get_by_label("Chiefs of staff between NATO and Russia, as if lost")
    assert box.is_checked() and box.evaluate("n => n === document.activeElement")


def test_a_forecast_leads_to_its_reasons(server, visit):
    page = visit(server, "/forecast/NATO/RUS?on=2021-10-10")
    page.locator(".why summary").first.click()
    page.locator(".why[open] .drivers a").first.click()
    page.wait_for_url("**/evidence/**")
    assert page.locator("mark").count() >= 1


def test_what_is_focused_can_be_seen(server, visit):
    page = visit(server, PAIR)
    for _ in range(12):
        page.keyboard.press("Tab")
        width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert width >= 2, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_no_motion_where_none_is_wanted(server, visit):
    page = visit(server, PAIR, reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.querySelector('main a')).transitionDuration") == "0s"


@pytest.mark.parametrize("address", [PAIR, TIMELINE, "/episode/episode-NATO-RUS-2021-10-06"])
def test_pages_print(server, visit, tmp_path, address):
    page = visit(server, address, color_scheme="dark")
    made = page.pdf(path=tmp_path / "page.pdf", format="A4")
    assert made.startswith(b"%PDF") and len(made) > 10_000
    page.emulate_media(media="print")
    assert not page.locator("header.top").is_visible() and not page.locator(".clocks").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_text_from_right_to_left_stands_so(server, visit):
    page = visit(server, "/read")
    page.get_by_label("or text").fill("MADRID - Spain expelled four Libyan diplomats on Monday. " * 3)
    page.get_by_label("Title").fill("إسبانيا تطرد دبلوماسيين")
    page.get_by_role("button", name="Read", exact=True).click()
    page.wait_for_selector("#result")
    assert page.locator("#result").evaluate("n => getComputedStyle(n).direction") == "rtl"
    assert page.locator(".block .text").first.evaluate("n => getComputedStyle(n).direction") == "ltr"


def _sign_in(page) -> None:
    page.goto("/sign-in")
    page.get_by_label("Token").fill(TOKEN)
    page.keyboard.press("Enter")
    page.wait_for_selector(".sign button")


def test_accept_correct_and_reject_by_keyboard(writable, visit):
    page = visit(writable, "/sign-in")
    _sign_in(page)
    _article(page)
    address = page.url
    first = page.locator(".card:has(.judge)").first.get_attribute("id")

    def to_card():
        page.goto(address)
        for _ in range(40):
            page.keyboard.press("j")
            if page.locator(f"#{first}.at").count():
                return
        raise AssertionError("no key leads to the card")

    to_card()
    with page.expect_navigation():
        page.keyboard.press("a")
    to_card()
    page.keyboard.press("c")
    assert page.evaluate("document.activeElement.name") == "field"
    page.locator(f"#{first} [name=field]").first.select_option("date")
    page.locator(f"#{first} [name=value]").first.fill("2021-10-07")
    page.locator(f"#{first} [name=reason]").first.fill("the communiqué has this day")
    with page.expect_navigation():
        page.locator(f"#{first} button[value=correct]").first.press("Enter")
    to_card()
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.name") == "reason"
    page.keyboard.type("not so")
    with page.expect_navigation():
        page.locator(f"#{first} button[value=reject]").first.press("Enter")
    told = page.request.get(f"{writable.address}/corrections.json").json()["view"]["waiting"]
    assert [row["sort"] for row in told] == ["rejection", "correction", "correction"]
    assert {row["who"] for row in told} == {"Ana"}


def test_a_page_is_read_and_recorded_only_when_asked(writable, visit, faults_of):
    page = visit(writable, "/sign-in")
    _sign_in(page)
    page.goto("/read")
    page.get_by_label("or text").fill("MADRID - Spain expelled four Libyan diplomats on Monday. " * 3)
    page.get_by_label("Published").fill("2021-10-19")
    page.get_by_role("button", name="Read", exact=True).click()
    page.wait_for_selector("#result")
    assert faults_of(page) == []
    assert not page.request.get(f"{writable.address}/board/ESP/LBY.json?on=2021-10-20").json()["rows"]
    page.get_by_role("button", name="Record it").click()
    page.wait_for_url("**/article/**")
    assert page.request.get(f"{writable.address}/board/ESP/LBY.json?on=2021-10-20").json()["rows"]


def test_a_report_opens_from_a_disk(ledger, chromium, faults_of, tmp_path):
    from click.testing import CliRunner

    from detente.cli import app

    out = tmp_path / "report.html"
    given = ["report", "NATO", "RUS", "--on", "2021-11-20", "--out", str(out), "--ledger", str(ledger)]
    assert CliRunner().invoke(app, given).exit_code == 0
    context = chromium.new_context(viewport={"width": 1100, "height": 900})
    page = context.new_page()
    faults, asked = [], []
    page.on("console", lambda m: faults.append(m.text))
    page.on("request", lambda r: asked.append(r.url))
    page.goto(out.as_uri())
    assert faults == [] and asked == [out.as_uri()]
    assert faults_of(page) == []
    page.locator("svg.lanes a:has(.arc)").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".reply:target blockquote").count() >= 2
    assert len(page.pdf(format="A4")) > 20_000
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    context.close()


def test_axe_is_what_it_says():
    folder = Path(__file__).parent / "vendored"
    for one in loads((folder / "vendored.toml").read_text("utf-8"))["file"]:
        assert sha256((folder / one["name"]).read_bytes()).hexdigest() == one["sha256"]
        assert (folder / one["licence_file"]).is_file()
