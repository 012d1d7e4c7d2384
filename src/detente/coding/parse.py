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
from detente.coding.grammar import Sentence, lemmatized, parser
from detente.coding.sentences import Span
from detente.coding.tokens import Doc

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc as Parse

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
_CLASSES: dict[tuple[str, int, int, bool], tuple[str, str, str, str]] = {}


def _hang(draft: Doc, parsed: Parse) -> None:
    """Make the sentence's tree; the words' classes and lemmas are worked out once for each word, tag and place."""
    there_is = parsed.vocab.strings["expl"]
    rows = parsed.to_array(["TAG", "DEP", "HEAD"]).astype("int64").tolist()
    behind = [False, *(dep == there_is for _, dep, _ in rows)]
    keys = [(t.lower_, tag, dep, there) for t, (tag, dep, _), there in zip(draft, rows, behind, strict=False)]
    if any(key not in _CLASSES for key in keys):
        if len(_CLASSES) > MOST_CLASSES:
            _CLASSES.clear()
        parser().get_pipe("attribute_ruler")(parsed)
        _CLASSES.update((k, (t.tag_, t.pos_, t.dep_, lemmatized(t))) for k, t in zip(keys, parsed, strict=True))
    draft.hang((head for _, _, head in rows), (_CLASSES[key] for key in keys))


ZONE_LENGTH = 64
"""Articles that share a memory zone: opening one for each would mean learning every common word anew."""
_LOCK = threading.RLock()
_zone: list[Any] = []  # the open zone and how often it was used


@contextmanager
def zone() -> Iterator[None]:
    """Where sentences are parsed: words are forgotten every so often, so that memory stays flat over a long run.

    One thread at a time.
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
        An iterator over sentences, in order. Use it inside :func:`zone`.
    """
    from spacy.tokens import Doc as Parse

    nlp = parser()
    drafts = [(_masked(nlp, gazetteer, *item), wanted) for item, wanted in items]
    unparsed = (Parse(nlp.vocab, [t.text for t in d.doc], d.doc.spaces) for d, wanted in drafts if wanted)
    trees = nlp.pipe(unparsed, batch_size=256)
    for draft, wanted in drafts:
        if wanted:
            _hang(draft.doc, next(trees))
        yield draft


def _masked(nlp: Language, gazetteer: Gazetteer, index: int, span: Span, text: str, on: str | None) -> Sentence:
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
    doc = Doc([out[k] for k in shown], [spaces[k] for k in shown])
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
