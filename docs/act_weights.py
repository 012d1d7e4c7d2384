"""Fit the shipped weights of `detente.forecasting.acts` on an event history, and say how good they are.

    python docs/act_weights.py ../shared/data/dyad_events_icews18x.csv.xz [--write]

Sample: every directed pair with an event either way before the day asked about, every seventh day from day 120 on.
Half of the pairs, drawn by a hash, are only tested. The standard deviation of a pair's normal effect on the log odds is
found on these (Gauss-Hermite, 21 points), and its upper bound is written.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from scipy.optimize import minimize
from scipy.special import expit

from detente.forecasting.acts import HORIZONS, SIGNS, days_by_type, signs, stretch
from detente.model import EVENT_TYPES

STEP, FIRST = 7, 120
RIDGE = 1.0
TARGET = Path(__file__).parent.parent / "src/detente/forecasting/acts.toml"


def main() -> int:
    """Fit, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    pairs, first, last = read(given.data)
    x, y, pair, week, tested = sample(pairs, first, last)
    lines = [*heading(given.data, pairs, first, last, len(pair))]
    for index, type_ in enumerate(EVENT_TYPES):
        fitted = [fit_one(x[index], y[h][index], pair, week % -(-h // STEP) == 0, tested) for h in HORIZONS]
        lines += ["", f"[{type_}]"]
        lines += [f"days{h} = {[round(float(w), 3) for w in f[0]]}" for h, f in zip(HORIZONS, fitted, strict=True)]
        lines += [f"sd = {[round(f[1], 2) for f in fitted]}", f"skill = {[round(f[2], 3) for f in fitted]}"]
        print(type_, *lines[-2:])
    if given.write:
        TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


def read(path: Path) -> tuple[dict[tuple[str, str], dict[str, np.ndarray]], int, int]:
    """Days by type of each directed pair, and the first and last day."""
    frame = pl.read_csv(
        path.read_bytes() if path.suffix != ".xz" else _unpacked(path), schema_overrides={"cameo": pl.Utf8}
    )
    rows: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for day, source, target, type_ in frame.select("date", "source", "target", "plover").iter_rows():
        if type_ in EVENT_TYPES:
            rows[source, target].append((date.fromisoformat(day).toordinal(), type_))
    days = [d for events in rows.values() for d, _ in events]
    return {key: days_by_type(events) for key, events in sorted(rows.items())}, min(days), max(days)


def _unpacked(path: Path) -> bytes:
    import lzma

    return lzma.decompress(path.read_bytes())


def sample(pairs, first, last):  # type: ignore[no-untyped-def]
    """Signs and outcomes, by type; the pair and the number of the week of each row; which rows are of tested pairs."""
    xs, who, weeks, held = [[] for _ in EVENT_TYPES], [], [], []
    ys = {h: [[] for _ in EVENT_TYPES] for h in HORIZONS}
    for number, (source, target) in enumerate(sorted({key for s, t in pairs for key in ((s, t), (t, s))})):
        own, back = pairs.get((source, target), {}), pairs.get((target, source), {})
        begins = min(int(days[0]) for side in (own, back) for days in side.values())
        at = np.arange(first + FIRST, last - max(HORIZONS) + 1, STEP)
        at = at[at >= begins]
        if not len(at):
            continue
        who.append(np.full(len(at), number))
        weeks.append((at - first) // STEP)
        half = hashlib.sha256(f"{source}>{target}".encode()).digest()[0] % 2 == 0
        held.append(np.full(len(at), half))
        for index, type_ in enumerate(EVENT_TYPES):
            xs[index].append(signs(own, back, type_, at).astype(np.float32))
            days = own.get(type_, np.empty(0, np.int64))
            for h in HORIZONS:
                after = np.searchsorted(days, at + h, side="right") - np.searchsorted(days, at, side="right")
                ys[h][index].append(after > 0)
    return ([np.concatenate(x) for x in xs], {h: [np.concatenate(y) for y in by] for h, by in ys.items()},
            np.concatenate(who), np.concatenate(weeks), np.concatenate(held))  # fmt: skip


def fit_one(x, y, pair, apart, tested):  # type: ignore[no-untyped-def]
    """Weights, the standard deviation of pairs, and the Brier skill against the base rate, on the tested pairs."""
    full = np.concatenate([np.ones((len(x), 1), np.float32), x], axis=1).astype(np.float64)
    weights = logistic(full[~tested], y[~tested])
    odds, seen = full[tested] @ weights, y[tested]
    p = expit(odds)
    skill = 1 - ((p - seen) ** 2).mean() / ((y[~tested].mean() - seen) ** 2).mean()
    return logistic(full, y), spread(odds[apart[tested]], seen[apart[tested]], pair[tested & apart]), float(skill)


def logistic(x, y):  # type: ignore[no-untyped-def]
    """Weights with a ridge on all but the constant."""
    same, back = np.unique(x, axis=0, return_inverse=True)
    trials = np.bincount(back.ravel(), minlength=len(same)).astype(float)
    hits = np.bincount(back.ravel(), weights=y, minlength=len(same))
    ridge = np.full(x.shape[1], RIDGE)
    ridge[0] = 0.0

    def loss(w):  # type: ignore[no-untyped-def]
        odds = same @ w
        p = expit(odds)
        value = (trials * np.logaddexp(0, odds) - hits * odds).sum() + (ridge * w * w).sum() / 2
        return value, same.T @ (trials * p - hits) + ridge * w

    return minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x


def spread(odds, y, pair):  # type: ignore[no-untyped-def]
    """The standard deviation of a pair's effect on the log odds, from windows that do not overlap: the upper end of its
    95 % profile-likelihood interval.
    """
    nodes, masses = np.polynomial.hermite_e.hermegauss(21)
    masses = masses / masses.sum()
    _, group = np.unique(pair, return_inverse=True)
    likelihoods = {}
    for sd in np.arange(0.0, 2.01, 0.1):
        shifted = odds[:, None] * np.sqrt(stretch(sd)) + sd * nodes
        single = np.where(y[:, None], -np.logaddexp(0, -shifted), -np.logaddexp(0, shifted))
        joint = np.zeros((group.max() + 1, len(nodes)))
        np.add.at(joint, group, single)
        top = joint.max(1, keepdims=True)
        value = float((top[:, 0] + np.log(np.exp(joint - top) @ masses)).sum())
        likelihoods[float(sd)] = value
    # The largest that the pairs do not speak against: an interval too wide misleads less than one too narrow.
    return max(sd for sd, value in likelihoods.items() if value >= max(likelihoods.values()) - 1.92)


def heading(path, pairs, first, last, rows):  # type: ignore[no-untyped-def]
    """Where the figures come from."""
    began, ended = date.fromordinal(first), date.fromordinal(last)
    yield "# Weights of detente.forecasting.acts; made by docs/act_weights.py, not by hand."
    yield f"# In each list the constant comes first, then the {len(SIGNS)} signs in their order."
    yield "# sd: of pairs with the same signs, on the log odds; skill: Brier, against the base rate, on unseen pairs."
    yield ""
    yield "[source]"
    yield f'data = "{path.name}: ICEWS events between states and organisations, {began} to {ended}"'
    yield f"pairs = {len(pairs)}"
    yield f"rows = {rows}"
    yield f'made = "{date.today()}"'


if __name__ == "__main__":
    sys.exit(main())
