"""What a PM does becomes records that hold at once, are taken back whole, and break nothing that came later."""

import random
from collections import Counter
from dataclasses import dataclass, replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import InputError
from workbench.notes import format_note, parse_call
from workbench.themes.acts import (
    keep_apart,
    keep_themes,
    merge_themes,
    move_notes,
    new_theme,
    pin_together,
    redo,
    rename_theme,
    set_aside,
    split_theme,
    undo,
)
from workbench.themes.ledger import (
    MAX_LINE_BYTES,
    MAX_REFS,
    Ledger,
    Record,
    act_of,
    cite_note,
    format_record,
    parse_ledger,
)
from workbench.themes.replay import Decisions, live_records, replay_ledger

ANA = {"by": "ana", "date": "2026-11-17"}
BEN = {"by": "ben", "date": "2026-11-18"}


@dataclass
class Shown:
    """Themes as the acts see them."""

    summary: pd.DataFrame
    notes: pd.DataFrame
    ledger: Ledger
    decisions: Decisions

    @property
    def of(self):
        return dict(zip(self.notes["note"], self.notes["theme"], strict=True))


def show(calls, ledger=None):
    """Themes of some calls (name -> texts): what was decided, and else by the first word; "-" is not yet a theme.

    A free note joins the lasting theme where most notes have its first word, if there is one.
    """
    ledger = ledger or Ledger()
    read = [
        parse_call("".join(format_note(text) + "\n" for text in texts), f"{call}.md") for call, texts in calls.items()
    ]
    rows = [(note.id, call.id, note.text) for call in read for note in call.notes]
    notes = pd.DataFrame(rows, columns=["note", "call", "text"])
    decisions = replay_ledger(ledger, notes)
    first = [text.split()[0] for text in notes["text"]]
    words = dict(zip(notes["note"], first, strict=True))
    lasting = Counter((words[note], theme) for note, theme in decisions.anchors.items())
    joins = {word: theme for (word, theme), _ in sorted(lasting.items(), key=lambda item: (item[1], item[0]))}
    joins["-"] = "-"
    base = {note: decisions.anchors.get(note, joins.get(word, word)) for note, word in words.items()}
    label = {note: decisions.placed.get(note, base[decisions.follows.get(note, note)]) for note in notes["note"]}
    loose = sorted({name for name in label.values() if name and not name.startswith("T-") and name != "-"})
    number = {name: f"T{i}" for i, name in enumerate(loose, 1)} | {"-": "", "": ""}
    notes["theme"] = [number.get(label[note], label[note]) for note in notes["note"]]
    names = {theme: kept.name for theme, kept in decisions.themes.items()}
    rows = [
        (theme, names.get(theme, ""), tuple(inside["note"]))
        for theme, inside in notes[notes["theme"] != ""].groupby("theme")
    ]
    return Shown(pd.DataFrame(rows, columns=["theme", "name", "notes"]), notes, ledger, decisions)


def add(ledger, records):
    """The ledger after an act has been written and read."""
    return parse_ledger("".join(format_record(record) for record in (*ledger.records, *records)))


CALLS = {
    "2026-11-17-acme": ["filters reset", "export is slow", "filters reset", "- nobody says this"],
    "2026-11-18-bolt": ["export loses rows", "filters are lost", "totals by hand"],
    "2026-11-19-core": ["totals are wrong", "export stops"],
}
MORE = CALLS | {"2026-11-20-dune": ["news of them", "filters again", "export again"]}
FRESH = show(CALLS)
NOTE = dict(zip(FRESH.notes["text"], FRESH.notes["note"], strict=True))
SLOW, ROWS, STOPS = NOTE["export is slow"], NOTE["export loses rows"], NOTE["export stops"]
LOST, HAND, WRONG = NOTE["filters are lost"], NOTE["totals by hand"], NOTE["totals are wrong"]
EXPORT, FILTERS, TOTALS = FRESH.of[SLOW], FRESH.of[LOST], FRESH.of[HAND]


def after(records, calls=CALLS, ledger=None):
    return show(calls, add(ledger or Ledger(), records))


def kinds(records):
    return [record.kind for record in records]


# Touching keeps


