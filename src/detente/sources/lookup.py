"""Names of hosts to network addresses, and which of these belong to the open internet.

What always holds: a look-up ends at its deadline; an address is public only where it is surely so.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from concurrent.futures import Future
from typing import Any

from detente.errors import FetchError

GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")
"""All that is routed on the open internet; the rest is local, reserved or a wrapping of something else."""
WRAPPED_IPV4 = ipaddress.IPv6Network("64:ff9b::/96")
"""Where translators put the addresses of the older protocol (RFC 6052)."""


def numbers_of(host: str, port: int, deadline: float) -> list[str]:
    """The network addresses of a host.

    Args:
        host: its name, or a network address in any spelling.
        port: the port that will be asked.
        deadline: time (monotonic) by which the name server must have answered.

    Returns:
        Each address once, in the order of the system's preference.

    Raises:
        FetchError: there is no such host, or no answer in time.
    """
    answer: Future[list[tuple[Any, ...]]] = Future()

    def ask() -> None:
        try:
            answer.set_result(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except Exception as error:
            answer.set_exception(error)

    # The system's look-up knows no time limit. A daemon, since one that hangs must not keep the program from ending.
    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answer.result(max(0.0, deadline - time.monotonic()))
    except TimeoutError:
        raise FetchError(
            f"the host {host} could not be looked up in time; try again later, or save the page to a file"
        ) from None
    except (OSError, ValueError):
        raise FetchError(f"the host {host} cannot be found; check the address and the network") from None
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def is_public(number: str) -> bool:
    """Whether a network address belongs to the open internet.

    Example:
        >>> is_public("127.0.0.1"), is_public("::ffff:10.0.0.1"), is_public("8.8.8.8")
        (False, False, True)
    """
    ip = ipaddress.ip_address(number.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in WRAPPED_IPV4:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip not in GLOBAL_IPV6:
            return False
    return ip.is_global and not ip.is_multicast
