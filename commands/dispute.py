"""`poolbook dispute`: raise, acknowledge, resolve."""

from __future__ import annotations

from typing import Any

import click

from commands.context import AMOUNT, NUMBER, REASON, Group, code, paper, recording_options
from commands.receipt import record
from ledger import events as e
from ledger.requests import Disputing

dispute = Group("dispute", help="Disputes raised, acknowledged and resolved; the item stays on both sides' books.")

_arrangement = click.argument("arrangement")
_number = click.argument("number", type=NUMBER)
_reason = click.option("--reason", type=REASON, required=True, help="Why. It can be erased later.")


@dispute.command(name="raise")
@_arrangement
@_number
@click.option("--party", type=code("party"), required=True, help="Who disputes it.")
@click.option("--amount", type=AMOUNT, required=True, help="How much of it, in pounds.")
@_reason
@recording_options
def raise_(number: int, party: str, amount: int, **given: Any) -> None:
    """Dispute an amount of an event, by its NUMBER.

    The dispute is known by the number it is recorded under. A year does not close while it is open and not acknowledged.
    """
    _record(e.DisputeRaised(event=number, party=party, amount=amount), given)


@dispute.command()
@_arrangement
@_number
@click.option("--year", required=True, metavar="YEAR", help="The financial year, like 2013/14.")
@_reason
@recording_options
def acknowledge(number: int, year: str, **given: Any) -> None:
    """Acknowledge an open dispute, by its NUMBER, for a year's end, so that it no longer blocks it."""
    _record(e.DisputeAcknowledged(dispute=number, year=year), given)


@dispute.command()
@_arrangement
@_number
@_reason
@recording_options
def resolve(number: int, **given: Any) -> None:
    """Resolve an open dispute, by its NUMBER: what was agreed is recorded as a fact of its own."""
    _record(e.DisputeResolved(dispute=number), given)


def _record(fact: e.DisputeRaised | e.DisputeAcknowledged | e.DisputeResolved, given: dict[str, Any]) -> None:
    record(Disputing(fact=fact, effective_on=given["on"], **paper(given)), given, reason=given["reason"])
