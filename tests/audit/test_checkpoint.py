"""`audit checkpoint` and `audit cosign`: what is signed continues what was signed before, whatever became of the ledger."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ledger.application import Ledger
from ledger.audit.checkpoint import read_checkpoint
from ledger.audit.note import COSIGNATURE, read_key
from ledger.audit.signing import load_signer, signs
from tests import given
from tests.audit.tampering import forge
from tests.commands.desk import Desk
from tests.given import CODE

LOG = f"poolbook/{given.LEDGER_ID}/{CODE}"


@pytest.fixture
def home(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The keys of whoever keeps the ledger; the ledger has six events."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(desk.folder / "home"))
    monkeypatch.delenv("POOLBOOK_KEY", raising=False)
    desk.made("lead_body", before=[("contribution_due", {"party": "OCCG", "amount": 100_00 + n}) for n in range(5)])
    return desk.folder / "home" / "poolbook"


def partner(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on it is the partner's auditor who works, with keys of their own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(desk.folder / "partner"))


def more(desk: Desk, count: int = 1) -> None:
    """Record some more."""
    with closing(Ledger.open(desk.path, salts=given.counted_salts())) as ledger:
        for number in range(count):
            given.record(ledger, "contribution_received", party="OCCG", amount=50_00 + number)


def sealed(desk: Desk, name: str = "pool.checkpoint") -> Path:
    """A checkpoint of now, in a file."""
    done = desk("audit", "checkpoint", CODE)
    assert done.code == 0, done.err
    return desk.file(name, done.out)


def vkey(desk: Desk) -> str:
    """The public key of the log."""
    return str(desk("audit", "checkpoint", CODE, "--show", "--format", "json").json["key"])


def test_a_checkpoint_is_a_signed_note_of_the_log(desk: Desk, home: Path) -> None:
    done = desk("audit", "checkpoint", CODE)
    assert (done.code, done.err[:24]) == (0, "Made a key to sign with:")
    checkpoint, note = read_checkpoint(done.out.encode())
    with closing(Ledger.open(desk.path, read_only=True)) as ledger:
        root = ledger.draft(CODE).frontier.root()
    assert checkpoint == (LOG, 6, root)
    key = read_key(vkey(desk))
    assert key.name == LOG
    assert signs(note, key)
    assert {path.stat().st_mode & 0o777 for path in home.iterdir()} == {0o600, 0o700}


@pytest.mark.usefixtures("home")
def test_the_same_log_gives_the_same_checkpoint_and_a_longer_one_another(desk: Desk) -> None:
    first = sealed(desk).read_text()
    assert desk("audit", "checkpoint", CODE).out == first
    more(desk)
    assert read_checkpoint(sealed(desk).read_bytes())[0].size == 7
    shown = desk("audit", "checkpoint", CODE, "--show").out
    assert shown.startswith(f"The public key of {CODE}: {LOG}+")
    assert shown.endswith((desk.folder / "pool.checkpoint").read_text())


@pytest.mark.usefixtures("home")
def test_every_arrangement_at_once_into_a_folder(desk: Desk) -> None:
    with closing(Ledger.open(desk.path)) as ledger:
        desk.sign_like(ledger, "lead_body", "other")
    done = desk("audit", "checkpoint", "--all", "--output", "kept", "--format", "csv")
    assert (done.code, [line.split(",")[0] for line in done.out.splitlines()]) == (0, ["arrangement", "other", "pool"])
    assert sorted(path.name for path in (desk.folder / "kept").iterdir()) == ["other-1.checkpoint", "pool-6.checkpoint"]
    assert desk("audit", "checkpoint", "--all", "--output", "kept").code == 0
    (desk.folder / "kept" / "other-1.checkpoint").write_text("x")
    assert "exists already" in desk("audit", "checkpoint", "--all", "--output", "kept").err
    assert desk("audit", "checkpoint").code == desk("audit", "checkpoint", CODE, "--all").code == 2


@pytest.mark.usefixtures("home")
def test_an_older_copy_is_not_signed(desk: Desk) -> None:
    older = desk.path.read_bytes()
    more(desk)
    sealed(desk)
    desk.path.write_bytes(older)
    done = desk("audit", "checkpoint", CODE)
    assert (done.code, done.out) == (5, "")
    assert "pool has 6 events here" in done.err
    assert "of 7: this is an older copy of the ledger. Nothing was signed" in done.err
    verified = desk("audit", "verify")
    assert verified.code == 5
    assert "#7 of pool: the checkpoint in" in verified.out
    assert "of 7 events, and there are 6: an older copy" in verified.out


@pytest.mark.parametrize("longer", [0, 3])
def test_another_history_is_not_signed_and_the_first_event_changed_is_named(desk: Desk, home: Path, longer: int) -> None:
    sealed(desk)
    more(desk, longer)
    forge(desk.path, {4: lambda raw: raw.replace(b"10002", b"90002")})
    done = desk("audit", "checkpoint", CODE)
    assert (done.code, done.out) == (5, "")
    assert "#4 is the first that was changed. Nothing was signed." in done.err
    verified = desk("audit", "verify")
    assert verified.code == 5
    assert verified.out.startswith("#4 of pool: it is not the event of the checkpoint in ")
    shutil.rmtree(home / "signing.key.checkpoints" / given.LEDGER_ID, ignore_errors=True)
    assert desk("audit", "verify").code == 0  # by itself it proves: that is why a checkpoint is kept elsewhere


def test_without_the_leaf_hashes_the_change_is_found_and_not_named(desk: Desk, home: Path) -> None:
    sealed(desk)
    forge(desk.path, {4: lambda raw: raw.replace(b"10002", b"90002")})
    (leaves,) = home.rglob("pool.leaves")
    for what in (bytes(6 * 32), b"", None):
        if what is None:
            leaves.unlink(missing_ok=True)
        else:
            leaves.write_bytes(what)
        assert "which one was changed is not known" in desk("audit", "checkpoint", CODE).err
        assert "pool: its first 6 events are not those of the checkpoint" in desk("audit", "verify").out


def test_an_event_that_is_not_sound_is_not_signed(desk: Desk, home: Path) -> None:
    with closing(sqlite3.connect(desk.path)) as connection:
        connection.executescript("DROP TRIGGER events_not_updated; UPDATE events SET leaf = zeroblob(32) WHERE number = 2")
    assert desk("audit", "checkpoint", CODE).code == 5
    assert list(home.rglob("*.checkpoint")) == []


def test_a_checkpoint_held_is_held_against_the_ledger(desk: Desk, home: Path) -> None:
    held = sealed(desk)
    shutil.rmtree(home)
    more(desk)
    done = desk("audit", "verify", "--checkpoint", str(held))
    assert (done.code, done.out.splitlines()[1]) == (0, f"  It continues the checkpoint of 6 events in {held}.")
    forge(desk.path, {2: lambda raw: raw.replace(b"10000", b"20000")})
    done = desk("audit", "verify", CODE, "--checkpoint", str(held), "--format", "json")
    assert (done.code, done.json["checkpoints"]) == (5, [{"file": str(held), "size": 6}])
    assert done.json["findings"][0]["finding"] == f"its first 6 events are not those of the checkpoint in {held}"
    strange = desk.file("strange", held.read_text().replace(given.LEDGER_ID, "f" * 32))
    assert "which is not what is verified here" in desk("audit", "verify", "--checkpoint", str(strange)).err
    assert desk("audit", "verify", "--checkpoint", str(desk.file("bad", "x"))).code == 5


BAD_KEY_FILES: dict[str, tuple[Callable[[Path], object], int, str]] = {
    "open to others": (lambda path: path.chmod(0o644), 1, "can be read by others"),
    "empty": (lambda path: path.write_bytes(b""), 1, "is no Ed25519 key"),
    "gone": (lambda path: path.unlink(), 3, "cannot be read: No such file"),
}


@pytest.mark.parametrize("what", BAD_KEY_FILES)
def test_a_key_that_cannot_serve_is_a_sentence(desk: Desk, home: Path, what: str) -> None:
    sealed(desk)
    change, code, words = BAD_KEY_FILES[what]
    change(home / "signing.key")
    done = desk("audit", "checkpoint", CODE, "--key", str(home / "signing.key"))
    assert (done.code, done.out) == (code, "")
    assert words in done.err


@pytest.mark.usefixtures("home")
def test_a_partner_cosigns_what_continues_what_it_cosigned_before(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first, key = sealed(desk), vkey(desk)
    more(desk)
    second = sealed(desk, "second.checkpoint")
    partner(desk, monkeypatch)
    assert "Say with --name" in desk("audit", "cosign", str(first)).err
    assert "ask whoever keeps the ledger" in desk("audit", "cosign", str(first), "--name", "audit.occg").err
    assert desk("audit", "cosign", str(first), "--name", "audit.occg", "--log-key", key[:-4] + "AAA=").code == 2
    done = desk("audit", "cosign", str(first), "--name", "audit.occg", "--log-key", key)
    assert done.code == 0
    assert done.err.endswith("Cosigned pool at 6 events; the first of it that you cosign.\n")
    note = read_checkpoint(done.out.encode())[1]
    own = load_signer(desk.folder / "partner" / "poolbook" / "cosigning.key").key("audit.occg", COSIGNATURE)
    assert signs(note, own)
    assert signs(note, read_key(key))
    done = desk("audit", "cosign", str(second), "--output", "cosigned")
    assert (done.code, done.out) == (0, "")
    assert done.err == "Cosigned pool at 7 events; it continues the one you cosigned before.\n"
    assert signs(read_checkpoint((desk.folder / "cosigned").read_bytes())[1], own)
    assert "you cosigned 7" in desk("audit", "cosign", str(first)).err
    assert "exists already" in desk("audit", "cosign", str(second), "--output", "cosigned").err


def test_a_partner_does_not_cosign_what_was_changed_or_signed_by_another(
    desk: Desk, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, key, sound = sealed(desk), vkey(desk), desk.path.read_bytes()
    forge(desk.path, {4: lambda raw: raw.replace(b"10002", b"90002")})
    shutil.rmtree(home)
    forged, other = sealed(desk, "forged.checkpoint"), vkey(desk)
    forgery = desk.path.read_bytes()
    partner(desk, monkeypatch)
    desk.path.write_bytes(sound)
    assert desk("audit", "cosign", str(first), "--name", "audit.occg", "--log-key", key).code == 0
    desk.path.write_bytes(forgery)
    done = desk("audit", "cosign", str(first))
    assert (done.code, done.out) == (5, "")
    assert "#4 is the first that was changed" in done.err
    assert "is not signed with" in desk("audit", "cosign", str(forged)).err
    assert "has been signed" not in desk("audit", "cosign", str(forged), "--log-key", other).err
    assert "--log-key says another" in desk("audit", "cosign", str(forged), "--log-key", other).err
    desk.path.write_bytes(sound)
    more(desk)
    tampered = desk.file("tampered", first.read_text().replace("\n6\n", "\n7\n"))
    assert desk("audit", "cosign", str(tampered)).code == 5


@pytest.mark.usefixtures("home")
def test_a_checkpoint_of_another_ledger_is_not_cosigned(desk: Desk) -> None:
    first = sealed(desk)
    other = desk.file("other", first.read_text().replace(given.LEDGER_ID, "f" * 32))
    assert "is a checkpoint of poolbook/ffff" in desk("audit", "cosign", str(other)).err
