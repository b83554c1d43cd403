"""The theme board in a real JupyterLab: cards moved by mouse and by keyboard, themes made, merged, named, and all taken back.

One page and one kernel serve all tests, each with a workspace of its own. What needs neither is looked at in
test_theme_board_in_browser.py.
"""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from boards import CELLS, acts, agree, card, check, column, focused, make_many, saved, shoot, themes_of
from lab import (
    TOKEN,
    choose_theme,
    eventually,
    kernel_is_ready,
    menu,
    new_output,
    open_notebook,
    restart_kernel,
    run_all,
    shut_down_kernel,
    write_and_run,
    write_notebook,
)

from workbench.starter import copy_sample
from workbench.store import read_ledger
from workbench.study import read_notes

NOTEBOOK = "board/notebooks/board.ipynb"
SHOW = 'board = ThemeBoard("../../{name}", by="ana", today="2026-11-26")\nboard'


@pytest.fixture(scope="module")
def opened():
    """The page that the tests share, while it is in order."""
    pages = []
    yield pages
    for page in pages:
        page.close()


@pytest.fixture
def open_board(lab_context, lab_address, lab_folder, opened, request):
    """A function that shows the board of a new workspace in JupyterLab; a page that a test failed on is not used again."""
    failed = request.session.testsfailed
    ahead = ThreadPoolExecutor(1)

    def open(name, make=copy_sample):
        make(lab_folder / name)
        ahead.submit(themes_of, lab_folder / name)  # beside the kernel, which does the same
        cell = SHOW.format(name=name)
        if opened:
            page = opened[0]
            write_and_run(page, 1, cell)
            new_output(page, ".tb-column").first.wait_for()
        else:
            write_notebook(lab_folder / NOTEBOOK, CELLS[0], cell, CELLS[-1])
            page = lab_context.new_page()
            page.set_viewport_size({"width": 1500, "height": 1100})
            opened.append(page)
            open_notebook(page, lab_address, NOTEBOOK)
            run_all(page, ".tb-column")
        kernel_is_ready(page)
        return page, lab_folder / name

    yield open
    ahead.shutdown()
    if opened and request.session.testsfailed > failed:
        opened.pop().close()


def drag(page, what, to, look=None):
    start, end = what.bounding_box(), to.bounding_box()
    page.mouse.move(start["x"] + 70, start["y"] + 14)
    page.mouse.down()
    page.mouse.move(start["x"] + 90, start["y"] + 30, steps=4)
    page.mouse.move(end["x"] + 60, end["y"] + 40, steps=8)
    page.locator(".tb-ghost").wait_for()
    page.wait_for_timeout(60)
    if look:
        look()
    page.mouse.up()


