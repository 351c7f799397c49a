"""What a decision comes to."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from ledger import events as e
from ledger.accounts import Entries


class Decided(Struct, frozen=True):
    """A fact that was decided on, what it posts, and its business date."""

    fact: e.Fact
    entries: Entries
    effective_on: date
