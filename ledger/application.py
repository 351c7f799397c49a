"""The ledger: load the head, decide, append, in one transaction."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from eventsourcing.application import Application
from eventsourcing.persistence import (
    ApplicationRecorder,
    InfrastructureFactory,
    Mapper,
    ProcessRecorder,
    TrackingRecorder,
    Transcoder,
)
from eventsourcing.utils import Environment, EnvType
from msgspec import Struct

from ledger import events as e
from ledger import text
from ledger.accounts import Entries
from ledger.agreement import Agreement, Terms
from ledger.calendar import year_labelled
from ledger.chronicle import Chronicle
from ledger.clock import moment, now
from ledger.decisions import decide, terms_for
from ledger.decisions.budget import planned_fact
from ledger.decisions.recharge_run import recharge_run
from ledger.decisions.reversal import reversed_event
from ledger.decisions.year_steps import year_step
from ledger.errors import LedgerUnavailable, Refused, UnknownCode, did_you_mean
from ledger.requests import Asked, Planned, Request, Reversal, Run, Signing, YearStep, asked, refuse_misshapen
from ledger.state import STATE_VERSION, Head, Item, State
from ledger.store import sqlite_file
from ledger.store.encoding import EventMapper, decode, encode
from ledger.store.merkle import Frontier, leaf_hash
from ledger.store.sqlite import HeadRow, SQLiteRecorder
from ledger.store.sqlite_staging import TextRow

_state_encoder = msgspec.json.Encoder(order="deterministic")
_state_decoder = msgspec.json.Decoder(State)
_item_decoder = msgspec.json.Decoder(Item)


class Command(Struct, frozen=True):
    """Who asks, and what goes with it: the reference, and texts that may name people."""

    actor: str
    reference: str = ""
    narrative: str = ""
    reason: str = ""


class Receipt(NamedTuple):
    """What a command recorded, would record (`dry_run`), or had recorded before under the same reference (`earlier`)."""

    arrangement: str
    events: list[e.Event]
    earlier: bool = False
    dry_run: bool = False


class Decided(Struct, frozen=True):
    """A fact that was decided on, what it posts, and its business date; `posted_on` where a book's date is not that."""

    fact: e.Fact
    entries: Entries
    effective_on: date
    posted_on: dict[str, date] = {}


class Draft:
    """An arrangement's head and the right edge of its log, taking in events that are not yet kept."""

    def __init__(self, head: Head, frontier: Frontier) -> None:
        self.head, self.frontier = head, frontier
        self.since = head.number

    def take(self, event: e.Event, raw: bytes = b"") -> None:
        """Take an event in, with its bytes where they are at hand."""
        self.head.evolve(event)
        self.frontier.append(leaf_hash(raw or encode(event)))

    def row(self) -> HeadRow:
        """The head as it is kept."""
        head = self.head
        state = _state_encoder.encode(head.state)
        return HeadRow(head.number, head.recorded_at, STATE_VERSION, state, self.frontier.edge())

    def changed_items(self) -> list[tuple[str, str, bytes]]:
        """The items that the events taken in changed."""
        return [(kind, code, _state_encoder.encode(self.head.item(kind, code))) for kind, code in self.head.changed_items]


