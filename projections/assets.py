"""The register of fixed assets: what each cost, what has worn off, who holds it, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import select

from ledger.accounts import COST, DEPRECIATION
from ledger.application import Ledger
from ledger.money import pounds
from projections import tables as t
from projections.columns import FLAT
from projections.sheets import Report, Sheet
from projections.totals import posted
from projections.views import View, read


class Asset(NamedTuple):
    """An asset as at a day, in pence; `disposal` is the record of its disposal, once it is gone."""

    code: str
    holder: str
    scheme: str
    fund: str
    acquired_on: date
    cost: int
    depreciation: int
    disposal: Any = None

    @property
    def value(self) -> int:
        """What it is carried at."""
        return self.cost - self.depreciation


def assets(
    ledger: Ledger, arrangements: list[str] | None, *, as_at: date | None = None, disposed: bool = False
) -> list[Report]:
    """The assets held on a day (None: now), and with `disposed` those disposed of by then."""
    return read(ledger, arrangements, lambda views: [_report(view, as_at, disposed) for view in views])


def register(view: View, as_at: date | None) -> list[Asset]:
    """Every asset ever acquired by a day, by code; the figures of one disposed of are those of its disposal."""
    costs, worn = _carried(view, as_at)
    chosen = select(t.asset_records).where(t.asset_records.c.stream == view.stream)
    if as_at is not None:
        chosen = chosen.where(t.asset_records.c.posted_on <= as_at)
    rows = view.connection.execute(chosen.order_by(t.asset_records.c.asset, t.asset_records.c.number))
    found = []
    for code, records in groupby(rows, key=lambda row: row.asset):
        standing = _standing(records)
        acquired = [row for row in standing if row.type == "AssetAcquired"]
        if acquired:
            last = standing[-1]
            gone = last if last.type == "AssetDisposed" else None
            found.append(
                Asset(
                    code,
                    last.book,
                    last.scheme,
                    last.fund,
                    min(row.effective_on for row in acquired),
                    gone.cost if gone else costs.get(code, 0),
                    gone.depreciation if gone else worn.get(code, 0),
                    gone,
                )
            )
    return found


def _carried(view: View, as_at: date | None) -> tuple[dict[str, int], dict[str, int]]:
    """Cost and depreciation by asset, whoever holds it: the same figures as the balances."""
    costs: dict[str, int] = {}
    worn: dict[str, int] = {}
    for _book, account, pence in posted(view, as_at):
        for prefix, totals, sign in ((COST, costs, 1), (DEPRECIATION, worn, -1)):
            if account.startswith(prefix):
                code = account.removeprefix(prefix)
                totals[code] = totals.get(code, 0) + sign * pence
    return costs, worn


def _standing(records: Iterable[Any]) -> list[Any]:
    """The records that no reversal took back, in the order they were made."""
    first: dict[int, Any] = {}
    stands: dict[int, int] = {}
    for row in records:
        first.setdefault(row.root, row)
        stands[row.root] = stands.get(row.root, 0) + row.sign
    return [first[root] for root in sorted(first) if stands[root] > 0]


def _report(view: View, as_at: date | None, disposed: bool) -> Report:
    found = register(view, as_at)
    held = [asset for asset in found if asset.disposal is None]
    gone = [asset for asset in found if asset.disposal is not None] if disposed else []
    sums = {"cost": 0, "depreciation": 0, "value": 0}
    for name in sums:
        sums[name] = sum(getattr(asset, name) for asset in held)
    document = {
        "arrangement": view.code,
        "as_at": as_at.isoformat() if as_at else None,
        "assets": [_document(asset) for asset in held],
        "totals": {name: pounds(total) for name, total in sums.items()},
        "disposed": [_document(asset) for asset in gone] if disposed else None,
    }
    said = f" as at {as_at}" if as_at else ""
    rows: list[tuple[object, ...]] = [(*asset_row(asset)[:8],) for asset in held]
    rows.append(("Total", "", "", "", "", *sums.values()))
    sheets = [Sheet(f"Fixed assets of {view.code}{said}", ASSET_COLUMNS[:8], rows, AMOUNTS)]
    if disposed:
        rows = [asset_row(asset) for asset in gone]
        sheets.append(Sheet(f"Fixed assets of {view.code} disposed of{said}", ASSET_COLUMNS, rows, AMOUNTS))
    flat = Sheet("", FLAT["assets"], [(view.code, *asset_row(asset)) for asset in [*held, *gone]], AMOUNTS)
    return Report(lambda: document, lambda: sheets, lambda: flat)


ASSET_COLUMNS = FLAT["assets"][1:]
AMOUNTS = ("cost", "depreciation", "value", "proceeds", "gain")


def asset_row(asset: Asset) -> tuple[object, ...]:
    """An asset as the register shows it."""
    gone = asset.disposal
    left = (gone.effective_on, gone.proceeds, gone.proceeds - asset.value) if gone else ("", "", "")
    return (asset.code, asset.holder, asset.scheme, asset.fund, asset.acquired_on, asset.cost, asset.depreciation,
            asset.value, *left)  # fmt: skip


def _document(asset: Asset) -> dict[str, object]:
    shown: dict[str, object] = {}
    for name, value in zip(ASSET_COLUMNS, asset_row(asset), strict=True):
        if value == "" and name in ASSET_COLUMNS[8:]:
            continue
        shown[name] = value.isoformat() if isinstance(value, date) else pounds(value) if isinstance(value, int) else value
    return shown
