"""Steps of a year end, budgets and forecasts, as the tests of year reports take them: in pounds, as of a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger import events as e
from ledger.money import pence
from ledger.requests import Planned, YearStep
from tests.projections.conftest import WHO, Books

YEAR = "2013/14"


def plan(books: Books, fact: e.BudgetSet | e.BudgetVired | e.ForecastMade, on: str, confirms: int = 0) -> int:
    """Record a budget, a virement or a forecast; gives the event's number."""
    asked = Planned(fact=fact, effective_on=date.fromisoformat(on), confirms=confirms)
    return books.ledger.record(books.code, asked, WHO).events[0].number


def budget(books: Books, scheme: str, party: str, amount: str, on: str = "2013-04-01", **more: Any) -> int:
    """Set a budget of 2013/14."""
    return plan(books, e.BudgetSet(YEAR, scheme, party, pence(amount), **more), on)


def step(books: Books, what: str, year: str = YEAR, **more: str) -> list[int]:
    """Carry out a step of a year end; gives the events' numbers."""
    receipt = books.ledger.record(books.code, YearStep(step=what, year=year, **more), WHO)
    return [event.number for event in receipt.events]
