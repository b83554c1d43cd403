"""The forms in a browser, on a bare page: what a PM types by keyboard alone, each state and each slip."""

import errno
import re

import pytest
from lab import eventually, open_notebook, pictures, restart_kernel, run_all, serious_violations, write_notebook
from stage import stage

from workbench.record_files import create_record, read_records, update_record
from workbench.widgets import DecisionForm, FridayForm, MondayForm, QuarterForm, SliceForm, record_form

TODAY = "2026-11-16"
WEEK = "discovery/weeks/2026-W47.md"
CALLS = {
    "2026-11-10-acme.md": "---\ncustomer: Acme\ndate: 2026-11-10\nconsent: quote\n---\n- ! Import drops rows\n",
    "2026-11-10-bolt.md": "---\ncustomer: Bolt\ndate: 2026-11-10\nconsent: quote\n---\n- ! Import of the list drops rows\n",
}


@pytest.fixture
def study(make_workspace):
    return make_workspace(CALLS, registry="customers: {}\n")


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """What is worked out beside the typing is worked out at once, since a bare page hears answers only."""
    monkeypatch.setattr(record_form, "work_out", lambda work: work())


@pytest.fixture
def open_form(browser):
    """A function that opens a form on a bare page, in a browser that keeps what pages leave behind."""
    context, pages = browser.new_context(), []

    def open(form, width=1240, height=1000, light=True):
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        pages.append(errors)
        page.route("http://forms.test/", lambda route: route.fulfill(body="", content_type="text/html"))
        page.goto("http://forms.test/")  # a page from nowhere has no store to keep unsaved text in
        stage(page, form, light=light)
        page.locator(".wb-form .hc-fields, .wb-form .hc-lead").first.wait_for()
        return page

    yield open
    context.close()
    assert pages and not any(pages), pages


def saved(page):
    """Wait until what was typed is on disk; the words are not enough, since an earlier save says so too."""
    kept = "Object.keys(localStorage).some((name) => name.startsWith('workbench-form') && !name.endsWith('spare'))"
    page.wait_for_function(f"!({kept})")
    page.locator(".hc-status", has_text=re.compile(r"Saved \d\d:\d\d:\d\d")).wait_for()


def part(page, field):
    return page.locator(f'.hc-row[data-part="{field}"]')


def lines(page, field):
    return [node.input_value() for node in part(page, field).locator("textarea").all()]


def focused(page):
    return page.evaluate("[document.activeElement.dataset.field, document.activeElement.value]")


def week(folder):
    return read_records(folder).weeks[0]


def test_a_week_is_begun_by_keyboard_alone_and_a_third_outcome_is_neither_taken_nor_lost(open_form, study):
    page = open_form(MondayForm(study, today=TODAY))
    keys = page.keyboard
    part(page, "outcomes").locator("textarea").focus()
    for words in ("The import test is decided on", "The copy test runs", "The list is clean"):
        keys.type(words)
        keys.press("Enter")
    part(page, "outcomes").locator(".wb-message", has_text="two outcomes, no more").wait_for()
    assert focused(page)[0] == "metrics", "behind one too many there is no other"
    saved(page)
    assert week(study).outcomes == ("The import test is decided on", "The copy test runs")
    assert "The list is clean" in lines(page, "outcomes")
    part(page, "outcomes").locator(".rf-tally", has_text="2 of 2, no more").wait_for()
    page.screenshot(path=pictures() / "form-third-outcome.png")
    page.close()
    page = open_form(MondayForm(study, today=TODAY))
    assert lines(page, "outcomes")[2] == "The list is clean", "typed once, it is there though no file has it"
    page.get_by_role("button", name="Move it to Next").first.focus()
    page.keyboard.press("Enter")
    saved(page)
    assert week(study).next == ("The list is clean",)
    assert lines(page, "outcomes") == ["The import test is decided on", "The copy test runs"]


