"""A figure as a tree: what it is the sum of, down to leaves that are lines or parts of events, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from ledger import events as e
from ledger.money import pounds


class Share(NamedTuple):
    """One party's part of a split: its exact share is `floor` whole pence and `remainder` / `of` of a penny.

    `penny` says whether it got one of the pennies that were left.
    """

    party: str
    share: int
    floor: int
    remainder: int
    of: int
    penny: bool
    part: int


class Split(NamedTuple):
    """An amount split in a ratio by largest remainder; `set_by` is the event that set the ratio, 0 where none did."""

    amount: int
    by: str
    set_by: int
    shares: Sequence[Share]


class Node(NamedTuple):
    """An amount in pence with what it is called; its parts add up to it, its grounds only say why it is so much."""

    label: str
    amount: int
    event: e.Event | None = None
    posted_on: date | None = None
    split: Split | None = None
    parts: Sequence[Node] = ()
    grounds: Sequence[Node] = ()


def summed(label: str, parts: Iterable[Node], *, grounds: Sequence[Node] = ()) -> Node:
    """The sum of its parts; those that are nil and have none of their own are left out."""
    kept = [part for part in parts if part.amount or part.parts]
    return Node(label, sum(part.amount for part in kept), parts=kept, grounds=grounds)


def less(node: Node) -> Node:
    """The same to be taken away: every amount with its sign turned."""
    return _turned(node)._replace(label=f"less {node.label}")


def _turned(node: Node) -> Node:
    return node._replace(amount=-node.amount, parts=[_turned(part) for part in node.parts])


def leaves(node: Node) -> Iterator[Node]:
    """What a figure is the sum of in the end."""
    if not node.parts:
        yield node
    for part in node.parts:
        yield from leaves(part)


def document(node: Node) -> dict[str, Any]:
    """A tree as JSON shows it."""
    shown: dict[str, Any] = {"label": node.label, "amount": pounds(node.amount)}
    if node.event is not None:
        shown["event"] = _event(node)
    if node.split is not None:
        shown["split"] = _split(node.split)
    if node.grounds:
        shown["grounds"] = [document(ground) for ground in node.grounds]
    if node.parts:
        shown["parts"] = [document(part) for part in node.parts]
    return shown


def _event(node: Node) -> dict[str, Any]:
    event = node.event
    assert event is not None
    return {
        "number": event.number,
        "type": event.type,
        "effective_on": event.effective_on.isoformat(),
        "posted_on": node.posted_on.isoformat() if node.posted_on else None,
        "reference": event.reference,
        "document": event.document,
        "reverses": event.reverses,
    }


def _split(split: Split) -> dict[str, Any]:
    return {
        "amount": pounds(split.amount),
        "by": split.by,
        "set_by": split.set_by or None,
        "shares": [
            {
                "party": share.party,
                "share": share.share,
                "floor": pounds(share.floor),
                "remainder": f"{share.remainder}/{share.of}",
                "penny": share.penny,
                "part": pounds(share.part),
            }
            for share in split.shares
        ],
    }
