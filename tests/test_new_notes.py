"""Notes that come day by day: put where their words belong without a fit, and a new subject is told."""

from dataclasses import replace

import pandas as pd
import pytest

import workbench as wb
from tests.test_theme_model import SUBJECTS, made_up
from workbench.themes import ThemeModel
from workbench.themes.acts import rename_theme
from workbench.themes.new_notes import Drift

NEW_SUBJECT = "webhook retries signature endpoint payload"


def frame(texts, day, start=0):
    names = [f"n{start + i}" for i in range(len(texts))]
    return pd.DataFrame(
        {
            "note": names,
            "call": [f"call {i // 5}" for i in range(start, start + len(texts))],
            "customer": [f"customer {i % 40}" for i in range(start, start + len(texts))],
            "segment": "s",
            "date": pd.Timestamp(day),
            "kind": "pain",
            "consent": "quote",
            "text": texts,
        }
    )


@pytest.fixture(scope="module")
def earlier():
    return frame(made_up(400), "2026-11-01")


@pytest.fixture(scope="module")
def themes(earlier):
    return wb.find_themes(earlier)


def new_subject(n):
    return [" ".join([*NEW_SUBJECT.split()[i % 3 : i % 3 + 3], "we", "again", f"ticket{i}"]) for i in range(n)]


def subject_of(text):
    return max(SUBJECTS, key=lambda subject: sum(word in subject.split() for word in text.split()))


def test_new_notes_join_the_themes_of_their_subject_without_a_fit(themes, earlier, monkeypatch):
    late = frame(made_up(100, seed=7), "2026-11-24", 400)
    monkeypatch.setattr(ThemeModel, "fit", lambda *_: pytest.fail("themes were found anew"))
    more = wb.add_notes(themes, pd.concat([earlier, late]))
    old = more.notes[more.notes["note"].isin(earlier["note"])].set_index("note")["theme"]
    subjects = {
        theme: subject_of(more.notes.loc[more.notes["theme"] == theme, "text"].iloc[0])
        for theme in more.summary["theme"]
    }
    came = more.notes[more.notes["note"].isin(late["note"])]
    inside = came[came["theme"] != ""]
    assert len(inside) >= 85
    right = [subjects[theme] == subject_of(text) for theme, text in zip(inside["theme"], inside["text"], strict=True)]
    assert sum(right) >= 0.9 * len(inside)
    assert set(inside["reason"]) == {"joined"}
    # Those that were there are together as before, and counted with those that came.
    before = themes.notes.set_index("note")["theme"]
    assert len(set(zip(before, old.loc[before.index], strict=True))) == before.nunique()
    assert more.summary["n_notes"].sum() == themes.summary["n_notes"].sum() + len(inside)
    assert more.n_customers == 40


def test_notes_that_are_there_are_not_counted_twice(themes, earlier):
    again = wb.add_notes(themes, earlier)
    assert again.notes["note"].tolist() == themes.notes["note"].tolist()
    assert again.summary.equals(themes.summary)


def test_what_is_no_evidence_joins_nothing(themes):
    late = frame(made_up(10, seed=7), "2026-11-24", 400).assign(kind="take")
    more = wb.add_notes(themes, late)
    assert len(more.notes) == len(themes.notes)
    assert more.uncounted["note"].tolist() == late["note"].tolist()


def test_a_new_subject_is_told_and_a_week_of_known_ones_is_not(earlier):
    known = pd.concat([earlier, frame(made_up(100, seed=7), "2026-11-24", 400)], ignore_index=True)
    base = wb.find_themes(earlier)
    drift = wb.measure_drift(wb.add_notes(base, known))
    assert drift.n_new == 100
    assert not drift.is_more
    assert "suggest again" not in str(drift)
    strange = pd.concat([known, frame(new_subject(30), "2026-11-24", 500)], ignore_index=True)
    drift = wb.measure_drift(wb.add_notes(base, strange))
    assert drift.n_new == 130
    assert drift.n_far >= 25
    assert str(drift) == f"{drift.n_far} of 130 notes of this week fit no theme (10% would be usual): suggest again?"


def test_notes_of_one_day_have_no_earlier_ones_to_be_measured_by(themes):
    assert wb.measure_drift(themes) == Drift(0, 0, 7)


def test_without_a_theme_there_is_nothing_to_join():
    none = wb.find_themes(frame(["one", "two"], "2026-11-01"))
    with pytest.raises(ValueError, match="find themes first"):
        wb.add_notes(none, frame(["three"], "2026-11-02", 5))


def test_few_far_notes_are_no_news():
    assert not Drift(8, 4).is_more
    assert Drift(100, 20).is_more
    assert not Drift(100, 12).is_more


def test_drift_and_new_notes_do_not_depend_on_the_order_of_rows(themes, earlier):
    late = frame([*made_up(60, seed=7), *new_subject(20)], "2026-11-24", 400)
    one = wb.add_notes(themes, late)
    other = wb.add_notes(themes, late.iloc[::-1])
    columns = ["note", "theme", "typicality", "reason"]
    assert one.notes[columns].sort_values("note").to_csv() == (
        other.notes[columns].sort_values("note").set_index(one.notes.sort_values("note").index).to_csv()
    )
    assert one.summary.to_csv() == other.summary.to_csv()
    assert wb.measure_drift(one) == wb.measure_drift(other)


def test_words_never_heard_before_make_a_note_fit_no_theme_though_it_says_one_that_was(earlier):
    """They did not count: a note of one known word and five new ones was as near to a theme as the word alone."""
    week = frame([*made_up(40, seed=7), *(f"export {NEW_SUBJECT}" for _ in range(10))], "2026-11-24", 400)
    drift = wb.measure_drift(wb.add_notes(wb.find_themes(earlier), week))
    assert drift.n_far >= 10
    assert drift.is_more


def test_one_theme_that_was_kept_does_not_make_all_others_unknown(earlier):
    """Right after two corrections it said that a quarter of all notes fit no theme, of fifty that there were."""
    late = frame(made_up(100, seed=7), "2026-11-24", 400)
    themes = wb.find_themes(pd.concat([earlier, late]))
    records = rename_theme(themes, "T1", "Import", by="ana", date="2026-11-24")
    kept = themes.regroup(replace(themes.ledger, records=(*themes.ledger.records, *records)))
    assert sum(theme in kept.decisions.themes for theme in kept.summary["theme"]) == 1 < len(kept.summary)
    drift = wb.measure_drift(kept)
    assert drift.n_new == 100 and not drift.is_more
