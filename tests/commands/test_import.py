"""A CSV file of facts, as finance teams write it: whatever a spreadsheet makes of it, once, in order, all of it."""

from __future__ import annotations

import csv
import io
from contextlib import closing

import pytest

from ledger.application import Ledger
from ledger.csv_file import COLUMNS, REQUIRED
from ledger.requests import KINDS
from tests import given
from tests.commands.desk import Desk, cells, many, row
from tests.ledger.examples import EXAMPLES

PLAIN = (*REQUIRED, "scheme", "counterparty")


@pytest.fixture
def ready(desk: Desk) -> Desk:
    """A desk with two arrangements of a lead body."""
    return desk.made("lead_body", "other")


def references(desk: Desk, arrangement: str = given.CODE) -> list[str]:
    """The references recorded in an arrangement after its signing, in order."""
    return [event.reference for event in desk.events(arrangement)[1:]]


def test_every_row_is_recorded_in_file_order(ready: Desk):
    rows = many(7) + many(3, start=20, arrangement="other") + many(2, start=10)
    done = ready("import", str(ready.csv(*rows)))
    assert (done.code, done.err) == (0, "")
    assert done.out == f"{ready.folder / 'facts.csv'}: 12 facts recorded in 2 arrangements.\n"
    assert references(ready) == [f"R{number}" for number in (*range(1, 8), 10, 11)]
    assert references(ready, "other") == ["R20", "R21", "R22"]


def test_the_result_as_json_and_csv(ready: Desk):
    rows = many(2, arrangement="other") + many(1)
    ready.csv(*rows)
    dry = ready("import", "facts.csv", "--dry-run", "--format", "json")
    assert dry.json == {
        "file": "facts.csv", "dry_run": True, "recorded": 3, "earlier": 0,
        "arrangements": [{"arrangement": "other", "recorded": 2}, {"arrangement": "pool", "recorded": 1}],
    }  # fmt: skip
    assert ready("import", "facts.csv", "--format", "csv").out == "arrangement,recorded\nother,2\npool,1\n"
    again = ready("import", "facts.csv", "--format", "json")
    assert again.json == {"file": "facts.csv", "dry_run": False, "recorded": 0, "earlier": 3, "arrangements": []}


def test_one_fact_is_not_called_facts(ready: Desk):
    ready.csv(row())
    assert ready("import", "facts.csv", "--dry-run").out == "facts.csv: 1 fact would be recorded.\n"
    assert ready("import", "facts.csv").out == "facts.csv: 1 fact recorded.\n"


@pytest.mark.parametrize(
    "columns", [PLAIN, PLAIN[::-1], COLUMNS, COLUMNS[::-1], ("counterparty", *REQUIRED, "scheme", "narrative")]
)
def test_columns_stand_in_any_order(ready: Desk, columns: tuple[str, ...]):
    assert ready("import", str(ready.csv(*many(2), columns=columns))).code == 0
    first, second = ready.events()[1:]
    assert (first.entries, second.entries) == ({"POOL": {"Expenditure:care": 1000, "Liabilities:Creditors:SUP": -1000}},) * 2


HEADER = ",".join(PLAIN)
LINE = "pool,expenditure,2013-06-01,R1,10.00,care,SUP"
OTHER = "pool,expenditure,2013-06-02,R2,-2.5,care,SUP"


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n{LINE}\n{OTHER}\n",
        f"{HEADER}\n{LINE}\n{OTHER}",
        f"{HEADER}\r\n{LINE}\r\n{OTHER}\r\n",
        f"\ufeff{HEADER}\r\n{LINE}\r\n{OTHER}\r\n",
        f"\ufeff{HEADER}\n{LINE}\r\n{OTHER}\n",
        f"{HEADER}\n\n{LINE}\n\n\n{OTHER}\n\n\n",
        f"{HEADER}\r\n\r\n{LINE}\r\n,,,,,,\r\n{OTHER}\r\n\r\n",
        "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in (HEADER, LINE, OTHER)),
        f'{HEADER},document,narrative\n{LINE},"",""\n{OTHER},,\n',
    ],
    ids=["LF", "no last line end", "CRLF", "BOM and CRLF", "BOM and both", "blank lines", "empty rows", "quoted", "empties"],
)  # fmt: skip
def test_what_spreadsheets_make_of_the_same_file(ready: Desk, content: str):
    done = ready("import", str(ready.file("facts.csv", content)))
    assert done.code == 0, done.err
    assert [(event.reference, event.entries["POOL"]["Expenditure:care"]) for event in ready.events()[1:]] == [
        ("R1", 1000), ("R2", -250),
    ]  # fmt: skip


def test_texts_are_kept_as_they_are_written(ready: Desk):
    texts = ['a "quoted" word, and a comma', "=SUM(A1)", "’ é ß 漢字 🏥", " spaces around ", "x" * 65_536, "-", "+44 1865"]
    rows = [row(reference=f"{text[:20]} {number}", document=text, narrative=text) for number, text in enumerate(texts)]
    assert ready("import", str(ready.csv(*rows))).code == 0
    events = ready.events()[1:]
    assert [event.document for event in events] == texts
    assert [ready.text(event) for event in events] == texts
    assert [event.reference for event in events] == [line["reference"].strip() for line in rows]


def test_a_narrative_is_no_part_of_what_is_the_same_again(ready: Desk):
    assert ready("import", str(ready.csv(row(narrative="first")))).code == 0
    before = ready.bytes()
    assert ready("import", str(ready.csv(row(narrative="second")))).code == 0
    assert ready.bytes() == before
    assert ready.text(ready.events()[-1]) == "first"


