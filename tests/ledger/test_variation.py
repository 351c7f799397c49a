"""Variations: which terms hold on which day, as known when; what a file may change, and what it would break."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.agreement import Agreement, Ratio
from ledger.agreement.variation import read_variation
from ledger.application import Ledger
from ledger.errors import BadInput, Refused, UnknownCode
from ledger.requests import Varying
from tests.given import CODE, WHO, record, refused, reverse, sign, vary
from tests.ledger.test_properties import assert_replayed

JULY, OCTOBER, NEXT = date(2013, 7, 1), date(2013, 10, 1), date(2014, 4, 1)


def shares(**ratio: int) -> str:
    """A table of the recharge ratio."""
    return f"[shares]\nrecharge = {{ {', '.join(f'{party} = {share}' for party, share in ratio.items())} }}"


def ratio(ledger: Ledger, on: date, known: int | None = None) -> Ratio:
    """The recharge ratio of a day, as known at a number."""
    return ledger.agreement(CODE, on, known).shares.recharge


def test_terms_hold_from_their_day_on(ledger: Ledger) -> None:
    sign(ledger)
    vary(ledger, shares(OCC=1, OCCG=1), JULY)
    days = [date(2013, 6, 30), JULY, date(2020, 1, 1), date(2013, 1, 1)]
    assert [ratio(ledger, day) for day in days] == [
        {"OCC": 3, "OCCG": 2},
        *[{"OCC": 1, "OCCG": 1}] * 2,
        {"OCC": 3, "OCCG": 2},
    ]
    assert_replayed(ledger)


def test_a_variation_dated_back_reaches_forward_until_a_later_one_replaces_the_same_table(ledger: Ledger) -> None:
    sign(ledger)
    vary(ledger, shares(OCC=7, OCCG=1), NEXT)  # 2
    vary(ledger, '[[scheme]]\ncode = "care"\nname = "Care"', OCTOBER)  # 3
    vary(ledger, shares(OCC=1, OCCG=1), JULY)  # 4
    assert [ratio(ledger, day) for day in (date(2013, 6, 1), JULY, OCTOBER, NEXT)] == [
        {"OCC": 3, "OCCG": 2}, {"OCC": 1, "OCCG": 1}, {"OCC": 1, "OCCG": 1}, {"OCC": 7, "OCCG": 1},
    ]  # fmt: skip
    assert [ledger.agreement(CODE, day).schemes[0].name for day in (JULY, OCTOBER, NEXT)] == ["Home care", "Care", "Care"]
    assert [ratio(ledger, OCTOBER, known) for known in (1, 3, 4)] == [{"OCC": 3, "OCCG": 2}] * 2 + [{"OCC": 1, "OCCG": 1}]
    assert_replayed(ledger)


def test_of_two_variations_from_the_same_day_the_one_recorded_later_wins(ledger: Ledger) -> None:
    sign(ledger)
    vary(ledger, shares(OCC=1, OCCG=1), JULY)
    vary(ledger, shares(OCC=5, OCCG=1), JULY)
    vary(ledger, shares(OCC=9, OCCG=1), date(2013, 4, 1))
    assert [ratio(ledger, day)["OCC"] for day in (date(2013, 4, 1), JULY)] == [9, 5]
    assert_replayed(ledger)


def test_rows_replace_those_of_their_code_and_tables_the_whole(ledger: Ledger) -> None:
    more = (
        '[[budget]]\nyear = "2013/14"\nscheme = "care"\nparty = "OCC"\namount = "1"\n' + '[responsibilities]\naccess = "All"'
    )
    sign(ledger, more=more)
    vary(ledger, """
