"""`poolbook audit`: the commands of auditors, each in a module of its own."""

from __future__ import annotations

import click

from commands.lazy import Lazy, Table

COMMANDS: Table = {
    "verify": ("commands.audit_verify:verify", "Prove the events, their log and the balances from the stored bytes."),
}


@click.command(cls=Lazy, table=COMMANDS)
def audit() -> None:
    """What the books prove, and to whom."""
