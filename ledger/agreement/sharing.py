"""What an agreement's file says of who bears what: `[[scheme]]`, `[[fund]]`, `[shares]`, `[[asset]]`, `[risk]`."""

from __future__ import annotations

from ledger.agreement import values
from ledger.agreement.model import Band, Fund, Held, Ratio, Risk, Scheme, Shares
from ledger.agreement.table import Table

_NO_RATIO: Ratio = {}


def schemes(top: Table, parties: list[str], recharging: bool) -> list[Scheme]:
    """Every `[[scheme]]`, with ratios of its own where it has any."""
    found = [_scheme(table, parties, recharging) for table in top.tables("scheme")]
    top.refuse_twice("scheme", [scheme.code for scheme in found])
    return found


def _scheme(table: Table, parties: list[str], recharging: bool) -> Scheme:
    if "risk" in table.given and not recharging:
        table.fault("risk: only a pool that recharges shares a risk (a lead body's, or a billing lead's)", "risk")
    scheme = Scheme(
        code=table.take("code", values.lower_code, "", needed=True),
        name=table.take("name", values.words, "", needed=True),
        recharge=table.take("recharge", values.ratio(table, "recharge", parties), {}),
        risk=table.take("risk", values.ratio(table, "risk", parties), {}),
    )
    table.end()
    return scheme


def funds(top: Table, books: list[str]) -> list[Fund]:
    """Every `[[fund]]`."""
    found = [_fund(table, books) for table in top.tables("fund")]
    top.refuse_twice("fund", [fund.code for fund in found])
    return found


def _fund(table: Table, books: list[str]) -> Fund:
    fund = Fund(
        code=table.take("code", values.outside_code(books), "", needed=True),
        name=table.take("name", values.words, "", needed=True),
        kind=table.take("kind", values.one_of(("revenue", "capital")), "", needed=True),
    )
    table.end()
    return fund


def shares(top: Table, parties: list[str]) -> Shares:
    """The table `[shares]`: the ratios that hold for the whole arrangement."""
    table = top.table("shares")
    names = Shares.__struct_fields__
    found = Shares(**{name: table.take(name, values.ratio(table, name, parties), _NO_RATIO) for name in names})
    table.end()
    return found


def held(top: Table, key: str, parties: list[str], books: list[str]) -> list[Held]:
    """Every `[[asset]]` (or, by the key, `[[liability]]`) with shares of its own at the end."""
    found = [_held(table, parties, books) for table in top.tables(key)]
    top.refuse_twice(key, [each.code for each in found])
    return found


def _held(table: Table, parties: list[str], books: list[str]) -> Held:
    held = Held(
        code=table.take("code", values.outside_code(books), "", needed=True),
        shares=table.take("shares", values.ratio(table, "shares", parties), {}, needed=True),
    )
    table.end()
    return held


def risk(top: Table, parties: list[str], recharging: bool) -> Risk | None:
    """The table `[risk]`; None where the agreement has none."""
    table = top.table("risk")
    if "risk" not in top.given:
        return None
    if not recharging:
        table.fault("[risk]: only a pool that recharges shares a risk (a lead body's, or a billing lead's)")
    undecided = table.take("undecided", values.truth, False)
    base = table.take("base", values.one_of(("scheme", "pool")), "")
    own_first: list[str] = table.take("own_underspend_first", values.list_of(values.one_of(parties, "party")), [])
    if own_first and base == "pool":
        table.fault('own_underspend_first: this goes with base = "scheme" only', "own_underspend_first")
    found = Risk(
        base=base,
        own_underspend_first=own_first,
        reserve_first=table.take("reserve_first", values.truth, False),
        underspend=table.take("underspend", values.one_of(("return", "carry_forward", "retain")), ""),
        underspend_shares=table.take("underspend_shares", values.ratio(table, "underspend_shares", parties), {}),
        undecided=undecided,
        bands=_bands(table, parties),
    )
    if undecided and (base or own_first or found.reserve_first or found.underspend_shares or found.bands):
        table.fault("undecided: true says no rule is agreed yet, and here is one: keep either", "undecided")
    table.end()
    return found


def _bands(table: Table, parties: list[str]) -> list[Band]:
    bands: list[Band] = []
    found = table.tables("band")
    reached = 0
    for number, entry in enumerate(found, 1):
        up_to = entry.take("up_to", values.amount, None)
        shares: Ratio = entry.take("shares", values.ratio(entry, "shares", parties), {}, needed=True)
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