def test_touching_a_theme_keeps_it_with_all_its_notes():
    records = rename_theme(FRESH, EXPORT, "  Export   is slow ", **ANA)
    assert kinds(records) == ["theme", "theme"]
    kept, named = records
    assert kept.theme == named.theme == f"T-{kept.id}"
    assert [ref.text for ref in kept.notes] == ["export is slow", "export loses rows", "export stops"]
    assert (kept.name, named.name, named.notes) == ("", "Export is slow", ())
    assert {(record.at, record.by, record.date) for record in records} == {(1, "ana", "2026-11-17")}
    now = after(records)
    assert now.summary["name"].tolist() == ["Export is slow", "", ""]
    assert [now.of[note] for note in (SLOW, ROWS, STOPS)] == [kept.theme] * 3
    # From now on it has an id, and is not kept again.
    again = rename_theme(now, kept.theme, "Exports", **BEN)
    assert kinds(again) == ["theme"]
    assert (again[0].theme, again[0].at) == (kept.theme, 2)
    assert after(again, ledger=now.ledger).summary["name"][0] == "Exports"


def test_a_merge_keeps_both_and_makes_them_one():
    records = merge_themes(FRESH, TOTALS, EXPORT, **ANA)
    assert kinds(records) == ["theme", "theme", "merge"]
    now = after(records)
    assert {now.of[note] for note in (HAND, WRONG, SLOW, ROWS, STOPS)} == {records[-1].into}
    assert now.of[LOST] != records[-1].into


def test_a_split_keeps_the_rest_and_makes_a_new_theme():
    records = split_theme(FRESH, EXPORT, [ROWS], "Rows are lost", **ANA)
    assert kinds(records) == ["theme", "theme", "place"]
    now = after(records)
    assert now.of[ROWS] == records[-1].theme
    assert now.of[SLOW] == now.of[STOPS] == records[0].theme != records[-1].theme
    assert dict(zip(now.summary["theme"], now.summary["name"], strict=True))[records[-1].theme] == "Rows are lost"
    assert after(split_theme(FRESH, EXPORT, ROWS, **ANA)).of[ROWS].startswith("T-")


def test_a_new_theme_is_made_of_notes_of_several_themes_and_of_none():
    alone = NOTE["- nobody says this"]
    records = new_theme(FRESH, [ROWS, alone, LOST, ROWS], "  Lost   things ", **ANA)
    assert kinds(records) == ["theme", "theme", "theme", "place"], (
        "the two that notes come from, the new one, its notes"
    )
    now = after(records)
    new = records[-1].theme
    assert [now.of[note] for note in (ROWS, alone, LOST)] == [new] * 3
    assert now.of[SLOW] == now.of[STOPS] == records[0].theme != new
    assert dict(zip(now.summary["theme"], now.summary["name"], strict=True))[new] == "Lost things"
    assert now.of[HAND] == FRESH.of[HAND] or not now.of[HAND].startswith("T-"), "the third was not touched"
    assert show(CALLS, add(now.ledger, undo(now.ledger, **ANA))).of == FRESH.of
    # Of one theme it is what a split makes; of none, it needs no other theme.
    ids = {"new_id": lambda: "aaaaaaaa"}
    assert new_theme(FRESH, [ROWS], "Rows", **ANA, **ids) == split_theme(FRESH, EXPORT, [ROWS], "Rows", **ANA, **ids)
    records = new_theme(FRESH, alone, **ANA)
    assert kinds(records) == ["theme", "place"]
    assert after(records).of[alone] == records[-1].theme == f"T-{records[0].id}"


def test_a_new_theme_may_take_the_whole_of_two():
    now = after(new_theme(FRESH, [SLOW, ROWS, STOPS, HAND, WRONG], **ANA))
    assert len({now.of[note] for note in (SLOW, ROWS, STOPS, HAND, WRONG)}) == 1
    assert show(CALLS, add(now.ledger, undo(now.ledger, **ANA))).of == FRESH.of


def test_a_move_keeps_where_it_comes_from_and_where_it_goes():
    records = move_notes(FRESH, ROWS, FILTERS, **ANA)
    assert kinds(records) == ["theme", "theme", "place"]
    now = after(records)
    assert now.of[ROWS] == now.of[LOST] == records[-1].theme
    assert now.of[SLOW] == now.of[STOPS] == records[0].theme
    # A note that was in no theme comes from nowhere.
    alone = NOTE["- nobody says this"]
    assert FRESH.of[alone] == ""
    records = move_notes(FRESH, [alone], FILTERS, **ANA)
    assert kinds(records) == ["theme", "place"]
    assert after(records).of[alone] == records[-1].theme


def test_a_move_to_where_it_is_keeps_it_there():
    records = move_notes(FRESH, [SLOW, SLOW], EXPORT, **ANA)
    assert kinds(records) == ["theme", "place"]
    assert records[-1].notes == (cite_note("2026-11-17-acme", "export is slow"),)


