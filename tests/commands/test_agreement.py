"""Agreements: signed from a file, listed, shown, and begun from a template."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from hashlib import sha256

import pytest

from commands.agreement import TYPES
from ledger import events as e
from tests import given
from tests.commands.desk import Desk

CODES = {
    "aligned": ("carers-support", "aligned"), "lead_body": ("older-people", "lead_body"),
    "joint_commissioning": ("home-care", "joint_commissioning"), "billing_lead": ("home-care-pool", "joint_commissioning"),
    "joint_venture": ("joint-care", "joint_venture"),
}  # fmt: skip


@pytest.fixture
def empty(desk: Desk) -> Desk:
    """A desk with an empty ledger and an agreement's file."""
    assert desk("init").code == 0
    desk.file("agreement.toml", given.toml("lead_body"))
    return desk


def test_there_is_a_template_of_every_type_and_help_names_them(desk: Desk):
    assert set(TYPES) == set(CODES)
    said = desk("agreement", "template", "-h").out
    assert [kind for kind in TYPES if kind not in said] == []


@pytest.mark.parametrize("kind", TYPES)
def test_a_template_says_what_it_is_and_can_be_signed(desk: Desk, kind: str):
    done = desk("agreement", "template", kind)
    assert (done.code, done.err) == (0, "")
    assert re.match(r"# [A-Z].+[.]\n\[arrangement\]\n", done.out)
    assert desk.folder.joinpath("poolbook.db").exists() is False
    desk.file("agreement.toml", done.out)
    assert desk("init").code == 0
    signed = desk("agreement", "sign", "agreement.toml")
    code, type = CODES[kind]
    assert (signed.code, signed.err) == (0, "")
    assert signed.out.startswith(f"Recorded #1 in {code}: AgreementSigned of 2026-04-01, reference #1.\n")
    assert "  Nothing is posted by it: it sets the terms.\n" in signed.out
    (event,) = desk.events(code)
    assert isinstance(event.fact, e.AgreementSigned)
    assert (event.fact.agreement.type, event.entries, event.effective_on) == (type, {}, date(2026, 4, 1))


def test_all_templates_can_be_signed_in_one_ledger_and_are_listed(desk: Desk):
    assert desk("init").code == 0
    for kind in TYPES:
        desk.file(f"{kind}.toml", desk("agreement", "template", kind).out)
        assert desk("agreement", "sign", f"{kind}.toml").code == 0
    listed = desk("agreement", "list", "--format", "json").json
    assert [each["arrangement"] for each in listed] == sorted(code for code, _ in CODES.values())
    assert listed[3] == {
        "arrangement": "joint-care", "name": "Joint Care Ltd", "type": "joint_venture", "starts": "2026-04-01", "ends": None,
        "parties": ["COUNCIL", "ICB"],
    }  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(desk("agreement", "list", "--format", "csv").out)))
    assert [(each["arrangement"], each["ends"], each["parties"]) for each in rows][-1] == (
        "older-people", "2029-03-31", "COUNCIL ICB",
    )  # fmt: skip
    table = desk("agreement", "list").out
    assert [code for code, _ in CODES.values() if code not in table] == []


def test_an_empty_ledger_lists_none_and_says_how_to_begin(empty: Desk):
    assert "poolbook agreement template" in empty("agreement", "list").out
    assert empty("agreement", "list", "--format", "json").json == []
    assert empty("agreement", "list", "--format", "csv").out == "arrangement,name,type,starts,ends,parties\n"


@pytest.mark.parametrize("kind", given.ROLES)
def test_every_kind_is_shown_in_every_format(desk: Desk, kind: str):
    desk.made(kind)
    table = desk("agreement", "show", "pool").out
    listed = csv.DictReader(io.StringIO(desk("agreement", "show", "pool", "--format", "csv").out))
    rows = {line["item"]: line["value"] for line in listed if line["arrangement"] == "pool"}
    document = desk("agreement", "show", "pool", "--format", "json").json
    type = given.ROLES[kind][0]
    assert (rows["arrangement"], rows["type"], rows["starts"]) == ("pool", type, "2013-04-01")
    assert rows["party OCC"] == "Oxfordshire County Council (local_authority)"
    assert rows["shares, recharge"] == "OCC 3 : OCCG 2"
    assert rows["scheme beds, recharge"] == "OCC 1 : OCCG 1"
    assert (document["arrangement"], document["type"], document["starts"]) == ("pool", type, "2013-04-01")
    assert [party["code"] for party in document["parties"]] == ["OCC", "OCCG"]
    assert [name for name in rows if name not in table] == []


def test_money_is_shown_as_strings_with_two_decimals(desk: Desk):
    desk.file("agreement.toml", desk("agreement", "template", "lead_body").out)
    desk("init")
    desk("agreement", "sign", "agreement.toml")
    document = desk("agreement", "show", "older-people", "--format", "json").json
    assert document["budgets"][0]["amount"] == "990000.00"
    assert document["risk"]["bands"][0]["up_to"] == "500000.00"
    assert "990,000.00" in desk("agreement", "show", "older-people").out


