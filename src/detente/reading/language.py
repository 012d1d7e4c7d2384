"""Which language an article is in.

What always holds: only English is let through, since the coder knows no other; short or unclear texts are taken for
English rather than refused.
"""

import re
from functools import cache
from typing import Any

from detente.errors import NotEnglish

ENOUGH = 60
"""Letters: below this a language cannot be told."""
SAMPLE = 4000
COMMON = frozenset(
    "the of to and in a that is was for on with by as it its at from has had have be not which are will".split()
)
"""Function words: where they make up a sixth of the words, the text is English whatever its names look like."""
TAKEN_FOR_ENGLISH = frozenset({"en", "zxx"})
"""The second is what the identifier calls a list of names or figures: no language at all."""
_WORD = re.compile(r"[^\W\d_]+")


def check_language(text: str, name: str) -> str:
    """The language of a text.

    Args:
        text: main text of an article.
        name: what to call the page in messages.

    Returns:
        "en".

    Raises:
        NotEnglish: it is clearly in another language.

    Example:
        >>> check_language("The ambassador was sent home by the government of the island on Monday.", "page")
        'en'
    """
    sample = text[:SAMPLE]
    words = _WORD.findall(sample.lower())
    if sum(map(len, words)) < ENOUGH:
        return "en"
    if sum(w in COMMON for w in words) >= len(words) / 6:
        return "en"
    code, score = _identifier().classify(sample)
    if code in TAKEN_FOR_ENGLISH or score < 0.7:
        return "en"
    from babel import Locale, UnknownLocaleError

    try:
        language = Locale.parse(code).get_display_name("en") or code
    except (UnknownLocaleError, ValueError):
        language = code
    raise NotEnglish(f"{name} is in {language}; only English is read so far: give an English version of the article")


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
