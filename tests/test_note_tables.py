"""Tables of notes: rows in, notes out, and nothing in between without its line."""

import gzip
import json

import pandas as pd
import pytest

import workbench as wb
from workbench.forget import forget
from workbench.note_tables import MOST_NAMED, read_note_table, without_rows
from workbench.store import append_records
from workbench.themes import find_themes
from workbench.themes.acts import keep_themes

HEADER = "customer,date,text\n"
FILE = "interviews/tickets.csv"


def read(text, file=FILE):
    return read_note_table(file, text if isinstance(text, bytes) else text.encode())


def said(table):
    return [str(problem) for problem in table.problems]


@pytest.fixture
def work(tmp_path):
    (tmp_path / "interviews").mkdir()
    (tmp_path / "discovery").mkdir()
    return tmp_path


def write(work, text, name="tickets.csv"):
    (work / "interviews" / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def test_each_row_is_a_note_with_the_line_where_it_begins():
    table = read(HEADER + 'Acme,2026-11-17,It resets\nBolt,2026-11-18,"two\nlines"\nCore,2026-11-19,last\n')
    assert table.notes[["customer", "text", "line"]].values.tolist() == [
        ["Acme", "It resets", 2],
        ["Bolt", "two lines", 3],
        ["Core", "last", 5],
    ]
    assert table.problems == () and table.said == f"{FILE}: 3 rows, 3 notes"


def test_ids_are_those_of_a_call_with_the_same_words(work):
    write(work, HEADER + "Acme,2026-11-17,It resets\nAcme,2026-11-18,It resets\n", "a.csv")
    (work / "interviews" / "b.md").write_text("---\ncustomer: Acme\ndate: 2026-11-17\n---\n- It resets\n- It resets\n")
    notes = wb.read_notes(work, problems=[])
    of_table = notes.loc[notes["file"] == "interviews/a.csv", "note"].tolist()
    of_call = notes.loc[notes["file"] == "interviews/b.md", "note"].tolist()
    assert [one.replace("b#", "a#") for one in of_call] == of_table


def test_a_quotation_mark_that_nobody_closed_costs_its_own_row_and_no_other():
    rows = [f"Acme,2026-11-17,note {i}" for i in range(5000)]
    rows[10] = 'Acme,2026-11-17,"left open'
    rows[40] = 'Acme,2026-11-17,"closed, as it should be"'
    table = read(HEADER + "\n".join(rows) + "\n")
    assert len(table.notes) == 4999 and table.n_rows == 5000
    assert "closed, as it should be" in set(table.notes["text"])
    assert said(table)[0].startswith(
        f'{FILE}:12: a quotation mark in this row is never closed: “Acme,2026-11-17,"left open”'
    )
    assert said(table)[-1] == f"{FILE}:1: 5,000 rows gave 4,999 notes, and 1 row is none; each is named with its line"


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ("Acme,2026-11-17,slow,very", "4 cells in this row, and 3 in the header: “Acme · 2026-11-17 · slow · very”"),
        (",2026-11-17,slow", "no customer in this row: “2026-11-17 · slow”"),
        ("Acme,2026-11-17,", "no words in this row: “Acme · 2026-11-17”"),
        ("Acme,2026-11-17,…", "no words in this row: “Acme · 2026-11-17 · …”"),
    ],
)
def test_a_row_that_is_no_note_is_named_with_what_stands_there(row, line):
    table = read(f"{HEADER}Acme,2026-11-17,good\n{row}\nBolt,2026-11-17,good too\n")
    assert len(table.notes) == 2
    assert said(table)[0].startswith(f"{FILE}:3: {line}")
    assert said(table)[1].startswith(f"{FILE}:1: 3 rows gave 2 notes, and 1 row is none")


def test_a_row_without_a_day_stays_a_note_and_says_so():
    table = read(HEADER + "Acme,soon,slow\n")
    assert len(table.notes) == 1 and table.notes["date"].isna().all()
    assert said(table) == [
        f"{FILE}:2: no day that can be read in this row: “soon”; it is a note without a day; write it as 2026-11-17"
    ]


