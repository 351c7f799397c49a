"""Expenditure and payment, cell by cell of the accounting table."""

from __future__ import annotations

import pytest

from tests.given import COMMISSIONED, KEEPER, RECHARGING, VENTURES, Books, refuses

KEPT = [(kind, KEEPER[kind]) for kind in (*RECHARGING, *VENTURES)]
EVERY_KEEPER = list(KEEPER.items())


@pytest.mark.parametrize(("kind", "keeper"), EVERY_KEEPER)
@pytest.mark.parametrize("sign", [1, -1], ids=["cost", "credit note"])
def test_cost_from_a_supplier_is_accrued_in_the_keepers_book(kind: str, keeper: str, sign: int) -> None:
    event = Books(kind).record("expenditure", scheme="care", counterparty="SUP", amount=sign * 80_00)
    assert event.entries == {keeper: {"Expenditure:care": sign * 80_00, "Liabilities:Creditors:SUP": -sign * 80_00}}


@pytest.mark.parametrize("sign", [1, -1], ids=["cost", "credit note"])
def test_with_aligned_budgets_cost_is_the_named_partys(sign: int) -> None:
    event = Books("aligned").record("expenditure", scheme="care", counterparty="SUP", amount=sign * 80_00, party="OCCG")
    assert event.entries == {"OCCG": {"Expenditure:care": sign * 80_00, "Liabilities:Creditors:SUP": -sign * 80_00}}


def test_a_hybrids_contractor_has_costs_of_its_own_where_party_names_it() -> None:
    books = Books("hybrid")
    event = books.record("expenditure", scheme="care", counterparty="SUP", amount=80_00, party="ACME")
    assert event.entries == {"ACME": {"Expenditure:care": 80_00, "Liabilities:Creditors:SUP": -80_00}}


@pytest.mark.parametrize(("kind", "keeper"), EVERY_KEEPER)
def test_naming_the_keeper_is_the_same_as_naming_nobody(kind: str, keeper: str) -> None:
    named = Books(kind).record("expenditure", scheme="care", counterparty="SUP", amount=80_00, party=keeper)
    assert named.fact == Books(kind).record("expenditure", scheme="care", counterparty="SUP", amount=80_00).fact


@pytest.mark.parametrize(
    ("type", "fields"),
    [
        ("expenditure", {"scheme": "care", "counterparty": "SUP"}),
        ("payment", {"counterparty": "SUP"}),
        ("income", {"scheme": "care"}),
        ("income_due", {"scheme": "care", "counterparty": "CUST"}),
        ("income_received", {"counterparty": "CUST"}),
    ],
)
class TestWhoseItIs:
    @pytest.mark.parametrize("kind", ["lead_body", *VENTURES, *COMMISSIONED])
    def test_a_cost_payment_or_income_of_the_keeper_is_not_a_partys(self, kind: str, type: str, fields: dict) -> None:
        refuses(Books(kind), type, f"book of {KEEPER[kind]}", "OCCG", "leave party out", **fields, party="OCCG", amount=1_00)

    @pytest.mark.parametrize("kind", ["hybrid", "hybrid, parties hold"])
    def test_a_hybrids_is_the_pools_or_the_contractors(self, kind: str, type: str, fields: dict) -> None:
        refuses(
            Books(kind), type, "POOL", "ACME", "cannot be OCC's", "leave party out", **fields, party="OCC", amount=1_00
        )  # fmt: skip

    def test_with_aligned_budgets_somebodys_it_must_be(self, type: str, fields: dict) -> None:
        refuses(Books("aligned"), type, "aligned", "one party's own", "party OCC or OCCG", **fields, amount=1_00)


@pytest.mark.parametrize(("kind", "keeper"), KEPT)
@pytest.mark.parametrize("sign", [1, -1], ids=["cost", "credit note"])
def test_a_party_that_provides_the_service_earns_income_from_the_keeper(kind: str, keeper: str, sign: int) -> None:
    event = Books(kind).record("expenditure", scheme="beds", counterparty="OCCG", amount=sign * 40_00)
    assert event.entries == {
        keeper: {"Expenditure:beds": sign * 40_00, "Liabilities:Creditors:OCCG": -sign * 40_00},
        "OCCG": {f"Assets:Debtors:{keeper}": sign * 40_00, "Income:Provision:beds": -sign * 40_00},
    }


@pytest.mark.parametrize("kind", COMMISSIONED)
def test_under_joint_commissioning_a_party_does_not_supply(kind: str) -> None:
    refuses(
        Books(kind), "expenditure", "OCC is a party", "do not supply ACME", "name the outside supplier",
        scheme="care", counterparty="OCC", amount=80_00,
    )  # fmt: skip


