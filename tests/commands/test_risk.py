"""The command risk, as a user calls it, and what it shows."""

import json
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from click.testing import CliRunner, Result

from detente.cli import app
from detente.escalation.assessment import risk
from detente.escalation.model import Risk
from detente.ledger import Ledger
from detente.views.risk import brief, number
from detente.views.risk_plots import plots
from tests.ledger.made import change, claim, told


@pytest.fixture
def place(tmp_path: Path) -> str:
    """A ledger in which an embassy was closed and a hotline kept."""
    where = str(tmp_path / "ledger.db")
    with Ledger(where) as ledger:
        ledger.record([
            told(change("close", "2016-05-10"), change("keep", "2016-05-10", kind="hotline", name="red\x1b[31m phone"),
                 claim("belief", quote="that it is a risk\x1b[31m they can afford"),
                 published="2016-05-11", publisher="Gazette"),
        ])  # fmt: skip
    return where


def run(place: str, *words: str, status: int = 0) -> Result:
    result = CliRunner().invoke(app, ["risk", *words, "--ledger", place])
    assert result.exit_code == status, result.output + result.stderr
    return result


def test_the_headline_is_a_comparison_with_its_interval(place: str) -> None:
    text = " ".join(run(place, "Norway", "Peru", "--on", "2016-06-01").stdout.split())
    assert text.startswith(
        "With the lines of 1 June 2016, incidents between Norway and Peru get to deaths 1.3 times as often as with "
        "every line in use (95 %: "
    )
    assert "No order can be given: the interval holds 1" in text
    assert "Association, never cause" in text and "no data exist" in text
    assert "Peru holds: “that it is a risk\\x1b[31m they can afford” (Gazette, 11 May 2016; detente evidence " in text
    assert "No claim of Norway about the risk is on record." in text
    assert "\x1b" not in text


def test_json_keeps_its_schema(place: str) -> None:
    found = json.loads(run(place, "NOR", "PER", "--on", "2016-06-01", "--json", "--seed", "3").stdout)
    jsonschema.validate(found, Risk.model_json_schema(mode="serialization"))
    assert (found["format"], found["seed"], found["headline"]["first"]) == ("detente.risk/1", 3, "all in use")


def test_options(place: str, tmp_path: Path) -> None:
    drawn = tmp_path / "risk.svg"
    text = " ".join(run(place, "NOR", "PER", "--on", "2016-06-01", "--without", "hotline", "--with", "embassy",
                        "--against", "2016-05-01", "--incidents", "12", "--belief", "Norway=0", "--belief", "PER=2",
                        "--svg", str(drawn)).stdout.split())  # fmt: skip
    assert text.startswith(
        "Without red\\x1b[31m phone between Norway and Peru and with Norway's embassy in Peru, incid"
    )
    assert "12 incidents a year, entered by the analyst." in text
    assert "Norway (effects times 0): no loss is large enough" in text and "Peru (effects times 2):" in text
    assert ElementTree.parse(drawn).getroot().tag.endswith("svg")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("--belief", "Norway"), 2, "write SIDE=NUMBER, such as NATO=0.5"),
        (("--belief", "Norway=much"), 2, "write SIDE=NUMBER, such as NATO=0.5"),
        (("--belief", "Chile=1"), 2, "neither NOR nor PER"),
        (("--without", "pigeon"), 7, "there is no line 'pigeon'"),
        (("--priors", "none.toml"), 9, "none.toml: it cannot be read"),
        (("--svg", "/nowhere/at/all.svg"), 2, "name another file"),
        (("--incidents", "-3"), 2, "give one from 0 to 100,000"),
    ],
)
def test_errors_are_sentences(place: str, words: tuple[str, ...], status: int, said: str) -> None:
    assert said in run(place, "NOR", "PER", "--on", "2016-06-01", *words, status=status).stderr


def test_three_lines(place: str) -> None:
    with Ledger(place) as ledger:
        lines = brief(risk(ledger, "NOR", "PER", on="2016-06-01", draws=500))
        none = brief(risk(ledger, "NOR", "CHL", on="2016-06-01", draws=500))
    assert len(lines) == 3 and all(line.endswith(".") for line in lines)
    assert lines[1] == "Association, never cause. 1 line differs."
    assert none == ["No line between Norway and Chile is on record by 1 June 2016: nothing to compare."]


def test_drawings_say_in_words_what_they_show(place: str) -> None:
    with Ledger(place) as ledger:
        report = risk(ledger, "NOR", "PER", on="2016-06-01", draws=500)
        text = plots(report)
        empty = plots(risk(ledger, "NOR", "CHL", on="2016-06-01", draws=500))
    root = ElementTree.fromstring(text)
    told = next(e.text for e in root if e.tag.endswith("desc"))
    assert told and "Norway's embassy in Peru: 1.3 (95 %:" in told
    assert "\x1b" not in text and "<script" not in text
    assert ElementTree.fromstring(empty) is not None


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1.0"), (10.4, "10"), (12345, "12,000"), (0.00012, "0.00012"), (0, "0")]
)
def test_numbers_have_two_digits(value: float, text: str) -> None:
    assert number(value) == text
