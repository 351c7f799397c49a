"""`poolbook import`: a CSV file of facts, all or nothing."""

from __future__ import annotations

from pathlib import Path

import click

from commands.context import NAME, actor, format_option, ledger_option, opened
from commands.output import counted, say_csv, say_json, say_table
from commands.progress import progress
from ledger.requests import KINDS
from ledger.text import escaped


def _show_types(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    say_table(
        ("type", "command", "columns (in brackets: optional)"),
        [
            (kind.type, "poolbook " + " ".join(kind.command),
             ", ".join([*kind.needs, *(f"({column})" for column in kind.may)]))
            for kind in KINDS.values()
        ],
    )  # fmt: skip
    ctx.exit()


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--types",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_types,
    help="Show each type of fact with its command and its columns.",
)
@click.option("--as", "who", type=NAME, default=actor, help="Who records this [POOLBOOK_ACTOR, else login name].")
@click.option("--dry-run", is_flag=True, help="Check and decide every row, and record nothing.")
@format_option
@ledger_option
def import_(file: Path, who: str, dry_run: bool, form: str) -> None:
    """Record a CSV file of facts, all or nothing.

    The file is checked whole, then recorded in one transaction in file order. Importing it again records nothing.
    """  # fmt: skip
    from ledger.csv_file import CsvFile
    from ledger.importing import import_file

    source = CsvFile(file)
    try:
        with opened(read_only=dry_run) as ledger, progress(source.size, f"Importing {escaped(file.name)}") as done:
            imported = import_file(ledger, source, who, dry_run=dry_run, progress=done)
    finally:
        source.close()
    rows = sorted(imported.recorded.items())
    if form == "json":
        say_json({
            "file": str(file), "dry_run": dry_run, "recorded": imported.total, "earlier": imported.earlier,
            "arrangements": [{"arrangement": code, "recorded": count} for code, count in rows],
        })  # fmt: skip
    elif form == "csv":
        say_csv(("arrangement", "recorded"), rows)
    else:
        _say(escaped(str(file)), imported.total, imported.earlier, len(rows), dry_run)


def _say(file: str, recorded: int, earlier: int, arrangements: int, dry_run: bool) -> None:
    if not recorded:
        why = (
            f"{'the one row was' if earlier == 1 else f'all {earlier:,} rows were'} recorded before"
            if earlier
            else "it holds no rows"
        )
        click.echo(f"{file}: nothing {'would be' if dry_run else 'was'} recorded: {why}.")
        return
    verb = "would be recorded" if dry_run else "recorded"
    places = f" in {arrangements} arrangements" if arrangements > 1 else ""
    also = f"; {counted(earlier, 'row')} {'was' if earlier == 1 else 'were'} recorded before" if earlier else ""
    click.echo(f"{file}: {counted(recorded, 'fact')} {verb}{places}{also}.")
