"""Notes that were taken elsewhere: text, Markdown of Obsidian and Notion, Word; and calls of ours, back as they were."""

import io
import json
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.importers import Jottings, Source, Unreadable, read_source
from workbench.notes import parse_call, read_note, showable

TEXT, WORD = "Notes (Markdown, text)", "Notes (Word)"


def jottings(data, name="notes.md"):
    importer, (found,) = read_source(Source(name, data if isinstance(data, bytes) else data.encode()))
    assert isinstance(found, Jottings) and importer.name == (WORD if name.endswith(".docx") else TEXT)
    return found


def notes(data, name="notes.md"):
    return [(kind, text, tags) for kind, text, tags, _ in (read_note(note.line) for note in jottings(data, name).notes)]


def words(data, name="notes.md"):
    return [text for _, text, _ in notes(data, name)]


OURS = """---
date: 2026-11-17
customer: Acme Freight
who: Jane Doe, ops lead
segment: mid-market
kind: usability
consent: quote
---
# Reports
- Last Friday's report took her 2 hours
- "I export it to Excel and redo the totals by hand" @12:40 #export
! Filters reset when she goes back,
  so she starts again #filters
> sends the list on Monday
- = we should look at this
"""


def test_a_call_of_ours_comes_back_note_by_note():
    found = jottings(OURS)
    assert (found.customer, found.who, found.segment, found.kind, found.consent, found.date) == (
        "Acme Freight", "Jane Doe, ops lead", "mid-market", "usability", "quote", date(2026, 11, 17),
    )  # fmt: skip
    before = parse_call(OURS, "a.md").notes
    after = parse_call("".join(f"{note.line}\n" for note in found.notes), "a.md").notes
    assert [note[1:5] for note in after] == [note[1:5] for note in before]
    assert [note.at for note in found.notes] == [note.line for note in before]
    assert found.problems == ()


def test_a_call_of_ours_that_says_less_leaves_it_open():
    found = jottings("---\nconsent: aggregate\n---\n- one\n", "2026-11-17-acme.md")
    assert (found.customer, found.consent, found.problems) == ("", "aggregate", ())


def test_plain_lines_are_notes_and_what_an_editor_wrapped_is_one():
    text = (
        "Call with Acme\n\nexport takes two hours\nfilters reset every time\n\n"
        "She said that the month-end report is the part of the job that\nshe likes least, since nobody reads it\n"
        "Next one\n"
    )
    assert words(text, "notes.txt") == [
        "Call with Acme", "export takes two hours", "filters reset every time",
        "She said that the month-end report is the part of the job that she likes least, since nobody reads it", "Next one",
    ]  # fmt: skip


def test_items_of_a_list_are_notes_at_any_depth_and_go_on_where_they_are_indented():
    text = "- one\n    - two\n  goes on\n* three\n1. four\n2) five\n- [ ] send the list\n- [x] done\n• six\n"
    assert notes(text) == [
        ("observation", "one", ()), ("observation", "two goes on", ()), ("observation", "three", ()), ("observation", "four", ()),
        ("observation", "five", ()), ("take", "send the list", ("to-do",)), ("take", "done", ("to-do",)),
        ("observation", "six", ()),
    ]  # fmt: skip


def test_a_heading_is_the_title_or_a_tag_of_what_stands_below():
    found = jottings("# Acme, 2026-11-17\n\nfirst\n\n## Month-end report\n\n- slow\n\n## Notes\n\n- other\n")
    assert (found.title, found.date) == ("Acme, 2026-11-17", date(2026, 11, 17))
    assert [read_note(note.line)[1:3] for note in found.notes] == [
        ("first", ()),
        ("slow", ("month-end-report",)),
        ("other", ()),
    ]
    assert [note.at for note in found.notes] == [3, 7, 11]


OBSIDIAN = """---
company: "[[Acme Freight]]"
date: 2026-11-17
tags: [interview, reports/monthly]
participant: Jane Doe
role: ops lead
aliases: [x]
---
She exports to [[Excel|a sheet]] and then **redoes** ==the totals== #export ^a1b2c3
![[screenshot.png]]
> [!quote] On Fridays
> "I start again
> every time"

> [!note]
> She sounded tired
%% my own comment %%
| Step | Time |
|------|------|
| Export | 2 h |
```
SELECT 1
```
Look at [the ticket](https://x.example/a_(b)) and `code_x`
"""


