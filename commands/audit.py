"""`poolbook audit`: the commands of auditors, each in a module of its own."""

from __future__ import annotations

import click

from commands.lazy import Lazy, Table

COMMANDS: Table = {
    "log": ("commands.audit_log:log", "Who recorded what, when and why; and tests of journal entries."),
    "show": ("commands.audit_show:show", "One event in full."),
    "explain": ("commands.audit_explain:explain", "Where a figure comes from."),
    "replay": ("commands.audit_replay:replay", "Rebuild everything from the events, and compare."),
    "verify": ("commands.audit_verify:verify", "Prove the events, their log, balances and state from the stored bytes."),
    "checkpoint": ("commands.audit_checkpoint:checkpoint", "Sign what the log holds, for others to keep."),
    "cosign": ("commands.audit_cosign:cosign", "Put your own signature to a partner's checkpoint."),
    "pack": ("commands.audit_pack:pack", "Make a folder that a partner takes away and checks alone."),
    "verify-pack": ("commands.audit_pack:verify_pack", "Check a pack, as the program in it does."),
    "erase-narrative": ("commands.audit_erase:erase_narrative", "Erase the narrative and the reason of an event."),
}


@click.command(cls=Lazy, table=COMMANDS)
def audit() -> None:
    """What the books prove, and to whom."""
