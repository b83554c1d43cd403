"""The day that a report is of: the newest record's, or the one that was given, and never the clock's."""

import re

import nbformat
import pytest
from nbformat import v4 as new

import workbench as wb
from workbench.cli import main
from workbench.errors import InputError
from workbench.newest import newest_day
from workbench.report.manifest import read_manifest
from workbench.report.marks import read_page

CALLS = {
    "2026-11-03-acme.md": "---\ndate: 2026-11-03\ncustomer: Acme\n---\n- ! The import drops rows\n",
    "2026-11-10-bolt.md": "---\ndate: 2026-11-10\ncustomer: Bolt\n---\n- Rows are lost in the import\n",
    "no-day.md": "---\ncustomer: Core\n---\n- Import lost rows\n",
    "2026-12-01-us.md": "---\ndate: 2026-12-01\ncustomer: Us\n---\n- We lose rows as well\n",
}
CALL = "2026-11-10"


@pytest.fixture
def work(make_workspace):
    return make_workspace(CALLS, "customers:\n  Us:\n    excluded: our own\n")


def write(root, file, fields):
    path = root / "discovery" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(fields if file.endswith("yaml") else f"---\n{fields}\n---\n", "utf-8")


def test_it_is_the_newest_call_of_a_customer_who_counts(work):
    assert wb.today(wb.read_study(work)) == CALL
    assert newest_day(wb.read_study(work), until="2026-11-09") == "2026-11-03"


def test_where_nothing_has_a_day_there_is_none(make_workspace):
    assert wb.today(wb.read_study(make_workspace({"no-day.md": CALLS["no-day.md"]}))) == ""


H, B, D = "hypotheses/H-111111.md", "bets/B-111111.md", "decisions/D-111111.md"


@pytest.mark.parametrize(
    ("file", "fields", "day"),
    [
        (H, "made: 2026-11-12", "2026-11-12"),
        (H, "made: 2026-11-02", CALL),
        (H, "looked_for_against: 2026-11-13", "2026-11-13"),
        (H, "looked_for_against: with Jo last week", CALL),
        (H, 'confidence: ["2026-11-11: 50 %", "2026-11-14: 70 %"]', "2026-11-14"),
        (H, "status: running\nstarted: 2026-11-16", "2026-11-16"),
        (H, "status: ready\nstarted: 2026-12-01", CALL),
        (H, "status: running\ndeadline: 2027-02-26\nclosed: 2026-11-20", CALL),
        (H, "status: dropped\nclosed: 2026-11-20", "2026-11-20"),
        (B, "status: active\nstarted: 2026-11-12\nreview: 2026-12-15\nshipped: 2026-12-20", "2026-11-12"),
        (B, "status: planned\nstarted: 2026-12-01", CALL),
        (B, "status: shipped\nshipped: 2026-11-18\nfinished: 2026-12-18", "2026-11-18"),
        (B, "status: done\nfinished: 2026-11-19", "2026-11-19"),
        (D, "status: decided\ndate: 2026-11-17\nreview: 2027-01-15", "2026-11-17"),
        (D, "status: proposed\ndate: 2026-12-17", CALL),
        (D, "status: decided\ndate: 2026-10-17\nreviewed: 2026-11-24", "2026-11-24"),
        ("weeks/2026-W48.md", "outcomes: [one]", "2026-11-23"),
        ("weeks/2026-W47.md", "planned: [2027-01-01]", "2026-11-16"),
        ("weeks/soon.md", "outcomes: [one]", CALL),
        ("quarter.md", "review: 2026-12-15", CALL),
        ("themes.yaml", "- {id: d004cafe, at: 1, by: ana, date: 2026-11-19, kind: undo, of: b2d4f00d}\n", "2026-11-19"),
    ],
)
def test_of_a_record_the_days_count_on_which_something_was_done_and_none_that_lies_ahead(work, file, fields, day):
    write(work, file, fields)
    assert wb.today(wb.read_study(work)) == day


def test_a_day_that_is_given_holds_and_one_that_is_none_is_refused(work, monkeypatch):
    assert wb.today(wb.read_study(work, today="2026-12-24")) == "2026-12-24"
    monkeypatch.setenv("WORKBENCH_TODAY", "2026-12-23")
    study = wb.read_study(work)
    assert wb.today(study) == "2026-12-23"
    assert newest_day(study) == CALL
    themes = wb.find_themes(study.notes)
    assert wb.Report(study, themes, []).overview.payload["data"]["date"] == "2026-12-23"
    assert wb.Report(study, themes, [], today="2026-12-24").overview.payload["data"]["date"] == "2026-12-24"
    said = r"^today “24\.12\.” is no day; write it as year, month, day, such as 2026-11-26$"
    with pytest.raises(InputError, match=said):
        wb.Report(study, themes, [], today="24.12.")
    monkeypatch.setenv("WORKBENCH_TODAY", "24.12.")
    with pytest.raises(InputError, match=said):
        wb.read_study(work)


def test_the_command_dates_a_report_by_its_records_or_by_the_day_it_is_given(work, tmp_path, monkeypatch, capsys):
    source = (
        "import workbench as wb\nstudy = wb.read_study()\nwb.Report(study, wb.find_themes(study.notes), []).overview"
    )
    nbformat.write(new.new_notebook(cells=[new.new_code_cell(source)]), tmp_path / "small.ipynb")
    write(work, D, "status: decided\ndate: 2026-11-17")
    days = {}
    for given in ((), ("--today", "2026-12-24")):
        page = tmp_path / "small.html"
        assert main(["-w", str(work), "report", str(tmp_path / "small.ipynb"), "-o", str(page), *given]) == 0
        html = page.read_text("utf-8")
        days[re.search(r"<p class=\"over\">.*?</p>", html)[0]] = read_manifest(read_page(html)).day
    assert ["17 November 2026" in shown or "24 December 2026" in shown for shown in days] == [True, True]
    assert list(days.values()) == ["2026-11-17", "2026-12-24"]
    capsys.readouterr()
    assert main(["-w", str(work), "report", str(tmp_path / "small.ipynb"), "--today", "Christmas"]) == 1
    err = capsys.readouterr().err
    assert "today “Christmas” is no day; write it as year, month, day" in err
