"""The account of an end laid out: what there is, who is entitled to what of it, how each gets it, and what survives.

The same for a preview and for the final account: a document for programs, sheets for people, a list for spreadsheets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from ledger import events as e
from ledger.accounts import ADVANCE, CASH, CREDITORS, DEBTORS, creditors, debtors, in_advance
from ledger.agreement import Ratio, Terms
from ledger.decisions.entitlement import outside, owed
from ledger.decisions.position import wound_up
from ledger.money import pounds
from ledger.termination.account import Takes, named, payments_of, taken, takes, total
from projections.sheets import Sheet

Rows = list[tuple[object, ...]]


class Account(NamedTuple):
    """An end to lay out: what was completed, and the pool book before and after (nothing where nobody keeps one)."""

    terms: Terms
    on: date
    book: Mapping[str, int]
    after: Mapping[str, int]
    completed: e.ArrangementCompleted

    def items(self, *kinds: str, kept: bool = False) -> list[e.Ended]:
        """The things of some kinds, either those that are shared out or those that stay where they are."""
        return [item for item in self.completed.items if item.kind in kinds and (item.then == "keep") == kept]


def document(account: Account) -> dict[str, Any]:
    """The account as JSON shows it."""
    done = account.completed
    return {
        "arrangement": account.terms.agreement.code,
        "on": account.on.isoformat(),
        "assets": [_shared(item) | {"carried": pounds(item.carried)} for item in account.items("asset")],
        "liabilities": [_shared(item) for item in account.items("liability")],
        "residual": {
            "value": pounds(sum(each.share_of_residual for each in done.entitled)),
            "shares": [_part(each.party, each.share_of_residual) for each in done.entitled if each.share_of_residual],
        },
        "entitlements": [
            {
                "party": each.party,
                "owed_by_pool": pounds(each.owed),
                "assets": pounds(each.share_of_assets),
                "liabilities": pounds(each.share_of_liabilities),
                "residual": pounds(each.share_of_residual),
                "total": pounds(total(each)),
            }
            for each in done.entitled
        ],
        "takes": [
            {"party": each.party} | {name: pounds(getattr(each, name)) for name in Takes._fields[1:]} for each in takes(done)
        ],
        "payments": [
            {"payer": payer, "payee": payee, "amount": pounds(amount)}
            for payer, payee, amount in payments_of(done, account.terms.keeper)
        ],
        "outside": [_becomes(item) for item in account.items("creditor", "debtor", "dispute")],
        "kept": [
            {"kind": item.kind, "code": item.code, "holder": item.to, "value": pounds(item.value)}
            for item in account.items("asset", "liability", kept=True)
        ],
        "survivors": [
            {"name": each.name, "why": each.why, "account": each.account, "amount": pounds(each.amount)}
            for each in done.survivors
        ],
        "net_worth": pounds(done.net_worth),
    }


def _shared(item: e.Ended) -> dict[str, Any]:
    shares = [_part(party, part) for party, part in item.parts.items()]
    return {"code": item.code, "value": pounds(item.value), "shares": shares, "then": item.then, "to": item.to}


def _part(party: str, amount: int) -> dict[str, str]:
    return {"party": party, "amount": pounds(amount)}


def _becomes(item: e.Ended) -> dict[str, Any]:
    shown = {"kind": item.kind, "code": item.code, "value": pounds(item.value), "then": item.then, "party": item.to}
    return shown | {"waits": [_part(party, part) for party, part in item.parts.items()]}


def sheets(account: Account) -> list[Sheet]:
    """The account as tables for people; each figure of a party stands in its column."""
    parties = tuple(each.party for each in account.completed.entitled)
    amounts = ("total", *parties)
    found = [
        Sheet("What there is", ("what", "becomes", "value"), _what_there_is(account), ("value",)),
        Sheet("What each party is entitled to", ("what", "shared by", *amounts), _entitled(account), amounts),
        Sheet("How each party gets it", ("what", *amounts), _gets(account), amounts),
        Sheet(
            "Payments", ("payer", "payee", "amount"), list(payments_of(account.completed, account.terms.keeper)), ("amount",)
        ),
        Sheet("Proof", ("what", "amount"), _proof(account), ("amount",)),
        Sheet(
            "What outlives the arrangement in the pool's book",
            ("name", "why", "account", "amount"),
            [(each.name, _WHY[each.why], each.account, each.amount) for each in account.completed.survivors],
            ("amount",),
        ),
        Sheet(
            "What stays with its holder",
            ("what", "holder", "value"),
            [(f"{item.kind} {item.code}", item.to, item.value) for item in account.items("asset", "liability", kept=True)],
            ("value",),
        ),
    ]
    return [sheet for sheet in found if sheet.rows]


_WHY = {
    "disputed": "disputed",
    "held": "held back",
    "not_called": "not called in",
    "set_aside": "set aside for it",
    "waits": "waits for it",
    "open": "open, without a balance",
    "contingent": "contingent",
}

WAYS = {
    "aligned": "aligned budgets: nothing is shared, each party keeps what is its own",
    "lead_body": "the lead's pool is wound up",
    "joint_commissioning": "the contractor keeps what is its own; what it and the parties owe each other is settled",
    "joint_venture": "the joint entity is wound up",
}
"""Type of arrangement → how it ends."""


def way(account: Account) -> str:
    """How an arrangement of this kind ends."""
    terms = account.terms
    if terms.contractor and terms.lead:
        return "the billing lead's pool is wound up; the contractor keeps what is its own"
    short = any(each.not_called for each in account.completed.entitled)
    return WAYS[terms.agreement.type] + (", and its owners do not make good the deficit" if short else "")


def _proof(account: Account) -> Rows:
    """What must agree: two ways to the net worth, and what is left in the pool's book with what is named of it."""
    if not account.terms.keeper:
        return []
    done, keeper = account.completed, account.terms.keeper
    whose = "" if wound_up(account.terms) else ", with the parties"
    return [
        ("net worth by the book", _net_worth(account)),
        ("the entitlements together", sum(total(each) for each in done.entitled)),
        (f"left in the book of {keeper}{whose}", sum(map(abs, account.after.values()))),
        ("of it named below", sum(abs(amount) for amount in named(done).values())),
    ]


