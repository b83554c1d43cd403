"""Notes that say alike things become a theme, the same whatever their order, ranked by who said them."""

import random
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.metrics import adjusted_mutual_info_score

from workbench.evidence import find_against
from workbench.themes import ThemeModel, find_themes
from workbench.themes.find import SUMMARY_COLUMNS
from workbench.themes.wording import MAX_WORDS

ROOT = Path(__file__).parent.parent

TEXTS = [
    "The import drops rows",
    "Rows are lost in the import",
    "Import lost 200 rows again",
    "The invoice layout looks odd",
    "Invoice layout is not ours",
]


@pytest.fixture(scope="module")
def texts(sample_themes):
    """A real list of texts, a third of the sample study's."""
    return sample_themes.notes["text"].tolist()[::3]


@pytest.fixture(scope="module")
def fitted(texts):
    return ThemeModel().fit(texts)


def shuffled(n, seed):
    return random.Random(seed).sample(range(n), n)


# ThemeModel: manners of a scikit-learn clusterer


def test_the_model_keeps_its_parameters_and_learns_nothing_before_fit():
    model = ThemeModel(n_themes=3, random_state=7)
    assert model.get_params() == {"n_themes": 3, "random_state": 7, "encoder": None, "progress": None, "engine": "auto"}
    assert clone(model).get_params() == model.get_params()
    assert model.set_params(n_themes="auto") is model
    assert ThemeModel(n_themes="nonsense").n_themes == "nonsense"
    assert not [name for name in vars(model) if name.endswith("_")]


def test_fit_gives_the_model_itself_with_one_label_a_text(texts, fitted):
    model = ThemeModel()
    assert model.fit(texts) is model
    assert (model.labels_.shape, model.labels_.dtype) == ((len(texts),), np.int64)
    assert (model.typicality_.shape, model.typicality_.dtype) == ((len(texts),), np.float64)
    assert len(model.terms_) == model.labels_.max() + 1
    assert model.labels_.tolist() == fitted.labels_.tolist()
    assert model.terms_ == fitted.terms_


def test_fit_predict_gives_the_labels():
    model = ThemeModel(n_themes=2)
    assert model.fit_predict(TEXTS).tolist() == model.labels_.tolist() == [0, 0, 0, 1, 1]


def test_fitting_again_forgets_the_first_texts():
    model = ThemeModel(n_themes=2).fit(TEXTS)
    assert model.fit(TEXTS[:3]).labels_.shape == (3,)


def test_fit_leaves_the_texts_and_the_state_of_numpy_alone(texts):
    given_texts, before = list(TEXTS), np.random.get_state()[1].tolist()
    ThemeModel().fit(given_texts)
    assert given_texts == TEXTS
    assert np.random.get_state()[1].tolist() == before


@pytest.mark.parametrize(
    "kind",
    [
        list, tuple, iter, np.array, lambda texts: np.array(texts, dtype=object), pd.Series,
        lambda texts: pd.Series(texts, index=list("edcba")),
    ],
)  # fmt: skip
def test_texts_may_come_as_any_sequence(kind):
    assert ThemeModel(n_themes=2).fit(kind(TEXTS)).labels_.tolist() == [0, 0, 0, 1, 1]


@pytest.mark.parametrize("text", ["The import drops rows", "", b"bytes"])
def test_one_text_alone_is_refused(text):
    with pytest.raises(TypeError, match="got one text; put it in a list"):
        ThemeModel().fit(text)


@pytest.mark.parametrize(
    ("bad", "name"), [(None, "NoneType"), (3, "int"), (float("nan"), "float"), (b"x", "bytes"), (["x"], "list")]
)
def test_what_is_no_text_is_refused_with_its_position(bad, name):
    with pytest.raises(TypeError, match=f"got {name} at position 2"):
        ThemeModel().fit([*TEXTS[:2], bad, *TEXTS[2:]])


