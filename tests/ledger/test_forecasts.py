"""Forecasts in the ledger: kept once, never changed, and nothing of an article's words in them."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from detente.errors import LedgerError
from detente.ledger import Ledger, forecasts
from detente.ledger.checking import faults
from tests.ledger.made import change, event, foretold, told

WHO = {"by": "Ada Lind", "reason": "the publisher asks for it"}
WORDS = "the ministry sent four envoys home"


def kept(ledger: Ledger, *pair: str) -> list[dict[str, Any]]:
    with ledger.asked() as connection:
        return forecasts.kept(connection, *pair)


def test_a_forecast_is_kept_once_on_one_state_of_the_ledger(ledger: Ledger) -> None:
    name = foretold(ledger)
    assert foretold(ledger) == name == foretold(ledger, a="NOR", b="PER")
    (row,) = kept(ledger)
    assert (row["id"], row["a"], row["b"], row["last_report"], row["seq"]) == (name, "NOR", "PER", 0, 1)
    ledger.record([told(change("close", "2016-05-10"), published="2016-05-11")])
    assert foretold(ledger) != name
    assert [row["last_report"] for row in kept(ledger)] == [0, 1]
    assert foretold(ledger, horizon=60) != foretold(ledger, "Peru does nothing")
    assert len(kept(ledger, "PER", "NOR")) == 4 and kept(ledger, "PER", "CHL") == []
    assert list(faults(ledger.store)) == []


def test_the_ledger_of_then_can_be_asked(ledger: Ledger) -> None:
    ledger.record([told(event("SANCTION", "2016-05-10"), published="2016-05-11")])
    before = ledger.events().to_dicts()
    foretold(ledger)
    ledger.record([told(event("CONSULT", "2016-05-09"), published="2016-05-10")])
    (row,) = kept(ledger)
    assert ledger.events(recorded=row["made_at"]).to_dicts() == before
    with ledger.asked(row["made_at"]) as connection:
        assert connection.scalar(text("SELECT max(seq) FROM reports")) == row["last_report"] == 1


@pytest.mark.parametrize("statement", [
    "UPDATE forecasts SET body = '{}'", "UPDATE forecasts SET made_at = '2016'", "UPDATE forecasts SET horizon = 1",
    "DELETE FROM forecasts",
])  # fmt: skip
def test_a_forecast_is_appended_never_changed(ledger: Ledger, statement: str) -> None:
    foretold(ledger)
    before = kept(ledger)
    with pytest.raises(LedgerError, match="appended, never changed"), ledger.store.writing() as connection:
        connection.execute(text(statement))
    assert kept(ledger) == before


def test_a_forecast_is_dated_no_earlier_than_what_it_rests_on(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.record([told(event("SANCTION", "2016-05-10"), published="2016-05-11")])
    monkeypatch.setattr(forecasts, "now", lambda: "2001-01-01T00:00:00.000000Z")  # a clock put back
    foretold(ledger)
    assert kept(ledger)[0]["made_at"] > "2026"
    assert list(faults(ledger.store)) == []


def test_words_of_an_article_go_when_they_are_erased(ledger: Ledger) -> None:
    page = told(event("SANCTION", "2016-05-10", quote=WORDS.replace(" ", "\n  ", 1)), published="2016-05-11")
    ledger.record([page])
    (name,) = ledger.events()["id"]
    foretold(ledger, f"Norway answers “{WORDS}”", (name,))
    (row,) = kept(ledger)
    assert "envoys" not in row["body"]

    def said() -> str:
        with ledger.asked() as connection:
            return str(forecasts.unmarked(connection, json.loads(row["body"]))["text"])

    assert " ".join(said().split()) == f"Norway answers “{WORDS}”"
    ledger.withdraw(ledger.evidence(name)["article"][0], quotes=True, **WHO)
    assert said() == "Norway answers “[erased]”"
    assert list(faults(ledger.store)) == []


def test_only_texts_hold_words_of_articles(ledger: Ledger) -> None:
    """A quote that is a party's code, or an id, must not take the place of one."""
    ledger.record([told(event("SANCTION", "2016-05-10", quote="PER"), published="2016-05-11")])
    body = {"source": "PER", "drivers": [{"text": "PER again", "events": ["PER"]}]}
    with ledger.asked() as connection:
        found = forecasts.marked(connection, body, ledger.events()["id"].to_list())
        assert found["source"] == "PER" and found["drivers"][0]["events"] == ["PER"]
        assert "PER" not in found["drivers"][0]["text"]
        assert forecasts.unmarked(connection, found) == body


@pytest.mark.parametrize("statement, complaint", [
    ("UPDATE forecasts SET body = replace(body, 'closes', 'opens') WHERE seq = 1", "was changed"),
    ("UPDATE forecasts SET made_at = '2016-05-12T00:00:00.000000Z' WHERE seq = 2", "was changed"),
    ("UPDATE forecasts SET until = '2016-07-01' WHERE seq = 1", "was changed"),
    ("DELETE FROM forecasts WHERE seq = 1", "number 1 is missing"),
])  # fmt: skip
def test_check_finds_what_was_tampered_with(tmp_path: Path, statement: str, complaint: str) -> None:
    place = tmp_path / "ledger.db"
    with Ledger(place) as ledger:
        ledger.record([told(event("SANCTION", "2016-05-10"), published="2016-05-11")])
        foretold(ledger)
        foretold(ledger, horizon=60)
    with closing(sqlite3.connect(place)) as raw:
        raw.execute("DROP TRIGGER forecasts_stay")
        raw.execute("DROP TRIGGER forecasts_hold")
        assert raw.execute(statement).rowcount == 1
        raw.commit()
    with Ledger(place) as ledger:
        assert any(complaint in fault for fault in faults(ledger.store))


def test_check_finds_a_forecast_that_was_dated_back(tmp_path: Path) -> None:
    """Even one whose id is of what it says: it rests on what the ledger did not have by then."""
    with Ledger(tmp_path / "ledger.db") as ledger:
        ledger.record([told(event("SANCTION", "2016-05-10"), published="2016-05-11")])
        foretold(ledger)
        (row,) = kept(ledger)
        forged = row | {"seq": 2, "made_at": "2016-05-12T00:00:00.000000Z"}
        forged["id"] = forecasts.forecast_key(forged)
        with ledger.store.writing() as connection:
            connection.execute(forecasts.forecasts.insert(), [forged])
        found = list(faults(ledger.store))
    assert any("but one that stands before it is of" in fault for fault in found)
    assert any("which the ledger did not have by then" in fault for fault in found)