def test_of_very_many_broken_rows_the_first_are_named_and_the_rest_counted():
    table = read(HEADER + "Acme,2026-11-17,good\n" + ",2026-11-17,whose?\n" * 500)
    assert len(table.problems) == MOST_NAMED + 2
    assert f"no customer: {500 - MOST_NAMED} rows more (lines 23, 24" in said(table)[MOST_NAMED]
    assert "501 rows gave 1 note, and 500 rows are none" in said(table)[-1]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "the table has no rows"),
        (HEADER, "the table has a header and no row below it"),
        ("customer,text\nAcme,slow\n", "there is no column date"),
        ("company,account,date,text\nA,B,2026-11-17,slow\n", "which column names the customer? company or account"),
        (b"PK\x03\x04\x00\x00", "it is no text"),
    ],
)
def test_what_is_no_table_of_notes_says_what_is_missing(text, what):
    table = read(text)
    assert len(table.notes) == 0 and len(table.problems) == 1
    assert what in said(table)[0] and said(table)[0].startswith(f"{FILE}:1: ")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_told_as_they_are_at_import(encoding):
    table = read((HEADER + "Müller,2026-11-17,grün und größer\n" * 30).encode(encoding))
    assert set(table.notes["customer"]) == {"Müller"} and set(table.notes["text"]) == {"grün und größer"}


def test_what_stands_between_the_cells_is_found_and_columns_by_the_names_that_tools_give_them():
    table = read("sep=;\nCompany;Created at;Feedback;Plan\nAcme;17.11.2026;It is slow;pro\n")
    assert table.notes[["customer", "text", "segment", "line"]].values.tolist() == [["Acme", "It is slow", "pro", 3]]
    assert table.notes["kind"].tolist() == ["quote"] and table.notes["date"].astype(str).tolist() == ["2026-11-17"]


def test_json_lines_and_parquet_give_the_same_notes(tmp_path):
    pytest.importorskip("pyarrow")
    rows = [
        {
            "customer": "Acme",
            "date": "2026-11-17",
            "text": "It resets",
            "kind": "pain",
            "consent": "quote",
            "tags": "a, b",
        },
        {"customer": "Bolt", "date": "2026-11-18", "text": "It is slow", "kind": "wish", "consent": "", "tags": ""},
    ]
    pd.DataFrame(rows).to_parquet(tmp_path / "t.parquet")
    pd.DataFrame(rows).to_csv(tmp_path / "t.csv", index=False)
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    tables = [
        read((tmp_path / f"t.{kind}").read_bytes(), f"interviews/t.{kind}") for kind in ("csv", "jsonl", "parquet")
    ]
    plain = [table.notes.drop(columns="line").astype(str).values.tolist() for table in tables]
    assert plain[0] == plain[1] == plain[2] and plain[0][0][6] == "pain"
    assert [table.notes["line"].tolist() for table in tables] == [[2, 3], [1, 2], [1, 2]]


def test_a_broken_line_of_json_and_a_file_that_is_no_parquet_are_named():
    table = read('{"customer": "Acme", "date": "2026-11-17", "text": "ok"}\n{"customer": \n', "interviews/t.jsonl")
    assert len(table.notes) == 1 and said(table)[0].startswith(
        'interviews/t.jsonl:2: this line is no JSON: “{"customer":”'
    )
    table = read(gzip.compress(b"x"), "interviews/t.parquet")
    assert len(table.notes) == 0 and "it cannot be read as Parquet" in said(table)[0]


def test_a_study_joins_calls_and_tables_by_customer(work):
    write(
        work,
        "customer,date,text,segment,consent\nacme,2026-11-16,It resets,field,quote\nBolt,2026-11-20,Slow,office,\n",
    )
    (work / "interviews" / "2026-11-17-acme.md").write_text("---\ncustomer: Acme\ndate: 2026-11-17\n---\n- It is odd\n")
    (work / "discovery" / "customers.yaml").write_text("customers:\n  Bolt:\n    consent: none\n")
    study = wb.read_study(work)
    assert study.tables == (f"{FILE}: 2 rows, 2 notes",)
    assert study.notes[["customer", "segment", "consent", "file", "line"]].values.tolist() == [
        ["Acme", "field", "quote", FILE, 2],
        ["Acme", "field", "quote", "interviews/2026-11-17-acme.md", 5],
        ["Bolt", "office", "none", FILE, 3],
    ]
    assert study.customers[["customer", "n_calls"]].values.tolist() == [["Acme", 2], ["Bolt", 1]]
    assert study.calls[["call", "customer", "line", "counted"]].values.tolist() == [
        ["tickets", "Acme", 2, True],
        ["2026-11-17-acme", "Acme", 0, True],
        ["tickets", "Bolt", 3, False],
    ]
    assert f"{FILE}:2: customer 'acme' counts as 'Acme'; write both the same way" in [
        str(one) for one in study.problems
    ]


