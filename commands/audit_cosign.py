"""`poolbook audit cosign`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.context import Convert, ledger_option, ledger_place
from commands.keys import key_option, said_note, signing
from ledger.errors import LedgerUnavailable, Refused

if TYPE_CHECKING:
    from ledger.audit.note import Key


def _vkey(value: str) -> Key:
    from ledger.audit.note import read_key

    return read_key(value)


@click.command()
@click.argument("file", metavar="CHECKPOINT", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", default="", help="What you are known by, like audit.example.nhs.uk; needed the first time.")
@click.option("--log-key", type=Convert("key", _vkey), help="The public key of the log; needed the first time.")
@click.option("--output", type=click.Path(path_type=Path), help="A new file for the cosigned checkpoint [the terminal].")
@click.option("--pack", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A pack, not a ledger.")
@key_option
@ledger_option
def cosign(file: Path, name: str, log_key: Key | None, output: Path | None, pack: Path | None, key: Path | None) -> None:
    """Put your own signature to a partner's checkpoint.

    First it is held against the last checkpoint that you cosigned, which lies beside your key, and against the events in your
    copy of the ledger (--ledger) or in a pack of it (--pack), which is checked first: nothing that you have seen before may
    have changed. The cosignature says when.
    """
    from ledger.audit.held import held
    from ledger.audit.pack_log import pack_log
    from ledger.audit.sealing import Cosigning, cosigned, logs

    found = held(file)
    log = pack_log(pack) if pack else logs(ledger_place(), found.checkpoint.arrangement)[0]
    if log.origin != found.checkpoint.origin:
        raise Refused(f"{file} is a checkpoint of {found.checkpoint.origin}, and it is held against {log.origin}.")
    signer, memory = signing(key, "cosigning")
    first = memory.last(log.origin) is None
    note = cosigned(found, log.size, log.leaves, signer, memory, Cosigning(name, int(time.time()), log_key)).written()
    if output:
        _write(output, note)
    else:
        click.echo(said_note(note), nl=False)
    before = "the first of it that you cosign" if first else "it continues the one you cosigned before"
    click.echo(f"Cosigned {found.checkpoint.arrangement} at {found.checkpoint.size:,} events; {before}.", err=True)


def _write(output: Path, note: str) -> None:
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(note)
    except FileExistsError:
        raise Refused(f"{output} exists already: name a new file. The cosigned checkpoint lies beside your key.") from None
    except OSError as error:
        raise LedgerUnavailable(
            f"{output} cannot be written: {error.strerror}. The cosigned checkpoint lies beside your key."
        ) from None
