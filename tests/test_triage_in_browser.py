"""Triage in a bare page, its wire to the kernel held in the hand: by keyboard alone, with a kernel that is gone, from 360 px on."""

import json

import pytest
from lab import pictures, serious_violations
from test_capture_in_browser import Desk
from test_triage import FILE, FIRST, HEAD, SAID, SECOND, THIRD, fill, vtt

from workbench.triage import open_sheet
from workbench.widgets import Triage


@pytest.fixture
def work(make_workspace):
    folder = make_workspace({FILE.split("/")[1]: HEAD})
    fill(folder, vtt())
    return folder


@pytest.fixture
def desk(browser, work):
    context = browser.new_context(viewport={"width": 1240, "height": 900})
    desk = Desk(context.new_page(), Triage(work))
    yield desk
    context.close()
    assert desk.errors == []


def begin(desk, work, name="one", **options):
    view = desk.open(Triage(work, today="2026-11-20"), name, **options)
    settle(desk)
    return view


def settle(desk):
    """Let the page's clock run and carry, until nothing is said any more."""
    for _ in range(4):
        desk.settle(wait=200)


def press(desk, *keys):
    for key in keys:
        desk.page.keyboard.press(key)
    settle(desk)


def words(view):
    return view.locator(".tg-words").inner_text()


def notes(work):
    return [note.text for note in open_sheet(work, FILE).call.notes]


def go_to(desk, view, start):
    """Step to the sentence that begins so."""
    for _ in range(5):
        desk.page.keyboard.press("ArrowLeft")
    for _ in range(5):
        if words(view).startswith(start):
            return
        press(desk, "j")
    raise AssertionError(start)


def test_a_call_by_keyboard_alone(desk, work):
    view = begin(desk, work)
    assert view.locator(".tg-card").evaluate("node => node === document.activeElement"), "one can begin at once"
    assert view.locator(".tg-progress").inner_text() == "5 of 5 left"
    press(desk, "o")
    go_to(desk, view, FIRST)
    press(desk, "x")
    assert words(view) == f"{FIRST} {SECOND}"
    press(desk, "Shift+X")
    assert words(view) == FIRST
    press(desk, "k")
    assert notes(work) == [FIRST]
    assert words(view) == SECOND, "the next comes by itself"
    press(desk, "e", "3")
    desk.page.keyboard.type("Totals are redone by hand #tot")
    press(desk, "Tab", "Enter")
    assert (work / FILE).read_bytes().decode().endswith("- ~ Totals are redone by hand @00:05 #tot\r\n")
    press(desk, "d", "#")
    desk.page.keyboard.type("filters")
    press(desk, "Enter")
    assert (work / FILE).read_bytes().decode().endswith(f'- "{THIRD}" @01:10 #filters\r\n')
    assert view.locator(".tg-progress").inner_text().startswith("1 of 5 left, about ")
    press(desk, "d")
    assert view.locator(".tg-progress").inner_text() == "all 5 decided"
    before = (work / FILE).read_bytes()
    press(desk, "u", "Control+z")
    assert words(view) == THIRD
    assert THIRD not in notes(work)
    press(desk, "#")
    assert view.locator(".tg-typed").input_value() == "#"
    desk.page.keyboard.type("filters")
    press(desk, "Enter")
    assert (work / FILE).read_bytes() == before
    press(desk, "ArrowLeft", "ArrowLeft")
    assert view.locator(".tg-decided").inner_text().strip().startswith("Dropped")
    press(desk, "?")
    assert view.locator(".tg-keys").is_visible()


def test_a_quote_that_stands_in_the_call_by_hand_is_passed_over_by_k_and_nothing_is_typed_over_it(desk, work):
    (work / FILE).write_bytes((HEAD + f'* "{FIRST}" #totals\r\n').encode())
    before = (work / FILE).read_bytes()
    view = begin(desk, work)
    press(desk, "o")
    go_to(desk, view, FIRST)
    press(desk, "k")
    assert words(view) == SECOND
    go_to(desk, view, FIRST)
    for key in "e#":
        press(desk, key)
        assert view.locator(".tg-editor").count() == 0
        assert "line 9; they were not kept here" in view.locator(".tg-notices").inner_text()
    assert (work / FILE).read_bytes() == before