def test_one_too_many_belongs_to_its_week_says_since_when_it_waits_and_can_be_dropped_or_put_in(open_form, study):
    page = open_form(MondayForm(study, today=TODAY))
    keys = page.keyboard
    part(page, "outcomes").locator("textarea").focus()
    for words in ("One", "Two", "Three"):
        keys.type(words)
        keys.press("Enter")
    saved(page)
    page.close()
    page = open_form(MondayForm(study, "2026-W48", today="2026-11-23"))
    assert lines(page, "outcomes") == [""], "another week has nothing of it"
    page.get_by_role("button", name="The week before").click()
    notice = part(page, "outcomes").locator(".wb-message", has_text="You typed it on 2026-11-16.")
    notice.wait_for()
    assert lines(page, "outcomes") == ["One", "Two", "Three"]
    part(page, "outcomes").locator("textarea").last.focus()
    keys = page.keyboard
    keys.press("Tab")
    keys.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Drop it"
    keys.press("Enter")
    notice.wait_for(state="detached")
    assert focused(page)[0] == "outcomes"
    page.close()
    page = open_form(MondayForm(study, today=TODAY))
    assert lines(page, "outcomes") == ["One", "Two"]
    part(page, "outcomes").locator("textarea").last.focus()
    keys = page.keyboard
    keys.press("Enter")
    keys.type("Four")
    part(page, "outcomes").locator(".wb-message").wait_for()
    page.close()
    update_record(study, "2026-W47", outcomes=["One"])
    page = open_form(MondayForm(study, today=TODAY))
    part(page, "outcomes").get_by_text("There is room for it now").wait_for()
    page.get_by_role("button", name="Put it in").click()
    saved(page)
    assert week(study).outcomes == ("One", "Four")


def test_who_was_writing_in_another_week_is_told_so_and_goes_there_by_one_key(open_form, study):
    page = open_form(MondayForm(study, today=TODAY))
    page.get_by_role("button", name="The week after").click()
    page.get_by_role("heading", name="Monday, 2026-W48").wait_for()
    part(page, "metrics").locator("textarea").focus()
    page.keyboard.type("later")
    saved(page)
    page.close()
    page = open_form(MondayForm(study, today=TODAY))
    page.get_by_role("heading", name="Monday, 2026-W47").wait_for()
    page.locator(".rf-back", has_text="You were writing in 2026-W48.").wait_for()
    page.screenshot(path=pictures() / "form-way-back.png")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.textContent") != "Go there":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Monday, 2026-W48").wait_for()
    assert lines(page, "metrics") == ["later"]
    assert not page.locator(".rf-back").is_visible()
    page.close()
    page = open_form(FridayForm(study, today=TODAY))
    assert not page.locator(".rf-back").is_visible(), "each form knows where it was itself"
    page.close()
    page = open_form(MondayForm(study, today="2026-11-23"))
    assert not page.locator(".rf-back").is_visible(), "it opens there now by itself"
    page.close()
    page = open_form(MondayForm(study, today=TODAY))
    page.get_by_role("button", name="Stay here").click()
    assert focused(page)[0] == "outcomes"
    page.close()
    page = open_form(MondayForm(study, today=TODAY))
    assert not page.locator(".rf-back").is_visible(), "said once"


def test_who_was_writing_another_decision_than_the_one_that_is_needed_first_is_told_so(open_form, study):
    create_record(study, "decision", id="D-3fa9c1", title="Go?", due="2026-11-20")
    create_record(study, "decision", id="D-3fa9c2", title="Stay?", due="2026-12-20")
    page = open_form(DecisionForm(study, "D-3fa9c2", today=TODAY))
    part(page, "ask").locator("textarea").focus()
    page.keyboard.type("a week")
    saved(page)
    page.close()
    page = open_form(DecisionForm(study, today=TODAY))
    assert not page.locator(".rf-back").is_visible(), "the notebook had named it, and names none now"
    page.locator(".hc-choice", has_text="Stay?").click()
    page.locator("h3", has_text="Stay?").wait_for()
    part(page, "ask").locator("textarea").focus()
    page.keyboard.type("two or ")
    saved(page)
    page.close()
    page = open_form(DecisionForm(study, today=TODAY))
    page.locator(".rf-back", has_text="You were writing in D-3fa9c2, “Stay?”.").wait_for()
    page.get_by_role("button", name="Go there").click()
    page.locator("h3", has_text="Stay?").wait_for()


def test_what_no_kernel_took_in_another_week_is_saved_there_and_said(open_form, study):
    form = MondayForm(study, today=TODAY)
    page = open_form(form)
    page.get_by_role("button", name="The week after").click()
    page.get_by_role("heading", name="Monday, 2026-W48").wait_for()
    form._receive = lambda *_: None
    part(page, "metrics").locator("textarea").focus()
    page.keyboard.type("typed to nobody")
    page.locator(".hc-status", has_text="The kernel is not answering").wait_for()
    page.close()
    page = open_form(MondayForm(study, today=TODAY))
    page.locator(".rf-back", has_text="You were writing in 2026-W48.").wait_for()
    page.get_by_role("button", name="Go there").click()
    page.wait_for_function("document.querySelector('[data-field=metrics]').value === 'typed to nobody'")
    assert [(one.id, one.metrics) for one in read_records(study).weeks] == [("2026-W48", ("typed to nobody",))]


