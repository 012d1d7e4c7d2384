"""The shipped rates: what they say, and that they are what the script counts."""

import lzma
import runpy
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from detente.errors import ForecastError
from detente.forecasting import rates
from detente.forecasting.history import SCHEMA, TYPES
from detente.forecasting.rates import answered, base, persists
from detente.sources.histories import read

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "dyad_events_icews18x.csv.xz"
SCRIPT = runpy.run_path(str(ROOT / "docs" / "base_rates.py"))
TABLE = tomllib.loads((ROOT / "src/detente/forecasting/rates.toml").read_text("utf-8"))
START = date(2018, 1, 1)


def days(*rows: tuple[int, str, str, str, str], until: int = 400) -> Any:
    """A made history of (day, source, target, type, code) that runs to a day."""
    more = (until, "FJI", "TON", "AID", "070")
    made = [
        (START + timedelta(d), s, t, kind, code, 4, None, "x") for d, s, t, kind, code in (*rows, (0, *more[1:]), more)
    ]
    return SCRIPT["Days"](pl.DataFrame(made, schema=SCHEMA, orient="row"))


# what the program says


def test_everything_that_may_be_asked_is_there() -> None:
    for horizon in (1, 7, 14, 30, 45, 90, 365):
        for type_ in TYPES:
            for state in ("any", "quiet", "one", "both"):
                assert 0 < base(type_, horizon, state).probability < 1
            assert persists(type_, horizon, seen=True).probability > persists(type_, horizon, seen=False).probability
        for trigger in rates.TRIGGERS:
            for reply in rates.REPLIES:
                for stratum in ("any", "first", "quiet"):
                    rate = answered(trigger, reply, horizon, stratum)
                    assert 0 <= rate.probability < 1
                    assert rate.usual is not None
                    assert rate.n >= rate.pairs > 0


def test_a_longer_horizon_is_never_less_likely() -> None:
    for type_ in TYPES:
        for rate in (lambda h, t=type_: base(t, h), lambda h, t=type_: persists(t, h, True)):
            found = [rate(h).probability for h in range(1, 200)]
            assert found == sorted(found)
    for trigger in rates.TRIGGERS:
        found = [answered(trigger, "same", h, "quiet").probability for h in range(1, 200)]
        assert found == sorted(found)


def test_counted_horizons_come_out_as_they_stand() -> None:
    for place, horizon in enumerate(rates.HORIZONS):
        assert base("SANCTION", horizon).probability == pytest.approx(TABLE["base"]["SANCTION"]["any"][place])
        assert base("SANCTION", horizon).n == TABLE["cases"]["base"]["any"]["n"][place]


def test_between_them_the_hazard_is_constant() -> None:
    week, month = (base("REJECT", h).probability for h in (7, 30))
    daily = ((1 - month) / (1 - week)) ** (1 / 23)
    assert base("REJECT", 17).probability == pytest.approx(1 - (1 - week) * daily**10)
    assert base("REJECT", 1).probability == pytest.approx(1 - (1 - week) ** (1 / 7))


@pytest.mark.parametrize("row", [[1.0, 1.0, 1.0], [0.5, 1.0, 1.0], [0.0, 0.0, 0.0], [0.2, 0.1, 0.3]])
def test_odd_rows_give_probabilities(row: list[float]) -> None:
    found = [rates._within(row, h) for h in range(1, 200)]
    assert found == sorted(found)
    assert all(0 <= p <= 1 for p in found)
    assert found[89] == pytest.approx(row[2])


@pytest.mark.parametrize("horizon", [0, -1])
def test_a_horizon_without_a_day(horizon: int) -> None:
    for ask in (
        lambda: base("SANCTION", horizon),
        lambda: persists("SANCTION", horizon, True),
        lambda: answered("161", "same", horizon),
    ):
        with pytest.raises(ForecastError, match="holds no day"):
            ask()


def test_what_was_not_counted() -> None:
    with pytest.raises(ForecastError, match="SHOUT"):
        base("SHOUT", 30)
    with pytest.raises(ForecastError, match="CONSULT"):
        answered("CONSULT", "same", 30)
    with pytest.raises(ForecastError, match="AID"):
        answered("161", "AID", 30)
    with pytest.raises(ForecastError, match="odd"):
        base("AID", 30, "odd")  # type: ignore[arg-type]


def test_the_source_stands_beside_each_rate() -> None:
    assert rates.source() == base("AID", 30).source == answered("161", "same", 7).source
    assert TABLE["about"]["first"] in rates.source()


def test_the_page_has_the_shipped_figures() -> None:
    page = (ROOT / "docs" / "history.md").read_text("utf-8")
    for sort in rates.TRIGGERS:
        every, first, quiet = (answered(sort, "same", 30, stratum) for stratum in ("any", "first", "quiet"))
        assert (
            f"| {sort} | {every.n:,} / {every.pairs:,} | {every.probability:.3f} | {every.usual:.3f} "
            f"| {first.probability:.3f} | {quiet.probability:.3f} ({quiet.n:,}) |"
        ) in page


# what the script counts


