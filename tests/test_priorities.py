"""RICE, ICE, MoSCoW and Kano: known scores, tiers that are none, evidence that caps, and orders that hold or do not."""

import itertools
import math
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import InputError
from workbench.hypotheses.priorities import (
    CONFIDENCE_TIERS,
    ICE_COLUMNS,
    IMPACT_TIERS,
    KANO_ANSWERS,
    KANO_COLUMNS,
    MOSCOW,
    MOSCOW_COLUMNS,
    RICE_COLUMNS,
    describe_places,
    ice,
    kano,
    moscow,
    rice,
    rice_inputs,
)
from workbench.records import Confidence, Hypothesis
from workbench.themes import find_themes

CAP = {"single": 50, "emerging": 80, "supported": 100}


def items(*rows, **columns):
    """Items of reach, impact, confidence, effort, customers and segments, called A, B and so on."""
    names = ["reach", "impact", "confidence", "effort", "n_customers", "n_segments"]
    frame = pd.DataFrame([dict(zip(names, row, strict=False)) for row in rows])
    return frame.assign(item=[chr(65 + i) for i in range(len(rows))], **columns)


# RICE


def test_a_score_is_reach_times_impact_times_confidence_by_effort():
    table = rice(items((400, 2, 80, 4, 5, 2), (100, 0.25, 50, 1, 5, 2)))
    assert list(table) == list(RICE_COLUMNS)
    assert table["score"].tolist() == [400 * 2 * 0.8 / 4, 100 * 0.25 * 0.5]
    assert table["rank"].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("customers", "segments", "strength"),
    [(0, 0, "single"), (1, 1, "single"), (2, 2, "emerging"), (5, 1, "emerging"), (3, 2, "supported")],
)
@pytest.mark.parametrize("confidence", CONFIDENCE_TIERS)
def test_confidence_counts_only_as_far_as_the_evidence_bears_it(customers, segments, strength, confidence):
    row = rice(items((100, 1, confidence, 1, customers, segments))).iloc[0]
    assert row["strength"] == strength
    assert row["confidence_counted"] == min(confidence, CAP[strength])
    assert row["confidence"] == confidence, "what was written still stands there"
    assert ("Confidence: " in row["why"]) == (confidence > CAP[strength])


def test_without_counts_nobody_stands_behind_it():
    frame = items((100, 1, 100, 1)).drop(columns=[])
    assert rice(frame).iloc[0][["strength", "confidence_counted"]].tolist() == ["single", 50]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (
            "impact",
            5,
            "“A”: impact 5 is not a tier; write 3 (massive), 2 (high), 1 (medium), 0.5 (low) or 0.25 (minimal)",
        ),
        ("impact", 1.5, "impact 1.5 is not a tier"),
        ("impact", None, "impact nothing is not a tier"),
        ("confidence", 90, "“A”: confidence 90 is not a tier; write 100 (high), 80 (medium) or 50 (low)"),
        ("confidence", 0.8, "confidence 0.8 is not a tier"),
        ("confidence", "sure", "confidence “sure” is not a tier"),
        ("reach", -1, "reach -1 is no number of customers"),
        ("reach", math.nan, "reach nothing is no number"),
        ("effort", 0, "effort 0 is no effort; write a number above 0"),
        ("n_customers", -2, "n_customers -2 is no number of them"),
    ],
)
def test_what_is_no_tier_is_refused_with_those_there_are(field, value, words):
    frame = items((100, 1, 100, 1, 3, 2)).astype(object)
    frame[field] = [value]
    with pytest.raises(InputError) as raised:
        rice(frame)
    assert words in str(raised.value)


def test_a_missing_column_and_a_name_that_stands_twice_are_refused():
    with pytest.raises(InputError, match="no column “effort”; the columns are"):
        rice(items((100, 1, 100, 1)).drop(columns="effort"))
    with pytest.raises(InputError, match="“A” stands there twice"):
        rice(items((100, 1, 100, 1), (100, 1, 100, 2), ).assign(item="A"))  # fmt: skip
    with pytest.raises(InputError, match="no column “item”; the columns are none"):
        rice(pd.DataFrame())


def test_an_order_that_a_tier_turns_round_is_score_theater_and_says_which():
    table = rice(items((400, 2, 100, 4, 3, 2), (300, 2, 100, 4, 3, 2)))
    assert table["place"].tolist() == ["score theater", ""]
    assert table["why"][0].startswith("“B” is level or ahead with impact of “A” 1 instead of 2, or ")


def test_an_order_that_no_single_step_turns_holds():
    table = rice(items((4000, 2, 100, 4, 3, 2), (300, 2, 100, 4, 3, 2)))
    assert table["place"].tolist() == ["holds", ""]
    assert table["why"].tolist() == ["", ""]


