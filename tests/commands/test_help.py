"""What a newcomer meets: help everywhere, the version, and which command was probably meant."""

from __future__ import annotations

import re
from importlib.metadata import version

import click
import pytest

from commands.main import COMMANDS, poolbook
from ledger.requests import KINDS
from tests.commands.desk import Desk


def commands(group: click.Group = poolbook, *path: str) -> list[tuple[str, ...]]:
    """The words of every command and group there is."""
    found: list[tuple[str, ...]] = [path] if path else []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found += commands(command, *path, name) if isinstance(command, click.Group) else [(*path, name)]
    return found


EVERY = commands()
GROUPS = ["agreement", "contribution", "expenditure", "income", "recharge", "asset", "liability", "report", "audit"]


def test_every_command_of_the_interface_that_is_built_is_there():
    assert {kind.command for kind in KINDS.values()} <= set(EVERY)
    assert ("recharge", "run") in EVERY
    assert {(name,) for name in ("init", "demo", "status", "backup", "rebuild", "import", "reverse")} <= set(EVERY)
    assert {("agreement", name) for name in ("sign", "list", "show", "template")} <= set(EVERY)


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
@pytest.mark.parametrize("asked", ["-h", "--help"])
def test_help_is_everywhere_says_something_and_needs_no_ledger(desk: Desk, words: tuple[str, ...], asked: str):
    done = desk(*words, asked)
    assert (done.code, done.err) == (0, "")
    usage, _, rest = done.out.partition("\n")
    assert usage.startswith(f"Usage: poolbook {' '.join(words)} ")
    described = " ".join(rest.partition("Options:")[0].split())
    assert re.match(r"[A-Z].*[.]$", described), described
    assert list(desk.folder.iterdir()) == []


def test_the_first_help_lists_every_command_with_what_it_does(desk: Desk):
    done = desk("-h")
    assert (done.code, done.err) == (0, "")
    listed = dict(re.findall(r"^  ([a-z-]+)  +(\S.*)$", done.out.partition("Commands:")[2], re.MULTILINE))
    assert list(listed) == list(COMMANDS)
    assert [name for name, says in listed.items() if not says.endswith((".", ","))] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_in_the_list_is_what_the_command_says_of_itself(name: str):
    command = poolbook.get_command(click.Context(poolbook), name)
    assert command is not None
    said = (command.help or "").split("\n\n")[0].replace("\n", " ").strip()
    first = said.rstrip(".").casefold()
    assert COMMANDS[name][1].rstrip(".").casefold()[:8] == first[:8], (COMMANDS[name][1], said)


def test_the_version_is_the_distributions(desk: Desk):
    done = desk("--version")
    assert (done.code, done.out, done.err) == (0, f"poolbook {version('poolbook')}\n", "")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("contributoin",), "contribution"), (("agreements",), "agreement"), (("setoff",), "set-off"),
        (("Status",), "status"), (("revers",), "reverse"), (("imports",), "import"), (("agreement", "shwo"), "show"),
        (("agreement", "signs"), "sign"),
        (("contribution", "recieve"), "receive"), (("contribution", "inkind"), "in-kind"), (("asset", "aquire"), "acquire"),
        (("liability", "recognize"), "recognise"), (("report", "balance"), "balances"), (("income", "colect"), "collect"),
    ],
)  # fmt: skip
def test_a_command_that_is_none_brings_the_one_probably_meant(desk: Desk, words: tuple[str, ...], meant: str):
    done = desk(*words)
    assert (done.code, done.out) == (2, "")
    assert f"did you mean {meant}?" in done.err


@pytest.mark.parametrize("group", GROUPS)
def test_a_command_that_is_like_none_brings_those_there_are(desk: Desk, group: str):
    done = desk(group, "qqq")
    assert (done.code, done.out) == (2, "")
    assert f"There is no poolbook {group} qqq: there " in done.err


@pytest.mark.parametrize("words", [(), *((group,) for group in GROUPS)], ids=["poolbook", *GROUPS])
def test_a_group_without_a_command_shows_its_help(desk: Desk, words: tuple[str, ...]):
    done = desk(*words)
    assert done.code in (0, 2)
    assert "Commands:" in done.said
    assert list(desk.folder.iterdir()) == []


def test_the_types_of_an_import_are_listed_with_their_commands_and_columns(desk: Desk):
    done = desk("import", "--types")
    assert (done.code, done.err) == (0, "")
    for kind in KINDS.values():
        columns = ", ".join([*kind.needs, *(f"({column})" for column in kind.may)])
        pattern = rf"^{kind.type} +poolbook {' '.join(kind.command)} +{re.escape(columns)}$"
        assert re.search(pattern, done.out, re.MULTILINE), kind.type


def test_the_commands_that_the_types_name_are_commands(desk: Desk):
    named = re.findall(r"^\w+ +poolbook ((?:[a-z-]+ ?)+?)  ", desk("import", "--types").out, re.MULTILINE)
    assert len(named) == len(KINDS)
    assert {tuple(words.split()) for words in named} <= set(EVERY)
