"""Schemathesis holds the REST interface against its own OpenAPI document, with made-up requests, good and bad."""

import shutil
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from detente.web.app import create_app
from detente.web.settings import Settings
from tests.web.conftest import ANALYST, TOKENS

# A date such as 2021-02-30, a party that nobody knows or an unknown id has the right form and is refused all the same.
CONFIG = SchemathesisConfig.from_dict({
    "base-url": "http://localhost",
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", 304, 400, 401, 403, 404, 413, 429, 502]}},
})  # fmt: skip


@pytest.fixture(scope="module")
def contract(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> schemathesis.BaseSchema:
    """The document of a server on a copy of the demonstration ledger, that may be written."""
    where = tmp_path_factory.mktemp("contract") / "ledger.db"
    shutil.copy(demonstration, where)
    told = Settings(ledger=str(where), write=True, tokens=TOKENS, agents=False, reads_per_minute=1,
                    names=("testserver",))  # fmt: skip
    return schemathesis.openapi.from_asgi("/openapi.json", create_app(told), config=CONFIG)


REAL = "real"
"""Well-formed requests about parties and ids that the ledger has."""
PARTIES = {"a": "RUS", "b": "NATO"}
IDS = {"lines": "mission-RUS-NATO", "evidence": "mission-RUS-NATO"}
PASTES = ("/api/v1/readings", "/api/v1/articles")
"""Any text may be pasted, but not any text is an article."""


def with_real(case: schemathesis.Case) -> schemathesis.Case:
    """The same request about what is there."""
    case.query = {**{k: v for k, v in (case.query or {}).items() if k not in ("b", "cursor")}}
    case.query |= {k: v for k, v in PARTIES.items() if k in case.query or "call" in case.operation.path}
    if case.path_parameters:
        case.path_parameters = dict.fromkeys(case.path_parameters, IDS.get(case.operation.path.split("/")[3], "x"))
    return case


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["positive", "negative", REAL])
def test_every_answer_is_as_the_document_says(contract: schemathesis.BaseSchema, mode: str) -> None:
    operations = [found.ok() for found in contract.get_all_operations()]
    assert len(operations) > 25
    good = 0
    for operation in operations:
        cases = operation.as_strategy(generation_mode=GenerationMode("positive" if mode == REAL else mode))

        @given(cases.map(with_real) if mode == REAL else cases)
        @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True,
                  database=None, phases=[Phase.generate])  # fmt: skip
        def held(case: schemathesis.Case) -> None:
            nonlocal good
            token = {"Authorization": f"Bearer {ANALYST}"}
            unchecked = [positive_data_acceptance] if case.operation.path in PASTES else []
            good += case.call_and_validate(headers=token, excluded_checks=unchecked).status_code == 200

        try:
            held()
        except Unsatisfiable:  # nothing can be wrong with an endpoint that takes nothing
            assert mode == "negative" and operation.method == "get"
    assert good > 80 or mode != REAL
