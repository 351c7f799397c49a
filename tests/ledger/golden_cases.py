"""How the golden files are made: every type of event once, by the commands, with a fixed clock, id and salts.

`python -m tests.ledger.golden_cases` writes the files that are missing. A file that is there is never written again: stored
bytes are for ever, and a changed shape is a new type with a file of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from ledger import events as e
from ledger.application import Command, Ledger
from ledger.requests import KINDS, Reversal
from tests.given import CODE, DAY, WHO, new_ledger, record, request, sign
from tests.ledger.examples import DUE, EXAMPLES, Example

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
    return ledger.reverse(CODE, Reversal(reverses=number, effective_on=DAY), Command("auditor", reason="Twice")).events[0]


def _reversed_again(ledger: Ledger) -> e.Event:
    number = _reversed(ledger).number
    return ledger.reverse(CODE, Reversal(reverses=number, effective_on=DAY), Command("auditor", "R-2")).events[0]


def _with_texts(ledger: Ledger) -> e.Event:
    sign(ledger)
    ledger.clock = lambda: MOMENT - timedelta(days=1)
    told = Command("ann.o’neil", "Payment/7", narrative="First quarter", reason="As agreed on the board")
    asked = request("contribution_due", party="OCCG", amount=-1, document="INV 7", evidence="ab" * 32)
    ledger.record(CODE, request(*DUE[:1], **DUE[1] | {"party": "OCCG"}), WHO)
    return ledger.record(CODE, asked, told).events[0]


def _posted_late(ledger: Ledger) -> e.Event:
    sign(ledger)
    draft = ledger.draft(CODE)
    draft.head.state.open_from = {"POOL": DAY.replace(year=2014, month=4)}
    with ledger.store.posting():
        ledger.write(draft)
    return record(ledger, "expenditure", **EXAMPLES["expenditure"].fields)


def _credited(ledger: Ledger) -> e.Event:
    sign(ledger, "charge")
    record(ledger, "recharge", scheme="care", amount=100_00)
    record(ledger, "settlement", party="OCC", counterparty="JV", amount=50_00)
    return record(ledger, "recharge", scheme="care", amount=-50_00)


CASES: dict[str, Callable[[Ledger], e.Event]] = {
    "AgreementSigned": _signed,
    **{KINDS[type].fact.__name__: recorded(example) for type, example in EXAMPLES.items()},
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
    "BillRaised-to-pool": recorded(Example("bill", {"scheme": "care", "amount": 100_01}, kind="hybrid")),
}  # fmt: skip
"""Name of a golden file → how its event is made."""


def made(name: str, place: Path) -> bytes:
    """The bytes that today's commands store for a case."""
    ledger = new_ledger(place / "poolbook.db", lambda: MOMENT)
    try:
        return ledger.store.event(CODE, CASES[name](ledger).number) or b""
    finally:
        ledger.close()


if __name__ == "__main__":
    for name in CASES:
        file = GOLDEN / f"{name}.json"
        if not file.exists():
            with TemporaryDirectory() as place:
                file.write_bytes(made(name, Path(place)) + b"\n")
