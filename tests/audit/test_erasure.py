"""`audit erase-narrative`: the text is gone from every file, everything still proves, and who did it and why is on record."""

from __future__ import annotations

from contextlib import closing, nullcontext

import pytest

from ledger import events as e
from ledger.application import Command, Ledger
from ledger.audit import verification
from ledger.audit.reader import HeadSeen, Reader
from ledger.requests import Erasing, Reversal
from tests import given
from tests.audit.tampering import forge, tampering
from tests.commands.desk import Desk
from tests.given import CODE, DAY

WORDS = "Mrs Smith of 4 Mill Lane"


@pytest.fixture
def told(desk: Desk) -> Desk:
    """A ledger whose second and third events say more than they should; the third has a reason too."""
    with closing(given.new_ledger(desk.path)) as ledger:
        given.sign(ledger)
        for number in (2, 3):
            reason = f"{WORDS}, why {number}" if number == 3 else ""
            command = Command("ann", narrative=f"{WORDS}, {number}", reason=reason)
            given.record(ledger, "contribution_due", party="OCCG", amount=100_00, command=command)
        given.record(ledger, "contribution_received", party="OCCG", amount=100_00)
    return desk


def erase(desk: Desk, number: int, *words: str) -> tuple[int, str]:
    """Erase; the exit code and what was said."""
    done = desk("audit", "erase-narrative", CODE, str(number), "--reason", "She asked for it", "--as", "dpo", *words)
    return done.code, done.said


def test_what_is_erased_is_gone_and_everything_still_proves(told: Desk) -> None:
    before = [event.narrative_commitment for event in told.events()]
    assert erase(told, 3)[0] == 0
    raw = told.bytes()
    assert f"{WORDS}, 2".encode() in raw
    assert f"{WORDS}, 3".encode() not in raw
    assert f"{WORDS}, why 3".encode() not in raw
    events = told.events()
    assert [event.narrative_commitment for event in events[:4]] == before
    assert (events[4].fact, events[4].actor, told.text(events[4], "reason")) == (
        e.NarrativeErased(event=3), "dpo", "She asked for it",
    )  # fmt: skip
    assert told.text(events[2]) is told.text(events[2], "reason") is None
    assert told("audit", "verify").code == told("audit", "replay").code == 0


def test_a_checkpoint_from_before_still_holds(told: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(told.folder / "home"))
    assert told("audit", "checkpoint", CODE).code == 0
    erase(told, 2)
    assert told("audit", "verify").code == 0
    assert told("audit", "checkpoint", CODE).code == 0


@pytest.mark.parametrize(("number", "said"), [
    (1, "has neither a narrative nor a reason"), (4, "has neither a narrative nor a reason"), (99, "has no event #99"),
])  # fmt: skip
def test_where_there_is_nothing_to_erase_it_is_refused(told: Desk, number: int, said: str) -> None:
    before = told.bytes()
    code, words = erase(told, number)
    assert (code, told.bytes()) == (1, before)
    assert said in words


def test_a_second_erasure_says_who_did_it_before(told: Desk) -> None:
    erase(told, 3)
    before = told.bytes()
    code, words = erase(told, 3)
    assert (code, told.bytes()) == (1, before)
    assert "was erased already, by dpo at " in words
    assert "(#5)" in words


def test_the_same_reference_again_reports_the_earlier_erasure(told: Desk) -> None:
    assert erase(told, 3, "--reference", "SAR-1")[0] == 0
    code, words = erase(told, 3, "--reference", "SAR-1")
    assert code == 0
    assert "Recorded earlier #5" in words


def test_a_dry_run_erases_nothing(told: Desk) -> None:
    before = told.bytes()
    code, words = erase(told, 3, "--dry-run")
    assert (code, told.bytes()) == (0, before)
    assert "Would record #5" in words


def test_an_erasures_own_reason_can_be_erased(told: Desk) -> None:
    erase(told, 3)
    assert erase(told, 5)[0] == 0
    assert told.text(told.events()[4], "reason") is None
    assert told("audit", "verify").code == 0


def test_an_erasure_is_not_reversed(told: Desk) -> None:
    erase(told, 3)
    with closing(Ledger.open(told.path)) as ledger:
        given.refused(lambda: ledger.record(CODE, Reversal(reverses=5, effective_on=DAY), given.WHO), "is gone for good")


def test_a_text_missing_without_its_erasure_is_found_and_not_erased_again(told: Desk) -> None:
    with tampering(told.path) as connection:
        connection.execute("DELETE FROM texts WHERE number = 2")
    assert "#2 of pool: its narrative is missing, and was not erased." in told("audit", "verify").out
    code, words = erase(told, 2)
    assert code == 1
    assert "is missing, and nobody erased it" in words


def test_a_text_put_back_after_its_erasure_is_found(told: Desk) -> None:
    with closing(Ledger.open(told.path)) as ledger:
        kept = ledger.store.text(CODE, 2, "narrative")
    assert kept is not None
    erase(told, 2)
    with tampering(told.path) as connection:
        connection.execute("INSERT INTO texts VALUES ('pool', 2, 'narrative', ?, ?)", kept)
    assert "#2 of pool: its narrative was erased, and is still there." in told("audit", "verify").out


def test_an_erasure_while_verify_looks_is_no_failure(told: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = verification._kept

    def erased_then(reader: Reader, head: HeadSeen) -> verification._Kept:
        kept = seen(reader, head)
        with closing(Ledger.open(told.path)) as ledger:
            ledger.record(CODE, Erasing(event=3, effective_on=DAY), Command("dpo", reason="asked"))
        return kept

    # SQLite lets nobody commit while the snapshot is open, so it is left out here.
    monkeypatch.setattr(Reader, "snapshot", lambda _reader: nullcontext())
    monkeypatch.setattr(verification, "_kept", erased_then)
    assert [each.findings for each in verification.verified(told.path, CODE)] == [[]]


@pytest.mark.parametrize("length", [10, 900, 60_000])
def test_no_remains_of_a_text_are_left_in_any_page_of_the_file(desk: Desk, length: int) -> None:
    """Texts of every size, put in so that pages split and merge, and taken out again one by one."""
    marks = {number: f"<{number:03}>" for number in range(2, 42)}
    with closing(given.new_ledger(desk.path)) as ledger:
        given.sign(ledger)
        for mark in marks.values():
            command = Command("ann", narrative=mark * (length // 5 or 1))
            given.record(ledger, "contribution_due", party="OCCG", amount=1, command=command)
        for number in (*range(3, 42, 3), *range(2, 42, 3)):
            ledger.record(CODE, Erasing(event=number, effective_on=DAY), Command("dpo", reason="asked"))
    raw = desk.bytes()
    left = {number for number, mark in marks.items() if mark.encode() in raw}
    assert left == set(range(4, 42, 3))


def test_read_models_never_hold_a_text(told: Desk) -> None:
    for words in (("report", "journal", CODE), ("report", "accounts", CODE, "--party", "OCCG"), ("audit", "log", CODE)):
        assert told(*words).code == 0
    for path in told.folder.iterdir():
        if path != told.path:
            assert WORDS.encode() not in path.read_bytes(), path


def test_who_erased_it_cannot_be_forged_away(told: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(told.folder / "home"))
    erase(told, 2)
    told("audit", "checkpoint", CODE)
    forge(told.path, {5: lambda raw: raw.replace(b'"dpo"', b'"ann"')})
    done = told("audit", "verify")
    assert done.code == 5
    assert done.out.startswith("#5 of pool: it is not the event of the checkpoint in ")
