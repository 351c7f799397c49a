"""The risk share: worked years with their arithmetic written out, and what holds of every year.

The amounts of a worked year are pounds written as pence (`6_500_000_00`), or pence where pennies are the point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.agreement import Band, Ratio, Risk, Terms
from ledger.agreement.model import Party, Roles
from ledger.decisions.risk_share import Step, Variance, borne
from tests.given import agreement, refused

M = 1_000_000_00
"""A million pounds, in pence."""


def terms(risk: Risk | None, *parties: str) -> Terms:
    """The terms of a lead body's pool with a risk table."""
    codes = parties or ("NHS", "LA")
    listed = [Party(code=code, name=code, sector="other") for code in codes]
    return Terms(replace(agreement("lead_body"), parties=listed, roles=Roles(lead=codes[-1]), risk=risk))


def bands(*limits: tuple[int | None, Ratio]) -> list[Band]:
    """Bands in order; the last has no limit."""
    return [Band(shares=shares, up_to=up_to) for up_to, shares in limits]


def over(scheme: str, budgets: Mapping[str, int], amount: int, own: Ratio | None = None) -> Variance:
    """A scheme that is over its budgets by an amount (under, if it is negative)."""
    return Variance(scheme, dict(budgets), amount, own or {})


def bears(steps: Sequence[Step]) -> dict[str, int]:
    """What each party bears in all."""
    total: dict[str, int] = {}
    for step in steps:
        total[step.party] = total.get(step.party, 0) + step.amount
    return total


def told(steps: Sequence[Step], *parties: str) -> list[tuple[str, int, str, str]]:
    """The steps beyond each party's own budget, as they are shown; perhaps of some parties only."""
    shown = [(step.party, step.amount, step.clause, step.scheme) for step in steps if step.clause != "its own budget"]
    return [step for step in shown if not parties or step[0] in parties]


# The rules' own example: budgets NHS 100.00m (hospital) and council 50.00m (social); spent 96.38m and 60.12m; 72:28.

SHARED = bands((None, {"NHS": 72, "LA": 28}))
HOSPITAL = over("hospital", {"NHS": 100 * M}, -3_620_000_00)  # 96.38 − 100.00 = −3.62m
FIRST, MET = "its own underspend, first against the overspends", "an overspend met by its own underspend"
SOCIAL = over("social", {"LA": 50 * M}, 10_120_000_00)  # 60.12 − 50.00 = 10.12m


def test_base_pool_nets_all_schemes_first() -> None:
    """10.12m − 3.62m = 6.50m. NHS 100 + 72 % of 6.50 (4.68) = 104.68m; council 50 + 1.82 = 51.82m; in all 156.50m."""
    steps = borne(terms(Risk(base="pool", bands=SHARED)), [HOSPITAL, SOCIAL], {})
    assert told(steps) == [
        ("NHS", 4_680_000_00, "the band from £0.00", ""),
        ("LA", 1_820_000_00, "the band from £0.00", ""),
    ]
    assert bears(steps) == {"NHS": 104_680_000_00, "LA": 51_820_000_00}


def test_base_scheme_leaves_an_underspend_with_who_budgeted_it() -> None:
    """NHS 100 − 3.62 + 72 % of 10.12 (7.2864) = 103.6664m; council 50 + 2.8336 = 52.8336m; in all 156.50m."""
    steps = borne(terms(Risk(base="scheme", bands=SHARED)), [HOSPITAL, SOCIAL], {})
    assert told(steps) == [
        ("NHS", -3_620_000_00, "the underspend of what it budgeted", "hospital"),
        ("NHS", 7_286_400_00, "the band from £0.00", "social"),
        ("LA", 2_833_600_00, "the band from £0.00", "social"),
    ]
    assert bears(steps) == {"NHS": 103_666_400_00, "LA": 52_833_600_00}


def test_a_partys_own_underspend_first_reduces_what_is_shared() -> None:
    """10.12m less the NHS's own 3.62m leaves 6.50m to share: as base pool, and the council bears 1.0136m less."""
    risk = Risk(base="scheme", own_underspend_first=["NHS"], bands=SHARED)
    steps = borne(terms(risk), [HOSPITAL, SOCIAL], {})
    assert told(steps) == [
        ("NHS", -3_620_000_00, FIRST, "hospital"),
        ("NHS", 3_620_000_00, MET, "social"),
        ("NHS", 4_680_000_00, "the band from £0.00", "social"),
        ("LA", 1_820_000_00, "the band from £0.00", "social"),
    ]
    assert bears(steps) == {"NHS": 104_680_000_00, "LA": 51_820_000_00}


