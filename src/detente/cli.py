"""The command line: parse, call, show.

What always holds: `--help` and `--version` load nothing heavy; every error is one sentence on standard error with the
exit status of its class; what is wrong with an option, or cannot be written, is told before any work is done.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

import detente
from detente.commands import COMMANDS
from detente.commands.options import ledger_option
from detente.errors import BatchFaults, DetenteError, PageMissing, UsageFault

if TYPE_CHECKING:
    from detente.model import Article, Reading

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""
STDOUT = Path("-")


class _Commands(click.Group):
    """The commands, those that work on a ledger loaded when they are called, and errors turned into sentences."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return [*super().list_commands(ctx), *COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except DetenteError as error:
            _say(str(error))
            ctx.exit(error.exit_status)
        except KeyboardInterrupt:
            _say("interrupted")
            ctx.exit(INTERRUPTED)


def main() -> None:
    """Run the command line; a traceback is shown to nobody who did not ask for it."""
    try:
        app.main(prog_name="detente")
    except Exception as error:
        if os.environ.get("DETENTE_TRACEBACK"):
            raise
        if isinstance(error, OSError):
            _say(f"the system refused: {error.strerror or error}; free some room or name another place")
            sys.exit(1)
        kind = type(error).__name__
        _say(f"a fault in détente itself ({kind}: {error}); please report it, with what DETENTE_TRACEBACK=1 shows")
        sys.exit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(detente.__version__, message="%(prog)s %(version)s")
def app() -> None:
    """Which lines of communication between two powers are open, who cut them, and on whose word."""


