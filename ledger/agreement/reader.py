"""An agreement's TOML file, read into the agreement or refused whole with every fault and its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from ledger import calendar, money, text
from ledger.agreement.model import (
    Agreement,
    Band,
    Body,
    Budget,
    Fund,
    Held,
    Instalment,
    Party,
    Ratio,
    Responsibilities,
    Risk,
    Roles,
    Scheme,
    Shares,
)
from ledger.agreement.source import Path, read
from ledger.agreement.terms import POOL
from ledger.errors import BadInput, Fault, did_you_mean

T = TypeVar("T")

ROLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "aligned": ((), ()),
    "lead_body": (("lead",), ()),
    "joint_commissioning": (("contractor",), ("billing_lead", "assets_held_by")),
    "joint_venture": (("entity", "funding"), ("owners_liable",)),
}
"""Type of arrangement → the roles it must have, and those it may have."""

FUNDING = ("grant", "charge", "capital")
NO_RATIO: Ratio = {}


def read_agreement(name: str, raw: bytes) -> Agreement:
    """The agreement in a file's bytes; raises BadInput listing every fault, by its line."""
    data, lines = read(name, raw)
    faults: list[Fault] = []
    agreement = _agreement(Table(data, (), lines, faults))
    if faults:
        raise BadInput(name, sorted(faults, key=lambda fault: fault.line))
    return agreement


class Table:
    """One table of the file; takes its keys one by one, noting a fault instead of raising."""

    def __init__(self, data: object, path: Path, lines: dict[Path, int], faults: list[Fault]) -> None:
        self.path, self.lines, self.faults = path, lines, faults
        self.given: dict[str, Any] = data if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            self.fault(f"{path[-1]} must be a table")
        self._left = dict.fromkeys(self.given)
        self._known: list[str] = []

    def fault(self, sentence: str, *keys: str | int) -> None:
        """Note what is wrong with a key, or with the table."""
        path = (*self.path, *keys)
        while path and path not in self.lines:
            path = path[:-1]
        self.faults.append(Fault(self.lines.get(path, 1), "", sentence))

    def take(self, key: str, convert: Callable[[Any], T], otherwise: T, *, needed: bool = False) -> T:
        """A key's value, converted; the other value, with a fault noted, where it is wrong or needed and absent."""
        self._take(key)
        if key not in self.given:
            if needed:
                self.fault(f"{key} is missing from {self._called()}")
            return otherwise
        try:
            return convert(self.given[key])
        except ValueError as error:
            self.fault(f"{key}: {error}", key)
            return otherwise

    def table(self, key: str) -> Table:
        """A table inside this one (empty where absent)."""
        self._take(key)
        return Table(self.given.get(key, {}), (*self.path, key), self.lines, self.faults)

    def tables(self, key: str) -> list[Table]:
        """A list of tables inside this one, `[[key]]`."""
        self._take(key)
        found = self.given.get(key, [])
        if not isinstance(found, list):
            self.fault(f"{key} is a list of tables: write [[{'.'.join(map(str, (*self.path, key)))}]]", key)
            return []
        return [Table(item, (*self.path, key, number), self.lines, self.faults) for number, item in enumerate(found)]

    def end(self) -> None:
        """Fault what was not taken: an unknown key, with the one probably meant."""
        for key in self._left:
            self.fault(f"{text.escaped(key[:40])} is not a key of {self._called()}{did_you_mean(key, self._known)}", key)

    def _take(self, key: str) -> None:
        self._left.pop(key, None)
        self._known.append(key)

    def _called(self) -> str:
        names = [str(part) for part in self.path if isinstance(part, str)]
        if not names:
            return "an agreement"
        return f"[[{'.'.join(names)}]]" if isinstance(self.path[-1], int) else f"[{'.'.join(names)}]"


