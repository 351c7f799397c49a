"""Corrections: an event is never edited or deleted, only reversed by another that names it.

Reversing a reversal makes the first fact stand again, so it must be possible as if it were asked for now.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from ledger import events as e
from ledger.accounts import Entries, cost, depreciation, negated
from ledger.agreement import Terms
from ledger.decisions.asset import refuse_another
from ledger.decisions.contribution import refuse_refund_beyond, refuse_set_off_beyond
from ledger.decisions.guards import guard
from ledger.decisions.recharge import refuse_below_nil, refuse_beyond_net_cost
from ledger.errors import Obstructed, Refused
from ledger.state import Head

_DEEPEST = 10
"""A reversal carries the fact it reverses, so each further one is larger: nobody needs more than these."""


def reversed_event(
    head: Head, terms: Terms, event: e.Event, reversed_by: int | None, effective_on: date
) -> tuple[e.FactReversed, Entries]:
    """Negate an event's recorded parts exactly; refuse what was reversed already or has since been used."""
    if reversed_by is not None:
        raise Refused(
            f"#{event.number} of {event.arrangement} was reversed by #{reversed_by} already: nothing is reversed twice. "
            f"To undo that, reverse #{reversed_by}."
        )
    if event.type == "AgreementSigned":
        raise Refused(
            f"#{event.number} signed {event.arrangement}, and a signature is not reversed: everything else stands on it. "
            f"Reverse the facts that were wrong, or sign another arrangement under its own code."
        )
    if event.type == "AgreementVaried":
        raise Refused(
            f"#{event.number} varied {event.arrangement} from {event.effective_on}, and what came after stands on it: vary "
            f"it again from that day, with the terms that should hold."
        )
    if isinstance(event.fact, e.NarrativeErased):
        raise Refused(
            f"#{event.number} erased the narrative of #{event.fact.event}, which is gone for good: that cannot be reversed. "
            f"Say what must be said in a new event."
        )
    if effective_on < event.effective_on:
        raise Refused(
            f"#{event.number} is of {event.effective_on}, so it cannot be reversed as of {effective_on}, when it had not "
            f"happened: give that day or a later one."
        )
    fact: e.Fact = event.fact
    depth = 0
    while isinstance(fact, e.FactReversed):
        fact, depth = fact.fact, depth + 1
    if isinstance(fact, e.YearClosed):
        raise Refused(
            f"#{event.number} closed or reopened {fact.year} for {fact.body}: a close is taken back by "
            f"`poolbook year reopen`, and made again by `poolbook year close`."
        )
    if depth >= _DEEPEST:
        raise Refused(
            f"#{event.number} of {event.arrangement} has been reversed and reinstated {depth} times over: "
            f"record the fact anew, under a reference of its own."
        )
    again = depth % 2 == 1
    adjusted = head.item("charge", str(event.number))
    if adjusted is not None and adjusted.records:
        raise Refused(
            f"#{event.number} of {event.arrangement} was adjusted since, when its ratio was varied: reverse first the "
            f"ChargeAdjusted of it (`poolbook report journal {event.arrangement}` shows it)."
        )
    posted = negated(event.entries)
    try:
        if check := _CHECKS.get(type(fact)):
            check(head, terms, fact, again)
        guard(head, posted)
    except Obstructed as obstructed:
        since = "took its place" if again else "used it"
        raise Refused(f"#{event.number} cannot be reversed. {obstructed.why}: reverse first what {since} since.") from None
    return e.FactReversed(reverses=event.number, fact=event.fact), posted


def _recharge(head: Head, terms: Terms, fact: e.RechargeRaised, again: bool) -> None:
    adds = fact.amount if again else -fact.amount
    if adds < 0:
        refuse_below_nil(head, fact.scheme, fact.fund, -adds)
    elif again and not terms.entity:
        refuse_beyond_net_cost(head, fact.scheme, fact.fund, adds)


def _refund(head: Head, terms: Terms, fact: e.ContributionRefunded, again: bool) -> None:
    if again:
        refuse_refund_beyond(head, terms, fact)


def _set_off(head: Head, terms: Terms, fact: e.BalancesSetOff, again: bool) -> None:
    if again:
        refuse_set_off_beyond(head, terms, fact)


def _acquired(head: Head, _terms: Terms, fact: e.AssetAcquired, again: bool) -> None:
    item = head.item("asset", fact.asset)
    if item is not None and item.records and again:
        refuse_another(fact.asset, "asset", item, fact.book, fact.scheme, fact.fund)
    elif not again:
        _refuse_moved(head, fact.asset, fact.book)


def _depreciated(head: Head, _terms: Terms, fact: e.AssetDepreciated, _again: bool) -> None:
    _refuse_moved(head, fact.asset, fact.book)


def _transferred(head: Head, _terms: Terms, fact: e.AssetTransferred, again: bool) -> None:
    if again:
        _refuse_moved(head, fact.asset, fact.giver, (fact.cost, fact.depreciation))
    else:
        _refuse_moved(head, fact.asset, fact.taker, (fact.cost - fact.depreciation, 0))


def _disposed(head: Head, _terms: Terms, fact: e.AssetDisposed, again: bool) -> None:
    if again:
        _refuse_moved(head, fact.asset, fact.book, (fact.cost, fact.depreciation))
    else:
        _refuse_moved(head, fact.asset, "")


def _recognised(head: Head, _terms: Terms, fact: e.LiabilityRecognised, again: bool) -> None:
    item = head.item("liability", fact.liability)
    if again and item is not None and item.records:
        refuse_another(fact.liability, "liability", item, fact.book, fact.scheme, "")


def _refuse_moved(head: Head, asset: str, holder: str, stands: tuple[int, int] | None = None) -> None:
    """Refuse where the asset is no longer where the fact left it, or no longer at that cost and depreciation."""
    item = head.item("asset", asset)
    now = item.holder if item is not None and item.records else None
    moved = now != holder
    if stands is not None and not moved:
        moved = stands != (head.balance(holder, cost(asset)), -head.balance(holder, depreciation(asset)))
    if moved:
        held = f" (it is held by {now})" if now else ""
        raise Obstructed(
            f"{asset} has been bought, worn off, passed on or disposed of since{held}", "reverse first what came after"
        )


_CHECKS: dict[type, Callable[[Head, Terms, Any, bool], None]] = {
    e.RechargeRaised: _recharge,
    e.ContributionRefunded: _refund,
    e.BalancesSetOff: _set_off,
    e.AssetAcquired: _acquired,
    e.AssetDepreciated: _depreciated,
    e.AssetTransferred: _transferred,
    e.AssetDisposed: _disposed,
    e.LiabilityRecognised: _recognised,
}
"""Fact → what must still hold for its reversal (or, again, for the reversal of that)."""
