"""`poolbook agreement`: sign a file, vary and extend what was signed, list and show it, print a template."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.context import (
    DAY,
    TEXT,
    Group,
    format_option,
    ledger_option,
    opened,
    paper,
    recording_options,
    undated_recording_options,
)
from commands.output import NONE_SIGNED, say_csv, say_json, say_table
from commands.receipt import say_receipt
from commands.reporting import AS_KNOWN
from ledger.errors import BadInput, Fault
from ledger.money import pounds

if TYPE_CHECKING:
    from ledger.application import Ledger
    from ledger.requests import Varying

TYPES = {
    "aligned": "each party spends its own money in its own book",
    "lead_body": "a lead body keeps the pool and recharges the parties",
    "joint_commissioning": "a contractor's bills are split between the parties at source",
    "billing_lead": "joint commissioning, billed to one pool that recharges the parties",
    "joint_venture": "a separate entity keeps its own accounts",
}
"""Template → what it is of."""

agreement = Group("agreement", help="Sign, vary, extend, list and show agreements.")


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

    read = read_agreement(str(file), _bytes(file))
    command = Command(actor=given["who"], reference=given["reference"], narrative=given["narrative"])
    with opened(read_only=dry_run) as ledger:
        receipt = ledger.sign(read, command, dry_run=dry_run, **paper(given))
    say_receipt(receipt, form)


_reason = click.option("--reason", type=TEXT, default="", help="Why. It can be erased later.")


@agreement.command()
@click.argument("words", nargs=-1, required=True, metavar="[ARRANGEMENT] FILE")
@_reason
@undated_recording_options
def vary(words: tuple[str, ...], **given: Any) -> None:
    """Vary an agreement by a TOML file of the tables that change, from a day that is past or to come.

    The file names its arrangement and the day, in [variation]; ARRANGEMENT may name it instead. A variation dated back
    derives anew what was charged by ratios since that day, and posts only the differences. Look first with --dry-run: it
    shows every term that changes and how far the change reaches, and every charge that is put right.
    """
    from ledger.agreement.variation import read_variation
    from ledger.requests import Varying

    *named, name = words
    if len(named) > 1:
        raise click.UsageError("Name one ARRANGEMENT, or none, and one FILE.")
    raw = _bytes(Path(name))
    with opened(read_only=given["dry_run"]) as ledger:
        read = read_variation(name, raw, ledger.terms, *named)
        _record(ledger, read.arrangement, Varying(variation=read.variation, effective_on=read.on), given)


@agreement.command()
@click.argument("arrangement")
@click.option("--to", "ends", type=DAY, required=True, metavar="DATE", help="The new last day.")
@_reason
@recording_options
def extend(arrangement: str, ends: date, on: date, **given: Any) -> None:
    """Extend an agreement to a later last day; --on is the day from which that is agreed."""
    from ledger.agreement.model import Variation
    from ledger.decisions.variation import refuse_not_longer
    from ledger.requests import Varying

    with opened(read_only=given["dry_run"]) as ledger:
        refuse_not_longer(ledger.terms(arrangement).on(on).agreement, ends)
        _record(ledger, arrangement, Varying(variation=Variation(ends=ends), effective_on=on), given)


def _record(ledger: Ledger, arrangement: str, asked: Varying, given: dict[str, Any]) -> None:
    from msgspec.structs import replace

    from commands.varied import compared, say_varied
    from ledger.application import Command

    asked = replace(asked, **paper(given))
    command = Command(given["who"], given["reference"], given["narrative"], given["reason"])
    terms = ledger.terms(arrangement)
    changes = compared(terms, asked.variation, asked.effective_on)
    receipt = ledger.record(arrangement, asked, command, dry_run=given["dry_run"])
    say_varied(receipt, [] if receipt.earlier else changes, given["form"])


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInput(str(file), [Fault(0, "", f"the file cannot be read: {error.strerror}")]) from None


@agreement.command(name="list")
@format_option
@ledger_option
def list_(form: str) -> None:
    """List the arrangements of the ledger, by today's terms."""
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
        click.echo(NONE_SIGNED)


@agreement.command()
@click.argument("arrangement")
@click.option("--as-at", type=DAY, default=None, metavar="DATE", help="The terms in force on this day [today].")
@AS_KNOWN
@format_option
@ledger_option
def show(arrangement: str, as_at: date | None, known: tuple[str, str | int] | None, form: str) -> None:
    """Show the terms of an arrangement: today's, those of a day, as known at a moment."""
    from commands.terms import terms_rows
    from projections.told import plain

    with opened(read_only=True) as ledger:
        found = ledger.agreement(arrangement, as_at, known[1] if known else None)
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
