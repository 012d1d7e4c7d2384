"""The writer's own views.

What always holds: only a piece with a voice of its own has them, and only in sentences that report nobody's words and
tell no act.
"""

from __future__ import annotations

from detente.coding.claims import OUGHT, WILL, Held
from detente.coding.discourse import Discourse
from detente.coding.drafts import Act
from detente.coding.grammar import Sentence, children, lemma
from detente.coding.lines import line_of
from detente.coding.voices import AUTHOR, FIRST_PERSON
from detente.model import LINE_KINDS, ClaimKind


def is_opinion(sentences: list[Sentence], story: Discourse) -> bool:
    """Whether the writer speaks in the first person, asks or exhorts, outside quotation marks."""
    signs = 0
    for sentence in sentences:
        if '"' in sentence.doc.text:
            continue
        words = {t.lower_ for t in sentence.doc}
        signs += bool(words & FIRST_PERSON) + ("?" in words) + bool(words & OUGHT and not _reporter(sentence, story))
    return signs >= 1


def written(sentences: list[Sentence], acts: list[Act], story: Discourse, held: list[Held]) -> list[Held]:
    """The writer's own views: in an opinion piece, sentences that judge or foretell and report nobody's words."""
    if story.first_person or not is_opinion(sentences, story):
        return []
    busy = {a.sentence.index for a in acts if a.type is not None}
    out = []
    for sentence in sentences:
        words = {t.lower_ for t in sentence.doc}
        if _reporter(sentence, story) or '"' in sentence.doc.text or "?" in words or len(words) < 5:
            continue
        if any(h.start >= sentence.span.start and h.end <= sentence.span.end for h in held):
            continue
        if (kind := _judgement(sentence, story, busy=sentence.index in busy)) is not None:
            end = sentence.ends[-2 if sentence.doc[len(sentence.doc) - 1].is_punct else -1]
            pair = tuple(sorted(story.pair))
            out.append(Held(AUTHOR, kind, pair, sentence.starts[0], end, "claims.author", 0.5))
    return out


def _judgement(sentence: Sentence, story: Discourse, *, busy: bool) -> ClaimKind | None:
    root = next((t for t in sentence.doc if t.dep_ == "ROOT"), None)
    words = {t.lower_ for t in sentence.doc}
    if root is None or (busy and not words & (WILL | OUGHT)):
        return None
    auxiliaries = {c.lower_ for c in root.children if c.dep_ == "aux"}
    if auxiliaries & {"will", "shall", "wo", "'ll"}:
        return "forecast"
    if auxiliaries & OUGHT:
        return "demand"
    present = root.tag_ in ("VBZ", "VBP") or auxiliaries & {"can", "may", "might"}
    topical = _topical(sentence, story) or words & FIRST_PERSON
    return "belief" if present and topical else None


def _topical(sentence: Sentence, story: Discourse) -> bool:
    return any(
        story.who(sentence, t) or line_of(sentence, t, story, LINE_KINDS) for t in sentence.doc if t.pos_ == "NOUN"
    )


def _reporter(sentence: Sentence, story: Discourse) -> bool:
    say = story.book.classes["say"] | story.book.classes["deny"]
    return any(lemma(t) in say and t.pos_ == "VERB" and children(t, "nsubj") for t in sentence.doc)
