"""The ledger: any order of lines means the same, nothing that was decided is lost, and what is forgotten stays so."""

import json
import random
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench import store
from workbench.errors import InputError
from workbench.notes import format_note, parse_call
from workbench.save import SaveConflict, SaveError
from workbench.store import append_records, forget_in_ledger, read_ledger
from workbench.themes.attach import attach_refs, cite_notes
from workbench.themes.ledger import (
    HEADER,
    MAX_LINE_BYTES,
    MAX_NAME,
    MAX_TEXT,
    Ledger,
    Record,
    Ref,
    act_of,
    cite_note,
    forget_calls,
    format_record,
    parse_ledger,
    shorten_themes,
)
from workbench.themes.replay import Decisions, live_records, replay_ledger

HOSTILE = (Path(__file__).parent / "hostile.jsonl").read_text("utf-8").splitlines()
PAYLOADS = [case["payload"] for case in map(json.loads, HOSTILE) if isinstance(case["payload"], str)]


def notes_of(calls):
    """The notes of some calls (name -> texts), as they are read from their files."""
    read = [
        parse_call("".join(format_note(text) + "\n" for text in texts), f"{call}.md") for call, texts in calls.items()
    ]
    rows = [(note.id, call.id, note.text) for call in read for note in call.notes]
    return pd.DataFrame(rows, columns=["note", "call", "text"])


def refs_of(notes):
    return cite_notes(notes["note"], notes["call"], notes["text"])


WORDS = "filters reset export slow totals by hand sheet wrong import drops rows invoice late".split()
CALLS = {
    "2026-11-17-acme": ["Filters reset", "Export is slow on Mondays", "Totals are redone by hand", "Filters reset"],
    "2026-11-18-bolt": ["She loses her filter", "Wrong sheet was sent", "Filters reset", "Rows are dropped"],
    "2026-11-19-core": ["Import drops every other row of the sheet", "The invoice is late", "Nothing works"],
}
NOTES = notes_of(CALLS)
REFS = [refs_of(NOTES)[note] for note in NOTES["note"]]
IDS = dict(zip(REFS, NOTES["note"], strict=True))
# A: Filters reset, B: Export ..., and so on.
A, B, C, D, E, F = NOTES["note"][:6]


def record(kind, at, *notes, by="ana", date="2026-11-17", id="", **fields):
    """A record about notes of the calls above, by their ids."""
    names = {note: ref for ref, note in IDS.items()}
    id = id or f"{at:02x}{zlib.crc32(repr((kind, notes, by, fields)).encode()) % 16**6:06x}"
    return Record(id, at, by, date, kind, notes=tuple(names[note] for note in notes), **fields)


def theme(name, at, *notes, **fields):
    """A record that keeps a theme called T-<name>."""
    return record("theme", at, *notes, theme=f"T-{name}", id=fields.pop("id", f"{at}{name}"), name=name, **fields)


def ledger_of(*records):
    return parse_ledger("".join(map(format_record, records)))


def replay(*records, notes=NOTES):
    return replay_ledger(ledger_of(*records), notes)


def place(at, theme, *notes, **fields):
    return record("place", at, *notes, theme=theme and f"T-{theme}", **fields)


def merge(at, theme, into, **fields):
    return record("merge", at, theme=f"T-{theme}", into=f"T-{into}", **fields)


def together(at, note, partner, **fields):
    return record("link", at, note, partner, how="together", **fields)


def apart(at, note, other, **fields):
    return record("link", at, note, other, how="apart", **fields)


def undo(at, *records, **fields):
    return record("undo", at, of=tuple(other.id for other in records), **fields)


X, Y, Z = theme("x", 1), theme("y", 1), theme("z", 1)


# What is written is read


# Letters of any script, drawn as such: to draw all characters and drop those that are none makes Hypothesis give up.
PRINTABLE = st.characters(exclude_categories=["C", "Z"], include_characters=" ")


def refs():
    text = st.text(PRINTABLE, min_size=1, max_size=400).map(lambda t: t.strip() or "x")
    call = st.text(PRINTABLE, min_size=1, max_size=40).map(lambda t: t if t.strip() else "x")
    return st.builds(cite_note, call, text, st.integers(1, 3))


@st.composite
def any_records(draw):
    """One record of any kind that says all that it may say, with text of any letters."""
    kind = draw(st.sampled_from(["theme", "place", "merge", "link", "undo"]))
    words = st.text(PRINTABLE, max_size=MAX_NAME).map(lambda t: " ".join(t.split()))
    ids = st.text("0123456789abcdef", min_size=8, max_size=8)
    names = ids.map(lambda id: f"T-{id}")
    fields = {}
    if kind == "theme":
        fields = {"theme": draw(names), "name": draw(words), "notes": tuple(draw(st.lists(refs(), max_size=5)))}
    elif kind == "place":
        fields = {"theme": draw(st.none() | names), "notes": tuple(draw(st.lists(refs(), min_size=1, max_size=5)))}
    elif kind == "merge":
        fields = {"theme": draw(names), "into": draw(names)}
    elif kind == "link":
        fields = {"how": draw(st.sampled_from(["together", "apart"])), "notes": (draw(refs()), draw(refs()))}
    else:
        fields = {"of": tuple(draw(st.lists(ids, min_size=1, max_size=3, unique=True)))}
    by = draw(words.map(lambda t: t or "x"))
    date = draw(st.dates().map(str))
    fields["seen"] = tuple(
        draw(st.lists(st.text(PRINTABLE, min_size=1).map(str.strip).filter(bool), max_size=3, unique=True))
    )
    fields["until"] = draw(st.just("") | st.dates().map(str))
    return Record(draw(ids), draw(st.integers(0, 10**15 - 1)), by, date, kind, forgotten=draw(st.booleans()), **fields)


@given(any_records())
def test_a_record_reads_back_as_it_was_written(written):
    line = format_record(written)
    assert line.count("\n") == 1
    assert line.isascii() or line.encode().decode() == line
    ledger = parse_ledger(line)
    assert ledger.problems == ()
    assert ledger.records == (written,)
    assert ledger.next_at == written.at + 1


@given(any_records())
@settings(max_examples=50)
def test_a_line_is_yaml_and_means_the_same_as_yaml(written):
    """Somebody may edit the line by hand: the reader of YAML must find in it what the reader of JSON finds."""
    as_yaml = format_record(written).replace('{"id": ', "{id: ", 1)  # is no JSON any more
    ledger = parse_ledger(as_yaml)
    assert ledger.problems == ()
    assert ledger.records == (written,)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_is_just_text(payload):
    name = " ".join(payload.split())[:MAX_NAME] or "x"
    clean = "".join(c for c in name if c.isprintable()) or "x"
    text = "".join(c if c.isprintable() else " " for c in payload).strip() or "x"
    written = Record("0a0b0c0d", 1, clean, "2026-11-17", "theme", "T-0a0b0c0d", clean, notes=(cite_note(text, text),))
    ledger = parse_ledger(format_record(written))
    assert (ledger.records, ledger.problems) == ((written,), ())
    # As lines among good ones it costs nothing of them.
    good = format_record(theme("x", 1)), format_record(theme("y", 2))
    ledger = parse_ledger(f"{good[0]}{payload}\n- {payload}\n- {{{payload}\n{good[1]}")
    assert [found.name for found in ledger.records][-2:] == ["x", "y"]
    assert all(problem.line > 1 for problem in ledger.problems)
    assert all(str(problem).isprintable() for problem in ledger.problems)


