"""Tables as files, as spreadsheets and tools write them: the same cells come out, with the row of the file that each stands in."""

import csv
import io
import json
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.importers import Source, Table, Transcript, Unreadable, read_source
from workbench.importers.columns import Rows, columns_of, odd_rows, to_jottings
from workbench.importers.table import table_of

CSV, EXCEL = "Table as text (CSV, TSV)", "Spreadsheet (Excel)"
HEADER = ("Customer", "Date", "Quote")
ROWS = (
    (2, ("Zoë & Co", "2026-11-17", 'I redo it, "by hand"; always')),
    (3, ("Brix", "2026-11-18", "Two lines\nof it")),
    (5, ("Acme", "", "slow")),
)
TEXT = 'Customer,Date,Quote\nZoë & Co,2026-11-17,"I redo it, ""by hand""; always"\nBrix,2026-11-18,"Two lines\nof it"\nAcme,,slow\n'


def read(data, name):
    data = data if isinstance(data, bytes) else data.encode()
    importer, contents = read_source(Source(name, data))
    assert all(isinstance(one, Table) for one in contents)
    return importer.name, contents


def table(data, name="calls.csv"):
    (found,) = read(data, name)[1]
    return found


def book(*sheets):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


@pytest.mark.parametrize("between", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_whatever_stands_between_the_cells_they_come_out(between, encoding, end):
    rows = [HEADER, *(cells for _, cells in ROWS)]
    text = end.join(between.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in cells) for cells in rows)
    name, (found,) = read(text.encode(encoding), "calls.csv")
    assert name == CSV
    assert (found.header, found.rows, found.problems) == (HEADER, ROWS, ())


@pytest.mark.parametrize("name", ["calls.csv", "calls.txt", "calls"])
def test_cells_with_marks_and_line_breaks_and_the_row_where_each_begins(name):
    found = table(TEXT, name)
    assert (found.header, found.rows) == (HEADER, ROWS)


def test_excel_s_own_line_about_what_stands_between_the_cells_is_none():
    found = table("sep=;\nCustomer;Quote\nAcme;a, b, c\n")
    assert found.rows == ((3, ("Acme", "a, b, c")),)


def test_a_title_above_the_header_and_empty_rows_are_passed_over():
    found = table("Feedback of November\n\nCustomer,Quote,Date\nAcme,slow,2026-11-17\n,,\n")
    assert found.header == ("Customer", "Quote", "Date") and found.rows == ((4, ("Acme", "slow", "2026-11-17")),)


def test_columns_without_a_name_and_with_the_same_get_one_of_their_own():
    found = table("Quote,,Quote,Quote (2)\na,b,c,d\n")
    assert len(set(found.header)) == 4 and found.header[:2] == ("Quote", "column 2")
    assert dict(zip(found.header, found.rows[0][1], strict=True))["Quote (2)"] == "d"


def test_a_row_that_is_longer_is_kept_whole_and_named():
    found = table("Customer,Quote\nAcme,slow\nBrix,slow,very\n")
    assert found.rows[1][1] == ("Brix", "slow", "very")
    assert [problem.line for problem in found.problems] == [3]


@pytest.mark.parametrize("rows", [0, 3, 500])
def test_a_quotation_mark_that_nobody_closed_is_seen(rows):
    text = 'Customer,Quote\nBrix,"all ""well"" here"\nAcme,"slow\n' + "Brix,fast\n" * rows
    assert [problem.line for problem in table(text).problems] == [3]
    assert table('Customer,Quote\nAcme,"slow ""so"""\n').problems == ()


def test_zero_bytes_are_left_out_and_named():
    found = table(b"Customer,Quote\nAcme,sl\x00ow\n")
    assert found.rows == ((2, ("Acme", "slow")),) and found.problems[0].line == 2


def test_a_letter_and_prose_are_no_tables():
    prose = "We met on Friday, and talked.\nShe said that it is slow, and left.\nThen, after a while, we stopped.\n"
    for name in ("a.txt", "a.md"):
        try:
            assert read_source(Source(name, prose.encode()))[0].name != CSV
        except Unreadable:
            pass


def test_a_survey_of_surveymonkey_has_its_choices_in_a_second_row():
    text = (
        "Respondent ID,Collector ID,Start Date,What is hardest about reports?,Which do you use?,,Company\n"
        ",,,Open-Ended Response,Excel,Sheets,Response\n"
        "1,7,11/17/2026 10:00:00 AM,Redoing the totals by hand,Excel,,Acme\n"
    )
    found = table(text)
    choices = ("Which do you use? Excel", "Which do you use? Sheets")
    assert found.header[3:] == ("What is hardest about reports?", *choices, "Company")
    (call,) = to_jottings(Rows(found, columns_of(found)))
    assert (call.customer, call.date) == ("Acme", date(2026, 11, 17))
    assert [note.line for note in call.notes] == ['- "Redoing the totals by hand" #what-is-hardest-about-reports']


