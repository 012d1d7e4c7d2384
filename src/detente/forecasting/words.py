"""Words for probabilities, on a scale that others documented: ``words.toml`` names it.

What always holds: every probability has exactly one term, and the terms of ``p`` and ``1 - p`` lie equally far from
even odds.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from detente.errors import ForecastError

_CLOSE = 1e-9
"""What counts as on a bound: 0.1 + 0.1 is not quite 0.2."""


@cache
def scale() -> tuple[tuple[float, str], ...]:
    """The bands: the upper end of each and its words, from the least likely."""
    found = tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text("utf-8"))
    return tuple((band["up_to"], band["words"]) for band in found["band"])


def words(p: float) -> str:
    """A probability in words.

    A bound that two bands share belongs to the band nearer to even odds.

    Args:
        p: a probability, from 0 to 1.

    Raises:
        ForecastError: it is none.

    Source: US Intelligence Community Directive 203, "Analytic Standards", 2 January 2015.

    Example:
        >>> words(0.03), words(0.5), words(0.8), words(0.97)
        ('almost no chance', 'roughly even chance', 'likely', 'almost certain')
    """
    if not 0.0 <= p <= 1.0:
        raise ForecastError(f"words: {p!r} is no probability; give one from 0 to 1")
    for up_to, term in scale():
        near = up_to if up_to > 0.5 else up_to - 2 * _CLOSE
        if p <= near + _CLOSE:
            return term
    return scale()[-1][1]
