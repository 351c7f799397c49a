"""What a close or an end is sealed with: a checkpoint of the log as it then stands, to be held by others."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from commands.context import ledger_place
from ledger.errors import NotProven, PoolbookError
from ledger.text import escaped

if TYPE_CHECKING:
    from ledger.store.recorder import Recorder


def sealed(store: Recorder, arrangement: str) -> str:
    """Sign a checkpoint where the user has a key to sign with, else find the root that one would sign; gives what to say.

    Raises NotProven where what was recorded cannot be sealed; it is recorded all the same.
    """
    from ledger.audit.memory import keys_folder

    named = os.environ.get("POOLBOOK_KEY")
    key = Path(named) if named else keys_folder() / "signing.key"
    return _signed(arrangement, key) if named or key.exists() else _root(store, arrangement)


def _signed(arrangement: str, key: Path) -> str:
    from ledger.audit.memory import Memory
    from ledger.audit.sealing import logs, signed
    from ledger.audit.signing import load_signer

    try:
        (log,) = logs(ledger_place(), arrangement)
        signed(log, load_signer(key), Memory(key))
    except PoolbookError as error:
        raise NotProven(f"What was asked is recorded, and not sealed. {error}") from None
    where = f"`poolbook audit checkpoint {arrangement} --output FILE`"
    return f"Sealed at #{log.size} with {escaped(str(key))}: hand out the checkpoint, {where}."


def _root(store: Recorder, arrangement: str) -> str:
    from ledger.store.merkle import Frontier

    head = store.head(arrangement)
    assert head is not None
    root = Frontier(head.number, head.frontier).root().hex()
    how = f"`poolbook audit checkpoint {arrangement}` signs that, for the others to keep"
    return f"The log of {arrangement} stands at #{head.number}, root {root}. Seal it: {how}."
