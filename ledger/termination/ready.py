"""Whether an arrangement is ready to end: everything that stands in the way, each with its remedy.

Source: accounting rules, “The end of an arrangement”: first the last accruals, the last recharge and the true-up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from ledger import events as e
from ledger.agreement import Terms
from ledger.calendar import Year, year_of
from ledger.chronicle import Chronicle
from ledger.decisions.recharge import net_cost_left
from ledger.decisions.year_outcome import outcome
from ledger.errors import Refused
from ledger.money import sterling
from ledger.termination.estate import Estate


class Obstacle(NamedTuple):
    """Something that stands in the way of an end, and its remedies: commands of which one will do."""

    check: str
    found: str
    remedies: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What was found, and what to do."""
        return f"{self.found}: {', or '.join(self.remedies)}" if self.remedies else self.found


def obstacles(
    chronicle: Chronicle, events: Iterable[e.Event], terms: Terms, estate: Estate, on: date, *, budgets_stand: bool
) -> list[Obstacle]:
    """Everything that stands in the way of ending an arrangement on a day, each with its remedy.

    `events` are all of its events, and `chronicle` what they come to, with the year of that day in view.
    """
    cut = "" if budgets_stand else cut_short(chronicle, terms, on)
    unrecharged = [*_unrecharged(chronicle, terms, on)]
    return [
        *_too_early(chronicle, events, terms.keeper, on),
        *_under_notice(chronicle, on),
        *(unrecharged or _not_trued_up(chronicle, terms, on)),
        *([_budgets(terms, cut)] if cut else []),
        *_nobody_shares(estate),
    ]


def _too_early(chronicle: Chronicle, events: Iterable[e.Event], keeper: str, on: date) -> Iterator[Obstacle]:
    moved: dict[str, int] = {}
    last = on = max(on, chronicle.state.open_from.get(keeper, on))
    for event in events:
        accounts = event.entries.get(keeper, {})
        posted_on = event.posted_on.get(keeper, event.effective_on)
        if accounts and posted_on > on:
            last = max(last, posted_on)
            for account, amount in accounts.items():
                moved[account] = moved.get(account, 0) + amount
    if any(moved.values()):
        yield Obstacle(
            "facts after the end",
            f"{keeper} has postings up to {last}: complete on that day or later, or reverse them",
        )


def _under_notice(chronicle: Chronicle, on: date) -> Iterator[Obstacle]:
    for _number, notice in chronicle.standing(e.NoticeGiven)[-1:]:
        if notice.ends > on:
            yield Obstacle(
                "notice not run out",
                f"{notice.party or 'the parties'} gave notice to {notice.ends}: complete on that day or later, or record the "
                f"end that all agreed",
                (f"poolbook terminate notice {chronicle.stream} --on {on} --ends {on} --agreed",),
            )


def _unrecharged(chronicle: Chronicle, terms: Terms, on: date) -> Iterator[Obstacle]:
    for scheme in terms.schemes if terms.lead else ():
        left = net_cost_left(chronicle, scheme)
        recharged = any(any(charge.recharged.values()) for charge in chronicle.state.charges.get(scheme, {}).values())
        if left > 0 or (left < 0 and recharged):
            yield Obstacle(
                "net cost not recharged",
                f"{scheme} has {sterling(left)} not yet recharged",
                (f"poolbook recharge run {chronicle.stream} --to {on}",),
            )


def _not_trued_up(chronicle: Chronicle, terms: Terms, on: date) -> Iterator[Obstacle]:
    risk = terms.agreement.risk
    if not terms.lead or risk is None or risk.undecided:
        return
    for year in _years(terms, on):
        remedy = (f"poolbook year settle {terms.agreement.code} --year {year.label}",)
        try:
            open_parts = {party: part for party, part in outcome(chronicle, terms, year).true_ups.items() if part}
        except Refused as refused:
            yield Obstacle("risk share without a rule", f"{year.label}: {refused}")
            continue
        if open_parts:
            said = ", ".join(f"{party} {sterling(part)}" for party, part in open_parts.items())
            yield Obstacle("true-up outstanding", f"{year.label} is not settled ({said})", remedy)


def _years(terms: Terms, on: date) -> Iterator[Year]:
    year = year_of(terms.agreement.starts, terms.year_start)
    while year.first <= on:
        yield year
        year = year.next


def cut_short(chronicle: Chronicle, terms: Terms, on: date) -> str:
    """The year within which the arrangement ended, where its budgets share a risk; else nothing."""
    risk = terms.agreement.risk
    notices = chronicle.standing(e.NoticeGiven)
    ends = notices[-1][1].ends if notices else terms.agreement.ends
    ended = min(ends or on, on)
    year = year_of(ended, terms.year_start)
    shares = terms.lead and risk is not None and not risk.undecided
    return year.label if shares and ended < year.last and chronicle.budgets_of(year.label) else ""


def _budgets(terms: Terms, label: str) -> Obstacle:
    return Obstacle(
        "budget of a year cut short",
        f"{label} is cut short, and its budgets share the risk: set them for the part of the year and settle it, then say "
        f"--budgets-stand",
        (f"poolbook budget set {terms.agreement.code} --year {label} --scheme … --party … --amount …",),
    )


def _nobody_shares(estate: Estate) -> Iterator[Obstacle]:
    """A deficit that nobody makes good: nobody takes assets for nothing, or over what the venture owes."""
    for thing in [] if estate.called_in else estate.of("asset", "shares") + estate.of("liability", "shares"):
        remedy = (
            "sell it, or in_kind to an owner that pays for it" if thing.kind == "asset" else "hold, or assume by an owner"
        )
        yield Obstacle(
            "deficit not called in",
            f"{thing.name} cannot be shared while the owners do not make good the deficit: plan {remedy}",
        )
