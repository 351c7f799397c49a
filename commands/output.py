"""How results are said: JSON and CSV for programs, tables for people; every text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

import click

from ledger.money import printed
from ledger.text import escaped

NONE_SIGNED = "No agreement has been signed: begin with `poolbook agreement template lead_body`."


def counted(number: int, noun: str) -> str:
    """A number and its noun: “1 fact”, “2,000 facts”."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def say_json(value: object) -> None:
    """One JSON document; money must be strings already."""
    import json

    # What `escaped` writes for a hidden character is that character in JSON too.
    click.echo("\n".join(map(escaped, json.dumps(value, ensure_ascii=False, indent=2).split("\n"))))


def say_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A CSV file; a text cell that a spreadsheet would run as a formula is escaped."""
    click.echo("".join(csv_lines(header, rows)), nl=False)


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a CSV file, some thousands at a time."""
    import csv
    import io

    told = chain([header], ([_cell(value) for value in row] for row in rows))
    while some := list(islice(told, 2_000)):
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerows(some)
        yield buffer.getvalue()


def say_table(
    header: Sequence[str], rows: Iterable[Sequence[object]], amounts: Sequence[str] = (), numbers: Sequence[str] = ()
) -> None:
    """A table for people; the columns named in `amounts` hold pence, in `numbers` other figures, aligned by decimals."""
    from tabulate import tabulate

    money = {index for index, name in enumerate(header) if name in amounts}
    shown = [[_amount(value) if index in money else escaped(str(value)) for index, value in enumerate(row)] for row in rows]
    align = ["right" if index in money else "decimal" if name in numbers else "left" for index, name in enumerate(header)]
    click.echo(tabulate(shown, headers=list(header), tablefmt="simple", colalign=align if shown else None,
                        disable_numparse=True))  # fmt: skip


def _amount(value: object) -> str:
    return printed(value) if isinstance(value, int) else escaped(str(value))


def _cell(value: object) -> object:
    if isinstance(value, str):
        plain = escaped(value)
        return "'" + plain if plain[:1] in ("=", "+", "-", "@", "\t", "\r") and not _number(plain) else plain
    return value


def _number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdigit() and text.isascii()
