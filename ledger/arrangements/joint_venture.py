"""A joint venture: a separate entity keeps its own accounts, funded by grant, capital or charges (guide, “Joint Venture”)."""

from __future__ import annotations

from functools import cache

from ledger import events as e
from ledger.agreement import Terms
from ledger.arrangements import lead_body
from ledger.arrangements import postings as p
from ledger.arrangements.rules import Posting, Posts, Rules, keeper_buys, keeper_only

_CHARGE_ONLY = (
    "{terms.keeper} is funded by charges alone, so no contribution falls due in {arrangement}. "
    "Raise a recharge: it is the venture's service charge."
)
_NO_CHARGE = (
    "{terms.keeper} does not charge its owners in {arrangement}: it is funded by {terms.agreement.roles.funding[0]}. "
    "Record what they owe it as a contribution due."
)
_NO_REFUND = (
    "{terms.keeper} holds no grant to refund in {arrangement}. "
    "Take a charge back by a negative recharge; capital comes back when the venture is wound up."
)

_DUE: dict[str, Posting] = {"grant": p.grant_due, "capital": p.capital_due}


@cache
def _funded_by(funding: tuple[str, ...]) -> Rules:
    other = next((kind for kind in funding if kind != "charge"), "")
    posts: Posts = {
        **lead_body.POSTS,
        e.ContributionDue: _DUE.get(other, _CHARGE_ONLY),
        e.BillRaised: (
            "{arrangement} is a joint venture: {terms.keeper} charges its owners, it has no contractor's bills. "
            "Record what a supplier charges as expenditure, and what the owners owe as a recharge or a contribution."
        ),
        e.RechargeRaised: p.service_charge if "charge" in funding else _NO_CHARGE,
        e.ChargeAdjusted: p.service_charge,
        e.ContributionRefunded: p.grant_refund if other == "grant" else _NO_REFUND,
    }
    return Rules(posts=posts, book=keeper_only, holder=keeper_only, buyers=keeper_buys)


def rules(terms: Terms) -> Rules:
    """The rules of a joint venture with its ways of funding."""
    return _funded_by(tuple(terms.agreement.roles.funding))