def test_a_survey_of_qualtrics_has_its_questions_in_the_second_row_and_ids_in_the_third():
    text = (
        "StartDate,EndDate,Q1,Q2\nStart Date,End Date,What is hardest about reports?,Company\n"
        '"{""ImportId"":""startDate""}","{""ImportId"":""endDate""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"\n'
        "2026-11-17 10:00:00,2026-11-17 10:05:00,Redoing the totals by hand,Acme\n"
    )
    found = table(text)
    assert found.header == ("Start Date", "End Date", "What is hardest about reports?", "Company")
    assert [number for number, _ in found.rows] == [4]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_read_and_named_as_hidden(state):
    rows = [("Customer", "Quote"), ("Acme", "slow")]
    made = openpyxl.load_workbook(io.BytesIO(book(("Calls", rows), ("Old", rows))))
    made["Old"].sheet_state = state
    data = io.BytesIO()
    made.save(data)
    seen, hidden = read(data.getvalue(), "a.xlsx")[1]
    assert seen.problems == () and [str(one) for one in hidden.problems] == [
        "a.xlsx:1: the sheet “Old” is hidden there, and its rows come in; take it out of the file where it is not meant to be read"
    ]


def test_each_sheet_with_rows_is_a_table_of_its_own():
    data = book(
        ("Calls", [HEADER, ("Acme", datetime(2026, 11, 17), "slow"), ("Brix", datetime(2026, 11, 18, 9, 30), 12.0)]),
        ("Empty", []),
        ("More", [("Customer", "Quote"), ("Acme", "x")]),
    )
    for name in ("a.xlsx", "a.csv", "a"):
        kind, found = read(data, name)
        assert kind == EXCEL
        assert [one.title for one in found] == ["Calls", "More"]
        assert found[0].rows == ((2, ("Acme", "2026-11-17", "slow")), (3, ("Brix", "2026-11-18 09:30:00", "12")))


def test_a_formula_is_never_run_and_one_without_a_result_is_named():
    data = book(("Calls", [("Customer", "Quote"), ("Acme", '=HYPERLINK("http://x.example","slow")'), ("Brix", "fine")]))
    found = table(data, "a.xlsx")
    assert found.rows == ((2, ("Acme", "")), (3, ("Brix", "fine")))
    assert [problem.line for problem in found.problems] == [2] and "formula" in found.problems[0].what


def repacked(data, part, content):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
PLAIN = book(("Calls", [("Customer", "Quote"), ("Acme", "slow")]))


def test_an_entity_is_not_resolved():
    evil = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY b "boom">]>'

    def with_entity(xml):
        head, mark, rest = xml.partition(b"<worksheet")
        return head + evil + mark + rest.replace(b"slow", b"&b;").replace(b"<v>", b"<v>&e;", 1)

    with pytest.raises(Unreadable, match="declarations"):
        table(repacked(PLAIN, SHEET, with_entity), "a.xlsx")
    with pytest.raises(Unreadable, match="declarations"):
        table(
            repacked(
                PLAIN,
                "xl/workbook.xml",
                lambda xml: xml.replace(b"<workbook", evil + b"<workbook", 1).replace(b"Calls", b"&b;"),
            ),
            "a.xlsx",
        )


def test_a_cell_in_the_last_row_of_a_sheet_makes_no_million_of_empty_ones():
    far = repacked(
        PLAIN,
        SHEET,
        lambda xml: xml.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    )
    assert table(far, "a.xlsx").rows == ((2, ("Acme", "slow")),)


