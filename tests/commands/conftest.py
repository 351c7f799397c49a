"""What the tests of the command line may use."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.desk import Desk

ACTOR = "finance.officer"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk in an empty folder, with nothing of the machine's own settings."""
    for name in ("POOLBOOK_LEDGER", "POOLBOOK_DEBUG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("POOLBOOK_ACTOR", ACTOR)
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path)