def test_the_example_of_the_docs_as_typed_by_hand():
    text = """
- {id: 7f3a, at: 1, by: ana, kind: theme, theme: T-7f3a, name: Filters reset, anchors: [{call: 2026-11-17-acme, text: "Filters reset"}]}
- {id: 91c0, at: 2, by: ana, kind: place, theme: T-7f3a, notes: [{call: 2026-11-18-bolt, text: "She loses her filter"}]}
- {id: b2d4, at: 2, by: ben, kind: merge, theme: T-03be, into: T-7f3a}
- {id: c9e1, at: 3, by: ben, kind: link, how: apart, notes: [{call: 2026-11-17-acme, text: "Export is slow on Mondays"}, {call: 2026-11-18-bolt, text: "Wrong sheet was sent"}]}
- {id: d004, at: 4, by: ana, kind: undo, of: b2d4}
"""
    ledger = parse_ledger(text)
    assert [found.id for found in ledger.records] == ["7f3a", "91c0", "b2d4", "c9e1", "d004"]
    assert [(problem.line, problem.what[:7]) for problem in ledger.problems] == [(n, "no date") for n in range(2, 7)]
    decisions = replay_ledger(ledger, NOTES)
    assert decisions.anchors == {A: "T-7f3a"}
    assert decisions.placed == {E: "T-7f3a"}
    assert decisions.apart == ((B, F),)
    assert decisions.resting == ()


def test_a_record_that_a_formatter_has_broken_over_lines_counts():
    flow = "- {\n    id: a1, at: 1, by: ana,\n    date: 2026-11-17, kind: theme,\n    theme: T-a1, name: One\n  }\n"
    block = "- id: b2\n  at: 2\n  by: ana\n  date: 2026-11-17\n  kind: place\n  theme: T-a1\n  notes:\n    - call: x\n      text: hi\n"
    one = "- {id: c3, at: 3, by: ana, date: 2026-11-17, kind: theme, theme: T-a1, name: Two}\n"
    ledger = parse_ledger(f"\ufeff{flow}{one}{block}{one}".replace("\n", "\r\n"))
    assert [found.id for found in ledger.records] == ["a1", "b2", "c3"]
    assert ledger.records[1].notes == (Ref("x", "hi"),)
    assert [(problem.line, problem.what[:27]) for problem in ledger.problems] == [
        (1, "a record over several lines"),
        (7, "a record over several lines"),
    ]


GOOD = '{"id": "a1", "at": 1, "by": "ana", "date": "2026-11-17", "kind": '
NOTE = '[{"call": "x", "text": "hi"}]'


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("hello there", "no record"),
        ('- {"id": "a1", "at": 1,', "a line that cannot be read"),
        ("- [1, 2]", ""),
        ("- 7", ""),
        ("- {id: a1, id: a2}", "'id' stands twice"),
        ("- {id: &x a1}", "an alias"),
        ("- {id: !!python/object:os.system a1}", "a tag"),
        (f'- {GOOD}"palce", "theme": null, "notes": {NOTE}}}', "'palce' is no kind of record"),
        (f'- {GOOD}["theme"]}}', "kind is not one value"),
        ('- {"at": 1, "by": "ana", "date": "2026-11-17", "kind": "theme", "theme": "T-a"}', "no id"),
        (f'- {GOOD[:-9]}"kind": "theme", "theme": "T-a", "id": "a b"}}', "id 'a b' is not letters"),
        ('- {"id": "a1", "by": "ana", "kind": "theme", "theme": "T-a"}', "no at"),
        ('- {"id": "a1", "at": "soon", "by": "ana", "kind": "theme", "theme": "T-a"}', "at 'soon' is not a number"),
        ('- {"id": "a1", "at": -1, "by": "ana", "kind": "theme", "theme": "T-a"}', "at '-1' is not a number"),
        ('- {"id": "a1", "at": 1e99, "by": "ana", "kind": "theme", "theme": "T-a"}', "at '1e99' is not a number"),
        (f'- {{"id": "a1", "at": 1{"0" * 5000}, "by": "ana", "kind": "theme", "theme": "T-a"}}', "is not a number"),
        ('- {"id": "a1", "at": 1, "kind": "theme", "theme": "T-a"}', "no by"),
        (f'- {GOOD}"theme"}}', "no theme"),
        (f'- {GOOD}"theme", "theme": "T1"}}', "theme 'T1' is no lasting theme"),
        (f'- {GOOD}"place", "notes": {NOTE}}}', "no theme"),
        (f'- {GOOD}"place", "theme": null}}', "no notes in notes"),
        (f'- {GOOD}"place", "theme": null, "notes": []}}', "no notes in notes"),
        (f'- {GOOD}"place", "theme": null, "notes": "hi"}}', "no notes in notes"),
        (f'- {GOOD}"place", "theme": null, "notes": ["hi"]}}', "a note that is not named"),
        (f'- {GOOD}"place", "theme": null, "notes": [{{"call": "x"}}]}}', "a note without call or text"),
        (
            f'- {GOOD}"place", "theme": null, "notes": [{{"call": "x", "text": ["hi"]}}]}}',
            "a note without call or text",
        ),
        (f'- {GOOD}"place", "theme": null, "notes": [{{"call": "x", "text": "hi", "twin": 0}}]}}', "twin is not"),
        (f'- {GOOD}"place", "theme": null, "notes": [{{"call": "x", "text": "hi", "hash": "xyz"}}]}}', "hash is not"),
        (f'- {GOOD}"merge", "theme": "T-a"}}', "no into"),
        (f'- {GOOD}"link", "notes": [{NOTE[1:-1]}, {NOTE[1:-1]}]}}', "no how"),
        (f'- {GOOD}"link", "how": "near", "notes": [{NOTE[1:-1]}, {NOTE[1:-1]}]}}', "how 'near' is no link"),
        (f'- {GOOD}"link", "how": "apart", "notes": {NOTE}}}', "no two notes"),
        (f'- {GOOD}"link", "how": "apart", "notes": [{", ".join([NOTE[1:-1]] * 3)}]}}', "a link of 3 notes"),
        (f'- {GOOD}"undo"}}', "no record that is taken back"),
        (f'- {GOOD}"undo", "of": []}}', "no record that is taken back"),
        (f'- {GOOD}"undo", "of": [["a"]]}}', "no record that is taken back"),
        (f'- {GOOD}"theme", "theme": "T-a", "name": "{"x" * MAX_LINE_BYTES}"}}', "more than 64 KB"),
        ("- " + "[" * 60_000, ""),
        ("- {a: " + "{a: " * 5_000, "nested deeper"),
    ],
)
def test_a_broken_line_is_named_with_its_words_and_does_not_stop_the_others(line, words):
    text = format_record(X) + f"{line}\n" + format_record(replace(Y, at=9))
    ledger = parse_ledger(text)
    assert ledger.records == (X, replace(Y, at=9))
    (problem,) = ledger.problems
    assert str(problem).startswith("discovery/themes.yaml:2: ")
    assert words in problem.what
    assert line[:30] in problem.what.replace("\\\\", "\\")
    assert "until then this line does not count" in problem.todo
    assert len(str(problem)) < 400


@pytest.mark.parametrize(
    "date", ['"2026-02-30"', '"yesterday"', '"\u0662\u0660\u0662\u0666-11-17"', "20261117", "null", '""']
)
def test_a_record_with_a_bad_date_counts_without_it(date):
    ledger = parse_ledger(format_record(X).replace('"2026-11-17"', date))
    assert ledger.records == (replace(X, date=""),)
    assert "date" in ledger.problems[0].what


