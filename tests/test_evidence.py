"""Evidence is counted by customer, shows every customer before it shows one twice, and names what speaks against it."""

import pandas as pd
import pytest

from workbench.evidence import count_by_customer, find_against, pick_evidence, strength
from workbench.signals import says_it_works
from workbench.themes import find_themes

ROWS = [
    ("a", "Acme", "The import drops rows of the list"),
    ("a", "Acme", "Rows of the list are lost in the import"),
    ("a2", "Acme", "Import dropped a row of the list"),
    ("b", "Bolt", "The import lost rows, a list of 900"),
    ("c", "Core", "Half of the list is gone, rows and all"),
]


def ids(themes, customer=None):
    notes = themes.notes
    return set(notes["note"] if customer is None else notes.loc[notes["customer"] == customer, "note"])


# Strength


@pytest.mark.parametrize(
    ("n_customers", "n_segments", "word"),
    [
        (0, 0, "single"),
        (1, 1, "single"),
        (1, 5, "single"),
        (2, 1, "emerging"),
        (2, 2, "emerging"),
        (3, 1, "emerging"),
        (12, 1, "emerging"),
        (3, 2, "supported"),
        (9, 3, "supported"),
    ],
)
def test_a_theme_is_supported_by_three_customers_in_two_segments(n_customers, n_segments, word):
    assert strength(n_customers, n_segments) == word


# Counts


def test_calls_are_counted_by_theme_and_customer(frame):
    rows = [*ROWS, ("c", "Core", "Invoice layout odd"), ("d", "Dune", "Odd invoice layout"), ("e", "Elm", "...")]
    segments = ["s", "s", "s", "s", "m", "m", "m", "m"]
    themes = find_themes(frame(rows, segment=segments), n_themes=2)
    counts = count_by_customer(themes)
    assert counts.index.tolist() == themes.summary["theme"].tolist() == ["T1", "T2"]
    assert counts.columns.tolist() == ["Core", "Dune", "Elm", "Acme", "Bolt"]
    assert counts.loc["T1"].tolist() == [1, 0, 0, 2, 1]
    assert counts.loc["T2"].tolist() == [1, 1, 0, 0, 0]
    assert set(map(str, counts.dtypes)) == {"int64"}


def test_counts_of_no_themes_are_a_table_without_rows(frame):
    assert len(count_by_customer(find_themes(frame([])))) == 0
    counts = count_by_customer(find_themes(frame(ROWS[:1])))
    assert (len(counts), counts.columns.tolist()) == (0, ["Acme"])


def test_the_counts_of_the_sample_agree_with_its_summary(sample_themes):
    counts = count_by_customer(sample_themes)
    summary = sample_themes.summary.set_index("theme")
    assert (counts > 0).sum(axis=1).tolist() == summary["n_customers"].tolist()
    assert counts.shape == (len(summary), 12)


# Against


@pytest.mark.parametrize(
    "text",
    [
        "The import was no trouble, all rows of the list were there",
        "Import was easy: a list of 44 rows",
        "All rows of the list went in first try, import works well",
        "List import without any problem",
    ],
)
def test_a_note_that_says_there_was_no_trouble_speaks_against_its_theme(frame, text):
    themes = find_themes(frame([*ROWS, ("d", "Dune", text)]), n_themes=1)
    assert find_against(themes, "T1") == ["d#00000005"]


@pytest.mark.parametrize(
    "text",
    [
        "The import wasn't easy, rows of the list were gone",
        "Import of the list is never any easier, rows lost",
        "The import drops rows of the list",
    ],
)
def test_a_note_that_denies_it_does_not(frame, text):
    assert find_against(find_themes(frame([*ROWS, ("d", "Dune", text)]), n_themes=1), "T1") == []


def test_a_wish_for_ease_is_no_contradiction(frame):
    notes = frame([*ROWS, ("d", "Dune", "Import of the list without any problem, no rows lost")])
    assert find_against(find_themes(notes, n_themes=1), "T1") == ["d#00000005"]
    notes.loc[5, "kind"] = "wish"
    assert find_against(find_themes(notes, n_themes=1), "T1") == []