def test_from_another_week_this_week_is_one_button_away(open_form, study):
    page = open_form(MondayForm(study, "2026-W40", today=TODAY))
    page.get_by_role("button", name="This week").click()
    page.get_by_role("heading", name="Monday, 2026-W47").wait_for()
    assert page.get_by_role("button", name="This week").count() == 0


def test_a_plan_for_two_weeks_is_chosen_and_the_second_says_what_it_has_from_the_first(open_form, study):
    page = open_form(MondayForm(study, today=TODAY))
    part(page, "planned").locator("textarea").focus()
    page.keyboard.type("ten lists")
    part(page, "cadence").locator("select").focus()
    page.keyboard.type("two")
    saved(page)
    assert (week(study).planned, week(study).cadence) == (("ten lists",), 2)
    page.get_by_role("button", name="The week after").click()
    page.get_by_role("heading", name="Monday, 2026-W48").wait_for()
    part(page, "planned").locator(".rf-tally", has_text="1 taken on in 2026-W47, until 2026-W48").wait_for()
    page.close()
    page = open_form(FridayForm(study, "2026-W48", today="2026-11-27"))
    offer = part(page, "finished").locator(".rf-offer", has_text="ten lists")
    offer.wait_for()
    assert "taken on until 2026-W48" in offer.inner_text()


def test_any_note_is_found_by_words_and_speaks_for_a_decision_or_against_it(open_form, study):
    (study / "interviews" / "2026-11-12-core.md").write_text(
        "---\ncustomer: Core\ndate: 2026-11-12\nconsent: quote\n---\n- Fax numbers go in as they are\n- = Fax is dying\n",
        "utf-8",
    )
    create_record(study, "decision", id="D-3fa9c1", title="Go?")
    page = open_form(DecisionForm(study, today=TODAY))
    keys = page.keyboard
    page.get_by_role("button", name="Add a note").focus()
    keys.press("Enter")
    keys.type("rows drops")
    results = page.locator(".hc-result")
    page.wait_for_function("document.querySelectorAll('.hc-result').length === 2")
    keys.press("ArrowDown")
    keys.press("Enter")
    saved(page)
    page.wait_for_function("document.querySelectorAll('.hc-result').length === 1")
    page.get_by_label("Find a note").fill("fax")
    page.get_by_text("a take is never evidence").wait_for()
    page.wait_for_function("document.querySelectorAll('.hc-result').length === 1")
    results.first.focus()
    keys.press("Shift+Enter")
    saved(page)
    (decision,) = read_records(study).decisions
    assert [note.rpartition("#")[0] for note in decision.evidence] == ["2026-11-10-acme"]
    assert [note.rpartition("#")[0] for note in decision.against] == ["2026-11-12-core"]
    assert "Fax numbers go in" in part(page, "against").inner_text()
    page.locator(".hc-add .hc-keys", has_text="stand here already").wait_for()
    page.screenshot(path=pictures() / "form-decision-search.png", full_page=True)
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("document.querySelectorAll('[data-part=against] .rf-note').length === 0")
    saved(page)
    assert read_records(study).decisions[0].against == ()


def test_the_quarter_has_places_for_its_title_and_its_product(open_form, study):
    page = open_form(QuarterForm(study, today=TODAY))
    for field, words in (("title", "From sign-up to the first invoice"), ("product", "Tidewater")):
        part(page, field).locator("textarea").focus()
        page.keyboard.type(words)
    saved(page)
    quarter = read_records(study).quarter
    assert (quarter.title, quarter.product) == ("From sign-up to the first invoice", "Tidewater")


