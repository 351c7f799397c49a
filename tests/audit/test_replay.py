"""`audit replay`: what is as it was recorded replays, and whatever was changed is found and named."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest
from msgspec.structs import replace

from ledger import events as e
from ledger.accounts import negated
from ledger.application import Ledger
from tests import given
from tests.audit.forging import Change, forge
from tests.audit.tampering import tampering
from tests.commands.desk import Desk
from tests.given import CODE
from tests.ledger.years import JUNE
from tests.many import HISTORIES

SAME = {"entries", "closes", "head", "balances", "items", "read models"}


def number_of(desk: Desk, type_: str) -> int:
    """The number of the first event of a type."""
    return next(event.number for event in desk.events() if event.type == type_)


def checks(desk: Desk, *words: str, code: int = 0) -> dict[str, tuple[int, list[tuple[int | None, str]]]]:
    """What replay compared, by name: how many, and each difference."""
    done = desk("audit", "replay", CODE, *words, "--format", "json")
    assert done.code == code, done.said
    return {
        check["check"]: (check["compared"], [(each["number"], each["difference"]) for each in check["differences"]])
        for check in done.json["checks"]
    }


def test_what_is_as_it_was_recorded_replays(kept: Desk) -> None:
    found = checks(kept)
    assert {name for name, (_, differs) in found.items() if not differs} == SAME
    counts = {name: compared for name, (compared, _) in found.items()}
    events = kept.events()
    assert counts["entries"] == sum(bool(event.entries) for event in events)
    assert counts["closes"] == 2
    assert counts["head"] == len(events)
    assert counts["items"] == 2, "an asset and the terms"
    assert counts["read models"] == sum(len(accounts) for event in events for accounts in event.entries.values())
    assert any(event.posted_on for event in events)


def test_no_code_means_every_arrangement(kept: Desk) -> None:
    with closing(Ledger.open(kept.path)) as ledger:
        kept.sign_like(ledger, "aligned", "other")
    done = kept("audit", "replay", "--format", "json")
    assert [each["arrangement"] for each in done.json] == ["other", CODE]
    assert kept("audit", "replay").out.count("the same") == len(SAME) * 2 - 1  # nothing was read of the other yet


def fact(**fields: Any) -> Change:
    """The event with other fields in its fact."""
    return lambda event: replace(event, fact=replace(event.fact, **fields))


def entries(book: str, *accounts: tuple[str, int]) -> Change:
    """The event with other lines in one book."""
    return lambda event: replace(event, entries=event.entries | {book: dict(accounts)})


def _closed_otherwise(event: e.Event) -> e.Event:
    """A close that moves a penny of what the pool owes its supplier to its cash: no entry of it would change."""
    close = event.fact
    assert isinstance(close, e.YearClosed)
    pool = close.balances["POOL"] | {"Assets:Cash": 1}
    pool["Liabilities:Creditors:SUP"] -= 1
    return replace(event, fact=replace(close, balances=close.balances | {"POOL": pool}))


def _reversed_otherwise(event: e.Event) -> e.Event:
    return replace(event, fact=replace(event.fact, fact=replace(event.fact.fact, amount=5_01)))  # type: ignore[union-attr]


FORGED: dict[str, tuple[str, Change, str, str]] = {
    "an amount in the books": (
        "ExpenditureIncurred", entries("POOL", ("Expenditure:care", 91_01), ("Liabilities:Creditors:SUP", -91_01)),
        "entries", "its entry says 9101 pence for Expenditure:care of POOL, and its ExpenditureIncurred posts 9001",
    ),
    "an amount in the fact": (
        "ContributionDue", fact(amount=61_00), "entries",
        "its entry says 6000 pence for Assets:Prepaid contributions:POOL of OCC, and its ContributionDue posts 6100",
    ),
    "another account": (
        "ExpenditureIncurred", entries("POOL", ("Expenditure:beds", 90_01), ("Liabilities:Creditors:SUP", -90_01)),
        "entries", "its entry says 9001 pence for Expenditure:beds of POOL, and its ExpenditureIncurred posts 0",
    ),
    "a book left out": (
        "ContributionDue", lambda event: replace(event, entries={"POOL": event.entries["POOL"]}),
        "entries", "its entry says 0 pence for Assets:Prepaid contributions:POOL of OCC",
    ),
    "another split": (
        "RechargeRaised", fact(drawn={"OCC": 60_00, "OCCG": 39_00}), "entries",
        "its entry says -4000 pence for Assets:Prepaid contributions:POOL of OCCG, and its RechargeRaised posts -3900",
    ),
    "a fact that the type does not allow": (
        "ContributionGivenInKind", lambda event: replace(event, fact=e.BillRaised(scheme="care", amount=1)),
        "entries", "the terms in force do not allow its BillRaised: pool is kept by a lead body",
    ),
    "what a reversal takes back": (
        "FactReversed", lambda event: replace(event, entries=negated(negated(event.entries)) | {"POOL": {
            "Expenditure:beds": -4_00, "Liabilities:Creditors:SUP": 4_00}}),
        "entries", "its entry says -400 pence for Expenditure:beds of POOL, and its FactReversed posts -500",
    ),
    "the fact that a reversal carries": (
        "FactReversed", _reversed_otherwise, "entries", "the fact that it carries is not that of #6, which it reverses",
    ),
    "a closing balance": (
        "YearClosed", _closed_otherwise, "closes",
        "it closes 2013/14 with 1 pence on Assets:Cash of POOL, and the events before it come to 0",
    ),
}  # fmt: skip
"""What is forged, all hashes made to fit → the type of the event, the change, which check finds it, and what it says."""


@pytest.mark.parametrize("what", FORGED)
def test_a_forgery_whose_hashes_fit_is_found(kept: Desk, what: str) -> None:
    type_, change, check, says = FORGED[what]
    number = number_of(kept, type_)
    forge(kept.path, CODE, number, change)
    (kept.folder / "poolbook.db-views").unlink()
    done = kept("audit", "replay", CODE)
    assert done.code == 5
    assert f"#{number} of pool: {says}" in done.err, done.err
    (finding,) = [finding for name, (_, differs) in checks(kept, code=5).items() if name == check for finding in differs]
    assert finding[0] == number
    assert finding[1].startswith(says)
    # Up to the event before, the history is still what was recorded.
    assert all(not differs for _, differs in checks(kept, "--to", str(number - 1)).values())


_NET_COST = """CAST(replace(CAST(state AS TEXT), '"net_cost":11101', '"net_cost":11102') AS BLOB)"""
_HOLDER = "CAST(replace(CAST(item AS TEXT), 'POOL', 'OCCG') AS BLOB)"
KEPT = {
    "a balance": ("UPDATE balances SET pence = pence + 1 WHERE account = 'Equity:Reserve' AND book = 'OCC'",
                  "balances", "OCC, Equity:Reserve is kept as 6502 pence, and is 6501 pence"),
    "a balance too many": ("INSERT INTO balances VALUES ('pool', 'OCC', 'Assets:Cash', 7)",
                           "balances", "OCC, Assets:Cash is kept as 7 pence, and is nothing"),
    "a balance taken away": ("DELETE FROM balances WHERE account = 'Equity:Reserve' AND book = 'OCC'",
                             "balances", "OCC, Equity:Reserve is kept as nothing, and is 6501 pence"),
    "an asset's holder": (f"UPDATE items SET item = {_HOLDER} WHERE code = 'van'", "items", "asset, van is kept as"),
    "an asset too many": ("INSERT INTO items VALUES ('pool', 'asset', 'hut', CAST('{}' AS BLOB))", "items",
                          "asset, hut is kept as {}, and is nothing"),
    "the net cost of a scheme": (f"UPDATE heads SET state = {_NET_COST}", "head",
                                 "the state that its head keeps is not that of its events: "
                                 "charges.care..net_cost is kept as 11102, and is 11101"),
    "the number of the last event": ("UPDATE heads SET number = number - 1", "head",
                                     "its head counts 14 events, and there are 15"),
    "the moment of the last event": ("UPDATE heads SET recorded_at = '2099'", "head", "its head says 2099"),
    "the edge of the log": ("UPDATE heads SET frontier = zeroblob(length(frontier))", "head", "the right edge of the log"),
}  # fmt: skip
"""What is changed beside the events → how, which check finds it, and what it says."""


@pytest.mark.parametrize("what", KEPT)
def test_whatever_the_head_keeps_is_held_against_the_events(kept: Desk, what: str) -> None:
    sql, check, says = KEPT[what]
    with tampering(kept.path) as connection:
        assert connection.execute(sql).rowcount == 1
    found = checks(kept, code=5)
    assert [name for name, (_, differs) in found.items() if differs] == [check]
    assert says in found[check][1][0][1]
    done = kept("audit", "replay", CODE)
    assert f"pool: {says}" in done.err
    assert "Restore a backup" in done.err


def test_a_head_of_an_older_version_is_not_held_against_what_this_one_would_make(kept: Desk) -> None:
    with tampering(kept.path) as connection:
        connection.execute("UPDATE heads SET state_version = state_version - 1, state = CAST('{}' AS BLOB)")
        connection.execute("DELETE FROM items")
    assert {name: differs for name, (_, differs) in checks(kept).items()} == {name: [] for name in SAME - {"items"}}
    with tampering(kept.path) as connection:
        connection.execute("UPDATE heads SET state_version = 9999")
    assert kept("audit", "replay", CODE).code == 3


_LINE = "WHERE number = 4 AND pence > 0"
READ_MODELS = {
    "a line's amount": f"UPDATE lines SET pence = pence + 1 {_LINE}",
    "a line's day": f"UPDATE lines SET posted_on = posted_on + 1 {_LINE}",
    "a line taken away": f"DELETE FROM lines {_LINE}",
    "a line too many": f"INSERT INTO lines SELECT stream, 8, account, pence, posted_on FROM lines {_LINE}",
    "a line after the end": f"INSERT INTO lines SELECT stream, 99, account, 0, posted_on FROM lines {_LINE}",
    "an event's type": "UPDATE events SET type = 'IncomeDue' WHERE number = 4",
    "an event's document": "UPDATE events SET document = 'INV' WHERE number = 4",
    "an event after the end": "INSERT INTO events SELECT stream, 99, type, effective_on, '', '' FROM events WHERE number = 4",
    "an account's name": "UPDATE accounts SET account = 'Expenditure:x' WHERE account = 'Expenditure:care' AND book = 'POOL'",
    "an account's body": "UPDATE accounts SET body = 'OCC' WHERE account = 'Assets:Debtors:OCCG'",
    "an account too many": "INSERT INTO accounts VALUES (1, 999, 'OCC', 'Assets:Cash', '')",
    "a day's total": "UPDATE days SET pence = pence + 1 WHERE account = 1 AND pence <> 0",
    "a day's part between lead and pool": 'UPDATE days SET "between" = 1 WHERE account = 1',
    "a day's part of closes": "UPDATE days SET closing = closing - 1 WHERE account = 1",
    "a day too many": "INSERT INTO days VALUES (1, 1, 1, 0, 0, 0)",
    "what was reversed": "UPDATE reversals SET root = 4",
    "an asset's cost": "UPDATE asset_records SET cost = cost + 1",
    "what was given in kind": "UPDATE memoranda SET pence = pence + 1",
    "who keeps the pool": "UPDATE streams SET lead = 'OCCG'",
    "the last leaf": "UPDATE streams SET leaf = zeroblob(32)",
}
"""What is changed in the read models → how."""


@pytest.mark.parametrize("what", READ_MODELS)
def test_the_read_models_are_held_against_the_events_and_can_be_made_anew(kept: Desk, what: str) -> None:
    with tampering(kept.folder / "poolbook.db-views") as connection:
        assert connection.execute(READ_MODELS[what]).rowcount >= 1
    found = checks(kept, code=5)
    assert [name for name, (_, differs) in found.items() if differs] == ["read models"]
    done = kept("audit", "replay", CODE)
    assert "read models" in done.err
    assert "poolbook rebuild" in done.err
    assert kept("rebuild").code == 0
    assert checks(kept)["read models"][1] == []


def test_where_no_report_was_read_there_is_nothing_to_compare(kept: Desk) -> None:
    views = kept.folder / "poolbook.db-views"
    views.unlink()
    assert set(checks(kept)) == SAME - {"read models"}
    views.write_bytes(b"not a database at all, but long enough to look at" * 20)
    assert checks(kept, code=5)["read models"][1][0][1].startswith("they cannot be read")


def test_read_models_that_are_behind_are_compared_as_far_as_they_go(kept: Desk) -> None:
    before = checks(kept)["read models"][0]
    with closing(Ledger.open(kept.path)) as ledger:
        given.record(ledger, "expenditure", scheme="care", counterparty="SUP", amount=1, on=JUNE)
    assert checks(kept)["read models"] == (before, [])
    assert checks(kept, "--to", "5")["read models"][0] < before


@pytest.mark.parametrize(
    "asked", [(), ("--as-at", "2014-03-31"), ("--as-known", "#9"), ("--as-known", "#9", "--as-at", "2013-12-31")]
)
def test_balances_straight_from_the_events_are_those_of_the_report(kept: Desk, asked: tuple[str, ...]) -> None:
    said = kept("audit", "replay", CODE, "--balances", *asked, "--format", "json").json
    assert said == kept("report", "balances", CODE, *asked, "--format", "json").json
    assert any(book["accounts"] for book in said["books"])
    whole = kept("audit", "replay", "--balances", *asked, "--format", "csv")
    assert whole == kept("report", "balances", "--all", *asked, "--format", "csv")


def test_balances_that_do_not_add_up_are_not_told(kept: Desk) -> None:
    number = number_of(kept, "ExpenditureIncurred")
    forge(kept.path, CODE, number, entries("POOL", ("Expenditure:care", 90_02), ("Liabilities:Creditors:SUP", -90_01)))
    done = kept("audit", "replay", CODE, "--balances")
    assert (done.code, done.out) == (5, "")
    assert f"#{number} of pool: its entries do not balance in POOL." in done.err


def test_a_gap_is_found_by_both(kept: Desk) -> None:
    with tampering(kept.path) as connection:
        connection.execute("UPDATE events SET number = 1 << 60 WHERE number = 9")
    assert "pool must have 15 events, and has 14" in kept("audit", "replay", CODE, "--balances").err
    assert "#9 of pool: there is no #9" in kept("audit", "replay", CODE).err


def test_as_at_a_day_what_the_report_says_is_held_against_the_events(kept: Desk) -> None:
    name = "balances as at 2014-03-31"
    assert checks(kept, "--as-at", "2014-03-31")[name] == (len(_accounts(kept)), [])
    with tampering(kept.folder / "poolbook.db-views") as connection:
        connection.execute("UPDATE days SET pence = pence + 1 WHERE account = 1 AND pence <> 0")
    assert checks(kept, "--as-at", "2014-03-31", code=5)[name][1] != []


def _accounts(desk: Desk) -> list[str]:
    books = desk("report", "balances", CODE, "--as-at", "2014-03-31", "--format", "json").json["books"]
    return [line["account"] for book in books for line in book["accounts"]]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("poool",), 1, "There is no arrangement poool"),
        ((CODE, "--to", "3", "--as-known", "#3"), 2, "Say how far once: --as-known, or --to."),
        ((CODE, "--to", "0"), 2, "“0” is not the number of an event"),
    ],
)
def test_what_cannot_be_replayed_is_told(kept: Desk, words: tuple[str, ...], code: int, says: str) -> None:
    done = kept("audit", "replay", *words)
    assert (done.code, done.out) == (code, "")
    assert says in done.err


def test_up_to_a_number_beyond_the_end_is_up_to_the_end(kept: Desk) -> None:
    assert checks(kept, "--to", "999") == checks(kept)
    assert checks(kept, "--as-known", "2000-01-01") == {"entries": (0, []), "closes": (0, [])}


def test_two_hundred_histories_replay(many: Desk) -> None:
    assert many("report", "journal", "h000").code == 0
    done = many("audit", "replay", "--format", "json")
    assert (done.code, done.err) == (0, "")
    assert len(done.json) == HISTORIES
    for asked in (("--as-at", "2014-05-31"), ("--as-known", "#9")):
        whole = many("audit", "replay", "--balances", *asked, "--format", "csv")
        assert whole == many("report", "balances", "--all", *asked, "--format", "csv")
