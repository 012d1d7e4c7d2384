"""Fetching a page from the web, without being led where it must not go.

What always holds: each hop's host is resolved here and the connection goes to the very address that was checked, so
that neither a redirect nor a changing name server can lead into a private network; size and time are bounded.
"""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from detente.errors import AddressRefused, FetchError, PageTooLarge
from detente.reading import LARGEST_PAGE
from detente.sources.lookup import is_public, numbers_of
from detente.sources.page import Page

if TYPE_CHECKING:
    import httpx

MOST_HOPS = 5
TOTAL_SECONDS = 30.0
LONGEST_SHOWN = 300
"""Characters of what a server said that are repeated in a message."""
CODINGS = frozenset({"", "identity", "gzip", "deflate"})
"""Each alone: packed twice, a few kilobytes unpack to more than the memory holds before they can be counted."""
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
        host, numbers = _checked(current, allow_private, deadline)
        response, data = _get(current, host, numbers, deadline)
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
        raise FetchError(
            f"{address} redirects to something that is no address; open it in a browser and save the page"
        ) from None


def _checked(address: str, allow_private: bool, deadline: float) -> tuple[str, list[str]]:
    """The host of an address and the network addresses to connect to, if it may be fetched."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise FetchError(f"{address!r} is not a valid address; check it for typing errors") from None
    if parts.scheme not in ("http", "https"):
        raise AddressRefused(
            f"{_shown(address)} is not fetched: only http and https addresses are; save the page to a file instead"
        )
    if not host:
        raise FetchError(f"{address!r} names no host; an address looks like https://example.org/article")
    if parts.username or parts.password:
        raise AddressRefused(f"the address of {host} carries a name or password and is not fetched; leave them out")
    numbers = numbers_of(host, port, deadline)
    if not allow_private and (bad := [n for n in numbers if not is_public(n)]):
        raise AddressRefused(f"{host} leads to {bad[0]}, an address of a private network, and is not fetched; "
                             f"use --allow-private if you mean it")  # fmt: skip
    return host, numbers


def _get(address: str, host: str, numbers: list[str], deadline: float) -> tuple[httpx.Response, bytes]:
    """One answer, and its body if it is the page; what an error or a redirect carries is never read."""
    import httpx

    from detente.sources.pinned import pinned_transport

    headers = {
        "User-Agent": AGENT,
        "Accept": ", ".join(sorted(t for t in TYPES if t)),
        "Accept-Encoding": "gzip, deflate",
    }
    try:
        # The transport itself, without a client: a client stumbles over redirects to data: and the like, even where it
        # is not to follow them.
        with (
            pinned_transport(numbers, deadline) as transport,
            closing(transport.handle_request(httpx.Request("GET", address, headers=headers))) as response,
        ):
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
    coding = response.headers.get("content-encoding", "").strip().lower()
    if coding not in CODINGS:
        raise FetchError(
            f"{host} packs the page as “{_shown(coding)}”, which was not asked for; "
            f"open it in a browser and save the page"
        )
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
            f"{urlsplit(address).hostname} {what} (status {response.status_code}); check the address {_shown(address)}"
        )
    content_type = response.headers.get("content-type", "")
    kind = content_type.split(";")[0]
    if kind.strip().lower() not in TYPES:
        raise FetchError(
            f"{_shown(address)} is of type {_shown(kind)}, not a text, HTML or PDF page; give the article's own address"
        )
    return Page(data, address, address, content_type or None)


def _shown(words: str) -> str:
    """What a server said, for a message: a data: address may be as long as a page."""
    return words if len(words) <= LONGEST_SHOWN else words[:LONGEST_SHOWN] + "…"
