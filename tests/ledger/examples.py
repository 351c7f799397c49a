"""One example of every type of fact, with what must have happened before it: the same for signs, reversals and bytes."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.given import Books

Step = tuple[str, dict[str, Any]]


class Example(NamedTuple):
    """A fact that can be recorded in an arrangement of a kind after some others."""

    type: str
    fields: dict[str, Any]
    before: tuple[Step, ...] = ()
    kind: str = "lead_body"


def _step(type: str, **fields: Any) -> Step:
    return type, fields


DUE = _step("contribution_due", party="OCC", amount=50_00)
COST = _step("expenditure", scheme="care", counterparty="SUP", amount=100_01)
VAN = _step("asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=60_00)
WEAR = _step("asset_depreciated", asset="van", amount=12_00)
PAY = _step("liability_recognised", liability="pay", scheme="care", amount=30_00)
PROVIDED = _step("expenditure", scheme="care", counterparty="OCC", amount=20_00)

EXAMPLES = {
    example.type: example
    for example in (
        Example("contribution_due", {"party": "OCC", "amount": 50_00, "fund": "dfg", "scheme": "care"}),
        Example("contribution_received", {"party": "OCC", "amount": 50_00}, (DUE,)),
        Example("contribution_in_kind", {"party": "OCCG", "amount": 12_34, "scheme": "beds"}),
        Example("expenditure", {"scheme": "care", "counterparty": "OCCG", "amount": 100_01, "fund": "hub"}),
        Example("payment", {"counterparty": "SUP", "amount": 90_00}, (COST,)),
        Example("income", {"scheme": "care", "amount": 40_00, "counterparty": "CLIENTS"}),
        Example("income_due", {"scheme": "care", "amount": 40_00, "counterparty": "CUST"}),
        Example("income_received", {"amount": 40_00, "counterparty": "CUST"}),
        Example("bill", {"scheme": "care", "amount": 100_01}, kind="commissioned"),
        Example("recharge", {"scheme": "care", "amount": 100_01}, (DUE, COST)),
        Example("settlement", {"party": "OCCG", "counterparty": "POOL", "amount": 40_00}),
        Example("refund", {"party": "OCC", "amount": 20_00}, (DUE,)),
        Example("set_off", {"party": "OCC", "amount": 20_00}, (DUE, PROVIDED)),
        Example("asset_acquired", VAN[1]),
        Example("asset_depreciated", WEAR[1], (VAN,)),
        Example(
            "asset_transferred",
            {"asset": "van", "party": "POOL", "counterparty": "OCCG", "consideration": 50_00},
            (VAN, WEAR),
        ),
        Example("asset_disposed", {"asset": "van", "amount": 50_00, "counterparty": "DEALER"}, (VAN, WEAR)),
        Example("liability_recognised", PAY[1]),
        Example("liability_settled", {"liability": "pay", "amount": 25_00}, (PAY,)),
    )
}
"""Type → its example."""


def prepared(example: Example) -> Books:
    """Books in which everything before the example has happened."""
    books = Books(example.kind)
    for type, fields in example.before:
        books.record(type, **fields)
    return books
