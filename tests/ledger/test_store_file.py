"""The ledger file: kept durably, readable by its owner only, recognised, and its troubles told as sentences."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from ledger.application import Ledger
from ledger.errors import LedgerUnavailable, Refused
from ledger.store import sqlite_file
from tests.given import new_ledger, record, sign

DUE = {"party": "OCC", "amount": 1_00}


def pragma(ledger: Ledger, name: str) -> object:
    return ledger.store._connection.execute(f"PRAGMA {name}").fetchone()[0]


@pytest.mark.parametrize("again", [False, True], ids=["made", "opened"])
@pytest.mark.parametrize(
    ("name", "wanted"),
    [("journal_mode", "delete"), ("synchronous", 3), ("secure_delete", 1), ("trusted_schema", 0), ("busy_timeout", 30_000)],
)
def test_the_file_is_kept_durably(ledger: Ledger, path: Path, again: bool, name: str, wanted: object) -> None:
    if again:
        ledger.close()
        ledger = Ledger.open(path)
    assert pragma(ledger, name) == wanted
    ledger.close()


def test_a_ledger_that_cannot_be_kept_durably_is_not_used(
    ledger: Ledger, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Careless(sqlite3.Connection):
        def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:
            return super().execute("PRAGMA synchronous = 1" if sql == "PRAGMA synchronous = 3" else sql, *parameters)

    ledger.close()
    really = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **more: really(*given, **more, factory=Careless))
    with pytest.raises(LedgerUnavailable, match=r"cannot be kept durably: synchronous is 1 and will not be 3\."):
        Ledger.open(path)


def test_only_its_owner_may_read_the_file(path: Path) -> None:
    new_ledger(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_else_is_left_beside_the_file(ledger: Ledger, path: Path) -> None:
    sign(ledger)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_ledger_is_not_made_over_a_file_that_is_there(path: Path) -> None:
    path.write_text("mine")
    with pytest.raises(Refused, match=r"exists already: nothing was done\. Name another file"):
        new_ledger(path)
    assert path.read_text() == "mine"


def test_a_ledger_is_not_made_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnavailable, match=r"cannot be made: .*Name another place"):
        new_ledger(tmp_path / "nowhere" / "poolbook.db")


def switch_to_wal(path: Path) -> sqlite3.Connection:
    other = sqlite3.connect(path, isolation_level=None)
    assert other.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    return other


@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_found_with_a_write_ahead_log_is_switched_back(ledger: Ledger, path: Path, read_only: bool) -> None:
    sign(ledger)
    ledger.close()
    switch_to_wal(path).close()
    assert path.read_bytes()[18:20] == b"\x02\x02"
    opened = Ledger.open(path, read_only=read_only)
    assert path.read_bytes()[18:20] == b"\x01\x01"
    assert pragma(opened, "journal_mode") == "delete"
    assert opened.store.head("pool").number == 1
    opened.close()


def test_a_file_whose_write_ahead_log_is_in_use_is_refused(ledger: Ledger, path: Path) -> None:
    ledger.close()
    with closing(switch_to_wal(path)) as other:
        other.execute("BEGIN")
        other.execute("SELECT id FROM ledger").fetchone()
        with pytest.raises(LedgerUnavailable, match=r"write-ahead log.*close that program, then try again"):
            Ledger.open(path)


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE t (x)")


def _newer(path: Path) -> None:
    new_ledger(path).close()
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 99")


def _cut(path: Path, size: int) -> None:
    new_ledger(path).close()
    path.write_bytes(path.read_bytes()[:size])


def _scribbled(path: Path) -> None:
    new_ledger(path).close()
    path.write_bytes(path.read_bytes()[:100] + b"\xff" * 40_000)


UNUSABLE = {
    "missing": (lambda path: path.unlink(missing_ok=True), "There is no ledger at .*: make one with `poolbook init`"),
    "empty": (lambda path: path.touch(), "is not a Poolbook ledger: name yours"),
    "text": (lambda path: path.write_text("books " * 100), "is not a Poolbook ledger: name yours"),
    "another program's": (_foreign, "is not a Poolbook ledger: name yours"),
    "newer": (_newer, r"written by a newer Poolbook \(its schema is 99, this one knows \d+\): install the newer version"),
    "cut within its header": (lambda path: _cut(path, 50), "is not a Poolbook ledger: name yours"),
    "cut after its header": (lambda path: _cut(path, 100), "(damaged|is not a Poolbook ledger)"),
    "cut in the middle": (lambda path: _cut(path, 5_000), r"damaged.*[Rr]estore a backup"),
    "scribbled over": (_scribbled, "(damaged|is not a Poolbook ledger)"),
    "a folder": (lambda path: path.mkdir(), "cannot be read"),
}


@pytest.mark.parametrize("what", UNUSABLE)
@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_that_is_no_usable_ledger_is_refused_with_a_sentence(path: Path, what: str, read_only: bool) -> None:
    make, sentence = UNUSABLE[what]
    make(path)
    with pytest.raises(LedgerUnavailable, match=sentence) as caught:
        Ledger.open(path, read_only=read_only)
    assert str(caught.value).endswith(".")


def test_a_read_only_ledger_reads_and_changes_no_byte(ledger: Ledger, path: Path) -> None:
    sign(ledger)
    ledger.close()
    before, changed = path.read_bytes(), path.stat().st_mtime_ns
    reader = Ledger.open(path, read_only=True)
    assert [event.type for event in reader.history("pool")] == ["AgreementSigned"]
    with pytest.raises(LedgerUnavailable, match="cannot be written: nothing was recorded"):
        record(reader, "contribution_due", **DUE)
    reader.close()
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before, changed)


def test_a_ledger_locked_by_another_program_says_so_and_records_nothing(ledger: Ledger, path: Path) -> None:
    sign(ledger)
    ledger.store._connection.execute("PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerUnavailable, match=r"locked by another program.*nothing was recorded\. Try again"):
            record(ledger, "contribution_due", **DUE)
    assert record(ledger, "contribution_due", **DUE).number == 2


def test_a_full_disk_says_so_and_records_nothing(ledger: Ledger, path: Path) -> None:
    sign(ledger)
    pages = pragma(ledger, "page_count")
    ledger.store._connection.execute(f"PRAGMA max_page_count = {pages}")
    before = path.read_bytes()
    with pytest.raises(LedgerUnavailable, match=r"is full: nothing was recorded\. Make room"):  # noqa: PT012
        for _ in range(500):
            before = path.read_bytes()
            record(ledger, "contribution_due", **DUE, document="x" * 200)
    assert path.read_bytes() == before


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/local ext4 rw 0 0
//server/share /mnt/finance\\040share cifs rw 0 0
host:/x /srv/ssh fuse.sshfs rw 0 0
"""


