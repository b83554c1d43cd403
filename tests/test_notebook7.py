"""The widgets in Jupyter Notebook 7, for those who prefer it to JupyterLab."""

import sys

import pytest
from lab import TOKEN, eventually, pictures, run_all, serve_lab, write_notebook

from workbench.starter import copy_sample

CELL = "from workbench.widgets import Capture, HypothesisCards, ThemeBoard\n"


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebook7") / "study"
    copy_sample(folder)
    write_notebook(
        folder / "notebooks" / "widgets.ipynb",
        f"{CELL}Capture(today='2026-11-17')",
        "ThemeBoard()",
        "HypothesisCards()",
    )
    return folder


def test_the_widgets_work_in_notebook_7(browser, study, tmp_path_factory):
    command = [sys.executable, "-m", "notebook", f"--ServerApp.root_dir={study}"]
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    with serve_lab(command, tmp_path_factory.mktemp("home")) as address:
        page.goto(f"{address}notebooks/notebooks/widgets.ipynb?token={TOKEN}")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        run_all(page, ".wb-capture .wb-status:has-text('Nothing on disk yet')")
        page.get_by_role("combobox", name="Customer").click()
        page.keyboard.type("Bolt")
        page.keyboard.press("Enter")
        page.locator(".wb-entry").click()
        page.keyboard.type("! d d x a b 0 0 reach no notebook")
        page.keyboard.press("Enter")
        # "Saved" may stand there of the first letters already: what counts is the file.
        call = study / "interviews" / "2026-11-17-bolt.md"
        eventually(page, lambda: call.read_text("utf-8").splitlines()[-1], "- ! d d x a b 0 0 reach no notebook")
        page.locator(".wb-cards").wait_for()
        page.locator(".wb-board").locator("text=of 12 customers").first.wait_for()
        assert page.locator(".jp-Notebook .jp-Cell").count() == 3
        page.screenshot(path=pictures() / "notebook7.png")
    page.close()
