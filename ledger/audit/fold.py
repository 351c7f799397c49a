"""A head folded from the first event on: the state and items that the next decision starts from."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from ledger import events as e
from ledger.audit.reader import Reader
from ledger.audit.scan import without_gc
from ledger.draft import Draft
from ledger.state import Head
from ledger.store.merkle import Frontier

_decoder = msgspec.json.Decoder(e.Event)
_PAGE = 1_000


class Fold(NamedTuple):
    """An arrangement's state and items to be folded from its first event on."""

    stream: str
    last: int


class Folded(NamedTuple):
    """A head's state and items as the events make them; or why they cannot be made."""

    state: bytes
    items: dict[tuple[str, str], bytes]
    recorded_at: str
    fault: str = ""


def folded(reader: Reader, task: Fold) -> Folded:
    """The head of an arrangement, from its events alone."""
    draft = Draft(Head(task.stream), Frontier())
    sql = "SELECT bytes FROM events WHERE stream = ? AND number <= ? ORDER BY number"
    try:
        with without_gc():
            for page in reader.pages(sql, task.stream, task.last, rows=_PAGE):
                for event in _decoder.decode_lines(b"\n".join(raw for (raw,) in page)):
                    draft.head.evolve(event)
    except (msgspec.MsgspecError, AssertionError, LookupError, TypeError, ValueError, AttributeError) as error:
        return Folded(b"", {}, "", f"{type(error).__name__}: {' '.join(str(error).split())[:200]}")
    items = {(kind, code): item for kind, code, item in draft.changed_items()}
    return Folded(draft.row().state, items, draft.head.recorded_at)
