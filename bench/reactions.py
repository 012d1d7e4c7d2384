"""How well it is foretold what one party does to another in the next 30 days, beside persistence in the same run.

    python bench/reactions.py [DATA.csv.xz] [--seed N] [--ceiling] [--json OUT]

DATA holds date, source, target, cameo and plover of coded events (``../shared/data/dyad_events_icews18x.csv.xz`` unless
given). **Triggers**: each SANCTION, COERCE (but arrests and repression, CAMEO 173 and 175), THREATEN and REJECT of A on
B, of pairs with at least five events either way, from the 46th day on; the question: for each of 17 types, whether B
does such an act to A in the 30 days after, the day itself not counted. **Dyad-months**: the same question each 30th day
of all directed pairs with at least five events either way so far. What is learnt is learnt from horizons that had ended
by the day at 62 % of the data; all days from there on are the test.

Peers: the base rate by type, and persistence: a logistic model of the pair's own rate of the last 90 days. Bands: 95 %,
whole pairs being drawn.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import argparse  # noqa: E402
import json  # noqa: E402
import lzma  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from dataclasses import dataclass  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402
import polars as pl  # noqa: E402
from scipy.stats import rankdata  # noqa: E402

from detente.errors import DetenteError  # noqa: E402
from detente.forecasting.dyads import TYPES, Flags, Floats, Ints, Past, Queries  # noqa: E402
from detente.forecasting.reacting import SOONEST, Persistence, Reacting, draw  # noqa: E402

DATA = Path(__file__).parent.parent.parent / "shared/data/dyad_events_icews18x.csv.xz"
HORIZON, TEST_FROM, LEAST = 30, 0.62, 5
TRIGGERS = ("SANCTION", "COERCE", "THREATEN", "REJECT")
ARRESTS = ("173", "175")
GOAL, NEAR = 0.10, 0.03
DRAWS, PANEL, TRIGGER_COUNTS = 2000, 12_000, 0.5
"""Draws of a band; lessons beside the triggers; what a trigger counts: those of one quarrel share much of a horizon."""
AT_ONCE, AFTER = 4000, 60


@dataclass(frozen=True)
class Scored:
    """Test queries, what came, and each forecaster's probabilities, (n, types) each."""

    asked: Queries
    came: Flags
    said: dict[str, Floats]
    pair: Ints

    def pick(self, which: Flags) -> "Scored":
        """Some of them."""
        return Scored(self.asked.pick(which), self.came[which], {k: p[which] for k, p in self.said.items()},
                      self.pair[which])  # fmt: skip


def read(path: Path) -> pl.DataFrame:
    """The file's events."""
    raw = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    frame = pl.read_csv(raw, schema_overrides={"cameo": pl.String}, try_parse_dates=True)
    return frame.rename({"plover": "type"}).filter(pl.col("source") != pl.col("target"))


def triggers(frame: pl.DataFrame, past: Past) -> tuple[Queries, Ints]:
    """The triggers as queries of the answer, in order of day, and each trigger's type."""
    both = pl.concat([frame.select("source", "target"), frame.select(source="target", target="source")])
    busy = both.group_by("source", "target").len().filter(pl.col("len") >= LEAST)
    rows = frame.filter(pl.col("type").is_in(TRIGGERS) & ~pl.col("cameo").is_in(ARRESTS))
    rows = rows.select("date", "source", "target", "type").unique().join(busy, on=["source", "target"])
    rows = rows.sort("date", "source", "target", "type")
    on = rows["date"].cast(pl.Int32).to_numpy().astype(np.int64) - past.start
    asked = Queries(past.indices(rows["target"].to_list()), past.indices(rows["source"].to_list()), on)
    kinds = np.array([TYPES.index(t) for t in rows["type"]])
    inside = (on >= SOONEST) & (on + HORIZON < past.days)
    return asked.pick(inside), kinds[inside]


def months(past: Past) -> Queries:
    """Each 30th day of each pair that had something to do with one another by then."""
    parts = []
    source, target = past.ends(past.pairs)
    for day in range(60, past.days - HORIZON, HORIZON):
        every = Queries(source, target, np.full(len(source), day - 1))
        parts.append(every.pick(past.acts(every) >= LEAST))
    return joined(*parts)


def joined(*parts: Queries) -> Queries:
    """All of them."""
    return Queries(*(np.concatenate([getattr(p, name) for p in parts]) for name in ("source", "target", "on")))