def test_a_dry_run_signs_nothing(empty: Desk):
    before = empty.bytes()
    done = empty("agreement", "sign", "agreement.toml", "--dry-run")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Would record #1 in pool: AgreementSigned")
    assert empty.bytes() == before
    assert empty("agreement", "sign", "agreement.toml").code == 0


def test_a_code_is_signed_once(empty: Desk):
    assert empty("agreement", "sign", "agreement.toml").code == 0
    before = empty.bytes()
    for words in ((), ("--dry-run",), ("--reference", "DEED-1")):
        done = empty("agreement", "sign", "agreement.toml", *words)
        assert (done.code, done.out) == (1, "")
        assert "pool was signed already, as The pool" in done.err
    assert empty.bytes() == before


def test_the_same_signing_under_its_reference_was_recorded_earlier(empty: Desk):
    sign = ("agreement", "sign", "agreement.toml", "--reference", "DEED-1", "--document", "Deed of 1 April")
    assert empty(*sign).code == 0
    before = empty.bytes()
    assert empty(*sign, "--as", "colleague").out.startswith("Recorded earlier #1 in pool")
    empty.file("agreement.toml", given.toml("lead_body") + "\n# the same terms, written otherwise\n")
    assert empty(*sign).out.startswith("Recorded earlier #1 in pool")
    empty.file("agreement.toml", given.toml("lead_body").replace("The pool", "Another"))
    assert empty(*sign).code == 1
    assert empty.bytes() == before


def test_a_signing_keeps_its_paper(empty: Desk):
    empty.file("deed.pdf", b"a deed")
    words = ("--document", "Deed", "--narrative", "signed by J. Smith", "--evidence", "deed.pdf", "--as", "clerk")
    assert empty("agreement", "sign", "agreement.toml", *words).code == 0
    (event,) = empty.events()
    assert (event.actor, event.document, event.evidence) == ("clerk", "Deed", sha256(b"a deed").hexdigest())
    assert empty.text(event) == "signed by J. Smith"


def refused(desk: Desk, content: str | bytes) -> list[str]:
    """The faults of an agreement's file, each without the file's name; the ledger must stand as it was."""
    desk.file("wrong.toml", content)
    before = desk.bytes()
    done = desk("agreement", "sign", "wrong.toml")
    assert (done.code, done.out) == (4, ""), done
    assert desk.bytes() == before
    *lines, count = done.err.splitlines()
    assert count == f"wrong.toml: {len(lines)} fault{'' if len(lines) == 1 else 's'}; nothing was recorded."
    return [line.removeprefix("wrong.toml:") for line in lines]


def test_every_fault_of_a_file_is_named_with_its_line(empty: Desk):
    wrong = (
        given.toml("lead_body")
        .replace('type = "lead_body"', 'type = "lead"')
        .replace('sector = "nhs"', 'sector = "NHS"')
        .replace('kind = "capital"', 'kind = "capital"\ncolour = "red"')
        .replace("OCC = 3, OCCG = 2", "OCC = 0, OCCH = 2")
    )
    found = refused(empty, wrong)
    lines = wrong.splitlines()
    at = [lines[int(fault.split(":")[0]) - 1] for fault in found]
    assert at == ['type = "lead"', 'sector = "NHS"', 'colour = "red"', "recharge = { OCC = 0, OCCH = 2 }"], found
    assert "did you mean OCC" in found[-1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "1: an agreement has two parties or more"), ("= 1", "1:1: this is not TOML"), ("[a\n", "this is not TOML"),
        (b"\xff\xfe", "1: this is not UTF-8 text"), (b"a = 1\nb = '\xe9'\n", "2: this is not UTF-8 text"),
        ("a = 1\na = 2\n", "this is not TOML"), ("x = " + "[" * 5_000, ""), ("[[party]]\n" * 3, "2: code is missing"),
        ('arrangement = "pool"\n', "1: arrangement must be a table"), ("party = 3\n", "1: party is a list of tables"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_agreement(empty: Desk, content: str | bytes, said: str):
    found = refused(empty, content)
    assert [fault for fault in found if said in fault] != [], found


def test_hidden_characters_are_refused_and_not_repeated(empty: Desk):
    for hidden in ("\\u001b[2J", "\\u202e", "\\u0085", "\\u0000"):
        (fault,) = refused(empty, given.toml("lead_body").replace("The pool", f"The{hidden} pool"))
        assert "hidden character" in fault
    found = refused(empty, given.toml("lead_body") + '"k\\u001b[2J" = 1\n"k\\n" = 1\n')
    assert "\x1b" not in "".join(found)


@pytest.mark.parametrize("file", ["missing.toml", ".", "x" * 300])
def test_a_file_that_cannot_be_read(empty: Desk, file: str):
    done = empty("agreement", "sign", file)
    assert (done.code, done.out) == (4, "")
    assert f"{file}: the file cannot be read: " in done.err


def test_a_faulty_file_is_refused_before_the_ledger_is_asked_for(desk: Desk):
    desk.file("wrong.toml", "= 1")
    assert desk("agreement", "sign", "wrong.toml").code == 4
