"""Country and sector of an entity.

What always holds: a name's own country and sector never change; a country that a name does not give is taken from the
partners of earlier days only, so a training query never sees its own answer.

In ICEWS a name such as `Police_(India)` holds a sector and a country; `India` is a country; a person's name holds
neither, and such a person is taken to belong to the country that he or she has dealt with most so far.
"""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from detente.forecasting.entity.facts import Facts, Ints

_TAIL = re.compile(r"^(.*)\(([^()]*)\)\s*$")
_RARE = 3
"""A sector with fewer entities than this is put with the other rare ones: nothing can be learnt of it."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What names tell of entities.

    Attributes:
        country: the country's number for each entity; 0 where the name gives none.
        sector: the sector's number for each entity.
        countries: how many countries there are, the unknown one included.
        sectors: how many sectors there are.
    """

    country: Ints
    sector: Ints
    countries: int
    sectors: int


def read_traits(names: tuple[str, ...]) -> Traits:
    """Country and sector from names.

    >>> read_traits(("India", "Police_(India)", "Someone")).country.tolist()
    [1, 1, 0]
    """
    plain = [name.replace("_", " ").strip() for name in names]
    split = [_TAIL.match(name) for name in plain]
    known = {match.group(2).strip() for match in split if match}
    country, sector = [], []
    for name, match in zip(plain, split, strict=True):
        if match:
            country.append(match.group(2).strip())
            sector.append(match.group(1).strip())
        else:
            country.append(name if name in known else "")
            sector.append("a country" if name in known else "a name")
    often = [label for label, count in Counter(sector).items() if count >= _RARE]
    number = {label: index for index, label in enumerate(often)}
    listed = {label: index for index, label in enumerate(["", *sorted(set(country) - {""})])}
    return Traits(
        np.array([listed[label] for label in country], dtype=np.int64),
        np.array([number.get(label, len(number)) for label in sector], dtype=np.int64),
        len(listed),
        len(number) + 1,
    )


def drift(rows: Ints, traits: Traits) -> list[tuple[int, int, int]]:
    """When an entity without a country of its own comes to be counted to one: (day, entity, country), in day order.

    Args:
        rows: facts, both ways, sorted by day.
        traits: what the names tell.
    """
    counts: Counter[tuple[int, int]] = Counter()
    now: dict[int, int] = {}
    moves = []
    telling = rows[(traits.country[rows[:, 0]] == 0) & (traits.country[rows[:, 2]] != 0)]
    for entity, _, other, day in telling.tolist():
        country = int(traits.country[other])
        counts[entity, country] += 1
        held = now.get(entity, 0)
        if held != country and counts[entity, country] > counts.get((entity, held), 0):
            now[entity] = country
            moves.append((day, entity, country))
    return moves


def countries_then(rows: Ints, traits: Traits) -> Ints:
    """The subject's country as known before the day of each row."""
    moves = drift(rows, traits)
    current = traits.country.copy()
    result = np.empty(len(rows), dtype=np.int64)
    days, starts = np.unique(rows[:, 3], return_index=True)
    ends = [*starts[1:].tolist(), len(rows)]
    position = 0
    for day, start, end in zip(days.tolist(), starts.tolist(), ends, strict=True):
        while position < len(moves) and moves[position][0] < day:
            current[moves[position][1]] = moves[position][2]
            position += 1
        result[start:end] = current[rows[start:end, 0]]
    return result


def of_facts(facts: Facts) -> Traits:
    """The traits of a benchmark's entities."""
    return read_traits(facts.names)
