"""Bytes to text.

What always holds: a page is decoded without loss or not at all; binary content is refused.
"""

import codecs
import re

from detente.errors import PageUnreadable

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
)  # fmt: skip
_DECLARED = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w-]{3,20})", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def text_of(data: bytes, name: str, content_type: str | None = None) -> str:
    """Decode a page.

    Args:
        data: its bytes.
        name: what to call it in messages.
        content_type: the server's, which may name an encoding.

    Returns:
        Its text, line ends as they were.

    Raises:
        PageUnreadable: binary, or in an encoding that cannot be told.

    Example:
        >>> text_of("Oslo – Tromsø".encode("utf-8"), "page")
        'Oslo – Tromsø'
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(data, encoding, name)
    if b"\x00" in data[:65536]:
        raise PageUnreadable(f"{name} is a binary file; give a text, HTML or PDF page")
    declared = re.search(r"charset\s*=\s*[\"']?([\w-]{3,20})", content_type or "", re.IGNORECASE)
    in_page = _DECLARED.search(data[:4096])
    names = [declared.group(1)] if declared else []
    names += [in_page.group(1).decode("ascii")] if in_page else []
    names = [usual for usual in map(_usual, names) if usual != "utf-8"]
    for encoding in dict.fromkeys(["utf-8", *names]):
        try:
            return _checked(data, encoding, name)
        except PageUnreadable:
            if encoding != "utf-8" and encoding == names[-1]:
                raise
    return _western(data, name)


def _usual(encoding: str) -> str:
    """One spelling for each encoding; what calls itself Latin-1 on the web is Windows-1252."""
    try:
        known = codecs.lookup(encoding).name
    except LookupError:
        return encoding
    return "cp1252" if known == "iso8859-1" else known


def _western(data: bytes, name: str) -> str:
    """Windows-1252, where the page reads like text in it: few bytes beyond ASCII, and those letters or quotes."""
    odd = [b for b in data if b > 0x7F]
    if len(odd) <= 0.1 * len(data):
        return _checked(data, "cp1252", name)
    raise PageUnreadable(f"the encoding of {name} cannot be told; save it as UTF-8 and try again")


def _checked(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError):
        raise PageUnreadable(f"{name} is not valid {encoding}; save it as UTF-8 and try again") from None
    sample = text[:20000]
    if len(_CONTROL.findall(sample)) > 2 + 0.01 * len(sample):
        raise PageUnreadable(f"{name} is a binary file; give a text, HTML or PDF page")
    return text
