"""A CSV file in batches; a long one is read and checked by a process of its own while this one decides the rows before.

python -P -m ledger.read_ahead FILE        writes the batches to its standard output
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

import msgspec

from ledger.csv_file import CsvFile, Row
from ledger.errors import BadInput, Fault
from ledger.store.interrupts import uninterrupted

BATCH = 1_000
WORTH_IT = 1 << 20
"""Bytes from which a process of its own pays: starting one takes as long as reading this much."""


class Batch(msgspec.Struct):
    """Good rows in file order, the bytes read by then, and what was met since the batch before: the first faults of all."""

    rows: list[Row]
    read: int
    faults: list[Fault]
    fault_count: int
    last: bool = False


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Batch)


def batches(file: CsvFile) -> Iterator[tuple[list[Row], int]]:
    """The good rows of a file, some at a time, each with the bytes read by then; faults are noted in `file`."""
    if file.size < WORTH_IT:
        yield from _read_here(file)
        return
    file.forget_faults()
    for batch in _read_there(file):
        for fault in batch.faults:
            file.fault(*fault)
        file.fault_count += batch.fault_count - len(batch.faults)
        if batch.rows:
            yield batch.rows, batch.read


def _read_here(file: CsvFile) -> Iterator[tuple[list[Row], int]]:
    rows = iter(file)
    while batch := list(islice(rows, BATCH)):
        yield batch, file.read


def _read_there(file: CsvFile) -> Iterator[Batch]:
    with uninterrupted():  # it starts deaf to Ctrl-C, and stays so: this process answers, and ends it
        reader = subprocess.Popen([sys.executable, "-P", "-m", __name__, file.name], stdout=subprocess.PIPE)
    assert reader.stdout is not None
    try:
        while not (batch := _received(reader.stdout)).last:
            yield batch
        yield batch
    finally:
        reader.kill()
        reader.wait()
        reader.stdout.close()


def _received(pipe: IO[bytes]) -> Batch:
    raw = pipe.read(int.from_bytes(pipe.read(8), "big"))
    if not raw:
        raise OSError("the process that reads the file ended before its end")
    return _decoder.decode(raw)


def _send_all(file: CsvFile, pipe: IO[bytes]) -> None:
    try:
        for rows, read in _read_here(file):
            _send(Batch(rows, read, file.faults, file.fault_count), pipe)
            file.forget_faults()
        _send(Batch([], file.size, file.faults, file.fault_count, last=True), pipe)
    except BadInput as error:
        _send(Batch([], file.size, error.faults, error.count, last=True), pipe)


def _send(batch: Batch, pipe: IO[bytes]) -> None:
    raw = _encoder.encode(batch)
    pipe.write(len(raw).to_bytes(8, "big") + raw)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # whom nobody reads any more ends without a word
    _send_all(CsvFile(Path(sys.argv[1])), sys.stdout.buffer)
