"""How a run ends: the exit codes that scripts live by, and what is said with each."""

from __future__ import annotations

import pytest

from commands.main import run
from ledger import decisions
from ledger.application import Ledger
from tests.commands.desk import Desk, row

COST = ("expenditure", "incur", "pool", "--scheme", "care", "--counterparty", "SUP", "--amount", "10", "--on", "2013-06-01")


def only(sentences: str) -> str:
    """The one line that was said."""
    assert sentences.endswith("\n"), sentences
    assert sentences.count("\n") == 1, sentences
    return sentences[:-1]


def test_done_is_0_and_all_of_it_on_stdout(desk: Desk):
    done = desk.made()(*COST)
    assert (done.code, done.err) == (0, "")


def test_refused_by_a_rule_is_1_with_a_sentence_on_stderr_alone(desk: Desk):
    desk.made()
    before = desk.bytes()
    for form in ("table", "json", "csv"):
        done = desk("recharge", "raise", "pool", "--scheme", "care", "--amount", "1", "--on", "2013-06-01", "--format", form)
        assert (done.code, done.out) == (1, "")
        assert only(done.err).startswith("care has £0.00 of net cost not yet recharged, so £1.00 cannot be: ")
    assert desk.bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("expenditure", "incur", "poll", *COST[3:]), "There is no arrangement poll in this ledger; did you mean pool?"),
        ((*COST, "--scheme", "cares"), "cares is no scheme of pool; did you mean care?"),
        ((*COST, "--scheme", "zzz"), "zzz is no scheme of pool: there are care, beds."),
        ((*COST, "--fund", "dgf"), "dgf is no fund of pool; did you mean dfg?"),
        ((*COST, "--party", "POL"), "POL is no body with a book of pool; did you mean POOL?"),
        ((*COST, "--scheme", "Care"), "Care is no scheme of pool; did you mean care?"),
        ((*COST, "--party", "occ"), "occ is no body with a book of pool; did you mean OCC?"),
        (("refund", "pool", "--party", "occg", "--amount", "1"), "occg is no party of pool; did you mean OCCG?"),
        (("budget", "set", "pool", "--year", "2013/14", "--scheme", "care", "--party", "occ", "--amount", "1"),
         "occ is no party of pool; did you mean OCC?"),
        (("dispute", "raise", "pool", "1", "--party", "occ", "--amount", "1", "--reason", "x"),
         "occ is no party of pool; did you mean OCC?"),
        (("year", "close", "pool", "--year", "2013/14", "--body", "occ"), "did you mean OCC?"),
        (("asset", "acquire", "pool", "--asset", "occ", "--scheme", "care", "--counterparty", "garage", "--amount", "1"),
         "occ differs from OCC only by case, and OCC has a book in pool: give the asset another code."),
        ((*COST, "--counterparty", "occ"), "differs from OCC only by case"),
        (("contribution", "due", "pool", "--party", "OCCH", "--amount", "1", "--on", "2013-06-01"),
         "OCCH is no party of pool; did you mean OCC"),
        (("reverse", "poll", "1", "--reason", "x"), "There is no arrangement poll in this ledger; did you mean pool?"),
        (("reverse", "pool", "2", "--reason", "x"), "pool has no event #2: its events are #1 to #1."),
        (("agreement", "show", "poll"), "There is no arrangement poll in this ledger; did you mean pool?"),
    ],
)  # fmt: skip
def test_an_unknown_code_is_1_with_the_one_probably_meant(desk: Desk, words: tuple[str, ...], said: str):
    desk.made()
    before = desk.bytes()
    done = desk(*words)
    assert (done.code, done.out) == (1, "")
    assert said in only(done.err)
    assert desk.bytes() == before


