"""`poolbook audit pack` and `verify-pack`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commands.context import code, ledger_option, ledger_place, opened
from commands.keys import key_option, memories, signing
from commands.output import counted
from ledger.errors import NotProven, Refused
from ledger.text import escaped


@click.command()
@click.argument("arrangement")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="A new folder.")
@click.option("--party", type=code("party"), default="", help="Only what touches this party; the rest as hashes.")
@click.option("--year", "label", default=None, metavar="YEAR", help="Journal and trial balances of this year, like 2013/14.")
@key_option
@ledger_option
def pack(arrangement: str, output: Path, party: str, label: str | None, key: Path | None) -> None:
    """Make a folder that a partner takes away and checks alone.

    In it are the events, their place in the signed log, journal and trial balances, and the program that checks them, which
    needs nothing but Python. It begins with README.txt.
    """
    from ledger.audit.packing import Wanted, packed
    from ledger.audit.sealing import logs
    from ledger.calendar import year_labelled

    (log,) = logs(ledger_place(), arrangement)
    with opened(read_only=True) as ledger:
        terms = ledger.draft(arrangement).head.terms_on(date.max)
    try:
        year = year_labelled(label, terms.year_start) if label else None
    except ValueError as error:
        raise Refused(f"{error}.") from None
    signer, memory = signing(key, "signing")
    done = packed(log, Wanted(terms, party, year), output, signer, memory)
    told = "" if done.events == done.checkpoint.size else f"{done.events:,} of "
    click.echo(
        f"Made {escaped(str(output))}: {told}{counted(done.checkpoint.size, 'event')} of {arrangement}, signed and checked. "
        f"Give its reader the key by another way: {signer.key(log.origin).written()}"
    )


@click.command(name="verify-pack")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--key", default="", help="The public key of the log, as you got it by another way than the pack.")
@click.option("--checkpoint", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="One that you keep from before; again for more.")  # fmt: skip
def verify_pack(folder: Path, key: str, files: tuple[Path, ...]) -> None:
    """Check a pack, as the program in it does.

    The pack's own program is not run. It is held against the checkpoints named, and those that you cosigned of the same log.
    Ends with exit code 5 at the first thing that does not hold.
    """
    from ledger.audit.verify_pack import LONGEST_NOTE, Pack, Wrong, whole

    try:
        origin = Pack(str(folder), key).noted.origin
        kept = [(str(file), whole(".", str(file), LONGEST_NOTE)) for file in files]
        last = [each for memory in memories() if (each := memory.last(origin))]
        kept += [(str(each.path), each.note.written().encode()) for each in last]
        said = Pack(str(folder), key, kept).said
    except Wrong as wrong:
        raise NotProven(f"{folder} does not hold: {wrong}.") from None
    for sentence in said:
        click.echo(f"ok: {escaped(sentence)}.")
