"""The cards in a browser: in a real JupyterLab what a PM does in one sitting, on a bare page each state and each slip."""

import errno
import re
from pathlib import Path

import pytest
from conftest import copy_calls
from lab import (
    choose_theme,
    code_cells,
    eventually,
    open_notebook,
    pictures,
    restart_kernel,
    run_all,
    serious_violations,
    write_notebook,
)
from stage import stage

from workbench.frontmatter import split_front_matter, split_lines
from workbench.hypotheses import check_hypothesis
from workbench.record_files import create_record
from workbench.records import KINDS
from workbench.store import append_records
from workbench.study import read_study
from workbench.themes import find_themes
from workbench.themes.acts import set_aside
from workbench.widgets import HypothesisCards

TODAY = "2026-11-26"
CELL = f'from workbench.widgets import HypothesisCards\nHypothesisCards("..", today="{TODAY}")'
CARD = ".wb-cards .hc-fields"
ROOT = Path(__file__).parent.parent


CALLS = {
    "acme": ["! Import drops rows from the customer list", '"Rows are lost on every import of the list"', "Invoice layout looks odd"],
    "bolt": ["! The import loses rows of the list", "~ Checks each imported row by hand", "Sends a fax each month"],
    "core": ["Import dropped rows of the list again", "Invoice layout looks dated", "! Rows lost in the import of customers"],
    "dune": ["Import of the list was easy, no row lost", "? Wants another invoice layout", "Prints a fax of each invoice"],
}  # fmt: skip


def only_record(folder):
    (record,) = read_study(folder).hypotheses
    return record


def tab_to(page, field):
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.field") == field:
            return
    raise AssertionError(f"{field} is not reached by Tab")


def status(page, words):
    page.locator(".hc-status", has_text=words).wait_for()


def saved(page):
    """Wait until what was typed is on disk; the moment is not enough, since an earlier save shows one too."""
    page.wait_for_function("!Object.keys(sessionStorage).some((name) => name.startsWith('workbench-hypotheses'))")
    status(page, re.compile(r"Saved \d\d:\d\d:\d\d"))


# In JupyterLab


@pytest.fixture(scope="module")
def lab(lab_context, lab_address, lab_folder):
    """The sample study's cards in JupyterLab."""
    folder = lab_folder / "cards"
    copy_calls(folder)
    write_notebook(folder / "notebooks" / "cards.ipynb", CELL)
    page = lab_context.new_page()
    page.set_viewport_size({"width": 1500, "height": 1250})
    open_notebook(page, lab_address, "cards/notebooks/cards.ipynb")
    run_all(page, CARD)
    yield page, folder
    page.close()


def test_a_draft_is_filled_in_by_keyboard_alone_until_nothing_is_open(lab):
    page, folder = lab
    page.screenshot(path=pictures() / "cards-draft.png")
    page.locator('.wb-cards [aria-current="true"]').focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    tab_to(page, "change")  # from the list over the button below it
    type_on = page.keyboard.type
    type_on("show doubles before anything is saved, which is better")
    saved(page)
    page.locator(".hc-finding", has_text="“Better” cannot be seen.").wait_for()
    page.keyboard.press("Shift+Home")
    type_on("show doubles side by side before anything is saved")
    page.keyboard.press("Enter")
    type_on("new teams that bring 50 customers or more")
    page.keyboard.press("Enter")  # the metric, which comes from the quarter
    page.keyboard.press("Enter")
    type_on("30 %")
    page.keyboard.press("Tab")  # rises, from the quarter as well
    page.keyboard.press("Tab")
    type_on("+3 %")
    question = page.locator(".hc-question")
    question.get_by_text("“+3 %” can mean two things. Which one?").wait_for()
    assert question.get_by_text("30 % to 33 %").is_visible()
    assert question.get_by_text("30 % to 30.9 %").is_visible()
    assert only_record(folder).unit is None
    page.screenshot(path=pictures() / "cards-which-one.png")
    page.keyboard.press("Tab")
    type_on("26 Feb")
    page.locator(".hc-finding", has_text="“26 Feb” is no day.").wait_for()
    page.keyboard.press("Control+a")
    type_on("2027-02-26")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # points
    page.keyboard.press("ArrowDown")  # relative
    page.keyboard.press("ArrowUp")
    page.locator(".hc-question:not(.hc-asked)").wait_for()
    page.keyboard.press("Tab")
    type_on("1,500/week")
    page.locator(".hc-reading", has_text="3,762 customers with the change, and as many without").wait_for()
    page.keyboard.press("Tab")  # how many there are, which nobody has to say
    page.keyboard.press("Tab")  # the reason
    type_on("half of them gave up over doubles")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # the button that adds a guardrail
    type_on("Import errors")
    page.keyboard.press("Enter")
    type_on("few")
    page.locator(".hc-finding", has_text="The limit has no number.").wait_for()
    page.keyboard.press("Control+a")
    type_on("at most 2 in 1,000")
    tab_to(page, "slice")  # over the cross, what else is offered, and the button
    type_on("CSV files only, ten teams")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Add a line to log"
    page.keyboard.press("Enter")
    type_on("who saw the doubles, and when")
    tab_to(page, "decision_rule")  # over the cross, what is offered to be logged, and the button
    type_on("Ship at +3 points, stop below +1, otherwise two more weeks")
    saved(page)
    page.get_by_text("All 9 parts can be tested.").wait_for()
    record = only_record(folder)
    assert not [finding for finding in check_hypothesis(record) if finding.blocks]
    shown = {
        node.get_attribute("data-field"): node.input_value()
        for node in page.locator(".hc-middle [data-field]:is(textarea, select)").all()
    }
    written = {name: getattr(record, name) or "" for name in shown} | {"size": "+3 %"}
    assert shown == written
    assert (record.unit, record.size, [str(rail) for rail in record.guardrails]) == (
        "points",
        "3",
        ["Import errors: at most 2 in 1,000"],
    )
    page.keyboard.press("Tab")
    type_on("70")
    page.keyboard.press("Tab")  # over the start
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".hc-acts [aria-pressed=true]", has_text="Ready to test").wait_for()
    saved(page)
    assert only_record(folder).status == "ready"
    page.screenshot(path=pictures() / "cards-ready.png")


def test_what_was_typed_while_no_kernel_answered_is_saved_when_the_cell_has_run_again(lab):
    page, folder = lab
    before = page.locator(CARD).inner_text()
    page.get_by_role("textbox", name="Your own reason").fill("half of them gave up")
    saved(page)
    restart_kernel(page)
    page.get_by_role("textbox", name="Thin slice").fill("CSV files only, for twenty teams")
    status(page, "What you typed is kept in this window, and saved when you run this cell again.")
    head = page.locator(".hc-head").bounding_box()
    top = page.locator(".jp-WindowedPanel-outer").bounding_box()["y"]
    assert top <= head["y"] < top + 80, "in sight, however far down one types"
    page.screenshot(path=pictures() / "cards-no-kernel.png")
    run_all(page, CARD)
    page.locator('[data-field="slice"]').first.wait_for()
    status(page, "Saved")
    saved(page)
    assert page.locator(".wb-cards").count() == 1
    assert only_record(folder).slice == "CSV files only, for twenty teams"
    assert page.get_by_role("textbox", name="Thin slice").input_value() == "CSV files only, for twenty teams"
    eventually(page, lambda: page.locator(CARD).inner_text(), before)  # all else is as it was


def test_by_tab_from_the_selected_cell_on_all_of_it_is_reached_and_the_focus_is_seen_while_the_disk_changes(lab):
    page, folder = lab
    page.locator(".jp-Cell .jp-InputPrompt").first.click()
    page.keyboard.press("Escape")
    for _ in range(12):  # over the cell's own toolbar
        page.keyboard.press("Tab")
        if focused(page):
            break
    assert focused(page).startswith("card ")
    page.keyboard.press("Shift+Tab")
    stops = walk_by_tab(page)
    names = [name for name, _ in stops]
    assert {"New hypothesis", "change", "deadline", "because", "decision_rule", "Add a note"} <= set(names)
    assert [name for name, seen in stops if not seen] == []
    page.get_by_role("textbox", name="Thin slice").focus()
    total = page.locator(".hc-counted b").inner_text().split(" of ")[1]
    add_call(folder, "elan", "! Pulled postcodes out of the list by hand before the import")
    counted(page, f"of {int(total) + 1} customers")
    assert focused(page) == "slice"


