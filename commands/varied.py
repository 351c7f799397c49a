"""What a variation changes, as `agreement vary` says it: the terms, how far each reaches, and the charges put right."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

import click

from commands.output import counted, say_json, say_table
from commands.receipt import event_document, say_receipt
from commands.terms import terms_rows
from ledger import events as e
from ledger.agreement import Variation
from ledger.agreement.history import TermsHistory
from ledger.application import Receipt
from ledger.money import pounds


class Change(NamedTuple):
    """One term before a variation and after it, and the last day that this holds (None: it reaches on)."""

    item: str
    before: str
    after: str
    until: date | None


class Adjustment(NamedTuple):
    """What a party bore of an earlier charge and bears now, in pence, and when its book is posted the difference."""

    number: int
    adjusts: int
    scheme: str
    on: date
    party: str
    bore: int
    bears: int
    posted_on: date

    @property
    def difference(self) -> int:
        """What is posted."""
        return self.bears - self.bore


def compared(terms: TermsHistory, change: Variation, on: date) -> list[Change]:
    """Every term that a variation not yet recorded would change from its day on."""
    steps = [
        (day, dict(terms_rows(terms.on(day).agreement)), dict(terms_rows(after)))
        for day, _, after in terms.if_varied(change, on)
    ]
    _, stood, stands = steps[0]
    found = []
    for item in dict.fromkeys([*stood, *stands]):
        before, after = stood.get(item, ""), stands.get(item, "")
        if before != after:
            met = next((day for day, without, varied in steps[1:] if without.get(item) == varied.get(item)), None)
            found.append(Change(item, before, after, met and met - timedelta(days=1)))
    return found


def adjustments(events: list[e.Event]) -> list[Adjustment]:
    """The charges put right by the events of a variation, a line for each party."""
    found = []
    for event in events:
        fact = event.fact
        if isinstance(fact, e.ChargeAdjusted):
            parts = (fact.drawn, fact.billed, fact.credited)
            moved = {party: sum(each.get(party, 0) for each in parts) for each in parts for party in each}
            for party in dict.fromkeys([*fact.bears, *moved]):
                bears = fact.bears.get(party, 0)
                posted_on = event.posted_on.get(party, event.effective_on)
                bore = bears - moved.get(party, 0)
                on = event.effective_on
                found.append(Adjustment(event.number, fact.adjusts, fact.scheme, on, party, bore, bears, posted_on))
    return found


def say_varied(receipt: Receipt, changes: list[Change], form: str) -> None:
    """What a variation recorded or would record, each term and each charge it changes line by line."""
    adjusted = adjustments(receipt.events)
    if form == "json":
        say_json(_document(receipt, changes, adjusted))
        return
    if form == "csv":
        say_receipt(receipt, form)
        return
    told = [event for event in receipt.events if not isinstance(event.fact, e.ChargeAdjusted)]
    say_receipt(receipt._replace(events=told), form)
    if changes:
        click.echo()
        rows = [(change.item, change.before, change.after, change.until or "") for change in changes]
        say_table(("term", "until then", f"from {receipt.events[0].effective_on}", "reaches to"), rows)
    if adjusted:
        verb = "Would adjust" if receipt.dry_run else "Adjusted"
        click.echo(f"\n{verb} {counted(len({each.number for each in adjusted}), 'charge')} made since:")
        header = ("charge", "scheme", "of", "party", "bore", "bears", "difference", "posted on")
        say_table(
            header,
            [(f"#{each.adjusts}", each.scheme, each.on, each.party, each.bore, each.bears, each.difference, each.posted_on)
             for each in adjusted],
            ("bore", "bears", "difference"),
        )  # fmt: skip


def _document(receipt: Receipt, changes: list[Change], adjusted: list[Adjustment]) -> dict[str, Any]:
    return {
        "arrangement": receipt.arrangement,
        "dry_run": receipt.dry_run,
        "earlier": receipt.earlier,
        "events": [event_document(event, receipt) for event in receipt.events],
        "terms": [
            {"term": change.item, "before": change.before or None, "after": change.after or None,
             "until": change.until.isoformat() if change.until else None}
            for change in changes
        ],
        "adjustments": [
            {"number": each.number, "adjusts": each.adjusts, "scheme": each.scheme, "effective_on": each.on.isoformat(),
             "party": each.party, "bore": pounds(each.bore), "bears": pounds(each.bears),
             "difference": pounds(each.difference), "posted_on": each.posted_on.isoformat()}
            for each in adjusted
        ],
    }  # fmt: skip
