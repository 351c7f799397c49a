"""What a year comes to: each scheme's variance, what each party bears of it, and what it was charged.

Source: accounting rules, “The year end”, steps 2 and 3. All is measured on the arrangement replayed; amounts are pence.
"""

from __future__ import annotations

from typing import NamedTuple

from ledger import events as e
from ledger.agreement import Terms
from ledger.calendar import Year
from ledger.chronicle import Chronicle
from ledger.decisions.risk_share import Variance, borne


class Outcome(NamedTuple):
    """What the risk share comes to: each scheme's variance, each step, and by party what it bears, was charged, owes."""

    variances: list[Variance]
    steps: list[e.Step]
    borne: dict[str, int]
    charged: dict[str, int]
    true_ups: dict[str, int]
    held: list[Variance]
    """Variances that no agreed rule shares: held unallocated, by name."""


def outcome(chronicle: Chronicle, terms: Terms, year: Year | None = None) -> Outcome:
    """The risk share of the year in view, or of one before it; raises Refused where the agreement lacks a rule it needs."""
    year = year or chronicle.the_year
    variances = _variances(chronicle, terms, year)
    risk = terms.agreement.risk
    if risk is None or risk.undecided:
        held = [variance for variance in variances if variance.amount] if risk else []
        return Outcome(variances, [], {}, {}, {}, held)
    steps = borne(terms, variances, _reserve(chronicle, terms, year))
    bears = {party: sum(step.amount for step in steps if step.party == party) for party in terms.parties}
    charged = _charged(chronicle, terms, year, [variance.scheme for variance in variances])
    return Outcome(variances, steps, bears, charged, {p: bears[p] - charged[p] for p in terms.parties}, [])


def _variances(chronicle: Chronicle, terms: Terms, year: Year) -> list[Variance]:
    budgets = chronicle.budgets_of(year.label)
    return [
        Variance(code, budgets[code], _net_cost(chronicle, terms, year, code) - sum(budgets[code].values()), scheme.risk)
        for code, scheme in terms.schemes.items()
        if code in budgets
    ]


def _net_cost(chronicle: Chronicle, terms: Terms, year: Year, scheme: str) -> int:
    """A scheme's net cost of the year, without what capital funds met.

    Income beyond what can still be given back of recharges stays in the pool: it is no part of it.
    """
    total = left = 0
    for tag in ("", *terms.funds):
        charge = chronicle.charged(scheme, tag, year.first, year.last)
        met = sum(charge.recharged.values())
        total += charge.net_cost - (met if _is_capital(terms, tag) else 0)
        left += charge.net_cost - met
    given_back = not any(chronicle.charge(scheme, tag).recharged for tag in ("", *terms.funds))
    return total - min(left, 0) if given_back else total


def _charged(chronicle: Chronicle, terms: Terms, year: Year, schemes: list[str]) -> dict[str, int]:
    """What each party was charged of the schemes for the year, by recharges and true-ups."""
    charged = dict.fromkeys(terms.parties, 0)
    parts = [
        chronicle.charged(scheme, tag, year.first, year.last).recharged
        for scheme in schemes
        for tag in ("", *terms.funds)
        if not _is_capital(terms, tag)
    ]
    for _number, fact in chronicle.of_year(e.TrueUpRaised, year.label):
        parts += [fact.drawn, fact.billed]
    for each in parts:
        for party, part in each.items():
            charged[party] += part
    return charged


def _is_capital(terms: Terms, fund: str) -> bool:
    return bool(fund) and terms.funds[fund].kind == "capital"


def _reserve(chronicle: Chronicle, terms: Terms, year: Year) -> dict[str, int]:
    """Each party's untagged contributions brought forward, less refunds since; what settling the year returned is no such
    refund, for it was returned after the reserve had served.
    """
    reserve = dict.fromkeys(terms.parties, 0)
    for (party, posted_on), amount in chronicle.advances.items():
        if posted_on < year.first:
            reserve[party] += amount
    settled = chronicle.settled.get(year.label, set())
    for refund in chronicle.refunds:
        if year.first <= refund.posted_on <= year.last and refund.number not in settled:
            reserve[refund.party] -= refund.amount
    return reserve