def test_setting_aside_keeps_where_it_comes_from():
    records = set_aside(FRESH, [ROWS, LOST], **ANA)
    assert kinds(records) == ["theme", "theme", "place"]
    now = after(records)
    assert now.of[ROWS] == now.of[LOST] == ""
    assert now.of[SLOW].startswith("T-")


def test_a_pinned_note_joins_its_partner():
    now = after(pin_together(FRESH, ROWS, LOST, **ANA))
    assert now.of[ROWS] == now.of[LOST] != now.of[SLOW]
    assert all(theme.startswith("T-") for note, theme in now.of.items() if note in (ROWS, LOST, SLOW))


def test_two_notes_are_kept_apart():
    records = keep_apart(FRESH, ROWS, SLOW, **ANA)
    assert kinds(records) == ["theme", "link"]
    assert replay_ledger(add(Ledger(), records), FRESH.notes).apart == ((ROWS, SLOW),)


def test_a_twin_is_moved_alone():
    twins = FRESH.notes["note"][FRESH.notes["text"] == "filters reset"].tolist()
    now = after(move_notes(FRESH, twins[1], EXPORT, **ANA))
    assert now.of[twins[1]] == now.of[SLOW]
    assert now.of[twins[0]] == now.of[LOST]


def test_keeping_themes_writes_all_their_notes_down():
    records = keep_themes(FRESH, **ANA)
    assert kinds(records) == ["theme"] * 3
    now = after(records)
    assert all(theme.startswith("T-") for theme in now.summary["theme"])
    # New notes join; kept again, they are written down too.
    theme = now.of[SLOW]
    joined = show(MORE, now.ledger)
    assert joined.of[joined.notes["note"].iloc[-1]] == theme
    (again,) = keep_themes(joined, theme, **BEN)
    assert again.theme == theme
    assert again.notes[-1].text == "export again"


def test_what_is_kept_already_is_not_written_again():
    now = after(keep_themes(FRESH, **ANA))
    assert keep_themes(now, **BEN) == keep_themes(now, now.of[SLOW], **BEN) == []
    # Only the themes that notes have joined, and what is new.
    again = keep_themes(show(MORE, now.ledger), **BEN)
    assert {record.theme for record in again} & set(now.of.values()) == {now.of[SLOW], now.of[LOST]}
    written = {record.theme: {ref.text for ref in record.notes} for record in again}
    assert written.pop(now.of[SLOW]) == {"export is slow", "export loses rows", "export stops", "export again"}
    assert written.pop(now.of[LOST]) == {"filters reset", "filters are lost", "filters again"}
    assert list(written.values()) == [{"news of them"}]
    assert keep_themes(show(MORE, add(now.ledger, again)), **ANA) == []
    # A theme of cards that were put there has no other notes, and is kept by that.
    split = after(split_theme(now, now.of[SLOW], [ROWS], **ANA), ledger=now.ledger)
    assert keep_themes(split, **ANA) == []


@pytest.mark.parametrize("calls", ["CALLS", "MORE"])
@pytest.mark.parametrize(
    "act",
    [
        lambda shown: move_notes(shown, ROWS, shown.of[LOST], **ANA),
        lambda shown: move_notes(shown, [ROWS, HAND], shown.of[LOST], **ANA),
        lambda shown: split_theme(shown, shown.of[SLOW], [ROWS], **ANA),
        lambda shown: set_aside(shown, [ROWS, LOST], **ANA),
        lambda shown: pin_together(shown, ROWS, LOST, **ANA),
        lambda shown: merge_themes(shown, shown.of[SLOW], shown.of[LOST], **ANA),
    ],
)
def test_what_is_kept_after_an_act_does_not_bind_its_cards(act, calls):
    """Also when a new note has joined, so that the themes are written down anew."""
    kept = add(Ledger(), keep_themes(FRESH, **ANA))
    start = show(CALLS, kept)
    acted = add(kept, act(start))
    again = add(acted, keep_themes(show(globals()[calls], acted), **BEN) if calls == "MORE" else [])
    back = show(CALLS, add(again, undo(again, acted.records[-1].id, **ANA)))
    assert back.of == start.of


def test_a_card_that_is_kept_apart_is_not_written_down_where_that_has_led_it():
    now = after(keep_apart(FRESH, STOPS, SLOW, **ANA))
    now = show(MORE, add(now.ledger, pin_together(now, STOPS, ROWS, **ANA)))
    # As find_themes does it: one of the two goes to another theme, and takes along the note that it is pinned to.
    filters = now.of[LOST]
    now.notes["reason"] = ["kept apart" if note == STOPS else "" for note in now.notes["note"]]
    inside = [tuple(note for note in notes if note not in (ROWS, STOPS)) for notes in now.summary["notes"]]
    now.summary["notes"] = [
        (*notes, ROWS, STOPS) if theme == filters else notes
        for theme, notes in zip(now.summary["theme"], inside, strict=True)
    ]
    for record in keep_themes(now, **ANA):
        texts = {ref.text for ref in record.notes}
        assert ("export loses rows" in texts) == ("export stops" in texts) == (record.theme == now.of[SLOW])


