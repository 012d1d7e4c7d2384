"""detente history, as a user calls it."""

import json
import lzma
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from detente.cli import app
from detente.forecasting.history import History

ROWS = (
    "date,source,target,cameo,plover,quad\n"
    "2018-03-26,United States,Russian Federation,161,SANCTION,MCONF\n"
    "2018-03-26,United States,Russian Federation,161,SANCTION,MCONF\n"
    "2018-03-26,France,France,112,ACCUSE,VCONF\n"
    "2018-03-27,\x1b[31mNarnia,Russian Federation,112,ACCUSE,VCONF\n"
)


def run(*words: object, status: int = 0) -> Result:
    result = CliRunner().invoke(app, ["history", *map(str, words)])
    assert result.exit_code == status, result.output + result.stderr
    return result


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "dyad_events_small.csv"
    path.write_text(ROWS, "utf-8")
    return path


def test_add_says_what_was_taken_and_what_was_not(file: Path, tmp_path: Path) -> None:
    said = run("add", file, "--history", tmp_path / "h").stdout
    assert "kept as small: 4 rows" in said
    assert "1 event between two parties, 1 of them new" in said
    assert "1 row beside" in said
    assert "1 row left out: both sides are one party" in said
    assert "Narnia 1" in said
    assert "\x1b" not in said
    assert "0 of them new" in run("add", file, "--history", tmp_path / "h").stdout
    assert History(tmp_path / "h").events == 1


def test_add_as_json(file: Path, tmp_path: Path) -> None:
    (row,) = json.loads(run("add", file, "--json", "--origin", "mine", "--history", tmp_path / "h").stdout_bytes)
    assert (row["origin"], row["rows"], row["added"], row["told_twice"]) == ("mine", 4, 1, 1)
    assert row["rows"] == row["events"] + row["told_twice"] + sum(row["left_out"].values())


def test_show(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "h"
    assert "no events" in run("show", "--history", folder).stdout
    assert json.loads(run("show", "--json", "--history", folder).stdout_bytes) == []
    run("add", file, "--history", folder)
    assert run("show", "--history", folder).stdout == "small: 1 event, 2018-03-26 to 2018-03-26\n"
    (row,) = json.loads(run("show", "--json", "--history", folder).stdout_bytes)
    assert row == {"origin": "small", "first": "2018-03-26", "last": "2018-03-26", "events": 1}


def test_a_bad_file_does_not_stop_the_others(file: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("what,is,this\n", "utf-8")
    done = run("add", bad, file, "--history", tmp_path / "h", status=5)
    assert "1 of 2 files" in done.stderr
    assert History(tmp_path / "h").events == 1
    assert "what, is, this" in run("add", bad, "--history", tmp_path / "h", status=8).stderr


def test_a_file_that_breaks_off_is_told(tmp_path: Path) -> None:
    noise = "".join(f"2018-03-26,{os.urandom(9).hex()},France,111,ACCUSE,VCONF\n" for _ in range(4000))
    path = tmp_path / "part.csv.xz"
    path.write_bytes(lzma.compress((ROWS + noise).encode())[:-2000])
    assert "breaks off" in run("add", path, "--history", tmp_path / "h", status=5).stdout
    assert History(tmp_path / "h").events == 1


def test_the_folder_of_the_environment(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETENTE_HISTORY", str(tmp_path / "there"))
    run("add", file)
    assert run("show").stdout.startswith("small: 1 event")
    assert (tmp_path / "there" / "origin=small").is_dir()
