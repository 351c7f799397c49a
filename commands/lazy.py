"""A group whose commands are imported when they are named, so that help and start-up load none of them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, TypeAlias

import click

from ledger.errors import did_you_mean

Table: TypeAlias = Mapping[str, tuple[str, str]]
"""Name → where the command is (“module:name”), and the line that help shows of it."""


class Lazy(click.Group):
    """A group made from a table."""

    def __init__(self, *arguments: Any, table: Table, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order a newcomer meets them."""
        del ctx
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; None for one there is not."""
        del ctx
        if cmd_name not in self._table:
            return None
        module, _, name = self._table[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table alone."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, says) for name, (_, says) in self._table.items()])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Click's own, with the command probably meant."""
        if args and args[0] not in self._table and not args[0].startswith("-") and not ctx.resilient_parsing:
            said = "command" if ctx.parent is None else ctx.command_path
            raise click.UsageError(f"There is no {said} {args[0]}{did_you_mean(args[0], list(self._table))}", ctx)
        return super().resolve_command(ctx, args)
