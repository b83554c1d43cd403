"""How good, steady, correctable and fast the themes are, beside what a PM would pick instead.

    python benchmarks/themes.py [--only quality,speed] [--seeds 10] [--bench DIR] [--with-bertopic]

Prints Markdown, section by section, with date, versions and commit at the top. DIR holds the labelled texts (see
``labelled.py``), which are not part of the repository. BERTopic runs where it is installed; in an environment of its
own, since it brings PyTorch and numba. Sections:

quality      AMI on the small and the mid tasks, beside five peers, with intervals
sizes        5, 8, 15 and 30 notes
leave-out    notes that fit nothing: how many are left out, on topic and off, also on studies
steadiness   other order, process, hash seed, time zone, locale, threads; a refit with more notes
corrections  a simulated PM corrects themes; what is kept, what is learnt
speed        CPU seconds and memory at 1,000 to 1,000,000 notes; ``--with-bertopic`` runs it too (ten minutes)
large        quality where there are thousands of notes
"""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent
# Where each section lives. They are imported when run, once the number of threads is set.
SECTIONS = {
    "quality": "quality",
    "sizes": "sizes",
    "leave-out": "leave_out",
    "steadiness": "steadiness",
    "corrections": "corrections",
    "speed": "speed",
    "large": "sizes",
}
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def main() -> None:
    """Print the sections asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections, with commas; all by default")
    parser.add_argument("--bench", type=Path, default=HERE.parent.parent / "shared" / "bench")
    parser.add_argument("--seeds", type=int, default=10, choices=range(1, 11), metavar="1-10", help="tasks a set")
    parser.add_argument("--with-bertopic", action="store_true", help="run BERTopic in the section speed as well")
    parser.add_argument("--largest", type=int, default=1_000_000, help="most notes in the section speed")
    options = parser.parse_args()
    chosen = options.only.split(",")
    unknown = [name for name in chosen if name not in SECTIONS]
    if unknown:
        parser.error(f"no section is called {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    if not (options.bench / "data").is_dir():
        parser.error(f"no labelled texts at {options.bench}: name their folder with --bench DIR")
    for name in THREADS:
        os.environ.setdefault(name, "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

    from labelled import Bench
    from peers import missing, stamp

    say(f"Measured on {stamp()}; {os.cpu_count()} processors, {os.environ[THREADS[0]]} thread, {options.seeds} seeds.")
    say(f"Command: `python {' '.join(sys.argv)}`\n")
    for line in missing():
        say(line + "\n")
    for name in chosen:
        say(f"\n## {name.capitalize()}\n")
        section = getattr(import_module(SECTIONS[name]), name.replace("-", "_"))
        more = {"largest": options.largest, "with_bertopic": options.with_bertopic} if name == "speed" else {}
        section(Bench(options.bench), options.seeds, say, **more)


def say(text: str) -> None:
    """Print now, so that a long run can be watched."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
