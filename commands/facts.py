"""The recording commands: one for each type of fact, made from the same table as the CSV's types."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from commands.context import (
    AMOUNT,
    DAY,
    TEXT,
    Group,
    code,
    evidence_hash,
    opened,
    recording_options,
    undated_recording_options,
)
from commands.output import say_receipt
from ledger.application import Command
from ledger.requests import KINDS, Kind, Request, Reversal, Run, Scheduled

_GROUPS = {
    "contribution": "Contributions due, received, given in kind.",
    "expenditure": "Expenditure incurred and paid.",
    "income": "Income received, due, collected.",
    "recharge": "Charge net cost to the parties.",
    "asset": "Fixed assets bought, worn off, transferred, disposed of.",
    "liability": "Liabilities provided for and settled.",
}


def _command(kind: Kind) -> click.Command:
    @click.argument("arrangement")
    @recording_options
    def record(arrangement: str, form: str, dry_run: bool, **given: Any) -> None:
        request, command = asked(kind, given)
        with opened(read_only=dry_run) as ledger:
            receipt = ledger.record(arrangement, request, command, dry_run=dry_run)
        say_receipt(receipt, form)

    columns = [_option(kind, column) for column in reversed(kind.columns)]
    callback: Callable[..., None] = record
    for option in columns:
        callback = option(callback)
    callback.__doc__ = f"{kind.says}\n\nIn a CSV file: type {kind.type}."
    return click.command(name=kind.command[-1])(callback)


def _option(kind: Kind, column: str) -> Callable[[Any], Any]:
    needed = column in kind.needs
    money = column in ("amount", "consideration")
    absent: dict[str, Any] = {"required": True} if needed else {"default": ""}
    return click.option(f"--{column}", type=AMOUNT if money else code(column), help=_sentence(kind.meaning(column)), **absent)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def asked(kind: Kind, given: dict[str, Any]) -> tuple[Request, Command]:
    """The request and the command that a recording command's options say."""
    fields = {column: given[column] for column in kind.columns}
    request = Request(
        type=kind.type,
        effective_on=given["on"],
        document=given["document"],
        evidence=evidence_hash(given["evidence"]),
        **fields,
    )
    return request, Command(actor=given["who"], reference=given["reference"], narrative=given["narrative"])


def _group(name: str) -> click.Group:
    group = Group(name, help=_GROUPS[name])
    for kind in KINDS.values():
        if kind.command[0] == name:
            group.add_command(_command(kind))
    return group


def _run() -> click.Command:
    @click.argument("arrangement")
    @click.option("--to", type=DAY, required=True, help="Charge the costs up to this business date.")
    @undated_recording_options
    def run(to: date, **given: Any) -> None:
        """Recharge every scheme's net cost not yet recharged.

        Each scheme is charged by the ratio in force, a year at a time: first what bears a fund's tag, to those who funded it
        and as far as the fund reaches; then the rest, drawn first from what each party paid in advance. Running it again
        charges only what has come since.
        """
        asked_for = Run(effective_on=to, document=given["document"], evidence=evidence_hash(given["evidence"]))
        _record_many(asked_for, given, f"recharge up to {to}")

    return click.command(name="run")(run)


_single = {kind.command[0]: kind for kind in KINDS.values() if len(kind.command) == 1}


def _due() -> click.Command:
    kind = KINDS["contribution_due"]
    one = _command(kind)
    assert one.callback is not None
    record_one = one.callback

    @click.option("--scheduled", is_flag=True, help="Raise instead every instalment of the agreement's schedule.")
    @click.option("--to", type=DAY, default=None, help="With --scheduled: up to this day [today].")
    def due(scheduled: bool, to: date | None, **given: Any) -> None:
        if scheduled:
            if any(given[column] for column in kind.columns):
                raise click.UsageError("--scheduled takes party, amount, fund and scheme from the schedule: leave them out.")
            asked_for = Scheduled(
                to=to or date.today(), document=given["document"], evidence=evidence_hash(given["evidence"])
            )
            _record_many(asked_for, given, f"raise of the schedule up to {asked_for.to}")
            return
        if to is not None:
            raise click.UsageError("--to goes with --scheduled.")
        for column in kind.needs:
            if given[column] in (None, ""):
                ctx = click.get_current_context()
                raise click.MissingParameter(ctx=ctx, param=next(p for p in ctx.command.params if p.name == column))
        record_one(**given)

    for parameter in one.params:
        if parameter.name in kind.needs:
            parameter.required = False
    due.__doc__ = (
        f"{kind.says}\n\nWith --scheduled, every instalment in the agreement's schedule that is due and not raised yet; "
        f"what is raised already is passed over.\n\nIn a CSV file: type {kind.type}."
    )
    command = click.command(name="due")(due)
    command.params = [*one.params, *command.params]
    return command


def _record_many(asked_for: Run | Scheduled, given: dict[str, Any], what: str) -> None:
    command = Command(actor=given["who"], reference=given["reference"], narrative=given["narrative"])
    with opened(read_only=given["dry_run"]) as ledger:
        receipt = ledger.record(given["arrangement"], asked_for, command, dry_run=given["dry_run"])
    if not receipt.events and given["form"] == "table":
        click.echo(f"{given['arrangement']} has nothing to {what}: nothing was recorded.")
    else:
        say_receipt(receipt, given["form"])


contribution, expenditure, income, recharge, asset, liability = map(_group, _GROUPS)
recharge.add_command(_run())
contribution.add_command(_due())
bill = _command(_single["bill"])
settlement = _command(_single["settlement"])
refund = _command(_single["refund"])
set_off = _command(_single["set-off"])


@click.command()
@click.argument("arrangement")
@click.argument("number", type=click.IntRange(1, 2**63 - 1))
@click.option("--reason", type=TEXT, required=True, help="Why: what was wrong with it. It can be erased later.")
@recording_options
def reverse(arrangement: str, number: int, reason: str, form: str, dry_run: bool, **given: Any) -> None:
    """Reverse an earlier event by its number.

    Its recorded parts are negated exactly, in every book. Nothing is reversed twice; a reversal itself can be.
    """
    evidence: Path | None = given["evidence"]
    request = Reversal(
        reverses=number, effective_on=given["on"], document=given["document"], evidence=evidence_hash(evidence)
    )
    command = Command(actor=given["who"], reference=given["reference"], narrative=given["narrative"], reason=reason)
    with opened(read_only=dry_run) as ledger:
        receipt = ledger.record(arrangement, request, command, dry_run=dry_run)
    say_receipt(receipt, form)
