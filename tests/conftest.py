"""What every test may use: a ledger in a file of its own, and how long Hypothesis searches."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from ledger.application import Ledger
from ledger.store.opening import Place
from tests import given
from tests.commands.desk import Desk
from tests.many import keep_histories
from tests.postgresql import Server, running

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile("house", max_examples=60, deadline=None, derandomize=True, suppress_health_check=_SLOW)
settings.register_profile("search", max_examples=2_000, deadline=None, suppress_health_check=_SLOW)
settings.load_profile("house")

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
"""The commands that tests start as processes compile the program once, not every time."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the test's ledger lies."""
    return tmp_path / "poolbook.db"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server of the tests' own."""
    with running() as server:
        yield server


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """Which database keeps the test's ledger: sqlite, unless the test is marked for both."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def place(database: str, path: Path, request: pytest.FixtureRequest) -> Place:
    """Where the test's ledger is to be made."""
    if database == "sqlite":
        return path
    server: Server = request.getfixturevalue("postgresql")
    return server.fresh()


@pytest.fixture
def ledger(place: Place) -> Iterator[Ledger]:
    """An empty ledger with a clock, an id and salts that are the same every time."""
    made = given.new_ledger(place)
    yield made
    made.close()


@pytest.fixture(scope="session")
def histories_kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with two hundred random histories, made once."""
    path = tmp_path_factory.mktemp("many") / "poolbook.db"
    keep_histories(path)
    return path


@pytest.fixture
def many(histories_kept: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk at that ledger: nothing in it may be changed."""
    monkeypatch.delenv("POOLBOOK_LEDGER", raising=False)
    monkeypatch.chdir(histories_kept.parent)
    return Desk(histories_kept.parent)