@pytest.mark.parametrize("n_themes", [0, -1, 2.0, 2.5, "5", "Auto", "", None, True, [2]])
def test_a_number_of_themes_that_is_none_is_refused_in_plain_words(n_themes):
    with pytest.raises(ValueError, match=r'n_themes must be "auto" or a whole number from 1, got') as raised:
        ThemeModel(n_themes=n_themes).fit(TEXTS)
    assert repr(n_themes) in str(raised.value)


def test_a_number_of_themes_beyond_the_texts_is_refused_in_plain_words():
    with pytest.raises(ValueError, match="n_themes=6 needs at least 6 texts with words, got 5"):
        ThemeModel(n_themes=6).fit(TEXTS)
    with pytest.raises(ValueError, match="n_themes=6 needs at least 6 texts with words, got 5"):
        ThemeModel(n_themes=6).fit([*TEXTS, "...", ""])


@pytest.mark.parametrize("n_themes", [1, 2, 3, 4, np.int64(2)])
def test_as_many_themes_as_were_asked_for(n_themes):
    model = ThemeModel(n_themes=n_themes).fit(TEXTS)
    assert len(model.terms_) == n_themes
    assert set(model.labels_) == set(range(n_themes))


def test_texts_of_the_same_words_are_never_two_themes():
    """The second and the third text are one to the model, so four themes are all that five texts hold."""
    labels = ThemeModel(n_themes=5).fit(TEXTS).labels_
    assert len(set(labels)) == 4
    assert labels[1] == labels[2]


def test_as_many_themes_as_were_asked_for_of_real_texts(texts):
    assert len(ThemeModel(n_themes=4).fit(texts).terms_) == 4


# ThemeModel: what it finds


def test_alike_texts_are_one_theme_and_a_text_like_no_other_is_none():
    model = ThemeModel().fit([*TEXTS, "Quokka"])
    assert model.labels_.tolist() == [0, 0, 0, 1, 1, -1]
    assert model.typicality_[5] == 0
    assert (model.typicality_[:5] > 0.3).all()


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_texts_does_not_matter(texts, fitted, seed):
    order = shuffled(len(texts), seed)
    model = ThemeModel().fit([texts[i] for i in order])
    assert model.labels_.tolist() == fitted.labels_[order].tolist()
    assert model.typicality_.tolist() == fitted.typicality_[order].tolist()
    assert model.terms_ == fitted.terms_


WORDS = ["import", "rows", "list", "invoice", "the", "é", "日本", "..."]
few_words = st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join)


@settings(max_examples=40)
@given(st.lists(few_words, max_size=12), st.randoms(use_true_random=False), st.sampled_from(["auto", 2]))
def test_few_and_poor_texts_never_fail_and_never_depend_on_their_order(texts, chance, n_themes):
    order = chance.sample(range(len(texts)), len(texts))
    try:
        model = ThemeModel(n_themes=n_themes).fit(texts)
    except ValueError as error:
        assert "needs at least 2 texts" in str(error)
        return
    again = ThemeModel(n_themes=n_themes).fit([texts[i] for i in order])
    assert again.labels_.tolist() == model.labels_[order].tolist()
    assert again.terms_ == model.terms_
    sizes = np.bincount(model.labels_[model.labels_ >= 0])
    assert (sizes[:-1] >= sizes[1:]).all()
    assert (sizes > 0).all()
    assert len(model.terms_) == len(sizes)
    assert ((model.typicality_ >= 0) & (model.typicality_ <= 1)).all()
    assert (model.typicality_[model.labels_ < 0] == 0).all()


def test_labels_are_numbered_by_size_and_the_rest_has_none(fitted):
    sizes = np.bincount(fitted.labels_[fitted.labels_ >= 0])
    assert len(sizes) > 2
    assert sizes.tolist() == sorted(sizes, reverse=True)
    assert sizes.min() > 1


