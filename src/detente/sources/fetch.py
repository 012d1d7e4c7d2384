"""Fetching a page from the web, without being led where it must not go.

What always holds: each hop's host is resolved here and the connection goes to the very address that was checked, so
that neither a redirect nor a changing name server can lead into a private network; size and time are bounded.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from detente.errors import AddressRefused, FetchError, PageTooLarge
from detente.reading import LARGEST_PAGE
from detente.sources.page import Page

if TYPE_CHECKING:
    import httpx

MOST_HOPS = 5
CONNECT_SECONDS = 10.0
TOTAL_SECONDS = 30.0
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
    import time

    deadline = time.monotonic() + seconds
    current = address
    for _ in range(MOST_HOPS + 1):
        host, pinned = _checked(current, allow_private)
        response, data = _get(current, host, pinned, deadline)
        if response.status_code in (301, 302, 303, 307, 308) and "location" in response.headers:
            current = urljoin(current, response.headers["location"])
            continue
        return _page(current, response, data)
    raise FetchError(f"{address} redirects more than {MOST_HOPS} times; open it in a browser and save the page")


def _checked(address: str, allow_private: bool) -> tuple[str, str]:
    """The host of an address and the network address to connect to, if it may be fetched."""
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
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        raise FetchError(f"the host {host} cannot be found; check the address and the network") from None
    numbers = [str(row[4][0]) for row in found]
    if not allow_private and (bad := [n for n in numbers if not is_public(n)]):
        raise AddressRefused(f"{host} leads to {bad[0]}, an address of a private network, and is not fetched; "
                             f"use --allow-private if you mean it")  # fmt: skip
    return host, numbers[0]


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
    return ip.is_global and not ip.is_multicast


def _get(address: str, host: str, pinned: str, deadline: float) -> tuple[httpx.Response, bytes]:
    import time

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
            httpx.Client(transport=_pinned(pinned), timeout=timeout, trust_env=False, follow_redirects=False) as client,
            client.stream("GET", address, headers=headers) as response,
        ):
            return response, _body(response, host, deadline)
    except httpx.TimeoutException:
        raise FetchError(f"{host} did not answer in time; try again later, or save the page to a file") from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError) as error:
        raise FetchError(
            f"{host} could not be reached ({error or type(error).__name__}); check the address and the network"
        ) from None


def _body(response: httpx.Response, host: str, deadline: float) -> bytes:
    import time

    declared = response.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > LARGEST_PAGE:
        raise PageTooLarge(f"the page at {host} is larger than {LARGEST_PAGE / 1e6:.0f} MB; it is no single article")
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


def _pinned(number: str) -> httpx.HTTPTransport:
    """A transport that connects to the checked address, whatever name the request bears (also in TLS)."""
    import httpcore
    import httpx

    class Backend(httpcore.SyncBackend):
        """Opens connections to one address only."""

        def connect_tcp(
            self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
            socket_options: Iterable[Any] | None = None,
        ) -> httpcore.NetworkStream:  # fmt: skip
            return super().connect_tcp(number, port, timeout, local_address, socket_options)

    transport = httpx.HTTPTransport(trust_env=False, retries=0)
    transport._pool = httpcore.ConnectionPool(
        ssl_context=httpx.create_ssl_context(trust_env=False), network_backend=Backend()
    )
    return transport
