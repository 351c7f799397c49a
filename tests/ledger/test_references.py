"""References: the same command again reports the earlier event; another under the same reference is refused."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from ledger.application import Command, Ledger
from ledger.errors import Refused
from ledger.requests import Reversal
from ledger.store.opening import Place
from tests.databases import BOTH, contents
from tests.given import CODE, WHO, agreement, refused, request, sign

pytestmark = BOTH

ASKED: dict[str, Any] = {
    "type": "contribution_due", "party": "OCC", "amount": 50_00, "document": "INV-1", "evidence": "ab" * 32,
}  # fmt: skip
FIRST = Command("ann", "R-1", narrative="First quarter", reason="As agreed")


@pytest.fixture
def kept(ledger: Ledger) -> Ledger:
    sign(ledger)
    ledger.record(CODE, request(**ASKED), FIRST)
    return ledger


def count(ledger: Ledger) -> int:
    return ledger.store.counted()[0]


@pytest.mark.parametrize(
    "command",
    [
        FIRST,
        Command("bob", "R-1", narrative="First quarter", reason="As agreed"),
        Command("ann", "R-1", narrative="Something else"),
        Command("ann", "R-1"),
    ],
    ids=["the same", "by another", "with other texts", "without texts"],
)
@pytest.mark.parametrize("dry_run", [False, True])
def test_the_same_again_reports_the_earlier_event(kept: Ledger, place: Place, command: Command, dry_run: bool) -> None:
    before = contents(place)
    receipt = kept.record(CODE, request(**ASKED), command, dry_run=dry_run)
    assert (receipt.earlier, [event.number for event in receipt.events], receipt.events[0].actor) == (True, [2], "ann")
    assert contents(place) == before


def test_the_same_again_is_still_the_same_when_its_text_was_erased(kept: Ledger) -> None:
    kept.store._run("DELETE FROM texts")
    receipt = kept.record(CODE, request(**ASKED), FIRST)
    assert (receipt.earlier, receipt.events[0].number) == (True, 2)


def test_the_same_again_is_reported_even_where_it_could_not_be_recorded_now(kept: Ledger) -> None:
    kept.record(CODE, request("refund", party="OCC", amount=50_00), Command("ann", "R-2"))
    receipt = kept.record(CODE, request("refund", party="OCC", amount=50_00), Command("ann", "R-2"))
    assert (receipt.earlier, receipt.events[0].number) == (True, 3)


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": 50_01}, {"party": "OCCG"}, {"fund": "dfg"}, {"scheme": "care"}, {"on": date(2013, 6, 2)},
        {"document": "INV-2"}, {"document": ""}, {"evidence": "cd" * 32},
        {"type": "contribution_received"},
    ],
    ids=str,
)  # fmt: skip
def test_other_content_under_the_same_reference_is_refused(kept: Ledger, changed: dict[str, Any]) -> None:
    refused(
        lambda: kept.record(CODE, request(**ASKED | changed), FIRST),
        "pool has R-1 already", "#2", "ContributionDue of 2013-06-01", "other content", "a reference of its own",
    )  # fmt: skip
    assert count(kept) == 2


def test_a_reference_is_unique_over_all_types_in_its_arrangement_only(kept: Ledger) -> None:
    refused(lambda: kept.record(CODE, Reversal(reverses=2, effective_on=date(2013, 6, 1)), FIRST), "pool has R-1 already")
    other = agreement("aligned")
    kept.sign(type(other)(**{name: getattr(other, name) for name in other.__struct_fields__} | {"code": "other"}), FIRST)
    receipt = kept.record("other", request(**ASKED | {"document": ""}), Command("ann", "R-9"))
    assert (receipt.arrangement, receipt.events[0].number) == ("other", 2)


def test_signing_and_reversing_again_report_the_earlier_event_too(ledger: Ledger) -> None:
    command = Command("ann", "S-1")
    assert ledger.sign(agreement("lead_body"), command).earlier is False
    assert ledger.sign(agreement("lead_body"), command).earlier is True
    refused(lambda: ledger.sign(agreement("hybrid"), command), "pool has S-1 already")
    refused(lambda: ledger.sign(agreement("lead_body"), WHO), "pool was signed already", "a code of its own")
    ledger.record(CODE, request(**ASKED), FIRST)
    back = Reversal(reverses=2, effective_on=date(2013, 6, 1))
    assert ledger.record(CODE, back, Command("ann", "V-1")).earlier is False
    assert ledger.record(CODE, back, Command("bob", "V-1", reason="Twice")).earlier is True
    refused(lambda: ledger.record(CODE, back, Command("bob", "V-2")), "reversed by #3 already")


def test_without_a_reference_the_event_is_called_by_its_number_and_is_never_the_same_again(kept: Ledger) -> None:
    events = [kept.record(CODE, request(**ASKED), Command("ann")).events[0] for _ in range(2)]
    assert [event.reference for event in events] == ["#3", "#4"]


@pytest.mark.parametrize("reference", ["#3", "#", "a\nb", "a\u202eb", "x" * 201])
def test_a_reference_that_is_the_ledgers_own_or_hides_something_is_refused(kept: Ledger, reference: str) -> None:
    refused(lambda: kept.record(CODE, request(**ASKED), Command("ann", reference)), "cannot be a reference")
    assert count(kept) == 2


@pytest.mark.parametrize(
    ("command", "paper", "name"),
    [
        (Command("a\u202en"), {}, "actor"),
        (Command(" "), {}, "actor"),
        (Command("ann", narrative="\x07"), {}, "narrative"),
        (Command("ann", reason="a\u2066b"), {}, "reason"),
        (Command("ann"), {"document": "INV\x001"}, "document"),
    ],
)
def test_a_text_that_hides_something_is_refused(kept: Ledger, command: Command, paper: dict, name: str) -> None:
    refused(lambda: kept.record(CODE, request(**ASKED | paper), command), f"cannot be a {name}")
    assert count(kept) == 2


@pytest.mark.parametrize(
    ("type", "fields"),
    [
        ("expenditure", {"scheme": "care", "counterparty": "A:B"}),
        ("expenditure", {"scheme": "care", "counterparty": "Acme Ltd"}),
        ("asset_acquired", {"asset": "van\n", "scheme": "care", "counterparty": "SUP"}),
        ("liability_recognised", {"liability": "x" * 41, "scheme": "care"}),
    ],
)
def test_a_code_of_another_shape_is_refused(kept: Ledger, type: str, fields: dict) -> None:
    refused(lambda: kept.record(CODE, request(type, amount=1, **fields), WHO), "is not a code for")
    assert count(kept) == 2


def test_a_failed_command_leaves_its_reference_free(kept: Ledger) -> None:
    with pytest.raises(Refused):
        kept.record(CODE, request("refund", party="OCC", amount=99_00), Command("ann", "R-2"))
    assert kept.record(CODE, request("refund", party="OCC", amount=50_00), Command("ann", "R-2")).earlier is False


def test_a_dry_run_tells_what_would_be_recorded_and_records_nothing(kept: Ledger, place: Place) -> None:
    before = contents(place)
    receipt = kept.record(CODE, request("refund", party="OCC", amount=50_00), Command("ann", "R-2"), dry_run=True)
    assert (receipt.dry_run, receipt.events[0].number, receipt.events[0].reference) == (True, 3, "R-2")
    assert contents(place) == before


def test_texts_are_committed_with_a_salt_and_kept_apart(kept: Ledger, place: Place) -> None:
    event = kept.event(CODE, 2)
    # The salts of these tests are 1, 2, 3 … in sixteen bytes; the narrative takes the first, the reason the second.
    assert event.narrative_commitment == sha256(bytes(15) + b"\x01" + b"First quarter").hexdigest()
    assert event.reason_commitment == sha256(bytes(15) + b"\x02" + b"As agreed").hexdigest()
    assert (kept.text(event, "narrative"), kept.text(event, "reason")) == ("First quarter", "As agreed")
    assert b"First quarter" not in kept.store.event(CODE, 2)
    assert b"First quarter" in contents(place)
    kept.store._run("DELETE FROM texts WHERE field = 'narrative'")
    assert (kept.text(event, "narrative"), kept.text(event, "reason")) == (None, "As agreed")
    assert b"First quarter" not in contents(place)


def test_the_same_text_is_committed_differently_each_time(kept: Ledger) -> None:
    again = kept.record(CODE, request(**ASKED), Command("ann", "R-2", narrative="First quarter")).events[0]
    assert again.narrative_commitment != kept.event(CODE, 2).narrative_commitment


def test_a_text_that_was_changed_is_not_told(kept: Ledger) -> None:
    kept.store._run("UPDATE texts SET text = 'Second quarter' WHERE field = 'narrative'")
    assert kept.text(kept.event(CODE, 2), "narrative") is None