def test_the_picture_left_behind_hides_while_the_cards_live(lab):
    page, _ = lab
    assert page.locator(".wb-still").count() == 1
    assert not page.locator(".wb-still").is_visible()


def test_dark_and_narrow_and_nothing_serious_for_axe(lab):
    page, _ = lab
    assert serious_violations(page, ".wb-cards") == []
    choose_theme(page, light=False)
    page.screenshot(path=pictures() / "cards-dark.png")
    assert serious_violations(page, ".wb-cards") == []
    choose_theme(page, light=True)
    page.set_viewport_size({"width": 760, "height": 1250})
    # JupyterLab follows its window a moment later.
    wide = "root => root.scrollWidth - root.clientWidth"
    eventually(page, lambda: page.locator(".wb-cards").evaluate(wide) <= 0)
    page.screenshot(path=pictures() / "cards-narrow.png")


def test_it_is_started_closed_with_a_learning_card_and_stands_there_after_a_restart(lab):
    page, folder = lab
    page.set_viewport_size({"width": 1500, "height": 1250})
    page.get_by_role("textbox", name="Owner").fill("Ines Calloway")
    saved(page)
    page.get_by_role("button", name="Start the test").focus()
    page.keyboard.press("Enter")
    page.locator(".hc-state-now", has_text="The test runs").wait_for()
    saved(page)
    assert focused(page) == "close"
    record = only_record(folder)
    assert (record.status, record.made, record.started, record.owner) == ("running", TODAY, TODAY, "Ines Calloway")
    assert [str(one) for one in record.confidence] == [f"{TODAY}: 70 %"]
    assert page.get_by_role("textbox", name="Decide").evaluate("node => node.readOnly")
    page.get_by_role("button", name="Close the test").focus()
    page.keyboard.press("Enter")
    learnt = (
        "31.1 %, 1,172 of 3,770",
        "doubles stop them",
        "they stop one page later",
        "it is the waiting",
        "we look at that",
    )
    for words in learnt:
        page.keyboard.type(words)
        page.keyboard.press("Enter")
    saved(page)
    page.get_by_role("button", name="Refuted").focus()
    page.keyboard.press("Enter")
    page.locator(".hc-state-now", has_text="Refuted").wait_for()
    saved(page)
    page.locator(".hc-sure-said", has_text="Brier score 0.49").wait_for()
    page.screenshot(path=pictures() / "cards-closed-in-lab.png")
    (file,) = (folder / "discovery" / "hypotheses").glob("*.md")
    text = file.read_text("utf-8")
    restart_kernel(page)
    run_all(page, CARD)
    page.locator(".hc-choice", has_text="Refuted").click()
    for name, words in zip(("Measured", "We believed", "We observed", "We learned", "Therefore"), learnt, strict=True):
        assert page.get_by_role("textbox", name=name).input_value() == words
    assert file.read_text("utf-8") == text
    record = only_record(folder)
    assert (record.status, record.closed) == ("refuted", TODAY)
    by_hand = create_record(
        folder, "hypothesis", id="H-0ddba1",
        **{name: getattr(record, name) for name in KINDS["hypothesis"].fields if name not in ("id", "guardrails", "size")},
        size="+3 %", guardrails=[str(rail) for rail in record.guardrails], theme_notes=list_of(text, "theme_notes"),
        traffic=record.traffic, logging=list(record.logging), confidence=[str(one) for one in record.confidence], started=TODAY, agreed=list_of(text, "agreed"),
        result=record.result, believed=record.believed, observed=record.observed, learned=record.learned,
        therefore=record.therefore, closed=TODAY,
    )  # fmt: skip
    assert by_hand.read_text("utf-8").replace("H-0ddba1", record.id) == text
    by_hand.unlink()


def list_of(text, name):
    return split_front_matter(split_lines(text), "")[0].values[name]


# On a bare page


@pytest.fixture
def study(make_workspace):
    """Four calls about two things, of which one customer says the opposite."""
    calls = {
        f"2026-11-{10 + i}-{name}.md": f"---\ncustomer: {name.title()}\nwho: Jo Poe, ops lead\n---\n"
        + "".join(f"- {row}\n" for row in rows)
        for i, (name, rows) in enumerate(CALLS.items())
    }
    folder = make_workspace(calls, registry="customers: {}\n")
    quarter = '---\nmetric: "Activation: share of teams that send an invoice in 7 days"\ndirection: up\n---\n'
    (folder / "discovery" / "quarter.md").write_text(quarter, "utf-8")
    return folder


@pytest.fixture
def open_cards(browser):
    """A function that opens a workspace's cards on a bare page."""
    pages = []

    def open(folder, width=1280, height=1150, shown=CARD, widget=None, **options):
        page = browser.new_page(viewport={"width": width, "height": height})
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        pages.append((page, errors))
        page.route("http://cards.test/", lambda route: route.fulfill(body="", content_type="text/html"))
        page.goto("http://cards.test/")  # a page from nowhere has no session to keep unsaved text in
        widget = widget or HypothesisCards(folder)
        stage(page, widget, **options)
        page.locator(shown).wait_for()
        return page, widget

    yield open
    for page, errors in pages:
        page.close()
        assert errors == []


def write_record(folder, text, name="H-3fa9c1-x.md"):
    file = folder / "discovery" / "hypotheses" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def counts(folder):
    record = only_record(folder)
    return len(record.evidence), len(record.against)


def test_evidence_goes_over_and_out_by_keyboard_and_comes_back(open_cards, study):
    page, _ = open_cards(study)
    first, second = (page.locator('[data-side="evidence"] .hc-note').nth(i).get_attribute("data-note") for i in (0, 1))
    page.locator('[data-side="evidence"] .hc-note').first.focus()
    page.keyboard.press("Enter")
    saved(page)
    n_for, n_against = counts(study)
    assert only_record(study).against[-1] == first
    assert page.evaluate("document.activeElement.dataset.note") == second, "the focus goes to the next note"
    page.keyboard.press("Delete")
    saved(page)
    assert counts(study) == (n_for - 1, n_against)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    saved(page)
    assert counts(study) == (n_for + 1, n_against - 1)
    assert only_record(study).evidence[:2] == (first, second), "in their old places"


def test_evidence_is_dragged_over_out_and_in(open_cards, study):
    page, _ = open_cards(study)

    def drag(source, target, escape=False):
        page.locator(source).scroll_into_view_if_needed()
        start = page.locator(source).bounding_box()
        page.mouse.move(start["x"] + 30, start["y"] + 8)
        page.mouse.down()
        page.mouse.move(start["x"] + 40, start["y"] + 30, steps=3)
        end = page.locator(target).bounding_box()
        page.mouse.move(end["x"] + 60, end["y"] + 20, steps=5)
        if escape:
            page.keyboard.press("Escape")
        else:
            page.screenshot(path=pictures() / "cards-drag.png")
        page.mouse.up()

    note = '[data-side="evidence"] .hc-note >> nth=1'
    drag(note, '[data-side="against"]')
    saved(page)
    n_for, n_against = counts(study)
    drag(note, '[data-side="against"]', escape=True)
    drag(note, '[data-side="out"]')
    saved(page)
    assert counts(study) == (n_for - 1, n_against), "Escape changed nothing"
    page.get_by_role("button", name="Add a note").click()
    page.locator(".hc-result").first.wait_for()
    drag(".hc-result >> nth=0", '[data-side="against"]')
    saved(page)
    assert counts(study) == (n_for - 1, n_against + 1)