def test_what_comes_before_and_after_is_shown_and_ours_is_no_choice(desk, work):
    view = begin(desk, work)
    press(desk, "o")
    go_to(desk, view, SECOND)
    assert view.locator(".tg-us").all_inner_texts() == ["Ana What happened with the last report?"]
    assert [text.strip() for text in view.locator(".tg-rest").all_inner_texts()] == [FIRST]
    assert view.locator(".tg-words mark").all_inner_texts() == ["by hand"]
    assert view.locator(".tg-why").inner_text().strip() == "a workaround by hand"
    press(desk, "x")
    assert words(view) == SECOND, "the turn ends there, and who speaks next is somebody else"


def test_what_an_extended_sentence_takes_in_is_decided_with_it_and_the_next_one_comes(desk, work):
    view = begin(desk, work)
    press(desk, "o")
    go_to(desk, view, FIRST)
    longer, shorter = (view.get_by_role("button", name=name) for name in ("Longer", "Shorter"))
    assert (longer.is_disabled(), shorter.is_disabled()) == (False, True)
    desk.page.keyboard.press("x")
    assert (longer.is_disabled(), shorter.is_disabled()) == (True, False), "the turn ends there"
    desk.page.keyboard.press("d")
    assert words(view) == SAID[2][2], "before the kernel has answered"
    settle(desk)
    assert words(view) == SAID[2][2]
    assert view.locator(".tg-progress").inner_text().startswith("3 of 5 left")
    press(desk, "u")
    assert words(view) == FIRST
    assert view.locator(".tg-progress").inner_text() == "5 of 5 left"


def test_every_drop_lands_on_the_next_that_is_left(desk, work):
    view = begin(desk, work)
    press(desk, "o")
    go_to(desk, view, FIRST)
    press(desk, "k", "k", "ArrowLeft", "ArrowLeft", "d")
    assert words(view) == SAID[2][2], "from one that was kept"
    press(desk, "ArrowLeft", "ArrowLeft", "d")
    assert words(view) == SAID[2][2], "from one that was dropped"
    press(desk, "d")
    assert words(view) == THIRD


def test_after_a_reload_with_another_kernel_what_was_decided_is_taken_back(desk, work):
    view = begin(desk, work)
    press(desk, "o")
    go_to(desk, view, FIRST)
    press(desk, "k", "d", "k")
    desk.load(Triage(work))
    view = begin(desk, work)
    undo = view.get_by_role("button", name="Undo")
    assert undo.is_enabled()
    for key in "uuu":  # faster than the kernel answers
        desk.page.keyboard.press(key)
    settle(desk)
    assert words(view) == FIRST
    assert notes(work) == []
    assert {item.what for item in open_sheet(work, FILE).items} == {""}
    assert undo.is_disabled()


def test_after_a_reload_the_same_calls_are_open_and_what_was_decided_there_is_taken_back(desk, work):
    other = FILE.replace("2026-11-17", "2026-11-19").replace("acme", "bolt")
    head = HEAD.replace("2026-11-17", "2026-11-19").replace("acme", "bolt")
    (work / other).write_bytes(head.encode())
    fill(work, vtt(), "bolt.vtt")
    view = begin(desk, work)
    assert view.locator(".tg-head select").input_value() == other, "the newest first"
    view.locator(".tg-head select").select_option(FILE)
    settle(desk)
    press(desk, "o")
    go_to(desk, view, FIRST)
    press(desk, "k")
    assert notes(work) == [FIRST]
    desk.load(Triage(work))
    view = begin(desk, work)
    assert view.locator(".tg-head select").input_value() == FILE
    press(desk, "u")
    assert notes(work) == []


