"""The command that serves a ledger: the board in a browser, REST, feeds and agents.

What always holds: it listens on this machine only unless told otherwise, and then says so; nobody may write unless
--write is given; a token that it makes is shown once and kept nowhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import socket

    from detente.web.settings import Holder, Settings


@click.command()
@click.argument("place", metavar="[LEDGER]", required=False)
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; 0.0.0.0 is everywhere.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--name", "names", multiple=True, metavar="HOST", help="A name by which others call this server.")
@click.option("--address", metavar="URL", help="The public address that links in feeds begin with.")
@click.option("--write", is_flag=True, help="Let holders of a token record, enter, correct, dispute, merge and split.")
@click.option("--token", "given", multiple=True, metavar="NAME=SECRET", help="A holder's token; NAME:editor for an "
              "editor. Others on this machine can see it: --token-file is safer.")  # fmt: skip
@click.option("--token-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
              help="Tokens, one NAME=SECRET or NAME=sha256:DIGEST a line.")  # fmt: skip
@click.option("--quotes-only", is_flag=True, help="Show quotes, but not the articles' whole texts.")
@click.option("--allow-private", is_flag=True, help="Read addresses in private networks, too.")
@click.option("--history", metavar="DIR", help="Where imported event histories are; else $DETENTE_HISTORY, else your "
              "data folder.")  # fmt: skip
@click.option("--demo", is_flag=True, help="Serve the demonstration ledger: documented episodes and an article.")
def serve(
    place: str | None, host: str, port: int, names: tuple[str, ...], address: str | None, write: bool,
    given: tuple[str, ...], token_file: Path | None, quotes_only: bool, allow_private: bool, history: str | None,
    demo: bool,
) -> None:  # fmt: skip
    """Serve LEDGER: the board in a browser, over HTTP, and for agents."""
    import tempfile

    from detente.errors import UsageFault
    from detente.web.settings import Settings, tokens_of

    if (given or token_file) and not write:
        raise UsageFault("tokens are for writing; give --write, too, or leave them out")
    tokens = tokens_of(given, "--token")
    if token_file:
        tokens |= tokens_of(token_file.read_text("utf-8").splitlines(), str(token_file))
    if write and not tokens:
        tokens = _one_made()
    with tempfile.TemporaryDirectory(prefix="detente-demo-") as folder:
        ledger = _prepared(place or (f"{folder}/demo.db" if demo else None), write=write, demo=demo)
        _run(Settings(
            ledger=ledger, host=host, port=port, write=write, tokens=tokens, quotes_only=quotes_only,
            allow_private=allow_private, names=names, address=address, history=history,
        ))  # fmt: skip


def _one_made() -> dict[str, Holder]:
    """A token for whoever started the server; shown once."""
    from getpass import getuser

    from detente.web.settings import new_token, tokens_of

    token = new_token()
    try:
        name = getuser()
    except (OSError, KeyError):
        name = "owner"
    click.echo(f"The token of {name}, shown this once: {token}", err=True)
    return tokens_of([f"{name}:editor={token}"], "token")


def _prepared(place: str | None, *, write: bool, demo: bool) -> str | None:
    """See that there is a ledger to serve: the usual one is made where it is missing, a named one is not."""
    from detente.ledger.ledger import Ledger

    with Ledger(place, create=place is None or write or demo) as ledger:
        if demo:
            from detente.commands.demonstration import build, bundled
            from detente.errors import UsageFault

            if not ledger.board().is_empty():
                raise UsageFault(f"--demo: {ledger.store.name} holds something; name another place or none")
            build(ledger, bundled())
    return place


def _run(settings: Settings) -> None:
    """Listen until interrupted."""
    import gc

    import uvicorn

    from detente.web.app import create_app

    with _listening(settings.host, settings.port) as listener:
        if settings.host not in ("127.0.0.1", "::1", "localhost"):
            click.echo(f"detente: listening on {settings.host}: whoever reaches this machine can read the ledger",
                       err=True)  # fmt: skip
        shown = f"[{settings.host}]" if ":" in settings.host else settings.host
        port = listener.getsockname()[1]
        click.echo(f"détente serves {settings.ledger or 'your ledger'} at http://{shown}:{port}/", err=True)
        told = uvicorn.Config(create_app(settings), log_level="warning", server_header=False, proxy_headers=False,
                              timeout_graceful_shutdown=3)  # fmt: skip
        # A board makes many rows that do not live long; what was loaded by now need not be looked through for each.
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        uvicorn.Server(told).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens, or one sentence why there is none."""
    import socket

    from detente.errors import UsageFault

    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        said = (error.strerror or str(error)).lower()
        raise UsageFault(f"--port: {host} port {port} cannot be listened on ({said}); name another one") from None


@click.command("mcp")
@click.argument("place", metavar="[LEDGER]", required=False)
@click.option("--quotes-only", is_flag=True, help="Hand on quotes, but not what stands around them.")
@click.option("--demo", is_flag=True, help="Serve the demonstration ledger: documented episodes and an article.")
def agents(place: str | None, quotes_only: bool, demo: bool) -> None:
    """Answer agents about LEDGER over standard input and output (Model Context Protocol); nothing is written."""
    import tempfile

    from detente.ledger.ledger import Ledger
    from detente.web.agents import server_of

    with tempfile.TemporaryDirectory(prefix="detente-demo-") as folder:
        where = _prepared(place or (f"{folder}/demo.db" if demo else None), write=False, demo=demo)
        with Ledger(where, create=False, readonly=True) as ledger:
            server_of(ledger, quotes_only=quotes_only).run("stdio")
