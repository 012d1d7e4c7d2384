"""The documented cases that taught what a state is, replayed from the shipped casebook."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from detente.ledger import Ledger, casebook
from detente.ledger.recording import Coder
from tests.ledger.made import change, told


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger with the whole casebook."""
    with Ledger(tmp_path_factory.mktemp("cases") / "casebook.db") as ledger:
        ledger.record(casebook.readings())
        yield ledger


def line(record: Ledger, name: str, on: str, known: str | None = None) -> dict[str, Any]:
    a, b = name.split("-")[1:3]
    rows = [row for row in record.board(a, b, on=on, known=known).to_dicts() if row["line"] == name]
    return rows[0] if rows else {"state": "not on the board"}


# NATO and Russia, 1997 to 2022


@pytest.mark.parametrize(
    ("on", "cap"),
    [("2015-05-01", 30), ("2018-03-26", 30), ("2018-03-27", 20), ("2021-10-31", 20), ("2021-11-01", 10)],
)
def test_the_ceiling_of_russias_mission(record: Ledger, on: str, cap: int) -> None:
    assert line(record, "staff-RUS-NATO", on)["cap"] == cap


def test_the_ceiling_of_ten_was_announced_on_6_october(record: Ledger) -> None:
    before, after = (line(record, "staff-RUS-NATO", day, known=day) for day in ("2021-10-05", "2021-10-06"))
    assert (before["planned"], before["cap"]) == ([], 20)
    caps = record.changes("NATO", "RUS").to_dicts()
    announced = [c for c in caps if c["id"] in after["planned"]]
    assert {(c["cap"], c["count"]) for c in announced} == {(10, None), (None, 8)}
    assert {c["date"] for c in announced} == {"2021-10-06"}


def test_the_mission_is_suspended_as_announced_from_1_november(record: Ledger) -> None:
    name = "mission-RUS-NATO"
    assert line(record, name, "2021-10-31")["state"] == "limited"
    (plan,) = line(record, name, "2021-10-31")["planned"]
    (told_of,) = [c for c in record.changes("NATO", "RUS").to_dicts() if c["id"] == plan]
    assert (told_of["announced"], told_of["effective"]) == ("2021-10-18", "2021-11-01")
    after = line(record, name, "2021-11-01")
    assert (after["state"], after["since"], after["by"]) == ("suspended", "2021-11-01", ["RUS"])
    assert line(record, "envoy-RUS-NATO", "2021-11-01")["state"] == "suspended"


def test_natos_lines_in_moscow(record: Ledger) -> None:
    liaison, office = (f"{kind}-NATO-RUS-moscow" for kind in ("liaison", "office"))
    assert [line(record, key, "2021-10-17")["state"] for key in (liaison, office)] == ["open", "open"]
    assert [line(record, key, "2021-10-18")["state"] for key in (liaison, office)] == ["suspended", "closed"]


def test_what_was_known_on_10_october_does_not_show_the_18th(record: Ledger) -> None:
    assert line(record, "office-NATO-RUS-moscow", "2021-10-20", known="2021-10-10")["state"] == "open"


def test_the_council_last_met_on_12_january_2022(record: Ledger) -> None:
    assert line(record, "council-NATO-RUS", "2022-02-01")["last_used"] == "2022-01-12"


# other cases of the evidence


def test_the_syria_line_was_suspended_and_in_use(record: Ledger) -> None:
    name = "hotline-RUS-USA-syria-air-deconfliction"
    found = line(record, name, "2017-04-20")
    assert (found["state"], found["observed"], found["last_used"]) == ("suspended", "open", "2017-04-13")


def test_relations_are_back_two_years_before_embassies(record: Ledger) -> None:
    found = [line(record, "embassy-ARE-QAT", on) for on in ("2022-01-01", "2023-06-19")]
    assert [(f["legal"], f["state"]) for f in found] == [("open", "unknown"), ("open", "open")]


def test_embassies_close_and_relations_are_kept(record: Ledger) -> None:
    for name in ("embassy-GBR-IRN", "embassy-IRN-GBR"):
        found = line(record, name, "2012-01-01")
        assert (found["state"], found["legal"]) == ("closed", "open")


def test_eighteen_or_twenty_seven(tmp_path: Any) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        staff = {"kind": "staff", "owner": "GBR", "counterpart": "RUS", "by": ("RUS",)}
        for paper, count in (("Gazette", 18), ("Courier", 27), ("Mail", 18)):
            page = told(change("limit", "1971-10-08", count=count, **staff), publisher=paper, published="1971-10-09")
            ledger.record([page], coder=Coder("test", "1", ""))
        found = line(ledger, "staff-GBR-RUS", "1971-11-01")
        assert found["count"] == 18
        assert '"value":27' in str(found["conflicts"]).replace("'", '"').replace(": ", ":")


def test_the_casebook_keeps_both_numbers(record: Ledger) -> None:
    (answer,) = [c for c in record.changes("GBR", "RUS").to_dicts() if c["day"].startswith("1971-10")]
    assert {18, 27} <= {int(n) for n in re.findall(r"\b\d\d\b", str(answer["conflicts"]))}


def test_every_quote_of_the_casebook_is_shown_with_its_source(record: Ledger) -> None:
    name = line(record, "mission-RUS-NATO", "2021-11-02")["evidence"][0]
    (first, *_) = record.evidence(name).to_dicts()
    assert first["quote"] in first["context"] and first["address"].startswith("https://")
