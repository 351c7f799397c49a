"""What the tests of audits may use."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from projections.views import rebuild
from tests import given
from tests.commands.conftest import desk
from tests.commands.desk import Desk
from tests.ledger.years import HALVES, JUNE, LAST, Pool, budgeted

__all__ = ["desk"]

PARTS = {"OCC": 60_00, "OCCG": 40_00}


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pool's year, settled and closed, with an asset, a reversal, a late cost, something in kind; and its read models."""
    path = tmp_path_factory.mktemp("replay") / "poolbook.db"
    with closing(given.new_ledger(path)) as ledger:
        pool = Pool(ledger, HALVES, budgeted(care=PARTS))
        pool.due(**PARTS)
        pool.cost(care=90_01)
        pool.fact("asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=20_00)
        pool.reverse(pool.cost(beds=5_00)[0])
        pool.fact("contribution_in_kind", party="OCCG", amount=12_00)
        pool.fact("asset_depreciated", asset="van", amount=4_00, on=LAST)
        pool.run()
        pool.settle("carry_forward")
        pool.close()
        pool.cost(care=1_00)  # late: posted on 1 April 2014
        pool.cost(JUNE, beds=2_00)
        rebuild(ledger)
    return path


@pytest.fixture
def kept(written: Path, desk: Desk) -> Desk:
    """The test's own copy of that ledger and its read models."""
    for name in ("poolbook.db", "poolbook.db-views"):
        shutil.copy(written.with_name(name), desk.folder / name)
    return desk
