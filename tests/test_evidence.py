"""Evidence is counted by customer, shows every customer before it shows one twice, and names what speaks against it."""

from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted_themes import plant

from workbench.errors import InputError
from workbench.evidence import (
    count_by_customer,
    count_people,
    count_trends,
    evidence_table,
    find_against,
    find_fragile,
    find_loose,
    leave_each_out,
    leave_out,
    pick_evidence,
    strength,
)
from workbench.signals import says_it_works
from workbench.themes import find_themes
from workbench.themes.acts import keep_themes
from workbench.themes.ledger import Ledger

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
        loose = set(find_loose(sample_themes, row.theme))
        shown = pick_evidence(sample_themes, row.theme)
        for evidence in ([n for n in shown if n not in loose], [n for n in shown if n in loose]):
            customers = [customer_of[note] for note in evidence]
            assert len(set(customers[: len(set(customers))])) == len(set(customers))
            turns = [customers[:i].count(name) for i, name in enumerate(customers)]
            assert turns == sorted(turns)
        assert [note in loose for note in shown] == sorted(note in loose for note in shown)


def test_what_shares_little_with_its_theme_is_no_evidence_until_somebody_puts_it_there(sample_themes):
    """Read by a person, six customers of the sample's largest theme speak of their list; eleven have a note in it."""
    first = sample_themes.summary.iloc[0]
    loose = find_loose(sample_themes, first.theme)
    customer_of = sample_themes.notes.set_index("note")["customer"].astype(str)
    assert first.n_customers == 11
    assert {customer_of[note] for note in first.notes if note not in loose} == {
        "Corvane Paper", "Dunmere Pantry", "Hexley Fixings", "Kestrow Heating", "Tamsin Grove", "Wrenlow Textiles",
    }  # fmt: skip
    kept = sample_themes.regroup(Ledger(tuple(keep_themes(sample_themes, [first.theme], by="ana", date="2026-11-24"))))
    lasting = next(
        theme
        for theme in kept.summary["theme"]
        if set(first.notes) <= set(kept.notes.loc[kept.notes["theme"] == theme, "note"])
    )
    assert find_loose(kept, lasting) == []


def test_without_what_is_loose_the_same_themes_are_counted_by_what_is_firm(sample_themes):
    firm = sample_themes.without(
        note for theme in sample_themes.summary["theme"] for note in find_loose(sample_themes, theme)
    )
    assert set(firm.summary["theme"]) == set(sample_themes.summary["theme"])
    assert firm.n_customers == sample_themes.n_customers
    before = sample_themes.summary.set_index("theme")
    for row in firm.summary.itertuples(index=False):
        loose = set(find_loose(sample_themes, row.theme))
        assert set(row.notes) == set(before.loc[row.theme, "notes"]) - loose
        notes = firm.notes[firm.notes["theme"] == row.theme]
        assert row.n_customers == notes["customer"].astype(str).nunique() == sum(row.segments.values())
        assert not {statement.note for statement in firm.statements[row.theme]} & loose
    counts = firm.summary["n_customers"].tolist()
    assert counts == sorted(counts, reverse=True)
    assert set(firm.left_out["note"]) - set(sample_themes.left_out["note"]) == {
        note for theme in sample_themes.summary["theme"] for note in find_loose(sample_themes, theme)
    }


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


# What is behind a theme, a hypothesis, any notes

COUNTED = [
    ("a1", "Acme", "field", "2026-11-02", "x"),
    ("a1", "Acme", "field", "2026-11-02", "x"),
    ("a2", "Acme", "field", "2026-11-23", "x"),
    ("b", "Bolt", "field", "2026-11-08", "x"),
    ("c", "Core", "services", "2026-11-23", "x"),
    ("d", "Dune", "services", "2026-11-16", "y"),
    ("e", "Elm", "", None, "x"),
]


