"""The theme board in a bare page, its Python half beside it: what needs no JupyterLab, from 320 px to 2560 px wide.

Touch, a disk that is full, a kernel that is silent, search, and what is typed while somebody else corrects.
"""

import re

import pytest
from boards import acts, agree, check, column, focused, on_board, shoot, themes_of
from lab import pictures, serious_violations
from stage import stage

from workbench.save import SaveError
from workbench.starter import copy_sample
from workbench.store import append_records
from workbench.study import read_notes
from workbench.themes.acts import rename_theme
from workbench.themes.ledger import LEDGER_FILE
from workbench.widgets import theme_board
from workbench.widgets.theme_board import ThemeBoard

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


@pytest.mark.parametrize(("width", "light"), [(320, True), (420, False), (700, False), (1280, True), (2560, False)])
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
        if width == 700 or name in ("names", "followed"):
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
    look("new-theme")
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
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    look("keys")
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    look("filter")


@pytest.mark.parametrize("width", [700, 900, 1280])
def test_the_bar_is_one_line_heads_and_columns_are_of_one_height_and_icons_have_names(bare, width):
    page, _, _ = bare(width=width)
    page.locator(".tb-card").nth(1).focus()
    for name in ("x", "u", "y"):
        page.keyboard.press(name)
    page.keyboard.press("u")
    page.locator(".tb-status", has_text="Redo: leave out 1 note").wait_for()
    tops = "all => all.filter((one) => one.offsetParent).map((one) => one.getBoundingClientRect().bottom)"
    bottoms = page.locator(".tb-first > *").evaluate_all(tops)
    assert max(bottoms) - min(bottoms) < 8
    for part in (".tb-column", ".tb-head"):
        assert len(set(page.locator(part).evaluate_all(tops))) == 1
    tools = page.locator(".tb-column").first.locator(".tb-tool")
    for tool, name in zip(tools.all(), ["Rename", "Merge into another theme", "Fold into a tile"], strict=True):
        assert tool.get_attribute("aria-label") == name
        tool.hover()
        tip = tool.evaluate(
            "one => [getComputedStyle(one, '::after').visibility, getComputedStyle(one, '::after').content]"
        )
        assert tip[0] == "visible"
        assert name in tip[1]
    # What is opened beyond the row fills a row of its own; a card that is reached is not faded.
    page.locator(".tb-tile").last.click()
    wide = page.locator(".tb-column").last
    assert wide.bounding_box()["width"] > width - 40
    last = page.locator(".tb-column").first
    last.locator(".tb-card").first.focus()
    for _ in range(6):
        page.keyboard.press("ArrowDown")
    box, within = page.locator(".tb-card:focus").bounding_box(), last.locator(".tb-list").bounding_box()
    assert box["y"] + box["height"] <= within["y"] + within["height"] - 20
    shoot(page, f"row-{width}")


def test_a_new_theme_of_notes_of_several_themes_and_of_the_tray_with_its_count_first(bare):
    page, _, folder = bare()
    notes = read_notes(folder).set_index("text")
    chosen = [page.locator(".tb-column").nth(n).locator(".tb-card").nth(1) for n in (0, 1)]
    chosen.append(page.locator(".tb-tray .tb-card").first)
    texts = []
    for one in chosen:
        one.focus()
        page.keyboard.press(" ")
        texts.append(one.locator(".tb-text").inner_text().strip("“”"))
    assert "New theme of 3 notes" in page.locator(".tb-chosen").inner_text()
    page.keyboard.press("s")
    n = notes.loc[texts, "customer"].nunique()
    first, rest = page.locator(".tb-result p").all_inner_texts()
    assert first == f"{n} of 12 customers in the new theme"
    assert re.fullmatch(r"“.+” keeps \d+; “.+” keeps \d+; 1 from those left out", rest)
    assert "New theme of 3 notes" in page.locator(".tb-panel button[type=submit]").inner_text()
    check(page, "new-theme-of-several")
    page.keyboard.type("Three things")
    page.keyboard.press("Enter")
    page.locator(".tb-status", has_text="Undo: new theme of 3 notes").wait_for()
    assert column(page, "Three things").locator(".tb-count b").inner_text() == str(n)
    assert [column(page, "Three things").locator(".tb-card", has_text=text).count() for text in texts] == [1, 1, 1]
    assert texts[0] in focused(page)
    agree(page, folder)
    assert acts(folder) == 1
    page.keyboard.press("u")
    column(page, "Three things").wait_for(state="detached")
    assert page.locator(".tb-tray .tb-card").count() == 2
    # Of the tray alone; not of all cards of one theme.
    page.locator(".tb-tray .tb-card").first.focus()
    for name in ("s", *"Alone", "Enter"):
        page.keyboard.press(name)
    column(page, "Alone").wait_for()
    agree(page, folder)
    page.keyboard.press("s")
    assert "all cards of one theme" in page.locator(".wb-message").inner_text()


