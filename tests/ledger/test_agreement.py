"""Agreement files that are wrong: refused whole, every fault with its line."""

from __future__ import annotations

import re

import pytest

from ledger.agreement.reader import read_agreement
from ledger.errors import BadInput
from tests.given import toml

RECHARGE = "recharge = { OCC = 3, OCCG = 2 }"
RISK = '[risk]\nbase = "scheme"\nunderspend = "return"\n'
DUES = '[[instalment]]\nparty = "OCC"\namount = "60.00"\non = [2013-05-01]\n'
BUDGET = '[[budget]]\nyear = "2013/14"\nscheme = "care"\nparty = "OCC"\namount = "1.00"\n'
INDICATOR = '[[indicator]]\ncode = "beds-used"\nname = "Beds used"\nunit = "beds"\ndirection = "lower"\n'

FAULTS: dict[str, tuple[str, str, str, str, tuple[str, ...]]] = {
    # what: kind, what is replaced, by what, the line it is found on, the words of the fault
    "an unknown key": (
        "lead_body", 'name = "The pool"', 'nmae = "The pool"\nname = "The pool"', "nmae", ("nmae is not a key", "mean name?"),
    ),
    "an unknown table": ("lead_body", "[shares]", "[extras]\nx = 1\n[shares]", "[extras]", ("extras is not a key",)),
    "a misspelt table": ("lead_body", "[shares]", "[rsk]\nx = 1\n[shares]", "[rsk]", ("rsk is not a key", "mean risk?")),
    "an unknown key in a list": (
        "lead_body", 'kind = "revenue"', 'kind = "revenue"\nsize = 1', "size", ("size is not a key",),
    ),
    "a share for an unknown party": (
        "lead_body", RECHARGE, "recharge = { OCC = 3, OCGG = 2 }", "OCGG", ("OCGG is not a party", "mean OCCG?"),
    ),
    "a scheme's share for an unknown party": (
        "lead_body", "recharge = { OCC = 1, OCCG = 1 }", "recharge = { VOL = 1 }", "VOL", ("VOL is not a party",),
    ),
    "a ratio of nothing": ("lead_body", RECHARGE, "recharge = { OCC = 0, OCCG = 0 }", "OCC = 0", ("at least one share",)),
    "an empty ratio": ("lead_body", RECHARGE, "recharge = {}", "recharge = {}", ("a ratio is a table",)),
    "a ratio that is a number": ("lead_body", RECHARGE, "recharge = 3", "recharge = 3", ("a ratio is a table",)),
    "a negative share": ("lead_body", RECHARGE, "recharge = { OCC = -1, OCCG = 2 }", "OCC = -1", ("not a share",)),
    "a fraction as a number": (
        "lead_body", RECHARGE, "recharge = { OCC = 0.5, OCCG = 1 }", "0.5", ("a share is a whole number",),
    ),
    "a division by nil": ("lead_body", RECHARGE, 'recharge = { OCC = "1/0", OCCG = 1 }', "1/0", ("not a share",)),
    "a share that is true": ("lead_body", RECHARGE, "recharge = { OCC = true, OCCG = 1 }", "true", ("a whole number",)),
    "a share in other digits": ("lead_body", RECHARGE, 'recharge = { OCC = "٣", OCCG = 1 }', "٣", ("not a share",)),
    "no lead": ("lead_body", 'lead = "OCC"', "", "[roles]", ("lead is missing",)),
    "a lead that is no party": ("lead_body", 'lead = "OCC"', 'lead = "OCD"', "OCD", ("not a party", "mean OCC?")),
    "no contractor": ("commissioned", 'contractor = { code = "ACME", name = "Acme Care Ltd" }', "", "[roles]",
                      ("contractor is missing",)),
    "no entity": ("grant", 'entity = { code = "JV", name = "Joint Care Ltd" }', "", "[roles]", ("entity is missing",)),
    "no funding": ("grant", 'funding = "grant"', "", "[roles]", ("funding is missing",)),
    "funding of no kind": ("grant", 'funding = "grant"', 'funding = "gift"', "gift", ("grant", "charge", "capital")),
    "grant and capital": (
        "grant", 'funding = "grant"', 'funding = ["grant", "capital"]', "funding", ('"charge" with one other',),
    ),
    "charge twice": ("grant", 'funding = "grant"', 'funding = ["charge", "charge"]', "funding", ('"charge" with one other',)),
    "a lead among aligned budgets": ("aligned", "[roles]", '[roles]\nlead = "OCC"', "lead =", ("aligned", "no such role")),
    "a billing lead in a lead body": (
        "lead_body", 'lead = "OCC"', 'lead = "OCC"\nbilling_lead = "OCC"', "billing_lead", ("no such role",),
    ),
    "owners liable under joint commissioning": (
        "commissioned", "[roles]", "[roles]\nowners_liable = true", "owners_liable", ("no such role",),
    ),
    "a contractor that is a party": ("commissioned", 'code = "ACME"', 'code = "OCC"', "OCC", ("OCC is a party",)),
    "an unknown key of the entity": ("grant", 'name = "Joint', 'size = 1, name = "Joint', "size", ("size is not a key",)),
    "no name": ("lead_body", 'name = "The pool"', "", "[arrangement]", ("name is missing",)),
    "no start": ("lead_body", "starts = 2013-04-01", "", "[arrangement]", ("starts is missing",)),
    "no type": ("lead_body", 'type = "lead_body"', "", "[arrangement]", ("type is missing",)),
    "a type of no kind": ("lead_body", 'type = "lead_body"', 'type = "pooled"', "pooled", ("aligned", "joint_venture")),
    "a start in quotes": ("lead_body", "starts = 2013-04-01", 'starts = "2013-04-01"', "starts", ("without quotes",)),
    "a start with a time": ("lead_body", "starts = 2013-04-01", "starts = 2013-04-01T09:00:00", "starts", ("must be a day",)),
    "a day that does not exist": ("lead_body", "starts = 2013-04-01", "starts = 2013-02-30", "starts", ("not TOML",)),
    "an end before the start": (
        "lead_body", "starts = 2013-04-01", "starts = 2013-04-01\nends = 2013-03-31", "ends",
        ("before the arrangement starts",),
    ),
    "a year from 29 February": (
        "lead_body", "starts = 2013-04-01", 'starts = 2013-04-01\nyear_starts = "02-29"', "02-29", ("not 02-29", "04-01"),
    ),
    "a year from a month that does not exist": (
        "lead_body", "starts = 2013-04-01", 'starts = 2013-04-01\nyear_starts = "13-01"', "13-01", ("month and day",),
    ),
    "months of notice below nil": (
        "lead_body", "starts = 2013-04-01", "starts = 2013-04-01\nnotice_months = -1", "notice_months", ("number of months",),
    ),
    "a party twice": ("lead_body", 'code = "OCCG"', 'code = "OCC"', 'code = "OCC"', ("OCC is given twice",)),
    "a scheme twice": ("lead_body", 'code = "beds"', 'code = "care"', 'code = "care"', ("care is given twice",)),
    "a fund twice, but for case": ("lead_body", 'code = "hub"', 'code = "DFG"', "DFG", ("DFG is given twice", "dfg")),
    "a fund that is a party but for case": (
        "lead_body", 'code = "hub"', 'code = "occ"', '"occ"', ("occ differs from OCC only by case", "use another code"),
    ),
    "a fund that is the contractor but for case": (
        "commissioned", 'code = "hub"', 'code = "acme"', '"acme"', ("acme differs from ACME only by case",),
    ),
    "an asset that is POOL but for case": (
        "lead_body", "[shares]", '[[asset]]\ncode = "Pool"\nshares = { OCC = 1 }\n[shares]', "Pool", ("differs from POOL",),
    ),
    "a liability that is the entity but for case": (
        "grant", "[shares]", '[[liability]]\ncode = "jv"\nshares = { OCC = 1 }\n[shares]', '"jv"', ("differs from JV",),
    ),
    "a party called POOL": ("commissioned", 'code = "OCCG"', 'code = "POOL"', "POOL", ("POOL is kept for pool books",)),
    "an entity called POOL": ("grant", 'code = "JV"', 'code = "POOL"', "POOL", ("POOL is kept for pool books",)),
    "a party in small letters": ("lead_body", 'code = "OCCG"', 'code = "occg"', "occg", ("not a code", "capitals")),
    "a scheme in capitals": ("lead_body", 'code = "beds"', 'code = "Beds"', "Beds", ("not a code", "small letters")),
    "an arrangement's code too long": ("lead_body", 'code = "pool"', f'code = "{"a" * 41}"', "aaaa", ("at most 40",)),
    "a sector of no kind": ("lead_body", 'sector = "nhs"', 'sector = "NHS"', "NHS", ("nhs, local_authority, other",)),
    "a fund of no kind": ("lead_body", 'kind = "revenue"', 'kind = "money"', "money", ("revenue, capital",)),
    "one party": ("aligned", '[[party]]\ncode = "OCCG"\nname = "Oxfordshire CCG"\nsector = "nhs"', "", "[[party]]",
                  ("two parties or more",)),
    "a control character": ("lead_body", "The pool", "The\\u0007 pool", "u0007", ("hidden character U+0007",)),
    "a line break in a name": ("lead_body", "The pool", "The\\npool", "pool", ("hidden character U+000A",)),
    "a bidirectional character": ("lead_body", "The pool", "The \u202epool", "\u202e", ("hidden character U+202E",)),
    "an escaped bidirectional character": ("lead_body", "The pool", "The \\u2066pool", "u2066", ("hidden character U+2066",)),
    "an empty name": ("lead_body", "The pool", "  ", 'name = "  "', ("not empty",)),
    "a risk in a venture": ("grant", "[shares]", RISK + "[shares]", "[risk]", ("only a pool that recharges",)),
    "a scheme's risk under joint commissioning": (
        "commissioned", 'name = "Home care"', 'name = "Home care"\nrisk = { OCC = 1 }', "risk =",
        ("only a pool that recharges",),
    ),
    "a risk of another base": ("lead_body", "[shares]", '[risk]\nbase = "all"\n[shares]', '"all"', ("scheme, pool",)),
    "own underspend first with base pool": (
        "lead_body", "[shares]", '[risk]\nbase = "pool"\nown_underspend_first = ["OCC"]\n[shares]', "own_underspend_first",
        ('base = "scheme" only',),
    ),
    "undecided with a rule": (
        "lead_body", "[shares]", '[risk]\nundecided = true\nbase = "pool"\n[shares]', "undecided", ("no rule is agreed yet",),
    ),
    "bands out of order": (
        "lead_body", "[shares]", RISK + '[[risk.band]]\nup_to = "5.00"\nshares = { OCC = 1 }\n[[risk.band]]\nup_to = "4.99"\n'
        "shares = { OCC = 1 }\n[[risk.band]]\nshares = { OCC = 1 }\n[shares]", "4.99", ("bands come in order",),
    ),
    "a last band with a limit": (
        "lead_body", "[shares]", RISK + '[[risk.band]]\nup_to = "5.00"\nshares = { OCC = 1 }\n[shares]', "5.00",
        ("the last band takes the rest",),
    ),
    "a first band without a limit": (
        "lead_body", "[shares]", RISK + "[[risk.band]]\nshares = { OCC = 7 }\n[[risk.band]]\nshares = { OCC = 1 }\n[shares]",
        "[[risk.band]]", ("only the last band",),
    ),
    "an instalment before the start": (
        "lead_body", "[shares]", DUES.replace("05-01", "03-31") + "[shares]", "on =",
        ("2013-03-31 is not within", "from 2013-04-01 on"),
    ),
    "an instalment after the end": (
        "lead_body", "starts = 2013-04-01", "starts = 2013-04-01\nends = 2013-04-30\n" + DUES, "on =",
        ("2013-05-01 is not within", "to 2013-04-30"),
    ),
    "an instalment on one day twice": (
        "lead_body", "[shares]", DUES + DUES.replace("[2013-05-01]", "[2013-06-01, 2013-05-01]") + "[shares]", "[2013-06-01",
        ("OCC has an instalment of 2013-05-01 already", "add the two up"),
    ),
    "an instalment of nothing": (
        "lead_body", "[shares]", DUES.replace("60.00", "0.00") + "[shares]", "amount", ("an instalment is above nil",),
    ),
    "a budget for an unknown scheme": (
        "lead_body", "[shares]", BUDGET.replace("care", "car") + "[shares]", '"car"', ("not a scheme", "mean care?"),
    ),
    "a budget for an unknown party": (
        "lead_body", "[shares]", BUDGET.replace("OCC", "VOL") + "[shares]", "VOL", ("not a party",),
    ),
    "a budget for a year that is none here": (
        "lead_body", "[shares]", BUDGET.replace("2013/14", "2013") + "[shares]", '"2013"',
        ("not a financial year", "2013/14"),
    ),
    "a budget for years that do not follow": (
        "lead_body", "[shares]", BUDGET.replace("2013/14", "2013/15") + "[shares]", "2013/15", ("not a financial year",),
    ),
    "a budget twice": ("lead_body", "[shares]", BUDGET + BUDGET.replace("1.00", "2.00") + "[shares]", "[[budget]]",
                       ("OCC already has a budget for care in 2013/14",)),
    "a budget as a number": (
        "lead_body", "[shares]", BUDGET.replace('"1.00"', "1.00") + "[shares]", "amount", ("an amount in quotes",),
    ),
    "a budget with separators": (
        "lead_body", "[shares]", BUDGET.replace("1.00", "1,000.00") + "[shares]", "1,000", ("not an amount",),
    ),
    "an asset's share for an unknown party": (
        "lead_body", "[shares]", '[[asset]]\ncode = "van"\nshares = { VOL = 1 }\n[shares]', "VOL", ("VOL is not a party",),
    ),
    "an asset without shares": (
        "lead_body", "[shares]", '[[asset]]\ncode = "van"\n[shares]', "[[asset]]", ("shares is missing",),
    ),
    "an indicator without a direction": (
        "lead_body", "[shares]", INDICATOR.replace('direction = "lower"', "") + "[shares]", "[[indicator]]",
        ("direction is missing",),
    ),
    "an indicator's direction of no kind": (
        "lead_body", "[shares]", INDICATOR.replace('"lower"', '"down"') + "[shares]", "down", ("higher, lower",),
    ),
    "a target as an inexact number": (
        "lead_body", "[shares]", INDICATOR + "target = 87.5\n[shares]", "87.5", ('a figure in quotes, like "87.5"',),
    ),
    "a target with its unit": (
        "lead_body", "[shares]", INDICATOR + 'target = "87.5 %"\n[shares]', "87.5 %", ("no unit",),
    ),
    "a target of no period": (
        "lead_body", "[shares]", INDICATOR + 'targets = { "2013/14-Q5" = "1" }\n[shares]', "Q5", ("is not a period here",),
    ),
    "an indicator of no scheme": (
        "lead_body", "[shares]", INDICATOR + 'scheme = "carr"\n[shares]', "carr", ("not a scheme", "mean care?"),
    ),
    "an indicator reported by a stranger": (
        "lead_body", "[shares]", INDICATOR + 'reported_by = "VOL"\n[shares]', "VOL", ("not a body of this agreement",),
    ),
    "an indicator twice but for case": (
        "lead_body", "[shares]", INDICATOR + INDICATOR.replace("beds-used", "Beds-Used") + "[shares]", "Beds-Used",
        ("given twice",),
    ),
    "a syntax error": ("lead_body", "[shares]", "[shares", "[shares", ("this is not TOML",)),
    "a key twice": ("lead_body", 'name = "The pool"', 'name = "The pool"\nname = "Pool"', '"Pool"', ("this is not TOML",)),
    "a list where a table is meant": ("lead_body", "[roles]", "[[roles]]", "[[roles]]", ("roles must be a table",)),
    "a table where a list is meant": ("aligned", "[shares]", '[budget]\nyear = "2013/14"\n[shares]', "[budget]",
                                      ("[[budget]]",)),
}  # fmt: skip


