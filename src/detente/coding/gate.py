"""Which sentences are worth a parse: those in which some entry of the codebook could fire.

What always holds: the gate looks at words only and errs on the side of parsing. A sentence is let through where the
words of an entry stand in it (its trigger, and what it asks of its object) and a party may be meant; sentences with a
party's name but nothing else are kept unparsed, since they tell whom the article is about.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Sequence
from enum import Enum
from functools import cache, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from detente.coding.author import opines
from detente.coding.gazetteer import Gazetteer, words_of
from detente.coding.grammar import PREFIXES
from detente.coding.parse import PLACEHOLDER
from detente.coding.references import OF_STATES, OTHER_NOUNS, PAIR_NOUNS, ROYAL
from detente.coding.voices import FIRST_PERSON

if TYPE_CHECKING:
    from detente.coding.lexicon import Codebook

PRONOUNS = frozenset(
    "it its they their them theirs both each either neither he his him she her we our us which former latter".split()
)
ELLIPSIS = frozenset("it them theirs own one ones two three four five six seven eight nine ten dozen".split())
"""What may stand for a line that was named before: "expelled ten", "closed its own"."""
REACH = 8
"""Sentences before and after one that is about two parties that still belong to the story."""
SPARSE = 0.12
"""Share of such sentences up to which the article is about something else, and only their neighbours are parsed."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+")
_MASKS = frozenset(map(str.lower, PLACEHOLDER.values()))
_VOICES = ("say", "call", "deny", "rebut", "justify", "convince", "viewpoint", "borne", "sure")
"""Word classes of which one must stand in a sentence that tells what somebody says."""
_OUGHT = frozenset({"should", "must", "ought"})


_TAKES_UP = frozenset("it he she they its both each".split())
"""Words of a sentence about whoever the one before was about."""


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


def _parts(word: str) -> tuple[str, ...]:
    """A word and, if it is hyphened, what the parser may make of it: "free-trade", "cease-fire"."""
    return (word, word.replace("-", ""), *word.split("-")) if "-" in word else (word,)


def _takes_up(words: Sequence[str]) -> bool:
    """Whether a sentence goes on about whoever the one before was about."""
    return words[0].lower() in ("the", "both") or not _TAKES_UP.isdisjoint(w.lower() for w in words)


