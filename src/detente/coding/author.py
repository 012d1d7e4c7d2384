"""The writer's own views.

What always holds: they stand outside quotation marks, in sentences that report nobody's words; a piece without a voice
of its own must judge all the more plainly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from detente.coding.claims import Held
from detente.coding.discourse import Discourse
from detente.coding.grammar import Sentence, children, lemma
from detente.coding.kinds import MAY, OUGHT, WILL
from detente.coding.speakers import AUTHOR
from detente.coding.voices import FIRST_PERSON

if TYPE_CHECKING:
    from detente.coding.tokens import Token
    from detente.model import ClaimKind

_SIGN = re.compile(r"\b(?:I|[Ww]e|[Oo]ur|[Mm]y|us|should|OPINION)\b|\?")
_QUOTED = re.compile(r'[“"][^”"]*[”"]')
COMING = WILL - {"would", "'d"}
ENOUGH = 3
"""Signs of judging that make a sentence a view; their weights were fitted to annotated articles and rounded."""


def opines(texts: Iterable[str]) -> bool:
    """Whether the writer speaks in the first person, asks or exhorts, outside quotation marks.

    >>> opines(["Peru closed its embassy.", "What comes next?"]), opines(["Peru said: “We will stay.”"])
    (True, False)
    """
    return any(_SIGN.search(_QUOTED.sub("", text)) for text in texts)


def written(sentences: list[Sentence], story: Discourse, held: list[Held]) -> list[Held]:
    """The writer's own views: sentences that judge or foretell, most of all at the end, and report nobody's words."""
    if story.first_person:
        return []
    bias = 0 if opines(s.text for s in sentences) else -2
    last = max((s.span.paragraph for s in sentences), default=0)
    judging = story.book.classes["judging"]
    out = []
    for sentence in sentences:
        parsed = sentence.doc.parsed and len(sentence.doc) > 4
        if not parsed or '"' in sentence.doc.text or sentence.text.endswith("?"):
            continue
        if any(h.start < sentence.span.end and h.end > sentence.span.start for h in held):
            continue
        root = next(t for t in sentence.doc if t.dep_ == "ROOT")
        if bias + 2 * (sentence.span.paragraph == last) + _signs(sentence, root, judging) >= ENOUGH:
            end = sentence.ends[-2 if sentence.doc[len(sentence.doc) - 1].is_punct else -1]
            pair = tuple(sorted(story.pair))
            out.append(Held(AUTHOR, _kind(root), pair, sentence.starts[0], end, "claims.author", 0.5))
    return out


def _signs(sentence: Sentence, root: Token, judging: frozenset[str]) -> int:
    """How much speaks for a view: what will be, what something is, words of degree; figures and the past against it."""
    words = {w for t in sentence.doc for w in (t.lower_, lemma(t))}
    helpers = _helpers(root)
    graded = any(t.tag_ in ("JJR", "JJS", "RBR", "RBS") for t in sentence.doc)
    named = len(children(root, "attr")) > 0
    return (
        2 * bool(helpers & COMING)
        + (lemma(root) == "be") * (bool(children(root, "attr", "acomp")) + named)
        + bool(helpers & MAY)
        + bool(helpers & OUGHT)
        + bool(words & judging or graded)
        + bool(words & FIRST_PERSON)
        - any(t.pos_ == "NUM" for t in sentence.doc)
        - (root.tag_ == "VBD" or "had" in helpers)
    )


def _kind(root: Token) -> ClaimKind:
    helpers = _helpers(root)
    if helpers & (COMING | {"may", "might", "could"}):
        return "forecast"
    return "demand" if helpers & OUGHT else "belief"


def _helpers(root: Token) -> set[str]:
    return {c.lower_ for c in root.children if c.dep_ == "aux"}
