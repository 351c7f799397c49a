"""`poolbook`: the group of commands, each loaded when it is asked for, and the place where errors become exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import StringIO, TextIOWrapper
from typing import Any

import click

from commands.lazy import Lazy, Table
from ledger.errors import PoolbookError

COMMANDS: Table = {
    "init": ("commands.ledger_file:init", "Make an empty ledger."),
    "demo": ("commands.demo:demo", "A worked ledger of every kind of arrangement, and its reports."),
    "status": ("commands.ledger_file:status", "What the ledger is and what it holds."),
    "backup": ("commands.ledger_file:backup", "Copy the whole ledger, as of one moment, into a new file."),
    "rebuild": ("commands.ledger_file:rebuild", "Make the read models anew from the events."),
    "agreement": ("commands.agreement:agreement", "Sign, vary, extend, list and show agreements."),
    "contribution": ("commands.facts:contribution", "Contributions due, received, given in kind."),
    "expenditure": ("commands.facts:expenditure", "Expenditure incurred and paid."),
    "income": ("commands.facts:income", "Income received, due, collected."),
    "bill": ("commands.facts:bill", "The contractor's bill."),
    "recharge": ("commands.facts:recharge", "Charge net cost to the parties."),
    "settlement": ("commands.facts:settlement", "One body of the arrangement paid another."),
    "refund": ("commands.facts:refund", "The pool owes a party back an unspent contribution."),
    "set-off": ("commands.facts:set_off", "Set off what the pool and a party owe each other."),
    "asset": ("commands.facts:asset", "Fixed assets bought, worn off, transferred, disposed of."),
    "liability": ("commands.facts:liability", "Liabilities provided for and settled."),
    "budget": ("commands.budget:budget", "Budgets set and vired, and forecasts."),
    "indicator": ("commands.indicator:indicator", "Performance: what the agreement's indicators came to."),
    "dispute": ("commands.dispute:dispute", "Disputes raised, acknowledged and resolved."),
    "reconcile": ("commands.reconcile:reconcile", "Hold a party's own figures against its mirror here."),
    "year": ("commands.year:year", "The year end: check, reclassify, preview, settle, close, reopen."),
    "terminate": ("commands.terminate:terminate", "The end of an arrangement: notice, preview, complete."),
    "reverse": ("commands.facts:reverse", "Reverse an earlier event by its number."),
    "import": ("commands.importing:import_", "Record a CSV file of facts, all or nothing."),
    "report": ("commands.report:report", "The books and what they say."),
    "export": ("commands.export:export", "Copy books out for other programs."),
    "audit": ("commands.audit:audit", "What the books prove, and to whom."),
}


def _show_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"poolbook {version('poolbook')}")
        ctx.exit()


@click.command(cls=Lazy, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--ledger", metavar="PLACE", help="A file, or a postgresql:// URL [POOLBOOK_LEDGER, else poolbook.db].")
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show the version.")
@click.pass_context
def poolbook(ctx: click.Context, ledger: str | None) -> None:
    """The ledger that public bodies use when they pool money.

    Every contribution, expenditure, recharge and asset transfer is an immutable event; every party's books are rebuilt from
    that history.
    """
    ctx.obj["ledger"] = ledger or ctx.obj["ledger"]


def run(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code (interfaces, “Exit codes”)."""
    opened: list[Any] = []
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(arguments, opened)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        code = _reader_left()
    except OSError as error:
        code = _fault(error, opened)
    sys.exit(code)


def _run(arguments: Sequence[str] | None, opened: list[Any]) -> int:
    try:
        poolbook.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="poolbook",
            standalone_mode=False,
            obj={"ledger": None, "opened": opened},
        )
    except click.exceptions.Exit as left:
        return left.exit_code
    except SystemExit:  # click's own answer to a closed pipe
        return _reader_left()
    except click.ClickException as error:
        said = StringIO()
        error.show(said)
        click.echo(_shown(said.getvalue()), err=True, nl=False)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _interrupted(opened)
    except PoolbookError as error:
        click.echo(_shown(str(error)), err=True)
        return error.exit_code
    except BrokenPipeError:
        raise
    except Exception as error:
        return _fault(error, opened)
    return 0


def _interrupted(opened: list[Any]) -> int:
    if _recorded(opened):
        click.echo("Interrupted after it was recorded: look at it with `poolbook report journal`.", err=True)
        return 0
    click.echo("Interrupted: nothing was recorded.", err=True)
    return 130


def _recorded(opened: list[Any]) -> bool:
    return any(ledger.store.committed for ledger in opened)


def _fault(error: Exception, opened: list[Any]) -> int:
    if os.environ.get("POOLBOOK_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
        return 70
    done = (
        "What was asked is recorded (look at it with `poolbook report journal`), but then Poolbook failed"
        if _recorded(opened)
        else "Poolbook failed, and nothing was recorded"
    )
    said = _shown(" ".join(str(error).split())[:300])
    click.echo(f"{done}: {type(error).__name__}: {said}. POOLBOOK_DEBUG=1 shows where: report that.", err=True)
    return 70


def _shown(said: str) -> str:
    from ledger.text import escaped

    return "\n".join(escaped(line) for line in said.split("\n"))


def _reader_left() -> int:
    """Whoever read our output stopped reading: what was asked is done, so say no more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 0
