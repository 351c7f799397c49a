"""The bodies of an agreement's file: `[[party]]`, and `[roles]` with the contractor or the entity."""

from __future__ import annotations

from ledger.agreement import values
from ledger.agreement.model import ROLES, Body, Party, Roles
from ledger.agreement.table import Table

_SECTORS = ("nhs", "local_authority", "other")
_FUNDING = ("grant", "charge", "capital")


def parties(top: Table) -> list[Party]:
    """Every `[[party]]` of an agreement, in their order, which breaks ties."""
    found = named(top)
    if len(found) < 2:
        top.fault(f"an agreement has two parties or more; this one has {len(found)}: add [[party]]", "party")
    return found


def named(top: Table) -> list[Party]:
    """Every `[[party]]` of a file, however many."""
    found = [_party(table) for table in top.tables("party")]
    top.refuse_twice("party", [party.code for party in found])
    return found


def _party(table: Table) -> Party:
    party = Party(
        code=table.take("code", values.body_code, "", needed=True),
        name=table.take("name", values.words, "", needed=True),
        sector=table.take("sector", values.one_of(_SECTORS), "", needed=True),
    )
    table.end()
    return party


def roles(top: Table, kind: str, parties: list[str]) -> Roles:
    """The table `[roles]`, as the type of arrangement needs and allows them."""
    table = top.table("roles")
    needed, allowed = ROLES.get(kind, ((), tuple(Roles.__struct_fields__)))
    party = values.one_of(parties, "party")
    found = Roles(
        lead=table.take("lead", party, "", needed="lead" in needed),
        contractor=table.take("contractor", lambda v: _body(table, "contractor", v, parties), None,
                              needed="contractor" in needed),
        billing_lead=table.take("billing_lead", party, ""),
        assets_held_by=table.take("assets_held_by", values.one_of(("contractor", "parties")), ""),
        entity=table.take("entity", lambda v: _body(table, "entity", v, parties), None, needed="entity" in needed),
        funding=table.take("funding", _funding, [], needed="funding" in needed),
        owners_liable=table.take("owners_liable", values.truth, False),
    )  # fmt: skip
    for role in table.given:
        if kind in ROLES and role in Roles.__struct_fields__ and role not in (*needed, *allowed):
            has = ", ".join((*needed, *allowed)) or "none"
            table.fault(f"{role}: an arrangement of type {kind} has no such role (it has: {has})", role)
    table.end()
    return found


def recharges(top: Table, kind: str) -> bool:
    """Whether the pool recharges, as a lead body's and a billing lead's do; a type that is wrong is not held against it."""
    given = top.given.get("roles")
    return kind in ("", "lead_body") or (isinstance(given, dict) and "billing_lead" in given)


def _body(roles: Table, key: str, value: object, parties: list[str]) -> Body | None:
    table = Table(value, (*roles.path, key), roles.lines, roles.faults)
    if not isinstance(value, dict):
        return None
    code = table.take("code", values.body_code, "", needed=True)
    if code in parties:
        table.fault(f"code: {code} is a party; the {key} is another body", "code")
    body = Body(code=code, name=table.take("name", values.words, "", needed=True))
    table.end()
    return body


def _funding(value: object) -> list[str]:
    given = [value] if isinstance(value, str) else value
    if (
        not isinstance(given, list)
        or any(item not in _FUNDING for item in given)
        or len(set(given)) != len(given)
        or not (len(given) == 1 or (len(given) == 2 and "charge" in given))
    ):
        raise ValueError('write "grant", "charge" or "capital", or "charge" with one other: ["charge", "capital"]')
    return sorted(given, key=lambda item: item != "charge")
