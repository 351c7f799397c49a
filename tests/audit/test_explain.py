"""`audit explain`: the leaves of every figure come to what its report says, to the penny; splits by hand."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from ledger.application import Ledger
from ledger.errors import Refused
from ledger.money import pence
from projections.explain.asked import Asked
from projections.explain.figures import FAMILIES, explain, listed
from projections.explain.tree import Node, leaves
from tests import given
from tests.commands.desk import Desk
from tests.given import CODE
from tests.ledger.years import HALVES, Pool, budgeted

DAYS: dict[str, dict[str, Any]] = {
    "balances": {"as_at": date(2014, 3, 31)},
    "statement": {"first": date(2014, 4, 1), "last": date(2015, 3, 31)},
    "outturn": {"as_at": date(2013, 12, 31)},
    "assets": {"as_at": date(2014, 3, 31)},
    "debtors": {"as_at": date(2014, 3, 31)},
    "creditors": {"as_at": date(2014, 3, 31)},
}
"""Report → days to ask of it, besides asking of everything."""


def asking(ledger: Ledger, code: str, **days: Any) -> Asked:
    """The question of everything recorded, or of some days."""
    return Asked(ledger, code, ledger.number_known(code, 2**62), **days)


def proved(node: Node) -> None:
    """Every node is the sum of its parts, every split of its shares; all leaves of events name theirs."""
    if node.parts:
        assert node.amount == sum(part.amount for part in node.parts), node.label
    if node.split is not None:
        assert sum(share.part for share in node.split.shares) == node.split.amount
        for share in node.split.shares:
            exact = Fraction(abs(node.split.amount) * share.share, sum(each.share for each in node.split.shares))
            assert abs(share.floor) + Fraction(share.remainder, share.of) == exact
            assert abs(share.part) == abs(share.floor) + share.penny
    for each in (*node.parts, *node.grounds):
        proved(each)


def figures(asked: Asked, report: str) -> list[tuple[str, int]]:
    """The figures of a report, as it gives them itself; none where it refuses a year for want of a rule."""
    try:
        return listed(asked, report)
    except Refused:
        return []


def assert_explained(ledger: Ledger, code: str) -> int:
    """Every figure of every report, of everything and of some days, comes from its leaves; gives how many there were."""
    questions = [(report, {}) for report in FAMILIES] + list(DAYS.items())
    count = 0
    for report, days in questions:
        asked = asking(ledger, code, **days)
        for spelt, amount in figures(asked, report):
            node = explain(asked, spelt)
            assert node.amount == amount, (code, spelt, days)
            assert sum(leaf.amount for leaf in leaves(node)) == amount, (code, spelt, days)
            proved(node)
            count += 1
    return count


def test_every_figure_of_a_year_that_was_closed_comes_from_its_leaves(kept: Desk) -> None:
    with closing(Ledger.open(kept.path)) as ledger:
        assert assert_explained(ledger, CODE) > 150


def test_every_figure_of_random_histories_comes_from_its_leaves(many: Desk) -> None:
    with closing(Ledger.open(many.path, read_only=True)) as ledger:
        codes = ledger.store.streams()[::12]
        assert sum(assert_explained(ledger, code) for code in codes) > 3_000


def test_every_figure_of_a_pool_whose_ratio_was_varied_back_comes_from_its_leaves(desk: Desk) -> None:
    june, november, october, december = (date(2013, month, 10) for month in (6, 11, 10, 12))
    with closing(given.new_ledger(desk.path)) as ledger:
        pool = Pool(ledger, HALVES, budgeted(care={"OCC": 60_00, "OCCG": 40_00}))
        pool.due(OCC=60_00, OCCG=40_00)
        pool.cost(june, care=60_01)
        pool.cost(november, care=40_00)
        (recharge,) = pool.run(december)
        variation, adjusted = given.vary(ledger, "[shares]\nrecharge = { OCC = 1, OCCG = 1 }", october)
        pool.cost(december, care=5_01)
        (late,) = pool.run()
        pool.settle("carry_forward")
        joined = '[[party]]\ncode = "VOL"\nname = "Voluntary Action"\nsector = "other"\n[removed]\nschemes = ["beds"]\n'
        given.vary(ledger, joined + "[shares]\nrecharge = { OCC = 1, OCCG = 1, VOL = 1 }", date(2014, 4, 1))
        pool.cost(date(2014, 5, 1), care=10_00)
        pool.run(date(2014, 6, 30))
        assert assert_explained(ledger, CODE) > 150
    # 60.01 stays at 3:2, which is 36.01 and 24.00 (36.006, 24.004); 40.00 goes from 3:2 to 1:1. So OCC bears 56.01 of what
    # had been 100.01 at 3:2, 60.01 and 40.00: 4.00 pass from OCC to OCCG.
    node = explained(desk, "memorandum/2013-14/OCC/borne")["explained"]
    parts = {part["event"]["number"]: part for part in node["parts"]}
    assert parts[adjusted.number]["amount"] == "-4.00"
    assert parts[adjusted.number]["grounds"][0] == {"label": f"OCC now bears of #{recharge.number}", "amount": "56.01"}
    assert [parts[number]["split"]["set_by"] for number in (recharge.number, late.number)] == [1, variation.number]


def explained(desk: Desk, figure: str, *words: str) -> dict[str, Any]:
    """The JSON of an explanation."""
    done = desk("audit", "explain", CODE, figure, *words, "--format", "json")
    assert (done.code, done.err) == (0, "")
    document: dict[str, Any] = done.json
    return document


def test_a_figure_down_to_the_last_penny(kept: Desk) -> None:
    # 110.01 at 3:2 is 6,600 3/5 and 4,400 2/5 pence: the penny left goes to the larger remainder. 60.00 of OCC's 66.01 was
    # drawn, 6.01 billed; the true-up took 1.00 back.
    node = explained(kept, "memorandum/2013-14/OCC/billed")["explained"]
    assert (node["amount"], [part["amount"] for part in node["parts"]]) == ("5.01", ["6.01", "-1.00"])
    recharge, true_up = node["parts"]
    assert recharge["event"]["number"] == 10
    assert recharge["split"] == {
        "amount": "110.01", "by": "the ratio of care", "set_by": 1,
        "shares": [
            {"party": "OCC", "share": 3, "floor": "66.00", "remainder": "3/5", "penny": True, "part": "66.01"},
            {"party": "OCCG", "share": 2, "floor": "44.00", "remainder": "2/5", "penny": False, "part": "44.00"},
        ],
    }  # fmt: skip
    # It bears its budget of 60.00 and half of what 110.01 is over 100.00: 500 1/2 pence each, the tie to whoever is first.
    bears, charged = true_up["grounds"]
    assert (bears["amount"], charged["amount"]) == ("65.01", "-66.01")
    assert [(part["label"], part["amount"]) for part in bears["parts"]] == [
        ("its own budget, care", "60.00"), ("the band from £0.00", "5.01"),
    ]  # fmt: skip
    assert bears["parts"][1]["split"]["shares"][0] == {
        "party": "OCC", "share": 1, "floor": "5.00", "remainder": "1/2", "penny": True, "part": "5.01",
    }  # fmt: skip


def test_the_tree_on_the_terminal(kept: Desk) -> None:
    amounts = {
        "unrecharged of care in 2013/14": "0.00",
        "├─ actual": "110.01",
        "│  ├─ #4 ExpenditureIncurred of 2013-05-10, #4": "90.01",
        "│  └─ #5 AssetAcquired of 2013-05-10, #5": "20.00",
        "└─ less recharged": "-110.01",
        "   └─ #10 RechargeRaised of 2014-03-31, #10": "-110.01",
    }
    assert kept("audit", "explain", CODE, "memorandum/2013-14/care/unrecharged").out.splitlines() == [
        *(f"{label:<{max(map(len, amounts))}}  {amount:>7}" for label, amount in amounts.items()),
        "         110.01 by the ratio of care (OCC 3 : OCCG 2, set by #1)",
        "           OCC: 6,600 3/5 pence, so 66.00 and a penny: 66.01",
        "           OCCG: 4,400 2/5 pence, so 44.00: 44.00",
    ]


def test_a_year_is_spelt_either_way_and_a_name_with_a_colon_means_all_below(kept: Desk) -> None:
    either = [explained(kept, f"memorandum/{year}/OCC/due")["explained"] for year in ("2013-14", "2013/14")]
    assert either[0] == either[1]
    below = explained(kept, "balances/POOL/Liabilities:")["amount"]
    stands = [pence(amount) for name, amount in _balances(kept).items() if name.startswith("Liabilities:")]
    assert pence(below) == sum(stands)


def _balances(desk: Desk) -> dict[str, str]:
    books = desk("report", "balances", CODE, "--book", "POOL", "--format", "json").json["books"]
    return {line["account"]: line["balance"] for book in books for line in book["accounts"]}


def test_days_and_moments_are_those_of_the_report(kept: Desk) -> None:
    for words in (("--as-at", "2014-03-31"), ("--as-known", "#5"), ("--as-known", "#12", "--as-at", "2014-04-01")):
        for book in kept("report", "balances", CODE, *words, "--format", "json").json["books"]:
            for line in book["accounts"]:
                figure = f"balances/{book['book']}/{line['account']}"
                assert explained(kept, figure, *words)["amount"] == line["balance"]


def test_a_name_that_is_no_whole_figure_lists_those_below_it(kept: Desk) -> None:
    found = explained(kept, "assets")["figures"]
    assert found == [
        {"figure": "assets/van/cost", "amount": "20.00"}, {"figure": "assets/van/depreciation", "amount": "4.00"},
        {"figure": "assets/van/value", "amount": "16.00"},
    ]  # fmt: skip
    assert {each["figure"].split("/")[1] for each in explained(kept, "memorandum")["figures"]} == {"2013-14", "2014-15"}
    assert kept("audit", "explain", CODE, "balances/OCCC").out == "pool has no figures of balances/OCCC.\n"


def test_many_lines_are_summed_up_on_the_terminal_and_listed_in_csv(kept: Desk) -> None:
    with closing(Ledger.open(kept.path)) as ledger:
        for number in range(60):
            given.record(ledger, "income", scheme="care", amount=100 + number)
    lines = kept("audit", "explain", CODE, "balances/POOL/Assets:Cash").out.splitlines()
    # 60 incomes of 1.00 to 1.59 make 77.70; 39 of them are shown, up to 1.38, and 21 of 1.39 to 1.59 make 31.29.
    assert lines[0].endswith(" 77.70")
    assert len(lines) == 41
    assert lines[-1].split() == ["└─", "and", "21", "more:", "--format", "csv", "lists", "them", "all", "31.29"]
    assert len(kept("audit", "explain", CODE, "balances/POOL/Assets:Cash", "--format", "csv").out.splitlines()) == 61


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("balance/POOL/Assets:Cash",), 1, "“balance” is no report whose figures are explained; did you mean balances?"),
        (("",), 2, "Invalid value for 'FIGURE': it is empty."),
        (("balances/OCCC/Assets:Cash",), 1, "OCCC is no body with a book in pool; did you mean OCC?"),
        (("memorandum/2013-14/OCC/truup",), 1, "truup is no figure there; did you mean true_up?"),
        (("memorandum/2013-14/OCD/due",), 1, "OCD is no party or scheme of pool in 2013/14; did you mean OCC?"),
        (("memorandum/13-14/OCC/due",), 1, "is not a financial year here: write it like 2013/14"),
        (("memorandum/2013-14/OCC/due/x",), 1, "names no figure: write memorandum/YEAR/CODE/FIGURE."),
        (("preview/2013-14/care/borne",), 1, "care has no share of the risk of 2013/14"),
        (("assets/van/gain",), 1, "gain is no figure of van: there are cost, depreciation, value."),
        (("assets/vam/cost",), 1, "vam is no asset of pool; did you mean van?"),
        (("debtors/POOL/OCC/old",), 1, "old is no column of debtors"),
        (("outturn/2013-14/care/forecast",), 1, "No forecast of care was made for 2013/14"),
        (("memorandum/2013-14/OCC/due", "--as-at", "2014-01-01"), 2, "memorandum does not take --as-at: leave it out."),
        (("balances/POOL/Assets:Cash", "--from", "2014-01-01", "--statutory"), 2, "does not take --from or --statutory"),
        (("statement/OCCG/surplus", "--statutory"), 1, "OCCG keeps no pool inside its own accounts"),
    ],
)
def test_what_cannot_be_explained_is_told(kept: Desk, words: tuple[str, ...], code: int, says: str) -> None:
    done = kept("audit", "explain", CODE, *words)
    assert (done.code, done.out) == (code, "")
    assert says.casefold() in " ".join(done.err.split()).casefold(), done.err


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("b", ["balances/"]),
        ("memorandum/", ["memorandum/2013-14/", "memorandum/2014-15/"]),
        ("memorandum/2013-14/O", ["memorandum/2013-14/OCC/", "memorandum/2013-14/OCCG/"]),
        ("assets/van/", ["assets/van/cost", "assets/van/depreciation", "assets/van/value"]),
        ("nothing/", []),
    ],
)
def test_a_figure_completes_word_by_word(kept: Desk, typed: str, offered: list[str]) -> None:
    words = {"_POOLBOOK_COMPLETE": "bash_complete", "COMP_WORDS": f"poolbook audit explain {CODE} {typed}", "COMP_CWORD": "4"}
    done = kept.process(**words)
    assert [line.partition(",")[2] for line in done.out.splitlines() if line] == offered
