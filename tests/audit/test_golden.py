"""What the audit commands say, frozen: shapes and words, in every format."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.commands.desk import Desk

GOLDEN = Path(__file__).parent / "golden"
ASKED = {
    "log": ["log", "pool"],
    "log_filter": ["log", "pool", "--filter", "post-close", "--filter", "large=0.50"],
    "log_filters": ["log", "pool", "--filters", "--from", "2013-05-01"],
    "show": ["show", "pool", "10"],
    "explain": ["explain", "pool", "memorandum/2013-14/OCC/billed"],
    "explain_list": ["explain", "pool", "memorandum/2013-14/care"],
    "replay": ["replay", "pool", "--as-at", "2014-03-31"],
    "replay_all": ["replay"],
    "replay_balances": ["replay", "pool", "--balances", "--as-known", "#9"],
}
"""Golden file → what is asked."""


@pytest.mark.parametrize("form", ["json", "csv", "table"])
@pytest.mark.parametrize("name", ASKED)
def test_a_command_says_what_it_always_said(kept: Desk, name: str, form: str) -> None:
    before = kept.bytes()
    done = kept("audit", *ASKED[name], "--format", form)
    assert (done.code, done.err) == (0, "")
    assert kept.bytes() == before
    golden = GOLDEN / f"audit_{name}.{form.replace('table', 'txt')}"
    if os.environ.get("POOLBOOK_GOLDEN") == "add" and not golden.exists():
        golden.write_text(done.out)
    assert done.out == golden.read_text()


def test_every_golden_file_is_asked_for() -> None:
    expected = {f"audit_{name}.{ending}" for name in ASKED for ending in ("json", "csv", "txt")}
    assert {path.name for path in GOLDEN.glob("audit_*")} == expected


def test_the_page_of_shapes_names_the_columns_of_every_csv() -> None:
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    for name, words in ASKED.items():
        (section,) = [part for part in page.split("\n## ") if part.startswith(f"audit {words[0]}\n")]
        header = (GOLDEN / f"audit_{name}.csv").read_text().splitlines()[0]
        assert f"`{header}`" in section, name