def test_a_name_that_is_too_long_is_cut_and_said():
    ledger = parse_ledger(format_record(replace(X, name="x" * 201)))
    assert ledger.records[0].name == "x" * 200
    assert "a name of 201 letters" in ledger.problems[0].what


def test_keys_that_are_not_known_are_no_fault():
    line = format_record(X).replace('"kind"', '"mood": {"good": [1]}, "kind"')
    assert parse_ledger(line) == parse_ledger(format_record(X))


def test_what_git_leaves_of_a_conflict_is_read_as_both_sides():
    ours, theirs = format_record(theme("x", 1)), format_record(theme("y", 1, by="ben"))
    ledger = parse_ledger(f"# head\n\n<<<<<<< HEAD\n{ours}||||||| base\n=======\n{theirs}>>>>>>> other\n")
    assert [found.name for found in ledger.records] == ["x", "y"]
    (problem,) = ledger.problems
    assert (problem.line, problem.what) == (3, "4 lines left from a git merge")
    assert "both sides count" in problem.todo


def test_an_id_that_stands_twice_with_other_words_is_said_and_one_of_them_counts_in_any_order():
    one, two = format_record(X), format_record(replace(X, name="other"))
    first, second = parse_ledger(one + two), parse_ledger(two + one)
    assert first.records == second.records
    assert len(first.records) == len(first.problems) == 1
    assert "stands twice" in first.problems[0].what
    assert parse_ledger(one + one) == parse_ledger(one)


@given(st.text("-{}[]\"':,#ab \n\t<=>&*!|\\", max_size=200))
@settings(max_examples=200)
def test_no_text_at_all_breaks_the_reader_or_hides_a_good_line(text):
    good = format_record(replace(X, id="good-one"))
    ledger = parse_ledger(f"{text}\n{good}")
    assert "good-one" in [found.id for found in ledger.records]
    assert forget_calls(forget_calls(text, ["ab"]), ["ab"]) == forget_calls(text, ["ab"])


def test_the_line_of_each_record_is_known():
    """The first on which it stands as it counts; what no file holds has none."""
    one, two = format_record(X), format_record(replace(Y, name="zz"))
    text = f"# head\n{format_record(replace(Y, name='aa'))}\n{two}broken\n{one}{two}{one}"
    ledger = parse_ledger(text)
    assert ledger.lines == {X.id: 6, Y.id: 4}
    assert ledger.records[1].name == "zz"
    assert Ledger().lines == {}
    assert ledger_of(X).lines == {X.id: 1}
    assert ledger_of(X) == parse_ledger(f"\n{one}"), "where it stands is no part of what was decided"
    # A line of a forgotten call that git has brought back is not the one that counts.
    old = format_record(Record("p1", 2, "ana", "2026-11-17", "place", None, notes=(Ref("gone", "hi"),)))
    assert parse_ledger(old + forget_calls(old, ["gone"])).lines == {"p1": 2}
    # Of two tombstones neither is what counts, and the first is named.
    both = format_record(Record("p1", 2, "ana", "2026-11-17", "place", None, notes=(Ref("a", "hi"), Ref("b", "ho"))))
    assert parse_ledger(both + forget_calls(both, ["a"]) + forget_calls(both, ["b"])).lines == {"p1": 2}


@pytest.mark.parametrize(
    ("id", "act"),
    [
        ("3fa9c1e0", "3fa9c1e0"),
        ("3fa9c1e0-2", "3fa9c1e0"),
        ("3fa9c1e0-10", "3fa9c1e0"),
        ("3fa9c1e0-0", "3fa9c1e0-0"),
        ("3fa9c1e0-02", "3fa9c1e0-02"),
        ("3fa9c1e0-2-3", "3fa9c1e0-2-3"),
        ("7f3a-2", "7f3a-2"),
        ("filters-2", "filters-2"),
    ],
)
def test_an_act_is_told_by_the_ids_of_its_records(id, act):
    assert act_of(replace(X, id=id)) == act


@given(st.lists(st.from_regex(r"T-[34]fa9c[12]e[01](-([2-9]|1[0-9]))?|T[0-9]", fullmatch=True), max_size=12))
def test_short_names_of_themes_are_theirs_alone(themes):
    short = shorten_themes(themes)
    for theme, start in short.items():
        assert start == theme or [other for other in short if other.startswith(start)] == [theme]


# Naming notes


def test_twins_are_told_apart_and_long_texts_are_cut():
    long = "very " * 100 + "long"
    notes = notes_of({"x": ["same", long, "same", long + " too"]})
    cited = refs_of(notes)
    assert len(set(cited.values())) == len(notes) == 4
    assert {note: ref.twin for note, ref in cited.items() if ref.twin > 1} == {notes["note"][2]: 2}
    (one, two) = (ref for ref in cited.values() if ref.hash)
    assert one.text == two.text == long[: MAX_TEXT - 1] + "…"
    assert {note.split("#")[1] for note, ref in cited.items() if ref.hash} == {one.hash, two.hash}
    found = attach_refs(dict.fromkeys(cited.values(), (1, 1)), *(notes[c] for c in notes)).found
    assert found == {ref: note for note, ref in cited.items()}


def test_a_twin_whose_sibling_does_not_count_keeps_its_number():
    notes = notes_of({"x": ["same", "same"]})
    second = refs_of(notes)[notes["note"][1]]
    assert second.twin == 2
    alone = notes[1:]
    assert refs_of(alone) == {notes["note"][1]: second}
    assert attach_refs({second: (1, 1)}, *(alone[c] for c in alone)).found == {second: notes["note"][1]}


def test_ids_of_another_making_are_told_apart_too():
    cited = cite_notes(["n7", "n8"], ["x", "x"], ["same", "same"])
    assert sorted(ref.twin for ref in cited.values()) == [1, 2]


def test_a_long_text_written_whole_by_hand_is_the_same_note():
    long = "many words " * 40
    line = f'- {{id: a1, at: 1, by: ana, date: 2026-11-17, kind: place, theme: null, notes: [{{call: x, text: "{long.strip()}"}}]}}'
    notes = notes_of({"x": [long.strip()]})
    assert replay_ledger(parse_ledger(line), notes).placed == {notes["note"][0]: ""}


# Finding them again

SAID = "I export everything to Excel and redo the totals by hand"
OTHERS = ["The import drops rows now and then", "Filters reset when she goes back", "Invoices are late every month"]


def attach(text, *now, others=OTHERS):
    """What a note that once said `text` is now, among the notes of its call: its text, or those offered."""
    notes = notes_of({"x": [*others, *now]})
    ref = cite_note("x", text)
    attached = attach_refs({ref: (1, 1)}, *(notes[c] for c in notes))
    texts = dict(zip(notes["note"], notes["text"], strict=True))
    if ref in attached.found:
        assert not attached.offered
        return texts[attached.found[ref]]
    return [texts[note] for note in attached.offered[ref]]


@pytest.mark.parametrize(
    "now",
    [
        SAID,
        "I export everything to excel, and redo the totals by hand!",
        "I exprot everything to Excel and redo the totals by hand",
        "I exprot everythng to Excel and redo teh totals by hand",
        "I EXPROT EVERYTHING TO EXCEL AND REDO THE TOTALS BY HAND",
        "On Mondays in the first week of each month I export everything to Excel and redo the totals by hand, for two hours",
        "redo the totals by hand",
    ],
)
def test_an_edited_note_is_found_again(now):
    assert attach(SAID, now) == now