def test_again_records_nothing_and_says_so(ready: Desk):
    ready.csv(*many(3), *many(2, arrangement="other"))
    assert ready("import", "facts.csv").code == 0
    before = ready.bytes()
    done = ready("import", "facts.csv", "--as", "colleague")
    assert (done.code, done.err) == (0, "")
    assert done.out == "facts.csv: nothing was recorded: all 5 rows were recorded before.\n"
    assert ready.bytes() == before


def test_a_file_that_grew_records_what_is_new(ready: Desk):
    assert ready("import", str(ready.csv(*many(2)))).code == 0
    done = ready("import", str(ready.csv(*many(1, start=9), *many(4))))
    assert done.out.endswith(": 3 facts recorded; 2 rows were recorded before.\n")
    assert references(ready) == ["R1", "R2", "R9", "R3", "R4"]


def test_a_file_without_rows_records_nothing_and_says_so(ready: Desk):
    before = ready.bytes()
    done = ready("import", str(ready.csv(name="none.csv")))
    assert (done.code, done.out) == (0, f"{ready.folder / 'none.csv'}: nothing was recorded: it holds no rows.\n")
    assert ready.bytes() == before


def test_a_dry_run_decides_everything_and_records_nothing(ready: Desk):
    ready.csv(*many(3), *many(2, arrangement="other"))
    before = ready.bytes()
    done = ready("import", "facts.csv", "--dry-run")
    assert (done.code, done.out) == (0, "facts.csv: 5 facts would be recorded in 2 arrangements.\n")
    assert ready.bytes() == before
    too_much = row("recharge", reference="X", scheme="care", amount="30.01")
    done = ready("import", str(ready.csv(*many(3), too_much)), "--dry-run")
    assert done.code == 1
    assert ready("import", "facts.csv").code == 1
    assert ready.bytes() == before


def test_a_row_may_stand_on_rows_before_it(ready: Desk):
    rows = [row(amount="60"), row("recharge", reference="R2", scheme="care", amount="60")]
    assert ready("import", str(ready.csv(*rows[::-1]))).code == 1
    assert ready("import", str(ready.csv(*rows))).code == 0


def test_every_type_imports_in_one_file(desk: Desk):
    desk.made()
    with closing(Ledger.open(desk.path)) as ledger:
        for number, example in enumerate(EXAMPLES.values()):
            desk.sign_like(ledger, example.kind, f"pool-{number}")
    rows, expected = [], {}
    for number, example in enumerate(EXAMPLES.values()):
        steps = [*example.before, (example.type, example.fields)]
        expected[f"pool-{number}"] = [KINDS[type].fact.__name__ for type, _ in steps]
        for step, (type, fields) in enumerate(steps):
            base = {"arrangement": f"pool-{number}", "type": type, "date": "2013-06-01", "reference": f"S{step}"}
            rows.append(base | cells(fields))
    done = desk("import", str(desk.csv(*rows)))
    assert done.code == 0, done.err
    assert {code: [event.type for event in desk.events(code)[1:]] for code in expected} == expected


def test_rows_recorded_one_by_one_and_by_import_leave_the_same_books(desk: Desk):
    desk.made()
    rows = many(30) + [row("contribution_due", reference=f"C{n}", party="OCC", amount=f"{n}.01") for n in range(1, 30)]
    rows += [row("recharge", reference=f"X{n}", scheme="care", amount="7.77") for n in range(1, 30)]
    one_by_one = desk.folder / "one.db"
    one_by_one.write_bytes(desk.bytes())
    for number, line in enumerate(rows):
        assert desk("import", str(desk.csv(line, name=f"{number}.csv")), "--ledger", str(one_by_one)).code == 0
    assert desk("import", str(desk.csv(*rows))).code == 0

    def heads(path: str) -> list[object]:
        with closing(Ledger.open(desk.folder / path, read_only=True)) as ledger:
            row = ledger.store.head("pool")
            assert row is not None
            facts = [(event.number, event.fact, event.entries, event.asked) for event in ledger.history("pool")]
            return [row.number, row.state, ledger.store.balances("pool"), ledger.store.items("pool"), facts]

    assert heads("poolbook.db") == heads("one.db")


def test_an_amount_may_have_thirteen_digits(ready: Desk):
    assert (
        ready("import", str(ready.csv(row(amount="9999999999999.99"), row(reference="R2", amount="-9999999999999.99")))).code
        == 0
    )
    assert ready.events()[1].entries["POOL"]["Expenditure:care"] == 999_999_999_999_999


def test_the_actor_is_named_as_everywhere(ready: Desk, monkeypatch: pytest.MonkeyPatch):
    assert ready("import", str(ready.csv(row())), "--as", "J. Smith").code == 0
    monkeypatch.setenv("POOLBOOK_ACTOR", "council.officer")
    assert ready("import", str(ready.csv(row(reference="R2")))).code == 0
    assert [event.actor for event in ready.events()[1:]] == ["J. Smith", "council.officer"]
    assert ready("import", str(ready.csv(row(reference="R3"))), "--as", "").code == 2


def test_what_the_receipt_of_a_command_says_in_csv_is_no_import_file(ready: Desk):
    ready.csv(row())
    ready("import", "facts.csv")
    text = ready("reverse", "pool", "2", "--reason", "x", "--dry-run", "--on", "2013-06-02", "--format", "csv").out
    assert next(csv.reader(io.StringIO(text)))[:2] == ["arrangement", "number"]
    assert ready("import", str(ready.file("receipt.csv", text))).code == 4
