"""A fact in words: in brief for a list, in full for a document."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec import Struct

from ledger import events as e
from ledger.agreement import Agreement
from ledger.money import pounds, printed

NUMBERS = frozenset(
    ("reverses", "event", "dispute", "confirms", "adjusts", "confirmed", "notice_months", "ratio", "recharge", "risk",
     "assets", "liabilities", "residual", "shares", "underspend_shares", "own_underspend_first", "residual_ratio",
     "steps")
)  # fmt: skip
"""Whole numbers of facts and agreements that are not pence: events by their number, months, shares."""


_EMPTY: tuple[object, ...] = ("", None, {}, [], False)


def full(value: Any, name: str = "") -> Any:
    """A fact (or a part of one) as JSON shows it: money as strings, dates in ISO 8601; what is empty is left out."""
    if isinstance(value, Struct):
        shown = {field: full(getattr(value, field), field) for field in value.__struct_fields__}
        shown = {field: told for field, told in shown.items() if told not in _EMPTY}
        return {"type": e.stored_name(value), **shown} if isinstance(value, e.Recorded) else shown
    if isinstance(value, dict):
        return {key: full(each, name) for key, each in value.items()}
    if isinstance(value, list):
        return [full(each, name) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        return value if name in NUMBERS else pounds(value)
    return value


def brief(fact: e.Fact) -> str:
    """A fact in a line, but for its amount: its fields in order, without what is empty."""
    if isinstance(fact, e.FactReversed):
        return f"#{fact.reverses}, {e.stored_name(fact.fact)}: {brief(fact.fact)}"
    fields = ((name, getattr(fact, name)) for name in fact.__struct_fields__ if name != "amount")
    return ", ".join(f"{name.replace('_', ' ')} {_said(value, name)}" for name, value in fields if value not in _EMPTY)


def _said(value: Any, name: str) -> str:
    if isinstance(value, Agreement):
        return value.name
    if isinstance(value, list):
        return f"({len(value)})"
    if isinstance(value, dict) and all(isinstance(each, dict) for each in value.values()):
        return f"({sum(map(len, value.values()))})"
    if isinstance(value, dict):
        return " ".join(f"{key} {_said(each, name)}" for key, each in value.items())
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, int):
        return f"#{value}" if name in ("event", "dispute", "confirms") else str(value) if name in NUMBERS else printed(value)
    return str(value)


def entered(fact: e.Fact) -> int | None:
    """The amount that was entered with a fact, in pence; None where none was (a true-up, a close)."""
    if isinstance(fact, e.FactReversed):
        return entered(fact.fact)
    for name in ("amount", "consideration", "proceeds"):
        if name in fact.__struct_fields__:
            return int(getattr(fact, name))
    return None