def test_a_note_of_obsidian_reads_as_it_looks():
    found = jottings(OBSIDIAN)
    assert (found.customer, found.who, found.date) == ("Acme Freight", "Jane Doe, ops lead", date(2026, 11, 17))
    tags = ("interview", "reports-monthly")
    assert [read_note(note.line)[:3] for note in found.notes] == [
        ("observation", "She exports to a sheet and then redoes the totals", ("export", *tags)),
        ("observation", "On Fridays", tags),
        ("quote", "I start again every time", tags),
        ("observation", "She sounded tired", tags),
        ("observation", "%% my own comment %%", tags),
        ("observation", "Step – Time", tags),
        ("observation", "Export – 2 h", tags),
        ("observation", "SELECT 1", tags),
        ("observation", "Look at the ticket and code_x", tags),
    ]
    assert [problem.line for problem in found.problems] == [10, 7]
    assert "picture" in found.problems[0].what and found.problems[1].what.endswith(": aliases: x")


@pytest.mark.parametrize(
    ("callout", "said"),
    [
        ("> [!quote] Rosa, CFO\n> We lost two invoices.\n> Twice.", [("observation", "Rosa, CFO"), ("quote", "We lost two invoices. Twice.")]),
        ("> [!quote] Rosa, CFO\n>\n> We lost two invoices.", [("observation", "Rosa, CFO"), ("quote", "We lost two invoices.")]),
        ("> [!quote] We lost two invoices.", [("quote", "We lost two invoices.")]),
        ("> [!quote]\n> We lost two.\n>\n> And more.", [("quote", "We lost two."), ("quote", "And more.")]),
    ],
)  # fmt: skip
def test_a_title_over_a_quote_is_not_said_by_anybody(callout, said):
    assert [read_note(note.line)[:2] for note in jottings(f"# Acme\n\n{callout}\n").notes] == said


NOTION = """# Call with Acme

Company: Acme Freight
Created: November 17, 2026 3:24 AM
Tags: reports, month end
Owner: Ana Ruiz

Redoing the totals takes **two hours**.

- "Nobody checks it"
"""


def test_a_page_of_notion_has_its_properties_above_and_an_id_in_its_name():
    found = jottings(NOTION, "Export/Call with Acme 0123456789abcdef0123456789abcdef.md")
    assert (found.title, found.customer, found.date) == ("Call with Acme", "Acme Freight", date(2026, 11, 17))
    assert [read_note(note.line)[:3] for note in found.notes] == [
        ("observation", "Redoing the totals takes two hours.", ("reports", "month-end")),
        ("quote", "Nobody checks it", ("reports", "month-end")),
    ]
    assert [problem.what for problem in jottings(NOTION).problems] == [
        "fields that a call does not have: Owner: Ana Ruiz"
    ]
    found = jottings(NOTION.replace("Owner: Ana Ruiz", "Outcome: she stays until spring"))
    assert read_note(found.notes[0].line)[1] == "Outcome: she stays until spring" and found.problems == ()
    found = jottings("only a line\n", "Page 0123456789abcdef0123456789abcdef.md")
    assert found.title == "Page"


def test_lines_with_colons_that_are_no_fields_stay_notes():
    assert words("Export: slow\nFilters: reset\n", "a.txt") == ["Export: slow", "Filters: reset"]
    assert words("## Task\n\n- Role: she is new\n- slow\n") == ["Role: she is new", "slow"]
    assert words(f"# Acme\n\nRole: {'very ' * 40}new\n\nslow\n")[1:] == ["slow"]
    assert notes("## Task\n\nslow\n") == [("observation", "slow", ("task",))]
    assert jottings("Customer: Acme\nDate: 2026-11-17\n\nslow\n", "a.txt").customer == "Acme"


