"""Live capture in real JupyterLab: a call typed with the keyboard alone, and everything that may go wrong meanwhile."""

import re

import pytest
from lab import (
    TOKEN,
    choose_theme,
    eventually,
    kernel_is_ready,
    menu,
    new_output,
    open_notebook,
    pictures,
    run_all,
    serious_violations,
    shut_down_kernel,
    start_kernel,
    write_and_run,
    write_notebook,
)

CELL = 'from workbench.widgets import Capture\nCapture(today="2026-11-17")'
CALL = """---
date: 2026-11-10
customer: Acme Freight
who: Jane Doe, ops lead
segment: mid-market
kind: discovery
consent: quote
---
- "I export it to Excel and redo the totals by hand" @12:40 #export
- ! Filters reset when she goes back #filters
"""
GUIDE = "# Guide\n\n- Tell me about the last report\n- What did it cost you?\n"


@pytest.fixture
def work(lab_folder, request):
    """A workspace with one earlier call, and a notebook that opens live capture."""
    name = re.sub(r"\W+", "-", request.node.name)[:60]
    folder = lab_folder / name
    (folder / "interviews").mkdir(parents=True)
    (folder / "discovery").mkdir()
    (folder / "interviews" / "2026-11-10-acme-freight.md").write_text(CALL, "utf-8")
    (folder / "discovery" / "guide.md").write_text(GUIDE, "utf-8")
    write_notebook(folder / "notebooks" / "capture.ipynb", CELL, "1 + 1")
    return folder


@pytest.fixture(scope="module")
def shared(lab_context, lab_address, lab_folder):
    """A notebook and its kernel, for the tests that leave both alive."""
    write_notebook(lab_folder / "shared" / "capture.ipynb", "from workbench.widgets import Capture", "1 + 1")
    page = lab_context.new_page()
    page.set_viewport_size({"width": 1280, "height": 1000})
    open_notebook(page, lab_address, "shared/capture.ipynb")
    yield page
    page.close()


@pytest.fixture
def opened(shared, work):
    """Live capture of a workspace of its own, as it is after the cell has run."""
    source = f"from workbench.widgets import Capture\nCapture({str(work)!r}, today='2026-11-17')"
    write_and_run(shared, 0, source)
    new_output(shared, ".wb-capture .wb-status").filter(has_text="Nothing on disk yet").wait_for()
    return shared


@pytest.fixture
def fresh(lab_page, lab_address, work):
    """Live capture in a notebook and kernel of its own, which the test may kill."""
    page = lab_page(1280, 1000)
    open_notebook(page, lab_address, f"{work.name}/notebooks/capture.ipynb")
    run_all(page, ".wb-capture .wb-entry")
    page.locator(".wb-capture .wb-status", has_text="Nothing on disk yet").wait_for()
    return page


def calls(work):
    return sorted(path for path in (work / "interviews").glob("*.md") if "2026-11-10" not in path.name)


def body(work):
    """The notes of the one new call, as they are on disk."""
    (path,) = calls(work)
    return path.read_text("utf-8").split("---\n", 2)[2].splitlines()


def saved(page):
    """Wait until it is said that something is saved, which may be the first letters: what is in the file is looked at."""
    page.locator(".wb-capture .wb-status", has_text=re.compile(r"Saved \d\d:\d\d:\d\d to interviews/")).wait_for()


def begin(page, customer="Bolt"):
    page.get_by_role("combobox", name="Customer").click()
    page.keyboard.type(customer)
    page.keyboard.press("Enter")
    page.locator(".wb-entry").click()


