"""What the tests of the read models and reports are given: a ledger with one arrangement, and facts in pounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ledger.agreement.reader import read_agreement
from ledger.application import Command, Ledger
from ledger.money import pence
from ledger.requests import Request, Reversal

WHO = Command("finance.officer")

CONTRACTOR = 'contractor = { code = "ACME", name = "Acme Care Ltd" }'
ROLES = {
    "lead_body": ("lead_body", 'lead = "OCC"'),
    "hybrid": ("joint_commissioning", f'{CONTRACTOR}\nbilling_lead = "OCC"'),
    "parties hold": ("joint_commissioning", f'{CONTRACTOR}\nbilling_lead = "OCC"\nassets_held_by = "parties"'),
    "commissioned": ("joint_commissioning", CONTRACTOR),
    "venture": ("joint_venture", 'entity = { code = "JV", name = "Joint Care Ltd" }\nfunding = ["charge", "grant"]'),
    "capital venture": ("joint_venture", 'entity = { code = "JV", name = "Joint Care Ltd" }\nfunding = ["capital"]'),
    "aligned": ("aligned", ""),
}

AGREEMENT = """
[arrangement]
code = "{code}"
name = "Older people's pool"
type = "{type}"
starts = 2013-04-01
[[party]]
code = "OCC"
name = "Oxfordshire County Council"
sector = "local_authority"
[[party]]
code = "OCCG"
name = "Oxfordshire CCG"
sector = "nhs"
[roles]
{roles}
[[scheme]]
code = "care"
name = "Home care"
[shares]
recharge = {{ OCC = 1, OCCG = 1 }}
{more}
"""


class Books:
    """A ledger in which one arrangement at a time is signed and facts are recorded, in pounds and in 2013/14."""

    def __init__(self, path: Path) -> None:
        ticks = count()
        start = datetime(2013, 4, 1, 9, tzinfo=UTC)
        self.path = path
        self.ledger = Ledger.create(path, clock=lambda: start + timedelta(hours=next(ticks)), ledger_id="ab" * 16)
        self.code = ""

    def sign(self, kind: str, code: str = "pool", more: str = "") -> Books:
        """Sign an arrangement of a kind, and go on with it."""
        type_, roles = ROLES[kind]
        text = AGREEMENT.format(code=code, type=type_, roles=roles, more=more)
        self.ledger.sign(read_agreement("agreement.toml", text.encode()), WHO)
        self.code = code
        return self

    def record(self, type_: str, on: str, **fields: str) -> int:
        """Record a fact on a day of 2013/14 (“06-01”); gives the event's number."""
        day = date.fromisoformat(on if len(on) > 5 else f"{2013 if on >= '04' else 2014}-{on}")
        money = {name: pence(fields.pop(name)) for name in ("amount", "consideration") if name in fields}
        receipt = self.ledger.record(self.code, Request(type=type_, effective_on=day, **fields, **money), WHO)
        return receipt.events[0].number

    @contextmanager
    def closed(self, posted_on: dict[str, str]) -> Iterator[None]:
        """What is recorded meanwhile is posted in some books on other days, as if their year were closed."""
        stamped = self.ledger.stamped

        def late(*args: Any, **kwargs: Any) -> Any:
            event, texts = stamped(*args, **kwargs)
            days = {book: date.fromisoformat(day) for book, day in posted_on.items()}
            return msgspec.structs.replace(event, posted_on=days), texts

        self.ledger.stamped = late  # type: ignore[method-assign]
        try:
            yield
        finally:
            self.ledger.stamped = stamped  # type: ignore[method-assign]

    def reverse(self, number: int, on: str) -> int:
        """Reverse an event on a day."""
        receipt = self.ledger.record(self.code, Reversal(reverses=number, effective_on=date.fromisoformat(on)), WHO)
        return receipt.events[0].number


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    """An empty ledger."""
    made = Books(tmp_path / "poolbook.db")
    yield made
    made.ledger.close()


@pytest.fixture
def untouched(books: Books) -> Iterator[Callable[[], None]]:
    """Hold the ledger's bytes to what they are when this is called, until the test ends."""
    seen: list[str] = []

    def now() -> str:
        return sha256(books.path.read_bytes()).hexdigest()

    yield lambda: seen.append(now())
    assert seen == [now()] * len(seen)
    assert not books.path.with_name(f"{books.path.name}-journal").exists()


def shown(report: Any) -> dict[str, dict[str, str]]:
    """A balances report as book → account → balance."""
    return {
        book["book"]: {line["account"]: line["balance"] for line in book["accounts"]} for book in report.document["books"]
    }
