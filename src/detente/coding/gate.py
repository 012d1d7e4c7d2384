"""Which sentences are worth a parse: those in which some entry of the codebook could fire.

What always holds: the gate looks at words only and errs on the side of parsing. A sentence is let through where the
words of an entry stand in it (its trigger, and what it asks of its object) and a party may be meant; sentences with a
party's name but nothing else are kept unparsed, since they tell whom the article is about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from detente.coding.claims import DENY, FIRST_PERSON, OUGHT, SAY, VIEWS
from detente.coding.discourse import OF_STATES, OTHER_NOUNS, PAIR_NOUNS, ROYAL
from detente.coding.gazetteer import Gazetteer, words_of
from detente.coding.grammar import PREFIXES

if TYPE_CHECKING:
    from detente.coding.lexicon import Codebook

PRONOUNS = frozenset(
    "it its they their them theirs both each either neither he his him she her we our us which".split()
)
ELLIPSIS = frozenset("it them theirs own one ones two three four five six seven eight nine ten dozen".split())
"""What may stand for a line that was named before: "expelled ten", "closed its own"."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+")
_VOICES = SAY | DENY | VIEWS | {"according", "aware", "sure"}


class Worth(Enum):
    """What is done with a sentence."""

    NOTHING = 0
    NAMES = 1
    PARSE = 2


@lru_cache(maxsize=50_000)
def lemmas(word: str) -> frozenset[str]:
    """All lemmas that a lower-case form may have as a verb, noun or adjective, the form itself included.

    >>> sorted(lemmas("suspended"))[:2]
    ['suspend', 'suspende']
    """
    exceptions, rules = _tables()
    out = {word}
    for part in ("verb", "noun", "adj"):
        out.update(exceptions.get(part, {}).get(word, ()))
        for old, new in rules.get(part, ()):
            if old and word.endswith(old):
                out.add(word.removesuffix(old) + new)
    for prefix in PREFIXES:
        if len(rest := word.removeprefix(prefix)) < len(word) and len(rest) > 3:
            out.update(prefix + lemma for lemma in exceptions.get("verb", {}).get(rest, ()))
    return frozenset(out)


@cache
def _tables() -> tuple[dict[str, dict[str, list[str]]], dict[str, list[tuple[str, str]]]]:
    from detente.coding.grammar import parser

    lookups = parser().get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
    return lookups.get_table("lemma_exc"), lookups.get_table("lemma_rules")


class Gate:
    """Tells which sentences to parse.

    Args:
        book: the codebook.
        gazetteer: finds the parties' names.
    """

    def __init__(self, book: Codebook, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        nouns: dict[str, list[frozenset[str]]] = {}
        for head, rows in book.line_nouns.items():
            for modifiers, kind, _ in rows:
                nouns.setdefault(kind, []).append(modifiers | {head})
        self.nouns = nouns
        self.heads = frozenset(book.line_nouns)
        self.needs: dict[str, list[tuple[frozenset[str], frozenset[str], tuple[str, ...]]]] = {}
        for lemma, patterns in book.verbs.items():
            for p in patterns:
                kinds = p.frame.kinds if p.frame.change else ()
                self.needs.setdefault(lemma, []).append((p.more, book.expand(p.frame.objects), kinds))
        for table in (book.nouns, book.adjectives):
            for word, frames in table.items():
                for frame in frames:
                    kinds = frame.kinds if frame.change else ()
                    self.needs.setdefault(word, []).append((frozenset(), frozenset(), kinds))
        actors = {w for w, sector in book.sectors.items() if sector in ("GOV", "MIL", "LEG")}
        self.actors = PRONOUNS | PAIR_NOUNS | OTHER_NOUNS | OF_STATES | ROYAL.keys() | self.heads | actors
        self.actors |= gazetteer.table.nouns.keys()

    def judge(self, sentences: Sequence[tuple[int, str]], *, everyone: bool = False) -> list[Worth]:
        """What to do with each sentence of an article.

        Args:
            sentences: (paragraph number, text) in text order.
            everyone: scope "all", where one party and somebody of its own suffice.

        Returns:
            One verdict a sentence.
        """
        words = [_WORD.findall(text) for _, text in sentences]
        named = [self._names(w, text) for w, (_, text) in zip(words, sentences, strict=True)]
        if len(set().union(*named)) < (1 if everyone else 2):
            return [Worth.NOTHING] * len(sentences)
        bags = [frozenset().union(*(lemmas(x.lower()) for x in w)) if w else frozenset() for w in words]
        where = {paragraph for (paragraph, _), names in zip(sentences, named, strict=True) if names}
        meant = [
            bool(names) or (bool(bag & self.actors) and (paragraph in where or paragraph - 1 in where))
            for (paragraph, _), names, bag in zip(sentences, named, bags, strict=True)
        ]
        acts = [m and self._may_fire(bag) for m, bag in zip(meant, bags, strict=True)]
        if not any(a and names for a, names in zip(acts, named, strict=True)):
            return [Worth.NOTHING] * len(sentences)
        near = {p + d for (p, _), a in zip(sentences, acts, strict=True) if a for d in (-1, 0, 1)}
        out = []
        for (paragraph, text), act, m, bag, names in zip(sentences, acts, meant, bags, named, strict=True):
            if act or (m and bag & _VOICES) or (names and paragraph in near) or bag & (FIRST_PERSON | OUGHT):
                out.append(Worth.PARSE)
            else:
                out.append(Worth.NAMES if names or text.endswith("?") else Worth.NOTHING)
        return out

    def _names(self, words: list[str], text: str) -> set[str]:
        if not any(w in self.gazetteer or w.title() in self.gazetteer for w in words):
            return set()
        found = self.gazetteer.find(words_of(text.replace("’", "'")))
        return {code for m in found for code in (m.codes if m.group else m.codes[:1])}

    def _may_fire(self, bag: frozenset[str]) -> bool:
        kinds: dict[str, bool] = {}

        def line(kind: str) -> bool:
            if kind not in kinds:
                kinds[kind] = any(needed <= bag for needed in self.nouns.get(kind, ()))
            return kinds[kind]

        for word in bag & self.needs.keys():
            for more, objects, touched in self.needs[word]:
                if not more <= bag or (objects and not objects & bag):
                    continue
                if touched and not bag & ELLIPSIS and not any(map(line, touched)):
                    continue
                return True
        return False