[arrangement]
name = "Renamed"
ends = 2020-03-31
[[party]]
code = "VOL"
name = "Voluntary Action"
sector = "other"
[[party]]
code = "OCC"
name = "The council"
sector = "local_authority"
[[scheme]]
code = "beds"
name = "Beds"
[[scheme]]
code = "new"
name = "New"
[removed]
funds = ["hub"]
[shares]
residual = { VOL = 1 }
[[budget]]
year = "2013/14"
scheme = "care"
party = "OCC"
amount = "2"
[[budget]]
year = "2014/15"
scheme = "new"
party = "VOL"
amount = "3"
[responsibilities]
continuity = "None"
""", JULY)  # fmt: skip
    found = ledger.agreement(CODE, JULY)
    assert (found.name, found.ends, found.legal_basis, found.type) == ("Renamed", date(2020, 3, 31), "", "lead_body")
    assert [(party.code, party.name) for party in found.parties] == [
        ("OCC", "The council"), ("OCCG", "Oxfordshire CCG"), ("VOL", "Voluntary Action"),
    ]  # fmt: skip
    assert [(scheme.code, scheme.name, scheme.recharge) for scheme in found.schemes] == [
        ("care", "Home care", {}), ("beds", "Beds", {}), ("new", "New", {}),
    ]  # fmt: skip
    assert [fund.code for fund in found.funds] == ["dfg"]
    assert (found.shares.recharge, found.shares.residual) == ({}, {"VOL": 1})
    assert [(budget.year, budget.scheme, budget.amount) for budget in found.budgets] == [
        ("2013/14", "care", 2_00), ("2014/15", "new", 3_00),
    ]  # fmt: skip
    assert (found.responsibilities.access, found.responsibilities.continuity) == ("", "None")
    assert len(ledger.agreement(CODE, date(2013, 6, 1)).parties) == 2


def test_facts_go_by_the_terms_of_their_own_day(ledger: Ledger) -> None:
    sign(ledger)
    joins = '[[party]]\ncode = "VOL"\nname = "Voluntary Action"\nsector = "other"\n[[scheme]]\ncode = "new"\nname = "New"\n'
    vary(ledger, joins + shares(OCC=1, OCCG=1, VOL=2), JULY)
    before = date(2013, 6, 30)
    refused(lambda: record(ledger, "contribution_due", party="VOL", amount=1, on=before),
            "VOL is a party of pool only from 2013-07-01 on")  # fmt: skip
    refused(lambda: record(ledger, "expenditure", scheme="new", counterparty="SUP", amount=1, on=before),
            "new is a scheme of pool only from 2013-07-01 on")  # fmt: skip
    refused(lambda: record(ledger, "expenditure", scheme="care", counterparty="VOL", amount=1, on=before),
            "VOL is a body with a book of pool only from 2013-07-01 on, so nobody outside bears its code")  # fmt: skip
    for day, amount in ((before, 50_00), (JULY, 40_00)):
        record(ledger, "expenditure", scheme="care", counterparty="SUP", amount=amount, on=day)
    parts = [record(ledger, "recharge", scheme="care", amount=amount, on=day).fact.billed
             for day, amount in ((before, 50_00), (JULY, 40_00))]  # fmt: skip
    assert parts == [{"OCC": 30_00, "OCCG": 20_00}, {"OCC": 10_00, "OCCG": 10_00, "VOL": 20_00}]


def test_the_schedule_of_a_variation_follows_what_was_due_before(ledger: Ledger) -> None:
    plan = '[[instalment]]\nparty = "OCC"\namount = "{}"\non = [{}]'
    sign(ledger, more=plan.format("10", "2013-05-01, 2013-08-01"))
    vary(ledger, plan.format("20", "2013-08-15, 2013-11-15"), JULY)
    days = [(instalment.on.isoformat(), instalment.amount) for instalment in ledger.agreement(CODE, JULY).instalments]
    assert days == [("2013-05-01", 10_00), ("2013-08-15", 20_00), ("2013-11-15", 20_00)]
    vary(ledger, "[removed]\ninstalments = true", date(2013, 11, 1))
    assert [each.on.isoformat() for each in ledger.agreement(CODE, NEXT).instalments] == ["2013-05-01", "2013-08-15"]


FAULTS = {
    "nothing": ("", ["1: this changes nothing: give the tables that change"]),
    "an unknown table": ("[sheme]", ["4: sheme is not a key of a variation; did you mean scheme?"]),
    "what cannot be varied": (
        '[arrangement]\ncode = "pool"\nstarts = 2013-05-01\nyear_starts = "01-01"',
        ["5: code cannot be varied", "6: starts cannot be varied", "7: year_starts cannot be varied"],
    ),
    "a stranger in a ratio": (shares(OCC=1, OCCC=1), ["5: recharge: OCCC is not a party of this agreement; did you mean"]),
    "a ratio of nothing": (shares(OCC=0), ["5: recharge: "]),
    "a role of another type": (
        '[roles]\nlead = "OCC"\nfunding = "grant"', ["6: funding: an arrangement of type lead_body has no such role"],
    ),
    "a party twice": (
        '[[party]]\ncode = "V"\nname = "V"\nsector = "nhs"\n[[party]]\ncode = "V"\nname = "V"\nsector = "nhs"',
        ["9: code: V is given twice (as V)"],
    ),
    "a party that is a fund but for its case": (
        '[[party]]\ncode = "DFG"\nname = "V"\nsector = "nhs"', ["4: DFG differs from the fund dfg only by case"],
    ),
    "a scheme taken away that there is not": (
        '[removed]\nschemes = ["carre"]', ["5: schemes: “carre” is not a scheme of this agreement; did you mean care?"],
    ),
    "a scheme taken away that has a budget": (
        '[removed]\nschemes = ["beds"]', ["5: beds has a budget of OCC for 2014/15: set it to nil first"],
    ),
    "a scheme taken away and budgeted": (
        '[removed]\nschemes = ["care"]\n[[budget]]\nyear = "2014/15"\nscheme = "care"\nparty = "OCC"\namount = "1"',
        ["8: scheme: “care” is not a scheme of this agreement"],
    ),
    "a fund taken away that an instalment is of": (
        '[removed]\nfunds = ["hub"]', ["5: hub has an instalment on 2014-05-01: give the schedule without it"],
    ),
    "a budget of a year that is over": (
        '[[budget]]\nyear = "2012/13"\nscheme = "care"\nparty = "OCC"\namount = "1"',
        ["5: year: 2012/13 is over when this takes effect, 2013-07-01"],
    ),
    "an instalment that was due before": (
        '[[instalment]]\nparty = "OCC"\namount = "1"\non = [2013-06-30, 2013-08-01]',
        ["4: on: 2013-06-30 is before this takes effect, 2013-07-01: what was due until then stands"],
    ),
    "a risk taken away that there is not": ("[removed]\nrisk = true", ["5: risk: there is none to take away"]),
    "an end before the start": ("[arrangement]\nends = 2013-03-31", ["5: ends: 2013-03-31 is before the arrangement starts"]),
    "several at once": (
        '[shares]\nassets = { X = 1 }\n[removed]\nrisk = 1\n[[scheme]]\nname = "n"',
        ["5: assets: X is not a party", "7: risk: this must be true or false", "8: code is missing from [[scheme]]"],
    ),
}  # fmt: skip
_PLANNED = (
    '[[budget]]\nyear = "2014/15"\nscheme = "beds"\nparty = "OCC"\namount = "1"\n'
    '[[instalment]]\nparty = "OCC"\namount = "1"\non = [2014-05-01]\nfund = "hub"'
)


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_file_is_refused_whole_with_every_fault_and_its_line(ledger: Ledger, name: str) -> None:
    changes, expected = FAULTS[name]
    sign(ledger, more=_PLANNED)
    head = ledger.store.head(CODE)
    with pytest.raises(BadInput) as caught:
        vary(ledger, changes, JULY)
    lines = str(caught.value).split("\n")[:-1]
    assert len(lines) == len(expected), lines
    for said, begins in zip(lines, expected, strict=True):
        assert said.startswith(f"variation.toml:{begins}"), said
    assert ledger.store.head(CODE) == head


HEADS = {
    "no table": ("[shares]\n", "1: from is missing from [variation]"),
    "no day": ('[variation]\narrangement = "pool"', "1: from is missing from [variation]"),
    "a day in quotes": ('[variation]\narrangement = "pool"\nfrom = "2013-07-01"', "3: from: this must be a day, without"),
    "before the start": ('[variation]\narrangement = "pool"\nfrom = 2013-03-31',
                         "3: from: pool starts on 2013-04-01, so it cannot be varied from 2013-03-31"),
    "of another": ('[variation]\narrangement = "other"\nfrom = 2013-07-01', "2: arrangement: this file varies other"),
    "an unknown key": ('[variation]\narrangement = "pool"\nform = 2013-07-01', "1: from is missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", HEADS)
def test_a_file_says_which_agreement_it_varies_and_from_when(ledger: Ledger, name: str) -> None:
    sign(ledger)
    text, expected = HEADS[name]
    with pytest.raises(BadInput) as caught:
        read_variation("v.toml", text.encode(), ledger.terms, CODE)
    assert f"v.toml:{expected}" in str(caught.value)


def test_the_arrangement_may_be_named_beside_the_file(ledger: Ledger) -> None:
    sign(ledger)
    raw = f"[variation]\nfrom = 2013-07-01\n{shares(OCC=1)}".encode()
    with pytest.raises(BadInput, match="arrangement is missing"):
        read_variation("v.toml", raw, ledger.terms)
    assert read_variation("v.toml", raw, ledger.terms, CODE).arrangement == CODE


def _supplied(ledger: Ledger) -> None:
    record(ledger, "expenditure", scheme="care", counterparty="VOL", amount=1, on=date(2013, 6, 1))


def _held(ledger: Ledger) -> None:
    record(ledger, "contribution_due", party="OCC", fund="hub", amount=1, on=date(2013, 6, 1))


def _spent(ledger: Ledger) -> None:
    record(ledger, "expenditure", scheme="beds", counterparty="SUP", amount=1, on=date(2013, 6, 1))


_VOL = '[[party]]\ncode = "VOL"\nname = "V"\nsector = "other"'
REFUSED = {
    "a party that was a supplier": (_supplied, _VOL, JULY, "VOL was a supplier or a customer of pool already"),
    "one that differs by case": (_supplied, _VOL.replace("VOL", "Vol".upper()), JULY, "give the party that joins a code of"),
    "a scheme with costs of the year": (_spent, '[removed]\nschemes = ["beds"]', JULY, "beds has facts of 2013-06-01"),
    "a scheme with costs not recharged": (
        _spent,
        '[removed]\nschemes = ["beds"]',
        NEXT,
        "beds has net cost not yet",
    ),
    "a fund that was used in the year": (_held, '[removed]\nfunds = ["hub"]', JULY, "hub has facts of 2013-06-01"),
    "a fund that holds money": (_held, '[removed]\nfunds = ["hub"]', NEXT, "hub holds money still"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_was_used_is_not_taken_away_and_a_supplier_does_not_join(ledger: Ledger, name: str) -> None:
    before, changes, on, sentence = REFUSED[name]
    sign(ledger)
    before(ledger)
    head = ledger.store.head(CODE)
    refused(lambda: vary(ledger, changes, on), sentence)
    assert ledger.store.head(CODE) == head


def test_a_scheme_is_taken_away_once_it_is_recharged_and_its_year_is_over(ledger: Ledger) -> None:
    sign(ledger)
    _spent(ledger)
    record(ledger, "recharge", scheme="beds", amount=1)
    vary(ledger, '[removed]\nschemes = ["beds"]', NEXT)
    refused(lambda: record(ledger, "expenditure", scheme="beds", counterparty="SUP", amount=1, on=NEXT),
            "beds is a scheme of pool only from 2013-04-01 to 2014-03-31")  # fmt: skip
    record(ledger, "expenditure", scheme="beds", counterparty="SUP", amount=1, on=date(2014, 3, 31))


def test_the_ledger_holds_what_it_is_asked_to_the_same_rules_as_the_file(ledger: Ledger) -> None:
    sign(ledger)
    agreed: Agreement = ledger.agreement(CODE)
    from ledger.agreement import Roles, Variation

    asked = Varying(variation=Variation(roles=Roles()), effective_on=JULY)
    with pytest.raises(Refused, match=r"cannot be varied like this from 2013-07-01:\n  type lead_body needs lead"):
        ledger.record(CODE, asked, WHO)
    with pytest.raises(Refused, match="starts on 2013-04-01"):
        ledger.record(CODE, Varying(variation=Variation(name="x"), effective_on=date(2013, 3, 31)), WHO)
    assert ledger.agreement(CODE) == agreed


def test_a_variation_is_not_reversed_and_the_same_asked_again_is_recorded_once(ledger: Ledger) -> None:
    from ledger.application import Command

    sign(ledger)
    first = vary(ledger, shares(OCC=1), JULY, command=Command("ann", "V-1"))
    assert vary(ledger, shares(OCC=1), JULY, command=Command("ben", "V-1")) == first
    refused(lambda: vary(ledger, shares(OCC=2, OCCG=1), JULY, command=Command("ann", "V-1")), "with other content")
    refused(lambda: reverse(ledger, 2), "#2 varied pool from 2013-07-01", "vary it again from that day")


def test_an_arrangement_that_is_none_is_told_as_such(ledger: Ledger) -> None:
    sign(ledger)
    with pytest.raises(UnknownCode, match="There is no arrangement poool"):
        read_variation("v.toml", b'[variation]\narrangement = "poool"\nfrom = 2013-07-01',
                       ledger.terms)  # fmt: skip


def test_many_variations_and_budgets_leave_the_head_small_and_are_read_one_at_a_time(ledger: Ledger) -> None:
    schemes = "".join(f'[[scheme]]\ncode = "s{n}"\nname = "Scheme {n} of many"\n' for n in range(120))
    budgets = "".join(
        f'[[budget]]\nyear = "201{y}/1{y + 1}"\nscheme = "s{n}"\nparty = "{party}"\namount = "123456.78"\n'
        for n in range(120) for y in (3, 4) for party in ("OCC", "OCCG")
    )  # fmt: skip
    sign(ledger, more=schemes + budgets)
    for month in range(5, 13):
        vary(ledger, shares(OCC=month, OCCG=1), date(2013, month, 1))
    assert len(ledger.store.head(CODE).state) <= 1024
    asked: list[str] = []
    item = ledger.store.item
    ledger.store.item = lambda *key: asked.append(key[2]) or item(*key)  # type: ignore[method-assign, assignment, func-returns-value]
    record(ledger, "contribution_due", party="OCC", amount=1, on=date(2013, 8, 5))
    assert asked == ["2013-08-01"]
    assert_replayed(ledger)
