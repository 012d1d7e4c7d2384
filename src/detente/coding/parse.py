"""From text to parsed sentences, blind to whose names stand in them.

What always holds: before parsing, every name of a party is replaced by a placeholder of the same grammatical form, so
that the same words with the parties swapped get the same parse; offsets always point into the article's own text.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from detente.coding import straight
from detente.coding.gazetteer import Gazetteer, Mention
from detente.coding.grammar import Sentence, parser
from detente.coding.sentences import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

# What the parser sees for each form of a party's name. One shape each, whoever the party is.
PLACEHOLDER = {
    "name": "France",
    "capital": "Paris",
    "city": "Paris",
    "metonym": "Paris",
    "person": "Johnson",
    "surname": "Johnson",
    "adjective": "French",
    "demonym": "Frenchman",
    "plural": "Frenchmen",
}
ORGANISATION = "NATO"
SET_PHRASES = {("persona", "non", "grata"): "unwelcome", ("personae", "non", "gratae"): "unwelcome",
               ("vice", "-", "president"): "president", ("vice", "president"): "president",
               ("cease", "-", "fire"): "ceasefire", ("cease", "-", "fires"): "ceasefires",
               ("personas", "non", "grata"): "unwelcome", ("personae", "non", "grata"): "unwelcome"}  # fmt: skip
"""Phrases that the parser stumbles over, and the one word that it sees in their place."""
_PHRASE_HEADS = frozenset(phrase[0] for phrase in SET_PHRASES)
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "‑": "-", "\u00a0": " "})
MOST_CLASSES = 50_000
"""Entries after which the store of word classes is emptied, so that memory stays flat."""
_CLASSES: dict[tuple[int, int, int], tuple[int, str]] = {}


def _classified(doc: Doc) -> Doc:
    """Give the words their classes, which the pipeline's own matcher works out once for each word, tag and place."""
    keys = [(t.lower, t.tag, t.dep) for t in doc]
    if any(key not in _CLASSES for key in keys):
        if len(_CLASSES) > MOST_CLASSES:
            _CLASSES.clear()
        parser().get_pipe("attribute_ruler")(doc)
        _CLASSES.update((key, (t.pos, t.lemma_)) for key, t in zip(keys, doc, strict=True))
        return doc
    for token, key in zip(doc, keys, strict=True):
        token.pos, lemma_ = _CLASSES[key]
        if lemma_:
            token.lemma_ = lemma_
    return doc


ZONE_LENGTH = 64
"""Articles that share a memory zone: opening one for each would mean learning every common word anew."""
_LOCK = threading.RLock()
_zone: list[Any] = []  # the open zone and how often it was used


@contextmanager
def zone() -> Iterator[None]:
    """Where sentences are parsed: words are forgotten every so often, so that memory stays flat over a long run.

    One thread at a time; tokens must not be kept beyond it.
    """
    with _LOCK:
        if _zone and _zone[1] >= ZONE_LENGTH:
            _zone[0].__exit__(None, None, None)
            _zone.clear()
        if not _zone:
            _zone[:] = [parser().memory_zone(), 0]
            _zone[0].__enter__()
        _zone[1] += 1
        yield


def parse(items: Iterable[tuple[tuple[int, Span, str, str | None], bool]], gazetteer: Gazetteer) -> Iterator[Sentence]:
    """Parse sentences given as (number, place, text, date of publication).

    Args:
        items: the sentences, each with whether it is to be parsed; the others get their words and mentions only.
        gazetteer: finds the parties' names.

    Returns:
        An iterator over sentences, in order. Use it inside :func:`zone`: tokens die with it.
    """
    nlp = parser()
    drafts = [(_masked(nlp, gazetteer, *item), wanted) for item, wanted in items]
    docs = nlp.pipe((draft.doc for draft, wanted in drafts if wanted), batch_size=256)
    for draft, wanted in drafts:
        if wanted:
            draft.doc = _classified(next(docs))
        yield draft


def _masked(nlp: Language, gazetteer: Gazetteer, index: int, span: Span, text: str, on: str | None) -> Sentence:
    from spacy.tokens import Doc

    raw = nlp.tokenizer(text.translate(_PLAIN))
    words = [t.text for t in raw]
    found = {m.start: m for m in gazetteer.find(words, on)}
    out: list[str] = []
    spaces: list[bool] = []
    starts: list[int] = []
    ends: list[int] = []
    mentions: dict[int, Mention] = {}
    i = 0
    while i < len(words):
        mention = found.get(i)
        last = mention.stop - 1 if mention else i
        if words[i].lower() in _PHRASE_HEADS and (set_phrase := _set_phrase(words, i)):
            last = i + len(set_phrase) - 1
            words[i] = SET_PHRASES[set_phrase]
        elif not mention and _prefixed(words, i):
            words[i], last = words[i] + words[i + 2], i + 2
        if mention:
            mentions[len(out)] = mention
            words[i] = _placeholder(mention, words, i)
        out.append(words[i])
        spaces.append(bool(raw[last].whitespace_))
        starts.append(span.start + raw[i].idx)
        ends.append(span.start + raw[last].idx + len(raw[last]))
        i = last + 1
    shown = straight.order(out)
    doc = Doc(nlp.vocab, words=[out[k] for k in shown], spaces=[spaces[k] for k in shown])
    mentions = {place: mentions[k] for place, k in enumerate(shown) if k in mentions}
    return Sentence(index, span, text, doc, [starts[k] for k in shown], [ends[k] for k in shown], mentions)


def _set_phrase(words: Sequence[str], i: int) -> tuple[str, ...] | None:
    return next((p for p in SET_PHRASES if tuple(w.lower() for w in words[i : i + len(p)]) == p), None)


def _prefixed(words: Sequence[str], i: int) -> bool:
    """ "re-established" comes in three pieces, of which the parser makes nonsense."""
    rest = words[i + 1 : i + 3]
    return words[i].lower() in ("re", "co") and len(rest) == 2 and rest[0] == "-" and rest[1].isalpha()


def _placeholder(mention: Mention, words: Sequence[str], i: int) -> str:
    if mention.form in ("name", "metonym") and (
        mention.organisation or (i and words[i - 1].lower() == "the") or words[i].lower() == "the"
    ):
        return ORGANISATION
    return PLACEHOLDER[mention.form]
