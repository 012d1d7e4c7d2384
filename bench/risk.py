"""How fast the risk's chain is solved, and how much sooner than incidents are drawn one by one at the same error.

    python bench/risk.py

Goals: 12 lines and 6 stages, all 4,096 subsets of lines within 0.2 s; 100,000 draws of the priors within 2 s; on one
core. The simulation is that of tests/escalation/simulation.py, plain Python, which the chain is tested against.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import math
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.escalation.beliefs import effect, made, situation
from tests.escalation.simulation import simulate

from detente.escalation.ladder import outlook, parameters
from detente.escalation.priors import Priors
from detente.escalation.shares import game
from detente.escalation.solving import Solver

LINES, STAGES, DRAWS, RUNS, INCIDENTS = 12, 6, 100_000, 7, 200_000
ERROR = 0.01


def seconds(run: Callable[[], object]) -> float:
    """Median wall time of some runs."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def model() -> Priors:
    """Twelve unlike lines, six stages; each line reaches one to three stages."""
    rng = random.Random(12)
    channels = {f"c{i}": False for i in range(LINES)}
    effects = {}
    for name in channels:
        for stage in rng.sample(range(STAGES - 1), rng.randint(1, 3)):
            effects[f"{name}-{stage}"] = effect(name, rng.gauss(0, 0.5), f"s{stage}", sd=0.5)
    return made([0.4] * (STAGES - 1), rate=5, channels=channels, effects=effects)


def main() -> None:
    """Print the figures."""
    priors = model()
    lines = np.ones(LINES, int)
    played = game(lines)
    none = np.zeros_like(played.down)

    def subsets() -> np.ndarray:
        found = outlook(parameters(priors), played.down, none, lines)
        return played.shares(np.log(found.frequency[0, :, -1]))

    took = seconds(subsets)
    print(f"{len(played.down):,} subsets of {LINES} lines, {STAGES} stages, with Shapley shares: {took * 1e3:.1f} ms "
          f"(goal 200 ms; setting up the game once: {seconds(lambda: game(lines)) * 1e3:.0f} ms)")  # fmt: skip

    words = [(f"c{i}", ("in use", "down", "limited", "either")[i % 4]) for i in range(LINES)]
    at = situation(priors, words)
    took = seconds(lambda: Solver(priors, draws=DRAWS).sampled(at))
    entries = len(priors.entries())
    print(f"{DRAWS:,} draws of {entries} beliefs and their solution: {took:.2f} s (goal 2 s)")

    known = [(name, "down" if word == "either" else word) for name, word in words]
    at = situation(priors, known)
    solver = Solver(priors)
    start = time.perf_counter()
    seen = simulate(priors, known, incidents=INCIDENTS, years=0, seed=1)
    slow = time.perf_counter() - start
    chance = solver.exact(at).reach[0, -1]
    off = (seen.reached[-1] / INCIDENTS - chance) / math.sqrt(chance * (1 - chance) / INCIDENTS)
    needed = (1 - chance) / chance / ERROR**2
    fast = seconds(lambda: Solver(priors).exact(at))
    print(f"chance of the last stage {chance:.5f}; one by one {seen.reached[-1] / INCIDENTS:.5f}, {off:+.1f} standard "
          "errors off")  # fmt: skip
    print(f"to a relative error of {ERROR:.0%}: {needed:,.0f} incidents one by one, {slow / INCIDENTS * needed:.1f} s; "
          f"exact, without error: {fast * 1e3:.2f} ms; ratio {slow / INCIDENTS * needed / fast:,.0f}")  # fmt: skip


if __name__ == "__main__":
    main()
