"""Whether a result comes to what was aimed at: which number is the one that was measured, and when that cannot be told."""

import pytest

from workbench.hypotheses.readings import compare_result, read_change
from workbench.records import Hypothesis

SHARE = {"baseline": "30 %", "direction": "up", "size": "3", "unit": "points"}
MEAN = {"baseline": "12 minutes", "direction": "down", "size": "2", "unit": "points"}


def compared(result, **fields):
    return compare_result(Hypothesis("H-1", "supported", result=result, **fields))


@pytest.mark.parametrize(
    ("result", "measured"),
    [
        ("32.1 %, 4,012 of 12,498", "32.1 %"),
        ("4,012 of 12,498", "32.1 %"),
        ("34", "34 %"),
        ("34 per cent", "34 %"),
        ("32,1 %, before 30 %", "32.1 %"),
        ("before 30 %, now 34 %", "34 %"),
        ("from 28 % to 33 %", "33 %"),
        ("30 % to 34 %", "34 %"),
        ("30 % → 34 %", "34 %"),
        ("30–34 %", "34 %"),
        ("Control 30 %, with it 34 %", "34 %"),
        ("33 % (95 % CI 30 % to 36 %)", "33 %"),
        ("2 points more, 32 %", "32 %"),
    ],
)
def test_the_level_of_a_share_is_found_among_the_numbers_of_a_result(result, measured):
    assert compared(result, **SHARE).measured == measured
    assert compared(result, **SHARE).target == "33 %"


@pytest.mark.parametrize(
    ("result", "measured"),
    [
        ("9 minutes", "9 minutes"),
        ("9.5 min, before 12", "9.5 minutes"),
        ("12 minutes to 11 minutes", "11 minutes"),
        ("40 teams, 11 minutes", "11 minutes"),
        ("10", "10 minutes"),
    ],
)
def test_a_mean_is_measured_in_the_unit_of_its_baseline(result, measured):
    assert compared(result, **MEAN).measured == measured
    assert compared(result, **MEAN).reached == (float(measured.split()[0]) <= 10)


@pytest.mark.parametrize(
    ("result", "fields"),
    [
        ("", SHARE), ("better than we hoped", SHARE), ("+4 %", SHARE), ("4 % more", SHARE), ("31–36 %", SHARE),
        ("12 of them said so, 3 of 5 guardrails held", {**SHARE, "baseline": "a third"}), ("34 %", {**SHARE, "unit": None}),
        ("34 %", {**SHARE, "direction": None}), ("34 %", {**SHARE, "size": "a lot"}), ("570 seconds", MEAN), ("2 minutes less", MEAN),
        ("9.8 to 11.2 minutes", MEAN),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_not(result, fields):
    assert compared(result, **fields) is None


@pytest.mark.parametrize(
    ("fields", "result", "reached"),
    [
        (SHARE, "33 %", True), (SHARE, "32.9 %", False), ({**SHARE, "unit": "relative %"}, "30.9 %", True),
        ({**SHARE, "unit": "relative %"}, "30.8 %", False), ({**SHARE, "direction": "down"}, "27 %", True),
        ({**SHARE, "direction": "down"}, "27.1 %", False), ({**SHARE, "baseline": "300 of 1,000 teams"}, "33 %", True),
    ],
)  # fmt: skip
def test_what_is_aimed_at_goes_by_unit_and_direction(fields, result, reached):
    assert compared(result, **fields).reached is reached


def test_points_of_a_mean_are_called_by_its_unit():
    def labels(**fields):
        return [reading.label for reading in read_change(Hypothesis("H-1", "draft", **fields))]

    assert labels(**MEAN) == ["2 minutes less", "\u22122 % relative"]
    assert labels(**{**MEAN, "size": "1", "direction": "up"}) == ["1 minute more", "+1 % relative"]
    assert labels(**{**MEAN, "baseline": "4.2 on a scale of 5"})[0] == "\u22122 points"
    assert labels(**{**SHARE, "baseline": "3 of 10"}) == ["+3 points", "+3 % relative"]
