"""Triage in real JupyterLab: its keys are no keys of the notebook's, and a killed kernel and a closed tab lose nothing."""

from lab import (
    eventually,
    open_notebook,
    pictures,
    run_all,
    serious_violations,
    shut_down_kernel,
    start_kernel,
    write_notebook,
)
from test_triage import FILE, FIRST, HEAD, SECOND, fill, vtt

from workbench.triage import read_drafts

CELL = 'from workbench.widgets import Triage\nTriage(today="2026-11-20")'


def go_to(page, start):
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    for _ in range(5):
        if page.locator(".tg-words").inner_text().startswith(start):
            return
        page.keyboard.press("j")
    raise AssertionError(start)


def test_a_killed_kernel_and_a_closed_tab_lose_nothing(lab_page, lab_address, lab_folder):
    work = lab_folder / "triage"
    (work / "interviews").mkdir(parents=True)
    (work / FILE).write_bytes(HEAD.encode())
    fill(work, vtt())
    write_notebook(work / "notebooks" / "triage.ipynb", CELL, "1 + 1")

    def source():
        return (work / FILE).read_bytes().decode()

    page = lab_page(1280, 1000)
    open_notebook(page, lab_address, "triage/notebooks/triage.ipynb")
    run_all(page, ".wb-triage .tg-words")
    n_cells = page.locator(".jp-Notebook .jp-Cell").count()
    page.locator(".tg-card").focus()
    page.keyboard.press("o")
    go_to(page, FIRST)
    page.keyboard.press("k")
    eventually(page, lambda: f'- "{FIRST}" @00:05\r\n' in source())
    # d twice would delete a cell, x cut one, j choose the next: none of them reaches the notebook.
    for key in ("x", "d", "u", "j"):
        page.keyboard.press(key)
    assert page.locator(".jp-Notebook .jp-Cell").count() == n_cells
    page.screenshot(path=pictures() / "triage-lab.png")
    assert serious_violations(page, ".wb-triage") == []
    # Decided while no kernel answers.
    shut_down_kernel(page)
    page.locator(".tg-card").focus()
    go_to(page, SECOND)
    page.keyboard.press("k")
    page.locator(".wb-triage .wb-message", has_text="The kernel does not answer").wait_for()
    assert SECOND not in source()
    start_kernel(page)
    run_all(page, ".wb-triage .wb-message:has-text('brought back')")
    eventually(page, lambda: f'- "{SECOND}" @00:05\r\n' in source())
    assert source().count(FIRST) == 1
    # Half typed when the tab is closed.
    page.locator(".tg-words").wait_for()
    page.locator(".tg-card").focus()
    page.keyboard.press("e")
    page.keyboard.press("2")
    page.keyboard.type("Half a pai")
    eventually(page, lambda: any("Half a pai" == one["typed"] for one in read_drafts(work).values()))
    page.close(run_before_unload=False)
    page = lab_page(1280, 1000)
    open_notebook(page, lab_address, "triage/notebooks/triage.ipynb")
    run_all(page, ".wb-triage .tg-words")
    eventually(page, lambda: page.locator(".tg-typed").input_value(), "Half a pai")
    # What was decided before the restart and in the tab that is closed is taken back here.
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    eventually(page, lambda: SECOND not in source())
    assert FIRST in source()
    page.keyboard.press("u")
    eventually(page, lambda: FIRST not in source())
    page.locator(".tg-words", has_text=FIRST).wait_for()
