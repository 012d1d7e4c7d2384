"""The codebook: frames, word classes and line kinds, read from TOML.

What always holds: an entry that is loaded is complete and consistent; a fault names file, entry and cure. Later
folders override earlier ones entry by entry, so that a user's own codebook can add to the shipped one or change it.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from detente.errors import CodebookError
from detente.model import CHANGES, EVENT_TYPES, LINE_KINDS, Change, EventType, LineKind

OPERATORS = ("agree", "plan", "promise", "threaten", "refuse", "demand", "propose", "report", "deny", "accuse", "act",
             "fail", "try", "lift", "mirror", "cease")  # fmt: skip


USES = ("answered", "unanswered")
CONDITIONS = ("owned", "seen", "counted")
"""When a weak line noun counts: with an owner, where the kind was named in full before, or with a number."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One entry of the codebook: words that show an act, and what the act is.

    Attributes:
        id: `file.name`; this is what an item's `rule` says.
        verbs: verb lemmas, each with further lemmas that must hang closely on it ("put hold" for "put … on hold").
        nouns: nouns that name the act ("expulsion"), each with words that must stand before it ("hunger strike").
        adjectives: predicates after be or remain ("open", "suspended").
        type, mode, context: PLOVER; for a frame with a change the type may be left out and then follows from it.
        change: what happens to a line of communication.
        kinds: the kinds of line that the frame applies to.
        objects: head lemmas that the object must have, with `@class` for a word class.
        unless: head lemmas that the object must not have; `clause` for a clause in its place ("admitted that …").
        subjects: head lemmas that the doer must have, where the doer tells the sense (workers strike, jets strike).
        preps: prepositions whose noun counts as the object.
        to: where the other party stands, in order of trial; `object`, `subject`, `complement` (the subject of what
            is said; then nobody is taken from the story) or a preposition.
        owner: whose post is meant where the text does not say: `agent` or `other`.
        intransitive: the line, or what the objects ask for, may be the verb's subject ("talks resumed").
        motion: the line is always the verb's subject: people who leave, return, fall in number.
        solo: the verb has no object of its own ("withdrew from Chad").
        together: subject and partner act together, and are both sources.
        operator: what the verb does to an act in its complement ("agreed to close").
        swap: the grammatical subject undergoes ("received a visit").
        use: no change, but that the line was seen in use: `answered`, or `unanswered` where nobody picked up.
        obliged: it counts only as an obligation, which is then the other side's order ("must leave").
        yes, no: examples, run as tests.
    """

    id: str
    verbs: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    type: EventType | None = None
    mode: str | None = None
    context: str | None = None
    cameo: str | None = None
    change: Change | None = None
    kinds: tuple[LineKind, ...] = ()
    objects: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    preps: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    owner: str | None = None
    intransitive: bool = False
    motion: bool = False
    together: bool = False
    operator: str | None = None
    swap: bool = False
    obliged: bool = False
    use: str | None = None
    solo: bool = False
    domestic: bool = False
    label: str = ""
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """A verb or a noun with the words that must hang on it."""

    lemma: str
    more: frozenset[str]
    frame: Frame


@dataclass(slots=True, eq=False)
class Codebook:
    """Everything the coder knows about words.

    Attributes:
        frames: all entries, by id.
        classes: word classes, `@name` to lemmas.
        verbs: patterns by verb lemma, the most specific first.
        nouns: patterns by noun, the most specific first.
        adjectives: frames by predicate.
        line_nouns: head noun to (modifiers that must stand before it, kind, condition: "", "owned" or "seen").
        sectors: actor nouns to sector ("minister" to GOV).
        digest: of all files read, so that a reading can say what it was coded with.
    """

    frames: dict[str, Frame] = field(default_factory=dict)
    classes: dict[str, frozenset[str]] = field(default_factory=dict)
    verbs: dict[str, list[Pattern]] = field(default_factory=dict)
    nouns: dict[str, list[Pattern]] = field(default_factory=dict)
    adjectives: dict[str, list[Frame]] = field(default_factory=dict)
    line_nouns: dict[str, list[tuple[frozenset[str], LineKind, str]]] = field(default_factory=dict)
    sectors: dict[str, str] = field(default_factory=dict)
    digest: str = ""

    def expand(self, words: Iterable[str]) -> frozenset[str]:
        """Lemmas of a list in which `@name` stands for a class."""
        out: set[str] = set()
        for word in words:
            out |= self.classes[word[1:]] if word.startswith("@") else {word}
        return frozenset(out)


def load(folder: Path | None = None) -> Codebook:
    """The shipped codebook, with a user's folder on top.

    Args:
        folder: TOML files that add entries or override those of the same file name and id.

    Returns:
        The codebook.

    Raises:
        CodebookError: naming file, entry and cure.
    """
    return _shipped() if folder is None else _build([_package(), _checked(folder)])


@cache
def _shipped() -> Codebook:
    return _build([_package()])


def _package() -> Traversable:
    return resources.files("detente.coding") / "codebook"


def _checked(folder: Path) -> Path:
    if not folder.is_dir():
        raise CodebookError(f"{folder}: no such folder; --codebook takes a folder of TOML files")
    return folder


def _build(folders: list[Any]) -> Codebook:
    book = Codebook()
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.iterdir(), key=lambda p: p.name):
            if path.name.endswith(".toml"):
                data = path.read_bytes()
                digest.update(data)
                _read(book, path.name, data)
    book.digest = digest.hexdigest()[:16]
    _index(book)
    return book


def _read(book: Codebook, name: str, data: bytes) -> None:
    try:
        content = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CodebookError(f"codebook {name}: not valid TOML: {error}; mend that line") from None
    stem = name.removesuffix(".toml")
    for key, words in content.get("class", {}).items():
        book.classes[key] = book.classes.get(key, frozenset()) | frozenset(words)
    for entry in content.get("sector", []):
        book.sectors.update(dict.fromkeys(entry["nouns"], entry["code"]))
    for entry in content.get("noun", []):
        _line_noun(book, name, content.get("kind"), entry)
    common = {k: content[k] for k in ("type",) if k in content}
    if "kind" in content:
        common["kinds"] = [content["kind"]]
    for number, entry in enumerate(content.get("frame", []), 1):
        frame = _frame(name, stem, number, {**common, **entry})
        book.frames[frame.id] = frame
    known = {"class", "sector", "noun", "type", "kind", "frame", "label", "description"}
    if unknown := content.keys() - known:
        raise CodebookError(
            f"codebook {name}: unknown table {sorted(unknown)[0]!r}; known are {', '.join(sorted(known))}"
        )


def _line_noun(book: Codebook, name: str, kind: Any, entry: Mapping[str, Any]) -> None:
    kind = entry.get("kind", kind)
    if kind not in LINE_KINDS:
        raise CodebookError(f"codebook {name}: noun {entry.get('words')}: {kind!r} is no kind of line; "
                            f"use one of {', '.join(LINE_KINDS)}")  # fmt: skip
    for text in entry["words"]:
        *modifiers, head = text.split()
        rows = book.line_nouns.setdefault(head, [])
        rows.append((frozenset(modifiers), kind, next((c for c in CONDITIONS if entry.get(c)), "")))


def _frame(name: str, stem: str, number: int, entry: dict[str, Any]) -> Frame:
    short = entry.pop("id", None)
    if not short:
        raise CodebookError(
            f"codebook {name}: frame {number} has no id; give it a short name that is unique in the file"
        )
    where = f"codebook {name}, entry {short!r}"
    allowed = {f.name: f for f in fields(Frame)}
    for key, value in entry.items():
        if key not in allowed:
            raise CodebookError(f"{where}: unknown field {key!r}; known are {', '.join(sorted(allowed))}")
        wants = str(allowed[key].type)
        kind = tuple if wants.startswith("tuple") else bool if wants == "bool" else str
        if kind is tuple and not (isinstance(value, list) and all(isinstance(v, str) for v in value)):
            raise CodebookError(f'{where}: {key!r} must be a list of strings, e.g. ["close", "shut"]')
        if kind is not tuple and not isinstance(value, kind):
            raise CodebookError(f"{where}: {key!r} must be {'true or false' if kind is bool else 'a string'}")
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
    frame = Frame(id=f"{stem}.{short}", **values)
    _validate(where, frame)
    return frame


def _validate(where: str, frame: Frame) -> None:
    if frame.type and frame.type not in EVENT_TYPES:
        raise CodebookError(f"{where}: {frame.type!r} is no PLOVER type; use one of {', '.join(EVENT_TYPES)}")
    if frame.change and frame.change not in CHANGES:
        raise CodebookError(f"{where}: {frame.change!r} is no change; use one of {', '.join(CHANGES)}")
    for kind in frame.kinds:
        if kind not in LINE_KINDS:
            raise CodebookError(f"{where}: {kind!r} is no kind of line; use one of {', '.join(LINE_KINDS)}")
    if frame.use and (frame.use not in USES or not frame.kinds):
        raise CodebookError(f"{where}: use is {frame.use!r}; say one of {', '.join(USES)}, and the kinds of line")
    if frame.operator and frame.operator not in OPERATORS:
        raise CodebookError(f"{where}: {frame.operator!r} is no operator; use one of {', '.join(OPERATORS)}")
    if not (frame.verbs or frame.nouns or frame.adjectives):
        raise CodebookError(f"{where}: no verbs, nouns or adjectives; give at least one word that shows the act")
    if not (frame.type or frame.change or frame.operator or frame.use):
        raise CodebookError(f"{where}: neither a type, a change, a use nor an operator; say what the act is")
    if frame.change and not frame.kinds:
        raise CodebookError(f'{where}: a change needs the kinds of line that it applies to, e.g. kinds = ["embassy"]')


def _index(book: Codebook) -> None:
    for frame in book.frames.values():
        for word in (*frame.objects, *frame.unless, *frame.subjects):
            if word.startswith("@") and word[1:] not in book.classes:
                raise CodebookError(f"codebook entry {frame.id!r}: there is no word class {word!r}; "
                                    f"add it to classes.toml or name the words")  # fmt: skip
        for text in frame.verbs:
            head, *more = text.split()
            book.verbs.setdefault(head, []).append(Pattern(head, frozenset(more), frame))
        for text in frame.nouns:
            *more, head = text.split()
            book.nouns.setdefault(head, []).append(Pattern(head, frozenset(more), frame))
        for adjective in frame.adjectives:
            book.adjectives.setdefault(adjective, []).append(frame)
    for patterns in book.verbs.values():
        patterns.sort(
            key=lambda p: (
                p.frame.change is None,
                -len(p.more),
                p.frame.id.startswith("changes."),
                not _narrow(p.frame),
            )
        )
    for patterns in book.nouns.values():
        patterns.sort(key=lambda p: (p.frame.change is None, -len(p.more), not _narrow(p.frame)))
    for rows in book.line_nouns.values():
        rows.sort(key=lambda r: -len(r[0]))


def _narrow(frame: Frame) -> bool:
    """Whether an entry asks for a certain object or doer, and so is tried before one that takes any."""
    return bool(frame.objects or frame.subjects)