def test_cards_are_moved_by_mouse_and_keyboard_themes_made_merged_named_and_all_agrees_after_a_restart(open_board):
    page, folder = open_board("acts")
    assert page.locator(".wb-still").count() == 1
    assert not page.locator(".wb-still").is_visible(), "the picture hides while the widget lives"
    agree(page, folder)
    check(page, "light")

    # By mouse; the focus goes along.
    moved = "Has never seen one of the invoices"
    drag(page, card(page, moved), column(page, "Import wants it"), lambda: shoot(page, "drag"))
    assert column(page, "Import wants it").locator(".tb-card", has_text=moved).count() == 1, "at once"
    saved(page, folder, 1)
    assert moved in focused(page)
    assert moved in [ref.text[: len(moved)] for record in read_ledger(folder).records for ref in record.notes]
    agree(page, folder)

    # By keyboard: pick up, arrows, drop.
    page.keyboard.press("m")
    page.keyboard.press("ArrowUp")
    shoot(page, "pick-up")
    assert page.locator(".tb-option[aria-selected=true]").inner_text().startswith("Left out")
    page.keyboard.press("Enter")
    saved(page, folder, 2)
    assert page.locator(".tb-tray .tb-card", has_text=moved).count() == 1
    assert moved in focused(page)
    agree(page, folder)
    page.keyboard.press("u")
    page.locator(".tb-status", has_text="Undo: move of 1 note").wait_for()
    agree(page, folder)

    # A new theme, with what it taught; the count comes first.
    first = page.locator(".tb-column").first
    first.locator(".tb-card").first.focus()
    for name in (" ", "ArrowDown", " ", "s"):
        page.keyboard.press(name)
    said = page.locator(".tb-slot-panel .tb-result").inner_text().split("\n")
    assert said[0] == "2 of 12 customers in the new theme"
    assert re.fullmatch(r"“.+” keeps 11, 2 in both", said[-1])
    page.keyboard.type("Postcodes by hand")
    shoot(page, "new-theme")
    page.keyboard.press("Enter")
    column(page, "Postcodes by hand").wait_for()
    saved(page, folder, 4)
    agree(page, folder)
    followed = page.locator(".tb-followed li")
    n = followed.count()
    assert n >= 2
    assert "eing like" in followed.first.inner_text()
    check(page, "followed")
    back = followed.last.locator(".tb-said").inner_text().strip("“”")[:40]
    followed.first.get_by_role("button", name="Keep").click()
    eventually(page, followed.count, n - 1)
    assert acts(folder) == 4, "what is kept holds already"
    followed.last.get_by_role("button", name="Put back").click()
    saved(page, folder, 5)
    assert column(page, "Postcodes by hand").locator(".tb-card", has_text=back).count() == 0
    agree(page, folder)
    page.keyboard.press("k")
    page.locator(".tb-followed").wait_for(state="detached")

    # Rename in place.
    page.locator(".tb-title", has_text="Import wants it").focus()
    page.keyboard.press("r")
    shoot(page, "rename")
    page.keyboard.type("Five columns")
    page.keyboard.press("Enter")
    saved(page, folder, 6)
    assert focused(page) == "Five columns"
    agree(page, folder)

    # Merge by dropping a column on another, the count first.
    head = column(page, "Postcodes by hand").locator(".tb-head")
    drag(page, head, column(page, "Five columns"))
    before = {
        name: themes_of(folder).summary.set_index("name").loc[name] for name in ("Postcodes by hand", "Five columns")
    }
    customers = [{note.partition("#")[0] for note in row["notes"]} for row in before.values()]
    of_call = read_notes(folder).drop_duplicates("call").set_index("call")["customer"].to_dict()
    ours, theirs = ({of_call[call] for call in calls} for calls in customers)
    said = page.locator(".tb-result").inner_text().split("\n")
    assert said[0] == f"{len(ours | theirs)} of 12 after the merge"
    assert said[-1] == f"{len(theirs)} and {len(ours)}, {len(ours & theirs)} in both"
    shoot(page, "merge")
    page.get_by_role("radio", name="Postcodes by hand").check()
    page.keyboard.press("Enter")
    saved(page, folder, 7)
    assert column(page, "Five columns").count() == 0
    assert themes_of(folder).summary.set_index("name").loc["Postcodes by hand", "n_customers"] == len(ours | theirs)
    agree(page, folder)

    # Undo and redo.
    page.keyboard.press("u")
    column(page, "Five columns").wait_for()
    page.keyboard.press("y")
    column(page, "Five columns").wait_for(state="detached")
    saved(page, folder, 9)
    agree(page, folder)

    # A note in its call.
    page.locator(".tb-column .tb-card").first.click()
    page.locator(".tb-here").first.wait_for()
    assert re.search(r"interviews/\S+\.md:\d+", page.locator(".tb-call").inner_text())
    shoot(page, "note")
    page.keyboard.press("Escape")

    # The kernel goes: it is said, and what cannot be saved is not shown as if it were.
    restart_kernel(page)
    page.locator(".wb-message", has_text="The kernel is not answering").wait_for()
    last = page.locator(".tb-column").last.locator(".tb-card").first
    text = last.inner_text()
    last.focus()
    page.keyboard.press("x")
    page.locator(".wb-message", has_text="Your last correction (leaving out 1 note) is not on disk").wait_for()
    assert text in page.locator(".tb-column").last.locator(".tb-card").first.inner_text()
    shoot(page, "no-kernel")
    assert acts(folder) == 9
    run_all(page, ".tb-column")
    page.locator(".tb-status", has_text="Saved to").wait_for()
    page.locator(".wb-message").wait_for(state="detached")
    assert page.locator(".wb-board").count() == 1
    agree(page, folder)


