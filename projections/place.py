"""Where the views file lies: beside the ledger, or in the user's cache where that folder cannot be written."""

from __future__ import annotations

import os
import re
from hashlib import sha256
from pathlib import Path

from ledger.application import Ledger
from ledger.errors import LedgerUnavailable

_PLAIN = re.compile(r"[0-9a-f]{32}")


def place(ledger: Ledger) -> Path:
    """The path of a ledger's views file, in a folder that exists and can be written.

    Raises LedgerUnavailable where neither the ledger's folder nor the cache can be.
    """
    where = ledger.store.where
    beside = where.with_name(f"{where.name}-views") if isinstance(where, Path) else None
    if beside and writable(beside.parent) and (not beside.exists() or writable(beside)):
        return beside
    cache = _cache()
    try:
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _nowhere(beside, cache) from error
    if not writable(cache):
        raise _nowhere(beside, cache)
    return cache / f"{_plain(ledger.store.ledger_id)}-views"


def writable(path: Path) -> bool:
    """Whether a file or folder can be read and written by whoever asks."""
    return os.access(path, os.R_OK | os.W_OK)


def _cache() -> Path:
    named = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(named) if Path(named).is_absolute() else Path.home() / ".cache") / "poolbook"


def _plain(ledger_id: str) -> str:
    # The id comes out of a file that may be anybody's: it must not lead elsewhere.
    return ledger_id if _PLAIN.fullmatch(ledger_id) else sha256(ledger_id.encode()).hexdigest()[:32]


def _nowhere(beside: Path | None, cache: Path) -> LedgerUnavailable:
    where = f"neither as {beside} nor in {cache}" if beside else f"not in {cache}"
    return LedgerUnavailable(
        f"This report is read from a file that can be made anew at any time, but it can be kept {where}: "
        f"set XDG_CACHE_HOME to a folder that you can write."
    )