def test_a_finger_drags_by_the_grip_and_scrolls_elsewhere(open_cards, study):
    page, _ = open_cards(study)
    touch = """([selector, target]) => {
      const node = document.querySelector(selector);
      const to = document.querySelector(target).getBoundingClientRect();
      const from = node.getBoundingClientRect();
      const send = (type, x, y) => node.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 7, pointerType: "touch", isPrimary: true, clientX: x, clientY: y }));
      node.closest(".hc-note").setPointerCapture = () => {};
      send("pointerdown", from.x + 2, from.y + 4);
      send("pointermove", from.x + 20, from.y + 40);
      send("pointermove", to.x + 40, to.y + 20);
      send("pointerup", to.x + 40, to.y + 20);
    }"""
    side = '[data-side="evidence"] .hc-note:nth-child(2)'
    page.evaluate(touch, [f"{side} .hc-words", '[data-side="against"]'])
    assert read_study(study).hypotheses == []
    page.evaluate(touch, [f"{side} .hc-grip", '[data-side="against"]'])
    saved(page)
    assert counts(study)[1] == 1


def test_a_note_is_found_and_added_by_keyboard_near_ones_first(open_cards, study):
    page, _ = open_cards(study)
    page.get_by_role("button", name="Add a note").focus()
    page.keyboard.press("Enter")
    page.locator(".hc-results .hc-note").first.wait_for()
    page.keyboard.type("fax")
    page.locator(".hc-add [role=status]", has_text="2 notes, the nearest").wait_for()
    found = [node.get_attribute("data-note") for node in page.locator(".hc-result").all()]
    page.screenshot(path=pictures() / "cards-search.png", full_page=True)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    saved(page)
    page.keyboard.press("Shift+Enter")
    saved(page)
    record = only_record(study)
    assert (record.evidence[-1], record.against[-1]) == (found[0], found[1])
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "Add a note"


def test_looked_for_and_none_found_is_recorded(open_cards, study):
    page, _ = open_cards(study)
    page.locator(".hc-finding", has_text="Nothing said against it yet.").wait_for()
    page.get_by_label("Looked for, none found").focus()
    page.keyboard.press("Space")
    saved(page)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", only_record(study).looked_for_against)
    assert page.get_by_label("Looked for, none found").is_checked()
    page.locator(".hc-finding", has_text="Nothing said against it yet.").wait_for(state="detached")
    assert page.evaluate("document.activeElement.type") == "checkbox"


def test_guardrails_come_and_go_and_come_back(open_cards, study):
    page, _ = open_cards(study)
    for name in ("Errors", "Complaints"):
        page.get_by_role("button", name="Add a guardrail").click()
        page.keyboard.type(name)
    saved(page)
    page.get_by_label("Limit of guardrail 2").fill("at most 11: a week")
    page.get_by_role("button", name="Take out guardrail 1").click()
    saved(page)
    assert [str(rail) for rail in only_record(study).guardrails] == ["Complaints: at most 11:a week"]
    page.get_by_role("button", name="Undo: Guardrail “Errors” taken out").click()
    saved(page)
    assert [rail.name for rail in only_record(study).guardrails] == ["Errors", "Complaints"]
    assert page.get_by_label("Name of guardrail 1").input_value() == "Errors"


def test_a_hypothesis_is_dropped_never_deleted_and_taken_up_again(open_cards, study):
    page, _ = open_cards(study)
    page.get_by_role("button", name="Drop this hypothesis").click()
    saved(page)
    assert only_record(study).status == "dropped"
    page.get_by_text("Dropped (1)").click()
    page.screenshot(path=pictures() / "cards-dropped.png")
    page.get_by_role("button", name="Undo: Hypothesis dropped").click()
    saved(page)
    assert only_record(study).status == "draft"


def test_a_draft_of_another_theme_is_offered_and_opened(open_cards, study):
    page, _ = open_cards(study)
    page.get_by_text("New hypothesis").click()
    page.screenshot(path=pictures() / "cards-new.png")
    page.get_by_role("button", name="Without a theme").click()
    page.locator('.hc-list [aria-current="true"]', has_text="A hypothesis of your own").wait_for()
    page.keyboard.type("ask on day one")
    saved(page)
    assert (only_record(study).change, only_record(study).evidence) == ("ask on day one", ())


def test_two_who_change_one_field_see_both_texts_and_choose(open_cards, study):
    file = write_record(study, "---\nid: H-3fa9c1\nslice: one template\n---\n")
    page, _ = open_cards(study)
    field = page.get_by_role("textbox", name="Thin slice")
    file.write_text("---\nid: H-3fa9c1\nslice: two teams\n---\n", "utf-8")
    field.fill("ten teams")
    page.get_by_text("Somebody else has changed this too.").wait_for()
    page.screenshot(path=pictures() / "cards-conflict.png")
    assert "slice: two teams" in file.read_text("utf-8")
    assert field.input_value() == "ten teams"
    page.get_by_role("button", name="Keep mine").click()
    saved(page)
    assert "slice: ten teams" in file.read_text("utf-8")
    file.write_text("---\nid: H-3fa9c1\nslice: three teams\n---\n", "utf-8")
    field.fill("four teams")
    page.get_by_role("button", name="Take theirs").click()
    page.wait_for_function("document.querySelector('[data-field=slice]').value === 'three teams'")
    assert "slice: three teams" in file.read_text("utf-8")


def test_two_windows_on_one_draft_make_one_file_and_show_the_same(open_cards, study):
    one, widget = open_cards(study)
    tell_one = widget.send
    other, _ = open_cards(study, widget=widget)
    tell_other = widget.send
    widget.send = lambda message, buffers=None: (tell_one(message), tell_other(message))
    one.get_by_role("textbox", name="Thin slice").fill("one template")
    saved(one)
    other.get_by_role("textbox", name="Your own reason").fill("they said so")  # it has not heard that this is a file
    saved(other)
    one.get_by_role("textbox", name="If we").fill("match columns")
    saved(one)
    other.get_by_role("textbox", name="Decide").fill("stop")
    saved(other)
    record = only_record(study)
    assert (record.slice, record.because, record.change) == ("one template", "they said so", "match columns")
    assert one.get_by_role("textbox", name="Your own reason").input_value() == "they said so"
    assert other.get_by_role("textbox", name="If we").input_value() == "match columns"


def test_a_full_disk_keeps_the_text_says_so_in_red_and_tries_again(open_cards, study, monkeypatch):
    page, _ = open_cards(study)
    with monkeypatch.context() as patch:
        patch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        page.get_by_role("textbox", name="If we").fill("match columns")
        status(page, "Not saved: the disk is full")
        page.locator('[data-part="change"]').get_by_text("Not on disk yet.").wait_for()
        page.screenshot(path=pictures() / "cards-not-saved.png")
        page.get_by_role("textbox", name="If we").press_sequentially(" first")
        assert page.locator(".hc-status.wb-bad").is_visible()
    saved(page)
    assert only_record(study).change == "match columns first"


def test_a_file_that_was_removed_is_made_again_when_asked(open_cards, study):
    file = write_record(study, "---\nid: H-3fa9c1\nslice: one template\n---\n")
    page, _ = open_cards(study)
    file.unlink()
    page.get_by_role("textbox", name="If we").fill("match columns")
    page.get_by_role("button", name="Save it as a file again").click()
    saved(page)
    assert (only_record(study).change, only_record(study).slice) == ("match columns", "one template")


def test_an_answer_never_changes_what_is_being_typed(open_cards, study):
    page, widget = open_cards(study)
    field = page.get_by_role("textbox", name="If we")
    field.press_sequentially("match  columns and then ", delay=40)
    saved(page)
    assert field.input_value() == "match  columns and then "
    field.press_sequentially("save")
    field.blur()
    saved(page)
    assert only_record(study).change == "match columns and then save"
    field.press("Control+z")
    undone = field.input_value()
    assert len(undone) < len("match  columns and then save"), "undo in a field is the browser's own"
    saved(page)
    assert only_record(study).change == (" ".join(undone.split()) or None)


