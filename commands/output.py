"""How results are said: JSON and CSV for programs, tables for people; every text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

import click

from ledger import events as e
from ledger.agreement.terms import POOL
from ledger.application import Receipt
from ledger.money import pounds, printed
from ledger.text import escaped


def counted(number: int, noun: str) -> str:
    """A number and its noun: “1 fact”, “2,000 facts”."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def say_json(value: object) -> None:
    """One JSON document; money must be strings already."""
    import json

    # What `escaped` writes for a hidden character is that character in JSON too.
    click.echo("\n".join(map(escaped, json.dumps(value, ensure_ascii=False, indent=2).split("\n"))))


def say_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A CSV file; a text cell that a spreadsheet would run as a formula is escaped."""
    click.echo("".join(csv_lines(header, rows)), nl=False)


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a CSV file, some thousands at a time."""
    import csv
    import io

    told = chain([header], ([_cell(value) for value in row] for row in rows))
    while some := list(islice(told, 2_000)):
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerows(some)
        yield buffer.getvalue()


def say_table(
    header: Sequence[str], rows: Iterable[Sequence[object]], amounts: Sequence[str] = (), numbers: Sequence[str] = ()
) -> None:
    """A table for people; the columns named in `amounts` hold pence, in `numbers` other figures, aligned by decimals."""
    from tabulate import tabulate

    money = {index for index, name in enumerate(header) if name in amounts}
    shown = [[_amount(value) if index in money else escaped(str(value)) for index, value in enumerate(row)] for row in rows]
    align = ["right" if index in money else "decimal" if name in numbers else "left" for index, name in enumerate(header)]
    click.echo(tabulate(shown, headers=list(header), tablefmt="simple", colalign=align if shown else None,
                        disable_numparse=True))  # fmt: skip


def _amount(value: object) -> str:
    return printed(value) if isinstance(value, int) else escaped(str(value))


def _cell(value: object) -> object:
    if isinstance(value, str):
        plain = escaped(value)
        return "'" + plain if plain[:1] in ("=", "+", "-", "@", "\t", "\r") and not _number(plain) else plain
    return value


def _number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdigit() and text.isascii()


def event_document(event: e.Event) -> dict[str, Any]:
    """An event as JSON shows it."""
    return {
        "number": event.number,
        "type": event.type,
        "effective_on": event.effective_on.isoformat(),
        "recorded_at": event.recorded_at,
        "actor": event.actor,
        "reference": event.reference,
        "part": event.part,
        "document": event.document,
        "posted_on": {book: day.isoformat() for book, day in event.posted_on.items()},
        "entries": {
            book: {account: pounds(amount) for account, amount in sorted(accounts.items())} for book, accounts in books(event)
        },
    }


def say_receipt(receipt: Receipt, form: str) -> None:
    """What a command recorded, with every posting."""
    if form == "json":
        document: Mapping[str, object] = {
            "arrangement": receipt.arrangement,
            "dry_run": receipt.dry_run,
            "earlier": receipt.earlier,
            "events": [event_document(event) for event in receipt.events],
        }
        say_json(document)
    elif form == "csv":
        say_csv(
            ("arrangement", "number", "type", "effective_on", "reference", "book", "account", "amount"),
            [
                (receipt.arrangement, event.number, event.type, event.effective_on, event.reference, book, account,
                 pounds(amount))
                for event in receipt.events
                for book, account, amount in postings(event)
            ],
        )  # fmt: skip
    else:
        _say_receipt_table(receipt)


def books(event: e.Event) -> list[tuple[str, dict[str, int]]]:
    """What an event posts in each book, the pool's own first."""
    return sorted(event.entries.items(), key=lambda entry: (entry[0] != POOL, entry[0]))


def postings(event: e.Event) -> list[tuple[str, str, int]]:
    """An event's lines: book, account, pence; debits first within a book."""
    return [
        (book, account, amount)
        for book, accounts in books(event)
        for account, amount in sorted(accounts.items(), key=lambda line: (line[1] < 0, line[0]))
    ]


def _say_receipt_table(receipt: Receipt) -> None:
    verb = "Recorded earlier" if receipt.earlier else "Would record" if receipt.dry_run else "Recorded"
    for event in receipt.events:
        click.echo(
            f"{verb} #{event.number} in {receipt.arrangement}: {event.type} of {event.effective_on}, "
            f"reference {escaped(event.reference)}."
        )
        lines = postings(event)
        if not lines:
            signed = isinstance(event.fact, e.AgreementSigned)
            click.echo("  Nothing is posted by it: " + ("it sets the terms." if signed else "it is a memorandum."))
            continue
        book_width = max(len(book) for book, _, _ in lines)
        width = max(len(account) for _, account, _ in lines)
        wide = max(len(printed(abs(amount))) for _, _, amount in lines)
        for book, account, amount in lines:
            side = f"Dr {printed(amount):>{wide}}" if amount > 0 else f"{'':>{wide + 3}}   Cr {printed(-amount):>{wide}}"
            click.echo(f"  {book:<{book_width}}  {account:<{width}}  {side}")
