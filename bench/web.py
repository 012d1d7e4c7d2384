"""Speed of the board page under load, against the same handler returning a constant.

A ledger of made-up reports (those of bench/ledger.py) is served by one process, as detente serve does it; twenty
readers ask for boards as fast as they are answered, each over its own connection, while another process records one
article after another. Beside the same writer they ask for a handler with the same parameters that returns a page of
the same size, looks nothing up and is never kept; and for boards that are not kept either, each made anew. All of it
on this machine's loopback.
Run: python bench/web.py [--reports 100000] [--seconds 10]
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import uvicorn
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from detente.ledger import schema
from detente.ledger.ledger import Ledger
from detente.web.app import create_app
from detente.web.queries import Clocks, Part
from detente.web.settings import Settings
from ledger import articles, fill

READERS = 20
PAUSE_S = 0.1
"""Seconds between two articles of the writer."""
GOALS = (5.0, 10.0)
"""Times the constant handler's median and 99th percentile."""


def serve(where: str, port: int, size: int) -> None:
    """Serve a ledger, and a handler that returns a constant."""
    app = create_app(Settings(ledger=where, port=port))
    page = "x" * size

    @app.get("/constant/{a}/{b}")
    def constant(clocks: Clocks, part: Part, a: str, b: str) -> HTMLResponse:
        return HTMLResponse(page)

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


def record(where: str, stop: Any, written: Any) -> None:
    """Record one article after another."""
    stream = articles(seed=2)
    with Ledger(where, create=False) as ledger:
        while not stop.is_set():
            ledger.record([next(stream)])
            written.value += 1
            time.sleep(PAUSE_S)


async def reader(port: int, paths: Sequence[str], until: float, times: list[float], headers: str) -> int:
    """Ask over one connection until a time; how many requests failed."""
    stream, out = await asyncio.open_connection("127.0.0.1", port)
    failed, turn = 0, 0
    while time.perf_counter() < until:
        began = time.perf_counter()
        path = paths[turn % len(paths)]
        out.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode())
        head = (await stream.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length: ")[1].split("\r\n")[0])
        await stream.readexactly(length)
        times.append(time.perf_counter() - began)
        failed += not head.startswith("http/1.1 200")
        turn += 1
    out.close()
    return failed


async def readers(port: int, paths: Sequence[str], seconds: float, headers: str) -> tuple[list[float], int]:
    """The times of all requests of some readers, each of which begins elsewhere in the list; and how many failed."""
    times: list[float] = []
    until = time.perf_counter() + seconds
    step = max(1, len(paths) // READERS)
    own = [list(paths[i * step :]) + list(paths[: i * step]) for i in range(READERS)]
    failed = await asyncio.gather(*(reader(port, some, until, times, headers) for some in own))
    return times, sum(failed)


def started(port: int) -> None:
    """Wait until a server answers."""
    until = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def told(name: str, times: Sequence[float], failed: int, seconds: float) -> tuple[float, float]:
    """Print and return the median and the 99th percentile, in milliseconds."""
    median, p99 = 1000 * statistics.median(times), 1000 * statistics.quantiles(times, n=100)[98]
    print(f"{name}: median {median:.1f} ms, p99 {p99:.1f} ms, {len(times) / seconds:.0f} a second, {failed} failed")
    return median, p99


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser()
    options.add_argument("--reports", type=int, default=100_000)
    options.add_argument("--seconds", type=float, default=10.0)
    options.add_argument("--ledger", help="a ledger that was filled before; it is written to")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        where = Path(given.ledger or f"{folder}/ledger.db")
        with Ledger(where) as ledger:
            if not given.ledger or ledger.store.path.stat().st_size < 1_000_000:
                fill(ledger, articles(), given.reports)
            with ledger.asked() as connection:
                table = schema.lines
                pairs = connection.execute(
                    select(table.c.a, table.c.b).distinct().order_by(table.c.id).limit(200)
                ).all()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        _measure(where, port, [f"{a}/{b}" for a, b in pairs], given.seconds)


def _measure(where: Path, port: int, pairs: list[str], seconds: float) -> None:
    make = multiprocessing.get_context("spawn")
    stop, written = make.Event(), make.Value("i", 0)
    server = make.Process(target=serve, args=(str(where), port, 40_000), daemon=True)
    writer = make.Process(target=record, args=(str(where), stop, written), daemon=True)
    server.start()
    started(port)
    writer.start()
    boards, anew = [f"/board/{p}" for p in pairs], "Range: bytes=0-\r\n"  # what is asked for in part is never kept
    kinds = {"constant": ([f"/constant/{p}" for p in pairs], anew), "board of a pair": (boards, ""),
             "board of a pair, made anew": (boards, anew), "board of all": (["/"], "")}  # fmt: skip
    figures = {}
    for name, (paths, headers) in kinds.items():
        asyncio.run(readers(port, paths, min(2.0, seconds), headers))  # to warm up
        figures[name] = told(name, *asyncio.run(readers(port, paths, seconds, headers)), seconds)
    stop.set()
    writer.join(30)
    print(f"meanwhile {written.value} articles were recorded")
    for name in list(kinds)[1:]:
        ratios = [ours / theirs for ours, theirs in zip(figures[name], figures["constant"], strict=True)]
        print(f"{name}, times the constant: median {ratios[0]:.1f} (goal: {GOALS[0]:.0f}), p99 {ratios[1]:.1f} "
              f"(goal: {GOALS[1]:.0f})")  # fmt: skip
    server.terminate()


if __name__ == "__main__":
    sys.exit(main())
