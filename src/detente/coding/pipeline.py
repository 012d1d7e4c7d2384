"""Articles to Readings: all parsed together, then each through a tuple of plain functions.

What always holds: each step takes the draft and adds to it; no step changes what an earlier one found but the one
that says so in its name. Offsets are those of the article's text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from detente.coding import calendar
from detente.coding.acts import Coder
from detente.coding.answers import linked
from detente.coding.assembly import assemble, merged
from detente.coding.author import written
from detente.coding.claims import Claims, Held
from detente.coding.discourse import Discourse
from detente.coding.drafts import Act
from detente.coding.gate import Gate, Worth
from detente.coding.gazetteer import gazetteer
from detente.coding.grammar import Sentence
from detente.coding.lexicon import Codebook, load
from detente.coding.parse import parse, zone
from detente.coding.sentences import Span, split
from detente.model import Article, Reading


@dataclass(slots=True)
class Draft:
    """An article while it is being coded."""

    article: Article
    book: Codebook
    scope: str
    story: Discourse
    sentences: list[Sentence] = field(default_factory=list)
    unread: list[tuple[int, Span, str]] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    reading: Reading | None = None


@lru_cache(maxsize=4)
def gate(book: Codebook) -> Gate:
    """The gate of a codebook."""
    return Gate(book, gazetteer())


def parsed(drafts: list[Draft]) -> None:
    """Split the main texts and parse, all articles together, the sentences in which something may be found."""
    kept = []
    for draft in drafts:
        text = draft.article.text
        on = draft.article.published
        items = [(i, span, text[span.start : span.end], on) for i, span in enumerate(split(draft.article))]
        verdicts = gate(draft.book).judge(
            [(span.paragraph, t) for _, span, t, _ in items], everyone=draft.scope == "all"
        )
        draft.unread = [item[:3] for item, worth in zip(items, verdicts, strict=True) if worth is Worth.NOTHING]
        kept += [
            (draft, item, worth is Worth.PARSE)
            for item, worth in zip(items, verdicts, strict=True)
            if worth is not Worth.NOTHING
        ]
    sentences = parse(((item, wanted) for _, item, wanted in kept), gazetteer())
    for (draft, _, _), sentence in zip(kept, sentences, strict=True):
        draft.sentences.append(sentence)


def acted(draft: Draft) -> None:
    """Find the acts, sentence by sentence."""
    draft.story.survey(draft.sentences)
    coder = Coder(draft.book, draft.story, everyone=draft.scope == "all")
    claims = Claims(draft.story)
    for sentence in draft.sentences:
        acts = coder.acts(sentence)
        draft.acts.extend(acts)
        draft.held.extend(claims.of(sentence, acts))
        draft.story.note(sentence)


def dated(draft: Draft) -> None:
    """Give the acts their dates, and tell news from background."""
    calendar.date_acts(draft.sentences, draft.acts, draft.article.published, draft.unread)
    _kept_since(draft.acts)


def _kept_since(acts: list[Act]) -> None:
    """What is told to stay after a dated change to the same line has stayed at least since then."""
    changed: dict[tuple[str, str, str], str] = {}
    for act in acts:
        for move in act.moves:
            line = (move.kind, move.owner, move.counterpart)
            if act.status == "actual" and move.change == "keep":
                act.date = act.date or changed.get(line)
            elif act.status == "actual" and act.date:
                changed[line] = act.date


def retold(draft: Draft) -> None:
    """Drop second tellings; add the writer's own views."""
    draft.acts = merged(draft.acts)
    draft.held.extend(written(draft.sentences, draft.story, draft.held))


def assembled(draft: Draft) -> None:
    """Turn the drafts into records."""
    draft.reading = assemble(draft.article, draft.acts, linked(draft.acts), draft.held)


STEPS: tuple[Callable[[Draft], None], ...] = (acted, dated, retold, assembled)


def code(article: Article, *, codebook: Path | None = None, scope: str = "parties") -> Reading:
    """Code an article.

    Args:
        article: the article as it was read.
        codebook: a folder of TOML files laid over the shipped codebook.
        scope: "parties" keeps what passes between parties; "all" keeps domestic acts, too.

    Returns:
        The reading.

    Raises:
        CodebookError: an entry of the given codebook is wrong.
    """
    (result,) = code_many([article], codebook=codebook, scope=scope)
    if isinstance(result, Exception):
        raise result
    return result


def code_many(
    articles: Iterable[Article], *, codebook: Path | None = None, scope: str = "parties"
) -> list[Reading | Exception]:
    """Code several articles at a time, which is faster than one by one; hand in some dozens, not thousands.

    Args:
        articles: the articles.
        codebook, scope: as for :func:`code`.

    Returns:
        For each article its reading, or the exception that coding it raised.

    Raises:
        CodebookError: an entry of the given codebook is wrong.
    """
    book = load(codebook)
    out: list[Reading | Exception] = []
    with zone():
        drafts = [Draft(a, book, scope, Discourse(gazetteer(), book, everyone=scope == "all")) for a in articles]
        parsed(drafts)
        for draft in drafts:
            try:
                for step in STEPS:
                    step(draft)
                assert draft.reading is not None
                out.append(draft.reading)
            except Exception as error:  # one bad article must not take the others with it
                out.append(error)
    return out
