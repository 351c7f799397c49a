"""The journal as beancount reads it: every account opened, every book's side of an event a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from ledger.money import pounds
from ledger.text import escaped
from projections.exports.names import in_beancount
from projections.exports.posted import Posted


def beancount(entries: Iterable[Posted], title: Iterable[str], starts: Mapping[str, date]) -> Iterator[str]:
    """The text of a journal, an entry at a time; `starts` says from which day each arrangement's accounts are open."""
    yield "".join(f"; {escaped(line)}\n" for line in title)
    yield '\noption "operating_currency" "GBP"\noption "name_expenses" "Expenditure"\n'
    opened: set[str] = set()
    for entry in entries:
        yield "\n"
        event, lines = entry.event, []
        for account, pence in entry.lines:
            name = in_beancount(event.arrangement, entry.book, account)
            if name not in opened:
                opened.add(name)
                yield f"{starts[event.arrangement]} open {name} GBP\n"
            lines.append(f"  {name}  {pounds(pence)} GBP\n")
        yield f'{entry.posted_on} * "{event.type}"\n{"".join(_metadata(entry))}{"".join(lines)}'


def _metadata(entry: Posted) -> Iterator[str]:
    event = entry.event
    yield f"  number: {event.number}\n"
    if event.effective_on != entry.posted_on:
        yield f"  effective_on: {event.effective_on}\n"
    yield f"  reference: {_string(event.reference)}\n"
    if event.document:
        yield f"  document: {_string(event.document)}\n"
    if event.reverses:
        yield f"  reverses: {event.reverses}\n"
    if entry.narrative:
        yield f"  narrative: {_string(entry.narrative)}\n"


def _string(text: str) -> str:
    quoted = escaped(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'
