"""What is owed, by age, and the register of fixed assets: figures that go by items rather than by accounts."""

from __future__ import annotations

from collections.abc import Callable

from ledger import events as e
from ledger.accounts import COST, CREDITORS, DEBTORS, DEPRECIATION
from ledger.chronicle import unwrapped
from ledger.errors import UnknownCode, did_you_mean
from ledger.money import pence
from projections import aged, assets
from projections.balances import known_book
from projections.columns import AGES, BANDS
from projections.explain.accounts import Listed, balance
from projections.explain.asked import Asked, Line
from projections.explain.tree import Node, less, summed

# debtors/BOOK/BODY/COLUMN and creditors/BOOK/BODY/COLUMN


def owed(asked: Asked, what: str, book: str, body: str, column: str = "total") -> Node:
    """What a book is owed by a body, or owes it, in all or by age: what is left of each event's line."""
    known_book(asked.terms, book)
    prefix, sign = (DEBTORS, 1) if what == "debtors" else (CREDITORS, -1)
    if column not in AGES:
        raise UnknownCode(f"{column} is no column of {what}{did_you_mean(column, AGES)}", "figure")
    total = less(balance(asked, book, prefix + body)) if sign < 0 else balance(asked, book, prefix + body)
    total = total._replace(label=f"{what} of {book}: {body}")
    if column == "total":
        return total
    if column == "disputed":
        return summed(f"{what} of {book}: {body}, disputed", _disputed(asked, prefix, sign, book, body))
    bands = _bands(asked, prefix, sign, book, body)
    if column != "in_credit":
        return summed(f"{what} of {book}: {body}, {column.replace('_', ' ')}", bands[column])
    left = summed("what is left of what is owed", [part for parts in bands.values() for part in parts])
    return summed(f"{what} of {book}: {body}, in credit", [total, less(left)])


def _items(asked: Asked, account: str, sign: int, book: str) -> list[aged.Item]:
    """What each event, less its reversals, posted to an account."""
    chains: dict[int, aged.Item] = {}
    for event, root in asked.rooted():
        pence = sign * event.entries.get(book, {}).get(account, 0)
        posted_on = event.posted_on.get(book, event.effective_on)
        if pence and (asked.as_at is None or posted_on <= asked.as_at):
            first = chains.get(root) or aged.Item(posted_on, event.document, 0, event.number)
            chains[root] = first._replace(pence=first.pence + pence)
    return [item for item in chains.values() if item.pence]


def _bands(asked: Asked, prefix: str, sign: int, book: str, body: str) -> dict[str, list[Node]]:
    """By column, a leaf for what is left of each event."""
    on = asked.as_at or asked.ledger.clock().date()
    bands: dict[str, list[Node]] = {name: [] for name, _ in BANDS}
    for item in aged.owing(_items(asked, prefix + body, sign, book))[0]:
        event = asked.event(item.number)
        label = f"what is left of {asked.leaf(event, 0).label}"
        column = BANDS[aged.band((on - item.posted_on).days)][0]
        bands[column].append(Node(label, item.pence, event, item.posted_on))
    return bands


def _disputed(asked: Asked, prefix: str, sign: int, book: str, body: str) -> list[Node]:
    """A leaf for what of each event is in open dispute between the two."""
    disputes = [each for each in asked.ledger.disputes(asked.code) if each.is_open(asked.as_at)]
    leaves = []
    for item in _items(asked, prefix + body, sign, book):
        amount = aged.disputed([item], disputes, book, body)
        if amount:
            event = asked.event(item.number)
            leaves.append(Node(f"in dispute of {asked.leaf(event, 0).label}", amount, event, item.posted_on))
    return leaves


def list_owed(asked: Asked, what: str) -> Listed:
    """Every row and column of aged debtors or creditors."""
    (report,) = aged.aged(asked.ledger, [asked.code], what, as_at=asked.as_at)
    for row in report.document[what]:
        for column in AGES:
            yield f"{what}/{row['book']}/{row['body']}/{column}", pence(row[column])


# assets/ASSET/FIGURE


def asset(asked: Asked, code: str, figure: str) -> Node:
    """A figure of the register of fixed assets: what an asset cost, what has worn off, what it left for."""
    gone = _disposal(asked, code)
    figures: dict[str, Callable[[], Node]] = {
        "cost": lambda: _left(asked, gone, "cost") if gone else _carried(asked, COST + code, 1),
        "depreciation": lambda: _left(asked, gone, "depreciation") if gone else _carried(asked, DEPRECIATION + code, -1),
        "value": lambda: summed("value", [figures["cost"](), less(figures["depreciation"]())]),
        "proceeds": lambda: _left(asked, gone, "proceeds"),
        "gain": lambda: summed("gain", [figures["proceeds"](), less(figures["value"]())]),
    }
    known = list(figures) if gone else list(figures)[:3]
    if figure not in known:
        raise UnknownCode(f"{figure} is no figure of {code}{did_you_mean(figure, known)}", "figure")
    return figures[figure]()._replace(label=f"{figure} of {code}")


def _disposal(asked: Asked, code: str) -> e.Event | None:
    """The event that disposed of an asset, if one stands by the day; raises UnknownCode where there is no such asset."""
    standing: dict[int, int] = {}
    codes: dict[str, None] = {}
    for event, root in asked.rooted():
        fact, sign = unwrapped(event.fact)
        if isinstance(fact, e.AssetAcquired | e.AssetTransferred | e.AssetDisposed):
            codes[fact.asset] = None
            book = fact.taker if isinstance(fact, e.AssetTransferred) else fact.book
            posted_on = event.posted_on.get(book, event.effective_on)
            if fact.asset == code and (asked.as_at is None or posted_on <= asked.as_at):
                standing[root] = standing.get(root, 0) + sign
    if code not in codes:
        raise UnknownCode(f"{code} is no asset of {asked.code}{did_you_mean(code, list(codes))}", "figure")
    last = asked.event(max((root for root, stands in standing.items() if stands > 0), default=1))
    return last if isinstance(last.fact, e.AssetDisposed) else None


def _carried(asked: Asked, account: str, sign: int) -> Node:
    def counts(line: Line) -> int:
        late = asked.as_at is not None and line.posted_on > asked.as_at
        return sign * line.pence if line.account == account and not late else 0

    return summed(account, asked.lines(counts))


def _left(asked: Asked, disposal: e.Event | None, field: str) -> Node:
    assert disposal is not None
    return summed(field, [asked.leaf(disposal, getattr(disposal.fact, field))])


def list_assets(asked: Asked) -> Listed:
    """Every figure of the register, of assets disposed of too."""
    (report,) = assets.assets(asked.ledger, [asked.code], as_at=asked.as_at, disposed=True)
    for row in [*report.document["assets"], *report.document["disposed"]]:
        for figure in ("cost", "depreciation", "value", "proceeds", "gain"):
            if figure in row:
                yield f"assets/{row['asset']}/{figure}", pence(row[figure])
