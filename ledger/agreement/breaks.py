"""What a variation would break: terms that no longer fit together, though each table does by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ledger.agreement.model import ROLES, Agreement, Ratio
from ledger.agreement.terms import folded
from ledger.calendar import year_labelled, year_start


class Break(NamedTuple):
    """What no longer fits, and the table of the variation's file that it comes from."""

    table: tuple[str, ...]
    sentence: str


def breaks(before: Agreement, after: Agreement, on: date) -> Iterator[Break]:
    """Everything that does not fit together in the terms after a variation, which takes effect on a day."""
    yield from _bodies(before, after)
    yield from _ratios(before, after)
    yield from _plans(after, on)


def _bodies(before: Agreement, after: Agreement) -> Iterator[Break]:
    parties, roles = [party.code for party in after.parties], after.roles
    if len(parties) < 2:
        yield Break(("leaver",), f"only {' and '.join(parties) or 'nobody'} would be left, and an agreement has two parties")
    needed, allowed = ROLES[after.type]
    for role in ROLES[after.type][0]:
        if not getattr(roles, role):
            yield Break(("arrangement", "type"), f"type {after.type} needs {role}: give [roles]")
    for role in roles.__struct_fields__:
        if getattr(roles, role) and role not in (*needed, *allowed):
            yield Break(
                ("arrangement", "type"), f"an arrangement of type {after.type} has no {role}: give [roles] without it"
            )
    for role in ("lead", "billing_lead"):
        code = getattr(roles, role)
        if code and code not in parties:
            yield Break(("leaver",), f"{code} is the {role.replace('_', ' ')}, so it cannot leave: name another in [roles]")
    for role in ("contractor", "entity"):
        body, stood = getattr(roles, role), getattr(before.roles, role)
        if body and body.code in parties:
            yield Break(("party",), f"{body.code} is the {role}'s code: give the party another")
        if body and stood and body.code != stood.code:
            yield Break(("roles", role), f"the {role} stays {stood.code}: another one is another arrangement")
    near = folded([*parties, *(body.code for body in (roles.contractor, roles.entity) if body)])
    rows = [
        *(("fund", fund.code) for fund in after.funds),
        *(("asset", asset.code) for asset in after.assets),
        *(("liability", liability.code) for liability in after.liabilities),
        *(("indicator", indicator.code) for indicator in after.indicators),
    ]
    for table, code in rows:
        if near.get(code.casefold(), code) != code:
            book = near[code.casefold()]
            yield Break(("party",), f"{book} differs from the {table} {code} only by case: use another code")


def _ratios(before: Agreement, after: Agreement) -> Iterator[Break]:
    left = dict(_named(after))
    for name, ratio in _named(before):
        if ratio and name in left and not left[name] and set(ratio).isdisjoint(party.code for party in after.parties):
            gone = " and ".join(ratio)
            yield Break(("leaver",), f"{name} names {gone} alone, which would be gone: say who bears it then")
    recharging = after.type == "lead_body" or bool(after.roles.billing_lead)
    if after.risk and not recharging:
        yield Break(("roles",), "only a pool that recharges shares a risk: take [risk] away, with risk = true in [removed]")
    for scheme in after.schemes if not recharging else ():
        if scheme.risk:
            yield Break(("scheme",), f"only a pool that recharges shares a risk: give {scheme.code} without its risk")


def _named(agreement: Agreement) -> Iterator[tuple[str, Ratio]]:
    for name in agreement.shares.__struct_fields__:
        yield f"shares.{name}", getattr(agreement.shares, name)
    for scheme in agreement.schemes:
        yield f"the recharge ratio of {scheme.code}", scheme.recharge
        yield f"the risk ratio of {scheme.code}", scheme.risk
    for kind, rows in (("asset", agreement.assets), ("liability", agreement.liabilities)):
        for held in rows:
            yield f"the ratio of the {kind} {held.code}", held.shares
    if agreement.risk:
        yield "risk.underspend_shares", agreement.risk.underspend_shares
        for number, band in enumerate(agreement.risk.bands, 1):
            yield f"risk band {number}", band.shares


def _plans(after: Agreement, on: date) -> Iterator[Break]:
    schemes, funds = {scheme.code for scheme in after.schemes}, {fund.code for fund in after.funds}
    starts = year_start(after.year_starts)
    for budget in after.budgets:
        if budget.amount and budget.scheme not in schemes and year_labelled(budget.year, starts).last >= on:
            yield Break(
                ("removed", "schemes"),
                f"{budget.scheme} has a budget of {budget.party} for {budget.year}: set it to nil first",
            )
    for instalment in after.instalments:
        if instalment.on >= on and instalment.scheme and instalment.scheme not in schemes:
            yield Break(
                ("removed", "schemes"), f"{instalment.scheme} has an instalment on {instalment.on}: give [[instalment]]"
            )
        if instalment.on >= on and instalment.fund and instalment.fund not in funds:
            planned = f"{instalment.fund} has an instalment on {instalment.on}"
            yield Break(("removed", "funds"), f"{planned}: give the schedule without it")
    for indicator in after.indicators:
        if indicator.scheme and indicator.scheme not in schemes:
            measured = f"{indicator.scheme} is measured by {indicator.code}"
            yield Break(("removed", "schemes"), f"{measured}: take the indicator away too, or give it without the scheme")