def _agreement(top: Table) -> Agreement:
    head = top.table("arrangement")
    kind = head.take("type", _one_of(tuple(ROLES)), "", needed=True)
    starts = head.take("starts", _day, date.min, needed=True)
    year_starts = head.take("year_starts", _year_start, "04-01")
    ends = head.take("ends", _day, None)
    if ends is not None and ends < starts:
        head.fault(f"ends: {ends} is before the arrangement starts, {starts}", "ends")
    code = head.take("code", _matching(text.ARRANGEMENT, text.SHAPES["scheme"][1]), "", needed=True)
    name = head.take("name", _text, "", needed=True)
    legal_basis = head.take("legal_basis", _text, "")
    notice_months = head.take("notice_months", _count, 0)
    head.end()

    parties = [_party(table) for table in top.tables("party")]
    if len(parties) < 2:
        top.fault(f"an agreement has two parties or more; this one has {len(parties)}: add [[party]]", "party")
    _unique(top, "party", [party.code for party in parties])
    codes = [party.code for party in parties]
    given_roles = top.table("roles")
    roles = _roles(given_roles, kind, codes)
    recharging = kind == "lead_body" or "billing_lead" in given_roles.given

    schemes = [_scheme(table, codes, recharging) for table in top.tables("scheme")]
    _unique(top, "scheme", [scheme.code for scheme in schemes])
    funds = [_fund(table) for table in top.tables("fund")]
    _unique(top, "fund", [fund.code for fund in funds])
    assets = [_held(table, codes) for table in top.tables("asset")]
    _unique(top, "asset", [held.code for held in assets])
    liabilities = [_held(table, codes) for table in top.tables("liability")]
    _unique(top, "liability", [held.code for held in liabilities])
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
        shares=_shares(top.table("shares"), codes),
        assets=assets,
        liabilities=liabilities,
        risk=_risk(top, codes, recharging),
        budgets=_budgets(top, year_starts, [scheme.code for scheme in schemes], codes),
        responsibilities=_responsibilities(top.table("responsibilities")),
        instalments=_instalments(top, codes, [fund.code for fund in funds], [scheme.code for scheme in schemes]),
    )
    top.end()
    return agreement


def _party(table: Table) -> Party:
    party = Party(
        code=table.take("code", _body_code, "", needed=True),
        name=table.take("name", _text, "", needed=True),
        sector=table.take("sector", _one_of(("nhs", "local_authority", "other")), "", needed=True),
    )
    table.end()
    return party


def _roles(table: Table, kind: str, parties: list[str]) -> Roles:
    needed, allowed = ROLES.get(kind, ((), tuple(Roles.__struct_fields__)))
    party = _one_of(parties, "party")
    roles = Roles(
        lead=table.take("lead", party, "", needed="lead" in needed),
        contractor=table.take("contractor", lambda v: _body(table, "contractor", v, parties), None,
                              needed="contractor" in needed),
        billing_lead=table.take("billing_lead", party, ""),
        assets_held_by=table.take("assets_held_by", _one_of(("contractor", "parties")), ""),
        entity=table.take("entity", lambda v: _body(table, "entity", v, parties), None, needed="entity" in needed),
        funding=table.take("funding", _funding, [], needed="funding" in needed),
        owners_liable=table.take("owners_liable", _truth, False),
    )  # fmt: skip
    for role in table.given:
        if kind in ROLES and role in Roles.__struct_fields__ and role not in (*needed, *allowed):
            has = ", ".join((*needed, *allowed)) or "none"
            table.fault(f"{role}: an arrangement of type {kind} has no such role (it has: {has})", role)
    table.end()
    return roles


def _body(roles: Table, key: str, value: object, parties: list[str]) -> Body | None:
    table = Table(value, (*roles.path, key), roles.lines, roles.faults)
    if not isinstance(value, dict):
        return None
    code = table.take("code", _body_code, "", needed=True)
    if code in parties:
        table.fault(f"code: {code} is a party; the {key} is another body", "code")
    body = Body(code=code, name=table.take("name", _text, "", needed=True))
    table.end()
    return body


def _scheme(table: Table, parties: list[str], recharging: bool) -> Scheme:
    if "risk" in table.given and not recharging:
        table.fault("risk: only a pool that recharges shares a risk (a lead body's, or a billing lead's)", "risk")
    scheme = Scheme(
        code=table.take("code", _matching(text.SCHEME, text.SHAPES["scheme"][1]), "", needed=True),
        name=table.take("name", _text, "", needed=True),
        recharge=table.take("recharge", _ratio(table, "recharge", parties), {}),
        risk=table.take("risk", _ratio(table, "risk", parties), {}),
    )
    table.end()
    return scheme


