"""What became of themes between two looks: born, split, merged, grew, shrank, changed, renamed, faded, same."""

import pandas as pd
import pytest

from workbench.themes.changes import CHANGE_COLUMNS, theme_changes
from workbench.themes.find import SUMMARY_COLUMNS, Themes


def look(themes, names=None, left=()):
    """Themes as they are seen: id -> notes. A note such as "a1" is of customer "a"."""
    summary = pd.DataFrame(
        [
            {"theme": theme, "name": (names or {}).get(theme, ""), "claim": f"claim of {theme}", "notes": tuple(notes),
             "n_customers": len({note[0] for note in notes})}
            for theme, notes in themes.items()
        ],
        columns=list(SUMMARY_COLUMNS),
    )  # fmt: skip
    rows = [(note, theme) for theme, notes in themes.items() for note in notes] + [(note, "") for note in left]
    return Themes(summary, pd.DataFrame(rows, columns=["note", "theme"]), pd.DataFrame())


def changes(before, after):
    return {row["after"] or row["before"]: row for row in theme_changes(before, after).to_dict("records")}


def kinds(before, after):
    return {theme: row["change"] for theme, row in changes(before, after).items()}


A, B, C = ["a1", "a2", "b1"], ["b2", "c1"], ["c2", "d1", "d2"]


def test_the_same_themes_are_the_same():
    table = theme_changes(look({"T1": A, "T-b": B}), look({"T1": A, "T-b": B}))
    assert tuple(table.columns) == CHANGE_COLUMNS
    assert table["change"].tolist() == ["same", "same"]
    assert table["title"].tolist() == ["claim of T1", "claim of T-b"]
    for name in ("came", "went", "new_notes"):
        assert table[name].tolist() == [(), ()]


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ({"T1": A}, {"T1": [*A, "z1"]}, "grew"),
        ({"T1": [*A, "z1"]}, {"T1": A}, "shrank"),
        ({"T1": A}, {"T1": ["a1", "b1"]}, "changed"),
        ({"T1": A}, {"T4": A}, "same"),
        ({"T1": A}, {"T-a": A}, "same"),
        ({"T-a": A}, {"T-a": B}, "changed"),
        ({"T-a": A}, {"T-a": C}, "changed"),
    ],
)
def test_a_theme_that_goes_on(before, after, change):
    notes = [{note for notes in themes.values() for note in notes} for themes in (before, after)]
    then, now = look(before, left=sorted(notes[1] - notes[0])), look(after, left=sorted(notes[0] - notes[1]))
    (row,) = changes(then, now).values()
    assert (row["change"], row["before"], row["after"]) == (change, *before, *after)


def test_a_lasting_theme_is_known_by_its_id_whatever_is_in_it():
    assert kinds(look({"T-a": A, "T-b": B}), look({"T-a": B, "T-b": A})) == {"T-a": "changed", "T-b": "changed"}
    assert kinds(look({"T1": A, "T2": B}), look({"T1": B, "T2": A})) == {"T1": "same", "T2": "same"}


def test_a_name_alone_is_a_change():
    rows = changes(look({"T1": A}), look({"T-a": A}, {"T-a": "Imports"}))
    assert (rows["T-a"]["change"], rows["T-a"]["title"]) == ("renamed", "Imports")
    assert kinds(look({"T-a": A}, {"T-a": "x"}), look({"T-a": A}, {"T-a": "x"})) == {"T-a": "same"}


def test_born_of_new_notes_or_of_those_in_no_theme():
    rows = changes(look({"T1": A}, left=["z1"]), look({"T1": A, "T2": ["z1", "y1"], "T3": B}))
    assert {theme: row["change"] for theme, row in rows.items()} == {"T1": "same", "T2": "born", "T3": "born"}
    assert (rows["T2"]["came"], rows["T2"]["new_notes"], rows["T3"]["new_notes"]) == (("z1",), ("y1",), ("b2", "c1"))
    assert (rows["T2"]["n_customers_before"], rows["T2"]["n_customers_after"], rows["T2"]["with"]) == (0, 2, "")