def test_what_is_typed_and_the_focus_stay_while_somebody_else_corrects(bare):
    page, board, folder = bare()

    def elsewhere(n):
        """Another tab leaves a note of the first theme out, and this one hears of it with its next question."""
        look = board._look
        act = {"do": "aside", "notes": [int(look.members[look.rows[0]["key"]][3])], "id": f"{n:08x}"}
        board.answer({"what": "act", "view": "other", "act": act})
        page.clock.run_for(5000)
        page.locator(".tb-tray .tb-card").nth(1 + n).wait_for()

    page.locator(".tb-card").nth(1).focus()
    for name in ("s", *"Half a na"):
        page.keyboard.press(name)
    elsewhere(1)
    for name in "mex":
        page.keyboard.press(name)
    assert page.locator(".tb-panel input").input_value() == "Half a namex"
    page.keyboard.press("Escape")
    page.locator(".tb-title").first.focus()
    for name in ("r", *"Posts"):
        page.keyboard.press(name)
    elsewhere(2)
    for name in ("x", "Home", "u", "Enter"):
        page.keyboard.press(name)
    page.locator(".tb-status", has_text="Undo: rename").wait_for()
    assert page.locator(".tb-title", has_text="uPostsx").count() == 1
    page.locator(".tb-title").first.focus()
    for name in ("m", "Enter"):
        page.keyboard.press(name)
    page.get_by_label("Another name", exact=True).fill("Both of th")
    elsewhere(3)
    for name in ("e", "m", "Enter"):
        page.keyboard.press(name)
    page.locator(".tb-status", has_text="Undo: merge").wait_for()
    assert page.locator(".tb-title", has_text="Both of them").count() == 1
    assert acts(folder) == 5


def test_what_is_found_is_marked_filtered_selected_and_cleared(bare):
    page, _, folder = bare()
    texts = read_notes(folder)["text"].str.lower()
    page.locator(".tb-card").first.focus()
    page.keyboard.press("/")
    page.keyboard.type("list")
    found = int(re.match(r"(\d+) notes? of 169", page.locator(".tb-hits").inner_text())[1])
    assert 0 < found <= texts.str.contains("list").sum()
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
    assert page.get_by_role("button", name="Filter: 1").is_visible()
    check(page, "filter")
    page.get_by_role("button", name="Clear").click()
    assert page.get_by_role("button", name="Filter", exact=True).is_visible()
    for name in (" ", "ArrowDown", " ", "p"):
        page.keyboard.press(name)
    check(page, "pin")


def test_a_new_call_is_said_shown_when_asked_for_and_the_focus_stays_on_its_note(bare):
    page, _, folder = bare()
    page.locator(".tb-column").nth(1).locator(".tb-card").nth(2).focus()
    page.keyboard.press(" ")
    text = focused(page)
    call = "---\ndate: 2026-10-01\ncustomer: Elm\nsegment: field\n---\n- Import lost rows\n- ! Nothing to do with it\n- = Mine\n"
    (folder / "interviews" / "2026-10-01-elm.md").write_text(call, "utf-8")
    page.clock.run_for(5000)
    page.locator(".tb-news", has_text="2 new notes in 1 call").wait_for()
    assert on_board(page)[-1][0] == 11
    shoot(page, "news")
    page.get_by_role("button", name="Show them").press("Enter")
    page.locator(".tb-count", has_text="of 13 customers").first.wait_for()
    assert focused(page) == text
    agree(page, folder)
    said = page.locator(".wb-message").all_inner_texts()
    assert any("2 notes are marked as new: " in one for one in said), "the own take is not on the board"
    assert page.locator(".tb-card .tb-why", has_text=re.compile("^new$")).count() >= 1
    page.keyboard.press("x")
    page.locator(".tb-status", has_text="Undo: leave out 1 note").wait_for()
    said = max(text.split("\n"), key=len)
    assert page.locator(".tb-tray .tb-card", has_text=said).count() == 1


def test_the_bar_that_opens_with_a_selection_pushes_no_card_away_from_the_pointer(bare):
    page, _, _ = bare(width=700)
    cards = page.locator(".tb-column").first.locator(".tb-card")
    for n in range(2):
        cards.nth(n).hover()
        at = cards.nth(n).bounding_box()["y"]
        cards.nth(n).locator(".tb-check").click()
        page.locator(".tb-chosen", has_text=f"{n + 1} selected").wait_for()
        assert abs(cards.nth(n).bounding_box()["y"] - at) < 6


def test_after_a_click_on_empty_ground_a_letter_only_brings_the_ring_back(bare):
    page, _, folder = bare()
    page.locator(".tb-card").first.focus()
    text = focused(page)
    page.locator(".wb-board").evaluate("root => root.focus()")
    page.keyboard.press("x")
    assert acts(folder) == 0
    assert focused(page) == text
    page.keyboard.press("x")
    page.locator(".tb-status", has_text="Undo: leave out 1 note").wait_for()
    assert acts(folder) == 1


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


def test_a_card_falls_where_the_hand_lets_go_though_no_frame_was_drawn_since(bare):
    page, _, folder = bare()
    card, third = page.locator(".tb-column").first.locator(".tb-card").nth(1), page.locator(".tb-column").nth(2)
    text = card.locator(".tb-text").inner_text()
    start, end = card.bounding_box(), third.bounding_box()
    page.mouse.move(start["x"] + 60, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(start["x"] + 80, start["y"] + 30)
    page.locator(".tb-ghost").wait_for()
    page.evaluate("window.requestAnimationFrame = () => 7")  # as where all is busy
    page.mouse.move(end["x"] + 60, end["y"] + 60)
    page.mouse.up()
    page.locator(".tb-status", has_text="Undo: move of 1 note").wait_for()
    assert acts(folder) == 1
    assert text in third.inner_text()


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


@pytest.mark.parametrize("width", [360, 1280])
def test_a_long_segment_makes_no_column_wider(draw, tmp_path, width):
    folder = tmp_path / "study"
    copy_sample(folder)
    for file in (folder / "discovery" / "customers.yaml", *(folder / "interviews").glob("*.md")):
        text = file.read_text("utf-8")
        file.write_text(text.replace("segment: field", f"segment: field {'teams on the road ' * 6}"), "utf-8")
    page = draw(ThemeBoard(folder, by="ana", today="2026-11-26"), width)
    assert page.locator(".tb-chip", has_text="teams on the road").count() > 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = "(columns) => columns.filter((one) => one.scrollWidth > one.clientWidth + 1).length"
    assert page.locator(".tb-column").evaluate_all(wide) == 0