def _fund(table: Table) -> Fund:
    fund = Fund(
        code=table.take("code", _outside_code, "", needed=True),
        name=table.take("name", _text, "", needed=True),
        kind=table.take("kind", _one_of(("revenue", "capital")), "", needed=True),
    )
    table.end()
    return fund


def _shares(table: Table, parties: list[str]) -> Shares:
    names = Shares.__struct_fields__
    shares = Shares(**{name: table.take(name, _ratio(table, name, parties), NO_RATIO) for name in names})
    table.end()
    return shares


def _held(table: Table, parties: list[str]) -> Held:
    held = Held(
        code=table.take("code", _outside_code, "", needed=True),
        shares=table.take("shares", _ratio(table, "shares", parties), {}, needed=True),
    )
    table.end()
    return held


def _risk(top: Table, parties: list[str], recharging: bool) -> Risk | None:
    table = top.table("risk")
    if "risk" not in top.given:
        return None
    if not recharging:
        table.fault("[risk]: only a pool that recharges shares a risk (a lead body's, or a billing lead's)")
    undecided = table.take("undecided", _truth, False)
    base = table.take("base", _one_of(("scheme", "pool")), "")
    own_first: list[str] = table.take("own_underspend_first", _list_of(_one_of(parties, "party")), [])
    if own_first and base == "pool":
        table.fault('own_underspend_first: this goes with base = "scheme" only', "own_underspend_first")
    risk = Risk(
        base=base,
        own_underspend_first=own_first,
        reserve_first=table.take("reserve_first", _truth, False),
        underspend=table.take("underspend", _one_of(("return", "carry_forward", "retain")), ""),
        underspend_shares=table.take("underspend_shares", _ratio(table, "underspend_shares", parties), {}),
        undecided=undecided,
        bands=_bands(table, parties),
    )
    if undecided and (base or own_first or risk.reserve_first or risk.underspend_shares or risk.bands):
        table.fault("undecided: true says no rule is agreed yet, and here is one: keep either", "undecided")
    table.end()
    return risk


def _bands(table: Table, parties: list[str]) -> list[Band]:
    bands: list[Band] = []
    found = table.tables("band")
    reached = 0
    for number, entry in enumerate(found, 1):
        up_to = entry.take("up_to", _amount, None)
        shares: Ratio = entry.take("shares", _ratio(entry, "shares", parties), {}, needed=True)
        if number == len(found) and "up_to" in entry.given:
            entry.fault("up_to: the last band takes the rest, so it has none", "up_to")
        elif number < len(found) and "up_to" not in entry.given:
            entry.fault("up_to is missing: only the last band takes the rest")
        elif up_to is not None and up_to <= reached:
            entry.fault("up_to: bands come in order, each above the one before", "up_to")
        reached = up_to or reached
        bands.append(Band(shares=shares, up_to=up_to))
        entry.end()
    return bands


def _budgets(top: Table, year_starts: str, schemes: list[str], parties: list[str]) -> list[Budget]:
    budgets: list[Budget] = []
    seen: set[tuple[str, str, str]] = set()
    starts = calendar.year_start(year_starts)
    for table in top.tables("budget"):
        budget = Budget(
            year=table.take("year", lambda v: calendar.year_labelled(_text(v), starts).label, "", needed=True),
            scheme=table.take("scheme", _one_of(schemes, "scheme"), "", needed=True),
            party=table.take("party", _one_of(parties, "party"), "", needed=True),
            amount=table.take("amount", _amount, 0, needed=True),
        )
        key = (budget.year, budget.scheme, budget.party)
        if all(key) and key in seen:
            table.fault(f"{budget.party} already has a budget for {budget.scheme} in {budget.year}")
        seen.add(key)
        budgets.append(budget)
        table.end()
    return budgets