def test_same_day_mirrors_are_no_answers() -> None:
    mirrored = days((100, "A1", "B1", "SANCTION", "161"), (100, "B1", "A1", "SANCTION", "161"))
    assert SCRIPT["answers"](mirrored, ["161"], ["same"])["161"]["any"]["replies"]["same"][0] == [0, 0, 0]
    answer = days((100, "A1", "B1", "SANCTION", "161"), (107, "B1", "A1", "SANCTION", "161"))
    got = SCRIPT["answers"](answer, ["161"], ["same", "SANCTION"])["161"]
    assert got["any"]["n"] == [2, 2, 2]
    assert got["any"]["replies"]["same"][0] == got["any"]["replies"]["SANCTION"][0] == [0.5, 0.5, 0.5]
    late = days((100, "A1", "B1", "SANCTION", "161"), (108, "B1", "A1", "SANCTION", "161"))
    assert SCRIPT["answers"](late, ["161"], ["same"])["161"]["any"]["replies"]["same"][0] == [0, 0.5, 0.5]


def test_first_and_quiet_acts() -> None:
    made = days(
        (100, "A1", "B1", "SANCTION", "161"), (130, "A1", "B1", "SANCTION", "161"),
        (161, "A1", "B1", "SANCTION", "161"), (300, "B1", "A1", "SANCTION", "161"),
        (89, "C1", "D1", "SANCTION", "161"), (29, "E1", "F1", "SANCTION", "161"),
    )  # fmt: skip
    got = SCRIPT["answers"](made, ["161"], ["same"])["161"]
    assert [got[name]["n"][0] for name in ("any", "first", "quiet")] == [6, 4, 2]


def test_a_horizon_beyond_the_file_is_not_counted() -> None:
    got = SCRIPT["answers"](days((380, "A1", "B1", "SANCTION", "161")), ["161"], ["same"])["161"]
    assert got["any"]["n"] == [1, 0, 0]


def test_states_of_a_pair() -> None:
    five = [(d, "A1", "B1", "AID", "070") for d in range(5)]
    made = days(
        *five, (120, "A1", "B1", "ACCUSE", "111"), (150, "B1", "A1", "REJECT", "120"), (399, "A1", "B1", "AID", "070")
    )
    cells = SCRIPT["states"](made)
    rows = made.pairs.with_row_index("at").filter(pl.col("source").is_in(["A1", "B1"]))["at"]
    for row in rows:
        spans = {name: [d for d in range(made.count) if found[row, d]] for name, found in cells.items()}
        assert spans["any"] == list(range(89, 401))
        assert spans["both"] == list(range(150, 210))
        assert spans["one"] == [*range(120, 150), *range(210, 240)]
        assert len(spans["quiet"]) == len(spans["any"]) - 120


def test_swapping_the_parties_swaps_the_result() -> None:
    rows = [
        (100, "A1", "B1", "SANCTION", "161"),
        (110, "B1", "A1", "SANCTION", "161"),
        (200, "A1", "B1", "REJECT", "120"),
    ]
    swapped = [(d, t, s, kind, code) for d, s, t, kind, code in rows]
    assert SCRIPT["answers"](days(*rows)) == SCRIPT["answers"](days(*swapped))
    assert SCRIPT["base"](days(*rows)) == SCRIPT["base"](days(*swapped))


@pytest.mark.slow
def test_the_shipped_table_is_what_the_script_counts() -> None:
    if not DATA.exists():
        pytest.skip("the dyad events of 2018 are not in ../shared/data")
    made = SCRIPT["Days"](read(DATA).frame)
    assert SCRIPT["about"](made, DATA) | {"made": ""} == TABLE["about"] | {"made": ""}
    counted = SCRIPT["base"](made, ["SANCTION"])
    assert counted["base"]["SANCTION"] == TABLE["base"]["SANCTION"]
    assert counted["persistence"]["SANCTION"] == TABLE["persistence"]["SANCTION"]
    assert counted["cases"]["base"] == TABLE["cases"]["base"]
    for stratum, got in SCRIPT["answers"](made, ["161"], ["same", "SANCTION"])["161"].items():
        known = TABLE["answers"]["161"][stratum]
        assert (got["n"], got["pairs"]) == (known["n"], known["pairs"])
        assert got["replies"] == {name: known["replies"][name] for name in got["replies"]}


# Section 5.1 of ../shared/design/forecasting-evidence.md: n, P within 30 days, first in 30 days, dyad base.
KNOWN = {
    "SANCTION": (2251, 0.303, 0.171, 0.201),
    "161": (1114, 0.216, 0.151, 0.083),
    "163": (944, 0.065, 0.043, 0.039),
    "174": (727, 0.076, 0.055, 0.047),
    "THREATEN": (2201, 0.423, 0.171, 0.369),
    "REJECT": (3713, 0.387, 0.167, 0.336),
}


@pytest.mark.slow
def test_the_script_counts_what_the_evidence_file_has() -> None:
    if not DATA.exists():
        pytest.skip("the dyad events of 2018 are not in ../shared/data")
    # There, parties go by the file's names, and an act of a party on itself counts.
    rows = pl.read_csv(lzma.decompress(DATA.read_bytes()), infer_schema=False).rename({"plover": "type"})
    made = SCRIPT["Days"](rows.with_columns(pl.col("date").str.to_date()))
    found = SCRIPT["answers"](made, list(KNOWN), ["same"])
    for sort, (n, rate, first, usual) in KNOWN.items():
        got = found[sort]
        assert got["any"]["n"][1] == n
        assert got["any"]["replies"]["same"][0][1] == pytest.approx(rate, abs=0.0006)
        assert got["any"]["replies"]["same"][1][1] == pytest.approx(usual, abs=0.0006)
        assert got["first"]["replies"]["same"][0][1] == pytest.approx(first, abs=0.0006)
