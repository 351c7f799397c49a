"""Decisions about the end: notice, completion with all its steps, and what may still be recorded afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Protocol

from msgspec.structs import replace

from ledger import events as e
from ledger.agreement import Terms
from ledger.calendar import months_after, year_of
from ledger.chronicle import Chronicle
from ledger.decisions.decided import Decided
from ledger.decisions.guards import guard
from ledger.decisions.position import wound_up
from ledger.errors import Refused, did_you_mean
from ledger.requests import Completing, Notice
from ledger.state import Head
from ledger.termination.ending import Ending, ending
from ledger.termination.plan import Choices, Plan
from ledger.termination.ready import Obstacle, cut_short, obstacles
from ledger.termination.steps import Close


class History(Protocol):
    """What an end looks up beyond the head."""

    def chronicle(self, arrangement: str, label: str | None = None) -> Chronicle:
        """The arrangement replayed, with a year in view where one is named."""

    def history(self, arrangement: str, after: int = 0) -> Iterator[e.Event]:
        """The events of an arrangement in order."""

    def root(self, arrangement: str) -> str:
        """The root of the arrangement's log, in hex."""


def notice(terms: Terms, asked: Notice) -> e.NoticeGiven:
    """Refuse an end sooner than the notice period allows, unless every party has agreed to it."""
    agreement = terms.agreement
    if asked.party:
        terms.known_party(asked.party, "party")
    earliest = asked.effective_on if asked.agreed else months_after(asked.effective_on, agreement.notice_months)
    ends = asked.ends or earliest
    if ends < earliest:
        period = "the day it is given" if asked.agreed else f"{agreement.notice_months} months after {asked.effective_on}"
        raise Refused(
            f"Notice of {asked.effective_on} cannot end {agreement.code} on {ends}: the earliest end is {earliest}, "
            f"{period}. Name that day or a later one"
            + ("." if asked.agreed else ", or say --agreed where every party has agreed.")
        )
    return e.NoticeGiven(ends=ends, party=asked.party, agreed=asked.agreed)


def at_end(history: History, head: Head, on: date) -> Chronicle:
    """The arrangement as an end on a day looks at it; raises Refused where it has ended, or does not start by then."""
    starts, year_start = head.terms_on(on).agreement.starts, head.terms_on(on).year_start
    if head.state.completed:
        raise Refused(
            f"{head.stream} was completed already, by #{head.state.completed}: see `poolbook report final {head.stream}`."
        )
    if on < starts:
        raise Refused(f"{head.stream} starts on {starts}, so it cannot end on {on}: check the date.")
    return history.chronicle(head.stream, year_of(on, year_start).label)


def end_of(history: History, chronicle: Chronicle, on: date, plan: Plan | None) -> Ending:
    """What ending an arrangement on a day would come to, by a plan or by usual course; nothing is recorded."""
    terms = chronicle.terms_on(on)
    choices = Choices(plan.choices if plan else ())
    end = ending(chronicle, terms, on, choices, _open_years(history, chronicle, terms, on))
    for choice in plan.choices if plan else ():
        codes = [thing.code for thing in end.estate.of(choice.kind)]
        if choice.code not in codes:
            raise Refused(
                f"The plan says what becomes of the {choice.kind} {choice.code}, and {chronicle.stream} has none such at its "
                f"end{did_you_mean(choice.code, codes) if codes else ': there is none.'}"
            )
    return end


def in_the_way(history: History, chronicle: Chronicle, end: Ending, *, budgets_stand: bool) -> list[Obstacle]:
    """Everything that stands in the way of an end, each with its remedy."""
    terms, events = chronicle.terms_on(end.on), history.history(chronicle.stream)
    return obstacles(chronicle, events, terms, end.estate, end.on, budgets_stand=budgets_stand)


def completion(history: History, head: Head, asked: Completing) -> Iterator[Decided]:
    """The arrangement's end and every step that carries it out; the head must take each in before the next is asked for.

    Raises Refused while anything stands in the way, or where the plan was made from other books.
    """
    on, plan = asked.effective_on, asked.plan
    if plan is not None:
        refuse_stale(history, head, plan, on)
    chronicle = at_end(history, head, on)
    end = end_of(history, chronicle, on, plan)
    stand = asked.budgets_stand or (plan is not None and plan.budgets_stand)
    if found := in_the_way(history, chronicle, end, budgets_stand=stand):
        listed = "\n".join(f"  {obstacle.check}: {obstacle.sentence}" for obstacle in found)
        raise Refused(f"{head.stream} cannot be completed on {on} while this stands:\n{listed}\nMend it, then preview again.")
    cut = cut_short(chronicle, chronicle.terms_on(on), on) if stand else ""
    yield Decided(replace(end.completed, cut_short=cut), {}, on)
    for step in end.steps:
        guard(head, step.entries)
        yield step


def refuse_stale(history: History, head: Head, plan: Plan, on: date) -> None:
    """Refuse a plan of another arrangement or day, or one made before the books moved, with the events since."""
    made = f"This plan was made for {plan.arrangement} on {plan.on}"
    if (plan.arrangement, plan.on) != (head.stream, on):
        raise Refused(f"{made}, and not for {head.stream} on {on}: preview that, and use its plan.")
    if plan.number < head.number:
        since = [
            f"  #{event.number} {event.type} of {event.effective_on}" for event in history.history(head.stream, plan.number)
        ]
        more = [f"  … and {len(since) - 20} more"] if len(since) > 20 else []
        raise Refused(
            "\n".join([f"{made}, up to event #{plan.number}, and the books have moved since:", *since[:20], *more,
                       "Preview again, and use the new plan."])
        )  # fmt: skip
    if plan.number > head.number or plan.root != history.root(head.stream):
        raise Refused(f"{made} from other books than these: preview again in this ledger, and use its plan.")


def _open_years(history: History, chronicle: Chronicle, terms: Terms, on: date) -> Iterable[Close]:
    """The years before the end that the pool book has not closed, with the income and expenditure each closes with."""
    if not wound_up(terms):
        return []
    last = chronicle.last_close(terms.lead or terms.entity)
    year = year_of(last[1].opens if last else terms.agreement.starts, terms.year_start)
    if year_of(on, terms.year_start).first <= year.first:
        return []
    standing: dict[date, dict[str, int]] = {}
    for event in history.history(chronicle.stream):
        posted_on = event.posted_on.get(terms.keeper, event.effective_on)
        for account, amount in event.entries.get(terms.keeper, {}).items():
            if account.startswith(("Income:", "Expenditure:")):
                accounts = standing.setdefault(max(year_of(posted_on, terms.year_start).first, year.first), {})
                accounts[account] = accounts.get(account, 0) + amount
    found = []
    while year.next.first <= on:
        balances = {account: amount for account, amount in sorted(standing.get(year.first, {}).items()) if amount}
        found.append(Close(year.last, year.next.first, balances))
        year = year.next
    return found