def test_ease_with_something_else_does_not_speak_against_a_theme(frame):
    rows = [*ROWS, ("d", "Dune", "Chasing debtors was no trouble"), ("e", "Elm", "Chasing debtors takes evenings")]
    themes = find_themes(frame(rows), n_themes=2)
    about = dict(zip(themes.notes["customer"], themes.notes["theme"], strict=True))
    assert about["Dune"] == about["Elm"] != about["Acme"]
    assert find_against(themes, about["Acme"]) == []
    assert find_against(themes, about["Dune"]) == ["d#00000005"]


def test_notes_against_come_nearest_first_and_those_within_the_theme_before_others(sample_themes):
    for theme in sample_themes.summary["theme"]:
        against = find_against(sample_themes, theme)
        notes = sample_themes.notes.set_index("note").loc[against]
        near = [sample_themes.nearness(theme, text) for text in notes["text"]]
        order = list(zip(notes["theme"] != theme, [-value for value in near], strict=True))
        assert order == sorted(order)
        assert len(set(against)) == len(against)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The list was no trouble at all", "no trouble"),
        ("It went straight in", "went straight in"),
        ("It never went straight in", ""),
        ("Columns matched first time", "matched first time"),
        ("not easy", ""),
        ("It wasn't that easy", ""),
        ("It wasn’t that easy", ""),
        ("", ""),
        ("Refined sugar", ""),
        ("Not in yet. Easy though", "Easy"),
    ],
)
def test_words_of_ease_are_verbatim_and_not_taken_when_denied(text, words):
    assert says_it_works(text) == words


# What to show


def test_every_customer_comes_once_before_one_comes_twice(sample_themes):
    customer_of = sample_themes.notes.set_index("note")["customer"].astype(str)
    for row in sample_themes.summary.itertuples():
        evidence = pick_evidence(sample_themes, row.theme)
        customers = [customer_of[note] for note in evidence]
        assert len(set(customers[: len(set(customers))])) == len(set(customers))
        turns = [customers[:i].count(name) for i, name in enumerate(customers)]
        assert turns == sorted(turns)


def test_evidence_is_the_theme_without_what_speaks_against_it(sample_themes):
    for row in sample_themes.summary.itertuples():
        against = set(find_against(sample_themes, row.theme))
        evidence = pick_evidence(sample_themes, row.theme)
        assert set(evidence) == set(row.notes) - against
        assert len(evidence) == len(set(evidence))
    assert against.isdisjoint(evidence)


def test_of_one_customer_a_quote_goes_first_when_nearly_as_typical(frame):
    for quoted in (0, 1):
        notes = frame(ROWS[:2] + ROWS[3:])
        notes.loc[quoted, "kind"] = "quote"
        themes = find_themes(notes, n_themes=1)
        shown = [note for note in pick_evidence(themes, "T1") if note in ids(themes, "Acme")]
        assert shown[0] == notes["note"][quoted]


def test_a_quote_that_is_far_less_typical_does_not_go_first(frame):
    notes = frame([*ROWS, ("a", "Acme", "Sundays with a ruler, my daughter reading postcodes out, import")])
    notes.loc[5, "kind"] = "quote"
    themes = find_themes(notes, n_themes=1)
    typicality = themes.notes.set_index("note")["typicality"]
    assert typicality["a#00000005"] + 0.15 < typicality["a#00000000"]
    assert pick_evidence(themes, "T1")[0] != "a#00000005"


def test_the_order_of_the_rows_does_not_matter(frame):
    notes = frame([*ROWS, ("d", "Dune", "Import of the list was no trouble"), ("e", "Elm", "List import: no trouble")])
    there, back = (find_themes(rows, n_themes=1) for rows in (notes, notes[::-1]))
    assert pick_evidence(there, "T1") == pick_evidence(back, "T1")
    assert find_against(there, "T1") == find_against(back, "T1")
    assert len(find_against(there, "T1")) == 2
    pd.testing.assert_frame_equal(count_by_customer(there), count_by_customer(back))
