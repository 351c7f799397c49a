"""Figures of a year: what its facts add, its budgets, and the memorandum account made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from ledger import events as e
from ledger.agreement import Terms
from ledger.calendar import Year, year_of
from ledger.chronicle import Chronicle
from ledger.errors import UnknownCode, did_you_mean
from ledger.money import pence
from projections.explain.accounts import Listed
from projections.explain.asked import Asked, Line
from projections.explain.shares import true_up_grounds
from projections.explain.tree import Node, less, summed
from projections.memorandum import PARTY_FIGURES, SCHEME_FIGURES, holds
from projections.memorandum_report import memoranda
from projections.year_figures import PARTY, SCHEME, figures

TOTAL = "total"


def spelt(label: str) -> str:
    """A year as a figure spells it: “2013-14”."""
    return label.replace("/", "-")


class YearFigures:
    """One year of an arrangement, with what each of its facts adds to a figure."""

    def __init__(self, asked: Asked, label: str, chronicle: Chronicle) -> None:
        self.asked, self.label, self.chronicle = asked, label, chronicle
        self.terms: Terms = chronicle.terms_on(chronicle.the_year.last)
        found = figures(self.terms, chronicle.occurrences)
        self.parties = found.codes(PARTY, self.terms.parties)
        self.schemes = list(dict.fromkeys([*found.codes(SCHEME, self.terms.schemes), *chronicle.budgets]))

    def effects(self, of: str, code: str, figure: str) -> Node:
        """What the year's facts add to a scheme's or a party's figure."""
        parts = []
        for occurrence in self.chronicle.occurrences:
            amount = occurrence.sign * figures(self.terms, [occurrence._replace(sign=1)])[of, code, figure].pence
            if amount:
                event = self.asked.ledger.event(self.asked.code, occurrence.number)
                leaf = self.asked.leaf(event, amount)
                if figure in ("true_up", "borne", "billed") and isinstance(occurrence.fact, e.TrueUpRaised):
                    leaf = leaf._replace(grounds=true_up_grounds(self.asked, event, occurrence.fact, code))
                parts.append(leaf)
        return summed(figure.replace("_", " "), parts)

    def budget(self, counts: Callable[[str, str], bool]) -> Node:
        """The confirmed budgets of some schemes and parties: what was set last for each, and what was vired since."""
        parts: list[Node] = []
        for scheme, budgets in self.chronicle.budgets.items():
            for party, total in budgets.items():
                if counts(scheme, party):
                    parts += self._budget(scheme, party, total)
        return summed("budget", parts)

    def _budget(self, scheme: str, party: str, total: int) -> Iterator[Node]:
        changes: list[tuple[int, int]] = []
        for number, amount, anew in _budget_changes(self.chronicle, scheme, party):
            changes = [(number, amount)] if anew else [*changes, (number, amount)]
        rest = total - sum(amount for _, amount in changes)
        if rest:
            last = self.chronicle.the_year.last
            number = self.asked.set_by(self.asked.up_to, last, lambda terms: _planned(terms, self.label, scheme, party))
            event = self.asked.ledger.event(self.asked.code, number)
            yield self.asked.leaf(event, rest, what=f"the agreement's budget of {scheme} for {party}")
        for number, amount in changes:
            if amount:
                event = self.asked.ledger.event(self.asked.code, number)
                yield self.asked.leaf(event, amount, what=f"{scheme} for {party}")


def _planned(terms: Terms, label: str, scheme: str, party: str) -> list[int]:
    return [each.amount for each in terms.agreement.budgets if (each.year, each.scheme, each.party) == (label, scheme, party)]


def _budget_changes(chronicle: Chronicle, scheme: str, party: str) -> Iterator[tuple[int, int, bool]]:
    """What was set or moved of one budget: number, pence, and whether it was set anew."""
    found: list[tuple[int, e.BudgetSet | e.BudgetVired]] = [
        *chronicle.of_year(e.BudgetSet),
        *chronicle.of_year(e.BudgetVired),
    ]
    for number, fact in sorted(found, key=lambda change: change[0]):
        if fact.provisional:
            continue
        if isinstance(fact, e.BudgetSet):
            if (fact.scheme, fact.party) == (scheme, party):
                yield number, fact.amount, True
            continue
        if (fact.from_scheme, fact.from_party) == (scheme, party):
            yield number, -fact.amount, False
        if (fact.to_scheme, fact.to_party) == (scheme, party):
            yield number, fact.amount, False


# memorandum/YEAR/CODE/FIGURE


