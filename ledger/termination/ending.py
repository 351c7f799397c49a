"""An end as it would be carried out: what each party is entitled to, every step of it, what survives; and its proof.

Source: accounting rules, “The end of an arrangement”. Amounts are pence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from ledger import events as e
from ledger.accounts import Entries, creditors, debtors, distribution, investment, prepaid
from ledger.agreement import Terms
from ledger.chronicle import Chronicle
from ledger.decisions.decided import Decided
from ledger.decisions.entitlement import carried, provided
from ledger.errors import NotProven
from ledger.money import sterling
from ledger.termination.account import left, named, takes
from ledger.termination.estate import Estate, Thing, estate
from ledger.termination.held import Settling, settling, survivors
from ledger.termination.plan import Choices
from ledger.termination.steps import Close, run


class Ending(NamedTuple):
    """All that an end comes to: what is left behind, the fact of its completion, the steps, and the pool book after them."""

    on: date
    estate: Estate
    completed: e.ArrangementCompleted
    steps: list[Decided]
    after: dict[str, int]


def ending(chronicle: Chronicle, terms: Terms, on: date, choices: Choices, closes: Iterable[Close] = ()) -> Ending:
    """What an end on a day comes to, proved; raises Refused where something has no shares or a plan holds back too much."""
    found = estate(chronicle, terms, choices, on)
    settled = settling(terms, found)
    books: Entries = {}
    for book, account, amount in chronicle.balances():
        books.setdefault(book, {})[account] = amount
    made = run(terms, found, settled, books, on, closes)
    completed = e.ArrangementCompleted(
        net_worth=found.position.net_worth,
        steps=len(made.steps),
        entitled=[
            e.Entitled(
                each.party, each.owed, each.assets, each.liabilities, each.residual,
                not_called=0 if found.called_in else each.distribution,
            )
            for each in found.entitled
        ],
        items=[*(_ended(thing, settled) for thing in found.things), *_kept(terms, found, books)],
        residual_ratio=found.position.residual.shares.ratio if found.position.residual.value else {},
        residual_clause=found.position.residual.shares.clause if found.position.residual.value else "",
        survivors=survivors(terms, found, settled),
    )  # fmt: skip
    after = left(terms, made.books.get(terms.keeper, {}))
    _prove(terms, completed, settled, made.books, after)
    return Ending(on, found, completed, made.steps, after)


def _ended(thing: Thing, settled: Settling) -> e.Ended:
    parts = thing.parts or settled.waits.get(thing.name, {})
    return e.Ended(
        thing.kind, thing.code, thing.value, thing.then, thing.choice.to or thing.whom, thing.carried, parts,
        thing.shares.ratio, thing.shares.clause,
    )  # fmt: skip


def _kept(terms: Terms, found: Estate, books: Entries) -> Iterator[e.Ended]:
    """What stays with its holder: what is not in the pool book, or is a contractor's own."""
    shared = {(thing.kind, thing.code) for thing in found.things}
    for book in terms.books:
        accounts = books.get(book, {})
        for kind, values in (("asset", carried(accounts)), ("liability", provided(accounts))):
            for code, value in values.items():
                if book != found.keeper or (kind, code) not in shared:
                    yield e.Ended(kind, code, value, "keep", book, value if kind == "asset" else 0)


def _prove(terms: Terms, completed: e.ArrangementCompleted, settled: Settling, books: Entries, after: dict[str, int]) -> None:
    """Raise NotProven unless the pool book is nil or the survivors, every mirror nil, and every party has its entitlement."""
    name, survive = terms.agreement.code, named(completed)
    if after != survive:
        raise NotProven(
            f"The end of {name} does not prove: the pool book would be left with {after}, and {survive} is named."
        )
    for took in takes(completed):
        party, paid = took.party, settled.paid.get(took.party, 0)
        if took.paid != paid or not _mirrored(terms, books, party):
            raise NotProven(
                f"The end of {name} does not prove: {party} would be paid {sterling(paid)} and is entitled to "
                f"{sterling(took.paid)} beside what it takes over."
            )


def _mirrored(terms: Terms, books: Entries, party: str) -> bool:
    """Whether the pool book and a party's say the same of each other, and nothing is left but what one owes the other."""
    pool, own, keeper = books.get(terms.keeper, {}), books.get(party, {}), terms.keeper
    pairs = ((debtors(party), creditors(keeper)), (creditors(party), debtors(keeper)))
    gone = (prepaid(keeper), investment(keeper), distribution(keeper))
    return not any(pool.get(ours, 0) + own.get(theirs, 0) for ours, theirs in pairs) and not any(
        amount for account, amount in own.items() if account in gone or account.startswith(f"{prepaid(keeper)}:")
    )