def read(raw: str | bytes) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read_agreement("agreement.toml", raw if isinstance(raw, bytes) else raw.encode())
    return caught.value


@pytest.mark.parametrize("what", FAULTS)
def test_a_faulty_agreement_is_refused_with_the_line_of_the_fault(what: str) -> None:
    kind, old, new, found, words = FAULTS[what]
    file = toml(kind)
    assert old in file
    wrong = file.replace(old, new, 1)
    lines = [number for number, line in enumerate(wrong.split("\n"), 1) if found in line]
    told = read(wrong)
    assert any(fault.line in lines and all(word in fault.sentence for word in words) for fault in told.faults), str(told)
    assert all(fault.sentence.strip() == fault.sentence != "" for fault in told.faults)
    assert re.search(r"^agreement\.toml: \d+ faults?; nothing was recorded\.$", str(told), re.MULTILINE)


@pytest.mark.parametrize("what", [what for what in FAULTS if "party" not in what or "unknown party" in what])
def test_one_mistake_is_one_fault(what: str) -> None:
    kind, old, new, _, _ = FAULTS[what]  # where a party is wrong, every share of it names no party too
    told = read(toml(kind).replace(old, new, 1))
    assert told.count == 1, str(told)


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [("lead_body", 'type = "lead_body"', 'type = "leadbody"'), ("hybrid", 'billing_lead = "OCC"', 'billing_lead = "OCD"')],
)
def test_a_misspelt_type_or_lead_does_not_make_its_risk_share_a_fault(kind: str, right: str, wrong: str) -> None:
    told = read(toml(kind, RISK).replace("Home care", 'Home care"\nrisk = { OCC = 1 }\n#"').replace(right, wrong))
    assert [fault.sentence.partition(":")[0] for fault in told.faults] == [right.partition(" ")[0]], str(told)


