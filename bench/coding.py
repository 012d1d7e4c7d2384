"""Figures of the coder beside a naive baseline, on the annotated articles and the human-coded PLOVER records.

    python bench/coding.py

The baseline is measured in the same run on the same records: whoever is named first is the source, whoever is named
second the target (types are left out of it). The goals are those of the project's plan; the peers' figures that are
known for these records stand in docs/accuracy.md. A third of the annotated articles is kept apart: the coder's rules
are written without looking at them; of the project's own articles (tests/gold) 16 are kept apart likewise.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.gold.figures import GOALS, GOLD, OWN, PLOVER_GOALS, measure, score  # noqa: E402


def baseline(records: Path, out: Path) -> None:
    """First party named to second party named."""
    from detente.coding.gazetteer import gazetteer, words_of

    names = gazetteer()
    with out.open("w", encoding="utf-8") as stream:
        for line in filter(str.strip, records.read_text(encoding="utf-8").splitlines()):
            record = json.loads(line)
            codes = list(dict.fromkeys(m.codes[0] for m in names.find(words_of(record["text"].replace("’", "'")))))
            event = {"source": codes[:1], "target": codes[1:2], "type": ""}
            stream.write(json.dumps({"id": record["id"], "events": [event] if codes else []}) + "\n")


def main() -> None:
    """Print the figures."""
    if not GOLD.exists():
        raise SystemExit("the annotated articles (../shared/gold) are not here; there is nothing to measure on")
    figures = measure()
    heads = ("open 40", "kept 20", "own 40", "own kept")
    print(f"{'annotated articles':24}{'goal':>8}" + "".join(f"{head:>10}" for head in heads))
    for name, goal in GOALS.items():
        row = [figures[part].get(name) or {} for part in ("dev, open", "dev, kept", *OWN)]
        shown = [value.get("f1", value.get("accuracy")) if isinstance(value, dict) else value for value in row]
        print(f"{name:24}{goal:8.2f}" + "".join(f"{x:10.3f}" if x is not None else f"{'-':>10}" for x in shown))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "naive.jsonl"
        baseline(GOLD / "plover-dev.jsonl", out)
        naive = score("score_plover.py", GOLD / "plover-dev.jsonl", out)
    for part in ("coded parties", "types only"):
        ours = figures[f"plover, {part}"]
        print(f"\nPLOVER records, {part}: {ours['records']}")
        print(f"{'':24}{'goal':>8}{'détente':>10}{'naive':>10}")
        for name, goal in PLOVER_GOALS.items():
            if name in ours:
                first = name in ("first type, lenient", "type and both parties")  # the baseline knows no types
                print(f"{name:24}{goal:8.2f}{ours[name]:10.3f}{'-' if first else naive[part].get(name, '-'):>10}")


if __name__ == "__main__":
    main()
