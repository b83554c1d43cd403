"""The theme board over 2,000 notes, in a real JupyterLab under Chromium, from Chromium's own trace.

    python benchmarks/board.py [--notes 2000]
    python benchmarks/board.py --notes 1000000

Prints the time from the data to the first picture, the scripting of each frame while a card is dragged, frames per second, the
bytes of one move, and the seconds that an act takes in the kernel. It needs Chromium and what the tests need. Of more notes than
are sent at once, which then lie in a table, it prints what each question costs the kernel, in processor seconds and bytes.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from boards import CELLS, make_many  # noqa: E402
from lab import launch_chromium, open_notebook, run_all, serve_lab, write_notebook  # noqa: E402
from scale import planted, spell  # noqa: E402

from workbench.store import read_ledger  # noqa: E402
from workbench.widgets import theme_board  # noqa: E402
from workbench.widgets.theme_board import ThemeBoard  # noqa: E402

CATEGORIES = "devtools.timeline,disabled-by-default-devtools.timeline.frame,blink.user_timing,toplevel"
DRAG_SECONDS = 4


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--notes", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as home:
        study = Path(folder) / "study"
        if options.notes > theme_board.WHOLE:
            write_table(study, options.notes)
            large_in_the_kernel(study)
            return
        make_many(study, options.notes)
        in_the_kernel(study)
        (study / "discovery" / "themes.yaml").unlink()
        write_notebook(study / "notebooks" / "board.ipynb", *CELLS)
        command = [sys.executable, "-m", "jupyter", "lab", f"--ServerApp.root_dir={folder}", "--LabApp.news_url=None"]
        with serve_lab(command, Path(home)) as address, launch_chromium() as browser:
            in_the_browser(browser, address)


def write_table(study: Path, n: int) -> None:
    """Planted notes of two years in a table, by customers who said 50 each."""
    (study / "interviews").mkdir(parents=True)
    rng = np.random.default_rng(0)
    with (study / "interviews" / "tickets.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["customer", "segment", "date", "text"])
        for words, _ in planted(n, 0):
            for said, customer, day in zip(
                words, rng.integers(0, n // 50, len(words)), rng.integers(0, 730, len(words)), strict=True
            ):
                text = " ".join(spell(int(word)) for word in said)
                rows.writerow(
                    [
                        f"Customer {customer}",
                        ("field", "wholesale", "clinic")[customer % 3],
                        np.datetime64("2024-11-25") + day,
                        text,
                    ]
                )


class AtOnce:
    """Does beside what is to be done, but now, so that it is measured."""

    def submit(self, work: Any) -> None:
        """Do it."""
        work()


def large_in_the_kernel(study: Path) -> None:
    """What opening and each question costs."""
    start, wall = time.process_time(), time.perf_counter()
    board = ThemeBoard(study, by="ana", today="2026-11-26")
    print(
        f"open: {time.process_time() - start:.1f} s of processor, {time.perf_counter() - wall:.1f} s (read the table, find the themes)"
    )
    board._acting = board._following = AtOnce()
    sent: list[tuple[float, dict[str, Any]]] = []
    board.send = lambda message, **_: sent.append((time.process_time(), message))

    def ask(words: str, **message: Any) -> dict[str, Any]:
        sent.clear()
        start = time.process_time()
        nothing = {"number": 1, "version": board._version, "find": {}, "newest": False}
        board.answer({"view": "v"} | nothing | message)
        parts = ", ".join(
            f"{told['what']} after {at - start:.3f} s, {len(json.dumps(told)) / 1000:.1f} kB" for at, told in sent
        )
        print(f"{words}: {parts}")
        return sent[-1][1]

    first = ask("first message", what="hello")
    ask("first message to a second view", what="hello")
    keys = [row["key"] for row in first["themes"]]
    n = first["themes"][0]["n_notes"]
    print(f"{first['n_notes']:,} notes in {len(keys)} themes, {n:,} in the first, {first['n_left']:,} in none")
    ask("40 notes from the end of a theme", what="cards", lists=[[keys[0], n - 40, n]])
    ask("the newest 40", what="cards", newest=True, lists=[[keys[0], 0, 40]])
    word = str(board._look.themes.notes["text"].iloc[0]).split()
    ask("search of one word", what="find", find={"text": word[0]})
    ask("search of two words", what="find", find={"text": f"{word[1]} {word[2]}"})
    ask("search of a customer", what="find", find={"text": "customer 777"})
    ask("counts after a merge", what="after", theme=keys[1])
    members = board._look.members

    def act(words: str, k: int, **what: Any) -> None:
        ask(words, what="act", act={"id": f"{k:08x}", "reads": board._reads, **what})

    act("a move", 1, do="move", notes=[int(members[keys[1]][-1])], theme=keys[2])
    act("a rename", 2, do="rename", theme=keys[0], name="Exports")
    act("a merge", 3, do="merge", theme=keys[3], into=keys[4])
    act_fifty_times(board, study)
    size = (study / "discovery" / "themes.yaml").stat().st_size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"the ledger of these: {size / 1000:.0f} kB; memory at most: {peak:.2f} GB")


class Dropped:
    """Keeps what is to be done beside, the last of it alone, as where acts come sooner than anything follows."""

    def submit(self, work: Any) -> None:
        """Keep it."""
        self.work = work


def act_fifty_times(board: ThemeBoard, study: Path) -> None:
    """Fifty acts of all kinds, one after the other; what follows from them at the end, beside a replay of what is on disk."""
    later = board._following = Dropped()
    sent: list[tuple[float, dict[str, Any]]] = []
    board.send = lambda message, **_: sent.append((time.process_time(), message))
    seconds: dict[str, list[tuple[float, float]]] = {}
    for k in range(50):
        members = {key: rows for key, rows in board._look.members.items() if key and len(rows) > 10}
        keys = sorted(members)
        one, other = keys[k % len(keys)], keys[(3 * k + 1) % len(keys)]
        other = other if other != one else keys[(k + 1) % len(keys)]
        some = members[one][-3:].tolist()
        do, what = [
            ("move", {"notes": some, "theme": other}),
            ("rename", {"theme": one, "name": f"Theme {k}"}),
            ("new", {"notes": [*some, int(members[other][5])], "name": f"New {k}"}),
            ("pin", {"notes": [some[0], int(members[other][7])]}),
            ("undo", {}),
            ("aside", {"notes": some}),
            ("merge", {"theme": one, "into": other}) if k < 20 else ("apart", {"notes": some[:2]}),
        ][k % 7]
        sent.clear()
        start = time.process_time()
        board.answer(
            {"what": "act", "view": "v", "act": {"id": f"{100 + k:08x}", "do": do, "reads": board._reads, **what}}
        )
        on_disk, shown = (at - start for at, told in sent if told["what"] in ("saved", "changed"))
        seconds.setdefault(do, []).append((on_disk, shown))
    for do, taken in seconds.items():
        disk, shown = (statistics.median(one) for one in zip(*taken, strict=True))
        print(
            f"{do}, median of {len(taken)}: on disk {disk:.2f} s, shown {shown:.2f} s; most {max(taken)[0]:.2f} s, {max(one for _, one in taken):.2f} s"
        )
    start = time.process_time()
    later.work()
    print(f"what follows from these 50: {time.process_time() - start:.1f} s")
    again = board._look.themes.regroup(read_ledger(study))
    same = again.summary.equals(board._look.themes.summary) and again.notes["theme"].equals(
        board._look.themes.notes["theme"]
    )
    print(f"as the ledger on disk has it: {'the same' if same else 'NOT THE SAME'}")


def in_the_kernel(study: Path) -> None:
    """How long the kernel takes, without a browser."""
    start = time.perf_counter()
    board = ThemeBoard(study, by="ana", today="2026-11-26")
    print(f"open: {time.perf_counter() - start:.2f} s in the kernel (read the notes, find the themes)")
    sent: list[dict[str, Any]] = []
    board.send = lambda message, **_: sent.append(message | {"at": time.perf_counter()})
    board.answer({"what": "hello", "view": "v"})
    everything = sent.pop()
    everything.pop("at")
    n, themes = len(everything["notes"]["text"]), everything["themes"]
    print(f"everything, sent once: {len(json.dumps(everything)) / 1000:.0f} kB for {n:,} notes in {len(themes)} themes")
    seconds, on_disk, sizes = [], [], []
    for k in range(10):
        sent.clear()
        act = {"id": f"{k:08x}", "do": "move", "notes": [themes[k]["notes"][0]], "theme": themes[k + 1]["key"]}
        start = time.perf_counter()
        board.answer({"what": "act", "view": "v", "act": act})
        on_disk.append(sent[0].pop("at") - start)
        seconds.append(sent[1].pop("at") - start)
        sizes.append(sum(len(json.dumps(message)) for message in sent))
    print(f"a move in the kernel, median of 10: on disk after {statistics.median(on_disk):.3f} s, ", end="")
    print(f"worked out after {statistics.median(seconds):.2f} s; {statistics.median(sizes) / 1000:.1f} kB sent")


def in_the_browser(browser: Any, address: str) -> None:
    """Open the board, drag a card for some seconds, drop it."""
    page = browser.new_page(viewport={"width": 1500, "height": 1100})
    sizes: list[tuple[str, int]] = []

    def watch(socket: Any) -> None:
        socket.on("framesent", lambda data: sizes.append(("up", len(data))))
        socket.on("framereceived", lambda data: sizes.append(("down", len(data))))

    page.on("websocket", watch)
    open_notebook(page, address, "study/notebooks/board.ipynb")
    trace = Trace(page)
    run_all(page, ".tb-card")
    page.wait_for_timeout(1500)
    events = trace.stop()
    data = next(event["ts"] for event in events if event["name"] == "theme-board-data")
    thread = main_thread(events)
    paint = next(event for event in events if event["name"] == "Paint" and event["ts"] > data and of(event) == thread)
    frames = [event["ts"] for event in events if event["name"] == "DrawFrame" and event["ts"] > paint["ts"]]
    shown = (frames[0] if frames else paint["ts"] + paint["dur"]) - data
    print(
        f"from the data to the first picture: {shown / 1000:.0f} ms; {page.locator('.tb-card').count()} cards in the page"
    )

    card = page.locator(".tb-column").first.locator(".tb-card").nth(1).bounding_box()
    page.mouse.move(card["x"] + 60, card["y"] + 20)
    page.mouse.down()
    page.mouse.move(card["x"] + 80, card["y"] + 40, steps=3)
    trace = Trace(page)
    start = time.perf_counter()
    n = 0
    while time.perf_counter() - start < DRAG_SECONDS:
        page.mouse.move(300 + (n * 13) % 1100, 250 + (n * 7) % 700)
        n += 1
    taken = time.perf_counter() - start
    events = trace.stop()
    report_frames(events, taken, n)

    target = page.locator(".tb-column").nth(2).bounding_box()
    page.mouse.move(target["x"] + 80, target["y"] + 60)
    page.wait_for_timeout(100)
    sizes.clear()
    start = time.perf_counter()
    page.mouse.up()
    page.locator(".tb-status", has_text="Saved to").wait_for()
    saved = time.perf_counter() - start
    page.locator(".tb-status", has_text="Undo: move of 1 note").wait_for()
    settled = time.perf_counter() - start
    page.wait_for_timeout(300)
    sent, received = (sum(size for way, size in sizes if way == one) for one in ("up", "down"))
    print(f"a move in the browser: “Saved” after {saved:.2f} s, settled after {settled:.2f} s; ", end="")
    print(f"{sent / 1000:.1f} kB up, {received / 1000:.1f} kB down, Jupyter's own messages and a poll included")


class Trace:
    """Chromium's trace, from now on."""

    def __init__(self, page: Any) -> None:
        self.session, self.page = page.context.new_cdp_session(page), page
        self.events: list[dict[str, Any]] = []
        self.done = False
        self.session.on("Tracing.dataCollected", lambda found: self.events.extend(found["value"]))
        self.session.on("Tracing.tracingComplete", lambda _: setattr(self, "done", True))
        self.session.send("Tracing.start", {"categories": CATEGORIES, "transferMode": "ReportEvents"})

    def stop(self) -> list[dict[str, Any]]:
        """All events, in the order of time."""
        self.session.send("Tracing.end")
        while not self.done:
            self.page.wait_for_timeout(50)
        return sorted(self.events, key=lambda event: event.get("ts", 0))


