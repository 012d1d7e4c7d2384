"""Servers for tests, within this process: on the demonstration ledger, and on one that may be written."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from detente.commands.demonstration import build
from detente.ledger import Ledger
from detente.web.app import create_app
from detente.web.settings import Settings, tokens_of

ANALYST, EDITOR = "analysts-secret-token", "editors-secret-token"
TOKENS = tokens_of([f"Ana={ANALYST}", f"Edi:editor={EDITOR}"], "test")
BASE = "http://localhost"


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration ledger; it is not to be written."""
    where = tmp_path_factory.mktemp("demonstration") / "ledger.db"
    with Ledger(where) as ledger:
        build(ledger)
    return where


@pytest.fixture(scope="session")
def client(demonstration: Path) -> Iterator[TestClient]:
    """A visitor of a server that only reads."""
    with TestClient(create_app(Settings(ledger=str(demonstration), agents=False)), base_url=BASE) as made:
        yield made


@pytest.fixture
def copied(demonstration: Path, tmp_path: Path) -> Path:
    """A demonstration ledger of a test's own."""
    return Path(shutil.copy(demonstration, tmp_path / "ledger.db"))


@pytest.fixture
def writer(copied: Path) -> Iterator[TestClient]:
    """A visitor of a server that holders of tokens may write through; it carries no token by itself."""
    settings = Settings(ledger=str(copied), write=True, tokens=TOKENS, agents=False)
    with TestClient(create_app(settings), base_url=BASE) as made:
        yield made
