"""A guide's text reads as its questions, whatever the text; a hint says one thing, and mostly nothing."""

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.guide import NOTES_UNTIL_COST, NOTES_UNTIL_EVENT, Guide, Question, hint, parse_guide
from workbench.notes import KINDS, format_note, parse_call
from workbench.starter import copy_sample

ROOT = Path(__file__).parent.parent
HOSTILE = [json.loads(line) for line in (ROOT / "tests" / "hostile.jsonl").read_text("utf-8").splitlines()]


def read(text):
    guide, problems = parse_guide(text, "g.md")
    return guide, [str(problem) for problem in problems]


def asked(text):
    return [(question.text, question.why) for question in read(text)[0].questions]


# The guide


def test_the_guide_of_the_sample_and_of_a_new_workspace():
    guide, problems = parse_guide((ROOT / "discovery" / "guide.md").read_text("utf-8"))
    assert problems == []
    assert guide.title == "Guide: from sign-up to the first invoice"
    assert guide.intro.startswith("Half an hour.")
    assert len(guide.questions) == 10
    assert all(question.why for question in guide.questions)
    assert guide.questions[0] == Question(
        "Q-24bfd12c",
        "Tell me about the day you signed up. What had happened that week?",
        "the trigger, and whether they were sent or came by themselves",
        "",
        8,
    )
    new, problems = parse_guide((ROOT / "workbench" / "starter" / "discovery" / "guide.md").read_text("utf-8"))
    assert (len(new.questions), problems) == (3, [])


def test_the_sample_that_is_copied_has_a_guide_that_reads(tmp_path):
    copy_sample(tmp_path / "study")
    assert parse_guide((tmp_path / "study" / "discovery" / "guide.md").read_text("utf-8"))[0].questions


def test_the_guide_of_the_docs_reads_without_a_problem():
    part = (ROOT / "docs" / "formats.md").read_text("utf-8").partition("## The guide")[2]
    guide, problems = read(re.search(r"```markdown\n(.*?)```", part, re.DOTALL)[1])
    assert problems == []
    assert guide.intro == "Half an hour. Ask for the story in order."
    assert [(question.group, bool(question.why)) for question in guide.questions] == [
        ("The list", True), ("The list", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("- a?\n  why: b", [("a?", "b")]),
        ("* a?\n+ b?\n• c?", [("a?", ""), ("b?", ""), ("c?", "")]),
        ("1. a?\n2) b?", [("a?", ""), ("b?", "")]),
        ("- [ ] a?\n- [x] b?", [("a?", ""), ("b?", "")]),
        ("- a\n  goes on?\n  why: b\n  goes on", [("a goes on?", "b goes on")]),
        ("- a?\n\n  why: b", [("a?", "b")]),
        ("- a?\n\tWHY :b", [("a?", "b")]),
        ("- a?\n  - why: b\n  - c?", [("a?", "b"), ("c?", "")]),
        ("- a?\nwhy: b", [("a?", "b")]),
        ("- a?\n  why: b\n  why: c", [("a?", "b c")]),
        ("- Why: is it so?\n  why: b", [("Why: is it so?", "b")]),
        ("- a?\r\n  why: b\r\n- c?\r\n", [("a?", "b"), ("c?", "")]),
        ("\ufeff---\nversion: 1\n---\n- a?", [("a?", "")]),
        ("- a?\n---\n- b?", [("a?", ""), ("b?", "")]),
        ("- a\u2028b?", [("a\u2028b?", "")]),
        ("", []),
        ("# Only a title", []),
    ],
)
def test_any_bullet_is_a_question_and_an_indented_why_its_reason(text, questions):
    assert asked(text) == questions