def test_a_whole_call_with_the_keyboard_alone(opened, work):
    page, keys = opened, opened.keyboard
    assert calls(work) == [], "nothing is created before something is typed"
    assert page.get_by_role("combobox", name="Customer").evaluate("input => input === document.activeElement")
    keys.type("acm")
    page.locator(".wb-combo .wb-pop:visible", has_text="Acme Freight").wait_for()
    keys.press("Tab")
    keys.press("Tab")
    keys.type("Jo Poe, clerk")
    keys.press("Enter")
    assert page.get_by_role("combobox", name="Segment").input_value() == "mid-market"
    page.locator(".wb-entry").focus()
    keys.type("Last Friday's report took her 2 hours")
    keys.press("Enter")
    keys.type('"I redo the totals by hand" #ex')
    page.locator(".wb-line .wb-pop:visible", has_text="#export").wait_for()
    keys.press("Tab")
    keys.press("Enter")
    keys.type("! Filters reset")
    keys.press("Control+Shift+Space")
    keys.press("Enter")
    keys.press("Control+Enter")
    saved(page)
    eventually(page, lambda: len(body(work)) == 3 and bool(re.search("@0", body(work)[2])))
    first, second, third = body(work)
    assert first == "- Last Friday's report took her 2 hours"
    assert second == '- "I redo the totals by hand" #export'
    assert re.fullmatch(r"- ! Filters reset @0\d:\d\d", third)
    assert [path.name for path in calls(work)] == ["2026-11-17-acme-freight-clerk.md"]
    marks = page.locator(".wb-note .wb-mark")
    kinds = "marks => marks.map(mark => mark.dataset.kind)"
    eventually(page, lambda: marks.evaluate_all(kinds), ["observation", "quote", "pain"])
    page.locator(".wb-asked").wait_for()  # an answer that was under way may draw the guide as it was
    eventually(page, lambda: page.locator(".wb-note .wb-words").nth(2).inner_text(), "Filters reset")
    # Tidy up: the last one becomes a wish and goes first, the first is edited, one is taken out and brought back.
    keys.press("ArrowUp")
    keys.type("?")
    keys.press("Alt+ArrowUp")
    keys.press("Alt+ArrowUp")
    eventually(page, lambda: body(work)[0].startswith("- ? Filters reset"))
    eventually(page, lambda: page.locator(".wb-note .wb-words").first.inner_text(), "Filters reset")  # without marks
    keys.press("ArrowDown")
    keys.press("Enter")
    keys.press("End")
    keys.type(" again")
    keys.press("Enter")
    eventually(page, lambda: body(work)[1], "- Last Friday's report took her 2 hours again")
    assert page.evaluate("document.activeElement.className") == "wb-entry", "what is typed next is the next note"
    keys.press("ArrowUp")
    keys.press("Delete")
    eventually(page, lambda: len(body(work)), 2)
    keys.press("Control+z")
    eventually(page, lambda: len(body(work)), 3)
    page.screenshot(path=pictures() / "capture-call.png")


def test_half_a_sentence_survives_a_killed_kernel_and_the_rest_comes_back(fresh, work):
    page = fresh
    begin(page)
    page.keyboard.type("She copies it into a sheet")
    eventually(page, lambda: body(work), ["- She copies it into a sheet"])
    shut_down_kernel(page)
    page.locator(".wb-entry").click()
    page.keyboard.press("End")
    page.keyboard.type(" and mails it")
    page.keyboard.press("Enter")
    page.keyboard.type("! Twice a week")
    page.locator(".wb-capture .wb-message", has_text="The kernel does not answer").wait_for()
    page.screenshot(path=pictures() / "capture-silent.png")
    assert body(work) == ["- She copies it into a sheet"]
    start_kernel(page)
    run_all(page, ".wb-capture .wb-message:has-text('brought back')")
    eventually(page, lambda: body(work), ["- She copies it into a sheet and mails it", "- ! Twice a week"])
    assert len(calls(work)) == 1
    eventually(page, lambda: page.locator(".wb-note").count(), 2)


def test_running_the_cell_again_in_mid_sentence_loses_nothing(opened, work):
    page = opened
    begin(page)
    page.keyboard.type("One")
    page.keyboard.press("Enter")
    page.keyboard.type("Two and a h")
    menu(page, "Run", "Run All Cells")
    page.locator(".wb-capture .wb-message", has_text="The call with Bolt goes on").wait_for()
    eventually(page, lambda: body(work), ["- One", "- Two and a h"])
    eventually(page, lambda: page.locator(".wb-note .wb-words").all_inner_texts(), ["One", "Two and a h"])
    page.screenshot(path=pictures() / "capture-resumed.png")