def test_a_theme_without_notes_is_still_one():
    now = after(split_theme(FRESH, EXPORT, ROWS, "Rows", **ANA))
    theme = now.of[ROWS]
    now = after(move_notes(now, ROWS, FILTERS, **ANA), ledger=now.ledger)
    assert theme not in now.of.values()
    now = after(move_notes(now, SLOW, theme, **ANA), ledger=now.ledger)
    assert now.of[SLOW] == theme


def test_large_acts_take_several_records_of_a_bounded_size():
    calls = {f"2026-11-17-{'x' * 60}-{i}": [f"export 🐢{'🐢' * 250} {i} {j}" for j in range(60)] for i in range(10)}
    shown = show(calls)
    (theme,) = shown.summary["theme"]
    records = set_aside(shown, shown.notes["note"][:450], **ANA)
    assert kinds(records).count("theme") > 3
    for record in records:
        assert len(record.notes) <= MAX_REFS
        assert len(format_record(record).encode()) <= MAX_LINE_BYTES
    assert sum(len(record.notes) for record in records if record.kind == "theme") == 600
    assert len({record.theme for record in records if record.kind == "theme"}) == 1
    now = after(records, calls)
    assert now.ledger.problems == ()
    assert (now.notes["theme"] == "").sum() == 450
    # Short notes: by number.
    calls = {"x": [f"export {j}" for j in range(450)]}
    records = keep_themes(show(calls), **ANA)
    assert [len(record.notes) for record in records] == [200, 200, 50]
    taken = undo(add(Ledger(), records), **ANA)
    assert taken[0].of == tuple(sorted(record.id for record in records))


def test_ids_are_new_in_the_ledger_and_in_the_act():
    records = merge_themes(FRESH, TOTALS, EXPORT, **ANA, new_id=lambda: "aaaaaaaa")
    assert [record.id for record in records] == ["aaaaaaaa", "aaaaaaaa-2", "aaaaaaaa-3"]
    assert (records[-1].theme, records[-1].into) == tuple(record.theme for record in records[:2])
    assert len({theme[:6] for theme in (records[-1].theme, records[-1].into)}) == 2
    assert {act_of(record) for record in records} == {"aaaaaaaa"}
    assert add(Ledger(), records).problems == ()
    # Also where the first record of an act is gone.
    ledger = add(Ledger(), [replace(records[0], id="bbbbbbbb-2"), *records[1:]])
    given = iter(["aaaaaaaa", "bbbbbbbb", "cccccccc"])
    assert set_aside(show(CALLS, ledger), LOST, **ANA, new_id=lambda: next(given))[0].id == "cccccccc"
    given = iter(["aaaaaaaa", "bbbbbbbb", "dddddddd"])
    assert undo(ledger, "aaaaaaaa-3", **ANA, new_id=lambda: next(given))[0].id == "dddddddd"
    assert len({record.id for _ in range(50) for record in keep_themes(FRESH, **ANA)}) == 150
    with pytest.raises(ValueError, match="eight hex digits, got 'x'"):
        keep_themes(FRESH, **ANA, new_id=lambda: "x")


# What cannot be done is said


