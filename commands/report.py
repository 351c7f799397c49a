"""The reports: the books and what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from commands.context import DAY, TEXT, Convert, Group, format_option, ledger_option, opened
from commands.output import say_csv, say_json, say_table
from ledger.clock import known_at
from ledger.money import pounds
from ledger.text import escaped

if TYPE_CHECKING:
    from ledger.application import Ledger
    from projections.sheets import Report, Sheet

KNOWN = Convert("moment", lambda value: (value, known_at(value)))
_book = click.option("--book", type=TEXT, default="", metavar="CODE", help="Only this body's book.")
_as_at = click.option("--as-at", type=DAY, default=None, metavar="DATE", help="Count what is posted up to this day.")
_known = click.option("--as-known", "known", type=KNOWN, default=None, metavar="WHEN",
                      help="Count what had been recorded by then: a UTC moment, the end of a day, or a number like #17.",
                      )  # fmt: skip
_from = click.option("--from", "first", type=DAY, default=None, metavar="DATE", help="Posted on this day or later.")
_year = click.option("--year", type=TEXT, required=True, metavar="YEAR", help="A financial year, such as 2013/14.")
_to = click.option("--to", "last", type=DAY, default=None, metavar="DATE", help="Posted on this day or earlier.")


@click.group(cls=Group)
def report() -> None:
    """The books and what they say.

    Every report takes the code of an arrangement, or --all. None of them changes the ledger.
    """


def _reports(*options: Callable[[Any], Any]) -> Callable[[Callable[..., list[Report]]], click.Command]:
    """A command that asks a report of one arrangement, or of all, and says it."""

    def command(ask: Callable[..., list[Report]]) -> click.Command:
        @wraps(ask)
        def run(arrangement: str | None, every: bool, form: str, **asked: Any) -> None:
            if "body" in asked:
                # With --all, the only argument is the body.
                arrangement, asked["body"] = (
                    (None, arrangement) if every and not asked["body"] else (arrangement, asked["body"])
                )
                if not asked["body"]:
                    raise click.UsageError("Name the BODY whose accounts are asked for.")
            if every == (arrangement is not None):
                raise click.UsageError("Name one ARRANGEMENT, or say --all.")
            with opened(read_only=True) as ledger:
                found = ask(ledger, None if every else [ledger.known(arrangement)], **asked)
            say_reports(found, every, form)

        shared = (
            click.argument("arrangement", required=False),
            *options,
            click.option("--all", "every", is_flag=True, help="Every arrangement, at one moment of the ledger."),
            format_option,
            ledger_option,
        )
        callback: Callable[..., Any] = run
        for option in reversed(shared):
            callback = option(callback)
        made = click.command()(callback)
        report.add_command(made)
        return made

    return command


def say_reports(found: list[Report], every: bool, form: str) -> None:
    """Reports in a form: one document, or a list with every arrangement; sheets for people; one flat list."""
    if form == "json":
        documents = [each.document for each in found]
        say_json(documents if every else documents[0])
    elif form == "csv":
        flat = [each.flat for each in found]
        say_csv(flat[0].header if flat else ("arrangement",), (row for sheet in flat for row in _plain(sheet)))
    else:
        for number, sheet in enumerate(sheet for each in found for sheet in each.sheets):
            click.echo(("\n" if number else "") + escaped(sheet.title))
            shown, amounts, numbers = ([name.replace("_", " ") for name in names]
                                       for names in (sheet.header, sheet.amounts, sheet.numbers))  # fmt: skip
            say_table(shown, sheet.rows, amounts, numbers)


def _plain(sheet: Sheet) -> Iterable[list[object]]:
    money = {index for index, name in enumerate(sheet.header) if name in sheet.amounts}
    for row in sheet.rows:
        yield [pounds(value) if index in money and isinstance(value, int) else value for index, value in enumerate(row)]


@_reports(_book, _as_at, _known)
def balances(
    ledger: Ledger, arrangements: list[str] | None, book: str, as_at: date | None, known: tuple[str, str | int] | None
) -> list[Report]:
    """What every account stands at: now, as at a day, as known at a moment.

    Debit is positive, credit negative; accounts that stand at nil are left out.
    """
    from projections.balances import balances as ask

    said, moment = known or ("", None)
    return ask(ledger, arrangements, book=book, as_at=as_at, as_known=said, known=moment)


@_reports(
    _book,
    click.option("--account", type=TEXT, default="", metavar="NAME", help="Only this account, such as Assets:Cash."),
    click.option("--party", type=TEXT, default="", metavar="CODE", help="Only accounts about this body."),
    _from,
    _to,
)
def accounts(ledger: Ledger, arrangements: list[str] | None, **asked: Any) -> list[Report]:
    """Accounts in full: opening, every line, the balance it led to, closing."""
    from projections.account_lines import Asked
    from projections.account_lines import accounts as ask

    return ask(ledger, arrangements, Asked(**asked))


@_reports(_book, _from, _to)
def journal(ledger: Ledger, arrangements: list[str] | None, **asked: Any) -> list[Report]:
    """Every entry in the order in which it was recorded, with what it reverses or is reversed by."""
    from projections.journal import journal as ask

    return ask(ledger, arrangements, **asked)


@_reports(
    click.argument("body", required=False),
    _from,
    _to,
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


@_reports(_year, click.option("--trace", is_flag=True, help="Also the numbers of the events behind each figure."))
def memorandum(ledger: Ledger, arrangements: list[str] | None, **asked: Any) -> list[Report]:
    """The pool's account of a year: what each party brought in, bore and keeps; what each scheme cost.

    Brought forward, due and billed, less borne and refunds, is carried forward; what was given in kind stands beside.
    """
    from projections.memorandum_report import memoranda

    return memoranda(ledger, arrangements, **asked)


@_reports(
    _year,
    _as_at,
    _known,
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


@_reports(_as_at, click.option("--disposed", is_flag=True, help="Also those disposed of, with proceeds and gain or loss."))
def assets(ledger: Ledger, arrangements: list[str] | None, **asked: Any) -> list[Report]:
    """The register of fixed assets: cost, depreciation, carrying value, holder."""
    from projections.assets import assets as ask

    return ask(ledger, arrangements, **asked)


@_reports(_book, _as_at)
def debtors(ledger: Ledger, arrangements: list[str] | None, **asked: Any) -> list[Report]:
    """What each book is owed, by body and by days since posting."""
    from projections.aged import aged

    return aged(ledger, arrangements, "debtors", **asked)


@_reports(_book, _as_at)
def creditors(ledger: Ledger, arrangements: list[str] | None, **asked: Any) -> list[Report]:
    """What each book owes, by body and by days since posting."""
    from projections.aged import aged

    return aged(ledger, arrangements, "creditors", **asked)


@_reports(
    click.option("--period", type=TEXT, required=True, metavar="PERIOD",
                 help="A year, quarter or month, such as 2013/14, 2013/14-Q2 or 2013-07."),
    click.option("--area", type=TEXT, default="", metavar="AREA", help="Only indicators of this area."),
    _known,
)  # fmt: skip
def performance(
    ledger: Ledger, arrangements: list[str] | None, known: tuple[str, str | int] | None, **asked: Any
) -> list[Report]:
    """What was achieved in a period, beside the money: indicators against their targets, by area.

    Each by whom the type of arrangement makes responsible; who has not reported is named.
    """
    from projections.performance_report import Asked, performances

    return performances(ledger, arrangements, Asked(as_known=known, **asked))


@_reports()
def responsibilities(ledger: Ledger, arrangements: list[str] | None) -> list[Report]:
    """Who answers for what: by the agreement, else by what its type of arrangement says."""
    from projections.responsibilities import responsibilities as ask

    return ask(ledger, arrangements)
