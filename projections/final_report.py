"""The final account of an arrangement that has ended, in one page that the parties can sign."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from ledger import events as e
from ledger.application import Ledger
from ledger.decisions.position import pool_book
from ledger.errors import Refused
from ledger.money import pounds
from ledger.termination.account import left
from projections.columns import FLAT
from projections.final_account import Account, document, flat, sheets, way
from projections.memorandum import traced
from projections.sheets import Report, Sheet


class Final(NamedTuple):
    """A final account: the event that completed the arrangement, notices before it, and what its survivors stand at now."""

    account: Account
    event: e.Event
    notices: list[tuple[int, e.NoticeGiven]]
    now: dict[str, int]


def finals(ledger: Ledger, arrangements: list[str] | None) -> list[Report]:
    """The final accounts of arrangements; of all, those that were completed. Raises Refused for one that was not."""
    with ledger.store.snapshot():
        codes = ledger.store.streams() if arrangements is None else arrangements
        found = [final(ledger, code) for code in codes if arrangements or ledger.draft(code).head.state.completed]
    return [Report(partial(_document, each), partial(_sheets, each), partial(_flat, each)) for each in found]


def final(ledger: Ledger, code: str) -> Final:
    """The final account of an arrangement; raises Refused where it has not been completed."""
    number = ledger.draft(code).head.state.completed
    if not number:
        raise Refused(
            f"{code} has not been completed, so it has no final account: see what it would come to with `poolbook terminate "
            f"preview {code}`, and end it with `poolbook terminate complete {code}`."
        )
    event = ledger.event(code, number)
    assert isinstance(event.fact, e.ArrangementCompleted)
    chronicle = ledger.chronicle(code, up_to=number - 1)
    terms = chronicle.terms_on(event.effective_on)
    notices, before = chronicle.standing(e.NoticeGiven), pool_book(chronicle, terms)
    ledger.catch_up(chronicle, number + event.fact.steps)
    account = Account(terms, event.effective_on, before, left(terms, pool_book(chronicle, terms)), event.fact)
    ledger.catch_up(chronicle)
    return Final(account, event, notices, left(terms, pool_book(chronicle, terms)))


def _events(found: Final) -> str:
    first = found.event.number
    return traced(range(first, first + found.account.completed.steps + 1))


def _document(found: Final) -> dict[str, Any]:
    shown = document(found.account)
    for survivor in shown["survivors"]:
        survivor["now"] = pounds(found.now.get(survivor["account"], 0)) if survivor["account"] else None
    return shown | {
        "name": found.account.terms.agreement.name,
        "type": found.account.terms.agreement.type,
        "notices": [{"number": n, "party": notice.party, "ends": notice.ends.isoformat()} for n, notice in found.notices],
        "cut_short": found.account.completed.cut_short or None,
        "reference": found.event.reference,
        "events": {"first": found.event.number, "last": found.event.number + found.account.completed.steps},
        "parties": [{"party": party.code, "name": party.name} for party in found.account.terms.agreement.parties],
    }


def _sheets(found: Final) -> list[Sheet]:
    agreement = found.account.terms.agreement
    about = Sheet(f"Final account of {agreement.code}: {agreement.name}", ("what", "says"), list(_about(found)))
    signed = [(party.code, party.name, "." * 24, "." * 10) for party in agreement.parties]
    return [
        about,
        *(_now(found, sheet) for sheet in sheets(found.account)),
        Sheet("Signed for the parties", ("party", "name", "signature", "date"), signed),
    ]


def _about(found: Final) -> Iterator[tuple[object, ...]]:
    agreement, done = found.account.terms.agreement, found.account.completed
    yield "legal basis", agreement.legal_basis or "not named"
    yield "from", agreement.starts
    for number, notice in found.notices:
        yield "notice", f"{notice.party or 'all parties'}, to {notice.ends} (#{number})"
    yield "completed", found.event.effective_on
    yield "how", way(found.account)
    if done.cut_short:
        yield "budgets", f"those of {done.cut_short} stand, although it was cut short"
    yield "recorded", f"{_events(found)}, reference {found.event.reference}, by {found.event.actor}"


def _now(found: Final, sheet: Sheet) -> Sheet:
    """The list of survivors with what each account stands at now."""
    if sheet.header[:2] != ("name", "why"):
        return sheet
    rows = [(*row, found.now.get(str(row[2]), 0) if row[2] else "") for row in sheet.rows]
    return Sheet(sheet.title, (*sheet.header, "account now"), rows, (*sheet.amounts, "account now"))


def _flat(found: Final) -> Sheet:
    return Sheet("", FLAT["final"], list(flat(found.account)), ("amount",))
