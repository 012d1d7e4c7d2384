"""Writing over REST: it needs a token, bears the name of its holder, and does what the command line does."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from detente.ledger import Ledger
from detente.web.app import create_app
from detente.web.settings import Settings
from tests.web.conftest import ANALYST, BASE, EDITOR

ARTICLE = "OSLO, 19 October 2021 - Norway expelled four Libyan diplomats on Monday, the foreign ministry said. " * 2
ENTRY = {"kind": "embassy", "owner": "Norway", "counterpart": "PER", "change": "close", "by": "PER",
         "date": "2021-10-18", "quote": "Peru closed the embassy of Norway."}  # fmt: skip
CHANGE = "ch-0"
WRITES: dict[str, dict[str, Any]] = {
    "articles": {"text": ARTICLE}, "changes": ENTRY, "corrections": {"id": CHANGE, "reject": True, "reason": "no"},
    "disputes": {"id": CHANGE, "reason": "no"}, "merges": {"one": CHANGE, "other": CHANGE, "reason": "one"},
    "splits": {"report": "x", "reason": "two"}, "withdrawals": {"article": "x", "reason": "asked to"},
}  # fmt: skip


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def held(where: Path) -> int:
    with Ledger(where) as ledger, ledger.asked() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM reports").scalar() or 0)


@pytest.mark.parametrize("what", WRITES)
@pytest.mark.parametrize("headers", [{}, bearer("wrong"), bearer(""), {"Authorization": "Basic QTpC"}])
def test_without_a_token_nothing_is_written(
    writer: TestClient, copied: Path, what: str, headers: dict[str, str]
) -> None:
    before = held(copied)
    answer = writer.post(f"/api/v1/{what}", json=WRITES[what], headers=headers)
    assert answer.status_code == 401 and "Bearer" in answer.headers["www-authenticate"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert held(copied) == before


@pytest.mark.parametrize("what", WRITES)
def test_a_server_that_only_reads_refuses(client: TestClient, demonstration: Path, what: str) -> None:
    before = held(demonstration)
    answer = client.post(f"/api/v1/{what}", json=WRITES[what], headers=bearer(ANALYST))
    assert answer.status_code == 403 and "--write" in answer.json()["detail"]
    assert held(demonstration) == before


def test_an_entry_bears_the_holders_name(writer: TestClient) -> None:
    made = writer.post("/api/v1/changes", json=ENTRY, headers=bearer(ANALYST))
    assert (made.status_code, made.json()["reports"]) == (201, 1), made.text
    [row] = writer.get("/api/v1/board?a=NOR&b=PER").json()["rows"]
    assert row["state"] == "closed"
    [report] = writer.get(f"/api/v1/evidence/{row['evidence'][0]}").json()["rows"]
    assert (report["who"], report["role"], report["quote"]) == ("Ana", "analyst", ENTRY["quote"])
    again = writer.post("/api/v1/changes", json=ENTRY, headers=bearer(ANALYST))
    assert (again.json()["reports"], again.json()["known"]) == (0, 1)


def test_a_correction_is_a_new_report_and_waits_for_an_editor(writer: TestClient) -> None:
    writer.post("/api/v1/changes", json=ENTRY, headers=bearer(ANALYST))
    change = writer.get("/api/v1/board?a=NOR&b=PER").json()["rows"][0]["evidence"][0]
    body = {"id": change, "fields": {"change": "suspend"}, "reason": "the source says suspend"}
    said = writer.post("/api/v1/corrections", json=body, headers=bearer(ANALYST))
    assert said.status_code == 201, said.text
    assert writer.get("/api/v1/board?a=NOR&b=PER").json()["rows"][0]["state"] == "suspended"
    [waiting] = writer.get("/api/v1/review").json()["rows"]
    assert (waiting["report"], waiting["who"], waiting["sort"]) == (said.json()["report"], "Ana", "correction")
    body = {"id": said.json()["report"], "fields": {"change": "close"}, "reason": "it says close"}
    assert writer.post("/api/v1/corrections", json=body, headers=bearer(EDITOR)).status_code == 201
    assert writer.get("/api/v1/board?a=NOR&b=PER").json()["rows"][0]["state"] == "closed"
    assert writer.get("/api/v1/review").json()["rows"] == []


def test_what_was_disputed_shows_so(writer: TestClient) -> None:
    change = writer.get("/api/v1/changes?a=RUS&b=NATO").json()["rows"][-1]["id"]
    assert writer.post("/api/v1/disputes", json={"id": change, "reason": "x"}, headers=bearer(EDITOR)).is_success
    found = {row["id"]: row["standing"] for row in writer.get("/api/v1/changes?a=RUS&b=NATO").json()["rows"]}
    assert change in found
    kinds = [row["kind"] for row in writer.get(f"/api/v1/evidence/{change}").json()["rows"]]
    assert "dispute" in kinds


def test_a_withdrawn_article_has_no_text(writer: TestClient) -> None:
    article = writer.get("/api/v1/articles").json()["rows"][0]["id"]
    body = {"article": article, "reason": "the publisher asked"}
    assert writer.post("/api/v1/withdrawals", json=body, headers=bearer(EDITOR)).status_code == 201
    found = writer.get(f"/api/v1/articles/{article}").json()
    assert found["withdrawn"] and found["text"] is None


@pytest.mark.parametrize(
    ("what", "body", "status", "word"),
    [
        ("changes", ENTRY | {"owner": "Atlantis"}, 400, "no party"),
        ("changes", ENTRY | {"sauce": "x"}, 422, "sauce"),
        ("corrections", {"id": "ch-0", "reason": " "}, 422, "reason"),
        ("corrections", {"id": "ch-0", "reason": "x", "fields": {"count": 3}}, 404, "no change"),
        ("articles", {}, 400, "either"),
        ("articles", {"text": "x", "address": "https://example.org"}, 400, "either"),
    ],
)
def test_what_makes_no_sense_is_told(
    writer: TestClient, copied: Path, what: str, body: dict[str, Any], status: int, word: str
) -> None:
    before = held(copied)
    answer = writer.post(f"/api/v1/{what}", json=body, headers=bearer(ANALYST))
    assert (answer.status_code, word in answer.json()["detail"]) == (status, True), answer.text
    assert held(copied) == before


@pytest.mark.models
def test_an_article_is_read_and_then_recorded(writer: TestClient, copied: Path) -> None:
    before = held(copied)
    read = writer.post("/api/v1/readings", json={"text": ARTICLE})
    assert read.status_code == 200 and read.json()["lines"], read.text
    assert held(copied) == before
    made = writer.post("/api/v1/articles", json={"text": ARTICLE}, headers=bearer(ANALYST))
    assert made.status_code == 201 and held(copied) == before + made.json()["reports"]


def test_quotes_only_keeps_texts_back(demonstration: Path) -> None:
    with TestClient(create_app(Settings(ledger=str(demonstration), quotes_only=True)), base_url=BASE) as client:
        article = client.get("/api/v1/articles").json()["rows"][0]["id"]
        found = client.get(f"/api/v1/articles/{article}").json()
        assert found["text"] is None and found["residue"] == []
        rows = client.get(f"/api/v1/evidence/{article}").json()["rows"]
        assert all(row["quote"] and row["context"] is None for row in rows)
