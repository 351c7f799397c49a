"""`poolbook terminate`: notice, what an end would come to, and the end itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.context import (
    AMOUNT,
    DAY,
    RATIO,
    Group,
    code,
    format_option,
    ledger_option,
    opened,
    paper,
    recording_options,
)
from commands.output import say_csv, say_json, say_table
from commands.receipt import record
from ledger.money import pounds
from ledger.requests import Adjusting, Completing, Notice

if TYPE_CHECKING:
    from ledger.agreement import Terms
    from ledger.termination.plan import Plan
    from ledger.termination.ready import Obstacle
    from projections.final_account import Account

terminate = Group("terminate", help="The end of an arrangement: notice, preview, complete; what outlives it.")

_arrangement = click.argument("arrangement")
_plan = click.option("--plan", type=click.Path(path_type=Path), default=None, metavar="PLAN",
                     help="A plan that preview wrote: what becomes of each thing.")  # fmt: skip
_stand = click.option("--budgets-stand", is_flag=True,
                      help="The budgets of the year cut short are those of its part, or stand as they are.")  # fmt: skip


@terminate.command()
@_arrangement
@click.option("--party", type=code("party"), default="", help="Who gives notice; without it, all parties together.")
@click.option("--ends", type=DAY, default=None, help="When it ends [the earliest day the notice period allows].")
@click.option("--agreed", is_flag=True, help="Every party has agreed to this end: the notice period does not bind.")
@recording_options
def notice(party: str, ends: date | None, agreed: bool, **given: Any) -> None:
    """Give notice that an arrangement ends on a day.

    Notice, the end and its completion are three facts: the arrangement goes on until it is completed.
    """
    record(Notice(effective_on=given["on"], party=party, ends=ends, agreed=agreed, **paper(given)), given)


@terminate.command()
@_arrangement
@click.option("--on", type=DAY, default=lambda: date.today().isoformat(), help="The day of completion [today].")
@_plan
@_stand
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), default=None, metavar="PLAN",
              help="Write the plan into this new file, to be changed and given to complete.")  # fmt: skip
@format_option
@ledger_option
def preview(arrangement: str, on: date, plan: Path | None, budgets_stand: bool, output: Path | None, form: str) -> None:
    """Show what an end would come to, each party's figures step by step, and what still stands in the way."""
    from ledger.decisions.position import pool_book
    from ledger.decisions.termination import at_end, end_of, in_the_way, refuse_stale
    from ledger.termination.plan_file import written
    from projections.final_account import Account

    with opened(read_only=True) as ledger, ledger.store.snapshot():
        chronicle = at_end(ledger, ledger.draft(ledger.known(arrangement)).head, on)
        terms = chronicle.terms_on(on)
        choices = _read(plan, terms)
        if choices is not None:
            refuse_stale(ledger, chronicle, choices, on)
        end = end_of(ledger, chronicle, on, choices)
        stand = budgets_stand or (choices is not None and choices.budgets_stand)
        found = in_the_way(ledger, chronicle, end, budgets_stand=stand)
        root = ledger.root(arrangement)
        if output is not None:
            _write(output, written(end.estate, arrangement, on, chronicle.number, root, stand))
    account = Account(terms, on, pool_book(chronicle, terms), end.after, end.completed)
    _say(account, chronicle.number, found, form)
    if output is not None:
        click.echo(f"The plan is in {output}: change it, then `poolbook terminate complete {arrangement} --on {on} --plan "
                   f"{output}`.", err=True)  # fmt: skip


@terminate.command()
@_arrangement
@_plan
@_stand
@recording_options
def complete(plan: Path | None, budgets_stand: bool, **given: Any) -> None:
    """End an arrangement: every step in one transaction, under one reference.

    Without a plan each thing takes its usual course: creditors are paid, debtors collected, assets and liabilities shared. A
    plan holds only while the books have not moved.
    """
    choices = None
    if plan is not None:
        with opened(read_only=True) as ledger:
            choices = _read(plan, ledger.draft(ledger.known(given["arrangement"])).head.terms_on(given["on"]))
    asked = Completing(effective_on=given["on"], plan=choices, budgets_stand=budgets_stand, **paper(given))
    record(asked, given, sealed=True)


@terminate.command()
@_arrangement
@click.argument("survivor")
@click.option("--amount", type=AMOUNT, required=True, help="By how much it is more, in pounds; below nil: less.")
@click.option("--whose", type=RATIO, default="", metavar="P=1,Q=2", help="Who bears the difference, in which ratio.")
@recording_options
def adjust(survivor: str, amount: int, whose: dict[str, int], **given: Any) -> None:
    """Put what outlived an arrangement at another amount, by its name in the final account.

    The difference falls on those whose payments wait for it, else by its shares, unless --whose says otherwise.
    """
    record(Adjusting(name=survivor, amount=amount, whose=whose or {}, effective_on=given["on"], **paper(given)), given)


def _read(path: Path | None, terms: Terms) -> Plan | None:
    if path is None:
        return None
    from ledger.errors import BadInput, Fault
    from ledger.termination.plan_file import read_plan

    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadInput(str(path), [Fault(0, "", f"the file cannot be read: {error.strerror}")]) from None
    return read_plan(str(path), raw, terms)


def _write(path: Path, text: str) -> None:
    from ledger.errors import Refused

    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise Refused(f"{path} exists already, and a plan is not written over: name a new file.") from None
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}. Name a file where you may write.") from None


def _say(account: Account, events: int, obstacles: list[Obstacle], form: str) -> None:
    from projections.columns import FLAT
    from projections.final_account import document, flat, sheets, way

    code = account.terms.agreement.code
    if form == "json":
        blockers = [{"check": each.check, "remedy": each.sentence, "commands": each.remedies} for each in obstacles]
        say_json(document(account) | {"events": events, "blockers": blockers})
        return
    if form == "csv":
        rows = [*flat(account), *((code, "blocker", each.check, "", each.sentence, 0) for each in obstacles)]
        say_csv(FLAT["final"], ([*texts, pounds(amount)] for *texts, amount in rows))
        return
    click.echo(f"The end of {code} on {account.on}, as the books stand at #{events}: {way(account)}")
    for sheet in sheets(account):
        click.echo(f"\n{sheet.title}")
        say_table(sheet.header, sheet.rows, sheet.amounts)
    click.echo()
    for each in obstacles:
        click.echo(f"In the way: {each.check}: {each.sentence}")
    if not obstacles:
        click.echo(f"{code} is ready to be completed on {account.on}.")
