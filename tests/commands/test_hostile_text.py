"""Text that would rather be obeyed than read: refused where it comes in, shown for what it is where it stands already."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from contextlib import closing

import pytest

from commands import context
from ledger import text
from ledger.agreement import Agreement
from ledger.application import Command, Ledger
from ledger.text import escaped
from tests import given
from tests.commands.desk import Desk, Done, row

COST = ("expenditure", "incur", "pool", "--scheme", "care", "--counterparty", "SUP", "--amount", "10", "--on", "2013-06-01")
SIGN = ("agreement", "sign", "agreement.toml")

HIDDEN = {
    "escape": "\x1b[2J", "bell": "\x07", "backspace": "x\x08", "delete": "\x7f", "next line": "\x85", "C1": "\x9b31m",
    "line feed": "a\nb", "return": "a\rb", "tab": "a\tb", "override": "\u202egnp", "isolate": "\u2066x\u2069",
    "mark": "\u200f", "Arabic mark": "\u061c", "line separator": "a\u2028b",
    "paragraph separator": "a\u2029b", "surrogate": "\udcff",
}  # fmt: skip
HOSTILE = "".join(each for name, each in HIDDEN.items() if name != "surrogate")

each = pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN)


def shown_plainly(done: Done) -> bool:
    """Whether nothing that was said could move a cursor or turn the text around."""
    bidi = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
    return not bidi.search(done.said) and not [
        character for character in done.said if unicodedata.category(character) in ("Cc", "Zl", "Zp") and character != "\n"
    ]


@each
@pytest.mark.parametrize("option", ["--narrative", "--document", "--reference", "--as"])
@pytest.mark.parametrize(
    "words", [COST, ("reverse", "pool", "1", "--reason", "x"), SIGN], ids=["fact", "reversal", "signing"]
)
def test_hidden_characters_in_an_option_are_wrong_usage(desk: Desk, words: tuple[str, ...], option: str, hidden: str):
    desk.made().file("agreement.toml", given.toml("lead_body"))
    before = desk.bytes()
    done = desk(*words, option, f"x{hidden}")
    assert (done.code, done.out) == (2, "")
    assert option in done.err
    assert f"hidden character U+{ord(next(c for c in hidden if not c.isascii() or not c.isprintable())):04X}" in done.err
    assert shown_plainly(done)
    assert desk.bytes() == before


@each
def test_a_reason_hides_nothing_either(desk: Desk, hidden: str):
    done = desk.made()("reverse", "pool", "1", "--reason", f"x{hidden}")
    assert (done.code, done.out) == (2, "")
    assert shown_plainly(done)


@each
def test_an_actor_of_the_environment_hides_nothing_either(desk: Desk, monkeypatch: pytest.MonkeyPatch, hidden: str):
    desk.made().csv(row())
    before = desk.bytes()
    monkeypatch.setenv("POOLBOOK_ACTOR", f"x{hidden}")
    for words in (COST, ("import", "facts.csv")):
        done = desk(*words)
        assert (done.code, done.out) == (2, "")
        assert shown_plainly(done)
    assert desk.bytes() == before


ECHOED = [
    ("nonsense{}",), ("contribution", "nonsense{}"), (*COST, "--nonsense{}"), (*COST, "--scheme", "care{}"), (*COST, "x{}"),
    (*COST, "--amount", "1{}"), (*COST, "--on", "2013-06-01{}"), (*COST, "--format", "json{}"),
    (*COST, "--evidence", "x{}.pdf"),
    ("reverse", "pool", "2{}"), ("expenditure", "incur", "pool{}", *COST[3:]), ("agreement", "show", "pool{}"),
    ("report", "balances", "pool{}"), ("report", "balances", "pool", "--as-at", "x{}"),
    ("report", "balances", "pool", "--as-known", "x{}"), ("report", "balances", "pool", "--book", "x{}"),
    ("agreement", "template", "lead{}"), ("agreement", "sign", "x{}.toml"), ("import", "x{}.csv"), ("backup", "x{}/y"),
    ("--ledger", "x{}.db", "status"), ("--ledger", "x{}://y", "status"),
]  # fmt: skip


@pytest.mark.parametrize("words", ECHOED, ids=lambda words: " ".join(words)[:40])
def test_what_a_refusal_repeats_is_shown_plainly(desk: Desk, words: tuple[str, ...]):
    desk.made()
    done = desk(*(word.replace("{}", HOSTILE) for word in words))
    assert done.code in (1, 2, 3, 4), done
    assert done.out == ""
    assert shown_plainly(done), ascii(done.err)


def test_a_file_whose_name_is_hostile_is_said_plainly(desk: Desk):
    name = HOSTILE.replace("/", "")
    desk.made().csv(row(), name=f"{name}.csv")
    for words in (("import", f"{name}.csv", "--dry-run"), ("import", f"{name}.csv"), ("backup", f"{name}.db")):
        done = desk(*words)
        assert done.code == 0, done
        assert shown_plainly(done), ascii(done.out)
    desk.csv(row(amount="ten"), name=f"{name}.csv")
    assert shown_plainly(desk("import", f"{name}.csv"))
    for form in ("table", "csv", "json"):
        assert shown_plainly(desk("--ledger", f"{name}.db", "status", "--format", form))
    assert shown_plainly(desk("--ledger", f"{name}2.db", "init"))


def unchecked() -> pytest.MonkeyPatch:
    """Nothing that comes in is checked, as in a program that does not care."""
    patch = pytest.MonkeyPatch()

    def taken_as_it_is(said: str, *_: object) -> str:
        return said

    for check in ("clean", "reference", "actor"):
        patch.setattr(text, check, taken_as_it_is)
    for kind in (context.REFERENCE, context.TEXT):
        patch.setattr(kind, "_read", taken_as_it_is)
    return patch


@pytest.fixture
def taken(desk: Desk) -> Desk:
    """A desk whose ledger holds hostile text already, as one written by another program could."""
    signed = given.agreement("lead_body")
    hostile = Agreement(**{name: getattr(signed, name) for name in signed.__struct_fields__} | {"name": HOSTILE})
    patch = unchecked()
    with closing(given.new_ledger(desk.path)) as ledger:
        ledger.sign(hostile, Command(HOSTILE, f"={HOSTILE}", HOSTILE))
        cost = given.request("expenditure", scheme="care", counterparty="SUP", amount=1_00, document=f"=1+1{HOSTILE}")
        ledger.record("pool", cost, Command(f"@{HOSTILE}", f"R1{HOSTILE}", HOSTILE))
    patch.undo()
    return desk


def earlier(desk: Desk, *words: str) -> Done:
    """What a command says of the hostile event, asked for again by its reference."""
    patch = unchecked()
    try:
        return desk(*COST, "--amount", "1", "--reference", f"R1{HOSTILE}", "--document", f"=1+1{HOSTILE}", *words)
    finally:
        patch.undo()


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_a_receipt_shows_what_stands_in_the_ledger_plainly(taken: Desk, form: str):
    done = earlier(taken, "--format", form)
    assert done.code == 0, done
    assert shown_plainly(done), ascii(done.out)


def test_json_escapes_it_and_so_loses_nothing(taken: Desk):
    (event,) = earlier(taken, "--format", "json").json["events"]
    assert (event["actor"], event["reference"], event["document"]) == (f"@{HOSTILE}", f"R1{HOSTILE}", f"=1+1{HOSTILE}")


def test_csv_escapes_it_and_what_a_spreadsheet_would_run(taken: Desk):
    told = list(csv.DictReader(io.StringIO(earlier(taken, "--format", "csv").out)))
    assert {each["reference"] for each in told} == {f"R1{escaped(HOSTILE)}"}
    assert [each["amount"] for each in told] == ["1.00", "-1.00"]


def test_other_content_under_a_hostile_reference_is_refused_plainly(taken: Desk):
    done = earlier(taken, "--amount", "2")
    assert done.code == 1
    assert shown_plainly(done), ascii(done.err)


READING = [
    ("agreement", "list"), ("agreement", "show", "pool"), ("report", "journal", "pool"), ("report", "accounts", "pool"),
    ("report", "balances", "pool"), (*SIGN, "--as", "x"),
]  # fmt: skip


@pytest.mark.parametrize("form", ["table", "json", "csv"])
@pytest.mark.parametrize("words", READING, ids=lambda words: " ".join(words[:2]))
def test_lists_and_reports_show_it_plainly(taken: Desk, words: tuple[str, ...], form: str):
    taken.file("agreement.toml", given.toml("lead_body"))
    done = taken(*words, "--format", form)
    assert done.code == (1 if words[1] == "sign" else 0), done
    assert shown_plainly(done), ascii(done.said)
    if form == "json" and done.out:
        json.loads(done.out)


FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0"]


def test_what_a_spreadsheet_would_run_is_taken_as_text_and_given_out_escaped(desk: Desk):
    desk.made()
    for number, said in enumerate(FORMULAS):
        assert desk(*COST, "--reference", said, "--document", said, "--narrative", said, "--as", said).code == 0
        told = next(csv.DictReader(io.StringIO(desk(*COST, "--reference", said, "--document", said, "--format", "csv").out)))
        assert told["reference"] == f"'{said}"
        assert told["amount"] == "10.00"
        event = desk.events()[number + 1]
        assert (event.reference, event.document, event.actor, desk.text(event)) == (said,) * 4


def test_harmless_text_of_any_script_passes_unchanged(desk: Desk):
    desk.made()
    for said in ("Ærøskøbing – ’café’ £5", "漢字かな", "अनुदान", "מועצה", "مجلس", "👩‍⚕️ 🏥", "a b", "…", "<script>"):
        assert desk(*COST, "--narrative", said, "--document", said, "--as", said, "--reference", said).code == 0
        event = desk.events()[-1]
        assert (event.reference, event.document, event.actor, desk.text(event)) == (said,) * 4
        told = desk(*COST, "--document", said, "--reference", said, "--format", "json").json["events"][0]
        assert (told["reference"], told["document"], told["actor"]) == (said,) * 3


def test_the_ledger_opens_for_reading_with_hostile_text_in_it(taken: Desk):
    with closing(Ledger.open(taken.path, read_only=True)) as ledger:
        assert ledger.text(ledger.event("pool", 2), "narrative") == HOSTILE
