"""An agreement with a variation applied: each table that was given in its place, bodies succeeded or gone everywhere.

Source: interfaces, “The agreement”; accounting rules, “The end of an arrangement” (succession: shares add).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias, TypeVar

from msgspec.structs import replace

from ledger.agreement.model import (
    Agreement,
    Budget,
    Fund,
    Held,
    Indicator,
    Instalment,
    Party,
    Ratio,
    Removed,
    Risk,
    Roles,
    Scheme,
    Shares,
    Variation,
)
from ledger.calendar import year_labelled, year_start

Coded = TypeVar("Coded", Party, Scheme, Fund, Held, Indicator)
Planned = TypeVar("Planned", Budget, Instalment)


Departed: TypeAlias = Mapping[str, str]
"""A body that is no party any more → the one that succeeded it, or “” where it left."""


def departures(change: Variation) -> dict[str, str]:
    """The bodies that go by a variation."""
    return dict.fromkeys(change.leavers, "") | {each.old: each.new for each in change.successions}


def varied(agreement: Agreement, change: Variation, on: date, departed: Departed) -> Agreement:
    """The agreement as it stands from a day, when a variation takes effect; `departed` had gone before.

    A body that succeeds another takes its place in the order of the parties, its roles, and its share in every ratio, added
    to its own; likewise budgets of years, and instalments of days, from then on. A leaver is left out of all of them.
    """
    gone = change.removed or Removed()
    heirs = {**departed, **departures(change)}
    parties = _parties(agreement.parties, change, heirs)
    order = [party.code for party in parties]

    def shared(ratio: Ratio) -> Ratio:
        return _inherited(ratio, heirs, order)

    def held(now: Sequence[Held], given: Sequence[Held], removed: Sequence[str]) -> list[Held]:
        return [replace(each, shares=shared(each.shares)) for each in _by_code(now, given, removed)]

    starts = year_start(agreement.year_starts)
    ahead = [budget for budget in agreement.budgets if year_labelled(budget.year, starts).first >= on]
    behind = [budget for budget in agreement.budgets if budget not in ahead]
    due = [each for each in agreement.instalments if each.on < on]
    coming = [each for each in agreement.instalments if each.on >= on and not gone.instalments]
    shares = change.shares or agreement.shares
    risk = change.risk or (None if gone.risk else agreement.risk)
    return replace(
        agreement,
        name=change.name or agreement.name,
        type=change.type or agreement.type,
        ends=change.ends or agreement.ends,
        legal_basis=change.legal_basis or agreement.legal_basis,
        notice_months=agreement.notice_months if change.notice_months is None else change.notice_months,
        parties=parties,
        roles=_roles(change.roles or agreement.roles, heirs),
        schemes=[
            replace(scheme, recharge=shared(scheme.recharge), risk=shared(scheme.risk))
            for scheme in _by_code(agreement.schemes, change.schemes, gone.schemes)
        ],
        funds=_by_code(agreement.funds, change.funds, gone.funds),
        shares=Shares(**{name: shared(getattr(shares, name)) for name in Shares.__struct_fields__}),
        assets=held(agreement.assets, change.assets, gone.assets),
        liabilities=held(agreement.liabilities, change.liabilities, gone.liabilities),
        risk=risk and _risk(risk, heirs, order),
        budgets=_budgets([*behind, *_passed_on(ahead, heirs)], change.budgets),
        instalments=[*due, *_passed_on(change.instalments or coming, heirs)],
        indicators=[
            replace(indicator, reported_by=heir(indicator.reported_by, heirs))
            for indicator in _by_code(agreement.indicators, change.indicators, gone.indicators)
        ],
        responsibilities=change.responsibilities or agreement.responsibilities,
    )


def _by_code(now: Sequence[Coded], given: Sequence[Coded], gone: Sequence[str] = ()) -> list[Coded]:
    """What is there, what is given in the place of its own code or at the end, without what is gone."""
    kept = {each.code: each for each in now} | {each.code: each for each in given}
    return [each for code, each in kept.items() if code not in gone]


def heir(code: str, departed: Departed) -> str:
    """Who has a body's place now: the body itself while it is a party; “” where it left."""
    while code in departed:
        code = departed[code]
    return code


def _parties(now: Sequence[Party], change: Variation, departed: Departed) -> list[Party]:
    known = {party.code: party for party in _by_code(now, change.parties)}
    return [known[code] for code in dict.fromkeys(heir(code, departed) for code in known) if code in known]


def _inherited(ratio: Ratio, departed: Departed, order: Sequence[str]) -> Ratio:
    """Each share with whoever has it now, in the order of the parties; those of bodies that left are left out."""
    added: Ratio = {}
    for party, share in ratio.items():
        holder = heir(party, departed)
        added[holder] = added.get(holder, 0) + share
    return {party: added[party] for party in order if party in added}


def _roles(roles: Roles, departed: Departed) -> Roles:
    return replace(roles, lead=heir(roles.lead, departed), billing_lead=heir(roles.billing_lead, departed))


def _risk(risk: Risk, departed: Departed, order: Sequence[str]) -> Risk:
    first = dict.fromkeys(heir(party, departed) for party in risk.own_underspend_first)
    return replace(
        risk,
        own_underspend_first=[party for party in first if party in order],
        underspend_shares=_inherited(risk.underspend_shares, departed, order),
        bands=[replace(band, shares=_inherited(band.shares, departed, order)) for band in risk.bands],
    )


def _passed_on(rows: Sequence[Planned], departed: Departed) -> list[Planned]:
    return [replace(row, party=party) for row in rows if (party := heir(row.party, departed))]


def _budgets(now: Sequence[Budget], given: Sequence[Budget]) -> list[Budget]:
    added: dict[tuple[str, str, str], Budget] = {}
    for budget in now:
        key = (budget.year, budget.scheme, budget.party)
        added[key] = replace(budget, amount=budget.amount + (added[key].amount if key in added else 0))
    return list((added | {(budget.year, budget.scheme, budget.party): budget for budget in given}).values())
