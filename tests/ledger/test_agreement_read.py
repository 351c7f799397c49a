"""Good agreement files of every kind, read exactly; and the terms they give."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from ledger.agreement import Agreement, Band, Body, Budget, Fund, Held, Party, Responsibilities, Risk, Roles, Scheme, Shares
from ledger.agreement.reader import read_agreement
from ledger.agreement.terms import Terms
from tests.given import ROLES, agreement, toml

FULL = """
[arrangement]
code = "oxon-older-people"
name = " Older people’s pooled budget "
type = "lead_body"
starts = 2013-04-01
ends = 2016-03-31
year_starts = "04-01"
legal_basis = "NHS Act 2006 s75"
notice_months = 6

[[party]]
code = "OCC"
name = "Oxfordshire County Council"
sector = "local_authority"
[[party]]
code = "OCCG"
name = "Oxfordshire CCG"
sector = "nhs"

[roles]
lead = "OCC"

[[scheme]]
code = "reablement"
name = "Reablement beds"
recharge = { OCCG = 2, OCC = 4 }
risk = { OCCG = 1 }

[[fund]]
code = "dfg"
name = "Disabled Facilities Grant"
kind = "capital"

[shares]
recharge = { OCC = 99, OCCG = 96 }
assets = { OCC = "33.5", OCCG = "66.5" }
liabilities = { OCC = "1/3", OCCG = "2/3" }
residual = { OCC = "1/3", OCCG = "0.5" }

[[asset]]
code = "day-centre"
shares = { OCC = 3, OCCG = 2 }
[[liability]]
code = "pay"
shares = { OCCG = 5 }

[risk]
base = "scheme"
own_underspend_first = ["OCCG"]
reserve_first = true
underspend = "return"
underspend_shares = { OCC = 1, OCCG = 0 }
[[risk.band]]
up_to = "500000.00"
shares = { OCC = 1, OCCG = 1 }
[[risk.band]]
shares = { OCCG = 1 }

[[budget]]
year = "2013/14"
scheme = "reablement"
party = "OCC"
amount = "99000000.5"

