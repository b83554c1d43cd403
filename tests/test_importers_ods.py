"""Spreadsheets of LibreOffice's: the same cells as in any other table, and nothing for the file that only says it is large."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.forget.originals import without_rows
from workbench.importers import Source, Table, Unreadable, read_source
from workbench.importers.columns import Rows, columns_of, to_jottings

NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)
# Made up after the content of such files in public repositories: empty cells and rows to the end of the sheet are one with a number.
REST = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'


def cell(words="", kind="string", **said):
    if not words and not said:
        return "<table:table-cell/>"
    attributes = "".join(f' {name.replace("_", ":").replace("..", "-")}="{value}"' for name, value in said.items())
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in words.split("\n"))
    return f'<table:table-cell office:value-type="{kind}"{attributes}>{paragraphs}</table:table-cell>'


def row(*cells):
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def ods(*sheets, head="", manifest="<manifest/>", styles=""):
    tables = "".join(
        f'<table:table table:name="{name}"><table:table-column/>{rows}</table:table>' for name, rows in sheets
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", f'<?xml version="1.0"?>{head}<office:document-content {NAMES}><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{tables}'
                                        "</office:spreadsheet></office:body></office:document-content>")  # fmt: skip
    return data.getvalue()


HEADER = row(cell("Customer"), cell("Date"), cell("Quote"), cell("Score"), cell("Ok"))
FEEDBACK = (
    f"<table:table-header-rows>{HEADER}</table:table-header-rows>"
    + row(
        cell("Zoë &amp; Co"),
        cell("17.11.26", "date", **{"office_date-value": "2026-11-17"}),
        cell("I redo <text:span>it</text:span>,<text:s/><text:s/>by hand\nalways"),
        cell("4,50", "float", office_value="4.5"),
        cell("WAHR", "boolean", **{"office_boolean-value": "true"}),
    )
    + '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    + row(
        cell("Acme"),
        cell("18.11.26 09:30", "date", **{"office_date-value": "2026-11-18T09:30:00"}),
        '<table:table-cell office:value-type="string"><office:annotation><text:p>a comment</text:p></office:annotation><text:p>slow</text:p></table:table-cell>',
        cell("7", "float", office_value="7"),
        cell(),
    )
    + REST
)


def read(data, name="feedback.ods"):
    importer, contents = read_source(Source(name, data))
    assert importer.name == "Spreadsheet (LibreOffice)" and all(isinstance(one, Table) for one in contents)
    return contents


def test_a_hidden_sheet_is_read_and_named_as_hidden():
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table"><style:table-properties table:display="{shown}"/></style:style>'
        for name, shown in (("ta1", "true"), ("ta2", "false"))
    )
    data = ods(('Calls" table:style-name="ta1', FEEDBACK), ('Old" table:style-name="ta2', FEEDBACK), styles=styles)
    seen, hidden = read(data)
    assert (seen.title, seen.problems, seen.rows) == ("Calls", (), hidden.rows)
    assert [str(one) for one in hidden.problems] == [
        "feedback.ods:1: the sheet “Old” is hidden there, and its rows come in; take it out of the file where it is not meant to be read"
    ]


def test_cells_come_out_as_one_reads_them_with_the_row_in_which_they_stand():
    (found,) = read(ods(("Feedback", FEEDBACK)))
    assert found.title == "Feedback" and found.header == ("Customer", "Date", "Quote", "Score", "Ok")
    assert found.rows == (
        (2, ("Zoë & Co", "2026-11-17", "I redo it,  by hand\nalways", "4.5", "yes")),
        (5, ("Acme", "2026-11-18 09:30:00", "slow", "7", "")),
    )
    assert found.problems == ()
    notes = to_jottings(Rows(found, columns_of(found)))
    assert [(one.customer, str(one.date), one.notes[0].at) for one in notes] == [
        ("Zoë & Co", "2026-11-17", 2),
        ("Acme", "2026-11-18", 5),
    ]


@pytest.mark.parametrize("name", ["feedback.ods", "feedback.xlsx", "feedback.zip", "feedback"])
def test_it_is_known_by_what_is_in_it_and_each_sheet_is_a_table(name):
    sheets = ods(("One", FEEDBACK), ("Empty", REST), ("Two", FEEDBACK))
    assert [found.title for found in read(sheets, name)] == ["One", "Two"]


def test_a_cell_and_a_row_that_stand_there_several_times_do():
    twice = f'<table:table-row table:number-rows-repeated="2">{cell("Acme")}<table:table-cell table:number-columns-repeated="2" office:value-type="string"><text:p>slow</text:p></table:table-cell></table:table-row>'
    (found,) = read(
        ods(("S", row(cell("Customer"), cell("Quote"), cell("More")) + twice + row(cell("Bolt"), cell("fine"))))
    )
    assert found.rows == ((2, ("Acme", "slow", "slow")), (3, ("Acme", "slow", "slow")), (4, ("Bolt", "fine", "")))


def test_a_table_within_another_takes_none_of_its_rows():
    small = f'<table:table table:name="small">{row(cell("a"), cell("b"))}{row(cell("c"), cell("d"))}</table:table>'
    rows = row(cell("Customer"), cell("Quote")) + row(cell("Acme"), cell("slow"))
    for inner in (row(f"<table:table-cell>{small}</table:table-cell>"), f"<table:shapes>{small}</table:shapes>"):
        found = read(ods(("Feedback", rows + inner + row(cell("Bolt"), cell("fast")))))
        assert [(one.title, [cells for _, cells in one.rows]) for one in found] == [
            ("small", [("c", "d")]),
            ("Feedback", [("Acme", "slow"), ("Bolt", "fast")]),
        ]


def test_what_is_remembered_of_another_document_is_no_sheet():
    rows = row(cell("Customer"), cell("Quote")) + row(cell("Acme"), cell("slow"))
    (found,) = read(ods(("Feedback", rows), ("'file:///home/ana/other.ods'#Sheet1", rows.replace("Acme", "Bolt"))))
    assert found.title == "Feedback"


@pytest.mark.parametrize("said", ['string" office:string-value="slow', 'float" office:value="slow', 'currency" office:value="slow'])  # fmt: skip
def test_a_value_without_words_is_read(said):
    rows = row(cell("Customer"), cell("Quote")) + row(cell("Acme"), f'<table:table-cell office:value-type="{said}"/>')
    assert read(ods(("Feedback", rows)))[0].rows[0][1] == ("Acme", "slow")


def test_a_formula_is_never_run_and_one_without_a_result_is_named():
    rows = row(cell("Customer"), cell("Quote")) + row(
        cell("Acme", table_formula="of:=1+1"), '<table:table-cell table:formula="of:=WEBSERVICE(&quot;http://a.b&quot;)"/>'
    ) + row(cell("Bolt"), cell("slow"))  # fmt: skip
    (found,) = read(ods(("S", rows)))
    assert found.rows[0] == (2, ("Acme", ""))
    (problem,) = found.problems
    assert problem.line == 2 and "1 cell of sheet 'S' with a formula and no result" in problem.what


@pytest.mark.parametrize(
    ("rows", "columns"), [(1_000_000, 16_000), (100_000, 500), (2, 999_999_999), (999_999_999, 1), ("x", "-1")]
)
def test_a_file_that_only_says_it_is_large_takes_no_room(rows, columns):
    bomb = f'<table:table-row table:number-rows-repeated="{rows}"><table:table-cell table:number-columns-repeated="{columns}" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
    try:
        (found,) = read(ods(("S", HEADER + bomb)))
    except Unreadable as error:
        assert "millions of times" in error.what
        return
    assert len(found.rows) * len(found.header) <= 2_000_000


def test_an_entity_is_not_resolved_and_a_password_and_what_breaks_off_are_said():
    data = ods(("S", HEADER + row(cell("&x;"))), head='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>')
    with pytest.raises(Unreadable, match="declarations that no program writes"):
        read(data)
    with pytest.raises(Unreadable, match="has a password"):
        read(ods(("S", FEEDBACK), manifest="<manifest><encryption-data/></manifest>"))
    with pytest.raises(Unreadable, match="breaks off"):
        read(ods(("S", FEEDBACK))[:300])
    with pytest.raises(Unreadable, match="is broken: a part of it is missing or damaged; open it"):
        read(ods(("S", "<table:table-row>")))
    with pytest.raises(Unreadable, match="no sheet in it has a row"):
        read(ods(("S", REST)))


def test_a_kept_spreadsheet_is_not_cut():
    assert without_rows(Source("a.ods", ods(("S", FEEDBACK))), {"acme"}, lambda text: False) is None


def test_hostile_texts_are_only_cells(hostile_payloads):
    from xml.sax.saxutils import escape

    texts = [text for text in hostile_payloads if text.isprintable()]
    (found,) = read(
        ods(
            (
                "S",
                row(cell("Quote"), cell("Customer")) + "".join(row(cell(escape(text)), cell("Acme")) for text in texts),
            )
        )
    )
    assert [" ".join(cells[0].split()) for _, cells in found.rows] == [" ".join(text.split()) for text in texts]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2000), st.binary(max_size=4), st.integers(0, 4))
def test_a_broken_spreadsheet_gives_contents_or_says_why_not(place, other, gone):
    data = ods(("S", FEEDBACK))
    try:
        read_source(Source("a.ods", data[:place] + other + data[place + gone :]))
    except Unreadable:
        pass
