"""A report of 5,000 notes: how long its export takes beside running its notebook, how large it is, how soon it opens.

    python benchmarks/export.py [--notes 5000] [--repetitions 3] [--bench ../shared/bench] [--only html]

The notes are texts of the labelled airline set in 20-note calls of 60 customers, three of four of whom may be quoted.
Where that set is missing, they are made of syllables. What is measured is the time that commands take from start to end:
`jupyter nbconvert --to notebook --execute` and `workbench report`, in turn, on the Tuesday notebook; and the seconds of
processor that they and their kernels use, which hold on a busy machine too.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, sleep

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from workbench.notes import format_call, format_note  # noqa: E402

NOTEBOOK = HERE.parent / "notebooks" / "tuesday-discovery.ipynb"
KINDS = [*["observation"] * 8, *["quote"] * 6, *["pain"] * 4, *["workaround"] * 2, "wish", "commitment"]
CONSENT = ("quote", "quote", "named", "aggregate")
SEGMENTS = ("field", "services", "wholesale")
ROLES = ("ops lead", "finance manager", "owner", "head of support")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--notes", type=int, default=5000)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--bench", type=Path, default=HERE.parent.parent / "shared" / "bench")
    parser.add_argument("--only", choices=["html"], help="without the other forms and readers")
    options = parser.parse_args()
    adopt()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "study"
        write_study(root, read_texts(options.bench, options.notes))
        out = Path(folder) / "out"
        execute = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--output-dir", str(out), str(root / "notebooks" / NOTEBOOK.name)]  # fmt: skip
        seconds(
            [sys.executable, "-m", "workbench", "-w", str(root), "notes"], root
        )  # read once, so that no run is the first
        runs: dict[str, list[tuple[float, float]]] = {"nbconvert --execute": [], "workbench report": []}
        for _ in range(options.repetitions):
            runs["nbconvert --execute"].append(measure(execute, root))
            runs["workbench report"].append(measure(report(root, out / "report.html"), root))
        (base, processor), _ = ([statistics.median(column) for column in zip(*of, strict=True)] for of in runs.values())  # fmt: skip
        print(f"{options.notes:,} notes, {options.repetitions} runs each, medians")
        for name, of in runs.items():
            clock, work = zip(*of, strict=True)
            print(
                f"{name}: {statistics.median(clock):.1f} s ({min(clock):.1f} to {max(clock):.1f}), {statistics.median(clock) / base:.2f} times; "
                f"processor {statistics.median(work):.1f} s ({min(work):.1f} to {max(work):.1f}), {statistics.median(work) / processor:.2f} times"
            )
        print(f"report.html: {size(out / 'report.html')}; the executed notebook: {size(out / NOTEBOOK.name)}")
        open_in_browser(out / "report.html")
        if options.only != "html":
            for audience in ("exec", "engineering", "design", "sales"):
                seconds([*report(root, out / f"{audience}.html"), "--audience", audience], root)
                print(f"--audience {audience}: {size(out / f'{audience}.html')}")
            for form in ("md", "pdf"):
                taken, work = measure(report(root, out / f"report.{form}"), root)
                print(
                    f"--to {form}: {taken:.1f} s ({taken / base:.2f} times), processor {work:.1f} s ({work / processor:.2f} times), "
                    f"{size(out / f'report.{form}')}"
                )
            for table in ("csv", "xlsx"):
                taken = seconds([sys.executable, "-m", "workbench", "-w", str(root), "export", str(out / f"evidence.{table}")], root)  # fmt: skip
                print(f"export evidence.{table}: {taken:.1f} s, {size(out / f'evidence.{table}')}")


def read_texts(bench: Path, n: int) -> list[str]:
    """Texts that people wrote; each once."""
    rng = random.Random(1)
    file = bench / "data" / "full_airline.jsonl"
    if file.is_file():
        texts = [" ".join(json.loads(line)["text"].split()) for line in file.read_text("utf-8").splitlines()]
        texts = list(dict.fromkeys(text for text in texts if text[:1].isalnum()))
        rng.shuffle(texts)
        if len(texts) >= n:
            return texts[:n]
    syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
    words = ["".join(rng.choices(syllables, k=rng.randint(2, 4))) for _ in range(1500)]
    return [" ".join(rng.choices(words, k=rng.randint(8, 20))) for _ in range(n)]


def write_study(root: Path, texts: list[str], n_customers: int = 60) -> None:
    """A workspace of 20-note calls."""
    rng = random.Random(2)
    (root / "interviews").mkdir(parents=True)
    (root / "discovery").mkdir()
    (root / "discovery" / "salt").write_text("0f" * 16 + "\n")
    (root / "notebooks").mkdir()
    (root / "notebooks" / NOTEBOOK.name).write_bytes(NOTEBOOK.read_bytes())
    for call in range(0, len(texts), 20):
        number = call // 20
        customer = number % n_customers
        day = f"2026-{7 + number // 56:02d}-{1 + number % 28:02d}"
        head = format_call(
            f"Company {customer:02d} Ltd", day, who=f"Name{customer} Surname{customer}, {ROLES[customer % 4]}",
            segment=SEGMENTS[customer % 3], consent=CONSENT[customer % 4],
        )  # fmt: skip
        notes = [format_note(text, rng.choice(KINDS)) + "\n" for text in texts[call : call + 20]]
        (root / "interviews" / f"{day}-c{number}.md").write_text(head + "".join(notes), "utf-8")


def report(root: Path, target: Path) -> list[str]:
    return [sys.executable, "-m", "workbench", "-w", str(root), "report", str(root / "notebooks" / NOTEBOOK.name), "-o", str(target)]  # fmt: skip


def seconds(command: list[str], root: Path) -> float:
    return measure(command, root)[0]


def measure(command: list[str], root: Path) -> tuple[float, float]:
    """Seconds from start to end, and seconds of processor."""
    environment = os.environ | {"WORKBENCH_DIR": str(root), "PYTHONWARNINGS": "ignore"}
    start, used = perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr[-2000:]}")
    taken = perf_counter() - start
    reap()
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    return taken, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime


def adopt() -> None:
    """Chromium's processes outlive the one that has started them: on Linux they become ours, so that their seconds count."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def reap() -> None:
    sleep(1)
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def open_in_browser(page: Path) -> None:
    """How long Chromium takes until the page can be read and scrolled."""
    from lab import launch_chromium

    with launch_chromium() as browser:
        times = []
        for _ in range(3):
            tab = browser.new_page()
            tab.goto(page.as_uri())
            timing = tab.evaluate(
                "() => { const n = performance.getEntriesByType('navigation')[0], p = performance.getEntriesByName('first-contentful-paint')[0];"
                " return [p ? p.startTime : NaN, n.loadEventEnd] }"
            )
            times.append(timing)
            tab.close()
    paint, load = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"Chromium: first text after {paint:.0f} ms, all of it after {load:.0f} ms")


def size(file: Path) -> str:
    return f"{file.stat().st_size / 1e6:.2f} MB"


if __name__ == "__main__":
    main()
