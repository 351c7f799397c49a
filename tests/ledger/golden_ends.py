"""How the golden files of an end are made: the steps of a completion where everything goes another way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from ledger import events as e
from ledger.application import Ledger
from tests.given import CODE, DAY, dispute, record, run, sign
from tests.ledger import ends


def ended(type: str, kind: str = "lead_body") -> Callable[[Ledger], e.Event]:
    """The first event of a type in the end of an arrangement that has one of everything."""

    def make(ledger: Ledger) -> e.Event:
        sign(ledger, kind)
        stock = (
            ("contribution_due", {"party": "OCC", "amount": 90_00}),
            ("contribution_due", {"party": "OCCG", "amount": 60_00}),
            ("expenditure", {"scheme": "care", "counterparty": "SUP", "amount": 20_00}),
            ("income_due", {"scheme": "care", "counterparty": "CUST", "amount": 5_01}),
            *(("asset_acquired", {"asset": asset, "scheme": "care", "counterparty": "SUP", "amount": 10_01})
              for asset in ("hut", "shed", "van")),
            ("asset_depreciated", {"asset": "van", "amount": 3_00}),
            ("liability_recognised", {"liability": "pay", "scheme": "care", "amount": 7_77}),
        )  # fmt: skip
        for type_, fields in stock:
            record(ledger, type_, **fields)
        ends.notice(ledger, date(2013, 7, 1), party="OCCG", ends=date(2013, 9, 30))
        if kind == "lead_body":
            run(ledger, DAY)
        choices = (
            ends.choose("creditor", "SUP", "novate", "OCCG"), ends.choose("debtor", "CUST", "assign", "OCC"),
            ends.choose("asset", "hut", "in_kind", "OCCG", 12_00), ends.choose("asset", "shed", "sell", value=4_00),
        )  # fmt: skip
        made = [*ledger.history(CODE), *ends.complete(ledger, *choices, on=date(2014, 4, 1), reference="END")]
        return next(event for event in made if event.type == type)

    return make


def _adjusted(ledger: Ledger) -> e.Event:
    sign(ledger)
    record(ledger, "contribution_due", party="OCC", amount=30_00)
    record(ledger, "contribution_received", party="OCC", amount=30_00)
    record(ledger, "expenditure", scheme="beds", counterparty="SUP", amount=20_00)
    charged = run(ledger, DAY)[0]
    dispute(ledger, e.DisputeRaised(event=charged.number, party="OCCG", amount=10_00))
    ends.complete(ledger)
    return ends.adjust(ledger, "dispute #6", -4_00)


ENDS: dict[str, Callable[[Ledger], e.Event]] = {
    **{
        name: ended(name)
        for name in ("NoticeGiven", "ArrangementCompleted", "CreditorNovated", "DebtorAssigned", "AssetDivided",
                     "LiabilityAssumed", "PoolClosed", "DistributionMade", "DistributionClosed")
    },
    "AssetTransferred-at-end": ended("AssetTransferred"),
    "AssetDisposed-at-end": ended("AssetDisposed"),
    "CapitalReturned": ended("CapitalReturned", "capital"),
    "SurvivorAdjusted": _adjusted,
}  # fmt: skip
"""Name of a golden file → how its event is made."""
