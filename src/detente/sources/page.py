"""A page by name: a file, `-`, or an address.

What always holds: nothing is read beyond the size limit; a missing or unreadable page gives one clear sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from detente.errors import AddressRefused, PageMissing, PageTooLarge, PageUnreadable
from detente.reading import LARGEST_PAGE

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it came.

    Attributes:
        data: its bytes.
        name: what to call it in messages.
        address: where on the web it came from, or None.
        content_type: what the server called it, or None.
    """

    data: bytes
    name: str
    address: str | None = None
    content_type: str | None = None


def load(page: str, stdin: BinaryIO | None, *, allow_private: bool = False) -> Page:
    """Load a page.

    Args:
        page: path of a file, `-` for standard input, or an http(s) address.
        stdin: where `-` reads from.
        allow_private: whether addresses of private networks may be fetched.

    Returns:
        The page.

    Raises:
        PageError: missing, unreadable or too large.
        AddressRefused: the address is of another sort than http and https, or leads into a private network.
        FetchError: the address does not give a page.
    """
    if page == "-":
        if stdin is None:
            raise PageMissing("there is no standard input to read from; name a file or an address")
        return Page(_limited(stdin, "standard input"), "standard input")
    scheme, mark, _ = page.partition("://")
    if mark and scheme.lower() in ("http", "https"):
        from detente.sources.fetch import fetch

        return fetch(page, allow_private=allow_private)
    if mark and _SCHEME.fullmatch(scheme):
        raise AddressRefused(
            f"{page}: addresses that begin with {scheme}:// are not fetched; use http:// or https://, or a file"
        )
    return _file(page)


def _file(name: str) -> Page:
    path = Path(name)
    try:
        if path.is_dir():
            raise PageUnreadable(f"{name} is a folder; name a file in it")
        with path.open("rb") as stream:
            return Page(_limited(stream, name), name)
    except FileNotFoundError:
        raise PageMissing(
            f"there is no file {name}; check the name, or give an address that begins with https://"
        ) from None
    except PermissionError:
        raise PageUnreadable(f"{name} may not be read; change its permissions or copy it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PageUnreadable(f"{name!r} cannot be read ({reason}); check the name") from None


def _limited(stream: BinaryIO, name: str) -> bytes:
    data = stream.read(LARGEST_PAGE + 1)
    if len(data) > LARGEST_PAGE:
        raise PageTooLarge(f"{name} is larger than {LARGEST_PAGE / 1e6:.0f} MB; give a page with one article")
    return data
