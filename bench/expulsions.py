"""The expulsion test: kind, number and day of the answer to each act of the casebook, beside two peers.

    python bench/expulsions.py [HISTORY] [--cases] [--json OUT]

HISTORY is a file of coded events that holds March 2018 (``../shared/data/dyad_events_icews18x.csv.xz``); without it the
case of Salisbury is left out. Each act is forecast from what was known on the day on which it became known. Hit rates,
the mean logarithm of the probability given to what happened (nearer to zero is better), and the difference to each peer
with its 95 % band, whole pairs of parties being drawn.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from detente.forecasting.expulsions import FORECASTERS, trial

FIGURES = (
    ("kind hit", "kind right"), ("kind log", "kind, log score"), ("number hit", "number right"),
    ("number near", "number within 20 %"), ("number log", "number, log score"),
    ("days inside", "day inside the 80 % interval"), ("days wide", "width of that, days"),
    ("days log", "day, log score"),
)  # fmt: skip


def show(name: str, part: dict[str, Any]) -> None:
    """One table."""
    cases = part["cases"]
    print(f"\n{name}: {cases['kind hit']} acts with a kind of answer, {cases['number hit']} with numbers, "
          f"{cases['days inside']} with days")  # fmt: skip
    print(f"{'':32}" + "".join(f"{forecaster:>24}" for forecaster in FORECASTERS))
    for key, label in FIGURES:
        print(f"{label:32}" + "".join(f"{part[forecaster][key]:>24.3f}" for forecaster in FORECASTERS))
    for peer, gains in part["gain"].items():
        told = "; ".join(f"{key.removesuffix(' log')} {gain[0]:+.3f} [{gain[1]:+.3f}, {gain[2]:+.3f}]"
                         for key, gain in gains.items())  # fmt: skip
        print(f"log score over “{peer}”: {told}")


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("history", nargs="?", type=Path)
    parser.add_argument("--cases", action="store_true", help="show each case, too")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    history = None
    if given.history:
        from detente.sources.histories import read

        history = read(given.history).frame
    found = trial(history)
    for name in ("expulsions", "all answered acts"):
        show(name, found[name])
    if history is not None:
        part = found["Salisbury"]
        print(
            f"\nSalisbury, 26-27 March 2018: of {part['senders']} senders {part['answered']} got an answer in 30 days"
        )
        for name, brier in part["brier"].items():
            ratio = brier / part["brier"]["base rate"]
            print(f"{name:12} mean {part['mean'][name]:.3f}  Brier {brier:.3f}  {ratio:.2f} of the base rate's")
    if given.cases:
        for row in found["cases"]:
            if row["forecaster"] == "détente":
                print(json.dumps({k: v for k, v in row.items() if k != "forecaster"}, ensure_ascii=False))
    if given.json:
        given.json.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
