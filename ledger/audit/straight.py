"""Every book's balances straight from the stored events: one typed pass that reads of each only what it posts, and when."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import msgspec

from ledger.accounts import Entries
from ledger.audit.ranges import SPAN, divided
from ledger.audit.reader import Reader, opened
from ledger.audit.rederive import add
from ledger.audit.scan import without_gc
from ledger.errors import NotProven
from ledger.store.opening import Place

_PAGE = 500


class _Posting(msgspec.Struct, gc=False):
    """What an event posts, and when; the rest of it is passed over."""

    effective_on: date
    entries: Entries = {}
    posted_on: dict[str, date] = {}


_decoder = msgspec.json.Decoder(_Posting)


class Part(NamedTuple):
    """A range of an arrangement's events, and the day up to which posting counts (None: all)."""

    stream: str
    first: int
    last: int
    as_at: date | None


def straight(where: Place, numbers: dict[str, int], as_at: date | None) -> dict[str, Entries]:
    """The balances of arrangements up to a number of each; accounts that come to nil are left out.

    Raises NotProven where an event is missing, cannot be read, or does not balance in every book.
    """
    _refuse_gaps(where, numbers)
    parts = [
        Part(stream, first, min(first + SPAN - 1, last), as_at)
        for stream, last in numbers.items()
        for first in range(1, last + 1, SPAN)
    ]
    found: dict[str, Entries] = {stream: {} for stream in numbers}
    for part, posted in zip(parts, divided(where, summed, parts, sum(numbers.values())), strict=True):
        if isinstance(posted, str):
            raise NotProven(posted)
        add(found[part.stream], posted)
    return {
        stream: {book: {name: pence for name, pence in accounts.items() if pence} for book, accounts in books.items()}
        for stream, books in found.items()
    }


def _refuse_gaps(where: Place, numbers: dict[str, int]) -> None:
    reader = opened(where)
    try:
        for stream, last in numbers.items():
            ((count,),) = reader.rows("SELECT count(*) FROM events WHERE stream = ? AND number BETWEEN 1 AND ?", stream, last)
            if count != last:
                raise NotProven(
                    f"{stream} must have {last:,} events, and has {count:,}: `audit verify` says which are missing."
                )
    finally:
        reader.close()


def summed(reader: Reader, part: Part) -> Entries | str:
    """What a range posts; or the sentence that says what is wrong in it."""
    sql = "SELECT bytes FROM events WHERE stream = ? AND number BETWEEN ? AND ? ORDER BY number"
    balances: Entries = {}
    number = part.first
    with without_gc():
        for page in reader.pages(sql, part.stream, part.first, part.last, rows=_PAGE):
            try:
                events = _decoder.decode_lines(b"\n".join([raw for (raw,) in page]))
            except (msgspec.MsgspecError, TypeError, OverflowError) as error:
                said = " ".join(str(error).split())[:200]
                return f"#{number} of {part.stream} or one soon after it cannot be read ({said}): `audit verify` says which."
            for at, event in enumerate(events, number):
                for book, accounts in event.entries.items():
                    if sum(accounts.values()):
                        return f"#{at} of {part.stream}: its entries do not balance in {book}."
                    if part.as_at is not None and event.posted_on.get(book, event.effective_on) > part.as_at:
                        continue
                    now = balances.get(book)
                    if now is None:
                        now = balances[book] = {}
                    for account, pence in accounts.items():
                        now[account] = now.get(account, 0) + pence
            number += len(events)
    return balances