def test_a_spreadsheet_that_swells_or_breaks_off_or_is_old_says_so():
    bomb = repacked(PLAIN, SHEET, lambda xml: xml + b" " * (30 * 1024 * 1024))
    for data, said in (
        (bomb, "times as large"),
        (PLAIN[:-40], "breaks off"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old"),
    ):
        with pytest.raises(Unreadable, match=said):
            table(data, "a.xlsx")


def test_too_many_rows_are_cut_and_named(monkeypatch):
    monkeypatch.setattr("workbench.importers.table.MOST_ROWS", 10)
    found = table_of([(1, ["Customer", "Quote"]), *((number, ["Acme", "x"]) for number in range(2, 20))], "a.csv")
    assert len(found.rows) == 9 and found.problems[0].what == "19 rows" and found.problems[0].line == 11


def test_hostile_texts_are_only_cells():
    hostile = Path(__file__).parent / "hostile.jsonl"
    words = [json.loads(line)["payload"] for line in hostile.read_text("utf-8").splitlines()]
    words = [one if isinstance(one, str) else json.dumps(one) for one in words]
    for one in words:
        for data, name in ((one, "a.csv"), (f"Customer,Quote\nAcme,{one}\n", "a.csv")):
            try:
                found = read_source(Source(name, data.encode("utf-8", "surrogatepass")))[1]
            except Unreadable:
                continue
            assert found


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300) | st.text(alphabet="a1,;\t\n\"'|=\x00é", max_size=300).map(str.encode),
    st.sampled_from(["a.csv", "a.tsv", "a.txt", "a.xlsx"]),
)
def test_any_bytes_give_contents_or_say_why_not(data, name):
    try:
        assert read_source(Source(name, data))[1]
    except Unreadable:
        pass


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(PLAIN)), st.binary(max_size=8), st.integers(0, 8))
def test_a_broken_spreadsheet_gives_contents_or_says_why_not(place, other, gone):
    try:
        assert read_source(Source("a.xlsx", PLAIN[:place] + other + PLAIN[place + gone :]))[1]
    except Unreadable:
        pass


HEAD = "customer,date,text,consent\n"
OPEN = 'Acme,2026-11-17,"Slow import of rows,quote\n'
LEAK = [
    "Zebracorp,2026-11-17,Login fails at Zebracorp each day,none\n",
    'Dim,2026-11-17,"Invoices are wrong",quote\n',
    "Bolt,2026-11-17,Exports are slow,quote\n",
]


@pytest.mark.parametrize("between", [",", ";", "\t", "|"])
@pytest.mark.parametrize("place", [0, 1, 2, 3])
@pytest.mark.parametrize("above", ["", "Feedback of November\n\n", "sep=\n"])
def test_a_quotation_mark_that_nobody_closed_takes_no_row_of_another_customer(between, place, above):
    rows = [*LEAK[:place], OPEN, *LEAK[place:]]
    text = "".join([above.replace("sep=", f"sep={between}"), HEAD.replace(",", between), *rows])
    text = text if between == "," else text.replace(",", between)
    found = table(text)
    rows = [tuple(cell.strip('"') for cell in row.strip().split(",")) for row in LEAK]
    # Of the broken one is known whose it is, and it has no words.
    rows.insert(place, ("Acme", "", "", "aggregate"))
    assert [cells for _, cells in found.rows] == rows
    (broken,) = found.problems
    assert broken.line == above.count("\n") + 2 + place
    assert broken.what.startswith("a quotation mark in this row is never closed: “Acme")


def test_of_very_many_broken_rows_the_first_are_named_and_the_rest_counted():
    found = table(HEAD + OPEN * 30 + "".join(LEAK))
    assert [cells[0] for _, cells in found.rows if cells[2]] == ["Zebracorp", "Dim", "Bolt"]
    assert [problem.line for problem in found.problems] == [*range(2, 22), 22]
    assert found.problems[-1].what == "10 more rows cannot be read (lines 22, 23, 24, 25, 26, 27, 28, 29, 30, 31)"


@pytest.mark.parametrize(("text", "line"), [('Customer,"Quote\nAcme,slow\nBolt,fast\n', 1), (HEAD + OPEN, 2)])
def test_a_table_whose_header_or_only_row_is_broken_says_so(text, line):
    with pytest.raises(Unreadable, match="a quotation mark in this row is never closed") as said:
        table(text)
    assert said.value.line == line


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.lists(st.text('a,;\t|"\n ', max_size=12).map(lambda cell: f"x{cell}x"), min_size=3, max_size=3),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from(",;\t|"),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_what_is_quoted_as_it_should_be_comes_out_as_it_went_in(rows, between, quoting):
    out = io.StringIO()
    csv.writer(out, delimiter=between, quoting=quoting, lineterminator="\n").writerows([HEADER, *rows])
    found = table(f"sep={between}\n{out.getvalue()}")
    assert [list(cells) for _, cells in found.rows] == rows and not found.problems


@pytest.mark.parametrize(
    "row",
    [
        "Acme,2026-11-18,,none,Jane\n",
        "ACME,2026-11-18,Wants no quotes,none,Interviewer\n",
        'Acme,2026-11-18,"open,none,Jane\n',
    ],
)
def test_consent_counts_of_a_row_that_gives_no_note(row):
    rows = "Acme,2026-11-17,Slow,quote,Jane\nBolt,2026-11-17,Fast,quote,Bob\n"
    found = table(f"customer,date,text,consent,who\n{rows}{row}")
    calls = to_jottings(Rows(found, columns_of(found)))
    assert [(call.customer, call.consent, len(call.notes)) for call in calls] == [
        ("Acme", "none", 1),
        ("Bolt", "quote", 1),
    ]


