"""Why an item was coded: entry, examples, parse; for one item or for all; from a stored reading, too."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from detente.cli import app
from detente.coding.examples import read
from detente.coding.explain import RULES, explainer, parse_tree

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("why") / "reading.json"
    path.write_text(CliRunner().invoke(app, ["demo", "--json"]).stdout, "utf-8")
    return path


def test_one_item(stored: Path) -> None:
    done = CliRunner().invoke(app, ["why", str(stored), "l1"])
    assert done.exit_code == 0
    assert "«revoked the accreditation" in done.stdout
    assert "entry      staff.strip (staff.toml)" in done.stdout
    assert "fires on   " in done.stdout
    assert "Russian/amod←mission" in done.stdout
    assert "\nl2 " not in done.stdout


def test_all_items_each_with_a_known_rule(stored: Path) -> None:
    done = CliRunner().invoke(app, ["why", str(stored)])
    assert done.stdout.count("    rule  ") == done.stdout.count("    sentence") > 10
    assert "not in this codebook" not in done.stdout


def test_an_unknown_item_names_the_known(stored: Path) -> None:
    done = CliRunner().invoke(app, ["why", str(stored), "e99"])
    assert done.exit_code == 2
    assert "its items are e1, " in done.stderr


def test_what_is_no_reading(tmp_path: Path) -> None:
    page = tmp_path / "x.json"
    page.write_text("{}", "utf-8")
    done = CliRunner().invoke(app, ["why", str(page), "e1"])
    assert done.exit_code == 3
    assert "holds no reading of format detente.reading/1" in done.stderr


def test_rules_that_are_no_entries_are_told_in_words() -> None:
    reading = read("Peru said that Chile had broken its word over the river. Chile closed the border with Peru.")
    claim = reading.claims[0]
    assert f"rule says  {RULES[claim.rule]}" in list(explainer()(reading, claim))
    assert "Peru/nsubj←said" in parse_tree(reading, claim)
