"""Packs that tests are given: made by the program, changed by hand, or forged from whatever lines somebody likes."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.application import Command, Ledger
from ledger.audit import verify_pack as vp
from ledger.audit.checkpoint import Checkpoint, origin
from ledger.audit.memory import Memory
from ledger.audit.packing import Wanted, packed
from ledger.audit.sealing import logs
from ledger.audit.signing import Signer
from ledger.calendar import year_labelled
from ledger.store.merkle import Frontier, leaf_hash
from tests import given
from tests.given import CODE, LEDGER_ID
from tests.ledger.years import HALVES, budgeted

SEED = bytes(range(32))
MADE = ("pack.json", "pool.checkpoint", "pool.key", "pool.leaves", "events.jsonl", "proofs.json", "journal.csv",
        "evidence.csv", "trial-balance-opening.csv", "trial-balance-closing.csv")  # fmt: skip
"""The files of a pack that are evidence."""


def signer(seed: bytes = SEED) -> Signer:
    """A key that is the same every time."""
    return Signer(Ed25519PrivateKey.from_private_bytes(seed))


def told(path: Path) -> Path:
    """A ledger of a year with a reversal and evidence, settled and closed in every book, and a late fact after it."""
    risk = f"{HALVES}\n{budgeted(care={'OCC': 300_00, 'OCCG': 200_00})}"
    with closing(given.new_ledger(path)) as ledger:
        given.sign(ledger, more=risk)
        for party, amount in (("OCC", 300_00), ("OCCG", 200_00)):
            given.record(ledger, "contribution_due", party=party, amount=amount)
            given.record(ledger, "contribution_received", party=party, amount=amount)
        given.record(ledger, "expenditure", scheme="care", counterparty="SUP", amount=510_00, document="=INV",
                     evidence="ab" * 32, command=Command("finance.officer", narrative="Mrs Smith"))  # fmt: skip
        given.record(ledger, "payment", counterparty="SUP", amount=510_00)
        given.reverse(ledger, 7)
        given.run(ledger, date(2014, 3, 31))
        given.year_end(ledger, "settle", unspent="return")
        given.year_end(ledger, "close")
        given.record(ledger, "expenditure", scheme="care", counterparty="SUP", amount=10_00, on=date(2014, 3, 1))
    return path


def pack(path: Path, folder: Path, *, party: str = "", year: str = "", key: Signer | None = None) -> Path:
    """A pack of the ledger's arrangement, made by the program."""
    with closing(Ledger.open(path, read_only=True)) as ledger:
        terms = ledger.draft(CODE).head.terms_on(date.max)
    (log,) = logs(path, CODE)
    wanted = Wanted(terms, party, year_labelled(year, terms.year_start) if year else None)
    packed(log, wanted, folder, key or signer(), Memory(folder.with_name(f"{folder.name}-key")))
    return folder


def forged(
    folder: Path, *lines: bytes, change: Callable[[Path], object] = lambda _: None, proofs: Any = None, **about: Any
) -> Path:
    """A pack of events that somebody made up, signed with their own key; the files for reading are empty."""
    folder.mkdir()
    tree = Frontier()
    tree.extend([leaf_hash(line) for line in lines])
    log = origin(LEDGER_ID, CODE)
    note = signer().signed(Checkpoint(log, tree.size, tree.root()).body(), log)
    files: dict[str, bytes] = {
        "pool.checkpoint": note.written().encode(),
        "pool.key": f"{signer().key(log).written()}\n".encode(),
        "pool.leaves": b"".join(leaf_hash(line) for line in lines),
        vp.EVENTS: b"".join(line + b"\n" for line in lines),
        vp.PROOFS: said(proofs or {"inclusion": [], "consistency": []}),
        vp.JOURNAL: vp.JOURNAL_ROW + b"\n",
        vp.EVIDENCE: vp.EVIDENCE_ROW + b"\n",
        vp.OPENING: vp.BALANCE_ROW + b"\n",
        vp.CLOSING: vp.BALANCE_ROW + b"\n",
    }
    told = {"pack": 1, "arrangement": CODE, "books": None, "first": None, "after": None}
    told |= {name: sha256(files[name]).hexdigest() for name in (vp.EVENTS, vp.PROOFS)} | about
    made = b64encode(signer().sign(vp.PURPOSE + json.dumps(told, indent=1).encode())).decode()
    for name, raw in (files | {vp.PACK: said(told | {"signature": made})}).items():
        (folder / name).write_bytes(raw)
    change(folder)
    return folder


def said(value: object) -> bytes:
    """JSON as a pack has it."""
    return json.dumps(value, indent=1).encode() + b"\n"


def event(number: int = 1, **fields: Any) -> bytes:
    """The bytes of an event that posts nothing, or whatever the fields say."""
    made = {
        "ledger": LEDGER_ID, "arrangement": CODE, "number": number, "effective_on": "2013-04-01",
        "recorded_at": "2013-07-01T09:00:00.000000Z", "actor": "ann", "reference": f"#{number}",
        "fact": {"type": "AgreementSigned", "agreement": {"year_starts": "04-01"}},
    }  # fmt: skip
    return json.dumps(made | fields, separators=(",", ":")).encode()
