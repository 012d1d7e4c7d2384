"""What becomes of a forecast: stored once, resolved by what is recorded, scored against its rivals."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from detente.errors import ForecastError
from detente.forecasting import history
from detente.forecasting.answering import ON_RECORD
from detente.forecasting.backtest import Backtest, backtest
from detente.forecasting.model import Answer, Chance, Direction, Driver, Forecast, Question
from detente.forecasting.outlook import forecast
from detente.forecasting.resolving import Resolved, resolve
from detente.forecasting.scoring import bins, newest, score
from detente.forecasting.track import resolved, store, stored
from detente.ledger import Ledger, asking
from detente.ledger.checking import faults
from detente.ledger.days import Day, as_of
from tests.ledger.made import change, claim, event, told

ON, UNTIL = "2016-05-12", "2016-06-11"
INSIDE = "2016-05-20"


@pytest.fixture
def ledger(tmp_path: Path) -> Any:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


def chance(p: float = 0.3, base: float | None = 0.2, persistence: float | None = 0.1) -> Chance:
    return Chance(probability=p, low=max(0.0, p - 0.1), high=min(1.0, p + 0.1), base=base, persistence=persistence,
                  words="unlikely", rests_on="a test")  # fmt: skip


def asks(what: str, *, kind: Any = "type", source: str = "PER", target: str = "NOR", way: Any = None, p: float = 0.3,
         after: str = ON, until: str = UNTIL, **beside: Any) -> Question:  # fmt: skip
    return Question(key=f"{kind}:{source}:{what}:{way}", asks=kind, source=source, target=target, what=what, way=way,
                    after=after, until=until, text=f"{source} to {target}: {what}",
                    chance=chance(p, **beside))  # fmt: skip


def outlook(*questions: Question, answer: Answer | None = None, on: str = ON, horizon: int = 30) -> Forecast:
    way = Direction(source="PER", target="NOR", types=questions, lines=())
    return Forecast(a="PER", b="NOR", on=on, known=on, horizon=horizon, directions=(way,), answer=answer, rests_on=(),
                    lacks=())  # fmt: skip


def outcome(ledger: Ledger, question: Question, **given: Any) -> Resolved:
    with ledger.asked() as connection:
        (found,) = resolve(connection, outlook(question), **given)
    return found


def record(ledger: Ledger, *items: Any, published: str = "2016-05-21", **article: Any) -> None:
    ledger.record([told(*items, published=published, **article)])


# acts by type


def test_an_act_in_the_horizon_is_a_yes_with_its_event(ledger: Ledger) -> None:
    record(ledger, event("SANCTION", INSIDE))
    found = outcome(ledger, asks("SANCTION"))
    assert (found.outcome, found.on, found.by) == (True, INSIDE, tuple(ledger.events()["id"]))
    # Another type, and the other way, were not: the ledger looked at the two in those days.
    for other in (asks("CONSULT"), asks("SANCTION", source="NOR", target="PER")):
        assert outcome(ledger, other).outcome is False


@pytest.mark.parametrize("day, expected", [(ON, False), ("2016-05-13", True), (UNTIL, True), ("2016-06-12", False)])
def test_the_horizon_begins_on_the_day_after_and_ends_with_its_last_day(
    ledger: Ledger, day: str, expected: bool
) -> None:
    record(ledger, event("SANCTION", day), published=day)
    record(ledger, claim("blame"), published=INSIDE)
    assert outcome(ledger, asks("SANCTION")).outcome is expected


def test_silence_is_no_answer(ledger: Ledger) -> None:
    record(ledger, event("SANCTION", "2016-01-10"), published="2016-01-11")
    record(ledger, event("SANCTION", "2016-08-10"), published="2016-08-11")
    found = outcome(ledger, asks("SANCTION"))
    assert found.outcome is None and "nothing at all is recorded between Peru and Norway" in found.why
    record(ledger, event("SANCTION", INSIDE, target=("CHL",)))  # of others
    assert outcome(ledger, asks("SANCTION")).outcome is None
    record(ledger, claim("blame"))  # somebody looked at the two
    assert outcome(ledger, asks("SANCTION")).outcome is False


@pytest.mark.parametrize("given", [{"status": "planned"}, {"status": "denied"}, {"certainty": 0.3}])
def test_what_is_planned_denied_or_weak_did_not_happen(ledger: Ledger, given: dict[str, Any]) -> None:
    record(ledger, event("SANCTION", INSIDE, **given))
    assert outcome(ledger, asks("SANCTION")).outcome is False


def test_an_act_whose_day_is_not_known_leaves_it_open(ledger: Ledger) -> None:
    record(ledger, event("SANCTION", "2016-05"), event("CONSULT", "2016-05"))
    found = outcome(ledger, asks("SANCTION"))
    assert found.outcome is None and "may lie in these days" in found.why and len(found.by) == 1
    record(ledger, event("CONSULT", INSIDE))
    assert outcome(ledger, asks("CONSULT")).outcome is True
    # A month that lies within the horizon does not matter.
    assert outcome(ledger, asks("SANCTION", after="2016-04-30", until="2016-06-01")).outcome is True


def test_a_horizon_that_has_not_passed_is_not_resolved(ledger: Ledger) -> None:
    record(ledger, event("SANCTION", INSIDE))
    with ledger.asked() as connection:
        assert resolve(connection, outlook(asks("SANCTION")), known=UNTIL) == []
        assert len(resolve(connection, outlook(asks("SANCTION")), known="2016-06-12")) == 1
        assert resolve(connection, outlook(asks("SANCTION", until="2999-01-01"))) == []


def test_only_what_was_known_resolves(ledger: Ledger) -> None:
    record(ledger, claim("blame"))
    record(ledger, event("SANCTION", INSIDE), published="2017-01-01")
    assert outcome(ledger, asks("SANCTION"), known="2016-07-01").outcome is False
    assert outcome(ledger, asks("SANCTION")).outcome is True


def test_swapped_parties_give_the_same_answer(ledger: Ledger) -> None:
    record(ledger, event("SANCTION", INSIDE))
    own = outlook(asks("SANCTION"), asks("REQUEST"))
    other = own.model_copy(update={"a": own.b, "b": own.a})
    with ledger.asked() as connection:
        assert resolve(connection, own) == resolve(connection, other)


# what others coded


def coded(tmp_path: Path, *rows: tuple[str, str]) -> history.History:
    """A history of Peru's acts on Norway: day and type."""
    days, types = zip(*rows, strict=True)
    frame = pl.DataFrame({
        "date": [date.fromisoformat(d) for d in days], "source": "PER", "target": "NOR", "type": types,
        "cameo": None, "quad": 4, "goldstein": None,
    })  # fmt: skip
    history.write(frame, tmp_path / "history", "icews")
    return history.History(tmp_path / "history")


