"""Imports run one way: commands → projections → ledger, and each room keeps out what it must not know."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
FORBIDDEN = {
    "ledger": {"projections", "commands", "sqlalchemy", "click", "tabulate", "tests"},
    "projections": {"commands", "click", "tests"},
    "commands": {"sqlalchemy", "tests"},
}
"""Room → the packages it never imports."""


def imported(source: str) -> Iterator[tuple[int, str]]:
    """Line and top package of every import in a file, wherever it stands; relative imports count as the room's own."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.lineno, (node.module or "").partition(".")[0]
        elif isinstance(node, ast.Call) and _dynamic(node.func) and node.args and isinstance(node.args[0], ast.Constant):
            yield node.lineno, str(node.args[0].value).partition(".")[0]


def _dynamic(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in ("import_module", "__import__")


@pytest.mark.parametrize("room", FORBIDDEN)
def test_a_room_imports_nothing_it_must_not_know(room: str) -> None:
    files = sorted((HOUSE / room).rglob("*.py"))
    assert files
    wrong = [
        f"{file.relative_to(HOUSE)}:{line}: {package}"
        for file in files
        for line, package in imported(file.read_text())
        if package in FORBIDDEN[room]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "source",
    ["import click", "from click import echo", "import click.testing as t", "def f():\n    import click",
     "from importlib import import_module\nimport_module('click')", "__import__('click.core')",
     "if TYPE_CHECKING:\n    from click.core import Context"],
)  # fmt: skip
def test_an_import_is_found_wherever_it_stands(source: str) -> None:
    assert "click" in {package for _, package in imported(source)}
