"""What the reports share: the options, the command made of each, and how it is said or written to a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from commands.context import DAY, TEXT, Convert, format_option, ledger_option, opened, refuse_turned
from commands.files import new_file
from commands.output import NONE_SIGNED, say_csv, say_json, say_table
from ledger.clock import known_at
from ledger.money import pounds
from ledger.text import escaped

if TYPE_CHECKING:
    from projections.sheets import Report, Sheet

KNOWN = Convert("moment", lambda value: (value, known_at(value)))
BOOK = click.option("--book", type=TEXT, default="", metavar="CODE", help="Only this body's book.")
AS_AT = click.option("--as-at", type=DAY, default=None, metavar="DATE", help="Count what is posted up to this day.")
AS_KNOWN = click.option("--as-known", "known", type=KNOWN, default=None, metavar="WHEN",
                      help="Count what had been recorded by then: a UTC moment, the end of a day, or a number like #17.",
                      )  # fmt: skip
FROM = click.option("--from", "first", type=DAY, default=None, metavar="DATE", help="Posted on this day or later.")
YEAR = click.option("--year", type=TEXT, required=True, metavar="YEAR", help="A financial year, such as 2013/14.")
TO = click.option("--to", "last", type=DAY, default=None, metavar="DATE", help="Posted on this day or earlier.")

Ask = Callable[..., "list[Report]"]
Write = Callable[..., None]
"""What writes a report to a file: given the ledger, the arrangements, the file, and what is asked."""


def reports(*options: Callable[[Any], Any], write: Write | None = None) -> Callable[[Ask], click.Command]:
    """A command that asks a report of one arrangement, or of all, and says it; with `write`, or writes it to a file."""

    def command(ask: Ask) -> click.Command:
        @wraps(ask)
        def run(arrangement: str | None, every: bool, form: str, output: Path | None = None, **asked: Any) -> None:
            if "body" in asked:
                # With --all, the only argument is the body.
                arrangement, asked["body"] = (
                    (None, arrangement) if every and not asked["body"] else (arrangement, asked["body"])
                )
                if not asked["body"]:
                    raise click.UsageError("Name the BODY whose accounts are asked for.")
            if every == (arrangement is not None):
                raise click.UsageError("Name one ARRANGEMENT, or say --all.")
            refuse_turned(asked.get("first"), asked.get("last"))
            if output is not None:
                refuse_format()
            with opened(read_only=True) as ledger:
                codes = None if every else [ledger.known(arrangement)]
                if output is None or write is None:
                    found = ask(ledger, codes, **asked)
                else:
                    with new_file(output) as path:
                        write(ledger, codes, path, **asked)
            if output is None:
                kind = ask.__name__ + "".join(f"_{more}" for more in ("trace", "against") if asked.get(more))
                say_reports(found, every, form, kind)
            else:
                click.echo(f"Wrote {escaped(str(output))}.", err=True)

        shared = (
            click.argument("arrangement", required=False),
            *options,
            click.option("--all", "every", is_flag=True, help="Every arrangement, at one moment of the ledger."),
            *([_OUTPUT] if write else []),
            format_option,
            ledger_option,
        )
        callback: Callable[..., Any] = run
        for option in reversed(shared):
            callback = option(callback)
        return click.command()(callback)

    return command


_OUTPUT = click.option("--output", type=click.Path(path_type=Path), metavar="FILE",
                       help="A new file to write instead: .xlsx or .pdf.")  # fmt: skip


def refuse_format() -> None:
    """A usage error where a format is asked for that a file's name says already."""
    if click.get_current_context().get_parameter_source("form") is ParameterSource.COMMANDLINE:
        raise click.UsageError("The name of the --output file says its format: leave --format out.")


def say_reports(found: list[Report], every: bool, form: str, kind: str) -> None:
    """Reports in a form: one document, or a list with every arrangement; sheets for people; one flat list.

    `kind` names the columns that the list has without a line too.
    """
    if form == "json":
        documents = [each.document for each in found]
        say_json(documents if every else documents[0])
    elif form == "csv":
        from projections.columns import FLAT

        flat = [each.flat for each in found]
        say_csv(
            flat[0].header if flat else FLAT.get(kind, ("arrangement",)), (row for sheet in flat for row in _plain(sheet))
        )
    elif not found:
        click.echo(NONE_SIGNED)
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