@pytest.mark.parametrize("now", ["Somebody else computes the sums", "by hand", "Excel"])
def test_a_note_that_says_something_else_is_not_taken_for_it_and_is_offered(now):
    offered = attach(SAID, now)
    assert len(offered) == 3
    assert set(offered) <= {now, *OTHERS}


def test_the_nearest_are_offered_first():
    near = "I export all to a sheet and then redo its totals"
    assert attach(SAID, near)[0] == near


def test_when_two_are_near_none_is_taken():
    one, two = "Export of the sheet takes 20 minutes", "Export of the sheet takes 30 minutes"
    assert attach("Export of the sheet takes 10 minutes", one, two, others=[])[:2] == [one, two]


def test_letters_without_words_are_found_only_to_the_letter():
    assert attach("!!!", "!!!", "???") == "!!!"
    assert attach("!!!", "???", others=[]) == ["???"]


def test_a_cut_text_is_found_after_an_edit_too():
    long = "She said that the export of the weekly sheet takes far too long for her and that it stops at times. " * 5
    assert attach(long, long.replace("far", "fra")[:450]) == long.replace("far", "fra")[:450].strip()


def test_only_what_is_left_of_a_long_text_is_compared():
    long = " ".join(f"word{i} and then some more of it" for i in range(60))
    edited = long.replace("and then", "and so then")  # too much for a part to be found in the whole
    assert attach(long, edited) == edited


def test_only_its_own_call_is_searched_and_a_call_under_another_name_is_offered():
    notes = notes_of({"x": [SAID], "y": [*OTHERS]})
    ref, lost = cite_note("y", SAID), cite_note("gone", SAID)
    attached = attach_refs({ref: (1, 1), lost: (1, 1)}, *(notes[c] for c in notes))
    assert attached.found == {}
    assert len(attached.offered[ref]) == 3
    assert attached.offered[lost] == (notes["note"][0],)


def test_a_note_that_stood_beside_it_then_is_another_note():
    one, two = "The export of sheets takes 10 minutes", "The export of sheets takes 12 minutes"
    notes = notes_of({"x": [two]})
    beside = {cite_note("x", one): (1, 1), cite_note("x", two): (1, 3)}
    assert cite_note("x", one) not in attach_refs(beside, *(notes[c] for c in notes)).found
    # One that was named only later may be what has become of it.
    later = {cite_note("x", one): (1, 1), cite_note("x", two): (2, 3)}
    assert attach_refs(later, *(notes[c] for c in notes)).found[cite_note("x", one)] == notes["note"][0]


def test_a_card_keeps_its_place_when_its_edited_words_are_named_again():
    """The theme was kept again after the edit, so that both the old and the new words stand in the ledger."""
    before, after = notes_of({"x": [SAID]}), notes_of({"x": [SAID + "!"]})
    moved = Record("b1", 2, "ana", "2026-11-17", "place", "T-x", notes=tuple(refs_of(before).values()))
    again = Record("c1", 3, "ana", "2026-11-18", "theme", "T-y", notes=tuple(refs_of(after).values()))
    decisions = replay_ledger(ledger_of(X, Y, moved, again), after)
    assert decisions.placed == {after["note"][0]: "T-x"}


def test_a_deleted_note_is_listed_with_those_it_may_be():
    records = theme("x", 1, A, B), place(2, "x", F, by="ben"), together(3, F, E)
    notes = NOTES[~NOTES["note"].isin([B, F])]
    decisions = replay_ledger(ledger_of(*records), notes)
    by_text = {orphan.ref.text: orphan for orphan in decisions.orphaned}
    assert set(by_text) == {"Export is slow on Mondays", "Wrong sheet was sent"}
    assert by_text["Wrong sheet was sent"].records == (records[2].id, records[1].id)
    assert by_text["Wrong sheet was sent"].decided
    assert not by_text["Export is slow on Mondays"].decided
    assert all(set(orphan.offered) <= set(notes["note"]) for orphan in decisions.orphaned)
    assert [(rest.record.id, rest.reason) for rest in decisions.resting] == [
        (records[2].id, "one of its two notes is not there any more"),
        (records[1].id, "none of its notes are there any more"),
    ]
    assert replay(*records).orphaned == ()


# What holds


def holds(decisions):
    """What a decision says of cards, in short."""
    return decisions.placed, decisions.follows, set(decisions.together), set(decisions.apart)


def resting(decisions):
    return [(rest.record.id, rest.over, rest.replaced) for rest in decisions.resting]


def test_nothing_decided_is_nothing():
    assert replay_ledger(Ledger(), NOTES) == Decisions()
    assert parse_ledger("") == parse_ledger(HEADER) == Ledger()


def test_a_theme_has_its_last_name_and_its_days():
    records = [
        theme("x", 1, A, B, date="2026-11-17"),
        replace(theme("x", 2, date="2026-11-18", id="r1"), name="Lost filters"),
        replace(theme("x", 3, C, date="2026-11-19", id="r2"), name=""),
        place(4, "x", D, date="2026-11-20"),
    ]
    decisions = replay(*records)
    (kept,) = decisions.themes.values()
    assert (kept.id, kept.name, kept.kept, kept.touched) == ("T-x", "Lost filters", "2026-11-17", "2026-11-20")
    assert decisions.anchors == {A: "T-x", B: "T-x", C: "T-x"}
    assert replay(*records, undo(5, records[1])).themes["T-x"].name == "x"


def test_the_newest_record_that_keeps_a_note_has_it():
    first, second, third = theme("x", 1, A, B), theme("y", 2, B, C), theme("x", 3, C, id="c")
    assert replay(first, second, third).anchors == {A: "T-x", B: "T-y", C: "T-x"}
    assert replay(first, second, third, undo(4, second)).anchors == {A: "T-x", B: "T-x", C: "T-x"}


def test_a_theme_that_two_people_kept_is_said_once_one_has_no_notes_left():
    ana, ben = theme("x", 1, A, B), theme("y", 1, A, B, by="ben")
    decisions = replay(ana, ben)
    assert set(decisions.themes) == {"T-x", "T-y"}
    (rest,) = decisions.resting
    assert (rest.record, rest.over) == (ana, ben.id)
    assert "merge the two if they are one" in rest.reason
    assert replay(ana, ben, merge(2, "x", "y")).resting == ()


def test_a_move_places_a_card_and_the_last_one_counts():
    one, two = place(2, "x", A, B), place(3, "y", A)
    decisions = replay(X, Y, one, two)
    assert decisions.placed == {A: "T-y", B: "T-x"}
    assert decisions.placed_by == {A: two.id, B: one.id}
    assert resting(decisions) == [(one.id, two.id, True)]
    assert decisions.resting[0].notes == (A,)


def test_set_aside_is_a_place_of_its_own():
    aside = place(3, None, A)
    assert replay(X, place(2, "x", A), aside).placed == {A: ""}
    assert replay(X, aside, place(4, "x", A)).placed == {A: "T-x"}


def test_pin_and_keep_apart_of_one_pair_the_last_wins():
    pin, part = together(2, A, B), apart(3, B, A)
    assert holds(replay(pin, part)) == ({}, {}, set(), {(B, A)})
    assert resting(replay(pin, part)) == [(pin.id, part.id, True)]
    again = together(4, A, B)
    assert holds(replay(pin, part, again)) == ({}, {A: B}, {(A, B)}, set())
    assert replay(pin, part, again).linked_by == {(A, B): again.id}


