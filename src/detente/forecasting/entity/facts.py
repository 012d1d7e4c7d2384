"""Facts as rows of whole numbers: (subject, relation, object, day), in three splits, with names where there are any.

What always holds: rows are int64 and sorted by day; an inverse relation is numbered `relation + relations`; the order
of rows inside a day is that of their numbers. Only training rows whose entity the source could not tell (a negative
number; 40 of ICEWS18's) are left out, and counted; what is to be judged is never left out.
"""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from detente.errors import ForecastError

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Facts:
    """A benchmark's three splits.

    Attributes:
        train: rows (n, 4): subject, relation, object, day.
        valid: the same, of later days.
        test: the same, of still later days.
        entities: how many entities there are.
        relations: how many relations there are, inverses not counted.
        names: the entities' names; empty strings where no names are known.
        left_out: how many training rows hold a negative number and were left out.
    """

    train: Ints
    valid: Ints
    test: Ints
    entities: int
    relations: int
    names: tuple[str, ...]
    left_out: int = 0

    @property
    def all(self) -> Ints:
        """All rows of all splits in the order of their days."""
        return by_day(np.vstack([self.train, self.valid, self.test]))


def by_day(rows: Ints) -> Ints:
    """Rows sorted by day; rows of one day in the order of their numbers, so that no given order can matter.

    >>> by_day(np.array([[1, 0, 2, 5], [0, 0, 1, 3]])).tolist()
    [[0, 0, 1, 3], [1, 0, 2, 5]]
    """
    order = np.lexsort((rows[:, 2], rows[:, 1], rows[:, 0], rows[:, 3]))
    return np.ascontiguousarray(rows[order])


def both_ways(rows: Ints, relations: int) -> Ints:
    """The rows and their inverses, sorted by day.

    >>> both_ways(np.array([[7, 0, 8, 1]]), 3).tolist()
    [[7, 0, 8, 1], [8, 3, 7, 1]]
    """
    inverse = rows[:, [2, 1, 0, 3]].copy()
    inverse[:, 1] += relations
    return by_day(np.vstack([rows, inverse]))


def read_facts(path: Path) -> Facts:
    """Read a NumPy archive with the keys `train`, `valid` and `test`, and the names beside it.

    Args:
        path: the archive, say `DATA.npz`; names are looked for in `DATA_names.json` and `DATA_names.json.gz`.

    Returns:
        The facts.

    Raises:
        ForecastError: there is no such file, or it lacks a split, or a split's shape is wrong.
    """
    try:
        with np.load(path) as archive:
            train, valid, test = (np.asarray(archive[key], dtype=np.int64) for key in ("train", "valid", "test"))
    except (OSError, KeyError, ValueError) as fault:
        message = f"{path}: cannot be read as facts ({fault}); give an .npz with the keys train, valid and test"
        raise ForecastError(message) from fault
    return from_splits(train, valid, test, names=_names(path))


def from_splits(train: Ints, valid: Ints, test: Ints, names: dict[str, list[str]] | None = None) -> Facts:
    """Facts from three arrays, with the days of the splits checked.

    Raises:
        ForecastError: a split is empty or not of shape (n, 4), or its days are not after those of the one before.
    """
    sound = train.min(axis=1, initial=0) >= 0 if train.ndim == 2 else np.ones(len(train), bool)
    left_out, train = int((~sound).sum()), train[sound]
    for label, rows in (("train", train), ("valid", valid), ("test", test)):
        if rows.ndim != 2 or rows.shape[1] != 4 or not len(rows) or rows.min() < 0:
            shape = "x".join(map(str, rows.shape))
            message = f"split {label} has shape {shape}; expected rows of subject, relation, object, day, none negative"
            raise ForecastError(message)
    if train[:, 3].max() >= valid[:, 3].min() or valid[:, 3].max() >= test[:, 3].min():
        raise ForecastError("the splits overlap in time; each split's days must come after those of the one before")
    everything = np.vstack([train, valid, test])
    names = names or {}
    known = names.get("ent", [])
    entities = max(len(known), int(everything[:, [0, 2]].max()) + 1)
    relations = max(len(names.get("rel", [])), int(everything[:, 1].max()) + 1)
    padded = (*known, *[""] * (entities - len(known)))
    return Facts(by_day(train), by_day(valid), by_day(test), entities, relations, padded, left_out)


def _names(path: Path) -> dict[str, list[str]]:
    plain = path.with_name(path.stem + "_names.json")
    packed = path.with_name(path.stem + "_names.json.gz")
    if plain.exists():
        found: dict[str, list[str]] = json.loads(plain.read_text(encoding="utf-8"))
    elif packed.exists():
        found = json.loads(gzip.decompress(packed.read_bytes()))
    else:
        found = {}
    return found
