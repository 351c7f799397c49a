"""`poolbook audit explain`: any figure of any report, down to the events that make it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from commands.context import DAY, TEXT, format_option, ledger_option, opened
from commands.output import say_csv, say_json, say_table
from commands.reporting import KNOWN
from ledger.money import pounds, printed
from ledger.text import escaped

if TYPE_CHECKING:
    from ledger.application import Ledger
    from projections.explain.asked import Asked
    from projections.explain.tree import Node, Split

SHOWN = 40
"""Parts of one amount that a terminal shows; the rest is summed up in a line."""

_NAMES = {"as_at": "--as-at", "known": "--as-known", "first": "--from", "last": "--to", "statutory": "--statutory"}


def _complete(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The next words that a figure's spelling can have, in this arrangement."""
    from projections.explain.figures import FAMILIES, listed

    first, slash, _ = incomplete.partition("/")
    if not slash:
        return [f"{name}/" for name in FAMILIES if name.startswith(first)]
    try:
        with ctx.scope(cleanup=False), opened(read_only=True) as ledger:
            code = ledger.known(ctx.params["arrangement"])
            found = [spelt for spelt, _ in listed(_asked(ledger, code, dict.fromkeys(_NAMES)), first)]
    except Exception:  # a shell that asks for words must never see a fault
        return []
    at = incomplete.count("/")
    words = (spelt.split("/") for spelt in found if spelt.startswith(incomplete))
    return list(dict.fromkeys("/".join(each[: at + 1]) + ("/" if len(each) > at + 1 else "") for each in words))


@click.command(
    epilog="\b\n"
    "balances/POOL/Assets:Cash            an account of a book; Assets:Debtors: is all below it\n"
    "statement/OCC/Expenditure:care       a line of a statement, or a total: income, expenditure,\n"
    "                                     surplus, assets, liabilities, net_assets, reserves\n"
    "memorandum/2013-14/OCC/true_up       a party's, a scheme's or the total's figure of a year\n"
    "outturn/2013-14/care/variance        a scheme's or a party's figure of the outturn\n"
    "preview/2013-14/OCC/borne            the risk share: borne, charged, true_up\n"
    "assets/van/value                     the register of fixed assets\n"
    "debtors/POOL/OCC/over_90_days        what is owed, by age; creditors likewise"
)
@click.argument("arrangement")
@click.argument("figure", type=TEXT, shell_complete=_complete)
@click.option("--as-at", type=DAY, default=None, metavar="DATE", help="Count what is posted up to this day.")
@click.option("--as-known", "known", type=KNOWN, default=None, metavar="WHEN",
              help="Count what had been recorded by then: a UTC moment, the end of a day, or a number like #17.")  # fmt: skip
@click.option("--from", "first", type=DAY, default=None, metavar="DATE", help="A statement from this day on.")
@click.option("--to", "last", type=DAY, default=None, metavar="DATE", help="A statement up to this day.")
@click.option("--statutory", is_flag=True, help="A lead's own book and the pool it keeps, as one body's accounts.")
@format_option
@ledger_option
def explain(arrangement: str, figure: str, form: str, **given: Any) -> None:
    """Where a figure comes from.

    FIGURE is spelt as its report shows it, from the report's name down. A name that is no whole figure lists the figures
    below it. Each leaf is a line or a part of an event; together they come to the figure, to the penny.
    """
    from projections.explain.figures import explain, family_of, is_whole, listed, options_of

    family_of(figure)
    unused = [_NAMES[name] for name in options_of(figure, given)]
    if unused:
        raise click.UsageError(f"{figure.partition('/')[0]} does not take {' or '.join(unused)}: leave it out.")
    with opened(read_only=True) as ledger:
        asked = _asked(ledger, ledger.known(arrangement), given)
        if is_whole(figure):
            _say(asked, figure, explain(asked, figure), form)
        else:
            _say_list(asked, figure, listed(asked, figure), form)


