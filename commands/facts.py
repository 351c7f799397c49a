"""The recording commands: one for each type of fact, made from the same table as the CSV's types."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import click

from commands.context import (
    AMOUNT,
    DAY,
    NUMBER,
    REASON,
    Group,
    code,
    paper,
    recording_options,
    undated_recording_options,
)
from commands.receipt import record
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
    def record_fact(**given: Any) -> None:
        fields: dict[str, Any] = {column: given[column] for column in kind.columns} | paper(given)
        record(Request(type=kind.type, effective_on=given["on"], **fields), given)

    columns = [_option(kind, column) for column in reversed(kind.columns)]
    callback: Callable[..., None] = record_fact
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
        idle = f"{given['arrangement']} has nothing to recharge up to {to}: nothing was recorded."
        record(Run(effective_on=to, **paper(given)), given, idle=idle)

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
            last = to or date.today()
            idle = f"{given['arrangement']} has nothing to raise of the schedule up to {last}: nothing was recorded."
            record(Scheduled(to=last, **paper(given)), given, idle=idle)
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


contribution, expenditure, income, recharge, asset, liability = map(_group, _GROUPS)
recharge.add_command(_run())
contribution.add_command(_due())
bill = _command(_single["bill"])
settlement = _command(_single["settlement"])
refund = _command(_single["refund"])
set_off = _command(_single["set-off"])


@click.command()
@click.argument("arrangement")
@click.argument("number", type=NUMBER)
@click.option("--reason", type=REASON, required=True, help="Why: what was wrong with it. It can be erased later.")
@recording_options
def reverse(number: int, reason: str, **given: Any) -> None:
    """Reverse an earlier event by its number.

    Its recorded parts are negated exactly, in every book. Nothing is reversed twice; a reversal itself can be.
    """
    record(Reversal(reverses=number, effective_on=given["on"], **paper(given)), given, reason=reason)
