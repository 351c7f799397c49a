"""What can go wrong, each as a sentence for the person who asked.

PoolbookError                   every error of ours; `exit_code` is what the command ends with
├── Refused               1     a rule of accounting or of the agreement says no
│   ├── Obstructed            1     the books as they stand do not allow it; carries why, without what to do
│   └── UnknownCode       1     no agreement knows the code; carries the column it stood in
├── LedgerUnavailable     3     the ledger is missing, foreign, newer, locked, full, read-only or away
├── BadInput              4     an input file is wrong; carries every fault with its line and column
└── NotProven             5     the books do not prove
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class PoolbookError(Exception):
    """Something a user can understand and mend; its text is a sentence."""

    exit_code = 70


class Refused(PoolbookError):
    """A rule says no: who, what was asked, what was possible, what to do."""

    exit_code = 1


class Obstructed(Refused):
    """The books as they stand do not allow it: `why` says so, and `instead` what to do, which for a reversal is another."""

    def __init__(self, why: str, instead: str) -> None:
        super().__init__(f"{why}: {instead}.")
        self.why = why


class UnknownCode(Refused):
    """A code that no agreement knows; `column` is the column or option it stood in."""

    def __init__(self, sentence: str, column: str) -> None:
        super().__init__(sentence)
        self.column = column


class LedgerUnavailable(PoolbookError):
    """The ledger cannot be used as asked."""

    exit_code = 3


class Fault(NamedTuple):
    """One thing wrong in a file; line and column count from one, 0 where the whole file is meant."""

    line: int
    column: str
    sentence: str


class BadInput(PoolbookError):
    """An input file is wrong: its faults in file order, at most the first 100, and how many there are in all."""

    exit_code = 4
    shown = 100

    def __init__(self, file: str, faults: Sequence[Fault], count: int | None = None) -> None:
        self.file = file
        self.faults = list(faults[: self.shown])
        self.count = len(faults) if count is None else count
        super().__init__(listing(file, self.faults, self.count, "fault"))


class NotProven(PoolbookError):
    """The books do not prove: something recorded differs from what it must be."""

    exit_code = 5


def listing(file: str, faults: Sequence[Fault], count: int, noun: str) -> str:
    """The faults one a line, and the sentence that counts them."""
    lines = [
        ":".join(part for part in (file, str(fault.line) if fault.line else "", fault.column) if part) + f": {fault.sentence}"
        for fault in faults
    ]
    more = f", the first {len(faults)} shown" if count > len(faults) else ""
    return "\n".join([*lines, f"{file}: {count:,} {noun}{'' if count == 1 else 's'}{more}; nothing was recorded."])


def did_you_mean(code: str, known: Sequence[str]) -> str:
    """“; did you mean X?” or the codes there are, to end the sentence about an unknown code."""
    from difflib import get_close_matches

    known = [name for name in known if name]
    folded = {name.casefold(): name for name in known}
    near = get_close_matches(code.casefold(), folded, n=1)
    if near:
        return f"; did you mean {folded[near[0]]}?"
    if not known:
        return ", which has none."
    if len(known) == 1:
        return f": there is only {known[0]}."
    return f": there are {', '.join(known[:12])}{', …' if len(known) > 12 else ''}."