def test_evidence_is_counted_by_customer_segment_and_week():
    found = count_people(plant(COUNTED, takes=[("f", "Fern", "field", "2026-11-23")]), "x")
    assert (found.n_customers, found.n_customers_total, found.n_notes) == (4, 6, 6)
    assert found.strength == "supported"
    assert found.customers == ("Acme", "Bolt", "Core", "Elm")
    # Fern, of whom only a take was written down, was heard.
    assert found.segments == (("field", 2, 3), ("no segment", 1, 1), ("services", 1, 2))
    # A week without any is there; Sunday the 8th is of the week that began on the 2nd.
    assert found.weeks == (("2026-W45", 2, 2), ("2026-W46", 0, 0), ("2026-W47", 0, 1), ("2026-W48", 2, 3))
    assert found.n_undated == 1
    assert found.loudest == ("Acme", 3, 0.5)
    assert str(found).startswith(
        "4 of 6 customers (field 2 of 3, no segment 1 of 1, services 1 of 2), supported; loudest"
    )


def test_a_week_at_the_turn_of_the_year_is_of_the_year_that_has_its_thursday():
    found = count_people(plant([("a", "A", "s", "2027-01-01", "x"), ("b", "B", "s", "2026-12-20", "x")]), "x")
    assert [week.week for week in found.weeks] == ["2026-W51", "2026-W52", "2026-W53"]


def test_of_a_hypothesis_its_evidence_is_counted_and_what_does_not_count_is_told():
    themes = plant(COUNTED)
    notes = themes.notes["note"].tolist()
    hypothesis = SimpleNamespace(evidence=(notes[0], notes[4], notes[4], "gone#1"))
    found = count_people(themes, hypothesis)
    assert (found.n_customers, found.n_notes, found.n_uncounted, found.strength) == (2, 2, 1, "emerging")
    assert found == count_people(themes, hypothesis.evidence)


def test_without_evidence_nobody_is_loudest():
    found = count_people(plant(COUNTED), [])
    assert (found.n_customers, found.strength, found.loudest, found.weeks) == (0, "none", None, ())
    assert "no evidence" in str(found)


def test_a_theme_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(InputError, match="no theme 'z'; the themes are x, y"):
        count_people(plant(COUNTED), "z")


def test_a_segment_alone_and_customers_without_one_do_not_support_a_theme():
    rows = [(c, c, "field" if c < "c" else "", "2026-11-02", "x") for c in "abcd"]
    assert count_people(plant(rows), "x").strength == "emerging"


def test_the_table_agrees_with_what_is_counted_of_each_theme(sample_themes):
    table = evidence_table(sample_themes)
    for row in table.itertuples():
        found = count_people(sample_themes, row.theme)
        assert (row.n_customers, row.n_customers_total) == (found.n_customers, found.n_customers_total)
        assert (row.loudest, row.loudest_notes, row.loudest_share) == found.loudest
        assert row.strength == found.strength
        assert row.segments == {part.segment: part.n_customers for part in found.segments if part.n_customers}
    assert table["theme"].tolist() == sample_themes.summary["theme"].tolist()


# Of late


def test_a_trend_is_one_only_where_the_exact_test_says_so():
    early = [(f"a{i}", f"A{i}", "s", "2026-11-02", "x") for i in range(6)]
    late = [(f"b{i}", f"B{i}", "s", "2026-11-16", "y") for i in range(6)]
    both = [
        (f"{c}{i}", f"{c.upper()}{i}", "s", day, "z")
        for c, day in (("a", "2026-11-02"), ("b", "2026-11-16"))
        for i in range(6)
    ]
    some = [*both[:5], both[6]]
    found = count_trends(plant([*early, *late, *some])).set_index("theme")
    assert found.loc["x", ["earlier", "earlier_total", "later", "later_total"]].tolist() == [6, 6, 0, 6]
    assert found["trend"].to_dict() == {"x": "quiet", "y": "new", "z": "falling"}  # 5 of 6, then 1 of 6: p is .08
    found = count_trends(plant([*early, *late, *both[:4], *both[6:8]])).set_index("theme")
    assert found.loc["z", "trend"] == "no clear change"  # 4 of 6, then 2 of 6: p is .57
    assert found.loc["z", "since"] == pd.Timestamp("2026-11-16")


