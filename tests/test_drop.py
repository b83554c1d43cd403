"""Files dropped onto a widget: in pieces to the kernel, shown with what is not clear, and written at the click and not before."""

import base64

import pytest
from lab import pictures, serious_violations
from test_capture_in_browser import Desk

from workbench.importers.archive import LARGEST_FILE
from workbench.widgets import Capture, Triage, drop
from workbench.widgets.drop import DropArea

TALK = (
    "Interviewer: What then?\n\nJane: The export broke on Friday again.\n\nInterviewer: Oh?\n\nJane: Twice in a week.\n"
)


@pytest.fixture
def work(make_workspace):
    return make_workspace({})


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "2026-11-17 Acme.txt").write_text(TALK)
    (folder / "call.txt").write_text(TALK.replace("Jane", "Kim").replace("export", "import") * 3)
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 nothing")
    (folder / "call.mp4").write_bytes(b"film" * 100)
    (folder / "feedback.csv").write_text("Date,Account,Feedback\n2026-11-18,Bolt,The import is slow\n")
    return sorted(map(str, folder.iterdir()))


def calls(work):
    return sorted(path.name for path in (work / "interviews").rglob("*") if path.is_file() and path.suffix != ".lock")


class Carried:
    """A drop area whose messages are carried by hand."""

    def __init__(self, work):
        self.said = []
        self.area = DropArea(work, self.said.append)

    def ask(self, do, view="one", **more):
        self.area.hear({"do": do, "view": view, **more})
        return self.said[-1]["drop"]

    def send(self, name, data, view="one"):
        self.ask("begin", view, files=[{"name": name, "size": len(data)}])
        for at in range(0, len(data), 40):
            got = self.ask("piece", view, file=0, at=at, data=base64.b64encode(data[at : at + 40]).decode())
        assert got["got"] == len(data)
        return self.ask("look", view)


def test_a_piece_that_comes_twice_counts_once_and_two_views_do_not_mix(work):
    carried = Carried(work)
    data = TALK.encode()
    carried.ask("begin", files=[{"name": "2026-11-17 Acme.txt", "size": len(data)}])
    for at in (0, 0, 50, 50):
        end = at + 50 if at == 0 else len(data)
        carried.ask("piece", file=0, at=at, data=base64.b64encode(data[at:end]).decode())
    carried.send("2026-11-18 Bolt.txt", TALK.replace("export", "import").encode(), "two")
    (one,) = carried.ask("look")["calls"]
    assert (one["customer"]["value"], one["says"]) == ("Acme", "Names before the words (text, Markdown), 4 turns")
    assert calls(work) == []
    assert carried.ask("bring", "two")["files"] == ["interviews/2026-11-18-bolt.md"]
    assert carried.ask("bring")["files"] == ["interviews/2026-11-17-acme.md"]


def test_what_is_unclear_is_asked_and_nothing_is_written_before_it_is_said(work):
    carried = Carried(work)
    (one,) = carried.send("call.txt", TALK.encode())["calls"]
    assert {ask["field"] for ask in one["asks"]} == {"day"} or {ask["field"] for ask in one["asks"]} == {
        "day",
        "customer",
    }
    assert "refused" in carried.ask("bring")
    assert calls(work) == []
    now = carried.ask("say", call=0, day="2026-11-17", customer="Acme", speakers={"Jane": "us"})["now"]
    assert "Whose words are the customer's" in now["asks"][0]["words"]
    assert "refused" in carried.ask("say", call=0, day="soon")
    carried.ask("say", call=0, speakers={"Jane": "customer"})
    assert carried.ask("bring")["recorded"] == 1
    assert calls(work) == ["2026-11-17-acme.md", "2026-11-17-acme.txt"]


def test_recordings_and_what_is_too_large_are_not_carried_over(work):
    carried = Carried(work)
    files = [{"name": "a.mp4", "size": 9}, {"name": "a.txt", "size": LARGEST_FILE + 1}, {"name": "b.txt", "size": 1}]
    assert carried.ask("begin", files=files)["wanted"] == [2]
    carried.ask("piece", file=2, at=0, data="")
    assert [one["what"] for one in carried.ask("look")["calls"]] == ["unreadable", "other", "unreadable"]


