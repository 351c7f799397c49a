"""The reports: the books and what they say."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.context import DAY, TEXT, Group, ledger_option, opened
from commands.files import new_file
from commands.progress import progress
from commands.reporting import AS_AT, AS_KNOWN, BOOK, FROM, KNOWN, TO, YEAR, reports
from ledger.text import escaped

if TYPE_CHECKING:
    from ledger.application import Ledger
    from projections.sheets import Report


@click.group(cls=Group)
def report() -> None:
    """The books and what they say.

    Every report takes the code of an arrangement, or --all. None of them changes the ledger.
    """


@reports(BOOK, AS_AT, AS_KNOWN)
def balances(
    ledger: Ledger, arrangements: list[str] | None, book: str, as_at: date | None, known: tuple[str, str | int] | None
) -> list[Report]:
    """What every account stands at: now, as at a day, as known at a moment.

    Debit is positive, credit negative; accounts that stand at nil are left out.
    """
    from projections.balances import balances as ask

    said, moment = known or ("", None)
    return ask(ledger, arrangements, book=book, as_at=as_at, as_known=said, known=moment)


@reports(
    BOOK,
    click.option("--account", type=TEXT, default="", metavar="NAME", help="Only this account, such as Assets:Cash."),
    click.option("--party", type=TEXT, default="", metavar="CODE",
                 help="Only accounts that name this body, in whatever book, such as Assets:Debtors:CODE."),
    FROM,
    TO,
)  # fmt: skip
def accounts(ledger: Ledger, arrangements: list[str] | None, **asked: Any) -> list[Report]:
    """Accounts in full: opening, every line, the balance it led to, closing."""
    from projections.account_lines import Asked
    from projections.account_lines import accounts as ask

    return ask(ledger, arrangements, Asked(**asked))


@reports(BOOK, FROM, TO)
def journal(ledger: Ledger, arrangements: list[str] | None, **asked: Any) -> list[Report]:
    """Every entry in the order in which it was recorded, with what it reverses or is reversed by."""
    from projections.journal import journal as ask

    return ask(ledger, arrangements, **asked)


@reports(
    click.argument("body", required=False),
    FROM,
    TO,
    click.option("--year", type=TEXT, default="", metavar="YEAR", help="A financial year, such as 2013/14."),
    click.option("--as-at", type=DAY, default=None, metavar="DATE", help="The financial year up to this day."),
    click.option("--statutory", is_flag=True, help="A lead's own book and the pool it keeps, as one body's accounts."),
)
def statement(ledger: Ledger, arrangements: list[str] | None, **asked: Any) -> list[Report]:
    """One body's accounts: income and expenditure for a period, and the balance sheet at its end.

    BODY is a code with a book: a party, POOL, the contractor or the entity. Without a period, everything counts.
    """
    from projections.statement_report import Asked, statements

    dates = (bool(asked["first"] or asked["last"]), bool(asked["year"]), bool(asked["as_at"]))
    if sum(dates) > 1:
        raise click.UsageError("Name the period once: --from and --to, or --year, or --as-at.")
    return statements(ledger, arrangements, Asked(**asked))


@reports(YEAR, click.option("--trace", is_flag=True, help="Also the numbers of the events behind each figure."))
def memorandum(ledger: Ledger, arrangements: list[str] | None, **asked: Any) -> list[Report]:
    """The pool's account of a year: what each party brought in, bore and keeps; what each scheme cost.

    Brought forward, due and billed, less borne and refunds, is carried forward; what was given in kind stands beside.
    """
    from projections.memorandum_report import memoranda

    return memoranda(ledger, arrangements, **asked)


@reports(
    YEAR,
    AS_AT,
    AS_KNOWN,
    click.option("--against", type=KNOWN, default=None, metavar="WHEN",
                 help="Instead the bridge: what was known by the earlier of the two, by the later, and the events between."),
)  # fmt: skip
def outturn(
    ledger: Ledger, arrangements: list[str] | None, known: tuple[str, str | int] | None, **asked: Any
) -> list[Report]:
    """Budget, actual, variance and forecast of a year, by scheme and by party.

    A variance above nil is adverse. A party's actual is what it has been charged so far, or what it spent by itself.
    """
    from projections.outturn_report import Asked, outturns

    return outturns(ledger, arrangements, Asked(as_known=known, **asked))


@reports(AS_AT, click.option("--disposed", is_flag=True, help="Also those disposed of, with proceeds and gain or loss."))
def assets(ledger: Ledger, arrangements: list[str] | None, **asked: Any) -> list[Report]:
    """The register of fixed assets: cost, depreciation, carrying value, holder."""
    from projections.assets import assets as ask

    return ask(ledger, arrangements, **asked)


@reports(AS_AT)
def contributions(ledger: Ledger, arrangements: list[str] | None, **asked: Any) -> list[Report]:
    """What is due from each party and when: cleared, overdue, planned; and what was received before it was due.

    Dues and the instalments of the agreement's schedule; what was paid first clears what bears the same document, then the
    oldest.
    """
    from projections.contributions_report import contribution_reports

    return contribution_reports(ledger, arrangements, **asked)


@reports(AS_AT)
def disputes(ledger: Ledger, arrangements: list[str] | None, **asked: Any) -> list[Report]:
    """What is disputed, by whom, since when, and whether it is settled; resolved disputes too."""
    from projections.disputes import dispute_reports

    return dispute_reports(ledger, arrangements, **asked)


@reports(BOOK, AS_AT)
def debtors(ledger: Ledger, arrangements: list[str] | None, **asked: Any) -> list[Report]:
    """What each book is owed, by body and by days since posting."""
    from projections.aged import aged

    return aged(ledger, arrangements, "debtors", **asked)


@reports(BOOK, AS_AT)
def creditors(ledger: Ledger, arrangements: list[str] | None, **asked: Any) -> list[Report]:
    """What each book owes, by body and by days since posting."""
    from projections.aged import aged

    return aged(ledger, arrangements, "creditors", **asked)


@reports(
    click.option("--period", type=TEXT, required=True, metavar="PERIOD",
                 help="A year, quarter or month, such as 2013/14, 2013/14-Q2 or 2013-07."),
    click.option("--area", type=TEXT, default="", metavar="AREA", help="Only indicators of this area."),
    AS_KNOWN,
)  # fmt: skip
def performance(
    ledger: Ledger, arrangements: list[str] | None, known: tuple[str, str | int] | None, **asked: Any
) -> list[Report]:
    """What was achieved in a period, beside the money: indicators against their targets, by area.

    Each by whom the type of arrangement makes responsible; who has not reported is named.
    """
    from projections.performance_report import Asked, performances

    return performances(ledger, arrangements, Asked(as_known=known, **asked))


@reports()
def responsibilities(ledger: Ledger, arrangements: list[str] | None) -> list[Report]:
    """Who answers for what: by the agreement, else by what its type of arrangement says."""
    from projections.responsibilities import responsibilities as ask

    return ask(ledger, arrangements)


def _write_partner_statements(ledger: Ledger, arrangements: list[str] | None, path: Path, body: str, **asked: Any) -> None:
    from projections.partner_statement_files import write
    from projections.partner_statement_report import Asked

    write(ledger, arrangements, path, Asked(body, **asked))


@reports(
    click.argument("body", metavar="PARTY", required=False),
    FROM,
    TO,
    click.option("--year", type=TEXT, default="", metavar="YEAR", help="A financial year, such as 2013/14."),
    write=_write_partner_statements,
)
def partner_statement(ledger: Ledger, arrangements: list[str] | None, body: str, **asked: Any) -> list[Report]:
    """What a party must book itself, line by line, and what it and the others say of each other.

    Without a period it goes back to the beginning, and `poolbook reconcile` reads the list, CSV or XLSX, without a
    difference.
    """
    from projections.partner_statement_report import Asked, partner_statements

    return partner_statements(ledger, arrangements, Asked(body, **asked))


@click.command()
@click.argument("arrangement")
@click.option("--year", type=TEXT, default="", metavar="YEAR", help="A financial year [the last with an entry].")
@click.option("--output", type=click.Path(path_type=Path), required=True, metavar="FILE", help="A new file to write: .xlsx.")
@ledger_option
def workbook(arrangement: str, output: Path, year: str) -> None:
    """A year as a workbook that an accountant can follow: accounts, outturn, partners' lines, journal, registers.

    Every total is a formula over what it is made of.
    """
    if output.suffix.casefold() != ".xlsx":
        raise click.UsageError("A workbook is written as .xlsx: give the --output file that ending.")
    from projections.workbook.report import write_workbook

    with opened(read_only=True) as ledger, new_file(output) as path:
        write_workbook(ledger, ledger.known(arrangement), path, year=year, progress=partial(progress, label="Writing"))
    click.echo(f"Wrote {escaped(str(output))}.", err=True)


@reports()
def final(ledger: Ledger, arrangements: list[str] | None) -> list[Report]:
    """The final account of an arrangement that was completed: one page for the parties to sign.

    What was there, at which values, who was entitled to what, took what and was paid what, and what outlives it.
    """
    from projections.final_report import finals

    return finals(ledger, arrangements)


for _command in (balances, accounts, journal, statement, memorandum, outturn, assets, contributions, debtors, creditors,
                 disputes, performance, responsibilities, partner_statement, workbook, final):  # fmt: skip
    report.add_command(_command)