def test_own_underspend_beyond_the_overspends_is_kept() -> None:
    """Under by 3.62m, over by only 1.12m: all of it is met, 2.50m stays the NHS's: 97.50m; the council bears 50.00m."""
    risk = Risk(base="scheme", own_underspend_first=["NHS"], bands=SHARED)
    steps = borne(terms(risk), [HOSPITAL, over("social", {"LA": 50 * M}, 1_120_000_00)], {})
    assert told(steps) == [
        ("NHS", -1_120_000_00, FIRST, "hospital"),
        ("NHS", -2_500_000_00, "its own underspend, beyond the overspends", "hospital"),
        ("NHS", 1_120_000_00, MET, "social"),
    ]
    assert bears(steps) == {"NHS": 97_500_000_00, "LA": 50_000_000_00}


def test_own_underspend_reduces_several_overspends_pro_rata() -> None:
    """Under 300; over 400 and 200, so they fall by 200 and 100 to 200 and 100, shared 72:28 and so 144 + 72 = 216."""
    risk = Risk(base="scheme", own_underspend_first=["NHS"], bands=SHARED)
    years = [
        over("ward", {"NHS": 1_000_00}, -300_00), over("day", {"LA": 500_00}, 400_00), over("night", {"LA": 500_00}, 200_00)
    ]  # fmt: skip
    steps = borne(terms(risk), years, {})
    assert told(steps, "NHS") == [
        ("NHS", -300_00, FIRST, "ward"),
        ("NHS", 200_00, MET, "day"),
        ("NHS", 100_00, MET, "night"),
        ("NHS", 144_00, "the band from £0.00", "day"),
        ("NHS", 72_00, "the band from £0.00", "night"),
    ]
    assert bears(steps) == {"NHS": 1_000_00 + 216_00, "LA": 1_000_00 + 84_00}


def test_only_the_part_of_the_party_that_is_named_goes_first() -> None:
    """A scheme budgeted 60:40 is under by 100: the NHS's 60 meets the overspend of 80, the council keeps its 40."""
    risk = Risk(base="scheme", own_underspend_first=["NHS"], bands=bands((None, {"NHS": 1, "LA": 1})))
    steps = borne(terms(risk), [over("both", {"NHS": 600_00, "LA": 400_00}, -100_00), over("la", {"LA": 50_00}, 80_00)], {})
    assert told(steps) == [
        ("LA", -40_00, "the underspend of what it budgeted", "both"),
        ("NHS", -60_00, FIRST, "both"),
        ("NHS", 60_00, MET, "la"),
        ("NHS", 10_00, "the band from £0.00", "la"),
        ("LA", 10_00, "the band from £0.00", "la"),
    ]
    assert bears(steps) == {"NHS": 610_00, "LA": 420_00}


# Published cases.


def test_oxfordshire_shares_in_proportion_to_contributions() -> None:
    """99:96, printed as 51/49 %. Of £1,000,000 over (assumed) the council bears 99/195 = 507,692.31, not 510,000."""
    risk = Risk(base="pool", bands=bands((None, {"OCC": 99, "OCCG": 96})))
    steps = borne(terms(risk, "OCC", "OCCG"), [over("older", {"OCC": 99 * M, "OCCG": 96 * M}, M)], {})
    assert bears(steps) == {"OCC": 99 * M + 507_692_31, "OCCG": 96 * M + 492_307_69}


def test_telford_nets_over_and_underspends_and_halves_the_rest() -> None:
    """Printed: 680,000 − 80,000 = 600,000, 50:50, so 300,000 each. The budgets are ours."""
    risk = Risk(base="pool", bands=bands((None, {"TWC": 1, "CCG": 1})))
    steps = borne(
        terms(risk, "TWC", "CCG"),
        [over("reablement", {"TWC": 10 * M, "CCG": 8 * M}, 680_000_00), over("other", {"TWC": 5 * M}, -80_000_00)], {},
    )  # fmt: skip
    assert told(steps) == [
        ("TWC", 300_000_00, "the band from £0.00", ""),
        ("CCG", 300_000_00, "the band from £0.00", ""),
    ]


def test_telford_without_netting_would_move_money() -> None:
    """By scheme the council would keep its 80,000 and both bear 340,000: 260,000 against 340,000."""
    risk = Risk(base="scheme", bands=bands((None, {"TWC": 1, "CCG": 1})))
    steps = borne(
        terms(risk, "TWC", "CCG"), [over("reablement", {"TWC": M}, 680_000_00), over("other", {"TWC": M}, -80_000_00)], {}
    )
    assert bears(steps) == {"TWC": 2 * M + 260_000_00, "CCG": 340_000_00}