def test_what_an_interviewer_says_gives_no_note_and_is_named():
    found = table("customer,date,speaker,text\nAcme,2026-11-17,Interviewer,How slow?\nAcme,2026-11-17,Jane,Very\n")
    (call,) = to_jottings(Rows(found, columns_of(found)))
    assert [note.line for note in call.notes] == ["- Very"] and call.who == "Jane"
    assert odd_rows(Rows(found, columns_of(found)))[0].what == "row 2 has one of you as the author in speaker"


# A talk that is a table -----------------------------------------------------------------------------------------------

ANA, JANE = "Ana Ruiz", "Jane Doe"
TALK = [
    (ANA, "What is hard about the month end?"),
    (JANE, "The totals never add up, and I redo them"),
    (ANA, "Would a button help?"),
    (JANE, "No; just get the export right"),
]
TALKED = [("0:00:01", *TALK[0]), ("0:00:05", *TALK[1]), ("0:00:09", *TALK[2]), ("0:00:15", *TALK[3])]
TALK_HEADS = [
    ("Start", "Speaker", "Text"),
    ("Timestamp", "Sprecher", "Text"),
    ("Time", "Speaker", "Transcript"),
    ("Time", "Name", "Words"),
    ("Heure", "Locuteur", "Texte"),
    ("Hora", "Hablante", "Texto"),
    ("時間", "話者", "発言"),
    ("时间", "说话人", "内容"),
]


def as_csv(*rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def as_word(*rows):
    document = Document()
    document.add_paragraph("Call with Acme, 17 November 2026")
    made = document.add_table(len(rows), len(rows[0]))
    for row, cells in zip(made.rows, rows, strict=True):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def as_markdown(*rows):
    return "\n".join(f"| {' | '.join(row)} |" for row in (rows[0], ("---",) * len(rows[0]), *rows[1:])).encode()


TABLES = {
    "call.csv": as_csv,
    "call.xlsx": lambda *rows: book(("Sheet", rows)),
    "call.docx": as_word,
    "call.md": as_markdown,
}


def contents(data, name):
    (found,) = read_source(Source(name, data))[1]
    return found


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("head", TALK_HEADS)
def test_a_table_of_who_says_what_is_a_talk(name, head):
    if name == "call.md" and "Name" in head:
        return  # a table of notes in Markdown has names as well
    found = contents(TABLES[name](head, *TALKED), name)
    assert isinstance(found, Transcript)
    assert [(turn.speaker, turn.text, turn.at) for turn in found.turns] == [
        (who, words, at) for (who, words), at in zip(TALK, (1, 5, 9, 15), strict=True)
    ]


@pytest.mark.parametrize("name", ["call.csv", "call.xlsx", "call.docx"])
def test_a_talk_needs_no_times_and_a_row_without_a_name_goes_on(name):
    found = contents(
        TABLES[name](("#", "Speaker", "Text"), *((str(n), *one) for n, one in enumerate(TALK)), ("4", "", "So.")), name
    )
    assert [(turn.speaker, turn.at) for turn in found.turns] == [(ANA, None), (JANE, None), (ANA, None), (JANE, None)]
    assert found.turns[-1].text == "No; just get the export right So."
    assert [turn.line for turn in found.turns] == [2, 3, 4, 5]


def test_the_day_of_a_talk_is_that_of_its_rows():
    found = contents(as_csv(("Date", "Speaker", "Text"), *(("2026-11-17", *one) for one in TALK)), "call.csv")
    assert isinstance(found, Transcript) and found.date == date(2026, 11, 17)


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        (("Company", "Speaker", "Text"), [("Acme", *one) for one in TALK]),
        (("Speaker", "Rating", "Text"), [(who, "5", words) for who, words in TALK]),
        (("Speaker", "Text", "Notes"), [(*one, "a note") for one in TALK]),
        (("Name", "Comment"), TALK),
        (("Name", "Text"), TALK),  # without a time it may be feedback
        (("Participant", "Text"), TALK),
        (("Speaker", "Text"), TALK[:2]),  # each once, as those are who answer
        (("Speaker", "Text"), [(f"P{n % 20}", "It is slow") for n in range(60)]),
        (("Speaker", "Date", "Text"), [(who, f"11/1{n}/2026", words) for n, (who, words) in enumerate(TALK)]),
    ],
)
def test_what_may_be_feedback_stays_a_table(head, rows):
    assert isinstance(contents(as_csv(head, *rows), "a.csv"), Table)
    assert isinstance(contents(book(("Sheet", [head, *rows])), "a.xlsx"), Table)
