"""The same commands on a PostgreSQL database: the same answers, the same exit codes, and never a password."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from ledger.application import Ledger
from ledger.store import postgres_database
from tests import given
from tests.commands.desk import Desk, many, row
from tests.commands.test_ledger_unavailable import COST, EVERY
from tests.commands.test_streams import INTERRUPTED
from tests.postgresql import Server

VARYING = re.compile(r"[0-9a-f]{32}|\d{4}-\d\d-\d\dT[\d:.]+Z|(?<=bytes) +[\d,]+|postgresql://\S+/books|\S*poolbook\.db")


@pytest.fixture
def url(postgresql: Server) -> str:
    """The URL, with its password, of a database without a ledger."""
    return postgresql.fresh()


@pytest.fixture
def there(desk: Desk, url: str, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk whose commands find an arrangement “pool” in a PostgreSQL database."""
    monkeypatch.setenv("POOLBOOK_LEDGER", url)
    monkeypatch.setenv("XDG_CACHE_HOME", str(desk.folder / "cache"))
    desk.file("pool.toml", given.toml("lead_body"))
    assert (desk("init").code, desk("agreement", "sign", "pool.toml").code) == (0, 0)
    return desk


DUE = ("contribution", "due", "pool", "--party", "OCC", "--amount", "60", "--on", "2013-06-01", "--reference", "D1")
SESSION = [
    ("init",), ("init",), ("agreement", "sign", "pool.toml"), DUE, DUE,
    (*DUE[:-4], "--on", "2013-06-02", "--reference", "D1"),
    (*COST, "--narrative", "for Mrs Jones"), (*COST, "--dry-run"),
    ("recharge", "raise", "pool", "--scheme", "care", "--amount", "99", "--on", "2013-06-30"),
    ("recharge", "run", "pool", "--to", "2013-06-30"), ("import", "facts.csv", "--dry-run"), ("import", "facts.csv"),
    ("import", "facts.csv"), ("import", "wrong.csv"), ("reverse", "pool", "3", "--reason", "Twice", "--on", "2013-07-01"),
    ("reverse", "pool", "5", "--reason", "Never was", "--on", "2013-07-01"),
    ("agreement", "list"), ("agreement", "show", "pool"),
    ("report", "balances", "pool"), ("report", "balances", "--all", "--format", "json"),
    ("report", "balances", "pool", "--as-at", "2013-06-15"), ("report", "balances", "pool", "--as-known", "#3"),
    ("report", "journal", "pool"), ("report", "memorandum", "pool", "--year", "2013/14"), ("report", "debtors", "pool"),
    ("year", "check", "pool", "--year", "2013/14"), ("rebuild",), ("status",),
    ("audit", "verify"), ("audit", "replay"), ("audit", "replay", "pool", "--balances"), ("audit", "log", "pool"),
    ("audit", "show", "pool", "3"), (*COST[:2], "poool", *COST[3:]),
]  # fmt: skip


def test_a_session_says_the_same_as_on_a_file(desk: Desk, url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(desk.folder / "cache"))
    desk.file("pool.toml", given.toml("lead_body"))
    desk.csv(*many(5, narrative="told"))
    desk.csv(row(amount="1.001"), row(scheme="cares", reference="R9"), name="wrong.csv")
    for words in SESSION:
        both = [desk("--ledger", ledger, *words) for ledger in (str(desk.path), url)]
        shapes = [(done.code, VARYING.sub("…", done.out), VARYING.sub("…", done.err)) for done in both]
        if words[0] == "init" and both[0].code:
            assert [done.code for done in both] == [1, 1]
        else:
            assert shapes[0] == shapes[1], words
    with closing(Ledger.open(url)) as ledger:
        assert ledger.replayed("pool").row() == ledger.store.head("pool")
        assert ledger.text(ledger.event("pool", 3), "narrative") == "for Mrs Jones"


def test_reports_keep_what_they_read_in_the_users_cache_under_the_ledgers_id(there: Desk):
    assert there("report", "journal", "pool").code == 0
    ledger = there("status", "--format", "json").json["id"]
    assert [path.name for path in (there.folder / "cache" / "poolbook").iterdir()] == [f"{ledger}-views"]
    assert there(*COST).code == 0
    assert "SUP" in there("report", "journal", "pool").out


def test_the_status_says_what_the_ledger_is(there: Desk, postgresql: Server):
    told = there("status", "--format", "json").json
    assert told["ledger"] == f"postgresql://owner@127.0.0.1:{postgresql.port}/books"
    assert (told["arrangements"], told["events"]) == (1, 1)
    assert told["size_bytes"] > 50_000


def test_a_backup_is_left_to_the_servers_own_tools(there: Desk):
    done = there("backup", "copy.db")
    assert (done.code, done.out) == (1, "")
    assert "pg_dump --schema=poolbook" in done.err
    assert not (there.folder / "copy.db").exists()


