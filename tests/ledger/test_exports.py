"""Events as POLECAT, ICEWS, FollowTheMoney and feed readers have them."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from detente.cli import app
from detente.ledger import Ledger
from detente.ledger.exports import cell, cow_of, layouts
from tests.ledger.made import change, event, told

FORMATS = Path(__file__).parents[3] / "shared" / "data" / "formats.json"


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A ledger with events that go out, and events that do not."""
    place = str(tmp_path_factory.mktemp("exports") / "l.db")
    expel: dict[str, Any] = {"mode": "expel", "cameo": "161", "quad": 4, "goldstein": -4.0}
    with Ledger(place) as ledger:
        ledger.record([
            told(event("SANCTION", "2016-05-01", **expel), change("limit", "2016-05-01", kind="staff", count=3),
                 published="2016-05-02", publisher="=cmd()\tof\n\"Ωmega\"", address="https://example.org/1"),
            told(event("CONSULT", "1985-03-01", source=("DEU", "SUN"), target=(), cameo="040", quad=1, goldstein=1.0),
                 published="1985-03-02", address="javascript:alert(1)"),
            told(event("CONSULT", "1995-03", source=("DEU",), target=("HAMAS",), cameo="040", quad=1, goldstein=1.0),
                 published="1995-04-02", address="https://example.org/2"),
            told(event("ACCUSE", "2016-06-01", target=("NATO",)), published="2016-06-02"),
            told(event("THREATEN", "2016-06-03", status="planned"), published="2016-06-02"),
            told(event("ASSAULT", "2016-06-03", status="denied"), published="2016-06-04"),
            told(event("AID", "2016-06-05", certainty=0.2), published="2016-06-06"),
            told(event("REQUEST", None, status="past"), published="2016-06-07"),
            told(change("close", "2016-07-01"), published="2016-07-02", address="https://example.org/3"),
        ])  # fmt: skip
    return place


def run(where: str, *words: str, status: int = 0) -> Result:
    result = CliRunner().invoke(app, ["export", *words, "--ledger", where])
    assert result.exit_code == status, result.output + result.stderr
    return result


def table(where: str, form: str, *words: str) -> pl.DataFrame:
    """A table as a reader of that format has it."""
    raw = run(where, form, "-", *words).stdout_bytes.decode(layouts()[form]["encoding"])
    return pl.read_csv(raw.encode(), separator="\t", infer_schema=False, quote_char=None, null_values=["NA"])


@pytest.mark.parametrize(("form", "theirs", "count"), [("polecat", "polecat_tsv", 40), ("icews", "icews_tab", 20)])
def test_columns_are_theirs(where: str, form: str, theirs: str, count: int) -> None:
    columns = table(where, form).columns
    assert len(columns) == count and columns == layouts()[form]["columns"]
    if not FORMATS.exists():
        pytest.skip("the lists of columns are not here (../shared/data/formats.json)")
    assert columns == json.loads(FORMATS.read_text(encoding="utf-8"))[theirs]["columns"]


def test_polecat(where: str) -> None:
    rows = table(where, "polecat").to_dicts()
    assert [(r["Event Date"], r["Event Type"], r["Actor Name"], r["Recipient Name"]) for r in rows] == [
        ("1985-03-01", "CONSULT", "Germany", "Soviet Union"), ("1985-03-01", "CONSULT", "Soviet Union", "Germany"),
        ("1995-03-01", "CONSULT", "Germany", "Hamas"), ("2016-05-01", "SANCTION", "Peru", "Norway"),
        ("2016-06-01", "ACCUSE", "Peru", "NATO"),
    ]  # fmt: skip
    first, _, third, fourth, fifth = rows
    assert (first["Actor COW"], third["Actor COW"]) == ("260", "255")  # Germany, before and after 1990
    assert (third["Recipient Country"], third["Primary Recipient Sector"]) == ("PSE", "REB")
    assert (fifth["Recipient Country"], fifth["Recipient COW"], fifth["Recipient Sectors"]) == (None, None, "IGO")
    assert (fourth["Event Mode"], fourth["Intensity"], fourth["Quad Code"]) == ("expel", "-4", "MATERIAL CONFLICT")
    assert (fourth["Contexts"], fourth["Publication Date"]) == ("diplomatic", "2016-05-02")
    assert fourth["Source"] == "'=cmd() of '?mega'"  # text, one cell, and in the encoding that readers expect
    assert rows[1]["Event ID"] == rows[0]["Event ID"] + ".2" and len({r["Event ID"] for r in rows}) == 5


