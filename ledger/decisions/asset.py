"""Fixed assets: acquired, depreciated, transferred within the arrangement, disposed of outside it."""

from __future__ import annotations

from ledger import events as e
from ledger.accounts import cost, depreciation
from ledger.agreement import Terms
from ledger.arrangements import rules_of
from ledger.decisions.expenditure import supplier
from ledger.decisions.guards import or_less
from ledger.errors import Obstructed, Refused
from ledger.money import sterling
from ledger.requests import Request
from ledger.state import Head, Item


def acquired(head: Head, terms: Terms, asked: Request) -> e.AssetAcquired:
    """A new asset, or an addition to one: by the same holder, for the same scheme, from the same fund."""
    book = rules_of(terms).holder(terms, asked.party)
    item = head.item("asset", asked.asset)
    if item is not None and item.records:
        refuse_another(asked.asset, "asset", item, book, asked.scheme, asked.fund)
    return e.AssetAcquired(
        book=book, asset=asked.asset, scheme=asked.scheme, amount=asked.amount, fund=asked.fund,
        supplier=supplier(terms, book, asked.counterparty),
    )  # fmt: skip


def depreciated(head: Head, terms: Terms, asked: Request) -> e.AssetDepreciated:
    """Refuse more than the asset's carrying value."""
    item = _held(head, terms, asked.asset)
    carrying = head.balance(item.holder, cost(asked.asset)) + head.balance(item.holder, depreciation(asked.asset))
    if asked.amount > carrying:
        raise Obstructed(
            f"{asked.asset} stands at {sterling(carrying)} in the book of {item.holder}, so {sterling(asked.amount)} "
            f"cannot wear off",
            or_less("depreciate it by", carrying) or "nothing is left of it",
        )
    return e.AssetDepreciated(book=item.holder, asset=asked.asset, amount=asked.amount)


def transferred(head: Head, terms: Terms, asked: Request) -> e.AssetTransferred:
    """The holder gives the asset to another body, for a consideration or for nothing."""
    giver, taker = asked.party, asked.counterparty
    item = _held(head, terms, asked.asset)
    if item.holder != giver:
        raise Refused(f"{asked.asset} is held by {item.holder}, so {giver} cannot transfer it: name the holder as party.")
    if giver == taker:
        raise Refused(f"{giver} already holds {asked.asset}: name the body that takes it as counterparty.")
    return e.AssetTransferred(
        giver=giver, taker=taker, asset=asked.asset, scheme=item.scheme, fund=item.fund,
        cost=head.balance(giver, cost(asked.asset)), depreciation=-head.balance(giver, depreciation(asked.asset)),
        consideration=asked.consideration,
    )  # fmt: skip


def disposed(head: Head, terms: Terms, asked: Request) -> e.AssetDisposed:
    """The holder sells the asset outside the arrangement, or scraps it for nothing."""
    item = _held(head, terms, asked.asset)
    if asked.counterparty in terms.book_set:
        raise Refused(
            f"{asked.counterparty} is a body of {terms.agreement.code}: what passes to it is an asset transfer, "
            f"with party {item.holder} and counterparty {asked.counterparty}."
        )
    book = item.holder
    return e.AssetDisposed(
        book=book, asset=asked.asset, scheme=item.scheme, fund=item.fund, buyer=asked.counterparty,
        cost=head.balance(book, cost(asked.asset)), depreciation=-head.balance(book, depreciation(asked.asset)),
        proceeds=asked.amount,
    )  # fmt: skip


def refuse_another(code: str, kind: str, item: Item, book: str, scheme: str, fund: str) -> None:
    """Refuse a record under a code that stands for another holder's, scheme's or fund's asset or liability."""
    if not item.holder:
        raise Refused(f"{code} was disposed of: give the new {kind} a code of its own.")
    if (item.holder, item.scheme, item.fund) != (book, scheme, fund):
        tag = f", fund {item.fund}" if item.fund else ""
        an, change = ("an", "add to") if kind == "asset" else ("a", "change")
        raise Obstructed(
            f"{code} is {an} {kind} of {item.holder} for {item.scheme}{tag}",
            f"{change} it with these, or give the new {kind} a code of its own",
        )


def _held(head: Head, terms: Terms, asset: str) -> Item:
    item = head.item("asset", asset)
    if item is None or not item.records:
        raise Refused(f"{terms.agreement.code} has no asset {asset}: record first that it was acquired.")
    if not item.holder:
        raise Refused(f"{asset} was disposed of, so nobody in {terms.agreement.code} holds it: check the code.")
    return item