def test_equal_scores_are_in_order_of_name_and_that_is_theater():
    table = rice(items((10, 1, 50, 1), (10, 1, 50, 1)))
    assert table["item"].tolist() == ["A", "B"]
    assert table["place"].tolist() == ["score theater", ""]
    assert table["why"][0] == "“B” has the same score."


def test_confidence_does_not_step_beyond_the_evidence():
    """With 50 % counted for both and scores 1.55 apart, a tier of confidence would turn them; no evidence, no tier."""
    rare = items((155, 3, 50, 1, 1, 1), (100, 3, 50, 1, 1, 1))
    alone = rice(rare)
    assert alone["place"][0] == "holds"
    grown = rice(items((155, 3, 50, 1, 1, 1), (100, 3, 50, 1, 3, 2)))
    assert grown["place"][0] == "score theater"
    assert "confidence of “B” 80 instead of 50" in grown["why"][0]


ROW = st.tuples(
    st.integers(1, 2000), st.sampled_from([*IMPACT_TIERS]), st.sampled_from([*CONFIDENCE_TIERS]),
    st.sampled_from([0.5, 1, 2, 3, 8]), st.integers(0, 5), st.integers(0, 3),
)  # fmt: skip


@given(st.lists(ROW, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(rows, chance):
    frame = items(*rows)
    shuffled = frame.sample(frac=1, random_state=chance.randrange(1000))
    pd.testing.assert_frame_equal(rice(frame), rice(shuffled))


@given(st.lists(ROW, min_size=2, max_size=2))
def test_holds_means_that_no_step_turns_the_two(rows):
    """Worked out anew: every step of every input of either, scored and ordered by itself."""
    table = rice(items(*rows)).set_index("item")
    first = table.index[0]
    turned = math.isclose(*table["score"])
    impacts, tiers = sorted(IMPACT_TIERS), sorted(CONFIDENCE_TIERS)
    for at, field in itertools.product((0, 1), range(4)):
        scale = {1: impacts, 2: tiers}.get(field)
        value = rows[at][field]
        near = (
            [value * 0.75, value * 1.25]
            if scale is None
            else [scale[i] for i in (scale.index(value) - 1, scale.index(value) + 1) if 0 <= i < len(scale)]
        )
        for step in near:
            moved = [list(row) for row in rows]
            moved[at][field] = step
            scores = rice(items(*moved)).set_index("item")["score"]
            other = scores.drop(first).iloc[0]
            turned |= scores[first] < other or math.isclose(scores[first], other)
    assert table["place"].iloc[0] == ("score theater" if turned else "holds")


@given(ROW)
def test_more_evidence_never_lowers_a_score(row):
    scores = [rice(items((*row[:4], n, k)))["score"][0] for n, k in ((1, 1), (2, 1), (3, 2))]
    assert scores == sorted(scores)


def test_no_items_no_rows():
    for table, columns in ((rice, RICE_COLUMNS), (ice, ICE_COLUMNS)):
        empty = pd.DataFrame(columns=["item", "reach", "impact", "confidence", "effort", "ease"])
        assert list(table(empty)) == list(columns)
        assert table(empty).empty


# ICE


def test_ice_multiplies_and_caps():
    frame = pd.DataFrame({"item": ["A", "B"], "impact": [8, 9], "confidence": [10, 10], "ease": [5, 5],
                          "n_customers": [3, 1], "n_segments": [2, 1]})  # fmt: skip
    table = ice(frame)
    assert list(table) == list(ICE_COLUMNS)
    assert table["score"].tolist() == [8 * 10 * 5, 9 * 5 * 5]
    assert table["place"].tolist() == ["holds", ""]
    with pytest.raises(InputError, match=r"ease 0 is not a tier; write 10, 9, .* or 1"):
        ice(frame.assign(ease=[0, 5]))


# MoSCoW


def classes(*rows):
    return pd.DataFrame(
        [dict(zip(["item", "priority", "effort", "n_customers", "n_segments"], row, strict=False)) for row in rows]
    )


def test_a_must_needs_evidence_or_a_reason():
    frame = classes(
        ("Law", "must", 1, 0, 0), ("One", "must", 1, 1, 1), ("Two", "Must have", 1, 2, 2), ("Three", "must", 1, 3, 2)
    )
    frame["reason"] = ["the new invoice law", "", None, None]
    table = moscow(frame).set_index("item")
    assert list(table.reset_index()) != list(MOSCOW_COLUMNS) and set(table) | {"item"} == set(MOSCOW_COLUMNS)
    assert table["priority_counted"].to_dict() == {"Law": "must", "Three": "must", "Two": "should", "One": "could"}
    assert table["priority"].to_dict()["One"] == "must"
    assert "“must” counts as “could”: the evidence is single, 1 customer." in table.loc["One", "why"]


def test_places_hold_two_classes_apart_and_are_level_within_one():
    frame = classes(("A", "must", 1, 5, 2), ("B", "must", 1, 4, 2), ("C", "could", 1, 4, 2), ("D", "won't", 1, 4, 2))
    assert moscow(frame)["place"].tolist() == ["level", "holds", "score theater", ""]


def test_musts_that_leave_nothing_to_give_way_are_said():
    heavy = moscow(classes(("A", "must", 7, 5, 2), ("B", "should", 3, 5, 2), ("C", "won't", 90, 5, 2))).set_index(
        "item"
    )
    assert heavy["share_of_effort"].round(3).tolist()[:2] == [0.7, 0.3]
    assert math.isnan(heavy.loc["C", "share_of_effort"])
    assert "70% of the effort are musts" in heavy.loc["A", "why"]
    light = moscow(classes(("A", "must", 6, 5, 2), ("B", "should", 4, 5, 2)))
    assert "musts" not in " ".join(light["why"])
    bare = moscow(classes(("A", "must"), ("B", "must")).assign(n_customers=3, n_segments=2))
    assert "100% of the items are musts" in bare["why"][0]
    assert bare["share_of_effort"].isna().all()


@pytest.mark.parametrize(
    ("written", "read"), [("Won't have", "won't"), ("wont", "won't"), ("WON’T", "won't"), ("Could", "could")]
)
def test_classes_are_read_as_people_write_them(written, read):
    assert moscow(classes(("A", written, 1, 3, 2)))["priority"].tolist() == [read]


def test_another_class_is_refused():
    with pytest.raises(InputError, match="“A”: priority “P1” is not a class; write must, should, could or won't"):
        moscow(classes(("A", "P1", 1, 3, 2)))


@given(
    st.permutations([("A", "must", 1, 5, 2), ("B", "must", 1, 5, 2), ("C", "could", 2, 1, 1), ("D", "won't", 1, 0, 0)])
)
def test_moscow_does_not_hang_on_the_order_of_rows(rows):
    table = moscow(classes(*rows))
    assert table["item"].tolist() == ["A", "B", "C", "D"]
    assert [MOSCOW.index(one) for one in table["priority_counted"]] == sorted(
        MOSCOW.index(one) for one in table["priority_counted"]
    )


# Kano

# Berger et al. (1993), the evaluation table, in their order: like, must-be, neutral, live with, dislike.
EVALUATION = ["QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ"]
NAMES = {
    "A": "attractive",
    "O": "one_dimensional",
    "M": "must_be",
    "I": "indifferent",
    "R": "reverse",
    "Q": "questionable",
}


def asked(*rows):
    return pd.DataFrame(rows, columns=["feature", "customer", "functional", "dysfunctional"])


@pytest.mark.parametrize(("i", "j"), [*itertools.product(range(5), range(5))])
def test_each_pair_of_answers_is_judged_as_in_the_table(i, j):
    row = kano(asked(("F", "Acme", KANO_ANSWERS[i], KANO_ANSWERS[j]))).iloc[0]
    assert row["category"] == NAMES[EVALUATION[i][j]]
    assert row[row["category"]] == 1
    by_number = kano(asked(("F", "Acme", i + 1, j + 1))).iloc[0]
    assert by_number["category"] == row["category"]


def test_a_customer_counts_once_however_many_of_them_answer():
    answers = [("F", "Acme", "like", "neutral")] * 5 + [
        ("F", "Bolt", "expect", "dislike"),
        ("F", "Core", "expect", "dislike"),
    ]
    row = kano(asked(*answers)).iloc[0]
    assert (row["n_customers"], row["attractive"], row["must_be"], row["category"]) == (3, 1, 2, "must_be")


def test_level_categories_go_to_what_would_hurt_most():
    row = kano(asked(("F", "Acme", "like", "neutral"), ("F", "Bolt", "expect", "dislike"))).iloc[0]
    assert (row["category"], row["place"], row["why"]) == (
        "must_be", "score theater", "One customer answering otherwise makes it one-dimensional.")  # fmt: skip
    assert (row["better"], row["worse"]) == (0.5, -0.5)


@pytest.mark.parametrize(("lead", "place"), [(1, "score theater"), (2, "score theater"), (3, "holds")])
def test_a_category_holds_with_a_lead_that_no_single_customer_can_turn(lead, place):
    """A change of mind takes one from the first and may give it to the second."""
    musts = [("F", f"M{i}", "expect", "dislike") for i in range(1)]
    likes = [("F", f"A{i}", "like", "neutral") for i in range(1 + lead)]
    row = kano(asked(*musts, *likes)).iloc[0]
    assert (row["category"], row["place"]) == ("attractive", place)


def test_kano_has_its_columns_order_and_strength():
    answers = asked(("A", "x", "like", "neutral"), ("B", "x", "expect", "dislike"), ("C", "x", "dislike", "dislike"),
                    ("C", "y", "dislike", "like"))  # fmt: skip
    table = kano(answers.assign(segment=["s", "s", "s", "t"]))
    assert list(table) == list(KANO_COLUMNS)
    assert table["feature"].tolist() == ["B", "A", "C"]
    assert table["strength"].tolist() == ["single", "single", "emerging"]
    assert table["better"].isna().tolist() == [False, False, True]
    with pytest.raises(
        InputError, match="“A”, x: functional “meh” is not an answer; write like, expect, neutral, live with or dislike"
    ):
        kano(asked(("A", "x", "meh", "like")))


@given(
    st.lists(st.tuples(st.sampled_from("FG"), st.sampled_from("xyz"), st.sampled_from(KANO_ANSWERS), st.sampled_from(KANO_ANSWERS)),
             min_size=1, max_size=12), st.randoms(use_true_random=False),
)  # fmt: skip
def test_kano_does_not_hang_on_the_order_of_answers(rows, chance):
    shuffled = list(rows)
    chance.shuffle(shuffled)
    pd.testing.assert_frame_equal(kano(asked(*rows)), kano(asked(*shuffled)))
    assert (kano(asked(*rows))[list(NAMES.values())].sum(axis=1) == kano(asked(*rows))["n_customers"]).all()


# Records


def test_records_are_scored_with_their_last_confidence_and_the_others_say_what_is_open(frame):
    notes = frame([("a", "Acme", "Import lost rows"), ("b", "Bolt", "Import lost a row"), ("b", "Bolt", "Rows lost again"),
                   ("c", "Core", "Import lost rows too")], segment=["field", "shops", "shops", ""])  # fmt: skip
    themes = find_themes(notes, n_themes=1)
    log = (Confidence("2026-11-03", 100), Confidence("2026-11-17", 85))
    whole = Hypothesis(
        "H-b", "ready", reach="400 teams", impact="2", effort="3", confidence=log, evidence=tuple(notes["note"])
    )
    odd = Hypothesis("H-a", "ready", reach="400", impact="4", effort="3", confidence=log)
    guess = Hypothesis("H-c", "ready", reach="400", impact="2", effort="3", confidence=(Confidence("2026-11-17", 40),))
    table, left = rice_inputs(
        [guess, whole, odd, Hypothesis("H-d", "draft", impact="2", reach="3", effort="1")], themes
    )
    assert rice(table)[["item", "confidence_counted", "score"]].values.tolist() == [["H-b", 80, 400 * 2 * 0.8 / 3]]
    assert table[["n_customers", "n_segments"]].values.tolist() == [[3, 2]]
    assert left == [
        "H-a is not scored: impact “4” is not a tier; write 3 (massive), 2 (high), 1 (medium), 0.5 (low) or 0.25 (minimal).",
        "H-c is not scored: a confidence of 40 % is a guess. Test what it rests on first.",
        "H-d is not scored: confidence is open.",
    ]


def test_how_much_of_an_order_holds_is_one_sentence():
    flimsy = rice(items((40, 2, 100, 4, 3, 2), (30, 2, 100, 4, 3, 2), (20, 2, 100, 4, 3, 2)))
    assert describe_places(flimsy).startswith("2 of 2 places are score theater")
    firm = rice(items((4000, 2, 100, 4, 3, 2), (30, 2, 100, 4, 3, 2)))
    assert describe_places(firm) == "What it puts in order survives one step of change in any one input."
    assert describe_places(rice(items((40, 2, 100, 4, 3, 2)))) == ""


def test_the_columns_in_the_docs_are_the_columns():
    formats = (Path(__file__).parent.parent / "docs" / "formats.md").read_text("utf-8")
    for name, columns in {
        "rice": RICE_COLUMNS,
        "ice": ICE_COLUMNS,
        "moscow": MOSCOW_COLUMNS,
        "kano": KANO_COLUMNS,
    }.items():
        assert re.search(rf"^\| `wb\.{name}\(table\)` \|.*\| `{', '.join(columns)}` \|$", formats, re.MULTILINE), name