def test_right_to_left_emoji_and_long_texts_stay_in_their_place(open_cards, study):
    word = "ohneEndeundohneLücke" * 12
    write_record(
        study,
        f"---\nid: H-3fa9c1\nchange: אם נציג כפילויות לפני השמירה 🧾\nsegment: {word}\nmetric: 'תשלום ראשון'\n"
        f"slice: '<img src=x onerror=alert(1)> 👩🏽‍🚀'\nguardrails: ['{word}: {word}']\n---\n",
    )
    for width in (320, 3840):
        page, _ = open_cards(study, width=width)
        page.screenshot(path=pictures() / f"cards-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator(".wb-cards img").count() == 0
    assert serious_violations(page, "#stage") == []


def test_what_to_do_where_there_is_nothing_yet(open_cards, make_workspace):
    page, _ = open_cards(make_workspace({}), shown=".hc-lead")
    assert page.get_by_text("No notes yet.").is_visible()
    page.screenshot(path=pictures() / "cards-empty.png")
    page.get_by_role("button", name="Write one of your own").click()
    page.get_by_role("textbox", name="If we").wait_for()
    broken = make_workspace({"2026-11-17-a.md": "- one"}, registry="customers: {a: 1", name="broken")
    page, _ = open_cards(broken, shown=".wb-bad", light=False)
    assert page.get_by_text("discovery/customers.yaml:").is_visible()
    page.screenshot(path=pictures() / "cards-trouble.png")
    assert serious_violations(page, "#stage") == []
    (broken / "discovery" / "customers.yaml").write_text("customers: {}\n", "utf-8")
    page.get_by_role("button", name="Read again").click()
    page.get_by_text("as soon as two customers").wait_for()


def test_while_it_is_read_and_when_no_kernel_answers_it_says_so(open_cards, study, monkeypatch):
    monkeypatch.setattr(HypothesisCards, "_hello", lambda *_: None)
    page, _ = open_cards(study, shown=".hc-loading")
    assert page.get_by_text("Reading the notes").is_visible()
    page.screenshot(path=pictures() / "cards-loading.png")


# What changes on disk while the cards are shown


def correct(folder, act, *names):
    """What a PM does on the board beside the cards."""
    study = read_study(folder)
    append_records(folder, act(find_themes(study.notes, study.ledger), *names, by="ana", date="2026-11-20"))


def add_call(folder, name, *rows):
    text = f"---\ncustomer: {name.title()}\n---\n" + "".join(f"- {row}\n" for row in rows)
    (folder / "interviews" / f"2026-11-20-{name}.md").write_text(text, "utf-8")


def focused(page):
    """Where the focus is, in words; empty when it is lost."""
    return page.evaluate(
        """() => {
          const node = document.activeElement;
          if (!node?.closest(".wb-cards")) return "";
          const { field, focus, note, rail } = node.dataset;
          return field || focus || note || rail || node.textContent.trim() || node.type || node.className;
        }"""
    )


def counted(page, words):
    page.locator(".hc-counted", has_text=words).wait_for()


def test_an_untouched_draft_follows_the_disk_and_says_so(open_cards, study):
    page, _ = open_cards(study)
    counted(page, "3 of 4 customers")
    page.get_by_role("textbox", name="Thin slice").focus()
    add_call(study, "elan", "! Import drops rows from the customer list")
    counted(page, "4 of 5 customers")
    assert page.locator('[data-side="evidence"]', has_text="4 of 5 customers").is_visible()
    assert page.locator('[data-side="evidence"] .hc-where', has_text="2026-11-20-elan.md").count() == 1
    assert page.locator(".hc-news", has_text="4 of 5 customers now, 3 of 4 before").is_visible()
    assert focused(page) == "slice"
    page.screenshot(path=pictures() / "cards-followed.png")
    last = page.locator('[data-side="evidence"] .hc-note').last
    last.focus()
    gone = last.get_attribute("data-note")
    correct(study, set_aside, [gone])
    page.locator(f'[data-side="evidence"] [data-note="{gone}"]').wait_for(state="detached")
    assert focused(page), "the focus goes to another note"
    assert read_study(study).hypotheses == []


def test_what_is_being_typed_is_not_overwritten_and_the_caret_stays(open_cards, study):
    file = write_record(study, "---\nid: H-3fa9c1\nslice: one template\n---\n")
    page, _ = open_cards(study)
    field = page.get_by_role("textbox", name="Thin slice")
    field.press("End")
    field.press_sequentially(" for ten")
    saved(page)
    file.write_text(file.read_text("utf-8").replace("one template for ten", "two templates"), "utf-8")
    add_call(study, "elan", "! Import drops rows from the customer list")
    page.locator('[data-key^="draft-"]', has_text="Draft").first.wait_for()
    page.get_by_text("New hypothesis").click()
    page.locator(".hc-theme", has_text="of 5").first.wait_for()  # the news has come
    page.get_by_text("New hypothesis").click()
    assert field.input_value() == "two templates", "nobody types there now"
    field.press("End")
    field.press_sequentially(" at")
    saved(page)
    file.write_text(file.read_text("utf-8").replace("two templates at", "three templates"), "utf-8")
    page.wait_for_timeout(3500)
    assert field.input_value() == "two templates at"
    assert (focused(page), field.evaluate("node => node.selectionStart")) == ("slice", len("two templates at"))
    field.press_sequentially(" last")
    page.get_by_text("Somebody else has changed this too.").wait_for()
    assert "slice: three templates" in file.read_text("utf-8")
    assert field.input_value() == "two templates at last"
    page.get_by_role("button", name="Keep mine").click()
    saved(page)
    assert only_record(study).slice == "two templates at last"


def test_a_draft_that_is_being_typed_into_when_its_theme_changes_keeps_its_text_and_becomes_the_newer_record(
    open_cards, study
):
    page, _ = open_cards(study)
    gone = page.locator('[data-side="evidence"] .hc-note').first.get_attribute("data-note")
    correct(study, set_aside, [gone])
    add_call(study, "elan", "! Import drops rows from the customer list")
    field = page.get_by_role("textbox", name="If we")
    field.press_sequentially("match columns", delay=60)
    saved(page)
    assert (field.input_value(), focused(page)) == ("match columns", "change")
    record = only_record(study)
    assert gone not in record.evidence
    assert [note for note in record.evidence if "elan" in note]


def test_what_left_the_theme_of_a_record_or_is_gone_is_marked_and_taken_out_by_hand_only(open_cards, study):
    page, _ = open_cards(study)
    page.get_by_role("textbox", name="If we").fill("match columns")
    saved(page)
    before = only_record(study).evidence
    aside = next(note for note in before if "bolt" in note)
    correct(study, set_aside, [aside])
    file = study / "interviews" / "2026-11-10-acme.md"
    file.write_text(file.read_text("utf-8").replace("Import drops rows", "Import eats rows"), "utf-8")
    note = page.locator(f'[data-side="evidence"] [data-note="{aside}"]')
    note.locator(".hc-apart", has_text="No longer in the theme").wait_for()
    assert page.locator(".hc-gone", has_text="Not found: reworded or removed").count() == 1
    assert only_record(study).evidence == before
    page.screenshot(path=pictures() / "cards-left.png")
    assert serious_violations(page, "#stage") == []
    page.get_by_role("button", name=re.compile("^Take (it|them) out$")).focus()
    page.keyboard.press("Enter")
    saved(page)
    assert aside not in only_record(study).evidence
    assert focused(page)
    page.keyboard.press("Control+z")
    saved(page)
    assert only_record(study).evidence == before, "and back to its place"


def test_new_notes_of_a_records_theme_are_added_or_left_by_keyboard(open_cards, study):
    page, _ = open_cards(study)
    page.get_by_role("textbox", name="If we").fill("match columns")
    saved(page)
    before = only_record(study)
    add_call(study, "elan", "! Import drops rows from the customer list", '"Rows are lost on every import of the list"')
    page.get_by_text("2 new notes in this theme:").wait_for()
    page.screenshot(path=pictures() / "cards-offer.png")
    assert serious_violations(page, "#stage") == []
    page.get_by_role("button", name="Leave them").focus()
    page.keyboard.press("Enter")
    saved(page)
    page.get_by_text("2 new notes in this theme:").wait_for(state="detached")
    assert only_record(study).evidence == before.evidence
    assert focused(page)
    page.keyboard.press("Control+z")
    saved(page)
    page.get_by_role("button", name="Add them").focus()
    page.keyboard.press("Enter")
    saved(page)
    assert len(only_record(study).evidence) == len(before.evidence) + 2
    counted(page, "4 of 5 customers")
    assert focused(page)
    page.reload()  # the page is another one
    other, _ = open_cards(study)
    assert other.get_by_text("in this theme:").count() == 0


def test_a_search_looks_at_the_disk_and_says_plainly_why_it_finds_nothing(open_cards, study):
    page, _ = open_cards(study)
    page.get_by_role("button", name="Add a note").click()
    page.locator(".hc-result").first.wait_for()
    add_call(study, "elan", "Sends a telegraph each month", "= They love the telegraph")
    page.keyboard.type("telegraph")
    about = page.locator(".hc-add [role=status]")
    page.locator(".hc-result", has_text="Sends a telegraph").wait_for()
    assert "Not listed: 1 take of your own; a take is never evidence." in about.inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    saved(page)
    page.locator(".hc-add [role=status]", has_text="All notes with “telegraph” (1) stand here already.").wait_for()
    assert focused(page) == "search"
    page.get_by_role("searchbox").fill("zebra")
    page.locator(".hc-add [role=status]", has_text="“zebra” is in none of the 13 notes on disk now.").wait_for()


def test_a_registry_that_breaks_is_said_over_the_cards_which_stay(open_cards, study):
    page, _ = open_cards(study)
    registry = study / "discovery" / "customers.yaml"
    registry.write_text("customers: {a: 1", "utf-8")
    page.locator(".hc-trouble", has_text="discovery/customers.yaml").wait_for()
    page.get_by_role("textbox", name="If we").fill("match columns")
    saved(page)
    registry.write_text("customers: {}\n", "utf-8")
    page.locator(".hc-trouble .wb-message").wait_for(state="detached")
    assert only_record(study).change == "match columns"


# The keyboard alone


def test_the_button_for_a_new_hypothesis_has_room_around_its_words_and_beside_the_list(open_cards, study):
    for width in (320, 900, 1280):
        page, _ = open_cards(study, width=width)
        page.get_by_text("New hypothesis").click()
        box = page.locator(".hc-new > summary").evaluate(
            """node => {
              const words = document.createRange();
              words.selectNodeContents(node);
              const [inner, outer] = [words.getBoundingClientRect(), node.getBoundingClientRect()];
              const list = node.closest(".hc-list").getBoundingClientRect();
              return [inner.left - outer.left, outer.right - inner.right, inner.top - outer.top, outer.bottom - inner.bottom,
                outer.top - node.closest(".hc-new").previousElementSibling.lastElementChild.getBoundingClientRect().bottom,
                node.nextElementSibling.getBoundingClientRect().top - outer.bottom, list.right - outer.right + 12];
            }"""
        )
        left, right, top, bottom, above, below, beside = box
        assert min(left, right, above, beside) >= 12, (width, box)
        assert min(top, bottom) >= 5, (width, box)
        assert below >= 8, (width, box)


def walk_by_tab(page, key="Tab", most=80):
    """Where the focus comes to by Tab alone, and whether it can be seen at each place."""
    stops = []
    for _ in range(most):
        page.keyboard.press(key)
        at = focused(page)
        if not at:
            break
        seen = page.evaluate(
            """() => {
              const node = document.activeElement;
              const style = getComputedStyle(node);
              const { top, bottom, width, height } = node.getBoundingClientRect();
              const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
              return ring && width > 0 && height > 0 && bottom > 0 && top < innerHeight;
            }"""
        )
        stops.append((at, seen))
    return stops


def test_every_control_is_reached_by_tab_from_the_first_on_and_the_focus_is_seen(open_cards, study):
    write_record(study, "---\nid: H-0ddba1\nstatus: dropped\n---\n", "H-0ddba1-x.md")
    page, _ = open_cards(study)
    stops = walk_by_tab(page)
    names = [name for name, _ in stops]
    for field in ("change", "segment", "metric", "baseline", "direction", "size", "deadline", "because", "guardrails"):
        assert field in names
    for words in (
        "New hypothesis",
        "Dropped (1)",
        "slice",
        "decision_rule",
        "drop",
        "looked_for_against",
        "Add a note",
    ):
        assert words in names
    assert [name for name, seen in stops if not seen] == []
    assert len(set(names)) == len(names)
    back = walk_by_tab(page, "Shift+Tab", most=len(names))
    assert [name for name, _ in reversed(back)] == names, "and backwards"


def test_the_focus_is_never_lost_whatever_is_done_by_keyboard(open_cards, study):
    page, _ = open_cards(study)

    def press(*keys):
        for key in keys:
            page.keyboard.press(key)
            page.wait_for_timeout(40)
            assert focused(page), keys

    press("Tab")
    assert focused(page).startswith("card ")
    press("ArrowDown", "ArrowUp", "Tab", "Enter")
    assert page.locator(".hc-new[open]").count() == 1
    press("Tab", "Tab", "Escape")
    assert (page.locator(".hc-new[open]").count(), focused(page)) == (0, "New hypothesis")
    press("Enter", "Tab", "Enter")  # a draft of the first theme
    assert focused(page) == "change"
    page.locator('[data-side="evidence"] .hc-note').first.focus()
    for _ in range(page.locator('[data-side="evidence"] .hc-note').count()):
        press("Delete")
    assert focused(page) == "Add a note"
    saved(page)
    press("Control+z", "Control+z")
    saved(page)
    page.locator('[data-side="evidence"] .hc-note').first.focus()
    press("Enter")
    page.locator('[data-side="against"] .hc-note').first.focus()
    press("Enter")
    assert page.locator('[data-side="against"] .hc-note').count() == 0
    saved(page)
    page.locator("button", has_text="Undo:").focus()
    for _ in range(20):
        press("Enter")
        if not focused(page).startswith("Undo"):
            break
    assert page.evaluate("document.activeElement.checkVisibility()"), "when there is nothing left to undo"
    page.get_by_role("button", name="Add a guardrail").focus()
    press("Enter", "Tab", "Tab", "Enter")
    assert focused(page) == "guardrails"
    page.locator("[data-focus=drop]").focus()
    press("Enter")
    saved(page)
    press("Enter")
    saved(page)
    page.get_by_role("button", name="Add a note").focus()
    press("Enter")
    page.locator(".hc-result").first.wait_for()
    press("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp")
    assert focused(page) == "search"
    press("Escape")
    assert focused(page) == "Add a note"


# From draft to result


FULL = """---
id: H-3fa9c1
status: {status}
made: 2026-11-17
owner: Ines Calloway
change: show doubles side by side before anything is saved
segment: new teams that bring 50 customers or more
metric: {metric}
baseline: {baseline}
direction: up
size: 3
unit: points
deadline: 2027-02-26
traffic: {traffic}
because: half of them gave up over doubles
guardrails:
  - "Import errors: at most 2 in 1,000"
slice: CSV files only, ten teams
logging: {logging}
decision_rule: Ship at +3 points, stop below +1, otherwise two more weeks
evidence: [{evidence}]
against: []
{more}---
"""
LOGGED = "[who has the change, teams that send a first invoice, import errors]"
SHARE = '"Activation: share of new teams that send a first invoice within 7 days"'
LEARNT = """started: 2026-11-20
closed: 2026-12-20
result: 32.1 %, 4,012 of 12,498
believed: doubles are what makes them give up
observed: they gave up at the same step, one page later
learned: it is the waiting, not the doubles
therefore: we stop here, and look at the waiting next
confidence:
  - 2026-11-17: 70 %
"""


@pytest.fixture
def open_record(open_cards, study):
    """A function that opens the cards, on a day, on a record in which nothing is open unless it is said; with its file."""
    notes = read_study(study).notes
    trouble = notes[notes["text"].str.contains("rows|Rows")]["note"]

    def open(status="draft", more="", metric=SHARE, baseline="30 %", traffic="1,500/week", logging=LOGGED, **options):
        text = FULL.format(
            status=status, more=more, logging=logging, metric=metric, baseline=baseline, traffic=traffic, evidence=", ".join(map(repr, trouble))
        )  # fmt: skip
        file = write_record(study, text)
        page, _ = open_cards(study, widget=HypothesisCards(study, today="2026-11-26"), **options)
        return page, file

    return open


def field(page, name):
    return page.locator(f'.hc-middle [data-field="{name}"]')


def picture(open_record, name, act=None, **record):
    """Pictures of a state in the light, in the dark and on a phone; axe finds nothing in any, and nothing sticks out."""
    looks = {"": {"light": True}, "-dark": {"light": False}, "-320": {"width": 320}}
    for look, options in looks.items():
        page, _ = open_record(**record, **options)
        page.locator(".hc-judge").wait_for(state="attached")
        if act:
            act(page)
        page.wait_for_timeout(600)
        page.screenshot(path=pictures() / f"cards-{name}{look}.png", full_page=True)
        assert serious_violations(page, "#stage") == []
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= options.get("width", 1280), look


def test_a_card_that_is_too_small_a_test_is_drawn_for_all(open_record):
    picture(open_record, "out-of-reach", traffic="3/week")


def test_a_closed_card_is_drawn_for_all(open_record):
    picture(open_record, "closed", status="refuted", more=LEARNT)


def test_a_card_that_is_being_closed_is_drawn_for_all(open_record):
    close = lambda page: page.get_by_role("button", name="Close the test").click()  # noqa: E731 - one act
    picture(open_record, "closing", close, status="running", more="started: 2026-11-20\n")


def test_a_draft_with_what_is_offered_is_drawn_for_all(open_cards, study):
    picture(lambda **options: open_cards(study, **options), "offered")


def test_an_owner_is_typed_and_the_day_is_written_when_a_draft_becomes_a_file(open_cards, study):
    page, _ = open_cards(study, widget=HypothesisCards(study, today="2026-11-26"))
    page.get_by_role("textbox", name="Owner").fill("Ines Calloway")
    saved(page)
    assert (only_record(study).owner, only_record(study).made) == ("Ines Calloway", "2026-11-26")
    page.get_by_text("written down 2026-11-26").wait_for()


def test_how_many_customers_a_test_takes_is_told_while_traffic_is_typed(open_record):
    page, file = open_record(traffic='""')
    rows = page.locator(".hc-reading")
    assert (
        rows.nth(0)
        .inner_text()
        .split("\n")[-1]
        .endswith("30 % to 33 %: 3,762 customers with the change, and as many without")
    )
    field(page, "traffic").fill("1,500 a week")
    saved(page)
    rows.filter(
        has_text="3,762 customers with the change, and as many without; 6 weeks; enough come until 2027-02-26"
    ).wait_for()
    rows.filter(
        has_text="41,041 customers with the change, and as many without; 55 weeks; too few come until 2027-02-26"
    ).wait_for()
    assert "traffic: 1,500 a week\n" in file.read_text("utf-8")
    field(page, "traffic").fill("a lot")
    page.get_by_text("Traffic “a lot” is no number of customers").wait_for()
    assert field(page, "traffic").get_attribute("aria-invalid") == "true"
    field(page, "traffic").fill("3/week")
    page.get_by_text("Too few for a test until 2027-02-26").wait_for()
    page.get_by_text("Watch five of them use it").wait_for()
    assert field(page, "traffic").get_attribute("aria-invalid") == "false"


def test_a_mean_asks_for_its_standard_deviation(open_record):
    page, _ = open_record(metric="minutes for the task", baseline="12 minutes")
    page.get_by_text("No standard deviation.").wait_for()
    page.get_by_role("textbox", name="Standard deviation").fill("6 minutes")
    page.locator(".hc-reading", has_text="64 customers with the change, and as many without").wait_for()
    page.get_by_text("No standard deviation.").wait_for(state="detached")


def test_a_metric_is_chosen_by_keyboard_and_what_is_missing_in_it_is_typed_over(open_record, study):
    page, _ = open_record(metric="Page views")
    page.locator(".hc-finding", has_text="“Page views” can rise while nobody is better off.").wait_for()
    page.screenshot(path=pictures() / "cards-vanity.png", full_page=True)
    page.get_by_text("Choose one of 25 metrics").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    page.screenshot(path=pictures() / "cards-metrics.png", full_page=True)
    page.keyboard.press("Enter")
    assert (
        field(page, "metric").input_value().startswith("Activation: share of new customers that [first act of worth]")
    )
    assert field(page, "metric").evaluate("node => node.value.slice(node.selectionStart, node.selectionEnd)") == (
        "[first act of worth]"
    )
    page.keyboard.type("send an invoice")
    saved(page)
    assert only_record(study).metric.startswith("Activation: share of new customers that send an invoice within")
    page.locator(".hc-finding", has_text="can rise while nobody").wait_for(state="detached")


def test_what_the_notes_offer_is_written_only_when_somebody_takes_it(open_cards, study):
    page, _ = open_cards(study)
    offer = page.locator('[data-part="because"] .hc-offer')
    offer.wait_for()
    words = offer.locator(".hc-offer-words").inner_text()
    assert re.search(r"\d{4}-\d\d-\d\d-\w+\.md:\d+", offer.inner_text()), "with its source"
    assert read_study(study).hypotheses == []
    offer.get_by_role("button").focus()
    page.keyboard.press("Enter")
    saved(page)
    assert (only_record(study).because, focused(page)) == (words, "because")
    offer.wait_for(state="detached")
    page.get_by_role("button", name="Undo: Words taken over").click()
    saved(page)
    assert only_record(study).because == ""
    rails = page.locator('[data-part="guardrails"] .hc-offer button')
    for n in (1, 2, 3):
        rails.first.click()
        saved(page)
        assert focused(page) == "limit"
        assert len(only_record(study).guardrails) == n
    assert rails.count() == 0, "three stand"
    names = [rail.name for rail in only_record(study).guardrails]
    assert len(set(names)) == 3
    page.screenshot(path=pictures() / "cards-guardrails.png", full_page=True)
    for i in range(3):
        cut = "node => node.scrollWidth > node.clientWidth || node.scrollHeight > node.clientHeight"
        assert not page.get_by_label(f"Name of guardrail {i + 1}").evaluate(cut), "a name is read whole"
    page.locator('[data-part="slice"] .hc-offer', has_text="Could you do that by hand").first.wait_for()
    page.locator('[data-part="slice"] .hc-offer button').first.click()
    assert (focused(page), field(page, "slice").input_value()) == ("slice", ""), "a question is no answer"


def test_who_may_say_the_opposite_is_judged_by_one_key_and_asked_once(open_record, study):
    page, _ = open_record()
    page.get_by_role("button", name="Leave them").click()
    saved(page)
    first = page.locator(".hc-maybe-row").first
    first.wait_for()
    note = first.get_attribute("data-maybe")
    assert "dune" in note
    assert "“was easy”" in first.inner_text()
    page.screenshot(path=pictures() / "cards-may-say-the-opposite.png", full_page=True)
    first.focus()
    page.keyboard.press("Enter")
    saved(page)
    assert only_record(study).against == (note,)
    assert focused(page)
    page.keyboard.press("Control+z")
    saved(page)
    assert only_record(study).against == ()
    page.locator(f'[data-maybe="{note}"]').focus()
    page.keyboard.press("Delete")
    saved(page)
    assert (only_record(study).against, only_record(study).not_against) == ((), (note,))
    assert focused(page)
    page.wait_for_timeout(600)
    assert page.locator(f'[data-maybe="{note}"]').count() == 0
    page.get_by_text("Looked at, not against it (1)").click()
    page.get_by_role("button", name="Ask again").click()
    saved(page)
    page.locator(f'[data-maybe="{note}"]').wait_for()
    assert only_record(study).not_against == ()


def test_a_start_says_what_is_open_and_locks_the_decision(open_record, study):
    page, file = open_record()
    field(page, "slice").fill("")
    page.get_by_text("The test cannot start yet. Still open: the thin slice.").wait_for()
    page.get_by_role("button", name="Start the test").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(400)
    assert only_record(study).status == "draft"
    field(page, "slice").fill("CSV files only")
    page.get_by_text("Starting locks what is to be shown, and how it is judged.").wait_for()
    page.get_by_role("button", name="Start the test").click()
    saved(page)
    assert (only_record(study).status, only_record(study).started) == ("running", "2026-11-26")
    assert field(page, "decision_rule").evaluate("node => node.readOnly")
    page.locator(".hc-choice", has_text="The test runs until 2027-02-26").wait_for()
    page.get_by_role("button", name="Undo: The test has started").click()
    saved(page)
    assert (only_record(study).status, only_record(study).started) == ("draft", None)
    text = file.read_text("utf-8")
    page.get_by_role("button", name="Start the test").click()
    saved(page)
    page.get_by_role("button", name="Set back to ready").click()
    saved(page)
    assert file.read_text("utf-8") == text.replace("status: draft", "status: ready")


def test_what_is_open_is_one_key_from_its_field_and_what_is_logged_is_written_by_keyboard(open_record, study):
    page, _ = open_record(logging="[]")
    said = page.locator(".hc-why")
    page.get_by_role("textbox", name="Owner").fill("")
    said.get_by_text("The test cannot start yet. Still open: what is logged first, the owner.").wait_for()
    assert page.get_by_text("All 9 parts can be tested. 2 things to settle.").is_visible()
    page.get_by_role("button", name="Start the test").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(400)
    assert only_record(study).status == "draft"
    said.get_by_role("button", name="the owner").focus()
    page.keyboard.press("Enter")
    assert focused(page) == "owner"
    page.keyboard.type("Ines Calloway")
    said.get_by_role("button", name="what is logged first").focus()
    page.keyboard.press("Enter")
    assert focused(page) == "logging"
    page.keyboard.press("Enter")
    page.keyboard.type("who saw the doubles, with the variant")
    said.get_by_text("Starting locks what is to be shown, and how it is judged.").wait_for()
    # "variant" says who has the change, so that is offered no longer once the kernel has read the last word
    offer = page.locator('[data-part="logging"] .hc-offer').first
    words = "Activation: share of new teams that send a first invoice within 7 days"
    offer.get_by_text(words, exact=True).wait_for()
    offer.get_by_role("button").click()
    saved(page)
    assert only_record(study).logging == ("who saw the doubles, with the variant", words)
    page.get_by_role("button", name="Take out line to log 1").click()
    saved(page)
    assert only_record(study).logging == (words,)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Undo: Line to log").click()
    saved(page)
    assert only_record(study).logging == ("who saw the doubles, with the variant", words)
    page.get_by_role("button", name="Start the test").click()
    saved(page)
    assert only_record(study).status == "running"


def test_what_was_begun_without_what_is_logged_says_so_beside_its_buttons(open_record):
    page, _ = open_record("running", more="started: 2026-11-20\n", logging="[]")
    page.locator(".hc-why", has_text="It is running without what is logged.").wait_for()
    page.locator('[data-part="logging"] .hc-finding', has_text="Nothing is logged yet.").wait_for()
    assert serious_violations(page, "#stage") == []


def test_a_family_is_called_a_guess_until_somebody_chooses_one(open_record, study):
    page, _ = open_record(metric='"Lists refused: share of lists"')
    page.get_by_text("A guess, from “refused”: a metric of quality and reliability.").wait_for()
    family = page.get_by_label("Family")
    assert family.evaluate("node => node.selectedOptions[0].textContent") == "As it reads: quality and reliability"
    family.select_option("activation")
    saved(page)
    page.get_by_text("A metric of activation, as you chose.").wait_for()
    assert only_record(study).family == "activation"
    page.get_by_text("Choose one of 25 metrics").click()
    page.get_by_role("button", name="Churn").click()
    saved(page)
    assert only_record(study).family is None, "it was chosen of another metric"
    page.get_by_role("button", name="Undo: Metric “Churn” chosen").click()
    saved(page)
    assert (only_record(study).metric, only_record(study).family) == ("Lists refused: share of lists", "activation")


def test_what_is_to_be_shown_is_locked_while_it_runs_and_says_so(open_record, study):
    page, file = open_record("ready")
    locked = ("change", "segment", "metric", "baseline", "size", "deadline", "decision_rule")
    closed = lambda name: field(page, name).first.evaluate("node => node.readOnly || node.disabled")  # noqa: E731
    assert not any(closed(name) for name in (*locked, "direction", "unit"))
    page.get_by_role("button", name="Start the test").click()
    saved(page)
    words = "Locked since the start on 2026-11-26; set the test back to change it."
    for part in ("change", "segment", "metric", "guardrails", "decision_rule"):
        assert page.locator(f'[data-part="{part}"] .hc-word').get_by_text(words).is_visible()
    assert all(closed(name) for name in (*locked, "direction", "unit"))
    assert page.get_by_label("Limit of guardrail 1").evaluate("node => node.readOnly")
    for gone in ("Add a guardrail", "Take out guardrail 1", "Choose the day in a calendar"):
        assert not page.get_by_role("button", name=gone).is_visible()
    assert not page.get_by_text("Choose one of 25 metrics").is_visible()
    before = file.read_text("utf-8")
    field(page, "baseline").focus()
    page.keyboard.type("9")
    assert page.locator(".hc-reading:visible .hc-reading-label").all_inner_texts() == ["+3 points"]
    page.wait_for_timeout(500)
    assert file.read_text("utf-8") == before
    assert serious_violations(page, "#stage") == []
    page.screenshot(path=pictures() / "cards-locked.png", full_page=True)
    field(page, "traffic").fill("60 a day")
    page.get_by_role("textbox", name="Owner").fill("Ben Ode")
    page.locator('[data-side="evidence"] .hc-note').first.focus()
    page.keyboard.press("Delete")
    saved(page)
    record = only_record(study)
    assert (record.traffic, record.owner) == ("60 a day", "Ben Ode")
    assert len(record.evidence) == before.count("#") - 1
    page.get_by_role("button", name="Set back to ready").click()
    saved(page)
    field(page, "baseline").fill("29 %")
    saved(page)
    assert only_record(study).baseline == "29 %"


def test_what_was_typed_while_another_window_started_the_test_is_refused_with_its_words(open_record, study):
    page, file = open_record("ready")
    text = file.read_text("utf-8").replace("status: ready", "status: running\nstarted: 2026-11-25")
    file.write_text(text, "utf-8")
    field(page, "baseline").fill("9 %")
    status(page, "Not saved: “9 %”. Locked since the start on 2026-11-25; set the test back to change it.")
    assert file.read_text("utf-8") == text


def test_what_the_quarter_knows_is_taken_over_by_one_click_and_taken_back(open_cards, study):
    quarter = study / "discovery" / "quarter.md"
    more = "direction: up\nbaseline: 30 %\nsize: 5\nunit: points\ndeadline: 2027-03-31\n"
    quarter.write_text(quarter.read_text("utf-8").replace("direction: up\n", more), "utf-8")
    page, _ = open_cards(study)
    offers = page.locator('[data-part="metric"] .hc-offer')
    offers.nth(2).wait_for()
    assert [offer.split("\n") for offer in offers.all_inner_texts()] == [
        ["Now: 30 %", "From your quarter.", "Take it over"],
        ["By how much: 5 points", "From your quarter.", "Take it over"],
        ["Until: 2027-03-31", "From your quarter.", "Take it over"],
    ]
    page.screenshot(path=pictures() / "cards-from-the-quarter.png", full_page=True)
    assert read_study(study).hypotheses == []
    page.get_by_role("button", name="Take it over: By how much 5 points").click()
    saved(page)
    record = only_record(study)
    assert (record.size, record.unit, focused(page)) == ("5", "points", "size")
    page.get_by_role("button", name="Undo: Words taken over").click()
    saved(page)
    assert (only_record(study).size, only_record(study).unit) == (None, None)
    for name in ("Now 30 %", "By how much 5 points", "Until 2027-03-31"):
        page.get_by_role("button", name=f"Take it over: {name}").click()
    saved(page)
    record = only_record(study)
    assert (record.baseline, record.size, record.unit, record.deadline) == ("30 %", "5", "points", "2027-03-31")
    assert offers.count() == 0


def test_the_key_that_says_no_to_the_last_one_takes_out_no_note(open_record, study):
    page, _ = open_record()
    page.get_by_role("button", name="Leave them").click()
    saved(page)
    page.locator(".hc-maybe-row").first.wait_for()
    page.locator('[data-side="evidence"] .hc-note').first.focus()
    page.keyboard.press("Enter")  # so that a note stands in Against
    saved(page)
    (note,) = only_record(study).against
    page.locator(".hc-maybe .hc-maybe-row").first.focus()
    for _ in range(20):
        page.keyboard.press("Delete")
        saved(page)
        page.wait_for_timeout(400)  # what may say the opposite is asked for anew
        if page.locator(".hc-maybe").count() == 0:
            break
    page.get_by_text("No other note that may say the opposite.").wait_for()
    assert focused(page) == "judged"
    page.keyboard.press("Delete")
    page.wait_for_timeout(400)
    assert only_record(study).against == (note,)
    assert focused(page) == "judged"


def test_a_closed_card_tells_what_was_needed_in_one_line(open_record):
    page, _ = open_record("refuted", LEARNT)
    page.get_by_text("Needed for +3 points (30 % to 33 %): 3,762 customers").wait_for()
    assert page.locator(".hc-finding:visible, .hc-reading:visible, .hc-size .wb-message").count() == 0
    assert not field(page, "traffic").is_visible()


def test_whether_it_is_saved_is_in_sight_at_the_foot_of_the_card(open_record):
    page, _ = open_record(height=500)
    field(page, "decision_rule").fill("Ship at +4")
    saved(page)
    box = page.locator(".hc-status").bounding_box()
    assert 0 <= box["y"] < 60
    assert page.evaluate("scrollY") > 300
    field(page, "deadline").focus()
    box, head = field(page, "deadline").bounding_box(), page.locator(".hc-head").bounding_box()
    assert box["y"] >= head["y"] + head["height"], "what has the focus is not behind it"


def test_a_report_in_the_same_notebook_leaves_the_cards_their_width_and_type(open_record):
    page, _ = open_record(width=1500)
    shown = """() => {
      const [middle, side] = [".hc-middle", ".hc-side"].map((name) => document.querySelector(name).getBoundingClientRect());
      return [side.left >= middle.right, middle.width, getComputedStyle(document.querySelector(".hc-said")).fontFamily];
    }"""
    before = page.evaluate(shown)
    assert before[0], "evidence stands at the right"
    html = "".join(
        "".join(output["data"].get("text/html", ""))
        for cell in code_cells(ROOT / "notebooks" / "tuesday-discovery.ipynb")
        for output in cell["outputs"]
        if "data" in output
    )
    (style, *_) = [text for text in re.findall("<style>(.*?)</style>", html, re.DOTALL) if "--paper" in text]
    page.add_style_tag(content=style)
    assert page.evaluate(shown) == before


def test_a_start_that_somebody_else_has_made_impossible_meanwhile_is_refused_in_words(open_record, study):
    page, file = open_record("ready")
    file.write_text(file.read_text("utf-8").replace("size: 3\n", ""), "utf-8")
    page.get_by_role("button", name="Start the test").click()
    status(page, "The test cannot start yet. Still open: by how much.")
    assert (only_record(study).status, only_record(study).started) == ("ready", None)
    assert page.locator(".hc-state-now", has_text="The test runs").count() == 0


def test_a_test_is_closed_with_a_full_learning_card_only_and_opened_again(open_record, study):
    page, file = open_record("running", "started: 2026-11-20\nconfidence:\n  - 2026-11-17: 70 %\n")
    assert not page.locator(".hc-learning").is_visible()
    page.get_by_role("button", name="Close the test").click()
    assert focused(page) == "result"
    page.locator('[data-part="believed"] .hc-offer button').click()
    saved(page)
    assert only_record(study).believed.startswith("If we show doubles side by side")
    for name in ("result", "observed", "learned"):
        field(page, name).fill(f"what {name}")
        saved(page)
    page.get_by_text("Before it is called supported or refuted, write what you do therefore.").wait_for()
    page.get_by_role("button", name="Supported").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(400)
    assert only_record(study).status == "running"
    field(page, "therefore").fill("we go on")
    saved(page)
    page.get_by_role("button", name="Supported").click()
    saved(page)
    assert (only_record(study).status, only_record(study).closed) == ("supported", "2026-11-26")
    page.locator(
        ".hc-sure-said", has_text="You said 70 % on 2026-11-17, and it was supported: Brier score 0.09"
    ).wait_for()
    page.get_by_role("button", name="Open it again").click()
    saved(page)
    record = only_record(study)
    assert (record.status, record.closed, record.therefore) == ("running", None, "we go on")
    assert page.locator(".hc-learning").is_visible()


def test_a_hypothesis_that_is_dropped_asks_why(open_record, study):
    page, _ = open_record("running", "started: 2026-11-20\n")
    page.get_by_role("button", name="Drop this hypothesis").click()
    page.keyboard.type("too few teams bring lists at all")
    saved(page)
    record = only_record(study)
    assert (record.status, record.closed, record.learned) == (
        "dropped",
        "2026-11-26",
        "too few teams bring lists at all",
    )
    page.screenshot(path=pictures() / "cards-dropped-why.png", full_page=True)
    assert not field(page, "observed").is_visible()
    page.get_by_role("button", name="Take it up again").click()
    saved(page)
    record = only_record(study)
    assert (record.status, record.closed, record.learned) == ("running", None, "too few teams bring lists at all")


def test_confidence_is_one_line_a_day_and_no_number_beyond_is_kept(open_record, study):
    page, _ = open_record(more="confidence:\n  - 2026-11-17: 70 %\n")
    sure = page.get_by_role("spinbutton", name="How sure are you?")
    assert (sure.input_value(), page.locator(".hc-sure-said").inner_text()) == ("", "Last: 70 % on 2026-11-17.")
    sure.focus()
    page.keyboard.type("6")
    saved(page)
    page.keyboard.type("0")
    page.locator(".hc-sure-said", has_text="Last: 60 % on 2026-11-26.").wait_for()
    page.keyboard.press("ArrowUp")
    page.locator(".hc-sure-said", has_text="Last: 65 % on 2026-11-26.").wait_for()
    saved(page)
    assert [str(one) for one in only_record(study).confidence] == ["2026-11-17: 70 %", "2026-11-26: 65 %"]
    sure.fill("650")
    page.locator(".hc-sure-said", has_text="Write a number from 0 to 100.").wait_for()
    page.wait_for_timeout(500)
    assert [one.percent for one in only_record(study).confidence] == [70, 65]
    sure.fill("")
    page.locator(".hc-sure-said", has_text="Last: 70 % on 2026-11-17.").wait_for()
    saved(page)
    assert [one.percent for one in only_record(study).confidence] == [70]


def test_a_running_test_whose_day_has_come_says_so(open_record, open_cards, study):
    _, file = open_record("running", "started: 2026-11-20\n")
    page, _ = open_cards(study, widget=HypothesisCards(study, today="2027-02-26"))
    page.get_by_text("You wanted to look on 2027-02-26, and that day has come.").wait_for()
