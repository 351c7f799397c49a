"""The ledger: load the head, decide, append, in one transaction."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from eventsourcing.application import Application
from eventsourcing.persistence import InfrastructureFactory, Mapper
from eventsourcing.utils import Environment, EnvType
from msgspec import Struct

from ledger import events as e
from ledger import text
from ledger.agreement import Agreement, Terms
from ledger.clock import moment, now
from ledger.decisions import decide
from ledger.decisions.decided import Decided
from ledger.draft import Draft, item_of, state_of, version_of
from ledger.errors import LedgerUnavailable, Refused, UnknownCode, did_you_mean
from ledger.requests import Asked, Request, Signing, asked, refuse_misshapen
from ledger.state import STATE_VERSION, TERMS, Head
from ledger.store import opening
from ledger.store.encoding import EventMapper, decode
from ledger.store.factory import Factory
from ledger.store.merkle import Frontier
from ledger.store.opening import Place
from ledger.store.recorder import Recorder
from ledger.store.staging import TextRow

if TYPE_CHECKING:
    from ledger.agreement.history import TermsHistory
    from ledger.chronicle import Chronicle
    from ledger.disputes import Dispute


class Command(Struct, frozen=True):
    """Who asks, and what goes with it: the reference, and texts that may name people."""

    actor: str
    reference: str = ""
    narrative: str = ""
    reason: str = ""


class Receipt(NamedTuple):
    """What a command recorded, would record (`dry_run`), or had recorded before under the same reference (`earlier`).

    `books` is the order in which the agreement lists them; `reversed_by` says of an earlier event that does not stand any
    more which number reversed it.
    """

    arrangement: str
    events: list[e.Event]
    books: Sequence[str]
    earlier: bool = False
    dry_run: bool = False
    reversed_by: Mapping[int, int] = {}


_NO_WORDS = Command("")


class Ledger(Application[str]):
    """A ledger of arrangements, each a stream of events.

    `clock` and `salts` are given only by tests; the ledger's id is drawn when the ledger is made.
    """

    def __init__(
        self,
        recorder: Recorder,
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
        cls, where: Place, *, clock: Callable[[], datetime] = now, ledger_id: str | None = None, **kwargs: Any
    ) -> Ledger:
        """Make an empty ledger in a file or a PostgreSQL database; raises Refused where there is one."""
        opening.create(where, ledger_id or os.urandom(16).hex(), moment(clock()))
        return cls(opening.recorder(where), clock=clock, **kwargs)

    @classmethod
    def open(cls, where: Place, *, read_only: bool = False, **kwargs: Any) -> Ledger:
        """Open a ledger; raises LedgerUnavailable where it is missing, foreign, newer, locked, away or unreadable."""
        return cls(opening.recorder(where, read_only=read_only), **kwargs)

    # How eventsourcing builds an application, with our mapper and recorder and nothing from the environment.

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """No setting comes from the environment."""
        return Environment(name, env)

    def construct_factory(self, env: Environment) -> InfrastructureFactory:
        """A factory that gives our recorder."""
        return Factory(env, self.store)

    def construct_mapper(self) -> Mapper[str]:
        """The mapper of the closed catalogue."""
        return EventMapper()

    # Recording.

    def sign(self, agreement: Agreement, command: Command, *, dry_run: bool = False, **paper: str) -> Receipt:
        """Record that the parties signed an agreement; raises Refused where its code is in use."""
        request = Signing(agreement=agreement, effective_on=agreement.starts, **paper)
        return self._carry_out(agreement.code, request, command, dry_run)

    def record(self, arrangement: str, request: Asked, command: Command, *, dry_run: bool = False) -> Receipt:
        """Record what is asked, every event of it or none; or report the earlier events that the reference names.

        Raises Refused or UnknownCode, and then nothing is changed.
        """
        self.known(arrangement)
        if isinstance(request, Request):
            refuse_misshapen(request)
        return self._carry_out(arrangement, request, command, dry_run)

    def _carry_out(self, stream: str, request: Asked, command: Command, dry_run: bool) -> Receipt:
        _refuse_misshapen(command, request.document)
        digest = asked(request)
        events: list[e.Event] = []
        # A long history is replayed before the lock is taken, so that others post meanwhile: what they added is all that is
        # left to replay under it.
        chronicle = self._replayed_for(stream, request)
        with nullcontext() if dry_run else self.store.posting(stream):
            if earlier := self.earlier(stream, command.reference, digest):
                undone = {event.number: by for event in earlier if (by := self.undone_by(stream, event.number))}
                return Receipt(stream, earlier, self._books(self.draft(stream).head), earlier=True, reversed_by=undone)
            draft = self.draft(stream, keep=not dry_run)
            if chronicle is not None:
                self.catch_up(chronicle, draft.head.number)
            for decision in self._decisions(draft.head, request, chronicle):
                event, texts = self.stamped(draft.head, request, decision, command, digest, events)
                if not dry_run:
                    self.save(event)
                    self.store.put_texts(texts)
                    if isinstance(event.fact, e.NarrativeErased):
                        self.store.erase_texts(stream, event.fact.event)
                draft.take(event)
                events.append(event)
            if not dry_run and events:
                self.write(draft)
        return Receipt(stream, events, self._books(draft.head), dry_run=dry_run)

    @staticmethod
    def _books(head: Head) -> Sequence[str]:
        return head.state.terms.books

    def _replayed_for(self, stream: str, request: Asked) -> Chronicle | None:
        if isinstance(request, Request | Signing):
            return None
        from ledger.decisions.asked import replays

        asked_for = replays(request)
        return self.chronicle(stream, asked_for.year) if asked_for else None

    def _decisions(self, head: Head, request: Asked, chronicle: Chronicle | None) -> Iterator[Decided]:
        if isinstance(request, Request):  # what most commands ask, and all that they load
            yield Decided(*decide(head, request), request.effective_on)
            return
        from ledger.decisions.asked import decided

        yield from decided(self, head, request, chronicle)

    def stamped(
        self,
        head: Head,
        request: Asked,
        decision: Decided,
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
        on, open_from = decision.effective_on, head.state.open_from
        texts: list[TextRow] = []
        words = _NO_WORDS if before else command
        books = (decision.entries or memorandum_book(head.terms_on(on), decision.fact)) if open_from else ()
        event = e.Event(
            ledger=self.store.ledger_id,
            arrangement=head.stream,
            number=number,
            effective_on=on,
            recorded_at=recorded_at,
            actor=command.actor,
            reference=before[0].reference if before else command.reference or f"#{number}",
            part=len(before),
            fact=decision.fact,
            entries=decision.entries,
            posted_on={book: open_from[book] for book in books if on < open_from.get(book, on)},
            asked="" if before else digest,
            clock=reading if reading < recorded_at else "",
            document=request.document,
            evidence=request.evidence,
            narrative_commitment=self._committed(texts, head.stream, number, "narrative", words.narrative),
            reason_commitment=self._committed(texts, head.stream, number, "reason", words.reason),
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

    def draft(self, stream: str, *, keep: bool = False, whole: bool = False) -> Draft:
        """The head of an arrangement as it stands (empty for a new one), its balances read when named, or all (`whole`).

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
            state_of(row),
            row.number,
            row.recorded_at,
            fetch_balance=self._all_balances(stream) if whole else partial(self.store.balance, stream),
            fetch_item=lambda kind, code: item_of(self.store.item(stream, kind, code)),
            fetch_version=lambda day: version_of(self.store.item(stream, TERMS, day.isoformat())),
        )
        return Draft(head, Frontier(row.number, row.frontier))

    def _all_balances(self, stream: str) -> Callable[[str, str], int]:
        kept = {(book, account): pence for book, account, pence in self.store.balances(stream)}
        return lambda book, account: kept.get((book, account), 0)

    def write(self, draft: Draft) -> None:
        """Write a head and what changed, inside a posting."""
        self.store.write_head(draft.head.stream, draft.row(), draft.head.changed_balances(), draft.changed_items())

    def replayed(self, stream: str, up_to: int | None = None) -> Draft:
        """The head rebuilt from the events alone, as it was at a number (else now)."""
        draft = Draft(Head(stream), Frontier())
        for page in self.store.pages(stream, up_to=up_to):
            for raw in page:
                draft.take(decode(raw), raw)
        return draft

    def catch_up(self, head: Head, up_to: int | None = None) -> None:
        """Let a head take in what was recorded after its last event, up to a number."""
        for event in self.history(head.stream, head.number, up_to):
            head.evolve(event)

    # Reading.

    def undone_by(self, arrangement: str, number: int) -> int | None:
        """The number of the event by which one does not stand any more; None while it does (a reversal may be reversed)."""
        stands = True
        while (later := self.store.reversal_of(arrangement, number)) is not None:
            number, stands = later, not stands
        return None if stands else number

    def reversed_by(self, arrangement: str, number: int) -> int | None:
        """The number of the event that reversed one, if any did."""
        return self.store.reversal_of(arrangement, number)

    def disputes(self, arrangement: str, up_to: int | None = None) -> list[Dispute]:
        """The disputes of an arrangement that were not taken back, as known at a number (None: now)."""
        from ledger.disputes import disputes

        last = 2**63 if up_to is None else up_to
        events = [event for event in map(decode, self.store.disputes(arrangement)) if event.number <= last]
        return disputes(event for event in events if self.stands(arrangement, event.number, last))

    def stands(self, arrangement: str, number: int, up_to: int = 2**63) -> bool:
        """Whether an event is not reversed, or its reversal is, as known at a number."""
        by = self.store.reversal_of(arrangement, number)
        return by is None or by > up_to or not self.stands(arrangement, by, up_to)

    def chronicle(self, arrangement: str, label: str | None = None, up_to: int | None = None) -> Chronicle:
        """An arrangement replayed with a year in view; raises UnknownCode, or Refused for a label that is no year of it."""
        from ledger.chronicle import Chronicle

        self.known(arrangement)
        year = None if label is None else self.terms(arrangement).first.year(label)
        chronicle = Chronicle(arrangement, year)
        self.catch_up(chronicle, up_to)
        return chronicle

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

    def root(self, arrangement: str) -> str:
        """The root of the arrangement's log as it stands, in hex."""
        return self.draft(arrangement).frontier.root().hex()

    def number_known(self, arrangement: str, known: str | int) -> int:
        """The number of the last event known at a moment, or at a number."""
        row = self.store.head(arrangement)
        last = row.number if row else 0
        return min(known, last) if isinstance(known, int) else self.store.last_recorded_by(arrangement, known)

    def today(self) -> date:
        """The day that the clock says."""
        return self.clock().date()

    def terms(self, arrangement: str) -> TermsHistory:
        """The terms of an arrangement by day, as known now."""
        return self.draft(self.known(arrangement)).head.terms

    def agreement(self, arrangement: str, on: date | None = None, known: str | int | None = None) -> Agreement:
        """The agreement in force on a day (None: today), as known at a moment or a number (None: now).

        Before it starts that is the agreement as it was signed. Raises Refused where it had not been signed by then.
        """
        terms = self.terms(arrangement)
        if known is not None:
            head = self.replayed(arrangement, self.number_known(arrangement, known)).head
            if not head.signed:
                raise Refused(f"{arrangement} had not been signed by then: name a later moment.")
            terms = head.terms
        return terms.on(on or self.today()).agreement

    def texts_kept(self, event: e.Event) -> bool:
        """Whether a narrative or a reason of an event is still there."""
        return any(self.store.text(event.arrangement, event.number, field) for field in ("narrative", "reason"))

    def erased_by(self, arrangement: str, number: int) -> e.Event | None:
        """The event that erased the texts of one, if any did."""
        for event in map(decode, self.store.of_type(arrangement, "NarrativeErased")):
            if isinstance(event.fact, e.NarrativeErased) and event.fact.event == number:
                return event
        return None

    def text(self, event: e.Event, field: str) -> str | None:
        """An event's narrative or reason, proved against its commitment; None where it has none or it was erased."""
        committed = getattr(event, f"{field}_commitment")
        found = self.store.text(event.arrangement, event.number, field) if committed else None
        return found[1] if found and len(found[0]) == 16 and commitment(*found) == committed else None


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
            if readers.get(name, text.clean)(words) != words:
                raise ValueError("it begins or ends with a blank, or its letters are not composed (NFC)")
        except ValueError as error:
            raise Refused(f"“{text.escaped(words[:40])}” cannot be a {name}: {error}.") from None


def memorandum_book(terms: Terms, fact: e.Fact) -> tuple[str, ...]:
    """The book whose closed year a fact that posts nothing would change: the pool's, or with aligned budgets the party's."""
    if isinstance(fact, e.FactReversed):
        return memorandum_book(terms, fact.fact)
    if isinstance(fact, e.ContributionGivenInKind | e.ContributionDue):
        return (terms.keeper or fact.party,)
    return ()


def commitment(salt: bytes, words: str) -> str:
    """What an event holds of a text: SHA-256(salt‖text), in hex; the salt is 16 bytes, or text could pass for salt."""
    if len(salt) != 16:
        raise ValueError(f"a salt has 16 bytes, and this one {len(salt)}")
    return sha256(salt + words.encode()).hexdigest()
