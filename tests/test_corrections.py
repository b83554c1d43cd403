"""Corrected themes are the model: what the PM decides holds, teaches, outlives new calls, and is undone whole."""

import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.themes import ThemeModel, find_themes
from workbench.themes import acts as do
from workbench.themes.corrections import correct_labels, suggest_anew
from workbench.themes.ledger import MAX_LINE_BYTES, Ledger, format_record, parse_ledger
from workbench.themes.replay import Decisions, KeptTheme, replay_ledger

WHO = {"by": "ana", "date": "2026-11-17"}
THINGS = {
    "import": ["The import drops rows", "Rows are lost in the import", "Import lost 200 rows again",
               "Half the rows were missing after importing", "Importing took her two hours and lost rows"],
    "invoice": ["The invoice layout looks odd", "Invoice layout is not ours", "Customers ask what the invoice means",
                "Our old invoice showed the discount", "The logo on the invoice is squashed"],
    "login": ["The login code never arrives", "She waits for a login code every morning", "Code came after the login timed out",
              "Login asks for a code twice", "Nobody gets the code when they log in from home"],
    "search": ["Search finds nothing by postcode", "He searches by postcode and gets nothing", "Searching by street works, postcode not",
               "The search box forgets the last postcode", "Postcode search is slow"],
}  # fmt: skip
LINES = [text for texts in THINGS.values() for text in texts]


def make_notes(frame, texts, per_call=3):
    """Notes of calls a, b, c …, each its own customer."""
    rows = [(f"c{i // per_call:02}", f"C{i // per_call:02}", text) for i, text in enumerate(texts)]
    return frame(rows)


def with_records(ledger, records):
    return parse_ledger("".join(format_record(record) for record in [*ledger.records, *records]))


def of(themes):
    return dict(zip(themes.notes["note"], themes.notes["theme"], strict=True))


def groups(themes):
    """Which notes are together, whatever their themes are called."""
    return sorted(tuple(sorted(notes)) for notes in themes.notes.groupby("theme")["note"].agg(list))


def random_acts(notes, seed, n_acts):
    """A ledger of acts that a PM could have done, one after the other, on what was shown then."""
    rng = random.Random(seed)
    ledger = Ledger()
    ids = iter(range(10_000))
    for _ in range(n_acts):
        themes = find_themes(notes, ledger)
        shown = themes.summary["theme"].tolist()
        cards = themes.notes["note"].tolist()
        signed = {**WHO, "new_id": lambda: f"{next(ids):08x}"}
        kind = rng.choice(
            ["move", "move", "merge", "split", "new", "aside", "pin", "apart", "rename", "undo", "redo", "keep"]
        )
        try:
            if kind == "move":
                records = do.move_notes(themes, rng.sample(cards, rng.randint(1, 2)), rng.choice(shown), **signed)
            elif kind == "merge":
                records = do.merge_themes(themes, *rng.sample(shown, 2), **signed)
            elif kind == "split":
                row = themes.summary.iloc[rng.randrange(len(shown))]
                records = do.split_theme(
                    themes, row["theme"], rng.sample(row["notes"], min(2, len(row["notes"]))), **signed
                )
            elif kind == "new":
                records = do.new_theme(themes, rng.sample(cards, rng.randint(1, 3)), rng.choice(["", "New"]), **signed)
            elif kind == "aside":
                records = do.set_aside(themes, [rng.choice(cards)], **signed)
            elif kind == "pin":
                records = do.pin_together(themes, *rng.sample(cards, 2), **signed)
            elif kind == "apart":
                records = do.keep_apart(themes, *rng.sample(cards, 2), **signed)
            elif kind == "rename":
                records = do.rename_theme(themes, rng.choice(shown), f"Name {seed}", **signed)
            elif kind == "keep":
                records = do.keep_themes(themes, **signed)
            else:
                records = getattr(do, kind)(ledger, **signed)
        except (do.InputError, ValueError):  # nothing to undo, one theme only, and the like
            continue
        ledger = with_records(ledger, records)
    return ledger


def assert_decisions_hold(themes):
    theme_of = of(themes)
    decisions = themes.decisions
    for note, theme in decisions.placed.items():
        if note in theme_of:
            assert theme_of[note] == theme, note
    for a, b in decisions.together:
        assert theme_of[a] == theme_of[b]
    for a, b in decisions.apart:
        assert not theme_of[a] or theme_of[a] != theme_of[b]
    assert not set(decisions.merged) & set(theme_of.values())


