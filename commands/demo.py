"""`poolbook demo`: one year's facts in every party's books, under each kind of arrangement."""

from __future__ import annotations

import os
import sys
import textwrap
import tomllib
from collections.abc import Iterable, Sequence
from importlib.resources import as_file, files
from itertools import combinations
from pathlib import Path
from shlex import quote
from shutil import which
from tempfile import mkdtemp
from typing import Any, NamedTuple

import click

from commands.context import format_option, ledger_option, ledger_place
from commands.output import say_csv, say_json
from ledger.application import Command, Ledger
from ledger.money import pounds, printed
from ledger.store.opening import Place
from ledger.text import escaped
from projections.naming import body_named

NAME = "poolbook-demo"
WIDTH = 100
GROUPS = ("Assets", "Liabilities", "Equity", "Income", "Expenditure")
STANDING = ("Assets:", "Liabilities:", "Equity:")
BORNE = ("Income:", "Expenditure:", "Assets:Fixed assets:")
_DATA = files("commands").joinpath("demo_data")


class Told(NamedTuple):
    """One kind of arrangement with the year recorded in it: its books, and book → account → pence."""

    name: str
    guide: str
    code: str
    parties: list[str]
    books: dict[str, dict[str, int]]

    def says(self, book: str, of: str) -> int:
        """What a book says that another body owes it, less what it says it owes that body."""
        accounts = self.books[book].items()
        return sum(pence for account, pence in accounts if account.startswith(STANDING) and body_named(account) == of)

    def mirrors(self) -> list[tuple[str, str, int, int]]:
        """Each pair of books with what the one says of the other, and the other of the one."""
        return [(one, other, self.says(one, other), self.says(other, one)) for one, other in combinations(self.books, 2)]

    def bears(self, book: str) -> int:
        """A body's expenditure less its income, with the fixed assets it bought and still has."""
        return sum(pence for account, pence in self.books[book].items() if account.startswith(BORNE))

    def surplus(self) -> dict[str, int]:
        """What bodies that are not parties have left over."""
        left = {book: -self.bears(book) for book in self.books if book not in self.parties}
        return {book: pence for book, pence in left.items() if pence}

    def net_cost(self) -> int:
        """What the year cost in all."""
        return sum(map(self.bears, self.books))


@click.command()
@format_option
@ledger_option
def demo(form: str) -> None:
    """A worked ledger of every kind of arrangement, and its reports.

    Makes a new ledger: where --ledger says, else poolbook-demo.db in this folder (poolbook-demo-2.db where that exists).
    No existing file is touched.
    """
    index = tomllib.loads(_DATA.joinpath("index.toml").read_text(encoding="utf-8"))
    ledger = Ledger.create(_place())
    name = ledger.store.name
    try:
        told = [_tell(ledger, kind) for kind in index["kind"]]
    finally:
        ledger.close()
    if form == "json":
        say_json(_document(name, told))
    elif form == "csv":
        say_csv(("arrangement", "book", "account", "balance"), _lines(told))
        click.echo(f"The ledger is {name}.", err=True)
    else:
        _show(name, index["story"], told)


def _place() -> Place:
    """Where the demo's ledger goes: as asked, else a new name in this folder, or a new folder where this one is closed."""
    root = click.get_current_context().find_root()
    if (root.obj or {}).get("ledger"):
        return ledger_place()
    if not os.access(".", os.W_OK):
        return Path(mkdtemp(prefix=f"{NAME}-")) / f"{NAME}.db"
    number, path = 1, Path(f"{NAME}.db")
    while path.exists():
        number += 1
        path = Path(f"{NAME}-{number}.db")
    return path


def _tell(ledger: Ledger, kind: dict[str, str]) -> Told:
    """Sign a kind's agreement and import its facts, as a user would; gives what its books then say."""
    from ledger.agreement.reader import read_agreement
    from ledger.csv_file import CsvFile
    from ledger.importing import import_file

    name = kind["files"]
    agreement = read_agreement(f"{name}.toml", _DATA.joinpath(f"{name}.toml").read_bytes())
    ledger.sign(agreement, Command(actor="demo", reference="agreement"))
    with as_file(_DATA.joinpath(f"{name}.csv")) as path:
        source = CsvFile(path)
        try:
            import_file(ledger, source, "demo")
        finally:
            source.close()
    terms = ledger.draft(agreement.code).head.terms_on(agreement.starts)
    books: dict[str, dict[str, int]] = {book: {} for book in terms.books}
    for book, account, pence in ledger.store.balances(agreement.code):
        books[book][account] = pence
    return Told(kind["name"], kind["guide"], agreement.code, terms.parties, books)


