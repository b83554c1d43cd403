"""Code saturation: worked by hand, against the paper's steps done plainly, and the same whatever the order of the rows."""

from itertools import permutations
from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted_themes import plant
from scipy.stats import chi2

from workbench.evidence import describe_expected, expect_new_themes, measure_saturation

# Call by call which themes it raises: new ones are 3, 1, 1, 0 | 1, 0, 1, 0, 0.
CALLS = ["abc", "ad", "be", "a", "f", "cf", "ag", "b", "a"]


def by_call(calls, customers=None, segments=None):
    """Themes of calls on days one after another; each call's letters are the themes that it raises."""
    rows = [
        (
            f"c{i}",
            customers[i] if customers else f"C{i}",
            segments[i] if segments else "s",
            f"2026-11-{i + 1:02d}",
            theme,
        )
        for i, themes in enumerate(calls)
        for theme in (themes or [""])
    ]
    return plant(rows)


def test_the_curve_and_the_runs_are_those_worked_by_hand():
    found = measure_saturation(by_call(CALLS))
    assert found.curve["new"].tolist() == [3, 1, 1, 0, 1, 0, 1, 0, 0]
    assert found.curve["heard"].tolist() == [3, 4, 5, 5, 6, 6, 7, 7, 7]
    assert found.base_themes == 5
    # Runs overlap: the calls 5 and 6, 6 and 7, 7 and 8, 8 and 9.
    assert found.runs[["first", "last", "new"]].values.tolist() == [[5, 6, 1], [6, 7, 1], [7, 8, 1], [8, 9, 0]]
    assert found.runs["share"].tolist() == [0.2, 0.2, 0.2, 0.0]
    assert found.reached["n"].tolist() == [7, 7]
    assert found.reached["confirmed_at"].tolist() == [9, 9]


def test_base_and_run_are_as_given():
    found = measure_saturation(by_call(CALLS), base=2, run=3)
    assert found.base_themes == 4
    assert found.runs["new"].tolist() == [2, 1, 2, 1, 1]
    assert found.runs["share"].tolist() == [0.5, 0.25, 0.5, 0.25, 0.25]
    assert found.reached["n"].isna().all()
    assert "No 3 calls in a row were without a new one" in str(found)


def test_a_threshold_of_five_percent_is_reached_before_none_where_there_are_many_themes():
    many = "".join(chr(0x100 + i) for i in range(40))
    found = measure_saturation(by_call([many, many, many, many, many, f"{many}x", many, many]))
    assert found.runs["share"].tolist() == [1 / 40, 1 / 40, 0.0]
    assert found.reached["n"].tolist() == [4, 6]
    assert "After call 4 the next 2 brought at most 5 % as many new ones" in str(found)
    assert "After call 6 the next 2 brought no new one" in str(found)


@pytest.mark.parametrize(
    ("calls", "words"),
    [
        ([], "no theme yet"),
        (["ab", "a", "b"], "too few calls to tell, 3 so far; the first run ends with call 6"),
        (["", "", "", "", "a", "a", "a"], "not to be measured, since no theme came up in the first 4 calls"),
    ],
)
def test_what_cannot_be_measured_is_said(calls, words):
    found = measure_saturation(by_call(calls))
    assert words in str(found)
    assert len(found.curve) == len(calls)
    assert found.reached["n"].isna().all()


def test_a_call_in_which_only_a_take_was_written_down_is_a_call_without_themes():
    themes = plant([("a", "A", "s", "2026-11-01", "x")], takes=[("b", "B", "s", "2026-11-02")])
    assert measure_saturation(themes).curve["unit"].tolist() == ["a", "b"]


def test_customers_count_once_where_they_are_the_unit():
    found = measure_saturation(by_call(["a", "b", "ac"], customers=["A", "B", "A"]), unit="customer")
    assert found.curve["unit"].tolist() == ["A", "B"]
    assert found.curve["new"].tolist() == [2, 1]