def test_a_chain_of_pins_and_a_keep_apart_across_it_the_oldest_rests():
    one, two, part = together(2, A, B), together(3, B, C), apart(4, A, C)
    decisions = replay(one, two, part)
    assert holds(decisions) == ({}, {B: C}, {(B, C)}, {(A, C)})
    assert resting(decisions) == [(one.id, part.id, False)]
    # Had the keep-apart come first, it is the one that rests.
    part = apart(1, A, C)
    decisions = replay(one, two, part)
    assert holds(decisions) == ({}, {A: C, B: C}, {(A, B), (B, C)}, set())
    assert resting(decisions)[0][0] == part.id


def test_pinned_but_placed_apart_the_newest_act_on_the_card_holds():
    pin, one, two = together(2, A, B), place(3, "x", A), place(4, "y", B)
    decisions = replay(X, Y, pin, one, two)
    assert decisions.placed == {A: "T-x", B: "T-y"}
    assert decisions.together == ()
    assert resting(decisions) == [(pin.id, one.id, False)]
    # Pinned last, the card goes to its partner's place, and its own old move rests.
    pin = together(5, A, B)
    decisions = replay(X, Y, one, two, pin)
    assert decisions.placed == {A: "T-y", B: "T-y"}
    assert decisions.placed_by == {A: pin.id, B: two.id}
    assert resting(decisions) == [(one.id, two.id, False)]


def test_the_pinned_card_joins_its_partner_wherever_that_is():
    """Also when the partner was never moved: the card's own older move must not drag the partner along."""
    old, pin = place(2, "x", A), together(3, A, B)
    decisions = replay(X, old, pin)
    assert holds(decisions) == ({}, {A: B}, {(A, B)}, set())
    assert resting(decisions) == [(old.id, pin.id, False)]
    assert holds(replay(X, old, pin, undo(4, pin))) == ({A: "T-x"}, {}, set(), set())
    assert resting(replay(X, old, pin, together(4, A, C), together(5, D, A)))[0][1] == together(5, D, A).id


def test_a_later_move_of_either_takes_both_along():
    pin = together(2, A, B)
    for card in (A, B):
        decisions = replay(X, pin, place(3, "x", card))
        assert holds(decisions) == ({A: "T-x", B: "T-x"}, {}, {(A, B)}, set())
        assert decisions.resting == ()


@pytest.mark.parametrize(
    ("pins", "leader"),
    [
        (((A, B), (B, C)), C),
        (((B, C), (A, B)), C),
        (((A, B), (C, A)), B),
        (((A, B), (A, C)), C),
        (((A, B), (B, A)), A),
        (((A, B), (B, C), (C, A)), A),
    ],
)
def test_pinned_cards_follow_the_last_partner(pins, leader):
    decisions = replay(*(together(at, *pair) for at, pair in enumerate(pins, 2)))
    cards = {card for pair in pins for card in pair}
    assert decisions.follows == dict.fromkeys(cards - {leader}, leader)
    assert decisions.resting == ()


def test_a_card_that_was_pinned_elsewhere_later_does_not_take_that_along():
    """An older pin of two cards, of which each, or one, has been pinned to another since."""
    old, one, two = together(2, A, C), together(3, A, B), together(4, C, D)
    decisions = replay(old, one, two)
    assert holds(decisions) == ({}, {A: B, C: D}, {(A, B), (C, D)}, set())
    assert resting(decisions) == [(old.id, one.id, False)]
    for old in (together(2, A, C), together(2, C, A)):
        decisions = replay(X, old, one, place(4, "x", C))
        assert holds(decisions) == ({C: "T-x"}, {A: B}, {(A, B)}, set())
        assert resting(decisions) == [(old.id, one.id, False)]


def test_the_newest_of_equal_moves_is_the_one_to_take_back():
    one, two = place(2, "x", A), place(3, "x", A)
    decisions = replay(X, one, two)
    assert (decisions.placed, decisions.placed_by, decisions.resting) == ({A: "T-x"}, {A: two.id}, ())


def test_setting_aside_and_pinning_the_newest_holds():
    pin, aside = together(2, A, B), place(3, None, B)
    decisions = replay(pin, aside)
    assert holds(decisions) == ({B: ""}, {}, set(), set())
    assert resting(decisions) == [(pin.id, aside.id, False)]
    pin = together(4, A, B)
    decisions = replay(pin, aside)
    assert holds(decisions) == ({}, {A: B}, {(A, B)}, set())
    assert resting(decisions) == [(aside.id, pin.id, False)]


def test_kept_apart_and_moved_into_one_theme_the_newest_holds():
    one, two, part = place(2, "x", A), place(3, "x", B), apart(4, A, B)
    decisions = replay(X, one, two, part)
    assert holds(decisions) == ({B: "T-x"}, {}, set(), {(A, B)})
    assert resting(decisions) == [(one.id, part.id, False)]
    part = apart(1, A, B)
    decisions = replay(X, one, two, part)
    assert holds(decisions) == ({A: "T-x", B: "T-x"}, {}, set(), set())
    assert resting(decisions)[0][0] == part.id
    # Two cards that were set aside are in no theme together.
    assert replay(apart(1, A, B), place(2, None, A, B)).apart == ((A, B),)


def test_merged_themes_are_one_and_card_beats_theme():
    one, two, part = place(2, "x", A), place(3, "y", B), apart(4, A, B)
    assert replay(X, Y, one, two, part).resting == ()
    decisions = replay(X, Y, one, two, part, merge(5, "x", "y"))
    assert holds(decisions) == ({B: "T-y"}, {}, set(), {(A, B)})
    assert resting(decisions) == [(one.id, part.id, False)]


def test_merge_then_split_the_cards_stay_in_the_new_theme():
    kept = theme("x", 1, A, B), theme("y", 1, C, D)
    split = theme("z", 3), place(3, "z", A, C)
    decisions = replay(*kept, merge(2, "x", "y"), *split)
    assert decisions.placed == {A: "T-z", C: "T-z"}
    assert decisions.anchors == dict.fromkeys([A, B, C, D], "T-y")
    assert decisions.merged == {"T-x": "T-y"}
    assert set(decisions.themes) == {"T-y", "T-z"}
    # Also when the merge comes later, from somebody who had not seen the split.
    assert replay(*kept, *split, merge(4, "x", "y", by="ben")).placed == {A: "T-z", C: "T-z"}


def test_a_move_to_a_merged_theme_follows_and_comes_back():
    move, merged = place(3, "x", A), merge(2, "x", "y")
    onward = merge(4, "y", "z")
    assert replay(X, Y, Z, merged, move).placed == {A: "T-y"}
    assert replay(X, Y, Z, merged, move, onward).placed == {A: "T-z"}
    assert replay(X, Y, Z, merged, move, onward).merged == {"T-x": "T-z", "T-y": "T-z"}
    decisions = replay(X, Y, Z, merged, move, onward, undo(5, merged))
    assert decisions.placed == {A: "T-x"}
    assert decisions.merged == {"T-y": "T-z"}


def test_of_two_merges_the_first_counts():
    one, two = merge(2, "x", "y"), merge(3, "y", "x")
    decisions = replay(X, Y, one, two)
    assert decisions.merged == {"T-x": "T-y"}
    assert resting(decisions) == [(two.id, one.id, False)]
    elsewhere = merge(3, "x", "z", by="ben")
    decisions = replay(X, Y, Z, one, elsewhere)
    assert decisions.merged == {"T-x": "T-y"}
    assert resting(decisions) == [(elsewhere.id, one.id, False)]
    circle = merge(3, "y", "z"), merge(4, "z", "x")
    decisions = replay(X, Y, Z, one, *circle)
    assert decisions.merged == {"T-x": "T-z", "T-y": "T-z"}
    assert [rest.record for rest in decisions.resting] == [circle[1]]
    assert resting(replay(X, merge(2, "x", "x")))[0][1] == ""