def test_split_from_one_that_is_still_there():
    rows = changes(look({"T1": [*A, *B, *C]}), look({"T1": [*A, *C], "T2": B}))
    assert (rows["T2"]["change"], rows["T2"]["with"], rows["T2"]["came"]) == ("split", "T1", tuple(sorted(B)))
    assert (rows["T1"]["change"], rows["T1"]["went"]) == ("changed", tuple(sorted(B)))


def test_merged_into_one_that_was_there():
    rows = changes(look({"T-a": A, "T-b": B}), look({"T-a": [*A, *B]}))
    assert (rows["T-b"]["change"], rows["T-b"]["with"], rows["T-b"]["went"]) == ("merged", "T-a", tuple(sorted(B)))
    assert (rows["T-a"]["change"], rows["T-a"]["came"]) == ("grew", tuple(sorted(B)))


def test_faded_when_its_notes_are_in_no_theme_or_scattered():
    assert kinds(look({"T1": A, "T2": B}), look({"T1": A}, left=B))["T2"] == "faded"
    scattered = look({"T-a": ["a1", "b1", "b3"], "T-b": ["a2", "c1", "c3"], "T-c": ["b2", "d1", "d3"]})
    assert (
        kinds(look({"T1": ["a1", "a2", "b2"]}, left=["b1", "b3", "c1", "c3", "d1", "d3"]), scattered)["T1"] == "faded"
    )
    assert kinds(look({"T1": A}), look({}))["T1"] == "faded", "its calls are gone"


def test_nothing_then_or_nothing_now():
    assert len(theme_changes(look({}), look({}))) == 0
    assert kinds(look({}), look({"T1": A})) == {"T1": "born"}
    assert kinds(look({"T1": A}), look({})) == {"T1": "faded"}


def test_every_moved_note_came_from_somewhere_and_went_somewhere():
    before = look({"T1": [*A, "d1"], "T2": [*B, "c2"], "T3": ["d2", "e1"]}, left=["f1"])
    after = look({"T1": [*A, "c2"], "T2": [*B, "f1", "g1"], "T4": ["d1", "d2"]}, left=["e1"])
    rows = theme_changes(before, after)
    came, went = ([note for notes in rows[name] for note in notes] for name in ("came", "went"))
    assert sorted(came) == sorted({*went, "f1"} - {"e1"}), "out of no theme, and into none"
    assert len(came) == len(set(came)) and len(went) == len(set(went))
    assert [note for notes in rows["new_notes"] for note in notes] == ["g1"]


def test_the_order_of_themes_and_notes_changes_nothing():
    before, after = {"T1": A, "T2": B, "T3": C}, {"T5": [*C, *B], "T6": A}
    first = changes(look(before), look(after))
    turned = [{theme: notes[::-1] for theme, notes in reversed(themes.items())} for themes in (before, after)]
    assert changes(*map(look, turned)) == first


def test_born_ones_come_first_and_the_same_ones_last():
    before = look({"T1": A, "T2": B, "T3": ["x1", "y1"], "T4": ["w1"]}, left=["v1"])
    after = look({"T1": A, "T2": [*B, "z1"], "T9": ["v1"]}, left=["x1", "y1", "w1"])
    assert theme_changes(before, after)["change"].tolist() == ["born", "grew", "faded", "faded", "same"]


def test_one_old_note_among_many_new_ones_makes_no_split():
    new = [f"{customer}9" for customer in "efghijk"]
    assert kinds(look({"T-a": [*A, "z1"]}), look({"T-a": A, "T2": ["z1", *new]}))["T2"] == "born"


def test_a_theme_that_went_two_ways_alike_is_merged_into_neither():
    before = look({"T-a": ["a1", "a2", "b1", "b2"], "T-b": C, "T-c": ["e1", "e2", "f1"]})
    after = look({"T-b": [*C, "a1", "a2"], "T-c": ["e1", "e2", "f1", "b1", "b2"]})
    assert changes(before, after)["T-a"]["change"] == "faded"
