"""Random histories: facts asked for in any order, most of them tamed so that the rules allow them, some left wild."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ledger import accounts as a
from ledger.agreement import Terms
from ledger.decisions.recharge import net_cost_left
from ledger.errors import Refused
from ledger.requests import KINDS
from tests.given import ROLES, Books
from tests.ledger.test_signs import NEGATIVE

kinds = st.sampled_from(sorted(ROLES))

_BODIES = ["OCC", "OCCG", "POOL", "ACME", "JV"]
_COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "party": st.sampled_from(_BODIES),
    "counterparty": st.sampled_from(["SUP", "SUP", *_BODIES]),
    "scheme": st.sampled_from(["care", "beds"]),
    "fund": st.sampled_from(["", "", "dfg"]),
    "asset": st.sampled_from(["van", "hut"]),
    "liability": st.sampled_from(["pay"]),
    "consideration": st.integers(0, 9_999),
    "amount": st.integers(-2_000, 9_999),
}


def _fields(type: str) -> st.SearchStrategy[tuple[str, dict[str, Any], bool]]:
    columns = {column: _COLUMNS[column] for column in KINDS[type].columns}
    return st.tuples(st.just(type), st.fixed_dictionaries(columns), st.sampled_from([False] * 7 + [True]))


_often = ["contribution_due", "expenditure", "recharge", "recharge", "asset_acquired", "asset_transferred", "refund"]
_reversals = st.tuples(st.just("reverse"), st.fixed_dictionaries({"number": st.integers(2, 30)}), st.just(False))
_steps = st.one_of(*map(_fields, [*KINDS, *_often]), _reversals, _reversals)
_stock: list[tuple[str, dict[str, Any], bool]] = [
    ("contribution_due", {"party": "OCC", "amount": 30_00, "fund": ""}, False),
    ("contribution_due", {"party": "OCCG", "amount": 20_00, "fund": "dfg"}, False),
    ("expenditure", {"scheme": "care", "counterparty": "SUP", "amount": 50_00, "party": "", "fund": ""}, False),
    ("expenditure", {"scheme": "beds", "counterparty": "OCC", "amount": 40_00, "party": "", "fund": "dfg"}, False),
    ("bill", {"scheme": "care", "amount": 45_67}, False),
    ("asset_acquired", {"asset": "van", "scheme": "care", "counterparty": "SUP", "amount": 60_00, "fund": "", "party": ""},
     False),
    ("liability_recognised", {"liability": "pay", "scheme": "care", "amount": 30_00, "party": ""}, False),
    ("asset_depreciated", {"asset": "van", "amount": 12_00}, False),
    ("recharge", {"scheme": "care", "amount": 100_00, "fund": ""}, False),
]  # fmt: skip
histories = st.builds(
    lambda stocked, steps: [*(_stock if stocked else []), *steps],
    st.sampled_from([True, True, False]), st.lists(_steps, min_size=8, max_size=40),
)  # fmt: skip
"""Lists of a type, its fields, and whether they are left wild; most begin with a stock of facts."""


def try_step(books: Books, type: str, fields: dict[str, Any], wild: bool) -> bool:
    """Record a fact or a reversal, if the rules allow it; whether they did."""
    try:
        if type == "reverse":
            books.reverse(2 + fields["number"] % len(books.events))
        else:
            books.record(type, **fields if wild else tamed(books, type, fields))
    except (Refused, IndexError):
        return False
    return True


def tamed(books: Books, type: str, fields: dict[str, Any]) -> dict[str, Any]:
    """The same fact with bodies that this arrangement has, of who holds the asset, and within what is there."""
    terms = Terms(books.signed)
    keeper = terms.keeper or terms.parties[0]
    known = {
        column: keeper if value in _BODIES and value not in terms.book_set else value for column, value in fields.items()
    }
    if "party" in KINDS[type].may:
        costs = terms.keeper and type in ("expenditure", "payment", "income", "income_due", "income_received")
        known["party"] = "" if costs else _owner(terms, known["party"])
    if type in ("contribution_due", "contribution_received", "contribution_in_kind", "refund", "set_off"):
        known["party"] = known["party"] if known["party"] in terms.party_set else terms.parties[1]
    if type in ("income", "income_due", "income_received", "asset_disposed"):
        known["counterparty"] = "CUST"
    for column in ("asset", "liability"):
        if column in known:
            known = _of_holder(books, type, column, known)
    if type in ("settlement", "asset_transferred"):
        others = [book for book in (known["counterparty"], *terms.books) if book in terms.book_set and book != known["party"]]
        known["counterparty"] = others[0]
        known["party"] = known["party"] or keeper
    if type not in NEGATIVE and "amount" in known:
        known["amount"] = abs(known["amount"])
    return _within(books, terms, type, known)


def _owner(terms: Terms, party: str) -> str:
    if not terms.keeper:
        return party or terms.parties[0]
    if terms.agreement.roles.assets_held_by == "parties":
        return party if party in terms.party_set else terms.parties[0]
    return party if terms.contractor and terms.lead else ""


def _of_holder(books: Books, type: str, column: str, known: dict[str, Any]) -> dict[str, Any]:
    item = books.head.item(column, known[column])
    if item is None or not item.records or not item.holder:
        return known
    mine: dict[str, Any] = {"party": item.holder, "scheme": item.scheme, "fund": item.fund}
    return known | {name: value for name, value in mine.items() if name in KINDS[type].columns}


def _within(books: Books, terms: Terms, type: str, known: dict[str, Any]) -> dict[str, Any]:
    head, keeper, amount = books.head, terms.keeper, known.get("amount", 0)
    there = amount
    if type == "recharge" and amount > 0 and not terms.entity:
        there = net_cost_left(head, known["scheme"], known["fund"])
        if known["fund"]:
            held = (head.balance(keeper, a.in_advance(party, known["fund"])) for party in terms.parties)
            there = min(there, -sum(held))
    elif type == "recharge" and amount < 0:
        there = sum(head.charge(known["scheme"], known.get("fund", "")).recharged.values())
    elif type == "refund" and not terms.entity:
        there = -head.balance(keeper, a.in_advance(known["party"], known["fund"]))
    elif type == "set_off":
        owed = -head.balance(keeper, a.creditors(known["party"]))
        there = min(owed, head.balance(keeper, a.debtors(known["party"])))
    elif type in ("asset_depreciated", "liability_settled"):
        column = type.partition("_")[0]
        item = head.item(column, known[column])
        code = known[column]
        if item and column == "asset":
            there = head.balance(item.holder, a.cost(code)) + head.balance(item.holder, a.depreciation(code))
        elif item:
            there = -head.balance(item.holder, a.provision(code))
    return known | {"amount": min(amount, there) if amount > 0 else max(amount, -there)} if "amount" in known else known
