"""The year end of a pool that recharges: checks, risk share, true-up, unspent contributions, close.

Source: accounting rules, “The year end”. Everything is measured on the arrangement replayed with the year in view; amounts
are pence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ledger import events as e
from ledger.accounts import creditors, debtors, in_advance
from ledger.agreement import Terms
from ledger.agreement.terms import POOL
from ledger.calendar import Year, year_of
from ledger.chronicle import Chronicle
from ledger.decisions.risk_share import Variance, borne
from ledger.decisions.year_checks import refuse_blocked
from ledger.errors import Refused
from ledger.money import sterling
from ledger.state import Head


class Outcome(NamedTuple):
    """What the risk share comes to: each scheme's variance, each step, and by party what it bears, was charged, owes."""

    variances: list[Variance]
    steps: list[e.Step]
    borne: dict[str, int]
    charged: dict[str, int]
    true_ups: dict[str, int]
    held: list[Variance]
    """Variances that no agreed rule shares: held unallocated, by name."""


def outcome(chronicle: Chronicle, terms: Terms) -> Outcome:
    """The risk share of the year; raises Refused where it needs a rule that the agreement does not have."""
    year = chronicle.the_year
    variances = _variances(chronicle, terms, year)
    risk = terms.agreement.risk
    if risk is None or risk.undecided:
        held = [variance for variance in variances if variance.amount] if risk else []
        return Outcome(variances, [], {}, {}, {}, held)
    steps = borne(terms, variances, _reserve(chronicle, terms))
    bears = {party: sum(step.amount for step in steps if step.party == party) for party in terms.parties}
    charged = dict.fromkeys(terms.parties, 0)
    for variance in variances:
        for tag in ("", *(code for code, fund in terms.funds.items() if fund.kind != "capital")):
            for party, part in chronicle.charged(variance.scheme, tag, year.first, year.last).recharged.items():
                charged[party] += part
    for _number, fact in chronicle.of_year(e.TrueUpRaised):
        for parts in (fact.drawn, fact.billed):
            for party, part in parts.items():
                charged[party] += part
    return Outcome(variances, steps, bears, charged, {p: bears[p] - charged[p] for p in terms.parties}, [])


def _variances(chronicle: Chronicle, terms: Terms, year: Year) -> list[Variance]:
    variances = []
    for code, scheme in terms.schemes.items():
        budgets = chronicle.budgets.get(code)
        if budgets is None:
            continue
        spent = -sum(budgets.values())
        for tag in ("", *terms.funds):
            charge = chronicle.charged(code, tag, year.first, year.last)
            met = sum(charge.recharged.values()) if tag and terms.funds[tag].kind == "capital" else 0
            spent += charge.net_cost - met
        variances.append(Variance(code, budgets, spent, scheme.risk))
    return variances


def _reserve(chronicle: Chronicle, terms: Terms) -> dict[str, int]:
    opening = chronicle.opening.get(terms.keeper, {})
    reserve = {party: -opening.get(in_advance(party), 0) for party in terms.parties}
    for found in chronicle.occurrences:
        if isinstance(found.fact, e.ContributionRefunded) and not found.fact.fund:
            reserve[found.fact.party] -= found.sign * found.fact.amount
    for _number, decided in chronicle.of_year(e.UnspentDecided):
        for party, returned in decided.left.items() if decided.decision == "return" else ():
            reserve[party] += returned  # settling the year returned it, after the reserve had served
    return reserve


def settle(chronicle: Chronicle, terms: Terms, head: Head, unspent: str) -> Iterator[e.Fact]:
    """The true-up, then what becomes of unspent contributions; nothing where both are done already.

    Each fact must have been taken in by the head before the next is asked for. `unspent` is return, carry_forward or retain.
    """
    if not terms.lead:
        raise Refused(
            f"{terms.agreement.code} has no pool that recharges: a venture keeps its own result, and other parties bear "
            f"their own. There is nothing to settle."
        )
    refuse_blocked(chronicle, terms, "settled")
    true_up = _true_up(head, terms, chronicle)
    if true_up is not None:
        yield true_up
    yield from _unspent(chronicle, terms, head, unspent, true_up)