def _asked(ledger: Ledger, code: str, given: dict[str, Any]) -> Asked:
    from projections.explain.asked import Asked

    known = given["known"][1] if given["known"] else None
    up_to = ledger.number_known(code, 2**63 - 1 if known is None else known)
    as_at: date | None = given["as_at"]
    return Asked(ledger, code, up_to, as_at, given["first"], given["last"], given["statutory"], known)


def _document(asked: Asked, figure: str) -> dict[str, Any]:
    """What was asked, as every answer repeats it."""
    days = {"as_at": asked.as_at, "from": asked.first, "to": asked.last}
    return {
        "arrangement": asked.code,
        "figure": figure,
        **{name: day.isoformat() if day else None for name, day in days.items()},
        "statutory": asked.statutory,
        "events": asked.up_to,
    }


def _say_list(asked: Asked, figure: str, found: list[tuple[str, int]], form: str) -> None:
    if form == "json":
        figures = [{"figure": spelt, "amount": pounds(pence)} for spelt, pence in found]
        say_json(_document(asked, figure) | {"figures": figures})
    elif form == "csv":
        say_csv(("arrangement", "figure", "amount"), [(asked.code, spelt, pounds(pence)) for spelt, pence in found])
    elif found:
        say_table(("figure", "amount"), found, ("amount",))
    else:
        click.echo(f"{asked.code} has no figures of {escaped(figure)}.")


def _say(asked: Asked, figure: str, node: Node, form: str) -> None:
    from projections.explain.tree import document, leaves

    if form == "json":
        say_json(_document(asked, figure) | {"amount": pounds(node.amount), "explained": document(node)})
    elif form == "csv":
        say_csv(
            ("arrangement", "figure", "number", "type", "effective_on", "posted_on", "reference", "leaf", "amount"),
            [
                (asked.code, figure, *((each.event.number, each.event.type, each.event.effective_on, each.posted_on or "",
                                        each.event.reference) if each.event else ("", "", "", "", "")),
                 each.label, pounds(each.amount))
                for each in leaves(node)
            ],
        )  # fmt: skip
    else:
        rows = list(_lines(node, "", ""))
        width = max(len(line) for line, amount in rows if amount is not None)
        wide = max(len(printed(amount)) for _, amount in rows if amount is not None)
        for line, amount in rows:
            click.echo(line if amount is None else f"{line:<{width}}  {printed(amount):>{wide}}")


def _lines(node: Node, first: str, rest: str) -> Iterator[tuple[str, int | None]]:
    """A node's line, then what it rests on, then its parts; each with its amount, or None where there is none."""
    yield f"{first}{escaped(node.label)}", node.amount
    shown = node.parts if len(node.parts) <= SHOWN else node.parts[: SHOWN - 1]
    bar = rest + ("│  " if shown else "   ")
    if node.split is not None:
        for line in _split_lines(node.split):
            yield f"{bar}{line}", None
    for ground in node.grounds:
        for line, amount in _lines(ground, "", "   "):
            yield f"{bar}{line}: {printed(amount)}" if amount is not None else f"{bar}{line}", None
    for place, part in enumerate(shown, 1):
        last = place == len(shown) == len(node.parts)
        yield from _lines(part, rest + ("└─ " if last else "├─ "), rest + ("   " if last else "│  "))
    left = node.parts[len(shown) :]
    if left:
        yield f"{rest}└─ and {len(left):,} more: --format csv lists them all", sum(part.amount for part in left)


def _split_lines(split: Split) -> Iterator[str]:
    set_by = f", set by #{split.set_by}" if split.set_by else ""
    ratio = " : ".join(f"{share.party} {share.share}" for share in split.shares)
    yield f"{printed(split.amount)} by {escaped(split.by)} ({escaped(ratio)}{set_by})"
    for share in split.shares:
        penny = " and a penny" if share.penny else ""
        exact = f" {share.remainder}/{share.of}" if share.remainder else ""
        floor = f"{abs(share.floor):,}{exact} pence, so {printed(share.floor)}{penny}"
        yield f"  {escaped(share.party)}: {floor}: {printed(share.part)}"
