"""`poolbook audit verify`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from commands.context import format_option, ledger_option, ledger_path
from commands.output import counted, say_csv, say_json
from ledger.errors import NotProven
from ledger.text import escaped

if TYPE_CHECKING:
    from ledger.audit.verification import Verified


@click.command()
@click.argument("arrangement", required=False)
@click.option("--quick", is_flag=True, help="Leave out replaying the facts, which proves state, assets and liabilities.")
@format_option
@ledger_option
def verify(arrangement: str | None, quick: bool, form: str) -> None:
    """Prove the events, their log, balances and state from the stored bytes.

    Without ARRANGEMENT, the whole ledger. Nothing that the ledger keeps beside its events is believed: everything is computed
    anew and compared. Ends with exit code 5 where anything differs, and names the first event that is wrong.
    """
    from ledger.audit.verification import verified

    def document(each: Verified) -> dict[str, object]:
        findings = [{"number": finding.number or None, "finding": finding.sentence} for finding in each.findings]
        return {"arrangement": each.arrangement, "events": each.events, "root": each.root.hex(), "findings": findings}

    found = verified(ledger_path(), arrangement, state=not quick)
    if form == "json":
        say_json(document(found[0]) if arrangement else [document(each) for each in found])
    elif form == "csv":
        say_csv(("arrangement", "events", "root", "number", "finding"), [
            (each.arrangement, each.events, each.root.hex(), number or "", sentence)
            for each in found for number, sentence in [*each.findings, (0, "")][: len(each.findings) or 1]
        ])  # fmt: skip
    else:
        for each in found:
            _say(each)
    wrong = [each for each in found if each.findings]
    if wrong:
        what = f"{counted(len(wrong), 'arrangement')} of {len(found)}" if len(found) > 1 else wrong[0].arrangement
        raise NotProven(f"Not proven: {what}. Restore a backup, and ask who had the file in hand.")


def _say(each: Verified) -> None:
    name = escaped(each.arrangement) or "The ledger"
    for number, sentence in each.findings:
        click.echo(f"{f'#{number} of {name}' if number else name}: {escaped(sentence)}.")
    if not each.findings:
        click.echo(f"{name} proves: {counted(each.events, 'event')}, root {each.root.hex()}.")
