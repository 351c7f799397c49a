"""Every example of every page does what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.examples import PAGES, renewed, run, same, steps
from tests.programs import needed

_NEEDS = {"export.md": [("hledger", "apt-get install hledger"), ("ledger", "apt-get install ledger"),
                        ("bean-check", "pip install beancount")]}  # fmt: skip
"""Page → the programs of others that its examples run, and how to get them."""
_FAULTS = {70: "a fault of the program", 126: "not a command", 127: "no such command"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_example_prints_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    found = steps(page.read_text(encoding="utf-8"))
    for program, get in _NEEDS.get(page.name, []):
        needed(program, get)
    for step, said, code in run(found, tmp_path) if found else []:
        assert code not in _FAULTS, f"{step.command}: {_FAULTS[code]}: {said}"
        assert same(step.shown, said), "\n".join([f"$ {step.command}", *said])


def test_the_readme_shows_a_session() -> None:
    assert sum("poolbook" in step.command for step in steps(PAGES[0].read_text(encoding="utf-8"))) >= 7


def test_examples_share_one_shell_and_files_named_by_their_fence(tmp_path: Path) -> None:
    file = "```toml a.toml\nx = 1\n```\n"
    page = file + "\n```console\n$ export Y=2\n$ cat a.toml\nx = 1\n$ echo $Y; false\n2\n$ echo $?\n1\n```\n"
    assert [(said, code) for _, said, code in run(steps(page), tmp_path)] == [([], 0), (["x = 1"], 0), (["2"], 1), (["1"], 0)]


@pytest.mark.parametrize(
    ("shown", "said", "answer"),
    [
        (["a", "...", "d"], ["a", "b", "c", "d"], True),
        (["a", "...", "d"], ["a", "d"], True),
        (["a", "...", "d"], ["a", "b"], False),
        (["at 2026-01-01T00:00:00.000000Z"], ["at 2027-02-02T01:01:01.123456Z"], True),
        (["id 0123456789abcdef0123456789abcdef"], ["id fedcba9876543210fedcba9876543210"], True),
        (["1.00"], ["1.01"], False),
        ([], ["more"], False),
    ],
)
def test_output_is_compared_line_by_line_but_for_what_varies(shown: list[str], said: list[str], answer: bool) -> None:
    assert same(shown, said) is answer


def test_a_page_written_anew_shows_what_was_printed(tmp_path: Path) -> None:
    page = "A page.\n\n```console\n$ echo one\ntwo\n$ echo three\n```\n\nMore.\n"
    assert renewed(page, tmp_path) == "A page.\n\n```console\n$ echo one\none\n$ echo three\nthree\n```\n\nMore.\n"
