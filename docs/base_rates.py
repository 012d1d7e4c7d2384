"""Count the base rates and answer rates that the program ships, in a file of directed dyad events.

    python docs/base_rates.py ../shared/data/dyad_events_icews18x.csv.xz [--write]

Definitions. Parties are détente's codes; a pair is two parties in one order. Days run from the file's first to its
last. A horizon of h days after day d is (d, d+h]: day d itself never counts. Only days count whose horizon the file
holds, and whose past (90 days for the state of a pair and for quiet pairs, 30 for first acts) it holds, too.

base: over the days of active pairs (at least `ACTIVE` events in the file, both directions together, counted for both
directions); persistence: the same, by whether the same party did such an act to the other in (d-90, d]; state: whether
none, one or both did a hostile act to the other in (d-90, d]. answers: over the days on which A did an act of a sort to
B, whether B did one of another sort to A; what is usual is, over the same acts, the share of all days of the pair from
B to A whose horizon holds one. first: A did no such act to B in [d-30, d); quiet: neither did one in [d-90, d).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from detente.forecasting.history import TYPES
from detente.forecasting.rates import BY_CODE, HORIZONS, HOSTILE, TRIGGERS
from detente.sources.histories import read

Flags = npt.NDArray[np.bool_]
ACTIVE = 5
PAST, RECENT = 90, 30
ROOT = Path(__file__).parent.parent
TARGET = ROOT / "src/detente/forecasting/rates.toml"


class Days:
    """Which pair saw which act on which day, as tables of flags with a row per pair and a column per day."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame
        pairs = pl.concat([frame.select("source", "target"), frame.select(source="target", target="source")])
        self.pairs = pairs.unique().sort("source", "target").with_row_index("pair")
        back = self.pairs.join(
            self.pairs, left_on=["source", "target"], right_on=["target", "source"], maintain_order="left"
        )
        self.back = back["pair_right"].to_numpy()
        self.row = frame.join(self.pairs, on=["source", "target"], maintain_order="left")["pair"].to_numpy()
        self.day = (frame["date"] - frame["date"].min()).dt.total_days().to_numpy()
        self.count = int(self.day.max()) + 1

    @cached_property
    def active(self) -> Flags:
        """Pairs with enough events."""
        events = np.bincount(self.row, minlength=len(self.back))
        return events + np.where(self.back == np.arange(len(self.back)), 0, events[self.back]) >= ACTIVE

    def of(self, sort: str) -> Flags:
        """The days with an act of a type, of a CAMEO code, or of any hostile type."""
        if sort == "hostile":
            rows = self.frame["type"].is_in(HOSTILE)
        else:
            rows = self.frame["cameo" if sort in BY_CODE else "type"] == sort
        seen = np.zeros((len(self.back), self.count), np.bool_)
        here = rows.to_numpy()
        seen[self.row[here], self.day[here]] = True
        return seen

    def ahead(self, acts: Flags, horizon: int) -> Flags:
        """Whether there is one in (d, d+h]; only the days whose horizon the file holds."""
        sums, days = _sums(acts), np.arange(self.count - horizon)
        return sums[:, days + horizon + 1] > sums[:, days + 1]

    def within(self, acts: Flags, window: int) -> Flags:
        """Whether there is one in the days (d - window, d]."""
        sums, days = _sums(acts), np.arange(self.count)
        return sums[:, days + 1] > sums[:, np.maximum(days + 1 - window, 0)]


def _sums(acts: Flags) -> npt.NDArray[np.int16]:
    sums = np.zeros((acts.shape[0], acts.shape[1] + 1), np.int16)
    np.cumsum(acts, axis=1, out=sums[:, 1:])
    return sums


def _before(found: Flags) -> Flags:
    """What was so the day before, for windows that leave out the day itself."""
    return np.concatenate([np.zeros((len(found), 1), np.bool_), found[:, :-1]], axis=1)


def states(days: Days) -> dict[str, Flags]:
    """Who was hostile to whom in the 90 days up to each day, for active pairs."""
    own = days.within(days.of("hostile"), PAST)
    other = own[days.back]
    known = np.zeros_like(own)
    known[days.active, PAST - 1 :] = True
    return {"any": known, "quiet": known & ~own & ~other, "one": known & (own ^ other), "both": known & own & other}


