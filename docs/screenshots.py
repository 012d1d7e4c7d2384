"""Pictures of the main pages, for the README and the documentation: `make screenshots`.

What always holds: they show the demonstration ledger as it is served; no picture is larger than a limit.
"""

from __future__ import annotations

import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from detente.commands.demonstration import build, bundled
from detente.ledger import Ledger
from detente.web.settings import Settings

CHROMIUM = "/usr/bin/chromium"
IMAGES = Path(__file__).parent / "images"
LARGEST = 200_000
WIDE, NARROW = {"width": 1200, "height": 860}, {"width": 390, "height": 860}
THEN = "on=2021-11-20"
PICTURES = {
    "board": (f"/board/NATO/RUS?{THEN}", WIDE, "light"),
    "timeline": (f"/timeline/NATO/RUS?since=2021-07&until=2022-01&{THEN}", WIDE, "light"),
    "article": ("article", {"width": 1100, "height": 680}, "light"),
    "forecast": ("/forecast/NATO/RUS?on=2021-10-10", WIDE, "light"),
    "risk": (f"/risk/NATO/RUS?{THEN}", WIDE, "light"),
    "narrow": (f"/board/NATO/RUS?{THEN}", NARROW, "dark"),
}
"""Each picture: what it shows, how large a window, in which colours."""


@contextmanager
def served() -> Iterator[str]:
    """A server on the demonstration ledger."""
    import uvicorn

    from detente.web.app import create_app

    reading = bundled()
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        with Ledger(f"{folder}/demo.db") as ledger:
            build(ledger, reading)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        app = create_app(Settings(ledger=f"{folder}/demo.db"))
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://localhost:{port}"
        server.should_exit = True
        thread.join(10)


def main() -> int:
    """Make the pictures."""
    from playwright.sync_api import sync_playwright

    if not Path(CHROMIUM).is_file():
        sys.stderr.write(f"there is no {CHROMIUM}; on Debian: apt-get install chromium\n")
        return 1
    IMAGES.mkdir(exist_ok=True)
    with served() as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for name, (where, size, scheme) in PICTURES.items():
            page = browser.new_page(viewport=size, color_scheme=scheme, locale="en-GB")
            if where == "article":
                page.goto(f"{address}/search?q=hang+up")
                page.get_by_role("link", name="hang up the phone").first.click()
                page.wait_for_selector(".block")
            else:
                page.goto(address + where)
            page.screenshot(path=IMAGES / f"{name}.png")
            page.close()
            held = (IMAGES / f"{name}.png").stat().st_size
            print(f"{name}.png {held:,} bytes")
            if held > LARGEST:
                raise SystemExit(f"{name}.png has {held:,} bytes; {LARGEST:,} are allowed")
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