def test_a_history_answers_where_the_ledger_has_nothing(ledger: Ledger, tmp_path: Path) -> None:
    told_of = coded(tmp_path, ("2016-01-01", "REQUEST"), (INSIDE, "SANCTION"), ("2016-12-31", "REQUEST"))
    found = outcome(ledger, asks("SANCTION"), history=told_of)
    assert (found.outcome, found.on) == (True, INSIDE) and "icews" in found.why
    assert outcome(ledger, asks("REQUEST"), history=told_of).outcome is False
    assert outcome(ledger, asks("STATEMENT"), history=told_of).outcome is False


def test_a_history_that_does_not_cover_the_days_tells_no_no(ledger: Ledger, tmp_path: Path) -> None:
    told_of = coded(tmp_path, ("2016-01-01", "REQUEST"), (INSIDE, "SANCTION"))  # it ends before the horizon does
    assert outcome(ledger, asks("SANCTION"), history=told_of).outcome is True
    assert outcome(ledger, asks("REQUEST"), history=told_of).outcome is None


def test_the_ledger_cannot_tell_that_there_was_no_mere_statement(ledger: Ledger) -> None:
    record(ledger, event("SANCTION", INSIDE))
    assert outcome(ledger, asks("STATEMENT")).outcome is None


# lines

EMBASSY = "embassy-NOR-PER"


def line(way: str, source: str = "PER", name: str = EMBASSY) -> Question:
    return asks(name, kind="line", way=way, source=source, target="NOR" if source == "PER" else "PER")


def test_a_line_that_gets_worse_or_better(ledger: Ledger) -> None:
    record(ledger, change("open", "2016-05-01"), published="2016-05-02")
    record(ledger, change("close", INSIDE))
    worse = outcome(ledger, line("worse"))
    assert (worse.outcome, worse.on, worse.why) == (True, INSIDE, "open → closed") and worse.by
    assert outcome(ledger, line("better")).outcome is False
    # Whoever did it: what is asked is the line's state.
    assert outcome(ledger, line("worse", source="NOR")).outcome is True