def test_texts_without_words_are_left_out_whatever_is_asked():
    mixed = ["", *TEXTS, "...", "the and of", "12:40 #1", "👍"]
    for n_themes in ("auto", 2):
        assert ThemeModel(n_themes=n_themes).fit(mixed).labels_.tolist() == [-1, 0, 0, 0, 1, 1, -1, -1, -1, -1]


@pytest.mark.parametrize("n", [0, 1, 2, 3, 5])
@pytest.mark.parametrize("wordless", ["", "?!", "the"])
def test_texts_that_all_have_no_words_have_no_themes(n, wordless):
    model = ThemeModel().fit([wordless] * n)
    assert (model.labels_.tolist(), model.terms_) == ([-1] * n, [])
    if n:
        with pytest.raises(ValueError, match="needs at least 1 texts with words, got 0"):
            ThemeModel(n_themes=1).fit([wordless] * n)


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_few_texts_are_no_matter(n):
    labels = ThemeModel().fit(TEXTS[:n]).labels_.tolist()
    assert labels == {1: [-1], 2: [0, 0], 3: [0, 0, 0], 5: [0, 0, 0, 1, 1]}[n]
    assert ThemeModel(n_themes=1).fit(TEXTS[:n]).labels_.tolist() == [0] * n


@pytest.mark.parametrize("n", [2, 3, 5, 40])
@pytest.mark.parametrize("n_themes", ["auto", 1, 2])
def test_texts_that_are_all_the_same_are_one_theme(n, n_themes):
    model = ThemeModel(n_themes=n_themes).fit(["Filters reset again"] * n)
    assert model.labels_.tolist() == [0] * n
    assert model.typicality_.tolist() == pytest.approx([1] * n)


def test_copies_of_a_text_share_its_theme(texts, fitted):
    twice = ThemeModel().fit([*texts, *texts]).labels_
    assert twice[: len(texts)].tolist() == twice[len(texts) :].tolist()


def test_other_languages_are_grouped_by_their_words():
    german = ["Der Import verliert Zeilen", "Zeilen fehlen nach dem Import", "Die Rechnung sieht falsch aus",
              "Rechnung sieht anders aus"]  # fmt: skip
    russian = ["Импорт теряет строки", "Строки теряются, импорт", "Счёт выглядит странно", "Счёт выглядит иначе"]
    for few in (german, russian):
        assert ThemeModel(n_themes=2).fit(few).labels_.tolist() in ([0, 0, 1, 1], [1, 1, 0, 0])
    for few in (["導入で行が消える", "行が消える", "請求書"], ["การนำเข้า", "การนำเข้าช้า"], ["الاستيراد بطيء", "بطيء"]):
        assert len(ThemeModel().fit(few).labels_) == len(few)


def test_a_text_of_two_thousand_words_is_one_text_among_others(texts):
    long = " ".join(f"{texts[i % len(texts)]}" for i in range(400))
    long = " ".join((long.split() * 2)[:2000])
    model = ThemeModel().fit([*texts, long])
    assert len(model.labels_) == len(texts) + 1
    assert len(set(model.labels_[:-1])) > 2


def test_terms_are_words_as_they_were_written(texts, fitted):
    words = " ".join(texts).lower().replace("-", " ").split()
    written = {word.strip(".,?!()\"'").replace("'", "") for word in words}
    for terms in fitted.terms_:
        assert 1 <= len(terms) <= 6
        assert set(terms) <= written
        assert len(set(terms)) == len(terms)


def test_a_term_takes_the_form_that_is_written_most():
    model = ThemeModel(n_themes=2).fit([*TEXTS, "Invoices: layouts", "Invoices: layouts", "Invoices, layouts"])
    assert [set(terms) >= {"invoices", "layouts"} for terms in model.terms_] == [True, False]


