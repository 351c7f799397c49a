"""Every byte of a ledger flipped, and thousands of deliberate changes, each judged by the verifier against a kept checkpoint.

    python -m tests.audit.attacks [--flips EVERY] [--changes COUNT] [--seed SEED]

A change is found (with the first bad number), or leaves every event byte-identical; anything else is missed, and none may be.
The tests try a sample of both; the command tries them all, and docs/audit.md says what came of it.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from ledger import events as e
from ledger.application import Command
from ledger.audit.checkpoint import Checkpoint, origin
from ledger.audit.held import Held
from ledger.audit.memory import Memory
from ledger.audit.sealing import logs, signed
from ledger.audit.signing import signs
from ledger.audit.verification import verified
from ledger.draft import Draft
from ledger.errors import PoolbookError
from ledger.state import Head
from ledger.store.encoding import columns, decode
from ledger.store.merkle import Frontier, leaf_hash
from tests import given
from tests.audit.packs import signer
from tests.given import CODE, LEDGER_ID

LOG = origin(LEDGER_ID, CODE)


class Victim(NamedTuple):
    """A small ledger, its events' bytes, and what its keeper remembers elsewhere."""

    path: Path
    raws: list[bytes]
    held: Held

    @property
    def copy(self) -> Path:
        """Where changes are made."""
        return self.path.with_name("changed.db")


