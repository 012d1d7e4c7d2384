"""A real browser before a real server on the demonstration ledger, built once for all tests here."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from detente.commands.demonstration import build, bundled
from detente.ledger import Ledger
from detente.web.settings import Settings, tokens_of

CHROMIUM = "/usr/bin/chromium"
TOKEN = "a-token-for-the-browser"
AXE = Path(__file__).parent / "vendored" / "axe.min.js"


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def ledger(tmp_path_factory) -> Path:
    """The demonstration ledger with the bundled article."""
    where = tmp_path_factory.mktemp("browser") / "demo.db"
    with Ledger(where) as made:
        build(made, bundled())
    return where


@dataclass
class Served:
    """A server, and where it is."""

    address: str
    ledger: Path


def _served(settings: Settings) -> Iterator[Served]:
    import uvicorn

    from detente.web.app import create_app

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings), host="127.0.0.1", port=port, log_level="error", ws="none")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    assert server.started
    yield Served(f"http://localhost:{port}", Path(settings.ledger or ""))
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def server(ledger: Path) -> Iterator[Served]:
    """A server that only reads."""
    yield from _served(Settings(ledger=str(ledger)))


@pytest.fixture
def writable(ledger: Path, tmp_path: Path) -> Iterator[Served]:
    """A server through which Ana may write, on a ledger of the test's own."""
    own = shutil.copy(ledger, tmp_path / "ledger.db")
    yield from _served(Settings(ledger=str(own), write=True, tokens=tokens_of([f"Ana={TOKEN}"], "test")))


@pytest.fixture(scope="module")
def chromium():
    """The browser, or a reason why there is none; while it is there its thread can run no other loop of events."""
    if not Path(CHROMIUM).is_file():
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing(f"there is no {CHROMIUM}; on Debian: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@dataclass
class Watch:
    """What went wrong on a page: errors, and requests that left the host."""

    faults: list[str] = field(default_factory=list)

    def over(self, page, host: str) -> None:
        """Listen to a page."""

        def asked(request):
            if not request.url.startswith((host, "data:", "file:")):
                self.faults.append(f"asked elsewhere: {request.url}")

        page.on("console", lambda m: self.faults.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: self.faults.append(str(e)))
        page.on("request", asked)
        page.on(
            "requestfailed",
            lambda r: self.faults.append(f"failed: {r.url}") if "abort" not in (r.failure or "").lower() else None,
        )


@pytest.fixture
def visit(chromium):
    """Opens pages in windows of any sort; nothing may go wrong on any of them."""
    watch, contexts = Watch(), []

    def opened(served: Served, address: str, **sort):
        context = chromium.new_context(base_url=served.address, **({"viewport": {"width": 1200, "height": 900}} | sort))
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        watch.over(page, served.address)
        answer = page.goto(address)
        assert answer and answer.status == 200, f"{address}: {answer and answer.status}"
        return page

    yield opened
    for context in contexts:
        context.close()
    assert watch.faults == []


@pytest.fixture(scope="session")
def faults_of():
    """The serious faults that axe finds on a page."""
    source = AXE.read_text("utf-8")

    def found(page) -> list[str]:
        page.evaluate(source)
        told = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{v['id']}: {n['html'][:120]} {n['failureSummary'][:160]}"
            for v in told["violations"] if v["impact"] in ("serious", "critical") for n in v["nodes"]
        ]  # fmt: skip

    return found
