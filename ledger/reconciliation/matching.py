"""Which line of a party's extract is which event here: by reference or document first, then by amount and date.

A reference that both sides know is the stronger evidence: whatever bears one is never matched by its amount alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date
from typing import NamedTuple, TypeVar

from ledger.reconciliation.columns import folded
from ledger.reconciliation.extract import Line
from ledger.reconciliation.mirror import Item

OurKey = Callable[[Item], Hashable]
TheirKey = Callable[[Line], Hashable]
"""What must be the same on both sides; None leaves a line out."""
Side = TypeVar("Side", Item, Line)


class Matched(NamedTuple):
    """What belongs together, and what is left on either side.

    `same` are pairs of one amount, `together` several of one reference that add up to the same, `other` pairs of one
    reference with other amounts. An event and its reversal, both unknown there, are left out: they cancel.
    """

    same: list[tuple[Item, Line]]
    together: list[tuple[list[Item], list[Line]]]
    other: list[tuple[Item, Line]]
    here: list[Item]
    there: list[Line]


def matched(ours: Iterable[Item], theirs: Iterable[Line], as_at: date, days: int) -> Matched:
    """Match both sides; without a reference, dates may lie `days` apart, or from the cut-off where they lie across it."""
    return _Matching(list(ours), list(theirs), as_at, days).run()


def named_before(before: Iterable[Item], since: Iterable[Item], lines: Iterable[Line]) -> list[tuple[Item, Line]]:
    """What is here from before an extract begins and there only in it: one reference or document, and one amount.

    A line whose reference and amount something later here bears is left to that.
    """
    later = {(name, item.amount) for item in since for name in (_reference(item), _document(item)) if name}
    wanted: dict[Hashable, list[Line]] = {}
    for line in lines:
        if _name(line) and (_name(line), line.amount) not in later:
            wanted.setdefault((_name(line), line.amount), []).append(line)
    pairs = []
    for item in before:
        names = [name for name in (_reference(item), _document(item)) if name and wanted.get((name, item.amount))]
        if names:
            pairs.append((item, wanted[names[0], item.amount].pop(0)))
    return pairs


class _Matching:
    """What is not matched yet, and what was found."""

    def __init__(self, ours: list[Item], theirs: list[Line], as_at: date, days: int) -> None:
        self.as_at, self.days = as_at, days
        self.ours = {item.number: item for item in ours}
        self.theirs = {line.line: line for line in theirs}
        self.known_here = {name for item in ours for name in (_reference(item), _document(item)) if name}
        self.known_there: set[Hashable] = {_name(line) for line in theirs} - {None}
        self.found = Matched([], [], [], [], [])

    def run(self) -> Matched:
        """Every way of matching, the strongest evidence first."""
        for across in (False, True):
            for name in (_reference, _document):
                self._same(self._amounts(name, across), self._amounts(_name, across))
        for match in (self._together, self._other):
            for name in (self._quoted, _document):
                match(name)
        self._by_amount()
        self._cancel()
        self.found.here.extend(self.ours.values())
        self.found.there.extend(self.theirs.values())
        return self.found

    def _quoted(self, item: Item) -> Hashable:
        """What they quote of it: its reference, else its document, which may be the reference of another event."""
        return next((name for name in (_reference(item), _document(item)) if name in self.known_there), None)

    def _before(self, each: Item | Line) -> bool:
        return each.on <= self.as_at

    def _amounts(self, name: Callable[[Side], Hashable], across: bool) -> Callable[[Side], Hashable]:
        def key(each: Side) -> Hashable:
            named = name(each)
            return named and (named, each.amount, across or self._before(each))

        return key

    def _pairs(self, our_key: OurKey, their_key: TheirKey) -> Iterator[tuple[list[Item], list[Line]]]:
        ours, theirs = _groups(self.ours.values(), our_key), _groups(self.theirs.values(), their_key)
        return ((ours[key], theirs[key]) for key in ours if key in theirs)

    def _take(self, items: Iterable[Item], lines: Iterable[Line]) -> None:
        for item in items:
            del self.ours[item.number]
        for line in lines:
            del self.theirs[line.line]

    def _same(self, our_key: OurKey, their_key: TheirKey, within: int | None = None) -> None:
        for ours, theirs in self._pairs(our_key, their_key):
            for item, line in _nearest(ours, theirs, within):
                self._take([item], [line])
                self.found.same.append((item, line))

    def _together(self, name: OurKey) -> None:
        """Several of one reference that add up to the same: those one way, those the other, or all."""
        for way in (_below, _above, _any):
            for ours, theirs in self._pairs(self._by(name, way), self._by(_name, way)):
                if sum(item.amount for item in ours) == sum(line.amount for line in theirs):
                    self._take(ours, theirs)
                    self.found.together.append((ours, theirs))

    def _other(self, name: OurKey) -> None:
        """One reference, other amounts: of one sign, then of the other sign, then where one side is nil."""
        ways: tuple[tuple[Callable[[int], Hashable], Callable[[int], Hashable]], ...] = (
            (_sign, _sign), (abs, abs), (_nil, _any), (_any, _nil),
        )  # fmt: skip
        for our_way, their_way in ways:
            for ours, theirs in self._pairs(self._by(name, our_way), self._by(_name, their_way)):
                pairs = list(zip(sorted(ours, key=_by_amount), sorted(theirs, key=_by_amount), strict=False))
                for item, line in pairs:
                    self._take([item], [line])
                self.found.other.extend(pairs)

    def _by(self, name: Callable[[Side], Hashable], way: Callable[[int], Hashable]) -> Callable[[Side], Hashable]:
        def key(each: Side) -> Hashable:
            named, amount = name(each), way(each.amount)
            return (named, amount) if named and amount is not None and self._before(each) else None

        return key

    def _by_amount(self) -> None:
        """The same amount about the same day, where neither reference is known to the other side."""

        def ours(item: Item) -> Hashable:
            return (item.amount, self._before(item)) if item.amount and self._quoted(item) is None else None

        def theirs(line: Line) -> Hashable:
            return (line.amount, self._before(line)) if line.amount and _name(line) not in self.known_here else None

        def near(key: Hashable, each: Item | Line) -> Hashable:
            return each.amount if key is not None and abs((each.on - self.as_at).days) <= self.days else None

        self._same(ours, theirs, self.days)
        self._same(lambda item: near(ours(item), item), lambda line: near(theirs(line), line))

    def _cancel(self) -> None:
        for item in list(self.ours.values()):
            first = self.ours.get(item.reverses)
            if first is not None and item.number in self.ours and self._before(first) and self._before(item):
                self._take([first, item], [])


def _reference(item: Item) -> Hashable:
    return folded(item.reference) or None


def _document(item: Item) -> Hashable:
    return folded(item.document) or None


def _name(line: Line) -> Hashable:
    return folded(line.reference) or None


def _sign(amount: int) -> Hashable:
    return amount > 0 if amount else None


def _below(amount: int) -> Hashable:
    return "" if amount < 0 else None


def _above(amount: int) -> Hashable:
    return "" if amount > 0 else None


def _nil(amount: int) -> Hashable:
    return None if amount else ""


def _any(_amount: int) -> Hashable:
    return ""


def _by_amount(each: Item | Line) -> tuple[int, date]:
    return each.amount, each.on


def _groups(each_of: Iterable[Side], key: Callable[[Side], Hashable]) -> dict[Hashable, list[Side]]:
    groups: dict[Hashable, list[Side]] = {}
    for each in each_of:
        if (found := key(each)) is not None:
            groups.setdefault(found, []).append(each)
    return groups


def _nearest(ours: list[Item], theirs: list[Line], within: int | None) -> Iterator[tuple[Item, Line]]:
    """Pairs of one day first, then each line with the event nearest to it that is left, the earlier where two are as near."""
    items = sorted(ours, key=lambda item: (item.on, item.number))
    lines = sorted(theirs, key=lambda line: (line.on, line.line))
    for farthest in (0, within):
        later = []
        for line in lines:
            at = _at(items, line.on)
            if at is None or (farthest is not None and abs((items[at].on - line.on).days) > farthest):
                later.append(line)
            else:
                yield items.pop(at), line
        lines = later


def _at(items: list[Item], on: date) -> int | None:
    at = bisect_left(items, on, key=lambda item: item.on)
    near = [index for index in (at - 1, at) if 0 <= index < len(items)]
    return min(near, key=lambda index: (abs((items[index].on - on).days), items[index].on), default=None)
