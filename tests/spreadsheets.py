"""Workbooks as other programs see them: every formula reckoned anew, here and in LibreOffice, and what texts became."""

from __future__ import annotations

import re
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from tests.programs import needed

Cells: TypeAlias = dict[tuple[str, str], Any]
"""Sheet and cell → what stands there."""

_PLACE = r"(?:'((?:[^']|'')+)'!)?(\$?[A-Z]+\$?[0-9]+(?::\$?[A-Z]+\$?[0-9]+)?)"
_TERM = re.compile(
    rf"([+-]?)(?:(?P<sum>SUM)\((?P<ranges>(?:'(?:[^']|'')+'|[^()'])+)\)|(?P<where>SUMPRODUCT)\(--EXACT\({_PLACE},{_PLACE}\),{_PLACE}\)|"
    rf"{_PLACE}|(?P<number>[0-9]+))"
)


def formulas(path: Path) -> Cells:
    """Every formula of a workbook."""
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def values(path: Path) -> Cells:
    """Every cell that holds anything, formulas by the results they were saved with."""
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in load_workbook(path, data_only=True)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def reckoned(path: Path) -> Cells:
    """What each formula comes to: sums, sums over the rows of exactly one text, and cells added and taken away."""
    found, known = formulas(path), values(path)
    done: Cells = {}

    def value(sheet: str, cell: str) -> Any:
        place = (sheet, cell.replace("$", ""))
        if place in found and place not in done:
            done[place] = reckon(sheet, found[place])
        return done.get(place, known.get(place))

    def cells(sheet: str, given: str | None, area: str) -> list[Any]:
        left, top, right, bottom = range_boundaries(area.replace("$", ""))
        name = given.replace("''", "'") if given else sheet
        letters = [chr(64 + at) for at in range(left, right + 1)]
        return [value(name, f"{letter}{row}") for row in range(top, bottom + 1) for letter in letters]

    def reckon(sheet: str, formula: str) -> Decimal:
        total, at = Decimal(0), 1
        while at < len(formula):
            term = _TERM.match(formula, at)
            assert term, f"{formula}: {formula[at:]}"
            total += (-1 if term[1] == "-" else 1) * one(sheet, term)
            at = term.end()
        return total

    def one(sheet: str, term: re.Match[str]) -> Decimal:
        if term["sum"]:
            areas = re.findall(_PLACE, term["ranges"])
            return sum((number(each) for name, area in areas for each in cells(sheet, name, area)), Decimal(0))
        groups = term.groups()
        if term["where"]:
            texts, wanted, amounts = (cells(sheet, groups[at], groups[at + 1]) for at in (4, 6, 8))
            pairs = zip(texts, amounts, strict=True)
            return sum((number(amount) for text, amount in pairs if str(text or "") == str(wanted[0] or "")), Decimal(0))
        return Decimal(term["number"]) if term["number"] else number(cells(sheet, groups[10], groups[11])[0])

    def number(cell: Any) -> Decimal:
        if isinstance(cell, Decimal):
            return cell
        return Decimal(repr(cell)) if isinstance(cell, int | float) else Decimal(0)

    return {place: value(*place) for place in found}


def in_libreoffice(path: Path) -> Cells:
    """What LibreOffice makes of a workbook whose formulas it has to reckon itself."""
    needed("soffice", "apt-get install libreoffice-calc-nogui", always=False)
    bare, folder = path.with_name(f"bare-{path.name}"), path.with_name("reckoned")
    load_workbook(path).save(bare)  # which keeps no results
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={path.parent.as_uri()}/office", "--convert-to", "xlsx",
         "--outdir", str(folder), str(bare)], check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return values(folder / bare.name)