@pytest.mark.parametrize(
    ("line", "who", "ours"),
    [
        ("Attendees: Sam Lee (Bolt), me", "Sam Lee", "me"),
        ("**Participants:** Lea Novak (Evergreen, dispatcher), Priya (us)", "Lea Novak, dispatcher", "Priya (us)"),
        ("Present: Sam Lee and Tom Poe", "Sam Lee; Tom Poe", ""),
        ("With: sam lee, ops lead, me", "sam lee, ops lead", "me"),
        ("Call with: Rose Driver", "Rose Driver,", ""),
        ("- Attendees – Rose Driver; Jane Doe, Ops Lead", "Rose Driver,; Jane Doe, Ops Lead", ""),
        ("| Attendees | Sam Lee, me |", "Sam Lee", "me"),
        ("## Attendees: Sam Lee, me", "Sam Lee", "me"),
        ("Interviewer: Ana Ruiz", "", "Ana Ruiz"),
        ("Note taker: Ana Ruiz, product manager", "", "Ana Ruiz, product manager"),
        ("From: Tom Berg <tom@cargo.example>", "Tom Berg", ""),
        ("Cc: bob@cargo.example", "bob@cargo.example", ""),
        ("## Attendees\n- Sam Lee (Bolt)\n- me", "Sam Lee", "me"),
        ("Attendees:\n- Sam Lee (Bolt)\n- me", "Sam Lee", "me"),
    ],
)
def test_who_was_there_is_no_note_and_the_customers_people_are_listed(line, who, ours):
    found = jottings(f"# Acme\n\nfirst\n\n{line}\n\n## Reports\n- slow\n")
    assert [read_note(note.line)[1] for note in found.notes] == ["first", "slow"] and found.who == who
    told = "\n".join(map(str, found.problems))
    assert all(
        name in told for name in (*filter(None, [ours]), *(part.rstrip(",") for part in who.split("; ") if part))
    )


def test_who_was_there_in_fields_and_in_word_is_told_as_well():
    found = jottings("---\nattendees: [Sam Lee, me]\ncompany: Bolt\n---\nslow\n")
    assert (found.who, len(found.notes)) == ("Sam Lee", 1) and "me" in found.problems[0].todo
    assert jottings("Company: Bolt\nParticipant: Sam Lee (Bolt), me\n\nslow\n").who == "Sam Lee"
    assert jottings("Company: Bolt\nParticipant: Sam Lee, Tom Poe\n\nslow\n").who == "Sam Lee; Tom Poe"
    assert jottings("Company: Bolt\nParticipant: Sam Lee, ops lead\n\nslow\n").problems == ()

    def fill(document):
        document.add_heading("Call with Evergreen", 0)
        document.add_paragraph("Participants: Lea Novak (Evergreen, dispatcher), Priya (us)")
        document.add_paragraph("five tries")

    found = jottings(word(fill), "notes.docx")
    assert (found.who, [note.line for note in found.notes]) == ("Lea Novak, dispatcher", ["- five tries"])
    assert "Priya" in str(found.problems[0])


@pytest.mark.parametrize(
    "line",
    [
        "With: the old export it took an hour",
        "To: be discussed",
        "Present: the old data stays",
        "Contact form is broken",
    ],
)
def test_a_sentence_that_begins_like_a_list_of_people_stays_a_note(line):
    assert words(f"{line}\nslow\n", "a.txt") == [line, "slow"] and jottings(f"{line}\nslow\n", "a.txt").problems == ()


def test_what_is_hardly_a_name_is_listed_nowhere_and_named():
    found = jottings("Participants: about six people came in late\nslow\n", "a.txt")
    assert (found.who, len(found.notes)) == ("", 1) and "about six people" in found.problems[0].todo


def test_what_one_of_us_has_to_do_is_a_take_and_never_evidence():
    text = (
        "- [ ] send Sam the docs\nTODO: call Sam\nAction item: ask legal\n- slow\n\n## Next steps\n- send docs\n- “a demo”\n\n"
        "## Mobile\n- Next steps are unclear to her\n\nAction items:\n- book a room\n"
    )
    assert notes(text) == [
        ("take", "send Sam the docs", ("to-do",)), ("take", "call Sam", ("to-do",)), ("take", "ask legal", ("to-do",)),
        ("observation", "slow", ()), ("take", "send docs", ("to-do", "next-steps")), ("take", "“a demo”", ("to-do", "next-steps")),
        ("observation", "Next steps are unclear to her", ("mobile",)), ("take", "book a room", ("to-do", "mobile")),
    ]  # fmt: skip


def test_what_looks_like_a_talk_is_read_as_one():
    talk = "Ana: How?\n\nJane: By hand.\n\nAna: And then?\n\nJane: It broke.\n"
    assert read_source(Source("a.txt", talk.encode()))[0].name != TEXT
    assert read_source(Source("a.md", b"WEBVTT\n\n00:01.000 --> 00:02.000\nAna: Hello\n"))[0].name != TEXT