def forecasts(past: Past, lessons: Queries, more: Queries, weight: float, test: Queries) -> Scored:
    """Fit the model to the lessons and some more, the peers to the lessons, and ask all of them.

    Args:
        past: the history.
        lessons: of the very kind that is asked; each counts ``weight``.
        more: any other lessons.
        weight: see above.
        test: what is asked.
    """
    sizes = np.concatenate([np.full(len(lessons), weight), np.ones(len(more))])
    model = Reacting.fit(past, joined(lessons, more), HORIZON, sizes)
    came = past.outcomes(lessons, HORIZON)
    peer = Persistence.fit(past.count(lessons, 90), came)
    parts = [test.pick(slice(i, i + AT_ONCE)) for i in range(0, len(test), AT_ONCE)]
    said = {
        "détente": np.concatenate([model.probabilities(past, part) for part in parts]),
        "persistence": peer.probabilities(past.count(test, 90)),
        "base rate": np.repeat(peer.base[None], len(test), axis=0),
    }
    ends = np.sort(np.stack([test.source, test.target]), axis=0)
    pair = np.unique(ends, axis=1, return_inverse=True)[1].ravel()
    return Scored(test, past.outcomes(test, HORIZON), said, pair)


def weights_of(pair: Ints, seed: int) -> Floats:
    """How often each query counts in each draw of whole pairs; (draws, pairs), with `by_pair` sums."""
    rng, pairs = np.random.default_rng(seed), int(pair.max()) + 1
    there = np.unique(pair)
    found = np.zeros((DRAWS, pairs), np.float32)
    found[:, there] = rng.multinomial(len(there), np.full(len(there), 1 / len(there)), DRAWS)
    return found


def by_pair(pair: Ints, values: Floats) -> Floats:
    """Sums over each pair's queries."""
    return np.bincount(pair, values)


def band(draws: Floats) -> list[float]:
    """Where 95 % of the draws lie."""
    return [float(x) for x in np.nanquantile(draws, [0.025, 0.975])]


def figures(scored: Scored, seed: int) -> dict[str, Any]:
    """Scores of each forecaster, and the difference of skill to persistence with its band."""
    came = scored.came.astype(np.float64)
    faults = {name: ((p - came) ** 2).sum(axis=1) for name, p in scored.said.items()}
    base = faults["base rate"].sum()
    found: dict[str, Any] = {"queries": len(came), "pairs": len(np.unique(scored.pair)), "rate": float(came.mean())}
    for name, p in scored.said.items():
        sure = np.clip(p, 1e-4, 1 - 1e-4)
        found[name] = {
            "brier": float(faults[name].sum() / came.size), "skill": float(1 - faults[name].sum() / base),
            "log loss": float(-np.where(scored.came, np.log(sure), np.log1p(-sure)).mean()),
            "auc": auc(p.ravel(), scored.came.ravel()),
        }  # fmt: skip
    counted = weights_of(scored.pair, seed)
    ours, peer, bottom = (counted @ by_pair(scored.pair, faults[n]) for n in ("détente", "persistence", "base rate"))
    found["difference"] = found["détente"]["skill"] - found["persistence"]["skill"]
    found["difference band"] = band((peer - ours) / bottom)
    found["ratio of brier to persistence"] = found["détente"]["brier"] / found["persistence"]["brier"]
    return found


def auc(said: Floats, came: Flags) -> float | None:
    """The chance that what came was given more than what did not; ties count half."""
    yes = int(came.sum())
    if yes in (0, len(came)):
        return None
    ranks = rankdata(said)[came].sum()
    return float((ranks - yes * (yes + 1) / 2) / (yes * (len(came) - yes)))


def types(scored: Scored) -> dict[str, dict[str, float | None]]:
    """Of each type: rate, skill of the model and of persistence, AUC."""
    found = {}
    for kind, name in enumerate(TYPES):
        came = scored.came[:, kind]
        faults = {n: float(((p[:, kind] - came) ** 2).sum()) for n, p in scored.said.items()}
        found[name] = {
            "rate": float(came.mean()), "skill": 1 - faults["détente"] / faults["base rate"],
            "persistence": 1 - faults["persistence"] / faults["base rate"],
            "auc": auc(scored.said["détente"][:, kind], came),
        }  # fmt: skip
    return found


