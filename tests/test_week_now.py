"""Which day it is: the clock's where the lab asks for it, and never in what leaves."""

import os
from datetime import date
from types import SimpleNamespace

import pytest
from nbformat import v4 as new
from nbformat import write

from workbench.errors import InputError
from workbench.newest import today
from workbench.report.export import run_notebook
from workbench.study import read_study


@pytest.fixture
def workspace(make_workspace):
    return make_workspace({"2026-11-17-acme.md": "---\ncustomer: Acme\ndate: 2026-11-17\n---\n- one"})


def test_now_is_the_clocks_day(workspace, monkeypatch):
    monkeypatch.setenv("WORKBENCH_TODAY", "now")
    monkeypatch.setattr("workbench.study.date", SimpleNamespace(today=lambda: date(2031, 5, 6)))
    assert today(read_study(workspace)) == "2031-05-06"
    assert today(read_study(workspace, today="2026-12-01")) == "2026-12-01", "what is named goes before it"
    monkeypatch.setenv("WORKBENCH_TODAY", "tomorrow")
    with pytest.raises(InputError, match="“tomorrow” is no day"):
        read_study(workspace)


def test_a_report_made_in_the_labs_terminal_goes_by_no_clock(workspace, monkeypatch):
    monkeypatch.setenv("WORKBENCH_TODAY", "now")
    path = workspace / "notebooks" / "day.ipynb"
    path.parent.mkdir()
    write(new.new_notebook(cells=[new.new_code_cell("import workbench as wb\nprint(wb.today(wb.read_study()))")]), path)
    ran = run_notebook(path, workspace)
    assert ran.cells[0].outputs[0].text.strip() == "2026-11-17"


def test_the_lab_asks_the_clock_unless_a_day_is_given(workspace, monkeypatch):
    from workbench.cli import main

    notebook = workspace / "notebooks" / "tuesday-discovery.ipynb"
    notebook.parent.mkdir()
    write(new.new_notebook(), notebook)
    given = []
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "")
    monkeypatch.setattr("sys.argv", ["workbench"])
    monkeypatch.setattr("jupyterlab.labapp.main", lambda _: given.append(os.environ["WORKBENCH_TODAY"]))
    monkeypatch.setenv("WORKBENCH_TODAY", "2026-11-18")
    assert main(["lab", str(workspace)]) == 0
    monkeypatch.delenv("WORKBENCH_TODAY")
    assert main(["lab", str(workspace)]) == 0
    assert given == ["2026-11-18", "now"]
