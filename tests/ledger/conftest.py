"""Ledgers for tests: each test runs on SQLite and on a real PostgreSQL, which is started here on loopback.

Where PostgreSQL cannot be had its tests are skipped with a reason, but not in CI: there they fail.
"""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from detente.ledger import Ledger

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def _missing(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"PostgreSQL has to be there in CI: {reason}")
    pytest.skip(f"no PostgreSQL: {reason}")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a server of our own, without a database in it."""
    pytest.importorskip("psycopg", reason="the extra “postgresql” is not installed")
    found = [folder for folder in BINARIES if (folder / "initdb").exists()]
    if not found:
        _missing("it is not installed; on Debian: apt-get install postgresql")
    folder = Path(mkdtemp(prefix="detente-postgresql-"))
    data, log = folder / "data", folder / "log"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    as_user: list[str] = []
    if os.geteuid() == 0:  # a server refuses to run as root
        shutil.chown(folder, "postgres")
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]

    def run(*command: str) -> None:
        done = subprocess.run([*as_user, *command], capture_output=True, text=True, cwd=folder, check=False)
        if done.returncode:
            _missing(f"{command[0]} failed: {done.stderr[-300:] or done.stdout[-300:]}")

    run(str(found[-1] / "initdb"), "-D", str(data), "-U", "detente", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    run(str(found[-1] / "pg_ctl"), "-D", str(data), "-l", str(log), "-w", "-o", options, "start")
    yield f"postgresql://detente@127.0.0.1:{port}"
    run(str(found[-1] / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql_address(postgresql_server: str) -> Iterator[str]:
    """The address of an empty database."""
    name = f"ledger_{uuid4().hex[:12]}"
    engine = create_engine(
        postgresql_server.replace("postgresql:", "postgresql+psycopg:") + "/postgres", isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield f"{postgresql_server}/{name}"
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a ledger may be made."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    return str(request.getfixturevalue("postgresql_address"))


@pytest.fixture
def ledger(place: str) -> Iterator[Ledger]:
    """An empty ledger."""
    with Ledger(place) as opened:
        yield opened
