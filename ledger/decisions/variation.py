"""An agreement varied from a day, past or to come: what no longer fits is refused, what was charged by a ratio is put right.

Source: accounting rules, “Terms change by effective-dated events”: a change dated back re-derives what was already recharged,
billed or charged, and posts only the differences.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ledger import events as e
from ledger.accounts import ADVANCE, CREDITORS, DEBTORS
from ledger.agreement import Agreement, Variation
from ledger.agreement.breaks import breaks
from ledger.arrangements import post
from ledger.calendar import year_of
from ledger.chronicle import Chronicle
from ledger.decisions.decided import Decided
from ledger.decisions.guards import guard
from ledger.decisions.rederivation import rederived
from ledger.errors import Refused
from ledger.requests import Varying
from ledger.state import Head


def agreement_varied(chronicle: Chronicle, head: Head, asked: Varying) -> Iterator[Decided]:
    """The variation, then what it puts right of what was charged; the head must have taken in each before the next.

    Raises Refused for what the agreement would no longer fit together for, and for what was used already.
    """
    change, on = asked.variation, asked.effective_on
    if on < head.terms.starts:
        raise Refused(f"{head.stream} starts on {head.terms.starts}, so it cannot be varied from {on}: check the date.")
    _refuse_unfit(head, change, on)
    _refuse_known_outside(chronicle, head, change)
    _refuse_in_use(chronicle, change, on)
    yield Decided(e.AgreementVaried(variation=change), {}, on)
    for fact, effective_on in rederived(chronicle, head, on):
        posted = post(head.terms_on(effective_on), fact)
        guard(head, posted)
        yield Decided(fact, posted, effective_on)


def refuse_not_longer(agreement: Agreement, ends: date) -> None:
    """An extension ends later than what it extends; to end earlier is notice, or a variation."""
    if agreement.ends is None:
        raise Refused(f"{agreement.code} has no last day, so there is nothing to extend.")
    if ends <= agreement.ends:
        raise Refused(f"{agreement.code} ends on {agreement.ends} already, so {ends} does not extend it: name a later day.")


def _refuse_unfit(head: Head, change: Variation, on: date) -> None:
    if change.type or change.successions or change.leavers:
        raise Refused(
            f"{head.stream} cannot yet change its kind, nor have a party succeeded or leave: vary the rest without that."
        )
    found = [
        f"  {each.sentence}" + (f" (from {day} on)" if day > on else "")
        for day, before, after in head.terms.if_varied(change, on)
        for each in breaks(before, after, day)
    ]
    if found:
        raise Refused("\n".join([f"{head.stream} cannot be varied like this from {on}:", *found, "Mend the file."]))


def _refuse_known_outside(chronicle: Chronicle, head: Head, change: Variation) -> None:
    """A party that joins may not have been a supplier's or a customer's code, nor one that has left."""
    here = head.terms_on(date.max)
    outside = {
        account.removeprefix(CREDITORS).removeprefix(DEBTORS).casefold(): (book, account)
        for book, account in chronicle.accounts()
        if account.startswith((CREDITORS, DEBTORS))
    }
    for party in change.parties:
        if party.code in head.state.terms.books:
            if party.code not in here.party_set:
                raise Refused(f"{party.code} was a body of {head.stream} before: give the party that joins another code.")
            continue
        found = outside.get(party.code.casefold())
        if found:
            book, account = found
            raise Refused(
                f"{party.code} was a supplier or a customer of {head.stream} already ({account} of {book}): give the party "
                f"that joins a code of its own."
            )


def _refuse_in_use(chronicle: Chronicle, change: Variation, on: date) -> None:
    """A scheme or a fund is not taken away in a year that has facts of it, nor while anything of it is left."""
    if change.removed is None:
        return
    terms = chronicle.terms_on(on)
    since = year_of(on, terms.year_start).first
    for column, codes in (("scheme", change.removed.schemes), ("fund", change.removed.funds)):
        for code in codes:
            last = chronicle.last_named.get((column, code), date.min)
            if last >= since:
                raise Refused(
                    f"{code} has facts of {last}, in the year from which it would be taken away, or later: take it away "
                    f"from the first day of a year in which it has none."
                )
            if column == "scheme" and terms.lead and _unrecharged(chronicle, code):
                raise Refused(f"{code} has net cost not yet recharged, so it cannot be taken away: recharge it first.")
            if column == "fund" and _held(chronicle, code):
                raise Refused(f"{code} holds money still, so it cannot be taken away: refund it first.")


def _unrecharged(chronicle: Chronicle, scheme: str) -> bool:
    funds = {fund for of, fund in chronicle.by_day if of == scheme}
    return bool(sum(chronicle.unrecharged(scheme, fund, date.min, date.max) for fund in funds))


def _held(chronicle: Chronicle, fund: str) -> bool:
    return any(
        account.startswith(ADVANCE) and account.endswith(f":{fund}") and chronicle.balance(book, account)
        for book, account in chronicle.accounts()
    )
