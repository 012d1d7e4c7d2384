"""Figures on the annotated articles: `python tests/gold/figures.py [--pin]`.

Reads every article of ../shared/gold with the real command line and scores the readings with the scorers that lie
beside the gold. `--pin` writes the figures reached into ratchet.json, from which they may
not fall (see test_ratchet.py).
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
GOLD = ROOT.parent / "shared" / "gold"
RATCHET = HERE / "ratchet.json"
PARTS = ("open", "kept")
OWN = {"own, open": HERE / "articles.jsonl", "own, kept": HERE / "kept.jsonl"}
"""Articles that were written and annotated for this project by other hands than the coder's: 40 that rules may be
written on, and 16 that are figures only."""
SLACK = 0.005
"""How far a figure may fall before the ratchet fails: rounding, not a worse coder."""

GOALS = {"lines": 0.80, "state": 0.80, "events relaxed": 0.75, "events strict": 0.65, "answers": 0.65, "claims": 0.50,
         "line by": 0.90, "line count": 0.90, "line cap": 0.90, "event date": 0.80, "line date": 0.80}  # fmt: skip
PLOVER_GOALS = {"first type, lenient": 0.85, "both parties, any event": 0.85, "type and both parties": 0.68,
          "events a record": 1.4}  # fmt: skip
"""What the project's plan aims at on articles that were never seen."""


def read_batch(corpus: Path, out: Path, *options: str) -> None:
    """Read a corpus with the command line, as a user would."""
    command = [
        sys.executable,
        "-c",
        "from detente.cli import main; main()",
        "read",
        "--batch",
        str(corpus),
        str(out),
        *options,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 5):
        raise SystemExit(f"reading {corpus.name} failed with status {done.returncode}: {done.stderr}")


def score(script: str, gold: Path, readings: Path, *options: str) -> dict[str, Any]:
    """Score readings with one of the scorers beside the gold."""
    done = subprocess.run([sys.executable, str(GOLD / script), str(gold), str(readings), "--json", *options],
                          capture_output=True, text=True, check=True)  # fmt: skip
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def measure() -> dict[str, dict[str, Any]]:
    """All figures, by corpus and part."""
    out: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        readings = Path(folder) / "dev.jsonl"
        read_batch(GOLD / "dev.jsonl", readings)
        for part in PARTS:
            out[f"dev, {part}"] = score("score.py", GOLD / "dev.jsonl", readings, "--part", part)
        for name, corpus in OWN.items():
            read_batch(corpus, readings)
            out[name] = score("score.py", corpus, readings)
        sentences = Path(folder) / "plover.jsonl"
        read_batch(GOLD / "plover-dev.jsonl", sentences, "--scope", "all")
        out |= {f"plover, {k}": v for k, v in score("score_plover.py", GOLD / "plover-dev.jsonl", sentences).items()}
    return out


def flat(figures: dict[str, dict[str, Any]]) -> dict[str, float]:
    """One number a line: F1, accuracy, or the bare figure."""
    out = {}
    for corpus, rows in figures.items():
        for name, value in rows.items():
            if isinstance(value, dict):
                value = value.get("f1", value.get("accuracy"))
            if isinstance(value, (int, float)) and name not in ("articles", "records"):
                out[f"{corpus}: {name}"] = float(value)
    return out


def digest() -> str:
    """Of the corpora, so that figures are compared only on the same texts."""
    corpora = (GOLD / "dev.jsonl", GOLD / "plover-dev.jsonl", *OWN.values())
    data = b"".join(path.read_bytes() for path in corpora)
    return hashlib.sha256(data).hexdigest()[:16]


LOWER_IS_BETTER = ("not read", "quotes outside the article")
MOST_EVENTS = 1.4
"""Events a record: a limit rather than a floor, since finding more of them is no fault up to there."""


def main() -> None:
    """Print the figures; with --pin, write them down as the new floors."""
    if not GOLD.exists():
        raise SystemExit(f"{GOLD} is not here; the figures need the annotated articles beside the checkout")
    figures = measure()
    for corpus, rows in figures.items():
        print(f"\n{corpus}")
        for name, value in rows.items():
            cells = value if not isinstance(value, dict) else "  ".join(f"{k} {v}" for k, v in value.items())
            print(f"  {name:28} {cells}")
    if "--pin" in sys.argv[1:]:
        RATCHET.write_text(json.dumps({"corpus": digest(), "floors": flat(figures)}, indent=1) + "\n", encoding="utf-8")
        print(f"\npinned in {RATCHET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
