"""Progress on long work: a bar on a terminal, and nothing anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress(size: int, label: str) -> Iterator[Callable[[int], None]]:
    """What is told how much of the work is done so far."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _done: None
        return
    with click.progressbar(length=size, label=label, file=sys.stderr) as bar:
        yield lambda done: bar.update(max(done - bar.pos, 0))