@pytest.mark.parametrize("type", ["expenditure", "asset_acquired"])
def test_with_aligned_budgets_no_party_supplies_another(type: str) -> None:
    asset = {"asset": "van"} if type == "asset_acquired" else {}
    refuses(
        Books("aligned"), type, "OCCG is a party", "no party supplies another", "with party OCCG",
        scheme="care", party="OCC", counterparty="OCCG", amount=80_00, **asset,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "party", "supplier", "words"),
    [
        ("lead_body", "", "POOL", ("POOL cannot be its own supplier",)),
        ("grant", "", "JV", ("JV cannot be its own supplier",)),
        ("commissioned", "", "ACME", ("ACME cannot be its own supplier",)),
        ("aligned", "OCC", "OCC", ("OCC cannot be its own supplier",)),
        ("hybrid", "", "ACME", ("ACME is the contractor", "as a bill")),
        ("hybrid", "ACME", "ACME", ("ACME cannot be its own supplier",)),
        ("hybrid", "ACME", "POOL", ("POOL keeps the pool", "name the outside supplier")),
        ("hybrid", "ACME", "OCCG", ("OCCG is a party", "do not supply ACME", "outside supplier")),
    ],
)
def test_a_body_of_the_arrangement_that_may_not_supply_the_book(
    kind: str, party: str, supplier: str, words: tuple[str, ...]
) -> None:
    refuses(Books(kind), "expenditure", *words, scheme="care", party=party, counterparty=supplier, amount=80_00)


@pytest.mark.parametrize(("kind", "keeper"), EVERY_KEEPER)
def test_a_payment_clears_the_creditor_even_beyond_what_was_owed(kind: str, keeper: str) -> None:
    books = Books(kind)
    books.record("expenditure", scheme="care", counterparty="SUP", amount=80_00)
    event = books.record("payment", counterparty="SUP", amount=90_00)
    assert event.entries == {keeper: {"Liabilities:Creditors:SUP": 90_00, "Assets:Cash": -90_00}}
    assert books.balance(keeper, "Liabilities:Creditors:SUP") == 10_00


def test_with_aligned_budgets_the_named_party_pays() -> None:
    event = Books("aligned").record("payment", counterparty="SUP", amount=90_00, party="OCC")
    assert event.entries == {"OCC": {"Liabilities:Creditors:SUP": 90_00, "Assets:Cash": -90_00}}


def test_a_hybrids_contractor_pays_its_own_supplier_where_party_names_it() -> None:
    event = Books("hybrid").record("payment", counterparty="SUP", amount=90_00, party="ACME")
    assert event.entries == {"ACME": {"Liabilities:Creditors:SUP": 90_00, "Assets:Cash": -90_00}}


@pytest.mark.parametrize(("kind", "keeper"), KEPT)
def test_a_payment_to_a_party_that_supplied_is_mirrored_in_its_book(kind: str, keeper: str) -> None:
    books = Books(kind)
    books.record("expenditure", scheme="beds", counterparty="OCCG", amount=40_00)
    event = books.record("payment", counterparty="OCCG", amount=40_00)
    assert event.entries == {
        keeper: {"Liabilities:Creditors:OCCG": 40_00, "Assets:Cash": -40_00},
        "OCCG": {"Assets:Cash": 40_00, f"Assets:Debtors:{keeper}": -40_00},
    }
    assert books.balance("OCCG", f"Assets:Debtors:{keeper}") == 0


def test_a_hybrids_pool_pays_the_contractor_with_its_mirror() -> None:
    event = Books("hybrid").record("payment", counterparty="ACME", amount=90_00)
    assert event.entries == {
        "POOL": {"Liabilities:Creditors:ACME": 90_00, "Assets:Cash": -90_00},
        "ACME": {"Assets:Cash": 90_00, "Assets:Debtors:POOL": -90_00},
    }


@pytest.mark.parametrize(("kind", "keeper"), EVERY_KEEPER)
def test_nobody_pays_itself(kind: str, keeper: str) -> None:
    refuses(Books(kind), "payment", f"{keeper} cannot pay itself", "counterparty", counterparty=keeper, amount=1_00)


def test_aligned_parties_do_not_pay_each_other_for_supplies() -> None:
    refuses(
        Books("aligned"), "payment", "OCCG is a party", "do not supply each other", "as a settlement",
        party="OCC", counterparty="OCCG", amount=1_00,
    )  # fmt: skip
