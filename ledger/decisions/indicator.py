"""Performance: what indicators came to, reported by the body that answers for it; no report of it posts.

Who reports is a matter of the type (guide, “How is performance reported?”): aligned parties each for themselves, a lead
body for all, under joint commissioning the provider, in a joint venture the entity. An indicator may name another body.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger import events as e
from ledger import measures
from ledger.agreement import Indicator, Terms
from ledger.calendar import Period, period_labelled
from ledger.errors import Refused, UnknownCode, did_you_mean
from ledger.requests import Measured, Reporting


def responsible(terms: Terms, indicator: Indicator | None = None) -> list[str]:
    """The bodies that report performance, or one indicator's, by their codes."""
    if indicator is not None and indicator.reported_by:
        return [indicator.reported_by]
    if terms.agreement.type == "lead_body":
        return [terms.lead]
    provider = terms.entity or terms.contractor
    return [provider] if provider else terms.parties


def target_of(terms: Terms, indicator: Indicator, period: Period) -> str:
    """The target for a period: that of the shortest period named around it, else the one for all; may be empty."""
    around = [period_labelled(label, terms.year_start) for label in indicator.targets]
    named = [each for each in around if each.first <= period.first and period.last <= each.last]
    shortest = min(named, key=lambda each: each.last - each.first, default=None)
    return indicator.targets[shortest.label] if shortest else indicator.target


def indicators_reported(terms: Terms, asked: Reporting) -> Iterator[e.IndicatorReported]:
    """Each figure as a fact; raises UnknownCode or Refused for the first that cannot be reported."""
    seen: set[tuple[str, str, str]] = set()
    for figure in asked.figures:
        fact = _reported(terms, figure)
        key = (fact.indicator, fact.period, fact.body)
        if key in seen:
            raise Refused(f"{fact.indicator} of {fact.body} for {fact.period} is given twice: keep the figure that is right.")
        seen.add(key)
        period = period_labelled(fact.period, terms.year_start)
        if period.first > asked.effective_on:
            raise Refused(
                f"{fact.period} begins on {period.first}, so on {asked.effective_on} nothing can be reported of it: check "
                f"the period and the date."
            )
        yield fact


def _reported(terms: Terms, figure: Measured) -> e.IndicatorReported:
    indicator = _known(terms, figure.indicator)
    try:
        period, value = period_labelled(figure.period, terms.year_start), measures.measure(figure.value)
    except ValueError as error:
        raise Refused(f"{error}.") from None
    return e.IndicatorReported(
        indicator=indicator.code, period=period.label, body=_reporter(terms, indicator, figure.party), value=value,
        area=indicator.area, target=target_of(terms, indicator, period),
    )  # fmt: skip


def _known(terms: Terms, code: str) -> Indicator:
    known = {indicator.code: indicator for indicator in terms.agreement.indicators}
    if code not in known:
        raise UnknownCode(
            f"{code[:40]} is no indicator of {terms.agreement.code}{did_you_mean(code, list(known))}", "indicator"
        )
    return known[code]


def _reporter(terms: Terms, indicator: Indicator, named: str) -> str:
    bodies = responsible(terms, indicator)
    if named:
        terms.known_book(named, "party")
    if named in bodies:
        return named
    if not named and len(bodies) == 1:
        return bodies[0]
    code = terms.agreement.code
    if not named:
        raise Refused(
            f"In {code} each party reports its own performance, and the figures are collated: say whose {indicator.code} "
            f"this is, with party {' or '.join(bodies)}."
        )
    raise Refused(
        f"{indicator.code} of {code} is reported by {bodies[0]}, so {named} cannot report it: have {bodies[0]} report it, "
        f"or agree on reported_by for it in the agreement."
    )
