"""A call's text reads as its notes, whatever the text; saving an untouched call changes nothing."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.notes import KINDS, add_note, format_call, format_note, parse_call

HOSTILE = [json.loads(line) for line in (Path(__file__).parent / "hostile.jsonl").read_text("utf-8").splitlines()]

SAMPLE = """---
date: 2026-11-17
customer: Acme Freight
who: Jane Doe, ops lead
segment: mid-market
kind: discovery          # discovery, usability, sales, support, churn
consent: quote           # none < aggregate < quote < named; missing means aggregate
---
# Weekly reporting

- Last Friday's report took her 2 hours
- "I export it to Excel and redo the totals by hand" @12:40 #export
- ! Filters reset when she goes back, so she starts again #filters
- ~ Keeps a one-page cheat sheet of filter settings
- ? Wants the last filter remembered
- > Will send last week's sheet by Thursday
- = Trigger may be the Monday leadership meeting
"""


def notes_of(body, file="interviews/2026-11-17-acme.md"):
    return parse_call(f"---\ndate: 2026-11-17\ncustomer: Acme\n---\n{body}", file).notes


def test_the_call_of_the_format_description():
    call = parse_call(SAMPLE, "interviews/2026-11-17-acme-ops-lead.md")
    assert (call.customer, call.who, call.segment, call.kind, call.consent) == (
        "Acme Freight", "Jane Doe, ops lead", "mid-market", "discovery", "quote",
    )  # fmt: skip
    assert str(call.date) == "2026-11-17"
    assert call.problems == ()
    assert [note.kind for note in call.notes] == list(KINDS)
    quote = call.notes[1]
    assert quote.text == "I export it to Excel and redo the totals by hand"
    assert (quote.at, quote.tags, quote.line) == ("12:40", ("export",), 12)


@pytest.mark.parametrize(
    ("line", "kind", "text"),
    [
        ("plain words", "observation", "plain words"),
        ("* star bullet", "observation", "star bullet"),
        ("!no space", "pain", "no space"),
        ("- ~5 people do it", "observation", "~5 people do it"),
        ("> 50 rows and it stops", "commitment", "50 rows and it stops"),
        (">50 rows and it stops", "observation", ">50 rows and it stops"),
        ('" I say so', "quote", "I say so"),
        ("“I say so”", "quote", "I say so"),
        ('"I redo it" she said, laughing', "quote", '"I redo it" she said, laughing'),
        ('! "It said invalid"', "pain", '"It said invalid"'),
        ("- \\! not a pain", "observation", "! not a pain"),
        ("#export", "observation", "#export"),
        ("we are #1 in town", "observation", "we are #1 in town"),
        ("👍", "observation", "👍"),
    ],
)
def test_marks(line, kind, text):
    (note,) = notes_of(line)
    assert (note.kind, note.text) == (kind, text)


def test_what_is_no_note():
    assert notes_of("# Heading\n\n---\n***\n===\n-\n## Another\n") == ()


def test_an_indented_line_goes_on_with_the_note_above_and_keeps_its_line_number():
    first, second = notes_of("- a list\n  of nine hundred\n\n    rows\n- next")
    assert (first.text, first.line, second.line) == ("a list of nine hundred rows", 5, 9)


def test_an_indented_line_below_a_heading_is_a_note_of_its_own():
    assert [note.text for note in notes_of("- above\n# Heading\n  indented")] == ["above", "indented"]


def test_line_numbers_count_as_an_editor_does():
    (_, note) = notes_of("- a\u2028b\x85c\n- here")
    assert note.line == 6


def test_tags_inside_a_sentence_stay_in_it_and_those_behind_it_do_not():
    (note,) = notes_of("- the #export button is gone @1:02:03 #ui #export")
    assert (note.text, note.tags, note.at) == ("the #export button is gone", ("export", "ui"), "1:02:03")


def test_twins_get_a_number_and_ids_outlive_moved_lines():
    before = notes_of("- same\n- other\n- same")
    after = notes_of("# heading\n\n- other\n- same\n- same")
    assert [note.id.rsplit("#")[1][8:] for note in before] == ["", "", "-2"]
    assert {note.id for note in before} == {note.id for note in after}


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("---\ndate: 2026-11-17\n---\n- hi", 1, "no customer"),
        ("---\ncustomer: Acme\n---\n- hi", 1, "no date"),
        ("- hi", 1, "no customer"),
        ("---\ncustomer: Acme\ndate: 17/11/2026\n---\n", 3, "'17/11/2026' is not a day"),
        ("---\ncustomer: Acme\ndate: 2026-11-17\nmood: good\n---\n", 4, "'mood' is not a field"),
        ("---\ncustomer: Acme\ndate: 2026-11-17\nconsent: quotes\n---\n", 4, "consent 'quotes' is not known"),
        ("---\ncustomer: Acme\ncustomer: Bolt\n---\n", 3, "'customer' stands twice"),
        ("---\ncustomer: Acme: Freight\n---\n", 2, "cannot read"),
        ("---\ncustomer: [a, b]\n---\n", 2, "customer is not one value"),
        ("---\ncustomer: Acme\n- a note\n", 1, "never closed"),
        ("---\ncustomer: A\n---\n<<<<<<< HEAD\n- mine\n=======\n- theirs\n>>>>>>> x\n", 4, "git merge"),
        ("- caf\udce9", 1, "not UTF-8"),
        ("---\ncustomer: A\nversion: 2\n---\n", 3, "version '2'"),
    ],
)
def test_what_is_missing_or_odd_is_said_with_its_line(source, line, words):
    problems = parse_call(source, "interviews/call.md").problems
    assert any(problem.line == line and words in problem.what for problem in problems), [str(p) for p in problems]


def test_oddities_never_lose_a_note_nor_a_name():
    call = parse_call("---\ncustomer: Acme: Freight\nwho: Jane\n---\n- kept", "interviews/2026-11-17-x.md")
    assert (call.customer, call.who, [n.text for n in call.notes]) == ("Acme: Freight", "Jane", ["kept"])
    assert str(call.date) == "2026-11-17"  # the file's name says so
    call = parse_call("---\ncustomer: Acme\n- kept\n", "x.md")
    assert (call.customer, [n.text for n in call.notes]) == ("Acme", ["kept"])


def test_a_refusal_counts_as_no_consent_and_an_unknown_word_as_the_cautious_one():
    assert parse_call("---\nconsent: no\n---\n", "x.md").consent == "none"
    assert parse_call("---\nconsent: sure\n---\n", "x.md").consent == "aggregate"
    assert parse_call("- hi", "x.md").consent == ""


@given(st.text())
def test_any_text_reads_and_stays_as_it_was(source):
    call = parse_call(source, "interviews/call.md")
    assert call.source == source
    assert all(note.text and note.text.encode() for note in call.notes)
    assert len({note.id for note in call.notes}) == len(call.notes)


@given(st.text(alphabet='-#!~?>="\\@:12abÄ \n\r\t\u2028\x00', max_size=60), st.text(max_size=20))
def test_adding_a_note_leaves_everything_above_byte_for_byte(source, words):
    call = add_note(parse_call(source, "a.md"), words)
    assert call.source.startswith(source)


words = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(lambda t: " ".join(t.split()))
edgy = st.text(alphabet='#@!~?>="“”\\-*+a1 :2/&', min_size=1, max_size=14).map(lambda t: " ".join(t.split()))
tag = st.from_regex(r"[a-z][\w-]{0,8}", fullmatch=True)


@settings(max_examples=400)
@given(
    text=(words | edgy).filter(lambda t: any(c.isalnum() for c in t)),
    kind=st.sampled_from(KINDS),
    tags=st.lists(tag, max_size=3, unique=True),
    at=st.sampled_from(["", "1:02", "12:40", "1:02:03"]),
)
def test_a_note_written_reads_back_the_same(text, kind, tags, at):
    (note,) = notes_of(format_note(text, kind, tags, at))
    assert (note.text, note.kind, note.tags, note.at) == (text, kind, tuple(tags), at)


@given(customer=st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_customer_name_survives_the_front_matter(customer):
    call = parse_call(format_call(customer, "2026-11-17", consent="quote"), "interviews/x.md")
    shown = "".join(c for c in customer if not (c < " " and c not in "\t\n\r") and not "\x7f" <= c <= "\x9f").strip()
    assert call.customer == (shown or "x")
    assert call.consent == "quote"


@pytest.mark.parametrize("case", [c for c in HOSTILE if c["field"] == "front_matter"], ids=lambda c: c["id"])
def test_hostile_front_matter_runs_nothing_and_loses_no_note(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    call = parse_call(f"---\n{case['payload']}\n---\n- kept\n", "interviews/call.md")
    assert "kept" in [note.text for note in call.notes]
    assert isinstance(call.customer, str)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("case", [c for c in HOSTILE if c["field"] in ("file", "body")], ids=lambda c: c["id"])
def test_hostile_files_open_and_stay_as_they_were(case):
    assert parse_call(case["payload"], "interviews/call.md").source == case["payload"]
