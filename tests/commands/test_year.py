"""`year`: what stands in the way, what it comes to, and the steps, at the command line."""

from __future__ import annotations

import csv
import io
from hashlib import sha256

import pytest

from tests import given
from tests.commands.desk import Desk
from tests.ledger.years import HALVES, budgeted

YEAR = ("--year", "2013/14")
BUDGETS = budgeted(care={"OCC": 60_00, "OCCG": 30_00})


def signed(desk: Desk, *tables: str, kind: str = "lead_body") -> Desk:
    """A desk with an arrangement that has these tables too."""
    desk.file("pool.toml", given.toml(kind, more="\n".join(tables)))
    assert desk("init").code == 0
    assert desk("agreement", "sign", "pool.toml").code == 0
    return desk


def facts(desk: Desk) -> Desk:
    """Due 60 and 30 as budgeted, and 80 spent."""
    for party, amount in (("OCC", "60"), ("OCCG", "30")):
        assert desk("contribution", "due", "pool", "--party", party, "--amount", amount, "--on", "2013-06-01").code == 0
    words = ("expenditure", "incur", "pool", "--scheme", "care", "--counterparty", "SUP", "--amount", "80")
    assert desk(*words, "--on", "2013-06-01").code == 0
    return desk


@pytest.fixture
def blocked(desk: Desk) -> Desk:
    """A year with 80 that nobody has been charged for."""
    return facts(signed(desk, HALVES, BUDGETS))


@pytest.fixture
def ready(blocked: Desk) -> Desk:
    """The same, recharged: OCC 48 of its 60, OCCG 32 with 2 billed; 10 under, halved."""
    assert blocked("recharge", "run", "pool", "--to", "2014-03-31").code == 0
    return blocked


def rows(text: str) -> list[list[str]]:
    """The rows of a CSV text."""
    return list(csv.reader(io.StringIO(text)))


# check

REMEDY = "care has £80.00 of 2013/14 not yet recharged: poolbook recharge run pool --to 2014-03-31"


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_check_names_each_blocker_with_its_remedy_and_ends_with_5(blocked: Desk, form: str):
    done = blocked("year", "check", "pool", *YEAR, "--format", form)
    assert done.code == 5
    assert "1 in the way of the year end of pool, 2013/14" in done.err
    if form == "json":
        assert done.json == {
            "arrangement": "pool",
            "year": "2013/14",
            "blockers": [{"check": "net cost not recharged", "remedy": REMEDY, "commands": [REMEDY.partition(": ")[2]]}],
        }
    elif form == "csv":
        assert rows(done.out) == [
            ["arrangement", "year", "check", "remedy"],
            ["pool", "2013/14", "net cost not recharged", REMEDY],
        ]
    else:
        assert done.out == "net cost not recharged: {}\n  {}\n".format(*REMEDY.split(": "))


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_check_of_a_year_that_is_ready(ready: Desk, form: str):
    done = ready("year", "check", "pool", *YEAR, "--format", form)
    assert (done.code, done.err) == (0, "")
    if form == "json":
        assert done.json == {"arrangement": "pool", "year": "2013/14", "blockers": []}
    elif form == "csv":
        assert rows(done.out) == [["arrangement", "year", "check", "remedy"]]
    else:
        assert done.out == "pool is ready: nothing stands in the way of settling and closing 2013/14.\n"


def test_the_remedy_is_a_command_that_can_be_copied(blocked: Desk):
    remedy = blocked("year", "check", "pool", *YEAR, "--format", "json").json["blockers"][0]["remedy"]
    words = remedy.partition(": poolbook ")[2].split()
    assert blocked(*words).code == 0
    assert blocked("year", "check", "pool", *YEAR).code == 0


def test_the_remedy_for_a_due_is_a_command_too(ready: Desk):
    words = ("budget", "set", "pool", *YEAR, "--scheme", "care", "--party", "OCCG", "--amount", "34.50")
    assert ready(*words, "--on", "2014-03-31").code == 0
    done = ready("year", "check", "pool", *YEAR, "--format", "json")
    assert [blocker["check"] for blocker in done.json["blockers"]] == ["dues that differ from the budget"]
    remedy = done.json["blockers"][0]["remedy"].partition(": poolbook ")[2].partition(", or")[0]
    assert remedy == "contribution due pool --party OCCG --on 2014-03-31 --amount=4.50"
    assert ready(*remedy.split()).code == 0
    assert ready("year", "check", "pool", *YEAR).code == 0


