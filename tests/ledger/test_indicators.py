"""Indicators: who reports them, against which target, and what cannot be reported; none of it posts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import events as e
from ledger.agreement import Indicator, Terms
from ledger.application import Ledger
from ledger.calendar import period_labelled
from ledger.decisions.indicator import responsible, target_of
from ledger.errors import UnknownCode
from ledger.measures import difference, measure, meets
from ledger.requests import Measured, Reporting
from tests.given import CODE, ROLES, WHO, agreement, refused, reverse, sign

BEDS = """
[[indicator]]
code = "beds-used"
name = "Beds used"
unit = "beds"
direction = "lower"
area = "Hospital"
scheme = "beds"
target = "600"
targets = { "2013/14" = "560", "2013/14-Q2" = "550", "2013-08" = "545.50" }
"""
ON = date(2014, 4, 10)


def reported(ledger: Ledger, *figures: tuple[str, ...], on: date = ON) -> list[e.Fact]:
    """Report figures: indicator, period, value, and by which party; gives the facts."""
    asked = Reporting(figures=[Measured(*figure) for figure in figures], effective_on=on)
    return [event.fact for event in ledger.record(CODE, asked, WHO).events]


@pytest.mark.parametrize(
    ("kind", "who"),
    [
        ("aligned", ["OCC", "OCCG"]), ("lead_body", ["OCC"]), ("hybrid", ["ACME"]), ("commissioned", ["ACME"]),
        ("grant", ["JV"]), ("charge", ["JV"]), ("capital", ["JV"]),
    ],
)  # fmt: skip
def test_performance_is_reported_by_whom_the_type_makes_responsible(ledger: Ledger, kind: str, who: list[str]) -> None:
    terms = Terms(agreement(kind))
    assert responsible(terms) == who
    sign(ledger, kind, more=BEDS)
    for body in who:
        (fact,) = reported(ledger, ("beds-used", "2013/14", "528", body))
        assert fact == e.IndicatorReported("beds-used", "2013/14", body, "528", "Hospital", "560")
    for body in [book for book in terms.books if book not in who and book != "POOL"]:
        said = refused(lambda body=body: reported(ledger, ("beds-used", "2013/14", "528", body)), "cannot report it", body)
        assert who[0] in said


def test_where_one_body_reports_it_need_not_be_named_and_where_each_party_does_it_must(ledger: Ledger) -> None:
    sign(ledger, "lead_body", more=BEDS)
    assert reported(ledger, ("beds-used", "2013/14", "528")) == reported(ledger, ("beds-used", "2013/14", "528", "OCC"))


def test_aligned_parties_say_whose_a_figure_is(ledger: Ledger) -> None:
    sign(ledger, "aligned", more=BEDS)
    refused(lambda: reported(ledger, ("beds-used", "2013/14", "528")), "say whose", "OCC or OCCG", "collated")


def test_the_agreement_may_name_another_body_for_an_indicator(ledger: Ledger) -> None:
    sign(ledger, "aligned", more=BEDS + 'reported_by = "OCCG"')
    assert [fact.body for fact in reported(ledger, ("beds-used", "2013/14", "528"))] == ["OCCG"]
    refused(lambda: reported(ledger, ("beds-used", "2013/14", "528", "OCC")), "is reported by OCCG")


@pytest.mark.parametrize(
    ("period", "target"),
    [
        ("2013/14", "560"), ("2013/14-Q1", "560"), ("2013/14-Q2", "550"), ("2013-07", "550"), ("2013-08", "545.5"),
        ("2014-05", "600"), ("2014/15", "600"), ("2014-03", "560"),
    ],
)  # fmt: skip
def test_a_figure_is_held_against_the_target_of_the_shortest_period_around_it(period: str, target: str) -> None:
    terms = Terms(agreement("lead_body", BEDS))
    (indicator,) = terms.agreement.indicators
    assert target_of(terms, indicator, period_labelled(period, (4, 1))) == target


def test_an_indicator_without_a_target_has_none() -> None:
    terms = Terms(agreement("lead_body"))
    assert target_of(terms, Indicator("a", "A", "%", "higher"), period_labelled("2013/14", (4, 1))) == ""


REFUSED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "an unknown indicator": (("bed-used", "2013/14", "1"), ("bed-used is no indicator", "mean beds-used?")),
    "a body there is not": (("beds-used", "2013/14", "1", "VOL"), ("VOL is no body",)),
    "no period": (("beds-used", "2013/15", "1"), ("is not a period here",)),
    "a period not begun": (("beds-used", "2014/15-Q2", "1"), ("begins on 2014-07-01", "2014-04-10")),
    "no figure": (("beds-used", "2013/14", "1e3"), ("is not a figure",)),
    "a percentage sign": (("beds-used", "2013/14", "87.5%"), ("no unit",)),
    "too many digits": (("beds-used", "2013/14", "1.1234567"), ("at most 6 decimals",)),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_reported_is_refused_and_nothing_of_it_recorded(ledger: Ledger, what: str) -> None:
    sign(ledger, more=BEDS)
    figure, words = REFUSED[what]
    refused(lambda: reported(ledger, ("beds-used", "2013-05", "1"), figure), *words)
    assert [event.type for event in ledger.history(CODE)] == ["AgreementSigned"]


def test_the_same_figure_twice_in_one_report_is_refused(ledger: Ledger) -> None:
    sign(ledger, more=BEDS)
    refused(lambda: reported(ledger, ("beds-used", "2013/14", "1"), ("beds-used", "2013/14", "2", "OCC")), "given twice")


def test_an_unknown_indicator_is_an_unknown_code(ledger: Ledger) -> None:
    sign(ledger, more=BEDS)
    with pytest.raises(UnknownCode):
        reported(ledger, ("x", "2013/14", "1"))


@pytest.mark.parametrize("kind", ROLES)
def test_a_report_posts_nothing_and_can_be_reversed(ledger: Ledger, kind: str) -> None:
    sign(ledger, kind, more=BEDS)
    party = "OCC" if kind == "aligned" else ""
    reported(ledger, ("beds-used", "2013/14", "528", party))
    reverse(ledger, 2, on=ON)
    assert [event.entries for event in ledger.history(CODE)] == [{}, {}, {}]
    assert ledger.chronicle(CODE).standing(e.IndicatorReported) == []


def test_the_figures_of_one_report_share_its_reference_and_asking_again_records_nothing(ledger: Ledger) -> None:
    sign(ledger, more=BEDS)
    figures = [Measured("beds-used", "2013/14-Q1", "560"), Measured("beds-used", "2013/14-Q2", "540")]
    asked = Reporting(figures=figures, effective_on=ON)
    command = type(WHO)(WHO.actor, reference="Q2")
    first = ledger.record(CODE, asked, command)
    again = ledger.record(CODE, asked, command)
    assert [(event.number, event.reference, event.part) for event in first.events] == [(2, "Q2", 0), (3, "Q2", 1)]
    assert (again.earlier, again.events) == (True, first.events)
    other = Reporting(figures=figures[:1], effective_on=ON)
    refused(lambda: ledger.record(CODE, other, command), "has Q2 already")


_decimals = st.decimals(-(10**12) + 1, 10**12 - 1, places=6)


@given(_decimals, _decimals)
def test_figures_are_exact_have_one_spelling_and_are_compared_as_numbers(one: Decimal, other: Decimal) -> None:
    a, b = measure(f"{one:f}"), measure(f"{other:f}")
    assert Decimal(a) == one
    assert measure(a) == a
    assert (a == b) == (one == other)
    assert Decimal(difference(a, b)) == one - other
    assert meets(a, b, "higher") == (one >= other)
    assert meets(a, b, "lower") == (one <= other)


@pytest.mark.parametrize(
    ("text", "spelt"), [("90.50", "90.5"), ("-0", "0"), ("-0.0", "0"), ("007", "7"), ("100", "100"), ("0.000001", "0.000001")]
)
def test_a_figure_has_one_spelling(text: str, spelt: str) -> None:
    assert measure(text) == spelt


@pytest.mark.parametrize("text", ["", "+1", "1,000", ".5", "5.", "1e3", "NaN", "∞", "１", "1 %", "1\n", "1" * 13])
def test_what_is_no_figure_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a figure"):
        measure(text)
