"""Live capture in a bare page whose wire to the kernel is held in the hand: messages late, lost, twice, from several views."""

import json
import os

import pytest
from stage import PAGE

from workbench.widgets import Capture

START = """async ([script, name]) => {
  window.desk ??= { out: {}, listeners: {}, close: {} };
  const el = document.body.appendChild(document.createElement("div"));
  el.id = name;
  desk.out[name] = [];
  desk.listeners[name] = [];
  const model = {
    get: () => undefined, set: () => {}, save_changes: () => {}, off: () => {},
    on: (_, listener) => desk.listeners[name].push(listener),
    send: (message) => void desk.out[name].push(JSON.parse(JSON.stringify(message))),
  };
  const module = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  desk.close[name] = await module.default.render({ model, el });
}"""


class Desk:
    """Views of one or several captures in one page. Nothing is carried between them and Python but by hand."""

    def __init__(self, page, capture):
        self.page, self.captures, self.errors = page, {}, []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.route("http://desk.test/*", lambda route: route.fulfill(body="<html></html>", content_type="text/html"))
        page.clock.install()
        self.load(capture)

    def load(self, capture):
        """Open the page, or open it again as a reload does: what is in the tab's storage stays."""
        self.page.goto("http://desk.test/")
        self.page.set_content(PAGE.format(light="true", style=capture._css))
        self.captures.clear()

    def open(self, capture, name="one", *, carry=True):
        """Draw a view."""
        self.captures[name] = capture
        self.page.evaluate(START, [str(capture._esm), name])
        if carry:
            self.carry()
        return self.page.locator(f"#{name}")

    def close(self, name):
        self.page.evaluate("name => { desk.close[name](); document.getElementById(name).remove(); }", name)

    def sent(self, name="one"):
        """Take what a view has sent off the wire."""
        return self.page.evaluate("name => desk.out[name].splice(0)", name)

    def receive(self, messages, name="one"):
        """Let the kernel obey; gives what it says to all views."""
        answers, capture = [], self.captures[name]
        capture.send = lambda message, buffers=None: answers.append(json.loads(json.dumps(message)))
        for message in messages:
            capture._receive(capture, message, [])
        return answers

    def tell(self, answers, capture):
        names = [name for name, one in self.captures.items() if one is capture]
        self.page.evaluate(
            "([answers, names]) => answers.forEach(answer => names.forEach(name => desk.listeners[name].forEach(hear => hear(answer))))",
            [answers, names],
        )

    def carry(self, *names):
        """Carry to and fro until all is said."""
        for _ in range(30):
            said = False
            for name in names or list(self.captures):
                if messages := self.sent(name):
                    self.tell(self.receive(messages, name), self.captures[name])
                    said = True
            if not said:
                return

    def settle(self, *names, wait=300):
        """Let the view's own delay pass, then carry."""
        self.wait(wait)
        self.carry(*names)

    def wait(self, ms):
        """Let the page's own clock run on."""
        self.page.clock.run_for(ms)


@pytest.fixture
def work(make_workspace):
    return make_workspace({})


@pytest.fixture
def desk(browser, work):
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    desk = Desk(context.new_page(), Capture(work, today="2026-11-17"))
    yield desk
    context.close()
    assert desk.errors == []


def new(work):
    return Capture(work, today="2026-11-17")


def body(work, file=None):
    """The notes of the one call, as they are on disk."""
    paths = [work / file] if file else sorted((work / "interviews").glob("*.md"))
    assert len(paths) == 1, paths
    return paths[0].read_text("utf-8").split("---\n", 2)[2].splitlines()


def type_note(desk, view, words, enter=True):
    view.locator(".wb-entry").focus()
    desk.page.keyboard.insert_text(words)
    if enter:
        desk.page.keyboard.press("Enter")


def set_customer(desk, view, name):
    view.get_by_role("combobox", name="Customer").fill(name)
    desk.page.keyboard.press("Enter")
    desk.settle()


def rows(view):
    return view.locator(".wb-note .wb-words").all_inner_texts()


def fill_disk(patch):
    patch.setattr(os, "fsync", lambda fd: (_ for _ in ()).throw(OSError(28, "No space left on device")))


# Messages that get lost, come twice, or late


def test_a_batch_that_was_lost_is_sent_again_though_a_later_one_came_through(desk, work):
    view = desk.open(new(work))
    type_note(desk, view, "Lost on the way")
    assert desk.sent()
    type_note(desk, view, "Came through")
    desk.settle()
    desk.settle(wait=6500)
    assert sorted(body(work)) == ["- Came through", "- Lost on the way"]