def test_a_page_that_becomes_wide_shows_the_list_that_was_folded_while_it_was_narrow(desk, work):
    desk.page.set_viewport_size({"width": 600, "height": 900})
    view = begin(desk, work)
    assert view.locator(".tg-list").is_hidden()
    desk.page.set_viewport_size({"width": 1240, "height": 900})
    view.locator(".tg-list").wait_for()
    assert view.locator(".tg-row").count() == 5


def test_the_tick_comes_when_it_is_on_disk(desk, work):
    view = begin(desk, work)
    desk.page.keyboard.press("k")
    assert view.locator(".tg-head .wb-status").inner_text() == "saving"
    assert view.locator(".tg-head .wb-status svg").count() == 0
    settle(desk)
    assert view.locator(".tg-head .wb-status").inner_text() == "all on disk"
    assert view.locator(".tg-head .wb-status svg").count() == 1


def test_what_stands_around_is_cut_between_words(desk, work):
    asked = "And then what exactly happened to all of the invoices? " * 9
    fill(work, vtt([(1, "Ana", asked), *SAID[1:2], (60, "Ana", asked), *SAID[3:]]))
    view = begin(desk, work)
    press(desk, "o")
    go_to(desk, view, FIRST)
    before, after, _ = view.locator(".tg-turn").all_inner_texts()
    for text in (before, after):
        shown = text.removeprefix("Ana ").strip("… ")
        assert len(text) < 260
        assert set(shown.replace("?", "").split()) <= set(asked.replace("?", "").split())
    assert before.startswith("Ana … ")
    assert after.endswith(" …")


def test_turns_without_a_name_are_one_who_speaks_and_can_be_left_out(desk, work):
    said = [{"speaker": who.replace("Tom", ""), "start": at, "end": at + 2, "text": words} for at, who, words in SAID]
    fill(work, json.dumps(said), "acme.json")
    (work / FILE).write_bytes(HEAD.replace("vtt", "json").encode())
    view = begin(desk, work)
    assert "Turns with no name count as the customer's" in view.locator(".tg-sides").inner_text()
    view.locator("[data-name='(no name)']").press("Enter")
    settle(desk)
    assert "left out: none of them becomes a note" in view.locator(".tg-sides").inner_text()
    assert 'us: "Ana; (no name)"' in (work / FILE).read_text("utf-8")
    assert view.locator(".tg-progress").inner_text() == "4 of 4 left"
    press(desk, "u")
    assert view.locator(".tg-progress").inner_text() == "5 of 5 left"


@pytest.mark.parametrize("height", [480, 700])
def test_what_follows_from_a_click_and_what_is_typed_are_in_view(browser, work, height):
    context = browser.new_context(viewport={"width": 640, "height": height})
    desk = Desk(context.new_page(), Triage(work))
    view = begin(desk, work)

    def in_view(node):
        box = node.bounding_box()
        return box["y"] >= 0 and box["y"] + box["height"] <= height

    press(desk, "e", "2")
    assert in_view(view.get_by_role("button", name="Save"))
    press(desk, "Escape", "o")
    assert in_view(view.locator(".tg-words"))
    go_to(desk, view, "We have seen")
    press(desk, "k")
    view.locator("[data-name=Tom]").press("Enter")
    settle(desk)
    out = view.get_by_role("button", name="Take them out")
    assert out.evaluate("node => node === document.activeElement")
    assert in_view(out)
    context.close()
    assert desk.errors == []


