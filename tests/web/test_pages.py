"""The pages: each shown in all its forms, escaped, with its clocks; what a person says is a new report."""

import json
import re
from dataclasses import fields, is_dataclass
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from tomllib import loads

import pytest
from fastapi.testclient import TestClient

from detente.ledger import Ledger
from detente.views import record
from detente.web.rendering import style
from tests.web.conftest import ANALYST, EDITOR

PAGES = [
    "/", "/board", "/board/NATO", "/board/NATO/RUS", "/line/mission-RUS-NATO", "/timeline/NATO/RUS", "/episodes/RUS",
    "/episodes/NATO/RUS", "/episode/episode-NATO-RUS-2021-10-06", "/article/c74e2c9fbaebd184",
    "/evidence/line/mission-RUS-NATO", "/search?q=russia", "/sources", "/corrections", "/about",
]  # fmt: skip
PAGES[10] = "/evidence/mission-RUS-NATO"


class _Seen(HTMLParser):
    """What a page holds: tags, attributes, text, scripts within the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def _page(client: TestClient, address: str) -> _Seen:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return _Seen(answer.text)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_whole_and_runs_nothing_of_its_own(client, address):
    seen = _page(client, address)
    names = [tag for tag, _ in seen.tags]
    assert names.count("h1") == 1 and names.count("main") == 1 and "style" not in names
    for tag, given in seen.tags:
        assert not any(name.startswith("on") or name == "style" for name in given), (tag, given)
        assert tag != "script" or given["src"].startswith("/static/")
        for key in ("src", "href", "action"):
            if tag not in ("a",) and given.get(key):
                assert given[key].startswith(("/", "#")), (tag, given)
    ids = [given["id"] for _, given in seen.tags if "id" in given]
    assert len(ids) == len(set(ids)), {name for name in ids if ids.count(name) > 1}


@pytest.mark.parametrize("address", [page for page in PAGES if page != "/"])
def test_the_same_address_has_json_and_csv(client, address):
    path, _, query = address.partition("?")
    query = f"?{query}" if query else ""
    told = client.get(f"{path}.json{query}")
    assert told.status_code == 200 and "view" in told.json() and isinstance(told.json()["rows"], list)
    table = client.get(f"{path}.csv{query}")
    assert table.status_code == 200 and table.headers["content-type"].startswith("text/csv")
    seen = _page(client, address)
    links = {given.get("href") for tag, given in seen.tags if tag == "a"}
    assert {f"{path}.json{query}", f"{path}.csv{query}"} <= links


def test_a_page_and_its_json_say_the_same(client):
    seen = _page(client, "/board/NATO/RUS?on=2021-11-20")
    view = client.get("/board/NATO/RUS.json?on=2021-11-20").json()["view"]
    assert view["sentence"] in seen.text and view["basis"] in seen.text
    for group in view["groups"]:
        for entry in group["entries"]:
            assert entry["title"] in seen.text


def test_both_clocks_change_the_board_and_stand_in_its_links(client):
    def states(query):
        rows = client.get(f"/board/NATO/RUS.json?{query}").json()["rows"]
        return {row["line"]: row["state"] for row in rows}

    assert states("on=2021-10-10")["mission-RUS-NATO"] == "limited"
    assert states("on=2021-11-20")["mission-RUS-NATO"] == "suspended"
    assert states("on=2021-11-20&known=2021-10-10")["mission-RUS-NATO"] == "limited"
    seen = _page(client, "/board/NATO/RUS?on=2021-11-20&known=2021-10-10")
    lines = [given["href"] for tag, given in seen.tags if tag == "a" and given.get("href", "").startswith("/line/")]
    assert lines and all("on=2021-11-20" in href and "known=2021-10-10" in href for href in lines)


def test_a_month_stands_for_its_last_day(client):
    assert client.get("/board/NATO/RUS.json?on=2021-10").json()["on"] == "2021-10-31"


def test_the_worst_stands_first_and_whom_to_call_is_told(client):
    seen = _page(client, "/board/NATO/RUS?on=2021-11-20")
    ranks = {"closed": 0, "suspended": 1, "limited": 2, "unknown": 3, "open": 4}
    worst = [
        given["class"].split()[1] for tag, given in seen.tags if tag == "li" and "entry " in given.get("class", "")
    ]
    assert worst == sorted(worst, key=ranks.__getitem__) and len(set(worst)) > 2
    assert "Whom to call" in seen.text and "does not mean" in seen.text


def test_swapped_parties_give_the_same_board(client):
    one, other = (client.get(f"/board/{pair}.json?on=2021-11-20").json()["view"] for pair in ("NATO/RUS", "RUS/NATO"))
    assert one == other


def test_each_arc_leads_to_its_pair_of_quotes(client):
    seen = _page(client, "/timeline/NATO/RUS")
    arcs = [given["href"] for tag, given in seen.tags if tag == "a" and given.get("href", "").startswith("#answer-")]
    ids = {given["id"] for _, given in seen.tags if "id" in given}
    assert arcs and all(href[1:] in ids for href in arcs)
    view = client.get("/timeline/NATO/RUS.json").json()["view"]
    assert view["replies"] and all(r["action"]["said"] and r["reaction"]["said"] for r in view["replies"])
    assert all(0 < r["certainty"] <= 1 for r in view["replies"])


def test_a_timeline_can_be_cut_to_some_days(client):
    view = client.get("/timeline/NATO/RUS.json?since=2021&until=2021-10-10").json()["view"]
    assert view["first"] == "2021-01-01" and view["last"] == "2021-10-10"
    assert view["acts"] and all("2021-01-01" <= act["day"] <= "2021-10-10" for act in view["acts"])
    assert client.get("/timeline/NATO/RUS?since=2021&until=2020").status_code == 400


def test_an_episode_tells_its_steps_and_its_end(client):
    view = client.get("/episode/episode-NATO-RUS-2021-10-06.json").json()["view"]
    assert view["ended"] == "not restored" and {"cut"} <= {update["sort"] for update in view["updates"]}
    assert client.get("/episode/episode-NATO-RUS-1900-01-01").status_code == 404
    assert client.get("/episode/nonsense").status_code == 404


@pytest.mark.parametrize("address", ["/board/NATO/NATO", "/board/Atlantis", "/board?on=yesterday", "/line/none",
                                     "/evidence/none", "/article/none", "/board/NATO/RUS?on=2021-02-31"])  # fmt: skip
def test_what_is_not_there_is_told_as_a_page(client, address):
    answer = client.get(address, headers={"accept": "text/html"})
    assert answer.status_code in (400, 404, 422) and "<h1>" in answer.text and "Traceback" not in answer.text


def test_an_empty_ledger_offers_the_demonstration(tmp_path):
    from detente.web.app import create_app
    from detente.web.settings import Settings

    with Ledger(tmp_path / "empty.db"):
        pass
    with TestClient(create_app(Settings(ledger=str(tmp_path / "empty.db"))), base_url="http://localhost") as client:
        pair = [f"/{kind}/NATO/RUS" for kind in ("board", "timeline", "episodes", "forecast", "risk")]
        for address in ("/", *pair, "/episodes/RUS", "/search?q=x1", "/corrections", "/sources"):
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert "detente serve --demo" in answer.text or "forecast" in address


ATTACKS = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<svg/onload=alert(1)>", "{{ 7*7 }}",
    "{% include 'x' %}", "javascript:alert(1)", "\u202egnp.exe", "' OR 1=1 --", "../../etc/passwd",
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_searched_for_is_text(client, attack):
    answer = client.get("/search", params={"q": attack})
    assert answer.status_code in (200, 400)
    seen = _Seen(answer.text)
    assert [given for tag, given in seen.tags if tag == "script"] == [
        {"src": "/static/htmx.min.js", "defer": None}, {"src": "/static/app.js", "defer": None}
    ]  # fmt: skip
    assert not any("onerror" in given or "onload" in given for _, given in seen.tags)
    assert "49" not in re.sub(r"\s+", " ", seen.text) and "\u202e" not in seen.text


@pytest.mark.slow
def test_an_article_with_markup_is_shown_as_text(writer):
    told = "<script>alert(1)</script> & <img src=x onerror=alert(2)>"
    text = f"MADRID - Spain expelled four Libyan diplomats on Monday. {told} The embassy said nothing. " * 3
    seen = _Seen(writer.post("/read", data={"text": text, "title": told, "published": "2021-10-19"}).text)
    assert "<script>alert(1)</script>" in seen.text
    assert not any("onerror" in given for _, given in seen.tags)


def _signed_in(writer: TestClient, token: str) -> dict[str, str]:
    """Signs in; what a form of a page must carry."""
    assert writer.post("/sign-in", data={"token": token}, follow_redirects=False).status_code == 303
    page = writer.get("/corrections").text
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert found, page
    return {"csrf": found[1]}


def _report(writer: TestClient, line: str) -> str:
    rows = writer.get(f"/evidence/{line}.json").json()["rows"]
    return next(row["report"] for row in rows if row["kind"] == "line")


def test_who_is_not_signed_in_changes_nothing(writer):
    report = _report(writer, "mission-RUS-NATO")
    before = writer.get("/evidence/mission-RUS-NATO.json").json()["rows"]
    answer = writer.post("/say", data={"act": "reject", "name": report, "reason": "x"}, follow_redirects=False)
    assert answer.status_code == 401
    assert writer.post("/record", data={"text": "x"}).status_code == 401
    assert writer.get("/evidence/mission-RUS-NATO.json").json()["rows"] == before


def test_a_form_of_another_site_changes_nothing(writer):
    _signed_in(writer, ANALYST)
    report = _report(writer, "mission-RUS-NATO")
    answer = writer.post("/say", data={"act": "reject", "name": report, "reason": "x", "csrf": "0" * 64})
    assert answer.status_code == 403


@pytest.mark.parametrize(("act", "more"), [
    ("accept", {}), ("correct", {"field": "count", "value": "27"}), ("reject", {}), ("dispute", {}),
])  # fmt: skip
def test_what_a_person_says_is_a_new_report_under_their_name(writer, act, more):
    form = _signed_in(writer, ANALYST)
    report = _report(writer, "staff-RUS-NATO")
    data = {"act": act, "name": report, "reason": "seen otherwise", "back": "/corrections", **form, **more}
    answer = writer.post("/say", data=data, follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"] == "/corrections", answer.text
    rows = writer.get(f"/evidence/{report}.json").json()["rows"]
    own = [row for row in rows if row["target"] == report]
    assert [(row["who"], row["role"], row["reason"]) for row in own] == [("Ana", "analyst", "seen otherwise")]
    assert any(row["report"] == report for row in rows)  # what was reported stays
    if more:
        assert own[0]["fields"]["count"] == 27
    waiting = writer.get("/corrections.json").json()["view"]["waiting"]
    assert [row["who"] for row in waiting] == ["Ana"]


def test_no_one_is_sent_to_another_site(writer):
    form = _signed_in(writer, EDITOR)
    report = _report(writer, "mission-RUS-NATO")
    for back in ("//evil.example/", "https://evil.example/", "/\\evil.example"):
        data = {"act": "accept", "name": report, "back": back, "reason": back, **form}
        answer = writer.post("/say", data=data, follow_redirects=False)
        assert answer.status_code == 303 and answer.headers["location"] == "/"


@pytest.mark.slow
def test_what_was_pasted_is_recorded_only_when_asked(writer, copied):
    text = "MADRID - Spain expelled four Libyan diplomats on Monday. " * 3
    paste = {"text": text, "published": "2021-10-19", "title": "Expelled"}
    seen = _Seen(writer.post("/read", data=paste).text)
    assert "Expelled" in seen.text and "Spain" in seen.text
    assert not writer.get("/board/ESP/LBY.json?on=2021-10-20").json()["rows"]
    form = _signed_in(writer, ANALYST)
    answer = writer.post("/record", data=paste | form, follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"].startswith("/article/")
    assert "Expelled" in writer.get(answer.headers["location"]).text
    assert writer.get("/board/ESP/LBY.json?on=2021-10-20").json()["rows"]


def test_only_quotes_are_shown_where_only_they_may_be(demonstration):
    from detente.web.app import create_app
    from detente.web.settings import Settings

    settings = Settings(ledger=str(demonstration), quotes_only=True)
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        page = client.get("/article/c74e2c9fbaebd184").text
    with Ledger(demonstration, readonly=True) as ledger, ledger.asked() as connection:
        from detente.ledger.articles import article

        text = article(connection, "c74e2c9fbaebd184")["text"]
    assert text not in page and "This server shows quotes" in page


def test_what_others_wrote_is_what_it_says():
    folder = files("detente.web").joinpath("static")
    listed = loads(folder.joinpath("vendored.toml").read_text("utf-8"))["file"]
    for one in listed:
        assert sha256(folder.joinpath(one["name"]).read_bytes()).hexdigest() == one["sha256"]
        assert folder.joinpath(one["licence_file"]).is_file()
    own = {"app.js", "site.css", "icon.svg", "vendored.toml"}
    assert {p.name for p in folder.iterdir()} == own | {f[k] for f in listed for k in ("name", "licence_file")}


def test_the_sheet_asks_for_nothing_and_knows_print_dark_and_motion():
    assert "url(" not in style() and "@import" not in style()
    for wanted in ("@media print", "prefers-color-scheme: dark", "prefers-reduced-motion", "max-width: 48rem"):
        assert wanted in style()


def _light(hexed: str) -> float:
    parts = [int(hexed[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1])
def test_colours_keep_their_contrast(scheme):
    blocks = re.findall(r":root, svg\.drawing \{(.*?)\}", style(), re.S)
    colour = {
        k: v + v[1:] if len(v) == 4 else v for k, v in re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", blocks[scheme])
    }
    for word in ("closed", "suspended", "limited", "open", "unknown"):
        for ground in (f"{word}-pale", "paper", "card"):
            assert _contrast(colour[word], colour[ground]) >= 4.5, (word, ground)
    for word in ("ink", "soft", "link"):
        for ground in ("paper", "card"):
            assert _contrast(colour[word], colour[ground]) >= 4.5, (word, ground)


@pytest.mark.parametrize("of", ["", "/NATO", "/NATO/RUS"])
def test_a_board_is_had_as_one_file(client, of):
    answer = client.get(f"/report{of}?on=2021-11-20")
    assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
    assert "<script" not in answer.text and "Content-Security-Policy" in answer.text
    page = _page(client, f"/board{of}?on=2021-11-20")
    assert f"/report{of}?on=2021-11-20" in [given.get("href") for tag, given in page.tags if tag == "a"]


def test_json_is_json(client):
    assert json.loads(client.get("/board.json").text)["view"]["counts"]


AHEAD = "/forecast/NATO/RUS?on=2021-10-10"


def test_a_forecast_page_has_words_numbers_reasons_and_what_is_not_known(client):
    seen = _page(client, AHEAD)
    told = client.get("/forecast/NATO/RUS.json?on=2021-10-10").json()
    assert told["view"]["sentence"] in seen.text and "What is not known" in seen.text and "base rate" in seen.text
    assert {row["asks"] for row in told["rows"]} == {"type", "line", "answer"}
    evidence = [given["href"] for tag, given in seen.tags if tag == "a" and "/evidence/" in given.get("href", "")]
    assert evidence and all(client.get(href).status_code == 200 for href in evidence[:5])
    assert "No forecast about them has been stored" in seen.text


def test_a_forecast_knows_nothing_later_than_its_day(client):
    plain, knowing = (client.get(f"/forecast/NATO/RUS.json?on=2021-10-10{more}").json()["rows"]
                      for more in ("", "&known=2023-01-01"))  # fmt: skip
    assert plain == knowing
    assert client.get("/forecast/NATO/RUS?on=2999-01-01").status_code == 422


def test_a_get_stores_no_forecast_and_a_post_needs_a_writer(writer, copied):
    from detente.forecasting.track import stored

    def kept():
        with Ledger(copied) as ledger, ledger.asked() as connection:
            return len(stored(connection, "NATO", "RUS"))

    assert writer.get("/forecast/NATO/RUS").status_code == 200 and kept() == 0
    assert writer.post("/forecast/NATO/RUS", data={"horizon": 30}).status_code == 401 and kept() == 0
    form = _signed_in(writer, ANALYST)
    answer = writer.post("/forecast/NATO/RUS", data={"horizon": 30} | form, follow_redirects=False)
    assert answer.status_code == 303 and kept() == 1
    assert "1 forecast is stored" in writer.get("/forecast/NATO/RUS").text


def test_a_risk_page_says_association_and_what_is_not_known(client):
    address = "/risk/NATO/RUS?on=2021-11-20"
    seen = _page(client, address)
    assert "never cause" in seen.text and "no data exist" in seen.text and "95 %" in seen.text
    lost = client.get("/risk/NATO/RUS.json?on=2021-11-20&without=mission-RUS-NATO").json()["view"]
    assert lost["sentence"] != client.get("/risk/NATO/RUS.json?on=2021-11-20").json()["view"]["sentence"]
    assert client.get("/risk/NATO/RUS?without=no-such-line").status_code in (400, 404)


def test_swapped_parties_give_the_same_forecast_swapped(client):
    one, other = (client.get(f"/forecast/{p}.json?on=2021-10-10").json() for p in ("NATO/RUS", "RUS/NATO"))

    def chances(told):
        return {(r["source"], r["target"], r["what"], r["way"]): r["probability"] for r in told["rows"]}

    assert chances(one) == chances(other)


@pytest.fixture
def hostile(tmp_path):
    """A ledger of articles that were made to break pages: markup everywhere, days at the ends of the calendar."""
    from tests.ledger.made import change, event, told

    bad = "<script>alert(1)</script>\"' onload=x {{ 7*7 }} \u202egnp"
    with Ledger(tmp_path / "hostile.db") as ledger:
        ledger.record([
            told(change("close", "0001-01-15", name=bad, quote=bad + " a"),
                 event("SANCTION", "0001-01-15", quote=bad + " b"), published="2016-05-12", publisher=bad, title=bad,
                 address="javascript:alert(1)"),
            told(change("suspend", "9999-12-31", status="planned", seat=bad), event("THREATEN", "9999-12-31"),
                 published="2016-05-13", title=bad),
            told(event("SANCTION", "2016-01-01"), event("REJECT", "2016-01-02"), answers=((1, 2),),
                 published="2016-05-14", publisher=bad),
            told(change("limit", "2016-02", count=3, quote=bad),
                 change("limit", "2016-02", count=30, cap=2, certainty=0.2)),
        ])  # fmt: skip
    return tmp_path / "hostile.db"


@pytest.mark.slow
def test_hostile_articles_break_no_page_and_run_nothing(hostile):
    from detente.web.app import create_app
    from detente.web.settings import Settings

    with Ledger(hostile) as ledger, ledger.asked() as connection:
        from detente.ledger import asking
        from detente.ledger.articles import articles_of

        lines = [row["line"] for row in asking.board(connection, on=date(2016, 6, 1))]
        names = [row["id"] for row in articles_of(connection)]
        acts = [row["id"] for row in asking.events_of(connection)]
    pair = [f"/{kind}/NOR/PER" for kind in ("board", "timeline", "episodes", "forecast", "risk", "report")]
    own = [f"/line/{name}" for name in lines] + [f"/article/{name}" for name in names]
    pages = ["/", *pair, *own, *(f"/evidence/{name}" for name in [*lines, *acts, *names]), "/sources", "/corrections"]
    with TestClient(create_app(Settings(ledger=str(hostile))), base_url="http://localhost") as client:
        episodes = [row["id"] for row in client.get("/episodes/NOR/PER.json").json()["rows"]]
        for address in [*pages, *(f"/episode/{name}" for name in episodes), "/search?q=script"]:
            for query in ("", "on=2016-06-01", "on=9999-12-31", "on=1000-01-01"):
                answer = client.get(f"{address}{'&' if '?' in address else '?'}{query}")
                assert answer.status_code in (200, 404, 422), (address, query, answer.text)
                seen = _Seen(answer.text)
                for tag, given in seen.tags:
                    assert tag != "script" or given.get("src", "").startswith("/static/"), address
                    assert not any(name.startswith("on") for name in given), (address, tag, given)
                    assert not (given.get("href") or "").startswith("javascript"), address
                assert "\u202e" not in answer.text, address


def _count(writer: TestClient) -> int | None:
    rows = writer.get("/board/NATO/RUS.json?on=2015-06-01").json()["rows"]
    return next(row["cap"] for row in rows if row["line"] == "staff-RUS-NATO")


@pytest.mark.parametrize(("act", "caps"), [("accept", 27), ("refuse", 30)])
def test_an_editor_takes_up_or_refuses_what_an_analyst_said(writer, act, caps):
    assert _count(writer) == 30
    rows = writer.get("/evidence/staff-RUS-NATO.json").json()["rows"]
    report = next(row["report"] for row in rows if row["fields"].get("cap") == 30)
    said = {"act": "correct", "name": report, "field": "cap", "value": "27", "reason": "the ministry's list"}
    writer.post("/say", data=said | _signed_in(writer, ANALYST))
    (waiting,) = writer.get("/corrections.json").json()["view"]["waiting"]
    assert "Take up" not in writer.get("/corrections").text  # an analyst does not
    writer.cookies.clear()
    form = _signed_in(writer, EDITOR)
    assert "Take up" in writer.get("/corrections").text
    name = waiting["report"] if act == "accept" else waiting["target"]
    writer.post("/say", data={"act": "accept", "name": name, "reason": "on review"} | form)
    assert writer.get("/corrections.json").json()["view"]["waiting"] == []
    assert _count(writer) == caps


@pytest.mark.slow
def test_a_change_to_a_line_can_be_judged_beside_its_event(writer):
    text = "MADRID - Spain expelled four Libyan diplomats on Monday. " * 3
    form = _signed_in(writer, ANALYST)
    answer = writer.post("/record", data={"text": text, "published": "2021-10-19"} | form, follow_redirects=False)
    page = writer.get(answer.headers["location"]).text
    assert page.count('action="/say"') >= 2 and "<option>count</option>" in page and "<option>type</option>" in page


def test_the_rows_of_a_board_are_all_of_them(client):
    count = client.get("/api/v1/board?limit=1").json()["count"]
    told = client.get("/board.json").json()
    assert len(told["rows"]) == count == len(client.get("/board.csv").text.splitlines()) - 1
    assert sum(len(group["entries"]) for group in told["view"]["groups"]) < count  # a page tells of some pairs


@pytest.mark.parametrize("address", [*PAGES, "/forecast/NATO/RUS?on=2021-10-10", "/risk/NATO/RUS?on=2021-11-20"])
def test_what_a_page_is_given_is_a_record_and_its_json_is_that_record(client, address, monkeypatch):
    from detente.web import showing

    given = []
    real = showing.render
    monkeypatch.setattr(
        showing, "render", lambda request, name, **values: given.append(values) or real(request, name, **values)
    )
    # An address of its own, for answers are kept for a moment.
    assert client.get(f"{address}{'&' if '?' in address else '?'}own=1").status_code == 200
    (values,) = given
    views = values["view"] if isinstance(values["view"], list) else [values["view"]]
    assert views and all(is_dataclass(view) and view.__dataclass_params__.frozen for view in views)
    path, _, query = ("/board" if address == "/" else address).partition("?")
    told = client.get(f"{path}.json?{query}").json()["view"]
    names = {field.name for field in fields(views[0])}
    assert set(told[0] if isinstance(told, list) else told) == names


@pytest.mark.slow
def test_no_link_of_a_page_is_broken(client):
    found: dict[str, list[str]] = {}
    for address in [*PAGES, "/forecast/NATO/RUS?on=2021-10-10"]:
        for _, given in _page(client, address).tags:
            href = (given.get("href") or given.get("src") or "").partition("#")[0]
            own = found.setdefault(href.split("/")[1] if href.startswith("/") else "", [])
            if href.startswith("/") and href not in own and len(own) < 6:
                own.append(href)
    assert {"line", "evidence", "article", "board", "feeds", "badges", "report", "static"} <= set(found)
    for href in (href for own in found.values() for href in own):
        assert client.get(href).status_code == 200, href


def test_the_board_can_be_grouped_by_kind(client):
    page = client.get("/board/RUS?by=kind").text
    assert "<h2>Consulates</h2>" in page and "group by pair" in page
    assert "Poland and Russia</h2>" not in page
    assert client.get("/board/RUS?by=colour").status_code in (400, 422)


def test_of_a_kind_with_many_lines_the_worst_are_told_and_the_others_counted():
    beside = {key: [] for key in ("planned", "proposed", "refused", "denied", "candidates", "disputed")}

    def row(n):
        return {"line": f"hotline-A{n:03}-B{n:03}", "kind": "hotline", "owner": f"A{n:03}", "counterpart": f"B{n:03}",
                "name": None, "seat": None, "part_of": None, "state": "closed" if n < 3 else "open", "since": None,
                "by": [], "cause": None, "count": None, "cap": None, "observed": "unknown", "last_used": None,
                "sources": 1, "evidence": [], "conflicts": [], "fell_with": None, "legal": "unknown",
                **beside}  # fmt: skip

    rows = [row(n) for n in range(record.MOST_OF_KIND + 5)]
    [group] = record.board(rows, [], {}, on=date(2020, 1, 1), by="kind").groups
    assert (len(group.entries), group.more, group.worst.word) == (record.MOST_OF_KIND, 5, "closed")
    assert group.counts == "3 closed and 42 open" and not group.healthy