def test_a_line_that_stays_is_a_no_only_where_somebody_looked(ledger: Ledger) -> None:
    record(ledger, change("close", "2016-05-01"), published="2016-05-02")
    assert outcome(ledger, line("better")).outcome is None
    record(ledger, claim("blame"))
    assert outcome(ledger, line("better")).outcome is False


def test_what_lies_between_counts_by_where_it_ends(ledger: Ledger) -> None:
    record(ledger, change("open", "2016-05-01"), published="2016-05-02")
    record(ledger, change("close", "2016-05-15"), change("restore", "2016-05-25"), published="2016-05-26")
    assert outcome(ledger, line("worse")).outcome is False
    record(ledger, change("limit", "2016-06-01"), published="2016-06-02")
    found = outcome(ledger, line("worse"))
    assert (found.outcome, found.on) == (True, "2016-05-15")


def test_more_of_the_same_is_worse(ledger: Ledger) -> None:
    """The staff is limited already, and more are sent home; one sent home and one let in is neither."""
    record(ledger, change("limit", "2016-05-01", kind="staff", count=3), published="2016-05-02")
    staff = line("worse", name="staff-NOR-PER")
    record(ledger, claim("blame"))
    assert outcome(ledger, staff).outcome is False
    record(ledger, change("limit", INSIDE, kind="staff", count=5))
    found = outcome(ledger, staff)
    assert (found.outcome, found.on) == (True, INSIDE) and len(found.by) == 1
    assert outcome(ledger, line("better", name="staff-NOR-PER")).outcome is False


def test_a_line_of_which_nothing_was_known(ledger: Ledger) -> None:
    gone = line("worse", name="consulate-NOR-PER")
    assert outcome(ledger, gone).outcome is None  # nothing is heard at all
    record(ledger, change("close", INSIDE))
    assert outcome(ledger, line("worse")).outcome is True
    assert outcome(ledger, line("better")).outcome is None
    assert outcome(ledger, gone).outcome is False  # somebody looked at the two, and nothing was cut there


def test_a_state_that_lapses_is_nobodys_act(ledger: Ledger) -> None:
    """A bare count leaves the staff limited for a year; then it is taken to be filled again."""
    record(ledger, change("open", "2015-01-01", kind="staff"), published="2015-01-02")
    record(ledger, change("limit", "2015-05-20", kind="staff", count=3), published="2015-05-21")
    record(ledger, claim("blame"))
    found = outcome(ledger, line("better", name="staff-NOR-PER"))
    assert found.outcome is None


# answers


def act(ledger: Ledger, day: str = "2016-05-10", published: str = "2016-05-11") -> str:
    """Peru's act on Norway, which Norway may answer."""
    record(ledger, event("SANCTION", day), published=published)
    return str(ledger.events().filter(pl.col("day") == day)["id"][0])


def answered(name: str) -> Question:
    return asks(name, kind="answer", source="NOR", target="PER")


def reply(kind: str, day: str, **fields: Any) -> dict[str, Any]:
    return event(kind, day, source=("NOR",), target=("PER",), **fields)


@pytest.mark.parametrize("action, reaction, expected", [
    ("SANCTION", "MOBILIZE", True), ("SANCTION", "ACCUSE", False), ("ACCUSE", "ACCUSE", True),
    ("ACCUSE", "REJECT", True),
])  # fmt: skip
def test_a_recorded_answer_is_a_yes_but_words_are_none_to_a_deed(
    ledger: Ledger, action: str, reaction: str, expected: bool
) -> None:
    record(ledger, event(action, "2016-05-10"), reply(reaction, INSIDE), answers=((1, 2),))
    name = str(ledger.events().filter(pl.col("day") == "2016-05-10")["id"][0])
    found = outcome(ledger, answered(name))
    assert found.outcome is expected
    if expected:
        assert (found.on, found.why) == (INSIDE, "recorded as an answer")


def test_an_answer_that_came_too_late_or_too_early(ledger: Ledger) -> None:
    name = act(ledger)
    record(ledger, event("SANCTION", "2016-05-10"), reply("SANCTION", "2016-07-01"), answers=((1, 2),),
           published="2016-07-02")  # fmt: skip
    assert outcome(ledger, answered(name)).outcome is False
    record(ledger, event("SANCTION", "2016-05-10"), reply("COERCE", "2016-05-11"), answers=((1, 2),),
           published="2016-05-12")  # fmt: skip
    found = outcome(ledger, answered(name))
    assert found.outcome is None and "before the horizon began" in found.why


