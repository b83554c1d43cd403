"""At most two drafts, of more than one customer, and nothing in them that nobody said; what keeps one from being tested."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.evidence import find_against, find_loose, pick_evidence
from workbench.hypotheses import (
    PARTS,
    RULES,
    check_hypothesis,
    count_evidence,
    count_parts,
    draft_hypotheses,
    draft_hypothesis,
    read_change,
)
from workbench.records import UNITS, Guardrail, Hypothesis, Quarter
from workbench.themes import find_themes

ROOT = Path(__file__).parent.parent
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


@pytest.mark.parametrize(
    ("made", "status", "n"),
    [
        (("2026-11-26",), "draft", 1), (("2026-11-20",), "running", 1), (("2026-11-26", "2026-11-26"), "ready", 0),
        (("2026-11-26",) * 3, "draft", 0), (("2026-11-19",), "draft", 2), (("2026-11-27",), "draft", 2),
        (("2026-11-26",), "dropped", 2), (("2026-11-26",), "refuted", 2), ((None,), "draft", 2), ((), "draft", 2),
    ],
)  # fmt: skip
def test_open_records_of_the_week_count_among_the_two(frame, made, status, n):
    themes = spread(frame, "ABCDE", "ABCD", "ABC")
    records = [Hypothesis(f"H-{i}", status, made=day) for i, day in enumerate(made)]
    assert len(draft_hypotheses(themes, records=records, today="2026-11-26")) == n
    assert len(draft_hypotheses(themes, records=records)) == 2, "without a day nothing is counted"


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
        loose = find_loose(sample_themes, draft.theme)
        assert list(draft.evidence) + [
            n for n in pick_evidence(sample_themes, draft.theme) if n in loose
        ] == pick_evidence(sample_themes, draft.theme)
        assert list(draft.against) == find_against(sample_themes, draft.theme)
        assert draft.n_customers == notes.loc[list(draft.evidence), "customer"].nunique()
        assert draft.n_customers_total == 12
        assert any(draft.claim.removesuffix("…") in text for text in notes["text"])
        assert {"change", "size", "unit", "deadline"} <= set(draft.open)
    assert any(draft.against for draft in drafts)


# What keeps a hypothesis from being tested

READY = Hypothesis(
    "H-3fa9c1", "draft", change="pre-load templates", segment="new wholesale teams", metric="activation", baseline="30 %",
    direction="up", size="3", unit="points", deadline="2027-02-26", guardrails=(Guardrail("Errors", "at most 2"),),
    slice="one template", decision_rule="ship at +3 points", n_customers=3, n_customers_total=12, evidence=("a#1",),
    against=("b#1",), owner="Ines", logging=("Errors",),
)  # fmt: skip
FINDINGS = [
    ("change-open", "change", {"change": None}),
    ("change-vague", "change", {"change": "make the import Easier"}),
    ("segment-open", "segment", {"segment": None}),
    ("segment-everyone", "segment", {"segment": "all users"}),
    ("metric-open", "metric", {"metric": None}),
    ("baseline-open", "baseline", {"baseline": None}),
    ("baseline-number", "baseline", {"baseline": "a third"}),
    ("direction-open", "direction", {"direction": None}),
    ("size-open", "size", {"size": None}),
    ("size-number", "size", {"size": "a lot"}),
    ("size-sign", "size", {"size": "-3"}),
    ("unit-open", "unit", {"unit": None}),
    ("deadline-open", "deadline", {"deadline": None}),
    ("deadline-day", "deadline", {"deadline": "end of February"}),
    ("deadline-day", "deadline", {"deadline": "2027-02-30"}),
    ("evidence-none", "evidence", {"evidence": ()}),
    ("evidence-none", "evidence", {"n_customers": 0}),
    ("evidence-one", "evidence", {"n_customers": 1}),
    ("against-unlooked", "against", {"against": ()}),
    ("guardrails-none", "guardrails", {"guardrails": ()}),
    ("guardrail-limit", "guardrails.0", {"guardrails": (Guardrail("Errors"),)}),
    ("guardrail-limit", "guardrails.1", {"guardrails": (Guardrail("Errors", "none"), Guardrail("Speed", "as now"))}),
    ("guardrail-name", "guardrails.0", {"guardrails": (Guardrail("", "at most 2"),)}),
    ("slice-open", "slice", {"slice": None}),
    ("decision-open", "decision_rule", {"decision_rule": None}),
    ("decision-vague", "decision_rule", {"decision_rule": "ship if it improves"}),
    ("decision-number", "decision_rule", {"decision_rule": "Ship if it goes well"}),
    ("metric-vanity", "metric", {"metric": "page views"}),
    ("deadline-early", "deadline", {"started": "2027-02-26"}),
    ("owner-open", "owner", {"status": "ready", "owner": None}),
    ("logging-open", "logging", {"logging": ()}),
    ("running-open", "status", {"status": "running"}),
    ("learning-open", "result", {"status": "supported"}),
    (
        "breach-supported",
        "breached",
        {"status": "supported", "result": "34 %", "breached": ("Errors: 3 in 1,000",)}
        | dict.fromkeys(("believed", "observed", "learned", "therefore"), "a"),
    ),
    (
        "learning-open",
        "learned",
        {"status": "refuted", "result": "31 %", "believed": "a", "observed": "b", "therefore": "d"},
    ),
]
HINTS = {
    "evidence-one",
    "against-unlooked",
    "metric-vanity",
    "decision-number",
    "owner-open",
    "logging-open",
    "running-open",
}


@pytest.mark.parametrize(("rule", "field", "fields"), FINDINGS)
def test_each_rule_finds_its_one_thing_and_says_what_to_write(rule, field, fields):
    (found,) = check_hypothesis(replace(READY, **fields))
    assert (found.rule, found.field, found.blocks) == (rule, field, rule not in HINTS)
    assert found.what.endswith((".", "?"))
    assert found.todo.endswith(".")


def test_nothing_is_found_in_one_that_can_be_tested_and_every_rule_has_a_case():
    assert check_hypothesis(READY) == []
    assert count_parts(READY) == (len(PARTS), len(PARTS))
    named = {rule.__name__.strip("_").replace("_", "-") for rule in RULES}
    assert {rule for rule, _, _ in FINDINGS} == named


@pytest.mark.parametrize(
    "limit",
    ["at most 2", "2%", "≤0.5 s", "no more than 2 in 1,000", "none", "None.", "zero", "zero errors", "zero a week", "no lost rows",
     "No complaint", "p95 under 2 s", "-1"],
)  # fmt: skip
def test_a_guardrails_limit_is_a_number_or_nothing_at_all(limit):
    assert check_hypothesis(replace(READY, guardrails=(Guardrail("Errors", limit),))) == []


@pytest.mark.parametrize(
    "limit",
    ["no more than now", "no worse", "none worse than today", "no", "no slower", "as now", "not worse than v2", "as in Q3",
     "few, zero would be best", "no more errors than before", "zero if possible, else as few as there are"],
)  # fmt: skip
def test_a_limit_that_cannot_be_broken_is_none(limit):
    (found,) = check_hypothesis(replace(READY, guardrails=(Guardrail("Errors", limit),)))
    assert (found.rule, found.what) == ("guardrail-limit", "The limit has no number.")


def test_a_decision_without_a_number_is_asked_for_one_and_keeps_nothing_back():
    (found,) = check_hypothesis(replace(READY, decision_rule="Ship if it goes well"))
    assert (found.what, found.blocks) == ("At which number?", False)
    assert count_parts(replace(READY, decision_rule="Ship if it goes well")) == (9, 9)
    (found,) = check_hypothesis(replace(READY, decision_rule="Ship if it is better"))
    assert found.rule == "decision-vague", "asked once"


def test_a_vague_word_counts_wherever_it_stands():
    (found,) = check_hypothesis(replace(READY, change="show the better offer first"))
    assert found.what == "“Better” cannot be seen."


def test_words_that_only_look_vague_pass():
    for change in ("let people bet 5 pence", "show the letter", "import at Easter"):
        assert check_hypothesis(replace(READY, change=change)) == []


def test_a_vanity_metric_is_told_with_what_to_write_and_passes_with_its_context():
    (found,) = check_hypothesis(replace(READY, metric="page views"))
    assert found.what == "“page views” can rise while nobody is better off."
    assert found.todo.startswith("Say of how many, or what it is to tell; or take the share of ")
    assert check_hypothesis(replace(READY, metric="page views per active team")) == []


@pytest.mark.parametrize("status", ["draft", "ready", "running", "supported", "refuted", "dropped"])
def test_what_a_status_asks_for(status):
    bare = replace(READY, status=status, owner=None, logging=())
    asked = {finding.rule for finding in check_hypothesis(bare)}
    assert asked == {
        "draft": {"logging-open"}, "ready": {"owner-open", "logging-open"}, "running": {"owner-open", "logging-open", "running-open"},
        "supported": {"owner-open", "logging-open", "learning-open"}, "refuted": {"owner-open", "logging-open", "learning-open"},
        "dropped": set(),
    }[status]  # fmt: skip
    assert count_parts(bare) == (9, 9), "nine parts make the sentence, whatever its status"


def test_a_running_one_names_all_that_had_to_stand_before_the_start():
    running = replace(READY, status="running", decision_rule=None, baseline=None, guardrails=(), logging=())
    (found,) = [finding for finding in check_hypothesis(running) if finding.rule == "running-open"]
    assert found.what == "It is running without decision rule, baseline, guardrail, what is logged and start."
    begun = replace(READY, status="running", started="2026-12-01", logging=("Errors",))
    assert check_hypothesis(begun) == []


def test_a_closed_one_needs_its_learning_card_and_a_result():
    card = {"result": "32.1 %, 4,012 of 12,498", "believed": "a", "observed": "b", "learned": "c", "therefore": "d"}
    assert check_hypothesis(replace(READY, status="supported", **card)) == []
    for name in card:
        (found,) = check_hypothesis(replace(READY, status="refuted", **{**card, name: None}))
        assert (found.rule, found.field, found.blocks) == ("learning-open", name, True)


def test_parts_count_once_however_much_is_wrong_in_them():
    everything = Hypothesis("H-1", "draft")
    assert count_parts(everything) == (0, 9)
    assert count_parts(replace(READY, metric=None, baseline=None)) == (8, 9)
    assert count_parts(replace(READY, guardrails=(Guardrail("a"), Guardrail("b")))) == (8, 9)
    assert count_parts(replace(READY, against=(), n_customers=1)) == (9, 9), "a hint keeps nothing back"


@pytest.mark.parametrize(
    ("fields", "points", "relative"),
    [
        ({}, ("+3 points", "30 % to 33 %"), ("+3 % relative", "30 % to 30.9 %")),
        ({"direction": "down"}, ("\u22123 points", "30 % to 27 %"), ("\u22123 % relative", "30 % to 29.1 %")),
        ({"direction": None}, ("3 points", ""), ("3 % relative", "")),
        ({"baseline": None}, ("+3 points", ""), ("+3 % relative", "")),
        ({"baseline": "a third"}, ("+3 points", ""), ("+3 % relative", "")),
        ({"baseline": "1,200 teams", "size": "1"}, ("1 team more", "1,200 teams to 1,201 teams"),
         ("+1 % relative", "1,200 teams to 1,212 teams")),
        ({"baseline": "2,5 %", "size": "0,5"}, ("+0.5 points", "2.5 % to 3 %"),
         ("+0.5 % relative", "2.5 % to 2.51 %")),
    ],
)  # fmt: skip
def test_a_size_is_read_both_ways(fields, points, relative):
    readings = read_change(replace(READY, **fields))
    assert [reading.unit for reading in readings] == list(UNITS)
    assert [(reading.label, reading.outcome) for reading in readings] == [points, relative]


@pytest.mark.parametrize("size", [None, "", "a lot", "3 or 4", "nan", "1e9", "٣"])
def test_what_is_no_number_is_not_read(size):
    assert read_change(replace(READY, size=size)) == []


def test_a_theme_of_ones_choice_is_drafted_and_a_record_is_counted_anew(frame):
    themes = spread(frame, "ABCDE", "AB", "C")
    draft = draft_hypothesis(themes, "T3", Quarter(metric="activation"), id="draft-9")
    assert (draft.id, draft.theme, draft.n_customers, draft.metric) == ("draft-9", "T3", 1, "activation")
    notes = themes.notes.set_index("customer")["note"].astype(str)
    record = Hypothesis("H-1", "draft", evidence=(*notes["A"], *notes["B"], "gone#00000000"))
    assert count_evidence(record, themes).n_customers == 2
    assert count_evidence(record, themes).n_customers_total == 5
    with pytest.raises(KeyError):
        draft_hypothesis(themes, "T9")


def test_to_ask_what_keeps_one_from_being_tested_loads_none_of_the_large_libraries():
    """The linter asks it of hundreds of records."""
    code = (
        "import sys; from workbench.hypotheses import check_hypothesis, suggest_metrics; "
        "print(*{'pandas', 'scipy', 'sklearn', 'statsmodels'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True, timeout=600
    )
    assert done.stdout.strip() == ""