KEPT = after(rename_theme(FRESH, EXPORT, "Export is slow", **ANA))
MERGED = after(merge_themes(KEPT, KEPT.of[SLOW], KEPT.of[LOST], **ANA), ledger=KEPT.ledger)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: rename_theme(FRESH, "T9", "x", **ANA), ["no theme 'T9'", "by its id: T1, T2, T3"]),
        (lambda: rename_theme(KEPT, "Export slow", "x", **ANA), [f"by its id: {KEPT.of[SLOW]} “Export is slow”,"]),
        (lambda: rename_theme(show({}), "T1", "x", **ANA), ["nor any other", "read more notes"]),
        (
            lambda: rename_theme(MERGED, KEPT.of[SLOW], "x", **ANA),
            ["is part of", MERGED.of[LOST], "take the merge back"],
        ),
        (lambda: rename_theme(FRESH, EXPORT, " \n\x00 ", **ANA), ["name cannot be empty", "write a few words"]),
        (lambda: rename_theme(FRESH, EXPORT, "x" * 201, **ANA), ["at most 200 letters", "201", "shorten"]),
        (lambda: rename_theme(FRESH, EXPORT, None, **ANA), ["name cannot be empty"]),
        (lambda: rename_theme(FRESH, EXPORT, "x", by=" ", date="2026-11-17"), ["who decides is not said"]),
        (lambda: rename_theme(FRESH, EXPORT, "x", by="ana", date="17.11.2026"), ["'17.11.2026' is not a day"]),
        (lambda: merge_themes(FRESH, EXPORT, EXPORT, **ANA), ["into itself", "two different themes"]),
        (lambda: merge_themes(FRESH, EXPORT, "T0", **ANA), ["no theme 'T0'"]),
        (lambda: split_theme(FRESH, EXPORT, [LOST], **ANA), [f"{LOST} is not in {EXPORT}", "move it there first"]),
        (lambda: split_theme(FRESH, EXPORT, [SLOW, ROWS, STOPS], **ANA), ["all 3 notes", "rename the theme"]),
        (lambda: split_theme(FRESH, EXPORT, [], **ANA), ["no note was named"]),
        (lambda: split_theme(FRESH, EXPORT, ROWS, "x" * 201, **ANA), ["at most 200 letters"]),
        (lambda: new_theme(FRESH, [], "x", **ANA), ["no note was named"]),
        (lambda: new_theme(FRESH, [STOPS, SLOW, ROWS], **ANA), ["all 3 notes of " + EXPORT, "rename it", "others too"]),
        (lambda: new_theme(FRESH, ["x"], **ANA), ["no note 'x'"]),
        (lambda: new_theme(FRESH, [ROWS, LOST], " \t", **ANA), ["name cannot be empty"]),
        (
            lambda: move_notes(FRESH, "2026-11-17-acme#0", EXPORT, **ANA),
            ["no note", "the nearest are 2026-11-17-acme#"],
        ),
        (lambda: move_notes(FRESH, [SLOW], "T9", **ANA), ["no theme 'T9'"]),
        (lambda: set_aside(FRESH, [], **ANA), ["no note was named"]),
        (lambda: set_aside(show({}), ["x"], **ANA), ["no note 'x'"]),
        (lambda: pin_together(FRESH, SLOW, SLOW, **ANA), ["named twice", "two different notes"]),
        (
            lambda: pin_together(FRESH, SLOW, NOTE["- nobody says this"], **ANA),
            [NOTE["- nobody says this"], "in no theme", "put it into a theme first"],
        ),
        (lambda: keep_apart(FRESH, SLOW, "x", **ANA), ["no note 'x'"]),
        (lambda: keep_themes(show({}), **ANA), ["no theme to keep"]),
        (lambda: keep_themes(FRESH, ["T1", "T8"], **ANA), ["no theme 'T8'"]),
        (lambda: undo(Ledger(), **ANA), ["ana has done nothing"]),
        (lambda: undo(KEPT.ledger, **BEN), ["ben has done nothing"]),
        (lambda: undo(KEPT.ledger, "nowhere", **ANA), ["no record 'nowhere'", "the last ones are", "theme, ana"]),
        (lambda: undo(KEPT.ledger, [], **ANA), ["no record was named"]),
        (lambda: redo(KEPT.ledger, **ANA), ["ana has taken nothing back"]),
    ],
)
def test_what_cannot_be_done_is_said_in_plain_words(act, words):
    with pytest.raises(InputError) as raised:
        act()
    for word in words:
        assert word in str(raised.value)


def test_of_many_themes_the_nearest_are_listed():
    shown = show({"x": [f"w{i:02} one" for i in range(30)]})
    with pytest.raises(InputError, match=r"T1\b.* and 25 more"):
        rename_theme(shown, "T1x", "x", **ANA)


# Taking back


def do(ledger, act, *words, **who):
    return add(ledger, act(show(CALLS, ledger), *words, **(who or ANA)))


def test_the_last_act_is_taken_back_whole_and_brought_back():
    one = do(Ledger(), rename_theme, EXPORT, "Exports")
    two = do(one, move_notes, [ROWS], FILTERS if FILTERS in show(CALLS, one).of.values() else "T1")
    back = add(two, undo(two, **ANA))
    assert replay_ledger(back, FRESH.notes) == replay_ledger(one, FRESH.notes)
    start = add(back, undo(back, **ANA))
    assert replay_ledger(start, FRESH.notes) == Decisions()
    with pytest.raises(InputError, match="nothing that could be taken back"):
        undo(start, **ANA)
    forth = add(start, redo(start, **ANA))
    assert replay_ledger(forth, FRESH.notes) == replay_ledger(one, FRESH.notes)
    forth = add(forth, redo(forth, **ANA))
    assert replay_ledger(forth, FRESH.notes) == replay_ledger(two, FRESH.notes)
    with pytest.raises(InputError, match="nothing back"):
        redo(forth, **ANA)
    # And back once more: the act counts as the last again.
    again = add(forth, undo(forth, **ANA))
    assert replay_ledger(again, FRESH.notes) == replay_ledger(one, FRESH.notes)


