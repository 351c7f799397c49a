"""An agreement's TOML file, read into the agreement or refused whole with every fault and its line."""

from __future__ import annotations

from datetime import date

from ledger.agreement import bodies, performance, planned, sharing, values
from ledger.agreement.model import ROLES, Agreement, Responsibilities
from ledger.agreement.source import read
from ledger.agreement.table import Table
from ledger.errors import BadInput, Fault


def read_agreement(name: str, raw: bytes) -> Agreement:
    """The agreement in a file's bytes; raises BadInput listing every fault, by its line."""
    data, lines = read(name, raw)
    faults: list[Fault] = []
    agreement = _agreement(Table(data, (), lines, faults))
    if faults:
        raise BadInput(name, sorted(faults, key=lambda fault: fault.line))
    return agreement


def _agreement(top: Table) -> Agreement:
    head = top.table("arrangement")
    kind = head.take("type", values.one_of(tuple(ROLES)), "", needed=True)
    starts = head.take("starts", values.day, date.min, needed=True)
    year_starts = head.take("year_starts", values.year_start, "04-01")
    ends = head.take("ends", values.day, None)
    if ends is not None and ends < starts:
        head.fault(f"ends: {ends} is before the arrangement starts, {starts}", "ends")
    code = head.take("code", values.lower_code, "", needed=True)
    name = head.take("name", values.words, "", needed=True)
    legal_basis = head.take("legal_basis", values.words, "")
    notice_months = head.take("notice_months", values.months, 0)
    head.end()

    parties = bodies.parties(top)
    codes = [party.code for party in parties]
    roles = bodies.roles(top, kind, codes)
    recharging = bodies.recharges(top, kind)
    schemes = sharing.schemes(top, codes, recharging)
    scheme_codes = [scheme.code for scheme in schemes]
    books = [*codes, *(body.code for body in (roles.contractor, roles.entity) if body)]
    funds = sharing.funds(top, books)
    agreement = Agreement(
        code=code,
        name=name,
        type=kind,
        starts=starts,
        ends=ends,
        year_starts=year_starts,
        legal_basis=legal_basis,
        notice_months=notice_months,
        parties=parties,
        roles=roles,
        schemes=schemes,
        funds=funds,
        assets=sharing.held(top, "asset", codes, books),
        liabilities=sharing.held(top, "liability", codes, books),
        shares=sharing.shares(top, codes),
        risk=sharing.risk(top, codes, recharging),
        budgets=planned.budgets(top, year_starts, scheme_codes, codes),
        responsibilities=responsibilities(top),
        instalments=planned.instalments(top, codes, [fund.code for fund in funds], scheme_codes, starts, ends),
        indicators=performance.indicators(top, year_starts, scheme_codes, books),
    )
    top.end()
    return agreement


def responsibilities(top: Table) -> Responsibilities:
    """The table `[responsibilities]`."""
    table = top.table("responsibilities")
    names = Responsibilities.__struct_fields__
    found = Responsibilities(**{name: table.take(name, values.words, "") for name in names})
    table.end()
    return found
