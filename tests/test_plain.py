"""Text from a page made safe to show, and small pieces of plain English."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import UsageFault
from detente.plain import day, listed, number_of, party, real_date, shown, visible, whose


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a\x1b[31mred\x07", "a\\x1b[31mred\\x07"), ("\x9b2J", "\\x9b2J"), ("abc\u202egnp", "abc\\u202egnp"),
        ("\u2066x\u2069", "\\u2066x\\u2069"), ("soft\u00adhyphen \ufeffmark", "softhyphen mark"),
        ("a\tb\r\nc\u00a0d\u2028e", "a b c d\\u2028e"), ("“café” – 東京 😀", "“café” – 東京 😀"), ("\ud800", "\\ud800"),
    ],
)  # fmt: skip
def test_shown(text: str, safe: str) -> None:
    assert shown(text) == safe


@given(st.text(alphabet=st.characters()))
def test_nothing_unsafe_is_ever_shown(text: str) -> None:
    assert not [c for c in shown(text) if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")]
    assert set(visible(text)) & {"\x1b", "\u202e", "\r", "\x00"} == set()
    shown(text).encode()


@pytest.mark.parametrize("text", ["2021", "2021-10", "2021-10-18", " 2024-02-29 "])
def test_real_dates(text: str) -> None:
    assert real_date(text) == text.strip()


@pytest.mark.parametrize(
    "text", ["", "21", "2021-13", "2021-02-29", "2021-1-1", "18 October", "0000", "２０２１", "2021-10-18T00"]
)
def test_dates_that_are_none(text: str) -> None:
    with pytest.raises(UsageFault, match=r"^--published: “.*” is no date; give a day, month or year"):
        real_date(text, "--published")


def test_words() -> None:
    assert real_date(None) is None
    assert [listed([]), listed(["a"]), listed(["a", "b"])] == ["", "a", "a and b"]
    assert number_of(3, "person", "people") == "3 people"
    assert day("2021-02-31") == "2021-02-31"
    assert party("AUTHOR") == "the author"
    assert (whose("RUS"), whose("USA")) == ("Russia's", "the United States'")