# preview


def test_preview_tells_each_step_with_its_clause(ready: Desk):
    done = ready("year", "preview", "pool", *YEAR)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "Risk share of pool, 2013/14",
        "",
        "scheme      budget    variance",
        "--------  --------  ----------",
        "care         90.00      -10.00",
        "",
        "party    scheme    clause                 amount",
        "-------  --------  -------------------  --------",
        "OCC      care      its own budget          60.00",
        "OCC                the band from £0.00     -5.00",
        "OCCG     care      its own budget          30.00",
        "OCCG               the band from £0.00     -5.00",
        "",
        "party      bears    charged so far    true-up",
        "-------  -------  ----------------  ---------",
        "OCC        55.00             48.00       7.00",
        "OCCG       25.00             32.00      -7.00",
    ]


def test_preview_for_programs(ready: Desk):
    document = ready("year", "preview", "pool", *YEAR, "--format", "json").json
    assert document == {
        "arrangement": "pool",
        "year": "2013/14",
        "schemes": [{"scheme": "care", "budget": "90.00", "variance": "-10.00", "held": False}],
        "steps": [
            {"party": "OCC", "scheme": "care", "clause": "its own budget", "amount": "60.00"},
            {"party": "OCC", "scheme": "", "clause": "the band from £0.00", "amount": "-5.00"},
            {"party": "OCCG", "scheme": "care", "clause": "its own budget", "amount": "30.00"},
            {"party": "OCCG", "scheme": "", "clause": "the band from £0.00", "amount": "-5.00"},
        ],
        "parties": [
            {"party": "OCC", "borne": "55.00", "charged": "48.00", "true_up": "7.00"},
            {"party": "OCCG", "borne": "25.00", "charged": "32.00", "true_up": "-7.00"},
        ],
    }
    table = rows(ready("year", "preview", "pool", *YEAR, "--format", "csv").out)
    assert table[0] == ["arrangement", "year", "party", "scheme", "clause", "amount"]
    assert table[2] == ["pool", "2013/14", "OCC", "", "the band from £0.00", "-5.00"]


def test_preview_records_nothing_and_can_be_repeated(ready: Desk):
    before = ready.bytes()
    assert ready("year", "preview", "pool", *YEAR).out == ready("year", "preview", "pool", *YEAR).out
    assert ready.bytes() == before


def test_preview_without_a_risk_table(desk: Desk):
    done = facts(signed(desk, BUDGETS))("year", "preview", "pool", *YEAR)
    assert done.code == 0
    assert done.out.splitlines()[-1] == "The agreement shares no risk: what was recharged stands."


def test_preview_names_what_is_held_while_no_rule_is_agreed(desk: Desk):
    facts(signed(desk, "[risk]\nundecided = true", BUDGETS))
    done = desk("year", "preview", "pool", *YEAR)
    assert "care: -10.00 is held unallocated: no rule for it is agreed yet." in done.out
    assert [scheme["held"] for scheme in desk("year", "preview", "pool", *YEAR, "--format", "json").json["schemes"]] == [True]


def test_preview_of_a_rule_that_does_not_exist(desk: Desk):
    facts(signed(desk, '[risk]\nbase = "pool"', BUDGETS))
    done = desk("year", "preview", "pool", *YEAR)
    assert (done.code, done.out) == (1, "")
    assert "underspend of £10.00" in done.err


# settle

SETTLE = ("year", "settle", "pool", *YEAR)


def test_settle_records_the_true_up_and_the_decision_in_parts_of_one_record(ready: Desk):
    ready.file("minute.txt", "agreed")
    words = ("--unspent", "return", "--reference", "YE-13", "--document", "Minute 7", "--narrative", "Board of 3 May")
    done = ready(*SETTLE, *words, "--evidence", "minute.txt", "--as", "treasurer", "--format", "json")
    assert (done.code, done.err) == (0, "")
    types = ["TrueUpRaised", "ContributionRefunded", "BalancesSetOff", "UnspentDecided"]
    assert [(each["type"], each["part"], each["effective_on"]) for each in done.json["events"]] == [
        (type, part, "2014-03-31") for part, type in enumerate(types)
    ]
    recorded = ready.events()[-4:]
    assert {(event.reference, event.document, event.actor) for event in recorded} == {("YE-13", "Minute 7", "treasurer")}
    assert {event.evidence for event in recorded} == {sha256(b"agreed").hexdigest()}
    assert ready.text(recorded[0]) == "Board of 3 May"