def test_a_heading_before_all_is_the_title_and_others_group():
    guide, problems = read("# T\nOne\ntwo.\n\nThree.\n# A\nprose\n- a?\n## B\n- b?\n- c?\n# D\n- d?")
    assert (guide.title, guide.intro, problems) == ("T", "One two.\nThree.", [])
    assert [(question.text, question.group, question.line) for question in guide.questions] == [
        ("a?", "A", 8), ("b?", "B", 10), ("c?", "B", 11), ("d?", "D", 13),
    ]  # fmt: skip
    assert read("## A\n- a?\n# B\n- b?")[0].title == ""


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("What do you do?", ["g.md:1: no question; begin each with  - "]),
        ("---\nversion: 1\n---\n\nwords", ["g.md:4: no question; begin each with  - "]),
        ("- a?\nAnd b?", ["g.md:2: 'And b?' is not read as a question; begin it with  - "]),
        ("- a?\nA word about it.", []),
        ("  why: a\n- b?", ["g.md:1: 'why: a' has no question above it; write it below one"]),
        ("- a?\n- b?\n- A", ["g.md:3: 'A' stands twice; delete one of the two (the other is in line 1)"]),
        ("- a?\n=======\n- b?",
         ["g.md:2: '=======' is left from a git merge; keep the lines you want and delete the three marker lines"]),
        ("- a\udce9?", ["g.md:1: letters that are not UTF-8 show as \ufffd; open the file in an editor and save it as UTF-8"]),
        ("---\nversion: 2\n---\n- a?", ["g.md:2: version '2'; this workbench reads version 1; look at the questions first"]),
        ("---\nowner: ana\n---\n- a?", ["g.md:2: 'owner' is not a field of a guide; it is kept but not used"]),
        ("---\nversion: 1\n- a?", ["g.md:1: the front matter is never closed; write a line --- below its last field"]),
        ("", []),
        ("\n \n", []),
    ],
)  # fmt: skip
def test_what_is_odd_is_said_with_its_line(text, problems):
    assert read(text)[1] == problems


def test_a_ticked_question_is_the_same_one_when_the_guide_is_reordered_or_touched_up():
    lines = ["- When did you last do it?\n  why: a fact", "- Who helped?", "- Who else?\n  why: more", "- Who helped?"]
    ids = {question.id: question.text for question in read("\n".join(lines))[0].questions}
    assert len(ids) == 4
    mixed = lines[:]
    random.Random(1).shuffle(mixed)
    assert mixed != lines
    assert {question.id: question.text for question in read("# New title\n" + "\n".join(mixed))[0].questions} == ids
    touched = read("- when did you last do it\n  why: another reason")[0].questions[0]
    assert touched.id == read(lines[0])[0].questions[0].id
    assert touched.id != read("- When did you first do it?")[0].questions[0].id
    assert all(re.fullmatch(r"Q-[0-9a-f]{8}(-2)?", id_) for id_ in ids)


def test_questions_of_signs_alone_are_told_apart():
    assert len({question.id for question in read("- ???\n- !!!\n- 🙂")[0].questions}) == 3


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case["id"])
def test_hostile_text_is_a_question_and_nothing_else(case):
    text = " ".join(case["payload"].split())
    guide, _ = parse_guide(f"# {text}\n- {text}\n  why: {text}\n- last?")
    assert guide.questions[-1].text == "last?"
    for words in (guide.title, *(part for question in guide.questions for part in (question.text, question.why))):
        words.encode()
        assert "\n" not in words
        assert "\0" not in words
    guide, problems = parse_guide(case["payload"])
    assert isinstance(guide, Guide)
    assert all(str(problem).startswith("discovery/guide.md:") for problem in problems)
    hint(case["payload"], [("quote", case["payload"])] * 9)


@given(st.text(st.sampled_from("-*1.) \t\n\r#>?<=|:why[x]a\ufeff\udc80\u2028"), max_size=60))
def test_any_text_reads_and_every_line_is_in_the_file(text):
    guide, problems = parse_guide(text)
    n_lines = len(re.findall(r"\r\n|\r|\n", text)) + 1
    assert all(1 <= question.line <= n_lines for question in guide.questions)
    assert all(1 <= problem.line <= n_lines for problem in problems)
    assert len({question.id for question in guide.questions}) == len(guide.questions)
    assert [question.line for question in guide.questions] == sorted(question.line for question in guide.questions)


def test_a_long_guide_reads():
    """A pattern that goes back over what it has read, or a search among all twins, would not end in a working day."""
    assert len(read("- same?\n" * 20_000)[0].questions) == 20_000
    for part in ("#" * 7, "# ", " ", "why", "- ", "[ ]", "1", "a ", "\ufffd", "why: \n"):
        read(f"# {part * 20_000}x\n- a {part * 20_000}x\n  why: {part * 20_000}x")


# The hint


def id_of(words, notes=()):
    found = hint(words, list(notes))
    return found and found.id


@pytest.mark.parametrize(
    ("words", "bold", "text", "of"),
    [
        ("Would probably use reminders if they were automatic", "Hypothetical.", "Ask for the last time it happened.", "Would probably use"),
        ('" I would pay for that', "Hypothetical.", "Ask for the last time it happened.", "would pay"),
        ("? might use it daily #chasing", "Hypothetical.", "Ask for the last time it happened.", "might use"),
        ("She loves the preview", "A compliment is no evidence.", "Ask what they did.", "She loves the"),
        ('- "I love it, I would use it"', "Hypothetical.", "Ask for the last time it happened.", "would use"),
    ],
)  # fmt: skip
def test_the_line_that_is_being_typed_has_a_hint_with_its_words(words, bold, text, of):
    found = hint(words, [])
    assert (found.bold, found.text, found.words) == (bold, text, of)
    assert of in words