def test_signs_that_mean_something_to_us_mean_nothing_in_notes_of_others():
    text = "! not a pain\n= no take\n~ no workaround\n? who knows\n\\# not a heading\nC# and a #tag among words\nmail to a@b.example @12:40\n"
    assert notes(text, "a.txt") == [
        ("observation", "! not a pain", ()), ("observation", "= no take", ()), ("observation", "~ no workaround", ()),
        ("observation", "? who knows", ()), ("observation", "# not a heading", ()),
        ("observation", "C# and a tag among words", ("tag",)), ("observation", "mail to a@b.example @12:40", ()),
    ]  # fmt: skip


def word(fill):
    document = Document()
    fill(document)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def test_notes_in_word_with_headings_lists_fields_and_tables():
    def fill(document):
        document.add_heading("Call with Acme", 0)
        document.add_paragraph("Customer: Acme Freight")
        document.add_paragraph("Date: 17 November 2026")
        document.add_heading("Reports", 2)
        document.add_paragraph("“I redo the totals by hand”", style="List Bullet")
        document.add_paragraph("two hours\nevery Friday")
        table = document.add_table(2, 2)
        for cell, text in zip(
            (cell for row in table.rows for cell in row.cells), ("Step", "Time", "Export", "2 h"), strict=True
        ):
            cell.text = text

    found = jottings(word(fill), "notes.docx")
    assert (found.title, found.customer, found.date) == ("Call with Acme", "Acme Freight", date(2026, 11, 17))
    assert [read_note(note.line)[:3] for note in found.notes] == [
        ("quote", "I redo the totals by hand", ("reports",)),
        *(("observation", text, ("reports",)) for text in ("two hours", "every Friday", "Export – 2 h")),
    ]
    assert [note.at for note in found.notes] == [5, 6, 6, 6]
    assert [(one.line, one.what) for one in found.problems] == [(6, "“Step – Time” is taken for the head of a table")]


@pytest.mark.parametrize(
    ("first", "is_note"),
    [
        (("Pain", "How often"), False),
        (("Search fails", "10 a day"), True),
        (("She waits, then calls", "daily"), True),
        (("only one", ""), True),
    ],
)
def test_the_first_row_of_a_table_in_word_is_no_note_where_it_only_names_the_columns(first, is_note):
    def fill(document):
        table = document.add_table(2, 2)
        for cell, text in zip(
            (cell for row in table.rows for cell in row.cells), (*first, "Export", "2 h"), strict=True
        ):
            cell.text = text

    found = jottings(word(fill), "notes.docx")
    row = " – ".join(filter(None, first))
    assert [read_note(note.line)[1] for note in found.notes] == [*([row] if is_note else []), "Export – 2 h"]
    assert (row in str(found.problems)) is not is_note


def test_an_empty_document_or_page_says_so():
    for data, name in (
        (word(lambda document: None), "a.docx"),
        (b"---\ncompany: Acme\n---\n", "a.md"),
        (b"# Acme\n", "a.md"),
    ):
        with pytest.raises(Unreadable, match="no note"):
            read_source(Source(name, data))


def test_code_pages_and_data_are_no_notes():
    for data, name in (
        (b"import os\n", "a.py"),
        (b"<note><p>x</p></note>", "a.xml"),
        (b'{"a": 1}', "a.txt"),
        (b"a: 1\n", "a.yaml"),
    ):
        with pytest.raises(Unreadable, match="no form that is known"):
            read_source(Source(name, data))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_no_encoding_changes_a_word(encoding):
    assert words("Zoë said “no”\r\n- déjà vu\r\n".encode(encoding), "a.txt") == ["Zoë said “no”", "déjà vu"]


HOSTILE = [
    json.loads(line)["payload"] for line in (Path(__file__).parent / "hostile.jsonl").read_text("utf-8").splitlines()
]


def test_hostile_words_are_words():
    for payload in HOSTILE:
        payload = payload if isinstance(payload, str) else json.dumps(payload)
        for text in (
            payload,
            f"# {payload}\n\nTags: {payload}\n\n- {payload}\n> {payload}\n",
            f"---\ncompany: {payload}\n---\n{payload}\n",
            f"---\ncustomer: {payload}\n---\n{payload}\n",
        ):
            try:
                _, contents = read_source(Source("a.md", text.encode("utf-8", "surrogatepass")))
            except Unreadable:
                continue
            for note in (note for one in contents if isinstance(one, Jottings) for note in one.notes):
                assert len(parse_call(note.line, "a.md").notes) == 1 and showable(note.line) == note.line


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="a -*_#>[]|`~=!:.\n\"'()<&@1\\^%", max_size=200))
def test_any_text_gives_notes_or_says_why_not(text):
    try:
        _, contents = read_source(Source("a.md", text.encode()))
    except Unreadable:
        return
    for note in (note for one in contents if isinstance(one, Jottings) for note in one.notes):
        assert len(parse_call(note.line, "a.md").notes) == 1


