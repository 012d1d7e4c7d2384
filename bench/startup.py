"""How fast the command line answers: `detente --help` against Python's own start, in the same run.

    python bench/startup.py

Prints the median of 15 runs each and their ratio, and the heavy modules that --help imports (none should be).
"""

import statistics
import subprocess
import sys
import time

RUNS = 15
HEAVY = ("spacy", "polars", "fastapi", "trafilatura", "numpy", "pydantic", "httpx")


def median_ms(command: list[str]) -> float:
    """Median wall time of a command in milliseconds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def main() -> None:
    """Print the figures."""
    bare = median_ms([sys.executable, "-c", "pass"])
    helped = median_ms(
        [sys.executable, "-c", "import sys; sys.argv = ['detente', '--help']; from detente.cli import main; main()"]
    )
    code = ("import sys; sys.argv = ['detente', '--help']\nfrom detente.cli import app\n"
            "try: app.main(standalone_mode=True)\nexcept SystemExit: pass\n"
            f"print('heavy:', [m for m in {HEAVY!r} if m in sys.modules])")  # fmt: skip
    heavy = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.splitlines()[-1]
    print(f"python start {bare:.0f} ms; detente --help {helped:.0f} ms; ratio {helped / bare:.2f}; {heavy}")


if __name__ == "__main__":
    main()
