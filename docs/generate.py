"""Write what is generated: the format's tables and schema, the exit statuses, the codebook, the README's example,
the priors and the retrospective of the risk.

    python docs/generate.py [--check]

`--check` writes nothing and exits 1 where a file differs from what would be written (used by tests/test_docs.py).
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from detente import errors, model
from detente.coding import lexicon

DOCS = Path(__file__).parent
ROOT = DOCS.parent
sys.path.insert(0, str(ROOT))

from docs.risk_pages import PAGES as RISK  # noqa: E402
from tests.gold.figures import GOALS, PLOVER_GOALS  # noqa: E402

FIGURES = ("<!-- figures:begin -->", "<!-- figures:end -->")
MARKS, RECORD, NEXT = ((f"<!-- {name}:begin -->", f"<!-- {name}:end -->") for name in ("demo", "record", "forecast"))
RECORDS = (model.Reading, model.Residue, model.Event, model.Line, model.Use, model.Answer, model.Claim)


def format_page() -> str:
    """Field tables of the public JSON."""
    lines = [
        "# The JSON format `detente.reading/1`",
        "",
        "What `detente read --json` and `detente read --batch` print. The machine-readable contract is "
        "[reading.schema.json](reading.schema.json). Offsets count characters of `text`; for each item "
        "`text[start:end] == quote`. This page is generated from `detente.model`.",
        "",
    ]
    for record in RECORDS:
        lines += [f"## {record.__name__}", "", (record.__doc__ or "").split("\n\n")[0].replace("\n", " ").strip(), ""]
        lines += ["| field | type | meaning |", "|---|---|---|", *_fields(record), ""]
    return "\n".join(lines)


def _fields(record: type[BaseModel]) -> Iterator[str]:
    schema = record.model_json_schema(mode="serialization")
    for name, field in schema["properties"].items():
        yield f"| `{name}` | {_type(field)} | {field.get('description', '')} |"


def _type(field: dict) -> str:
    if "anyOf" in field:
        return " or ".join(_type(f) for f in field["anyOf"])
    if "enum" in field:
        return ", ".join(f"`{v}`" for v in field["enum"])
    if "const" in field:
        return f"`{field['const']}`"
    if "$ref" in field:
        return field["$ref"].rsplit("/", 1)[-1]
    if field.get("type") == "array":
        inner = field.get("items") or {}
        return f"list of {_type(inner)}" if inner else "list"
    return str(field.get("type", "any"))


def schema() -> str:
    """The JSON Schema."""
    contract = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    contract |= model.Reading.model_json_schema(mode="serialization")
    return json.dumps(contract, indent=2, ensure_ascii=False) + "\n"


def errors_page() -> str:
    """Exit statuses, from the tree of errors."""
    lines = [
        "# Errors and exit statuses",
        "",
        "Every error is one sentence on standard error that says what, where, and what to do. "
        "This page is generated from `detente.errors`.",
        "",
        "| status | error | when |",
        "|---|---|---|",
        "| 0 | | the work was done |",
        "| 130 | | interrupted with Ctrl-C |",
    ]
    found = [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, errors.DetenteError)]
    for error in sorted(found, key=lambda c: (c.exit_status, len(c.__mro__))):
        lines.append(f"| {error.exit_status} | `{error.__name__}` | {(error.__doc__ or '').splitlines()[0]} |")
    return "\n".join(lines) + "\n"


def codebook_page() -> str:
    """The codebook as tables, one a file."""
    book = lexicon.load()
    lines = [
        "# The codebook",
        "",
        f"{len(book.frames)} entries, generated from the TOML files in `src/detente/coding/codebook`. "
        "A folder given with `--codebook` adds entries or overrides those of the same file and id.",
        "",
    ]
    stem = ""
    for frame in sorted(book.frames.values(), key=lambda f: f.id):
        file, _, short = frame.id.partition(".")
        if file != stem:
            lines += ["", f"## {file}", "", "| entry | codes | words | examples |", "|---|---|---|---|"]
            stem = file
        codes = " ".join(x for x in (frame.type, frame.mode, frame.change, frame.operator) if x)
        words = ", ".join((*frame.verbs, *(f"{n} (noun)" for n in frame.nouns)))
        examples = "<br>".join([*(f"yes: {e}" for e in frame.yes), *(f"no: {e}" for e in frame.no)]).replace("|", "/")
        lines.append(f"| {short} | {codes} | {words} | {examples} |")
    return "\n".join(lines) + "\n"


def accuracy() -> str:
    """The figures reached, as they are pinned, beside the goals."""
    floors = json.loads((ROOT / "tests" / "gold" / "ratchet.json").read_text(encoding="utf-8"))["floors"]
    before, _, rest = (DOCS / "accuracy.md").read_text(encoding="utf-8").partition(FIGURES[0])
    _, _, after = rest.partition(FIGURES[1])
    corpora = ("dev, open", "dev, kept", "own, open", "own, kept")
    lines = ["", "| annotated articles | goal | open 40 | kept 20 | own 40 | own kept 16 |", "|---" * 6 + "|"]
    for name in sorted(key.removeprefix("dev, open: ") for key in floors if key.startswith("dev, open: ")):
        row = " | ".join(str(floors.get(f"{corpus}: {name}", "-")) for corpus in corpora)
        lines.append(f"| {name} | {GOALS.get(name, '')} | {row} |")
    lines += ["", "| PLOVER records | goal | 162 with parties | 1,050 with types only |", "|---|---|---|---|"]
    for name in sorted(key.removeprefix("plover, coded parties: ") for key in floors if "coded parties" in key):
        row = [floors.get(f"plover, {part}: {name}", "-") for part in ("coded parties", "types only")]
        lines.append(f"| {name} | {PLOVER_GOALS.get(name, '')} | {row[0]} | {row[1]} |")
    return before + FIGURES[0] + "\n".join(lines) + "\n\n" + FIGURES[1] + after


@cache
def demonstration() -> tuple[str, str, str]:
    """What the demonstration says of the article, of the record, and of what comes next."""
    import tempfile

    from detente.commands.demonstration import build, bundled, risk_lines, show, show_forecast
    from detente.ledger import Ledger
    from detente.views import terminal

    reading = bundled()
    article, record, after = io.StringIO(), io.StringIO(), io.StringIO()
    terminal.show(reading, terminal.console(article, width=100))
    with tempfile.TemporaryDirectory() as folder, Ledger(f"{folder}/demo.db") as ledger:
        build(ledger, reading)
        show(ledger, terminal.console(record, width=100), risk_lines(ledger))
        show_forecast(ledger, terminal.console(after, width=100))
    return article.getvalue(), record.getvalue(), after.getvalue()


def demo_page() -> str:
    """All that the demonstration says."""
    text = (DOCS / "demo.md").read_text(encoding="utf-8")
    for marks, shown in zip((MARKS, RECORD, NEXT), demonstration(), strict=True):
        text = _filled(text, marks, shown)
    return text


def readme() -> str:
    """The README with the demonstration's forecast of an answer, and what came of it, between its marks."""
    said = demonstration()[2]
    answer, _, rest = said.partition(next(line for line in said.splitlines() if " → " in line and "──" in line))
    came = rest[rest.index("What came of it") :]
    return _filled((ROOT / "README.md").read_text(encoding="utf-8"), NEXT, answer + came)


def _filled(text: str, marks: tuple[str, str], shown: str) -> str:
    """A page with the stretch between two marks written anew."""
    body = "\n".join(line.rstrip() for line in shown.strip("\n").splitlines())
    before, _, rest = text.partition(marks[0])
    _, _, after = rest.partition(marks[1])
    return f"{before}{marks[0]}\n```text\n{body}\n```\n{marks[1]}{after}"


PAGES = {
    DOCS / "format.md": format_page,
    DOCS / "reading.schema.json": schema,
    DOCS / "errors.md": errors_page,
    DOCS / "codebook.md": codebook_page,
    ROOT / "README.md": readme,
    DOCS / "demo.md": demo_page,
    DOCS / "accuracy.md": accuracy,
    **RISK,
}


def main() -> None:
    """Write the pages, or check them."""
    stale = []
    for path, make in PAGES.items():
        text = make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path.relative_to(ROOT))
            if "--check" not in sys.argv[1:]:
                path.write_text(text, encoding="utf-8")
    if "--check" in sys.argv[1:] and stale:
        raise SystemExit(f"not up to date: {', '.join(map(str, stale))}; run `make generate`")


if __name__ == "__main__":
    main()