def test_rows_of_one_customer_and_day_are_one_call(work):
    write(work, HEADER + "Acme,2026-11-17,one\nBolt,2026-11-17,two\nAcme,2026-11-17,three\nAcme,2026-11-18,four\n")
    calls = wb.read_study(work).calls
    assert calls[["customer", "n_notes", "line"]].values.tolist() == [["Acme", 2, 2], ["Bolt", 1, 3], ["Acme", 1, 5]]


def test_two_tables_of_one_name_are_not_mixed_up(work):
    write(work, HEADER + "Acme,2026-11-17,one\n")
    write(work, '{"customer": "Bolt", "date": "2026-11-17", "text": "two"}\n', "tickets.jsonl")
    study = wb.read_study(work)
    assert study.notes["customer"].tolist() == ["Acme"]
    assert any("another table is called tickets, too" in problem.what for problem in study.problems)


def test_who_is_forgotten_leaves_the_table_and_nobody_else_does(work):
    rows = [
        "Acme Freight,2026-11-16,The import drops rows",
        'Bolt,2026-11-17,"Rows are lost,\nas ever, in the import"',
        "ACME FREIGHT,2026-11-18,Rows of the import are dropped",
        "Core,2026-11-19,Import of rows fails",
    ]
    write(work, HEADER + "\r\n".join(rows) + "\r\n")
    notes = wb.read_notes(work, problems=[])
    append_records(work, keep_themes(find_themes(notes, n_themes=1), ["T1"], by="ana", date="2026-11-20"))
    forget(work, "Acme Freight")
    left = (work / "interviews" / "tickets.csv").read_bytes().decode()
    assert left == HEADER + "\r\n".join([rows[1], rows[3]]) + "\r\n"
    ledger = (work / "discovery" / "themes.yaml").read_text("utf-8")
    assert "drop" not in ledger and "as ever" in ledger and "Import of rows fails" in ledger


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_rows_leave_tables_of_each_kind(tmp_path, kind):
    pytest.importorskip("pyarrow")
    rows = [{"customer": name, "date": "2026-11-17", "text": f"{name} says so"} for name in ("Acme", "Bolt", "Core")]
    file = tmp_path / f"t.{kind}"
    if kind == "parquet":
        pd.DataFrame(rows).to_parquet(file)
    else:
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    new = without_rows(file.name, file.read_bytes(), lambda customer, row: customer == "Bolt")
    assert read_note_table(file.name, new).notes["customer"].tolist() == ["Acme", "Core"]
    assert b"Bolt" not in new


def test_a_table_in_which_nobody_is_told_is_left_to_the_one_who_forgets():
    assert without_rows("t.csv", b"a,b\n1,2\n", lambda customer, row: True) is None


STATED = "customer,date,text,consent,who,author type\n"


def agreed(table):
    return dict(zip(table.notes["customer"].astype(str), table.notes["consent"].astype(str), strict=True))


@pytest.mark.parametrize(
    "row",
    [
        "Acme,2026-11-17,,none,,\n",
        "ACME,2026-11-17,Wants no quotes,none,,admin\n",
        "Acme,2026-11-17,Shall we quote you?,none,Interviewer,\n",
        "Acme,2026-11-17,too many,none,Jane,user,x,y\n",
        "Acme,2026-11-17,a comma, and more,none,Jane,user\n",
        'Acme,2026-11-17,"open,none,Jane,user\n',
        '"Acme",2026-11-17,"open, and more,none,Jane,user\n',
    ],
)
def test_consent_counts_of_a_row_that_is_no_note(row):
    table = read(STATED + "Acme,2026-11-17,Slow,quote,Jane,user\nBolt,2026-11-17,Fast,quote,Bob,user\n" + row)
    assert agreed(table) == {"Acme": "none", "Bolt": "quote"} and len(table.notes) == 2
    assert table.agreed == {"acme": "none", "bolt": "quote"}


def test_a_broken_row_whose_consent_cannot_be_read_allows_no_quote():
    table = read(STATED + 'Acme,2026-11-17,Slow,named,,\nBolt,2026-11-17,Fast,quote,,\nAcme,2026-11-17,"open\n')
    assert agreed(table) == {"Acme": "aggregate", "Bolt": "quote"}
    table = read(STATED + 'Acme,2026-11-17,Slow,named,,\nAcme,2026-11-17,"open,named,,\n')
    assert agreed(table) == {"Acme": "aggregate"}


