"""detente score and detente backtest, as a user calls them."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from detente.cli import app
from detente.forecasting import track
from detente.ledger import Ledger, forecasts
from tests.forecasting.test_track import INSIDE, asks, outlook, past
from tests.ledger.made import claim, event, told


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A ledger in which Norway and Peru were looked at in May 2016."""
    monkeypatch.setenv("DETENTE_HISTORY", str(tmp_path / "no history"))
    where = str(tmp_path / "ledger.db")
    with Ledger(where) as ledger:
        ledger.record([told(event("SANCTION", INSIDE, quote="\x1b[31mred"), claim("blame"), published="2016-05-21")])
    return where


def run(place: str, *words: str, status: int = 0) -> Result:
    result = CliRunner().invoke(app, [*words, "--ledger", place])
    assert result.exit_code == status, result.output + result.stderr
    return result


def flat(text: str) -> str:
    return " ".join(text.split())


def foretold(place: str, monkeypatch: pytest.MonkeyPatch, made: str) -> None:
    """Store a forecast as if on another day."""
    with Ledger(place) as ledger, monkeypatch.context() as patched:
        patched.setattr(forecasts, "now", lambda: made)
        patched.setattr(forecasts, "max", lambda *_: made, raising=False)
        track.store(ledger, outlook(asks("SANCTION", p=0.9), asks("CONSULT", p=0.2), asks("STATEMENT", p=0.1)))


def test_nothing_is_stored_yet(place: str) -> None:
    assert "No forecast is stored yet; make one with detente forecast A B." in run(place, "score").stdout
    assert json.loads(run(place, "score", "NOR", "--json").stdout)["stored"] == 0
    assert run(place, "score", "--csv").stdout == "\n"


def test_score(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    foretold(place, monkeypatch, "2016-05-12T10:00:00.000000Z")
    text = flat(run(place, "score", "Norway", "PER").stdout)
    assert "Track record of forecasts between Norway and Peru 1 forecast stored, as of" in text
    assert "Made before their days began" in text and "Made later" not in text
    assert "2 questions of 1 forecast resolved, 1 came out so; 1 not known. Brier score 0.025" in text
    assert "Against the base rate: skill +0.926" in text and "too few forecasts for a band" in text
    assert "acts by type: 2 questions" in text and "90-100 %" in text and "20-30 %" in text
    assert "Not known: 1 × nothing at all is recorded between Peru and Norway in these days" in text
    found = json.loads(run(place, "score", "--json").stdout)
    assert found["ahead"]["n"] == 2 and found["later"]["n"] == 0 and len(found["questions"]) == 3
    table = list(csv.DictReader(io.StringIO(run(place, "score", "--csv").stdout)))
    assert [row["outcome"] for row in table] == ["True", "False", ""] and table[0]["by"].startswith("ev-")


def test_what_was_made_later_stands_apart(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger(place) as ledger:
        track.store(ledger, outlook(asks("SANCTION", p=0.9)))
    text = run(place, "score").stdout
    assert "Made later, with what was known" in text and "before their days began" not in text
    assert "the days of 1 have not passed yet" in flat(run(place, "score", "--known", "2016-06-01").stdout)


def test_backtest(place: str) -> None:
    with Ledger(place) as ledger:
        past(ledger)
    words = ("backtest", "Peru", "Norway", "--since", "2016-02-01", "--until", "2016-10-01", "--every", "8w")
    text = flat(run(place, *words).stdout)
    assert "Backtest of forecasts between Norway and Peru 5 forecasts from 1 February 2016 to 12 September 2016" in text
    assert "The worst misses" in text and "against persistence" in text and "Between" in text
    found = json.loads(run(place, *words, "--json").stdout)
    assert found["days"][1] == "2016-03-28" and found["score"]["n"] + found["score"]["unresolved"] > 5
    assert run(place, *words, "--csv").stdout.count("\n") == 1 + len(found["questions"])
    assert "nothing" in run(place, "backtest", "CHL", "QAT", status=8).stderr
    assert "write 30d, 8w, 3m or 1y" in run(place, *words, "--horizon", "soon", status=2).stderr
    assert "not both" in run(place, *words, "--json", "--csv", status=2).stderr
    assert json.loads(run(place, "score", "--json").stdout)["stored"] == 0  # nothing is kept


def test_a_forecast_is_kept_and_waits_for_its_days(place: str) -> None:
    text = flat(run(place, "forecast", "PER", "NOR").stdout)
    kept = re.search(r"Kept as ([0-9a-f]{16}); detente score PER NOR will say how it did\.$", text)
    assert kept, text[-200:]
    assert "1 forecast stored; the days of 1 have not passed yet" in flat(run(place, "score", "PER", "NOR").stdout)
    assert "Kept as" not in run(place, "forecast", "PER", "NOR", "--unstored").stdout
    assert json.loads(run(place, "score", "--json").stdout)["stored"] == 1
    run(place, "forecast", "PER", "NOR", "--on", "2016-05-12", "--horizon", "10d")
    assert "Made later, with what was known" in run(place, "score").stdout
