"""Packs: what is in them, and that the verifier, alone with Python, accepts a good one and refuses every tampered one."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from ledger.application import Ledger
from ledger.audit import verify_pack as vp
from ledger.audit.held import held
from ledger.errors import Refused
from ledger.money import pounds
from tests import given
from tests.audit.packs import MADE, pack, signer, told
from tests.given import CODE

VERIFIER = Path(vp.__file__)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with a closed year."""
    return told(tmp_path_factory.mktemp("told") / "poolbook.db")


@pytest.fixture(scope="module")
def whole(ledger: Path) -> Path:
    """A pack of all of it."""
    return pack(ledger, ledger.with_name("whole"))


@pytest.fixture(scope="module")
def redacted(ledger: Path) -> Path:
    """A pack of OCCG's events in the year."""
    return pack(ledger, ledger.with_name("redacted"), party="OCCG", year="2013/14")


def alone(folder: Path, *words: str, verifier: Path | None = None) -> tuple[int, str]:
    """What the verifier says in a Python that can import nothing but its own library."""
    program = verifier or folder / "verify_pack.py"
    command = [sys.executable, "-I", "-S", str(program), str(folder), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=folder.parent)
    assert done.stderr == ""
    return done.returncode, done.stdout


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of one of a pack's CSV files."""
    return list(csv.DictReader(io.StringIO((folder / name).read_text())))


def copied(folder: Path, place: Path) -> Path:
    """A pack's evidence in another folder."""
    place.mkdir()
    for name in MADE:
        (place / name).write_bytes((folder / name).read_bytes())
    return place


