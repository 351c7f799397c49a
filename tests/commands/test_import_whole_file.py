"""Exit 4 for the file as a whole: its header, its encoding, its quotes, its size, what it is."""

from __future__ import annotations

import os

import pytest

from ledger import csv_file
from ledger.csv_file import COLUMNS
from tests.commands.desk import Desk, row
from tests.commands.test_import_faults import HEADER, LINE, faults

CARE = "arrangement,type,date,reference,amount,scheme,counterparty,narrative"


@pytest.fixture
def ready(desk: Desk) -> Desk:
    """A desk with one arrangement."""
    return desk.made()


def only(desk: Desk, content: str | bytes) -> str:
    """The one fault of a file with this content."""
    (fault,) = faults(desk, desk.file("facts.csv", content))
    return fault


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (f"{HEADER},ammount", "1:ammount: this is not a column; did you mean amount?"),
        (f"{HEADER},Scheme", "1:Scheme: this is not a column; did you mean scheme?"),
        (f"{HEADER}, scheme", "1: scheme: this is not a column; did you mean scheme?"),
        (f"{HEADER},", "1: this is not a column: there are arrangement, type, "),
        (f"{HEADER},\x1b[2J", "1:\\u001b[2J: this is not a column"),
        (f"{HEADER},amount", "1:amount: this column stands in the header twice"),
        (HEADER.replace(",amount", ""), "1: the header lacks amount"),
        ("scheme,narrative", "1: the header lacks arrangement, type, date, reference, amount"),
        ("", "1: the header lacks arrangement, type, date, reference, amount"),
        (HEADER.replace(",", ";"), "1: the cells are not separated by commas: save the file as CSV with commas"),
        (HEADER.replace(",", "\t"), "1: the cells are not separated by commas: save the file as CSV with commas"),
        (HEADER.upper(), "1:ARRANGEMENT: this is not a column; did you mean arrangement?"),
        (LINE, "1:expenditure: this is not a column"),
    ],
)
def test_a_header_that_is_wrong(ready: Desk, header: str, said: str):
    found = faults(ready, ready.file("facts.csv", f"{header}\n{LINE}\n"))
    assert [fault for fault in found if fault.startswith(said)] != [], found


@pytest.mark.parametrize("content", ["", "\ufeff", "\n\n", "\r\n"])
def test_an_empty_file(ready: Desk, content: str):
    assert only(ready, content) == "1: the header lacks arrangement, type, date, reference, amount"


def test_every_fault_of_a_header_is_named(ready: Desk):
    found = faults(ready, ready.file("facts.csv", "type,typ,date,date,pounds\n"))
    assert [fault.partition(": ")[0] for fault in found] == ["1:typ", "1:date", "1:pounds", "1"]


@pytest.mark.parametrize(
    ("rows", "line", "cells"),
    [
        ([f"{LINE},more"], 2, 8), ([LINE, "pool,expenditure"], 3, 2), ([LINE, "", "pool"], 4, 1),
        ([LINE.replace("10.00", "1,000.00")], 2, 8), ([f"{LINE},"], 2, 8),
    ],
)  # fmt: skip
def test_a_row_with_more_or_fewer_cells_than_the_header(ready: Desk, rows: list[str], line: int, cells: int):
    said = f"{line}: the row has {cells} {'cell' if cells == 1 else 'cells'}, and the header 7"
    assert only(ready, "\n".join([HEADER, *rows])) == said


QUOTES = {
    "never closed": ([LINE, f'{LINE[:20]},"open'], 3),
    "never closed, and much follows": ([LINE, 'pool,expenditure,2013-06-01,"R2,10.00,care,SUP', *[LINE] * 50], 3),
    "text after a quote": ([LINE, LINE.replace("SUP", '"S"UP')], 3),
    "text after a quote in the first row": ([LINE.replace("SUP", '"S"UP'), LINE], 2),
}


@pytest.mark.parametrize(("rows", "line"), QUOTES.values(), ids=QUOTES)
def test_quotes_that_do_not_match_are_named_where_they_begin(ready: Desk, rows: list[str], line: int):
    fault = only(ready, "\n".join([HEADER, *rows]) + "\n")
    assert fault.startswith(f"{line}: ")
    assert "quotes do not match" in fault


def test_faults_before_quotes_that_do_not_match_are_named_too(ready: Desk):
    found = faults(ready, ready.file("facts.csv", f'{HEADER}\n{LINE.replace("10.00", "ten")}\n{LINE},"open\n'))
    assert [fault.partition(": ")[0] for fault in found] == ["2:amount", "3"]


