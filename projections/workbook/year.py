"""The year's figures: the facts that make them, the budgets, and over these the memorandum account and the outturn."""

from __future__ import annotations

from typing import NamedTuple

from ledger.accounts import ADVANCE, capital
from ledger.agreement import Terms
from ledger.chronicle import Chronicle
from projections.memorandum import PARTY_FIGURES, SCHEME_FIGURES, memorandum
from projections.outturn import Row, outturn
from projections.sheets import Sheet
from projections.workbook.books import WIDTHS, Account
from projections.workbook.xlsx import Area, Book, Formula
from projections.year_figures import PARTY, SCHEME, effects

FACTS = ("of", "code", "figure", "number", "type", "amount")
_NIL = Formula("=0", 0)


class Facts(NamedTuple):
    """The table of the year's facts, and where in it each figure's rows stand: first and last row, and their sum."""

    area: Area
    spans: dict[tuple[str, str, str], tuple[int, int, int]]

    def sum(self, of: str, code: str, figure: str) -> Formula:
        """A figure, as the sum of its facts."""
        first, last, pence = self.spans.get((of, code, figure), (0, -1, 0))
        return self.area.total("amount", pence, first, last) if first <= last else _NIL


def add_facts(book: Book, chronicle: Chronicle, terms: Terms) -> Facts:
    """What each fact of the year adds to which figure; the rows of one figure stand together."""
    rows: list[tuple[object, ...]] = sorted(
        (effect.of, effect.code, effect.figure, number, type(fact).__name__, sign * effect.pence)
        for number, fact, sign in chronicle.occurrences
        for effect in effects(terms, fact)
    )
    spans: dict[tuple[str, str, str], tuple[int, int, int]] = {}
    for place, (of, code, figure, _number, _type, pence) in enumerate(rows):
        key = (str(of), str(code), str(figure))
        first, _, total = spans.get(key, (place, place, 0))
        spans[key] = (first, place, total + int(str(pence)))
    title = f"What each fact of {chronicle.the_year.label} adds to which figure"
    return Facts(book.table("Facts", Sheet(title, FACTS, rows, ("amount",)), widths=WIDTHS), spans)


BUDGETS = ("scheme", "party", "amount")


def add_budgets(book: Book, chronicle: Chronicle) -> Area:
    """The confirmed budgets of the year, by scheme and party."""
    rows = [(scheme, party, pence) for scheme, parts in chronicle.budgets.items() for party, pence in parts.items()]
    return book.table("Budgets", Sheet(f"Budgets of {chronicle.the_year.label}", BUDGETS, rows, ("amount",)), widths=WIDTHS)


def add_memorandum(
    book: Book, chronicle: Chronicle, terms: Terms, facts: Facts, budgets: Area, trial: Area, accounts: list[Account]
) -> tuple[Area, Area]:
    """The memorandum account: parties and schemes, each figure a sum of its facts, each balance a formula over figures."""
    made = memorandum(chronicle)
    label = chronicle.the_year.label
    parties: list[tuple[object, ...]] = []
    for row, (party, figures) in enumerate(made.parties.items(), 2):
        cells: dict[str, object] = {name: facts.sum(PARTY, party, name) for name in PARTY_FIGURES}
        pence = figures["brought_forward"].pence
        held = [f"-{trial.cell('opening', place)}" for place in _held(terms, accounts, party)]
        cells["brought_forward"] = Formula(f"={''.join(held)}" if held else "=0", pence)
        carried = figures["carried_forward"].pence
        # Aligned parties pay to nobody, so nothing of theirs is held, whatever they allocated and spent.
        cells["carried_forward"] = Formula(f"=B{row}+C{row}+F{row}-G{row}-I{row}" if terms.keeper else "=0", carried)
        parties.append((party, *cells.values()))
    schemes: list[tuple[object, ...]] = []
    for row, (scheme, figures) in enumerate(made.schemes.items(), 2):
        recharged = facts.sum(SCHEME, scheme, "recharged")
        budget = budgets.total_where("amount", "scheme", f"$A{row}", figures["budget"].pence)
        left = Formula(f"=C{row}-D{row}-{recharged.text.removeprefix('=')}", figures["unrecharged"].pence)
        schemes.append((
            scheme, budget, facts.sum(SCHEME, scheme, "actual"), facts.sum(SCHEME, scheme, "income"),
            Formula(f"=C{row}-D{row}-B{row}", figures["variance"].pence), left if terms.lead else _NIL,
        ))  # fmt: skip
    return (
        _totalled(book, "Memorandum parties", f"Memorandum account, {label}: parties", ("party", *PARTY_FIGURES), parties),
        _totalled(book, "Memorandum schemes", f"Memorandum account, {label}: schemes", ("scheme", *SCHEME_FIGURES), schemes),
    )


