"""Events as bytes: written once in a deterministic order, read back only as one of the types of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TypeAlias, cast

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, MapperDeserialisationError, StoredEvent, Transcoder

from ledger.errors import LedgerUnavailable
from ledger.events import Event, FactReversed, stored_name
from ledger.store.merkle import leaf_hash

_encoder = msgspec.json.Encoder(order="deterministic")


@cache
def _decoder() -> msgspec.json.Decoder[Event]:
    """Made when first needed: a recording command reads no event."""
    return msgspec.json.Decoder(Event)


def encode(event: Event) -> bytes:
    """The bytes of an event: JSON, keys in a fixed order, whole numbers for money."""
    return _encoder.encode(event)


def decode(raw: bytes) -> Event:
    """The event in the bytes; raises LedgerUnavailable for anything the catalogue does not know."""
    try:
        return _decoder().decode(raw)
    except msgspec.MsgspecError as error:
        raise LedgerUnavailable(
            f"An event of this ledger cannot be read ({error}): it was written by a newer Poolbook, or damaged. "
            f"Install the newer version, or restore a backup."
        ) from error


@dataclass(frozen=True)
class StoredFact(StoredEvent):
    """An event's bytes with the copies that the store's columns keep of what is in them."""

    recorded_at: str
    reference: str
    part: int
    reverses: int | None
    leaf: bytes

    @property
    def columns(self) -> Columns:
        """The row, in the order of the store's columns."""
        return (
            str(self.originator_id), self.originator_version, self.topic, self.recorded_at, self.reference, self.part,
            self.reverses, self.state, self.leaf,
        )  # fmt: skip


class EventMapper(Mapper[str]):
    """Maps events to bytes and back by the closed catalogue, never by a topic that names code."""

    def __init__(self, transcoder: Transcoder | None = None, compressor: None = None, cipher: None = None) -> None:
        super().__init__(transcoder or _NoTranscoder(), compressor, cipher)

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredFact:
        """The event's bytes and their columns."""
        return stored(columns(cast(Event, domain_event)))

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[str]:
        """The typed event; raises MapperDeserialisationError where the bytes or the columns are not what they say."""
        try:
            event = decode(stored_event.state)
        except LedgerUnavailable as error:
            raise MapperDeserialisationError(
                f"#{stored_event.originator_version} of {stored_event.originator_id} is not an event: {error}"
            ) from error
        columns = (stored_event.originator_id, stored_event.originator_version, stored_event.topic)
        if columns != (event.arrangement, event.number, event.type):
            raise MapperDeserialisationError(f"{columns} stands beside the bytes of {event.arrangement} #{event.number}")
        return cast("DomainEventProtocol[str]", event)


class _NoTranscoder(Transcoder):
    """The mapper encodes whole events, so nothing is transcoded piecemeal."""

    def encode(self, obj: object) -> bytes:  # noqa: ARG002 - the contract's names
        raise TypeError("events are encoded whole")

    def decode(self, data: bytes) -> object:  # noqa: ARG002 - the contract's names
        raise TypeError("events are decoded whole")


Columns: TypeAlias = tuple[str, int, str, str, str, int, int | None, bytes, bytes]
"""An event's row: stream, number, type, recorded_at, reference, part, reverses, bytes, leaf."""


def columns(event: Event) -> Columns:
    """An event's bytes and the copies beside them, in the order of the store's columns."""
    raw = _encoder.encode(event)
    fact = event.fact
    return (
        event.arrangement, event.number, stored_name(fact), event.recorded_at, event.reference, event.part,
        fact.reverses if isinstance(fact, FactReversed) else None, raw, leaf_hash(raw),
    )  # fmt: skip


def stored(row: Columns) -> StoredFact:
    """A row as eventsourcing's contract carries it."""
    stream, number, topic, recorded_at, reference, part, reverses, raw, leaf = row
    return StoredFact(stream, number, topic, raw, recorded_at, reference, part, reverses, leaf)
