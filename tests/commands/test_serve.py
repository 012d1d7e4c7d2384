"""detente serve and detente mcp as they are started: what they say, what they refuse, how soon they answer."""

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from detente.cli import app
from detente.ledger import Ledger

COMMAND = [sys.executable, "-c", "from detente.cli import main; main()"]


@contextmanager
def served(*options: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A server as a person starts it; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*COMMAND, "serve", *options, "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            until = time.monotonic() + 60
            while process.poll() is None and time.monotonic() < until:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield port, process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(20)


def got(port: int, path: str, method: str = "GET", body: str | None = None, **headers: str) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


@pytest.mark.slow
def test_it_serves_writes_with_the_token_it_shows_and_ends(tmp_path: Path) -> None:
    where = tmp_path / "ledger.db"
    with served(str(where), "--write") as (port, process):
        assert got(port, "/")[0] == 200
        assert got(port, "/", "HEAD") == (200, "")
        assert process.stderr
        told = process.stderr.readline() + process.stderr.readline()
        found = re.search(r"shown this once: (\S+)", told)
        assert found and f"http://127.0.0.1:{port}/" in told
        entry = json.dumps({"kind": "embassy", "owner": "NOR", "counterpart": "PER", "change": "close"})
        headers = {"Content-Type": "application/json"}
        assert got(port, "/api/v1/changes", "POST", entry, **headers)[0] == 401
        assert got(port, "/api/v1/changes", "POST", entry, **headers, Authorization=f"Bearer {found[1]}")[0] == 201
        process.send_signal(signal.SIGINT)
        out, more = process.communicate(timeout=30)
    assert found[1] not in out + more and "Traceback" not in more
    with Ledger(where) as ledger:
        assert ledger.board("NOR", "PER")["state"].to_list() == ["closed"]


@pytest.mark.slow
def test_the_demonstration_is_built_and_thrown_away() -> None:
    with served("--demo") as (port, _):
        status, text = got(port, "/api/v1/board?a=NATO&b=RUS&on=2021-11-02")
        assert status == 200 and json.loads(text)["rows"]


def test_a_named_ledger_must_be_there(tmp_path: Path) -> None:
    found = CliRunner().invoke(app, ["serve", str(tmp_path / "none.db")])
    assert found.exit_code == 7 and not (tmp_path / "none.db").exists()


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--token", "Ana=a-long-enough-secret"], "--write"),
        (["--write", "--token", "Ana=short"], "16"),
        (["--write", "--token", "Ana"], "NAME=SECRET"),
        (["--port", "70000"], "70000"),
    ],
)
def test_options_that_make_no_sense_are_told(tmp_path: Path, options: list[str], word: str) -> None:
    found = CliRunner().invoke(app, ["serve", str(tmp_path / "ledger.db"), *options])
    assert found.exit_code == 2 and word in found.output
    assert "a-long-enough-secret" not in found.output


def test_serving_more_than_this_machine_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = tmp_path / "ledger.db"
    Ledger(where).close()
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)
    said = {host: CliRunner().invoke(app, ["serve", str(where), "--host", host, "--port", "0"]).output
            for host in ("127.0.0.1", "0.0.0.0", "::")}  # fmt: skip
    assert "whoever reaches this machine" not in said["127.0.0.1"]
    assert "whoever reaches this machine" in said["0.0.0.0"] and "whoever reaches this machine" in said["::"]


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    where = tmp_path / "ledger.db"
    Ledger(where).close()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        found = CliRunner().invoke(app, ["serve", str(where), "--port", str(taken.getsockname()[1])])
    assert found.exit_code == 2 and "name another one" in found.output


def test_a_ledger_that_holds_something_is_no_place_for_the_demonstration(tmp_path: Path) -> None:
    from detente.commands.demonstration import build

    where = tmp_path / "ledger.db"
    with Ledger(where) as ledger:
        build(ledger)
    found = CliRunner().invoke(app, ["serve", str(where), "--demo"])
    assert found.exit_code == 2 and "holds something" in found.output


def test_the_commands_stand_in_the_help() -> None:
    assert {"serve", "mcp"} <= set(re.findall(r"^  (\w+)", CliRunner().invoke(app, ["--help"]).output, re.M))