PIECES = ["- {}", "  - {}", "1. {}", "> {}", "> [!note] {}", "# {}", "## {}", "{}", "    {}", "| {} | {} |", "**{}**: {}", "{}: {}", "[{}](x)", "[[{}|{}]]", "- [ ] {}", "#{} {}",
          "“{}”", "*{}* _{}_ `{}`", "```", "", "---", "Company: {}", "Role: {}", "Tags: {}, {}", "Date: {}", "<b>{}</b>", "~~{}~~ =={}=="]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12), st.sampled_from(["a.md", "a.txt"]))
def test_no_word_of_notes_is_lost(pieces, name):
    """Each is in a note, a tag, the title or a field of the call."""
    words = (f"word{number}x" for number in range(99))
    text = "\n".join(piece.format(*(next(words) for _ in range(3))) for piece in pieces)
    try:
        _, contents = read_source(Source(name, text.encode()))
    except Unreadable:
        return
    for found in (one for one in contents if isinstance(one, Jottings)):
        told = " ".join(
            [
                *(note.line for note in found.notes),
                found.title,
                found.customer,
                found.who,
                found.segment,
                found.consent,
                found.kind,
            ]
        )
        told += text if found.date else ""
        told += " ".join(problem.what for problem in found.problems)
        lost = [word for word in re.findall(r"word\d+x", text) if word not in told and f"[[{word}|" not in text]
        # A heading with nothing below it heads nothing, and a day that is none is no day.
        headings = re.findall(r"(?m)^(?:#{1,2} |Date: )(.*)$", text)
        assert [word for word in lost if not any(word in heading for heading in headings)] == []