@pytest.mark.parametrize("kind, expected", [("SANCTION", True), ("COERCE", True), ("ACCUSE", False)])
def test_where_no_source_says_what_answered_what_deeds_count_and_words_do_not(
    ledger: Ledger, kind: str, expected: bool
) -> None:
    name = act(ledger)
    record(ledger, reply(kind, INSIDE))
    found = outcome(ledger, answered(name))
    assert found.outcome is expected
    if expected:
        assert "not recorded as an answer" in found.why


def test_a_line_of_the_other_that_is_cut_counts_but_ones_own_recall_does_not(ledger: Ledger) -> None:
    name = act(ledger)
    record(ledger, change("close", INSIDE, owner="NOR", counterpart="PER", by=("NOR",)))
    assert outcome(ledger, answered(name)).outcome is False
    record(ledger, change("close", INSIDE, owner="PER", counterpart="NOR", by=("NOR",)))
    assert outcome(ledger, answered(name)).outcome is True


def test_an_answer_of_which_nothing_is_heard_is_open(ledger: Ledger) -> None:
    assert outcome(ledger, answered(act(ledger))).outcome is None


def test_what_was_answered_when_it_was_asked_is_no_forecast(ledger: Ledger) -> None:
    name = act(ledger)
    question = answered(name)
    question = question.model_copy(update={"chance": question.chance.model_copy(update={"rests_on": ON_RECORD})})
    with ledger.asked() as connection:
        assert resolve(connection, outlook(question)) == []


def test_the_casebook_tells_of_an_answer_that_the_ledger_lacks(ledger: Ledger) -> None:
    """26 March 2018: the United States expelled 60 of Russia; Russia answered on the 29th."""
    record(ledger, event("SANCTION", "2018-03-26", source=("USA",), target=("RUS",)),
           change("limit", "2018-03-26", kind="staff", owner="RUS", counterpart="USA", by=("USA",), count=60),
           published="2018-03-26")  # fmt: skip
    name = str(ledger.events()["id"][0])
    asked = asks(name, kind="answer", source="RUS", target="USA", after="2018-03-27", until="2018-04-26")
    forecast = outlook(asked).model_copy(update={"a": "USA", "b": "RUS"})
    with ledger.asked() as connection:
        (found,) = resolve(connection, forecast)
        (early,) = resolve(connection, forecast, known="2018-04-27")
    assert found.outcome is True and "casebook" in found.why and found.on in ("2018-03-29", "2018-03-30")
    assert early.outcome in (True, None)  # by when its sources were published


# storing


def answer(name: str, text: str) -> Answer:
    driver = Driver(sort="pair", text=f"It follows “{text}”", events=(name,))
    return Answer(act=name, text=text, day="2016-05-10", whether=answered(name), kinds={"mirror": 0.5, "none": 0.5},
                  drivers=(driver,))  # fmt: skip


def test_a_forecast_comes_back_as_it_was_stored(ledger: Ledger) -> None:
    name = act(ledger)
    quote = ledger.events()["quote"][0]
    given = outlook(asks("SANCTION"), line("worse"), answer=answer(name, quote))
    first = store(ledger, given)
    assert store(ledger, given) == first == store(ledger, given.model_copy(update={"id": first}))
    with ledger.asked() as connection:
        (kept,) = stored(connection, "NOR", "PER")
        assert stored(connection, "PER", "CHL") == []
    assert kept.forecast == given.model_copy(update={"id": first})
    assert kept.last_report == 1 and kept.maker.startswith("detente ")
    record(ledger, event("CONSULT", INSIDE))
    assert store(ledger, given) != first, "the ledger is another one now"
    ledger.withdraw(ledger.evidence(name)["article"][0], by="Ada Lind", reason="it must go", quotes=True)
    with ledger.asked() as connection:
        again = stored(connection)[0].forecast
    assert again.answer and again.answer.text == "[erased]" and quote not in again.model_dump_json()
    assert list(faults(ledger.store)) == []


