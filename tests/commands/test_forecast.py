"""The forecast as a user asks for it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from detente.cli import app
from detente.errors import LedgerFull
from detente.forecasting.model import Forecast
from detente.ledger import Ledger
from tests.ledger.made import change, event, told

ON = ("--on", "2016-05-12")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A ledger in which Peru has just expelled three Norwegians."""
    monkeypatch.setenv("DETENTE_HISTORY", str(tmp_path / "none"))
    where = str(tmp_path / "ledger.db")
    with Ledger(where) as ledger:
        ledger.record([
            told(change("limit", "2016-05-10", kind="staff", count=3, event="e1"),
                 event("SANCTION", "2016-05-10", mode="expel", quote="Peru [bold]expelled three"),
                 published="2016-05-11"),
        ])  # fmt: skip
    return where


def run(place: str, *words: str, status: int = 0) -> Result:
    result = CliRunner().invoke(app, ["forecast", *words, "--ledger", place])
    assert result.exit_code == status, result.output + result.stderr
    return result


def test_text_tells_whether_when_how_and_why(place: str) -> None:
    said = run(place, "Peru", "Norway", *ON).output
    for words in ("Will Norway answer?", "When:", "How:", "base rate", "Peru → Norway", "Norway → Peru", "Not known"):
        assert words in said, words
    assert "[bold]expelled" in said  # what an article says is never taken for markup


def test_json_is_the_format_and_is_stored_under_its_id(place: str) -> None:
    found = Forecast.model_validate(json.loads(run(place, "PER", "NOR", *ON, "--json").output))
    assert found.id and (found.a, found.b, found.on, found.horizon) == ("PER", "NOR", "2016-05-12", 30)
    again = json.loads(run(place, "PER", "NOR", *ON, "--json").output)
    assert again["id"] == found.id
    with Ledger(place, readonly=True) as ledger:
        from detente.forecasting.track import stored

        with ledger.asked() as connection:
            assert [one.forecast for one in stored(connection)] == [found]


def test_declined_it_is_not_stored(place: str) -> None:
    said = run(place, "PER", "NOR", *ON, "--unstored").output
    assert "Kept as" not in said
    score = CliRunner().invoke(app, ["score", "--ledger", place])
    assert "No forecast is stored yet" in score.output


def test_stored_it_is_scored_when_its_days_have_passed(place: str) -> None:
    run(place, "PER", "NOR", *ON)
    score = CliRunner().invoke(app, ["score", "PER", "NOR", "--ledger", place])
    assert score.exit_code == 0 and "1 forecast stored" in score.output


def test_where_it_cannot_be_kept_it_is_shown_all_the_same(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> str:
        raise LedgerFull("no room is left on the disk")

    monkeypatch.setattr("detente.forecasting.track.store", full)
    result = run(place, "PER", "NOR", *ON)
    assert "Will Norway answer?" in result.output
    assert "not kept" in result.stderr and "no room" in result.stderr


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("PER", "PER"), 8, "one party"),
        (("PER", "NOR", "--horizon", "0d"), 2, "--horizon"),
        (("PER", "NOR", "--horizon", "soon"), 2, "--horizon"),
        (("PER", "NOR", "--on", "2999-01-01"), 8, "yet"),
        (("PER", "NOR", "--on", "May"), 2, "no date"),
        (("PER", "NOR", *ON, "--after", "ev-ffffffffff"), 7, "ev-ffffffffff"),
        (("PER", "Nowhereland"), 2, "no party"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(place: str, words: tuple[str, ...], status: int, says: str) -> None:
    assert says in run(place, *words, status=status).stderr
