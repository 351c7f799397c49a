"""The views file: caught up, replaced when it does not fit, kept elsewhere where it must be; the ledger is never changed."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger.application import Ledger
from ledger.errors import LedgerUnavailable
from projections import file, place, views
from projections import tables as t
from projections.balances import balances
from projections.views import View, read, rebuild
from tests.projections.conftest import Books, shown

ALWAYS = date.max


@pytest.fixture
def pool(books: Books) -> Books:
    """A lead body that spent 100."""
    books.sign("lead_body")
    books.record("expenditure", "05-10", scheme="care", amount="100", counterparty="SUP")
    return books


def spent(ledger: Ledger) -> str:
    """What the read models say the pool spent on care."""
    return shown(balances(ledger, ["pool"], as_at=ALWAYS)[0])["POOL"]["Expenditure:care"]


def kept(path: Path) -> dict[str, list[Any]]:
    """Everything a views file holds, by table."""
    connection = sqlite3.connect(path)
    found = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in t.metadata.tables}
    connection.close()
    return {table: sorted(rows, key=repr) for table, rows in found.items()}


def beside(books: Books) -> Path:
    """The views file beside the ledger."""
    return books.path.with_name("poolbook.db-views")


def test_the_views_file_stands_beside_the_ledger_for_its_owner_only(pool: Books, untouched: Callable[[], None]) -> None:
    untouched()
    assert spent(pool.ledger) == "100.00"
    assert beside(pool).stat().st_mode & 0o777 == 0o600
    assert sorted(found.name for found in pool.path.parent.iterdir()) == ["poolbook.db", "poolbook.db-views"]


def test_a_report_reads_only_what_is_new(pool: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    spent(pool.ledger)
    pool.record("expenditure", "05-11", scheme="care", amount="7", counterparty="SUP")
    taken: list[int] = []
    take = views.Feed.take
    monkeypatch.setattr(views.Feed, "take", lambda feed, page: (taken.append(len(page)), take(feed, page))[1])
    assert spent(pool.ledger) == "107.00"
    assert spent(pool.ledger) == "107.00"
    assert taken == [1]


def test_catching_up_by_and_by_gives_what_a_rebuild_gives(pool: Books) -> None:
    facts: list[dict[str, str]] = [
        {"type_": "contribution_due", "on": "05-11", "party": "OCC", "amount": "60"},
        {"type_": "contribution_received", "on": "05-12", "party": "OCC", "amount": "50"},
        {"type_": "recharge", "on": "05-31", "scheme": "care", "amount": "100"},
        {"type_": "asset_acquired", "on": "06-01", "asset": "van", "scheme": "care", "amount": "30", "counterparty": "SUP"},
        {"type_": "contribution_in_kind", "on": "06-02", "party": "OCCG", "amount": "5"},
        {"type_": "asset_disposed", "on": "06-03", "asset": "van", "amount": "31"},
    ]
    for fact in facts:
        last = pool.record(**fact)
        spent(pool.ledger)
    first = pool.reverse(last, "2013-06-04")
    spent(pool.ledger)
    pool.reverse(first, "2013-06-05")
    spent(pool.ledger)
    by_and_by = kept(beside(pool))
    beside(pool).unlink()
    assert rebuild(pool.ledger) == 10
    assert kept(beside(pool)) == by_and_by


def test_a_page_boundary_loses_nothing(pool: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(9):
        pool.record("expenditure", "05-11", scheme="care", amount="1", counterparty="SUP")
    monkeypatch.setattr("ledger.store.rows.PAGE", 2)
    assert spent(pool.ledger) == "109.00"
    pool.record("expenditure", "05-11", scheme="care", amount="1", counterparty="SUP")
    assert spent(pool.ledger) == "110.00"


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"not a database" * 100),
        lambda path: path.write_bytes(path.read_bytes()[:4096] + b"\xff" * (path.stat().st_size - 4096)),
        lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
        lambda path: _run(path, "DROP TABLE days"),
        lambda path: _run(path, "ALTER TABLE days RENAME COLUMN pence TO pennies"),
        lambda path: _run(path, "UPDATE about SET schema = schema + 1"),
        lambda path: _run(path, "UPDATE streams SET leaf = zeroblob(32)"),
        lambda path: _run(path, "UPDATE streams SET number = 99"),
    ],
    ids=["gone", "empty", "foreign", "overwritten", "cut", "table", "column", "schema", "leaf", "number"],
)
def test_a_damaged_or_foreign_file_is_made_anew(
    pool: Books, untouched: Callable[[], None], damage: Callable[[Path], object]
) -> None:
    untouched()
    assert spent(pool.ledger) == "100.00"
    damage(beside(pool))
    assert spent(pool.ledger) == "100.00"
    assert kept(beside(pool))["about"] == [(t.SCHEMA, "ab" * 16)]
    assert sorted(found.name for found in pool.path.parent.iterdir()) == ["poolbook.db", "poolbook.db-views"]


def _run(path: Path, sql: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(sql)
    connection.commit()
    connection.close()


def test_the_file_of_another_ledger_is_not_believed(pool: Books, tmp_path: Path) -> None:
    other = Ledger.create(tmp_path / "other.db", ledger_id="cd" * 16)
    rebuild(other)
    (tmp_path / "other.db-views").replace(beside(pool))
    assert spent(pool.ledger) == "100.00"
    other.close()


def test_an_older_copy_of_the_ledger_put_back_is_noticed(pool: Books, tmp_path: Path) -> None:
    older = tmp_path / "older.db"
    shutil.copy(pool.path, older)
    pool.record("expenditure", "05-11", scheme="care", amount="7", counterparty="SUP")
    assert spent(pool.ledger) == "107.00"
    pool.ledger.close()
    older.replace(pool.path)
    pool.ledger = Ledger.open(pool.path)
    assert spent(pool.ledger) == "100.00"
    # Another history of the same length: only the leaf hash tells them apart.
    pool.record("expenditure", "05-11", scheme="care", amount="8", counterparty="SUP")
    assert spent(pool.ledger) == "108.00"


def test_another_history_of_the_same_length_is_noticed(pool: Books, tmp_path: Path) -> None:
    older = tmp_path / "older.db"
    shutil.copy(pool.path, older)
    pool.record("expenditure", "05-11", scheme="care", amount="7", counterparty="SUP")
    assert spent(pool.ledger) == "107.00"
    pool.ledger.close()
    older.replace(pool.path)
    pool.ledger = Ledger.open(pool.path)
    pool.record("expenditure", "05-11", scheme="care", amount="8", counterparty="SUP")
    assert spent(pool.ledger) == "108.00"


def test_where_the_folder_cannot_be_written_the_cache_serves(
    pool: Books, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, untouched: Callable[[], None]
) -> None:
    untouched()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(place, "writable", lambda path: path != pool.path.parent)
    assert spent(pool.ledger) == "100.00"
    assert not beside(pool).exists()
    cached = tmp_path / "cache" / "poolbook" / f"{'ab' * 16}-views"
    assert cached.stat().st_mode & 0o777 == 0o600
    assert cached.parent.stat().st_mode & 0o777 == 0o700


def test_where_a_colleagues_views_file_cannot_be_read_the_cache_serves(
    pool: Books, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    beside(pool).write_bytes(b"a colleague's")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(place, "writable", lambda path: path != beside(pool))
    assert spent(pool.ledger) == "100.00"
    assert beside(pool).read_bytes() == b"a colleague's"


def test_an_id_that_is_a_path_leads_nowhere_else(pool: Books, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(place, "writable", lambda path: path != pool.path.parent)
    monkeypatch.setattr(pool.ledger.store, "ledger_id", "../../../evil")
    assert place.place(pool.ledger).parent == tmp_path / "cache" / "poolbook"


def test_where_nothing_can_be_written_the_report_says_what_to_do(pool: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "writable", lambda _path: False)
    with pytest.raises(LedgerUnavailable, match="set XDG_CACHE_HOME to a folder that you can write"):
        spent(pool.ledger)


def test_a_report_sees_one_moment_however_much_is_posted_and_read_meanwhile(
    pool: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent(pool.ledger)
    monkeypatch.setattr(file, "BUSY_SECONDS", 0.01)
    other = Ledger.open(pool.path, read_only=True)

    def number(seen: list[View]) -> object:
        return seen[0].connection.exec_driver_sql("SELECT number FROM streams").scalar()

    def answer(seen: list[View]) -> list[object]:
        before = number(seen)
        pool.record("expenditure", "05-11", scheme="care", amount="7", counterparty="SUP")
        with pytest.raises(LedgerUnavailable, match="locked by another report"):
            spent(other)
        return [before, number(seen), seen[0].events]

    assert read(pool.ledger, None, answer) == [2, 2, 2]
    assert spent(other) == "107.00"
    other.close()


def test_many_reports_at_once_read_each_event_once(pool: Books) -> None:
    for number in range(60):
        pool.record("expenditure", "05-11", scheme="care", amount="1", counterparty=f"S{number}")
    failures: list[BaseException] = []
    figures: list[str] = []

    def ask() -> None:
        try:
            ledger = Ledger.open(pool.path, read_only=True)
            figures.extend(spent(ledger) for _ in range(3))
            ledger.close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert set(figures) == {"160.00"}
    assert len(kept(beside(pool))["events"]) == 62


def test_another_process_that_was_quicker_is_noticed(pool: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    spent(pool.ledger)
    pool.record("expenditure", "05-11", scheme="care", amount="7", counterparty="SUP")
    other = Ledger.open(pool.path, read_only=True)
    take = views.Feed.take

    def late(feed: views.Feed, page: list[bytes]) -> None:
        monkeypatch.setattr(views.Feed, "take", take)
        assert spent(other) == "107.00"
        take(feed, page)

    def never(*_: object) -> int:
        raise AssertionError("nothing was wrong with the file")

    monkeypatch.setattr(views, "_make", never)
    monkeypatch.setattr(views.Feed, "take", late)
    assert spent(pool.ledger) == "107.00"
    other.close()


def test_a_file_replaced_under_a_reading_is_noticed(pool: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    spent(pool.ledger)
    pin = file.ViewsFile.pin

    def replaced(views_file: file.ViewsFile) -> None:
        monkeypatch.setattr(file.ViewsFile, "pin", pin)
        beside(pool).rename(beside(pool).with_name("old"))
        rebuild(pool.ledger)
        _run(beside(pool).with_name("old"), "DELETE FROM days")
        pin(views_file)

    monkeypatch.setattr(file.ViewsFile, "pin", replaced)
    assert spent(pool.ledger) == "100.00"


def test_a_rebuild_that_fails_leaves_the_old_file(pool: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    spent(pool.ledger)
    before = beside(pool).read_bytes()

    def broken(_feed: views.Feed, _page: list[bytes]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(views.Feed, "take", broken)
    with pytest.raises(KeyboardInterrupt):
        rebuild(pool.ledger)
    assert beside(pool).read_bytes() == before
    assert sorted(found.name for found in pool.path.parent.iterdir()) == ["poolbook.db", "poolbook.db-views"]


def test_a_locked_views_file_is_said_not_replaced(pool: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    spent(pool.ledger)
    pool.record("expenditure", "05-11", scheme="care", amount="7", counterparty="SUP")
    monkeypatch.setattr(file, "BUSY_SECONDS", 0.01)
    holder = sqlite3.connect(beside(pool), isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(LedgerUnavailable, match="locked by another report"):
        spent(pool.ledger)
    holder.close()
    assert spent(pool.ledger) == "107.00"


def test_no_view_holds_a_text_that_may_name_people(pool: Books) -> None:
    from ledger.application import Command
    from ledger.requests import Request

    who = Command("finance.officer", narrative="paid for Mrs Nightingale", reason="")
    request = Request(type="expenditure", effective_on=date(2013, 5, 12), scheme="care", amount=1, counterparty="SUP")
    pool.ledger.record("pool", request, who)
    spent(pool.ledger)
    assert b"Nightingale" in pool.path.read_bytes()
    assert b"Nightingale" not in beside(pool).read_bytes()