def test_no_warning_escapes(texts):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        copies = ["alpha beta"] * 3 + ["import rows"] * 3
        for few in ([], [""], ["x y"] * 3, TEXTS, [*TEXTS, *TEXTS], copies, texts[::2]):
            for n_themes in ("auto", 1, 4):
                try:
                    ThemeModel(n_themes=n_themes).fit(few)
                except ValueError as error:
                    assert "needs at least" in str(error)


class SmallModel(ThemeModel):
    MAX_CLUSTERED = 40


def test_above_the_limit_a_sample_is_clustered_and_the_rest_joins_it(texts):
    model = SmallModel().fit(texts)
    assert len(texts) > SmallModel.MAX_CLUSTERED
    assert model.labels_.shape == (len(texts),)
    assert model.labels_.max() >= 2
    order = shuffled(len(texts), 1)
    assert SmallModel().fit([texts[i] for i in order]).labels_.tolist() == model.labels_[order].tolist()
    clear = [f"{words} {i % 3}" for i, words in enumerate(["import lost rows", "invoice layout odd"] * 60)]
    assert SmallModel(n_themes=2).fit(clear).labels_.tolist() in ([0, 1] * 60, [1, 0] * 60)


# find_themes


ROWS = [
    ("a", "Acme", "The import drops rows"),
    ("b", "Bolt", "Rows are lost in the import"),
    ("c", "Core", "Import lost 200 rows again"),
    ("a", "Acme", "The invoice layout looks odd"),
    ("b", "Bolt", "Invoice layout is not ours"),
]


def test_a_theme_is_a_row_with_the_documented_columns(frame):
    themes = find_themes(frame(ROWS, segment=["s", "s", "", "s", "s"]))
    assert tuple(themes.summary.columns) == SUMMARY_COLUMNS
    first, second = themes.summary.to_dict("records")
    assert (first["theme"], first["n_notes"], first["n_customers"], first["n_customers_total"]) == ("T1", 3, 3, 3)
    assert first["segments"] == {"s": 2, "no segment": 1}
    assert (second["theme"], second["n_notes"], second["n_customers"], second["segments"]) == ("T2", 2, 2, {"s": 2})
    assert first["first"] == first["last"] == pd.Timestamp("2026-11-17")
    assert set(first["notes"]) == {"a#00000000", "b#00000001", "c#00000002"}
    assert isinstance(first["terms"], tuple)
    assert themes.n_customers == 3


def test_the_days_of_a_theme_are_those_of_its_calls(frame):
    days = pd.to_datetime(["2026-11-03", "2026-10-20", None, "2026-01-01", "2026-11-17"])
    first = find_themes(frame(ROWS, date=days)).summary.iloc[0]
    assert (first["first"], first["last"]) == (pd.Timestamp("2026-10-20"), pd.Timestamp("2026-11-03"))


@pytest.mark.parametrize(
    ("column", "value"), [("kind", "take"), ("consent", "none"), ("excluded", "our sister company")]
)
def test_what_is_no_evidence_is_neither_clustered_nor_counted_but_shown(frame, column, value):
    notes = frame([*ROWS, ("d", "Dune", "Import rows lost"), ("e", "Elm", "Import drops rows")])
    default = {"kind": "observation", "consent": "quote", "excluded": ""}[column]
    notes[column] = [default] * 5 + [value] * 2
    themes = find_themes(notes)
    alone = find_themes(notes[:5])
    assert themes.uncounted["customer"].tolist() == ["Dune", "Elm"]
    assert not set(themes.notes["customer"]) & {"Dune", "Elm"}
    total = 5 if column == "kind" else 3
    assert themes.n_customers == total
    assert set(themes.summary["n_customers_total"]) == {total}
    columns = [name for name in SUMMARY_COLUMNS if name != "n_customers_total"]
    pd.testing.assert_frame_equal(themes.summary[columns], alone.summary[columns])


