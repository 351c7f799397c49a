"""Many at work in one PostgreSQL database: nothing lost, doubled or skipped, no deadlock, no lock wider than is needed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from ledger.application import Command, Ledger
from ledger.csv_file import CsvFile
from ledger.errors import LedgerUnavailable
from ledger.importing import import_file
from ledger.store import postgres_database
from tests.given import WHO, new_ledger, record, request
from tests.ledger.test_concurrency import called
from tests.ledger.test_importing import imported, written
from tests.postgresql import Server

WRITERS, EACH = 16, 12
DUE = {"type": "contribution_due", "party": "OCC", "amount": "0.01"}


@pytest.fixture
def url(postgresql: Server) -> str:
    """A ledger with the arrangements “a”, “b” and “c”."""
    url = postgresql.fresh()
    with closing(new_ledger(url)) as ledger:
        for code in "abc":
            ledger.sign(called(code), WHO)
    return url


def at_once(*acts: Callable[[Ledger], object], url: str) -> None:
    """Everybody with a connection of their own, starting together; whatever one raises is raised."""
    together = Barrier(len(acts))

    def act(work: Callable[[Ledger], object]) -> None:
        with closing(Ledger.open(url)) as ledger:
            together.wait(60)
            work(ledger)

    with ThreadPoolExecutor(len(acts)) as pool:
        for done in [pool.submit(act, work) for work in acts]:
            done.result()


def posts(name: str, codes: str) -> Callable[[Ledger], None]:
    """Record again and again under references of one's own, going round the arrangements."""

    def work(ledger: Ledger) -> None:
        for turn in range(EACH):
            asked = request("contribution_due", party="OCC", amount=1)
            ledger.record(codes[turn % len(codes)], asked, Command(name, f"{name}-{turn}"))

    return work


def deadlocks(server: Server) -> Any:
    """How often the server had to break a deadlock in the tests' database."""
    server.run("SELECT pg_stat_clear_snapshot()")
    return server.run("SELECT deadlocks FROM pg_stat_database WHERE datname = 'books'").fetchone()


def kept(url: str) -> dict[str, list[str]]:
    """The references of each arrangement in order; every head and balance must be what its events come to."""
    found = {}
    with closing(Ledger.open(url)) as ledger:
        for code in ledger.store.streams():
            events = list(ledger.history(code))
            assert [event.number for event in events] == list(range(1, len(events) + 1))
            assert [event.recorded_at for event in events] == sorted(event.recorded_at for event in events)
            assert ledger.replayed(code).row() == ledger.store.head(code)
            assert ledger.store.balance(code, "POOL", "Assets:Debtors:OCC") == len(events) - 1
            found[code] = [event.reference for event in events[1:]]
    return found


def test_sixteen_who_post_in_one_arrangement(url: str, postgresql: Server) -> None:
    before = deadlocks(postgresql)
    at_once(*(posts(f"W{number}", "a") for number in range(WRITERS)), url=url)
    assert sorted(kept(url)["a"]) == sorted(f"W{number}-{turn}" for number in range(WRITERS) for turn in range(EACH))
    assert deadlocks(postgresql) == before


def test_posters_signers_and_importers_of_several_arrangements_in_any_order(
    url: str, postgresql: Server, tmp_path: Path
) -> None:
    before = deadlocks(postgresql)

    def imports(name: str, codes: str) -> Callable[[Ledger], object]:
        rows = [
            {"arrangement": code, "reference": f"{name}-{code}{n}"} | DUE for n in range(40) for code in codes
        ]  # fmt: skip
        file = written(tmp_path / f"{name}.csv", rows)
        return lambda ledger: imported(ledger, file)

    at_once(
        imports("I1", "abc"), imports("I2", "cba"), imports("I3", "bca"), imports("I4", "ac"), posts("P1", "abc"),
        posts("P2", "cba"), posts("P3", "b"), *(lambda ledger, code=code: ledger.sign(called(code), WHO) for code in "xyz"),
        url=url,
    )  # fmt: skip
    found = kept(url)
    assert sorted(found) == [*"abc", *"xyz"]
    for name, codes in (("I1", "abc"), ("I2", "abc"), ("I3", "abc"), ("I4", "ac")):
        for code in codes:
            own = [reference for reference in found[code] if reference.startswith(name)]
            assert own == [f"{name}-{code}{n}" for n in range(40)]
            first = found[code].index(own[0])
            assert found[code][first : first + 40] == own, "an import stands together"
    assert sum(reference[0] == "P" for code in "abc" for reference in found[code]) == 3 * EACH
    assert deadlocks(postgresql) == before


def test_an_import_locks_its_own_arrangements_only_and_only_at_its_end(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path / "facts.csv", [{"arrangement": code} | DUE for code in "ab" for _ in range(3)])
    monkeypatch.setattr(postgres_database, "LOCK_SECONDS", 0.05)
    with closing(Ledger.open(url)) as ledger, closing(Ledger.open(url)) as other:
        store, seen = ledger.store, list[str]()
        staging, write_head = store.staging, store.write_head

        def post(code: str) -> None:
            record(other, "contribution_due", arrangement=code, party="OCC", amount=1)
            seen.append(code)

        def staged() -> Any:
            post("c")
            return staging()

        def write(*words: Any) -> None:
            post("c")
            for code in "ab":
                with pytest.raises(LedgerUnavailable, match=r"for 0\.05 seconds"):
                    post(code)
            write_head(*words)

        store.staging, store.write_head = staged, write  # type: ignore[method-assign]
        source = CsvFile(file)
        assert import_file(ledger, source, "ann").total == 6
        source.close()
        assert seen == ["c", "c", "c"]
        post("a")
    assert [len(kept(url)[code]) for code in "abc"] == [4, 3, 3]