def test_wirral_has_two_rules_in_one_pool() -> None:
    """Printed: 8.2m over, all the ICB's; the Better Care part is shared. Ours: that part is 0.3m over, halved."""
    risk = Risk(base="pool", bands=bands((None, {"WBC": 1, "ICB": 1})))
    steps = borne(
        terms(risk, "WBC", "ICB"),
        [
            over("nhs-care", {"ICB": 150 * M}, 8_200_000_00, {"ICB": 1}),
            over("bcf", {"WBC": 30 * M, "ICB": 30 * M}, 300_000_00),
        ],
        {},
    )
    assert told(steps) == [
        ("ICB", 8_200_000_00, "nhs-care's own risk ratio", "nhs-care"),
        ("WBC", 150_000_00, "the band from £0.00", ""),
        ("ICB", 150_000_00, "the band from £0.00", ""),
    ]


def test_a_scheme_with_its_own_risk_is_outside_all_netting() -> None:
    """The ICB's own scheme is 5 under; it does not reduce the 3 that both share, and no reserve meets it."""
    risk = Risk(base="pool", reserve_first=True, bands=bands((None, {"WBC": 1, "ICB": 1})))
    own = over("nhs-care", {"ICB": 100_00}, -5_00, {"ICB": 1})
    assert bears(borne(terms(risk, "WBC", "ICB"), [own, over("bcf", {"WBC": 50_00}, 3_00)], {"WBC": 1_00})) == {
        "ICB": 100_00 - 5_00 + 1_00,
        "WBC": 50_00 + 1_00 + 1_00,
    }


def test_salford_draws_what_was_carried_forward_first() -> None:
    """Printed: 0.5m of pressure, met from the pool's reserve. Ours: the reserve is 0.5m by 8.6:8.7, so nothing is shared."""
    risk = Risk(base="pool", reserve_first=True, bands=bands((None, {"PCT": 1, "SCC": 1})))
    reserve = {"PCT": 248_554_91, "SCC": 251_445_09}
    steps = borne(
        terms(risk, "PCT", "SCC"), [over("learning", {"PCT": 8_600_000_00, "SCC": 8_700_000_00}, 500_000_00)], reserve
    )
    assert told(steps) == [
        ("PCT", 248_554_91, "contributions brought forward, first", ""),
        ("SCC", 251_445_09, "contributions brought forward, first", ""),
    ]


def test_beyond_the_reserve_the_rest_is_shared() -> None:
    """Over by 1,275.00 with 500.00 in reserve, 300:200. It meets 500 in that ratio; 775 is halved, the odd penny first."""
    risk = Risk(base="pool", reserve_first=True, bands=bands((None, {"PCT": 1, "SCC": 1})))
    steps = borne(terms(risk, "PCT", "SCC"), [over("learning", {"PCT": M}, 1_275_01)], {"PCT": 300_00, "SCC": 200_00})
    assert bears(steps) == {"PCT": M + 300_00 + 387_51, "SCC": 200_00 + 387_50}


def test_bands_count_from_nil_after_the_reserve() -> None:
    """Over by 150; 60 from the reserve; 90 remain: 50 in the first band, 40 in the second."""
    risk = Risk(base="pool", reserve_first=True, bands=bands((50_00, {"NHS": 1, "LA": 1}), (None, {"LA": 1})))
    steps = borne(terms(risk), [over("care", {"LA": 500_00}, 150_00)], {"NHS": 60_00})
    assert told(steps) == [
        ("NHS", 60_00, "contributions brought forward, first", ""),
        ("NHS", 25_00, "the band from £0.00, up to £50.00", ""),
        ("LA", 25_00, "the band from £0.00, up to £50.00", ""),
        ("LA", 40_00, "the band from £50.00", ""),
    ]