def test_every_key_of_the_list_works_without_a_mouse_and_the_focus_stays_on_the_board(open_board):
    page, folder = open_board("keys")
    # An editor that is out of sight may be drawn empty, or not at all.
    notebook = """[...document.querySelectorAll('.jp-Notebook .jp-Cell')].map(
        (cell) => [cell.querySelector('.cm-content')?.innerText || null, cell.classList.contains('jp-mod-active')])"""

    def press(*names):
        for name in names:
            page.keyboard.press(name)
            assert page.evaluate("document.activeElement.closest('.wb-board') !== null"), f"{name} has lost the focus"

    def at(selector):
        return page.evaluate("selector => document.activeElement.matches(selector)", selector)

    def undoes(what):
        page.locator(".tb-status", has_text=f"Undo: {what}").wait_for()

    # From the notebook by Tab.
    page.locator(".jp-Notebook .jp-CodeCell").nth(1).locator(".cm-content").click()
    page.keyboard.press("Escape")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.wb-board') !== null"):
            break
    assert at(".tb-search input")
    while not at(".tb-card"):
        press("Tab")
    before = page.evaluate(notebook)

    press("ArrowDown")
    assert page.evaluate("document.activeElement.ariaPosInSet") == "2"
    first = focused(page)
    press("ArrowRight", "ArrowLeft", "End", "Home", "ArrowUp")
    assert at(".tb-title")
    press("Tab")
    assert at(".tb-tool"), "the icons of the theme that has the focus are reached"
    assert "Rename (r)" in page.evaluate("getComputedStyle(document.activeElement, '::after').content")
    assert page.evaluate("getComputedStyle(document.activeElement, '::after').visibility") == "visible"
    press("Shift+Tab", "ArrowDown", "ArrowDown", "Enter")
    page.locator(".tb-here").first.wait_for()
    press("Escape", " ", "Shift+ArrowDown")
    assert page.locator(".tb-chosen").inner_text().startswith("2 selected")
    press("s", *"x u", "Escape", "m", "ArrowDown", "Enter")
    undoes("move of 2 notes")
    assert focused(page).startswith(first[:20])
    press("u")
    page.locator(".tb-status", has_text="Redo: move of 2 notes").wait_for()
    press("y")
    undoes("move of 2 notes")
    press("r", *"Five", "Enter")
    undoes("rename")
    assert focused(page) == "Five"
    press("k")
    page.locator(".wb-message, .tb-status", has_text=re.compile("kept as it is already|Undo: keep")).first.wait_for()
    press("ArrowDown", " ", "ArrowDown", " ", "p", "ArrowDown", "Escape", "d", "Enter")
    undoes("keep apart")
    press("u")
    page.locator(".tb-status", has_text="Redo: keep apart").wait_for()
    press("Home", "x")
    undoes("leave out 1 note")
    press("x")
    page.locator(".wb-message", has_text="left out already").wait_for()
    press("b", "Escape", "m", *"five", "Enter")
    undoes("move of 1 note")
    press("/", *"list", "Enter")
    assert page.locator(".tb-card mark").count() > 0
    press("a")
    assert page.locator(".tb-chosen").is_visible()
    press("Escape", "Escape")
    assert page.locator(".tb-hits").inner_text() == ""
    press("f")
    assert at("select")
    press("Escape", "f")
    press("-")
    assert at(".tb-tile")
    press("-")
    assert at(".tb-title")
    press("?")
    shoot(page, "keys")
    press("Escape")
    agree(page, folder)

    # Nor does any other key, or a click beside the cards, do something to the notebook.
    press(*"d d Escape Shift+Enter Escape j c v z 0 0 i i ArrowDown Control+Enter Escape".split())
    page.locator(".tb-foot").scroll_into_view_if_needed()
    box = page.locator(".tb-foot").bounding_box()
    page.mouse.click(box["x"] + box["width"] - 3, box["y"] + box["height"] - 2)
    press(*"d d a Escape".split())
    after = page.evaluate(notebook)
    assert [active for _, active in after] == [active for _, active in before]
    shown = [(now, then) for (now, _), (then, _) in zip(after, before, strict=True) if now and then]
    assert shown
    assert all(now == then for now, then in shown)
    assert page.locator(".jp-Notebook.jp-mod-editMode").count() == 0
    assert page.locator(".wb-board").count() == 1

    choose_theme(page, light=False)
    try:
        page.locator(".tb-title").first.focus()
        press("m", "Enter")
        check(page, "dark")
        press("Escape")
    finally:
        choose_theme(page, light=True)


