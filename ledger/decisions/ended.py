"""What may still be recorded once an arrangement has been completed: what settles a survivor, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from ledger import events as e
from ledger.accounts import CASH, Entries
from ledger.errors import Refused
from ledger.money import sterling
from ledger.requests import Adjusting, Agreeing, Asked, Disputing, Erasing, Request, Reversal, YearStep
from ledger.state import Head

_SETTLING = ("payment", "income_received", "settlement", "set_off", "liability_settled")
_YEAR = ("close", "reopen")


def refuse_ended(head: Head, asked: Asked) -> None:
    """Refuse whatever a completed arrangement has no room for; what is asked must have been completed."""
    if isinstance(asked, Request):
        allowed = asked.type in _SETTLING
    elif isinstance(asked, YearStep):
        allowed = asked.step in _YEAR
    else:
        allowed = isinstance(asked, Reversal | Disputing | Agreeing | Adjusting | Erasing)
    if not allowed:
        raise Refused(
            f"{head.stream} was completed by #{head.state.completed}: only what settles a survivor can be recorded, and its "
            f"years closed. See `poolbook report final {head.stream}`; if it ended too soon, reverse #{head.state.completed} "
            f"first."
        )


def refuse_beyond_survivors(head: Head, posted: Entries) -> None:
    """Refuse entries that take anything but cash away from nil: what survived is settled, and no more."""
    for book, accounts in posted.items():
        for account, amount in accounts.items():
            there = head.balance(book, account)
            if account != CASH and not (min(there, 0) <= there + amount <= max(there, 0)):
                raise Refused(
                    f"{head.stream} was completed by #{head.state.completed}, and {account} of {book} stands at "
                    f"{sterling(abs(there))}, so {sterling(abs(amount))} of it cannot be settled: settle that or less."
                )


class History(Protocol):
    """What a reversal looks up beyond the head."""

    def history(self, arrangement: str, after: int = 0) -> Iterator[e.Event]:
        """The events of an arrangement in order."""


def taken_back(history: History, head: Head, event: e.Event) -> list[e.Event]:
    """The events that are reversed with one of a completed arrangement: it alone, or a whole completion, last step first.

    Raises Refused for what came before the completion, for a step after which anything stands, and for a step taken again.
    """
    first = head.state.completed
    root, fact = event.number, event.fact
    while isinstance(fact, e.FactReversed):
        root, fact = fact.reverses, fact.fact
    if root < first:
        raise Refused(
            f"#{event.number} came before {head.stream} was completed by #{first}, which rests on it: reverse #{first} first."
        )
    after = list(history.history(head.stream, first - 1))
    completion = after[0].fact
    assert isinstance(completion, e.ArrangementCompleted)
    last = first + completion.steps
    if root > last:
        return [event]
    if root != event.number:
        raise Refused(
            f"#{root} is a step of the completion of {head.stream}, and a step is not taken again by itself: reverse what is "
            f"left of it with #{first}, and complete anew."
        )
    later = [each for each in _standing(after) if each.number > event.number]
    in_the_way = [each for each in later if each.number > last or event.number != first]
    if in_the_way:
        listed = ", ".join(f"#{each.number} {each.type}" for each in reversed(in_the_way[-5:]))
        raise Refused(
            f"#{event.number} is a step of the completion of {head.stream}, and later ones rest on it: reverse first, in "
            f"this order, {listed}{' and those before' if len(in_the_way) > 5 else ''}"
            + (f"; or reverse #{first}, which takes back every step." if in_the_way[-1].number <= last else ".")
        )
    return [*reversed(later), event]


def _standing(events: list[e.Event]) -> list[e.Event]:
    """Those of the events that post and that no other of them takes back, without the reversals."""
    roots: dict[int, int] = {}
    standing = {event.number: event for event in events if event.entries and not isinstance(event.fact, e.FactReversed)}
    gone: dict[int, e.Event] = {}
    for event in events:
        if isinstance(event.fact, e.FactReversed):
            root = roots[event.number] = roots.get(event.fact.reverses, event.fact.reverses)
            one, other = (standing, gone) if root in standing else (gone, standing)
            if root in one:
                other[root] = one.pop(root)
    return [standing[number] for number in sorted(standing)]
