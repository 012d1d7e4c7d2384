"""What is generated does not drift from what it is generated from."""

import json
import runpy
from pathlib import Path

import jsonschema
import pytest

import detente

ROOT = Path(__file__).parents[1]
PAGES = runpy.run_path(str(ROOT / "docs" / "generate.py"))["PAGES"]


@pytest.mark.models
@pytest.mark.parametrize("path", list(PAGES), ids=lambda p: p.name)
def test_generated_pages_are_up_to_date(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == PAGES[path](), "run `make generate`"


@pytest.mark.models
def test_a_reading_keeps_the_schema() -> None:
    contract = json.loads((ROOT / "docs" / "reading.schema.json").read_text(encoding="utf-8"))
    text = "OSLO - Norway expelled four Libyan diplomats on Monday. Libya closed its embassy in Oslo in response."
    reading = detente.read(text, published="2021-10-22")
    assert reading.lines
    jsonschema.validate(json.loads(reading.model_dump_json()), contract)


def test_every_decision_is_linked() -> None:
    nav = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for page in (ROOT / "docs").rglob("*.md"):
        assert str(page.relative_to(ROOT / "docs")) in nav, f"{page.name} is not in mkdocs.yml"


def test_every_command_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for option in ("--published", "--json", "--html", "--md", "--batch", "--why"):
        assert option in readme
