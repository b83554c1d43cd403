"""What the PM decided reads from front matter; what is missing stays open and what is odd is said with its line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import Problem
from workbench.frontmatter import set_fields
from workbench.records import (
    HYPOTHESIS_FIELDS,
    STATUSES,
    UNITS,
    Guardrail,
    Hypothesis,
    Quarter,
    parse_hypothesis,
    parse_quarter,
)

FILE = "discovery/hypotheses/H-3fa9c1-templates.md"

RECORD = """---
version: 1
id: H-3fa9c1
status: running
change: pre-load  templates
segment: services
metric: "Activation: share of teams"
direction: Up
size: 3
unit: points
deadline: 2027-03-31
baseline: 30 %
because: nine of twelve clean a list first
guardrails:
  - Import errors: at most 2 in 1,000
  - Complaints
slice: one template, ten teams
decision_rule: ship at +3 points, else stop
looked_for_against: 2026-11-26
evidence: [a#1, b#1]
against:
  - c#1
---
# Notes

size: 99
"""


def read(*fields, file=FILE):
    hypothesis, problems = parse_hypothesis("---\n" + "".join(f"{row}\n" for row in fields) + "---\n", file)
    return hypothesis, [str(problem) for problem in problems]


# A record


def test_the_record_of_the_format_description():
    hypothesis, problems = parse_hypothesis(RECORD, FILE)
    assert problems == []
    assert hypothesis == Hypothesis(
        id="H-3fa9c1",
        status="running",
        change="pre-load templates",
        segment="services",
        metric="Activation: share of teams",
        direction="up",
        size="3",
        unit="points",
        deadline="2027-03-31",
        baseline="30 %",
        because="nine of twelve clean a list first",
        guardrails=(Guardrail("Import errors", "at most 2 in 1,000"), Guardrail("Complaints")),
        slice="one template, ten teams",
        decision_rule="ship at +3 points, else stop",
        looked_for_against="2026-11-26",
        evidence=("a#1", "b#1"),
        against=("c#1",),
        file=FILE,
    )
    assert hypothesis.open == ()


@pytest.mark.parametrize(
    ("file", "id_"),
    [(FILE, "H-3fa9c1"), ("H-3fa9c1.md", "H-3fa9c1"), ("discovery/hypotheses/H-81c0e2-a-long-name.md", "H-81c0e2")],
)
def test_the_files_name_gives_the_id_where_the_record_does_not(file, id_):
    hypothesis, problems = parse_hypothesis("", file)
    assert (hypothesis.id, hypothesis.file, problems) == (id_, file, [])
    assert read("id: H-000001", file=file)[0].id == "H-000001"


def test_a_record_without_fields_is_a_draft_with_everything_open():
    hypothesis, _ = read()
    assert hypothesis.status == "draft"
    assert hypothesis.open == ("change", "segment", "metric", "direction", "size", "unit", "deadline")
    assert hypothesis.evidence == hypothesis.against == ()


@pytest.mark.parametrize("field", ["change", "segment", "metric", "direction", "size", "unit", "deadline"])
def test_a_field_that_is_missing_empty_or_no_text_is_open(field):
    rows = RECORD.split("---\n")[1].splitlines()
    for instead in ([], [f"{field}:"], [f"{field}: '  '"], [f"{field}: [a]"]):
        hypothesis, _ = read(*(row for row in rows if not row.startswith(f"{field}:")), *instead)
        assert hypothesis.open == (field,)


@pytest.mark.parametrize(
    ("written", "size"), [("3%", "3"), ("3 %", "3"), ("+3%", "3"), ("'%'", None), ("-3 %", "-3"), ("2.5%", "2.5")]
)
def test_a_size_in_per_cent_can_be_read_in_two_ways_and_is_complained_of(written, size):
    hypothesis, (said,) = read("id: H-3fa9c1", "", f"size: {written}")
    assert hypothesis.size == size
    assert said.startswith(f"{FILE}:4: size ")
    assert "can be read in two ways; write the number alone, and  unit: points  or  unit: relative %" in said


@pytest.mark.parametrize("unit", UNITS)
def test_a_size_with_its_unit_is_not_complained_of(unit):
    hypothesis, problems = read("size: 3", f"unit: {unit}")
    assert (hypothesis.size, hypothesis.unit, problems) == ("3", unit, [])


@pytest.mark.parametrize(
    ("written", "size", "unit"),
    [
        ("3 points", "3", "points"), ("+3 pp", "3", "points"), ("3 percentage points", "3", "points"),
        ("3 %-points", "3", "points"), ("1 point", "1", "points"), ("3 % relative", "3", "relative %"),
        ("relative %", None, "relative %"), ("three", "three", None), ("3 pints", "3 pints", None),
    ],
)  # fmt: skip
def test_the_unit_may_stand_behind_the_number(written, size, unit):
    hypothesis, problems = read(f"size: {written}")
    assert (hypothesis.size, hypothesis.unit, problems) == (size, unit, [])


def test_a_per_cent_sign_beside_a_unit_says_nothing_new():
    hypothesis, problems = read("size: +3 %", "unit: points")
    assert (hypothesis.size, hypothesis.unit, problems) == ("3", "points", [])


@pytest.mark.parametrize(
    "rows",
    [
        ["guardrails:", "  - Errors: at most 2", "  - Complaints"],
        ["guardrails: ['Errors: at most 2', 'Complaints']"],
        ["guardrails:", "  Errors: at most 2", "  Complaints:"],
        ["guardrails: [{Errors: at most 2, Complaints: ''}]"],
    ],
)
def test_guardrails_read_however_yaml_takes_them(rows):
    assert read(*rows)[0].guardrails == (Guardrail("Errors", "at most 2"), Guardrail("Complaints"))


SHORT = st.text(alphabet="ab: é\n#'\"-", max_size=12)


@given(st.lists(st.builds(Guardrail, SHORT, SHORT), max_size=3))
def test_a_guardrail_keeps_its_name_and_what_was_written_once_stays(rails):
    once = parse_hypothesis(set_fields("", {"guardrails": [str(rail) for rail in rails]}), FILE)[0].guardrails
    again = parse_hypothesis(set_fields("", {"guardrails": [str(rail) for rail in once]}), FILE)[0].guardrails
    names = [" ".join(rail.name.split()) for rail in rails]
    assert again == once
    assert [rail.name for rail in once if rail.name] == [name for name in names if name]


@pytest.mark.parametrize(
    ("row", "field", "value", "accepted"),
    [
        ("status: done", "status", "draft", ", ".join(STATUSES)),
        ("unit: per cent", "unit", None, "points, relative %"),
        ("direction: sideways", "direction", None, "up, down"),
    ],
)
def test_a_word_that_is_not_known_is_not_guessed_at(row, field, value, accepted):
    hypothesis, (said,) = read("id: H-3fa9c1", row)
    assert getattr(hypothesis, field) == value
    assert said == f"{FILE}:3: {field} {row.split(': ')[1]!r} is not known; write one of {accepted}"


def test_front_matter_that_cannot_be_read_keeps_what_stands_on_plain_lines():
    hypothesis, said = read("id: H-3fa9c1", "change: Acme: templates", "size: 4%")
    assert (hypothesis.change, hypothesis.size) == ("Acme: templates", "4")
    assert [words.split("; ")[0] for words in said] == [
        f"{FILE}:3: cannot read 'change: Acme: templates' as a field",
        f"{FILE}:4: size '4%' can be read in two ways",
    ]


@given(st.text(max_size=80))
def test_any_text_reads(text):
    for source in (text, f"---\n{text}\n---\n"):
        hypothesis, problems = parse_hypothesis(source, FILE)
        assert all(isinstance(problem, Problem) for problem in problems)
        assert hypothesis.status in STATUSES
        assert isinstance(hypothesis.statement, str)
        parse_quarter(source)


# The sentence


def test_a_hypothesis_is_one_sentence():
    hypothesis, _ = parse_hypothesis(RECORD, FILE)
    assert hypothesis.statement == (
        "If we pre-load templates, for services, then Activation rises by 3 points by 2027-03-31, "
        "because nine of twelve clean a list first"
    )


def test_what_is_open_stands_in_brackets():
    assert Hypothesis("H-1", "draft").statement == (
        "If we [change], for [segment], then [metric] [rises or falls] by [size] [unit] by [deadline]"
    )


@pytest.mark.parametrize(("direction", "verb"), [("up", "rises"), ("down", "falls"), (None, "[rises or falls]")])
def test_the_direction_is_a_verb(direction, verb):
    assert f"churn {verb} by" in Hypothesis("H-1", "draft", metric="churn", direction=direction).statement


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"because": "I saw it"}, [", because I saw it"]),
        ({"n_customers": 4, "n_customers_total": 12}, [", because 4 of 12 customers speak of it"]),
        ({"n_customers": 4, "n_customers_total": 12, "claim": "It resets"}, [", because 4 of 12 ", "“It resets”"]),
        # What the PM thinks is never said to be customers' words.
        (
            {"n_customers": 4, "n_customers_total": 12, "claim": "It resets", "because": "I saw it"},
            [", because I saw it;", "4 of 12 customers speak of it"],
        ),
        ({"because": "I saw it"}, [", because I saw it"]),
        ({"size": "3", "unit": "relative %"}, [" by 3 % (relative) by ", "[deadline]"]),
        ({}, [" by [deadline]"]),
    ],
)
def test_the_reason_is_a_count_and_words(fields, words):
    """How they are joined may change; what is said, its order and that it ends the sentence may not."""
    statement = Hypothesis("H-1", "draft", **fields).statement
    places = [statement.find(part) for part in words]
    assert -1 not in places
    assert places == sorted(places)
    assert statement.endswith(words[-1])


def test_a_hypothesis_as_data_has_the_documented_fields():
    data = parse_hypothesis(RECORD, FILE)[0].to_dict()
    assert tuple(data) == HYPOTHESIS_FIELDS
    assert (data["evidence"], data["against"], data["open"]) == (["a#1", "b#1"], ["c#1"], [])
    assert data["statement"].startswith("If we pre-load templates")
    assert Hypothesis("H-1", "draft").to_dict()["change"] is None


# The quarter


def test_the_quarter_of_the_format_description():
    text = (
        "---\ntitle: What holds\n  teams up\nmetric: activation\ndirection: UP\n"
        "bets:\n  - Faster lists\n  - Fewer  steps\nwont_do: Single sign-on\n---\n# Trigger\n"
    )
    quarter, problems = parse_quarter(text)
    assert problems == []
    assert quarter == Quarter(
        title="What holds teams up", metric="activation", direction="up", bets=("Faster lists", "Fewer steps"),
        wont_do=("Single sign-on",),
    )  # fmt: skip


@pytest.mark.parametrize("text", ["", "# Only prose\n", "---\n---\n"])
def test_a_quarter_may_be_missing(text):
    assert parse_quarter(text) == (Quarter(), [])


def test_a_direction_that_is_none_is_said_with_its_line():
    quarter, (said,) = parse_quarter("---\nmetric: activation\ndirection: more\n---\n")
    assert quarter.direction == ""
    assert str(said) == "discovery/quarter.md:3: direction 'more' is not known; write one of up, down"


def test_the_quarter_of_the_sample_reads():
    text = (Path(__file__).parent.parent / "discovery" / "quarter.md").read_text("utf-8")
    quarter, problems = parse_quarter(text)
    assert problems == []
    assert [name for name in Quarter.__dataclass_fields__ if not getattr(quarter, name)] == []
    assert (len(quarter.bets), quarter.direction) == (3, "up")
