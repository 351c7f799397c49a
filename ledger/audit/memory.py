"""What the holder of a key remembers of logs, outside any ledger: the last checkpoint signed of each, and its leaf hashes.

It lies in a folder beside the key. The checkpoint is what counts: a ledger that does not continue it is not signed again. The
leaf hashes only help to say which event is the first that was changed; they are believed as far as they make its root.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from ledger.audit.checkpoint import Checkpoint
from ledger.audit.held import Held, held
from ledger.audit.note import ED25519, Key, Note, read_key
from ledger.errors import LedgerUnavailable, Refused
from ledger.store.merkle import HASH


class Memory:
    """The checkpoints beside a key."""

    def __init__(self, key: Path) -> None:
        self.folder = key.with_name(f"{key.name}.checkpoints")

    def last(self, origin: str) -> Held | None:
        """The last checkpoint of a log; raises LedgerUnavailable where there is one that cannot be read."""
        path = self._place(origin)
        return held(path) if path.exists() else None

    def all(self, ledger_id: str) -> list[Held]:
        """The last checkpoint of every log of a ledger."""
        return [held(path) for path in sorted((self.folder / ledger_id).glob("*.checkpoint"))]

    def keep(self, checkpoint: Checkpoint, note: Note, key: Key | None = None, name: str = "") -> None:
        """Remember a checkpoint in place of the one before it; and the log's key, and the name that it was cosigned under."""
        path = self._place(checkpoint.origin)
        with _told(self.folder):
            if key:
                write_whole(path.with_suffix(".key"), f"{key.written()}\n".encode())
            if name:
                write_whole(self.folder / "name", f"{name}\n".encode())
            write_whole(path, note.written().encode())

    def key_of(self, origin: str, given: Key | None) -> Key:
        """The public key of a log: the one remembered, else the one given; raises Refused for none, or another one."""
        path = self._place(origin).with_suffix(".key")
        known = self._line(path)
        if not known and given is None:
            raise Refused(
                f"This is the first checkpoint of {origin} here, and its public key is not known: ask whoever keeps "
                f"the ledger for it (`poolbook audit checkpoint --show`), by another way than the checkpoint came, then give "
                f"it as --log-key."
            )
        if known and given is not None and given.written() != known:
            raise Refused(
                f"{origin} was signed with the key {known} before, and --log-key says another. If the key was really "
                f"changed, ask why, then take {path} away."
            )
        if given is not None and (given.name, given.kind) != (origin, ED25519):
            raise Refused(f"--log-key is a key of {given.name}, and the checkpoint is of {origin}: ask for the right one.")
        try:
            return given or read_key(known)
        except ValueError as error:
            raise LedgerUnavailable(f"{path} cannot be read: {error}.") from None

    def name(self, given: str) -> str:
        """What the key's holder is known by: the name remembered, else the one given; raises Refused for none, or another."""
        known = self._line(self.folder / "name")
        if not known and not given:
            raise Refused("Say with --name what you are known by, like audit.example.nhs.uk: it is remembered.")
        if known and given and known != given:
            raise Refused(f"You have cosigned as {known} with this key: leave --name out, or take another key for {given}.")
        if "+" in given or any(map(str.isspace, given)):
            raise Refused("A name to cosign with holds neither blanks nor a plus sign, like audit.example.nhs.uk.")
        return known or given

    def _line(self, path: Path) -> str:
        """What a file of one line says; empty where there is none."""
        with _told(self.folder):
            return path.read_text(encoding="utf-8", errors="replace").strip() if path.exists() else ""

    @contextmanager
    def noting(self, origin: str, leaves: Iterable[list[bytes]], last: Held | None) -> Iterator[Iterator[list[bytes]]]:
        """A log's leaf hashes as they go by, those after the last checkpoint noted down."""
        path = self._place(origin).with_suffix(".leaves")
        with _told(self.folder):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR, 0o600), "r+b") as file:
                known = last.checkpoint.size if last else 0
                known = known if file.seek(0, os.SEEK_END) >= known * HASH else 0
                file.truncate(known * HASH)
                file.seek(known * HASH)

                def noted() -> Iterator[list[bytes]]:
                    at = 0
                    for some in leaves:
                        file.write(b"".join(some[max(known - at, 0) :]))
                        at += len(some)
                        yield some

                yield noted()
                file.flush()
                os.fsync(file.fileno())

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else signs meanwhile with this memory, where the machine has locks."""
        with _told(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (self.folder / "lock").open("w") as file:
                try:
                    import fcntl

                    fcntl.flock(file, fcntl.LOCK_EX)
                except ImportError:  # on Windows
                    pass
                yield

    def _place(self, origin: str) -> Path:
        _, ledger_id, arrangement = origin.split("/")
        return self.folder / ledger_id / f"{arrangement}.checkpoint"


def keys_folder() -> Path:
    """Where keys lie unless somebody says otherwise."""
    named = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(named) if Path(named).is_absolute() else Path.home() / ".config") / "poolbook"


def write_whole(path: Path, raw: bytes) -> None:
    """Write a file so that, whenever it is looked at, it is the old one or the new one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LedgerUnavailable(f"What was signed cannot be remembered in {folder}: {error.strerror}.") from error
