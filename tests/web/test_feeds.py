"""Feeds and badges: well-formed, the same entries in both forms, leading to evidence; a badge shows a state."""

import xml.etree.ElementTree as ET

import pytest
from fastapi.testclient import TestClient

from detente.views.looks import LOOKS
from detente.web.badges import COLOURS

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ("board/RUS", "board/NATO/RUS", "line/mission-RUS-NATO")


@pytest.mark.parametrize("what", FEEDS)
def test_both_forms_have_the_same_entries(client: TestClient, what: str) -> None:
    atom, json = (client.get(f"/feeds/{what}.{form}") for form in ("atom", "json"))
    assert atom.headers["content-type"].startswith("application/atom+xml")
    assert json.headers["content-type"].startswith("application/feed+json")
    root, items = ET.fromstring(atom.content), json.json()["items"]
    entries = root.findall(f"{ATOM}entry")
    assert 3 <= len(items) == len(entries) <= 50
    assert [e.findtext(f"{ATOM}id") for e in entries] == [item["id"] for item in items]
    assert [e.findtext(f"{ATOM}title") for e in entries] == [item["title"] for item in items]
    for element in (root, *entries):  # what RFC 4287 asks for
        assert all(element.findtext(ATOM + name) for name in ("id", "title", "updated"))
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    assert len({item["id"] for item in items}) == len(items)
    days = [item["date_published"] for item in items]
    assert days == sorted(days, reverse=True)


def test_an_entry_leads_to_its_evidence(client: TestClient) -> None:
    items = client.get("/feeds/board/NATO/RUS.json").json()["items"]
    for item in items:
        page, name = item["url"].removeprefix("http://localhost/").split("/")
        assert client.get(f"/api/v1/{'lines' if page == 'line' else page}/{name}").status_code == 200
        assert item.get("external_url", "https://").startswith(("http://", "https://"))


def test_a_feed_has_a_tag_and_an_end(client: TestClient) -> None:
    first = client.get("/feeds/board/RUS.atom")
    assert client.get("/feeds/board/RUS.atom", headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert client.get("/feeds/line/none-at-all.atom").status_code == 404
    assert client.get("/feeds/board/Atlantis.atom").headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("on", ["2021-10-10", "2021-11-02"])
def test_a_badge_shows_the_state_on_the_board(client: TestClient, on: str) -> None:
    for row in client.get(f"/api/v1/board?a=NATO&b=RUS&on={on}").json()["rows"]:
        answer = client.get(f"/badges/line/{row['line']}.svg?on={on}")
        assert answer.headers["content-type"] == "image/svg+xml"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        drawn = ET.fromstring(answer.content)
        texts = [node.text for node in drawn.iter("{http://www.w3.org/2000/svg}text")]
        assert texts[1] == f"{LOOKS[row['state']].shape} {row['state']}"
        assert row["title"].casefold()[:40] in (texts[0] or "").casefold()


def test_white_stands_out_on_every_colour() -> None:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    assert set(COLOURS) == set(LOOKS)
    for colour in COLOURS.values():
        assert 1.05 / (light(colour) + 0.05) >= 4.5