def test_settle_again_under_its_reference_was_recorded_earlier_in_all_its_parts(ready: Desk):
    words = (*SETTLE, "--unspent", "return", "--reference", "YE-13")
    assert ready(*words).code == 0
    before = ready.bytes()
    again = ready(*words)
    assert again.code == 0
    assert [line[:19] for line in again.out.splitlines() if line.startswith("Recorded")] == [
        f"Recorded earlier #{number}" for number in (6, 7, 8, 9)
    ]
    assert ready(*words, "--format", "json").json["earlier"] is True
    other = ready(*SETTLE, "--unspent", "retain", "--reference", "YE-13")
    assert (other.code, other.out) == (1, "")
    assert "with other content" in other.err
    assert ready.bytes() == before


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_settle_again_without_one_records_nothing_and_says_so(ready: Desk, form: str):
    assert ready(*SETTLE, "--unspent", "retain").code == 0
    before = ready.bytes()
    done = ready(*SETTLE, "--unspent", "retain", "--format", form)
    assert (done.code, done.err) == (0, "")
    if form == "table":
        assert done.out == "pool has nothing left to settle for 2013/14: nothing was recorded.\n"
    elif form == "json":
        assert done.json == {"arrangement": "pool", "dry_run": False, "earlier": False, "events": []}
    else:
        assert rows(done.out) == [["arrangement", "number", "type", "effective_on", "reference", "book", "account", "amount"]]
    assert ready.bytes() == before


@pytest.mark.parametrize(
    "step", [(*SETTLE, "--unspent", "return"), ("year", "close", "pool", *YEAR)], ids=["settle", "close"]
)
def test_a_dry_run_says_the_same_and_records_nothing(ready: Desk, step: tuple[str, ...]):
    if "close" in step:
        assert ready(*SETTLE, "--unspent", "retain").code == 0
    before = ready.bytes()
    dry = ready(*step, "--dry-run", "--format", "json").json
    table = ready(*step, "--dry-run").out
    assert ready.bytes() == before
    wet = ready(*step, "--format", "json").json
    assert (dry.pop("dry_run"), wet.pop("dry_run")) == (True, False)
    assert table.count("Would record #") == len(wet["events"])
    for event in (*dry["events"], *wet["events"]):
        event["recorded_at"] = ""
    assert dry == wet


def test_settle_refuses_while_blocked_and_says_what_to_mend(blocked: Desk):
    before = blocked.bytes()
    done = blocked(*SETTLE, "--unspent", "return")
    assert (done.code, done.out) == (1, "")
    assert REMEDY in done.err
    assert blocked.bytes() == before


def test_settle_without_a_decision_says_whose_money_it_is(ready: Desk):
    done = ready(*SETTLE)
    assert (done.code, done.out) == (1, "")
    assert "OCC £5.00" in done.err
    assert "poolbook year settle pool --year 2013/14 --unspent return, or carry_forward, or retain" in done.err


@pytest.mark.parametrize("kind", ["aligned", "commissioned", "grant"])
def test_where_nothing_is_recharged_settle_is_refused_and_close_works(desk: Desk, kind: str):
    signed(desk, kind=kind)
    done = desk(*SETTLE)
    assert (done.code, done.out) == (1, "")
    assert "pool has no pool that recharges" in done.err
    assert desk("year", "check", "pool", *YEAR).code == 0
    assert desk("year", "preview", "pool", *YEAR).code == 0
    assert desk("year", "close", "pool", *YEAR).code == 0


# close and reopen

CLOSE, REOPEN = ("year", "close", "pool", *YEAR), ("year", "reopen", "pool", *YEAR)


@pytest.fixture
def settled(ready: Desk) -> Desk:
    """A year that is ready to close."""
    assert ready(*SETTLE, "--unspent", "carry_forward").code == 0
    return ready


def test_close_of_one_body_then_of_the_rest(settled: Desk):
    first = settled(*CLOSE, "--body", "OCCG", "--format", "json").json
    assert [(each["type"], each["effective_on"], list(each["entries"])) for each in first["events"]] == [
        ("YearClosed", "2014-04-01", ["OCCG"])
    ]
    rest = settled(*CLOSE, "--format", "json").json
    assert [sorted(each["entries"]) for each in rest["events"]] == [["OCC", "POOL"]]
    assert settled(*CLOSE).out == "pool has nothing left to close for 2013/14: nothing was recorded.\n"
    assert settled(*CLOSE, "--body", "OCC").code == 1