def victim(folder: Path, facts: int = 9) -> Victim:
    """A ledger with some of everything: dues, money, costs with narratives, a reversal, an asset; signed for."""
    path = folder / "poolbook.db"
    with closing(given.new_ledger(path)) as ledger:
        given.sign(ledger)
        given.record(ledger, "contribution_due", party="OCCG", amount=900_00)
        given.record(ledger, "contribution_received", party="OCCG", amount=900_00)
        told = Command("finance.officer", "INV-1", narrative="Mrs Smith’s care")
        given.record(ledger, "expenditure", scheme="care", counterparty="SUP", amount=500_00, command=told)
        given.record(ledger, "payment", counterparty="SUP", amount=500_00)
        given.reverse(ledger, 5)
        given.record(ledger, "asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=60_00)
        for number in range(7, facts):
            given.record(ledger, "contribution_due", party="OCC", amount=100_00 + number)
    (log,) = logs(path, CODE)
    memory = Memory(folder / "key")
    signed(log, signer(), memory)
    last = memory.last(LOG)
    assert last is not None
    return Victim(path, events_of(path), last)


def events_of(path: Path) -> list[bytes]:
    """The bytes of every event as the ledger's own readers find them."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT bytes FROM events WHERE stream = ? ORDER BY number", (CODE,)).fetchall()
    return [raw for (raw,) in rows]


def judged(changed: Path, of: Victim) -> tuple[str, int]:
    """What the verifier makes of a changed ledger: found (and the first number named), harmless, or missed."""
    try:
        for each in verified(changed, checkpoints=[of.held]):
            for finding in each.findings:
                return "found", finding.number
    except PoolbookError:
        return "found", 0
    try:
        return ("harmless" if events_of(changed)[: len(of.raws)] == of.raws else "missed"), 0
    except sqlite3.Error:
        return "missed", 0


# Every byte flipped.


def flips(of: Victim, every: int = 1, first: int = 0) -> Counter[str]:
    """Flip one bit of each byte in turn (of every so many), and count what comes of it; raises AssertionError at a miss."""
    raw, counted = of.path.read_bytes(), Counter[str]()
    for at in range(first, len(raw), every):
        of.copy.write_bytes(raw[:at] + bytes([raw[at] ^ 1 << at % 8]) + raw[at + 1 :])
        result, _ = judged(of.copy, of)
        assert result != "missed", f"byte {at}"
        counted[result] += 1
    return counted


# Deliberate changes.

History = list[e.Event]
Attack = Callable[[random.Random, History], History]


def _edit(dice: random.Random, history: History) -> History:
    at = dice.choice([at for at, event in enumerate(history) if event.entries])
    event, factor = history[at], dice.choice((-1, 2, 3))
    doubled = {book: {name: pence * factor for name, pence in some.items()} for book, some in event.entries.items()}
    change = dice.choice(({"entries": doubled}, {"actor": "somebody.else"}, {"document": "INV 99"}, {"evidence": "ab" * 32}))
    return [*history[:at], replace(event, **change), *history[at + 1 :]]


def _swap(dice: random.Random, history: History) -> History:
    one, other = sorted(dice.sample(range(1, len(history)), 2))
    changed = list(history)
    changed[one], changed[other] = changed[other], changed[one]
    moments = [event.recorded_at for event in history]
    return [replace(event, recorded_at=moment) for event, moment in zip(changed, moments, strict=True)]


def _delete_middle(dice: random.Random, history: History) -> History:
    at = dice.randrange(1, len(history) - 1)
    return [*history[:at], *history[at + 1 :]]


def _delete_tail(dice: random.Random, history: History) -> History:
    return history[: dice.randrange(1, len(history))]


def _insert(dice: random.Random, history: History) -> History:
    at, copied = dice.randrange(1, len(history)), dice.choice([event for event in history[1:] if not event.reverses])
    new = replace(copied, reference=f"N{dice.random()}", recorded_at=history[at - 1].recorded_at)
    return [*history[:at], new, *history[at:]]


def _re_date(dice: random.Random, history: History) -> History:
    at = dice.randrange(1, len(history))
    day = history[at].effective_on + timedelta(days=dice.choice((-30, 30)))
    moment = history[at].recorded_at.replace("000000Z", "000001Z")
    return [
        *history[:at],
        replace(history[at], **dice.choice(({"effective_on": day}, {"recorded_at": moment}))),
        *history[at + 1 :],
    ]


def _old_copy(dice: random.Random, history: History) -> History:
    """An older copy of the ledger is brought back, and work goes on in it."""
    kept = history[: dice.randrange(1, len(history))]
    later = [
        replace(event, actor="night.shift", reference=f"L{event.number}")
        for event in history[len(kept) :]
        if not event.reverses
    ]
    return [*kept, *(later if dice.random() < 0.5 else [])]


def _transplant(dice: random.Random, history: History) -> History:
    """Events of another ledger, with that ledger's id or with ours."""
    at, ledger = dice.randrange(1, len(history)), dice.choice(("f" * 32, LEDGER_ID))
    moved = replace(history[at], ledger=ledger, actor="other.council", asked="cd" * 32 if history[at].asked else "")
    return [*history[:at], moved, *history[at + 1 :]]


ATTACKS: dict[str, Attack] = {
    "edit": _edit, "swap": _swap, "delete from the middle": _delete_middle, "delete the tail": _delete_tail,
    "insert": _insert, "re-date": _re_date, "restore an old copy": _old_copy, "transplant from another ledger": _transplant,
    "re-sign with another key": _edit,
}  # fmt: skip
CARE = ("the bytes", "the leaf hashes too", "everything")
"""How much of what is computed from the events the attacker puts right."""


def rewritten(of: Victim, history: History, care: str) -> list[bytes]:
    """Write a history over the copy of a ledger; gives the bytes of its events."""
    shutil.copyfile(of.path, of.copy)
    history = [replace(event, number=number) for number, event in enumerate(history, 1)]
    rows = [columns(event) for event in history]
    if care == "the bytes":
        old = [leaf_hash(raw) for raw in of.raws]
        rows = [(*row[:-1], old[at] if at < len(old) else bytes(32)) for at, row in enumerate(rows)]
    with closing(sqlite3.connect(of.copy, isolation_level=None)) as connection:
        run, many = connection.execute, connection.executemany
        run("PRAGMA journal_mode = OFF")
        run("PRAGMA synchronous = OFF")
        triggers = run("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in triggers:
            run(f"DROP TRIGGER {name}")
        run("BEGIN")
        run("DELETE FROM events")
        many("INSERT INTO events VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        if care == "everything":
            draft = Draft(Head(CODE), Frontier())
            for row in rows:
                draft.take(decode(row[-2]), row[-2])
            for table in ("heads", "balances", "items"):
                run(f"DELETE FROM {table}")
            run("INSERT INTO heads VALUES (?, ?, ?, ?, ?, ?)", (CODE, *draft.row()))
            many("INSERT INTO balances VALUES (?, ?, ?, ?)", [(CODE, *row) for row in draft.head.balances()])
            many("INSERT INTO items VALUES (?, ?, ?, ?)", [(CODE, *item) for item in draft.changed_items()])
            _move_texts(connection, of, history)
        run("COMMIT")
        for _name, sql in triggers:
            run(sql)
    return [row[-2] for row in rows]


def _move_texts(connection: sqlite3.Connection, of: Victim, history: History) -> None:
    """Put each text beside the event that commits to it."""
    texts = connection.execute("SELECT number, field, salt, text FROM texts").fetchall()
    by_commitment = {decode(of.raws[number - 1]).narrative_commitment: row for number, *row in texts}
    connection.execute("DELETE FROM texts")
    for number, event in enumerate(history, 1):
        if event.narrative_commitment in by_commitment:
            field, salt, text = by_commitment[event.narrative_commitment]
            connection.execute("INSERT INTO texts VALUES (?, ?, ?, ?, ?)", (CODE, number, field, salt, text))


def changes(of: Victim, count: int, seed: int = 20261122) -> Counter[tuple[str, str, str]]:
    """Make so many deliberate changes, count what comes of each; raises AssertionError where one is missed or misnamed."""
    dice, counted = random.Random(seed), Counter[tuple[str, str, str]]()
    history = [decode(raw) for raw in of.raws]
    plan = [(kind, care) for kind in ATTACKS for care in CARE]
    for turn in range(count):
        kind, care = plan[turn % len(plan)]
        raws = rewritten(of, ATTACKS[kind](dice, history), care)
        result, number = judged(of.copy, of)
        first = next(_differing(of.raws, raws), 0)
        assert result == ("found" if first else "harmless"), (turn, kind, care, result)
        assert number == first, (turn, kind, care, number, first)
        if kind == "re-sign with another key":
            other = signer(bytes(32)).signed(Checkpoint(LOG, len(raws), root_of(raws)).body(), LOG)
            assert not signs(other, signer().key(LOG)), turn
        counted[kind, care, result] += 1
    return counted


def _differing(was: list[bytes], now: list[bytes]) -> Iterator[int]:
    """The numbers at which an event is not what it was."""
    for number, raw in enumerate(was, 1):
        if number > len(now) or now[number - 1] != raw:
            yield number


def root_of(raws: list[bytes]) -> bytes:
    """The root of a log."""
    tree = Frontier()
    tree.extend([leaf_hash(raw) for raw in raws])
    return tree.root()


def main() -> None:
    """Try everything, and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flips", type=int, default=1, metavar="EVERY", help="flip every so many bytes [each]")
    parser.add_argument("--changes", type=int, default=5_000, metavar="COUNT", help="so many deliberate changes [5000]")
    parser.add_argument("--seed", type=int, default=20261122)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        of = victim(Path(folder))
        size = of.path.stat().st_size
        done = flips(of, asked.flips)
        results = f"{done['found']:,} found, {done['harmless']:,} harmless, 0 missed"
        print(f"{sum(done.values()):,} of {size:,} bytes flipped: {results}.")
        counted = changes(of, asked.changes, asked.seed)
        print("\n| change | what the attacker put right | found | harmless | missed |\n|---|---|---|---|---|")
        for kind in ATTACKS:
            for care in CARE:
                print(f"| {kind} | {care} | {counted[kind, care, 'found']} | {counted[kind, care, 'harmless']} | 0 |")
        print(f"\n{sum(counted.values()):,} changes, the first bad number named in each that was found.")


if __name__ == "__main__":
    main()
