"""Which column of somebody else's table is what, and its rows as notes: by name where the name tells, asked where it does not."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from workbench.errors import InputError
from workbench.importers import Unreadable
from workbench.importers.columns import ROLES, Rows, columns_of, iso_day, odd_rows, to_jottings
from workbench.importers.contents import Table
from workbench.importers.tags import tag_of
from workbench.notes import parse_call, read_note, showable

SLOW = "It takes me two hours every Friday"


def table(header, *rows):
    return Table(tuple(header), tuple((number, tuple(row)) for number, row in enumerate(rows, 2)))


def roles(found):
    return {column.role: column.names for column in found.found}


def asked(found):
    return [(question.role, question.among) for question in found.questions]


# What each tool calls its columns; where each was seen stands in docs/import.md.
EXPORTS = {
    "productboard": (
        ("title", "text", "display_url", "owner", "user_email", "company", "source", "tags", "created_at"),
        ("Reports", SLOW, "https://x", "Ana", "jane@acme.example", "Acme", "email", "reports,speed", "2026-11-17"),
        {"text": "text", "who": "user_email", "customer": "company", "date": "created_at", "tags": "tags"},
    ),
    "intercom": (
        ("message_id", "message_body", "message_type", "message_created_at", "message_author_type", "message_author_name",
         "message_author_email", "message_author_companies", "conversation_tags", "conversation_id"),
        ("1", SLOW, "comment", "2026-11-17 21:45:08", "user", "Jane Doe", "jane@acme.example", "Acme", "reports", "7"),
        {"quote": "message_body", "date": "message_created_at", "side": "message_author_type", "who": "message_author_name",
         "customer": "message_author_companies", "tags": "conversation_tags"},
    ),
    "zendesk": (
        ("Id", "Subject", "Description", "Requester", "Requester email", "Organization", "Assignee", "Tags", "Created at"),
        ("1", "Slow", SLOW, "Jane Doe", "jane@acme.example", "Acme", "Ana", "reports", "2026-11-17"),
        {"quote": "Description", "who": "Requester", "customer": "Organization", "tags": "Tags", "date": "Created at"},
    ),
    "notion": (
        ("Name", "Company", "Created", "Notes", "Tags"),
        ("Call with Acme", "Acme", "November 17, 2026 3:24 AM", SLOW, "reports"),
        {"text": "Notes", "customer": "Company", "date": "Created", "tags": "Tags"},
    ),
    "dovetail": (
        ("Title", "Content", "Participant", "Company", "Date", "Tags"),
        ("Call with Acme", SLOW, "Jane Doe", "Acme", "2026-11-17", "reports;speed"),
        {"text": "Content", "who": "Participant", "customer": "Company", "date": "Date", "tags": "Tags"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("tool", EXPORTS)
def test_columns_are_known_by_the_names_that_tools_give_them(tool):
    header, row, want = EXPORTS[tool]
    found = columns_of(table(header, row))
    assert roles(found) == {role: (name,) for role, name in want.items()} and found.questions == ()
    (call,) = to_jottings(Rows(table(header, row), found))
    assert (call.customer, call.date) == ("Acme", date(2026, 11, 17))
    kind, words, tags, _ = read_note(call.notes[0].line)
    assert (words, "reports" in tags, kind == "quote") == (SLOW, True, "quote" in want)


SURVEYS = {
    "google": (
        ("Timestamp", "Email Address", "Company", "What is hardest about reports?", "How do you do it today?", "How satisfied are you? (1-5)"),
        ("2026/11/17 10:00:00 AM GMT+1", "jane@acme.example", "Acme", SLOW, "I export it and redo the totals", "4"),
    ),
    "typeform": (
        ("#", "What is hardest about reports?", "How do you do it today?", "Company", "Start Date (UTC)", "Submit Date (UTC)", "Network ID"),
        ("a1", SLOW, "I export it and redo the totals", "Acme", "2026-11-17 09:05:14", "2026-11-17 09:05:40", "d35"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("tool", SURVEYS)
def test_each_question_of_a_survey_that_was_answered_in_words_is_a_note_that_says_what_was_asked(tool):
    header, row = SURVEYS[tool]
    found = columns_of(table(header, row))
    (call,) = to_jottings(Rows(table(header, row), found))
    assert [read_note(note.line)[:3] for note in call.notes] == [
        ("quote", SLOW, ("what-is-hardest-about-reports",)),
        ("quote", "I export it and redo the totals", ("how-do-you-do-it-today",)),
    ]
    assert call.date == date(2026, 11, 17) and call.customer == "Acme"
    assert not next(column for column in found.found if column.role == "quote").sure


def test_what_is_not_clear_is_asked_and_an_answer_settles_it():
    rows = table(("Company", "Feedback", "Comment", "Notes"), ("Acme", "slow", "very", "calls back"))
    assert asked(columns_of(rows)) == [("quote", ("Feedback", "Comment", "Notes"))]
    assert columns_of(rows).questions[0].words == "which column has their words? Feedback, Comment or Notes"
    found = columns_of(rows, {"quote": "feedback; Comment", "text": "Notes"})
    assert found.questions == () and roles(found)["quote"] == ("Feedback", "Comment")
    (call,) = to_jottings(Rows(rows, found))
    assert [read_note(note.line)[:3] for note in call.notes] == [
        ("quote", "slow", ("feedback",)), ("quote", "very", ("comment",)), ("observation", "calls back", ()),
    ]  # fmt: skip


def test_two_columns_that_may_name_the_customer_are_a_question_and_so_is_none():
    rows = table(("Company", "Account", "Quote"), ("Acme", "A-1", "slow"))
    assert asked(columns_of(rows)) == [("customer", ("Company", "Account"))]
    rows = table(("Quote", "Email"), ("slow", "jane@acme.example"))
    (question,) = columns_of(rows).questions
    assert question.role == "customer" and question.among == ("Email",) and "each person" in question.words
    assert to_jottings(Rows(rows, columns_of(rows, {"customer": "Email"})))[0].customer == "jane@acme.example"
    assert columns_of(rows, {"customer": "none"}).questions == ()


PIAS = (
    ("2026-11-14", "Pia", "Lark", "pia@lark.example", "It drops rows whenever a name has an accent"),
    ("2026-11-14", "Pia", "Wren", "pia@wren.example", "The menu hides behind the logo on my phone"),
    ("2026-11-15", "Ola", "Wren", "ola@wren.example", "Nothing tells me what went wrong at all"),
    ("2026-11-16", "Ola", "Wren", "OLA@wren.example", "Once more: nothing tells me what went wrong"),
)


@pytest.mark.parametrize(
    ("header", "likeliest"),
    [
        (("Start Date", "First Name", "Last Name", "Email Address", "What annoys you?"), "Email Address"),
        (("Start Date", "First Name", "Last Name", "Respondent ID", "What annoys you?"), "Respondent ID"),
        (("Start Date", "First Name", "Last Name", "Row", "What annoys you?"), "First Name; Last Name"),
        (("Start Date", "First Name", "Full name", "Row", "What annoys you?"), "Full name"),
    ],
)
def test_where_each_person_may_be_a_customer_the_column_that_tells_people_apart_comes_first(header, likeliest):
    (question,) = columns_of(table(header, *PIAS)).questions
    assert (question.role, question.among[0]) == ("customer", likeliest)
    assert question.words.endswith(f"({likeliest}, if each person counts as a customer)")
    found = columns_of(table(header, *PIAS), {"customer": likeliest})
    assert found.questions == () and found.of("customer") == tuple(likeliest.split("; "))


def test_a_name_that_is_of_two_people_is_named_where_it_is_taken_for_the_customer():
    rows = table(("Start Date", "First Name", "Last Name", "Email Address", "What annoys you?"), *PIAS)

    def said(customer):
        return [str(one) for one in odd_rows(Rows(rows, columns_of(rows, {"customer": customer})), "pias.csv")]

    assert said("First Name") == [
        "pias.csv:3: First Name has names that go with several in Email Address: “Pia” (pia@lark.example, pia@wren.example); "
        "each name counts as one customer; take Email Address for the customer where they are several people"
    ]
    assert said("First Name; Last Name") == said("Email Address") == []
    # Of a firm there are many people.
    rows = table(("Start Date", "Company", "Last Name", "Email Address", "What annoys you?"), *PIAS)
    assert said("Company") == []


def test_of_columns_that_may_name_the_customer_the_first_has_few_words_that_come_again_and_no_days():
    rows = table(
        ("Nr", "Meinung", "Frist", "Firma", "Quote"),
        ("1", "Es dauert mir alles viel zu lange", "2026-11-10", "Löwe", "slow"),
        ("2", "Es fehlt der Bericht für den Berater", "2026-11-11", "Große", "slower"),
        ("3", "Der Druck braucht immer zwei Minuten", "2026-11-12", "Löwe", "slowest"),
    )
    (question,) = columns_of(rows, {"date": "none"}).questions
    assert question.among == ("Firma", "Meinung", "Nr", "Frist")


def test_a_column_that_is_not_there_or_a_role_that_is_none_is_said():
    rows = table(("Company", "Quote"), ("Acme", "slow"))
    (question,) = columns_of(rows, {"quote": "Qoute"}).questions
    assert "no column 'Qoute'" in question.words and "Company or Quote" in question.words
    assert question.among == ("Company", "Quote")
    (question,) = columns_of(rows, {"words": "Quote"}).questions
    assert question.among == ROLES


def test_where_a_column_is_not_there_one_that_may_be_meant_is_named_first():
    rows = table(("Response ID", "Company", "Score", "What is hard?"), ("R-1", "Acme Freight", "3", SLOW))
    (question,) = columns_of(rows, {"quote": "Nope"}).questions
    assert question.among == ("What is hard?", "Company", "Response ID", "Score")
    (question,) = columns_of(rows, {"quote": "What is hard?", "customer": "Nope"}).questions
    assert question.among[0] == "Company"


SAYS_NOTHING = (
    "n/a",
    "N/A.",
    "na",
    "none",
    "None",
    "Nothing!",
    "no",
    "No.",
    "yes?",
    "Not applicable",
    "No comment",
    "<p>No</p>",
)


def test_an_answer_that_says_nothing_is_no_note_and_is_counted():
    answers = (*SAYS_NOTHING, "None of it works", "No way to filter", "-", SLOW)
    rows = table(("Company", "Date", "What is hard?"), *(("Acme", "2026-11-17", answer) for answer in answers))
    found = columns_of(rows)
    (call,) = to_jottings(Rows(rows, found))
    assert [read_note(note.line)[1] for note in call.notes] == ["None of it works", "No way to filter", SLOW]
    silent, nothing = (str(problem) for problem in odd_rows(Rows(rows, found), "s.csv"))
    assert silent.startswith("s.csv:16: row 16 has no words")
    assert nothing.startswith("s.csv:2: 12 answers are only “n/a”, “N/A.”, ") and "they give no note" in nothing
    rows = table(("Company", "Date", "What is hard?", "And why?"), ("Acme", "2026-11-17", SLOW, "None"))
    found = columns_of(rows, {"quote": "What is hard?; And why?"})
    assert [str(one) for one in odd_rows(Rows(rows, found), "s.csv")] == [
        "s.csv:2: one answer, in row 2, is only “None”, which says nothing; it gives no note"
    ]


@pytest.mark.parametrize(
    ("question", "is_answer"),
    [
        ("Would you buy it again?", True),
        ("Q3: Do you use filters?", True),
        ("Reports work for me (yes/no)", True),
        ("What is missing?", False),
        ("Feedback", False),
        ("Is there anything else you would like to tell us?", False),
        ("Do you have any other comments?", False),
    ],
)
def test_a_no_is_an_answer_where_a_yes_or_a_no_is_asked_for(question, is_answer):
    rows = table(("Company", question), ("Acme", "No"), ("Acme", "n/a"), ("Acme", SLOW))
    (call,) = to_jottings(Rows(rows, columns_of(rows, {"quote": question, "date": "none"})))
    assert [note.at for note in call.notes] == [2] * is_answer + [4]


def test_answers_that_say_nothing_do_not_hide_a_question_of_a_survey():
    answers = [*["n/a"] * 20, *(f"The export stops at row {n}" for n in range(5))]
    rows = table(("Company", "What is hard?"), *(("Acme", answer) for answer in answers))
    assert columns_of(rows).of("quote") == ("What is hard?",)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-11-17", "2026-11-17"),
        (" 17.11.2026 ", "2026-11-17"),
        ("11.12.2026", "2026-12-11"),
        ("17/11/2026", "2026-11-17"),
        ("11/17/2026", "2026-11-17"),
        ("11/11/2026", "2026-11-11"),
        ("Tuesday, 17 November 2026", "2026-11-17"),
        ("2026/11/17", "2026-11-17"),
        ("31/31/2026", "31/31/2026"),
        ("17.11.", "17.11."),
        ("17.11.25", "2025-11-17"),
        ("26-11-05", "26-11-05"),
        ("", ""),
    ],
)
def test_a_day_that_is_typed_is_read_as_in_a_table(said, day):
    assert iso_day(said) == day


def test_a_day_that_can_be_read_in_two_ways_is_refused_with_both():
    with pytest.raises(InputError, match="say 2026-12-11 or 2026-11-12"):
        iso_day("11/12/2026")


def test_a_column_without_words_is_no_candidate():
    found = columns_of(table(("Company", "Response", "Comments"), ("Acme", "4", "slow")))
    assert roles(found)["quote"] == ("Comments",) and found.left == ("Response",)


@pytest.mark.parametrize(
    ("days", "want"),
    [
        (("13/11/2026", "11/12/2026"), date(2026, 12, 11)),
        (("11/13/2026", "11/12/2026"), date(2026, 11, 12)),
        (("11.12.2026", "11.12.2026"), date(2026, 12, 11)),
        (("11/12/2026", "10/12/2026"), None),
        (("31/12/2026", "12/31/2026"), None),
    ],
)
def test_which_of_two_numbers_is_the_month_the_column_tells_or_it_is_asked(days, want):
    rows = table(("Company", "Quote", "Date"), *(("Acme", "slow", day) for day in days))
    found = columns_of(rows)
    if want is None and days[0][:2] != "31":
        assert asked(found) == [("days", ("day first", "month first"))]
        last = to_jottings(Rows(rows, columns_of(rows, {"days": "month first"})))[-1]
        assert last.date == date(2026, 10, 12)
    elif want:
        assert found.questions == () and to_jottings(Rows(rows, found))[-1].date == want


def test_only_a_day_that_can_be_read_two_ways_is_asked_about_and_the_question_names_its_row_and_what_speaks_for_both():
    days = ("2026-11-10", "11/13/2026", "12/11/2026", "17.11.2026", "2026-13-45", "", "11/11/2026")
    rows = table(("Company", "Quote", "Date"), *(("Acme", f"slow {day}", day) for day in days))
    (question,) = columns_of(rows).questions
    assert question.words == (
        "does 12/11/2026 in Date (row 4) have the day first, or the month? "
        "The column has both: 17.11.2026 (row 5) has the day first, 11/13/2026 (row 3) the month"
    )
    for said, want in (("month first", date(2026, 12, 11)), ("day first", date(2026, 11, 12))):
        found = columns_of(rows, {"days": said})
        assert found.of("days") == (said,) and found.questions == ()  # so that it is not asked again
        read = {note.at: call.date for call in to_jottings(Rows(rows, found)) for note in call.notes}
        assert read == {
            2: date(2026, 11, 10), 3: date(2026, 11, 13), 4: want, 5: date(2026, 11, 17), 6: None, 7: None, 8: date(2026, 11, 11),
        }  # fmt: skip
    certain = table(rows.header, *(cells for number, cells in rows.rows if number != 4))
    assert columns_of(certain).questions == ()
    odd = odd_rows(Rows(rows, columns_of(rows)), "a.csv")
    assert [(one.line, one.what) for one in odd] == [(6, "row 6 has no day in Date that can be read: “2026-13-45”")]


def test_rows_that_give_no_note_are_named_while_something_is_still_asked():
    rows = table(
        ("Company", "Quote", "Date"),
        ("Acme", "slow", "12/11/2026"),
        ("Acme", "", ""),
        ("Acme", "slower", "soon"),
        ("Acme", "slowest", "later"),
    )
    found = columns_of(rows)
    assert found.questions
    assert [str(one) for one in odd_rows(Rows(rows, found), "a.csv")] == [
        "a.csv:3: row 3 has no words in Quote; it gives no note",
        "a.csv:4: 2 rows (4, 5) have no day in Date that can be read: “soon” in row 4; “later” in row 5; they give notes of the day that is said of the table, or of none in a table of notes",
    ]


def test_days_with_dots_have_the_day_first_unless_their_column_shows_otherwise():
    rows = table(("Company", "Quote", "Date"), ("Acme", "a", "11.12.2026"), ("Acme", "b", "11/30/2026"))
    assert [call.date for call in to_jottings(Rows(rows, columns_of(rows)))] == [date(2026, 12, 11), date(2026, 11, 30)]
    rows = table(("Company", "Quote", "Date"), ("Acme", "a", "11.12.2026"), ("Acme", "b", "11.30.2026"))
    assert [call.date for call in to_jottings(Rows(rows, columns_of(rows)))] == [date(2026, 11, 12), date(2026, 11, 30)]


@pytest.mark.parametrize(
    "name",
    ["Datum", "Zeitstempel", "Erstellt am", "Fecha", "Marca temporal", "Horodateur", "Date de création", "Créé le",
     "タイムスタンプ", "回答日", "日付", "日期", "时间", "提交时间"],
)  # fmt: skip
def test_a_column_of_days_is_known_by_its_name_in_other_languages(name):
    rows = table(("Company", name, "Quote"), ("Acme", "17.11.2026", "slow"), ("Acme", "soon", "slower"))
    found = columns_of(rows)
    assert next(column for column in found.found if column.role == "date") == (
        "date",
        (name,),
        "going by the name",
        True,
    )
    assert [call.date for call in to_jottings(Rows(rows, found))] == [date(2026, 11, 17), None]


def test_a_column_that_is_called_otherwise_is_taken_for_that_of_days_where_nearly_all_of_its_cells_are():
    def of(*cells, header=("Company", "Wann", "Quote")):
        rows = table(header, *(("Acme", *cell, f"slow {n}") for n, cell in enumerate(cells)))
        return columns_of(rows)

    found = of(("17.11.2026 10:30:22",), ("2026-11-18",), ("",))
    assert next(column for column in found.found if column.role == "date") == (
        "date",
        ("Wann",),
        "its cells are days",
        False,
    )
    assert of(*[("17.11.2026",)] * 9, ("soon",)).of("date") == ("Wann",)
    for cells in (["17.11.2026", "soon"], ["since 17.11.2026"], [""], ["12"], ["10.30.45"], ["1.2.14"], ["31/31/2026"]):
        assert not of(*((cell,) for cell in cells)).of("date"), cells
    both = of(("17.11.2026", "2026-11-18"), header=("Company", "Anfang", "Ende", "Quote"))
    assert asked(both) == [("date", ("Anfang", "Ende"))] and not both.of("date")
    named = of(("soon", "2026-11-18"), header=("Company", "Date", "Ende", "Quote"))
    assert named.of("date") == ("Date",) and named.left == ("Ende",)  # what is called so comes first


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (("18/11/26", "25/11/26", "3/12/25"), ("2026-11-18", "2026-11-25", "2025-12-03")),
        (("11/18/26", "3/12/25"), ("2026-11-18", "2025-03-12")),
        (("31.10.26 10:30", "11.12.25"), ("2026-10-31", "2025-12-11")),
        (("2026-11-17 10.30.45",), ("2026-11-17",)),
        # Where the year may come first, nothing is read: in 2018 nobody was asked.
        (("26/11/18", "26/11/19"), (None, None)),
        (("26-11-05",), (None,)),
        (("31/10/99",), (None,)),
        (("26/11/18", "17.11.2026"), (None, "2026-11-17")),
    ],
)
def test_years_of_two_digits_are_read_where_the_column_leaves_no_doubt(cells, days):
    rows = table(("Company", "Quote", "Date"), *(("Acme", f"slow {n}", cell) for n, cell in enumerate(cells)))
    found = columns_of(rows)
    assert found.questions == ()
    read = {note.at: call.date and str(call.date) for call in to_jottings(Rows(rows, found)) for note in call.notes}
    assert tuple(read[row] for row in range(2, 2 + len(cells))) == days
    assert any(f"“{cells[0]}”" in one.what for one in odd_rows(Rows(rows, found))) is (days[0] is None)


def test_years_of_two_digits_are_asked_about_as_those_of_four_are():
    rows = table(("Company", "Quote", "Date"), ("Acme", "slow", "11/12/25"), ("Acme", "slower", "10/12/25"))
    assert asked(columns_of(rows)) == [("days", ("day first", "month first"))]
    last = to_jottings(Rows(rows, columns_of(rows, {"days": "month first"})))[-1]
    assert last.date == date(2025, 10, 12)


def test_rows_of_one_customer_and_day_are_one_call():
    rows = table(
        ("Customer", "Date", "Quote", "Participant", "Role", "Segment"),
        ("Acme", "2026-11-17", "one", "Jane Doe", "ops lead", "mid-market"),
        ("Brix", "2026-11-17", "two", "Tom", "", "small"),
        ("ACME", "2026-11-17", "three", "Sam Poe", "", "mid-market"),
        ("Acme", "2026-11-18", "four", "Jane Doe", "ops lead", ""),
    )
    calls = to_jottings(Rows(rows, columns_of(rows)))
    assert [
        (call.customer, call.date.day, [note.at for note in call.notes], call.who, call.segment) for call in calls
    ] == [
        ("Acme", 17, [2, 4], "Jane Doe, ops lead; Sam Poe", "mid-market"),
        ("Brix", 17, [3], "Tom", "small"),
        ("Acme", 18, [5], "Jane Doe, ops lead", ""),
    ]


def test_nothing_that_one_of_us_wrote_becomes_a_note_and_what_becomes_none_is_named():
    rows = table(
        ("Author type", "Message", "Company", "Date"),
        ("admin", "Thanks for telling us", "Acme", "2026-11-17"),
        ("user", SLOW, "Acme", "2026-11-17"),
        ("user", "–", "Acme", "2026-11-17"),
        ("user", "x" * 6000, "Acme", "2026-11-17"),
        ("user", "again", "Acme", "soon"),
    )
    found = Rows(rows, columns_of(rows))
    calls = to_jottings(found)
    assert [note.at for call in calls for note in call.notes] == [3, 6]
    said = [str(problem) for problem in odd_rows(found, "inbox.csv")]
    assert len(said) == 4
    for line, words in ((2, "one of you"), (4, "no words"), (5, "6,000 letters"), (6, "no day")):
        assert any(one.startswith(f"inbox.csv:{line}: ") and words in one for one in said)


def test_where_no_row_has_words_it_says_so():
    rows = table(("Company", "Quote"), ("Acme", ""))
    with pytest.raises(Unreadable, match="Quote"):
        to_jottings(Rows(rows, columns_of(rows, {"quote": "Quote"})))


def test_the_strictest_consent_of_a_call_holds_and_silence_allows_nothing():
    def consent(*levels):
        rows = table(("Company", "Quote", "Consent"), *(("Acme", "slow", level) for level in levels))
        return to_jottings(Rows(rows, columns_of(rows)))[0].consent

    assert [consent("quote", "named"), consent("quote", "no"), consent("quote", ""), consent("", "")] == [
        "quote", "none", "aggregate", "",
    ]  # fmt: skip


def test_of_two_columns_of_consent_the_stricter_holds():
    rows = table(("Company", "Quote", "Consent", "Permission"), ("Acme", "slow", "quote", "none"))
    columns = columns_of(rows)
    assert columns.of("consent") == ("Consent", "Permission")
    assert to_jottings(Rows(rows, columns))[0].consent == "none"


def test_kinds_are_those_of_notes_where_one_of_us_wrote_and_tags_where_a_customer_did():
    def notes(column, kind):
        rows = table(("Company", column, "Type"), ("Acme", "slow", kind))
        return read_note(to_jottings(Rows(rows, columns_of(rows)))[0].notes[0].line)

    assert notes("Notes", "Pain point")[0] == "pain"
    assert notes("Notes", "Nice to have")[:3:2] == ("observation", ("nice-to-have",))
    assert notes("Quote", "Feature request")[:3:2] == ("quote", ("feature-request",))


@pytest.mark.parametrize(
    "words",
    [
        "=HYPERLINK(1)",
        "! not a pain",
        "#export is broken",
        "> so",
        'it\'s "fine" @12:40',
        "- a",
        "<b>so</b><br>it is",
        "a\x00b",
        "\\x",
        "---",
    ],
)
def test_words_come_back_as_they_were_whatever_they_begin_with(words):
    for column, kind in (("Notes", "observation"), ("Quote", "quote")):
        rows = table(("Company", column), ("Acme", words))
        try:
            (call,) = to_jottings(Rows(rows, columns_of(rows, {"text" if kind == "observation" else "quote": column})))
        except Unreadable:
            assert words == "---"
            continue
        (note,) = parse_call(call.notes[0].line, "a.md").notes
        assert (note.kind, note.text, note.tags) == (
            kind,
            {"<b>so</b><br>it is": "so it is", "a\x00b": "ab"}.get(words, words),
            (),
        )


def test_tags_are_ones_that_a_note_can_have():
    for words in ("Data Export", "2FA", "élan vital", "日本 語", "a" * 99, "C#", "--", "what_is it?"):
        tag = tag_of(words)
        assert tag == "" or (re.fullmatch(r"[^\W\d_][\w-]*", tag) and read_note(f"- x #{tag}")[2] == (tag,)), words


def test_hostile_words_give_notes_of_one_line():
    hostile = Path(__file__).parent / "hostile.jsonl"
    for line in hostile.read_text("utf-8").splitlines():
        words = json.loads(line)["payload"]
        words = words if isinstance(words, str) else json.dumps(words)
        rows = table((words or "x", "Quote", "Company", "Date", "Tags"), (words, words, words, words, words))
        try:
            calls = to_jottings(
                Rows(rows, columns_of(rows, {"quote": "Quote", "customer": "Company", "days": "day first"})),
            )
        except Unreadable:
            continue
        for call in calls:
            for note in call.notes:
                assert len(parse_call(note.line, "a.md").notes) == 1 and showable(note.line) == note.line


def test_a_consent_in_words_of_ones_own_is_named_and_a_no_is_a_no():
    words = ("quote", "No - do not share", "yes", "Yes", "has opted out", "not asked yet", "")
    rows = table(
        ("Company", "Quote", "Date", "Consent"), *((f"C{n}", SLOW, "2026-11-17", one) for n, one in enumerate(words))
    )
    found = Rows(rows, columns_of(rows))
    assert [call.consent for call in to_jottings(found)] == [
        "quote", "none", "aggregate", "aggregate", "none", "aggregate", ""]  # fmt: skip
    assert [str(one) for one in odd_rows(found, "a.csv")] == [
        f"a.csv:{row}: consent {word!r} is not known; write one of none, aggregate, quote, named (until then it counts as {level})"
        for row, word, level in (
            (3, "No - do not share", "none"), (4, "yes", "aggregate"), (6, "has opted out", "none"), (7, "not asked yet", "aggregate"))
    ]  # fmt: skip


def test_who_wrote_a_row_is_one_of_us_a_customer_or_named():
    sides = ("user", "researcher", "Interviewer", "end-user", "chatterbox")
    rows = table(
        ("Company", "Quote", "Date", "Author type"),
        *(("Acme", f"{SLOW} {n}", "2026-11-17", one) for n, one in enumerate(sides)),
    )
    found = Rows(rows, columns_of(rows))
    assert [note.at for note in to_jottings(found)[0].notes] == [2, 5, 6]
    assert str(odd_rows(found, "a.csv")[0]) == (
        "a.csv:6: it is not known whether “chatterbox” in Author type is one of you; their rows count as a customer's; take them out if "
        "they are yours"
    )


@pytest.mark.parametrize(
    ("name", "sides"),
    [
        ("Author role", ("end-user", "agent", "end-user")),
        ("Role", ("Customer", "Support", "Customer")),
        ("role", ("participant", "interviewer", "")),
    ],
)
def test_a_role_that_says_only_whose_side_somebody_is_on_tells_the_side(name, sides):
    words = ("It is empty", "Have you tried to turn it off?", "Yes, twice")
    rows = tuple((n, ("Acme", side, word)) for n, (side, word) in enumerate(zip(sides, words, strict=True), 2))
    rows = Rows(found := Table(("Company", name, "Comment"), rows), columns_of(found))
    (acme,) = to_jottings(rows)
    assert [note.line for note in acme.notes] == ['- "It is empty"', '- "Yes, twice"']
    assert [one.line for one in odd_rows(rows) if "one of you as the author" in one.what] == [3]


@pytest.mark.parametrize(
    "roles", [("Admin", "User"), ("Ops lead", "Agent"), ("customer", "customer"), ("agent", "support")]
)
def test_a_role_that_may_be_what_a_customer_does_is_none_of_ours(roles):
    rows = tuple((n, ("Acme", role, "It is slow")) for n, role in enumerate(roles, 2))
    columns = columns_of(Table(("Company", "Role", "Comment"), rows))
    assert (columns.of("role"), columns.of("side")) == (("Role",), ())
