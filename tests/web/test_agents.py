"""Agents, with the library's own client: over standard input and output, and over HTTP from a real server."""

import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
import uvicorn
from mcp import Client, StdioServerParameters

from detente.ledger import Ledger
from detente.web.agents import server_of
from detente.web.app import create_app
from detente.web.settings import Settings

READS = {"board", "whom_to_call", "line", "timeline", "moves", "evidence", "search", "forecast", "risk"}
CALLS: dict[str, dict[str, Any]] = {
    "board": {"a": "NATO", "b": "Russia", "on": "2021-11-02"}, "whom_to_call": {"a": "NATO", "b": "RUS", "on": "2014"},
    "line": {"id": "mission-RUS-NATO"}, "timeline": {"a": "NATO", "b": "RUS"}, "moves": {"since": "2021"},
    "evidence": {"id": "mission-RUS-NATO"}, "search": {"words": "embassy"},
    "forecast": {"a": "NATO", "b": "RUS", "on": "2021-10-10"}, "risk": {"a": "NATO", "b": "RUS", "on": "2021-11-02"},
}  # fmt: skip


def asked(server: Any, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """The answers of a server, each as it comes."""

    async def run() -> list[Any]:
        async with Client(server) as client:
            return [await client.call_tool(name, given) for name, given in calls]

    return anyio.run(run)


@pytest.fixture(scope="module")
def address(demonstration: Path) -> Iterator[str]:
    """Where a real server answers agents."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(create_app(Settings(ledger=str(demonstration))), port=port, log_level="error")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}/mcp"
    server.should_exit = True
    thread.join()


def stdio(where: Path) -> StdioServerParameters:
    command = "from detente.cli import main; main()"
    paths = {"PYTHONPATH": ":".join(part for part in sys.path if part)}
    return StdioServerParameters(command=sys.executable, args=["-c", command, "mcp", str(where)], env=paths)


@pytest.fixture(params=[pytest.param("stdio", marks=pytest.mark.slow), "http", "within"])
def server(request: pytest.FixtureRequest, demonstration: Path) -> Iterator[Any]:
    if request.param == "http":
        yield request.getfixturevalue("address")
    elif request.param == "stdio":
        yield stdio(demonstration)
    else:
        with Ledger(demonstration, create=False, readonly=True) as ledger:
            yield server_of(ledger)


def test_every_tool_answers_with_evidence_that_is_there(server: Any) -> None:
    answers = asked(server, *CALLS.items())
    ids = set()
    for name, answer in zip(CALLS, answers, strict=True):
        assert not answer.is_error, (name, answer.content)
        told = answer.structured_content
        assert told["rows"] and told["count"] >= len(told["rows"]), name
        assert told["evidence"], name
        ids |= set(told["evidence"][:3])
    for found in asked(server, *(("evidence", {"id": name}) for name in sorted(ids))):
        assert found.structured_content["rows"]


def test_an_error_is_a_sentence(server: Any) -> None:
    wrong = [("board", {"a": "Atlantis"}), ("line", {"id": "x"}), ("board", {"on": "soon"}), ("board", {"b": "RUS"}),
             ("board", {"limit": 10**6}), ("no_such_tool", {})]  # fmt: skip
    for (name, given), answer in zip(wrong, asked(server, *wrong), strict=True):
        assert answer.is_error, (name, given)
        assert "Traceback" not in str(answer.content)


def test_every_tool_says_that_it_only_reads(demonstration: Path) -> None:
    async def run() -> list[Any]:
        with Ledger(demonstration, create=False, readonly=True) as ledger:
            async with Client(server_of(ledger)) as client:
                return (await client.list_tools()).tools

    tools = anyio.run(run)
    assert {tool.name for tool in tools} >= READS
    for tool in tools:
        assert tool.annotations.read_only_hint and tool.description
        assert tool.output_schema["properties"]["evidence"]


def test_as_of_then(server: Any) -> None:
    then, later = asked(server, ("board", {"a": "NATO", "b": "RUS", "on": "2021-10-10"}),
                        ("board", {"a": "NATO", "b": "RUS", "on": "2021-11-02"}))  # fmt: skip
    states = [{r["line"]: r["state"] for r in one.structured_content["rows"]} for one in (then, later)]
    assert states[0] != states[1]


def test_quotes_only_hands_on_quotes_only(demonstration: Path) -> None:
    with Ledger(demonstration, create=False, readonly=True) as ledger:
        [answer] = asked(server_of(ledger, quotes_only=True), ("evidence", {"id": "mission-RUS-NATO"}))
    rows = answer.structured_content["rows"]
    assert all(row["context"] is None for row in rows) and any(row["quote"] for row in rows)