corpora = st.lists(st.sampled_from(LINES), min_size=4, max_size=18, unique=True)


@settings(max_examples=25)
@given(corpora, st.integers(0, 10_000), st.integers(1, 12), st.randoms(use_true_random=False))
def test_every_live_correction_holds_and_no_order_matters(frame, texts, seed, n_acts, chance):
    notes = make_notes(frame, texts)
    ledger = random_acts(notes, seed, n_acts)
    themes = find_themes(notes, ledger)
    assert_decisions_hold(themes)
    lines = [format_record(record) for record in ledger.records]
    chance.shuffle(lines)
    order = chance.sample(range(len(notes)), len(notes))
    again = find_themes(notes.iloc[order], parse_ledger("".join([*lines, *lines[:2]])))
    assert of(again) == of(themes)
    pd.testing.assert_frame_equal(again.summary, themes.summary)
    assert again.came_along == themes.came_along


@settings(max_examples=15)
@given(corpora, st.integers(0, 10_000), st.integers(1, 8))
def test_undo_of_all_gives_the_start(frame, texts, seed, n_acts):
    notes = make_notes(frame, texts)
    ledger = random_acts(notes, seed, n_acts)
    for _ in range(100):
        try:
            records = do.undo(ledger, **WHO)
        except do.InputError:
            break
        ledger = with_records(ledger, records)
    start = find_themes(notes)
    end = find_themes(notes, ledger)
    assert of(end) == of(start)
    pd.testing.assert_frame_equal(end.summary, start.summary)


@settings(max_examples=20)
@given(
    corpora,
    st.integers(0, 10_000),
    st.lists(
        st.lists(st.sampled_from([*LINES, "Parking is dear", "Nice office"]), min_size=1, max_size=6),
        min_size=1,
        max_size=3,
    ),
    st.randoms(use_true_random=False),
)
def test_a_new_call_moves_no_old_note_of_a_corrected_theme(frame, texts, seed, calls, chance):
    """Whatever its day and name, and whichever calls came before it since the last act."""
    notes = make_notes(frame, texts)
    ledger = random_acts(notes, seed, 6)
    themes = find_themes(notes, ledger)
    for call in calls:
        name = f"{chance.choice('az')}{chance.randrange(1000)}"
        new = frame([(name, name, text) for text in call])
        new["date"] = pd.Timestamp(f"2026-{chance.randint(1, 12):02}-07")
        notes = pd.concat([notes, new], ignore_index=True).drop_duplicates("note")
        lasting = {note: theme for note, theme in of(themes).items() if theme.startswith("T-")}
        themes = find_themes(notes, ledger)
        now = of(themes)
        assert {note: now[note] for note in lasting} == lasting
        assert_decisions_hold(themes)


