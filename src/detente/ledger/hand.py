"""Changes that analysts enter by hand or from a spreadsheet, made into readings.

What always holds: every change has a quote and a source as far as they are given, and counts as a person's; a fault
names the row, the column and what to write; where no sentence is given, the entry itself is the evidence.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from detente.errors import UsageFault
from detente.ledger.recording import Coder, Told
from detente.ledger.states import first_day
from detente.model import Line, Reading
from detente.parties import find

REQUIRED = ("kind", "owner", "counterpart", "change")
OPTIONAL = ("by", "status", "date", "announced", "effective", "count", "cap", "name", "seat", "part_of", "said_by",
            "quote", "certainty", "address", "publisher", "published")  # fmt: skip
_OF_ARTICLE = ("address", "publisher", "published")
_DATES = ("date", "announced", "effective", "published")
_MOST = 100_000
"""Characters of a cell: more is no quote."""


class _Wrong(Exception):
    """A value that makes no sense: its column, and what to write."""


def from_fields(fields: Mapping[str, str], *, by: str, role: str = "analyst") -> list[Told]:
    """One change as a reading.

    Args:
        fields: values by column, as text.
        by: who enters it.
        role: analyst or editor.

    Raises:
        UsageFault: a value is missing or makes no sense.
    """
    try:
        return [_told(fields, by, role)]
    except _Wrong as wrong:
        raise UsageFault(str(wrong)) from None


def from_csv(path: Path, *, by: str, role: str = "analyst") -> tuple[list[Told], list[str]]:
    """The changes of a table, and its faults by row.

    Args:
        path: a CSV file with a header, in UTF-8; columns as `REQUIRED` and `OPTIONAL`, others are refused.
        by, role: as in `from_fields`.

    Returns:
        The good rows as readings, and a sentence for each bad one.

    Raises:
        UsageFault: the file is no such table.
    """
    good, faults = [], []
    for number, row in _rows(path):
        try:
            good.append(_told(row, by, role))
        except _Wrong as wrong:
            faults.append(f"row {number}: {wrong}")
    if not good and not faults:
        raise UsageFault(f"{path} has no rows; below the header put one change a row")
    return good, faults


def _rows(path: Path) -> Iterable[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            sample = stream.readline()
            stream.seek(0)
            reader = csv.DictReader(stream, delimiter=";" if sample.count(";") > sample.count(",") else ",")
            names = [name.strip().lower() for name in reader.fieldnames or ()]
            if odd := [name for name in names if name not in REQUIRED + OPTIONAL]:
                raise UsageFault(f"{path}: there is no column {odd[0]!r}; there are {', '.join(REQUIRED + OPTIONAL)}")
            if missing := [name for name in REQUIRED if name not in names]:
                raise UsageFault(f"{path} lacks the column {missing[0]!r}; {', '.join(REQUIRED)} must be there")
            reader.fieldnames = names
            for row in reader:
                if None in row:
                    yield reader.line_num, {"": "there are more cells than columns; quote cells with commas in them"}
                else:
                    yield reader.line_num, {k: v.strip() for k, v in row.items() if v and v.strip()}
    except UnicodeDecodeError:
        raise UsageFault(f"{path} is not UTF-8; save it as “CSV UTF-8”") from None
    except (csv.Error, OSError) as error:
        raise UsageFault(f"{path} cannot be read as CSV ({error})") from None


def _told(row: Mapping[str, str], by: str, role: str) -> Told:
    if "" in row:
        raise _Wrong(row[""])
    if not by.strip():
        raise _Wrong("by: say who enters this")
    fields: dict[str, Any] = {name: _value(name, row[name]) for name in (*REQUIRED, *OPTIONAL) if row.get(name)}
    if missing := [name for name in REQUIRED if name not in fields]:
        raise _Wrong(f"{missing[0]}: it is missing; every change has {', '.join(REQUIRED)}")
    if fields["owner"] == fields["counterpart"]:
        raise _Wrong(f"counterpart: {row['counterpart']!r} is the owner; a line has two ends")
    fields.setdefault("by", sorted({fields["owner"], fields["counterpart"]}))
    fields.setdefault("status", "actual")
    quote = fields.pop("quote", None) or _in_words(fields)
    article = {name: fields.pop(name) for name in _OF_ARTICLE if name in fields}
    place = {"id": "l1", "quote": quote, "start": 0, "end": len(quote), "rule": "by hand"}
    try:
        item = Line.model_validate({"certainty": 1.0} | fields | place)
    except ValidationError as error:
        first = error.errors()[0]
        raise _Wrong(f"{first['loc'][0]}: {row.get(str(first['loc'][0]), '')!r}: {first['msg'].lower()}") from None
    reading = Reading(id="by hand", text=quote, main=(0, len(quote)), lines=(item,), **article)
    return Told(reading, Coder("by hand", "1", "", role=role, who=by))


def _value(name: str, text: str) -> Any:
    if len(text) > _MOST:
        raise _Wrong(f"{name}: {len(text)} characters are too many; give the sentence that shows the change")
    if name in ("owner", "counterpart", "said_by"):
        return _code(name, text)
    if name == "by":
        return [_code(name, part.strip()) for part in text.replace(",", ";").split(";") if part.strip()]
    if name in _DATES and first_day(text) is None:
        raise _Wrong(f"{name}: {text!r} is no date; write 2021-10-18, 2021-10 or 2021")
    if name in ("count", "cap"):
        if not text.isascii() or not text.isdecimal():
            raise _Wrong(f"{name}: {text!r} is no whole number; leave it empty where the number is not known")
        return int(text)
    return text


def _code(name: str, text: str) -> str:
    found = find(text)
    if found is None:
        raise _Wrong(f"{name}: {text!r} is no party; give a code such as FRA or NATO, or an English name")
    return found.successor or found.code


def _in_words(fields: Mapping[str, Any]) -> str:
    """The entry itself, where no sentence is given for it."""
    told = [f"{key} {fields[key]}" for key in ("date", "count", "cap", "name", "seat") if key in fields]
    who = " and ".join(fields["by"])
    what = f"{fields['change']} {fields['kind']} {fields['owner']}-{fields['counterpart']}"
    return f"Entered by hand, without a sentence: {what} by {who}" + (f", {', '.join(told)}" if told else "")
