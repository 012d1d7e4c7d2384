"""The expulsion test: nothing later is seen, scores are what they say, and the figures are kept."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from detente.forecasting import steps
from detente.forecasting.expulsions import (
    FORECASTERS,
    KINDS,
    Guess,
    base_rate,
    before,
    mirror,
    ours,
    salisbury,
    score,
    trial,
)
from detente.forecasting.precedents import Case, Reply, cases
from detente.ledger.believing import NOW

EVENTS = Path(__file__).parents[2].joinpath("../shared/data/dyad_events_icews18x.csv.xz")
BOOK = [c for c in cases(None, asked=NOW) if c.reply is not None and c.sort != "other"]


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return trial()


@pytest.mark.parametrize("case", BOOK[::3], ids=lambda c: c.name())
def test_what_came_later_and_its_own_answer_are_not_seen(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    seen, past = before(case)
    assert seen.reply is None
    assert not seen.silent
    assert all(c.act.known <= case.act.known and not c.act.keys & case.act.keys for c in past)
    guesses = [forecast(seen, past) for forecast in FORECASTERS.values()]
    links = {
        case.act.keys & {link.action} and link.reaction for _, row, _ in steps._book_rows() if (link := row.get("link"))
    }
    rows = tuple(
        row for row in steps._book_rows()
        if row[2] <= case.act.known and row[1].get("key") not in links and not (
            "link" in row[1] and row[1]["link"].action in case.act.keys)
    )  # fmt: skip
    monkeypatch.setattr(steps, "_book_rows", lambda: rows)
    again = [forecast(*before(case)) for forecast in FORECASTERS.values()]
    for one, other in zip(guesses, again, strict=True):
        assert one.kinds == pytest.approx(other.kinds)
        assert np.allclose(one.days, other.days)
        assert (one.numbers is None) == (other.numbers is None)
        if one.numbers is not None and other.numbers is not None:
            assert np.allclose(one.numbers, other.numbers)


@pytest.mark.parametrize("forecast", [ours, mirror, base_rate])
def test_all_say_distributions_over_the_same(forecast: Any) -> None:
    for case in BOOK[::5]:
        guess = forecast(*before(case))
        assert set(guess.kinds) == set(KINDS)
        assert sum(guess.kinds.values()) == pytest.approx(1.0)
        assert guess.days.sum() == pytest.approx(1.0)
        assert len(guess.days) == 366
        if case.people:
            assert guess.numbers.sum() == pytest.approx(1.0)
            assert len(guess.numbers) == 3 * case.people + 11


def test_scores() -> None:
    case = next(c for c in BOOK if c.name() == "uk-russia-1985-09-12")
    kinds = dict.fromkeys(KINDS, 0.1) | {"mirror": 0.6}
    numbers, days = np.full(86, 0.5 / 85), np.full(366, 0.5 / 365)
    numbers[25], days[2] = 0.5, 0.5
    guess = Guess(kinds, numbers, days)  # type: ignore[arg-type]
    row = score(case, Reply(date(1985, 9, 14), 2, "mirror", 25, (), ()), guess)
    assert row["kind hit"]
    assert row["number hit"]
    assert row["days inside"]
    assert row["kind log"] == pytest.approx(np.log(0.6))
    assert row["number log"] == row["days log"] == pytest.approx(np.log(0.5))
    near = score(case, Reply(date(1985, 9, 14), None, "lesser", 21, (), ()), guess)
    assert not near["kind hit"]
    assert not near["number hit"]
    assert near["number near"]
    assert "days log" not in near
    assert not score(case, Reply(date(1985, 9, 14), 2, "lesser", 20, (), ()), guess)["number near"]
    assert not score(case, Reply(date(1986, 8, 1), 350, "lesser", 20, (), ()), guess)["days inside"]


def test_the_figures(found: dict[str, Any]) -> None:
    """Kept a little below what docs/precedents.md gives, so that a change for the worse is seen."""
    part = found["expulsions"]
    assert part["cases"] == {"kind hit": 52, "number hit": 35, "days inside": 47}
    own = part["détente"]
    for peer in ("mirror within 14 days", "base rate"):
        for figure in ("kind log", "number log", "days log"):
            assert own[figure] > part[peer][figure], (peer, figure)
    assert own["kind hit"] >= 0.52
    assert own["number hit"] >= 0.55
    assert 0.75 <= own["days inside"] <= 0.97
    assert own["days wide"] < part["mirror within 14 days"]["days wide"]


def test_the_same_again(found: dict[str, Any]) -> None:
    assert trial() == found


def test_salisbury_in_small() -> None:
    """Twenty acts before, four of them answered; then three senders, of which one is answered."""
    day = date(2018, 1, 2)
    rows = [(day + timedelta(days=n), "NOR", "PER", "SANCTION") for n in range(0, 40, 2)]
    rows += [(date(2018, 2, 12), "PER", "NOR", "SANCTION")]
    rows += [(date(2018, 3, 26), sender, "RUS", "SANCTION") for sender in ("POL", "DNK", "NOR")]
    rows += [(date(2018, 3, 30), "RUS", "POL", "SANCTION"), (date(2018, 5, 30), "RUS", "DNK", "SANCTION")]
    events = pl.DataFrame(rows, schema=["date", "source", "target", "type"], orient="row")
    found = salisbury(events)
    assert (found["senders"], found["answered"]) == (3, 1)
    # Acts whose 30 days had passed by 26 March; answered are those of the 30 days before 12 February.
    old = [r for r in rows if r[0] < date(2018, 2, 24)]
    hit = [r for r in old if r[1] == "NOR" and 0 < (date(2018, 2, 12) - r[0]).days <= 30]
    assert found["rate before"] == pytest.approx(len(hit) / len(old), abs=1e-4)
    assert found["brier"]["mirror"] == pytest.approx(2 / 3, abs=1e-4)
    late = pl.concat([events, events.with_columns(pl.col("date") + timedelta(days=500))])
    assert salisbury(late) == found


@pytest.mark.slow
def test_salisbury_as_it_was() -> None:
    if not EVENTS.exists():
        pytest.skip("../shared/data is absent")
    from detente.sources.histories import read

    found = salisbury(read(EVENTS).frame)
    assert (found["senders"], found["answered"]) == (31, 24)
    assert found["brier"]["détente"] < 0.2 < found["brier"]["mirror"] < found["brier"]["base rate"]
