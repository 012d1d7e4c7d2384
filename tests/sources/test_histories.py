"""Files of coded events: everything in them is taken, or told with its reason."""

import gzip
import lzma
import re
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.errors import ForecastError
from detente.forecasting.history import SCHEMA, History, write
from detente.sources.cameo import type_of
from detente.sources.histories import Imported, read
from detente.sources.naming import code_of

DATA = Path(__file__).parents[3] / "shared" / "data"
HEADER = "\t".join(
    [
        "Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code",
        "Intensity", "Target Name", "Target Sectors", "Target Country", "Story ID", "Sentence Number", "Publisher",
        "City", "District", "Province", "Country", "Latitude", "Longitude",
    ]
)  # fmt: skip


def line(date: str, source: tuple[str, str], code: str, score: str, target: tuple[str, str]) -> str:
    """One raw row; a side is its name and its country."""
    cells = ["1", date, source[0], "Government", source[1], "text", code, score, target[0], "NA", target[1]]
    return "\t".join([*cells, "2", "3", "A paper", "NA", "NA", "NA", "NA", "1.0", "2.0"])


RAW = [
    line("2018-03-26", ("Donald Trump", "United States"), "161", "-4", ("Russia", "Russian Federation")),
    line("2018-03-26", ("State Department", "United States"), "161", "-4", ("Embassy (Russia)", "Russian Federation")),
    line("2018-03-27", ("North Atlantic Treaty Organization", "NA"), "1661", "-4", ("Russia", "Russian Federation")),
    line("2018-03-28", ("UN Security Council", ""), "043", "2.8", ("Ministry (European Union)", "")),
    line("2018-03-28", ("Hamas", "Occupied Palestinian Territory"), "012", "-0.4", ("Israel", "Israel")),
]
BAD = [
    line("2018-02-30", ("Russia", "Russian Federation"), "161", "-4", ("France", "France")),
    line("03/30/2018", ("Russia", "Russian Federation"), "161", "-4", ("France", "France")),
    line("2018-03-30", ("Google", "NA"), "111", "-2", ("France", "France")),
    line("2018-03-30", ("", ""), "111", "-2", ("France", "France")),
    line("2018-03-30", ("Citizen (France)", "France"), "141", "-6.5", ("France", "France")),
    line("2018-03-30", ("Russia", "Russian Federation"), "991", "-4", ("France", "France")),
    line("2018-03-30", ("Russia", "Russian Federation"), "161", "-44", ("France", "France")),
    "half	a	row",
]


def content(*lines: str) -> bytes:
    return "\n".join((HEADER, *lines, "")).encode()


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def all_told(done: Imported) -> None:
    assert done.frame.schema == SCHEMA
    assert done.rows == done.frame.height + done.twice + sum(done.left_out.values())


def test_raw_icews(tmp_path: Path) -> None:
    done = read(put(tmp_path / "events.tab", content(*RAW)))
    assert done.frame.drop("date").rows() == [
        ("USA", "RUS", "SANCTION", "161", 4, -4.0, "icews"),
        ("NATO", "RUS", "SANCTION", "1661", 4, -4.0, "icews"),
        ("PSE", "ISR", "STATEMENT", "012", 0, -0.4, "icews"),
        ("UN", "EU", "CONSULT", "043", 1, 2.8, "icews"),
    ]
    assert (done.rows, done.twice, done.left_out, done.ended) == (5, 1, {}, None)


def test_what_is_bad_is_counted_and_nothing_else_is_lost(tmp_path: Path) -> None:
    done = read(put(tmp_path / "events.tab", content(*BAD[:4], *RAW, *BAD[4:])))
    all_told(done)
    assert done.frame.height == 4
    assert done.left_out == {
        "the date is none, or lies in the future": 2,
        "a side is no party that détente knows": 1,
        "a side is not given": 1,
        "both sides are one party": 1,
        "the type is none of PLOVER": 1,
        "the Goldstein score is none": 1,
        "the row has too few or too many cells": 1,
    }
    assert done.unknown == {"Google": 1}


def test_columns_are_found_by_name(tmp_path: Path) -> None:
    def turned(text: str) -> str:
        return "\t".join(reversed(text.split("\t")))

    data = "\r\n".join(map(turned, [HEADER, *RAW])).encode("utf-8-sig")
    assert read(put(tmp_path / "a.tab", data)).frame.equals(read(put(tmp_path / "b.tab", content(*RAW))).frame)


@pytest.mark.parametrize("form", ["xz", "gz", "zip"])
def test_packed_files(tmp_path: Path, form: str) -> None:
    data = content(*RAW)
    path = tmp_path / f"events.tab.{form}"
    if form == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("events.tab", data)
    else:
        path.write_bytes({"xz": lzma.compress, "gz": gzip.compress}[form](data))
    assert read(path).frame.height == 4


