"""The risk share of a year: what each party bears, step by step, each step with its clause and the split behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger import events as e
from ledger.agreement import Ratio, Terms
from ledger.decisions.year_outcome import Outcome, outcome
from ledger.errors import UnknownCode, did_you_mean
from projections.explain.asked import Asked
from projections.explain.splits import told
from projections.explain.tree import Node, Split, less, summed

FIGURES = ("borne", "charged", "true_up")


def preview(asked: Asked, label: str, code: str, figure: str) -> Node:
    """What a party bears, was charged, and owes more or less, by the risk share as it stands; or a scheme's variance."""
    chronicle = asked.year(label)
    terms = chronicle.terms_on(chronicle.the_year.last)
    found = outcome(chronicle, terms)
    if code not in terms.party_set or not found.borne:
        known = list(terms.parties) if found.borne else []
        raise UnknownCode(f"{code} has no share of the risk of {label}{did_you_mean(code, known)}", "figure")
    if figure not in FIGURES:
        raise UnknownCode(f"{figure} is no figure of the risk share{did_you_mean(figure, FIGURES)}", "figure")
    set_by = asked.set_by(asked.up_to, chronicle.the_year.last, lambda terms: terms.agreement.risk)
    bears = summed("bears", _steps(terms, found.steps, code, set_by))
    charged = _charged(asked, found, label, code)
    parts = {"borne": bears, "charged": charged, "true_up": summed("true-up", [bears, less(charged)])}
    return parts[figure]._replace(label=f"{figure.replace('_', ' ')} of {code} in {label}")


def list_previews(asked: Asked, labels: Iterator[str]) -> Iterator[tuple[str, int]]:
    """Every figure of the risk share of every year that has one."""
    for label in labels:
        chronicle = asked.year(label)
        terms = chronicle.terms_on(chronicle.the_year.last)
        if not terms.lead:
            continue
        found = outcome(chronicle, terms)
        for party in terms.parties if found.borne else ():
            for figure, parts in zip(FIGURES, (found.borne, found.charged, found.true_ups), strict=True):
                yield f"preview/{label.replace('/', '-')}/{party}/{figure}", parts[party]


def true_up_grounds(asked: Asked, event: e.Event, fact: e.TrueUpRaised, party: str) -> list[Node]:
    """Why a true-up is so much: what the party bears, step by step, less what it had been charged."""
    terms = asked.terms_of(event)
    set_by = asked.set_by(event.number, event.effective_on, lambda terms: terms.agreement.risk)
    grounds = [summed("bears", _steps(terms, fact.steps, party, set_by))] if fact.steps else []
    if fact.charged.get(party):
        grounds.append(Node("less what it had been charged", -fact.charged[party]))
    return grounds


def _steps(terms: Terms, steps: Sequence[e.Step], party: str, set_by: int) -> Iterator[Node]:
    for step in steps:
        if step.party == party:
            where = f", {step.scheme}" if step.scheme else ""
            yield Node(f"{step.clause}{where}", step.amount, split=_split(terms, steps, step, set_by))


def _split(terms: Terms, steps: Sequence[e.Step], step: e.Step, set_by: int) -> Split | None:
    """The split that a step is a part of, where a ratio of the agreement gives its parts."""
    mine = [each for each in steps if (each.clause, each.scheme) == (step.clause, step.scheme)]
    amount, parts = sum(each.amount for each in mine), {each.party: each.amount for each in mine}
    if len(parts) != len(mine) or not amount:
        return None
    for ratio in _ratios(terms, step):
        found = told(amount, ratio, terms.parties, step.clause, set_by)
        if {share.party: share.part for share in found.shares if share.part} == parts:
            return found
    return None


def _ratios(terms: Terms, step: e.Step) -> Iterator[Ratio]:
    """The ratios that a clause of the risk share can mean."""
    risk = terms.agreement.risk
    if risk is None:
        return
    if step.clause.startswith("the band"):
        yield from (band.shares for band in risk.bands)
    if step.clause == "the underspend shares":
        yield risk.underspend_shares
    if step.scheme in terms.schemes and step.clause.endswith("own risk ratio"):
        yield terms.schemes[step.scheme].risk


def _charged(asked: Asked, found: Outcome, label: str, party: str) -> Node:
    """The recharges and true-ups of the year that count against what a party bears."""
    chronicle = asked.year(label)
    terms = chronicle.terms_on(chronicle.the_year.last)
    schemes = {variance.scheme for variance in found.variances}
    year = chronicle.the_year
    parts = []
    for event in asked.history():
        sign, fact = 1, event.fact
        while isinstance(fact, e.FactReversed):
            sign, fact = -sign, fact.fact
        part = 0
        if isinstance(fact, e.RechargeRaised | e.ChargeAdjusted):
            fund = terms.funds.get(getattr(fact, "fund", ""))
            within = fact.scheme in schemes and year.first <= event.effective_on <= year.last
            if within and (fund is None or fund.kind != "capital"):
                part = sum(kind.get(party, 0) for kind in (fact.drawn, fact.billed, fact.credited))
        elif isinstance(fact, e.TrueUpRaised) and fact.year == label:
            part = fact.drawn.get(party, 0) + fact.billed.get(party, 0)
        if part:
            parts.append(asked.leaf(event, sign * part))
    return summed("was charged", parts)
