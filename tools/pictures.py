"""The pictures in ``docs/``, drawn on a copy of the sample study: the widgets in a bare page, and ``./run demo``'s report.

    .venv/bin/python tools/pictures.py

Needs Chromium and the fonts that ``.ci/run`` installs. The widgets are the real ones, with their Python half in this process.
"""

import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from lab import launch_chromium  # noqa: E402 - after the path that it lies on
from stage import stage  # noqa: E402

from workbench.notes import format_call  # noqa: E402
from workbench.report.export import export_report  # noqa: E402
from workbench.starter import copy_sample  # noqa: E402
from workbench.widgets import Capture, HypothesisCards, MondayForm, ThemeBoard, Triage, record_form  # noqa: E402

TODAY = "2026-11-24"
CALL = (
    '"The list was ten minutes. We only have forty clients and they were tidy" @05:25 #import',
    '"I printed it, I mailed it to myself, I opened it on my phone. Then I sent it" @09:50 #test-send',
    "! The tax number had to come from the partner. He was skiing @14:00 #tax-details",
    "~ Writes who is late on a sticky note on the screen @20:10",
    "= The layout took longer than the list here",
    "> Will send the old invoice as a PDF by Friday",
)

RECORDED = "2026-11-24-brightwater-pools"
TALK = """\
WEBVTT

00:04:10.000 --> 00:04:10.900
Ana: When did you last send an invoice to a new customer?

00:04:16.000 --> 00:04:16.900
Dana Ortiz: That was last Thursday. It was for a family that we open a pool for every spring, and I had them
on paper only. So I typed the address off the old contract, and it took me most of half an hour with the phone
ringing.

00:04:52.000 --> 00:04:52.900
Ana: What happened then?

00:04:55.000 --> 00:04:55.900
Dana Ortiz: It came back. The street had a new name and I had no way to see that. I sent it a second time on
Monday.

00:05:20.000 --> 00:05:20.900
Ana: And what do you do so that it does not happen again?

00:05:26.000 --> 00:05:26.900
Dana Ortiz: I keep a list on the fridge, honestly. Every time one comes back I write the name down, and once a
month I go through it and correct them by hand. It is forty-two names by now.

00:06:03.000 --> 00:06:03.900
Ana: What would have to be different?

00:06:07.000 --> 00:06:07.900
Dana Ortiz: I would want to see before I send it that the address is wrong. I'm worried that some of them
never come back and the people just do not pay.

00:06:30.000 --> 00:06:30.900
Ana: How would you find that out today?

00:06:34.000 --> 00:06:34.900
Dana Ortiz: I don't, until the end of the quarter. My sister does the books and she asks me about each one
that is open.
"""

MONDAY = ("The import test is decided on", "Field teams are heard on what comes before the invoice")

CARD = {
    "owner": "Ines Calloway",
    "change": "show doubles side by side before anything is saved",
    "segment": "new teams that bring 50 customers or more",
    "baseline": "30 %",
    "deadline": "2027-02-26",
    "traffic": "1,500/week",
    "size": "+3 %",
}


def main() -> None:
    """Draw them all."""
    with tempfile.TemporaryDirectory() as folder, launch_chromium() as browser:
        for name, draw in (
            ("capture", draw_capture),
            ("board", draw_board),
            ("cards", draw_cards),
            ("week", draw_week),
            ("triage", draw_triage),
        ):
            study = Path(folder) / name
            copy_sample(study)
            page = browser.new_page(viewport={"width": 1240, "height": 900}, device_scale_factor=1.5)
            draw(page, study)
            page.wait_for_timeout(500)
            page.screenshot(path=ROOT / "docs" / f"{name}.png", clip=frame(page, name))
            page.close()
        copy_sample(Path(folder) / "report")
        (Path(folder) / "report" / "discovery" / "salt").write_text("5a17" * 8 + "\n")  # the same codes each time
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        draw_report(page, Path(folder) / "report")
        page.close()


def draw_report(page, study: Path) -> None:
    """From its title to the end of the first theme."""
    notebook = study / "notebooks" / "tuesday-discovery.ipynb"
    page.goto(export_report(notebook, workspace=study).as_uri())
    box = page.locator("article.theme").first.bounding_box()
    end = round(box["y"] + box["height"])
    page.screenshot(
        path=ROOT / "docs" / "report.png", full_page=True, clip={"x": 0, "y": 0, "width": 1280, "height": end}
    )


