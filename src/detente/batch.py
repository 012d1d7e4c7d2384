"""Many articles at a time: JSON lines in, JSON lines out.

What always holds: each line of the input yields one line of the output, in order, and a chunk is written out before the
next one is read; a bad line yields an object with an `error` at its place, and the run goes on; blank lines yield
nothing.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO

from detente.errors import DetenteError, PageUnreadable, UsageFault
from detente.model import Reading
from detente.plain import shown

FIELDS = ("text", "id", "published", "title", "address")
"""What an input line may hold, each a string; `text` must be there. Other keys are left alone."""


CHUNK = 32
"""Lines taken at a time from a file: sentences of several articles are parsed together, which is faster."""


def run(
    lines: Iterable[bytes], out: BinaryIO, read: Callable[[list[dict[str, str]]], Iterable[Reading | Exception]],
    chunk: int = 1,
) -> tuple[int, int]:  # fmt: skip
    """Read every article of a batch.

    Args:
        lines: the input's lines.
        out: where the output goes; flushed after each chunk.
        read: what makes readings of several lines' fields, an exception in the place of one that cannot be made.
        chunk: how many lines are taken at a time; 1 for a stream that somebody waits for.

    Returns:
        How many lines were taken in, and how many of them were bad.
    """
    taken = bad = 0
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    while some := list(islice(numbered, chunk)):
        taken += len(some)
        given = [_given(line) for _, line in some]
        good = [fields for fields, fault in given if fault is None]
        made = iter(read(good) if good else ())
        for (number, _), (fields, fault) in zip(some, given, strict=True):
            result = fault if fault is not None else next(made)
            if isinstance(result, Exception):
                bad += 1
                text = json.dumps(_fault(fields, number, result), ensure_ascii=True)
            else:
                text = result.model_dump_json()
            out.write(text.encode() + b"\n")
        out.flush()
    return taken, bad


def each(read: Callable[..., Reading]) -> Callable[[list[dict[str, str]]], Iterator[Reading | Exception]]:
    """What reads several lines' fields one after the other, an exception standing for one that fails."""

    def many(batch: list[dict[str, str]]) -> Iterator[Reading | Exception]:
        for fields in batch:
            try:
                yield read(**fields)
            except Exception as error:  # one bad article must not end a run of thousands
                yield error

    return many


def _given(line: bytes) -> tuple[dict[str, Any], Exception | None]:
    fields: dict[str, Any] = {}
    try:
        fields = _fields(line)
        return _checked(fields), None
    except DetenteError as error:
        return fields, error


def _fault(fields: dict[str, Any], number: int, error: Exception) -> dict[str, Any]:
    name = fields.get("id")
    known = isinstance(error, DetenteError)
    words = str(error) if known else f"the article could not be coded ({type(error).__name__}: {error})"
    return {
        "id": name if isinstance(name, str) else None,
        "line": number,
        "error": shown(words),
        "kind": type(error).__name__,
    }


def _fields(line: bytes) -> dict[str, Any]:
    """The fields of one line that are known."""
    try:
        found = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise PageUnreadable(f"the line is not in UTF-8 (byte {error.start + 1}); save it in that encoding") from None
    except json.JSONDecodeError as error:
        raise PageUnreadable(f"the line is not valid JSON (column {error.colno}: {error.msg})") from None
    except (ValueError, RecursionError):
        raise PageUnreadable("the line is not valid JSON (a number too long or lists nested too deep)") from None
    if not isinstance(found, dict):
        raise UsageFault('the line is not an object; write {"id": ..., "text": ..., "published": ..., "title": ...}')
    return {key: found[key] for key in FIELDS if found.get(key) is not None}


def _checked(fields: dict[str, Any]) -> dict[str, str]:
    """See that fields are whole strings and that there is a text."""
    if "text" not in fields:
        raise UsageFault("the line has no text; give the article in the field “text”")
    for key, value in fields.items():
        if not isinstance(value, str):
            raise UsageFault(f"the field “{key}” is {_json_type(value)}; it must be a string")
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise PageUnreadable(f"the field “{key}” holds half a character (at {error.start + 1}); mend it") from None
    return fields


def _json_type(value: Any) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), "no string")
