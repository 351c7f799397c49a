"""The ledger itself: made, looked at, copied, its read models made anew."""

from __future__ import annotations

import os
from pathlib import Path

import click

from commands.context import format_option, ledger_option, ledger_place, opened
from commands.output import counted, say_csv, say_json
from ledger.errors import LedgerUnavailable, Refused
from ledger.text import escaped


@click.command()
@ledger_option
def init() -> None:
    """Make an empty ledger."""
    from ledger.application import Ledger

    ledger = Ledger.create(ledger_place())
    click.echo(f"Made an empty ledger at {escaped(ledger.store.name)} (id {ledger.store.ledger_id}).")
    ledger.close()


@click.command()
@format_option
@ledger_option
def status(form: str) -> None:
    """What the ledger is and what it holds."""
    with opened(read_only=True) as ledger:
        events, last = ledger.store.counted()
        facts = {
            "ledger": ledger.store.name,
            "id": ledger.store.ledger_id,
            "created_at": ledger.store.created_at,
            "size_bytes": ledger.store.size(),
            "arrangements": len(ledger.store.streams()),
            "events": events,
            "last_recorded_at": last or None,
        }
    if form == "json":
        say_json(facts)
    elif form == "csv":
        say_csv(list(facts), [["" if value is None else value for value in facts.values()]])
    else:
        for name, value in facts.items():
            shown = "never" if value is None else f"{value:,}" if isinstance(value, int) else escaped(value)
            click.echo(f"{name.replace('_', ' '):<17} {shown}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@ledger_option
def backup(file: Path) -> None:
    """Copy the whole ledger, as of one moment, into a new file.

    The copy is a ledger itself. It holds the narratives of that moment: an erasure later does not reach it.
    """
    with opened(read_only=True) as ledger:
        try:
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            raise Refused(f"{file} exists already: nothing was copied. Name a new file.") from None
        except OSError as error:
            raise LedgerUnavailable(f"{file} cannot be made: {error.strerror}. Name another place.") from None
        try:
            events = ledger.store.backup(file)
        except BaseException:
            file.unlink(missing_ok=True)
            raise
    click.echo(
        f"Copied {counted(events, 'event')} to {escaped(str(file))} ({file.stat().st_size:,} bytes), and the copy checks."
    )


@click.command()
@ledger_option
def rebuild() -> None:
    """Make the read models anew from the events.

    Reports do this by themselves whenever the read models do not fit the ledger; nothing is lost by it.
    """
    from projections.views import rebuild as rebuild_views

    with opened(read_only=True) as ledger:
        count = rebuild_views(ledger)
    click.echo(f"Made the read models anew from {counted(count, 'event')}.")
