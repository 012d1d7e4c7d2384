"""How well the entity forecaster ranks, against the recurrency baseline in the same run.

    python bench/forecasting.py DATA.npz [--multi-step] [--additive] [--setting fast|best] [--seed N] --json OUT

DATA.npz holds the arrays `train`, `valid` and `test` of (subject, relation, object, day); `DATA_names.json[.gz]` is
read where it lies beside it. Figures: time-aware filter, both directions, mean rank of ties, over all entities;
weights are fitted on `train` alone. Time runs from reading the file to the last test query, on the wall and on
the core (they differ where the machine is shared); memory is the peak of the
forecaster's own process, before the baseline runs.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import argparse  # noqa: E402
import json  # noqa: E402
import resource  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Mapping  # noqa: E402
from dataclasses import asdict  # noqa: E402
from pathlib import Path  # noqa: E402

from detente.errors import ForecastError  # noqa: E402
from detente.forecasting.entity.facts import read_facts  # noqa: E402
from detente.forecasting.entity.forecaster import SETTINGS, run  # noqa: E402
from detente.forecasting.entity.recurrency import recurrency  # noqa: E402


def measure(path: Path, setting: str, *, additive: bool, multi_step: bool, seed: int) -> dict[str, object]:
    """All figures of one run."""
    start, worked = time.perf_counter(), time.process_time()
    facts = read_facts(path)
    outcome = run(facts, SETTINGS[setting], additive=additive, multi_step=multi_step, seed=seed)
    seconds, worked = time.perf_counter() - start, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return {
        "data": path.stem, "setting": setting, "additive": additive, "multi_step": multi_step, "seed": seed,
        "entities": facts.entities, "relations": facts.relations, "left_out": facts.left_out, **asdict(outcome),
        "seconds": round(seconds, 1), "core_seconds": round(worked, 1), "peak_gb": round(peak, 2),
    }  # fmt: skip


def measure_baseline(path: Path, *, multi_step: bool) -> dict[str, float]:
    """The recurrency baseline's figures, and how long they took."""
    start = time.perf_counter()
    found = recurrency(read_facts(path), multi_step=multi_step)
    return {**found, "seconds": round(time.perf_counter() - start, 1)}


def show(result: Mapping[str, object], *names: str) -> None:
    """Print some of the figures at once: a long run may be watched."""
    for name in names:
        print(f"{name}: {result[name]}", flush=True)


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="DATA.npz")
    parser.add_argument("--multi-step", action="store_true", help="tell nothing after the last validation day")
    parser.add_argument("--additive", action="store_true", help="score by an exactly additive sum")
    parser.add_argument("--setting", choices=sorted(SETTINGS), default="best")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, metavar="OUT", required=True)
    given = parser.parse_args()
    try:
        result = measure(
            given.data, given.setting, additive=given.additive, multi_step=given.multi_step, seed=given.seed
        )
    except ForecastError as fault:
        print(f"error: {fault}", file=sys.stderr)
        return fault.exit_status
    show(result, "total", "strata", "objects", "subjects")
    print(f"{result['seconds']} s ({result['core_seconds']} s of one core), {result['peak_gb']} GB", flush=True)
    result["recurrency"] = measure_baseline(given.data, multi_step=given.multi_step)
    show(result, "recurrency")
    given.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
