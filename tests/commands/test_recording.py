"""Every recording command: the same fact as the CSV row of its type, tried dry, and told in each format."""

from __future__ import annotations

import csv
import io

import msgspec
import pytest

from ledger import events as e
from ledger.money import sterling
from ledger.requests import KINDS
from ledger.store.encoding import encode
from tests import given
from tests.commands.desk import MONEY, Desk, Done, cells, row, words_of
from tests.ledger.examples import EXAMPLES, Example

each = pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)


def ready(desk: Desk, example: Example) -> Desk:
    """A desk where all that the example needs has happened."""
    return desk.made(example.kind, before=example.before)


def timeless(event: e.Event) -> bytes:
    """An event's bytes but for the moment it was recorded."""
    return encode(msgspec.structs.replace(event, recorded_at=""))


def written(event: e.Event) -> dict[str, dict[str, str]]:
    """An event's entries as JSON shows them."""
    return {book: {name: f"{pence / 100:.2f}" for name, pence in lines.items()} for book, lines in event.entries.items()}


def test_there_is_an_example_of_every_type():
    assert set(EXAMPLES) == set(KINDS)


@each
def test_a_command_and_the_csv_row_of_its_type_record_the_same_bytes(desk: Desk, example: Example):
    ready(desk, example)
    before = desk.bytes()
    common = {"reference": "INV-1", "document": "Invoice 7"}
    assert desk(*words_of(example), *(word for name, value in common.items() for word in (f"--{name}", value))).code == 0
    by_command = desk.events()[-1]

    desk.path.write_bytes(before)
    facts = desk.csv({**row("", amount=""), "type": example.type, **common, **cells(example.fields)})
    done = desk("import", str(facts))
    assert done.code == 0, done.err
    by_row = desk.events()[-1]

    assert by_command.asked == by_row.asked
    assert by_command.fact == by_row.fact
    assert timeless(by_command) == timeless(by_row)
    assert (by_row.reference, by_row.document, by_row.effective_on) == ("INV-1", "Invoice 7", given.DAY)


@each
def test_a_command_after_its_csv_row_is_recorded_earlier(desk: Desk, example: Example):
    ready(desk, example)
    facts = desk.csv({**row("", amount=""), "type": example.type, "reference": "INV-1", **cells(example.fields)})
    assert desk("import", str(facts)).code == 0
    before = desk.bytes()
    done = desk(*words_of(example), "--reference", "INV-1")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Recorded earlier #{len(desk.events())} in pool: ")
    assert desk.bytes() == before


@each
def test_a_dry_run_says_what_would_be_recorded_and_records_nothing(desk: Desk, example: Example):
    ready(desk, example)
    before = desk.bytes()
    dry = desk(*words_of(example), "--dry-run", "--narrative", "for Mrs Jones", "--format", "json")
    assert dry.code == 0, dry.err
    assert desk(*words_of(example), "--dry-run").out.startswith(f"Would record #{len(desk.events()) + 1} in pool: ")
    assert desk.bytes() == before
    wet = desk(*words_of(example), "--narrative", "for Mrs Jones", "--format", "json")
    assert (dry.json["dry_run"], wet.json["dry_run"]) == (True, False)
    assert told_without_moment(dry) == told_without_moment(wet)


def told_without_moment(done: Done) -> object:
    """What a receipt says, but for when and whether."""
    told = done.json
    for event in told["events"]:
        event["recorded_at"] = ""
    return told | {"dry_run": None}


@each
def test_what_a_command_says_is_what_it_recorded(desk: Desk, example: Example):
    ready(desk, example)
    done = desk(*words_of(example), "--document", "Invoice 7", "--format", "json")
    event = desk.events()[-1]
    (told,) = done.json["events"]
    assert done.json["arrangement"] == "pool"
    assert done.json["earlier"] is False
    assert told["number"] == event.number
    assert told["type"] == event.type
    assert told["effective_on"] == "2013-06-01"
    assert told["recorded_at"] == event.recorded_at
    assert told["actor"] == "finance.officer"
    assert told["reference"] == f"#{event.number}"
    assert told["document"] == "Invoice 7"
    assert told["entries"] == written(event)


