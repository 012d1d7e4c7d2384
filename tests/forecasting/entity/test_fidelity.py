"""On ICEWS14: the events that an explanation cites matter more than as many others of the same pair and subject."""

from pathlib import Path

import numpy as np
import pytest

from detente.forecasting.entity.explaining import chance_without, events_about, explain
from detente.forecasting.entity.facts import read_facts
from detente.forecasting.entity.forecaster import Forecaster, Setting

DATA = Path(__file__).parents[3] / ".." / "shared" / "data" / "icews14.npz"
QUICK = Setting(depth=100, lessons=8000, thin=4, epochs=2, pace=4e-3)
QUERIES, CITED = 40, 3


@pytest.mark.slow
@pytest.mark.skipif(not DATA.exists(), reason=f"{DATA.name} is not here; it is not part of the repository")
@pytest.mark.parametrize("additive", [False, True])
def test_without_what_is_cited_the_score_falls_more(additive: bool) -> None:
    facts = read_facts(DATA)
    forecaster = Forecaster(facts, QUICK, additive=additive)
    day = int(facts.test[0, 3])
    forecaster.stand(day)
    rng = np.random.default_rng(0)
    falls = []
    for subject, relation, other, _ in rng.permutation(facts.test[facts.test[:, 3] == day])[:QUERIES].tolist():
        rows = np.array([event.row for event in explain(forecaster, subject, relation, other, top=CITED).events])
        pair, rest = events_about(forecaster, subject, other)
        others = np.setdiff1d(np.concatenate([pair, rest]), rows)
        if not len(rows) or len(others) < len(rows):
            continue
        asked = (forecaster, subject, relation, other)
        whole = chance_without(*asked, np.zeros(0, np.int64))
        drawn = rng.choice(others, len(rows), replace=False)
        falls.append((whole - chance_without(*asked, rows), whole - chance_without(*asked, drawn)))
    cited, drawn_ = np.array(falls).T
    print(f"{len(falls)} queries: without cited {cited.mean():.3f}, without random {drawn_.mean():.3f}; "
          f"more in {(cited > drawn_).mean():.0%}")  # fmt: skip
    assert len(falls) >= QUERIES // 3
    assert cited.mean() > 2 * max(float(drawn_.mean()), 0.01)
    assert (cited > drawn_).mean() > 0.8