def test_each_takes_back_their_own_and_by_name_anybodys():
    one = do(Ledger(), rename_theme, EXPORT, "Exports", **ANA)
    two = do(one, set_aside, LOST, **BEN)
    assert replay_ledger(add(two, undo(two, **ANA)), FRESH.notes).placed == {LOST: ""}
    placed_by = replay_ledger(two, FRESH.notes).placed_by[LOST]
    back = add(two, undo(two, placed_by, **ANA))
    assert replay_ledger(back, FRESH.notes) == replay_ledger(one, FRESH.notes)
    with pytest.raises(InputError, match="taken back already"):
        undo(back, placed_by, **BEN)
    # The undo itself can be named.
    last = back.records[-1].id
    assert replay_ledger(add(back, undo(back, last, **BEN)), FRESH.notes) == replay_ledger(two, FRESH.notes)


def test_what_two_people_took_back_one_can_bring_back():
    one = do(Ledger(), set_aside, LOST)
    both = add(one, [*undo(one, **ANA), *undo(one, one.records[-1].id, **BEN)])
    assert replay_ledger(both, FRESH.notes).placed == {}
    assert replay_ledger(add(both, redo(both, **ANA)), FRESH.notes).placed == {LOST: ""}


def test_an_older_act_is_taken_back_without_what_stands_on_it():
    """The theme that the first act kept has got another card since."""
    one = do(Ledger(), move_notes, ROWS, FILTERS)
    filters = show(CALLS, one).of[LOST]
    two = do(one, move_notes, HAND, filters)
    back = add(two, undo(two, one.records[-1].id, **ANA))
    now = show(CALLS, back)
    assert now.of[HAND] == now.of[LOST] == filters
    assert now.of[ROWS] == now.of[SLOW]
    assert replay_ledger(back, FRESH.notes).resting == ()
    # With the second act goes what was left of the first.
    start = add(back, undo(back, **ANA))
    assert replay_ledger(start, FRESH.notes) == Decisions()


def test_what_is_only_kept_and_stood_upon_cannot_be_taken_back():
    one = do(Ledger(), keep_themes)
    two = do(one, set_aside, [LOST])
    with pytest.raises(InputError, match="other decisions are about it"):
        three = do(two, move_notes, [HAND, ROWS, SLOW], show(CALLS, two).of[STOPS])
        three = do(three, rename_theme, show(CALLS, two).of[WRONG], "Totals")
        three = do(three, rename_theme, show(CALLS, two).of[NOTE["filters reset"]], "Filters")
        undo(three, one.records[0].id, **ANA)
    # A theme kept once more can go back to what it was.
    again = add(one, keep_themes(show(MORE, one), **ANA))
    named = do(again, rename_theme, show(CALLS, again).of[SLOW], "Exports")
    twice = [record for record in again.records if record.at == 2]
    assert {record.theme for record in twice} > {record.theme for record in one.records} - {show(CALLS, one).of[HAND]}
    assert set(undo(named, twice[0].id, **ANA)[0].of) == {record.id for record in twice}


def test_acts_at_one_time_under_one_name_are_two():
    """One PM on two computers, merged by git: both have written `at` 1."""
    one, two = (
        set_aside(FRESH, LOST, **ANA, new_id=lambda: "aaaaaaaa"),
        move_notes(FRESH, ROWS, TOTALS, **ANA, new_id=lambda: "bbbbbbbb"),
    )
    both = add(Ledger(), [*two, *one])
    assert {(record.at, record.by) for record in both.records} == {(1, "ana")}
    back = add(both, undo(both, one[0].id, **ANA))
    assert {record.id for record in live_records(back) if record.kind != "undo"} == {record.id for record in two}
    # Taken back on both computers, each undo is brought back alone.
    undone = [
        undo(both, ids[0].id, **ANA, new_id=lambda stem=stem: stem)
        for ids, stem in ((one, "cccccccc"), (two, "dddddddd"))
    ]
    gone = add(both, [*undone[0], *undone[1]])
    assert replay_ledger(gone, FRESH.notes) == Decisions()
    forth = add(gone, redo(gone, **ANA))
    assert {record.id for record in live_records(forth) if record.kind != "undo"} == {record.id for record in two}


