"""`workbench lab` in a real JupyterLab and a real browser: the Tuesday page opens, runs and shows its sections, quietly."""

import re
import sys

import pytest
from lab import TOKEN, choose_theme, code_cells, eventually, menu, pictures, run_all, serve_lab

from workbench.starter import copy_sample


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab") / "study"
    copy_sample(folder)
    return folder


@pytest.fixture(scope="module")
def address(study, tmp_path_factory):
    """Where `workbench lab` answers."""
    with serve_lab([sys.executable, "-m", "workbench", "lab", study], tmp_path_factory.mktemp("home")) as address:
        yield address


@pytest.fixture(scope="module")
def lab(browser, address, study):
    """The page as it is after Run All Cells, and the addresses it asked for."""
    asked = []
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda websocket: asked.append(websocket.url))
    page.goto(f"{address}?token={TOKEN}")
    run_all(page, "text=What we learned")

    def all_have_run():  # cells below the window are not in the page, so the saved file tells
        menu(page, "File", "Save Notebook")
        page.wait_for_timeout(500)
        return all(cell["outputs"] for cell in code_cells(study / "notebooks" / "tuesday-discovery.ipynb"))

    eventually(page, all_have_run)
    # Running has gone on to the last cell, and the first ones may have left the window, and with it the page.
    for panel in page.locator(".jp-WindowedPanel-outer").all():
        panel.evaluate("panel => panel.scrollTo(0, 0)")
    page.locator(".jp-OutputArea-output", has_text="What we learned").first.wait_for()
    yield page, asked
    page.close()


def test_the_tuesday_notebook_opens_by_itself(lab):
    page, _ = lab
    assert page.url.split("?")[0].endswith("/lab/tree/notebooks/tuesday-discovery.ipynb")
    assert page.locator(".lm-DockPanel .lm-TabBar-tab.lm-mod-current").inner_text().strip() == "tuesday-discovery.ipynb"
    assert page.locator(".jp-Notebook h1").first.inner_text().startswith("Tuesday discovery")


def test_every_section_appears_and_no_cell_failed(lab, study):
    page, _ = lab
    saved = code_cells(study / "notebooks" / "tuesday-discovery.ipynb")
    assert [cell["execution_count"] for cell in saved] == list(range(1, len(saved) + 1))
    kinds = [[output["output_type"] for output in cell["outputs"]] for cell in saved]
    assert kinds == [["display_data"] * 2] * 4 + [["execute_result"]] * (len(saved) - 4), "four widgets, then sections"
    html = ["".join(cell["outputs"][0]["data"]["text/html"]) for cell in saved]
    assert all("wb-still" in picture for picture in html[:4])
    assert all(re.search(r"<h2|<header|<section", section) for section in html[4:])
    seen = " ".join(html)
    assert "What we learned" in seen
    assert re.search(r"\b\d+ of 12\b", seen)


def test_the_widgets_live_and_their_still_pictures_hide(lab):
    page, _ = lab
    for name in ("wb-capture", "wb-triage", "wb-board", "wb-cards"):
        page.locator(f".{name}").first.wait_for()
    assert page.locator(".wb-still:visible").count() == 0


def test_code_is_folded_away(lab):
    page, _ = lab
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    assert cells.count() > 0
    assert page.locator(".jp-Notebook .jp-CodeCell .cm-editor:visible").count() == 0


def test_no_news_pop_up_and_no_dialog(lab):
    page, _ = lab
    assert page.locator(".Toastify__toast, .jp-toast, .jp-Dialog").count() == 0
    assert page.get_by_text("Jupyter news").count() == 0


def test_no_request_leaves_the_computer(lab, address):
    _, asked = lab
    own = address.removeprefix("http://")
    assert len(asked) > 20
    assert [url for url in asked if not re.match(rf"(https?|wss?)://{re.escape(own)}|data:|blob:", url)] == []


def test_pictures_in_light_dark_and_narrow(lab):
    page, _ = lab
    folder = pictures()
    take(page, folder / "tuesday-light.png")
    choose_theme(page, light=False)
    take(page, folder / "tuesday-dark.png")
    choose_theme(page, light=True)
    page.set_viewport_size({"width": 700, "height": 900})
    take(page, folder / "tuesday-narrow.png")
    eventually(page, lambda: page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def take(page, path):
    """A picture of the page's head, and one of its themes."""
    page.screenshot(path=path)
    page.get_by_role("heading", name="What we learned").last.evaluate("heading => heading.scrollIntoView()")
    page.wait_for_timeout(300)  # cells that come into view are drawn a moment later
    page.screenshot(path=path.with_stem(f"{path.stem}-themes"))
    page.locator(".jp-Notebook h1").first.evaluate("heading => heading.scrollIntoView()")
    page.wait_for_timeout(300)
