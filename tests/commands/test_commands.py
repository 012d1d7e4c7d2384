"""Every command on a ledger, as a user calls it."""

import csv
import io
import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import detente
from detente.cli import app
from detente.commands import COMMANDS
from detente.ledger import Ledger
from tests.ledger.made import change, claim, event, told

BY = ("--by", "Ada Lind", "--reason", "the communiqué says so")


@pytest.fixture
def place(tmp_path: Path) -> str:
    """A ledger with a rupture between Norway and Peru."""
    where = str(tmp_path / "ledger.db")
    with Ledger(where) as ledger:
        ledger.record([
            told(change("limit", "2016-05-01", kind="staff", count=3), event("SANCTION", "2016-05-01", mode="expel"),
                 published="2016-05-02", publisher="Gazette"),
            told(change("limit", "2016-05-01", kind="staff", count=4), published="2016-05-02", publisher="Mail"),
            told(change("close", "2016-05-10", kind="consulate", quote="the post\x1b[31m was shut"), claim("blame"),
                 published="2016-05-11", publisher="Courier"),
            told(change("keep", "2016-05-10", kind="hotline"), published="2016-05-11"),
        ])  # fmt: skip
    return where


def run(place: str, *words: str, status: int = 0, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(app, [*words, "--ledger", place], input=stdin)
    assert result.exit_code == status, result.output + result.stderr
    return result


def rows(place: str, *words: str) -> list[dict[str, object]]:
    found = json.loads(run(place, *words, "--json").stdout)
    table = list(csv.DictReader(io.StringIO(run(place, *words, "--csv").stdout)))
    assert len(table) == len(found)
    return list(found)


def test_board(place: str) -> None:
    text = run(place, "board", "Norway", "PER", "--on", "2016-06-01").stdout
    assert text.startswith("1 of 3 lines between Norway and Peru is down; 1 limited and 1 open.\n")
    assert "✕ C closed" in text and "since 10 May 2016, by Peru; 1 source" in text
    assert "sources differ on count: 3 (Gazette), 4 (Mail)" in " ".join(text.split())
    assert "\x1b" not in text and "\\x1b" in text
    assert "Whom to call: hotline between Norway and Peru" in text
    assert [row["state"] for row in rows(place, "board", "--on", "2016-06-01")] == ["closed", "limited", "open"]


def test_board_of_what_was_known(place: str) -> None:
    text = run(place, "board", "NOR", "PER", "--on", "2016-06-01", "--known", "2016-05-05").stdout
    assert "closed" not in text and "as it could be known on 5 May 2016" in text
    assert "Nothing is recorded of any line" in run(place, "board", "NOR", "PER", "--recorded", "2020").stdout


def test_an_empty_board_says_that_silence_is_not_open(place: str) -> None:
    assert "does not mean “open”" in " ".join(run(place, "board", "CHL", "QAT").stdout.split())


def test_line_timeline_events_claims_episode_changes(place: str) -> None:
    assert "from 10 May 2016" in run(place, "line", "consulate-NOR-PER").stdout
    told_of = run(place, "timeline", "NOR", "PER").stdout
    assert told_of.index("1 May 2016") < told_of.index("10 May 2016")
    assert "sanction · expel" in run(place, "events").stdout
    assert "Peru, blame about Norway" in run(place, "claims", "PER", "--kind", "blame").stdout
    assert "not restored" in run(place, "episode", "NOR", "PER").stdout
    assert "unknown → closed" in run(place, "changes", "--since", "2016-05-05", "--until", "2016-12-31").stdout
    for words in (
        ("timeline", "NOR"),
        ("events",),
        ("claims",),
        ("changes", "--since", "2016"),
        ("whom-to-call", "NOR", "PER"),
    ):
        assert rows(place, *words) is not None


def test_evidence_shows_the_sentence_and_where_it_stands(place: str) -> None:
    name = str(rows(place, "timeline", "NOR", "PER")[0]["id"])
    text = run(place, "evidence", name).stdout
    assert "Gazette, 2 May 2016" in text and "the same day" in text


def test_dyads_are_csv_unless_asked(place: str) -> None:
    assert run(place, "dyads", "--freq", "year").stdout.splitlines()[1].startswith("2016-01-01,PER,NOR,1")


def test_persons_speak(place: str) -> None:
    name = str(rows(place, "timeline", "NOR", "PER")[0]["id"])
    run(place, "correct", name, "--set", "count=5", *BY)
    assert "5 people removed" in run(place, "board", "NOR", "PER", "--on", "2016-06-01").stdout
    run(place, "dispute", str(rows(place, "timeline", "NOR", "PER")[-1]["id"]), *BY)
    reports = [r["report"] for r in rows(place, "evidence", name) if r["role"] == "machine"]
    run(place, "split", str(reports[1]), *BY)
    article = str(rows(place, "evidence", name)[0]["article"])
    ids = [str(r["id"]) for r in rows(place, "timeline", "NOR", "PER") if r.get("change") == "limit"]
    run(place, "merge", *ids, *BY)
    run(place, "withdraw", article, "--quotes", *BY)
    assert "Derived anew from" in run(place, "rebuild").stdout


def test_enter_by_hand(place: str) -> None:
    words = ("enter", "--kind", "consulate", "--owner", "Chile", "--counterpart", "QAT", "--change", "open", "--date",
             "2017-03", "--seat", "Doha", "--quote", "Chile opened a consulate in Doha",
             "--by", "Ada Lind")  # fmt: skip
    assert run(place, *words).stdout == "Entered 1 changes.\n"
    assert "were there already" in run(place, *words).stdout
    assert "consulate in Doha" in run(place, "board", "CHL", "QAT", "--on", "2018").stdout


def test_enter_a_table_lists_faults_by_row_and_records_nothing(place: str, tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text(
        "kind,owner,counterpart,change,by,date,count\n"
        "embassy,CHL,QAT,open,CHL;QAT,2017-03-01,\n"
        "embassy,Narnia,QAT,open,QAT,2017-03-01,\n"
        "embassy,CHL,QAT,shut,QAT,2017-03-32,many\n",
        "utf-8",
    )
    result = run(place, "enter", "--csv", str(table), "--by", "Ada Lind", status=2)
    assert result.stderr.replace(str(tmp_path), "…") == (
        "detente: …/mine.csv: nothing was recorded, since 2 rows are wrong: "
        "row 3: owner: 'Narnia' is no party; give a code such as FRA or NATO, or an English name "
        "row 4: date: '2017-03-32' is no date; write 2021-10-18, 2021-10 or 2021\n"
    )
    assert "Nothing is recorded" in run(place, "board", "CHL", "QAT").stdout
    assert "Entered 1 changes." in run(place, "enter", "--csv", str(table), "--skip-bad", "--by", "Ada Lind").stdout


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("kind,owner\n", "lacks the column 'counterpart'"),
        ("kind,owner,counterpart,change,colour\n", "there is no column 'colour'"),
        ("kind,owner,counterpart,change\n", "has no rows"),
        ("kind,owner,counterpart,change\nembassy,CHL,QAT,open,5\n", "more cells than columns"),
        ("kind,owner,counterpart,change\nembassy,CHL,CHL,open\n", "a line has two ends"),
    ],
)
def test_tables_that_are_none(place: str, tmp_path: Path, text: str, complaint: str) -> None:
    table = tmp_path / "mine.csv"
    table.write_text(text, "utf-8")
    assert complaint in run(place, "enter", "--csv", str(table), "--by", "Ada", status=2).stderr


