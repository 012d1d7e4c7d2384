"""Fetching: what a server may answer, and where no page leads."""

import gzip
import socket
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

import detente.sources.fetch
from detente.errors import AddressRefused, DetenteError, FetchError, PageTooLarge
from detente.sources.fetch import LONGEST_SHOWN, MOST_HOPS, fetch
from detente.sources.lookup import is_public

TEXT = b"The envoy went home on Tuesday, and nobody has been sent in her place."
Answer = tuple[int, dict[str, str], bytes]


@cache
def bomb(size: int, times: int) -> bytes:
    """So many bytes, packed so many times."""
    data = bytes(size)
    for _ in range(times):
        data = gzip.compress(data, 1)
    return data


def answer_to(path: str) -> Answer:
    """What the server has under a path."""
    name, _, value = path.strip("/").partition("/")
    html = {"Content-Type": "text/html; charset=utf-8"}
    match name:
        case "page":
            return 200, html, TEXT
        case "type":
            return 200, {"Content-Type": value}, TEXT
        case "untyped":
            return 200, {}, TEXT
        case "status":
            return int(value), html, b"<p>Sorry.</p>"
        case "sorry":
            return int(value), html | {"Content-Length": "30000000"}, b"<p>Sorry.</p>"
        case "coding":
            return 200, html | {"Content-Encoding": value}, TEXT
        case "hops":
            return 302, {"Location": f"/hops/{int(value) - 1}" if int(value) > 1 else "/page"}, b""
        case "loop":
            return 301, {"Location": "/loop"}, b""
        case "gzip":
            return 200, html | {"Content-Encoding": "gzip"}, gzip.compress(TEXT)
        case "nogzip":
            return 200, html | {"Content-Encoding": "gzip"}, TEXT
        case "declared":
            return 200, html | {"Content-Length": "30000000"}, b""
        case "long":
            return 200, html, b"x" * 20_000_001
        case "bomb":
            return 200, html | {"Content-Encoding": "gzip"}, bomb(60_000_000, 1)
        case "bombs":
            return 200, html | {"Content-Encoding": "gzip, gzip"}, bomb(150_000_000, 2)
    return 404, html, b""


