"""Bytes to text: every encoding that pages come in, and what is no text at all."""

import codecs

import pytest

from detente.errors import PageUnreadable
from detente.reading.decode import text_of

PROSE = "The envoy from Malmö said “no”, and went home — for good. "
QUOTED = PROSE.encode("cp1252")


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("utf-32-be", codecs.BOM_UTF32_BE),
    ],
)
def test_unicode_is_read_and_its_mark_is_dropped(encoding: str, mark: bytes) -> None:
    assert text_of(mark + PROSE.encode(encoding), "page") == PROSE


def test_windows_quotes_are_read_where_nothing_is_declared() -> None:
    assert text_of(QUOTED, "page") == PROSE


def test_line_ends_stay_as_they_were() -> None:
    assert text_of(b"One.\r\n\r\nTwo.\rThree.\n", "page") == "One.\r\n\r\nTwo.\rThree.\n"


@pytest.mark.parametrize(
    "content_type", ["text/plain; charset=windows-1251", 'text/plain; Charset="Windows-1251"; format=flowed']
)
def test_the_server_may_name_the_encoding(content_type: str) -> None:
    assert text_of("Посол уехал.".encode("cp1251"), "page", content_type) == "Посол уехал."


@pytest.mark.parametrize(
    "head",
    [
        '<meta charset="iso-8859-2">',
        "<META http-equiv='Content-Type' content='text/html; charset=iso-8859-2'>",
        '<?xml version="1.0" encoding="iso-8859-2"?>',
    ],
)
def test_the_page_may_name_its_encoding(head: str) -> None:
    page = f"{head}<p>Wałęsa in Łódź</p>"
    assert text_of(page.encode("iso-8859-2"), "page") == page


def test_the_server_goes_before_the_page() -> None:
    page = '<meta charset="iso-8859-1"><p>Wałęsa</p>'
    assert text_of(page.encode("iso-8859-2"), "page", "text/html; charset=iso-8859-2") == page


def test_the_page_is_asked_where_the_servers_word_does_not_fit() -> None:
    page = '<meta charset="iso-8859-2"><p>Wałęsa</p>'
    assert text_of(page.encode("iso-8859-2"), "page", "text/html; charset=ascii") == page


def test_utf8_goes_before_what_is_declared() -> None:
    assert text_of("“Malmö”".encode(), "page", "text/html; charset=iso-8859-1") == "“Malmö”"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 60,
        b"PK\x03\x04" + bytes(range(1, 32)) * 20,
        bytes(range(1, 9)) * 100,
        codecs.BOM_UTF8 + bytes(range(9)) * 100,
        "No mark before it.".encode("utf-16-le"),
    ],
    ids=["picture", "archive", "control", "marked", "utf-16 without mark"],
)
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(PageUnreadable, match=r"^shot\.png is a binary file; give a text, HTML or PDF page$"):
        text_of(data, "shot.png")


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (codecs.BOM_UTF8 + b"caf\xe9", None),
        (codecs.BOM_UTF16_LE + b"\x00\xd8\x41\x00", None),
        (b"The envoy\x81 went home to his own town, and stayed there.", None),
        ("Посол уехал домой.".encode("koi8-r"), None),
        (QUOTED, "text/html; charset=ascii"),
        (QUOTED, "text/html; charset=x-nobody"),
        (QUOTED, "text/html; charset=base64"),
    ],
    ids=["broken after mark", "half a pair", "hole in 1252", "cyrillic", "declared ascii", "unknown", "no text codec"],
)
def test_what_cannot_be_decoded_is_refused_with_a_cure(data: bytes, content_type: str | None) -> None:
    with pytest.raises(PageUnreadable, match=r"^[^.]*page[^.]*; save it as UTF-8 and try again$"):
        text_of(data, "page", content_type)


@pytest.mark.parametrize("charset", ["undefined", "idna", "punycode", "utf-7"])
def test_odd_charsets_give_text_or_the_one_error(charset: str) -> None:
    try:
        text = text_of(QUOTED, "page", f"text/html; charset={charset}")
    except PageUnreadable as error:
        assert "save it as UTF-8" in str(error)
    else:
        assert text == PROSE


@pytest.mark.parametrize("charset", ["iso-8859-1", "latin-1"])
def test_windows_quotes_are_read_where_latin_1_is_declared(charset: str) -> None:
    assert text_of(QUOTED, "page", f"text/plain; charset={charset}") == PROSE


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8"])
def test_a_wrong_word_for_utf8_is_the_same_in_any_spelling(charset: str) -> None:
    assert text_of(QUOTED, "page", f"text/plain; charset={charset}") == PROSE