def test_thirty_candidates_by_keyboard_alone(desk, work):
    said = [(n * 60, "Jane", f"The report number {n} took me {n} hours last Friday.") for n in range(1, 31)]
    fill(work, vtt([turn for one in said for turn in ((one[0] - 5, "Ana", "And the next one?"), one)]))
    view = begin(desk, work)
    press(desk, "o")
    for _ in range(30):
        desk.page.keyboard.press("ArrowLeft")
    for n in range(30):
        assert words(view) == said[n][2]
        press(desk, *("k", "d", "d", "e", "d")[n % 5])
        if n % 5 == 3:
            press(desk, "3")
            desk.page.keyboard.type(f"Redone {n}")
            press(desk, "Enter")
    assert view.locator(".tg-progress").inner_text() == "all 30 decided"
    assert len(notes(work)) == 12
    assert view.locator(".tg-finished").is_visible()


def test_a_note_in_other_words_begins_as_the_sentence_and_escape_leaves_it(desk, work):
    view = begin(desk, work)
    press(desk, "o")
    go_to(desk, view, FIRST)
    press(desk, "e", "2")
    assert view.locator(".tg-typed").input_value() == FIRST
    press(desk, "Escape")
    assert notes(work) == []
    assert view.locator(".tg-card").evaluate("node => node === document.activeElement")
    press(desk, "k")
    assert notes(work) == [FIRST]


def test_a_kernel_that_is_gone_and_a_page_that_is_loaded_again_lose_nothing(desk, work):
    view = begin(desk, work)
    press(desk, "o")
    go_to(desk, view, FIRST)
    for key in ("k", "d", "k"):
        desk.page.keyboard.press(key)
    assert desk.sent(), "on its way, and lost with the kernel"
    desk.wait(6000)
    assert "The kernel does not answer" in view.locator(".tg-notices").inner_text()
    assert "3 not on disk yet" in view.locator(".wb-status").inner_text()
    assert notes(work) == []
    widget = Triage(work, today="2026-11-20")
    desk.load(widget)
    view = desk.open(widget, "two")
    settle(desk)
    assert "3 decisions brought back" in view.locator(".tg-notices").inner_text()
    assert notes(work) == [FIRST, "We have seen that with many other customers."]
    assert [item.what for item in sorted(open_sheet(work, FILE).items, key=lambda item: item.candidate.turn)][:3] == [
        "keep",
        "drop",
        "keep",
    ]


def test_what_is_half_typed_is_there_again_in_another_tab_and_with_another_kernel(desk, work, browser):
    view = begin(desk, work)
    press(desk, "o")
    go_to(desk, view, SECOND)
    press(desk, "e", "3")
    desk.page.keyboard.type("Totals are red")
    settle(desk)
    desk.page.evaluate("sessionStorage.clear()")
    widget = Triage(work)
    desk.load(widget)
    view = desk.open(widget, "two")
    settle(desk)
    assert view.locator(".tg-typed").input_value() == "Totals are red"
    assert notes(work) == []
    desk.page.keyboard.type("one")
    press(desk, "Enter")
    assert notes(work) == ["Totals are redone"]
    assert json.loads((work / ".workbench" / "triage.json").read_text())["drafts"] == {}


def test_who_speaks_is_changed_and_what_was_kept_of_them_can_go(desk, work):
    view = begin(desk, work)
    press(desk, "o")
    go_to(desk, view, "We have seen")
    press(desk, "k")
    view.locator("[data-name=Tom]").press("Enter")
    settle(desk)
    assert 'us: "Ana; Tom"' in (work / FILE).read_text("utf-8")
    assert view.locator(".tg-progress").inner_text().startswith("4 of 4 left"), "there are fewer candidates at once"
    assert "1 note of this call quote" in view.locator(".tg-sides .wb-warn").inner_text()
    view.get_by_role("button", name="Take them out").press("Enter")
    settle(desk)
    assert notes(work) == []
    press(desk, "u", "u")
    assert notes(work) == ["We have seen that with many other customers."]
    assert "us: Ana\n" in (work / FILE).read_text("utf-8")


