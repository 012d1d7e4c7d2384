"""Which language a page is in, and the doubt that goes to English."""

import random

import pytest

from detente.errors import NotEnglish
from detente.reading.language import check_language

SPANISH = (
    "El ministro de Asuntos Exteriores convocó el lunes al embajador de Ruritania, que tendrá que abandonar el país "
    "antes del fin de semana. El gobierno no quiere cerrar el consulado de Oporto por ahora."
)
NAMES = "".join(
    f"{first} {second}\n" for first in ("Zhu", "Olga", "Bram", "Iva") for second in ("Kosk", "Tarn", "Wehl", "Ruud")
)


def test_another_language_is_told_by_its_name() -> None:
    with pytest.raises(NotEnglish, match=r"^page is in Spanish; only English is read so far: give an English version"):
        check_language(SPANISH, "page")


@pytest.mark.parametrize("text", ["", "Nein!", "Bonjour, madame.", "1 2 3 " * 100])
def test_too_little_is_taken_for_english(text: str) -> None:
    assert check_language(text, "page") == "en"


def test_what_is_no_language_at_all_is_taken_for_english() -> None:
    chance = random.Random(1)
    noise = " ".join(f"Bo{chance.randrange(9**6):x}a froze." for _ in range(200))
    assert check_language(noise, "page") == "en"
