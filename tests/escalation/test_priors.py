"""Priors: what ships is whole, and what is wrong in a file is told with entry and cure."""

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import PriorsError
from detente.escalation.priors import Priors, load
from detente.escalation.solving import Solver
from detente.model import LINE_KINDS
from tests.escalation.beliefs import prior, situation

WHY = 'source = "a study"\nreasoning = "a reason"\ndata = "none"\n'
RATE = f'[incidents.rate]\nunit = "per year"\nvalue = 3\nsd = 0.1\n{WHY}'
HOT = f'[effects.hotline]\nchannel = "hotline"\nreaches = ["shots"]\nunit = "log odds ratio"\nvalue = 1\nsd = 0\n{WHY}'


def test_every_kind_of_line_counts_somewhere_and_every_channel_has_an_effect() -> None:
    shipped = load()
    assert all(shipped.channel_of(kind) is not None for kind in LINE_KINDS)
    assert {e.channel for e in shipped.effects.values()} - {None} == set(shipped.channels)


def test_the_evidence_enters_as_it_is() -> None:
    """Means and sds of the evidence: full loss 0.34 (0.23), reduced 0 (0.3), incidents 0 (0.15), else 0 (0.5)."""
    effects = load().effects
    told = {name: (effects[f"representation-{name}"].middle, effects[f"representation-{name}"].spread)
            for name in ("lost", "reduced", "lost-incidents")}  # fmt: skip
    assert told == {"lost": (0.34, 0.23), "reduced": (0.0, 0.3), "lost-incidents": (0.0, 0.15)}
    for kind in ("consulate", "office", "liaison", "contacts", "hotline", "verification", "council", "talks"):
        assert (effects[kind].middle, effects[kind].spread, effects[kind].data) == (0.0, 0.5, "none")
        assert len(effects[kind].reaches) == 1, "the effect is on the outcome, so it enters once"


def test_over_the_ladder_full_loss_does_what_the_evidence_has() -> None:
    """Of an incident at damage: fatal 0.34 (0.23) less what climbing on dilutes, war 0 (0.35)."""
    solver = Solver(load(), draws=20_000)
    place = list(solver.priors.stages)
    ends = [situation(solver.priors, [("representation", word)] * 2) for word in ("in use", "down")]  # type: ignore[list-item]
    for stage, mean, sd in (("shots", 0.34, 0.23), ("deaths", 0.30, 0.20), ("fighting", 0.0, 0.35)):
        odds = []
        for at in ends:
            reach = solver.sampled(at).reach
            chance = reach[:, place.index(stage)] / reach[:, place.index("damage")]
            odds.append(np.log(chance / (1 - chance)))
        difference = odds[1] - odds[0]
        assert difference.mean() == pytest.approx(mean, abs=0.03)
        assert difference.std() == pytest.approx(sd, abs=0.03)