def test_two_tabs_on_one_kernel_see_each_other_and_keep_everything(fresh, work, lab_address, lab_page):
    page = fresh
    begin(page)
    page.keyboard.type("From the first")
    page.keyboard.press("Enter")
    saved(page)
    eventually(page, lambda: body(work), ["- From the first"])
    menu(page, "File", "Save Notebook")
    other = lab_page(1280, 1000)
    open_notebook(other, lab_address, f"{work.name}/notebooks/capture.ipynb")
    other.locator(".wb-note", has_text="From the first").wait_for()
    other.locator(".wb-entry").click()
    page.bring_to_front()
    page.locator(".wb-entry").click()
    page.keyboard.type("Half of the first")
    other.bring_to_front()
    other.keyboard.type("From the second")
    other.keyboard.press("Enter")
    page.bring_to_front()
    page.keyboard.type(" line")
    page.keyboard.press("Enter")
    page.locator(".wb-note", has_text="From the second").wait_for()
    lines = ["- From the first", "- From the second", "- Half of the first line"]
    eventually(page, lambda: sorted(body(work)), lines)
    assert len(calls(work)) == 1


def test_two_kernels_on_one_call_keep_both_and_show_what_clashed(opened, work, lab_address):
    page = opened
    begin(page)
    page.keyboard.type("Mine at first")
    page.keyboard.press("Enter")
    eventually(page, lambda: body(work), ["- Mine at first"])
    (path,) = calls(work)
    path.write_bytes(path.read_bytes().replace(b"- Mine at first\n", b"- Theirs now\n- And one more\n"))
    page.locator(".wb-note", has_text="And one more").wait_for()
    # In the same moment both change one note: the kernel has not looked when ours comes in.
    page.locator(".wb-note", has_text="Theirs now").dblclick()
    page.keyboard.type(" and mine")
    path.write_bytes(path.read_bytes().replace(b"- Theirs now", b"- Theirs once more"))
    page.keyboard.press("Enter")
    for words in ("Theirs once more", "and mine"):
        eventually(page, lambda words=words: any(words in line for line in body(work)))
    page.screenshot(path=pictures() / "capture-clash.png")
    assert "- And one more" in body(work)


def test_what_is_typed_reaches_the_disk_while_the_kernel_computes(opened, work):
    page = opened
    begin(page)
    page.keyboard.type("Before")
    eventually(page, lambda: body(work), ["- Before"])
    looked = work / "looked"
    code = f"import pathlib, time\nwhile not pathlib.Path({str(looked)!r}).exists(): time.sleep(0.1)"
    write_and_run(page, 1, f"{code}\nprint('done at last')", wait=False)
    page.locator(".wb-entry").click()
    page.keyboard.press("End")
    page.keyboard.type(" and meanwhile")
    eventually(page, lambda: body(work), ["- Before and meanwhile"])
    saved(page)
    assert page.locator(".jp-CodeCell .jp-InputPrompt", has_text="[*]").count() == 1, "it was busy all the time"
    assert new_output(page, "text=done at last").count() == 0
    looked.touch()
    new_output(page, "text=done at last").wait_for()


def test_a_full_disk_is_said_in_red_and_saved_once_there_is_space(opened, work):
    page = opened
    begin(page)
    page.keyboard.type("Before")
    page.keyboard.press("Enter")
    saved(page)
    eventually(page, lambda: body(work), ["- Before"])
    full = "import errno, os\nfsync = os.fsync\ndef full(fd): raise OSError(errno.ENOSPC, 'no space')\nos.fsync = full"
    write_and_run(page, 1, full)
    page.locator(".wb-entry").click()
    page.keyboard.type("Kept in the window")
    alert = page.locator(".wb-capture .wb-message.wb-bad", has_text="Not saved: the disk is full")
    alert.wait_for()
    page.screenshot(path=pictures() / "capture-full.png")
    assert body(work) == ["- Before"]
    write_and_run(page, 1, "os.fsync = fsync")
    alert.wait_for(state="detached")
    eventually(page, lambda: body(work), ["- Before", "- Kept in the window"])


def test_five_thousand_pasted_lines(opened, work):
    page = opened
    begin(page)
    text = "\n".join(f"! Line {i} #tag{i % 7}" for i in range(5000))
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            document.querySelector(".wb-entry").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )
    eventually(page, lambda: len(body(work)), 5000)
    page.locator(".wb-entry").click()
    page.keyboard.type("And one more")
    page.keyboard.press("Enter")
    eventually(page, lambda: body(work)[-1], "- And one more")
    assert body(work)[:2] == ["- ! Line 0 #tag0", "- ! Line 1 #tag1"]