def test_a_row_after_a_cell_of_many_lines_is_named_by_the_line_it_begins_on(ready: Desk):
    text = f'{CARE}\n{LINE},"one\ntwo\nthree"\n{LINE.replace("R1", "R2").replace("10.00", "ten")},\n'
    found = faults(ready, ready.file("facts.csv", text))
    assert [fault.partition(": ")[0] for fault in found] == ["2:narrative", "5:amount"]


NOT_UTF_8 = {
    "Latin-1": (f"{CARE}\n{LINE},plain\n{LINE},für\n".encode("latin-1"), 3),
    "Windows-1252": (f"{CARE}\n{LINE},“quoted”\n".encode("cp1252"), 2),
    "cut in a character": (f"{CARE}\n{LINE},".encode() + "ü".encode()[:1], 2),
    "a surrogate": (f"{CARE}\n{LINE},".encode() + b"\xed\xa0\x80\n", 2),
    "overlong": (f"{CARE}\n{LINE},".encode() + b"\xc0\xaf\n", 2),
    "UTF-16": (f"{CARE}\n{LINE},x\n".encode("utf-16"), 1),
    "UTF-32": (f"{CARE}\n{LINE},x\n".encode("utf-32"), 1),
    "far below": (f"{CARE}\n".encode() + b"," * 7 + b"\n" * 30_000 + b"\xff\n", 30_002),
}


@pytest.mark.parametrize(("content", "line"), NOT_UTF_8.values(), ids=NOT_UTF_8)
def test_a_file_that_is_not_utf_8_names_the_line(ready: Desk, content: bytes, line: int):
    assert only(ready, content) == f"{line}: this is not UTF-8 text: save the file as “CSV UTF-8”"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-7", "cp500"])
def test_an_encoding_without_a_mark_is_refused_too(ready: Desk, encoding: str):
    done = ready("import", str(ready.file("facts.csv", f"{HEADER}\n{LINE}\n".replace("a", "+").encode(encoding))))
    assert (done.code, done.out) == (4, "")
    assert "\0" not in done.err


def test_a_mark_in_the_middle_is_no_mark(ready: Desk):
    assert only(ready, f"{HEADER}\n\ufeff{LINE}\n").startswith("2:arrangement: ")


@pytest.mark.parametrize("size", [65_537, 1 << 20])
@pytest.mark.parametrize("quote", ["", '"'], ids=["bare", "quoted"])
def test_a_cell_that_is_too_long(ready: Desk, size: int, quote: str):
    text = f"{CARE}\n{LINE},\n{LINE},{quote}{'x' * size}{quote}\n"
    assert only(ready, text).startswith("3: this row cannot be read: a cell has more than 65,536 characters")


def test_a_file_larger_than_a_gibibyte(ready: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(csv_file, "LARGEST_FILE", 1_000)
    assert only(ready, f"{HEADER}\n" + f"{LINE}\n" * 30) == " the file is larger than 1 GiB: split it"


@pytest.mark.parametrize(
    ("name", "said"), [("missing.csv", "No such file"), (".", "Is a directory"), ("x" * 300, "too long")]
)
def test_a_file_that_is_not_there(ready: Desk, name: str, said: str):
    done = ready("import", name)
    assert (done.code, done.out) == (4, "")
    assert said in done.err


def test_what_is_no_file_is_refused_and_never_waited_for(ready: Desk):
    os.mkfifo("pipe")
    done = ready.process("import", "pipe")
    assert (done.code, done.out) == (4, "")
    assert ready("import", "/dev/null").code == 4


def test_a_pipe_on_stdin_is_read_or_refused_but_no_fault_of_the_program(ready: Desk):
    done = ready.process("import", "/dev/stdin", input=f"{HEADER}\n{LINE}\n".encode())
    assert done.code in (0, 4), done


def test_all_columns_but_the_needed_ones_may_be_missing_where_no_row_uses_them(ready: Desk):
    columns = [name for name in COLUMNS if name in ("arrangement", "type", "date", "reference", "amount", "party")]
    assert ready("import", str(ready.csv(row("contribution_due", party="OCC"), columns=columns))).code == 0


def test_a_column_that_a_row_needs_and_the_header_lacks(ready: Desk):
    fault = only(ready, HEADER.removesuffix(",counterparty") + "\n" + LINE.removesuffix(",SUP") + "\n")
    assert fault == "2:counterparty: expenditure needs counterparty: the supplier"
