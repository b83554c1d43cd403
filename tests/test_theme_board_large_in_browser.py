"""The theme board over more notes than it sends at once, in a bare page: what is far down, found, selected and corrected there."""

import re

import pytest
from boards import acts, agree, check, column, focused, make_many, on_board, themes_of
from lab import eventually
from stage import stage

from workbench.study import read_notes
from workbench.themes.find import find_themes
from workbench.widgets import theme_board
from workbench.widgets.theme_board import ThemeBoard


class AtOnce:
    """Does beside what is to be done, but now: a page is told from one thread only."""

    def submit(self, work):
        work()


@pytest.fixture
def large(browser, tmp_path, monkeypatch):
    """A function that draws a board of 2,000 notes, of which it is told few, into a bare page; gives the page and the folder."""
    contexts = []

    def large(width=1280, light=True, **options):
        monkeypatch.setattr(theme_board, "WHOLE", 100)
        folder = tmp_path / "study"
        make_many(folder)
        board = ThemeBoard(folder, by="ana", today="2026-11-26")
        board._acting = board._following = AtOnce()
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        board._receive = lambda _, message, buffers: board.answer(message)
        stage(page, board, light=light)
        page.locator(".tb-card").first.wait_for()
        return page, folder, board

    yield large
    for context in contexts:
        context.close()


def place(page):
    """Which card of its list has the focus, of how many, and what it says."""
    return page.evaluate(
        "(({ ariaPosInSet, ariaSetSize, innerText }) => [Number(ariaPosInSet), Number(ariaSetSize), innerText])(document.activeElement)"
    )


def wait_for(page, n):
    page.wait_for_function("(n) => Number(document.activeElement.ariaPosInSet) === n", arg=n)


def first_theme(folder):
    return find_themes(read_notes(folder)).summary.iloc[0]


def test_the_keyboard_reaches_the_last_note_and_each_page_of_a_list(large):
    page, folder, _ = large()
    notes = first_theme(folder)["notes"]
    texts = read_notes(folder).set_index("note")["text"]
    page.locator(".tb-card").first.focus()
    page.keyboard.press("End")
    wait_for(page, len(notes))
    assert texts[notes[-1]] in focused(page)
    page.keyboard.press("PageUp")
    page.wait_for_function("(n) => Number(document.activeElement.ariaPosInSet) < n", arg=len(notes))
    at = place(page)[0]
    assert texts[notes[at - 1]] in focused(page)
    page.keyboard.press("ArrowUp")
    wait_for(page, at - 1)
    page.keyboard.press("Home")
    wait_for(page, 1)
    seen = 1
    while seen < len(notes):
        page.keyboard.press("PageDown")
        page.wait_for_function("(n) => Number(document.activeElement.ariaPosInSet) > n", arg=seen)
        seen = place(page)[0]
        assert texts[notes[seen - 1]] in focused(page)
    check(page, "large-last")


def test_a_card_from_far_down_is_left_out_moved_and_brought_back_and_has_the_focus(large):
    page, folder, _ = large()
    page.locator(".tb-card").first.focus()
    page.keyboard.press("End")
    wait_for(page, len(first_theme(folder)["notes"]))
    text = focused(page).split("\n")[2]
    page.keyboard.press("x")
    page.locator(".tb-status", has_text="Undo: leave out 1 note").wait_for()
    page.locator(".tb-tray .tb-card", has_text=text).wait_for()
    page.wait_for_function("(text) => document.activeElement.innerText.includes(text)", arg=text)
    agree(page, folder)
    page.keyboard.press("m")
    page.keyboard.press("ArrowDown")
    page.locator(".tb-option[aria-selected=true]", has_text=re.compile(r"\d of 40")).wait_for()
    page.keyboard.press("Enter")
    page.locator(".tb-status", has_text="Undo: move of 1 note").wait_for()
    page.wait_for_function("(text) => document.activeElement.innerText.includes(text)", arg=text)
    agree(page, folder)
    assert acts(folder) == 2
    page.keyboard.press("u")
    page.locator(".tb-status", has_text="Undo: leave out 1 note").wait_for()
    page.keyboard.press("u")
    page.locator(".tb-status", has_text="Redo: leave out 1 note").wait_for()
    agree(page, folder)


