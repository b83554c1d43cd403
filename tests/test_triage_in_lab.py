"""Triage in real JupyterLab: its keys are no keys of the notebook's, and a killed kernel and a closed tab lose nothing."""

import time

from lab import MINUTE, menu, open_notebook, pictures, run_all, serious_violations, write_notebook
from test_triage import FILE, FIRST, HEAD, SECOND, fill, vtt

from workbench.triage import read_drafts

CELL = 'from workbench.widgets import Triage\nTriage(today="2026-11-20")'


def wait_until(check, seconds=15):
    until = time.monotonic() + seconds
    while not (found := check()) and time.monotonic() < until:
        time.sleep(0.02)
    return found


def go_to(page, start):
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    for _ in range(5):
        if page.locator(".tg-words").inner_text().startswith(start):
            return
        page.keyboard.press("j")
    raise AssertionError(start)


def test_a_killed_kernel_and_a_closed_tab_lose_nothing(browser, lab_address, lab_folder):
    work = lab_folder / "triage"
    (work / "interviews").mkdir(parents=True)
    (work / FILE).write_bytes(HEAD.encode())
    fill(work, vtt())
    write_notebook(work / "notebooks" / "triage.ipynb", CELL, "1 + 1")

    def source():
        return (work / FILE).read_bytes().decode()

    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    open_notebook(page, lab_address, "triage/notebooks/triage.ipynb")
    run_all(page, ".wb-triage .tg-words")
    n_cells = page.locator(".jp-Notebook .jp-Cell").count()
    page.locator(".tg-card").focus()
    page.keyboard.press("o")
    go_to(page, FIRST)
    page.keyboard.press("k")
    assert wait_until(lambda: f'- "{FIRST}" @00:05\r\n' in source())
    # d twice would delete a cell, x cut one, j choose the next: none of them reaches the notebook.
    for key in ("x", "d", "u", "j"):
        page.keyboard.press(key)
    assert page.locator(".jp-Notebook .jp-Cell").count() == n_cells
    page.screenshot(path=pictures() / "triage-lab.png")
    assert serious_violations(page, ".wb-triage") == []
    # Decided while no kernel answers.
    menu(page, "Kernel", "Shut Down Kernel")
    page.wait_for_timeout(1000)
    page.locator(".tg-card").focus()
    go_to(page, SECOND)
    page.keyboard.press("k")
    page.locator(".wb-triage .wb-message", has_text="The kernel does not answer").wait_for(timeout=MINUTE)
    assert SECOND not in source()
    menu(page, "Kernel", "Restart Kernel…")
    page.wait_for_timeout(500)
    for dialog in page.locator(".jp-Dialog button", has_text="Restart").all():
        dialog.click()
    page.locator("#jp-main-statusbar", has_text="| Idle").wait_for(timeout=MINUTE)
    run_all(page, ".wb-triage .wb-message:has-text('brought back')")
    assert wait_until(lambda: f'- "{SECOND}" @00:05\r\n' in source())
    assert source().count(FIRST) == 1
    # Half typed when the tab is closed.
    page.locator(".tg-words").wait_for(timeout=MINUTE)
    page.locator(".tg-card").focus()
    page.keyboard.press("e")
    page.keyboard.press("2")
    page.keyboard.type("Half a pai")
    assert wait_until(lambda: any("Half a pai" == one["typed"] for one in read_drafts(work).values()))
    page.close(run_before_unload=False)
    page = context.new_page()
    open_notebook(page, lab_address, "triage/notebooks/triage.ipynb")
    run_all(page, ".wb-triage .tg-words")
    page.locator(".tg-typed").wait_for(timeout=MINUTE / 4)
    assert page.locator(".tg-typed").input_value() == "Half a pai"
    context.close()
