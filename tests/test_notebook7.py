"""The widgets in Jupyter Notebook 7, for those who prefer it to JupyterLab."""

import re
import sys

import pytest
from lab import MINUTE, TOKEN, menu, pictures, serve_lab, write_notebook

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
    command = [
        sys.executable,
        "-m",
        "notebook",
        f"--ServerApp.root_dir={study}",
        "--JupyterNotebookApp.expose_app_in_browser=True",
    ]
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    with serve_lab(command, tmp_path_factory.mktemp("home")) as address:
        page.goto(f"{address}notebooks/notebooks/widgets.ipynb?token={TOKEN}", timeout=MINUTE)
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=MINUTE)
        page.wait_for_function(
            "() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
            timeout=MINUTE,
        )
        menu(page, "Run", "Run All Cells")
        page.locator(".wb-capture .wb-status", has_text="Nothing on disk yet").wait_for(timeout=MINUTE)
        page.get_by_role("combobox", name="Customer").click()
        page.keyboard.type("Bolt")
        page.keyboard.press("Enter")
        page.locator(".wb-entry").click()
        page.keyboard.type("! d d x a b 0 0 reach no notebook")
        page.keyboard.press("Enter")
        page.locator(".wb-capture .wb-status", has_text=re.compile(r"Saved \d\d")).wait_for(timeout=MINUTE)
        assert (
            (study / "interviews" / "2026-11-17-bolt.md")
            .read_text("utf-8")
            .endswith("- ! d d x a b 0 0 reach no notebook\n")
        )
        page.locator(".wb-cards").wait_for(timeout=MINUTE)
        board = page.locator(".wb-board")
        board.locator("text=of 12 customers").first.wait_for(timeout=MINUTE)
        assert page.locator(".jp-Notebook .jp-Cell").count() == 3
        page.screenshot(path=pictures() / "notebook7.png")
    page.close()
