"""Files that somebody's program spoilt: whatever is in them, they are read or refused, never a fault of ours."""

from __future__ import annotations

import random

import pytest

from commands.agreement import TYPES
from tests.commands.desk import Desk, cells, many, row
from tests.ledger.examples import EXAMPLES

ROUNDS = 80

BITS = [
    "", ",", '"', "\n", "\r", "\r\n", "\0", "\ufeff", ";", "\t", " ", "'", "\\", "-", "0", "9" * 30, "1e5", "=", "[", "]",
    "{", "}", "#", "é", "\u202e", "\udcff", "POOL", "pool", "OCC", "OCCG", "care", "-0", "0.005", "2013-02-29", "9999-12-31",
    "0001-01-01", "nan", "inf", "true", "[[party]]", '"""', "x" * 70_000, "9" * 20, "1/0", "0/1", "reversal",
]  # fmt: skip


def spoilt(chance: random.Random, text: str) -> bytes:
    """The text with a few bits of it lost, doubled, moved, or replaced."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        to = min(len(text), at + chance.choice((0, 0, 1, 3, 20)))
        move = chance.randrange(4)
        if move == 0:
            text = text[:at] + chance.choice(BITS) + text[to:]
        elif move == 1:
            text = text[:to] + text[at:]
        elif move == 2:
            lines = text.splitlines(keepends=True)
            chance.shuffle(lines)
            text = "".join(lines)
        else:
            words = text.split(",")
            words[chance.randrange(len(words))] = chance.choice(BITS)
            text = ",".join(words)
    raw = text.encode(errors="surrogatepass")
    if chance.random() < 0.1:
        at = chance.randrange(len(raw) + 1)
        raw = raw[:at] + chance.randbytes(2) + raw[at:]
    return raw


@pytest.mark.parametrize("seed", range(3))
def test_a_spoilt_csv_file_is_imported_whole_or_refused_whole(desk: Desk, seed: int):
    chance = random.Random(seed)
    facts = [
        row("", amount="") | {"type": each.type, "reference": each.type} | cells(each.fields) for each in EXAMPLES.values()
    ]
    good = desk.made().csv(*facts, *many(5)).read_text()
    for _ in range(ROUNDS):
        content = spoilt(chance, good)
        desk.file("facts.csv", content)
        before = desk.bytes()
        done = desk("import", "facts.csv")
        assert done.code in (0, 1, 4), (done, content)
        if done.code:
            assert desk.bytes() == before, content
            assert done.err.endswith("; nothing was recorded.\n"), content


@pytest.mark.parametrize("kind", TYPES)
def test_a_spoilt_agreement_is_signed_or_refused_whole(desk: Desk, kind: str):
    chance = random.Random(kind)
    good = desk("agreement", "template", kind).out
    desk("init")
    empty = desk.bytes()
    for _ in range(ROUNDS):
        content = spoilt(chance, good)
        desk.file("agreement.toml", content)
        done = desk("agreement", "sign", "agreement.toml")
        assert done.code in (0, 4), (done, content)
        if done.code:
            assert desk.bytes() == empty, content
            continue
        (code,) = [each["arrangement"] for each in desk("agreement", "list", "--format", "json").json]
        for form in ("table", "csv", "json"):
            assert desk("agreement", "show", code, "--format", form).code == 0, content
        desk.path.write_bytes(empty)


COMMANDS = [
    ("agreement", "show"), ("agreement", "sign"), ("import",), ("reverse",), ("backup",), ("status",),
    ("report", "balances"), ("expenditure", "incur"), ("recharge", "raise"), ("asset", "transfer"), ("settlement",),
    ("bill",), ("liability", "recognise"),
]  # fmt: skip
OPTIONS = ["--amount", "--party", "--counterparty", "--scheme", "--fund", "--asset", "--liability", "--consideration", "--on",
           "--reference", "--document", "--narrative", "--as", "--reason", "--format", "--dry-run", "--evidence"]  # fmt: skip

VALUES = ["facts.csv", "10", "-5.5", "2013-06-01", "2", "json", "csv", "van", "SUP", "."]


@pytest.mark.parametrize("seed", range(3))
def test_words_at_random_are_done_or_refused(desk: Desk, seed: int):
    chance = random.Random(seed)
    desk.made().csv(*many(2))
    values = [bit for bit in BITS if "\0" not in bit] + VALUES
    for _ in range(ROUNDS):
        words = list(chance.choice(COMMANDS))
        words += chance.choices(["pool", chance.choice(values)], (3, 1), k=chance.choice((1, 1, 2)))
        for _ in range(chance.randint(0, 6)):
            words += [chance.choice(OPTIONS), chance.choice(values)]
        done = desk(*words)
        assert done.code in (0, 1, 2, 3, 4), (done, words)
        assert "Traceback" not in done.err
    assert desk("status", "--format", "json").code == 0
    assert [event.number for event in desk.events()] == list(range(1, len(desk.events()) + 1))
