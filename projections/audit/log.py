"""The log of events as an auditor reads it, by the tests of journal entries; and how many events each test finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from ledger.application import Ledger
from ledger.money import pounds
from projections.audit.entries import Entry, entries, text_of
from projections.audit.journal_tests import Filter, all_tests, size
from projections.columns import FLAT
from projections.sheets import Report, Sheet
from projections.told import POSTED, in_a_line

_EVERYTHING = 2**63 - 1


class Asked(NamedTuple):
    """Which events: those that every filter finds, of a period by business date, recorded up to a moment or number."""

    filters: tuple[Filter, ...] = ()
    first: date | None = None
    last: date | None = None
    as_known: str = ""
    known: str | int | None = None
    zone: ZoneInfo = ZoneInfo("Europe/London")

    def takes(self, entry: Entry) -> bool:
        """Whether an event is asked for."""
        on = entry.event.effective_on
        if (self.first and on < self.first) or (self.last and on > self.last):
            return False
        return all(filter_.question(entry) for filter_ in self.filters)


def logs(ledger: Ledger, arrangements: list[str] | None, asked: Asked) -> list[Report]:
    """The events of arrangements (None: all, at one moment) that are asked for, in order."""
    return [_log(ledger, code, up_to, asked) for code, up_to in _numbers(ledger, arrangements, asked)]


def counts(ledger: Ledger, arrangements: list[str] | None, asked: Asked) -> list[Report]:
    """How many of the events asked for each test finds, and how many each user recorded."""
    return [_counts(ledger, code, up_to, asked) for code, up_to in _numbers(ledger, arrangements, asked)]


def _numbers(ledger: Ledger, arrangements: list[str] | None, asked: Asked) -> list[tuple[str, int]]:
    known = _EVERYTHING if asked.known is None else asked.known
    with ledger.store.snapshot():
        codes = ledger.store.streams() if arrangements is None else arrangements
        return [(code, ledger.number_known(code, known)) for code in codes]


def _found(ledger: Ledger, code: str, up_to: int, asked: Asked, *, rarity: bool = False) -> Iterator[Entry]:
    rarity = rarity or any(filter_.name == "rare-account" for filter_ in asked.filters)
    return filter(asked.takes, entries(ledger, code, up_to, asked.zone, rarity=rarity))


def _log(ledger: Ledger, code: str, up_to: int, asked: Asked) -> Report:
    def rows() -> Iterator[dict[str, Any]]:
        return (_row(ledger, entry) for entry in _found(ledger, code, up_to, asked))

    return Report(
        lambda: _head(code, up_to, asked) | {"entries": [row | {"amount": pounds(row["amount"])} for row in rows()]},
        lambda: [Sheet(f"Log of {code}{_said(asked)}", _COLUMNS, map(_shown, rows()), ("amount",))],
        lambda: Sheet("", FLAT["audit_log"], ((code, *map(_cell, _flat(row))) for row in rows()), ("amount",)),
    )


def _head(code: str, up_to: int, asked: Asked) -> dict[str, Any]:
    return {
        "arrangement": code,
        "as_known": asked.as_known or None,
        "events": up_to,
        "from": asked.first.isoformat() if asked.first else None,
        "to": asked.last.isoformat() if asked.last else None,
        "zone": asked.zone.key,
        "filters": [str(filter_) for filter_ in asked.filters],
    }


def _said(asked: Asked) -> str:
    said = [filter_.finds for filter_ in asked.filters]
    said += [f"from {asked.first}"] if asked.first else []
    said += [f"to {asked.last}"] if asked.last else []
    said += [f"as known at {asked.as_known}"] if asked.as_known else []
    return "".join(f", {each}" for each in said)


def _row(ledger: Ledger, entry: Entry) -> dict[str, Any]:
    event = entry.event
    return {
        "number": event.number,
        "recorded_at": event.recorded_at,
        "recorded": entry.recorded.isoformat(timespec="seconds"),
        "actor": event.actor,
        "type": event.type,
        "effective_on": event.effective_on.isoformat(),
        "posted_on": {book: day.isoformat() for book, day in event.posted_on.items()},
        "reference": event.reference,
        "document": event.document,
        "fact": in_a_line(event.fact, without=("amount", *POSTED)),
        "amount": size(event),
        "narrative": text_of(ledger, event, "narrative"),
        "reason": text_of(ledger, event, "reason"),
        "reverses": event.reverses,
        "reversed_by": entry.reversed_by,
    }


_FLAT = FLAT["audit_log"][1:]
_COLUMNS = ("number", "recorded", "who", "effective_on", "fact", "amount", "why", "note")


def _flat(row: dict[str, Any]) -> Iterator[object]:
    posted_on = " ".join(f"{book}:{day}" for book, day in row["posted_on"].items())
    return (posted_on if name == "posted_on" else row[name] for name in _FLAT)


def _cell(value: object) -> object:
    return "" if value is None else value


def _shown(row: dict[str, Any]) -> tuple[object, ...]:
    notes = [f"reverses #{row['reverses']}"] if row["reverses"] else []
    notes += [f"reversed by #{row['reversed_by']}"] if row["reversed_by"] else []
    notes += [f"posted on {day} in {book}" for book, day in row["posted_on"].items()]
    why = " / ".join(filter(None, ("(gone)" if row[name] is None else row[name] for name in ("narrative", "reason"))))
    recorded = row["recorded"][:16].replace("T", " ")
    said = row["fact"] if row["reverses"] else f"{row['type']}: {row['fact']}"
    return row["number"], recorded, row["actor"], row["effective_on"], said, row["amount"] or "", why, ", ".join(notes)


def _counts(ledger: Ledger, code: str, up_to: int, asked: Asked) -> Report:
    tests = all_tests(list(asked.filters))
    found, users, every = Counter[str](), Counter[str](), 0
    for entry in _found(ledger, code, up_to, asked, rarity=True):
        every += 1
        users[entry.event.actor] += 1
        found.update(test.name for test in tests if test.question(entry))
    rows = [(str(test), test.finds, found[test.name]) for test in tests]
    rows += [(f"user={user}", f"recorded by {user}", count) for user, count in sorted(users.items())]
    listed = [{"filter": name, "finds": finds, "events": count} for name, finds, count in rows]
    title = f"Filters on the log of {code}{_said(asked)}: {every:,} of {up_to:,} events"
    return Report(
        lambda: _head(code, up_to, asked) | {"found": every, "counts": listed},
        lambda: [Sheet(title, ("filter", "finds", "events"), rows)],
        lambda: Sheet("", FLAT["audit_log_filters"], [(code, *row) for row in rows]),
    )