def _held(terms: Terms, accounts: list[Account], party: str) -> list[int]:
    """Where the trial balance has what the pool holds of a party: contributions in advance, funds included, or capital."""
    names = (ADVANCE + party, capital(party))
    return [
        place
        for place, account in enumerate(accounts)
        if account.book == terms.keeper and (account.name in names or account.name.startswith(f"{ADVANCE}{party}:"))
    ]


def add_checks(book: Book, terms: Terms, trial: Area, journal: Area, parties: Area, accounts: list[Account]) -> None:
    """What must come to nil: every book, both sides of the journal, the memorandum account against the ledger."""
    rows: list[tuple[object, ...]] = []

    def check(what: str, one: str, other: str, pence: int, beside: int) -> None:
        difference = Formula(f"=B{len(rows) + 2}-C{len(rows) + 2}", pence - beside)
        rows.append((what, Formula(f"={one}", pence), Formula(f"={other}", beside), difference))

    at = 0
    for code in dict.fromkeys(account.book for account in accounts):
        inside = [account for account in accounts if account.book == code]
        total = trial.total("closing", sum(account.closing for account in inside), at, at + len(inside) - 1)
        check(f"The book of {code} adds up to nil", total.text[1:], "0", total.pence, 0)
        at += len(inside)
    for side in ("debits", "credits"):
        pence = sum(getattr(account, side) for account in accounts)
        posted, told = trial.total(side, pence), journal.total(side[:-1], pence)
        check(f"The journal's {side} are the accounts'", told.text[1:], posted.text[1:], pence, pence)
    for row, party in enumerate(terms.parties):
        places = _held(terms, accounts, party)
        held = "".join(f"-{trial.cell('closing', place)}" for place in places) or "0"
        pence = -sum(accounts[place].closing for place in places)
        check(f"Carried forward of {party} is what the pool holds", parties.cell("carried_forward", row), held,
              pence, pence)  # fmt: skip
    header = ("check", "one", "other", "difference")
    book.table("Checks", Sheet("What must come to nil", header, rows, header[1:]), widths={"check": 60})


OUTTURN = ("budget", "provisional", "actual", "variance", "forecast", "forecast_variance")


def add_outturn(book: Book, chronicle: Chronicle, facts: Facts, budgets: Area, memorandum_schemes: Area) -> tuple[Area, Area]:
    """The outturn, by scheme and by party: budget, actual and variance as formulas over the budgets and the facts."""
    made = outturn(chronicle)
    label = chronicle.the_year.label
    listed = list(memorandum(chronicle).schemes)
    schemes: list[tuple[object, ...]] = []
    for row, (scheme, figures) in enumerate(made.schemes.items(), 2):
        place = listed.index(scheme)
        budget, actual, income = (memorandum_schemes.cell(name, place) for name in ("budget", "actual", "income"))
        schemes.append((
            scheme, Formula(f"={budget}", figures.budget), figures.provisional,
            Formula(f"={actual}-{income}", figures.actual), Formula(f"=D{row}-B{row}", figures.variance),
            *_forecast(row, figures),
        ))  # fmt: skip
    parties: list[tuple[object, ...]] = []
    for row, (party, figures) in enumerate(made.parties.items(), 2):
        budget_cell = budgets.total_where("amount", "party", f"$A{row}", figures.budget)
        borne = facts.sum(PARTY, party, "borne")
        parties.append((party, budget_cell, figures.provisional, borne, Formula(f"=D{row}-B{row}", figures.variance)))
    return (
        _totalled(book, "Outturn schemes", f"Outturn, {label}: schemes", ("scheme", *OUTTURN), schemes),
        _totalled(book, "Outturn parties", f"Outturn, {label}: parties", ("party", *OUTTURN[:4]), parties),
    )


def _forecast(row: int, figures: Row) -> tuple[object, object]:
    if figures.forecast is None or figures.forecast_variance is None:
        return "", ""
    return figures.forecast, Formula(f"=F{row}-B{row}", figures.forecast_variance)


def _totalled(book: Book, name: str, title: str, header: tuple[str, ...], rows: list[tuple[object, ...]]) -> Area:
    """A table whose columns of amounts are summed under it."""
    sums: list[object] = []
    for at in range(1, len(header)):
        letter = chr(ord("A") + at)
        cells = [row[at] for row in rows]
        pence = sum(cell.pence if isinstance(cell, Formula) else cell for cell in cells if isinstance(cell, int | Formula))
        sums.append(Formula(f"=SUM({letter}2:{letter}{len(rows) + 1})", pence))
    total = ("Total", *sums) if rows else ()
    return book.table(name, Sheet(title, header, rows, header[1:]), total=total, widths={"party": 14, "scheme": 24})