def test_a_long_text_of_marks_takes_no_longer_than_it_is_long():
    for marks in ("*", "_", "[", "[[", "![", "](", "`", "> ", "#a", "=", "==", "<p ", "- [ ", "(((", "**a", "|"):
        try:
            read_source(Source("a.md", (marks * (60_000 // len(marks))).encode()))
        except Unreadable:
            continue


def test_a_broken_document_says_so():
    data = word(lambda document: document.add_paragraph("x"))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name)[:-40] if name == "word/document.xml" else old.read(name))
    with pytest.raises(Unreadable, match="broken"):
        read_source(Source("a.docx", out.getvalue()))


def test_notes_of_others_that_state_consent_keep_the_customer_that_they_name_otherwise():
    head = "---\ncompany: '[[Acme Freight]]'\ndate: 2026-11-03\nconsent: none\n---\n- It is slow\n"
    (found,) = read_source(Source("ob_notes.md", head.encode()))[1]
    assert (found.customer, found.consent, str(found.date), found.problems) == (
        "Acme Freight",
        "none",
        "2026-11-03",
        (),
    )


def test_a_comment_in_the_head_of_notes_is_named():
    (found,) = read_source(Source("a.md", b"---\n# to be asked again\ncompany: Acme\n---\n- It is slow\n"))[1]
    assert [str(one) for one in found.problems] == [
        "a.md:2: a comment in its head: # to be asked again; it stays in the file"
    ]


# Who says a line ------------------------------------------------------------------------------------------------------

THERE = '---\ncompany: Pine & Co\ndate: 2026-11-13\nparticipants: ["Gül Şahin", "Ana Ruiz (us)"]\n---\n'


def test_lines_of_one_of_us_give_no_note_and_are_named_with_their_lines():
    found = jottings(
        f"{THERE}- Filters reset\n- Ana: would a saved filter help?\n- Gül: yes\n- Ana Ruiz: we could mail it\n"
    )
    assert [(note.line, note.speaker) for note in found.notes] == [("- Filters reset", ""), ("- Gül: yes", "Gül")]
    assert [str(problem) for problem in found.problems[1:]] == [
        "notes.md:7: “Ana: would a saved filter help?” is said by Ana, who is one of you; no note, since nothing that one of you says "
        "is evidence",
        "notes.md:9: “Ana Ruiz: we could mail it” is said by Ana Ruiz, who is one of you; no note, since nothing that one of you says "
        "is evidence",
    ]  # fmt: skip


@pytest.mark.parametrize("label", ["Me", "me", "PM", "I", "We", "Interviewer", "Moderator", "**Me**"])
def test_lines_behind_what_one_of_us_is_called_give_none_either(label):
    found = jottings(f"- {label}: would you pay fifty euros?\n- Her: no, never\n")
    assert [note.line for note in found.notes] == ["- Her: no, never"]
    assert [(one.line, "is said by" in one.what) for one in found.problems] == [(1, True)]


def test_a_question_of_the_interviewers_is_no_list_of_people():
    found = jottings(
        "Interviewer: and what about twenty?\n\nToo much.\n\nInterviewer: Why?\n\nInterviewer: Ana Ruiz\n\nAna: hm\n"
    )
    assert [note.line for note in found.notes] == ["- Too much."]
    assert [(one.line, one.what.partition("” ")[2]) for one in found.problems] == [
        (7, "says who was there, and is no note"),
        (1, "is said by Interviewer, who is one of you"),
        (5, "is said by Interviewer, who is one of you"),
        (9, "is said by Ana, who is one of you"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "US: tax forms are wrong",  # a country
        "I asked whether she would pay: she laughed",
        "Host: db1 is slow",
        "Anabel: it is slow",
        "Pain: the export",
    ],
)
def test_what_is_not_surely_said_by_one_of_us_stays_a_note(line):
    assert f"- {line}" in [note.line for note in jottings(f"{THERE}- It is slow\n- {line}\n").notes]


def test_a_first_name_that_both_sides_have_is_nobodys_alone():
    head = '---\ncompany: Pine\nparticipants: ["Ana Lee", "Ana Ruiz (us)"]\n---\n'
    assert words(f"{head}- Ana: it is slow\n- Ana Ruiz: why?\n") == ["Ana: it is slow"]


def test_what_one_of_us_has_to_do_stays_a_take():
    assert notes("- [ ] Me: send the list\n- It is slow\n")[0] == ("take", "Me: send the list", ("to-do",))


def test_notes_that_are_all_ours_are_refused():
    with pytest.raises(Unreadable, match="all in it is said by Me, PM, one of you"):
        jottings("- Me: would you pay?\n- PM: we could do it\n")


def test_lines_that_begin_with_few_names_again_and_again_are_named():
    found = jottings("- Ana: we could mail it\n- Gül: it is slow\n- Ana: every day\n- Gül: fine\n")
    assert len(found.notes) == 4
    assert [str(one) for one in found.problems] == [
        "notes.md:1: most lines begin with one of 2 names, as in a talk: Ana, Gül; all count as the customer's; where one is one of you, "
        'say  --speaker "Ana=us"'
    ]  # fmt: skip
    assert jottings("- Pain: it is slow\n- Wish: an export\n- Pain: it is odd\n- Wish: a filter\n").problems == ()


@pytest.mark.parametrize("line", ["Me - would you pay?", "- Me – would you pay?", "| 0:03 | Me | would you pay? |"])
def test_a_name_stands_before_words_in_other_ways_as_well(line):
    found = jottings(f"{line}\n\nIt is slow - very slow\n")
    assert [(note.line, note.speaker) for note in found.notes] == [("- It is slow - very slow", "")]


def in_bold(*paragraphs):
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph().add_run(paragraph.strip("*")).bold = paragraph.startswith("**")
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


PAGE = ("Call with Pine", "**What annoys you most?**", "It forgets the columns.", "**Would you pay for it?**", "Maybe.")


@pytest.mark.parametrize(("name", "lines"), [("notes.docx", [2, 4]), ("notes.md", [3, 7])])
def test_bold_questions_are_ours_and_head_their_answers(name, lines):
    def made(*page):
        return in_bold(*page) if name.endswith(".docx") else "\n\n".join(page)

    found = jottings(made(*PAGE), name)
    assert [note.line for note in found.notes] == [
        "- Call with Pine", "- It forgets the columns. #what-annoys-you-most", "- Maybe. #would-you-pay-for-it",
    ]  # fmt: skip
    assert [one.line for one in found.problems] == lines
    assert found.problems[0].what == "“What annoys you most?” is bold and is taken for a question of yours"
    # What stands alone may be what somebody wants to be seen.
    assert "Would you pay for it?" in words(made(*PAGE[:1], *PAGE[3:]), name)
    assert "What annoys you most?" in words(made(*PAGE[:2], *PAGE[3:]), name)