def test_what_was_made_before_its_days_is_told_apart(ledger: Ledger) -> None:
    def made(at: str | None) -> bool:
        return Resolved(asks("SANCTION"), True, made_at=at).ahead

    assert made("2016-05-12T23:00:00.000000Z") and made("2016-05-13T11:59:59.000000Z")  # still the 12th somewhere
    assert not made("2016-05-13T12:00:00.000000Z") and not made(None)
    record(ledger, event("SANCTION", INSIDE))
    store(ledger, outlook(asks("SANCTION")))
    with ledger.asked() as connection:
        (found,) = resolved(connection, stored(connection))
    assert found.outcome is True and not found.ahead  # stored today, about 2016


# scores


def some(*told_of: tuple[float, bool | None], forecast: str = "f", **given: Any) -> list[Resolved]:
    return [Resolved(asks(f"T{n}", p=p, **given), was, forecast=forecast) for n, (p, was) in enumerate(told_of)]


def test_scores_by_hand() -> None:
    found = score(some((0.8, True), (0.3, False), (0.5, None), base=0.5, persistence=0.0))
    assert (found.n, found.yes, found.unresolved, found.forecasts) == (2, 1, 1, 1)
    assert found.brier == pytest.approx((0.2**2 + 0.3**2) / 2)
    assert found.log_score == pytest.approx((-0.22314355 - 0.35667494) / 2)
    assert found.base and found.base.skill == pytest.approx(1 - 0.065 / 0.25) and found.base.band is None
    assert found.persistence and found.persistence.brier == pytest.approx(0.5)
    assert list(found.kinds) == ["type"] and found.kinds["type"].brier == found.brier


def test_a_rival_is_met_on_the_questions_that_it_has() -> None:
    found = score(
        [*some((0.9, True), base=None, persistence=None), *some((0.5, True), forecast="g", after="2016-01-01")]
    )
    assert found.base and (found.base.n, found.base.ours) == (1, 0.25)


def test_a_rival_without_fault_gives_no_skill() -> None:
    found = score(some((0.9, True), base=1.0))
    assert found.base and found.base.skill is None


def test_one_miss_of_a_certainty_is_dear_but_not_infinite() -> None:
    assert score(some((0.0, True))).log_score == pytest.approx(-6.907755)


def test_what_silence_would_make_of_it(ledger: Ledger) -> None:
    record(ledger, event("SANCTION", INSIDE))
    with ledger.asked() as connection:
        told_of = resolve(connection, outlook(asks("SANCTION", p=0.8), asks("CONSULT", p=0.1, after="2012-01-01",
                                                                          until="2012-02-01")))  # fmt: skip
    found = score(told_of)
    assert [one.silent for one in told_of] == [False, True] and (found.n, found.unresolved) == (1, 1)
    assert found.quiet and found.quiet.n == 2 and found.quiet.brier == pytest.approx((0.04 + 0.01) / 2)
    assert score(some((0.5, None))).quiet is None  # open for another reason


def test_asking_often_counts_once() -> None:
    one, two = asks("SANCTION", p=0.2), asks("SANCTION", p=0.7)
    early = Resolved(one, True, made_at="2016-05-12T08:00:00Z", forecast="a")
    late = Resolved(two, True, made_at="2016-05-12T20:00:00Z", forecast="b")
    assert newest([late, early]) == newest([early, late]) == [late]
    assert score([early, late]).n == 1


def test_calibration_has_counts_and_bands() -> None:
    found = bins(some(*[(0.05, n == 0) for n in range(20)], *[(0.95, True)] * 4, (1.0, True), (0.3, False)))
    assert [(b.low, b.n) for b in found] == [(0.0, 20), (0.3, 1), (0.9, 5)]
    assert found[0].rate == 0.05 and found[0].band[0] < 0.05 < found[0].band[1] < 0.25
    assert found[2].rate == 1.0 and found[2].band[0] == pytest.approx(0.566, abs=0.001)


def test_a_band_of_skill_draws_whole_forecasts() -> None:
    every = [one for n in range(8) for one in some((0.9, True), (0.1, False), (0.6, n % 3 > 0), forecast=f"f{n}",
                                                   base=0.5, after=f"2016-0{n + 1}-01")]  # fmt: skip
    found = score(every).base
    assert found and found.band and found.skill and found.band[0] < found.skill < found.band[1]
    assert score(every) == score(every)  # the same each time


# backtests


