"""`recharge run`: several facts by one command, under one reference, recorded whole or not at all."""

from __future__ import annotations

import csv
import io
from hashlib import sha256

import pytest

from ledger import events as e
from ledger.store.sqlite import SQLiteRecorder
from tests.commands.desk import Desk, row

RUN = ("recharge", "run", "pool", "--to", "2013-06-30")
COSTS = [
    ("expenditure", {"scheme": "care", "counterparty": "SUP", "amount": 100_01}),
    ("expenditure", {"scheme": "beds", "counterparty": "SUP", "amount": 50_00}),
]


@pytest.fixture
def ready(desk: Desk) -> Desk:
    """A desk with costs of two schemes that nobody has been charged for."""
    return desk.made(before=COSTS)


def charged(desk: Desk) -> list[tuple[str, int]]:
    """What each recharge was for, and how much."""
    facts = [event.fact for event in desk.events()]
    return [(fact.scheme, fact.amount) for fact in facts if isinstance(fact, e.RechargeRaised)]


def test_it_charges_every_scheme_in_parts_of_one_record(ready: Desk):
    ready.file("note.txt", "a note")
    words = (*RUN, "--reference", "JUNE", "--document", "Run 1", "--narrative", "by J. Smith", "--evidence", "note.txt")
    done = ready(*words, "--as", "clerk", "--format", "json")
    assert (done.code, done.err) == (0, "")
    assert charged(ready) == [("care", 100_01), ("beds", 50_00)]
    first, second = ready.events()[-2:]
    assert [(event.reference, event.part, event.actor) for event in (first, second)] == [
        ("JUNE", 0, "clerk"),
        ("JUNE", 1, "clerk"),
    ]
    assert [(event["number"], event["part"]) for event in done.json["events"]] == [(4, 0), (5, 1)]
    assert {event.evidence for event in (first, second)} == {sha256(b"a note").hexdigest()}
    assert {event.document for event in (first, second)} == {"Run 1"}
    assert ready.text(first) == "by J. Smith"


def test_the_receipt_tells_of_every_part(ready: Desk):
    table = ready(*RUN, "--dry-run").out
    assert [line for line in table.splitlines() if line.startswith("Would record #")] == [
        f"Would record #{number} in pool: RechargeRaised of 2013-06-30, reference #4." for number in (4, 5)
    ]
    rows = list(csv.DictReader(io.StringIO(ready(*RUN, "--format", "csv").out)))
    assert {each["number"] for each in rows} == {"4", "5"}


def test_a_dry_run_says_the_same_and_records_nothing(ready: Desk):
    before = ready.bytes()
    dry = ready(*RUN, "--dry-run", "--format", "json").json
    assert ready.bytes() == before
    wet = ready(*RUN, "--format", "json").json
    assert (dry.pop("dry_run"), wet.pop("dry_run")) == (True, False)
    for event in (*dry["events"], *wet["events"]):
        event["recorded_at"] = ""
    assert dry == wet


def test_again_under_its_reference_it_was_recorded_earlier_in_all_its_parts(ready: Desk):
    assert ready(*RUN, "--reference", "JUNE").code == 0
    before = ready.bytes()
    again = ready(*RUN, "--reference", "JUNE")
    assert again.code == 0
    assert [line[:19] for line in again.out.splitlines() if line[:1] == "R"] == ["Recorded earlier #4", "Recorded earlier #5"]
    assert ready("recharge", "run", "pool", "--to", "2013-07-01", "--reference", "JUNE").code == 1
    assert ready("import", str(ready.csv(row(reference="JUNE")))).code == 1
    assert ready.bytes() == before


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_with_nothing_to_charge_nothing_is_recorded(ready: Desk, form: str):
    assert ready(*RUN).code == 0
    before = ready.bytes()
    done = ready(*RUN, "--format", form)
    assert (done.code, done.err) == (0, "")
    assert (
        done.out
        == {
            "table": "pool has nothing to recharge up to 2013-06-30: nothing was recorded.\n",
            "json": '{\n  "arrangement": "pool",\n  "dry_run": false,\n  "earlier": false,\n  "events": []\n}\n',
            "csv": "arrangement,number,type,effective_on,reference,book,account,amount\n",
        }[form]
    )
    assert ready.bytes() == before


def test_a_run_that_fails_in_the_middle_records_no_part(ready: Desk, monkeypatch: pytest.MonkeyPatch):
    original = SQLiteRecorder.insert_events
    put = []

    def fail_at_the_second(recorder: SQLiteRecorder, *words: object, **named: object) -> object:
        put.append(1)
        if len(put) == 2:
            raise ZeroDivisionError
        return original(recorder, *words, **named)  # type: ignore[arg-type]

    before = ready.bytes()
    monkeypatch.setattr(SQLiteRecorder, "insert_events", fail_at_the_second)
    assert ready(*RUN).code == 70
    assert ready.bytes() == before
    monkeypatch.undo()


@pytest.mark.parametrize("kind", ["aligned", "commissioned", "grant"])
def test_where_nothing_is_recharged_it_is_refused(desk: Desk, kind: str):
    desk.made(kind)
    before = desk.bytes()
    done = desk(*RUN)
    assert (done.code, done.out) == (1, "")
    assert "pool has no pool that recharges its net cost" in done.err
    assert desk.bytes() == before


@pytest.mark.parametrize(
    "words",
    [(), ("--to", ""), ("--to", "June"), (*RUN[3:], "--on", "2013-06-30"), (*RUN[3:], "--reference", "#1")],
    ids=" ".join,
)
def test_wrong_usage(ready: Desk, words: tuple[str, ...]):
    before = ready.bytes()
    assert ready(*RUN[:3], *words).code == 2
    assert ready.bytes() == before


@pytest.mark.parametrize("to", ["9999-12-31", "0001-01-01"])
def test_the_last_day_there_is(ready: Desk, to: str):
    assert ready("recharge", "run", "pool", "--to", to).code in (0, 1, 2)