def test_one_reserve_meets_several_overspends_pro_rata() -> None:
    """Over by 90 and 30, 40 in reserve: it takes 30 off the one and 10 off the other; 60 and 20 are left, each banded."""
    risk = Risk(base="scheme", reserve_first=True, bands=bands((50_00, {"NHS": 1, "LA": 1}), (None, {"LA": 1})))
    steps = borne(
        terms(risk), [over("day", {"LA": 1_00}, 90_00), over("night", {"LA": 1_00}, 30_00)], {"NHS": 10_00, "LA": 30_00}
    )
    assert told(steps) == [
        ("NHS", 10_00, "contributions brought forward, first", ""),
        ("LA", 30_00, "contributions brought forward, first", ""),
        ("NHS", 25_00, "the band from £0.00, up to £50.00", "day"),
        ("LA", 25_00, "the band from £0.00, up to £50.00", "day"),
        ("LA", 10_00, "the band from £50.00", "day"),
        ("NHS", 10_00, "the band from £0.00, up to £50.00", "night"),
        ("LA", 10_00, "the band from £0.00, up to £50.00", "night"),
    ]


def test_a_reserve_taken_back_meets_nothing() -> None:
    """A party that has had back more than it brought forward has none left; it does not owe the reserve."""
    risk = Risk(base="pool", reserve_first=True, bands=bands((None, {"NHS": 1, "LA": 1})))
    steps = borne(terms(risk), [over("care", {"LA": 100_00}, 20_00)], {"NHS": -30_00, "LA": 8_00})
    assert bears(steps) == {"NHS": 6_00, "LA": 100_00 + 8_00 + 6_00}


def test_no_reserve_is_drawn_unless_the_agreement_says_so() -> None:
    steps = borne(terms(Risk(base="pool", bands=SHARED)), [over("care", {"LA": 1_00}, 1_00)], {"NHS": 50_00})
    assert told(steps) == [("NHS", 72, "the band from £0.00", ""), ("LA", 28, "the band from £0.00", "")]


# Pennies.


def test_a_band_crossed_in_the_middle_of_a_pound() -> None:
    """100.01 over. The first band ends at 33.33: 2:1 gives 22.22 + 11.11. The rest, 66.68, at 1:2 is 22.22⅔ + 44.45⅓:
    the penny left goes to the larger remainder, ⅔. In all 22.22 + 22.23 = 44.45 and 11.11 + 44.45 = 55.56."""
    risk = Risk(base="pool", bands=bands((33_33, {"NHS": 2, "LA": 1}), (None, {"NHS": 1, "LA": 2})))
    steps = borne(terms(risk), [over("care", {}, 100_01)], {})
    assert told(steps) == [
        ("NHS", 22_22, "the band from £0.00, up to £33.33", ""),
        ("LA", 11_11, "the band from £0.00, up to £33.33", ""),
        ("NHS", 22_23, "the band from £33.33", ""),
        ("LA", 44_45, "the band from £33.33", ""),
    ]


def test_each_band_is_rounded_by_itself_and_ties_go_to_who_is_listed_first() -> None:
    """Bands of 0.01, 0.01 and the rest, 0.01, each halved: the odd penny is the first party's three times."""
    halves = {"NHS": 1, "LA": 1}
    risk = Risk(base="pool", bands=bands((1, halves), (2, halves), (None, halves)))
    assert bears(borne(terms(risk), [over("care", {}, 3)], {})) == {"NHS": 3}
    assert bears(borne(terms(risk, "LA", "NHS"), [over("care", {}, 3)], {})) == {"LA": 3}


@pytest.mark.parametrize(("amount", "steps"), [(49_99, 1), (50_00, 1), (50_01, 2)])
def test_a_limit_belongs_to_the_band_it_ends(amount: int, steps: int) -> None:
    risk = Risk(base="pool", bands=bands((50_00, {"NHS": 1}), (None, {"LA": 1})))
    found = told(borne(terms(risk), [over("care", {}, amount)], {}))
    assert [step[:2] for step in found] == [("NHS", min(amount, 50_00)), ("LA", amount - 50_00)][:steps]


# Underspends of the pool.


def test_an_underspend_by_its_own_shares() -> None:
    """10.01 under, shared 1:3 whatever the bands say: 2.50¼ and 7.50¾, so 2.50 and 7.51."""
    risk = Risk(base="pool", underspend_shares={"NHS": 1, "LA": 3}, bands=SHARED)
    steps = borne(terms(risk), [over("care", {"LA": 100_00}, -10_01)], {})
    assert told(steps) == [("NHS", -2_50, "the underspend shares", ""), ("LA", -7_51, "the underspend shares", "")]


def test_an_underspend_by_the_bands_mirrored() -> None:
    """70 under: the first 50 halved, then 20 the council's."""
    risk = Risk(base="pool", bands=bands((50_00, {"NHS": 1, "LA": 1}), (None, {"LA": 1})))
    steps = borne(terms(risk), [over("care", {"LA": 100_00}, -70_00)], {})
    assert told(steps) == [
        ("NHS", -25_00, "the band from £0.00, up to £50.00", ""),
        ("LA", -25_00, "the band from £0.00, up to £50.00", ""),
        ("LA", -20_00, "the band from £50.00", ""),
    ]


