"""What a card says beside its fields: in words, of one record, and of any text that somebody may type."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.hypotheses import PARTS, sample_size
from workbench.hypotheses.metrics import METRICS
from workbench.records import STATUSES, Confidence, Guardrail, Hypothesis, Quarter
from workbench.rituals.readiness import EXPOSURE, find_steps
from workbench.themes import find_themes
from workbench.widgets.card_hints import (
    METRIC_CHOICES,
    hint_against,
    hint_close,
    hint_confidence,
    hint_due,
    hint_lock,
    hint_metric,
    hint_proposals,
    hint_size,
    hint_start,
)

TODAY = "2026-11-26"
FULL = Hypothesis(
    "H-3fa9c1", "ready", change="show doubles", segment="new teams with 50 customers", metric="share of teams that send",
    direction="up", size="3", unit="points", deadline="2027-02-26", baseline="30 %", traffic="1,500/week",
    guardrails=(Guardrail("Errors", "at most 2"),), slice="CSV only", decision_rule="Ship at +3", evidence=("a#1",),
    logging=("who saw the doubles",), owner="Ines", n_customers=3, n_customers_total=4,
)  # fmt: skip


def note(id_, customer, text, kind="observation"):
    return {
        "note": id_, "call": id_[0], "customer": customer, "segment": "field", "date": pd.Timestamp("2026-11-17"), "kind": kind,
        "text": text, "consent": "quote",
    }  # fmt: skip


@pytest.fixture(scope="module")
def themes():
    rows = [
        note("a#1", "Acme", "The import drops rows of the list", "pain"),
        note("b#1", "Bolt", "Rows of the list are lost in the import", "pain"),
        note("b#2", "Bolt", "Types lost rows of the import list in again", "workaround"),
        note("c#1", "Core", "Import of all our rows was easy, no trouble"),
        note("d#1", "Dune", "The import of the list of rows is on Mondays"),
    ]
    return find_themes(pd.DataFrame(rows), n_themes=1)


# Sample size


@pytest.mark.parametrize("unit", [None, "points", "relative %"])
def test_both_readings_say_what_they_take_whichever_is_chosen(unit):
    first, second = hint_size(replace(FULL, unit=unit), TODAY)["readings"]
    assert (first["label"], first["outcome"], first["needs"], first["enough"]) == (
        "+3 points", "30 % to 33 %", "3,762 customers with the change, and as many without; 6 weeks; enough come until 2027-02-26", True,
    )  # fmt: skip
    assert (second["outcome"], second["needs"], second["enough"]) == (
        "30 % to 30.9 %", "41,041 customers with the change, and as many without; 55 weeks; too few come until 2027-02-26", False,
    )  # fmt: skip
    assert (second["share"], first["share"]) == (1, round(3762 / 41041, 4)), "one scale"


def test_what_a_finding_says_already_is_not_said_twice():
    size = hint_size(replace(FULL, baseline=None, unit=None), TODAY)
    assert (size["missing"], [reading["needs"] for reading in size["readings"]]) == ([], ["", ""])
    assert hint_size(replace(FULL, unit=None), TODAY)["missing"] == [], "the question beside it asks"
    many = hint_size(replace(FULL, baseline="12", metric="number of tickets"), TODAY)["missing"]
    assert len(many) == 1
    assert "one number for everybody" in many[0]


def test_a_mean_asks_for_its_standard_deviation_and_a_share_does_not():
    mean = replace(FULL, baseline="12 minutes", metric="minutes for the task", direction="down", size="2")
    asked = hint_size(mean, TODAY)
    assert asked["asks_sd"]
    assert asked["missing"][0].startswith("No standard deviation.")
    assert asked["readings"][0]["needs"] == "cannot be told yet"
    told = hint_size(replace(mean, sd="6"), TODAY)
    assert (told["asks_sd"], told["missing"]) == (True, [])
    assert told["readings"][0]["needs"].startswith("143 customers with the change, and as many without; 1 week")
    assert "t test" in told["method"]
    assert not hint_size(FULL, TODAY)["asks_sd"]


def test_where_too_few_come_it_says_so_and_what_to_do_instead_until_the_test_has_ended():
    few = replace(FULL, traffic="3/week")
    first, *instead = hint_size(few, TODAY)["advice"]
    assert (
        first
        == "Too few for a test until 2027-02-26: 19 with the change, and as many without, where chance alone makes large differences."
    )
    assert [words.split()[0] for words in instead] == ["Compare", "Watch"]
    assert hint_size(replace(few, status="refuted"), TODAY)["advice"] == []
    assert hint_size(replace(few, started="2027-02-01"), TODAY)["advice"][0].startswith(
        "Too few for a test until 2027-02-26: 5"
    )
    assert (
        "9,857 come until 2027-02-26 with the change, and as many without. With those, a change from 30 % to 31.8 % or more"
        in hint_size(FULL, TODAY)["visible"]
    )


def test_what_cannot_be_read_is_said_at_its_field_and_the_rest_is_worked_out():
    size = hint_size(replace(FULL, traffic="many", sd="wide"), TODAY)
    assert size["odd"] == {
        "traffic": "Traffic “many” is no number of customers; write one such as 400/week or 60 a day.",
        "sd": "Sd “wide” is no standard deviation; write a number above 0, in the unit of the baseline.",
    }
    assert size["readings"][0]["needs"] == "3,762 customers with the change, and as many without"


written = st.one_of(st.none(), st.text(max_size=20), st.from_regex(r"-?\d{1,6}([.,]\d{1,3})? ?(%|points|minutes|/week| of \d+)?", fullmatch=True))  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(written, written, written, written, written, st.sampled_from([None, "up", "down"]))
def test_whatever_stands_in_the_fields_the_card_can_be_drawn(baseline, size, traffic, sd, deadline, direction):
    odd = replace(
        FULL, baseline=baseline, size=size, unit=None, traffic=traffic, sd=sd, deadline=deadline, direction=direction
    )
    said = hint_size(odd, TODAY)
    assert {"readings", "asks_sd", "odd", "missing", "advice", "visible", "method", "needed"} == said.keys()
    assert all(0 <= reading["share"] <= 1 for reading in said["readings"])


NEEDED = "Needed for +3 points (30 % to 33 %): 3,762 customers with the change, and as many without; {} weeks."


def test_once_closed_it_says_what_was_needed_and_gives_no_advice():
    for status in ("supported", "refuted", "dropped"):
        closed = hint_size(replace(FULL, status=status), TODAY)
        assert closed.pop("needed") == NEEDED.format(6)
        assert not any(closed.values())
    assert hint_size(FULL, TODAY)["needed"] == ""
    for unknown in ({"unit": None}, {"size": "a lot"}, {"baseline": None}):
        assert hint_size(replace(FULL, status="refuted", **unknown), TODAY)["needed"] == ""


# Metric


@pytest.mark.parametrize(
    ("metric", "family", "said"),
    [
        (None, None, ""),
        ("Page views", None, ""),
        ("zebras", None, "No word of it tells which family it is of."),
        ("Churn: share of customers that leave in a month", None, "A metric of engagement and retention. It moves long after a change."),
        ("Errors", None, "A metric of quality and reliability. It moves within days of a change."),
        ("Errors", "monetization", "A metric of monetization, as you chose."),
        ("Errors", "quality and reliability", "A metric of quality and reliability, as you chose. It moves within days of a change."),
        ("Lists refused", None, "A guess, from “refused”: a metric of quality and reliability. It would move within days of a change."),
        ("Lists refused", "quality and reliability", "A metric of quality and reliability, as you chose."),
        ("zebras", "acquisition", "A metric of acquisition, as you chose."),
    ],
)  # fmt: skip
def test_of_a_metric_the_family_is_told_a_guess_is_called_one_and_what_was_chosen_holds(metric, family, said):
    assert hint_metric(replace(FULL, metric=metric, family=family))["said"] == said


def test_every_metric_can_be_chosen_once():
    chosen = [metric["words"] for group in METRIC_CHOICES for metric in group["metrics"]]
    assert sorted(chosen) == sorted(str(metric) for metric in METRICS)


# Start and end


OPENS = {
    "change": "the change", "segment": "the customers", "metric": "the metric", "baseline": "where it stands now",
    "direction": "rises or falls", "size": "by how much", "deadline": "the day", "slice": "the thin slice",
    "decision_rule": "the decision rule", "owner": "the owner",
}  # fmt: skip


@pytest.mark.parametrize(("field", "words"), OPENS.items())
def test_what_is_open_is_named_before_a_start(field, words):
    assert hint_start(replace(FULL, **{field: None}), TODAY) == {
        "said": f"The test cannot start yet. Still open: {words}.", "open": [{"field": field, "words": words}],
    }  # fmt: skip


def test_the_card_asks_for_what_wednesdays_gate_asks_for():
    assert [step.part for step in find_steps(replace(FULL, logging=())) if not step.stands] == ["logging"]
    bare = Hypothesis("H-1", "draft")
    parts = {step.part for step in find_steps(bare) if not step.stands}
    fields = {one["field"] for one in hint_start(bare, TODAY)["open"]}
    of = PARTS | {"logging": ("logging",), "owner": ("owner",)}
    assert {part for part, names in of.items() if fields & {*names}} == parts


def test_what_is_to_be_logged_is_offered_until_a_line_names_it(themes):
    bare = replace(
        FULL, logging=(), metric="Import completed", guardrails=(Guardrail("Slowest tenth", "under 4 minutes"),)
    )
    found = {one["words"]: one["why"] for one in hint_proposals(themes, bare, None, str) if one["field"] == "logging"}
    assert [*found] == [EXPOSURE, "Import completed", "Slowest tenth"]
    assert all(why.endswith(".") for why in found.values())
    named = replace(bare, logging=("list imported, with or without the page", "minutes of the slowest tenth"))
    assert not [one for one in hint_proposals(themes, named, None, str) if one["field"] == "logging"]


def test_nothing_is_named_when_nothing_is_open_and_a_day_that_has_passed_is():
    assert hint_start(FULL, TODAY) == {"said": "", "open": []}
    assert hint_start(FULL, "2027-02-26")["said"] == "The test cannot start yet. Still open: the day."
    bare = replace(FULL, guardrails=(), evidence=(), unit=None, logging=())
    assert hint_start(bare, TODAY)["said"] == (
        "The test cannot start yet. Still open: points or relative %, the evidence, the guardrails, what is logged first."
    )


def test_what_is_locked_says_since_when_and_how_to_go_back():
    begun = replace(FULL, started="2026-11-20")
    assert {status: hint_lock(replace(begun, status=status)) for status in STATUSES} == {
        "draft": "", "ready": "",
        "running": "Locked since the start on 2026-11-20; set the test back to change it.",
        "supported": "Locked since the start on 2026-11-20; open it again and set the test back to change it.",
        "refuted": "Locked since the start on 2026-11-20; open it again and set the test back to change it.",
        "dropped": "Locked since the start on 2026-11-20; take it up again and set the test back to change it.",
    }  # fmt: skip
    assert hint_lock(replace(FULL, status="running")) == "Locked since the start; set the test back to change it."
    assert hint_lock(replace(FULL, status="dropped")) == "", "what never began can be thought about on"


def test_a_running_test_says_that_its_day_has_come():
    running = replace(FULL, status="running")
    assert hint_due(running, "2027-02-25") == ""
    assert hint_due(running, "2027-02-26") == "You wanted to look on 2027-02-26, and that day has come."
    assert hint_due(replace(running, deadline="soon"), "2027-02-26") == hint_due(FULL, "2027-02-26") == ""


def test_what_a_close_needs_is_named():
    learned = {"result": "32 %", "believed": "a", "observed": "b", "learned": "c", "therefore": "d"}
    done = replace(FULL, **learned)
    assert hint_close(done) == ""
    words = "what was measured, what you believed, what you observed, what you learned and what you do therefore"
    assert hint_close(FULL) == f"Before it is called supported or refuted, write {words}."
    for name, part in zip(learned, words.replace(" and ", ", ").split(", "), strict=True):
        assert hint_close(replace(done, **{name: None})) == f"Before it is called supported or refuted, write {part}."
    broken = replace(done, breached=("Errors: 3 in 1,000",))
    said = "A guardrail was broken: Errors: 3 in 1,000. It cannot be called supported."
    assert [hint_close(replace(broken, status=status)) for status in ("supported", "refuted")] == [said, ""]


# Confidence


LOG = (Confidence("2026-11-02", 60), Confidence("2026-11-09", 90), Confidence("2026-12-20", 20))


def test_confidence_says_the_last_word_and_which_one_is_scored():
    assert hint_confidence(FULL) == {
        "said": "Written down with its day, and scored once the result is in.", "last": [],
    }  # fmt: skip
    told = hint_confidence(replace(FULL, confidence=LOG[:1]))
    assert told == {"said": "Last: 60 % on 2026-11-02.", "last": ["2026-11-02", "60"]}
    running = replace(FULL, status="running", started="2026-11-10", confidence=LOG)
    assert hint_confidence(running)["said"] == (
        "Last: 20 % on 2026-12-20. What was said before the start is scored: 90 % on 2026-11-09."
    )
    late = replace(running, confidence=LOG[2:])
    assert hint_confidence(late)["said"].endswith("What was said before the start is scored: there was nothing yet.")


def test_once_the_result_is_in_confidence_is_scored():
    closed = replace(FULL, status="refuted", started="2026-11-10", closed="2026-12-21", confidence=LOG)
    assert hint_confidence(closed)["said"] == (
        "You said 90 % on 2026-11-09, and it was refuted: Brier score 0.81 (0 is perfect, always saying 50 % gets 0.25)."
    )
    assert "Brier score 0.01 " in hint_confidence(replace(closed, status="supported"))["said"]
    silent = hint_confidence(replace(closed, confidence=()))["said"]
    assert silent == "It is refuted, and no confidence was logged before its start, 2026-11-10."


# What the notes offer


def test_who_may_say_the_opposite_comes_with_the_words_and_is_asked_once(themes):
    h = replace(FULL, evidence=("a#1", "b#1", "b#2"))
    first, *_ = hint_against(themes, h)
    assert (first["note"], first["inside"]) == ("c#1", False)
    assert first["why"] == "It went well: “was easy”, “no trouble”."
    for judged in ("against", "not_against"):
        assert "c#1" not in [found["note"] for found in hint_against(themes, replace(h, **{judged: ("c#1",)}))]
    assert hint_against(themes, replace(h, status="dropped")) == hint_against(themes, replace(h, evidence=())) == []


def test_that_a_note_of_the_evidence_only_tells_of_no_trouble_is_not_asked_about(themes):
    outside = hint_against(themes, replace(FULL, evidence=("a#1", "b#1", "b#2")))
    assert "It tells of no trouble about" in next(found["why"] for found in outside if found["note"] == "d#1")
    inside = hint_against(themes, replace(FULL, evidence=("a#1", "b#1", "b#2", "d#1", "c#1")))
    assert [(found["note"], found["inside"]) for found in inside] == [("c#1", True)]


def test_proposals_come_with_their_source_and_a_question_is_one(themes):
    h = Hypothesis("draft-1", "draft", evidence=("a#1", "b#1", "b#2"))
    found = hint_proposals(themes, h, Quarter(), lambda note: f"interviews/{note[0]}.md:7")
    assert {one["field"] for one in found} == {"segment", "metric", "because", "guardrails", "slice"}
    assert [one["asks"] for one in found] == [one["field"] == "slice" for one in found]
    (because,) = (one for one in found if one["field"] == "because")
    assert because["words"] == "“The import drops rows of the list”"
    assert (because["where"], "Acme" in because["why"]) == ("interviews/a.md:7", True)
    settled = replace(h, status="supported")
    assert hint_proposals(themes, settled, None, str) == []
    begun = {one["field"] for one in hint_proposals(themes, replace(h, status="running"), Quarter(deadline=TODAY), str)}
    assert begun == {"because", "slice", "believed"}, "nothing for what is locked"
    running = hint_proposals(themes, replace(FULL, status="running", because="x"), None, str)
    (believed,) = (one for one in running if one["field"] == "believed")
    assert believed["words"].startswith("If we show doubles, for new teams with 50 customers")


def test_of_a_size_from_the_quarter_the_unit_comes_along(themes):
    quarter = Quarter(metric="Import completed", baseline="30 %", size="5", unit="relative %", deadline="2027-03-31")
    h = Hypothesis("draft-1", "draft", metric="Import completed", evidence=("a#1", "b#1"))
    found = {one["field"]: one for one in hint_proposals(themes, h, quarter, str)}
    assert (found["size"]["words"], found["size"]["fields"]) == ("5 relative %", {"size": "5", "unit": "relative %"})
    assert (found["baseline"]["words"], found["baseline"]["fields"]) == ("30 %", {"baseline": "30 %"})
    assert found["deadline"]["why"] == "From your quarter."
    bare = {one["field"]: one for one in hint_proposals(themes, h, replace(quarter, unit=None), str)}
    assert bare["size"]["fields"] == {"size": "5"}, "the card asks which one"


def test_the_words_are_those_of_the_sample_size():
    (need,) = sample_size(FULL, traffic="1,500/week", start=TODAY).choices
    assert str(need).endswith(hint_size(FULL, TODAY)["readings"][0]["needs"])
