"""Memory stays flat over a long run, even where every article brings names that were never seen."""

import random
import resource
import sys

import pytest

from detente.coding import code_many
from detente.model import Article

pytestmark = [pytest.mark.models, pytest.mark.slow]
ARTICLES = 5_000
MOST_MB = 40.0
SYLLABLES = "ba ke li mo nu ra se ti vo zu pra gle kri sto wen dar fil".split()


def name(rng: random.Random) -> str:
    return "".join(rng.choices(SYLLABLES, k=4)).title()


def article(number: int, rng: random.Random) -> Article:
    who, where, what = name(rng), name(rng), name(rng)
    text = (
        f"Peru closed its consulate in {where} after {who} {what}, an envoy of Chile, had been expelled. "
        f"Chile's {what} party said that {who} would answer before the {name(rng)} summit."
    )
    return Article(id=str(number), text=text, main=(0, len(text)))


def peak_mb() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1024 * 1024 if sys.platform == "darwin" else 1024)


def test_memory_is_flat() -> None:
    rng = random.Random(1)
    warm = 0.0
    for first in range(0, ARTICLES, 50):
        for reading in code_many([article(first + i, rng) for i in range(50)]):
            assert not isinstance(reading, Exception)
        if first == 1000:
            warm = peak_mb()
    grown = peak_mb() - warm
    assert grown < MOST_MB, f"{grown:.0f} MB more after {ARTICLES} articles than after 1,000"
