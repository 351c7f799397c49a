"""What eventsourcing asks a factory for: the one recorder there is, and a mapper that encodes events whole."""

from __future__ import annotations

from eventsourcing.persistence import (
    ApplicationRecorder,
    InfrastructureFactory,
    NotSupportedError,
    ProcessRecorder,
    TrackingRecorder,
    Transcoder,
)
from eventsourcing.utils import Environment

from ledger.store.encoding import EventMapper
from ledger.store.recorder import Recorder


class Factory(InfrastructureFactory[TrackingRecorder]):
    """Gives eventsourcing the one recorder there is."""

    def __init__(self, env: Environment, recorder: Recorder) -> None:
        super().__init__(env)
        self._recorder = recorder

    def transcoder(self) -> Transcoder:
        """Events are encoded whole, by the mapper."""
        return EventMapper().transcoder

    def application_recorder(self) -> ApplicationRecorder:
        """Our recorder."""
        return self._recorder

    def aggregate_recorder(self, purpose: str = "events") -> ApplicationRecorder:
        """Our recorder: there are no snapshots, the head serves."""
        del purpose
        return self._recorder

    def tracking_recorder(self, tracking_recorder_class: type[TrackingRecorder] | None = None) -> TrackingRecorder:
        """None: read models track themselves."""
        del tracking_recorder_class
        raise NotSupportedError("read models keep their own place, by arrangement")

    def process_recorder(self) -> ProcessRecorder:
        """None: read models track themselves."""
        raise NotSupportedError("read models keep their own place, by arrangement")

    def close(self) -> None:
        """Close the file."""
        self._recorder.close()