def memorandum(asked: Asked, label: str, code: str, figure: str) -> Node:
    """A figure of the memorandum account: of a party, of a scheme, or in total."""
    year = YearFigures(asked, label, asked.year(label))
    found = _memorandum(year, code, figure)
    return found._replace(label=f"{figure.replace('_', ' ')} of {code} in {label}")


def _memorandum(year: YearFigures, code: str, figure: str) -> Node:
    if code == TOTAL:
        known_figure(figure, (*PARTY_FIGURES, *SCHEME_FIGURES))
        of = year.parties if figure in PARTY_FIGURES else year.schemes
        return summed(figure, (_memorandum(year, each, figure)._replace(label=each) for each in of))
    if code in year.schemes:
        return _of_scheme(year, code, known_figure(figure, SCHEME_FIGURES))
    known_party(year, code)
    return _of_party(year, code, known_figure(figure, PARTY_FIGURES))


def _of_party(year: YearFigures, party: str, figure: str) -> Node:
    if figure == "brought_forward":
        return _held(year, party, lambda day: day < year.chronicle.the_year.first)
    if figure != "carried_forward":
        return year.effects(PARTY, party, figure)
    came = [_of_party(year, party, name) for name in ("brought_forward", "due", "billed")]
    went = [less(_of_party(year, party, name)) for name in ("borne", "refunds")]
    found = summed(figure, [*came, *went])
    held = _held(year, party, lambda day: day <= year.chronicle.the_year.last)
    return found if found.amount == held.amount else held


def _held(year: YearFigures, party: str, counts: Callable[[date], bool]) -> Node:
    """What the pool's book holds of a party's contributions, by the lines posted on some days."""

    def amount(line: Line) -> int:
        mine = line.book == year.terms.keeper and holds(line.account, party)
        return -line.pence if mine and counts(line.posted_on) else 0

    return summed("brought forward", year.asked.lines(amount) if year.terms.keeper else ())


def _of_scheme(year: YearFigures, scheme: str, figure: str) -> Node:
    if figure == "budget":
        return year.budget(lambda budgeted, _party: budgeted == scheme)
    if figure == "variance":
        cost = [_of_scheme(year, scheme, "actual"), less(_of_scheme(year, scheme, "income"))]
        return summed(figure, [*cost, less(_of_scheme(year, scheme, "budget"))])
    if figure == "unrecharged":
        if not year.terms.lead:
            return Node(figure, 0)
        cost = [_of_scheme(year, scheme, "actual"), less(_of_scheme(year, scheme, "income"))]
        return summed(figure, [*cost, less(year.effects(SCHEME, scheme, "recharged"))])
    return year.effects(SCHEME, scheme, figure)


def list_memoranda(asked: Asked) -> Listed:
    """Every figure of the memorandum account of every year there is."""
    for label in years(asked):
        (report,) = memoranda(asked.ledger, [asked.code], year=label)
        document = report.document
        for row in document["parties"]:
            yield from listed("memorandum", label, row["party"], row, PARTY_FIGURES)
        for row in document["schemes"]:
            yield from listed("memorandum", label, row["scheme"], row, SCHEME_FIGURES)
        yield from listed("memorandum", label, TOTAL, document["totals"], (*PARTY_FIGURES, *SCHEME_FIGURES))


def listed(report: str, label: str, code: str, row: dict[str, str | None], names: Iterable[str]) -> Listed:
    """The figures of a row of a report, spelt; those that it does not have are left out."""
    for name in names:
        value = row.get(name)
        if value is not None:
            yield f"{report}/{spelt(label)}/{code}/{name}", pence(value)


def years(asked: Asked) -> Iterator[str]:
    """The labels of the years from the arrangement's first to that of its latest business date."""
    days = [event.effective_on for event in asked.history()]
    if not days:
        return
    starts, last = asked.terms.year_start, max(days)
    year: Year = year_of(asked.terms.agreement.starts, starts)
    while year.first <= last:
        yield year.label
        year = year.next


def known_figure(figure: str, known: Iterable[str]) -> str:
    """The figure, if it is one of those there are; else UnknownCode."""
    names = list(known)
    if figure not in names:
        raise UnknownCode(f"{figure} is no figure there{did_you_mean(figure, names)}", "figure")
    return figure


def known_party(year: YearFigures, code: str) -> str:
    """The code, if it is a party's that the year knows; else UnknownCode that names parties and schemes."""
    if code not in year.parties:
        hint = did_you_mean(code, [*year.parties, *year.schemes])
        raise UnknownCode(f"{code} is no party or scheme of {year.asked.code} in {year.label}{hint}", "figure")
    return code