def _net_worth(account: Account) -> int:
    """Cash, outside debtors less creditors, assets at the values agreed, less provisions; a contractor's money is its own."""
    book, parties = account.book, account.terms.party_set
    items = sum(item.value for item in account.items("asset")) - sum(item.value for item in account.items("liability"))
    if not wound_up(account.terms):
        return items + sum(owed(book, parties).values())
    others = sum(outside(book, DEBTORS, parties).values()) + sum(outside(book, CREDITORS, parties).values())
    return book.get(CASH, 0) + others + items


def _what_there_is(account: Account) -> Rows:
    rows: Rows = []
    if wound_up(account.terms):
        rows.append(("cash", "", account.book.get(CASH, 0)))
    rows += [(f"debtor {item.code}", _course(item), item.value) for item in account.items("debtor")]
    rows += [(f"creditor {item.code}", _course(item), -item.value) for item in account.items("creditor")]
    rows += [(f"asset {item.code}", _course(item), item.value) for item in account.items("asset")]
    rows += [(f"liability {item.code}", _course(item), -item.value) for item in account.items("liability")]
    if wound_up(account.terms):
        rows.append(("net worth", "", account.completed.net_worth))
    rows += [(f"dispute #{item.code} by {item.to}", _course(item), item.value) for item in account.items("dispute")]
    return rows if account.terms.keeper else []


_COURSES = {
    "pay": "paid",
    "novate": "taken over by {to}",
    "hold": "held back",
    "collect": "collected",
    "assign": "taken over by {to}",
    "shares": "shared",
    "in_kind": "taken by {to}",
    "sell": "sold",
    "assume": "taken over by {to}",
    "settle": "settled",
}