@pytest.mark.parametrize(
    ("where", "kind"),
    [
        ("/home/ann/poolbook.db", "nfs4"), ("/home/poolbook.db", "nfs4"), ("/mnt/finance share/poolbook.db", "cifs"),
        ("/srv/ssh/a/b/poolbook.db", "fuse.sshfs"),
        ("/home/local/poolbook.db", ""), ("/poolbook.db", ""), ("/homes/poolbook.db", ""), ("/mnt/poolbook.db", ""),
    ],
)  # fmt: skip
def test_a_network_file_system_is_refused_for_its_locks_cannot_be_trusted(tmp_path: Path, where: str, kind: str) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    if not kind:
        sqlite_file.refuse_network(Path(where), mounts)
        return
    with pytest.raises(LedgerUnavailable, match=rf"network file system \({kind}\).*keep the ledger on a local disk"):
        sqlite_file.refuse_network(Path(where), mounts)


@pytest.mark.parametrize("made", [False, True], ids=["to make", "to open"])
def test_the_mounts_are_asked_when_a_ledger_is_made_and_when_it_is_opened(
    path: Path, made: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if made:
        new_ledger(path).close()

    def no(where: Path) -> None:
        raise LedgerUnavailable(f"{where} lies on a network file system.")

    monkeypatch.setattr(sqlite_file, "refuse_network", no)
    with pytest.raises(LedgerUnavailable, match="network file system"):
        Ledger.open(path) if made else new_ledger(path)
    assert path.exists() == made


def test_a_machine_that_does_not_say_what_is_mounted_is_believed(tmp_path: Path) -> None:
    sqlite_file.refuse_network(tmp_path / "poolbook.db", tmp_path / "no mounts here")