def test_a_consent_that_is_left_empty_allows_nothing_where_others_are_stated():
    rows = [("Acme", "quote"), ("Acme", ""), ("Bolt", "quote"), ("Core", "")]
    for text, file in (
        (
            "customer,date,text,consent\n" + "".join(f"{who},2026-11-17,Slow,{level}\n" for who, level in rows),
            "t.csv",
        ),
        (
            "".join(
                json.dumps({"customer": who, "date": "2026-11-17", "text": "Slow", "consent": level}) + "\n"
                for who, level in rows
            ),
            "t.jsonl",
        ),
    ):
        assert agreed(read(text, file)) == {"Acme": "aggregate", "Bolt": "quote", "Core": "aggregate"}
    assert agreed(read(STATED + "Acme,2026-11-17,Slow,,,\n")) == {"Acme": ""}
    # Where an agent's row says nothing of it, the customer's stands.
    assert agreed(read(STATED + "Acme,2026-11-17,Slow,quote,,user\nAcme,2026-11-17,Thanks,,,agent\n")) == {
        "Acme": "quote"
    }


def test_a_consent_that_is_first_stated_far_below_counts():
    rows = [f"Acme,2026-11-17,note {i},\n" for i in range(1500)]
    table = read("customer,date,text,consent\n" + "".join(rows) + "Acme,2026-11-17,last,none\n")
    assert agreed(table) == {"Acme": "none"}


def test_an_author_of_a_kind_that_nobody_knows_counts_and_is_named_once():
    rows = "Acme,2026-11-17,Slow,,,{}\nAcme,2026-11-18,Slower,,,{}\n"
    table = read(STATED + rows.format("Partner", "Partner") + rows.format("user", "agent") + rows.format("", ""))
    assert len(table.notes) == 5
    unknown = [str(one) for one in table.problems if "not known" in one.what]
    assert unknown == [
        "interviews/tickets.csv:2: it is not known whether “Partner” in author type is one of you; their rows count as a customer's; take them out if they are yours"
    ]


def test_many_kinds_of_author_hide_no_consent_that_nobody_knows():
    rows = "".join(f"Acme,2026-11-17,Slow {k},,,kind {k}\n" for k in range(30))
    said = [one.what for one in read(f"{STATED}{rows}Acme,2026-11-18,Slower,perhaps maybe,,\n").problems]
    assert sum("not known whether" in one for one in said) == 1
    assert any("perhaps maybe" in one for one in said)


def test_what_an_interviewer_says_is_no_note_and_is_named():
    table = read(
        "customer,date,speaker,text\nAcme,2026-11-17,Interviewer,How slow?\nAcme,2026-11-17,Jane Doe,Very\n"
        "Bolt,2026-11-17,Moderator 2,How fast?\n"
    )
    assert table.notes["text"].tolist() == ["Very"]
    assert [problem.line for problem in table.problems] == [2, 4, 1]
    assert said(table)[0] == (
        f"{FILE}:2: one of you as the speaker of this row: “How slow?”; it is no note, since nothing that one of you says is evidence"
    )


SPOKEN = (
    "customer,date,speaker,text\nAcme,2026-11-17,Ana Ruiz,How slow is it?\nAcme,2026-11-17,Jane Doe,It is very slow\n"
    "Bolt,2026-11-18,ana  ruiz,And how fast?\nBolt,2026-11-18,Tom,So slow\n"
)


def test_what_somebody_says_whom_a_call_names_as_one_of_you_is_no_evidence_in_a_table(make_workspace):
    work = make_workspace({"a.md": "---\ncustomer: Acme\ndate: 2026-11-16\nus: Ana Ruiz; Tom\n---\n- It resets\n"})
    write(work, SPOKEN)
    study = wb.read_study(work)
    notes = study.notes[study.notes["file"] == FILE]
    assert notes[["line", "kind", "ours"]].values.tolist() == [
        [2, "take", f"Ana Ruiz, {FILE}"],
        [3, "observation", ""],
        [4, "take", f"ana ruiz, {FILE}"],
        [5, "observation", ""],
    ]
    assert [str(one) for one in study.problems] == [
        f"{FILE}:2: 1 row is said by Ana Ruiz, who is one of you by interviews/a.md; what one of you says does not count",
        f"{FILE}:5: 1 row is said by Tom, and one of you is called so in interviews/a.md; it counts as a customer's word; where it is "
        "yours, write the whole name in both files",
        f"{FILE}:4: 1 row is said by ana ruiz, who is one of you by interviews/a.md; what one of you says does not count",
    ]
    people = study.customers.set_index("customer")["people"].to_dict()
    assert people == {"Acme": ("Jane Doe",), "Bolt": ("Tom",)}
    told = [(one.rule, one.line) for one in wb.check(work).violations if one.file == FILE]
    assert [one for one in told if one[0] in ("quote-is-ours", "call-odd")] == [
        ("call-odd", line) for line in (2, 4, 5)
    ]


