"""How figures are spelt, and who explains them: REPORT/…/FIGURE, the words that the report itself shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ledger.errors import Refused, UnknownCode, did_you_mean
from ledger.text import escaped
from projections.explain import accounts, items, outturns, shares, years
from projections.explain.asked import Asked
from projections.explain.tree import Node

_YEAR = re.compile(r"[0-9]{4}(?:[-/][0-9]{2}(?![0-9]))?")


class Family(NamedTuple):
    """One report's figures: how they are spelt, the options that choose them, who explains and who lists them."""

    spelt: str
    options: tuple[str, ...]
    explain: Callable[..., Node]
    listed: Callable[[Asked], Iterator[tuple[str, int]]]


def _owed(what: str) -> Family:
    return Family(
        f"{what}/BOOK/BODY[/COLUMN]",
        ("as_at",),
        lambda asked, *names: items.owed(asked, what, *names),
        lambda asked: items.list_owed(asked, what),
    )


FAMILIES: dict[str, Family] = {
    "balances": Family("balances/BOOK/ACCOUNT", ("as_at", "known"), accounts.balance, accounts.list_balances),
    "statement": Family(
        "statement/BODY/ACCOUNT or /TOTAL", ("first", "last", "known", "statutory"), accounts.statement,
        accounts.list_statements,
    ),
    "memorandum": Family("memorandum/YEAR/CODE/FIGURE", ("known",), years.memorandum, years.list_memoranda),
    "outturn": Family("outturn/YEAR/CODE/FIGURE", ("as_at", "known"), outturns.outturn_figure, outturns.list_outturns),
    "preview": Family(
        "preview/YEAR/PARTY/FIGURE", ("known",), shares.preview,
        lambda asked: shares.list_previews(asked, years.years(asked)),
    ),
    "assets": Family("assets/ASSET/FIGURE", ("as_at",), items.asset, items.list_assets),
    "debtors": _owed("debtors"),
    "creditors": _owed("creditors"),
}  # fmt: skip
"""First word of a figure → its family."""

_WITH_YEAR = ("memorandum", "outturn", "preview")


def family_of(figure: str) -> Family:
    """The family that a figure's first word names; raises UnknownCode."""
    first = figure.partition("/")[0]
    if first not in FAMILIES:
        hint = did_you_mean(first, list(FAMILIES))
        raise UnknownCode(f"“{escaped(first[:40])}” is no report whose figures are explained{hint}", "figure")
    return FAMILIES[first]


def words(figure: str) -> list[str]:
    """A figure's words, its year as one of them whichever way it is written."""
    first, _, rest = figure.partition("/")
    if first in _WITH_YEAR and (year := _YEAR.match(rest)):
        label = year[0].replace("-", "/")
        return [first, label, *filter(None, rest[year.end() :].removeprefix("/").split("/"))]
    return [first, *filter(None, rest.split("/"))]


def explain(asked: Asked, figure: str) -> Node:
    """A figure as a tree; raises UnknownCode for a name that there is not, Refused for a spelling that names no figure."""
    family = family_of(figure)
    _, *names = words(figure)
    least, most = _counts(family)
    if not least <= len(names) <= most:
        raise Refused(
            f"“{escaped(figure[:200])}” names no figure: write {family.spelt}. The figures there are: "
            f"poolbook audit explain {asked.code} {figure.partition('/')[0]}"
        )
    return family.explain(asked, *names)


def _counts(family: Family) -> tuple[int, int]:
    """How few and how many words follow the first."""
    spelt = family.spelt.partition(" ")[0]
    return spelt.partition("[")[0].count("/"), spelt.count("/")


def listed(asked: Asked, figure: str) -> list[tuple[str, int]]:
    """The figures whose spelling begins with a name, each with what its report says it is, in pence."""
    family = family_of(figure)
    wanted = "/".join([years.spelt(word) if _YEAR.fullmatch(word) else word for word in words(figure)])
    return [(spelt, pence) for spelt, pence in family.listed(asked) if spelt == wanted or spelt.startswith(f"{wanted}/")]


def is_whole(figure: str) -> bool:
    """Whether a spelling names a figure, and not the figures below a name."""
    family = family_of(figure)
    return len(words(figure)) - 1 >= _counts(family)[0]


def options_of(figure: str, given: dict[str, Any]) -> list[str]:
    """The options given that a figure does not take."""
    return [name for name, value in given.items() if value and name not in family_of(figure).options]
