"""PDF to text: read, joined to paragraphs, or refused in a sentence."""

import hashlib

import pytest

from detente.errors import NoArticle, PageUnreadable
from detente.reading import read_page
from detente.reading.pdf import text_of_pdf

LINES = (
    "The harbour minister of Ruritania told the Portuguese envoy on Monday to leave the country",
    "within ten days, and gave no reasons for the step.",
    "Portugal said that it would answer in the same measure, and that its consulate in the north",
    "of Ruritania would stay open until the end of the year.",
)
PARAGRAPHS = (
    "The harbour minister of Ruritania told the Portuguese envoy on Monday to leave the country within ten days, and "
    "gave no reasons for the step.",
    "Portugal said that it would answer in the same measure, and that its consulate in the north of Ruritania would "
    "stay open until the end of the year.",
)
PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def pdf(*lines: str, trailer: bytes = b"", more: bytes = b"") -> bytes:
    """A PDF of one page, with one line of text for each of the lines."""
    shown = b" T* ".join(b"(%s) Tj" % line.encode("cp1252") for line in lines)
    drawn = b"BT /F1 11 Tf 14 TL 40 780 Td %s ET" % shown if lines else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >> stream\n%s\nendstream" % (len(drawn), drawn),
        *([more] if more else []),
    ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"trailer\n<< /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF" % (size, trailer, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (size, table, end)


def locked() -> bytes:
    """A PDF that asks for a password: its handler is the standard one, its keys fit no empty password."""
    name = hashlib.md5(b"harbour").hexdigest().encode()
    handler = b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >>" % (PADDING.hex().encode(), b"ab" * 32)
    return pdf(*LINES, trailer=b"/Encrypt 5 0 R /ID [<%s> <%s>] " % (name, name), more=handler)


def test_lines_are_joined_to_paragraphs() -> None:
    assert tuple(text_of_pdf(pdf(*LINES), "page").split("\n\n")) == PARAGRAPHS


def test_hyphens_at_line_ends_are_undone() -> None:
    hyphenated = (LINES[0].replace("country", "coun-"), "try " + LINES[1], *LINES[2:])
    assert text_of_pdf(pdf(*hyphenated), "page").split() == " ".join(PARAGRAPHS).split()


def test_hyphens_at_line_ends_keep_paragraphs_apart() -> None:
    hyphenated = (LINES[0].replace("country", "coun-"), "try " + LINES[1], *LINES[2:])
    assert tuple(text_of_pdf(pdf(*hyphenated), "page").split("\n\n")) == PARAGRAPHS


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (("a council of Anglo-", "American harbours met"), "a council of Anglo-American harbours met"),
        (("the plan for 2019-", "2020 was dropped"), "the plan for 2019-2020 was dropped"),
        (("both pre- and post-war treaties,", "mid- to long-term ones too"),
         "both pre- and post-war treaties, mid- to long-term ones too"),
        (("he left -", "and came back"), "he left - and came back"),
    ],
)  # fmt: skip
def test_hyphens_that_belong_to_a_word_stay(lines: tuple[str, ...], joined: str) -> None:
    assert text_of_pdf(pdf(*lines), "page") == joined


@pytest.mark.parametrize("content_type", [None, "application/pdf", "text/html"])
def test_a_pdf_is_known_by_its_first_bytes(content_type: str | None) -> None:
    article = read_page(pdf(*LINES), name="page", content_type=content_type)
    assert article.text[slice(*article.main)] == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7\n", b"%PDF-1.4\n" + b"junk " * 500, pdf(*LINES)[:400], b"Once upon a time."],
    ids=["bare", "junk", "cut off", "no pdf"],
)
def test_a_broken_pdf_is_told(data: bytes) -> None:
    with pytest.raises(PageUnreadable, match=r"^a\.pdf is not a PDF that can be read; give another copy$"):
        read_page(data, name="a.pdf", content_type="application/pdf")


def test_a_locked_pdf_is_told() -> None:
    with pytest.raises(PageUnreadable, match=r"^a\.pdf is locked with a password; give an unlocked copy$"):
        text_of_pdf(locked(), "a.pdf")


def test_a_pdf_of_pictures_is_told() -> None:
    with pytest.raises(
        NoArticle, match=r"^a\.pdf holds no text, perhaps only scanned pictures; give a copy with text$"
    ):
        text_of_pdf(pdf(), "a.pdf")


@pytest.mark.parametrize("damage", [b"/Kids [3 0 R]", b"/Contents 4 0 R", b"/Type /Font", b"/Root 1 0 R", b"BT /F1"])
def test_a_damaged_pdf_gives_text_or_our_own_error(damage: bytes) -> None:
    data = pdf(*LINES).replace(damage, b"/X" + b" " * (len(damage) - 2))
    try:
        text = text_of_pdf(data, "a.pdf")
    except (PageUnreadable, NoArticle) as error:
        assert str(error).startswith("a.pdf ")
    else:
        assert text == "\n\n".join(PARAGRAPHS)
