"""The bridge from what was reported of a year to what is known now: which events make the difference, to the penny."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ledger import events as e
from ledger.agreement import Terms
from ledger.errors import NotProven
from projections.outturn import News, Outturn, Row, YearAsAt, outturn
from projections.year_figures import effects, net_cost

FIGURES = ("budget", "actual", "forecast", "variance")


class Change(NamedTuple):
    """What an event adds to a figure, in pence."""

    event: e.Event
    amount: int


class Restated(NamedTuple):
    """A figure of a scheme as it was reported then and as it is known now, in pence, and the events between."""

    scheme: str
    figure: str
    then: int
    now: int
    changes: list[Change]

    @property
    def difference(self) -> int:
        """Now less then: what the changes add up to."""
        return self.now - self.then


def restated(then: YearAsAt, now: YearAsAt) -> list[Restated]:
    """Every scheme's figures, then and now; `now` has told the news since `then`.

    A forecast that was not made counts as nil. Raises NotProven where the events do not add up to the difference.
    """
    assert now.year is not None
    before, after = outturn(then), outturn(now)
    changes = _changes(now.terms_on(now.year.last), now.news) if now.news else {}
    found = [
        Restated(scheme, figure, _figure(before, scheme, figure), _figure(after, scheme, figure),
                 changes.get((scheme, figure), []))
        for scheme in dict.fromkeys([*before.schemes, *after.schemes])
        for figure in FIGURES
    ]  # fmt: skip
    for each in found:
        if sum(change.amount for change in each.changes) != each.difference:
            raise NotProven(
                f"The {each.figure} of {each.scheme} in {now.stream} differs by other than its events add up to, so no "
                f"bridge is shown: the terms changed in between who bears the cost, or the ledger is damaged."
            )
    return found


def _figure(found: Outturn, scheme: str, figure: str) -> int:
    return getattr(found.schemes.get(scheme, Row()), figure) or 0


def _changes(terms: Terms, news: list[News]) -> dict[tuple[str, str], list[Change]]:
    found: dict[tuple[str, str], list[Change]] = {}
    for each in news:
        for (scheme, figure), amount in _added(terms, each).items():
            if amount:
                found.setdefault((scheme, figure), []).append(Change(each.event, amount))
    return found


def _added(terms: Terms, news: News) -> dict[tuple[str, str], int]:
    """What one event adds to each scheme's figures; a cost is adverse, a budget favourable."""
    added: dict[tuple[str, str], int] = {}
    for scheme, figure, amount in _parts(terms, news):
        added[scheme, figure] = added.get((scheme, figure), 0) + amount
        if figure != "forecast":
            turned = amount if figure == "actual" else -amount
            added[scheme, "variance"] = added.get((scheme, "variance"), 0) + turned
    return added


def _parts(terms: Terms, news: News) -> Iterator[tuple[str, str, int]]:
    if news.occurrence is not None:
        for effect in effects(terms, news.occurrence.fact):
            yield effect.code, "actual", news.occurrence.sign * net_cost(effect)
    for figure, before, after in zip(("budget", "forecast"), news.before, news.after, strict=True):
        for scheme in {**before, **after}:
            yield scheme, figure, after.get(scheme, 0) - before.get(scheme, 0)
