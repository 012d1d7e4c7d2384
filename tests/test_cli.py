"""The command line, as a person meets it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from detente.cli import app, main
from detente.model import Reading
from tests.views.sample import READING

TEXT = "MADRID - Spain expelled four Libyan diplomats on Monday. Libya closed its embassy in Madrid in response.\n" * 2
HEAVY = ("pydantic", "spacy", "rich", "jinja2", "httpx", "trafilatura", "polars", "fastapi", "detente.model")


def run(*arguments: Any, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin, prog_name="detente")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page, and a coder that takes no time over it."""
    monkeypatch.setattr("detente.cli._read_page", lambda source, **known: READING)
    path = tmp_path / "page.txt"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["read", "--help"], ["demo", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    probe = (
        f"import sys\nfrom detente.cli import main\nsys.argv[1:] = {arguments!r}\n"
        f"try:\n    main()\nfinally:\n    print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "[]\n")


def test_version() -> None:
    assert run("--version").stdout == "detente 0.1.0\n"


def test_schema_is_one_and_fits_a_reading() -> None:
    contract = json.loads(run("schema").stdout_bytes)
    jsonschema.Draft202012Validator.check_schema(contract)
    jsonschema.validate(READING.model_dump(mode="json"), contract)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"format": "detente.reading/2"}, contract)


# one page


def test_the_terminal_view_is_what_comes_by_itself(page: Path) -> None:
    done = run("read", page)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "THE BOARD" in done.stdout


def test_json(page: Path) -> None:
    done = run("read", page, "--json")
    assert Reading.model_validate_json(done.stdout_bytes) == READING


def test_dossiers_are_written_and_written_over(page: Path, tmp_path: Path) -> None:
    html, md = tmp_path / "a.html", tmp_path / "a.md"
    html.write_text("old " * 10_000)
    done = run("read", page, "--html", html, "--md", md)
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"detente: wrote {html}\ndetente: wrote {md}\n"
    assert html.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert "old " not in html.read_text("utf-8")
    assert md.read_text("utf-8").startswith("# Eight badges")


def test_a_dossier_can_be_printed(page: Path) -> None:
    assert run("read", page, "--md", "-").stdout.startswith("# Eight badges")