@pytest.mark.parametrize(
    "words",
    [
        "",
        "   ",
        "would",
        "would use",
        "great idea",
        "would use #chasing #filters",  # tags are no words
        "= Would probably never use it",
        "> Would send us the sheet on Friday",
        "# Would they use it",
        "---",
        "Exports it every Monday",
        "Last week she lost two hours, she would pay for less",  # the last time is there
        "Loved it, and sent it to the client yesterday",
    ],
)
def test_mostly_nothing_is_said(words):
    assert hint(words, []) is None


def test_a_call_without_a_past_event_gets_a_hint_after_some_notes_and_not_before():
    notes = [("pain", "Filters reset when she goes back")] * NOTES_UNTIL_EVENT
    found = hint("Export is slow on Mondays", notes)
    assert found == ("no-event", "No past event yet.", "Ask about the last time.", "")
    assert id_of("Export is slow on Mondays", notes[1:]) is None
    assert id_of("Yesterday the export failed", notes) is None
    assert id_of("Export is slow on Mondays", [*notes, ("quote", "I lost it on Friday")]) is None
    assert id_of("Would use an export", notes) == "hypothetical", "the line comes first"


def test_the_pms_own_takes_neither_count_nor_get_a_hint():
    notes = [("pain", "Filters reset when she goes back")] * (NOTES_UNTIL_EVENT - 1)
    takes = [("take", "Last Friday he lost two hours")] * NOTES_UNTIL_COST
    assert id_of("Export is slow on Mondays", notes + takes) is None
    assert id_of("Export is slow on Mondays", notes + takes + notes[:1]) == "no-event"
    assert id_of("= Export is slow on Mondays", notes + takes + notes) is None


def test_a_call_without_a_cost_gets_a_hint_later_and_one_at_a_time():
    notes = [("quote", "I lost it on Friday")] * NOTES_UNTIL_COST
    found = hint("Export is slow on Mondays", notes)
    assert found == ("no-cost", "No cost yet.", "Ask what it took: hours, money, people.", "")
    assert id_of("Export is slow on Mondays", notes[1:]) is None
    assert id_of("Export takes two hours each time", notes) is None
    assert id_of("Export is slow on Mondays", [*notes, ("pain", "€300 a month for the agency")]) is None
    assert id_of("Export is slow on Mondays", [("pain", "Filters reset")] * NOTES_UNTIL_COST) == "no-event"


def test_the_notes_may_come_one_by_one_and_a_pasted_transcript_gets_no_hint():
    assert hint("Export is slow on Mondays", iter([("pain", "Filters reset")] * NOTES_UNTIL_EVENT)).id == "no-event"
    assert hint("Export is slow on Mondays", [("pain", "Filters reset")] * 5000) is None


def test_the_sample_study_would_have_been_left_alone_but_where_a_hint_was_due():
    """The two thresholds are taken from these calls. One call tells of nothing that happened, three of no cost for long."""
    given_hints = {}
    for path in sorted((ROOT / "interviews").glob("*.md")):
        notes = [(note.kind, note.text) for note in parse_call(path.read_text("utf-8"), path.name).notes]
        given_hints[path.stem] = {
            found.id
            for i, (kind, text) in enumerate(notes)
            if (found := hint(format_note(text, kind), notes[:i])) is not None
        }
    assert [call for call, ids in given_hints.items() if "no-event" in ids] == [
        "2026-11-03-garrand-group-treasury-systems-manager"
    ]
    assert [call for call, ids in given_hints.items() if "no-cost" in ids] == [
        "2026-10-27-pellow-lifts-owner", "2026-11-03-kestrow-dispatcher", "2026-11-17-marl-lane-site-supervisor",
    ]  # fmt: skip
    assert not any(ids & {"hypothetical", "compliment"} for ids in given_hints.values())


@given(st.text(max_size=80), st.lists(st.tuples(st.sampled_from(KINDS), st.text(max_size=40)), max_size=10))
def test_any_line_beside_any_notes_gets_one_line_or_nothing(words, notes):
    found = hint(words, notes)
    assert found is None or (found.bold.endswith(".") and len(f"{found.bold} {found.text}") < 60)