def test_somebody_who_may_be_one_of_us_is_shown_until_the_call_says_whose_side_that_is(desk, work):
    (work / "interviews" / "transcripts" / "acme.vtt").write_text(vtt().replace("Tom:", "Ana R.:"), "utf-8")
    view = begin(desk, work)
    unclear = view.locator(".tg-sides .wb-warn")
    assert "Ana R. may be Ana, who is one of you." in unclear.inner_text()
    assert "not said" in view.locator("[data-name='Ana R.']").inner_text()
    view.get_by_role("button", name="The customer’s").press("Enter")
    settle(desk)
    assert "who: Ana R." in (work / FILE).read_text("utf-8")
    assert unclear.count() == 0
    press(desk, "u")
    assert "who:" not in (work / FILE).read_text("utf-8")
    view.get_by_role("button", name="One of us", exact=True).press("Enter")
    settle(desk)
    assert 'us: "Ana; Ana R."' in (work / FILE).read_text("utf-8")


@pytest.mark.parametrize(
    ("who", "said"), [("Dana Ortiz, office manager", 0), ("Jane Doe; Ana Ruiz, our designer", 1), ("ana", 1), ("", 0)]
)
def test_one_of_us_is_said_to_stand_behind_who_only_where_that_is_so(desk, work, who, said):
    """“Ana” is no part of “Dana”."""
    (work / FILE).write_bytes(HEAD.replace("us: Ana", f"who: {who}\r\nus: Ana").encode())
    view = begin(desk, work)
    assert view.get_by_text("Ana still stands behind who:").count() == said


def test_what_somebody_else_decides_is_seen(desk, work):
    view = begin(desk, work)
    other = begin(desk, work, "other")
    desk.page.locator("#other .tg-card").focus()
    press(desk, "d")
    desk.settle(wait=4500)
    settle(desk)
    assert view.locator(".tg-progress").inner_text() == "4 of 5 left"
    assert other.locator(".tg-progress").inner_text() == "4 of 5 left"


def with_another_call(desk, work):
    """Triage of two calls, six candidates in all."""
    second = "interviews/2026-11-18-bolt.md"
    (work / second).write_bytes(HEAD.replace("acme.vtt", "bolt.vtt").replace("Acme ", "Bolt ").encode())
    fill(work, vtt([(9, "Kim", "Yesterday I waited three hours for the import.")]), "bolt.vtt")
    widget = Triage(work, today="2026-11-20")
    desk.load(widget)
    view = desk.open(widget)
    settle(desk)
    return view


def is_focused(view, where):
    return view.locator(where).evaluate("node => node === document.activeElement")


def test_several_calls_are_one_row_and_go_on(desk, work):
    view = with_another_call(desk, work)
    labels = view.locator(".tg-head option").all_inner_texts()
    assert labels[0] == "All 2 calls · 6 left"
    view.locator(".tg-head select").select_option("all")
    settle(desk)
    view.locator(".tg-card").focus()
    press(desk, *"dddddd")
    assert view.locator(".tg-progress").inner_text() == "all 6 decided"
    assert view.locator(".tg-head option").first.inner_text() == "All 2 calls · done"


def test_of_more_than_are_shown_at_once_it_is_said_how_many_and_the_next_ones_come(desk, work, monkeypatch):
    monkeypatch.setattr("workbench.widgets.triage.LIMIT", 4)
    view = with_another_call(desk, work)
    assert view.locator(".tg-head option").first.inner_text() == "All 2 calls · 6 left, 4 at a time"
    view.locator(".tg-head select").select_option("all")
    settle(desk)
    assert view.locator(".tg-progress").inner_text() == "4 of 4 left"
    press(desk, *"dddd")
    view.get_by_role("button", name="The next 2").press("Enter")
    settle(desk)
    assert view.locator(".tg-progress").inner_text().startswith("2 of 6 left")
    assert is_focused(view, ".tg-card"), "the button that had the keyboard is gone"
    press(desk, *"dd")
    assert view.locator(".tg-progress").inner_text() == "all 6 decided"