def _outputs(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say how a reading is shown."""
    out = click.Path(path_type=Path)
    options = (
        click.option("--json", "as_json", is_flag=True, help="Print the reading as JSON, format detente.reading/1."),
        click.option("--html", type=out, metavar="OUT", help="Write a dossier in one HTML file; - prints it."),
        click.option("--md", type=out, metavar="OUT", help="Write a dossier in Markdown; - prints it."),
        click.option("--why", is_flag=True, help="Say for each item which sentence and which rule it comes from."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@app.command()
@click.argument("page", required=False)
@click.option("--batch", nargs=2, metavar="IN.jsonl OUT.jsonl", help="Read many articles: one JSON object a line, with "
              "id, text, published and title; - is standard input or output.")  # fmt: skip
@click.option("--published", metavar="DATE", help="The article's date: 2021-10-22, 2021-10 or 2021.")
@click.option("--title", help="The article's title, where the page does not give it.")
@click.option("--scope", type=click.Choice(["parties", "all"]), default="parties", show_default=True,
              help="Events between parties, or others, too.")  # fmt: skip
@click.option("--codebook", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR",
              help="A folder of codebook files that add to the bundled ones or override their entries.")  # fmt: skip
@click.option("--allow-private", is_flag=True, help="Fetch addresses in private networks, too.")
@_outputs
def read(
    page: str | None, batch: tuple[str, str] | None, published: str | None, title: str | None, scope: str,
    codebook: Path | None, allow_private: bool, as_json: bool, html: Path | None, md: Path | None, why: bool,
) -> None:  # fmt: skip
    """Read the article on PAGE: a file, an address, or - for standard input."""
    if batch:
        if page or published or title or as_json or html or md or why:
            raise UsageFault("--batch takes no PAGE, --published, --title, --json, --html, --md or --why; "
                             "dates and titles stand in the lines of IN")  # fmt: skip
        _batch(*batch, scope=scope, codebook=codebook)
        return
    if not page:
        raise UsageFault("no page was named; give a file, an address, - for standard input, or --batch IN OUT")
    from detente.plain import real_date

    published = real_date(published, "--published")
    _check_outputs(as_json, html, md, why, page)
    from detente.sources import load

    source = load(page, sys.stdin.buffer, allow_private=allow_private)
    reading = _read_page(source, published=published, title=title, scope=scope, codebook=codebook)
    _show(reading, as_json, html, md, why, codebook)


@app.command("why")
@click.argument("reading", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("item", required=False)
@click.option("--codebook", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR",
              help="The codebook folder that the reading was made with.")  # fmt: skip
def why_command(reading: Path, item: str | None, codebook: Path | None) -> None:
    """Say why ITEM of READING was coded: its sentence, the parse, the rule, the codebook entry.

    READING is a file that `detente read --json` wrote; ITEM is an id such as e1, l2 or c3; all items where left out.
    """
    from detente.coding.explain import explainer
    from detente.commands.record import stored_reading
    from detente.views.why import why as reasons

    _never_choke(sys.stdout)
    click.echo(reasons(stored_reading(reading.read_bytes(), str(reading)), explainer(codebook), only=item))


@app.command()
@_outputs
@ledger_option
def demo(as_json: bool, html: Path | None, md: Path | None, why: bool, place: str | None) -> None:
    """Read the bundled article, of October 2021, about Russia and NATO, and show the record that it joins.

    The record is built from the casebook of documented episodes, which is part of the program; it is kept where
    --ledger says, else it is thrown away.
    """
    _check_outputs(as_json, html, md, why)
    from detente.commands.demonstration import bundled

    reading = bundled()
    from detente.commands.demonstration import demonstrate

    if html or md:
        _show(reading, as_json, html, md, why, risk=demonstrate(reading, place, quiet=True))
        return
    _show(reading, as_json, html, md, why)
    if place or not (as_json or why):
        demonstrate(reading, place, quiet=as_json or why)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a reading, detente.reading/1."""
    import json

    from detente.model import Reading

    contract = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    contract |= Reading.model_json_schema(mode="serialization")
    click.echo(json.dumps(contract, indent=2, ensure_ascii=False).encode())


def _read_page(source: Any, *, published: str | None, title: str | None, scope: str, codebook: Path | None) -> Reading:
    from detente.reading import read_page

    article = read_page(
        source.data, name=source.name, address=source.address, content_type=source.content_type,
        published=published, title=title,
    )  # fmt: skip
    from detente.coding import code  # only now: a page that cannot be read need not wait for the parser

    return code(article, codebook=codebook, scope=scope)


# output


def _check_outputs(as_json: bool, html: Path | None, md: Path | None, why: bool, page: str | None = None) -> None:
    """See that what is asked for can be done together, and that what is to be written can be."""
    if sum([as_json, why, html == STDOUT, md == STDOUT]) > 1:
        raise UsageFault(
            "only one of --json, --why, --html - and --md - can go to standard output; ask for one of them"
        )
    if html and md and html.resolve() == md.resolve():
        raise UsageFault(f"--html and --md name the same file, {html}; give them two names")
    for option, path in (("--html", html), ("--md", md)):
        if path is None or path == STDOUT:
            continue
        if page and _same(path, Path(page)):
            raise UsageFault(f"{option}: {path} is the page itself; give the dossier another name")
        with _told(option, path):
            _probe(path)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _probe(path: Path) -> None:
    """Open a file as if to write it, and leave no trace."""
    if path.exists() and not path.is_file() and not path.is_dir():
        return  # a device or a pipe: opening it could wait for ever
    new = not path.exists()
    with path.open("ab"):
        pass
    if new:
        path.unlink()


@contextmanager
def _told(option: str, path: Path) -> Iterator[None]:
    """Tell what cannot be written in a sentence."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageFault(f"{option}: {path} cannot be written ({reason}); name another file") from None


def _show(
    reading: Reading, as_json: bool, html: Path | None, md: Path | None, why: bool, codebook: Path | None = None,
    risk: Sequence[str] = (),
) -> None:  # fmt: skip
    """Show a reading as asked for; in the terminal where nothing else was."""
    if html or md:
        from detente.views import dossier

        for option, path, made in (("--html", html, dossier.html), ("--md", md, dossier.markdown)):
            if path == STDOUT:
                click.echo(made(reading, risk=risk).encode())
            elif path is not None:
                with _told(option, path):
                    path.write_text(made(reading, risk=risk), encoding="utf-8")
                _say(f"wrote {path}")
    if as_json:
        click.echo(reading.model_dump_json(indent=2).encode())
    elif why:
        from detente.coding.explain import explainer
        from detente.views.why import why as reasons

        _never_choke(sys.stdout)
        click.echo(reasons(reading, explainer(codebook)))
    elif not (html or md):
        from detente.views.terminal import console, show

        _never_choke(sys.stdout)
        show(reading, console(sys.stdout))


def _never_choke(stream: Any) -> None:
    """Write out what a terminal's encoding does not have, rather than fail on it."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")


def _say(sentence: str) -> None:
    """One sentence on standard error, whatever the page or the file's name put into it."""
    from detente.plain import shown

    _never_choke(sys.stderr)
    click.echo(f"detente: {shown(sentence)}", err=True)


# batch


def _batch(source: str, target: str, *, scope: str, codebook: Path | None) -> None:
    with _input(source, target) as lines, _output(target) as out:
        from detente.batch import CHUNK, run

        taken, bad = run(lines, out, _reader(scope, codebook), 1 if source == "-" else CHUNK)
    if bad:
        from detente.plain import number_of

        where = "the output" if target == "-" else target
        raise BatchFaults(f"{bad} of {number_of(taken, 'line')} could not be read; each has its “error” in {where}")


def _reader(scope: str, codebook: Path | None) -> Callable[[list[dict[str, str]]], list[Reading | Exception]]:
    """What makes readings of the fields of several lines."""
    from detente.coding import code_many
    from detente.plain import real_date
    from detente.reading import read_text

    def article(text: str, published: str | None = None, **known: str) -> Article:
        return read_text(text, published=real_date(published), **known)

    def many(batch: list[dict[str, str]]) -> list[Reading | Exception]:
        articles: list[Article | Exception] = []
        for fields in batch:
            try:
                articles.append(article(**fields))
            except Exception as error:  # one bad page must not end a run of thousands
                articles.append(error)
        good = iter(code_many([a for a in articles if not isinstance(a, Exception)], codebook=codebook, scope=scope))
        return [a if isinstance(a, Exception) else next(good) for a in articles]

    return many


@contextmanager
def _input(source: str, target: str) -> Iterator[Iterable[bytes]]:
    if source == "-":
        yield sys.stdin.buffer
        return
    path = Path(source)
    if target != "-" and _same(path, Path(target)):
        raise UsageFault(f"--batch: {path} is both IN and OUT; give the output another name")
    try:
        stream = path.open("rb")
    except OSError as error:
        raise PageMissing(f"--batch: {path} cannot be read ({(error.strerror or str(error)).lower()})") from None
    with stream, _progress(stream, path.stat().st_size) as lines:
        yield lines


@contextmanager
def _output(target: str) -> Iterator[BinaryIO]:
    if target == "-":
        yield sys.stdout.buffer
        return
    with _told("--batch", Path(target)):
        stream = Path(target).open("wb")  # noqa: SIM115 - closed just below; faults of the run are not faults of opening
    with stream:
        yield stream


@contextmanager
def _progress(stream: Iterable[bytes], size: int) -> Iterator[Iterable[bytes]]:
    """The lines of a file; a bar goes along on standard error where that is a terminal."""
    if not sys.stderr.isatty():
        yield stream
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=size)

        def lines() -> Iterator[bytes]:
            for line in stream:
                yield line
                progress.advance(task, len(line))

        yield lines()
