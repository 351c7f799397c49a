"""`poolbook export`: books copied out for hledger, ledger, beancount, spreadsheets and data tools."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.context import DAY, TEXT, Group, ledger_option, opened
from commands.files import new_file
from commands.output import counted, csv_lines
from commands.reporting import KNOWN

if TYPE_CHECKING:
    from projections.exports.posted import Asked, Part, Posted


@click.group(cls=Group)
def export() -> None:
    """Copy books out for other programs.

    Every format takes the code of an arrangement, or --all, and holds each entry in each book. Programs that check what they
    load accept it by their strict checks, and come to the same balances as `report balances` for the same question.
    """


Written = Callable[["list[Part]", "Asked", "Iterator[Posted]", "list[str]"], Iterator[str]]


def _exports(name: str, says: str) -> Callable[[Written], Written]:
    """A command that writes an export as text, to a file or to the standard output."""

    def command(written: Written) -> Written:
        def run(output: Path | None, **asked: Any) -> None:
            with _export(**asked) as (parts, question, entries, title):
                text = written(parts, question, entries, title)
                if output is None:
                    while some := list(islice(text, 2_000)):
                        click.echo("".join(some), nl=False)
                    return
                with new_file(output) as path, path.open("w", encoding="utf-8", newline="") as file:
                    file.writelines(text)

        _add(name, says, run, required=False)
        return written

    return command


def _add(name: str, says: str, run: Callable[..., None], *, required: bool) -> None:
    options = (
        click.argument("arrangement", required=False),
        click.option("--all", "every", is_flag=True, help="Every arrangement, at one moment of the ledger."),
        click.option("--book", type=TEXT, default="", metavar="CODE", help="Only this body's book."),
        click.option("--as-at", type=DAY, default=None, metavar="DATE", help="Only what is posted up to this day."),
        click.option("--as-known", "known", type=KNOWN, default=None, metavar="WHEN",
                     help="Only what had been recorded by then: a UTC moment, the end of a day, or a number like #17."),
        click.option("--narratives", is_flag=True,
                     help="Also the narratives. They can name people, and an erasure does not reach a copy."),
        click.option("--output", type=click.Path(path_type=Path), required=required, metavar="FILE",
                     help="A new file to write." + ("" if required else " Else it goes to the standard output.")),
        ledger_option,
    )  # fmt: skip
    callback: Callable[..., Any] = run
    for option in reversed(options):
        callback = option(callback)
    export.add_command(click.command(name=name, help=says)(callback))


@contextmanager
def _export(
    arrangement: str | None,
    every: bool,
    book: str,
    as_at: date | None,
    known: tuple[str, str | int] | None,
    narratives: bool,
) -> Iterator[tuple[list[Part], Asked, Iterator[Posted], list[str]]]:
    from projections.exports.posted import Asked, parts, posted

    if every == (arrangement is not None):
        raise click.UsageError("Name one ARRANGEMENT, or say --all.")
    asked = Asked(book, as_at, known[1] if known else None, narratives)
    with opened(read_only=True) as ledger:
        found = parts(ledger, None if every else [ledger.known(arrangement)], asked)
        said = [f"book {book}"] if book else []
        said += [f"as at {as_at}"] if as_at else []
        said += [f"as known at {known[0]}"] if known else []
        title = [f"Poolbook ledger {ledger.store.ledger_id}" + "".join(f", {each}" for each in said)]
        title += [f"{part.code}: {counted(part.events, 'event')}" for part in found]
        yield found, asked, (entry for part in found for entry in posted(ledger, part, asked)), title


@_exports("hledger", "A journal for hledger; `hledger check --strict` accepts it.")
def _hledger(_parts: list[Part], _asked: Asked, entries: Iterator[Posted], title: list[str]) -> Iterator[str]:
    from projections.exports.plain_text import HLEDGER, plain_text

    return plain_text(entries, title, HLEDGER)


@_exports("ledger", "A journal for ledger; `ledger --strict --pedantic` accepts it.")
def _ledger(_parts: list[Part], _asked: Asked, entries: Iterator[Posted], title: list[str]) -> Iterator[str]:
    from projections.exports.plain_text import LEDGER, plain_text

    return plain_text(entries, title, LEDGER)


@_exports("beancount", "A journal for beancount; `bean-check` accepts it.")
def _beancount(parts: list[Part], _asked: Asked, entries: Iterator[Posted], title: list[str]) -> Iterator[str]:
    from projections.exports.beancount import beancount

    return beancount(entries, title, {part.code: part.terms.agreement.starts for part in parts})


@_exports("csv", "A table for spreadsheets, a row for each line of an entry.")
def _csv(_parts: list[Part], asked: Asked, entries: Iterator[Posted], _title: list[str]) -> Iterator[str]:
    from projections.exports.table import csv_rows, header

    return csv_lines(header(asked.narratives), csv_rows(entries, asked.narratives))


def _parquet(output: Path, **asked: Any) -> None:
    from projections.exports.table import write_parquet

    with _export(**asked) as (_, question, entries, _), new_file(output) as path:
        write_parquet(entries, question.narratives, path)


_add("parquet", "A Parquet file with typed columns, a row for each line of an entry.", _parquet, required=True)
