"""The event history: what is written is there once, in order, and what is broken is told."""

import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from detente.errors import ForecastError
from detente.forecasting.history import SCHEMA, Extent, History, place, write


def frame(*rows: tuple[Any, ...]) -> pl.DataFrame:
    """Events of (date, source, target, type, cameo); quad and score do not matter here."""
    return pl.DataFrame(
        [(date.fromisoformat(d), s, t, kind, code, 4, -4.0, "x") for d, s, t, kind, code in rows],
        schema=SCHEMA, orient="row",
    )  # fmt: skip


RECORD = frame(
    ("2018-03-26", "USA", "RUS", "SANCTION", "161"),
    ("2017-12-31", "RUS", "USA", "ACCUSE", "112"),
    ("2018-03-26", "USA", "RUS", "SANCTION", "161"),
    ("2018-03-26", "USA", "RUS", "ACCUSE", "111"),
    ("2018-03-30", "RUS", "USA", "SANCTION", None),
    ("2018-03-30", "RUS", "NATO", "REJECT", "120"),
)


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {str(p): (p.stat().st_mtime_ns, p.read_bytes()) for p in folder.rglob("*") if p.is_file()}


def test_what_is_written_is_there_once_and_in_order(tmp_path: Path) -> None:
    done = write(RECORD, tmp_path, "icews")
    assert (done.added, done.known, done.refused) == (5, 1, {})
    got = History(tmp_path).frame()
    assert got.schema == SCHEMA
    assert got["date"].is_sorted()
    assert got.height == 5
    assert set(got["origin"]) == {"icews"}
    assert {p.parent.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.parquet")} == {
        "origin=icews/year=2017", "origin=icews/year=2018",
    }  # fmt: skip


def test_the_same_again_changes_nothing(tmp_path: Path) -> None:
    write(RECORD, tmp_path, "icews")
    before = files(tmp_path)
    time.sleep(0.01)
    assert write(RECORD.reverse(), tmp_path, "icews").added == 0
    assert files(tmp_path) == before


def test_more_is_added_beside_and_other_origins_stay_apart(tmp_path: Path) -> None:
    write(RECORD[:2], tmp_path, "icews")
    assert write(RECORD, tmp_path, "icews").added == 3
    assert write(RECORD, tmp_path, "polecat").added == 5
    got = History(tmp_path)
    assert got.events == 10
    assert got.extents() == (
        Extent("icews", date(2017, 12, 31), date(2018, 3, 30), 5),
        Extent("polecat", date(2017, 12, 31), date(2018, 3, 30), 5),
    )
    assert (got.first, got.last) == (date(2017, 12, 31), date(2018, 3, 30))
    assert [e.events for e in got.extents(until=date(2018, 1, 1))] == [1, 1]


def test_order_of_rows_and_of_imports_does_not_matter(tmp_path: Path) -> None:
    write(RECORD, tmp_path / "a", "icews")
    write(RECORD[4:], tmp_path / "b", "icews")
    write(RECORD[:4].reverse(), tmp_path / "b", "icews")
    assert History(tmp_path / "a").frame().equals(History(tmp_path / "b").frame())


def test_two_who_wrote_at_once_do_no_harm(tmp_path: Path) -> None:
    write(RECORD[:3], tmp_path / "one", "icews")
    write(RECORD, tmp_path / "two", "icews")
    for path in (tmp_path / "two").rglob("*.parquet"):
        to = tmp_path / "one" / path.relative_to(tmp_path / "two")
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(path.read_bytes())
    assert History(tmp_path / "one").frame().equals(History(tmp_path / "two").frame())


def test_days_and_parties(tmp_path: Path) -> None:
    write(RECORD, tmp_path, "icews")
    got = History(tmp_path)
    assert got.frame(until=date(2018, 3, 26)).height == 3
    assert got.frame(since=date(2018, 3, 27)).height == 2
    assert got.frame(parties=["NATO"])["type"].to_list() == ["REJECT"]
    assert got.frame(parties=[]).height == 0
    assert got.between("USA", "RUS").equals(got.between("RUS", "USA"))
    assert got.between("USA", "RUS").height == 4
    assert got.between("USA", "RUS", until=date(2018, 1, 1)).height == 1