def test_what_was_learned_is_sent_again_too(desk, work):
    view = desk.open(new(work))
    type_note(desk, view, "One")
    desk.settle()
    view.get_by_role("button", name="End the call").click()
    desk.carry()
    view.get_by_label("What did we learn").fill("It is the bank")
    desk.page.keyboard.press("Enter")
    assert desk.sent()
    desk.settle(wait=6500)
    assert body(work) == ["- One", "- = It is the bank #learned"]


def test_a_batch_that_comes_twice_is_obeyed_once(desk, work):
    view = desk.open(new(work))
    type_note(desk, view, "One")
    type_note(desk, view, "Two")
    desk.settle()
    view.locator(".wb-note").last.focus()
    desk.page.keyboard.press("Delete")
    view.get_by_role("button", name="Undo").click()
    messages = desk.sent()
    answers = desk.receive(messages + messages)
    desk.tell(answers, desk.captures["one"])
    desk.carry()
    assert body(work) == ["- One", "- Two"]
    assert rows(view) == ["One", "Two"]


def test_a_first_message_that_comes_again_late_lets_nothing_be_obeyed_twice(desk, work):
    view = desk.open(new(work), carry=False)
    hello = desk.sent()
    desk.tell(desk.receive(hello), desk.captures["one"])
    type_note(desk, view, "One")
    desk.wait(300)
    messages = desk.sent()
    desk.receive(messages)
    (path,) = (work / "interviews").glob("*.md")
    path.write_text(path.read_text("utf-8").replace("One", "One of theirs"), "utf-8")
    desk.tell(desk.receive(hello + messages + hello), desk.captures["one"])
    type_note(desk, view, "Two")
    desk.settle()
    assert body(work) == ["- One of theirs", "- Two"]


def test_an_answer_that_was_lost_leaves_no_view_behind(desk, work):
    view = desk.open(new(work))
    type_note(desk, view, "One")
    desk.settle()
    (path,) = (work / "interviews").glob("*.md")
    path.write_text(path.read_text("utf-8") + "- From elsewhere\n", "utf-8")
    desk.receive([{"kind": "look"}])
    type_note(desk, view, "Two")
    desk.settle()
    assert sorted(rows(view)) == ["From elsewhere", "One", "Two"]


def test_a_question_stays_ticked_off_while_an_earlier_answer_arrives(desk, work):
    (work / "discovery").mkdir(exist_ok=True)
    (work / "discovery" / "guide.md").write_text("# Guide\n\n- What do you do by hand?\n- What did it cost?\n", "utf-8")
    view = desk.open(new(work))
    ticks = view.locator(".wb-guide input")

    def ticked():
        return [ticks.nth(i).is_checked() for i in range(ticks.count())], view.locator(".wb-asked").count()

    type_note(desk, view, "One")
    desk.wait(300)
    earlier = desk.receive(desk.sent())
    ticks.first.click()
    desk.tell(earlier, desk.captures["one"])
    assert ticked() == ([True, False], 1)
    later = desk.receive(desk.sent())
    ticks.first.click()
    desk.tell(later, desk.captures["one"])
    assert ticked() == ([False, False], 0)
    # Once all is answered, what the kernel says holds; and what was ticked off in one call is not so in the next.
    desk.settle()
    assert ticked() == ([False, False], 0)
    desk.receive([{"kind": "asked", "question": desk.captures["one"]._read_guide()[1]["id"], "at": "00:05"}])
    type_note(desk, view, "Two")
    desk.settle()
    assert ticked() == ([False, True], 1)
    ticks.first.click()
    desk.tell(desk.receive([{"kind": "new"}]), desk.captures["one"])
    assert ticked() == ([False, False], 0)
    desk.settle()


def test_a_view_that_was_not_told_of_the_next_call_finds_it(desk, work):
    capture = new(work)
    one = desk.open(capture, "one")
    type_note(desk, one, "First")
    desk.settle()
    desk.receive([{"kind": "new"}])
    desk.receive([{"kind": "change", "changes": [{"kind": "put", "id": "x-1", "words": "Of the next"}]}])
    type_note(desk, one, "Second")
    desk.settle()
    assert rows(one) == ["Of the next"]
    texts = [path.read_text("utf-8").split("---\n", 2)[2] for path in sorted((work / "interviews").glob("*.md"))]
    assert texts == ["- Of the next\n", "- First\n- Second\n"]