def test_lines_are_added_taken_out_moved_and_brought_back_by_keys(open_form, study):
    page = open_form(MondayForm(study, today=TODAY))
    keys = page.keyboard
    part(page, "planned").locator("textarea").focus()
    for words in ("one", "two", "three"):
        keys.type(words)
        keys.press("Enter")
    assert lines(page, "planned") == ["one", "two", "three", ""]
    keys.press("Backspace")
    assert focused(page) == ["planned", "three"]
    keys.press("Alt+ArrowUp")
    keys.press("Alt+ArrowUp")
    saved(page)
    assert week(study).planned == ("three", "one", "two")
    assert focused(page) == ["planned", "three"], "the line that moves keeps the focus"
    page.get_by_role("button", name="Take out 2 of Planned").click()
    saved(page)
    assert week(study).planned == ("three", "two")
    page.get_by_role("button", name="Undo").click()
    saved(page)
    assert week(study).planned == ("three", "one", "two")
    part(page, "planned").locator("textarea").last.focus()
    page.evaluate(
        """() => { const data = new DataTransfer(); data.setData("text/plain", " a\\n- b\\n\\nc");
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })); }"""
    )
    saved(page)
    assert week(study).planned == ("three", "one", "twoa", "- b", "c")
    keys.press("End")
    keys.press("Enter")
    keys.press("Enter")  # an empty line ends the list
    assert focused(page)[0] == "cadence"
    keys.press("Tab")
    assert focused(page)[0] == "blockers"
    keys.type("row numbers in the import log")
    keys.press("Enter")
    keys.type("Jonas Weir, 2026-12-04")
    saved(page)
    assert week(study).blockers == (("row numbers in the import log", "Jonas Weir, 2026-12-04"),)


def test_an_offer_is_taken_by_one_key_and_goes_by_another(open_form, study):
    page = open_form(MondayForm(study, today=TODAY))
    offer = part(page, "touchpoints").get_by_role("button", name="Take it: Acme")
    offer.wait_for()
    offer.focus()
    page.keyboard.press("Enter")
    saved(page)
    assert week(study).touchpoints == ("Acme",)
    offer.wait_for(state="detached")
    page.keyboard.press("Control+z")
    offer.wait_for()
    saved(page)
    assert week(study).touchpoints == ()


def test_what_an_offer_leaves_open_is_typed_on_at_once(open_form, study):
    (study / "discovery" / "quarter.md").write_text('---\nmetric: "Activation: share of teams"\n---\n', "utf-8")
    page = open_form(MondayForm(study, today=TODAY))
    offer = part(page, "metrics").get_by_role("button", name="Take it: Activation:")
    offer.focus()
    page.keyboard.press("Enter")
    page.keyboard.type(" 31 %")
    saved(page)
    assert week(study).metrics == ("Activation: 31 %",)
    offer.wait_for(state="detached")


def test_a_customer_who_comes_in_on_disk_is_offered_and_what_is_typed_meanwhile_stays(open_form, study):
    page = open_form(MondayForm(study, today=TODAY))
    part(page, "touchpoints").get_by_role("button", name="Take it: Bolt").wait_for()
    part(page, "risks").locator("textarea").focus()
    page.keyboard.type("two new")
    text = "---\ncustomer: Core\ndate: 2026-11-11\n---\n- ! Import drops rows\n"
    (study / "interviews" / "2026-11-11-core.md").write_text(text, "utf-8")
    part(page, "touchpoints").get_by_role("button", name="Take it: Core").wait_for()
    assert focused(page) == ["risks", "two new"]
    update_record(study, "2026-W47", risks=["two new", "somebody else’s"])
    page.wait_for_function("[...document.querySelectorAll('[data-field=risks]')].length === 2")
    assert focused(page) == ["risks", "two new"]
    page.keyboard.type(" customers")
    saved(page)
    assert set(week(study).risks) == {"two new customers", "somebody else’s"}


def test_text_that_somebody_else_has_changed_too_is_asked_about(open_form, study):
    create_record(study, "hypothesis", id="H-3fa9c1", change="match columns", slice="CSV only")
    page = open_form(SliceForm(study, today=TODAY))
    node = part(page, "slice").locator("textarea")
    node.focus()
    page.keyboard.press("End")
    page.keyboard.type(", ten teams")
    saved(page)
    page.evaluate("document.querySelector('[data-field=slice]').dispatchEvent(new Event('input'))")
    update_record(study, "H-3fa9c1", slice="CSV and Excel")
    page.keyboard.type(" at most")
    question = part(page, "slice").locator(".wb-message", has_text="Somebody else has changed this too.")
    question.wait_for()
    assert "CSV and Excel" in question.inner_text()
    question.get_by_role("button", name="Keep mine").click()
    saved(page)
    assert read_records(study).hypotheses[0].slice == "CSV only, ten teams at most"


def test_what_no_kernel_took_is_saved_when_the_form_is_opened_again_in_another_tab(open_form, study):
    form = MondayForm(study, today=TODAY)
    page = open_form(form)
    form._receive = lambda *_: None
    part(page, "metrics").locator("textarea").focus()
    page.keyboard.type("Activation: 31 %")
    page.locator(".hc-status", has_text="The kernel is not answering").wait_for()
    assert not (study / WEEK).exists()
    page.close()
    page = open_form(MondayForm(study, today=TODAY))
    saved(page)
    assert week(study).metrics == ("Activation: 31 %",)
    assert lines(page, "metrics") == ["Activation: 31 %"]


