"""What is proposed is somebody's own words, counted by customer, and never what only the PM can know."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from workbench.hypotheses import draft_hypotheses, draft_hypothesis, propose
from workbench.hypotheses.metrics import FAMILIES
from workbench.hypotheses.proposals import PROPOSED
from workbench.records import Guardrail, Hypothesis, Quarter
from workbench.themes import find_themes

ROWS = [
    ("a", "Acme", "Import lost rows, an error each time", "pain"),
    ("a", "Acme", "Import lost rows, an error, error, error again", "observation"),
    ("b", "Bolt", "Types the lost import rows in again by hand", "workaround"),
    ("c", "Core", "Import lost rows took us 3 hours", "quote"),
    ("d", "Dune", "Will send the import with the lost rows", "commitment"),
]


@pytest.fixture
def themes(frame):
    def make(rows=ROWS, **columns):
        return find_themes(frame([row[:3] for row in rows], kind=[row[3] for row in rows], **columns), n_themes=1)

    return make


def of(found, field):
    return [proposal for proposal in found if proposal.field == field]


def test_every_quote_is_a_note_of_its_evidence_whole_and_to_the_letter(sample_themes):
    text = sample_themes.notes.set_index("note")["text"]
    for draft in draft_hypotheses(sample_themes):
        found = propose(sample_themes, draft)
        known = {"baseline", "size", "deadline"} | ({"segment"} if draft.segment else set())
        assert {proposal.field for proposal in found} == set(PROPOSED) - known
        for proposal in found:
            assert set(proposal.notes) <= set(draft.evidence)
            if proposal.field in ("problem", "because", "slice"):
                assert re.search("“(.+)”", proposal.words)[1] == text[proposal.notes[0]]


def test_what_only_the_pm_can_know_is_not_proposed(sample_themes):
    fields = {proposal.field for draft in draft_hypotheses(sample_themes) for proposal in propose(sample_themes, draft)}
    assert fields.isdisjoint({"change", "size", "unit", "direction", "baseline", "deadline", "decision_rule"})
    for draft in draft_hypotheses(sample_themes):
        for proposal in of(propose(sample_themes, draft), "guardrails"):
            assert "the limit is yours" in proposal.why
            assert ":" not in proposal.words, "a limit would stand behind a colon"


def test_nothing_is_filled_in_and_nothing_proposed_where_something_stands(themes):
    made = themes()
    draft = draft_hypothesis(made, "T1")
    whole = replace(draft, segment="services", metric="Import completed", because="so it is", slice="one list",
                    guardrails=(Guardrail("Errors", "at most 2"),) * 3)  # fmt: skip
    assert {proposal.field for proposal in propose(made, whole)} == {"problem"}
    vain = replace(whole, metric="page views")
    assert {proposal.field for proposal in propose(made, vain)} == {"problem", "metric"}


QUARTER = Quarter(
    metric="Activation: share of teams that send", baseline="30 %", size="5", unit="points", deadline="2027-03-31"
)


def test_what_the_pm_has_said_of_the_quarter_is_proposed_where_it_is_open(themes):
    made = themes()
    draft = replace(draft_hypothesis(made, "T1", QUARTER), metric="activation:  share of teams that send")
    found = {one.field: one for one in propose(made, draft, QUARTER)}
    assert {name: found[name].words for name in ("baseline", "size", "deadline")} == {
        "baseline": "30 %", "size": "5 points", "deadline": "2027-03-31",
    }  # fmt: skip
    assert {(found[name].why, found[name].notes) for name in ("baseline", "size", "deadline")} == {
        ("From your quarter.", ())
    }
    order = [one.field for one in propose(made, draft, QUARTER)]
    assert order == sorted(order, key=PROPOSED.index)
    for name in ("baseline", "size", "deadline"):
        full = replace(draft, **{name: "x"})
        assert name not in {one.field for one in propose(made, full, QUARTER)}
    without = propose(made, draft, replace(QUARTER, unit=None, baseline="", deadline=None))
    assert [(one.field, one.words) for one in without if one.field in ("baseline", "size", "deadline")] == [
        ("size", "5")
    ]


@pytest.mark.parametrize("metric", [None, "Churn", "Activation: share of teams that send twice"])
def test_numbers_of_the_quarter_say_nothing_of_another_metric(themes, metric):
    made = themes()
    draft = replace(draft_hypothesis(made, "T1"), metric=metric)
    fields = {one.field for one in propose(made, draft, QUARTER)}
    assert "deadline" in fields
    assert fields.isdisjoint({"baseline", "size"})
    assert fields.isdisjoint({"change", "unit", "decision_rule"})
    bare = {one.field for one in propose(made, replace(draft, metric=None), replace(QUARTER, metric=""))}
    assert "baseline" not in bare, "no metric is not the same metric"


def test_guardrails_are_proposed_until_three_stand_and_none_twice(themes):
    made = themes()
    draft = draft_hypothesis(made, "T1")
    three = [one.words for one in of(propose(made, draft), "guardrails")]
    taken = replace(draft, guardrails=(Guardrail(three[0].upper()),))
    assert [one.words for one in of(propose(made, taken), "guardrails")] == three[1:]
    own = replace(draft, guardrails=(Guardrail("Refunds"), Guardrail("Cancellations")))
    assert [one.words for one in of(propose(made, own), "guardrails")] == three
    assert of(propose(made, replace(own, guardrails=(*own.guardrails, Guardrail("Noise")))), "guardrails") == []


def test_metrics_are_ranked_by_customers_and_not_by_mentions(themes):
    rows = [("a", "Acme", "Import error error bug crash failed", "pain"), ("b", "Bolt", "Import of the columns", "pain"),
            ("c", "Core", "Import again", "pain"), ("d", "Dune", "Import again, an error; slow", "pain")]  # fmt: skip
    found = of(propose(themes(rows), draft_hypothesis(themes(rows), "T1")), "metric")
    assert [proposal.words.partition(":")[0] for proposal in found] == ["Import completed", "Errors"]
    assert found[0].why.startswith("4 customers behind it speak of “import”: activation.")
    assert found[1].why.startswith("2 customers behind it speak of ")
    assert any(family in found[0].why for family in FAMILIES)


def test_a_word_of_one_customer_among_several_is_no_metric(themes):
    rows = [("a", "Acme", "Import of rows", "pain"), ("b", "Bolt", "Import of rows, he cancels at five", "pain")]

    def names(rows):
        made = themes(rows)
        return [one.words.partition(":")[0] for one in of(propose(made, draft_hypothesis(made, "T1")), "metric")]

    assert names(rows) == ["Import completed"]
    assert names(rows[1:]) == ["Import completed", "Churn"]


def test_the_quarters_metric_comes_first_and_once(themes):
    made = themes()
    quarter = Quarter(metric="Import completed: share of lists that are in by day 2")
    found = of(propose(made, replace(draft_hypothesis(made, "T1"), metric=None), quarter), "metric")
    assert found[0].words == quarter.metric
    assert [proposal.words.partition(":")[0] for proposal in found].count("Import completed") == 1
    vain = of(propose(made, draft_hypothesis(made, "T1"), Quarter(metric="likes")), "metric")
    assert all("likes" not in proposal.words for proposal in vain)


def test_the_thinnest_slice_is_asked_for_in_their_own_words(themes):
    made = themes()
    own, promised = of(propose(made, draft_hypothesis(made, "T1")), "slice")
    assert own.words == (
        "They help themselves: “Types the lost import rows in again by hand” Could you do that by hand for 4 of them?"
    )
    assert promised.words.startswith("One has promised: “Will send the import")
    assert own.words.endswith("?") and promised.words.endswith("?")


def test_without_a_workaround_or_promise_no_slice_is_made_up(themes):
    rows = [("a", "Acme", "Import lost rows", "pain"), ("b", "Bolt", "Import lost a row", "pain")]
    assert of(propose(themes(rows), draft_hypothesis(themes(rows), "T1")), "slice") == []


def test_level_segments_are_both_offered_and_a_leading_one_alone(themes):
    level = themes(segment=["field", "field", "field", "shops", "shops"])
    found = of(propose(level, draft_hypothesis(level, "T1")), "segment")
    assert [proposal.words for proposal in found] == ["field", "shops"]
    assert all("2 of the 4 customers" in proposal.why and "as many" in proposal.why for proposal in found)
    leading = themes(segment=["field", "field", "field", "field", "shops"])
    open_one = replace(draft_hypothesis(leading, "T1"), segment=None)
    assert [proposal.words for proposal in of(propose(leading, open_one), "segment")] == ["field"]
    unknown = themes(segment="")
    assert of(propose(unknown, draft_hypothesis(unknown, "T1")), "segment") == []


def test_what_it_costs_is_told_by_the_customers_who_say_so(themes):
    made = themes()
    problem, cost = of(propose(made, draft_hypothesis(made, "T1")), "problem")
    assert problem.words == "“Import lost rows, an error each time”", "a pain before other kinds"
    assert cost.words == "What it costs: “Import lost rows took us 3 hours”"
    assert cost.why == "1 customer says what it costs; this is Core."


def test_notes_that_do_not_count_give_nothing(themes, frame):
    notes = frame([row[:3] for row in ROWS], kind=[row[3] for row in ROWS])
    notes.loc[notes["customer"] == "Bolt", "consent"] = "none"
    notes.loc[notes["customer"] == "Dune", "kind"] = "take"
    made = find_themes(notes, n_themes=1)
    record = Hypothesis("H-1", "draft", evidence=tuple(notes["note"]))
    assert of(propose(made, record), "slice") == []
    assert all("2 of 3 customers" in proposal.why for proposal in of(propose(made, record), "because"))


def test_without_evidence_only_what_needs_none_is_proposed(themes):
    found = propose(themes(), Hypothesis("H-1", "draft", evidence=("gone#1",)), Quarter(metric="Activation"))
    assert [proposal.field for proposal in found] == ["metric", *["guardrails"] * 3]
    assert all(proposal.notes == () for proposal in found)
    empty = propose(find_themes(pd.DataFrame(columns=themes().notes.columns)), Hypothesis("H-1", "draft"))
    assert {proposal.field for proposal in empty} == {"guardrails"}


def test_the_order_of_rows_makes_no_difference(sample_notes, sample_themes):
    shuffled = find_themes(sample_notes.sample(frac=1, random_state=3))
    for one, other in zip(draft_hypotheses(sample_themes), draft_hypotheses(shuffled), strict=True):
        assert propose(sample_themes, one) == propose(shuffled, other)
