"""Why an item was coded: the parse of its sentence, and the codebook entry or the rule that fired, with examples.

What always holds: what is told is what the coder works with; the parse is made anew from the reading's own text, and
an item whose rule is no longer there is said to be so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from detente.coding.gazetteer import gazetteer
from detente.coding.lexicon import Frame, load
from detente.coding.parse import parse, zone
from detente.coding.sentences import Span, split
from detente.model import Article, Item, Reading

RULES = {
    "answers.stated": "the reaction's own words say that it answers (“in response”, “in kind”, “after …”), and it "
    "runs the other way than the action",
    "answers.reversed-roles": "the two acts run opposite ways, their types fit as action and answer, and the text "
    "tells them close together; the text does not say so itself",
    "claims.accusation": "an act of accusing is also a claim that the other is to blame",
    "claims.demand": "an act of demanding is also a claim of what the other should do",
    "claims.characterisation": "a party calls, brands or describes the other or its act as something",
    "claims.denial": "a party denies or calls false what is said of it",
    "claims.seen-as": "a party sees or regards something as something",
    "claims.as-said": "a clause with “as X says” gives the party's view in the main clause",
    "claims.reported": "a party says, holds or believes what stands in the clause that the verb governs",
    "claims.aside": "a party says so in an aside, as in “the accord, Oslo argued, is dead”",
    "claims.noun": "a noun such as “insistence” or “charge” bears what a party says",
    "claims.quoted": "a sentence of a party's own words, whose speaker is named beside it",
    "claims.ground": "a party gives the ground for what it did",
    "claims.stance": "a party stands for or against something, in the present",
    "claims.viewpoint": "“in X's view”, “according to X” and the like give the holder",
    "claims.author": "in a piece with a voice of its own, the writer judges or foretells, and reports nobody's words",
}
"""The rules that are no codebook entries, in words."""


def explainer(codebook: Path | None = None) -> Callable[[Reading, Item], Iterator[str]]:
    """What tells more of an item.

    Args:
        codebook: the folder that the reading was coded with on top of the shipped codebook, if any.

    Returns:
        A function from a reading and one of its items to lines of text.

    Raises:
        CodebookError: an entry of the folder is wrong.

    Example:
        >>> from detente.coding.examples import read
        >>> reading = read("Kenya opened an embassy in Baku.")
        >>> for line in explainer()(reading, reading.lines[0]):
        ...     print(line)
        entry      changes.open (changes.toml): change = open; kinds = relations, embassy, consulate, mission, \
liaison, office, council, contacts, hotline, verification
        ...
    """
    book = load(codebook)

    def explain(reading: Reading, item: Item) -> Iterator[str]:
        frame = book.frames.get(item.rule)
        if frame is not None:
            yield from _entry(frame)
        else:
            yield f"rule says  {RULES.get(item.rule, 'not in this codebook; the reading was made with another one')}"
        if tree := parse_tree(reading, item):
            yield f"parse      {tree}"

    return explain


def _entry(frame: Frame) -> Iterator[str]:
    facts = [f"type = {frame.type}" if frame.type else "", f"mode = {frame.mode}" if frame.mode else "",
             f"change = {frame.change}" if frame.change else "",
             f"kinds = {', '.join(frame.kinds)}" if frame.kinds else ""]  # fmt: skip
    file = frame.id.partition(".")[0]
    label = f"{frame.label}; " if frame.label else ""
    yield f"entry      {frame.id} ({file}.toml): {label}{'; '.join(f for f in facts if f)}"
    words = [*frame.verbs, *frame.nouns, *frame.adjectives]
    yield f"words      {', '.join(words[:12])}{' …' if len(words) > 12 else ''}"
    yield from (f"fires on   {example.partition('=>')[0].strip()}" for example in frame.yes[:2])
    yield from (f"but not    {example}" for example in frame.no[:1])


def parse_tree(reading: Reading, item: Item) -> str:
    """The parse of an item's sentence, each word with its label and its head; names stand as they do in the text."""
    article = Article(id=reading.id, text=reading.text, main=reading.main, residue=reading.residue)
    span = next((s for s in split(article) if s.start <= item.start < s.end), None)
    if span is None:
        return ""
    text = reading.text[span.start : span.end]
    with zone():
        sentence = next(parse([((0, Span(0, span.start, span.end), text, reading.published), True)], gazetteer()))
        return " ".join(
            f"{sentence.source(t)}" if t.is_punct else f"{sentence.source(t)}/{t.dep_}←{sentence.source(t.head)}"
            for t in sentence.doc
        )
