"""The journal as one table, a row for each line of an entry: for CSV with money as text, for Parquet with typed columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from ledger.errors import Refused
from ledger.money import pounds
from projections.exports.posted import Posted

COLUMNS = ("arrangement", "number", "book", "posted_on", "effective_on", "recorded_at", "actor", "type", "reference",
           "document", "account", "amount", "reverses")  # fmt: skip
NARRATIVE = "narrative"

_BATCH = 20_000
"""Rows of a Parquet file's row group: few enough to hold, many enough to compress."""


def header(narratives: bool) -> tuple[str, ...]:
    """The columns; the narrative stands last where it was asked for."""
    return (*COLUMNS, NARRATIVE) if narratives else COLUMNS


def rows(entries: Iterable[Posted], narratives: bool) -> Iterator[tuple[object, ...]]:
    """A row for each line; amounts in pence, absent numbers None."""
    for event, book, posted_on, lines, narrative in entries:
        known = (event.arrangement, event.number, book, posted_on, event.effective_on, event.recorded_at, event.actor,
                 event.type, event.reference, event.document)  # fmt: skip
        told = (event.reverses, narrative) if narratives else (event.reverses,)
        for account, pence in lines:
            yield (*known, account, pence, *told)


def csv_rows(entries: Iterable[Posted], narratives: bool) -> Iterator[tuple[object, ...]]:
    """A row for each line as CSV carries it: pounds, and nothing where there is nothing."""
    amount = COLUMNS.index("amount")
    for row in rows(entries, narratives):
        told = ["" if value is None else value for value in row]
        told[amount] = pounds(row[amount])  # type: ignore[arg-type]  # pence, by the header
        yield tuple(told)


def write_parquet(entries: Iterable[Posted], narratives: bool, path: Path) -> None:
    """Write a Parquet file: amounts as decimals, days and moments typed. Raises Refused where pyarrow is not installed."""
    arrow, parquet = _pyarrow()
    schema = _schema(arrow, narratives)
    moment, amount = COLUMNS.index("recorded_at"), COLUMNS.index("amount")
    every = rows(entries, narratives)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while batch := list(islice(every, _BATCH)):
            columns: list[list[Any]] = [list(column) for column in zip(*batch, strict=True)]
            columns[moment] = [datetime.fromisoformat(value) for value in columns[moment]]
            columns[amount] = [Decimal(value).scaleb(-2) for value in columns[amount]]
            arrays = [arrow.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))


def _schema(arrow: Any, narratives: bool) -> Any:
    types = {
        "number": arrow.int64(), "reverses": arrow.int64(), "amount": arrow.decimal128(18, 2),
        "posted_on": arrow.date32(), "effective_on": arrow.date32(), "recorded_at": arrow.timestamp("us", tz="UTC"),
    }  # fmt: skip
    return arrow.schema([(name, types.get(name, arrow.string())) for name in header(narratives)])


def _pyarrow() -> tuple[Any, Any]:
    from importlib import import_module

    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise Refused(
            "A Parquet file is written with pyarrow, which is not installed: pip install 'poolbook[parquet]', or export csv."
        ) from None
