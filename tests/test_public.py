"""The public face: exactly these names, and nothing heavy loaded by an import."""

import subprocess
import sys
from pathlib import Path

import pytest

import detente
from detente.errors import PageMissing, UsageFault

NAMES = [
    "Answer", "Article", "Claim", "DetenteError", "Event", "Ledger", "Line", "Reading", "__version__", "forecast",
    "read", "risk",
]  # fmt: skip


def test_exported_names() -> None:
    assert sorted(detente.__all__) == sorted(NAMES)
    assert dir(detente) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_name_is_there(name: str) -> None:
    assert getattr(detente, name) is not None


def test_an_unknown_name_is_told_with_the_known_ones() -> None:
    with pytest.raises(AttributeError, match=r"no attribute 'reed'; it has Answer, .*read"):
        detente.reed  # type: ignore[attr-defined]  # noqa: B018


def test_importing_loads_nothing_heavy() -> None:
    probe = "import sys, detente; print([m for m in ('pydantic', 'spacy', 'rich', 'httpx') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_version_is_that_of_the_project() -> None:
    pyproject = Path(__file__).parents[1] / "pyproject.toml"
    assert f'version = "{detente.__version__}"' in pyproject.read_text("utf-8")


def test_a_page_of_another_type() -> None:
    with pytest.raises(TypeError, match="page must be text, bytes or a Path, not int"):
        detente.read(7)  # type: ignore[arg-type]


def test_a_date_that_no_calendar_has() -> None:
    with pytest.raises(UsageFault, match="2021-02-30"):
        detente.read("Some text.", published="2021-02-30")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PageMissing):
        detente.read(tmp_path / "none.txt")


TEXT = "MADRID - Spain expelled four Libyan diplomats on Monday. Libya closed its embassy in Madrid in response. " * 3


@pytest.mark.models
@pytest.mark.parametrize("form", ["text", "bytes", "file"])
def test_read(form: str, tmp_path: Path) -> None:
    path = tmp_path / "-"
    path.write_text(TEXT, "utf-8")
    page = {"text": TEXT, "bytes": TEXT.encode(), "file": path}[form]
    reading = detente.read(page, published="2021-10-22", title="Four", id="mine")
    assert (reading.id, reading.title, reading.published) == ("mine", "Four", "2021-10-22")
    assert [(e.source, e.target) for e in reading.events][:1] == [(("ESP",), ("LBY",))]