def test_an_answer_that_says_nothing_is_no_note_and_is_named():
    table = read("customer,date,text\nAcme,2026-11-17,n/a\nAcme,2026-11-17,None.\nBolt,2026-11-17,No trouble at all\n")
    assert table.notes["text"].tolist() == ["No trouble at all"]
    assert said(table)[:2] == [
        f"{FILE}:2: an answer that says nothing in this row: “n/a”; it is no note, since it is no evidence of anything",
        f"{FILE}:3: an answer that says nothing in this row: “None.”; it is no note, since it is no evidence of anything",
    ]
    assert (
        len(
            read("customer,date,Do you use filters?\nAcme,2026-11-17,No\nBolt,2026-11-17,Yes we do it each day\n").notes
        )
        == 2
    )


def test_letters_that_cannot_be_read_are_named_with_their_row():
    rows = "customer,date,text\nAcme,2026-11-17,Zu langsam für ältere Geräte\nBolt,2026-11-17,größer\n".encode()
    table = read_note_table(FILE, rows + b"Core,2026-11-17,k\xfcrzer\n")
    assert table.notes["text"].tolist()[2] == "k\ufffdrzer"
    assert said(table) == [
        f"{FILE}:4: letters that cannot be read in this row: “k\ufffdrzer”; it is a note all the same; save the file again as UTF-8, "
        "or mend the row"
    ]


def test_a_consent_that_is_not_known_is_named_once_for_each_word():
    table = read(
        "customer,date,text,consent\nAcme,2026-11-17,a,declined\nBolt,2026-11-17,b,declined\nCore,2026-11-17,c,No\n"
        "Dim,2026-11-17,d,Quote\n"
    )
    assert said(table) == [
        f"{FILE}:2: consent 'declined' is not known; write one of none, aggregate, quote, named (until then it counts as none)",
        f"{FILE}:4: consent 'No' is not known; write one of none, aggregate, quote, named (until then it counts as none)",
    ]
    assert agreed(table) == {"Acme": "none", "Bolt": "none", "Core": "none", "Dim": "quote"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tickets.jsonl", '{"customer": "ACME", "date": "2026-11-17", "text": "No", "consent": "none"}\n'),  # a twin
        ("more.csv", "customer,date,text,consent\nACME,2026-11-17,,none\n"),  # no row is a note
        ("more.csv", "customer,date,text,consent\nACME,2026-11-17,,none\nBolt,2026-11-17,Fast,quote\n"),
        ("more.csv", "customer,text,consent\nACME,Slow,none\n"),  # no table of notes
        ("more.csv", "customer,date,text,consent\nAF,2026-11-17,,none\n"),  # another spelling
    ],
)
@pytest.mark.parametrize("consent", [",consent", ""])
def test_consent_counts_of_a_table_that_does_not(work, name, text, consent):
    write(work, f"customer,date,text{consent}\nAcme,2026-11-17,Slow{',quote' * bool(consent)}\n")
    write(work, text, name)
    (work / "discovery").mkdir(exist_ok=True)
    (work / "discovery" / "customers.yaml").write_text("customers:\n  Acme:\n    aliases: [AF]\n")
    customers = wb.read_study(work).customers.set_index("customer")
    assert customers.loc["Acme", "consent"] == "none"


def test_a_table_that_does_not_count_allows_nothing_more(work):
    write(work, "customer,date,text\nAcme,2026-11-17,Slow\n")
    write(work, "customer,text,consent\nAcme,Slow,quote\n", "more.csv")
    assert wb.read_study(work).customers["consent"].tolist() == ["aggregate"]


def test_a_refusal_in_a_row_that_is_no_note_holds_for_the_customers_calls(make_workspace):
    call = "---\ncustomer: Acme\ndate: 2026-11-17\nconsent: quote\n---\n- The import is slow\n"
    rows = "customer,date,text,consent\nACME,2026-11-18,,none\nBolt,2026-11-18,It is slow,quote\n"
    root = make_workspace({"2026-11-17-acme.md": call, "t.csv": rows})
    consent = wb.read_customers(root, problems=[]).set_index("customer")["consent"]
    assert consent.to_dict() == {"Acme": "none", "Bolt": "quote"}
    (root / "interviews" / "t.csv").write_text(rows.replace(",none", ",quote"))
    assert wb.read_customers(root, problems=[]).set_index("customer")["consent"].to_dict() == {
        "Acme": "quote",
        "Bolt": "quote",
    }