@pytest.mark.parametrize("form", ["xz", "gz", "tab"])
def test_a_file_that_breaks_off_gives_what_was_before(tmp_path: Path, form: str) -> None:
    days = [f"2018-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29)]
    rows = [line(day, (f"Minister {n}", "France"), f"{n % 3 + 41:03}", "1", ("Chad", "Chad"))
            for n, day in enumerate(days * 20)]  # fmt: skip
    data = content(*rows)
    packed = {"xz": lzma.compress, "gz": gzip.compress, "tab": bytes}[form](data)
    done = read(put(tmp_path / "events", packed[: int(len(packed) * 0.95)]))
    all_told(done)
    assert 0.5 * len(rows) < done.rows < len(rows)
    assert (done.ended is None) == (form == "tab")


def test_no_file_of_ours(tmp_path: Path) -> None:
    archive = tmp_path / "two.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a.tab", "a")
        packed.writestr("b.tab", "b")
    for path, said in (
        (tmp_path / "none", "no such file"),
        (tmp_path, "is a directory"),
        (put(tmp_path / "empty", b""), "empty"),
        (put(tmp_path / "short.xz", lzma.compress(b"x" * 99)[:20]), "cannot be read"),
        (put(tmp_path / "noise", bytes(range(256)) * 9), "has the columns"),
        (put(tmp_path / "other.csv", b"date,source,weather\n2018-01-01,France,fine\n"), "date, source, weather"),
        (archive, "holds 2 files"),
    ):
        with pytest.raises(ForecastError, match=said):
            read(path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), packed=st.booleans())
def test_whatever_is_in_a_file_is_told(tmp_path: Path, data: st.DataObject, packed: bool) -> None:
    content_ = bytearray(content(*RAW, *BAD))
    if packed:
        content_ = bytearray(gzip.compress(bytes(content_)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content_) - 1))
        content_[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=20))
    try:
        done = read(put(tmp_path / "events", bytes(content_)))
    except ForecastError:
        return
    all_told(done)
    assert write(done.frame, tmp_path / "history", "icews").refused == {}


def test_dyad_events_keep_their_type(tmp_path: Path) -> None:
    text = (
        "date,source,target,cameo,plover,quad\n"
        "2018-03-26,United States,Russian Federation,163,COERCE,MCONF\n"
        '2018-03-26,"Moldova, Republic of",NATO,161,REJECT,MCONF\n'
        "2018-03-26,FRA,RUS,010,STATEMENT,NEUT\n"
        '2018-03-26,"France,RUS,010,STATEMENT,NEUT\n'
        "2018-03-26,FRA,RUS,010,SHOUT,NEUT\n"
    )
    done = read(put(tmp_path / "dyad_events_Mine v2.csv", text.encode()))
    all_told(done)
    assert done.origin == "mine-v2"
    assert done.frame.select("source", "target", "type", "quad", "goldstein").rows() == [
        ("FRA", "RUS", "STATEMENT", 0, None),
        ("MDA", "NATO", "REJECT", 3, None),
        ("USA", "RUS", "COERCE", 4, None),
    ]
    assert sum(done.left_out.values()) == 2


def test_letters_of_another_encoding(tmp_path: Path) -> None:
    row = line("2018-03-26", ("Citizen", "Cura\xe7ao"), "111", "-2", ("France", "France"))
    text = "\n".join((HEADER, row, RAW[0])).encode("latin-1")
    done = read(put(tmp_path / "events.tab", text))
    assert (done.frame.height, done.unknown) == (1, {"Curaçao": 1})


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Russian Federation", "RUS"), ("the former Yugoslav Republic of Macedonia", "MKD"), ("Viet Nam", "VNM"),
        ("European Parliament", "EU"), ("North Atlantic Treaty Organization", "NATO"), ("African Union", "AU"),
        ("International Criminal Court", "ICC"), ("United Nations Population Fund", "UN"), ("Africa", None),
        ("African Union Mission to Somalia", "AU"), ("Peacekeeping Troop (United Nations)", "UN"),
        ("Soviet Union", "RUS"),
        ("Head of Government (Africa)", None), ("()", None), ("Strasbourg", None), ("", None),
    ],
)  # fmt: skip
def test_names(name: str, code: str | None) -> None:
    assert code_of(name) == code


def test_the_crosswalk_is_the_official_one() -> None:
    table = DATA / "CAMEO2PLOVER-2021.txt"
    if not table.exists():
        pytest.skip("the official crosswalk is not in ../shared/data")
    rules: dict[str, str] = {}
    for code, type_ in re.findall(r"^(\d{2,4}): *([A-Z]+)", table.read_text("utf-8"), re.MULTILINE):
        rules.setdefault(code, type_)  # the root 08 stands there twice
    assert len(rules) == 274
    assert {code: type_of(code) for code in rules} == rules


def test_the_sample_of_icews(tmp_path: Path) -> None:
    sample = DATA / "icews_sample_2018-06.tab"
    if not sample.exists():
        pytest.skip("the ICEWS sample is not in ../shared/data")
    done = read(sample)
    all_told(done)
    assert (done.rows, done.ended) == (3705, None)
    assert done.frame.height > 1000
    assert set(done.left_out) == {"both sides are one party", "a side is no party that détente knows"}
    assert write(done.frame, tmp_path, done.origin).refused == {}
    assert write(done.frame, tmp_path, done.origin).added == 0
    assert History(tmp_path).frame().equals(done.frame)


@pytest.mark.slow
def test_raw_events_agree_with_those_that_others_made_of_them() -> None:
    raw, made = DATA / "icews_raw_20181004_20190325.tab.xz", DATA / "dyad_events_icews18x.csv.xz"
    if not (raw.exists() and made.exists()):
        pytest.skip("the ICEWS files are not in ../shared/data")
    ours, theirs = read(raw), read(made)
    all_told(ours)
    all_told(theirs)
    days = pl.col("date").is_between(pl.date(2018, 11, 1), pl.date(2019, 3, 24))
    key = ["date", "source", "target", "cameo", "type"]
    one, other = ours.frame.filter(days).select(key), theirs.frame.filter(days).select(key)
    assert other.join(one, on=key, how="anti").height == 0
    more = one.join(other, on=key, how="anti")  # organisations of which the made file has fewer
    assert more.height < 0.04 * one.height