def test_thousands_of_notes_in_two_tabs_and_the_picture_that_stays(open_board, lab_page, lab_folder, lab_address):
    # The other tab, JupyterLab without the notebook as yet, loads while the kernel reads.
    other = lab_page(1300, 900)
    other.goto(f"{lab_address}lab/workspaces/other/tree/board/notebooks?token={TOKEN}", wait_until="commit")
    page, folder = open_board("many", make_many)
    themes = themes_of(folder)
    assert len(themes.summary) > 30
    assert page.locator(".tb-column").count() + page.locator(".tb-tile").count() == len(themes.summary)
    assert 10 < page.locator(".tb-card").count() < 200, "only what is near the window is in the page"
    shoot(page, "many")

    # The last card of a long column is reached, and a tile opens.
    first = page.locator(".tb-column").first
    first.locator(".tb-card").first.focus()
    page.keyboard.press("End")
    size = int(page.evaluate("document.activeElement.getAttribute('aria-setsize')"))
    assert page.evaluate("Number(document.activeElement.getAttribute('aria-posinset'))") == size
    assert size == len(themes.summary["notes"][0])
    title = page.locator(".tb-tile").last.locator(".tb-label").inner_text()
    page.locator(".tb-tile").last.click()
    page.locator(".tb-title", has_text=title).wait_for()

    # What is done in one tab is seen in the other, on the same kernel.
    menu(page, "File", "Save Notebook")
    saved_board = lab_folder / NOTEBOOK
    eventually(page, lambda: "many" in saved_board.read_text("utf-8") and "wb-still" in saved_board.read_text("utf-8"))
    there = other.locator(".jp-DirListing-item", has_text="board.ipynb")
    there.dblclick()
    other.locator(".tb-column").first.wait_for()
    first.locator(".tb-card").nth(1).focus()
    page.keyboard.press("x")
    other.locator(".tb-status", has_text="Undo: leave out 1 note").wait_for()
    eventually(other, other.locator(".tb-tray .tb-card").count, 1)
    agree(page, folder)
    agree(other, folder)
    assert acts(folder) == 1

    # While a cell runs, an act is saved all the same.
    write_and_run(page, 2, "import time; time.sleep(3600)", wait=False)
    first.locator(".tb-card").nth(1).focus()
    page.keyboard.press("x")
    page.locator(".tb-tray .tb-card").nth(1).wait_for()
    saved(page, folder, 2)
    assert "[*]" in page.locator(".jp-CodeCell .jp-InputPrompt").last.inner_text(), "the cell is still running"

    # Without a kernel the picture is seen.
    menu(page, "Kernel", "Interrupt Kernel")
    kernel_is_ready(page)
    menu(other, "File", "Close Tab")
    shut_down_kernel(page)
    there.dblclick()
    still = other.locator(".wb-still").first
    still.wait_for()
    said = still.inner_text()
    assert "2,000 notes from 100 calls" in said
    assert "The last call was on 2026-11-16; no corrections" in said
    shoot(other, "picture")