def of(event: dict[str, Any]) -> tuple[int, int]:
    """The thread of an event."""
    return event["pid"], event["tid"]


def main_thread(events: list[dict[str, Any]]) -> tuple[int, int]:
    """The page's main thread: the one with most calls of functions."""
    calls = [of(event) for event in events if event["name"] in ("FunctionCall", "EventDispatch", "FireAnimationFrame")]
    return statistics.mode(calls)


def report_frames(events: list[dict[str, Any]], taken: float, n_moves: int) -> None:
    """Scripting of each frame: what events and animation frames take, with the layout that they force."""
    thread = main_thread(events)
    mine = [event for event in events if of(event) == thread]
    scripts = [
        (event["ts"], event.get("dur", 0)) for event in mine if event["name"] in ("EventDispatch", "FireAnimationFrame")
    ]
    # One event dispatched within another counts once.
    outer, until = [], 0
    for at, lasts in scripts:
        if at >= until:
            outer.append((at, lasts))
            until = at + lasts
    begins = [event["ts"] for event in mine if event["name"] == "BeginMainThreadFrame"]
    per_frame = [0.0] * (len(begins) + 1)
    k = 0
    for at, lasts in outer:
        while k < len(begins) and begins[k] <= at:
            k += 1
        per_frame[k] += lasts / 1000
    drawn = sum(event["name"] == "DrawFrame" for event in events)
    per_frame.sort()
    high = per_frame[int(0.95 * (len(per_frame) - 1))]
    print(
        f"dragging, {n_moves} moves of the pointer in {taken:.1f} s: scripting of a frame {statistics.median(per_frame):.2f} ms ",
        end="",
    )
    print(f"(median), {high:.2f} ms (95 %), {per_frame[-1]:.2f} ms (most); {drawn / taken:.0f} frames a second")


if __name__ == "__main__":
    main()