def test_records_written_by_hand_are_acts_of_their_own():
    lines = [
        Record(id, 1, "ana", "2026-11-17", "theme", f"T-{id}", name=id) for id in ("7f3a", "mine-2", "mine-3", "03be")
    ]
    ledger = add(Ledger(), lines)
    assert undo(ledger, "mine-2", **ANA)[0].of == ("mine-2",)
    assert undo(ledger, **ANA)[0].of == ("mine-3",)


# Any acts


def tied(decisions, notes):
    """The notes that others are tied to by a link: they may go where those go, or keep out of where those are."""
    linked = {note for pair in (*decisions.together, *decisions.apart) for note in pair}
    return linked & set(notes)


def act_at_random(shown, rng):
    """Some act that makes sense now, and what must hold after it."""
    who = rng.choice([ANA, BEN])
    before = replay_ledger(shown.ledger, shown.notes)
    themes = shown.summary["theme"].tolist()
    notes = shown.notes["note"].tolist()
    theme, other = rng.sample(themes, 2) if len(themes) > 1 else (themes * 2 or [""] * 2)
    one, two = rng.sample(notes, 2)
    inside = list(dict(zip(themes, shown.summary["notes"], strict=True)).get(theme, ()))
    choice = rng.choice("rename merge split new move move move aside pin apart keep undo redo".split())
    if choice == "rename" and theme:
        name = f"name {rng.random():.3}"
        return rename_theme(shown, theme, name, **who), lambda now: name in now.summary["name"].tolist()
    if choice == "merge" and theme != other:
        both = {note for note in notes if shown.of[note] in (theme, other)}
        both -= tied(before, both)
        return merge_themes(shown, theme, other, **who), lambda now: len({now.of[note] for note in both}) <= 1
    if choice == "split" and len(inside) > 1:
        some = rng.sample(inside, rng.randrange(1, len(inside)))
        rest = set(inside) - set(some) - tied(before, inside)

        def is_split(now):
            (new,) = {now.of[note] for note in some}
            return new and new not in shown.of.values() and new not in {now.of[note] for note in rest}

        return split_theme(shown, theme, some, **who), is_split
    if choice == "new":
        some = rng.sample(notes, rng.randrange(1, 5))
        ties = tied(before, notes)

        def is_new(now):
            (new,) = {now.of[note] for note in some}
            others = {now.of[note] for note in set(notes) - set(some) - ties}
            return new.startswith("T-") and new not in shown.of.values() and new not in others

        try:
            return new_theme(shown, some, **who), is_new
        except InputError as error:
            assert len({shown.of[note] for note in some}) == 1 and "a theme already" in str(error)
            return [], lambda now: True
    if choice == "move" and theme:
        there = set(inside) - {one} - tied(before, inside)
        return move_notes(
            shown, one, theme, **who
        ), lambda now: now.of[one].startswith("T-") and {now.of[note] for note in there} <= {now.of[one]}
    if choice == "aside":
        return set_aside(shown, [one, two], **who), lambda now: now.of[one] == now.of[two] == ""
    if choice == "pin" and shown.of[two]:
        return pin_together(shown, one, two, **who), lambda now: now.of[one] == now.of[two]
    if choice == "apart":
        return keep_apart(shown, one, two, **who), lambda now: (one, two) in replay_ledger(now.ledger, now.notes).apart
    if choice == "keep" and theme:
        return (
            keep_themes(shown, **who),
            lambda now: (
                {note: theme for note, theme in shown.of.items() if theme.startswith("T-")}.items() <= now.of.items()
                and all(theme.startswith("T-") for theme in now.of.values() if theme)
            ),
        )
    try:
        records = (undo if choice == "undo" else redo)(shown.ledger, **who)
    except InputError:
        return [], lambda now: True
    forth = add(add(shown.ledger, records), undo(add(shown.ledger, records), records[0].id, **who))
    assert replay_ledger(forth, shown.notes) == before, "taking that back gives what was"
    return records, lambda now: True


def test_a_theme_that_notes_were_moved_to_stays_when_its_making_and_then_its_later_name_are_taken_back():
    shown = show(CALLS)
    made = new_theme(shown, [ROWS], "Rows", **ANA)
    one = add(Ledger(), made)
    theme = made[-1].theme
    two = do(one, move_notes, [SLOW], theme)
    three = do(two, rename_theme, theme, "Lost rows")
    back = add(three, undo(three, made[-1].id, **ANA))
    last = next(record for record in reversed(live_records(back)) if record.name == "Lost rows")
    end = add(back, undo(back, last.id, **ANA))
    assert replay_ledger(end, FRESH.notes).placed[SLOW] == theme
    assert replay_ledger(end, FRESH.notes).resting == ()