def test_a_history_of_nothing(tmp_path: Path) -> None:
    got = History(tmp_path / "nowhere")
    assert got.frame().schema == SCHEMA
    assert (got.events, got.first, got.last, got.extents(), got.refused) == (0, None, None, (), {})


def test_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DETENTE_HISTORY", str(tmp_path))
    assert place() == tmp_path
    monkeypatch.delenv("DETENTE_HISTORY")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert place() == tmp_path / "detente" / "history"


BAD = [
    ("1018-03-26", "USA", "RUS", "SANCTION", "161"),
    ("2918-03-26", "USA", "RUS", "SANCTION", "161"),
    ("2018-03-26", "Narnia", "RUS", "SANCTION", "161"),
    ("2018-03-26", "USA", None, "SANCTION", "161"),
    ("2018-03-26", "USA", "USA", "SANCTION", "161"),
    ("2018-03-26", "USA", "RUS", "SHOUT", "161"),
    ("2018-03-26", "USA", "RUS", None, "161"),
    ("2018-03-26", "USA", "RUS", "SANCTION", "16x"),
]


@pytest.mark.parametrize("row", BAD)
def test_a_row_that_cannot_be_is_counted_and_the_rest_is_kept(tmp_path: Path, row: tuple[Any, ...]) -> None:
    done = write(pl.concat([RECORD, frame(row)]), tmp_path, "icews")
    assert (done.added, done.known, sum(done.refused.values())) == (5, 1, 1)
    assert History(tmp_path).events == 5


def test_bad_rows_in_files_of_others_are_left_out_and_counted(tmp_path: Path) -> None:
    folder = tmp_path / "origin=theirs" / "year=2018"
    folder.mkdir(parents=True)
    bad = pl.concat([RECORD, frame(*BAD)]).drop("origin").with_columns(pl.lit(1).alias("more"))
    bad.write_parquet(folder / "part-0.parquet")
    got = History(tmp_path)
    assert got.events == 5
    assert sum(got.refused.values()) == len(BAD)


@pytest.mark.parametrize("keep", [0, 4, 100, 1200])
def test_a_truncated_file_is_named(tmp_path: Path, keep: int) -> None:
    write(RECORD, tmp_path, "icews")
    broken = next(tmp_path.rglob("year=2018/*.parquet"))
    broken.write_bytes(broken.read_bytes()[:keep])
    with pytest.raises(ForecastError, match=broken.name):
        History(tmp_path).frame()


def test_damage_within_a_file_is_told(tmp_path: Path) -> None:
    write(RECORD, tmp_path, "icews")
    broken = next(tmp_path.rglob("year=2018/*.parquet"))
    whole = broken.read_bytes()
    broken.write_bytes(whole[:4] + bytes(200) + whole[204:])
    with pytest.raises(ForecastError, match="import its events again"):
        History(tmp_path).frame()


def test_foreign_files_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "origin=theirs" / "year=2018"
    folder.mkdir(parents=True)
    RECORD.drop("target", "quad").write_parquet(folder / "part-0.parquet")
    with pytest.raises(ForecastError, match="lacks target, quad"):
        History(tmp_path).frame()
    RECORD.with_columns(pl.col("date").cast(pl.String)).write_parquet(folder / "part-0.parquet")
    with pytest.raises(ForecastError, match="date holds String"):
        History(tmp_path).frame()
    (folder / "part-0.parquet").rename(tmp_path / "stray.parquet")
    with pytest.raises(ForecastError, match=r"stray\.parquet lies where"):
        History(tmp_path)
    with pytest.raises(ForecastError, match="is a file"):
        History(tmp_path / "stray.parquet")


@pytest.mark.parametrize("origin", ["", "ledger", "../up", "A", "a/b"])
def test_what_is_no_origin(tmp_path: Path, origin: str) -> None:
    with pytest.raises(ForecastError, match="no name for an origin"):
        write(RECORD, tmp_path, origin)


def test_no_room_leaves_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "origin=icews").write_text("in the way", "utf-8")
    with pytest.raises(ForecastError, match="cannot be written"):
        write(RECORD, tmp_path, "icews")
    assert [p.name for p in tmp_path.rglob("*")] == ["origin=icews"]


def test_the_nouns_of_a_forecast_need_no_frames() -> None:
    probe = "import sys, detente.forecasting.model; print('polars' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
