"""What was recorded, said back: the fact in its own fields, and every posting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from commands.context import opened
from commands.output import say_csv, say_json
from ledger import events as e
from ledger.application import Command, Ledger, Receipt
from ledger.errors import NotProven
from ledger.money import pounds, printed
from ledger.requests import Asked
from ledger.text import escaped
from projections.told import POSTED, in_a_line, in_order, plain


def event_document(event: e.Event, receipt: Receipt) -> dict[str, Any]:
    """An event as the JSON of a receipt shows it."""
    return {
        "number": event.number,
        "type": event.type,
        "effective_on": event.effective_on.isoformat(),
        "recorded_at": event.recorded_at,
        "actor": event.actor,
        "reference": event.reference,
        "part": event.part,
        "document": event.document,
        "evidence": event.evidence,
        "reversed_by": receipt.reversed_by.get(event.number),
        "fact": plain(event.fact),
        "posted_on": {book: day.isoformat() for book, day in event.posted_on.items()},
        "entries": {
            book: {account: pounds(amount) for account, amount in sorted(accounts.items())}
            for book, accounts in in_order(event.entries, receipt.books)
        },
    }


def record(asked: Asked, given: Mapping[str, Any], *, reason: str = "", idle: str = "", sealed: bool = False) -> None:
    """Record what is asked as the common options say, and say what was recorded; `idle` says that there was nothing to.

    With `sealed`, what was recorded ends a year or an arrangement, and is sealed with a checkpoint.
    """
    command = Command(actor=given["who"], reference=given["reference"], narrative=given["narrative"], reason=reason)
    with opened(read_only=given["dry_run"]) as ledger:
        receipt = ledger.record(given["arrangement"], asked, command, dry_run=given["dry_run"])
        seal = _sealed(ledger, given["arrangement"]) if sealed and receipt.events and not receipt.dry_run else ""
    if not receipt.events and given["form"] == "table":
        click.echo(idle)
    else:
        say_receipt(receipt, given["form"])
    if isinstance(seal, NotProven):
        raise seal
    if seal:
        click.echo(seal, err=True)


def _sealed(ledger: Ledger, arrangement: str) -> str | NotProven:
    """What sealing comes to, before anything is said: whoever reads the receipt may stop reading it."""
    from commands.sealing import sealed

    try:
        return sealed(ledger.store, arrangement)
    except NotProven as error:
        return error


def say_receipt(receipt: Receipt, form: str) -> None:
    """What a command recorded, with every posting."""
    if form == "json":
        say_json({
            "arrangement": receipt.arrangement,
            "dry_run": receipt.dry_run,
            "earlier": receipt.earlier,
            "events": [event_document(event, receipt) for event in receipt.events],
        })  # fmt: skip
    elif form == "csv":
        for number, by in receipt.reversed_by.items():
            click.echo(f"#{number}: {_reversed_since(by)}", err=True)
        say_csv(
            ("arrangement", "number", "type", "effective_on", "reference", "book", "account", "amount"),
            [
                (receipt.arrangement, event.number, event.type, event.effective_on, event.reference, *line)
                for event in receipt.events
                for line in [(b, a, pounds(amount)) for b, a, amount in postings(event, receipt.books)] or [("", "", "")]
            ],
        )
    else:
        for event in receipt.events:
            _say_event(event, receipt)


def _say_event(event: e.Event, receipt: Receipt) -> None:
    verb = "Recorded earlier" if receipt.earlier else "Would record" if receipt.dry_run else "Recorded"
    click.echo(
        f"{verb} #{event.number} in {receipt.arrangement}: {event.type} of {event.effective_on}, "
        f"reference {escaped(event.reference)}."
    )
    if by := receipt.reversed_by.get(event.number):
        click.echo(f"  {_reversed_since(by)}")
    click.echo(f"  {escaped(in_a_line(event.fact, receipt.books, POSTED))}")
    lines = postings(event, receipt.books)
    if not lines:
        click.echo(f"  Nothing is posted by it{_WHY_NOTHING.get(type(event.fact), '')}.")
        return
    book_width = max(len(book) for book, _, _ in lines)
    width = max(len(account) for _, account, _ in lines)
    wide = max(len(printed(abs(amount))) for _, _, amount in lines)
    for book, account, amount in lines:
        side = f"Dr {printed(amount):>{wide}}" if amount > 0 else f"{'':>{wide + 3}}   Cr {printed(-amount):>{wide}}"
        click.echo(f"  {book:<{book_width}}  {account:<{width}}  {side}")


_WHY_NOTHING: dict[type, str] = {
    e.AgreementSigned: ": it sets the terms",
    e.AgreementVaried: ": it sets the terms",
    e.ContributionGivenInKind: ": it is a memorandum",
}


def _reversed_since(by: int) -> str:
    return f"#{by} has reversed it since, and nothing was recorded now: to record it again, give it another reference."


def postings(event: e.Event, order: Sequence[str]) -> list[tuple[str, str, int]]:
    """An event's lines: book, account, pence; debits first within a book."""
    return [
        (book, account, amount)
        for book, accounts in in_order(event.entries, order)
        for account, amount in sorted(accounts.items(), key=lambda line: (line[1] < 0, line[0]))
    ]