def _true_up(head: Head, terms: Terms, chronicle: Chronicle) -> e.TrueUpRaised | None:
    found = outcome(chronicle, terms)
    parts = {party: part for party, part in found.true_ups.items() if part}
    if not parts:
        return None
    if sum(parts.values()):
        raise Refused(
            f"The true-ups of {terms.agreement.code} come to {sterling(sum(parts.values()))} and not to nil: recharge first "
            f"all net cost of the year, for every scheme with a budget."
        )
    drawn, billed = {}, {}
    for party, part in parts.items():
        if part > 0:
            drawn[party] = min(part, -head.balance(terms.keeper, in_advance(party)))
            billed[party] = part - drawn[party]
        else:
            billed[party] = -min(-part, max(head.balance(terms.keeper, debtors(party)), 0))
            drawn[party] = part - billed[party]
    return e.TrueUpRaised(
        year=chronicle.the_year.label,
        drawn={party: part for party, part in drawn.items() if part},
        billed={party: part for party, part in billed.items() if part},
        borne={party: amount for party, amount in found.borne.items() if amount},
        charged={party: amount for party, amount in found.charged.items() if amount},
        steps=found.steps,
    )


def unspent_now(chronicle: Chronicle, terms: Terms, head: Head, true_up: e.TrueUpRaised | None) -> dict[str, int]:
    """Each party's untagged contributions left at the year's end, as far as they have not been used since."""
    drawn = true_up.drawn if true_up else {}
    left = {}
    for party in terms.parties:
        account = in_advance(party)
        at_the_end = -chronicle.pool_at_end[account] - drawn.get(party, 0)
        left[party] = max(min(at_the_end, -head.balance(terms.keeper, account)), 0)
    return {party: amount for party, amount in left.items() if amount}


def _unspent(
    chronicle: Chronicle, terms: Terms, head: Head, decision: str, true_up: e.TrueUpRaised | None
) -> Iterator[e.Fact]:
    left = unspent_now(chronicle, terms, head, true_up)
    year = chronicle.the_year
    before = [(fact.decision, fact.left) for _number, fact in chronicle.of_year(e.UnspentDecided)]
    risk = terms.agreement.risk
    decision = decision or (risk.underspend if risk else "")
    if not left or (decision != "return" and before[-1:] == [(decision, left)]):
        return
    if not decision:
        whose = ", ".join(f"{party} {sterling(amount)}" for party, amount in left.items())
        raise Refused(
            f"{terms.agreement.code} has contributions left unspent in {year.label} ({whose}), and nothing says what becomes "
            f"of them; they never fall to the lead. Say --unspent return, carry_forward or retain."
        )
    for party, amount in left.items() if decision == "return" else ():
        yield e.ContributionRefunded(party=party, amount=amount)
        owed = -head.balance(terms.keeper, creditors(party))
        both = min(owed, head.balance(terms.keeper, debtors(party)))
        if both > 0:
            yield e.BalancesSetOff(party=party, amount=both)
    yield e.UnspentDecided(year=year.label, decision=decision, left=left)


def close(chronicle: Chronicle, terms: Terms, body: str) -> e.YearClosed:
    """A body's books of the year; years close in order, and not while a blocker stands."""
    year = chronicle.the_year
    _known_body(terms, body)
    refuse_blocked(chronicle, terms, "closed")
    expected = _next_to_close(chronicle, terms, body)
    if year != expected:
        raise Refused(
            f"{body} closes its years in order, and {expected.label} is the next: close that first."
            if year.first > expected.first
            else f"{body} has closed {year.label} already: to change it, reopen it first."
        )
    balances = {}
    for book in books_of(terms, body):
        standing = chronicle.closing.get(book, {})
        balances[book] = {account: amount for account, amount in sorted(standing.items()) if amount}
    return e.YearClosed(body=body, year=year.label, first=year.first, opens=year.next.first, balances=balances)


def books_of(terms: Terms, body: str) -> list[str]:
    """The books that close with a body: its own, and the pool with its lead's."""
    return [body, terms.keeper] if body == terms.lead else [body]


def _next_to_close(chronicle: Chronicle, terms: Terms, body: str) -> Year:
    last = chronicle.last_close(body)
    return Year(last[1].opens) if last else year_of(terms.agreement.starts, terms.year_start)


def _known_body(terms: Terms, body: str) -> None:
    if body == POOL and terms.lead:
        raise Refused(f"{POOL} closes and reopens with its lead's own book: name {terms.lead}.")
    terms.known_book(body, "body")


def reopen(chronicle: Chronicle, terms: Terms, body: str) -> tuple[int, e.YearClosed]:
    """The close to reverse: only a body's last one."""
    _known_body(terms, body)
    year, last = chronicle.the_year, chronicle.last_close(body)
    if last is None or last[1].year != year.label:
        stands = f"the last year it closed is {last[1].year}: reopen that first" if last else "it has closed none"
        raise Refused(f"{body} cannot reopen {year.label}: {stands}.")
    return last
