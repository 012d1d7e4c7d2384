"""REST for what comes next: forecasts made on the spot and stored, their score, and risk."""

from pathlib import Path

import jsonschema
import pytest
from fastapi.testclient import TestClient

from detente.ledger import Ledger
from detente.web.ahead import Ahead
from tests.web.conftest import ANALYST
from tests.web.test_api import held
from tests.web.test_api_write import bearer

PAIR = "a=NATO&b=RUS&on=2021-10-10"


def test_a_forecast_is_made_on_the_spot(client: TestClient) -> None:
    found = client.get(f"/api/v1/forecast?{PAIR}&horizon=30")
    assert found.status_code == 200, found.text
    held(client, "forecast", found.json())
    assert found.json()["known"] <= "2021-10-10" and found.json()["id"] == ""
    again = client.get(f"/api/v1/forecast?{PAIR}&horizon=30", headers={"If-None-Match": found.headers["etag"]})
    assert again.status_code == 304
    assert client.get("/api/v1/forecasts").json()["rows"] == []


def test_the_parties_swapped_swap_the_forecast(client: TestClient) -> None:
    pairs = (("NATO", "RUS"), ("RUS", "NATO"))
    one, other = (client.get(f"/api/v1/forecast?a={a}&b={b}&on=2021-10-10").json() for a, b in pairs)
    assert one["directions"] == other["directions"][::-1]


def test_a_forecast_is_stored_by_whom_may_write(writer: TestClient, copied: Path) -> None:
    ask = {"a": "NATO", "b": "Russia", "on": "2021-10-10", "horizon": 30}
    assert writer.post("/api/v1/forecasts", json=ask).status_code == 401
    assert writer.get("/api/v1/forecasts").json()["count"] == 0
    first = writer.get("/api/v1/forecasts").headers["etag"]
    made = writer.post("/api/v1/forecasts", json=ask, headers=bearer(ANALYST))
    assert made.status_code == 201, made.text
    assert writer.post("/api/v1/forecasts", json=ask, headers=bearer(ANALYST)).json() == made.json()
    listed = writer.get("/api/v1/forecasts?a=NATO", headers={"If-None-Match": first}).json()
    held(writer, "forecasts", listed)
    assert [row["id"] for row in listed["rows"]] == [made.json()["id"]]
    stored = writer.get(f"/api/v1/forecasts/{made.json()['id']}").json()
    held(writer, "forecasts/{name}", stored)
    assert stored["on"] == "2021-10-10"
    score = writer.get("/api/v1/score").json()
    held(writer, "score", score)
    assert score["n"] + score["unresolved"] > 0


def test_a_risk_tells_what_a_lines_loss_goes_with(client: TestClient) -> None:
    found = client.get("/api/v1/risk?a=NATO&b=RUS&on=2014-01-01&without=mission")
    assert found.status_code == 200, found.text
    held(client, "risk", found.json())
    assert found.json()["headline"]["differ"] and found.json()["caveats"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("forecast?a=NATO", 422), ("forecast?a=NATO&b=NATO", 400), ("forecast?a=NATO&b=RUS&horizon=0", 422),
        ("forecast?a=NATO&b=RUS&on=2999", 422), ("forecast?a=NATO&b=RUS&recorded=2021", 400),
        ("forecast?a=NATO&b=RUS&after=ev-none", 404), ("risk?a=NATO&b=RUS&without=no-such-line", 404),
        ("forecasts/none", 404),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_a_problem(client: TestClient, path: str, status: int) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text


def test_it_is_computed_once_for_a_state_of_the_ledger(copied: Path) -> None:
    with Ledger(copied) as ledger:
        ahead = Ahead(ledger)
        one = ahead.risk("NATO", "RUS", on="2021-11-02")
        assert ahead.risk("NATO", "RUS", on="2021-11-02") is one
        change = ledger.changes("NATO", "RUS")["id"][0]
        ledger.dispute(change, by="Ana", reason="to move the ledger on")
        assert ahead.risk("NATO", "RUS", on="2021-11-02") is not one


def test_the_documents_schema_is_the_forecasts_own(client: TestClient) -> None:
    from detente.forecasting.model import Forecast

    found = client.get(f"/api/v1/forecast?{PAIR}").json()
    jsonschema.validate(found, Forecast.model_json_schema(mode="serialization"))


def test_who_cannot_be_served_soon_is_told(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.web.ahead.PATIENCE_S", 0.01)
    ahead = client.app.state.ahead  # type: ignore[attr-defined]
    with ahead._making:
        answer = client.get("/api/v1/forecast?a=USA&b=CUB&on=2020-01-01")
    assert answer.status_code == 503 and answer.headers["retry-after"]
