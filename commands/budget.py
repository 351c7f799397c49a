"""`poolbook budget`: budgets set and vired, and forecasts; none of them posts."""

from __future__ import annotations

from typing import Any

import click

from commands.context import AMOUNT, NUMBER, Group, code, paper, recording_options
from commands.receipt import record
from ledger import events as e
from ledger.requests import Planned

budget = Group("budget", help="Budgets set and vired, and forecasts.")

_arrangement = click.argument("arrangement")
_year = click.option("--year", required=True, metavar="YEAR", help="The financial year, like 2013/14.")


@budget.command(name="set")
@_arrangement
@_year
@click.option("--scheme", type=code("scheme"), required=True, help="The scheme.")
@click.option("--party", type=code("party"), required=True, help="Whose budget.")
@click.option("--amount", type=AMOUNT, required=True, help="The budget in pounds, net of the scheme's own income.")
@click.option("--provisional", is_flag=True, help="Not agreed yet: shown, but it does not count.")
@recording_options
def set_(year: str, scheme: str, party: str, amount: int, provisional: bool, **given: Any) -> None:
    """Set a party's budget for a scheme in a year, in place of what it was."""
    _record(e.BudgetSet(year, scheme, party, amount, provisional), given)


@budget.command()
@_arrangement
@_year
@click.option("--amount", type=AMOUNT, help="How much moves, in pounds.")
@click.option("--from-scheme", type=code("scheme"), default="", help="The scheme it leaves; none: it comes into the pool.")
@click.option("--from-party", type=code("party"), default="", help="Whose budget it leaves.")
@click.option("--to-scheme", type=code("scheme"), default="", help="The scheme it goes to; none: it leaves the pool.")
@click.option("--to-party", type=code("party"), default="", help="Whose budget it goes to.")
@click.option("--provisional", is_flag=True, help="Not agreed yet: shown, but it does not count.")
@click.option("--confirms", type=NUMBER, help="Confirm the provisional virement of this number.")
@recording_options
def vire(
    year: str,
    amount: int | None,
    from_scheme: str,
    from_party: str,
    to_scheme: str,
    to_party: str,
    provisional: bool,
    confirms: int | None,
    **given: Any,
) -> None:
    """Move budget between schemes or parties, or across the pool's boundary."""  # fmt: skip
    sides = (from_scheme, from_party, to_scheme, to_party)
    if confirms and (amount is not None or any(sides) or provisional):
        raise click.UsageError("--confirms says it all: leave the amount and the sides out.")
    if not confirms and amount is None:
        raise click.UsageError("Say how much moves, with --amount; or which virement is confirmed, with --confirms.")
    _record(e.BudgetVired(year, amount or 0, *sides, provisional), given, confirms or 0)


@budget.command()
@_arrangement
@_year
@click.option("--scheme", type=code("scheme"), required=True, help="The scheme.")
@click.option("--amount", type=AMOUNT, required=True, help="Its net cost of the whole year, as expected, in pounds.")
@recording_options
def forecast(year: str, scheme: str, amount: int, **given: Any) -> None:
    """Say what a scheme's net cost of a year is expected to be; the last forecast counts."""
    _record(e.ForecastMade(year, scheme, amount), given)


def _record(fact: e.BudgetSet | e.BudgetVired | e.ForecastMade, given: dict[str, Any], confirms: int = 0) -> None:
    record(Planned(fact=fact, effective_on=given["on"], confirms=confirms, **paper(given)), given)
