"""What outlives an arrangement and turns out at another amount than it was kept at."""

from __future__ import annotations

from ledger import events as e
from ledger.accounts import CASH, CREDITORS, PROVISIONS, RESERVE, creditors, debtors
from ledger.agreement import Ratio, Terms
from ledger.errors import Refused, did_you_mean
from ledger.money import sterling
from ledger.requests import Adjusting
from ledger.state import Head


def adjusted(head: Head, terms: Terms, completed: e.Fact | None, asked: Adjusting) -> e.SurvivorAdjusted:
    """A survivor at an amount more, or less; the difference falls on those whose payments wait for it, or by its shares.

    Raises Refused before the arrangement was completed, for what did not survive it, and beyond what is left of it.
    """
    if not isinstance(completed, e.ArrangementCompleted):
        raise Refused(
            f"{head.stream} has not been completed, so nothing outlives it yet: reverse what was wrong, and record it anew."
        )
    survivor = _named(completed, asked.name)
    there = head.balance(terms.keeper, survivor.account)
    if not asked.amount:
        raise Refused(f"{survivor.name} cannot be adjusted by nil: say by how much it is more, or less.")
    if not there or abs(there) + asked.amount < 0:
        raise Refused(
            f"{survivor.name} stands at {sterling(abs(there))} in {survivor.account} of {terms.keeper}, so it cannot be "
            f"adjusted by {sterling(asked.amount)}: take that or less off it."
        )
    for party in asked.whose:
        terms.known_party(party, "whose")
    moves = asked.amount if there > 0 else -asked.amount
    ratio = asked.whose or _bears(terms, completed, survivor)
    bears = terms.shared(-moves, ratio) if ratio else {}
    pool = {} if ratio else {RESERVE: -moves}
    own = next((party for party in terms.parties if survivor.account in (debtors(party), creditors(party))), "")
    if own:
        bears[own] = bears.get(own, 0) + moves
    else:
        pool[survivor.account] = pool.get(survivor.account, 0) + moves
    against = {party: _against(head, terms.keeper, party, part) for party, part in bears.items()}
    return e.SurvivorAdjusted(
        name=survivor.name,
        pool=pool,
        debtors={party: moved for party, (moved, _) in against.items() if moved},
        creditors={party: moved for party, (_, moved) in against.items() if moved},
    )


def _named(completed: e.ArrangementCompleted, name: str) -> e.Survivor:
    found = {each.name: each for each in completed.survivors if each.why in _ADJUSTED and each.account != CASH}
    if name not in found:
        raise Refused(f"“{name}” names nothing that outlived the arrangement{did_you_mean(name, list(found))}")
    return found[name]


_ADJUSTED = ("disputed", "held", "not_called")


def _bears(terms: Terms, completed: e.ArrangementCompleted, survivor: e.Survivor) -> Ratio:
    """Those whose payments wait for it; else, where the parties answer for the pool, its own shares or the residual's."""
    waits = {each.account: -each.amount for each in completed.survivors if (each.name, each.why) == (survivor.name, "waits")}
    waiting = {party: waits[creditors(party)] for party in terms.parties if creditors(party) in waits}
    called_in = survivor.why == "held" and survivor.account.startswith((PROVISIONS, CREDITORS))
    if waiting or not (called_in or survivor.account == RESERVE):
        return waiting
    item = next((item for item in completed.items if survivor.name == f"{item.kind} {item.code}"), None)
    return (item.ratio if item else {}) or completed.residual_ratio or terms.agreement.shares.recharge


def _against(head: Head, keeper: str, party: str, part: int) -> tuple[int, int]:
    """What a part moves of the pool's debtor and of its creditor: first what is there to be lessened."""
    if part > 0:
        lessened = min(part, max(-head.balance(keeper, creditors(party)), 0))
        return part - lessened, lessened
    lessened = min(-part, max(head.balance(keeper, debtors(party)), 0))
    return -lessened, part + lessened
