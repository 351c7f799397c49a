"""`audit verify` on a PostgreSQL database: the same proof, and the same things found."""

from __future__ import annotations

import psycopg
import pytest

from ledger.audit import ranges
from ledger.audit.verification import verified
from ledger.errors import NotProven, Refused
from ledger.store.merkle import leaf_hash
from ledger.store.opening import Place
from tests import given
from tests.databases import BOTH
from tests.given import CODE


@pytest.fixture
def told(place: Place) -> Place:
    """A ledger of four events, one with a narrative."""
    ledger = given.new_ledger(place)
    given.sign(ledger)
    given.record(ledger, "contribution_due", party="OCCG", amount=900_00)
    told = given.Command("finance.officer", "INV-1", narrative="Mrs Smith’s care")
    given.record(ledger, "expenditure", scheme="care", counterparty="SUP", amount=500_00, command=told)
    given.reverse(ledger, 2)
    ledger.close()
    return place


ROOTS: set[bytes] = set()


@BOTH
@pytest.mark.parametrize("alone", [True, False], ids=["one process", "several"])
def test_a_ledger_proves_with_the_same_root_wherever_it_lies(
    told: Place, alone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranges, "ALONE", 20_000 if alone else 0)
    (found,) = verified(told)
    assert (found.arrangement, found.events, found.findings) == (CODE, 4, [])
    ROOTS.add(found.root)
    assert len(ROOTS) == 1
    with pytest.raises(Refused, match="There is no arrangement other in this ledger"):
        verified(told, "other")


CHANGES = {
    "bytes": ("UPDATE events SET bytes = bytes || ' ' WHERE number = 3", 3, "not written as Poolbook writes them"),
    "a leaf": ("UPDATE events SET leaf = reverse(leaf) WHERE number = 2", 2, "leaf hash"),
    "one gone": ("DELETE FROM events WHERE number = 2", 2, "there is no #2"),
    "the last gone": ("DELETE FROM events WHERE number = 4", 4, "its head counts 4"),
    "a column": ("UPDATE events SET reference = 'R' WHERE number = 2", 2, "its row says"),
    "a balance": ("UPDATE balances SET pence = pence + 1 WHERE account = 'Expenditure:care'", 0, "its events make 50000"),
    "the frontier": ("UPDATE heads SET frontier = ''", 0, "right edge of the log"),
    "a text": ("UPDATE texts SET text = 'Mr Smith’s care'", 3, "is not the text that its bytes commit to"),
    "a text gone": ("DELETE FROM texts", 3, "its narrative is missing"),
    "a stranger's balance": ("INSERT INTO balances VALUES ('gone', 'OCC', 'Assets:Cash', 5)", 0, "and no events"),
}


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_found_and_the_first_bad_number_named(told: str, what: str) -> None:
    sql, number, sentence = CHANGES[what]
    with psycopg.connect(told, options="-c search_path=poolbook") as connection:
        connection.execute("ALTER TABLE events DISABLE TRIGGER events_not_changed")
        connection.execute(sql.replace("reverse(leaf)", "%s"), (leaf_hash(b""),) if "reverse" in sql else None)
        connection.execute("ALTER TABLE events ENABLE ALWAYS TRIGGER events_not_changed")
    found = [(finding.number, finding.sentence) for each in verified(told) for finding in each.findings]
    assert found[0][0] == number, found
    assert any(sentence in said for _, said in found), found


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("ALTER TABLE balances RENAME TO b; CREATE VIEW balances AS SELECT * FROM b", "holds a relation “balances”"),
        ("CREATE RULE quiet AS ON INSERT TO events DO ALSO DELETE FROM texts", "holds a rule “quiet”"),
        ("CREATE TABLE mine (x int)", "holds a table “mine”"),
        ("DROP INDEX events_by_reversed", "lacks the index “events_by_reversed”"),
        ("DROP TRIGGER events_not_changed ON events", "lacks the trigger “events_not_changed”"),
        ("ALTER TABLE events DISABLE TRIGGER events_not_emptied", "lacks the trigger “events_not_emptied”"),
        ("ALTER TABLE events ENABLE TRIGGER events_not_changed", "lacks the trigger “events_not_changed”"),
        ("INSERT INTO ledger SELECT * FROM ledger", "does not say which ledger it is"),
    ],
)
def test_a_schema_built_otherwise_is_refused_with_a_sentence(told: str, sql: str, said: str) -> None:
    with psycopg.connect(told, options="-c search_path=poolbook") as connection:
        connection.execute(sql)
    with pytest.raises(NotProven, match=rf"{said}.*restore a backup\.$"):
        verified(told)
