"""`poolbook dispute`: raise, acknowledge, resolve."""

from __future__ import annotations

from typing import Any

import click

from commands.context import AMOUNT, NAME, Group, code, evidence_hash, opened, recording_options
from commands.output import say_receipt
from ledger import events as e
from ledger.application import Command
from ledger.requests import Disputing

dispute = Group("dispute", help="Disputes raised, acknowledged and resolved; the item stays on both sides' books.")

_arrangement = click.argument("arrangement")
_number = click.argument("number", type=click.IntRange(1, 2**63 - 1))
_reason = click.option("--reason", type=NAME, required=True, help="Why. It can be erased later.")


@dispute.command(name="raise")
@_arrangement
@_number
@click.option("--party", type=code("party"), required=True, help="Who disputes it.")
@click.option("--amount", type=AMOUNT, required=True, help="How much of it, in pounds.")
@_reason
@recording_options
def raise_(arrangement: str, number: int, party: str, amount: int, **given: Any) -> None:
    """Dispute an amount of an event, by its NUMBER.

    The dispute is known by the number it is recorded under. A year does not close while it is open and not acknowledged.
    """
    _record(arrangement, e.DisputeRaised(event=number, party=party, amount=amount), given)


@dispute.command()
@_arrangement
@_number
@click.option("--year", required=True, metavar="YEAR", help="The financial year, like 2013/14.")
@_reason
@recording_options
def acknowledge(arrangement: str, number: int, year: str, **given: Any) -> None:
    """Acknowledge an open dispute, by its NUMBER, for a year's end, so that it no longer blocks it."""
    _record(arrangement, e.DisputeAcknowledged(dispute=number, year=year), given)


@dispute.command()
@_arrangement
@_number
@_reason
@recording_options
def resolve(arrangement: str, number: int, **given: Any) -> None:
    """Resolve an open dispute, by its NUMBER: what was agreed is recorded as a fact of its own."""
    _record(arrangement, e.DisputeResolved(dispute=number), given)


def _record(
    arrangement: str, fact: e.DisputeRaised | e.DisputeAcknowledged | e.DisputeResolved, given: dict[str, Any]
) -> None:
    disputing = Disputing(
        fact=fact, effective_on=given["on"], document=given["document"], evidence=evidence_hash(given["evidence"])
    )
    command = Command(actor=given["who"], reference=given["reference"], narrative=given["narrative"], reason=given["reason"])
    with opened(read_only=given["dry_run"]) as ledger:
        receipt = ledger.record(arrangement, disputing, command, dry_run=given["dry_run"])
    say_receipt(receipt, given["form"])