def test_another_views_answer_confirms_nothing_of_this_one(desk, work):
    capture = new(work)
    one = desk.open(capture, "one")
    two = desk.open(capture, "two")
    type_note(desk, one, "Of the first")
    lost = desk.sent("one")
    assert lost
    for i in range(4):
        type_note(desk, two, f"Of the second {i}")
    desk.settle("two")
    desk.settle(wait=6500)
    assert "- Of the first" in body(work)


# Two at one call


def test_two_views_that_edit_one_note_keep_both_texts(desk, work):
    capture = new(work)
    one, two = desk.open(capture, "one"), desk.open(capture, "two")
    type_note(desk, one, "Base")
    desk.settle()
    for view, words in ((one, " of one"), (two, " of two")):
        view.locator(".wb-note .wb-words").click()
        desk.page.keyboard.press("End")
        desk.page.keyboard.insert_text(words)
        desk.page.keyboard.press("Enter")
    desk.settle()
    assert sorted(body(work)) == ["- Base of one", "- Base of two"]
    assert one.locator("[data-alert^=clash]", has_text="Base of two").count() == 1
    assert sorted(rows(one)) == sorted(rows(two)) == ["Base of one", "Base of two"]


@pytest.mark.parametrize("on", [" and mine", ""])
def test_what_came_from_elsewhere_into_a_note_being_edited_stays(desk, work, on):
    view = desk.open(new(work))
    type_note(desk, view, "Base")
    desk.settle()
    view.locator(".wb-note .wb-words").click()
    (path,) = (work / "interviews").glob("*.md")
    path.write_text(path.read_text("utf-8").replace("Base", "Base of theirs"), "utf-8")
    desk.tell(desk.receive([{"kind": "look"}]), desk.captures["one"])
    desk.page.keyboard.press("End")
    desk.page.keyboard.insert_text(on)
    desk.page.keyboard.press("Enter")
    desk.settle()
    assert body(work) == ["- Base of theirs", *(["- Base and mine"] if on else [])]
    assert rows(view) == ["Base of theirs", *(["Base and mine"] if on else [])]


def test_what_another_view_makes_of_the_line_being_typed_stays_beside_it(desk, work):
    capture = new(work)
    one, two = desk.open(capture, "one"), desk.open(capture, "two")
    type_note(desk, one, "Half a", enter=False)
    desk.settle()
    two.locator(".wb-note .wb-words").click()
    desk.page.keyboard.press("End")
    desk.page.keyboard.insert_text(" of theirs")
    desk.page.keyboard.press("Enter")
    desk.settle()
    one.locator(".wb-entry").focus()
    desk.page.keyboard.press("Enter")
    desk.settle()
    assert sorted(body(work)) == ["- Half a", "- Half a of theirs"]


def test_a_line_being_typed_that_another_view_takes_out_is_written_again(desk, work):
    capture = new(work)
    one, two = desk.open(capture, "one"), desk.open(capture, "two")
    type_note(desk, one, "Half a", enter=False)
    desk.settle()
    two.locator(".wb-note").focus()
    desk.page.keyboard.press("Delete")
    desk.settle("two")
    desk.settle()
    one.locator(".wb-entry").focus()
    desk.page.keyboard.press("Enter")
    desk.settle()
    assert body(work) == ["- Half a"]


def test_undo_takes_the_line_being_typed_back_in_the_window_too(desk, work):
    view = desk.open(new(work))
    type_note(desk, view, "One")
    desk.settle()
    type_note(desk, view, "Two", enter=False)
    desk.settle()
    view.get_by_role("button", name="Undo").click()
    desk.carry()
    assert view.locator(".wb-entry").input_value() == ""
    assert body(work) == ["- One"]
    type_note(desk, view, "Three")
    desk.settle()
    assert body(work) == ["- One", "- Three"]


def test_leaving_an_untouched_field_does_not_bring_its_old_words_back(desk, work):
    capture = new(work)
    one, two = desk.open(capture, "one"), desk.open(capture, "two")
    one.get_by_role("combobox", name="Customer").focus()
    answers = desk.receive(
        [{"kind": "change", "view": "x", "changes": [{"kind": "field", "name": "customer", "value": "Bolt"}]}]
    )
    desk.tell(answers, capture)
    two.locator(".wb-entry").focus()
    desk.settle()
    assert capture._call.text.fields["customer"] == "Bolt"
    assert one.get_by_role("combobox", name="Customer").input_value() == "Bolt"