def test_the_tags_of_the_pm_can_be_counted_in_place_of_themes():
    themes = by_call(["a", "a", "a"])
    with pytest.raises(ValueError, match="needs the column tags"):
        measure_saturation(themes, codes="tags")
    themes.notes["tags"] = [("x", "y"), (), ("y", "z")]
    found = measure_saturation(themes, codes="tags", base=1, run=1)
    assert found.curve["heard"].tolist() == [2, 2, 3]
    assert "the first 1 calls brought 2 of 3 tags" in str(found)
    row = expect_new_themes(themes, codes="tags").iloc[0]
    assert row[["n_themes", "heard_once", "heard_twice"]].tolist() == [3, 2, 1]
    assert row["expected"] == row["at_most"] == 2 / 3
    with pytest.raises(ValueError, match="codes='words'"):
        expect_new_themes(themes, codes="words")


def test_undated_calls_come_last_and_those_of_a_day_by_name():
    rows = [("z", "Z", "s", "2026-11-02", "t"), ("u", "U", "s", None, "t"), ("b", "B", "s", "2026-11-02", "t")]
    assert measure_saturation(plant(rows)).curve["unit"].tolist() == ["b", "z", "u"]


@pytest.mark.parametrize("wrong", [{"unit": "note"}, {"base": 0}, {"run": 0}, {"n_orders": 0}])
def test_what_is_not_accepted_is_named(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        measure_saturation(by_call(CALLS), **wrong)


def naive(sets, base, run):
    """The paper's steps, one by one: the share of new themes of each run, None where the base has none."""
    known = set().union(*sets[:base])
    shares, n_base = [], len(known)
    for start in range(base, len(sets) - run + 1):
        before = set().union(*sets[:start])
        new = set().union(*sets[start : start + run]) - before
        shares.append(len(new) / n_base if n_base else None)
    return shares


CORPORA = st.lists(st.sets(st.sampled_from("abcdef"), max_size=4), min_size=1, max_size=8)


@given(CORPORA, st.integers(1, 4), st.integers(1, 3))
def test_the_shares_are_those_of_the_plain_steps(sets, base, run):
    found = measure_saturation(by_call([sorted(one) for one in sets]), base=base, run=run, n_orders=5)
    expected = naive(sets, base, run)
    assert [None if np.isnan(share) else share for share in found.runs["share"]] == pytest.approx(expected)
    hits = [base + i for i, share in enumerate(expected) if share == 0]
    assert found.reached["n"].iloc[1] is pd.NA if not hits else found.reached["n"].iloc[1] == hits[0]


def test_the_average_over_drawn_orders_is_near_that_over_all_of_them():
    sets = [set(one) for one in CALLS[:6]]
    curves, shares = [], []
    for order in permutations(sets):
        curves.append([len(set().union(*order[: k + 1])) for k in range(6)])
        shares.append(naive(order, 3, 2))
    found = measure_saturation(by_call(CALLS[:6]), base=3, n_orders=4000)
    assert found.curve["mean"].tolist() == pytest.approx(np.mean(curves, axis=0).tolist(), abs=0.1)
    assert found.runs["mean"].tolist() == pytest.approx(np.mean(shares, axis=0).tolist(), abs=0.02)
    assert (found.curve["low"] <= found.curve["mean"]).all()
    assert (found.curve["mean"] <= found.curve["high"]).all()
    assert found.curve["mean"].is_monotonic_increasing
    # And the average has a closed form (Colwell, Mao and Chang 2004): the chance that a theme was in none of k calls.
    sizes = [sum(theme in one for one in sets) for theme in set().union(*sets)]
    exact = [sum(1 - comb(6 - n, k) / comb(6, k) for n in sizes) for k in range(1, 7)]
    assert np.mean(curves, axis=0).tolist() == pytest.approx(exact)


@given(CORPORA, st.randoms())
def test_the_order_of_the_rows_does_not_matter(sets, random):
    there = by_call([sorted(one) for one in sets])
    rows = list(range(len(there.notes)))
    random.shuffle(rows)
    back = type(there)(there.summary, there.notes.iloc[rows].reset_index(drop=True), there.uncounted)
    one, other = measure_saturation(there, n_orders=7), measure_saturation(back, n_orders=7)
    for name in ("curve", "runs", "reached"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    pd.testing.assert_frame_equal(expect_new_themes(there), expect_new_themes(back))


# What one more customer is expected to add


def test_what_is_expected_is_what_was_heard_once_by_customers():
    calls, segments = ["ab", "ac", "ad", "b"], ["s", "s", "m", "m"]
    expected = expect_new_themes(by_call(calls, segments=segments)).set_index("segment")
    # c and d were raised by one customer only, b by two, a by three.
    assert expected.loc["all segments", ["heard_once", "heard_twice", "expected"]].tolist() == [2, 1, 0.5]
    assert expected.loc["s", ["n_customers", "n_themes", "heard_once", "expected"]].tolist() == [2, 3, 1, 0.5]
    assert expected.loc["m", ["n_customers", "n_themes", "heard_once", "expected"]].tolist() == [2, 3, 1, 0.5]
    # Chao2 corrected for bias: (m - 1) / m * Q1 (Q1 - 1) / (2 (Q2 + 1)).
    assert expected.loc["all segments", "unheard"] == pytest.approx(3 / 4 * 2 * 1 / (2 * 2))


def test_the_range_is_that_of_a_rare_count():
    """Where nothing was heard once or twice the upper end is Garwood's 2.996 for none."""
    row = expect_new_themes(by_call(["a", "a", "a"])).iloc[0]
    assert (row["low"], 3 * row["high"]) == pytest.approx((0, 2.996), abs=0.001)
    # Themes heard twice may as well have been heard never: (2 Q2 + 1) times as wide.
    row = expect_new_themes(by_call(["ab", "ab", ""])).iloc[0]
    assert 3 * row["high"] == pytest.approx(5 * 2.996, abs=0.005)
    # Q1 = 2 of two customers, Q2 = 1: the spread is 5 / 3, the count 6 / 5.
    row = expect_new_themes(by_call(["ab", "ac", "ad", "b"])).iloc[0]
    assert 4 * row["low"] == pytest.approx(5 / 3 * chi2.ppf(0.05, 2.4) / 2)
    assert 4 * row["high"] == pytest.approx(5 / 3 * chi2.ppf(0.95, 4.4) / 2)


def test_the_range_is_wider_where_one_customer_brings_all_that_is_new():
    even = expect_new_themes(by_call(["ab", "ac", "ad", "ae"])).iloc[0]
    uneven = expect_new_themes(by_call(["abcde", "a", "a", "a"])).iloc[0]
    assert even["expected"] == uneven["expected"] == 1
    assert uneven["low"] < even["low"] < 1 < even["high"] < uneven["high"]


def test_the_range_holds_about_nine_times_in_ten():
    """Of 150 planted corpora; with as many, 83 to 96 in a hundred are within chance of nine in ten."""
    held = 0
    rng = np.random.default_rng(0)
    for _ in range(150):
        chances = rng.beta(0.5, 3, size=40)
        heard = rng.random((10, 40)) < chances
        truth = chances[~heard.any(axis=0)].sum()
        calls = [[chr(0x100 + t) for t in np.flatnonzero(one)] for one in heard]
        row = expect_new_themes(by_call(calls)).iloc[0]
        held += row["low"] <= truth <= row["high"]
    assert held >= 0.83 * 150


def test_a_note_in_no_theme_may_be_one():
    rows = [("a", "A", "s", "2026-11-01", "x"), ("b", "B", "s", "2026-11-02", "x"), ("b", "B", "s", "2026-11-02", "")]
    row = expect_new_themes(plant(rows)).iloc[0]
    assert (row["expected"], row["at_most"]) == (0, 0.5)
    themes = plant(rows)
    themes.notes.loc[2, "reason"] = "set aside"
    assert expect_new_themes(themes).iloc[0]["at_most"] == 0


def test_of_fewer_than_two_customers_nothing_is_expected():
    expected = expect_new_themes(by_call(["ab"]))
    assert expected["expected"].isna().all()
    assert "cannot be said of fewer than two" in describe_expected(expected)


@given(CORPORA)
def test_on_average_over_who_comes_last_the_estimate_is_right(sets):
    """The number of themes new with the last of m customers, over all who may be last, is exactly Q1 / m."""
    n = len(sets)
    new = [len(one - set().union(*(sets[:i] + sets[i + 1 :]))) for i, one in enumerate(sets)]
    row = expect_new_themes(by_call([sorted(one) for one in sets])).iloc[0]
    if n > 1:
        assert row["expected"] == pytest.approx(sum(new) / n)
        assert row["low"] <= row["expected"] <= row["high"]
