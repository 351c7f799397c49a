"""hledger, ledger and beancount accept every export and come to the balances that `report balances` gives."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger import events as e
from ledger.money import pence
from tests.commands.conftest import desk as desk  # the fixture
from tests.commands.desk import Desk
from tests.exports.readers import READERS, Balances
from tests.given import DAY, Books, new_ledger
from tests.ledger.histories import histories, kinds, try_step
from tests.programs import needed

HISTORIES = 200


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


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A ledger of 200 arrangements, each with a random history on random days, some posted later than they took effect."""
    found: list[list[e.Event]] = []

    @given(kinds, histories, st.integers(0, 2**32))
    @settings(max_examples=HISTORIES)
    def gather(kind: str, history: list[tuple[str, dict[str, Any], bool]], seed: int) -> None:
        books = Books(kind)
        for type, fields, wild in history:
            try_step(books, type, fields, wild)
        found.append(list(_dated(books.events, f"h{len(found):03}", random.Random(seed))))

    gather()
    desk = Desk(tmp_path_factory.mktemp("many"))
    with closing(new_ledger(desk.path)) as ledger, ledger.store.posting():
        for events in found[:HISTORIES]:
            draft = ledger.draft(events[0].arrangement)
            for event in events:
                ledger.save(event)
                draft.take(event)
            ledger.write(draft)
    assert len(found) >= HISTORIES
    return desk


def _dated(events: list[e.Event], code: str, dice: random.Random) -> Iterator[e.Event]:
    signed = events[0].fact
    assert isinstance(signed, e.AgreementSigned)
    yield replace(events[0], arrangement=code, fact=e.AgreementSigned(agreement=replace(signed.agreement, code=code)))
    for event in events[1:]:
        on = DAY + timedelta(days=dice.randrange(700))
        late = {book: on + timedelta(days=dice.randrange(1, 400)) for book in event.entries if dice.random() < 0.1}
        reference = event.reference if dice.random() < 0.8 else f'{code} {event.number}: "[2014]", 5% ; (x) | \\ £'
        yield replace(event, arrangement=code, effective_on=on, posted_on=late, reference=reference)


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("asked", [(), ("--as-at", "2014-05-31")], ids=["now", "as at"])
def test_two_hundred_histories_have_the_same_balances_there(
    many: Desk, monkeypatch: pytest.MonkeyPatch, form: str, asked: tuple[str, ...]
) -> None:
    monkeypatch.chdir(many.folder)
    monkeypatch.delenv("POOLBOOK_LEDGER", raising=False)
    expected = reported(many, *asked)
    assert len({arrangement for arrangement, _, _ in expected}) > HISTORIES * 0.9
    assert READERS[form](exported(many, form, "--all", *asked)) == expected
    assert json.loads(many("status", "--format", "json").out)["arrangements"] == HISTORIES