def test_a_full_disk_is_said_and_tried_again(open_form, study, monkeypatch):
    page = open_form(MondayForm(study, today=TODAY))
    full = lambda *_, **__: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left on device"))  # noqa: E731
    with monkeypatch.context() as patch:
        patch.setattr("workbench.save.os.fsync", full)
        part(page, "metrics").locator("textarea").focus()
        page.keyboard.type("Activation: 31 %")
        page.locator(".hc-status.wb-bad", has_text=re.compile("full|space")).wait_for()
        part(page, "metrics").locator(".hc-finding", has_text="Not on disk yet.").wait_for()
    saved(page)
    assert week(study).metrics == ("Activation: 31 %",)


def test_two_views_of_a_week_show_the_same(open_form, study):
    form = MondayForm(study, today=TODAY)
    first, second = open_form(form), open_form(FridayForm(study, today=TODAY))
    part(first, "next").locator("textarea").focus()
    first.keyboard.type("go through the log")
    saved(first)
    second.wait_for_function("document.querySelector('[data-field=next]').value === 'go through the log'")


def test_a_decision_is_proposed_decided_and_superseded(open_form, study):
    page = open_form(DecisionForm(study, today=TODAY))
    keys = page.keyboard
    part(page, "title").locator("textarea").focus()
    keys.type("Reader or template?")
    keys.press("Enter")
    saved(page)
    page.locator(".hc-file", has_text="-reader-or-template.md").wait_for()
    for field, words in (("options", ["Reader", "Do nothing"]), ("why", ["nobody asked"]), ("owner", ["Ines"])):
        part(page, field).locator("textarea").last.focus()
        for text in words:
            keys.type(text)
            keys.press("Enter")
    page.locator(
        ".rf-act", has_text="Before it can be decided: what is chosen, the day to look at it again."
    ).wait_for()
    part(page, "chosen").locator("select").select_option("Do nothing")
    part(page, "review").locator("textarea").fill("soon")
    part(page, "review").locator(".hc-finding", has_text="Review 'soon' is no day.").wait_for()
    part(page, "review").locator("textarea").fill("2027-01-15")
    page.get_by_role("button", name="Decide", exact=True).and_(page.locator(":not([aria-disabled])")).click()
    page.get_by_text("Once it is decided it stays as it is").wait_for()
    page.screenshot(path=pictures() / "form-decide.png")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Decide it anew").wait_for()
    (decision,) = read_records(study).decisions
    assert (decision.status, decision.chosen, decision.date) == ("decided", "Do nothing", TODAY)
    assert part(page, "why").locator("textarea").evaluate("node => node.readOnly")
    page.get_by_role("button", name="Decide it anew").click()
    page.wait_for_function("document.querySelectorAll('.hc-choice').length === 2")
    assert sorted(one.status for one in read_records(study).decisions) == ["decided", "proposed"]


def test_weeks_are_gone_through_and_each_keeps_its_own(open_form, study):
    page = open_form(MondayForm(study, today=TODAY))
    page.get_by_role("button", name="The week after").click()
    page.get_by_role("heading", name="Monday, 2026-W48").wait_for()
    part(page, "metrics").locator("textarea").focus()
    page.keyboard.type("later")
    page.get_by_role("button", name="The week before").click()
    page.get_by_role("heading", name="Monday, 2026-W47").wait_for()
    page.wait_for_function("document.querySelector('[data-field=metrics]').value === ''")
    page.get_by_role("button", name="The week after").click()
    page.wait_for_function("document.querySelector('[data-field=metrics]').value === 'later'")
    assert [(one.id, one.metrics) for one in read_records(study).weeks] == [("2026-W48", ("later",))]


def test_the_plan_is_copied_and_where_a_browser_refuses_it_is_selected(open_form, study):
    page = open_form(MondayForm(study, today=TODAY))
    part(page, "outcomes").locator("textarea").focus()
    page.keyboard.type("The import test is decided on")
    saved(page)
    page.get_by_role("button", name="Copy").wait_for()
    page.locator(".rf-text", has_text="The import test is decided on").wait_for(state="attached")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })")
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("Selected: press Ctrl+C").wait_for()
    assert "The import test is decided on" in page.evaluate("String(getSelection())")
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => (window.copied = text) } })"
    )
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("Copied").wait_for()
    assert "The import test is decided on" in page.evaluate("window.copied")