def test_a_rise_is_told_from_a_fall():
    rows = [(f"a{i}", f"A{i}", "s", "2026-11-02", "x" if i < 1 else "y") for i in range(6)]
    rows += [(f"b{i}", f"B{i}", "s", "2026-11-09", "x" if i < 5 else "y") for i in range(6)]
    assert count_trends(plant(rows)).set_index("theme")["trend"].to_dict() == {"x": "rising", "y": "falling"}


@pytest.mark.parametrize("day", [None, "2026-11-02"])
def test_calls_of_one_week_or_of_none_tell_no_trend(day):
    found = count_trends(plant([(c, c, "s", day, "x") for c in "abcdefgh"]))
    assert found["trend"].tolist() == ["too few calls"]


# One left out


def test_a_theme_of_one_customer_hangs_on_that_one():
    row = find_fragile(plant([("a", "Acme", "s", None, "x"), ("b", "Bolt", "s", None, "")])).iloc[0]
    assert (row["fragile"], row["hangs_on"], row["why"]) == (True, ("Acme",), "only Acme raised it")


def test_a_theme_hangs_on_the_only_customer_of_its_second_segment():
    rows = [(c, c, "field", None, "x") for c in "abcd"] + [("e", "Elm", "services", None, "x")]
    row = find_fragile(plant(rows)).iloc[0]
    assert (row["hangs_on"], row["why"]) == (("Elm",), "would be emerging and no longer supported without Elm")
    assert row["fragile_in"] == ("strength",)
    assert row["segments"] == ("field", "services")
    rows.append(("f", "Fern", "services", None, "x"))
    row = find_fragile(plant(rows)).iloc[0]
    assert (row["fragile"], row["hangs_on"], row["why"]) == (False, (), "")


def test_of_three_customers_each_one_is_needed():
    rows = [("a", "Acme", "field", None, "x"), ("b", "Bolt", "field", None, "x"), ("c", "Core", "services", None, "x")]
    assert find_fragile(plant(rows)).iloc[0]["hangs_on"] == ("Acme", "Bolt", "Core")


def test_a_rank_is_lost_where_the_other_is_then_listed_first():
    ahead = [(c, c.upper(), "s" if c < "c" else "m", None, "x") for c in "abcde"]
    behind = [(c, c.upper(), "s" if c < "c" else "m", None, "y") for c in "abcd" for _ in range(2)]
    found = find_fragile(plant([*ahead, *behind])).set_index("theme")
    assert found.loc["x", "hangs_on"] == ("E",)
    assert found.loc["x", "why"] == "would fall behind y without E"
    assert found.loc["x", "lead"] == 1
    assert found["fragile_in"].to_dict() == {"x": ("rank",), "y": ()}
    left = leave_out(plant([*ahead, *behind])).set_index("left_out")
    assert left.loc["E", "swaps"] == (("x", "y"),)
    assert left["order_changes"].to_dict() == {"A": False, "B": False, "C": False, "D": False, "E": True}


def test_themes_that_are_level_have_no_rank_to_lose():
    """Without one customer the one or the other goes first; nothing was claimed of that."""
    rows = [(c, c, "s", None, "x") for c in "abcd"] + [(c, c, "m", None, "x") for c in "ef"]
    rows += [(c, c, "s", None, "y") for c in "abcg"] + [(c, c, "m", None, "y") for c in "eh"]
    assert not leave_out(plant(rows))["order_changes"].any()
    assert not find_fragile(plant(rows))["fragile"].any()


