"""Recharges of net cost, and a venture's service charges: decided once, and stored with every part."""

from __future__ import annotations

from ledger import events as e
from ledger.accounts import debtors, in_advance
from ledger.agreement import Ratio, Terms
from ledger.decisions.expenditure import agreed_ratio
from ledger.decisions.guards import or_less
from ledger.errors import Obstructed, Refused
from ledger.money import sterling
from ledger.requests import Request
from ledger.state import Head


def raised(head: Head, terms: Terms, asked: Request) -> e.RechargeRaised:
    """Refuse more than the scheme's net cost not yet recharged; split it by the ratio in force on the day.

    With a fund, it is split by what each contributor has left in it, and draws only that. A negative amount may not take
    what the scheme has been recharged below nil.
    """
    if asked.amount < 0:
        refuse_below_nil(head, asked.scheme, asked.fund, -asked.amount)
    if terms.entity:
        return _service_charge(head, terms, asked)
    if asked.amount > 0:
        refuse_beyond_net_cost(head, asked.scheme, asked.fund, asked.amount)
    return split_between(head, terms, asked)


def split_between(head: Head, terms: Terms, asked: Request) -> e.RechargeRaised:
    """Split an amount by the ratio in force, or with a fund by what is left in it, and draw before billing."""
    return _from_fund(head, terms, asked) if asked.fund else _from_all(head, terms, asked)


def net_cost_left(head: Head, scheme: str, fund: str = "") -> int:
    """A scheme's net cost not yet recharged: in all, or as far as it bears a fund's tag too."""
    charges = head.state.charges.get(scheme, {})
    left = sum(charge.net_cost - sum(charge.recharged.values()) for charge in charges.values())
    if not fund:
        return left
    tagged = head.charge(scheme, fund)
    return min(left, tagged.net_cost - sum(tagged.recharged.values()))


def refuse_below_nil(head: Head, scheme: str, fund: str, gives_back: int) -> None:
    """Refuse to give back more than the scheme has been recharged under the same tag: ring-fenced money stays so."""
    so_far = sum(head.charge(scheme, fund).recharged.values())
    if gives_back > so_far:
        tag = f" from {fund}" if fund else ", untagged"
        raise Obstructed(
            f"{scheme} has been recharged {sterling(so_far)}{tag}, so {sterling(gives_back)} cannot be given back",
            or_less("give back", so_far) or "there is nothing to give back",
        )


def refuse_beyond_net_cost(head: Head, scheme: str, fund: str, amount: int) -> None:
    """Refuse to recharge more than the net cost not yet recharged, in all and under the tag."""
    left = net_cost_left(head, scheme, fund)
    if amount > left:
        tag = f" that bears the tag {fund}" if fund else ""
        rest = ", and the rest without the tag" if fund else ""
        raise Obstructed(
            f"{scheme} has {sterling(left)} of net cost not yet recharged{tag}, so {sterling(amount)} cannot be",
            or_less("recharge", left) + rest if left > 0 else "record first the cost that it is for",
        )


def _from_all(head: Head, terms: Terms, asked: Request) -> e.RechargeRaised:
    pool, ratio = terms.keeper, agreed_ratio(terms, asked.scheme)
    drawn, billed = {}, {}
    for party, part in terms.shared(asked.amount, ratio).items():
        if part > 0:
            drawn[party] = min(part, -head.balance(pool, in_advance(party)))
            billed[party] = part - drawn[party]
        else:
            billed[party] = -min(-part, max(head.balance(pool, debtors(party)), 0))
            drawn[party] = part - billed[party]
    return _recharge(asked, ratio, drawn, billed)


def _from_fund(head: Head, terms: Terms, asked: Request) -> e.RechargeRaised:
    if asked.amount < 0:
        ratio = {party: part for party, part in head.charge(asked.scheme, asked.fund).recharged.items() if part > 0}
    else:
        ratio = {}
        for party in terms.parties:
            if there := -head.balance(terms.keeper, in_advance(party, asked.fund)):
                ratio[party] = there
        if asked.amount > sum(ratio.values()):
            left = sum(ratio.values())
            raise Obstructed(
                f"{asked.fund} has {sterling(left)} left in {terms.agreement.code}, so {sterling(asked.amount)} cannot be "
                f"drawn from it",
                or_less("recharge", left) + ", and the rest without the tag" if left else "recharge it without the tag",
            )
    return _recharge(asked, ratio, terms.shared(asked.amount, ratio), {})


def _service_charge(head: Head, terms: Terms, asked: Request) -> e.RechargeRaised:
    if asked.fund:
        raise Refused(
            f"{terms.keeper} holds no fund's money in advance, so a service charge cannot draw on {asked.fund}: "
            f"leave fund out."
        )
    ratio = agreed_ratio(terms, asked.scheme)
    billed, credited = {}, {}
    for party, part in terms.shared(asked.amount, ratio).items():
        billed[party] = part
        if part < 0:
            billed[party] = -min(-part, max(head.balance(terms.keeper, debtors(party)), 0))
            credited[party] = part - billed[party]
    return _recharge(asked, ratio, {}, billed, credited)


def _recharge(
    asked: Request, ratio: Ratio, drawn: e.Parts, billed: e.Parts, credited: e.Parts | None = None
) -> e.RechargeRaised:
    return e.RechargeRaised(
        scheme=asked.scheme, amount=asked.amount, ratio=ratio, fund=asked.fund,
        drawn=_above_nil(drawn), billed=_above_nil(billed), credited=_above_nil(credited or {}),
    )  # fmt: skip


def _above_nil(parts: e.Parts) -> e.Parts:
    return {party: part for party, part in parts.items() if part}