def test_hostile_long_and_many_are_shown_as_text_and_fit(open_form, study, hostile_payloads):
    texts = [*hostile_payloads, "طلب العميل تقريرا أسبوعيا", "x" * 1500]
    create_record(study, "week", week="2026-W47", planned=texts[:40], outcomes=texts[-2:], risks=texts, learned=texts)
    for i, text in enumerate(texts[:12]):
        create_record(study, "decision", id=f"D-{i:06x}", title=text, options=[text, "Do nothing"], risks=[text])
    for form in (MondayForm(study, today=TODAY), DecisionForm(study, today=TODAY)):
        page = open_form(form, width=320)
        page.locator(".hc-row").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.locator(".wb-form :is(script, img, iframe)").count() == 0
    assert page.locator(".hc-choice").count() == 12
    page.get_by_role("searchbox").fill("D-000003")
    page.wait_for_function("document.querySelectorAll('.hc-choice').length === 1")


@pytest.mark.parametrize("light", [True, False])
def test_nothing_serious_for_axe(open_form, study, light):
    create_record(
        study, "week", week="2026-W47", outcomes=["a", "b", "c"], learned=["from nowhere"], blockers=["log: Jonas"]
    )
    create_record(study, "hypothesis", id="H-3fa9c1", change="match columns")
    for form in (
        MondayForm(study, today=TODAY),
        SliceForm(study, today=TODAY),
        QuarterForm(study, today=TODAY),
        DecisionForm(study, today=TODAY),
    ):
        page = open_form(form, light=light)
        page.wait_for_function("!document.querySelector('.hc-loading')")
        assert serious_violations(page, ".wb-form") == []
        page.screenshot(
            path=pictures() / f"form-{type(form).__name__}-{'light' if light else 'dark'}.png", full_page=True
        )
        page.close()


def test_without_a_hypothesis_it_says_what_to_do_first(open_form, study):
    page = open_form(SliceForm(study, today=TODAY))
    page.get_by_text("No hypothesis yet. Write one on its card first").wait_for()


def test_in_jupyterlab_nothing_that_was_typed_is_lost_with_the_kernel(lab_page, lab_address, lab_folder):
    folder = lab_folder / "forms"
    (folder / "interviews").mkdir(parents=True)
    for name, text in CALLS.items():
        (folder / "interviews" / name).write_text(text, "utf-8")
    cell = 'from workbench.widgets import MondayForm\nMondayForm("..", "2026-W47")'
    write_notebook(folder / "notebooks" / "monday.ipynb", cell)
    page = lab_page(1300, 1000)
    open_notebook(page, lab_address, "forms/notebooks/monday.ipynb")
    run_all(page, ".wb-form .hc-fields")
    part(page, "outcomes").locator("textarea").click()
    page.keyboard.type("b d m a are letters here")
    page.keyboard.press("Enter")
    saved(page)
    assert week(folder).outcomes == ("b d m a are letters here",)
    restart_kernel(page)
    part(page, "outcomes").locator("textarea").last.click()
    page.keyboard.type("typed to nobody")
    page.locator(".hc-status", has_text="What you typed is kept").wait_for()
    page.screenshot(path=pictures() / "form-no-kernel.png")
    run_all(page, ".wb-form .hc-fields")
    saved(page)
    eventually(page, lambda: week(folder).outcomes, ("b d m a are letters here", "typed to nobody"))
    assert page.locator(".wb-form").count() == 1
    assert not page.locator(".wb-still").is_visible()
    part(page, "touchpoints").get_by_role("button", name="Take it: Acme").wait_for()
    page.get_by_role("button", name="The week after").click()
    page.get_by_role("heading", name="Monday, 2026-W48").wait_for()
    part(page, "metrics").locator("textarea").click()
    page.keyboard.type("written a week ahead")
    saved(page)
    restart_kernel(page)
    run_all(page, ".wb-form .rf-back button")
    page.get_by_role("heading", name="Monday, 2026-W47").wait_for()
    assert "You were writing in 2026-W48." in page.locator(".rf-back").inner_text()
    page.get_by_role("button", name="Go there").click()
    page.get_by_role("heading", name="Monday, 2026-W48").wait_for()
    eventually(page, lambda: lines(page, "metrics"), ["written a week ahead"])
    page.screenshot(path=pictures() / "form-in-lab.png")