def test_a_pools_underspend_leaves_the_reserve_alone() -> None:
    risk = Risk(base="pool", reserve_first=True, bands=bands((None, {"NHS": 1, "LA": 1})))
    assert bears(borne(terms(risk), [over("care", {"LA": 10_00}, -4_00)], {"NHS": 50_00})) == {"NHS": -2_00, "LA": 8_00}


def test_an_underspend_by_scheme_falls_in_the_ratio_of_the_budgets() -> None:
    """9.99 under; budgets 500 and 250 (and one of nil and one below it, which bear nothing of it): 6.66 and 3.33."""
    risk = Risk(base="scheme", bands=SHARED)
    steps = borne(terms(risk, "A", "B", "C", "D"), [over("care", {"A": 500_00, "B": 250_00, "C": 0, "D": -10_00}, -9_99)], {})
    assert told(steps) == [
        ("A", -6_66, "the underspend of what it budgeted", "care"),
        ("B", -3_33, "the underspend of what it budgeted", "care"),
    ]


# Rules that do not exist.


def test_an_underspend_that_nobody_budgeted_is_refused() -> None:
    risk = Risk(base="scheme", bands=SHARED)
    refused(lambda: borne(terms(risk), [over("care", {"NHS": 0}, -5_00)], {}), "care is underspent by £5.00", "budget")


def test_without_a_band_for_it_an_overspend_is_refused_by_its_amount() -> None:
    risk = Risk(base="pool", bands=bands((50_00, {"NHS": 1})))
    refused(lambda: borne(terms(risk), [over("care", {}, 51_25)], {}), "£1.25 of an overspend", "risk.band")


def test_without_a_band_for_it_an_underspend_is_called_one() -> None:
    risk = Risk(base="pool")
    refused(lambda: borne(terms(risk), [over("care", {}, -3_00)], {}), "underspend of £3.00", "underspend_shares")


def test_without_a_base_a_variance_is_refused_and_no_variance_needs_none() -> None:
    assert bears(borne(terms(Risk()), [over("care", {"NHS": 5_00}, 0)], {})) == {"NHS": 5_00}
    refused(lambda: borne(terms(Risk()), [over("care", {"NHS": 5_00}, 1)], {}), "risk.base", "undecided")


def test_own_ratios_alone_need_no_base() -> None:
    assert bears(borne(terms(Risk()), [over("care", {"NHS": 5_00}, 2_00, {"LA": 1})], {})) == {"NHS": 5_00, "LA": 2_00}


# What holds of every year.

_PARTIES = ("A", "B", "C")
_ratios = st.lists(st.integers(0, 7), min_size=3, max_size=3).filter(any).map(lambda ws: dict(zip(_PARTIES, ws, strict=True)))
_budgets = st.lists(st.integers(0, 9_999), min_size=3, max_size=3).filter(any)
_variances = st.lists(
    st.tuples(_budgets, st.integers(-5_000, 5_000), st.sampled_from([True, False, False, False]), _ratios),
    min_size=1, max_size=5,
).map(
    lambda years: [
        over(f"s{at}", dict(zip(_PARTIES, budgets, strict=True)), amount, own if has else None)
        for at, (budgets, amount, has, own) in enumerate(years)
    ]
)  # fmt: skip
_bands = st.tuples(
    st.lists(st.integers(1, 3_000), max_size=3, unique=True).map(sorted), st.lists(_ratios, min_size=4, max_size=4)
).map(lambda drawn: bands(*zip([*drawn[0], None], drawn[1], strict=False)))
_risks = st.builds(
    Risk, base=st.sampled_from(["pool", "scheme"]), own_underspend_first=st.sampled_from([[], ["A"], ["A", "C"]]),
    reserve_first=st.booleans(), underspend_shares=st.one_of(st.just({}), _ratios), bands=_bands,
)  # fmt: skip
_reserves = st.lists(st.integers(-500, 3_000), min_size=3, max_size=3).map(
    lambda held: dict(zip(_PARTIES, held, strict=True))
)


@given(_risks, _variances, _reserves)
def test_the_steps_add_up_to_the_net_cost_to_the_penny(risk: Risk, years: list[Variance], reserve: dict[str, int]) -> None:
    steps = borne(terms(risk, *_PARTIES), years, reserve)
    assert sum(step.amount for step in steps) == sum(sum(each.budgets.values()) + each.amount for each in years)
    assert all(step.amount and step.party in _PARTIES and step.clause for step in steps)


