"""The application: one ledger, its pages, its REST interface, its feeds and badges, and its tools for agents.

What always holds: a GET never writes; every endpoint stands behind `detente.web.guards`; nothing that is served asks
for anything outside this host.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.resources import files

import anyio.to_thread
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

import detente
from detente.ledger.ledger import Ledger
from detente.web import api, api_ahead, api_write, badges, document, feeds, pages, problems
from detente.web.access import Limiter, Sessions
from detente.web.ahead import Ahead
from detente.web.guards import Guard
from detente.web.keeping import Keeper, Watch
from detente.web.mounting import Agents
from detente.web.settings import Settings

SIGN_INS_PER_MINUTE = 10
OLD_STATES = 2
"""How many old states of a ledger are built at a time: each is a ledger of its own for as long as it is asked."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """An application that serves a ledger.

    Args:
        settings: what it is told.

    Returns:
        It; the ledger is open until it ends.

    Raises:
        LedgerError: the ledger cannot be opened.
    """
    settings = settings or Settings()
    ledger = Ledger(settings.ledger, create=False, readonly=not settings.write)
    watch = Watch(ledger.store)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = settings.threads
        async with AsyncExitStack() as stack:
            stack.callback(ledger.close)
            stack.callback(watch.close)
            if settings.agents:
                agents = Agents(ledger, settings, app.state.ahead)
                agents.mount(app)
                await stack.enter_async_context(agents.running())
            yield

    app = FastAPI(title="détente", version=detente.__version__, description=_ABOUT, lifespan=lifespan, docs_url=None,
                  redoc_url=None, license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"})  # fmt: skip
    app.state.settings, app.state.ledger = settings, ledger
    app.state.sessions = Sessions()
    app.state.sign_ins, app.state.reads = Limiter(SIGN_INS_PER_MINUTE), Limiter(settings.reads_per_minute)
    app.state.ahead = Ahead(ledger, settings.history)
    app.state.old_states = threading.BoundedSemaphore(OLD_STATES)
    problems.install(app)
    document.install(app)
    for router in (
        api.router,
        api_ahead.router,
        api_write.router,
        feeds.router,
        badges.router,
        document.router,
        pages.router,
    ):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=str(files("detente.web").joinpath("static"))), name="static")
    app.add_middleware(Keeper, watch=watch, seconds=settings.keep_s)
    app.add_middleware(Guard, settings=settings)
    return app


_ABOUT = (
    "Which lines of communication between two powers are open, who cut them, and on whose word. "
    "Every date may be cut to what is known (2021-10-18, 2021-10, 2021); every row leads to its evidence by its id."
)