def test_icews(where: str) -> None:
    raw = run(where, "icews", "-").stdout_bytes.decode()
    rows = table(where, "icews").to_dicts()
    assert [r["CAMEO Code"] for r in rows] == ["040", "040", "040", "161", None]
    assert [int(r["Event ID"]) % 1000 for r in rows] == [1, 2, 1, 1, 1] and int(rows[0]["Event ID"]) < 2**53
    assert (rows[2]["Target Name"], rows[2]["Target Country"]) == ("Hamas", "Palestine")
    assert (rows[3]["Event Text"], rows[3]["Intensity"], rows[3]["City"]) == ("Sanction (expel)", "-4", None)
    assert rows[3]["Publisher"] == "'=cmd() of 'Ωmega'"
    assert all(line.split("\t")[-6:] == ["NA"] * 6 for line in raw.splitlines()[1:])


def test_which(where: str) -> None:
    def dates(*words: str) -> list[str]:
        return list(table(where, "icews", *words)["Event Date"])

    assert dates("Norway") == ["2016-05-01"] and dates("PER", "NATO") == ["2016-06-01"]
    assert dates("--since", "1995", "--on", "2016-05") == ["1995-03-01", "2016-05-01"]
    assert dates("--known", "1995-12-31") == ["1985-03-01", "1985-03-01", "1995-03-01"]
    assert dates("PER", "--known", "2016-05-31") == ["2016-05-01"]
    assert dates("--known", "1980") == []


def test_ftm(where: str) -> None:
    entities = [json.loads(line) for line in run(where, "ftm", "-").stdout.splitlines()]
    by_id = {e["id"]: e for e in entities}
    for entity in entities:
        assert set(entity) == {"id", "schema", "properties"}
        for values in entity["properties"].values():
            assert values and all(isinstance(v, str) and v for v in values)
    assert {i: e["schema"] for i, e in by_id.items() if i.split("-")[1].isupper()} == {
        "detente-DEU": "PublicBody", "detente-HAMAS": "Organization", "detente-NATO": "Organization",
        "detente-NOR": "PublicBody", "detente-PER": "PublicBody", "detente-SUN": "PublicBody",
    }  # fmt: skip
    assert by_id["detente-NOR"]["properties"]["country"] == ["no"]
    acts = [e["properties"] for e in entities if e["schema"] == "Event"]
    assert [a["date"] for a in acts] == [["1985-03-01"], ["1995-03"], ["2016-05-01"], ["2016-06-01"], ["2016-05-01"],
                                         ["2016-07-01"]]  # fmt: skip
    for act in acts:
        assert set(act["organizer"]) <= set(act["involved"]) <= set(by_id)
        assert all(by_id[page]["properties"]["sourceUrl"][0] in act["sourceUrl"] for page in act.get("proof", []))
    assert "sourceUrl" not in acts[0]  # not an address of the web
    assert acts[2]["sourceUrl"] == ["https://example.org/1"] and acts[2]["proof"]
    assert acts[5]["name"] == ["Peru: close, embassy NOR-PER"]


def test_feed(where: str) -> None:
    feed = json.loads(run(where, "jsonfeed", "-", "--on", "2017-01-01").stdout)
    assert feed["version"] == "https://jsonfeed.org/version/1.1" and feed["title"]
    items = feed["items"]
    assert len({item["id"] for item in items}) == len(items)
    for item in items:
        assert item["content_text"].startswith(item["title"])
        assert len(item["date_published"]) == 20 and item["date_published"].endswith("T00:00:00Z")
        assert item.get("url", "https://").startswith("https://")
    dates = [item["date_published"] for item in items]
    assert dates == sorted(dates, reverse=True)
    titles = [item["title"] for item in items]
    assert "Norway's embassy in Peru: closed, before unknown, by Peru" in titles
    assert "Peru: Threaten, towards Norway (planned), 2016-06-03" in titles
    assert not any("Assault" in title or "Aid" in title for title in titles)
    empty = json.loads(run(where, "jsonfeed", "-", "FRA", "ITA").stdout)
    assert empty["items"] == [] and empty["title"] == "Lines of communication: France and Italy"


def test_a_file_is_whole_or_not_there(where: str, tmp_path: Path) -> None:
    run(where, "ftm", str(tmp_path / "out.jsonl"))
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == run(where, "ftm", "-").stdout
    failed = run(where, "ftm", str(tmp_path / "none" / "out.jsonl"), status=7)
    assert "name another place" in failed.output + failed.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["out.jsonl"]
    run(where, "excel", "-", status=2)
    run(where, "icews", "-", "--licence", "CC0-1.0", status=2)


def test_cells() -> None:
    assert cell("a\u202eb\x1b[31m\u2028c") == "a b [31m c"
    assert [cell("=A1"), cell("+1"), cell("-1"), cell("@x")] == ["'=A1", "'+1", "'-1", "'@x"]
    assert cell(0) == "0" and cell(0.0) == "0" and cell(3.5) == "3.5"
    assert cow_of("AUTHOR", "2000-01-01") is None
