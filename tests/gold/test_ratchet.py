"""Figures on the annotated articles may not fall below those pinned in ratchet.json."""

import json

import pytest

from tests.gold import figures

pytestmark = [pytest.mark.models, pytest.mark.slow]


@pytest.fixture(scope="module")
def measured() -> dict[str, float]:
    if not figures.GOLD.exists():
        pytest.skip("the annotated articles (../shared/gold) are not here")
    return figures.flat(figures.measure())


def test_no_figure_falls(measured: dict[str, float]) -> None:
    pinned = json.loads(figures.RATCHET.read_text(encoding="utf-8"))
    if pinned["corpus"] != figures.digest():
        pytest.skip("the annotated articles have changed since the floors were pinned; run figures.py --pin")
    fallen = {}
    for name, floor in pinned["floors"].items():
        value = measured.get(name, 0.0)
        if name.endswith("events a record"):
            assert value <= figures.MOST_EVENTS
            continue
        lower = name.endswith(figures.LOWER_IS_BETTER)
        if value > floor + figures.SLACK if lower else value < floor - figures.SLACK:
            fallen[name] = (floor, value)
    assert not fallen, f"figures below their floors (floor, now): {fallen}"


def test_everything_is_read_and_quotes_stay_inside(measured: dict[str, float]) -> None:
    for corpus in ("dev, open", "dev, kept", *figures.OWN):
        assert measured[f"{corpus}: not read"] == 0
        assert measured[f"{corpus}: quotes outside the article"] == 0