class Site(ThreadingHTTPServer):
    """A site on this machine, which keeps what was asked of it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str]] = []
        self.redirects: dict[str, str] = {}

    def at(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_port}{path}"

    def redirect(self, to: str) -> str:
        self.redirects["/away"] = to
        return "/away"

    def handle_error(self, *_: object) -> None:
        """Whoever was asking has gone away."""


class Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.server.asked.append((self.headers["Host"], self.path))
        if self.path in self.server.redirects:
            status, headers, body = 302, {"Location": self.server.redirects[self.path]}, b""
        else:
            status, headers, body = answer_to(self.path)
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[Site]:
    with Site() as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield site
        site.shutdown()
        thread.join()


@pytest.fixture
def site(server: Site) -> Site:
    server.asked.clear()
    server.redirects.clear()
    return server


@contextmanager
def speaker(speak: Callable[[socket.socket], None]) -> Iterator[str]:
    """The address of a server that says to its one guest what it likes."""

    def serve() -> None:
        with suppress(OSError):
            guest, _ = listener.accept()
            with guest:
                guest.recv(65536)
                speak(guest)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    thread.join(10)


def says(data: bytes) -> Callable[[socket.socket], None]:
    return lambda guest: guest.sendall(data)


def drips(start: bytes, drop: bytes, *, drops: int = 22) -> Callable[[socket.socket], None]:
    """Says its start at once, then drop after drop, each soon enough not to be given up for dead."""

    def speak(guest: socket.socket) -> None:
        guest.sendall(start)
        for _ in range(drops):
            time.sleep(0.05)
            guest.sendall(drop)

    return speak


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """A name server of our own: the numbers of each name, of which one more is dropped at each question, but the last.

    Numbers are found as ever.
    """
    known: dict[str, list[str]] = {}
    really = socket.getaddrinfo

    def look_up(host: Any, port: Any, *rest: Any, **options: Any) -> Any:
        if host in known:
            numbers = known[host]
            host = numbers.pop(0) if len(numbers) > 1 else numbers[0]
        elif not host[-1].isdigit() and ":" not in host:
            raise socket.gaierror(-2, "Name or service not known")
        return really(host, port, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.fixture
def open_net(monkeypatch: pytest.MonkeyPatch) -> None:
    """127.0.0.1 counts as public, as if the site stood on the open net; all else is as ever."""
    monkeypatch.setattr(detente.sources.fetch, "is_public", lambda number: number == "127.0.0.1" or is_public(number))


# what a server may answer


def test_a_page_comes_with_its_address_and_type(site: Site) -> None:
    page = fetch(site.at("/page"), allow_private=True)
    assert (page.data, page.address, page.content_type) == (TEXT, site.at("/page"), "text/html; charset=utf-8")
    assert page.name == page.address


def test_a_gzipped_page_is_unpacked(site: Site) -> None:
    assert fetch(site.at("/gzip"), allow_private=True).data == TEXT


@pytest.mark.parametrize("kind", ["text/plain", "TEXT/HTML;charset=x", "application/xhtml+xml", "application/pdf"])
def test_pages_of_every_type_are_taken(kind: str, site: Site) -> None:
    assert fetch(site.at(f"/type/{kind}"), allow_private=True).content_type == kind


def test_a_page_without_type_is_taken(site: Site) -> None:
    assert fetch(site.at("/untyped"), allow_private=True).content_type is None


@pytest.mark.parametrize("kind", ["image/png", "application/json", "video/mp4", "text/css;charset=utf-8"])
def test_what_is_no_page_is_told(kind: str, site: Site) -> None:
    with pytest.raises(FetchError) as told:
        fetch(site.at(f"/type/{kind}"), allow_private=True)
    assert f"is of type {kind.split(';')[0]}, not a text, HTML or PDF page; give the article's own" in str(told.value)


@pytest.mark.parametrize(
    ("status", "what"),
    [(404, "has no such page"), (410, "has no such page"), (403, "does not give the page"),
     (500, "does not give the page"), (503, "does not give the page"), (206, "does not give the page"),
     (301, "does not give the page"), (304, "does not give the page")],
)  # fmt: skip
def test_a_status_is_told(status: int, what: str, site: Site) -> None:
    with pytest.raises(FetchError) as told:
        fetch(site.at(f"/status/{status}"), allow_private=True)
    assert str(told.value).startswith(f"127.0.0.1 {what} (status {status}); check the address")


@pytest.mark.parametrize("status", [404, 500])
def test_an_error_is_told_by_its_status_however_much_comes_with_it(status: int, site: Site) -> None:
    with pytest.raises(FetchError, match=rf"\(status {status}\)"):
        fetch(site.at(f"/sorry/{status}"), allow_private=True)


def test_what_a_redirect_carries_is_not_read(site: Site) -> None:
    start = b"HTTP/1.1 302 Found\r\nContent-Length: 30000000\r\nLocation: %s\r\n\r\n" % site.at("/page").encode()
    with speaker(drips(start, b"x")) as address:
        assert fetch(address, allow_private=True, seconds=2).data == TEXT


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip,gzip", "gzip,identity"])
def test_a_coding_that_was_not_asked_for_is_told(coding: str, site: Site) -> None:
    with pytest.raises(FetchError, match=rf"^127\.0\.0\.1 packs the page as “{coding}”, which was not asked for; open"):
        fetch(site.at(f"/coding/{coding}"), allow_private=True)


@pytest.mark.parametrize("coding", ["identity", "Identity"])
def test_a_page_that_is_not_packed_is_taken(coding: str, site: Site) -> None:
    assert fetch(site.at(f"/coding/{coding}"), allow_private=True).data == TEXT


def test_a_short_chain_of_redirects_is_followed(site: Site) -> None:
    page = fetch(site.at(f"/hops/{MOST_HOPS}"), allow_private=True)
    assert (page.data, page.address) == (TEXT, site.at("/page"))
    assert len(site.asked) == MOST_HOPS + 1


@pytest.mark.parametrize("path", [f"/hops/{MOST_HOPS + 1}", "/loop"])
def test_a_long_chain_of_redirects_is_told(path: str, site: Site) -> None:
    with pytest.raises(FetchError) as told:
        fetch(site.at(path), allow_private=True)
    assert str(told.value).startswith(f"{site.at(path)} redirects more than 5 times; open it in a browser")
    assert len(site.asked) == MOST_HOPS + 1


@pytest.mark.parametrize("path", ["/declared", "/long", "/bomb"])
def test_a_page_over_the_limit_is_told(path: str, site: Site) -> None:
    with pytest.raises(PageTooLarge, match=r"^the page at 127\.0\.0\.1 is larger than 20 MB; it is no single article$"):
        fetch(site.at(path), allow_private=True)


@pytest.mark.parametrize("path", ["/bomb", "/bombs"])
def test_a_bomb_does_not_fill_the_memory(path: str, site: Site) -> None:
    answer_to(path)  # packs the bomb, which takes memory, too
    with measured() as peak, suppress(FetchError, PageTooLarge):
        fetch(site.at(path), allow_private=True)
    assert peak[0] < 110_000_000


@contextmanager
def measured() -> Iterator[list[int]]:
    """The most memory that was held at a time."""
    peak = [0]
    tracemalloc.start()
    try:
        yield peak
    finally:
        peak[0] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()


@pytest.mark.parametrize(
    "speech",
    [
        b"",
        b"220 mail.example ready\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000,
        b"\x16\x03\x01\x00\xff" * 20,
    ],
    ids=["nothing", "mail", "bad length", "cut off", "bad chunk", "no gzip", "endless head", "noise"],
)
def test_a_server_that_speaks_nonsense_is_told(speech: bytes) -> None:
    with speaker(says(speech)) as address, pytest.raises(FetchError) as told:
        fetch(address, allow_private=True, seconds=3)
    assert "127.0.0.1 could not be reached (" in str(told.value)
    assert str(told.value).endswith("; check the address and the network")


def test_https_to_a_server_without_it_is_told(site: Site) -> None:
    with pytest.raises(FetchError, match="could not be reached"):
        fetch(site.at("/page").replace("http:", "https:"), allow_private=True)


def test_a_closed_port_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(FetchError, match=r"^127\.0\.0\.1 could not be reached \(.*refused\); check the address"):
        fetch(f"http://127.0.0.1:{port}/", allow_private=True)


def test_an_unknown_host_is_told(names: dict[str, list[str]]) -> None:
    with pytest.raises(FetchError, match=r"^the host nobody\.example cannot be found; check the address and the net"):
        fetch("http://nobody.example/a")


def test_the_next_number_is_tried_where_the_first_does_not_answer(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    really = socket.getaddrinfo

    def look_up(host: Any, *rest: Any, **options: Any) -> Any:
        if host != "two.example":
            return really(host, *rest, **options)
        return really("127.0.0.3", *rest, **options) + really("127.0.0.1", *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert fetch(site.at("/page", "two.example"), allow_private=True).data == TEXT


def test_no_proxy_of_the_environment_is_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert fetch(site.at("/page"), allow_private=True).data == TEXT


# time


def test_a_server_that_never_answers_is_left() -> None:
    began = time.monotonic()
    with speaker(lambda guest: time.sleep(0.8)) as address:
        with pytest.raises(
            FetchError, match=r"^127\.0\.0\.1 did not answer in time; try again later, or save the page"
        ):
            fetch(address, allow_private=True, seconds=0.3)
        assert time.monotonic() - began < 0.7


PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
EMPTY_BLOCK = b"\x00\x00\x00\xff\xff"
GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (PLAIN + b"Content-Length: 100000\r\n\r\n", b"x"),
        (PLAIN, b"X: y\r\n"),
        (PLAIN + b"Content-Encoding: gzip\r\n\r\n" + GZIP_HEAD, EMPTY_BLOCK),
        (PLAIN + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x"),
    ],
    ids=["body", "head", "gzip of nothing", "chunk extension"],
)
def test_a_server_that_drips_is_left(start: bytes, drop: bytes) -> None:
    with speaker(drips(start, drop)) as address:
        began = time.monotonic()
        with pytest.raises(FetchError, match="try again later, or save the page to a file"):
            fetch(address, allow_private=True, seconds=0.3)
        assert time.monotonic() - began < 0.8


def test_a_server_that_never_comes_to_tls_is_left() -> None:
    began = time.monotonic()
    with speaker(lambda guest: time.sleep(0.8)) as address:
        with pytest.raises(FetchError, match="did not answer in time"):
            fetch(address.replace("http:", "https:"), allow_private=True, seconds=0.3)
        assert time.monotonic() - began < 0.7


def test_a_name_server_that_never_answers_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [done.wait(5)][:0])
    began = time.monotonic()
    with pytest.raises(FetchError, match=r"^the host slow\.example could not be looked up in time; try again later"):
        fetch("http://slow.example/", seconds=0.2)
    assert time.monotonic() - began < 0.7
    done.set()


def test_a_name_server_that_hangs_does_not_keep_the_program() -> None:
    script = (
        "import socket, time\n"
        "socket.getaddrinfo = lambda *_, **__: time.sleep(60)\n"
        "from detente.sources.fetch import fetch\n"
        "fetch('http://slow.example/', seconds=0.2)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30)
    assert "could not be looked up in time" in done.stderr


@pytest.mark.parametrize("silent", [1, 4])
def test_numbers_that_never_answer_leave_time_for_the_one_that_does(
    silent: int, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, look_up = socket.create_connection, socket.getaddrinfo

    def swallow(address: tuple[str, int], timeout: float, **options: Any) -> socket.socket:
        if address[0] != "127.0.0.1":
            time.sleep(timeout)
            raise TimeoutError("timed out")
        return connect(address, timeout, **options)

    def known(host: str, *rest: Any, **options: Any) -> Any:
        rows = [row for n in range(silent) for row in look_up(f"127.0.0.{n + 2}", *rest, **options)]
        return rows + look_up("127.0.0.1", *rest, **options)

    monkeypatch.setattr(socket, "create_connection", swallow)
    monkeypatch.setattr(socket, "getaddrinfo", known)
    assert fetch(site.at("/page", "many.example"), allow_private=True, seconds=1.5).data == TEXT


def test_redirects_share_one_allowance_of_time(site: Site) -> None:
    def late(guest: socket.socket) -> None:
        time.sleep(0.3)
        guest.sendall(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n" % second.encode())

    with speaker(lambda guest: time.sleep(0.9)) as second, speaker(late) as first:
        began = time.monotonic()
        with pytest.raises(FetchError, match="did not answer in time"):
            fetch(first, allow_private=True, seconds=0.5)
        assert time.monotonic() - began < 0.75


# where no page leads


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "127.8.8.8", "2130706433", "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "0", "0.0.0.0",
        "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.1.2.3]",
        "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "[fe80::1]", "[fd00::1]", "[ff02::1]", "10.0.0.1", "172.16.0.1",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1", "①②⑦.0.0.1",
        "127。0。0。1",
    ],
)  # fmt: skip
def test_no_number_leads_into_a_private_network(host: str, site: Site) -> None:
    with pytest.raises(AddressRefused) as told:
        fetch(site.at("/page", host))
    assert str(told.value).endswith(
        "an address of a private network, and is not fetched; use --allow-private if you mean it"
    )
    assert site.asked == []


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "localhost."])
def test_no_name_of_this_machine_is_fetched(host: str, site: Site) -> None:
    try:
        socket.getaddrinfo(host, 80)
    except OSError:
        pytest.skip(f"{host} is unknown here")
    with pytest.raises(AddressRefused):
        fetch(site.at("/page", host))
    assert site.asked == []


def test_a_name_with_one_private_number_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.5", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
    with pytest.raises(AddressRefused, match=r"^mixed\.example leads to 10\.0\.0\.5, an address of a private network"):
        fetch("http://mixed.example/")


def test_the_number_that_was_checked_is_the_one_that_is_asked(
    site: Site, names: dict[str, list[str]], open_net: None
) -> None:
    names["rebinding.example"] = ["127.0.0.1", "10.0.0.1", "10.0.0.1"]
    assert fetch(site.at("/page", "rebinding.example"), seconds=3).data == TEXT
    assert site.asked == [(f"rebinding.example:{site.server_port}", "/page")]
    assert names["rebinding.example"] == ["10.0.0.1", "10.0.0.1"]


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/", "http://127.0.0.2:{port}/page", "http://[::1]:{port}/page", "//192.168.0.1/", "http://0/",
        "http://169.254.169.254/latest/meta-data/", "http://inner.example:{port}/page", "http://[::ffff:10.0.0.1]/",
        "https://10.0.0.1/",
    ],
)  # fmt: skip
def test_no_redirect_leads_into_a_private_network(
    target: str, site: Site, names: dict[str, list[str]], open_net: None
) -> None:
    names |= {"outer.example": ["127.0.0.1"], "inner.example": ["127.0.0.2"]}
    away = site.redirect(target.format(port=site.server_port))
    with pytest.raises(AddressRefused, match="an address of a private network, and is not fetched"):
        fetch(site.at(away, "outer.example"))
    assert [path for _, path in site.asked] == ["/away"]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://127.0.0.1:70/1"])
@pytest.mark.parametrize("allow_private", [True, False])
def test_no_redirect_leads_out_of_the_web(target: str, allow_private: bool, site: Site, open_net: None) -> None:
    away = site.redirect(target)
    with pytest.raises(AddressRefused) as told:
        fetch(site.at(away), allow_private=allow_private)
    assert str(told.value) == (
        f"{target} is not fetched: only http and https addresses are; save the page to a file instead"
    )


@pytest.mark.parametrize("target", ["data:text/html,hello", "javascript:0", "file:/etc/passwd", "mailto:a@b.example"])
def test_a_redirect_to_what_is_no_place_is_refused(target: str, site: Site, open_net: None) -> None:
    with pytest.raises(AddressRefused) as told:
        fetch(site.at(site.redirect(target)))
    assert str(told.value).startswith(f"{target} is not fetched: only http and https addresses are; ")
    assert [path for _, path in site.asked] == ["/away"]


def test_a_whole_page_in_an_address_is_not_repeated(site: Site, open_net: None) -> None:
    with pytest.raises(AddressRefused) as told:
        fetch(site.at(site.redirect("data:text/html," + "x" * 20_000)))
    assert len(str(told.value)) < LONGEST_SHOWN + 100


@pytest.mark.parametrize(
    "target",
    [
        "http://[::1/", "http://a:99999/", "http:///", "//", "http://\x7f/", "http://é..ü/",
        "//a]", "http://a[/",
    ],
)  # fmt: skip
def test_a_redirect_to_nonsense_is_our_own_error(target: str, site: Site) -> None:
    with pytest.raises(FetchError):
        fetch(site.at(site.redirect(target)), allow_private=True)


@pytest.mark.parametrize("address", ["http://ann:secret@127.0.0.1/", "http://ann@127.0.0.1/", "http://:secret@[::1]/"])
@pytest.mark.parametrize("allow_private", [True, False])
def test_names_and_passwords_are_refused_and_not_repeated(address: str, allow_private: bool) -> None:
    with pytest.raises(AddressRefused, match="carries a name or password and is not fetched; leave them out") as told:
        fetch(address, allow_private=allow_private)
    assert "secret" not in str(told.value)


def test_a_redirect_with_a_password_is_refused(site: Site) -> None:
    away = site.redirect(f"http://ann:secret@127.0.0.1:{site.server_port}/page")
    with pytest.raises(AddressRefused):
        fetch(site.at(away), allow_private=True)


@pytest.mark.parametrize(
    "address",
    [
        "http://", "http:///a", "http://[::1", "http://[x]/", "http://a:b/", "http://a:99999/", "http://a..b/",
        f"http://{'a' * 70}.example/", "http://a\0b/", "http://127.0.0.1:9/\udcff", "http://\udcff/", "http://a b/",
        "http://127.0.0.1:9\\@x/", "http://127.0.0.1:9/\n\r", "http://127.0.0.1:9/" + "a" * 100_000, "http://%31/",
    ],
)  # fmt: skip
def test_nonsense_is_our_own_error(address: str, names: dict[str, list[str]]) -> None:
    with pytest.raises(DetenteError) as told:
        fetch(address, allow_private=True, seconds=2)
    assert isinstance(told.value, FetchError)


@pytest.mark.parametrize(
    ("number", "public"),
    [
        ("8.8.8.8", True), ("2606:4700::1111", True), ("::ffff:8.8.8.8", True), ("64:ff9b::8.8.8.8", True),
        ("2002:808:808::", True), ("fe80::1%eth0", False), ("2001:0:7f00:1::", False), ("2001:db8::1", False),
        ("240.0.0.1", False), ("198.18.0.1", False), ("ff0e::1", False), ("192.88.99.1", True),
        ("fec0::1", False), ("64:ff9b:1::a00:1", False), ("::127.0.0.1", False),
    ],
)  # fmt: skip
def test_which_numbers_are_public(number: str, public: bool) -> None:
    assert is_public(number) is public
