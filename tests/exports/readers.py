"""What hledger, ledger and beancount make of a file: each by its strictest check, then its balances in pence."""

from __future__ import annotations

import csv
import subprocess
from decimal import Decimal
from pathlib import Path

from projections.exports.names import original
from tests.programs import needed

Balances = dict[tuple[str, str, str], int]
"""Arrangement, book, account → pence; what is nil is left out."""


def hledger(path: Path) -> Balances:
    """By `hledger check --strict`, payees and references to accounts included."""
    needed("hledger", "apt-get install hledger")
    _run("hledger", "-f", path, "check", "--strict", "payees")
    rows = csv.reader(_run("hledger", "-f", path, "balance", "--flat", "--no-total", "-O", "csv").splitlines()[1:])
    return {_plain(name): _pence(amount.removesuffix(" GBP")) for name, amount in rows}


def ledger(path: Path) -> Balances:
    """By `ledger --strict --pedantic`."""
    needed("ledger", "apt-get install ledger")
    form = "%(quantity(scrub(display_total)))\t%(account)\n%/"
    said = _run("ledger", "--args-only", "--strict", "--pedantic", "--check-payees", "-f", path,
                "balance", "--flat", "--no-total", "--format", form)  # fmt: skip
    rows = (line.split("\t") for line in said.splitlines())
    return {_plain(name.replace("/", ":")): _pence(amount) for amount, name in rows}


def beancount(path: Path) -> Balances:
    """By what `bean-check` checks."""
    needed("beancount", "pip install beancount")
    from beancount import loader
    from beancount.core import realization
    from beancount.ops import validation

    entries, errors, _ = loader.load_file(str(path), extra_validations=validation.HARDCORE_VALIDATIONS)
    assert errors == []
    found: Balances = {}
    for account in realization.iter_children(realization.realize(entries)):
        for position in account.balance:
            assert position.units.currency == "GBP"
            assert _decoded(account.account) not in found
            found[_decoded(account.account)] = _pence(str(position.units.number))
    return found


def _run(*words: str | Path) -> str:
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False)
    assert (done.returncode, done.stderr) == (0, ""), (words, done.returncode, done.stderr[:2000])
    return done.stdout


def _plain(name: str) -> tuple[str, str, str]:
    arrangement, book, account = name.split(":", 2)
    return arrangement, book, account


def _decoded(name: str) -> tuple[str, str, str]:
    kind, arrangement, book, *rest = name.split(":")
    return original(arrangement), original(book), ":".join((kind, *map(original, rest)))


def _pence(amount: str) -> int:
    pence = Decimal(amount).scaleb(2)
    assert pence == int(pence)
    return int(pence)


READERS = {"hledger": hledger, "ledger": ledger, "beancount": beancount}
"""Format → the program that reads it."""
