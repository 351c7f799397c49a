"""`audit pack`, `verify-pack` and `cosign --pack`: what a lead hands out and what a partner does with it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from ledger.application import Ledger
from tests import given
from tests.audit.tampering import forge
from tests.commands.desk import Desk
from tests.given import CODE


@pytest.fixture
def told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A ledger of three events, and keys of the lead's own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(desk.folder / "home"))
    monkeypatch.delenv("POOLBOOK_KEY", raising=False)
    facts = [
        ("contribution_due", {"party": "OCCG", "amount": 100_00}),
        ("contribution_due", {"party": "OCC", "amount": 1_00}),
    ]
    return desk.made("lead_body", before=facts)


def handed(desk: Desk, name: str, *words: str) -> tuple[Path, str]:
    """A pack, and the key that is handed over by another way."""
    done = desk("audit", "pack", CODE, "--output", name, *words)
    assert done.code == 0, done.err
    return desk.folder / name, done.out.split()[-1]


def test_a_pack_is_made_checked_and_its_key_told(told: Desk) -> None:
    done = told("audit", "pack", CODE, "--output", "pack")
    assert done.code == 0
    assert done.out.startswith(
        "Made pack: 3 events of pool, signed and checked. Give its reader the key by another way: poolbook/"
    )
    guide = (told.folder / "pack" / "README.txt").read_text()
    assert guide.startswith("AUDIT PACK OF The pool\n\nAll 3 events of all parties.\n")
    assert len(guide.splitlines()) <= 60
    again = told("audit", "pack", CODE, "--output", "pack")
    assert (again.code, again.out) == (1, "")
    assert "pack exists already" in again.err


@pytest.mark.parametrize(("words", "code", "said"), [
    (("--party", "OCX"), 1, "did you mean OCC?"), (("--year", "2013"), 1, "is not a financial year here"),
    (("--output", "no/such/place"), 3, "cannot be made at no/such/place"),
])  # fmt: skip
def test_a_pack_that_cannot_be_made_is_refused(told: Desk, words: tuple[str, ...], code: int, said: str) -> None:
    done = told("audit", "pack", CODE, "--output", "pack", *words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert not (told.folder / "pack").exists()


def test_a_partner_gets_what_touches_it_and_checks_it(told: Desk) -> None:
    folder, key = handed(told, "pack", "--party", "OCCG", "--year", "2013/14")
    assert (folder / "events.jsonl").read_bytes().count(b"\n") == 2
    assert "The 2 events that touch the books of OCCG" in (folder / "README.txt").read_text()
    done = told("audit", "verify-pack", "pack", "--key", key)
    assert (done.code, done.err) == (0, "")
    assert "ok: 2 events, of 3 (the others stand as their hashes), are those that were signed" in done.out


def test_a_tampered_pack_ends_with_5_and_says_what_is_wrong(told: Desk) -> None:
    folder, _ = handed(told, "pack")
    events = folder / "events.jsonl"
    events.write_bytes(events.read_bytes().replace(b"10000", b"20000"))
    done = told("audit", "verify-pack", "pack")
    assert (done.code, done.out) == (5, "")
    assert done.err == "pack does not hold: #2 is not the event that was signed.\n"


def test_a_partner_cosigns_from_packs_alone_and_sees_a_history_rewritten(told: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first, key = handed(told, "first")
    with closing(Ledger.open(told.path)) as ledger:
        given.record(ledger, "contribution_due", party="OCC", amount=2_00)
    second, _ = handed(told, "second")
    forge(told.path, {2: lambda raw: raw.replace(b"10000", b"20000")})
    monkeypatch.setenv("XDG_CONFIG_HOME", str(told.folder / "careless"))
    rewritten, other = handed(told, "rewritten")
    told.path.unlink()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(told.folder / "partner"))
    words = ("audit", "cosign", str(first / "pool.checkpoint"), "--pack", "first", "--name", "audit.occg", "--log-key", key)
    assert told(*words).code == 0
    done = told("audit", "cosign", str(second / "pool.checkpoint"), "--pack", "second")
    assert (done.code, done.err) == (0, "Cosigned pool at 4 events; it continues the one you cosigned before.\n")
    assert told("audit", "verify-pack", "second").out.count("ok: the log continues") == 1
    done = told("audit", "cosign", str(second / "pool.checkpoint"), "--pack", "rewritten")
    assert done.code == 5
    assert "#2 is the first that was changed. Nothing was signed." in done.err
    assert "does not hold" in told("audit", "verify-pack", "rewritten").err
    assert "--log-key says another" in told("audit", "cosign", str(rewritten / "pool.checkpoint"), "--pack", "rewritten",
                                            "--log-key", other).err  # fmt: skip


def test_a_checkpoint_of_a_pack_is_held_against_a_ledger_and_names_what_was_changed(told: Desk) -> None:
    folder, _ = handed(told, "pack")
    forge(told.path, {3: lambda raw: raw.replace(b"100", b"900")})
    told.folder.joinpath("home").rename(told.folder / "lost")
    done = told("audit", "verify", "--checkpoint", str(folder / "pool.checkpoint"))
    assert done.code == 5
    assert done.out == f"#3 of pool: it is not the event of the checkpoint in {folder}/pool.checkpoint.\n"
