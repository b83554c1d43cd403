"""How long a workspace takes to read, against the bare cost of reading its bytes.

Run:  python benchmarks/reading.py [--calls 10000] [--notes 20] [--repetitions 5]

Each repetition measures every row once, in turn, so that a slow moment of the machine falls on all of them.
The files have just been written, so they come from the system's memory and not from the disk: this measures
the program.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd

from workbench.notes import KINDS as NOTE_KINDS
from workbench.notes import format_call, format_note
from workbench.study import read_notes

WORDS = """
    the the the a a to to and of in she he they we it is was for on with by hand every again last first before
    after report export invoice filter total customer team screen email list month Friday meeting spreadsheet
    reminder account template password column totals payment deadline duplicate import draft client manager
    phone weekly redoes copies checks forgets waits sends prints asks loses builds opens compares types hours
    minutes people twice never always only because slow wrong missing old new big "said" can't it's
    doesn't £40 1,300
    three – überall
""".split()
TAGS = "export import filters reports billing pricing search mobile permissions speed duplicates".split()
KINDS = [*["observation"] * 8, *["quote"] * 5, *["pain"] * 3, *["workaround"] * 2, *NOTE_KINDS[4:]]
ROLES = ("ops lead", "finance manager", "owner", "analyst", "accounts assistant", "head of support")
SEGMENTS = ("smb", "mid-market", "enterprise")
FRESH = """
import sys, time
import pandas
from workbench.study import read_notes
start = time.perf_counter()
notes = read_notes(sys.argv[1], problems=[])
print(time.perf_counter() - start)
"""


def make_workspace(root: Path, n_calls: int, n_notes: int, seed: int = 0) -> int:
    """Write made-up calls into `root`, 3.3 to a customer; returns their size in bytes."""
    rng = random.Random(seed)
    names = sorted({_name(rng) for _ in range(max(3, n_calls * 3 // 10))})
    customers = [(name, rng.choice(SEGMENTS), f"{_name(rng)}, {rng.choice(ROLES)}") for name in names]
    (root / "interviews").mkdir()
    size = 0
    for number in range(n_calls):
        customer, segment, who = rng.choice(customers)
        day = str(date(2024, 1, 1) + timedelta(days=rng.randrange(1000)))
        consent = rng.choice(["quote", "aggregate", "named", ""])
        lines = [format_call(customer, day, who=who, segment=segment, consent=consent)]
        for _ in range(n_notes):
            text = " ".join(rng.choices(WORDS, k=rng.randint(6, 22)))
            tags = rng.sample(TAGS, k=rng.choice([0, 0, 0, 1, 1, 2]))
            at = f"{rng.randrange(60):02}:{rng.randrange(60):02}" if rng.random() < 0.3 else ""
            lines.append(format_note(text, rng.choice(KINDS), tags, at) + "\n")
        slug = customer.lower().replace(" ", "-")
        data = "".join(lines).encode()
        (root / "interviews" / f"{day}-{slug}-{number}.md").write_bytes(data)
        size += len(data)
    return size


def _name(rng: random.Random) -> str:
    def word() -> str:
        return "".join(rng.choice("bdfghklmnprstvw") + rng.choice("aeiou") for _ in range(rng.randint(2, 4)))

    return f"{word()} {word()}".title()


def read_bare(root: Path) -> None:
    """What nobody can do without: list the folder and read every file."""
    for entry in sorted(os.scandir(root / "interviews"), key=lambda entry: entry.name):
        with open(entry.path, "rb", buffering=0) as stream:
            stream.read()


def read_cold(root: Path) -> pd.DataFrame:
    (root / ".workbench" / "calls.json").unlink(missing_ok=True)
    return read_notes(root, problems=[])


def read_warm(root: Path) -> pd.DataFrame:
    return read_notes(root, problems=[])


def read_edited(root: Path) -> pd.DataFrame:
    """As after a save: one call is another one than when the cache was written."""
    with open(min((root / "interviews").iterdir()), "a") as stream:
        stream.write("- One more note\n")
    return read_notes(root, problems=[])


def seconds(read: Callable[[Path], object], root: Path) -> float:
    start = perf_counter()
    result = read(root)  # kept until the clock has stopped: nobody throws a table away on receiving it
    taken = perf_counter() - start
    del result
    return taken


def seconds_in_a_fresh_process(root: Path) -> float:
    child = subprocess.run([sys.executable, "-c", FRESH, root], check=True, capture_output=True, text=True)
    return float(child.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--notes", type=int, default=20, help="notes a call")
    parser.add_argument("--repetitions", type=int, default=5)
    args = parser.parse_args()
    print(f"Python {platform.python_version()}, pandas {pd.__version__}, numpy {np.__version__}")
    print(f"{platform.platform()}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        size = make_workspace(root, args.calls, args.notes)
        frame = read_notes(root, problems=[])
        cache = root / ".workbench" / "calls.json"
        kept = f"cache {cache.stat().st_size / 1e6:.1f} MB" if cache.exists() else "no cache (too few calls)"
        n_customers = frame["customer"].nunique()
        print(f"{args.calls} calls, {len(frame)} notes, {n_customers} customers; {size / 1e6:.0f} MB, {kept}")
        del frame
        readings: dict[str, Callable[[Path], float]] = {
            "bare reading": lambda root: seconds(read_bare, root),
            "cold": lambda root: seconds(read_cold, root),
            "warm": lambda root: seconds(read_warm, root),
            "warm, fresh process": seconds_in_a_fresh_process,
            "one call changed": lambda root: seconds(read_edited, root),
        }
        taken: dict[str, list[float]] = {name: [] for name in readings}
        for _ in range(args.repetitions):
            for name, reading in readings.items():
                taken[name].append(reading(root))
    bare = statistics.median(taken["bare reading"])
    print(f"\n{'':20} {'median':>8} {'fastest':>8} {'slowest':>8} {'to bare':>8}")
    for name, times in taken.items():
        median = statistics.median(times)
        print(f"{name:20} {median:7.3f}s {min(times):7.3f}s {max(times):7.3f}s {median / bare:7.1f}x")


if __name__ == "__main__":
    main()