def _course(item: e.Ended) -> str:
    return _COURSES[item.then].format(to=item.to)


def _entitled(account: Account) -> Rows:
    done, book, parties = account.completed, account.book, account.terms.parties
    funds = dict.fromkeys(name.removeprefix(ADVANCE).partition(":")[2] for name in book if name.startswith(ADVANCE))
    rows: Rows = []
    if account.terms.keeper:
        for fund in sorted(funds):
            name = "contributions in advance" + (f", {fund}" if fund else "")
            rows += _row(done, name, "", {party: -book.get(in_advance(party, fund), 0) for party in parties})
        rows += _row(done, "owed by the pool", "", {party: -book.get(creditors(party), 0) for party in parties})
        rows += _row(done, "owed to the pool", "", {party: -book.get(debtors(party), 0) for party in parties})
    for item in account.items("asset", "liability"):
        sign = 1 if item.kind == "asset" else -1
        rows += _row(done, f"{item.kind} {item.code}", _ratio(item.ratio, item.clause), _signed(sign, item.parts))
    residual = {each.party: each.share_of_residual for each in done.entitled}
    rows += _row(done, "residual", _ratio(done.residual_ratio, done.residual_clause), residual)
    return [*rows, ("entitlement", "", done.net_worth, *(total(each) for each in done.entitled))]


def _gets(account: Account) -> Rows:
    done = account.completed
    rows: Rows = []
    for kind, sign in (("asset", 1), ("debtor", 1), ("liability", -1), ("creditor", -1)):
        for item in account.items(kind):
            rows += _row(done, f"takes {kind} {item.code}", None, _signed(sign, taken(item)))
    took = takes(done)
    paid = "is paid" if all(each.paid >= 0 for each in took) else "is paid (below nil: pays in)"
    held = "waits" if all(each.held >= 0 for each in took) else "waits (below nil: owes, in dispute)"
    for name, said in (("paid", paid), ("held", held), ("not_called", "not called in")):
        rows += _row(done, said, None, {each.party: getattr(each, name) for each in took})
    return [*rows, ("entitlement", done.net_worth, *(total(each) for each in done.entitled))]


def _signed(sign: int, parts: Mapping[str, int]) -> dict[str, int]:
    return {party: sign * part for party, part in parts.items()}


def _row(done: e.ArrangementCompleted, name: str, by: str | None, parts: Mapping[str, int]) -> Rows:
    """One row with a column for each party, and their sum; none where all of it is nil."""
    found = [parts.get(each.party, 0) for each in done.entitled]
    return [(name, *(() if by is None else (by,)), sum(found), *found)] if any(found) else []


def _ratio(ratio: Ratio, clause: str) -> str:
    said = " : ".join(f"{party} {share}" for party, share in ratio.items())
    return ", ".join(part for part in (said, clause) if part)


def flat(account: Account) -> Iterator[tuple[str, str, str, str, str, int]]:
    """The account as one list, in pence, in the columns of the report “final”."""
    code, done = account.terms.agreement.code, account.completed
    for item in done.items:
        yield code, item.kind, item.code, item.to, item.then, item.value
        for party, part in item.parts.items():
            yield code, item.kind, item.code, party, "part" if item.kind in ("asset", "liability") else "waits", part
    for each, took in zip(done.entitled, takes(done), strict=True):
        yield code, "entitlement", "", each.party, "owed", each.owed
        for name in ("assets", "liabilities", "residual"):
            yield code, "entitlement", "", each.party, name, getattr(each, f"share_of_{name}")
        yield code, "entitlement", "", each.party, "total", total(each)
        for name in Takes._fields[1:]:
            yield code, "takes", "", each.party, name, getattr(took, name)
    for payer, payee, amount in payments_of(done, account.terms.keeper):
        yield code, "payment", payer, payee, "paid", amount
    for survivor in done.survivors:
        yield code, "survivor", survivor.name, "", survivor.account or survivor.why, survivor.amount
    yield code, "net_worth", "", "", "value", done.net_worth