def test_no_traceback_reaches_a_pm(work, monkeypatch):
    carried = Carried(work)
    assert "refused" in carried.ask("nonsense")
    assert "refused" in carried.ask("piece", "nobody", file=0, at=0, data="")
    monkeypatch.setattr(drop, "plan_import", lambda *a, **k: 1 / 0)
    carried.ask("begin", files=[])
    assert "the workbench made a mistake (ZeroDivisionError" in carried.ask("look")["refused"]


@pytest.mark.parametrize(("width", "widget"), [(1240, Triage), (360, Triage), (1000, Capture)])
def test_files_are_chosen_looked_at_and_brought_in(browser, work, files, width, widget):
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    made = widget(work, today="2026-11-20")
    desk = Desk(page, made)
    view = desk.open(made)
    desk.settle(wait=400)

    def look(name):
        page.screenshot(path=pictures() / f"drop-{widget.__name__.lower()}-{width}-{name}.png", full_page=True)
        assert serious_violations(page, ".dr-area") == []
        inside, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert inside <= window

    if widget is Capture:
        view.locator(".wb-recorded summary").click()
    view.locator(".dr-area input[type=file]").set_input_files(files)
    bring = view.locator(".dr-area > .wb-acts .wb-main")
    for _ in range(40):
        page.wait_for_timeout(50)  # the browser reads the file while the page's clock stands still
        desk.settle(wait=100)
        if bring.is_visible():
            break
    assert bring.inner_text() == "1 call to say more of"
    assert bring.is_disabled()
    assert calls(work) == []
    assert "broken.docx:1: " in view.locator(".dr-bad").inner_text()
    look("asked")
    row = view.locator(".dr-row", has_text="call.txt")
    row.locator("[data-field=day]").fill("2026-11-18")
    row.locator("[data-field=customer]").fill("Cargo")
    page.keyboard.press("Tab")
    desk.settle(wait=300)
    assert view.locator("[data-field=who]").first.evaluate("one => one === document.activeElement"), "nobody is moved"
    assert bring.inner_text() == "Bring in 3 calls"
    bring.click()
    desk.settle(wait=300)
    desk.settle(wait=300)
    assert view.locator(".dr-state").inner_text().startswith("3 calls in, not in: broken.docx:1: ")
    assert [name for name in calls(work) if name.endswith(".md")] == [
        "2026-11-17-acme.md",
        "2026-11-18-bolt.md",
        "2026-11-18-cargo.md",
    ]
    look("in")
    if widget is Triage:
        assert view.locator(".tg-meta b").inner_text().startswith("Cargo, "), "the newest of them is open"
    assert desk.errors == []
    context.close()


def test_text_is_pasted_and_files_fall_anywhere_on_the_widget(browser, work):
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    page = context.new_page()
    made = Triage(work)
    desk = Desk(page, made)
    view = desk.open(made)
    desk.settle(wait=400)
    view.get_by_role("button", name="paste text").click()
    page.keyboard.insert_text(TALK)
    view.get_by_role("button", name="Look at it").click()
    for _ in range(40):
        page.wait_for_timeout(50)
        desk.settle(wait=100)
        if view.locator(".dr-row").count():
            break
    assert "pasted.txt" in view.locator(".dr-row").inner_text()
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.items.add(new File([text.repeat(9000)], "2026-11-17 Acme.txt"));
          const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
          document.querySelector(".tg-nothing").dispatchEvent(drop);
        }""",
        TALK.replace("\n\n", " now.\n\n"),
    )
    for _ in range(60):
        page.wait_for_timeout(50)
        desk.settle(wait=100)
        if "Acme" in view.locator(".dr-rows").inner_text():
            break
    assert "36000 turns" in view.locator(".dr-row").inner_text(), "in four pieces"
    assert view.locator(".dr-area > .wb-acts .wb-main").inner_text() == "Bring in 1 call"
    assert desk.errors == []
    context.close()
