"""`poolbook audit show`: one event in full."""

from __future__ import annotations

import click

from commands.context import NUMBER, format_option, ledger_option, opened
from commands.reporting import say_reports


@click.command()
@click.argument("arrangement")
@click.argument("number", type=NUMBER)
@format_option
@ledger_option
def show(arrangement: str, number: int, form: str) -> None:
    """One event in full.

    Who recorded it, when and why; both its dates, its entries in every book, what it reverses or was reversed by, the terms
    it was decided under, and the proof of its place in the log.
    """
    from projections.audit.show import show as ask

    with opened(read_only=True) as ledger:
        say_reports([ask(ledger, ledger.known(arrangement), number)], False, form, "audit_show")
