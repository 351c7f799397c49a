"""`poolbook reconcile`: a party's own ledger extract held against its mirror here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from commands.context import AMOUNT, DAY, REASON, TEXT, Convert, code, opened, paper, undated_recording_options
from commands.output import counted, say_csv, say_json, say_table
from commands.receipt import event_document, say_receipt
from ledger import money, text
from ledger.application import Command, Receipt
from ledger.errors import NotProven
from ledger.money import pounds, printed
from ledger.reconciliation.agreeing import Question, Reconciliation, record
from ledger.reconciliation.agreeing import reconcile as reconciled
from ledger.reconciliation.columns import mapped
from ledger.reconciliation.differences import Found, Opening


def _threshold(words: str) -> int:
    amount = money.pence(words)
    if amount < 0:
        raise ValueError(f"{words} cannot be a threshold: write 0 or more")
    return amount


_THRESHOLD = Convert("amount", _threshold)
_SHEET = Convert("sheet", text.clean, may_be_empty=True)
_COLUMNS = ("cause", "reference", "event", "line", "date", "ours", "theirs", "difference")


@click.command()
@click.argument("arrangement")
@click.argument("party", type=code("party"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as-at", type=DAY, default=lambda: date.today().isoformat(), help="The cut-off [today].")
@click.option(
    "--map",
    "mapping",
    type=Convert("mapping", mapped),
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Which column is the reference, the amount or the date, like amount=Value [as last recorded for the party].",
)
@click.option("--sign", type=click.Choice(["1", "-1"]), help="-1 where the party's figures carry the other sign.")
@click.option("--sheet", type=_SHEET, help="Which sheet of a workbook, by name [the first, or as last recorded].")
@click.option("--from", "first", type=DAY, help="The day on which the extract begins, where that is not the account's first.")
@click.option("--opening", type=AMOUNT, help="With --from: the balance brought forward to that day, as the party states it.")
@click.option(
    "--days",
    type=click.IntRange(0, 366),
    default=31,
    show_default=True,
    help="How far dates may lie apart, or from the cut-off, where no reference is shared.",
)
@click.option(
    "--balance-threshold",
    type=_THRESHOLD,
    default="300000.00",
    show_default=True,
    help="From how many pounds unexplained in all the balances do not agree.",
)
@click.option(
    "--line-threshold",
    type=_THRESHOLD,
    default="2500.00",
    show_default=True,
    help="From how many pounds an unexplained difference counts.",
)
@click.option("--record", "recording", is_flag=True, help="Record what came of it, with the SHA-256 of the file.")
@click.option("--dispute", type=TEXT, multiple=True, metavar="REFERENCE", help="With --record: dispute this difference.")
@click.option("--reason", type=REASON, default="", help="Why it is disputed. It can be erased later.")
@undated_recording_options
def reconcile(arrangement: str, party: str, file: Path, as_at: date, **given: Any) -> None:
    """Hold a party's own figures against its mirror here.

    FILE is what the party's ledger says of its account with the pool, CSV or XLSX: reference, amount and date of each line,
    what the pool owes the party positive; from the account's first line on, or --from a day with its --opening balance. Ends
    with exit code 5 while an unexplained difference is at or above a threshold.
    """  # fmt: skip
    _refuse_misused(given)
    question = Question(
        arrangement,
        party,
        file,
        as_at,
        _mapping(given["mapping"]),
        int(given["sign"]) if given["sign"] else None,
        given["days"],
        given["sheet"],
        None if given["first"] is None else Opening(given["first"], given["opening"]),
    )
    receipts: list[Receipt] = []
    with opened(read_only=not given["recording"] or given["dry_run"]) as ledger:
        found = reconciled(ledger, question, given["dispute"])
        if given["recording"]:
            command = Command(given["who"], given["reference"], given["narrative"], given["reason"])
            receipts = record(ledger, found, command, **paper(given), dry_run=given["dry_run"])
    thresholds = (given["balance_threshold"], given["line_threshold"])
    _say(found, receipts, thresholds, given["form"])
    if unproven := found.unproven(*thresholds):
        raise NotProven(unproven)


def _refuse_misused(given: dict[str, Any]) -> None:
    """A usage error for an option that would do nothing."""
    context = click.get_current_context()
    names = ("reference", "document", "narrative", "evidence", "who", "dry_run", "dispute", "reason")
    said = {name for name in names if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}
    for name in names:
        option = {"who": "--as", "dry_run": "--dry-run"}.get(name, f"--{name}")
        if name in said and not given["recording"]:
            raise click.UsageError(f"{option} goes with --record: without it nothing is recorded.")
        if name in said & {"reason", "evidence"} and not given["dispute"]:
            raise click.UsageError(
                f"{option} is that of a dispute (the extract is the record's own evidence): name a --dispute."
            )
    if (given["first"] is None) != (given["opening"] is None):
        raise click.UsageError("--from and --opening go together: the day on which the extract begins, and the balance then.")
    if given["dispute"] and not given["reason"]:
        raise click.UsageError("--dispute needs a --reason: say why.")


def _mapping(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        raise click.UsageError("--map names a field twice: give each one column.")
    return mapping


def _say(found: Reconciliation, receipts: list[Receipt], thresholds: tuple[int, int], form: str) -> None:
    question, compared = found.question, found.compared
    failing = set(compared.failing(thresholds[1]))
    if form == "json":
        say_json(_document(found, receipts, thresholds, failing))
    elif form == "csv":
        say_csv(
            ("arrangement", "party", "as_at", *_COLUMNS, "explained", "fails"),
            [
                (question.arrangement, question.party, question.as_at.isoformat(), *_row(each, pounds),
                 _yes(each.explained), _yes(each in failing))
                for each in compared.differences
            ],
        )  # fmt: skip
    else:
        _say_table(found, failing)
    for receipt in receipts:
        if form == "table":
            click.echo()
            say_receipt(receipt, form)
        elif form == "csv":
            verb = "Recorded earlier" if receipt.earlier else "Would record" if receipt.dry_run else "Recorded"
            numbers = ", ".join(f"#{event.number} {event.type}" for event in receipt.events)
            click.echo(f"{verb} in {receipt.arrangement}: {numbers}.", err=True)


def _say_table(found: Reconciliation, failing: set[Found]) -> None:
    question, compared, opening = found.question, found.compared, found.opening
    begins = f" after {printed(opening.theirs)} brought forward to {opening.first}" if opening else ""
    click.echo(
        f"{question.party} against {question.arrangement} as at {question.as_at}: "
        f"{counted(len(found.extract.lines), 'line')} read{begins}, {counted(len(compared.confirmed), 'event')} confirmed.\n"
    )
    if compared.differences:
        say_table(
            (*_COLUMNS, ""),
            [(*_row(each), _standing(each, failing)) for each in compared.differences],
            ("ours", "theirs", "difference"),
        )  # fmt: skip
        click.echo()
    names = ("ours", "theirs", "difference", "explained", "unexplained")
    say_table(names, [[getattr(compared, name) for name in names]], names)


def _row(found: Found, shown: Any = int) -> tuple[object, ...]:
    item = found.item
    amounts = [shown(amount) for amount in (item.ours, item.theirs, found.amount)]
    event = f"#{item.event}" if shown is int else item.event
    return (item.cause, item.reference, event if item.event else "", found.line or "", found.on.isoformat(), *amounts)


def _standing(found: Found, failing: set[Found]) -> str:
    return "explained" if found.explained else "at or above the threshold" if found in failing else "below the threshold"


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


def _document(
    found: Reconciliation, receipts: list[Receipt], thresholds: tuple[int, int], failing: set[Found]
) -> dict[str, Any]:
    question, compared, opening = found.question, found.compared, found.opening
    totals = ("ours", "theirs", "difference", "explained", "unexplained")
    return {
        "arrangement": question.arrangement,
        "party": question.party,
        "as_at": question.as_at.isoformat(),
        "file": str(question.file),
        "sha256": found.extract.sha256,
        "columns": found.columns.stored(),
        "opening": {"from": opening.first.isoformat(), "balance": pounds(opening.theirs)} if opening else None,
        "lines": len(found.extract.lines),
        "confirmed": compared.confirmed,
        "thresholds": {"balance": pounds(thresholds[0]), "line": pounds(thresholds[1])},
        "totals": {name: pounds(getattr(compared, name)) for name in totals},
        "differences": [
            dict(zip(_COLUMNS, _row(each, pounds), strict=True))
            | {"event": each.item.event or None, "line": each.line or None}
            | {"explained": each.explained, "fails": each in failing}
            for each in compared.differences
        ],
        "recorded": {
            "dry_run": any(receipt.dry_run for receipt in receipts),
            "earlier": receipts[-1].earlier,
            "events": [event_document(event, receipt) for receipt in receipts for event in receipt.events],
        } if receipts else None,
    }  # fmt: skip
