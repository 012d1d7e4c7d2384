"""REST: each answer has the shape that its document says, leads on, and is as of when it was asked."""

import re
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
from fastapi.testclient import TestClient

from detente.commands.serve import serve
from detente.ledger import Ledger
from detente.web.agents import server_of

LISTS = (
    "board", "board?a=NATO&b=RUS&on=2021-11-02", "board?a=Russia&known=2018", "lines?a=RUS", "timeline?a=NATO&b=RUS",
    "events?a=RUS&since=2018&until=2021", "changes?a=RUS&b=USA", "answers?a=RUS&b=POL", "claims",
    "episodes?a=RUS&b=POL", "whom-to-call?a=NATO&b=RUS&on=2014-01-01", "moves?since=2018-01-01", "articles",
    "dyads?a=RUS&freq=year", "sources", "review", "review/doubtful", "board?a=NATO&b=RUS&recorded=2100-01-01",
)  # fmt: skip


def held(client: TestClient, path: str, answer: Any) -> None:
    """See that an answer has the shape that the OpenAPI document gives its endpoint."""
    document = client.get("/openapi.json").json()
    told = document["paths"]["/api/v1/" + path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.validate(answer, told | {"components": document["components"]})


@pytest.mark.parametrize("path", LISTS)
def test_every_list_has_its_shape(client: TestClient, path: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    if "review" not in path and path != "claims":
        assert body["rows"]
    held(client, path.partition("?")[0], body)


def test_every_id_leads_on(client: TestClient) -> None:
    board = client.get("/api/v1/board?a=NATO&b=RUS&on=2021-11-02").json()["rows"]
    for row in board:
        line = client.get(f"/api/v1/lines/{row['line']}").json()
        held(client, "lines/{line}", line)
        assert line["title"] == row["title"]
        for change in row["evidence"]:
            rows = client.get(f"/api/v1/evidence/{change}").json()
            held(client, "evidence/{name}", rows)
            article = client.get(f"/api/v1/articles/{rows['rows'][0]['article']}").json()
            held(client, "articles/{name}", article)
            reading = client.get(f"/api/v1/readings/{article['readings'][0]['id']}").json()
            held(client, "readings/{name}", reading)
            assert rows["rows"][0]["report"] in {item["report"] for item in reading["items"]}


def test_a_board_is_as_of_when_it_was_asked(client: TestClient) -> None:
    def states(when: str) -> dict[str, str]:
        rows = client.get(f"/api/v1/board?a=NATO&b=RUS&{when}").json()["rows"]
        return {row["line"]: row["state"] for row in rows}

    assert states("on=2021-10-10") != states("on=2021-11-02")
    assert states("on=2021-11-02&known=2021-10-10") != states("on=2021-11-02")
    assert states("on=2021-11-02&recorded=1999-01-01") == {}


def test_a_list_is_had_part_by_part(client: TestClient) -> None:
    whole = client.get("/api/v1/changes?a=RUS&limit=1000").json()
    assert whole["next"] is None and whole["count"] == len(whole["rows"]) > 30
    found, where = [], "/api/v1/changes?a=RUS&limit=10"
    while where:
        answer = client.get(where)
        found += answer.json()["rows"]
        where = answer.links["next"]["url"] if "next" in answer.links else ""
    assert found == whole["rows"]


def test_an_unchanged_answer_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/api/v1/board?a=NATO")
    again = client.get("/api/v1/board?a=NATO", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = client.get("/api/v1/board?a=RUS", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("board?a=Atlantis", 400, "no party"),
        ("board?a=RUS&b=Russia", 400, "one party"),
        ("board?b=RUS", 400, "without a"),
        ("board?on=2021-02-30", 400, "2021-10"),
        ("board?on=yesterday", 422, "2021-10"),
        ("board?recorded=2021-10-18T99:00", 422, "2021-10"),
        ("board?limit=0", 422, "greater"),
        ("board?cursor=nonsense", 400, "cursor"),
        ("lines/embassy-XXX-YYY", 404, "no line"),
        ("evidence/ev-0", 404, "nothing"),
        ("articles/0", 404, "no article"),
        ("readings/0", 404, "no reading"),
        ("search?q=+", 422, "2 characters"),
        ("dyads?freq=decade", 422, "month"),
        ("nothing-here", 404, "nothing is at this address"),
    ],
)
def test_what_is_wrong_is_told_as_a_problem(client: TestClient, path: str, status: int, word: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    told = answer.json()
    assert (answer.status_code, told["status"]) == (status, status), told
    assert answer.headers["content-type"] == "application/problem+json"
    assert word in told["detail"] and told["instance"].startswith("/api/v1/")


def test_search_finds_each_sort(client: TestClient) -> None:
    found = client.get("/api/v1/search?q=Russia").json()
    held(client, "search", found)
    assert found["parties"][0]["code"] == "RUS"
    assert all(found[sort] for sort in ("lines", "articles", "quotes"))
    assert not any(client.get("/api/v1/search?q=%25%25%25").json().values())


def test_freshness_counts(client: TestClient) -> None:
    found = client.get("/api/v1/freshness").json()
    held(client, "freshness", found)
    assert found["articles"] == client.get("/api/v1/articles").json()["count"]


def test_the_document_is_a_page_for_people_too(client: TestClient) -> None:
    page = client.get("/api")
    assert page.status_code == 200
    for path in client.get("/openapi.json").json()["paths"]:
        assert path in page.text


def test_every_address_option_and_tool_stands_in_the_docs(client: TestClient) -> None:
    told = (Path(__file__).parents[2] / "docs" / "web.md").read_text(encoding="utf-8")
    for path in client.get("/openapi.json").json()["paths"]:
        name = path.removeprefix("/api/v1/").partition("/{")[0]
        assert re.search(rf"`(POST )?{name}\b", told), name
    for option in serve.params:
        if isinstance(option, click.Option):
            assert option.opts[0] in told, option.opts
    with Ledger(client.app.state.ledger.store.where, create=False, readonly=True) as ledger:  # type: ignore[attr-defined]
        for tool in server_of(ledger)._tool_manager.list_tools():
            assert f"`{tool.name}`" in told, tool.name