def test_a_view_that_opens_disturbs_nobody_who_types_or_edits(desk, work):
    capture = new(work)
    one = desk.open(capture, "one")
    type_note(desk, one, "First")
    desk.settle()
    type_note(desk, one, "Half", enter=False)
    desk.open(capture, "two", carry=False)
    desk.carry("two")
    one.locator(".wb-entry").focus()
    desk.page.keyboard.press("Enter")
    assert one.locator(".wb-entry").input_value() == ""
    desk.settle()
    one.locator(".wb-note .wb-words").first.click()
    desk.page.keyboard.press("End")
    desk.page.keyboard.insert_text(" and")
    desk.open(capture, "three", carry=False)
    desk.carry("three")
    one.locator(".wb-edit").focus()
    desk.page.keyboard.press("End")
    desk.page.keyboard.insert_text(" more")
    desk.page.keyboard.press("Enter")
    desk.settle()
    assert body(work) == ["- First and more", "- Half"]
    assert rows(one) == ["First and more", "Half"]


def test_a_note_that_is_taken_out_while_it_is_edited_leaves_the_others_editable(desk, work):
    capture = new(work)
    one, two = desk.open(capture, "one"), desk.open(capture, "two")
    type_note(desk, one, "First")
    type_note(desk, one, "Second")
    desk.settle()
    one.locator(".wb-note .wb-words").first.click()
    desk.tell(
        desk.receive(
            [
                {"kind": "change", "changes": [{"kind": "drop", "id": line.id}]}
                for line in capture._call.text.lines()[:1]
            ]
        ),
        capture,
    )
    one.locator(".wb-note .wb-words", has_text="Second").click()
    desk.page.keyboard.press("End")
    desk.page.keyboard.insert_text(" more")
    desk.page.keyboard.press("Enter")
    desk.settle()
    assert body(work) == ["- Second more"]
    assert rows(two) == ["Second more"]


# From one call to the next


def test_what_was_learned_when_another_view_went_on_is_in_its_own_call(desk, work):
    capture = new(work)
    one = desk.open(capture, "one")
    set_customer(desk, one, "Bolt")
    type_note(desk, one, "First")
    desk.settle()
    one.get_by_role("button", name="End the call").click()
    desk.carry()
    one.get_by_label("What did we learn").focus()
    desk.page.keyboard.insert_text("It is the bank")
    answers = desk.receive([*desk.sent("one"), {"kind": "new", "call": capture._name}])
    desk.tell(answers, capture)
    desk.settle()
    assert body(work, "interviews/2026-11-17-bolt.md") == ["- First", "- = It is the bank #learned"]
    assert capture.file == ""


def test_what_was_typed_when_another_view_went_on_to_the_next_call_is_in_its_own(desk, work):
    capture = new(work)
    one, two = desk.open(capture, "one"), desk.open(capture, "two")
    set_customer(desk, one, "Bolt")
    type_note(desk, one, "First")
    desk.settle()
    type_note(desk, one, "Late", enter=False)
    two.locator(".wb-calls").select_option("new")
    desk.carry("two")
    desk.settle()
    assert body(work, "interviews/2026-11-17-bolt.md") == ["- First", "- Late"]
    assert capture.file == ""
    assert rows(one) == rows(two) == []
    assert one.get_by_role("combobox", name="Customer").input_value() == ""


def test_a_call_whose_file_is_gone_is_not_left_with_the_words_that_are_nowhere_else(desk, work):
    capture = new(work)
    view = desk.open(capture)
    type_note(desk, view, "First")
    desk.settle()
    (path,) = (work / "interviews").glob("*.md")
    path.unlink()
    type_note(desk, view, "Nowhere else")
    desk.settle()
    view.locator(".wb-calls").select_option("new")
    desk.carry()
    assert rows(view) == ["First", "Nowhere else"]
    assert view.locator("[data-alert=refused]").count() == 1


# What the tab keeps


def test_an_offline_tab_that_is_reloaded_brings_its_words_back(desk, work):
    capture = new(work)
    view = desk.open(capture)
    type_note(desk, view, "First")
    desk.settle()
    type_note(desk, view, "Offline")
    view.locator(".wb-note .wb-words").first.click()
    desk.page.keyboard.press("End")
    desk.page.keyboard.insert_text(" and more")
    desk.wait(300)
    assert desk.sent()
    desk.load(capture)
    view = desk.open(capture)
    desk.settle()
    assert body(work) == ["- First and more", "- Offline"]
    assert rows(view) == ["First and more", "Offline"]
    desk.load(capture)
    desk.open(capture)
    desk.settle()
    assert body(work) == ["- First and more", "- Offline"], "and only once"


