"""What commands share: which ledger, who asks, the options every recording command takes."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ledger import calendar, money, text
from ledger.errors import did_you_mean

if TYPE_CHECKING:
    from ledger.store.opening import Place

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_LEDGER = "poolbook.db"


def _set_ledger(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value:
        ctx.find_root().obj["ledger"] = value


ledger_option = click.option(
    "--ledger",
    metavar="PLACE",
    expose_value=False,
    callback=_set_ledger,
    help="A file, or a postgresql:// URL [POOLBOOK_LEDGER].",
)
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="How to show the figures.",
)


class Group(click.Group):
    """A group of commands that says which was probably meant."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Click's own, with a hint."""
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-") and not ctx.resilient_parsing:
            raise click.UsageError(f"There is no {ctx.command_path} {args[0]}{did_you_mean(args[0], known)}", ctx)
        return super().resolve_command(ctx, args)


def ledger_place(ctx: click.Context | None = None) -> Place:
    """The ledger asked for: --ledger, else POOLBOOK_LEDGER, else poolbook.db here."""
    from ledger.store.opening import place

    root = (ctx or click.get_current_context()).find_root()
    return place(root.obj["ledger"] or os.environ.get("POOLBOOK_LEDGER") or DEFAULT_LEDGER)


@contextmanager
def opened(*, read_only: bool = False) -> Iterator[Any]:
    """The ledger asked for, open; a `ledger.application.Ledger`."""
    from ledger.application import Ledger

    ledger = Ledger.open(ledger_place(), read_only=read_only)
    click.get_current_context().find_root().obj["opened"].append(ledger)
    try:
        yield ledger
    finally:
        ledger.close()


class Convert(click.ParamType[Any]):
    """An option read by one of the ledger's own readers, whose sentence becomes the usage error."""

    def __init__(self, name: str, read: Callable[[str], Any], *, may_be_empty: bool = False) -> None:
        self.name = name
        self._read = read
        self._may_be_empty = may_be_empty

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value read; a usage error where it cannot be."""
        if not isinstance(value, str):
            return value
        if not value:
            if self._may_be_empty and param is not None and not param.required:
                return value
            self.fail("it is empty.", param, ctx)
        try:
            return self._read(value)
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)


AMOUNT = Convert("amount", money.pence)
DAY = Convert("date", calendar.day)
TEXT = Convert("text", text.clean, may_be_empty=True)
NAME = Convert("name", text.actor)
REASON = Convert("text", text.reason, may_be_empty=True)
RATIO = Convert("ratio", money.written_ratio, may_be_empty=True)
REFERENCE = Convert("reference", text.reference, may_be_empty=True)


def _number(words: str) -> int:
    if not re.fullmatch(r"#?[0-9]{1,18}", words) or not int(words.removeprefix("#")):
        raise ValueError(f"“{text.escaped(words[:40])}” is not the number of an event: write it like 17 or #17")
    return int(words.removeprefix("#"))


NUMBER = Convert("number", _number)


def code(column: str) -> Convert:
    """A code: of something outside by its shape; what the agreement itself names, it knows, and which was meant."""
    read = (lambda value: text.code(column, value)) if column in text.OUTSIDE else text.clean
    return Convert("code", read, may_be_empty=True)


def refuse_turned(first: date | None, last: date | None) -> None:
    """A usage error for a period that ends before it begins."""
    if first and last and first > last:
        raise click.UsageError(f"--from {first} is after --to {last}: turn them round.")


def actor() -> str:
    """Who asks, when --as does not say: POOLBOOK_ACTOR, else the login name."""
    named = os.environ.get("POOLBOOK_ACTOR") or os.environ.get("LOGNAME") or os.environ.get("USER")
    if named:
        return named
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise click.UsageError("Nobody is logged in here by name: say who records this, with --as.") from None


def recording_options(command: F) -> F:
    """The options that every recording command takes."""
    on = click.option("--on", type=DAY, default=lambda: date.today().isoformat(), help="The business date [today].")
    return on(undated_recording_options(command))


def undated_recording_options(command: F) -> F:
    """The options of a recording command whose business date is given by what it records."""
    options = (
        click.option("--reference", type=REFERENCE, default="", help="Names this record; unique in its arrangement."),
        click.option("--document", type=TEXT, default="", help="The paper both sides quote, such as an invoice number."),
        click.option("--narrative", type=TEXT, default="", help="Free text; it can be erased later."),
        click.option("--evidence", type=click.Path(exists=True, dir_okay=False, path_type=Path),
                     help="A file whose SHA-256 goes into the event."),
        click.option("--as", "who", type=NAME, default=actor, help="Who records this [POOLBOOK_ACTOR, else login name]."),
        click.option("--dry-run", is_flag=True, help="Show what would be recorded, and record nothing."),
        format_option,
        ledger_option,
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def paper(given: Mapping[str, Any]) -> dict[str, str]:
    """The document, and the hash of the evidence, that the common options name."""
    return {"document": given["document"], "evidence": evidence_hash(given["evidence"])}


def evidence_hash(path: Path | None) -> str:
    """The SHA-256 of an evidence file, in hex; empty without one."""
    if path is None:
        return ""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
