"""A plan for the end of an arrangement: what is to become of each thing in the pool, and the books it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from ledger.agreement import Ratio

THEN: dict[str, tuple[str, ...]] = {
    "creditor": ("pay", "novate", "hold"),
    "debtor": ("collect", "assign", "hold"),
    "asset": ("shares", "in_kind", "sell"),
    "liability": ("shares", "assume", "hold"),
    "dispute": ("hold", "settle"),
}
"""Kind of thing → what may become of it, first what does unless a plan says otherwise."""

NAMES_WHO = ("novate", "assign", "in_kind", "assume")
"""What may become of a thing only with the party named that takes it."""


class Choice(Struct, frozen=True, omit_defaults=True):
    """What is to become of one thing.

    `to` is the party that takes it; `value` what is agreed for an asset, or its proceeds, in pence; `whose` the ratio in
    which the parties' payments wait for what is held back. A dispute's code is the number of the event that raised it.
    """

    kind: str
    code: str
    then: str
    to: str = ""
    value: int | None = None
    whose: Ratio = {}


class Plan(Struct, frozen=True, omit_defaults=True):
    """Every choice, and the books they were made for: the number of the last event, and the root of the log there, in hex.

    `budgets_stand` says that the budgets of a year cut short are to stand as they are.
    """

    arrangement: str
    on: date
    number: int
    root: str
    budgets_stand: bool = False
    choices: list[Choice] = []


class Choices:
    """The choices of a plan by what they are about; what no choice is about takes its usual course."""

    def __init__(self, choices: Iterable[Choice] = (), usual: Mapping[str, str] | None = None) -> None:
        self._by_thing = {(choice.kind, choice.code): choice for choice in choices}
        self._usual = usual or {kind: then[0] for kind, then in THEN.items()}

    def of(self, kind: str, code: str) -> Choice:
        """What becomes of a thing."""
        return self._by_thing.get((kind, code)) or Choice(kind, code, self._usual[kind])

    def without_sharing(self) -> Choices:
        """The same where nobody takes over a liability unless a plan names who does."""
        return Choices(self._by_thing.values(), dict(self._usual) | {"liability": "hold"})

    @property
    def values(self) -> dict[str, int]:
        """Asset → the value agreed for it, or its proceeds."""
        return {code: c.value for (kind, code), c in self._by_thing.items() if kind == "asset" and c.value is not None}