def test_a_cell_that_a_spreadsheet_would_run_is_text(place: str) -> None:
    run(place, "enter", "--kind", "office", "--owner", "CHL", "--counterpart", "QAT", "--change", "open", "--name",
        "=cmd|' /C calc'!A0", "--by", "Ada", "--date", "2017")  # fmt: skip
    assert ",'=cmd|" in run(place, "board", "CHL", "QAT", "--on", "2018", "--csv").stdout


@pytest.mark.parametrize(
    ("words", "status", "complaint"),
    [
        (("board", "Narnia"), 2, "is no party that détente knows"),
        (("board", "NOR", "NOR"), 2, "a line has two ends"),
        (("board", "--on", "2016-13-01"), 2, "is no date"),
        (("board", "--known", "soon"), 2, "is no date"),
        (("board", "--json", "--csv"), 2, "not both"),
        (("line", "embassy-XXX-YYY"), 7, "there is no line"),
        (("evidence", "ch-0"), 7, "nothing in the ledger has the id"),
        (("correct", "ch-0", "--set", "count=5", *BY), 7, "is no change, event or report"),
        (("correct", "ch-0", *BY), 2, "give --set FIELD=VALUE"),
        (("merge", "ch-0", "ch-1", *BY), 7, "is no change"),
        (("withdraw", "nowhere", *BY), 7, "has no article"),
    ],
)
def test_what_makes_no_sense_is_told(place: str, words: tuple[str, ...], status: int, complaint: str) -> None:
    result = run(place, *words, status=status)
    assert result.stderr.startswith("detente: ") and complaint in result.stderr


