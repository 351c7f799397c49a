"""A sample of the attacks that `python -m tests.audit.attacks` makes in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audit import attacks


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> attacks.Victim:
    """A small ledger, signed for."""
    return attacks.victim(tmp_path_factory.mktemp("attacked"))


def test_a_flipped_byte_is_found_or_changes_no_event(victim: attacks.Victim) -> None:
    counted = attacks.flips(victim, every=251, first=50)
    assert counted["found"] > 20
    assert sum(counted.values()) > 150


def test_a_deliberate_change_is_found_against_a_checkpoint_and_its_number_named(victim: attacks.Victim) -> None:
    counted = attacks.changes(victim, 270)
    assert sum(counted.values()) == 270
    assert {kind for kind, _, result in counted if result == "found"} == set(attacks.ATTACKS)


def test_without_a_checkpoint_a_history_rewritten_with_care_is_not_found(victim: attacks.Victim, tmp_path: Path) -> None:
    """What the checkpoint is for."""
    import random

    from ledger.audit.verification import verified
    from ledger.store.encoding import decode

    history = [decode(raw) for raw in victim.raws]
    attacks.rewritten(victim, attacks.ATTACKS["re-date"](random.Random(1), history), "everything")
    assert [each.findings for each in verified(victim.copy)] == [[]]
    assert attacks.judged(victim.copy, victim)[0] == "found"
    del tmp_path
