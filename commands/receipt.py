"""What was recorded, said back: the fact in its own fields, and every posting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import click

from commands.context import opened
from commands.output import say_csv, say_json
from commands.plain import plain
from ledger import events as e
from ledger.application import Command, Receipt
from ledger.money import pounds, printed, sterling
from ledger.requests import Asked
from ledger.text import escaped

T = TypeVar("T")

_POSTED = frozenset(("drawn", "billed", "credited", "parts", "balances"))
"""The fields that the line about a fact leaves out, for its postings say them."""


def fact_line(fact: e.Recorded, order: Sequence[str]) -> str:
    """A fact in one line for people: each field that says anything and that its postings do not say.

    What is said of several bodies follows the order of the agreement's books.
    """
    if isinstance(fact, e.AgreementSigned):
        signed = fact.agreement
        parties = ", ".join(party.code for party in signed.parties)
        until = f" to {signed.ends}" if signed.ends else ""
        return escaped(f"{signed.name}; {signed.type}; parties {parties}; from {signed.starts}{until}")
    if isinstance(fact, e.AgreementVaried):
        changed = [name for name in fact.variation.__struct_fields__ if getattr(fact.variation, name) not in (None, "", [])]
        return "changes " + ", ".join(name.replace("_", " ") for name in changed)
    if isinstance(fact, e.ArrangementCompleted):
        left = ", ".join(dict.fromkeys(survivor.name for survivor in fact.survivors)) or "nothing"
        return escaped(f"net worth {sterling(fact.net_worth)}; carried out by {fact.steps} events; {left} outlives it")
    if isinstance(fact, e.FactReversed):
        return f"reverses #{fact.reverses}, {e.stored_name(fact.fact)}: {fact_line(fact.fact, order)}"
    fields = plain(fact, sterling)
    said = [
        f"{name.replace('_', ' ')} {_words(value, order)}".rstrip()
        for name, value in fields.items()
        if value and name not in _POSTED
    ]
    return escaped("; ".join(said))


def _words(value: Any, order: Sequence[str]) -> str:
    if value is True:
        return ""
    if isinstance(value, int):
        return f"#{value}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {part}" for key, part in _in_order(value, order))
    if isinstance(value, list) and (isinstance(value[0], dict) or len(value) > 12):
        return f"{len(value):,}"
    if isinstance(value, list):
        return ", ".join(_words(part, order) for part in value)
    return str(value)


def _in_order(of_books: Mapping[str, T], order: Sequence[str]) -> list[tuple[str, T]]:
    """What is said of books, in the order of the agreement's; any other's last, by code."""
    places = {book: place for place, book in enumerate(order)}
    return sorted(of_books.items(), key=lambda entry: (places.get(entry[0], len(places)), entry[0]))


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
            for book, accounts in _in_order(event.entries, receipt.books)
        },
    }


def record(asked: Asked, given: Mapping[str, Any], *, reason: str = "", idle: str = "") -> None:
    """Record what is asked as the common options say, and say what was recorded; `idle` says that there was nothing to."""
    command = Command(actor=given["who"], reference=given["reference"], narrative=given["narrative"], reason=reason)
    with opened(read_only=given["dry_run"]) as ledger:
        receipt = ledger.record(given["arrangement"], asked, command, dry_run=given["dry_run"])
    if not receipt.events and given["form"] == "table":
        click.echo(idle)
    else:
        say_receipt(receipt, given["form"])


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
    click.echo(f"  {fact_line(event.fact, receipt.books)}")
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
        for book, accounts in _in_order(event.entries, order)
        for account, amount in sorted(accounts.items(), key=lambda line: (line[1] < 0, line[0]))
    ]
