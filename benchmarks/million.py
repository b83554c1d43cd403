"""What a million notes cost: a table read, its themes, the Tuesday notebook, its report, and the report verified.

Run:  python benchmarks/million.py [--notes 1000000] [--customers 20000] [--keep FOLDER]

The notes are planted: 40 themes whose words are of a vocabulary that grows with the notes, two years, four segments. Each step runs
in a process of its own; processor seconds and memory are that process's, with those that it starts.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

SYLLABLES = [c + v for c in "bdfghjklmnprstvz" for v in "aeiou"]
SEGMENTS = ("enterprise", "mid-market", "small", "trial")
KINDS = ("pain", "wish", "observation", "quote", "workaround")
TABLE = "interviews/tickets.csv"
READ = "import workbench as wb; print(wb.read_study())"
THEMES = "import workbench as wb; study = wb.read_study(); print(wb.find_themes(study.notes, study.ledger))"


def word(i: int) -> str:
    """A word for a number, different from all others."""
    said, i = "", i + 80
    while i:
        said, i = said + SYLLABLES[i % 80], i // 80
    return said


def planted(n: int, customers: int, seed: int = 0, themes: int = 40) -> Iterator[tuple[str, ...]]:
    """Rows of a table: a third of a note's words are of its theme, the others common ones."""
    rng = np.random.default_rng(seed)
    vocabulary = 20_000 + n // 20
    names = np.array([word(i * 7919 % 4_000_000) for i in range(vocabulary)], dtype=object)
    common = 1 / np.arange(1, vocabulary + 1) ** 1.05
    common /= common.sum()
    own = np.stack([rng.permutation(np.arange(200, vocabulary))[:300] for _ in range(themes)])
    within = 1 / np.arange(1, 301)
    within /= within.sum()
    first = datetime.date(2024, 11, 18)
    for start in range(0, n, 10_000):
        m = min(10_000, n - start)
        theme = rng.integers(0, themes, m)
        of_theme = own[theme[:, None], rng.choice(300, size=(m, 25), p=within)]
        words = np.where(rng.random((m, 25)) < 0.35, of_theme, rng.choice(vocabulary, size=(m, 25), p=common))
        for ids, customer, day, kind in zip(
            words, rng.integers(0, customers, m), rng.integers(0, 730, m), rng.integers(0, 5, m), strict=True
        ):
            consent = ("quote", "aggregate", "")[customer % 3]
            when = str(first + datetime.timedelta(int(day)))
            yield " ".join(names[ids]), f"Customer {customer:05d}", when, SEGMENTS[customer % 4], KINDS[kind], consent


def make(folder: Path, n: int, customers: int) -> None:
    """A workspace with a table of notes."""
    command = [sys.executable, "-m", "workbench", "init", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with (folder / TABLE).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "customer", "date", "segment", "kind", "consent"])
        writer.writerows(planted(n, customers))


def measure(what: str, command: list[str], folder: Path) -> None:
    """Run a step, and print what it took."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read() if process.stderr else b""
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / (1e6 if sys.platform == "linux" else 1e9)
    print(f"| {what} | {cpu:.0f} s | {wall:.0f} s | {peak:.1f} GB |", flush=True)
    if status:
        sys.exit(said.decode(errors="replace")[-2000:])


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--notes", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--keep", type=Path, help="leave the workspace there; one that is there already is used again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary, "work")
        workbench = [sys.executable, "-m", "workbench"]
        table = folder / TABLE
        if not table.exists():
            make(folder, options.notes, options.customers)
        print(f"{options.notes:,} notes of {options.customers:,} customers, {table.stat().st_size / 1e6:.0f} MB\n")
        print("| | processor | wall | memory, at most |\n|---|---|---|---|")
        measure("`read_study`", [sys.executable, "-c", READ], folder)
        measure("and `find_themes`", [sys.executable, "-c", THEMES], folder)
        notebook = "notebooks/tuesday-discovery.ipynb"
        measure("the Tuesday notebook and its report", [*workbench, "report", notebook, "-o", "reports/t.html"], folder)
        measure("`workbench verify`", [*workbench, "verify", "reports/t.html"], folder)
        print(f"\nThe report has {(folder / 'reports' / 't.html').stat().st_size / 1e6:.1f} MB.")


if __name__ == "__main__":
    main()
