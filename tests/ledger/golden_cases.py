"""How the golden files are made: every type of event once, by the commands, with a fixed clock, id and salts.

`python -m tests.ledger.golden_cases` writes the files that are missing. A file that is there is never written again: stored
bytes are for ever, and a changed shape is a new type with a file of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ledger import events as e
from ledger.application import Command, Ledger
from ledger.requests import KINDS, Agreeing, Erasing, Measured, Reporting, Reversal
from ledger.store.opening import Place
from tests.given import (
    CODE,
    DAY,
    WHO,
    Dispute,
    dispute,
    new_ledger,
    plan,
    record,
    request,
    run,
    scheduled,
    sign,
    vary,
    year_end,
)  # fmt: skip
from tests.ledger.examples import DUE, EXAMPLES, Example
from tests.ledger.golden_ends import ENDS

MOMENT = datetime(2013, 7, 1, 9, 30, 15, 123456, tzinfo=UTC)
GOLDEN = Path(__file__).parent / "golden"


def recorded(example: Example) -> Callable[[Ledger], e.Event]:
    """The example recorded after what must have happened before it."""

    def make(ledger: Ledger) -> e.Event:
        sign(ledger, example.kind)
        for type, fields in example.before:
            record(ledger, type, **fields)
        return record(ledger, example.type, **example.fields, command=Command("finance.officer", "R-1"))

    return make


def _signed(ledger: Ledger) -> e.Event:
    sign(ledger, "hybrid, parties hold")
    return ledger.event(CODE, 1)


def _reversed(ledger: Ledger) -> e.Event:
    number = recorded(EXAMPLES["recharge"])(ledger).number
    return ledger.record(CODE, Reversal(reverses=number, effective_on=DAY), Command("auditor", reason="Twice")).events[0]


def _reversed_again(ledger: Ledger) -> e.Event:
    number = _reversed(ledger).number
    return ledger.record(CODE, Reversal(reverses=number, effective_on=DAY), Command("auditor", "R-2")).events[0]


def _with_texts(ledger: Ledger) -> e.Event:
    sign(ledger)
    ledger.clock = lambda: MOMENT - timedelta(days=1)
    told = Command("ann.o’neil", "Payment/7", narrative="First quarter", reason="As agreed on the board")
    asked = request("contribution_due", party="OCCG", amount=-1, document="INV 7", evidence="ab" * 32)
    ledger.record(CODE, request(*DUE[:1], **DUE[1] | {"party": "OCCG"}), WHO)
    return ledger.record(CODE, asked, told).events[0]


def _erased(ledger: Ledger) -> e.Event:
    number = _with_texts(ledger).number
    asked = Erasing(event=number, effective_on=DAY)
    return ledger.record(CODE, asked, Command("protection.officer", reason="Asked by whom it is about")).events[0]


def _posted_late(ledger: Ledger) -> e.Event:
    sign(ledger)
    draft = ledger.draft(CODE)
    draft.head.state.open_from = {"POOL": DAY.replace(year=2014, month=4)}
    with ledger.store.posting(CODE):
        ledger.write(draft)
    return record(ledger, "expenditure", **EXAMPLES["expenditure"].fields)


def _credited(ledger: Ledger) -> e.Event:
    sign(ledger, "charge")
    record(ledger, "recharge", scheme="care", amount=100_00)
    record(ledger, "settlement", party="OCC", counterparty="JV", amount=50_00)
    return record(ledger, "recharge", scheme="care", amount=-50_00)


_YEAR = "2013/14"
_RISK = """
[risk]
base = "pool"
underspend = "return"
[[risk.band]]
shares = { OCC = 1, OCCG = 1 }
[[budget]]
year = "2013/14"
scheme = "care"
party = "OCC"
amount = "60.00"
[[budget]]
year = "2013/14"
scheme = "care"
party = "OCCG"
amount = "30.00"
"""


def planned(*facts: e.BudgetSet | e.BudgetVired | e.ForecastMade, confirms: int = 0) -> Callable[[Ledger], e.Event]:
    """The last of the plans, recorded after the others."""

    def make(ledger: Ledger) -> e.Event:
        sign(ledger)
        for fact in facts[:-1]:
            plan(ledger, fact)
        return plan(ledger, facts[-1], confirms=confirms)

    return make


def stepped(step: str, part: int, *, before: tuple[str, ...] = ()) -> Callable[[Ledger], e.Event]:
    """One event of a step of the year end: OCC was due 60.00 and OCCG 30.00, care cost 80.00, recharged 3:2."""

    def make(ledger: Ledger) -> e.Event:
        sign(ledger, more=_RISK)
        for party, due in (("OCC", 60_00), ("OCCG", 30_00)):
            record(ledger, "contribution_due", party=party, amount=due)
        record(ledger, "expenditure", scheme="care", counterparty="SUP", amount=80_00)
        run(ledger, date(2014, 3, 31))
        for earlier in before:
            year_end(ledger, earlier, _YEAR)
        return year_end(ledger, step, _YEAR, reason="A late invoice")[part]

    return make


def disputed(*after: Dispute) -> Callable[[Ledger], e.Event]:
    """A dispute over a contribution due, or the last of what follows it."""

    def make(ledger: Ledger) -> e.Event:
        sign(ledger)
        record(ledger, "contribution_due", party="OCCG", amount=30_00)
        return [dispute(ledger, fact) for fact in (e.DisputeRaised(event=2, party="OCCG", amount=12_34), *after)][-1]

    return make


def _instalment(ledger: Ledger) -> e.Event:
    more = '[[instalment]]\nparty = "OCCG"\namount = "25.00"\non = [2013-07-01]\nfund = "hub"\nscheme = "care"'
    sign(ledger, more=more)
    return scheduled(ledger, date(2013, 7, 1))[0]


def _agreed(ledger: Ledger) -> e.Event:
    sign(ledger)
    record(ledger, "contribution_due", party="OCCG", amount=30_00)
    differences = [e.Difference("amount", "#2", -30_00, -29_00, 2), e.Difference("missing_here", "X-1", 0, 1_00)]
    columns = {"reference": "Doc no", "amount": "Value", "date": "Posted", "sign": "-1"}
    fact = e.BalancesAgreed(
        party="OCCG", as_at=date(2014, 3, 31), ours=-30_00, theirs=-28_00, columns=columns, confirmed=[2],
        differences=differences,
    )  # fmt: skip
    return ledger.record(CODE, Agreeing(fact=fact, evidence="cd" * 32), WHO).events[0]


def _reclassified(ledger: Ledger) -> e.Event:
    sign(ledger)
    record(ledger, "contribution_received", party="OCCG", amount=10_00)
    return year_end(ledger, "reclassify", _YEAR)[0]


_VARIATION = """
[arrangement]
name = "The larger pool"
ends = 2016-03-31
notice_months = 12
[[party]]
code = "VOL"
name = "Voluntary Action"
sector = "other"
[roles]
lead = "OCCG"
[[scheme]]
code = "beds"
name = "Beds at home"
risk = { OCC = 1 }
[[fund]]
code = "dfg"
name = "Facilities"
kind = "revenue"
[shares]
recharge = { OCC = 1, OCCG = 1, VOL = "1/2" }
[[asset]]
code = "van"
shares = { VOL = 1 }
[risk]
base = "pool"
[[risk.band]]
shares = { OCC = 1 }
[[budget]]
year = "2014/15"
scheme = "care"
party = "VOL"
amount = "10.00"
[[instalment]]
party = "VOL"
amount = "5.00"
on = [2014-04-15]
[responsibilities]
access = "All of them"
[removed]
funds = ["hub"]
"""


def _varied(ledger: Ledger) -> e.Event:
    sign(ledger)
    why = Command("finance.officer", reason="The board agreed on 3 June")
    return vary(ledger, _VARIATION, date(2014, 4, 1), command=why)[0]


def _adjusted(kind: str, type: str, *before: tuple[str, dict[str, Any]]) -> Callable[[Ledger], e.Event]:
    """100.00 charged 3:2, and then varied to 1:1 from before that day."""

    def make(ledger: Ledger) -> e.Event:
        sign(ledger, kind)
        for earlier, fields in before:
            record(ledger, earlier, **fields)
        record(ledger, type, scheme="care", amount=100_00)
        return vary(ledger, "[shares]\nrecharge = { OCC = 1, OCCG = 1 }", date(2013, 5, 1))[1]

    return make


_SET = e.BudgetSet(_YEAR, "care", "OCC", 50_00)
_MOVED = e.BudgetVired(_YEAR, 20_00, "care", "OCC", "beds", "OCCG", provisional=True)


def _measured(ledger: Ledger) -> e.Event:
    more = """