def test_why(page: Path) -> None:
    assert "rule       sample" in run("read", page, "--why").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "no page was named; give a file, an address, - for standard input, or --batch IN OUT"),
        (["{page}", "--published", "2021-02-30"],
         "--published: “2021-02-30” is no date; give a day, month or year such as 2021-10-18, 2021-10 or 2021"),
        (["{page}", "--published", "\x1b[2J"],
         "--published: “\\x1b[2J” is no date; give a day, month or year such as 2021-10-18, 2021-10 or 2021"),
        (["{page}", "--json", "--why"],
         "only one of --json, --why, --html - and --md - can go to standard output; ask for one of them"),
        (["{page}", "--html", "x", "--md", "./x"], "--html and --md name the same file, x; give them two names"),
        (["{page}", "--html", "{page}"], "--html: {page} is the page itself; give the dossier another name"),
        (["{page}", "--html", "/nowhere/x.html"],
         "--html: /nowhere/x.html cannot be written (no such file or directory); name another file"),
        (["{page}", "--md", "/"], "--md: / cannot be written (is a directory); name another file"),
        (["--batch", "a", "b", "--json"], "--batch takes no PAGE, --published, --title, --json, --html, --md or --why; "
         "dates and titles stand in the lines of IN"),
        (["--batch", "{page}", "{page}"], "--batch: {page} is both IN and OUT; give the output another name"),
        (["--batch", "{page}", "/"], "--batch: / cannot be written (is a directory); name another file"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told_before_any_work(
    arguments: list[str], message: str, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_work(*_: Any, **__: Any) -> Reading:
        raise AssertionError("work was begun")

    monkeypatch.setattr("detente.cli._read_page", no_work)
    monkeypatch.setattr("detente.cli._reader", no_work)
    done = run("read", *(argument.replace("{page}", str(page)) for argument in arguments))
    assert (done.exit_code, done.stderr) == (2, f"detente: {message.replace('{page}', str(page))}\n")
    assert page.read_text("utf-8") == TEXT


def test_a_probe_leaves_no_trace(page: Path, tmp_path: Path) -> None:
    done = run("read", tmp_path / "none.txt", "--html", tmp_path / "a.html")
    assert done.exit_code == 3
    assert not (tmp_path / "a.html").exists()


@pytest.mark.parametrize(
    ("content", "kind"), [(None, 3), (b"", 3), (b"\x00\x01\x02\xff" * 50, 3), (b"   \n\n  ", 3)],
    ids=["missing", "empty", "binary", "blank"],
)  # fmt: skip
def test_a_page_that_cannot_be_read_is_one_sentence(content: bytes | None, kind: int, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    if content is not None:
        path.write_bytes(content)
    done = run("read", path)
    assert done.exit_code == kind
    assert done.stdout == ""
    assert done.stderr.startswith("detente: ")
    assert done.stderr.count("\n") == 1


def test_an_address_in_a_private_network_is_refused() -> None:
    done = run("read", "http://127.0.0.1:9/x")
    assert done.exit_code == 4
    assert "--allow-private" in done.stderr


def test_ctrl_c(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any, **__: Any) -> Reading:
        raise KeyboardInterrupt

    monkeypatch.setattr("detente.cli._read_page", interrupted)
    done = run("read", page)
    assert (done.exit_code, done.stderr) == (130, "detente: interrupted\n")


def test_a_fault_of_our_own_shows_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("detente.cli.app.main", lambda **_: 1 / 0)
    monkeypatch.delenv("DETENTE_TRACEBACK", raising=False)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith(
        "detente: a fault in détente itself (ZeroDivisionError: division by zero); "
    )
    monkeypatch.setenv("DETENTE_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        main()


def test_a_full_disk_is_no_fault_of_ours(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def full(**_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("detente.cli.app.main", full)
    with pytest.raises(SystemExit):
        main()
    told = "detente: the system refused: No space left on device; free some room or name another place\n"
    assert capsys.readouterr().err == told


# as a process


def start(*arguments: str, **known: Any) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", "from detente.cli import main; main()", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **known)


def test_a_reader_that_goes_away_is_no_trouble() -> None:
    process = start("schema", env=os.environ | {"PYTHONUNBUFFERED": "1"})
    with process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.models
def test_a_terminal_without_our_letters_does_no_harm() -> None:
    process = start("demo", env=os.environ | {"PYTHONIOENCODING": "ascii"})
    out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert b"THE BOARD" in out


@pytest.mark.models
def test_a_batch_cut_short_keeps_what_was_done(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    process = start("read", "--batch", "-", str(out), stdin=subprocess.PIPE)
    assert process.stdin
    process.stdin.write(json.dumps({"id": "a", "text": TEXT}).encode() + b"\n")
    process.stdin.flush()
    for _ in range(600):
        if out.exists() and out.read_bytes().endswith(b"\n"):
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert json.loads(out.read_text("utf-8"))["id"] == "a"


# with the coder


@pytest.mark.models
def test_batch(tmp_path: Path) -> None:
    lines = [
        {"id": "a", "text": TEXT, "published": "2021-10-22"},
        {"id": "b", "text": TEXT, "published": "2021-22-10"},
        {"id": "c", "text": ""},
        {"id": "d", "text": TEXT, "title": "Four"},
    ]
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    target.write_text("old\n" * 100)
    done = run("read", "--batch", source, target)
    assert done.exit_code == 5
    assert done.stderr == f"detente: 2 of 4 lines could not be read; each has its “error” in {target}\n"
    found = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert [one["id"] for one in found] == ["a", "b", "c", "d"]
    assert [one.get("kind") for one in found] == [None, "UsageFault", "PageEmpty", None]
    assert found[3]["title"] == "Four"
    piped = run("read", "--batch", "-", "-", stdin=source.read_bytes())
    assert piped.exit_code == 5
    assert piped.stdout_bytes == target.read_bytes()


@pytest.mark.models
def test_the_demonstration() -> None:
    done = run("demo")
    assert (done.exit_code, done.stderr) == (0, "")
    for part in (
        "lines between Russia and NATO are down",
        "EVENTS",
        "WHAT ANSWERED WHAT",
        "WHO HOLDS WHAT",
        "SET ASIDE",
    ):
        assert part in done.stdout
    reading = Reading.model_validate_json(run("demo", "--json").stdout_bytes)
    found = {(line.kind, line.owner, line.change) for line in reading.lines}
    assert {
        ("staff", "RUS", "limit"),
        ("mission", "RUS", "suspend"),
        ("envoy", "RUS", "suspend"),
        ("liaison", "NATO", "suspend"),
        ("office", "NATO", "close"),
    } <= found
    parties = {code for event in reading.events for code in (*event.source, *event.target)}
    assert not parties & {"NGA", "CHL", "PER", "ECU"}
