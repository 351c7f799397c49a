"""One event in full: who, when, why, what it says and posts, what reversed it, and the terms it was decided under."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from ledger import events as e
from ledger.agreement import Terms
from ledger.application import Ledger
from ledger.audit.proofs import includes, inclusion_spans, roots
from ledger.chronicle import unwrapped
from ledger.errors import NotProven
from ledger.money import pounds
from ledger.store.encoding import decode
from ledger.store.merkle import leaf_hash
from projections.audit.entries import text_of
from projections.columns import FLAT
from projections.sheets import Report, Sheet
from projections.told import POSTED, in_a_line, plain


def show(ledger: Ledger, arrangement: str, number: int) -> Report:
    """An event in full; raises Refused where there is none of that number."""
    event = ledger.event(arrangement, number)
    proof = _proof(ledger, event)
    terms = ledger.draft(arrangement).head.terms_on(event.effective_on)
    document = _document(ledger, event, terms) | proof
    title = f"#{number} of {arrangement}: {event.type}"
    posted = Sheet("What it posts", ("book", "posted_on", "account", "debit", "credit"), list(_posted(event, terms)),
                   ("debit", "credit"))  # fmt: skip
    return Report(
        lambda: document,
        lambda: [Sheet(title, ("item", "value"), list(_rows(event, document, terms))), *([posted] if event.entries else [])],
        lambda: Sheet("", FLAT["audit_show"], list(_flat(event, terms)),
                      ("amount",)),
    )  # fmt: skip


def _proof(ledger: Ledger, event: e.Event) -> dict[str, Any]:
    """The event's bytes, and the proof that their leaf hash stands in the log as it is now (RFC 9162 §2.1.3)."""
    code, index = event.arrangement, event.number - 1
    with ledger.store.snapshot():
        raw = ledger.store.event(code, event.number)
        log = ledger.draft(code).frontier
    assert raw is not None
    leaf, root = leaf_hash(raw), log.root()
    path = roots(ledger.store.leaves(code, log.size), inclusion_spans(index, log.size))
    if not includes(root, log.size, index, leaf, path):
        raise NotProven(
            f"#{event.number} of {code} does not stand in its log as it should: `poolbook audit verify {code}` says what is "
            f"wrong."
        )
    return {
        "bytes": raw.decode(),
        "proof": {
            "origin": f"poolbook/{event.ledger}/{code}",
            "index": index,
            "size": log.size,
            "leaf": leaf.hex(),
            "path": [each.hex() for each in path],
            "root": root.hex(),
        },
    }


def _document(ledger: Ledger, event: e.Event, terms: Terms) -> dict[str, Any]:
    command = [decode(raw).number for raw in ledger.store.reference(event.arrangement, event.reference)]
    return {
        "arrangement": event.arrangement,
        "number": event.number,
        "type": event.type,
        "actor": event.actor,
        "recorded_at": event.recorded_at,
        "clock": event.clock or None,
        "effective_on": event.effective_on.isoformat(),
        "reference": event.reference,
        "part": event.part,
        "command": command,
        "document": event.document,
        "evidence": event.evidence or None,
        "narrative": text_of(ledger, event, "narrative"),
        "narrative_commitment": event.narrative_commitment or None,
        "reason": text_of(ledger, event, "reason"),
        "reason_commitment": event.reason_commitment or None,
        "reverses": event.reverses,
        "reversed_by": ledger.reversed_by(event.arrangement, event.number),
        "fact": plain(event.fact),
        "entries": [
            {
                "book": book,
                "posted_on": day.isoformat(),
                "lines": [{"account": account, "amount": pounds(pence)} for account, pence in lines],
            }
            for book, day, lines in _books(event, terms)
        ],
        "terms": _terms(terms, event.fact),
    }


def _books(event: e.Event, terms: Terms) -> Iterator[tuple[str, date, list[tuple[str, int]]]]:
    """Each book's entry with its posting date, the pool's own first, debits before credits."""
    rank = {book: place for place, book in enumerate(terms.books)}
    for book in sorted(event.entries, key=lambda book: (rank.get(book, len(rank)), book)):
        lines = sorted(event.entries[book].items(), key=lambda line: (line[1] < 0, line[0]))
        yield book, event.posted_on.get(book, event.effective_on), lines


def _posted(event: e.Event, terms: Terms) -> Iterator[tuple[object, ...]]:
    for book, day, lines in _books(event, terms):
        for account, pence in lines:
            yield book, day, account, max(pence, 0) or "", max(-pence, 0) or ""


def _flat(event: e.Event, terms: Terms) -> Iterator[tuple[object, ...]]:
    for book, day, lines in _books(event, terms):
        for account, pence in lines:
            yield event.arrangement, event.number, book, day, account, pence


def _terms(terms: Terms, fact: e.Fact) -> dict[str, Any]:
    """The terms that a fact was decided under: the type, who keeps the pool, the ratio of its scheme, the risk clause."""
    scheme = getattr(unwrapped(fact)[0], "scheme", "")
    agreement = terms.agreement
    return {
        "type": agreement.type,
        "keeper": terms.keeper or None,
        "scheme": scheme or None,
        "recharge": dict(terms.recharge_ratio(scheme) if scheme in terms.schemes else agreement.shares.recharge),
        "risk": plain(agreement.risk) if agreement.risk else None,
    }


def _rows(event: e.Event, document: dict[str, Any], terms: Terms) -> Iterator[tuple[str, object]]:
    texts = ["(gone)" if document[name] is None else document[name] for name in ("narrative", "reason")]
    said = document["terms"]
    rows = {
        "who": event.actor,
        "recorded": event.recorded_at,
        "the clock said": event.clock,
        "takes effect": event.effective_on,
        "why": " / ".join(filter(None, texts)),
        "reference": event.reference + (f", part {event.part} of the command" if event.part else ""),
        "document": event.document,
        "evidence": event.evidence,
        "what": in_a_line(event.fact, terms.books, POSTED),
        "reverses": f"#{event.reverses}" if event.reverses else "",
        "reversed by": f"#{document['reversed_by']}" if document["reversed_by"] else "",
        "under": ", ".join(filter(None, (said["type"], f"kept by {terms.keeper}" if terms.keeper else ""))),
        "recharged": " : ".join(f"{party} {share}" for party, share in said["recharge"].items()),
        "leaf hash": document["proof"]["leaf"],
        "root": f"{document['proof']['root']} of {document['proof']['size']:,} events, proved by "
        f"{len(document['proof']['path'])} hashes",
    }
    return ((name, value) for name, value in rows.items() if value)