@pytest.mark.parametrize(("column", "value"), [("consent", "none"), ("excluded", "why")])
def test_a_take_about_a_customer_who_does_not_count_does_not_make_it_count(frame, column, value):
    notes = frame([*ROWS, ("d", "Dune", "They will leave")]).assign(excluded="")
    notes.loc[5, "kind"] = "take"
    assert find_themes(notes).n_customers == 4
    notes.loc[5, column] = value
    assert find_themes(notes).n_customers == 3


def test_a_loud_customer_does_not_rank(frame):
    loud = [("d", "Loud", f"The portal login code never arrives, portal number {i}") for i in range(9)]
    summary = find_themes(frame([*ROWS, *loud])).summary
    assert summary["n_customers"].tolist() == [3, 2, 1]
    assert summary["n_notes"].tolist() == [3, 2, 9]
    assert "portal" in summary["claim"][2]


def is_part_of(claim, text):
    return claim.removesuffix("…") in text if claim not in text else True


def test_a_claim_is_verbatim_in_one_of_its_notes(sample_themes):
    text_of = sample_themes.notes.set_index("note")["text"]
    for row in sample_themes.summary.itertuples():
        assert any(is_part_of(row.claim, text_of[note]) for note in row.notes), row.claim
        for statement in sample_themes.statements[row.theme]:
            assert is_part_of(statement.text, text_of[statement.note]), statement
            assert statement.note in row.notes


@pytest.mark.parametrize("gap", [" ", "  ", "\u00a0"])
def test_a_long_note_is_cut_at_a_word_and_stays_verbatim(frame, gap):
    text = gap.join(f"import rows lost word{'x' * i}," for i in range(1, 12))
    rows = [("a", "Acme", text), ("b", "Bolt", text.replace("lost", "gone"))]
    (claim,) = find_themes(frame(rows), n_themes=1).summary["claim"]
    assert claim.endswith("…")
    assert any(is_part_of(claim, row[2]) for row in rows)
    assert len(claim.split()) == MAX_WORDS
    assert not claim.endswith(",…")


def test_a_claim_that_may_be_quoted_goes_before_one_that_may_not(frame):
    rows = [("a", "Acme", "The import drops rows"), ("b", "Bolt", "Somebody said that import may drop rows there")]
    for quoted in (0, 1):
        consent = ["quote" if i == quoted else "aggregate" for i in range(2)]
        assert find_themes(frame(rows, consent=consent), n_themes=1).summary["claim"][0] == rows[quoted][2]


def test_a_note_is_in_at_most_one_theme_and_every_note_is_somewhere(sample_notes, sample_themes):
    of_themes = [note for notes in sample_themes.summary["notes"] for note in notes]
    assert len(of_themes) == len(set(of_themes))
    assert set(of_themes) == set(sample_themes.notes.loc[sample_themes.notes["theme"] != "", "note"])
    assert set(sample_themes.left_out["note"]) == set(sample_themes.notes["note"]) - set(of_themes)
    assert sorted([*sample_themes.notes["note"], *sample_themes.uncounted["note"]]) == sorted(sample_notes["note"])
    for row in sample_themes.summary.itertuples():
        inside = sample_themes.notes[sample_themes.notes["theme"] == row.theme]
        assert set(inside["note"]) == set(row.notes)
        assert (row.n_notes, row.n_customers) == (len(inside), inside["customer"].nunique())
        assert sum(row.segments.values()) == row.n_customers


def test_themes_are_ranked_by_customers(sample_themes):
    summary = sample_themes.summary
    assert summary["theme"].tolist() == [f"T{i}" for i in range(1, len(summary) + 1)]
    ranks = list(zip(-summary["n_customers"], -summary["n_notes"], strict=True))
    assert ranks == sorted(ranks)


def test_the_order_of_the_rows_does_not_matter(sample_notes, sample_themes):
    again = find_themes(sample_notes.iloc[shuffled(len(sample_notes), 5)])
    pd.testing.assert_frame_equal(again.summary, sample_themes.summary)
    assert again.statements == sample_themes.statements