def frame(page, name: str) -> dict[str, float]:
    """The widget with a margin, not longer than a window."""
    box = page.locator(".wb-face").bounding_box()
    return {"x": 0, "y": 0, "width": 1240, "height": min(box["y"] + box["height"] + 8, 860)}


def draw_capture(page, study: Path) -> None:
    """A call in its twentieth minute, a tag being completed."""
    page.clock.install()
    stage(page, Capture(study, today=TODAY))
    keys = page.keyboard
    page.get_by_role("combobox", name="Customer").click()
    keys.type("Ovr")
    keys.press("Tab")
    keys.press("Tab")
    keys.type("office manager")
    keys.press("Enter")
    page.locator(".wb-entry").click()
    for words in CALL:
        keys.insert_text(words)
        keys.press("Enter")
    for _ in range(4):
        page.clock.fast_forward("05:20")
        keys.press("Control+Enter")
    keys.type("? Would probably use reminders if they were automatic #te")
    page.locator(".wb-line .wb-pop:visible").wait_for()
    page.mouse.move(5, 5)


def draw_board(page, study: Path) -> None:
    """Two notes were split off, and others came along."""
    board = ThemeBoard(study, by="ana", today=TODAY)
    board._receive = lambda _, message, buffers: board.answer(message)  # at once, not from another thread
    stage(page, board)
    page.locator(".tb-card").first.wait_for()
    page.locator(".tb-card").first.focus()
    for key in (" ", "ArrowDown", " ", "s"):
        page.keyboard.press(key)
    page.keyboard.type("Postcodes by hand")
    page.keyboard.press("Enter")
    page.locator(".tb-followed li").first.wait_for()
    page.mouse.move(5, 5)


def draw_cards(page, study: Path) -> None:
    """A draft whose size can be read in two ways, before any hypothesis was written down."""
    shutil.rmtree(study / "discovery" / "hypotheses")
    stage(page, HypothesisCards(study, today=TODAY))
    page.locator(".wb-cards .hc-fields").wait_for()
    for field, words in CARD.items():
        page.locator(f'.hc-middle [data-field="{field}"]').fill(words)
    page.locator(".hc-size-bar").first.wait_for()
    page.evaluate("scrollTo(0, 0)")
    page.mouse.move(5, 5)


def draw_triage(page, study: Path) -> None:
    """In the middle of a recorded call."""
    file = study / "interviews" / f"{RECORDED}.md"
    head = {"customer": "Brightwater Pools", "day": RECORDED[:10], "who": "Dana Ortiz, office manager"}
    (study / "interviews" / "transcripts").mkdir(exist_ok=True)
    (study / "interviews" / "transcripts" / f"{RECORDED}.vtt").write_text(TALK, "utf-8")
    file.write_text(format_call(**head, transcript=f"{RECORDED}.vtt", us="Ana", consent="quote"), "utf-8")
    stage(page, Triage(study, today=TODAY))
    page.locator(".tg-words").wait_for()
    for key in ("k", "d", "k", "j", "ArrowLeft"):
        page.keyboard.press(key)
    page.locator(".wb-status", has_text="all on disk").wait_for()
    page.mouse.move(5, 5)


def draw_week(page, study: Path) -> None:
    """A Monday with its two outcomes, two customers taken over, and what else could be written."""
    record_form.work_out = lambda work: work()  # at once, not from another thread
    stage(page, MondayForm(study, "2026-W48", today="2026-11-23"))
    offers = page.locator('[data-part="touchpoints"] .rf-offer > .wb-button')
    offers.first.wait_for()
    page.locator('[data-part="outcomes"] textarea').focus()
    page.keyboard.type(MONDAY[0])
    page.keyboard.press("Enter")
    page.keyboard.type(MONDAY[1])
    for _ in range(2):
        offers.first.click()
        page.wait_for_timeout(800)
    page.locator(".rf-text").wait_for(state="attached")
    page.evaluate("scrollTo(0, 0)")
    page.mouse.move(5, 5)


if __name__ == "__main__":
    main()