def test_what_names_a_theme_that_is_gone_rests_and_comes_back():
    move, merged = place(2, "x", A), merge(3, "x", "y")
    gone = undo(4, X)
    decisions = replay(X, Y, move, merged, gone)
    assert (decisions.placed, decisions.merged, set(decisions.themes)) == ({}, {}, {"T-y"})
    assert {rest.reason for rest in decisions.resting} == {"T-x is not kept any more"}
    assert len(decisions.resting) == 2
    back = replay(X, Y, move, merged, gone, undo(5, gone))
    assert back == replay(X, Y, move, merged)


def test_what_rests_is_as_if_it_were_not_there():
    """The newest move of a card is to a theme that is gone: the one before it holds."""
    decisions = replay(X, place(2, "x", A), place(3, "gone", A))
    assert decisions.placed == {A: "T-x"}


def test_undo_redo_and_undos_of_two_people():
    move = place(2, "x", A)
    first, second = undo(3, move), undo(3, move, by="ben")
    assert replay(X, move, first).placed == {}
    assert replay(X, move, first, undo(4, first)).placed == {A: "T-x"}
    assert replay(X, move, first, second, undo(4, first)).placed == {}, "ben's undo still counts"
    assert replay(X, move, first, second, undo(4, first, second)).placed == {A: "T-x"}
    chain = [undo(3, move)]
    for at in range(4, 12):
        chain.append(undo(at, chain[-1]))
        assert replay(X, move, *chain).placed == ({} if len(chain) % 2 else {A: "T-x"})


def test_an_undo_reaches_back_only_and_what_it_does_not_find_is_said():
    later, itself = undo(4, place(9, "x", A)), replace(undo(3), of=("self",), id="self")
    nothing = replace(undo(5), of=("nowhere",))
    decisions = replay(X, place(9, "x", A), later, itself, nothing)
    assert decisions.placed == {A: "T-x"}
    assert {rest.record.id for rest in decisions.resting} == {later.id, "self", nothing.id}


# Any ledger


@st.composite
def ledgers(draw, *, edited=False):
    """Records of two people, with equal times, themes that are not kept, repeats and undos of undos."""
    rng = random.Random(draw(st.integers(0, 2**32)))
    names = ["x", "y", "z", "never-kept"]
    refs = [*REFS, Ref("2026-11-17-acme", "Long gone words"), Ref("gone-call", "Filters reset")]
    if edited:
        refs += [Ref(ref.call, ref.text.replace("e", "x", 1)) for ref in REFS[:6]]
    records = []
    for i in range(draw(st.integers(1, 25))):
        kind = rng.choice(["theme", "place", "place", "place", "merge", "link", "link", "link", "undo"])
        fields = {}
        if kind == "theme":
            fields = {"theme": f"T-{rng.choice(names[:3])}", "name": rng.choice(["", "one", "two"])}
            fields["notes"] = tuple(rng.sample(refs, rng.randrange(4)))
        elif kind == "place":
            theme = rng.choice([*names, None])
            fields = {"theme": theme and f"T-{theme}", "notes": tuple(rng.sample(refs, rng.randint(1, 3)))}
        elif kind == "merge":
            fields = {"theme": f"T-{rng.choice(names)}", "into": f"T-{rng.choice(names)}"}
        elif kind == "link":
            fields = {"how": rng.choice(["together", "apart"]), "notes": tuple(rng.sample(refs[:7], 2))}
        else:
            fields = {"of": (f"{rng.randrange(i + 2):08x}",)}
        at, by = 1 + rng.randrange(i + 1), rng.choice(["ana", "ben"])
        records.append(Record(f"{i:08x}", at, by, f"2026-11-{1 + i:02}", kind, **fields))
    return records


def meaning(records, notes=NOTES):
    return replay_ledger(parse_ledger("".join(map(format_record, records))), notes)