[responsibilities]
external_audit = "Each party's own auditor"
"""


def test_everything_an_agreement_may_say_is_read_exactly() -> None:
    assert read_agreement("full.toml", FULL.encode()) == Agreement(
        code="oxon-older-people", name="Older people’s pooled budget", type="lead_body",
        starts=date(2013, 4, 1), ends=date(2016, 3, 31), year_starts="04-01",
        legal_basis="NHS Act 2006 s75", notice_months=6,
        parties=[
            Party("OCC", "Oxfordshire County Council", "local_authority"), Party("OCCG", "Oxfordshire CCG", "nhs"),
        ],
        roles=Roles(lead="OCC"),
        schemes=[Scheme("reablement", "Reablement beds", recharge={"OCC": 4, "OCCG": 2}, risk={"OCCG": 1})],
        funds=[Fund("dfg", "Disabled Facilities Grant", "capital")],
        shares=Shares(
            recharge={"OCC": 99, "OCCG": 96}, assets={"OCC": 67, "OCCG": 133}, liabilities={"OCC": 1, "OCCG": 2},
            residual={"OCC": 2, "OCCG": 3},
        ),
        assets=[Held("day-centre", {"OCC": 3, "OCCG": 2})],
        liabilities=[Held("pay", {"OCCG": 5})],
        risk=Risk(
            base="scheme", own_underspend_first=["OCCG"], reserve_first=True, underspend="return",
            underspend_shares={"OCC": 1},
            bands=[Band(shares={"OCC": 1, "OCCG": 1}, up_to=500_000_00), Band(shares={"OCCG": 1})],
        ),
        budgets=[Budget("2013/14", "reablement", "OCC", 99_000_000_50)],
        responsibilities=Responsibilities(external_audit="Each party's own auditor"),
    )  # fmt: skip


@pytest.mark.parametrize("change", [str, lambda s: s.replace("\n", "\r\n"), lambda s: "\ufeff" + s])
def test_line_endings_and_a_byte_order_mark_change_nothing(change: Callable[[str], str]) -> None:
    assert read_agreement("full.toml", change(FULL).encode()) == read_agreement("full.toml", FULL.encode())


ACME, JV = Body("ACME", "Acme Care Ltd"), Body("JV", "Joint Care Ltd")

READ = {
    "aligned": (Roles(), "", "", ["OCC", "OCCG"]),
    "lead_body": (Roles(lead="OCC"), "POOL", "OCC", ["POOL", "OCC", "OCCG"]),
    "hybrid": (Roles(contractor=ACME, billing_lead="OCC"), "POOL", "OCC", ["POOL", "OCC", "OCCG", "ACME"]),
    "hybrid, parties hold": (
        Roles(contractor=ACME, billing_lead="OCC", assets_held_by="parties"), "POOL", "OCC", ["POOL", "OCC", "OCCG", "ACME"],
    ),
    "commissioned": (Roles(contractor=ACME), "ACME", "", ["ACME", "OCC", "OCCG"]),
    "commissioned, contractor holds": (
        Roles(contractor=ACME, assets_held_by="contractor"), "ACME", "", ["ACME", "OCC", "OCCG"],
    ),
    "commissioned, parties hold": (Roles(contractor=ACME, assets_held_by="parties"), "ACME", "", ["ACME", "OCC", "OCCG"]),
    "grant": (Roles(entity=JV, funding=["grant"]), "JV", "", ["JV", "OCC", "OCCG"]),
    "charge": (Roles(entity=JV, funding=["charge"]), "JV", "", ["JV", "OCC", "OCCG"]),
    "capital": (Roles(entity=JV, funding=["capital"]), "JV", "", ["JV", "OCC", "OCCG"]),
    "charge and grant": (Roles(entity=JV, funding=["charge", "grant"]), "JV", "", ["JV", "OCC", "OCCG"]),
    "charge and capital": (Roles(entity=JV, funding=["charge", "capital"]), "JV", "", ["JV", "OCC", "OCCG"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", ROLES)
def test_each_kind_has_its_roles_its_keeper_and_its_books(kind: str) -> None:
    signed = agreement(kind)
    terms = Terms(signed)
    assert (signed.roles, terms.keeper, terms.lead, terms.books) == READ[kind]
    assert signed.type == ROLES[kind][0]
    assert signed.year_starts == "04-01"


@pytest.mark.parametrize(
    ("shares", "ratio"),
    [
        ("OCC = 99, OCCG = 96", {"OCC": 99, "OCCG": 96}),
        ('OCC = "33.5", OCCG = "66.5"', {"OCC": 67, "OCCG": 133}),
        ('OCC = "1/3", OCCG = "2/3"', {"OCC": 1, "OCCG": 2}),
        ('OCC = "1/3", OCCG = 1', {"OCC": 1, "OCCG": 3}),
        ('OCC = "1/7", OCCG = "1/11"', {"OCC": 11, "OCCG": 7}),
        ('OCC = "0.000001", OCCG = 1', {"OCC": 1, "OCCG": 1_000_000}),
        ("OCCG = 2, OCC = 6", {"OCC": 6, "OCCG": 2}),
        ("OCC = 0, OCCG = 2", {"OCCG": 2}),
        ("OCCG = 2", {"OCCG": 2}),
    ],
)
def test_a_ratio_is_kept_in_whole_numbers_in_the_order_of_the_parties(shares: str, ratio: dict[str, int]) -> None:
    kept = read_agreement("a.toml", toml("lead_body", shares=shares).encode()).shares.recharge
    assert list(kept.items()) == list(ratio.items())


def test_a_year_that_starts_on_1_january_is_called_by_one_number() -> None:
    file = toml("lead_body").replace("starts = 2013-04-01", 'starts = 2013-01-01\nyear_starts = "01-01"')
    budget = '[[budget]]\nyear = "2014"\nscheme = "care"\nparty = "OCC"\namount = "-1"\n'
    assert read_agreement("a.toml", (file + budget).encode()).budgets == [Budget("2014", "care", "OCC", -1_00)]


def test_dotted_keys_and_comments_are_the_same_agreement() -> None:
    file = toml("lead_body").replace("[roles]\nlead =", "roles.lead =").replace('code = "care"', 'code = "care" # home')
    moved = file.replace('roles.lead = "OCC"\n', "")
    assert read_agreement("a.toml", b'roles.lead = "OCC"\n' + moved.encode()) == agreement("lead_body")