def test_words_for_a_call_that_was_left_are_kept_by_each_view_until_they_arrive(desk, work):
    capture = new(work)
    view = desk.open(capture)
    set_customer(desk, view, "Bolt")
    type_note(desk, view, "First")
    desk.settle()
    type_note(desk, view, "Late")
    desk.sent()
    desk.receive([{"kind": "new"}])
    for name in ("two", "three"):  # the first of them loses its messages as well
        desk.load(capture)
        desk.open(capture, name, carry=False)
        desk.tell(desk.receive(desk.sent(name), name), capture)
        if name == "two":
            assert desk.sent(name)
    desk.settle()
    assert body(work) == ["- First", "- Late"]


def test_what_a_full_disk_held_back_survives_the_cell_run_again(desk, work):
    view = desk.open(new(work))
    type_note(desk, view, "First")
    desk.settle()
    with pytest.MonkeyPatch.context() as patch:
        fill_disk(patch)
        type_note(desk, view, "Held back")
        desk.settle()
        assert body(work) == ["- First"]
    desk.close("one")
    del desk.captures["one"]
    desk.open(new(work), "two")
    desk.settle()
    assert body(work) == ["- First", "- Held back"]


def test_the_cell_run_again_in_mid_word_brings_nothing_in_twice(desk, work):
    old = new(work)
    view = desk.open(old)
    type_note(desk, view, "First")
    desk.settle()
    type_note(desk, view, "Half a se", enter=False)
    again = new(work)
    desk.close("one")
    desk.receive(desk.sent("one"), "one")
    view = desk.open(again, "two")
    desk.settle("two")
    assert body(work) == ["- First", "- Half a se"]
    assert rows(view) == ["First", "Half a se"]


def test_two_captures_in_one_tab_keep_their_words_apart(desk, work, make_workspace):
    other = make_workspace({}, name="other")
    one = desk.open(new(work), "one")
    type_note(desk, one, "First")
    desk.settle()
    type_note(desk, one, "Never arrived")
    desk.sent("one")
    two = desk.open(new(other), "two")
    type_note(desk, two, "Somebody else's")
    desk.settle("two")
    assert body(other) == ["- Somebody else's"]
    desk.close("one")
    desk.captures.pop("one")
    desk.open(new(work), "three")
    desk.settle("three")
    assert body(work) == ["- First", "- Never arrived"]
    assert body(other) == ["- Somebody else's"]


def test_words_of_another_call_are_brought_back_into_that_call_only(desk, work):
    old = new(work)
    view = desk.open(old)
    set_customer(desk, view, "Bolt")
    type_note(desk, view, "First")
    desk.settle()
    view.get_by_role("button", name="End the call").click()
    desk.carry()
    view.locator(".wb-note .wb-words").first.click()
    desk.page.keyboard.press("End")
    desk.page.keyboard.insert_text(" and an afterthought")
    desk.wait(300)
    desk.sent()
    desk.close("one")
    desk.captures.pop("one")
    view = desk.open(new(work), "two")
    desk.settle()
    assert [path.name for path in (work / "interviews").glob("*.md")] == ["2026-11-17-bolt.md"], "not into a new call"
    view.get_by_role("button", name="Open that call").click()
    desk.settle()
    assert body(work) == ["- First and an afterthought"]


def test_words_that_no_kernel_ever_answered_are_offered_to_the_next(desk, work):
    view = desk.open(new(work), carry=False)
    type_note(desk, view, "Into the void")
    desk.wait(300)
    desk.sent()
    desk.close("one")
    desk.captures.pop("one")
    view = desk.open(new(work), "two")
    view.get_by_role("button", name="Put into this call").click()
    desk.settle()
    assert body(work) == ["- Into the void"]


def test_fields_and_what_was_learned_come_back_too(desk, work):
    view = desk.open(new(work))
    type_note(desk, view, "First")
    desk.settle()
    view.get_by_role("combobox", name="Who").fill("Jo Poe")
    desk.page.keyboard.press("Enter")
    desk.wait(300)
    desk.sent()
    view.get_by_role("combobox", name="Customer").fill("Bol")
    desk.close("one")
    desk.captures.pop("one")
    desk.open(new(work), "two")
    desk.settle()
    (path,) = (work / "interviews").glob("*.md")
    assert "who: Jo Poe\n" in path.read_text("utf-8")
    assert "customer: Bol\n" in path.read_text("utf-8")


# Typing


