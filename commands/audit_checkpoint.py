"""`poolbook audit checkpoint`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.context import format_option, ledger_option, ledger_place
from commands.keys import key_option, said_note, signing
from commands.output import say_csv, say_json
from ledger.errors import LedgerUnavailable, Refused

if TYPE_CHECKING:
    from ledger.audit.note import Key, Note
    from ledger.audit.sealing import Log


@click.command()
@click.argument("arrangement", required=False)
@click.option("--all", "every", is_flag=True, help="Of every arrangement.")
@click.option("--output", type=click.Path(path_type=Path), help="A new file for it, or a folder (with --all, always).")
@click.option("--show", is_flag=True, help="Sign nothing: show the public key and the last checkpoint.")
@key_option
@format_option
@ledger_option
def checkpoint(arrangement: str | None, every: bool, output: Path | None, show: bool, key: Path | None, form: str) -> None:
    """Sign what the log holds, for others to keep.

    A checkpoint is the log's name, its size and its root, signed: whoever holds it can tell whether anything before it was
    changed. Nothing is signed that does not continue the last checkpoint, which lies beside the key and not in the ledger: an
    older copy of the ledger, or another history, ends with exit code 5.
    """
    from ledger.audit.sealing import logs, signed

    if bool(arrangement) == every:
        raise click.UsageError("Name an arrangement, or say --all.")
    found = logs(ledger_place(), arrangement)
    signer, memory = signing(key, "signing")
    notes = []
    for log in found:
        last = memory.last(log.origin)
        note = signed(log, signer, memory) if not show else last.note if last else None
        notes.append((log, signer.key(log.origin), note))
    if output and not show:
        for log, _key, note in notes:
            if note:
                _write(output, every, log, note)
    _say(notes, form, show, every)


def _write(output: Path, every: bool, log: Log, note: Note) -> None:
    """Write a checkpoint to a new file, or find it there already."""
    try:
        if every:
            output.mkdir(parents=True, exist_ok=True)
        path = output / f"{log.arrangement}-{log.size}.checkpoint" if output.is_dir() else output
        if path.exists() and path.read_bytes() != note.written().encode():
            raise Refused(f"{path} exists already: name another file. The checkpoint was signed; `--show` shows it.")
        path.write_bytes(note.written().encode())
    except OSError as error:
        raise LedgerUnavailable(
            f"{output} cannot be written: {error.strerror}. The checkpoint was signed; `--show` shows it."
        ) from None


def _say(notes: list[tuple[Log, Key, Note | None]], form: str, show: bool, every: bool) -> None:
    from ledger.audit.checkpoint import read_checkpoint

    rows = []
    for log, key, note in notes:
        last = read_checkpoint(note.written().encode())[0] if note else None
        size, root = (last.size, last.root.hex()) if last else (None, None)
        rows.append((log.arrangement, log.origin, size, root, key.written(), note.written() if note else None))
    if form == "csv":
        plain = [["" if cell is None else cell for cell in row[:-1]] for row in rows]
        say_csv(("arrangement", "origin", "size", "root", "key"), plain)
    elif form == "json":
        header = ("arrangement", "origin", "size", "root", "key", "checkpoint")
        documents = [dict(zip(header, row, strict=True)) for row in rows]
        say_json(documents if every else documents[0])
    else:
        parts = [_shown(row[0], row[4], row[5], show) for row in rows]
        click.echo("\n".join(parts), nl=False)


def _shown(arrangement: str, vkey: str, note: str | None, show: bool) -> str:
    """A checkpoint as it is, so that it can be kept; with `show`, and its key, the key's line before it."""
    said = said_note(note) if note else f"No checkpoint of {arrangement} was signed with this key yet.\n"
    return f"The public key of {arrangement}: {vkey}\n\n{said}" if show else said
