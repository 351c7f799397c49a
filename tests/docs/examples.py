"""The examples of the documentation: found, run in order, and compared with what the page shows.

A block fenced as `console` holds lines that start with `$ ` (a command; lines that start with `> ` go on with it) and under
each what it prints. All the blocks of a page run in one shell, in an empty folder. A line `...` stands for any number of
lines. A block whose fence names a file, like ```` ```toml pool.toml ````, is written to that file when it is reached. What
differs from run to run (ids, hashes, moments, sizes) is compared by its shape. To write the output of a page anew:

    python -m tests.docs.examples docs/facts.md
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

_FENCE = re.compile(r"(?P<ticks>`{3,})(?P<language>\w*)(?: +(?P<file>[\w.-]+))?")
_MARK = "@@ended@@"
_VARYING = (
    (re.compile(r"\b[0-9a-f]{64}\b"), "<hash>"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "<id>"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"), "<moment>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d\b"), "<minute>"),
    (re.compile(r"[\d,]+(?= bytes\b)|(?<=size bytes ) *[\d,]+|(?<=\"size_bytes\": )\d+"), "<size>"),
)


@dataclass
class Step:
    """A command, or a file to write (`text`), and what the page shows under it; `first` and `last` bound its lines."""

    command: str = ""
    file: str = ""
    text: str = ""
    shown: list[str] = field(default_factory=list)
    first: int = 0
    last: int = 0


def steps(page: str) -> list[Step]:
    """The commands and files of a page, in order."""
    found: list[Step] = []
    for language, file, start, lines in _blocks(page.splitlines()):
        if language == "console":
            found.extend(_commands(lines, start))
        elif file:
            found.append(Step(file=file, text="\n".join(lines) + "\n"))
    return found


def _blocks(lines: list[str]) -> Iterator[tuple[str, str, int, list[str]]]:
    start, fence = 0, None
    for number, line in enumerate(lines):
        if fence is None:
            fence = _FENCE.fullmatch(line)
            start = number + 1
        elif line == fence["ticks"]:
            yield fence["language"], fence["file"] or "", start, lines[start:number]
            fence = None


def _commands(lines: list[str], start: int) -> list[Step]:
    found: list[Step] = []
    for number, line in enumerate(lines, start):
        if line.startswith("$ "):
            found.append(Step(command=line[2:], first=number + 1))
        elif line.startswith("> ") and found and not found[-1].shown:
            found[-1].command += "\n" + line[2:]
            found[-1].first = number + 1
        elif found:
            found[-1].shown.append(line)
        if found:
            found[-1].last = number + 1
    return found


def run(page: list[Step], folder: Path) -> list[tuple[Step, list[str], int]]:
    """Run a page in a folder; gives each command with the lines it printed and its exit code."""
    commands = [step for step in page if step.command]
    done = subprocess.run(
        ["bash"], input=_script(page), cwd=folder, env=_environment(folder), text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False,
    )  # fmt: skip
    said = re.split(rf"^{_MARK} (\d+)\n", done.stdout, flags=re.MULTILINE)
    assert len(said) == 2 * len(commands) + 1, done.stdout
    return [(step, said[2 * at].removesuffix("\n").splitlines(), int(said[2 * at + 1])) for at, step in enumerate(commands)]


def _script(page: list[Step]) -> str:
    lines = []
    for step in page:
        if step.command:
            lines.append(f"{{ {step.command}\n}} < /dev/null\n__code=$?; echo; echo {_MARK} $__code; (exit $__code)")
        else:
            lines.append(f"cat > '{step.file}' <<'{_MARK}'\n{step.text}{_MARK}")
    return "\n".join(lines) + "\n"


def _environment(folder: Path) -> dict[str, str]:
    tools = folder / ".tools"
    tools.mkdir()
    program = tools / "poolbook"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "from commands.main import run; run()" "$@"\n')
    program.chmod(0o755)
    python = Path(sys.executable).parent
    return {
        "PATH": os.pathsep.join((str(tools), str(python), os.environ.get("PATH", ""))), "PYTHONPATH": str(ROOT),
        "HOME": str(folder), "POOLBOOK_ACTOR": "finance.officer", "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb",
        "LANG": "C.UTF-8", "TZ": "UTC",
    }  # fmt: skip


def same(shown: list[str], said: list[str]) -> bool:
    """Whether what a page shows is what was printed."""
    return _same([_shape(line) for line in _trimmed(shown)], [_shape(line) for line in _trimmed(said)])


def _same(shown: list[str], said: list[str]) -> bool:
    if not shown:
        return not said
    if shown[0] == "...":
        return any(_same(shown[1:], said[at:]) for at in range(len(said) + 1))
    return bool(said) and shown[0] == said[0] and _same(shown[1:], said[1:])


def _trimmed(lines: list[str]) -> list[str]:
    return "\n".join(line.rstrip() for line in lines).strip("\n").splitlines()


def _shape(line: str) -> str:
    for pattern, shape in _VARYING:
        line = pattern.sub(shape, line)
    return line


def renewed(text: str, folder: Path) -> str:
    """The page with the output of every command that printed something else than it shows."""
    lines = text.splitlines()
    for step, said, _ in reversed(run(steps(text), folder)):
        if not same(step.shown, said):
            lines[step.first : step.last] = _trimmed(said)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as place:
            page = Path(name)
            page.write_text(renewed(page.read_text(encoding="utf-8"), Path(place)), encoding="utf-8")
