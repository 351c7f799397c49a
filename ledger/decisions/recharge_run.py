"""The recharge run: every scheme's net cost not yet recharged, up to a day, charged by year and ratio in force.

Source: accounting rules, “Dates” and “Funds”. A recharge bears the date of the costs it charges: the last day of the period,
and a period ends with the financial year. A fund is charged first, as far as it reaches; the rest is charged without the tag.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ledger.accounts import in_advance
from ledger.agreement import Terms
from ledger.calendar import year_of
from ledger.chronicle import Chronicle
from ledger.decisions.recharge import net_cost_left
from ledger.errors import Refused
from ledger.requests import Request
from ledger.state import Head


class Period(NamedTuple):
    """Days that are recharged together, as of the last of them."""

    first: date
    last: date


def recharge_run(chronicle: Chronicle, head: Head, to: date) -> Iterator[Request]:
    """The recharges to raise, one at a time; the head must have taken each in before the next is asked for.

    Raises Refused where the arrangement does not recharge.
    """
    terms = head.terms_on(to)
    if not terms.lead:
        raise Refused(
            f"{terms.agreement.code} has no pool that recharges its net cost: there is nothing to run. "
            f"A venture's service charge is raised by itself, with `recharge raise`."
        )
    for period in _periods(chronicle, terms, to):
        for scheme in terms.schemes:
            left = sum(chronicle.unrecharged(scheme, tag, *period) for tag in ("", *terms.funds))
            for fund in terms.funds:
                amount = _from_fund(chronicle, terms, head, scheme, fund, period)
                if amount:
                    yield Request(type="recharge", effective_on=period.last, amount=amount, scheme=scheme, fund=fund)
                    left -= amount
            amount = _untagged(head, scheme, left)
            if amount:
                yield Request(type="recharge", effective_on=period.last, amount=amount, scheme=scheme)


def _periods(chronicle: Chronicle, terms: Terms, to: date) -> list[Period]:
    days = [day for charges in chronicle.by_day.values() for day in charges if day <= to]
    if not days:
        return []
    year = year_of(min(days), terms.year_start)
    periods = []
    while to > year.last:
        periods.append(Period(year.first, year.last))
        year = year.next
    return [*periods, Period(year.first, to)]


def _from_fund(chronicle: Chronicle, terms: Terms, head: Head, scheme: str, fund: str, period: Period) -> int:
    wanted = chronicle.unrecharged(scheme, fund, *period)
    if wanted < 0:
        return -min(-wanted, sum(head.charge(scheme, fund).recharged.values()))
    held = -sum(head.balance(terms.keeper, in_advance(party, fund)) for party in terms.parties)
    return min(wanted, held, max(net_cost_left(head, scheme, fund), 0))


def _untagged(head: Head, scheme: str, wanted: int) -> int:
    if wanted < 0:
        return -min(-wanted, max(sum(head.charge(scheme, "").recharged.values()), 0))
    return min(wanted, max(net_cost_left(head, scheme), 0))
