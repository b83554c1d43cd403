"""Whether the same workspace gives the same report: on other paths, days, time zones, languages, hash seeds and threads.

    python benchmarks/same_bytes.py [--workspace ..] [--audience exec]

Each row is one run of `workbench report` on a copy of the workspace, with what differs, and the beginning of the file's
SHA-256. All must be equal.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
# Read by tests/another_day/sitecustomize.py, which moves the clock of every Python that starts.
DAY = "ANOTHER_DAY"
RUNS: dict[str, dict[str, str]] = {
    "as it is": {},
    "on 2026-12-31": {DAY: "2026-12-31"},
    "two days later": {DAY: "2027-01-02"},
    "time zone Kiritimati": {"TZ": "Pacific/Kiritimati"},
    "time zone Pago Pago": {"TZ": "Pacific/Pago_Pago"},
    "locale C": {"LC_ALL": "C", "LANG": "C"},
    "locale tr_TR": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    "hash seed 1": {"PYTHONHASHSEED": "1"},
    "hash seed 4711": {"PYTHONHASHSEED": "4711"},
    "1 thread": dict.fromkeys(THREADS, "1"),
    "4 threads": dict.fromkeys(THREADS, "4"),
}


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--workspace", type=Path, default=HERE.parent)
    parser.add_argument("--audience", choices=["exec", "engineering", "design", "sales"])
    options = parser.parse_args()
    seen = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, changes) in enumerate(RUNS.items()):
            root = Path(folder) / ("a name with spaces ä " * (number % 3) + str(number))
            copy(options.workspace, root, number)
            page = Path(folder) / f"{number}.html"
            command = [sys.executable, "-m", "workbench", "-w", str(root), "report", str(root / "notebooks" / "tuesday-discovery.ipynb"), "-o", str(page)]  # fmt: skip
            command += ["--audience", options.audience] if options.audience else []
            paths = os.pathsep.join(map(str, (HERE.parent, HERE.parent / "tests" / "another_day")))
            subprocess.run(command, check=True, cwd=folder, env=os.environ | {"PYTHONPATH": paths} | changes, capture_output=True)  # fmt: skip
            seen[name] = hashlib.sha256(page.read_bytes()).hexdigest()
            print(f"{seen[name][:16]}  {name}", flush=True)
    print("the same bytes" if len(set(seen.values())) == 1 else f"{len(set(seen.values()))} different files")
    sys.exit(len(set(seen.values())) != 1)


def copy(workspace: Path, root: Path, number: int) -> None:
    """The workspace's files in another order and with other times."""
    files = [file for name in ("interviews", "discovery", "notebooks") for file in (workspace / name).rglob("*") if file.is_file()]  # fmt: skip
    random.Random(number).shuffle(files)
    for file in files:
        target = root / file.relative_to(workspace)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
        os.utime(target, (1e9 + number, 1e9 + number))


if __name__ == "__main__":
    main()
