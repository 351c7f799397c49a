"""An agreement as lines of item and value."""

from __future__ import annotations

from collections.abc import Callable

from ledger.agreement import Agreement, Ratio
from ledger.money import printed


def terms_rows(agreement: Agreement, money: Callable[[int], str] = printed) -> list[tuple[str, str]]:
    """The agreement as lines of item and value, only what it says; amounts as `money` says them."""
    roles, shares, risk = agreement.roles, agreement.shares, agreement.risk
    order = [party.code for party in agreement.parties]

    def said_in_order(ratio: Ratio) -> str:
        return " : ".join(f"{party} {ratio[party]}" for party in order if party in ratio)

    rows = [
        ("arrangement", agreement.code),
        ("name", agreement.name),
        ("type", agreement.type),
        ("starts", str(agreement.starts)),
        ("ends", str(agreement.ends or "")),
        ("year starts", agreement.year_starts),
        ("legal basis", agreement.legal_basis),
        ("notice", f"{agreement.notice_months} months" if agreement.notice_months else ""),
        *((f"party {party.code}", f"{party.name} ({party.sector})") for party in agreement.parties),
        ("lead", roles.lead),
        ("contractor", f"{roles.contractor.code} {roles.contractor.name}" if roles.contractor else ""),
        ("billing lead", roles.billing_lead),
        ("assets held by", roles.assets_held_by),
        ("entity", f"{roles.entity.code} {roles.entity.name}" if roles.entity else ""),
        ("funding", " and ".join(roles.funding)),
        ("owners liable", "yes" if roles.owners_liable else ""),
    ]
    for scheme in agreement.schemes:
        rows.append((f"scheme {scheme.code}", scheme.name))
        rows.append((f"scheme {scheme.code}, recharge", said_in_order(scheme.recharge)))
        rows.append((f"scheme {scheme.code}, risk", said_in_order(scheme.risk)))
    rows += [(f"fund {fund.code}", f"{fund.name} ({fund.kind})") for fund in agreement.funds]
    rows += [(f"shares, {name}", said_in_order(getattr(shares, name))) for name in shares.__struct_fields__]
    rows += [(f"asset {held.code}, shares", said_in_order(held.shares)) for held in agreement.assets]
    rows += [(f"liability {held.code}, shares", said_in_order(held.shares)) for held in agreement.liabilities]
    if risk is not None:
        rows += [
            ("risk, base", "undecided" if risk.undecided else risk.base),
            ("risk, own underspend first", " ".join(risk.own_underspend_first)),
            ("risk, reserve first", "yes" if risk.reserve_first else ""),
            ("risk, underspend", risk.underspend),
            ("risk, underspend shares", said_in_order(risk.underspend_shares)),
            *((_band_name(band.up_to, money), said_in_order(band.shares)) for band in risk.bands),
        ]
    rows += [(f"budget {b.year}, {b.scheme}, {b.party}", money(b.amount)) for b in agreement.budgets]
    for i in agreement.instalments:
        tags = "".join(f", {tag}" for tag in (i.fund, i.scheme) if tag)
        rows.append((f"instalment {i.on}, {i.party}{tags}", money(i.amount)))
    for each in agreement.indicators:
        rows.append((f"indicator {each.code}", f"{each.name}, {each.unit} ({each.direction} is better)"))
        rows.append((f"indicator {each.code}, area", each.area))
        rows.append((f"indicator {each.code}, scheme", each.scheme))
        rows.append((f"indicator {each.code}, target", each.target))
        rows += [(f"indicator {each.code}, target {period}", target) for period, target in each.targets.items()]
        rows.append((f"indicator {each.code}, reported by", each.reported_by))
    said = agreement.responsibilities
    rows += [(f"responsibility, {name.replace('_', ' ')}", getattr(said, name)) for name in said.__struct_fields__]
    return [(name, value) for name, value in rows if value]


def _band_name(up_to: int | None, money: Callable[[int], str]) -> str:
    return "risk, the rest" if up_to is None else f"risk, up to {money(up_to)}"
