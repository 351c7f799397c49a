"""`poolbook year`: what stands in the way of a year end, what it comes to, and its steps."""

from __future__ import annotations

from typing import Any

import click

from commands.context import REASON, Group, code, format_option, ledger_option, opened, paper, undated_recording_options
from commands.output import say_csv, say_json, say_table
from commands.receipt import record
from ledger.errors import NotProven
from ledger.money import pounds, printed
from ledger.requests import YearStep

year = Group("year", help="The year end: check, reclassify, preview, settle, close, reopen.")

_arrangement = click.argument("arrangement")
_year = click.option("--year", "label", required=True, metavar="YEAR", help="The financial year, like 2013/14.")
_body = click.option("--body", type=code("party"), default="", help="Whose books; without it, every body's.")


@year.command()
@_arrangement
@_year
@format_option
@ledger_option
def check(arrangement: str, label: str, form: str) -> None:
    """Say what stands in the way of settling and closing a year, each with its remedy.

    Ends with exit code 5 while anything does.
    """
    from ledger.decisions.year_checks import blockers

    with opened(read_only=True) as ledger:
        chronicle = ledger.chronicle(arrangement, label)
    found = blockers(chronicle, chronicle.terms_on(chronicle.the_year.last))
    if form == "json":
        say_json({
            "arrangement": arrangement, "year": label,
            "blockers": [
                {"check": blocker.check, "remedy": blocker.sentence, "commands": blocker.remedies} for blocker in found
            ],
        })  # fmt: skip
    elif form == "csv":
        say_csv(
            ("arrangement", "year", "check", "remedy"),
            [(arrangement, label, blocker.check, blocker.sentence) for blocker in found],
        )
    else:
        for blocker in found:
            click.echo(f"{blocker.check}: {blocker.found}")
            for nth, remedy in enumerate(blocker.remedies):
                click.echo(f"  {'or ' if nth else ''}{remedy}")
        if not found:
            click.echo(f"{arrangement} is ready: nothing stands in the way of settling and closing {label}.")
    if found:
        raise NotProven(f"{len(found)} in the way of the year end of {arrangement}, {label}: mend each, then check again.")


@year.command()
@_arrangement
@_year
@format_option
@ledger_option
def preview(arrangement: str, label: str, form: str) -> None:
    """Show what the risk share comes to: each party's steps, each with its amount and the clause it comes from."""
    from ledger.decisions.year_outcome import outcome

    with opened(read_only=True) as ledger:
        chronicle = ledger.chronicle(arrangement, label)
    terms = chronicle.terms_on(chronicle.the_year.last)
    found = outcome(chronicle, terms)
    steps = [(step.party, step.scheme, step.clause, step.amount) for step in found.steps]
    steps.sort(key=lambda step: terms.parties.index(step[0]))
    header = ("party", "scheme", "clause", "amount")
    parties = [
        (party, found.borne[party], found.charged[party], found.true_ups[party]) for party in terms.parties if found.borne
    ]
    if form == "json":
        say_json({
            "arrangement": arrangement, "year": label,
            "schemes": [
                {"scheme": v.scheme, "budget": pounds(sum(v.budgets.values())), "variance": pounds(v.amount),
                 "held": v in found.held}
                for v in found.variances
            ],
            "steps": [dict(zip(header, (*step[:3], pounds(step[3])), strict=True)) for step in steps],
            "parties": [
                {"party": party, "borne": pounds(borne), "charged": pounds(charged), "true_up": pounds(true_up)}
                for party, borne, charged, true_up in parties
            ],
        })  # fmt: skip
        return
    if form == "csv":
        say_csv(("arrangement", "year", *header), [(arrangement, label, *step[:3], pounds(step[3])) for step in steps])
        return
    click.echo(f"Risk share of {arrangement}, {label}\n")
    say_table(
        ("scheme", "budget", "variance"),
        [(v.scheme, sum(v.budgets.values()), v.amount) for v in found.variances], ("budget", "variance"),
    )  # fmt: skip
    for variance in found.held:
        click.echo(f"{variance.scheme}: {printed(variance.amount)} is held unallocated: no rule for it is agreed yet.")
    if steps:
        click.echo()
        say_table(header, steps, ("amount",))
        click.echo()
        say_table(("party", "bears", "charged so far", "true-up"), parties, ("bears", "charged so far", "true-up"))
    elif not found.held:
        click.echo("\nThe agreement shares no risk: what was recharged stands.")


@year.command()
@_arrangement
@_year
@undated_recording_options
def reclassify(**given: Any) -> None:
    """Show debtors in credit as creditors, and creditors in debit as debtors, over the year's end.

    Posted on the year's last day and back on the next, so that the invoice or refund it waits for clears it; what stands on
    the wrong side of both accounts cancels, and does not come back.
    """
    _step("reclassify", given)


@year.command()
@_arrangement
@_year
@click.option(
    "--unspent",
    type=click.Choice(["return", "carry_forward", "retain"]),
    help="What becomes of unspent contributions, where the agreement does not say.",
)
@undated_recording_options
def settle(unspent: str | None, **given: Any) -> None:
    """Raise the true-ups, and record what becomes of unspent contributions.

    Refused while `year check` finds anything. Settling again changes nothing.
    """  # fmt: skip
    _step("settle", given, unspent=unspent or "")


@year.command()
@_arrangement
@_year
@_body
@undated_recording_options
def close(body: str, **given: Any) -> None:
    """Close a body's books of a year, or all that are still open.

    The event carries every account's balance at the year's end; income and expenditure go to the reserve on the first day of
    the next year. Facts of the closed year that come late are dated that day.
    """
    _step("close", given, body=body)


@year.command()
@_arrangement
@_year
@_body
@click.option("--reason", type=REASON, required=True, help="Why. It can be erased later.")
@undated_recording_options
def reopen(body: str, reason: str, **given: Any) -> None:
    """Take a body's last close back, or every body's."""
    _step("reopen", given, body=body, reason=reason)


def _step(step: str, given: dict[str, Any], reason: str = "", **asked: str) -> None:
    label = given["label"]
    idle = f"{given['arrangement']} has nothing left to {step} for {label}: nothing was recorded."
    sealed = step == "close"
    record(YearStep(step=step, year=label, **asked, **paper(given)), given, reason=reason, idle=idle, sealed=sealed)