def test_no_ledger(tmp_path: Path) -> None:
    result = run(str(tmp_path / "none.db"), "board", status=7)
    assert result.stderr == (
        f"detente: there is no ledger at {tmp_path}/none.db; make one with detente record or detente demo\n"
    )


@pytest.mark.models
def test_record_pages_folders_and_readings(tmp_path: Path) -> None:
    where = str(tmp_path / "new" / "ledger.db")
    page = ("MADRID - Spain expelled four Libyan diplomats on Monday, the foreign ministry said in a statement.\n\n"
            "The four have to leave the country within a week. The ministry gave no reason.")  # fmt: skip
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "one.txt").write_text(page, "utf-8")
    (tmp_path / "bad.bin").write_bytes(b"\x00\x01" * 600)
    stored = tmp_path / "two.json"
    stored.write_text(detente.read(page.replace("Spain", "Italy"), published="2021-10-19").model_dump_json(), "utf-8")
    lines = tmp_path / "three.jsonl"
    lines.write_text(json.dumps({"text": page.replace("Spain", "Malta"), "published": "2021-10-19"}) + "\n{\n", "utf-8")
    pages = (str(tmp_path / "pages"), str(stored), str(lines), str(tmp_path / "bad.bin"))
    result = run(where, "record", *pages, "--published", "2021-10-19", status=5)
    assert "from 3 readings" in result.stdout
    assert "bad.bin" in result.stderr and "three.jsonl, line 2" in result.stderr
    again = run(where, "record", *pages, "--published", "2021-10-19", status=5)
    assert "Recorded no reports from no readings" in again.stdout and "3 readings known already" in again.stdout
    found = {str(row["line"]) for row in rows(where, "board", "--on", "2021-11-01")}
    assert found == {"staff-LBY-ESP", "staff-LBY-ITA", "staff-LBY-MLT"}


@pytest.mark.models
def test_demo_builds_a_ledger(tmp_path: Path) -> None:
    where = str(tmp_path / "demo.db")
    text = run(where, "demo").stdout
    assert "THE RECORD THAT IT JOINS" in text and "◐ limited 30" in text and "◐ limited 20" in text
    assert "suspended" in run(where, "board", "NATO", "RUS", "--on", "2021-11-02").stdout


def test_every_command_is_there_and_says_what_it_does() -> None:
    text = CliRunner().invoke(app, ["--help"]).stdout
    for name in COMMANDS:
        assert f"  {name} " in text
        assert CliRunner().invoke(app, [name, "--help"]).exit_code == 0


def test_help_and_boards_load_nothing_heavy() -> None:
    import subprocess

    heavy = ("spacy", "polars", "pydantic", "trafilatura", "sqlalchemy")
    code = ("import sys; from detente.cli import app; app(['board', '--help'], standalone_mode=False);"
            f"print([m for m in {heavy} if m in sys.modules])")  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
