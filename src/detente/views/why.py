"""Why each item was coded: its sentence, the rule that fired, how sure that is.

What always holds: every item of a reading is told of, in text order, and nothing is made up: what no one explained is
not explained.
"""

import re
from collections.abc import Callable, Iterable

from detente.errors import UsageFault
from detente.model import Answer, Claim, Dated, Event, Item, Line, Reading, Use
from detente.plain import day, parties, party, sentence_case, shown, visible
from detente.views.looks import CHANGED

Explain = Callable[[Reading, Item], Iterable[str]]
"""Tells more of one item, a line of text each: the codebook entry, the parse. `detente.coding` gives one."""

LONGEST = 1200
"""Characters looked at on each side of a quote: what has no full stop by then is no sentence."""
_BREAK = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“‘'(]?[A-ZÀ-Þ0-9])|\n\s*\n")


def why(reading: Reading, explain: Explain | None = None, only: str | None = None) -> str:
    """Say for each item of a reading why it is there.

    Args:
        reading: the reading.
        explain: tells more of one item, such as its codebook entry and its parse.
        only: id of the one item to explain; all where None.

    Returns:
        Plain text, a paragraph each item; a sentence that says so where there is none.

    Raises:
        UsageFault: no item has that id.
    """
    items: list[Item] = [*reading.events, *reading.lines, *reading.uses, *reading.answers, *reading.claims]
    if not items:
        return "There is nothing to explain: no event, line, answer or claim was found in this article."
    if only is not None and only not in {item.id for item in items}:
        raise UsageFault(f"the reading has no item {only!r}; its items are {', '.join(item.id for item in items)}")
    items = [item for item in items if only in (None, item.id)]
    paragraphs = []
    for item in sorted(items, key=lambda item: (item.start, item.end, item.id)):
        before, after = sentence_around(reading.text, item.start, item.end)
        lines = [
            f"{item.id}  {said(item)}",
            f"    sentence   {shown(f'{before}«{item.quote}»{after}')}",
            f"    rule       {shown(item.rule)}",
            f"    certainty  {item.certainty:.2f}",
        ]
        # More about the item goes here, a line each: its codebook entry and the parse of its sentence.
        told = explain(reading, item) if explain else ()
        lines += [f"    {part}" for line in told for part in visible(line).splitlines()]
        paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs)


def sentence_around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and after a quote in its sentence.

    Args:
        text: the article's text.
        start: offset of the quote.
        end: offset after it.

    Returns:
        The rest of the sentence on both sides.

    Example:
        >>> sentence_around("One spoke. Two of them left early. Three.", 15, 27)
        ('Two ', ' early.')
    """
    far = max(0, start - LONGEST), min(len(text), end + LONGEST)
    first = max((m.end() for m in _BREAK.finditer(text, far[0], start + 1) if m.end() <= start), default=far[0])
    stop = next((m.start() for m in _BREAK.finditer(text, max(end - 1, 0), far[1]) if m.start() >= end), far[1])
    return text[first:start], text[end:stop]


def said(item: Item) -> str:
    """What the item says, in words."""
    when = f", {day(item.date)}" if isinstance(item, (Dated, Use)) and item.date else ""
    match item:
        case Event():
            target = f" → {parties(item.target)}" if item.target else ""
            mode = f"/{shown(item.mode)}" if item.mode else ""
            said = f"event: {parties(item.source)}{target}, {item.type}{mode}, {item.status}"
        case Line():
            by = f" by {parties(item.by)}" if item.by else ""
            name = f" ({shown(item.name)})" if item.name else ""
            said = f"line: {item.kind}{name} {party(item.owner)} → {party(item.counterpart)} {CHANGED[item.change]}{by}"
            said += f", {item.status}"
        case Use():
            how = "seen in use" if item.answered else "tried, and nobody answered"
            said = f"use: {item.kind} {party(item.owner)} → {party(item.counterpart)} {how}"
        case Answer():
            said = f"answer: {item.reaction_event} answers {item.action_event} “{shown(item.action)}”, {item.basis}"
        case Claim():
            about = f" about {parties(item.about)}" if item.about else ""
            said = f"claim: {sentence_case(party(item.holder))}, {item.kind}{about}"
        case _:
            said = "item"
    return said + when