def test_close_in_csv_has_a_row_for_each_posting(settled: Desk):
    table = rows(settled(*CLOSE, "--body", "OCCG", "--format", "csv").out)
    assert table[0] == ["arrangement", "number", "type", "effective_on", "reference", "book", "account", "amount"]
    assert [row[5:] for row in table[1:]] == [
        ["OCCG", "Equity:Reserve", "25.00"],
        ["OCCG", "Expenditure:Risk share", "7.00"],
        ["OCCG", "Expenditure:care", "-32.00"],
    ]


def test_close_all_twice_under_one_reference_was_recorded_earlier(settled: Desk):
    words = (*CLOSE, "--reference", "CLOSE-13")
    assert settled(*words).code == 0
    again = settled(*words)
    assert (again.code, again.out.count("Recorded earlier #")) == (0, 2)


def test_a_late_fact_shows_when_it_is_posted(settled: Desk):
    assert settled(*CLOSE, "--body", "OCC").code == 0
    words = ("expenditure", "incur", "pool", "--scheme", "care", "--counterparty", "SUP", "--amount", "5")
    done = settled(*words, "--on", "2014-03-30", "--format", "json")
    assert done.json["events"][0]["posted_on"] == {"POOL": "2014-04-01"}


def test_reopen_needs_a_reason(settled: Desk):
    assert settled(*CLOSE).code == 0
    before = settled.bytes()
    assert settled(*REOPEN).code == 2
    assert settled(*REOPEN, "--reason", "").code == 2
    assert settled.bytes() == before
    done = settled(*REOPEN, "--reason", "An invoice was left out", "--format", "json")
    assert [each["type"] for each in done.json["events"]] == ["FactReversed", "FactReversed"]
    assert settled.text(settled.events()[-2], "reason") == "An invoice was left out"


def test_reopen_again_under_its_reference_was_recorded_earlier(settled: Desk):
    assert settled(*CLOSE).code == 0
    words = (*REOPEN, "--reason", "An invoice was left out", "--reference", "RE-13")
    assert settled(*words).code == 0
    assert settled(*words).out.count("Recorded earlier #") == 2
    assert settled(*REOPEN, "--reason", "Once more").code == 1


def test_a_close_is_not_reversed(settled: Desk):
    assert settled(*CLOSE, "--body", "OCCG").code == 0
    number = settled.events()[-1].number
    done = settled("reverse", "pool", str(number), "--reason", "Wrong", "--on", "2014-04-01")
    assert (done.code, done.out) == (1, "")
    assert "poolbook year reopen" in done.err


# Usage.


@pytest.mark.parametrize("step", ["check", "preview", "settle", "close"])
@pytest.mark.parametrize("label", ["2013", "13/14", "2013-14", "2013/15", ""])
def test_a_year_that_is_none_is_refused_with_one_that_is(ready: Desk, step: str, label: str):
    before = ready.bytes()
    done = ready("year", step, "pool", "--year", label)
    assert (done.code, done.out) in ((1, ""), (2, ""))
    assert "2013/14" in done.err
    assert ready.bytes() == before


@pytest.mark.parametrize("step", ["check", "preview", "settle", "close", "reopen"])
def test_an_arrangement_or_a_body_that_is_none_is_told_with_a_hint(ready: Desk, step: str):
    more = ("--reason", "x") if step == "reopen" else ()
    done = ready("year", step, "pol", *YEAR, *more)
    assert (done.code, "did you mean pool" in done.err.replace("Did", "did")) == (1, True), done.err
    assert ready("year", step, "pool", *more).code == 2
    if step in ("close", "reopen"):
        done = ready("year", step, "pool", *YEAR, *more, "--body", "OCGG")
        assert (done.code, "OCCG" in done.err) == (1, True), done.err
        done = ready("year", step, "pool", *YEAR, *more, "--body", "occ")
        assert (done.code, done.err) == (1, "occ is no body with a book of pool; did you mean OCC?\n")


def test_the_groups_are_in_the_help(desk: Desk):
    done = desk("year", "-h")
    assert [word for word in ("check", "preview", "settle", "close", "reopen") if f"  {word} " not in done.out] == []
    assert "return|carry_forward|retain" in desk("year", "settle", "-h").out