@each
def test_the_csv_receipt_has_a_line_for_every_posting(desk: Desk, example: Example):
    ready(desk, example)
    done = desk(*words_of(example), "--format", "csv", "--reference", "INV-1")
    lines = list(csv.DictReader(io.StringIO(done.out)))
    event = desk.events()[-1]
    told: dict[str, dict[str, str]] = {}
    for line in lines:
        if line["book"]:
            told.setdefault(line["book"], {})[line["account"]] = line["amount"]
        assert (line["arrangement"], line["number"], line["type"]) == ("pool", str(event.number), event.type)
        assert (line["reference"], line["effective_on"]) == ("INV-1", "2013-06-01")
    assert told == written(event)
    assert len(lines) == (sum(map(len, event.entries.values())) or 1)


def test_the_csv_receipt_of_what_posts_nothing_has_one_line(desk: Desk):
    desk.made()
    done = desk("contribution", "in-kind", "pool", "--party", "OCC", "--amount", "1", "--on", "2013-06-01", "--format", "csv")
    assert done.out.splitlines()[1:] == ["pool,2,ContributionGivenInKind,2013-06-01,#2,,,"]


@each
def test_the_table_receipt_says_dr_before_cr_in_each_book_and_every_amount(desk: Desk, example: Example):
    ready(desk, example)
    done = desk(*words_of(example))
    event = desk.events()[-1]
    first, said, *lines = done.out.splitlines()
    assert first == f"Recorded #{event.number} in pool: {event.type} of 2013-06-01, reference #{event.number}."
    shown_as = [sterling(value) if name in MONEY else value for name, value in example.fields.items()]
    assert [value for value in shown_as if f" {value}" not in said] == [], said
    if not event.entries:
        assert lines == ["  Nothing is posted by it: it is a memorandum."]
        return
    shown: dict[str, dict[str, int]] = {}
    for line in lines:
        place, side, amount = line.rpartition(" Dr " if " Dr " in line else " Cr ")
        book, account = place.split(maxsplit=1)
        assert side.strip() == "Cr" or "Cr" not in shown.get(f"{book} sides", {}), line
        shown.setdefault(f"{book} sides", {})[side.strip()] = 1
        pence = round(float(amount.replace(",", "")) * 100)
        shown.setdefault(book, {})[account.strip()] = pence if side.strip() == "Dr" else -pence
    assert {book: lines for book, lines in shown.items() if not book.endswith(" sides")} == event.entries


@each
def test_help_names_every_column_as_an_option_and_the_type(desk: Desk, example: Example):
    kind = KINDS[example.type]
    done = desk(*kind.command, "-h")
    assert done.code == 0
    shared = ("on", "reference", "document", "narrative", "evidence", "as", "dry-run", "format", "ledger")
    assert [name for name in (*kind.columns, *shared) if f"--{name} " not in done.out] == []
    assert f"type {kind.type}." in done.out


@each
def test_a_needed_option_left_out_is_wrong_usage(desk: Desk, example: Example):
    ready(desk, example)
    before = desk.bytes()
    for name in KINDS[example.type].needs:
        words = words_of(example)
        at = words.index(f"--{name}")
        done = desk(*words[:at], *words[at + 2 :])
        assert (done.code, done.out) == (2, "")
        assert f"--{name}" in done.err
    assert desk.bytes() == before


@each
def test_a_needed_option_left_empty_is_wrong_usage(desk: Desk, example: Example):
    ready(desk, example)
    before = desk.bytes()
    for name in KINDS[example.type].needs:
        done = desk(*words_of(example), f"--{name}", "")
        assert (done.code, done.out) == (2, ""), (name, done.said)
        assert f"--{name}" in done.err
    assert desk.bytes() == before
