"""The ``datapackage.json`` of a snapshot: what is in the folder, made and read with mistrust.

What always holds: a file is only ever read where it lies in the folder itself, is the one that was written (bytes and
SHA-256), and is one of those that a snapshot has; whatever else a descriptor says is not acted upon. See
https://datapackage.org for the standard.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from detente.errors import LedgerError, LedgerNewer

DESCRIPTOR = "datapackage.json"
VERSION = 1
"""Version of the layout of a snapshot."""
SINCE = {"forecasts": 2}
"""Tables that ledgers of older formats lack, and the first format that has them."""
_LIMIT = 1 << 20
"""Bytes of a descriptor at most; ours have some thirty thousand."""
_MEDIA = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
_NO_LICENCE = {
    "name": "other-closed",
    "title": "No licence is given: texts and quotes are their publishers', the coding is whose ledger it is.",
}
Field = tuple[str, str, bool]
"""Name, type, and whether a value must be there."""


@cache
def wording() -> dict[str, dict[str, str]]:
    """What each column holds, by table; under ``_`` what the table holds."""
    return tomllib.loads(resources.files("detente.ledger").joinpath("columns.toml").read_text(encoding="utf-8"))


def described(
    folder: Path, form: str, tables: Mapping[str, Sequence[Field]], keys: Mapping[str, Sequence[str]],
    counts: Mapping[str, int], *, licence: str | None, created: str, program: str, ledger: int,
) -> dict[str, Any]:  # fmt: skip
    """The descriptor of a folder in which the tables lie.

    Args:
        folder: where they lie.
        form: parquet or csv.
        tables: the fields of each.
        keys: the primary key of each.
        counts: the rows of each.
        licence: name of a licence.
        created: time, UTC.
        program: version of this program.
        ledger: format of the ledger's tables.
    """
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "profile": "tabular-data-package",
        "name": "detente-ledger",
        "title": "A ledger of détente: what was reported of lines of communication between powers",
        "description": "articles, readings, reports and forecasts are complete; lines, changes, events, answers "
        "and states are derived from them. In CSV an empty cell is a missing value; an apostrophe before a text says "
        "that it is text.",
        "version": "1.0.0",
        "created": created,
        "licenses": [{"name": licence} if licence else _NO_LICENCE],
        "detente": {"snapshot": VERSION, "ledger": ledger, "program": program, "format": form},
        "resources": [
            _resource(folder / f"{name}.{form}", form, fields, keys[name], counts[name])
            for name, fields in tables.items()
        ],
    }  # fmt: skip


def _resource(path: Path, form: str, fields: Sequence[Field], key: Sequence[str], count: int) -> dict[str, Any]:
    name = path.stem
    words = wording()[name]
    return {
        "name": name, "type": "table", "profile": "tabular-data-resource", "path": path.name, "description": words["_"],
        "format": form, "mediatype": _MEDIA[form], "encoding": "utf-8", "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256(path)}", "rows": count,
        "schema": {
            "fields": [
                {"name": field, "type": type_, "description": words[field]}
                | ({"constraints": {"required": True}} if needed else {})
                for field, type_, needed in fields
            ],
            "primaryKey": list(key),
            "missingValues": [""],
        },
    }  # fmt: skip


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True)
class Package:
    """A folder whose files were seen to be those that were written.

    Attributes:
        folder: where it is.
        form: parquet or csv.
        resources: by name, those that a snapshot of its format has.
    """

    folder: Path
    form: str
    resources: dict[str, dict[str, Any]]

    def path(self, name: str) -> Path:
        """The file of a table."""
        return self.folder / f"{name}.{self.form}"

    def rows(self, name: str) -> int:
        """How many rows a table should have."""
        return int(self.resources[name]["rows"])

    def columns(self, name: str) -> list[str]:
        """The columns that the file of a table has."""
        import polars as pl

        try:
            if self.form == "parquet":
                return list(pl.read_parquet_schema(self.path(name)))
            return list(pl.scan_csv(self.path(name), infer_schema=False).collect_schema())
        except (pl.exceptions.PolarsError, OSError) as error:
            said = str(error).strip().splitlines()[0]
            raise LedgerError(f"{self.path(name)} is no {self.form.upper()} table ({said}); nothing was "
                              "imported") from None  # fmt: skip


def opened(folder: Path, known: int) -> Package:
    """Open a folder, and see that its files are those that were written.

    Args:
        folder: the snapshot.
        known: the newest format of a ledger that this program knows.

    Raises:
        LedgerError: there is none, it is of another maker, or damaged.
        LedgerNewer: a newer program wrote it.
    """
    found = _descriptor(folder / DESCRIPTOR)
    mark = found.get("detente")
    listed = found.get("resources")
    if not isinstance(mark, dict) or not isinstance(listed, list) or mark.get("format") not in _MEDIA:
        raise LedgerError(f"{folder / DESCRIPTOR} describes no snapshot of a ledger; make one with detente export")
    for name, newest in (("snapshot", VERSION), ("ledger", known)):
        if type(mark.get(name)) is not int or mark[name] < 1:
            raise LedgerError(f"{folder / DESCRIPTOR} does not say which version of a {name} it is; make it anew")
        if mark[name] > newest:
            raise LedgerNewer(f"{folder} was written by a newer program ({name} {mark[name]}, this one knows up to "
                              f"{newest}); update détente to read it")  # fmt: skip
    resources = {r["name"]: r for r in listed if isinstance(r, dict) and isinstance(r.get("name"), str)}
    form = str(mark["format"])
    wanted = [name for name in wording() if SINCE.get(name, 1) <= mark["ledger"]]
    for name in wanted:
        if name not in resources:
            raise LedgerError(f"{folder / DESCRIPTOR} lacks the table {name}; the snapshot is not complete")
        _checked(folder, f"{name}.{form}", resources[name])
    return Package(folder, form, {name: resources[name] for name in wanted})


def _descriptor(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LIMIT:
            raise LedgerError(f"{path} is longer than any that détente writes; it is not a snapshot of a ledger")
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LedgerError(f"{path} cannot be read ({(error.strerror or str(error)).lower()}); name the folder of a "
                          "snapshot, which detente export makes") from None  # fmt: skip
    except (ValueError, RecursionError):
        raise LedgerError(f"{path} is not JSON; the snapshot is damaged") from None
    if not isinstance(found, dict):
        raise LedgerError(f"{path} describes no snapshot of a ledger; make one with detente export")
    return found


def _checked(folder: Path, wanted: str, resource: Mapping[str, Any]) -> None:
    """See that a resource is a plain file of the folder with the name, the size and the hash that it should have."""
    where, path = resource.get("path"), folder / wanted
    if where != wanted:
        raise LedgerError(f"{folder / DESCRIPTOR}: the table {wanted} is said to be at {where!r}; a snapshot has it in "
                          "its own folder, and no other file is read")  # fmt: skip
    if path.is_symlink() or not path.is_file():
        raise LedgerError(f"{path} is not there, or no plain file; the snapshot is not complete")
    rows = resource.get("rows")
    if type(rows) is not int or rows < 0:
        raise LedgerError(f"{folder / DESCRIPTOR} does not say how many rows {wanted} has; the snapshot is damaged")
    if path.stat().st_size != resource.get("bytes") or f"sha256:{sha256(path)}" != resource.get("hash"):
        raise LedgerError(f"{path} is not the file that was written (its SHA-256 differs); get the snapshot anew")
