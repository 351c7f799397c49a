"""A desk to run the command line at: a folder of its own, a ledger in it, and what each run said and left behind.

`desk("status")` runs in this process, through the same function that the installed command calls; `desk.process("status")`
runs in a process of its own, where how a process behaves is what matters.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

from commands.main import run
from ledger import events as e
from ledger.application import Ledger
from ledger.csv_file import COLUMNS
from ledger.money import pounds
from tests import given
from tests.ledger.examples import Example

PROGRAM = [sys.executable, "-c", "from commands.main import run; run()"]
MONEY = ("amount", "consideration")


class Done(NamedTuple):
    """How a run ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Both streams, for what may stand in neither."""
        return self.out + self.err

    @property
    def json(self) -> Any:
        """The result as the JSON it is."""
        return json.loads(self.out)


class Desk:
    """A folder with a ledger `poolbook.db` in it, which every run finds by default."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "poolbook.db"

    def __call__(self, *words: str) -> Done:
        """Run `poolbook` with these words in this process."""
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace", write_through=True)
        with redirect_stdout(out), redirect_stderr(err):
            try:
                run(words)
            except SystemExit as left:
                code = left.code
        assert isinstance(code, int), code
        return Done(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))

    def process(self, *words: str | bytes, input: bytes = b"", **env: str) -> Done:
        """Run `poolbook` with these words in a process of its own."""
        done = subprocess.run(
            [*PROGRAM, *words],
            input=input,
            capture_output=True,
            cwd=self.folder,
            env=os.environ | env,
            check=False,
            timeout=120,
        )
        return Done(done.returncode, *(said.decode(errors="surrogateescape") for said in (done.stdout, done.stderr)))

    def start(self, *words: str, **popen: Any) -> subprocess.Popen[bytes]:
        """Start `poolbook` in a process of its own, and do not wait for it."""
        return subprocess.Popen([*PROGRAM, *words], cwd=self.folder, **popen)

    def made(self, kind: str = "lead_body", *more: str, before: Iterable[tuple[str, Mapping[str, Any]]] = ()) -> Desk:
        """With a ledger whose arrangement “pool” is of a kind, perhaps others like it, and facts recorded in “pool”."""
        with closing(given.new_ledger(self.path)) as ledger:
            given.sign(ledger, kind)
            for code in more:
                self.sign_like(ledger, kind, code)
            for type, fields in before:
                given.record(ledger, type, **fields)
        return self

    def sign_like(self, ledger: Ledger, kind: str, code: str) -> None:
        """Sign the agreement of a kind once more under another code."""
        ledger.sign(
            given.read_agreement("agreement.toml", given.toml(kind).replace('"pool"', f'"{code}"').encode()), given.WHO
        )

    def events(self, arrangement: str = given.CODE) -> list[e.Event]:
        """Every event of an arrangement."""
        with closing(Ledger.open(self.path, read_only=True)) as ledger:
            return list(ledger.history(arrangement))

    def text(self, event: e.Event, field: str = "narrative") -> str | None:
        """A text of an event, which must be the one that the event is committed to."""
        with closing(Ledger.open(self.path, read_only=True)) as ledger:
            return ledger.text(event, field)

    def bytes(self) -> bytes:
        """The ledger file, to the byte; nothing may lie beside it that belongs to it."""
        assert not (left := [*self.folder.glob("poolbook.db-journal"), *self.folder.glob("poolbook.db-wal")]), left
        return self.path.read_bytes()

    def file(self, name: str, content: str | bytes) -> Path:
        """A file in the folder."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def csv(self, *rows: Mapping[str, str], columns: Sequence[str] = COLUMNS, name: str = "facts.csv") -> Path:
        """A CSV file of facts in the folder."""
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows)
        return self.file(name, text.getvalue())


def row(type: str = "expenditure", **cells: str) -> dict[str, str]:
    """A row of a CSV file: cost of care from a supplier, unless it says otherwise."""
    base = {"arrangement": given.CODE, "type": type, "date": "2013-06-01", "reference": "R1", "amount": "10.00"}
    if type == "expenditure":
        base |= {"scheme": "care", "counterparty": "SUP"}
    return base | cells


def many(count: int, start: int = 1, **cells: str) -> list[dict[str, str]]:
    """Rows that differ by their references."""
    return [row(**{"reference": f"R{number}", **cells}) for number in range(start, start + count)]


def cells(fields: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a request as CSV cells and options say them: amounts in pounds."""
    return {name: pounds(value) if name in MONEY else value for name, value in fields.items()}


def options(fields: Mapping[str, Any]) -> list[str]:
    """The fields of a request as options."""
    return [word for name, value in cells(fields).items() for word in (f"--{name}", value)]


def words_of(example: Example, arrangement: str = given.CODE) -> list[str]:
    """The command that records an example."""
    from ledger.requests import KINDS

    return [*KINDS[example.type].command, arrangement, "--on", given.DAY.isoformat(), *options(example.fields)]