def test_a_swap_by_name_alone_does_not_count():
    """Without E both have four customers and four notes, and z would be listed behind y for its name."""
    rows = [(c, c, "s" if c < "c" else "m", None, "z") for c in "abcde"]
    rows += [(c, c, "s" if c < "c" else "m", None, "y") for c in "abcd"]
    assert not leave_out(plant(rows))["order_changes"].any()


def test_a_segment_can_be_left_out_too():
    rows = [(c, c, "field", None, "x") for c in "abcd"] + [(c, c, "services", None, "y") for c in "efg"]
    left = leave_out(plant([*rows, ("h", "h", "services", None, "x")]), by="segment").set_index("left_out")
    assert left.loc["field", "swaps"] == (("x", "y"),)
    assert left.loc["services", "gone"] == ("y",)
    assert left.loc["field", "weaker"] == (("x", "supported", "single"),)
    with pytest.raises(ValueError, match="by='note' is not known"):
        leave_out(plant(rows), by="note")


def naive(themes, by, name):
    """Counts and order with one left out, by counting the rows that are left."""
    notes = themes.notes[(themes.notes["theme"] != "") & (themes.notes[by] != name)]
    counts = {
        theme: (of["customer"].nunique(), len(of), strength(of["customer"].nunique(), len(set(of["segment"]) - {""})))
        for theme, of in notes.groupby("theme")
    }
    return {theme: counts.get(theme, (0, 0, "none")) for theme in themes.summary["theme"]}


WORDS = ["none", "single", "emerging", "supported"]
NOTES = st.lists(st.tuples(st.sampled_from("ABCDEF"), st.sampled_from(["x", "y", "z", ""])), min_size=1, max_size=25)


@settings(max_examples=50)
@given(NOTES)
def test_what_is_left_is_what_counting_anew_gives(pairs):
    segment = {"A": "s", "B": "s", "C": "m", "D": "m", "E": "", "F": "t"}
    themes = plant([(who, who, segment[who], None, theme) for who, theme in pairs])
    full = naive(themes, "customer", None)
    hurt = {theme: set() for theme in full}
    for by in ("customer", "segment"):
        for row in leave_out(themes, by=by).itertuples():
            left = naive(themes, by, row.left_out)
            weaker = {t for t in full if WORDS.index(left[t][2]) < WORDS.index(full[t][2])}
            swaps = {
                (a, b)
                for a in full
                for b in full
                if full[a][0] > full[b][0] and left[a][0] and left[a][:2] < left[b][:2]
            }
            assert {(t, left[t][2]) for t in weaker if left[t][0]} == {(t, after) for t, _, after in row.weaker}
            assert set(row.swaps) == swaps
            assert set(row.gone) == {t for t in full if not left[t][0]}
            if by == "customer":
                for theme in weaker | {a for a, _ in swaps}:
                    hurt[theme].add(row.left_out)
    found = find_fragile(themes)
    assert {row.theme: set(row.hangs_on) for row in found.itertuples()} == hurt
    assert [bool(who) for who in found["hangs_on"]] == found["fragile"].tolist()
    for row in found.itertuples():
        left = leave_each_out(themes, row.theme)
        for one in left.itertuples():
            assert (one.n_customers, one.strength) == (naive(themes, one.kind, one.left_out)[row.theme][0::2])


@settings(max_examples=50)
@given(NOTES, st.randoms())
def test_evidence_is_the_same_whatever_the_order_of_the_rows(pairs, random):
    there = plant([(who, who, who[:1], "2026-11-02", theme) for who, theme in pairs])
    rows = list(range(len(there.notes)))
    random.shuffle(rows)
    back = type(there)(there.summary, there.notes.iloc[rows].reset_index(drop=True), there.uncounted)
    for table in (evidence_table, find_fragile, leave_out, count_trends):
        pd.testing.assert_frame_equal(table(there), table(back))
    for theme in there.summary["theme"]:
        assert count_people(there, theme) == count_people(back, theme)
