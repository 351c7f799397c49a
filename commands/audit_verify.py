"""`poolbook audit verify`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.context import format_option, ledger_option, ledger_place
from commands.keys import memories
from commands.output import counted, say_csv, say_json
from ledger.errors import NotProven, Refused
from ledger.text import escaped

if TYPE_CHECKING:
    from ledger.audit.held import Held
    from ledger.audit.verification import Verified
    from ledger.store.opening import Place


@click.command()
@click.argument("arrangement", required=False)
@click.option("--quick", is_flag=True, help="Leave out replaying the facts, which proves state, assets and liabilities.")
@click.option(
    "--checkpoint",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Hold the events against this checkpoint too; again for more.",
)
@format_option
@ledger_option
def verify(arrangement: str | None, quick: bool, files: tuple[Path, ...], form: str) -> None:
    """Prove the events, their log, balances and state from the stored bytes.

    Without ARRANGEMENT, the whole ledger. Nothing that the ledger keeps beside its events is believed: everything is computed
    anew and compared, and held against the checkpoints that you last signed or cosigned. Ends with exit code 5 where anything
    differs, and names the first event that is wrong.
    """
    from ledger.audit.verification import verified

    def document(each: Verified) -> dict[str, object]:
        findings = [{"number": finding.number or None, "finding": finding.sentence} for finding in each.findings]
        against = [
            {"file": str(held.path), "size": held.checkpoint.size}
            for held in checkpoints if held.checkpoint.arrangement == each.arrangement
        ]  # fmt: skip
        return {
            "arrangement": each.arrangement, "events": each.events, "root": each.root.hex(), "checkpoints": against,
            "findings": findings,
        }  # fmt: skip

    where = ledger_place()
    checkpoints = _checkpoints(where, arrangement, files)
    found = verified(where, arrangement, state=not quick, checkpoints=checkpoints)
    if form == "json":
        say_json(document(found[0]) if arrangement else [document(each) for each in found])
    elif form == "csv":
        say_csv(("arrangement", "events", "root", "number", "finding"), [
            (each.arrangement, each.events, each.root.hex(), number or "", sentence)
            for each in found for number, sentence in [*each.findings, (0, "")][: len(each.findings) or 1]
        ])  # fmt: skip
    else:
        for each in found:
            _say(each, checkpoints)
    wrong = [each for each in found if each.findings]
    if wrong:
        what = f"{counted(len(wrong), 'arrangement')} of {len(found)}" if len(found) > 1 else wrong[0].arrangement
        raise NotProven(f"Not proven: {what}. Restore a backup, and ask who had the file in hand.")


def _checkpoints(where: Place, arrangement: str | None, files: tuple[Path, ...]) -> list[Held]:
    """The checkpoints named, and those that the user's own keys remember; of these arrangements."""
    from ledger.audit.held import held
    from ledger.audit.reader import opened

    reader = opened(where)
    reader.close()
    named = [held(file) for file in files]
    for each in named:
        if each.checkpoint.ledger_id != reader.ledger_id or arrangement not in (None, each.checkpoint.arrangement):
            raise Refused(f"{each.path} is a checkpoint of {each.checkpoint.origin}, which is not what is verified here.")
    found = [*named, *(each for memory in memories() for each in memory.all(reader.ledger_id))]
    return [each for each in found if arrangement in (None, each.checkpoint.arrangement)]


def _say(each: Verified, checkpoints: list[Held]) -> None:
    name = escaped(each.arrangement) or "The ledger"
    for number, sentence in each.findings:
        click.echo(f"{f'#{number} of {name}' if number else name}: {escaped(sentence)}.")
    if not each.findings:
        click.echo(f"{name} proves: {counted(each.events, 'event')}, root {each.root.hex()}.")
        for held in checkpoints:
            if held.checkpoint.arrangement == each.arrangement:
                click.echo(
                    f"  It continues the checkpoint of {counted(held.checkpoint.size, 'event')} in {escaped(str(held.path))}."
                )
