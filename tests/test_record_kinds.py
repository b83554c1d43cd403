"""Bets, decisions, weeks and the fields that hypotheses have gained read from front matter; odd ones are said with their line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import InputError
from workbench.frontmatter import set_fields, split_front_matter, split_lines
from workbench.records import (
    KINDS,
    Confidence,
    Segment,
    first_text,
    kind_of,
    parse_bet,
    parse_decision,
    parse_hypothesis,
    parse_quarter,
    parse_week,
)


def front(*rows):
    return "---\n" + "".join(f"{row}\n" for row in rows) + "---\n"


def said(problems):
    return [str(problem) for problem in problems]


def test_a_bet():
    text = front(
        "title: Lists get in faster", "status: Active", "tier: 1", "outcome: First list in an hour", "owner: Ines",
        "review: 2027-01-15", "hypotheses: [H-3fa9c1]", "needs:", "  - Bank access: Omar, 2027-01-08",
    )  # fmt: skip
    bet, problems = parse_bet(text, "discovery/bets/B-3fa9c1-lists.md")
    assert problems == []
    assert (bet.id, bet.status, bet.tier, bet.owner, bet.review) == ("B-3fa9c1", "active", "1", "Ines", "2027-01-15")
    assert (bet.hypotheses, bet.needs) == (("H-3fa9c1",), (("Bank access", "Omar, 2027-01-08"),))
    assert bet.lines["review"] == 7


def test_what_of_a_bet_cannot_be_read_is_said_and_left_open():
    bet, problems = parse_bet(front("status: nearly", "tier: top", "review: soon"), "discovery/bets/B-1.md")
    assert (bet.status, bet.tier, bet.review) == ("planned", None, None)
    assert said(problems) == [
        "discovery/bets/B-1.md:2: status 'nearly' is not known; write one of planned, active, shipped, done, dropped",
        "discovery/bets/B-1.md:3: tier 'top' is not known; write one of 1, 2, 3",
        "discovery/bets/B-1.md:4: review 'soon' is no day; write it as year, month, day, such as 2027-01-15",
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [("7 of 12", (7, 12)), ("7 of 12 customers", (7, 12)), ("7", (7, None)), ('""', None), ("seven", None)],
)
def test_the_customers_behind_a_decision(written, read):
    decision, problems = parse_decision(front(f"customers: {written}"), "discovery/decisions/D-81c0e2-x.md")
    assert decision.customers == read
    assert len(problems) == (written == "seven")


def test_a_week_is_named_by_its_file():
    week, problems = parse_week(front("outcomes: [a, b]", "blockers:", "  - Bank: Omar"), "discovery/weeks/2026-W47.md")
    assert (week.id, week.outcomes, week.blockers, problems) == ("2026-W47", ("a", "b"), (("Bank", "Omar"),), [])
    assert said(parse_week("", "discovery/weeks/2026-W60.md")[1]) == [
        "discovery/weeks/2026-W60.md:1: '2026-W60' is no week; name the file after its year and week, such as 2026-W47.md"
    ]


def test_the_log_of_confidence_is_sorted_and_what_is_odd_is_said():
    text = front("confidence:", "  - 2026-11-24: 55 %", '  - "2026-11-17: 70"', "  - 2026-11-30: 170 %", "  - high")
    hypothesis, problems = parse_hypothesis(text, "discovery/hypotheses/H-1.md")
    assert hypothesis.confidence == (Confidence("2026-11-17", 70), Confidence("2026-11-24", 55))
    assert [problem.what for problem in problems] == [
        "confidence '2026-11-30: 170 %' is no day with a per cent",
        "confidence 'high' is no day with a per cent",
    ]


def test_segments_of_the_quarter_with_and_without_what_they_leave_out():
    text = front("segments:", "  - field: more than 250 people", "  - services", '  - "wholesale: large, or abroad"')
    assert parse_quarter(text)[0].segments == (
        Segment("field", "more than 250 people"),
        Segment("services"),
        Segment("wholesale", "large, or abroad"),
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_record_has_a_place_for_each_field_and_reads_without_a_word(kind):
    given = {"id": "X-3fa9c1"} if KINDS[kind].head else {}
    text = first_text(kind, given, "\nProse\n")
    file = f"{KINDS[kind].folder}/2026-W47.md"
    assert KINDS[kind].parse(text, file)[1] == []
    assert list(split_front_matter(split_lines(text), file)[0].values) == ["version", *KINDS[kind].fields]
    assert text.endswith("---\n\nProse\n")
    assert kind_of(file) is KINDS[kind]


def test_a_field_that_no_record_has_is_refused_with_those_it_has():
    with pytest.raises(InputError, match=r"a bet has no field 'colour'; it has version, id, title"):
        first_text("bet", {"colour": "red"})
    with pytest.raises(InputError, match="no kind of record 'song'; use one of hypothesis, bet, decision, week"):
        first_text("song", {})


@given(kind=st.sampled_from(sorted(KINDS)), value=st.text(max_size=40), prose=st.text(max_size=60))
def test_setting_a_field_of_any_record_leaves_unknown_fields_and_prose_as_they_are(kind, value, prose):
    text = first_text(kind, {}, f"\n{prose}").replace("---\n", "---\nmood: good  # mine\n", 1)
    name = next(name for name in KINDS[kind].fields if name not in KINDS[kind].lists) if KINDS[kind].head else "week"
    after = set_fields(text, {name: value})
    assert "mood: good  # mine\n" in after
    assert after.endswith(f"---\n\n{prose}")


@given(st.text(max_size=300))
def test_no_text_of_any_kind_of_record_is_a_traceback(text):
    for kind in KINDS.values():
        kind.parse(text, f"{kind.folder}/x.md")
        kind.parse(f"---\n{text}\n---\n", f"{kind.folder}/x.md")


def test_an_item_with_a_colon_in_it_is_an_item():
    """YAML takes it for a field; the PM meant a line."""
    week, problems = parse_week(
        front("planned:", "  - Call Alder: prices", "  - Decide", "next: {Ask: support}"), "discovery/weeks/2026-W47.md"
    )
    assert week.planned == ("Call Alder: prices", "Decide")
    assert week.next == ("Ask: support",)
    assert problems == []
    assert said(parse_week(front("next:", "  - {a: b, c: d}"), "discovery/weeks/2026-W47.md")[1])


def test_an_item_with_a_colon_in_it_reads_back_when_it_is_set():
    text = front("planned:", "  - Call Alder: prices", "  - Decide")
    changed = set_fields(text, {"planned": ["Call Alder: prices", "Decide", "Ask: Omar"]})
    assert parse_week(changed, "discovery/weeks/2026-W47.md")[0].planned == (
        "Call Alder: prices",
        "Decide",
        "Ask: Omar",
    )


def test_a_record_that_is_named_in_another_way_has_its_whole_name_for_an_id():
    """Two of a year would be one otherwise."""
    assert (
        parse_decision(front("status: proposed"), "discovery/decisions/2026-11-20 reader.md")[0].id
        == "2026-11-20 reader"
    )