def calibration(scored: Scored, seed: int) -> list[dict[str, Any]]:
    """Each tenth of the forecasts: what was said, what came, and whether that is near enough."""
    said, came = scored.said["détente"].ravel(), scored.came.ravel()
    pair = np.repeat(scored.pair, scored.came.shape[1])
    tenth = np.minimum(rankdata(said, "ordinal") * 10 // (len(said) + 1), 9).astype(int)
    counted, found = weights_of(scored.pair, seed), []
    for place in range(10):
        here = tenth == place
        count, off = (np.bincount(pair[here], v, len(counted[0])) for v in (None, came[here] - said[here]))
        low, high = band((counted @ off) / np.maximum(counted @ count, 1e-9))
        gap = float(came[here].mean() - said[here].mean())
        holds = abs(gap) <= NEAR or low <= 0 <= high
        found.append({"said": float(said[here].mean()), "came": float(came[here].mean()),
                      "band of the gap": [low, high], "holds": holds})  # fmt: skip
    return found


def strata(past: Past, scored: Scored, kinds: Ints) -> dict[str, Flags]:
    """First: A did no such act to B in the 30 days before; quiet: neither did any to the other in the 90 before.

    ``silent``: no act of any type either way in the 90 days before the trigger's.
    """
    there = Queries(scored.asked.target, scored.asked.source, scored.asked.on - 1)
    rows = np.arange(len(kinds))
    own, back = (past.count(Queries(*ends, there.on), 90)[rows, kinds] for ends in (
        (there.source, there.target), (there.target, there.source)))  # fmt: skip
    return {
        "all": np.full(len(kinds), True), "first in 30 days": past.count(there, 30)[rows, kinds] == 0,
        "quiet 90 days": (own == 0) & (back == 0), "silent 90 days": past.volume(there, 90) == 0,
    }  # fmt: skip


class Foreknowing(Past):
    """A history that cheats: its signs tell of the days after the horizon, too."""

    def signs(self, asked: Queries, horizon: int) -> Floats:
        """The signs, and how often there were such acts in the `AFTER` days after the horizon, both ways."""
        later = [Queries(*ends, asked.on + horizon + AFTER)
                 for ends in ((asked.source, asked.target), (asked.target, asked.source))]  # fmt: skip
        told = [np.log1p(self.count(ends, window)) for ends in later for window in (AFTER, AFTER // 2)]
        return np.concatenate([super().signs(asked, horizon), np.stack(told, axis=2)], axis=2)


def ceiling(frame: pl.DataFrame, lessons: Queries, panel: Queries, test: Queries) -> dict[str, float]:
    """What the same model would gain, were it told what the two did after the horizon: rates can be no better known."""
    past = Past(frame)
    inside = test.pick(test.on + HORIZON + AFTER < past.days)
    found = {}
    for name, kind in (("détente", Past), ("told of the days after", Foreknowing)):
        scored = forecasts(kind(frame), lessons, panel, TRIGGER_COUNTS, inside)
        faults = {who: ((p - scored.came) ** 2).mean() for who, p in scored.said.items()}
        found[name] = float((faults["persistence"] - faults["détente"]) / faults["base rate"])
    return {"triggers": len(inside), **found}


def measure(path: Path, seed: int, with_ceiling: bool) -> dict[str, Any]:
    """All figures."""
    start, worked = time.perf_counter(), time.process_time()
    frame = read(path)
    past = Past(frame)
    cut = int(past.days * TEST_FROM)
    asked, kinds = triggers(frame, past)
    lessons, test = asked.pick(asked.on + HORIZON < cut), asked.on >= cut
    panel = draw(past, HORIZON, cut - 1, number=PANEL, seed=seed)
    scored = forecasts(past, lessons, panel, TRIGGER_COUNTS, asked.pick(test))
    parts = {name: figures(scored.pick(which), seed)
             for name, which in strata(past, scored, kinds[test]).items()}  # fmt: skip
    shipped = forecasts(past, lessons, draw(past, HORIZON, cut - 1, seed=seed), 0.0, asked.pick(test))
    parts["all, learnt as `PairModel` does, from any days"] = figures(shipped, seed)
    every = months(past)
    before = every.pick(every.on + HORIZON < cut)
    some = np.sort(np.random.default_rng(seed).permutation(len(before))[:PANEL])
    none = before.pick(slice(0, 0))
    monthly = forecasts(past, before.pick(some), none, 1.0, every.pick(every.on >= cut - 1))
    return {
        "data": path.name, "seed": seed, "days": past.days, "cut": cut,
        "triggers": {"train": len(lessons), "test": int(test.sum()), **parts, "types": types(scored),
                     "calibration": calibration(scored, seed)},
        "dyad-months": {"train": len(before), "test": len(monthly.asked), "all": figures(monthly, seed),
                        "types": types(monthly), "calibration": calibration(monthly, seed)},
        "ceiling": ceiling(frame, lessons, panel, asked.pick(test)) if with_ceiling else None,
        "seconds": round(time.perf_counter() - start, 1), "core seconds": round(time.process_time() - worked, 1),
    }  # fmt: skip


def lines(result: dict[str, Any]) -> Iterator[str]:
    """The figures as text."""
    for task in ("triggers", "dyad-months"):
        part = result[task]
        yield f"\n{task}: {part['train']} to learn from, {part['test']} in the test"
        for name, found in part.items():
            if not isinstance(found, dict) or "difference" not in found:
                continue
            low, high = found["difference band"]
            yield f" {name}: {found['queries']} of {found['pairs']} pairs, rate {found['rate']:.3f}"
            for peer in ("base rate", "persistence", "détente"):
                f = found[peer]
                yield f"   {peer:12} Brier {f['brier']:.4f}  skill {f['skill']:+.4f}  log loss {f['log loss']:.4f}" + (
                    f"  AUC {f['auc']:.3f}" if f["auc"] is not None else "")  # fmt: skip
            yield (f"   skill over persistence {found['difference']:+.4f} [{low:+.4f}, {high:+.4f}]; Brier "
                   f"{found['ratio of brier to persistence']:.3f} of persistence's")  # fmt: skip
        yield " type        rate  skill  persistence  AUC"
        for name, f in part["types"].items():
            told = f"{f['auc']:.3f}" if f["auc"] is not None else "-"
            yield f"  {name:10} {f['rate']:.3f}  {f['skill']:+.3f}  {f['persistence']:+.3f}       {told}"
        yield " said   came   band of the gap"
        for row in part["calibration"]:
            low, high = row["band of the gap"]
            yield f"  {row['said']:.3f}  {row['came']:.3f}  [{low:+.3f}, {high:+.3f}]{'' if row['holds'] else '  OFF'}"
    if result["ceiling"]:
        n, honest, told = result["ceiling"].values()
        yield (f"\nceiling, on {n} triggers: skill over persistence {honest:+.4f}; told what the two did in the "
               f"{AFTER} days after the horizon, {told:+.4f}")  # fmt: skip
    got = {name: result["triggers"][name]["difference"] for name in ("all", "first in 30 days", "quiet 90 days")}
    yield f"\ngoal: {GOAL:+.2f} over persistence on all triggers: {got['all']:+.4f}"
    yield f"goal: above zero on quiet pairs: {got['quiet 90 days']:+.4f}"
    off = sum(not row["holds"] for task in ("triggers", "dyad-months") for row in result[task]["calibration"])
    yield f"goal: each tenth within {NEAR:.2f} or its band: {off} of 20 are not"


def expulsions() -> dict[str, Any] | None:
    """The expulsion test, where it is there; ``bench/expulsions.py`` shows more of it."""
    try:
        from detente.forecasting.expulsions import trial
    except ImportError:
        return None
    found = trial()
    return {name: found[name] for name in ("expulsions", "all answered acts")}


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="DATA.csv.xz", nargs="?", default=DATA)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--ceiling", action="store_true", help="how much could be gained at all, with a cheat")
    parser.add_argument("--json", type=Path, metavar="OUT")
    given = parser.parse_args()
    if not given.data.exists():
        print(f"{given.data} is not there: nothing to measure", file=sys.stderr)
        return 0
    try:
        result = measure(given.data, given.seed, given.ceiling)
    except DetenteError as fault:
        print(f"error: {fault}", file=sys.stderr)
        return fault.exit_status
    print(*lines(result), sep="\n")
    result["expulsions"] = expulsions()
    for name, part in (result["expulsions"] or {}).items():
        told = ", ".join(
            f"{who} {f['kind hit']:.2f}" for who, f in part.items() if isinstance(f, dict) and "kind hit" in f
        )
        print(f"{name}, kind of answer right: {told}")
    if given.json:
        given.json.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{result['seconds']} s ({result['core seconds']} s of one core)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
