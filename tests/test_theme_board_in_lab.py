"""The theme board in a real JupyterLab: cards moved by mouse and by keyboard, themes merged, split, named, and all taken back.

What needs no JupyterLab (narrow and wide, touch, a disk that is full, a kernel that is silent) is looked at in a bare page.
"""

import re

import pytest
from lab import (
    MINUTE,
    TOKEN,
    choose_theme,
    menu,
    open_notebook,
    pictures,
    restart_kernel,
    run_all,
    serious_violations,
    write_notebook,
)
from stage import stage

from workbench.save import SaveError
from workbench.starter import copy_sample
from workbench.store import append_records, read_ledger
from workbench.study import read_notes
from workbench.themes import find_themes
from workbench.themes.acts import rename_theme
from workbench.themes.ledger import LEDGER_FILE, act_of
from workbench.widgets import theme_board
from workbench.widgets.theme_board import ThemeBoard

CELLS = [
    "from workbench.widgets import ThemeBoard",
    'board = ThemeBoard("..", by="ana", today="2026-11-26")\nboard',
    "1 + 1",
]
MANY, CUSTOMERS, TOPICS = 2000, 40, 60


def make_many(folder, many=MANY):
    """2,000 notes of 60 topics, some frequent and some rare; each topic has words of its own."""
    (folder / "interviews").mkdir(parents=True)
    syllables = [
        a + b for a in "b d f g k l m n p r s t v z".split() for b in ("a", "e", "i", "o", "u", "ar", "en", "il")
    ]
    n = len(syllables)
    for call in range(many // 20):
        lines = []
        for k in range(call * 20, call * 20 + 20):
            topic = min(k % TOPICS, k * 7 % TOPICS)
            words = [syllables[(topic * 5 + w) % n] + syllables[(topic * 11 + w * 3 + 1) % n] for w in range(7)]
            chosen = [words[(k // TOPICS + w) % 7] for w in range(5)]
            lines.append(f"- {['', '! ', '~ ', '? '][k % 4]}{' '.join(chosen)} {k}")
        day = f"2026-{8 + call // 28:02d}-{1 + call % 28:02d}"
        head = f"---\ndate: {day}\ncustomer: Customer {call % CUSTOMERS}\nsegment: {('field', 'wholesale')[call % 2]}\n---\n"
        (folder / "interviews" / f"{day}-c{call}.md").write_text(head + "\n".join(lines) + "\n", "utf-8")


@pytest.fixture
def open_board(browser, lab_address, lab_folder):
    """A function that opens a workspace's board in JupyterLab and waits for it."""
    pages = []

    def open(name, make=copy_sample, shown=".tb-column", cells=CELLS):
        folder = lab_folder / name
        make(folder)
        write_notebook(folder / "notebooks" / "board.ipynb", *cells)
        page = browser.new_page(viewport={"width": 1500, "height": 1100})
        pages.append(page)
        open_notebook(page, lab_address, f"{name}/notebooks/board.ipynb")
        run_all(page, shown)
        page.wait_for_timeout(300)
        return page, folder

    yield open
    for page in pages:
        page.close()


def themes_of(folder):
    return find_themes(read_notes(folder), read_ledger(folder))


def acts(folder):
    return len({act_of(record) for record in read_ledger(folder).records})


def saved(page, folder, n):
    """Wait until the board says that so many acts are settled; they must then be on disk."""
    page.locator(".tb-status", has_text=re.compile(rf"Saved to {LEDGER_FILE}\s*(Undo|Redo)")).wait_for(
        timeout=MINUTE / 2
    )
    assert acts(folder) == n


def on_board(page):
    """Customers and title of each theme, in columns and tiles."""
    columns = page.locator(".tb-column").evaluate_all(
        "all => all.map((one) => [one.querySelector('.tb-count b').innerText, one.querySelector('.tb-title').innerText])"
    )
    tiles = page.locator(".tb-tile").evaluate_all(
        "all => all.map((one) => [one.querySelector('.tb-n b').innerText, one.querySelector('.tb-label').innerText])"
    )
    return sorted((int(n), title) for n, title in [*columns, *tiles])


def agree(page, folder):
    """What is on the board is what follows from the notes and the ledger."""
    summary = themes_of(folder).summary
    titles = summary["name"].where(summary["name"] != "", summary["claim"])
    assert on_board(page) == sorted(zip(summary["n_customers"], titles, strict=True))


def focused(page):
    return page.evaluate("document.activeElement.innerText")


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


def card(page, text):
    return page.locator(".tb-card", has_text=text)


def column(page, text):
    return page.locator(".tb-column", has=page.locator(".tb-title", has_text=text))


def shoot(page, name):
    page.screenshot(path=pictures() / f"board-{name}.png")


def check(page, name):
    """A picture of the state, and nothing serious that axe finds in it."""
    shoot(page, name)
    assert serious_violations(page, ".wb-board") == []


def test_cards_are_moved_by_mouse_and_keyboard_themes_split_merged_named_and_all_agrees_after_a_restart(open_board):
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
    check(page, "pick-up")
    assert page.locator(".tb-option[aria-selected=true]").inner_text().startswith("Left out")
    page.keyboard.press("Enter")
    saved(page, folder, 2)
    assert page.locator(".tb-tray .tb-card", has_text=moved).count() == 1
    assert moved in focused(page)
    agree(page, folder)
    page.keyboard.press("u")
    page.locator(".tb-status", has_text="Undo: move of 1 note").wait_for()
    agree(page, folder)

    # Split, with what it taught.
    first = page.locator(".tb-column").first
    first.locator(".tb-card").first.focus()
    for name in (" ", "ArrowDown", " ", "s"):
        page.keyboard.press(name)
    said = page.locator(".tb-slot-panel .tb-result").inner_text()
    assert re.fullmatch(r"New theme: 2 of 12 customers\. “.+” keeps 11 of 12; 2 in both\.", said)
    page.keyboard.type("Postcodes by hand")
    check(page, "split")
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
    assert followed.count() == n - 1
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
    check(page, "merge")
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
    page.locator(".tb-here").wait_for()
    assert re.search(r"interviews/\S+\.md:\d+", page.locator(".tb-call").inner_text())
    check(page, "note")
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
    check(page, "no-kernel")
    assert acts(folder) == 9
    run_all(page, ".tb-column")
    page.locator(".tb-status", has_text="Saved to").wait_for()
    page.wait_for_timeout(300)
    assert page.locator(".wb-board").count() == 1
    agree(page, folder)


def test_no_key_of_the_board_reaches_the_notebook_and_no_state_has_a_serious_flaw(open_board):
    page, folder = open_board("keys")
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    page.locator(".tb-title").first.click()
    active = page.locator(".jp-Notebook .jp-mod-active").get_attribute("data-windowed-list-index")
    page.locator(".tb-card").nth(1).focus()
    keys = "d d Escape a Enter Escape Shift+Enter Escape j c v z 0 0 i i ArrowDown Control+Enter Escape"
    for name in keys.split():
        page.keyboard.press(name)
    page.locator(".tb-foot").scroll_into_view_if_needed()
    box = page.locator(".tb-foot").bounding_box()
    page.mouse.click(box["x"] + box["width"] - 3, box["y"] + box["height"] - 2)
    for name in ("d", "d", "x", "a", "b"):
        page.keyboard.press(name)
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    assert page.locator(".jp-Notebook .jp-mod-active").get_attribute("data-windowed-list-index") == active
    assert page.locator(".jp-Notebook.jp-mod-editMode").count() == 0
    assert page.locator(".wb-board").count() == 1

    page.keyboard.press("?")
    check(page, "keys")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("list")
    n = int((read_notes(folder)["text"].str.lower().str.contains("list")).sum())
    found = int(re.match(r"(\d+) notes? of 169", page.locator(".tb-hits").inner_text())[1])
    assert 0 < found <= n
    assert page.locator(".tb-card mark").count() > 0
    page.keyboard.press("Enter")
    page.keyboard.press("a")
    assert f"{found} selected" in page.locator(".tb-chosen").inner_text()
    check(page, "search")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.locator(".tb-hits").inner_text() == ""
    page.keyboard.press("f")
    page.get_by_label("Kind").select_option("workaround")
    kinds = page.locator(".tb-card .wb-mark").evaluate_all("all => [...new Set(all.map((one) => one.dataset.kind))]")
    assert kinds == ["workaround"]
    check(page, "filter")
    page.get_by_role("button", name="Clear all").click()
    page.locator(".tb-card").nth(1).focus()
    for name in (" ", "ArrowDown", " ", "p"):
        page.keyboard.press(name)
    check(page, "pin")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")

    choose_theme(page, light=False)
    try:
        page.locator(".tb-title").first.focus()
        page.keyboard.press("m")
        page.keyboard.press("Enter")
        check(page, "dark")
        page.keyboard.press("Escape")
    finally:
        choose_theme(page, light=True)
    menu(page, "View", "Show Left Sidebar" if page.locator("#jp-left-stack:visible").count() == 0 else "File Browser")

    # A new call is said, and shown when asked for.
    call = "---\ndate: 2026-11-19\ncustomer: Elm\nsegment: field\n---\n- Import lost rows\n- ! Nothing to do with it\n"
    (folder / "interviews" / "2026-11-19-elm.md").write_text(call, "utf-8")
    page.locator(".tb-news", has_text="2 new notes in 1 call").wait_for()
    assert on_board(page)[-1][0] == 11
    shoot(page, "news")
    page.get_by_role("button", name="Show them").click()
    page.locator(".tb-count", has_text="of 13 customers").first.wait_for()
    agree(page, folder)


def test_thousands_of_notes_in_two_tabs_and_the_picture_that_stays(open_board, browser, lab_address):
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
    other = browser.new_page(viewport={"width": 1300, "height": 900})
    address = f"{lab_address}lab/workspaces/other/tree/many/notebooks/board.ipynb?token={TOKEN}"
    other.goto(address, timeout=MINUTE)
    other.locator(".tb-column").first.wait_for(timeout=MINUTE)
    first.locator(".tb-card").nth(1).focus()
    page.keyboard.press("x")
    other.locator(".tb-status", has_text="Undo: leave out 1 note").wait_for(timeout=MINUTE / 2)
    assert other.locator(".tb-tray .tb-card").count() == 1
    agree(page, folder)
    agree(other, folder)
    assert acts(folder) == 1

    # While a cell runs, an act is saved all the same.
    page.locator(".jp-Notebook .jp-CodeCell").last.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("import time; time.sleep(60)")
    page.keyboard.press("Control+Enter")
    page.locator("#jp-main-statusbar", has_text="| Busy").wait_for()
    first.locator(".tb-card").nth(1).focus()
    page.keyboard.press("x")
    page.locator(".tb-tray .tb-card").nth(1).wait_for()
    page.locator(".tb-status", has_text=re.compile(rf"Saved to {LEDGER_FILE}\s*Undo")).wait_for(timeout=MINUTE / 2)
    assert acts(folder) == 2
    assert "[*]" in page.locator(".jp-CodeCell .jp-InputPrompt").last.inner_text(), "the cell is still running"

    # Without a kernel the picture is seen.
    menu(page, "Kernel", "Shut Down Kernel")
    page.wait_for_timeout(500)
    other.goto(address, timeout=MINUTE)
    still = other.locator(".wb-still").first
    still.wait_for(timeout=MINUTE)
    said = still.inner_text()
    assert "2,000 notes from 100 calls" in said
    assert "The last call was on 2026-11-16; no corrections" in said
    shoot(other, "picture")
    other.close()


LONG = [
    "Averylongwordwithoutanybreak" * 6,
    "أبطال الجداول يفقدون الفلاتر كل يوم",
    "🧾 Rechnung 👩‍👩‍👧‍👦 <b>bold</b> & co",
]


@pytest.fixture
def draw(browser):
    """A function that draws a board into a bare page, whose clock is the test's."""
    contexts = []

    def draw(board, width=1280, light=True, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        board._receive = lambda _, message, buffers: board.answer(message)
        page.clock.install()
        stage(page, board, light=light)
        page.locator(".tb-card, .tb-empty, .wb-bad").first.wait_for()
        return page

    yield draw
    for context in contexts:
        context.close()


@pytest.fixture
def bare(draw, tmp_path):
    """A function that draws the board of the sample into a bare page, and gives both and the folder."""

    def bare(**options):
        folder = tmp_path / "study"
        copy_sample(folder)
        board = ThemeBoard(folder, by="ana", today="2026-11-26")
        return draw(board, **options), board, folder

    return bare


@pytest.mark.parametrize(("width", "light"), [(320, True), (700, False), (2560, True)])
def test_narrow_and_wide_long_names_right_to_left_and_emoji(draw, tmp_path, width, light):
    folder = tmp_path / "study"
    copy_sample(folder)
    for name in LONG:
        themes = themes_of(folder)
        theme = next(row.theme for row in themes.summary.itertuples() if not row.name)
        append_records(folder, rename_theme(themes, theme, name, by="ana", date="2026-11-26"))
    page = draw(ThemeBoard(folder, by="ana", today="2026-11-26"), width, light)

    def look(name):
        page.screenshot(path=pictures() / f"board-{width}-{name}.png")
        if name in ("names", "followed"):
            assert serious_violations(page, ".wb-board") == []
        inside, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert inside <= window

    look("names")
    if width > 2000:
        return
    page.locator(".tb-card").nth(1).focus()
    for name in (" ", "ArrowDown", " "):
        page.keyboard.press(name)
    look("selected")
    page.keyboard.press("s")
    page.keyboard.press("Enter")
    page.locator(".tb-followed").wait_for()
    look("followed")
    page.keyboard.press("k")
    page.locator(".tb-title").first.focus()
    page.keyboard.press("m")
    look("pick-up")
    page.keyboard.press("Enter")
    look("merge")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    assert page.locator(".tb-name").count() == 1
    look("rename")


def test_a_finger_scrolls_a_list_and_after_a_hold_drags(bare):
    page, _, folder = bare(has_touch=True)
    session = page.context.new_cdp_session(page)

    def touch(kind, *points):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    def at(locator):
        box = locator.bounding_box()
        return box["x"] + 60, box["y"] + 20

    first, third = page.locator(".tb-column").nth(0), page.locator(".tb-column").nth(2)
    x, y = at(first.locator(".tb-card").nth(1))
    touch("touchStart", (x, y))
    for k in range(12):
        touch("touchMove", (x, y - 10 * k))
    touch("touchEnd")
    assert page.locator(".tb-ghost").count() == 0
    page.wait_for_function("document.querySelector('.tb-list').scrollTop > 20")
    card = first.locator(".tb-card").nth(3)
    text = card.inner_text()
    x, y = at(card)
    touch("touchStart", (x, y))
    page.clock.run_for(500)
    page.locator(".tb-ghost").wait_for()
    end = at(third.locator(".tb-card").first)
    for k in range(1, 11):
        touch("touchMove", (x + (end[0] - x) * k / 10, y + (end[1] - y) * k / 10))
    page.locator(".tb-target").wait_for()
    touch("touchEnd")
    page.locator(".tb-status", has_text="Undo: move of 1 note").wait_for()
    assert acts(folder) == 1
    assert text.split("\n")[2] in third.inner_text()


def test_boxes_select_arrows_choose_a_name_and_letters_rest_while_a_form_is_open(bare):
    page, _, folder = bare()
    cards = page.locator(".tb-column").first.locator(".tb-card")
    cards.nth(1).locator(".tb-check").click()
    cards.nth(3).click(modifiers=["Shift"])
    assert page.locator(".tb-chosen").inner_text().startswith("3 selected")
    page.keyboard.press("Escape")
    page.locator(".tb-title").first.focus()
    page.keyboard.press("m")
    page.locator(".tb-column").nth(1).locator(".tb-title").click()
    assert "after the merge" in page.locator(".tb-result").inner_text()
    page.keyboard.press("ArrowDown")
    for letter in "xukb":
        page.keyboard.press(letter)
    assert not (folder / LEDGER_FILE).exists()
    name = page.locator(".tb-names label", has=page.locator("input:checked")).locator("bdi").inner_text().strip("“”")
    page.keyboard.press("Enter")
    page.locator(".tb-status", has_text="Undo: merge").wait_for()
    assert page.locator(".tb-title", has_text=name).count() == 1
    assert acts(folder) == 1


def test_what_cannot_be_saved_is_said_and_tried_again(bare, monkeypatch):
    page, _, folder = bare()

    def full(*_):
        raise SaveError("Not saved: the disk is full; free some space and save again.")

    card = page.locator(".tb-column").nth(1).locator(".tb-card").nth(1)
    card.focus()
    text = focused(page)
    with monkeypatch.context() as patch:
        patch.setattr(theme_board, "append_records", full)
        page.keyboard.press("x")
        page.locator(".wb-message", has_text="Not saved. The disk is full; free some space").wait_for()
    assert focused(page) == text
    assert page.locator(".tb-tray .tb-card", has_text=text.split("\n")[-1]).count() == 0
    check(page, "not-saved")
    page.get_by_role("button", name="Try again").click()
    page.locator(".tb-status", has_text="Undo: leave out 1 note").wait_for()
    assert page.locator(".wb-message").count() == 0
    assert acts(folder) == 1


def test_a_kernel_that_does_not_answer_is_said_and_nothing_is_shown_as_done(bare):
    page, board, folder = bare()
    answer = board.answer
    board.answer = lambda message: None
    page.locator(".tb-column").nth(1).locator(".tb-card").nth(1).focus()
    before, text = on_board(page), focused(page)
    page.keyboard.press("x")
    page.locator(".tb-status", has_text="Saving").wait_for()
    page.clock.run_for(10_000)
    page.locator(".wb-message", has_text="Your last correction (leaving out 1 note) is not on disk").wait_for()
    assert on_board(page) == before
    assert focused(page) == text
    board.answer = answer
    page.get_by_role("button", name="Try again").click()
    page.locator(".tb-status", has_text="Undo: leave out 1 note").wait_for()
    assert acts(folder) == 1


def test_without_notes_and_without_a_workspace_the_board_says_what_to_do(draw, tmp_path):
    page = draw(ThemeBoard(tmp_path / "nowhere"))
    assert "no folder" in page.locator(".wb-message").inner_text().lower()
    check(page, "no-workspace")
    folder = tmp_path / "study"
    (folder / "interviews").mkdir(parents=True)
    page = draw(ThemeBoard(folder))
    assert "No notes yet" in page.locator(".tb-empty").inner_text()
    check(page, "empty")
    call = "---\ndate: 2026-11-19\ncustomer: Elm\n---\n- Import lost rows\n"
    (folder / "interviews" / "2026-11-19-elm.md").write_text(call, "utf-8")
    page.clock.run_for(5000)
    page.locator(".tb-news", has_text="1 new note in 1 call").wait_for()
    page.get_by_role("button", name="Show them").click()
    page.locator(".tb-tray .tb-card", has_text="Import lost rows").wait_for()
    assert "Not yet a theme" in page.locator(".wb-message").first.inner_text()
    check(page, "one-note")
