"""Erasure: free text can name people, so it can be taken out for good; that it was there, who erased it and why remains."""

from __future__ import annotations

from ledger import events as e
from ledger.errors import Refused


def narrative_erased(event: e.Event, erased_by: e.Event | None, kept: bool) -> e.NarrativeErased:
    """Erase the texts of an event; raises Refused where it has none, or has none any more."""
    named = f"#{event.number} of {event.arrangement}"
    if not event.narrative_commitment and not event.reason_commitment:
        raise Refused(f"{named} has neither a narrative nor a reason: there is nothing to erase.")
    if erased_by is not None:
        raise Refused(
            f"The narrative of {named} was erased already, by {erased_by.actor} at {erased_by.recorded_at} "
            f"(#{erased_by.number}): nothing is left to erase."
        )
    if not kept:
        raise Refused(f"The narrative of {named} is missing, and nobody erased it: run `poolbook audit verify`.")
    return e.NarrativeErased(event=event.number)
