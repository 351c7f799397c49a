"""`audit show`: everything there is to know of one event."""

from __future__ import annotations

from contextlib import closing
from hashlib import sha256

import pytest

from ledger.application import Command, Ledger
from tests import given
from tests.audit.tampering import rewrite, tampering
from tests.commands.desk import Desk
from tests.given import CODE


def shown(desk: Desk, number: int) -> dict[str, object]:
    """The JSON of an event."""
    document: dict[str, object] = desk("audit", "show", CODE, str(number), "--format", "json").json
    return document


def test_an_event_in_full(kept: Desk) -> None:
    # 110.01 of net cost (90.01 and the van) at 3:2: 66.006 and 44.004, so 66.01 and 44.00; 60 and 40 are drawn.
    document = shown(kept, 10)
    assert set(document) >= {"bytes", "proof"}
    assert {name: value for name, value in document.items() if name not in ("bytes", "proof")} == {
        "arrangement": CODE, "number": 10, "type": "RechargeRaised", "actor": "finance.officer",
        "recorded_at": "2013-07-01T09:00:10.000000Z", "clock": None, "effective_on": "2014-03-31", "reference": "#10",
        "part": 0, "command": [10], "document": "", "evidence": None, "narrative": "", "narrative_commitment": None,
        "reason": "", "reason_commitment": None, "reverses": None, "reversed_by": None,
        "fact": {
            "scheme": "care", "amount": "110.01", "ratio": {"OCC": 3, "OCCG": 2}, "fund": "",
            "drawn": {"OCC": "60.00", "OCCG": "40.00"}, "billed": {"OCC": "6.01", "OCCG": "4.00"}, "credited": {},
        },
        "entries": [
            {"book": "POOL", "posted_on": "2014-03-31", "lines": [
                {"account": "Assets:Debtors:OCC", "amount": "6.01"}, {"account": "Assets:Debtors:OCCG", "amount": "4.00"},
                {"account": "Liabilities:Contributions in advance:OCC", "amount": "60.00"},
                {"account": "Liabilities:Contributions in advance:OCCG", "amount": "40.00"},
                {"account": "Income:Recharges:OCC", "amount": "-66.01"},
                {"account": "Income:Recharges:OCCG", "amount": "-44.00"},
            ]},
            {"book": "OCC", "posted_on": "2014-03-31", "lines": [
                {"account": "Expenditure:care", "amount": "66.01"},
                {"account": "Assets:Prepaid contributions:POOL", "amount": "-60.00"},
                {"account": "Liabilities:Creditors:POOL", "amount": "-6.01"},
            ]},
            {"book": "OCCG", "posted_on": "2014-03-31", "lines": [
                {"account": "Expenditure:care", "amount": "44.00"},
                {"account": "Assets:Prepaid contributions:POOL", "amount": "-40.00"},
                {"account": "Liabilities:Creditors:POOL", "amount": "-4.00"},
            ]},
        ],
        "terms": {
            "type": "lead_body", "keeper": "POOL", "scheme": "care", "recharge": {"OCC": 3, "OCCG": 2},
            "risk": {
                "base": "pool", "own_underspend_first": [], "reserve_first": False, "underspend": "", "underspend_shares": {},
                "undecided": False, "bands": [{"shares": {"OCC": 1, "OCCG": 1}, "up_to": None}],
            },
        },
    }  # fmt: skip


def test_the_proof_of_its_place_can_be_checked_by_anybody(kept: Desk) -> None:
    root = kept("audit", "verify", CODE, "--format", "json").json["root"]
    size = len(kept.events())
    for number in range(1, size + 1):
        document = kept("audit", "show", CODE, str(number), "--format", "json").json
        proof = document["proof"]
        assert (proof["origin"], proof["index"], proof["size"]) == (f"poolbook/{given.LEDGER_ID}/pool", number - 1, size)
        # RFC 9162 §2.1.3.2, in its own words.
        node, last, found = proof["index"], size - 1, sha256(b"\x00" + document["bytes"].encode()).digest()
        assert found.hex() == proof["leaf"]
        for sibling in map(bytes.fromhex, proof["path"]):
            if node % 2 or node == last:
                found = sha256(b"\x01" + sibling + found).digest()
                while node % 2 == 0 and node:
                    node, last = node // 2, last // 2
            else:
                found = sha256(b"\x01" + found + sibling).digest()
            node, last = node // 2, last // 2
        assert (last, found.hex()) == (0, proof["root"])
        assert proof["root"] == root