class Ledger(Application[str]):
    """A ledger of arrangements, each a stream of events.

    `clock` and `salts` are given only by tests; the ledger's id is drawn when the ledger is made.
    """

    def __init__(
        self,
        recorder: SQLiteRecorder,
        *,
        clock: Callable[[], datetime] = now,
        salts: Callable[[], bytes] = lambda: os.urandom(16),
    ) -> None:
        self.store = recorder
        self.clock = clock
        self.salts = salts
        super().__init__()

    @classmethod
    def create(
        cls, path: Path, *, clock: Callable[[], datetime] = now, ledger_id: str | None = None, **kwargs: Any
    ) -> Ledger:
        """Make an empty ledger; raises Refused where the file exists."""
        sqlite_file.create(path, ledger_id or os.urandom(16).hex(), moment(clock()))
        return cls(SQLiteRecorder(path), clock=clock, **kwargs)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, **kwargs: Any) -> Ledger:
        """Open a ledger; raises LedgerUnavailable where it is missing, foreign, newer, locked or unreadable."""
        return cls(SQLiteRecorder(path, read_only=read_only), **kwargs)

    # How eventsourcing builds an application, with our mapper and recorder and nothing from the environment.

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """No setting comes from the environment."""
        return Environment(name, env)

    def construct_factory(self, env: Environment) -> InfrastructureFactory:
        """A factory that gives our recorder."""
        return _Factory(env, self.store)

    def construct_mapper(self) -> Mapper[str]:
        """The mapper of the closed catalogue."""
        return EventMapper()

    # Recording.

    def sign(self, agreement: Agreement, command: Command, *, dry_run: bool = False, **paper: str) -> Receipt:
        """Record that the parties signed an agreement; raises Refused where its code is in use."""
        request = Signing(agreement=agreement, effective_on=agreement.starts, **paper)

        def decided(head: Head) -> Iterator[Decided]:
            if head.number:
                raise Refused(
                    f"{agreement.code} was signed already, as {head.state.agreement and head.state.agreement.name}: "
                    f"give another arrangement a code of its own."
                )
            yield Decided(e.AgreementSigned(agreement=agreement), {}, agreement.starts)

        return self._carry_out(agreement.code, request, command, decided, dry_run)

    def record(self, arrangement: str, request: Request, command: Command, *, dry_run: bool = False) -> Receipt:
        """Record a fact, or report the earlier event that the reference names; raises Refused or UnknownCode."""
        self.known(arrangement)
        refuse_misshapen(request)

        def decided(head: Head) -> Iterator[Decided]:
            yield Decided(*decide(head, request), request.effective_on)

        return self._carry_out(arrangement, request, command, decided, dry_run)

    def reverse(self, arrangement: str, request: Reversal, command: Command, *, dry_run: bool = False) -> Receipt:
        """Reverse an event; raises Refused where it was reversed already or has been used since."""
        self.known(arrangement)

        def decided(head: Head) -> Iterator[Decided]:
            terms = terms_for(head, request.effective_on)
            event = self.event(arrangement, request.reverses)
            reversed_by = self.store.reversal_of(arrangement, event.number)
            yield Decided(*reversed_event(head, terms, event, reversed_by, request.effective_on), request.effective_on)

        return self._carry_out(arrangement, request, command, decided, dry_run)

    def recharge_run(self, arrangement: str, run: Run, command: Command, *, dry_run: bool = False) -> Receipt:
        """Recharge every scheme's net cost not yet recharged up to a day: all of it in one record, or nothing."""
        self.known(arrangement)

        def decisions(head: Head) -> Iterator[Decided]:
            chronicle = self.chronicle(arrangement)
            for request in recharge_run(chronicle, head, run.effective_on):
                yield Decided(*decide(head, request), request.effective_on)

        return self._carry_out(arrangement, run, command, decisions, dry_run)

    def plan(self, arrangement: str, planned: Planned, command: Command, *, dry_run: bool = False) -> Receipt:
        """Record a budget, a virement or a forecast of a year; nothing is posted by it."""
        self.known(arrangement)

        def decisions(head: Head) -> Iterator[Decided]:
            terms = terms_for(head, planned.effective_on)
            chronicle = self.chronicle(arrangement, planned.fact.year)
            yield Decided(planned_fact(chronicle, terms, planned.fact, planned.confirms), {}, planned.effective_on)

        return self._carry_out(arrangement, planned, command, decisions, dry_run)

    def year_end(self, arrangement: str, step: YearStep, command: Command, *, dry_run: bool = False) -> Receipt:
        """Carry out a step of the year end, every event of it or none; raises Refused while a blocker stands."""
        self.known(arrangement)

        def decisions(head: Head) -> Iterator[Decided]:
            for fact in year_step(self.chronicle(arrangement, step.year), head, step):
                yield Decided(*fact)

        return self._carry_out(arrangement, step, command, decisions, dry_run)

    def chronicle(self, arrangement: str, label: str = "", up_to: int | None = None) -> Chronicle:
        """An arrangement replayed with a year in view; raises Refused for a label that is no year of it."""
        terms = Terms(self.agreement(arrangement))
        try:
            year = year_labelled(label, terms.year_start) if label else None
        except ValueError as error:
            raise Refused(f"{error}.") from None
        chronicle = Chronicle(arrangement, year)
        self.replayed(arrangement, up_to, head=chronicle)
        return chronicle

    def _carry_out(
        self,
        stream: str,
        request: Asked,
        command: Command,
        decisions: Callable[[Any], Iterator[Decided]],
        dry_run: bool,
    ) -> Receipt:
        _refuse_misshapen(command, request.document)
        digest = asked(request)
        events: list[e.Event] = []
        with nullcontext() if dry_run else self.store.posting():
            if earlier := self.earlier(stream, command.reference, digest):
                return Receipt(stream, earlier, earlier=True)
            draft = self.draft(stream, keep=not dry_run)
            for decided in decisions(draft.head):
                event, texts = self.stamped(draft.head, request, decided, command, digest, events)
                if not dry_run:
                    self.save(event)
                    self.store.put_texts(texts)
                draft.take(event)
                events.append(event)
            if not dry_run and events:
                self.write(draft)
        return Receipt(stream, events, dry_run=dry_run)

    def stamped(
        self,
        head: Head,
        request: Asked,
        decided: Decided,
        command: Command,
        digest: str,
        before: Sequence[e.Event] = (),
        reading: str = "",
    ) -> tuple[e.Event, list[TextRow]]:
        """The next event of a head: who, when, which number, which posting dates; and its texts, kept apart.

        `before` holds the events of the same command so far; `reading` is the clock's, where one serves many events.
        """
        number = head.number + 1
        reading = reading or self.reading()
        recorded_at = max(reading, head.recorded_at)
        on, open_from = decided.effective_on, head.state.open_from
        texts: list[TextRow] = []
        event = e.Event(
            ledger=self.store.ledger_id,
            arrangement=head.stream,
            number=number,
            effective_on=on,
            recorded_at=recorded_at,
            actor=command.actor,
            reference=before[0].reference if before else command.reference or f"#{number}",
            part=len(before),
            fact=decided.fact,
            entries=decided.entries,
            posted_on=decided.posted_on
            or ({book: open_from[book] for book in decided.entries if on < open_from.get(book, on)} if open_from else {}),
            asked="" if before else digest,
            clock=reading if reading < recorded_at else "",
            document=request.document,
            evidence=request.evidence,
            narrative="" if before else self._committed(texts, head.stream, number, "narrative", command.narrative),
            reason="" if before else self._committed(texts, head.stream, number, "reason", command.reason),
        )
        return event, texts

    def reading(self) -> str:
        """What the clock says now, as events carry it."""
        return moment(self.clock())

    def _committed(self, texts: list[TextRow], stream: str, number: int, field: str, words: str) -> str:
        if not words:
            return ""
        row = TextRow(stream, number, field, self.salts(), words)
        texts.append(row)
        return commitment(row.salt, row.text)

    def earlier(self, stream: str, reference: str, digest: str) -> list[e.Event]:
        """The events that a reference names, where the same was asked; raises Refused where something else was."""
        if not reference:
            return []
        events = [decode(raw) for raw in self.store.reference(stream, reference)]
        if events:
            refuse_other_content(events[0], digest)
        return events

    # Heads.

    def known(self, arrangement: str) -> str:
        """The code, if an arrangement bears it; else UnknownCode."""
        if not text.ARRANGEMENT.fullmatch(arrangement) or self.store.head(arrangement) is None:
            codes = self.store.streams()
            hint = did_you_mean(arrangement, codes)
            raise UnknownCode(f"There is no arrangement {arrangement} in this ledger{hint}", "arrangement")
        return arrangement

    def draft(self, stream: str, *, keep: bool = False) -> Draft:
        """The head of an arrangement as it stands (empty for a new one).

        A head of an older version is replayed, and with `keep` (inside a posting) written anew; a newer one is refused.
        """
        row = self.store.head(stream)
        if row is None:
            return Draft(Head(stream), Frontier())
        if row.state_version > STATE_VERSION:
            raise LedgerUnavailable(
                f"{stream} was last written by a newer Poolbook (its state is {row.state_version}, this one knows "
                f"{STATE_VERSION}): install the newer version."
            )
        if row.state_version < STATE_VERSION:
            draft = self.replayed(stream)
            if keep:
                self.store.forget_rows(stream)
                self.write(draft)
            return draft
        head = Head(
            stream,
            _state_decoder.decode(row.state),
            row.number,
            row.recorded_at,
            fetch_balance=lambda book, account: self.store.balance(stream, book, account),
            fetch_item=lambda kind, code: _item(self.store.item(stream, kind, code)),
        )
        return Draft(head, Frontier(row.number, row.frontier))

    def write(self, draft: Draft) -> None:
        """Write a head and what changed, inside a posting."""
        self.store.write_head(draft.head.stream, draft.row(), draft.head.changed_balances(), draft.changed_items())

    def replayed(self, stream: str, up_to: int | None = None, head: Head | None = None) -> Draft:
        """The head rebuilt from the events alone, as it was at a number (else now); `head` is an empty one to fill."""
        draft = Draft(head or Head(stream), Frontier())
        for page in self.store.pages(stream, up_to=up_to):
            for raw in page:
                draft.take(decode(raw), raw)
        return draft

    # Reading.

    def event(self, arrangement: str, number: int) -> e.Event:
        """One event; raises Refused where there is none of that number."""
        raw = self.store.event(arrangement, number)
        if raw is None:
            row = self.store.head(arrangement)
            last = row.number if row else 0
            raise Refused(f"{arrangement} has no event #{number}: its events are #1 to #{last}.")
        return decode(raw)

    def history(self, arrangement: str, after: int = 0, up_to: int | None = None) -> Iterator[e.Event]:
        """The events of an arrangement in order."""
        for page in self.store.pages(arrangement, after, up_to):
            yield from map(decode, page)

    def number_known(self, arrangement: str, known: str | int) -> int:
        """The number of the last event known at a moment, or at a number."""
        row = self.store.head(arrangement)
        last = row.number if row else 0
        return min(known, last) if isinstance(known, int) else self.store.last_recorded_by(arrangement, known)

    def agreement(self, arrangement: str) -> Agreement:
        """The agreement in force today."""
        self.known(arrangement)
        head = self.draft(arrangement).head
        return head.terms_on(date.today()).agreement

    def text(self, event: e.Event, field: str) -> str | None:
        """An event's narrative or reason, proved against its commitment; None where it has none or it was erased."""
        committed = getattr(event, field)
        found = self.store.text(event.arrangement, event.number, field) if committed else None
        return found[1] if found and commitment(*found) == committed else None