def test_a_file_is_laid_over_ours(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(RATE + HOT, "utf-8")
    own = load(file)
    assert (own.incidents.rate.at(0), own.effects["hotline"].middle) == (pytest.approx(3), 1)
    assert own.effects["representation-lost"] == load().effects["representation-lost"]


WRONG = {
    "negative rate": (RATE.replace("= 3", "= -3"), "incidents.rate: -3 is not above zero; a rate is"),
    "zero odds": (f'[effects.x]\nunit = "odds"\nvalue = 0\nsd = 1\n{WHY}', "effects.x: 0 is not above zero; an odds"),
    "missing unit": (RATE.replace('unit = "per year"\n', ""), "incidents.rate.unit: it is missing; every entry needs"),
    "missing source": (RATE.replace('source = "a study"\n', ""), "incidents.rate.source: it is missing"),
    "unknown unit": (RATE.replace("per year", "weekly"), "incidents.rate.unit: 'weekly' is none; write 'per year'"),
    "another unit": (RATE.replace("per year", "days"), "incidents.rate: 'days' is no unit of a rate; write per year"),
    "above one": (f'[states.unknown]\nunit = "probability"\nvalue = 1.2\nsd = 0\n{WHY}',
                  "states.unknown: 1.2 is not between zero and one; a probability is"),
    "negative days": (HOT.replace("log odds ratio", "days").replace("= 1", "= -1"), "effects.hotline: -1 is not above"),
    "circle": ('[effects.a]\nparent = "b"\n[effects.b]\nparent = "c"\n[effects.c]\nparent = "a"\n',
               "effects.a: its parents go round in a circle, a > b > c > a; take one parent out"),
    "own parent": (HOT + 'parent = "hotline"\n', "effects.hotline: its parents go round in a circle"),
    "no parent": (HOT + 'parent = "nobody"\n', "effects.hotline: there is no effect 'nobody' to be its parent"),
    "no channel": (HOT.replace('"hotline"', '"hot"'), "effects.hotline: there is no channel 'hot'; there are"),
    "no stage": (HOT.replace("shots", "shouts"), "effects.hotline: nothing climbs from 'shouts'; it can reach"),
    "last stage": (HOT.replace("shots", "fighting"), "effects.hotline: nothing climbs from 'fighting'"),
    "rate and odds": (HOT.replace("shots", "incidents"), "effects.hotline: an effect on the frequency reaches only"),
    "twice": (HOT + HOT.replace("effects.hotline", "effects.second"), "effects.second: says the same as hotline of"),
    "reduced apart": (HOT + 'when = "reduced"\n', "effects.hotline: only what counts together can be reduced"),
    "two homes": ('[channels.more]\ntitle = "more"\nkinds = ["hotline"]\n', "hotline counts in hotline already"),
    "no such kind": ('[channels.more]\ntitle = "more"\nkinds = ["pigeon"]\n', "more.kinds.0: 'pigeon' is none"),
    "both forms": (RATE + "range = [1, 2]\n", "incidents.rate: give either a range of 95 %, or a value with an sd"),
    "no numbers": (RATE.replace("value = 3\nsd = 0.1\n", ""), "incidents.rate: give either a range"),
    "no sd": (RATE.replace("sd = 0.1\n", ""), "incidents.rate: a value needs an sd beside it"),
    "negative sd": (RATE.replace("0.1", "-0.1"), "incidents.rate.sd: input should be greater than or equal to 0"),
    "backwards": (RATE.replace("value = 3\nsd = 0.1", "range = [3, 2]"), "incidents.rate: the range ends before it"),
    "not finite": (RATE.replace("= 3", "= nan"), "incidents.rate.value: input should be a finite number"),
    "infinite": (RATE.replace("= 3", "= inf"), "incidents.rate.value: input should be"),
    "text": (RATE.replace("= 3", '= "three"'), "incidents.rate.value: input should be a valid number"),
    "strange field": (RATE + "colour = 3\n", "incidents.rate.colour: there is no such field; take it out"),
    "no climb": (f'[stages.a]\ntitle = "a"\nmeans = "a"\n[stages.a.days]\nunit = "days"\nvalue = 1\nsd = 0\n{WHY}'
                 f'[stages.b]\ntitle = "b"\nmeans = "b"\n[stages.b.days]\nunit = "days"\nvalue = 1\nsd = 0\n{WHY}',
                 "stages.a: climb is missing; only the last stage has none"),
    "headline": ('headline = "peace"\n', "headline: there is no stage 'peace'; there are encounter"),
    "effects no table": ("effects = 3\n", "effects: input should be a valid dictionary"),
    "effect no table": ("[effects]\nhotline = 3\n", "effects.hotline: input should be"),
    "no toml": ("what = = is\n", "it is not TOML"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_with_entry_and_cure(case: str, tmp_path: Path) -> None:
    text, told = WRONG[case]
    file = tmp_path / "mine.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(PriorsError, match=re.escape(told)) as caught:
        load(file)
    assert str(caught.value).startswith("mine.toml: ") and "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path, told in ((tmp_path / "none.toml", "cannot be read"), (tmp_path, "cannot be read")):
        with pytest.raises(PriorsError, match=told):
            load(path)
    (tmp_path / "big.toml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(PriorsError, match="larger than 1 MB"):
        load(tmp_path / "big.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(PriorsError, match="not TOML"):
        load(tmp_path / "bytes.toml")


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=200))
def test_no_text_is_more_than_an_error(text: str) -> None:
    import tempfile

    with tempfile.NamedTemporaryFile("w", suffix=".toml", encoding="utf-8", errors="ignore") as file:
        file.write(text)
        file.flush()
        try:
            load(file.name)
        except PriorsError as error:
            assert "\n" not in str(error)


def test_a_range_is_the_95_percent_interval() -> None:
    from detente.escalation.priors import Prior

    rate = Prior.model_validate({k: v for k, v in prior("per year", 1).items() if k not in ("value", "sd")}
                                | {"range": (2, 50)})  # fmt: skip
    assert [rate.at(z) for z in (-1.959964, 0, 1.959964)] == pytest.approx([2, 10, 50])


def test_stages_and_channels_have_an_order_that_is_kept() -> None:
    names = list(load().entries())
    assert all(one != two for one, two in pairwise(names)) and names[0] == "incidents.rate"
    assert isinstance(load(), Priors)
