"""A table of an agreement's file: its keys are taken one by one, and what is wrong is noted with its line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ledger import text
from ledger.agreement.source import Path
from ledger.errors import Fault, did_you_mean

T = TypeVar("T")


class Table:
    """One table of the file; takes its keys one by one, noting a fault instead of raising."""

    def __init__(
        self, data: object, path: Path, lines: dict[Path, int], faults: list[Fault], called: str = "an agreement"
    ) -> None:
        self.path, self.lines, self.faults, self._name = path, lines, faults, called
        self.given: dict[str, Any] = data if isinstance(data, dict) else {}
        self._is_table = isinstance(data, dict)
        if not self._is_table:
            self.fault(f"{path[-1]} must be a table")
        self._left = dict.fromkeys(self.given)
        self._known: list[str] = []

    def fault(self, sentence: str, *keys: str | int) -> None:
        """Note what is wrong with a key, or with the table."""
        path = (*self.path, *keys)
        while path and path not in self.lines:
            path = path[:-1]
        self.faults.append(Fault(self.lines.get(path, 1), "", sentence))

    def take(self, key: str, convert: Callable[[Any], T], otherwise: T, *, needed: bool = False) -> T:
        """A key's value, converted; the other value, with a fault noted, where it is wrong or needed and absent."""
        self._take(key)
        if key not in self.given:
            if needed and self._is_table:
                self.fault(f"{key} is missing from {self._called()}")
            return otherwise
        try:
            return convert(self.given[key])
        except ValueError as error:
            self.fault(f"{key}: {error}", key)
            return otherwise

    def table(self, key: str) -> Table:
        """A table inside this one (empty where absent)."""
        self._take(key)
        return Table(self.given.get(key, {}), (*self.path, key), self.lines, self.faults)

    def tables(self, key: str) -> list[Table]:
        """A list of tables inside this one, `[[key]]`."""
        self._take(key)
        found = self.given.get(key, [])
        if not isinstance(found, list):
            self.fault(f"{key} is a list of tables: write [[{'.'.join(map(str, (*self.path, key)))}]]", key)
            return []
        return [Table(item, (*self.path, key, number), self.lines, self.faults) for number, item in enumerate(found)]

    def known(self, key: str) -> None:
        """Count a key as taken, though nothing was asked of it."""
        self._take(key)

    def end(self) -> None:
        """Fault what was not taken: an unknown key, with the one probably meant."""
        for key in self._left:
            self.fault(f"{text.escaped(key[:40])} is not a key of {self._called()}{did_you_mean(key, self._known)}", key)

    def refuse_twice(self, key: str, codes: Sequence[str]) -> None:
        """Fault each code in the list of tables `[[key]]` that stood there before, by whatever case."""
        first: dict[str, str] = {}
        for number, code in enumerate(codes):
            if code and code.casefold() in first:
                self.fault(f"code: {code} is given twice (as {first[code.casefold()]})", key, number, "code")
            first.setdefault(code.casefold(), code)

    def _take(self, key: str) -> None:
        self._left.pop(key, None)
        self._known.append(key)

    def _called(self) -> str:
        names = [str(part) for part in self.path if isinstance(part, str)]
        if not names:
            return self._name
        return f"[[{'.'.join(names)}]]" if isinstance(self.path[-1], int) else f"[{'.'.join(names)}]"
