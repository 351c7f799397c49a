"""The terms of an arrangement by the day from which they hold, as known so far.

Source: interfaces, “The agreement”: the terms of a day are the variations with `from` up to it, applied in the order of
(`from`, number), so a variation dated back reaches forward until a later-dated one replaces the same table.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta

from msgspec import Struct

from ledger.agreement.model import Agreement, Variation, Version
from ledger.agreement.terms import Terms
from ledger.agreement.varied import departures, varied


class Standing(Struct, omit_defaults=True):
    """What is known of the terms without reading any: the days from which others hold, and every book there was or will be.

    `keepers` are the books that are or were a pool's.
    """

    days: list[date] = []
    books: list[str] = []
    keepers: list[str] = []


class TermsHistory:
    """Every version of the terms; `fetch` reads one that was not named yet, and `changed` are the days of those to keep."""

    def __init__(self, standing: Standing, fetch: Callable[[date], Version | None]) -> None:
        self.standing = standing
        self._fetch = fetch
        self._versions: dict[date, Version] = {}
        self._terms: dict[date, Terms] = {}
        self.changed: set[date] = set()

    @property
    def starts(self) -> date:
        """The arrangement's first day."""
        return self.standing.days[0]

    @property
    def first(self) -> Terms:
        """The terms of the first day; what never varies, such as the start of the year, may be asked of them."""
        return self.on(self.starts)

    def on(self, day: date) -> Terms:
        """The terms in force on a day; before the first day, those of the first."""
        days = self.standing.days
        since = days[max(bisect_right(days, day), 1) - 1] if len(days) > 1 else days[0]
        terms = self._terms.get(since)
        if terms is None:
            agreement = self.version(since).agreement
            terms = self._terms[since] = Terms(agreement, self.standing.books, self._elsewhere)
        return terms

    def _elsewhere(self, what: str, code: str) -> str:
        """On which days a code is a party's, body's, scheme's or fund's: “VOL is a party of pool only from … on”."""
        spans: list[tuple[date, date | None]] = []
        for day, until in self.spans():
            terms = self.on(day)
            known: dict[str, Collection[str]] = {
                "party": terms.party_set, "body with a book": terms.book_set, "scheme": terms.schemes, "fund": terms.funds,
            }  # fmt: skip
            if code in known[what]:
                start = spans.pop()[0] if spans and spans[-1][1] == day else day
                spans.append((start, until))
        said = [
            (f"from {start} on" if until is None else f"from {start} to {until - timedelta(days=1)}")
            for start, until in spans
        ]
        return f"{code} is a {what} of {self.on(self.starts).agreement.code} only {' and '.join(said)}" if said else ""

    def version(self, since: date) -> Version:
        """The version that holds from one of the days."""
        found = self._versions.get(since) or self._fetch(since)
        assert found is not None
        self._versions[since] = found
        return found

    def during(self, first: date, last: date) -> list[Terms]:
        """The terms that hold on some day from one to another, in order."""
        inside = [day for day in self.standing.days if first < day <= last]
        return [self.on(first), *map(self.on, inside)]

    def schemes(self, first: date, last: date) -> list[str]:
        """Every scheme that there is on some day from one to another, in the order of the agreement."""
        return list(dict.fromkeys(scheme for terms in self.during(first, last) for scheme in terms.schemes))

    def ratio_changes(self, scheme: str, first: date, last: date) -> list[date]:
        """The days after the first and up to the last from which a scheme's cost falls on the parties in another ratio."""
        changes, stood = [], self.on(first).ratio_of(scheme)
        for day in self.standing.days:
            if first < day <= last and self.on(day).ratio_of(scheme) != stood:
                changes.append(day)
                stood = self.on(day).ratio_of(scheme)
        return changes

    def spans(self) -> list[tuple[date, date | None]]:
        """Each day from which other terms hold, and the first day on which they no longer do (None: they hold on)."""
        days = self.standing.days
        return list(zip(days, [*days[1:], None], strict=True))

    def sign(self, agreement: Agreement) -> None:
        """The first terms."""
        self.standing.days = [agreement.starts]
        self._put(agreement.starts, Version(agreement))
        self._know()

    def vary(self, change: Variation, on: date) -> None:
        """Take a variation in: the terms of its day change, and those after it as far as it reaches."""
        for day, _, after in list(self.if_varied(change, on)):
            stood = self.version(day).variations if day in self.standing.days else []
            if day not in self.standing.days:
                insort(self.standing.days, day)
            self._put(day, Version(after, [*stood, change] if day == on else stood))
        self._know()

    def if_varied(self, change: Variation, on: date) -> Iterator[tuple[date, Agreement, Agreement]]:
        """What the terms would be with a variation: its day and each later one on which others begin to hold.

        With each come the terms on which it is built: those without the variation, and on a later day those just before it.
        """
        before, departed = self.on(on).agreement, self.departed(on)
        after = varied(before, change, on, departed)
        yield on, before, after
        departed |= departures(change)
        for day in self.standing.days[bisect_right(self.standing.days, on) :]:
            before = after
            for later in self.version(day).variations:
                after = varied(after, later, day, departed)
                departed |= departures(later)
            yield day, before, after

    def departed(self, on: date) -> dict[str, str]:
        """The bodies that are no party any more on a day: which succeeded each, or “” where it left."""
        gone: dict[str, str] = {}
        for day in self.standing.days[: bisect_right(self.standing.days, on)]:
            for change in self.version(day).variations:
                gone |= departures(change)
        return gone

    def _put(self, day: date, version: Version) -> None:
        self._versions[day] = version
        self.changed.add(day)

    def _know(self) -> None:
        self._terms.clear()
        every = [self.on(day) for day in reversed(self.standing.days)]
        self.standing.books = list(dict.fromkeys(book for terms in every for book in terms.books))
        self.standing.keepers = list(dict.fromkeys(terms.keeper for terms in every if terms.keeper))