@given(ledgers(edited=True), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_any_order_of_lines_and_notes_and_any_repeats_mean_the_same(records, rng):
    shuffled = [*records, *rng.sample(records, len(records) // 2)]
    rng.shuffle(shuffled)
    assert meaning(shuffled, NOTES.sample(frac=1, random_state=rng.randrange(99))) == meaning(records)


@given(ledgers(edited=True), st.data())
@settings(max_examples=75)
def test_undo_of_all_gives_the_start(records, data):
    everything = Record("undo-all", 99, "ana", "2026-12-01", "undo", of=tuple(record.id for record in records))
    assert meaning([*records, everything]) == Decisions()
    # And one by one, the newest first.
    undos = []
    for i, record in enumerate(sorted(records, key=lambda record: (record.at, record.by, record.id), reverse=True)):
        undos.append(Record(f"undo-{i}", 100 + i, "ana", "2026-12-01", "undo", of=(record.id,)))
    decisions = meaning([*records, *undos])
    assert (decisions.themes, holds(decisions)) == ({}, ({}, {}, set(), set()))
    assert meaning([*records, everything, replace(everything, id="redo", at=200, of=("undo-all",))]) == meaning(records)


@given(ledgers())
@settings(max_examples=200)
def test_every_live_decision_holds_or_is_listed_with_what_holds_instead(records):
    ledger = ledger_of(*records)
    decisions = replay_ledger(ledger, NOTES)
    order = {record.id: i for i, record in enumerate(ledger.records)}
    for rest in decisions.resting:
        # A merge gives way to older ones, anything else to newer ones.
        if rest.over:
            assert (order[rest.over] > order[rest.record.id]) == (rest.record.kind != "merge")
        else:
            assert any(
                word in rest.reason for word in ("not kept", "there any more", "stand before", "a part of", "are one")
            )
    rests = {(rest.record.id, note) for rest in decisions.resting for note in rest.notes or ("",)}

    def group(note):
        return decisions.placed.get(note, ("with", decisions.follows.get(note, note)))

    for live in live_records(ledger):
        notes = [IDS[ref] for ref in live.notes if ref in IDS]
        if live.kind == "place":
            where = "" if live.theme is None else decisions.merged.get(live.theme, live.theme)
            assert where in ("", *decisions.themes) or (live.id, notes[0] if notes else "") in rests
            for note in notes:
                assert decisions.placed.get(note) == where or (live.id, note) in rests, live
        elif live.kind == "link" and len(notes) == 2:
            pair = tuple(notes)
            if (live.id, notes[0]) in rests:
                continue
            assert {pair, pair[::-1]} & set(decisions.together if live.how == "together" else decisions.apart)
        elif live.kind == "merge":
            assert live.theme in decisions.merged or (live.id, "") in rests
    for one, other in decisions.together:
        assert group(one) == group(other) != ""
    for one, other in decisions.apart:
        assert group(one) != group(other) or group(one) == ""
    assert set(decisions.anchors.values()) | set(decisions.placed.values()) <= {"", *decisions.themes}
    assert set(decisions.merged).isdisjoint(decisions.themes)
    assert not set(decisions.placed) & set(decisions.follows)


@given(ledgers())
@settings(max_examples=75)
def test_what_rests_could_as_well_not_be_there(records):
    decisions = meaning(records)
    wholly = {rest.record.id for rest in decisions.resting if rest.record.kind in ("link", "merge")}
    assert holds(meaning([record for record in records if record.id not in wholly])) == holds(decisions)


@given(ledgers())
@settings(max_examples=30)
def test_another_call_changes_nothing(records):
    more = pd.concat([NOTES, notes_of({"2026-12-01-new": ["Filters reset", "Nothing works"]})])
    before, after = meaning(records), meaning(records, more)
    assert replace(after, orphaned=()) == replace(before, orphaned=())


# Forgetting

TOKEN = "zephyrine"
SECRET = "2026-11-20-secret"


def assert_nothing_of(text):
    assert TOKEN not in text.casefold()
    assert SECRET not in text


@given(ledgers(), st.data())
@settings(max_examples=100)
def test_forgetting_leaves_no_word_and_all_else_as_it_was(records, data):
    rng = random.Random(data.draw(st.integers(0, 2**32)))
    secret = [Ref(SECRET, f"{TOKEN} cannot find her sheet {i}", rng.choice([1, 2])) for i in range(3)]
    secret.append(cite_note(SECRET, f"{TOKEN} said very much. " * 20))
    planted = []
    for record in records:
        if record.kind in ("theme", "place") and rng.random() < 0.5:
            # Names that quote are taken from the forgotten call.
            quoted = rng.choice([record.name, f"“{TOKEN} cannot find", TOKEN.upper()]) if record.kind == "theme" else ""
            some = (*record.notes, *rng.sample(secret, 2)) if rng.random() < 0.7 else record.notes
            planted.append(replace(record, notes=some, name=quoted))
        elif record.kind == "link" and rng.random() < 0.3:
            planted.append(replace(record, notes=(record.notes[0], rng.choice(secret))))
        else:
            planted.append(record)
    lines = [format_record(record) for record in planted]
    for extra in (
        f"# “{TOKEN} cannot find” it and was upset\n",
        f"# see {SECRET}\n",
        f'- {{"id": "broken", "text": "{TOKEN} cannot find her\n',
        f"<<<<<<< {SECRET}\n",
        format_record(X).replace('"kind"', f'"why": "{TOKEN.title()} cannot find her sheet", "kind"'),
        format_record(Y).replace('"kind"', '"why": "\\u007aephyrine cannot find her sheet", "kind"'),
        format_record(Z).removesuffix("\n") + f" # {TOKEN} cannot find her\n",
    ):
        lines.insert(rng.randrange(len(lines) + 1), extra)
    lines.append(format_record(Record("p1", 1, "ana", "2026-11-17", "place", None, notes=tuple(secret))))
    old = "".join(lines)
    new = forget_calls(old, [SECRET])
    assert_nothing_of(new)
    assert "ephyrine" not in json.dumps([str(record) for record in parse_ledger(new).records])
    assert forget_calls(new, [SECRET]) == new
    untouched = [format_record(record) for record in records if record in planted and not record.name]
    assert [line for line in untouched if line not in new.splitlines(keepends=True)] == []

    # What was decided about other calls holds as if the forgotten call had never been named.
    clean = [replace(record, notes=tuple(ref for ref in record.notes if ref not in secret)) for record in planted]
    clean = [record for record in clean if record.kind != "link" or len(record.notes) == 2]
    expected = meaning([*clean, X, Y, Z])
    found = replay_ledger(parse_ledger(new), NOTES)
    assert holds(found) == holds(expected)
    assert (found.anchors, found.merged, set(found.themes)) == (expected.anchors, expected.merged, set(expected.themes))

    # Git brings lines back: the tombstones still win, in any order, and the file can be cleaned again.
    back = [*new.splitlines(keepends=True), *lines]
    rng.shuffle(back)
    resurrected = parse_ledger("".join(back))
    kept = {record.id: record for record in parse_ledger(new).records}
    assert [record for record in resurrected.records if kept[record.id].forgotten] == [
        record for record in kept.values() if record.forgotten
    ]
    assert any("is back" in problem.what for problem in resurrected.problems)
    assert_nothing_of(forget_calls("".join(back), [SECRET]))


def test_a_name_stays_unless_it_quotes_what_is_forgotten():
    names = {
        "Filters": True,  # others say so too
        "Lost filters": True,
        "Cannot find sheet": True,
        "“Cannot find her” and so on": False,
        "Zephyrine": False,
        "zephyrine's sheet": True,  # her words, but no three in a row; see the next case
        f"as in {SECRET}": False,
        "ok, said once": False,  # a whole note, if a short one
        "okay, said twice": True,
    }
    other = Ref("2026-11-17-acme", "Filters reset")
    secret = [Ref(SECRET, "Zephyrine cannot find her filters"), Ref(SECRET, "ok")]
    lines = [
        format_record(Record(f"n{i}", i, "ana", "2026-11-17", "theme", f"T-n{i}", name)) for i, name in enumerate(names)
    ]
    lines.append(format_record(Record("p1", 50, "ana", "2026-11-17", "place", "T-n1", notes=(other, *secret))))
    ledger = parse_ledger(forget_calls("".join(lines), [SECRET]))
    assert {name: bool(record.name) for name, record in zip(names, ledger.records, strict=False)} == names
    assert ledger.records[-1].notes == (other,)
    # What the ledger does not know of can be told: the call's other notes.
    again = forget_calls("".join(lines), [SECRET], texts=["The sheet is zephyrine's sheet"])
    assert "zephyrine" not in again.casefold()


def test_a_theme_whose_name_is_forgotten_has_the_one_from_before():
    first, second = theme("x", 1, A), replace(theme("x", 2, id="r1"), name=f"“{TOKEN} is cross”")
    link = Record("l1", 3, "ana", "2026-11-17", "link", how="apart", notes=(REFS[0], Ref(SECRET, f"{TOKEN} is cross")))
    old = "".join(map(format_record, (first, second, link)))
    decisions = replay_ledger(parse_ledger(forget_calls(old, [SECRET])), NOTES)
    assert decisions.themes["T-x"].name == "x"
    assert decisions.resting == (), "there is nothing to be done about what is forgotten"
    assert decisions.orphaned == ()


def test_two_people_forget_two_calls_and_only_what_both_left_is_left():
    refs = [Ref("a", "first words"), Ref("b", "second words"), Ref("c", "third words")]
    line = format_record(Record("p1", 1, "ana", "2026-11-17", "place", None, notes=tuple(refs)))
    one, two = forget_calls(line, ["a"]), forget_calls(line, ["b"])
    for order in ((one, two, line), (line, two, one), (two, line, one)):
        (left,) = parse_ledger("".join(order)).records
        assert left.notes == (refs[2],)
        # Forgetting either again cleans the file of both.
        cleaned = forget_calls("".join(order), ["a"])
        assert cleaned == format_record(left)


def test_a_forgotten_call_is_not_among_those_seen():
    written = replace(theme("x", 1), seen=(SECRET, "2026-11-19-core"))
    left = forget_calls(format_record(written), [SECRET])
    assert SECRET not in left
    (record,) = parse_ledger(left + format_record(written)).records
    assert record.seen == ("2026-11-19-core",)
    assert record.forgotten


@pytest.mark.parametrize(("key", "value", "said"), [
    ("seen", "acme", "seen is no list of calls"), ("seen", "[{a: 1}]", "seen is no list of calls"),
    ("until", "yesterday", "until 'yesterday' is not a day"),
])  # fmt: skip
def test_what_was_seen_and_cannot_be_read_is_named_and_the_decision_counts(key, value, said):
    ledger = parse_ledger(f"- {{id: a1, at: 1, by: ana, date: 2026-11-17, kind: theme, theme: T-a1, {key}: {value}}}\n")
    (problem,) = ledger.problems
    assert said in problem.what
    assert "the line counts without" in problem.todo
    assert (ledger.records[0].seen, ledger.records[0].until) == ((), "")


def test_forgetting_keeps_every_other_byte():
    kept = "\ufeff# head\r\n\r\n- {id: a1, at: 1, by: ana, date: 2026-11-17, kind: theme, theme: T-a1, name: 'x'}\r\n!broken\r\n"
    line = format_record(Record("p1", 2, "ana", "2026-11-17", "place", None, notes=(Ref(SECRET, TOKEN),)))
    new = forget_calls(kept + line.replace("\n", "\r\n") + "# end, no newline", [SECRET])
    assert new.startswith(kept)
    assert new.endswith('"theme": null, "forgotten": true}\r\n# end, no newline')
    assert forget_calls(kept, ["nobody"]) == forget_calls(kept, []) == kept


def test_a_call_whose_name_is_part_of_another_is_another():
    line = format_record(Record("p1", 2, "ana", "2026-11-17", "place", None, notes=(Ref("2026-11-17-acme-ops", "hi"),)))
    text = f"# see 2026-11-17-acme-ops\n{line}"
    assert forget_calls(text, ["2026-11-17-acme"]) == text


# On disk


@pytest.fixture
def folder(make_workspace):
    return make_workspace({"2026-11-17-acme.md": "- Filters reset"})


def path_of(folder):
    return folder / "discovery" / "themes.yaml"


def test_without_a_file_the_ledger_is_empty_and_nothing_is_made(folder):
    assert read_ledger(folder) == Ledger()
    assert forget_in_ledger(folder, ["x"]) == Ledger()
    assert append_records(folder, []) == Ledger()
    assert not path_of(folder).exists()


def test_records_are_added_and_what_is_there_stays_byte_for_byte(folder):
    assert append_records(folder, [X, Y]).records == (X, Y)
    first = path_of(folder).read_bytes()
    assert first.decode() == HEADER + format_record(X) + format_record(Y)
    move = place(2, "x", A)
    assert append_records(folder, [move]) == read_ledger(folder)
    assert path_of(folder).read_bytes() == first + format_record(move).encode()


@pytest.mark.parametrize(
    "old",
    [
        b"",
        b"# mine",
        b"# mine\r\n\r\n- {id: q}\r\n",
        b"\xef\xbb\xbf# a mark",
        b"# no \xff utf-8 \xe9\n",
        b"# old mac\r",
        HEADER.encode() * 3,
    ],
)
def test_whatever_the_file_holds_stays_and_the_records_are_read(old, folder):
    path_of(folder).parent.mkdir()
    path_of(folder).write_bytes(old)
    ledger = append_records(folder, [X])
    new = path_of(folder).read_bytes()
    assert new.startswith(old)
    assert ledger.records == read_ledger(folder).records == (X,)
    assert new.endswith(b"\r\n" if b"\r\n" in old else b"\n")
    forget_in_ledger(folder, ["nobody"])
    assert path_of(folder).read_bytes() == new


def test_bytes_that_are_no_utf_8_are_named_and_the_rest_is_read(folder):
    path_of(folder).parent.mkdir()
    path_of(folder).write_bytes(format_record(X).encode() + format_record(Y).encode().replace(b'"y"', b'"caf\xe9"'))
    ledger = read_ledger(folder)
    assert [record.name for record in ledger.records] == ["x", "caf\ufffd"]
    assert str(ledger.problems[0]).startswith("discovery/themes.yaml:2: letters that are not UTF-8")


def test_utf_16_is_read_and_not_added_to(folder):
    path_of(folder).parent.mkdir()
    path_of(folder).write_bytes(format_record(X).encode("utf-16"))
    ledger = read_ledger(folder)
    assert ledger.records == (X,)
    assert "UTF-16" in ledger.problems[0].what
    for change in (lambda: append_records(folder, [Y]), lambda: forget_in_ledger(folder, ["x"])):
        with pytest.raises(InputError, match="save it as UTF-8"):
            change()
    assert read_ledger(folder).records == (X,)


def test_a_ledger_that_cannot_be_read_stops_rather_than_be_forgotten(folder):
    path_of(folder).mkdir(parents=True)
    for use in (read_ledger, lambda folder: append_records(folder, [X])):
        with pytest.raises(InputError, match=r"themes.yaml cannot be read .*check that it is a file"):
            use(folder)


def test_the_later_word_stays_the_later_one(folder):
    """Two windows have read the same ledger; what the second saves comes after what the first saved."""
    append_records(folder, [X, Y])
    append_records(folder, [place(2, "x", A, id="zzzz")])
    ledger = append_records(folder, [place(2, "y", A, id="aaaa"), place(3, "y", B, id="bbbb")])
    assert [(record.id, record.at) for record in ledger.records[2:]] == [("zzzz", 2), ("aaaa", 3), ("bbbb", 4)]
    assert replay_ledger(ledger, NOTES).placed[A] == "T-y"


def test_a_record_that_is_there_already_is_not_added_again(folder):
    append_records(folder, [X])
    before = path_of(folder).read_bytes()
    assert append_records(folder, [X]).records == (X,)
    assert path_of(folder).read_bytes() == before


def test_a_save_of_somebody_else_in_between_loses_nothing(folder, monkeypatch):
    real, others = store.save_bytes, [theme(name, 1) for name in "pqr"]

    def meanwhile(path, data, *, expected):
        if others:
            other = others.pop()
            old = path.read_bytes() if path.exists() else b""
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(old + format_record(other).encode())
        return real(path, data, expected=expected)

    monkeypatch.setattr(store, "save_bytes", meanwhile)
    ledger = append_records(folder, [X])
    assert {record.name for record in ledger.records} == set("pqrx")
    assert ledger.records[-1].name == "x", "it comes last, since it was saved last"


def test_when_the_file_never_rests_it_is_said(folder, monkeypatch):
    def never(path, data, *, expected):
        raise SaveConflict(path, b"", data)

    monkeypatch.setattr(store, "save_bytes", never)
    monkeypatch.setattr("workbench.save.time.sleep", lambda seconds: None)
    with pytest.raises(SaveError, match="holds a text that you have not seen"):
        append_records(folder, [X])


def test_lines_of_a_long_ledger_that_were_read_are_not_read_again(monkeypatch):
    text = "".join(
        format_record(Record(f"{i:08x}", i, "ana", "2026-11-17", "theme", f"T-{i:08x}")) for i in range(1500)
    )
    before = parse_ledger(text)
    monkeypatch.setattr("workbench.themes.ledger._values", None)
    assert parse_ledger(text).records == before.records


APPENDER = """
import sys
from workbench.store import append_records
from workbench.themes.ledger import Record
for i in range(10):
    id = f"{sys.argv[2]}{i:07x}"
    append_records(sys.argv[1], [Record(id, 1, sys.argv[2], "2026-11-17", "theme", f"T-{id}", f"{sys.argv[2]} {i}")])
"""


def test_four_at_once_lose_nothing(folder):
    running = [subprocess.Popen([sys.executable, "-c", APPENDER, str(folder), name]) for name in "abcd"]
    assert [process.wait(120) for process in running] == [0, 0, 0, 0]
    text = path_of(folder).read_text("utf-8")
    assert text.count(HEADER) == 1
    ledger = read_ledger(folder)
    assert ledger.problems == ()
    assert sorted(record.name for record in ledger.records) == sorted(
        f"{name} {i}" for name in "abcd" for i in range(10)
    )
    # Each saw what was there: no two have one time, and each writer's own come in order.
    assert sorted(record.at for record in ledger.records) == list(range(1, 41))
    for name in "abcd":
        assert [record.name for record in ledger.records if record.by == name] == [f"{name} {i}" for i in range(10)]
