"""The journal as hledger and as ledger read it, with every account, commodity, payee and tag declared before its use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote

from ledger.money import pounds
from ledger.text import escaped
from projections.exports.names import in_hledger, in_ledger
from projections.exports.posted import Posted

_TYPES = {"Assets": "A", "Liabilities": "L", "Equity": "E", "Income": "R", "Expenditure": "X"}
_UNSAFE = re.compile(r"[%;,\[\]|]")
_TAGS = ("effective_on", "reference", "document", "reverses", "narrative")


class Dialect(NamedTuple):
    """Where the two programs differ: how an account is named and declared ({name} and {type} in it), and whether tags are."""

    named: Callable[[str, str, str], str]
    account: str
    tags: bool


HLEDGER = Dialect(in_hledger, "account {name}  ; type: {type}\n", tags=False)
"""hledger is told what kind an account is, so that its own balance sheet and income statement work."""
LEDGER = Dialect(in_ledger, "account {name}\n", tags=True)


def plain_text(entries: Iterable[Posted], title: Iterable[str], dialect: Dialect) -> Iterator[str]:
    """The text of a journal, an entry at a time; each book's side of an event is a transaction that balances by itself."""
    yield "".join(f"; {escaped(line)}\n" for line in title)
    yield "\ncommodity GBP\n    format 1000.00 GBP\n"
    if dialect.tags:
        yield "".join(f"tag {name}\n" for name in _TAGS)
    payees: set[str] = set()
    declared: set[str] = set()
    for entry in entries:
        yield "\n"
        if entry.event.type not in payees:
            payees.add(entry.event.type)
            yield f"payee {entry.event.type}\n"
        lines = []
        for account, pence in entry.lines:
            name = dialect.named(entry.event.arrangement, entry.book, account)
            if name not in declared:
                declared.add(name)
                yield dialect.account.format(name=name, type=_TYPES.get(account.partition(":")[0], ""))
            lines.append(f"    {name}  {pounds(pence)} GBP\n")
        yield f"{entry.posted_on} ({entry.event.number}) {entry.event.type}\n{''.join(_tags(entry))}{''.join(lines)}"


def _tags(entry: Posted) -> Iterator[str]:
    event = entry.event
    if event.effective_on != entry.posted_on:
        yield f"    ; effective_on: {event.effective_on}\n"
    yield f"    ; reference: {_value(event.reference)}\n"
    if event.document:
        yield f"    ; document: {_value(event.document)}\n"
    if event.reverses:
        yield f"    ; reverses: {event.reverses}\n"
    if entry.narrative:
        yield f"    ; narrative: {_value(entry.narrative)}\n"


def _value(text: str) -> str:
    """A tag's value: what would end it, or be read as a date or another tag, is percent-encoded."""
    return _UNSAFE.sub(lambda found: quote(found[0], safe=""), escaped(text))