class Gate:
    """Tells which sentences to parse.

    Args:
        book: the codebook.
        gazetteer: finds the parties' names.
    """

    def __init__(self, book: Codebook, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        nouns: dict[str, list[tuple[frozenset[str], bool]]] = {}
        for head, rows in book.line_nouns.items():
            for modifiers, kind, condition in rows:
                nouns.setdefault(kind, []).append((modifiers | {head}, not condition))
        self.nouns = nouns
        self.voices = frozenset({"according"}).union(*(book.classes[c] for c in _VOICES))
        self.heads = frozenset(book.line_nouns)
        self.needs: dict[str, list[tuple[frozenset[str], frozenset[str], tuple[str, ...]]]] = {}
        for lemma, patterns in book.verbs.items():
            for p in patterns:
                if p.frame.operator not in (None, "mirror") and not p.frame.type:
                    continue  # "said": tells of acts, but is none
                kinds = p.frame.kinds if (p.frame.change or p.frame.use) and not p.frame.solo else ()
                objects = book.expand(p.frame.objects)
                if objects & _MASKS:  # any name will do
                    objects = frozenset()
                self.needs.setdefault(lemma, []).append((p.more - {"not"}, objects, kinds))
        for lemma, patterns in book.nouns.items():
            for p in patterns:
                kinds = p.frame.kinds if p.frame.change else ()
                self.needs.setdefault(lemma, []).append((p.more, frozenset(), kinds))
        for lemma, frames in book.adjectives.items():
            for frame in frames:
                self.needs.setdefault(lemma, []).append((frozenset(), frozenset(), frame.kinds if frame.change else ()))
        actors = {w for w, sector in book.sectors.items() if sector in ("GOV", "MIL", "LEG")}
        self.actors = PRONOUNS | PAIR_NOUNS | OTHER_NOUNS | OF_STATES | ROYAL.keys() | self.heads | actors
        self.actors |= gazetteer.table.nouns.keys()

    def judge(self, sentences: Sequence[tuple[int, str]], *, everyone: bool = False) -> list[Worth]:
        """What to do with each sentence of an article.

        Args:
            sentences: (paragraph number, text) in text order.
            everyone: scope "all", where whoever acts is somebody, named or not.

        Returns:
            One verdict a sentence.
        """
        words = [_WORD.findall(text) for _, text in sentences]
        named = [self._names(w, text) for w, (_, text) in zip(words, sentences, strict=True)]
        if not everyone and len(set().union(*named)) < 2:
            return [Worth.NOTHING] * len(sentences)
        bags = [frozenset().union(*(lemmas(y) for x in w for y in _parts(x.lower()))) for w in words]
        where = {paragraph for (paragraph, _), names in zip(sentences, named, strict=True) if names}
        opinion = opines(text for _, text in sentences)
        asked = sum(text.endswith("?") for _, text in sentences) > 1  # in an interview "they" goes a long way
        meant = [
            everyone
            or bool(names)
            or (bool(bag & self.actors) and (asked or bool(where & {paragraph, paragraph - 1, paragraph - 2})))
            for (paragraph, _), names, bag in zip(sentences, named, bags, strict=True)
        ]
        lines = accumulate((bool(bag & self.heads) for bag in bags), operator.or_)
        fires = [self._fires(bag, seen) if m else 0 for m, bag, seen in zip(meant, bags, lines, strict=True)]
        live = self._live(words, named, bags, fires, asked=asked, everyone=everyone)
        out = []
        for i, ((paragraph, text), fire, m, bag, names) in enumerate(
            zip(sentences, fires, meant, bags, named, strict=True)
        ):
            told = (
                opinion
                or paragraph == sentences[-1][0]
                or fire
                or (m and bag & self.voices)
                or names
                or bag & (FIRST_PERSON | _OUGHT)
            )
            if i in live and told:
                out.append(Worth.PARSE)
            else:
                heading = len(words[i]) < 5 and any(map(str.isdigit, words[i]))  # "December 2020."
                kept = live and (names or heading or text.endswith("?"))
                out.append(Worth.NAMES if kept else Worth.NOTHING)
        return out

    def _live(
        self,
        words: list[list[str]],
        named: list[set[str]],
        bags: list[frozenset[str]],
        fires: list[int],
        *,
        asked: bool,
        everyone: bool,
    ) -> set[int]:
        """The sentences near enough to one about two parties to belong to the story."""
        seeds = {i for i, fire in enumerate(fires) if fire and self._strong(i, named, fires)}
        often = {name for names in named for name in names if sum(name in other for other in named) > 1}
        near = [
            (i, named[i] | named[i - 1])
            for i in range(1, len(fires))
            if fires[i] and bags[i] & self.actors and named[i] != named[i - 1]
        ]
        seeds |= {i for i, both in near if len(both & often) > 1}
        # "Oman lost patience. It accused Yemen …"
        weak = {i for i, both in near if named[i - 1] and len(both) > 1 and _takes_up(words[i])}
        if everyone:
            seeds |= {i for i, fire in enumerate(fires) if fire}
        recur = any(len(named[i] & often) > 1 for i in seeds)  # a story's parties come back
        reach = REACH if asked or recur or len(seeds) > SPARSE * len(words) else 1
        return {i + d for i in seeds for d in range(-reach, reach + 1)} | {i + d for i in weak for d in (-1, 0)}

    @staticmethod
    def _strong(i: int, named: list[set[str]], fires: list[int]) -> bool:
        """Whether a sentence is about two parties: names both, one and a line, or its neighbour tells of the other."""
        if len(named[i]) > 1 or (named[i] and fires[i] > 1):
            return True
        often = {name for names in named for name in names if sum(name in other for other in named) > 1}
        mine = named[i] & often
        return any(0 <= j < len(named) and fires[j] and mine and named[j] & often - mine for j in (i - 1, i + 1))

    def _names(self, words: list[str], text: str) -> set[str]:
        bare = (w.removesuffix("'s").removesuffix("’s") for w in words)
        if not any(w in self.gazetteer or w.title() in self.gazetteer for w in bare):
            return set()
        found = self.gazetteer.find(words_of(text.replace("’", "'")))
        return {code for m in found for code in (m.codes if m.group else m.codes[:1])}

    def _fires(self, bag: frozenset[str], seen: bool) -> int:
        """0 where no entry can fire, 1 where one can, 2 where one can fire upon a line that is named in full.

        Args:
            bag: lemmas of the sentence.
            seen: whether a line has been named by then, so that "it" or "ten" may stand for one.
        """
        best = 0
        for word in bag & self.needs.keys():
            for more, objects, touched in self.needs[word]:
                if not more <= bag or (objects and not objects & bag):
                    continue
                level = 1
                if touched:
                    level = max((self._named(bag, kind) for kind in touched), default=0)
                    level = level or int(seen and bool(bag & ELLIPSIS))
                if level == 2:
                    return 2
                best = max(best, level)
        return best

    def _named(self, bag: frozenset[str], kind: str) -> int:
        if not bag & self.heads:
            return 0
        return max((1 + plain for needed, plain in self.nouns.get(kind, ()) if needed <= bag), default=0)