def base(days: Days, types: Sequence[str] = TYPES) -> dict[str, Any]:
    """Rates and persistence of types, and in how many cases they were counted."""
    made: dict[str, Any] = {"base": {}, "persistence": {}, "cases": {"base": {}, "persistence": {}}}
    by_state = states(days)
    made["cases"]["base"] = {state: _cases(cells, days) for state, cells in by_state.items()}
    for type_ in types:
        acts = days.of(type_)
        coming = [days.ahead(acts, h) for h in HORIZONS]
        made["base"][type_] = {state: [_share(c, cells) for c in coming] for state, cells in by_state.items()}
        seen = days.within(acts, PAST)
        split = {"seen": by_state["any"] & seen, "unseen": by_state["any"] & ~seen}
        made["persistence"][type_] = {name: [_share(c, cells) for c in coming] for name, cells in split.items()}
        made["cases"]["persistence"][type_] = {name: _cases(cells, days) for name, cells in split.items()}
    return made


def answers(days: Days, triggers: Sequence[str] = TRIGGERS, replies: Sequence[str] | None = None) -> dict[str, Any]:
    """Answer rates, for each sort of act and stratum: cases, and per reply its rates and what is usual."""
    replies = replies or ("same", "hostile", *HOSTILE)
    acts = {sort: days.of(sort) for sort in {*triggers, *replies} - {"same"}}
    made: dict[str, Any] = {
        sort: {name: _cases(cells, days) | {"replies": {}} for name, cells in strata(days, acts[sort]).items()}
        for sort in triggers
    }
    for reply in sorted({*replies, *triggers} - {"same"}, key=(*replies, *triggers).index):
        coming = [days.ahead(acts[reply][days.back], h) for h in HORIZONS]
        usual = [c.mean(axis=1, keepdims=True) for c in coming]
        for sort in triggers:
            names = [n for n in replies if n == reply or (n == "same" and sort == reply)]
            for name, cells in strata(days, acts[sort]).items() if names else ():
                rates = [_share(c, cells) for c in coming]
                common = [_share(np.broadcast_to(u, c.shape), cells) for u, c in zip(usual, coming, strict=True)]
                made[sort][name]["replies"] |= {key: [rates, common] for key in names}
    return made


def strata(days: Days, acts: Flags) -> dict[str, Flags]:
    """The days on which an act counts, by stratum."""
    first = acts & ~_before(days.within(acts, RECENT))
    first[:, :RECENT] = False
    recent = _before(days.within(acts, PAST))
    quiet = acts & ~recent & ~recent[days.back]
    quiet[:, :PAST] = False
    return {"any": acts, "first": first, "quiet": quiet}


def _share(coming: npt.NDArray[Any], cells: Flags) -> float:
    """The mean over the cells whose horizon is known; 0 where there are none."""
    chosen = coming[cells[:, : coming.shape[1]]]
    return round(float(chosen.mean()), 4) if chosen.size else 0.0


def _cases(cells: Flags, days: Days) -> dict[str, list[int]]:
    cut = [cells[:, : days.count - h] for h in HORIZONS]
    return {"n": [int(c.sum()) for c in cut], "pairs": [int(c.any(axis=1).sum()) for c in cut]}


def about(days: Days, data: Path) -> dict[str, Any]:
    """Where the figures come from."""
    first, last = days.frame["date"].min(), days.frame["date"].max()
    return {
        "source": "ICEWS between states and organisations", "file": data.name,
        "first": str(first), "last": str(last), "events": days.frame.height, "active": int(days.active.sum()),
        "made": date.today().isoformat(), "command": f"python docs/base_rates.py ../shared/data/{data.name} --write",
    }  # fmt: skip


def written(table: dict[str, Any], path: str = "") -> Iterator[str]:
    """A table as lines of TOML: what holds no further table on one line."""
    flat = {k: v for k, v in table.items() if not isinstance(v, dict)}
    if flat:
        yield f"\n[{path}]"
    for key, value in flat.items():
        yield f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}"
    for key, value in table.items():
        if isinstance(value, dict):
            yield from written(value, f"{path}.{key}".strip("."))


def main() -> int:
    """Count, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true", help=f"write {TARGET.name} instead of printing it")
    given = parser.parse_args()
    days = Days(read(given.data).frame)
    table = {"about": about(days, given.data)} | base(days) | {"answers": answers(days)}
    head = (
        "# Base rates and answer rates; made by docs/base_rates.py, which defines them; not by hand.\n"
        "# Each list has the horizons of 7, 30 and 90 days; an answer's second list is what is usual on any day.\n"
    )
    text = head + "\n".join(written(table)) + "\n"
    if given.write:
        TARGET.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
