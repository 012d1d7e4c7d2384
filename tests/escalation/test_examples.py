"""The examples in docstrings run."""

import doctest
from importlib import import_module

import pytest

LIGHT = ("escalation.priors", "escalation.ladder", "escalation.shares", "views.risk")


@pytest.mark.parametrize("name", [*LIGHT, pytest.param("escalation.assessment", marks=pytest.mark.models)])
def test_examples(name: str) -> None:
    found = doctest.testmod(import_module(f"detente.{name}"))
    assert found.attempted and not found.failed
