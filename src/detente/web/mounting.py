"""Agents' tools under the same application as the pages, at /mcp.

What always holds: the server answers pages at once, and loads what agents need beside that; a request of an agent that
comes before waits for it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import anyio.to_thread
from fastapi import FastAPI
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from detente.ledger.ledger import Ledger
from detente.web.ahead import Ahead
from detente.web.settings import Settings


class Agents:
    """The endpoint at which agents are answered.

    Args:
        ledger: which they ask.
        settings: what the server was told.
        ahead: what it knows of what comes next.
    """

    def __init__(self, ledger: Ledger, settings: Settings, ahead: Ahead) -> None:
        self._ledger = ledger
        self._ahead = ahead
        self._settings = settings
        self._app: ASGIApp | None = None
        self._there = anyio.Event()

    def mount(self, app: FastAPI) -> None:
        """Have an application answer at /mcp: requests only, no streams that stay open."""
        app.router.routes.append(Route("/mcp", self, methods=["POST"], include_in_schema=False))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Be there for agents as long as this lasts."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._run)
            yield
            tasks.cancel_scope.cancel()

    async def _run(self) -> None:
        def loaded() -> object:
            from detente.web import agents  # takes as long to load as all else together

            return agents.server_of(self._ledger, ahead=self._ahead, quotes_only=self._settings.quotes_only)

        server = await anyio.to_thread.run_sync(loaded)
        from detente.web.agents import serve_http

        await serve_http(server, self._started)  # type: ignore[arg-type]

    def _started(self, app: ASGIApp) -> None:
        self._app = app
        self._there.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an agent."""
        await self._there.wait()
        assert self._app is not None
        await self._app(scope, receive, send)
