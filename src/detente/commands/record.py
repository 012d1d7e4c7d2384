"""The command that reads pages and records what they say.

What always holds: a bad page is told and left out, the others are recorded; a page that was recorded before changes
nothing; what is recorded is there even if the run is broken off.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.commands.options import ledger_option, opened

if TYPE_CHECKING:
    from detente.ledger.recording import Coder, Told
    from detente.model import Article, Reading

_CHUNK = 32
_PAGES = frozenset({".txt", ".html", ".htm", ".pdf", ".md", ".xhtml"})


@click.command()
@click.argument("pages", nargs=-1, required=True)
@click.option("--published", metavar="DATE", help="The date of all pages that do not tell their own.")
@click.option("--scope", type=click.Choice(["parties", "all"]), default="parties", show_default=True,
              help="Events between parties, or others, too.")  # fmt: skip
@click.option("--codebook", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR",
              help="A folder of codebook files that add to the bundled ones or override their entries.")  # fmt: skip
@click.option("--allow-private", is_flag=True, help="Fetch addresses in private networks, too.")
@ledger_option
def record(
    pages: tuple[str, ...], published: str | None, scope: str, codebook: Path | None, allow_private: bool,
    place: str | None,
) -> None:  # fmt: skip
    """Read PAGES and record what they say.

    PAGES are files (text, HTML, PDF), folders of them, addresses, - for standard input, readings that `detente read
    --json` wrote, or .jsonl files: articles as `detente read --batch` takes them, or the readings that it wrote.
    """
    from datetime import date

    from detente.errors import BatchFaults
    from detente.ledger.recording import Recorded
    from detente.plain import number_of, real_date

    real = real_date(published, "--published")
    faults: list[str] = []
    with opened(place, create=True) as ledger:
        total = Recorded()
        coder = _coder(codebook)
        for some in _chunks(_readings(pages, real, scope, codebook, allow_private, faults)):
            total = total.plus(ledger.record(some, coder=coder, retrieved=date.today()))
        where = ledger.store.name
    for fault in faults:
        click.echo(f"detente: {fault}", err=True)
    known = f"; {number_of(total.known, 'reading')} known already" if total.known else ""
    click.echo(
        f"Recorded {number_of(total.reports, 'report')} from {number_of(total.readings, 'reading')} in {where}{known}."
    )
    if faults:
        raise BatchFaults(f"{number_of(len(faults), 'page')} could not be read; the others are recorded")


def _coder(codebook: Path | None) -> Coder:
    import detente
    from detente.coding.lexicon import load
    from detente.ledger.recording import Coder

    return Coder("detente", detente.__version__, load(codebook).digest)


def _chunks(readings: Iterator[Reading | Told]) -> Iterator[list[Reading | Told]]:
    from itertools import islice

    while some := list(islice(readings, _CHUNK)):
        yield some


def _readings(
    pages: tuple[str, ...], published: str | None, scope: str, codebook: Path | None, allow_private: bool,
    faults: list[str],
) -> Iterator[Reading | Told]:  # fmt: skip
    """The readings of all pages; what cannot be read goes to the faults."""
    from detente.errors import DetenteError
    from detente.plain import shown

    for page in _spread(pages):
        try:
            if page.endswith(".jsonl"):
                yield from _of_lines(Path(page), scope, codebook, faults)
            elif page.endswith(".json"):
                yield _as_stored(stored_reading(Path(page).read_bytes(), page))
            else:
                yield _read(page, published, scope, codebook, allow_private)
        except (DetenteError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            faults.append(f"{shown(page)}: {shown(reason)}")


def _spread(pages: tuple[str, ...]) -> Iterator[str]:
    """The pages, with folders' files in place of the folders."""
    for page in pages:
        if page != "-" and Path(page).is_dir():
            yield from (str(p) for p in sorted(Path(page).rglob("*")) if p.suffix.lower() in _PAGES and p.is_file())
        else:
            yield page


def _read(page: str, published: str | None, scope: str, codebook: Path | None, allow_private: bool) -> Reading:
    from detente.coding import code
    from detente.reading import read_page
    from detente.sources import load

    source = load(page, sys.stdin.buffer, allow_private=allow_private)
    article = read_page(source.data, name=source.name, address=source.address, content_type=source.content_type)
    if article.published is None and published is not None:
        article = read_page(source.data, name=source.name, address=source.address, content_type=source.content_type,
                            published=published)  # fmt: skip
    return code(article, codebook=codebook, scope=scope)


def stored_reading(data: bytes, where: str) -> Reading:
    """A reading that `detente read --json` wrote.

    Raises:
        PageUnreadable: it is none.
    """
    from pydantic import ValidationError

    from detente.errors import PageUnreadable
    from detente.model import Reading

    try:
        return Reading.model_validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        told = f"{'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}"
        raise PageUnreadable(f"{where} holds no reading of format detente.reading/1 ({told}); "
                             f"write one with detente read PAGE --json") from None  # fmt: skip


def _as_stored(reading: Reading) -> Told:
    """A reading from a file, which does not say which version of the coder made it."""
    from detente.ledger.recording import Coder, Told

    return Told(reading, Coder("detente", "as stored", ""))


def _of_lines(path: Path, scope: str, codebook: Path | None, faults: list[str]) -> Iterator[Reading | Told]:
    """The readings of a file of JSON lines: readings as they stand, articles coded now."""
    from itertools import islice

    from detente.coding import code_many
    from detente.model import Reading

    with path.open("rb") as stream:
        numbered = ((n, line) for n, line in enumerate(stream, start=1) if line.strip())
        while some := list(islice(numbered, _CHUNK)):
            articles: list[Article] = []
            for number, line in some:
                found = _of_line(line, f"{path}, line {number}", faults)
                if isinstance(found, Reading):
                    yield _as_stored(found)
                elif found is not None:
                    articles.append(found)
            for result in code_many(articles, codebook=codebook, scope=scope):
                if isinstance(result, Exception):
                    faults.append(f"{path}: {result}")
                else:
                    yield result


def _of_line(line: bytes, where: str, faults: list[str]) -> Article | Reading | None:
    from detente.errors import DetenteError
    from detente.plain import real_date
    from detente.reading import read_text

    try:
        fields = json.loads(line)
        if not isinstance(fields, dict):
            raise ValueError("it is no JSON object")
        if "error" in fields and "format" not in fields:
            return None  # a page that `read --batch` could not read, and said so then
        if "format" in fields:
            return stored_reading(line, where)
        known = {k: fields[k] for k in ("text", "id", "title", "address", "published") if fields.get(k)}
        if not isinstance(known.get("text"), str):
            raise ValueError("it has no “text”")
        known["published"] = real_date(known.get("published"))
        return read_text(**known)
    except (ValueError, TypeError, DetenteError) as error:
        faults.append(f"{where}: {error}")
        return None
