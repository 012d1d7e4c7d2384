"""Fetching a page from the web, without being led where it must not go.

What always holds: each hop's host is resolved here and the connection goes to the very address that was checked, so
that neither a redirect nor a changing name server can lead into a private network; size and time are bounded.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from detente.errors import AddressRefused, FetchError, PageTooLarge
from detente.reading import LARGEST_PAGE
from detente.sources.page import Page

if TYPE_CHECKING:
    import ssl

    import httpx

MOST_HOPS = 5
CONNECT_SECONDS = 10.0
TOTAL_SECONDS = 30.0
GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")
"""All that is routed on the open internet; the rest is local, reserved or a wrapping of something else."""
TYPES = frozenset({"text/html", "text/plain", "application/xhtml+xml", "application/pdf", ""})
AGENT = "detente/0.1 (reads one article at a user's request)"


def fetch(address: str, *, allow_private: bool = False, seconds: float = TOTAL_SECONDS) -> Page:
    """Fetch a page.

    Args:
        address: an http or https address.
        allow_private: whether hosts in private networks may be asked.
        seconds: how long the whole fetch may take.

    Returns:
        The page, with the address at which it was found in the end.

    Raises:
        AddressRefused: a hop leads to a private network or another scheme.
        FetchError: no answer, an error status, or something that is no page.
        PageTooLarge: more than the limit.
    """
    deadline = time.monotonic() + seconds
    current = address
    for _ in range(MOST_HOPS + 1):
        host, pinned = _checked(current, allow_private, deadline)
        response, data = _get(current, host, pinned, deadline)
        if response.status_code in (301, 302, 303, 307, 308) and "location" in response.headers:
            current = _next(current, response.headers["location"])
            continue
        return _page(current, response, data)
    raise FetchError(f"{address} redirects more than {MOST_HOPS} times; open it in a browser and save the page")


def _next(address: str, location: str) -> str:
    """Where a redirect leads."""
    try:
        return urljoin(address, location)
    except ValueError:
        raise FetchError(f"{address} redirects to something that is no address; open it in a browser") from None


def _numbers(host: str, port: int, deadline: float) -> list[str]:
    """The network addresses of a host; the system's own look-up knows no time limit, so it runs beside."""
    with_limit = ThreadPoolExecutor(1)
    try:
        asked = with_limit.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = asked.result(max(0.0, deadline - time.monotonic()))
    except TimeoutError:
        raise FetchError(f"{host} could not be looked up in time; try again later") from None
    except (socket.gaierror, UnicodeError):
        raise FetchError(f"the host {host} cannot be found; check the address and the network") from None
    finally:
        with_limit.shutdown(wait=False)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def _checked(address: str, allow_private: bool, deadline: float) -> tuple[str, list[str]]:
    """The host of an address and the network addresses to connect to, if it may be fetched."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise FetchError(f"{address!r} is not a valid address; check it for typing errors") from None
    if parts.scheme not in ("http", "https"):
        raise AddressRefused(
            f"{address} is not fetched: only http and https addresses are; save the page to a file instead"
        )
    if not host:
        raise FetchError(f"{address!r} names no host; an address looks like https://example.org/article")
    if parts.username or parts.password:
        raise AddressRefused(f"the address of {host} carries a name or password and is not fetched; leave them out")
    numbers = _numbers(host, port, deadline)
    if not allow_private and (bad := [n for n in numbers if not is_public(n)]):
        raise AddressRefused(f"{host} leads to {bad[0]}, an address of a private network, and is not fetched; "
                             f"use --allow-private if you mean it")  # fmt: skip
    return host, numbers


def is_public(number: str) -> bool:
    """Whether a network address belongs to the open internet.

    Example:
        >>> is_public("127.0.0.1"), is_public("::ffff:10.0.0.1"), is_public("8.8.8.8")
        (False, False, True)
    """
    ip = ipaddress.ip_address(number.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip not in GLOBAL_IPV6:
            return False
    return ip.is_global and not ip.is_multicast


def _get(address: str, host: str, pinned: list[str], deadline: float) -> tuple[httpx.Response, bytes]:
    import httpx

    left = deadline - time.monotonic()
    if left <= 0:
        raise FetchError(f"{host} took too long to answer; try again later, or save the page to a file")
    timeout = httpx.Timeout(left, connect=min(CONNECT_SECONDS, left))
    headers = {
        "User-Agent": AGENT,
        "Accept": ", ".join(sorted(t for t in TYPES if t)),
        "Accept-Encoding": "gzip, deflate",
    }
    try:
        with (
            httpx.Client(transport=_pinned(pinned, deadline), timeout=timeout, trust_env=False) as client,
            client.stream("GET", address, headers=headers, follow_redirects=False) as response,
        ):
            # What an error or a redirect carries is never read.
            return response, _body(response, host, deadline) if response.status_code == 200 else b""
    except httpx.TimeoutException:
        raise FetchError(f"{host} did not answer in time; try again later, or save the page to a file") from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError) as error:
        raise FetchError(
            f"{host} could not be reached ({error or type(error).__name__}); check the address and the network"
        ) from None


def _body(response: httpx.Response, host: str, deadline: float) -> bytes:
    declared = response.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > LARGEST_PAGE:
        raise PageTooLarge(f"the page at {host} is larger than {LARGEST_PAGE / 1e6:.0f} MB; it is no single article")
    if "," in response.headers.get("content-encoding", ""):
        raise FetchError(f"{host} packs the page more than once, as no honest server does; it is not unpacked")
    data = bytearray()
    for piece in response.iter_bytes():
        data += piece
        if len(data) > LARGEST_PAGE:
            raise PageTooLarge(
                f"the page at {host} is larger than {LARGEST_PAGE / 1e6:.0f} MB; it is no single article"
            )
        if time.monotonic() > deadline:
            raise FetchError(f"{host} took too long to send the page; try again later, or save the page to a file")
    return bytes(data)


def _page(address: str, response: httpx.Response, data: bytes) -> Page:
    if response.status_code != 200:
        what = "has no such page" if response.status_code in (404, 410) else "does not give the page"
        raise FetchError(
            f"{urlsplit(address).hostname} {what} (status {response.status_code}); check the address {address}"
        )
    kind = response.headers.get("content-type", "")
    if kind.split(";")[0].strip().lower() not in TYPES:
        raise FetchError(
            f"{address} is of type {kind.split(';')[0]}, not a text, HTML or PDF page; give the article's own address"
        )
    return Page(data, address, address, kind or None)


def _pinned(numbers: list[str], deadline: float) -> httpx.HTTPTransport:
    """A transport that connects to the checked addresses, whatever name the request bears (also in TLS)."""
    import httpcore
    import httpx

    class Timed(httpcore.NetworkStream):
        """A connection of which every read ends at the deadline, however slowly the server drips."""

        def __init__(self, inner: httpcore.NetworkStream) -> None:
            self.inner = inner

        def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
            left = deadline - time.monotonic()
            if left <= 0:
                raise httpcore.ReadTimeout("too slow")
            return self.inner.read(max_bytes, left)

        def write(self, buffer: bytes, timeout: float | None = None) -> None:
            self.inner.write(buffer, timeout)

        def close(self) -> None:
            self.inner.close()

        def start_tls(
            self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
        ) -> httpcore.NetworkStream:
            return Timed(self.inner.start_tls(ssl_context, server_hostname, timeout))

        def get_extra_info(self, info: str) -> Any:
            return self.inner.get_extra_info(info)

    class Backend(httpcore.SyncBackend):
        """Opens connections to the checked addresses only, one after the other until one answers."""

        def connect_tcp(
            self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
            socket_options: Iterable[Any] | None = None,
        ) -> httpcore.NetworkStream:  # fmt: skip
            for number in numbers[:-1]:
                try:
                    return Timed(super().connect_tcp(number, port, timeout, local_address, socket_options))
                except httpcore.ConnectError:
                    continue
            return Timed(super().connect_tcp(numbers[-1], port, timeout, local_address, socket_options))

    transport = httpx.HTTPTransport(trust_env=False, retries=0)
    transport._pool = httpcore.ConnectionPool(
        ssl_context=httpx.create_ssl_context(trust_env=False), network_backend=Backend()
    )
    return transport
