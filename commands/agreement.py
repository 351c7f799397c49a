"""`poolbook agreement`: sign a file, list and show what was signed, print a template."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from commands.context import Group, format_option, ledger_option, opened, paper, undated_recording_options
from commands.output import say_csv, say_json, say_table
from commands.receipt import say_receipt
from ledger.errors import BadInput, Fault
from ledger.money import pounds

TYPES = {
    "aligned": "each party spends its own money in its own book",
    "lead_body": "a lead body keeps the pool and recharges the parties",
    "joint_commissioning": "a contractor's bills are split between the parties at source",
    "billing_lead": "joint commissioning, billed to one pool that recharges the parties",
    "joint_venture": "a separate entity keeps its own accounts",
}
"""Template → what it is of."""

agreement = Group("agreement", help="Sign, list and show agreements.")


@agreement.command()
@click.argument("file", type=click.Path(path_type=Path))
@undated_recording_options
def sign(file: Path, form: str, dry_run: bool, **given: Any) -> None:
    """Sign the agreement in a TOML file.

    A faulty file is refused whole, with every fault and its line. The signing takes effect on the day the arrangement starts,
    whenever it is recorded.
    """
    from ledger.agreement.reader import read_agreement
    from ledger.application import Command

    try:
        raw = file.read_bytes()
    except OSError as error:
        raise BadInput(str(file), [Fault(0, "", f"the file cannot be read: {error.strerror}")]) from None
    read = read_agreement(str(file), raw)
    command = Command(actor=given["who"], reference=given["reference"], narrative=given["narrative"])
    with opened(read_only=dry_run) as ledger:
        receipt = ledger.sign(read, command, dry_run=dry_run, **paper(given))
    say_receipt(receipt, form)


@agreement.command(name="list")
@format_option
@ledger_option
def list_(form: str) -> None:
    """List the arrangements of the ledger."""
    with opened(read_only=True) as ledger:
        agreements = [ledger.agreement(code) for code in ledger.store.streams()]
    if form == "json":
        say_json([
            {"arrangement": a.code, "name": a.name, "type": a.type, "starts": a.starts.isoformat(),
             "ends": a.ends.isoformat() if a.ends else None, "parties": [party.code for party in a.parties]}
            for a in agreements
        ])  # fmt: skip
        return
    header = ("arrangement", "name", "type", "starts", "ends", "parties")
    rows = [(a.code, a.name, a.type, a.starts, a.ends or "", " ".join(party.code for party in a.parties)) for a in agreements]
    if form == "csv":
        say_csv(header, [[str(cell) for cell in row] for row in rows])
    elif rows:
        say_table(header, rows)
    else:
        click.echo("No agreement has been signed: begin with `poolbook agreement template lead_body`.")


@agreement.command()
@click.argument("arrangement")
@format_option
@ledger_option
def show(arrangement: str, form: str) -> None:
    """Show the terms of an arrangement as they stand."""
    from commands.plain import plain
    from commands.terms import terms_rows

    with opened(read_only=True) as ledger:
        found = ledger.agreement(arrangement)
    if form == "json":
        say_json(plain(found))
    elif form == "csv":
        say_csv(("arrangement", "item", "value"), [(found.code, *row) for row in terms_rows(found, pounds)])
    else:
        say_table(("item", "value"), terms_rows(found))


@agreement.command(epilog="\b\n" + "\n".join(f"{name:<20} {says}" for name, says in TYPES.items()))
@click.argument("kind", metavar="TYPE", type=click.Choice(list(TYPES)))
def template(kind: str) -> None:
    """Print an agreement file of a type, ready to be changed and signed."""
    from importlib.resources import files

    click.echo(files("commands").joinpath("templates", f"{kind}.toml").read_text(encoding="utf-8"), nl=False)
