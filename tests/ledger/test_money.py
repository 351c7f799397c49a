"""Money: whole pence, read strictly, written plainly, split to the penny."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.money import pence, pounds, printed, ratio, split, sterling


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", 0), ("0.00", 0), ("-0", 0), ("-0.00", 0), ("1", 1_00), ("1.5", 1_50), ("1.05", 1_05), ("-1234.50", -1234_50),
        ("007", 7_00), ("0.01", 1), ("-0.01", -1), ("9999999999999.99", 999_999_999_999_999),
        ("-9999999999999.99", -999_999_999_999_999),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_whole_pence(text: str, amount: int) -> None:
    assert pence(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "1 ", " 1", "+1", "--1", "-", ".", ".5", "1.", "1.234", "1,000.00", "1 000", "1e9", "1E2", "0x10", "1_000",
        "NaN", "Infinity", "inf", "£1", "1.00GBP", "(1.00)", "1-", "12345678901234", "1.2.3", "\t1", "1\n", "1\x00",
        "١٢", "１２", "²", "1,5", "−1", "1.０", "1٫5",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not an amount: write pounds like 1234.50, without separators"):
        pence(text)


@pytest.mark.parametrize(
    ("amount", "plain", "shown", "with_sign"),
    [
        (0, "0.00", "0.00", "£0.00"),
        (5, "0.05", "0.05", "£0.05"),
        (-5, "-0.05", "-0.05", "-£0.05"),
        (1234_50, "1234.50", "1,234.50", "£1,234.50"),
        (-1234_50, "-1234.50", "-1,234.50", "-£1,234.50"),
        (10**17, "1000000000000000.00", "1,000,000,000,000,000.00", "£1,000,000,000,000,000.00"),
    ],
)
def test_an_amount_is_written(amount: int, plain: str, shown: str, with_sign: str) -> None:
    assert (pounds(amount), printed(amount), sterling(amount)) == (plain, shown, with_sign)


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_what_is_written_is_read_again(amount: int) -> None:
    assert pence(pounds(amount)) == amount


@pytest.mark.parametrize(
    ("terms", "whole"),
    [
        ([99, 96], [99, 96]), (["33.5", "66.5"], [67, 133]), (["1/3", "2/3"], [1, 2]), (["1/3", 1], [1, 3]),
        (["0.5", "1/3", 2], [3, 2, 12]), ([0, 7], [0, 7]), (["0", "0.0", "1/9"], [0, 0, 1]), ([1], [1]),
    ],
)  # fmt: skip
def test_a_ratio_becomes_whole_numbers(terms: list[int | str], whole: list[int]) -> None:
    assert ratio(terms) == whole


@pytest.mark.parametrize(
    "terms",
    [
        [], [0], [0, 0], ["0/5", "0.0"],
        [-1, 2], ["-1", 2], [0.5, 1], [True, 1], [None], [b"1"], ["1/0"], ["1/00"], ["1/-2"], ["a"], [""], [" 1"], ["1e3"],
        ["1/2/3"], ["1.5/2"], ["50%"], ["٣"], ["1."], [".5"], [10**9], ["999999999/999999998", "1/999999997"],
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_no_ratio_is_refused(terms: list[int | str]) -> None:
    with pytest.raises(ValueError, match=r"share|ratio"):
        ratio(terms)


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (1, [1, 1], [1, 0]),
        (1, [1, 2], [0, 1]),
        (5, [3, 2], [3, 2]),
        (100_01, [3, 2], [60_01, 40_00]),
        (2, [1, 1, 1], [1, 1, 0]),
        (10, [99, 96], [5, 5]),
        (195_00, [99, 96], [99_00, 96_00]),
        (100, [0, 1, 0], [0, 100, 0]),
        (0, [1, 2], [0, 0]),
        (7, [1], [7]),
        (10_000, [335, 333, 332], [33_50, 33_30, 33_20]),
    ],
)
def test_pennies_go_to_the_largest_remainders_ties_to_whoever_comes_first(
    amount: int, weights: list[int], parts: list[int]
) -> None:
    assert split(amount, weights) == parts


@pytest.mark.parametrize("weights", [[], [0], [0, 0]])
def test_nothing_is_split_in_a_ratio_of_nothing(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="at least one share above nil"):
        split(1, weights)