def test_a_search_is_of_all_notes_and_all_that_is_found_becomes_a_theme(large):
    page, folder, _ = large()
    notes = find_themes(read_notes(folder)).notes
    fit = notes[notes["text"].str.contains("77") | notes["customer"].astype(str).str.contains("77")]
    page.keyboard.press("Tab")
    page.locator(".tb-search input").fill("77")
    hits = page.locator(".tb-hits", has_text="notes of 2,000")
    hits.wait_for()
    assert hits.inner_text().startswith(f"{len(fit)} notes of 2,000, from {fit['customer'].nunique()} customers")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('.tb-card')")
    assert "77" in focused(page)
    page.keyboard.press("a")
    page.locator(".tb-chosen", has_text=f"{len(fit)} selected").wait_for()
    page.keyboard.press("s")
    page.locator(".tb-result", has_text=re.compile(r"keeps \d+")).wait_for()
    check(page, "large-new")
    page.keyboard.type("Seventy-seven")
    page.keyboard.press("Enter")
    page.locator(".tb-status", has_text=f"Undo: new theme of {len(fit)} notes").wait_for()
    agree(page, folder)
    themes = themes_of(folder)
    (named,) = themes.summary.loc[themes.summary["name"] == "Seventy-seven", "theme"]
    assert set(themes.notes.loc[themes.notes["note"].isin(fit["note"]), "theme"]) == {named}
    assert column(page, "Seventy-seven").count() == 1


def test_too_many_to_be_selected_is_said(large):
    page, _, _ = large()
    page.locator(".tb-search input").fill("1")
    page.locator(".tb-hits", has_text="notes of 2,000").wait_for()
    page.keyboard.press("Enter")
    page.locator(".tb-card:focus").wait_for()
    page.keyboard.press("a")
    page.locator(".wb-message", has_text="At most 1,000 notes are selected at once").wait_for()
    assert page.locator(".tb-chosen").count() == 0


def test_the_newest_stand_first_where_that_is_wanted(large):
    page, folder, _ = large()
    notes = read_notes(folder).set_index("note")
    mine = notes.loc[list(first_theme(folder)["notes"])]
    newest = set(mine.loc[mine["date"] == mine["date"].max(), "text"])
    page.locator(".tb-card").first.focus()
    page.keyboard.press("n")
    page.locator(".tb-order button[aria-pressed=true]").wait_for()
    page.wait_for_function(
        "(texts) => texts.some((text) => document.querySelector('.tb-card')?.innerText.includes(text))",
        arg=sorted(newest),
    )
    page.keyboard.press("n")
    page.locator(".tb-order button[aria-pressed=false]").wait_for()


def test_a_merge_says_its_count_first_and_a_theme_is_renamed(large):
    page, folder, _ = large()
    page.locator(".tb-title").first.focus()
    page.keyboard.press("m")
    page.keyboard.press("Enter")
    big = page.locator(".tb-big", has_text=re.compile(r"\d"))
    big.wait_for()
    n = int(big.inner_text())
    check(page, "large-merge")
    page.keyboard.press("Enter")
    page.locator(".tb-status", has_text="Undo: merge").wait_for()
    agree(page, folder)
    assert n in [count for count, _ in on_board(page)]
    page.locator(".tb-title").first.focus()
    page.keyboard.press("r")
    page.keyboard.type("Both")
    page.keyboard.press("Enter")
    page.locator(".tb-status", has_text="Undo: rename").wait_for()
    agree(page, folder)
    assert "Both" in set(themes_of(folder).summary["name"])


def test_a_drag_and_a_selection_up_to_a_card_far_down(large):
    page, folder, _ = large()
    source = page.locator(".tb-column").first
    source.locator(".tb-card").first.click(modifiers=["Control"])
    source.locator(".tb-list").evaluate("(list) => (list.scrollTop = list.scrollHeight)")
    last = source.locator(f'.tb-card[aria-posinset="{len(first_theme(folder)["notes"])}"]')
    last.click(modifiers=["Shift"])
    page.locator(".tb-chosen", has_text=f"{len(first_theme(folder)['notes'])} selected").wait_for()
    page.keyboard.press("Escape")
    page.locator(".tb-chosen").wait_for(state="detached")
    box, target = last.bounding_box(), page.locator(".tb-column").nth(2).bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(target["x"] + 80, target["y"] + 60, steps=4)
    page.mouse.up()
    page.locator(".tb-status", has_text="Undo: move of 1 note").wait_for()
    agree(page, folder)


def test_a_late_answer_is_not_drawn_over_a_newer_one(large):
    page, _, board = large()
    held, answer = [], board.answer

    def slow(message):
        if message["what"] == "find" and message["find"]["text"] == "1":
            held.append(message)  # the kernel is busy with it
        else:
            answer(message)

    board.answer = slow
    page.locator(".tb-search input").fill("1")
    eventually(page, lambda: len(held), 1)
    page.locator(".tb-search input").fill("77")
    page.locator(".tb-hits", has_text="notes of 2,000").wait_for()
    said = page.locator(".tb-hits").inner_text()
    (message,) = held

    def late(told):
        answer(told)
        answer(message)

    board.answer = late
    page.locator(".tb-card").first.click()
    page.locator(".tb-call").wait_for()
    assert page.locator(".tb-hits").inner_text() == said


@pytest.mark.parametrize(("width", "light"), [(360, True), (360, False), (700, True), (1280, False)])
def test_narrow_wide_light_and_dark(large, width, light):
    page, _, _ = large(width, light)
    page.wait_for_timeout(200)
    check(page, f"large-{width}-{'light' if light else 'dark'}")
    inside, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert inside <= window