def stub(ledger: Ledger, a: str, b: str, *, on: Day, known: Day, horizon: int, history: Any = None) -> Forecast:
    """A forecast that repeats what was known of the pair in the 90 days before, and of its lines."""
    assert isinstance(on, date)
    until = date.fromordinal(on.toordinal() + horizon).isoformat()
    with ledger.asked(None, a, b) as connection:
        acts = asking.dyad_events(connection, a, b, asked=as_of(known))
        lines = asking.board(connection, a, b, on=on, asked=as_of(known))
    types = sorted(
        {row["type"] for row in acts if row["source"] == a and 0 <= (on - date.fromisoformat(row["date"])).days <= 90}
    )
    questions = [asks(kind, p=0.8, after=on.isoformat(), until=until) for kind in (*types, "CONSULT")]
    questions += [
        asks(row["line"], kind="line", way="worse", p=0.1, after=on.isoformat(), until=until) for row in lines
    ]
    return outlook(*questions, on=on.isoformat(), horizon=horizon)


def past(ledger: Ledger, last: str = "9999", first: str = "") -> None:
    for month in range(1, 13):
        published = f"2016-{month:02}-15"
        if first <= published <= last:
            record(ledger, event("SANCTION" if month % 2 else "ACCUSE", f"2016-{month:02}-14"),
                   change("close" if month > 6 else "open", f"2016-{month:02}-14"), claim("blame"),
                   published=published, publisher="Post", text=f"Month {month}")  # fmt: skip


def replayed(ledger: Ledger, **given: Any) -> Backtest:
    return backtest(ledger, "PER", "NOR", forecaster=stub, **given)


def test_a_backtest_replays_the_past(ledger: Ledger) -> None:
    past(ledger)
    found = replayed(ledger, until="2016-10-01", known="2017-06-01")
    assert found.days[0] == "2016-01-15" and found.days[-1] == "2016-09-11" and len(found.days) == 9
    assert found.score.n > 20 and found.score.base and found.score.persistence and 0 < found.score.yes < found.score.n
    worst = found.misses(3)
    faulty = [(r.question.chance.probability - bool(r.outcome)) ** 2 for r in worst]
    assert faulty == sorted(faulty, reverse=True) and faulty[0] == pytest.approx(0.81)
    with ledger.asked() as connection:
        assert stored(connection) == []  # nothing is kept


@pytest.mark.parametrize("forecaster", [stub, forecast])
def test_later_reports_change_no_forecast_of_the_past(ledger: Ledger, tmp_path: Path, forecaster: Any) -> None:
    """Whole and cut off after June: the forecasts up to July are the same, their outcomes are not."""
    past(ledger)
    with Ledger(tmp_path / "cut.db") as cut:
        past(cut, "2016-07-01")
        given = {"since": "2016-02-01", "until": "2016-07-01", "known": "2017-06-01", "forecaster": forecaster}
        whole, early = (backtest(one, "PER", "NOR", **given) for one in (ledger, cut))
    assert [r.question for r in whole.found] == [r.question for r in early.found]
    assert [r.outcome for r in whole.found] != [r.outcome for r in early.found]


def test_the_order_of_recording_changes_no_forecast_of_the_past(ledger: Ledger, tmp_path: Path) -> None:
    """Later pages may have been read before earlier ones."""
    past(ledger, "2016-07-01")
    with Ledger(tmp_path / "mixed.db") as mixed:
        past(mixed, first="2016-07-02")
        past(mixed, "2016-07-01")
        given = {"since": "2016-03-01", "until": "2016-07-01", "known": "2017-06-01", "forecaster": forecast}
        early, late = (backtest(one, "PER", "NOR", **given) for one in (ledger, mixed))

    def chances(of: Backtest) -> Any:
        return [(r.question.key, r.question.chance) for r in of.found if r.question.asks != "answer"]

    assert chances(early) == chances(late)


@pytest.mark.parametrize("given, complaint", [
    ({"every": 0}, "at least a day"),
    ({"horizon": 0}, "at least a day"),
    ({"since": "2999-01-01"}, "no day from 2999-01-01 on"),
    ({"since": "1900-01-01", "every": 1}, "more than 2,000"),
])  # fmt: skip
def test_a_backtest_of_no_sense_is_refused(ledger: Ledger, given: dict[str, Any], complaint: str) -> None:
    past(ledger)
    with pytest.raises(ForecastError, match=complaint):
        replayed(ledger, **given)


def test_a_backtest_needs_two_parties_and_something_recorded(ledger: Ledger) -> None:
    with pytest.raises(ForecastError, match="nothing is recorded of PER and NOR"):
        replayed(ledger)
    with pytest.raises(ForecastError, match="one party"):
        backtest(ledger, "PER", "PER", forecaster=stub)