def test_the_order_of_equal_notes_does_not_matter(frame):
    notes = frame([(call, customer, "Filters reset") for call, customer, _ in ROWS] + ROWS)
    for n_themes in ("auto", 3):
        summary = find_themes(notes, n_themes=n_themes).summary
        pd.testing.assert_frame_equal(find_themes(notes[::-1], n_themes=n_themes).summary, summary)


def test_the_notes_are_left_as_they_were(frame):
    notes = frame(ROWS)
    before = notes.copy()
    find_themes(notes)
    pd.testing.assert_frame_equal(notes, before)


def test_columns_that_are_missing_are_named(frame):
    with pytest.raises(ValueError, match=r"needs the columns customer, text; wb\.read_notes gives them"):
        find_themes(frame(ROWS).drop(columns=["text", "customer"]))


def test_no_notes_give_no_themes(frame):
    for notes in (frame([]), frame(ROWS, kind="take")):
        themes = find_themes(notes)
        assert (len(themes.summary), tuple(themes.summary.columns)) == (0, SUMMARY_COLUMNS)
        assert len(themes.notes) == 0
    assert themes.n_customers == 3


def test_too_many_themes_are_refused_in_plain_words(frame):
    with pytest.raises(ValueError, match="n_themes=6 needs at least 6 texts with words, got 5"):
        find_themes(frame(ROWS), n_themes=6)


def test_nearness_is_the_share_of_a_themes_words(frame):
    themes = find_themes(frame(ROWS))
    assert themes.nearness("T1", "Quokka") == 0
    assert themes.nearness("T1", "IMPORTS!") > themes.nearness("T1", "invoice")
    assert themes.nearness("T1", " ".join(text for _, _, text in ROWS)) == pytest.approx(1)


# The sample study


def test_twelve_customers_of_the_sample_count(sample_themes):
    assert sample_themes.n_customers == 12
    assert set(sample_themes.summary["n_customers_total"]) == {12}
    assert set(sample_themes.uncounted.loc[sample_themes.uncounted["kind"] != "take", "customer"]) == {
        "Birrane Joinery", "Garrand Group",
    }  # fmt: skip


def test_the_loud_customer_of_the_sample_is_not_among_the_first_three(sample_themes):
    """Joyce of Marl Lane talks of portals every five minutes, and hardly anybody else does."""
    summary = sample_themes.summary
    about = [row.theme for row in summary.itertuples() if "portal" in row.terms]
    assert about
    assert not set(about) & {"T1", "T2", "T3"}
    (row,) = summary[summary["theme"] == about[0]].itertuples()
    of_theme = sample_themes.notes[sample_themes.notes["theme"] == about[0]]
    assert (of_theme["customer"] == "Marl Lane").mean() > 0.8
    assert row.n_notes > 10


def test_the_contradictions_planted_in_the_sample_are_found(sample_themes):
    notes = sample_themes.notes
    of_file = notes[notes["file"] == "interviews/2026-11-17-ovrelle-office-manager.md"].set_index("line")["note"]
    about_lists = [row.theme for row in sample_themes.summary.itertuples() if "import" in row.terms]
    assert len(about_lists) == 1
    assert set(find_against(sample_themes, about_lists[0])) >= {of_file[11], of_file[12]}


def test_the_themes_of_the_sample_are_those_a_person_finds(sample_themes):
    labels = pd.read_csv(ROOT / "benchmarks" / "sample_labels.csv")
    labels["file"] = "interviews/" + labels["call_file"]
    found = sample_themes.notes.astype({"file": str})[["file", "line", "theme"]]
    both = labels[labels["theme"] != "none"].merge(found, on=["file", "line"], suffixes=("_person", ""))
    assert len(both) > 120
    assert adjusted_mutual_info_score(both["theme_person"], both["theme"]) >= 0.7
