"""A plan as a file: what preview writes is what complete takes; a wrong one is refused with every fault and its line."""

from __future__ import annotations

import pytest

from ledger.agreement import Terms
from ledger.application import Ledger
from ledger.errors import BadInput
from ledger.termination.plan import Choice
from ledger.termination.plan_file import read_plan, written
from tests.given import CODE, agreement, dispute, e, record
from tests.ledger.ends import END, choose, planned, preview
from tests.ledger.test_completion import pool

TERMS = Terms(agreement("lead_body"))
HEAD = '[plan]\narrangement = "pool"\non = 2014-03-31\nnumber = 9\nroot = "ab"\n'


def test_what_preview_writes_is_read_back_as_it_was_chosen(ledger: Ledger) -> None:
    pool(ledger, cost=30_00, invoiced=5_00, asset=20_01, provision=7_77)
    number = dispute(ledger, e.DisputeRaised(event=2, party="OCC", amount=1_00)).number
    chosen = (
        choose("creditor", "SUP", "novate", "OCC"), choose("debtor", "CUST", "hold", OCC=1),
        choose("asset", "hut", "in_kind", "OCCG", 30_00), choose("liability", "pay", "shares"),
        choose("dispute", str(number), "settle"),
    )  # fmt: skip
    plan = planned(ledger, *chosen, stand=True)
    text = written(preview(ledger, *chosen).estate, CODE, END, plan.number, plan.root, budgets_stand=True)
    assert read_plan("plan.toml", text.encode(), TERMS) == plan
    assert '# amount = "0.00", disputed by OCC' in text
    assert 'value = "30.00"          # carried at 20.01' in text


def test_an_asset_at_its_carrying_value_is_written_so_that_it_can_be_changed(ledger: Ledger) -> None:
    pool(ledger, asset=20_00)
    record(ledger, "asset_depreciated", asset="hut", amount=5_00)
    text = written(preview(ledger).estate, CODE, END, 1, "ab")
    plan = read_plan("plan.toml", text.replace('"15.00"', '"17.50"').encode(), TERMS)
    assert plan.choices == [Choice("creditor", "SUP", "pay"), Choice("asset", "hut", "shares", value=17_50)]


FAULTS = {
    "no plan": ("", ["arrangement is missing from [plan]", "on is missing", "number is missing", "root is missing"]),
    "a kind there is not": (HEAD + '[[asets]]\ncode = "x"', ["6: asets is not a key of a plan; did you mean asset?"]),
    "a course there is not": (
        HEAD + '[[asset]]\ncode = "hut"\nthen = "gift"', ["8: then: “gift” is not one of shares, in_kind, sell"]
    ),
    "nobody takes it": (HEAD + '[[asset]]\ncode = "hut"\nthen = "in_kind"', ["6: to is missing from [[asset]]"]),
    "a stranger takes it": (
        HEAD + '[[asset]]\ncode = "hut"\nthen = "in_kind"\nto = "OCGC"', ["9: to: “OCGC” is not a party of this agreement"]
    ),
    "two courses": (
        HEAD + '[[liability]]\ncode = "pay"\nthen = "hold"\nto = "OCC"', ["9: to: nobody takes it where then is “hold”"]
    ),
    "sold for what": (HEAD + '[[asset]]\ncode = "hut"\nthen = "sell"', ["6: value is missing from [[asset]]"]),
    "a value below nil": (
        HEAD + '[[asset]]\ncode = "hut"\nvalue = "-1"\nthen = "shares"', ["8: value: a value cannot be below nil"]
    ),
    "a value of a creditor": (
        HEAD + '[[creditor]]\ncode = "SUP"\nvalue = "1"\nthen = "pay"', ["8: value is not a key of [[creditor]]"]
    ),
    "whose without waiting": (
        HEAD + '[[debtor]]\ncode = "CUST"\nthen = "collect"\nwhose = { OCC = 1 }', ["9: whose is not a key of [[debtor]]"]
    ),
    "given twice": (
        HEAD + '[[debtor]]\ncode = "A"\nthen = "hold"\n[[debtor]]\ncode = "A"\nthen = "hold"', ["10: code: A is given twice"]
    ),
    "a number that is none": (HEAD.replace("9", "-9").replace("2014", "2014"), ["4: number: this must be a whole number"]),
    "no TOML": ("then = shares", ["1:8: this is not TOML"]),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_a_wrong_plan_is_refused_with_its_lines(case: str) -> None:
    text, words = FAULTS[case]
    with pytest.raises(BadInput) as caught:
        read_plan("plan.toml", text.encode(), TERMS)
    assert [word for word in words if word not in str(caught.value)] == [], str(caught.value)
