"""Small pieces of plain English, and text from a page made safe to show.

What always holds: what `shown` returns holds no control character, no character that turns the direction of writing
and no line break, so that a page can neither drive a terminal nor make a quote read as what it is not.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from detente.errors import UsageFault

_WITH_THE = re.compile(
    r"(?:United|Democratic|Organi[sz]ation|Association|International)\b.*|(?:.* )?(?:Union|Nations|Islands|Emirates"
    r"|States|Kingdom|Republic|Organi[sz]ation|Council|Agency|Court|League|Fund|See|Netherlands|Philippines|Maldives|Bahamas"
    r"|Gambia|Comoros|Seychelles|EU|UN|OSCE|AU|IAEA|GCC|OAS|WTO|ICC|IMF|US|UK|UAE)"
)
_DATE = re.compile(r"\d{4}(?:-\d\d){0,2}", re.ASCII)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
# Marks of layout that say nothing and do nothing: soft hyphen, zero-width space, joiners, byte-order mark.
_SILENT = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str) -> str:
    """Text with its control and direction characters written out.

    Args:
        text: any text.

    Returns:
        The same text; a tab becomes a space, a line break stays, what is unsafe is written as ``\\u202e`` is here.

    Example:
        >>> visible("a\\x1b[31mb")
        'a\\\\x1b[31mb'
    """
    return text if text.isprintable() else "".join(_seen(c) for c in text)


def _seen(c: str) -> str:
    if c.isprintable() or c == "\n":
        return c
    if c in _SILENT:
        return ""
    if unicodedata.category(c) not in _UNSAFE or c in "\t\r":
        return " "
    return ascii(c)[1:-1]


def shown(text: str | None) -> str:
    """Text on one line, made safe by `visible`.

    Example:
        >>> shown("two\\n lines")
        'two lines'
    """
    return " ".join(visible(text or "").split())


def day(text: str | None) -> str:
    """A cut ISO date in words.

    Example:
        >>> day("2021-10-18"), day("2021-06"), day("2014"), day(None)
        ('18 October 2021', 'June 2021', '2014', '')
    """
    when = _parsed(text or "")
    if text is None or when is None:
        return shown(text)
    words = [str(when.day), _MONTHS[when.month - 1], str(when.year)]
    return " ".join(words[2 - text.count("-") :])


def _parsed(text: str) -> date | None:
    """The first day that a cut date means, or None where it is no date."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date(*([int(part) for part in text.split("-")] + [1, 1])[:3])
    except ValueError:
        return None


def real_date(text: str | None, option: str = "published") -> str | None:
    """Check a date that a person gave.

    Args:
        text: the date, or None.
        option: what to call it in the message.

    Returns:
        The date without white space around it.

    Raises:
        UsageFault: it is not a day, month or year of the calendar.
    """
    if text is None:
        return None
    if _parsed(text.strip()) is None:
        given = shown(text)[:40]
        raise UsageFault(
            f"{option}: “{given}” is no date; give a day, month or year such as 2021-10-18, 2021-10 or 2021"
        )
    return text.strip()


def listed(words: Sequence[str]) -> str:
    """Words as a list in a sentence.

    Example:
        >>> listed(["a", "b", "c"])
        'a, b and c'
    """
    return " and ".join([", ".join(words[:-1])] * (len(words) > 1) + list(words[-1:]))


def number_of(count: int, noun: str, plural: str | None = None) -> str:
    """A count with its noun.

    Example:
        >>> number_of(1, "line"), number_of(0, "line"), number_of(2, "day")
        ('1 line', 'no lines', '2 days')
    """
    return f"{count or 'no'} {noun if count == 1 else plural or noun + 's'}"


def per_cent(p: float) -> str:
    """A probability; none is called nought or certain.

    Example:
        >>> per_cent(0.004), per_cent(0.296), per_cent(0.999)
        ('< 1 %', '30 %', '> 99 %')
    """
    return "< 1 %" if p < 0.01 else "> 99 %" if p > 0.99 else f"{100 * p:.0f} %"


def party(code: str) -> str:
    """A party's name as it stands in a sentence: "Russia", "the United States"; `AUTHOR` is "the author"."""
    from detente.parties import name_of

    if code == "AUTHOR":
        return "the author"
    name = shown(name_of(code)) or code
    return f"the {name}" if _WITH_THE.fullmatch(name) else name


def parties(codes: Sequence[str]) -> str:
    """Several parties in a sentence."""
    return listed([party(code) for code in codes])


def whose(code: str) -> str:
    """A party's name as an owner: "Russia's", "the United States'"."""
    name = party(code)
    return name + ("'" if name.endswith("s") else "'s")


def sentence_case(text: str) -> str:
    """The text with its first letter a capital."""
    return text[:1].upper() + text[1:]
