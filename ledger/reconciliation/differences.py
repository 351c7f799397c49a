"""What a party's figures and its mirror differ in, item by item and by cause; the causes add up to the difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, NamedTuple, TypeAlias, get_args

from ledger.events import Difference
from ledger.reconciliation.extract import Line
from ledger.reconciliation.matching import Matched, matched, named_before
from ledger.reconciliation.mirror import Item

Cause: TypeAlias = Literal["amount", "missing_there", "missing_here", "timing", "disputed"]
CAUSES = get_args(Cause)
EXPLAINED: tuple[Cause, ...] = ("timing", "disputed")
"""Causes that leave nothing to be done at the cut-off."""

Disputed = Mapping[int, int]
"""Number of an event → the pence of it that the party's open disputes are about."""


class Found(NamedTuple):
    """A difference, the day of the item, and its line in the extract (0 where it has none)."""

    item: Difference
    on: date
    line: int = 0

    @property
    def amount(self) -> int:
        """Ours less theirs, in pence."""
        return self.item.ours - self.item.theirs

    @property
    def explained(self) -> bool:
        """Whether the cause leaves nothing to be done."""
        return self.item.cause in EXPLAINED


class Compared(NamedTuple):
    """Both sides as at a day: totals in pence, the events on which they agree, and every difference."""

    ours: int
    theirs: int
    confirmed: list[int]
    differences: list[Found]

    @property
    def difference(self) -> int:
        """Ours less theirs."""
        return self.ours - self.theirs

    @property
    def explained(self) -> int:
        """The part of the difference that timing and open disputes explain."""
        return sum(found.amount for found in self.differences if found.explained)

    @property
    def unexplained(self) -> int:
        """The part of the difference that nothing explains."""
        return sum(found.amount for found in self.differences if not found.explained)

    def failing(self, line_threshold: int) -> list[Found]:
        """Unexplained differences at or above a threshold, either way."""
        return [found for found in self.differences if not found.explained and abs(found.amount) >= line_threshold]


class Opening(NamedTuple):
    """An extract that does not begin with the account's first line: its first day, and the balance brought forward."""

    first: date
    theirs: int


def compare(
    ours: Iterable[Item],
    theirs: Iterable[Line],
    as_at: date,
    days: int,
    disputed: Disputed,
    opening: Opening | None = None,
) -> Compared:
    """Hold both sides against each other as at a day; later items only tell what is a matter of timing.

    With an opening, what is here from before it and no line of theirs bears is held against the balance brought forward.
    """
    ours, theirs = list(ours), list(theirs)
    before, since = _parted(ours, opening)
    late = named_before(before, since, theirs)
    items, lines = ({each[side] for each in late} for side in (0, 1))
    pairs = matched(since, [line for line in theirs if line not in lines], as_at, days)
    pairs.same.extend(late)
    confirmed = [item.number for item, line in pairs.same if item.amount and item.on <= as_at and line.on <= as_at]
    confirmed += [item.number for items, _lines in pairs.together for item in items if item.amount]
    found = [_explained(each, disputed) for each in _differences(pairs, as_at) if each.amount]
    if opening:
        found += _brought_forward([item for item in before if item not in items], opening, disputed)
    found.sort(key=lambda each: (CAUSES.index(each.item.cause), each.on, each.item.event, each.line))
    return Compared(
        sum(item.amount for item in ours if item.on <= as_at),
        sum(line.amount for line in theirs if line.on <= as_at) + (opening.theirs if opening else 0),
        sorted(confirmed),
        found,
    )


def _parted(ours: list[Item], opening: Opening | None) -> tuple[list[Item], list[Item]]:
    before = [item for item in ours if opening and item.on < opening.first]
    return before, [item for item in ours if not opening or item.on >= opening.first]


def _brought_forward(before: list[Item], opening: Opening, disputed: Disputed) -> list[Found]:
    """What the balances brought forward differ in: open disputes of before, where they bring the two nearer, and the rest."""
    ours, theirs = sum(item.amount for item in before), opening.theirs
    contested = [
        Found(Difference("disputed", item.label, item.amount, item.amount - part, item.number), item.on)
        for item in before
        if (part := disputed.get(item.number, 0) * (1 if item.amount > 0 else -1))
    ]
    if abs(ours - theirs - sum(found.amount for found in contested)) >= abs(ours - theirs):
        contested = []  # they have booked it all the same
    ours -= sum(found.item.ours for found in contested)
    theirs -= sum(found.item.theirs for found in contested)
    rest = [Found(Difference("amount", "brought forward", ours, theirs), opening.first)] if ours != theirs else []
    return [*contested, *rest]


def _differences(pairs: Matched, as_at: date) -> Iterable[Found]:
    for item, line in pairs.other:
        yield _found("amount", item, line)
    for item in pairs.here:
        if item.on <= as_at:
            yield _found("missing_there", item, None)
    for line in pairs.there:
        if line.on <= as_at:
            yield _found("missing_here", None, line)
    for item, line in pairs.same:
        if (item.on <= as_at) != (line.on <= as_at):
            found = _found("timing", item, line)
            ours, theirs = (item.amount, 0) if item.on <= as_at else (0, line.amount)
            yield found._replace(item=Difference("timing", found.item.reference, ours, theirs, item.number))


def _found(cause: Cause, item: Item | None, line: Line | None) -> Found:
    on = item.on if item else line.on if line else date.min
    reference = item.label if item else line.reference if line else ""
    ours, theirs = item.amount if item else 0, line.amount if line else 0
    return Found(Difference(cause, reference, ours, theirs, item.number if item else 0), on, line.line if line else 0)


def _explained(found: Found, disputed: Disputed) -> Found:
    """The difference as a dispute explains it: only where the party's open disputes of the event come to it exactly."""
    item = found.item
    if found.explained or not item.event or disputed.get(item.event, 0) != abs(found.amount):
        return found
    return found._replace(item=Difference("disputed", item.reference, item.ours, item.theirs, item.event))
