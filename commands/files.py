"""Files that commands write: always new ones, never half of one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.errors import LedgerUnavailable, Refused
from ledger.text import escaped


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A new file, readable by its owner only, that is taken away again if it cannot be written whole."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise Refused(f"{escaped(str(path))} exists already: nothing was written. Name a new file.") from None
    except OSError as error:
        raise LedgerUnavailable(f"{escaped(str(path))} cannot be made: {error.strerror}. Name another place.") from None
    try:
        yield path
    except BaseException:
        path.unlink(missing_ok=True)
        raise
