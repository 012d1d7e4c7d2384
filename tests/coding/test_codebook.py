"""The codebook: every example is read as it says, faults are told with file, entry and cure, a folder overrides."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from detente.cli import app
from detente.coding.examples import all_faults, outcome, read
from detente.coding.lexicon import Frame, load
from detente.errors import CodebookError

pytestmark = pytest.mark.models
BOOK = load()
FILES = sorted({name.partition(".")[0] for name in BOOK.frames})


@pytest.mark.parametrize("file", FILES)
def test_examples_are_read_as_they_say(file: str) -> None:
    faults = all_faults(BOOK, (file,))
    assert not faults, "\n".join(map(str, faults))


def test_an_example_can_fail() -> None:
    wrong = Frame("x.y", verbs=("close",), type="AID", yes=("Kenya opened an embassy in Baku. => KEN AID AZE",))
    from detente.coding.examples import faults

    assert [f.reason for f in faults(wrong)] == ["other events found"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nonsense =", "codebook my.toml: not valid TOML"),
        ('[[frame]]\nverbs = ["x"]', "codebook my.toml: frame 1 has no id"),
        ('[[frame]]\nid = "a"\nverbs = "x"', "entry 'a': 'verbs' must be a list"),
        ('[[frame]]\nid = "a"\nverbs = ["x"]\ntype = "FUSS"', "entry 'a': 'FUSS' is no PLOVER type; use one of AGREE"),
        ('[[frame]]\nid = "a"\nverbs = ["x"]\nchange = "close"', "entry 'a': a change needs the kinds of line"),
        ('[[frame]]\nid = "a"\nverbs = ["x"]\ntype = "AID"\nobjects = ["@none"]', "there is no word class '@none'"),
        ('[[frame]]\nid = "a"\nverbs = ["x"]\ntype = "AID"\nsubjects = ["@none"]', "there is no word class '@none'"),
        ('[[frame]]\nid = "a"\nverbz = ["x"]\ntype = "AID"', "entry 'a': unknown field 'verbz'"),
        ('[[frames]]\nid = "a"', "codebook my.toml: unknown table 'frames'"),
        ('[[noun]]\nkind = "pigeon"\nwords = ["x"]', "'pigeon' is no kind of line"),
    ],
)
def test_a_fault_names_file_entry_and_cure(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "my.toml").write_text(text, "utf-8")
    with pytest.raises(CodebookError) as caught:
        load(tmp_path)
    assert says in str(caught.value)


def test_a_folder_adds_and_overrides(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        '[[frame]]\nid = "frobnicate"\ntype = "ACCUSE"\nverbs = ["frobnicate"]\n'
        'yes = ["Peru frobnicated Chile. => PER ACCUSE CHL"]\n', "utf-8"
    )  # fmt: skip
    (tmp_path / "envoy.toml").write_text(
        'kind = "envoy"\n[[frame]]\nid = "dismiss"\nchange = "keep"\nverbs = ["dismiss"]\nowner = "agent"\n', "utf-8"
    )
    book = load(tmp_path)
    assert not all_faults(book, ("mine",), tmp_path)
    assert book.frames["envoy.dismiss"].change == "keep"
    assert BOOK.frames["envoy.dismiss"].change == "close"
    assert book.digest != BOOK.digest
    assert outcome(read("Peru frobnicated Chile.")) == ""


def test_the_command_line_takes_a_codebook(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[[frame]]\nid = "f"\ntype = "AID"\nverbs = ["frobnicate"]\n', "utf-8")
    page = tmp_path / "page.txt"
    page.write_text("Peru frobnicated Chile on Monday, and nobody in the region knew what to make of it.\n", "utf-8")
    done = CliRunner().invoke(app, ["read", str(page), "--json", "--codebook", str(tmp_path)])
    assert [e["rule"] for e in json.loads(done.stdout)["events"]] == ["mine.f"]
    (tmp_path / "mine.toml").write_text("[[frame]]", "utf-8")
    done = CliRunner().invoke(app, ["read", str(page), "--codebook", str(tmp_path)])
    assert (done.exit_code, done.stdout) == (6, "")


def test_every_entry_is_labelled_and_has_examples_of_both_kinds() -> None:
    bare = [f.id for f in BOOK.frames.values() if not (f.label and f.yes and f.no)]
    assert not bare
    assert len(BOOK.frames) >= 600
