"""A published case told to Poolbook through its command line: agreements signed, facts imported, books read back."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from commands.main import run
from ledger.money import pence

HERE = Path(__file__).parent
DATA = HERE / "data"
CASES = sorted(path.stem for path in DATA.glob("*.json"))

Book: TypeAlias = dict[str, int]
"""Account → pence, debit positive."""


def poolbook(ledger: Path, *words: object, leaves: int = 0) -> str:
    """What a command says (a refused one: on stderr); it must leave with the exit code given."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as left:
        run(["--ledger", str(ledger), *map(str, words)])
    assert left.value.code == leaves, out.getvalue() + err.getvalue()
    return err.getvalue() if leaves else out.getvalue()


def printed(case: str) -> dict[str, Any]:
    """The case as it was published."""
    found: dict[str, Any] = json.loads((DATA / f"{case}.json").read_text(encoding="utf-8"))
    return found


class Told:
    """A ledger in which a case was recorded."""

    def __init__(self, ledger: Path, case: str) -> None:
        self.ledger = ledger
        poolbook(ledger, "init")
        for agreement in sorted((HERE / case).glob("*.toml")):
            poolbook(ledger, "agreement", "sign", agreement)
        poolbook(ledger, "import", HERE / case / "facts.csv")

    def books(self, arrangement: str) -> dict[str, Book]:
        """Every book of an arrangement."""
        said = json.loads(poolbook(self.ledger, "report", "balances", arrangement, "--format", "json"))
        return {
            book["book"]: {line["account"]: pence(line["balance"]) for line in book["accounts"]} for book in said["books"]
        }

    def record(self, *words: object, leaves: int = 0) -> str:
        """What a recording command says."""
        return poolbook(self.ledger, *words, leaves=leaves)


def millions(text: str) -> int:
    """A printed figure in millions of pounds, as pence."""
    return int(Decimal(text) * 100_000_000)


def under(book: Book, *beginnings: str) -> int:
    """The sum of the accounts whose names begin so."""
    return sum(amount for account, amount in book.items() if account.startswith(beginnings))


def naming(book: Book, bodies: Iterable[str]) -> list[str]:
    """The accounts that stand about any of the bodies."""
    return [account for account in book if set(account.split(":")) & set(bodies)]
