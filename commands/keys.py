"""The keys that commands sign with: the one named, else one of the user's own, made when it is first needed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledger.text import escaped

if TYPE_CHECKING:
    from ledger.audit.memory import Memory
    from ledger.audit.signing import Signer

key_option = click.option(
    "--key",
    type=click.Path(path_type=Path),
    envvar="POOLBOOK_KEY",
    help="The Ed25519 key to sign with (PEM) [POOLBOOK_KEY, else one of your own, made when first needed].",
)


def signing(given: Path | None, name: str) -> tuple[Signer, Memory]:
    """A key, and what its holder remembers; `name` is that of the user's own. One that was named must exist."""
    from ledger.audit.memory import Memory, keys_folder
    from ledger.audit.signing import load_signer, make_signer

    path = given or keys_folder() / f"{name}.key"
    if given or path.exists():
        return load_signer(path), Memory(path)
    signer = make_signer(path)
    where = escaped(str(path))
    click.echo(
        f"Made a key to sign with: {where}. Only you can read it; keep a copy of it, and of {where}.checkpoints beside it, "
        f"where nobody who can write the ledger can.",
        err=True,
    )
    return signer, Memory(path)


def memories() -> list[Memory]:
    """What the keys remember that are the user's own, or named by POOLBOOK_KEY."""
    from ledger.audit.memory import Memory, keys_folder

    named = os.environ.get("POOLBOOK_KEY")
    paths = {keys_folder() / "signing.key", keys_folder() / "cosigning.key", *([Path(named)] if named else [])}
    return [Memory(path) for path in sorted(paths)]


def said_note(note: str) -> str:
    """A signed note as it is shown: hidden characters escaped, of which one of ours has none."""
    return "\n".join(map(escaped, note.split("\n")))