def test_what_is_typed_before_the_kernel_speaks_is_in_the_call(desk, work):
    capture = new(work)
    view = desk.open(capture, carry=False)
    type_note(desk, view, "Early")
    type_note(desk, view, "Half a", enter=False)
    desk.wait(300)
    desk.carry()
    desk.page.keyboard.press("Enter")
    desk.settle()
    assert body(work) == ["- Early", "- Half a"]
    assert rows(view) == ["Early", "Half a"]


def test_hostile_words_typed_on_clash_with_nothing(desk, work, hostile_payloads):
    view, text = desk.open(new(work)), []
    for payload in hostile_payloads[:80]:
        for part in (payload[: len(payload) // 2 + 1], payload[len(payload) // 2 + 1 :]):
            type_note(desk, view, part, enter=False)
            desk.settle()
        desk.page.keyboard.press("Enter")
        text.append(payload)
    desk.settle()
    assert view.locator("[data-alert^=clash]").count() == 0
    assert len(body(work)) == len([payload for payload in text if payload.strip()])


def test_what_is_learned_is_on_disk_while_it_is_typed(desk, work):
    view = desk.open(new(work))
    type_note(desk, view, "First")
    desk.settle()
    view.get_by_role("button", name="End the call").click()
    desk.carry()
    view.get_by_label("What did we learn").focus()
    desk.page.keyboard.insert_text("It is the b")
    desk.settle(wait=500)
    assert body(work) == ["- First", "- = It is the b #learned"]


def test_a_field_half_typed_in_a_call_that_has_a_file_is_on_disk_within_the_second(desk, work):
    view = desk.open(new(work))
    type_note(desk, view, "First")
    desk.settle()
    view.get_by_role("combobox", name="Who").focus()
    desk.page.keyboard.insert_text("Jo")
    desk.settle(wait=850)
    (path,) = (work / "interviews").glob("*.md")
    assert "who: Jo\n" in path.read_text("utf-8")
    desk.page.keyboard.insert_text(" Poe")
    desk.page.keyboard.press("Enter")
    desk.settle()
    (path,) = (work / "interviews").glob("*.md")
    assert "who: Jo Poe\n" in path.read_text("utf-8")


def test_a_field_that_is_refused_takes_no_note_with_it(desk, work):
    view = desk.open(new(work))
    type_note(desk, view, "Kept all the same", enter=False)
    view.get_by_role("combobox", name="Who").fill("x" * 1001)
    desk.page.keyboard.press("Enter")
    desk.settle()
    assert body(work) == ["- Kept all the same"]
    assert view.locator("[data-alert=refused]").count() == 1


def test_enter_that_ends_a_composition_ends_no_field_and_no_note(desk, work):
    view = desk.open(new(work))
    customer = view.get_by_role("combobox", name="Customer")
    customer.focus()
    wire = desk.page.context.new_cdp_session(desk.page)
    wire.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    customer.evaluate(
        "node => node.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true, bubbles: true, cancelable: true }))"
    )
    assert customer.evaluate("node => node === document.activeElement")
    wire.send("Input.insertText", {"text": "日本"})
    desk.page.keyboard.press("Enter")
    entry = view.locator(".wb-entry")
    entry.focus()
    wire.send("Input.imeSetComposition", {"text": "かいぎ", "selectionStart": 3, "selectionEnd": 3})
    desk.settle()
    entry.evaluate(
        "node => node.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true }))"
    )
    assert entry.input_value() == "かいぎ"
    wire.send("Input.insertText", {"text": "会議"})
    desk.page.keyboard.press("Enter")
    desk.settle()
    assert body(work) == ["- 会議"]
    assert desk.captures["one"]._call.text.fields["customer"] == "日本"


def test_a_paste_while_the_kernel_is_silent_comes_through_once(desk, work):
    view = desk.open(new(work))
    type_note(desk, view, "Before: ", enter=False)
    view.locator(".wb-entry").evaluate(
        """entry => {
            const data = new DataTransfer();
            data.setData("text/plain", Array.from({ length: 5000 }, (_, i) => `Line ${i}`).join("\\n"));
            entry.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    type_note(desk, view, "And on")
    desk.wait(8500)
    desk.carry()
    assert body(work) == ["- Before: Line 0", *(f"- Line {i}" for i in range(1, 5000)), "- And on"]
    assert view.locator(".wb-note").count() == 5001
    type_note(desk, view, "Still quick", enter=False)
    desk.settle()
    assert body(work)[-1] == "- Still quick"