def test_the_verifier_is_one_short_file_that_imports_nothing_of_ours() -> None:
    text = VERIFIER.read_text()
    assert len(text.splitlines()) <= 500
    imported = {line.split()[1].partition(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert imported <= set(sys.stdlib_module_names)


def test_a_good_pack_is_accepted_by_python_alone(whole: Path, redacted: Path) -> None:
    key = (whole / "pool.key").read_text().strip()
    code, said = alone(whole, "--key", key)
    assert code == 0
    assert said.splitlines()[0] == f"ok: {key.partition('+')[0]} at 13 events is signed with the key that you gave."
    assert "ok: 13 events, numbered without gaps, are those that were signed, and each balances in every book." in said
    assert "ok: the totals equal what the 2 closes say." in said
    assert said.endswith("ok: all of it holds.\n")
    code, said = alone(redacted)
    assert code == 0
    assert "compare it with the one you have otherwise" in said
    assert "of 13 (the others stand as their hashes)" in said
    assert "1 closes say: before the last of them none of these books' events is left out" in said


def test_a_whole_pack_holds_the_stored_bytes_and_no_narrative(ledger: Path, whole: Path) -> None:
    with closing(Ledger.open(ledger, read_only=True)) as opened:
        raws = [raw for page in opened.store.pages(CODE) for raw in page]
    assert (whole / "events.jsonl").read_bytes() == b"".join(raw + b"\n" for raw in raws)
    for path in whole.iterdir():
        assert b"Mrs Smith" not in path.read_bytes()
    assert {path.name for path in whole.iterdir()} == {*MADE, "README.txt", "verify_pack.py"}
    assert (whole / "verify_pack.py").read_bytes() == VERIFIER.read_bytes()


def test_a_redacted_pack_holds_what_touches_the_party_and_the_hashes_of_the_rest(whole: Path, redacted: Path) -> None:
    lines = (redacted / "events.jsonl").read_bytes().splitlines()
    everything = (whole / "events.jsonl").read_bytes().splitlines()
    assert lines == [line for line in everything if b'"OCCG"' in line]
    assert 0 < len(lines) < len(everything)
    assert (redacted / "pool.leaves").read_bytes() == (whole / "pool.leaves").read_bytes()
    assert {row["Business_Unit_Code"] for row in rows(redacted, "journal.csv")} == {"OCCG"}


def test_the_trial_balances_are_the_ledgers_balances(ledger: Path, whole: Path, redacted: Path) -> None:
    with closing(Ledger.open(ledger, read_only=True)) as opened:
        kept = {(book, account): pounds(pence) for book, account, pence in opened.store.balances(CODE)}
        (closed,) = [event.fact for event in opened.history(CODE) if getattr(event.fact, "body", "") == "OCCG"]
    found = {(row["book"], row["account"]): row["balance"] for row in rows(whole, "trial-balance-closing.csv")}
    assert found == kept
    assert rows(whole, "trial-balance-opening.csv") == []
    of_year = {row["account"]: row["balance"] for row in rows(redacted, "trial-balance-closing.csv")}
    assert of_year == {account: pounds(pence) for account, pence in closed.balances["OCCG"].items()}  # type: ignore[union-attr]


def test_the_journal_adds_up_to_the_trial_balances(whole: Path) -> None:
    totals: dict[tuple[str, str], int] = {}
    for row in rows(whole, "journal.csv"):
        key = row["Business_Unit_Code"], row["GL_Account_Number"]
        totals[key] = totals.get(key, 0) + round(float(row["Amount"]) * 100)
        assert row["Amount_Credit_Debit_Indicator"] == ("C" if row["Amount"].startswith("-") else "D")
    closing_balance = {(row["book"], row["account"]): row["balance"] for row in rows(whole, "trial-balance-closing.csv")}
    assert {key: pounds(pence) for key, pence in totals.items() if pence} == closing_balance


def test_the_journal_is_in_the_order_of_the_audit_data_standard(whole: Path) -> None:
    spent = next(row for row in rows(whole, "journal.csv") if row["JE_Header_Description"] == "ExpenditureIncurred")
    assert list(spent)[:9] == [
        "Journal_ID", "Journal_ID_Line_Number", "JE_Header_Description", "JE_Line_Description", "Source",
        "Business_Unit_Code", "Effective_Date", "Fiscal_Year", "Period",
    ]  # fmt: skip
    assert (spent["Journal_ID"], spent["JE_Line_Description"], spent["Business_Unit_Code"]) == ("6", "'=INV", "POOL")
    assert (spent["Effective_Date"], spent["Fiscal_Year"], spent["Period"]) == ("2013-06-01", "2013", "3")
    late = [row for row in rows(whole, "journal.csv") if row["Journal_ID"] == "13"]
    assert {(row["Effective_Date"], row["Fiscal_Year"], row["Period"]) for row in late} == {("2014-04-01", "2014", "1")}
    back = [row for row in rows(whole, "journal.csv") if row["Reversal_Indicator"] == "1"]
    assert {(row["Journal_ID"], row["Reversal_Journal_ID"]) for row in back} == {("8", "7")}
    (seen,) = rows(whole, "evidence.csv")
    assert seen == {"number": "6", "reference": "#6", "document": "'=INV", "sha256": "ab" * 32}


@pytest.mark.parametrize(("on", "starts", "year", "period"), [
    ("2014-03-31", (4, 1), 2013, 12), ("2014-04-01", (4, 1), 2014, 1), ("2014-04-05", (4, 6), 2013, 12),
    ("2014-04-06", (4, 6), 2014, 1), ("2014-05-05", (4, 6), 2014, 1), ("2014-01-01", (1, 1), 2014, 1),
    ("2014-12-31", (1, 1), 2014, 12),
])  # fmt: skip
def test_a_period_is_the_month_of_the_financial_year(on: str, starts: tuple[int, int], year: int, period: int) -> None:
    event = {
        "number": 1, "fact": {"type": "X"}, "recorded_at": "", "actor": "", "reference": "",
        "entries": {"P": {"a": 1, "b": -1}}, "on": {"P": date.fromisoformat(on)},
    }  # fmt: skip
    (first, _) = vp.journal_rows(event, vp.Scope(None, None, None, starts))
    assert first.split(b",")[7:9] == [str(year).encode(), str(period).encode()]


def test_a_checkpoint_kept_from_before_is_continued_and_an_older_or_other_log_is_not(whole: Path, tmp_path: Path) -> None:
    before = given_ledger(tmp_path / "a.db")
    first = pack(before, tmp_path / "first")
    with closing(Ledger.open(before)) as opened:
        given.record(opened, "contribution_due", party="OCC", amount=3_00)
    second = pack(before, tmp_path / "second")
    kept = str(first / "pool.checkpoint")
    code, said = alone(second, "--checkpoint", kept)
    assert code == 0
    assert f"ok: the log continues {kept}, of 2 events." in said
    code, said = alone(first, "--checkpoint", str(second / "pool.checkpoint"))
    assert (code, said) == (
        1,
        f"WRONG: the log does not continue {second}/pool.checkpoint: it was changed since, or is older.\n",
    )
    assert alone(second, "--checkpoint", str(whole / "pool.checkpoint"))[0] == 1
    assert held(first / "pool.checkpoint").first_difference([[b"x"]]) == 1


def given_ledger(path: Path) -> Path:
    """A ledger of two events."""
    with closing(given.new_ledger(path)) as ledger:
        given.sign(ledger)
        given.record(ledger, "contribution_due", party="OCC", amount=2_00)
    return path


def test_a_pack_signed_with_another_key_is_refused(ledger: Path, whole: Path, tmp_path: Path) -> None:
    other = pack(ledger, tmp_path / "other", key=signer(bytes(32)))
    assert alone(other)[0] == 0
    key = (whole / "pool.key").read_text().strip()
    code, said = alone(other, "--key", key)
    assert code == 1
    assert said.startswith("WRONG: pool.key is not the key that you gave")
    code, said = alone(other, "--checkpoint", str(whole / "pool.checkpoint"))
    assert code == 1
    assert "is not signed with the key" in said


@drawn(data=st.data())
def test_every_byte_of_the_evidence_counts(whole: Path, redacted: Path, data: st.DataObject) -> None:
    folder = data.draw(st.sampled_from([whole, redacted]))
    path = folder / data.draw(st.sampled_from(MADE))
    raw = path.read_bytes()
    at, bit = data.draw(st.integers(0, len(raw) - 1)), data.draw(st.integers(0, 7))
    how = data.draw(st.sampled_from(["flip", "cut", "twice", "end"]))
    changed = {
        "flip": raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1 :], "cut": raw[:at] + raw[at + 1 :],
        "twice": raw[: at + 1] + raw[at:], "end": raw[:at],
    }[how]  # fmt: skip
    try:
        path.write_bytes(changed)
        if changed != raw:
            with pytest.raises(vp.Wrong):
                vp.Pack(str(folder))
    finally:
        path.write_bytes(raw)
    assert vp.Pack(str(folder)).told


@settings(max_examples=30)
@drawn(data=st.data())
def test_lines_swapped_left_out_or_put_in_are_refused(whole: Path, redacted: Path, data: st.DataObject) -> None:
    folder = data.draw(st.sampled_from([whole, redacted]))
    name = data.draw(st.sampled_from(["events.jsonl", "journal.csv", "trial-balance-closing.csv", "evidence.csv"]))
    path = folder / name
    raw = path.read_bytes()
    lines = raw.splitlines(keepends=True)
    at, other = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    how = data.draw(st.sampled_from(["swap", "leave out", "put in"]))
    if how == "swap":
        lines[at], lines[other] = lines[other], lines[at]
    elif how == "leave out":
        del lines[at]
    else:
        lines.insert(at, lines[other])
    try:
        path.write_bytes(b"".join(lines))
        if b"".join(lines) != raw:
            with pytest.raises(vp.Wrong):
                vp.Pack(str(folder))
    finally:
        path.write_bytes(raw)


def test_a_pack_is_made_whole_or_not_at_all(ledger: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(Refused, match="exists already"):
        pack(ledger, tmp_path / "there")
    with pytest.raises(Refused, match="is no party"):
        pack(ledger, tmp_path / "new", party="OCX")
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