@given(_risks, _variances)
def test_by_scheme_the_steps_of_each_scheme_add_up_to_its_net_cost(risk: Risk, years: list[Variance]) -> None:
    """Even where underspends come first: what they give is told of the scheme they leave and of the one they meet."""
    by_scheme = replace(risk, base="scheme", reserve_first=False)
    steps = borne(terms(by_scheme, *_PARTIES), years, {})
    for each in years:
        assert sum(step.amount for step in steps if step.scheme == each.scheme) == sum(each.budgets.values()) + each.amount
    given_up = [step.amount for step in steps if step.clause in (FIRST, MET)]
    assert sum(given_up) == 0


@given(_risks, _variances, _reserves)
def test_no_party_is_drawn_beyond_its_reserve_and_only_for_overspends(
    risk: Risk, years: list[Variance], reserve: dict[str, int]
) -> None:
    steps = borne(terms(risk, *_PARTIES), years, reserve)
    drawn = bears([step for step in steps if step.clause.startswith("contributions brought forward")])
    assert all(0 < amount <= reserve[party] for party, amount in drawn.items())
    overspent = sum(each.amount for each in years if each.amount > 0 and not each.own_risk)
    assert sum(drawn.values()) <= (overspent if risk.reserve_first else 0)


@given(_risks, _variances)
def test_under_the_bands_an_underspend_mirrors_an_overspend(risk: Risk, years: list[Variance]) -> None:
    mirrored = Risk(base="pool", bands=risk.bands)
    flat = [each._replace(budgets={}) for each in years]
    turned = [each._replace(amount=-each.amount) for each in flat]
    there = bears(borne(terms(mirrored, *_PARTIES), flat, {}))
    back = bears(borne(terms(mirrored, *_PARTIES), turned, {}))
    assert back == {party: -amount for party, amount in there.items()}


@given(_risks, _variances, _reserves, st.randoms(use_true_random=False))
def test_the_order_of_schemes_changes_nothing_where_nothing_is_taken_off_pro_rata(
    risk: Risk, years: list[Variance], reserve: dict[str, int], random: object
) -> None:
    """With a reserve or own underspends by scheme, the odd penny goes by the order of schemes."""
    if risk.base == "scheme":
        risk = Risk(base="scheme", bands=risk.bands)
    shuffled = list(years)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    agreed = terms(risk, *_PARTIES)
    assert bears(borne(agreed, shuffled, reserve)) == bears(borne(agreed, years, reserve))


@given(_risks, _variances, _reserves, st.randoms(use_true_random=False))
def test_with_pro_rata_the_order_of_schemes_moves_pennies_only(
    risk: Risk, years: list[Variance], reserve: dict[str, int], random: object
) -> None:
    """At most a penny for each scheme at each of two roundings, twice over in each band it is then split in."""
    shuffled = list(years)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    agreed = terms(risk, *_PARTIES)
    ours, theirs = bears(borne(agreed, years, reserve)), bears(borne(agreed, shuffled, reserve))
    allowed = 2 * len(years) * (len(risk.bands) + 2)
    assert all(abs(ours.get(party, 0) - theirs.get(party, 0)) <= allowed for party in _PARTIES)


@given(_risks, _variances, _reserves)
def test_a_scheme_on_budget_changes_nothing_for_the_rest(risk: Risk, years: list[Variance], reserve: dict[str, int]) -> None:
    agreed = terms(risk, *_PARTIES)
    quiet = over("quiet", {"B": 77_77}, 0)
    told_with = told(borne(agreed, [*years, quiet], reserve))
    assert told_with == told(borne(agreed, years, reserve))


@given(_variances, _reserves, _ratios)
def test_a_pool_shared_alike_everywhere_does_not_care_how_it_is_banded(
    years: list[Variance], reserve: dict[str, int], ratio: Ratio
) -> None:
    """One ratio in one band or in many: the same, but for a penny a band."""
    one = bears(borne(terms(Risk(base="pool", bands=bands((None, ratio))), *_PARTIES), years, reserve))
    many = bears(
        borne(terms(Risk(base="pool", bands=bands((700, ratio), (1_500, ratio), (None, ratio))), *_PARTIES), years, reserve)
    )
    assert all(abs(one.get(party, 0) - many.get(party, 0)) <= 3 for party in _PARTIES)