def test_an_arrangement_in_an_empty_ledger_is_1(desk: Desk):
    assert desk("init").code == 0
    done = desk(*COST)
    assert (done.code, done.out) == (1, "")
    assert only(done.err) == "There is no arrangement pool in this ledger, which has none."


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",), ("--nonsense",), ("contribution", "nonsense"), (*COST, "--nonsense"), (*COST, "more"), COST[:2],
        (*COST, "--format", "xml"), ("status", "--format"), ("reverse", "pool", "0", "--reason", "x"),
        ("reverse", "pool", "-1", "--reason", "x"), ("reverse", "pool", "two", "--reason", "x"), ("reverse", "pool", "2"),
        ("reverse", "pool", "2", "--reason", ""), ("agreement", "template", "nonsense"), ("agreement", "sign"), ("import",),
        ("backup",), ("status", "extra"),
    ],
)  # fmt: skip
def test_wrong_usage_is_2_and_shows_how(desk: Desk, words: tuple[str, ...]):
    desk.made()
    before = desk.bytes()
    done = desk(*words)
    assert (done.code, done.out) == (2, "")
    assert "Error: " in done.err
    assert done.err.startswith(("Usage: poolbook ", "Error: Option '--format' requires"))
    assert desk.bytes() == before


@pytest.mark.parametrize("number", ["999999999999", "9223372036854775807", "9223372036854775808", "9" * 40, "9" * 5000])
def test_a_number_no_event_can_have_is_not_a_fault_of_the_program(desk: Desk, number: str):
    desk.made()
    done = desk("reverse", "pool", number, "--reason", "x", "--on", "2013-06-01")
    assert (done.code in (1, 2), done.out) == (True, ""), done.err


def test_a_bad_input_file_is_4(desk: Desk):
    desk.made()
    facts = desk.csv(row(amount="ten"))
    done = desk("import", str(facts))
    assert (done.code, done.out) == (4, "")


@pytest.fixture
def broken(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk where every decision fails in a way that nobody foresaw, after the transaction began."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError("first line\nsecond line")

    desk.made()
    monkeypatch.setitem(decisions.DECISIONS, "expenditure", fail)
    return desk


def test_a_fault_of_the_program_is_70_in_one_line_and_records_nothing(broken: Desk):
    before = broken.bytes()
    done = broken(*COST)
    assert (done.code, done.out) == (70, "")
    assert "ZeroDivisionError: first line second line" in only(done.err)
    assert "POOLBOOK_DEBUG=1" in done.err
    assert broken.bytes() == before


def test_a_fault_in_an_import_is_70_and_records_nothing(broken: Desk):
    before = broken.bytes()
    done = broken("import", str(broken.csv(row())))
    assert (done.code, done.out) == (70, "")
    assert "Traceback" not in done.err
    assert broken.bytes() == before


@pytest.mark.parametrize(("debug", "shown"), [("1", True), ("0", False), ("", False)])
def test_the_traceback_is_shown_to_who_asks(broken: Desk, monkeypatch: pytest.MonkeyPatch, debug: str, shown: bool):
    monkeypatch.setenv("POOLBOOK_DEBUG", debug)
    done = broken(*COST)
    assert done.code == 70
    assert ("Traceback" in done.err) is shown
    assert done.out == ""


def test_an_interrupt_is_130_and_records_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    desk.made()
    before = desk.bytes()
    monkeypatch.setitem(decisions.DECISIONS, "expenditure", interrupt)
    for words in (COST, ("import", str(desk.csv(row())))):
        done = desk(*words)
        assert (done.code, done.out) == (130, "")
        assert only(done.err.lstrip("\n")) == "Interrupted: nothing was recorded."
        assert desk.bytes() == before


def failing(monkeypatch: pytest.MonkeyPatch, error: type[BaseException]) -> None:
    """The ledger cannot be closed: the first time that is asked, it fails."""
    close = Ledger.close

    def fail(_: Ledger) -> None:
        monkeypatch.setattr(Ledger, "close", close)
        raise error

    monkeypatch.setattr(Ledger, "close", fail)


def test_an_interrupt_after_the_record_was_made_does_not_say_that_nothing_was(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    desk.made()
    failing(monkeypatch, KeyboardInterrupt)
    done = desk(*COST)
    assert len(desk.events()) == 2
    assert "nothing was recorded" not in done.said


def test_a_fault_after_the_record_was_made_does_not_say_that_nothing_was(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    desk.made()
    failing(monkeypatch, ZeroDivisionError)
    done = desk(*COST)
    assert done.code == 70
    assert len(desk.events()) == 2
    assert "nothing was recorded" not in done.said


def test_run_without_words_takes_those_of_the_process(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.argv", ["poolbook", "--version"])
    with pytest.raises(SystemExit) as left:
        run()
    assert left.value.code == 0
    assert not desk.path.exists()
