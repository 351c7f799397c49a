"""`poolbook audit log`: who recorded what, when and why; and the tests of journal entries."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import click

from commands.context import DAY, Convert, format_option, ledger_option, opened, refuse_turned
from commands.reporting import KNOWN, say_reports
from projections.audit.journal_tests import KINDS, Kind, read


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"“{name[:40]}” is no time zone: name one like Europe/London or UTC") from None


def _listed(name: str, kind: Kind) -> str:
    spelt = name if kind.default == "" else f"{name}={kind.default or 'NAME'}"
    return f"{spelt:<26}{kind.finds.format(value=kind.default or 'NAME')}"


_LISTED = "\n".join(_listed(name, kind) for name, kind in KINDS.items())


@click.command(epilog=f"\b\nThe filters, with the values they have by default:\n{_LISTED}")
@click.argument("arrangement", required=False)
@click.option("--all", "every", is_flag=True, help="Every arrangement, at one moment of the ledger.")
@click.option("--filter", "filters", type=Convert("filter", read), multiple=True, metavar="NAME[=VALUE]",
              help="Only events that this test finds; several must all find it.")  # fmt: skip
@click.option("--filters", "counted", is_flag=True, help="Instead how many events each test finds, and each user recorded.")
@click.option("--from", "first", type=DAY, default=None, metavar="DATE", help="Of this business date or later.")
@click.option("--to", "last", type=DAY, default=None, metavar="DATE", help="Of this business date or earlier.")
@click.option("--as-known", "known", type=KNOWN, default=None, metavar="WHEN",
              help="Only what had been recorded by then: a UTC moment, the end of a day, or a number like #17.")  # fmt: skip
@click.option("--zone", type=Convert("zone", _zone), default="Europe/London", show_default=True,
              help="The time zone of hours, weekends and days of recording.")  # fmt: skip
@format_option
@ledger_option
def log(
    arrangement: str | None,
    every: bool,
    filters: tuple[Any, ...],
    counted: bool,
    first: date | None,
    last: date | None,
    known: tuple[str, str | int] | None,
    zone: ZoneInfo,
    form: str,
) -> None:
    """Who recorded what, when and why: the events, by the tests that auditors make of journal entries.

    The tests are those of ISA (UK) 240; they find what to look at, not what is wrong.
    """
    from projections.audit.log import Asked, counts, logs

    if every == (arrangement is not None):
        raise click.UsageError("Name one ARRANGEMENT, or say --all.")
    refuse_turned(first, last)
    said, moment = known or ("", None)
    asked = Asked(filters, first, last, said, moment, zone)
    with opened(read_only=True) as ledger:
        found = (counts if counted else logs)(ledger, None if every else [ledger.known(arrangement)], asked)
        say_reports(found, every, form, "audit_log_filters" if counted else "audit_log")
