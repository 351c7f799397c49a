"""What a type of arrangement answers: for every fact either what it posts or why it may not be, and in whose book."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from ledger.accounts import Entries
from ledger.agreement import Terms
from ledger.errors import Refused

Posting: TypeAlias = Callable[[Terms, Any], Entries]

Posts: TypeAlias = Mapping[type, Posting | str]
"""Fact → what it posts, or the sentence that refuses it ({terms} and {arrangement} stand in it)."""


class Rules(NamedTuple):
    """One type's answers."""

    posts: Posts
    book: Callable[[Terms, str], str]
    """Whose book a cost, payment or income belongs in, given the party named (or “”)."""
    holder: Callable[[Terms, str], str]
    """Whose book a new asset or liability belongs in, given the party named (or “”)."""
    buyers: Callable[[Terms], frozenset[str]]
    """The books that may buy from a party."""


def keeper_only(terms: Terms, named: str) -> str:
    """The pool book, whoever asks; naming anybody else is refused."""
    if named and named != terms.keeper:
        raise Refused(
            f"In {terms.agreement.code} this is recorded in the book of {terms.keeper}, for all parties, "
            f"so it cannot be {named}'s: leave party out."
        )
    return terms.keeper


def keeper_buys(terms: Terms) -> frozenset[str]:
    """A party may provide a service to the pool book."""
    return frozenset((terms.keeper,))


def nobody_buys(_terms: Terms) -> frozenset[str]:
    """No book of the arrangement buys from a party."""
    return frozenset()
