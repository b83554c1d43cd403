"""How many customers a test needs: known figures, two sources, and words instead of a number where something is open."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nct, norm, t

from workbench.errors import InputError
from workbench.hypotheses import sample_size
from workbench.records import UNITS, Confidence, Hypothesis

POINTS, RELATIVE = UNITS
UP = {"baseline": "30 %", "size": 3, "direction": "up"}
MEAN = {"baseline": "12 minutes", "size": 2, "unit": POINTS, "direction": "down"}


def shares(before, after, alpha=0.05, power=0.8):
    """Cohen (1988), 6.4.1, written down anew."""
    h = 2 * math.asin(math.sqrt(after)) - 2 * math.asin(math.sqrt(before))
    return 2 * (norm.isf(alpha / 2) + norm.ppf(power)) ** 2 / h**2


def t_power(effect, n, alpha):
    """The power of a two-sided t test of two arms, from the noncentral t distribution."""
    degrees, shift, edge = 2 * n - 2, effect * math.sqrt(n / 2), t.isf(alpha / 2, 2 * n - 2)
    return nct.sf(edge, degrees, shift) + nct.cdf(-edge, degrees, shift)


# Shares


def test_three_points_and_three_per_cent_differ_by_a_factor_of_ten():
    assert sample_size(**UP, unit=POINTS).n_per_arm == 3762
    assert sample_size(**UP, unit=RELATIVE).n_per_arm == 41041


def test_while_the_unit_is_open_both_are_given_and_none_is_chosen():
    both = sample_size(**UP)
    assert [(one.unit, one.n_per_arm) for one in both.choices] == [(POINTS, 3762), (RELATIVE, 41041)]
    assert (both.n_per_arm, both.weeks, both.label) == (None, None, "")
    assert both.missing == ("The change can be read in two ways. Choose points or relative %.",)
    assert "30 % to 33 %" in str(both) and "30 % to 30.9 %" in str(both)


def test_the_unit_may_stand_in_the_size():
    assert sample_size(baseline="30 %", size="3 pp", direction="up").n_per_arm == 3762
    assert sample_size(baseline="30 %", size="3 % relative", direction="up").n_per_arm == 41041
    assert sample_size(baseline="300 of 1,000 teams", size="3 points", direction="up").n_per_arm == 3762


@given(
    st.integers(1, 98), st.integers(1, 98), st.sampled_from([0.01, 0.05, 0.1]), st.sampled_from([0.5, 0.8, 0.9, 0.99])
)  # fmt: skip
def test_a_share_needs_what_the_formula_says(before, after, alpha, power):
    if before == after:
        return
    size = {"baseline": f"{before} %", "size": abs(after - before), "direction": "up" if after > before else "down"}
    n = sample_size(**size, unit=POINTS, alpha=alpha, power=power).n_per_arm
    assert n == max(2, math.ceil(shares(before / 100, after / 100, alpha, power) - 1e-6))


@given(st.integers(5, 60), st.integers(1, 19), st.sampled_from(["up", "down"]))
def test_a_larger_change_needs_no_more_and_a_surer_answer_no_fewer(base, step, direction):
    one = {"baseline": f"{base + 20} %", "unit": POINTS, "direction": direction}
    n = sample_size(**one, size=step).n_per_arm
    assert sample_size(**one, size=step + 1).n_per_arm <= n
    assert sample_size(**one, size=step, power=0.9).n_per_arm >= n
    assert sample_size(**one, size=step, alpha=0.01).n_per_arm >= n


@given(st.integers(1, 9), st.integers(1, 50), st.sampled_from(["up", "down"]))
def test_points_and_relative_agree_where_they_mean_the_same(tens, relative, direction):
    base = 10 * tens
    one = {"baseline": f"{base} %", "direction": direction}
    points, share = sample_size(**one, size=f"{base * relative / 100:.4f}").choices, sample_size(**one, size=relative)
    ways = [way.n_per_arm for way in points if way.unit == POINTS]
    assert ways == [way.n_per_arm for way in share.choices if way.unit == RELATIVE]


def test_up_and_down_from_the_middle_need_the_same():
    one = {"baseline": "50 %", "size": "3 points"}
    assert sample_size(**one, direction="up").n_per_arm == sample_size(**one, direction="down").n_per_arm


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"baseline": "98 %", "size": 3, "unit": POINTS, "direction": "up"}, "98 % to 101 % cannot be. A share lies"),
        ({"baseline": "2 %", "size": 3, "unit": POINTS, "direction": "down"}, "cannot be. A share lies between"),
        ({"baseline": "0 %", "size": 3, "unit": RELATIVE, "direction": "up"}, "Nothing changes"),
        ({"baseline": "30 %", "size": 0, "unit": POINTS, "direction": "up"}, "Nothing changes"),
        ({"baseline": "130 %", "size": 3, "unit": POINTS, "direction": "up"}, "“130 %” is no share"),
        ({"baseline": "5 minutes", "size": 6, "unit": POINTS, "direction": "down", "sd": 2}, "Less than nothing"),
    ],
)
def test_what_cannot_be_is_said_and_has_no_number(given, words):
    need = sample_size(**given)
    assert need.n_per_arm is None
    assert any(words in sentence for sentence in need.missing)


def test_a_rough_formula_is_said_to_be_rough():
    assert "rough" in sample_size(baseline="1 %", size=20, unit=POINTS, direction="up").advice[0]
    assert sample_size(**UP, unit=POINTS).advice == ()


# Means


@given(st.integers(2, 300), st.sampled_from([0.01, 0.05]), st.sampled_from([0.8, 0.95]))
def test_a_mean_needs_the_fewest_that_reach_the_power(spread, alpha, power):
    n = sample_size(**MEAN, sd=spread / 10, alpha=alpha, power=power).n_per_arm
    effect = min(20 / spread, 10)
    assert n == 2 or t_power(effect, n - 1, alpha) < power
    assert not t_power(effect, n, alpha) < power  # for a very large effect scipy gives no number


def test_a_mean_without_its_spread_asks_for_it_and_guesses_none():
    need = sample_size(**MEAN)
    assert need.n_per_arm is None
    assert need.missing[0].startswith("No standard deviation")
    assert sample_size(**MEAN, sd="6 minutes").n_per_arm == sample_size(**MEAN, sd=6).n_per_arm == 143


@pytest.mark.parametrize(
    ("baseline", "metric", "words"),
    [
        ("30", "Activation: share of new teams", "write it as  30 %"),
        ("11 tickets a week", "number of tickets a week", "a test needs one for each customer"),
        ("about a third", None, "no number"),
        (None, "Activation", "No baseline."),
    ],
)
def test_what_kind_of_number_it_is_is_asked_and_not_guessed(baseline, metric, words):
    need = sample_size(baseline=baseline, metric=metric, size=3, unit=POINTS, direction="up")
    assert need.choices == ()
    assert sum(words in sentence for sentence in need.missing) == 1


# Traffic


@pytest.mark.parametrize(
    ("traffic", "weeks"),
    [("400/week", 19), (400, 19), ("400", 19), ("400 a week", 19), ("400 new teams a week", 19), ("400 per week", 19),
     ("60 a day", 18), ("1,733 a month", 19), ("20,800 a year", 19), ("7524/week", 1), ("7523/week", 2)],
)  # fmt: skip
def test_weeks_are_whole_and_traffic_is_shared_by_both_arms(traffic, weeks):
    assert sample_size(**UP, unit=POINTS, traffic=traffic).weeks == weeks


@given(st.integers(1, 100_000), st.integers(1, 100_000))
def test_more_traffic_never_takes_longer(one, other):
    weeks = [sample_size(**UP, unit=POINTS, traffic=traffic).weeks for traffic in sorted((one, other))]
    assert weeks[0] >= weeks[1]
    assert weeks[0] * min(one, other) >= 2 * 3762 > (weeks[0] - 1) * min(one, other)


def test_what_can_be_seen_by_the_deadline_needs_just_those_who_are_there():
    need = sample_size(**UP, unit=POINTS, traffic=400, start="2026-12-01", deadline="2027-02-23")
    assert need.per_arm == 12 * 200
    assert need.choices[0].enough is False
    seen = float(need.visible.split()[3])
    assert sample_size(baseline="30 %", size=round(seen - 30 + 0.1, 2), unit=POINTS, direction="up").n_per_arm <= 2400
    assert sample_size(baseline="30 %", size=round(seen - 30 - 0.1, 2), unit=POINTS, direction="up").n_per_arm > 2400
    assert need.advice == (
        "Too few until 2027-02-23 for +3 points: each of the two groups needs 3,762, and at 400 a week gets 2,400.",
        f"Try a larger change: from {need.visible} or more would show.",
        "Look later: on 2027-04-13 as many will have come.",
        "Measure something that comes sooner and oftener.",
        *need.advice[4:],
    )
    assert [words.split()[0] for words in need.advice[4:]] == ["Compare", "Watch"]
    assert need.weeks == 19


def test_nobody_is_told_to_wait_for_longer_than_a_year_or_for_those_whom_there_are_not():
    slow = sample_size(**UP, unit=POINTS, traffic="60 a week", start="2026-12-01", deadline="2027-02-23")
    fixed = sample_size(**UP, unit=POINTS, customers=600)
    for need in (slow, fixed):
        assert "each of the two groups needs 3,762" in need.advice[0]
        assert not [words for words in need.advice if words.startswith("Look later")]
    assert slow.weeks == 126
    assert fixed.advice[0].endswith("and there are 300 for it.")


def test_whom_there_are_may_stand_in_the_record_and_what_cannot_be_read_of_it_is_told():
    assert sample_size(replace(READY, customers="600")).per_arm == 300
    assert sample_size(replace(READY, customers="600"), customers=12).per_arm == 6
    odd = sample_size(replace(READY, customers="a few"))
    assert odd.per_arm is None
    assert "Customers “a few” is no number of them; write one such as 12." in odd.missing


def test_it_is_said_in_words_a_pm_knows_how_many_come_and_how_sure_it_is():
    lines = str(sample_size(**UP, unit=POINTS, traffic=400, start="2026-12-01", deadline="2027-02-23")).splitlines()
    assert lines[:3] == [
        "+3 points (30 % to 33 %): 3,762 customers with the change, and as many without; 19 weeks; too few come until 2027-02-23",
        "2,400 come until 2027-02-23 with the change, and as many without. With those, a change from 30 % to 33.8 % or more would show.",
        "Seen four times in five if it is there, and one time in twenty if it is not (two-sided; arcsine, Cohen 1988).",
    ]
    mean = sample_size(**MEAN, sd=6, customers=80, alpha=0.01, power=0.85)
    assert (
        str(mean.choices[0])
        == "2 minutes less (12 minutes to 10 minutes): 237 customers with the change, and as many without; there are too few"
    )
    assert (
        mean.method
        == "Seen 17 times in 20 if it is there, and one time in a hundred if it is not (two-sided; t test, Cohen 1988)"
    )
    assert "There are 40 with the change, and as many without." in str(mean)
    assert " arm" not in str(mean) + "".join(lines)


def test_what_a_mean_shows_by_the_deadline():
    need = sample_size(**MEAN, sd=6, customers=80)
    before, after = need.visible.removesuffix(" minutes").split(" minutes to ")
    assert t_power((float(before) - float(after)) / 6, 40, 0.05) == pytest.approx(0.8, abs=0.02)


def test_enough_is_enough():
    need = sample_size(**UP, unit=POINTS, traffic=4000, start="2026-12-01", deadline="2027-02-23")
    assert need.choices[0].enough is True
    assert need.advice == ()
    assert "; enough come until 2027-02-23" in str(need)


@pytest.mark.parametrize("given", [{}, UP, {**UP, "unit": POINTS}, MEAN, {**MEAN, "sd": 6}])
def test_twelve_customers_are_told_what_to_do_instead(given):
    need = sample_size(**given, customers=12)
    assert need.per_arm == 6
    assert need.advice[0].startswith("Too few for a test: 6 with the change, and as many without")
    assert any("before with after" in sentence for sentence in need.advice)
    assert any("Watch five" in sentence for sentence in need.advice)


@pytest.mark.parametrize("customers", range(5))
def test_hardly_anybody_is_no_error(customers):
    assert sample_size(**MEAN, sd=6, customers=customers).advice
    assert sample_size(**UP, customers=customers).advice


# A record, and what is named beside it


READY = Hypothesis(
    "H-3fa9c1", "ready", metric="Activation: share of new teams that send an invoice", baseline="30 %", direction="up",
    size="3", unit=POINTS, deadline="2027-02-23", started="2026-12-01", confidence=(Confidence("2026-11-17", 70),),
)  # fmt: skip


def test_a_record_gives_what_is_written_in_it_and_what_is_named_goes_before():
    assert sample_size(READY).n_per_arm == 3762
    assert sample_size(READY, unit=RELATIVE).n_per_arm == 41041
    assert sample_size(READY, size="6 points").n_per_arm < 1000
    assert sample_size(READY, traffic=400).per_arm == 2400
    assert sample_size(READY, traffic=400, start="2027-02-16").per_arm == 200
    assert sample_size(READY, size="3 % relative").n_per_arm == 41041


def test_traffic_and_spread_may_stand_in_the_record():
    assert sample_size(replace(READY, traffic="400/week")).weeks == 19
    assert sample_size(replace(READY, traffic="400/week"), traffic=800).weeks == 10
    mean = Hypothesis("H-1", "draft", baseline="12 minutes", size="2", unit=POINTS, direction="down", sd="6 minutes")
    assert (sample_size(mean).n_per_arm, sample_size(mean).missing) == (143, ())
    assert sample_size(mean, sd=3).n_per_arm < 143


def test_what_cannot_be_read_in_a_record_is_told_with_what_is_missing():
    need = sample_size(replace(READY, traffic="lots"))
    assert (need.n_per_arm, need.weeks) == (3762, None)
    assert need.missing == ("Traffic “lots” is no number of customers; write one such as 400/week or 60 a day.",)
    mean = sample_size(
        Hypothesis("H-1", "draft", baseline="12 minutes", size="2", unit=POINTS, direction="down", sd="wide")
    )
    assert mean.n_per_arm is None
    assert [sentence[:9] for sentence in mean.missing] == ["Sd “wide”"]


def test_an_odd_record_is_no_error_and_an_odd_question_is():
    odd = replace(READY, deadline="end of February", size="a lot", baseline="dunno")
    need = sample_size(odd, traffic=400)
    assert need.n_per_arm is None
    assert any("“A lot” is no number." in sentence for sentence in need.missing)
    with pytest.raises(InputError, match="“end of February” is no day"):
        sample_size(READY, deadline="end of February")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"power": 80}, "power “80” does not lie between 0.5 and 1; write one such as 0.8"),
        ({"alpha": 5}, "alpha “5” does not lie between 0 and 0.5"),
        ({"alpha": 0}, "alpha “0”"),
        ({"power": 1}, "power “1”"),
        ({"traffic": "lots"}, "traffic “lots” is no number of customers; write one such as 400/week"),
        ({"traffic": 0}, "traffic “0”"),
        ({"traffic": "-3/week"}, "traffic “-3/week”"),
        ({"customers": "a dozen"}, "customers “a dozen”"),
        ({"customers": 1.5}, "customers “1.5”"),
        ({"sd": "wide"}, "sd “wide” is no standard deviation"),
        ({"sd": -1}, "sd “-1”"),
        ({"unit": "pp"}, "unit “pp” is not one; write points or relative %"),
        ({"direction": "rises"}, "direction “rises” is not one; write up or down"),
        ({"start": "tomorrow"}, "start “tomorrow” is no day"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_with_what_can(given, words):
    with pytest.raises(InputError) as raised:
        sample_size(**{**UP, **given})
    assert words in str(raised.value)


def test_the_same_question_has_the_same_answer_as_data():
    need = sample_size(READY, traffic="400/week")
    assert need == sample_size(READY, traffic="400/week")
    assert need.to_dict()["choices"][0]["n_per_arm"] == need.to_dict()["n_per_arm"] == 3762
