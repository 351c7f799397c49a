"""hledger, ledger and beancount accept every export and come to the balances that `report balances` gives."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.money import pence
from tests.commands.conftest import desk as desk  # the fixture
from tests.commands.desk import Desk
from tests.exports.readers import READERS, Balances
from tests.many import HISTORIES
from tests.programs import needed


def reported(desk: Desk, *asked: str) -> Balances:
    """What `report balances` says of all arrangements."""
    return {
        (each["arrangement"], book["book"], line["account"]): pence(line["balance"])
        for each in desk("report", "balances", "--all", *asked, "--format", "json").json
        for book in each["books"]
        for line in book["accounts"]
    }


def exported(desk: Desk, form: str, *asked: str) -> Path:
    """The file of an export."""
    path = desk.folder / f"{'-'.join((form, *asked)).replace('#', '')}.txt"
    done = desk("export", form, *asked, "--output", str(path))
    assert done == (0, "", "")
    return path


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("asked", [(), ("--as-at", "2013-12-31"), ("--as-known", "#9"), ("--book", "POOL")], ids=" ".join)
def test_the_demo_has_the_same_balances_there(desk: Desk, form: str, asked: tuple[str, ...]) -> None:
    desk("--ledger", "poolbook.db", "demo")
    assert READERS[form](exported(desk, form, "--all", *asked)) == reported(desk, *asked)


def test_bean_check_itself_has_nothing_to_say(desk: Desk) -> None:
    needed("beancount", "pip install beancount")
    desk("--ledger", "poolbook.db", "demo")
    path = exported(desk, "beancount", "--all")
    done = subprocess.run(
        [sys.executable, "-c", "from beancount.scripts.check import main; main()", path],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("asked", [(), ("--as-at", "2014-05-31")], ids=["now", "as at"])
def test_two_hundred_histories_have_the_same_balances_there(many: Desk, form: str, asked: tuple[str, ...]) -> None:
    expected = reported(many, *asked)
    assert len({arrangement for arrangement, _, _ in expected}) > HISTORIES * 0.9
    assert READERS[form](exported(many, form, "--all", *asked)) == expected
    assert json.loads(many("status", "--format", "json").out)["arrangements"] == HISTORIES
