"""Facts as rows of whole numbers: (subject, relation, object, day), in three splits, with names where there are any.

What always holds: rows are int64 and sorted by day; an inverse relation is numbered `relation + relations`; the order
of rows inside a day is that of their numbers. Only training rows whose entity the source could not tell (a negative
number; 40 of ICEWS18's) are left out, and counted; what is to be judged is never left out.
"""

import gzip
import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from pickle import UnpicklingError
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from detente.errors import ForecastError

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
_SPARSE = 20
"""With more numbers than this for each that is used, numbers are closed up."""
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
        with path.open("rb") as file, np.load(file) as archive:
            train, valid, test = (np.asarray(archive[key], dtype=np.int64) for key in ("train", "valid", "test"))
    except (OSError, KeyError, ValueError, EOFError, BadZipFile, UnpicklingError) as fault:
        message = f"{path}: cannot be read as facts ({fault}); give an .npz with the keys train, valid and test"
        raise ForecastError(message) from fault
    return from_splits(train, valid, test, names=_names(path))


def from_splits(train: Ints, valid: Ints, test: Ints, names: dict[str, list[str]] | None = None) -> Facts:
    """Facts from three arrays, checked.

    Times may have any step (hours, say, of which only each 24th occurs): they are counted in that step. Numbers of
    entities or relations that are mostly unused are closed up.

    Raises:
        ForecastError: a split is not of shape (n, 4), `train` or `test` is empty, one of the later two holds a negative
            number, or its times are not after those of the one before.
    """
    for label, rows in (("train", train), ("valid", valid), ("test", test)):
        if rows.ndim != 2 or rows.shape[1] != 4 or (not len(rows) and label != "valid"):
            shape = "x".join(map(str, rows.shape))
            raise ForecastError(f"split {label} has shape {shape}; expected rows of subject, relation, object, day")
    sound = train.min(axis=1) >= 0
    left_out, train = int((~sound).sum()), train[sound]
    if not len(train) or min(valid.min(initial=0), test.min()) < 0:
        raise ForecastError("a split holds negative numbers; only train may, for an entity not known, and not in all")
    times = [rows[:, 3] for rows in (train, valid, test) if len(rows)]
    if any(before.max() >= after.min() for before, after in pairwise(times)):
        raise ForecastError("the splits overlap in time; each split's days must come after those of the one before")
    rows, entities, relations, padded = _closed_up(np.vstack([train, valid, test]), names or {})
    ends = np.cumsum([len(train), len(valid)])
    first, second, third = (by_day(part) for part in np.split(rows, ends))
    return Facts(first, second, third, entities, relations, padded, left_out)


def _closed_up(rows: Ints, names: dict[str, list[str]]) -> tuple[Ints, int, int, tuple[str, ...]]:
    """Rows with days counted from nought in their own step and close numbers; and what there is of each."""
    rows, known, kinds = rows.copy(), list(names.get("ent", ())), names.get("rel", ())
    rows[:, 3] -= rows[:, 3].min()
    rows[:, 3] //= max(int(np.gcd.reduce(rows[:, 3])), 1)
    entities = max(len(known), int(rows[:, [0, 2]].max()) + 1)
    relations = max(len(kinds), int(rows[:, 1].max()) + 1)
    used, close = np.unique(rows[:, [0, 2]], return_inverse=True)
    if entities > _SPARSE * len(used):
        known = [known[number] if number < len(known) else "" for number in used.tolist()]
        rows[:, [0, 2]], entities = close.reshape(-1, 2), len(used)
    used, close = np.unique(rows[:, 1], return_inverse=True)
    if relations > _SPARSE * len(used):
        rows[:, 1], relations = close, len(used)
    return rows, entities, relations, (*known, *[""] * (entities - len(known)))


def _names(path: Path) -> dict[str, list[str]]:
    plain = path.with_name(path.stem + "_names.json")
    packed = path.with_name(path.stem + "_names.json.gz")
    try:
        if plain.exists():
            found = json.loads(plain.read_bytes())
        else:
            found = json.loads(gzip.decompress(packed.read_bytes())) if packed.exists() else {}
        return {key: [str(name) for name in found.get(key, ())] for key in ("ent", "rel")}
    except (OSError, ValueError, EOFError, AttributeError, TypeError) as fault:
        message = f"{plain} or .gz: cannot be read as names ({fault}); expected lists `ent` and `rel`, or no such file"
        raise ForecastError(message) from fault