def refuse_other_content(first: e.Event, digest: str) -> None:
    """Raise Refused where the first event of a reference was asked for with other content than this digest's."""
    if first.asked != digest:
        raise Refused(
            f"{first.arrangement} has {first.reference} already: #{first.number}, {first.type} of {first.effective_on}, "
            f"with other content. Give this record a reference of its own, or, if #{first.number} was wrong, reverse it "
            f"first and then record this under a new reference."
        )


def _refuse_misshapen(command: Command, document: str) -> None:
    given = {"reference": command.reference, "actor": command.actor, "document": document,
             "narrative": command.narrative, "reason": command.reason}  # fmt: skip
    readers = {"reference": text.reference, "actor": text.actor}
    for name, words in given.items():
        try:
            readers.get(name, text.clean)(words)
        except ValueError as error:
            raise Refused(f"“{text.escaped(words[:40])}” cannot be a {name}: {error}.") from None


def commitment(salt: bytes, words: str) -> str:
    """What an event holds of a text: SHA-256(salt‖text), in hex."""
    return sha256(salt + words.encode()).hexdigest()


def _item(raw: bytes | None) -> Item | None:
    return _item_decoder.decode(raw) if raw else None


class _Factory(InfrastructureFactory[TrackingRecorder]):
    """Gives eventsourcing the one recorder there is."""

    def __init__(self, env: Environment, recorder: SQLiteRecorder) -> None:
        super().__init__(env)
        self._recorder = recorder

    def transcoder(self) -> Transcoder:
        """Events are encoded whole, by the mapper."""
        return EventMapper().transcoder

    def application_recorder(self) -> ApplicationRecorder:
        """Our recorder."""
        return self._recorder

    def aggregate_recorder(self, purpose: str = "events") -> ApplicationRecorder:
        """Our recorder: there are no snapshots, the head serves."""
        del purpose
        return self._recorder

    def tracking_recorder(self, tracking_recorder_class: type[TrackingRecorder] | None = None) -> TrackingRecorder:
        """None: read models track themselves."""
        raise NotImplementedError("read models keep their own place, by arrangement")

    def process_recorder(self) -> ProcessRecorder:
        """None: read models track themselves."""
        raise NotImplementedError("read models keep their own place, by arrangement")

    def close(self) -> None:
        """Close the file."""
        self._recorder.close()