def test_arrow_keys_walk_through_the_calls_and_who_chooses_one_can_begin(desk, work):
    view = with_another_call(desk, work)
    calls = view.locator(".tg-head select")
    calls.focus()
    walked = []
    for key in ("ArrowUp", "ArrowDown", "ArrowDown"):
        press(desk, key)
        walked.append(calls.input_value())
        assert is_focused(view, ".tg-head select"), key
    assert len(set(walked)) == 3
    press(desk, "ArrowUp", "Tab", "Tab")
    before = view.locator(".tg-progress").inner_text()
    press(desk, "d")
    assert view.locator(".tg-progress").inner_text() != before
    calls.dispatch_event("pointerdown")
    calls.select_option("all")
    settle(desk)
    assert is_focused(view, ".tg-card")


def test_a_button_that_cannot_be_pressed_any_more_gives_the_keyboard_to_the_sentence(desk, work):
    view = begin(desk, work)
    press(desk, "o")
    go_to(desk, view, FIRST)
    view.get_by_role("button", name="Longer").press("Enter")
    settle(desk)
    assert view.get_by_role("button", name="Longer").is_disabled()
    assert is_focused(view, ".tg-card")
    press(desk, "d")
    assert view.locator(".tg-progress").inner_text() == "3 of 5 left"


def test_two_thousand_candidates_are_not_two_thousand_rows_and_a_key_draws_no_more(desk, work):
    said = [(n, "Jane", f"The report number {n} takes me {n} hours each week.") for n in range(1, 2001)]
    fill(
        work, vtt([one if n % 2 else (one[0], "Ana", "And what about the next one?") for n, one in enumerate(said * 2)])
    )
    view = begin(desk, work)
    assert view.locator(".tg-progress").inner_text() == "2000 of 2000 left"
    assert view.locator(".tg-row").count() < 60
    assert view.locator(".tg-row").first.get_attribute("aria-setsize") == "2000"
    drawn = desk.page.evaluate(
        """() => {
          const watch = new MutationObserver(() => {});
          watch.observe(document.body, { attributes: true, characterData: true, childList: true, subtree: true });
          const nodes = (one) => 1 + [...one.childNodes].map(nodes).reduce((a, b) => a + b, 0);
          return Array.from({ length: 20 }, () => {
            document.querySelector(".tg-card").dispatchEvent(new KeyboardEvent("keydown", { key: "d", bubbles: true }));
            return watch.takeRecords().reduce((sum, { addedNodes }) => sum + 1 + [...addedNodes].map(nodes).reduce((a, b) => a + b, 0), 0);
          });
        }"""
    )
    assert 0 < min(drawn) and max(drawn) < 600, drawn
    view.locator(".tg-list").press("End")
    settle(desk)
    assert view.locator(".tg-meta").inner_text().endswith("2000 of 2000")


def test_a_workspace_without_transcripts_says_how_to_begin(desk, make_workspace):
    folder = make_workspace({}, name="empty")
    desk.load(Triage(folder))
    view = desk.open(Triage(folder))
    settle(desk)
    assert "workbench import FILES" in view.locator(".tg-nothing").inner_text()


@pytest.mark.parametrize(("width", "light"), [(360, True), (360, False), (800, False), (1240, True)])
def test_narrow_and_wide_light_and_dark(browser, work, width, light):
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    desk = Desk(page, Triage(work))
    view = begin(desk, work)
    page.evaluate("light => (document.body.dataset.jpThemeLight = light)", str(light).lower())

    def look(name):
        page.screenshot(path=pictures() / f"triage-{width}-{name}.png")
        assert serious_violations(page, ".wb-triage") == []
        inside, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert inside <= window

    look("first")
    for button in view.locator(".tg-acts .wb-button, .tg-side").all():
        assert button.bounding_box()["height"] >= 44
    press(desk, "k", "e")
    look("kinds")
    press(desk, "4")
    look("edit")
    press(desk, "Escape", "?")
    view.locator("[data-name=Tom]").click()
    settle(desk)
    look("keys")
    press(desk, "Escape")
    assert desk.errors == []
    context.close()
