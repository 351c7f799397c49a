"""`poolbook audit replay`: everything rebuilt from the events, and what the ledger keeps beside them held against it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from commands.context import DAY, NUMBER, format_option, ledger_option, ledger_place, opened
from commands.output import counted, say_csv, say_json, say_table
from commands.reporting import KNOWN, say_reports
from ledger.errors import NotProven
from ledger.text import escaped

if TYPE_CHECKING:
    from ledger.audit.replay import Check, Replayed


@click.command()
@click.argument("arrangement", required=False)
@click.option(
    "--as-at",
    type=DAY,
    default=None,
    metavar="DATE",
    help="The balances as at this day too, against what a report says of it.",
)
@click.option("--as-known", "known", type=KNOWN, default=None, metavar="WHEN",
              help="Only what had been recorded by then: a UTC moment, the end of a day, or a number like #17.")  # fmt: skip
@click.option("--to", "number", type=NUMBER, default=None, metavar="NUMBER", help="Only up to this event.")
@click.option("--balances", is_flag=True, help="Instead every book's balances, straight from the stored events.")
@format_option
@ledger_option
def replay(
    arrangement: str | None,
    as_at: date | None,
    known: tuple[str, str | int] | None,
    number: int | None,
    balances: bool,
    form: str,
) -> None:
    """Rebuild everything from the events, and compare.

    Every entry is derived once more from its fact by the rules of its type, under the terms then in force; the head, its
    balances and items, the read models and the balances of every close are held against what the events come to. Without
    ARRANGEMENT, the whole ledger. Ends with exit code 5 where anything differs, and names the first difference.
    """
    if known and number:
        raise click.UsageError("Say how far once: --as-known, or --to.")
    said, moment = known or (f"#{number}" if number else "", number)
    if balances:
        from projections.audit.rebuilt import rebuilt

        with opened(read_only=True) as ledger:
            found = rebuilt(ledger_place(), ledger, arrangement, as_at=as_at, as_known=said, known=moment)
        say_reports(found, arrangement is None, form, "balances")
        return
    from ledger.audit.replay import Asked, replayed
    from projections.audit.read_models import read_models, reported

    made = replayed(ledger_place(), arrangement, Asked(moment, as_at))
    with opened(read_only=True) as ledger:
        models = read_models(ledger_place(), ledger, made)
        reports = reported(ledger, made, as_at, moment) if as_at else {}
    for each in made:
        each.checks.extend(check for checks in (models, reports) if (check := checks.get(each.arrangement)))
    _say(made, arrangement, form)
    wrong = [each for each in made if each.first]
    if wrong:
        first = wrong[0].first
        assert first is not None
        raise NotProven(f"{_where(wrong[0], first.number)}: {escaped(first.sentence)}. {_remedy(wrong[0])}")


def _where(replayed: Replayed, number: int) -> str:
    return f"#{number} of {escaped(replayed.arrangement)}" if number else escaped(replayed.arrangement)


def _remedy(replayed: Replayed) -> str:
    names = {check.name for check in replayed.checks if check.differences}
    if names == {"read models"}:
        return "The events prove; make what reports read anew with `poolbook rebuild`."
    return "Restore a backup, and ask who had the file in hand."


def _say(found: list[Replayed], arrangement: str | None, form: str) -> None:
    if form == "json":
        documents = [_document(each) for each in found]
        say_json(documents[0] if arrangement else documents)
    elif form == "csv":
        from ledger.audit.verification import Finding

        say_csv(("arrangement", "events", "root", "check", "compared", "number", "difference"), [
            (each.arrangement, each.events, each.root.hex(), check.name, check.compared, number or "", sentence)
            for each in found for check in each.checks for number, sentence in check.differences or [Finding(0, "")]
        ])  # fmt: skip
    else:
        for place, each in enumerate(found):
            root = f", root {each.root.hex()}" if each.root else ""
            click.echo(
                ("\n" if place else "") + f"{escaped(each.arrangement)}: {counted(each.events, 'event')} replayed{root}"
            )
            say_table(("check", "compared", "found"), [_line(check) for check in each.checks])


def _line(check: Check) -> tuple[object, ...]:
    told = [f"{f'#{number}: ' if number else ''}{sentence}" for number, sentence in check.differences]
    return check.name, f"{check.compared:,}", "; ".join(told) or "the same"


def _document(replayed: Replayed) -> dict[str, object]:
    return {
        "arrangement": replayed.arrangement,
        "events": replayed.events,
        "root": replayed.root.hex() or None,
        "checks": [
            {
                "check": check.name,
                "compared": check.compared,
                "differences": [{"number": number or None, "difference": sentence} for number, sentence in check.differences],
            }
            for check in replayed.checks
        ],
    }