def _show(name: str, story: str, told: list[Told]) -> None:
    _say_paragraph(story.strip())
    for number, each in enumerate(told, 1):
        click.echo(f"\n{number}. {each.name} ({each.code})")
        _say_paragraph(f"CIPFA’s guide: “{each.guide}”")
        click.echo()
        _say_grid(("", *each.books), _accounts(each), ("Sum of each book", *(sum(b.values()) for b in each.books.values())))
    _show_mirrors(told)
    _show_borne(told)
    _show_next(name, told)


def _show_mirrors(told: list[Told]) -> None:
    pairs = [(f"{each.code}: {a}, {b}", said, echo, said + echo) for each in told for a, b, said, echo in each.mirrors()]
    nil = sum(not pair[3] for pair in pairs)
    click.echo("\nEvery mirror cancels")
    _say_paragraph(
        f"What one book says of another (owed to it, less owed by it) the other says with the sign turned: the sum is nil "
        f"for {nil} of the {len(pairs)} pairs of books. The pairs that owe each other anything:"
    )
    click.echo()
    rows = [pair for pair in pairs if any(pair[1:])]
    _say_grid(("", "the first says", "the second says", "sum"), rows, nil="0.00")


def _show_borne(told: list[Told]) -> None:
    parties = told[0].parties
    click.echo("\nThe same year, borne differently")
    _say_paragraph("What a party bears: its expenditure less its income, and the fixed assets it bought and still has.")
    click.echo()
    rows = [(each.name, *map(each.bears, parties), sum(each.surplus().values()), each.net_cost()) for each in told]
    _say_grid(("", *parties, "less surplus", "net cost"), rows)
    holders = [f"{book} under {each.name.lower()}" for each in told for book in each.surplus()]
    _say_paragraph(f"A surplus stays with the body that made it: {'; '.join(holders)}.")


def _accounts(told: Told) -> Iterable[tuple[object, ...]]:
    """A heading for each group of accounts, and its accounts with a column for each book."""
    for group in GROUPS:
        names = sorted({name for book in told.books.values() for name in book if name.startswith(f"{group}:")})
        if names:
            yield (group,)
        for name in names:
            yield "  " + name.removeprefix(f"{group}:"), *(book.get(name, 0) for book in told.books.values())


def _say_grid(
    header: Sequence[str], rows: Iterable[Sequence[object]], total: Sequence[object] = (), *, nil: str = ""
) -> None:
    """Names on the left, amounts on the right; a nil amount is left blank, or shown as `nil` says."""

    def cells(row: Sequence[object], empty: str) -> list[str]:
        return [(printed(cell) if cell else empty) if isinstance(cell, int) else str(cell) for cell in row]

    shown = [cells(row, nil) for row in rows]
    last = [cells(total, "0.00")] if total else []
    widths = [max(len(row[at]) for row in (header, *shown, *last) if at < len(row)) for at in range(len(header))]

    def line(row: Sequence[str]) -> str:
        right = "".join(f"  {cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=False))
        return f"{row[0]:<{widths[0]}}{right}".rstrip()

    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    for each in (line(header), rule, *map(line, shown), *([rule, *map(line, last)] if last else [])):
        click.echo(each)


def _say_paragraph(text: str) -> None:
    click.echo(textwrap.fill(text, WIDTH, break_on_hyphens=False))


def _show_next(name: str, told: list[Told]) -> None:
    called = Path(sys.argv[0])
    program = str(called) if called.stem == "poolbook" and not which("poolbook") else "poolbook"
    lead = told[1]
    click.echo(f"\nAll of it is in {escaped(name)}. Try next:")
    for words in (
        f"report accounts {lead.code} --party {lead.parties[1]}",
        f"report statement {lead.code} {lead.parties[0]} --statutory",
        f'reverse {lead.code} 15 --reason "beds were charged in error"',
        f"recharge raise {lead.code} --scheme beds --amount 90450000",
    ):
        click.echo(f"  {program} --ledger {quote(escaped(name))} {words}")


def _document(name: str, told: list[Told]) -> dict[str, Any]:
    return {
        "ledger": name,
        "arrangements": [
            {
                "arrangement": each.code,
                "kind": each.name,
                "guide": each.guide,
                "books": [
                    {
                        "book": book,
                        "accounts": [{"account": name, "balance": pounds(pence)} for name, pence in sorted(accounts.items())],
                        "bears": pounds(each.bears(book)),
                    }
                    for book, accounts in each.books.items()
                ],
                "mirrors": [
                    {"books": [a, b], "first_says": pounds(said), "second_says": pounds(echo), "sum": pounds(said + echo)}
                    for a, b, said, echo in each.mirrors()
                ],
                "net_cost": pounds(each.net_cost()),
            }
            for each in told
        ],
    }


def _lines(told: list[Told]) -> list[tuple[str, str, str, str]]:
    return [
        (each.code, book, account, pounds(pence))
        for each in told
        for book, accounts in each.books.items()
        for account, pence in sorted(accounts.items())
    ]
