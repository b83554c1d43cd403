"""What a PM does becomes records that hold at once, are taken back whole, and break nothing that came later."""

import random
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

    @property
    def of(self):
        return dict(zip(self.notes["note"], self.notes["theme"], strict=True))


def show(calls, ledger=None):
    """Themes of some calls (name -> texts): what was decided, and else by the first word; "-" is not yet a theme."""
    ledger = ledger or Ledger()
    read = [
        parse_call("".join(format_note(text) + "\n" for text in texts), f"{call}.md") for call, texts in calls.items()
    ]
    rows = [(note.id, call.id, note.text) for call in read for note in call.notes]
    notes = pd.DataFrame(rows, columns=["note", "call", "text"])
    decisions = replay_ledger(ledger, notes)
    first = [text.split()[0] for text in notes["text"]]
    base = {note: decisions.anchors.get(note, word) for note, word in zip(notes["note"], first, strict=True)}
    label = {note: decisions.placed.get(note, base[decisions.follows.get(note, note)]) for note in notes["note"]}
    loose = sorted({name for name in label.values() if name and not name.startswith("T-") and name != "-"})
    number = {name: f"T{i}" for i, name in enumerate(loose, 1)} | {"-": "", "": ""}
    notes["theme"] = [number.get(label[note], label[note]) for note in notes["note"]]
    names = {theme: kept.name for theme, kept in decisions.themes.items()}
    rows = [
        (theme, names.get(theme, ""), tuple(inside["note"]))
        for theme, inside in notes[notes["theme"] != ""].groupby("theme")
    ]
    return Shown(pd.DataFrame(rows, columns=["theme", "name", "notes"]), notes, ledger)


def add(ledger, records):
    """The ledger after an act has been written and read."""
    return parse_ledger("".join(format_record(record) for record in (*ledger.records, *records)))


CALLS = {
    "2026-11-17-acme": ["filters reset", "export is slow", "filters reset", "- nobody says this"],
    "2026-11-18-bolt": ["export loses rows", "filters are lost", "totals by hand"],
    "2026-11-19-core": ["totals are wrong", "export stops"],
}
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
    more = CALLS | {"2026-11-20-dune": ["export again"]}
    theme = now.of[SLOW]
    joined = show(more, now.ledger)
    joined.summary.at[joined.summary.index[joined.summary["theme"] == theme][0], "notes"] += (
        joined.notes["note"].iloc[-1],
    )
    (again,) = keep_themes(joined, theme, **BEN)
    assert again.theme == theme
    assert again.notes[-1].text == "export again"


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
    given = iter(["aa", "aa", "bb", "aa", "bb", "cc"])
    records = merge_themes(FRESH, TOTALS, EXPORT, **ANA, new_id=lambda: next(given))
    assert [record.id for record in records] == ["aa", "bb", "cc"]
    ledger = add(Ledger(), records)
    given = iter(["aa", "cc", "dd"])
    assert undo(ledger, **ANA, new_id=lambda: next(given))[0].id == "dd"
    assert len({record.id for _ in range(50) for record in keep_themes(FRESH, **ANA)}) == 150


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
        (
            lambda: move_notes(FRESH, "2026-11-17-acme#0", EXPORT, **ANA),
            ["no note", "the nearest are 2026-11-17-acme#"],
        ),
        (lambda: move_notes(FRESH, [SLOW], "T9", **ANA), ["no theme 'T9'"]),
        (lambda: set_aside(FRESH, [], **ANA), ["no note was named"]),
        (lambda: set_aside(show({}), ["x"], **ANA), ["no note 'x'"]),
        (lambda: pin_together(FRESH, SLOW, SLOW, **ANA), ["named twice", "two different notes"]),
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
    with pytest.raises(InputError, match="later decisions are about it"):
        three = do(two, move_notes, [HAND, ROWS, SLOW], show(CALLS, two).of[STOPS])
        three = do(three, rename_theme, show(CALLS, two).of[WRONG], "Totals")
        three = do(three, rename_theme, show(CALLS, two).of[NOTE["filters reset"]], "Filters")
        undo(three, one.records[0].id, **ANA)
    # A theme kept once more can go back to what it was.
    again = do(one, keep_themes)
    named = do(again, rename_theme, show(CALLS, again).of[SLOW], "Exports")
    taken = undo(named, next(r.id for r in again.records if r.at == 2), **ANA)
    assert set(taken[0].of) == {record.id for record in again.records if record.at == 2}


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
    choice = rng.choice("rename merge split move move move aside pin apart keep undo redo".split())
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
    if choice == "move" and theme:
        there = set(inside) - {one} - tied(before, inside)
        return move_notes(
            shown, one, theme, **who
        ), lambda now: now.of[one].startswith("T-") and {now.of[note] for note in there} <= {now.of[one]}
    if choice == "aside":
        return set_aside(shown, [one, two], **who), lambda now: now.of[one] == now.of[two] == ""
    if choice == "pin":
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