def refused_to(desk: Desk, url: str, *said: str) -> None:
    """Every command must end with 3 and a sentence that holds these words, and no password."""
    desk.csv(row())
    for words in EVERY:
        done = desk(*words, "--ledger", url)
        assert (done.code, done.out) == (3, ""), done
        assert done.err.count("\n") == 1, done.err
        assert [word for word in said if word not in done.err] == [], done.err
        assert "secret" not in done.err
        assert "s3cr%65t" not in done.err


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://u:secret@127.0.0.1:1/books", ("postgresql://u@127.0.0.1:1/books cannot be reached", "refused")),
        ("postgres://u:secret@127.0.0.1:1/books?sslmode=disable", ("cannot be reached",)),
        ("postgresql://u:s3cr%65t@nowhere.invalid/books", ("postgresql://u@nowhere.invalid/books cannot be reached",)),
        ("postgresql://u:secret%@127.0.0.1:1/books", ("cannot be read: write it as postgresql://USER@HOST",)),
        ("postgresql://u:secret@127.0.0.1:1/books?secret=1", ("cannot be read: write it as",)),
        ("postgresql://u:secret@127.0.0.1:x/books", ("cannot be reached",)),
    ],
)
def test_a_server_that_is_not_there_or_a_url_that_is_none(desk: Desk, url: str, said: tuple[str, ...]):
    refused_to(desk, url, *said)


def test_a_database_or_role_that_is_not_there(desk: Desk, url: str, postgresql: Server):
    refused_to(desk, url, "There is no ledger in postgresql://owner@127.0.0.1", "`poolbook init`", "--ledger")
    refused_to(desk, postgresql.url("nothing"), 'database "nothing" does not exist')
    refused_to(desk, postgresql.url(user="nobody"), 'failed for user "nobody"')
    refused_to(desk, postgresql.url(password="secret"), 'failed for user "owner"')


def test_no_command_prints_the_password(there: Desk, postgresql: Server, monkeypatch: pytest.MonkeyPatch):
    def fault(*_: object) -> None:
        raise RuntimeError("a fault of the program")

    for debug in ("", "1"):
        monkeypatch.setenv("POOLBOOK_DEBUG", debug)
        said = "".join(there(*words).said for words in [*SESSION, ("status", "--format", "json"), ("demo",), ("backup", "x")])
        with monkeypatch.context() as patched:
            patched.setattr("ledger.store.postgres.PostgresRecorder.write_head", fault)
            done = there(*COST)
            assert done.code == 70
            said += done.said
        said += there("--ledger", f"{postgresql.url('nothing')}", "status").said
        for secret in (postgresql.password, quote(postgresql.password, safe="")):
            assert secret not in said
        assert "secret" not in said


def test_a_ledger_that_another_holds_for_too_long(there: Desk, url: str, monkeypatch: pytest.MonkeyPatch):
    there.csv(row())
    with closing(Ledger.open(url)) as other, other.store.posting("pool"):
        monkeypatch.setattr(postgres_database, "LOCK_SECONDS", 0.05)
        for words in EVERY:
            done = there(*words)
            if words in ((*COST,), ("reverse", "pool", "2", "--reason", "x"), ("import", "facts.csv")):
                assert (done.code, done.out) == (3, ""), done
                assert "for 0.05 seconds: nothing was recorded" in done.err
            else:
                assert done.code == (1 if words[0] == "backup" else 0), done
    assert there(*COST).code == 0


MOMENTS = {
    "as references are looked up": ("ledger.store.postgres_staging", "PostgresStaging", "see", 3),
    "as rows are staged": ("ledger.store.postgres_staging", "PostgresStaging", "flush", 4),
    "before the events are put in": ("ledger.store.postgres", "PostgresRecorder", "insert_staged", 1),
    "before the head is written": ("ledger.store.postgres", "PostgresRecorder", "write_head", 1),
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_an_import_that_is_interrupted_or_killed_records_nothing(there: Desk, moment: tuple[str, str, str, int]):
    there.csv(*many(6_000, narrative="for Mrs Jones"))
    script = INTERRUPTED.format(**dict(zip(("module", "owner", "method", "time"), moment, strict=True)))
    done = subprocess.run([sys.executable, "-c", script, "import", "facts.csv"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (130, ""), done
    assert done.stderr.strip() == "Interrupted: nothing was recorded."
    killed = script.replace("SIGINT", "SIGKILL")
    done = subprocess.run([sys.executable, "-c", killed, "import", "facts.csv"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "")
    assert there("status", "--format", "json").json["events"] == 1
    assert there("import", str(there.csv(row()))).code == 0


def test_the_demo_tells_its_stories_there_too(desk: Desk, url: str, monkeypatch: pytest.MonkeyPatch):
    on_file = desk("demo", "--format", "json").json
    monkeypatch.setenv("POOLBOOK_LEDGER", "elsewhere.db")
    there = desk("--ledger", url, "demo", "--format", "json").json
    assert there.pop("ledger").startswith("postgresql://owner@")
    on_file.pop("ledger")
    assert json.dumps(there) == json.dumps(on_file)
    assert not Path("elsewhere.db").exists()