def test_every_fault_is_listed_in_the_order_of_the_file() -> None:
    wrong = toml("lead_body").replace("The pool", "").replace('lead = "OCC"', 'lead = "X"').replace("revenue", "money")
    told = read(wrong + 'assets = { VOL = 1 }\n[[budget]]\nyear = "13"\nscheme = "x"\nparty = "y"\namount = "z"\n')
    assert [fault.line for fault in told.faults] == sorted(fault.line for fault in told.faults)
    named = ("name:", "lead:", "kind:", "assets:", "year:", "scheme:", "party:", "amount:")
    assert [fault.sentence.partition(" ")[0] for fault in told.faults] == list(named)
    assert "agreement.toml: 8 faults; nothing was recorded." in str(told)


def test_only_the_first_hundred_faults_are_shown_and_all_are_counted() -> None:
    told = read(toml("lead_body") + "\n" + "[[budget]]\nx = 1\n" * 40)
    assert (len(told.faults), told.count) == (100, 200)
    assert "200 faults, the first 100 shown; nothing was recorded." in str(told)


@pytest.mark.parametrize(
    ("raw", "line", "words"),
    [
        (toml("lead_body").encode().replace(b"Home care", b"Home \xa3care"), 20, "not UTF-8"),
        (toml("lead_body").encode("utf-16"), 1, "not UTF-8"),
        (b"", 1, "missing"),
        (b"\x00" * 200, 1, "not TOML"),
        (b"x = " + b"[" * 5_000 + b"]" * 5_000, 0, "nested too deeply"),
        (b"\x89PNG\r\n\x1a\n", 1, "not UTF-8"),
    ],
    ids=["Latin-1", "UTF-16", "empty", "nil bytes", "nested too deeply", "a picture"],
)
def test_what_is_no_text_is_refused(raw: bytes, line: int, words: str) -> None:
    told = read(raw)
    assert told.faults[0].line == line
    assert words in told.faults[0].sentence
