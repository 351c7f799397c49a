"""What the pages name exists: tests, commands, links; and their tables are those of the program."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from commands.main import poolbook
from ledger import requests
from ledger.agreement import Terms, model
from ledger.agreement.bodies import ROLES
from ledger.agreement.reader import read_agreement
from ledger.arrangements import postings, rules_of
from ledger.errors import BadInput
from tests import given
from tests.docs.examples import PAGES, ROOT, steps

NODE = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
COMMAND = re.compile(r"`poolbook ((?:[a-z][\w-]* ?)+)")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")
CELL = re.compile(r"(?<!\\)\|")


def text(page: str) -> str:
    """A page of the documentation."""
    return (ROOT / "docs" / page).read_text(encoding="utf-8")


def rows(table: str) -> list[list[str]]:
    """The cells of a Markdown table's rows, without its head."""
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in CELL.split(line)[1:-1]] for line in lines[2:]]


def sections(page: str, marks: str) -> dict[str, str]:
    """Each heading of a level with the text under it."""
    parts = re.split(rf"^{marks} (.+)\n", re.split(r"\n## Exit", page)[0], flags=re.MULTILINE)
    return {
        name: re.split(r"^#", body, maxsplit=1, flags=re.MULTILINE)[0]
        for name, body in zip(parts[1::2], parts[2::2], strict=True)
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_a_page_names_exists(page: Path) -> None:
    for file, name in NODE.findall(page.read_text(encoding="utf-8")):
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), f"{file}::{name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_a_page_names_exists(page: Path) -> None:
    for words in COMMAND.findall(page.read_text(encoding="utf-8")):
        found: click.Command = poolbook
        for word in words.split():
            if not isinstance(found, click.Group):
                break
            inner = found.get_command(click.Context(found), word)
            assert inner is not None, f"poolbook {words}"
            found = inner


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_the_guides_eight_questions_are_answered_for_every_kind() -> None:
    asked = sections(text("cipfa.md"), "##")
    assert [name.partition(".")[0] for name in asked] == [str(number) for number in range(1, 9)]
    for question, body in asked.items():
        answered = rows(body)
        kinds = ["aligned", "lead body", "joint commissioning", "billing lead", "joint venture"]
        assert [row[0] for row in answered] == kinds, question
        for row in answered:
            assert NODE.search(row[-1]) or COMMAND.search(row[-1]), f"{question}: {row[0]}"


def test_the_table_of_facts_is_that_of_the_program() -> None:
    said = {row[0]: row[1:] for row in rows(sections(text("facts.md"), "##")["The columns"])}
    assert said == {
        f"`{kind.type}`": [f"`{' '.join(kind.command)}`", ", ".join(kind.needs), ", ".join(kind.may)]
        for kind in requests.KINDS.values()
    }


def test_the_facts_that_may_be_negative_are_those_of_the_program() -> None:
    sentence = re.search(r"Negative amounts.*?allowed on (.*?)\. A mistake", text("facts.md"), flags=re.DOTALL)
    assert sentence is not None
    assert re.findall(r"`(\w+)`", sentence[1]) == [kind.type for kind in requests.KINDS.values() if kind.negative]


_KINDS = {
    "lead body": ("lead_body",),
    "billing lead": ("hybrid",),
    "joint commissioning": ("commissioned",),
    "joint venture": given.VENTURES,
    "aligned": ("aligned",),
}


@pytest.mark.parametrize("kind", requests.KINDS.values(), ids=lambda kind: kind.type)
def test_what_a_page_calls_refused_or_unposted_is_so(kind: requests.Kind) -> None:
    said = {row[0]: row[1] for row in rows(sections(text("facts.md"), "####")[f"`{kind.type}`"])}
    assert list(said) == list(_KINDS)
    for name, cell in said.items():
        posts = [rules_of(Terms(given.agreement(each))).posts[kind.fact] for each in _KINDS[name]]
        refused = [isinstance(each, str) for each in posts]
        assert cell.startswith("Refused:") == all(refused), f"{name}: {cell}"
        assert ("efused where" in cell or "therwise refused" in cell) == (any(refused) and not all(refused)), (
            f"{name}: {cell}"
        )
        assert cell.startswith("No posting:") == all(each is postings.memorandum for each in posts), f"{name}: {cell}"


_TABLES = {
    "`[arrangement]`": (
        "arrangement",
        ["code", "name", "type", "starts", "ends", "year_starts", "legal_basis", "notice_months"],
    ),
    "`[[party]]`": ("party", model.Party.__struct_fields__),
    "`[[scheme]]`": ("scheme", model.Scheme.__struct_fields__),
    "`[[fund]]`": ("fund", model.Fund.__struct_fields__),
    "`[shares]`": ("shares", model.Shares.__struct_fields__),
    "`[[asset]]` and `[[liability]]`": ("asset", model.Held.__struct_fields__),
    "`[risk]`": ("risk", [name for name in model.Risk.__struct_fields__ if name != "bands"]),
    "`[[risk.band]]`": ("risk.band", model.Band.__struct_fields__),
    "`[[budget]]`": ("budget", model.Budget.__struct_fields__),
    "`[[indicator]]`": ("indicator", model.Indicator.__struct_fields__),
    "`[responsibilities]`": ("responsibilities", model.Responsibilities.__struct_fields__),
}


def example() -> str:
    """The worked example of agreements.md."""
    return next(step.text for step in steps(text("agreements.md")) if step.file)


def without(agreement: str, table: str, key: str) -> str:
    """The agreement without a key, in the first of its tables that has it."""
    pattern = rf"(^\[+{re.escape(table)}\]+\n(?:\w.*\n)*?){key} = .*\n"
    return re.sub(pattern, r"\1", agreement, count=1, flags=re.MULTILINE)


@pytest.mark.parametrize("heading", _TABLES)
def test_the_keys_of_an_agreement_are_those_of_the_program_and_needed_where_the_page_says(heading: str) -> None:
    table, keys = _TABLES[heading]
    said = {row[0].strip("`"): row[1] for row in rows(sections(text("agreements.md"), "###")[heading])}
    assert sorted(said) == sorted(keys)
    for key, needed in said.items():
        left = without(example(), table, key)
        if needed == "yes":
            assert left != example(), f"the worked example has no {table}.{key}"
            with pytest.raises(BadInput):
                read_agreement("example.toml", left.encode())
        else:
            read_agreement("example.toml", left.encode())


def test_the_roles_of_each_type_are_those_of_the_program() -> None:
    body = sections(text("agreements.md"), "###")["`[roles]`"]
    types, keys = re.split(r"\n\n(?=\| key)", body)
    said = {
        row[0].strip("`"): tuple(tuple(re.findall(r"`(\w+)`", cell)) for cell in row[1:])
        for row in rows(types[types.index("| type") :])
    }
    assert said == ROLES
    assert [row[0].strip("`") for row in rows(keys)] == list(model.Roles.__struct_fields__)
