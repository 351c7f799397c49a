"""`poolbook audit erase-narrative`."""

from __future__ import annotations

from typing import Any

import click

from commands.context import NUMBER, REASON, paper, recording_options
from commands.receipt import record
from ledger.requests import Erasing


@click.command(name="erase-narrative")
@click.argument("arrangement")
@click.argument("number", type=NUMBER)
@click.option("--reason", type=REASON, required=True, help="Why. It is a text like any other: name nobody in it.")
@recording_options
def erase_narrative(number: int, **given: Any) -> None:
    """Erase the narrative and the reason of an event, by its NUMBER, for good.

    The texts and their salts are taken out of the ledger; that they were there, who erased them and why stays on record, and
    every checkpoint still proves. Copies and backups made before keep the texts: erase there too, or destroy them.
    """
    record(Erasing(event=number, effective_on=given["on"], **paper(given)), given, reason=given["reason"])