[[indicator]]
code = "equipment"
name = "Equipment provided within 7 days of request"
unit = "%"
direction = "higher"
area = "Community equipment"
scheme = "care"
target = "95"
targets = { "2013/14-Q1" = "92.50" }
"""
    sign(ledger, more=more)
    figures = [Measured("equipment", "2013/14-Q1", "90.5"), Measured("equipment", "2013-05", "92")]
    return ledger.record(CODE, Reporting(figures=figures, effective_on=date(2013, 7, 1)), WHO).events[0]


CASES: dict[str, Callable[[Ledger], e.Event]] = {
    "AgreementSigned": _signed,
    **{KINDS[type].fact.__name__: recorded(example) for type, example in EXAMPLES.items()},
    "AgreementVaried": _varied,
    "ChargeAdjusted": _adjusted(
        "lead_body", "recharge", ("contribution_due", {"party": "OCCG", "amount": 3_00}),
        ("expenditure", {"scheme": "care", "counterparty": "SUP", "amount": 100_00}),
    ),
    "ChargeAdjusted-bill": _adjusted("commissioned", "bill"),
    "ChargeAdjusted-credited": _adjusted(
        "charge", "recharge", ("settlement", {"party": "OCC", "counterparty": "JV", "amount": 60_00})
    ),
    "FactReversed": _reversed,
    "FactReversed-again": _reversed_again,
    "ContributionDue-texts": _with_texts,
    "ExpenditureIncurred-posted-late": _posted_late,
    "RechargeRaised-credited": _credited,
    "RechargeRaised-fund": recorded(
        Example(
            "recharge", {"scheme": "care", "amount": 30_00, "fund": "dfg"},
            (
                ("contribution_due", {"party": "OCCG", "amount": 40_00, "fund": "dfg"}),
                ("expenditure", {"scheme": "care", "counterparty": "SUP", "amount": 35_00, "fund": "dfg"}),
            ),
        )
    ),
    "BudgetSet": planned(_SET),
    "BudgetSet-provisional": planned(e.BudgetSet(_YEAR, "beds", "OCCG", -1_01, provisional=True)),
    "BudgetVired": planned(_SET, e.BudgetVired(_YEAR, 50_00, "care", "OCC")),
    "BudgetVired-provisional": planned(_SET, _MOVED),
    "BudgetVired-confirms": planned(_SET, _MOVED, e.BudgetVired(_YEAR, 0), confirms=3),
    "ForecastMade": planned(e.ForecastMade(_YEAR, "care", 95_00)),
    "TrueUpRaised": stepped("settle", 0),
    "UnspentDecided": stepped("settle", -1),
    "BalancesReclassified": _reclassified,
    "YearClosed": stepped("close", 0, before=("settle",)),
    "FactReversed-year-reopened": stepped("reopen", 0, before=("settle", "close")),
    "ContributionDue-instalment": _instalment,
    "DisputeRaised": disputed(),
    "DisputeAcknowledged": disputed(e.DisputeAcknowledged(dispute=3, year=_YEAR)),
    "DisputeResolved": disputed(e.DisputeResolved(dispute=3)),
    "BalancesAgreed": _agreed,
    "IndicatorReported": _measured,
    "NarrativeErased": _erased,
    **ENDS,
    "BillRaised-to-pool": recorded(Example("bill", {"scheme": "care", "amount": 100_01}, kind="hybrid")),
}  # fmt: skip
"""Name of a golden file → how its event is made."""


def made(name: str, place: Place) -> bytes:
    """The bytes that today's commands store for a case."""
    ledger = new_ledger(place, lambda: MOMENT)
    try:
        return ledger.store.event(CODE, CASES[name](ledger).number) or b""
    finally:
        ledger.close()


if __name__ == "__main__":
    for name in CASES:
        file = GOLDEN / f"{name}.json"
        if not file.exists():
            with TemporaryDirectory() as place:
                file.write_bytes(made(name, Path(place) / "poolbook.db") + b"\n")
