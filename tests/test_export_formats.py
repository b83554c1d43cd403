"""What leaves in other forms: Markdown that nothing escapes from, a PDF without a clock, tables that run no formula."""

import csv
import html as html_module
import io
import re
import shutil
import time
import zipfile
from pathlib import Path

import cmarkgfm
import nbformat
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from workbench.cli import main
from workbench.errors import InputError
from workbench.report import pdf
from workbench.report.carried import read_carried
from workbench.report.export import export_report
from workbench.report.manifest import read_manifest
from workbench.report.markdown import escape_markdown, to_markdown
from workbench.report.marks import read_page
from workbench.report.pdf import print_pdf, stamp_pdf
from workbench.report.table import EVIDENCE_COLUMNS, evidence_rows, format_csv, format_xlsx
from workbench.study import read_study
from workbench.themes import find_themes

ROOT = Path(__file__).parent.parent
needs_chromium = pytest.mark.skipif(pdf.find_chromium() is None, reason="no Chromium on this machine")

OURS = {"blockquote", "br", "em", "h1", "h2", "h3", "h4", "hr", "li", "ol", "p", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul", "code"}  # fmt: skip
# What GitHub, GitLab and others look for in text, after the Markdown: people, issues, commits, addresses, pictures.
LINKED = re.compile(
    r"(?<![\w`])[@!#~%$]\w|\w@\w|\b[A-Z]{2,}-\d|\b[0-9a-f]{7,40}\b|\bwww\.|://|\bmailto:|:[a-z0-9_+-]+:"
)
TEMPTING = [
    "@octocat", "see @org/team", "#12", "org/repo#12", "!3", "~bug", "%v1", "$12", "GH-12", "ABC-123", "deadbeef1", ":smile:",
    "a@b.com", "www.x.com", "http://x.com", "https://y.dev/a_b", "mailto:x@y.zz", "- a", "+ a", "* a", "1. a", "12) a", "# h",
    "foo #", "===", "---", "***", "a | b", "``` a", "`` ` ``", "[a](b)", "![a](b)", "[^1]: x", "[x]: http://a.b", "> q", "<b>x</b>",
    "<!-- x -->", "&lt;script&gt;", "&#64;", "$x$ and $y$", "~~s~~", "**b** _i_", "a  \nb", "    code", "\tcode", "{{ x }} {% y %}",
    "\\*a\\*", "ftp://x.y", "a\u2028# b", "-", "1.", "\ufeff# a",
]  # fmt: skip
PLACES = ["{}", "> {}", "- {}", "## {}", "| a | b |\n| --- | --- |\n| {} | x |"]


def drawn(markdown):
    """What GitHub's own parser makes of it: its tags, and its text."""
    html = cmarkgfm.github_flavored_markdown_to_html(markdown)
    tags = set(re.findall(r"<([a-zA-Z!?][^\s>/]*)", html))
    return tags, " ".join(html_module.unescape(re.sub(r"<[^>]*>", " ", html)).split())


def bare(text):
    """A text as a reader sees it."""
    return " ".join(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]", "", text).split())


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", TEMPTING)
def test_tempting_words_stay_words(place, text):
    before, _ = drawn(place.format("plain"))
    tags, shown = drawn(place.format(escape_markdown(text)))
    assert tags == before
    assert bare(text) in shown.replace("\u2060", "")
    assert not LINKED.search(shown)


def test_without_the_escapes_they_would_not():
    """The test above can fail, at each of its three lines."""
    changed = [text for text in TEMPTING if drawn(text)[0] != {"p"} or LINKED.search(drawn(text)[1])]
    assert len(changed) >= len(TEMPTING) - 12


@pytest.mark.parametrize("place", PLACES)
def test_hostile_payloads_stay_words(place, hostile_payloads):
    for text in hostile_payloads:
        tags, shown = drawn(place.format(escape_markdown(text)))
        assert tags == drawn(place.format("plain"))[0], text
        assert bare(text) in shown.replace("\u2060", ""), text
        assert not LINKED.search(shown), text


@settings(max_examples=300, deadline=None)
@given(st.text("@#!~%$&:/.-+=*_`<>[](){}|\\ \n\t1aA", max_size=24))
def test_no_text_becomes_markup(text):
    tags, shown = drawn(escape_markdown(text))
    assert tags <= {"p"}
    assert shown.replace("\u2060", "") == bare(text)
    assert not LINKED.search(shown)


def test_a_page_as_markdown_reads_like_the_page():
    page = """<!doctype html><html><head><title>T</title><style>x{}</style></head><body><a class="skip" href="#m">Skip</a>
<header><p class="over"><span>Report</span><span>17 November</span></p><h1>Why</h1><dl class="figures"><div><dt>calls</dt>
<dd>16</dd></div><div><dt>weeks</dt><dd>5</dd></div></dl><dl><div><dt>Owner</dt><dd>Ines<br>Omar</dd></div></dl></header>
<nav><ol><li><a href="#x">Contents</a></li></ol></nav><main><section><h2>Themes</h2><article><div class="count"><b>9</b><span>of 12</span>
</div><div><h3><span class="tid">T1</span> It resets</h3><ul><li>Field 2</li><li>Office 3<ul><li>deep</li></ul></li></ul></div></article>
<ol><li>one</li><li>two</li></ol><blockquote><p><span aria-hidden="true">!</span><span class="vh">pain: </span>Lost<br># all</p>
<footer>Lead, P-1 <a class="src" href="#n">C-3fa9c1:12</a></footer></blockquote>
<figure><svg role="img" aria-label="A picture"><text>no</text></svg><svg role="img" aria-label="A picture"></svg></figure>
<details><summary>Table</summary><table><thead><tr><th>a|b</th><th class="num">n</th></tr></thead><tbody><tr><th>x <span class="tag">new</span></th>
<td>3<br>or 4</td></tr></tbody></table></details><div class="prose"><p>A <strong>bold </strong>and <em>un</em>usual <code>a`b</code></p><pre>x
  y</pre></div></section></main><template id="workbench-claims">{"n": 1}</template></body></html>"""
    assert (
        to_markdown(page)
        == """Report · 17 November

# Why

**16** calls · **5** weeks

- **Owner**: Ines; Omar

## Themes

### T1 It resets

**9** of 12

- Field 2
- Office 3

  - deep

1. one
2. two

> Lost\\
> \\# all\\
> — Lead, P-1 `C-3fa9c1:12` (pain)

*Figure: A picture*

**Table**

| a\\|b | n |
| --- | ---: |
| x (new) | 3; or 4 |

A **bold** and *un*usual ``a`b``

    x
      y
"""
    )


def test_the_sample_report_as_markdown_has_every_quote_and_no_html(sample_page):
    markdown = to_markdown(sample_page)
    tags, shown = drawn(markdown)
    assert tags <= OURS
    assert markdown.startswith("Discovery report · ")
    quotes = {html_module.unescape(q) for q in re.findall(r"<q[^>]*>(.*?)</q>", sample_page)}
    assert len(quotes) > 40
    for quote in quotes:
        assert bare(quote) in shown.replace("\u2060", "")
    cited = set(re.findall(r"C-[0-9a-f]{6}:\d+", sample_page))
    assert set(re.findall(r"C-[0-9a-f]{6}:\d+", markdown)) == cited


def test_verify_finds_every_quote_of_the_markdown_to_the_letter(sample_page, tmp_path, capsys):
    """Who pastes it into a wiki can compare it again, later."""
    (tmp_path / "page.md").write_text(to_markdown(sample_page), "utf-8")
    assert main(["verify", "--against", str(ROOT), str(tmp_path / "page.md")]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert re.match(r"\d{2,} quotes: \d+ exact\. ", last)


def test_a_hostile_report_as_markdown_has_no_html_and_no_links(hostile_page):
    tags, _ = drawn(to_markdown(hostile_page))
    assert tags <= OURS | {"del", "pre"}


# ---------------------------------------------------------------- paper


def test_a_printed_date_is_the_one_that_was_given():
    printed = b"<</Title (x)\n/CreationDate (D:20261126110928+00'00')\n/ModDate (D:20261126110928-07'30')>>"
    assert stamp_pdf(printed, "2026-11-17") == printed.replace(b"20261126110928+00'00'", b"20261117000000+00'00'").replace(b"20261126110928-07'30'", b"20261117000000+00'00'")  # fmt: skip
    assert len(stamp_pdf(printed)) == len(printed)
    assert b"2026" not in stamp_pdf(printed)
    assert b"Date" not in stamp_pdf(printed)


def test_without_a_browser_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.delenv("WORKBENCH_CHROMIUM", raising=False)
    with pytest.raises(
        InputError,
        match=r"no such browser was found; install one .*apt install chromium.*WORKBENCH_CHROMIUM.*--to html",
    ):
        print_pdf("<p>x")
    monkeypatch.setenv("WORKBENCH_CHROMIUM", "/no/such/browser")
    with pytest.raises(InputError, match="there is no program /no/such/browser"):
        print_pdf("<p>x")


def test_a_browser_that_prints_nothing_is_named(monkeypatch):
    monkeypatch.setenv("WORKBENCH_CHROMIUM", shutil.which("false"))
    with pytest.raises(InputError, match=r"false printed nothing \(it ended with 1\)"):
        print_pdf("<p>x")


@needs_chromium
def test_the_same_page_prints_the_same_bytes_at_another_time(sample_page):
    first = print_pdf(sample_page, "2026-11-17")
    time.sleep(1.1)  # a second is what a printed date can tell
    assert print_pdf(sample_page, "2026-11-17") == first
    assert first.startswith(b"%PDF")
    assert b"D:20261117000000+00'00'" in first
    assert b"Mozilla" not in first, "which browser and system it was is nobody's business"


# ---------------------------------------------------------------- tables

FORMULAS = [
    "=1+1", "=HYPERLINK(\"http://x.example\",\"see\")", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", " =1", "\uff1d1",
    "|x", "%0A=1", "=cmd|'/c calc'!A1", "#N/A", "TRUE", "1e5", "00123", "2026-11-17", "'quoted", "a\"b,c\nd", "\x00=1", "\ufeffx", "é",
]  # fmt: skip


def table_of(texts):
    return pd.DataFrame(
        {"theme": "T1", "customers": pd.array([3] * len(texts), "Int64"), "text": pd.array(texts, "str")}
    )


def test_no_cell_of_a_csv_begins_with_what_a_spreadsheet_runs():
    data = format_csv(table_of(FORMULAS))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["theme", "customers", "text"]
    assert len(rows) == len(FORMULAS) + 1
    for row, text in zip(rows[1:], FORMULAS, strict=True):
        assert row[1] == "3"
        assert not re.match(r"\s*[=+\-@|%\uff0b\uff0d\uff20\uff1d\t\r]", row[2])
        assert row[2].removeprefix("'") == text.replace("\x00", "").removeprefix("'") or row[2] == text
    assert rows[1 + FORMULAS.index("é")][2] == "é"


def test_every_cell_of_a_workbook_is_text_or_a_number():
    data = format_xlsx(table_of(FORMULAS), "=about", "2026-11-17")
    book = openpyxl.load_workbook(io.BytesIO(data))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s", "n"}
    shown = [row[2].value for row in book["Evidence"].iter_rows(min_row=2)]
    ends = [text.replace("\x00", "").replace("\r", "\n") for text in FORMULAS]  # XML may read CR as a line's end
    assert [text.replace("\r", "\n") for text in shown] == ends
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            text = archive.read(name)
            assert b"<f>" not in text
            assert b'Target="http' not in text
        assert not [name for name in archive.namelist() if "external" in name.lower() or name.endswith(".bin")]


def test_a_workbook_holds_no_clock():
    table = table_of(["a"])
    first = format_xlsx(table, "about", "2026-11-17")
    time.sleep(2.1)  # an archive tells two seconds apart
    assert format_xlsx(table, "about", "2026-11-17") == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert re.findall(rb">(\d{4}-[^<]*)<", archive.read("docProps/core.xml")) == [b"2026-11-17T00:00:00Z"] * 2


def test_a_text_too_long_for_a_cell_says_that_it_goes_on():
    book = openpyxl.load_workbook(io.BytesIO(format_xlsx(table_of(["x" * 40000]))))
    value = book["Evidence"]["C2"].value
    assert (len(value), value[-1]) == (32767, "…")


STUDY = {
    f"2026-11-1{i}-c{i}.md": f"---\ndate: 2026-11-1{i}\ncustomer: Secretname{i} Ltd\nwho: Secretperson{i} Roe, ops lead\n"
    f"segment: field\nconsent: {consent}\n---\n- ! The import drops rows Word{i}, says Secretperson{i}\n"
    f"- \"Rows are lost in the import Word{i}\" @12:40\n- ~ =Import rows Word{i} by hand\n- = My own take\n"
    for i, consent in enumerate(["none", "aggregate", "quote", "named"])
}  # fmt: skip


def rows_of(root):
    study = read_study(root)
    return evidence_rows(study, find_themes(study.notes, study.ledger))


def test_the_evidence_has_a_row_a_note_and_words_where_they_may_be_shown(make_workspace):
    table = rows_of(make_workspace(STUDY))
    assert list(table.columns) == list(EVIDENCE_COLUMNS)
    assert len(table) == 9, "three customers count, with three notes each"
    text = table.to_csv()
    assert "Secretname0" not in text
    assert "Secretname1" not in text
    assert "Secretname2" not in text
    assert "Secretname3" in text, "who agreed to it is named"
    assert "Secretperson" not in text
    assert "My own take" not in text
    assert "Word0" not in text
    assert "Word1" not in text
    assert text.count("Word2") > 2
    hidden = table[table["text"] == ""]
    assert set(hidden["customer"].str[:2]) == {"P-"}
    assert len(hidden) == 3
    assert set(table["week"]) == {"2026-W46"}
    assert set(table["role"]) == {"ops lead"}
    assert set(table["kind"]) == {"pain", "quote", "workaround"}
    assert table["ref"].str.fullmatch(r"C-[0-9a-f]{6}:\d+").all()
    assert table["ref"].is_unique
    themed = table[table["theme"] != ""]
    assert len(themed)
    for _, theme in themed.groupby("theme"):
        assert theme["customer"].nunique() == theme["customers"].iloc[0]
        assert set(theme["of"]) == {3}


def test_the_table_counts_as_the_report_does(sample_page):
    table = rows_of(ROOT)
    counts = table[table["theme"] != ""].groupby("theme", sort=False)[["customers", "of"]].first()
    claims = read_manifest(read_page(sample_page)).claims.values()
    told = sorted((c.n, c.of) for c in claims if re.fullmatch(r"themes/[^/]+/customers", c.id))
    assert sorted(map(tuple, counts.itertuples(index=False))) == told
    assert len(told) > 5


def test_the_same_notes_give_the_same_table_in_any_order(make_workspace):
    study = read_study(make_workspace(STUDY))
    first = evidence_rows(study, find_themes(study.notes))
    shuffled = study.notes.sample(frac=1, random_state=1).reset_index(drop=True)
    assert evidence_rows(study, find_themes(shuffled)).equals(first)


def test_the_name_of_a_theme_with_withheld_words_stops_the_table(make_workspace):
    from workbench.store import append_records
    from workbench.themes.acts import rename_theme

    root = make_workspace(STUDY)
    study = read_study(root)
    themes = find_themes(study.notes)
    words = "rows are lost in the import word1"
    append_records(root, rename_theme(themes, themes.summary["theme"].iloc[0], words, by="ana", date="2026-11-20"))
    with pytest.raises(InputError, match=r"the name of theme .* holds words from interviews/2026-11-11-c1\.md:\d+"):
        rows_of(root)


def test_the_command_writes_both_kinds_and_refuses_others(make_workspace, tmp_path, capsys):
    root = make_workspace(STUDY)
    for name in ("evidence.csv", "evidence.XLSX"):
        assert main(["-w", str(root), "export", str(tmp_path / name)]) == 0
        assert capsys.readouterr().out.splitlines() == [
            str(tmp_path / name), "9 notes, 3 of them without their words: counted, not to be quoted",
        ]  # fmt: skip
    assert (tmp_path / "evidence.csv").read_bytes() == format_csv(rows_of(root))
    about = openpyxl.load_workbook(tmp_path / "evidence.XLSX")["About"]["B1"].value
    assert "up to 2026-11-13" in about
    assert main(["-w", str(root), "export", "evidence.ods"]) == 1
    assert "evidence.ods: the evidence is written as .csv or .xlsx" in capsys.readouterr().err
    assert main(["-w", str(root), "export", str(tmp_path / "secretname2-ltd.csv")]) == 1
    assert "would give “secretname2-ltd” away" in capsys.readouterr().err
    assert not (tmp_path / "secretname2-ltd.csv").exists()
    assert main(["-w", str(root), "export", str(tmp_path / "all.csv"), "--assume-consent", "quote"]) == 0


def test_hostile_words_stay_words_in_tables(hostile_study):
    study = read_study(hostile_study)
    table = evidence_rows(study, find_themes(study.notes, study.ledger))
    for row in csv.reader(io.StringIO(format_csv(table).decode("utf-8-sig"), newline="")):
        assert not any(re.match(r"\s*[=+\-@|%\t\r]", cell) for cell in row)
    book = openpyxl.load_workbook(io.BytesIO(format_xlsx(table)))
    assert {cell.data_type for row in book["Evidence"].iter_rows() for cell in row if cell.value is not None} == {
        "s",
        "n",
    }


# ---------------------------------------------------------------- the command


@pytest.fixture
def quick(make_workspace):
    """A workspace with a notebook that runs in a moment."""
    root = make_workspace(STUDY)
    (root / "notebooks").mkdir()
    source = (
        "import workbench as wb\nstudy = wb.read_study()\nthemes = wb.find_themes(study.notes)\n"
        "report = wb.Report(study, themes, [])\nreport.overview"
    )
    cells = [nbformat.v4.new_code_cell(text) for text in (source, "report.learned", "report.limits", "report.quotes")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), root / "notebooks" / "quick.ipynb")
    return root


def test_a_report_is_written_for_whom_and_as_what_it_was_asked(quick, capsys):
    notebook = str(quick / "notebooks" / "quick.ipynb")
    assert main(["report", notebook, "--audience", "exec", "--to", "md"]) == 0
    file = quick / "reports" / "quick-exec.md"
    assert capsys.readouterr().out.strip() == str(file)
    text = file.read_text("utf-8")
    assert "\n## Three findings\n" in text
    assert "\n## For executives\n\nLeft out for this reader: Every quote. The whole report has all of it." in text
    assert not re.search("Secretname[012]|Secretperson|Word[01]", text)
    # The form follows the file's name where none is asked for.
    assert main(["report", notebook, "-o", str(quick / "page.md")]) == 0
    text = (quick / "page.md").read_text("utf-8")
    assert text.count("\n## ") == 4
    # How this file is checked, not how a page is.
    assert "\n\n`workbench verify report.md`\n\n" in text and "script" not in text
    assert main(["verify", "-w", str(quick), str(quick / "page.md")]) == 0
    assert main(["verify", "--against", str(quick), str(quick / "page.md")]) == 0


@needs_chromium
def test_a_report_is_printed_with_the_day_of_the_newest_call(quick):
    file = export_report(quick / "notebooks" / "quick.ipynb", to="pdf")
    assert file == quick / "reports" / "quick.pdf"
    data = file.read_bytes()
    assert (
        PdfReader(file).metadata["/CreationDate"] == PdfReader(file).metadata["/ModDate"] == "D:20261113000000+00'00'"
    )
    assert not re.search(rb"Secret(name[012]|person)", data)
    assert not re.search("Secret(name[012]|person)", read_carried(data).html)
    assert main(["verify", "-w", str(quick), str(file)]) == 0


def test_what_cannot_be_made_is_refused_before_the_notebook_runs(quick, monkeypatch):
    notebook = quick / "notebooks" / "quick.ipynb"
    monkeypatch.setattr("workbench.report.export.run_notebook", lambda *_, **__: pytest.fail("it ran"))
    with pytest.raises(InputError, match="there is no audience 'ceo'"):
        export_report(notebook, audience="ceo")
    with pytest.raises(InputError, match="a report is made as html, pdf, md, not as docx"):
        export_report(notebook, to="docx")
    monkeypatch.setenv("WORKBENCH_CHROMIUM", "/no/such/browser")
    with pytest.raises(InputError, match="there is no program /no/such/browser"):
        export_report(notebook, to="pdf")