@given(st.integers(0, 2**32))
@settings(max_examples=60)
def test_any_act_holds_at_once_and_all_of_them_can_be_taken_back(seed):
    rng = random.Random(seed)
    ledger = Ledger()
    for _ in range(rng.randrange(1, 12)):
        shown = show(CALLS, ledger)
        records, holds = act_at_random(shown, rng)
        ledger = add(ledger, records)
        assert ledger.problems == ()
        now = show(CALLS, ledger)
        assert holds(now), records
        decisions = replay_ledger(ledger, FRESH.notes)
        named = {record.id for record in records}
        assert not named & {rest.record.id for rest in decisions.resting}, "nothing newer speaks against it"
        for one, other in decisions.together:
            assert now.of[one] == now.of[other]

    # One after the other, in any order: what others stand on goes last.
    while live := [record for record in live_records(ledger) if record.kind != "undo"]:
        rng.shuffle(live)
        for record in live:
            try:
                taken = undo(ledger, record.id, **ANA)
            except InputError:
                continue
            broken = {rest.record.id for rest in replay_ledger(ledger, FRESH.notes).resting}
            ledger = add(ledger, taken)
            resting = replay_ledger(ledger, FRESH.notes).resting
            assert not [rest for rest in resting if "not kept" in rest.reason and rest.record.id not in broken]
            break
        else:
            raise AssertionError("nothing can be taken back, and something is left")
    assert replace(replay_ledger(ledger, FRESH.notes), resting=()) == Decisions()
    assert show(CALLS, ledger).of == FRESH.of


def written_for(decisions, ledger):
    """For each note the theme that it was last written down for, whatever that was merged into."""
    theme_of = {record.id: record.theme for record in ledger.records}
    return {note: theme_of[record] for note, record in decisions.anchored_by.items()}


@given(st.integers(0, 2**32))
@settings(max_examples=60)
def test_an_act_that_is_taken_back_after_themes_were_kept_leaves_its_cards_as_if_it_had_never_been(seed):
    rng = random.Random(seed)
    ledger = Ledger()
    for i in range(rng.randrange(1, 9)):
        ledger = add(ledger, act_at_random(show(CALLS if i < 4 else MORE, ledger), rng)[0])
    before = show(MORE, ledger)
    if not len(before.summary):
        return
    kept = add(ledger, keep_themes(before, rng.choice([None, before.summary["theme"][:1]]), **ANA))
    now = show(MORE, kept)
    if all(theme.startswith("T-") for theme in now.summary["theme"]):
        assert len({(theme, now.of[note]) for note, theme in before.of.items()}) == len(set(before.of.values()))
    kept = add(kept, keep_themes(now, **BEN))
    assert keep_themes(show(MORE, kept), **ANA) == []

    was = written_for(before.decisions, ledger)
    decided = before.decisions.placed.keys() | before.decisions.follows.keys()
    cards_of = {}
    found = {cite_note(call, text): [] for call, text in zip(before.notes["call"], before.notes["text"], strict=True)}
    for note, call, text in before.notes[["note", "call", "text"]].itertuples(index=False):
        found[cite_note(call, text)].append(note)
    for record in live_records(ledger):
        if record.kind in ("place", "link"):
            named = {found[ref._replace(twin=1)][ref.twin - 1] for ref in record.notes}
            cards_of.setdefault(act_of(record), set()).update(named & decided)
        elif record.kind == "merge":
            named = {note for note, theme in was.items() if theme == record.theme}
            cards_of.setdefault(act_of(record), set()).update(named)
    for act, cards in cards_of.items():
        of = [record.id for record in live_records(ledger) if act_of(record) == act][:1]
        without, back = (add(each, undo(each, of, **ANA)) for each in (ledger, kept))
        never, now = show(MORE, without), show(MORE, back)
        for card in cards:
            assert now.decisions.placed.get(card) == never.decisions.placed.get(card)
            assert now.decisions.follows.get(card) == never.decisions.follows.get(card)
            # At most, it is still a note of the theme that it was one of before the act.
            there = written_for(never.decisions, without).get(card)
            assert written_for(now.decisions, back).get(card) in ([there] if there else [None, was.get(card)])
            if card not in never.decisions.follows and (there or card in never.decisions.placed):
                assert now.of[card] == never.of[card]
