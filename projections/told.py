"""Facts and agreements retold: in full for a document, in a line for people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from msgspec import Struct

from ledger import events as e
from ledger.agreement import Agreement
from ledger.money import pounds, sterling

T = TypeVar("T")

NUMBERS = frozenset(
    ("reverses", "confirms", "adjusts", "event", "dispute", "confirmed", "ratio", "residual_ratio", "steps"),
)
"""The fields of facts that hold numbers of events, their count, or shares: every other whole number in a fact is pence."""

TERMS_IN_PENCE = frozenset(("amount", "up_to"))
"""The fields of an agreement that hold pence: every other whole number in it is a share, or months."""


POSTED = frozenset(("drawn", "billed", "credited", "parts", "balances"))
"""The fields of facts that their postings say too."""


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


def in_a_line(fact: e.Recorded, order: Sequence[str] = (), without: Collection[str] = ()) -> str:
    """A fact for people: each of its fields that says anything, but for those to leave out.

    What is said of several bodies follows the order given, which is that of the agreement's books.
    """
    if isinstance(fact, e.AgreementSigned):
        signed = fact.agreement
        parties = ", ".join(party.code for party in signed.parties)
        until = f" to {signed.ends}" if signed.ends else ""
        return f"{signed.name}; {signed.type}; parties {parties}; from {signed.starts}{until}"
    if isinstance(fact, e.AgreementVaried):
        changed = [name for name in fact.variation.__struct_fields__ if getattr(fact.variation, name) not in (None, "", [])]
        return "changes " + ", ".join(name.replace("_", " ") for name in changed)
    if isinstance(fact, e.ArrangementCompleted):
        left = ", ".join(dict.fromkeys(survivor.name for survivor in fact.survivors)) or "nothing"
        return f"net worth {sterling(fact.net_worth)}; carried out by {fact.steps} events; {left} outlives it"
    if isinstance(fact, e.FactReversed):
        return f"reverses #{fact.reverses}, {e.stored_name(fact.fact)}: {in_a_line(fact.fact, order, without)}"
    fields = {name: value for name, value in plain(fact, sterling).items() if value and name not in without}
    return "; ".join(f"{name.replace('_', ' ')} {_words(value, order)}".rstrip() for name, value in fields.items())


def _words(value: Any, order: Sequence[str]) -> str:
    if value is True:
        return ""
    if isinstance(value, int):
        return f"#{value}"
    if isinstance(value, dict) and isinstance(next(iter(value.values())), dict):
        return f"{sum(map(len, value.values())):,}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {part}" for key, part in in_order(value, order))
    if isinstance(value, list) and (isinstance(value[0], dict) or len(value) > 12):
        return f"{len(value):,}"
    if isinstance(value, list):
        return ", ".join(_words(part, order) for part in value)
    return str(value)


def in_order(of_books: Mapping[str, T], order: Sequence[str]) -> list[tuple[str, T]]:
    """What is said of books, in the order of the agreement's; any other's last, by code."""
    places = {book: place for place, book in enumerate(order)}
    return sorted(of_books.items(), key=lambda entry: (places.get(entry[0], len(places)), entry[0]))


def entered(fact: e.Fact) -> int | None:
    """The amount that was entered with a fact, in pence; None where none was (a true-up, a close)."""
    if isinstance(fact, e.FactReversed):
        return entered(fact.fact)
    for name in ("amount", "consideration", "proceeds"):
        if name in fact.__struct_fields__:
            return int(getattr(fact, name))
    return None