@settings(max_examples=15)
@given(corpora, st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_corrections_outlive_a_typo(frame, texts, seed, chance):
    notes = make_notes(frame, [f"{text}, she said so herself" for text in texts])
    ledger = random_acts(notes, seed, 6)
    placed = find_themes(notes, ledger).decisions.placed
    edited = notes.assign(text=[_typo(text, chance) for text in notes["text"]])
    after = find_themes(edited, ledger)
    found = after.decisions.placed
    # Of notes that are alike within a call it is left open which one is meant; nothing goes to a wrong one.
    assert all(found[note] == placed.get(note) for note in found)
    assert len(found) + sum(orphan.decided for orphan in after.decisions.orphaned) >= len(placed)
    assert_decisions_hold(after)


def _typo(text, chance):
    at = chance.randrange(1, len(text) - 1)
    return text[:at] + "x" + text[at + 1 :]


def test_notes_like_the_corrected_ones_come_along_and_say_why(frame):
    """Two invoice notes are taken out of a theme that mixes them with imports: the third follows, imports stay."""
    texts = THINGS["import"] + THINGS["invoice"]
    notes = make_notes(frame, texts, per_call=1)
    ids = notes["note"].tolist()
    ledger = with_records(Ledger(), do.keep_themes(find_themes(notes, n_themes=1), **WHO))
    mixed = find_themes(notes, ledger)
    ledger = with_records(ledger, do.split_theme(mixed, mixed.summary["theme"][0], ids[5:8], "Invoices", **WHO))
    themes = find_themes(notes, ledger)
    theme_of = of(themes)
    new = next(theme for theme, kept in themes.decisions.themes.items() if kept.name == "Invoices")
    came = {note for note, theme in theme_of.items() if theme == new} - set(ids[5:8])
    assert came
    assert came <= set(ids[8:])
    assert set(themes.came_along) == came
    assert all(set(cards) <= set(ids[5:8]) for cards in themes.came_along.values())
    reasons = dict(zip(themes.notes["note"], themes.notes["reason"], strict=True))
    assert {reasons[note] for note in came} == {"came along"}
    assert {reasons[note] for note in ids[5:8]} == {"placed"}
    # Put back by one act, it stays back.
    old = theme_of[ids[0]]
    back = sorted(came)[0]
    ledger = with_records(ledger, do.move_notes(themes, [back], old, **WHO))
    again = find_themes(notes, ledger)
    assert of(again)[back] == old
    assert back not in again.came_along


def test_new_notes_join_the_corrected_theme_that_is_nearest(frame):
    notes = make_notes(frame, THINGS["import"] + THINGS["invoice"] + THINGS["login"], per_call=1)
    ledger = with_records(Ledger(), do.keep_themes(find_themes(notes, n_themes=3), **WHO))
    before = find_themes(notes, ledger)
    new = frame(
        [("z", "Zed", "Two hundred rows were lost by the import"), ("z", "Zed", "The invoice logo is squashed again")]
    )
    new["note"] = ["z#1", "z#2"]
    after = find_themes(pd.concat([notes, new], ignore_index=True), ledger)
    now = of(after)
    assert now["z#1"] == of(before)[notes["note"][0]]
    assert now["z#2"] == of(before)[notes["note"][5]]
    assert set(after.notes.loc[after.notes["call"] == "z", "reason"]) == {"joined"}


@pytest.mark.parametrize("n", [1, 2])
def test_a_small_theme_is_not_dragged_along_with_a_card_or_two(frame, n):
    notes = make_notes(frame, THINGS["import"][:4] + THINGS["invoice"][:4], per_call=1)
    ids = notes["note"].tolist()
    themes = find_themes(notes, n_themes=2)
    home, other = of(themes)[ids[0]], of(themes)[ids[4]]
    ledger = with_records(Ledger(), do.move_notes(themes, ids[:n], other, **WHO))
    after = find_themes(notes, ledger, n_themes=2)
    stayed = {of(after)[note] for note in ids[n:4]}
    assert home != other
    assert len(stayed) == 1
    assert stayed != {of(after)[ids[0]]}


def test_corrected_cards_that_had_only_joined_teach_as_well(frame):
    """The import theme is kept; invoice notes come, join it for want of another, and three of them are split off."""
    old = make_notes(frame, THINGS["import"] + THINGS["login"], per_call=1)
    ledger = with_records(Ledger(), do.keep_themes(find_themes(old, n_themes=1), **WHO))
    notes = make_notes(
        frame,
        THINGS["import"] + THINGS["login"] + ["She waits for the login code when she logs in from home"],
        per_call=1,
    )
    ids = notes["note"].tolist()
    themes = find_themes(notes, ledger, n_themes=1)
    (theme,) = themes.summary["theme"]
    reasons = dict(zip(themes.notes["note"], themes.notes["reason"], strict=True))
    assert reasons[ids[10]] == "joined"
    ledger = with_records(ledger, do.split_theme(themes, theme, [ids[5], ids[10]], "Codes", **WHO))
    taught = find_themes(notes, ledger, n_themes=1)
    cards = {card for teachers in taught.came_along.values() for card in teachers}
    assert set(taught.came_along) <= set(ids[6:10])
    assert ids[10] in cards


def test_a_new_topic_is_a_theme_of_its_own_that_does_not_last(frame):
    notes = make_notes(frame, THINGS["import"] + THINGS["invoice"], per_call=1)
    ledger = with_records(Ledger(), do.keep_themes(find_themes(notes, n_themes=2), **WHO))
    new = frame([(f"z{i}", f"Zed {i}", text) for i, text in enumerate(THINGS["login"])])
    themes = find_themes(pd.concat([notes, new], ignore_index=True), ledger)
    theme_of = of(themes)
    found = {theme_of[note] for note in new["note"]}
    assert len(found) == 1
    assert not found.pop().startswith("T-")
    assert {theme_of[note][:2] for note in notes["note"]} == {"T-"}


def test_suggesting_again_lets_go_of_the_notes_but_not_of_names_and_cards(frame):
    notes = make_notes(frame, THINGS["import"] + THINGS["invoice"], per_call=1)
    ids = notes["note"].tolist()
    ledger = with_records(Ledger(), do.keep_themes(find_themes(notes[:6], n_themes=1), **WHO))
    (theme,) = find_themes(notes[:6], ledger).summary["theme"]
    ledger = with_records(ledger, do.rename_theme(find_themes(notes[:6], ledger), theme, "Lost rows", **WHO))
    ledger = with_records(ledger, do.move_notes(find_themes(notes[:6], ledger), [ids[5]], theme, **WHO))
    every = make_notes(frame, THINGS["import"] + THINGS["invoice"] + THINGS["login"], per_call=1)
    again = find_themes(every, ledger, n_themes=3, again=True)
    assert again.decisions.themes[theme].name == "Lost rows"
    assert {of(again)[note] for note in ids[:5]} == {theme}
    assert of(again)[ids[5]] == theme  # the PM's own word on the card
    assert of(again)[ids[7]] != theme
    kept = with_records(ledger, do.keep_themes(again, **WHO))
    assert groups(find_themes(every, kept)) == groups(again)


def test_a_theme_without_a_group_of_its_own_keeps_its_notes_when_suggested_again():
    kept = {theme: KeptTheme(theme, "", "", "") for theme in ("T-1", "T-2")}
    now = Decisions(themes=kept, anchors={"a": "T-1", "b": "T-1", "c": "T-2"})
    new = suggest_anew(np.array([0, 0, 0, 0]), list("abcd"), now).anchors
    assert new == {"a": "T-1", "b": "T-1", "c": "T-2", "d": "T-1"}


def test_of_two_kept_apart_only_one_moves_and_a_placed_one_stays():
    decisions = Decisions(
        themes={"T-1": KeptTheme("T-1", "", "", "")}, anchors={"a": "T-1", "b": "T-1"}, placed={"a": "T-1"},
        apart=(("a", "b"),),
    )  # fmt: skip
    found = correct_labels(
        np.array([0, 0, 1, 1]), list("abcd"), LINES[:4], decisions, lambda texts, _: ThemeModel(n_themes=1).fit(texts)
    )
    assert found.themes[0] == "T-1"
    assert found.themes[1] != "T-1"
    assert found.reasons[1] == "kept apart"


def test_with_nowhere_else_to_go_one_of_two_kept_apart_is_in_no_theme(frame):
    notes = make_notes(frame, THINGS["import"][:2], per_call=1)
    ids = notes["note"].tolist()
    themes = find_themes(notes, n_themes=1)
    ledger = with_records(Ledger(), do.keep_apart(themes, ids[0], ids[1], **WHO))
    assert sorted(bool(theme) for theme in of(find_themes(notes, ledger, n_themes=1)).values()) == [False, True]


def test_what_does_not_hold_is_said_in_plain_words(frame):
    notes = make_notes(frame, THINGS["import"] + THINGS["invoice"], per_call=1)
    themes = find_themes(notes, n_themes=2)
    ledger = with_records(Ledger(), do.set_aside(themes, [notes["note"][0]], **WHO))
    without = notes.assign(text=["Something else altogether", *notes["text"][1:]])
    (problem,) = [p for p in find_themes(without, ledger).problems if "names" in p.what]
    assert str(problem).startswith("discovery/themes.yaml:")
    assert notes["text"][0] in problem.what
    broken = parse_ledger("- {id: x, kind: nonsense}\n")
    assert "discovery/themes.yaml:1" in str(find_themes(notes, broken).problems[0])


def test_a_reworded_note_that_is_corrected_again_is_no_longer_complained_of(frame):
    notes = make_notes(frame, THINGS["import"] + THINGS["invoice"])
    themes = find_themes(notes, n_themes=2)
    ledger = with_records(Ledger(), do.set_aside(themes, [notes["note"][0]], **WHO))
    reworded = notes.assign(text=["Half of the import was gone on Monday", *notes["text"][1:]])
    themes = find_themes(reworded, ledger)
    assert [p for p in themes.problems if "names" in p.what]
    ledger = with_records(ledger, do.set_aside(themes, [reworded["note"][0]], **WHO))
    assert not [p for p in find_themes(reworded, ledger).problems if "names" in p.what]


def test_an_act_lists_the_calls_that_it_could_see_once(frame):
    notes = make_notes(frame, THINGS["import"] + THINGS["invoice"])
    first = do.rename_theme(find_themes(notes), "T1", "One", **WHO)
    assert sorted(call for record in first for call in record.seen) == sorted(set(notes["call"]))
    ledger = with_records(Ledger(), first)
    more = pd.concat([notes, frame([("z", "Zed", "The import drops rows")])], ignore_index=True)
    themes = find_themes(more, ledger)
    second = do.rename_theme(themes, themes.summary["theme"][0], "Two", **WHO)
    assert [record.seen for record in second if record.seen] == [("z",)]
    ledger = with_records(ledger, second)
    ledger = with_records(ledger, do.undo(ledger, **WHO))
    assert find_themes(more, ledger).decisions.seen == set(notes["call"])


def test_more_calls_than_fit_into_a_line_are_seen_up_to_their_newest_day(frame):
    texts = [f"{text} {i}" for i in range(150) for text in LINES]
    notes = frame([(f"2026-11-{1 + i % 17:02}-{i:04}-{'x' * 70}", f"C{i}", text) for i, text in enumerate(texts)])
    notes["date"] = pd.to_datetime(notes["call"].str[:10])
    records = do.rename_theme(find_themes(notes), "T1", "One", **WHO)
    assert all(len(format_record(record).encode()) <= MAX_LINE_BYTES for record in records)
    assert ([record.seen for record in records if record.seen], records[0].until) == ([], "2026-11-17")
    ledger = with_records(Ledger(), records)
    late = frame([("y", "Yan", LINES[0]), ("z", "Zed", LINES[0])]).assign(
        date=pd.to_datetime(["2026-11-16", "2026-11-18"])
    )
    themes = find_themes(pd.concat([notes, late], ignore_index=True), ledger)
    assert (themes.decisions.seen, themes.decisions.seen_until) == (frozenset(), "2026-11-17")


def test_a_correction_of_a_customer_who_no_longer_counts_is_no_orphan(frame):
    notes = make_notes(frame, THINGS["import"] + THINGS["invoice"], per_call=1).assign(excluded="")
    ledger = with_records(Ledger(), do.set_aside(find_themes(notes, n_themes=2), [notes["note"][0]], **WHO))
    excluded = notes.assign(excluded=["our sister company", *[""] * (len(notes) - 1)])
    themes = find_themes(excluded, ledger)
    assert not [p for p in themes.problems if "names" in p.what]
    assert notes["note"][0] not in of(themes)


@pytest.mark.parametrize("encoder", [None, lambda texts: [[len(t), t.count("o"), t.count("i")] for t in texts]])
def test_the_sample_is_corrected_and_stays_so(sample_notes, encoder):
    themes = find_themes(sample_notes, encoder=encoder)
    first, second = themes.summary["theme"][:2]
    ledger = with_records(Ledger(), do.merge_themes(themes, second, first, **WHO))
    merged = find_themes(sample_notes, ledger, encoder=encoder)
    (theme,) = merged.decisions.themes
    ledger = with_records(ledger, do.rename_theme(merged, theme, "Lists", **WHO))
    after = find_themes(sample_notes, ledger, encoder=encoder)
    row = after.summary[after.summary["name"] == "Lists"].iloc[0]
    both = set(themes.summary["notes"][0]) | set(themes.summary["notes"][1])
    assert set(row["notes"]) == both
    assert row["n_customers"] == after.notes[after.notes["note"].isin(both)]["customer"].nunique()
    assert replay_ledger(ledger, sample_notes) == after.decisions
    if encoder is None:
        assert (after.notes.loc[after.notes["theme"] != "", "typicality"] > 0).all()


def test_a_ledger_that_decides_nothing_changes_nothing(sample_notes, sample_themes):
    pd.testing.assert_frame_equal(find_themes(sample_notes, Ledger()).summary, sample_themes.summary)
    assert sample_themes.decisions == Decisions()
