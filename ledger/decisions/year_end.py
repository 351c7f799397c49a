"""The year end of a pool that recharges: true-up, unspent contributions, close.

Source: accounting rules, “The year end”. Everything is measured on the arrangement replayed with the year in view; amounts
are pence.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger import events as e
from ledger.accounts import creditors, debtors, in_advance
from ledger.agreement import Terms
from ledger.agreement.terms import POOL
from ledger.calendar import Year, year_of
from ledger.chronicle import Chronicle
from ledger.decisions.year_checks import refuse_blocked
from ledger.decisions.year_outcome import outcome
from ledger.errors import Refused
from ledger.money import sterling
from ledger.state import Head


def settle(chronicle: Chronicle, terms: Terms, head: Head, unspent: str) -> Iterator[e.Fact]:
    """The true-up, then what becomes of unspent contributions; nothing where both are done already.

    Each fact must have been taken in by the head before the next is asked for. `unspent` is return, carry_forward or retain;
    empty, what was decided before holds, else what the agreement says.
    """
    if not terms.lead:
        raise Refused(
            f"{terms.agreement.code} has no pool that recharges: a venture keeps its own result, and other parties bear "
            f"their own. There is nothing to settle."
        )
    refuse_blocked(chronicle, terms, "settled")
    yield from _settlement(chronicle, terms, head, unspent)


def _settlement(chronicle: Chronicle, terms: Terms, head: Head, unspent: str) -> Iterator[e.Fact]:
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


def _unspent(chronicle: Chronicle, terms: Terms, head: Head, asked: str, true_up: e.TrueUpRaised | None) -> Iterator[e.Fact]:
    left = _left_at_the_end(chronicle, terms, true_up)
    year, name = chronicle.the_year, terms.agreement.code
    before = [fact for _number, fact in chronicle.of_year(e.UnspentDecided)][-1:]
    agreed = terms.agreement.risk.underspend if terms.agreement.risk else ""
    decision = asked or (before[0].decision if before else agreed)
    there = _as_far_as_it_is_there(left, terms, head)
    if not decision and there:
        whose = ", ".join(f"{party} {sterling(amount)}" for party, amount in there.items())
        raise Refused(
            f"{name} has contributions left unspent in {year.label} ({whose}), and nothing says what becomes of them; they "
            f"never fall to the lead. Decide it: poolbook year settle {name} --year {year.label} --unspent return, or "
            f"carry_forward, or retain."
        )
    if decision == "return" and there:
        yield from _returned(terms, head, there)
        yield e.UnspentDecided(year=year.label, decision=decision, left=there)
    elif decision not in ("", "return") and left and (decision, left) not in [(fact.decision, fact.left) for fact in before]:
        yield e.UnspentDecided(year=year.label, decision=decision, left=left)


def _returned(terms: Terms, head: Head, left: e.Parts) -> Iterator[e.Fact]:
    """The refunds, each set off against what the party still owes."""
    for party, amount in left.items():
        yield e.ContributionRefunded(party=party, amount=amount)
        both = min(-head.balance(terms.keeper, creditors(party)), head.balance(terms.keeper, debtors(party)))
        if both > 0:
            yield e.BalancesSetOff(party=party, amount=both)


def _left_at_the_end(chronicle: Chronicle, terms: Terms, true_up: e.TrueUpRaised | None) -> e.Parts:
    """Each party's untagged contributions not used at the year's last day, by business date."""
    drawn = true_up.drawn if true_up else {}
    left = {party: -chronicle.pool_at_end[in_advance(party)] - drawn.get(party, 0) for party in terms.parties}
    return {party: amount for party, amount in left.items() if amount > 0}


def _as_far_as_it_is_there(left: e.Parts, terms: Terms, head: Head) -> e.Parts:
    """What was left, without what has been used since: it cannot be returned."""
    there = {party: min(amount, -head.balance(terms.keeper, in_advance(party))) for party, amount in left.items()}
    return {party: amount for party, amount in there.items() if amount > 0}


def close(chronicle: Chronicle, terms: Terms, body: str) -> e.YearClosed:
    """A body's books of the year; years close in order, and not while a blocker stands."""
    year = chronicle.the_year
    _known_body(terms, body)
    expected = _next_to_close(chronicle, terms, body)
    if year != expected:
        raise Refused(
            f"{body} closes its years in order, and {expected.label} is the next: close that first."
            if year.first > expected.first
            else f"{body} has closed {year.label} already: to change it, reopen it first."
        )
    refuse_blocked(chronicle, terms, "closed")
    if body == terms.lead and not chronicle.state.completed:
        _refuse_unsettled(chronicle, terms)
    balances = {}
    for book in books_of(terms, body, completed=bool(chronicle.state.completed)):
        standing = chronicle.closing.get(book, {})
        balances[book] = {account: amount for account, amount in sorted(standing.items()) if amount}
    return e.YearClosed(body=body, year=year.label, first=year.first, opens=year.next.first, balances=balances)


def _refuse_unsettled(chronicle: Chronicle, terms: Terms) -> None:
    """The pool does not close with true-ups to be raised or money nobody has decided on; a party's own book may."""
    if next(_settlement(chronicle, terms, chronicle, ""), None) is not None:
        name, label = terms.agreement.code, chronicle.the_year.label
        raise Refused(
            f"{name} is not settled for {label}, so the pool's book and {terms.lead}'s cannot be closed: "
            f"poolbook year settle {name} --year {label}, then close."
        )


def books_of(terms: Terms, body: str, *, completed: bool = False) -> list[str]:
    """The books that close with a body: its own, and the pool with its lead's until it was closed for good."""
    return [body, terms.keeper] if body == terms.lead and not completed else [body]


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
