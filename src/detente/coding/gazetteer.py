"""Names of parties in running text.

What always holds: matching is by exact spelling, longest name first, over the parser's own words; a mention keeps the
codes that its spelling may stand for, and choosing among them is the coder's business, not the matcher's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from detente import parties

FORMS = ("name", "metonym", "person", "surname", "capital", "adjective", "plural", "demonym", "city")
"""Which reading of a spelling is preferred where it has several ("French" is an adjective before it is a people)."""
TITLES = frozenset(
    (
        "President Minister Premier Chancellor Secretary Secretary-General Ambassador Envoy King Queen Prince Princess "
        "Emir Sultan Sheikh General Admiral Colonel Marshal Field Senator Speaker Governor Mr Mrs Ms Dr Mr. Mrs. Ms. "
        "Dr. Gen. Sen. Leader Ayatollah Pope Comrade Spokesman Spokeswoman Commissioner Representative Chairman"
    ).split()
)
"""What stands before a surname without being part of the name."""
_OPENERS = frozenset(
    (
        "The In On And But From When While After Before As If Although Though Because Since Until With Without Like "
        "Unlike For To At By Both Neither Either Yet So That Then Now Today Yesterday Against Even Once Whether What "
        "Only Also Of Under Following Despite Later Earlier Meanwhile Instead"
    ).split()
)
"""Words that have a capital only because a sentence begins with them."""
PEOPLE = ("person", "surname")
_YEAR = re.compile(r"(?:19|20)\d\d")
_WORD = re.compile(r"\w+(?:\.\w+)+\.?|\w+'(?!s\b)\w+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A party named in a sentence.

    Attributes:
        start, stop: word numbers.
        codes: the parties that the spelling may stand for, first the likeliest.
        form: name, capital, metonym, person, surname, adjective, demonym, plural or city.
        organisation: whether the first of the codes is an organisation or a movement.
        cautious: whether the spelling often means something else.
        forms: all forms that the spelling has.
        group: whether all of the codes are meant together, not one of them.
        of: the spelling, where the table gives the time in which it stands for a party.
    """

    start: int
    stop: int
    codes: tuple[str, ...]
    form: str
    organisation: bool = False
    cautious: bool = False
    forms: tuple[str, ...] = ()
    group: bool = False
    of: str = ""


class Gazetteer:
    """Finds parties' names in a list of words.

    Args:
        table: the party table.
        cut: cuts a text as the sentences' words will be cut; names with points, dashes and the like depend on it.
    """

    def __init__(self, table: parties.Table, cut: Callable[[str], list[str]]) -> None:
        self.table = table
        self._names: dict[str, list[tuple[tuple[str, ...], Mention]]] = {}
        self._terms: dict[Mention, tuple[parties.Surface, ...]] = {}
        for surface, readings in table.surfaces.items():
            ranked = sorted(readings, key=lambda r: FORMS.index(r.form) if r.form in FORMS else len(FORMS))
            ranked = [r for r in ranked if r.form in FORMS]
            if not ranked:
                continue
            form = ranked[0].form
            codes = tuple(dict.fromkeys(r.code for r in ranked))
            kind = table.parties[codes[0]].kind if codes[0] in table.parties else "state"
            template = Mention(0, 0, codes, form, kind in ("organisation", "movement"), any(r.cautious for r in ranked),
                               tuple(dict.fromkeys(r.form for r in ranked)))  # fmt: skip
            if form in PEOPLE and all(r.since or r.until for r in ranked):
                template = replace(template, of=surface)
                self._terms[template] = tuple(ranked)
            self._enter(surface, template, cut)
        for surface, codes in table.groups.items():
            form = "adjective" if "-" in surface else "name"
            self._enter(surface, Mention(0, 0, codes, form, forms=(form,), group=True), cut)
        for entries in self._names.values():
            entries.sort(key=lambda e: -len(e[0]))

    def _enter(self, surface: str, template: Mention, cut: Callable[[str], list[str]]) -> None:
        plain = surface.replace("’", "'")
        cuts = {tuple(words_of(plain))}
        if not plain.replace(" ", "").isalpha():
            cuts.add(tuple(cut(plain)))
        for words in cuts - {()}:
            self._names.setdefault(words[0], []).append((words, template))

    def __contains__(self, word: str) -> bool:
        return word in self._names

    def find(self, words: Sequence[str], on: str | None = None) -> list[Mention]:
        """Names in a sentence's words, left to right, never overlapping.

        Args:
            words: the words as the parser's tokenizer cuts them.
            on: when they were written; people out of office then are left out, unless the words give a year of theirs.

        Returns:
            Mentions with word numbers.
        """
        out: list[Mention] = []
        i = 0
        shout = sum(w.isupper() for w in words) > 0.7 * sum(w.isalpha() for w in words)
        while i < len(words):
            hit = self._match(words, i, shout)
            if hit and hit.of and on:
                hit = self._in_office(hit, [on, *(w for w in words if _YEAR.fullmatch(w))])
            if hit:
                out.append(hit)
                i = hit.stop
            else:
                i += 1
        return out

    def _in_office(self, hit: Mention, dates: list[str]) -> Mention | None:
        """The mention with those of its readings that held office on one of the dates."""
        terms = self._terms[replace(hit, start=0, stop=0)]
        codes = tuple(dict.fromkeys(r.code for r in terms if any(r.held(day) for day in dates)))
        return replace(hit, codes=codes) if codes else None

    def _match(self, words: Sequence[str], i: int, shout: bool) -> Mention | None:
        first = words[i]
        if shout and first.isupper() and len(first) > 3:
            first = first.title()
        for name, template in self._names.get(first, ()):
            stop = i + len(name)
            got = [w.title() if shout and w.isupper() and len(w) > 3 else w for w in words[i:stop]]
            if tuple(got) == name and not _part_of_a_name(words, i, stop, template):
                return replace(template, start=i, stop=stop)
        return None


def _part_of_a_name(words: Sequence[str], i: int, stop: int, template: Mention) -> bool:
    """Whether a single word is but a part of some other name: "Washington Post", "South Georgia", "Jordan Smith"."""
    after = words[stop] if stop < len(words) else ""
    if after in ("Times", "Post", "Herald", "Daily", "Gazette", "Tribune", "University", "Street", "Avenue", "FC"):
        return True
    if template.cautious and template.form in ("name", "capital", "surname"):
        before = words[i - 1] if i else ""
        if after[:1].isupper() and after.isalpha() and len(after) > 1 and not after.isupper():
            return True
        if before in TITLES or (before in _OPENERS and (i == 1 or before == "The")):
            return False
        return before[:1].isupper() and before.isalpha()
    return False


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer of the shipped party table, built once."""
    from detente.coding.grammar import parser

    tokenizer = parser().tokenizer
    return Gazetteer(parties.table(), lambda text: [t.text for t in tokenizer(text)])


def words_of(text: str) -> list[str]:
    """Words of a text, without the parser.

    >>> words_of("Peru's envoy left.")
    ['Peru', "'", 's', 'envoy', 'left', '.']
    """
    return _WORD.findall(text)
