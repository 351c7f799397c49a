"""Golden bytes: what was stored once is stored the same today, and is read for ever; files are only ever added."""

from __future__ import annotations

from typing import get_args

import pytest

from ledger import events as e
from ledger.agreement import Terms
from ledger.arrangements import post
from ledger.store.encoding import decode, encode
from ledger.store.opening import Place
from tests.databases import BOTH
from tests.given import agreement
from tests.ledger.golden_cases import CASES, GOLDEN, made

FILES = {file.stem: file.read_bytes().removesuffix(b"\n") for file in sorted(GOLDEN.glob("*.json"))}
KIND = {
    "BillRaised": "commissioned",
    "BillRaised-to-pool": "hybrid",
    "CapitalReturned": "capital",
    "ChargeAdjusted-bill": "commissioned",
    "ChargeAdjusted-credited": "charge",
    "RechargeRaised-credited": "charge",
}


@BOTH
@pytest.mark.parametrize("name", CASES)
def test_todays_commands_store_the_same_bytes(name: str, place: Place) -> None:
    assert name in FILES, "make it with python -m tests.ledger.golden_cases"
    assert made(name, place) == FILES[name]


@pytest.mark.parametrize("name", FILES)
def test_bytes_once_stored_are_read_and_would_be_written_the_same(name: str) -> None:
    event = decode(FILES[name])
    assert encode(event) == FILES[name]
    assert event.type == name.partition("-")[0]
    assert all(sum(accounts.values()) == 0 and 0 not in accounts.values() for accounts in event.entries.values())


@pytest.mark.parametrize("name", FILES)
def test_todays_rules_post_the_same_entries_from_the_recorded_facts(name: str) -> None:
    event = decode(FILES[name])
    assert post(Terms(agreement(KIND.get(name, "lead_body"))), event.fact) == event.entries


def test_every_type_of_event_has_a_golden_file() -> None:
    assert {fact.__name__ for fact in get_args(e.Fact)} <= {name.partition("-")[0] for name in FILES}


def test_the_golden_files_show_what_an_event_may_hold() -> None:
    events = {name: decode(raw) for name, raw in FILES.items()}
    texts = events["ContributionDue-texts"]
    assert (texts.clock < texts.recorded_at, len(texts.narrative_commitment), len(texts.reason_commitment)) == (True, 64, 64)
    assert (texts.document, texts.evidence, len(texts.asked)) == ("INV 7", "ab" * 32, 64)
    assert b"First quarter" not in FILES["ContributionDue-texts"]
    assert {book: day.isoformat() for book, day in events["ExpenditureIncurred-posted-late"].posted_on.items()} == {
        "POOL": "2014-04-01"
    }
    assert events["FactReversed-again"].reverses == events["FactReversed"].number
    assert events["AgreementSigned"].fact.agreement == agreement("hybrid, parties hold")