def _instalments(top: Table, parties: list[str], funds: list[str], schemes: list[str]) -> list[Instalment]:
    instalments = []
    for table in top.tables("instalment"):
        days: list[date] = table.take("on", _days, [], needed=True)
        party = table.take("party", _one_of(parties, "party"), "", needed=True)
        amount = table.take("amount", _amount, 0, needed=True)
        fund = table.take("fund", _one_of(funds, "fund"), "")
        scheme = table.take("scheme", _one_of(schemes, "scheme"), "")
        if amount <= 0 and "amount" in table.given:
            table.fault("amount: an instalment is above nil", "amount")
        instalments += [Instalment(party=party, amount=amount, on=day, fund=fund, scheme=scheme) for day in days]
        table.end()
    return instalments


def _responsibilities(table: Table) -> Responsibilities:
    names = Responsibilities.__struct_fields__
    found = Responsibilities(**{name: table.take(name, _text, "") for name in names})
    table.end()
    return found


def _unique(top: Table, key: str, codes: Sequence[str]) -> None:
    first: dict[str, str] = {}
    for number, code in enumerate(codes):
        if code and code.casefold() in first:
            top.fault(f"code: {code} is given twice (as {first[code.casefold()]})", key, number, "code")
        first.setdefault(code.casefold(), code)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("this must be text in quotes, and not empty")
    return text.clean(value.strip(), 2_000)


def _matching(pattern: re.Pattern[str], words: str) -> Callable[[Any], str]:
    def convert(value: object) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise ValueError(f"“{text.escaped(str(value)[:40])}” is not a code: use {words}")
        return value

    return convert


_outside_code = _matching(text.CODE, text.SHAPES["asset"][1])


def _body_code(value: object) -> str:
    code = _matching(text.BODY, text.SHAPES["party"][1])(value)
    if code == POOL:
        raise ValueError(f"{POOL} is kept for pool books: give this body another code")
    return code


def _one_of(known: Sequence[str], what: str = "") -> Callable[[Any], str]:
    def convert(value: object) -> str:
        if not isinstance(value, str) or value not in known:
            said = f"“{text.escaped(str(value)[:40])}” is not "
            if what:
                raise ValueError(f"{said}a {what} of this agreement{did_you_mean(str(value), known)}")
            raise ValueError(f"{said}one of {', '.join(known)}")
        return value

    return convert


def _list_of(convert: Callable[[Any], str]) -> Callable[[Any], list[str]]:
    def each(value: object) -> list[str]:
        if not isinstance(value, list):
            raise ValueError("this must be a list in square brackets")
        return [convert(item) for item in value]

    return each


def _ratio(table: Table, key: str, parties: list[str]) -> Callable[[Any], Ratio]:
    def convert(value: object) -> Ratio:
        if not isinstance(value, dict) or not value:
            raise ValueError("a ratio is a table of parties and shares, like { OCC = 99, OCCG = 96 }")
        strangers = [party for party in value if party not in parties]
        for party in strangers:
            table.fault(f"{key}: {text.escaped(party[:40])} is not a party of this agreement"
                        f"{did_you_mean(party, parties)}", key, party)  # fmt: skip
        if strangers:
            return {}
        in_order = [party for party in parties if party in value]
        whole = money.ratio([value[party] for party in in_order])
        return {party: share for party, share in zip(in_order, whole, strict=True) if share}

    return convert


def _funding(value: object) -> list[str]:
    given = [value] if isinstance(value, str) else value
    if (
        not isinstance(given, list)
        or any(item not in FUNDING for item in given)
        or len(set(given)) != len(given)
        or not (len(given) == 1 or (len(given) == 2 and "charge" in given))
    ):
        raise ValueError('write "grant", "charge" or "capital", or "charge" with one other: ["charge", "capital"]')
    return sorted(given, key=lambda item: item != "charge")


def _day(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("this must be a day, without quotes, like 2013-04-01")
    return calendar.within_reach(value)


def _days(value: object) -> list[date]:
    days = [_day(item) for item in (value if isinstance(value, list) else [value])]
    if len(set(days)) < len(days) or not days:
        raise ValueError("this must be a day, or a list of different days, like [2013-04-15, 2013-10-15]")
    return days


def _year_start(value: object) -> str:
    calendar.year_start(str(value))
    return str(value)


def _amount(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError('write an amount in quotes, in pounds, like "99000000.00"')
    return money.pence(value)


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 1200:
        raise ValueError("this must be a whole number of months")
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("this must be true or false")
    return value
