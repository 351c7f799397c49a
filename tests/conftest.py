"""What every test may use: a ledger in a file of its own, and how long Hypothesis searches."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from ledger.application import Ledger
from tests import given

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


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    """An empty ledger with a clock, an id and salts that are the same every time."""
    made = given.new_ledger(path)
    yield made
    made.close()
