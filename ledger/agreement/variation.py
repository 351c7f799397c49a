"""A variation's TOML file, read against the terms it changes, or refused whole with every fault and its line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from ledger.agreement import bodies, performance, planned, sharing, values
from ledger.agreement.breaks import breaks
from ledger.agreement.history import TermsHistory
from ledger.agreement.model import ROLES, Agreement, Budget, Instalment, Removed, Succession, Variation
from ledger.agreement.reader import responsibilities
from ledger.agreement.source import read
from ledger.agreement.table import Table
from ledger.agreement.varied import varied
from ledger.calendar import year_labelled, year_start
from ledger.errors import BadInput, Fault

_FIXED = {
    "code": "the code is how everything recorded names the arrangement",
    "starts": "what was recorded since stands on it",
    "year_starts": "what was recorded and closed goes by it",
}
"""Keys of `[arrangement]` that no variation changes, and why."""


class VariationFile(NamedTuple):
    """What a file asks for: which arrangement to vary, from which day, and how."""

    arrangement: str
    on: date
    variation: Variation


def read_variation(name: str, raw: bytes, terms_of: Callable[[str], TermsHistory], arrangement: str = "") -> VariationFile:
    """The variation in a file's bytes, of the arrangement it names, or of the one named here.

    `terms_of` gives an arrangement's terms, and raises UnknownCode. Raises BadInput listing every fault, by its line: what
    is wrong by itself, and what the terms would no longer fit together for.
    """
    data, lines = read(name, raw)
    faults: list[Fault] = []
    top = Table(data, (), lines, faults, "a variation")
    head = top.table("variation")
    code = head.take("arrangement", values.lower_code, arrangement, needed=not arrangement)
    on = head.take("from", values.day, date.min, needed=True)
    if arrangement not in ("", code):
        head.fault(f"arrangement: this file varies {code}, and {arrangement} was named: name either", "arrangement")
    head.end()
    _refuse(name, faults)
    history = terms_of(code)
    if on < history.starts:
        head.fault(f"from: {code} starts on {history.starts}, so it cannot be varied from {on}", "from")
        _refuse(name, faults)
    variation = _variation(top, history.on(on).agreement, on)
    _refuse(name, faults)
    if variation == Variation():
        top.fault("this changes nothing: give the tables that change")
    for day, before, after in history.if_varied(variation, on):
        for found in breaks(before, after, day):
            top.fault(found.sentence + (f" (from {day} on)" if day > on else ""), *found.table)
    _refuse(name, faults)
    return VariationFile(code, on, variation)


def _refuse(name: str, faults: list[Fault]) -> None:
    if faults:
        raise BadInput(name, sorted(faults, key=lambda fault: fault.line))


def _variation(top: Table, base: Agreement, on: date) -> Variation:
    changed = _arrangement(top, base)
    coming = _bodies(top, base)
    bodies_only = varied(base, coming, on, {})
    parties = [party.code for party in bodies_only.parties]
    kind = changed.type or base.type
    roles = bodies.roles(top, kind, parties) if "roles" in top.given else None
    stands = roles or bodies_only.roles
    recharging = kind == "lead_body" or bool(stands.billing_lead)
    removed = _removed(top, base)
    schemes = sharing.schemes(top, parties, recharging)
    books = [*parties, *(body.code for body in (stands.contractor, stands.entity) if body)]
    funds = sharing.funds(top, books)
    scheme_codes = [each.code for each in (*base.schemes, *schemes) if each.code not in removed.schemes]
    fund_codes = [each.code for each in (*base.funds, *funds) if each.code not in removed.funds]
    ever = list(dict.fromkeys([*(party.code for party in base.parties), *parties]))
    found = Variation(
        name=changed.name,
        type=changed.type,
        ends=changed.ends,
        legal_basis=changed.legal_basis,
        notice_months=changed.notice_months,
        parties=coming.parties,
        successions=coming.successions,
        leavers=coming.leavers,
        roles=roles,
        schemes=schemes,
        funds=funds,
        shares=sharing.shares(top, parties) if "shares" in top.given else None,
        assets=sharing.held(top, "asset", parties, books),
        liabilities=sharing.held(top, "liability", parties, books),
        risk=sharing.risk(top, parties, recharging),
        budgets=_budgets(top, base, on, scheme_codes, ever),
        instalments=_instalments(top, on, parties, fund_codes, scheme_codes),
        indicators=performance.indicators(top, base.year_starts, scheme_codes, books),
        responsibilities=responsibilities(top) if "responsibilities" in top.given else None,
        removed=removed if removed != Removed() else None,
    )
    if found.risk and removed.risk:
        top.fault("risk: it is given and taken away: keep either", "removed", "risk")
    for table in ("roles", "shares", "responsibilities"):
        top.known(table)
    top.end()
    return found


class _Changed(NamedTuple):
    name: str
    type: str
    ends: date | None
    legal_basis: str
    notice_months: int | None


def _arrangement(top: Table, base: Agreement) -> _Changed:
    table = top.table("arrangement")
    for key, why in _FIXED.items():
        if key in table.given:
            table.known(key)
            table.fault(f"{key} cannot be varied: {why}", key)
    months: int | None = table.take("notice_months", values.months, None)
    found = _Changed(
        name=table.take("name", values.words, ""),
        type=table.take("type", values.one_of(tuple(ROLES)), ""),
        ends=table.take("ends", values.day, None),
        legal_basis=table.take("legal_basis", values.words, ""),
        notice_months=months,
    )
    if found.ends is not None and found.ends < base.starts:
        table.fault(f"ends: {found.ends} is before the arrangement starts, {base.starts}", "ends")
    table.end()
    return found._replace(type="" if found.type == base.type else found.type)


def _bodies(top: Table, base: Agreement) -> Variation:
    now = [party.code for party in base.parties]
    parties = bodies.named(top)
    known = list(dict.fromkeys([*now, *(party.code for party in parties)]))
    successions, leavers = [], []
    for table in top.tables("succession"):
        old = table.take("from", values.one_of(now, "party"), "", needed=True)
        new = table.take("to", values.one_of(known, "party"), "", needed=True)
        if old and old == new:
            table.fault(f"to: {old} cannot succeed itself", "to")
        successions.append(Succession(old, new))
        table.end()
    for table in top.tables("leaver"):
        leavers.append(table.take("party", values.one_of(now, "party"), "", needed=True))
        table.end()
    gone = [*(each.old for each in successions), *leavers]
    for code in {code for code in gone if code and gone.count(code) > 1}:
        top.fault(f"{code} goes twice: a party is succeeded by one body, or leaves", "succession")
    for number, each in enumerate(successions):
        if each.new in gone and each.new != each.old:
            top.fault(f"to: {each.new} goes itself: name the body that takes its place", "succession", number, "to")
    for number, party in enumerate(parties):
        if party.code in gone:
            top.fault(f"code: {party.code} goes, so it cannot be given anew", "party", number, "code")
    return Variation(parties=parties, successions=successions, leavers=leavers)


def _removed(top: Table, base: Agreement) -> Removed:
    table = top.table("removed")

    def codes(key: str, what: str, rows: Sequence[object]) -> list[str]:
        there = [str(getattr(row, "code")) for row in rows]  # noqa: B009 - a row of any table told apart by code
        found: list[str] = table.take(key, values.list_of(values.one_of(there, what)), [])
        return found

    found = Removed(
        schemes=codes("schemes", "scheme", base.schemes),
        funds=codes("funds", "fund", base.funds),
        assets=codes("assets", "asset with shares of its own", base.assets),
        liabilities=codes("liabilities", "liability with shares of its own", base.liabilities),
        indicators=codes("indicators", "indicator", base.indicators),
        risk=table.take("risk", values.truth, False),
        instalments=table.take("instalments", values.truth, False),
    )
    if found.risk and base.risk is None:
        table.fault("risk: there is none to take away", "risk")
    table.end()
    return found


def _budgets(top: Table, base: Agreement, on: date, schemes: list[str], parties: list[str]) -> list[Budget]:
    found = planned.budgets(top, base.year_starts, schemes, parties)
    starts = year_start(base.year_starts)
    for number, budget in enumerate(found):
        if budget.year and year_labelled(budget.year, starts).last < on:
            top.fault(f"year: {budget.year} is over when this takes effect, {on}", "budget", number, "year")
    return found


def _instalments(top: Table, on: date, parties: list[str], funds: list[str], schemes: list[str]) -> list[Instalment]:
    found = planned.instalments(top, parties, funds, schemes)
    early = sorted(instalment.on for instalment in found if instalment.on < on)
    if early:
        top.fault(f"on: {early[0]} is before this takes effect, {on}: what was due until then stands", "instalment")
    return found
