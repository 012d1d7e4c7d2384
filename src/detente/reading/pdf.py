"""PDF to text.

What always holds: lines of a page are joined to paragraphs; a broken, locked or scanned file gives a clear error.
"""

import re

from detente.errors import NoArticle, PageUnreadable

MOST_PAGES = 200
# PDFium gives U+0002 for a hyphen at a line's end, and drops that line end.
_SPLIT = re.compile(r"\x02\n?")
_HYPHEN = r"[-\u00ad\ufffe]\n"
_IN_WORD = re.compile(rf"(?<=[a-zà-ÿ]){_HYPHEN}(?=[a-zà-ÿ])")
_IN_NAME = re.compile(rf"(?<=\w){_HYPHEN}(?=\w)")


def text_of_pdf(data: bytes, name: str) -> str:
    """The text of a PDF, paragraphs divided by blank lines.

    Args:
        data: the file.
        name: what to call it in messages.

    Returns:
        Its text.

    Raises:
        PageUnreadable: broken, or locked with a password.
        NoArticle: it holds pictures only.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        what = (
            "is locked with a password; give an unlocked copy"
            if locked
            else "is not a PDF that can be read; give another copy"
        )
        raise PageUnreadable(f"{name} {what}") from None
    try:
        pages = [document[i].get_textpage().get_text_bounded() for i in range(min(len(document), MOST_PAGES))]
    except pypdfium2.PdfiumError:
        raise PageUnreadable(f"{name} is not a PDF that can be read; give another copy") from None
    finally:
        document.close()
    text = _paragraphs("\n\n".join(p.replace("\r\n", "\n").replace("\r", "\n") for p in pages))
    if not text.strip():
        raise NoArticle(f"{name} holds no text, perhaps only scanned pictures; give a copy with text")
    return text


def _paragraphs(text: str) -> str:
    """Join lines: a line that ends a sentence well short of the longest ends its paragraph."""
    lines = _SPLIT.sub("-\n", text).split("\n")
    width = max((len(line) for line in lines), default=0)
    out: list[str] = []
    current: list[str] = []
    for line in lines:
        line = line.strip()
        if line:
            current.append(line)
        ends = not line or (line[-1:] in '.!?"”’' and len(line) < 0.75 * width)
        if ends and current:
            out.append(_joined(current))
            current = []
    if current:
        out.append(_joined(current))
    return "\n\n".join(out)


def _joined(lines: list[str]) -> str:
    """One paragraph of its lines; "coun-, try" is one word, and "Anglo-, American" keeps its hyphen."""
    text = _IN_WORD.sub("", "\n".join(lines))
    return _IN_NAME.sub("-", text).replace("\n", " ")
