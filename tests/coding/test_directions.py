"""Source and target as grammar has them: the figure on the sentences of directions.txt may not fall below its floor."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from detente.coding.examples import read
from detente.model import Reading

pytestmark = pytest.mark.models
FILE = Path(__file__).with_name("directions.txt")
FLOOR = 0.94
"""Share of the sentences that must be read exactly as written."""

Pair = tuple[frozenset[str], frozenset[str]]


def cases() -> Iterator[tuple[str, str, str]]:
    """(sentence, expected, scope) of every line."""
    scope = "parties"
    for line in filter(str.strip, FILE.read_text("utf-8").splitlines()):
        if line.startswith("## "):
            scope = "parties"
        elif line.strip() == "[all]":
            scope = "all"
        elif not line.startswith("#"):
            text, arrow, expected = line.partition("=>")
            assert arrow, f"no => in: {line}"
            yield text.strip().replace(" ¶ ", "\n\n"), expected.strip(), scope


def wanted(expected: str) -> list[Pair]:
    """The pairs that a line asks for."""
    if expected == "nothing":
        return []
    return sorted((_side(s), _side(t)) for s, _, t in (e.partition(">") for e in expected.split(";")))


def _side(text: str) -> frozenset[str]:
    return frozenset(text.strip().split("+")) - {"-"}


def found(reading: Reading) -> list[Pair]:
    """The pairs that a reading has; who acts together stands on one side, whatever the coder's order."""
    return [(frozenset(e.source), frozenset(e.target)) for e in reading.events]


def shown(pairs: list[Pair]) -> str:
    """Pairs as the file writes them."""
    return "; ".join(f"{'+'.join(sorted(s)) or '-'} > {'+'.join(sorted(t)) or '-'}" for s, t in pairs) or "nothing"


def test_there_are_enough_and_no_two_alike() -> None:
    texts = [text for text, _, _ in cases()]
    assert len(texts) == len(set(texts)) >= 120


def test_directions() -> None:
    every = list(cases())
    wrong = []
    for text, expected, scope in every:
        pairs = found(read(text, scope=scope))
        if sorted(map(str, map(_key, pairs))) != sorted(map(str, map(_key, wanted(expected)))):
            wrong.append(f"{text}\n    wanted {expected}, found {shown(pairs)}")
    share = 1 - len(wrong) / len(every)
    print(f"\nread as written: {share:.3f} of {len(every)}", *wrong, sep="\n  ")
    assert share >= FLOOR, f"{share:.3f} of the sentences are read as written, floor {FLOOR}"


def _key(pair: Pair) -> tuple[list[str], list[str]]:
    return sorted(pair[0]), sorted(pair[1])
