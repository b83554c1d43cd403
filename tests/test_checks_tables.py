"""The linter on tables of notes: rows of many customers and days in one file."""

import pytest

from workbench.checks import check, read_case
from workbench.cli import main
from workbench.redact import Leaks

TODAY = "2026-11-26"
HEAD = "customer,date,text\n"
ROWS = [
    f"{who},2026-11-{day:02},The filters reset when {who} goes back on day {day}"
    for day in (3, 4)
    for who in ("Acme", "Bolt", "Core")
]


def found(folder, **options):
    return [
        (one.rule, one.file, one.line, one.what)
        for one in check(folder, today=TODAY, **options).violations
        if one.file.startswith("interviews/")
    ]


def table(rows):
    return HEAD + "".join(f"{row}\n" for row in rows)


def test_a_table_that_is_named_after_one_customer_may_have_others_in_it(make_workspace):
    assert (
        found(make_workspace({"acme.csv": table(ROWS), "2026-11-03-bolt.csv": table(["Dana,2026-11-04,It is slow"])}))
        == []
    )


def test_rows_of_days_to_come_are_one_finding_with_the_line_of_the_first(make_workspace):
    folder = make_workspace(
        {"t.csv": table([*ROWS, "Bolt,2027-01-05,Later", "Acme,2027-01-05,Late", "Core,2026-12-24,Last"])}
    )
    assert found(folder) == [
        (
            "call-mismatch",
            "interviews/t.csv",
            8,
            "the date 2027-01-05 of this row is yet to come, and 2 more of its days and customers are",
        )
    ]


def test_a_table_that_was_exported_twice_is_one_finding(make_workspace):
    again = [*reversed(ROWS)]
    assert found(make_workspace({"a.csv": table(ROWS), "b.csv": table(again)})) == [
        ("duplicate-call", "interviews/b.csv", 1, "the same notes as interviews/a.csv")
    ]
    other = make_workspace({"a.csv": table(ROWS), "b.csv": table(ROWS[:4])}, name="other")
    assert found(other) == []


def test_a_table_is_not_read_again_as_the_text_of_calls(make_workspace):
    folder = make_workspace(
        {"t.csv": table(ROWS), "2026-11-17-dana.md": "---\ncustomer: Dana\ndate: 2026-11-17\n---\n- one\n"}
    )
    assert list(read_case(folder, today=TODAY).sources) == ["interviews/2026-11-17-dana.md"]


def test_of_many_findings_of_a_rule_in_a_file_the_first_are_printed_and_how_many_more_there_are(make_workspace, capsys):
    folder = make_workspace({"t.csv": table(ROWS)})
    (folder / "discovery" / "readouts").mkdir(parents=True)
    (folder / "discovery" / "readouts" / "r.md").write_text(
        "# R\n\n" + "\n\n".join(f"> Words that nobody said {i}\n> — Acme" for i in range(25))
    )
    main(["-w", str(folder), "check", "--today", TODAY])
    said = capsys.readouterr().out
    assert said.count("nobody said") == 20
    assert "discovery/readouts/r.md: 5 more of [quote-not-verbatim]; --all lists them" in said.splitlines()
    main(["-w", str(folder), "check", "--all", "--today", TODAY])
    assert capsys.readouterr().out.count("nobody said") == 25


@pytest.mark.parametrize(
    "text", ["we never looked at that page again!", "Pages again", "the import never drops any rows"]
)
def test_words_looked_for_in_known_texts_are_found_as_in_any(text):
    notes = {
        "a#1": {"text": "We never looked at that page again", "customer": "Acme", "where": "interviews/a.md:7"},
        "a#2": {"text": "never drops any rows", "customer": "Acme", "where": "interviews/a.md:8"},
    }
    payloads = [{"customers": {"Acme": {"consent": "aggregate"}}, "notes": notes}]
    assert Leaks(payloads, [text]).find(text) == Leaks(payloads).find(text)
