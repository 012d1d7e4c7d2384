"""Connections to network addresses that were checked before, and to no others.

What always holds: whatever name a request bears, it goes to one of the given addresses; no connecting, reading or
writing outlasts the deadline, however slowly the other side drips.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore
import httpx

CONNECT_SECONDS = 10.0
"""After so long, the next address of a host is tried."""


def pinned_transport(numbers: Sequence[str], deadline: float) -> httpx.HTTPTransport:
    """A transport to the given addresses; the names of requests still count in TLS and in headers.

    Args:
        numbers: network addresses, to be tried in this order.
        deadline: time (monotonic) by which all must be done.
    """
    context = httpx.create_ssl_context(trust_env=False)
    transport = httpx.HTTPTransport(verify=context, trust_env=False, retries=0)
    # httpx lets nobody choose the network backend; its translation of errors is worth keeping all the same.
    transport._pool = httpcore.ConnectionPool(ssl_context=context, network_backend=_Backend(numbers, deadline))
    return transport


class _Backend(httpcore.SyncBackend):
    """Opens connections to the given addresses only, one after the other until one answers."""

    def __init__(self, numbers: Sequence[str], deadline: float) -> None:
        self._numbers = numbers
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectTimeout("no time left")
        for tried, number in enumerate(self._numbers):
            left = self._deadline - time.monotonic()
            if left <= 0:
                break
            # The time left is shared out among the addresses still to try and the answer of the one that is there.
            share = min(CONNECT_SECONDS, left / (len(self._numbers) - tried + 1))
            try:
                stream = super().connect_tcp(number, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._deadline)
        raise failure


class _Stream(httpcore.NetworkStream):
    """A connection of which every single step is given the time left, not an allowance of its own."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._left(httpcore.WriteTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = min(CONNECT_SECONDS, self._left(httpcore.ConnectTimeout))
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def close(self) -> None:
        self._inner.close()

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

    def _left(self, late: type[httpcore.TimeoutException]) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise late("no time left")
        return left