def test_after_the_call_comes_what_was_learned_and_the_next_call(opened, work):
    page, keys = opened, opened.keyboard
    begin(page)
    keys.type("One thing")
    keys.press("Enter")
    saved(page)
    page.get_by_role("button", name="End the call").click()
    page.locator(".wb-ending").wait_for()
    page.screenshot(path=pictures() / "capture-ended.png")
    keys.type("It is the bank, not the setup")
    keys.press("Enter")
    eventually(page, lambda: body(work)[-1], "- = It is the bank, not the setup #learned")
    page.get_by_role("button", name="Next call").click()
    page.locator(".wb-status", has_text="Nothing on disk yet").wait_for()
    begin(page, "Corvane")
    keys.type("Another customer")
    names = ["2026-11-17-bolt.md", "2026-11-17-corvane.md"]
    eventually(page, lambda: [path.name for path in calls(work)], names)


def test_it_looks_right_in_every_theme_and_width_and_axe_finds_nothing(opened, work):
    page, keys = opened, opened.keyboard
    folder = pictures()
    page.screenshot(path=folder / "capture-empty.png")
    begin(page, "Ovrelle, die mit dem sehr langen Namen und Söhne GmbH & Co. KG")
    for words in ['"The list was ten minutes. We only have forty clients and they were tidy" #import', "! Filters reset #filters",
                  "~ Writes who is late on a sticky note on the screen", "> Will send last week's sheet by Thursday",
                  "= The layout took longer than the list here", "שלום, הקובץ נעלם 🙃", "x" * 300]:  # fmt: skip
        keys.insert_text(words)
        keys.press("Enter")
    keys.type("? Would probably use reminders if they were automatic #fi")
    page.locator(".wb-line .wb-pop:visible").wait_for()
    saved(page)
    page.locator('.lm-TabBar-tab[title^="File Browser"]').click()  # hides it
    overflow = "node => node.scrollWidth - node.clientWidth"
    for light in (True, False):
        choose_theme(page, light)
        page.locator(".wb-capture").evaluate("node => node.scrollIntoView()")
        for width in (1280, 2560, 700, 420):
            page.set_viewport_size({"width": width, "height": 1000})
            # JupyterLab follows its window a moment later.
            eventually(page, lambda: page.locator(".wb-capture").evaluate(overflow) <= 0)
            page.screenshot(path=folder / f"capture-{'light' if light else 'dark'}-{width}.png")
        page.set_viewport_size({"width": 1280, "height": 1000})
        assert serious_violations(page, ".wb-capture") == []
    choose_theme(page, True)


def test_letters_typed_in_the_widget_never_reach_the_notebook(opened, work):
    page = opened
    begin(page)
    page.keyboard.type("One")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    for key in ("d", "d", "x", "a", "b", "m", "0", "0"):
        page.keyboard.press(key)
    page.keyboard.press("Shift+Enter")
    assert page.locator(".jp-Notebook .jp-Cell").count() == 2
    eventually(page, lambda: any(line.startswith("- ddxabm00") for line in body(work)))  # they were typed on
    assert page.locator(".jp-Dialog").count() == 0
    assert page.locator(".jp-Notebook .jp-CodeCell").count() == 2


def test_without_a_kernel_a_still_picture_is_seen(fresh, work, lab_address):
    page = fresh
    begin(page)
    page.keyboard.type("On disk")
    page.keyboard.press("Enter")
    saved(page)
    menu(page, "Run", "Run All Cells")
    page.locator(".wb-capture .wb-message", has_text="goes on").wait_for()
    assert page.locator(".wb-still:visible").count() == 0, "while it lives, the picture hides"
    menu(page, "File", "Save Notebook")
    shut_down_kernel(page)
    file = work / "notebooks" / "capture.ipynb"
    eventually(page, lambda: "On disk" in file.read_text("utf-8"))
    page.goto("about:blank")
    page.goto(f"{lab_address}lab/workspaces/still/tree/{work.name}/notebooks/capture.ipynb?token={TOKEN}")
    page.locator(".wb-still", has_text="On disk").wait_for()
    kernel_is_ready(page)  # one that knows no old widget
    page.wait_for_timeout(500)
    assert page.get_by_text(re.compile("Error displaying widget|Loading widget")).locator("visible=true").count() == 0
    page.screenshot(path=pictures() / "capture-still.png")
