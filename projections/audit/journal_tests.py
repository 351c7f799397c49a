"""Tests of journal entries: what an auditor looks for among them (ISA (UK) 240, its paragraph on journal entries).

Each is a name, a value with a default where it takes one, and a question asked of each event.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from typing import NamedTuple, TypeAlias

from ledger import events as e
from ledger.chronicle import unwrapped
from ledger.money import pence
from ledger.text import escaped
from projections.audit.entries import Entry
from projections.told import entered

Question: TypeAlias = Callable[[Entry], bool]

_HOURS = re.compile(r"([01][0-9]:[0-5][0-9]|2[0-3]:[0-5][0-9])-([01][0-9]:[0-5][0-9]|2[0-3]:[0-5][0-9])")


class Filter(NamedTuple):
    """A test with its value: what it finds, in words and as a question."""

    name: str
    value: str
    finds: str
    question: Question

    def __str__(self) -> str:
        return f"{self.name}={self.value}" if self.value else self.name


class Kind(NamedTuple):
    """A kind of test: its default value (empty where it takes none, None where one must be given)."""

    default: str | None
    finds: str
    asks: Callable[[str], Question]
    """The question that a value makes; raises ValueError with a sentence."""


def _user(name: str) -> Question:
    return lambda entry: entry.event.actor == name


def _after_hours(value: str) -> Question:
    match = _HOURS.fullmatch(value)
    if match is None:
        raise ValueError(f"“{escaped(value[:40])}” are no hours of work: write them like 07:00-19:00")
    begins, ends = time.fromisoformat(match[1]), time.fromisoformat(match[2])
    return lambda entry: not begins <= entry.recorded.time() < ends


def _weekend(_value: str) -> Question:
    return lambda entry: entry.recorded.weekday() >= 5


def _round(value: str) -> Question:
    unit = _above_nil(value)

    def asked(entry: Entry) -> bool:
        amount = entered(entry.event.fact) or 0
        return bool(entry.event.entries) and amount != 0 and not amount % unit

    return asked


def _large(value: str) -> Question:
    least = _above_nil(value)
    return lambda entry: bool(entry.event.entries) and abs(size(entry.event)) >= least


def _back_dated(value: str) -> Question:
    days = _whole(value)
    return lambda entry: (entry.recorded.date() - entry.event.effective_on).days > days


def _post_close(_value: str) -> Question:
    return lambda entry: bool(entry.event.posted_on) or _reopens(entry.event)


def _no_narrative(_value: str) -> Question:
    return lambda entry: bool(entry.event.entries) and not entry.explained


def _rare_account(value: str) -> Question:
    most = _whole(value)
    return lambda entry: 0 < entry.rarest <= most


KINDS: dict[str, Kind] = {
    "user": Kind(None, "recorded by {value}", _user),
    "after-hours": Kind("07:00-19:00", "recorded outside {value}", _after_hours),
    "weekend": Kind("", "recorded on a Saturday or Sunday", _weekend),
    "round": Kind("1000", "amounts entered in whole multiples of £{value}", _round),
    "large": Kind("100000", "amounts of £{value} or more", _large),
    "back-dated": Kind("30", "recorded more than {value} days after the business date", _back_dated),
    "post-close": Kind("", "affecting a year that was closed, and closes taken back", _post_close),
    "no-narrative": Kind("", "posted without a narrative or a reason", _no_narrative),
    "rare-account": Kind("2", "posted to an account with {value} lines or fewer", _rare_account),
}


def read(text: str) -> Filter:
    """A test as it is named: “weekend”, “large=50000”; raises ValueError with a sentence."""
    name, given, value = text.partition("=")
    kind = KINDS.get(name)
    if kind is None:
        raise ValueError(f"there is no filter “{escaped(name[:40])}”: there is {', '.join(KINDS)}")
    if not value and (given or kind.default is None):
        raise ValueError(f"{name} needs a value: write {name}={kind.default or '…'}")
    if value and kind.default == "":
        raise ValueError(f"{name} takes no value: write it alone")
    return _made(name, kind, value or kind.default or "")


def all_tests(given: list[Filter]) -> list[Filter]:
    """Every test that needs no value to be given, by its default or by the value it was given."""
    known = {filter_.name: filter_ for filter_ in given}
    return [known.get(name) or _made(name, kind, kind.default) for name, kind in KINDS.items() if kind.default is not None]


def _made(name: str, kind: Kind, value: str) -> Filter:
    return Filter(name, value, kind.finds.format(value=value), kind.asks(value))


def size(event: e.Event) -> int:
    """An event's amount in pence: as entered, else its largest line; nil where it has neither."""
    amount = entered(event.fact)
    if amount is not None:
        return amount
    return max((abs(pence) for accounts in event.entries.values() for pence in accounts.values()), default=0)


def _reopens(event: e.Event) -> bool:
    fact, sign = unwrapped(event.fact)
    return isinstance(fact, e.YearClosed) and sign < 0


def _above_nil(value: str) -> int:
    amount = pence(value)
    if amount <= 0:
        raise ValueError("the amount must be above nil")
    return amount


def _whole(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", value):
        raise ValueError(f"“{escaped(value[:40])}” is not a whole number")
    return int(value)
