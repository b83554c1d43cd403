"""Corrections to themes of more notes than anybody writes down: a thousand stand for all."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from workbench.themes import find_themes
from workbench.themes.acts import keep_themes, merge_themes, move_notes, rename_theme
from workbench.themes.attach import cite_notes, note_id
from workbench.themes.large import named_in
from workbench.themes.ledger import Record, cite_note, format_record
from workbench.themes.recording import MOST_KEPT

BY = {"by": "ana", "date": "2026-11-27"}
WORDS = ("import rows drop file", "invoice total odd tax", "login password reset mail")


@pytest.fixture(scope="module")
def themes():
    """Three themes of 1,400 notes, all of one table."""
    rng = np.random.default_rng(0)
    rows = []
    for i in range(4200):
        words = WORDS[i % 3].split()
        text = f"{words[0]} {words[1]} {rng.choice(words[2:])} {rng.choice(words)} case{rng.integers(400)}"
        rows.append((f"t#{i:08x}", "t", f"Customer {i % 200}", text))
    notes = pd.DataFrame(rows, columns=["note", "call", "customer", "text"])
    notes = notes.assign(segment="s", date=pd.Timestamp("2026-11-17"), kind="pain", consent="quote")
    found = find_themes(notes, n_themes=3)
    assert found.summary["n_notes"].min() > MOST_KEPT
    return found


def act(themes, records):
    return themes.regroup(replace(themes.ledger, records=(*themes.ledger.records, *records)))


def members(themes, theme):
    return set(themes.notes.loc[themes.notes["theme"] == theme, "note"])


def test_a_large_theme_is_written_down_by_a_thousand_notes_and_keeps_all(themes):
    before = members(themes, "T1")
    records = rename_theme(themes, "T1", "Import loses rows", **BY)
    assert sum(len(record.notes) for record in records) == MOST_KEPT
    after = act(themes, records)
    (named,) = after.summary.loc[after.summary["name"] == "Import loses rows", "theme"]
    assert members(after, named) == before


def test_a_second_act_writes_nothing_down_again(themes):
    after = act(themes, rename_theme(themes, "T1", "One", **BY))
    (named,) = after.summary.loc[after.summary["name"] == "One", "theme"]
    records = rename_theme(after, named, "Two", **BY)
    assert len("".join(map(format_record, records))) < 1000


def test_themes_merged_are_one_with_all_their_notes(themes):
    both = members(themes, "T1") | members(themes, "T2")
    after = act(themes, merge_themes(themes, "T1", "T2", **BY))
    (lasting,) = [theme for theme in after.summary["theme"] if theme.startswith("T-")]
    assert members(after, lasting) == both


def test_a_moved_note_goes_alone_and_the_rest_stays(themes):
    note = themes.summary["notes"].iloc[0][-1]
    before = {theme: members(themes, theme) for theme in ("T1", "T2")}
    after = act(themes, move_notes(themes, [note], "T2", **BY))
    reason = after.notes.set_index("note").loc[note, "reason"]
    theme = after.notes.set_index("note").loc[note, "theme"]
    assert reason == "placed" and members(after, theme) >= before["T2"] | {note}
    assert len(members(after, theme) & before["T1"]) <= 1 + sum(after.notes["reason"] == "came along")


def test_new_notes_go_where_the_thousand_are(themes):
    kept = act(themes, keep_themes(themes, ["T1"], **BY))
    notes = themes.notes[["note", "call", "customer", "text", "segment", "date", "kind", "consent"]]
    like = notes[notes["note"].isin(themes.summary["notes"].iloc[0][:50])]
    more = pd.concat([notes, like.assign(note=[f"u#{i:08x}" for i in range(50)], call="u")], ignore_index=True)
    after = find_themes(more, kept.ledger, n_themes=3)
    (lasting,) = [theme for theme in after.summary["theme"] if theme.startswith("T-")]
    assert set(after.notes.loc[after.notes["call"] == "u", "theme"]) == {lasting}


def test_a_note_whose_id_tells_its_twin_is_cited_as_among_all_that_say_the_same():
    ids = [note_id("t", text, twin) for text in ("filters reset", "export stops") for twin in (1, 2, 3)]
    notes = pd.DataFrame({"note": ids, "call": "t", "text": ["filters reset"] * 3 + ["export stops"] * 3, "theme": ""})
    notes = notes.assign(customer="Acme", segment="s", date=pd.Timestamp("2026-11-17"), kind="pain", consent="quote")
    records = move_notes(find_themes(notes, n_themes=1), ids[1:5], "T1", **BY)
    placed = {ref for record in records if record.kind == "place" for ref in record.notes}
    cited = cite_notes(notes["note"], notes["call"], notes["text"])
    assert placed == {cited[note] for note in ids[1:5]}


def test_a_note_that_came_is_as_typical_as_it_is_near_and_the_others_as_before(themes):
    note = themes.summary["notes"].iloc[0][-1]
    after = act(themes, move_notes(themes, [note], "T2", **BY))
    was, now = (some.notes.set_index("note")["typicality"] for some in (themes, after))
    assert (
        0
        < now[note]
        < now.drop(note)[list(members(after, after.notes.set_index("note").loc[note, "theme"]) - {note})].median()
    )
    came = set(after.notes.loc[after.notes["reason"] != "", "note"])
    assert now.drop(list(came)).equals(was.drop(list(came)))


def test_notes_named_by_their_ids_are_those_named_by_their_words(themes):
    texts = themes.notes["text"].tolist()[:40]
    by_id = pd.DataFrame({"note": [note_id("t", text) for text in texts], "call": "t", "text": texts}).drop_duplicates(
        "note"
    )
    refs = tuple(cite_note("t", text) for text in texts[:5])
    ledger = replace(themes.ledger, records=(Record("a1", 1, "ana", "2026-11-27", "place", "T-1", notes=refs),))
    assert set(named_in(ledger, by_id)["text"]) == set(texts[:5])
    other = by_id.assign(note=[f"t#{k}" for k in range(len(by_id))])
    assert set(named_in(ledger, other)["text"]) == set(texts[:5])
