"""At most two drafts, of more than one customer, and nothing in them that nobody said."""

import pytest

from workbench.evidence import find_against, pick_evidence
from workbench.hypotheses import draft_hypotheses
from workbench.records import Hypothesis, Quarter
from workbench.themes import find_themes

TOPICS = ["import lost rows", "invoice layout odd", "chasing late payers", "tax number missing"]


def spread(frame, *customers_by_topic, segment_of=None):
    """Notes of some topics, each said by some customers (letters), as themes."""
    rows = [
        (name.lower(), name, f"{TOPICS[i]} again {'so ' * j}") for i, names in enumerate(customers_by_topic)
        for j, name in enumerate(names)
    ]  # fmt: skip
    segments = [(segment_of or {}).get(name, "services") for _, name, _ in rows]
    return find_themes(frame(rows, segment=segments), n_themes=len(customers_by_topic))


def words_of(draft):
    return " ".join(draft.claim.split()[:2])


def test_at_most_two_drafts_the_theme_of_most_customers_first(frame):
    drafts = draft_hypotheses(spread(frame, "AB", "ABCDE", "ABC", "ABCD"))
    assert [words_of(draft) for draft in drafts] == ["invoice layout", "tax number"]
    assert [draft.id for draft in drafts] == ["draft-1", "draft-2"]
    assert [(draft.n_customers, draft.n_customers_total) for draft in drafts] == [(5, 5), (4, 5)]
    assert {draft.status for draft in drafts} == {"draft"}
    assert [draft.theme for draft in drafts] == ["T1", "T2"]


def test_a_supported_theme_goes_before_one_of_a_single_segment(frame):
    themes = spread(frame, "ABCD", "ADE", segment_of={"E": "field"})
    assert themes.summary["n_customers"].tolist() == [4, 3]
    assert [words_of(draft) for draft in draft_hypotheses(themes)] == ["invoice layout", "import lost"]


def test_one_customer_makes_no_draft(frame):
    themes = spread(frame, "AAAAAA", "BC")
    assert [draft.n_customers for draft in draft_hypotheses(themes)] == [2]
    assert draft_hypotheses(spread(frame, "AAAA")) == []


def test_one_customer_and_another_who_says_the_opposite_make_no_draft(frame):
    rows = [("a", "Acme", "Import lost rows"), ("a", "Acme", "Import lost a row")]
    rows.append(("b", "Bolt", "Import of rows, no trouble"))
    themes = find_themes(frame(rows), n_themes=1)
    assert themes.summary["n_customers"].tolist() == [2]
    assert draft_hypotheses(themes) == []


def test_no_notes_no_drafts(frame):
    assert draft_hypotheses(find_themes(frame([]))) == []


def test_what_only_the_pm_can_know_stays_open(frame):
    themes = spread(frame, "ABC")
    (draft,) = draft_hypotheses(themes, Quarter(metric="activation", direction="up"))
    assert draft.open == ("change", "size", "unit", "deadline")
    assert (draft.metric, draft.direction, draft.segment) == ("activation", "up", "services")
    for quarter in (None, Quarter()):
        (draft,) = draft_hypotheses(themes, quarter)
        assert draft.open == ("change", "metric", "direction", "size", "unit", "deadline")


def test_a_draft_says_who_and_how_many_in_a_customers_words(frame):
    (draft,) = draft_hypotheses(spread(frame, "ABC"), Quarter(metric="activation", direction="down"))
    assert draft.statement.startswith(
        "If we [change], for services, then activation falls by [size] [unit] by [deadline], because 3 of 3 customers "
    )
    assert draft.statement.endswith(f"“{draft.claim}”")
    assert (draft.because, draft.file) == ("", "")


@pytest.mark.parametrize(
    ("segment_of", "segment"),
    [
        ({"A": "field", "B": "field", "C": "shops"}, "field"),
        ({"A": "field", "B": "shops"}, None),  # three segments, level
        ({"A": "field", "B": "field", "C": "shops", "D": "shops"}, None),  # two of two
        ({"A": "", "B": "", "C": "", "D": ""}, None),  # none is known
        ({"A": "", "B": "", "C": "", "D": "shops"}, None),  # most are not known
    ],
)
def test_the_segment_with_most_customers_is_named_and_a_tie_stays_open(frame, segment_of, segment):
    names = "ABC" if len(segment_of) < 4 else "ABCD"
    (draft,) = draft_hypotheses(spread(frame, names, segment_of=segment_of))
    assert draft.segment == segment
    assert ("segment" in draft.open) == (segment is None)


def test_a_segment_counts_customers_and_not_notes(frame):
    themes = spread(frame, "AAAABC", segment_of={"A": "field", "B": "shops", "C": "shops"})
    assert draft_hypotheses(themes)[0].segment == "shops"


@pytest.mark.parametrize(("covered", "drafted"), [(0, True), (1, True), (2, False), (4, False)])
def test_a_theme_half_of_whose_notes_are_a_records_evidence_is_not_drafted_again(frame, covered, drafted):
    themes = spread(frame, "ABCD")
    record = Hypothesis("H-1", "running", evidence=tuple(themes.summary["notes"][0][:covered]))
    assert bool(draft_hypotheses(themes, records=[Hypothesis("H-0", "draft"), record])) == drafted


def test_the_next_theme_takes_the_place_of_one_that_has_a_record(frame):
    themes = spread(frame, "ABCDE", "ABCD", "ABC")
    record = Hypothesis("H-1", "running", evidence=tuple(themes.summary["notes"][0]))
    drafts = draft_hypotheses(themes, records=[record])
    assert [draft.theme for draft in drafts] == ["T2", "T3"]
    assert [draft.id for draft in drafts] == ["draft-1", "draft-2"]


def test_the_drafts_of_the_sample_stand_on_its_notes(sample_themes):
    drafts = draft_hypotheses(sample_themes, Quarter(metric="activation", direction="up"))
    assert len(drafts) == 2
    notes = sample_themes.notes.set_index("note")
    for draft in drafts:
        assert list(draft.evidence) == pick_evidence(sample_themes, draft.theme)
        assert list(draft.against) == find_against(sample_themes, draft.theme)
        assert draft.n_customers == notes.loc[list(draft.evidence), "customer"].nunique()
        assert draft.n_customers_total == 12
        assert any(draft.claim.removesuffix("…") in text for text in notes["text"])
        assert {"change", "size", "unit", "deadline"} <= set(draft.open)
    assert any(draft.against for draft in drafts)