def test_an_event_that_is_not_in_its_log_is_not_shown(kept: Desk) -> None:
    with tampering(kept.path) as connection:
        rewrite(connection, 4, b'"amount":9001', b'"amount":9002')
    done = kept("audit", "show", CODE, "4")
    assert (done.code, done.out) == (5, "")
    assert "#4 of pool does not stand in its log as it should" in done.err


def test_a_late_event_says_when_each_book_posted_it(kept: Desk) -> None:
    late = next(event.number for event in kept.events() if event.posted_on)
    (entry,) = shown(kept, late)["entries"]  # type: ignore[misc]
    assert (shown(kept, late)["effective_on"], entry["posted_on"]) == ("2013-05-10", "2014-04-01")


def test_a_reversal_and_what_it_reverses_name_each_other(kept: Desk) -> None:
    assert shown(kept, 6)["reversed_by"] == 7
    assert shown(kept, 7)["reverses"] == 6
    assert shown(kept, 7)["fact"] == {
        "reverses": 6,
        "fact": {
            "type": "ExpenditureIncurred", "book": "POOL", "scheme": "beds", "supplier": "SUP", "amount": "5.00", "fund": "",
        },
    }  # fmt: skip
    assert "reverses      #6" in kept("audit", "show", CODE, "7").out


def test_the_events_of_one_command_name_each_other(kept: Desk) -> None:
    closes = [event.number for event in kept.events() if event.type == "YearClosed"]
    assert len(closes) == 2
    assert [shown(kept, number)["command"] for number in closes] == [closes, closes]
    assert "part 1 of the command" in kept("audit", "show", CODE, str(closes[1])).out


def test_texts_evidence_and_the_clock_are_told(kept: Desk) -> None:
    told = Command("jane", reference="R1", narrative="For Mrs Jones")
    with closing(Ledger.open(kept.path, salts=given.counted_salts())) as ledger:
        number = given.record(
            ledger, "income", command=told, scheme="care", amount=1, evidence="ab" * 32, document="D"
        ).number
    document = shown(kept, number)
    salt = (1).to_bytes(16, "big")
    assert document["narrative"] == "For Mrs Jones"
    assert document["narrative_commitment"] == sha256(salt + b"For Mrs Jones").hexdigest()
    assert (document["evidence"], document["document"], document["reference"]) == ("ab" * 32, "D", "R1")
    with tampering(kept.path) as connection:
        connection.execute("DELETE FROM texts WHERE number = ?", (number,))
    assert shown(kept, number)["narrative"] is None
    assert "why           (gone)" in kept("audit", "show", CODE, str(number)).out


def test_what_posts_nothing_says_so_by_leaving_it_out(kept: Desk) -> None:
    assert "What it posts" not in kept("audit", "show", CODE, "1").out
    assert shown(kept, 1)["entries"] == []
    assert shown(kept, 8)["fact"] == {"party": "OCCG", "amount": "12.00", "scheme": ""}


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ((CODE, "99"), 1, "pool has no event #99: its events are #1 to #15."),
        (("poool", "1"), 1, "There is no arrangement poool"),
        ((CODE, "0"), 2, "“0” is not the number of an event"),
        ((CODE, "first"), 2, "“first” is not the number of an event"),
    ],
)
def test_what_cannot_be_shown_is_told(kept: Desk, words: tuple[str, ...], code: int, says: str) -> None:
    done = kept("audit", "show", *words)
    assert (done.code, done.out) == (code, "")
    assert says in done.err
