"""The recharge run: every scheme's net cost not yet recharged, up to a day, charged by year and ratio in force.

Source: accounting rules, “Dates” and “Funds”. A recharge bears the date of the costs it charges: the last day of the period,
and a period ends with the financial year. A fund is charged first, as far as it reaches; the rest is charged without the tag.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from ledger import events as e
from ledger.accounts import in_advance
from ledger.agreement import Terms
from ledger.calendar import year_of
from ledger.chronicle import Chronicle
from ledger.decisions.recharge import split_between
from ledger.errors import Refused
from ledger.requests import Request
from ledger.state import Head


class Period(NamedTuple):
    """Days that are recharged together, as of the last of them."""

    first: date
    last: date


def recharge_run(chronicle: Chronicle, head: Head, to: date) -> Iterator[tuple[e.RechargeRaised, date]]:
    """The recharges to raise, each with its date; the head must have taken each in before the next is asked for.

    Amounts come first, then what is given back, so that a cost moved between years is charged in one run; running again
    raises nothing. Measured on the costs up to the day. Raises Refused where the arrangement does not recharge.
    """
    terms = head.terms_on(to)
    if not terms.lead:
        raise Refused(
            f"{terms.agreement.code} has no pool that recharges its net cost: there is nothing to run. "
            f"A venture's service charge is raised by itself, with `recharge raise`."
        )
    give_back: list[Request] = []
    for scheme, period in _periods(chronicle, head, to):
        terms = head.terms_on(period.last)
        wanted = {tag: chronicle.unrecharged(scheme, tag, *period) for tag in ("", *terms.funds)}
        untagged = sum(wanted.values())
        for fund in terms.funds:
            request = Request("recharge", period.last, _within_fund(terms, head, wanted[fund], scheme, fund),
                              scheme=scheme, fund=fund)  # fmt: skip
            untagged -= request.amount
            if request.amount > 0:
                yield split_between(head, terms, request), period.last
            elif request.amount < 0:
                give_back.append(request)
        request = Request("recharge", period.last, untagged, scheme=scheme)
        if untagged > 0:
            yield split_between(head, terms, request), period.last
        elif untagged < 0:
            give_back.append(request)
    for request in give_back:
        there = sum(head.charge(request.scheme, request.fund).recharged.values())
        amount = -min(-request.amount, max(there, 0))
        if amount:
            terms = head.terms_on(request.effective_on)
            yield split_between(head, terms, replace(request, amount=amount)), request.effective_on


def _periods(chronicle: Chronicle, head: Head, to: date) -> Iterator[tuple[str, Period]]:
    """Each scheme with its periods of unchanged ratio within a financial year, year by year."""
    days = [day for charges in chronicle.by_day.values() for day in charges if day <= to]
    year = year_of(min(days, default=date.max), head.terms_on(to).year_start)
    while year.first <= to:
        last = min(year.last, to)
        for scheme in head.terms.schemes(year.first, last):
            first = year.first
            for day in head.terms.ratio_changes(scheme, year.first, last):
                yield scheme, Period(first, day - timedelta(days=1))
                first = day
            yield scheme, Period(first, last)
        if last == to:
            return
        year = year.next


def _within_fund(terms: Terms, head: Head, wanted: int, scheme: str, fund: str) -> int:
    """As much of what a fund is to meet as is left in it; or to take back as was drawn from it."""
    if wanted > 0:
        return min(wanted, -sum(head.balance(terms.keeper, in_advance(party, fund)) for party in terms.parties))
    return -min(-wanted, sum(head.charge(scheme, fund).recharged.values()))
