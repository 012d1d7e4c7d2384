"""Tables in files of others: text with tabs or commas between the cells, plain, ``.xz``, ``.gz`` or ``.zip``.

What always holds: a file is read as a stream, so that its size does not matter; a row with too few or too many cells is
counted and the next one read; a file that breaks off gives the rows before, and says so; every line of the file is in
`rows`.
"""

from __future__ import annotations

import csv
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, cast

import polars as pl

from detente.errors import ForecastError

BATCH = 50_000
"""Rows that are held at once."""
LINE = 1_000_000
"""Bytes after which a line is cut: none that long is an event."""
LIMIT = 16 * 2**30
"""Bytes of text after which a file is taken for a bomb; all of ICEWS since 1995 has about 5 GB."""
_EMPTY = ("", "NA")
_BROKEN = (EOFError, OSError, lzma.LZMAError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError)
"""What the readers of compressed files raise where these are cut off, damaged or encrypted."""


class Table:
    """A table that is read once, from its first row to its last.

    Args:
        path: the file.

    Attributes:
        path: the file.
        header: names of the columns.
        rows: lines read so far, without the header.
        broken: how many of them had another number of cells than the header.
        ended: why the file broke off before its end; None where it did not.

    Raises:
        ForecastError: there is no such file, or nothing in it can be read.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.rows = self.broken = 0
        self.ended: str | None = None
        self._lines = self._read()
        first = next(self._lines, None)
        if first is None:
            raise ForecastError(f"{self.path} cannot be read ({self.ended or 'it is empty'}); see that it is whole")
        self._between = "\t" if "\t" in first else ","
        self.header = tuple(cell.strip() for cell in self._cells(first.removeprefix("\ufeff")))

    def batches(self, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        """Some columns as text, some thousand rows at a time; what is empty or ``NA`` is null."""
        at, width = [self.header.index(name) for name in columns], len(self.header)
        kept: list[list[str | None]] = [[] for _ in at]
        for line in self._lines:
            self.rows += 1
            cells = self._cells(line)
            if len(cells) != width:
                self.broken += 1
                continue
            for column, place in zip(kept, at, strict=True):
                column.append(None if cells[place] in _EMPTY else cells[place])
            if len(kept[0]) == BATCH:
                yield _frame(columns, kept)
                kept = [[] for _ in at]
        yield _frame(columns, kept)

    def _cells(self, line: str) -> list[str]:
        """The cells of one line; in a table with commas they may be quoted."""
        if self._between == "\t" or '"' not in line:
            return line.split(self._between)
        try:
            return next(csv.reader([line], strict=True))
        except csv.Error:
            return []

    def _read(self) -> Iterator[str]:
        """The lines that are not empty, as long as the file can be read."""
        size = 0
        with ExitStack() as stack:
            try:
                stream = _opened(self.path, stack)
                while line := stream.readline(LINE):
                    size += len(line)
                    if size > LIMIT:
                        self.ended = f"it has more than {LIMIT // 2**30} GB of text"
                        return
                    if text := _decoded(line):
                        yield text
            except _BROKEN as error:
                self.ended = (getattr(error, "strerror", None) or str(error) or "it is cut off").lower().rstrip(".")


def _opened(path: Path, stack: ExitStack) -> IO[bytes]:
    """The file's content, unpacked as its first bytes say."""
    raw = stack.enter_context(path.open("rb"))
    begin = raw.peek(6)
    if begin.startswith(b"\xfd7zXZ\x00"):
        return cast(IO[bytes], stack.enter_context(lzma.open(raw)))
    if begin.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], stack.enter_context(gzip.open(raw)))
    if begin.startswith(b"PK"):
        packed = stack.enter_context(zipfile.ZipFile(raw))
        inside = [one for one in packed.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX")]
        if len(inside) != 1:
            raise RuntimeError(f"the archive holds {len(inside)} files; unpack it and add each")
        return stack.enter_context(packed.open(inside[0]))
    return raw


def _decoded(line: bytes) -> str:
    line = line.rstrip(b"\r\n")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _frame(columns: Sequence[str], kept: list[list[str | None]]) -> pl.DataFrame:
    return pl.DataFrame(dict(zip(columns, kept, strict=True)), schema=dict.fromkeys(columns, pl.String))
