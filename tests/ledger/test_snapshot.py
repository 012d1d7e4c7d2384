"""A snapshot gives back an equal ledger, and nothing but a snapshot is imported."""

import csv
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from detente.cli import app
from detente.errors import LedgerError, LedgerNewer, UsageFault
from detente.ledger import Ledger, schema, snapshot
from detente.ledger.package import DESCRIPTOR, wording
from tests.ledger.made import change, claim, event, foretold, told, use

ODD = "=HYPERLINK(\"x\")\r\n'quoted', a\ttab,\rand \x00 nothing \ue000 é 語"
GONE = "words that were taken back"
WHO = {"by": "Ada Lind", "reason": "=the communiqué says so"}


def filled(ledger: Ledger) -> None:
    """A ledger with all that a ledger may hold."""
    ledger.record([
        told(change("limit", "2016-05-01", kind="staff", count=3), event("SANCTION", "2016-05-01", mode="expel"),
             event("SANCTION", "2016-05-03", mode="expel", source=("NOR",), target=("PER",)), claim("blame"),
             published="2016-05-04", answers=((1, 2),), address="https://example.org/1"),
        told(change("limit", "2016-05-01", kind="staff", count=4), use(True, "2016-05-02"), published="2016-05-02"),
        told(change("close", "2016-05-10"), published="2016-05-11", text=ODD, publisher="-Mail", title="'ello"),
        told(change("close", "2016-05-10", kind="consulate", quote=f"{GONE} one"),
             event("PROTEST", "2016-05-11", quote=f"{GONE} two"), event("REJECT", "2016-05-12", quote=f"{GONE} three"),
             answers=((1, 2),), published="2016-05-12", address="https://example.org/2"),
    ])  # fmt: skip
    staff = ledger.changes("NOR", "PER").filter(line="staff-NOR-PER")["id"][0]
    ledger.correct(staff, {"count": 4}, **WHO)
    ledger.dispute(ledger.changes("NOR", "PER").filter(line="embassy-NOR-PER")["id"][0], **WHO)
    consulate = ledger.changes("NOR", "PER").filter(line="consulate-NOR-PER")["id"][0]
    for day in ("2016-05-09", "2016-05-08"):
        ledger.correct(consulate, {"date": day}, **WHO)
    foretold(ledger, ODD)
    foretold(ledger, f"It is said: {GONE} two", tuple(ledger.events("NOR", "PER")["id"]))
    ledger.withdraw("https://example.org/2", quotes=True, **WHO)


def content(ledger: Ledger) -> dict[str, list[Any]]:
    """All rows of all tables, matching columns too, whatever the order in which they are stored."""
    with ledger.store.reading() as connection:
        return {t.name: sorted((tuple(row) for row in connection.execute(select(t))), key=repr)
                for t in (*schema.KEPT, *schema.DERIVED)}  # fmt: skip


@pytest.mark.parametrize("form", snapshot.FORMATS)
def test_round_trip(ledger: Ledger, tmp_path: Path, form: str) -> None:
    filled(ledger)
    before = content(ledger)
    assert any(row[11] is None for row in before["articles"]) and before["answers"] and before["states"]
    counts = snapshot.write(ledger.store, tmp_path / "out", form)
    done = snapshot.read(tmp_path / "out", tmp_path / "new.db")
    assert done.rows == {t.name: counts[t.name] for t in schema.KEPT} and not done.differing
    with Ledger(tmp_path / "new.db", create=False) as new:
        assert content(new) == before
        # It goes on as any other: the next report has the next number.
        new.record([told(change("open", "2017-01-01"), published="2017-01-02")])
        assert len(content(new)["reports"]) == counts["reports"] + 1


def test_into_the_other_sort(place: str, tmp_path: Path) -> None:
    with Ledger(tmp_path / "old.db") as old:
        filled(old)
        before = content(old)
        snapshot.write(old.store, tmp_path / "out")
    # A place may be a PostgreSQL database that is still empty.
    snapshot.read(tmp_path / "out", place)
    with Ledger(place) as new:
        after = content(new)
        assert {n: len(r) for n, r in after.items()} == {n: len(r) for n, r in before.items()}
        assert after["articles"] == before["articles"] and after["states"] == before["states"]


