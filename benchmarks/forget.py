"""How long `workbench forget` takes to look through git's history, in which a year of weeks was kept.

    python benchmarks/forget.py [--objects 3000] [--customers 3]

A year of records and calls (tests/year.py) is committed as it grew, a few commits a week, and once a week the Tuesday notebook with its
outputs and a page made of it. What is timed is what the dry run does: the plan of the workspace, and the search of git's history, in
seconds of processor, git's own among them.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from year import make_year  # noqa: E402

from workbench.forget import find_in_git, plan_forgetting  # noqa: E402

NOTEBOOK = HERE.parent / "notebooks" / "tuesday-discovery.ipynb"
PAGE = HERE.parent / "docs" / "sample-report.html"
CUSTOMERS = ("Alder Heating", "Fir Studio", "Hazel Dental")
GIT = os.environ | {
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
    **{f"GIT_{who}_{what}": "ana@a.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}  # fmt: skip


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--objects", type=int, default=3000)
    parser.add_argument("--customers", type=int, default=3, choices=range(1, len(CUSTOMERS) + 1))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = make_year(Path(folder))
        n = keep(root, options.objects)
        sizes = git(root, "cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectsize)").split()
        texts = sum(int(size) for kind, size in zip(sizes[::2], sizes[1::2], strict=True) if kind == "blob")
        print(f"{n:,} objects, {texts / 1e6:.0f} MB of files in them; load {os.getloadavg()[0]:.1f}")
        taken = []
        for customer in CUSTOMERS[: options.customers]:
            start = seconds()
            plan = plan_forgetting(root, customer)
            planned = seconds()
            found = find_in_git(plan)
            searched = seconds()
            taken.append(searched - planned)
            print(
                f"{customer}: plan {planned - start:.1f} s, git {taken[-1]:.1f} s, {taken[-1] / n * 1000:.2f} s per 1,000 objects; "
                f"in {found.n_files} files"
            )
        median = statistics.median(taken)
        print(f"median: git {median:.1f} s, {median / n * 1000:.2f} s per 1,000 objects")


def keep(root: Path, n_objects: int) -> int:
    """The workspace in a repository of so many objects, or a few more, as it would have grown; how many there are."""
    chance = random.Random(5)
    git(root, "init", "-qb", "main")
    grown = sorted(file for folder in ("interviews", "discovery/weeks") for file in (root / folder).glob("*.md"))
    git(root, "add", "-A", ":!interviews", ":!discovery/weeks")
    git(root, "commit", "-qm", "A new workspace")
    calls = [file for file in grown if file.parent.name == "interviews"]
    weeks = [file for file in grown if file.parent.name == "weeks"]
    records = sorted((root / "discovery").rglob("*-*.md"))
    for i, week in enumerate(weeks):
        for call in calls[i * 3 : i * 3 + 3]:
            git(root, "add", str(call))
        git(root, "commit", "-q", "--allow-empty", "-m", f"Calls of week {i}")
        git(root, "add", str(week))
        git(root, "commit", "-qm", f"Week {i}")
        for copy, name in ((NOTEBOOK, "notebooks/tuesday-discovery.ipynb"), (PAGE, "pages/tuesday.html")):
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_text(copy.read_text("utf-8").replace("Tuesday", f"Tuesday {i}"), "utf-8")
            git(root, "add", name)
        git(root, "commit", "-qm", f"Tuesday {i}")
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", "The rest")
    while (n := count(root)) < n_objects:
        for _ in range(max(1, (n_objects - n) // 5)):
            file = chance.choice(records)
            file.write_text(
                file.read_text("utf-8").rstrip("\n") + f"\nLooked at again, {chance.random():.6f}\n", "utf-8"
            )
            git(root, "commit", "-qam", f"A look at {file.stem}")
    git(root, "gc", "-q")
    return count(root)


def count(root: Path) -> int:
    return len(git(root, "rev-list", "--all", "--objects").splitlines())


def git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *words], env=GIT, capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace")


def seconds() -> float:
    """Seconds of processor of this process and of those that it has waited for."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


if __name__ == "__main__":
    main()
