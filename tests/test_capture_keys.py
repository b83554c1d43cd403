"""Live capture as fingers expect it: what a key does where, in a bare page with the real Python half."""

import re

import pytest
from lab import eventually, serious_violations
from stage import stage

from workbench.widgets import Capture

CALLS = {
    f"2026-11-1{i}-{name.lower().replace(' ', '-')}.md": f"---\ndate: 2026-11-1{i}\ncustomer: {name}\nsegment: services\n---\n- One #export\n"
    for i, name in enumerate(("Marl Lane", "Acme Freight", "Acorn"))
}
GUIDE = "".join(f"- Question number {i}, long enough to take up more than a line of the guide?\n" for i in range(12))


@pytest.fixture
def work(make_workspace):
    folder = make_workspace(CALLS)
    (folder / "discovery").mkdir()
    (folder / "discovery" / "guide.md").write_text(GUIDE, "utf-8")
    return folder


@pytest.fixture
def page(browser, work):
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    stage(page, Capture(work, today="2026-11-17"))
    page.locator(".wb-status", has_text="Nothing on disk yet").wait_for()
    yield page
    context.close()
    assert errors == []


def focused(page):
    return page.evaluate("document.activeElement.className")


def words(page):
    return page.locator(".wb-note .wb-words").evaluate_all("all => all.map(one => one.firstChild.textContent)")


def type_notes(page, *notes):
    page.locator(".wb-entry").click()
    for note in notes:
        page.keyboard.insert_text(note)
        page.keyboard.press("Enter")


def on_disk(page, work, expected):
    def notes():
        (path,) = work.glob("interviews/2026-11-17*.md")
        return path.read_text("utf-8").split("---\n", 2)[2].splitlines()

    eventually(page, notes, expected)


def test_a_name_that_is_begun_and_fits_one_customer_is_taken_on_enter(page):
    page.get_by_role("combobox", name="Customer").click()
    page.keyboard.type("marl")
    page.keyboard.press("Enter")
    assert page.get_by_role("combobox", name="Customer").input_value() == "Marl Lane"
    assert page.get_by_role("combobox", name="Segment").input_value() == "services"


def test_a_name_that_fits_two_stays_as_typed_and_so_does_one_after_escape(page):
    box = page.get_by_role("combobox", name="Customer")
    box.click()
    page.keyboard.type("Ac")
    page.keyboard.press("Enter")
    assert box.input_value() == "Ac"
    box.click()
    page.keyboard.type("Marl")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    assert box.input_value() == "Marl"


def test_enter_goes_from_customer_to_who_to_segment_to_the_notes(page):
    page.get_by_role("combobox", name="Customer").click()
    page.keyboard.type("Bolt")
    for _ in range(3):
        page.keyboard.press("Enter")
    assert focused(page) == "wb-entry"


@pytest.mark.parametrize("typed", ["Acme Freight", "acme freight"])
def test_tab_goes_on_from_a_name_that_is_typed_whole(page, typed):
    """It completed what was complete and stayed, so that the person's name was typed behind the customer's."""
    customer = page.get_by_role("combobox", name="Customer")
    customer.click()
    page.keyboard.type(typed)
    page.locator(".wb-combo .wb-pop:visible", has_text="Acme Freight").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.type("Jane Doe")
    assert (customer.input_value(), page.evaluate("document.activeElement.value")) == ("Acme Freight", "Jane Doe")
    assert page.get_by_role("combobox", name="Segment").input_value() == "services"


def test_tab_goes_from_the_first_line_straight_to_the_notes(page):
    page.get_by_label("Consent").focus()
    page.keyboard.press("Tab")
    assert focused(page) in ("wb-entry", "wb-scroll")
    if focused(page) == "wb-scroll":  # a browser lets the keyboard scroll a long list
        page.keyboard.press("Tab")
    assert focused(page) == "wb-entry"


def test_what_is_typed_after_an_edit_is_the_next_note(page, work):
    type_notes(page, "The frist one")
    page.locator(".wb-note .wb-words").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("The first one")
    page.keyboard.press("Enter")
    page.keyboard.type("? Wants another")
    page.keyboard.press("Enter")
    on_disk(page, work, ["- The first one", "- ? Wants another"])


def test_letters_typed_on_a_note_go_on_in_the_line_and_marks_change_its_kind(page, work):
    type_notes(page, "One")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("!")
    assert focused(page) == "wb-note "
    page.keyboard.type("two")
    page.keyboard.press("Enter")
    on_disk(page, work, ["- ! One", "- two"])


@pytest.mark.parametrize(
    ("typed", "kind", "expected"),
    [
        ("!Pain without a blank", "wish", "? Pain without a blank"),
        ('"A quote" @12:40 #export', "pain", "! A quote @12:40 #export"),
        ("~ by hand #export", "quote", '"by hand" #export'),
        ("= mine", "observation", "mine"),
        (">50 rows are lost", "pain", "! >50 rows are lost"),
    ],
)
def test_another_kind_leaves_the_words_alone(page, work, typed, kind, expected):
    type_notes(page, typed)
    page.locator(".wb-note .wb-kind").click()
    page.get_by_role("menuitem", name=re.compile(kind)).click()
    on_disk(page, work, [f"- {expected}"])


def test_the_menu_of_kinds_is_whole_at_the_end_of_a_long_list(page):
    type_notes(page, *(f"Note {i}" for i in range(40)))
    page.locator(".wb-note .wb-kind").last.click()
    menu = page.get_by_role("menu")
    assert menu.get_by_role("menuitem").count() == 7
    for item in menu.get_by_role("menuitem").all():
        box = item.bounding_box()
        at = page.evaluate("([x, y]) => document.elementFromPoint(x, y)?.closest('[role=menu]') !== null",
                           [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])  # fmt: skip
        assert at or box["y"] + box["height"] > 900, "nothing lies over it"


def test_the_next_question_of_the_guide_is_in_sight(page):
    page.locator(".wb-entry").click()
    for _ in range(8):
        page.keyboard.press("Control+Enter")
    inside = page.locator(".wb-next").evaluate(
        "node => { const [a, b] = [node.getBoundingClientRect(), node.parentElement.getBoundingClientRect()]; return a.top >= b.top && a.bottom <= b.bottom; }"
    )
    assert inside


@pytest.mark.parametrize("width", [320, 420, 700, 1280, 3840])
def test_it_fits_every_width(page, width):
    type_notes(page, "x" * 300, "! שלום, הקובץ נעלם 🙃 @12:40", "= mine")
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(100)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert serious_violations(page, ".wb-capture") == []
