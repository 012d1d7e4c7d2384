"""The codebook's own examples, run: each `yes` must be coded as it says, by its entry; on no `no` may the entry fire.

What always holds: an example is read by the whole coder, as a short article of one paragraph; what it says is the
complete outcome, so that an extra event is a fault, too.

An example is a text, an arrow, and the outcome: events as `SOURCE TYPE[/mode] TARGET`, lines of communication as
`kind OWNER>COUNTERPART change [by WHO] [count N] [cap N]`, uses of a line as `use kind OWNER>COUNTERPART answered`
(or `unanswered`; asked for in entries of uses only), divided by semicolons. Several parties are joined by `+`;
`-` stands for no target.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from detente.coding.lexicon import Codebook, Frame, load
from detente.coding.pipeline import code
from detente.model import EVENT_TYPES, Article, Event, Line, Reading, Use

PUBLISHED = "2024-06-10"


@dataclass(frozen=True, slots=True)
class Fault:
    """An example that the coder reads otherwise.

    Attributes:
        entry: id of the codebook entry.
        example: the example as written.
        found: what the coder found, in the same notation.
        reason: what is wrong, in a few words.
    """

    entry: str
    example: str
    found: str
    reason: str

    def __str__(self) -> str:
        return f"{self.entry}: {self.reason}\n  example: {self.example}\n  found:   {self.found}"


def parties(codes: tuple[str, ...]) -> str:
    """Codes as an example writes them.

    >>> parties(("PER", "CUB")), parties(())
    ('CUB+PER', '-')
    """
    return "+".join(sorted(codes)) or "-"


def event_text(event: Event, *, mode: bool = True) -> str:
    """An event as an example writes it."""
    kind = f"{event.type}/{event.mode}" if mode and event.mode else event.type
    return f"{parties(event.source)} {kind} {parties(event.target)}"


def line_text(line: Line) -> str:
    """A change of a line as an example writes it."""
    out = f"{line.kind} {line.owner}>{line.counterpart} {line.change}"
    out += f" by {parties(line.by)}" if line.by else ""
    out += f" count {line.count}" if line.count is not None else ""
    return out + (f" cap {line.cap}" if line.cap is not None else "")


def use_text(use: Use) -> str:
    """A use as an example writes it."""
    return f"use {use.kind} {use.owner}>{use.counterpart} {'answered' if use.answered else 'unanswered'}"


def outcome(reading: Reading) -> str:
    """All events and lines of a reading as an example writes them."""
    return "; ".join([*map(event_text, reading.events), *map(line_text, reading.lines), *map(use_text, reading.uses)])


def read(text: str, folder: Path | None = None, scope: str = "parties") -> Reading:
    """An example's text, coded."""
    article = Article(id="example", text=text, published=PUBLISHED, main=(0, len(text)))
    return code(article, codebook=folder, scope=scope)


def faults(frame: Frame, folder: Path | None = None) -> Iterator[Fault]:
    """Examples of an entry that are read otherwise than they say.

    Args:
        frame: the entry.
        folder: the user's codebook that the entry comes from, if it isn't the shipped one.

    Returns:
        One fault for each example that fails.
    """
    scope = "all" if frame.domestic else "parties"
    for example in frame.yes:
        text, arrow, expected = (part.strip() for part in example.partition("=>"))
        reading = read(text, folder, scope)
        rules = {x.rule for x in (*reading.events, *reading.lines, *reading.uses)}
        shown = [*map(line_text, reading.lines), *(map(use_text, reading.uses) if frame.use else ())]
        wanted = [" ".join(item.split()) for item in expected.split(";") if item.strip()]
        events = [w for w in wanted if w.split()[1].partition("/")[0] in EVENT_TYPES]
        lines = sorted(w for w in wanted if w not in events)
        modes = all("/" in w for w in events)
        reason = ""
        if not arrow:
            reason = "no arrow; write what it is coded as after =>"
        elif sorted(events) != sorted(event_text(e, mode=modes) for e in reading.events):
            reason = "other events found"
        elif lines != sorted(shown):
            reason = "other lines found"
        elif frame.id not in rules and not frame.operator:
            reason = f"coded by {', '.join(sorted(rules)) or 'nothing'}"
        if reason:
            yield Fault(frame.id, example, outcome(reading), reason)
    for example in frame.no:
        reading = read(example, folder, scope)
        if frame.id in {x.rule for x in (*reading.events, *reading.lines, *reading.uses)}:
            yield Fault(frame.id, example, outcome(reading), "the entry fired where it must not")


def all_faults(book: Codebook | None = None, names: tuple[str, ...] = (), folder: Path | None = None) -> list[Fault]:
    """Faults of a whole codebook, or of the files named.

    Args:
        book: the codebook; the shipped one where not given.
        names: file names without `.toml`; all where empty.
        folder: the user's folder that the codebook was loaded from.

    Returns:
        The faults, in the codebook's order.
    """
    book = book or load(folder)
    chosen = [f for f in book.frames.values() if not names or f.id.partition(".")[0] in names]
    return [fault for frame in chosen for fault in faults(frame, folder)]
