"""What events and agreements hold, as JSON shows it: every field by its name, amounts as strings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from msgspec import Struct

from ledger import events as e
from ledger.agreement import Agreement
from ledger.money import pounds

NUMBERS = frozenset(
    ("reverses", "confirms", "adjusts", "event", "dispute", "confirmed", "ratio", "residual_ratio", "steps"),
)
"""The fields of facts that hold numbers of events, their count, or shares: every other whole number in a fact is pence."""

TERMS_IN_PENCE = frozenset(("amount", "up_to"))
"""The fields of an agreement that hold pence: every other whole number in it is a share, or months."""


def plain(struct: Struct, money: Callable[[int], str] = pounds) -> dict[str, Any]:
    """Every field of a fact or an agreement by its name, whether it says anything or not; amounts as `money` says them.

    The number of an event that there is not is None.
    """
    of_terms = type(struct).__module__ == Agreement.__module__
    fields = {}
    for name in struct.__struct_fields__:
        in_pence = name in TERMS_IN_PENCE if of_terms else name not in NUMBERS
        value = getattr(struct, name)
        fields[name] = _plain(value, money, in_pence) if in_pence or of_terms or value != 0 else None
    return {"arrangement": fields.pop("code"), **fields} if isinstance(struct, Agreement) else fields


def _plain(value: Any, money: Callable[[int], str], in_pence: bool) -> Any:
    if isinstance(value, Struct):
        tag = {"type": e.stored_name(value)} if isinstance(value, e.Recorded) else {}
        return {**tag, **plain(value, money)}
    if isinstance(value, dict):
        return {key: _plain(part, money, in_pence) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part, money, in_pence) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool) and in_pence:
        return money(value)
    return value