@pytest.mark.parametrize("form", snapshot.FORMATS)
def test_empty_and_large(tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger(tmp_path / "empty.db") as ledger:
        snapshot.write(ledger.store, tmp_path / "empty", form)
        assert snapshot.read(tmp_path / "empty", tmp_path / "new.db").rows["reports"] == 0
        monkeypatch.setattr(snapshot, "ROWS", 3)
        monkeypatch.setattr("detente.ledger.past.BATCH", 2)
        ledger.record(told(change("keep", f"20{n:02}-01-01", kind="hotline")) for n in range(10, 24))
        before = content(ledger)
        snapshot.write(ledger.store, tmp_path / "many", form)
    snapshot.read(tmp_path / "many", tmp_path / "many.db")
    with Ledger(tmp_path / "many.db") as new:
        assert content(new) == before


def test_words_that_were_erased_are_nowhere(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.db") as ledger:
        filled(ledger)
        snapshot.write(ledger.store, tmp_path / "out", "csv")
    for path in (tmp_path / "out").iterdir():
        assert GONE not in path.read_text(encoding="utf-8"), path.name


@pytest.fixture(params=snapshot.FORMATS)
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A snapshot of a small ledger."""
    with Ledger(tmp_path / "made.db") as ledger:
        filled(ledger)
        snapshot.write(ledger.store, tmp_path / "made", request.param, licence="CC-BY-4.0")
    return tmp_path / "made"


def descriptor(folder: Path) -> Any:
    return json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))


def form_of(folder: Path) -> str:
    return str(descriptor(folder)["detente"]["format"])


def test_descriptor(made: Path) -> None:
    found, form = descriptor(made), form_of(made)
    assert found["licenses"] == [{"name": "CC-BY-4.0"}] and found["version"]
    assert sorted(p.name for p in made.iterdir()) == sorted([DESCRIPTOR, *(r["path"] for r in found["resources"])])
    for resource in found["resources"]:
        path = made / resource["path"]
        table = pl.read_parquet(path) if form == "parquet" else pl.read_csv(path, infer_schema_length=None)
        assert [f["name"] for f in resource["schema"]["fields"]] == table.columns
        assert resource["rows"] == table.height
        assert resource["hash"] == "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
        assert resource["bytes"] == path.stat().st_size
        assert set(resource["schema"]["primaryKey"]) <= set(table.columns)
        kinds = {"string": pl.String, "integer": pl.Int64, "number": pl.Float64}
        if form == "parquet":
            assert [kinds[f["type"]] for f in resource["schema"]["fields"]] == table.dtypes


def test_every_column_is_described_and_no_other() -> None:
    tables = (*schema.KEPT, *snapshot.READERS)
    assert {t.name: {"_", *(c.name for c in snapshot.columns(t))} for t in tables} == {
        name: set(words) for name, words in wording().items()
    }


def test_no_cell_of_a_csv_is_a_formula(made: Path) -> None:
    if form_of(made) != "csv":
        pytest.skip("Parquet has no formulas")
    seen = 0
    for resource in descriptor(made)["resources"]:
        texts = [f["name"] for f in resource["schema"]["fields"] if f["type"] == "string"]
        with (made / resource["path"]).open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                assert not any(row[name].startswith(("=", "+", "-", "@", "\t", "\r")) for name in texts)
                seen += sum(row[name].startswith("'") for name in texts)
    assert seen


def test_only_into_an_empty_ledger(made: Path, tmp_path: Path) -> None:
    with Ledger(tmp_path / "full.db") as ledger:
        ledger.record([told(change("keep", "2016-01-01"))])
        before = content(ledger)
        with pytest.raises(LedgerError, match="only into an empty ledger: name a new one"):
            snapshot.read(made, tmp_path / "full.db")
        assert content(ledger) == before


def sealed(folder: Path, name: str, rows: int | None = None) -> None:
    """Write the hash of a changed file into the descriptor, as a forger would."""
    found = descriptor(folder)
    for resource in found["resources"]:
        if resource["name"] == name:
            path = folder / f"{name}.{found['detente']['format']}"
            resource |= {"bytes": path.stat().st_size,
                         "hash": "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()}  # fmt: skip
            resource["rows"] = resource["rows"] if rows is None else rows
    (folder / DESCRIPTOR).write_text(json.dumps(found), encoding="utf-8")


def altered(folder: Path, name: str, alter: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    """Change a table and seal it."""
    path = folder / f"{name}.{form_of(folder)}"
    if form_of(folder) == "csv":
        alter(pl.read_csv(path, infer_schema=False)).write_csv(path)
    else:
        alter(pl.read_parquet(path)).write_parquet(path)
    sealed(folder, name)


def redescribed(folder: Path, alter: Callable[[Any], object]) -> None:
    found = descriptor(folder)
    alter(found)
    (folder / DESCRIPTOR).write_text(json.dumps(found), encoding="utf-8")


def longer(folder: Path) -> None:
    path = folder / f"reports.{form_of(folder)}"
    path.write_bytes(path.read_bytes() + b"\n")


def moved(folder: Path, where: str) -> None:
    redescribed(folder, lambda d: d["resources"][2].update(path=where))


def linked(folder: Path) -> None:
    path = folder / f"reports.{form_of(folder)}"
    path.rename(folder.parent / "elsewhere")
    path.symlink_to(folder.parent / "elsewhere")


def without(folder: Path, name: str) -> None:
    (folder / f"{name}.{form_of(folder)}").unlink()


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "another file": (longer, "SHA-256 differs"),
    "no file": (lambda f: without(f, "changes"), "not there"),
    "a link out": (linked, "no plain file"),
    "a path out": (lambda f: moved(f, "../elsewhere.csv"), "no other file is read"),
    "an absolute path": (lambda f: moved(f, "/etc/passwd"), "no other file is read"),
    "an address": (lambda f: moved(f, "https://example.org/reports.csv"), "no other file is read"),
    "a column too few": (lambda f: altered(f, "reports", lambda t: t.drop("known_at")), "lacks the columns known_at"),
    "a column too many": (lambda f: altered(f, "reports", lambda t: t.with_columns(x=pl.lit("1"))), "no ledger has: x"),
    "another type": (lambda f: altered(f, "reports", lambda t: t.with_columns(seq=pl.lit("one"))), "cannot be read"),
    "a value missing": (lambda f: altered(f, "reports", lambda t: t.with_columns(id=pl.lit(None, pl.String))),
                        "row 1: id is missing"),
    "another text": (lambda f: altered(f, "articles", lambda t: t.with_columns(text=pl.lit("forged"))), "its hash"),
    "no record": (lambda f: altered(f, "reports", lambda t: t.with_columns(body=pl.lit("[]"))), "no record"),
    "a senseless record": (lambda f: altered(f, "reports", lambda t: t.with_columns(body=pl.lit("{}"))), "no sense"),
    "another kind": (lambda f: altered(f, "reports", lambda t: t.with_columns(kind=pl.lit("order"))), "'order'"),
    "twice the same": (lambda f: altered(f, "reports", lambda t: t.with_columns(id=pl.lit("r"))), "refused"),
    "a false count": (lambda f: sealed(f, "reports", 1), "not 1"),
    "no descriptor": (lambda f: (f / DESCRIPTOR).unlink(), "name the folder of a snapshot"),
    "not JSON": (lambda f: (f / DESCRIPTOR).write_text("{"), "is not JSON"),
    "endless JSON": (lambda f: (f / DESCRIPTOR).write_text("[" * 100_000), "is not JSON"),
    "a huge descriptor": (lambda f: (f / DESCRIPTOR).write_text(" " * (1 << 21)), "longer than any"),
    "a list": (lambda f: (f / DESCRIPTOR).write_text("[]"), "describes no snapshot"),
    "another's package": (lambda f: redescribed(f, lambda d: d.pop("detente")), "describes no snapshot"),
    "no version": (lambda f: redescribed(f, lambda d: d["detente"].update(snapshot="1")), "which version"),
    "no table": (lambda f: redescribed(f, lambda d: d["resources"].pop()), "lacks the table"),
    "no count": (lambda f: redescribed(f, lambda d: d["resources"][0].pop("rows")), "how many rows"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_damaged_and_foreign(made: Path, tmp_path: Path, fault: str) -> None:
    alter, said = FAULTS[fault]
    alter(made)
    with pytest.raises(LedgerError, match=said):
        snapshot.read(made, tmp_path / "new.db")
    if (tmp_path / "new.db").exists():
        with Ledger(tmp_path / "new.db") as ledger:
            assert not any(content(ledger).values())


def test_newer(made: Path, tmp_path: Path) -> None:
    redescribed(made, lambda d: d["detente"].update(ledger=schema.FORMAT + 1))
    with pytest.raises(LedgerNewer, match="update détente"):
        snapshot.read(made, tmp_path / "new.db")
    assert not (tmp_path / "new.db").exists()


def test_derived_otherwise_is_told(made: Path, tmp_path: Path) -> None:
    altered(made, "states", lambda t: t.with_columns(state=pl.lit("open")))
    result = CliRunner().invoke(app, ["import", str(made), "--ledger", str(tmp_path / "new.db")])
    assert result.exit_code == 0 and result.stdout.startswith("Imported 4 articles, 4 readings, ")
    assert "came out otherwise than in the snapshot: states." in result.stderr


def test_folder_is_new_and_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger(tmp_path / "l.db") as ledger:
        with pytest.raises(UsageFault, match="parquet and csv"):
            snapshot.write(ledger.store, tmp_path / "out", "xlsx")
        with pytest.raises(LedgerError, match="new or empty folder"):
            snapshot.write(ledger.store, tmp_path)
        names = sorted(p.name for p in tmp_path.iterdir())

        def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("detente.ledger.snapshot.described", full)
        with pytest.raises(LedgerError, match="no space left on device"):
            snapshot.write(ledger.store, tmp_path / "out")
        assert sorted(p.name for p in tmp_path.iterdir()) == names


def test_commands(tmp_path: Path) -> None:
    where = str(tmp_path / "l.db")
    with Ledger(where) as ledger:
        filled(ledger)
    result = CliRunner().invoke(app, ["export", "csv", str(tmp_path / "out"), "--ledger", where])
    assert result.exit_code == 0 and "4 articles" in result.stderr
    result = CliRunner().invoke(app, ["export", "csv", str(tmp_path / "two"), "NOR", "--ledger", where])
    assert result.exit_code == 2 and "a snapshot is complete" in result.output + result.stderr
    shutil.rmtree(tmp_path / "out")
    result = CliRunner().invoke(app, ["import", str(tmp_path / "out"), "--ledger", where])
    assert result.exit_code == 7 and "name the folder of a snapshot" in result.output + result.stderr


def test_a_snapshot_of_a_ledger_without_forecasts_is_read(made: Path, tmp_path: Path) -> None:
    """Format 1 had none; what another format brings is not taken up because a descriptor lists it."""

    def older(descriptor: dict[str, Any]) -> None:
        descriptor["detente"]["ledger"] = 1

    redescribed(made, older)
    assert set(snapshot.read(made, tmp_path / "listed.db").rows) == {"articles", "readings", "reports"}
    redescribed(made, lambda d: d.update(resources=[r for r in d["resources"] if r["name"] != "forecasts"]))
    assert snapshot.read(made, tmp_path / "absent.db").rows["reports"]


def test_a_forecast_that_is_not_the_one_that_was_made_is_not_imported(made: Path, tmp_path: Path) -> None:
    altered(made, "forecasts", lambda rows: rows.with_columns(made_at=pl.lit("2016-05-12T00:00:00.000000Z")))
    with pytest.raises(LedgerError, match=r"forecasts\..*: row 1: the forecast is not the one that its id is of"):
        snapshot.read(made, tmp_path / "new.db")
