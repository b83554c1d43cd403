"""The page for whoever sends a report: each word that leaves with what was replaced, each that stays with its reason."""

import re

import pytest
from nbformat import v4 as new
from test_exporter import alive

from workbench.cli import main
from workbench.report.review import collect_review
from workbench.report.view import render_review


def call(customer, *notes, who="", consent=""):
    head = (
        f"date: 2026-11-17\ncustomer: {customer}\n"
        + (f"who: {who}\n" if who else "")
        + (f"consent: {consent}\n" if consent else "")
    )
    return f"---\n{head}---\n" + "".join(f"- {note}\n" for note in notes)


@pytest.fixture
def study(tmp_path):
    (tmp_path / "interviews").mkdir()
    (tmp_path / "discovery").mkdir()
    for name, text in {
        "a": call(
            "Acme",
            "Jane at Acme rang +44 20 7946 0958 about the rows",
            "Rows are lost",
            who="Jane Doe, ops lead",
            consent="quote",
        ),
        "b": call("Bolt", "Nobody else may read what Bolt said"),
        "c": call("Core", "Core says rows are lost", consent="named"),
        "d": call("Dune", "Left out altogether", consent="none"),
    }.items():
        (tmp_path / "interviews" / f"2026-11-17-{name}.md").write_text(text)
    (tmp_path / "discovery" / "quarter.md").write_text("---\ntitle: After Acme\nowner: Ines\n---\n")
    (tmp_path / "discovery" / "salt").write_text("0f" * 16)
    return tmp_path


@pytest.fixture
def review(study, run_sections):
    cells = [
        new.new_markdown_cell("Call jo@x.example ![](data:image/png;base64,iVBORw0KGgo=)"),
        new.new_markdown_cell("Only for me", metadata={"tags": ["for-pm"]}),
        new.new_code_cell("1", outputs=[new.new_output("stream", name="stdout", text="x")]),
    ]
    return collect_review(run_sections(study, before=cells))


def shown(row):
    return "".join(stand_in or words for words, stand_in in row["pieces"])


def test_each_quote_that_leaves_is_there_with_what_was_replaced(review):
    quotes = {row["where"]: row for row in review["quotes"]}
    assert set(quotes) == {
        "interviews/2026-11-17-a.md:7",
        "interviews/2026-11-17-a.md:8",
        "interviews/2026-11-17-c.md:6",
    }
    first = review["quotes"][0]
    assert first["where"] == "interviews/2026-11-17-a.md:7" and first["changed"]
    code = next(row["shown_as"] for row in review["customers"] if row["name"] == "Acme")
    assert first["pieces"] == [
        ("Jane", "[ops lead]"), (" at ", ""), ("Acme", code), (" rang ", ""), ("+44 20 7946 0958", "[telephone]"), (" about the rows", ""),
    ]  # fmt: skip
    assert first["consent"] == "agreed to be quoted"
    assert re.fullmatch(r"C-[0-9a-f]{6}:7", first["ref"]) and "Every quote" in first["in"]
    assert quotes["interviews/2026-11-17-c.md:6"]["shown_as"] == "Core"
    assert not quotes["interviews/2026-11-17-c.md:6"]["changed"]


def test_what_is_shown_is_what_the_report_shows(study, run_sections, export, review):
    page, _ = export(run_sections(study))
    for row in review["quotes"]:
        assert shown(row) in page


def test_what_stays_is_there_with_its_reason(review):
    reasons = {row["where"]: row["consent"] for row in review["withheld"]}
    assert set(reasons) == {"interviews/2026-11-17-b.md:5", "interviews/2026-11-17-d.md:6"}
    assert reasons["interviews/2026-11-17-b.md:5"] == "nothing is on record, so “aggregate” is assumed"
    assert reasons["interviews/2026-11-17-d.md:6"] == "no consent to quote, or not counted"
    assert review["stays"] == ["Cell 2: a text for the product manager", "Cell 3: its output (stdout)"]


def test_what_somebody_wrote_is_there_too(review):
    written = {"".join(words for words, _ in row["pieces"]): row for row in review["written"]}
    assert written["After Acme"]["changed"] and "Title block" in written["After Acme"]["in"]
    assert not written["Ines"]["changed"]
    assert shown(written["Call jo@x.example ![]((picture))"]) == "Call [e-mail] ![]((picture))"
    assert review["pictures"] == ["Cell 1"]
    assert review["written"][0]["changed"], "what was replaced comes first"


def test_the_page_says_that_it_is_not_for_sending_and_is_inert(review, study):
    html = render_review(review, notebook="tuesday.ipynb")
    assert "<title>Not for sending: " in html and "<b>Not for sending.</b>" in html
    assert "<del>Jane</del> <ins>[ops lead]</ins>" in html
    assert alive(html, 1) == []


def test_nothing_hostile_is_alive_in_it(hostile_notebook):
    html = render_review(collect_review(hostile_notebook), notebook="<script>alert(1)</script>.ipynb")
    assert alive(html, 1) == []
    assert "&lt;script&gt;" in html


def test_the_command_writes_it_beside_no_report(study, capsys):
    (study / "notebooks").mkdir()
    import nbformat

    cells = [
        new.new_code_cell(
            "import workbench as wb\nstudy = wb.read_study()\nthemes = wb.find_themes(study.notes)\nreport = wb.Report(study, themes, [])"
        ),
        new.new_code_cell("report.quotes"),
    ]
    nbformat.write(new.new_notebook(cells=cells), study / "notebooks" / "small.ipynb")
    assert main(["report", str(study / "notebooks" / "small.ipynb"), "-w", str(study), "--review"]) == 0
    out, err = capsys.readouterr()
    page = study / ".workbench" / "review" / "small NOT FOR SENDING.html"
    assert out.strip() == str(page)
    assert "not for sending" in err
    assert "<del>Jane</del>" in page.read_text("utf-8")
    assert not (study / "reports").exists()
